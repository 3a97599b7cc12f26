"""What the numbers of a rulebook stand for, and the few ways in which its arrays are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..layout import Floats, Ints, Words


@dataclass(frozen=True)
class Names:
    """What the numbers of a rulebook stand for, in their order."""

    classes: tuple[str, ...]
    channels: tuple[tuple[str, str], ...]
    lists: tuple[str, ...]
    domains: tuple[str, ...]
    worlds: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    bands: tuple[str, ...]
    regions: tuple[str, ...]
    scores: tuple[str, ...] = ("score",)
    """The public score, which is called `score`, and the further ones."""
    logs: tuple[bool, ...] = (False,)
    """Scores that are kept as logarithms: the points shown are exp(number / 1e9)."""
    threats: tuple[str, ...] = ()
    stages: tuple[tuple[tuple[str, ...], ...], ...] = (((),),)
    """Stages of each region in each world, as many as a rulebook has: the first may be empty, for the time before the system came, and so
    are those that a region does not have."""
    soft: tuple[str, ...] = ()
    """Domains whose gate, while it is open, refuses a share of the applications in some world."""


def ints(values: Iterable[Any]) -> Ints:
    """Whole numbers as an array."""
    return np.array(list(values), np.int64)


def floats(values: Iterable[Any]) -> Floats:
    """Numbers as an array."""
    return np.array(list(values), np.float64)


def words(values: Iterable[int]) -> Words:
    """Addresses as an array."""
    return np.array(list(values), np.uint64)


def table(rows: int, columns: int, cell: Callable[[int, int], float]) -> Floats:
    """The numbers of the cells, (rows, columns)."""
    return floats(cell(row, column) for row in range(rows) for column in range(columns)).reshape(rows, columns)
