"""When an estimate agrees with an exact value: what a row of a check says, and the rules by which its verdict is found.

A row that would also agree if the engine were off by what matters (one per cent of the value, unless the row says otherwise) is void, and
never agrees. Distributions are judged cell by cell, and there five per cent matter. Seeds are fixed, so a verdict is always the same; the
levels say how unlucky a right engine would have to be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from ..layout import Floats
from .tails import chi_square_above, chi_square_tail, count_chance

LEVEL = 1e-6
ERRORS = 4.9  # standard errors: two-sided level of 1e-6
MATERIALITY = 0.01
OF_LAWS = 0.05  # materiality of a distribution: in every cell, some up and some down
LEAST_EXPECTED = 20.0
LEAST_CLUSTERS = 50
LEAST_GROUPS = 4  # whose mean square error is shown
EXACT = 1e-9  # relative difference of two solvers


class Verdict(StrEnum):
    """What a row comes to."""

    AGREES = "agrees"
    DIFFERS = "differs"
    VOID = "void"


class Kind(StrEnum):
    """How a row is judged."""

    MEAN = "mean"  # within 4.9 standard errors
    SHARE = "share"  # the same, and the exact binomial law
    LAW = "law"  # chi-square over the cells of a distribution
    EQUAL = "equal"  # to the last unit
    SOLVERS = "solvers"  # two exact answers, to nine digits or as many as are printed


@dataclass(frozen=True)
class Row:
    """One thing that is measured, beside its exact value."""

    what: str
    kind: Kind
    exact: float
    estimate: float
    verdict: Verdict
    why: str = ""
    """What is wrong, in a sentence; empty where the two agree."""
    error: float | None = None
    """Standard error of the estimate."""
    z: float | None = None
    """Standard errors between the two."""
    p: float | None = None
    """Probability of a result at least so far off, of a right engine."""
    power: float | None = None
    """Smallest difference, relative to the exact value, that the row tells apart."""
    materiality: float | None = None
    """Relative difference that must be told apart, or the row is void."""
    cells: tuple[tuple[float, float], ...] = ()
    """Counts of a distribution, seen and due."""
    trail: tuple[tuple[float, float, float], ...] = ()
    """How the error falls: people, root mean square of the relative errors of samples of so many, and their relative standard error."""


@dataclass(frozen=True)
class Tolerance:
    """The rules, at a multiple of the usual materiality."""

    wider: float = 1.0

    def mean(self, what: str, estimate: float, error: float, exact: float, materiality: float = MATERIALITY) -> Row:
        """The estimate lies within 4.9 of its standard errors of the exact value, and those are no more than what matters."""
        matters = materiality * self.wider
        z = (estimate - exact) / error if error > 0 else math.nan
        verdict, why = Verdict.AGREES, ""
        if not ERRORS * error <= matters * abs(exact):
            verdict = Verdict.VOID
            why = f"4.9 standard errors are {ERRORS * error:.3g}, more than {matters:.2%} of {exact:.6g}: take more people"
            why += f" (it is {z:+.1f} standard errors off)" if abs(z) > ERRORS else ""
        elif not abs(estimate - exact) <= ERRORS * error:
            verdict, why = Verdict.DIFFERS, f"{estimate:.8g} is {z:+.2f} standard errors from {exact:.8g}"
        power = ERRORS * error / abs(exact) if exact else math.inf
        return Row(what, Kind.MEAN, float(exact), float(estimate), verdict, why, float(error), z, None, power, matters)

    def share(self, what: str, count: int, trials: int, share: float, materiality: float = MATERIALITY) -> Row:
        """The count among independent trials agrees with the exact share: by 4.9 exact standard errors, and by the binomial law."""
        row = self.mean(what, count / trials, math.sqrt(share * (1.0 - share) / trials), share, materiality)
        chance = count_chance(count, trials, share)
        verdict, why = row.verdict, row.why
        if verdict is Verdict.AGREES and chance < LEVEL:
            verdict, why = Verdict.DIFFERS, f"{count} of {trials} has a probability of {chance:.1e} at a share of {share:.8g}"
        return replace(row, kind=Kind.SHARE, verdict=verdict, why=why, p=chance)

    def clusters(
        self, what: str, sums: ArrayLike, sizes: ArrayLike, exact: float, materiality: float = MATERIALITY, people: int = 0
    ) -> Row:
        """The ratio of the sums to the sizes agrees with the exact value, with the standard error seen between clusters (townships).

        people: of all clusters together, where it is to be shown how the error falls with their number.
        """
        top, below = np.asarray(sums, float), np.asarray(sizes, float)
        ratio = float(top.sum() / below.sum())
        spread = top - ratio * below
        error = math.sqrt(top.size / max(top.size - 1, 1) * float(spread @ spread)) / float(below.sum())
        row = self.mean(what, ratio, error, exact, materiality)
        if top.size < LEAST_CLUSTERS:
            why = f"{top.size} clusters say too little about their own spread: take {LEAST_CLUSTERS} or more"
            row = replace(row, verdict=Verdict.VOID, why=why)
        return replace(row, trail=_trail(top, below, exact, error, people)) if people else row

    def law(self, what: str, seen: ArrayLike, due: ArrayLike, restraints: int = 1, *, join: bool = False) -> Row:
        """The counts agree with what is due in every cell; restraints: sums that the two share by construction.

        join: neighbours are joined where a cell expects too little. At a wider materiality, and so with fewer people, they always are.
        """
        some, expected = np.asarray(seen, float).ravel(), np.asarray(due, float).ravel()
        if join or self.wider > 1.0:
            some, expected = (np.array(cells) for cells in widened(some, expected))
        freedom = expected.size - restraints
        distance = float(((some - expected) ** 2 / expected).sum())
        chance = chi_square_tail(distance, freedom) if freedom > 0 else 1.0
        # off by this much in every cell, chi-square would be at its limit in the mean
        power = math.sqrt(max(chi_square_above(LEVEL, freedom) - freedom, 0.0) / expected.sum()) if freedom > 0 else math.inf
        matters = OF_LAWS * self.wider
        verdict, why = Verdict.AGREES, ""
        if expected.min() < LEAST_EXPECTED or freedom < 1:
            verdict = Verdict.VOID
            why = f"a cell expects {expected.min():.3g} and needs {LEAST_EXPECTED:g}: take more people or wider cells"
        elif power > matters:
            verdict, why = Verdict.VOID, f"cells that are off by {power:.1%} might not show, more than {matters:.2%}: take more people"
        elif restraints and not math.isclose(some.sum(), expected.sum(), rel_tol=1e-9):
            verdict, why = Verdict.DIFFERS, f"{some.sum()} were seen and {expected.sum()} expected"
        elif chance < LEVEL:
            verdict, why = Verdict.DIFFERS, f"chi-square {distance:.1f} in {expected.size} cells has a probability of {chance:.1e}"
        cells = tuple(zip(some.tolist(), expected.tolist(), strict=True))
        return Row(what, Kind.LAW, float(freedom), distance, verdict, why, p=chance, power=power, materiality=matters, cells=cells)

    def equal(self, what: str, seen: ArrayLike, due: ArrayLike) -> Row:
        """The whole numbers are the same, one by one; void where there are none, or where nothing but zeros is due."""
        some, expected = np.atleast_1d(np.asarray(seen)), np.atleast_1d(np.asarray(due))
        off = int((some != expected).sum())
        verdict, why = Verdict.AGREES, ""
        if off:
            verdict, why = Verdict.DIFFERS, f"{off} of {expected.size} numbers are not what they have to be"
        elif not expected.any():
            verdict, why = Verdict.VOID, "nothing happened, so nothing could have been wrong"
        return Row(what, Kind.EQUAL, float(expected.sum()), float(some.sum()), verdict, why)

    def never(self, what: str, count: int, among: int) -> Row:
        """What may not happen did not, among so many times that it could have; void where there was no such time."""
        verdict, why = (Verdict.DIFFERS, f"{count:,} times among {among:,}") if count else (Verdict.AGREES, "")
        if among < 1:
            verdict, why = Verdict.VOID, "nothing happened, so nothing could have been wrong"
        return Row(what, Kind.EQUAL, 0.0, float(count), verdict, why)

    def holds(self, what: str, does: bool) -> Row:
        """A condition holds that can be said in words alone."""
        verdict, why = (Verdict.AGREES, "") if does else (Verdict.DIFFERS, "it does not hold")
        return Row(what, Kind.EQUAL, 1.0, float(does), verdict, why)

    def solvers(self, what: str, value: float, other: float, within: float | None = None) -> Row:
        """Two exact answers are the same: to nine digits, or within a distance (half of the last digit that is printed)."""
        allowed = EXACT * (abs(other) or 1.0) if within is None else within
        agree = abs(value - other) <= allowed
        why = "" if agree else f"{value:.12g} is not {other:.12g}"
        power = allowed / abs(other) if other else allowed
        verdict = Verdict.AGREES if agree else Verdict.DIFFERS
        return Row(what, Kind.SOLVERS, float(other), float(value), verdict, why, power=power)


def widened(observed: Sequence[float] | ArrayLike, expected: Sequence[float] | ArrayLike) -> tuple[list[float], list[float]]:
    """The same cells with neighbours joined, from the first on, until each expects enough; what is left joins the last."""
    seen, due, s, d = [], [], 0.0, 0.0
    for one, two in zip(np.asarray(observed, float).tolist(), np.asarray(expected, float).tolist(), strict=True):
        s, d = s + one, d + two
        if d >= LEAST_EXPECTED:
            seen.append(s)
            due.append(d)
            s, d = 0.0, 0.0
    if not due:
        return [s], [d]
    seen[-1], due[-1] = seen[-1] + s, due[-1] + d
    return seen, due


def _trail(top: Floats, below: Floats, exact: float, error: float, people: int) -> tuple[tuple[float, float, float], ...]:
    """How the error falls: for 1, 2, 4, ... clusters, over all groups of so many."""
    points, size = [], 1
    while LEAST_GROUPS * size <= top.size:
        groups = top.size // size
        ratios = top[: groups * size].reshape(groups, size).sum(axis=1) / below[: groups * size].reshape(groups, size).sum(axis=1)
        off = math.sqrt(float(((ratios / exact - 1.0) ** 2).mean()))
        points.append((people * size / top.size, off, error / abs(exact) * math.sqrt(top.size / size)))
        size *= 2
    return tuple(points)
