"""Sections 6, 8, 9, 10 and 11: limbs of the ban, three readings of one effect, redress, safeguards and claimed benefits, by hand."""

from __future__ import annotations

import dataclasses

import pytest
from hand_tallies import written
from made_tallies import made
from test_mechanism_measures import system

from counterlife.measures import Facts, Safeguard, Tallies, measures, series
from counterlife.report import bystanding, remedies, render, unrelated
from counterlife.report.findings import Findings
from counterlife.report.text import catalogue

CONTEXTS = ("court", "tax", "street")


def findings(made_up: tuple[Tallies, Facts]) -> Findings:
    return Findings(*made_up, measures(*made_up), catalogue())


@pytest.fixture(scope="module")
def limbs() -> Findings:
    """1,000 people. Loans (credit) are closed on 1,000 days, travel (here of the street) on 500. Without the court 300 days of loans go,
    without the street 50 of travel. Right records: 10 judgments (gravity 5), 50 litterings (1). Joint sanctions bring all but 100 days."""
    worlds = {f"without {name}": system("w") for name in CONTEXTS} | {"separate": system("s"), "separate accurate": system("t", "accurate")}
    people = {
        "closed_days.designed.loan": 1000, "closed_days.designed.travel": 500, "closed_days.separate.loan": 100, "ever.designed.1": 40,
        "wrongful_days.designed~without court.loan": 300, "wrongful_days.designed~without street.travel": 50,
        "tenfold_versus.separate~designed": 4, "only_versus.separate~designed": 6,
    }  # fmt: skip
    pairs = (*(("designed", f"without {name}") for name in CONTEXTS), ("separate", "designed"))
    tables = {
        "channels": {"right.designed": {0: 10, 2: 50}},
        "classes": {f"events.{world}": {0: 10, 2: 50} for world in ("designed", "separate")},
    }
    tallies, facts = written(people, worlds, pairs, tables=tables, safeguards={"separate": Safeguard("x", unjoined=True)})
    travel = dataclasses.replace(facts.domains["travel"], context="street")
    return findings((tallies, dataclasses.replace(facts, domains={**facts.domains, "travel": travel})))


def test_the_first_limb_is_what_unrelated_contexts_close_alone(limbs: Findings) -> None:
    """Loans have no source of their own context: all 1,000 days; travel keeps 450 of 500 without the street: 1,450 of 1,500."""
    assert "Of all days closed, 96.7 % stand on records of unrelated contexts alone" in unrelated.sentence(limbs)
    plate = unrelated.heat(limbs)
    assert plate is not None
    rows = {row[0]: row[1:] for row in plate.tables[0].rows}
    assert rows["court"] == ("30", "0")
    assert rows["street"] == ("0", "10")
    assert rows["on unrelated contexts alone"] == ("100", "90")
    assert "court in loans, 30 %" in plate.alt
    assert "street in travel" not in plate.alt  # its own context


def test_the_second_limb_is_held_against_other_scales_of_gravity(limbs: Findings) -> None:
    """As stated the court has 300 / 50 over 1500 / 100, alike 30 over 25, squared 1.2 over 5; it is harsher only where acts are alike."""
    plate = unrelated.weighed(limbs)
    assert plate is not None
    assert {row[0]: row[1:] for row in plate.tables[0].rows}["court"] == ("0.4", "1.2", "0.24")
    assert "For 1 of 2 contexts it does not matter" in unrelated.holds(limbs)  # the street: 50 / 50 over 15, 1 / 25, 1 / 5


def test_people_are_told_by_what_joint_sanctions_do_to_them(limbs: Findings) -> None:
    """40 of 1,000 ever shut out: 6 only by joint sanctions, 4 more than tenfold, 30 up to tenfold."""
    table = unrelated.people(limbs)
    assert table is not None
    assert [row[1] for row in table.rows] == ["60", "40", "300", "400"]
    assert "15 times as many" in unrelated.sentence(limbs)
    assert unrelated.missing(limbs) == []


def test_what_was_not_lived_is_said() -> None:
    bare = findings(written({"closed_days.designed.loan": 10}))
    assert unrelated.heat(bare) is None
    assert unrelated.weighed(bare) is None
    assert unrelated.holds(bare) == ""
    assert any("`cross_context: true`" in entry for entry in unrelated.missing(bare))
    assert "Neither limb can be held against anything" in unrelated.sentence(bare)
    assert remedies.oversight(bare) is None
    assert "nothing to measure about oversight" in remedies.oversight_sentence(bare)
    assert "names no safeguards" in remedies.averted_sentence(bare)
    page = render(bare.tallies, bare.facts, bare.frame, [], {})
    for words in ("nobody was lived under the rules of another region", "No attack is lived in this run", "no comparison of raw, matched"):
        assert words in page


