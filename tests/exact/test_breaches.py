"""Breaches against every case, and the values printed for C24."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from counterlife.exact.breaches import breach, tail_mean

from .tolerance import share_test, z_test


def test_printed_values_of_c24() -> None:
    central, spread_out = breach(1, 0.1), breach(30, 0.1)
    assert central.mean == spread_out.mean == 0.1
    assert (round(central.any, 6), round(spread_out.any, 6)) == (0.1, 0.957609)
    assert (round(central.spread, 6), round(spread_out.spread, 6)) == (0.3, 0.054772)


def test_by_counting_every_case() -> None:
    cases = {(): 1.0}
    for _ in range(5):
        cases = {(*case, hit): chance * (0.3 if hit else 0.7) for case, chance in cases.items() for hit in (0, 1)}
    lost = np.array([sum(case) / 5 for case in cases])
    chance = np.array(list(cases.values()))
    mean = float(chance @ lost)
    due = (mean, math.sqrt(float(chance @ (lost - mean) ** 2)), float(chance[lost > 0].sum()), float(chance[lost == 1.0].sum()))
    assert breach(5, 0.3) == pytest.approx(due, rel=1e-12)
    assert len(list(itertools.product((0, 1), repeat=5))) == chance.size


def test_in_simulation() -> None:
    rng, n = np.random.default_rng(13), 400_000
    lost = rng.binomial(30, 0.1, n) / 30
    share_test(int((lost > 0).sum()), n, breach(30, 0.1).any)
    z_test(lost.mean(), breach(30, 0.1).spread / math.sqrt(n), breach(30, 0.1).mean)
    worst = np.sort(lost)[-n // 20 :]
    assert tail_mean(30, 0.1, 0.05) == pytest.approx(worst.mean(), rel=0.005)


def test_the_worst_cases_of_one_place_lose_everything() -> None:
    assert tail_mean(1, 0.1, 0.05) == pytest.approx(1.0, rel=1e-12)
    assert tail_mean(1, 0.1, 0.2) == pytest.approx(0.5, rel=1e-12)
    assert tail_mean(30, 0.1, 1.0) == pytest.approx(0.1, rel=1e-12)
    assert tail_mean(30, 0.1, 0.05) < 0.3 * tail_mean(1, 0.1, 0.05)
