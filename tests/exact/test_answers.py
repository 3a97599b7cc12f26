"""The production engine gives the exact answers of C1 to C8, C11 and C34, on scenario files, within tolerances that have power.

Every scenario of `scenarios/` says its set-up in words. People are taken so many that an error of one per cent would show
(`tolerance.py`). Day conventions are those of `docs/model.md` 9: a day is seen at its end.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from functools import cache

import numpy as np
import pytest

from counterlife.exact import chains, counts, spells
from counterlife.layout import Floats, Ints
from counterlife.township.jit import compiled

from .engine import Lived, live, scenario, tapes
from .tolerance import PowerlessError, chi_square_test, cluster_test, share_test, widened, z_test

pytestmark = pytest.mark.skipif(not compiled(), reason="too many people for plain Python; tests/oracle holds the two against each other")

SEED = 20
YEAR = 365.0
TERM = 730
GATES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")

lived = cache(live)


def numbers_closed(one: Lived, world: str) -> Ints:
    """People by the number of gates closed at the end, where the gates close one after another: 0, 1, ... all."""
    closed = [one.persons, *(one.total(f"open_end.{world}.{gate}") for gate in GATES), 0]
    return -np.diff(closed)


def after_burn_in(one: Lived, column: str) -> Ints:
    """Days of a column of the months table from day 730 on, for each township."""
    return np.asarray(one.monthly(column)[:, one.month_starts.index(TERM) :].sum(axis=1))


# --- C1: counts and times -----------------------------------------------------------------------------------------------------------


@cache
def event_times() -> tuple[Ints, Floats, Ints]:
    """C1: events of each person, and of every event its share of the period and its person's number of events."""
    one = scenario("c1")
    numbers, times = [], []
    for people, tape in tapes(one, 35, SEED):
        numbers.append(np.bincount(tape.items["owner"], minlength=people.size))
        times.append(tape.items["time"] / one.rulebook.days)
    number = np.concatenate(numbers)
    return number, np.concatenate(times), np.repeat(number, number)


def test_c1_counts_are_poisson() -> None:
    number, _, _ = event_times()
    mean = 0.4 / YEAR * scenario("c1").rulebook.days
    z_test(number.mean(), math.sqrt(mean / number.size), mean)
    z_test(((number - mean) ** 2).mean(), math.sqrt((mean + 2 * mean**2) / number.size), mean)  # fourth moment mean + 3 mean^2
    chi_square_test(*widened(np.bincount(number, minlength=20)[:20], number.size * counts.poisson(mean, 19)), restraints=0)


@pytest.mark.parametrize("events", [1, 2, 3, 4, 5])
def test_c1_times_are_uniform_given_the_count(events: int) -> None:
    _, times, number = event_times()
    some = times[number == events].reshape(-1, events)
    assert (np.diff(some, axis=1) >= 0).all()
    chi_square_test(np.histogram(some, 50, (0.0, 1.0))[0], np.full(50, some.size / 50))
    edges = np.linspace(0.0, 1.0, 21)
    first = np.diff(-((1.0 - edges) ** events)) * len(some)
    chi_square_test(*widened(np.histogram(some[:, 0], edges)[0], first))


def test_c1_months_of_the_first_closed_gate() -> None:
    one = lived("c1", 35, SEED)
    seen = one.monthly("newly_closed.accurate").sum(axis=0)
    starts = one.month_starts
    due = [counts.first_within(0.4 / YEAR, begin, end) for begin, end in itertools.pairwise(starts)]
    chi_square_test([*seen, one.persons - seen.sum()], one.persons * np.array([*due, 1.0 - sum(due)]))
    total = one.channel("right.accurate", "register", "act")
    mean = 0.4 / YEAR * one.days * one.persons
    z_test(total, math.sqrt(mean), mean)
    assert total == one.channel("events.none", "register", "act") == int(event_times()[0].sum())


# --- C2: detection ------------------------------------------------------------------------------------------------------------------


