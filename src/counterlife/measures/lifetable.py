"""Waits counted in classes of 30 days: cumulative incidence of ends that compete, and quantiles.

Hazards are those of a life table: what still runs at the end of the period counts half its last class (the actuarial convention; Chiang
1968), and ends compete (Aalen and Johansen 1978). Functions work on many sets of totals at once (m, bins * ends); the last end is 'still
running'. Curves are read off straight between the edges of the classes.
"""

from __future__ import annotations

import numpy as np

from counterlife.layout import SPELL_BIN
from counterlife.measures.intervals import Floats


def incidence(totals: Floats, ends: int) -> tuple[Floats, Floats]:
    """At the edges of the classes (from length 0): the share still running (m, bins + 1), and ended, by end (m, bins + 1, ends - 1)."""
    counts = totals.reshape(len(totals), -1, ends)
    at_risk = np.cumsum(counts.sum(axis=2)[:, ::-1], axis=1)[:, ::-1]
    exposed = at_risk - counts[:, :, -1] / 2
    ended = counts[:, :, :-1]
    hazard = np.divide(ended, exposed[:, :, None], out=np.zeros_like(ended), where=exposed[:, :, None] > 0)
    one = np.ones((len(totals), 1))
    running = np.hstack([one, np.cumprod(1.0 - hazard.sum(axis=2), axis=1)])
    steps = running[:, :-1, None] * hazard
    return running, np.concatenate([np.zeros_like(steps[:, :1]), np.cumsum(steps, axis=1)], axis=1)


def days_until(share: float, curves: Floats) -> Floats:
    """The days after which each rising curve (m, bins + 1) over the edges of the classes reaches a share (m,); nan where it never does."""
    place = (curves < share).sum(axis=1)
    answers = np.full(len(curves), np.nan)
    for i in np.flatnonzero((place > 0) & (place < curves.shape[1])):
        low, high = curves[i, place[i] - 1], curves[i, place[i]]
        answers[i] = SPELL_BIN * (place[i] - 1 + (share - low) / (high - low))
    return answers


def at(days: float, bins: int) -> Floats:
    """Weights (bins + 1,) that read a curve off at a length in days."""
    place = min(days / SPELL_BIN, float(bins))
    weights = np.zeros(bins + 1)
    low = min(int(place), bins - 1)
    weights[low : low + 2] = 1.0 - (place - low), place - low
    return weights


def area(days: float, bins: int) -> Floats:
    """Weights (bins + 1,) that give the area under a curve up to a length in days (trapezia)."""
    whole = min(int(days // SPELL_BIN), bins)
    weights = np.zeros(bins + 1)
    for j in range(whole):
        weights[j : j + 2] += SPELL_BIN / 2
    rest = min(days, bins * SPELL_BIN) - whole * SPELL_BIN
    start = np.eye(bins + 1)[whole]
    return np.asarray(weights + rest / 2 * (start + at(days, bins)), dtype=np.float64)
