"""What the study hands to the measures: whole-number tallies by cluster, and the facts of the scenario that give them meaning.

Plain data only. Nothing is computed here; columns and their meaning are those of `docs/tallies.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from counterlife.layout import LedgerRow

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Tallies:
    """The five tables of every cluster, a cluster being a township or several townships of one region added up."""

    regions: tuple[str, ...]
    """Region of each cluster."""
    numbers: tuple[int, ...]
    """Township number of each cluster (the first one, where several are added up)."""
    tables: Mapping[str, Counts]
    """'people' (n, cells, columns), 'months' (n, months, columns), and so on for 'spells', 'spread' and 'channels'."""
    columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[object, ...]]
    """Labels: people (sex, age, residence, means, name), months 'YYYY-MM', spells and spread lower edges, channels 'source/class'."""


@dataclass(frozen=True)
class World:
    """A world of the scenario: which rules, and which records exist."""

    letter: str
    title: str
    rules: str
    records: str


@dataclass(frozen=True)
class Domain:
    """A gate of the scenario: what it is called, the part of life it belongs to, whether it is the child's, whether people need it."""

    title: str
    context: str
    child: bool
    essential: bool


@dataclass(frozen=True)
class Conduct:
    """A class of conduct: good or bad in the eyes of the system, where it arises, how grave it is."""

    title: str
    sign: str
    context: str
    gravity: float


@dataclass(frozen=True)
class Source:
    """A source of records and the part of life in which it records."""

    title: str
    context: str


@dataclass(frozen=True)
class Facts:
    """What the scenario says about the country, the worlds and itself."""

    title: str
    label: str
    claim: str
    question: str
    description: str
    days: int
    start: date
    people_in_country: float
    region_people: Mapping[str, float]
    tiles: Mapping[str, tuple[int, int]]
    """Row and column of each region in the tile grid, counted from the top left."""
    worlds: Mapping[str, World]
    pairs: tuple[tuple[str, str], ...]
    """World and the world it is compared with; the headline comparison first."""
    domains: Mapping[str, Domain]
    classes: Mapping[str, Conduct]
    sources: Mapping[str, Source]
    ledger: tuple[LedgerRow, ...] = ()
    bands: tuple[str, ...] = field(default=())

    @property
    def years(self) -> float:
        """Length of the period in years of 365 days."""
        return self.days / 365.0

    @property
    def comparisons(self) -> tuple[tuple[str, str], ...]:
        """Every two worlds once: the declared pairs first, then the rest with the later world against the earlier one."""
        names = list(self.worlds)
        seen = {frozenset(pair) for pair in self.pairs}
        rest = [(w, v) for i, w in enumerate(names) for v in names[:i] if frozenset((w, v)) not in seen]
        return (*self.pairs, *rest)


def pair_name(pair: tuple[str, str]) -> str:
    """The name of a comparison in the columns of the tallies: `world~versus`."""
    return f"{pair[0]}~{pair[1]}"
