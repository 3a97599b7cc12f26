"""Scenario files of this package, lived by the production engine: tallies, township by township, by the names of their columns.

A `Lab` says how many people are lived, in the full form or in the quick one. What is expected of them is in the modules of the checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path

import numpy as np

from ..layout import Ints, Place
from ..measures import Sample
from ..scenario.allotment import places
from ..scenario.compile import Compiled
from ..scenario.compile import compile as compiled
from ..scenario.load import load
from ..scenario.model import Scenario
from ..store import Table
from ..study import plan, tallied
from ..study.facts import facts
from ..study.labels import labelled
from ..township.book import bind
from ..township.draws import SCHEME, address
from ..township.people import People, make
from ..township.sheet import Tally, columns
from ..township.tapes import Tapes, write
from ..township.township import live_township
from .tolerance import Tolerance

SCENARIOS = Path(str(resources.files("counterlife.verify"))) / "scenarios"


@dataclass(frozen=True)
class Lived:
    """What the townships of a scenario left."""

    scenario: Compiled
    townships: tuple[Tally, ...]
    where: tuple[Place, ...] = ()
    described: Scenario | None = None
    """What the numbers were made of, where measures are wanted."""

    @cached_property
    def sample(self) -> Sample:
        """The same as the measures want it, each township a cluster."""
        assert self.described is not None
        counts = {name: np.stack([getattr(one, name) for one in self.townships]) for name in self.townships[0]._fields}
        tables = [Table(name, table.shape[1], self.columns[name]) for name, table in counts.items()]
        regions, numbers = [place.region for place in self.where], [place.number for place in self.where]
        return Sample(labelled(self.described, tables, regions, numbers, counts), facts(self.described))

    @cached_property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Names of the columns of each table."""
        names = self.scenario.names
        return columns(names.worlds, names.pairs, names.domains, names.soft)

    @property
    def days(self) -> int:
        """Days of the period."""
        return self.scenario.rulebook.days

    @property
    def persons(self) -> int:
        """People lived."""
        return int(self.each("people").sum())

    def each(self, column: str) -> Ints:
        """A column of the people table for each township, all cells together."""
        at = self.columns["people"].index(column)
        return np.array([one.people[:, at].sum() for one in self.townships])

    def total(self, column: str) -> int:
        """A column of the people table, everybody together."""
        return int(self.each(column).sum())

    def monthly(self, column: str) -> Ints:
        """A column of the months table, townships by months."""
        at = self.columns["months"].index(column)
        return np.array([one.months[:, at] for one in self.townships])

    def channels(self, column: str) -> Ints:
        """A column of the channels table for each township, townships by channels."""
        at = self.columns["channels"].index(column)
        return np.array([one.channels[:, at] for one in self.townships])

    def channel(self, column: str, source: str, of: str) -> int:
        """A column of the channels table for a source and a class."""
        return int(self.channels(column)[:, self.scenario.names.channels.index((source, of))].sum())

    @property
    def month_starts(self) -> list[int]:
        """First day of each month of the period, and the day after the last."""
        changes = np.flatnonzero(np.diff(self.scenario.rulebook.month_of_day)) + 1
        return [0, *(int(day) for day in changes), self.days]

    def from_day(self, column: str, day: int) -> Ints:
        """Days of a column of the months table from the first month on that begins on this day or later, for each township."""
        return np.asarray(self.monthly(column)[:, next(m for m, d in enumerate(self.month_starts) if d >= day) :].sum(axis=1))


@dataclass(frozen=True)
class Form:
    """How much is lived."""

    name: str
    fewer: int
    """The number of townships is divided by this, unless a check says how many."""
    wider: float
    """The materiality is multiplied by this."""


FULL, QUICK = Form("full", 1, 1.0), Form("quick", 25, 5.0)


@dataclass
class Lab:
    """Scenarios of this package as numbers and as lives, the same ones only once."""

    form: Form = FULL
    changed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Overrides of scenarios, by name: for lives that are meant to differ."""
    _lived: dict[tuple[str, int, int, tuple[str, ...]], Lived] = field(default_factory=dict)

    @property
    def tolerance(self) -> Tolerance:
        """The rules for verdicts at the size of this form."""
        return Tolerance(self.form.wider)

    def described(self, name: str, overrides: Sequence[str] = ()) -> Scenario:
        """A scenario with everything said."""
        return load(str(SCENARIOS / f"{name}.yaml"), [*overrides, *self.changed.get(name, ())])

    def scenario(self, name: str, overrides: Sequence[str] = ()) -> Compiled:
        """A scenario as numbers."""
        return compiled(self.described(name, overrides))

    def townships(self, full: int, quick: int | None = None) -> int:
        """That many townships in the full form; in the quick one as many as are said, or a part of them."""
        return full if self.form.fewer == 1 else quick or -(-full // self.form.fewer)

    def places(self, one: Compiled, townships: int) -> list[Place]:
        """Where that many townships of a scenario lie."""
        return places(one.region_people.tolist(), one.region_numbers.tolist(), townships)

    def live(self, name: str, townships: int, seed: int, overrides: Sequence[str] = (), quick: tuple[int, int | None] = (0, None)) -> Lived:
        """That many townships of a scenario, lived. quick: townships in the quick form, and their people where they are smaller there."""
        many, size = self.townships(townships, quick[0]), quick[1]
        if self.form.fewer > 1 and size:
            overrides = (*overrides, f"population.township={size}")
        key = (name, many, seed, tuple(overrides))
        if key not in self._lived:
            described = self.described(name, overrides)
            one = compiled(described)
            where = tuple(self.places(one, many))
            lives = tuple(live_township(place, one.rulebook, one.populace, seed, 0) for place in where)
            self._lived[key] = Lived(one, lives, where, described)
        return self._lived[key]

    def sampled(self, name: str, townships: int, seed: int, overrides: Sequence[str] = ()) -> Sample:
        """That many townships of a scenario as a run has them, with the tables that the study makes; each township is a cluster."""
        one = self.described(name, overrides)
        planned = plan(one, townships * one.population.township, seed, 1, SCHEME)
        return Sample(tallied(planned), facts(planned.scenario))

    def peopled(self, name: str, townships: int, seed: int, overrides: Sequence[str] = ()) -> Iterator[tuple[Compiled, People, Tapes]]:
        """The people and the tapes of that many townships: all that may enter their lives, before any world leaves things out."""
        one = self.scenario(name, overrides)
        for place in self.places(one, townships):
            at = address(place, seed, 0)
            people = make(at, one.populace, place.row, one.rulebook.frailty_shape)
            yield one, people, write(at, bind(one.rulebook, one.populace), people)