def test_c2_records_are_binomial_given_the_events() -> None:
    one = lived("c2", 35, SEED)
    events = one.channel("events.accurate", "register", "act")
    assert events == one.channel("right.accurate", "witness", "act")
    share_test(one.channel("right.accurate", "register", "act"), events, 0.3)


def test_c2_recorded_and_missed_are_independent_poisson_numbers() -> None:
    one = scenario("c2")
    table = np.zeros((20, 20))
    for people, tape in tapes(one, 35, SEED):
        seen, all_ = (np.bincount(tape.items["owner"][tape.items["channel"] == c], minlength=people.size) for c in (0, 1))
        np.add.at(table, (seen, all_ - seen), 1)
    mean = 0.4 / YEAR * one.rulebook.days
    due = table.sum() * np.outer(counts.poisson(0.3 * mean, 19), counts.poisson(0.7 * mean, 19))
    chi_square_test(*widened(table.ravel(), due.ravel()), restraints=0)
    recorded, missed = np.arange(20) - 0.3 * mean, np.arange(20) - 0.7 * mean
    covariance = float(recorded @ table @ missed) / table.sum()
    spread = mean * math.sqrt(0.3 * 0.7)  # standard deviation of the product
    z_test(covariance + spread, spread / math.sqrt(table.sum()), spread)  # a correlation of one per cent would show


def test_c2_each_number_of_events_is_detected_binomially() -> None:
    table: Counter[tuple[int, int]] = Counter()
    for people, tape in tapes(scenario("c2"), 35, SEED):
        seen, all_ = (np.bincount(tape.items["owner"][tape.items["channel"] == c], minlength=people.size) for c in (0, 1))
        table.update(zip(all_.tolist(), seen.tolist(), strict=True))
    for events in range(1, 6):
        row = [table[events, recorded] for recorded in range(events + 1)]
        chi_square_test(*widened(row, sum(row) * counts.binomial(events, 0.3)))


# --- C3: frailty --------------------------------------------------------------------------------------------------------------------


def test_c3_counts_are_negative_binomial() -> None:
    one = lived("c3", 345, SEED)
    due = counts.with_rest(counts.negative_binomial(0.4, 0.5, 7))
    seen = numbers_closed(one, "accurate")
    share_test(int(seen[0]), one.persons, 0.7453559925)
    share_test(int(seen[3:].sum()), one.persons, 0.0337977875)  # a rare tail: this is why seven million people are lived
    chi_square_test(seen, one.persons * due)


# --- C4: retention ------------------------------------------------------------------------------------------------------------------

LAWS = {  # parts of each law: rate a day, keep, mean time to settlement
    "fixed": [(0.005, {"keep": 360.0})],
    "settled": [(0.005, {"settled_after": 360.0})],
    "capped": [(0.005, {"keep": 720.0 * math.log(2.0), "settled_after": 720.0})],
    "mixed": [(0.0025, {"keep": 90.0}), (0.0025, {"keep": 630.0})],
}


@pytest.mark.parametrize("law", LAWS)
def test_c4_acting_records_are_poisson_whatever_the_law(law: str) -> None:
    one = lived("c4", 11, SEED)
    mean = sum(counts.acting(rate, one.days, **terms) for rate, terms in LAWS[law])
    seen, due = numbers_closed(one, law), counts.with_rest(counts.poisson(mean, 7))
    share_test(one.persons - int(seen[0]), one.persons, 1.0 - due[0])
    chi_square_test(seen, one.persons * due)


def test_c4_depends_on_the_mean_retention_alone() -> None:
    one = lived("c4", 11, SEED)
    alike = ("fixed", "capped", "mixed")  # equal means; other classes, so independent samples
    for law in alike:
        assert sum(counts.acting(rate, one.days, **terms) for rate, terms in LAWS[law]) == pytest.approx(1.8)
    seen = np.vstack([numbers_closed(one, law) for law in alike])
    chi_square_test(seen, np.broadcast_to(seen.mean(axis=0), seen.shape), restraints=sum(seen.shape) - 1)


