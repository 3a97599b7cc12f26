"""Records of the plain engine by hand: misread and inflated ones, procedures, threats."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from counterlife.layout import QUALITIES, YEAR, Link, Origin, Procedure, Purpose, Quality, Rulebook, Scope, Threat, Wrong

from .plain import Township, live, relive
from .plain_draws import exponential, uniform
from .plain_procedures import Verdict, averaged_claim, verdict
from .plain_tape import Candidate
from .tiny import PLACE, blacklist, by_hand, counted, ghost, own, people, populace, rulebook, total

EVENT = Candidate(0, 0, 0, 5.0, 0.0)


def on_file(town: Township) -> list[list[tuple[int, Wrong]]]:
    """Channel and wrongness of each record of the first person, by world."""
    return [[(record.filing.channel, record.wrong_from_the_start) for record in lives[0].records] for lives in town.lives]


# --- reading -------------------------------------------------------------------------------------------------------------------


def test_a_misread_record_is_what_it_is_in_the_accurate_world() -> None:
    town = by_hand(rulebook(50, classes=2, channels=(0, 1), misread=[[0.0, 1.0], [0.0, 0.0]]), candidates=[EVENT])
    assert on_file(town) == [[(1, Wrong.MISREAD)], [(0, Wrong.NOTHING)]]
    tables = counted(town)
    assert [tables["channels"][f"misread.{w}"] for w in "DA"] == [{0: 0, 1: 1}, {0: 0, 1: 0}]
    assert [total(tables, f"wrong_records.{w}") for w in "DA"] == [1, 0]


def test_a_lost_record_may_have_been_misread_besides() -> None:
    rules = rulebook(50, channels=(0, 0), misread=[[0.0, 1.0], [0.0, 0.0]], detect=[[1.0], [0.0]], link=Link.ASSIGN_ONE, link_share=1.0)
    rules = rules._replace(link_scope=np.full(2, Scope.COUNTRY))
    town = by_hand(rules, candidates=[EVENT], folk=people(1), crowd=10**9)
    tables = counted(town)
    assert on_file(town) == [[], [(0, Wrong.NOTHING)]]
    assert tables["channels"]["lost.D"] == {0: 0, 1: 1}


def test_misreadings_share_one_draw() -> None:
    rules = rulebook(100, classes=3, channels=(0, 1, 2), misread=[[0.0, 0.2, 0.3], [0.0] * 3, [0.0] * 3], worlds=1)
    town = by_hand(rules, candidates=[Candidate(0, 0, n, 5.0 + n / 20, 0.0) for n in range(1500)])
    counts = [sum(channel == c for channel, _ in on_file(town)[0]) for c in range(3)]
    assert sum(counts) == 1500
    assert stats.chisquare(counts, [750, 300, 450]).pvalue > 1e-6


def test_an_inflated_record_weighs_more() -> None:
    town = by_hand(rulebook(50, points=-10, inflate=1.0, inflate_by=2.5), candidates=[EVENT])
    assert [lives[0].score for lives in town.lives] == [-25, -10]
    assert on_file(town) == [[(0, Wrong.INFLATED)], [(0, Wrong.NOTHING)]]


def test_a_source_goes_national_on_a_day() -> None:
    """Everybody's record goes astray; until day 20 among the two holders here, from then on nearly always elsewhere."""
    rules = rulebook(100, link=Link.ASSIGN_ONE, link_share=1.0, link_scope=Scope.COUNTRY, link_from=20.0, inflow=1.0)
    town = live(rules._replace(ceiling=np.array([1.0])), populace(2, holders=10**6), PLACE, people(2, surname=0), 1, 0)
    origins = {True: set(), False: set()}  # type: dict[bool, set[Origin]]
    for record in (record for life in town.lives[0] for record in life.records):
        origins[record.filing.entry < 20].add(record.filing.origin)
    assert origins == {True: {Origin.OWN, Origin.STRAY}, False: {Origin.ELSEWHERE}}


# --- duplicates ----------------------------------------------------------------------------------------------------------------


