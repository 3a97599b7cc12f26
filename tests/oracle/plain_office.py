"""An office that decides appeals, as a plain queue: the second half of section 11 of `docs/model.md`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .plain_agenda import Agenda, Due, Order, Turn


@dataclass(eq=False)
class Waiting:
    """A case before an office."""

    filed: float
    order: Order  # among cases of one instant: the person, then the place of the record on the person's tape
    harm: int  # own domains closed at the appeal
    service: float
    patience: float
    life: Any
    decide: Callable[[float], None]
    give_up: Callable[[float], None]
    due: Due | None = None  # the end of its patience


@dataclass(eq=False)
class Office:
    """Some reviewers and whoever waits for one."""

    agenda: Agenda
    free: int
    slots: bool
    by_harm: bool
    waiting: list[Waiting] = field(default_factory=list)
    days: set[int] = field(default_factory=set)  # ends of days on which it has been told to sit
    reviewers: int = 0

    def __post_init__(self) -> None:
        self.reviewers = self.free

    def file(self, case: Waiting) -> None:
        """A case is filed: it waits until a reviewer is free or its patience ends."""
        self.waiting.append(case)
        case.due = self.agenda.add(case.filed + case.patience, Turn.GIVE_UP, case.order, case.life, lambda: self.lose(case))
        if self.slots:
            self.sit_on(math.floor(case.filed) + 1)
        else:
            self.agenda.add(case.filed, Turn.SERVE, (), None, lambda: self.serve(case.filed))

    def lose(self, case: Waiting) -> None:
        """A case that still waits is given up."""
        self.waiting.remove(case)
        case.give_up(case.filed + case.patience)

    def take(self, case: Waiting) -> None:
        """A reviewer takes a case up."""
        self.waiting.remove(case)
        if case.due is not None:
            case.due.dropped = True

    def in_turn(self, cases: list[Waiting]) -> list[Waiting]:
        """Some cases in the order in which they are served."""
        return sorted(cases, key=lambda case: (-case.harm if self.by_harm else 0, case.filed, case.order))

    def serve(self, now: float) -> None:
        """Free reviewers take up cases."""
        while self.waiting and self.free:
            case = self.in_turn(self.waiting)[0]
            self.take(case)
            self.free -= 1
            self.agenda.add(now + case.service, Turn.DECIDE, case.order, case.life, self.finishing(case, now + case.service))

    def finishing(self, case: Waiting, now: float) -> Callable[[], None]:
        """The decision of a case, to be noted on the agenda: the reviewer is free then."""

        def act() -> None:
            self.free += 1
            case.decide(now)
            self.agenda.add(now, Turn.SERVE, (), None, lambda: self.serve(now))

        return act

    def sit_on(self, day: int) -> None:
        """The office sits at the end of a day."""
        if day not in self.days:
            self.days.add(day)
            self.agenda.add(float(day), Turn.SERVE, (), None, lambda: self.sit(day))

    def sit(self, day: int) -> None:
        """As many cases as there are reviewers are decided, of those filed before; the others wait for the next day."""
        for case in self.in_turn([case for case in self.waiting if case.filed < day])[: self.reviewers]:
            self.take(case)
            self.agenda.add(float(day), Turn.DECIDE, case.order, case.life, lambda case=case: case.decide(float(day)))  # type: ignore[misc]
        if self.waiting:
            self.sit_on(day + 1)
