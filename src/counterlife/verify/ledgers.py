"""Scores that move on a grid, and lives that go to and fro: C5, C10, C23 and C34."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..exact import chains, passages
from ..layout import Ints
from .engine import Lab, Lived
from .stated import Check
from .tolerance import Row

SEED = 20  # of C5 and C34
SEED_OF_LIVES = 21  # of C10 and C23
MARKS = {"low": range(1, 8), "middle": range(8, 15), "high": range(15, 21)}
LEDGER = chains.ledger(21, [(0.6, -3), (1.0, 1)])
AT_TEN = np.eye(21)[10]


def scores(one: Lived) -> Ints:
    """C5: people by score at the end, 0 .. 20."""
    below = [one.total(f"open_end.{world}.{gate}") for world, marks in MARKS.items() for gate, _ in zip("abcdefg", marks, strict=False)]
    return np.diff([0, *below, one.persons])


def clipped(lab: Lab) -> Iterator[Row]:
    """C5: a ledger score with walls at both ends, after twelve days and in the long run."""
    t, one = lab.tolerance, lab.live("c5", 14, SEED)
    seen, due = scores(one), chains.at_time(LEDGER, AT_TEN, 12.0)
    mean = float(due @ np.arange(21))
    variance = float(due @ (np.arange(21) - mean) ** 2)
    yield t.share("people below 6 after twelve days", int(seen[:6].sum()), one.persons, 0.6855710399)
    yield t.mean("mean score after twelve days", float(seen @ np.arange(21)) / one.persons, math.sqrt(variance / one.persons), mean)
    yield t.law("people by score after twelve days", seen, one.persons * due, join=True)
    yield t.solvers("mean score, as printed", mean, 4.403398, 5e-7)
    yield t.solvers("below 6, as printed", float(due[:6].sum()), 0.685571, 5e-7)
    one = lab.live("c5", 9, SEED, ("period.length=100 days", "population.township=5000"), quick=(3, None))
    due = chains.in_the_long_run(LEDGER)
    apart = float(np.abs(chains.at_time(LEDGER, AT_TEN, 100.0) - due).max())
    yield t.solvers("a hundred days are the long run", apart, 0.0, 1e-5)
    seen = scores(one)
    yield t.share("people below 6 in the long run", int(seen[:6].sum()), one.persons, float(due[:6].sum()))
    yield t.law("people by score in the long run", seen, one.persons * due, join=True)


# --- C10 --------------------------------------------------------------------------------------------------------------------------------

LIFE = np.array([[-0.01, 0.01], [0.05, -0.05]])
FREE, SHUT = np.array([1.0, 0.0]), np.array([0.0, 1.0])


def two_states(lab: Lab) -> Iterator[Row]:
    """C10: restricted at one rate, free again at another."""
    t, one = lab.tolerance, lab.live("c10", 95, SEED_OF_LIVES)
    exact = float(chains.at_time(LIFE, FREE, 20.0)[1])
    yield t.solvers("restricted after twenty days, as printed", exact, 0.116468, 5e-7)
    yield t.share("restricted after twenty days", one.total("open_end.accurate.loan"), one.persons, exact)
    mean, variance = chains.days_in(LIFE, FREE, SHUT, one.days)
    days = one.total("closed_days.accurate.loan") / one.persons
    yield t.mean("days restricted in twenty days", days, math.sqrt(variance / one.persons), mean)
    one = lab.live("c10", 65, SEED_OF_LIVES, ("period.length=300 days",))
    yield t.share("restricted in the long run", one.total("open_end.accurate.loan"), one.persons, 1.0 / 6.0)


# --- C23 --------------------------------------------------------------------------------------------------------------------------------

WALK = chains.ledger(11, [(0.45, 1), (0.55, -1)])
BOTTOM, AT_FIVE = np.eye(11)[0], np.eye(11)[5]


def ruined(lab: Lab) -> Iterator[Row]:
    """C23: a score that ends at the bottom or at the top."""
    t, one = lab.tolerance, lab.live("c23", 25, SEED_OF_LIVES, quick=(5, None))
    low, high = one.total("open_end.accurate.low"), one.total("open_end.accurate.high")
    yield t.equal("everybody has come to one end, and stays", low + high, one.persons)
    yield t.share("at the bottom before the top", low, one.persons, passages.ruin(0.45, 5, 10))
    yield t.solvers("at the bottom before the top, as printed", passages.ruin(0.45, 5, 10), 0.731717, 5e-7)
    one = lab.live("c23_first", 30, SEED_OF_LIVES)
    exact = passages.hit_by(WALK, AT_FIVE, BOTTOM, 20.0)
    yield t.share("ever at the bottom by day twenty", one.total("open_end.accurate.loan"), one.persons, exact)
    days = sum(passages.hit_by(WALK, AT_FIVE, BOTTOM, end) for end in range(1, 21))
    square = sum((2 * k - 1) * passages.hit_by(WALK, AT_FIVE, BOTTOM, 21.0 - k) for k in range(1, 21))  # at least k days: hit by day 21 - k
    spread = math.sqrt((square - days**2) / one.persons)
    yield t.mean("days since the bottom, by day twenty", one.total("closed_days.accurate.loan") / one.persons, spread, days)


# --- C34 --------------------------------------------------------------------------------------------------------------------------------

TWINS = chains.twins(11, [(0.3, -2), (0.5, 1)], [(0.1, -2)])
AT_SIX = np.eye(121)[6 * 11 + 6]
WRONGFUL = (np.arange(121) // 11 < 3) & (np.arange(121) % 11 >= 3)


def twinned(lab: Lab) -> Iterator[Row]:
    """C34: a ledger beside its accurate twin."""
    t, one = lab.tolerance, lab.live("c34", 62, SEED)
    # nobody is free by mistake, so that the difference of the two numbers is that of the people wrongfully restricted
    yield t.never("people ever free by mistake", one.total("lenient_ever.designed~accurate.1"), one.persons)
    designed, accurate = one.total("open_end.designed.loan"), one.total("open_end.accurate.loan")
    there = chains.at_time(TWINS, AT_SIX, 10.0).reshape(11, 11)
    yield t.share("restricted as designed", designed, one.persons, float(there[:3].sum()))
    yield t.share("restricted with accurate records", accurate, one.persons, float(there[:, :3].sum()))
    yield t.share("restricted by mistake", designed - accurate, one.persons, float(there[:3, 3:].sum()))
    printed = ((there[:3].sum(), 0.414927), (there[:, :3].sum(), 0.248471), (there[:3, 3:].sum(), 0.166455))
    for name, (exact, value) in zip(("as designed", "with accurate records", "by mistake"), printed, strict=True):
        yield t.solvers(f"restricted {name}, as printed", float(exact), value, 5e-7)
    yield _wrongful_days(lab, "c34", 62, 1)
    yield _wrongful_days(lab, "c34_slow", 410, 100)
    # days so fine are almost time: they are seen at their ends, which adds half a day where a spell may still run at the end
    mean = chains.days_in(TWINS / 100, AT_SIX, WRONGFUL.astype(float), 1000)[0]
    time = chains.time_in(TWINS, AT_SIX, WRONGFUL.astype(float), 10.0) * 100 + 0.5 * 0.166455
    yield t.solvers("days by mistake, by the day and in continuous time", mean, time, 1e-5 * time)


def _wrongful_days(lab: Lab, name: str, townships: int, slower: int) -> Row:
    one = lab.live(name, townships, SEED)
    mean, variance = chains.days_in(TWINS / slower, AT_SIX, WRONGFUL.astype(float), one.days)
    days = one.total("wrongful_days.designed~accurate.loan") / one.persons
    what = "days restricted by mistake" + (", a hundred times as fine" if slower > 1 else "")
    return lab.tolerance.mean(what, days, math.sqrt(variance / one.persons), mean)


CHECKS = (
    Check(
        "C5",
        "A ledger with a floor and a ceiling",
        "Markov chain of the score: start × exp(Q t)",
        "chains.at_time, in_the_long_run",
        clipped,
    ),
    Check("C10", "A life of two states", "a / (a + r) × (1 − exp(−(a + r) t))", "chains.at_time, chains.days_in", two_states),
    Check("C23", "The gambler's ruin", "((1−p)/p)^5 − ((1−p)/p)^10, over 1 − ((1−p)/p)^10", "passages.ruin, passages.hit_by", ruined),
    Check(
        "C34",
        "A ledger and its accurate twin",
        "Markov chain of both scores at once",
        "chains.twins, chains.days_in, chains.time_in",
        twinned,
    ),
)
