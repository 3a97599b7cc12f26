"""Measures against values worked out by hand, against the persons behind made-up tallies, and intervals against repeated draws."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tallies import CELL_LABELS, DOMAINS, PAIRS, WORLDS, Made, columns, facts, made

from counterlife.layout import AXES, SPELL_BIN, End
from counterlife.measures import (
    MEASURES,
    REFERENCE,
    SCHEMA,
    Sample,
    Tallies,
    clearing,
    concentration,
    identities,
    measures,
    pair_name,
    series,
)
from counterlife.measures.intervals import Estimate, differs, estimate, quotient, stratify, t_quantile, touches_zero


@pytest.fixture(scope="module")
def sample() -> Made:
    return made()


@pytest.fixture(scope="module")
def frame(sample: Made) -> pl.DataFrame:
    return measures(sample.tallies, sample.facts)


def value(frame: pl.DataFrame, measure: str, name: str, **about: str) -> float:
    where = {"world": "all", "versus": "all", "domain": "all", "region": "all", "group": "all"} | about
    found = frame.filter((pl.col("id") == measure) & (pl.col("name") == name), *(pl.col(k) == v for k, v in where.items()))
    assert len(found) == 1, f"{len(found)} lines for {measure} {name} {where}"
    return float(found["value"][0])


def weights(sample: Made) -> np.ndarray:
    """People of the region for each synthetic person, person by person."""
    regions = np.array(sample.tallies.regions)[sample.cluster]
    return np.array([sample.facts.region_people[r] / (regions == r).sum() for r in regions])


# --- the t quantile ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("freedom", "expected"),  # printed tables of Student's t, two-sided 5 per cent
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (10, 2.228), (15, 2.131), (30, 2.042), (60, 2.000), (120, 1.980)],
)
def test_t_quantile_agrees_with_printed_tables(freedom: int, expected: float) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(expected, abs=5e-4)


def test_t_quantile_agrees_with_scipy_on_both_sides_of_the_change_of_method() -> None:
    t = pytest.importorskip("scipy.stats").t
    for freedom in (1, 2, 7, 8, 199, 200, 201, 202, 5000):
        for probability in (0.9, 0.975, 0.995):
            assert t_quantile(probability, freedom) == pytest.approx(float(t.ppf(probability, freedom)), rel=1e-9)


@pytest.mark.parametrize(("probability", "freedom"), [(0.975, 0), (0.4, 3), (1.0, 3)])
def test_t_quantile_refuses_what_has_none(probability: float, freedom: int) -> None:
    with pytest.raises(ValueError, match="no t quantile"):
        t_quantile(probability, freedom)


# --- estimates and intervals ------------------------------------------------------------------------------------------------------


def test_a_ratio_in_two_strata_has_the_interval_worked_out_by_hand() -> None:
    """Two regions of two clusters, weights 10 and 30: R = 150/1000; residuals by hand; three-figure t for two degrees of freedom."""
    y, x = np.array([1.0, 3.0, 2.0, 2.0]), np.array([10.0, 15.0, 20.0, 5.0])
    strata = stratify(["a", "a", "b", "b"], np.array([10.0, 10.0, 10.0, 10.0]), {"a": 200.0, "b": 600.0})
    ratio = (10 * (1 + 3) + 30 * (2 + 2)) / (10 * 25 + 30 * 25)
    residuals = np.array([10 * (1 - ratio * 10), 10 * (3 - ratio * 15), 30 * (2 - ratio * 20), 30 * (2 - ratio * 5)]) / 1000
    error = math.sqrt((residuals[0] - residuals[1]) ** 2 + (residuals[2] - residuals[3]) ** 2)
    answer = estimate(strata, np.column_stack([y, x]), quotient)
    assert answer.value == pytest.approx(0.16)
    assert answer.high is not None
    assert answer.high - 0.16 == pytest.approx(4.3027 * error, rel=1e-4)


def test_regions_with_one_cluster_are_joined_by_size() -> None:
    people = np.full(7, 10.0)
    strata = stratify(["a", "b", "c", "d", "e", "f", "f"], people, {"a": 5.0, "b": 1.0, "c": 2.0, "d": 4.0, "e": 3.0, "f": 9.0})
    assert [sorted(group.tolist()) for group in strata.groups] == [[5, 6], [1, 2], [0, 3, 4]]
    assert strata.freedom == 7 - 3


def test_one_lonely_region_joins_the_region_of_the_nearest_size() -> None:
    strata = stratify(["a", "b", "b", "c", "c"], np.full(5, 10.0), {"a": 5.0, "b": 9.0, "c": 2.0})
    assert [sorted(group.tolist()) for group in strata.groups] == [[1, 2], [0, 3, 4]]


def test_a_single_cluster_gives_a_value_without_an_interval() -> None:
    strata = stratify(["a"], np.array([10.0]), {"a": 100.0})
    assert estimate(strata, np.array([[3.0, 10.0]]), quotient) == Estimate(0.3)


def test_nothing_seen_gives_zero_without_an_interval() -> None:
    strata = stratify(["a", "a"], np.array([10.0, 12.0]), {"a": 100.0})
    assert estimate(strata, np.array([[0.0, 10.0], [0.0, 12.0]]), quotient) == Estimate(0.0)


def test_limits_cut_the_interval_and_not_the_value() -> None:
    strata = stratify(["a", "a"], np.array([10.0, 10.0]), {"a": 100.0})
    answer = estimate(strata, np.array([[1.0, 10.0], [6.0, 10.0]]), quotient, limits=(0.0, 1.0))
    assert (answer.low, answer.high) == (0.0, 1.0)
    assert answer.value == pytest.approx(0.35)


def test_a_denominator_that_may_be_zero_is_noticed() -> None:
    strata = stratify(["a"] * 4, np.full(4, 10.0), {"a": 100.0})
    assert touches_zero(strata, np.array([0.0, 0.0, 0.0, 3.0]))
    assert touches_zero(strata, np.zeros(4))
    assert not touches_zero(strata, np.array([5.0, 6.0, 5.0, 6.0]))


@pytest.mark.parametrize("per_region", [1, 3])
def test_intervals_cover_the_truth_as_often_as_they_say(per_region: int) -> None:
    """2,000 draws of 20 regions with known ratio of means; with one cluster a region the collapsed interval may only be wider.

    Binomial bounds at 4 standard errors around 0.95: 0.9305 to 0.9695 (equal regions, so that collapsing costs nothing).
    """
    rng = np.random.default_rng(5)
    regions = [f"r{i}" for i in range(20) for _ in range(per_region)]
    people = np.full(len(regions), 100.0)
    strata = stratify(regions, people, {f"r{i}": 1000.0 + i for i in range(20)})
    covered = 0
    for _ in range(2000):
        x = rng.gamma(20, 5, len(regions))
        y = x * 0.3 + rng.normal(0, 4, len(regions))
        answer = estimate(strata, np.column_stack([y, x]), quotient)
        assert answer.low is not None
        assert answer.high is not None
        covered += answer.low <= 0.3 <= answer.high
    assert 0.9305 < covered / 2000 < 0.9695


def test_a_difference_of_twins_is_paired(sample: Made) -> None:
    """Both worlds get the same huge restriction, unequal among clusters: the difference keeps its interval, a world's own explodes."""
    shifted = {name: table.copy() for name, table in sample.tallies.tables.items()}
    columns = sample.tallies.columns["people"]
    for world in ("accurate", "designed"):
        shifted["people"][:, :, columns.index(f"closed_days.{world}.loan")] += 1000 * (np.arange(len(shifted["people"])) ** 2)[:, None]
    after = measures(dataclasses.replace(sample.tallies, tables=shifted), sample.facts)
    before = measures(sample.tallies, sample.facts)

    def ends(frame: pl.DataFrame, versus: str) -> np.ndarray:
        line = frame.filter(
            pl.col("id") == "B2", pl.col("world") == "designed", pl.col("versus") == versus, pl.col("domain") == "all",
            pl.col("region") == "all", pl.col("group") == "all",
        )  # fmt: skip
        return line.select("low", "high").to_numpy()[0]

    assert ends(after, "accurate") == pytest.approx(ends(before, "accurate"))
    assert np.ptp(ends(after, "all")) > 5 * np.ptp(ends(before, "all"))


