"""The columns of `docs/tallies.md` about the beginning of stages and about latent conduct, as `plain_tallies.py` counts the others."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from counterlife.layout import AXES, Rulebook

from .plain_book import Book
from .plain_life import Change

SHOCK = 90
LADDER = [2.0 ** (half / 2) for half in range(-10, 11)]  # sanctioned events a year


def count_shock(book: Book, rules: Rulebook, world: str, closed: Any, changes: list[Change]) -> None:
    """Closed domain-days (domain, day) and the domains that close, 90 days before each later stage begins and 90 days from then on."""
    begun = [(math.floor(now.time), len(now.closed - last.closed)) for last, now in pairwise([Change(0.0, frozenset(), None), *changes])]
    for g, day in enumerate(rules.stage_day[1:], 1):
        if day >= rules.days:
            continue
        turn = int(day)
        for name, first, last in (("before", turn - SHOCK, turn), ("after", turn, turn + SHOCK)):
            book.add("stages", f"days_{name}.{world}", g, closed[:, max(0, first) : max(0, last)].sum())
            book.add("stages", f"entries_{name}.{world}", g, sum(number for when, number in begun if first <= when < last))


def sanctioned(rules: Rulebook, k: int) -> bool:
    """Whether a record of class k ever costs points or lists somebody, under any rules."""
    channels = [c for c, klass in enumerate(rules.channel_class) if klass == k]
    return any((rules.points[:, :, c] < 0).any() or (rules.list_share[:, :, c] > 0).any() for c in channels)


def rows_of(rules: Rulebook, who: Any) -> list[int]:
    """The rows of table latent in which a person is: one for the level of each axis."""
    events = 0.0
    for k in range(len(rules.stream)):
        if sanctioned(rules, k):
            luck = float(who["frailty"]) if rules.frail[k] else 1.0
            events += luck * 365.0 * float(rules.ceiling[k]) * float(rules.accept[k]) * float(rules.factor[k, int(who["cell"])])
    step, cell, levels = sum(edge <= events for edge in LADDER), int(who["cell"]), []
    for values in reversed(list(AXES.values())):
        cell, level = divmod(cell, len(values))
        levels.append(level)
    firsts = np.cumsum([0, *(len(values) for values in AXES.values())])
    return [int(first + level) * (len(LADDER) + 1) + step for first, level in zip(firsts, reversed(levels), strict=False)]
