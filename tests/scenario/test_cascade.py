"""Whether restrictions breed restrictions, and whether more bad records can only mean more of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterlife.scenario import load
from counterlife.scenario.derived import joint_shares, next_generation, spectral_radius, spreading
from counterlife.scenario.monotone import monotone

VALID = Path(__file__).parent.parent / "scenarios" / "valid"
SMALL, LISTS = str(VALID / "small.yaml"), str(VALID / "lists_only.yaml")


def test_without_strain_only_sanctions_bring_sanctions() -> None:
    article = load("article-score")
    assert (next_generation(article) == joint_shares(article)).all()
    assert spectral_radius(next_generation(article)) == pytest.approx(0.9)


def test_strain_that_lists_people_again() -> None:
    """Two extra debts a year for the year that the period lasts, a tenth recorded, half of those listed, two listings needed."""
    changes = ["sources.court.namesakes=null", "conduct.debt.rate=1 per year", "conduct.debt.strain=3", "conduct.debt.ceiling=3 per year"]
    changes += ["conduct.debt.settled_after=null", "sources.court.records.debt.detect=0.1", "lists.defaulters.on.debt=0.5"]
    changes += ["lists.defaulters.needs=2"]
    assert next_generation(load(LISTS, changes)) == pytest.approx(np.array([[2 / 365 * 364 * 0.1 * 0.5 / 2]]))
    halved = next_generation(load(LISTS, [*changes, "lists.defaulters.term=26 weeks"]))
    assert halved == pytest.approx(np.array([[2 / 365 * 182 * 0.1 * 0.5 / 2]]))


def test_strain_that_lowers_the_score() -> None:
    """W0: extra events of four classes for 24 months, each a share of the way from 100 to 80 points."""
    extra = 0.02020270731751945 * 5 / 20 + 0.010050335853501442 * 10 / 20 + 0.030459207484708546 * 3 / 20 + 0.0020020026706730775
    assert next_generation(load("w0")) == pytest.approx(np.array([[24 * extra]]))


def test_children_are_not_strained() -> None:
    matrix = next_generation(load(SMALL))
    assert (matrix[2] == 0).all()
    assert matrix[1, 1] > 0, "shouting lowers the score at which the pool is open"


def test_what_check_says_about_it() -> None:
    said = spreading(load(LISTS, ["sources.court.namesakes=null", "conduct.debt.strain=3"]))
    assert said == [
        "Next generation: an estimate of the restrictions that one restriction brings; spectral radius 0.04",
        "    travel: 0.04 travel",
    ]
    assert spreading(load(LISTS)) == []


def test_a_monotone_scenario() -> None:
    assert monotone(load("article-score")) == (True, [])
    assert monotone(load(SMALL)) == (True, [])


@pytest.mark.parametrize(
    ("base", "changes", "reason"),
    [
        (SMALL, ["behaviour={learning: 1 per year}", "conduct.shouting.deterred=1"], "shouting: a restriction deters"),
        (SMALL, ["conduct.shouting.near_gate={factor: 2, within: 5}", "conduct.shouting.ceiling=null"], "shouting: it changes near a gate"),
        (SMALL, ["conduct.shouting.strain=0.5"], "shouting: restrictions bring records that lead out of them"),
        (SMALL, ["redress={take_up: 1, office: {reviewers: 1}}"], "redress.office: people wait for one another"),
        (SMALL, ["redress={take_up: 1, asks: 1}", "gates.pool.applications=1 per year"], "redress.asks: a refusal starts the appeal"),
        (SMALL, ["joint.at_most=2"], "joint.at_most: a gate that closes opens another"),
        (SMALL, ["score.keep_from={late_fee: settlement}"], "score: how long points stay depends on settlements"),
        (SMALL, ["score.discretion={shouting: 2}"], "score: an officer can turn the points of shouting round"),
        ("w0", [], "suspended: a term that begins earlier ends earlier"),
        (SMALL, ["worlds.gentle.set={joint.at_most: 1}"], "joint.at_most: a gate that closes opens another"),
        (SMALL, ["rollout=[{name: capped, from: 2024-02-01, set: {joint.at_most: 1}}]"], "joint.at_most: a gate that closes opens another"),
    ],
)
def test_what_is_not_monotone_and_why(base: str, changes: list[str], reason: str) -> None:
    holds, reasons = monotone(load(base, changes))
    assert not holds
    assert [one for one in reasons if one.startswith(reason)] == reasons, "this, and nothing else"


@pytest.mark.parametrize(
    "changes",
    [
        ["gates.playground.opens_at=90", "gates.playground.parents=worst"],
        ["gates.playground.opens_at=90", "gates.playground.parents=mean"],
        ["redress={notice: 0.5, take_up: 0.5, second: {take_up: 1, after: 9 days}}"],
        ["behaviour={belief: 1}", "conduct.shouting.deterred=1"],
        ["joint.at_most=3"],
        ["score.severity=0.5", "score.copies={lost: 0.5, returns: 0.5}"],
    ],
)
def test_what_stays_monotone(changes: list[str]) -> None:
    """Without anything learned, a belief is only a lower rate."""
    assert monotone(load(SMALL, changes)) == (True, [])
