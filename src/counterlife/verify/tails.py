"""Probabilities of the tails that a verdict needs: of chi-square, and of counts among independent trials. Nothing here knows a check."""

from __future__ import annotations

import math

import numpy as np

from ..scenario.gamma import gamma_below

_TINY = 1e-300
_LAST = 1e-15  # size of a term, or of a change, at which a sum or a fraction is done
_PIECE = 4096  # terms that are added up in one go


def chi_square_tail(distance: float, freedom: int) -> float:
    """Probability that chi-square with so many degrees of freedom is above a distance."""
    shape, x = freedom / 2.0, distance / 2.0
    return 1.0 - gamma_below(shape, x) if x < shape + 1.0 else _gamma_above(shape, x)


def _gamma_above(shape: float, x: float) -> float:
    """The regularised upper incomplete gamma function by its continued fraction (Abramowitz and Stegun 6.5.31, Lentz's method)."""
    b = x + 1.0 - shape
    c, d = 1.0 / _TINY, 1.0 / b
    fraction, n, change = d, 0, 0.0
    while abs(change - 1.0) > _LAST and n < 100_000:
        n += 1
        a = -n * (n - shape)
        b += 2.0
        d = 1.0 / (a * d + b or _TINY)
        c = b + a / c or _TINY
        change = c * d
        fraction *= change
    return fraction * math.exp(shape * math.log(x) - x - math.lgamma(shape))


def chi_square_above(chance: float, freedom: int) -> float:
    """The distance that chi-square is above with this probability."""
    low, high = 0.0, float(freedom)
    while chi_square_tail(high, freedom) > chance:
        high *= 2.0
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if chi_square_tail(middle, freedom) > chance else (low, middle)
    return high


def count_chance(count: int, trials: int, share: float) -> float:
    """Twice the probability of so extreme a count among independent trials, to the side on which it lies; at most 1."""
    if not 0.0 < share < 1.0:
        return float(count == round(trials * share))
    if count > trials * share:
        count, share = trials - count, 1.0 - share  # what failed, so that the tail is always the lower one
    first = math.lgamma(trials + 1) - math.lgamma(count + 1) - math.lgamma(trials - count + 1)
    first += count * math.log(share) + (trials - count) * math.log1p(-share)
    total, term = 1.0, 1.0
    for top in range(count, 0, -_PIECE):  # terms fall as the count does
        k = np.arange(top, max(top - _PIECE, 0), -1.0)
        terms = term * np.cumprod(k * (1.0 - share) / ((trials - k + 1.0) * share))
        total, term = total + float(terms.sum()), float(terms[-1])
        if term < _LAST * total:
            break
    return min(1.0, 2.0 * math.exp(first) * total)
