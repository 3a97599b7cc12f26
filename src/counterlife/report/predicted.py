"""What `counterlife verify --published` says: predictions beside what was observed, as a table, as lines, as JSON, and as a page."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict

import polars as pl

from .. import figures
from ..figures import Caption, number
from ..verify.published import Compared, Fact, Result, Verdict
from .plates import Plate, plate
from .tables import Table, of_frame, table
from .template import template
from .text import Text, catalogue

FIXED = "\u00a0"  # the space before a unit, at which no line breaks


def amount(value: float, unit: str) -> str:
    """A number in its unit, with about three figures: shares in per cent."""
    scaled, sign = (100.0 * value, "%") if unit == "share" else (value, unit)
    return f"{number(scaled).replace('-', '−')}{FIXED}{sign}"


def ends(low: float, high: float, unit: str, text: Text) -> str:
    """A range in its unit; one number where both ends are written alike."""
    one, two = amount(low, unit), amount(high, unit)
    return one if one == two else text("published.range", low=one.split(FIXED)[0], high=two)


def cells(row: Compared, text: Text) -> tuple[str, ...]:
    """A row as the cells of the table: what, observed, predicted, interval, what counts as a hit, verdict."""
    seen, prediction = row.observed, row.prediction
    source = seen.source + (f", {text('published.derived')}" if seen.derived else "")
    predicted = interval = text("none")
    if prediction.low is not None and prediction.high is not None and prediction.interval is not None:
        predicted = ends(prediction.low, prediction.high, seen.unit, text)
        interval = ends(*prediction.interval, seen.unit, text)
    verdict = text(f"published.{row.verdict}") + (f" ({text('published.simpler')})" if seen.reference else "")
    return seen.what, f"{amount(seen.observed, seen.unit)} ({source})", predicted, interval, ends(*seen.within, seen.unit, text), verdict


def heads(*, language: str = "en") -> list[str]:
    """The heads of the columns that `cells` fills."""
    return catalogue(language).list("published.heads")


def table_rows(result: Result, *, language: str = "en") -> list[tuple[str, ...]]:
    """The rows of a target as cells; the reason stands below what is predicted."""
    text, rows = catalogue(language), []
    for row in result.rows:
        what, *rest = cells(row, text)
        rows.append((f"{what}\n{row.reason}" if row.reason else what, *rest))
    return rows


def lines(result: Result, width: int, *, language: str = "en") -> list[str]:
    """The rows of a target as lines of no more than a width: the verdict and what is predicted, and the numbers below."""
    text, names, said = catalogue(language), heads(language=language), []
    for row in result.rows:
        what, *numbers, verdict = cells(row, text)
        indent = " " * 4
        told = ", ".join(f"{name} {value}" for name, value in zip(names[1:], numbers, strict=False))
        for first, content in (("  ", f"{verdict}: {what}"), (indent, told), (indent, row.reason)):
            said += textwrap.wrap(content, width, initial_indent=first, subsequent_indent=indent)
    return said


def headline(results: Sequence[Result], *, language: str = "en") -> str:
    """How many rows hit and miss, in a sentence."""
    rows = [row for result in results for row in result.rows]
    tested, simpler = ([row.verdict for row in rows if row.observed.reference is of] for of in (False, True))
    hits, misses = tested.count(Verdict.HIT), tested.count(Verdict.MISS)
    counts = {
        "judged": hits + misses,
        "hits": hits,
        "misses": misses,
        "none": tested.count(Verdict.NONE),
        "seen": tested.count(Verdict.SEEN),
        "simpler": len(simpler),
        "simpler_hits": simpler.count(Verdict.HIT),
    }
    return catalogue(language)("published.headline", **{name: str(count) for name, count in counts.items()})


def as_json(results: Sequence[Result]) -> str:
    """The results as JSON, every number as it was found; what has no number is null."""

    def plain(row: Compared) -> dict[str, object]:
        prediction = row.prediction
        low, high = prediction.interval or (None, None)
        found = {"low": prediction.low, "high": prediction.high, "interval_low": low, "interval_high": high}
        return {"row": prediction.row, **asdict(row.observed), **found, "verdict": row.verdict, "reason": row.reason}

    entries = [
        {
            "id": result.target.id,
            "title": result.target.title,
            "known": result.target.known,
            "calibration": result.target.calibration,
            "saw": [asdict(fact) for fact in result.saw],
            "engine": result.target.engine,
            "seconds": round(result.seconds, 3),
            "rows": [plain(row) for row in result.rows],
        }
        for result in results
    ]
    return json.dumps({"targets": entries}, indent=2, ensure_ascii=False)


# --- the page ---------------------------------------------------------------------------------------------------------------------------


def render(results: Sequence[Result], form: str, version: str, *, language: str = "en") -> str:
    """The page of these results."""
    text = catalogue(language)
    return template("predicted").render(
        text=text,
        verdict=headline(results, language=language),
        form=form,
        chart=chart(results, text),
        parts=[(result, rows(result, text), remarks(result, text), facts(result, text)) for result in results],
        made=text("published.made", version=version, form=form, seconds=number(sum(result.seconds for result in results))),
    )


def rows(result: Result, text: Text) -> Table:
    """All rows of a target."""
    shown = tuple(cells(row, text) for row in result.rows)
    marks = tuple("wrong" if row.verdict is Verdict.MISS and not row.observed.reference else "" for row in result.rows)
    title, name = text("published.rows", target=result.target.id), f"{result.target.id.lower()}.csv"
    return Table(title, tuple(text.list("published.heads")), shown, name, marks=marks)


def remarks(result: Result, text: Text) -> list[str]:
    """The reasons of the rows, and those of the tolerances."""
    told = [f"{row.observed.what[0].upper()}{row.observed.what[1:]}: {row.reason}." for row in result.rows if row.reason]
    because = dict.fromkeys(row.observed.because for row in result.rows if row.verdict is not Verdict.NONE)
    return told + [text("published.because", because="; ".join(because))] * bool(because)


def facts(result: Result, text: Text) -> Table | None:
    """What the calibration of a target saw; nothing where it saw nothing."""
    if not result.saw:
        return None
    name = f"{result.target.id.lower()}-saw.csv"
    return table(
        text("published.saw", target=result.target.id),
        text.list("published.heads_facts"),
        (fact(one, text) for one in result.saw),
        name,
    )


def fact(one: Fact, text: Text) -> tuple[str, ...]:
    """A fact as the cells of its table."""
    return (
        one.what,
        f"{one.value:,.6g}" if one.value < 1e6 else f"{one.value:,.0f}",
        one.source or text("published.assumption"),
        one.because,
    )


RATIOS = ("what", "kind", "least", "most", "low", "high", "interval_low", "interval_high")


def ratios(result: Result, row: Compared) -> tuple[object, ...] | None:
    """A row over what was observed, by `RATIOS`; nothing where it has no such ratio."""
    prediction, observed = row.prediction, row.observed.observed
    judged = row.verdict in (Verdict.HIT, Verdict.MISS)
    if not judged or observed == 0 or not prediction.low or not prediction.high or prediction.interval is None:
        return None
    pairs = (row.observed.within, (prediction.low, prediction.high), prediction.interval)
    kind = "reference" if row.observed.reference else str(row.verdict)
    return (f"{result.target.id} {row.observed.what}", kind, *(end for pair in pairs for end in sorted(one / observed for one in pair)))


def chart(results: Sequence[Result], text: Text) -> Plate | None:
    """Predictions over what was observed; nothing where no row has such a ratio."""
    entries = [entry for result in results for row in result.rows if (entry := ratios(result, row))]
    if not entries:
        return None
    frame = pl.DataFrame(entries, schema=RATIOS, orient="row")
    caption = Caption(text("published.chart"), text("published.chart_note"), text("published.claim"))
    drawn = figures.predictions(frame, caption, {"axis": text("published.chart_axis")})
    kinds = frame["kind"].to_list()
    alt = text("published.chart_alt", count=str(len(kinds)), hits=str(kinds.count("hit")), misses=str(kinds.count("miss")))
    return plate("predictions", drawn, alt, of_frame(caption.title, text.list("published.chart_heads"), frame, "predictions.csv"))
