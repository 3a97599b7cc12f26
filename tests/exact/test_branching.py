"""Cascades and self-exciting streams against simulated generations, series and moments, and the values printed for C13 and C14."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

from counterlife.exact.branching import borel, hawkes_counts, hawkes_mean, hawkes_rate, spectral_radius, total
from counterlife.exact.counts import poisson
from counterlife.layout import Floats, Ints

from .tolerance import chi_square_test, widened, z_test

FOLLOWING = np.array([[0.1, 0.3], [0.2, 0.1]])


def test_printed_values_of_c13_and_c14() -> None:
    assert total(FOLLOWING) == pytest.approx([1.6, 1.1 / 0.75], rel=1e-12)
    assert round(float(total(FOLLOWING)[1]), 5) == 1.46667
    assert round(spectral_radius(FOLLOWING), 6) == 0.344949
    assert round(hawkes_rate(0.2, 0.4, 1.0, 1e6), 5) == 0.33333


def test_a_cascade_is_the_sum_of_its_generations() -> None:
    generations = sum(np.linalg.matrix_power(FOLLOWING, n) @ np.ones(2) for n in range(60))
    assert total(FOLLOWING) == pytest.approx(generations, rel=1e-12)


@pytest.mark.parametrize("strength", [1.0, 1.5])
def test_a_cascade_that_does_not_end_is_refused(strength: float) -> None:
    with pytest.raises(ValueError, match=r"^the spectral radius is not below 1: the cascade does not end$"):
        total(FOLLOWING / spectral_radius(FOLLOWING) * strength)


def test_the_spectral_radius_is_the_growth_of_many_generations() -> None:
    following = np.array([[0.0, 0.9, 0.0], [0.0, 0.0, 0.8], [0.7, 0.1, 0.2]])
    grown = np.linalg.norm(np.linalg.matrix_power(following, 400)) / np.linalg.norm(np.linalg.matrix_power(following, 397))
    assert spectral_radius(following) == pytest.approx(grown ** (1 / 3), rel=1e-6)


def test_cascades_in_simulation() -> None:
    """Generation by generation, with Poisson numbers."""
    rng, n = np.random.default_rng(5), 300_000
    for first in (0, 1):
        now = np.zeros((n, 2), np.int64)
        now[:, first] = 1
        sums = now.sum(axis=1)
        while now.any():
            now = rng.poisson(now @ FOLLOWING)
            sums += now.sum(axis=1)
        z_test(sums.mean(), sums.std() / math.sqrt(n), float(total(FOLLOWING)[first]))


def test_cluster_sizes_sum_to_one_and_have_their_mean() -> None:
    sizes = borel(0.4, 300)
    assert sizes.sum() == pytest.approx(1.0, rel=1e-12)
    assert float(sizes @ np.arange(301)) == pytest.approx(1.0 / 0.6, rel=1e-12)
    assert float(sizes @ np.arange(301) ** 2) == pytest.approx(1.0 / 0.6**3, rel=1e-12)


def test_cluster_sizes_by_the_first_generation() -> None:
    """A cluster of n is one event with Poisson offspring, whose clusters sum to n - 1."""
    sizes, most = borel(0.4, 12), 12
    of_several, due = np.eye(most + 1)[0], np.zeros(most + 1)
    for offspring in range(most + 1):
        due[1:] += poisson(0.4, most)[offspring] * of_several[:-1]
        of_several = np.convolve(of_several, sizes)[: most + 1]
    assert sizes[1:] == pytest.approx(due[1:], rel=1e-9)


# --- self-exciting streams ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("time", [0.1, 3.0, 40.0])
def test_the_rate_solves_its_equation(time: float) -> None:
    """rate(t) = arrivals + integral of offspring / fades exp(-(t - s) / fades) rate(s)."""
    excited = quad(lambda s: 0.4 / 4.0 * math.exp(-(time - s) / 4.0) * hawkes_rate(0.2, 0.4, 4.0, s), 0.0, time, epsrel=1e-12)[0]
    assert hawkes_rate(0.2, 0.4, 4.0, time) == pytest.approx(0.2 + excited, rel=1e-9)
    summed = quad(lambda s: hawkes_rate(0.2, 0.4, 4.0, s), 0.0, time, epsrel=1e-12)[0]
    assert hawkes_mean(0.2, 0.4, 4.0, time) == pytest.approx(summed, rel=1e-9)


def test_counts_have_the_mean_and_begin_with_no_event_at_all() -> None:
    there = hawkes_counts(0.2, 0.4, 4.0, 10.0, 255)
    assert there.sum() == pytest.approx(1.0, rel=1e-9)
    assert there[0] == pytest.approx(math.exp(-0.2 * 10.0), rel=1e-9)
    assert float(there @ np.arange(256)) == pytest.approx(hawkes_mean(0.2, 0.4, 4.0, 10.0), rel=1e-8)


def test_one_event_is_one_arrival_that_brings_nothing() -> None:
    """P(one event by T) = integral over its time s of arrivals exp(-arrivals T) exp(-offspring (1 - exp(-(T - s) / fades)))."""
    alone = quad(lambda s: math.exp(-0.4 * (1.0 - math.exp(-(10.0 - s) / 4.0))), 0.0, 10.0, epsrel=1e-12)[0]
    assert hawkes_counts(0.2, 0.4, 4.0, 10.0, 255)[1] == pytest.approx(0.2 * math.exp(-2.0) * alone, rel=1e-8)


def test_the_variance_of_counts_in_the_long_run() -> None:
    """arrivals T / (1 - offspring)^3, apart from what the ends do, which does not grow with T."""
    spread = []
    for time in (150.0, 300.0):
        there, numbers = hawkes_counts(0.2, 0.4, 4.0, time, 1023), np.arange(1024)
        mean = float(there @ numbers)
        spread.append(float(there @ (numbers - mean) ** 2))
    assert (spread[1] - spread[0]) / 150.0 == pytest.approx(0.2 / 0.6**3, rel=1e-6)


def test_short_memory_leaves_whole_clusters() -> None:
    """If excitement fades at once, the events are a Poisson number of clusters of Borel sizes."""
    sizes, most = borel(0.4, 127), 127
    clusters, due = np.eye(most + 1)[0], np.zeros(most + 1)
    for number in range(40):
        due += poisson(2.0, 40)[number] * clusters
        clusters = np.convolve(clusters, sizes)[: most + 1]
    assert hawkes_counts(0.2, 0.4, 0.02, 10.0, most) == pytest.approx(due, abs=1e-3)


def test_moments_by_their_own_differential_equations() -> None:
    """Excitement h falls at 1 / fades and each event adds 1: closed equations for E h, E N, E h^2, E hN, E N^2; the rate is 0.2 + 0.1 h."""

    def slope(_: float, at: Floats) -> list[float]:
        h, n, hh, hn, _ = at
        rate, rate_h, rate_n = 0.2 + 0.1 * h, 0.2 * h + 0.1 * hh, 0.2 * n + 0.1 * hn
        return [rate - h / 4, rate, 2 * rate_h + rate - hh / 2, rate_h + rate_n + rate - hn / 4, 2 * rate_n + rate]

    moments = solve_ivp(slope, (0.0, 10.0), np.zeros(5), rtol=1e-10, atol=1e-12).y[:, -1]
    there, numbers = hawkes_counts(0.2, 0.4, 4.0, 10.0, 255), np.arange(256)
    assert [float(there @ numbers), float(there @ numbers**2)] == pytest.approx([moments[1], moments[4]], rel=1e-7)


def clustered(rng: np.random.Generator, people: int, time: float) -> Ints:
    """Events of so many people up to a time, arrivals and their descendants (Hawkes and Oakes 1974)."""
    numbers = rng.poisson(0.2 * time, people)
    owner = np.repeat(np.arange(people), numbers)
    when = rng.uniform(0.0, time, owner.size)
    while owner.size:
        children = rng.poisson(0.4, owner.size)
        owner, when = np.repeat(owner, children), np.repeat(when, children) + rng.exponential(4.0, int(children.sum()))
        owner, when = owner[when < time], when[when < time]
        np.add.at(numbers, owner, 1)
    return numbers


def test_counts_in_simulation() -> None:
    people = 1_000_000
    seen = np.bincount(clustered(np.random.default_rng(6), people, 10.0), minlength=256)
    chi_square_test(*widened(seen, people * hawkes_counts(0.2, 0.4, 4.0, 10.0, seen.size - 1)), restraints=0)
    assert len(widened(seen, people * hawkes_counts(0.2, 0.4, 4.0, 10.0, seen.size - 1))[0]) > 15
    mean = float(seen @ np.arange(seen.size)) / people
    spread = math.sqrt(float(seen @ (np.arange(seen.size) - mean) ** 2)) / people
    z_test(mean, spread, hawkes_mean(0.2, 0.4, 4.0, 10.0))
