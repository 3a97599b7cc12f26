"""W0, the toy score on which simulators are compared: its numbers, its exact answers, and the check of a contender against them.

Every month each person may be met by six kinds of events; points are added to a score that starts at 100. Whoever is below 80 at the
month's end is restricted for 24 months, in which bad events are twice as likely; then the score is 100 again. People belong to one of
four groups of equal size, and the restricted of each are counted at the end of every month. The exact answers hold for any rule about
events under restriction, since the score starts anew: the time to the next restriction is that of an unrestricted person.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

CHANCE = (0.05, 0.02, 0.01, 0.03, 0.002, 0.04)  # a month
POINTS = (2, -5, -10, -3, -30, 1)
START, MARK, TERM, MONTHS, GROUPS, STRAIN = 100, 80, 24, 60, 4, 2.0
HIGHEST = START + 400  # a score out of reach in 60 months


class Outcome(NamedTuple):
    """What a contender counted at the end: people, and restricted people, by group."""

    people: list[int]
    restricted: list[int]


def live(contender: Any, people: int, seed: int) -> Outcome:
    """The outcome of a contender's module, with its counts checked to be whole and to be possible."""
    outcome = Outcome(*contender.live(people, seed))
    if sum(outcome.people) != people or not all(0 <= r <= n for n, r in zip(*outcome, strict=True)):
        raise ArithmeticError(f"{contender.__name__} counted {outcome} of {people} people")
    return outcome


def furthest(outcome: Outcome, exact: float) -> float:
    """The largest distance of a group's, or of everybody's, restricted share from the exact one, in standard errors."""
    pairs = [*zip(*outcome, strict=True), (sum(outcome.people), sum(outcome.restricted))]
    return max(abs(r / n - exact) / math.sqrt(exact * (1 - exact) / n) for n, r in pairs)


def monthly_share() -> float:
    """The exact share of people restricted at the end, when time goes in months."""
    month = np.ones(1)
    for chance, points in zip(CHANCE, POINTS, strict=True):
        event = np.zeros(abs(points) + 1)
        event[0], event[-1] = 1 - chance, chance
        month = np.convolve(month, event if points > 0 else event[::-1])
    falls = _first_falls(month, shift=sum(p for p in POINTS if p < 0), steps=MONTHS)
    entries = np.zeros(MONTHS)  # probability of becoming restricted in each month
    for m in range(MONTHS):
        entries[m] = falls[m] + sum(entries[e] * falls[m - e - TERM] for e in range(m - TERM + 1))
    return float(entries[MONTHS - TERM :].sum())


def continuous_share(months: float = MONTHS) -> float:
    """The exact share of people restricted after so many months, when events come at any time, at rates that give the monthly chances."""
    rates = -np.log1p(-np.array(CHANCE))
    jump = np.zeros(max(POINTS) - min(POINTS) + 1)
    jump[np.array(POINTS) - min(POINTS)] = rates / rates.sum()
    steps = 80  # events in 60 months: the mean is 9.4, and more than 80 are out of reach
    falls = np.concatenate([[0.0], _first_falls(jump, shift=min(POINTS), steps=steps)])
    share, entry = 0.0, np.ones(1)
    for earlier in range(int(months / TERM) + 1):
        entry = np.convolve(entry, falls)[: steps + 1]  # number of events, restrictions left out, up to this entry
        by_now, by_then = (_at_least(rates.sum() * (t - earlier * TERM), steps) for t in (months, months - TERM))
        share += float(entry @ (by_now - by_then))
    return share


def _first_falls(step: NDArray[np.float64], shift: int, steps: int) -> NDArray[np.float64]:
    """Probability that the score first falls below the mark at step 1, 2, ...; `step[j]` is the chance of j + shift points."""
    score = np.zeros(HIGHEST - MARK + 1)  # probability of each score from the mark upwards
    score[START - MARK] = 1.0
    falls = np.zeros(steps)
    for n in range(steps):
        moved = np.convolve(score, step)
        falls[n] = moved[:-shift].sum()
        score = moved[-shift:][: len(score)]
    return falls


def _at_least(mean: float, most: int) -> NDArray[np.float64]:
    """Probability that a Poisson number is at least 0, 1, ..., `most`."""
    if mean <= 0:
        return np.asarray(np.eye(1, most + 1)[0])
    exactly = np.array([math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(most)])
    return 1 - np.concatenate([[0.0], np.cumsum(exactly)])
