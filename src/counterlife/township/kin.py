"""How a life looks to the person who lives it: own gates within their ages, and the gates that look at the parents.

A parent's record is never copied: the child sees the parents' timelines, lived first. Model: `docs/model.md` 8.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..layout import ALWAYS_OPEN, CHANGE, MOST, NEVER, YEAR, Cause, Ints
from .book import Book
from .jit import entry, inlined, kernel, whole
from .people import MAJORITY, People

Line = Any  # array of CHANGE
Worlds = Any  # an array of one WORLDS, and in kernels the record

WORLDS = np.dtype(
    [
        ("of", np.int64, MOST["worlds"]),  # the world whose life this one shares
        ("unless", np.int64, MOST["worlds"]),  # the world whose life this one shares unless a record is corrected in it; -1
        ("granted", np.int64, MOST["worlds"] + 1),  # appeals that were granted; the last is of a life with one record put right
        ("changes", np.int64, MOST["worlds"] + 1),  # changes of each life; the last is of a life with one record put right
        ("seen", np.int64, MOST["worlds"] + 1),  # the same as seen, with ages and parents
        ("bands", np.int64, MOST["worlds"]),
        ("reversals", np.int64, MOST["worlds"]),
        ("brink", np.int64, MOST["worlds"]),
        ("terms", np.int64, MOST["worlds"]),
        ("score", np.int64, MOST["worlds"]),  # the first score as gates see it, at the end
        ("near", np.int64, MOST["worlds"]),  # events that happened because a gate was near
        ("failed", np.int64, MOST["worlds"]),  # appeals lost for good
    ]
)

BY_START = whole(Cause.START)
NO_MARK = whole(ALWAYS_OPEN)
NO_BAND = whole(-1)  # lines as met are not asked for a band
HOUSEHOLD = 12  # members at most


class Kept(NamedTuple):
    """Timelines of people whom others meet. W worlds."""

    row: Ints  # (people + 1,) of each person, -1 for nobody kept; the last counts the rows
    first: Ints  # first[row * W + w]: where a timeline begins in the store
    store: Line


def nobody_kept(people: int, worlds: int) -> Kept:
    """Room for some, to be doubled as needed."""
    row, some = np.full(people + 1, -1), people // 16 + 1
    row[people] = 0
    return Kept(row, np.zeros(some * worlds + 1, np.int64), np.empty(4 * some * worlds, CHANGE))


def doubled(kept: Kept) -> Kept:
    """The same timelines, and as much room again."""
    row, first, store = kept
    return Kept(row, np.concatenate((first, np.zeros_like(first))), np.concatenate((store, np.empty_like(store))))


@kernel
def keep(kept: Kept, i: int, rules: Book, lines: Line, worlds: Worlds) -> bool:
    """Person i's timelines in all worlds are in the store, unless there is no room for them; returns whether there was."""
    n, count, size = kept.row[kept.row.shape[0] - 1], rules["worlds"], 0
    for w in range(count):
        size += worlds["changes"][worlds["of"][w]]
    if (n + 1) * count + 1 > kept.first.shape[0] or kept.first[n * count] + size > kept.store.shape[0]:
        return False
    kept.row[i], kept.row[kept.row.shape[0] - 1] = n, n + 1
    for w in range(count):
        v, begin = worlds["of"][w], kept.first[n * count + w]
        for m in range(worlds["changes"][v]):
            kept.store[begin + m] = lines[v, m]
        kept.first[n * count + w + 1] = begin + worlds["changes"][v]
    return True


@inlined
def bits(mask: int) -> int:
    """Number of domains in a mask."""
    n = 0
    while mask > 0:
        n += mask & 1
        mask >>= 1
    return n


@inlined
def concerned(rules: Book, age: float, t: float) -> int:
    """Bits of the domains whose gate concerns, on day t, a person of this age at the start."""
    mask = 0
    for d in range(rules["domains"]):
        if rules["domain_from"][d] - age <= t < rules["domain_until"][d] - age:
            mask |= 1 << d
    return mask


@inlined
def next_birthday(rules: Book, age: float, t: float) -> float:
    """The next day after t on which a domain begins or ceases to concern a person of this age at the start; NEVER if none."""
    day = NEVER
    for d in range(rules["domains"]):
        for edge in (rules["domain_from"][d] - age, rules["domain_until"][d] - age):
            if t < edge < day:
                day = edge
    return day


