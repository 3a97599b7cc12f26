"""What `counterlife verify` says of promises: what was compared, how much of it, and whether it holds. The words are in the catalogue."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from ..verify import Kept, Promised, Verdict
from .tables import Table
from .text import Text, catalogue


def verdict(one: Promised, text: Text) -> str:
    """A promise's verdict in words: kept, broken, void, or looked at in the test suite only."""
    return text("promises.suite" if one.verdict is None else f"promises.{one.verdict}")


def cells(row: Kept, text: Text) -> tuple[str, ...]:
    """What was compared as the cells of a table: what, numbers, lives, what happened how often, verdict."""
    return row.what, f"{row.numbers:,}", f"{row.lives:,}", f"{row.event}: {row.happened:,}", text(f"promises.{row.verdict}")


def heads(*, language: str = "en") -> list[str]:
    """The heads of the columns that `cells` fills."""
    return catalogue(language).list("promises.heads")


def elsewhere(one: Promised, text: Text) -> str:
    """Where the test suite looks at a promise, and what only it looks at; empty where no test does."""
    if not one.promise.suite:
        return ""
    files = ", ".join(one.promise.suite)
    return text("promises.only", what=one.promise.only, files=files) if one.promise.only else text("promises.also", files=files)


def table_rows(one: Promised, *, language: str = "en") -> list[tuple[str, ...]]:
    """What was compared for a promise as cells; what is wrong stands below what was compared."""
    text = catalogue(language)
    rows = [(f"{row.what}\n{row.why}" if row.why else row.what, *cells(row, text)[1:]) for row in one.rows]
    if one.void:
        rows.append((one.void, "–", "–", "–", text("promises.void")))
    if one.promise.only:
        rows.append((f"{one.promise.only}: {', '.join(one.promise.suite)}", "–", "–", "–", text("promises.suite")))
    return rows


def lines(one: Promised, width: int, *, language: str = "en") -> list[str]:
    """The same as lines of no more than a width."""
    names, said = heads(language=language), []
    for what, numbers, lives, happened, found in table_rows(one, language=language):
        indent = " " * 10
        counted = "" if numbers == "–" else f"{names[1]} {numbers}, {names[2]} {lives}, {happened}"
        for first, content in ((f"  {found:<7} ", what.replace("\n", ": ")), (indent, counted)):
            said += textwrap.wrap(content, width, initial_indent=first, subsequent_indent=indent)
    return said


def headline(promises: Sequence[Promised], text: Text) -> str:
    """How many promises are kept, in a sentence."""
    found = [one.verdict for one in promises]
    rows = [row for one in promises for row in one.rows]
    counts = {
        "kept": found.count(Verdict.AGREES),
        "broken": found.count(Verdict.DIFFERS),
        "void": found.count(Verdict.VOID),
        "suite": found.count(None),
        "looked": len(found) - found.count(None),
        "numbers": f"{sum(row.numbers for row in rows):,}",
        "lives": f"{sum(row.lives for row in rows):,}",
    }
    key = "promises.bad" if counts["broken"] or counts["void"] else "promises.good"
    said = text(key, **{name: str(count) for name, count in counts.items()})
    return f"{said} {text('promises.elsewhere', suite=str(counts['suite']))}" if counts["suite"] else said


# --- the page ---------------------------------------------------------------------------------------------------------------------------


def summary(promises: Sequence[Promised], text: Text) -> Table:
    """A line for each promise: the sentence, what was compared, how many numbers and lives, and the verdict."""
    shown = tuple(
        (
            f"{one.promise.id} {one.promise.title}",
            one.promise.said,
            "; ".join(dict.fromkeys(row.what for row in one.rows)) or "–",
            f"{sum(row.numbers for row in one.rows):,}" if one.rows else "–",
            f"{sum(row.lives for row in one.rows):,}" if one.rows else "–",
            verdict(one, text),
        )
        for one in promises
    )
    return Table(text("promises.summary"), tuple(text.list("promises.heads_summary")), shown, "promises.csv", marks=_marks(promises))


def _marks(promises: Sequence[Promised]) -> tuple[str, ...]:
    return tuple("" if one.verdict in (Verdict.AGREES, None) else "wrong" for one in promises)


def rows(one: Promised, text: Text) -> Table:
    """All that was compared for a promise."""
    shown = tuple((what.replace("\n", ": "), *rest) for what, *rest in table_rows(one))
    raw = tuple((row.what, row.numbers, row.lives, row.event, row.happened, row.off, str(row.verdict)) for row in one.rows)
    marks = tuple("" if cell[-1] in (text("promises.agrees"), text("promises.suite")) else "wrong" for cell in shown)
    heads_of_file = ("compared", "numbers", "lives", "event", "happened", "off", "verdict")
    title, file = f"{one.promise.id} {one.promise.title}", f"{one.promise.id.lower()}.csv"
    return Table(title, tuple(heads()), shown, file, raw, marks, raw_heads=heads_of_file)


# --- JSON -------------------------------------------------------------------------------------------------------------------------------


def as_data(one: Promised) -> dict[str, object]:
    """A promise as plain data."""
    rows = [
        {
            "what": row.what,
            "numbers": row.numbers,
            "lives": row.lives,
            "event": row.event,
            "happened": row.happened,
            "off": row.off,
            "verdict": row.verdict,
            "why": row.why,
        }
        for row in one.rows
    ]
    promise = one.promise
    return {
        "id": promise.id,
        "title": promise.title,
        "promise": promise.said,
        "verdict": one.verdict or "in the test suite",
        "void": one.void,
        "tests": list(promise.suite),
        "only_in_tests": promise.only,
        "seconds": round(one.seconds, 3),
        "rows": rows,
    }
