"""The figures of the report: each with its caption, a description for those who do not see it, and the numbers behind it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from counterlife import figures
from counterlife.figures import Caption, number
from counterlife.layout import AXES
from counterlife.measures import pair_name, series
from counterlife.report.findings import RATIO, Findings, Life
from counterlife.report.tables import Table, of_frame, table

WRONG = "WRONG RECORD"
"""What a story writes before a record that is about nothing or about somebody else."""
QUOTED = re.compile(rb"[^A-Za-z0-9'/ =,;().@+*$!?-]")
"""Bytes that an address inside the page does not hold as they are."""
LONG_STORY = 25  # days


@dataclass(frozen=True)
class Plate:
    """A figure with everything that belongs to it."""

    name: str
    chart: Any
    """The Altair chart."""
    alt: str
    tables: tuple[Table, ...]

    @property
    def svg(self) -> str:
        """The chart as SVG without a size of its own, so that it fits a phone as well as a page."""
        return self._drawn[0]

    @property
    def width(self) -> float:
        """The width at which its letters have their own size, in pixels."""
        return self._drawn[1]

    @cached_property
    def file(self) -> str:
        """The chart as an SVG file, in its own size."""
        return figures.slim(figures.svg(self.chart))

    @cached_property
    def links(self) -> tuple[tuple[str, str, str], ...]:
        """The drawing in addresses, to be kept without a request and without a script: its kind, the name of the file, the address."""
        # Quoted and not in base64: a fifth shorter.
        as_svg = "data:image/svg+xml;charset=utf-8," + QUOTED.sub(_quoted, self.file.replace('"', "'").encode()).decode("ascii")
        as_png = "data:image/png;base64," + base64.b64encode(figures.compact_png(self.file)).decode("ascii")
        return ("SVG", f"{self.name}.svg", as_svg), ("PNG", f"{self.name}.png", as_png)

    @cached_property
    def _drawn(self) -> tuple[str, float]:
        svg = self.file
        found = re.search(r'<svg [^>]*?width="([\d.]+)" height="[\d.]+"', svg)
        if found is None:
            raise ValueError(f"the figure {self.name} has no size")
        head = re.sub(r' width="[\d.]+" height="[\d.]+"', ' aria-hidden="true"', found.group(0))
        return svg.replace(found.group(0), head, 1), float(found.group(1))


def _quoted(found: re.Match[bytes]) -> bytes:
    return b"%%%02X" % found[0][0]


Step = Callable[[str, int, int], None]
"""Called with what is worked on (`measures`, `lives`, `figures`, `page`), how many of it are done, and of how many."""


def untold(what: str, done: int, total: int) -> None:
    """Nobody is told."""


def draw(ready: Sequence[Plate], told: Step = untold) -> None:
    """All of them are drawn, one after the other."""
    for done, one in enumerate(ready):
        told("figures", done, len(ready))
        _ = one.svg, one.links  # kept with the figure


def plate(name: str, chart: object, alt: str, *tables: Table) -> Plate:
    """The chart with what belongs to it; it is drawn when it is asked for."""
    return Plate(name, chart, alt, tables)


def _caption(run: Findings, title: str, note: str) -> Caption:
    return Caption(title, note, run.claim, run.text("synthetic"))


def flow(run: Findings) -> Plate:
    """From an event to a closed gate (section 4)."""
    text, frame = run.text, series.flow(run.sample, run.pair)
    words = text.part("section4")
    chart = figures.flow(frame, _caption(run, text("section4.figure"), text("section4.figure_note")), words)
    totals = dict(frame.group_by("stage").agg(pl.col("value").sum()).iter_rows())
    shares = {part: figures.percent(value / totals[stage]) if totals[stage] else "0 %" for stage, part, value in frame.iter_rows()}
    rows = frame.with_columns(
        pl.col("part").replace({part: words.get(part, part) for part in frame["part"]} | {"listings": words["stage_listings"]}),
        pl.col("stage").replace({stage: words[f"stage_{stage}"] for stage in totals}),
    )
    heads = [words["head_stage"], words["head_part"], words["head_value"]]
    alt = text("section4.alt", **{part: shares[part] for part in ("recorded", "missed", "right", "wrongful")})
    return plate("flow", chart, alt, of_frame(words["figure"], heads, rows, "flow.csv"))


def ever(run: Findings) -> Plate:
    """People ever shut out over time (section 5)."""
    text, frame = run.text, series.ever_over_time(run.sample)
    caption = _caption(run, text("section5.ever"), text("section5.ever_note"))
    titles = {world: title for world, title in run.by_role.items() if world in run.side_by_side}
    chart = figures.ever_restricted(
        frame.filter(pl.col("world").is_in(list(titles))), titles, run.pair, caption, text("section5.ever_axis")
    )
    wide = frame.pivot(on="world", index="month", values="value").select("month", *run.titles)
    last = wide.row(-1, named=True)
    ends = ", ".join(text("section5.ever_alt_end", value=number(last[world]), title=title) for world, title in titles.items())
    alt = text("section5.ever_alt", years=run.blanks["years"], ends=ends)
    month = text("section5.head_month")
    shown = of_frame(text("section5.ever"), [month, *titles.values()], wide.select("month", *titles), "ever.csv")
    every_world = replace(shown, raw=tuple(wide.iter_rows()), raw_heads=(month, *run.titles.values()))
    return plate("ever", chart, alt, every_world)


def clear(run: Findings) -> Plate | None:
    """What becomes of wrongful restrictions (section 5); nothing where there are none."""
    text, frame = run.text, series.clearing_curve(run.sample, run.pair)
    if not run.sample.count(f"spells.{pair_name(run.pair)}").any():
        return None
    words = {name: text(f"section5.clear_{name}") for name in ("running", "overtaken", "cleared", "years", "share")}
    chart = figures.time_to_clear(frame, _caption(run, text("section5.clear"), text("section5.clear_note")), words)
    heads = [text("section5.head_days"), words["running"], words["overtaken"], words["cleared"]]
    rows = frame.select("days", "running", "overtaken", "cleared")
    alt = text("section5.clear_alt", running=still_running(run) or text("not_shown"))
    return plate("clear", chart, alt, of_frame(text("section5.clear"), heads, rows, "clear.csv"))


def still_running(run: Findings) -> str:
    """The share of wrongful restrictions that still last after a year, as written in a sentence; empty where it cannot be said."""
    found = run.twin("M10", "time to clear, still running after 1 year")
    return "" if found.value is None else figures.percent(found.value / 100)


def lorenz(run: Findings) -> Plate | None:
    """The Lorenz curve of wrongful days (section 5); nothing where there are none."""
    text, frame = run.text, series.lorenz_points(run.sample, pair_name(run.pair))
    share = run.twin("M13", "concentration, share of the top 1 % of people")
    if share.value is None:
        return None
    top = run.plain(share, " %")
    none = figures.percent(max((people for people, days in frame.iter_rows() if days == 0.0), default=1.0))
    words = {name: text(f"section5.lorenz_{name}") for name in ("people", "days", "equal")}
    words["said"] = text("section5.lorenz_said", none=none, top=top)
    chart = figures.lorenz(frame, _caption(run, text("section5.lorenz"), text("section5.lorenz_note")), words)
    table_ = of_frame(text("section5.lorenz"), [words["people"], words["days"]], frame, "lorenz.csv")
    return plate("lorenz", chart, text("section5.lorenz_alt", none=none, top=top), table_)


def tiles(run: Findings) -> Plate | None:
    """Wrongful days by region, coloured where a region differs from the country by more than chance (section 5)."""
    text = run.text
    frame = series.by_region(run.sample, run.frame, "M1", *run.pair, "wrongful restriction")
    if len(frame) < 2:
        return None
    sides = {side: text(f"section5.map_side_{side}") for side in ("above", "below", "within", "missing")}
    country = run.plain(run.twin("M1", "wrongful restriction"))
    chart = figures.tile_map(frame, _caption(run, text("section5.map"), text("section5.map_note", country=country)), sides)
    named = {side: ", ".join(frame.filter(pl.col("side") == side)["region"]) for side in ("above", "below")}
    said = {side: text(f"section5.map_{side}", regions=regions or text("section5.map_nobody")) for side, regions in named.items()}
    heads = [text(f"section5.head_{name}") for name in ("region", "value", "low", "high", "people", "clusters", "side")]
    rows = frame.with_columns(pl.when(pl.col("value").is_null()).then(pl.lit("missing")).otherwise("side").replace(sides).alias("side"))
    rows = rows.select("region", "value", "low", "high", "people", "clusters", "side").sort("region")
    alt = text("section5.map_alt", count=str(len(frame)), **said)
    return plate("map", chart, alt, of_frame(text("section5.map"), heads, rows, "regions.csv"))


def tiles_explained(run: Findings) -> str:
    """When a region is coloured, and when it cannot be."""
    found = (run.get("M1", "wrongful restriction", *run.pair, region=region) for region in run.sample.regions)
    count = sum(one.high is not None for one in found)
    return run.text("section5.map_explained", count=str(count)) if count else run.text("section5.map_explained_none")


def forest(run: Findings) -> Plate | None:
    """Ratios of wrongful days between groups (section 7); nothing where no two groups have people."""
    text, rows = run.text, []
    if not run.compared:
        return None
    shown = {*run.compared, *run.compared.values()}
    for axis, levels in AXES.items():
        for group in (group for group in (f"{axis}={level}" for level in levels) if group in shown):
            one = run.twin("M12", RATIO, group=group)
            is_reference = group not in run.compared
            values = (1.0, None, None) if is_reference else (one.value, one.low, one.high)
            rows.append((axis, text.group(group), *values, is_reference))
    schema = {"axis": pl.String, "label": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "reference": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    chart = figures.forest(frame, _caption(run, text("section7.figure"), text("section7.note")), text.part("section7"))
    parts = [
        text("section7.alt_part", group=label, ratio=figures.ratio(value))
        for _, label, value, _, _, is_reference in rows
        if value is not None and not is_reference
    ]
    return plate("forest", chart, text("section7.alt", list=" ".join(parts)), gaps(run))


def gaps(run: Findings) -> Table:
    """The table of gaps between groups."""
    text, rows = run.text, []
    names = (RATIO, "disparity, ratio, M3 1 day or more", "disparity, ratio, M10 mean within the period", "disparity, difference, M1")
    for group, other in run.compared.items():
        rows.append([text.group(group), text.group(other), *(run.full(run.twin("M12", name, group=group)) for name in names)])
    heads = [text(f"section7.head_{name}") for name in ("group", "against", "ratio_days", "ratio_people", "ratio_length", "difference")]
    return table(text("section7.table"), heads, rows, "gaps.csv")


def shown(run: Findings, one: Life) -> list[str]:
    """The worlds in which a life is shown."""
    return [world for world in run.facts.worlds if not one.worlds or world in one.worlds or world in run.pair]


def life(run: Findings, one: Life, place: int) -> Plate:
    """One person's life in every world (section 5); worlds in which the same happens are drawn once."""
    text, facts = run.text, run.facts
    spans = [{"world": w, "domain": d, "start": a, "end": b} for w, d, a, b in one.spans if w in shown(run, one)]
    events = [{"world": world, "time": (day - facts.start).days} for day, world, _ in one.story if world in shown(run, one)]
    chart = figures.life_line(
        spans,
        events,
        _drawn_once(run, one),
        {name: domain.title for name, domain in facts.domains.items()},
        twins={world: twin for world, twin in facts.pairs if twin == run.accurate},
        start=facts.start,
        days=facts.days,
        caption=_caption(run, one.title, one.people),
        words={name: text(f"section5.life_{name}") for name in ("open", "mistake", "also", "closed", "record")},
    )
    closed = {world: sum(b - a for w, _, a, b in one.spans if w == world) for world in shown(run, one)}
    summary = " ".join(text("section5.life_alt_part", title=run.titles[world], days=str(days)) for world, days in closed.items())
    heads = [text(f"section5.head_{name}") for name in ("world", "domain", "from", "to")]
    rows = [[run.titles.get(w, w), facts.domains[d].title, str(a), str(b)] for w, d, a, b in one.spans if w in shown(run, one)]
    closed_days = table(text("section5.life_spans", person=one.title), heads, rows, f"life-{place}.csv")
    return plate(f"life-{place}", chart, text("section5.life_alt", summary=summary), closed_days)


