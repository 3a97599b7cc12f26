"""Every combination of safeguards: known answers, identities in whole numbers, the search for the least intrusive one, and refusals."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hand_tallies import BASE, written

from counterlife import layout, study
from counterlife.exact import clearing
from counterlife.layout import YEAR
from counterlife.measures import (
    Bound,
    Combination,
    Combined,
    Sample,
    Standing,
    Verdict,
    World,
    bound,
    frontier,
    held,
    joined,
    least,
    nearest,
)
from counterlife.scenario import ScenarioError, factorial, load, resolved, twin_of, world_of
from counterlife.study import Safeguarded, safeguards

KNOWN = str(Path(__file__).parent / "scenarios" / "valid" / "combined.yaml")
NO_TAX = "sources.tax.records.arrears.ghosts=0 per year"
RATE = 1000 * YEAR


@pytest.fixture(scope="module")
def known() -> Safeguarded:
    """All eight combinations, with both files."""
    return safeguards(KNOWN, bounds=["W0 <= 60000", "M3 <= 9000"])


def value(found: Safeguarded, combination: str, quantity: str = "harm") -> tuple[float, float, float]:
    chosen = found.frame.filter((pl.col("safeguards") == combination) & (pl.col("quantity") == quantity))
    assert chosen.height == 1
    return chosen.select("value", "low", "high").row(0)


# --- known answers ------------------------------------------------------------------------------------------------------------------


def closed_share(keep: float, granted: float, days: int = 2000) -> float:
    """Share of the days on which a person has a record that acts: Poisson with the mean time for which one has acted (as in C15)."""
    rate = 0.3 / YEAR
    return sum(-math.expm1(-rate * clearing.time_to_clear(min(day, keep), granted, 90.0)) for day in range(1, days + 1)) / days


def test_harm_effects_and_interaction_are_those_of_the_closed_form() -> None:
    found = safeguards(KNOWN, of=["appeals", "shorter_memory"], people=24_000, overrides=[NO_TAX])
    harm = {
        "none": closed_share(730, 0.0),
        "appeals": closed_share(730, 0.4),
        "shorter_memory": closed_share(365, 0.0),
        "appeals + shorter_memory": closed_share(365, 0.4),
    }
    for name, share in harm.items():
        got, low, high = value(found, name)
        assert abs(got - RATE * share) < 2.5 * (high - low) / 2  # some 4.9 standard errors
        assert (high - low) / 2 < 0.03 * got
        assert value(found, name, "own") == value(found, name)  # nobody is shut out with accurate records, by whatever rules
    both, first, second = (harm["none"] - harm[name] for name in ("appeals + shorter_memory", "appeals", "shorter_memory"))
    expected = {
        ("alone", "appeals"): first,
        ("last", "appeals"): both - second,
        ("average", "appeals"): (first + both - second) / 2,
        ("alone", "shorter_memory"): second,
        ("alone", "appeals + shorter_memory"): both - first - second,
        ("average", "appeals + shorter_memory"): both - first - second,
    }
    for (kind, name), share in expected.items():
        about = (pl.col("kind") == kind) & (pl.col("safeguards") == name) & (pl.col("quantity") == "averted")
        row = found.effects_frame.filter(about).row(0, named=True)
        half = (row["high"] - row["low"]) / 2
        assert abs(row["value"] - RATE * share) < 2.5 * half
        assert half < 0.06 * abs(row["value"])
    assert value(found, "appeals", "averted_per_hour")[0] == pytest.approx(value(found, "appeals", "averted")[0] / 20)


def test_what_acts_on_different_harms_adds_up_to_the_last_day(known: Safeguarded) -> None:
    apart = [one for one in known.effects if set(one.safeguards) == {"shorter_memory", "shorter_term"}]
    assert {one.kind for one in apart} == {"alone", "average"}
    assert {one.averted.value for one in apart} == {0.0}
    days = known.combined.wrongful
    order = {one.safeguards: place for place, one in enumerate(known.combined.combinations)}
    together = days[:, order["shorter_memory", "shorter_term"]] + days[:, order[()]]
    assert np.array_equal(together, days[:, order["shorter_memory",]] + days[:, order["shorter_term",]])
    assert (days[:, order[()]] > days[:, order["shorter_term",]]).all()
    overlap = next(one for one in known.effects if one.kind == "alone" and one.safeguards == ("appeals", "shorter_term"))
    assert overlap.averted.high is not None
    assert overlap.averted.high < 0  # both act on the same list


def screened_days(term: float, days: int = 1000) -> float:
    """Share of the days of `averaged.yaml` on which a person is listed: flagged at least once within the last `term` days (Poisson)."""
    rate = 0.01 * 0.5
    return ((term - -math.expm1(-rate * term) / rate) + (days - term) * -math.expm1(-rate * term)) / days


def test_days_are_wrongful_beside_the_world_that_the_design_is_first_held_against() -> None:
    """A screen that flags for nothing does no harm beside accurate records, which it flags too, and all of it beside right rules."""
    path = Path(KNOWN).with_name("averaged.yaml")
    lawful = safeguards(path)
    assert lawful.factorial.reference == "lawful"
    for name, term in (("none", 100), ("shorter_term", 30)):
        got, low, high = value(lawful, name)
        assert abs(got - RATE * screened_days(term)) < 2.5 * (high - low) / 2
        assert (high - low) / 2 < 0.02 * got
        assert value(lawful, name, "own")[0] == 0
    accurate = safeguards(path, overrides="compare=[[designed, accurate]]")
    assert accurate.factorial.reference == "accurate"
    assert value(accurate, "none")[0] == value(accurate, "shorter_term")[0] == 0
    assert value(accurate, "none", "closed") == value(lawful, "none", "closed")


@pytest.mark.parametrize(
    ("compare", "reference"),
    [
        ("[[designed, none], [designed, lawful]]", "lawful"),  # a world without a system has no records to be right
        ("[[accurate, lawful], [designed, pruned]]", "pruned"),
        ("[[designed, none]]", "accurate"),
        ("[[designed, shorter_term accurate], [designed, lawful]]", "lawful"),  # other rules than the design's
    ],
)
def test_the_reference_has_the_rules_of_the_design_and_cleaner_records(compare: str, reference: str) -> None:
    scenario = load(str(Path(KNOWN).with_name("averaged.yaml")), [f"compare={compare}"])
    found = factorial(scenario)
    assert found.reference == reference
    assert ("shorter_term", reference) in found.parts[0].compare
    assert ("shorter_term", reference) in scenario.compare  # so that M30 of an ordinary run stands beside the same world


# --- identities ---------------------------------------------------------------------------------------------------------------------


def test_effects_of_all_orders_add_up_to_what_every_combination_averts(known: Safeguarded) -> None:
    alone = {one.safeguards: one.averted.value or 0.0 for one in known.effects if one.kind == "alone"}
    assert len(alone) == 7
    for members in alone:
        within = [some for size in range(1, len(members) + 1) for some in itertools.combinations(members, size)]
        averted = value(known, " + ".join(members), "averted")[0]
        assert math.fsum(alone[some] for some in within) == pytest.approx(averted, rel=1e-12, abs=1e-9)


def test_last_and_average_by_their_definitions(known: Safeguarded) -> None:
    harm = {one.safeguards: known.combined.harm(one).value or 0.0 for one in known.combined.combinations}
    effects = {(one.kind, one.safeguards): one.averted.value for one in known.effects}
    names = known.combined.names
    for name in names:
        rest = [one for one in names if one != name]
        added = []
        for size in range(len(rest) + 1):
            for others in itertools.combinations(rest, size):
                added.append(harm[others] - harm[tuple(one for one in names if one in (*others, name))])
        assert effects["alone", (name,)] == pytest.approx(added[0])
        assert effects["last", (name,)] == pytest.approx(added[-1])
        assert effects["average", (name,)] == pytest.approx(sum(added) / 4)


def test_single_safeguards_are_those_of_an_ordinary_run(known: Safeguarded) -> None:
    """The measures of a run of the scenario itself: W0 is M1 beside the design's accurate twin, days averted are M30."""
    frame = study.run(KNOWN).measures.filter(pl.col("domain") == "all", pl.col("region") == "all", pl.col("group") == "all")

    def told(measure: str, world: str, versus: str, name: str) -> tuple[float, float, float]:
        about = (pl.col("id") == measure) & (pl.col("world") == world) & (pl.col("versus") == versus) & (pl.col("name") == name)
        return frame.filter(about).select("value", "low", "high").row(0)

    for name in ("appeals", "shorter_memory", "shorter_term"):
        assert value(known, name) == pytest.approx(told("M1", name, "accurate", "wrongful restriction"))
        assert value(known, name, "own") == pytest.approx(told("M1", name, f"{name} accurate", "wrongful restriction"))
        said = told("M30", name, "designed", "yield of safeguards, wrongful days averted")
        assert value(known, name, "averted") == pytest.approx(said)
        said = told("M30", name, "designed", "yield of safeguards, closed days averted")
        assert value(known, name, "closed_averted") == pytest.approx(said)
    said = told("M30", "appeals", "designed", "yield of safeguards, wrongful days averted per hour of reviewers")
    assert value(known, "appeals", "averted_per_hour") == pytest.approx(said)
    assert value(known, "none") == pytest.approx(told("M1", "designed", "accurate", "wrongful restriction"))
    held_here = {(one.combination.safeguards, place): harm for one in known.held for place, harm in enumerate(one.harms)}
    said = told("M3", "appeals", "accurate", "people ever wrongly restricted, 1 day or more")
    assert (held_here[("appeals",), 1].value, held_here[("appeals",), 1].high) == pytest.approx((said[0], said[2]))


