"""Every entry of the catalog says what it is, can be compiled, and has something happen in it when it is lived small."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from counterlife.layout import Place
from counterlife.scenario import Scenario, as_written, catalog, ledger, load
from counterlife.scenario.compile import compile  # noqa: A004
from counterlife.scenario.family import variant
from counterlife.township.jit import compiled
from counterlife.township.sheet import columns
from counterlife.township.township import live_township

NAMES = [entry.name for entry in catalog()]
LABELS = {
    "article": "as announced",
    "article-score": "as announced",
    "blacklist": "as piloted",
    "hangzhou": "illustrative",
    "ningxia": "illustrative",
    "shanghai": "illustrative",
    "rongcheng": "as piloted",
    "sesame": "as piloted",
    "robodebt": "as litigated",
    "midas": "as litigated",
    "licence-points-gb": "as piloted",
    "credit-bureaus-us": "as piloted",
    "pip-appeals-uk": "as piloted",
    "tenant-screening-us": "illustrative",
    "a-levels-2020": "as litigated",
    "toeslagen": "as litigated",
    "risk-model-nl": "illustrative",
}
PEOPLE = 3000
RARE = ["sources.allowances_office.records.childcare_claim.detect=0.1"]  # so rare that a small township has almost none
OFTENER = {"toeslagen": RARE, "risk-model-nl": RARE}


@cache
def entry(name: str) -> Scenario:
    """The checked scenario."""
    return load(name)


@cache
def sums(name: str, *settings: str, people: int = PEOPLE) -> dict[str, int]:
    """What is counted of the people of one small township of the first region, by column."""
    several = people * len(entry(name).population.lived)
    small = [f"population.township={people}", f"population.people={several}", *OFTENER.get(name, [])]
    town = compile(load(name, [*small, *settings]))
    tally = live_township(Place(0, int(town.region_numbers[0]), 0), town.rulebook, town.populace, 1, 0)
    named = columns(town.names.worlds, town.names.pairs, town.names.domains)["people"]
    return dict(zip(named, np.asarray(tally.people).sum(axis=0).tolist(), strict=True))


def test_every_case_is_there_and_labelled_for_what_it_is() -> None:
    assert LABELS.items() <= {one.name: one.label for one in catalog()}.items()


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_introduces_itself(name: str) -> None:
    """A question that is one, and a paragraph of context that says what is published, what is assumed, and that people are synthetic."""
    scenario = entry(name)
    assert scenario.question.endswith("?")
    assert scenario.title
    assert scenario.lives >= 1
    words = scenario.description.lower()
    assert "synthetic" in words
    assert "counterfactual" in words
    if name in LABELS:
        assert len(words.split()) >= 50
        assert re.search(r"assum|invented", words)


@pytest.mark.parametrize("name", LABELS)
def test_an_entry_is_small(name: str) -> None:
    population = entry(name).population
    assert 100_000 <= population.people <= 310_000
    assert population.township == 10_000
    assert population.people >= population.township * len(population.lived)


@pytest.mark.parametrize("name", LABELS)
def test_a_number_of_the_world_has_a_source_or_a_range(name: str) -> None:
    """Rates, shares and the like; points, terms and marks of a rule may be what they are."""
    for row in ledger(entry(name)):
        if row.source != "illustrative":
            assert row.ref or row.path.startswith("population.country."), f"{row.path} claims a source and names none"
        elif re.search(r"\.(rate|share|updated|wrong|owed|sensitivity|specificity|false_alarm|bias|take_up|validity)$", row.path):
            assert row.range or "language" in row.note or float(row.value.split()[0]) == 0, f"{row.path} is an assumption without a range"


def test_what_is_invented_says_so() -> None:
    """The evidence has no number for Ningxia's rule, and none for a rule about visits."""
    assert "invented" in entry("ningxia").description
    assert "invented" in entry("shanghai").description
    assert as_written("ningxia").count(b"invented") > 30


def test_the_whole_article_has_every_part() -> None:
    whole = entry("article")
    assert set(entry("article-score").conduct) <= set(whole.conduct)
    assert set(entry("article-score").gates) <= set(whole.gates)
    stages = [(stage.name, stage.start.year, stage.regions) for stage in whole.rollout]
    assert stages == [
        ("commercial", 2015, ()),
        ("hangzhou", 2016, ("Zhejiang",)),
        ("ningxia", 2016, ("Ningxia",)),
        ("shanghai", 2016, ("Shanghai",)),
        ("national", 2020, ()),
    ]
    pilots = {stage.name: set(stage.set["score.sources"]) for stage in whole.rollout if "score.sources" in stage.set}
    public = {"court", "loan_registry", "tax_office"}
    assert pilots == {
        "commercial": public,
        "hangzhou": public | {"transport", "city_wardens"},
        "ningxia": public | {"family_planning"},
        "shanghai": public | {"neighbourhood_committee"},
    }
    assert set(whole.scores) == {"shopping", "social_media"}
    assert set(whole.safeguards) == {
        "notice_to_all",
        "sanction_cap",
        "no_joint_sanctions",
        "shorter_retention",
        "human_review",
        "purge_at_consolidation",
    }
    assert {threat.kind for threat in whole.threats.values()} == {"insert", "suppress", "outage", "rollback"}
    assert {"none", "accurate", "pruned", "designed", "mediated", "attacked"} <= set(whole.worlds)


