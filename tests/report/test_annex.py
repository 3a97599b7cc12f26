"""The annex: what a scenario turns on has its paragraph, what it leaves off is listed, all of STRESS is there, nothing is fetched."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from functools import cache
from importlib import resources

import pytest
from made_tallies import sample

from counterlife.report import render
from counterlife.report.annex import Annex, annex
from counterlife.report.findings import Findings
from counterlife.report.mechanisms import MECHANISMS
from counterlife.report.submodels import Described, mark
from counterlife.report.text import catalogue
from counterlife.scenario import Scenario, catalog, ledger, load
from counterlife.scenario.quantity import UNSAID
from counterlife.verify import CHECKS

WHOLE = "article"
RECORD = {
    "identity": {"seed": 7, "replicates": 2},
    "version": "9.9",
    "python": "CPython 3.99",
    "processor": "a processor",
    "cores": 3,
    "platform": "a platform",
    "commit": "0f0f0f",
}
# read off the file, part by part
ON = {
    *("people", "events", "frailty", "strain", "belief", "deterrence", "chilling", "near_gate", "burst", "giving_up", "replay"),
    *("detection", "delay", "ghosts", "assign_one", "pairwise", "elsewhere", "stale", "misread", "inflated", "duplicates"),
    *("sum", "retention", "noise", "copies", "proxy", "repair", "record_lists", "score_lists", "redlists", "joint", "gates", "parents"),
    *("stages", "notice", "asking", "appeals", "second", "insert", "suppress", "outage", "rollback", "safeguards"),
}
ONLY_IN_SAFEGUARDS = {"cap", "office"}
OFF = {"share", "screen", "average", "cohort", "ledger", "product", "amnesty", "households", "ranking", "contexts"}
OFF |= {"parts", "friends", "dropping", "family", "breach", "passing"}
ITEMS = {  # Monks et al. 2019
    *("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5"),
    *("3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1"),
}


@cache
def whole_scenario() -> Scenario:
    """The scenario in which most is on."""
    return load(WHOLE)


def of(scenario: Scenario, record: dict[str, object] | None = None) -> Annex:
    """The annex of a scenario, beside made-up tallies."""
    run, frame = sample()
    return annex(Findings(run.tallies, run.facts, frame, catalogue()), scenario, RECORD if record is None else record)


def page_of(scenario: Scenario) -> str:
    """The whole page."""
    run, frame = sample()
    return render(run.tallies, run.facts, frame, [], RECORD, scenario=scenario)


def titles(names: set[str]) -> set[str]:
    """What mechanisms are called."""
    return {catalogue()(f"annex.mechanisms.{name}.title") for name in names}


@pytest.fixture(scope="module")
def whole() -> Annex:
    return of(whole_scenario())


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(whole_scenario())


def test_every_mechanism_is_on_or_off() -> None:
    assert {one.name for one in MECHANISMS} == ON | ONLY_IN_SAFEGUARDS | OFF


def test_what_is_on_has_its_paragraph_and_what_is_off_is_listed(whole: Annex, page: str) -> None:
    assert {one.name for one in whole.submodels} == ON | ONLY_IN_SAFEGUARDS
    assert {row[0] for row in whole.off.rows} == titles(OFF)
    shown = set(re.findall(r'<section id="submodel-(\w+)"', page))
    assert shown == ON | ONLY_IN_SAFEGUARDS
    for one in whole.submodels:
        assert one.equations
        assert one.what in page.replace("&#39;", "'")


def test_what_only_a_safeguard_turns_on_says_so(whole: Annex) -> None:
    only = {one.name: one.concerns for one in whole.submodels if "Only in" in one.concerns}
    assert only.keys() == ONLY_IN_SAFEGUARDS
    assert "“Reviewers who look at the case”" in only["office"]
    assert "“One gate closed at a time”" in only["cap"]


SWITCHED = {
    "strain": ["conduct.unpaid_bill.strain=1"],
    "deterrence": ["conduct.banned_information.deterred=0"],
    "chilling": ["conduct.lawful_reading.deterred=0"],
    "near_gate": ["conduct.volunteering.near_gate.factor=1"],
    "burst": ["conduct.unpaid_bill.burst.adds=0"],
    "giving_up": ["conduct.volunteering.when_given_up=1", "behaviour.appeals_when_given_up=1"],
    "asking": ["redress.asks=0"],
    "inflated": ["sources.tax_office.records.tax_arrears={detect: 0.9}"],
    "misread": [
        "sources.city_wardens.records.smoking.misread.littering=0",
        "sources.internet_office.records.lawful_reading.misread.banned_information=0",
    ],
    "pairwise": ["sources.loan_registry.namesakes.share=0", "sources.tax_office.namesakes.share=0"],
    "joint": ["joint.shares={}"],
}


def moved(scenario: Scenario) -> tuple[set[str], set[str]]:
    """What is no longer on, and what is newly off, beside the whole scenario."""
    before, after = Described(whole_scenario(), catalogue()), Described(scenario, catalogue())
    return {one.name for one in before.on} - {one.name for one in after.on}, {one.name for one in after.off} - {
        one.name for one in before.off
    }


@pytest.mark.parametrize("name", SWITCHED)
def test_switching_a_mechanism_off_moves_it_to_the_others(name: str) -> None:
    scenario = load(WHOLE, SWITCHED[name])
    assert moved(scenario) == ({name}, {name})
    shown = of(scenario)
    assert name not in {one.name for one in shown.submodels}
    assert titles({name}) <= {row[0] for row in shown.off.rows}


def test_taking_a_part_away_turns_all_off_that_lives_by_it() -> None:
    gone = {"belief", "giving_up"}
    assert moved(whole_scenario().model_copy(update={"behaviour": None})) == (gone, gone)


def test_a_scenario_without_behaviour_has_no_decisions() -> None:
    plain = of(load("article-score"))
    assert [one.name for one in plain.submodels if one.decision] == []
    said = " ".join(words for element in plain.elements for _, words in element.said)
    assert "nobody’s conduct answers to the system" in said
    assert "The same in every world" not in said
    assert any("the same in every world" in step for element in plain.elements for step in element.steps)


def test_decisions_say_theory_evidence_difference_and_uncertainty(whole: Annex) -> None:
    decided = {one.name: dict(one.decision) for one in whole.submodels if one.decision}
    assert decided.keys() == {
        *("strain", "belief", "deterrence", "chilling", "near_gate", "burst", "giving_up", "asking", "appeals"),
    }
    assert all(list(one) == ["Theory", "Evidence", "Who differs", "Uncertainty"] for one in decided.values())
    assert "1 of 1 (rows of the evidence that are named: BE15)" in decided["chilling"]["Evidence"]  # the one number is reported
    assert "illustration" in decided["burst"]["Evidence"]
    assert "3 of 3" in decided["burst"]["Uncertainty"]  # adds, fades and at_most carry ranges


@pytest.mark.parametrize("entry", [entry.name for entry in catalog()])
def test_every_number_of_the_ledger_stands_in_one_table_or_means_nothing(entry: str) -> None:
    scenario = load(entry)
    tables = [[row[0] for row in one.numbers.rows] for one in of(scenario).submodels]
    shown = [path for paths in tables for path in paths]
    assert len(shown) == len(set(shown))
    for row in ledger(scenario):
        if row.path not in shown:
            assert row.note == UNSAID or row.value in ("0", "for ever"), row


@pytest.mark.parametrize(
    ("entry", "change", "shown"),
    [
        ("risk-model-nl", [], "ranking"),
        ("sesame", [], "friends"),
        ("sesame", ["score.friends=null", "score.family=-5", "safeguards={}", "structures={}"], "family"),
        ("sesame", ["gates.rental.closes_lowest=0.1"], "ranking"),
    ],
)
def test_reviews_are_shown_once_with_what_happens_at_them(entry: str, change: list[str], shown: str) -> None:
    with_it = [one.name for one in of(load(entry, change)).submodels if "reviews.every" in [row[0] for row in one.numbers.rows]]
    assert with_it == [shown]


def test_numbers_carry_the_mark_of_their_source(whole: Annex) -> None:
    marks = {row[0]: row[3] for one in whole.submodels for row in one.numbers.rows}
    assert marks["conduct.lawful_reading.deterred"] == "reported, BE15, 2013"
    assert marks["gates.loan.opens_at"] == "assumption"
    assert marks["redress.asks"] == "assumption, beside CR15"
    assert marks["redress.decide.fixed"] == "law, NL34, 2017"
    described = Described(whole_scenario(), catalogue())
    unsaid = next(row for row in described.rows if row.note == UNSAID)
    assert mark(described, unsaid) == "default of the language"


def test_exact_answers_are_named_with_their_titles(whole: Annex) -> None:
    tested = {one.name: " ".join(one.tested) for one in whole.submodels}
    titles_of = {check.id: check.title for check in CHECKS}
    assert f"C13 ({titles_of['C13']})" in tested["strain"]
    assert "township/behaviour.py" in tested["strain"]
    assert "plain second engine" in tested["second"]


def test_every_item_of_stress_is_printed(whole: Annex, page: str) -> None:
    assert {row[0].split()[0] for row in whole.checklist.rows} == ITEMS
    checklist = page[page.index('<div id="stress">') :]
    for item, answer in whole.checklist.rows:
        assert item in checklist
        assert len(answer) > 20
    assert len(whole.checklist.rows) == len(ITEMS)


def test_items_that_nothing_fills_are_not_provided() -> None:
    def empty(record: dict[str, object]) -> set[str]:
        return {row[0].split()[0] for row in of(whole_scenario(), record).checklist.rows if row[1] == "not provided"}

    assert empty({}) == {"4.1", "5.1", "5.4", "6.1"}
    assert empty({"commit": None, "seed": 3}) == {"5.1", "5.4", "6.1"}
    assert empty(dict(RECORD)) == set()


def test_the_record_of_the_run_is_quoted(whole: Annex) -> None:
    answers = {row[0].split()[0]: row[1] for row in whole.checklist.rows}
    assert "Seed 7" in answers["4.1"]
    assert "replicates: 2" in answers["4.2"]
    assert "Counterlife 9.9" in answers["5.1"]
    assert "3 cores" in answers["5.4"]
    assert "0f0f0f" in answers["6.1"]


@pytest.mark.parametrize(
    ("entry", "ways"),
    [
        ("w0", "none, they stay to the end"),
        ("blacklist", "expiry, settlement, appeal"),
        (WHOLE, "expiry, settlement, points earned back, appeal"),
    ],
)
def test_the_ways_out_of_the_file_are_those_of_the_scenario(entry: str, ways: str) -> None:
    """`w0` keeps points for ever; the black lists have terms, matters that are settled, and redress."""
    answers = {row[0].split()[0]: row[1] for row in of(load(entry)).checklist.rows}
    assert answers["2.5.5"].endswith(f"Ways out: {ways}.")


def test_the_elements_of_odd_are_in_order(whole: Annex, page: str) -> None:
    """Grimm et al. 2020: six elements before the submodels."""
    assert [element.name for element in whole.elements] == ["purpose", "entities", "scheduling", "concepts", "initialisation", "input"]
    places = [page.index(f'id="odd-{name}"') for name in (*[element.name for element in whole.elements], "submodels")]
    assert places == sorted(places)
    assert "Patterns that the model is held against: not provided." in page
    heads = [head for element in whole.elements for head, _ in element.said if head]
    for head in ("Emergence", "Learning", "Sensing", "Stochasticity", "Observation", "Individual decision making (ODD+D)"):
        assert head in heads


def test_the_annex_is_collapsed_and_fetches_nothing(page: str) -> None:
    assert page.count('<details class="annex">') == 2
    assert not re.search(r'<details[^>]*open[^>]*class="annex"|class="annex"[^>]*open', page)
    tail = page[page.index('id="annex"') :]
    assert re.search(r"https?://|url\(|@import|<script|<img|<link|<iframe| src=", tail) is None
    assert all(link.startswith(("#", "data:text/csv", "data:image/")) for link in re.findall(r'href="([^"]*)"', page))
    for doi in ("10.18564/jasss.4259", "10.1016/j.envsoft.2013.06.003", "10.1080/17477778.2018.1442155"):
        assert f"doi {doi}" in tail


def test_words_of_a_scenario_are_escaped() -> None:
    scenario = whole_scenario().model_copy(update={"question": "<b>why</b>", "description": "<i>so</i>"})
    tail = page_of(scenario).partition('id="annex"')[2]
    assert "&lt;b&gt;why" in tail
    assert "<b>why" not in tail
    assert "<i>so" not in tail


def test_tallies_alone_have_no_annex() -> None:
    run, frame = sample()
    assert 'id="annex"' not in render(run.tallies, dataclasses.replace(run.facts), frame, [], {})


def test_every_mechanism_has_its_words_and_no_words_are_left_over() -> None:
    text = catalogue()
    for one in MECHANISMS:
        assert text(f"annex.mechanisms.{one.name}.what")
        assert text.list(f"annex.mechanisms.{one.name}.equations")
        if one.decides:
            assert text(f"annex.mechanisms.{one.name}.theory")
            assert text(f"annex.mechanisms.{one.name}.differs")
    words = resources.files("counterlife.report") / "texts" / "en_annex.toml"
    assert set(tomllib.loads(words.read_text(encoding="utf-8"))["mechanisms"]) == {one.name for one in MECHANISMS}
