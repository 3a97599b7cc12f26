"""Figures: each says that its people are synthetic and what is claimed, draws without a network, and shows what its frame holds."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import altair as alt
import polars as pl
import pytest

from counterlife import figures
from counterlife.figures import Caption, curves, groups, lives, number, percent
from counterlife.figures.style import ACCURATE, LINES, MISTAKE

CAPTION = Caption("A title", "A note that is long enough to be broken into more than one line of the caption.", "claim level C2")
SIDES = {"above": "more than all", "below": "fewer than all", "within": "like all", "missing": "nobody"}
WORLDS = {"none": "no system", "accurate": "accurate records", "designed": "as designed"}


def flow() -> alt.LayerChart:
    frame = pl.DataFrame(
        [
            ("events", "recorded", 60.0), ("events", "misfiled", 5.0), ("events", "missed", 35.0),
            ("records", "right", 70.0), ("records", "stale", 10.0), ("records", "rule", 0.0),
            ("records", "stray", 15.0), ("records", "ghost", 5.0),
            ("listings", "listings", 12.0), ("days", "also", 30.0), ("days", "wrongful", 10.0),
        ],
        schema=["stage", "part", "value"],
        orient="row",
    )  # fmt: skip
    words = {part: f"is {part}" for part in frame["part"]} | {stage: f"{stage}: {{number}}" for stage in frame["stage"]}
    return figures.flow(frame, CAPTION, words)


def ever() -> alt.LayerChart:
    months = ["2020-01", "2020-02", "2020-03"]
    rows = [(month, world, place * (i + 1.0)) for place, world in enumerate(WORLDS) for i, month in enumerate(months)]
    frame = pl.DataFrame(rows, schema=["month", "world", "value"], orient="row")
    return figures.ever_restricted(frame, WORLDS, ("designed", "accurate"), CAPTION, "of 10,000")


def clear() -> alt.LayerChart:
    frame = pl.DataFrame({"days": [0, 365, 730], "running": [1.0, 0.4, 0.1], "overtaken": [0.0, 0.1, 0.2], "cleared": [0.0, 0.5, 0.7]})
    words = dict.fromkeys(("running", "overtaken", "cleared", "years", "share"), "word")
    return figures.time_to_clear(frame, CAPTION, words)


def lorenz() -> alt.LayerChart:
    frame = pl.DataFrame({"people": [0.0, 0.8, 1.0], "days": [0.0, 0.0, 1.0]})
    return figures.lorenz(frame, CAPTION, {"people": "people", "days": "days", "equal": "equal", "said": "two\nlines"})


def tile_map() -> alt.LayerChart:
    frame = pl.DataFrame(
        {
            "region": ["Utrecht", "Gelderland", "Zeeland"], "row": [2, 2, 4], "column": [3, 4, 1],
            "value": [12.3456, 99.0, None], "side": ["within", "above", "within"],
        }
    )  # fmt: skip
    return figures.tile_map(frame, CAPTION, SIDES)


def forest() -> alt.LayerChart:
    frame = pl.DataFrame(
        [
            ("sex", "female", 1.5, 1.2, 1.9, False), ("sex", "male", 1.0, None, None, True),
            ("age", "old", None, None, None, False), ("age", "young", 0.0, None, None, False), ("age", "middle", 1.0, None, None, True),
        ],
        schema=["axis", "label", "value", "low", "high", "reference"],
        orient="row",
    )  # fmt: skip
    return figures.forest(frame, CAPTION, {"less": "less", "more": "more", "reference": "reference", "hidden": "too few"})


def life(spans: list[dict[str, object]] | None = None, twins: dict[str, str] | None = None) -> alt.LayerChart:
    spans = spans if spans is not None else [{"world": "designed", "domain": "loan", "start": 100, "end": 300}]
    words = {"open": "nothing closes", "mistake": "by mistake", "also": "also", "closed": "closed", "record": "record"}
    return figures.life_line(
        spans, [{"world": "designed", "time": 99.5}], WORLDS, {"loan": "loans"},
        twins=twins or {"designed": "accurate"}, start=date(2020, 1, 1), days=400, caption=CAPTION, words=words,
    )  # fmt: skip


def intervals() -> alt.LayerChart:
    frame = pl.DataFrame(
        {
            "what": ["the near one", "the far one"],
            "off": [0.001, -0.2],
            "reach": [0.01, 0.01],
            "matters": [0.01, 0.01],
            "fails": [False, True],
        }
    )
    return figures.intervals(frame, CAPTION, {"off": "difference"})


def law() -> alt.LayerChart:
    frame = pl.DataFrame({"cell": [1, 2, 3], "seen": [1e6, 2e5, 30.0], "due": [1.1e6, 1e5, 25.0]})
    return figures.law(frame, CAPTION, {"cell": "cells", "count": "people"})


def convergence() -> alt.LayerChart:
    frame = pl.DataFrame({"people": [100.0, 400.0, 1600.0], "off": [0.1, 0.06, 0.02], "due": [0.1, 0.05, 0.025]})
    return figures.convergence(frame, CAPTION, {"people": "people", "off": "error", "due": "the line"})


def predictions() -> alt.LayerChart:
    rows = [
        ("the near one", "hit", 0.85, 1.15, 0.9, 1.1, 0.8, 1.2),
        ("the far one", "miss", 0.85, 1.15, 2.0, 2.0, 1.9, 2.1),
        ("the simple one", "reference", 0.85, 1.15, -0.1, 0.5, -0.2, 0.6),
    ]
    names = ["what", "kind", "least", "most", "low", "high", "interval_low", "interval_high"]
    return figures.predictions(pl.DataFrame(rows, schema=names, orient="row"), CAPTION, {"axis": "ratio"})


def matrix() -> alt.LayerChart:
    rows = [("Hebei (1)", "Gansu (3)", 120.0), ("Gansu (3)", "Hebei (1)", 120.0)]
    frame = pl.DataFrame(rows, schema=["row", "column", "value"], orient="row")
    return figures.matrix(frame, ["Hebei (1)", "Gansu (3)"], CAPTION)


ALL: tuple[Callable[[], alt.LayerChart], ...] = (
    flow,
    ever,
    clear,
    lorenz,
    tile_map,
    forest,
    matrix,
    life,
    intervals,
    law,
    convergence,
    predictions,
)


def words_of(chart: alt.LayerChart) -> str:
    """Every text in the drawing, in one string."""
    root = ET.fromstring(figures.svg(chart))
    return " ".join(element.text or "" for element in root.iter() if element.tag.endswith(("text", "tspan")))


@pytest.mark.parametrize("figure", ALL)
def test_every_figure_says_synthetic_and_its_claim(figure: Callable[[], alt.LayerChart]) -> None:
    words = words_of(figure())
    assert "synthetic people" in words
    assert "claim level C2" in words
    assert "A title" in words


@pytest.mark.parametrize("figure", ALL)
def test_every_figure_fits_a_narrow_column(figure: Callable[[], alt.LayerChart]) -> None:
    """At 60 mm a figure 450 wide is drawn at half its size: letters of 11 and more stay above 4.1 points."""
    svg = figures.svg(figure())
    width = float(re.search(r'width="([\d.]+)"', svg).group(1))  # type: ignore[union-attr]
    assert width <= 450
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)) >= 10


def test_a_png_is_a_picture() -> None:
    assert figures.png(lorenz()).startswith(b"\x89PNG")


def test_a_caption_without_its_claim_is_refused() -> None:
    with pytest.raises(ValueError, match="synthetic"):
        Caption("title", "note", " ")


def test_colours_of_mistake_and_accuracy_differ_in_grey() -> None:
    """Relative luminance (WCAG 2): at least three to one, so that print without colour keeps them apart."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert (luminance(ACCURATE) + 0.05) / (luminance(MISTAKE) + 0.05) >= 3
    assert len({tuple(dash) for _, dash in LINES}) == len(LINES)


