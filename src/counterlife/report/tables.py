"""Tables of the report: what is shown, and the same rows as a CSV file inside the page."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from counterlife.figures import number


@dataclass(frozen=True)
class Table:
    """A table with its title, the names of its columns, its rows (the first cell heads the row), and the name of its file."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    file: str
    raw: tuple[tuple[object, ...], ...] = ()
    """The rows as they go into the file, where numbers are not to be rounded and no row is left out."""
    marks: tuple[str, ...] = ()
    """The class of each row, where rows are to be told apart."""
    note: str = ""
    """What a reader has to know about the rows."""
    raw_heads: tuple[str, ...] = ()
    """The names of the columns in the file, where it has others than the page."""

    @property
    def link(self) -> str:
        """The table as a CSV file in an address: nothing is fetched."""
        return "data:text/csv;charset=utf-8;base64," + base64.b64encode(self.csv).decode("ascii")

    @property
    def csv(self) -> bytes:
        """The table as a CSV file, with the mark by which spreadsheets know its letters."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(self.raw_heads or self.heads)
        writer.writerows(self.raw or self.rows)
        return out.getvalue().encode("utf-8-sig")


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], file: str) -> Table:
    """A table of texts."""
    return Table(title, tuple(heads), tuple(tuple(row) for row in rows), file)


def of_frame(title: str, heads: Sequence[str], frame: pl.DataFrame, file: str) -> Table:
    """A table of a frame: numbers rounded on the page, whole in the file."""
    raw = tuple(frame.iter_rows())
    return Table(title, tuple(heads), tuple(tuple(_written(cell) for cell in row) for row in raw), file, raw)


def _written(cell: object) -> str:
    if cell is None:
        return "–"
    return number(cell) if isinstance(cell, float) else str(cell)
