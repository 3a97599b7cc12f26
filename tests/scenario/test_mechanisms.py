"""Each mechanism of the language as numbers: every field that a scenario can move away from its neutral value."""

from __future__ import annotations

from functools import cache
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from counterlife.layout import AXES, NEVER, QUALITIES, Delay, Keep, Parents, Procedure, Rulebook, Threat
from counterlife.scenario import Scenario, load
from counterlife.scenario.compile import Compiled, compile  # noqa: A004
from counterlife.scenario.compile_rules import ALWAYS_OPEN, UNBOUNDED
from counterlife.scenario.derived import stream

VALID = Path(__file__).parent.parent / "scenarios" / "valid"


@cache
def scenario(name: str) -> Scenario:
    return load(str(VALID / f"{name}.yaml"))


@cache
def compiled(name: str) -> Compiled:
    return compile(scenario(name))


def rules(name: str) -> Rulebook:
    return compiled(name).rulebook


def row(name: str, world: str) -> int:
    """The row of a world in the first stage of the first region."""
    return int(rules(name).row[compiled(name).names.worlds.index(world), 0])


def cell(**levels: str) -> int:
    """The number of a cell, by its levels; the first level of each axis that is not named."""
    number = 0
    for axis, known in AXES.items():
        number = number * len(known) + (known.index(levels[axis]) if axis in levels else 0)
    return number


# --- all off --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["small", "ledger", "lists_only"])
def test_what_is_not_said_is_neutral(name: str) -> None:
    book, names = rules(name), compiled(name).names
    neutral = {
        "strain_most": 1, "deter": 0, "near": 1, "near_points": 0, "burst": 0, "burst_days": 1, "burst_most": 1, "weary": 1,
        "belief": 0, "belief_rate": 0, "reacts": 1, "gives_up": 0, "misread": 0, "inflate": 0, "inflate_by": 1,
        "procedure": Procedure.NONE, "procedure_with": 0, "link_from": 0, "conduct": -1, "stage_day": 0, "lookback": NEVER, "settled": 1,
        "keep_law": Keep.ENTRY, "discretion": 0, "severity": 0, "leniency": 0, "repair": 0, "amnesty_day": NEVER,
        "copy_law": Delay.FIXED, "copy_days": 0, "fix_law": Delay.FIXED, "fix_days": 0, "fix_lost": 0, "back": 0, "proxy": 0,
        "validity": 0, "proxy_cell": 0, "gate_score": 0, "list_score": 0, "joint_lost": 0, "contestable": 0, "notice": 0, "asks": 0,
        "apply": 0, "take_up": 0, "take_up_right": 1, "take_up_ability": 0, "take_up_weary": 1, "sensitivity": 1, "specificity": 1,
        "bias": 0, "decide_law": Delay.FIXED, "decide_days": 0, "office": 0, "offices": 1, "slots": 0, "by_harm": 0,
        "patience": NEVER, "second": 0, "second_days": 1, "second_sensitivity": 1, "second_specificity": 1,
        "correct_law": Delay.FIXED, "correct_days": 0, "correct_lost": 0, "parents": Parents.ANY, "together": 0,
        "most_closed": len(names.domains),
    }  # fmt: skip
    for field, value in neutral.items():
        assert np.all(np.asarray(getattr(book, field)) == value), field
    assert book.threat.size == 0
    assert (names.scores, names.logs, names.threats, {row for one in names.stages for row in one}) == (("score",), (False,), (), {("",)})
    assert len({id(one) for one in compiled(name).books}) == 1, "regions share one rulebook"
    assert compiled(name).book(len(names.regions) - 1) is book


# --- people ---------------------------------------------------------------------------------------------------------------------


