"""The one entry point: a township's people are made, their tapes written, their lives lived in every world and counted.

Worlds with equal rules in which the same items exist share one life: most people have no wrong record, so their accurate twin is not
lived again. Parents are lived before minors, whose school gate looks at them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..layout import CHANGE, ITEM, STEP, YEAR, Ints, Origin, Place, Populace, Quality, Rulebook
from .book import Book, bind
from .draws import Address, address
from .jit import keeper, kernel, whole
from .kin import WORLDS, Line, Worlds, concerned, keep, view_child, view_own
from .life import NOBODY, live
from .people import MAJORITY, People, make
from .records import Items, Tapes, write
from .room import PENDING, STATE, Log, Queue, State, changes_at_most, pending_at_most
from .tallies import (
    BAND_CHANGES,
    BITING,
    BUT_FOR_DAYS,
    BUT_FOR_DOMAINS,
    CLIFF,
    LISTINGS,
    REVERSED,
    Plan,
    Tally,
    bits,
    count_everybody,
    count_pair,
    count_records,
    count_world,
    is_wrong,
    next_change,
    sheet,
)

OWN, GARBLED, UNREAL, EVENT = whole(Origin.OWN), whole(Origin.GARBLED), whole(Origin.GHOST), whole(Origin.EVENT)
RECORDS, GHOSTS, STRAYS = whole(Quality.RECORDS), whole(Quality.GHOSTS), whole(Quality.STRAYS)
LOST, STALE = whole(Quality.LOST), whole(Quality.STALE)


class Desk(NamedTuple):
    """What is needed to live one person in all worlds; used again for the next. W worlds, N items, M changes."""

    tape: Items  # (N + 1,) items, and a spare
    state: State  # (1,)
    queue: Queue
    lines: Line  # (W + 1, M) lives; the last row is for a life with one record put right
    views: Line  # (W + 3, M) the same as lived, with ages and parents; the last rows are for work in hand
    fates: Ints  # (W + 1, N) what became of each item
    worlds: Worlds  # (1,)


@keeper
def set_desk(rules: Book, items: int) -> Desk:
    """A desk for lives of at most so many items."""
    worlds, changes = rules["worlds"], changes_at_most(rules, items)
    return Desk(
        np.zeros(items + 1, ITEM),
        np.zeros(1, STATE),
        np.empty(pending_at_most(rules, items), PENDING),
        np.empty((worlds + 1, changes), CHANGE),
        np.empty((worlds + 3, 3 * changes + 2 * rules["domains"]), CHANGE),
        np.zeros((worlds + 1, items + 1), np.int64),
        np.zeros(1, WORLDS),
    )


@kernel
def at_stake(tape: Items, days: float) -> int:
    """Bits of record quality on which this tape's lives depend."""
    stake = 0
    for j in range(tape.shape[0] - 1):
        origin = tape[j]["origin"]
        if origin == EVENT:
            continue
        stake |= RECORDS
        if origin == UNREAL:
            stake |= GHOSTS
        elif origin == GARBLED:
            stake |= LOST
        elif origin != OWN:
            stake |= STRAYS
        if tape[j]["settle"] < days:
            stake |= STALE
    return stake


@kernel
def share_lives(rules: Book, tape: Items, worlds: Worlds) -> None:
    """of[w] is the first world whose life is certainly that of world w: equal rules, and no item exists in one of them only."""
    stake = at_stake(tape, float(rules["days"]))
    for w in range(rules["worlds"]):
        worlds["of"][w] = w
        for v in range(w):
            same = rules["variant"][v] == rules["variant"][w] and rules["ruled"][v] == rules["ruled"][w]
            if same and (rules["quality"][v] ^ rules["quality"][w]) & stake == 0:
                worlds["of"][w] = v
                break


@kernel
def live_person(
    at: Address, rules: Book, tape: Items, age: float, state: State, queue: Queue, lines: Line, fates: Ints, worlds: Worlds, log: Log
) -> None:
    """The person's lives in all worlds are in lines."""
    share_lives(rules, tape, worlds)
    for w in range(rules["worlds"]):
        if worlds["of"][w] == w:
            worlds["changes"][w] = live(at, rules, w, tape, NOBODY, age, state, queue, lines[w], fates[w], log)
            worlds["bands"][w], worlds["reversals"][w] = state["bands"], state["reversals"]
            worlds["brink"][w], worlds["terms"][w] = state["brink"], state["terms"]


