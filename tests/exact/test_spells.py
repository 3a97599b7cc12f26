"""Spells, wrongful shares, namesakes and the inspection paradox: against a second method, and the values printed for C6, C7, C8 and C11."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import roots_genlaguerre
from scipy.stats import binom, poisson

from counterlife.exact import spells

from .tolerance import z_test

RATE = 0.25 / 365.0


def test_printed_values_of_c6() -> None:
    assert round(spells.restricted_share(RATE, 730), 6) == 0.393469
    assert round(spells.spell_mean(RATE, 730), 1) == 947.1
    assert round(spells.spells_a_day(RATE, 730) * 365.0, 6) == 0.151633


def test_printed_values_of_c7() -> None:
    assert round(spells.wrongful_share(0.4, 0.1), 6) == 0.063789
    assert round(spells.wrongful_share(0.4, 0.1, shape=0.5), 6) == 0.070930
    assert round(spells.wrongful_share(0.4, 0.1, needs=2), 6) == 0.028652


def test_printed_values_of_c8_and_c11() -> None:
    assert round(spells.namesake_share(0.4, 0.1, 5), 6) == 0.021111
    assert spells.mean_spell((30, 720), (0.9, 0.1)) == pytest.approx(99.0, rel=1e-12)
    assert round(spells.mean_spell_in_progress((30, 720), (0.9, 0.1)), 2) == 531.82
    assert round(spells.mean_residual((30, 720), (0.9, 0.1)), 2) == 265.91


@pytest.mark.parametrize(("rate", "term"), [(RATE, 730.0), (0.3, 5.0)])
def test_a_spell_is_an_event_and_perhaps_another_spell(rate: float, term: float) -> None:
    """E L = term P(no event) + the mean of (gap + L) over gaps below the term, solved for E L."""
    gaps = quad(lambda x: x * rate * math.exp(-rate * x), 0.0, term, epsrel=1e-12)[0]
    assert spells.spell_mean(rate, term) == pytest.approx((term * math.exp(-rate * term) + gaps) / math.exp(-rate * term), rel=1e-9)
    assert spells.spell_mean(rate, term) * spells.spells_a_day(rate, term) == pytest.approx(spells.restricted_share(rate, term), rel=1e-12)


@pytest.mark.parametrize(("rate", "term"), [(0.3, 5), (0.01, 40), (RATE, 730)])
def test_spells_of_whole_days_are_an_absorbing_chain(rate: float, term: int) -> None:
    """States: days left on the list, 1 .. term. Each day an event renews the term; the spell is over when none is left."""
    step = np.diag(np.full(term - 1, math.exp(-rate)), -1)
    step[:, term - 1] += -math.expm1(-rate)
    left = np.linalg.solve(np.eye(term) - step, np.ones(term))
    assert spells.spell_mean_of_whole_days(rate, term) == pytest.approx(left[term - 1], rel=1e-9)


@pytest.mark.parametrize("day", [100.0, 730.0, 5000.0])
def test_spells_begin_where_nothing_acts(day: float) -> None:
    begun = quad(lambda t: RATE * math.exp(-RATE * min(t, 730.0)), 0.0, day, points=[min(day, 730.0)], epsrel=1e-12)[0]
    assert spells.spells_until(RATE, 730.0, day) == pytest.approx(begun, rel=1e-9)
    days = sum(poisson.sf(0, RATE * min(n, 730)) for n in range(101, int(day) + 1))
    assert spells.days_restricted(RATE, 730.0, 100, int(day)) == pytest.approx(days, rel=1e-9)


def test_a_spell_in_simulation() -> None:
    """Busy periods made of their parts: a geometric number of gaps below the term, and a last whole term."""
    rng = np.random.default_rng(1)
    more = rng.geometric(math.exp(-RATE * 730.0), 400_000) - 1
    gaps = -np.log1p(rng.random(int(more.sum())) * math.expm1(-RATE * 730.0)) / RATE
    assert gaps.max() <= 730.0
    lengths = np.full(more.size, 730.0)
    np.add.at(lengths, np.repeat(np.arange(more.size), more), gaps)
    z_test(lengths.mean(), lengths.std() / math.sqrt(lengths.size), spells.spell_mean(RATE, 730.0))


@pytest.mark.parametrize("needs", [1, 2, 3])
def test_wrongful_share_is_a_difference_of_cumulative_probabilities(needs: int) -> None:
    """Accurate records are among those as designed: wrongful = open with accurate records - open as designed."""
    difference = poisson.cdf(needs - 1, 0.4) - poisson.cdf(needs - 1, 0.5)
    assert spells.wrongful_share(0.4, 0.1, needs) == pytest.approx(difference, rel=1e-9)


@pytest.mark.parametrize("needs", [1, 2])
def test_wrongful_share_of_unequal_people_is_a_mean_over_frailty(needs: int) -> None:
    nodes, weights = roots_genlaguerre(60, 0.5 - 1.0)
    each = [spells.wrongful_share(0.4 * node / 0.5, 0.1, needs) for node in nodes]
    assert spells.wrongful_share(0.4, 0.1, needs, shape=0.5) == pytest.approx(float(weights @ each / weights.sum()), rel=1e-9)


def test_namesake_share_by_counting_every_case() -> None:
    """Own records 0, 1, ...; how many of them went astray; how many of others came in."""
    records, missing, holders = 0.4, 0.1, 5
    astray = missing * (holders - 1) / holders
    wrongful, lenient = 0.0, 0.0
    for own in range(40):
        for lost in range(own + 1):
            for strays in range(40):
                case = poisson.pmf(own, records) * binom.pmf(lost, own, astray) * poisson.pmf(strays, records * astray)
                designed, accurate = own - lost + strays > 0, own > 0
                wrongful += case * (designed and not accurate)
                lenient += case * (accurate and not designed)
    assert spells.namesake_share(records, missing, holders) == pytest.approx(wrongful, rel=1e-9)
    assert wrongful == pytest.approx(lenient, rel=1e-9)


def test_residual_is_the_mean_of_the_excess_law() -> None:
    """Its density is the share of spells that are longer, over the mean."""
    lengths, shares = (30.0, 720.0), (0.9, 0.1)

    def longer(x: float) -> float:
        return sum(share for length, share in zip(lengths, shares, strict=True) if length > x)

    moments = [quad(lambda x, k=k: x**k * longer(x), 0, 720, points=[30.0], epsrel=1e-12)[0] for k in (0, 1)]
    assert spells.mean_residual(lengths, shares) == pytest.approx(moments[1] / moments[0], rel=1e-9)
    assert spells.mean_spell_in_progress(lengths, shares) == pytest.approx(2 * moments[1] / moments[0], rel=1e-9)


def test_running_before_the_first_spell_can_have_ended_twice() -> None:
    """With one length, a gap at time t is the first one, or the second after one spell: e^-at + a (t - L) e^-a(t - L)."""
    rate, length, day = 0.05, 40.0, 70.0
    gap = math.exp(-rate * day) + rate * (day - length) * math.exp(-rate * (day - length))
    errors = [abs(1.0 - float(spells.running((length,), (1.0,), rate, day, steps)[0]) - gap) for steps in (1, 10, 100)]
    assert errors[2] < 1e-7
    assert errors[0] / errors[1] == pytest.approx(100.0, rel=0.05)  # second order


def test_running_in_the_long_run() -> None:
    lengths, shares, rate = (30.0, 720.0), (0.9, 0.1), 0.01
    seen = spells.running(lengths, shares, rate, 20_000.0)
    cycle = 1.0 / rate + spells.mean_spell(lengths, shares)
    assert seen == pytest.approx([0.9 * 30.0 / cycle, 0.1 * 720.0 / cycle], rel=1e-9)


def test_running_in_simulation() -> None:
    """People who alternate between gaps and spells until day 400, when few are in the long run."""
    rng, people, day = np.random.default_rng(2), 1_200_000, 400.0
    time, kind = np.zeros(people), np.full(people, -1)
    moving = np.arange(people)
    while moving.size:
        begin = time[moving] + rng.exponential(100.0, moving.size)
        long = rng.random(moving.size) < 0.1
        end = begin + np.where(long, 720.0, 30.0)
        met = (begin < day) & (end >= day)
        kind[moving[met]] = long[met]
        time[moving] = end
        moving = moving[end < day]
    for j, share in enumerate(spells.running((30.0, 720.0), (0.9, 0.1), 0.01, day, 4)):
        z_test(float((kind == j).mean()), math.sqrt(share * (1 - share) / people), float(share), materiality=0.015)
