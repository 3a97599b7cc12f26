"""The figures of the report: each with its caption, a description for those who do not see it, and the numbers behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from counterlife import figures
from counterlife.figures import Caption, number
from counterlife.layout import AXES
from counterlife.measures import REFERENCE, pair_name, series
from counterlife.report.findings import RATIO, Findings, Life
from counterlife.report.tables import Table, of_frame, table


@dataclass(frozen=True)
class Plate:
    """A figure with everything that belongs to it."""

    name: str
    svg: str
    alt: str
    tables: tuple[Table, ...]
    width: float


def _plate(name: str, chart: object, alt: str, *tables: Table) -> Plate:
    """The chart as SVG without a size of its own, so that it fits a phone as well as a page."""
    svg = figures.svg(chart)  # type: ignore[arg-type]
    found = re.search(r'<svg [^>]*?width="([\d.]+)" height="[\d.]+"', svg)
    if found is None:
        raise ValueError(f"the figure {name} has no size")
    svg = svg.replace(found.group(0), re.sub(r' width="[\d.]+" height="[\d.]+"', "", found.group(0)), 1)
    return Plate(name, svg, alt, tables, float(found.group(1)))


def _caption(run: Findings, title: str, note: str) -> Caption:
    return Caption(title, note, run.claim, run.text("synthetic"))


def flow(run: Findings) -> Plate:
    """From an event to a closed gate (section 4)."""
    text, frame = run.text, series.flow(run.sample, run.pair)
    words = text.part("section4")
    chart = figures.flow(frame, _caption(run, text("section4.figure"), text("section4.figure_note", **run.blanks)), words)
    totals = dict(frame.group_by("stage").agg(pl.col("value").sum()).iter_rows())
    shares = {part: figures.percent(value / totals[stage]) if totals[stage] else "0 %" for stage, part, value in frame.iter_rows()}
    rows = frame.with_columns(
        pl.col("part").replace({part: words.get(part, part) for part in frame["part"]}),
        pl.col("stage").replace({stage: words[f"stage_{stage}"] for stage in totals}),
    )
    heads = [words["head_stage"], words["head_part"], words["head_value"]]
    alt = text("section4.alt", **{part: shares[part] for part in ("recorded", "missed", "right", "wrongful")})
    return _plate("flow", chart, alt, of_frame(words["figure"], heads, rows, "flow.csv"))


def ever(run: Findings) -> Plate:
    """People ever shut out over time (section 5)."""
    text, frame = run.text, series.ever_over_time(run.sample)
    caption = _caption(run, text("section5.ever"), text("section5.ever_note"))
    chart = figures.ever_restricted(frame, run.by_role, caption, text("section5.ever_axis"))
    wide = frame.pivot(on="world", index="month", values="value").select("month", *run.titles)
    last = wide.row(-1, named=True)
    ends = ", ".join(text("section5.ever_alt_end", value=number(last[world]), title=title) for world, title in run.titles.items())
    alt = text("section5.ever_alt", years=run.blanks["years"], ends=ends)
    heads = [text("section5.head_month"), *run.titles.values()]
    return _plate("ever", chart, alt, of_frame(text("section5.ever"), heads, wide, "ever.csv"))


def clear(run: Findings) -> Plate:
    """What becomes of wrongful restrictions (section 5)."""
    text, frame = run.text, series.clearing_curve(run.sample, run.pair)
    words = {name: text(f"section5.clear_{name}") for name in ("running", "overtaken", "cleared", "years", "share")}
    chart = figures.time_to_clear(frame, _caption(run, text("section5.clear"), text("section5.clear_note")), words)
    heads = [text("section5.head_days"), words["running"], words["overtaken"], words["cleared"]]
    rows = frame.select("days", "running", "overtaken", "cleared")
    alt = text("section5.clear_alt", running=still_running(run))
    return _plate("clear", chart, alt, of_frame(text("section5.clear"), heads, rows, "clear.csv"))


def still_running(run: Findings, days: float = 365.0) -> str:
    """The share of wrongful restrictions that still last after some days, as written in a sentence."""
    frame = series.clearing_curve(run.sample, run.pair).filter(pl.col("days") <= days)
    return figures.percent(float(frame["running"][-1]))


def lorenz(run: Findings) -> Plate:
    """The Lorenz curve of wrongful days (section 5)."""
    text, frame = run.text, series.lorenz_points(run.sample, pair_name(run.pair))
    top = run.plain(run.twin("M13", "concentration, share of the top 1 % of people"), " %")
    none = figures.percent(max((people for people, days in frame.iter_rows() if days == 0.0), default=1.0))
    words = {name: text(f"section5.lorenz_{name}") for name in ("people", "days", "equal")}
    words["said"] = text("section5.lorenz_said", none=none, top=top)
    chart = figures.lorenz(frame, _caption(run, text("section5.lorenz"), text("section5.lorenz_note")), words)
    table_ = of_frame(text("section5.lorenz"), [words["people"], words["days"]], frame, "lorenz.csv")
    return _plate("lorenz", chart, text("section5.lorenz_alt", none=none, top=top), table_)


def tiles(run: Findings) -> Plate:
    """Wrongful days by region (section 5)."""
    text = run.text
    frame = series.by_region(run.sample, run.frame, "M1", *run.pair, "wrongful restriction")
    chart = figures.tile_map(frame, _caption(run, text("section5.map"), text("section5.map_note")))
    ranked = frame.drop_nulls("value").sort("value", descending=True)
    highest = ", ".join(f"{row['region']} {number(row['value'])}" for row in ranked.head(3).iter_rows(named=True))
    heads = [text(f"section5.head_{name}") for name in ("region", "value", "low", "high", "people")]
    rows = frame.select("region", "value", "low", "high", "people").sort("value", descending=True, nulls_last=True)
    alt = text("section5.map_alt", count=str(len(frame)), highest=highest)
    return _plate("map", chart, alt, of_frame(text("section5.map"), heads, rows, "regions.csv"))


def forest(run: Findings) -> Plate:
    """Ratios of wrongful days between groups (section 7)."""
    text, rows = run.text, []
    for axis, levels in AXES.items():
        for level in levels:
            group, reference = f"{axis}={level}", level == REFERENCE[axis]
            one = run.twin("M12", RATIO, group=group)
            rows.append((axis, text.group(group), *((1.0, None, None) if reference else (one.value, one.low, one.high)), reference))
    schema = {"axis": pl.String, "label": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "reference": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    chart = figures.forest(frame, _caption(run, text("section7.figure"), text("section7.note")), text.part("section7"))
    parts = [
        text("section7.alt_part", group=label, ratio=figures.ratio(value))
        for _, label, value, _, _, is_reference in rows
        if value and not is_reference
    ]
    return _plate("forest", chart, text("section7.alt", list=" ".join(parts)), gaps(run))


def gaps(run: Findings) -> Table:
    """The table of gaps between groups."""
    text, rows = run.text, []
    names = (RATIO, "disparity, ratio, M3 1 day or more", "disparity, ratio, M10 mean within the period", "disparity, difference, M1")
    for group in run.sample.groups:
        axis, _, level = group.partition("=")
        if level != REFERENCE[axis]:
            found = (run.full(run.twin("M12", name, group=group)) for name in names)
            rows.append([text.group(group), text.group(f"{axis}={REFERENCE[axis]}"), *found])
    heads = [text(f"section7.head_{name}") for name in ("group", "against", "ratio_days", "ratio_people", "ratio_length", "difference")]
    return table(text("section7.table"), heads, rows, "gaps.csv")


def life(run: Findings, one: Life, place: int) -> Plate:
    """One person's life in every world (section 5)."""
    text, facts = run.text, run.facts
    spans = [{"world": w, "domain": d, "start": a, "end": b} for w, d, a, b in one.spans]
    events = [{"world": world, "time": (day - facts.start).days} for day, world, _ in one.story if world in facts.worlds]
    chart = figures.life_line(
        spans,
        events,
        run.titles,
        {name: domain.title for name, domain in facts.domains.items()},
        pair=run.pair,
        start=facts.start,
        days=facts.days,
        caption=_caption(run, one.title, one.people),
        words={name: text(f"section5.life_{name}") for name in ("open", "mistake", "also", "record")},
    )
    closed = {world: sum(b - a for w, _, a, b in one.spans if w == world) for world in facts.worlds}
    summary = " ".join(text("section5.life_alt_part", title=run.titles[world], days=str(days)) for world, days in closed.items())
    heads = [text(f"section5.head_{name}") for name in ("world", "domain", "from", "to")]
    rows = [(run.titles.get(w, w), facts.domains[d].title, a, b) for w, d, a, b in one.spans]
    frame = (
        pl.DataFrame(rows, schema=[str(i) for i in range(4)], orient="row")
        if rows
        else pl.DataFrame(schema={str(i): pl.Int64 for i in range(4)})
    )
    closed_days = of_frame(text("section5.life_spans"), heads, frame, f"life-{place}.csv")
    return _plate(f"life-{place}", chart, text("section5.life_alt", summary=summary), closed_days)


def story(run: Findings, one: Life, place: int) -> Table:
    """What happened, day by day, in each world side by side; worlds in which nothing is noted are left out."""
    worlds = [world for world in run.facts.worlds if any(w == world for _, w, _ in one.story)]
    rows = []
    for day in sorted({day for day, _, _ in one.story}):
        cells = ["; ".join(words for when, w, words in one.story if when == day and w == world) for world in worlds]
        rows.append([day.isoformat(), *(cell or run.text("none") for cell in cells)])
    return table(
        run.text("section5.life_table"),
        [run.text("section5.head_date"), *(run.titles[world] for world in worlds)],
        rows,
        f"story-{place}.csv",
    )
