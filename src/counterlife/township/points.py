"""From points to the score that gates see: within the ends of its scale, and mixed with what it takes from others.

Model: `docs/model.md` 6 and 16.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .book import Book
from .jit import inlined

State = Any  # an array of one STATE (`room.py`), and in kernels the record


@inlined
def shown(rules: Book, r: int, s: int, points: int) -> int:
    """So many points within the ends of the scale."""
    return min(max(points, rules["lowest"][r, s]), rules["highest"][r, s])


@inlined
def seen(rules: Book, state: State, s: int, more: int) -> int:
    """Score s as gates see it, if it had so many points more."""
    own = shown(rules, state["row"], s, state["score"][s] + more)
    return mixed(rules, state, own) if s == rules["tied"] else own


@inlined
def mixed(rules: Book, state: State, own: int) -> int:
    """The tied score with its share of other people's in it."""
    theirs = state["pull"] - np.int64(np.rint(state["weight"] * own))
    return shown(rules, state["row"], rules["tied"], own + theirs)


@inlined
def level(rules: Book, state: State, s: int, more: int) -> int:
    """The level of score s (`book.py`), if it had so many points more. It is looked for from where it was: most go from one to the next."""
    r, n, score = state["row"], state["level"][s], seen(rules, state, s, more)
    while n > 0 and score < rules["lines"][r, s, n]:
        n -= 1
    while score >= rules["lines"][r, s, n + 1]:
        n += 1
    return n


@inlined
def held(rules: Book, r: int, s: int, f: int, points: int) -> int:
    """What part f of score s counts, if its records come to so many points."""
    return min(max(points, rules["part_low"][r, s, f]), rules["part_high"][r, s, f])
