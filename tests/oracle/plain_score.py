"""One score of one life: a sum of what acts, or a ledger that is clipped at every step and replayed without what is taken off."""

from __future__ import annotations

from dataclasses import dataclass, field

from .plain_record import Record


@dataclass
class Score:
    """The points of one life in one score."""

    lowest: int
    highest: int
    begin: int  # what the person starts with, before it is clipped
    is_ledger: bool
    value: int = 0  # of a sum: as of the last look
    acting: dict[Record, int] = field(default_factory=dict)
    book: list[tuple[Record, int] | None] = field(default_factory=list)  # of a ledger: what came in, None for a reset

    def __post_init__(self) -> None:
        self.value = self.clip(self.begin)

    def clip(self, score: int) -> int:
        """A score within its bounds."""
        return min(max(score, self.lowest), self.highest)

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
            self.value = self.clip(self.begin + sum(self.acting.values()))

    def with_more(self, points: int) -> int:
        """The score, had one more record come of the points given."""
        return self.clip(self.value + points) if self.is_ledger else self.clip(self.begin + sum(self.acting.values()) + points)
