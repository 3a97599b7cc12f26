"""Figures of checks: estimates beside exact or observed values, counts beside the law that they should follow, and how an error falls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from counterlife.figures.style import ACCURATE, FOUND, INK, MISTAKE, QUIET, Caption, Layer, finish

ROW = 38  # height of a row: its name, and the interval below
BEYOND = 1.15  # the axis reaches so far beyond the widest interval


def intervals(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """Each estimate with its interval, as a relative difference from the exact value, which is the line in the middle.

    `frame` has what, off, reach (half of the interval), matters (what must be told apart) and fails; `words` has off.
    """
    widest = BEYOND * max(1e-12, *(frame["off"].abs() + frame["reach"]).to_list(), *frame["matters"].to_list())
    data = frame.with_columns(low=pl.col("off") - pl.col("reach"), high=pl.col("off") + pl.col("reach"), least=-pl.col("matters"))
    height = ROW * len(frame)
    place = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.7, paddingOuter=0.4))
    x = alt.Scale(domain=[-widest, widest], nice=False)
    axis = alt.Axis(title=words["off"], format=".2~%", tickCount=5)
    data = data.with_row_index("row")
    base = alt.Chart(data)
    band = base.mark_bar(color="#e9eff5").encode(alt.X("least:Q", scale=x, axis=axis), place, alt.X2("matters:Q"))
    line = base.mark_tick(color=INK, thickness=2, size=16).encode(x=alt.datum(0.0, scale=x), y=place)
    colour: Any = alt.condition(alt.datum.fails, alt.value(MISTAKE), alt.value(FOUND))
    reach = base.mark_rule(strokeWidth=3).encode(alt.X("low:Q", scale=x), place, alt.X2("high:Q"), color=colour)
    dot = base.mark_point(filled=True, size=60, opacity=1).encode(alt.X("off:Q", scale=x), place, color=colour)
    label = base.mark_text(align="left", baseline="bottom", fontSize=11, color=INK, dy=-8)
    return finish([band, line, reach, dot, label.encode(x=alt.value(2), y=place, text="what:N")], caption, height=height)


def law(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """What was counted in each cell as bars, and what is due there as dots. `frame` has cell, seen, due; `words` has cell and count."""
    x = alt.X("cell:O", axis=alt.Axis(title=words["cell"], labelAngle=0, labelOverlap=True))
    y = alt.Axis(title=words["count"], format=",.0f", tickCount=4)
    bars = alt.Chart(frame).mark_bar(color=ACCURATE).encode(x, alt.Y("seen:Q", axis=y))
    dots = alt.Chart(frame).mark_point(filled=True, size=45, color=INK, opacity=1).encode(x, alt.Y("due:Q"))
    return finish([bars, dots], caption, height=130, width=350)


def convergence(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """The error against the number of people, both on logarithmic axes, and the line on which it falls with their square root.

    `frame` has people, off and due; `words` has people, off and due.
    """
    ends = [(frame[name].min(), frame[name].max()) for name in ("people", "off", "due")]
    lows, highs = [float(low) for low, _ in ends], [float(high) for _, high in ends]  # type: ignore[arg-type]
    log = alt.Scale(type="log", nice=False, domain=[min(lows[1:]) / 1.4, max(highs[1:]) * 1.4])
    axis: dict[str, Any] = {"grid": True, "tickCount": 5}
    across = alt.Scale(type="log", nice=False, domain=[lows[0] / 1.2, highs[0] * 1.2])
    x = alt.X("people:Q", scale=across, axis=alt.Axis(title=words["people"], format=",.0f", **axis))
    y = alt.Axis(title=words["off"], format=".1~%", **axis)
    line = alt.Chart(frame).mark_line(color=QUIET, strokeDash=[5, 3]).encode(x, alt.Y("due:Q", scale=log, axis=y))
    dots = alt.Chart(frame).mark_point(filled=True, size=70, color=FOUND, opacity=1).encode(x, alt.Y("off:Q", scale=log))
    said = alt.Chart(frame.head(1)).mark_text(align="left", fontSize=12, color=QUIET, text=words["due"])
    layers: list[Layer] = [line, dots, said.encode(x=alt.value(8), y=alt.value(198))]
    return finish(layers, caption, height=210)


NARROW = 31  # height of a row of predictions
CUT = 1 / 8  # ratios are drawn from here on
KINDS = {"hit": FOUND, "miss": MISTAKE, "reference": QUIET}


def predictions(frame: pl.DataFrame, caption: Caption, words: Mapping[str, str]) -> alt.LayerChart:
    """Predictions over what was observed, which is the line at one, on a logarithmic axis.

    `frame` has what, kind (one of `KINDS`), least and most (what counts as a hit), low and high (the prediction or its range), interval_low
    and interval_high (its Monte Carlo interval), all over the observed value; less than `CUT` is drawn there. `words` has axis.
    """
    frame = frame.with_columns(pl.col("least", "most", "low", "high", "interval_low", "interval_high").clip(lower_bound=CUT))
    ends = frame.select("least", "most", "interval_low", "interval_high")
    low, high = float(ends.min_horizontal().min()) / BEYOND, float(ends.max_horizontal().max()) * BEYOND  # type: ignore[arg-type]
    x = alt.Scale(type="log", domain=[low, high], nice=False)
    ticks = [2.0**power for power in range(-10, 11) if low <= 2.0**power <= high]
    axis = alt.Axis(title=words["axis"], values=ticks, format="~g", grid=True)
    place = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.65, paddingOuter=0.4))
    data = frame.with_row_index("row").with_columns(one=pl.lit(1.0), colour=pl.col("kind").replace_strict(KINDS))
    base = alt.Chart(data)
    colour = alt.Color("colour:N", scale=None)
    band = base.mark_bar(color="#e9eff5").encode(alt.X("least:Q", scale=x, axis=axis), place, alt.X2("most:Q"))
    line = base.mark_tick(color=INK, thickness=2, size=14).encode(alt.X("one:Q", scale=x), place)
    thin = base.mark_rule(strokeWidth=1.5).encode(alt.X("interval_low:Q", scale=x), place, alt.X2("interval_high:Q"), color=colour)
    thick = base.mark_rule(strokeWidth=5).encode(alt.X("low:Q", scale=x), place, alt.X2("high:Q"), color=colour)
    dots = [
        base.mark_point(filled=True, size=45, opacity=1).encode(alt.X(f"{end}:Q", scale=x), place, color=colour) for end in ("low", "high")
    ]
    label = base.mark_text(align="left", baseline="bottom", fontSize=11, color=INK, dy=-6)
    layers: list[Layer] = [band, line, thin, thick, *dots, label.encode(x=alt.value(2), y=place, text="what:N")]
    return finish(layers, caption, height=NARROW * len(frame))