# --- against the persons ----------------------------------------------------------------------------------------------------------


def test_rates_are_those_of_the_persons(sample: Made, frame: pl.DataFrame) -> None:
    weight, wrongful = weights(sample), sample.totals["designed~accurate"]
    closed = sample.totals["designed"]
    years = weight.sum() * sample.facts.years
    pair = {"world": "designed", "versus": "accurate"}
    assert value(frame, "M1", "wrongful restriction", **pair) == pytest.approx(1000 * (weight * wrongful).sum() / years)
    assert value(frame, "M4", "wrongful share of restrictions", **pair) == pytest.approx(
        100 * (weight * wrongful).sum() / (weight * closed).sum()
    )
    for x, words in ((1, "1 day or more"), (30, "30 days or more"), (365, "365 days or more")):
        name = f"people ever wrongly restricted, {words}"
        assert value(frame, "M3", name, **pair) == pytest.approx(1e4 * (weight * (wrongful >= x)).sum() / weight.sum())


def test_rates_of_a_region_and_of_a_group_are_those_of_their_persons(sample: Made, frame: pl.DataFrame) -> None:
    weight, wrongful = weights(sample), sample.totals["designed~accurate"]
    region = sample.tallies.regions[2]
    here = np.array(sample.tallies.regions)[sample.cluster] == region
    male = np.array([CELL_LABELS[cell][0] == "male" for cell in sample.cell])
    pair = {"world": "designed", "versus": "accurate"}
    for about, chosen in (({"region": region}, here), ({"group": "sex=male"}, male)):
        expected = 1000 * (weight * wrongful)[chosen].sum() / (weight[chosen].sum() * sample.facts.years)
        assert value(frame, "M1", "wrongful restriction", **pair, **about) == pytest.approx(expected)