def test_an_estimate_that_fails_has_the_colour_of_a_mistake() -> None:
    drawn = figures.svg(intervals())
    assert drawn.count(MISTAKE) == 2  # its dot and its interval, and nothing of the other
    words = words_of(intervals())
    assert all(text in words for text in ("the near one", "the far one", "difference", "0%"))


def test_a_prediction_that_misses_has_the_colour_of_a_mistake() -> None:
    drawn = figures.svg(predictions())
    assert drawn.count(f'="{MISTAKE}"') == 4  # its interval, its range and the two ends, and nothing of the others
    words = words_of(predictions())
    assert all(text in words for text in ("the near one", "the far one", "the simple one", "ratio", "0.125", "0.5", "2"))
    assert "NaN" not in drawn  # what has no logarithm is cut


def test_a_law_is_drawn_beside_its_counts() -> None:
    drawn = figures.svg(law())
    assert drawn.count(ACCURATE) == 3
    assert "1,000,000" in words_of(law())


def test_an_error_falls_on_logarithmic_axes() -> None:
    """Equal ratios are equal distances."""
    chart = convergence().to_dict()
    assert {layer["encoding"]["y"]["scale"]["type"] for layer in chart["layer"][:2]} == {"log"}
    assert {layer["encoding"]["x"]["scale"]["type"] for layer in chart["layer"][:2]} == {"log"}
    assert "the line" in words_of(convergence())


