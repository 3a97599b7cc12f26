"""Offices: who waits for a reviewer, when each case is decided, and who gives up before. Model: `docs/model.md` 11.

An office serves the cases of one world in the order of their appeals, or the hardest hit first. Whether a case is upheld, and what
follows from it, is not decided here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import NEVER, Ints
from .jit import keeper, kernel

Cases = Any  # array of CASE
Heap = Any  # array of numbers, the least first

CASE = np.dtype(
    [
        ("filed", np.float64),  # day of the appeal
        ("person", np.int64),
        ("item", np.int64),  # place of the record among all items of the township
        ("place", np.int64),  # of the record on the person's tape, by the day on which it comes on file if nothing holds it up
        ("world", np.int64),
        ("office", np.int64),
        ("harm", np.int64),  # own domains closed at the appeal
        ("service", np.float64),  # days that a reviewer needs
        ("patience", np.float64),  # days without a reviewer after which the case is given up, NEVER
        ("decided", np.float64),  # day of the decision, NEVER where there is none in the period
        ("left", np.float64),  # day on which the case was given up, NEVER where it was not
    ]
)


@keeper
def serve(cases: Cases, reviewers: int, slots: int, by_harm: int, days: int) -> None:
    """Every case has its day of decision or of giving up, where it lies in the period. The cases of one office and world, in any order.

    slots: 0 where a free reviewer takes the next case at once, 1 where so many reviewers decide a case each at the end of every day.
    by_harm: 1 where the hardest hit of those who wait come first. At equal times and harm the lower person is first, then the older record.
    Reads: filed, person, place, harm, service, patience. Writes: decided, left.
    """
    n, order = cases.shape[0], in_order(cases)
    for case in cases:  # all give up, except those who are served
        case["decided"], end = NEVER, case["filed"] + case["patience"]
        case["left"] = end if end < days else NEVER
    waiting = np.empty(n, np.int64)
    if slots:
        serve_by_day(cases, order, reviewers, by_harm, days, waiting)
    elif reviewers > 0:
        serve_at_once(cases, order, by_harm, days, waiting, np.full(reviewers, -NEVER))


@keeper
def in_order(cases: Cases) -> Ints:
    """Numbers of the cases from the earliest on; those of one time by person, then by the place of the record.

    Merges runs of 1, 2, 4 ... cases: Numba compiles its own sorts of four fields for three seconds.
    """
    n, size = cases.shape[0], 1
    order, merged = np.arange(n), np.empty(n, np.int64)
    while size < n:
        for begin in range(0, n, 2 * size):
            i, middle, end = begin, min(begin + size, n), min(begin + 2 * size, n)
            j = middle
            for k in range(begin, end):
                if i < middle and (j == end or not is_before(cases[order[j]], cases[order[i]])):
                    merged[k] = order[i]
                    i += 1
                else:
                    merged[k] = order[j]
                    j += 1
        order, merged = merged, order
        size *= 2
    return order


@kernel
def is_before(one: Any, two: Any) -> bool:
    """True where the first case comes before the second."""
    if one["filed"] != two["filed"]:
        return bool(one["filed"] < two["filed"])
    if one["person"] != two["person"]:
        return bool(one["person"] < two["person"])
    return bool(one["place"] < two["place"])


@kernel
def serve_at_once(cases: Cases, order: Ints, by_harm: int, days: int, waiting: Heap, free: Heap) -> None:
    """Whenever a reviewer is free the next case begins. free: the times from which the reviewers are, a heap; waiting: room for all."""
    n, reviewers = order.shape[0], free.shape[0]
    came, size = 0, 0
    while came < n or size > 0:
        now = pop(free, reviewers)
        if size == 0:
            now = max(now, cases[order[came]]["filed"])
        while came < n and cases[order[came]]["filed"] <= now:
            size = push(waiting, size, rank(cases, order, came, by_harm))
            came += 1
        case = cases[order[pop(waiting, size) % n]]
        size -= 1
        now = max(now, case["filed"])  # of several who came at once the later ones do not wait for a reviewer who is idle
        if case["filed"] + case["patience"] >= now:  # whoever has left is not there; nor does anybody leave once a reviewer has begun
            end = now + case["service"]
            case["left"], case["decided"] = NEVER, end if end < days else NEVER
            now = end
        push(free, reviewers - 1, now)


@kernel
def serve_by_day(cases: Cases, order: Ints, reviewers: int, by_harm: int, days: int, waiting: Heap) -> None:
    """At the end of every day the reviewers decide a case each, of those filed before. waiting: room for all."""
    n = order.shape[0]
    came, size, day = 0, 0, 1
    while day < days and (came < n or size > 0):
        while came < n and cases[order[came]]["filed"] < day:
            size = push(waiting, size, rank(cases, order, came, by_harm))
            came += 1
        left = reviewers
        while left > 0 and size > 0:
            case = cases[order[pop(waiting, size) % n]]
            size -= 1
            if case["filed"] + case["patience"] >= day:
                case["left"], case["decided"] = NEVER, day
                left -= 1
        day += 1


@kernel
def rank(cases: Cases, order: Ints, k: int, by_harm: int) -> int:
    """A number that is the lower the earlier the k-th case is served, and k when divided by the number of cases."""
    return k - cases[order[k]]["harm"] * order.shape[0] if by_harm else k


@kernel
def push(heap: Heap, size: int, value: float) -> int:
    """The value is on the heap of that size; returns the new size."""
    m = size
    while m > 0 and heap[(m - 1) // 2] > value:
        heap[m] = heap[(m - 1) // 2]
        m = (m - 1) // 2
    heap[m] = value
    return size + 1


@kernel
def pop(heap: Heap, size: int) -> float:
    """The least value, taken off the heap of that size."""
    least, last, m = heap[0], heap[size - 1], 0
    while 2 * m + 1 < size - 1:
        child = 2 * m + 1
        if child + 1 < size - 1 and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= last:
            break
        heap[m] = heap[child]
        m = child
    heap[m] = last
    return least
