"""Friends and family in the plain engine, by hand: who they are, what is taken from them, when, and what comes of it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from counterlife.layout import YEAR, Cause, ListKind, Parents, Purpose, Rulebook

from .circles import ONE_WAY, PAIR, STAR, among, closings, costs, kin, scores, tied
from .plain import Township, relive
from .plain_draws import Draws, uniform
from .plain_tape import Candidate
from .plain_ties import friends
from .tiny import PLACE, by_hand, counted, ghost, own, people, total

# --- who is a friend -----------------------------------------------------------------------------------------------------------


def test_friends_are_drawn_by_address() -> None:
    """Of 23 grown people and two children the tenths are the places 0-2, 3-4, 5-6, 7-9, 10-11, 12-13, 14-16, 17-18, 19-20 and 21-22."""
    folk = people(25, frailty=np.array([math.sin(n) + 2 for n in range(25)]))
    folk["age"][[4, 9]] = 17.9 * YEAR
    folk["frailty"][[7, 8]] = 2.5  # at equal frailty the lower number comes first
    draws = Draws(3, 1, PLACE)
    found = friends(tied(friends=3, alike=0.6), draws, folk)
    grown = [i for i in range(25) if i not in (4, 9)]
    order = sorted(grown, key=lambda i: (folk["frailty"][i], i))
    assert order.index(8) == order.index(7) + 1
    edges = [0, 3, 5, 7, 10, 12, 14, 17, 19, 21, 23]
    assert sorted(found) == grown
    same = 0
    for i in grown:
        tenth = next(order[a:b] for a, b in pairwise(edges) if i in order[a:b])
        expected = []
        for f in range(3):
            words = draws.block(i, Purpose.TIE, 0, f + 1)
            pool = tenth if uniform(words[0]) < 0.6 else grown
            expected.append(pool[int(uniform(words[1]) * len(pool))])
        same += expected.count(i)
        assert found[i] == [friend for friend in expected if friend != i]
    assert same > 0


@pytest.mark.parametrize("alike", [0.0, 0.4, 1.0])
def test_friends_are_as_alike_as_told(alike: float) -> None:
    """Of a thousand people a tenth are in one's own tenth, and a thousandth is oneself, or a hundredth of those alike."""
    folk = people(1000, frailty=np.random.default_rng(1).gamma(0.7, 1 / 0.7, 1000))
    found = friends(tied(friends=4, alike=alike), Draws(5, 0, PLACE), folk)
    tenth = {int(i): p // 100 for p, i in enumerate(np.argsort(folk["frailty"]))}
    near = sum(tenth[i] == tenth[friend] for i, theirs in found.items() for friend in theirs)
    number = sum(len(theirs) for theirs in found.values())
    missing = alike / 100 + (1 - alike) / 1000
    assert stats.binomtest(4000 - number, 4000, missing).pvalue > 1e-6
    share = (alike * 0.99 + (1 - alike) * 0.099) / (1 - missing)
    assert near == number if alike == 1 else stats.binomtest(near, number, share).pvalue > 1e-6


def test_the_only_grown_person_has_no_friends() -> None:
    folk = people(2, age=np.array([30, 10]) * YEAR)
    town = by_hand(tied(), costs(0, 100), folk)
    assert scores(town, 99.0) == [-100, 0]
    assert set(town.lives[0][0].world.taken.values()) == {(0.0, 0)}
    assert {i for _, i in town.lives[0][0].world.taken} == {0}


# --- what is taken ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("own_scores", [(700, 500, 900), (600, 500, 900), (0, 1000, 1000)])
def test_a_star_of_friends_comes_to_its_fixed_point(own_scores: tuple[int, int, int]) -> None:
    """C22: S = (I - aW)^-1 (1 - a) s, (700, 560, 840) in the first case; after e reviews that take no further off than a^e times at first,
    but for rounding in thousandths, of which each review hands on at most a.
    """
    s, a = np.array(own_scores) * 1000, 0.3
    w = np.array([[0, 0.5, 0.5], [1, 0, 0], [1, 0, 0]])
    fixed = np.linalg.solve(np.eye(3) - a * w, (1 - a) * s)
    if own_scores[0] == 700:
        assert fixed == pytest.approx([700_000, 560_000, 840_000])
    rules = tied(200, start=1_000_000)
    town = among(STAR, rules, [filing for i, score in enumerate(s) for filing in costs(i, 1_000_000 - int(score))])
    first = np.abs(s - fixed).max()
    assert scores(town, 19.9) == s.tolist()
    for e in range(1, 19):
        now = np.array(scores(town, 10.0 * (e + 1)))
        assert np.abs(now - fixed).max() <= a**e * first + 1 / (1 - a)
    assert len(town.lives[0][1].shown) > 2


def test_what_is_taken_and_what_is_left_are_rounded_to_even() -> None:
    """A quarter of -10 and of -30 is 2.5 and 7.5: -10 + 2 - 8 = -16, -30 + 8 - 2 = -24; then a quarter of these is whole."""
    rules = tied(friends=1, tie_share=0.25)
    town = among(PAIR, rules, [*costs(0, 10), *costs(1, 30)])
    assert [scores(town, time) for time in (19.9, 20.0, 30.0)] == [[-10, -30], [-16, -24], [-10 + 2 - 6, -30 + 8 - 4]]


def test_a_friend_twice_counts_twice() -> None:
    """Three friends, of whom one is there twice: the mean of -30, -30 and -90 is -50."""
    rules = tied(friends=3, tie_share=0.5)
    folk = people(3)
    seed = next(seed for seed in range(10_000) if sorted(friends(rules, Draws(seed, 0, PLACE), folk)[0]) == [1, 1, 2])
    town = by_hand(rules, [*costs(0, 10), *costs(1, 30), *costs(2, 90)], folk, seed=seed)
    assert town.lives[0][0].scores_at(20.0)[0] == -10 + 5 - 25


def test_scores_are_clipped_before_and_after() -> None:
    """-900 is -100 before it is halved, and then half of a friend's 60 comes on top; the friend is clipped at 40 and takes half of -100."""
    rules = tied(friends=1, tie_share=0.5, lowest=-100, highest=60, start=60)
    town = among(PAIR, rules, costs(0, 960))
    assert scores(town, 15.0) == [-100, 60]
    assert scores(town, 20.0) == [-100 + 50 + 30, 60 - 30 - 50]
    rich = tied(friends=1, tie_share=0.5, lowest=-100, highest=60, start=60, tie_kin=-500, opens_at=-50)
    town = among(PAIR, rich, costs(0, 960), folk=people(2, household=0))
    assert scores(town, 20.0) == [-100 + 50 + 30, -100]


def test_what_is_taken_stays_until_the_next_review_whatever_else_happens() -> None:
    """A tenth of -100 is taken from day 20 on; the own part goes on, from -10 to -210, of which nine tenths count."""
    rules = tied(40, tie_share=0.1, friends=1)
    town = among(PAIR, rules, [*costs(0, 10), *costs(0, 200, 25.0), *costs(1, 100), *costs(1, 100, 21.0)])
    steps = [(time, values[0]) for time, values in town.lives[0][0].shown]
    assert steps == [(0, 0), (5, -10), (20, -10 + 1 - 10), (25, -210 + 21 - 10), (30, -210 + 21 - 9)]  # of -100 + 10 - 1


def test_a_review_looks_at_what_was_before_it() -> None:
    """Points that enter on the day of a review are not in its standings, points that end then still are."""
    rules = tied(100, friends=1, keep=[1000.0, 15.0, *[1000.0] * 5])
    entering = among(ONE_WAY, rules, [own(10, channel=2, person=1)])
    assert [entering.lives[0][0].scores_at(10.0 * n)[0] for n in (1, 2, 3)] == [0, 0, -30]
    ending = among(ONE_WAY, rules, [own(5, channel=1, person=1, ordinal=n) for n in range(10)])
    assert [ending.lives[0][0].scores_at(10.0 * n)[0] for n in (1, 2, 3)] == [0, -30, -30]


def test_a_gate_that_friends_close() -> None:
    """The mark is -25: half of a friend's -60 is below it from the second review on, and half of the friend's -30 at that review is not."""
    rules = tied(100, friends=1, tie_share=0.5, opens_at=-25, keep=[1000.0, 33.0, *[1000.0] * 5])
    town = among(PAIR, rules, [own(5, channel=1, person=1, ordinal=n) for n in range(6)])
    first, second = town.lives[0]
    assert closings(first) == [(20, {0}, Cause.TIES), (30, set(), Cause.TIES)]
    # 5: -60; 20: -30; 30: -30 - 15; 38: half of nothing and half of -30, as of day 20; 40: half of -45 + 15, the friend's at 30
    assert closings(second) == [(5, {0}, Cause.RECORD), (38, set(), Cause.EXPIRY)]
    assert [scores(town, time) for time in (20.0, 30.0, 38.0, 40.0)] == [[-30, -30], [-15, -45], [-15, -15], [-22, -8]]


def test_bands_lists_and_the_cliff_see_what_is_taken() -> None:
    """Nothing of one's own, and half of -90: the band, a term and a redlist follow; ten points more count five.

    So does the friend, whose own -90 count half from then on, and to whom a gate opens.
    """
    rules = tied(
        30, friends=1, tie_share=0.5, cuts=[-40, -20], lists=2, list_kind=[ListKind.SCORE_BELOW, ListKind.SCORE_ABOVE], list_domain=[0, -1],
        list_mark=[-44, -10], list_term=100.0, domains=2, opens_at=[[-(10**6), -50]], minor=-12,
    )  # fmt: skip
    town = among(PAIR, rules, costs(1, 90))
    life = town.lives[0][0]
    assert life.bands == [(0, 2), (20, 0)]
    assert life.redlist == [(0, True), (20, False)]
    assert closings(life) == [(20, {0}, Cause.TIES)]
    assert [listing.since for listing in life.listings] == [20]
    edge = [total(counted(among(PAIR, rules._replace(minor=np.array([more])), costs(1, 90))), "cliff.D") for more in (-10, -12)]
    assert edge == [0, 2]  # half of 10 from -45 is not below -50


def test_parents_are_looked_at_with_what_they_take() -> None:
    rules = tied(
        30, friends=1, tie_share=0.5, domains=2, child_domain=[0, 1], parents=[Parents.ANY, Parents.WORST], opens_at=[[-(10**6), -40]]
    )
    folk = people(3)
    folk["age"][2], folk["guardian"][2] = 10 * YEAR, 0
    town = among(PAIR, rules, costs(1, 90), folk=folk)
    assert [(change.time, set(change.closed), change.cause) for change in town.views[0][2]][1:] == [(20, {1}, Cause.TIES)]


# --- family ----------------------------------------------------------------------------------------------------------------------


def test_each_other_grown_member_who_is_shut_out_counts() -> None:
    """Two of household 0 are shut out on day 5; then the third has -14, each of the two -7, the child and the neighbour nothing."""
    folk = people(5, household=[0, 0, 0, 0, 1])
    folk["age"][3] = 17.9 * YEAR
    town = by_hand(kin(), [*costs(0, 60), *costs(1, 60)], folk)
    assert scores(town, 19.9) == [-60, -60, 0, 0, 0]
    assert scores(town, 20.0) == [-67, -67, -14, 0, 0]


def test_a_family_falls_and_cannot_rise() -> None:
    """One falls for 40 days; who loses 60 for that is shut out as well, and by the time the points are gone each holds the other down."""
    rules = kin(200, tie_kin=-60, keep=[1000.0, 40.0, *[1000.0] * 5])
    town = by_hand(rules, [own(5, channel=1, ordinal=n) for n in range(6)], people(2, household=0))
    assert closings(town.lives[0][0]) == [(5, {0}, Cause.RECORD)]
    assert closings(town.lives[0][1]) == [(20, {0}, Cause.TIES)]
    assert scores(town, 199.0) == [-60, -60]


def test_a_family_falls_by_turns() -> None:
    """The first is free on day 38, and so on day 40, before the review: two reviews later the other is free for one, and so on in turns."""
    rules = kin(130, tie_kin=-60, keep=[1000.0, 33.0, *[1000.0] * 5])
    town = by_hand(rules, [own(5, channel=1, ordinal=n) for n in range(6)], people(2, household=0))
    first, second = ([(time, bool(shut)) for time, shut, _ in closings(life)] for life in town.lives[0])
    assert first == [(5, True), (38, False), (40, True), (70, False), (80, True), (110, False), (120, True)]
    assert second == [(20, True), (50, False), (60, True), (90, False), (100, True)]


def test_a_family_is_free_two_reviews_later() -> None:
    """Seven points for kin are not enough to be shut out; the review of day 40 still looks at day 30."""
    rules = kin(200, keep=[1000.0, 33.0, *[1000.0] * 5])
    town = by_hand(rules, [own(5, channel=1, ordinal=n) for n in range(6)], people(2, household=0))
    assert [(time, values[0]) for time, values in town.lives[0][1].shown] == [(0, 0), (20, -7), (50, 0)]


@pytest.mark.parametrize(("entry", "at"), [(9.9, 20.0), (10.0, 30.0), (10.1, 30.0)])
def test_shut_out_is_who_was_just_before(entry: float, at: float) -> None:
    """Who is shut out on the day of a review, after it, counts at the one after the next."""
    town = by_hand(kin(), costs(0, 60, entry), people(2, household=0))
    assert town.lives[0][1].shown == [(0.0, (0,)), (at, (-7,))]


@pytest.mark.parametrize(("years", "points"), [(30.0, -7), (18.0, 0), (64.0, 0)])
def test_only_a_gate_that_concerns_the_person_counts(years: float, points: int) -> None:
    """From 20 to 60."""
    folk = people(2, household=0)
    folk["age"][0] = years * YEAR
    town = by_hand(kin(domain_from=20 * YEAR, domain_until=60 * YEAR), costs(0, 60), folk)
    assert scores(town, 50.0)[1] == points


def test_a_childs_gate_shuts_nobody_out() -> None:
    town = by_hand(kin(child_domain=1), costs(0, 60), people(2, household=0))
    assert scores(town, 50.0) == [-60, 0]


def test_friends_and_family_add_up() -> None:
    """Half of -60 and seven."""
    rules = kin(friends=1, tie_share=0.5)
    town = among(PAIR, rules, costs(0, 60), folk=people(2, household=0))
    assert scores(town, 20.0) == [-30, -37]


# --- dropping --------------------------------------------------------------------------------------------------------------------


def droppers(town: Township) -> list[float]:
    """By what share of droppers each person is one."""
    return [town.draws.chance(i, Purpose.TIE, 0, 0) for i in range(len(town.people))]


def test_friends_with_a_low_standing_are_dropped_for_good() -> None:
    """Of -100 and -20 for 21 days the first is below -50 on day 10, so dropped on day 20; half of the other's is left, also later."""
    rules = tied(100, tie_share=0.5, drop_below=-50, drop_share=1.0, keep=[1000.0, 1000.0, 16.0, *[1000.0] * 4])
    town = among(STAR, rules, [*costs(1, 100), *costs(2, 20)])
    center, low, _ = town.lives[0]
    taken = center.world.taken
    assert [taken[n, 0] for n in (1, 2)] == [(0.0, 0), (0.5, -10)]
    assert scores(town, 30.0)[1] == 0 + round(0.5 * -10)  # whose points ended on day 21, and who did not drop anybody
    assert taken[5, 0] == (0.5, round(0.5 * scores(town, 40.0)[2]))  # still without the first
    assert low.scores_at(50.0)[0] > -50


def test_who_has_no_friend_left_stands_alone() -> None:
    rules = tied(100, friends=1, tie_share=0.5, drop_below=-50, drop_share=1.0)
    town = among(PAIR, rules, costs(1, 100))
    assert scores(town, 90.0) == [0, -100 + 50]
    assert town.lives[0][0].world.taken[9, 0] == (0.0, 0)


def test_exactly_at_the_mark_nobody_is_dropped() -> None:
    rules = tied(100, friends=1, tie_share=0.5, drop_below=-100, drop_share=1.0)
    assert among(PAIR, rules, costs(1, 100)).lives[0][0].world.taken[2, 0] == (0.5, -50)


def test_some_drop_and_others_do_not() -> None:
    """Two friends, both below the mark; the share lies between their draws, and who has the lower one drops."""
    rules = tied(100, friends=1, tie_share=0.5, drop_below=0)
    filings = [*costs(0, 100), *costs(1, 100)]
    drawn = droppers(among(PAIR, rules, filings))
    town = among(PAIR, rules._replace(drop_share=np.array([sum(drawn) / 2])), filings)
    assert [town.lives[0][0].world.taken[2, i] for i in range(2)] == [(0.0, 0) if drawn[i] == min(drawn) else (0.5, -50) for i in range(2)]


def test_friends_are_dropped_in_one_world_and_kept_in_another() -> None:
    """A ghost has the friend dropped; the accurate world knows nothing of it."""
    rules = tied(100, worlds=2, friends=1, tie_share=0.5, drop_below=-50, drop_share=1.0)
    town = among(PAIR, rules, [ghost(5, channel=2, person=1), *costs(1, 20)])
    assert [lives[0].world.taken[2, 0] for lives in town.lives] == [(0.0, 0), (0.5, -10)]


# --- other rules -----------------------------------------------------------------------------------------------------------------


def staged(days: int, begins: float, rows: Any = ((0, 1),), **given: Any) -> Rulebook:
    """A row with three tenths, and one with a half from a day on; the third row has no rules."""
    usual = {"rows": 3, "stages": len(rows[0]), "stage_day": [0.0, begins], "row": rows, "ruled": [1, 1, 0], "tie_share": [0.3, 0.5, 0.5]}
    return tied(days, **{**usual, "friends": 1, **given})


@pytest.mark.parametrize(
    ("begins", "steps"),
    [
        (35.0, [(20, -30), (35, 0), (50, -100)]),  # the review of day 40 is the first of the row
        (30.0, [(20, -30), (30, 0), (40, -100)]),  # that of day 30 is: a stage comes before the review of its day
    ],
)
def test_other_rules_take_nothing_until_their_second_review(begins: float, steps: list[tuple[float, int]]) -> None:
    """A friend at -100, by the other rules at -200, who takes from nobody: three tenths, nothing, a half."""
    rules = staged(60, begins, points=[[-times * 10**c for c in range(7)] for times in (1, 2, 0)])
    town = among(ONE_WAY, rules, costs(1, 100))
    assert [(time, values[0]) for time, values in town.lives[0][0].shown[1:]] == steps


def test_who_was_shut_out_before_other_rules_began_counts() -> None:
    """The mark is gone on day 30: until then somebody was shut out, so the other loses the points of the row at its second review, once."""
    rules = staged(60, 30.0, friends=0, tie_kin=[-7, -9, 0], opens_at=[[-50], [-1000], [-1000]])
    town = by_hand(rules, costs(0, 60), people(2, household=0))
    assert [(time, values[0]) for time, values in town.lives[0][1].shown] == [(0, 0), (20, -7), (30, 0), (40, -9), (50, 0)]


def test_a_stage_with_the_same_row_changes_nothing() -> None:
    town = among(ONE_WAY, staged(60, 35.0, rows=((0, 0),)), costs(1, 100))
    assert [(time, values[0]) for time, values in town.lives[0][0].shown[1:]] == [(20, -30)]


def test_without_rules_nobody_stands_anywhere() -> None:
    """No rules on day 40: the review of day 50 looks at none; an interruption between two reviews ends only what was taken."""
    rules = staged(100, 0.0, rows=((0, 2, 0),), stage_day=[0.0, 35.0, 45.0])
    town = among(ONE_WAY, rules, costs(1, 100))
    assert [(time, values[0]) for time, values in town.lives[0][0].shown[1:]] == [(20, -30), (35, 0), (60, -30)]
    assert {n for n, _ in town.lives[0][0].world.taken} == {1, 2, 3, 5, 6, 7, 8, 9}
    short = rules._replace(stage_day=np.array([0.0, 32.0, 38.0]))
    town = among(ONE_WAY, short, costs(1, 100))
    assert [(time, values[0]) for time, values in town.lives[0][0].shown[1:]] == [(20, -30), (32, 0), (40, -30)]


def test_a_dropped_friend_stays_dropped_under_other_rules() -> None:
    rules = staged(100, 35.0, drop_below=[-50, -(10**6), 0], drop_share=1.0)
    town = among(ONE_WAY, rules, costs(1, 100))
    assert {taken for (_, i), taken in town.lives[0][0].world.taken.items() if i == 0} == {(0.0, 0)}


# --- beside rankings and causes ----------------------------------------------------------------------------------------------------


def test_lines_are_drawn_when_everybody_has_taken() -> None:
    """The center has -60 of its own and the leaves -50 and -40: at the first review it is the lowest, at the second the leaf that has
    -50, for a half: -30 - 22 beside -25 - 30.
    """
    rules = tied(30, tie_share=0.5, closes_lowest=333_333)
    town = among(STAR, rules, [*costs(0, 60), *costs(1, 50), *costs(2, 40)])
    assert scores(town, 20.0) == [-30 - 22, -25 - 30, -20 - 30]
    assert closings(town.lives[0][0]) == [(10, {0}, Cause.RANKING), (20, set(), Cause.TIES)]
    assert closings(town.lives[0][1]) == [(20, {0}, Cause.TIES)]
    assert closings(town.lives[0][2]) == []


def test_a_line_alone_is_a_ranking() -> None:
    """Nobody has a friend, so weight and pull stay nothing; the line moves at the third review, for points that are gone by then."""
    rules = tied(60, tie_share=0.5, closes_lowest=500_000, friends=1, keep=[1000.0, 16.0, *[1000.0] * 5])
    town = among({0: set(), 1: set()}, rules, [own(5, channel=1), own(5, person=1)])
    assert closings(town.lives[0][0]) == [(10, {0}, Cause.RANKING), (30, set(), Cause.RANKING)]


def test_taking_what_one_gives_is_told_as_ties_where_a_gate_changes_at_a_review() -> None:
    """The points that close the gate enter on the day on which weight changes: the last cause in the order is told."""
    rules = tied(60, tie_share=0.5, friends=1, opens_at=-25)
    town = among(PAIR, rules, [own(20, channel=2)])
    assert closings(town.lives[0][0])[0] == (20, {0}, Cause.TIES)
    later = among(PAIR, rules, [own(20.5, channel=2)])
    assert closings(later.lives[0][0])[0] == (20.5, {0}, Cause.RECORD)


def test_who_is_held_down_by_friends_does_what_holds_them_down() -> None:
    """Strain doubles what happens while a gate is closed: after the second review, by the friend's points."""
    rules = tied(60, tie_share=0.5, friends=1, opens_at=-25, accept=0.1, strain=2.0)
    for time, done in ((19.0, 0), (21.0, 1)):
        town = among(PAIR, rules, costs(1, 60), candidates=[Candidate(0, 0, 9, time, 0.15)])
        assert town.lives[0][0].events[0] == done


# --- put right alone ---------------------------------------------------------------------------------------------------------------


def test_what_is_taken_stays_as_it_was_where_a_record_is_put_right() -> None:
    """A ghost takes 100 from each of two friends; each has a half of the other's. Without the own one half of the 100 stays taken."""
    rules = tied(30, worlds=2, friends=1, tie_share=0.5, opens_at=-25, pair_world=[0])
    town = among(PAIR, rules, [ghost(5, channel=2), ghost(5, channel=2, person=1)])
    life = town.lives[0][0]
    assert scores(town, 20.0) == [-100, -100]
    without = relive(town, 0, 0, life.records[0])
    assert [(time, values[0]) for time, values in without.shown] == [(0, 0), (20, -50)]
    assert closings(without) == [(20, {0}, Cause.TIES)]
    assert without.world.taken == life.world.taken
    tables = counted(town)
    assert total(tables, "but_for_days.D") == 2 * 15
    assert total(tables, "wrongful_days.D~A.loans") == 2 * 25
