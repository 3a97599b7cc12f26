"""Combinations of safeguards: harm against what they cost, and what each averts alone, together and beside the others."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl

from counterlife.figures.style import FOUND, INK, WIDTH, Caption, Layer, finish, key

HEIGHT = 300.0
ROW, LABEL, DOT = 44.0, 11.0, 29.0  # of a row of effects: its height, and where its words and its dots stand
LEFT = -50.0  # where the key begins, over the numbers of the axis
APART = 7.0  # between the dots of one row
LINE = 17.0
SPREAD = 0.7  # of the room between two costs that combinations of the same cost take
ROOM = 0.75  # beside the first and the last cost, in steps between costs
BEATEN = "#a0a0a0"
EDGES: tuple[dict[str, Any], ...] = ({"stroke": "white", "strokeWidth": 4}, {})  # lines do not run through words
LOOKS = {"best": FOUND, "level": INK, "beaten": BEATEN}


def trade(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str], letters: Sequence[str]) -> alt.LayerChart:
    """Harm of every combination against its cost, with intervals; those that no other one beats by value are named and joined by a line.

    `frame` has label, cost, value, low, high (missing where there is no interval), front, and look (one of `LOOKS`). `words` has cost and
    harm, the titles of the axes, and those of the looks; `letters` are lines that say what the letters of labels stand for. Combinations
    of one cost stand side by side.
    """
    data = _side_by_side(frame)
    front = data.filter(pl.col("front")).sort("cost", "value")
    costs = sorted(frame["cost"].unique())
    edge = ROOM * _step(costs)
    x = alt.X(
        "place:Q",
        scale=alt.Scale(domain=[costs[0] - edge, costs[-1] + edge], nice=False),
        axis=alt.Axis(title=words["cost"], values=costs, format=".6~g", grid=False, labelOverlap=True),
    )
    scale = alt.Scale(domain=[0, 1.08 * _most(data) or 1.0], nice=False)
    axis = alt.Axis(title=words["harm"], tickCount=5)
    y, low = (alt.Y(f"{end}:Q", scale=scale, axis=axis) for end in ("value", "low"))
    colour: Any = alt.Color("look:N", legend=None, scale=alt.Scale(domain=list(LOOKS), range=list(LOOKS.values())))
    base = alt.Chart(data)
    layers: list[Layer] = [
        alt.Chart(front).mark_line(color=FOUND, strokeWidth=1.4, interpolate="step-after", opacity=0.6).encode(x, y),
        base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=3, opacity=0.4).encode(x, low, alt.Y2("high:Q"), colour),
        base.mark_point(filled=True, size=55, opacity=1).encode(x, y, colour),
    ]
    for look in EDGES:
        text = alt.Chart(front).mark_text(fontSize=12, color=INK, dx=-6, dy=5, align="right", baseline="top", **look)
        layers.append(text.encode(x, y, text="label:N"))
    signs = key([(colour, words[look]) for look, colour in LOOKS.items()], 0.0, LEFT, sign="●")
    lines = [{"x": LEFT, "y": 0.0, "text": text, "colour": INK, "weight": "normal"} for text in letters]
    rows = _above([*signs, *lines], [*(row["y"] for row in signs), *_below(signs, len(lines))])
    return finish([*layers, *rows], caption, height=HEIGHT, width=WIDTH - 20)


def _most(data: pl.DataFrame) -> float:
    return float(max([*data["value"], *data["high"].drop_nulls()]))


def _step(costs: Sequence[float]) -> float:
    """The least distance of two costs."""
    return min((second - first for first, second in itertools.pairwise(costs)), default=1.0)


def _side_by_side(frame: pl.DataFrame) -> pl.DataFrame:
    """Where each combination stands: around its cost, in the order of its harm."""
    step = _step(sorted(frame["cost"].unique())) * SPREAD
    size = pl.len().over("cost")
    rank = pl.col("value").rank("ordinal").over("cost").cast(pl.Float64) - 1.0
    share = pl.when(size > 1).then(rank / (size - 1).clip(1) - 0.5).otherwise(0.0)
    return frame.with_columns(place=pl.col("cost") + share * step * (1.0 - 1.0 / size))


def _below(signs: Sequence[Mapping[str, Any]], lines: int) -> list[float]:
    """The places of so many lines under the signs."""
    last = max(row["y"] for row in signs)
    return [last + LINE * (place + 1) for place in range(lines)]


def _above(rows: Sequence[Mapping[str, Any]], places: Sequence[float]) -> list[Layer]:
    """Signs and lines above the drawing."""
    depth = max(places) + LINE + 6
    layers = []
    for row, place in zip(rows, places, strict=True):
        mark = alt.Chart(pl.DataFrame({"text": [row["text"]]})).mark_text(
            align="left", fontSize=12, color=row["colour"], fontWeight=row["weight"]
        )
        layers.append(mark.encode(x=alt.value(row["x"]), y=alt.value(place - depth), text="text:N"))
    return layers


def averted(frame: pl.DataFrame, caption: Caption, words: str, kinds: Mapping[str, tuple[str, str]]) -> alt.LayerChart:
    """What each safeguard averts, or several avert beyond that: a dot with its interval for each way of counting.

    `frame` has label, kind (of `kinds`, which has for each its colour and its words), value, low and high (missing where there is none).
    What has one label stands in one row; `words` is the title of the axis.
    """
    labels = frame["label"].unique(maintain_order=True).to_list()
    lifted = {kind: (place - (len(kinds) - 1) / 2) * APART for place, kind in enumerate(kinds)}
    row = pl.col("label").replace_strict({label: place * ROW for place, label in enumerate(labels)}, return_dtype=pl.Float64)
    data = frame.with_columns(
        words=row + LABEL,
        dots=row + DOT + pl.col("kind").replace_strict(lifted, return_dtype=pl.Float64),
        colour=pl.col("kind").replace_strict({kind: colour for kind, (colour, _) in kinds.items()}),
    )
    height = ROW * len(labels) + 6
    ends = [0.0, *data["value"], *data["low"].drop_nulls(), *data["high"].drop_nulls()]
    room = 0.04 * (max(ends) - min(ends) or 1.0)
    x = alt.Scale(domain=[min(ends) - room, max(ends) + room], nice=False)
    axis = alt.Axis(title=words, tickCount=5)
    y = alt.Scale(domain=[0, height], reverse=True, nice=False)
    place, said = alt.Y("dots:Q", axis=None, scale=y), alt.Y("words:Q", axis=None, scale=y)
    colour: Any = alt.Color("colour:N", scale=None)
    base = alt.Chart(data)
    zero = alt.Chart(pl.DataFrame({"zero": [0.0]})).mark_rule(color=INK, strokeWidth=1.2)
    interval = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=4, opacity=0.4)
    layers: list[Layer] = [
        zero.encode(alt.X("zero:Q", scale=x, axis=axis)),
        interval.encode(alt.X("low:Q", scale=x, axis=axis), place, alt.X2("high:Q"), color=colour),
        base.mark_point(filled=True, size=42, opacity=1).encode(alt.X("value:Q", scale=x, axis=axis), place, color=colour),
    ]
    named = alt.Chart(data.unique("label", maintain_order=True))
    for look in EDGES:
        text = named.mark_text(align="left", baseline="middle", fontSize=12, color=INK, **look)
        layers.append(text.encode(x=alt.value(0), y=said, text="label:N"))
    signs = key(kinds.values(), 0.0, sign="●")
    rows = _above(signs, [sign["y"] for sign in signs])
    return finish([*layers, *rows], caption, height=height, width=WIDTH + 30)
