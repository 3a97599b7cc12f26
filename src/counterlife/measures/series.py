"""Frames for figures and their data tables: over time, time to clear, Lorenz curve, regions, and the flow of records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from counterlife.layout import RECORD_KINDS, SPELL_BIN, YEAR, End
from counterlife.measures import clearing, concentration
from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Estimate, differs
from counterlife.measures.sample import Sample

PEOPLE = 10_000


def ever_over_time(sample: Sample) -> pl.DataFrame:
    """People ever closed out of a domain by the end of each month, per 10,000: month, world, value; from a zero at the start."""
    frames = []
    months = [str(month) for month in sample.tallies.rows["months"]]
    for world in sample.facts.worlds:
        newly = sample.strata.total(sample.column("months", f"newly_closed.{world}"))
        value = PEOPLE * np.cumsum(newly) / float(sample.strata.weights @ sample.people)
        frames.append(pl.DataFrame({"month": months, "world": world, "value": value}))
    return pl.concat(frames)


def pending_over_time(sample: Sample, worlds: Iterable[str]) -> pl.DataFrame:
    """Cases filed and not yet closed at the end of each month, per 10,000 people: month, world, value.

    Cases are counted in periods of 30 days from the start; ends of months are read off straight between the ends of periods.
    """
    frames = []
    facts, months = sample.facts, [str(month) for month in sample.tallies.rows["months"]]
    first = [date.fromisoformat(f"{month}-01") for month in months]
    ends = [min(facts.days, ((one + timedelta(days=32)).replace(day=1) - facts.start).days) for one in first]
    for world in worlds:
        filed, closed = (sample.column("waits", f"{name}.{world}") for name in ("filed", "closed"))
        waiting = sample.strata.total(np.cumsum(filed - closed, axis=1))  # whole numbers in every cluster: nothing is exactly nothing
        pending = PEOPLE * waiting / float(sample.strata.weights @ sample.people)
        days = np.minimum(np.arange(1, pending.size + 1) * SPELL_BIN, facts.days)
        value = np.interp(ends, [0, *days], [0.0, *pending])
        frames.append(pl.DataFrame({"month": months, "world": world, "value": value}))
    return pl.concat(frames)


def clearing_curve(sample: Sample, pair: tuple[str, str]) -> pl.DataFrame:
    """What has become of wrongful spells by their length: days, and shares running, cleared, overtaken (they add up to one)."""
    totals = sample.strata.total(clearing.spells(sample, pair_name(pair)))[None, :]
    running, ended = clearing.incidence(totals)
    last = int(np.flatnonzero(totals.reshape(-1, len(clearing.ENDS)).sum(axis=1)).max(initial=0)) + 1
    return pl.DataFrame(
        {
            "days": np.arange(last + 1) * SPELL_BIN,
            "running": running[0, : last + 1],
            "cleared": ended[0, : last + 1, list(clearing.CLEARED)].sum(axis=0),
            "overtaken": ended[0, : last + 1, End.OVERTAKEN],
        }
    )


def lorenz_points(sample: Sample, name: str) -> pl.DataFrame:
    """The Lorenz curve of a world's or a comparison's days: share of people (from those with the least), share of days."""
    people, days = concentration.lorenz(sample.strata.total(concentration.classes(sample, name))[None, :])
    return pl.DataFrame({"people": people[0], "days": days[0]}).unique(maintain_order=True)


def by_region(sample: Sample, measures: pl.DataFrame, measure: str, world: str, versus: str, name: str) -> pl.DataFrame:
    """A measure on the tile grid: region, row, column, value, low, high, people, clusters, and side.

    The value is missing where no synthetic person was sampled. The interval of a region is Student's t over its own clusters alone, so
    few clusters make it wide and a single one leaves none. The side is 'above' or 'below' where the region differs from the value of the
    whole country by more than chance, all regions being looked at together. That value is taken as given: a region of many clusters is
    itself a part of it, and beside a region of few its error is small.
    """
    chosen = measures.filter(
        (pl.col("id") == measure)
        & (pl.col("world") == world)
        & (pl.col("versus") == versus)
        & (pl.col("name") == name)
        & (pl.col("domain") == "all")
        & (pl.col("group") == "all")
    ).select("region", "value", "low", "high", "people")
    country = chosen.filter(pl.col("region") == "all")["value"].item()
    compared = chosen.filter(pl.col("region") != "all", pl.col("high").is_not_null()).height
    clusters = {region: int((strata.weights > 0).sum()) for region, strata in sample.regions.items()}

    def side(row: dict[str, Any]) -> str:
        one = Estimate(row["value"], row["low"], row["high"])
        if country is None or not differs(one, country, row["clusters"] - 1, compared):
            return "within"
        return "above" if row["value"] > country else "below"

    tiles = [(region, *place) for region, place in sample.facts.tiles.items()]
    frame = pl.DataFrame(tiles, schema=["region", "row", "column"], orient="row").join(
        chosen, on="region", how="left", maintain_order="left"
    )
    frame = frame.with_columns(pl.Series("clusters", [clusters.get(region, 0) for region in frame["region"]], dtype=pl.Int64))
    return frame.with_columns(pl.Series("side", [side(row) for row in frame.iter_rows(named=True)], dtype=pl.String))


def flow(sample: Sample, pair: tuple[str, str]) -> pl.DataFrame:
    """From events to closed days in a world, per 1,000 person-years: stage, part, value.

    An event counts once for every source that could have recorded it; 'missed' are those that none of its records stands for by the end.
    """
    world = pair[0]
    years = float(sample.strata.weights @ sample.count("days")) / YEAR / 1000

    def channels(column: str) -> float:
        return float(sample.strata.weights @ sample.column("channels", f"{column}.{world}").sum(axis=1)) / years

    def people(*columns: str) -> float:
        return float(sample.strata.weights @ sample.count(*columns)) / years

    number = {kind: channels(kind) for kind in ("events", *RECORD_KINDS)}
    recorded = sum(number[kind] for kind in ("right", "inflated", "misread", "rule"))
    closed = people(*(f"closed_days.{world}.{d}" for d in sample.facts.domains))
    wrongful = people(*(f"wrongful_days.{pair_name(pair)}.{d}" for d in sample.facts.domains))
    parts = [
        ("events", "recorded", recorded),
        ("events", "misfiled", number["lost"]),
        ("events", "missed", max(number["events"] - recorded - number["lost"], 0.0)),
        ("records", "right", number["right"] - number["stale"]),
        *(("records", kind, number[kind]) for kind in ("stale", "inflated", "misread", "rule", "stray", "ghost", "tampered", "duplicate")),
        ("listings", "listings", people(f"listings.{world}")),
        ("days", "also", closed - wrongful),
        ("days", "wrongful", wrongful),
    ]
    return pl.DataFrame(parts, schema=["stage", "part", "value"], orient="row")