def test_one_effect_is_read_in_three_ways() -> None:
    """200 of 1,000 people in one cell have a wrong record, 100 of them are shut out, of the others 80 of 800; 60 of the 200 twins are: raw
    50 - 10 = 40 points, matched the same as there is one cell, true 50 - 30 = 20."""
    people = {
        "marked.designed": 200, "marked_ever.designed": 100, "ever.designed.1": 180, "marked_twin.designed~accurate": 60,
        "wrong_records.designed": 200, "records_in.designed": 900,
    }  # fmt: skip
    run = findings(written(people))
    plate = bystanding.triptych(run)
    assert plate is not None
    assert [row[1] for row in plate.tables[0].rows] == ["40", "40", "20"]
    assert "more often by 40 percentage points" in bystanding.triptych_said(run)


def test_redress_is_told_in_its_order() -> None:
    """100 wrong records, 40 known, 10 contested, 8 decided of which 6 are taken off."""
    people = {
        "records_in.designed": 500, "wrong_records.designed": 100, "learned.designed": 80, "learned_wrong.designed": 40,
        "contested.designed": 12, "contested_wrong.designed": 10, "decided.designed": 9, "decided_wrong.designed": 8,
        "upheld.designed": 6, "upheld_wrong.designed": 6,
    }  # fmt: skip
    run = findings(written(people, tables={"waits": {"decision.designed": {0: 9}}}))
    said = remedies.oversight_sentence(run)
    assert "People learn of 40 % of the wrong records" in said
    assert "they contest 25 %" in said
    assert "75 % are put right" in said
    table = remedies.oversight(run)
    assert table is not None
    assert ("contested wrong records that are taken off", "75 %", "M24") in table.rows


def test_cases_that_wait_are_those_filed_and_not_closed() -> None:
    """Of 1,000 people 10 file in the first 30 days and 5 in the next, in which 4 cases close: 100 and 110 of 10,000 on days 30 and 60, so
    100.33 at the end of January (day 31) and 109.67 at that of February (day 59); then nothing moves."""
    run = findings(written({}, tables={"waits": {"filed.designed": {0: 10, 1: 5}, "closed.designed": {1: 4}}}))
    frame = series.pending_over_time(run.sample, ["designed"])
    assert frame["value"][:3].to_list() == pytest.approx([100 + 1 / 3, 109 + 2 / 3, 110])
    assert frame["value"][-1] == pytest.approx(110)
    assert remedies.pending(run) is not None
    assert remedies.pending(findings(written({}))) is None


def test_what_waits_at_the_end_is_what_the_measure_says() -> None:
    run = made(people=40)
    plain = Findings(run.tallies, run.facts, measures(run.tallies, run.facts), catalogue())
    last = series.pending_over_time(plain.sample, ["designed"])["value"][-1]
    assert last == pytest.approx(plain.get("M24", "redress, backlog at the end", "designed").value)


def test_the_safeguard_that_averts_most_is_named_and_none_is_added_up() -> None:
    """1,000 people over 4 years: 800 wrongful days as designed, 300 and 600 with the safeguards: 125 and 50 per 1,000 and year averted."""
    worlds = {name: system("s") for name in ("cap", "notice")} | {f"{name} accurate": system("t", "accurate") for name in ("cap", "notice")}
    people = {f"wrongful_days.{name}~accurate.loan": days for name, days in (("designed", 800), ("cap", 300), ("notice", 600))}
    people["closed_days.designed.loan"] = 800
    pairs = tuple((name, "accurate") for name in ("cap", "notice"))
    safeguards = {
        "cap": Safeguard("One at a time"),
        "notice": Safeguard("Notice to all", 2.0),
        "repair": Safeguard("Compared with nothing"),
    }
    run = findings(written(people, worlds, pairs, safeguards=safeguards))
    assert "Of 2 safeguards, each alone, “One at a time” averts most: 125 of 200 days" in remedies.averted_sentence(run)
    table = remedies.averted(run)
    assert table is not None
    assert [row[:2] for row in table.rows] == [("One at a time", "125"), ("Notice to all", "50")]
    assert [row[3] for row in table.rows] == ["–", "25"]
    page = render(run.tallies, run.facts, run.frame, [], {})
    assert "Best single safeguard averts" in page


def test_benefits_are_told_with_their_sign() -> None:
    """100 bad acts beside no system and 140 with it: 10 more per 1,000 people and year; the other way round 10 averted."""
    more = {"classes": {"events.none": {0: 100}, "events.designed": {0: 140}, "events.accurate": {0: 140}}}
    fewer = {"classes": {"events.none": {0: 140}, "events.designed": {0: 100}, "events.accurate": {0: 100}}}
    assert "are not fewer: there are 10 more" in remedies.claimed_sentence(findings(written({}, tables=more)))
    assert "10 acts that the system counts as bad do not happen" in remedies.claimed_sentence(findings(written({}, tables=fewer)))


def test_figures_have_their_numbers_whole_in_their_files() -> None:
    run = made(people=40)
    plain = Findings(run.tallies, run.facts, measures(run.tallies, run.facts), catalogue())
    table = remedies.breached(plain)
    assert table is not None
    assert table.raw_heads == ("what", "value", "low", "high", "unit", "measure")
    held = plain.get("M27", "breach exposure, people on file at the end", "designed")
    assert table.raw[0][1:4] == (held.value, held.low, held.high)
