"""What a story tells is what the tallies counted: day for day, record for record, and every closed gate has its reason (P26).

Everybody in a small, busy township is told, in every world, and the sentences are counted.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from lived import SMALL

from counterlife import study
from counterlife.layout import AXES, CELLS, Ints
from counterlife.report.publish import publish
from counterlife.story import LONG, LONG_FOR_CHILD, Line, PersonId, Story, Teller, life, lives, person_id
from counterlife.study import RequestError, Run, lived

PEOPLE = 300
VILLAGES = Path(__file__).parent / "scenarios" / "told"
BUSY = """
extends: article-score
title: The article in a village where much goes wrong
population: {people: 300, township: 300, regions: [Henan], name_cohort: 6}
conduct:
  unpaid_judgment: {rate: 0.1 per year, settled_after: 300 days}
  loan_default: {rate: 0.1 per year}
  tax_arrears: {rate: 0.2 per year}
  commendation: {rate: 0.4 per year}
sources:
  court: {records: {unpaid_judgment: {ghosts: 0.05 per year}}}
  tax_office: {namesakes: {share: 0.5}}
"""


class Told(NamedTuple):
    """A run of one township, and the stories of everybody in it, by number."""

    run: Run
    stories: list[Story]

    def tally(self, table: str, column: str) -> Ints:
        """The rows of a column of the tallies."""
        tallies = self.run.tallies
        numbers: Ints = tallies.tables[table][:, :, tallies.columns[table].index(column)].sum(axis=0)
        return numbers

    def texts(self, world: str) -> list[str]:
        """All sentences that are told of a world."""
        return [line.text for story in self.stories for line in story.lines if line.world == world]


def tell(scenario: str, path: Path, people: int = PEOPLE) -> Told:
    """A township of the scenario, with everybody's story."""
    run = study.run(scenario, people=people, overrides=[f"population.township={people}"], out=path / "run")
    plan = lived(run)
    assert len(plan.places) == 1
    teller, region = Teller(run, plan), run.scenario.population.lived[0].name
    return Told(run, [teller.story(PersonId(region, 0, i)) for i in range(people)])


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The busy village, which alone has children."""
    path = tmp_path_factory.mktemp("busy")
    (path / "busy.yaml").write_text(BUSY, encoding="utf-8")
    return tell(str(path / "busy.yaml"), path)


@pytest.fixture(scope="module")
def appeals(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A village that appeals, waits, and is not always rid of what was corrected."""
    return tell(str(VILLAGES / "appeals.yaml"), tmp_path_factory.mktemp("appeals"), 150)


