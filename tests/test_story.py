"""What a story tells is what the tallies counted: day for day, record for record, and every closed gate has its reason (P26).

Everybody in a small, busy township is told, in every world, and the sentences are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from lived import SMALL

from counterlife import study
from counterlife.layout import AXES, CELLS, Ints
from counterlife.report.publish import publish
from counterlife.story import LONG, LONG_FOR_CHILD, PersonId, Story, Teller, life, lives, person_id
from counterlife.study import RequestError, Run, lived

PEOPLE = 300
BUSY = """
extends: article
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


def tell(scenario: str, path: Path) -> Told:
    """A township of the scenario, with everybody's story."""
    run = study.run(scenario, people=PEOPLE, overrides=[f"population.township={PEOPLE}"], out=path / "run")
    plan = lived(run)
    assert len(plan.places) == 1
    teller, region = Teller(run, plan), run.scenario.population.lived[0].name
    return Told(run, [teller.story(PersonId(region, 0, i)) for i in range(PEOPLE)])


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The busy village, which alone has children."""
    path = tmp_path_factory.mktemp("busy")
    (path / "busy.yaml").write_text(BUSY, encoding="utf-8")
    return tell(str(path / "busy.yaml"), path)


@pytest.fixture(scope="module", params=["busy", "small", "w0"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The busy village, a small office with a ceiling on what people do, and a score that lists by itself."""
    if request.param == "busy":
        made: Told = request.getfixturevalue("busy")
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
    "records_in.WORLD": r" files .*score",
    "records.WORLD.ghost": r"^WRONG RECORD: .* which nobody did",
    "records.WORLD.stray": r"^WRONG RECORD: .* of a namesake",
    "records.WORLD.stale": r"^WRONG RECORD: .* is settled, but",
    "records_out.WORLD": r"record of .* no longer counts",
    "listings.WORLD": r"^(Put on the list|A term on the list .* begins)",
}


def test_every_record_and_listing_is_told_once(told: Told) -> None:
    most = dict.fromkeys(PATTERNS, 0)
    for world in told.run.scenario.worlds:
        texts = told.texts(world)

        def count(pattern: str, texts: list[str] = texts) -> int:
            return sum(bool(re.search(pattern, text)) for text in texts)

        def tally(column: str, world: str = world) -> int:
            return int(told.tally("people", column.replace("WORLD", world)).sum())

        for column, pattern in PATTERNS.items():
            told_times, counted = count(pattern), tally(column)
            assert told_times == counted, (world, column)
            most[column] = max(most[column], counted)
    if told.run.scenario.title.startswith("The article"):
        assert min(most.values()) > 20, most


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
    reason = r"((the list '[^']+'(, for \"[^\"]+\" filed by [^:;]+)?|score -?[\d.]+ is below -?[\d.]+)( and |(?=\.$)|(?=; )))+"
    because = rf"(through parent [^:]+: {reason}(; )?)+|{reason}"
    closings = [text for world in told.run.scenario.worlds for text in told.texts(world) if "CLOSES" in text]
    assert len(closings) > 50
    for text in closings:
        assert re.fullmatch(rf"(For the children: )?[A-Z][\w ]+ CLOSES: ({because})\.", text), text


def test_a_record_is_filed_before_it_closes_anything(told: Told) -> None:
    """The record that a closing names stands in the same story, on the same day or before; or in that of the parent."""
    named = 0
    for story in told.stories:
        for line in story.lines:
            if "CLOSES" not in line.text or "through parent" in line.text:
                continue
            for matter, office in re.findall(r'"([^"]+)" filed by ([^,.:;]+?)(?= and |\.|,|;|$)', line.text):
                before = [one.text for one in story.lines if one.world == line.world and one.day <= line.day]
                assert any(f'{office} files "{matter}"' in text for text in before), (str(story.person), line)
                named += 1
    assert (named > 20) == any(listed.on for listed in told.run.scenario.lists.values())


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
