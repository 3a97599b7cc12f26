"""What `counterlife verify` says: its outcomes as the cells of a table, as plain lines, and as JSON. The words are in the catalogue."""

from __future__ import annotations

import json
import math
import textwrap
from dataclasses import asdict

from ..verify import Kind, Outcome, Row, Verdict, Verified, all_agree
from . import promised
from .text import Text, catalogue

WHOLE = 1e5  # from here on numbers are written without digits after the point


def written(value: float) -> str:
    """A number as it stands in a table: six figures, thousands set apart."""
    if not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= WHOLE or value == round(value) else f"{value:.6g}"


def share(value: float) -> str:
    """A relative difference: in per cent, or as a power of ten where it is tiny."""
    if not math.isfinite(value):
        return "–"
    return f"{100.0 * value:.2g} %" if value >= 1e-4 else f"{value:.0e}"


def cells(row: Row, text: Text) -> tuple[str, ...]:
    """A row as the cells of the table: what, exact, found, what lies between, what it tells apart, verdict."""
    exact, found = written(row.exact), written(row.estimate)
    if row.kind is Kind.LAW:
        exact, found = f"χ² ≈ {row.exact:.0f}", f"χ² = {row.estimate:.1f}"
    return row.what, exact, found, beside(row), power(row, text), text(f"verify.{row.verdict}")


def beside(row: Row) -> str:
    """What lies between the two: standard errors, the probability of as much, or the difference."""
    parts = []
    if row.z is not None and math.isfinite(row.z):
        parts.append(f"z {row.z:+.2f}".replace("-", "−"))
    if row.p is not None:
        parts.append(f"p {row.p:.2g}")
    if not parts:
        off = abs(row.estimate - row.exact) / (abs(row.exact) or 1.0)
        parts.append("=" if off == 0 else f"Δ {off:.1g}")
    return ", ".join(parts)


def power(row: Row, text: Text) -> str:
    """The smallest difference that the row tells apart, beside what matters."""
    if row.power is None:
        return text("verify.unit")
    if row.materiality is None:
        return share(row.power)
    return text("verify.of", power=share(row.power), matters=share(row.materiality))


def headline(verified: Verified, *, language: str = "en") -> str:
    """Whether everything agrees and all promises are kept, in two or three sentences."""
    text, outcomes = catalogue(language), verified.checks
    rows, said = [row for outcome in outcomes for row in outcome.rows], []
    if outcomes:
        number = {verdict: sum(row.verdict is verdict for row in rows) for verdict in Verdict}
        checks = text("verify.check") if len(outcomes) == 1 else text("verify.checks", number=str(len(outcomes)))
        key = "verify.good" if number[Verdict.DIFFERS] + number[Verdict.VOID] == 0 else "verify.bad"
        counts = {"differs": str(number[Verdict.DIFFERS]), "void": str(number[Verdict.VOID])}
        said.append(text(key, rows=f"{len(rows):,}", checks=checks, **counts))
    if verified.promises:
        said.append(promised.headline(verified.promises, text))
    return " ".join(said)


def heads(*, language: str = "en") -> list[str]:
    """The heads of the columns that `cells` fills."""
    return catalogue(language).list("verify.heads")


def table_rows(outcome: Outcome, *, language: str = "en") -> list[tuple[str, ...]]:
    """The rows of a check as cells; what is wrong stands below what is measured."""
    text = catalogue(language)
    return [(f"{row.what}\n{row.why}" if row.why else row.what, *cells(row, text)[1:]) for row in outcome.rows]


def lines(outcome: Outcome, width: int, *, language: str = "en") -> list[str]:
    """The rows of a check as lines of no more than a width: the verdict and what is measured, and the numbers below."""
    text, names, said = catalogue(language), heads(language=language), []
    for row in outcome.rows:
        what, exact, found, between, tells, verdict = cells(row, text)
        indent = " " * 10
        numbers = f"{names[1]} {exact}, {names[2]} {found} ({between}), {names[4]} {tells}"
        for first, content in ((f"  {verdict:<8}", what), (indent, numbers), (indent, row.why)):
            said += textwrap.wrap(content, width, initial_indent=first, subsequent_indent=indent)
    return said


def as_json(verified: Verified) -> str:
    """The outcomes as JSON, every number as it was found; what has no number is null."""

    def plain(row: Row) -> dict[str, object]:
        found = {name: value for name, value in asdict(row).items() if name != "trail"}
        return {name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in found.items()}

    entries = [
        {
            "id": outcome.check.id,
            "title": outcome.check.title,
            "answer": outcome.check.answer,
            "solver": outcome.check.solver,
            "engine": outcome.check.engine,
            "verdict": outcome.verdict,
            "seconds": round(outcome.seconds, 3),
            "rows": [plain(row) for row in outcome.rows],
        }
        for outcome in verified.checks
    ]
    promises = [promised.as_data(one) for one in verified.promises]
    return json.dumps({"agrees": all_agree(verified), "checks": entries, "promises": promises}, indent=2, ensure_ascii=False)
