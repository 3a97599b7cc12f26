"""What a person does: the events that depend on the state of the life (section 3 of `docs/model.md`)."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from counterlife.layout import Purpose, Rulebook

from .plain_tape import Candidate

if TYPE_CHECKING:
    from .plain_life import Life


def reactive(rules: Rulebook, k: int) -> bool:
    """Whether the events of a class depend on the state of the life."""
    return bool(rules.strain[k] != 1 or rules.near[k] != 1 or rules.weary[k] != 1 or rules.deter[k] != 0 or rules.burst[k] != 0)


class Mind:
    """Belief in being punished, heat, and what was done."""

    def __init__(self, life: Life) -> None:
        self.life = life
        rules = life.rules
        reacts = life.world.draws.chance(life.person, Purpose.TRAIT, 0, 0) < rules.reacts
        self.reacts = bool(reacts)
        self.believed = rules.belief if reacts else 0.0  # as of the last look
        self.since = 0.0
        self.punished = False  # from the last look on
        self.heat: dict[int, tuple[float, float]] = {}  # by class: how much, as of when
        self.events: Counter[int] = Counter()
        self.happened: set[tuple[int, int]] = set()  # (class, ordinal), where it depended on the state
        self.near = 0  # events while the first score was near a gate

    def look(self, now: float, own: frozenset[int]) -> None:
        """The gates were looked at: these own domains are closed from now on."""
        self.believed, self.since, self.punished = self.belief(now), now, bool(own)

    def belief(self, now: float) -> float:
        """The belief just before now."""
        if not self.reacts:
            return 0.0
        towards = 1.0 if self.punished else 0.0
        return towards + (self.believed - towards) * math.exp(-self.life.rules.belief_rate * (now - self.since))

    def heated(self, k: int, now: float) -> float:
        """The heat of a class just before now."""
        heat, since = self.heat.get(k, (0.0, 0.0))
        return heat * math.exp(-(now - since) / float(self.life.rules.burst_days[k]))

    def is_near(self, k: int, now: float) -> bool:
        """Whether the public score is so little below an own gate that one would rather be careful."""
        life, rules = self.life, self.life.rules
        reach = float(rules.near_points[k]) * float(life.who["ability"])
        return life.ruled and any(
            rules.gate_score[d] == 0 and 0 < int(rules.opens_at[life.row, d]) - life.shown[-1][1][0] <= reach
            for d in life.own_before(range(len(rules.child_domain)), now)
        )

    def multiplier(self, k: int, now: float) -> float:
        """By what the share of candidates that happen is multiplied."""
        life, rules = self.life, self.life.rules
        times = min(1.0 + self.heated(k, now), float(rules.burst_most[k])) if rules.burst[k] > 0 else 1.0
        if not life.ruled:
            return times
        closed = len(life.own_before(life.changes[-1].closed, now))
        times *= float(rules.strain[k]) ** min(closed, int(rules.strain_most[k]))
        times *= math.exp(-float(rules.deter[k]) * self.belief(now))
        times *= float(rules.near[k]) if self.is_near(k, now) else 1.0
        return times * (float(rules.weary[k]) if life.redress.has_given_up else 1.0)

    def decides(self, event: Candidate, told: set[tuple[int, int]] | None) -> bool:
        """Whether an event happens: by the life, or as told from another world."""
        k, now = event.klass, event.time
        happens = (k, event.ordinal) in told if told is not None else event.mark < self.life.rules.accept[k] * self.multiplier(k, now)
        if not happens:
            return False
        self.events[k] += 1
        self.happened.add((k, event.ordinal))
        self.near += self.life.rules.near[k] != 1 and self.is_near(k, now)
        self.heat[k] = (self.heated(k, now) + float(self.life.rules.burst[k]), now)
        return True