def test_conduct_that_answers_to_the_life() -> None:
    book, k = rules("behaviour"), compiled("behaviour").names.classes.index("shouting")
    most = 2**2 * 3 * 3 * 1.5  # strain at most twice, near a gate, in a burst, after giving up
    assert book.ceiling[k] == pytest.approx(most / 365)
    assert book.accept[k] == pytest.approx(1 / most)
    assert (book.strain[k], book.strain_most[k], book.deter[k], book.near[k], book.near_points[k]) == (2, 2, 0.3, 3, 20_000)
    assert (book.burst[k], book.burst_days[k], book.burst_most[k], book.weary[k]) == (0.4, 30, 3, 1.5)
    assert book.weary[compiled("behaviour").names.classes.index("helping")] == 0.5
    assert book.deter[compiled("behaviour").names.classes.index("petition")] == 1.5
    assert (book.belief, book.reacts, book.gives_up) == (0.1, 0.11, 2)
    assert book.belief_rate == pytest.approx(2 / 365)
    assert (book.take_up_weary == 0.3).all()
    assert book.conduct.tolist() == [-1, -1, -1, -1, 1]


def test_what_frailty_says_about_people() -> None:
    """Of a Gamma variable with mean 1: mean and standard deviation of its logarithm, and its upper tenth."""
    for name, shape in (("small", 1.0), ("one_region", 0.5)):
        book = rules(name)
        assert book.latent_mean == pytest.approx(float(special.digamma(shape)) - log(shape))
        assert book.latent_sd == pytest.approx(sqrt(float(special.polygamma(1, shape))))
        assert book.top_frailty == pytest.approx(float(stats.gamma.ppf(0.9, shape, scale=1 / shape)))
    plain = rules("lists_only")
    assert (plain.latent_mean, plain.latent_sd, plain.top_frailty) == (0, 0, NEVER)


def test_how_records_are_raised_and_written() -> None:
    book, channels = rules("records"), compiled("records").names.channels
    fee, helping, year = (channels.index(("archive", name)) for name in ("late_fee", "helping", "benefit_year"))
    assert book.misread[fee, helping] == 0.01
    assert book.misread[year].sum() == pytest.approx(0.3)
    assert (book.misread > 0).sum() == 3
    assert (book.inflate[fee], book.inflate_by[fee]) == (0.02, 2)
    kinds = {channels[c]: int(kind) for c, kind in enumerate(book.procedure) if kind}
    assert kinds == {
        ("archive", "benefit_year"): Procedure.AVERAGE,
        ("archive", "exam"): Procedure.COHORT,
        ("warden", "late_fee"): Procedure.SHARE,
        ("warden", "shouting"): Procedure.SCREEN,
    }
    assert book.procedure_with[year].tolist() == [0.6, 800, 0.3, 550, 100, 0.5, 0.05, 10]
    assert book.procedure_with[channels.index(("archive", "exam"))].tolist() == [0.7, 0.8, -0.3, 0, 0, 0, 0, 0]
    assert book.procedure_with[channels.index(("warden", "late_fee"))].tolist() == [0.1, 0, 0, 0, 0, 0, 0, 0]
    assert book.procedure_with[channels.index(("warden", "shouting"))].tolist() == [0.07, 0.9, 0.5, 0, 0, 0, 0, 0]
    assert book.link_from[fee] == 30, "from 31 January to 1 March of a leap year"
    assert book.quality[-1] == QUALITIES["lawful"]


def test_threats_in_numbers() -> None:
    book = rules("threats")
    assert compiled("threats").names.threats == ("clerk", "favour", "dark", "restore")
    assert book.threat.tolist() == [Threat.INSERT, Threat.DELETE, Threat.OUTAGE, Threat.ROLLBACK]
    assert book.threat_stream.tolist() == [stream(f"threat:{name}") for name in compiled("threats").names.threats]
    assert book.threat_from.tolist() == [31, 0, 61, 92]
    assert book.threat_until.tolist() == [92, 364, 75, 122]
    assert book.threat_channel.tolist() == [[1], [1], [1], [1]]
    assert book.threat_rate[0, cell(means="low")] == pytest.approx(0.2 / 365)
    assert book.threat_rate[0, cell(means="high")] == pytest.approx(0.1 / 365)
    assert (book.threat_rate[1:] == 0).all()
    assert book.threat_share.tolist() == [0, 0.2, 0, 0]
    assert book.threat_found.tolist() == [0.5, 0, 0, 1]
    assert book.threat_days == pytest.approx([60, 0, 0, 365 / 12])


