"""The plain engine against answers worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from counterlife.layout import NEVER, QUALITIES, YEAR, Cause, Key, Link, ListKind, Origin, Quality, Rulebook

from .plain_compare import Tables
from .plain_draws import philox, stream, uniform
from .plain_tallies import days_closed, wrongful_spells
from .plain_tape import Candidate, Filing
from .tiny import blacklist, by_hand, counted, ghost, own, people, rulebook, total

# --- draws -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_philox_gives_the_published_words(counter: str, key: str, words: str) -> None:
    """The answers that Random123 publishes for philox4x32-10."""

    def numbers(text: str) -> tuple[int, ...]:
        return tuple(int(word, 16) for word in text.split())

    assert philox(numbers(counter), numbers(key)) == numbers(words)


def test_a_name_is_addressed_by_the_start_of_its_sha_256() -> None:
    """The example of FIPS 180."""
    assert stream("abc") == 0xBA7816BF


def test_uniform_numbers_never_touch_their_bounds() -> None:
    assert uniform(0) == 0.5 / 2.0**32
    assert uniform(0xFFFFFFFF) == 1 - 0.5 / 2.0**32


# --- one life by hand --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "out", "days"), [(2.5, 4.25, [2, 3]), (2.0, 4.0, [2, 3]), (2.1, 2.9, []), (2.9, 3.1, [2]), (8.5, 99.0, [8, 9])]
)
def test_a_change_counts_from_the_day_that_holds_it(entry: float, out: float, days: list[int]) -> None:
    town = by_hand(blacklist(10, term=out - entry, worlds=1), [own(entry)])
    assert np.flatnonzero(days_closed(town.rulebook, town.views[0][0])[0]).tolist() == days


def test_points_add_up_and_are_clipped_after_adding() -> None:
    """Four bad points, two good ones: -80 is clipped to -50 only at the end, so one bad record's expiry leaves -30."""
    rules = rulebook(
        100, classes=2, channels=(0, 1), worlds=1, points=[[-40, 20]], keep=[[10.0, NEVER]], lowest=-50, cuts=[[-50, -40, -20, 0, 20]]
    )
    town = by_hand(rules, [own(1), own(2, ordinal=1), own(3, ordinal=2), own(4, channel=1)])
    # scores: 0, -40, -80, -120, -100 | 11: -60, 12: -20, 13: +20
    assert town.lives[0][0].bands == [(0.0, 4), (1, 2), (2, 1), (12, 3), (13, 5)]


def test_a_ledger_is_clipped_at_every_step_and_never_forgets() -> None:
    rules = rulebook(
        100, classes=2, channels=(0, 1), worlds=1, ledger=1, points=[[-40, 20]], keep=5.0, lowest=-50, cuts=[[-50, -40, -20, 0]]
    )
    town = by_hand(rules, [own(1), own(2, ordinal=1), own(3, ordinal=2), own(4, channel=1)])
    assert town.lives[0][0].score == -30
    assert town.lives[0][0].bands == [(0.0, 4), (1, 2), (2, 1), (4, 2)]
    assert total(counted(town), "records_out.D") == 4


def test_a_sanction_spreads_by_the_earliest_way_and_only_while_it_lasts() -> None:
    """Home 0 lasts from 10 to 40. To 1 directly after 25, through 2 after 5 + 10; 3 could be reached from 2 only after its end."""
    joint, on, off = np.zeros((1, 4, 4)), np.zeros((1, 4, 4)), np.zeros((1, 4, 4))
    for d, further, begins, ends in ((0, 1, 25, 1), (0, 2, 5, 7), (2, 1, 10, 2), (2, 3, 32, 100), (1, 0, 1, 50)):
        joint[0, d, further], on[0, d, further], off[0, d, further] = 1, begins, ends
    rules = blacklist(200, term=30.0, worlds=1, domains=4, joint=joint, joint_on=on, joint_off=off)
    life = by_hand(rules, [own(10)]).lives[0][0]
    assert life.listings[0].presses == {0: (10, 40), 2: (15, 47), 1: (25, 49)}
    assert [(change.time, set(change.closed)) for change in life.changes] == [
        (0, set()),
        (10, {0}),
        (15, {0, 2}),
        (25, {0, 1, 2}),
        (40, {1, 2}),
        (47, {1}),
        (49, set()),
    ]


