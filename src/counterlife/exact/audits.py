"""What can be seen from outside: rankings, two incomplete lists of one population, and decisions on appeals."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..layout import Floats


def auc_of_normals(shift: float) -> float:
    """Probability that one of two standard normal numbers, moved by `shift`, is the larger."""
    return 0.5 * (1.0 + math.erf(shift / 2.0))


def auc(scores: Floats, wanted: Floats) -> float:
    """Probability that somebody wanted has the higher score than somebody not; equal scores count half. wanted: 1 or 0."""
    levels, place = np.unique(scores, return_inverse=True)
    yes, no = (np.bincount(place, weights=part, minlength=levels.size) for part in (wanted, 1.0 - wanted))
    return float(yes @ (np.cumsum(no) - no / 2.0) / (yes.sum() * no.sum()))


def chapman(first: Floats, second: Floats, both: Floats) -> Floats:
    """Chapman's estimates of the size of a population from two lists of it, and how many people are on both."""
    return (first + 1.0) * (second + 1.0) / (both + 1.0) - 1.0


def chapman_mean(people: int, first: float, second: float) -> tuple[float, float]:
    """Mean and standard deviation of Chapman's estimate where two lists hold everybody with these probabilities, independently.

    Given the lengths of both lists, those on both have a hypergeometric law; its mean of 1 / (both + 1) is known.
    """
    one, two = _binomial(people, first), _binomial(people, second)
    numbers = np.arange(people + 1.0)
    mean = square = 0.0
    for length, chance in enumerate(one):
        if chance < 1e-14:
            continue
        estimates, squares = _given_first(people, length, two, numbers)
        mean += chance * estimates
        square += chance * squares
    return mean, math.sqrt(square - mean * mean)


def _given_first(people: int, length: int, two: Floats, numbers: Floats) -> tuple[float, float]:
    """First two moments where the first list has this length: `both` and the rest of the second list are independent binomial numbers."""
    share = float(two @ numbers) / people
    both, rest = _binomial(length, share), _binomial(people - length, share)
    b, r = numbers[: length + 1], numbers[: people - length + 1]
    weights = (length + 1.0) / (b + 1.0)
    r1, r2 = float(rest @ r), float(rest @ r**2)
    mean = float(both @ (weights * (b + 1.0 + r1))) - 1.0
    second = float(both @ (weights**2 * ((b + 1.0) ** 2 + 2.0 * (b + 1.0) * r1 + r2)))
    return mean, second - 2.0 * (mean + 1.0) + 1.0


def _binomial(trials: int, share: float) -> Floats:
    """As `counts.binomial`, by logarithms: for numbers of trials whose powers would underflow."""
    factorial = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1.0, trials + 1.0)))))
    k = np.arange(trials + 1)
    ways = factorial[trials] - factorial[k] - factorial[trials - k]
    return np.asarray(np.exp(ways + k * math.log(share) + (trials - k) * math.log1p(-share)))


class Adjudication(NamedTuple):
    """What comes of appeals."""

    overturned: float  # share of cases
    wrong_if_upheld: float  # share of wrong records among those that were left to stand
    right_if_overturned: float  # share of right records among those that were taken off


def adjudicate(wrong: float, sensitivity: float, specificity: float) -> Adjudication:
    """What comes of appeals of which that share is against wrong records."""
    caught, missed = wrong * sensitivity, wrong * (1.0 - sensitivity)
    kept, freed = (1.0 - wrong) * specificity, (1.0 - wrong) * (1.0 - specificity)
    return Adjudication(caught + freed, missed / (missed + kept), freed / (caught + freed))
