"""The tolerance rules themselves: what is off by one per cent fails, what could not have failed is void."""

from __future__ import annotations

import math

import numpy as np
import pytest

from .tolerance import PowerlessError, chi_square_test, cluster_test, share_test, widened, z_test

ENOUGH = 240_100  # for a share of one half: (4.9 / 0.01)^2


def test_a_test_without_power_is_void() -> None:
    for count in (120_000, 60_000, 0):
        with pytest.raises(PowerlessError):
            share_test(count, ENOUGH - 1, 0.5)
    with pytest.raises(PowerlessError):
        z_test(1.0, math.nan, 1.0)


def test_an_error_of_one_per_cent_fails() -> None:
    share_test(ENOUGH // 2, ENOUGH, 0.5)
    with pytest.raises(AssertionError, match="standard errors from"):
        share_test(round(ENOUGH * 0.50501), ENOUGH, 0.5)
    with pytest.raises(AssertionError, match="standard errors from"):
        z_test(0.9899, 0.002, 1.0)


def test_the_exact_law_is_looked_at_too() -> None:
    """4 where 30 are expected is within 4.9 standard errors, but rarer than one in a million: small counts lean to the right."""
    with pytest.raises(AssertionError, match="has a probability of"):
        share_test(4, 3_000_000, 1e-5, materiality=1.0)


def test_clusters_carry_their_own_error() -> None:
    rng = np.random.default_rng(3)
    sizes = np.full(100, 10_000.0)
    together = rng.binomial(10_000, 0.5, 100)
    cluster_test(together, sizes, 0.5)
    with pytest.raises(PowerlessError):
        cluster_test(np.where(np.arange(100) % 2, 0.0, sizes), sizes, 0.5)  # a hundred coins, not a million
    with pytest.raises(PowerlessError):
        cluster_test(together[:20], sizes[:20], 0.5)
    with pytest.raises(AssertionError, match="standard errors from"):
        cluster_test(together + 60, sizes, 0.5)


def test_chi_square_sees_a_cell_that_is_off() -> None:
    due = np.full(10, 10_000.0)
    chi_square_test(due + np.tile([50, -50], 5), due)
    with pytest.raises(AssertionError, match="has a probability of"):
        chi_square_test(due + np.repeat([600, -600, 0], [1, 1, 8]), due)
    with pytest.raises(AssertionError, match="expected"):
        chi_square_test(due + 1, due)
    with pytest.raises(PowerlessError):
        chi_square_test([19.0, 20.0], [19.0, 20.0])
    with pytest.raises(PowerlessError, match="might not show"):
        chi_square_test(due / 100, due / 100)


def test_cells_are_widened_until_they_can_be_judged() -> None:
    assert widened([1, 2, 30, 4, 5], [10, 15, 22, 3, 2]) == ([3.0, 39.0], [25.0, 27.0])
