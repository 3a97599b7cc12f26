"""Friends and family: section 16 of `docs/model.md`. At each review a score takes something from those of others, as of the review before.

All lives of a world go on together, so at a review everybody's standing at the one before is known. A life that is lived again alone
takes what it took.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from counterlife.layout import Cause, Purpose, Rulebook

from .plain_agenda import Turn
from .plain_draws import Draws, uniform
from .plain_life import Life
from .plain_view import GROWN
from .plain_world import World

TENTHS = 10
NOTHING = (0.0, 0)  # weight and pull of somebody who takes nothing


@dataclass
class Review:
    """How the grown people of a township stand at one review."""

    row: int
    standings: dict[int, int] = field(default_factory=dict)
    shut: set[int] = field(default_factory=set)


@dataclass
class Circle:
    """The grown people of a township in one world: who are friends, as far as they still are, and how they stood."""

    world: World
    lives: Mapping[int, Life]
    friends: dict[int, list[int]]
    reviews: dict[int, Review] = field(default_factory=dict)  # those held, by number

    def meet(self, i: int, n: int, time: float) -> None:
        """Person i comes to review n: drops friends, takes from others, and has a standing."""
        life, row = self.lives[i], self.world.row_at(time)
        if (n, i) not in self.world.taken:
            self.world.taken[n, i] = self.takes(i, n, row)
        score = life.scores[self.world.rules.tied]
        if (score.weight, score.pull) != self.world.taken[n, i]:
            life.causes.add(Cause.TIES)
        score.weight, score.pull = self.world.taken[n, i]
        review = self.reviews.setdefault(n, Review(row))
        review.standings[i] = score.with_more(0)
        if life.own_before(life.changes[-1].closed, time):
            review.shut.add(i)

    def takes(self, i: int, n: int, row: int) -> tuple[float, int]:
        """The weight and the pull of what a person takes at review n."""
        rules, before = self.world.rules, self.reviews.get(n - 1)
        if before is None or before.row != row:
            return NOTHING
        if drops(rules, self.world.draws, i, row):
            self.friends[i] = [friend for friend in self.friends[i] if before.standings[friend] >= rules.drop_below[row]]
        left = [before.standings[friend] for friend in self.friends[i]]
        weight = float(rules.tie_share[row]) if left else 0.0
        pull = round(weight * (sum(left) / len(left))) if left else 0
        household = self.lives[i].who["household"]
        kin = [other for other in before.shut if other != i and self.lives[other].who["household"] == household]
        return weight, pull + int(rules.tie_kin[row]) * len(kin)


def tie(world: World, people: Any, lives: Mapping[int, Life]) -> None:
    """All that people of a world take from others at reviews is noted on the agenda."""
    if world.rules.tied < 0:
        return
    circle = Circle(world, lives, friends(world.rules, world.draws, people))
    for n, time, _ in world.reviews():
        if not world.rules.ruled[world.row_at(time)]:
            continue
        for i, life in lives.items():
            if life.age >= GROWN:
                world.agenda.add(time, Turn.TIES, (i,), life, meeting(circle, i, n, time))


def meeting(circle: Circle, i: int, n: int, time: float) -> Callable[[], None]:
    """A person's part in review n, to be noted on the agenda."""
    return lambda: circle.meet(i, n, time)


def friends(rules: Rulebook, draws: Draws, people: Any) -> dict[int, list[int]]:
    """The friends of every grown person at the start; somebody may be in a list twice."""
    grown = [i for i in range(len(people)) if people[i]["age"] >= GROWN]
    by_frailty = sorted(grown, key=lambda i: (float(people[i]["frailty"]), i))
    found: dict[int, list[int]] = {}
    for p, i in enumerate(by_frailty):
        tenth = TENTHS * p // len(grown)
        first, end = (math.ceil(t * len(grown) / TENTHS) for t in (tenth, tenth + 1))
        found[i] = []
        for f in range(rules.friends):
            words = draws.block(i, Purpose.TIE, 0, f + 1)
            among = by_frailty[first:end] if uniform(words[0]) < rules.alike else grown
            friend = among[math.floor(uniform(words[1]) * len(among))]
            if friend != i:
                found[i].append(friend)
    return found


def drops(rules: Rulebook, draws: Draws, i: int, row: int) -> bool:
    """Whether a person is one of those who drop friends."""
    return bool(draws.chance(i, Purpose.TIE, 0, 0) < rules.drop_share[row])
