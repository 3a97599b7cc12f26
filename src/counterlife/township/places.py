"""Where records lie: on the tape of the person whom they are filed under, by time, and each with its place.

The place says in which order records of one instant are dealt with, for whatever reason they came together. It is the same in every world,
so that no world differs from another by an order alone. Model: `docs/model.md` 5. What lies on a tape is made in `records.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import Ints
from .items import Items
from .jit import entry, inlined, kernel


@kernel
def at_place(one: Any, other: Any) -> int:
    """Below, at or above 0 where, of two records due on one day, `one` comes before the other, is about the same, or comes after it."""
    if one["channel"] != other["channel"]:
        return one["channel"] - other["channel"]
    if one["origin"] != other["origin"]:
        return one["origin"] - other["origin"]
    return one["cause"] - other["cause"] if one["cause"] != other["cause"] else one["ordinal"] - other["ordinal"]


@inlined
def is_after(one: Any, other: Any) -> bool:
    """True where `one`, filed first, is later on the tape than the other. What stands for one event stays as it was filed."""
    if one["time"] != other["time"]:
        return one["time"] > other["time"]
    return one["mark"] < 0.0 and other["mark"] < 0.0 and at_place(one, other) > 0


@kernel
def give_places(tape: Items, order: Ints) -> None:
    """Every item of one tape has its place: by the day of entry, and on one day as `at_place` has it. order: room for all."""
    for m in range(tape.shape[0]):
        place, entry = m, tape[m]["entry"]
        while place > 0:
            other = tape[order[place - 1]]
            if other["entry"] < entry or (other["entry"] == entry and at_place(other, tape[m]) <= 0):
                break
            order[place] = order[place - 1]
            place -= 1
        order[place] = m
    for place in range(tape.shape[0]):
        tape[order[place]]["place"] = place


def by_owner(items: Items, people: int) -> tuple[Items, Ints]:
    """The items of each person together, by time, each with its place, and where each person's begin.

    Numbers are sorted, items are moved once.
    """
    start, ordered = np.zeros(people + 1, np.int64), np.empty_like(items)
    sort_items(items, start, np.empty(people, np.int64), np.empty(items.size, np.int64), ordered)
    return ordered, start


@entry
def sort_items(items: Items, start: Ints, filled: Ints, order: Ints, ordered: Items) -> None:
    """`by_owner`, in room that is given: start, 0 to begin with; filled, by person; order and ordered, by item."""
    people = filled.shape[0]
    for m in range(items.shape[0]):
        start[items[m]["owner"] + 1] += 1
    for i in range(people):
        start[i + 1] += start[i]
        filled[i] = start[i]
    for m in range(items.shape[0]):
        owner = items[m]["owner"]
        place = filled[owner]
        filled[owner] = place + 1
        while place > start[owner] and is_after(items[order[place - 1]], items[m]):
            order[place] = order[place - 1]
            place -= 1
        order[place] = m
    for m in range(items.shape[0]):
        ordered[m] = items[order[m]]
    for i in range(people):
        give_places(ordered[start[i] : start[i + 1]], order)
