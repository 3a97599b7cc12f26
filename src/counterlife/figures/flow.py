"""The flow from what people did to what is closed to them: three bars of a hundred, each the whole of its own step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from counterlife.figures.style import ACCURATE, INK, MISTAKE, QUIET, WIDTH, Caption, Layer, finish, key, number, percent

STAGES = ("events", "records", "days")
COLOURS = {
    "recorded": ACCURATE, "misfiled": "#e08a4f", "missed": "#d9d9d9",
    "right": ACCURATE, "stale": "#f0b98d", "inflated": "#edc9af", "misread": "#e3995f", "rule": "#b8501c",
    "stray": "#d4662a", "ghost": "#6e2000", "tampered": "#3d1200", "duplicate": "#a8754f",
    "also": ACCURATE, "wrongful": MISTAKE,
}  # fmt: skip
OF_EVENTS = ("right", "stale", "inflated", "misread", "rule")  # records of what the person did, whatever is wrong with them
BAR, STEP, HEAD = 30.0, 122.0, 16.0


def flow(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """Events, the records made of them, and the days closed because of records, each as shares of a hundred with its number above.

    `frame` has stage, part, value; `words` has a heading for each stage with {number}, a name for each part, and `listings` with {number}.
    """
    bars: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    edges: dict[tuple[str, str], tuple[float, float]] = {}
    tops: list[float] = []
    for stage in STAGES:
        lowest = max((text["y"] for text in texts), default=-STEP)  # a long key pushes the next stage down
        top = max(tops[-1] + STEP, lowest + 30 + HEAD) if tops else HEAD
        tops.append(top)
        parts = [(part, value) for part, value in frame.filter(pl.col("stage") == stage).select("part", "value").iter_rows()]
        total = sum(value for _, value in parts)
        texts.append({"x": 0.0, "y": top - 9, "text": words[stage].format(number=number(total)), "colour": INK, "weight": "bold"})
        left = 0.0
        for part, value in parts:
            width = WIDTH * value / total if total else 0.0
            bars.append({"x": left, "x2": left + width, "y": top, "y2": top + BAR, "colour": COLOURS[part]})
            edges[stage, part] = (left, left + width)
            left += width
        texts += key(((COLOURS[part], f"{percent(value / total)} {words[part]}") for part, value in parts if value), top + BAR + 13)
    listings = float(frame.filter(pl.col("stage") == "listings")["value"].sum())
    texts.append(
        {
            "x": 0.0,
            "y": tops[2] - HEAD - 12,
            "text": "↓ " + words["listings"].format(number=number(listings)),
            "colour": QUIET,
            "weight": "normal",
        }
    )
    height = tops[2] + BAR + 40
    of_events = [edges["records", part] for part in OF_EVENTS if ("records", part) in edges]
    recorded, kept = edges["events", "recorded"], (of_events[0][0], of_events[-1][1])
    ribbons = [
        _ribbon("first", recorded, kept, tops[0] + BAR, tops[1]),
        _ribbon("second", (0, WIDTH), (0, WIDTH), tops[1] + BAR, tops[2]),
    ]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False))
    colour = alt.Color("colour:N", scale=None)
    bands = (
        alt.Chart(pl.concat(ribbons)).mark_area(orient="horizontal", color="#f1f4f7").encode(x, y, alt.X2("x2:Q"), alt.Detail("ribbon:N"))
    )
    blocks = alt.Chart(pl.DataFrame(bars)).mark_rect(stroke="white", strokeWidth=1).encode(x, y, alt.X2("x2:Q"), alt.Y2("y2:Q"), colour)
    layers: list[Layer] = [bands, blocks]
    for weight in ("bold", "normal"):
        chosen = pl.DataFrame([row for row in texts if row["weight"] == weight])
        layers.append(
            alt.Chart(chosen)
            .mark_text(align="left", baseline="middle", fontSize=12.5, fontWeight=weight)
            .encode(x, y, colour, text="text:N")
        )
    return finish(layers, caption, height=height)


def _ribbon(name: str, above: tuple[float, float], below: tuple[float, float], top: float, bottom: float) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "ribbon": [name] * 2,
            "x": [float(above[0]), float(below[0])],
            "x2": [float(above[1]), float(below[1])],
            "y": [top, bottom],
        }
    )
