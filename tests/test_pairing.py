"""Differences of two runs over the same lives: exact where nothing differs, antisymmetric, and with intervals that are right and paired."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import polars as pl
import pytest
from made_tallies import DOMAINS, Made, made

from counterlife.measures import COMPARED, SCHEMA, Finding, Sample, Tallies, counts_the_same_people, measures, paired
from counterlife.measures.intervals import Estimate, difference, estimate, quotient, stratify, t_quantile

KEYS = ["id", "name", "world", "versus", "domain", "region", "group"]
TOTAL = dict.fromkeys(("domain", "region", "group"), "all")
WRONGFUL = tuple(f"wrongful_days.designed~accurate.{domain}" for domain in DOMAINS)


@pytest.fixture(scope="module")
def before() -> Made:
    return made(clusters=(8, 6, 5), people=40)


def changed(tallies: Tallies, *columns: str, factor: float | np.ndarray = 2, table: str = "people") -> Tallies:
    """The same tallies with columns multiplied, by cluster where a factor for each is given."""
    found = {name: counts.copy() for name, counts in tallies.tables.items()}
    factors = np.broadcast_to(factor, len(tallies.regions))
    for column in columns:
        place = tallies.columns[table].index(column)
        found[table][:, :, place] = np.rint(found[table][:, :, place] * factors[:, None]).astype(np.int64)
    return dataclasses.replace(tallies, tables=found)


def row(frame: pl.DataFrame, measure: str, name: str, **about: str) -> dict[str, object]:
    where = {"world": "designed", "versus": "accurate"} | TOTAL | about
    found = frame.filter((pl.col("id") == measure) & (pl.col("name") == name), *(pl.col(k) == v for k, v in where.items()))
    assert len(found) == 1, f"{len(found)} lines for {measure} {name} {where}"
    return found.row(0, named=True)


# --- what must hold exactly ---------------------------------------------------------------------------------------------------------


def test_a_run_beside_itself_differs_by_exactly_nothing(before: Made) -> None:
    frame = paired(before.tallies, before.facts, before.tallies, before.facts)
    assert dict(frame.schema) == COMPARED
    assert set(frame["difference"].drop_nulls()) == {0.0}
    assert set(frame["finding"]) <= {Finding.SAME, Finding.HIDDEN}
    assert frame["low"].null_count() == frame["high"].null_count() == len(frame)


def test_every_measure_of_both_is_there_with_the_values_that_each_run_states(before: Made) -> None:
    after = changed(before.tallies, *WRONGFUL)
    frame = paired(before.tallies, before.facts, after, before.facts)
    for side, tallies in (("before", before.tallies), ("after", after)):
        alone = measures(tallies, before.facts).select(*KEYS, "value")
        both = frame.select(*KEYS, side).join(alone, on=KEYS, how="full", coalesce=True)
        assert len(both) == len(frame) == len(alone)
        assert both[side].equals(both["value"].rename(side), null_equal=True)
    assert (frame["difference"] - (frame["after"] - frame["before"])).drop_nulls().abs().max() == 0.0


def test_the_order_of_runs_turns_signs_round_and_nothing_else(before: Made) -> None:
    rng = np.random.default_rng(3)
    after = changed(before.tallies, *WRONGFUL, "wrong_records.designed", factor=rng.uniform(0.5, 3, len(before.tallies.regions)))
    there = paired(before.tallies, before.facts, after, before.facts)
    back = paired(after, before.facts, before.tallies, before.facts)
    moved = there.filter(pl.col("finding") == Finding.MOVED)
    assert len(moved) > 20
    for mine, theirs in (("difference", "difference"), ("low", "high"), ("high", "low")):
        assert there[mine].equals((-back[theirs] + 0.0).rename(mine), null_equal=True)
    assert there["before"].equals(back["after"].rename("before"), null_equal=True)
    assert there["finding"].equals(back["finding"])


def test_what_counts_the_same_is_called_so_and_what_does_not_is_never(before: Made) -> None:
    after = changed(before.tallies, "closed_days.designed.loan")
    frame = paired(before.tallies, before.facts, after, before.facts)
    assert row(frame, "M1", "wrongful restriction")["finding"] == Finding.SAME
    closed = row(frame, "B2", "restricted days", versus="all")
    assert closed["finding"] == Finding.MOVED
    assert row(frame, "B2", "restricted days", versus="all", domain="travel")["finding"] == Finding.SAME
    assert row(frame, "B2", "restricted days", versus="all", world="accurate")["finding"] == Finding.SAME


def test_equal_tallies_under_other_weights_of_conduct_are_not_called_the_same(before: Made) -> None:
    """M7 divides by the gravity that a scenario gives: the counts are equal, the value is not."""
    graver = {name: dataclasses.replace(one, gravity=2 * one.gravity) for name, one in before.facts.classes.items()}
    facts = dataclasses.replace(before.facts, classes=graver)
    frame = paired(before.tallies, before.facts, before.tallies, facts)
    found = row(frame, "M7", "disproportion, days per unit of gravity", versus="all")
    assert found["after"] == pytest.approx(found["before"] / 2)  # type: ignore[operator]
    assert found["finding"] == Finding.MOVED


def test_other_people_are_refused(before: Made) -> None:
    for column in ("people", "days"):
        other = changed(before.tallies, column)
        assert not counts_the_same_people(before.tallies, other)
        with pytest.raises(ValueError, match="do not count the same people"):
            paired(before.tallies, before.facts, other, before.facts)
    moved = dataclasses.replace(before.tallies, numbers=before.tallies.numbers[::-1])
    assert not counts_the_same_people(before.tallies, moved)
    assert counts_the_same_people(before.tallies, changed(before.tallies, *WRONGFUL))


def test_single_worlds_are_compared_under_the_name_of_the_first(before: Made) -> None:
    frame = paired(before.tallies, before.facts, before.tallies, before.facts, worlds=("designed", "accurate"))
    assert set(frame["world"]) == {"designed"}
    alone = measures(before.tallies, before.facts)
    for side, world in (("before", "designed"), ("after", "accurate")):
        expected = alone.filter(
            (pl.col("id") == "B2") & (pl.col("world") == world) & (pl.col("versus") == "all"), *(pl.col(k) == v for k, v in TOTAL.items())
        )
        assert row(frame, "B2", "restricted days", versus="all")[side] == expected["value"].item()


# --- intervals, by other means ------------------------------------------------------------------------------------------------------


def test_twice_the_days_differ_by_as_much_as_there_was_with_that_interval(before: Made) -> None:
    """If every cluster has exactly twice, the difference in each is what it had: value and interval are those of the first run."""
    after = changed(before.tallies, *WRONGFUL)
    alone = measures(before.tallies, before.facts).filter(pl.col("group") == "all")
    frame = paired(before.tallies, before.facts, after, before.facts)
    looked_at = 0
    for measure, name in (("M1", "wrongful restriction"), ("M5", "cost of a wrong record, shared out equally")):
        for region in ("all", *dict.fromkeys(before.tallies.regions)):
            found = row(frame, measure, name, region=region)
            own = alone.filter(
                (pl.col("id") == measure) & (pl.col("name") == name) & (pl.col("versus") == "accurate") & (pl.col("region") == region),
                pl.col("domain") == "all",
            ).row(0, named=True)
            if own["value"] is None:
                continue
            assert found["difference"] == pytest.approx(own["value"], rel=1e-9)
            assert found["high"] == pytest.approx(own["high"], rel=1e-6)
            half = own["high"] - own["value"]
            assert found["high"] - found["difference"] == pytest.approx(half, rel=1e-6)  # type: ignore[operator]
            apart = math.hypot(half, 2 * half)  # as if the two runs were of different people
            assert found["high"] - found["difference"] < apart / 2  # type: ignore[operator]
            looked_at += 1
    assert looked_at >= 6


def test_a_ratio_of_groups_has_the_slope_of_its_logarithm(before: Made) -> None:
    """Days of women doubled: their ratio to men is twice what it was, and so is its slope, by the chain rule."""
    cells = np.array([cell[0] == "female" for cell in before.tallies.rows["people"]])  # type: ignore[index]
    after = {name: counts.copy() for name, counts in before.tallies.tables.items()}
    for column in WRONGFUL:
        after["people"][:, cells, before.tallies.columns["people"].index(column)] *= 2
    doubled = dataclasses.replace(before.tallies, tables=after)
    frame = paired(before.tallies, before.facts, doubled, before.facts)
    found = row(frame, "M12", "disparity, ratio, M1", group="sex=female")
    sample = Sample(before.tallies, before.facts)
    women, men = (sample.count(*WRONGFUL, group=f"sex={sex}") / 1.0 for sex in ("female", "male"))
    people = [sample.count("days", group=f"sex={sex}") for sex in ("female", "male")]
    parts = np.column_stack([women, people[0], men, people[1]])
    direct = estimate(sample.strata, parts, lambda t: quotient(t[:, :2]) / quotient(t[:, 2:]))
    assert direct.value is not None
    assert direct.high is not None
    assert found["difference"] == pytest.approx(direct.value, rel=1e-9)
    assert found["high"] - found["difference"] == pytest.approx(direct.high - direct.value, rel=1e-5)  # type: ignore[operator]


def coupled(rng: np.random.Generator, clusters: int) -> tuple[np.ndarray, np.ndarray]:
    """Numerator and denominator of clusters lived twice: what a place is like is shared, a little is not."""
    people = rng.integers(80, 120, clusters).astype(float)
    place = rng.gamma(4.0, 0.25, clusters)
    before = rng.poisson(people * place)
    after = before + rng.poisson(0.1 * people * place) - rng.binomial(before, 0.05)
    return np.column_stack([before, people]), np.column_stack([after, people])


def both(before: np.ndarray, after: np.ndarray, regions: list[str]) -> tuple[Estimate, Estimate, Estimate]:
    strata = stratify(regions, before[:, 1], dict.fromkeys(regions, 1000.0))
    one, other = (estimate(strata, parts, quotient) for parts in (before, after))
    return one, other, difference(other, one)


def test_the_paired_interval_is_that_of_a_jackknife_of_the_difference() -> None:
    """Delete each cluster in turn, let the others of its region stand for it, and take the difference of both runs anew."""
    before, after = coupled(np.random.default_rng(5), 60)
    regions = ["north"] * 25 + ["south"] * 35
    one, other, found = both(before, after, regions)
    strata = stratify(regions, before[:, 1], dict.fromkeys(regions, 1000.0))
    variance = 0.0
    for group in strata.groups:
        values = []
        for left_out in group:
            weights = strata.weights.copy()
            weights[group] *= len(group) / (len(group) - 1)
            weights[left_out] = 0.0
            values.append(float(np.diff([(weights @ parts[:, 0]) / (weights @ parts[:, 1]) for parts in (before, after)])[0]))
        variance += (len(group) - 1) / len(group) * float(((np.array(values) - np.mean(values)) ** 2).sum())
    assert found.high is not None
    assert found.value is not None
    half = t_quantile(0.975, 58) * math.sqrt(variance)
    assert found.high - found.value == pytest.approx(half, rel=0.02)
    ends = [estimate.high - estimate.value for estimate in (one, other)]  # type: ignore[operator]
    assert half < math.hypot(*ends) / 4  # of different people the difference would be known four times worse


def test_the_paired_interval_covers_the_true_difference_95_times_in_100() -> None:
    """The true difference is 0.1 - 0.05 of a mean of 1, whatever is drawn."""
    rng = np.random.default_rng(11)
    regions = ["north"] * 12 + ["south"] * 8
    hits, draws = 0, 2000
    for _ in range(draws):
        before, after = coupled(rng, 20)
        low, high = both(before, after, regions)[2].low, both(before, after, regions)[2].high
        assert low is not None
        assert high is not None
        hits += low <= 0.05 <= high
    deviation = math.sqrt(0.95 * 0.05 / draws)
    assert abs(hits / draws - 0.95) < 5 * deviation  # ratios of few clusters are not quite normal


def test_a_constant_shift_is_known_exactly_however_much_places_differ() -> None:
    regions = ["north"] * 5
    before = np.column_stack([[3.0, 5, 8, 2, 9], np.full(5, 100.0)])
    after = before + np.array([2.0, 0.0])
    one, _, found = both(before, after, regions)
    assert found.value == pytest.approx(0.02)
    assert found.low == pytest.approx(0.02, abs=1e-9)
    assert found.high == pytest.approx(0.02, abs=1e-9)
    assert one.high is not None
    assert one.high > 0.09


def test_without_a_basis_or_on_other_clusters_there_is_no_interval() -> None:
    before, after = coupled(np.random.default_rng(1), 10)
    one, other, _ = both(before, after, ["north"] * 10)
    assert difference(Estimate(3.0), Estimate(1.0)) == Estimate(2.0)
    assert difference(other, Estimate(1.0)).low is None
    assert difference(other, Estimate(None)) == Estimate(None)
    elsewhere = both(before, after, ["north"] * 5 + ["south"] * 5)[0]
    assert difference(other, elsewhere).low is None
    assert difference(other, one).low is not None


def test_the_frame_of_measures_is_what_it_was(before: Made) -> None:
    """Estimates now carry what they stand on; nothing of that shows in the frame."""
    frame = measures(before.tallies, before.facts)
    assert dict(frame.schema) == SCHEMA
    assert Estimate(1.0, 0.5, 2.0) == estimate_with_basis()


def estimate_with_basis() -> Estimate:
    strata = stratify(["north"] * 3, np.full(3, 10.0), {"north": 100.0})
    basis = estimate(strata, np.column_stack([np.arange(3.0), np.full(3, 10.0)]), quotient).basis
    assert basis is not None
    return Estimate(1.0, 0.5, 2.0, basis)
