"""Appeals in the plain engine, by hand: notice, discovery, take-up, offices, second instance, corrections, returns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from counterlife.layout import QUALITIES, YEAR, Cause, Delay, Purpose, Rulebook

from .plain import Township, live
from .plain_draws import Block, exponential, uniform
from .plain_redress import taken_up
from .tiny import PLACE, blacklist, by_hand, counted, ghost, own, people, populace, rulebook, total


def redress(days: int = 200, term: float = 150.0, **given: Any) -> Rulebook:
    """A blacklist of which everybody is told at once, which everybody contests, and which is corrected where it is wrong."""
    return blacklist(days, term=term, **{"contestable": 1, "notice": 1.0, "take_up": 1.0, **given})


def about(town: Township, purpose: Purpose, person: int = 0, ordinal: int = 0) -> Block:
    """The draws about a ghost."""
    return town.draws.block(person, purpose, int(town.rulebook.ghost_stream[0]), ordinal)


def closed(town: Township, w: int = 0, i: int = 0) -> list[float]:
    """When the gates of a life change, but for day 0."""
    return [change.time for change in town.lives[w][i].changes[1:]]


# --- one case ------------------------------------------------------------------------------------------------------------------


def test_a_wrong_record_is_noticed_contested_and_corrected() -> None:
    """Entered at 5, told at 15, decided at 35, corrected at 40."""
    town = by_hand(redress(notice_days=10.0, decide_days=20.0, correct_days=5.0), [ghost(5)])
    assert closed(town) == [5, 40]
    case = town.lives[0][0].records[0].case
    assert (case.aware, case.filed, case.decided, case.corrected) == (15, 15, 35, 40)
    tables = counted(town)
    for column in ("learned", "learned_wrong", "contested", "contested_wrong", "decided", "upheld", "upheld_wrong", "corrected"):
        assert total(tables, f"{column}.D") == 1
    assert (total(tables, "case_days.D"), total(tables, "file_days.D")) == (20, 35)
    assert tables["spells"] == {"D~A.appeal": {1: 1}}
    assert tables["waits"] == {"learned.D": {0: 1}, "filed.D": {0: 1}, "decision.D": {0: 1}, "closed.D": {1: 1}, "copies.D": {0: 1}}


def test_right_records_go_too_where_reviewers_are_not_specific() -> None:
    """Without stale files the correction takes no time."""
    town = by_hand(redress(decide_days=20.0, correct_days=5.0, specificity=0.0), [own(5)])
    assert (closed(town), closed(town, 1)) == ([5, 30], [5, 25])
    assert closed(by_hand(redress(decide_days=20.0), [own(5)])) == [5, 155]
    assert total(counted(by_hand(redress(take_up_right=0.0), [own(5)])), "contested.D") == 0


def test_a_settled_matter_on_file_is_wrong() -> None:
    """Settled at 30, and the source would hear of it at 100: right when it is contested, wrong when it is decided."""
    town = by_hand(redress(notice_days=20.0, decide_days=10.0), [own(5, settle=30, update=100)])
    assert closed(town) == [5, 35]
    assert (total(counted(town), "contested_wrong.D"), total(counted(town), "upheld.D")) == (0, 1)


def test_a_record_that_has_ended_is_neither_learned_of_nor_decided() -> None:
    late = by_hand(redress(term=10.0, notice_days=20.0), [ghost(5)])
    dropped = by_hand(redress(term=10.0, decide_days=20.0), [ghost(5)])
    assert [total(counted(late), f"{column}.D") for column in ("learned", "contested")] == [0, 0]
    assert [total(counted(dropped), f"{column}.D") for column in ("contested", "decided", "pending")] == [1, 0, 0]
    assert counted(dropped)["waits"]["undecided.D"] == {0: 1}
    assert total(counted(dropped), "case_days.D") == 10


def test_whoever_is_refused_may_find_out() -> None:
    """Shut out from 20 to 30 and from 50 on by the other source: fifteen days of asking have passed at 55."""
    probe = by_hand(rulebook(10, channels=(0, 0)))
    words = probe.draws.block(0, Purpose.REDRESS, int(probe.rulebook.ghost_stream[1]), 0)
    rules = rulebook(
        100, worlds=1, channels=(0, 0), lists=1, list_share=[[[1.0, 0.0]]], list_term=10.0, contestable=[[0, 1]], asks=0.5,
        apply=-math.log(uniform(words[1])) / 15 / 0.5, points=[[[0, -10]]],
    )  # fmt: skip
    record = by_hand(rules, [ghost(3, channel=1), ghost(20), ghost(50, ordinal=1)]).lives[0][0].records[0]
    assert record.case.discovered
    assert record.case.aware == pytest.approx(55)


def test_take_up_is_logistic_in_ability() -> None:
    assert taken_up(0.3, 2.0, 0.5) == pytest.approx(0.3)
    odds = taken_up(0.3, 2.0, 1.0) / (1 - taken_up(0.3, 2.0, 1.0))
    assert odds == pytest.approx(0.3 / 0.7 * math.e)
    assert (taken_up(0.0, 2.0, 1.0), taken_up(1.0, 2.0, 0.0)) == (0, 1)


def test_bias_lets_wrong_records_stand() -> None:
    """Of many ghosts, as many are upheld as sensitivity and bias have it."""
    town = by_hand(redress(1000, worlds=1, sensitivity=0.8, bias=0.25), [ghost(5 + n / 4, ordinal=n) for n in range(1000)])
    upheld = total(counted_cases(town), "upheld")
    assert stats.binomtest(upheld, 1000, 0.6).pvalue > 1e-6
    assert stats.binom.sf(upheld - 1, 1000, 0.5) < 1e-3 > stats.binom.cdf(upheld, 1000, 0.7)


def counted_cases(town: Township) -> Any:
    """The cases upheld, as a table (a full tally would live every ghost's life again)."""
    return {"people": {"upheld": {0: sum(record.case.upheld for life in town.lives[0] for record in life.records)}}}


# --- what comes after a decision -----------------------------------------------------------------------------------------------


def test_a_second_instance_takes_its_time() -> None:
    rules = redress(10**4, 10.0**4, sensitivity=0.0, second=1.0, second_days=30.0, second_sensitivity=1.0, decide_days=10.0)
    town = by_hand(rules, [ghost(5)])
    decided = 15 + exponential(about(town, Purpose.CORRECT)[2], 30.0)
    assert closed(town) == [5, decided]
    assert total(counted(town), "second.D") == 1


@pytest.mark.parametrize(("gives_up", "contested"), [(0, 3), (1, 1), (2, 2)])
def test_lost_cases_make_people_give_up(gives_up: int, contested: int) -> None:
    """Three records, each decided against the person before the next comes."""
    rules = redress(sensitivity=0.0, decide_days=10.0, gives_up=gives_up, take_up_weary=0.0, worlds=1)
    tables = counted(by_hand(rules, [ghost(5), ghost(25, ordinal=1), ghost(45, ordinal=2)]))
    assert total(tables, "contested.D") == contested
    assert total(tables, "gave_up.D") == (gives_up > 0)


def test_a_correction_may_be_lost() -> None:
    tables = counted(by_hand(redress(correct_lost=1.0, decide_days=10.0), [ghost(5)]))
    assert [total(tables, f"{column}.D") for column in ("upheld", "corrected", "corrections_lost", "closed_days")[:3]] == [1, 0, 1]
    assert total(tables, "closed_days.D.loans") == 150


def test_a_correction_travels_to_every_score_and_may_come_back() -> None:
    """Corrected at 15; the first score hears at once, the second never, the third at 22 and loses it again later."""
    rules = rulebook(
        10**4, worlds=1, scores=3, points=-10, fix_days=[[0.0, 0.0, 7.0]], fix_lost=[[0.0, 1.0, 0.0]], back=[[0.0, 1.0, 1.0]],
        back_days=50.0, keep=5000.0, contestable=1, notice=1.0, take_up=1.0, decide_days=10.0,
    )  # fmt: skip
    town = by_hand(rules, [ghost(5)])
    back = 22 + exponential(about(town, Purpose.CORRECT)[3], 50.0)
    assert town.lives[0][0].shown == [
        (0.0, (0, 0, 0)),
        (5, (-10, -10, -10)),
        (15, (0, -10, -10)),
        (22, (0, -10, 0)),
        (back, (0, -10, -10)),
        (5005, (0, 0, 0)),
    ]
    assert town.lives[0][0].caused[15] == Cause.CORRECTION
    assert town.lives[0][0].caused[back] == Cause.COPY
    assert total(counted(town), "returned.D") == 1


def test_other_rules_forget_returns_but_not_appeals() -> None:
    """The decision of 40 comes under rules of day 30; what would come back after 60 is dropped with the stage of day 50."""
    rules = rulebook(
        300, worlds=1, rows=3, stages=3, row=[[0, 1, 2]], stage_day=[0.0, 30.0, 50.0], ruled=1, points=[[[-10]], [[-20]], [[-30]]],
        contestable=[[1], [0], [0]], notice=1.0, take_up=1.0, decide_days=35.0, back=1.0, back_days=1000.0,
    )  # fmt: skip
    assert by_hand(rules, [ghost(5)]).lives[0][0].shown == [(0.0, (0,)), (5, (-10,)), (30, (-20,)), (40, (0,))]


# --- offices -------------------------------------------------------------------------------------------------------------------


def decided(rules: Rulebook, *filed: float, folk: Any = None) -> list[float]:
    """When each person's case is decided: one wrong record each, contested at once."""
    filings = [ghost(time, person=i) for i, time in enumerate(filed)]
    town = by_hand(rules, filings, people(len(filed)) if folk is None else folk)
    return [life.records[0].case.decided for life in town.lives[0]]


def test_one_reviewer_and_three_cases() -> None:
    assert decided(redress(office=1, decide_days=10.0), 5, 6, 7) == [15, 25, 35]
    assert decided(redress(office=2, decide_days=10.0), 5, 6, 7) == [15, 16, 25]
    assert decided(redress(office=1, offices=2, decide_days=10.0), 5, 6, 7) == [15, 16, 25]
    assert decided(redress(office=1, decide_days=10.0), 5, 6, 30) == [15, 25, 40]


def test_cases_of_one_instant_go_by_person() -> None:
    assert decided(redress(office=1, decide_days=10.0), 5, 5, 5) == [15, 25, 35]


def test_the_hardest_hit_go_first() -> None:
    """Person 2 is shut out of two domains, person 1 (too young for the second) of one; person 0 is served at once."""
    rules = redress(
        domains=2, opens_at=[[0, 0]] * 2, points=-10, office=1, by_harm=1, decide_days=10.0, domain_from=[0.0, 20 * YEAR], worlds=2,
        notice_days=1.0,
    )  # fmt: skip
    folk = people(3)
    folk["age"][1] = 19 * YEAR
    assert decided(rules, 5, 6, 7, folk=folk) == [16, 36, 26]
    assert decided(rules._replace(by_harm=np.array([0, 0])), 5, 6, 7, folk=folk) == [16, 26, 36]


def test_an_office_that_sits_at_the_end_of_each_day() -> None:
    """A case of 6.0 was not filed before day 6."""
    assert decided(redress(office=1, slots=1, decide_days=99.0), 5.0, 5.2, 6.0, 6.5) == [6, 7, 8, 9]
    assert decided(redress(office=2, slots=1), 5.0, 5.2, 6.0, 6.5) == [6, 6, 7, 7]


def test_whoever_waits_too_long_gives_the_case_up() -> None:
    town = by_hand(redress(office=1, decide_days=10.0, patience=1e-6), [ghost(5 + i, person=i) for i in range(3)], people(3))
    tables = counted(town)
    assert [total(tables, f"{column}.D") for column in ("contested", "decided", "abandoned")] == [3, 1, 2]
    assert tables["waits"]["undecided.D"] == {0: 2}


def test_service_and_patience_belong_to_the_record() -> None:
    rules = redress(10**4, 10.0**4, office=1, decide_law=Delay.EXPONENTIAL, decide_days=10.0)
    town = by_hand(rules, [ghost(5)])
    assert town.lives[0][0].records[0].case.decided == 5 + exponential(about(town, Purpose.APPEAL)[0], 10.0)


def test_a_queue_with_abandonment() -> None:
    """C17 (Erlang-A): twelve cases a day, ten reviewers of one day each, patience of ten days on average: 0.169752 give up."""
    number, warm = 6000, 100.0
    rules = redress(
        int(number / 12), 10.0**4, worlds=1, quality=QUALITIES["as they come"], office=10, decide_law=Delay.EXPONENTIAL, decide_days=1.0,
        patience=10.0, ghost=12.0 / number,
    )  # fmt: skip
    town = live(rules, populace(number), PLACE, people(number), 3, 0)
    cases = [record.case for life in town.lives[0] for record in life.records if record.case.filed > warm]
    cases = sorted((case for case in cases if case.abandoned or case.was_decided), key=lambda case: case.filed)
    shares = [np.mean([case.abandoned for case in part]) for part in np.array_split(np.array(cases, dtype=object), 10)]
    error = float(np.std(shares, ddof=1)) / math.sqrt(len(shares))
    assert abs(np.mean(shares) - 0.169752) < 4.9 * error < 0.5 * 0.169752


def test_but_for_keeps_other_peoples_cases() -> None:
    """Person 0's ghost waits behind person 1's case of 4: until 24, listed from 5; without it nothing is closed."""
    town = by_hand(redress(office=1, decide_days=10.0, worlds=1), [ghost(5), ghost(4, person=1)], people(2))
    tables = counted(town)
    assert total(tables, "closed_days.D.loans") == total(tables, "but_for_days.D") == (24 - 5) + (14 - 4)
