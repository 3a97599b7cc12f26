"""The same lives in two runs: how many times as much of each number there is after as before."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import polars as pl

from counterlife.figures.style import INK, MISTAKE, QUIET, WIDTH, Caption, Layer, finish

WIDE = WIDTH + 30  # so that the line with the claim fits
ROW = 46.0
LABEL, DOT = 13.0, 32.0  # where the words and the dots of a row stand
STEPS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
WIDEST = 64.0  # times as much, or as little, that the axis shows
FAR = 1.5  # from here on the axis counts times, not per cent


def before_after(frame: pl.DataFrame, caption: Caption, words: str) -> alt.LayerChart:
    """A hollow dot for each number before, on the line, a filled one after, and over the latter the interval of the difference.

    `frame` has label, text, before (above zero), after, low, high (of the difference; missing where there is no interval) and moved
    (whether it differs by more than chance). The axis is the ratio of both, logarithmic, as wide as the numbers need; `words` is its title.
    """
    data = frame.with_columns(
        ratio=pl.col("after") / pl.col("before"),
        least=(pl.col("before") + pl.col("low")) / pl.col("before"),
        most=(pl.col("before") + pl.col("high")) / pl.col("before"),
        dots=pl.int_range(pl.len()).cast(pl.Float64) * ROW + DOT,
        words=pl.int_range(pl.len()).cast(pl.Float64) * ROW + LABEL,
        one=pl.lit(1.0),
    )
    reach = _reach(data)
    data = data.with_columns(pl.col(name).clip(1 / reach, reach) for name in ("ratio", "least", "most"))
    height = ROW * len(frame)
    x = alt.Scale(type="log", domain=[1 / reach, reach], nice=False)
    axis = _axis(reach, words)
    y = alt.Scale(domain=[0, height], reverse=True, nice=False)
    place = alt.Y("dots:Q", axis=None, scale=y)
    said = alt.Y("words:Q", axis=None, scale=y)
    colour: Any = alt.condition(alt.datum.moved, alt.value(MISTAKE), alt.value(QUIET))
    base = alt.Chart(data)
    line = alt.Chart(pl.DataFrame({"one": [1.0]})).mark_rule(color=INK, strokeWidth=1.2)
    joined = base.mark_rule(color="#999999", strokeWidth=1.5)
    interval = base.transform_filter("isValid(datum.least)").mark_rule(strokeWidth=6, opacity=0.4)
    after = base.mark_point(filled=True, size=55, opacity=1)
    before = base.mark_point(filled=True, size=55, color="white", stroke=INK, strokeWidth=1.5, opacity=1)
    layers: list[Layer] = [
        line.encode(alt.X("one:Q", scale=x, axis=axis)),
        joined.encode(alt.X("one:Q", scale=x, axis=axis), place, alt.X2("ratio:Q")),
        interval.encode(alt.X("least:Q", scale=x, axis=axis), place, alt.X2("most:Q"), color=colour),
        before.encode(alt.X("one:Q", scale=x, axis=axis), place),
        after.encode(alt.X("ratio:Q", scale=x, axis=axis), place, color=colour),
    ]
    for edge in ({"stroke": "white", "strokeWidth": 4}, {}):  # the line in the middle does not run through words
        look: Any = {"fontSize": 12, "color": INK, "baseline": "middle", **edge}
        layers += [
            base.mark_text(align="left", **look).encode(x=alt.value(0), y=said, text="label:N"),
            base.mark_text(align="right", **look).encode(x=alt.value(WIDE), y=said, text="text:N"),
        ]
    return finish(layers, caption, height=height, width=WIDE)


def _reach(data: pl.DataFrame) -> float:
    """How far the axis goes to either side of one."""
    ends = [end for name in ("ratio", "least", "most") for end in data[name].drop_nulls() if end > 0]
    widest = max((abs(math.log(end)) for end in ends), default=0.0)
    if data["ratio"].min() == 0.0:
        widest = max(widest, math.log(FAR))
    return float(math.exp(min(max(1.15 * widest, math.log(1 + 4 * STEPS[0])), math.log(WIDEST))))


def _axis(reach: float, title: str) -> alt.Axis:
    if reach > FAR:
        powers = [2.0**k for k in range(-6, 7) if 1 / reach <= 2.0**k <= reach]
        ticks = powers if len(powers) <= 7 else powers[len(powers) // 2 % 2 :: 2]
        return alt.Axis(title=title, values=ticks, labelExpr="'× ' + format(datum.value, '.3~g')", labelFlush=False)
    step = next((step for step in STEPS if 2.5 * step >= reach - 1), STEPS[-1])
    ticks = [1 + k * step for k in range(-3, 4) if 1 / reach <= 1 + k * step <= reach]
    return alt.Axis(
        title=title, values=ticks, labelExpr="abs(datum.value - 1) < 1e-9 ? '0' : format(datum.value - 1, '+.2~%')", labelFlush=False
    )
