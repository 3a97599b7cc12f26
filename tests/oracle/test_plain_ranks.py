"""Reviews in the plain engine, by hand: who is below a line, by score and by draw, for how long, and what comes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from counterlife.layout import YEAR, Cause, Purpose, Rulebook

from .books import PEOPLE, book, folk
from .plain import Township, live, relive
from .plain_life import Life
from .plain_ranks import is_ranked
from .plain_tape import Candidate
from .tiny import NO_GATE, PLACE, by_hand, counted, ghost, own, people, populace, rulebook, total

THIRD = 333_333  # of three people: one


def ranked(days: int = 100, share: Any = THIRD, every: float = 30.0, **given: Any) -> Rulebook:
    """A gate that looks at scores in reviews only; a record takes ten points."""
    return rulebook(days, **{"worlds": 1, "points": -10, "closes_lowest": share, "review_days": every, **given})


def below(town: Township, time: float, w: int = 0, d: int = 0) -> set[int]:
    """Who is shut out after an instant."""
    return {life.person for life in town.lives[w] if d in life.closed_at(time)}


def by_draw(town: Township, n: int, among: Sequence[int]) -> list[int]:
    """Some people in the order of their luck at review n."""
    return sorted(among, key=lambda i: (town.draws.block(i, Purpose.RANK, 0, n)[0], i))


def closings(life: Life) -> list[tuple[float, set[int], Cause | None]]:
    """When the gates of a life change after day 0, how and why."""
    return [(change.time, set(change.closed), change.cause) for change in life.changes[1:]]


# --- how many, and who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "number"), [(1, 1), (200_000, 2), (200_001, 3), (250_000, 3), (900_000, 9), (900_001, 10), (1_000_000, 10), (0, 0)]
)
def test_a_share_is_rounded_up_to_people(share: int, number: int) -> None:
    """Of ten people of equal score: the draw decides, anew at each review; none at the end of the period."""
    town = by_hand(ranked(90, share), folk=people(10))
    assert below(town, 29.9) == set()
    for n in (1, 2):
        assert below(town, n * 30.0) == set(by_draw(town, n, range(10))[:number])
        assert below(town, n * 30.0) == below(town, n * 30.0 + 29.9)
    assert {change.time for life in town.lives[0] for change in life.changes} <= {0.0, 30.0, 60.0}
    assert (below(town, 30.0) != below(town, 60.0)) == (number in (1, 2, 3, 9))


def test_the_score_comes_before_the_draw() -> None:
    for worst in range(3):
        town = by_hand(ranked(), [own(5, person=worst)], people(3))
        assert [below(town, 30.0 * n) for n in (1, 2, 3)] == [{worst}] * 3


def test_scores_are_put_in_order_as_gates_see_them() -> None:
    """-40 and -20 are both -15, so two are equal; the third, -10, is above them."""
    filings = [own(5 + n, ordinal=n) for n in range(4)] + [own(5 + n, ordinal=n, person=1) for n in range(2)] + [own(5, person=2)]
    town = by_hand(ranked(300, lowest=-15), filings, people(3))
    firsts = [by_draw(town, n, [0, 1])[0] for n in range(1, 10)]
    assert [below(town, 30.0 * n) for n in range(1, 10)] == [{first} for first in firsts]
    assert set(firsts) == {0, 1}


def test_a_gate_looks_at_its_own_score() -> None:
    """Channel 0 costs points in the first score, channel 1 in the second."""
    rules = ranked(classes=2, channels=(0, 1), scores=2, domains=2, points=[[[-10, 0], [0, -10]]], gate_score=[1, 0])
    town = by_hand(rules, [own(5, person=0), own(5, channel=1, person=1)], people(3))
    assert (below(town, 30.0, d=0), below(town, 30.0, d=1)) == ({1}, {0})


@pytest.mark.parametrize(("ledger", "second"), [(1, 0), (0, 1)])
def test_a_ledger_is_ranked_by_what_it_says(ledger: int, second: int) -> None:
    """Ten points for forty days are gone at the second review, but for a ledger; five of somebody else stay."""
    rules = ranked(ledger=ledger, keep=[40.0, 1000.0], points=[[-10, -5]], classes=2, channels=(0, 1))
    town = by_hand(rules, [own(5), own(15, channel=1, person=1)], people(3))
    assert (below(town, 30.0), below(town, 60.0)) == ({0}, {second})


def test_what_enters_on_the_day_of_a_review_counts_at_the_next() -> None:
    first, _, last = by_draw(by_hand(ranked(), folk=people(3)), 1, range(3))
    town = by_hand(ranked(), [own(30, person=last)], people(3))
    assert (below(town, 30.0), below(town, 60.0)) == ({first}, {last})


def test_what_ends_on_the_day_of_a_review_counts_once_more() -> None:
    """Two have equal points, and those of whom the draw shuts out at the second review are to end on that day."""
    first, other = by_draw(by_hand(ranked(), folk=people(3)), 2, range(2))
    town = by_hand(ranked(keep=40.0), [own(20, person=first), own(40, person=other)], people(3))
    assert (below(town, 30.0), below(town, 60.0)) == ({first}, {first})


def test_in_a_township_of_many_records_each_review_closes_exactly_the_share() -> None:
    """Gates without marks and without lists."""
    rules = book("with ranks", 1)
    rules = rules._replace(opens_at=np.full_like(rules.opens_at, NO_GATE), list_domain=np.full_like(rules.list_domain, -1))
    rules = rules._replace(most_closed=np.full_like(rules.most_closed, 5), joint=0 * rules.joint)
    town = live(rules, populace(PEOPLE, names=8, holders=500), PLACE, folk(1), 3, 0)
    sizes: set[int] = set()
    for w, row in ((0, 0), (1, 0), (2, 1), (3, 1)):
        for n in range(1, math.ceil(rules.days / rules.review_days)):
            time = n * rules.review_days
            for d in (1, 4):
                pool = {life.person for life in town.lives[w] if is_ranked(life, d, time)}
                assert below(town, time, w, d) <= pool
                assert len(below(town, time, w, d)) == math.ceil(int(rules.closes_lowest[row, d]) * len(pool) / 10**6) > 0
                sizes.add(len(pool))
    assert len(sizes) > 1
    assert below(town, 500.0, 4, 1) == set()


# --- whom it concerns ------------------------------------------------------------------------------------------------------------


def test_only_those_whom_the_gate_concerns_are_ranked() -> None:
    """Half of three grown people are two; a child has the lowest score and is none of them, one too old neither."""
    folk = people(5, age=np.array([10, 30, 30, 30, 70]) * YEAR)
    rules = ranked(share=500_000, domain_from=18 * YEAR, domain_until=60 * YEAR)
    town = by_hand(rules, [own(5, person=i) for i in (0, 2, 3, 4)] + [own(6, ordinal=1, person=2)], folk)
    assert below(town, 30.0) == {2, 3}
    assert below(town, 60.0) == {2, 3}


def test_an_age_is_looked_at_at_the_review() -> None:
    """Grown on the day of the first review, a day later, and too old on the day of the first review."""
    folk = people(3, age=np.array([18 * YEAR - 30, 18 * YEAR - 31, 60 * YEAR - 30]))
    town = by_hand(ranked(share=1_000_000, domain_from=18 * YEAR, domain_until=60 * YEAR), folk=folk)
    assert below(town, 30.0) == {0}
    assert below(town, 60.0) == {0, 1}


# --- how long ------------------------------------------------------------------------------------------------------------------


def test_a_line_holds_until_the_next_review() -> None:
    """A ghost's points are gone on day 50: the gate opens on day 60. Beside the twin that is luck, and lenience to the other."""
    rules = ranked(worlds=2, pair_world=[0], classes=2, channels=(0, 1), points=[[-10, -5]], keep=[40.0, 1000.0])
    town = by_hand(rules, [ghost(10), own(10, channel=1, person=1)], people(3))
    assert closings(town.lives[0][0]) == [(30, {0}, Cause.RANKING), (60, set(), Cause.RANKING)]
    assert closings(town.lives[0][1]) == [(60, {0}, Cause.RANKING)]
    assert closings(town.lives[1][1]) == [(30, {0}, Cause.RANKING)]
    tables = counted(town)
    assert tables["spells"] == {"D~A.luck": {1: 1}}
    assert (total(tables, "wrongful_days.D~A.loans"), total(tables, "lenient_days.D~A.loans")) == (30, 30)
    assert total(tables, "closed_days.D.loans") == total(tables, "closed_days.A.loans") == 70


