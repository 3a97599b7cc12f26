"""Where the counts of two runs first differ: place by place, a number by its table, row and column.

Columns are held together by their names: a column that only one of the runs has is named, and the others are still compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..store import PLACE, RunFolder, Table

if TYPE_CHECKING:
    import polars as pl

Spot = tuple[int, int, int]
"""Region, township and replicate."""
Cell = tuple[int, int, int]
"""Table, row and column, each by its number in the first run."""
CELL = ("table", "row", "column")


class Count(NamedTuple):
    """One whole number of a township, in both runs."""

    spot: Spot
    table: str
    row: int
    column: str
    before: int
    after: int


@dataclass(frozen=True)
class Discrepancy:
    """What is different between the counts of two runs."""

    columns_before: tuple[str, ...]
    """`table column` of those that only the first run has."""
    columns_after: tuple[str, ...]
    places_before: tuple[Spot, ...]
    """Places that only the first run has, sorted."""
    places_after: tuple[Spot, ...]
    first: Count | None
    """The first number that differs, by place, table, row and column, of what both have; None where all are the same."""
    places_differ: int
    """Places that both have, and in which a number differs."""
    places: int
    """Places that both have."""

    def __bool__(self) -> bool:
        """Whether anything is different."""
        lost = self.columns_before or self.columns_after or self.places_before or self.places_after
        return bool(lost) or self.first is not None


def discrepancy(before: RunFolder, after: RunFolder) -> Discrepancy:
    """What is different between the counts of two run folders. Memory: a hash for each place, and the rows of a batch at a time."""
    one, other = _columns(before.tables), _columns(after.tables)
    common = {name: cell for name, cell in one.items() if name in other}
    first = _Counts(before, {cell: cell for cell in common.values()})
    second = _Counts(after, {other[name]: cell for name, cell in common.items()})
    ours, theirs = first.hashes(), second.hashes()
    both = sorted(ours.keys() & theirs.keys())
    differ = [spot for spot in both if ours[spot] != theirs[spot]]
    found = None
    if differ:
        (table, row, column), values = _first(first.at(differ[0]), second.at(differ[0]))
        found = Count(differ[0], before.tables[table].name, row, before.tables[table].columns[column], *values)
    return Discrepancy(
        tuple(f"{table} {column}" for table, column in one if (table, column) not in other),
        tuple(f"{table} {column}" for table, column in other if (table, column) not in one),
        tuple(sorted(ours.keys() - theirs.keys())),
        tuple(sorted(theirs.keys() - ours.keys())),
        found,
        len(differ),
        len(both),
    )


def _columns(tables: Sequence[Table]) -> dict[tuple[str, str], tuple[int, int]]:
    return {(table.name, column): (t, c) for t, table in enumerate(tables) for c, column in enumerate(table.columns)}


class _Counts:
    """The numbers of a run in the columns that count, under the numbers that these have in the first run."""

    def __init__(self, folder: RunFolder, columns: dict[tuple[int, int], tuple[int, int]]) -> None:
        self._folder, self._columns = folder, columns

    def hashes(self) -> dict[Spot, bytes]:
        """A hash of the numbers of each place, equal for any order of rows and any cut into batches."""
        found: dict[Spot, bytes] = {}
        for frame in self._frames():
            rows = frame.select(*PLACE, *CELL, "value").cast(_long()).to_numpy()
            starts = np.flatnonzero(np.any(np.diff(rows[:, :3], axis=0, prepend=-1), axis=1))
            for part in np.split(rows, starts[1:]) if len(rows) else ():
                spot = (int(part[0, 0]), int(part[0, 1]), int(part[0, 2]))
                found[spot] = hashlib.sha256(np.ascontiguousarray(part[part[:, 6] != 0, 3:]).tobytes()).digest()
        return found

    def at(self, spot: Spot) -> dict[Cell, int]:
        """The numbers of a place that are not zero."""
        import polars as pl

        here = pl.all_horizontal(pl.col(name) == number for name, number in zip(PLACE, spot, strict=True))
        rows = (row for frame in self._frames() for row in frame.filter(here).select(*CELL, "value").iter_rows())
        return {(table, row, column): value for table, row, column, value in rows if value}

    def _frames(self) -> Iterator[pl.DataFrame]:
        """The batches with the columns that count, sorted; a place that has nothing in them keeps a row with a zero."""
        import polars as pl

        named = [(*theirs, *ours) for theirs, ours in self._columns.items()]
        names = pl.DataFrame(named, schema=dict.fromkeys(("table", "column", "t", "c"), pl.Int64), orient="row")
        for frame in self._folder.frames():
            found = frame.cast(_long()).join(names, on=("table", "column"), how="inner")
            counted = found.select(*PLACE, pl.col("t").alias("table"), "row", pl.col("c").alias("column"), "value")
            empty = (
                frame.select(PLACE).unique().cast(pl.Int64).with_columns(pl.lit(0).cast(pl.Int64).alias(name) for name in (*CELL, "value"))
            )
            yield pl.concat([counted, empty]).sort(*PLACE, *CELL)


def _long() -> pl.DataType:
    import polars as pl

    return pl.Int64()


def _first(ours: dict[Cell, int], theirs: dict[Cell, int]) -> tuple[Cell, tuple[int, int]]:
    return next(
        (cell, values) for cell in sorted(ours.keys() | theirs.keys()) if len(set(values := (ours.get(cell, 0), theirs.get(cell, 0)))) > 1
    )
