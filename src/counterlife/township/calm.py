"""Whom nothing stirs: people whose conduct near a gate, and after lost appeals, can be told before they are lived.

Some classes answer to nothing but a first score just below a gate, and to having given up (`book.py` marks them calm). Of somebody whose
records cannot bring the score below any line, and cannot lose appeals enough to give up, the events of these classes are certain in every
world, and what would happen only near a gate never does; neither needs a place on the tape. Bounds are on the safe side: who is stirred
here may well live without ever being. Model: `docs/model.md` 3.
"""

from __future__ import annotations

import math

import numpy as np

from ..layout import Floats, Ints, Origin
from .book import Book
from .draws import OFFICE, REDRESS, RUBRIC, Address, block, normal, uniform
from .items import Items, record_stream
from .jit import entry, inlined, kernel, whole
from .people import People
from .redress import inclined

EVENT = whole(Origin.EVENT)
LARGEST = math.sqrt(-2.0 * math.log(0.5 / 2.0**32))  # that a normal draw from 32-bit words can be


@kernel
def judge_offices(at: Address, rules: Book, severe: Floats) -> None:
    """How severe the office of each channel is towards the first score, as `scores.judged` draws it, at least 0. Draws: OFFICE."""
    for c in range(rules["channels"] if rules["judged"] == 1 else 0):
        one, two, _, _ = block(at, 0, rules["channel_stream"][c] ^ rules["copy_stream"][0], OFFICE, 0)
        severe[c] = max(0.0, normal(one, two))


@inlined
def fall(rules: Book, item: Items, office: float, officer: float) -> int:
    """Points that a record can take from the first score at most, if its office and officer are so severe."""
    c = item["channel"]
    points = rules["worst"][c] * max(1.0, item["weight"]) * (1.0 + rules["severest"] * office + rules["harshest"] * officer)
    return int(points) + rules["widest"][c] + 2  # whole points of two roundings


@kernel
def harsh(at: Address, rules: Book, item: Items) -> float:
    """How harsh the officer of a record is towards the first score, as `scores.judged` draws it, at least 0. Draws: RUBRIC."""
    one, two, _, _ = block(at, item["cause"], record_stream(rules, item) ^ rules["copy_stream"][0], RUBRIC, item["ordinal"])
    return max(0.0, normal(one, two))


@kernel
def readiest(rules: Book, person: People) -> float:
    """The probability that this person appeals against a record of which they know, under the rules that make it largest."""
    ability = person["ability"] - 0.5
    pull = max(rules["ability_least"] * ability, rules["ability_most"] * ability)
    return inclined(rules["take_up_most"][person["cell"]], pull) * (1.0 + 1e-9)


def stirred(at: Address, book: Book, people: People, items: Items) -> Ints:
    """(people,) 1 for those who may come near a gate or give up in some world. items: of all classes that are not calm, in any order."""
    falls, cases, found = (np.zeros(people.size, np.int64) for _ in range(3))
    stir(at, book, people, items, np.zeros(int(book[0]["channels"])), falls, cases, found)
    return found


@entry
def stir(at: Address, book: Book, people: People, items: Items, severe: Floats, falls: Ints, cases: Ints, found: Ints) -> None:
    """`stirred`, in room that is given, 0 to begin with: severe, by channel; falls, cases and found, by person. Draws: RUBRIC, REDRESS."""
    rules, n = book[0], people.shape[0]
    judge_offices(at, rules, severe)
    for m in range(items.shape[0]):
        item = items[m]
        if item["origin"] == EVENT:
            continue
        owner, c = item["owner"], item["channel"]
        if rules["worst"][c] > 0 or rules["widest"][c] > 0:
            falls[owner] += fall(rules, item, severe[c], LARGEST)
        cases[owner] += rules["contested"][c]
    for i in range(n):
        near = falls[i] > rules["drop"]
        weary = 0 < rules["gives_up"] <= cases[i]
        found[i] = (1 if near else 0) + (2 if weary else 0)
        falls[i], cases[i] = 0, 0
    for m in range(items.shape[0]):  # once more for those about whom the officers' draws and those of appeals decide
        item = items[m]
        owner, c = item["owner"], item["channel"]
        if item["origin"] == EVENT or found[owner] == 0:
            continue
        if found[owner] & 1 and (rules["worst"][c] > 0 or rules["widest"][c] > 0):
            falls[owner] += fall(rules, item, severe[c], harsh(at, rules, item) if rules["judged"] == 1 else 0.0)
        if found[owner] & 2 and rules["contested"][c] == 1:
            known = block(at, item["cause"], record_stream(rules, item), REDRESS, item["ordinal"])[2]
            cases[owner] += 1 if uniform(known) < readiest(rules, people[owner]) else 0
    for i in range(n):
        near = falls[i] > rules["drop"]
        weary = 0 < rules["gives_up"] <= cases[i]
        found[i] = 1 if near or weary else 0
