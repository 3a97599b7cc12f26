"""Comparisons of people: regions on a grid of tiles, and groups beside their reference."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import polars as pl

from counterlife.figures.style import ACCURATE, INK, LINE, MISTAKE, QUIET, WIDTH, Caption, Layer, finish, key, number, ratio

TILE = 44.0
NAME_LETTERS = 7
ROW = 19.0
FOREST = 170
MATRIX_STEP, MATRIX_NAMES = 90.0, 100.0


@dataclass(frozen=True)
class Look:
    """How a tile is drawn."""

    fill: str
    ink: str
    edge: str
    weight: Literal["normal", "bold"] = "normal"
    dash: tuple[int, ...] = (1, 0)


SIDES = {
    "above": Look(MISTAKE, "white", MISTAKE, "bold"),
    "below": Look(ACCURATE, INK, ACCURATE, "bold"),
    "within": Look("#f7f7f7", QUIET, "#d0d0d0"),
    "missing": Look("white", QUIET, "#999999", dash=(3, 3)),
}


def tile_map(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """A square for each region with its value; coloured, and in bold, only where it differs from the whole country by more than chance.

    `frame` has region, row, column, value (missing where nobody was sampled) and side (above, below, within); `words` has the meaning of
    each side, and of `missing`. Shades by value would show chance as if it were a finding. No borders are drawn.
    """
    columns, rows = _span(frame["column"]), _span(frame["row"])
    step = min(TILE, WIDTH / len(columns))
    data = frame.with_columns(
        pl.col("region").map_elements(short, return_dtype=pl.String).alias("short"),
        pl.col("value").map_elements(number, return_dtype=pl.String).fill_null("–").alias("text"),
        pl.when(pl.col("value").is_null()).then(pl.lit("missing")).otherwise(pl.col("side")).alias("side"),
    )
    x = alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.05, domain=columns))
    y = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.05, domain=rows))
    layers: list[Layer] = []
    size = 13 if all(len(text) <= 5 for text in data["text"]) else 11
    for side, look in SIDES.items():
        chosen = data.filter(pl.col("side") == side)
        tiles = alt.Chart(chosen).mark_rect(fill=look.fill, stroke=look.edge, strokeWidth=1, strokeDash=look.dash)
        names = alt.Chart(chosen).mark_text(dy=-9, fontSize=10, color=look.ink)
        values = alt.Chart(chosen).mark_text(dy=7, fontSize=size if look.weight == "bold" else 11, fontWeight=look.weight, color=look.ink)
        layers += [tiles.encode(x, y), names.encode(x, y, text="short:N"), values.encode(x, y, text="text:N")]
    height = step * len(rows)
    present = [side for side in SIDES if side in set(data["side"])]
    for row in (row for place, side in enumerate(present) for row in _meaning(side, words[side], height + 16 + LINE * place)):
        sign = alt.Chart(pl.DataFrame({"text": [row["text"]]})).mark_text(align="left", fontSize=12, color=row["colour"])
        layers.append(sign.encode(x=alt.value(row["x"]), y=alt.value(row["y"]), text="text:N"))
    return finish(layers, caption, height=height, width=step * len(columns))


def matrix(frame: pl.DataFrame, names: Sequence[str], caption: Caption) -> alt.LayerChart:
    """A square for every two of the names with the number between them, darker where it is larger, and its number in it.

    `frame` has row, column, value, one line for each way round; a name has nothing with itself.
    """
    step = min(MATRIX_STEP, (WIDTH - MATRIX_NAMES) / len(names))
    most = max((value for value in frame["value"] if value is not None), default=0.0) or 1.0
    data = frame.with_columns(
        pl.col("value").map_elements(number, return_dtype=pl.String).fill_null("–").alias("text"),
        (pl.col("value").fill_null(0.0) / most).alias("share"),
    ).with_columns(pl.when(pl.col("share") > 0.6).then(pl.lit("white")).otherwise(pl.lit(INK)).alias("ink"))
    x = alt.X("column:N", sort=list(names), scale=alt.Scale(domain=list(names), paddingInner=0.04), axis=None)
    y = alt.Y("row:N", sort=list(names), scale=alt.Scale(domain=list(names), paddingInner=0.04), axis=None)
    colour = alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=["#f7f0ec", MISTAKE]), legend=None)
    squares = alt.Chart(data).mark_rect(stroke="#d0d0d0").encode(x, y, color=colour)
    values = alt.Chart(data).mark_text(fontSize=13).encode(x, y, text="text:N", color=alt.Color("ink:N", scale=None))
    places = pl.DataFrame({"row": list(names), "column": list(names), "text": list(names)})
    places = places.with_columns(pl.col("text").str.split(" (").list.first().map_elements(short, return_dtype=pl.String).alias("short"))
    side = alt.Chart(places).mark_text(align="right", dx=-8, fontSize=12, color=INK).encode(y=y, x=alt.value(0), text="text:N")
    top = alt.Chart(places).mark_text(fontSize=12, color=INK).encode(x=x, y=alt.value(-8), text="short:N")
    layers: list[Layer] = [squares, values, side, top]
    return finish(layers, caption, height=step * 0.6 * len(names), width=step * len(names))


def _meaning(side: str, words: str, y: float) -> list[dict[str, Any]]:
    sign, colour = ("□", QUIET) if side in ("within", "missing") else ("■", SIDES[side].fill)
    return key(((colour, words),), y, sign="–" if side == "missing" else sign)


def _span(places: pl.Series) -> list[int]:
    return list(range(min(places), max(places) + 1))


def short(name: str) -> str:
    """A region's name in at most `NAME_LETTERS` signs."""
    if len(name) <= NAME_LETTERS:
        return name
    first, _, second = name.partition(" ")
    return f"{first[0]}. {second}"[:NAME_LETTERS] if second else f"{name[: NAME_LETTERS - 1]}."


