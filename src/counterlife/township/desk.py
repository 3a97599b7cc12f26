"""A person sits down to be lived: the tape is laid out, and it is found out which worlds share a life.

Worlds with equal rules in which the same items exist share one life: most people have no wrong record, so their accurate twin is not
lived again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import Origin, Quality
from .book import Book
from .draws import Address
from .items import Items
from .jit import apart, inlined, kernel, whole
from .kin import Worlds
from .room import Desk, Heard, Person, set_desk
from .sanctions import NOBODY
from .scores import seat_offices, trait_points
from .tapes import Tapes

EVENT, STRAY = whole(Origin.EVENT), whole(Origin.STRAY)
RECORDS, STALE, INFLATED, THREATS = whole(Quality.RECORDS), whole(Quality.STALE), whole(Quality.INFLATED), whole(Quality.THREATS)


@kernel
def at_stake(rules: Book, tape: Items, days: float) -> int:
    """Bits of record quality on which this tape's lives depend as long as no record is corrected."""
    stake = 0
    for j in range(tape.shape[0] - 1):
        item = tape[j]
        if item["origin"] == EVENT:
            continue
        stake |= RECORDS | item["needs"] | item["bars"]
        if item["settle"] < days:
            stake |= STALE
        if item["weight"] != 1.0:
            stake |= INFLATED
    if stake & RECORDS:
        stake |= THREATS if rules["threats"] > 0 else 0
    return stake


@kernel
def hears(tape: Items) -> bool:
    """True where a record on this tape is there only if somebody else did something."""
    found = False
    for j in range(tape.shape[0] - 1):
        found = found or (tape[j]["origin"] == STRAY and tape[j]["mark"] >= 0.0)
    return found


@kernel
def share_lives(rules: Book, tape: Items, worlds: Worlds) -> None:
    """of[w] is the first world whose life is certainly that of world w: equal rules, and no item exists in one of them only.

    unless[w] is one whose life is that of world w if no record is corrected in it: all that differs is how late a correction is, or lost.
    Where an office makes people wait, equal worlds may wait differently; where there are reviews, each world has its own; where records
    come from what others did, others may have done it in one world only; where conduct is another world's, it is not one's own.
    """
    stake = at_stake(rules, tape, float(rules["days"]))
    later = STALE if stake & RECORDS and rules["contests"] == 1 else 0
    alone = rules["reviews"] > 0 or (rules["answers"] == 1 and hears(tape))
    queues = rules["queues"] if tape.shape[0] > 1 else 0
    for w in range(rules["worlds"]):
        worlds["of"][w], worlds["unless"][w] = w, NOBODY
        earlier = 0 if alone or queues >> w & 1 else rules["like"][w]
        for v in range(w):
            differ = rules["quality"][v] ^ rules["quality"][w]
            if earlier >> v & 1 == 0 or differ & stake:
                continue
            if differ & later == 0:
                worlds["of"][w] = v
                break
            if worlds["unless"][w] == NOBODY:
                worlds["unless"][w] = v


@inlined
def fill(slot: Any, item: Any) -> None:
    """The item is in the slot."""
    slot["time"], slot["settle"], slot["update"] = item["time"], item["settle"], item["update"]
    slot["mark"], slot["entry"], slot["place"], slot["weight"] = item["mark"], item["entry"], item["place"], item["weight"]
    slot["channel"], slot["origin"], slot["cause"] = item["channel"], item["origin"], item["cause"]
    slot["ordinal"], slot["owner"], slot["event"] = item["ordinal"], item["owner"], item["event"]
    slot["high"] = item["high"]
    slot["needs"], slot["bars"], slot["wrong"], slot["drawn"] = item["needs"], item["bars"], item["wrong"], 0


@apart
def sit_down(desk: Desk, at: Address, rules: Book, tapes: Tapes, heard: Heard, who: Person, i: int, items: int) -> None:
    """Person i's tape is on the desk, with what traits are worth, which worlds share a life, and what comes from others.

    items: how many of them, none for somebody without records.
    """
    begin, state = tapes.start[i], desk.state[0]
    for j in range(items):
        desk.tape[j] = tapes.items[begin + j]
        fill(desk.slots[j], tapes.items[begin + j])
    for w in range(rules["worlds"]):
        for j in range(items if heard.posts.shape[1] > 0 else 0):
            desk.posts[w, j] = heard.posts[w, begin + j]
        for j in range(items if heard.told.shape[1] > 0 else 0):
            desk.told[w, j] = heard.told[w, begin + j]
        for n in range(desk.taken.shape[1]):
            desk.taken[w, n, 0], desk.taken[w, n, 1] = heard.pulls[w, n, i], heard.left[w, n, i]
    for s in range(rules["scores"]):
        state["offset"][s] = trait_points(at, rules, who, i, s) if rules["traits"] == 1 else 0
    share_lives(rules, desk.tape[: items + 1], desk.worlds[0])


def lay_desk(at: Address, book: Book, tapes: Tapes, cuts: Any) -> Desk:
    """A desk for the lives of a township, with the lines (W, E, K) of its reviews."""
    desk = set_desk(book[0], longest(tapes), cuts)
    seat_offices(at, book, desk.state[0]["office"])
    return desk


def longest(tapes: Tapes) -> int:
    """Items of the longest tape."""
    return int(np.diff(tapes.start).max(initial=0))
