"""Sections that a run has only if its scenario asks for them: changes of rules, gaps split, attacks, other regions' rules."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from hand_tallies import written
from test_mechanism_measures import system

from counterlife.measures import Facts, Stage, Tallies, measures, pair_name
from counterlife.report import further, render
from counterlife.report.findings import Findings
from counterlife.report.text import catalogue

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
