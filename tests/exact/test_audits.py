"""What is seen from outside: against pairs, every case and simulation, and the values printed for C29, C31 and C33."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom, mannwhitneyu, norm

from counterlife.exact.audits import adjudicate, auc, auc_of_classes, auc_of_normals, captured, chapman, chapman_mean

from .tolerance import share_test, z_test


def test_printed_values_of_c29_and_c31() -> None:
    assert round(auc_of_normals(0.5), 6) == 0.638163
    mean, spread = chapman_mean(2_000, 0.3, 0.2)
    assert mean == pytest.approx(1999.4, abs=1.0)  # both printed from a simulation
    assert spread == pytest.approx(139.0, rel=0.02)


@pytest.mark.parametrize("shift", [0.0, 0.5, -1.0, 3.0])
def test_auc_of_normals_is_a_normal_probability(shift: float) -> None:
    assert auc_of_normals(shift) == pytest.approx(norm.cdf(shift / math.sqrt(2.0)), rel=1e-12)


def test_auc_counts_pairs() -> None:
    rng = np.random.default_rng(16)
    scores, wanted = rng.integers(0, 9, 200).astype(float), (rng.random(200) < 0.3).astype(float)
    pairs = scores[wanted == 1][:, None] - scores[wanted == 0]
    assert auc(scores, wanted) == pytest.approx(float((pairs > 0).mean() + (pairs == 0).mean() / 2.0), rel=1e-12)
    wins = mannwhitneyu(scores[wanted == 1], scores[wanted == 0]).statistic
    assert auc(scores, wanted) == pytest.approx(wins / pairs.size, rel=1e-12)


def test_auc_of_samples_is_that_of_their_laws() -> None:
    rng, n = np.random.default_rng(17), 400_000
    scores = np.concatenate((rng.standard_normal(n) + 0.5, rng.standard_normal(n)))
    z_test(auc(scores, np.repeat([1.0, 0.0], n)), math.sqrt(0.25 / n), auc_of_normals(0.5))


def test_auc_of_classes_in_every_pair_and_in_simulation() -> None:
    first, second = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.3, 0.6])
    by_hand = 0.5 * (0.1 / 2 + 0.9) + 0.3 * (0.3 / 2 + 0.6) + 0.2 * 0.6 / 2
    mean, of_first, of_second = auc_of_classes(first, second)
    assert mean == pytest.approx(by_hand, rel=1e-12)
    rng, runs, m, n = np.random.default_rng(19), 4_000, 300, 500
    found = []
    for _ in range(runs):
        one, two = rng.multinomial(m, first) / m, rng.multinomial(n, second) / n
        found.append(auc_of_classes(one, two)[0])
    spread = math.sqrt(of_first**2 / m + of_second**2 / n)
    z_test(float(np.mean(found)), spread / math.sqrt(runs), mean)
    assert np.std(found) == pytest.approx(spread, rel=0.06)  # 4.9 errors of a deviation from so many, and the term left out
    assert auc_of_classes(np.array([1.0, 0.0]), np.array([0.0, 1.0]))[0] == 1.0


# --- two lists ----------------------------------------------------------------------------------------------------------------------


def test_c31_by_counting_every_case() -> None:
    people, first, second = 9, 0.6, 0.5
    moments = np.zeros(2)
    for one in range(people + 1):
        for both in range(one + 1):
            for rest in range(people - one + 1):
                case = binom.pmf(one, people, first) * binom.pmf(both, one, second) * binom.pmf(rest, people - one, second)
                estimate = float(chapman(np.array(one), np.array(both + rest), np.array(both)))
                moments += case * np.array([estimate, estimate**2])
    mean, spread = chapman_mean(people, first, second)
    assert (mean, spread) == pytest.approx((moments[0], math.sqrt(moments[1] - moments[0] ** 2)), rel=1e-9)


def test_two_sources_of_the_same_people_in_simulation() -> None:
    """People of three kinds, Poisson events: sources that look at the same people find too few of them."""
    groups, events, people, runs = ((0.25, 2.0), (0.5, 1.0), (0.25, 0.0)), 2.0, 1_000, 3_000
    rng, found = np.random.default_rng(20), []
    for _ in range(runs):
        numbers = rng.multinomial(people, [share for share, _ in groups])
        first = second = both = total = 0
        for number, (_, times) in zip(numbers, groups, strict=True):
            happened = rng.poisson(events * number)
            one, two = 0.3 * times, 0.2 * times
            cells = rng.multinomial(happened, [one * two, one - one * two, two - one * two, 1.0 - one - two + one * two])
            first, second, both, total = first + cells[0] + cells[1], second + cells[0] + cells[2], both + cells[0], total + happened
        found.append((first + 1.0) * (second + 1.0) / (both + 1.0) / total)
    share, spread = captured(0.3, 0.2, groups, events)
    assert share == pytest.approx(2.0 / 3.0, rel=1e-12)
    assert np.mean(found) == pytest.approx(share, rel=0.01)  # to first order in the number of people
    assert np.std(found) == pytest.approx(spread / math.sqrt(people), rel=0.08)
    alike = captured(0.3, 0.2, ((1.0, 1.0),), events)
    assert alike == pytest.approx((1.0, math.sqrt((1 - 0.3) * (1 - 0.2) / (0.3 * 0.2) / events)), rel=1e-12)


def test_c31_in_simulation() -> None:
    rng, runs, people = np.random.default_rng(18), 40_000, 2_000
    both = rng.binomial(people, 0.3 * 0.2, runs)
    only_first = rng.binomial(people - both, 0.3 * 0.8 / (1.0 - 0.06))
    only_second = rng.binomial(people - both - only_first, 0.7 * 0.2 / (1.0 - 0.06 - 0.24))
    seen = chapman(both + only_first, both + only_second, both)
    mean, spread = chapman_mean(people, 0.3, 0.2)
    z_test(seen.mean(), spread / math.sqrt(runs), mean)
    z_test(float(seen.std()), spread / math.sqrt(2.0 * runs) * 1.5, spread, materiality=0.03)


def test_c31_lists_that_find_the_same_people_find_too_few() -> None:
    """Everybody is on a list the more easily the more they are on the other: the estimate lies far below."""
    rng, people = np.random.default_rng(19), 2_000
    seen = []
    for _ in range(500):
        ease = rng.gamma(0.5, 2.0, people)
        one, two = rng.random(people) < 0.3 * np.minimum(ease, 3.0), rng.random(people) < 0.2 * np.minimum(ease, 3.0)
        seen.append(float(chapman(one.sum(), two.sum(), (one & two).sum())))
    assert np.mean(seen) < 0.7 * people
    assert max(seen) < people


# --- appeals ------------------------------------------------------------------------------------------------------------------------


def test_c33_in_simulation() -> None:
    rng, n = np.random.default_rng(20), 8_000_000
    due = adjudicate(0.3, 0.8, 0.95)
    assert due.overturned == pytest.approx(0.3 * 0.8 + 0.7 * 0.05, rel=1e-12)
    wrong = rng.random(n) < 0.3
    upheld = rng.random(n) < np.where(wrong, 0.8, 0.05)
    share_test(int(upheld.sum()), n, due.overturned)
    share_test(int((wrong & ~upheld).sum()), int((~upheld).sum()), due.wrong_if_upheld)
    share_test(int((~wrong & upheld).sum()), int(upheld.sum()), due.right_if_overturned)


def test_c33_three_truthful_error_rates() -> None:
    """Few wrong records among the appeals: most of those overturned may be right, though reviewers rarely err."""
    due = adjudicate(0.02, 0.8, 0.95)
    assert due.overturned == pytest.approx(0.065, rel=1e-9)
    assert due.right_if_overturned == pytest.approx(0.049 / 0.065, rel=1e-9)
    assert due.wrong_if_upheld == pytest.approx(0.004 / 0.935, rel=1e-9)
