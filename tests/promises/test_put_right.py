"""What becomes of a wrong record that somebody puts right: P13, P17 and P23 of the method, and who is heard when.

P16 of the method, that the length of an epoch does not matter, is promised by there being none: lives are lived in continuous time, and the
one thing that people send each other, the days on which offices decide, is found as the one course of events in which everything fits.
Here it is found from wrong first guesses and in other orders.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from oracle.books import book
from oracle.tiny import blacklist, people, rulebook

from counterlife.layout import YEAR
from counterlife.township.jit import compiled
from counterlife.township.trace import items_of
from counterlife.verify.promises import right
from counterlife.verify.promises.right import TOLD

from .hamlet import ACCURATE, DESIGNED, SEEDS, ground, hamlet, hold, shut

# --- P13: a record that is taken off was never there ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("form", right.FORMS)
@pytest.mark.parametrize("style", ["redress", "stages"])
def test_a_record_taken_off_as_it_enters_leaves_no_trace(style: str, form: Any, seed: int) -> None:
    """P13: the world as it comes (D) is the world without ghosts and without records from elsewhere (A here), on every day."""
    hold(right.taken_off_at_once(ground(book(style, seed), seed), form))


def test_a_ledger_is_replayed_and_not_paid_back() -> None:
    """P13: where a ghost hit the floor or came before the ceiling was hit, giving its points back would be another life."""
    rules = rulebook(
        1000,
        classes=2,
        channels=(0, 1),
        ceiling=[2 / YEAR, 3 / YEAR],
        ghost=np.array([[2 / YEAR], [0.0]]),
        points=[[-35, 25]] * 2,
        ledger=1,
        lowest=-100,
        highest=40,
        opens_at=-20,
    )
    hold(right.replayed(ground(right.heard_at_once(rules, TOLD), 1, people(60))))


# --- P17: wrong from the entry to the notice ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_record_acts_until_the_person_is_told(seed: int) -> None:
    """P17: told of all, heard at once, always found to be right: twenty days for each wrong record, and all days for the right ones."""
    hold(right.acts_until_told(ground(book("redress", seed), seed)))


def test_days_wrongful_are_those_from_entry_to_notice() -> None:
    """P17: on a list that any record leads to, where nobody does anything and all is ghosts."""
    rules = right.heard_at_once(blacklist(1000, ceiling=0.0, ghost=1 / YEAR), TOLD)
    village = hamlet(rules, 3, people(60))
    expected = np.zeros((60, 1, 1000), bool)
    for i in range(60):
        for day in items_of(village, i)["time"]:
            expected[i, 0, int(day) : int(day + TOLD)] = True
    assert np.array_equal(shut(village, DESIGNED), expected)
    assert not shut(village, ACCURATE).any()
    assert 60 * TOLD < expected.sum() < 60 * 1000 / 4


# --- P23: a source that is down -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_corrections_of_an_outage_are_made_at_its_end_and_none_is_lost(seed: int) -> None:
    """P23: and records that would have come meanwhile come then."""
    hold(*right.made_at_the_end(ground(book("threats", seed), seed)))


# --- who is heard when ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", ["office", "reactions and an office", "everything"] if compiled() else ["office"])
def test_who_is_heard_when_does_not_depend_on_where_the_search_begins(style: str, seed: int) -> None:
    """From nobody heard, from everybody heard on a random day, person by person in random order: the same days."""
    hold(right.heard_in_any_order(ground(book(style, seed), seed)))
