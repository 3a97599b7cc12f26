"""What can be seen from outside: rankings, two incomplete lists of one population, and decisions on appeals."""

from __future__ import annotations

import math
from collections.abc import Sequence
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


def auc_of_classes(first: Floats, second: Floats) -> tuple[float, float, float]:
    """Probability that one of the first law lies in a lower class than one of the second, ties half, and what its estimate varies by.

    first, second: probabilities by class. What follows are the standard deviations, over each law, of the probability that a member of it
    lies on its side of the other: divided by their numbers, their squares add up to the variance of an estimate from samples of both
    (DeLong and others 1988).
    """
    above, under = 1.0 - np.cumsum(second) + second / 2.0, np.cumsum(first) - first / 2.0
    mean = float(first @ above)
    return mean, math.sqrt(float(first @ (above - mean) ** 2)), math.sqrt(float(second @ (under - mean) ** 2))


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


def captured(first: float, second: float, groups: Sequence[tuple[float, float]], events: float) -> tuple[float, float]:
    """Events that capture by two sources finds, as a share of all, and its standard deviation times the root of the number of people.

    first, second: shares that the sources record. groups: shares of people, and how many times as much both record of these. events: mean
    of each person, whose number is Poisson. To first order in the number of people, which is that of many.
    """
    in_both = sum(share * first * times * second * times for share, times in groups)
    found, spread, between = first * second / in_both, 0.0, 0.0
    for share, times in groups:
        one, two = first * times, second * times
        both = one * two
        # what an event adds to the logarithm of first x second / both / events, by the sources that record it
        adds = {(1, 1): 1.0 / first + 1.0 / second - 1.0 / in_both, (1, 0): 1.0 / first, (0, 1): 1.0 / second, (0, 0): 0.0}
        chances = {(1, 1): both, (1, 0): one - both, (0, 1): two - both, (0, 0): 1.0 - one - two + both}
        spread += share * sum(chance * (adds[case] - 1.0) ** 2 for case, chance in chances.items())
        between += share * sum(chance * (adds[case] - 1.0) for case, chance in chances.items()) ** 2
    return found, found * math.sqrt(spread / events + between)


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
