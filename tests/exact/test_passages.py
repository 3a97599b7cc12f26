"""First passages against closed forms, the chain step by step, and the values printed for C10 and C23."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import expm

from counterlife.exact.chains import at_time, in_the_long_run, ledger
from counterlife.exact.passages import hit_by, hits_first, ruin, stopped, time_to

from .tolerance import share_test

WALK = ledger(11, [(0.45, 1), (0.55, -1)])
LOW, HIGH, AT_FIVE = np.eye(11)[0], np.eye(11)[10], np.eye(11)[5]


def test_printed_value_of_c23() -> None:
    assert round(ruin(0.45, 5, 10), 6) == 0.731717
    assert round(float(hits_first(WALK, LOW, HIGH)[5]), 6) == 0.731717


@pytest.mark.parametrize("up", [0.3, 0.45, 0.5, 0.8])
def test_ruin_is_a_first_passage(up: float) -> None:
    walk = ledger(11, [(up, 1), (1.0 - up, -1)])
    assert hits_first(walk, LOW, HIGH) == pytest.approx([ruin(up, start, 10) for start in range(11)], rel=1e-9)
    assert hits_first(walk, LOW, HIGH) + hits_first(walk, HIGH, LOW) == pytest.approx(np.ones(11), rel=1e-12)


def test_ruin_in_simulation() -> None:
    rng, n = np.random.default_rng(9), 200_000
    score = np.full(n, 5)
    while ((score > 0) & (score < 10)).any():
        moving = (score > 0) & (score < 10)
        score[moving] += np.where(rng.random(int(moving.sum())) < 0.45, 1, -1)
    share_test(int((score == 0).sum()), n, ruin(0.45, 5, 10))


def test_time_to_is_the_area_below_not_yet() -> None:
    due = time_to(WALK, LOW)
    assert due[0] == 0.0
    area = quad(lambda t: 1.0 - hit_by(WALK, AT_FIVE, LOW, t), 0.0, 3_000.0, epsrel=1e-7, limit=400)[0]
    assert due[5] == pytest.approx(area, rel=1e-5)


def test_time_to_by_the_number_of_steps() -> None:
    """A fair walk from i with a wall at the top: i (2 top + 1 - i) steps (the top itself holds half of the time)."""
    fair = ledger(11, [(0.5, 1), (0.5, -1)])
    assert time_to(fair, LOW) == pytest.approx([i * (21 - i) for i in range(11)], rel=1e-9)


@pytest.mark.parametrize("time", [0.0, 5.0, 60.0])
def test_hit_by_a_time(time: float) -> None:
    held = WALK.copy()
    held[0] = 0.0
    assert (stopped(WALK, LOW) == held).all()
    assert hit_by(WALK, AT_FIVE, LOW, time) == pytest.approx(float(expm(held * time)[5, 0]), rel=1e-9, abs=1e-15)


def test_hit_by_in_simulation() -> None:
    rng, n = np.random.default_rng(10), 400_000
    score, lowest = np.full(n, 5), np.full(n, 5)
    steps = rng.poisson(20.0, n)
    for k in range(steps.max()):
        move = (steps > k) * np.where(rng.random(n) < 0.45, 1, -1)
        score = np.clip(score + move, 0, 10)
        lowest = np.minimum(lowest, score)
    share_test(int((lowest == 0).sum()), n, hit_by(WALK, AT_FIVE, LOW, 20.0))


def test_two_states_as_in_the_textbook() -> None:
    """C10: a / (a + r) (1 - exp(-(a + r) t)), and the mean time to be restricted is 1 / a."""
    life = np.array([[-0.1, 0.1], [0.5, -0.5]])
    for time in (0.0, 2.0, 11.0):
        due = 0.1 / 0.6 * -math.expm1(-0.6 * time)
        assert float(at_time(life, np.array([1.0, 0.0]), time)[1]) == pytest.approx(due, rel=1e-9, abs=1e-15)
    assert in_the_long_run(life)[1] == pytest.approx(1.0 / 6.0, rel=1e-12)
    assert time_to(life, np.array([0.0, 1.0]))[0] == pytest.approx(10.0, rel=1e-12)


def test_two_states_in_simulation() -> None:
    rng, n = np.random.default_rng(11), 2_000_000
    clock, restricted, at_end = np.zeros(n), np.zeros(n, bool), np.zeros(n, bool)
    while (clock < 2.0).any():
        moving = clock < 2.0
        clock[moving] += rng.exponential(np.where(restricted[moving], 2.0, 10.0))
        at_end[moving & (clock >= 2.0)] = restricted[moving & (clock >= 2.0)]
        restricted[moving] = ~restricted[moving]
    exact = 0.1 / 0.6 * -math.expm1(-1.2)
    share_test(int(at_end.sum()), n, exact)