def _drawn_once(run: Findings, one: Life) -> dict[str, str]:
    """The worlds to draw: the one in question by itself, and of the others one for all those in which the same happens."""
    alike: dict[object, list[str]] = {}
    for world in shown(run, one):
        spans = [(domain, a, b) for w, domain, a, b in one.spans if w == world]
        days = [day for day, w, _ in one.story if w == world]
        alike.setdefault((world == run.designed, tuple(spans), tuple(days)), []).append(world)
    return {worlds[0]: _joined(run, worlds) for worlds in alike.values()}


def _joined(run: Findings, worlds: list[str]) -> str:
    return " = ".join(run.titles[world] for world in worlds)


def story(run: Findings, one: Life, place: int) -> Table:
    """What happened, day by day, side by side: a column for all worlds that tell the same, none for those in which nothing is noted.

    A long story shows the days on which the worlds differ or a gate opens or closes, or a wrong record is filed; its file has them all.
    """
    alike: dict[tuple[tuple[date, str], ...], list[str]] = {}
    for world in shown(run, one):
        alike.setdefault(tuple((day, words) for day, w, words in one.story if w == world), []).append(world)
    columns = {lines: worlds for lines, worlds in alike.items() if lines}
    turns = {run.facts.start + timedelta(days=day) for world, _, *ends in one.spans if world in shown(run, one) for day in ends}
    rows: list[tuple[str, ...]] = []
    kept: list[tuple[tuple[str, ...], str]] = []
    days = sorted({day for lines in columns for day, _ in lines})
    for day in days:
        cells = [" ".join(words for when, words in lines if when == day) for lines in columns]
        row = tuple(cell or run.text("none") for cell in cells)
        differ, wrong = len(set(cells)) > 1, any(WRONG in cell for cell in cells)
        rows.append((day.isoformat(), *row))
        if differ or wrong or day in turns or len(days) <= LONG_STORY:
            kept.append(((f"{day} ≠" if differ else f"{day}", *row), "wrong" if wrong else ""))
    text = run.text
    notes = [text("section5.life_differ")] if any("≠" in row[0] for row, _ in kept) else []
    if any(mark for _, mark in kept):
        notes.append(text("section5.life_wrong"))
    if len(kept) < len(rows):
        notes.append(text("section5.life_left_out", count=str(len(rows) - len(kept))))
    return Table(
        text("section5.life_table", person=one.title),
        (text("section5.head_date"), *(_joined(run, worlds) for worlds in columns.values())),
        tuple(row for row, _ in kept),
        f"story-{place}.csv",
        raw=tuple(rows),
        marks=tuple(mark for _, mark in kept),
        note=" ".join(notes),
    )
