"""Estimates with Monte Carlo intervals from clusters within regions: weights, strata, linearisation, and the t quantile.

Every estimate is a smooth function of weighted totals. Its variance is that of its linearised value: the change of the function when
one cluster's share of the totals is moved a little (Binder 1983; Woodruff 1971), with regions as strata. A comparison of two
worlds enters as the difference within each cluster, so that what the twins share cancels. Nothing here knows what is being measured.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]
"""Totals (m, k) to values (m,)."""

LEVEL = 0.95
STEP = 1e-4  # of a cluster's share: second differences are then far below what a printed figure shows
EXACT_UP_TO = 200  # degrees of freedom solved exactly; beyond, the expansion is accurate to ten figures


@cache
def t_quantile(probability: float, freedom: int) -> float:
    """The point that Student's t with whole degrees of freedom stays below with the given probability (at least one half).

    Up to `EXACT_UP_TO` the finite sums for the distribution (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4) are solved by bisection;
    beyond, the expansion about the normal quantile (26.7.5).
    """
    if freedom < 1 or not 0.5 <= probability < 1.0:
        raise ValueError(f"no t quantile for probability {probability} with {freedom} degrees of freedom")
    if freedom > EXACT_UP_TO:
        return _t_expansion(NormalDist().inv_cdf(probability), freedom)
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_within(middle, freedom) < 2 * probability - 1 else (low, middle)
    return math.sqrt(freedom) * math.tan(low)


def _t_within(angle: float, freedom: int) -> float:
    """Probability that |t| is below sqrt(freedom) * tan(angle)."""
    cosine = math.cos(angle)
    term = cosine if freedom % 2 else 1.0
    total = 0.0
    for k in range(2 + freedom % 2, freedom + 1, 2):
        total += term
        term *= cosine * cosine * (k - 1) / k
    total *= math.sin(angle)
    return 2 / math.pi * (angle + total) if freedom % 2 else total


def _t_expansion(z: float, n: int) -> float:
    one = (z**3 + z) / 4
    two = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    three = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    four = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + one / n + two / n**2 + three / n**3 + four / n**4


@dataclass(frozen=True)
class Strata:
    """Clusters with their weights, grouped so that every stratum has at least two of them."""

    weights: Floats
    """People of the region for each of its synthetic people, by cluster."""
    people: Floats
    """Synthetic people of each cluster."""
    groups: tuple[NDArray[np.int64], ...]
    """Cluster numbers of each stratum."""

    @property
    def freedom(self) -> int:
        """Degrees of freedom: clusters less strata; 0 where no interval can be had."""
        return sum(len(group) for group in self.groups) - len(self.groups)

    def total(self, contributions: Floats) -> Floats:
        """The weighted totals (k,) of cluster contributions (n, k)."""
        return np.asarray(self.weights @ contributions, dtype=np.float64)

    def error(self, influence: Floats) -> float:
        """The standard error of the sum of `influence` (n,) over independent clusters."""
        members, stratum, sizes = self._layout
        mine = influence[members]
        means = np.bincount(stratum, mine) / sizes
        squares = np.bincount(stratum, (mine - means[stratum]) ** 2)
        return math.sqrt(float((sizes / (sizes - 1) * squares).sum()))

    @cached_property
    def _layout(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Clusters by stratum, the stratum of each, and how many each has."""
        sizes = np.array([len(group) for group in self.groups], dtype=np.float64)
        return np.concatenate(self.groups), np.repeat(np.arange(len(self.groups)), sizes.astype(np.int64)), sizes

    def is_like(self, other: Strata) -> bool:
        """Whether these are the same clusters with the same weights in the same strata."""
        mine, theirs = ((one.weights, one.people, *one.groups) for one in (self, other))
        return len(self.groups) == len(other.groups) and all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))

    def only(self, chosen: NDArray[np.bool_]) -> Strata:
        """The clusters of one region as a sample of their own: no interval where there is a single one."""
        members = np.flatnonzero(chosen)
        return Strata(np.where(chosen, self.weights, 0.0), self.people, (members,) if len(members) > 1 else ())


@dataclass(frozen=True)
class Basis:
    """What an estimate stands on, kept so that it can be set beside another one from the same clusters."""

    strata: Strata
    contributions: Floats
    """What each cluster adds to the totals (n, k), unweighted."""
    slopes: Floats
    """The linearised value of each cluster (n,); zeros where clusters cannot be compared."""


