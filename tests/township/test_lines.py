"""Gates are looked at where a score has come to another level, and no number tells that they were not looked at whenever it moved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from oracle.books import PEOPLE, STYLES, book, folk
from oracle.mechanisms import common, scores
from oracle.tiny import NO_GATE, PLACE, populace, rulebook
from taped import counted

from counterlife.layout import MOST, ListKind, Rulebook
from counterlife.township.book import BEYOND, Book, bind

SEEDS = range(3)
ALL = -1  # bits of all scores
BELOW, ABOVE, RECORD = ListKind.SCORE_BELOW, ListKind.SCORE_ABOVE, ListKind.RECORD
UNLISTED: dict[str, Any] = {"list_share": 0.0, "list_domain": [-1, 1, -1, -1], "list_kind": RECORD}
ONE_BAND: dict[str, Any] = {"cuts": [-(10**6)]}


def rules_with(**given: Any) -> Rulebook:
    """Three scores, the last a ledger, with gates, lists and bands; records do nothing but move them."""
    dice = np.random.default_rng(5)
    return rulebook(1000, **common(dice) | scores(dice) | UNLISTED | given)


ALONE: dict[str, Rulebook] = {
    "gates": rules_with(**ONE_BAND),
    "a list below a mark": rules_with(**ONE_BAND, opens_at=NO_GATE, list_kind=[RECORD, BELOW, RECORD, RECORD], list_mark=[0, 30, 0, 0]),
    "a redlist": rules_with(**ONE_BAND, opens_at=NO_GATE, list_kind=[RECORD, RECORD, ABOVE, RECORD], list_mark=[0, 0, 60, 0]),
    "bands": rules_with(opens_at=NO_GATE),
}


def bound(rules: Rulebook, **given: Any) -> Book:
    """The book that follows from the rules, with some of it replaced."""
    book = bind(rules, populace(PEOPLE, names=8, holders=500))
    for name, value in given.items():
        book[0][name] = value
    return book


def lived(rules: Rulebook, book: Book) -> list[str]:
    """Some people, by several chances."""
    return [counted(PLACE, seed, rules, folk(seed), book).print for seed in SEEDS]


@pytest.mark.parametrize("style", STYLES)
def test_no_number_tells_when_gates_were_looked_at(style: str) -> None:
    """Every movement of a restless score is a reason to look."""
    rules = book(style, 1)
    assert lived(rules, bound(rules)) == lived(rules, bound(rules, restless=ALL))


@pytest.mark.parametrize("name", ALONE)
def test_a_line_is_a_reason_to_look(name: str) -> None:
    """Where lines are forgotten, and a score stays at the level of its start, changes of gates, lists or bands are missed."""
    rules, lost = ALONE[name], bound(ALONE[name])
    page = lost[0]
    for r, s in np.ndindex(rules.start.shape):
        n = int(np.searchsorted(page["lines"][r, s, 1:], rules.start[r, s], side="right"))  # its level at the start
        page["lines"][r, s, 1:] = BEYOND
        for table in ("shuts", "calls"):
            page[table][r, s, 0] = page[table][r, s, n]
        if s == 0:
            page["banded"][r, 0] = page["banded"][r, n]
    assert lived(rules, bound(rules)) == lived(rules, bound(rules, restless=ALL)) != lived(rules, lost)


@pytest.mark.parametrize(("style", "restless"), [("with friends", "tied"), ("everything and friends", "tied"), ("families", "watched")])
def test_a_score_that_others_see_is_restless(style: str, restless: str) -> None:
    """A level of what the person has is none of what others see, or of what comes from them."""
    rules = book(style, 1)
    page = bound(rules)[0]
    assert page["restless"] >> page[restless] & 1
    assert lived(rules, bound(rules)) != lived(rules, bound(rules, restless=0))


def test_levels_are_those_of_gates_lists_and_bands() -> None:
    """The first score has gates 0 and 3, a list below 30 that closes 2, a list below 35 that closes nothing, and the bands; the second gate
    2 and a redlist at 90; the third nothing."""
    rules = rulebook(
        10, scores=3, domains=4, lists=4, worlds=1, gate_score=[0, 1, 1, 0], opens_at=[40, NO_GATE, 70, -5], list_score=[0, 1, 2, 0],
        list_kind=[BELOW, ABOVE, RECORD, BELOW], list_mark=[30, 90, 7, 35], list_domain=[2, -1, 0, -1], cuts=[[0, 40]],
    )  # fmt: skip
    page = bound(rules)[0]
    assert page["lines"][0, 0, :7].tolist() == [-BEYOND, -5, 0, 30, 40, BEYOND, BEYOND]
    assert page["shuts"][0, 0, :5].tolist() == [0b1001, 0b0001, 0b0001, 0b0001, 0]
    assert page["calls"][0, 0, :5].tolist() == [1, 1, 1, 0, 0]
    assert page["banded"][0, :5].tolist() == [0, 0, 1, 1, 2]
    assert page["lines"][0, 1, :4].tolist() == [-BEYOND, 70, 90, BEYOND]
    assert page["shuts"][0, 1, :3].tolist() == [0b0100, 0, 1 << 4]
    assert page["lines"][0, 2, :2].tolist() == [-BEYOND, BEYOND]
    assert not page["restless"]


def test_there_is_room_for_every_line() -> None:
    """One before all, one for each gate, list and edge of a band, and one after all."""
    page = bound(ALONE["gates"])[0]
    assert page["lines"].shape[-1] == page["opens_at"].shape[-1] + page["list_kind"].shape[-1] + MOST["bands"] - 1 + 2
