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
    TIES = 1
    LINES = 2
    RANK = 3
    POINTS_OUT = 4
    LISTING_OFF = 5
    JOINT = 6
    TERM_END = 7
    COPY_IN = 8
    RESTORE = 9
    CORRECT = 10
    LEARN = 11
    GIVE_UP = 12
    DECIDE = 13
    SERVE = 14
    CANDIDATE = 15
    ENTRY = 16
    AGE = 17


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
