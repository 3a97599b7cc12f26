"""Worlds that share a life: each of them would have lived it itself, and no number tells.

Two worlds that differ only in whether corrections are late or lost are one as long as no appeal is granted.
"""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import pytest
from oracle.books import PEOPLE, folk
from oracle.mechanisms import common, conduct, office, redress, threats
from oracle.tiny import PLACE, populace, rulebook
from taped import Counted, counted, plainly

from counterlife.layout import QUALITIES, STEP, Quality, Rulebook
from counterlife.township import life
from counterlife.township.book import Book, bind
from counterlife.township.desk import lay_desk, sit_down
from counterlife.township.draws import address
from counterlife.township.hearings import hear
from counterlife.township.jit import compiled
from counterlife.township.tapes import write

COME = QUALITIES["as they come"]
TIMELY = COME & ~Quality.STALE
SEED = 3
AT = address(PLACE, SEED, 0)
LOG = np.empty(0, STEP)


def rules_with(*mechanisms: Any, **given: Any) -> Rulebook:
    """Appeals against records of which many are wrong; what is granted is late or lost in the first and third world, at once in the second.

    Nothing settles, so that two of the worlds differ in nothing else.
    """
    dice = np.random.default_rng(2)
    fields = common(dice) | redress(dice)
    for some in mechanisms:
        fields |= some(dice)
    qualities = {"quality": [COME, TIMELY, COME, QUALITIES["lawful"], 0], "settles": 0.0, "correct_lost": 0.5, "conduct": -1}
    return rulebook(1000, **fields | qualities | given)


def bound(rules: Rulebook) -> Book:
    """The book that follows from the rules."""
    return bind(rules, populace(PEOPLE, names=8, holders=500))


def lived(rules: Rulebook, shares: bool = True, few: int = PEOPLE) -> Counted:
    """Some people; where no two worlds are alike nothing is shared."""
    book = bound(rules)
    if not shares:
        book[0]["like"] = 0
    return counted(PLACE, SEED, rules, folk(1)[:few], book)


def test_a_shared_life_is_the_life() -> None:
    """Until an appeal is granted; then the lives differ, of some."""
    rules, people = rules_with(), folk(1)
    book = bound(rules)
    tapes = write(AT, book, people)
    heard = hear(AT, book, people, tapes)
    desk = lay_desk(AT, book, tapes, heard.cuts)
    worlds, shared, apart, differ = desk.worlds[0], 0, 0, 0

    def live(i: int, first: int, last: int) -> None:
        items = int(tapes.start[i + 1] - tapes.start[i])
        sit_down(desk, AT, book[0], tapes, heard, people[i], i, items)
        life.live(desk, AT, book[0], items, people[i], i, first, last, -1, LOG)

    def told(i: int, w: int) -> tuple[Any, ...]:
        items = int(tapes.start[i + 1] - tapes.start[i])
        return desk.lines[w, : worlds["changes"][w]].tolist(), desk.fates[w, :items].tolist(), int(worlds["score"][w])

    for i in range(PEOPLE):
        live(i, 0, 3)
        first, of, granted = told(i, 0), worlds["of"].tolist(), int(worlds["granted"][0])
        assert of[2] == 0
        for w in (1, 2):
            live(i, w, w + 1)
            if w == 2 and worlds["of"][2] == 0:  # in any case
                continue
            alone = told(i, w)
            if of[w] == 0:
                assert alone == first
            differ += alone != first
        shared, apart = shared + (of[1] == 0), apart + (of[1] == 1)
        assert (of[1] == 0) == (granted == 0)
    assert shared > 5
    assert apart > 5
    assert differ > 5


FORMS: dict[str, Rulebook] = {
    "redress": rules_with(),
    "settled matters": rules_with(settles=[150.0, 0.0, 0.0]),
    "attacks": rules_with(threats, quality=[COME | Quality.THREATS, TIMELY | Quality.THREATS, COME, TIMELY, 0]),
    "an office": rules_with(office),
    "reactions": rules_with(conduct, conduct=-1, gives_up=2),
    "conduct of another world": rules_with(conduct, conduct=[-1, -1, 1, 0, -1]),
    "more is tried where less was lost": rules_with(conduct, conduct=-1, gives_up=1, take_up_weary=0.0, sensitivity=0.3, second=0.0),
}


@pytest.mark.parametrize("form", FORMS)
def test_no_number_tells_who_shares_a_life(form: str) -> None:
    assert lived(FORMS[form]).print == lived(FORMS[form], shares=False).print


def in_spite_of_all(worlds: Any, first: int, w: int) -> bool:
    """`life.shares`, whether or not an appeal was granted."""
    known = worlds["unless"][w]
    if first <= known:
        worlds["of"][w] = known
    worlds["of"][w] = worlds["of"][worlds["of"][w]]
    return bool(worlds["of"][w] != w)


def prints() -> list[str]:
    """With lives that are shared as they may be, in spite of all, and never."""
    rules, some = rules_with(), 9
    with mock.patch.object(life, "shares", in_spite_of_all):
        spoilt = lived(rules, few=some).print
    return [lived(rules, few=some).print, spoilt, lived(rules, shares=False, few=some).print]


def test_sharing_in_spite_of_an_appeal_is_found_out() -> None:
    right, spoilt, alone = plainly(__file__).split() if compiled() else prints()
    assert right == alone != spoilt


if __name__ == "__main__":
    print(*prints())
