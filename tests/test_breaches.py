"""What breaches at a stated hazard would take (M27, P22): every outcome, simulation, and a run whose tables are added up here."""

from __future__ import annotations

import itertools
import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from counterlife.measures import Sample
from counterlife.measures.attacks import breach_exposure
from counterlife.measures.breaches import MOST_CASES, Places, broken_into, losses, months, some_place_with, tail_mean
from counterlife.report import render
from counterlife.study import Run, run
from counterlife.verify.measured import value

LEAK = str(Path(__file__).parent / "scenarios" / "valid" / "breach.yaml")


def places(*records: list[float], chances: list[float]) -> Places:
    held = np.array(records, float)
    return Places(np.array(chances), held, 30.0 * held, held)


def test_the_first_breach_comes_in_one_month_or_in_none() -> None:
    days = np.array([10.0, 0.0, 31.0])
    chances = broken_into(0.02, days)
    assert chances == pytest.approx([1 - math.exp(-0.2), 0.0, math.exp(-0.2) * (1 - math.exp(-0.62))], rel=1e-12)
    assert chances.sum() == pytest.approx(1 - math.exp(-0.02 * 41), rel=1e-12)
    assert broken_into(0.0, days).tolist() == [0.0, 0.0, 0.0]


def test_losses_are_those_of_all_outcomes() -> None:
    """Three places and two months: each place is broken into in one of them or not at all, so there are 27 outcomes."""
    chances, held = [0.1, 0.2], ([5.0, 7.0], [1.0, 0.0], [2.0, 2.0])
    outcomes = [
        (sum(loss for loss, _ in one), math.prod(chance for _, chance in one))
        for one in itertools.product(*([(0.0, 0.7), *zip(records, chances, strict=True)] for records in held))
    ]
    lost, chance = losses(places(*held, chances=chances))
    assert chance.sum() == pytest.approx(1.0)
    for level, share in zip(lost, chance, strict=True):
        assert share == pytest.approx(sum(each for loss, each in outcomes if loss == pytest.approx(level)))
    left, worst = 0.05, 0.0
    for loss, share in sorted(outcomes, reverse=True):
        worst += loss * min(share, left)
        left -= min(share, left)
    assert tail_mean(lost, chance) == pytest.approx(worst / 0.05)