def test_the_flow_prints_shares_and_numbers() -> None:
    words = words_of(flow())
    assert "60 % is recorded" in words
    assert "5.0 % is ghost" in words
    assert "listings: 12" in words
    assert "days: 40" in words


def test_lines_carry_their_own_names_and_last_values() -> None:
    words = words_of(ever())
    for title in WORLDS.values():
        assert title in words
    assert " 6 " in f"{words} "


def test_labels_of_equal_lines_do_not_cover_one_another() -> None:
    places = sorted(curves._apart({"a": 5.0, "b": 5.0, "c": 5.1}, {"a": 2.0, "b": 2.0, "c": 2.0}, top=6.0).values())
    assert min(b - a for a, b in pairwise(places)) >= 2.0
    assert places[-1] <= 6.0


def test_worlds_whose_lines_coincide_share_one_and_both_are_named() -> None:
    rows = [("2020-01", "none", 0.0), ("2020-01", "accurate", 700.0), ("2020-01", "pruned", 700.4), ("2020-01", "designed", 800.0)]
    titles = WORLDS | {"pruned": "wrong records removed"}
    frame = pl.DataFrame(rows, schema=["month", "world", "value"], orient="row")
    svg = figures.svg(figures.ever_restricted(frame, titles, ("designed", "accurate"), CAPTION, "of 10,000"))
    assert len(re.findall(r'class="mark-line', svg)) == 3
    for words in ("accurate records", "wrong records removed", "700"):
        assert words in svg


def test_the_world_in_question_keeps_its_colour_where_the_reference_is_no_system() -> None:
    looks = curves._lines(("none", "designed"), ("designed", "none"))
    assert looks == {"none": LINES[0], "designed": LINES[2]}


@pytest.mark.parametrize(("side", "colour"), [("above", MISTAKE), ("below", ACCURATE)])
def test_a_tile_is_coloured_only_on_a_side(side: str, colour: str) -> None:
    frame = pl.DataFrame({"region": ["a", "b"], "row": [0, 0], "column": [0, 1], "value": [5.0, 50.0], "side": ["within", "within"]})
    assert colour not in figures.svg(figures.tile_map(frame, CAPTION, SIDES))
    coloured = figures.tile_map(frame.with_columns(pl.Series("side", ["within", side])), CAPTION, SIDES)
    assert colour in figures.svg(coloured)
    assert SIDES[side] in words_of(coloured)


