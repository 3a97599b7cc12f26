"""Applications of one life at gates that let a share of them pass, and why they are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..layout import soft_gates
from .desk import row_on
from .onelife import OneLife


class Refusal(NamedTuple):
    """An application at domain d that is refused: by a closed gate, or at an open one because too few pass in the band."""

    day: float
    d: int
    closed: bool
    row: int
    band: int


def refusals(one: OneLife) -> Iterator[Refusal]:
    """The applications that are refused in a life, domain by domain. A world without rules refuses nobody."""
    from ..township.applications import applications

    line, rules, age = one.traced.line, one.rules, float(one.person["age"])
    for d in soft_gates(rules).tolist():
        nothing = np.empty(0)
        size = applications(one.village.at, one.village.book[0], age, one.who.index, d, nothing, nothing)
        days, lucks = np.empty(size), np.empty(size)
        applications(one.village.at, one.village.book[0], age, one.who.index, d, days, lucks)
        for day, luck in zip(days.tolist(), lucks.tolist(), strict=True):
            now, row = line[np.searchsorted(line["at"], day, side="right") - 1], row_on(rules, one.w, day)
            band, closed = int(now["band"]), bool(int(now["mask"]) >> d & 1)
            if closed or (band >= 0 and luck >= rules.passes[row, d, band]):
                yield Refusal(day, d, closed, row, band)