@pytest.mark.parametrize(("rows", "until"), [([[0, 1]], 45.0), ([[0, 0]], 100.0)])
def test_other_rules_clear_the_lines_until_they_rank(rows: Any, until: float) -> None:
    """A stage with the same row changes nothing."""
    rules = ranked(rows=2, stages=2, stage_day=[0.0, 45.0], row=rows, ruled=1)
    town = by_hand(rules, [own(5)], people(3))
    again = [(45, set(), Cause.STAGE), (60, {0}, Cause.RANKING)] if until < 100 else []
    assert closings(town.lives[0][0]) == [(30, {0}, Cause.RANKING), *again]


def test_a_stage_comes_before_the_review_of_its_day() -> None:
    """From day 60 on what cost points earns them, and two of three are shut out: not whom the draw alone would put first."""
    rules = ranked(
        rows=2, stages=2, stage_day=[0.0, 60.0], row=[[0, 1]], ruled=1, points=[[-10], [10]], closes_lowest=[[THIRD], [2 * THIRD]]
    )
    it, *others = by_draw(by_hand(rules, folk=people(3)), 2, range(3))
    town = by_hand(rules, [own(5, person=it)], people(3))
    assert [below(town, 30.0 * n) for n in (1, 2, 3)] == [{it}, set(others), set(others)]
    assert closings(town.lives[0][it]) == [(30, {0}, Cause.RANKING), (60, set(), Cause.STAGE)]