def forest(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """The ratio of each group to its reference with its interval, on a logarithmic axis with a line at equality.

    `frame` has axis, label, value, low, high and reference (true for the group that the others of its axis are compared with), in the order
    of the rows; `words` has less, more, reference, hidden.
    """
    places, height = _rows(frame["axis"].to_list())
    data = frame.with_columns(pl.Series("y", places), pl.Series("text", [_printed(row, words) for row in frame.iter_rows(named=True)]))
    reach = _reach(frame)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(type="log", domain=[1 / reach, reach], nice=False),
        axis=alt.Axis(
            title=None, values=[v for v in (0.125, 0.25, 0.5, 1, 2, 4, 8) if 1 / reach <= v <= reach], format="~g", gridColor="#ececec"
        ),
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False))
    line = alt.Chart(pl.DataFrame({"value": [1.0]})).mark_rule(color=INK, strokeWidth=1.5).encode(x)
    shown = data.filter(pl.col("value").is_not_null() & (pl.col("value") > 0))
    cut = shown.with_columns(
        pl.col("low").clip(1 / reach, reach), pl.col("high").clip(1 / reach, reach), pl.col("value").clip(1 / reach, reach)
    )
    bars = alt.Chart(cut.drop_nulls("low")).mark_rule(strokeWidth=3, color="#d98a63")
    dots = alt.Chart(cut.filter(~pl.col("reference"))).mark_point(filled=True, size=60, color=MISTAKE, opacity=1)
    hollow = alt.Chart(cut.filter(pl.col("reference"))).mark_point(
        filled=True, size=70, color="white", stroke=INK, opacity=1, strokeWidth=1.5
    )
    labels = alt.Chart(data).mark_text(align="right", dx=-8, fontSize=12, color=INK, clip=False)
    printed = alt.Chart(data).mark_text(align="left", dx=8, fontSize=12, color=INK, clip=False)
    sides: list[tuple[float, Any, str]] = [(1 / reach**0.05, "right", f"← {words['less']}"), (reach**0.05, "left", f"{words['more']} →")]
    layers: list[Layer] = [
        line,
        bars.encode(alt.X("low:Q", title=None), y, alt.X2("high:Q")),
        hollow.encode(x, y),
        dots.encode(x, y),
        labels.encode(y=y, x=alt.value(0), text="label:N"),
        printed.encode(y=y, x=alt.value(FOREST), text="text:N"),
    ]
    for value, align, text in sides:
        side = alt.Chart(pl.DataFrame({"value": [value], "y": [6.0], "text": [text]}))
        layers.append(side.mark_text(align=align, fontSize=11, color=QUIET).encode(x, y, text="text:N"))
    return finish(layers, caption, height=height, width=FOREST)


def _rows(axes: Sequence[str]) -> tuple[list[float], float]:
    """A place for each row, with a gap where the axis changes, and the height of them all."""
    place, places = 8.0, []
    for i, axis in enumerate(axes):
        place += ROW if i and axes[i - 1] == axis else ROW * 1.5
        places.append(place)
    return places, place + ROW


def _printed(row: dict[str, Any], words: Mapping[str, str]) -> str:
    if row["reference"]:
        return words["reference"]
    if row["value"] is None:
        return words["hidden"]
    interval = "" if row["low"] is None else f" ({ratio(row['low'])}–{ratio(row['high'])})"
    return f"{ratio(row['value'])}{interval}"


def _reach(frame: pl.DataFrame) -> float:
    """How far the axis goes to either side of one: far enough for all values, and for intervals up to a factor of eight."""
    values = [abs(math.log2(v)) for v in frame["value"].drop_nulls() if v > 0]
    ends = [min(abs(math.log2(v)), 3.0) for column in ("low", "high") for v in frame[column].drop_nulls() if v > 0]
    return float(2 ** min(max([1.1, *values, *ends]) * 1.05, 5.0))
