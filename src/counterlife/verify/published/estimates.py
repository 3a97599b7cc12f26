"""Estimates from townships with Monte Carlo intervals: any smooth function of their sums, by leaving out one township at a time."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from ...layout import Floats
from ...measures.intervals import LEVEL, Estimate, t_quantile


def jackknifed(parts: ArrayLike, statistic: Callable[[Floats], float]) -> Estimate:
    """The statistic of the sums over townships (townships, k), with an interval of 95 % by the jackknife (Tukey 1958).

    Raises ValueError for fewer than two townships.
    """
    each = np.asarray(parts, float)
    many = len(each)
    if many < 2:
        raise ValueError("an interval needs two townships or more")
    whole = each.sum(axis=0)
    value = statistic(whole)
    without = np.array([statistic(whole - one) for one in each])
    error = math.sqrt((many - 1) / many * float(((without - without.mean()) ** 2).sum()))
    reach = t_quantile((1.0 + LEVEL) / 2.0, many - 1) * error
    return Estimate(value, value - reach, value + reach)


def ratio(top: ArrayLike, below: ArrayLike) -> Estimate:
    """The sum of one column of townships over that of another."""
    return jackknifed(np.stack([np.asarray(top, float), np.asarray(below, float)], axis=1), lambda sums: float(sums[0] / sums[1]))
