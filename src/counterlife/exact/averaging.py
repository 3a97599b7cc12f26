"""Income averaging: what is claimed back where a year's income is spread evenly over its fortnights. Single incomes, and exact shares."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..layout import Floats
from .counts import binomial

FORTNIGHTS = 26


class Benefit(NamedTuple):
    """A benefit for a fortnight, by the income of that fortnight."""

    full: float  # paid where there is no income
    free: float  # income that does not count
    taper: float  # taken off for each unit of income beyond


def paid(benefit: Benefit, income: Floats) -> Floats:
    """The benefit of fortnights with these incomes."""
    return np.maximum(0.0, benefit.full - benefit.taper * np.maximum(0.0, income - benefit.free))


def claim(benefit: Benefit, incomes: Floats) -> Floats:
    """What averaging claims back: what was rightly paid less what would be due on the mean income. Fortnights along the last axis."""
    return np.asarray(paid(benefit, incomes).sum(axis=-1) - incomes.shape[-1] * paid(benefit, incomes.mean(axis=-1)))


def claimed_share(benefit: Benefit, works: float, pay: float, above: float, fortnights: int = FORTNIGHTS) -> float:
    """Probability of a claim above a sum, of somebody who works in each fortnight with some probability and is then paid the same."""
    worked = np.arange(fortnights + 1)[:, None] > np.arange(fortnights)
    claims = claim(benefit, np.where(worked, pay, 0.0))
    return float(binomial(fortnights, works) @ (claims > above + 1e-9 * pay))