def test_addresses_of_ghosts_strangers_and_scores() -> None:
    book = rules("scores")
    assert book.ghost_stream[1] == stream("warden/late_fee#ghost")
    assert book.abroad_stream[1] == stream("warden/late_fee#elsewhere")
    assert book.copy_stream.tolist() == [stream("score:score"), stream("score:shop"), stream("score:trust")]


# --- scores ---------------------------------------------------------------------------------------------------------------------


def test_several_scores() -> None:
    book, names, r = rules("scores"), compiled("scores").names, row("scores", "designed")
    archive_fee, warden_fee, helping, shouting = range(4)
    assert names.scores == ("score", "shop", "trust")
    assert names.logs == (False, False, True)
    assert book.points[r, 0].tolist() == [-5000, 0, 2125, 0], "the public score reads the archive only"
    assert book.points[r, 1].tolist() == [-20_000, -20_000, 0, 0]
    assert (book.start[r, 1], book.lowest[r, 1], book.highest[r, 1]) == (600_000, 350_000, 950_000)
    assert book.keep_law[r, 0].tolist() == [Keep.SETTLEMENT, Keep.SETTLEMENT, Keep.ENTRY, Keep.EXPONENTIAL]
    assert book.keep_law[r, 1].tolist() == [Keep.SETTLEMENT] * 3 + [Keep.ENTRY], "a class that is never settled counts from the record"
    assert (book.keep_law[r, 2] == Keep.ENTRY).all()
    assert book.discretion[r].tolist() == [[1500, 0, 0, 0], [0] * 4, [0] * 4]
    assert (book.severity[r].tolist(), book.leniency[r].tolist()) == ([0.1, 0, 0], [0.2, 0, 0])
    assert (book.copy_law[r, 0], book.copy_days[r, 0], book.fix_law[r, 0], book.fix_days[r, 0]) == (Delay.EXPONENTIAL, 3, Delay.FIXED, 30)
    assert (book.fix_lost[r, 0], book.back[r, 0], book.back_days[r, 0]) == (0.05, 0.01, 60)
    assert (book.proxy.tolist(), book.validity.tolist()) == ([0, 60_000, 0], [0, 0.2, 0])
    assert book.proxy_cell[1, cell(means="low", sex="male")] == -19_000
    assert book.proxy_cell[1, cell(means="middle")] == 0
    assert book.gate_score.tolist() == [0, 0, 0, 1, 2]
    assert book.opens_at[r].tolist() == [80_000, 85_000, ALWAYS_OPEN, 550_000, round(1e9 * log(81)) - 500]
    assert dict(zip(names.lists, book.list_score.tolist(), strict=True)) == {"debtors": 0, "thanked": 0, "favoured": 1}
    assert book.list_mark[r].tolist() == [0, 105_000, 700_000]
    assert archive_fee < warden_fee < helping < shouting


def test_a_product_reaches_its_mark_exactly() -> None:
    """100 * 0.9 * 0.9 = 81, in logarithms that were rounded one by one, is not below 81; one factor more is."""
    book, r = rules("scores"), row("scores", "designed")
    shouting = compiled("scores").names.channels.index(("warden", "shouting"))
    start, factor, mark = int(book.start[r, 2]), int(book.points[r, 2, shouting]), int(book.opens_at[r, 4])
    assert factor == round(1e9 * log(0.9))
    assert start + 2 * factor >= mark > start + 3 * factor
    assert (book.lowest[r, 2], book.highest[r, 2]) == (-UNBOUNDED, UNBOUNDED)


