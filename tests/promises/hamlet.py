"""Hamlets for promises: a few families under a random rule book, looked at day by day or counted, and books made to order.

The random books are those of `oracle/books.py`, in which everything happens often. Two of them, lived by the same people from the same
seed, share all chance: what differs is the book. What is promised of them is looked at by the functions of `counterlife.verify.promises`.
"""

from __future__ import annotations

from typing import Any

from oracle.books import LABELS, book, folk
from oracle.tiny import PLACE, populace

from counterlife.layout import Rulebook
from counterlife.township.jit import compiled
from counterlife.township.trace import Village
from counterlife.verify import Kept, Verdict
from counterlife.verify.promises import order
from counterlife.verify.promises.ground import Columns, Ground, Words
from counterlife.verify.promises.ground import Shut as Shut
from counterlife.verify.promises.ground import shut_in as shut
from counterlife.verify.promises.kept import lives_in as lives_in
from counterlife.verify.promises.kept import moved
from counterlife.verify.promises.kept import total as sum_of
from counterlife.verify.promises.order import at_once as at_once
from counterlife.verify.promises.order import good as good

__all__ = ["Columns", "Ground", "at_once", "good", "lives_in", "shut", "sum_of"]

SEEDS = range(3) if compiled() else range(1)
SIZE = 48 if compiled() else 18
CROWD = 500  # people in the country
DESIGNED, ACCURATE, MEDIATED, LAWFUL, NOBODY = range(5)  # worlds of the random books, by their place


def villagers(seed: int) -> Any:
    """Households of two grown people and a child."""
    return folk(seed)[:SIZE]


def ground(rules: Rulebook, seed: int = 1, people: Any = None) -> Ground:
    """The people of a seed under a rule book."""
    people = villagers(seed) if people is None else people
    words = Words(LABELS.worlds[: rules.quality.size], LABELS.domains[: rules.child_domain.size])
    return Ground(rules, populace(len(people), names=8, holders=CROWD), PLACE, seed, words, people)


def hold(*several: Kept) -> None:
    """The promise is kept wherever it was looked at."""
    for one in several:
        assert one.verdict is Verdict.AGREES, f"{one.what}: {one.why}"


def hamlet(rules: Rulebook, seed: int = 1, people: Any = None) -> Village:
    """The people of a seed under a rule book, ready to be lived one by one."""
    return ground(rules, seed, people).village


def shut_everywhere(rules: Rulebook, seed: int = 1, people: Any = None) -> Any:
    """Who is shut out of which domain on which day in every world, (worlds, people, domains, days)."""
    return ground(rules, seed, people).shut_everywhere


def count(rules: Rulebook, seed: int = 1, people: Any = None) -> Columns:
    """The tally of the hamlet: `table column` to the numbers that stand there, row by row."""
    return ground(rules, seed, people).columns


def different(one: Columns, two: Columns) -> list[str]:
    """Columns that are not equal."""
    assert one.keys() == two.keys()
    return moved(one, two)


def one_way(style: str, seed: int) -> Rulebook:
    """A random book without anything that `scenario/monotone.py` names: more bad records can only mean more restrictions."""
    return order.one_way(book(style, seed))
