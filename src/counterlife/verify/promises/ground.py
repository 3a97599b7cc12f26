"""What promises are looked at on: a few people under a rule book, whose lives are counted, or told day by day.

A ground can have other rules, other people or another order of worlds put in its place; the luck of its people stays what it is. What is
promised of them is in the other modules of this folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ...layout import Ints, Place, Populace, Rulebook, soft_gates
from ...scenario.compile import Compiled
from ...township.book import bind
from ...township.draws import address
from ...township.hearings import hear
from ...township.people import People, make
from ...township.sheet import Tally, columns
from ...township.tapes import Tapes, write
from ...township.township import live_people
from ...township.trace import Village, trace

Columns = dict[str, Ints]
Shut = Any  # bool, (people, domains, days)


@dataclass(frozen=True)
class Words:
    """What worlds, domains, channels and classes are called in the names of columns."""

    worlds: Sequence[str]
    domains: Sequence[str]
    channels: Sequence[str] = ()
    classes: Sequence[str] = ()


@dataclass(frozen=True)
class Ground:
    """The people of a place under a rule book. Without people of their own, they are those that the populace makes there."""

    rules: Rulebook
    populace: Populace
    place: Place
    seed: int
    words: Words
    given: People | None = None

    @classmethod
    def of(cls, town: Compiled, row: int = 0, number: int = 0, seed: int = 1, people: int | None = None) -> Ground:
        """A township of a scenario, of so many people where a number is given."""
        names = town.names
        words = Words(names.worlds, names.domains, ["/".join(channel) for channel in names.channels], names.classes)
        populace = town.populace if people is None else town.populace._replace(people=people)
        return cls(town.book(row), populace, Place(row, int(town.region_numbers[row]), number), seed, words)

    def under(self, rules: Rulebook) -> Ground:
        """The same people, with the same luck, under another rule book."""
        return replace(self, rules=rules)

    def among(self, people: People) -> Ground:
        """Other people in their place."""
        return replace(self, given=people)

    @cached_property
    def people(self) -> People:
        """The people, as an array of PERSON."""
        if self.given is not None:
            return self.given
        return make(address(self.place, self.seed, 0), self.populace, self.place.row, self.rules.frailty_shape)

    @property
    def lives(self) -> int:
        """Lives that the counts of this ground are of."""
        return int(self.people.size) * len(self.rules.quality)

    @cached_property
    def tapes(self) -> Tapes:
        """All that may enter their lives, before any world leaves things out."""
        return write(address(self.place, self.seed, 0), bind(self.rules, self.populace), self.people)

    @cached_property
    def village(self) -> Village:
        """The people ready to be lived one by one."""
        at, page = address(self.place, self.seed, 0), bind(self.rules, self.populace)
        return Village(at, page, self.people, self.tapes, hear(at, page, self.people, self.tapes))

    @cached_property
    def tally(self) -> Tally:
        """What the lives leave."""
        return live_people(self.people, self.place, self.rules, self.populace, self.seed, 0)

    @cached_property
    def columns(self) -> Columns:
        """The tally by the names of its columns."""
        return by_name(self.tally, self.words, self.rules)

    def shut(self, w: int) -> Shut:
        """Who is shut out of which domain on which day in world w, each life lived alone."""
        return shut_in(self.village, w)

    @cached_property
    def shut_everywhere(self) -> Shut:
        """The same in every world, (worlds, people, domains, days)."""
        return np.array([self.shut(w) for w in range(self.rules.quality.size)])

    def fates(self, w: int) -> Any:
        """What became of all items in a world, an array of FATE in the order of the tapes."""
        return np.concatenate([trace(self.village, i, w).fates for i in range(self.people.size)])


def shut_in(village: Village, w: int) -> Shut:
    """Who is shut out of which domain on which day in world w, each life lived alone, (people, domains, days)."""
    rules = village.book[0]
    domains = np.arange(int(rules["domains"]))
    found = np.zeros((village.people.size, domains.size, int(rules["days"])), bool)
    for i in range(village.people.size):
        for change in trace(village, i, w).view:
            found[i, :, int(change["at"]) :] = (int(change["mask"]) >> domains & 1 == 1)[:, None]
    return found


def by_name(tally: Tally, words: Words, rules: Rulebook) -> Columns:
    """`table column` to the numbers that stand there, row by row. Rows that stand for a channel or a class are columns of their own where
    these have names, so that two scenarios of which one has more of them can be compared.
    """
    pairs = [(words.worlds[w], words.worlds[v]) for w, v in zip(rules.pair_world, rules.pair_versus, strict=True)]
    by_row = {"channels": words.channels, "classes": words.classes}
    found: Columns = {}
    soft = [words.domains[d] for d in soft_gates(rules)]
    for table, labels in columns(words.worlds, pairs, words.domains, soft).items():
        for n, label in enumerate(labels):
            column, rows = getattr(tally, table)[:, n], by_row.get(table)
            if rows:
                found |= {f"{table} {name} {label}": column[row : row + 1] for row, name in enumerate(rows)}
            else:
                found[f"{table} {label}"] = column
    return {name: np.asarray(column) for name, column in found.items()}


def added(several: Sequence[Columns]) -> Columns:
    """The columns of several grounds of one scenario added up."""
    total = dict(several[0])
    for one in several[1:]:
        total = {name: column + one[name] for name, column in total.items()}
    return total