@pytest.mark.parametrize(("marks", "factors"), [(81.0, [0.9, 0.9]), (50.0, [0.5]), (99.0, [1.1, 0.9]), (100 * 0.99**400, [0.99] * 400)])
def test_rounding_never_costs_a_gate(marks: float, factors: list[float]) -> None:
    score = scenario("multiplicative").score
    assert score.number(100) + sum(score.number(one) for one in factors) >= score.mark(marks)
    assert score.number(marks * 0.999999) < score.mark(marks)


def test_a_public_score_that_multiplies() -> None:
    book, r = rules("multiplicative"), row("multiplicative", "designed")
    assert book.cuts[r].tolist() == [round(1e9 * log(81)) - 500, round(1e9 * log(100)) - 500]
    assert book.minor[r] == round(1e9 * log(0.99))
    assert (book.lowest[r, 0], book.highest[r, 0]) == (0, round(1e9 * log(120.5)))
    assert book.points[row("multiplicative", "gentle"), 0, 0] == round(1e9 * log(0.95))
    assert compiled("multiplicative").names.logs == (True,)


def test_repair_and_amnesty() -> None:
    book, r, forgiving = rules("scores"), row("scores", "designed"), row("scores", "forgiving")
    assert (book.repair[r].tolist(), book.repair_days[r].tolist()) == ([0.1, 0.1, 0, 0], [180, 180, 0, 0])
    assert (book.amnesty_day[r], book.amnesty_age[r]) == (244, 90)
    assert (book.amnesty_day[forgiving], book.amnesty_age[forgiving]) == (91, 0)
    assert book.repair[forgiving].tolist() == [0.1, 0.1, 0, 1]
    assert book.start[forgiving].tolist() == [100_000, 650_000, book.start[r, 2]]


def test_the_table_of_scores_spans_the_scale_or_a_reach_around_the_start() -> None:
    small, ledger = rules("small"), rules("lists_only")
    assert (small.meter_low, small.meter_low + 256 * small.meter_step > 120_500 >= small.meter_low + 255 * small.meter_step) == (0, True)
    assert (ledger.meter_low, ledger.meter_step) == (0, 1), "no points and no scale: one class"
    wide = compile(load("w0")).rulebook
    assert wide.meter_low == 100_000 - 40 * 30_000
    assert wide.meter_low + 256 * wide.meter_step > 100_000 + 40 * 30_000 >= wide.meter_low + 255 * wide.meter_step


# --- gates, joint sanctions, redress ------------------------------------------------------------------------------------------------


def test_gates_of_children_and_households() -> None:
    book = rules("redress")
    assert compiled("redress").names.domains == ("hall", "pool", "playground", "shed")
    assert book.parents.tolist() == [Parents.ANY, Parents.ANY, Parents.WORST, Parents.ANY]
    assert (book.child_domain.tolist(), book.together.tolist()) == ([0, 0, 1, 0], [0, 0, 0, 1])
    assert book.apply == pytest.approx([0.5 / 365, 0, 0, 0])


def test_caps_and_lost_ends_of_sanctions() -> None:
    book, r = rules("redress"), row("redress", "designed")
    assert book.most_closed[r] == 2
    assert book.spared.tolist() == [1, 0, 3, 2], "the pool as named, the hall as essential, the others from the last"
    assert rules("small").spared.tolist() == [0, 2, 1]
    assert book.joint_lost[r].sum() == book.joint_lost[r, 0, 1] == 0.02
    assert book.most_closed[row("redress", "silent")] == 4