def test_a_record_that_comes_twice_lists_twice() -> None:
    """Two listings close the gate; the accurate twin has one. Without the second copy the gate would be open, and so without the first,
    which is right.
    """
    town = by_hand(blacklist(50, needs=2, duplicate=1.0, pair_world=[0]), candidates=[EVENT])
    assert on_file(town) == [[(0, Wrong.NOTHING), (0, Wrong.DUPLICATE)], [(0, Wrong.NOTHING)]]
    tables = counted(town)
    assert [total(tables, column) for column in ("records.D.right", "records.D.duplicate", "records_in.D", "listings.D")] == [1, 1, 2, 2]
    assert [total(tables, column) for column in ("records.A.duplicate", "listings.A", "wrong_records.D")] == [0, 1, 1]
    assert [total(tables, column) for column in ("wrongful_days.D~A.loans", "biting.D", "but_for_days.D")] == [45, 1, 45]
    assert tables["channels"]["duplicate.D"] == {0: 1}


@pytest.mark.parametrize(("begins", "entry"), [(0.0, 12.0), (12.5, 12.5), (40.0, 40.0), (50.0, None), (1e18, None)])
def test_a_second_copy_comes_on_its_day_or_with_the_first(begins: float, entry: float | None) -> None:
    """The first comes a week after the event; the matter is settled on file at the same time for both."""
    rules = rulebook(50, points=-10, duplicate=1.0, duplicate_from=begins, delay_days=7.0)
    life = by_hand(rules, candidates=[EVENT]).lives[0][0]
    assert [record.entry for record in life.records] == [12.0] + [entry] * (entry is not None)
    assert life.shown[-1] == ((entry, (-20,)) if entry is not None else (12.0, (-10,)))


def test_a_settled_matter_does_not_come_twice() -> None:
    rules = rulebook(10**6, duplicate=1.0, duplicate_from=10.0**5, settles=50.0, updated=1.0)
    assert on_file(by_hand(rules, candidates=[EVENT])) == [[(0, Wrong.NOTHING)]] * 2


def test_only_what_is_filed_under_its_person_comes_twice() -> None:
    """The other holder's copy comes once; a record that is filed under the other only, once."""
    both = by_hand(rulebook(50, duplicate=1.0, link=Link.PAIRWISE, link_share=1.0), folk=people(2, surname=0), candidates=[EVENT])
    kinds = [[record.wrong_from_the_start for record in life.records] for life in both.lives[0]]
    assert kinds == [[Wrong.NOTHING, Wrong.DUPLICATE], [Wrong.STRAY]]
    one = rulebook(500, worlds=1, duplicate=1.0, link=Link.ASSIGN_ONE, link_share=1.0)
    town = by_hand(one, folk=people(2, surname=0), candidates=[Candidate(0, 0, n, 5.0 + n, 0.0) for n in range(40)])
    number = {wrong: [record.wrong_from_the_start for life in town.lives[0] for record in life.records].count(wrong) for wrong in Wrong}
    assert number[Wrong.NOTHING] == number[Wrong.DUPLICATE] == 40 - number[Wrong.STRAY]
    assert 0 < number[Wrong.STRAY] < 40
    lost = by_hand(one._replace(quality=np.array([Quality.RECORDS | Quality.DUPLICATES])), folk=people(2, surname=0), candidates=[EVENT])
    own_only = by_hand(one, folk=people(2, surname=0), candidates=[EVENT])
    assert len(lost.lives[0][0].records) == (1 if own_only.lives[0][0].lost else 2)


def test_what_is_misread_comes_once() -> None:
    """Also where the world reads it right."""
    rules = rulebook(50, classes=2, channels=(0, 1), misread=[[0.0, 1.0], [0.0, 0.0]], duplicate=1.0, worlds=2, ruled=1)
    rules = rules._replace(quality=np.array([QUALITIES["as they come"], Quality.RECORDS | Quality.DUPLICATES]))
    assert on_file(by_hand(rules, candidates=[EVENT])) == [[(1, Wrong.MISREAD)], [(0, Wrong.NOTHING)]]


def test_a_second_copy_is_wrong_as_the_first_is_or_because_it_is_one() -> None:
    """An inflated record weighs more both times; one that the procedure alone raises is wrong by the rule both times."""
    more = by_hand(rulebook(50, points=-10, inflate=1.0, inflate_by=2.5, duplicate=1.0), candidates=[EVENT])
    assert on_file(more)[0] == [(0, Wrong.INFLATED), (0, Wrong.DUPLICATE)]
    assert more.lives[0][0].score == -50
    claimed = by_hand(worlds(Procedure.SHARE, [1.0])._replace(duplicate=np.ones(1)), candidates=[EVENT])
    assert on_file(claimed) == [[(0, Wrong.RULE), (0, Wrong.RULE)], [(0, Wrong.RULE)], []]
    lawful = claimed.rulebook._replace(quality=np.array([Quality.RECORDS | Quality.DUPLICATES] * 3))
    assert on_file(by_hand(lawful, candidates=[EVENT])) == [[], [], []]
    missed = worlds(Procedure.SCREEN, [1.0, 0.0, 0.0])._replace(duplicate=np.ones(1))
    quality = np.array([QUALITIES["as they come"], QUALITIES["accurate"], Quality.RECORDS | Quality.DUPLICATES])
    assert on_file(by_hand(missed._replace(quality=quality), candidates=[EVENT])) == [[], [], [(0, Wrong.NOTHING), (0, Wrong.DUPLICATE)]]