def test_more_losses_than_are_told_apart_keep_their_mean() -> None:
    """Ten places, forty months, all different: the mean is exact, and the worst cases are as bad as in 400,000 draws."""
    rng = np.random.default_rng(41)
    held, chances = rng.uniform(0.0, 10.0, (10, 40)), np.full(40, 0.003)
    lost, chance = losses(places(*held.tolist(), chances=chances.tolist()))
    assert lost.size <= MOST_CASES
    assert lost @ chance == pytest.approx(float((held * chances).sum()), rel=1e-9)
    draws, month = 400_000, np.arange(41)
    taken = np.hstack([held, np.zeros((10, 1))])
    drawn = sum(taken[one][rng.choice(month, draws, p=[*chances, 1.0 - chances.sum()])] for one in range(10))
    tail = np.sort(drawn)[-draws // 20 :]
    assert tail_mean(lost, chance) == pytest.approx(float(tail.mean()), abs=4.9 * float(tail.std()) / math.sqrt(tail.size) * 2)


def test_more_than_a_tenth_of_people_in_one_place() -> None:
    """Of 100 people the first place has 8 and then 12, the second 11 in both months, the third exactly ten."""
    one = places([8.0, 12.0], [11.0, 11.0], [10.0, 10.0], chances=[0.1, 0.2])
    assert some_place_with(one, 10.0) == pytest.approx(1.0 - 0.8 * 0.7)


# --- a run ----------------------------------------------------------------------------------------------------------------------------


@cache
def leaked(*overrides: str) -> Run:
    """2,000 people whose records might be copied."""
    return run(LEAK, people=2_000, seed=5, overrides=["population.township=500", *overrides])


def archived(one: Run, column: str, place: str) -> list[float]:
    """A column of the archives by month, everybody together."""
    table, names = one.tallies.tables["archives"], one.tallies.columns["archives"]
    rows = [n for n, (_, source) in enumerate(one.tallies.rows["archives"]) if source == place]  # type: ignore[misc,has-type]
    return [float(number) for number in table[:, rows, names.index(f"{column}.leak.attacked")].sum(axis=0)]


def test_what_lies_on_file_adds_up_to_what_a_run_counts_anyway() -> None:
    one = leaked()
    people = one.tallies.tables["people"][:, :, one.tallies.columns["people"].index("file_days.attacked")].sum()
    by_place = {place: archived(one, "record_days", place) for place in ("", "court", "metro")}
    assert sum(by_place[""]) == people > 0
    assert by_place[""] == [a + b for a, b in zip(by_place["court"], by_place["metro"], strict=True)]
    assert min(by_place["court"]) > 0 < min(by_place["metro"])
    persons = [archived(one, "person_days", place) for place in ("", "court", "metro")]
    assert all(max(a, b) <= both <= a + b for both, a, b in zip(*persons, strict=True))


def test_expected_records_and_months_are_those_of_the_table() -> None:
    one, sample = leaked(), Sample(leaked().tallies, leaked().facts)
    length, inside = months(sample, one.facts.breaches["leak"])
    assert length.tolist() == [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 27]  # from 1 March 2024 for 52 weeks
    assert inside.tolist() == [0, 20, 31, 30, 31, 31, 30, 31, 30, 0, 0, 0]  # from 11 April until 1 December
    hazard, before, chances = 0.1 / 365.0, 0.0, []
    for days in inside:
        chances.append(math.exp(-hazard * before) - math.exp(-hazard * (before + days)))
        before += days
    answers = list(breach_exposure(sample))
    for where, columns in {
        "central": [("record_days", "")],
        "federated": [("record_days", "court"), ("record_days", "metro")],
        "central and old copies": [("record_days", ""), ("kept_record_days", "court"), ("kept_record_days", "metro")],
    }.items():
        for words, change, per in (("expected records taken", "record_days", 1.0), ("expected record-months taken", "age_days", 365 / 12)):
            due = sum(
                chance * number / days
                for column, place in columns
                for chance, number, days in zip(chances, archived(one, column.replace("record_days", change), place), length, strict=True)
            )
            assert value(answers, "attacked", f"A leak: {where}, {words}") == pytest.approx(due / per / 2.0, rel=1e-9)
        places_here, any_ = len(columns), value(answers, "attacked", f"A leak: {where}, chance of any")
        assert any_ == pytest.approx(100 * -math.expm1(-hazard * 234 * places_here), rel=1e-9)
        mean, given = (value(answers, "attacked", f"A leak: {where}, {words}") for words in ("mean loss", "mean loss given any"))
        assert given == pytest.approx(100 * mean / any_, rel=1e-9)


def test_a_breach_changes_no_life_and_one_that_never_comes_takes_nothing() -> None:
    """P22."""
    one, never = leaked(), leaked("threats.leak.hazard=0 per year")
    columns = one.tallies.columns["people"]
    for column in columns:
        if ".attacked" in column and "~" not in column:
            twin = columns.index(column.replace(".attacked", ".designed"))
            assert (one.tallies.tables["people"][:, :, columns.index(column)] == one.tallies.tables["people"][:, :, twin]).all(), column
    assert all((one.tallies.tables[name] == never.tallies.tables[name]).all() for name in one.tallies.tables)
    answers = list(breach_exposure(Sample(never.tallies, never.facts)))
    for where in ("central", "federated", "central and old copies"):
        for words in ("expected records taken", "chance of any", "mean loss", "mean of the worst 5 in 100"):
            assert value(answers, "attacked", f"A leak: {where}, {words}") == 0.0
        assert math.isnan(value(answers, "attacked", f"A leak: {where}, mean loss given any"))


def test_the_report_tells_stated_breaches() -> None:
    one = leaked()
    page = render(one.tallies, one.facts, one.measures, [], {})
    assert "What the stated breaches are expected to take" in page
    for words in ("one central file, and old copies never cleared", "files apart, at each source", "A leak"):
        assert words in page
    chance = 100 * -math.expm1(-0.1 / 365.0 * 234)
    assert f"one central file is broken into in {chance:.2f} of 100 cases (A leak)" in page
    assert "What attacks do" not in page  # nothing else threatens
    assert "No attack is lived" not in page
