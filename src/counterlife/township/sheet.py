"""The sheets on which lives are counted: which tables and columns there are, where they begin, and an empty sheet for a rulebook.

What each column counts is in `docs/tallies.md`; the counting is in `tallies.py` (days) and `filed.py` (records). Adding sheets is exact in
any order.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from ..layout import AXES, CELLS, EVER_DAYS, MOST, NEVER, RECORD_KINDS, SPELL_BIN, YEAR, End, Floats, Ints, Rulebook, soft_gates

HORIZON_DAYS = tuple(int(years * YEAR) for years in (1, 2, 5))  # within which people who were shut out are free again (M23)
METER_ROWS = 256
TENTHS = 10

# Blocks of a table: a name, and what it is repeated for (w world, p pair, d domain, x EVER_DAYS, h HORIZON_DAYS, r RECORD_KINDS, t tenth,
# a soft gate).
PEOPLE_BLOCKS = (
    ("people", ""), ("days", ""), ("scope_days", "d"), ("scope_people", "d"),
    ("closed_days", "wd"), ("closed_any_days", "w"), ("closed_many_days", "w"), ("entries", "wd"), ("exits", "wd"), ("open_end", "wd"),
    ("ever", "wx"), ("child_ever", "w"), ("redlist_days", "w"), ("band_changes", "w"), ("reversals", "w"), ("cliff", "w"),
    ("records", "wr"), ("records_in", "w"), ("records_out", "w"), ("records_open", "w"),
    ("wrong_open", "w"), ("tampered_open", "w"), ("file_days", "w"), ("file_people", "w"), ("listings", "w"),
    ("marked", "w"), ("marked_ever", "w"), ("wrong_records", "w"), ("biting", "w"), ("but_for_days", "w"), ("but_for_domains", "w"),
    ("tampered_biting", "w"), ("tampered_days", "w"), ("tampered_domains", "w"),
    ("learned", "w"), ("learned_wrong", "w"), ("contested", "w"), ("contested_wrong", "w"), ("decided", "w"), ("decided_wrong", "w"),
    ("upheld", "w"), ("upheld_wrong", "w"), ("second", "w"), ("abandoned", "w"), ("pending", "w"), ("case_days", "w"),
    ("corrected", "w"), ("corrected_wrong", "w"), ("corrections_lost", "w"), ("returned", "w"), ("repaired", "w"),
    ("gave_up", "w"), ("near", "w"),
    ("shut_first", "w"), ("shut_open", "w"), ("watched", "wh"), ("freed", "wh"), ("relapse_watched", "w"), ("relapsed", "w"),
    ("squares", "w"),
    ("wrongful_days", "pd"), ("lenient_days", "pd"), ("wrongful_any_days", "p"), ("lenient_any_days", "p"),
    ("wrongful_ever", "px"), ("lenient_ever", "px"), ("child_wrongful_ever", "p"), ("bystander_days", "p"),
    ("marked_twin", "p"), ("tenfold", "p"), ("tenfold_versus", "p"), ("only", "p"), ("only_versus", "p"), ("squares", "p"),
    ("spells", "p"), ("spell_days", "p"), ("cleared", "p"),
    ("applied", "a"), ("refused", "wa"), ("refused_wrongly", "pa"), ("granted_leniently", "pa"),
)  # fmt: skip
(
    PEOPLE, DAYS, SCOPE_DAYS, SCOPE_PEOPLE,
    CLOSED, CLOSED_ANY, CLOSED_MANY, ENTRIES, EXITS, OPEN_END,
    EVER, CHILD_EVER, REDLIST, BAND_CHANGES, REVERSED, CLIFF,
    KINDS, RECORDS_IN, RECORDS_OUT, RECORDS_OPEN,
    WRONG_OPEN, TAMPERED_OPEN, FILE_DAYS, FILE_PEOPLE, LISTINGS,
    MARKED, MARKED_EVER, WRONG, BITING, BUT_FOR_DAYS, BUT_FOR_DOMAINS,
    TAMPERED_BITING, TAMPERED_DAYS, TAMPERED_DOMAINS,
    LEARNED, LEARNED_WRONG, CONTESTED, CONTESTED_WRONG, DECIDED, DECIDED_WRONG,
    UPHELD, UPHELD_WRONG, SECOND, ABANDONED, PENDING, CASE_DAYS,
    CORRECTED, CORRECTED_WRONG, CORRECTIONS_LOST, RETURNED, REPAIRED,
    GAVE_UP, NEAR,
    SHUT_FIRST, SHUT_OPEN, WATCHED, FREED, RELAPSE_WATCHED, RELAPSED,
    SQUARES,
    WRONGFUL, LENIENT, WRONGFUL_ANY, LENIENT_ANY,
    WRONGFUL_EVER, LENIENT_EVER, CHILD_WRONGFUL, BYSTANDER,
    MARKED_TWIN, TENFOLD, TENFOLD_VERSUS, ONLY, ONLY_VERSUS, PAIR_SQUARES,
    SPELLS, SPELL_DAYS, CLEARED,
    APPLIED, REFUSED, REFUSED_WRONGLY, GRANTED_LENIENTLY,
) = range(len(PEOPLE_BLOCKS))  # fmt: skip
MONTH_BLOCKS = (("closed_days", "wd"), ("closed_any_days", "w"), ("newly_closed", "w"), ("wrongful_days", "pd"), ("newly_wrongful", "p"))
M_CLOSED, M_ANY, M_NEWLY, M_WRONGFUL, M_NEWLY_WRONGFUL = range(len(MONTH_BLOCKS))
SPREAD_BLOCKS = (("people", "p"), ("days", "p"), ("people", "w"), ("days", "w"))
CHANNEL_BLOCKS = (("events", "w"), *((kind, "w") for kind in RECORD_KINDS), ("listings", "w"), ("file_days", "w"))
C_EVENTS, C_KINDS, C_LISTINGS, C_FILE_DAYS = 0, 1, 1 + len(RECORD_KINDS), 2 + len(RECORD_KINDS)
CLASS_BLOCKS = (("events", "w"), ("first", "w"), ("second", "w"), ("both", "w"))
K_EVENTS, K_FIRST, K_SECOND, K_BOTH = range(len(CLASS_BLOCKS))
WAIT_BLOCKS = (
    ("learned", "w"), ("unlearned", "w"), ("unaware", "w"), ("decision", "w"), ("undecided", "w"), ("waiting", "w"),
    ("copies", "w"), ("copies_open", "w"), ("filed", "w"), ("closed", "w"),
    ("found", "w"), ("unfound", "w"), ("unfound_open", "w"),
)  # fmt: skip
(
    W_LEARNED, W_UNLEARNED, W_UNAWARE, W_DECISION, W_UNDECIDED, W_WAITING, W_COPIES, W_COPIES_OPEN, W_FILED, W_CLOSED,
    W_FOUND, W_UNFOUND, W_UNFOUND_OPEN,
) = range(len(WAIT_BLOCKS))  # fmt: skip
METER_BLOCKS = (("tenth", "wt"), ("top", "w"))
STAGE_BLOCKS = (("days_before", "w"), ("days_after", "w"), ("entries_before", "w"), ("entries_after", "w"))
S_DAYS_BEFORE, S_DAYS_AFTER, S_ENTRIES_BEFORE, S_ENTRIES_AFTER = range(len(STAGE_BLOCKS))
SHOCK_DAYS = 90  # before and after a stage begins (M25)
LATENT_BLOCKS = (("people", ""), ("wrongful_days", "p"), ("wrongful_ever", "p"))
LATENT_EDGES = 2.0 ** (np.arange(-10, 11) / 2)  # events a year at which the next class of latent conduct begins (M12)
LATENT_CLASSES = LATENT_EDGES.size + 1
LEVELS = tuple((axis, level) for axis, levels in AXES.items() for level in levels)
LEVELS_OF = np.array(
    [[LEVELS.index(one) for one in zip(AXES, labels, strict=True)] for labels in itertools.product(*AXES.values())], np.int64
)


def _spread_edges() -> Ints:
    edges, edge = [], 1
    while edge < 200_000:
        edges.append(edge)
        edge = max(edge + 1, edge * 9 // 8)
    return np.array(edges, np.int64)


SPREAD_EDGES = _spread_edges()  # least days of each class of the spread table


class Tally(NamedTuple):
    """The tables of a township, rows by columns, whole numbers."""

    people: Ints
    months: Ints
    spells: Ints
    spread: Ints
    channels: Ints
    classes: Ints
    waits: Ints
    meter: Ints
    stages: Ints
    latent: Ints


PLAN = np.dtype(
    [
        ("first", np.int64, len(PEOPLE_BLOCKS)),  # first column of each block of the people table
        ("month_first", np.int64, len(MONTH_BLOCKS)),
        ("months", np.int64),
        ("month_start", np.int64, MOST["months"] + 1),  # first day of each month, and the day after the last
        ("meter_low", np.int64),
        ("meter_step", np.int64),
        ("tenths", np.float64, TENTHS - 1),  # frailties at which the next tenth of people begins
        ("top_frailty", np.float64),
        ("level", np.int64, (CELLS, len(AXES))),  # of each group, the levels among all levels of all axes
        ("frail_rate", np.float64, CELLS),  # sanctioned events a year at frailty 1, and those that frailty does not concern
        ("fixed_rate", np.float64, CELLS),
    ]
)
Plan = Any  # an array of one PLAN, and in kernels the record


def columns(
    worlds: Sequence[str], pairs: Sequence[tuple[str, str]], domains: Sequence[str], soft: Sequence[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Names of the columns of each table, as in `docs/tallies.md`. soft: the domains whose gates let a share of applications pass."""
    axes = {
        "w": list(worlds), "p": [f"{w}~{v}" for w, v in pairs], "d": list(domains),
        "x": [str(x) for x in EVER_DAYS], "h": [str(h) for h in HORIZON_DAYS], "r": list(RECORD_KINDS),
        "a": list(soft),
    }  # fmt: skip

    def names(blocks: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        return tuple(".".join((name, *labels)) for name, over in blocks for labels in itertools.product(*(axes[a] for a in over)))

    tenths = tuple(f"tenth{t}.{w}" for w in worlds for t in range(TENTHS))
    return {
        "people": names(PEOPLE_BLOCKS),
        "months": names(MONTH_BLOCKS),
        "spells": tuple(f"{p}.{end.name.lower()}" for p in axes["p"] for end in End),
        "spread": names(SPREAD_BLOCKS),
        "channels": names(CHANNEL_BLOCKS),
        "classes": names(CLASS_BLOCKS),
        "waits": names(WAIT_BLOCKS),
        "meter": tenths + names(METER_BLOCKS[1:]),
        "stages": names(STAGE_BLOCKS),
        "latent": names(LATENT_BLOCKS),
    }


def tenths(shape: float) -> Floats:
    """Frailties at which about another tenth of people begins, of a Gamma distribution of this shape and mean 1; never without frailty.

    The cube root of a Gamma variable is nearly normal (Wilson and Hilferty 1931).
    """
    if shape <= 0.0:
        return np.full(TENTHS - 1, NEVER)
    normal = NormalDist(1 - 1 / (9 * shape), 1 / math.sqrt(9 * shape))
    return np.array([normal.inv_cdf(i / TENTHS) ** 3 for i in range(1, TENTHS)])


def sanctioned_rates(rules: Rulebook) -> tuple[Floats, Floats]:
    """By group, the events a year for which some rules take points or list people: those of frailty 1, and those of any frailty."""
    channels = (rules.points < 0).any(axis=(0, 1)) | (rules.list_share > 0).any(axis=(0, 1))
    classes = np.isin(np.arange(rules.stream.size), rules.channel_class[channels])
    rates = (YEAR * rules.ceiling * rules.accept)[:, None] * rules.factor
    return rates[classes & (rules.frail == 1)].sum(axis=0), rates[classes & (rules.frail == 0)].sum(axis=0)


def sheet(rules: Rulebook) -> tuple[Tally, Plan]:
    """An empty tally for a rulebook, and where its blocks begin."""
    worlds, domains, pairs = rules.quality.size, rules.child_domain.size, rules.pair_world.size
    sizes = {
        "w": worlds, "p": pairs, "d": domains, "x": len(EVER_DAYS), "h": len(HORIZON_DAYS), "r": len(RECORD_KINDS), "t": TENTHS,
        "a": soft_gates(rules).size,
    }  # fmt: skip

    def firsts(blocks: Sequence[tuple[str, str]]) -> list[int]:
        return list(itertools.accumulate((math.prod(sizes[a] for a in over) for _, over in blocks), initial=0))

    first, month_first = firsts(PEOPLE_BLOCKS), firsts(MONTH_BLOCKS)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(rules.month_of_day)) + 1, [rules.days]))
    rows = {
        "people": (CELLS, first[-1]),
        "months": (starts.size - 1, month_first[-1]),
        "spells": (rules.days // SPELL_BIN + 1, pairs * len(End)),
        "spread": (SPREAD_EDGES.size, firsts(SPREAD_BLOCKS)[-1]),
        "channels": (rules.channel_class.size, firsts(CHANNEL_BLOCKS)[-1]),
        "classes": (rules.stream.size, firsts(CLASS_BLOCKS)[-1]),
        "waits": (rules.days // SPELL_BIN + 1, firsts(WAIT_BLOCKS)[-1]),
        "meter": (METER_ROWS, firsts(METER_BLOCKS)[-1]),
        "stages": (rules.stage_day.size, firsts(STAGE_BLOCKS)[-1]),
        "latent": (len(LEVELS) * LATENT_CLASSES, firsts(LATENT_BLOCKS)[-1]),
    }
    plan = np.zeros(1, PLAN)
    plan[0]["first"] = first[:-1]
    plan[0]["month_first"] = month_first[:-1]
    plan[0]["months"] = starts.size - 1
    plan[0]["month_start"][: starts.size] = starts
    plan[0]["meter_low"], plan[0]["meter_step"] = rules.meter_low, rules.meter_step
    plan[0]["tenths"], plan[0]["top_frailty"] = tenths(rules.frailty_shape), rules.top_frailty
    plan[0]["level"] = LEVELS_OF
    plan[0]["frail_rate"], plan[0]["fixed_rate"] = sanctioned_rates(rules)
    return Tally(**{name: np.zeros(shape, np.int64) for name, shape in rows.items()}), plan


def add(one: Tally, two: Tally) -> Tally:
    """The sum of two tallies: associative, commutative, with the empty sheet as identity."""
    return Tally(*(a + b for a, b in zip(one, two, strict=True)))
