"""Parents, and scores with ties: against every case, rounds, and the values printed for C21 and C22."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from counterlife.exact.ties import after, any_parent, most_off, settled

from .tolerance import share_test

STAR = np.array([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
OWN = np.array([700.0, 500.0, 900.0])
START = np.array([0.0, 900.0, 100.0])


def test_printed_value_of_c22() -> None:
    assert settled(0.3, OWN, STAR) == pytest.approx([700.0, 560.0, 840.0], rel=1e-12)


@pytest.mark.parametrize("parents", [0, 1, 2, 3])
def test_any_parent_by_counting_every_case(parents: int) -> None:
    closed = 0.0
    for together, *each in itertools.product((True, False), repeat=parents + 1):
        case = 0.05 if together else 0.95
        for one in each:
            case *= 0.2 if one else 0.8
        closed += case * (together or any(each))
    assert any_parent(parents, 0.2, 0.05) == pytest.approx(closed, rel=1e-12)
    assert any_parent(2, 0.2) == pytest.approx(1.0 - 0.8**2, rel=1e-12)


def test_any_parent_in_simulation() -> None:
    rng, n = np.random.default_rng(12), 1_000_000
    closed = (rng.random((n, 2)) < 0.2).any(axis=1) | (rng.random(n) < 0.05)
    share_test(int(closed.sum()), n, any_parent(2, 0.2, 0.05))


def test_a_settled_score_no_longer_moves() -> None:
    limit = settled(0.3, OWN, STAR)
    assert after(0.3, OWN, STAR, limit, 1) == pytest.approx(limit, rel=1e-12)
    assert after(0.3, OWN, STAR, np.zeros(3), 60) == pytest.approx(limit, rel=1e-12)


@pytest.mark.parametrize("rounds", [0, 1, 2, 5, 12])
def test_the_distance_falls_at_least_as_fast_as_it_should(rounds: int) -> None:
    limit = settled(0.3, OWN, STAR)
    off = float(np.abs(after(0.3, OWN, STAR, START, rounds) - limit).max())
    assert off <= most_off(0.3, START, limit, rounds) * (1.0 + 1e-9)
    assert off >= 1e-3 * most_off(0.3, START, limit, rounds)  # and the bound is no empty one