def test_at_equal_beginnings_the_lower_domain_brings_the_sanction() -> None:
    joint, on, off = np.ones((1, 4, 4)), np.full((1, 4, 4), 5.0), np.zeros((1, 4, 4))
    joint[0, 0, 3] = 0
    off[0, 1, 3], off[0, 2, 3] = 11, 22
    on[0, 0, 1], on[0, 1, 3] = 6, 4
    rules = blacklist(200, term=30.0, worlds=1, domains=4, joint=joint, joint_on=on, joint_off=off)
    assert by_hand(rules, [own(0.0)]).lives[0][0].listings[0].presses[3] == (10, 41)


def test_a_listing_needs_as_many_as_told() -> None:
    town = by_hand(blacklist(100, needs=2, term=20.0, worlds=1), [own(1), own(11, ordinal=1), own(25, ordinal=2)])
    assert [change.time for change in town.lives[0][0].changes] == [0, 11, 21, 25, 31]


def score_list(days: int, **given: Any) -> Rulebook:
    """A term of ten days for whoever falls below -50."""
    return rulebook(
        days, lists=1, worlds=1, list_kind=ListKind.SCORE_BELOW, list_domain=0, list_mark=-50, list_term=10.0, points=-60, **given
    )


def test_a_term_begins_anew_while_the_score_is_below_the_mark() -> None:
    """Points from 5 to 20: terms 5-15 and 15-25, one closed spell."""
    town = by_hand(score_list(100, keep=15.0), [own(5)])
    assert [(change.time, change.cause) for change in town.lives[0][0].changes] == [(0, Cause.START), (5, Cause.RECORD), (25, Cause.TERM)]
    assert total(counted(town), "listings.D") == 2
    assert total(counted(town), "entries.D.loans") == 1


def test_a_term_resets_a_ledger() -> None:
    town = by_hand(score_list(100, ledger=1, list_resets=1), [own(5)])
    assert [change.time for change in town.lives[0][0].changes] == [0, 5, 15]
    assert town.lives[0][0].score == 0


def test_a_redlist_is_left_while_a_record_list_presses() -> None:
    rules = rulebook(
        50,
        lists=2,
        worlds=1,
        list_kind=[[ListKind.RECORD, ListKind.SCORE_ABOVE]],
        list_domain=[[0, -1]],
        list_term=[[10.0, NEVER]],
        list_share=[[[1.0], [0.0]]],
    )
    town = by_hand(rules, [own(5)])
    assert town.lives[0][0].redlist == [(0, True), (5, False), (15, True)]
    assert total(counted(town), "redlist_days.D") == 40


def test_a_band_change_is_reversed_when_the_band_before_returns_within_90_days() -> None:
    rules = rulebook(400, worlds=1, points=-10, keep=[[80.0]], cuts=[[0]])
    quick = counted(by_hand(rules, [own(5)]))
    slow = counted(by_hand(rules._replace(keep=np.array([[[91.0]]])), [own(5)]))
    assert (total(quick, "band_changes.D"), total(quick, "reversals.D")) == (2, 1)
    assert (total(slow, "band_changes.D"), total(slow, "reversals.D")) == (2, 0)


def test_the_cliff_is_one_minor_record_away() -> None:
    rules = rulebook(50, worlds=1, domains=2, points=-60, minor=-50, opens_at=[[-50, -100]])
    assert total(counted(by_hand(rules)), "cliff.D") == 0
    assert total(counted(by_hand(rules, [own(5)])), "cliff.D") == 1
    assert total(counted(by_hand(rules, [own(5), own(6, ordinal=1)])), "cliff.D") == 0


def test_strain_looks_at_the_gates_just_before() -> None:
    """Of three events at mark 0.15, only those while the gate is closed happen: 5 itself closes nothing yet, 10 is its last moment."""
    rules = blacklist(100, term=5.0, worlds=3, accept=0.1, strain=2.0)
    events = [Candidate(0, 0, n, time, 0.15) for n, time in enumerate((5.0, 10.0, 15.5))]
    town = by_hand(rules, [ghost(5.0)], candidates=events)
    assert [lives[0].events[0] for lives in town.lives] == [1, 0, 0]
    assert [record.filing.entry for record in town.lives[0][0].records] == [5.0, 10.0]


@pytest.mark.parametrize(("until", "happens"), [(20.0, 1), (15.0, 1), (14.9, 0)])
def test_a_gate_strains_only_at_the_ages_it_concerns(until: float, happens: int) -> None:
    """The event lies at 15, and the domain concerns the person just before 15 or no longer."""
    rules = blacklist(100, accept=0.1, strain=2.0, worlds=1, domain_until=until)
    town = by_hand(rules, [ghost(5)], people(1, age=0.0), candidates=[Candidate(0, 0, 0, 15.0, 0.15)])
    assert town.lives[0][0].events[0] == happens


# --- worlds ------------------------------------------------------------------------------------------------------------------