def test_copies_share_their_luck() -> None:
    """A third of four hundred come twice, by a word of the block of the reading; half of them list, both times or never."""
    town = by_hand(blacklist(500, worlds=1, duplicate=0.3)._replace(list_share=np.full((1, 1, 1), 0.5)), candidates=[
        Candidate(0, 0, n, 5.0 + n, 0.0) for n in range(400)
    ])  # fmt: skip
    life, stream = town.lives[0][0], int(town.rulebook.channel_stream[0])
    twice = [record.filing.ordinal for record in life.records if record.wrong]
    assert twice == [n for n in range(400) if uniform(town.draws.block(0, Purpose.READ, stream, n)[2]) < 0.3]
    assert stats.binomtest(len(twice), 400, 0.3).pvalue > 1e-6
    listed = [listing.record.filing.ordinal for listing in life.listings if listing.record is not None]
    assert {n: listed.count(n) for n in set(listed)} == {n: 1 + (n in twice) for n in set(listed)}
    assert stats.binomtest(len(set(listed)), 400, 0.5).pvalue > 1e-6


def test_the_second_copy_is_contested_and_the_first_stays() -> None:
    """Both are found by the same refusal, since they came together; only what is wrong is contested, and half of the points remain."""
    appeals: dict[str, Any] = {"contestable": 1, "asks": 1.0, "apply": 0.1, "take_up": 1.0, "take_up_right": 0.0, "decide_days": 10.0}
    town = by_hand(rulebook(1000, worlds=1, points=-10, opens_at=-5, duplicate=1.0, **appeals), candidates=[EVENT])
    life = town.lives[0][0]
    first, second = life.records
    assert first.case.aware == second.case.aware < 500
    assert [record.case.contested for record in (first, second)] == [False, True]
    assert life.shown == [(0.0, (0,)), (5.0, (-20,)), (second.case.aware + 10.0, (-10,))]
    assert relive(town, 0, 0, second).shown == [(0.0, (0,)), (5.0, (-10,))]


def test_a_refusal_at_an_open_gate_is_asked_about() -> None:
    """Nothing is closed; six in ten of 0.1 applications a day are refused in the only band, and half of those refused ask why."""
    appeals: dict[str, Any] = {"contestable": 1, "asks": 0.5, "apply": 0.1, "passes": 0.4, "take_up": 1.0, "decide_days": 10.0}
    town = by_hand(rulebook(1000, worlds=1, points=-10, **appeals), candidates=[EVENT])
    (record,) = town.lives[0][0].records
    words = town.draws.block(record.filing.cause, Purpose.REDRESS, int(town.rulebook.channel_stream[0]), record.filing.ordinal)
    assert record.case.aware == pytest.approx(5.0 - math.log(uniform(words[1])) / (0.5 * 0.1 * 0.6))


# --- procedures ----------------------------------------------------------------------------------------------------------------


def worlds(procedure: Procedure, with_: list[float], days: int = 100) -> Rulebook:
    """As they come, by the procedure without mistakes, and by the law."""
    quality = [QUALITIES[name] for name in ("as they come", "accurate", "lawful")]
    parameters = [[*with_, *[0.0] * (8 - len(with_))]]
    return rulebook(days, worlds=3, ruled=1, quality=quality, procedure=procedure, procedure_with=parameters)


def test_a_share_of_records_is_wrong_by_rule() -> None:
    all_wrong, none = (by_hand(worlds(Procedure.SHARE, [share]), candidates=[EVENT]) for share in (1.0, 0.0))
    assert on_file(all_wrong) == [[(0, Wrong.RULE)], [(0, Wrong.RULE)], []]
    assert on_file(none) == [[(0, Wrong.NOTHING)]] * 3


