"""Evidence for those who have to assess a system: which section and which measured number of this report bears on which clause.

For Article 27(1)(a) to (f) of the EU AI Act and the areas of Canada's questionnaire, with what only the deployer can supply; a crosswalk
for other frameworks; and the severity of harms with the columns that are the assessor's. Evidence only: nothing here says that a clause is
met, and no level or score is computed. Words are in the catalogue, numbers are those of `cited.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from counterlife.figures import number
from counterlife.report.cited import CITED, is_known, written
from counterlife.report.findings import Findings
from counterlife.report.severity import severity
from counterlife.report.tables import Table, table

SECTIONS = range(16)
GAP, AVERTED = "gap", "best"
"""Evidence that is no single measure for everybody: the widest gap between groups, and the safeguard that averts most."""

Bearing = tuple[tuple[int, ...], tuple[str, ...]]
"""Sections of the report, and the numbers in them that are cited."""

ARTICLE_27: Mapping[str, Bearing] = {
    "a": ((1, 11), ("auc", "averted")),
    "b": ((1, 2), ()),
    "c": ((3, 7, 8), ("ever", "people_marked", GAP, "children", "bystanders")),
    "d": (
        (4, 5, 6, 7, 8, 12, 13),
        (
            *("closed", "wrongly", "wrongful", "share", "many", "top", "wrong_records", "unrelated", "times", "tenfold"),
            *(GAP, "children_wrongly", "chilled", "unnoticed", "apart"),
        ),
    ),
    "e": ((9,), ("discovered", "known", "take_up", "upheld_wrong", "upheld_right", "wait", "long_wait", "backlog")),
    "f": ((9, 10, 12), (AVERTED, "by_appeal", "lost", "last_copy", "freed", "trapped", "federated", "central")),
}
CANADA: Mapping[str, Bearing] = {
    "reasons": ((1, 11), ("averted", "auc", "chilled")),
    "profile": ((3, 7, 12), ("children", GAP, "on_file", "unnoticed")),
    "algorithm": ((1, 4), ("wrong_records", "record")),
    "decision": ((1, 5), ("ever", "closed")),
    "duration": ((5,), ("length", "running")),
    "reversibility": ((5, 9), ("freed", "trapped", "again", "by_appeal", "returned")),
    "who": ((3, 5, 7, 8), ("top", GAP, "children", "bystanders")),
    "rights": ((5, 6, 8), ("wrongly", "many", "unrelated")),
    "data": ((4,), ("wrong_records", "people_marked", "unrelated")),
    "consultation": ((15,), ()),
    "data_quality": ((4, 14), ("wrong_records", "matched", "true")),
    "fairness": ((9, 10), ("known", "take_up", "upheld_wrong", "wait", "abandoned", AVERTED)),
    "privacy": ((12,), ("on_file", "central", "federated")),
}
FRAMEWORKS = ("section", "fria", "canada", "fraia", "nist")


@dataclass(frozen=True)
class Evidence:
    """A number of this report that bears on a clause: what it is, its value with unit and interval, the measure and the section."""

    what: str
    value: str
    measure: str
    section: int


@dataclass(frozen=True)
class Clause:
    """A clause or an area, what bears on it here, what is not in this run, and what only the deployer can say."""

    name: str
    title: str
    sections: tuple[int, ...]
    evidence: tuple[Evidence, ...]
    absent: str
    """What could bear on it and has no value in this run, in words; empty where there is nothing."""
    supplied: str


@dataclass(frozen=True)
class Bearings:
    """All parts of the evidence."""

    article: tuple[Clause, ...]
    canada: tuple[Clause, ...]
    crosswalk: Table
    severity: Table
    file: Table
    """The clauses as one table, for its file."""


def mapping(run: Findings) -> Bearings:
    """The evidence of a run."""
    article, canada = (tuple(_clause(run, part, *one) for one in bearings.items()) for part, bearings in PARTS.items())
    return Bearings(article, canada, crosswalk(run), severity(run), _file(run, (*article, *canada)))


PARTS = {"article": ARTICLE_27, "canada": CANADA}


def _clause(run: Findings, part: str, name: str, bearing: Bearing) -> Clause:
    sections, names = bearing
    shown = tuple(one for one in (_evidence(run, name) for name in names) if one is not None)
    absent = [_called(run, one) for one in names if _evidence(run, one) is None]
    key = f"mapping.{part}.{name}"
    left = run.text("mapping.absent", list="; ".join(absent)) if absent else ""
    said = run.text(f"{key}_said", **_said(run)) if f"{name}_said" in run.text.part(f"mapping.{part}") else ""
    where = tuple(sorted({*sections, *(one.section for one in shown)}))
    return Clause(name, run.text(key), where, shown, " ".join(filter(None, (said, left))), run.text(f"{key}_supplied"))


def _said(run: Findings) -> dict[str, str]:
    """What is said without a measure: the period and the stages."""
    facts = run.facts
    stages = len(facts.stages)
    key = "mapping.stages_none" if not stages else "mapping.stages_one" if stages == 1 else "mapping.stages"
    return {"start": str(facts.start), "years": number(round(facts.years, 1)), "stages": run.text(key, count=str(stages))}


def _called(run: Findings, name: str) -> str:
    return run.text(f"cited.{name}")


def _evidence(run: Findings, name: str) -> Evidence | None:
    """The number of that name with its interval and unit; nothing where the run has none."""
    if name == GAP:
        return _gap(run)
    if name == AVERTED:
        return _averted(run)
    if not is_known(run, name):
        return None
    return Evidence(_called(run, name), written(run, name), CITED[name].measure, CITED[name].section)


def _gap(run: Findings) -> Evidence | None:
    gap = run.widest_gap
    if gap is None:
        return None
    words = run.text("mapping.gap_value", ratio=f"{gap.ratio:.1f}", more=run.text.group(gap.more), less=run.text.group(gap.less))
    return Evidence(_called(run, GAP), words, "M12", 7)


def _averted(run: Findings) -> Evidence | None:
    """The safeguard that averts most of the days."""
    name = run.most_averting
    if name is None:
        return None
    one = run.averted(name)
    own = run.text.part("units").get(one.unit, one.unit)
    said = run.text("mapping.averted_value", value=run.full(one), unit=own, title=run.facts.safeguards[name].title)
    return Evidence(_called(run, AVERTED), said, "M30", 10)


def crosswalk(run: Findings) -> Table:
    """Every section of the report beside the parts of other frameworks on which it bears."""
    text = run.text
    titles = {str(n): f"{n} {text(f'section{n}.title')}" for n in SECTIONS}
    rows: list[Sequence[str]] = []
    for line in text.list("mapping.crosswalk.rows"):
        section, *others = (cell.strip() for cell in line.split("|"))
        rows.append([titles.get(section, section), *(cell or text("none") for cell in others)])
    heads = [text(f"mapping.crosswalk.head_{name}") for name in FRAMEWORKS]
    return table(text("mapping.crosswalk.title"), heads, rows, "crosswalk.csv")


def _file(run: Findings, clauses: Sequence[Clause]) -> Table:
    """One line for each number under each clause."""
    text, rows = run.text, []
    for one in clauses:
        sections = ", ".join(map(str, one.sections))
        for evidence in one.evidence or (Evidence(text("none"), text("none"), text("none"), one.sections[0]),):
            rows.append([one.title, sections, evidence.what, evidence.value, evidence.measure, one.absent, one.supplied])
    heads = [text(f"mapping.file_{name}") for name in ("clause", "sections", "what", "value", "measure", "absent", "supplied")]
    return table(text("mapping.title"), heads, rows, "evidence.csv")
