"""What is due in a world, earliest first. Nothing here knows what it is that is due."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

Order = tuple[float, ...]


class Turn(IntEnum):
    """The order of what is due at one instant: other rules first, then a review, then what is pending, then what is new."""

    STAGE = 0
    LINES = 1
    RANK = 2
    POINTS_OUT = 3
    LISTING_OFF = 4
    JOINT = 5
    TERM_END = 6
    COPY_IN = 7
    RESTORE = 8
    CORRECT = 9
    LEARN = 10
    GIVE_UP = 11
    DECIDE = 12
    SERVE = 13
    CANDIDATE = 14
    ENTRY = 15
    AGE = 16


@dataclass(eq=False)
class Due:
    """Something due, in somebody's life or (None) in an office."""

    life: Any
    act: Callable[[], None]
    dropped: bool = False


class Agenda:
    """All that is due."""

    def __init__(self) -> None:
        self.heap: list[tuple[float, Turn, Order, int, Due]] = []
        self.serial = 0

    def add(self, time: float, turn: Turn, order: Order, life: Any, act: Callable[[], None]) -> Due:
        """Note that `act` is due; at equal times the turn, then `order`, then the order of noting decides."""
        self.serial += 1
        due = Due(life, act)
        heapq.heappush(self.heap, (time, turn, order, self.serial, due))
        return due

    def instants(self, end: float) -> Iterator[tuple[float, list[Any]]]:
        """Do all that is due before `end`; after each instant say whom it touched."""
        while self.heap and self.heap[0][0] < end:
            time, touched = self.heap[0][0], dict[int, Any]()
            while self.heap and self.heap[0][0] == time:
                due = heapq.heappop(self.heap)[-1]
                if due.dropped:
                    continue
                due.act()
                if due.life is not None:
                    touched[due.life.person] = due.life
            yield time, list(touched.values())
