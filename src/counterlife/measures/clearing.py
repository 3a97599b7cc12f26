"""How wrongful spells end (M10): cumulative incidence by cause and restricted mean time, from spells counted by length.

'Overtaken', where the accurate twin is shut out too, is an end but no clearing. Functions work on many sets of totals at once
(m, bins * ends); how a life table is made is in `lifetable.py`.
"""

from __future__ import annotations

import numpy as np

from counterlife.layout import End
from counterlife.measures import lifetable
from counterlife.measures.intervals import Floats
from counterlife.measures.lifetable import area, at
from counterlife.measures.sample import Sample

__all__ = ["CLEARED", "ENDS", "area", "at", "incidence", "mean", "percent", "percent_running", "spells"]

ENDS = tuple(end.name.lower() for end in End)
CLEARED: tuple[End, ...] = tuple(end for end in End if end not in (End.OVERTAKEN, End.OPEN))


def spells(sample: Sample, name: str) -> Floats:
    """Wrongful spells of a comparison in each cluster, by length and end (n, bins * ends)."""
    columns = np.stack([sample.column("spells", f"{name}.{end}") for end in ENDS], axis=2)
    return np.asarray(columns.reshape(len(columns), -1), dtype=np.float64)


def incidence(totals: Floats) -> tuple[Floats, Floats]:
    """The share of spells still running, and ended by end, at the edges of the classes of length."""
    return lifetable.incidence(totals, len(ENDS))


def percent(totals: Floats, ends: tuple[End, ...], read: Floats) -> Floats:
    """The percentage of spells ended by any of `ends`, read off with the weights of `at`."""
    return np.asarray(100.0 * (incidence(totals)[1][:, :, list(ends)].sum(axis=2) @ read), dtype=np.float64)


def percent_running(totals: Floats, read: Floats) -> Floats:
    """The percentage of spells that still run, read off with the weights of `at`."""
    return np.asarray(100.0 * (incidence(totals)[0] @ read), dtype=np.float64)


def mean(totals: Floats, area: Floats) -> Floats:
    """The restricted mean days of a spell, with the weights of `area`."""
    return np.asarray(incidence(totals)[0] @ area, dtype=np.float64)
