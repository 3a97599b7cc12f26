"""A scenario becomes numbers: shapes, units, streams, worlds."""

from __future__ import annotations

from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

from counterlife.layout import ALWAYS_OPEN, CELLS, MOST, NEVER, QUALITIES, Delay, Floats, Ints, Key, Link, ListKind, Scope, Words
from counterlife.scenario import Scenario, ScenarioError, catalog, load
from counterlife.scenario.compile import Compiled, compile  # noqa: A004
from counterlife.scenario.compile_rules import UNBOUNDED
from counterlife.scenario.derived import stream

VALID = Path(__file__).parent.parent / "scenarios" / "valid"
SMALL = str(VALID / "small.yaml")


@pytest.fixture(scope="module")
def small() -> Compiled:
    return compile(load(SMALL))


@pytest.mark.parametrize(
    "name", [*(str(path) for path in sorted(VALID.glob("*.yaml"))), *(one.name for one in catalog())], ids=lambda n: Path(n).stem
)
def test_every_array_has_the_shape_and_type_of_the_layout(name: str) -> None:
    compiled = compile(load(name))
    rules, names = compiled.rulebook, compiled.names
    k, c, n, d = len(names.classes), len(names.channels), len(names.lists), len(names.domains)
    w, p, b = len(names.worlds), len(names.pairs), max(len(names.bands), 1)
    r, g, s, h = len(rules.ruled), len(names.stages[0][0]), len(names.scores), len(names.threats)
    shapes: list[tuple[tuple[int, ...], str]] = [
        ((rules.days,), "month_of_day"),
        ((k,), "stream ceiling accept strain strain_most deter near near_points burst burst_days burst_most weary frail own_shape"),
        ((k,), "from_age settles"),
        ((k + 1,), "first"),
        ((k, CELLS), "factor"),
        ((c,), "channel_class channel_stream ghost_stream abroad_stream delay_law delay_days inflate inflate_by procedure"),
        (
            (c,),
            "duplicate duplicate_from",
        ),
        ((c,), "link link_share link_scope link_from link_key inflow updated update_days"),
        ((c, CELLS), "detect ghost"),
        ((c, c), "misread"),
        ((c, 8), "procedure_with"),
        ((h,), "threat threat_stream threat_from threat_until threat_share threat_found threat_days"),
        ((h, c), "threat_channel"),
        ((h, CELLS), "threat_rate"),
        ((w,), "quality conduct"),
        ((w, g), "row"),
        ((g,), "stage_day"),
        ((r,), "tie_share tie_kin drop_below drop_share settled"),
        ((r,), "ruled lookback amnesty_day amnesty_age minor most_closed notice_days asks take_up_right take_up_ability take_up_weary"),
        ((r,), "sensitivity specificity bias decide_law decide_days office offices slots by_harm patience second second_days"),
        ((r,), "second_sensitivity second_specificity correct_law correct_days correct_lost"),
        ((r, s), "start lowest highest ledger severity leniency copy_law copy_days fix_law fix_days fix_lost back back_days"),
        ((r, s, c), "points keep keep_law discretion part"),
        ((r, s, MOST["parts"]), "part_low part_high"),
        ((r, c), "repair repair_days contestable notice"),
        ((r, CELLS), "take_up"),
        ((s,), "copy_stream proxy validity"),
        ((s, CELLS), "proxy_cell"),
        ((r, b - 1), "cuts"),
        ((r, d), "opens_at closes_lowest"),
        ((r, d, rules.cuts.shape[1] + 1), "passes"),
        ((r, n), "list_kind list_domain list_needs list_term list_mark list_resets"),
        ((r, n, c), "list_share"),
        ((n,), "list_score"),
        ((n, c), "list_stream"),
        ((r, d, d), "joint joint_on joint_off joint_lost"),
        ((d, d), "joint_stream"),
        ((d,), "gate_score gate_stream spared apply child_domain parents together domain_from domain_until"),
        ((p,), "pair_world pair_versus"),
    ]
    numbers = {"days", "frailty_shape", "top_frailty", "belief", "belief_rate", "reacts", "gives_up", "latent_mean", "latent_sd"}
    numbers |= {"meter_low", "meter_step", "review_days", "tied", "friends", "alike"}
    seen = set(numbers)
    for shape, fields in shapes:
        for field in fields.split():
            assert getattr(rules, field).shape == shape, field
            seen.add(field)
    assert seen == set(rules._fields)
    for field in seen - numbers:
        wanted = get_type_hints(type(rules))[field]
        assert getattr(rules, field).dtype == {Floats: np.float64, Ints: np.int64, Words: np.uint64}[wanted], field
        if getattr(rules, field).dtype == np.float64:
            assert np.isfinite(getattr(rules, field)).all(), field
    assert (rules.accept * np.maximum(rules.strain, 1) <= 1 + 1e-12).all()
    assert compiled.region_numbers.shape == compiled.region_people.shape == (len(names.regions),) == (len(compiled.books),)
    assert set(np.unique(np.concatenate([book.row for book in compiled.books]))) == set(range(r)), "every row is lived somewhere"