@pytest.mark.parametrize("name", NAMES)
def test_sanctions_spread_only_to_gates_that_look_at_them(name: str) -> None:
    """A gate that looks at the worst or the mean of the parents' scores looks at no sanction: a share into it would be a promise unkept."""
    scenario = entry(name)
    into = {second for row in scenario.joint.shares.values() for second, share in row.items() if share.number > 0}
    assert {scenario.gates[gate].parents for gate in into} <= {"any"}


@pytest.mark.parametrize("name", ["robodebt", "midas", "pip-appeals-uk", "a-levels-2020", "toeslagen", "risk-model-nl"])
def test_a_rule_that_can_be_wrong_has_a_lawful_twin(name: str) -> None:
    scenario = entry(name)
    assert scenario.worlds["lawful"].records == "lawful"
    assert {("designed", "lawful"), ("accurate", "lawful")} <= set(scenario.compare)


def test_a_commercial_score_has_the_five_factors_in_their_quoted_order() -> None:
    """A factor of weight w moves a score from 350 to 950 by 600 w at most; the weights are often quoted as 35, 25, 20, 15 and 5 %."""
    score = entry("sesame").score
    assert score.highest.number - score.lowest.number == 600
    assert score.parts["credit_history"].lowest.number == -0.35 * 600
    assert score.parts["behaviour"].highest.number == 0.25 * 600
    assert score.friends.share.number == 0.05
    assert set(score.points) == {name for part in score.parts.values() for name in part.classes}
    assert {axis for axis, levels in score.proxy.by.items() if levels} == {"means", "age"}  # the ability to honour, and identity
    turned = variant(entry("sesame"), {}, "network_first").score
    assert (turned.friends.share.number, turned.parts["credit_history"].lowest.number) == (0.35, -0.05 * 600)


def test_records_come_twice_from_the_day_on_which_registers_are_merged() -> None:
    """Those of the public registers that the pilots held already; elsewhere nothing comes twice."""
    whole = entry("article")
    national = next(stage for stage in whole.rollout if stage.name == whole.consolidation)
    merged = {name: source.duplicates for name, source in whole.sources.items() if source.duplicates}
    assert set(merged) == {"court", "loan_registry", "tax_office"}
    assert {one.since for one in merged.values()} == {national.start}


@pytest.mark.skipif(not compiled(), reason="minutes in plain Python, which has its own tests in oracle/")
@pytest.mark.parametrize(
    ("name", "setting", "column"),
    [
        ("sesame", "score.friends.share=0", "closed_any_days.designed"),
        ("sesame", "score.parts.credit_history.lowest=-30", "closed_any_days.designed"),
        ("shanghai", "sources.court.duplicates.share=0.5", "wrong_records.designed"),
        ("article", "sources.loan_registry.duplicates.share=0", "wrong_records.designed"),
        ("risk-model-nl", "gates.unchecked.closes_lowest=0", "closed_any_days.designed"),
    ],
)
def test_a_mechanism_of_an_entry_is_felt(name: str, setting: str, column: str) -> None:
    """Without it, the same lives come out different in one township."""
    assert sums(name, setting)[column] != sums(name)[column]


@pytest.mark.skipif(not compiled(), reason="minutes in plain Python, which has its own tests in oracle/")
def test_a_ranking_shuts_out_one_for_another() -> None:
    """Whoever ranks low by a wrong finding takes the place of somebody: wrongly checked days are days that others were spared.

    Not to the day: a finding that ends between two reviews lets somebody out, and nobody in.
    """
    found = sums("risk-model-nl", people=6000)
    wrongly, spared = (found[f"{kind}_days.designed~accurate.unchecked"] for kind in ("wrongful", "lenient"))
    assert wrongly > 1000
    assert spared == pytest.approx(wrongly, rel=0.05)


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_compiles(name: str) -> None:
    compile(entry(name))


@pytest.mark.skipif(not compiled(), reason="18 worlds of ten years take minutes in plain Python, which has its own tests in oracle/")
@pytest.mark.parametrize("name", NAMES)
def test_something_happens(name: str) -> None:
    """In one small township of the first region: records come on file and somebody is shut out as designed, nobody without a system."""
    found = sums(name)
    assert found["records_in.designed"] > 0
    assert found["closed_any_days.designed"] > 0
    assert found["closed_any_days.none"] == 0
