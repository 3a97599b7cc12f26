"""The sketch: a toy of the engine, as fast as such a thing comes when it is written for one purpose.

Each person lives three times (no system, accurate records, records with ghosts). Draws are addressed by person, town, class and
ordinal. Records give points that run out, some bring a listing, a listing closes one domain at once and all of them after a delay; scores
close four domains by threshold; conduct doubles under restriction (of the classes that cost points, by thinning). Twins are compared day by
day. There are no households, namesakes, settlements, lists with terms, or causes. The engine is held against its person-years a second.
"""

from __future__ import annotations

import math
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.floor import block, uniform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOTHING, ACCURATE, DESIGNED = 0, 1, 2  # worlds
POINTS, LISTING, JOINING = 0, 1, 2  # what can be pending
GHOST = 10  # the last class: records of nothing, in the designed world only
ROOM, CHANGES = 96, 512
JOINT_DAYS = 14.0
STRAIN = 0.5  # how much more often costly conduct happens under restriction
LISTED_SHARE = 0.5
GROUPS = 32


class Rules(NamedTuple):
    """One row per class of conduct, in days and points; thresholds one per domain."""

    rate: Floats
    detected: Floats
    points: Floats
    kept: Floats
    listed: Floats
    opens_at: Floats


class Desk(NamedTuple):
    """The space that one life is worked out on."""

    upcoming: Floats
    ordinal: Ints
    due: Floats
    what: Ints
    amount: Floats


RULES = Rules(
    rate=np.array([0.4, 0.2, 0.3, 0.2, 0.06, 0.02, 0.02, 0.003, 0.01, 0.1, 0.005]) / 365,
    detected=np.array([0.5, 0.5, 0.5, 0.6, 0.9, 0.9, 0.9, 0.95, 0.9, 0.5, 1.0]),
    points=np.array([5.0, 10, 3, -5, -20, -50, -30, -100, -20, -10, -50]),
    kept=np.full(11, 730.0),
    listed=np.array([0.0, 0, 0, 0, 0, 730, 0, 730, 0, 0, 365]),
    opens_at=np.array([960.0, 900, 850, 600]),
)


@njit(nogil=True, inline="always")
def life(
    person: int, town: int, seed: int, world: int, frailty: float, span: float, rules: Rules, desk: Desk, when: Floats, mask: Ints
) -> tuple[int, int]:
    """One life in one world: `when` and `mask` hold the days on which the set of closed domains changed. Returns (changes, events)."""
    upcoming, ordinal, due, what, amount = desk
    ceiling = 1.0 + STRAIN
    for k in range(GHOST + 1):
        ordinal[k] = 0
        upcoming[k] = 1e18
        if world != NOTHING and (k != GHOST or world == DESIGNED):
            u = uniform(block(person, town, k, 0, seed, 2)[0])
            rate = rules.rate[k] * frailty * ceiling
            if 1.0 - u <= rate * span:  # -log(u) is at least 1 - u: most classes have no candidate and need no logarithm
                upcoming[k] = -math.log(u) / rate
    when[0], mask[0] = 0.0, 0
    changes, events, pending, listings = 1, 0, 0, 0
    score, closed, joined = 1000.0, 0, False
    while True:
        now, kind, slot = 1e17, -1, -1
        for k in range(GHOST + 1):
            if upcoming[k] < now:
                now, kind = upcoming[k], k
        for q in range(pending):
            if due[q] < now:
                now, slot = due[q], q
        if now >= span:
            return changes, events
        if slot >= 0:
            effect = what[slot]
            if effect == POINTS:
                score -= amount[slot]
            elif effect == LISTING:
                listings -= 1
                joined = joined and listings > 0
            else:
                joined = listings > 0
            pending -= 1
            due[slot], what[slot], amount[slot] = due[pending], what[pending], amount[pending]
        else:
            events += 1
            ordinal[kind] += 1
            a, b, c, d = block(person, town, kind, ordinal[kind], seed, 2)
            upcoming[kind] = now - math.log(uniform(a)) / (rules.rate[kind] * frailty * ceiling)
            share = ceiling if closed != 0 and rules.points[kind] < 0 else 1.0
            if uniform(b) * ceiling < share and uniform(c) < rules.detected[kind] and pending < ROOM - 4:
                score += rules.points[kind]
                due[pending], what[pending], amount[pending] = now + rules.kept[kind], POINTS, rules.points[kind]
                pending += 1
                if rules.listed[kind] > 0 and uniform(d) < LISTED_SHARE:
                    listings += 1
                    due[pending], what[pending] = now + rules.listed[kind], LISTING
                    due[pending + 1], what[pending + 1] = now + JOINT_DAYS, JOINING
                    pending += 2
        shut = 0
        for domain in range(4):
            if score < rules.opens_at[domain]:
                shut |= 1 << domain
        if listings > 0:
            shut |= 15 if joined else 1
        if shut != closed and changes < CHANGES - 1:
            closed = shut
            when[changes], mask[changes] = now, shut
            changes += 1


