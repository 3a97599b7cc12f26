"""The same people under other rules, or under the same rules a little later: consolidation and regions (M25, M26)."""

from __future__ import annotations

from functools import partial
from itertools import combinations

import numpy as np

from counterlife.measures.inputs import Stage, pair_name
from counterlife.measures.intervals import Floats, estimate
from counterlife.measures.sample import ALL, Row, Sample
from counterlife.measures.stated import PEOPLE, Answers, in_domains, ruled_worlds

MONTHS = 3


def consolidation_shock(sample: Sample) -> Answers:
    """M25: what the three months from a change of the rules have more than the three before, per 10,000 people there.

    Closed domain-days, and people who are shut out for the first time. The month in which the day lies is the first of the three after.

    Formula: three months after less three months before
    Unit: per 10,000 people
    Source: method B, M25
    Tests: P15; test_three_months_after_a_change_of_rules_less_three_before
    """
    labels = sample.tallies.rows["months"]
    for stage in sample.facts.stages:
        month = _month(sample, stage)
        if not MONTHS <= month <= len(labels) - MONTHS:
            continue
        strata = sample.strata
        if stage.regions:
            strata = strata.only(np.isin(sample.tallies.regions, stage.regions))
        for world in ruled_worlds(sample.facts):
            counts = {
                f"closed domain-days, {stage.name}": in_domains(sample, f"closed_days.{world}"),
                f"people newly shut out, {stage.name}": (f"newly_closed.{world}",),
            }
            for detail, columns in counts.items():
                days = np.sum([sample.column("months", column) for column in columns], axis=0)
                shock = days[:, month : month + MONTHS].sum(axis=1) - days[:, month - MONTHS : month].sum(axis=1)
                answer = estimate(strata, np.column_stack([shock, sample.people]), lambda t: PEOPLE * t[:, 0] / t[:, 1])
                people = int(sample.people[strata.weights > 0].sum())
                yield Row(answer, people, world=world, region=stage.regions[0] if len(stage.regions) == 1 else ALL, detail=detail)


def _month(sample: Sample, stage: Stage) -> int:
    """The number of the month in which a stage begins."""
    start = sample.facts.start
    day = start.toordinal() + stage.day
    began = type(start).fromordinal(day)
    return 12 * (began.year - start.year) + began.month - start.month


def arbitrariness(sample: Sample) -> Answers:
    """M26: the same lives under the rules of every region.

    Share of the variance of a person's closed domain-days that lies between rule books, and not between people: the mean over people of the
    variance over rule books, over the whole variance. And the probability that two different rule books disagree on whether a person is
    ever shut out.

    Formula: E_i Var_r Y / Var Y; P(rule books disagree)
    Unit: 0 to 1
    Source: method B, M26
    Tests: P2, P20; test_arbitrariness_between_rule_books
    """
    books = [world for world in sample.facts.books if world in sample.facts.worlds]
    pairs = [pair if pair in sample.facts.pairs else pair[::-1] for pair in combinations(books, 2)]
    if not pairs or not set(pairs) <= set(sample.facts.pairs):
        return
    names = [pair_name(pair) for pair in pairs]
    apart = sample.count(*(f"squares.{name}" for name in names))
    squares = sample.count(*(f"squares.{book}" for book in books))
    days = sample.count(*(column for book in books for column in in_domains(sample, f"closed_days.{book}")))
    parts = np.column_stack([sample.people, apart, squares, days])
    share = partial(_variance_between, books=len(books))
    yield from sample.places(parts, share, limits=(0.0, 1.0), detail="share of variance between rule books")
    differ = sample.count(*(f"{column}.{name}" for name in names for column in ("only", "only_versus")))
    parts = np.column_stack([differ, sample.people])
    yield from sample.places(parts, lambda t: t[:, 0] / t[:, 1] / len(pairs), limits=(0.0, 1.0), detail="two rule books disagree")


def _variance_between(totals: Floats, books: int) -> Floats:
    """Sum over pairs (y - y')^2 is B^2 times the variance of a person over B rule books."""
    people, apart, squares, days = totals.T
    whole = squares / (books * people) - (days / (books * people)) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(apart / (books**2 * people) / whole, dtype=np.float64)
