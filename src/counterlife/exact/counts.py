"""Counts: how many events a life has, how many of them are recorded, how many records act on a day.

Poisson, negative binomial and binomial probabilities 0 .. most, as arrays, and the mean number of acting records that goes into them. How
long restrictions last is in `spells.py`.
"""

from __future__ import annotations

import math

import numpy as np

from ..layout import NEVER, Floats


def poisson(mean: float, most: int) -> Floats:
    """Probabilities of 0 .. most events at this mean."""
    return np.array([math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) if mean > 0 else float(k == 0) for k in range(most + 1)])


def negative_binomial(mean: float, shape: float, most: int) -> Floats:
    """Probabilities of 0 .. most events where everybody's rate has a Gamma factor of mean 1 and this shape."""
    share = mean / (shape + mean)
    probabilities = [(1.0 - share) ** shape]
    for k in range(1, most + 1):
        probabilities.append(probabilities[-1] * share * (shape + k - 1) / k)
    return np.array(probabilities)


def binomial(trials: int, share: float) -> Floats:
    """Probabilities of 0 .. trials successes."""
    return np.array([math.comb(trials, k) * share**k * (1.0 - share) ** (trials - k) for k in range(trials + 1)])


def at_least(probabilities: Floats, count: int) -> float:
    """Probability of `count` or more, from the probabilities of 0, 1, ..., at least up to count - 1."""
    return 1.0 - float(probabilities[:count].sum())


def with_rest(probabilities: Floats) -> Floats:
    """The probabilities, and that of anything more."""
    return np.append(probabilities, 1.0 - probabilities.sum())


def acting(rate: float, day: float, keep: float = NEVER, settled_after: float = NEVER) -> float:
    """Mean number of records that act on a day, of those that enter at `rate` from day 0 on.

    A record acts until it is `keep` days old or its matter is settled, after an exponential time of mean `settled_after`. The number is
    Poisson whatever the law of that time (the queue M/G/infinity), and depends on it through its mean alone once the first records have
    run out.
    """
    age = min(day, keep)
    return rate * age if settled_after >= NEVER else -rate * settled_after * math.expm1(-age / settled_after)


def first_within(rate: float, begin: float, end: float) -> float:
    """Probability that the first event at this rate falls in [begin, end)."""
    return math.exp(-rate * begin) - math.exp(-rate * end)
