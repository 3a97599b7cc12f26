"""Sections that a run has only if its scenario asks for them: changes of rules, gaps split, attacks, other regions' rules."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hand_tallies import written
from made_tallies import made
from test_mechanism_measures import system

from counterlife.measures import Facts, Stage, Tallies, measures, pair_name
from counterlife.measures.frame import SCHEMA
from counterlife.report import further, render
from counterlife.report.findings import Findings
from counterlife.report.text import catalogue
from counterlife.scenario import load
from counterlife.study.facts import facts as study_facts

SMALL = str(Path(__file__).parents[1] / "scenarios" / "valid" / "small.yaml")

BOOKS = ("as in Hebei", "as in Gansu")
SHOCKS = ("national without settled records", "national without old records")


@pytest.fixture(scope="module")
def everything() -> tuple[Tallies, Facts]:
    """1,000 people: a national stage on day 365, four attacks, two rule books of one region and of three, gaps by conduct and detection."""
    worlds = {"attacked": system("T", "attacked"), **{name: system(name) for name in (*BOOKS, *SHOCKS)}}
    people = {
        "records.attacked.tampered": 20, "tampered_biting.attacked": 8, "tampered_days.attacked": 300, "tampered_domains.attacked": 12,
        f"closed_days.{BOOKS[0]}.loan": 300, f"closed_days.{BOOKS[1]}.loan": 500, f"squares.{BOOKS[0]}": 9000, f"squares.{BOOKS[1]}": 25000,
        f"squares.{pair_name(BOOKS)}": 4000, f"only_versus.{pair_name(BOOKS)}": 12,
    }  # fmt: skip
    tables = {
        "waits": {"found.attacked": {0: 8, 1: 4}, "unfound.attacked": {2: 8}},
        "stages": {f"days_after.{name}": {1: n} for name, n in zip(("designed", *SHOCKS), (60, 45, 20), strict=True)},
    }
    tallies, facts = written(
        people,
        worlds,
        (("attacked", "designed"), BOOKS),
        tables=tables,
        books={BOOKS[0]: 1.0, BOOKS[1]: 3.0},
        stages=(Stage("national", 365),),
        stage_days={"Hebei": (0.0, 365.0)},
        shocks={"national": SHOCKS},
        channels=("conduct",),
    )
    gaps = np.zeros((1, len(tallies.rows["people"]), 1), np.int64)
    return dataclasses.replace(
        tallies,
        tables={**tallies.tables, "gaps": gaps},
        columns={**tallies.columns, "gaps": ("wrongful_days.conduct",)},
        rows={**tallies.rows, "gaps": tallies.rows["people"]},
    ), facts


@pytest.fixture(scope="module")
def run(everything: tuple[Tallies, Facts]) -> Findings:
    return Findings(*everything, measures(*everything), catalogue())


def test_the_sections_are_there_and_in_order(run: Findings) -> None:
    page = render(run.tallies, run.facts, run.frame, [], {})
    sections = list(range(16))
    assert [int(n) for n in re.findall(r'<h2 id="section-(\d+)"', page)] == sections
    assert [int(n) for n in re.findall(r'href="#section-(\d+)">\d+ ', page)] == sections
    for name in ("changes.csv", "shock.csv", "equal-conduct.csv", "channels.csv", "attacks.csv", "regions.csv", "disagree.csv"):
        assert name in page


def test_a_shock_is_told_by_its_records(run: Findings) -> None:
    """15 days by settled, 25 by other old and 20 by new records in 1,000 people: 150, 250 and 200 of 10,000, together 600."""
    table = further.shock(run)
    assert table is not None
    assert [row[1] for row in table.rows] == ["150", "250", "200", "600"]
    changed = further.changes(run)
    assert changed is not None
    assert changed.rows[0][:4] == ("national", "2015-01-01", "everywhere", "600")


def test_an_attack_is_told(run: Findings) -> None:
    table = further.attacked(run)
    assert table is not None
    told = {row[0]: row[1] for row in table.rows}
    assert told["restrictions because of one false record"] == "0.6"
    assert told["never found out"] == "40"
    assert "found out within 45 days" in further.attacked_sentence(run)
    assert "40 % of them are never found out" in further.attacked_sentence(run)


def test_other_regions_are_told(run: Findings) -> None:
    """12 of 1,000 people are disputed between the one region and the three: half of the pairs of regions, so 60 of 10,000."""
    assert "On 60 of 10,000 people two regions disagree" in further.regions_sentence(run)
    plate = further.disagreement(run)
    assert plate is not None
    assert "120" in plate.alt
    assert "Hebei (1) – Gansu (3)" in plate.alt
    assert plate.tables[0].rows == (("Hebei (1)", "Gansu (3)", "120"),)


def test_gaps_are_split_only_where_a_scenario_says_so(run: Findings) -> None:
    assert further.by_channel(run) is not None
    plain = dataclasses.replace(run, facts=dataclasses.replace(run.facts, channels=()))
    assert further.by_channel(plain) is None
    page = render(plain.tallies, plain.facts, plain.frame, [], {})
    assert "split_gaps: true" in page


def test_every_region_has_a_tile_with_what_its_rules_would_do() -> None:
    """Three regions, of which Shanghai has a stage of its own: its rules shut 30 more of 10,000 out, give or take ten, and are coloured."""
    stages = "[{name: all, from: 2024-02-01}, {name: own, from: 2024-06-01, regions: [Shanghai], set: {score.start: 90}}]"
    people = ["population.country=china-2020", "population.regions=[Beijing, Hebei, Shanghai]", "population.people=15000"]
    scenario = load(SMALL, [*people, f"rollout={stages}", "every_rule_book=true"])
    names = [region.name for region in scenario.population.lived]
    tiles = {name: (0, place) for place, name in enumerate(names)}
    facts = dataclasses.replace(study_facts(scenario), tiles=tiles)
    one, two = facts.books
    assert facts.books == {one: 2.0, two: 1.0}
    lines = [
        ("B1", "people ever restricted, 1 day or more", "", world, versus, "all", "all", "all", "all", value, low, high, "mc", 1)
        for world, versus, value, low, high in (
            (one, "all", 100.0, 90.0, 110.0),
            (two, "all", 130.0, 120.0, 140.0),
            (one, two, -30.0, -40.0, -20.0),
        )
    ]
    told = Findings(made().tallies, facts, pl.DataFrame(lines, schema=SCHEMA, orient="row"), catalogue())
    plate = further.book_map(told, scenario)
    assert plate is not None
    rows = {row[0]: row[1:] for row in plate.tables[0].rows}
    assert rows["Shanghai"] == ("Shanghai", "130 (120\u00a0to\u00a0140)", "30 (20\u00a0to\u00a040)")
    assert rows["Hebei"][1:] == rows["Beijing"][1:]
    assert rows[names[0]] == (names[0], "100 (90\u00a0to\u00a0110)", "–")
    assert "More than under the commonest rule book: Shanghai." in plate.alt
