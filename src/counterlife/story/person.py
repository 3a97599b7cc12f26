"""Who a story is about, and what it consists of."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from ..study import RequestError, Run, lived


@dataclass(frozen=True)
class PersonId:
    """A synthetic person: meaningful only together with a scenario and a seed."""

    region: str
    township: int
    index: int
    replicate: int = 0

    def __str__(self) -> str:
        """As a command takes it."""
        return f"{self.region}/{self.township}/{self.index}" + (f"/{self.replicate}" if self.replicate else "")

    def beside(self, index: int) -> PersonId:
        """Somebody of the same township."""
        return PersonId(self.region, self.township, index, self.replicate)


@dataclass(frozen=True)
class Line:
    """One thing that happened in one world."""

    day: float
    date: dt.date
    world: str
    text: str


@dataclass(frozen=True)
class Story:
    """A synthetic person's life in every world."""

    person: PersonId
    who: str
    lines: tuple[Line, ...]
    spans: tuple[tuple[str, str, int, int], ...]
    """World, domain, first closed day, first open day after it."""
    rule: str = ""
    """How the person was picked, where nobody asked for them."""


def person_id(text: str, run: Run) -> PersonId:
    """The person that a text such as `Shanxi/0/1234` (region, township, number, and the replicate if not the first) names in a run.

    Raises RequestError, with what is wrong, for a person who was not lived.
    """
    match = re.fullmatch(r"\s*(.+?)[/,](\d{1,9})[/,](\d{1,9})(?:[/,](\d{1,9}))?\s*", text)
    if not match:
        raise RequestError(f"{text[:60]!r} names nobody: write region/township/number, such as {_example(run)}.")
    plan = lived(run)
    names = {str(region.number): region.name for region in run.scenario.population.lived}
    region = names.get(match[1], match[1])
    townships = dict.fromkeys(names.values(), 0)
    for place in plan.places:
        townships[names[str(place.region)]] += 1
    if region not in townships:
        raise RequestError(f"there is no region {region!r} in this run: it has {', '.join(townships)}.")
    township, index, replicate = int(match[2]), int(match[3]), int(match[4] or 0)
    for what, number, count in (
        ("township", township, townships[region]),
        ("person", index, plan.township),
        ("replicate", replicate, plan.replicates),
    ):
        if number >= count:
            raise RequestError(f"there is no {what} {number} here: they are numbered from 0 to {count - 1}.")
    return PersonId(region, township, index, replicate)


def _example(run: Run) -> str:
    return f"{run.scenario.population.lived[0].name}/0/17"