def test_channels_are_grouped_by_class(small: Compiled) -> None:
    assert small.names.channels == (("archive", "late_fee"), ("warden", "late_fee"), ("archive", "helping"), ("warden", "shouting"))
    assert small.rulebook.first.tolist() == [0, 2, 3, 4]
    assert small.rulebook.channel_class.tolist() == [0, 0, 1, 2]


def test_conduct_in_days(small: Compiled) -> None:
    rules = small.rulebook
    assert rules.ceiling == pytest.approx([1 / 365, 1.2 / 365, 1.5 / 7])
    assert rules.accept == pytest.approx([0.5, 1, 1 / 1.5])
    assert rules.frail.tolist() == [1, 0, 1]
    assert rules.own_shape.tolist() == [2, 0, 0]
    assert rules.from_age.tolist() == [18 * 365, 16 * 365, 18 * 365]
    assert rules.settles.tolist() == [100, 0, 0]
    assert rules.strain.tolist() == [1, 1, 1.5]
    assert rules.frailty_shape == 1


def test_channels_in_numbers(small: Compiled) -> None:
    rules = small.rulebook
    rural_rare, urban_common = 0, ((0 * 2 + 1) * 3 + 0) * 2 + 1  # female, 0-17, low means
    assert rules.detect[0, rural_rare] == pytest.approx(0.25)
    assert rules.detect[0, urban_common] == pytest.approx(0.75)
    assert rules.ghost[0, urban_common] == pytest.approx(0.02 / 365)
    assert rules.ghost[0, rural_rare] == pytest.approx(0.01 / 365)
    assert rules.delay_law.tolist() == [Delay.EXPONENTIAL, Delay.FIXED, Delay.EXPONENTIAL, Delay.FIXED]
    assert rules.delay_days.tolist() == [14, 0, 14, 0]
    assert rules.link.tolist() == [Link.ASSIGN_ONE, Link.NONE, Link.ASSIGN_ONE, Link.NONE]
    assert rules.link_scope[0] == Scope.COUNTRY
    assert rules.link_key[0] == Key.NAME_YEAR
    assert rules.updated.tolist() == [0.5, 1, 0.5, 1]
    assert rules.update_days == pytest.approx([365 / 12, 0, 365 / 12, 0])


def test_rules_of_the_worlds(small: Compiled) -> None:
    rules, worlds = small.rulebook, small.names.worlds
    assert worlds == ("none", "accurate", "designed", "gentle")
    assert rules.quality.tolist() == [QUALITIES[name] for name in ("none", "accurate", "as they come", "as they come")]
    assert rules.row.tolist() == [[0], [1], [1], [2]], "worlds with equal rules share a row, whatever their records"
    assert rules.ruled.tolist() == [0, 1, 1]
    assert rules.conduct.tolist() == [-1, -1, -1, -1]
    assert rules.points[1].tolist() == [[-5000, -5000, 2125, -1000]]
    assert rules.keep[1].tolist() == [[730, 730, 730, 90]]
    assert rules.cuts[1].tolist() == [80_000, 100_000]
    assert rules.opens_at[1].tolist() == [80_000, 85_000, ALWAYS_OPEN]
    assert rules.minor.tolist() == [0, -1000, -1000]
    assert (rules.lowest[1], rules.highest[1]) == ([0], [120_500])
    assert rules.list_kind[1].tolist() == [ListKind.RECORD, ListKind.SCORE_ABOVE]
    assert rules.list_domain[1].tolist() == [0, -1]
    assert rules.list_mark[1].tolist() == [0, 105_000]
    assert rules.list_term[1].tolist() == [365, NEVER]
    assert rules.list_share[1].tolist() == [[0.3, 0.3, 0, 0], [0, 0, 0, 0]]
    assert rules.joint[1].tolist() == [[0, 0.5, 1], [0, 0, 0], [0, 0, 0]]
    assert rules.joint_on[1].tolist() == [[0, 7, 0], [0, 0, 0], [0, 0, 0]]
    assert (rules.joint_off[1] == 2).all()


def test_what_a_world_sets_differs_in_that_world_only(small: Compiled) -> None:
    rules = small.rulebook
    assert rules.keep[2].tolist() == [[365, 365, 365, 365]]
    assert rules.joint[2, 0].tolist() == [0, 0, 1]
    assert rules.list_term[2, 0] == 30
    assert rules.opens_at[2].tolist() == [80_000, 50_000, ALWAYS_OPEN]
    for field in ("points", "cuts", "list_share", "joint_on", "start"):
        assert (getattr(rules, field)[2] == getattr(rules, field)[1]).all(), field


