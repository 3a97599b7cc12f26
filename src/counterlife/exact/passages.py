"""First passages of a chain: where it comes first, when, and how likely by a time. The generators are those of `chains.py`."""

from __future__ import annotations

import numpy as np

from ..layout import Floats
from .chains import at_time


def stopped(generator: Floats, states: Floats) -> Floats:
    """The same chain, held for good in the states whose entry in `states` is 1."""
    return np.where(states[:, None] > 0, 0.0, generator)


def hits_first(generator: Floats, target: Floats, other: Floats) -> Floats:
    """Probability, from each state, of coming to `target` before `other`: states whose entry is 1."""
    inside = (target + other) == 0
    hit = np.where(target > 0, 1.0, 0.0)
    hit[inside] = np.linalg.solve(generator[np.ix_(inside, inside)], -(generator[inside] @ target))
    return hit


def time_to(generator: Floats, target: Floats) -> Floats:
    """Expected time, from each state, until the chain first comes to `target`."""
    inside, time = target == 0, np.zeros(target.size)
    time[inside] = np.linalg.solve(-generator[np.ix_(inside, inside)], np.ones(int(inside.sum())))
    return time


def hit_by(generator: Floats, start: Floats, target: Floats, time: float) -> float:
    """Probability of having been in `target` by a time."""
    return float(at_time(stopped(generator, target), start, time) @ target)


def ruin(up: float, start: int, top: int) -> float:
    """Probability that a score of so many points, which goes up by one with this probability and else down, comes to 0 before the top."""
    odds = (1.0 - up) / up
    if odds == 1.0:
        return 1.0 - start / top
    return float((odds**start - odds**top) / (1.0 - odds**top))
