"""A world: what all its lives share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from counterlife.layout import Rulebook

from .plain_agenda import Agenda
from .plain_draws import Draws
from .plain_office import Office

Key = tuple[float, int]  # score and tie


@dataclass(eq=False)
class World:
    """One world of a township: its rules in time, what is due in it, its offices."""

    rules: Rulebook
    draws: Draws
    number: int
    agenda: Agenda = field(default_factory=Agenda)
    offices: dict[tuple[int, int], Office] = field(default_factory=dict)  # by row of rules and number
    lines: dict[tuple[int, int], Key] = field(default_factory=dict)  # by review and domain
    taken: dict[tuple[int, int], tuple[float, int]] = field(default_factory=dict)  # weight and pull by review and person

    @property
    def quality(self) -> int:
        """Which records exist."""
        return int(self.rules.quality[self.number])

    @property
    def ever_ruled(self) -> bool:
        """Whether there are rules in some stage."""
        return any(self.rules.ruled[r] for r in self.rules.row[self.number])

    def row_at(self, time: float) -> int:
        """The row of rules at a time."""
        stage = sum(1 for day in self.rules.stage_day if day <= time) - 1
        return int(self.rules.row[self.number, stage])

    @property
    def last_row(self) -> int:
        """The row of rules at the end of the period."""
        return self.row_at(float(self.rules.days) - 0.5)

    def changes_of_rules(self) -> Iterator[tuple[float, int]]:
        """When other rules begin, and which."""
        rows = self.rules.row[self.number]
        for g in range(1, len(self.rules.stage_day)):
            if rows[g] != rows[g - 1]:
                yield float(self.rules.stage_day[g]), int(rows[g])

    def reviews(self) -> Iterator[tuple[int, float, list[int]]]:
        """The number and the day of every review, and the domains that are ranked in it."""
        n, held = 1, self.rules.tied >= 0 or self.rules.closes_lowest.any()
        while held and n * self.rules.review_days < self.rules.days:
            time = n * float(self.rules.review_days)
            r = self.row_at(time)
            yield n, time, [d for d, share in enumerate(self.rules.closes_lowest[r]) if share > 0 and self.rules.ruled[r]]
            n += 1

    def office(self, r: int, number: int) -> Office:
        """An office under the rules of row r."""
        rules = self.rules
        if (r, number) not in self.offices:
            self.offices[r, number] = Office(self.agenda, int(rules.office[r]), bool(rules.slots[r]), bool(rules.by_harm[r]))
        return self.offices[r, number]
