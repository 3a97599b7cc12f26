"""Where a run has gone on for long enough, it does not matter for how long: P27."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..engine import Lab, Lived
from ..tolerance import ERRORS
from .kept import Kept, PowerlessError, never

SEED = 20
C6, TERM = ("c6", 100, SEED, (), (60, 100)), 730  # the lives of C6, and the days after which everything there may have expired


def settled(lab: Lab) -> Iterator[Kept]:
    """P27: on the blacklist of C6 the days shut out in the years after the first term are, year by year, those of the years after them."""
    name, full, seed, overrides, quick = C6
    one = lab.live(name, full, seed, overrides, quick)
    yield later_is_the_same(one, "closed_days.accurate.loan", TERM)


def later_is_the_same(one: Lived, column: str, term: int) -> Kept:
    """The mean of a column of months in the first half of the time after a term is that in the second half, by 4.9 standard errors between
    townships; raises PowerlessError where a tenth of it would not show.
    """
    starts = [day for day in one.month_starts if day >= term]
    middle = starts[len(starts) // 2]
    until = one.days
    late = one.from_day(column, middle) / (until - middle)
    early = (one.from_day(column, starts[0]) - one.from_day(column, middle)) / (middle - starts[0])
    apart, townships = late - early, len(one.townships)
    error = float(apart.std(ddof=1)) / math.sqrt(townships)
    mean = float(early.mean())
    if not 0 < ERRORS * error < 0.1 * mean:
        raise PowerlessError(f"{ERRORS * error / mean:.0%} of the mean might not show: take more townships")
    off = np.abs(apart.mean()) > ERRORS * error
    return never(
        "days shut out, early and late after the first term",
        off,
        lives=one.persons,
        happened=int(one.from_day(column, term).sum()),
        event="days",
    )