@pytest.mark.parametrize(
    ("with_", "expected"),
    [
        ([1.0, 1.0, 0.0], [Wrong.NOTHING, Wrong.NOTHING]),
        ([1.0, 0.0, 1.0], [None, Wrong.NOTHING]),
        ([0.0, 1.0, 1.0], [Wrong.RULE, None]),
        ([0.0, 1.0, 0.0], [None, None]),
    ],
)
def test_a_screen_misses_and_raises_false_alarms(with_: list[float], expected: list[Wrong | None]) -> None:
    """Expected by the procedure, and by the law."""
    found = on_file(by_hand(worlds(Procedure.SCREEN, with_), candidates=[EVENT]))
    assert [records[0][1] if records else None for records in found] == [expected[0], *expected]


def test_a_claim_by_average() -> None:
    """Half of the fortnights at 2,000 (no benefit) and half at nothing (500 each): on average 1,000, which would bring 50 each."""
    v = [0.5, 0.0, 0.0, 500.0, 100.0, 0.5]
    assert averaged_claim([2000.0, 0.0] * 13, v) == 13 * 500 - 26 * 50
    assert averaged_claim([1000.0, 0.0] * 13, v) == 13 * (500 + 50) - 26 * 300
    assert averaged_claim([1000.0] * 26, v) == 0


def test_who_works_all_year_or_never_is_claimed_from_only_if_it_is_owed() -> None:
    for works in (0.0, 1.0):
        rules = worlds(Procedure.AVERAGE, [works, 800.0, 0.0, 500.0, 100.0, 0.5, 0.3, 1.0])
        town = by_hand(rules, candidates=[Candidate(0, 0, n, 5.0 + n / 10, 0.0) for n in range(200)])
        assert on_file(town)[0] == on_file(town)[2]
        assert stats.binomtest(len(on_file(town)[0]), 200, 0.3).pvalue > 1e-6


def test_who_works_half_the_year_is_claimed_from_though_nothing_is_owed() -> None:
    rules = worlds(Procedure.AVERAGE, [0.5, 2000.0, 0.0, 500.0, 100.0, 0.5, 0.0, 1.0])
    town = by_hand(rules, candidates=[Candidate(0, 0, n, 5.0 + n / 10, 0.0) for n in range(200)])
    assert len(on_file(town)[0]) > 150
    assert {wrong for _, wrong in on_file(town)[0]} == {Wrong.RULE}
    assert on_file(town)[2] == []


def verdicts(with_: list[float], number: int, **given: Any) -> list[Verdict]:
    """What a cohort procedure says about the first events of many people."""
    town = by_hand(worlds(Procedure.COHORT, with_, days=1000))
    asked = {"household": 0, "ordinal": 0, "time": 5.0, **given}
    return [verdict(town.rulebook, town.draws, 0, i, asked["household"], asked["ordinal"], asked["time"]) for i in range(number)]


def test_a_school_that_stays_what_it_was_is_judged_right() -> None:
    assert all(claimed == owed for claimed, owed in verdicts([0.7, 1.0, -0.3], 500))


def test_a_school_that_has_changed_is_judged_by_its_past() -> None:
    """All of a school in a year share what befell it: claims and dues are nested one in the other."""
    said = verdicts([2.0, 0.0, 0.0], 500)
    assert 0 < sum(claimed != owed for claimed, owed in said) < 500
    assert not ({(True, False), (False, True)} <= set(said))
    other = verdicts([2.0, 0.0, 0.0], 500, time=400.0)
    assert [claimed for claimed, _ in other] != [claimed for claimed, _ in said]
    assert said == verdicts([2.0, 0.0, 0.0], 500, household=64)


# --- threats -------------------------------------------------------------------------------------------------------------------


def attacked(kind: Threat, begins: float = 20.0, ends: float = 40.0, **given: Any) -> Rulebook:
    """Three worlds: under attack, accurate, and as records come without the attack."""
    quality = [QUALITIES[name] for name in ("attacked", "accurate", "as they come")]
    return blacklist(
        1000, term=500.0, worlds=3, ruled=1, quality=quality, threats=1, threat=kind, threat_from=begins, threat_until=ends, **given
    )


def closed(town: Township, w: int = 0) -> list[float]:
    """When the gates of the first life change, but for day 0."""
    return [change.time for change in town.lives[w][0].changes[1:]]


def test_an_outage_delays_entries_and_ends() -> None:
    filings = [own(25, settle=35, update=60), own(10, settle=30, update=30, ordinal=1)]
    town = by_hand(attacked(Threat.OUTAGE), filings)
    assert [closed(town, w) for w in range(3)] == [[10, 60], [10, 35], [10, 60]]
    assert [record.entry for record in town.lives[0][0].records] == [10, 40]


