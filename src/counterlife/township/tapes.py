"""The tapes of a township: everything that may enter each life, filed person by person and then sorted by owner and time.

Classes that are calm come last, because records of everybody else tell whom nothing stirs (`calm.py`). Model: `docs/model.md` 3 and 4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..layout import ITEM, Ints
from .book import Book
from .calm import Stirred, nobody_stirred, stirred
from .conduct import Drawn, drawn_ahead
from .draws import Address
from .items import NOTHING, Items
from .jit import entry, kernel, whole
from .namesakes import holders
from .people import People
from .places import by_owner
from .records import file_abroad, file_conduct, file_ghosts
from .threats import file_tampered

CALM = whole(1)
LEAST_ROOM, MOST_ROOM, SPARE = 8.0, 32.0, 1.25  # items a person for which there is room, and how much more than expected


class Tapes(NamedTuple):
    """What may enter the lives of a township: person i's items are start[i] .. start[i + 1], sorted by time.

    Events[k] counts what happens in every world.
    """

    items: Items
    start: Ints
    events: Ints


@kernel
def file_person(
    at: Address, rules: Book, people: People, known: Ints, i: int, found: Stirred, drawn: Drawn, events: Ints, items: Items, m: int
) -> int:
    """Everything about person i but calm classes, and what i's conduct leaves on others' tapes, is in the items from m on."""
    m = file_conduct(at, rules, people, known, i, NOTHING, found, drawn, events, items, m)
    if rules["ghosts"] == 1:
        m = file_ghosts(at, rules, people, i, drawn, items, m)
    if rules["abroad"] == 1:
        m = file_abroad(at, rules, people, known, i, drawn, items, m)
    if rules["inserts"] == 1:
        m = file_tampered(at, rules, people, i, items, m)
    return m


def file_township(at: Address, book: Book, people: People, known: Ints, events: Ints) -> Items:
    """Everything about everybody, in the order of filing. events[k]: events of class k that happen in every world.

    Where the room is short it is doubled and the person filed again: draws are addressed by cause, so nothing changes. To have to double it
    in every township would take half the time of filing.
    """
    rules, n = book[0], people.size
    room = min(max(LEAST_ROOM, SPARE * float(rules["expected"])), MOST_ROOM)
    items, m, found = np.empty(int(room * n) + 64, ITEM), 0, nobody_stirred()
    drawn, happened = drawn_ahead(max(rules["classes"], rules["channels"])), np.zeros(rules["classes"], np.int64)
    for calm in range(2 if rules["calms"] else 1):
        if calm:
            found = stirred(at, book, people, items[:m])
        i = 0
        while i < n:
            m, i = file_people(at, book, people, known, calm, found, drawn, happened, events, items, m, i)
            if i < n:
                items = np.concatenate((items, np.empty_like(items)))
    return items[:m]


@entry
def file_people(
    at: Address, book: Book, people: People, known: Ints, calm: int, found: Stirred, drawn: Drawn, happened: Ints, events: Ints,
    items: Items, m: int, i: int,
) -> tuple[int, int]:  # fmt: skip
    """People from person i on are filed after m items; returns how many items there are then, and who is next once there is more room.

    calm: 0 for everything but calm classes, 1 for those, and then found: who may be stirred when. drawn: room for classes and channels;
    happened: for classes. Writes items, events.
    """
    rules = book[0]
    while i < people.shape[0]:
        if people[i]["age"] + rules["days"] > rules["youngest"]:
            for k in range(happened.shape[0]):
                happened[k] = 0
            if calm == 1:
                count = file_conduct(at, rules, people, known, i, CALM, found, drawn, happened, items, m)
            else:
                count = file_person(at, rules, people, known, i, found, drawn, happened, items, m)
            if count > items.shape[0]:
                break
            m = count
            for k in range(happened.shape[0]):
                events[k] += happened[k]
        i += 1
    return m, i


def write(at: Address, book: Book, people: People) -> Tapes:
    """The tapes of a township: what may enter each life, sorted by time."""
    events = np.zeros(int(book[0]["classes"]), np.int64)
    known = holders(book[0]["link"][: book[0]["channels"]], book[0]["link_key"][: book[0]["channels"]], people)
    items, start = by_owner(file_township(at, book, people, known, events), people.size)
    return Tapes(items, start, events)
