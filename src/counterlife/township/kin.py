"""How a life looks to the person who lives it: own gates within their ages, and the gates that look at the parents.

A parent's record is never copied: the child sees the parents' timelines, lived first. Model: `docs/model.md` 8.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import CHANGE, MOST, NEVER, Cause, Ints
from .book import Book
from .jit import inlined, keeper, kernel, whole

Line = Any  # array of CHANGE
Worlds = Any  # an array of one WORLDS, and in kernels the record

WORLDS = np.dtype(
    [
        ("of", np.int64, MOST["worlds"]),  # the world whose life this one shares
        ("changes", np.int64, MOST["worlds"] + 1),  # changes of each life; the last is of a life with one record put right
        ("seen", np.int64, MOST["worlds"] + 1),  # the same as seen, with ages and parents
        ("bands", np.int64, MOST["worlds"]),
        ("reversals", np.int64, MOST["worlds"]),
        ("brink", np.int64, MOST["worlds"]),
        ("terms", np.int64, MOST["worlds"]),
    ]
)

BY_START = whole(Cause.START)


@keeper
def keep(kept: Ints, first: Ints, store: Line, i: int, rules: Book, lines: Line, worlds: Worlds) -> tuple[Ints, Line]:
    """Person i's timelines in all worlds are in the store; returns it and its index, which grow as needed.

    kept[i]: row of person i, -1 for nobody kept. first[row * W + w]: where a timeline begins. kept[-1] counts the rows.
    """
    n, count = kept[-1], rules["worlds"]
    if (n + 1) * count + 1 > first.shape[0]:
        first = np.concatenate((first, np.zeros(first.shape[0], np.int64)))
    kept[i], kept[-1] = n, n + 1
    for w in range(count):
        v = worlds["of"][w]
        begin, size = first[n * count + w], worlds["changes"][v]
        while begin + size > store.shape[0]:
            store = np.concatenate((store, np.empty(store.shape[0], CHANGE)))
        for m in range(size):
            store[begin + m] = lines[v, m]
        first[n * count + w + 1] = begin + size
    return first, store


@inlined
def concerned(rules: Book, age: float, t: float) -> int:
    """Bits of the domains whose gate concerns, on day t, a person of this age at the start."""
    mask = 0
    for d in range(rules["domains"]):
        if rules["domain_from"][d] - age <= t < rules["domain_until"][d] - age:
            mask |= 1 << d
    return mask


@kernel
def next_birthday(rules: Book, age: float, t: float) -> float:
    """The next day after t on which a domain begins or ceases to concern a person of this age at the start; NEVER if none."""
    day = NEVER
    for d in range(rules["domains"]):
        for edge in (rules["domain_from"][d] - age, rules["domain_until"][d] - age):
            if t < edge < day:
                day = edge
    return day


@kernel
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
            out[n]["at"], out[n]["mask"] = t, mask
            out[n]["cause"] = line[mine]["cause"] if line[mine]["at"] == t else BY_START
            n += 1
        t = next_birthday(rules, age, t)
        if mine + 1 < changes:
            t = min(t, line[mine + 1]["at"])
    return n


@kernel
def view_child(rules: Book, age: float, line: Line, changes: int, parent: Line, out: Line) -> int:
    """The timeline with a parent's child domains added, within their ages; `line` may hold another parent's already."""
    domains = rules["domains"]
    children = (1 << domains) - 1 & ~rules["own"]
    mine, theirs, n, t = 0, 0, 0, 0.0
    while t < rules["days"]:
        while mine + 1 < changes and line[mine + 1]["at"] <= t:
            mine += 1
        while theirs + 1 < parent.shape[0] and parent[theirs + 1]["at"] <= t:
            theirs += 1
        mask = line[mine]["mask"] | parent[theirs]["mask"] & children & concerned(rules, age, t)
        if n == 0 or mask != out[n - 1]["mask"]:
            out[n]["at"], out[n]["mask"], out[n]["cause"] = t, mask, BY_START
            if line[mine]["at"] == t:
                out[n]["cause"] = line[mine]["cause"]
            if parent[theirs]["at"] == t and t > 0.0:
                out[n]["cause"] = parent[theirs]["cause"]
            n += 1
        t = next_birthday(rules, age, t)
        if mine + 1 < changes:
            t = min(t, line[mine + 1]["at"])
        if theirs + 1 < parent.shape[0]:
            t = min(t, parent[theirs + 1]["at"])
    return n
