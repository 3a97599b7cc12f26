"""How much of an outcome's variance comes from numbers without a source.

Over a Latin hypercube the variance of a linear fit in independent uniform coordinates is the sum of b_i^2 / 12. Each b_i^2 is too large by
the variance of b_i on average, and that is taken off. Over Saltelli's arrangement it is the sum of first-order Sobol indices; what numbers
do together is credited to neither group. Errors are 95 % bootstrap intervals over points, or over blocks of points. A share is given only
where it holds: the fit, or the single numbers, explain at least four fifths of the variance, and the interval is no wider than 0.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..layout import Floats
from .designs import Design
from .sensitivity import ranks

LEAST_EXPLAINED = 0.8
WIDEST = 0.3
RESAMPLES = 300
UNIFORM = 1 / 12  # variance of a coordinate
LINEAR, RANKED, SOBOL = "linear", "ranked", "sobol"


@dataclass(frozen=True)
class Share:
    """A share of variance with its 95 % interval, by what it was estimated, and how much all dimensions explain one by one.

    There is no interval (nan) where they explain too little.
    """

    unsourced: float
    low: float
    high: float
    sourced: float
    explained: float
    estimator: str

    @property
    def holds(self) -> bool:
        """Whether it may be printed."""
        return self.explained >= LEAST_EXPLAINED and self.high - self.low <= WIDEST


def share(design: Design, values: Floats, sourced: Sequence[bool], seed: int) -> Share | None:
    """The share of the variance of values (n,) that comes from dimensions without a source; None where the design does not tell."""
    group, rng = np.array(sourced, dtype=bool), np.random.default_rng(seed)
    known = np.isfinite(values)
    if design.kind == "sobol":
        return _by_sobol(design, values, group, rng) if known.all() and np.ptp(values) > 0 else None
    if design.kind != "lhs" or known.sum() < design.points.shape[1] + 5 or np.ptp(values[known]) == 0:
        return None
    points, plain = design.points[known], values[known]
    fits = {LINEAR: plain, RANKED: ranks(plain)}
    explained = {name: fitted(points, one)[1] for name, one in fits.items()}
    name = LINEAR if explained[LINEAR] >= min(LEAST_EXPLAINED, explained[RANKED]) else RANKED
    return _by_fit(points, fits[name], group, name, rng)


def _by_fit(points: Floats, values: Floats, sourced: NDArray[np.bool_], estimator: str, rng: np.random.Generator) -> Share:
    parts, explained = fitted(points, values)
    n, draws = len(values), [np.nan]
    if explained >= LEAST_EXPLAINED:  # otherwise the share is not told, and its error is of no use
        resamples = [rng.integers(0, n, n) for _ in range(RESAMPLES)]
        draws = [fitted(points[rows], values[rows])[0][~sourced].sum() for rows in resamples if np.ptp(values[rows]) > 0]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Share(float(parts[~sourced].sum()), float(low), float(high), float(parts[sourced].sum()), explained, estimator)


def fitted(points: Floats, values: Floats) -> tuple[Floats, float]:
    """Shares of variance (k,) by a linear fit, less what is due to chance, and the adjusted share that the whole fit explains."""
    n, k = points.shape
    centred, y = points - points.mean(axis=0), values - values.mean()
    inverse = np.linalg.inv(centred.T @ centred + 1e-12 * n * np.eye(k))
    slopes = inverse @ centred.T @ y
    residual = y - centred @ slopes
    noise = float(residual @ residual) / max(n - k - 1, 1)
    parts = (slopes**2 - noise * np.diag(inverse)) * UNIFORM
    variance = parts.sum() + noise
    return parts / variance, 1.0 - noise / variance


def _by_sobol(design: Design, values: Floats, sourced: NDArray[np.bool_], rng: np.random.Generator) -> Share:
    blocks = values.reshape(-1, design.points.shape[1] + 2)
    parts = first_order(blocks)
    draws = [first_order(blocks[rng.integers(0, len(blocks), len(blocks))])[~sourced].sum() for _ in range(RESAMPLES)]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Share(float(parts[~sourced].sum()), float(low), float(high), float(parts[sourced].sum()), float(parts.sum()), SOBOL)


def first_order(blocks: Floats) -> Floats:
    """First-order Sobol indices (k,) of blocks (n, k + 2) in Saltelli's arrangement: f(A), f(A with column i of B), f(B)."""
    one, mixed, two = blocks[:, 0], blocks[:, 1:-1], blocks[:, -1]
    centre = np.concatenate([one, two]).mean()
    variance = np.concatenate([one, two]).var()
    return np.asarray(((two - centre)[:, None] * (mixed - one[:, None])).mean(axis=0) / variance, dtype=np.float64)
