"""Points are lived: each at most once, on threads, and in the journal as soon as it is finished."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from ..executors import execute
from ..scenario import ScenarioError
from .journal import Journal, Lived, Place
from .outcomes import live
from .variants import Family

Told = Callable[[int, int], None]
"""Called with the points lived and the points in all."""


@dataclass(frozen=True)
class Lives:
    """What is needed to live a point: the family, how many people, their luck, and where results go."""

    family: Family
    people: int
    seed: int
    journal: Journal
    workers: int | None = None
    executor: str = "threads"

    def at(self, places: Sequence[Place], told: Told | None = None) -> list[Lived]:
        """What came of these points; those in the journal are read, the others lived."""
        todo = [place for place in dict.fromkeys(places) if place not in self.journal.lived]
        total = len(set(places))
        done = total - len(todo)
        if told:
            told(done, total)
        with closing(execute(self.executor, self._live, todo, self.workers)) as finished:
            for place, lived in finished:
                self.journal.add(place, lived)
                done += 1
                if told:
                    told(done, total)
        return [self.journal.lived[place] for place in places]

    def _live(self, place: Place) -> Lived:
        structure, coordinates = place
        try:
            return Lived(live(self.family.variant(coordinates, structure), self.people, self.seed))
        except ScenarioError as error:
            return Lived(refused=error.problems[0].text)