def test_c4_every_day_after_the_first_term_is_alike() -> None:
    one = lived("c4", 70, SEED, ("population.township=2000", "period.length=5 years"))
    begin = next(m for m, day in enumerate(one.month_starts) if day >= 360)
    window = one.days - one.month_starts[begin]
    due = counts.poisson(1.8, 2)
    for gate, number in (("first", 1), ("third", 3)):
        days = one.monthly(f"closed_days.fixed.{gate}")[:, begin:].sum(axis=1)
        cluster_test(days, one.each("people") * window, counts.at_least(due, number))


# --- C5: a ledger -------------------------------------------------------------------------------------------------------------------

MARKS = {"low": range(1, 8), "middle": range(8, 15), "high": range(15, 21)}
LEDGER = chains.ledger(21, [(0.6, -3), (1.0, 1)])
AT_TEN = np.eye(21)[10]


def scores(one: Lived) -> Ints:
    """People by score at the end: 0 .. 20."""
    below = [one.total(f"open_end.{world}.{gate}") for world, marks in MARKS.items() for gate, _ in zip("abcdefg", marks, strict=False)]
    return np.diff([0, *below, one.persons])


def test_c5_scores_after_twelve_days() -> None:
    one = lived("c5", 14, SEED)
    seen, due = scores(one), chains.at_time(LEDGER, AT_TEN, 12.0)
    mean = float(due @ np.arange(21))
    variance = float(due @ (np.arange(21) - mean) ** 2)
    share_test(int(seen[:6].sum()), one.persons, 0.6855710399)
    z_test(float(seen @ np.arange(21)) / one.persons, math.sqrt(variance / one.persons), mean)
    chi_square_test(*widened(seen, one.persons * due))


def test_c5_scores_in_the_long_run() -> None:
    one = lived("c5", 3, SEED, ("period.length=100 days", "population.township=15_000"))
    due = chains.in_the_long_run(LEDGER)
    assert chains.at_time(LEDGER, AT_TEN, 100.0) == pytest.approx(due, abs=1e-5)
    seen = scores(one)
    share_test(int(seen[:6].sum()), one.persons, float(due[:6].sum()))
    chi_square_test(*widened(seen, one.persons * due))


# --- C6: a blacklist ----------------------------------------------------------------------------------------------------------------

RATE = 0.25 / YEAR


def test_c6_share_of_days_restricted() -> None:
    one = lived("c6", 100, SEED)
    window = one.days - TERM
    cluster_test(after_burn_in(one, "closed_days.accurate.loan"), one.each("people") * window, spells.restricted_share(RATE, TERM))


def test_c6_people_restricted_at_the_end() -> None:
    one = lived("c6", 600, SEED, ("period.length=2 years",))
    share_test(one.total("open_end.accurate.loan"), one.persons, spells.restricted_share(RATE, TERM))
    days = spells.days_restricted(RATE, TERM, 0, one.days) / one.days
    cluster_test(one.each("closed_days.accurate.loan"), one.each("days"), days)
    cluster_test(one.each("entries.accurate.loan"), one.each("people"), spells.spells_until(RATE, TERM, one.days))


def test_c6_spells_begun_and_their_mean_length() -> None:
    """The same people for 30 years and for the first two of them: the difference is what happens once a term has passed."""
    whole, start = lived("c6", 100, SEED), lived("c6", 100, SEED, ("period.length=2 years",))
    begun = whole.each("entries.accurate.loan") - start.each("entries.accurate.loan")
    days = whole.each("closed_days.accurate.loan") - start.each("closed_days.accurate.loan")
    assert (days == after_burn_in(whole, "closed_days.accurate.loan")).all()
    cluster_test(begun, whole.each("people") * (whole.days - TERM) / YEAR, spells.spells_a_day(RATE, TERM) * YEAR)
    cluster_test(days, begun, spells.spell_mean(RATE, TERM))