def test_redress_in_numbers() -> None:
    book, r, channels = rules("redress"), row("redress", "designed"), compiled("redress").names.channels
    contested = [source == "archive" and name == "late_fee" for source, name in channels]
    assert book.contestable[r].tolist() == contested, "of sources that are named, and not of good conduct"
    assert book.notice[r].tolist() == [0.6 if one else 0 for one in contested]
    assert (book.notice_days[r], book.asks[r], book.take_up_right[r], book.take_up_ability[r]) == (30, 1, 0.2, 2)
    assert book.take_up[r, cell(means="low")] == pytest.approx(0.15)
    assert book.take_up[r, cell(means="high")] == 0.3
    assert (book.sensitivity[r], book.specificity[r], book.bias[r]) == (0.8, 0.95, 0.1)
    assert (book.decide_law[r], book.decide_days[r], book.correct_law[r], book.correct_days[r]) == (Delay.EXPONENTIAL, 90, Delay.FIXED, 20)
    assert (book.office[r], book.offices[r], book.slots[r], book.by_harm[r], book.patience[r]) == (2, 3, 0, 1, 200)
    assert (book.second[r], book.second_days[r], book.second_sensitivity[r], book.second_specificity[r]) == (0.3, 180, 0.9, 0.95)
    assert book.correct_lost[r] == 0.02


def test_what_worlds_set_about_redress() -> None:
    book, daily, silent = rules("redress"), row("redress", "daily"), row("redress", "silent")
    assert (book.office[daily], book.slots[daily], book.by_harm[daily], book.patience[daily]) == (5, 1, 0, NEVER)
    assert (book.decide_law[daily], book.decide_days[daily]) == (Delay.FIXED, 0)
    assert book.notice[daily].max() == 1
    assert not book.contestable[silent].any()
    assert not book.contestable[row("redress", "none")].any()
    assert book.decide_days[row("redress", "none")] == 90, "an appeal that is pending when the system ends goes on"


# --- worlds and stages ----------------------------------------------------------------------------------------------------------------


def test_stages_differ_by_region() -> None:
    town = compiled("rollout")
    north, south = town.book(0), town.book(1)
    assert [set(one) for one in town.names.stages] == [{("pilot", "pause", "national")}, {("", "national", "")}]
    assert north.stage_day.tolist() == [0, 70, 152], "a stage that is over when the period begins is not lived"
    assert south.stage_day.tolist() == [0, 152, NEVER]
    assert town.rulebook is north
    assert north.points is south.points
    none, designed, longer = (town.names.worlds.index(name) for name in ("none", "designed", "longer"))
    unruled, pilot, national = north.row[none, 0], north.row[designed, 0], north.row[designed, 2]
    assert north.row[designed].tolist() == [pilot, unruled, national]
    assert south.row[designed].tolist() == [unruled, national, national]
    assert (north.row[none] == unruled).all()
    assert north.ruled[[unruled, pilot, national]].tolist() == [0, 1, 1]
    assert north.opens_at[pilot].tolist() == [80_000, 95_000, ALWAYS_OPEN]
    assert north.points[pilot, 0, 3] == -2000
    assert north.minor[pilot] == -2000
    assert (north.list_term[pilot, 0], north.list_term[national, 0]) == (365, 730)
    assert (north.lookback[pilot], north.lookback[national]) == (NEVER, 90)
    assert north.lookback[north.row[longer, 2]] == NEVER
    assert north.row[longer, 0] == pilot


def test_worlds_go_before_stages() -> None:
    """`gentle` opens the pool at 50, whatever a stage says."""
    town = compiled("rollout")
    gentle = town.book(0).row[town.names.worlds.index("gentle")]
    assert town.rulebook.opens_at[gentle[0]].tolist() == [80_000, 50_000, ALWAYS_OPEN]
    assert town.rulebook.points[gentle[0], 0, 3] == -2000
    assert town.rulebook.list_term[gentle[2], 0] == 30


