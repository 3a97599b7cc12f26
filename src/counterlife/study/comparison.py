"""Runs over the same lives beside one another: what is different in their scenarios, and what that moves.

The first run is the reference. What the same lives are is said in `cohort.py`; how a difference and its interval are worked out is in
`measures.pairing`, how scenarios are held together in `scenario.difference`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..measures import counts_the_same_people, paired
from ..scenario import Change, changes
from ..store import PROVENANCE, FolderRefusedError
from .cohort import Cohort, refuse_others
from .plan import RequestError
from .run import Run, open_run

if TYPE_CHECKING:
    import polars as pl

AT = "@"
"""Between the folder of a run and one of its worlds."""
IDENTITY = {
    "seed": "seed",
    "replicates": "replicates",
    "people": "people",
    "township": "people in a township",
    "draw_scheme": "draw scheme",
}
MOST_NAMED = 5


@dataclass(frozen=True)
class Side:
    """A run, or one world of it, under the name by which a comparison calls it."""

    name: str
    run: Run
    world: str | None = None
    """The world that is meant; all of them, by their names, where nothing is said."""

    @property
    def headline(self) -> str:
        """The world in question."""
        return self.world or self.run.scenario.compare[0][0]


@dataclass(frozen=True)
class Comparison:
    """A reference and other runs of the same lives."""

    reference: Side
    """The run that the others are compared with, or one world of it."""
    others: tuple[Side, ...]
    """The others, in the order in which they were given."""

    @cached_property
    def changes(self) -> pl.DataFrame:
        """What is different in the scenarios of the others: run, path, before, after, before_source, after_source, kind."""
        import polars as pl

        found = [(other.name, *one) for other in self.others for one in self.changes_of(other)]
        return pl.DataFrame(found, schema=dict.fromkeys(("run", *Change._fields), pl.String), orient="row")

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Every measure that the runs have in common: `run`, and for each value of it `measures.COMPARED`.

        before: the reference; difference: after less before, with its paired Monte Carlo interval (95 %). `finding` says whether both
        counted the same, whether the difference lies within chance, or neither can be said.
        """
        import polars as pl

        return pl.concat([frame.select(pl.lit(name).alias("run"), pl.all()) for name, frame in self.frames.items()])

    @cached_property
    def frames(self) -> dict[str, pl.DataFrame]:
        """What moves between the reference and each of the others, by its name."""
        before = self.reference.run
        return {
            other.name: paired(before.tallies, before.facts, other.run.tallies, other.run.facts, worlds=self.worlds(other))
            for other in self.others
        }

    def worlds(self, other: Side) -> tuple[str, str] | None:
        """The world of the reference and that of the other, where single worlds are compared."""
        if self.reference.world is None and other.world is None:
            return None
        return self.reference.headline, other.headline

    def changes_of(self, other: Side) -> list[Change]:
        """What is different in the scenario of one of the others, or in the rules of its world."""
        return changes(self.reference.run.scenario, other.run.scenario, worlds=self.worlds(other))

    def is_identical(self, other: Side) -> bool:
        """Whether both are the same worlds of runs that counted the same, to the last count."""
        worlds = self.worlds(other)
        same_worlds = worlds is None or worlds[0] == worlds[1]
        return same_worlds and self.reference.run.fingerprint == other.run.fingerprint

    @property
    def programs(self) -> list[str]:
        """The versions of the program that made the runs, each with its commit: more than one may itself be what moves something."""
        made = (side.run.provenance for side in (self.reference, *self.others))
        return list(dict.fromkeys(f"{one['version']} ({(one['commit'] or 'no commit')[:12]})" for one in made))


def compare(first: Run | str | Path, *others: Run | str | Path, names: Sequence[str] = ()) -> Comparison:
    """The first run as reference, and the others beside it; a run is one of `run`, or its folder, with `@` and a world where one is meant.

    names: what to call them; their folders or titles where nothing is given. Raises StoreError where a folder holds no finished run, and
    RequestError where a world is not known, or with what differs where the runs have not lived the same people.
    """
    if not others:
        raise RequestError("one run alone cannot be compared: give two or more, the one that the others are held against first.")
    if names and len(names) != 1 + len(others):
        raise RequestError(f"{len(names)} names do not fit {1 + len(others)} runs: give one for each, or none.")
    sides = [side_of(one) for one in (first, *others)]
    sides = _told_apart([replace(side, name=name) for side, name in zip(sides, names or [side.name for side in sides], strict=True)])
    for other in sides[1:]:
        _refuse_other_people(sides[0], other)
    return Comparison(sides[0], tuple(sides[1:]))


def is_run(path: str | Path) -> bool:
    """Whether a folder holds a run."""
    return os.path.isfile(Path(_parted(path)[0]) / PROVENANCE)


def _parted(path: str | Path) -> tuple[str, str | None]:
    """The folder and the world; a folder whose own name holds the sign is taken as it is."""
    text = os.fspath(path)
    folder, sign, world = text.rpartition(AT)
    return (text, None) if not sign or os.path.isdir(text) else (folder, world)


def side_of(one: Run | str | Path) -> Side:
    """A run, or a world of it, by the name of its folder; raises StoreError where there is none."""
    if isinstance(one, Run):
        return Side(str(one.path or one.scenario.title), one)
    folder, world = _parted(one)
    run = open_run(folder)
    if world is not None and world not in run.scenario.worlds:
        raise FolderRefusedError(f"{folder} has no world {world!r}; it has {', '.join(run.scenario.worlds)}.")
    return Side(os.fspath(one), run, world)


def _told_apart(sides: Sequence[Side]) -> list[Side]:
    """The sides with a number behind every name that another one before it has."""
    seen: dict[str, int] = {}
    found = []
    for side in sides:
        seen[side.name] = seen.get(side.name, 0) + 1
        found.append(side if seen[side.name] == 1 else replace(side, name=f"{side.name} ({seen[side.name]})"))
    return found


def _refuse_other_people(first: Side, second: Side) -> None:
    one, other = (Cohort(side.name, side.run.scenario, side.run.provenance["identity"]) for side in (first, second))
    refuse_others(one, other)
    if not counts_the_same_people(first.run.tallies, second.run.tallies):
        raise RequestError(
            f"{first.name} and {second.name} say that they lived the same people, but their tallies count others: different versions of "
            f"the program made them ({first.run.provenance['version']}, {second.run.provenance['version']}). Run one of them again."
        )