def test_without_rules_nobody_is_ranked() -> None:
    rules = ranked(rows=2, stages=3, stage_day=[0.0, 45.0, 75.0], row=[[0, 1, 0]], ruled=[1, 0])
    town = by_hand(rules, [own(5)], people(3))
    assert [below(town, 30.0 * n) for n in (1, 2, 3)] == [{0}, set(), {0}]
    assert town.lives[0][0].world.lines.keys() == {(1, 0), (3, 0)}


def test_a_row_may_rank_nobody() -> None:
    """The second world has no share for the gate."""
    town = by_hand(ranked(worlds=2, closes_lowest=[[THIRD], [0]]), [own(5)], people(3))
    assert [below(town, 60.0, w) for w in (0, 1)] == [{0}, set()]


# --- beside all else -------------------------------------------------------------------------------------------------------------


def test_a_line_is_one_way_to_be_shut_out_among_others() -> None:
    """The mark of -15 and the line of two of three: person 0 is below both, person 1 below the line, and later below the mark too."""
    rules = ranked(share=2 * THIRD, opens_at=-15)
    town = by_hand(rules, [own(5), own(6, ordinal=1), own(7, person=1), own(45, ordinal=1, person=1)], people(3))
    assert closings(town.lives[0][0]) == [(6, {0}, Cause.RECORD)]
    assert closings(town.lives[0][1]) == [(30, {0}, Cause.RANKING)]
    assert closings(town.lives[0][2]) == []


def test_a_cap_counts_what_a_line_closes() -> None:
    """One domain at most, the second is spared first: listed there from day 5, below the line of the first from day 30."""
    rules = ranked(
        lists=1, domains=2, list_domain=1, list_term=200.0, list_share=1.0, closes_lowest=[[THIRD, 0]], most_closed=1, spared=[1, 0]
    )
    town = by_hand(rules, [own(5)], people(3))
    assert closings(town.lives[0][0]) == [(5, {1}, Cause.RECORD), (30, {0}, Cause.RANKING)]


def test_one_record_more_is_no_cliff_where_only_a_line_is_below() -> None:
    """With a mark within reach of two, of whom one is below the line and shut out in any case, the other stands on the cliff."""
    assert total(counted(by_hand(ranked(minor=-10), folk=people(3))), "cliff.D") == 0
    town = by_hand(ranked(minor=-10, opens_at=-15), [own(5, person=i) for i in range(2)], people(3))
    assert total(counted(town), "cliff.D") == 1


