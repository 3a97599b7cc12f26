"""What is different in two scenarios: every kind of change under the path of `--set`, and nothing that only follows from another."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterlife.scenario import Change, Kind, Scenario, catalog, changes, load, of_people
from counterlife.scenario.model import completed
from counterlife.scenario.overrides import dump

SMALL = str(Path(__file__).parents[1] / "scenarios" / "valid" / "small.yaml")


def change(name: str, *overrides: str) -> list[Change]:
    return changes(load(name), load(name, overrides))


@pytest.mark.parametrize("name", [entry.name for entry in catalog()])
def test_a_scenario_beside_itself_has_no_changes(name: str) -> None:
    scenario = load(name)
    assert changes(scenario, load(name)) == []
    for world in scenario.worlds:
        assert changes(scenario, scenario, worlds=(world, world)) == []


@pytest.mark.parametrize(
    ("override", "path", "before", "after"),
    [
        ("score.start=900", "score.start", "1000", "900"),
        ("joint.shares.travel.loan=0.25", "joint.shares.travel.loan", "0.9", "0.25"),
        ("joint.at_most=1", "joint.at_most", None, "1"),
        ("gates.loan.essential=false", "gates.loan.essential", "true", "false"),
        ("population.regions=[Beijing, Tianjin]", "population.regions", "", "Beijing, Tianjin"),
        ("period.length=18 months", "period.length", "10 years", "18 months"),
    ],
)
def test_a_changed_setting_is_found_under_the_path_that_set_it(override: str, path: str, before: str | None, after: str) -> None:
    (found,) = change("article-score", override)
    assert (found.path, found.before, found.after, found.kind) == (path, before, after, Kind.VALUE)


def test_what_was_taken_away_is_the_mirror_of_what_was_added() -> None:
    there = changes(load("article-score"), load("article"))
    back = changes(load("article"), load("article-score"))
    turned = {Change(c.path, c.after, c.before, c.after_source, c.before_source, c.kind) for c in back}
    assert set(there) == turned
    assert {one.path.split(".")[0] for one in there if one.before is None} >= {"redress", "threats", "rollout", "safeguards"}
    paths = [one.path for one in there]
    assert len(paths) == len(set(paths))


def test_sources_stand_beside_the_numbers() -> None:
    (found,) = change("article-score", "score.start={value: 1000, source: measured, ref: XX01, date: '2021', range: [900, 1100]}")
    assert found.kind is Kind.SOURCE
    assert (found.before, found.after) == ("1000", "1000")
    assert found.before_source == "reported, RC01, 2014"
    assert found.after_source == "measured, XX01, 2021, range 900 to 1100"


def test_a_default_of_the_language_is_marked() -> None:
    (found,) = change("article-score", "conduct.littering.from_age=16 years")
    assert (found.before, found.before_source) == ("18 years", "default")


def test_words_are_no_change_of_the_numbers() -> None:
    found = change("article-score", "title=Another name", "gates.loan.title=Money", "question=Why")
    assert [(one.path, one.kind) for one in found] == [(path, Kind.WORDS) for path in ("title", "question", "gates.loan.title")]
    assert of_people(found) == []
    (noted,) = change("article-score", "score.start={value: 1000, source: reported, ref: RC01, date: '2014', note: other words}")
    assert (noted.path, noted.kind) == ("score.start.note", Kind.WORDS)


def test_a_ceiling_that_follows_from_its_rate_is_not_told_twice() -> None:
    (found,) = change("article-score", "conduct.littering.rate=9 per year")
    assert found.path == "conduct.littering.rate"
    assert found.after == "9 per year"
    both = change("article-score", "conduct.littering.rate=9 per year", "conduct.littering.ceiling=20 per year")
    assert [one.path for one in both] == ["conduct.littering.rate", "conduct.littering.ceiling"]


def with_data(name: str, **parts: object) -> Scenario:
    data = dump(load(name))
    for path, value in parts.items():
        *above, last = path.split("__")
        here = data
        for step in above:
            here = here[step]
        here[last] = value
    return completed(Scenario.model_validate(data))


def test_lists_go_by_the_names_in_them() -> None:
    scenario = load("article")
    stages = dump(scenario)["rollout"]
    first = stages[0]["name"]
    assert len(stages) >= 2
    fewer = with_data("article", rollout=stages[1:])
    found = [one for one in changes(scenario, fewer) if one.path.startswith("rollout")]
    names = [stage["name"] for stage in stages]
    assert found[0][:3] == ("rollout", ", ".join(names), ", ".join(names[1:]))
    assert {one.path.split(".")[1] for one in found[1:]} == {first}
    assert all(one.after is None for one in found[1:])
    turned = with_data("article", rollout=[*stages[1:], stages[0]])
    assert [one.path for one in changes(scenario, turned)] == ["rollout"]


def test_a_safeguard_is_told_once_and_not_again_by_its_worlds_and_pairs() -> None:
    found = changes(load("article-score"), with_data("article-score", safeguards={"mild": {"set": {"joint.at_most": 1}}}))
    assert [one.path for one in found] == ["safeguards.mild.title", "safeguards.mild.set.joint.at_most"]
    assert found[1].after == "1"


def test_worlds_of_one_scenario_differ_by_their_rules_and_by_what_they_are() -> None:
    scenario = load("article")
    capped = changes(scenario, scenario, worlds=("designed", "sanction_cap"))
    assert [(one.path, one.before, one.after) for one in capped if one.kind is Kind.VALUE] == [("joint.at_most", None, "1")]
    accurate = changes(scenario, scenario, worlds=("designed", "accurate"))
    assert [one.path for one in accurate if one.kind is Kind.VALUE] == ["world.records"]


@pytest.mark.parametrize(
    ("override", "people"),
    [
        ("population.regions=[Beijing]", True),
        ("population.township=500", True),
        ("population.country.households.lone_parent=0.2", True),
        ("population.country.names.common_from=100", True),
        ("population.country.means.rural=[0.4, 0.4, 0.2]", True),
        ("period.start=2021-01-01", True),
        ("period.length=9 years", True),
        ("population.people=5000", False),
        ("population.country.title=Elsewhere", False),
        ("conduct.littering.rate=9 per year", False),
        ("frailty.shape=2", False),
        ("score.start=900", False),
    ],
)
def test_what_makes_other_people_is_told_from_what_is_done_to_them(override: str, people: bool) -> None:
    assert bool(of_people(change("article-score", override))) is people
