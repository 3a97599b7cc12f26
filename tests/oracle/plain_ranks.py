"""Reviews: section 15 of `docs/model.md`. At each, people are put in the order of their scores, and those below the line are shut out.

All lives of a world go on together, so at a review everybody's score is known. A life that is lived again alone is held against the
lines that its world has already.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from counterlife.layout import Cause, Purpose

from .plain_agenda import Turn
from .plain_life import Life
from .plain_view import concerns
from .plain_world import Key, World

MILLION = 10**6
ABOVE_ALL: Key = (math.inf, 0)


def review(world: World, lives: Mapping[int, Life]) -> None:
    """All reviews of a world are noted on the agenda: first lines are drawn, then everybody stands above or below them."""
    for n, time, domains in world.reviews():
        world.agenda.add(time, Turn.LINES, (), None, drawing(world, lives.values(), n, time, domains))
        for i, life in lives.items():
            world.agenda.add(time, Turn.RANK, (i,), life, standing(life, n, time, domains))


def drawing(world: World, lives: Iterable[Life], n: int, time: float, domains: Iterable[int]) -> Callable[[], None]:
    """The lines of review n, to be drawn then; where the world has them already, they stay."""

    def act() -> None:
        for d in domains:
            if (n, d) not in world.lines:
                world.lines[n, d] = line([key(life, n, d) for life in lives if is_ranked(life, d, time)], share(world, d, time))

    return act


def standing(life: Life, n: int, time: float, domains: Iterable[int]) -> Callable[[], None]:
    """Where a person stands at review n, to be found out then."""

    def act() -> None:
        below = frozenset(d for d in domains if is_ranked(life, d, time) and key(life, n, d) < life.world.lines[n, d])
        if below != life.below:
            life.causes.add(Cause.RANKING)
        life.below = below

    return act


def share(world: World, d: int, time: float) -> int:
    """The millionths of its people to whom domain d is closed."""
    return int(world.rules.closes_lowest[world.row_at(time), d])


def is_ranked(life: Life, d: int, time: float) -> bool:
    """Whether the person is in the pool of domain d."""
    return concerns(life.rules, life.age, d, time)


def key(life: Life, n: int, d: int) -> Key:
    """By what a person is put in order at review n: the score as gates would see it now, then the luck of the draw."""
    word = life.world.draws.block(life.person, Purpose.RANK, 0, n)[0]
    return life.scores[life.rules.gate_score[d]].with_more(0), word * 2**32 + life.person


def line(keys: Iterable[Key], millionths: int) -> Key:
    """The lowest key that is not shut out: so many millionths, rounded up, lie below it."""
    order = sorted(keys)
    below = -(-millionths * len(order) // MILLION)
    return order[below] if below < len(order) else ABOVE_ALL