def test_counts_are_scaled_to_the_country_and_say_so(sample: Made, frame: pl.DataFrame) -> None:
    weight = weights(sample)
    sampled = sum(sample.facts.region_people[r] for r in set(sample.tallies.regions))
    expected = (weight * (sample.totals["designed"] > 0)).sum() * sample.facts.people_in_country / sampled
    assert value(frame, "B4", "people ever restricted in the country", world="designed") == pytest.approx(expected)
    assert all("scaled to the country" in unit for unit in frame.filter(pl.col("id").is_in(["B3", "B4"]))["unit"].unique())


def test_a_disparity_is_the_ratio_and_the_difference_of_two_rates(frame: pl.DataFrame) -> None:
    pair = {"world": "designed", "versus": "accurate"}
    female = value(frame, "M1", "wrongful restriction", group="sex=female", **pair)
    male = value(frame, "M1", "wrongful restriction", group="sex=male", **pair)
    assert value(frame, "M12", "disparity, ratio, M1", group="sex=female", **pair) == pytest.approx(female / male)
    assert value(frame, "M12", "disparity, difference, M1", group="sex=female", **pair) == pytest.approx(female - male)
    line = frame.filter(pl.col("id") == "M12", pl.col("name") == "disparity, ratio, M1", pl.col("group") == "sex=female").row(0, named=True)
    assert line["low"] * line["high"] == pytest.approx(line["value"] ** 2)  # symmetric on the logarithm
    assert line["unit"] == "ratio to male"


def test_children_are_counted_over_children(sample: Made, frame: pl.DataFrame) -> None:
    child = np.array([CELL_LABELS[cell][1] == "0-17" for cell in sample.cell])
    weight = weights(sample)[child]
    expected = 1e4 * (weight * (sample.totals["designed"][child] > 0)).sum() / weight.sum()  # a child has no other gate in the made lives
    assert value(frame, "M21", "children affected", world="designed") == pytest.approx(expected)


def test_a_suppressed_quotient_keeps_its_people(sample: Made) -> None:
    tables = {name: table.copy() for name, table in sample.tallies.tables.items()}
    tables["people"][:, :, sample.tallies.columns["people"].index("wrong_records.designed")] = 0
    frame = measures(dataclasses.replace(sample.tallies, tables=tables), sample.facts)
    line = frame.filter(pl.col("id") == "M5", pl.col("region") == "all", pl.col("group") == "all", pl.col("world") == "designed").row(
        0, named=True
    )
    assert line["value"] is None
    assert line["people"] == len(sample.cluster)


# --- concentration ----------------------------------------------------------------------------------------------------------------


def gini_of_persons(days: np.ndarray, weight: np.ndarray) -> float:
    """Half the mean absolute difference over the mean, from all pairs."""
    gaps = np.abs(days[:, None] - days[None, :])
    share = weight / weight.sum()
    return float((gaps * share[:, None] * share[None, :]).sum() / (2 * (share * days).sum()))


