"""Figures of sweeps: how sure an outcome is in three ways, and what each number does to it alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from counterlife.figures.style import ACCURATE, FOUND, INK, MISTAKE, QUIET, WIDTH, Caption, Layer, finish, key, number

ROW = 34  # height of a row of the tornado: the number's name, and its bar below
BREADTH = WIDTH + 50  # there is no axis on the left to make room for the caption
STRIP = 40  # height of an interval's row
BEYOND = 0.06  # of the span, left free on either side


def uncertainties(frame: pl.DataFrame, sampled: pl.DataFrame, own: float, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """Three intervals below one another on one axis, the scenario's own value as a line, and a tick for each sampled set of numbers.

    `frame` has kind, low and high (one row for each interval that there is); `sampled` has value; `words` has a name for each kind, for
    the ticks (`sampled`), the axis, and `to`.
    """
    ends = [*frame["low"], *frame["high"], *sampled["value"], own]
    reach = max(max(ends) - min(ends), 1e-9 + abs(own) * 1e-6)
    x = alt.Scale(domain=[min(ends) - BEYOND * reach, max(ends) + BEYOND * reach], nice=False)
    axis = alt.Axis(title=words["axis"], format="~g" if max(map(abs, ends)) < 5 else ",.0f", tickCount=5)
    rows = ["sampled"] * (not sampled.is_empty()) + frame["kind"].to_list()
    place: dict[str, Any] = {"axis": None, "sort": rows, "scale": alt.Scale(domain=rows, paddingInner=0.5, paddingOuter=0.3)}
    data = frame.with_columns(
        pl.struct("kind", "low", "high").map_elements(lambda row: _said(row, words), return_dtype=pl.String).alias("text")
    )
    base = alt.Chart(data)
    bar = base.mark_bar(color=ACCURATE, height=9).encode(alt.X("low:Q", scale=x, axis=axis), alt.Y("kind:N", **place), alt.X2("high:Q"))
    label = base.mark_text(align="left", baseline="bottom", dy=-7, fontSize=12, color=INK)
    layers: list[Layer] = [bar, label.encode(x=alt.value(2), y=alt.Y("kind:N", **place), text="text:N")]
    if not sampled.is_empty():
        ticks = alt.Chart(sampled.with_columns(kind=pl.lit("sampled"))).mark_tick(color=FOUND, opacity=0.5, size=12, thickness=1.5)
        named = alt.Chart(pl.DataFrame({"kind": ["sampled"], "text": [words["sampled"]]}))
        text = named.mark_text(align="left", baseline="bottom", dy=-7, fontSize=12, color=INK)
        layers += [
            ticks.encode(alt.X("value:Q", scale=x), alt.Y("kind:N", **place)),
            text.encode(x=alt.value(2), y=alt.Y("kind:N", **place), text="text:N"),
        ]
    line = alt.Chart(pl.DataFrame({"own": [own]})).mark_rule(color=INK, strokeDash=[4, 3]).encode(alt.X("own:Q", scale=x))
    return finish([*layers, line], caption, height=STRIP * len(rows), width=BREADTH)


def _said(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    return f"{words[row['kind']]}: {number(row['low'])} {words['to']} {number(row['high'])}"


def tornado(frame: pl.DataFrame, own: float, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """What an outcome is with one number at either end of its range and all others as they are, the widest first.

    `frame` has what, low (the outcome at the low end), high, and sourced; `words` has axis, sourced, unsourced. An open ring is the low
    end, a filled one the high end.
    """
    data = frame.with_row_index("row")
    ends = [*frame["low"], *frame["high"], own]
    reach = max(max(ends) - min(ends), 1e-9 + abs(own) * 1e-6)
    x = alt.Scale(domain=[min(ends) - BEYOND * reach, max(ends) + BEYOND * reach], nice=False)
    axis = alt.Axis(title=words["axis"], format="~g" if max(map(abs, ends)) < 5 else ",.0f", tickCount=5)
    place = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.7, paddingOuter=0.4))
    base = alt.Chart(data)
    colour: Any = alt.condition(alt.datum.sourced, alt.value(FOUND), alt.value(MISTAKE))
    bar = base.mark_rule(strokeWidth=5, opacity=0.55).encode(alt.X("low:Q", scale=x, axis=axis), place, alt.X2("high:Q"), color=colour)
    low = base.mark_point(size=45, filled=False, fill="white", strokeWidth=2, opacity=1).encode(
        alt.X("low:Q", scale=x), place, stroke=colour
    )
    high = base.mark_point(size=55, filled=True, opacity=1).encode(alt.X("high:Q", scale=x), place, color=colour)
    label = base.mark_text(align="left", baseline="bottom", fontSize=11, color=INK, dy=-7)
    name = label.encode(x=alt.value(2), y=place, text="what:N")
    line = alt.Chart(pl.DataFrame({"own": [own]})).mark_rule(color=QUIET, strokeDash=[4, 3]).encode(alt.X("own:Q", scale=x))
    height = ROW * len(frame)
    used = [
        (colour, words[kind])
        for kind, colour in (("unsourced", MISTAKE), ("sourced", FOUND))
        if (kind == "sourced") in set(frame["sourced"])
    ]
    layers: list[Layer] = [line, bar, low, high, name]
    for row in key(used, height + 52):
        sign = alt.Chart(pl.DataFrame({"text": [row["text"]]})).mark_text(align="left", fontSize=12, color=row["colour"])
        layers.append(sign.encode(x=alt.value(row["x"]), y=alt.value(row["y"]), text="text:N"))
    return finish(layers, caption, height=height, width=BREADTH)
