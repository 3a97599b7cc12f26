"""Numbers of a run as lines of plain text: those that somebody asks for, each with its interval and what it is of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import polars as pl

from ..figures import number
from ..scenario.written import nearest
from ..study import RequestError, Run
from .text import Text, catalogue

ALL, EACH = "all", "each"
OF = ("world", "versus", "domain", "region", "group")


def quote(
    run: Run,
    ids: Collection[str] = (),
    *,
    only: Collection[str] = (),
    of: Mapping[str, Collection[str]] = MappingProxyType({}),
    language: str = "en",
) -> Iterator[str]:
    """A heading, and a line for each number that is asked for.

    ids: of the measures, all where none is given. only: words of which the name of a number holds one. of: values of `world`, `versus`,
    `domain`, `region` and `group`, or `each`; those of the first comparison and of everybody where nothing is said, and each gate of a
    measure that has no total over gates. Raises RequestError for
    what is not there.
    """
    text, found = catalogue(language), run.measures
    _known("id", ids, found)
    found = found.filter(pl.col("id").is_in(list(ids))) if ids else found
    for column, usual in zip(OF, (*run.scenario.compare[0], ALL, ALL, ALL), strict=True):
        wanted = of.get(column) or ()
        _known(column, wanted, run.measures)
        totals = [ALL] if column == "world" or (column == "versus" and not wanted) else []
        if column == "domain" and not wanted:
            found = found.filter((pl.col(column) == ALL) | ~(pl.col(column) == ALL).any().over("id"))  # some measures have no total
        elif EACH not in wanted:
            found = found.filter(pl.col(column).is_in([*(wanted or [usual]), *totals]))
    rows = [row for row in found.rows(named=True) if not only or any(words in row["name"] for words in only)]
    identity = run.provenance["identity"]
    blanks = {"title": run.scenario.title, "people": f"{identity['people'] * identity['replicates']:,}", "seed": str(identity["seed"])}
    yield text("quoted.heading", claim=run.scenario.claim, **blanks)
    if not rows:
        yield text("quoted.nothing")
    for row in rows:
        yield text("quoted.line", id=row["id"], name=row["name"], of=_of(row, text), value=_value(row, text), unit=row["unit"])


def _known(column: str, wanted: Collection[str], frame: pl.DataFrame) -> None:
    known = frame[column].unique(maintain_order=True).to_list()
    for value in wanted:
        if value not in (ALL, EACH, *known):
            raise RequestError(f"this run has no {'measure' if column == 'id' else column} {value!r}. {nearest(value, known)}")


def _of(row: dict[str, Any], text: Text) -> str:
    """The world, what it is compared with, and whatever else the number is not of everybody."""
    worlds = [row[name] for name in ("world", "versus") if row[name] != ALL]
    parts = [text("quoted.beside").join(worlds), *(row[name] for name in ("domain", "region", "group") if row[name] != ALL)]
    return ", ".join(part for part in parts if part) or text("quoted.everybody")


def _value(row: dict[str, Any], text: Text) -> str:
    if row["value"] is None:
        return text("quoted.hidden")
    if row["low"] is None or row["high"] is None:
        return number(row["value"])
    return text("quoted.between", value=number(row["value"]), low=number(row["low"]), high=number(row["high"]))