def test_a_world_without_rules_restricts_nobody(small: Compiled) -> None:
    rules = small.rulebook
    assert (rules.points[0] == 0).all()
    assert (rules.opens_at[0] == ALWAYS_OPEN).all()
    assert (rules.list_share[0] == 0).all()
    assert (rules.joint[0] == 0).all()
    assert (rules.list_mark[0] == np.iinfo(np.int64).max).all(), "nobody is on a redlist either"
    assert rules.lowest[0] == -UNBOUNDED
    assert compile(load("w0")).rulebook.list_mark[0, 0] == ALWAYS_OPEN, "no score is below the least number"


def test_domains_and_comparisons(small: Compiled) -> None:
    rules = small.rulebook
    assert rules.child_domain.tolist() == [0, 0, 1]
    assert rules.domain_from.tolist() == [18 * 365, 18 * 365, 3 * 365]
    assert rules.domain_until.tolist() == [200 * 365, 200 * 365, 12 * 365]
    assert small.names.pairs == (("designed", "accurate"), ("designed", "gentle"))
    assert (rules.pair_world.tolist(), rules.pair_versus.tolist()) == ([2, 2], [1, 3])


def test_days_and_months_follow_the_calendar(small: Compiled) -> None:
    """From 31 January 2024, 13 months, to 28 February 2025: months 0 to 13."""
    months = small.rulebook.month_of_day
    assert small.rulebook.days == len(months) == 394
    assert np.bincount(months).tolist() == [1, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 27]


def test_streams_are_those_of_qualified_names(small: Compiled) -> None:
    rules = small.rulebook
    assert rules.stream.tolist() == [stream("late_fee"), stream("helping"), stream("shouting")]
    assert rules.channel_stream[1] == stream("warden/late_fee")
    assert rules.list_stream[0, 3] == stream("warden/shouting>debtors")
    assert rules.joint_stream[0, 2] == stream("hall>playground")


def test_a_new_class_source_and_list_leave_the_other_streams_alone(tmp_path: Path, small: Compiled) -> None:
    path = tmp_path / "more.yaml"
    path.write_text(
        f"extends: {SMALL}\nconduct: {{singing: {{sign: bad, rate: 1 per year}}}}\n"
        "sources: {choir: {records: {singing: {detect: 1}, late_fee: {detect: 1}}}}\nlists: {singers: {closes: pool, on: {singing: 1}}}\n",
        encoding="utf-8",
    )
    more = compile(load(str(path)))
    old = dict(zip(small.names.channels, small.rulebook.channel_stream.tolist(), strict=True))
    new = dict(zip(more.names.channels, more.rulebook.channel_stream.tolist(), strict=True))
    assert old.items() < new.items()


def test_inflow_is_the_mean_of_records_among_those_old_enough() -> None:
    """In the plain country everybody is an adult: rate times detection, for town and country half each."""
    rules = compile(load(SMALL)).rulebook
    means = (1.5 * 0.25 + 0.75) * 1.1 * (0.5 * 0.25 * 1 / 1.1 + 0.5 * 0.75)  # detection 0.25 in the country, 0.75 in town (rate 1.1)
    sex = 0.5 * 1.2 + 0.5
    assert rules.inflow[2] == pytest.approx(1.2 / 365 * 0.5, rel=1e-9)
    ages = rules.inflow[0] / (0.5 / 365 * means * sex)
    assert 0.9 <= ages <= 1.0, "between the factors of the two adult age groups of the plain country"


def test_minors_add_nothing_to_the_inflow() -> None:
    """In China a quarter of the people are under 18, so a uniform class from 18 years on flows in at less than its rate."""
    scenario = load(
        "article-score", ["conduct.neglect_of_parents.by=null", "conduct.family_size.by=null", "conduct.family_size.from_age=0 days"]
    )
    compiled = compile(scenario)
    rules, channels = compiled.rulebook, compiled.names.channels
    adults = channels.index(("neighbourhood_committee", "neglect_of_parents"))
    everybody = channels.index(("family_planning", "family_size"))
    assert rules.inflow[everybody] == pytest.approx(0.003 / 365 * 0.9, rel=1e-6)
    assert 0.75 < rules.inflow[adults] / (0.02 / 365 * 0.2) < 0.83


def test_a_class_that_never_happens_compiles() -> None:
    rules = compile(load(SMALL, ["conduct.helping.rate=0 per year"])).rulebook
    assert rules.accept[1] == 0
    assert rules.ceiling[1] > 0


def test_margins_that_contradict_each_other_are_refused() -> None:
    """Nine men to each woman cannot live in these couples."""
    with pytest.raises(ScenarioError, match=r"population.country: region North: no household roles meet its margins"):
        compile(load(str(VALID / "own_country.yaml"), ["population.country.defaults.sex_ratio=900"]))


def test_a_scenario_that_was_never_checked_is_refused_here() -> None:
    data = load(SMALL).model_dump(mode="json", by_alias=True, exclude_none=True)
    data["gates"]["pool"]["opens_at"] = "excellent"
    with pytest.raises(ScenarioError, match=r"gates.pool.opens_at: 'excellent' is no band"):
        compile(Scenario.model_validate(data))