def test_safeguards_bring_worlds_and_comparisons() -> None:
    town = compiled("safeguards")
    names = ("no_joint_sanctions", "no_joint_sanctions accurate", "review", "review accurate", "without archive", "without unstated")
    assert town.names.worlds == ("none", "accurate", "designed", *names)
    assert town.names.pairs == (
        ("designed", "accurate"),
        *(("no_joint_sanctions", versus) for versus in ("no_joint_sanctions accurate", "accurate", "designed")),
        *(("review", versus) for versus in ("review accurate", "accurate", "designed")),
        ("designed", "without archive"),
        ("designed", "without unstated"),
    )
    book = town.rulebook
    assert book.quality[3:].tolist() == [QUALITIES[name] for name in ("as they come", "accurate") * 2 + ("as they come",) * 2]
    assert (book.row[3] == book.row[4]).all()
    assert not book.joint[book.row[3, 0]].any()
    assert book.joint[book.row[2, 0]].any()
    assert book.office[book.row[5, 0]] == 1
    assert book.office[book.row[2, 0]] == 0


def test_records_of_a_context_count_for_nothing() -> None:
    town = compiled("safeguards")
    book, r = town.rulebook, int(town.rulebook.row[town.names.worlds.index("without archive"), 0])
    assert town.names.channels == (("archive", "late_fee"), ("warden", "late_fee"), ("archive", "helping"), ("warden", "shouting"))
    assert book.points[r, 0].tolist() == [0, -5000, 0, -1000]
    assert book.list_share[r, 0].tolist() == [0, 0.3, 0, 0]


def test_worlds_that_follow_from_a_scenario_are_not_written_down() -> None:
    plain = scenario("safeguards").model_dump(mode="json", by_alias=True, exclude_none=True)
    assert list(plain["worlds"]) == ["none", "accurate", "designed"]
    assert list(plain["safeguards"]) == ["no_joint_sanctions", "review"]


@pytest.mark.parametrize(
    ("base", "change", "worlds"),
    [
        ("lists_only", [], []),
        ("lists_only", ["sources.court.records.debt.procedure={share: {wrong: 0.5}}"], ["lawful"]),
        ("lists_only", ["sources.court.namesakes=null", "conduct.debt.strain=2"], ["mediated"]),
        ("threats", [], ["attacked"]),
    ],
)
def test_the_usual_worlds_are_those_that_show_the_mechanisms(base: str, change: list[str], worlds: list[str]) -> None:
    found = load(str(VALID / f"{base}.yaml"), change)
    assert list(found.worlds) == ["none", "accurate", "pruned", "designed", *worlds]
    right = (("designed", "lawful"),) if "lawful" in worlds else ()
    usual = (*right, ("designed", "accurate"), ("designed", "none"), ("accurate", "none"), ("designed", "pruned"))
    assert found.compare[: len(usual)] == usual
    assert {name for pair in found.compare[len(usual) :] for name in pair} - {"designed", "accurate"} == set(worlds)


@pytest.mark.parametrize(("change", "against"), [(["wrong: 0.5"], "lawful"), (["wrong: 0"], "lawful"), ([], "accurate")])
def test_a_design_whose_rule_may_be_wrong_is_held_against_right_rules_first(change: list[str], against: str) -> None:
    """And so are its safeguards."""
    rule = [f"sources.court.records.debt.procedure={{share: {{{share}}}}}" for share in change]
    found = load(str(VALID / "lists_only.yaml"), [*rule, "safeguards={briefly: {set: {lists.defaulters.term: 30 days}}}"])
    assert found.compare[0] == ("designed", against)
    assert ("briefly", against) in found.compare


def test_set_reaches_stages_by_name() -> None:
    changed = load(str(VALID / "rollout.yaml"), ["rollout.pilot.set={score.start: 90}", "rollout.national.look_back=1 year"])
    assert [stage.set for stage in changed.rollout[:2]] == [{}, {"score.start": 90}]
    assert changed.rollout[3].look_back.value == "1 year"
    assert changed.rollout[3].look_back.source == "illustrative"
