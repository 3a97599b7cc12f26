"""The queues against simulations that know nothing of offices, equations that they must satisfy, and the values printed for C17 to C19."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import poisson

from counterlife.exact.chains import in_the_long_run
from counterlife.exact.queues import daily_slots, erlang_a, erlang_c, wait_for_a_slot

from .tolerance import cluster_test


def test_printed_values_of_c17() -> None:
    ten = erlang_c(9.0, 1.0, 10)
    assert (round(ten.waits, 6), round(ten.wait, 6), round(ten.queue, 6)) == (0.668732, 0.668732, 6.018584)
    impatient = erlang_a(12.0, 1.0, 10, 0.1)
    assert (round(impatient.leaves, 6), round(impatient.queue, 4)) == (0.169752, 20.3703)


def test_printed_values_of_c18_and_c19() -> None:
    left = daily_slots(0.9, 1)
    assert float(left @ np.arange(left.size)) == pytest.approx(4.05, rel=1e-9)
    assert erlang_c(0.9, 1.0, 1).wait == pytest.approx(9.0, rel=1e-12)
    assert round(erlang_c(9.0, 1.0, 10).wait, 4) == 0.6687


@pytest.mark.parametrize(("arrivals", "service", "reviewers", "leaving"), [(9.0, 1.0, 10, 0.0), (12.0, 1.0, 10, 0.1), (3.0, 2.0, 2, 0.5)])
def test_waiting_is_that_of_a_chain_of_cases(arrivals: float, service: float, reviewers: int, leaving: float) -> None:
    """The number of cases as a Markov chain with few states, solved by linear algebra."""
    most = 400
    generator = np.zeros((most + 1, most + 1))
    for k in range(most):
        generator[k, k + 1] = arrivals
        generator[k + 1, k] = min(k + 1, reviewers) * service + max(k + 1 - reviewers, 0) * leaving
    generator -= np.diag(generator.sum(axis=1))
    there = in_the_long_run(generator)
    queue = float(there @ np.maximum(np.arange(most + 1) - reviewers, 0))
    seen = erlang_a(arrivals, service, reviewers, leaving) if leaving else erlang_c(arrivals, service, reviewers)
    assert seen == pytest.approx((there[reviewers:].sum(), queue / arrivals, queue, leaving * queue / arrivals), rel=1e-9, abs=1e-15)


def test_who_gives_up_ever_more_slowly_waits_as_the_patient() -> None:
    assert erlang_a(9.0, 1.0, 10, 1e-9)[:3] == pytest.approx(erlang_c(9.0, 1.0, 10)[:3], rel=1e-6)


def test_one_reviewer_as_in_the_textbook() -> None:
    """M/M/1: rho / (mu - lambda)."""
    assert erlang_c(0.7, 1.3, 1).wait == pytest.approx(0.7 / 1.3 / 0.6, rel=1e-12)
    assert erlang_c(0.7, 1.3, 1).waits == pytest.approx(0.7 / 1.3, rel=1e-12)


def test_waits_in_simulation() -> None:
    """Lindley's recursion for one reviewer: the next waits max(0, wait + service - gap), by cumulated sums."""
    rng = np.random.default_rng(3)
    steps = rng.exponential(1.0, (2_000, 10_000)) - rng.exponential(1.0 / 0.7, (2_000, 10_000))
    walk = np.cumsum(steps, axis=1)
    waits = walk - np.minimum(np.minimum.accumulate(walk, axis=1), 0.0)
    some = waits[:, 500:].sum(axis=1)
    cluster_test(some, np.full(some.size, waits.shape[1] - 500), erlang_c(0.7, 1.0, 1).wait)


# --- daily slots --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arrivals", [0.2, 0.5, 0.9, 0.97])
def test_one_case_a_day_has_a_closed_form(arrivals: float) -> None:
    left = daily_slots(arrivals, 1)
    assert float(left @ np.arange(left.size)) == pytest.approx(arrivals**2 / (2.0 * (1.0 - arrivals)), rel=1e-9)
    assert wait_for_a_slot(arrivals, 1) == pytest.approx(0.5 + arrivals / (2.0 * (1.0 - arrivals)), rel=1e-9)


@pytest.mark.parametrize(("arrivals", "slots"), [(2.6, 3), (9.0, 10)])
def test_slots_are_balanced_and_fall_off_as_they_should(arrivals: float, slots: int) -> None:
    """As many are decided as come; and many are left over ever more rarely, by the root of exp(arrivals (z - 1)) = z ^ slots."""
    left = daily_slots(arrivals, slots)
    assert left.sum() == pytest.approx(1.0, rel=1e-12)
    assert (left > -1e-15).all()
    unused = sum(float(left[k]) * sum((slots - k - came) * poisson.pmf(came, arrivals) for came in range(slots - k)) for k in range(slots))
    assert slots - unused == pytest.approx(arrivals, rel=1e-9)
    root = brentq(lambda z: arrivals * (z - 1.0) - slots * math.log(z), 1.0 + 1e-6, 10.0)
    assert left[31] / left[30] == pytest.approx(1.0 / root, rel=1e-6)


def test_slots_in_simulation() -> None:
    rng, queue, sums = np.random.default_rng(4), np.zeros(20_000), np.zeros(20_000)
    for day in range(1_500):
        queue = np.maximum(queue + rng.poisson(2.6, queue.size) - 3, 0.0)
        if day >= 500:
            sums += queue
    left = daily_slots(2.6, 3)
    cluster_test(sums, np.full(sums.size, 1_000), float(left @ np.arange(left.size)))
