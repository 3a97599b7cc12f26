"""The page of `counterlife verify`: one HTML file that needs no network and no script, with every number and a small plot of each check."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from .. import figures
from ..figures import Caption, number
from ..verify import Kind, Outcome, Row, Verdict, Verified, all_agree
from . import promised
from .plates import Plate, plate
from .tables import Table, of_frame
from .template import template
from .text import Text, catalogue
from .verdicts import cells, headline, share, written

SHOWN = "C7"  # the check whose error is drawn against the number of people


def render(verified: Verified, form: str, version: str, *, language: str = "en") -> str:
    """The page of what was found."""
    text, outcomes, promises = catalogue(language), verified.checks, verified.promises
    seconds = sum(one.seconds for one in outcomes) + sum(one.seconds for one in promises)
    return template("verify").render(
        text=text,
        verdict=headline(verified, language=language),
        good=all_agree(verified),
        form=form,
        summary=summary(outcomes, text) if outcomes else None,
        promises=promised.summary(promises, text) if promises else None,
        kept=[(one, promised.rows(one, text), promised.elsewhere(one, text)) for one in promises],
        convergence=next((convergence(o, text) for o in outcomes if o.check.id == SHOWN), None),
        parts=[(outcome, plates(outcome, text), rows(outcome, text)) for outcome in outcomes],
        made=text("verify.made", version=version, form=form, seconds=number(seconds)),
    )


def summary(outcomes: Sequence[Outcome], text: Text) -> Table:
    """A line for each check: the row that lies furthest off, and the one that tells least apart."""
    lines = []
    for outcome in outcomes:
        measured = [row for row in outcome.rows if row.z is not None and row.power is not None]
        furthest = max((abs(row.z or 0.0) for row in measured), default=None)
        least = max((row.power or 0.0 for row in measured), default=None)
        lines.append(
            (
                f"{outcome.check.id} {outcome.check.title}",
                outcome.check.answer,
                str(len(outcome.rows)),
                "–" if furthest is None else f"|z| {furthest:.1f}",
                "–" if least is None else share(least),
                text(f"verify.{outcome.verdict}"),
            )
        )
    marks = tuple("" if outcome.verdict is Verdict.AGREES else "wrong" for outcome in outcomes)
    return Table(text("verify.summary"), tuple(text.list("verify.heads_summary")), tuple(lines), "checks.csv", marks=marks)


def rows(outcome: Outcome, text: Text) -> Table:
    """All rows of a check."""
    shown = tuple((_what(row), *cells(row, text)[1:]) for row in outcome.rows)
    raw = tuple((row.what, row.exact, row.estimate, row.z if row.p is None else row.p, row.power, str(row.verdict)) for row in outcome.rows)
    marks = tuple("" if row.verdict is Verdict.AGREES else "wrong" for row in outcome.rows)
    title = f"{outcome.check.id} {outcome.check.title}"
    return Table(title, tuple(text.list("verify.heads")), shown, f"{outcome.check.id.lower()}.csv", raw, marks)


def _what(row: Row) -> str:
    return f"{row.what}: {row.why}" if row.why else row.what


def plates(outcome: Outcome, text: Text) -> list[Plate]:
    """The small plots of a check: its estimates beside their exact values, and its first distribution beside the law."""
    name, drawn = outcome.check.id.lower(), []
    measured = [row for row in outcome.rows if row.kind in (Kind.MEAN, Kind.SHARE) and row.exact]
    if measured:
        drawn.append(_intervals(f"{name}-values", outcome, measured, text))
    law = next((row for row in outcome.rows if row.kind is Kind.LAW), None)
    if law is not None:
        drawn.append(_law(f"{name}-law", outcome, law, text))
    return drawn


def _intervals(name: str, outcome: Outcome, measured: Sequence[Row], text: Text) -> Plate:
    frame = pl.DataFrame(
        {
            "what": [row.what for row in measured],
            "off": [row.estimate / row.exact - 1.0 for row in measured],
            "reach": [row.power for row in measured],
            "matters": [row.materiality for row in measured],
            "fails": [row.verdict is not Verdict.AGREES for row in measured],
        }
    )
    caption = Caption(f"{outcome.check.id} {outcome.check.title}", text("verify.intervals_note"), text("verify.claim"))
    chart = figures.intervals(frame, caption, {"off": text("verify.intervals_off")})
    fails = text("verify.some_fail" if frame["fails"].any() else "verify.none_fail")
    heads = [text.list("verify.heads")[0], text("verify.intervals_off"), text("verify.heads_reach"), text("verify.heads_matters")]
    data = of_frame(caption.title, heads, frame.select("what", "off", "reach", "matters"), f"{name}.csv")
    return plate(name, chart, text("verify.intervals_alt", count=str(len(measured)), fails=fails), data)


def _law(name: str, outcome: Outcome, row: Row, text: Text) -> Plate:
    seen, due = zip(*row.cells, strict=True)
    frame = pl.DataFrame({"cell": range(1, len(seen) + 1), "seen": seen, "due": due})
    caption = Caption(f"{outcome.check.id} {row.what}", text("verify.law_note"), text("verify.claim"))
    chart = figures.law(frame, caption, {"cell": text("verify.cell"), "count": text("verify.count")})
    heads = [text("verify.cell"), *text.list("verify.heads")[2:0:-1]]
    data = of_frame(caption.title, heads, frame, f"{name}.csv")
    return plate(name, chart, text("verify.law_alt", count=str(len(seen))), data)


def convergence(outcome: Outcome, text: Text) -> Plate | None:
    """How the error of the check's first estimate falls with the number of people; nothing where it was not taken by township."""
    row = next((row for row in outcome.rows if row.trail), None)
    if row is None:
        return None
    frame = pl.DataFrame(row.trail, schema=["people", "off", "due"], orient="row")
    note = text("verify.convergence_note", check=f"{outcome.check.id} {outcome.check.title}", what=row.what)
    words = {"people": text("verify.people"), "off": text("verify.off"), "due": text("verify.off_line")}
    chart = figures.convergence(frame, Caption(text("verify.convergence"), note, text("verify.claim")), words)
    first, last = frame.row(0, named=True), frame.row(-1, named=True)
    alt = text(
        "verify.convergence_alt",
        first=share(first["off"]),
        few=written(first["people"]),
        last=share(last["off"]),
        many=written(last["people"]),
    )
    data = of_frame(text("verify.convergence"), [words["people"], words["off"], words["due"]], frame, "convergence.csv")
    return plate("convergence", chart, alt, data)
