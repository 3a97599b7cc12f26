"""Scenario files lived for promises: a township in each of some regions, every region by its own rules, and every number by its name.

Rows that stand for classes or channels are taken apart by name, so that two scenarios of which one has more of them can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from lived import Columns, place

from counterlife.scenario.compile import Compiled
from counterlife.township.jit import compiled
from counterlife.township.sheet import add, columns
from counterlife.township.township import live_township

PEOPLE = 600 if compiled() else 60
PILOTS = ("Shanghai", "Zhejiang")


def lived_in(town: Compiled, regions: Sequence[str] = PILOTS, seed: int = 1) -> Columns:
    """The tallies of a township in each of these regions added up, by name."""
    rows = [town.names.regions.index(region) for region in regions]
    tallies = [live_township(place(town, row), town.book(row), town.populace, seed, 0) for row in rows]
    tally = tallies[0]
    for one in tallies[1:]:
        tally = add(tally, one)
    names, found = town.names, {}
    by_row = {"channels": ["/".join(channel) for channel in names.channels], "classes": list(names.classes)}
    for table, labels in columns(names.worlds, names.pairs, names.domains).items():
        for n, label in enumerate(labels):
            column = getattr(tally, table)[:, n]
            for row, name in enumerate(by_row.get(table, [])):
                found[f"{table} {name} {label}"] = column[row : row + 1]
            if table not in by_row:
                found[f"{table} {label}"] = column
    return {name: np.asarray(column) for name, column in found.items()}
