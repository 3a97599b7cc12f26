"""Gates that close for those who score lowest: P5. Nobody can earn a way out: the same number is shut out at every review."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...layout import MILLION, NEVER
from ...township.hearings import Said, live_again, nothing_said
from ...township.trace import trace
from .ground import Ground
from .kept import Kept, PowerlessError, kept, never


def reviews(ground: Ground) -> list[float]:
    """The days of the reviews."""
    every = float(ground.rules.review_days)
    return [] if every >= NEVER else [every * n for n in range(1, math.ceil(ground.rules.days / every))]


def closed(ground: Ground, w: int, d: int, days: list[float]) -> Any:
    """Whether the gate d is closed to each person on each of these days in world w, (people, days)."""
    found = np.zeros((ground.people.size, len(days)), bool)
    for i in range(ground.people.size):
        view = trace(ground.village, i, w).view
        found[i] = view["mask"][np.searchsorted(view["at"], days, side="right") - 1] >> d & 1 == 1
    return found


def pools(ground: Ground, d: int) -> Any:
    """Whom the gate d concerns at each review, (people, reviews)."""
    age = ground.people["age"][:, None] + np.array(reviews(ground))
    return (ground.rules.domain_from[d] <= age) & (age < ground.rules.domain_until[d])


def said(ground: Ground) -> Said:
    """What everybody's lives say, under the lines that were found."""
    at, book, people, tapes, heard = ground.village
    found = nothing_said(heard, people.size)
    live_again(at, book, people, tapes, heard, np.ones(people.size, np.int64), found)
    return found


def same_number(ground: Ground, w: int, d: int) -> Kept:
    """P5: at every review exactly the share, rounded up, of those whom the gate concerns; no score closes the gate besides."""
    pool, days = pools(ground, d), reviews(ground)
    shut = closed(ground, w, d, days) & pool
    share = int(ground.rules.closes_lowest[ground.rules.row[w, 0], d])
    due = [-(-share * int(size) // MILLION) for size in pool.sum(axis=0)]
    what = "people shut out at each review, by gate and world"
    people = int(ground.people.size)
    return kept(what, shut.sum(axis=0), due, lives=people, happened=int(shut.sum()), event="times that somebody is", least=len(days))


def lowest_shut_out(ground: Ground, w: int, d: int) -> Kept:
    """P5: no one below a line scores more than anyone above it; those at the same score are parted, some so and some so."""
    days, marks, pool, parted, off = reviews(ground), said(ground).marks[w], pools(ground, d), 0, []
    rank = [k for k in range(len(ground.words.domains)) if ground.rules.closes_lowest[:, k].any()].index(d)
    for n, day in enumerate(days):
        shut, there = closed(ground, w, d, [day])[:, 0], pool[:, n]
        low, high = marks[n, rank][there & shut], marks[n, rank][there & ~shut]
        off.append(int(low.max() > high.min()))
        parted += int(low.max() == high.min())
    people = int(ground.people.size)
    return never("reviews at which a lower score is let in", off, lives=people, happened=parted, event="reviews that part equals")


def treadmill(ground: Ground, d: int = 0, bonus: int = 300_000) -> Kept:
    """P5: whoever gives everybody the same bonus shuts out the same people on the same days."""
    days = reviews(ground)
    once = closed(ground, 0, d, days)
    more = closed(ground.under(ground.rules._replace(start=ground.rules.start + bonus)), 0, d, days)
    if once.all():
        raise PowerlessError("everybody is shut out")
    return kept(
        "with a bonus for everybody",
        more,
        once,
        lives=2 * int(ground.people.size),
        happened=int(once.sum()),
        event="times shut out",
        least=10,
    )