@pytest.mark.parametrize("name", ["designed~accurate", "designed"])
def test_the_grouped_gini_lies_within_its_bound_of_that_of_the_persons(sample: Made, frame: pl.DataFrame, name: str) -> None:
    world, _, versus = name.partition("~")
    about = {"world": world, "versus": versus or "all"}
    exact = gini_of_persons(sample.totals[name].astype(float), weights(sample))
    grouped = value(frame, "M13", "concentration, Gini", **about)
    bound = value(frame, "M13", "concentration, Gini, most that grouping hides", **about)
    assert grouped - 1e-12 <= exact <= grouped + bound + 1e-12
    assert 0 < bound < 0.005


def test_the_grouping_bound_can_be_reached() -> None:
    """Half of a class at its lower and half at its upper edge: the Gini inside is exactly the bound (here nobody has none)."""
    exact = gini_of_persons(np.array([10.0, 20.0]), np.ones(2))
    totals = np.array([[2.0, 2.0, 30.0]])
    bound = concentration.grouping_bound(totals, np.array([10.0]), np.array([20.0]))[0]
    assert concentration.gini(totals)[0] == pytest.approx(0.0)
    assert bound == pytest.approx(exact)


@pytest.mark.parametrize("share", [0.001, 0.25, 0.9])
def test_when_a_share_of_people_hold_equal_days_the_gini_is_one_less_the_share(share: float) -> None:
    """C30."""
    totals = np.array([[1000.0, 1000 * share, 1000 * share * 40]])
    assert concentration.gini(totals)[0] == pytest.approx(1 - share)


def test_the_top_share_takes_the_people_with_most_days(sample: Made) -> None:
    totals = np.array([[1000.0, 5.0, 5.0, 50.0, 500.0]])  # 1 % is ten people: all that have any
    assert concentration.top_share(totals)[0] == pytest.approx(1.0)
    totals = np.array([[1000.0, 20.0, 5.0, 200.0, 800.0]])  # five with 160 days and five of the twenty with 10
    assert concentration.top_share(totals)[0] == pytest.approx(850 / 1000)


# --- time to clear ----------------------------------------------------------------------------------------------------------------


def test_incidence_by_hand() -> None:
    """Ten spells. First class: 2 expire, 2 still open at the end of the period; second: 1 overtaken; third: the other 5 settle."""
    counts = np.zeros((3, len(End)))
    counts[0, End.EXPIRY], counts[0, End.OPEN], counts[1, End.OVERTAKEN], counts[2, End.SETTLEMENT] = 2, 2, 1, 5
    running, ended = clearing.incidence(counts.reshape(1, -1))
    first = 1 - 2 / 9  # two open spells count for one at risk
    second = first * (1 - 1 / 6)
    assert running[0] == pytest.approx([1, first, second, 0])
    assert ended[0, -1, End.EXPIRY] == pytest.approx(2 / 9)
    assert ended[0, -1, End.OVERTAKEN] == pytest.approx(first / 6)
    assert ended[0, -1, End.SETTLEMENT] == pytest.approx(second)
    area = 30 * (1 + first) / 2 + 30 * (first + second) / 2 + 10 * (second + second * 2 / 3) / 2
    assert clearing.mean(counts.reshape(1, -1), clearing.area(70, 3))[0] == pytest.approx(area)
    assert clearing.percent(counts.reshape(1, -1), (End.EXPIRY,), clearing.at(15, 3))[0] == pytest.approx(100 / 9)


