"""The same rules everywhere, and the law of total variance where they are not: P20."""

from __future__ import annotations

import numpy as np

from ...layout import Floats, Ints
from ...measures.places import variances
from ...township.trace import trace
from .ground import Ground
from .kept import Kept, PowerlessError, alike, kept, total


def stage_by_stage(at_once: Ground, in_parts: Ground) -> Kept:
    """P20: where the stages of all regions begin on the first day and have no rules of their own, there is no roll-out."""
    shut = total(at_once.columns, "people closed_days.*")
    seen = {name: column for name, column in in_parts.columns.items() if name in at_once.columns}
    if len(seen) < len(at_once.columns):
        raise PowerlessError("the worlds are not the same")
    what = f"three stages on the first day, in region {at_once.place.region}"
    return alike(what, at_once.columns, seen, lives=2 * at_once.lives, happened=shut, event="domain-days closed", but=("stages *",))


def books_alike(ground: Ground, books: tuple[str, str]) -> Kept:
    """P20: two worlds under the rule books of two regions that are the same: nothing is arbitrary (M26), and no column differs."""
    found, (one, other) = ground.columns, books
    totals = counted(ground, books).astype(float)
    arbitrary = float(variances(totals, np.ones(2))[0][0])
    pairs = [(name, name.replace(f".{one}", f".{other}", 1)) for name in found if f".{one}." in f"{name}." and "~" not in name]
    seen, due = (np.concatenate([found[pair[side]] for pair in pairs]) for side in (0, 1))
    seen, due = np.append(seen, int(arbitrary != 0.0)), np.append(due, 0)
    return kept(
        "every column under two equal rule books, and M26", seen, due, lives=ground.lives, happened=int(totals[0, 2]), event="squared days"
    )


def counted(ground: Ground, books: tuple[str, str]) -> Ints:
    """What M26 adds up: people, (y - y')^2, y^2 and y for both books; y are closed domain-days."""
    found = ground.columns
    days = [total(found, f"people closed_days.{book}.*") for book in books]
    squares = [total(found, f"people squares.{book}") for book in books]
    apart = total(found, f"people squares.{books[0]}~{books[1]}")
    return np.array([[total(found, "people people"), apart, *squares, *days]])


def closed_days(ground: Ground, w: int) -> Ints:
    """Closed domain-days of every person in a world, from the traced lives."""
    days, everything = [], (1 << len(ground.words.domains)) - 1
    for i in range(ground.people.size):
        view = trace(ground.village, i, w).view
        ends = [*np.floor(view["at"][1:]), ground.rules.days]
        closed = [int(mask & everything).bit_count() for mask in view["mask"]]
        days.append(sum(shut * int(end - np.floor(begin)) for begin, end, shut in zip(view["at"], ends, closed, strict=True)))
    return np.array(days)


def variance_parts(ground: Ground, books: tuple[str, str], share: Floats) -> Kept:
    """P20: the variance over people and regions, from every life, is the sum of the two parts that the measure has, to nine digits."""
    lives = np.column_stack([closed_days(ground, list(ground.words.worlds).index(name)) for name in books])
    within, between = (float(part[0]) for part in variances(counted(ground, books).astype(float), share))
    mean = lives @ (share / share.sum())
    inner = float((((lives - mean[:, None]) ** 2) @ (share / share.sum())).mean())
    due, seen = np.array([inner, mean.var(), inner + mean.var()]), np.array([within, between, within + between])
    if not within > 0 < between:
        raise PowerlessError("one part of the variance is nothing")
    off = np.abs(seen - due) > 1e-9 * np.abs(due)
    return kept(
        "variance within and between, from every life",
        off,
        np.zeros(3, bool),
        lives=2 * lives.size,
        happened=int(lives.sum()),
        event="days",
    )