@kernel
def vanished(rules: Book, one: Line, ones: int, two: Line, twos: int) -> tuple[int, int]:
    """Domain-days closed in the first timeline and open in the second, and the domains they lie in."""
    i, j, t, total, domains = 0, 0, 0.0, 0, 0
    everything = (1 << rules["domains"]) - 1
    while t < rules["days"]:
        coming = next_change(rules, one, i, ones, two, j, twos)
        gone, days = one[i]["mask"] & ~two[j]["mask"] & everything, int(coming) - int(t)
        if days > 0 and gone != 0:
            total += bits(gone) * days
            domains |= gone
        if i + 1 < ones and one[i + 1]["at"] == coming:
            i += 1
        if j + 1 < twos and two[j + 1]["at"] == coming:
            j += 1
        t = coming
    return total, domains


@kernel
def put_right(people: Ints, plan: Plan, at: Address, rules: Book, desk: Desk, tape: Items, w: int, cell: int, age: float, log: Log) -> None:
    """Each wrong record of world w is put right alone, the life lived again, and what vanishes counted (M5)."""
    count, row, first = rules["worlds"], people[cell], plan["first"]
    state, worlds = desk.state[0], desk.worlds[0]
    v, own = worlds["of"][w], rules["own"]
    line, one, two = desk.lines[count], desk.views[count], desk.views[count + 1]
    ones = view_own(rules, age, own, desk.lines[v], worlds["changes"][v], one)
    for j in range(tape.shape[0] - 1):
        if not is_wrong(tape[j]["origin"], desk.fates[v, j]):
            continue
        changes = live(at, rules, v, tape, j, age, state, desk.queue, line, desk.fates[count], log)
        twos = view_own(rules, age, own, line, changes, two)
        days, domains = vanished(rules, one, ones, two, twos)
        row[first[BITING] + w] += 1 if days > 0 else 0
        row[first[BUT_FOR_DAYS] + w] += days
        row[first[BUT_FOR_DOMAINS] + w] += bits(domains)


@kernel
def see(rules: Book, desk: Desk, age: float, kept: Ints, first: Ints, store: Line, parents: tuple[int, int]) -> None:
    """The person's lives as seen, with ages and parents' gates, are in the views."""
    worlds, views, count = desk.worlds[0], desk.views, rules["worlds"]
    own = rules["own"] | 1 << rules["domains"]
    for w in range(count):
        v = worlds["of"][w]
        if parents[0] < 0 and parents[1] < 0:
            if v == w:
                worlds["seen"][w] = view_own(rules, age, own, desk.lines[v], worlds["changes"][v], views[w])
            continue
        source = count
        n = view_own(rules, age, own, desk.lines[v], worlds["changes"][v], views[source])
        for parent in parents:
            if parent >= 0:
                line = store[first[parent * count + w] : first[parent * count + w + 1]]
                n = view_child(rules, age, views[source], n, line, views[count + 1 if source == count else count])
                source = count + 1 if source == count else count
        for m in range(n):
            views[w, m] = views[source, m]
        worlds["seen"][w] = n


@kernel
def count_person(
    tally: Tally, plan: Plan, at: Address, rules: Book, desk: Desk, tape: Items, cell: int, age: float, alone: bool, log: Log
) -> None:
    """The person's lives are in the tally."""
    worlds, count, first = desk.worlds[0], rules["worlds"], plan["first"]
    people, months, spread, views = tally.people, tally.months, tally.spread, desk.views
    at_end = concerned(rules, age, float(rules["days"])) & rules["own"]
    marked = 0
    for w in range(count):
        v = worlds["of"][w]
        seen = v if alone else w
        count_world(plan, people, months, spread, rules, w, cell, views[seen], worlds["seen"][seen])
        people[cell, first[BAND_CHANGES] + w] += worlds["bands"][v]
        people[cell, first[REVERSED] + w] += worlds["reversals"][v]
        people[cell, first[LISTINGS] + w] += worlds["terms"][v]
        people[cell, first[CLIFF] + w] += 1 if worlds["brink"][v] & at_end else 0
        if count_records(plan, people, tally.channels, rules, w, cell, tape, desk.fates[v]) > 0:
            marked |= 1 << w
    for p in range(rules["pairs"]):
        w, v = rules["pair_world"][p], rules["pair_versus"][p]
        a, b = (worlds["of"][w], worlds["of"][v]) if alone else (w, v)
        if a != b:
            one, two, ones, twos = views[a], views[b], worlds["seen"][a], worlds["seen"][b]
            count_pair(plan, people, months, spread, tally.spells, rules, p, cell, one, ones, two, twos, marked >> w & 1 == 1)
    for w in range(count):
        if marked >> w & 1:
            put_right(people, plan, at, rules, desk, tape, w, cell, age, log)