def test_a_dot_on_a_curve_lies_on_it() -> None:
    frame = pl.DataFrame(
        {"days": [0, 360, 390, 800], "running": [1.0, 0.5, 0.2, 0.0], "overtaken": [0.0] * 4, "cleared": [0.0, 0.5, 0.8, 1.0]}
    )
    words = dict.fromkeys(("running", "overtaken", "cleared", "years", "share"), "word")
    assert "45 %" in words_of(figures.time_to_clear(frame, CAPTION, words))


def test_a_region_without_people_is_a_dash() -> None:
    words = words_of(tile_map())
    assert "12.3" in words
    assert "–" in words
    assert "Zeeland" in words


def test_all_regions_of_one_value_can_be_drawn() -> None:
    frame = pl.DataFrame({"region": ["a", "b"], "row": [0, 0], "column": [0, 1], "value": [5.0, 5.0], "side": ["within", "within"]})
    assert "5" in words_of(figures.tile_map(frame, CAPTION, SIDES))


def test_a_matrix_has_every_two_names_once_each_way_round() -> None:
    said = words_of(matrix())
    assert said.count("120") == 2
    assert (said.count("Hebei"), said.count("Hebei (1)")) == (2, 1)


def test_a_forest_prints_ratio_interval_reference_and_what_is_hidden() -> None:
    words = words_of(forest())
    assert "1.50 (1.20–1.90)" in words
    assert "reference" in words
    assert "too few" in words


def test_a_span_is_cut_where_the_accurate_twin_is_shut_out_too() -> None:
    ours = {"world": "designed", "domain": "loan", "start": 100, "end": 300}
    theirs = {"world": "accurate", "domain": "loan", "start": 150, "end": 200}
    other = {"world": "accurate", "domain": "travel", "start": 0, "end": 400}
    twins = {"designed": "accurate", "attacked": "accurate"}
    pieces = [(a, b, colour) for _, _, a, b, colour in lives._split(ours, [ours, theirs, other], twins)]
    assert pieces == [(100, 150, MISTAKE), (150, 200, ACCURATE), (200, 300, MISTAKE)]
    assert [colour for *_, colour in lives._split(theirs, [ours, theirs], twins)] == [ACCURATE]
    third = ours | {"world": "attacked"}
    assert [colour for *_, colour in lives._split(third, [ours, theirs, third], twins)] == [MISTAKE, ACCURATE, MISTAKE]
    fourth = ours | {"world": "milder"}  # held against no other: neither by mistake nor in its place
    assert [colour for *_, colour in lives._split(fourth, [ours, theirs, fourth], twins)] == [lives.APART]


def test_a_life_in_which_nothing_closes_can_be_drawn() -> None:
    assert words_of(life([])).count("nothing closes") == len(WORLDS)


def test_long_names_of_regions_are_shortened() -> None:
    assert groups.short("Hebei") == "Hebei"
    assert groups.short("Inner Mongolia") == "I. Mong"
    assert groups.short("Heilongjiang") == "Heilon."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (1234567.8, "1,234,568"),
        (999.6, "1,000"),
        (12.345, "12.3"),
        (0.012345, "0.0123"),
        (5, "5"),
        (-3.456, "-3.46"),
        (99.96, "100"),
        (float("nan"), "–"),
    ],
)
def test_numbers_are_written_with_the_figures_that_matter(value: float, expected: str) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(("share", "expected"), [(0.0, "0 %"), (0.0004, "<0.1 %"), (0.034, "3.4 %"), (0.5, "50 %"), (1.0, "100 %")])
def test_shares_are_never_rounded_to_nothing(share: float, expected: str) -> None:
    assert percent(share) == expected


# --- the same lives in two runs -----------------------------------------------------------------------------------------------------


