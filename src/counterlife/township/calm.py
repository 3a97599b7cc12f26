"""Whom nothing stirs: conduct near a gate, and after lost appeals, that can be told before anybody is lived.

Some classes answer to nothing but a first score just below a gate, and to having given up (`book.py` marks them calm). As long as nobody's
records can bring the score below a line, or can have lost appeals enough to give up, the events of these classes are certain in every
world, and what would happen only near a gate does not; neither needs a place on the tape. Bounds are on the safe side: who may be stirred
on a day need not be. `docs/decisions/0013-calm.md`; model: `docs/model.md` 3.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..layout import ALWAYS_OPEN, NEVER, Floats, Ints, Origin
from .book import Book
from .draws import REDRESS, Address, block, uniform
from .items import Items, record_stream
from .jit import entry, inlined, kernel, whole
from .kin import stage_on
from .people import People
from .redress import inclined
from .scores import officer, seat_offices

EVENT = whole(Origin.EVENT)
NO_FALL = whole(-(ALWAYS_OPEN // 2))
LARGEST = math.sqrt(-2.0 * math.log(0.5 / 2.0**32))  # that a normal draw from 32-bit words can be


@inlined
def fall(rules: Book, item: Items, office: float, harshness: float) -> int:
    """Points that a record can take from the first score at most, if its office and officer are so severe."""
    c = item["channel"]
    much = 1.0 + rules["severest"] * max(0.0, office) + rules["harshest"] * max(0.0, harshness)
    points = rules["worst"][c] * max(1.0, item["weight"]) * much
    return int(points) + rules["widest"][c] + 2  # whole points of two roundings


@kernel
def readiest(rules: Book, person: People) -> float:
    """The probability that this person appeals against a record of which they know, under the rules that make it largest."""
    ability = person["ability"] - 0.5
    pull = max(rules["ability_least"] * ability, rules["ability_most"] * ability)
    return inclined(rules["take_up_most"][person["cell"]], pull) * (1.0 + 1e-9)


class Stirred(NamedTuple):
    """What may bring people near a gate, or to give up. Person i's records are first[i] .. first[i + 1], in any order."""

    first: Ints
    ever: Ints  # (people,) 1 for those who may be stirred on some day
    begin: Floats  # day of entry
    until: Floats  # last day on which points can act
    fall: Ints  # points that are taken from the first score at most
    case: Ints  # 1 where the person would appeal


@kernel
def may_matter(rules: Book, item: Items) -> bool:
    """True for a record that can take points from the first score, or be appealed against."""
    c = item["channel"]
    return item["origin"] != EVENT and (rules["worst"][c] > 0 or rules["widest"][c] > 0 or rules["contested"][c] == 1)


@kernel
def last_day(rules: Book, item: Items) -> float:
    """The last day on which a record can act on the first score; NEVER where nothing is sure to end it."""
    c, entry = item["channel"], item["entry"]
    return NEVER if rules["late_from"][c] <= entry < rules["late_until"][c] else entry + rules["longest"][c]


@inlined
def is_stirred(found: Stirred, i: int) -> bool:
    """True where person i may ever be near a gate, or have given up, in some world."""
    return found.ever[i] == 1


@inlined
def stirs(rules: Book, found: Stirred, i: int, day: float) -> bool:
    """True where person i may be near a gate on this day, or have given up, in some world."""
    fall, cases = 0, 0
    for m in range(found.first[i], found.first[i + 1]):
        if found.begin[m] <= day:
            cases += found.case[m]
            fall += found.fall[m] if day <= found.until[m] else 0
    return fall > rules["drop"][stage_on(rules, day)] or 0 < rules["gives_up"] <= cases


@kernel
def stirs_ever(rules: Book, found: Stirred, i: int) -> bool:
    """True where person i may be stirred on some day: when a record enters, or when a stage begins."""
    ever = False
    for m in range(found.first[i], found.first[i + 1]):
        ever = ever or stirs(rules, found, i, found.begin[m])
    for g in range(rules["stages"]):
        ever = ever or stirs(rules, found, i, rules["stage_day"][g])
    return ever


def stirred(at: Address, book: Book, people: People, items: Items) -> Stirred:
    """Who may come near a gate or give up in some world, and when. items: of all classes that are not calm, in any order."""
    n, office = people.size, np.zeros((int(book[0]["scores"]), int(book[0]["channels"])))
    seat_offices(at, book, office)
    first = np.zeros(n + 1, np.int64)
    weigh(book, items, office[0], np.zeros(n, np.int64), np.zeros(n, np.int64), first)
    size = first[n]
    found = Stirred(first, np.zeros(n, np.int64), np.empty(size), np.empty(size), np.empty(size, np.int64), np.empty(size, np.int64))
    draw(at, book, people, items, office[0], first[:-1].copy(), found)
    return found


def nobody_stirred() -> Stirred:
    """Before anybody is looked at."""
    return Stirred(np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64))


@entry
def weigh(book: Book, items: Items, severe: Floats, falls: Ints, cases: Ints, first: Ints) -> None:
    """Where the records of each person begin whom all of them at once may stir is in first.

    severe: by channel. Room, 0 to begin with: falls and cases, by person; first.
    """
    rules, n, nearest = book[0], falls.shape[0], NO_FALL
    for g in range(rules["stages"]):
        nearest = min(nearest, rules["drop"][g])
    for m in range(items.shape[0]):
        item = items[m]
        if may_matter(rules, item):
            falls[item["owner"]] += fall(rules, item, severe[item["channel"]], LARGEST)
            cases[item["owner"]] += rules["contested"][item["channel"]]
            first[item["owner"] + 1] += 1
    for i in range(n):
        may = falls[i] > nearest or 0 < rules["gives_up"] <= cases[i]
        first[i + 1] = first[i] + (first[i + 1] if may else 0)


@entry
def draw(at: Address, book: Book, people: People, items: Items, severe: Floats, places: Ints, found: Stirred) -> None:
    """What each record of those whom records may stir comes to, by the draws of its officer and of the appeal, is in found.

    places: where the records of each person begin. Draws: RUBRIC, REDRESS.
    """
    rules = book[0]
    for m in range(items.shape[0]):
        item = items[m]
        owner, c = item["owner"], item["channel"]
        if found.first[owner] == found.first[owner + 1] or not may_matter(rules, item):
            continue
        n = places[owner]
        places[owner] = n + 1
        found.begin[n], found.until[n], found.fall[n], found.case[n] = item["entry"], last_day(rules, item), 0, 0
        if rules["worst"][c] > 0 or rules["widest"][c] > 0:
            found.fall[n] = fall(rules, item, severe[c], officer(at, rules, item, 0)[0] if rules["judged"] == 1 else 0.0)
        if rules["contested"][c] == 1 and rules["gives_up"] > 0:
            known = block(at, item["cause"], record_stream(rules, item), REDRESS, item["ordinal"])[2]
            found.case[n] = 1 if uniform(known) < readiest(rules, people[owner]) else 0
    for i in range(people.shape[0]):
        found.ever[i] = 1 if stirs_ever(rules, found, i) else 0