def test_without_censoring_the_restricted_mean_is_that_of_the_lengths_to_within_half_a_class() -> None:
    lengths = np.random.default_rng(2).integers(1, 900, 400)
    counts = np.zeros((30, len(End)))
    np.add.at(counts, (lengths // SPELL_BIN, int(End.EXPIRY)), 1)
    for days in (365, 730):
        mean = clearing.mean(counts.reshape(1, -1), clearing.area(days, 30))[0]
        assert mean == pytest.approx(np.minimum(lengths, days).mean(), abs=SPELL_BIN / 2)


def test_horizons_beyond_the_period_are_left_out(frame: pl.DataFrame) -> None:
    names = set(frame.filter(pl.col("id") == "M10")["name"])
    assert any("within 2 years" in name for name in names)
    assert not any("5 years" in name for name in names)


# --- identities -------------------------------------------------------------------------------------------------------------------


def test_identities_hold_where_all_columns_are_counted_from_the_same_lives(sample: Made) -> None:
    assert identities(sample.tallies, sample.facts) == []


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("people", "wrongful_days.designed~accurate.loan", "is not wrongful - lenient in loan"),
        ("people", "lenient_days.designed~none.travel", "designed - none is not (designed - accurate) + (accurate - none)"),
        ("people", "exits.designed.school", "entries of designed in school"),
        ("people", "records_open.designed", "have not ended or stayed"),
        ("months", "closed_days.accurate.registry", "months of closed_days.accurate.registry"),
        ("months", "newly_wrongful.designed~accurate", "newly wrongful"),
        ("spells", "designed~accurate.luck", "cleared by length"),
        ("spread", "days.designed", "days by days of designed"),
        ("people", "contested.designed", "are not contested.designed"),
        ("people", "upheld_wrong.designed", "upheld_wrong.designed exceeds decided_wrong.designed"),
        ("people", "freed.designed.365", "freed.designed.365 exceeds watched.designed.365"),
        ("people", "only.designed~accurate", "only do not add up"),
        ("people", "file_days.designed", "days on file of designed by channel"),
        ("people", "records.designed.misread", "are not those of each kind"),
        ("waits", "unaware.designed", "are not wrong_records.designed"),
        ("waits", "closed.designed", "cases of designed closed and waiting"),
        ("classes", "events.designed", "events of designed by channel are not those of the class"),
        ("classes", "both.designed", "both.designed exceeds first.designed"),
        ("meter", "top.designed", "people of designed with most frailty exceed those of a score"),
        ("channels", "listings.designed", "listings of designed by channel exceed"),
        ("channels", "ghost.designed", "ghost records of designed by channel"),
    ],
)
def test_a_single_count_out_of_place_is_found(sample: Made, table: str, column: str, words: str) -> None:
    tables = {name: counts.copy() for name, counts in sample.tallies.tables.items()}
    tables[table][1, 1, sample.tallies.columns[table].index(column)] += 1
    found = identities(dataclasses.replace(sample.tallies, tables=tables), sample.facts)
    assert any(words in violation for violation in found), found


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.permutations(range(6)))
def test_the_order_of_the_clusters_means_nothing(seed: int, order: list[int]) -> None:
    sample = made(people=12, days=200, seed=seed % 3)
    tables = {name: counts[order] for name, counts in sample.tallies.tables.items()}
    regions = tuple(sample.tallies.regions[i] for i in order)
    turned = measures(Tallies(regions, sample.tallies.numbers, tables, sample.tallies.columns, sample.tallies.rows), sample.facts)
    keys = ["id", "name", "world", "versus", "domain", "region", "group"]
    plain = measures(sample.tallies, sample.facts).sort(keys)
    turned = turned.sort(keys)
    size = np.nan_to_num(np.abs(plain["value"].to_numpy()))  # an end near zero is the small difference of two large numbers
    for column in ("value", "low", "high"):
        ours, theirs = turned[column].to_numpy(), plain[column].to_numpy()
        same = np.isclose(ours, theirs, rtol=1e-8, atol=1e-9 + 1e-8 * size, equal_nan=True)
        assert same.all(), plain.filter(~same)


# --- the frame and the registry ---------------------------------------------------------------------------------------------------


def test_the_frame_has_the_promised_columns_and_one_line_for_each_value(frame: pl.DataFrame) -> None:
    assert frame.columns == list(SCHEMA)
    keys = ["id", "name", "unit", "world", "versus", "domain", "region", "group", "period"]
    assert not frame.select(keys).is_duplicated().any()
    assert frame["interval"].unique().to_list() == ["mc"]
    bounded = frame.drop_nulls(["low", "high"])
    assert (bounded["low"] <= bounded["value"]).all()
    assert (bounded["value"] <= bounded["high"]).all()
    assert not frame["value"].is_nan().any()


def test_every_axis_has_a_reference_level() -> None:
    assert {axis: level in AXES[axis] for axis, level in REFERENCE.items()} == dict.fromkeys(AXES, True)


def test_every_measure_of_the_method_is_there() -> None:
    assert [measure.id for measure in MEASURES] == [f"B{n}" for n in range(1, 7)] + [f"M{n}" for n in range(1, 32)]


