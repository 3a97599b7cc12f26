"""Scores and lists of the plain engine by hand: copies, repair, amnesty, ledgers, noise, joint ends that are lost, stages, gates."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from counterlife.layout import NEVER, YEAR, Cause, Delay, Keep, ListKind, Parents, Purpose, Rulebook

from .plain_draws import exponential, normal, uniform
from .plain_life import Life
from .plain_tape import Filing
from .tiny import blacklist, by_hand, counted, ghost, own, people, rulebook, total


def scored(rules: Rulebook, *filings: Filing, s: int = 0, w: int = 0, **given: Any) -> list[tuple[float, int]]:
    """When score s changes in one person's life, and to what."""
    life = by_hand(rules, list(filings), people(1, **given)).lives[w][0]
    steps: list[tuple[float, int]] = []
    for time, values in life.shown:
        if not steps or steps[-1][1] != values[s]:
            steps.append((time, values[s]))
    return steps


def closings(life: Life) -> list[tuple[float, set[int], Cause | None]]:
    """When the gates of a life change, how and why."""
    return [(change.time, set(change.closed), change.cause) for change in life.changes]


# --- retention, repair, amnesty ------------------------------------------------------------------------------------------------


def test_points_kept_from_settlement_run_from_the_day_on_which_the_source_knows() -> None:
    rules = rulebook(200, points=-10, keep=30.0, keep_law=Keep.SETTLEMENT)
    heard = own(5, settle=20, update=50)
    assert scored(rules, heard) == [(0, 0), (5, -10), (80, 0)]
    assert scored(rules, heard, w=1) == [(0, 0), (5, -10), (50, 0)]
    assert scored(rules, own(5)) == [(0, 0), (5, -10)]
    assert total(counted(by_hand(rules, [heard])), "records.D.stale") == 1
    assert total(counted(by_hand(rules, [own(5, settle=20, update=20)])), "records.D.stale") == 0


def test_an_exponential_retention_is_the_records_own() -> None:
    town = by_hand(rulebook(10**6, worlds=1, points=-10, keep=30.0, keep_law=Keep.EXPONENTIAL), [own(5, ordinal=4)])
    words = town.draws.block(0, Purpose.KEEP, int(town.rulebook.channel_stream[0]), 4)
    assert town.lives[0][0].shown[-1] == (5 + exponential(words[0], 30.0), (0,))


def test_repair_takes_points_and_listings_back_early() -> None:
    rules = blacklist(200, term=100.0, points=-10, repair=1.0, repair_days=30.0, worlds=1)
    town = by_hand(rules, [own(5)])
    assert scored(rules, own(5)) == [(0, 0), (5, -10), (35, 0)]
    assert closings(town.lives[0][0]) == [(0, set(), Cause.START), (5, {0}, Cause.RECORD), (35, set(), Cause.REPAIR)]
    assert total(counted(town), "repaired.D") == 1


def test_an_amnesty_forgives_what_is_old_enough_by_then() -> None:
    rules = rulebook(200, worlds=1, points=-10, amnesty_day=60.0, amnesty_age=20.0)
    assert scored(rules, own(5), own(50, ordinal=1), own(70, ordinal=2)) == [(0, 0), (5, -10), (50, -20), (60, -10), (70, -20)]


# --- copies --------------------------------------------------------------------------------------------------------------------


def test_each_score_has_a_copy_of_its_own() -> None:
    """The second score hears three days later and forgets the settled matter twenty days later."""
    rules = rulebook(100, worlds=1, scores=2, points=-10, copy_days=[[0.0, 3.0]], fix_days=[[0.0, 20.0]])
    filing = own(5, settle=30, update=40)
    assert scored(rules, filing, s=0) == [(0, 0), (5, -10), (40, 0)]
    assert scored(rules, filing, s=1) == [(0, 0), (8, -10), (60, 0)]
    record = by_hand(rules, [filing]).lives[0][0].records[0]
    assert record.out == record.until == 60


def test_without_stale_files_the_end_of_a_matter_travels_at_once() -> None:
    rules = rulebook(100, points=-10, fix_days=20.0, fix_lost=[[1.0], [1.0]])
    assert scored(rules, own(5, settle=30, update=30)) == [(0, 0), (5, -10)]
    assert scored(rules, own(5, settle=30, update=30), w=1) == [(0, 0), (5, -10), (30, 0)]