@entry
def view_own(rules: Book, age: float, own: int, line: Line, changes: int, out: Line) -> int:
    """The timeline of somebody without parents here: own domains within their ages. own: bits of own domains and of the redlist."""
    if changes == 1 and line[0]["mask"] == 0:
        out[0] = line[0]
        return 1
    mine, n, t = 0, 0, 0.0
    while t < rules["days"]:
        while mine + 1 < changes and line[mine + 1]["at"] <= t:
            mine += 1
        mask = line[mine]["mask"] & own & (concerned(rules, age, t) | 1 << rules["domains"])
        if n == 0 or mask != out[n - 1]["mask"]:
            out[n]["at"], out[n]["mask"], out[n]["score"] = t, mask, 0
            out[n]["band"] = NO_BAND
            out[n]["cause"] = line[mine]["cause"] if line[mine]["at"] == t else BY_START
            n += 1
        t = next_birthday(rules, age, t)
        if mine + 1 < changes:
            t = min(t, line[mine + 1]["at"])
    return n


@kernel
def view_other(rules: Book, age: float, gates: int, line: Line, changes: int, other: Line, out: Line) -> int:
    """The timeline with somebody else's closed domains added: those of `gates` (bits), within the person's own ages.

    A child meets the parents' gates so, a grown person those of a household that applies together.
    """
    mine, theirs, n, t = 0, 0, 0, 0.0
    while t < rules["days"]:
        while mine + 1 < changes and line[mine + 1]["at"] <= t:
            mine += 1
        while theirs + 1 < other.shape[0] and other[theirs + 1]["at"] <= t:
            theirs += 1
        mask = line[mine]["mask"] | other[theirs]["mask"] & gates & concerned(rules, age, t)
        if n == 0 or mask != out[n - 1]["mask"]:
            out[n]["at"], out[n]["mask"], out[n]["cause"], out[n]["score"] = t, mask, BY_START, 0
            out[n]["band"] = NO_BAND
            if line[mine]["at"] == t:
                out[n]["cause"] = line[mine]["cause"]
            if other[theirs]["at"] == t and t > 0.0:
                out[n]["cause"] = max(out[n]["cause"], other[theirs]["cause"])
            n += 1
        t = next_birthday(rules, age, t)
        if mine + 1 < changes:
            t = min(t, line[mine + 1]["at"])
        if theirs + 1 < other.shape[0]:
            t = min(t, other[theirs + 1]["at"])
    return n


@kernel
def mean_line(rules: Book, w: int, one: Line, two: Line, out: Line) -> int:
    """The timeline of the gates that look at the mean of two parents' scores, for `view_other`; twice the same line for a single parent."""
    first, second, n, t = 0, 0, 0, 0.0
    while t < rules["days"]:
        out[n]["at"], out[n]["mask"], out[n]["cause"], out[n]["score"] = t, 0, BY_START, 0
        out[n]["band"] = NO_BAND
        while first + 1 < one.shape[0] and one[first + 1]["at"] <= t:
            first += 1
        while second + 1 < two.shape[0] and two[second + 1]["at"] <= t:
            second += 1
        if one[first]["at"] == t:
            out[n]["cause"] = one[first]["cause"]
        if two[second]["at"] == t:
            out[n]["cause"] = max(out[n]["cause"], two[second]["cause"])
        r, total = row_of(rules, w, t), one[first]["score"] + two[second]["score"]
        for d in range(rules["domains"]):
            opens = rules["opens_at"][r, d]
            if rules["means"] >> d & 1 and rules["ruled"][r] == 1 and opens != NO_MARK and total < 2 * opens:
                out[n]["mask"] |= 1 << d
        n, t = n + 1, float(rules["days"])
        if first + 1 < one.shape[0]:
            t = min(t, one[first + 1]["at"])
        if second + 1 < two.shape[0]:
            t = min(t, two[second + 1]["at"])
    return n


@inlined
def row_of(rules: Book, w: int, day: float) -> int:
    """The row of rules of a world on a day."""
    return rules["row"][w, stage_on(rules, day)]


@inlined
def stage_on(rules: Book, day: float) -> int:
    """The stage that runs on a day."""
    stage = 0
    while stage + 1 < rules["stages"] and rules["stage_day"][stage + 1] <= day:
        stage += 1
    return stage


@entry
def relatives(rules: Book, people: People, kept: Ints, i: int, rows: Ints) -> int:
    """The rows, in the store, of the lives whose gates person i meets: a minor's parents, or of a grown person the other grown members of a
    household that applies together. Writes rows; returns how many.
    """
    who, n = people[i], 0
    if who["age"] < MAJORITY * YEAR:
        if who["guardian"] >= 0 and kept[who["guardian"]] >= 0:
            rows[n] = kept[who["guardian"]]
            n += 1
        if who["guardian2"] >= 0 and kept[who["guardian2"]] >= 0:
            rows[n] = kept[who["guardian2"]]
            n += 1
    elif rules["joint_gates"] != 0:
        m = i
        while m > 0 and people[m - 1]["household"] == who["household"]:
            m -= 1
        while m < people.shape[0] and people[m]["household"] == who["household"]:
            if m != i and people[m]["age"] >= MAJORITY * YEAR and kept[m] >= 0:
                rows[n] = kept[m]
                n += 1
            m += 1
    return n