def test_nobody_is_careful_near_a_line() -> None:
    rules = ranked(near=3.0, near_points=20, accept=0.2, detect=0.0)
    events = [Candidate(i, 0, 0, 50.0, 0.3) for i in range(3)]
    town = by_hand(rules, folk=people(3, ability=1.0), candidates=events)
    assert sum(life.events[0] for life in town.lives[0]) == 0


def test_an_age_is_felt_on_its_day() -> None:
    """Listed from day 10 in a domain that concerns the person until day 20: the belief rises until then, and fades; no review matters."""
    rules = ranked(
        domains=2, lists=1, list_domain=1, list_term=200.0, list_share=1.0, closes_lowest=[[THIRD, 0]], domain_until=[1e18, 30 * YEAR + 20],
        belief=0.2, belief_rate=0.1,
    )  # fmt: skip
    town = by_hand(rules, [ghost(10), *(own(5 + n, ordinal=n, person=1) for n in range(2))], people(3))
    assert below(town, 30.0) == {1}
    risen = 1 + (0.2 * math.exp(-1) - 1) * math.exp(-1)
    assert town.lives[0][0].mind.belief(90.0) == pytest.approx(risen * math.exp(-7))


# --- the treadmill ---------------------------------------------------------------------------------------------------------------


def test_the_same_points_for_everybody_change_nothing() -> None:
    """Where gates close for the lowest only, 500 more for all move every line by 500 and nobody across it."""
    rules = book("with ranks", 2)
    rules = rules._replace(
        opens_at=np.full_like(rules.opens_at, NO_GATE),
        list_kind=np.zeros_like(rules.list_kind),
        lowest=np.full_like(rules.lowest, -(10**6)),
        highest=np.full_like(rules.highest, 10**6),
    )
    rich = rules._replace(start=rules.start + 500)
    one, other = (live(some, populace(PEOPLE, names=8, holders=500), PLACE, folk(2), 5, 0) for some in (rules, rich))
    assert one.views == other.views
    for w in range(4):
        lines = one.lives[w][0].world.lines
        assert other.lives[w][0].world.lines == {at: (score + 500, tie) for at, (score, tie) in lines.items()}
        assert len(lines) > 10
    assert sum(change.cause == Cause.RANKING for views in one.views for view in views for change in view) > 100


def test_what_one_gains_another_loses() -> None:
    """Of two people one is always shut out: a ghost that is under the other's name opens the gate to whom it would be closed."""
    loser = by_draw(by_hand(ranked(), folk=people(2)), 1, [0, 1])[0]
    town = by_hand(ranked(31, worlds=2, share=500_000, pair_world=[0]), [ghost(5, person=1 - loser)], people(2))
    assert (below(town, 30.0, 0), below(town, 30.0, 1)) == ({1 - loser}, {loser})
    tables = counted(town)
    assert total(tables, "wrongful_days.D~A.loans") == total(tables, "lenient_days.D~A.loans") == 1


# --- put right alone -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wrong", "right"), [(-20, -10), (-15, -15), (-25, -5)])
def test_the_line_stays_where_it_is_when_a_record_is_put_right(wrong: int, right: int) -> None:
    """Thirty points are taken, some by a ghost; the line is at -10, somebody else's score. Without the ghost the person has as many points
    as that, and the draw decides, or fewer, or more.
    """
    rules = ranked(classes=2, channels=(0, 1, 1), points=[[-10, right, wrong]])
    town = by_hand(rules, [ghost(5, channel=2), own(5, channel=1), own(5, person=1)], people(3))
    life = town.lives[0][0]
    assert (below(town, 30.0), life.world.lines[1, 0][0]) == ({0}, -10)
    without = relive(town, 0, 0, next(record for record in life.records if record.wrong))
    unlucky = by_draw(town, 1, [0, 1])[0] == 0
    assert (0 in without.closed_at(30.0)) == {-10: unlucky, -15: True, -5: False}[right]
    assert without.world.lines == life.world.lines