@njit(inline="always")
def compare(group: int, span: float, when: Floats, mask: Ints, changes: Ints, tally: Ints, ones: Ints) -> None:
    """Add a person's closed domain-days, month by month: accurate, designed, wrongful, lenient."""
    i, j, now = 0, 0, 0.0
    while now < span:
        left = when[ACCURATE, i + 1] if i + 1 < changes[ACCURATE] else span
        right = when[DESIGNED, j + 1] if j + 1 < changes[DESIGNED] else span
        end = min(left, right)
        days, month = int(end) - int(now), int(now) // 30
        accurate, designed = mask[ACCURATE, i], mask[DESIGNED, j]
        tally[group, month, 0] += days * ones[accurate]
        tally[group, month, 1] += days * ones[designed]
        tally[group, month, 2] += days * ones[designed & ~accurate]
        tally[group, month, 3] += days * ones[accurate & ~designed]
        if left <= end:
            i += 1
        if right <= end:
            j += 1
        now = end


@njit(nogil=True)
def township(seed: int, town: int, people: int, span: float, rules: Rules, tally: Ints, ones: Ints) -> int:
    """All lives of a town in three worlds, added to `tally`. Returns the number of events lived."""
    desk = Desk(np.empty(11), np.empty(11, np.int64), np.empty(ROOM), np.empty(ROOM, np.int64), np.zeros(ROOM))
    when, mask, changes = np.empty((3, CHANGES)), np.empty((3, CHANGES), np.int64), np.zeros(3, np.int64)
    total = 0
    for person in range(people):
        a, b, _, _ = block(person, town, 0, 0, seed, 1)
        frailty, group = -math.log(uniform(a)), int(b) % GROUPS
        for world in range(3):
            changes[world], events = life(person, town, seed, world, frailty, span, rules, desk, when[world], mask[world])
            total += events
        if changes[ACCURATE] > 1 or changes[DESIGNED] > 1:
            compare(group, span, when, mask, changes, tally, ones)
    return total


def measure(years: int, people: int = 40_000, towns: int = 10, repeats: int = 3) -> dict[str, float]:
    """Person-years a second over the three worlds, and nanoseconds an event; the best of `repeats`."""
    span = 365.0 * years
    ones = np.array([bin(mask).count("1") for mask in range(16)])
    tally = np.zeros((GROUPS, int(span // 30) + 1, 4), np.int64)
    township(1, 0, 10, span, RULES, tally, ones)
    best, events = math.inf, 0
    for _ in range(repeats):
        begin = perf_counter()
        events = sum(township(1, town, people, span, RULES, tally, ones) for town in range(towns))
        best = min(best, perf_counter() - begin)
    return {"person_years_per_second": people * towns * years / best, "ns_per_event": best / events * 1e9, "events": events}