def test_which_records_exist_in_a_world() -> None:
    quality = [QUALITIES[name] for name in ("as they come", "accurate", "pruned", "none")] + [Quality.RECORDS | Quality.STRAYS]
    rules = rulebook(50, worlds=5, quality=quality, ruled=1)
    filings = [
        Filing(0, 0, origin, 0, n, 5.0)
        for n, origin in enumerate((Origin.OWN, Origin.GARBLED, Origin.STRAY, Origin.ELSEWHERE, Origin.GHOST))
    ]
    there = [{record.filing.origin for record in lives[0].records} for lives in by_hand(rules, filings).lives]
    assert there == [
        {Origin.OWN, Origin.STRAY, Origin.ELSEWHERE, Origin.GHOST},
        {Origin.OWN, Origin.GARBLED},
        {Origin.OWN},
        set(),
        {Origin.OWN, Origin.GARBLED, Origin.STRAY, Origin.ELSEWHERE},
    ]


def test_a_settled_matter_stays_on_file_until_the_source_hears_of_it() -> None:
    tables = counted(by_hand(blacklist(100), [own(5.0, settle=20.0, update=50.0), own(60.0, settle=55.0, update=70.0, ordinal=1)]))
    assert [total(tables, f"closed_days.{w}.loans") for w in "DA"] == [45 + 10, 15]
    assert [total(tables, f"records.{w}.stale") for w in "DA"] == [2, 0]
    assert [total(tables, f"records_in.{w}") for w in "DA"] == [2, 1]
    assert total(tables, "but_for_days.D") == 30 + 10
    assert tables["spells"]["D~A.settlement"] == {0: 1, 1: 1}


def test_without_a_system_nothing_is_closed_and_nothing_recorded() -> None:
    rules = rulebook(50, worlds=3, opens_at=1)
    tables = counted(by_hand(rules, [own(5)]))
    assert [total(tables, f"closed_days.{w}.loans") for w in "DAN"] == [50, 50, 0]
    assert [total(tables, f"records_in.{w}") for w in "DAN"] == [1, 1, 0]
    assert [total(tables, f"entries.{w}.loans") for w in "DAN"] == [1, 1, 0]


# --- names ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "holders"), [(Key.NAME, [0, 1, 2, 3]), (Key.NAME_YEAR, [0, 1, 2]), (Key.NAME_DATE, [0, 2])])
def test_who_shares_a_name(key: Key, holders: list[int]) -> None:
    """Persons 0 to 3 share a name; 3 is a year older, 1 born on another day; 4 has another name."""
    folk = people(5, surname=[0, 0, 0, 0, 1], birthday=[7, 8, 7, 7, 7])
    folk["age"][3] += YEAR
    tape = by_hand(rulebook(10, link_key=key), folk=folk).tape
    assert tape.local(0, 0) == holders
    assert tape.in_scope(0, 0, 0.0) == len(holders)


def test_nothing_is_recorded_about_anybody_below_the_age() -> None:
    """Namesake 1 is below the age until day 50: an event's copy reaches it only when it enters later."""
    rules = rulebook(100, link=Link.PAIRWISE, link_share=1.0, delay_days=10.0, from_age=14 * YEAR)
    folk = people(2, surname=0)
    folk["age"][1] = 14 * YEAR - 50
    tape = by_hand(rules, folk=folk).tape
    filed = [[filing.origin for filing in tape.filings(Candidate(0, 0, 0, time, 0.0))] for time in (39.0, 41.0)]
    assert filed == [[Origin.OWN], [Origin.OWN, Origin.STRAY]]


# --- ages and children ---------------------------------------------------------------------------------------------------------


def test_a_gate_concerns_a_person_only_within_its_ages() -> None:
    rules = blacklist(100, worlds=1, domain_from=18 * YEAR, domain_until=18 * YEAR + 50)
    tables = counted(by_hand(rules, [own(5)], people(1, age=18 * YEAR - 10.5)))
    assert total(tables, "scope_days.loans") == 50
    assert total(tables, "closed_days.D.loans") == 50
    assert (total(tables, "entries.D.loans"), total(tables, "exits.D.loans"), total(tables, "open_end.D.loans")) == (1, 1, 0)


