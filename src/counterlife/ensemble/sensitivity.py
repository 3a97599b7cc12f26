"""Which numbers matter: measures of sensitivity, each with an error of its own.

Morris: mu* is the mean size of an elementary effect over the whole range, sigma their spread (Campolongo, Cariboni and Saltelli 2007), in
the unit of the outcome. Sobol: first-order and total shares of variance (Saltelli et al. 2010; Jansen 1999). Latin hypercube: Spearman's
rank correlation. Errors are half widths of 95 % intervals: by bootstrap for the first two, by Fisher's z with the variance of Bonett and
Wright (2000) for the third.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from ..layout import Floats
from .designs import LEVELS, Design, lacking, unit_problem

LEVEL = 0.95
RESAMPLES = 500
TOLD = {"lhs": ("rank_correlation",), "sobol": ("first", "total"), "morris": ("mu_star", "sigma"), "grid": ()}
"""The measures that each kind of design gives."""


class Effect(NamedTuple):
    """How much a dimension matters by one measure of sensitivity, with the ends of its 95 % interval (nan for none)."""

    dimension: int
    measure: str
    value: float
    low: float
    high: float


def effects(design: Design, values: Floats, seed: int) -> list[Effect]:
    """The effects of all dimensions on an outcome's values (n,) at the points of a design; none where a value is missing or none differ.

    A Latin hypercube does without points that are missing; the other designs do not.
    """
    known = np.isfinite(values)
    if design.kind == "grid" or not known.any() or np.ptp(values[known]) == 0.0:
        return []
    if design.kind == "lhs":
        return _ranks(design.points[known], values[known])
    if not known.all():
        return []
    return _sobol(design, values, seed) if design.kind == "sobol" else _morris(design, values, seed)


def _ranks(points: Floats, values: Floats) -> list[Effect]:
    n = len(values)
    if n < 5:
        return []
    ranked = ranks(values)
    return [Effect(i, "rank_correlation", *fisher(_correlation(ranks(column), ranked), n)) for i, column in enumerate(points.T)]


def ranks(values: Floats) -> Floats:
    """Ranks from 1, equal values sharing the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2.0)[inverse], dtype=np.float64)


def fisher(correlation: float, n: int) -> tuple[float, float, float]:
    """A rank correlation with its 95 % interval, given the number of pairs."""
    if abs(correlation) >= 1.0:
        return correlation, correlation, correlation
    half = NormalDist().inv_cdf((1 + LEVEL) / 2) * math.sqrt((1 + correlation**2 / 2) / (n - 3))
    z = math.atanh(correlation)
    return correlation, math.tanh(z - half), math.tanh(z + half)


def _correlation(one: Floats, two: Floats) -> float:
    spread = one.std() * two.std()
    return float(((one - one.mean()) * (two - two.mean())).mean() / spread) if spread else 0.0


def _sobol(design: Design, values: Floats, seed: int) -> list[Effect]:
    try:
        from SALib.analyze import sobol
    except ImportError as error:
        raise lacking(error) from None
    k = design.points.shape[1]
    found = sobol.analyze(unit_problem(k), values, calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL, seed=seed)
    return _told(k, (("first", found["S1"], found["S1_conf"]), ("total", found["ST"], found["ST_conf"])))


def _morris(design: Design, values: Floats, seed: int) -> list[Effect]:
    try:
        from SALib.analyze import morris
    except ImportError as error:
        raise lacking(error) from None
    k = design.points.shape[1]
    found = morris.analyze(unit_problem(k), design.points, values, num_resamples=RESAMPLES, conf_level=LEVEL, num_levels=LEVELS, seed=seed)
    return _told(k, (("mu_star", found["mu_star"], found["mu_star_conf"]), ("sigma", found["sigma"], np.full(k, np.nan))))


def _told(k: int, named: Sequence[tuple[str, Floats, Floats]]) -> list[Effect]:
    return [
        Effect(i, name, float(values[i]), float(values[i] - halves[i]), float(values[i] + halves[i]))
        for name, values, halves in named
        for i in range(k)
    ]
