"""One person's life again, with every step kept: what `story` tells in words.

The kernels are those of the tallies, with a log; nothing is stored for it while a township is counted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..layout import CHANGE, STEP, YEAR, Ints, Place, Populace, Rulebook
from .book import Book, bind
from .desk import lay_desk, sit_down
from .draws import Address, address
from .hearings import hear
from .items import Items
from .jit import keeper
from .kin import HOUSEHOLD, Line, mean_line, relatives, view_other, view_own
from .life import live
from .people import MAJORITY, People, make
from .room import Fates, Heard, Log, changes_at_most
from .sanctions import NOBODY, NOTHING
from .tapes import Tapes, write


class Traced(NamedTuple):
    """One person's life in one world."""

    steps: Log  # of STEP
    fates: Fates  # of FATE, one for each item of the tape
    line: Line  # own timeline, child domains of the children included
    view: Line  # as lived: ages, and the parents' gates


class Village(NamedTuple):
    """A township ready to be lived one person at a time."""

    at: Address
    book: Book
    people: People
    tapes: Tapes
    heard: Heard  # what comes to each from the others


def settle(place: Place, rules: Rulebook, populace: Populace, seed: int, replicate: int) -> Village:
    """The township's people and tapes, none lived yet, and what comes to each from the others."""
    at, book = address(place, seed, replicate), bind(rules, populace)
    people = make(at, populace, place.row, rules.frailty_shape)
    tapes = write(at, book, people)
    return Village(at, book, people, tapes, hear(at, book, people, tapes))


def relive(at: Address, book: Book, people: People, tapes: Tapes, heard: Heard, w: int, i: int) -> tuple[Log, Fates, Line, Line]:
    """Steps, fates, timeline and own view of person i's life in world w."""
    rules, items, who = book[0], tapes.start[i + 1] - tapes.start[i], people[i]
    desk, nothing = lay_desk(at, book, tapes, heard.cuts), np.empty(0, STEP)
    log = np.zeros(4 * changes_at_most(rules, items) + 8, STEP)
    sit_down(desk, at, rules, tapes, heard, who, i, items)
    if rules["conduct"][w] >= 0:
        live(desk, at, rules, items, who, i, NOTHING, rules["worlds"], NOBODY, nothing)
    desk.worlds[0]["of"][w] = w
    live(desk, at, rules, items, who, i, w, w + 1, NOBODY, log)
    changes, logged, own = desk.worlds[0]["changes"][w], desk.state[0]["logged"], rules["own"] | 1 << rules["domains"]
    seen = view_own(rules, who["age"], own, desk.lines[w], changes, desk.views[w])
    return log[:logged].copy(), desk.fates[w, :items].copy(), desk.lines[w, :changes].copy(), desk.views[w, :seen].copy()


@keeper
def add_other(book: Book, age: float, gates: int, view: Line, other: Line) -> Line:
    """The view with a relative's gates added."""
    rules = book[0]
    out = np.empty(view.shape[0] + other.shape[0] + 2 * rules["domains"] + 2, CHANGE)
    n = view_other(rules, age, gates, view, view.shape[0], other, out)
    return out[:n].copy()


@keeper
def mean_of(book: Book, w: int, one: Line, two: Line) -> Line:
    """The timeline of the gates that look at the mean of the parents' scores."""
    out = np.empty(one.shape[0] + two.shape[0], CHANGE)
    return out[: mean_line(book[0], w, one, two, out)].copy()


def items_of(village: Village, i: int) -> Items:
    """The tape of person i."""
    start: Ints = village.tapes.start
    return village.tapes.items[start[i] : start[i + 1]]


def trace(village: Village, i: int, w: int) -> Traced:
    """Person i's life in world w, with steps."""
    at, book, people, tapes, heard = village
    rules, everybody, age = book[0], np.arange(people.size), float(people[i]["age"])
    rows = np.zeros(HOUSEHOLD, np.int64)
    others = rows[: relatives(rules, people, everybody, i, rows)]
    steps, fates, line, view = relive(at, book, people, tapes, heard, w, i)
    children = (1 << int(rules["domains"])) - 1 & ~int(rules["own"]) & ~int(rules["means"])
    lines = [relive(at, book, people, tapes, heard, w, int(other))[2] for other in others]
    for theirs in lines:
        view = add_other(book, age, int(rules["joint_gates"]) if age >= MAJORITY * YEAR else children, view, theirs)
    if rules["means"] and age < MAJORITY * YEAR and lines:
        view = add_other(book, age, int(rules["means"]), view, mean_of(book, w, lines[0], lines[-1]))
    return Traced(steps, fates, line, view)