def test_c6_spells_are_the_same_however_they_are_counted() -> None:
    one = lived("c6", 100, SEED)
    entries = one.each("entries.accurate.loan")
    assert (entries == one.each("spells.accurate~none")).all()
    assert (entries == one.each("exits.accurate.loan") + one.each("open_end.accurate.loan")).all()
    assert (one.each("spell_days.accurate~none") == one.each("closed_days.accurate.loan")).all()
    ended = sum(one_.spells[: TERM // 30, :5].sum() for one_ in one.townships)  # all ends but `open`, of less than 720 days
    assert ended == 0


# --- C7: ghosts ---------------------------------------------------------------------------------------------------------------------

GHOSTLY = [("c7", "loan", 1, None, 0.063789), ("c7", "travel", 2, None, 0.028652), ("c7_frail", "loan", 1, 0.5, 0.070930)]


@pytest.mark.parametrize(("name", "gate", "needs", "shape", "printed"), GHOSTLY)
def test_c7_wrongful_share(name: str, gate: str, needs: int, shape: float | None, printed: float) -> None:
    one = lived(name, 200, SEED)
    exact = spells.wrongful_share(0.4, 0.1, needs, shape)
    assert exact == pytest.approx(printed, abs=5e-7)
    days = after_burn_in(one, f"wrongful_days.designed~accurate.{gate}")
    cluster_test(days, one.each("people") * (one.days - TERM), exact)


@pytest.mark.parametrize("name", ["c7", "c7_frail"])
def test_c7_accurate_records_never_restrict_more(name: str) -> None:
    one = lived(name, 200, SEED)
    for gate in ("loan", "travel"):
        assert one.total(f"lenient_days.designed~accurate.{gate}") == 0
        wrongful = one.each(f"wrongful_days.designed~accurate.{gate}")
        assert (wrongful == one.each(f"closed_days.designed.{gate}") - one.each(f"closed_days.accurate.{gate}")).all()


# --- C8: namesakes ------------------------------------------------------------------------------------------------------------------


def test_c8_wrongful_and_lenient_shares() -> None:
    one = lived("c8", 140, SEED)
    exact, window = spells.namesake_share(0.4, 0.1, 5), one.each("people") * (one.days - TERM)
    wrongful = after_burn_in(one, "wrongful_days.designed~accurate.loan")
    cluster_test(wrongful, window, exact)
    # lenient days have no column by month; before the first term has passed there are fewer of them: exact sum over the days
    missed = [spells.namesake_share(0.2 / YEAR * min(day + 1, TERM), 0.1, 5) for day in range(one.days)]
    for days in ("wrongful_days", "lenient_days"):
        cluster_test(one.each(f"{days}.designed~accurate.loan"), one.each("days"), sum(missed) / one.days)


def test_c8_no_record_is_lost() -> None:
    one = lived("c8", 140, SEED)
    assert (one.each("records_in.designed") == one.each("records_in.accurate")).all()
    assert (one.each("records.designed.stray") == one.each("records.designed.lost")).all()
    events = one.total("records_in.accurate")
    share_test(one.total("records.designed.stray"), events, 0.1 * 4 / 5)


# --- C11: spells seen on a day ------------------------------------------------------------------------------------------------------

LENGTHS, SHARES = (30.0, 720.0), (0.9, 0.1)


def test_c11_all_spells() -> None:
    one = lived("c11", 190, SEED)
    begun = np.array([one.total(f"entries.accurate.{gate}") for gate in ("travel", "loan")])
    spread = (LENGTHS[1] - LENGTHS[0]) * math.sqrt(SHARES[0] * SHARES[1])
    z_test(float(begun @ LENGTHS) / begun.sum(), spread / math.sqrt(begun.sum()), spells.mean_spell(LENGTHS, SHARES))


def test_c11_spells_in_progress_at_the_end() -> None:
    one = lived("c11", 190, SEED)
    open_ = np.array([one.each(f"open_end.accurate.{gate}") for gate in ("travel", "loan")])
    exact = spells.running(LENGTHS, SHARES, 0.01, one.days)
    mean = float(exact @ LENGTHS) / exact.sum()
    assert mean == pytest.approx(spells.mean_spell_in_progress(LENGTHS, SHARES), rel=1e-3)  # 3,000 days are almost the long run
    share_test(int(open_.sum()), one.persons, float(exact.sum()))
    cluster_test(LENGTHS @ open_, open_.sum(axis=0), mean)


def test_c11_time_that_spells_in_progress_have_lasted() -> None:
    """In the long run it has the law of the time still to go. A day is counted at its end, so half a day more is seen."""
    one = lived("c11", 190, SEED)
    gates = ("travel", "loan")
    open_ = sum(one.each(f"open_end.accurate.{gate}") for gate in gates)
    over = sum(length * one.each(f"exits.accurate.{gate}") for length, gate in zip(LENGTHS, gates, strict=True))
    lasted = sum(one.each(f"closed_days.accurate.{gate}") for gate in gates) - over
    cluster_test(lasted, open_, spells.mean_residual(LENGTHS, SHARES) + 0.5)


def test_c11_spells_do_not_overlap() -> None:
    one = lived("c11", 190, SEED)
    assert one.total("closed_days.accurate.travel") + one.total("closed_days.accurate.loan") == one.total("closed_any_days.accurate")


# --- C34: a ledger and its twin -----------------------------------------------------------------------------------------------------

TWINS = chains.twins(11, [(0.3, -2), (0.5, 1)], [(0.1, -2)])
AT_SIX = np.eye(121)[6 * 11 + 6]
WRONGFUL = (np.arange(121) // 11 < 3) & (np.arange(121) % 11 >= 3)


def test_c34_restricted_and_wrongful_at_the_end() -> None:
    one = lived("c34", 62, SEED)
    assert one.total("lenient_ever.designed~accurate.1") == 0  # so that the difference of the two is the number wrongfully restricted
    designed, accurate = one.total("open_end.designed.loan"), one.total("open_end.accurate.loan")
    there = chains.at_time(TWINS, AT_SIX, 10.0).reshape(11, 11)
    share_test(designed, one.persons, float(there[:3].sum()))
    share_test(accurate, one.persons, float(there[:, :3].sum()))
    share_test(designed - accurate, one.persons, float(there[:3, 3:].sum()))


@pytest.mark.parametrize(("name", "townships", "slower"), [("c34", 62, 1), ("c34_slow", 410, 100)])
def test_c34_wrongful_days(name: str, townships: int, slower: int) -> None:
    one = lived(name, townships, SEED)
    mean, variance = chains.days_in(TWINS / slower, AT_SIX, WRONGFUL.astype(float), one.days)
    days = one.total("wrongful_days.designed~accurate.loan") / one.persons
    z_test(days, math.sqrt(variance / one.persons), mean)
    if slower > 1:
        # days so fine are almost time: they are seen at their ends, which adds half a day where a spell may still run at the end
        time = chains.time_in(TWINS, AT_SIX, WRONGFUL.astype(float), 10.0) * slower
        assert mean == pytest.approx(time + 0.5 * 0.166455, rel=1e-5)


# --- these tests can fail -----------------------------------------------------------------------------------------------------------


def test_a_smaller_run_would_be_void() -> None:
    one = lived("c34", 1, SEED)
    with pytest.raises(PowerlessError):
        share_test(one.total("open_end.accurate.loan"), one.persons, 0.248471)


def test_the_wrong_law_fails() -> None:
    one = lived("c3", 345, SEED)
    with pytest.raises(AssertionError, match="standard errors from"):
        share_test(int(numbers_closed(one, "accurate")[0]), one.persons, float(counts.poisson(0.4, 0)[0]))


@pytest.mark.parametrize("override", ["conduct.unpaid.rate=0.255 per year", "lists.defaulters.term=745 days"])
def test_two_per_cent_more_fails(override: str) -> None:
    one = live("c6", 100, SEED, (override,))
    days, window = after_burn_in(one, "closed_days.accurate.loan"), one.each("people") * (one.days - TERM)
    with pytest.raises(AssertionError, match="standard errors from"):
        cluster_test(days, window, spells.restricted_share(RATE, TERM))
