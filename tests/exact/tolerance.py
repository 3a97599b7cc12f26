"""When an estimate agrees with an exact value: the tolerance rules of every test in this folder, and that a test without power fails.

A test that would also pass if the engine were off by `materiality` (one per cent of the value, unless a test says why not) is void: it
raises `PowerlessError` instead of passing. Seeds are fixed, so a test passes always or never; the levels say how unlucky a right engine
would have to be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom, chi2

LEVEL = 1e-6
ERRORS = 4.9  # standard errors: two-sided level of 1e-6
MATERIALITY = 0.01
LEAST_EXPECTED = 20.0


class PowerlessError(AssertionError):
    """The test could not have told a right value from a wrong one."""


def z_test(estimate: float, error: float, exact: float, materiality: float = MATERIALITY) -> None:
    """The estimate lies within 4.9 of its standard errors of the exact value, and those are no more than what matters."""
    if not ERRORS * error <= materiality * abs(exact):
        raise PowerlessError(f"4.9 standard errors are {ERRORS * error:.3g}, more than {materiality:.2%} of {exact:.6g}: take more people")
    assert abs(estimate - exact) <= ERRORS * error, f"{estimate:.8g} is {(estimate - exact) / error:+.2f} standard errors from {exact:.8g}"


def share_test(count: int, trials: int, share: float, materiality: float = MATERIALITY) -> None:
    """The count among independent trials agrees with the exact share: 4.9 exact standard errors, and the exact binomial law at 1e-6."""
    z_test(count / trials, math.sqrt(share * (1.0 - share) / trials), share, materiality)
    least, most = binom.sf(count - 1, trials, share), binom.cdf(count, trials, share)
    assert 2.0 * min(least, most) >= LEVEL, f"{count} of {trials} has a probability of {2 * min(least, most):.1e} at a share of {share:.8g}"


def cluster_test(sums: ArrayLike, sizes: ArrayLike, exact: float, materiality: float = MATERIALITY) -> None:
    """The ratio of the sums to the sizes agrees with the exact value, with the standard error seen between clusters (townships)."""
    top, below = np.asarray(sums, float), np.asarray(sizes, float)
    if top.size < 50:
        raise PowerlessError(f"{top.size} clusters say too little about their own spread: take 50 or more")
    ratio = float(top.sum() / below.sum())
    spread = top - ratio * below
    z_test(ratio, math.sqrt(top.size / (top.size - 1) * float(spread @ spread)) / float(below.sum()), exact, materiality)


def chi_square_test(observed: ArrayLike, expected: ArrayLike, restraints: int = 1) -> None:
    """The counts agree with what is expected in every cell; restraints: sums that the two share by construction."""
    seen, due = np.asarray(observed, float).ravel(), np.asarray(expected, float).ravel()
    if due.min() < LEAST_EXPECTED:
        raise PowerlessError(f"a cell expects {due.min():.3g} and needs {LEAST_EXPECTED:g}: take more people or wider cells")
    if restraints:
        assert math.isclose(seen.sum(), due.sum(), rel_tol=1e-9), f"{seen.sum()} were seen and {due.sum()} expected"
    distance = float(((seen - due) ** 2 / due).sum())
    chance = float(chi2.sf(distance, due.size - restraints))
    assert chance >= LEVEL, f"chi-square {distance:.1f} in {due.size} cells has a probability of {chance:.1e}"


def widened(observed: Sequence[float] | ArrayLike, expected: Sequence[float] | ArrayLike) -> tuple[list[float], list[float]]:
    """The same cells with neighbours joined, from the first on, until each expects enough; what is left joins the last."""
    seen, due, s, d = [], [], 0.0, 0.0
    for one, two in zip(np.asarray(observed, float).tolist(), np.asarray(expected, float).tolist(), strict=True):
        s, d = s + one, d + two
        if d >= LEAST_EXPECTED:
            seen.append(s)
            due.append(d)
            s, d = 0.0, 0.0
    seen[-1], due[-1] = seen[-1] + s, due[-1] + d
    return seen, due
