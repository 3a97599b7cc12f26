"""Rankings: at every review people are put in the order of their scores, and gates close to those below a line. Model: `docs/model.md` 15.

The lines follow from everybody's scores, and scores may follow from earlier lines: `hearings.py` lives everybody until the two fit. What is
closed to whom is in `sanctions.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import MILLION, Cause, Ints, What
from .book import Book
from .draws import NO_STREAM, RANK, Address, Word, block
from .jit import keeper, kernel, whole
from .kin import concerned, row_of
from .room import ABSENT, Life, note
from .sanctions import NOBODY, NOTHING
from .scores import score_of
from .tapes import Tapes

Cuts = Any  # array of CUT

# the key of the lowest person to whom a gate stays open
CUT = np.dtype([("score", np.int64), ("tie", np.uint64)])

ABOVE_ALL = whole(2**63 - 1)
BY_RANKING, RANKED = whole(Cause.RANKING), whole(What.RANKED)


@kernel
def tie_of(at: Address, index: int, review: int) -> Word:
    """What decides between equal scores: a draw, and then the person's number. Draws: RANK."""
    return block(at, index, NO_STREAM, RANK, review)[0] * np.uint64(1 << 32) + np.uint64(index)


@kernel
def falls_below(at: Address, index: int, review: int, mark: int, score: int, tie: Word) -> bool:
    """True where the person, whose score is the mark, lies below the line (score, tie)."""
    return bool(mark < score or (mark == score and tie_of(at, index, review) < tie))


@kernel
def review(life: Life, index: int, number: int, cuts: Cuts, marks: Ints) -> None:
    """The person is below or above the lines of review `number` (from 1), cuts (K,); the scores that were looked at are in marks (K,)."""
    rules, state = life.rules, life.state
    r, ages, below = state["row"], concerned(rules, life.person["age"], state["day"]), NOTHING
    for k in range(rules["ranks"]):
        d = rules["ranked"][k]
        marks[k] = ABSENT
        if rules["ruled"][r] == 1 and rules["closes_lowest"][r, d] > 0 and ages >> d & 1:
            marks[k] = score_of(life, rules["gate_score"][d])
            fallen = falls_below(life.at, index, number, marks[k], cuts[k]["score"], cuts[k]["tie"])
            below |= (1 if fallen else 0) << d
    if below != state["below"]:
        state["below"], state["touched"], state["why"] = below, 1, BY_RANKING
        state["cause"] = max(state["cause"], BY_RANKING)
        note(life, RANKED, NOTHING, NOBODY, below)


@keeper
def draw_cuts(at: Address, book: Book, tapes: Tapes, marks: Ints, cuts: Cuts, due: Ints) -> None:
    """Every line is where the marks (W, E, K, people) put it; people who change sides are due, unless they have no records: nothing
    changes their scores, but other people's. Writes cuts (W, E, K).
    """
    rules = book[0]
    for w in range(rules["worlds"]):
        for n in range(rules["reviews"]):
            r = row_of(rules, w, (n + 1) * rules["review_days"])
            for k in range(rules["ranks"]):
                here, cut = marks[w, n, k], cuts[w, n, k]
                score, tie = lowest_open(at, here, rules["closes_lowest"][r, rules["ranked"][k]], n + 1)
                old, before = cut["score"], cut["tie"]
                cut["score"], cut["tie"] = score, tie
                for i in range(here.shape[0] if score != old or tie != before else 0):
                    if here[i] == ABSENT or (tapes.start[i + 1] == tapes.start[i] and rules["tied"] < 0):
                        continue
                    was, now = falls_below(at, i, n + 1, here[i], old, before), falls_below(at, i, n + 1, here[i], score, tie)
                    due[i] |= 1 if was != now else 0


@keeper
def lowest_open(at: Address, marks: Ints, share: int, review: int) -> tuple[int, Word]:
    """The key of the lowest person who is not among the `share` millionths, rounded up, that score lowest. marks: (people,)."""
    pool = marks[marks != ABSENT]
    lowest = (share * pool.size + MILLION - 1) // MILLION
    if lowest >= pool.size:
        return ABOVE_ALL, np.uint64(0)
    score = np.partition(pool, lowest)[lowest]
    ties = np.empty(pool.size, np.uint64)
    less, equal = 0, 0
    for i in range(marks.shape[0]):
        if marks[i] == score:
            ties[equal] = tie_of(at, i, review)
            equal += 1
        elif marks[i] != ABSENT and marks[i] < score:
            less += 1
    return score, np.partition(ties[:equal], lowest - less)[lowest - less]
