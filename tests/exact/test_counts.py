"""Closed forms of counts against SciPy and quadrature, and the values printed for C3."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom, nbinom, poisson

from counterlife.exact import counts


def test_printed_values_of_c3() -> None:
    unequal, equal = counts.negative_binomial(0.4, 0.5, 10), counts.poisson(0.4, 10)
    assert round(float(unequal[0]), 6) == 0.745356
    assert round(float(equal[0]), 6) == 0.670320
    assert round(counts.at_least(unequal, 3), 6) == 0.033798
    assert round(counts.at_least(equal, 3), 6) == 0.007926


@pytest.mark.parametrize("mean", [0.0, 1e-6, 0.4, 7.0, 900.0])
def test_poisson(mean: float) -> None:
    assert counts.poisson(mean, 1000) == pytest.approx(poisson.pmf(np.arange(1001), mean), rel=1e-9, abs=1e-250)


@pytest.mark.parametrize(("mean", "shape"), [(0.4, 0.5), (3.0, 2.0), (40.0, 0.1)])
def test_negative_binomial(mean: float, shape: float) -> None:
    assert counts.negative_binomial(mean, shape, 60) == pytest.approx(nbinom.pmf(np.arange(61), shape, shape / (shape + mean)), rel=1e-9)


def test_negative_binomial_mixes_poisson_numbers() -> None:
    """The same from its definition: the mean Poisson probability over a Gamma factor of mean 1."""
    mean, shape = 0.4, 2.5
    mixed = counts.negative_binomial(mean, shape, 4)
    for k in range(5):
        density = lambda z, k=k: float(poisson.pmf(k, mean * z)) * z ** (shape - 1) * np.exp(-shape * z)  # noqa: E731
        norm = quad(lambda z: z ** (shape - 1) * np.exp(-shape * z), 0, np.inf, epsabs=0, epsrel=1e-12)[0]
        assert mixed[k] == pytest.approx(quad(density, 0, np.inf, epsabs=0, epsrel=1e-12)[0] / norm, rel=1e-9)


@pytest.mark.parametrize(("trials", "share"), [(0, 0.3), (5, 0.3), (40, 0.999), (7, 0.0), (7, 1.0)])
def test_binomial(trials: int, share: float) -> None:
    assert counts.binomial(trials, share) == pytest.approx(binom.pmf(np.arange(trials + 1), trials, share), rel=1e-9, abs=1e-300)


def test_the_rest_adds_up() -> None:
    probabilities = counts.with_rest(counts.poisson(1.8, 7))
    assert probabilities.sum() == pytest.approx(1.0, rel=1e-15)
    assert probabilities[-1] == pytest.approx(poisson.sf(7, 1.8), rel=1e-9)


@pytest.mark.parametrize("terms", [{}, {"keep": 360.0}, {"settled_after": 360.0}, {"keep": 540.0, "settled_after": 360.0}])
@pytest.mark.parametrize("day", [100.0, 360.0, 900.0])
def test_acting_is_the_mean_number_still_there(terms: dict[str, float], day: float) -> None:
    def acts(age: float) -> float:
        return (age < terms.get("keep", np.inf)) * np.exp(-age / terms.get("settled_after", np.inf))

    breaks = [age for age in (360.0, 540.0) if age < day] or None
    assert counts.acting(0.005, day, **terms) == pytest.approx(0.005 * quad(acts, 0.0, day, points=breaks, epsrel=1e-12)[0], rel=1e-9)


def test_the_first_event_falls_somewhere() -> None:
    edges = [0.0, 30.0, 31.0, 500.0]
    due = [counts.first_within(0.01, begin, end) for begin, end in itertools.pairwise(edges)]
    for share, begin, end in zip(due, edges[:-1], edges[1:], strict=True):
        assert share == pytest.approx(quad(lambda t: 0.01 * np.exp(-0.01 * t), begin, end, epsrel=1e-12)[0], rel=1e-9)
    assert sum(due) == pytest.approx(1.0 - np.exp(-5.0), rel=1e-12)