def beside(**changed: list[float | None]) -> pl.DataFrame:
    columns: dict[str, list[float | None]] = {"before": [100.0, 40.0], "after": [110.0, 39.9], "low": [5.0, -0.5], "high": [15.0, 0.3]}
    numbers = {name: pl.Series(values, dtype=pl.Float64) for name, values in (columns | changed).items()}
    return pl.DataFrame({"label": ["closed days", "ever shut out"], "text": ["100 → 110", "40 → 39.9"], **numbers, "moved": [True, False]})


def drawn(frame: pl.DataFrame) -> tuple[list[dict[str, float]], tuple[float, float], str]:
    """The rows that are drawn, the ends of the axis, and the picture."""
    caption = figures.Caption("Before and after", "Hollow: a. Filled: b.", "claim level C1")
    chart = figures.before_after(frame, caption, "after, relative to before")
    described = chart.to_dict()
    rows = max(described["datasets"].values(), key=lambda rows: len(rows[0]))
    scale = next(layer["encoding"]["x"]["scale"] for layer in described["layer"] if "scale" in layer["encoding"]["x"])
    low, high = scale["domain"]
    return rows, (low, high), figures.svg(chart)


def test_before_and_after_are_drawn_as_so_many_times_as_much() -> None:
    rows, (low, high), picture = drawn(beside())
    assert [rows[0][name] for name in ("ratio", "least", "most")] == pytest.approx([1.1, 1.05, 1.15])
    assert [rows[1][name] for name in ("ratio", "least", "most")] == pytest.approx([0.9975, 0.9875, 1.0075])
    assert low == pytest.approx(1 / high)
    assert high > 1.15
    for word in ("closed days", "100 → 110", "synthetic people · claim level C1", "+10%"):
        assert word in picture


def test_what_comes_to_nothing_or_to_very_much_stays_inside_the_axis() -> None:
    rows, (low, high), picture = drawn(beside(after=[0.0, 40_000.0], low=[-110.0, 39_000.0], high=[-90.0, 41_000.0]))
    assert [low, high] == pytest.approx([1 / 64, 64])
    assert all(low <= row[name] <= high for row in rows for name in ("ratio", "least", "most"))
    assert "NaN" not in picture


def test_equal_numbers_without_intervals_are_drawn_on_the_line() -> None:
    rows, (low, high), picture = drawn(beside(after=[100.0, 40.0], low=[None, None], high=[None, None]))
    assert [row["ratio"] for row in rows] == [1.0, 1.0]
    assert 0.99 < low < 1 < high < 1.01
    assert "NaN" not in picture


# --- the picture of the README ------------------------------------------------------------------------------------------------------

PICTURE = Path(__file__).parents[1] / "docs" / "picture.svg"
WIDE = {"bold": 0.62, "normal": 0.56}
"""Letters of DejaVu Sans, in heights of a letter: a wide font, which Linux takes where it has no Helvetica."""


def ends(node: ET.Element, x: float = 0.0) -> Iterator[tuple[str, float, float]]:
    """The texts below a node, each with the places where it begins and ends in a wide font."""
    moved = re.search(r"translate\((-?[\d.]+)", node.get("transform", ""))
    x += float(moved[1]) if moved else 0.0
    if node.tag.endswith("}text"):
        for line in ["".join(part.itertext()) for part in node] or [node.text or ""]:
            long = len(line) * float(node.attrib["font-size"].removesuffix("px")) * WIDE[node.get("font-weight", "normal")]
            left = x - long * {"start": 0.0, "middle": 0.5, "end": 1.0}[node.get("text-anchor", "start")]
            yield line, left, left + long
    for part in node:
        yield from ends(part, x)


def test_the_picture_of_the_readme_has_room_for_wide_letters() -> None:
    root = ET.fromstring(PICTURE.read_text(encoding="utf-8"))
    left, _, width, _ = map(float, root.attrib["viewBox"].split())
    found = list(ends(root))
    assert {"Registry approval", "something is noted"} <= {text for text, *_ in found}
    assert not [text for text, begin, end in found if begin < left or end > left + width]
