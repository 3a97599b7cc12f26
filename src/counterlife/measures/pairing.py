"""The measures of two runs over the same lives side by side: before, after, and their difference with its paired interval.

Every cluster was lived twice, so the difference is linearised as one quantity and varies only by what the two lives do not share
(`intervals.difference`). Whether the lives are the same, as far as scenarios and seeds say so, is for the caller to know; that the tallies
count the same people in every cell is looked at here.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import numpy as np
import polars as pl

from counterlife.measures.frame import ABOUT, MONTE_CARLO, lines
from counterlife.measures.inputs import Facts, Tallies
from counterlife.measures.intervals import Estimate, difference
from counterlife.measures.sample import ALL, Row, Sample

Key = tuple[str, str, str, str, str, str, str]


class Finding(StrEnum):
    """What a difference says."""

    SAME = "same"
    """Both runs counted the same in every cluster, and the value is the same."""
    CHANCE = "within chance"
    """The interval covers zero."""
    MOVED = "moved"
    """The interval leaves zero out."""
    BARE = "no interval"
    """There is no interval: too few clusters, clusters that do not differ, or a number that no cluster adds to."""
    HIDDEN = "not shown"
    """One of the two values is suppressed."""


COMPARED: dict[str, type[pl.DataType]] = {
    **ABOUT,
    "before": pl.Float64,
    "after": pl.Float64,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "interval": pl.String,
    "finding": pl.String,
    "people": pl.Int64,
}


def counts_the_same_people(before: Tallies, after: Tallies) -> bool:
    """Whether both have the same townships with as many people of every cell, lived for as many days."""
    if (before.regions, before.numbers, before.rows["people"]) != (after.regions, after.numbers, after.rows["people"]):
        return False
    columns = ("people", "days")
    first, second = (one.tables["people"][:, :, [one.columns["people"].index(name) for name in columns]] for one in (before, after))
    return np.array_equal(first, second)


def paired(
    before: Tallies, before_facts: Facts, after: Tallies, after_facts: Facts, *, worlds: tuple[str, str] | None = None
) -> pl.DataFrame:
    """Every measure that both runs have: one line for each value, the second run less the first.

    worlds: a world of each; then only these two are compared, under the name of the first. Otherwise worlds are compared by their names.
    Raises ValueError where the tallies do not count the same people.
    """
    if not counts_the_same_people(before, after):
        raise ValueError("these tallies do not count the same people, so nothing can be compared in pairs")
    first = _rows(Sample(before, before_facts), *((worlds and (worlds[0], worlds[0])) or ()))
    second = _rows(Sample(after, after_facts), *((worlds and (worlds[1], worlds[0])) or ()))
    everything = worlds is None and _equal(before, after)
    found = [_line(key, first[key], second[key], everything) for key in first if key in second and first[key][0] == second[key][0]]
    return pl.DataFrame(found, schema=COMPARED, orient="row")


def _rows(sample: Sample, world: str | None = None, called: str = "") -> dict[Key, tuple[str, Row]]:
    """Unit and row of every value by what it is of; of one world only, under another name, where one is given."""
    found: dict[Key, tuple[str, Row]] = {}
    for measure, name, unit, row in lines(sample):
        if world is not None and row.world != world:
            continue
        one = row if world is None else replace(row, world=called)
        found[measure, name, one.world, one.versus, one.domain, one.region, one.group] = unit, one
    return found


def _line(key: Key, first: tuple[str, Row], second: tuple[str, Row], everything: bool) -> tuple[object, ...]:
    (unit, before), (_, after) = first, second
    moved = difference(after.estimate, before.estimate)
    finding = _finding(before.estimate, after.estimate, moved, everything)
    values = (before.estimate.value, after.estimate.value, moved.value, moved.low, moved.high)
    return (*key[:2], unit, *key[2:], ALL, *values, MONTE_CARLO, str(finding), before.people)


def _finding(before: Estimate, after: Estimate, moved: Estimate, everything: bool) -> Finding:
    if moved.value is None:
        return Finding.HIDDEN
    if moved.value == 0.0 and (everything or after.is_counted_as(before)):
        return Finding.SAME
    if moved.low is None or moved.high is None:
        return Finding.BARE
    return Finding.CHANCE if moved.low <= 0.0 <= moved.high else Finding.MOVED


def _equal(before: Tallies, after: Tallies) -> bool:
    """Whether every table is equal, with its labels."""
    return (
        before.columns == after.columns
        and before.rows == after.rows
        and all(np.array_equal(table, after.tables[name]) for name, table in before.tables.items())
    )
