"""Whether a promise is kept: what was compared, how many numbers and lives, how often what it is about happened, and the verdict.

A promise that is kept because nothing happened is worth nothing: such a look raises `PowerlessError` instead of saying that all is well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import ArrayLike

from ..tolerance import Verdict
from .ground import Columns


class PowerlessError(Exception):
    """Nothing happened that the promise is about, so that nothing could have broken it."""


@dataclass(frozen=True)
class Kept:
    """One thing that was compared for a promise."""

    what: str
    numbers: int
    """Whole numbers, or days and domains of persons, that were compared."""
    lives: int
    """Lives that they are of: a person in a world counts once for each time that it was lived."""
    happened: int
    """How often what the promise is about happened, or how many numbers move where what is promised about is done otherwise."""
    event: str
    """What happened so often."""
    off: int
    """Numbers that are not as promised."""
    why: str = ""
    """The first of them, in words; empty where there is none."""

    @property
    def verdict(self) -> Verdict:
        """Whether the promise is kept here."""
        return Verdict.DIFFERS if self.off else Verdict.AGREES


def kept(what: str, seen: ArrayLike, due: ArrayLike, *, lives: int, happened: int, event: str, least: int = 1) -> Kept:
    """Two arrays of the same shape are equal, number by number. Raises PowerlessError where the event happened less often than `least`."""
    one, other = np.asarray(seen), np.asarray(due)
    off = int((one != other).sum()) if one.shape == other.shape else max(one.size, other.size)
    why = "" if not off else f"{off:,} of {other.size:,} numbers are not as promised"
    return _powered(Kept(what, other.size, lives, happened, event, off, why), least)


def never(what: str, times: ArrayLike, *, lives: int, happened: int, event: str, least: int = 1) -> Kept:
    """Nothing in the array is true, or above zero. Raises PowerlessError as `kept` does."""
    some = np.asarray(times)
    off = int(np.count_nonzero(some))
    return _powered(Kept(what, some.size, lives, happened, event, off, f"{off:,} times among {some.size:,}" if off else ""), least)


def alike(
    what: str, one: Columns, other: Columns, *, lives: int, happened: int, event: str, least: int = 1, but: Iterable[str] = ()
) -> Kept:
    """Every column of the first is in the second with the same numbers, less those whose names match. Raises PowerlessError as `kept`."""
    chosen = {name: column for name, column in one.items() if not any(fnmatchcase(name, pattern) for pattern in but)}
    names = moved(chosen, other)
    why = f"{len(names):,} of {len(chosen):,} columns differ, the first of them {names[0]!r}" if names else ""
    return _powered(Kept(what, sum(column.size for column in chosen.values()), lives, happened, event, len(names), why), least)


def all_of(several: Iterable[Kept]) -> Kept:
    """Several comparisons of the same kind as one: numbers, lives and events are added up, and the first that fails says why."""
    every = list(several)
    why = next((one.why for one in every if one.why), "")
    total: Callable[[str], int] = lambda name: sum(getattr(one, name) for one in every)  # noqa: E731
    return Kept(every[0].what, total("numbers"), total("lives"), total("happened"), every[0].event, total("off"), why)


def _powered(one: Kept, least: int) -> Kept:
    if one.numbers < 1 or (one.happened < least and not one.off):
        raise PowerlessError(f"{one.what}: {one.event} {one.happened:,}, which has to be {least:,} or more for this to say anything")
    return one


def moved(before: Columns, after: Columns) -> list[str]:
    """Columns of the first that are missing or different in the second."""
    return [name for name, column in before.items() if name not in after or not np.array_equal(column, after[name])]


def total(numbers: Columns, pattern: str) -> int:
    """The sum of all columns whose names match, where * stands for anything; raises KeyError where none does."""
    chosen = [column for name, column in numbers.items() if fnmatchcase(name, pattern)]
    if not chosen:
        raise KeyError(f"no column is called {pattern}")
    return int(sum(column.sum() for column in chosen))


def lives_in(numbers: Mapping[str, np.ndarray], world: str) -> Columns:
    """The columns about lives in that world alone, under names without it."""
    labels = {name: name.rpartition(" ")[2].split(".") for name in numbers}
    return {name.replace(f".{world}", "", 1): numbers[name] for name, parts in labels.items() if len(parts) > 1 and parts[1] == world}