def test_a_measure_of_what_the_scenario_has_not_yields_no_line(frame: pl.DataFrame) -> None:
    """The made-up lives have no contexts left out, replayed or other conduct, stages, regions' rules, attacks, rates or safeguards."""
    absent = {"M6", "M8", "M18", "M19", "M20", "M25", "M26", "M28", "M29", "M30"}
    assert {measure.id for measure in MEASURES} - set(frame["id"]) == absent


def test_two_worlds_with_equal_tallies_differ_by_exactly_nothing(sample: Made) -> None:
    """Columns of 'designed' copied over those of 'accurate': every difference is zero and has no interval to argue about."""
    columns = sample.tallies.columns["people"]
    table = sample.tallies.tables["people"].copy()
    for place, name in enumerate(columns):
        if ".accurate" in name and "~" not in name:
            table[:, :, place] = table[:, :, columns.index(name.replace(".accurate", ".designed"))]
    frame = measures(dataclasses.replace(sample.tallies, tables={**sample.tallies.tables, "people": table}), sample.facts)
    same = frame.filter(pl.col("id").is_in(["B1", "B2"]), pl.col("world") == "designed", pl.col("versus") == "accurate")
    assert len(same) > 50
    assert (same["value"] == 0.0).all()
    assert same["low"].is_null().all()


# --- series for figures -----------------------------------------------------------------------------------------------------------


def test_people_ever_restricted_rises_to_the_measure(sample: Made, frame: pl.DataFrame) -> None:
    over_time = series.ever_over_time(Sample(sample.tallies, sample.facts))
    for world in WORLDS:
        curve = over_time.filter(pl.col("world") == world)["value"]
        assert (curve.diff().drop_nulls() >= 0).all()
        assert curve[-1] == pytest.approx(value(frame, "B1", "people ever restricted, 1 day or more", world=world))


def test_the_fates_of_spells_add_up(sample: Made) -> None:
    curve = series.clearing_curve(Sample(sample.tallies, sample.facts), PAIRS[0])
    assert curve["days"][0] == 0
    assert np.allclose(curve.select(pl.sum_horizontal("running", "cleared", "overtaken")).to_numpy(), 1.0)
    assert curve["running"].is_sorted(descending=True)


def test_the_lorenz_curve_runs_from_nothing_to_everything(sample: Made) -> None:
    points = series.lorenz_points(Sample(sample.tallies, sample.facts), pair_name(PAIRS[0]))
    assert points.row(0) == (0.0, 0.0)
    assert points.row(-1) == pytest.approx((1.0, 1.0))
    assert (points["days"] <= points["people"] + 1e-12).all()


def test_the_flow_keeps_its_parts(sample: Made, frame: pl.DataFrame) -> None:
    parts = {(stage, part): number for stage, part, number in series.flow(Sample(sample.tallies, sample.facts), PAIRS[0]).rows()}
    assert parts["records", "ghost"] == pytest.approx(value(frame, "B6", "records, ghost", world="designed"))
    assert parts["days", "wrongful"] == pytest.approx(value(frame, "M1", "wrongful restriction", world="designed", versus="accurate"))
    about_events = ("right", "stale", "inflated", "misread", "rule")
    assert sum(parts["records", kind] for kind in about_events) == pytest.approx(parts["events", "recorded"])


def test_a_region_without_people_is_on_the_map_without_a_value(sample: Made, frame: pl.DataFrame) -> None:
    tiles = series.by_region(Sample(sample.tallies, sample.facts), frame, "M1", "designed", "accurate", "wrongful restriction")
    assert len(tiles) == len(facts({}, 10).tiles)
    assert tiles.filter(pl.col("value").is_null()).height == len(tiles) - len(set(sample.tallies.regions))


def test_a_region_differs_only_where_a_wider_interval_keeps_clear_of_the_country() -> None:
    """Two clusters, twenty regions: Student's t with one degree of freedom is tan(pi (p - 1/2)); half the interval grows by that much."""
    wider = math.tan(math.pi * (0.5 - 0.025 / 20)) / math.tan(math.pi * (0.5 - 0.025))
    one = Estimate(100.0, 90.0, 110.0)
    assert not differs(one, 100.0 - 9.99 * wider, freedom=1, comparisons=20)
    assert differs(one, 100.0 - 10.01 * wider, freedom=1, comparisons=20)
    assert not differs(Estimate(100.0), 0.0, freedom=0, comparisons=20)