def test_a_child_is_shut_out_while_any_parent_is() -> None:
    """Parents 0 and 1 are listed on days 5-24 and 15-34; child 2 goes to school until day 30, child 3 has no parent here."""
    rules = blacklist(100, term=20.0, domains=1, child_domain=1, domain_from=6 * YEAR, domain_until=15 * YEAR)
    folk = people(4)
    folk["age"][2:] = 15 * YEAR - 30
    folk["guardian"][2], folk["guardian2"][2] = 0, 1
    tables = counted(by_hand(rules, [own(5), ghost(15, person=1)], folk))
    assert [total(tables, f"closed_days.{w}.loans") for w in "DA"] == [25, 20]
    assert [total(tables, f"child_ever.{w}") for w in "DA"] == [1, 1]
    assert total(tables, "wrongful_days.D~A.loans") == total(tables, "bystander_days.D~A") == 5
    assert total(tables, "child_wrongful_ever.D~A") == 1
    assert total(tables, "scope_days.loans") == 60
    assert total(tables, "biting.D") == 0  # in the parent's own domains
    assert total(tables, "spells.D~A") == 1
    assert tables["spells"]["D~A.luck"] == {0: 1}  # an age was reached


# --- wrongful spells -----------------------------------------------------------------------------------------------------------


def only_end(tables: Tables) -> str:
    """How the only wrongful spell ended."""
    (end,) = tables["spells"]
    return end


def test_a_spell_that_runs_out_or_stays_open() -> None:
    assert only_end(counted(by_hand(blacklist(100, term=20.0), [ghost(5)]))) == "D~A.expiry"
    assert only_end(counted(by_hand(blacklist(100, term=200.0), [ghost(5)]))) == "D~A.open"


def test_a_spell_that_ends_when_a_stale_matter_is_taken_off_file() -> None:
    rules = rulebook(100, points=-10, keep=80.0, opens_at=0)
    assert only_end(counted(by_hand(rules, [own(5, settle=15, update=40)]))) == "D~A.settlement"
    assert only_end(counted(by_hand(rules, [own(5, settle=15, update=90)]))) == "D~A.expiry"


def test_a_spell_that_is_overtaken_by_a_right_record() -> None:
    tables = counted(by_hand(blacklist(100, term=50.0), [ghost(5), own(15.0)]))
    assert tables["spells"] == {"D~A.overtaken": {0: 1}}
    assert (total(tables, "spell_days.D~A"), total(tables, "cleared.D~A")) == (10, 0)


def test_a_spell_that_ends_by_luck() -> None:
    rules = rulebook(100, classes=2, channels=(0, 1), points=[[-50, 60]] * 2, opens_at=0)
    tables = counted(by_hand(rules, [ghost(5), own(75.5, channel=1)]))
    assert tables["spells"] == {"D~A.luck": {2: 1}}
    assert (total(tables, "spell_days.D~A"), total(tables, "cleared.D~A")) == (70, 1)


def test_a_spell_that_ends_with_a_joint_sanction() -> None:
    rules = blacklist(100, term=20.0, domains=2, joint=[[0, 1], [0, 0]], joint_on=3.0, joint_off=10.0)
    tables = counted(by_hand(rules, [ghost(5)]))
    assert tables["spells"] == {"D~A.joint": {1: 1}}
    assert (total(tables, "wrongful_any_days.D~A"), total(tables, "ever.D.30"), total(tables, "but_for_days.D")) == (30, 1, 20 + 27)


def test_a_spell_within_a_day_is_not_counted() -> None:
    assert "spells" not in counted(by_hand(blacklist(100, term=0.5), [ghost(5.25)]))


def test_two_touching_domains_make_one_spell() -> None:
    town = by_hand(blacklist(100, term=20.0, domains=2, joint=[[0, 1], [0, 0]], joint_on=19.0), [ghost(5)])
    assert len(list(wrongful_spells(town.views[0][0], town.views[1][0], 100))) == 1


def test_but_for_credits_none_where_either_suffices() -> None:
    alone = counted(by_hand(blacklist(100, term=20.0), [ghost(5)]))
    both = counted(by_hand(blacklist(100, term=20.0), [ghost(5), ghost(5.5, ordinal=1)]))
    assert (total(alone, "biting.D"), total(alone, "but_for_days.D"), total(alone, "but_for_domains.D")) == (1, 20, 1)
    assert (total(both, "wrong_records.D"), total(both, "biting.D"), total(both, "but_for_days.D")) == (2, 0, 0)


def test_but_for_relives_the_events_that_strain_brought() -> None:
    """Without the ghost, the event at 15 does not happen: all 30 days go, not only the ghost's own 10."""
    rules = blacklist(100, term=20.0, accept=0.1, strain=2.0)
    tables = counted(by_hand(rules, [ghost(5)], candidates=[Candidate(0, 0, 0, 15.0, 0.15)]))
    assert (total(tables, "closed_days.D.loans"), total(tables, "but_for_days.D")) == (30, 30)
