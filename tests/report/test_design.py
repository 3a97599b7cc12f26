"""Sections 1 and 2: what the rules let reach what, worked out by hand on a small office; which rules hold when; what stays for how long."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import polars as pl
from made_tallies import Made, made

from counterlife.measures import measures
from counterlife.report import design
from counterlife.report.design import Design
from counterlife.report.findings import Findings
from counterlife.report.text import catalogue
from counterlife.scenario import Scenario, load
from counterlife.scenario.reach import DIRECT, JOINT, rules

SMALL = str(Path(__file__).parents[1] / "scenarios" / "valid" / "small.yaml")


@cache
def sample() -> tuple[Made, pl.DataFrame]:
    """Made-up tallies, and their measures."""
    run = made(people=20)
    return run, measures(run.tallies, run.facts)


def of(scenario: Scenario) -> Design:
    """A design beside made-up tallies, told by its own facts."""
    run, frame = sample()
    facts = dataclasses.replace(run.facts, start=scenario.period.start, days=scenario.period.days, stages=())
    return Design(Findings(run.tallies, facts, frame, catalogue()), scenario)


def test_what_reaches_what_in_the_small_office() -> None:
    """Both sources file late fees, which cost points and put on the list of debtors: hall and pool look at the score, the playground at
    nothing; the hall brings it by a joint sanction."""
    ways = rules(load(SMALL), "designed").ways
    direct = {(source, gate): DIRECT for source in ("archive", "warden") for gate in ("hall", "pool")}
    assert ways == direct | {(source, "playground"): JOINT for source in ("archive", "warden")}


def test_a_source_that_the_score_does_not_read_reaches_less() -> None:
    """Without the warden's records in the score, and fees listing nobody, the warden reaches nothing; without joint sanctions neither does
    anybody the playground."""
    quiet = load(SMALL, ["score.sources=[archive]", "lists.debtors.on.late_fee=0", "joint.shares={}"])
    assert rules(quiet, "designed").ways == {("archive", "hall"): DIRECT, ("archive", "pool"): DIRECT}


def test_good_records_reach_nothing() -> None:
    """Where late fees cost nothing and list nobody, the archive has helping left, which is good; the warden has shouting."""
    only = ["lists.debtors.on.late_fee=0", "score.points.late_fee=0", "joint.shares={}"]
    assert {source for source, _ in rules(load(SMALL, only), "designed").ways} == {"warden"}


def test_rules_of_every_stage_are_in_it() -> None:
    """Robodebt: one list closes the refund, which brings the rest; a stage that takes the joint sanctions away leaves them in before it."""
    debts = load("robodebt")
    expected = {("benefit_office", "tax_refund"): DIRECT, **{("benefit_office", gate): JOINT for gate in ("benefit", "credit", "travel")}}
    assert rules(debts, "designed").ways == expected
    stages = "[{name: early, from: 2016-07-01}, {name: late, from: 2018-07-01, set: {joint.shares: {}}}]"
    assert rules(load("robodebt", [f"rollout={stages}"]), "designed").ways == expected
    alone = "[{name: only, from: 2016-07-01, set: {joint.shares: {}}}]"
    assert set(rules(load("robodebt", [f"rollout={alone}"]), "designed").ways) == {("benefit_office", "tax_refund")}


def test_section_1_says_how_much_crosses_from_one_part_of_life_to_another() -> None:
    """Six combinations; the hall (town) is another part of life for the archive. Pool, playground and warden state none: five of six."""
    small = of(load(SMALL))
    assert "in 6 of 6 combinations of both; in 1 of these the gate belongs to another part of life" in design.sentence(small)
    assert design.sentence(small).endswith("In 5 the scenario does not state both parts of life.")
    table = {row[0]: row[1:] for row in design.reach(small).rows}
    assert table == {"Archive (archive)": ("other", "yes", "joint"), "Warden (unstated)": ("yes", "yes", "joint")}
    steps = set(design.process(small).tables[0].rows)
    assert ("Archive", "counts in the score", "the public score") in steps
    assert ("Debtors", "closes the gate", "Town hall") in steps
    assert ("Town hall", "closes with it (joint sanction)", "Playground") in steps
    assert design.joint_said(small) == "Joint sanctions, when one gate closes: Town hall → Pool, Playground."


def test_robodebt_takes_debts_of_one_part_of_life_into_others() -> None:
    """The refund and the benefit are of income, as the debts; credit and leave to depart are not, and close by joint sanctions only."""
    (row,) = design.reach(of(load("robodebt"))).rows
    assert row[1:] == ("own", "joint", "joint, other", "joint, other")


def test_section_2_says_how_long_things_stay() -> None:
    rows = dict(design.terms(of(load(SMALL))).rows)
    assert rows == {
        "Other records, in “the public score”": "2 years",
        "Shouting, in “the public score”": "90 days",
        "Listing: Debtors": "1 year",
    }


def test_one_set_of_rules_has_no_timeline_and_stages_have_one() -> None:
    assert design.timeline(of(load(SMALL))) is None
    assert design.period(of(load(SMALL))) == "The same rules hold from 2024-01-31 to 2025-02-27."
    pilot = load("ningxia")
    drawn = design.timeline(of(pilot))
    assert drawn is not None
    told = {(row[1], row[2]) for row in drawn.tables[0].rows}
    assert {(str(stage.start), stage.name) for stage in pilot.rollout if stage.start > pilot.period.start} <= told