def test_records_held_up_by_an_outage_come_in_the_order_of_their_own_days() -> None:
    """100 - 16 + 18 = 102, and the gate stays open; the other way round the ceiling of 110 would have eaten most of the 18: 94."""
    rules = rulebook(
        100,
        classes=2,
        channels=(0, 1),
        worlds=3,
        ruled=1,
        quality=[QUALITIES[name] for name in ("attacked", "accurate", "as they come")],
        ledger=1,
        start=100,
        highest=110,
        points=[-16, 18],
        opens_at=100,
        threats=1,
        threat=Threat.OUTAGE,
        threat_from=20.0,
        threat_until=40.0,
    )
    town = by_hand(rules, [own(30, channel=1), own(25, channel=0)])
    assert [closed(town, w) for w in range(3)] == [[], [25, 30], [25, 30]]
    assert [life[0].scores[0].value for life in town.lives] == [102] * 3


def test_an_outage_delays_corrections() -> None:
    rules = attacked(Threat.OUTAGE, contestable=1, notice=1.0, take_up=1.0, decide_days=15.0)
    town = by_hand(rules, [ghost(10)])
    assert (closed(town), closed(town, 2)) == ([10, 40], [10, 25])


def test_a_suppressed_record_comes_when_it_is_found_out() -> None:
    never = by_hand(attacked(Threat.DELETE, threat_share=1.0), [own(25), own(50, ordinal=1)])
    assert closed(never) == [50, 550]
    late = by_hand(attacked(Threat.DELETE, threat_share=1.0, threat_found=1.0, threat_days=30.0), [own(25)])
    rules = late.rulebook
    words = late.draws.block(0, Purpose.TAMPER, int(rules.channel_stream[0]) ^ int(rules.threat_stream[0]), 0)
    entry = 25 + exponential(words[2], 30.0)
    assert closed(late) == [entry, entry + 500]
    assert closed(late, 2) == [25, 525]


def test_false_records_fall_in_the_window() -> None:
    """Half of them are found out, after thirty days on average."""
    rules = attacked(Threat.INSERT, threat_rate=0.01, threat_found=0.5, threat_days=30.0, ends=120.0, from_age=14 * YEAR)
    folk = people(1000)
    folk["age"][900:] = 10 * YEAR
    town = live(rules, populace(1000), PLACE, folk, 5, 0)
    records = [record for life in town.lives[0] for record in life.records]
    assert all(20 <= record.filing.entry < 120 and record.wrong_from_the_start == Wrong.TAMPERED for record in records)
    assert abs(len(records) - 900) < 4.9 * math.sqrt(900) < 0.2 * 900
    assert all(record.filing.person < 900 for record in records)
    found = [record.filing.settle - record.filing.entry for record in records if record.filing.settle < 1e9]
    assert stats.binomtest(len(found), len(records), 0.5).pvalue > 1e-6
    assert stats.kstest(found, stats.expon(scale=30).cdf).pvalue > 1e-6
    assert not any(life.records for lives in town.lives[1:] for life in lives)


def test_a_restored_backup_undoes_corrections() -> None:
    """Corrected at 25, back at 40 with its old end; found out, it is taken off for good."""
    usual = {"contestable": 1, "notice": 1.0, "take_up": 1.0, "decide_days": 15.0}
    kept = by_hand(attacked(Threat.ROLLBACK, **usual), [ghost(10)])
    assert (closed(kept), closed(kept, 2)) == ([10, 25, 40, 510], [10, 25])
    assert total(counted(kept), "returned.D") == 1
    found = by_hand(attacked(Threat.ROLLBACK, threat_found=1.0, threat_days=30.0, **usual), [ghost(10)])
    rules = found.rulebook
    words = found.draws.block(0, Purpose.TAMPER, int(rules.ghost_stream[0]) ^ int(rules.threat_stream[0]), 0)
    assert closed(found) == [10, 25, 40, 40 + exponential(words[1], 30.0)]
    before = by_hand(attacked(Threat.ROLLBACK, begins=26.0, **usual), [ghost(10)])
    assert closed(before) == [10, 25]


def test_threats_are_part_of_a_worlds_quality() -> None:
    assert QUALITIES["attacked"] & Quality.THREATS
    assert not QUALITIES["as they come"] & Quality.THREATS
