"""Gates that close for those who score lowest: P5 of the method, and relative grading as a counterexample of P4.

Nobody can earn a way out: whatever people do, the same number is shut out at every review.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from counterlife.layout import NEVER, Place, Rulebook
from counterlife.scenario.compile import Compiled
from counterlife.scenario.compile import compile as compiled_rules
from counterlife.scenario.load import load
from counterlife.scenario.monotone import monotone
from counterlife.township.hearings import Said, live_again, nothing_said
from counterlife.township.jit import compiled
from counterlife.township.ranking import draw_cuts
from counterlife.township.trace import Village, items_of, settle, trace
from counterlife.verify.promises import ranks
from counterlife.verify.promises.ground import Ground

from .hamlet import hold

FILE = Path(__file__).parents[1] / "scenarios" / "valid" / "ranking.yaml"
PEOPLE = 300 if compiled() else 40
DESIGNED, ACCURATE, UNRANKED, WITHOUT = range(4)
TRAVEL, LOAN, SCHOOL = range(3)
OF_SCORE_ONLY = "gates.travel.opens_at=null"
REVIEWS = [60.0 * n for n in range(1, 13)]


def town(*overrides: str, seed: int = 1, amnesty: float = NEVER) -> tuple[Village, Rulebook]:
    """A small township of the ranking, nobody lived yet; all records are forgiven on the day of an amnesty."""
    one = scenario(*overrides)
    where, rules = Place(0, int(one.region_numbers[0]), 0), one.rulebook
    if amnesty < NEVER:
        rules = rules._replace(amnesty_day=np.full_like(rules.amnesty_day, amnesty), amnesty_age=np.zeros_like(rules.amnesty_age))
    return settle(where, rules, one.populace._replace(people=PEOPLE), seed, 0), rules


def scenario(*overrides: str) -> Compiled:
    """The ranking as numbers."""
    return compiled_rules(load(str(FILE), overrides))


def ranked(*overrides: str) -> Ground:
    """A small township of it."""
    return Ground.of(scenario(*overrides), people=PEOPLE)


@pytest.mark.parametrize("busier", [1, 3])
@pytest.mark.parametrize(("w", "d"), [(DESIGNED, TRAVEL), (DESIGNED, LOAN), (ACCURATE, TRAVEL), (ACCURATE, LOAN)])
def test_the_same_number_is_shut_out_whatever_people_do(w: int, d: int, busier: int) -> None:
    """P5: at every review exactly the share, rounded up, of those whom the gate concerns: with accurate records, and with more conduct."""
    busy = (f"conduct.late_fee.rate={busier} per year", "conduct.late_fee.ceiling=9 per year")
    hold(ranks.same_number(ranked(OF_SCORE_ONLY, *busy), w, d))


def test_the_lowest_are_shut_out() -> None:
    """No one below a line scores more than anyone above it; those at the same score are parted, some so and some so."""
    hold(ranks.lowest_shut_out(ranked(OF_SCORE_ONLY), DESIGNED, TRAVEL))


def test_nobody_is_shut_out_between_reviews_who_was_not_at_one() -> None:
    village, rules = town(OF_SCORE_ONLY)
    for i in range(village.people.size):
        view = trace(village, i, DESIGNED).view
        closes = [float(c["at"]) for b, c in pairwise(view) if c["mask"] & ~b["mask"] & 1]
        grown_up = float(rules.domain_from[TRAVEL] - village.people["age"][i])
        assert all(day in REVIEWS or day == grown_up for day in closes)


def test_what_ends_on_the_day_of_a_review_counts_once_more() -> None:
    """Section 15 of `docs/model.md`: a review looks at what was before its day's steps; an amnesty on its day is felt at the next."""
    reviewed = [lived(*town(OF_SCORE_ONLY, amnesty=day)).marks[DESIGNED] for day in (NEVER, REVIEWS[4])]
    assert np.array_equal(reviewed[0][:5], reviewed[1][:5])
    assert not np.array_equal(reviewed[0][5], reviewed[1][5])


def test_the_same_points_for_everybody_change_nothing() -> None:
    """P5: a treadmill. Whoever gives everybody the same bonus shuts out the same people on the same days."""
    hold(ranks.treadmill(ranked(OF_SCORE_ONLY), TRAVEL))


def test_a_ranking_is_not_monotone() -> None:
    """P4: with everybody's records right somebody is shut out who was not before, and had no wrong record."""
    assert not monotone(load(str(FILE)))[0]
    assert any("closes_lowest" in reason for reason in monotone(load(str(FILE)))[1])
    one = ranked(OF_SCORE_ONLY, "conduct.late_fee.strain=1")
    wrong = [items_of(one.village, i)["wrong"].any() for i in range(PEOPLE)]
    spared = ranks.closed(one, ACCURATE, TRAVEL, REVIEWS) & ~ranks.closed(one, DESIGNED, TRAVEL, REVIEWS)
    assert spared.any()
    assert spared[~np.array(wrong)].any()  # other people's wrong records kept these in


def lived(village: Village, rules: Rulebook) -> Said:
    """What everybody's lives say, under the lines that were found."""
    at, book, people, tapes, heard = village
    said = nothing_said(heard, people.size)
    live_again(at, book, people, tapes, heard, np.ones(people.size, np.int64), said)
    return said


def test_the_lines_and_the_lives_fit_each_other() -> None:
    """Drawn again from the lives that they make, the lines are the same; strain matters here, or this would be nothing."""
    village, rules = town()
    at, book, people, tapes, heard = village
    again, due = heard.cuts.copy(), np.zeros(people.size, np.int64)
    draw_cuts(at, book, tapes, lived(village, rules).marks, again, due)
    assert np.array_equal(again, heard.cuts)
    assert not due.any()
    assert not np.array_equal(town("conduct.late_fee.strain=1")[0].heard.cuts, heard.cuts)


@pytest.mark.parametrize("seed", range(3))
def test_the_lines_do_not_depend_on_where_the_search_begins(seed: int) -> None:
    """P16: from lines drawn at random, a few people at a time: the same lines."""
    village, rules = town(seed=seed)
    at, book, people, tapes, heard = village
    dice = np.random.default_rng(seed)
    cuts, due = heard.cuts.copy(), np.ones(people.size, np.int64)
    cuts["score"] = dice.integers(50_000, 120_000, cuts.shape)
    said = lived(village, rules)
    said.marks[:] = dice.integers(50_000, 120_000, said.marks.shape)
    while due.any():
        turn = due * dice.integers(0, 2, people.size)
        live_again(at, book, people, tapes, heard._replace(cuts=cuts), turn, said)
        later, moved = due * (1 - turn), np.zeros_like(due)
        draw_cuts(at, book, tapes, said.marks, cuts, moved)
        due = np.maximum(later, moved)
    assert np.array_equal(cuts, heard.cuts)
