"""How every figure looks: colours, sizes, the caption that says what is synthetic and what is claimed, and SVG and PNG out of a chart.

Figures are drawn narrow (`WIDTH`) with large letters, so that the same drawing serves a phone, a page and a 60 mm column. Dark
vermilion is what a system does by mistake, light blue what it would do with accurate records too; grey print keeps them apart.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import altair as alt

WIDTH = 380
INK = "#1a1a1a"
QUIET = "#595959"
MISTAKE = "#a83200"
ACCURATE = "#8fb4d6"
FOUND = "#2b6ca3"
Layer = Any  # a chart of one mark; Altair's own types say too little about what may be layered
LINES = (("#6b6b6b", [2, 3]), (FOUND, [7, 3]), ("#a83200", [1, 0]), ("#117733", [7, 2, 2, 2]), ("#882255", [3, 1]))
"""Colour and dash of the worlds' lines: no system, the world compared with, the world in question, then the others."""
FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"
LETTERS = 64  # characters of a caption that fit the width
LETTER, LINE = 6.2, 17.0  # width of a letter and height of a line in a key


@dataclass(frozen=True)
class Caption:
    """What stands above a figure; the last line is the same for all of them and cannot be left out."""

    title: str
    note: str
    claim: str
    synthetic: str = "synthetic people"

    def __post_init__(self) -> None:
        if not self.synthetic.strip() or not self.claim.strip():
            raise ValueError("a figure must say that its people are synthetic, and what is claimed from them")

    @property
    def lines(self) -> list[str]:
        """The note, wrapped, and the line that says what kind of people these are and what may be claimed from them."""
        return [*textwrap.wrap(self.note, LETTERS), f"{self.synthetic} · {self.claim}"]


def finish(layers: Iterable[Layer], caption: Caption, *, height: float, width: float = WIDTH, offset: float = 12) -> alt.LayerChart:
    """The layers as one chart with its caption, size and look."""
    title = alt.TitleParams(
        text=textwrap.wrap(caption.title, 46),
        subtitle=caption.lines,
        anchor="start",
        frame="bounds",
        fontSize=15,
        subtitleFontSize=12,
        subtitleColor=QUIET,
        color=INK,
        offset=offset,
        dx=0,
        subtitlePadding=5,
    )
    axis: dict[str, Any] = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": INK, "titleColor": QUIET}
    chart: Any = alt.layer(*layers).resolve_scale(color="independent")
    chart = chart.properties(title=title, width=width, height=height, background="white", padding=6)
    chart = chart.configure(font=FONT).configure_view(stroke=None)
    chart = chart.configure_axisY(titlePadding=9)  # numbers are wider in some fonts than where their room is reckoned
    finished: alt.LayerChart = chart.configure_axis(**axis, gridColor="#ececec", domainColor="#888", tickColor="#888")
    return finished


def number(value: float) -> str:
    """A number with about three figures that matter, thousands set apart."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if abs(value) < 100 else 0
    rounded = round(value, digits)
    if abs(rounded) >= 1000:
        return f"{rounded:,.0f}"
    return f"{rounded:.{min(digits, 6)}f}".rstrip("0").rstrip(".") if digits else f"{rounded:.0f}"


def ratio(value: float) -> str:
    """A ratio, with two decimals below ten."""
    return f"{value:.2f}" if value < 10 else number(value)


def percent(share: float) -> str:
    """A share as a percentage: whole from a tenth on, with a decimal below, and never a rounded nothing."""
    if 0 < share < 0.001:
        return "<0.1 %"
    return f"{100 * share:.1f} %" if 0 < share < 0.1 else f"{100 * share:.0f} %"


def key(entries: Iterable[tuple[str, str]], top: float, left: float = 0.0, *, sign: str = "■") -> list[dict[str, Any]]:
    """Coloured signs with their meanings, set in lines that fit the width: rows with x, y, text, colour, weight."""
    rows: list[dict[str, Any]] = []
    place, line = left, top
    for colour, text in entries:
        length = LETTER * (len(text) + 4)
        if place > left and place + length > WIDTH:
            place, line = left, line + LINE
        rows.append({"x": place, "y": line, "text": sign, "colour": colour, "weight": "bold"})
        rows.append({"x": place + 13, "y": line, "text": text, "colour": INK, "weight": "normal"})
        place += length
    return rows


def svg(chart: alt.TopLevelMixin) -> str:
    """The chart as SVG, drawn without a network."""
    file = io.StringIO()
    chart.save(file, format="svg")
    return file.getvalue()


def png(chart: alt.TopLevelMixin, *, scale: float = 2.0) -> bytes:
    """The chart as a PNG picture, drawn without a network."""
    file = io.BytesIO()
    chart.save(file, format="png", scale_factor=scale)
    return file.getvalue()
