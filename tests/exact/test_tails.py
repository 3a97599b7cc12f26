"""The tails that verdicts rest on, against SciPy."""

from __future__ import annotations

import pytest
from scipy.stats import binom, chi2

from counterlife.verify.tails import chi_square_above, chi_square_tail, count_chance


@pytest.mark.parametrize("freedom", [1, 2, 9, 49, 300])
@pytest.mark.parametrize("times", [0.0, 0.1, 0.9, 1.0, 1.1, 2.0, 5.0, 20.0])
def test_the_tail_of_chi_square(freedom: int, times: float) -> None:
    due = float(chi2.sf(times * freedom, freedom))
    assert chi_square_tail(times * freedom, freedom) == pytest.approx(due, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("freedom", [1, 9, 300])
@pytest.mark.parametrize("chance", [0.5, 1e-3, 1e-6])
def test_the_distance_that_is_so_rare(freedom: int, chance: float) -> None:
    assert chi_square_above(chance, freedom) == pytest.approx(float(chi2.isf(chance, freedom)), rel=1e-9)


@pytest.mark.parametrize(
    ("count", "trials", "share"),
    [
        (0, 10, 0.3),
        (3, 10, 0.3),
        (10, 10, 0.3),
        (4, 3_000_000, 1e-5),
        (120_500, 240_100, 0.5),
        (238_000, 6_900_000, 0.0338),
        (5_140_000, 6_900_000, 0.7453559925),
        (0, 1_000, 0.5),
        (60_000, 100_000, 0.5),
        (99_990, 100_000, 0.9999),
    ],
)
def test_the_chance_of_a_count(count: int, trials: int, share: float) -> None:
    due = 2.0 * min(binom.sf(count - 1, trials, share), binom.cdf(count, trials, share))
    assert count_chance(count, trials, share) == pytest.approx(min(1.0, due), rel=1e-6, abs=1e-300)


def test_what_is_certain() -> None:
    assert (count_chance(10, 10, 1.0), count_chance(9, 10, 1.0), count_chance(0, 10, 0.0)) == (1.0, 0.0, 1.0)