def test_a_copy_that_arrives_after_its_end_never_acts() -> None:
    rules = rulebook(100, worlds=1, points=-10, keep=5.0, copy_days=5.0)
    town = by_hand(rules, [own(5)])
    assert town.lives[0][0].shown == [(0.0, (0,))]
    tables = counted(town)
    assert (total(tables, "records_in.D"), total(tables, "records_out.D"), total(tables, "file_days.D")) == (1, 1, 0)


def test_exponential_copies_draw_by_score() -> None:
    town = by_hand(rulebook(10**6, worlds=1, points=-10, copy_law=Delay.EXPONENTIAL, copy_days=7.0), [own(5)])
    rules = town.rulebook
    words = town.draws.block(0, Purpose.COPY, int(rules.channel_stream[0]) ^ int(rules.copy_stream[0]), 0)
    assert town.lives[0][0].shown[-1] == (5 + exponential(words[0], 7.0), (-10,))


# --- what an officer gives -----------------------------------------------------------------------------------------------------


def test_an_officer_adds_or_takes_within_the_range() -> None:
    town = by_hand(rulebook(50, worlds=1, points=-10, discretion=6), [own(5, ordinal=n) for n in range(40)])
    life, rules = town.lives[0][0], town.rulebook
    given = []
    for n in range(40):
        words = town.draws.block(0, Purpose.RUBRIC, int(rules.channel_stream[0]) ^ int(rules.copy_stream[0]), n)
        given.append(-10 + round(6 * (2 * uniform(words[2]) - 1)))
    assert life.score == sum(given)
    assert -16 <= min(given) < -13 < -7 < max(given) <= -4


def test_an_office_is_severe_to_all_and_lenient_by_case() -> None:
    """With severity alone all records of a channel weigh the same, and never less than nothing."""
    alike = by_hand(rulebook(50, worlds=1, points=-1000, severity=0.3), [own(5), own(6, ordinal=1)])
    rules = alike.rulebook
    words = alike.draws.block(0, Purpose.OFFICE, int(rules.channel_stream[0]) ^ int(rules.copy_stream[0]), 0)
    once = round(-1000 * max(0.0, 1 + 0.3 * normal(words[0], words[1])))
    assert [values[0] for _, values in alike.lives[0][0].shown] == [0, once, 2 * once]
    apart = by_hand(rulebook(50, worlds=1, points=-1000, leniency=5.0), [own(5 + n, ordinal=n) for n in range(30)])
    steps = np.diff([values[0] for _, values in apart.lives[0][0].shown])
    assert len(steps) < 30  # some weigh nothing
    assert all(steps <= 0)
    assert len(set(steps.tolist())) == len(steps)


def test_a_score_takes_something_from_traits() -> None:
    """Fully valid: a person at one standard deviation of latent conduct is moved by one standard deviation of the score."""
    rules = rulebook(50, worlds=1, start=5, proxy=100.0, validity=1.0, latent_mean=-0.5, latent_sd=0.7, proxy_cell=7.0)
    assert scored(rules, frailty=math.exp(-0.5 + 0.7)) == [(0, 5 + 7 - 100)]
    noise = by_hand(rules._replace(validity=np.zeros(1)))
    words = noise.draws.block(0, Purpose.TRAIT, int(rules.copy_stream[0]), 1)
    assert noise.lives[0][0].score == 5 + round(7 + 100 * normal(words[0], words[1]))


# --- ledgers -------------------------------------------------------------------------------------------------------------------

AT_ONCE: dict[str, Any] = {"contestable": 1, "notice": 1.0, "take_up": 1.0, "take_up_right": 0.0}


def test_a_correction_replays_the_ledger() -> None:
    """P13. -40, -40 clipped at -50, +20 gives -30; without the ghost -40 + 20 = -20, where adding back would give +10."""
    rules = rulebook(
        100, classes=2, channels=(0, 1), worlds=1, ledger=1, points=[[-40, 20]], lowest=-50, highest=50, decide_days=3.0, **AT_ONCE
    )
    steps = scored(rules, ghost(1), own(2), own(3, channel=1))
    assert steps == [(0, 0), (1, -40), (2, -50), (3, -30), (4, -20)]
    assert steps[-1][1] == scored(rules, own(2), own(3, channel=1))[-1][1]


def test_a_replay_keeps_the_resets() -> None:
    """A term from 2 to 12 resets the ledger at its end; what came before, the ghost included, is forgotten with it."""
    rules = rulebook(
        100, lists=1, worlds=1, ledger=1, points=-60, list_kind=ListKind.SCORE_BELOW, list_mark=-100, list_term=10.0, list_resets=1,
        decide_days=20.0, **AT_ONCE,
    )  # fmt: skip
    assert scored(rules, ghost(1), own(2), own(15, ordinal=1)) == [(0, 0), (1, -60), (2, -120), (12, 0), (15, -60)]


