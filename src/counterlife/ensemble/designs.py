"""Designs: which sets of numbers are lived. Points are coordinates from 0 to 1 on every dimension; what is done with them is elsewhere.

grid: every combination of some levels. lhs: a Latin hypercube (McKay, Beckman and Conover 1979), for spread, rank correlations and
surfaces. sobol: Saltelli's arrangement of a scrambled Sobol sequence (Saltelli et al. 2010), for shares of variance. morris: trajectories
in which one number moves at a time (Morris 1991), to find the numbers that matter at all.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..layout import Floats, Ints
from ..study import RequestError
from .dimensions import Dimension

KINDS = ("lhs", "sobol", "morris", "grid")
LEVELS = 4  # of a Morris trajectory
MOST_POINTS = 100_000
FEWEST = {"lhs": 8, "sobol": 8, "morris": 4, "grid": 2}


@dataclass(frozen=True)
class Design:
    """Points (n, k) in the unit cube, and how they came about."""

    kind: str
    size: int
    """Points of a Latin hypercube, base samples of Sobol, trajectories of Morris, levels of a grid."""
    points: Floats

    @property
    def samples(self) -> Ints:
        """The numbers (m,) of those points that are a sample of the ranges, every value as likely as another; none for a grid or Morris."""
        n, k = self.points.shape
        if self.kind == "lhs":
            return np.arange(n, dtype=np.int64)
        if self.kind == "sobol":
            first = np.arange(0, n, k + 2, dtype=np.int64)
            return np.sort(np.concatenate([first, first + k + 1]))
        return np.zeros(0, np.int64)


def usual_size(kind: str, dimensions: Sequence[Dimension]) -> int:
    """How large a design is where nothing is said: four points a dimension at least, so that surfaces can be fitted."""
    k = len(dimensions)
    return {"lhs": max(64, 4 * k), "sobol": 64, "morris": 10, "grid": 5}[kind]


def design(kind: str, dimensions: Sequence[Dimension], size: int | None, seed: int) -> Design:
    """The design of that kind; raises RequestError where there can be none."""
    size = usual_size(kind, dimensions) if size is None else size
    if size < FEWEST[kind]:
        raise RequestError(f"--points {size} is too few for the design {kind}: it needs {FEWEST[kind]} or more.")
    k = len(dimensions)
    if kind == "sobol" and size & (size - 1):
        raise RequestError(f"--points {size}: a Sobol sequence is balanced at powers of two only. Take {2 ** round(math.log2(size))}.")
    levels = [len(one.choices) or size for one in dimensions]
    total = {"lhs": size, "sobol": size * (k + 2), "morris": size * (k + 1), "grid": math.prod(levels)}[kind]
    if total > MOST_POINTS:
        raise RequestError(
            f"this design has {total:,} points, more than {MOST_POINTS:,}: vary fewer numbers (--over), or take fewer --points."
        )
    points = _grid(levels) if kind == "grid" else _sampled(kind, k, size, seed)
    return Design(kind, size, np.asarray(points, dtype=np.float64))


def _grid(levels: Sequence[int]) -> Floats:
    """Every combination: choices stand in the middle of their stretch of coordinates, levels from end to end."""
    return np.array(list(itertools.product(*(np.linspace(0.0, 1.0, count) for count in levels))))


def _sampled(kind: str, k: int, size: int, seed: int) -> Any:
    try:
        if kind == "lhs":
            from scipy.stats import qmc

            return qmc.LatinHypercube(k, seed=seed).random(size)
        from SALib.sample import morris, sobol
    except ImportError as error:
        raise lacking(error) from None
    problem = unit_problem(k)
    if kind == "sobol":
        return sobol.sample(problem, size, calc_second_order=False, seed=seed)
    return morris.sample(problem, size, num_levels=LEVELS, seed=seed)


def unit_problem(k: int) -> dict[str, Any]:
    """The unit cube in the words of SALib."""
    return {"num_vars": k, "names": [str(number) for number in range(k)], "bounds": [[0.0, 1.0]] * k}


def lacking(error: ImportError) -> RequestError:
    """What to say where a package of the extra is not installed."""
    return RequestError(f"{error.name} is not installed, and sweeps need it: pip install 'counterlife[study]'.")
