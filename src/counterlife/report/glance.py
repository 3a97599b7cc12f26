"""What a run says on the screen: the few numbers that matter most. The words are in the catalogue, the rest is in the report."""

from __future__ import annotations

import json
from pathlib import Path

from ..study import Run
from .findings import Findings, Found
from .text import catalogue


def glance(run: Run, *, language: str = "en") -> list[str]:
    """What was lived and what it supports, then one line for each number: what it is, the value with its interval, and of what."""
    found = Findings(run.tallies, run.facts, run.measures, catalogue(language))
    identity = run.provenance["identity"]
    people = f"{identity['people'] * identity['replicates']:,}"
    return [
        found.text("glance.people", number=people, claim=found.claim, **found.blanks),
        found.text("glance.worlds", **found.blanks),
        *(_line(found, name, one) for name, one in few(found).items()),
    ]


def as_json(run: Run, page: Path, *, language: str = "en") -> str:
    """The same as JSON: what was lived, where it is, and each number with its interval, null where it cannot be shown."""
    found = Findings(run.tallies, run.facts, run.measures, catalogue(language))
    identity = run.provenance["identity"]
    numbers = {
        name: {"label": label(found, name), "value": one.value, "low": one.low, "high": one.high, "unit": one.unit}
        for name, one in few(found).items()
    }
    facts = {"title": run.scenario.title, "claim": run.scenario.claim, **{key: identity[key] for key in ("people", "replicates", "seed")}}
    places = {"fingerprint": run.fingerprint, "folder": str(run.path), "report": str(page)}
    return json.dumps({**facts, **places, "numbers": numbers}, ensure_ascii=False, indent=2)


def few(run: Findings) -> dict[str, Found]:
    """The few numbers, by the names that their words have in the catalogue."""
    rows = {
        "shut_out": run.ever(run.designed),
        "wrongly": run.ever_wrongly(),
        "length": run.twin("M10", "time to clear, mean within the period"),
    }
    if _mistakes(run):
        rows["record"] = run.twin("M5", "cost of a wrong record, shared out equally")
    if run.looks_at_parents:
        rows["children"] = run.twin("M21", "children affected, wrongly")
    return rows


def label(run: Findings, name: str) -> str:
    """What one of the few numbers is called."""
    return run.text(f"glance.{'mistakes' if _mistakes(run) else 'otherwise'}.{name}")


def _mistakes(run: Findings) -> bool:
    return run.facts.worlds[run.accurate].records == "accurate"


def _line(run: Findings, name: str, found: Found) -> str:
    """A number as a line of plain text. Screens and scripts get ordinary spaces."""
    unit = "" if found.value is None else f" {run.text(f'glance.of_{name}')}"
    return f"  {label(run, name):<38} {run.full(found)}{unit}".replace("\u00a0", " ")
