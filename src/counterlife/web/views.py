"""What pages show: rows of text out of scenarios, jobs and runs. Nothing is computed about people here; the report's own words are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..report import sections
from ..report.compared import besides
from ..report.glance import few, label
from ..report.tables import Table
from ..report.text import Text
from ..scenario import Scenario
from ..study import Comparison
from .jobs import Job, Jobs, Stage
from .shelf import Opened
from .sliders import Slider

PARTS = {
    "rules": ("score", "scores", "bands", "lists", "gates", "joint", "redress", "repair", "amnesty"),
    "world": ("sources", "conduct", "frailty", "behaviour", "threats"),
}
"""What a design decides, and what is assumed about people, records and attacks."""
MOST_DIFFERENCES = 40


@dataclass(frozen=True)
class Group:
    """Sliders of one part of a scenario."""

    kind: str
    part: str
    sliders: tuple[Slider, ...]


def groups(found: Iterable[Slider]) -> list[Group]:
    """The sliders part by part: what the design decides first."""
    found = list(found)
    order = [(kind, part) for kind, parts in PARTS.items() for part in parts]
    order += [("world", part) for part in dict.fromkeys(one.part for one in found) if part not in {name for _, name in order}]
    return [Group(kind, part, some) for kind, part in order if (some := tuple(one for one in found if one.part == part))]


def claim(scenario: Scenario, report: Text) -> str:
    """What may be claimed from a scenario."""
    return report(f"claim_sentences.{scenario.claim}")


def state(words: Text, jobs: Jobs, job: Job) -> dict[str, object]:
    """How far a job is, for the page that watches it."""
    if job.stage is Stage.WAITING:
        said = words("run.waiting", before=str(jobs.before(job)))
    elif job.stage is Stage.PREPARING:
        said = words("run.compiling" if job.compiles else "run.preparing")
    elif job.stage is Stage.RUNNING:
        left = job.seconds_left
        said = words("run.running", done=f"{job.done:,}", total=f"{job.total:,}")
        said += "" if left is None else " " + words("run.left", seconds=f"{max(1, round(left)):,}")
    else:
        said = words(f"run.{job.stage.value}")
    if job.stopping.is_set() and not job.stage.over:
        said = words("run.stopping")
    return {"stage": job.stage.value, "over": job.stage.over, "done": job.done, "total": max(1, job.total), "said": said}


def setting(words: Text, opened: Opened) -> str:
    """How many people a run has, its seed and its years, in a line."""
    identity = opened.run.provenance["identity"]
    return words(
        "run.setting",
        people=f"{identity['people'] * identity['replicates']:,}",
        seed=str(identity["seed"]),
        years=opened.findings.blanks["years"],
    )


def worlds(opened: Opened) -> Table:
    """The worlds side by side: closed days by gate, and those closed by mistake."""
    return sections.domains(opened.findings)


def differences(words: Text, one: Opened, two: Opened) -> tuple[Table, int]:
    """The numbers that stand otherwise in the second scenario, and how many there are."""
    ours, theirs = ({row.path: row.value for row in side.run.facts.ledger} for side in (one, two))
    rows = [
        (path, ours.get(path, words("compare.absent")), theirs.get(path, words("compare.absent")))
        for path in dict.fromkeys([*ours, *theirs])
        if ours.get(path) != theirs.get(path)
    ]
    heads = (words("compare.path"), words("compare.one"), words("compare.two"))
    return Table(words("compare.differences"), heads, tuple(rows[:MOST_DIFFERENCES]), "differences.csv", raw=tuple(rows)), len(rows)


def side_by_side(words: Text, one: Opened, two: Opened) -> Table:
    """The few numbers of two runs beside each other, each with its own interval."""
    mine, other = few(one.findings), few(two.findings)
    rows = []
    for name in dict.fromkeys([*mine, *other]):
        home = one if name in mine else two
        cells = [
            side.findings.full(found[name]) if name in found else words("compare.absent") for side, found in ((one, mine), (two, other))
        ]
        rows.append((f"{label(home.findings, name)}, {home.findings.text(f'glance.of_{name}')}", *cells))
    return Table(
        words("compare.numbers"), (words("compare.measure"), words("compare.one"), words("compare.two")), tuple(rows), "comparison.csv"
    )


def paired(words: Text, report: Text, comparison: Comparison) -> Table:
    """What moves from the first run to the second, each number with the paired interval of its difference."""
    (beside,) = besides(comparison, report)
    rows = []
    for one in beside.headline:
        both = beside.both(one)
        rows.append((f"{one.label}, {one.of}", both["before"], both["after"], beside.told(one)))
    heads = (words("compare.measure"), words("compare.one"), words("compare.two"), words("compare.less"))
    return Table(words("compare.paired"), heads, tuple(rows), "differences-paired.csv", note=words("compare.paired_note"))


def gates(words: Text, one: Opened, two: Opened) -> Table:
    """Closed days in the world in question by gate, in two runs."""
    mine, other = (_closed(side) for side in (one, two))
    absent = words("compare.absent")
    rows = [(title, mine.get(title, absent), other.get(title, absent)) for title in dict.fromkeys([*mine, *other])]
    return Table(words("compare.closed"), (words("compare.gate"), words("compare.one"), words("compare.two")), tuple(rows), "gates.csv")


def _closed(side: Opened) -> Mapping[str, str]:
    run = side.findings
    found = {
        domain.title: run.full(run.get("B2", "restricted days", run.designed, domain=name)) for name, domain in run.facts.domains.items()
    }
    return {**found, run.text("section5.all_domains"): run.full(run.get("B2", "restricted days", run.designed))}
