"""Hamlets for promises: a few families under a random rule book, looked at day by day or counted, and books made to order.

The random books are those of `oracle/books.py`, in which everything happens often. Two of them, lived by the same people from the same
seed, share all chance: what differs is the book.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from oracle.books import LABELS, book, folk
from oracle.tiny import PLACE, populace

from counterlife.layout import NEVER, Ints, Keep, ListKind, Rulebook
from counterlife.township.book import bind
from counterlife.township.draws import address
from counterlife.township.hearings import hear
from counterlife.township.jit import compiled
from counterlife.township.records import write
from counterlife.township.sheet import columns
from counterlife.township.township import live_people
from counterlife.township.trace import Village, trace

Columns = dict[str, Ints]
Shut = Any  # bool, (people, domains, days)

SEEDS = range(3) if compiled() else range(1)
SIZE = 48 if compiled() else 18
CROWD = 500  # people in the country
DESIGNED, ACCURATE, MEDIATED, LAWFUL, NOBODY = range(5)  # worlds of the random books, by their place


def villagers(seed: int) -> Any:
    """Households of two grown people and a child."""
    return folk(seed)[:SIZE]


def hamlet(rules: Rulebook, seed: int = 1, people: Any = None) -> Village:
    """The people of a seed under a rule book, ready to be lived one by one."""
    people = villagers(seed) if people is None else people
    at, page = address(PLACE, seed, 0), bind(rules, populace(len(people), names=8, holders=CROWD))
    tapes = write(at, page, people)
    return Village(at, page, people, tapes, hear(at, page, people, tapes))


def shut(village: Village, w: int) -> Shut:
    """Who is shut out of which domain on which day in world w."""
    rules = village.book[0]
    domains = np.arange(int(rules["domains"]))
    found = np.zeros((village.people.size, domains.size, int(rules["days"])), bool)
    for i in range(village.people.size):
        for change in trace(village, i, w).view:
            found[i, :, int(change["at"]) :] = (int(change["mask"]) >> domains & 1 == 1)[:, None]
    return found


def shut_everywhere(rules: Rulebook, seed: int = 1, people: Any = None) -> Shut:
    """The same in every world, (worlds, people, domains, days)."""
    village = hamlet(rules, seed, people)
    return np.array([shut(village, w) for w in range(rules.quality.size)])


def count(rules: Rulebook, seed: int = 1, people: Any = None) -> Columns:
    """The tally of the hamlet: `table column` to the numbers that stand there, row by row."""
    people = villagers(seed) if people is None else people
    names = populace(len(people), names=8, holders=CROWD)
    tally = live_people(people, PLACE, rules, names, seed, 0)
    worlds, domains = LABELS.worlds[: rules.quality.size], LABELS.domains[: rules.child_domain.size]
    pairs = [(worlds[w], worlds[v]) for w, v in zip(rules.pair_world, rules.pair_versus, strict=True)]
    tables = columns(worlds, pairs, domains)
    return {f"{table} {label}": getattr(tally, table)[:, n] for table, labels in tables.items() for n, label in enumerate(labels)}


def sum_of(numbers: Columns, pattern: str) -> int:
    """The sum of all columns whose names match, where * stands for anything."""
    chosen = [column for name, column in numbers.items() if fnmatchcase(name, pattern)]
    assert chosen, f"no column is called {pattern}"
    return int(sum(column.sum() for column in chosen))


def lives_in(numbers: Columns, world: str) -> Columns:
    """The columns about lives in that world alone, under names without it."""
    labels = {name: name.split(" ", 1)[1].split(".") for name in numbers}
    return {name.replace(f".{world}", ""): numbers[name] for name, parts in labels.items() if len(parts) > 1 and parts[1] == world}


def different(one: Columns, two: Columns) -> list[str]:
    """Columns that are not equal."""
    assert one.keys() == two.keys()
    return [name for name, column in one.items() if not np.array_equal(column, two[name])]


def good(rules: Rulebook) -> Any:
    """For each channel, whether its records bring points."""
    return (rules.points > 0).any(axis=(0, 1))


def one_way(style: str, seed: int) -> Rulebook:
    """A random book without anything that `scenario/monotone.py` names: more bad records can only mean more restrictions."""
    rules = book(style, seed)
    below = rules.list_kind == ListKind.SCORE_BELOW
    marked = good(rules)
    noise = (rules.severity != 0) | (rules.leniency != 0)
    noise[:, 0] = False
    return rules._replace(
        near=np.ones_like(rules.near),
        weary=np.maximum(rules.weary, 1.0),
        belief_rate=0.0,
        misread=np.where(marked[:, None] | marked[None, :], 0.0, rules.misread),
        severity=np.where(noise, rules.severity, 0.0),
        leniency=np.where(noise, rules.leniency, 0.0),
        discretion=np.where(noise[:, :, None], 0, np.minimum(rules.discretion, np.abs(rules.points))),
        keep_law=np.where(rules.keep_law == Keep.SETTLEMENT, Keep.ENTRY, rules.keep_law),
        list_term=np.where(below, NEVER, rules.list_term),
        list_resets=np.zeros_like(rules.list_resets),
        most_closed=np.full_like(rules.most_closed, rules.child_domain.size),
        closes_lowest=np.zeros_like(rules.closes_lowest),
        asks=np.zeros_like(rules.asks),
        office=np.zeros_like(rules.office),
    )


def at_once(rules: Rulebook) -> Rulebook:
    """The book with joint sanctions that end with what brought them."""
    return rules._replace(joint_off=np.zeros_like(rules.joint_off), joint_lost=np.zeros_like(rules.joint_lost))
