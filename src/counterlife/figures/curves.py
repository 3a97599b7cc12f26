"""Curves: people ever restricted over time, what becomes of wrongful spells, and the Lorenz curve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import altair as alt
import polars as pl

from counterlife.figures.style import ACCURATE, INK, LINES, MISTAKE, QUIET, Caption, Layer, finish, key, number, percent

YEAR = 365.0


def ever_restricted(frame: pl.DataFrame, titles: Mapping[str, str], caption: Caption, axis: str) -> alt.LayerChart:
    """People ever restricted by the end of each month, one labelled line for each world.

    `frame` has month (YYYY-MM), world, value; `titles` names the worlds in the order of `LINES`: no system, the one compared with, the
    one in question, then any others.
    """
    first = date.fromisoformat(f"{min(frame['month'].to_list())}-01")
    ends = frame.with_columns(pl.col("month").str.to_date("%Y-%m").dt.offset_by("1mo").alias("day")).select("day", "world", "value")
    starts = pl.DataFrame({"day": [first] * len(titles), "world": list(titles), "value": [0.0] * len(titles)})
    data = pl.concat([starts, ends.with_columns(pl.col("value").cast(pl.Float64))]).sort("world", "day", maintain_order=True)
    height = 200.0
    top = max(1e-9, *data["value"]) * 1.05
    last = data.group_by("world", maintain_order=True).last()
    heights = dict(last.select("world", "value").iter_rows())
    places = _apart({world: float(heights[world]) for world in titles}, gap=top * 30 / height, top=top)
    layers: list[Layer] = []
    x = alt.X("day:T", axis=alt.Axis(title=None, format="%Y", tickCount="year", grid=False, labelOverlap=True))
    y = alt.Y(
        "value:Q",
        axis=alt.Axis(title=axis, format=",.0f" if top > 5 else ",.2f", tickCount=5),
        scale=alt.Scale(domain=[0, top], nice=False),
    )
    for (world, title), (colour, dash) in zip(titles.items(), LINES, strict=False):
        line = alt.Chart(data.filter(pl.col("world") == world)).mark_line(color=colour, strokeDash=dash, strokeWidth=2.5, clip=False)
        label = pl.DataFrame({"day": [last["day"].max()], "value": [places[world]], "text": [f"{title}: {number(heights[world])}"]})
        text = alt.Chart(label.with_columns(pl.col("text").str.split(": "))).mark_text(
            align="left", baseline="middle", dx=6, dy=-7, fontSize=12, fontWeight="bold", color=colour, lineHeight=14, clip=False
        )
        layers += [line.encode(x, y), text.encode(x, y, text="text:N")]
    return finish(layers, caption, height=height, width=270)


def _apart(places: dict[str, float], gap: float, top: float) -> dict[str, float]:
    """The same places, moved where needed so that no two are nearer than `gap`, from half a gap up and, if there is room, below `top`."""
    order = sorted(places, key=lambda world: places[world])
    moved, floor = {}, gap / 2
    for world in order:
        moved[world] = max(places[world], floor)
        floor = moved[world] + gap
    ceiling = max(top, gap * (len(order) - 0.5))
    for world in reversed(order):
        moved[world] = min(moved[world], ceiling)
        ceiling = moved[world] - gap
    return moved


def time_to_clear(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """What has become of wrongful spells by the time since they began: still shut out, restricted anyway, cleared.

    `frame` has days, running, overtaken, cleared (shares that add up to one); `words` has running, overtaken, cleared, years, share.
    """
    data = frame.with_columns((pl.col("days") / YEAR).alias("years"), (pl.col("running") + pl.col("overtaken")).alias("not_cleared"))
    x = alt.X("years:Q", axis=alt.Axis(title=words["years"], grid=False, tickMinStep=1, format="d"), scale=alt.Scale(nice=False))
    y = alt.Y("low:Q", axis=alt.Axis(title=words["share"], format="%", values=[0, 0.25, 0.5, 0.75, 1]), scale=alt.Scale(domain=[0, 1]))
    layers: list[Layer] = []
    for low, high, colour in ((None, "running", MISTAKE), ("running", "not_cleared", "#b9b9b9"), ("not_cleared", None, "#e4eef7")):
        lower = pl.lit(0.0) if low is None else pl.col(low)
        upper = pl.lit(1.0) if high is None else pl.col(high)
        band = data.select("years", lower.alias("low"), upper.alias("high"))
        layers.append(alt.Chart(band).mark_area(color=colour, opacity=1).encode(x, y, alt.Y2("high:Q")))
    last = max(data["years"])
    marks = [year for year in (1, 2, 5) if year < last]
    values = [float(data.filter(pl.col("years") <= year)["running"][-1]) for year in marks]
    if marks:
        points = pl.DataFrame({"years": [float(m) for m in marks], "low": values, "text": [percent(v) for v in values]})
        dots = alt.Chart(points).mark_point(filled=True, size=55, color=INK, opacity=1).encode(x, y)
        labels = alt.Chart(points).mark_text(dx=5, dy=-10, align="left", fontSize=12, fontWeight="bold", color=INK)
        layers += [dots, labels.encode(x, y, text="text:N")]
    names = key(((MISTAKE, words["running"]), ("#b9b9b9", words["overtaken"]), ("#bcd6ec", words["cleared"])), -17.0, -50.0)
    for row in names:
        sign = alt.Chart(pl.DataFrame({"text": [row["text"]]})).mark_text(align="left", fontSize=12, color=row["colour"])
        layers.append(sign.encode(x=alt.value(row["x"]), y=alt.value(row["y"]), text="text:N"))
    return finish(layers, caption, height=200, width=320, offset=26)


def lorenz(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """The Lorenz curve of restricted days over all people, beside the line on which everybody would have the same.

    `frame` has people, days (shares, from those with the least); `words` has people, days, equal, and `said`, a sentence with the finding.
    """
    axis: dict[str, Any] = {"format": "%", "values": [0, 0.25, 0.5, 0.75, 1]}
    x = alt.X("people:Q", axis=alt.Axis(title=words["people"], **axis), scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("days:Q", axis=alt.Axis(title=words["days"], **axis), scale=alt.Scale(domain=[0, 1]))
    equal = pl.DataFrame({"people": [0.0, 1.0], "days": [0.0, 1.0]})
    filled = alt.Chart(frame).mark_area(color=ACCURATE, opacity=0.35).encode(x, y)
    diagonal = alt.Chart(equal).mark_line(color=QUIET, strokeDash=[4, 3], strokeWidth=1.5).encode(x, y)
    curve = alt.Chart(frame).mark_line(color=MISTAKE, strokeWidth=3).encode(x, y)
    said = pl.DataFrame({"people": [0.03], "days": [0.95], "text": [words["said"].split("\n")]})
    label = alt.Chart(said).mark_text(align="left", baseline="top", fontSize=13, fontWeight="bold", color=MISTAKE, lineHeight=16)
    note = pl.DataFrame({"people": [0.33], "days": [0.345], "text": [words["equal"]]})
    equal_label = alt.Chart(note).mark_text(align="left", baseline="top", fontSize=11, color=QUIET, dx=4)
    return finish(
        [filled, diagonal, curve, label.encode(x, y, text="text:N"), equal_label.encode(x, y, text="text:N")],
        caption,
        height=260,
        width=310,
    )
