"""Exact answers each held against a second way to it, without the engine: C19, C22, C24 and C26 to C31.

Two of them belong to no mechanism of the engine: effort that pays only where it shows (C27) and rules fitted again (C28). The others are
lived too, in `redress`, `reactions` and `measured`, which have these rows as their last.

Longer comparisons (every case of more settings, simulations, the limits) are in the test suite, beside those of all other solvers.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from ..exact import audits, breaches, counts, incentives, queues, ties
from ..layout import Floats
from ..measures.attacks import losses
from ..measures.concentration import gini
from .engine import Lab
from .stated import Check
from .tolerance import Row

SEED = 22


def pooled(lab: Lab) -> Iterator[Row]:
    """C19: ten offices of one reviewer, or one office of ten."""
    t, alone, together = lab.tolerance, queues.erlang_c(0.9, 1.0, 1), queues.erlang_c(9.0, 1.0, 10)
    yield t.solvers("wait in an office of one: formula", alone.wait, 0.9 / (1.0 - 0.9))
    for said, arrivals, reviewers, one in (("one", 0.9, 1, alone), ("ten", 9.0, 10, together)):
        most = 400
        # cases come and go one by one, so their number is k + 1 as often as k, times arrivals over the reviewers then at work
        weights = np.cumprod([1.0, *(arrivals / min(k + 1, reviewers) for k in range(most))])
        queue = float(weights @ np.maximum(np.arange(most + 1) - reviewers, 0) / weights.sum())
        yield t.solvers(f"wait in an office of {said}: chain of cases", one.wait, queue / arrivals)
    yield t.holds("pooled cases wait less than a tenth as long", together.wait < alone.wait / 10.0)


def tied(lab: Lab) -> Iterator[Row]:
    """C22: scores that take over a share of the scores of others."""
    t, own = lab.tolerance, np.array([700.0, 500.0, 900.0])
    star = np.array([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    limit = ties.settled(0.3, own, star)
    late = ties.after(0.3, own, star, np.zeros(3), 60)
    for n, printed in enumerate((700.0, 560.0, 840.0)):
        yield t.solvers(f"settled score {n + 1}, as printed", float(limit[n]), printed)
        yield t.solvers(f"settled score {n + 1}, after sixty rounds", float(limit[n]), float(late[n]))
    start = np.array([0.0, 900.0, 100.0])
    for rounds in (1, 2, 5, 12):
        off = float(np.abs(ties.after(0.3, own, star, start, rounds) - limit).max())
        yield t.holds(f"as near as promised, rounds: {rounds}", off <= ties.most_off(0.3, start, limit, rounds) * (1.0 + 1e-9))


def breached(lab: Lab) -> Iterator[Row]:
    """C24: the same records in one place or in many."""
    t = lab.tolerance
    for places, said in ((1, "one place"), (12, "12 places")):
        due, found = breaches.breach(places, 0.1), losses(np.full(places, 1.0 / places), 0.1)  # the measure M27 counts every case
        yield t.solvers(f"mean share lost, {said}, by measure M27", found["mean share lost"] / 100.0, due.mean)
        yield t.solvers(f"some lost, {said}, by measure M27", found["any loss"] / 100.0, due.any)
        worst = found["mean of the worst 5 in 100"] / 100.0
        yield t.solvers(f"worst twentieth, {said}, by measure M27", worst, breaches.tail_mean(places, 0.1, 0.05))
    many, law = breaches.breach(30, 0.1), counts.binomial(30, 0.1)
    yield t.solvers("some lost, 30 places, by the binomial law", many.any, 1.0 - float(law[0]))
    spread = math.sqrt(float(law @ (np.arange(31) / 30.0 - 0.1) ** 2))
    yield t.solvers("spread of the share lost, 30 places", many.spread, spread)
    yield t.solvers("some lost, 30 places, as printed", many.any, 0.957609, 5e-7)


def gamed(lab: Lab) -> Iterator[Row]:
    """C26: whoever can reach the mark stands on it."""
    t, rng, n = lab.tolerance, np.random.default_rng(SEED), 2_000_000
    scores, law = rng.standard_normal(n), NormalDist()
    after = incentives.gamed(scores, -0.5, 0.4)
    moved = int((after != scores).sum())
    yield t.share("people moved, of two million scores", moved, n, incentives.moved(law.cdf, -0.5, 0.4))
    fewer = int((scores < -0.5).sum()) - int((after < -0.5).sum())
    yield t.equal("so many fewer are restricted", [fewer, int((after == -0.5).sum())], [moved, moved])
    some = scores[:20_000]
    best = (some >= np.quantile(some, 0.3)).astype(float)
    ranked = (audits.auc(some, best), audits.auc(incentives.gamed(some, -0.5, 0.4), best))
    yield t.solvers("ranking before", ranked[0], 1.0)
    yield t.holds("a ranking that was perfect loses", ranked[1] < ranked[0] - 1e-3)


def qualified(lab: Lab) -> Iterator[Row]:
    """C27: shares of people who qualify that confirm themselves, found again by trying all shares."""
    t, grid = lab.tolerance, np.linspace(0.0, 1.0, 401).tolist()
    for wage, accuracy, needed in itertools.product((0.3, 0.7), (0.6, 0.95), (0.2, 0.8)):
        share = wage * (2.0 * accuracy - 1.0)
        shares = [share, *(one for one in grid if abs(one - share) > 1e-9)]
        tried = [one for one in shares if abs(_answer(one, wage, accuracy, needed) - one) < 1e-12]
        found = incentives.equilibria(wage, accuracy, needed)
        said = f"wage {wage}, accuracy {accuracy}, needed {needed}"
        yield t.solvers(f"number of outcomes: {said}", len(found), len(tried))
        yield t.solvers(f"highest of them: {said}", max(found), max(tried))


def _answer(share: float, wage: float, accuracy: float, needed: float) -> float:
    """Share of people who qualify where so many are believed to: effort gains the wage as far as it helps to be taken on."""
    taken = [incentives.believed(share, accuracy, passed) >= needed and share > 0 for passed in (True, False)]
    chance = [accuracy * taken[0] + (1.0 - accuracy) * taken[1], (1.0 - accuracy) * taken[0] + accuracy * taken[1]]
    return wage * (chance[0] - chance[1])


def refitted(lab: Lab) -> Iterator[Row]:
    """C28: a rule fitted again and again to people who answer to it."""
    for slope in (-0.9, 0.5, 0.9):
        limit = incentives.refitted_for_good(2.0, slope)
        yield lab.tolerance.solvers(f"slope {slope}: after 400 rounds", incentives.refitted(2.0, slope, 100.0, 400), limit)
    apart = abs(incentives.refitted(2.0, -1.0, 100.0, 401) - incentives.refitted(2.0, -1.0, 100.0, 400))
    yield lab.tolerance.holds("slope −1: never settles", apart > 1.0)


def ranked(lab: Lab) -> Iterator[Row]:
    """C29: how well a score ranks that is normal in two groups."""
    for shift in (0.5, -1.0, 3.0):
        due = NormalDist().cdf(shift / math.sqrt(2.0))
        yield lab.tolerance.solvers(f"shift {shift}: normal probability", audits.auc_of_normals(shift), due)
    yield lab.tolerance.solvers("shift 0.5, as printed", audits.auc_of_normals(0.5), 0.638163, 5e-7)


def held(lab: Lab) -> Iterator[Row]:
    """C30: a share of people bears the same, all others nothing; by the function of measure M13."""
    for share in (0.02, 0.3, 1.0):
        people = 10_000.0
        totals: Floats = np.array([[people, share * people, share * people * 37.0]])  # everybody, people with days, their days
        yield lab.tolerance.solvers(f"Gini where {share:.0%} bear all", float(gini(totals)[0]), 1.0 - share)


def recaptured(lab: Lab) -> Iterator[Row]:
    """C31: the size of a population from two lists; every case counted for nine people, a simulation for two thousand."""
    t, moments = lab.tolerance, np.zeros(2)
    one_law, second = counts.binomial(9, 0.6), 0.5
    for one in range(10):
        in_both, in_rest = counts.binomial(one, second), counts.binomial(9 - one, second)
        for both, rest in itertools.product(range(one + 1), range(10 - one)):
            case = one_law[one] * in_both[both] * in_rest[rest]
            estimate = float(audits.chapman(np.array(one), np.array(both + rest), np.array(both)))
            moments += case * np.array([estimate, estimate**2])
    mean, spread = audits.chapman_mean(9, 0.6, second)
    yield t.solvers("nine people: mean estimate", mean, float(moments[0]))
    yield t.solvers("nine people: spread of the estimate", spread, math.sqrt(moments[1] - moments[0] ** 2))
    rng, runs, people = np.random.default_rng(SEED), 40_000, 2_000
    first, second_list = rng.binomial(people, 0.3, runs), rng.binomial(people, 0.2, runs)
    found = rng.hypergeometric(first, people - first, second_list)
    mean, spread = audits.chapman_mean(people, 0.3, 0.2)
    seen = audits.chapman(first.astype(float), second_list.astype(float), found.astype(float))
    yield t.mean("two thousand people: mean estimate, simulated", float(seen.mean()), spread / math.sqrt(runs), mean)


CHECKS = (
    Check(
        "C27",
        "Effort that pays only where it shows",
        "0, and ω(2q − 1) where it confirms itself",
        "incentives.equilibria",
        qualified,
        engine=False,
    ),
    Check("C28", "Rules fitted again", "a / (1 − b) where |b| < 1", "incentives.refitted_for_good", refitted, engine=False),
)