def test_settlement_and_expiry_leave_a_ledger_alone() -> None:
    assert scored(rulebook(100, worlds=1, ledger=1, points=-40), own(5, settle=20, update=20)) == [(0, 0), (5, -40)]


# --- lists and gates -----------------------------------------------------------------------------------------------------------


def test_the_end_of_a_sanction_may_never_arrive() -> None:
    """Home 0 from 5 to 15; 1 hears of the beginning only, and passes on neither end to 2."""
    joint, lost = np.zeros((1, 3, 3)), np.zeros((1, 3, 3))
    joint[0, 0, 1] = joint[0, 1, 2] = lost[0, 0, 1] = 1
    town = by_hand(blacklist(100, term=10.0, worlds=1, domains=3, joint=joint, joint_on=2.0, joint_lost=lost), [own(5)])
    life = town.lives[0][0]
    assert life.listings[0].presses == {0: (5, 15), 1: (7, NEVER), 2: (9, NEVER)}
    assert [set(change.closed) for change in life.changes] == [set(), {0}, {0, 1}, {0, 1, 2}, {1, 2}]
    assert life.records[0].until == 15


def test_a_correction_ends_joint_sanctions_as_if_it_had_been_the_end() -> None:
    """Listed from 5 to 85 and corrected at 15: 1 (from 8) ends 4 days later, 2 (after 12 more days than 5) never begins."""
    joint, on = np.zeros((1, 3, 3)), np.zeros((1, 3, 3))
    joint[0, 0, 1] = joint[0, 0, 2] = 1
    on[0, 0, 1], on[0, 0, 2] = 3, 12
    rules = blacklist(100, term=80.0, worlds=1, domains=3, joint=joint, joint_on=on, joint_off=4.0, decide_days=10.0, **AT_ONCE)
    life = by_hand(rules, [ghost(5)]).lives[0][0]
    assert closings(life) == [
        (0, set(), Cause.START),
        (5, {0}, Cause.RECORD),
        (8, {0, 1}, Cause.JOINT),
        (15, {1}, Cause.CORRECTION),
        (19, set(), Cause.JOINT),
    ]


def test_too_many_closed_domains_are_left_open_in_order() -> None:
    rules = rulebook(50, worlds=1, domains=4, points=-10, opens_at=[[0, -5, 0, -100]], most_closed=2, spared=[3, 1, 0, 2])
    town = by_hand(rules, [own(5)])
    assert [set(change.closed) for change in town.lives[0][0].changes] == [set(), {0, 2}]


def test_gates_and_lists_look_at_the_score_they_name() -> None:
    rules = rulebook(
        60, worlds=1, scores=2, domains=3, lists=2, points=[[[-10], [-100]]], opens_at=[[-50, -50, -10**6]], gate_score=[0, 1, 0],
        list_kind=[[ListKind.SCORE_BELOW, ListKind.SCORE_ABOVE]], list_domain=[[2, -1]], list_mark=[[-50, -20]], list_score=[1, 0],
        list_term=20.0,
    )  # fmt: skip
    life = by_hand(rules, [own(5, settle=15, update=15)]).lives[0][0]
    assert closings(life) == [
        (0, set(), Cause.START),
        (5, {1, 2}, Cause.RECORD),
        (15, {2}, Cause.SETTLEMENT),
        (25, set(), Cause.TERM),
    ]
    assert life.redlist == [(0.0, True)]


@pytest.mark.parametrize(("parents", "days"), [(Parents.ANY, 40), (Parents.WORST, 25), (Parents.MEAN, 10)])
def test_how_a_school_looks_at_parents(parents: Parents, days: int) -> None:
    """Scores -60 from 5 to 30 and -60 from 20 to 30 fail at -50 alone, and by their mean while both last; a list (ANY) to 45."""
    rules = blacklist(100, worlds=1, term=40.0, child_domain=1, parents=parents, points=-60, opens_at=-50)._replace(
        keep=np.full((1, 1, 1), 25.0)
    )
    folk = people(3)
    folk["age"][2] = 10 * YEAR
    folk["guardian"][2], folk["guardian2"][2] = 0, 1
    second = own(20, settle=30, update=30, person=1)
    tables = counted(by_hand(rules, [own(5), second], folk))
    assert total(tables, "child_ever.D") == 1
    assert total(tables, "closed_days.D.loans") == days


