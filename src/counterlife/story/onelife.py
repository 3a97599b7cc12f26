"""One life in one world as it was traced, with the tape that it was lived from and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..layout import Keep, Origin, Place, Quality, Rulebook
from .desk import row_on
from .person import PersonId
from .sentences import Sentences

if TYPE_CHECKING:
    from ..township.trace import Traced, Village


@dataclass(frozen=True)
class OneLife:
    """A life in one world, and the words for it."""

    place: Place
    who: PersonId
    w: int
    rules: Rulebook
    village: Village
    traced: Traced
    items: Any
    """The tape."""
    words: Sentences

    @property
    def person(self) -> Any:
        """The person."""
        return self.village.people[self.who.index]

    def concerns(self, d: int, day: float) -> bool:
        """Whether the gate of a domain concerns the person on a day."""
        return bool(self.rules.domain_from[d] <= self.person["age"] + day < self.rules.domain_until[d])

    def meant(self, j: int) -> int:
        """The channel of which an item should have been written: its own, unless it was misread."""
        item = self.items[j]
        for twin in self.items:
            same = all(twin[key] == item[key] for key in ("time", "settle", "cause", "ordinal", "origin"))
            if (
                same
                and twin["bars"] & Quality.MISREAD
                and item["needs"] & Quality.MISREAD
                and self.rules.misread[twin["channel"], item["channel"]]
            ):
                return int(twin["channel"])
        return int(item["channel"])

    def exists(self, item: Any) -> bool:
        """Whether an item is on file in this world."""
        quality = int(self.rules.quality[self.w])
        return bool(quality & Quality.RECORDS) and not int(item["needs"]) & ~quality and not int(item["bars"]) & quality


def stands(item: Any) -> bool:
    """Whether an item stands for an event that depends on the life."""
    return bool(item["mark"] >= 0.0) and bool(item["origin"] == Origin.EVENT or item["event"] == 1)


def class_of(rules: Rulebook, item: Any) -> int:
    """The class of what an item is about."""
    return int(item["channel"]) if item["origin"] == Origin.EVENT else int(rules.channel_class[item["channel"]])


def due(rules: Rulebook, w: int, item: Any) -> float:
    """The day by which a record ought to have ended, by the rules of the last stage."""
    row, c, settle = row_on(rules, w, float(rules.days)), int(item["channel"]), float(item["settle"])
    return settle + float(rules.keep[row, 0, c]) if rules.keep_law[row, 0, c] == Keep.SETTLEMENT else settle
