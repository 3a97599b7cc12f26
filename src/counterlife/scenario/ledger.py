"""The ledger of assumptions: every number of a scenario that claims something about the world, with its source.

A number without a source stands here as `illustrative`. Which of them matter is for the studies to find out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from ..layout import LedgerRow
from .model import Scenario
from .quantity import Quantity
from .written import Path


def ledger(scenario: Scenario) -> list[LedgerRow]:
    """Every quantity of the scenario in the order of the file; the region table is one row."""
    country = scenario.population.country
    table = LedgerRow(
        "population.country.regions", f"{len(country.regions)} regions", "", country.source_type, country.source, country.date or "", ""
    )
    found = [_row(quantity, ".".join(map(str, path))) for path, quantity in quantities(scenario)]
    at = next((index for index, row in enumerate(found) if row.path.startswith("population.")), 0)
    return [*found[:at], table, *found[at:]]


def quantities(node: object, path: Path = ()) -> Iterator[tuple[Path, Quantity[Any]]]:
    """Every number of a scenario, or of a part of it, that claims something about the world, with its path as it is written."""
    if isinstance(node, Quantity):
        yield path, node
    elif isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            part = node.written_worlds if isinstance(node, Scenario) and name == "worlds" else getattr(node, name)
            yield from quantities(part, (*path, field.alias or name))
    elif isinstance(node, Mapping) and "value" in node:  # a number that a world, a safeguard, a structure or a stage sets
        yield path, Quantity[Any].model_construct(**node)
    elif isinstance(node, Mapping):
        for name, one in node.items():
            yield from quantities(one, (*path, str(name)))
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for index, one in enumerate(node):
            yield from quantities(one, (*path, index))


def _row(quantity: Quantity[Any], path: str) -> LedgerRow:
    ends = " to ".join(_text(one) for one in quantity.range) if quantity.range else ""
    return LedgerRow(path, _text(quantity.value), ends, quantity.source, quantity.ref or "", quantity.date or "", quantity.note or "")


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_text(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