def test_a_household_applies_together() -> None:
    """Both grown people of household 0 are shut out while one is listed; the child and the neighbour are not."""
    folk = people(4, household=[0, 0, 0, 1])
    folk["age"][2] = 17 * YEAR
    town = by_hand(blacklist(100, term=20.0, worlds=1, together=1), [own(5)], folk)
    assert [[change.time for change in changes] for changes in town.views[0]] == [[0, 5, 25], [0, 5, 25], [0], [0]]
    assert town.views[0][1][2].cause == Cause.EXPIRY


def test_the_cliff_knows_how_many_domains_may_be_closed() -> None:
    rules = rulebook(50, worlds=1, domains=2, points=-60, minor=-50, opens_at=[[-50, -100]], spared=[1, 0])
    assert total(counted(by_hand(rules, [own(5)])), "cliff.D") == 1
    assert total(counted(by_hand(rules._replace(most_closed=np.array([1])), [own(5)])), "cliff.D") == 0


# --- parts -------------------------------------------------------------------------------------------------------------------


def in_parts(days: int = 100, **given: Any) -> Rulebook:
    """Channels 0 and 1 take and give ten points in a part from -25 to 5, channel 2 takes ten in none."""
    usual = {"classes": 3, "channels": (0, 1, 2), "worlds": 1, "points": [[-10, 10, -10]], "part": [[0, 0, -1]]}
    return rulebook(days, **{**usual, "part_low": [[[-25]]], "part_high": [[[5]]], **given})


def test_a_part_is_full_and_empties_again() -> None:
    """Three take 25 together; another class takes ten besides; when the first is gone, the two that are left take 20."""
    rules = in_parts(keep=20.0)
    filings = [own(5), own(6, ordinal=1), own(7, ordinal=2), own(8, channel=2)]
    assert scored(rules, *filings) == [(0, 0), (5, -10), (6, -20), (7, -25), (8, -35), (25, -30), (26, -20), (27, -10), (28, 0)]


def test_channels_of_a_part_are_added_before_they_are_clipped() -> None:
    """-30 + 10 = -20 is within bounds; +20 is 5."""
    assert scored(in_parts(), *(own(5 + n, ordinal=n) for n in range(3)), own(9, channel=1))[-2:] == [(7, -25), (9, -20)]
    assert scored(in_parts(), own(5, channel=1), own(6, channel=1, ordinal=1)) == [(0, 0), (5, 5)]


def test_the_whole_is_clipped_after_the_parts() -> None:
    """5 and 20 are clipped at 12 after they are added; then 5 - 10 counts as such."""
    rules = in_parts(points=[[-10, 10, 20]], highest=12)
    assert scored(rules, own(5, channel=1), own(6, channel=2), own(7)) == [(0, 0), (5, 5), (6, 12)]
    assert scored(rules, own(5, channel=1), own(6, channel=2), own(7), own(8, ordinal=1))[-1] == (8, 10)


def test_each_score_and_row_has_its_own_parts() -> None:
    rules = rulebook(
        100, channels=(0, 0), worlds=1, rows=2, stages=2, row=[[0, 1]], stage_day=[0.0, 50.0], ruled=1, scores=2, points=[-10, -10],
        part=[[[0, 0], [-1, 1]], [[-1, 0], [0, 1]]], part_low=[[[-15, 0], [0, -8]], [[-5, 0], [-1, -2]]], part_high=0,
    )  # fmt: skip
    filings = [own(5), own(6, channel=1)]
    assert scored(rules, *filings, s=0) == [(0, 0), (5, -10), (6, -15)]  # -10 - 5 from day 50 on, as much
    assert scored(rules, *filings, s=1) == [(0, 0), (5, -10), (6, -18), (50, -3)]


def test_what_leaves_a_part_that_stays_full_changes_nothing() -> None:
    """Of four, one is a ghost that is corrected on day 18."""
    rules = in_parts(decide_days=10.0, **AT_ONCE)
    town = by_hand(rules, [own(5), own(6, ordinal=1), own(7, ordinal=2), ghost(8)])
    assert town.lives[0][0].records[3].case.corrected == 18
    assert [values[0] for _, values in town.lives[0][0].shown] == [0, -10, -20, -25]


def test_one_minor_record_more_is_in_no_part() -> None:
    rules = in_parts(minor=-10, opens_at=-30)
    assert total(counted(by_hand(rules, [own(5 + n, ordinal=n) for n in range(3)])), "cliff.D") == 1
    assert total(counted(by_hand(rules, [own(5 + n, ordinal=n) for n in range(2)])), "cliff.D") == 0