@kernel
def is_idle(rules: Book, lines: Line, worlds: Worlds) -> bool:
    """True where the lives in `lines` never have a closed gate or a redlist in any world."""
    for w in range(rules["worlds"]):
        v = worlds["of"][w]
        if worlds["changes"][v] > 1 or lines[v, 0]["mask"] != 0:
            return False
    return True


@kernel
def closes_for_children(rules: Book, lines: Line, worlds: Worlds) -> bool:
    """True where the lives in `lines` close a child domain in some world."""
    children = (1 << rules["domains"]) - 1 & ~rules["own"]
    for w in range(rules["worlds"]):
        for n in range(worlds["changes"][w] if worlds["of"][w] == w else 0):
            if lines[w, n]["mask"] & children:
                return True
    return False


@keeper
def live_everybody(at: Address, book: Book, people: People, tapes: Tapes, tally: Tally, sheets: Plan) -> None:
    """Every life is lived and counted, grown people first. Reads: people, tapes. Writes: tally."""
    rules, plan, n = book[0], sheets[0], people.shape[0]
    count = rules["worlds"]
    most = 0
    for i in range(n):
        most = max(most, tapes.start[i + 1] - tapes.start[i])
    desk, log = set_desk(rules, most), np.empty(0, STEP)
    state, worlds = desk.state[0], desk.worlds[0]
    kept, first, store = np.full(n + 1, -1), np.zeros(64 * count + 1, np.int64), np.empty(1024, CHANGE)
    kept[-1] = 0
    live_person(at, rules, desk.tape[:1], 0.0, state, desk.queue, desk.lines, desk.fates, worlds, log)
    idle, brink = is_idle(rules, desk.lines, worlds), np.zeros(count, np.int64)
    for w in range(count):
        brink[w] = worlds["brink"][worlds["of"][w]]
    for minors in range(2):
        for i in range(n):
            age, cell = people[i]["age"], people[i]["cell"]
            if (age < MAJORITY * YEAR) != (minors == 1):
                continue
            count_everybody(plan, tally.people, rules, cell, age)
            one, two = people[i]["guardian"], people[i]["guardian2"]
            parents = (kept[one] if one >= 0 else -1, kept[two] if two >= 0 else -1)
            alone = parents[0] < 0 and parents[1] < 0
            begin, items = tapes.start[i], tapes.start[i + 1] - tapes.start[i]
            if idle and items == 0 and alone:
                at_end = concerned(rules, age, float(rules["days"])) & rules["own"]
                for w in range(count):
                    tally.people[cell, plan["first"][CLIFF] + w] += 1 if brink[w] & at_end else 0
                continue
            for j in range(items):
                desk.tape[j] = tapes.items[begin + j]
            tape = desk.tape[: items + 1]
            live_person(at, rules, tape, age, state, desk.queue, desk.lines, desk.fates, worlds, log)
            see(rules, desk, age, kept, first, store, parents)
            count_person(tally, plan, at, rules, desk, tape, cell, age, alone, log)
            if minors == 0 and closes_for_children(rules, desk.lines, worlds):
                first, store = keep(kept, first, store, i, rules, desk.lines, worlds)


def live_people(people: People, place: Place, rules: Rulebook, populace: Populace, seed: int, replicate: int) -> Tally:
    """The tally of these people of a township."""
    at, book = address(place, seed, replicate), bind(rules, populace)
    tapes = write(at, book, people)
    tally, plan = sheet(rules)
    live_everybody(at, book, people, tapes, tally, plan)
    events = np.where(rules.strain == 1.0, tapes.events, 0)[rules.channel_class]
    tally.channels[:, : rules.quality.size] += events[:, None]
    return tally


def live_township(place: Place, rules: Rulebook, populace: Populace, seed: int, replicate: int) -> Tally:
    """The tally of a township: people made, tapes written, lives lived and counted."""
    people = make(address(place, seed, replicate), populace, place.row, rules.frailty_shape)
    return live_people(people, place, rules, populace, seed, replicate)
