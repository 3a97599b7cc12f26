"""Gaming, effort and refitting: against people and best answers one by one, and what C26 to C28 say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from counterlife.exact.audits import auc
from counterlife.exact.incentives import believed, equilibria, gamed, moved, refitted, refitted_for_good, undeterred_days

from .tolerance import share_test

MARK, REACH = -0.5, 0.4


def test_c26_whoever_can_reach_the_mark_stands_on_it() -> None:
    rng, n = np.random.default_rng(14), 2_000_000
    scores = rng.standard_normal(n)
    after = gamed(scores, MARK, REACH)
    share = moved(norm.cdf, MARK, REACH)
    share_test(int((after != scores).sum()), n, share)
    assert (scores < MARK).sum() - (after < MARK).sum() == (after != scores).sum() == (after == MARK).sum()
    assert (after >= scores).all()


def test_c26_a_ranking_that_was_perfect_can_only_lose() -> None:
    """The score ranks conduct without a mistake; those wanted are the tenth with the most of it."""
    rng = np.random.default_rng(15)
    lost = []
    for wanted in (0.1, 0.3, 0.7):
        scores = rng.standard_normal(20_000)
        best = (scores >= np.quantile(scores, 1.0 - wanted)).astype(float)
        assert auc(scores, best) == pytest.approx(1.0, rel=1e-12)
        lost.append(1.0 - auc(gamed(scores, MARK, REACH), best))
        assert lost[-1] > -1e-12
    assert lost[:2] == pytest.approx([0.0, 0.0], abs=1e-12)
    assert lost[2] > 1e-3  # the mark lies among the wanted only in the last case


def test_c26_nobody_within_reach_moves_nothing() -> None:
    assert moved(norm.cdf, MARK, 0.0) == 0.0
    assert gamed(np.array([1.0, -2.0, -0.9, MARK]), MARK, REACH).tolist() == [1.0, -2.0, MARK, MARK]


# --- effort -------------------------------------------------------------------------------------------------------------------------


def answer(qualified: float, wage: float, accuracy: float, needed: float) -> float:
    """Share of people who qualify where so many are believed to: effort gains the wage as far as it helps to be taken on."""
    taken = [believed(qualified, accuracy, passed) >= needed and qualified > 0 for passed in (True, False)]
    chance = [accuracy * taken[0] + (1.0 - accuracy) * taken[1], (1.0 - accuracy) * taken[0] + accuracy * taken[1]]
    return wage * (chance[0] - chance[1])


@pytest.mark.parametrize("wage", [0.3, 0.7, 1.0])
@pytest.mark.parametrize("accuracy", [0.6, 0.75, 0.95])
@pytest.mark.parametrize("needed", [0.2, 0.5, 0.8])
def test_c27_equilibria_are_the_shares_that_answer_themselves(wage: float, accuracy: float, needed: float) -> None:
    grid = [*np.linspace(0.0, 1.0, 401).tolist(), wage * (2.0 * accuracy - 1.0)]
    confirmed = sorted({round(share, 9) for share in grid if abs(answer(share, wage, accuracy, needed) - share) < 1e-12})
    assert equilibria(wage, accuracy, needed) == pytest.approx(confirmed, abs=1e-8)


def test_c27_one_design_two_outcomes() -> None:
    """The condition of C27: pi q / (pi q + (1 - pi)(1 - q)) >= t, here 0.4 * 0.9 / (0.36 + 0.06) = 0.857."""
    assert equilibria(0.5, 0.9, 0.85) == [0.0, pytest.approx(0.4, rel=1e-12)]
    assert equilibria(0.5, 0.9, 0.86) == [0.0]
    assert equilibria(0.5, 0.9, 0.05) == [0.0]  # so little is needed that everybody is taken on, and effort is lost


# --- deterrence ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("deter", "start"), [(1.2, 0.5), (0.0, 0.5), (5.0, 0.0), (1.2, 1.0)])
def test_undeterred_days_are_an_integral(deter: float, start: float) -> None:
    due = quad(lambda t: math.exp(-deter * (1.0 - (1.0 - start) * math.exp(-0.01 * t))), 0.0, 400.0, epsrel=1e-12)[0]
    assert undeterred_days(deter, start, 0.01, 400.0) == pytest.approx(due, rel=1e-9)


# --- refitting ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slope", [-0.9, -0.3, 0.0, 0.5, 0.9])
def test_c28_refitting_settles_where_the_answer_is_weak(slope: float) -> None:
    limit = refitted_for_good(2.0, slope)
    assert refitted(2.0, slope, 100.0, 400) == pytest.approx(limit, rel=1e-9)
    assert refitted(2.0, slope, limit, 1) == pytest.approx(limit, rel=1e-12)
    assert refitted(2.0, slope, 100.0, 3) - limit == pytest.approx(slope**3 * (100.0 - limit), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("slope", [-1.0, 1.0, 1.2, -3.0])
def test_c28_and_never_where_it_is_strong(slope: float) -> None:
    with pytest.raises(ValueError, match=r"^people answer so strongly that refitting never settles$"):
        refitted_for_good(2.0, slope)
    assert abs(refitted(2.0, slope, 100.0, 401) - refitted(2.0, slope, 100.0, 400)) > 1.0
    assert math.isfinite(refitted(2.0, slope, 100.0, 3))
