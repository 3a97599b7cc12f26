"""What a run says on the screen: the few numbers that matter most. The words are in the catalogue, the rest is in the report."""

from __future__ import annotations

from ..study import Run
from .findings import Findings, Found
from .text import catalogue


def glance(run: Run, *, language: str = "en") -> list[str]:
    """What was lived and what it supports, then one line for each number: what it is, the value with its interval, and of what."""
    found = Findings(run.tallies, run.facts, run.measures, catalogue(language))
    identity = run.provenance["identity"]
    people = f"{identity['people'] * identity['replicates']:,}"
    mistakes = run.facts.worlds[found.accurate].records == "accurate"
    rows = {
        "shut_out": found.ever(found.designed),
        "wrongly": found.ever_wrongly(),
        "length": found.twin("M10", "time to clear, mean within the period"),
    }
    if mistakes:
        rows["record"] = found.twin("M5", "cost of a wrong record, shared out equally")
    if any(domain.child for domain in run.facts.domains.values()):
        rows["children"] = found.twin("M21", "children affected, wrongly")
    return [
        found.text("glance.people", number=people, claim=found.claim, **found.blanks),
        found.text("glance.worlds", **found.blanks),
        *(_line(found, "mistakes" if mistakes else "otherwise", name, one) for name, one in rows.items()),
    ]


def _line(run: Findings, words: str, name: str, found: Found) -> str:
    """A number as a line of plain text. Screens and scripts get ordinary spaces."""
    label, value = run.text(f"glance.{words}.{name}"), run.full(found)
    unit = "" if found.value is None else f" {run.text(f'glance.of_{name}')}"
    return f"  {label:<38} {value}{unit}".replace("\u00a0", " ")
