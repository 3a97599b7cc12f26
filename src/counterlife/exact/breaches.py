"""Breaches: the same records in one place or in many, each broken into with the same probability."""

from __future__ import annotations

import math
from typing import NamedTuple

from .counts import binomial


class Breach(NamedTuple):
    """What a breach takes."""

    mean: float  # share of the records lost
    spread: float  # standard deviation of it
    any: float  # probability that some are lost
    all: float  # probability that all are


def breach(places: int, share: float) -> Breach:
    """What is lost where the records lie in so many equal places, each broken into with this probability, independently."""
    return Breach(share, math.sqrt(share * (1.0 - share) / places), 1.0 - (1.0 - share) ** places, share**places)


def tail_mean(places: int, share: float, worst: float) -> float:
    """Mean share lost in the worst cases, so many of all."""
    left, lost = worst, 0.0
    for count, chance in reversed(list(enumerate(binomial(places, share)))):
        lost += min(float(chance), left) * count / places
        left -= min(float(chance), left)
    return lost / worst
