"""The functions of the gamma family against those of SciPy, which the program itself does not need."""

from __future__ import annotations

import math

import pytest
from scipy import special, stats

from counterlife.scenario.gamma import digamma, gamma_below, gamma_quantile, trigamma

SHAPES = [1e-3, 0.05, 0.3, 0.5, 1.0, 2.0, 7.5, 30.0, 500.0, 2e5]


@pytest.mark.parametrize("shape", SHAPES)
def test_moments_of_the_logarithm(shape: float) -> None:
    assert digamma(shape) == pytest.approx(float(special.digamma(shape)), rel=1e-11, abs=1e-11)
    assert trigamma(shape) == pytest.approx(float(special.polygamma(1, shape)), rel=1e-11)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.999])
def test_quantiles(shape: float, share: float) -> None:
    assert gamma_quantile(shape, share) == pytest.approx(float(stats.gamma.ppf(share, shape)), rel=1e-8, abs=1e-12)


def test_probabilities_at_the_ends() -> None:
    assert gamma_below(0.5, 0.0) == gamma_below(0.5, -1.0) == 0.0
    assert gamma_below(1.0, 2.0) == pytest.approx(1 - math.exp(-2))
    assert gamma_below(3.0, 1e3) == 1.0
