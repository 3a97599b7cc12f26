"""The measures frame: every measure of the registry on a sample, one tidy line for each value."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from counterlife.measures.inputs import Facts, Tallies
from counterlife.measures.registry import MEASURES
from counterlife.measures.sample import ALL, Quotient, Row, Sample

MONTE_CARLO = "mc"
ABOUT: dict[str, type[pl.DataType]] = {  # which number a line is
    "id": pl.String,
    "name": pl.String,
    "unit": pl.String,
    "world": pl.String,
    "versus": pl.String,
    "domain": pl.String,
    "region": pl.String,
    "group": pl.String,
    "period": pl.String,
}
SCHEMA: dict[str, type[pl.DataType]] = {
    **ABOUT,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "interval": pl.String,
    "people": pl.Int64,
}


def measures(tallies: Tallies, facts: Facts) -> pl.DataFrame:
    """All measures with their Monte Carlo intervals (95 %); `all` marks a total, a missing value a quotient that was suppressed.

    The interval answers what another synthetic draw of the same assumptions would give; it is no interval for a real country.
    """
    found = [_line(*one) for one in lines(Sample(tallies, facts))]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def lines(sample: Sample) -> Iterator[tuple[str, str, str, Row]]:
    """Id, name, unit and row of every value of the registry, in its order."""
    for measure in MEASURES:
        for answer in measure.function(sample):
            for row in sample.rows(answer) if isinstance(answer, Quotient) else (answer,):
                name = f"{measure.name}, {row.detail}" if row.detail else measure.name
                yield measure.id, name, row.unit or measure.unit, row


def _line(measure: str, name: str, unit: str, row: Row) -> tuple[object, ...]:
    about = (row.world, row.versus, row.domain, row.region, row.group, ALL)
    values = (row.estimate.value, row.estimate.low, row.estimate.high)
    return (measure, name, unit, *about, *values, MONTE_CARLO, row.people)
