"""What a check is: its number, what it says in plain words, where its exact answer comes from, and the function that makes its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .engine import Lab
from .tolerance import Row


@dataclass(frozen=True)
class Check:
    """A check; checks are listed in the modules by theme."""

    id: str
    title: str
    answer: str
    """The exact answer as a formula or in words."""
    solver: str
    """Where it is computed: modules and functions of `counterlife.exact`."""
    rows: Callable[[Lab], Iterator[Row]]
    engine: bool = True
    """Whether the engine lives scenarios for it; if not, two ways of solving the same are held against each other."""
