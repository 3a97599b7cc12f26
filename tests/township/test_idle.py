"""People without records whose traits bring no score near a line are counted without being lived, and no number tells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from oracle.books import PEOPLE, folk
from oracle.mechanisms import common, scores, stages
from oracle.tiny import NO_GATE, PLACE, populace, rulebook
from taped import counted

from counterlife.layout import ListKind, Rulebook
from counterlife.township.book import Book, bind

SEEDS = range(4)


def rules_with(*mechanisms: Any, **given: Any) -> Rulebook:
    """Three scores of which two take points from traits, with gates and lists on either side of the start; most people have no record."""
    dice = np.random.default_rng(4)
    fields = common(dice) | scores(dice)
    seldom = {"ceiling": fields["ceiling"] / 20.0, "ghost": 0.0}
    for some in mechanisms:
        fields |= some(dice)
    return rulebook(1000, **fields | seldom | given)


def lived(rules: Rulebook, book: Book) -> list[str]:
    """Some people, by several chances."""
    return [counted(PLACE, seed, rules, folk(seed), book).print for seed in SEEDS]


def bound(rules: Rulebook, **given: Any) -> Book:
    """The book that follows from the rules, with some of it replaced."""
    book = bind(rules, populace(PEOPLE, names=8, holders=500))
    for name, value in given.items():
        book[0][name] = value
    return book


ONLY_BELOW = [ListKind.RECORD, ListKind.SCORE_BELOW, ListKind.RECORD, ListKind.RECORD]
FORMS: dict[str, Rulebook] = {
    "as it is": rules_with(),
    "gates alone": rules_with(list_share=0.0, list_domain=-1),
    "a redlist alone": rules_with(opens_at=NO_GATE, list_domain=[-1, -1, -1, -1]),
    "a list below a mark alone": rules_with(opens_at=NO_GATE, list_kind=ONLY_BELOW, list_mark=[0, 30, 0, 0]),
    "a long way": rules_with(minor=-60),
    "stages": rules_with(stages, start=[[0, 100, 50], [30, 90, 40], [0, 100, 50], [0, 100, 50]], opens_at=[-80, 60, -60, NO_GATE, 0]),
}


@pytest.mark.parametrize("form", FORMS)
def test_who_is_idle_is_counted_as_if_lived(form: str) -> None:
    """Offsets from 1 on would take everybody for somebody near a line, and then nobody is idle."""
    rules = FORMS[form]
    assert lived(rules, bound(rules)) == lived(rules, bound(rules, least_offset=1))


@pytest.mark.parametrize(("form", "name", "value"), [("gates alone", "least_offset", -(10**6)), ("a redlist alone", "most_offset", 10**6)])
def test_whom_traits_bring_near_a_line_is_not_idle(form: str, name: str, value: int) -> None:
    """Were they, gates that they find closed, or lists that they are on, would be missing."""
    rules = FORMS[form]
    assert lived(rules, bound(rules)) != lived(rules, bound(rules, **{name: value}))