def test_without_a_good_wrong_record_somebody_is_below_a_line_that_would_have_moved() -> None:
    """-30, -10 and 0, one shut out: the second is on the line. Without ten good points the second is below it, and the first still is."""
    rules = ranked(classes=2, channels=(0, 1), points=[[-10, 10]])
    filings = [own(5 + n, ordinal=n) for n in range(3)] + [own(5 + n, ordinal=n, person=1) for n in range(2)]
    town = by_hand(rules, [*filings, ghost(5, channel=1, person=1)], people(3))
    assert below(town, 30.0) == {0}
    without = relive(town, 0, 1, next(record for record in town.lives[0][1].records if record.wrong))
    assert closings(without) == [(30, {0}, Cause.RANKING)]


def test_what_a_wrong_record_costs_is_counted_by_the_lines_of_its_world() -> None:
    town = by_hand(ranked(), [ghost(5), own(5, ordinal=1), own(5, person=1)], people(3))
    tables = counted(town)
    days = {n: 30 if n < 3 else 10 for n in (1, 2, 3)}
    assert total(tables, "but_for_days.D") == sum(days[n] for n in days if by_draw(town, n, [0, 1])[0] == 1)
    assert total(tables, "but_for_days.D") > 0


# --- feedback --------------------------------------------------------------------------------------------------------------------


def test_who_is_shut_out_by_luck_does_what_keeps_them_out() -> None:
    """Equal at the first review; on day 40 both could act, and only who is shut out does: from then on there is no luck about it."""
    rules = ranked(400, share=500_000, accept=0.1, strain=2.0)
    events = [Candidate(i, 0, 0, 40.0, 0.15) for i in range(2)]
    town = by_hand(rules, folk=people(2), candidates=events)
    loser = by_draw(town, 1, [0, 1])[0]
    assert {by_draw(town, n, [0, 1])[0] for n in range(2, 14)} == {0, 1}
    assert [below(town, 30.0 * n) for n in range(1, 14)] == [{loser}] * 13
    assert [life.events[0] for life in town.lives[0]] == [int(i == loser) for i in range(2)]


@pytest.mark.parametrize(("shut", "done"), [(0, [1, 0, 0]), (1, [0, 0, 1])])
def test_one_persons_act_changes_what_another_does(shut: int, done: list[int]) -> None:
    """One of the first two is shut out on day 30, where only the first could act, on day 40, at a loss of 30. At the second review the
    third, at -20, is the lowest unless the first has acted; who is shut out of the gate acts on day 70.
    """
    rules = ranked(accept=0.1, strain=2.0, classes=2, channels=(0, 1), points=[[-30, -10]])
    filings = [own(5, channel=1, person=shut), *(own(40 + n, channel=1, ordinal=n, person=2) for n in range(2))]
    events = [Candidate(0, 0, 0, 40.0, 0.15), Candidate(2, 0, 0, 70.0, 0.15)]
    town = by_hand(rules, filings, people(3), events)
    assert [life.events[0] for life in town.lives[0]] == done
    assert below(town, 60.0) == {0 if done[0] else 2}


def test_an_office_and_the_lines_wait_for_each_other() -> None:
    """Both contest between days 34 and 35; the office takes first whom the second review has shut out, and decides one case a day. At the
    review between its two days the other is below the line.
    """
    appeals: dict[str, Any] = {"contestable": 1, "notice": 1.0, "notice_days": 29.0, "take_up": 1.0, "office": 1, "slots": 1, "by_harm": 1}
    rules = ranked(50, share=500_000, every=11.9, **appeals)
    loser = by_draw(by_hand(rules, folk=people(2)), 2, [0, 1])[0]
    town = by_hand(rules, [ghost(5.6, person=loser), ghost(5.2, person=1 - loser)], people(2))
    assert below(town, 2 * 11.9) == {loser}
    assert [town.lives[0][i].records[0].case.decided for i in (loser, 1 - loser)] == [35, 36]
    assert below(town, 3 * 11.9) == {1 - loser}
    assert below(town, 4 * 11.9) == {by_draw(town, 4, [0, 1])[0]}
