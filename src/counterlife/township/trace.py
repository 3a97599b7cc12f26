"""One person's life again, with every step kept: what `story` tells in words.

The kernels are those of the tallies, with a log; nothing is stored for it while a township is counted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..layout import CHANGE, STEP, Ints, Place, Populace, Rulebook
from .book import Book, bind
from .draws import Address, address
from .jit import keeper
from .kin import Line, view_child, view_own
from .life import NOBODY, live
from .people import People, make
from .records import Items, Tapes, write
from .room import Log, changes_at_most
from .township import set_desk


class Traced(NamedTuple):
    """One person's life in one world."""

    steps: Log  # of STEP
    line: Line  # own timeline, child domains of the children included
    view: Line  # as lived: ages, and the parents' gates


class Village(NamedTuple):
    """A township ready to be lived one person at a time."""

    at: Address
    book: Book
    people: People
    tapes: Tapes


def settle(place: Place, rules: Rulebook, populace: Populace, seed: int, replicate: int) -> Village:
    """The township's people and tapes, none lived yet."""
    at, book = address(place, seed, replicate), bind(rules, populace)
    people = make(at, populace, place.row, rules.frailty_shape)
    return Village(at, book, people, write(at, book, people))


@keeper
def relive(at: Address, book: Book, w: int, items: Items, age: float) -> tuple[Log, Line, Line]:
    """Steps, timeline and own view of a life of these items in world w."""
    rules = book[0]
    desk = set_desk(rules, items.shape[0])
    log = np.empty(4 * changes_at_most(rules, items.shape[0]) + 8, STEP)
    for j in range(items.shape[0]):
        desk.tape[j] = items[j]
    state, own = desk.state[0], rules["own"] | 1 << rules["domains"]
    changes = live(at, rules, w, desk.tape, NOBODY, age, state, desk.queue, desk.lines[w], desk.fates[w], log)
    seen = view_own(rules, age, own, desk.lines[w], changes, desk.views[w])
    return log[: state["logged"]].copy(), desk.lines[w, :changes].copy(), desk.views[w, :seen].copy()


@keeper
def add_parent(book: Book, age: float, view: Line, parent: Line) -> Line:
    """The view with a parent's child domains added."""
    rules = book[0]
    out = np.empty(view.shape[0] + parent.shape[0] + 2 * rules["domains"] + 2, CHANGE)
    n = view_child(rules, age, view, view.shape[0], parent, out)
    return out[:n].copy()


def items_of(village: Village, i: int) -> Items:
    """The tape of person i."""
    start: Ints = village.tapes.start
    return village.tapes.items[start[i] : start[i + 1]]


def trace(village: Village, i: int, w: int) -> Traced:
    """Person i's life in world w, with steps."""
    person = village.people[i]
    steps, line, view = relive(village.at, village.book, w, items_of(village, i), float(person["age"]))
    for parent in (int(person["guardian"]), int(person["guardian2"])):
        if parent >= 0:
            _, theirs, _ = relive(village.at, village.book, w, items_of(village, parent), float(village.people[parent]["age"]))
            view = add_parent(village.book, float(person["age"]), view, theirs)
    return Traced(steps, line, view)
