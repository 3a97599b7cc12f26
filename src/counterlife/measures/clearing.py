"""How wrongful spells end (M10): cumulative incidence by cause and restricted mean time, from spells counted by length.

Lengths come in classes of equal width, so hazards are those of a life table: a spell still open at the end of the period counts half its
last class (the actuarial convention; Chiang 1968). Ends compete with one another (Aalen and Johansen 1978): 'overtaken', where the
accurate twin is shut out too, is an end but no clearing. Functions work on many sets of totals at once (m, bins * ends).
"""

from __future__ import annotations

import numpy as np

from counterlife.layout import SPELL_BIN, End
from counterlife.measures.intervals import Floats
from counterlife.measures.sample import Sample

ENDS = tuple(end.name.lower() for end in End)
CLEARED = (End.EXPIRY, End.SETTLEMENT, End.JOINT, End.LUCK)


def spells(sample: Sample, name: str) -> Floats:
    """Wrongful spells of a comparison in each cluster, by length and end (n, bins * ends)."""
    columns = np.stack([sample.column("spells", f"{name}.{end}") for end in ENDS], axis=2)
    return np.asarray(columns.reshape(len(columns), -1), dtype=np.float64)


def incidence(totals: Floats) -> tuple[Floats, Floats]:
    """At the edges of the classes (from length 0): the share still running (m, bins + 1), and ended, by end (m, bins + 1, 5)."""
    counts = totals.reshape(len(totals), -1, len(ENDS))
    at_risk = np.cumsum(counts.sum(axis=2)[:, ::-1], axis=1)[:, ::-1]
    exposed = at_risk - counts[:, :, End.OPEN] / 2
    ended = counts[:, :, : End.OPEN]
    hazard = np.divide(ended, exposed[:, :, None], out=np.zeros_like(ended), where=exposed[:, :, None] > 0)
    one = np.ones((len(totals), 1))
    running = np.hstack([one, np.cumprod(1.0 - hazard.sum(axis=2), axis=1)])
    steps = running[:, :-1, None] * hazard
    return running, np.concatenate([np.zeros_like(steps[:, :1]), np.cumsum(steps, axis=1)], axis=1)


def percent(totals: Floats, ends: tuple[End, ...], read: Floats) -> Floats:
    """The percentage of spells ended by any of `ends`, read off with the weights of `at`."""
    return np.asarray(100.0 * (incidence(totals)[1][:, :, list(ends)].sum(axis=2) @ read), dtype=np.float64)


def percent_running(totals: Floats, read: Floats) -> Floats:
    """The percentage of spells that still run, read off with the weights of `at`."""
    return np.asarray(100.0 * (incidence(totals)[0] @ read), dtype=np.float64)


def mean(totals: Floats, area: Floats) -> Floats:
    """The restricted mean days of a spell, with the weights of `area`."""
    return np.asarray(incidence(totals)[0] @ area, dtype=np.float64)


def at(days: float, bins: int) -> Floats:
    """Weights (bins + 1,) that read a curve off at a length in days, straight between the edges of the classes."""
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