def test_regions_under_the_same_rules_are_seldom_told_apart_and_one_under_others_is() -> None:
    """Fifty countries of twelve regions without any difference: at 95 % for all regions together about two or three show one."""
    strata_names = [f"r{i}" for i in range(12) for _ in range(4)]
    rng = np.random.default_rng(5)
    false_alarms, found = 0, 0
    for _ in range(50):
        rates = rng.normal(1000.0, 50.0, len(strata_names))
        rates[:4] += 900.0
        ones = np.ones(len(strata_names))
        strata = stratify(strata_names, ones, dict.fromkeys(strata_names, 1.0))
        flags = []
        for region in dict.fromkeys(strata_names):
            only = strata.only(np.array(strata_names) == region)
            one = estimate(only, np.column_stack([rates, ones]), quotient)
            flags.append(differs(one, 1000.0, only.freedom, 12))
        found += flags[0]
        false_alarms += any(flags[1:])
    assert found >= 40
    assert false_alarms <= 8  # Binomial(50, 0.05) exceeds eight in one case of a thousand


def test_a_region_has_the_interval_of_its_own_clusters_and_one_cluster_has_none(sample: Made, frame: pl.DataFrame) -> None:
    tiles = series.by_region(Sample(sample.tallies, sample.facts), frame, "M1", "designed", "accurate", "wrongful restriction")
    own = {row["region"]: row for row in tiles.iter_rows(named=True)}
    assert [own[region]["clusters"] for region in ("Heilongjiang", "Xinjiang", "Inner Mongolia", "Jilin")] == [2, 3, 1, 0]
    assert own["Inner Mongolia"]["low"] is None
    assert own["Inner Mongolia"]["side"] == "within"
    for region in ("Heilongjiang", "Xinjiang"):
        at = [i for i, name in enumerate(sample.tallies.regions) if name == region]
        place = [sample.tallies.columns["people"].index(f"wrongful_days.designed~accurate.{d}") for d in sample.facts.domains]
        rates = 365_000 * sample.tallies.tables["people"][at][:, :, place].sum(axis=(1, 2)) / (60 * sample.facts.days)
        half = {2: 12.7062047, 3: 4.3026527}[len(at)] * rates.std(ddof=1) / math.sqrt(len(at))
        assert own[region]["high"] == pytest.approx(rates.mean() + half, rel=1e-6)


def test_a_group_without_anybody_has_no_ratio() -> None:
    made_up = made(people=30)
    table = made_up.tallies.tables["people"].copy()
    children = [i for i, cell in enumerate(made_up.tallies.rows["people"]) if cell[1] == "0-17"]
    table[:, children] = 0
    latent = made_up.tallies.tables["latent"].copy()
    latent[:, [i for i, (_, level, _) in enumerate(made_up.tallies.rows["latent"]) if level == "0-17"]] = 0
    tables = {**made_up.tallies.tables, "people": table, "latent": latent}
    frame = measures(dataclasses.replace(made_up.tallies, tables=tables), made_up.facts)
    empty = frame.filter(pl.col("id") == "M12", pl.col("group") == "age=0-17")
    assert len(empty) > 0
    assert empty["value"].is_null().all()


def test_what_still_lasts_has_not_ended_in_any_way(sample: Made, frame: pl.DataFrame) -> None:
    curve = series.clearing_curve(Sample(sample.tallies, sample.facts), PAIRS[0])
    expected = 100 * np.interp(365.0, curve["days"].to_numpy(), curve["running"].to_numpy())
    said = value(frame, "M10", "time to clear, still running after 1 year", world="designed", versus="accurate")
    assert said == pytest.approx(expected)


def test_the_made_tallies_have_the_columns_of_the_engine() -> None:
    from counterlife.township.sheet import columns as of_engine

    ours = columns()
    for table, names in of_engine(WORLDS, PAIRS, DOMAINS).items():
        assert sorted(ours[table]) == sorted(names)


def test_records_are_blamed_only_beside_a_world_with_records() -> None:
    """Against no system every closed day differs, whatever the records: M5 and M22 would blame records for the design."""
    run = made(people=40)
    frame = measures(run.tallies, run.facts)
    without = [name for name, world in run.facts.worlds.items() if world.records == "none"]
    assert any(versus in without for _, versus in run.facts.pairs)
    blamed = frame.filter(pl.col("id").is_in(["M5", "M22"]))
    assert blamed.height > 0
    assert blamed.filter(pl.col("versus").is_in(without)).height == 0