@dataclass(frozen=True)
class Estimate:
    """A value with the ends of its interval; None where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None
    basis: Basis | None = field(default=None, repr=False, compare=False)

    @property
    def error(self) -> float | None:
        """Standard error; None where clusters do not differ, or too few are there."""
        if self.basis is None or not self.basis.strata.freedom:
            return None
        return self.basis.strata.error(self.basis.slopes) or None

    @property
    def exponential(self) -> Estimate:
        """What an estimate on the logarithm says of the quantity itself: its ends follow the curve, its slopes the tangent."""
        if self.value is None:
            return self
        value, low, high = (None if end is None else math.exp(end) for end in (self.value, self.low, self.high))
        moved = self.basis and Basis(self.basis.strata, self.basis.contributions, math.exp(self.value) * self.basis.slopes)
        return Estimate(value, low, high, moved)

    def is_counted_as(self, other: Estimate) -> bool:
        """Whether both are the same value from the same counts in every cluster."""
        if self.value is None or self.value != other.value or self.basis is None or other.basis is None:
            return False
        return np.array_equal(self.basis.contributions, other.basis.contributions)


def stratify(regions: Sequence[str], people: Floats, region_people: Mapping[str, float]) -> Strata:
    """Regions as strata; those with a single cluster are collapsed (Cochran 1977, 5A.12; Wolter 2007, 2.5).

    Rule: regions with one cluster are put in order of their people in the country and joined two by two, the last three together
    where their number is odd; one alone joins the region of the nearest size. What differs between joined regions then counts as chance,
    so the interval is too wide rather than too narrow. With a single cluster in all there is no interval.
    """
    names = np.array(regions)
    members = {name: np.flatnonzero(names == name) for name in dict.fromkeys(regions)}
    weights = np.zeros(len(names))
    for name, group in members.items():
        weights[group] = region_people[name] / people[group].sum()
    single = sorted((name for name in members if len(members[name]) == 1), key=lambda name: (region_people[name], name))
    several = [[name] for name in members if len(members[name]) > 1]
    joined = [single[i : i + 2] for i in range(0, len(single) - 1, 2)]
    if len(single) % 2 and joined:
        joined[-1].append(single[-1])
    elif len(single) % 2 and several:
        min(several, key=lambda names: (abs(region_people[names[0]] - region_people[single[0]]), names[0])).append(single[0])
    groups = tuple(np.concatenate([members[name] for name in names]) for names in (*several, *joined))
    return Strata(weights, people, groups)


def influence(strata: Strata, contributions: Floats, function: Function) -> Floats:
    """The linearised value of each cluster: the slope of `function` in the direction of the cluster's part of the totals."""
    total = strata.total(contributions)
    step = STEP * strata.weights[:, None] * contributions
    return np.asarray((function(total + step) - function(total - step)) / (2 * STEP), dtype=np.float64)


def estimate(strata: Strata, contributions: Floats, function: Function, *, limits: tuple[float, float] | None = None) -> Estimate:
    """`function` of the weighted totals with its t interval, cut at `limits` where the quantity cannot lie beyond them.

    There is no interval where clusters cannot be compared or do not differ at all: that nobody in a sample is affected proves little.
    """
    value = float(function(strata.total(contributions)[None, :])[0])
    if not math.isfinite(value):
        return Estimate(None)
    slopes = influence(strata, contributions, function) if strata.freedom else np.zeros(len(contributions))
    basis = Basis(strata, contributions, slopes)
    half = half_width(strata, slopes)
    if half is None:
        return Estimate(value, basis=basis)
    low, high = limits or (-math.inf, math.inf)
    return Estimate(value, max(value - half, low), min(value + half, high), basis)


def half_width(strata: Strata, slopes: Floats) -> float | None:
    """Half of the t interval of an estimate with these linearised values (n,); None where clusters do not differ, or too few are there."""
    error = strata.error(slopes) if strata.freedom else 0.0
    return t_quantile((1 + LEVEL) / 2, strata.freedom) * error if error > 0.0 else None


def difference(after: Estimate, before: Estimate) -> Estimate:
    """The first estimate less the second, both from the same clusters, with the t interval of the clusters' own differences.

    What is linearised is the difference, so each cluster enters once and what its two lives share cancels. Turned round, value and ends
    change their signs and nothing else. Without an interval where one of the two does not say what it stands on (a bound, a number that
    no cluster adds to), or they stand on different clusters. The ends are not cut.
    """
    if after.value is None or before.value is None:
        return Estimate(None)
    value, ours, theirs = after.value - before.value, after.basis, before.basis
    if ours is None or theirs is None or not ours.strata.is_like(theirs.strata):
        return Estimate(value)
    half = half_width(ours.strata, ours.slopes - theirs.slopes)
    return Estimate(value) if half is None else Estimate(value, value - half, value + half)


def differs(estimate: Estimate, from_value: float, freedom: int, comparisons: int) -> bool:
    """Whether an estimate lies off a value by more than chance, when so many estimates are looked at together (Bonferroni 1936).

    The interval is widened until all of them hold together in 95 of 100 draws; without an interval nothing is said to differ. The
    estimate's upper end must not have been cut.
    """
    if estimate.value is None or estimate.high is None:
        return False
    half = estimate.high - estimate.value
    wider = t_quantile(1 - (1 - LEVEL) / 2 / comparisons, freedom) / t_quantile((1 + LEVEL) / 2, freedom)
    return abs(estimate.value - from_value) > half * wider


def touches_zero(strata: Strata, contribution: Floats) -> bool:
    """Whether the interval of a weighted total, taken per head, reaches down to zero, so that nothing may be divided by it."""
    per_head = estimate(strata, np.column_stack([contribution, strata.people]), quotient)
    return not per_head.value or (per_head.low is not None and per_head.low <= 0.0)


def quotient(totals: Floats) -> Floats:
    """First total over second; nan over zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(totals[:, 1] > 0, totals[:, 0] / totals[:, 1], np.nan), dtype=np.float64)
