"""Two or more lives of one synthetic person side by side: which gates were closed when, in every world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import altair as alt
import polars as pl

from counterlife.figures.style import ACCURATE, INK, LETTER, MISTAKE, Caption, Layer, finish, key

ROW, HEAD, THICK, LABELS = 20.0, 26.0, 13.0, 290
APART = "#b9b9b9"  # closed in a world that is held against no other


def life_line(
    spans: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, Any]],
    worlds: Mapping[str, str],
    domains: Mapping[str, str],
    *,
    twins: Mapping[str, str],
    start: date,
    days: int,
    caption: Caption,
    words: Mapping[str, str],
) -> alt.LayerChart:
    """Closed gates as bars, a block of rows for each world, with marks where something was recorded.

    A span has world, domain, start, end (days from the start of the period); an event has world, time. In a world that has a
    twin, the days on which that one is open are dark: closed by mistake. Days of a world that has none and is nobody's are of a colour of
    their own. A world in which nothing is ever closed has one line that says so. `words` has open, mistake, also, closed, record.
    """
    rows, texts, height = _layout(spans, worlds, domains, words)
    bars = [bar for span in spans if (span["world"], span["domain"]) in rows for bar in _split(span, spans, twins)]
    data = [
        {
            "x": _day(start, a),
            "x2": _day(start, b),
            "y": rows[world, domain] - THICK / 2,
            "y2": rows[world, domain] + THICK / 2,
            "colour": colour,
        }
        for world, domain, a, b, colour in bars
    ]
    end = _day(start, days)
    x = alt.X(
        "x:T",
        axis=alt.Axis(title=None, format="%Y", tickCount="year", labelOverlap=True),
        scale=alt.Scale(domain=[_date(start), _date(end)]),
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False))
    lines = pl.DataFrame([{"x": start, "x2": end, "y": place} for place in rows.values()])
    layers: list[Layer] = [alt.Chart(lines).mark_rule(color="#dddddd").encode(x, y, alt.X2("x2:T"))]
    if data:
        block = alt.Chart(pl.DataFrame(data)).mark_rect()
        layers.append(block.encode(x, y, alt.X2("x2:T"), alt.Y2("y2:Q"), alt.Color("colour:N", scale=None)))
    marks = [{"x": _day(start, event["time"]), "y": texts[event["world"]] + 14} for event in events if event["world"] in texts]
    if marks:
        layers.append(
            alt.Chart(pl.DataFrame(marks)).mark_point(shape="triangle-down", filled=True, size=45, color=INK, opacity=1).encode(x, y)
        )
    labels = [{"y": place, "text": domains.get(domain, domain)} for (_, domain), place in rows.items()]
    layers.append(
        alt.Chart(pl.DataFrame(labels)).mark_text(align="right", dx=-6, fontSize=12, color=INK).encode(y=y, x=alt.value(0), text="text:N")
    )
    heads = [{"y": place, "text": worlds[world]} for world, place in texts.items()]
    head = alt.Chart(pl.DataFrame(heads)).mark_text(align="left", fontSize=13, fontWeight="bold", color=INK)
    layers.append(head.encode(y=y, x=alt.value(0), text="text:N"))
    layers += _key(height, words, y, {colour for *_, colour in bars})
    return finish(layers, caption, height=height, width=LABELS)


def _layout(
    spans: Sequence[Mapping[str, Any]], worlds: Mapping[str, str], domains: Mapping[str, str], words: Mapping[str, str]
) -> tuple[dict[tuple[str, str], float], dict[str, float], float]:
    """Where the rows of each world and domain lie, where the names of the worlds, and how high it all is."""
    used = [domain for domain in domains if any(span["domain"] == domain for span in spans)]
    rows: dict[tuple[str, str], float] = {}
    heads: dict[str, float] = {}
    place = 8.0
    for world in worlds:
        heads[world] = place
        place += HEAD
        some = any(span["world"] == world for span in spans)
        for domain in used if some else [words["open"]]:
            rows[world, domain] = place
            place += ROW
        place += 6
    return rows, heads, place + 16


def _split(
    span: Mapping[str, Any], spans: Sequence[Mapping[str, Any]], twins: Mapping[str, str]
) -> list[tuple[str, str, float, float, str]]:
    """A span cut into what is closed in the twin too and what is closed by mistake."""
    world, domain, begin, end = span["world"], span["domain"], float(span["start"]), float(span["end"])
    if world not in twins:
        return [(world, domain, begin, end, ACCURATE if world in twins.values() else APART)]
    others = [(float(s["start"]), float(s["end"])) for s in spans if s["world"] == twins[world] and s["domain"] == domain]
    cuts = sorted({begin, end, *(cut for other in others for cut in other if begin < cut < end)})
    pieces = pairwise(cuts)
    return [(world, domain, a, b, ACCURATE if any(s <= a and b <= e for s, e in others) else MISTAKE) for a, b in pieces]


def _key(height: float, words: Mapping[str, str], y: alt.Y, used: set[str]) -> list[Layer]:
    """What the colours that are used mean, at the foot."""
    meanings = {MISTAKE: words["mistake"], ACCURATE: words["also"], APART: words["closed"]}
    rows = key(((colour, text) for colour, text in meanings.items() if colour in used), height - 10, -90.0)
    end = rows[-1]["x"] + LETTER * (len(rows[-1]["text"]) + 2) if rows else -90.0
    rows += key(((INK, words["record"]),), height - 10, end, sign="▼")
    marks = (
        alt.Chart(pl.DataFrame({"y": [row["y"]], "text": [row["text"]]})).mark_text(align="left", fontSize=12, color=row["colour"])
        for row in rows
    )
    return [mark.encode(y=y, x=alt.value(row["x"]), text="text:N") for row, mark in zip(rows, marks, strict=True)]


def _day(start: date, day: float) -> date:
    return start + timedelta(days=round(day))


def _date(day: date) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)
