"""Spells: blacklists that last as long as some record acts, their wrongful share, namesakes, and spells seen from the side of a day.

A person is restricted while at least `needs` records act, each for `term` days. Rates are per day. Counts alone are in `counts.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..layout import Floats
from .counts import at_least, negative_binomial, poisson

# --- one list (C6) ------------------------------------------------------------------------------------------------------------------


def restricted_share(rate: float, term: float) -> float:
    """Share of people restricted on a day, once a term has passed."""
    return -math.expm1(-rate * term)


def spells_a_day(rate: float, term: float) -> float:
    """Spells begun a day and person, once a term has passed: an event with none in the term before it."""
    return rate * math.exp(-rate * term)


def spells_until(rate: float, term: float, day: float) -> float:
    """Spells begun by a day, of people without records at the start."""
    return -math.expm1(-rate * min(day, term)) + spells_a_day(rate, term) * max(0.0, day - term)


def days_restricted(rate: float, term: float, begin: int, end: int) -> float:
    """Expected days restricted among the days begin .. end - 1, each seen at its end, of people without records at the start."""
    return sum(restricted_share(rate, min(day + 1.0, term)) for day in range(begin, end))


def spell_mean(rate: float, term: float) -> float:
    """Mean length of a spell in days: the busy period of the queue M/D/infinity."""
    return math.expm1(rate * term) / rate


def spell_mean_of_whole_days(rate: float, term: int) -> float:
    """The same where a day counts as restricted if a record entered on it or on one of the `term` - 1 days before it."""
    return -math.expm1(-rate * term) / (math.exp(-rate * term) * -math.expm1(-rate))


# --- wrongful restrictions (C7, C8) -------------------------------------------------------------------------------------------------


def wrongful_share(true: float, ghosts: float, needs: int = 1, shape: float | None = None) -> float:
    """Probability of being restricted as designed and not with accurate records, at these mean numbers of acting records.

    shape: of a Gamma factor of mean 1 on the true ones.
    """
    own = poisson(true, needs - 1) if shape is None else negative_binomial(true, shape, needs - 1)
    wrong = poisson(ghosts, needs)
    return sum(float(own[k]) * at_least(wrong, needs - k) for k in range(needs))


def namesake_share(records: float, missing: float, holders: int) -> float:
    """Probability of being restricted by a namesake's records alone, and as much of going free by the loss of all one's own.

    records: mean number acting. missing: share of records without an identifier, given to one of the holders of the name.
    """
    return math.exp(-records) * -math.expm1(-records * missing * (holders - 1) / holders)


# --- spells seen on a day (C11) -----------------------------------------------------------------------------------------------------


def mean_spell(lengths: Sequence[float], shares: Sequence[float]) -> float:
    """Mean length of all spells."""
    return sum(length * share for length, share in zip(lengths, shares, strict=True))


def mean_spell_in_progress(lengths: Sequence[float], shares: Sequence[float]) -> float:
    """Mean length of the spells that are running on a day: long ones are met more often."""
    return sum(length * length * share for length, share in zip(lengths, shares, strict=True)) / mean_spell(lengths, shares)


def mean_residual(lengths: Sequence[float], shares: Sequence[float]) -> float:
    """Mean time that a spell running on a day has still to go; in the long run also the time that it has lasted."""
    return mean_spell_in_progress(lengths, shares) / 2.0


def running(lengths: Sequence[float], shares: Sequence[float], rate: float, day: float, steps_a_day: int = 1) -> Floats:
    """Probability of being in a spell of each length on a day, where spells of these lengths alternate with exponential gaps, a gap first.

    The renewal equation x(t) = 1 - sum_j share_j * integral of rate * x over the last length_j days, x being the probability of a gap,
    solved by the trapezoidal rule: the error falls with the square of the step. Lengths are whole days.
    """
    step, last = 1.0 / steps_a_day, round(day * steps_a_day)
    free, total = np.ones(last + 1), np.zeros(last + 1)  # total: integral of free from 0
    back = [round(length * steps_a_day) for length in lengths]
    half = rate * step / 2.0
    for n in range(1, last + 1):
        reach = total[n - 1] + free[n - 1] * step / 2.0
        lost = sum(share * (reach - (total[n - b] if n > b else 0.0)) for share, b in zip(shares, back, strict=True))
        free[n] = (1.0 - rate * lost) / (1.0 + half * sum(shares))
        total[n] = reach + free[n] * step / 2.0
    return np.array([rate * share * (total[last] - (total[last - b] if last > b else 0.0)) for share, b in zip(shares, back, strict=True)])
