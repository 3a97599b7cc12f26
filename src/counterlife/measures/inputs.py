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
    """The tables of every cluster, a cluster being a township or several townships of one region added up."""

    regions: tuple[str, ...]
    """Region of each cluster."""
    numbers: tuple[int, ...]
    """Township number of each cluster (the first one, where several are added up)."""
    tables: Mapping[str, Counts]
    """'people' (n, cells, columns), 'months' (n, months, columns), and so on for the other tables of `docs/tallies.md`."""
    columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[object, ...]]
    """Labels: people (sex, age, residence, means, name), months 'YYYY-MM', spells, waits, spread and meter lower edges, channels
    'source/class', classes their names."""


@dataclass(frozen=True)
class World:
    """A world of the scenario: which rules, and which records exist."""

    letter: str
    title: str
    rules: str
    records: str
    conduct: str = "own"
    """The world whose conduct is lived here, or 'own'."""


@dataclass(frozen=True)
class Domain:
    """A gate of the scenario: what it is called, the part of life it belongs to, whether it is the child's, whether people need it."""

    title: str
    context: str
    child: bool
    essential: bool
    applications: float = 0.0
    """Applications of a person in a year, 0 where nothing is said."""


@dataclass(frozen=True)
class Conduct:
    """A class of conduct: 'bad' or 'good' in the eyes of the system, or 'lawful' and none of its business; where it arises, how grave."""

    title: str
    sign: str
    context: str
    gravity: float
    near_gate: bool = False
    """Whether people do more of it while their score is a little below a gate."""


@dataclass(frozen=True)
class Source:
    """A source of records and the part of life in which it records."""

    title: str
    context: str


@dataclass(frozen=True)
class Safeguard:
    """A change of the design meant to protect people: a world of its name, and one of the same rules with accurate records."""

    title: str
    reviewer_hours: float = 0.0
    """Hours of reviewers that it takes a year for each 1,000 people, 0 where nothing is said."""
    unjoined: bool = False
    """Whether it does away with joint sanctions, so that every source closes its own domain only."""

    @staticmethod
    def accurate(name: str) -> str:
        """The world with the same rules and accurate records."""
        return f"{name} accurate"


@dataclass(frozen=True)
class Stage:
    """A change of the rules on a day of the period, in some regions or, where none is named, in all."""

    name: str
    day: int
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Breach:
    """A threat of a breach: what it is called, breaches of a place a day, the window, and the sources whose records it is about."""

    title: str
    hazard: float
    first: int
    """First day of the window, counted from the start of the period."""
    last: int
    """The day after the last."""
    sources: tuple[str, ...]


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
    safeguards: Mapping[str, Safeguard] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
    """Changes of the rules after the first day."""
    books: Mapping[str, float] = field(default_factory=dict)
    """Worlds that are the rule books of different regions, lived by the same people, and how many regions have each."""

    stage_days: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """For each region, the first day of each stage of its rulebook: the rows of the table of stages."""
    shocks: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Stages whose shock is split: the world in which settled records do not count from then on, and that in which no older ones do."""
    breaches: Mapping[str, Breach] = field(default_factory=dict)
    """Threats that copy what is on file, and change no life; what there is to be taken is in the table of archives."""
    channels: tuple[str, ...] = ()
    """Ways in which groups may come to differ that are switched off one by one; see the table of gaps."""

    @property
    def years(self) -> float:
        """Length of the period in years of 365 days."""
        return self.days / 365.0

    @property
    def contexts(self) -> dict[str, str]:
        """The contexts of sources, each with the world in which its records count for nothing, where there is one."""
        found = {source.context: f"without {source.context}" for source in self.sources.values()}
        return {context: world for context, world in found.items() if world in self.worlds}

    @property
    def side_worlds(self) -> frozenset[str]:
        """Worlds that serve one comparison only: accurate twins of safeguards, worlds without a context, rule books, split shocks."""
        split = (world for worlds in self.shocks.values() for world in worlds)
        return frozenset((*map(Safeguard.accurate, self.safeguards), *self.contexts.values(), *self.books, *split))

    @property
    def comparisons(self) -> tuple[tuple[str, str], ...]:
        """The declared pairs, then every two worlds that are not yet among them, the later against the earlier one.

        Worlds of safeguards, contexts and rule books of regions are compared only as declared.
        """
        added = {*self.safeguards, *self.side_worlds}
        names = [name for name in self.worlds if name not in added]
        seen = {frozenset(pair) for pair in self.pairs}
        rest = [(w, v) for i, w in enumerate(names) for v in names[:i] if frozenset((w, v)) not in seen]
        return (*self.pairs, *rest)


def pair_name(pair: tuple[str, str]) -> str:
    """The name of a comparison in the columns of the tallies: `world~versus`."""
    return f"{pair[0]}~{pair[1]}"