# --- stages --------------------------------------------------------------------------------------------------------------------


def staged(**given: Any) -> Rulebook:
    """One world of two stages, with other rules from day 50 on."""
    return rulebook(200, worlds=1, rows=2, stages=2, row=[[0, 1]], stage_day=[0.0, 50.0], ruled=1, **given)


def test_other_rules_read_the_file_again() -> None:
    """From 50 on points weigh twice and stay 40 days of which those before 50 count: 30 to 70; 10 is too old to be looked at."""
    rules = staged(points=[[-10], [-20]], keep=[[100.0], [40.0]], lookback=[NEVER, 35.0], start=[0, 7])
    steps = scored(rules, own(10), own(30, ordinal=1), own(60, ordinal=2))
    assert steps == [(0, 0), (10, -10), (30, -20), (50, -13), (60, -33), (70, -13), (100, 7)]


def test_other_rules_may_leave_settled_matters_alone() -> None:
    """At 50 the matter of 10 is settled since 40, though its source hears of it at 80 only; that of 30 is settled at 60, heard of at 70."""
    items = own(10, settle=40, update=80), own(30, settle=60, update=70, ordinal=1)
    assert scored(staged(points=-10), *items) == [(0, 0), (10, -10), (30, -20), (70, -10), (80, 0)]
    assert scored(staged(points=-10, settled=[1, 0]), *items) == [(0, 0), (10, -10), (30, -20), (50, -10), (70, 0)]


def test_a_listing_is_begun_anew_and_joint_sanctions_with_it() -> None:
    joint = np.zeros((2, 2, 2))
    joint[:, 0, 1] = 1
    rules = staged(lists=1, domains=2, list_share=1.0, list_term=[[45.0], [80.0]], joint=joint, joint_on=10.0, joint_off=30.0)
    life = by_hand(rules, [own(10), own(20, settle=45, update=45, ordinal=1)]).lives[0][0]
    assert closings(life) == [
        (0, set(), Cause.START),
        (10, {0}, Cause.RECORD),
        (20, {0, 1}, Cause.JOINT),
        (50, {0}, Cause.STAGE),
        (60, {0, 1}, Cause.JOINT),
        (90, {1}, Cause.EXPIRY),
        (120, set(), Cause.JOINT),
    ]
    assert [listing.since for listing in life.listings] == [10, 20, 50]


def test_a_system_begins_with_what_is_on_file() -> None:
    """Nothing acts before 50; the record of 10 counts from then on, that of 20 is settled by then and never counts."""
    rules = staged(points=-10, keep=70.0, opens_at=[[0], [0]], contestable=1, notice=1.0, notice_days=8.0)._replace(ruled=np.array([0, 1]))
    town = by_hand(rules, [own(10), own(20, settle=40, update=40, ordinal=1), own(60, ordinal=2)])
    life = town.lives[0][0]
    assert life.shown == [(0.0, (0,)), (50.0, (-10,)), (60, (-20,)), (80, (-10,)), (130, (0,))]
    assert closings(life) == [(0, set(), Cause.START), (50, {0}, Cause.STAGE), (130, set(), Cause.EXPIRY)]
    assert [record.case.aware for record in life.records] == [58, 68]
    tables = counted(town)
    assert (total(tables, "records_in.D"), total(tables, "file_days.D")) == (2, 70 + 70)


def test_the_end_of_a_system_opens_everything() -> None:
    rules = staged(lists=1, list_share=1.0, list_term=500.0)._replace(ruled=np.array([1, 0]))
    town = by_hand(rules, [ghost(10), own(60)])
    assert closings(town.lives[0][0])[-1] == (50, set(), Cause.STAGE)
    tables = counted(town)
    assert (total(tables, "records_in.D"), total(tables, "records_out.D")) == (1, 1)


def test_a_stage_with_the_same_rules_changes_nothing() -> None:
    rules = staged(points=[[-10], [-20]])._replace(row=np.array([[1, 1]]))
    assert scored(rules, own(10)) == [(0, 0), (10, -20)]


def test_a_wrongful_spell_that_other_rules_end() -> None:
    rules = rulebook(
        200, rows=2, stages=2, row=[[0, 1], [0, 1]], stage_day=[0.0, 50.0], ruled=1, points=-10, opens_at=[[0], [-50]], domains=1
    )
    assert counted(by_hand(rules, [ghost(10)]))["spells"] == {"D~A.stage": {1: 1}}
