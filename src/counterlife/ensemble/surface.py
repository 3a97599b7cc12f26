"""Fitted surfaces: a margin as a linear or quadratic function of coordinates, and the nearest place where it is zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..layout import Floats
from .designs import lacking

RIDGE = 1e-9
AMPLE = 1.5  # points for each coefficient of the fit
STARTS = 4


@dataclass(frozen=True)
class Surface:
    """Coefficients of a fit in coordinates less their centre: constant, linear, and a matrix of second order."""

    centre: Floats
    constant: float
    slope: Floats
    bend: Floats

    def at(self, place: Floats) -> float:
        """The value at coordinates (k,)."""
        z = place - self.centre
        return float(self.constant + self.slope @ z + z @ self.bend @ z)

    def gradient(self, place: Floats) -> Floats:
        """The slope at coordinates (k,)."""
        return self.slope + 2.0 * self.bend @ (place - self.centre)


def fit(points: Floats, values: Floats, centre: Floats) -> Surface:
    """The least-squares surface through points (n, k): of second order where there are points enough, else with squares, else linear."""
    n, k = points.shape
    z = points - centre
    rows, columns = np.triu_indices(k)
    if n >= AMPLE * (1 + k + len(rows)):
        chosen = np.arange(len(rows))
    elif n >= AMPLE * (1 + 2 * k):
        chosen = np.flatnonzero(rows == columns)
    else:
        chosen = np.zeros(0, dtype=np.int64)
    rows, columns = rows[chosen], columns[chosen]
    table = np.column_stack([np.ones(n), z, z[:, rows] * z[:, columns]])
    found = np.linalg.solve(table.T @ table + RIDGE * n * np.eye(table.shape[1]), table.T @ values)
    bend = np.zeros((k, k))
    bend[rows, columns] += found[1 + k :] / 2.0
    bend[columns, rows] += found[1 + k :] / 2.0
    return Surface(centre, float(found[0]), found[1 : 1 + k], bend)


def nearest_zero(surface: Surface, start: Floats, others: Floats) -> Floats:
    """The place in the unit cube nearest to `start` where a surface that is above zero there has fallen to zero.

    Where it never does, the place where it is lowest. others (m, k): further places to begin the search from.
    """
    try:
        from scipy.optimize import minimize
    except ImportError as error:
        raise lacking(error) from None
    box = [(0.0, 1.0)] * len(start)
    lowest = minimize(surface.at, start.clip(0, 1), jac=surface.gradient, bounds=box, method="L-BFGS-B").x
    corner = np.where(surface.gradient(start) > 0, 0.0, 1.0)
    lowest = min((lowest, corner), key=surface.at)
    if surface.at(lowest) > 0:
        return np.asarray(lowest, dtype=np.float64)
    rule = {"type": "ineq", "fun": lambda z: -surface.at(z), "jac": lambda z: -surface.gradient(z)}
    best = lowest
    for begin in [lowest, *others[:STARTS]]:
        found = minimize(
            lambda z: float((z - start) @ (z - start)),
            begin.clip(0, 1),
            jac=lambda z: 2.0 * (z - start),
            bounds=box,
            constraints=rule,
            method="SLSQP",
        )
        place = found.x.clip(0, 1)
        scale = 1e-6 * max(abs(surface.constant), 1e-300)
        if surface.at(place) <= scale and np.linalg.norm(place - start) < np.linalg.norm(best - start):
            best = place
    return np.asarray(best, dtype=np.float64)
