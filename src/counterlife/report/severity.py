"""How severe the harms of a run are, as far as numbers can say: scale, duration, reversibility and probability.

Which right is engaged, and how grave that is, is for the assessor to say: those columns are empty, in the page and in its file.
"""

from __future__ import annotations

from counterlife.report.cited import found
from counterlife.report.findings import NO_SYSTEM, Findings, Found
from counterlife.report.sections import people_said
from counterlife.report.tables import Table, table

COLUMNS = ("harm", "scale", "duration", "reversibility", "probability", "right", "gravity")
ASSESSOR = 2
"""Columns at the end that stay empty."""


def severity(run: Findings) -> Table:
    """A row for each kind of harm that this run measures."""
    text = run.text
    rows = [_shut_out(run), *([_mistakes(run)] if run.kind != NO_SYSTEM else []), *_gates(run), *_children(run), *_others(run)]
    heads = [text(f"severity.head_{name}") for name in COLUMNS]
    return table(text("severity.title"), heads, [[*row, *[""] * ASSESSOR] for row in rows], "severity.csv")


def _said(run: Findings, key: str, one: Found, **blanks: str) -> str:
    """A number in words; the sign for nothing where the run has none."""
    return run.text("none") if one.value is None else run.text(f"severity.{key}", value=run.full(one), unit=one.unit, **blanks)


def _joined(run: Findings, *said: str) -> str:
    return "; ".join(one for one in said if one != run.text("none")) or run.text("none")


def _in_country(run: Findings, one: Found) -> str:
    """People of the country, with no more figures than a sample can carry."""
    if one.value is None:
        return run.text("none")
    country = people_said(run, run.facts.people_in_country)
    return run.text("severity.country", value=people_said(run, one.value), country=country)


def _shut_out(run: Findings) -> list[str]:
    length = run.get("M10", "time to clear, mean within the period", run.designed, run.none)
    return [
        run.text("severity.shut_out"),
        _in_country(run, run.get("B4", "people ever restricted in the country", run.designed)),
        _said(run, "length", length),
        _joined(run, _said(run, "freed", found(run, "freed")), _said(run, "trapped", found(run, "trapped"))),
        _said(run, "of_people", found(run, "ever")),
    ]


def _mistakes(run: Findings) -> list[str]:
    return [
        run.text("severity.wrongly"),
        _in_country(run, run.twin("B4", "people ever restricted in the country, wrongly")),
        _said(run, "length", found(run, "length")),
        _joined(run, _said(run, "running", found(run, "running")), _said(run, "by_appeal", found(run, "by_appeal"))),
        _said(run, "of_people", found(run, "wrongly")),
    ]


def _gates(run: Findings) -> list[list[str]]:
    """One row for each gate: how much of it is closed."""
    rows, unmeasured = [], run.text("none")
    for name, domain in run.facts.domains.items():
        days = run.get("B2", "restricted days", run.designed, domain=name)
        need = run.text("severity.essential") if domain.essential else ""
        title = run.text("severity.gate", gate=domain.title, need=need)
        rows.append([title, _said(run, "days", days), unmeasured, unmeasured, unmeasured])
    return rows


def _children(run: Findings) -> list[list[str]]:
    if not run.looks_at_parents:
        return []
    unmeasured = run.text("none")
    return [[run.text("severity.children"), unmeasured, unmeasured, unmeasured, _said(run, "of_children", found(run, "children"))]]


def _others(run: Findings) -> list[list[str]]:
    """Harms without a closed gate: lawful acts forgone, records that a breach takes."""
    rows, unmeasured = [], run.text("none")
    chilled, on_file = found(run, "chilled"), found(run, "on_file")
    if chilled.value is not None:
        rows.append([run.text("severity.chilled"), _said(run, "acts", chilled), unmeasured, unmeasured, unmeasured])
    if on_file.value is not None:
        rows.append([run.text("severity.breach"), _said(run, "on_file", on_file), unmeasured, run.text("severity.lasting"), unmeasured])
    return rows
