"""One score of one life: a sum of what acts, or a ledger that is clipped at every step and replayed without what is taken off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from counterlife.layout import Rulebook

from .plain_record import Record


class Part(NamedTuple):
    """Channels of which the points are clipped together before they count."""

    channels: frozenset[int]
    lowest: int
    highest: int


def clip(number: int, lowest: int, highest: int) -> int:
    """A number within bounds."""
    return min(max(number, lowest), highest)


def parts(rules: Rulebook, r: int, s: int) -> list[Part]:
    """The parts of score s under row r."""
    of = rules.part[r, s].tolist()
    return [
        Part(frozenset(c for c, its in enumerate(of) if its == f), int(rules.part_low[r, s, f]), int(rules.part_high[r, s, f]))
        for f in sorted(set(of) - {-1})
    ]


@dataclass
class Score:
    """The points of one life in one score."""

    lowest: int
    highest: int
    begin: int  # what the person starts with, before it is clipped
    is_ledger: bool
    parts: Sequence[Part] = ()  # of a sum
    weight: float = 0.0  # the share of a sum that others take the place of
    pull: int = 0  # the points that come from them
    value: int = 0  # of a sum: as of the last look
    acting: dict[Record, int] = field(default_factory=dict)
    book: list[tuple[Record, int] | None] = field(default_factory=list)  # of a ledger: what came in, None for a reset

    def __post_init__(self) -> None:
        self.value = self.clip(self.begin)

    def clip(self, score: int) -> int:
        """A score within its bounds."""
        return clip(score, self.lowest, self.highest)

    def come(self, record: Record, points: int) -> None:
        """A record begins to act."""
        if self.is_ledger:
            self.book.append((record, points))
            self.value = self.clip(self.value + points)
        else:
            self.acting[record] = points

    def go(self, record: Record) -> None:
        """A record ceases to act; a ledger never forgets."""
        self.acting.pop(record, None)

    def take_off(self, record: Record) -> None:
        """A record is corrected: as if it had never come."""
        self.acting.pop(record, None)
        if not self.is_ledger:
            return
        self.book = [entry for entry in self.book if entry is None or entry[0] is not record]
        self.value = self.clip(self.begin)
        for entry in self.book:
            self.value = self.clip(self.begin) if entry is None else self.clip(self.value + entry[1])

    def reset(self) -> None:
        """Back to the start, in a ledger."""
        if self.is_ledger:
            self.book.append(None)
            self.value = self.clip(self.begin)

    def add_up(self) -> None:
        """The sum of what acts is the score."""
        if not self.is_ledger:
            self.value = self.with_more(0)

    def with_more(self, points: int) -> int:
        """The score as gates would see it, had one more record come of the points given, in no part."""
        if self.is_ledger:
            return self.clip(self.value + points)
        own = self.clip(self.begin + self.added() + points)
        return self.clip(own - round(self.weight * own) + self.pull)

    def added(self) -> int:
        """The points of what acts, those of each part clipped together."""
        of = {c: part for part in self.parts for c in part.channels}
        apart = sum(points for record, points in self.acting.items() if record.filing.channel not in of)
        return apart + sum(
            clip(sum(points for record, points in self.acting.items() if record.filing.channel in part.channels), part.lowest, part.highest)
            for part in self.parts
        )