def test_several_runs_count_the_same_as_one_with_room_for_all(known: Safeguarded, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(known.runs) == 1
    scenario = load(KNOWN)
    monkeypatch.setitem(layout.MOST, "worlds", 8)
    split = safeguards(scenario)
    assert [len(run.scenario.worlds) for run in split.runs] == [8, 8, 4]
    assert split.frame.equals(known.frame)
    assert split.effects_frame.equals(known.effects_frame)
    first, second = (run.tallies for run in split.runs[:2])
    assert len(joined([first, second]).columns["people"]) < len(first.columns["people"]) + len(second.columns["people"])
    other = study.run(split.factorial.parts[1], seed=2).tallies
    with pytest.raises(ValueError, match="do not count the same lives"):
        joined([first, other])
    with pytest.raises(ValueError, match="not of the same townships"):
        joined([first, study.run(split.factorial.parts[1], people=6000).tallies])


# --- combinations as worlds ---------------------------------------------------------------------------------------------------------


def test_combinations_are_safeguards_that_can_be_written_down_and_read_again(tmp_path: Path) -> None:
    found = factorial(load("article"), ["notice_to_all", "human_review", "shorter_retention", "sanction_cap", "no_joint_sanctions"])
    assert len(found.combinations) == 32
    assert found.combinations[0] == ()
    assert len(found.parts) > 1  # the stages of this scenario leave room for few sets of rules
    assert sum(len(part.safeguards) for part in found.parts) == 31
    for part in found.parts:
        assert {"designed", "accurate"} <= set(part.worlds)
        assert not {"none", "attacked", "mediated"} & set(part.worlds)
        path = tmp_path / "part.yaml"
        path.write_text(resolved(part), encoding="utf-8")
        assert load(str(path)) == part
    name = world_of(("notice_to_all", "human_review"))
    part = next(part for part in found.parts if name in part.worlds)
    assert twin_of(("notice_to_all", "human_review")) in part.worlds
    assert set(part.worlds[name].set) == {"redress.notice", "redress.office", "redress.decide", "redress.sensitivity", "redress.bias"}
    hours = part.safeguards[name].reviewer_hours
    assert hours is not None
    assert hours.number == 170


def safeguarded(path: Path, text: str) -> str:
    """The known scenario with other safeguards."""
    before = Path(KNOWN).read_text(encoding="utf-8").partition("safeguards:")[0]
    path.write_text(before + text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("text", "of", "reason"),
    [
        ("", (), "this scenario has none"),
        ("safeguards: {a: {set: {score.keep: 1 year}}}", ("b",), "'b' is no safeguard of this scenario. Known here: a."),
        (
            "safeguards: {a: {set: {score.keep: 1 year}}, b: {set: {score.keep: 2 years}}}",
            (),
            "'a' sets score.keep to 1 year and 'b' to 2 years: what both together mean is not said",
        ),
        (
            "safeguards: {a: {set: {redress.decide: {exponential: 1 day}}}, b: {set: {redress.decide.exponential: 2 days}}}",
            (),
            "of which one is a part of the other",
        ),
        (
            "safeguards: {" + ", ".join(f"s{n}: {{set: {{score.keep: 1 year}}}}" for n in range(6)) + "}",
            (),
            "6 safeguards have 64 combinations, and at most 5 are combined (32): name those that matter (--of s0,s1,s2,s3,s4)",
        ),
        (
            "safeguards: {a: {set: {score.keep: 1 year}}, b: {set: {redress.notice: 0.5}}, a_and_b: {set: {redress.take_up: 0.5}}}",
            (),
            "two combinations would have one name",
        ),
    ],
)
def test_what_cannot_be_combined_is_refused_with_the_reason(tmp_path: Path, text: str, of: tuple[str, ...], reason: str) -> None:
    scenario = load(safeguarded(tmp_path / "s.yaml", text))
    with pytest.raises(ScenarioError) as refused:
        factorial(scenario, of)
    assert reason in str(refused.value)


def test_equal_settings_and_one_of_two_that_clash_are_combined(tmp_path: Path) -> None:
    equal = "safeguards: {a: {set: {score.keep: 1 year}}, b: {set: {score.keep: 1 year, redress.sensitivity: 1}}}"
    assert len(factorial(load(safeguarded(tmp_path / "equal.yaml", equal))).combinations) == 4
    clash = "safeguards: {a: {set: {score.keep: 1 year}}, b: {set: {score.keep: 2 years}}}"
    assert len(factorial(load(safeguarded(tmp_path / "clash.yaml", clash)), ["b"]).combinations) == 2


def test_hours_of_several_safeguards_add_up_and_silence_counts_as_none(tmp_path: Path) -> None:
    text = (
        "safeguards: {a: {set: {score.keep: 1 year}, reviewer_hours: 20}, b: {set: {redress.sensitivity: 1}, reviewer_hours: 5}, "
        "c: {set: {lists.debtors.term: 1 year}}}"
    )
    found = safeguards(safeguarded(tmp_path / "hours.yaml", text), people=1000)
    hours = {one.safeguards: one.hours for one in found.combined.combinations}
    assert hours == {
        (): None, ("a",): 20, ("b",): 5, ("c",): None, ("a", "b"): 25, ("a", "c"): 20, ("b", "c"): 5, ("a", "b", "c"): 25,
    }  # fmt: skip
    assert found.costs == ("safeguards", "hours")
    assert {place.combination.safeguards: place.cost for place in found.frontiers["hours"]}[("c",)] == 0.0


# --- which to choose ----------------------------------------------------------------------------------------------------------------


def made(*harms: tuple[int, ...], hours: tuple[float, ...] = (0, 1, 2, 3)) -> Combined:
    """Two safeguards, and for each of the four combinations the wrongful days on loans in every township of 1,000 people."""
    names = ((), ("a",), ("b",), ("a", "b"))
    combinations = [
        Combination(name, world_of(name), twin_of(name), taken if name else None) for name, taken in zip(names, hours, strict=True)
    ]
    worlds = {world: World("S", world, "system", "as they come") for one in combinations[1:] for world in (one.world, one.twin)}
    pairs = tuple((one.world, versus) for one in combinations[1:] for versus in (one.twin, "accurate"))
    people = {f"wrongful_days.{one.world}~accurate.loan": np.array(days) for one, days in zip(combinations, harms, strict=True)}
    return Combined(Sample(*written(people, worlds, pairs, ("Hebei",) * len(harms[0]))), combinations)


STEADY = (1000, 1010, 990, 1005, 995, 1000)


def less(by: int, *more: int) -> tuple[int, ...]:
    return tuple(days - by + extra for days, extra in itertools.zip_longest(STEADY, more, fillvalue=0))


def test_the_front_and_what_cannot_be_told_apart_by_hand() -> None:
    """a averts 400 days for certain; b averts 402, give or take 90, for more hours; both together exactly as much as a."""
    shaky = less(402, 90, -90, 85, -85, 92, -92)
    combined = made(STEADY, less(400, 1, -1, 2, -2, 0, 0), shaky, less(400, 1, -1, 2, -2, 0, 0))
    found = {place.combination.safeguards: place for place in frontier(combined, "hours")}
    assert {name: place.front for name, place in found.items()} == {(): True, ("a",): True, ("b",): True, ("a", "b"): False}
    assert found["a",].standing is Standing.BEST
    assert found["b",].standing is Standing.LEVEL
    assert found["b",].beside is combined["a",]
    assert found["a", "b"].standing is Standing.BEATEN  # to the last day what a does for a third of the hours
    assert found["a", "b"].beside is combined["a",]
    assert found[()].standing is Standing.BEST  # nothing costs as little
    counted = {place.combination.safeguards: place for place in frontier(combined, "safeguards")}
    assert counted["a",].standing is Standing.LEVEL
    assert counted["a",].beside is combined["b",]


def test_one_township_tells_nothing_apart() -> None:
    combined = made((1000,), (600,), (700,), (500,))
    found = {place.combination.safeguards: place.standing for place in frontier(combined, "hours")}
    assert found == {(): Standing.BEST, ("a",): Standing.LEVEL, ("b",): Standing.LEVEL, ("a", "b"): Standing.LEVEL}


def test_the_least_intrusive_combination_by_hand() -> None:
    """Days per 1,000 person-years are the days of a township over four years: 1,000 days are 250."""
    combined = made(STEADY, less(400, 1, -1, 2, -2, 0, 0), less(500), less(600))
    harm = combined.harm(combined["a",])
    assert harm.value == pytest.approx(150)
    at_151 = held(combined, [Bound("W0", 151.0)])
    assert [one.combination.safeguards for one in at_151] == [(), ("a",), ("b",), ("a", "b")]
    assert [one.verdict for one in at_151] == [Verdict.BREAKS, Verdict.OPEN, Verdict.MEETS, Verdict.MEETS]
    chosen = least(at_151)
    assert chosen is not None
    assert chosen.combination.safeguards == ("b",)
    at_160 = least(held(combined, [Bound("W0", 160.0)]))
    assert at_160 is not None
    assert at_160.combination.safeguards == ("a",)  # one safeguard as well, and fewer hours
    nowhere = held(combined, [Bound("W0", 50.0)])
    assert least(nowhere) is None
    assert nearest(nowhere).combination.safeguards == ("a", "b")
    both = held(combined, [Bound("W0", 300.0), Bound("W0", 110.0)])
    chosen = least(both)
    assert chosen is not None
    assert chosen.combination.safeguards == ("a", "b")
    assert least(held(combined, [Bound("W0", 260.0)])).combination.safeguards == ()  # type: ignore[union-attr]


def test_a_value_without_an_interval_meets_no_bound() -> None:
    combined = made(STEADY, (0,) * 6, less(500), (0,) * 6)
    found = held(combined, [Bound("W0", 10.0)])
    assert [one.verdict for one in found] == [Verdict.BREAKS, Verdict.BARE, Verdict.BREAKS, Verdict.BARE]
    assert least(found) is None


def test_a_factorial_has_to_be_full() -> None:
    combined = made(STEADY, STEADY, STEADY, STEADY)
    with pytest.raises(ValueError, match="every combination once"):
        Combined(combined.sample, combined.combinations[:3])
    with pytest.raises(ValueError, match="the unchanged design first"):
        Combined(combined.sample, combined.combinations[::-1])
    assert set(BASE) >= {"designed", "accurate"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("M3 <= 100", Bound("M3", 100.0)),
        ("m3/30<=5", Bound("M3", 5.0, 30)),
        ("W0 ≤ 1,500", Bound("W0", 1500.0)),
        (" B1/365 < 0 ", Bound("B1", 0.0, 365)),
    ],
)
def test_bounds_that_can_be_written(text: str, expected: Bound) -> None:
    assert bound(text) == expected
    assert bound(str(expected)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("M18 <= 10", r"M18 \(what fear averts\) cannot be a bound: this search makes harm small, and never looks for obedience"),
        ("M2 <= 10", r"M2 \(days on which people stay free whom the rules would shut out\) cannot be a bound"),
        ("M16 >= 0.7", r"M16 \(how well a score ranks people\) cannot be a bound"),
        ("M4 <= 10", "M4 cannot be bounded: it is no amount of harm that falls when people are spared"),
        ("M3 >= 100", "a bound on harm says how much there may be at most; write M3 <= and a number"),
        ("M3 = 100", "says how much there may be at most"),
        ("M3 <= few", "'few' is no amount of harm"),
        ("M3 <= nan", "'nan' is no amount of harm"),
        ("M3 <= -1", "'-1' is no amount of harm"),
        ("M3/7 <= 1", "only 1, 30 and 365 are counted"),
        ("W0/30 <= 1", "only M3 and B1 count people from so many days on"),
        ("less harm", "is no bound: write a measure of harm, <= and a number, such as 'M3 <= 100'. What can be bounded: W0, M1, M3"),
    ],
)
def test_bounds_that_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        bound(text)
