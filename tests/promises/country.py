"""Scenario files lived for promises: a township in each of some regions, every region by its own rules, and every number by its name.

Rows that stand for classes or channels are taken apart by name, so that two scenarios of which one has more of them can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence

from lived import Columns

from counterlife.scenario.compile import Compiled
from counterlife.township.jit import compiled
from counterlife.verify.promises.ground import Ground, added

PEOPLE = 600 if compiled() else 60
PILOTS = ("Shanghai", "Zhejiang")


def lived_in(town: Compiled, regions: Sequence[str] = PILOTS, seed: int = 1) -> Columns:
    """The tallies of a township in each of these regions added up, by name."""
    rows = [town.names.regions.index(region) for region in regions]
    return added([Ground.of(town, row, seed=seed).columns for row in rows])
