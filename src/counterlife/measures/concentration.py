"""How unequally restricted days fall on people (M13): Lorenz curve, Gini and top share from grouped totals, zeros included.

The tallies keep people by class of their total days. Inside a class everybody is taken to have its mean, which can only
make the Gini too small, and by no more than `grouping_bound`. Functions work on many sets of totals at once (m, k).
"""

from __future__ import annotations

import numpy as np

from counterlife.measures.inputs import Facts
from counterlife.measures.intervals import Floats
from counterlife.measures.sample import Sample


def classes(sample: Sample, name: str) -> Floats:
    """For each cluster: everybody, then people by class, then days by class (n, 1 + 2 bins), of a world or a comparison."""
    return np.column_stack([sample.people, sample.column("spread", f"people.{name}"), sample.column("spread", f"days.{name}")])


def lorenz(totals: Floats) -> tuple[Floats, Floats]:
    """Shares of people and of days, summed up from those with the least, starting at (0, 0) and with people without any first."""
    bins = (totals.shape[1] - 1) // 2
    everybody, people, days = totals[:, :1], totals[:, 1 : 1 + bins], totals[:, 1 + bins :]
    none = everybody - people.sum(axis=1, keepdims=True)
    start = np.zeros_like(everybody)
    with np.errstate(divide="ignore", invalid="ignore"):
        held = np.cumsum(np.hstack([start, start, days]), axis=1) / days.sum(axis=1, keepdims=True)
        return np.cumsum(np.hstack([start, none, people]), axis=1) / everybody, held


def gini(totals: Floats) -> Floats:
    """The Gini coefficient between classes: one less twice the area under the Lorenz curve."""
    people, days = lorenz(totals)
    return np.asarray(1.0 - (np.diff(people, axis=1) * (days[:, 1:] + days[:, :-1])).sum(axis=1), dtype=np.float64)


def top_share(totals: Floats, share: float = 0.01) -> Floats:
    """The share of all days borne by the given share of people who have the most."""
    people, days = lorenz(totals)
    return np.array([1.0 - np.interp(1.0 - share, p, d) if np.isfinite(d).all() else np.nan for p, d in zip(people, days, strict=True)])


def grouping_bound(totals: Floats, lower: Floats, upper: Floats) -> Floats:
    """The most that the Gini inside the classes can add to the one between them.

    The Gini of people in classes that do not overlap is the one between classes plus the sum of (share of people) * (share of days) *
    (Gini inside), and the Gini inside a class with edges a, b and mean m is at most (m - a)(b - m) / (m (b - a)) (Gastwirth 1972).
    """
    bins = (totals.shape[1] - 1) // 2
    people, days = totals[:, 1 : 1 + bins], totals[:, 1 + bins :]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = days / people
        inside = np.where(upper > lower, (mean - lower) * (upper - mean) / (mean * (upper - lower)), 0.0)
        shares = people / totals[:, :1] * days / days.sum(axis=1, keepdims=True)
    return np.asarray(np.nansum(shares * np.maximum(inside, 0.0), axis=1), dtype=np.float64)


def edges(sample: Sample, facts: Facts) -> tuple[Floats, Floats]:
    """Fewest and most days of a person in each class; the last class ends at every domain closed on every day."""
    lower = np.array(sample.tallies.rows["spread"], dtype=np.float64)
    return lower, np.append(lower[1:] - 1.0, max(float(lower[-1]), facts.days * len(facts.domains)))
