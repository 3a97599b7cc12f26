"""Small townships lived for tests: variants of shipped scenarios, and tallies as columns by name.

Plain Python is slow, so townships are smaller where compilation is off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

from counterlife.layout import Place
from counterlife.scenario import load
from counterlife.scenario.compile import Compiled, compile  # noqa: A004
from counterlife.scenario.model import Scenario, completed
from counterlife.scenario.overrides import dump
from counterlife.township.jit import compiled
from counterlife.township.sheet import Tally, add
from counterlife.township.township import live_township
from counterlife.verify.promises.ground import Columns, Ground
from counterlife.verify.promises.ground import by_name as named
from counterlife.verify.promises.kept import moved as moved
from counterlife.verify.promises.kept import total as total

__all__ = ["Columns", "moved", "total"]

Data = dict[str, Any]

PEOPLE = 600 if compiled() else 150
SMALL = str(Path(__file__).parent / "scenarios" / "valid" / "small.yaml")


def variant(name: str, change: Callable[[Data], object] = lambda data: None, people: int = PEOPLE) -> Compiled:
    """The scenario with its data changed, in townships of so many people."""
    data = deepcopy(dump(load(name)))
    data["population"] |= {"township": people, "people": max(people, data["population"]["people"])}
    change(data)
    return compile(completed(Scenario.model_validate(data)))


def place(town: Compiled, row: int = 0, number: int = 0) -> Place:
    """A place in the region of that row."""
    return Place(row, int(town.region_numbers[row]), number)


def some_places(town: Compiled, most: int = 4) -> list[Place]:
    """One place in each of the first regions."""
    return [place(town, row) for row in range(min(most, town.region_numbers.size))]


def live(town: Compiled, where: Place, seed: int = 1, replicate: int = 0) -> Tally:
    """The tally of one township."""
    return live_township(where, town.book(where.row), town.populace, seed, replicate)


def lived(town: Compiled, where: Iterable[Place] | None = None, seed: int = 1) -> Columns:
    """The tallies of some townships added up, by name."""
    tallies = [live(town, one, seed) for one in (some_places(town) if where is None else where)]
    whole = tallies[0]
    for one in tallies[1:]:
        whole = add(whole, one)
    return by_name(town, whole)


def by_name(town: Compiled, tally: Tally) -> Columns:
    """`table column`, `channels source/class column` and `classes class column`, to the numbers that stand there, row by row."""
    return named(tally, Ground.of(town).words, town.rulebook)