@pytest.fixture(scope="module")
def wrongs(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A village in which records are wrong, and attacked, in every way there is."""
    return tell(str(VILLAGES / "wrongs.yaml"), tmp_path_factory.mktemp("wrongs"), 150)


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A village to which a system comes, goes and comes back, with two scores, a cap, and conduct that answers."""
    return tell(str(VILLAGES / "stages.yaml"), tmp_path_factory.mktemp("stages"), 200)


@pytest.fixture(scope="module", params=["busy", "small", "w0", "appeals", "wrongs", "stages"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The busy village, a small office with a ceiling on what people do, a score that lists by itself, and the villages above."""
    if request.param not in ("small", "w0"):
        made: Told = request.getfixturevalue(request.param)
        return made
    return tell({"small": SMALL, "w0": "w0"}[request.param], tmp_path_factory.mktemp(request.param))


def closed(told: Told, story: Story, world: str, domain: str) -> Ints:
    """1 on the days on which the story says that the domain is closed."""
    days = np.zeros(told.run.facts.days, np.int64)
    for where, what, first, after in story.spans:
        if (where, what) == (world, domain):
            days[first:after] = 1
    return days


def cell_of(told: Told, story: Story) -> int:
    """The group of the person, read from the description that the story gives."""
    words = re.fullmatch(r"synthetic (\w+), (\d+) at the start, (\w+), (\w+) means, (.+)", story.who)
    assert words, story.who
    noun, years, residence, means, name = words.groups()
    age = int(np.searchsorted([18, 40, 60], int(years), side="right"))
    sex = "female" if noun in ("girl", "woman") else "male"
    group = (sex, AXES["age"][age], residence, means, name)
    return told.run.tallies.rows["people"].index(group)


def lines_of(told: Told, pattern: str) -> Iterator[tuple[Story, Line, re.Match[str]]]:
    """Every line of every story that matches the pattern as a whole."""
    for story in told.stories:
        for line in story.lines:
            if found := re.fullmatch(pattern, line.text):
                yield story, line, found


def around(story: Story, line: Line) -> tuple[list[str], list[str]]:
    """What the story says in the same world before the line, and after it."""
    here = [one for one in story.lines if one.world == line.world]
    place = next(n for n, one in enumerate(here) if one is line)
    return [one.text for one in here[:place]], [one.text for one in here[place + 1 :]]


# --- P26 ------------------------------------------------------------------------------------------------------------------------


def test_the_closed_days_of_all_stories_are_those_of_the_tallies(told: Told) -> None:
    """P26: by world, domain, month and group."""
    start = np.datetime64(told.run.facts.start)
    months = (start + np.arange(told.run.facts.days)).astype("datetime64[M]").astype(int)
    months -= months[0]
    cells, seen = [cell_of(told, story) for story in told.stories], 0
    for world in told.run.scenario.worlds:
        for domain in told.run.scenario.gates:
            days = np.array([closed(told, story, world, domain) for story in told.stories])
            by_month = np.bincount(months, days.sum(axis=0), minlength=months[-1] + 1)
            by_cell = np.bincount(cells, days.sum(axis=1), minlength=CELLS)
            assert np.array_equal(by_month, told.tally("months", f"closed_days.{world}.{domain}")), (world, domain)
            assert np.array_equal(by_cell, told.tally("people", f"closed_days.{world}.{domain}")), (world, domain)
            seen += int(days.sum())
    assert seen > 5_000


def test_the_wrongful_days_of_all_stories_are_those_of_the_tallies(told: Told) -> None:
    seen = 0
    for world, versus in told.run.scenario.compare:
        for domain in told.run.scenario.gates:
            one, two = (np.array([closed(told, story, w, domain) for story in told.stories]) for w in (world, versus))
            wrongful = int((one & (1 - two)).sum())
            assert wrongful == told.tally("people", f"wrongful_days.{world}~{versus}.{domain}").sum(), (world, versus, domain)
            seen += wrongful
    assert seen > 1000


def test_the_sentences_close_and_open_gates_on_the_days_that_are_counted(told: Told) -> None:
    """The sentences alone, read back as days, give the spans."""
    gates = {gate.title: name for name, gate in told.run.scenario.gates.items()}
    turned = re.compile(rf"({'|'.join(map(re.escape, gates))}) (CLOSES|opens)\b.*")
    sentences = 0
    for story in told.stories:
        for world in told.run.scenario.worlds:
            days = {domain: np.zeros(told.run.facts.days, np.int64) for domain in gates.values()}
            for line in story.lines:
                found = turned.fullmatch(line.text) if line.world == world else None
                if found:
                    shut = found[2] == "CLOSES"
                    days[gates[found[1]]][int(line.day) :] = int(shut)
                    sentences += 1
            for domain, read in days.items():
                assert np.array_equal(read, closed(told, story, world, domain)), (str(story.person), world, domain)
    assert sentences > 100


PATTERNS = {
    "records_in.WORLD": r" (files|has had on file since) .*score",
    "records.WORLD.misread": r"^WRONG RECORD: .*, misread: it was ",
    "records.WORLD.inflated": r"^WRONG RECORD: .*, at 2 times its weight",
    "records.WORLD.rule": r"^WRONG RECORD: .*, for which the law gives no ground: ",
    "records.WORLD.tampered": r"^WRONG RECORD: .*, a false record put there by an attack, 'A bribed clerk'",
    "records.WORLD.ghost": r"^WRONG RECORD: .* which nobody did",
    "records.WORLD.stray": r"^WRONG RECORD: .* of a namesake",
    "records.WORLD.stale": r"^WRONG RECORD: .* is settled, but",
    "records_out.WORLD": r"record of .* no longer counts",
    "listings.WORLD": r"^(Put on the list|A term on the list .* begins)",
    "learned.WORLD": r"^(A notice comes about|Asks why, and finds out about) ",
    "contested.WORLD": r"^Appeals against ",
    "decided.WORLD": r"^The appeal against .* is (refused|granted)\.",
    "upheld.WORLD": r"^The appeal against .* is granted",
    "second.WORLD": r" in the second instance\.",
    "abandoned.WORLD": r"^Gives up waiting for a reviewer: ",
    "corrected.WORLD": r" takes .* off its file",
    "corrections_lost.WORLD": r"^The correction is lost: ",
    "returned.WORLD": r", corrected before, is back\.",
    "repaired.WORLD": r" no longer counts: (it was earned back early|an amnesty forgives it);",
}
MUST_HAPPEN = {
    "The article": ("records_in", "ghost", "stray", "stale", "records_out", "listings"),
    "A village that appeals": (
        *("ghost", "learned", "contested", "decided", "upheld", "second", "abandoned"),
        *("corrected", "corrections_lost", "returned", "repaired"),
    ),
    "A village of wrong records": ("misread", "inflated", "rule", "tampered", "ghost", "stray", "stale", "learned", "upheld"),
    "A village of stages": ("records_in", "listings", "learned", "contested", "decided"),
}
NOT_COUNTED = {
    "A village that appeals": ("records_out",),  # what is corrected, or comes back, leaves in other words too
    "A village of wrong records": (
        "records_out",
        "corrected",
        "returned",
    ),  # a restored record is taken off twice, and told if it counts again
    "A village of stages": ("records_out",),  # a stage ends records without a word about each
}


def test_every_record_and_listing_and_appeal_is_told_once(told: Told) -> None:
    most = dict.fromkeys(PATTERNS, 0)
    title = next((title for title in MUST_HAPPEN if told.run.scenario.title.startswith(title)), "")
    for world in told.run.scenario.worlds:
        texts = told.texts(world)

        def count(pattern: str, texts: list[str] = texts) -> int:
            return sum(bool(re.search(pattern, text)) for text in texts)

        def tally(column: str, world: str = world) -> int:
            return int(told.tally("people", column.replace("WORLD", world)).sum())

        for column, pattern in PATTERNS.items():
            if not any(name in column for name in NOT_COUNTED.get(title, ())):
                told_times, counted = count(pattern), tally(column)
                assert told_times == counted, (world, column)
                most[column] = max(most[column], counted)
    for name in MUST_HAPPEN.get(title, ()):
        assert sum(number for column, number in most.items() if name in column) > 5, (name, most)


# --- how it is told -------------------------------------------------------------------------------------------------------------


def test_things_are_told_in_the_order_of_time_within_the_period(told: Told) -> None:
    facts = told.run.facts
    for story in told.stories:
        assert [line.day for line in story.lines] == sorted(line.day for line in story.lines)
        for line in story.lines:
            assert 0 <= line.day < facts.days
            assert (line.date - facts.start).days == int(line.day)
            assert line.world in told.run.scenario.worlds


def test_every_closed_gate_has_a_reason(told: Told) -> None:
    listed = r"the list '[^']+'(, for \"[^\"]+\" filed by [^:;]+|, as (the score|'[^']+') fell below -?[\d.]+)"
    reason = rf"(({listed}|(score|'[^']+') -?[\d.]+ is below -?[\d.]+)( and |(?=\.$)|(?=; )))+"
    through = r"through (parent [^ :]+|person [^ :]+ of the same household)"
    mean = r"the mean of the parents' scores, [\d.]+, is below [\d.]+ \((person [^ :]+: [\d.]+(, )?)+\)"
    because = rf"{reason}(; {through}: {reason})*|{through}: {reason}(; {through}: {reason})*|{mean}"
    closings = [text for world in told.run.scenario.worlds for text in told.texts(world) if "CLOSES" in text]
    assert len(closings) > 50
    for text in closings:
        assert re.fullmatch(rf"(For the children: )?[A-Z][\w ]+ CLOSES: ({because})\.", text), text


def test_a_record_is_filed_before_it_closes_anything(told: Told) -> None:
    """The record that a closing names stands in the same story, on the same day or before; or in that of the parent."""
    named = 0
    for story in told.stories:
        for line in story.lines:
            if "CLOSES" not in line.text or "through p" in line.text:
                continue
            for matter, office in re.findall(r'"([^"]+)" filed by ([^,.:;]+?)(?= and |\.|,|;|$)', line.text):
                before = [one.text for one in story.lines if one.world == line.world and one.day <= line.day]
                filed = rf'{office} (files|has had on file since [\d-]+:) "{re.escape(matter)}"'
                assert any(re.search(filed, text) for text in before), (str(story.person), line)
                named += 1
    assert (named > 20) == any(listed.on for listed in told.run.scenario.lists.values())


def test_a_list_closes_a_gate_only_while_the_person_is_on_it(told: Told) -> None:
    """A closing, or a gate that is spared, names a list that the story has begun and not ended since the last stage."""
    seen = 0
    for story, line, found in lines_of(told, r"(?:For the children: )?([\w ]+?) (?:CLOSES|stays open, [^:]+): ((?!through ).*)"):
        before, _ = around(story, line)
        stage = max((n for n, text in enumerate(before) if text.startswith("NEW STAGE")), default=0)
        since = before[stage:]
        for title in re.findall(r"the list '([^']+)'", found[2].partition("; through ")[0]):
            on = sum(text.startswith((f"Put on the list {title!r}", f"A term on the list {title!r} begins")) for text in since)
            off = sum(text.startswith((f"Off the list {title!r}", f"The term on the list {title!r} ends")) for text in since)
            spread = sum(text == f"Joint sanction: the list {title!r} now also counts against {found[1]}." for text in since)
            ended = sum(text == f"The joint sanction on {found[1]} ends." for text in since)
            assert on > off or spread > ended, (str(story.person), line)
            seen += 1
    assert (seen > 5) == any(listed.closes for listed in told.run.scenario.lists.values())


def test_a_childs_gate_closes_through_a_parent_whose_story_says_so(busy: Told) -> None:
    school = busy.run.scenario.gates["school"].title
    seen = 0
    for story in busy.stories:
        for line in story.lines:
            for parent in re.findall(r"through parent Henan/0/(\d+)", line.text):
                turns = [
                    (one.day, one.text)
                    for one in busy.stories[int(parent)].lines
                    if one.world == line.world and one.text.startswith(f"For the children: {school}") and one.day <= line.day
                ]
                assert turns, (str(story.person), line)
                assert "CLOSES" in turns[-1][1]
                seen += 1
    assert seen > 50


def test_without_a_system_nothing_is_filed_and_nothing_closes(busy: Told) -> None:
    assert not [text for text in busy.texts("none") if "files" in text or "CLOSES" in text]


def test_stories_are_of_synthetic_people_without_names(told: Told) -> None:
    region = told.run.scenario.population.lived[0].name
    for story in told.stories:
        assert story.who.startswith("synthetic ")
        for line in story.lines:
            for person in re.findall(r"(?:person|parent) (\S+?)[.:]", line.text):
                assert re.fullmatch(rf"{region}/0/\d+", person), line.text


# --- redress, attacks, stages, conduct ------------------------------------------------------------------------------------------------


def test_nobody_appeals_against_what_they_do_not_know_or_what_was_never_filed(appeals: Told) -> None:
    seen: Counter[str] = Counter()
    for story, line, found in lines_of(
        appeals, r'(Appeals against|A notice comes about|Asks why, and finds out about) "(.+)" filed by (.+?)\..*'
    ):
        before, _ = around(story, line)
        filed = sum(f'{found[3]} files "{found[2]}"' in text for text in before)
        known = sum(text.startswith(("A notice", "Asks why")) for text in before)
        appealed = sum(text.startswith("Appeals") for text in before)
        assert filed > known if not line.text.startswith("Appeals") else known > appealed
        seen[found[1]] += 1
    assert len(seen) == 3
    assert min(seen.values()) > 5, seen


def test_a_correction_that_takes_its_way_is_told_until_its_end(appeals: Told) -> None:
    """In a world of late corrections a score has the record for a while yet; with accurate records it is gone at once, with its points."""
    seen: Counter[str] = Counter()
    for _, line, found in lines_of(
        appeals, r'Court takes "Debt" off its file(: it no longer counts|, but a score still has it)\.( \+10 points, score .+\.)?'
    ):
        late = line.world == "designed"
        assert found[1] == (", but a score still has it" if late else ": it no longer counts") or not found[2]
        seen[line.world] += 1
    assert seen["designed"] > 5
    assert seen["accurate"] > 5
    assert [
        line for _, line, _ in lines_of(appeals, r"The Court record of \"Debt\" no longer counts: the record was corrected; score .+\.")
    ]
    assert {line.world for _, line, _ in lines_of(appeals, r".*(is back|The correction is lost).*")} == {"designed"}


def test_repair_and_amnesty_are_told_apart(appeals: Told) -> None:
    amnesty = {line.date.isoformat() for _, line, _ in lines_of(appeals, r".*no longer counts: an amnesty forgives it.*")}
    repaired = {line.date.isoformat() for _, line, _ in lines_of(appeals, r".*no longer counts: it was earned back early.*")}
    assert amnesty == {"2025-06-01"}
    assert len(repaired) > 20


def test_a_joint_sanction_whose_end_is_lost_goes_on_in_the_story(appeals: Told) -> None:
    seen = 0
    for story, line, found in lines_of(
        appeals, r"Off the list 'Debtors': .+\. The end is lost on the way: the joint sanction on (Pool) goes on\."
    ):
        before, after = around(story, line)
        begun = sum(text == f"Joint sanction: the list 'Debtors' now also counts against {found[1]}." for text in before + after)
        ended = sum(text == f"The joint sanction on {found[1]} ends." for text in before + after)
        assert begun > ended
        seen += 1
    assert seen > 5


def test_false_records_and_wrong_rules_say_what_made_them(wrongs: Told) -> None:
    said = {text for text in wrongs.texts("attacked") if text.startswith("WRONG RECORD: ")}
    for words in (
        'Agency files "Benefit", for which the law gives no ground: a year\'s income was spread evenly over its fortnights.',
        'Agency files "Exam", for which the law gives no ground: the result was moved to where the school\'s earlier ones lay.',
        'Agency files "Flag", for which the law gives no ground: a screening flagged the case.',
        'Agency files "Fine", for which the law gives no ground: the rule raises such records all the same.',
        'Court files "Littering", misread: it was "Smoking". -3 points',
        'Court files "Debt", at 2 times its weight. -20 points',
        "Court files \"Debt\", a false record put there by an attack, 'A bribed clerk'. -10 points",
    ):
        assert any(words in text for text in said), words
    lawful = [text for text in wrongs.texts("lawful") if "WRONG RECORD" in text or "no ground" in text]
    assert not lawful
    found_out = [text for text in wrongs.texts("attacked") if "the false record was found out" in text]
    assert len(found_out) > 5


def test_a_record_that_a_threat_holds_up_is_filed_on_that_day_in_the_world_without_threats(wrongs: Told) -> None:
    seen: Counter[str] = Counter()
    for story, line, found in lines_of(wrongs, r"THREAT: '(A favour|No power)' keeps (.+) from filing (\".+\")\."):
        assert line.world == "attacked"
        there = [one.text for one in story.lines if one.world == "designed" and one.day == line.day]
        assert any(f"{found[2]} files {found[3]}" in text for text in there), (str(story.person), line)
        _, after = around(story, line)
        late = [
            text for text in after if f"files {found[3]}" in text and ("waited for the end of" in text or "held back until now" in text)
        ]
        assert late or found[1] == "A favour", (str(story.person), line)
        seen[found[1]] += 1
    assert len(seen) == 2
    assert min(seen.values()) > 5, seen
    waited = [line for _, line, _ in lines_of(wrongs, r".* It waited for the end of 'No power'\.")]
    assert {line.date.isoformat() for line in waited} == {"2025-06-01"}


def test_a_backup_brings_back_what_had_been_taken_off(wrongs: Told) -> None:
    seen = 0
    for story, line, found in lines_of(
        wrongs, r"THREAT: 'An old backup' brings the Court record of (\".+\") back, which had been corrected\..*"
    ):
        assert (line.world, line.date.isoformat()) == ("attacked", "2025-12-01")
        before, _ = around(story, line)
        assert any(text.startswith(f"Court takes {found[1]} off its file") for text in before), (str(story.person), line)
        seen += 1
    assert seen > 2


def test_a_stage_is_told_to_everybody_and_gates_are_open_while_there_is_no_system(stages: Told) -> None:
    words = [
        "NEW STAGE 'pilot': the system begins; score 100,",
        "NEW STAGE 'pause': the system is taken down.",
        "NEW STAGE 'national': the system begins;",
    ]
    lived_here = stages.run.facts
    begin, end = ((date - lived_here.start).days for date in (dt.date(2025, 2, 1), dt.date(2025, 8, 1)))
    for story in stages.stories:
        told_here = [line for line in story.lines if line.world == "designed" and line.text.startswith("NEW STAGE")]
        assert [line.date.isoformat() for line in told_here] == ["2024-05-01", "2025-02-01", "2025-08-01"]
        assert all(line.text.startswith(text) for line, text in zip(told_here, words, strict=True)), told_here
        for gate in stages.run.scenario.gates:
            assert not closed(stages, story, "designed", gate)[begin:end].any()
    assert not [text for text in stages.texts("none") if "STAGE" in text]


def test_what_was_filed_before_a_stage_counts_in_it_unless_it_is_too_old(stages: Told) -> None:
    dates = [
        found[1] for _, line, found in lines_of(stages, r".*has had on file since ([\d-]+): .*") if line.date.isoformat() == "2025-08-01"
    ]
    assert len(dates) > 20
    assert min(dates) >= "2025-02-01"  # what was filed in the pilot has counted before
    again = [line for _, line, _ in lines_of(stages, r"The Court record of .+ counts under these rules too\. .+")]
    assert len(again) > 5
    assert [line for _, line, _ in lines_of(stages, r"NEW STAGE 'national': .*\. Records from before 2024-08-01 count no more\.")]


def test_a_gate_that_is_spared_is_open_and_as_many_as_may_be_are_closed(stages: Told) -> None:
    titles = {gate.title: name for name, gate in stages.run.scenario.gates.items()}
    seen = 0
    for story, line, found in lines_of(
        stages, r"(\w+) (?:stays open, as|opens:) no more than 2 gates may be closed at a time\..*|(\w+) opens: no more than 2 .*"
    ):
        gate = titles[found[1] or found[2]]
        if gate != "rent":  # the household may close it all the same
            assert not closed(stages, story, line.world, gate)[int(line.day)]
        seen += 1
    assert seen > 5


def test_gates_of_a_household_and_of_two_parents_say_whose_they_are(stages: Told) -> None:
    through, means = 0, 0
    for _, line, found in lines_of(stages, r"Rent CLOSES: (?:.*; )?through person Henan/0/(\d+) of the same household: .*"):
        turns = [one.text for one in stages.stories[int(found[1])].lines if one.world == line.world and one.day <= line.day]
        assert any(text.startswith(("Rent CLOSES: score", "Rent CLOSES: the list")) for text in turns), line
        through += 1
    for _, line, found in lines_of(stages, r"Camp CLOSES: the mean of the parents' scores, ([\d.]+), is below 95 \((.*)\)\."):
        scores = [float(score) for score in re.findall(r": ([\d.]+)", found[2])]
        assert float(found[1]) == pytest.approx(sum(scores) / len(scores)), line
        means += 1
    assert min(through, means) > 5, (through, means)
    assert [
        line for _, line, _ in lines_of(stages, r"For the children: this score is now below what Camp asks of the mean of the parents\.")
    ]
    assert [line for _, line, _ in lines_of(stages, r"Club CLOSES: through parent .+")]


def test_a_score_that_multiplies_is_told_in_its_own_points(stages: Told) -> None:
    moved = [found for _, _, found in lines_of(stages, r".*times (0\.8|1\.1) for 'Trust of the shops', now ([\d.]+)\.")]
    assert len(moved) > 50
    assert {found[1] for found in moved} == {"0.8", "1.1"}
    assert all(1 <= float(found[2]) <= 200 for found in moved)
    begun = [
        found for _, _, found in lines_of(stages, r"A term on the list 'Poor trust' begins: 'Trust of the shops' ([\d.]+) is below 70\.")
    ]
    assert len(begun) > 5
    assert all(float(found[1]) < 70 for found in begun)
    assert [line for _, line, _ in lines_of(stages, r"Shop CLOSES: .*the list 'Poor trust', as 'Trust of the shops' fell below 70.*")]


def test_events_that_happen_or_not_because_of_the_life_add_up(stages: Told) -> None:
    """What happens in a world, less what was brought on, plus what was left undone, is the same in every world."""
    because = r" \"{}\", which would{}have happened but for this: (.+)\."
    seen: Counter[str] = Counter()
    columns = stages.run.tallies.columns["classes"]
    events = stages.run.tallies.tables["classes"].sum(axis=0)
    for k, (name, conduct) in enumerate(stages.run.scenario.conduct.items()):
        at_ease = set()
        for world in ("none", "accurate", "pruned", "designed"):
            more = [found for _, line, found in lines_of(stages, "Event:" + because.format(conduct.title, " not ")) if line.world == world]
            less = [
                found for _, line, found in lines_of(stages, "Left undone:" + because.format(conduct.title, " ")) if line.world == world
            ]
            at_ease.add(int(events[k, columns.index(f"events.{world}")]) - len(more) + len(less))
            for found in more + less:
                seen.update(f"{name}: {reason}" for reason in found[1].split(" and "))
        assert len(at_ease) == 1, name
    for reason in (
        "debt: 1 gate is closed",
        "debt: another one was not long ago",
        "shout: the person has given up, having lost 1 appeal",
        "help: the score is just below a gate",
        "help: the person has given up, having lost 1 appeal",
        "reading: fear of being punished",
    ):
        assert seen[reason] > 2, seen


def test_a_world_that_lives_the_conduct_of_another_says_so(stages: Told) -> None:
    texts = [text for text in stages.texts("mediated") if text.startswith(("Event:", "Left undone:"))]
    assert len(texts) > 20
    assert all(text.endswith(", as in the world 'Accurate records'.") for text in texts)


def test_a_shown_life_leaves_out_the_worlds_of_safeguards(tmp_path: Path) -> None:
    scenario = tmp_path / "guarded.yaml"
    scenario.write_text(
        f"extends: {VILLAGES / 'appeals.yaml'}\nsafeguards: {{no_joint: {{set: {{joint.shares: {{}}}}}}}}\n", encoding="utf-8"
    )
    run = study.run(scenario, people=150, out=tmp_path / "run")
    assert "no_joint" in {line.world for story in lives(run) for line in story.lines}
    story = publish(run).read_text(encoding="utf-8").partition("The story of")[2].partition("</thead>")[0]
    assert "As designed" in story
    assert "No joint" not in story


# --- who is told ----------------------------------------------------------------------------------------------------------------


def test_shown_lives_are_the_first_that_fit_the_stated_rule(told: Told) -> None:
    (world, versus), wanted = told.run.scenario.compare[0], told.run.scenario.lives
    shown = lives(told.run)
    assert shown == lives(told.run)
    fitting: dict[str, list[int]] = {"grown person": [], "minor": []}
    for i, story in enumerate(told.stories):
        kind, least = ("minor", LONG_FOR_CHILD) if story.who.startswith(("synthetic girl", "synthetic boy")) else ("grown person", LONG)
        twins = ((closed(told, story, world, domain), closed(told, story, versus, domain)) for domain in told.run.scenario.gates)
        if sum(int((one & (1 - two)).sum()) for one, two in twins) >= least:
            fitting[kind].append(i)
    assert len(shown) == min(wanted, sum(map(len, fitting.values())))
    assert len(shown) >= 1
    counts: Counter[str] = Counter()
    for story in shown:
        kind = "minor" if "minor" in story.rule else "grown person"
        assert story.person.index == fitting[kind][counts[kind]]
        counts[kind] += 1
        number = f"the first {kind}" if counts[kind] == 1 else f"{kind} number {counts[kind]}"
        assert story.rule.startswith(number)
        assert f"{LONG if kind == 'grown person' else LONG_FOR_CHILD} domain-days" in story.rule
    if all(fitting.values()) and wanted >= 2:
        assert set(counts) == set(fitting)


def test_the_report_tells_the_same_story(busy: Told) -> None:
    page = publish(busy.run).read_text(encoding="utf-8")
    for story in lives(busy.run):
        assert str(story.person) in page
        closing = next(line.text for line in story.lines if "CLOSES" in line.text)
        assert closing.partition(" CLOSES")[0] in page


def test_a_person_is_named_by_region_or_its_number_township_and_number(busy: Told) -> None:
    number = busy.run.scenario.population.lived[0].number
    wanted = PersonId("Henan", 0, 17)
    assert str(wanted) == "Henan/0/17"
    assert str(PersonId("Henan", 0, 17, 2)) == "Henan/0/17/2"
    for text in ("Henan/0/17", "Henan,0,17", " Henan/0/17 ", "Henan/0/017", f"{number}/0/17", "Henan/0/17/0"):
        assert person_id(text, busy.run) == wanted
    assert life(busy.run, "Henan/0/17") == life(busy.run, wanted) == busy.stories[17]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names nobody: write region/township/number, such as Henan/0/17"),
        ("Henan", "names nobody"),
        ("Henan/0", "names nobody"),
        ("Henan/0/x", "names nobody"),
        ("Henan/0/-1", "names nobody"),
        ("Henan/0/" + "9" * 5000, "names nobody"),
        ("Zhang Wei", "names nobody"),
        ("Nowhere/0/1", "there is no region 'Nowhere' in this run: it has Henan"),
        ("Beijing/0/1", "there is no region 'Beijing' in this run"),
        ("Henan/1/0", "there is no township 1 here: they are numbered from 0 to 0"),
        ("Henan/0/300", "there is no person 300 here: they are numbered from 0 to 299"),
        ("Henan/0/0/1", "there is no replicate 1 here"),
    ],
)
def test_somebody_who_was_not_lived_is_a_sentence(busy: Told, text: str, words: str) -> None:
    with pytest.raises(RequestError, match=words) as said:
        life(busy.run, text)
    assert len(str(said.value)) < 1000


def test_an_identity_made_by_hand_is_checked_too(busy: Told) -> None:
    with pytest.raises(RequestError, match="there is no person 300"):
        life(busy.run, PersonId("Henan", 0, 300))


def test_the_second_replicate_is_somebody_else(tmp_path: Path) -> None:
    scenario = tmp_path / "busy.yaml"
    scenario.write_text(BUSY, encoding="utf-8")
    run = study.run(scenario, replicates=2)
    assert life(run, "Henan/0/5") != life(run, "Henan/0/5/1")
