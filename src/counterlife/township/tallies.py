"""Counting lives: whole numbers with named columns, the only place where a life meets its twin.

Adding tallies is exact in any order. What each column counts is in `docs/tallies.md`; intervals and ratios are made elsewhere, from these.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..layout import CELLS, EVER_DAYS, MOST, RECORD_KINDS, SPELL_BIN, Cause, End, Ints, Origin, Rulebook
from .book import Book
from .jit import inlined, kernel, whole
from .kin import Line
from .life import DONE, ENDED, ENTERED, LISTED, MISSING, OVERSTAYS
from .records import Items

# Blocks of the people table: a name, and what it is repeated for (w world, p pair, d domain, x EVER_DAYS).
PEOPLE_BLOCKS = (
    ("people", ""), ("days", ""), ("scope_days", "d"), ("scope_people", "d"),
    ("closed_days", "wd"), ("closed_any_days", "w"), ("closed_many_days", "w"), ("entries", "wd"), ("exits", "wd"), ("open_end", "wd"),
    ("ever", "wx"), ("child_ever", "w"), ("redlist_days", "w"), ("band_changes", "w"), ("reversals", "w"), ("cliff", "w"),
    ("records", "wr"), ("records_in", "w"), ("records_out", "w"), ("records_open", "w"), ("listings", "w"),
    ("marked", "w"), ("wrong_records", "w"), ("biting", "w"), ("but_for_days", "w"), ("but_for_domains", "w"),
    ("wrongful_days", "pd"), ("lenient_days", "pd"), ("wrongful_any_days", "p"), ("lenient_any_days", "p"),
    ("wrongful_ever", "px"), ("lenient_ever", "px"), ("child_wrongful_ever", "p"), ("bystander_days", "p"),
    ("spells", "p"), ("spell_days", "p"), ("cleared", "p"),
)  # fmt: skip
(
    PEOPLE, DAYS, SCOPE_DAYS, SCOPE_PEOPLE,
    CLOSED, CLOSED_ANY, CLOSED_MANY, ENTRIES, EXITS, OPEN_END,
    EVER, CHILD_EVER, REDLIST, BAND_CHANGES, REVERSED, CLIFF,
    KINDS, RECORDS_IN, RECORDS_OUT, RECORDS_OPEN, LISTINGS,
    MARKED, WRONG, BITING, BUT_FOR_DAYS, BUT_FOR_DOMAINS,
    WRONGFUL, LENIENT, WRONGFUL_ANY, LENIENT_ANY,
    WRONGFUL_EVER, LENIENT_EVER, CHILD_WRONGFUL, BYSTANDER,
    SPELLS, SPELL_DAYS, CLEARED,
) = range(len(PEOPLE_BLOCKS))  # fmt: skip
MONTH_BLOCKS = (("closed_days", "wd"), ("closed_any_days", "w"), ("newly_closed", "w"), ("wrongful_days", "pd"), ("newly_wrongful", "p"))
M_CLOSED, M_ANY, M_NEWLY, M_WRONGFUL, M_NEWLY_WRONGFUL = range(len(MONTH_BLOCKS))
SPREAD_BLOCKS = (("people", "p"), ("days", "p"), ("people", "w"), ("days", "w"))
CHANNEL_BLOCKS = (("events", "w"), ("right", "w"), ("ghost", "w"), ("stray", "w"), ("stale", "w"), ("lost", "w"), ("listings", "w"))
RIGHT, GHOST, STRAY, STALE, LOST = range(5)

UNREAL, GARBLED, OWN, EVENT = whole(Origin.GHOST), whole(Origin.GARBLED), whole(Origin.OWN), whole(Origin.EVENT)
OVERTAKEN, LUCK, STILL = whole(End.OVERTAKEN), whole(End.LUCK), whole(End.OPEN)
END_OF_CAUSE = np.full(len(Cause), LUCK, np.int64)
END_OF_CAUSE[[Cause.EXPIRY, Cause.SETTLEMENT, Cause.JOINT]] = [End.EXPIRY, End.SETTLEMENT, End.JOINT]
LIMITS = np.array(EVER_DAYS, np.int64)
ENDS = len(End)


def _spread_edges() -> Ints:
    edges, edge = [], 1
    while edge < 200_000:
        edges.append(edge)
        edge = max(edge + 1, edge * 9 // 8)
    return np.array(edges, np.int64)


SPREAD_EDGES = _spread_edges()  # least days of each class of the spread table


class Tally(NamedTuple):
    """The five tables of a township, rows by columns, whole numbers."""

    people: Ints
    months: Ints
    spells: Ints
    spread: Ints
    channels: Ints


PLAN = np.dtype(
    [
        ("first", np.int64, len(PEOPLE_BLOCKS)),  # first column of each block of the people table
        ("month_first", np.int64, len(MONTH_BLOCKS)),
        ("months", np.int64),
        ("month_start", np.int64, MOST["months"] + 1),  # first day of each month, and the day after the last
    ]
)
Plan = Any  # an array of one PLAN, and in kernels the record


def columns(worlds: Sequence[str], pairs: Sequence[tuple[str, str]], domains: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Names of the columns of each table, as in `docs/tallies.md`."""
    axes = {
        "w": list(worlds), "p": [f"{w}~{v}" for w, v in pairs], "d": list(domains),
        "x": [str(x) for x in EVER_DAYS], "r": list(RECORD_KINDS),
    }  # fmt: skip

    def names(blocks: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        return tuple(".".join((name, *labels)) for name, over in blocks for labels in itertools.product(*(axes[a] for a in over)))

    spells = tuple(f"{p}.{end.name.lower()}" for p in axes["p"] for end in End)
    return {
        "people": names(PEOPLE_BLOCKS),
        "months": names(MONTH_BLOCKS),
        "spells": spells,
        "spread": names(SPREAD_BLOCKS),
        "channels": names(CHANNEL_BLOCKS),
    }


def sheet(rules: Rulebook) -> tuple[Tally, Plan]:
    """An empty tally for a rulebook, and where its blocks begin."""
    worlds, domains = rules.opens_at.shape
    sizes = {"w": worlds, "p": rules.pair_world.size, "d": domains, "x": len(EVER_DAYS), "r": len(RECORD_KINDS)}

    def firsts(blocks: Sequence[tuple[str, str]]) -> list[int]:
        return list(itertools.accumulate((math.prod(sizes[a] for a in over) for _, over in blocks), initial=0))

    first, month_first = firsts(PEOPLE_BLOCKS), firsts(MONTH_BLOCKS)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(rules.month_of_day)) + 1, [rules.days]))
    tally = Tally(
        np.zeros((CELLS, first[-1]), np.int64),
        np.zeros((starts.size - 1, month_first[-1]), np.int64),
        np.zeros((rules.days // SPELL_BIN + 1, sizes["p"] * ENDS), np.int64),
        np.zeros((SPREAD_EDGES.size, 2 * (sizes["p"] + worlds)), np.int64),
        np.zeros((rules.channel_class.size, len(CHANNEL_BLOCKS) * worlds), np.int64),
    )
    plan = np.zeros(1, PLAN)
    plan[0]["first"] = first[:-1]
    plan[0]["month_first"] = month_first[:-1]
    plan[0]["months"] = starts.size - 1
    plan[0]["month_start"][: starts.size] = starts
    return tally, plan


@inlined
def bits(mask: int) -> int:
    """Number of domains in a mask."""
    n = 0
    while mask > 0:
        n += mask & 1
        mask >>= 1
    return n


@kernel
def month_of(plan: Plan, day: int) -> int:
    """The month in which a day lies."""
    low, high = 0, plan["months"]
    while high - low > 1:
        middle = (low + high) // 2
        if plan["month_start"][middle] <= day:
            low = middle
        else:
            high = middle
    return low


@kernel
def by_month(plan: Plan, months: Ints, column: int, begin: int, end: int) -> None:
    """The days begin .. end - 1 are added to a column of the months table, each in its month."""
    month = month_of(plan, begin)
    while begin < end:
        until = min(end, plan["month_start"][month + 1])
        months[month, column] += until - begin
        begin = until
        month += 1


@kernel
def class_of(days: int) -> int:
    """The class of the spread table in which a number of days lies."""
    low, high = 0, SPREAD_EDGES.shape[0]
    while high - low > 1:
        middle = (low + high) // 2
        if SPREAD_EDGES[middle] <= days:
            low = middle
        else:
            high = middle
    return low


@kernel
def count_everybody(plan: Plan, people: Ints, rules: Book, cell: int, age: float) -> None:
    """The person is counted, and the days on which each gate concerns the person."""
    row, first = people[cell], plan["first"]
    row[first[PEOPLE]] += 1
    row[first[DAYS]] += rules["days"]
    for d in range(rules["domains"]):
        begin = min(max(0, int(np.floor(rules["domain_from"][d] - age))), rules["days"])
        end = min(max(0, int(np.floor(min(rules["domain_until"][d] - age, 1e9)))), rules["days"])
        row[first[SCOPE_DAYS] + d] += max(0, end - begin)
        row[first[SCOPE_PEOPLE] + d] += 1 if end > begin else 0


@kernel
def count_world(plan: Plan, people: Ints, months: Ints, spread: Ints, rules: Book, w: int, cell: int, view: Line, changes: int) -> None:
    """Days closed, spells and months of one life in one world."""
    if changes == 1 and view[0]["mask"] == 0:
        return
    domains, worlds = rules["domains"], rules["worlds"]
    row, first, pairs = people[cell], plan["first"], rules["pairs"]
    everything, before, total, child, known = (1 << domains) - 1, 0, 0, False, False
    for n in range(changes):
        mask = view[n]["mask"] & everything
        begin = int(view[n]["at"])
        end = int(view[n + 1]["at"]) if n + 1 < changes else rules["days"]
        for d in range(domains):
            if mask >> d & 1 and not before >> d & 1:
                row[first[ENTRIES] + w * domains + d] += 1
            if before >> d & 1 and not mask >> d & 1:
                row[first[EXITS] + w * domains + d] += 1
        before = mask
        if view[n]["mask"] >> domains & 1:
            row[first[REDLIST] + w] += end - begin
        if mask == 0 or end == begin:
            continue
        closed = bits(mask)
        total += closed * (end - begin)
        row[first[CLOSED_ANY] + w] += end - begin
        by_month(plan, months, plan["month_first"][M_ANY] + w, begin, end)
        if closed >= 3:
            row[first[CLOSED_MANY] + w] += end - begin
        for d in range(domains):
            if mask >> d & 1:
                row[first[CLOSED] + w * domains + d] += end - begin
                by_month(plan, months, plan["month_first"][M_CLOSED] + w * domains + d, begin, end)
                child = child or rules["child_domain"][d] == 1
        if not known:
            known = True
            months[month_of(plan, begin), plan["month_first"][M_NEWLY] + w] += 1
    for d in range(domains):
        row[first[OPEN_END] + w * domains + d] += before >> d & 1
    for x in range(LIMITS.shape[0]):
        row[first[EVER] + w * LIMITS.shape[0] + x] += 1 if total >= LIMITS[x] else 0
    row[first[CHILD_EVER] + w] += 1 if child else 0
    if total > 0:
        class_ = class_of(total)
        spread[class_, 2 * pairs + w] += 1
        spread[class_, 2 * pairs + worlds + w] += total


@inlined
def next_change(rules: Book, one: Line, i: int, ones: int, two: Line, j: int, twos: int) -> float:
    """The day on which either of two timelines changes next, i and j being where they stand; the end of the period if neither does."""
    day = float(rules["days"])
    if i + 1 < ones:
        day = min(day, one[i + 1]["at"])
    if j + 1 < twos:
        day = min(day, two[j + 1]["at"])
    return day


@kernel
def count_pair(
    plan: Plan,
    people: Ints,
    months: Ints,
    spread: Ints,
    spells: Ints,
    rules: Book,
    p: int,
    cell: int,
    one: Line,
    ones: int,
    two: Line,
    twos: int,
    marked: bool,
) -> None:
    """A life beside its twin: days wrongful and lenient, and the spells of wrongful days.

    Marked: the person has a wrong record of their own.
    """
    if ones == 1 and twos == 1 and one[0]["mask"] == two[0]["mask"]:
        return
    domains, pairs = rules["domains"], rules["pairs"]
    row, first = people[cell], plan["first"]
    everything, i, j, t, wrong_before, since = (1 << domains) - 1, 0, 0, 0.0, 0, 0.0
    total, lenient_total, child, known = 0, 0, False, False
    while t < rules["days"]:
        a, b = one[i]["mask"] & everything, two[j]["mask"] & everything
        wrong, lenient = a & ~b, b & ~a
        if wrong != 0 and wrong_before == 0:
            since = t
        elif wrong == 0 and wrong_before != 0:
            end = OVERTAKEN if wrong_before & ~a == 0 else END_OF_CAUSE[one[i]["cause"]]
            count_spell(plan, people, spells, p, cell, int(since), int(t), end)
        wrong_before = wrong
        coming = next_change(rules, one, i, ones, two, j, twos)
        begin, end_day = int(t), int(coming)
        days = end_day - begin
        if days > 0 and wrong != 0:
            total += bits(wrong) * days
            row[first[WRONGFUL_ANY] + p] += days
            for d in range(domains):
                if wrong >> d & 1:
                    row[first[WRONGFUL] + p * domains + d] += days
                    by_month(plan, months, plan["month_first"][M_WRONGFUL] + p * domains + d, begin, end_day)
                    child = child or rules["child_domain"][d] == 1
            if not known:
                known = True
                months[month_of(plan, begin), plan["month_first"][M_NEWLY_WRONGFUL] + p] += 1
        if days > 0 and lenient != 0:
            lenient_total += bits(lenient) * days
            row[first[LENIENT_ANY] + p] += days
            for d in range(domains):
                if lenient >> d & 1:
                    row[first[LENIENT] + p * domains + d] += days
        if i + 1 < ones and one[i + 1]["at"] == coming:
            i += 1
        if j + 1 < twos and two[j + 1]["at"] == coming:
            j += 1
        t = coming
    if wrong_before != 0:
        count_spell(plan, people, spells, p, cell, int(since), rules["days"], STILL)
    for x in range(LIMITS.shape[0]):
        row[first[WRONGFUL_EVER] + p * LIMITS.shape[0] + x] += 1 if total >= LIMITS[x] else 0
        row[first[LENIENT_EVER] + p * LIMITS.shape[0] + x] += 1 if lenient_total >= LIMITS[x] else 0
    row[first[CHILD_WRONGFUL] + p] += 1 if child else 0
    row[first[BYSTANDER] + p] += 0 if marked else total
    if total > 0:
        class_ = class_of(total)
        spread[class_, p] += 1
        spread[class_, pairs + p] += total


@kernel
def count_spell(plan: Plan, people: Ints, spells: Ints, p: int, cell: int, begin: int, end: int, how: int) -> None:
    """A wrongful spell of the days begin .. end - 1 and how it ended; spells that cover no day are not counted."""
    if end == begin:
        return
    row, first = people[cell], plan["first"]
    row[first[SPELLS] + p] += 1
    row[first[SPELL_DAYS] + p] += end - begin
    row[first[CLEARED] + p] += 0 if how in (OVERTAKEN, STILL) else 1
    spells[(end - begin) // SPELL_BIN, p * ENDS + how] += 1


@inlined
def is_wrong(origin: int, fate: int) -> bool:
    """True for a record on file that is of nothing, of somebody else, or kept past its settlement."""
    return fate & ENTERED != 0 and ((origin != OWN and origin != GARBLED) or fate & OVERSTAYS != 0)


@kernel
def count_records(plan: Plan, people: Ints, channels: Ints, rules: Book, w: int, cell: int, tape: Items, fate: Ints) -> int:
    """What became of each item in world w; returns the number of wrong records."""
    if rules["ruled"][w] == 0 and rules["waits"] == 0:
        return 0
    row, first, worlds, wrong = people[cell], plan["first"], rules["worlds"], 0
    for j in range(tape.shape[0] - 1):
        item, what = tape[j], fate[j]
        c = item["channel"]
        if what & DONE:
            k = c if item["origin"] == EVENT else rules["channel_class"][c]
            for e in range(rules["first"][k], rules["first"][k + 1]):
                channels[e, w] += 1
        if item["origin"] == EVENT:
            continue
        kind = -1
        if what & MISSING:
            kind = LOST
        elif what & ENTERED:
            own = item["origin"] == OWN or item["origin"] == GARBLED
            kind = RIGHT if own else (GHOST if item["origin"] == UNREAL else STRAY)
            row[first[RECORDS_IN] + w] += 1
            row[first[RECORDS_OUT if what & ENDED else RECORDS_OPEN] + w] += 1
            row[first[LISTINGS] + w] += what // LISTED
            channels[c, 6 * worlds + w] += what // LISTED
            wrong += 1 if is_wrong(item["origin"], what) else 0
            if own and what & OVERSTAYS:
                row[first[KINDS] + w * 5 + STALE] += 1
                channels[c, (1 + STALE) * worlds + w] += 1
        if kind >= 0:
            row[first[KINDS] + w * 5 + kind] += 1
            channels[c, (1 + kind) * worlds + w] += 1
    row[first[WRONG] + w] += wrong
    row[first[MARKED] + w] += 1 if wrong > 0 else 0
    return wrong


def add(one: Tally, two: Tally) -> Tally:
    """The sum of two tallies: associative, commutative, with the empty sheet as identity."""
    return Tally(*(a + b for a, b in zip(one, two, strict=True)))
