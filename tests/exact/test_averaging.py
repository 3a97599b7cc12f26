"""Income averaging (C32): nothing for steady incomes, never too little where the benefit is convex, and both signs where it is not."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from counterlife.exact.averaging import FORTNIGHTS, Benefit, claim, claimed_share, paid

from .tolerance import share_test

KINKED = Benefit(550.0, 100.0, 0.5)
CONVEX = Benefit(550.0, 0.0, 0.5)
incomes = arrays(float, FORTNIGHTS, elements=st.floats(0.0, 3_000.0))


@given(st.floats(0.0, 3_000.0), st.sampled_from([KINKED, CONVEX]))
def test_a_steady_income_owes_nothing(income: float, benefit: Benefit) -> None:
    assert float(claim(benefit, np.full(FORTNIGHTS, income))) == pytest.approx(0.0, abs=1e-9)


@given(arrays(float, FORTNIGHTS, elements=st.floats(100.0, 1_200.0)))
def test_nothing_is_claimed_where_the_benefit_is_a_straight_line(one: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    assert float(claim(KINKED, one)) == pytest.approx(0.0, abs=1e-8)


@given(incomes)
def test_a_convex_benefit_never_finds_anybody_underpaid(one: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    assert float(claim(CONVEX, one)) >= -1e-8


def test_with_a_free_area_the_sign_may_turn() -> None:
    """Somebody who earns 200 every second fortnight was paid too little by the mean, somebody who earns 2,000 too much."""
    every_second = np.arange(FORTNIGHTS) % 2
    assert float(claim(KINKED, every_second * 200.0)) == pytest.approx(-26 * 25.0, rel=1e-9)
    assert float(claim(KINKED, every_second * 2_000.0)) == pytest.approx(13 * 550.0 - 26 * 100.0, rel=1e-9)


def test_the_benefit_is_paid_in_three_parts() -> None:
    assert paid(KINKED, np.array([0.0, 100.0, 300.0, 1_200.0, 5_000.0])).tolist() == [550.0, 550.0, 450.0, 0.0, 0.0]


@pytest.mark.parametrize(("benefit", "above"), [(KINKED, 0.0), (KINKED, 600.0), (CONVEX, 0.0)])
def test_the_share_claimed_by_every_pattern_of_work(benefit: Benefit, above: float) -> None:
    """Eight fortnights have 256 patterns."""
    due = 0.0
    for pattern in itertools.product((0.0, 1.0), repeat=8):
        worked = int(sum(pattern))
        due += 0.6**worked * 0.4 ** (8 - worked) * (float(claim(benefit, np.array(pattern) * 2_000.0)) > above + 1e-6)
    assert claimed_share(benefit, 0.6, 2_000.0, above, fortnights=8) == pytest.approx(due, rel=1e-9)
    assert 0.3 < due < 1.0


def test_the_share_claimed_in_simulation() -> None:
    rng, n = np.random.default_rng(21), 400_000
    worked = rng.random((n, FORTNIGHTS)) < 0.6
    seen = claim(KINKED, worked * 1_500.0) > 1_800.0
    exact = claimed_share(KINKED, 0.6, 1_500.0, 1_800.0)
    assert 0.3 < exact < 0.9
    share_test(int(seen.sum()), n, exact)
