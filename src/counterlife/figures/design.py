"""How a system is put together: what leads to what from sources of records to gates, and which rules hold when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import altair as alt
import polars as pl

from counterlife.figures.style import ACCURATE, INK, MISTAKE, QUIET, WIDTH, Caption, Layer, finish

COLUMNS = ((0.0, 128.0), (166.0, 262.0), (300.0, 380.0))  # where the boxes of each column begin and end
LINE_HEIGHT, PADDING, GAP, HEAD = 13.0, 4.0, 5.0, 22.0
AROUND = 8.0  # how far to the left of a column a step inside it goes
LETTER = 5.9  # pixels of a letter of 11 points
STAGE_ROW, STAGE_HEAD = 40.0, 15.0
SHADES = ("#e4e9ef", ACCURATE, "#c9b8d8", "#f0b98d", "#b9d7b4", "#e8d48a")


def process(
    columns: Sequence[tuple[str, Mapping[str, str]]], edges: Sequence[tuple[str, str]], marked: Sequence[str], caption: Caption
) -> alt.LayerChart:
    """Boxes in three columns, with a line for each step from one column to a later one.

    `columns` has a heading and the boxes with their words, by name; `edges` are pairs of names; `marked` boxes have a strong edge.
    """
    boxes, height = _boxes(columns)
    x = alt.Scale(domain=[0, WIDTH], nice=False)
    y = alt.Scale(domain=[0, height], reverse=True, nice=False)
    lines = [line for one, two in edges if one in boxes and two in boxes for line in _lines(boxes[one], boxes[two])]
    data = [
        {
            "x": left,
            "x2": right,
            "y": top,
            "y2": bottom,
            "edge": MISTAKE if name in marked else "#888888",
            "width": 1.6 if name in marked else 1.0,
        }
        for name, (left, right, top, bottom, _) in boxes.items()
    ]
    words = [
        {"x": left + 5, "y": top + PADDING + LINE_HEIGHT * (place + 0.55), "text": line}
        for left, _, top, _, text in boxes.values()
        for place, line in enumerate(text)
    ]
    heads = [{"x": COLUMNS[i][0], "y": 7.0, "text": head} for i, (head, _) in enumerate(columns)]
    at: dict[str, Any] = {"x": alt.X("x:Q", axis=None, scale=x), "y": alt.Y("y:Q", axis=None, scale=y), "x2": "x2:Q", "y2": "y2:Q"}
    layers: list[Layer] = []
    if lines:
        layers.append(alt.Chart(pl.DataFrame(lines)).mark_rule(color="#9aa7b4", strokeWidth=1.1, opacity=0.75).encode(**at))
    box = alt.Chart(pl.DataFrame(data)).mark_rect(fill="white", cornerRadius=2)
    layers.append(box.encode(**at, stroke=alt.Stroke("edge:N", scale=None), strokeWidth=alt.StrokeWidth("width:Q", scale=None)))
    place = {"x": at["x"], "y": at["y"]}
    layers.append(
        alt.Chart(pl.DataFrame(words)).mark_text(align="left", baseline="middle", fontSize=11, color=INK).encode(**place, text="text:N")
    )
    layers.append(alt.Chart(pl.DataFrame(heads)).mark_text(align="left", fontSize=12, color=QUIET).encode(**place, text="text:N"))
    return finish(layers, caption, height=height)


Box = tuple[float, float, float, float, list[str]]


def _lines(one: Box, two: Box) -> list[dict[str, float]]:
    """From the right edge of one box to the left edge of another; around their left, where both stand in one column."""
    here, there = (one[2] + one[3]) / 2, (two[2] + two[3]) / 2
    if one[0] != two[0]:
        return [{"x": one[1], "y": here, "x2": two[0], "y2": there}]
    left = one[0] - AROUND
    corners = [(one[0], here + 5), (left, here + 5), (left, there), (one[0], there)]
    return [{"x": a, "y": b, "x2": c, "y2": d} for (a, b), (c, d) in pairwise(corners)]


def _boxes(columns: Sequence[tuple[str, Mapping[str, str]]]) -> tuple[dict[str, Box], float]:
    """Left, right, top, bottom and lines of every box, each column in the middle of the height, and that height."""
    heights, made = [], []
    for (left, right), (_, names) in zip(COLUMNS, columns, strict=True):
        top, column = 0.0, {}
        for name, text in names.items():
            lines = wrapped(text, int((right - left - 8) / LETTER))
            tall = LINE_HEIGHT * len(lines) + 2 * PADDING
            column[name] = (left, right, top, top + tall, lines)
            top += tall + GAP
        made.append(column)
        heights.append(top)
    height = max(heights)
    return {
        name: (left, right, top + shift, bottom + shift, lines)
        for column, tall in zip(made, heights, strict=True)
        for shift in [HEAD + (height - tall) / 2]
        for name, (left, right, top, bottom, lines) in column.items()
    }, height + HEAD


def wrapped(text: str, letters: int) -> list[str]:
    """A text in lines of so many letters, cut where a word is longer or the text needs more than three."""
    lines: list[str] = []
    for word in text.split():
        word = word if len(word) <= letters else f"{word[: letters - 1]}…"
        if lines and len(lines[-1]) + len(word) + 1 <= letters:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2][: letters - 1]}…"]


def stages(rows: Sequence[tuple[str, Sequence[tuple[date, str]]]], end: date, caption: Caption, none: str) -> alt.LayerChart:
    """A row for each group of regions, with a bar for each stage of its rules.

    A row is a label and its stages, pairs of first day and name (an empty name before there is a system, written as `none`); `end` is the
    day after the last.
    """
    names = list(dict.fromkeys(name for _, some in rows for _, name in some if name))
    shades = {name: SHADES[(i + 1) % len(SHADES)] for i, name in enumerate(names)} | {"": "#f4f4f4"}
    bars, labels = [], []
    for place, (label, some) in enumerate(rows):
        top = STAGE_ROW * place
        labels.append({"y": top + 6, "text": label})
        for (begin, name), until in zip(some, [*(day for day, _ in some[1:]), end], strict=True):
            look = {"fill": shades[name], "text": name or none}
            bars.append({"from": begin, "to": until, "y": top + STAGE_HEAD, "y2": top + STAGE_ROW - 6, **look})
    begin = min(day for _, some in rows for day, _ in some)
    height = STAGE_ROW * len(rows)
    x = alt.Scale(domain=[_date(begin), _date(end)])
    y = alt.Scale(domain=[0, height], reverse=True, nice=False)
    axis = alt.Axis(title=None, format="%Y", tickCount="year", labelOverlap=True)
    whole = (end - begin).days
    data = pl.DataFrame(bars).with_columns(((pl.col("to") - pl.col("from")).dt.total_days() / whole * (WIDTH - 10)).alias("room"))
    data = data.with_columns(
        pl.when(pl.col("text").str.len_chars() * 6.0 < pl.col("room")).then("text").otherwise(pl.lit("")).alias("text"),
        (pl.col("y") + 9.5).alias("middle"),
    )
    base = alt.Chart(data)
    first = alt.X("from:T", scale=x, axis=axis)
    blocks = base.mark_rect(stroke="white").encode(
        first, alt.Y("y:Q", axis=None, scale=y), alt.X2("to:T"), alt.Y2("y2:Q"), alt.Color("fill:N", scale=None)
    )
    said = base.mark_text(align="left", dx=4, baseline="middle", fontSize=11, color=INK)
    names_of = alt.Chart(pl.DataFrame(labels)).mark_text(align="left", fontSize=12, color=INK)
    layers: list[Layer] = [
        blocks,
        said.encode(first, alt.Y("middle:Q", axis=None, scale=y), text="text:N"),
        names_of.encode(x=alt.value(0), y=alt.Y("y:Q", axis=None, scale=y), text="text:N"),
    ]
    return finish(layers, caption, height=height)


def _date(day: date) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)
