"""The tapes of a township: everything that may enter each life, filed person by person and then sorted by owner and time.

Classes that are calm come last, because records of everybody else tell whom nothing stirs (`calm.py`). Model: `docs/model.md` 3 and 4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..layout import ITEM, Ints, Words
from .book import Book
from .calm import stirred
from .draws import Address
from .items import NOTHING, Items
from .jit import keeper, kernel, whole
from .people import People
from .places import by_owner
from .records import file_abroad, file_conduct, file_ghosts, holders
from .threats import file_tampered

CALM = whole(1)


class Tapes(NamedTuple):
    """What may enter the lives of a township: person i's items are start[i] .. start[i + 1], sorted by time.

    Events[k] counts what happens in every world.
    """

    items: Items
    start: Ints
    events: Ints


@kernel
def file_person(at: Address, rules: Book, people: People, known: Ints, i: int, words: Words, events: Ints, items: Items, m: int) -> int:
    """Everything about person i but calm classes, and what i's conduct leaves on others' tapes, is in the items from m on."""
    m = file_conduct(at, rules, people, known, i, NOTHING, False, words, events, items, m)
    if rules["ghosts"] == 1:
        m = file_ghosts(at, rules, people, i, words, items, m)
    if rules["abroad"] == 1:
        m = file_abroad(at, rules, people, known, i, words, items, m)
    if rules["inserts"] == 1:
        m = file_tampered(at, rules, people, i, items, m)
    return m


@keeper
def file_township(at: Address, book: Book, people: People, known: Ints, events: Ints) -> Items:
    """Everything about everybody, in the order of filing. events[k]: events of class k that happen in every world.

    Where the room is short it is doubled and the person filed again: draws are addressed by cause, so nothing changes.
    """
    rules, n = book[0], people.shape[0]
    items, m = np.empty(8 * n + 64, ITEM), NOTHING
    words, happened = np.empty(max(rules["classes"], rules["channels"]), np.uint64), np.zeros(rules["classes"], np.int64)
    moved = np.empty(0, np.int64)
    for calm in range(2 if rules["calms"] == 1 else 1):
        if calm == CALM:
            moved = stirred(at, book, people, items[:m])
        i = NOTHING
        while i < n:
            if people[i]["age"] + rules["days"] > rules["youngest"]:
                happened[:] = 0
                if calm == CALM:
                    count = file_conduct(at, rules, people, known, i, CALM, moved[i] == 0, words, happened, items, m)
                else:
                    count = file_person(at, rules, people, known, i, words, happened, items, m)
                if count > items.shape[0]:
                    items = np.concatenate((items, np.empty(items.shape[0], ITEM)))
                    continue
                m = count
                events += happened
            i += 1
    return items[:m]


def write(at: Address, book: Book, people: People) -> Tapes:
    """The tapes of a township: what may enter each life, sorted by time."""
    events = np.zeros(int(book[0]["classes"]), np.int64)
    known = holders(book[0]["link"][: book[0]["channels"]], book[0]["link_key"][: book[0]["channels"]], people)
    items, start = by_owner(file_township(at, book, people, known, events), people.size)
    return Tapes(items, start, events)
