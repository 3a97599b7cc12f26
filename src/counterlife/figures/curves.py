"""Curves: people ever restricted over time, what becomes of wrongful spells, and the Lorenz curve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import altair as alt
import numpy as np
import polars as pl
from numpy.typing import NDArray

from counterlife.figures.style import ACCURATE, INK, LINES, MISTAKE, QUIET, Caption, Layer, finish, key, number, percent

Floats = NDArray[np.float64]
YEAR = 365.0
NEAR = 0.005  # of the height: lines nearer than this are drawn as one
HIGH = 0.9  # of all spells


def ever_restricted(frame: pl.DataFrame, titles: Mapping[str, str], pair: tuple[str, str], caption: Caption, axis: str) -> alt.LayerChart:
    """People ever restricted by the end of each month, a labelled line for each world; worlds whose lines coincide share one.

    `frame` has month (YYYY-MM), world, value; `titles` names the worlds, the one without a system first; `pair` is the world in
    question and the one it is compared with.
    """
    first = date.fromisoformat(f"{min(frame['month'].to_list())}-01")
    ends = frame.with_columns(pl.col("month").str.to_date("%Y-%m").dt.offset_by("1mo").alias("day")).select("day", "world", "value")
    starts = pl.DataFrame({"day": [first] * len(titles), "world": list(titles), "value": [0.0] * len(titles)})
    data = pl.concat([starts, ends.with_columns(pl.col("value").cast(pl.Float64))]).sort("world", "day", maintain_order=True)
    height = 200.0
    top = max(1e-9, *data["value"]) * 1.05
    curves = {world: data.filter(pl.col("world") == world)["value"].to_numpy() for world in titles}
    shared = _shared(curves, top)
    rows = {world: 2 * len(others) for world, others in shared.items()}
    places = _apart({world: float(curves[world][-1]) for world in shared}, {world: top * 15 * n / height for world, n in rows.items()}, top)
    layers: list[Layer] = []
    x = alt.X("day:T", axis=alt.Axis(title=None, format="%Y", tickCount="year", grid=False, labelOverlap=True))
    y = alt.Y(
        "value:Q",
        axis=alt.Axis(title=axis, format=",.0f" if top > 5 else ",.2f", tickCount=5),
        scale=alt.Scale(domain=[0, top], nice=False),
    )
    for world, (colour, dash) in _lines(tuple(shared), pair).items():
        line = alt.Chart(data.filter(pl.col("world") == world)).mark_line(color=colour, strokeDash=dash, strokeWidth=2.5, clip=False)
        words = [words for one in shared[world] for words in (titles[one], number(float(curves[one][-1])))]
        label = pl.DataFrame({"day": [data["day"].max()], "value": [places[world]], "text": [words]})
        text = alt.Chart(label).mark_text(
            align="left",
            baseline="middle",
            dx=6,
            dy=7 - 7 * len(words),
            fontSize=12,
            fontWeight="bold",
            color=colour,
            lineHeight=14,
            clip=False,
        )
        layers += [line.encode(x, y), text.encode(x, y, text="text:N")]
    return finish(layers, caption, height=height, width=270)


def _shared(curves: Mapping[str, Floats], top: float) -> dict[str, list[str]]:
    """The worlds that have a line of their own, each with those whose line could not be told from it."""
    shared: dict[str, list[str]] = {}
    for world, curve in curves.items():
        near = (one for one in shared if abs(curves[one] - curve).max() < NEAR * top)
        shared.setdefault(next(near, world), []).append(world)
    return shared


def _lines(worlds: tuple[str, ...], pair: tuple[str, str]) -> dict[str, tuple[str, list[int]]]:
    """Colour and dash of each world: no system, the one compared with, the one in question, and the rest as they come."""
    rest = iter(LINES[3:])
    roles = {pair[1]: LINES[1], worlds[0]: LINES[0], pair[0]: LINES[2]}  # of a world in two roles, the later counts
    return {world: roles[world] if world in roles else next(rest, LINES[-1]) for world in worlds}


def _apart(places: Mapping[str, float], room: Mapping[str, float], top: float) -> dict[str, float]:
    """The same places, moved where needed so that each has its room around it, from half a room up and, if possible, below `top`."""
    order = sorted(places, key=lambda world: places[world])
    moved, floor = {}, 0.0
    for world in order:
        moved[world] = max(places[world], floor + room[world] / 2)
        floor = moved[world] + room[world] / 2
    ceiling = max(top + room[order[-1]] / 2, sum(room.values()))
    for world in reversed(order):
        moved[world] = min(moved[world], ceiling - room[world] / 2)
        ceiling = moved[world] - room[world] / 2
    return moved


def time_to_clear(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """What has become of wrongful spells by the time since they began: still shut out, restricted anyway, cleared.

    `frame` has days, running, overtaken, cleared (shares that add up to one); `words` has running, overtaken, cleared, years, share.
    """
    data = frame.with_columns((pl.col("days") / YEAR).alias("years"), (pl.col("running") + pl.col("overtaken")).alias("not_cleared"))
    last = max(data["years"])
    x = alt.X(
        "years:Q",
        axis=alt.Axis(title=words["years"], grid=False, values=list(range(int(last) + 1)), format="d", labelOverlap=True),
        scale=alt.Scale(nice=False),
    )
    y = alt.Y("low:Q", axis=alt.Axis(title=words["share"], format="%", values=[0, 0.25, 0.5, 0.75, 1]), scale=alt.Scale(domain=[0, 1]))
    layers: list[Layer] = []
    for low, high, colour in ((None, "running", MISTAKE), ("running", "not_cleared", "#b9b9b9"), ("not_cleared", None, "#e4eef7")):
        lower = pl.lit(0.0) if low is None else pl.col(low)
        upper = pl.lit(1.0) if high is None else pl.col(high)
        band = data.select("years", lower.alias("low"), upper.alias("high"))
        layers.append(alt.Chart(band).mark_area(color=colour, opacity=1).encode(x, y, alt.Y2("high:Q")))
    marks = [float(year) for year in (1, 2, 5) if year < last]
    values = [float(value) for value in np.interp(marks, data["years"].to_numpy(), data["running"].to_numpy())]
    for mark, value in zip(marks, values, strict=True):
        steep = value > HIGH  # too near the top for a label above: it stands in the dark area instead
        point = alt.Chart(pl.DataFrame({"years": [mark], "low": [value], "text": [percent(value)]}))
        dot = point.mark_point(filled=True, size=55, color=INK, opacity=1)
        label = point.mark_text(
            dx=-7 if steep else 5,
            dy=14 if steep else -10,
            align="right" if steep else "left",
            fontSize=12,
            fontWeight="bold",
            color="white" if steep else INK,
        )
        layers += [dot.encode(x, y), label.encode(x, y, text="text:N")]
    fates = {"running": MISTAKE, "overtaken": "#b9b9b9", "cleared": "#bcd6ec"}
    names = key(((colour, words[fate]) for fate, colour in fates.items() if max(data[fate]) > 0), -17.0, -50.0)
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
    equal_label = alt.Chart(note).mark_text(align="left", baseline="top", fontSize=11, color=QUIET, dx=12)
    return finish(
        [filled, diagonal, curve, label.encode(x, y, text="text:N"), equal_label.encode(x, y, text="text:N")],
        caption,
        height=260,
        width=310,
    )
