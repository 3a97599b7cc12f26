"""What is certain, and what cannot be: events that happen in every world, or in none, are not lived, and no number tells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from oracle.books import PEOPLE, folk
from oracle.mechanisms import common, conduct, office, redress
from oracle.tiny import PLACE, populace, rulebook
from taped import Counted, counted

from counterlife.layout import Rulebook
from counterlife.township.book import Book, bind

NEUTRAL = {"strain": 1.0, "deter": 0.0, "near": 1.0, "burst": 0.0, "weary": 1.0}
# strain that stirs up, and deterrence; strain that holds back, and giving up; gates that are near, and bursts
REACTIONS: dict[str, Any] = {
    "strain": [1.5, 0.8, 1.0],
    "strain_most": [2, 2, 1],
    "deter": [0.8, 0.0, 0.0],
    "near": [1.0, 1.0, 1.5],
    "near_points": [0, 0, 60],
    "burst": [0.0, 0.0, 0.3],
    "burst_days": [1.0, 1.0, 60.0],
    "burst_most": [1.0, 1.0, 1.5],
    "weary": [1.0, 0.6, 1.0],
    "gives_up": 1,
}


def rules_with(**given: Any) -> Rulebook:
    """Every reaction, in three classes."""
    dice = np.random.default_rng(0)
    return rulebook(1000, **common(dice) | redress(dice) | conduct(dice) | REACTIONS | given)


def lived(rules: Rulebook, book: Book) -> Counted:
    """Some people under a book."""
    return counted(PLACE, 1, rules, folk(1), book)


def bound(rules: Rulebook) -> Book:
    """The book that follows from the rules."""
    return bind(rules, populace(PEOPLE, names=8, holders=500))


def unbounded(rules: Rulebook) -> Book:
    """The same, by which anything may happen as long as it is not lived."""
    book = bound(rules)
    book[0]["least"], book[0]["most"] = 0.0, np.inf
    return book


FORMS: dict[str, Any] = {
    "as it is": {},
    "conduct of their own": {"conduct": -1},
    "giving up stirs up": {"weary": [1.0, 1.4, 1.2]},
    "an office": office(np.random.default_rng(3)),
    "more bursts": {"burst": [0.0, 0.5, 1.0], "burst_days": [1.0, 20.0, 90.0], "burst_most": [1.0, 2.0, 1.2]},
    "bursts alone": {"near": 1.0, "burst": [0.0, 0.0, 0.6]},
    "a gate near which less happens": {"near": [1.0, 0.5, 0.6], "near_points": [0, 90, 60]},
    "a belief above one": {"belief": 1.7},
}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_certain_is_not_lived_and_no_number_tells(form: str) -> None:
    rules = rules_with(**FORMS[form])
    short, long = lived(rules, bound(rules)), lived(rules, unbounded(rules))
    assert short.print == long.print
    assert short.items < 0.9 * long.items


@pytest.mark.parametrize("field", NEUTRAL)
def test_every_reaction_widens_the_bounds(field: str) -> None:
    """Were it forgotten in them, events that happen in some lives would happen in all, or in none."""
    rules = rules_with(**({"near": 1.0} if field == "burst" else {}))  # nothing is certain in a class that answers to either
    right, narrow = lived(rules, bound(rules)), bound(rules)
    forgetful = bound(rules._replace(**{field: np.full(3, NEUTRAL[field])}))
    for bounds in ("least", "most"):
        narrow[0][bounds] = forgetful[0][bounds]
    assert lived(rules, narrow).print != right.print


def test_a_bound_that_is_too_tight_is_found_out() -> None:
    """By a fortieth."""
    rules = rules_with()
    right = lived(rules, bound(rules)).print
    for name, factor in (("least", 1.025), ("most", 0.975)):
        book = bound(rules)
        book[0][name] *= factor
        assert lived(rules, book).print != right, name
