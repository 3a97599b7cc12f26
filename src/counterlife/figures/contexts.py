"""What the records of one part of life close in another: shares in a grid, days beside gravity, and three readings of one effect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from counterlife.figures.style import FOUND, INK, LINE, MISTAKE, QUIET, WIDTH, Caption, Layer, finish, key, number, ratio

NAMES, CELL = 96.0, 26.0
NARROWEST = 57.0
HEAD_LINE, HEAD_SIZE, HEAD_LETTER = 12.0, 10, 6.0  # names of columns: room for a letter of the widest of usual fonts
ROW, LEFT, RIGHT = 24.0, 112.0, 34.0
FARTHEST = 64.0


def crossing(
    frame: pl.DataFrame, rows: Sequence[str], columns: Sequence[str], caption: Caption, words: Mapping[str, str]
) -> alt.LayerChart:
    """A square for each context (row) and gate (column) with a share in per cent, darker where it is larger; own contexts have an edge.

    `frame` has row, column, value (missing where it cannot be said) and own (whether the gate belongs to that context); `words` says what
    an edge means (own).
    """
    step = max((WIDTH - NAMES) / len(columns), NARROWEST)
    width = NAMES + step * len(columns)
    heads = [_lines(name, max(4, int((step - 3) / HEAD_LETTER))) for name in columns]
    top = HEAD_LINE * max(len(lines) for lines in heads) + 8
    data = frame.with_columns(
        pl.col("row").replace_strict({name: top + CELL * i for i, name in enumerate(rows)}, return_dtype=pl.Float64).alias("y"),
        pl.col("column").replace_strict({name: NAMES + step * i for i, name in enumerate(columns)}, return_dtype=pl.Float64).alias("x"),
        pl.col("value").map_elements(lambda value: number(round(value, 1)), return_dtype=pl.String).fill_null("–").alias("text"),
        (pl.col("value").fill_null(0.0) / 100).clip(0, 1).alias("share"),
    ).with_columns(
        (pl.col("x") + step - 2).alias("x2"),
        (pl.col("y") + CELL - 2).alias("y2"),
        (pl.col("x") + step / 2 - 1).alias("middle"),
        (pl.col("y") + CELL / 2 - 1).alias("centre"),
        pl.when(pl.col("share") > 0.55).then(pl.lit("white")).otherwise(pl.lit(INK)).alias("ink"),
        pl.when(pl.col("own")).then(pl.lit(INK)).otherwise(pl.lit("#d8d8d8")).alias("edge"),
        pl.when(pl.col("own")).then(2.0).otherwise(1.0).alias("width"),
    )
    height = top + CELL * len(rows) + LINE + 4
    x, y = _plane("x", width), _plane("y", height, reverse=True)
    fill = alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=["#faf6f3", MISTAKE]), legend=None)
    squares = alt.Chart(data).mark_rect().encode(
        x, y, alt.X2("x2:Q"), alt.Y2("y2:Q"), fill,
        stroke=alt.Stroke("edge:N", scale=None), strokeWidth=alt.StrokeWidth("width:Q", scale=None),
    )  # fmt: skip
    values = alt.Chart(data).mark_text(fontSize=12, baseline="middle")
    layers: list[Layer] = [
        squares,
        values.encode(_plane("middle", width), _plane("centre", height, reverse=True), alt.Color("ink:N", scale=None), text="text:N"),
    ]
    names = [{"x": 0.0, "y": top + CELL * i + CELL / 2, "text": _cut(name, 19)} for i, name in enumerate(rows)]
    layers.append(
        alt.Chart(pl.DataFrame(names)).mark_text(align="left", baseline="middle", fontSize=12, color=INK).encode(x, y, text="text:N")
    )
    above = [
        {"x": NAMES + step * (i + 0.5) - 1, "y": top - 8 - HEAD_LINE * (len(lines) - 1 - k), "text": line}
        for i, lines in enumerate(heads)
        for k, line in enumerate(lines)
    ]
    layers.append(alt.Chart(pl.DataFrame(above)).mark_text(fontSize=HEAD_SIZE, color=INK).encode(x, y, text="text:N"))
    layers += _signs(key(((INK, words["own"]),), height - 6, NAMES, sign="□"), x, y)
    return finish(layers, caption, height=height, width=width)


def weighed(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """For each context three marks on a logarithmic axis with a line at one: under the stated gravity, all acts alike, and it squared.

    `frame` has context, stated, low, high, alike, squared (missing or zero where it cannot be drawn); `words` has stated, alike, squared,
    axis and none.
    """
    height = ROW * len(frame) + LINE * 3 + 16
    ends = [v for name in ("stated", "alike", "squared", "low", "high") for v in frame[name].drop_nulls() if v > 0]
    reach = float(min(max([2.0, *(math.exp(abs(math.log(v))) for v in ends)]) * 1.15, FARTHEST))
    data = frame.with_columns(
        (pl.int_range(pl.len()).cast(pl.Float64) * ROW + ROW / 2).alias("y"),
        pl.col("stated").map_elements(ratio, return_dtype=pl.String).fill_null(words["none"]).alias("text"),
        pl.col("context").map_elements(lambda name: _cut(name, 19), return_dtype=pl.String).alias("name"),
        *(pl.col(name).clip(1 / reach, reach).alias(name) for name in ("low", "high")),
    )
    scale = alt.Scale(type="log", domain=[1 / reach, reach], nice=False, range=[0, WIDTH - LEFT - RIGHT])
    ticks = [v for v in (1 / 64, 1 / 16, 0.25, 0.5, 1, 2, 4, 16, 64) if 1 / reach <= v <= reach]
    axis = alt.Axis(title=words["axis"], values=ticks, format="~g", titleFontSize=12, orient="top", grid=False)
    y = _plane("y", height, reverse=True)
    foot = ROW * len(frame) + 4  # lines end above the key
    grid = pl.DataFrame(
        {"v": ticks, "colour": [INK if v == 1 else "#ececec" for v in ticks], "y": [0.0] * len(ticks), "foot": [foot] * len(ticks)}
    )
    lines = alt.Chart(grid).mark_rule().encode(alt.X("v:Q", scale=scale, axis=axis), y, alt.Y2("foot:Q"), alt.Color("colour:N", scale=None))
    layers: list[Layer] = [lines]
    bars = alt.Chart(data.filter(pl.col("low").is_not_null() & (pl.col("stated") > 0))).mark_rule(strokeWidth=5, color="#e3b79f")
    layers.append(bars.encode(alt.X("low:Q", scale=scale, axis=axis), y, alt.X2("high:Q")))
    looks = {"stated": ("circle", MISTAKE, True), "alike": ("square", FOUND, False), "squared": ("triangle-up", QUIET, False)}
    for name, (shape, colour, filled) in looks.items():
        marks = alt.Chart(data.filter(pl.col(name) > 0).with_columns(pl.col(name).clip(1 / reach, reach)))
        look = marks.mark_point(shape=shape, filled=filled, size=60, color=colour, opacity=1, strokeWidth=1.8)
        layers.append(look.encode(alt.X(f"{name}:Q", scale=scale, axis=axis), y))
    text = alt.Chart(data)
    layers.append(text.mark_text(align="right", dx=-8, fontSize=12, color=INK).encode(x=alt.value(0), y=y, text="name:N"))
    width = WIDTH - LEFT - RIGHT
    layers.append(text.mark_text(align="left", dx=6, fontSize=12, color=INK).encode(x=alt.value(width), y=y, text="text:N"))
    signs = (("●", MISTAKE, "stated"), ("□", FOUND, "alike"), ("△", QUIET, "squared"))
    for place, (sign, colour, name) in enumerate(signs):
        at = pl.DataFrame({"y": [ROW * len(frame) + 20 + LINE * place], "sign": [sign], "text": [words[name]]})
        layers.append(alt.Chart(at).mark_text(align="left", color=colour, fontSize=13).encode(x=alt.value(-LEFT / 2), y=y, text="sign:N"))
        layers.append(alt.Chart(at).mark_text(align="left", color=INK, fontSize=12).encode(x=alt.value(16 - LEFT / 2), y=y, text="text:N"))
    return finish(layers, caption, height=height, width=width)


def three(frame: pl.DataFrame, caption: Caption, axis: str) -> alt.LayerChart:
    """Three readings of one effect below one another: a bar from nothing to each, its interval, and the number.

    `frame` has label, value, low, high and true (whether it is the difference of twins), in the order of the bars.
    """
    tall = 46.0
    data = frame.with_columns((pl.int_range(pl.len()).cast(pl.Float64) * tall).alias("top")).with_columns(
        (pl.col("top") + 18).alias("y"),
        (pl.col("top") + 36).alias("y2"),
        (pl.col("top") + 27).alias("middle"),
        (pl.col("top") + 8).alias("words"),
        pl.when(pl.col("true")).then(pl.lit(MISTAKE)).otherwise(pl.lit("#b9b9b9")).alias("colour"),
        pl.lit(0.0).alias("zero"),
        pl.max_horizontal("value", "high", pl.lit(0.0)).alias("end"),
        pl.col("value").map_elements(number, return_dtype=pl.String).alias("text"),
    )
    height = tall * len(frame)
    ends = [v for name in ("value", "low", "high") for v in data[name].drop_nulls()]
    x = alt.Scale(domain=[min(0.0, *ends), max(1e-9, *ends) * 1.15], nice=False)
    axes = alt.Axis(title=axis, tickCount=5)
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart(data)
    value = alt.X("value:Q", scale=x, axis=axes)
    layers: list[Layer] = [
        base.mark_rect().encode(value, _plane("y", height, reverse=True), alt.X2("zero:Q"), alt.Y2("y2:Q"), colour),
        base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=2, color=INK).encode(
            alt.X("low:Q", scale=x, axis=axes), _plane("middle", height, reverse=True), alt.X2("high:Q")
        ),
        base.mark_text(align="left", fontSize=12.5, color=INK).encode(
            x=alt.value(0), y=_plane("words", height, reverse=True), text="label:N"
        ),
        base.mark_text(align="left", dx=6, fontSize=13, fontWeight="bold", color=INK).encode(
            alt.X("end:Q", scale=x, axis=axes), _plane("middle", height, reverse=True), text="text:N"
        ),
    ]  # fmt: skip
    return finish(layers, caption, height=height)


def _plane(name: str, reach: float, *, reverse: bool = False) -> alt.X | alt.Y:
    """A channel in pixels, x where it runs to the right and y where it runs down."""
    scale = alt.Scale(domain=[0, reach], reverse=reverse, nice=False)
    return alt.Y(f"{name}:Q", axis=None, scale=scale) if reverse else alt.X(f"{name}:Q", axis=None, scale=scale)


def _signs(rows: Sequence[Mapping[str, object]], x: alt.X | alt.Y, y: alt.X | alt.Y) -> list[Layer]:
    """The signs and words of a key."""
    return [
        alt.Chart(pl.DataFrame([row]))
        .mark_text(align="left", baseline="middle", fontSize=12, color=str(row["colour"]))
        .encode(x, y, text="text:N")
        for row in rows
    ]


def _cut(name: str, letters: int) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1]}…"


def _lines(name: str, letters: int) -> list[str]:
    """A name in at most four short lines, words whole where they fit."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + len(word) + 1 <= letters:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(_cut(word, letters + 1))
    return lines if len(lines) <= 4 else [*lines[:3], f"{lines[3]}…"]
