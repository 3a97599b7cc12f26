"""Evidence for impact assessments: every number is that of the measure it names and stands in the section it names; never a verdict."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from html import unescape
from importlib import resources

import polars as pl
import pytest
from made_tallies import Made, sample

from counterlife.figures import number
from counterlife.measures import Safeguard, World
from counterlife.measures.frame import SCHEMA
from counterlife.report import render
from counterlife.report.findings import Findings
from counterlife.report.mapping import ARTICLE_27, CANADA, Bearings, mapping
from counterlife.report.text import catalogue

DESIGNED, TWIN, NONE = ("designed", "all"), ("designed", "accurate"), ("designed", "none")
SEPARATE, ATTACKED = ("designed", "separate"), ("attacked", "all")
# What the page says, and which measure that is: typed from the registry of measures, not from the table that the report cites from.
MEANT = {
    "people ever shut out": ("B1", "people ever restricted, 1 day or more", *DESIGNED),
    "closed days": ("B2", "restricted days", *DESIGNED),
    "people ever shut out by mistake": ("M3", "people ever wrongly restricted, 1 day or more", *TWIN),
    "days closed by mistake": ("M1", "wrongful restriction", *TWIN),
    "share of closed days that are by mistake": ("M4", "wrongful share of restrictions", *TWIN),
    "closed days for each wrong record": ("M5", "cost of a wrong record, shared out equally", *TWIN),
    "days with three or more things closed": ("M14", "multiple exclusion", *DESIGNED),
    "borne by the hardest-hit 1 % of people": ("M13", "concentration, share of the top 1 % of people", *TWIN),
    "length of a restriction by mistake": ("M10", "time to clear, mean within the period", *TWIN),
    "restrictions by mistake that last more than a year": ("M10", "time to clear, still running after 1 year", *TWIN),
    "restrictions by mistake that end by an appeal within a year": ("M10", "time to clear, cleared by appeal within 1 year", *TWIN),
    "wholly free within a year of the first closed day": ("M23", "recovery, free within 1 year", *DESIGNED),
    "never wholly free again by the end": ("M23", "recovery, never free again by the end", *DESIGNED),
    "shut out again within a year": ("M23", "recovery, shut out again within 1 year", *DESIGNED),
    "records that are wrong": ("M31", "virtual audit, truth, records entered that are wrong", *DESIGNED),
    "people with a wrong record": ("B6", "records, people with a wrong one", *DESIGNED),
    "closed days that stand on unrelated contexts alone": ("M6", "restriction across contexts, on unrelated contexts alone", *DESIGNED),
    "closed days with joint sanctions, times those without": ("M7", "disproportion, days, times as many", *SEPARATE),
    "people with more than ten times the days because of joint sanctions": ("M7", "disproportion, people, more than tenfold", *SEPARATE),
    "children kept out through a parent": ("M21", "children affected", *DESIGNED),
    "children kept out by mistake": ("M21", "children affected, wrongly", *TWIN),
    "borne by people without a wrong record of their own": ("M22", "bystander share", *TWIN),
    "shut out with a wrong record and without, in matched groups": ("M31", "virtual audit, seen, the same in matched groups", *TWIN),
    "shut out because of the wrong record: difference of twins": ("M31", "virtual audit, truth, shut out because of it", *TWIN),
    "wrong records that the person learns of within a year": ("M9", "time to discovery, learned of within 1 year", *DESIGNED),
    "wrong records that the person learns of while they act": ("M24", "redress, wrong records that the person learned of", *DESIGNED),
    "known wrong records that are contested": ("M24", "redress, take-up where the record is wrong", *DESIGNED),
    "contested wrong records that are taken off": ("M24", "redress, upheld where the record was wrong", *DESIGNED),
    "contested right records that are taken off": ("M24", "redress, upheld where the record was right", *DESIGNED),
    "until half of decisions are there": ("M24", "redress, days until half of decisions", *DESIGNED),
    "until nine tenths of decisions are there": ("M24", "redress, days until nine tenths of decisions", *DESIGNED),
    "cases given up while waiting": ("M24", "redress, given up while waiting", *DESIGNED),
    "cases pending at the end": ("M24", "redress, backlog at the end", *DESIGNED),
    "corrections that are never made": ("M24", "redress, corrections lost", *DESIGNED),
    "corrected records that come back": ("M24", "redress, corrected records that came back", *DESIGNED),
    "until nine tenths of corrected records have left the last copy": (
        "M11",
        "time to the last copy, until nine tenths are gone",
        *DESIGNED,
    ),
    "acts counted as bad that do not happen": ("M18", "price of deterrence, bad events averted", *NONE),
    "how well the score tells much latent conduct from little (AUC)": ("M16", "validity, AUC", *DESIGNED),
    "lawful acts that people forgo": ("M19", "chilling", *NONE),
    "people with a record on file at the end": ("M27", "breach exposure, people on file at the end", *DESIGNED),
    "one central file: mean loss in the worst 5 of 100 cases": ("M27", "breach exposure, central, mean of the worst 5 in 100", *DESIGNED),
    "files apart: mean loss in the worst 5 of 100 cases": ("M27", "breach exposure, federated, mean of the worst 5 in 100", *DESIGNED),
    "false records of attackers that are never found out": ("M28", "leverage of tampering, never found out", *ATTACKED),
    "two regions disagree on whether somebody is ever shut out": ("M26", "regional arbitrariness, two regions disagree", "all", "all"),
}
GAP, BEST = "the widest gap between groups", "the safeguard that averts most"


@pytest.fixture(scope="module")
def run() -> Made:
    return sample()[0]


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return sample()[1]


@pytest.fixture(scope="module")
def page(run: Made, frame: pl.DataFrame) -> str:
    return render(run.tallies, run.facts, frame, [], {})


def line(measure: str, name: str, world: str, versus: str, value: float, unit: str = "%") -> tuple[object, ...]:
    """A line of the measures frame, for everybody."""
    return measure, name, unit, world, versus, "all", "all", "all", "all", value, value - 0.5, value + 0.5, "mc", 1


@pytest.fixture(scope="module")
def everything(run: Made) -> tuple[Bearings, dict[str, float]]:
    """The evidence where every measure has a value of its own, and those values by what the page says."""
    values = {what: 1000.0 + 7 * place for place, what in enumerate(MEANT)}
    lines = [line(*meant, values[what]) for what, meant in MEANT.items()]
    lines += [
        line("M30", "yield of safeguards, wrongful days averted", name, "designed", n) for name, n in (("separate", 5.0), ("cap", 9.0))
    ]
    facts = dataclasses.replace(
        run.facts,
        worlds={**run.facts.worlds, "attacked": World("T", "under attack", "main", "attacked")},
        safeguards={"separate": Safeguard("Each its own", unjoined=True), "cap": Safeguard("One at a time")},
    )
    return mapping(Findings(run.tallies, facts, pl.DataFrame(lines, schema=SCHEMA, orient="row"), catalogue())), values


def test_every_number_is_that_of_the_measure_that_is_meant(everything: tuple[Bearings, dict[str, float]]) -> None:
    bearings, values = everything
    shown = {one.what: one for clause in (*bearings.article, *bearings.canada) for one in clause.evidence}
    assert set(shown) == {*MEANT, BEST}
    for what, meant in MEANT.items():
        assert shown[what].value.startswith(f"{number(values[what])} ({number(values[what] - 0.5)}\u00a0to"), what
        assert shown[what].measure == meant[0], what
    assert shown[BEST].value.startswith("9 ")
    assert "One at a time" in shown[BEST].value
    assert all(clause.absent == catalogue()("mapping.absent", list=GAP) for clause in bearings.article if clause.name == "c")


def section(page: str, number: int) -> str:
    """The words of a section of the page."""
    begin = page.index(f'id="section-{number}"')
    end = page.index(f'id="section-{number + 1}"') if number < 15 else page.index('id="evidence"')
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<svg.*?</svg>", "", page[begin:end], flags=re.S))))


def clauses(page: str) -> list[tuple[str, str, str, int]]:
    """What, value, measure and section of every row of evidence on a page."""
    row = r'<tr><th scope="row">([^<]*)</th><td>([^<]*)</td><td class="cite"><a href="#section-(\d+)">(\w+), section (\d+)</a>'
    found = re.findall(row, page)
    assert all(link == said for _, _, link, _, said in found)
    return [(unescape(what), unescape(value), measure, int(said)) for what, value, _, measure, said in found]


def test_a_number_stands_in_the_section_that_is_named(page: str, frame: pl.DataFrame) -> None:
    rows = clauses(page)
    assert len({what for what, *_ in rows}) > 20
    for what, value, measure, place in rows:
        if what in MEANT:
            _, name, world, versus = MEANT[what]
            where = {"id": measure, "name": name, "world": world, "versus": versus, "domain": "all", "region": "all", "group": "all"}
            held = frame.filter(*(pl.col(column) == entry for column, entry in where.items()))["value"].item()
            assert value.startswith(number(held)), what
            assert re.search(rf"(?<![\d.,]){re.escape(number(held))}(?![\d,]|\.\d)", section(page, place)), (what, place)


def test_all_clauses_and_areas_are_there_and_say_what_only_the_deployer_knows(page: str) -> None:
    bearings = catalogue().part("mapping.article") | catalogue().part("mapping.canada")
    assert [name for name in bearings if len(name) == 1] == list("abcdef") == list(ARTICLE_27)
    for name in (*ARTICLE_27, *CANADA):
        assert len(bearings[f"{name}_supplied"]) > 30, name
    evidence = unescape(page[page.index('id="evidence"') :])
    for letter in "abcdef":
        assert re.search(rf'<th scope="rowgroup" colspan="3">\({letter}\) “', evidence), letter
    for name in CANADA:
        assert bearings[name] in evidence
    assert evidence.count("To be supplied:") == len(ARTICLE_27) + len(CANADA)


def test_it_is_evidence_and_never_a_verdict(page: str) -> None:
    evidence = unescape(page[page.index('id="evidence"') :])
    assert evidence.count("Clause mapping is own reading; check before print.") >= 2
    assert "This is evidence, never a verdict" in evidence
    assert "no level is computed" in evidence
    words = (resources.files("counterlife.report") / "texts" / "en_mapping.toml").read_text(encoding="utf-8")
    said = [text for part in (tomllib.loads(words),) for text in _texts(part)]
    for verdict in (r"\bcompl(y|ies|iant|iance)\b", r"\bLevel (I|II|III|IV|\d)\b", r"\b(low|high|acceptable) risk\b", r"\bpasse[sd]\b"):
        assert not [one for one in said if re.search(verdict, one)], verdict


def _texts(part: object) -> list[str]:
    if isinstance(part, dict):
        return [text for entry in part.values() for text in _texts(entry)]
    return [one for entry in part for one in _texts(entry)] if isinstance(part, list) else [str(part)]


def test_every_section_is_held_against_the_other_frameworks(page: str) -> None:
    table = page[page.index('id="crosswalk"') :]
    assert [int(n) for n in re.findall(r'<th scope="row">(\d+) ', table[: table.index("</table>")])] == list(range(16))
    assert '<th scope="row">Annex</th>' in table


def test_the_assessors_columns_are_empty_and_the_others_are_the_measures(run: Made, frame: pl.DataFrame) -> None:
    findings = Findings(run.tallies, run.facts, frame, catalogue())
    table = mapping(findings).severity
    assert table.heads[-2:] == ("right engaged (assessor)", "gravity (assessor)")
    assert {row[-2:] for row in table.rows} == {("", "")}
    rows = {row[0]: row for row in table.rows}
    here = (pl.col("region") == "all") & (pl.col("group") == "all") & (pl.col("world") == "designed")

    def value(measure: str, name: str, versus: str, domain: str = "all") -> str:
        asked = (pl.col("id") == measure) & (pl.col("name") == name) & (pl.col("versus") == versus) & (pl.col("domain") == domain)
        return number(frame.filter(here & asked)["value"].item())

    assert rows["Shut out by mistake"][2].startswith(value("M10", "time to clear, mean within the period", "accurate"))
    assert rows["Shut out by mistake"][4].startswith(value("M3", "people ever wrongly restricted, 1 day or more", "accurate"))
    assert rows["Shut out of at least one thing"][2].startswith(value("M10", "time to clear, mean within the period", "none"))
    assert f"within a year: {value('M23', 'recovery, free within 1 year', 'all')}" in rows["Shut out of at least one thing"][3]
    assert rows["Closed: travel"][1].startswith(value("B2", "restricted days", "all", "travel"))
    assert rows["Closed: school admission (essential)"][1].startswith(value("B2", "restricted days", "all", "school"))


def test_children_of_whom_no_gate_asks_are_no_nought(run: Made, frame: pl.DataFrame) -> None:
    domains = {name: dataclasses.replace(domain, child=False) for name, domain in run.facts.domains.items()}
    findings = Findings(run.tallies, dataclasses.replace(run.facts, domains=domains), frame, catalogue())
    affected = next(clause for clause in mapping(findings).article if clause.name == "c")
    assert "children" not in " ".join(one.what for one in affected.evidence)
    assert "children kept out through a parent" in affected.absent
    assert not any("Children" in row[0] for row in mapping(findings).severity.rows)
