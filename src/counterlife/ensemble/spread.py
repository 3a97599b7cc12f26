"""The three uncertainties of an outcome, side by side and never added: Monte Carlo, parameters, structure (method B.0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..layout import Floats
from .outcomes import Outcome

WITHIN = (0.05, 0.95)
FEWEST = 20  # points of which the outermost twentieths say something


@dataclass(frozen=True)
class Spread:
    """An outcome at the scenario's own numbers, and three intervals, each None where it cannot be had."""

    outcome: str
    value: float
    monte_carlo: tuple[float, float] | None
    """95 %: would another draw of people with the same assumptions differ?"""
    parameter: tuple[float, float] | None
    """5 to 95 % of the points that are a sample of the ranges: given the stated ranges."""
    structure: tuple[float, float] | None
    """Lowest and highest over the structures: given what nobody knows how to model."""


def spread(key: str, own: Outcome, sampled: Floats, structures: Sequence[Mapping[str, Outcome]]) -> Spread:
    """The three intervals of an outcome. sampled: its values at the sampled points; structures: outcomes of each other structure."""
    known = sampled[np.isfinite(sampled)]
    monte_carlo = (own.low, own.high) if np.isfinite(own.error) else None
    parameter = None
    if len(known) >= FEWEST:
        low, high = np.quantile(known, WITHIN)
        parameter = (float(low), float(high))
    others = [one[key].value for one in structures if key in one and np.isfinite(one[key].value)]
    every = [own.value, *others]
    return Spread(key, own.value, monte_carlo, parameter, (min(every), max(every)) if others else None)
