"""What presses on a person, what the scores are and what is closed at a moment of a traced life: read from its steps, nothing is lived."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import Ints, Parents, Rulebook, What


class Desk:
    """The state of a traced life after the steps that it has taken."""

    def __init__(self, rules: Rulebook, w: int) -> None:
        self.rules, self.w, self.mask, self.row = rules, w, 0, int(rules.row[w, 0])
        self.below = 0
        """Bits of the domains below whose line the last review put the person."""
        self.scores: Ints = np.zeros(rules.start.shape[1], np.int64)
        """Points of each score, not clipped where it is stateless."""
        self.pressing: dict[tuple[int, int], list[int]] = {}
        """Items of the tape whose records press, by list and domain; -1 for a term of a score list."""

    def take(self, step: Any) -> None:
        """The moment is after this step."""
        what, place, item = int(step["what"]), (int(step["list"]), int(step["domain"])), int(step["item"])
        self.scores = step["scores"][: self.scores.size]
        if what == What.STAGE:
            self.row = row_on(self.rules, self.w, float(step["time"]))
            self.pressing.clear()
            self.below = 0
        elif what == What.RANKED:
            self.below = int(step["mask"])
        elif what == What.CHANGE:
            self.mask = int(step["mask"])
        elif what in (What.PRESSURE_ON, What.TERM_START):
            self.pressing.setdefault(place, []).append(item if what == What.PRESSURE_ON else -1)
        elif what in (What.PRESSURE_OFF, What.TERM_END):
            self.pressing[place].remove(item if what == What.PRESSURE_OFF else -1)

    @property
    def ruled(self) -> bool:
        """Whether there is a system at all."""
        return bool(self.rules.ruled[self.row])

    def shown(self, s: int) -> int:
        """Score s as gates see it."""
        return shown(self.rules, self.row, s, int(self.scores[s]))

    def low(self, d: int) -> bool:
        """Whether the score that the gate of a domain looks at is too low for it."""
        return self.ruled and self.shown(int(self.rules.gate_score[d])) < self.rules.opens_at[self.row, d]

    def lists_on(self, d: int) -> list[int]:
        """Lists that close a domain."""
        if not self.ruled or self.rules.parents[d] != Parents.ANY:
            return []
        needs = self.rules.list_needs[self.row]
        return [l for l in range(needs.size) if self._weight(l, d) >= needs[l] > 0]  # noqa: E741

    def _weight(self, l: int, d: int) -> int:  # noqa: E741
        """How much a list presses on a domain: each record once, a term as much as it needs."""
        return sum(1 if item >= 0 else int(self.rules.list_needs[self.row, l]) for item in self.pressing.get((l, d), ()))

    def spared(self) -> int:
        """Bits of the domains that are open only because too many others are closed."""
        wanted = sum(1 << d for d in range(self.rules.gate_score.size) if self.low(d) or self.below >> d & 1 or self.lists_on(d))
        return wanted & ~self.mask


def row_on(rules: Rulebook, w: int, day: float) -> int:
    """The row of rules of a world on a day."""
    return int(rules.row[w, int(np.searchsorted(rules.stage_day, day, side="right")) - 1])


def shown(rules: Rulebook, row: int, s: int, points: int) -> int:
    """So many points of score s as gates see them."""
    return min(max(points, int(rules.lowest[row, s])), int(rules.highest[row, s]))
