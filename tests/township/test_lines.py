"""Gates are looked at where a score has crossed a line, and no number tells that they were not looked at whenever it moved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from oracle.books import PEOPLE, STYLES, book, folk
from oracle.mechanisms import common, scores
from oracle.tiny import NO_GATE, PLACE, populace, rulebook
from taped import counted

from counterlife.layout import ListKind, Rulebook
from counterlife.township.book import BEYOND, Book, bind

SEEDS = range(3)
ONLY_BELOW = [ListKind.RECORD, ListKind.SCORE_BELOW, ListKind.RECORD, ListKind.RECORD]
ONLY_ABOVE = [ListKind.RECORD, ListKind.RECORD, ListKind.SCORE_ABOVE, ListKind.RECORD]
UNLISTED: dict[str, Any] = {"list_share": 0.0, "list_domain": [-1, 1, -1, -1]}
FEW_BANDS: dict[str, Any] = {"cuts": [-(10**6)]}


def rules_with(**given: Any) -> Rulebook:
    """Three scores, the last a ledger, with gates, lists and bands; records do nothing but move them."""
    dice = np.random.default_rng(5)
    return rulebook(1000, **common(dice) | scores(dice) | given)


ALONE: dict[str, Rulebook] = {
    "gates": rules_with(**UNLISTED | FEW_BANDS, list_kind=ListKind.RECORD),
    "a list below a mark": rules_with(**UNLISTED | FEW_BANDS, list_kind=ONLY_BELOW, list_mark=[0, 30, 0, 0], opens_at=NO_GATE),
    "a redlist": rules_with(**UNLISTED | FEW_BANDS, list_kind=ONLY_ABOVE, list_mark=[0, 0, 60, 0], opens_at=NO_GATE),
    "bands": rules_with(**UNLISTED, list_kind=ListKind.RECORD, opens_at=NO_GATE),
}


def bound(rules: Rulebook) -> Book:
    """The book that follows from the rules."""
    return bind(rules, populace(PEOPLE, names=8, holders=500))


def lived(rules: Rulebook, book: Book) -> list[str]:
    """Some people, by several chances."""
    return [counted(PLACE, seed, rules, folk(seed), book).print for seed in SEEDS]


def looked_at_always(rules: Rulebook) -> Book:
    """The book in which every movement of a score is one across a line."""
    book = bound(rules)
    book[0]["lines"] = BEYOND
    return book


def looked_at_never(rules: Rulebook) -> Book:
    """The book in which no score has a line to cross."""
    book = bound(rules)
    book[0]["lines"][..., 1:] = BEYOND
    return book


@pytest.mark.parametrize("style", STYLES)
def test_no_number_tells_when_gates_were_looked_at(style: str) -> None:
    rules = book(style, 1)
    assert lived(rules, bound(rules)) == lived(rules, looked_at_always(rules))


@pytest.mark.parametrize("name", ALONE)
def test_every_kind_of_line_is_one(name: str) -> None:
    """Where nothing else has lines, they are those of the book, and without them somebody's gates, lists or bands would be missed."""
    rules = ALONE[name]
    assert lived(rules, bound(rules)) == lived(rules, looked_at_always(rules)) != lived(rules, looked_at_never(rules))


def test_lines_are_those_of_gates_lists_and_bands_in_order() -> None:
    """The first score has gates 0 and 3, a list below 30 that closes, and the bands; the second a gate and a redlist; the third nothing."""
    rules = rulebook(
        10, scores=3, domains=4, lists=3, worlds=1, gate_score=[0, 1, 1, 0], opens_at=[40, NO_GATE, 70, -5], list_score=[0, 1, 2],
        list_kind=[ListKind.SCORE_BELOW, ListKind.SCORE_ABOVE, ListKind.RECORD], list_mark=[30, 90, 7], cuts=[[0, 40]],
    )  # fmt: skip
    lines = bound(rules)[0]["lines"]
    assert lines[0, 0, :7].tolist() == [-BEYOND, -5, 0, 30, 40, BEYOND, BEYOND]
    assert lines[0, 1, :4].tolist() == [-BEYOND, 70, 90, BEYOND]
    assert lines[0, 2, :2].tolist() == [-BEYOND, BEYOND]


def test_there_is_room_for_every_line() -> None:
    """One before all, one for each gate, list and edge of a band, and one after all."""
    page = bound(ALONE["gates"])[0]
    assert page["lines"].shape[-1] == page["opens_at"].shape[-1] + page["list_mark"].shape[-1] + page["cuts"].shape[-1] + 2
