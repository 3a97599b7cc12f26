"""How long records act: against integrals and simulation, and the values printed for C12, C15 and C16."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from counterlife.exact.clearing import filed_days, joint_days, last_copy, time_to_clear, with_copies

from .tolerance import z_test


def test_printed_values() -> None:
    assert round(joint_days(200.0, 0.6, 30.0, 20.0), 3) == 113.613
    assert round(time_to_clear(730.0, 0.4, 90.0), 3) == 473.989
    assert round(last_copy(8, 1.0), 6) == 2.717857


def test_time_to_clear_is_the_area_below_what_is_left() -> None:
    left = quad(lambda t: 0.6 + 0.4 * math.exp(-t / 90.0), 0.0, 730.0, epsrel=1e-12)[0]
    assert time_to_clear(730.0, 0.4, 90.0) == pytest.approx(left, rel=1e-9)


@pytest.mark.parametrize("days", [730.0, 3_000.0])
def test_days_on_file_are_the_sum_over_the_days_of_entry(days: float) -> None:
    """A record that enters when a time is left acts for the mean of what it would, cut short at that time."""

    def left(age: float) -> float:
        return time_to_clear(min(age, 730.0), 0.4, 90.0)

    due = quad(left, 0.0, days, epsrel=1e-12, points=[730.0] if days > 730.0 else None)[0]
    assert filed_days(730.0, 0.4, 90.0, days) == pytest.approx(due, rel=1e-9)


def test_joint_days_by_the_length_of_the_listing() -> None:
    """A listing of length x > on closes the other domain from `on` to x + off."""
    days = quad(lambda x: 0.6 * (x + 20.0 - 30.0) * math.exp(-x / 200.0) / 200.0, 30.0, 8_000.0, epsrel=1e-12)[0]
    assert joint_days(200.0, 0.6, 30.0, 20.0) == pytest.approx(days, rel=1e-9)


@pytest.mark.parametrize("copies", [1, 2, 6, 8])
def test_the_last_copy_is_the_area_below_the_largest(copies: int) -> None:
    area = quad(lambda t: 1.0 - (1.0 - math.exp(-t / 30.0)) ** copies, 0.0, 3_000.0, epsrel=1e-12, limit=200)[0]
    assert last_copy(copies, 30.0) == pytest.approx(area, rel=1e-9)


@pytest.mark.parametrize("age", [10.0, 200.0, 1e4])
def test_days_with_copies_by_the_day_of_the_settlement(age: float) -> None:
    """Acting at age u: not settled, or settled at s < u with a copy left u - s later."""

    def acting(u: float) -> float:
        def copy(s: float) -> float:
            return math.exp(-s / 100.0) / 100.0 * (1.0 - (1.0 - math.exp(-(u - s) / 45.0)) ** 6)

        return math.exp(-u / 100.0) + quad(copy, 0.0, u, epsrel=1e-12, limit=400, points=[max(0.0, u - 200.0)])[0]

    days = quad(acting, 0.0, min(age, 3_000.0), epsrel=1e-9, limit=400)[0]
    assert with_copies(6, 45.0, 100.0, age) == pytest.approx(days, rel=1e-7)


def test_days_with_copies_in_the_long_run_are_a_settlement_and_a_last_copy() -> None:
    assert with_copies(6, 45.0, 100.0) == pytest.approx(100.0 + last_copy(6, 45.0), rel=1e-9)
    assert with_copies(0, 45.0, 100.0, 50.0) == pytest.approx(100.0 * -math.expm1(-0.5), rel=1e-12)


def test_in_simulation() -> None:
    rng, n = np.random.default_rng(7), 1_000_000
    cleared = np.where(rng.random(n) < 0.4, np.minimum(rng.exponential(90.0, n), 730.0), 730.0)
    z_test(cleared.mean(), cleared.std() / math.sqrt(n), time_to_clear(730.0, 0.4, 90.0))
    listed = rng.exponential(200.0, n)
    days = np.where((listed > 30.0) & (rng.random(n) < 0.6), listed + 20.0 - 30.0, 0.0)
    z_test(days.mean(), days.std() / math.sqrt(n), joint_days(200.0, 0.6, 30.0, 20.0))
    last = rng.exponential(1.0, (n, 8)).max(axis=1)
    z_test(last.mean(), last.std() / math.sqrt(n), last_copy(8, 1.0))
