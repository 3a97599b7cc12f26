"""Small rule books, populaces and people made by hand, for tests: one class, one channel, one domain, two worlds unless told otherwise.

Also townships in which exactly the records given lie in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from counterlife.layout import CELLS, MOST, NEVER, PERSON, QUALITIES, YEAR, Origin, Place, Populace, Rulebook

from .plain import Township, live_worlds
from .plain_compare import Tables
from .plain_draws import Draws, stream
from .plain_tallies import Names, tally
from .plain_tape import Candidate, Filing, Tape

PLACE = Place(row=0, region=3, number=5)
NAMES = Names(["D", "A", "N"], ["loans", "travel", "school", "registry"])
NO_GATE = np.iinfo(np.int64).min

# axes (as in the layout; N for cells) and neutral value of every field that has one
NEUTRAL: dict[str, tuple[str, Any]] = {
    **dict.fromkeys(("ceiling", "deter", "burst", "own_shape", "from_age", "settles"), ("K", 0.0)),
    **dict.fromkeys(("accept", "strain", "near", "burst_days", "burst_most", "weary"), ("K", 1.0)),
    "strain_most": ("K", 1),
    **dict.fromkeys(("near_points", "frail"), ("K", 0)),
    "factor": ("KN", 1.0),
    "frailty_shape": ("", 0.0),
    "top_frailty": ("", NEVER),
    **dict.fromkeys(("belief", "belief_rate", "latent_mean", "latent_sd"), ("", 0.0)),
    "reacts": ("", 1.0),
    **dict.fromkeys(("gives_up", "meter_low"), ("", 0)),
    "meter_step": ("", 1000),
    "detect": ("CN", 1.0),
    "ghost": ("CN", 0.0),
    **dict.fromkeys(
        ("delay_days", "inflate", "duplicate", "duplicate_from", "link_share", "link_from", "inflow", "update_days"), ("C", 0.0)
    ),
    **dict.fromkeys(("inflate_by", "updated"), ("C", 1.0)),
    **dict.fromkeys(("delay_law", "procedure", "link", "link_scope", "link_key"), ("C", 0)),
    "misread": ("CC", 0.0),
    "procedure_with": ("C8", 0.0),
    "threat": ("H", 0),
    "threat_channel": ("HC", 1),
    "threat_rate": ("HN", 0.0),
    **dict.fromkeys(("threat_from", "threat_until", "threat_share", "threat_found", "threat_days"), ("H", 0.0)),
    "conduct": ("W", -1),
    "stage_day": ("G", 0.0),
    "lookback": ("R", NEVER),
    "settled": ("R", 1),
    **dict.fromkeys(("start", "ledger", "copy_law", "fix_law"), ("RS", 0)),
    "lowest": ("RS", -(10**9)),
    "highest": ("RS", 10**9),
    **dict.fromkeys(("points", "keep_law", "discretion"), ("RSC", 0)),
    "keep": ("RSC", NEVER),
    **dict.fromkeys(("severity", "leniency", "copy_days", "fix_days", "fix_lost", "back", "back_days"), ("RS", 0.0)),
    **dict.fromkeys(("repair", "repair_days", "notice"), ("RC", 0.0)),
    "amnesty_day": ("R", NEVER),
    "amnesty_age": ("R", 0.0),
    **dict.fromkeys(("proxy", "validity"), ("S", 0.0)),
    "proxy_cell": ("SN", 0.0),
    "part": ("RSC", -1),
    "part_low": ("RSF", -(10**9)),
    "part_high": ("RSF", 10**9),
    "tied": ("", -1),
    "friends": ("", 0),
    "alike": ("", 0.0),
    **dict.fromkeys(("tie_share", "drop_share"), ("R", 0.0)),
    "tie_kin": ("R", 0),
    "drop_below": ("R", NO_GATE),
    "cuts": ("RB", 0),
    "minor": ("R", 0),
    "gate_score": ("D", 0),
    "opens_at": ("RD", NO_GATE),
    "passes": ("RDE", 1.0),
    "closes_lowest": ("RD", 0),
    "review_days": ("", NEVER),
    "most_closed": ("R", MOST["domains"]),
    **dict.fromkeys(("list_kind", "list_domain", "list_mark", "list_resets"), ("RL", 0)),
    "list_score": ("L", 0),
    "list_needs": ("RL", 1),
    "list_term": ("RL", NEVER),
    "list_share": ("RLC", 0.0),
    **dict.fromkeys(("joint", "joint_on", "joint_off", "joint_lost"), ("RDD", 0.0)),
    "contestable": ("RC", 0),
    **dict.fromkeys(
        ("notice_days", "asks", "take_up_ability", "bias", "decide_days", "second", "correct_days", "correct_lost"), ("R", 0.0)
    ),
    **dict.fromkeys(("take_up_right", "take_up_weary", "sensitivity", "specificity"), ("R", 1.0)),
    **dict.fromkeys(("second_days", "second_sensitivity", "second_specificity"), ("R", 1.0)),
    **dict.fromkeys(("decide_law", "office", "slots", "by_harm", "correct_law"), ("R", 0)),
    "offices": ("R", 1),
    "patience": ("R", NEVER),
    "take_up": ("RN", 0.0),
    **dict.fromkeys(("apply", "domain_from"), ("D", 0.0)),
    "domain_until": ("D", NEVER),
    **dict.fromkeys(("child_domain", "parents", "together"), ("D", 0)),
}


def rulebook(
    days: int,
    classes: int = 1,
    channels: tuple[int, ...] = (0,),
    lists: int = 0,
    domains: int = 1,
    worlds: int = 2,
    rows: int | None = None,
    stages: int = 1,
    scores: int = 1,
    threats: int = 0,
    **given: Any,
) -> Rulebook:
    """A rule book in which nothing goes wrong and nothing is closed, with the fields given put in its place.

    `channels` holds the class of each channel, in order. Worlds are as they come, accurate, and then no system; each has a row of
    rules of its own for good unless told otherwise. A field is given in any form that spreads over its shape; fields by row and
    score may be given by row alone.
    """
    r = worlds if rows is None else rows
    sizes = {"K": classes, "C": len(channels), "L": lists, "D": domains, "W": worlds, "R": r, "S": scores, "G": stages, "H": threats}
    sizes["B"] = np.shape(given["cuts"])[-1] if "cuts" in given else 0
    sizes["E"] = sizes["B"] + 1
    sizes["F"] = max(np.shape(given[name])[-1] if np.ndim(given.get(name, 0)) else 1 for name in ("part_low", "part_high"))
    fields: dict[str, Any] = {
        "days": days,
        "month_of_day": np.arange(days) // 30,
        "first": np.searchsorted(channels, np.arange(classes + 1)).astype(np.int64),
        "channel_class": np.array(channels, np.int64),
        "quality": np.array(([QUALITIES["as they come"], QUALITIES["accurate"]] + [0] * worlds)[:worlds], np.int64),
        "row": np.tile(np.arange(worlds)[:, None] % r, (1, stages)),
        "ruled": np.array(([1, 1] + [0] * r)[:r], np.int64),
        "spared": np.arange(domains)[::-1],
        "pair_world": np.zeros(np.size(given.get("pair_world", 0)), np.int64),
        "pair_versus": np.full(np.size(given.get("pair_world", 0)), min(1, worlds - 1)),
        **streams(sizes),
    }
    sizes |= {"N": CELLS, "8": 8}
    for name, (axes, value) in NEUTRAL.items():
        fields[name] = np.full([sizes[axis] for axis in axes], value) if axes else value
    for name, value in given.items():
        fields[name] = spread_over(fields[name], value, NEUTRAL.get(name, ("", 0))[0]) if isinstance(fields[name], np.ndarray) else value
    return Rulebook(**fields)


def spread_over(standard: Any, value: Any, axes: str) -> Any:
    """A value in the shape of a field; what is given by row and channel, or by row, holds for every score."""
    value = np.array(value)
    if axes[:2] == "RS" and standard.shape[1] == 1 and value.ndim == standard.ndim - 1 and value.shape[:1] in ((1,), standard.shape[:1]):
        value = value[:, None]
    return np.array(np.broadcast_to(value, standard.shape), dtype=standard.dtype)


def streams(sizes: dict[str, int]) -> dict[str, Any]:
    """Addresses of everything that has one."""

    def named(shape: str, pattern: str) -> Any:
        places = np.ndindex(*(sizes[axis] for axis in shape))
        return np.array([stream(pattern.format(*place)) for place in places], np.uint64).reshape([sizes[axis] for axis in shape])

    return {
        "stream": named("K", "class {}"),
        "channel_stream": named("C", "channel {}"),
        "ghost_stream": named("C", "channel {}#ghost"),
        "abroad_stream": named("C", "channel {}#elsewhere"),
        "threat_stream": named("H", "threat:{}"),
        "copy_stream": named("S", "score:{}"),
        "gate_stream": named("D", "gate:{}"),
        "list_stream": named("LC", "{}>{}"),
        "joint_stream": named("DD", "{}>{}'"),
    }


def populace(people: int, name_cohort: int = 0, names: int = 1, holders: float = 0.0) -> Populace:
    """A populace of which only the names matter: all equally common."""
    cdf = np.arange(1, names + 1) / names
    nothing = np.zeros(1)
    return Populace(
        people=people,
        size_cdf=np.ones((1, 12)),
        urban=nothing,
        elder_head=nothing,
        partner=nothing,
        child=nothing,
        elder_other=nothing,
        male=nothing,
        child_years=0.0,
        elder_rate=0.0,
        means=np.full((2, 3), 1 / 3),
        away=0.0,
        beyond=0.0,
        surname_cdf=cdf,
        given_cdf=np.ones(1),
        name_cohort=name_cohort,
        holders=holders,
        common_from=0.0,
        same_year=1 / 80,
        same_date=1 / 29200,
    )


def people(number: int, **given: Any) -> Any:
    """People aged thirty with names of their own and no household, with the fields given put in their place."""
    everybody = np.zeros(number, dtype=PERSON)
    everybody["age"] = 30 * YEAR
    everybody["frailty"] = 1.0
    everybody["guardian"] = everybody["guardian2"] = -1
    everybody["household"] = everybody["surname"] = np.arange(number)
    for name, value in given.items():
        everybody[name] = value
    return everybody


def by_hand(
    rules: Rulebook,
    filings: Sequence[Filing] = (),
    folk: Any = None,
    candidates: Sequence[Candidate] = (),
    crowd: float = 0.0,
    seed: int = 7,
) -> Township:
    """A township in which exactly these filings and candidates lie in the way, by default of one person; `crowd` people in the country."""
    folk = people(1) if folk is None else folk
    draws = Draws(seed, 0, PLACE)
    mine = [[candidate for candidate in candidates if candidate.person == i] for i in range(len(folk))]
    town = Township(rules, folk, Tape(rules, populace(len(folk), holders=crowd), draws, folk, None), draws, mine)
    live_worlds(town, filings)
    return town


def own(entry: float, settle: float = NEVER, update: float = NEVER, channel: int = 0, ordinal: int = 0, person: int = 0) -> Filing:
    """A record of the person's own event."""
    return Filing(person, channel, Origin.OWN, person, ordinal, entry, settle, update)


def ghost(entry: float, channel: int = 0, ordinal: int = 0, person: int = 0) -> Filing:
    """A record of nothing."""
    return Filing(person, channel, Origin.GHOST, person, ordinal, entry)


def total(tables: Tables, column: str, table: str = "people") -> int:
    """A column's sum."""
    return sum(tables[table][column].values())


def counted(town: Township) -> Tables:
    """The tally with the names used here."""
    rules = town.rulebook
    return tally(town, Names(NAMES.worlds[: len(rules.quality)], NAMES.domains[: len(rules.child_domain)]))


def blacklist(days: int, needs: int = 1, term: float = 730.0, **given: Any) -> Rulebook:
    """Any `needs` records within `term` days close the one domain."""
    return rulebook(days, lists=1, list_domain=0, list_needs=needs, list_term=term, list_share=1.0, keep=term, **given)
