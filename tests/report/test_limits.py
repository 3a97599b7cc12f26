"""What a report cannot say: caveats that nothing takes away, and sentences that follow what a scenario turns on."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from importlib import resources
from pathlib import Path

import pytest
from made_tallies import sample

from counterlife.measures import Facts, World
from counterlife.report import limits, page, render
from counterlife.report.findings import Findings
from counterlife.report.limits import MANDATORY, LimitsError
from counterlife.report.text import Text, catalogue
from counterlife.scenario import Scenario, catalog, load

SMALL = str(Path(__file__).parents[1] / "scenarios" / "valid" / "small.yaml")
# the mandatory caveats of a report, by words that no rewording may lose
CAVEATS = {
    "synthetic people": "All people are synthetic",
    "latent conduct": "no counterpart in any real person",
    "intervals": "not about a real country",
    "which perfect record": "one particular perfect world",
    "behaviour": "illustrations unless a source is named",
    "relative before absolute": "more trustworthy than counts",
    "absence of a modelled harm": "dignity, fear, stigma, health",
    "a ban stays a ban": "do not make a banned practice lawful",
}


def page_of(scenario: Scenario | None = None, facts: Facts | None = None) -> str:
    run, frame = sample()
    return unescape(render(run.tallies, facts or run.facts, frame, [], {}, scenario=scenario))


def specific(scenario: Scenario) -> str:
    run, frame = sample()
    return " ".join(limits.specific(Findings(run.tallies, run.facts, frame, catalogue()), scenario))


def kinds() -> dict[str, Facts]:
    """A comparison with accurate records, with no system, and between two systems."""
    facts = sample()[0].facts
    other = {**facts.worlds, "accurate": World("A", "milder", "milder", "as they come")}
    pairs = (("designed", "none"), *(pair for pair in facts.pairs if pair != ("designed", "none")))
    return {
        "mistakes": facts,
        "no system": dataclasses.replace(facts, pairs=pairs),
        "difference": dataclasses.replace(facts, worlds=other),
        "other words": dataclasses.replace(facts, claim="C3", label="illustrative", title="x", description="", question="?"),
    }


@pytest.mark.parametrize("kind", ["mistakes", "no system", "difference", "other words"])
def test_every_caveat_stands_in_every_kind_of_report(kind: str) -> None:
    said = page_of(facts=kinds()[kind])
    section = said[said.index('id="section-15"') : said.index('id="evidence"')]
    for caveat, words in CAVEATS.items():
        assert words in section, caveat


@pytest.mark.parametrize("name", [entry.name for entry in catalog()])
def test_no_scenario_of_the_catalog_takes_one_away(name: str) -> None:
    run, frame = sample()
    scenario = load(name)
    findings = Findings(run.tallies, run.facts, frame, catalogue())
    said = [*limits.always(findings.text), *limits.specific(findings, scenario)]
    for caveat, words in CAVEATS.items():
        assert any(words in entry for entry in said), caveat


def test_a_catalogue_without_a_caveat_makes_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    run, frame = sample()
    for name in MANDATORY:
        entries = {key: dict(entry) if isinstance(entry, dict) else entry for key, entry in catalogue()._entries.items()}
        entries["section15"][name] = " "
        monkeypatch.setattr(page, "catalogue", lambda language, entries=entries: Text(entries))
        with pytest.raises(LimitsError, match=name):
            render(run.tallies, run.facts, frame, [], {})


def test_a_template_without_them_makes_no_report() -> None:
    run, frame = sample()
    text = Findings(run.tallies, run.facts, frame, catalogue()).text
    whole = render(run.tallies, run.facts, frame, [], {})
    assert limits.checked(whole, text) == whole
    for caveat in CAVEATS.values():
        with pytest.raises(LimitsError):
            limits.checked(whole.replace(caveat, ""), text)


def test_render_itself_refuses_a_page_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare:
        def render(self, **_: object) -> str:
            return "<html>a template that leaves them out</html>"

    monkeypatch.setattr(page, "template", lambda name: Bare())
    run, frame = sample()
    with pytest.raises(LimitsError, match="All people are synthetic"):
        render(run.tallies, run.facts, frame, [], {})


def test_every_language_has_them() -> None:
    files = [file.name for file in (resources.files("counterlife.report") / "texts").iterdir()]
    languages = sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml") and "_" not in name)
    assert "en" in languages
    for language in languages:
        run, frame = sample()
        assert len(limits.mandatory(Findings(run.tallies, run.facts, frame, catalogue(language)).text)) == len(MANDATORY) == len(CAVEATS)


def test_behaviour_is_said_as_the_scenario_has_it() -> None:
    """The small office: shouting is strained (1.5, without a source); without that nobody reacts."""
    reacting = specific(load(SMALL))
    assert "People react in this scenario, by: Strain." in reacting
    assert "Numbers that set how: 1; with a source: 0." in reacting
    assert "Deterrence" not in reacting
    frightened = specific(load(SMALL, ["conduct.shouting.deterred={value: 0.5, source: reported, ref: X03}", "behaviour={belief: 0.5}"]))
    assert "Strain, Belief in being punished, Deterrence." in frightened
    assert "with a source: 1." in frightened
    assert "Deterrence, and what follows from it, is what was put into this scenario" in frightened
    still = specific(load(SMALL, ["conduct.shouting.strain=1"]))
    assert "Nobody reacts in this scenario" in still
    assert "People react" not in still


def test_appeals_are_said_as_the_scenario_has_them() -> None:
    assert "has no notice, no appeal and no correction on request" in specific(load(SMALL))
    waiting_for_nobody = specific(load("tenant-screening-us"))
    assert "Appeals wait for no reviewer" in waiting_for_nobody
    assert "no appeal and no correction" not in waiting_for_nobody
    assert "Where appeals wait for reviewers" in specific(load("robodebt"))  # in its safeguard


def test_procedures_and_namesakes_are_said_where_they_are() -> None:
    debts, flats = specific(load("robodebt")), specific(load("tenant-screening-us"))
    assert "Procedures that raise records against the law" in debts
    assert "records without an identifier" not in debts
    assert "records without an identifier" in flats
    assert "Procedures that raise" not in flats


def test_numbers_without_a_source_and_regions_without_people_are_counted() -> None:
    run = sample()[0]
    said = specific(load(SMALL))
    without = sum(row.source in ("", "illustrative") for row in run.facts.ledger)
    assert f"{without} of the {len(run.facts.ledger)} numbers of the scenario have no source" in said
    lived = set(run.tallies.regions)
    assert f"{len(run.facts.region_people) - len(lived)} of {len(run.facts.region_people)} regions have no synthetic person" in said


def test_a_page_without_its_scenario_says_so() -> None:
    assert "this report was made without its scenario" in page_of()
    whole = page_of(load(SMALL))
    assert "this report was made without its scenario" not in whole
    assert re.search(r'id="figure-process"', whole)
