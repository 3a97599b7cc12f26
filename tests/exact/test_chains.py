"""The Markov chain solvers against matrix exponentials, brute sums, closed forms, and the values printed for C5, C10 and C34."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from counterlife.exact.chains import at_time, days_in, in_the_long_run, ledger, time_in, twins
from counterlife.layout import Floats

LEDGER = ledger(21, [(0.6, -3), (1.0, 1)])
TWINS = twins(11, [(0.3, -2), (0.5, 1)], [(0.1, -2)])
AT_TEN, AT_SIX = np.eye(21)[10], np.eye(121)[6 * 11 + 6]
WRONGFUL = ((np.arange(121) // 11 < 3) & (np.arange(121) % 11 >= 3)).astype(float)

CHAINS = [(LEDGER, AT_TEN, (np.arange(21) < 6).astype(float)), (TWINS, AT_SIX, WRONGFUL)]


def test_printed_values_of_c5() -> None:
    there = at_time(LEDGER, AT_TEN, 12.0)
    assert round(float(there[:6].sum()), 6) == 0.685571
    assert round(float(there @ np.arange(21)), 6) == 4.403398
    assert round(float(in_the_long_run(LEDGER)[:6].sum()), 6) == 0.845133


def test_printed_values_of_c10() -> None:
    life = np.array([[-0.1, 0.1], [0.5, -0.5]])
    assert round(float(at_time(life, np.array([1.0, 0.0]), 2.0)[1]), 6) == 0.116468
    assert in_the_long_run(life) == pytest.approx([5 / 6, 1 / 6], rel=1e-12)


def test_printed_values_of_c34() -> None:
    there = at_time(TWINS, AT_SIX, 10.0).reshape(11, 11)
    assert round(float(there[:3].sum()), 6) == 0.414927
    assert round(float(there[:, :3].sum()), 6) == 0.248471
    assert round(float(there[:3, 3:].sum()), 6) == 0.166455
    assert round(time_in(TWINS, AT_SIX, WRONGFUL, 10.0), 6) == 0.941978
    assert np.triu(there, 1).sum() > 0.5  # the score lies below its twin
    assert np.tril(there, -1).sum() == 0.0  # and never above


@pytest.mark.parametrize("time", [0.0, 0.01, 1.0, 12.0, 200.0])
@pytest.mark.parametrize(("generator", "start", "states"), CHAINS, ids=["ledger", "twins"])
def test_at_time_is_the_matrix_exponential(generator: Floats, start: Floats, states: Floats, time: float) -> None:
    there = at_time(generator, start, time)
    assert there == pytest.approx(start @ expm(generator * time), rel=1e-9, abs=1e-15)
    assert there.sum() == pytest.approx(1.0, rel=1e-12)
    assert (there >= 0.0).all()


def test_at_time_of_several_starts() -> None:
    assert at_time(LEDGER, np.eye(21), 3.0) == pytest.approx(expm(LEDGER * 3.0), rel=1e-9)


@pytest.mark.parametrize("time", [0.01, 10.0, 300.0])
@pytest.mark.parametrize(("generator", "start", "states"), CHAINS, ids=["ledger", "twins"])
def test_time_in_is_the_integral(generator: Floats, start: Floats, states: Floats, time: float) -> None:
    """Van Loan (1978): the integral of an exponential is a corner of a larger exponential."""
    n = generator.shape[0]
    larger = np.zeros((n + 1, n + 1))
    larger[:n, :n], larger[:n, n] = generator, states
    integral = float(start @ expm(larger * time)[:n, n])
    assert time_in(generator, start, states, time) == pytest.approx(integral, rel=1e-9)
    assert time_in(generator, start, 1.0 - states, time) == pytest.approx(time - integral, rel=1e-9)


@pytest.mark.parametrize(("generator", "start", "states"), CHAINS, ids=["ledger", "twins"])
def test_days_in_is_the_double_sum(generator: Floats, start: Floats, states: Floats) -> None:
    days = 7
    there = [start @ expm(generator * n) for n in range(days + 1)]
    mean = sum(float(one @ states) for one in there[1:])
    square = mean
    for n in range(1, days + 1):
        for m in range(n + 1, days + 1):
            square += 2.0 * float(((there[n] * states) @ expm(generator * (m - n))) @ states)
    assert days_in(generator, start, states, days) == pytest.approx((mean, square - mean**2), rel=1e-9)


def test_the_long_run_is_where_nothing_moves() -> None:
    for generator in (LEDGER, TWINS):
        there = in_the_long_run(generator)
        assert there @ generator == pytest.approx(0.0, abs=1e-13)
        assert there == pytest.approx(at_time(generator, np.full(there.size, 1.0 / there.size), 2000.0), abs=1e-12)


def test_each_twin_alone_is_a_ledger() -> None:
    there = at_time(TWINS, AT_SIX, 10.0).reshape(11, 11)
    designed = at_time(ledger(11, [(0.3, -2), (0.5, 1), (0.1, -2)]), np.eye(11)[6], 10.0)
    accurate = at_time(ledger(11, [(0.3, -2), (0.5, 1)]), np.eye(11)[6], 10.0)
    assert there.sum(axis=1) == pytest.approx(designed, rel=1e-9)
    assert there.sum(axis=0) == pytest.approx(accurate, rel=1e-9)
