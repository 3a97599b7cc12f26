"""A scenario file of this folder, lived by the production engine: its tallies, township by township, by the names of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from counterlife.layout import Ints
from counterlife.scenario.allotment import places
from counterlife.scenario.compile import Compiled
from counterlife.scenario.compile import compile as compiled
from counterlife.scenario.load import load
from counterlife.township.book import bind
from counterlife.township.draws import address
from counterlife.township.people import People, make
from counterlife.township.records import Tapes, write
from counterlife.township.sheet import Tally, columns
from counterlife.township.township import live_township

SCENARIOS = Path(__file__).parent / "scenarios"


@dataclass(frozen=True)
class Lived:
    """What the townships of a scenario left."""

    scenario: Compiled
    townships: tuple[Tally, ...]

    @cached_property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Names of the columns of each table."""
        names = self.scenario.names
        return columns(names.worlds, names.pairs, names.domains)

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

    def channel(self, column: str, source: str, of: str) -> int:
        """A column of the channels table for a source and a class."""
        row = self.scenario.names.channels.index((source, of))
        at = self.columns["channels"].index(column)
        return int(sum(one.channels[row, at] for one in self.townships))

    @property
    def month_starts(self) -> list[int]:
        """First day of each month of the period, and the day after the last."""
        changes = np.flatnonzero(np.diff(self.scenario.rulebook.month_of_day)) + 1
        return [0, *(int(day) for day in changes), self.days]


def scenario(name: str, overrides: Sequence[str] = ()) -> Compiled:
    """A scenario file of this folder as numbers."""
    return compiled(load(str(SCENARIOS / f"{name}.yaml"), overrides))


def live(name: str, townships: int, seed: int, overrides: Sequence[str] = ()) -> Lived:
    """That many townships of a scenario file, lived."""
    one = scenario(name, overrides)
    where = places(one.region_people.tolist(), one.region_numbers.tolist(), townships)
    return Lived(one, tuple(live_township(place, one.rulebook, one.populace, seed, 0) for place in where))


def tapes(one: Compiled, townships: int, seed: int) -> Iterator[tuple[People, Tapes]]:
    """The people and the tapes of that many townships: all that may enter their lives, before any world leaves things out."""
    for place in places(one.region_people.tolist(), one.region_numbers.tolist(), townships):
        at = address(place, seed, 0)
        people = make(at, one.populace, place.row, one.rulebook.frailty_shape)
        yield people, write(at, bind(one.rulebook, one.populace), people)
