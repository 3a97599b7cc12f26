"""The production engine gives the exact answers of C9 to C33 for the mechanism that each belongs to, on scenario files.

The scenarios of `scenarios/` say their set-up in words, and `test_answers.py` has C1 to C8, C11 and C34. Tolerances and powers are those of
`tolerance.py`: where waiting in an office moves together for so long that one per cent is out of reach, a test says what it can tell apart.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from scipy.integrate import quad

from counterlife.exact import audits, averaging, branching, chains, clearing, counts, linkage, passages, queues, spells
from counterlife.layout import YEAR, Floats, Ints
from counterlife.scenario.allotment import places
from counterlife.township.draws import address
from counterlife.township.jit import compiled
from counterlife.township.people import make

from .engine import Lived, live, scenario
from .tolerance import chi_square_test, cluster_test, share_test, z_test

pytestmark = pytest.mark.skipif(not compiled(), reason="too many people for plain Python; tests/oracle holds the two against each other")

SEED = 21

lived = cache(live)


# --- C9: namesakes by their number ----------------------------------------------------------------------------------------------------

PAIRED = {2: (20, 65), 5: (20, 25), 65: (2, 33)}  # people of a name: events a year, townships


def linked(holders: int, rate: int, townships: int, *more: str) -> Lived:
    """C9 with so many people of each name and events a year."""
    return lived("c9", townships, SEED, (f"population.name_cohort={holders}", f"conduct.unpaid.rate={rate} per year", *more))


@pytest.mark.parametrize("holders", PAIRED)
def test_c9_pairwise_inflow(holders: int) -> None:
    rate, townships = PAIRED[holders]
    one = linked(holders, rate, townships)
    assert one.days == YEAR
    exact, each = linkage.pairwise(rate, 0.2, holders), 0.2 * (holders - 1)  # copies a person gets; copies of a record
    z_test(one.total("records.designed.stray") / one.persons, math.sqrt(rate * (each * 0.8 + each**2) / one.persons), exact)


def test_c9_pairwise_inflow_is_proportional_to_the_other_holders() -> None:
    """The slope of the logarithms is 1: with 64 times as many others there are 64 times as many records."""
    few, many = (
        one.total("records.designed.stray") / one.persons / rate for one, rate in ((linked(n, *PAIRED[n]), PAIRED[n][0]) for n in (2, 65))
    )
    error = math.hypot(0.01, 0.01) / 4.9 / math.log(64.0)  # as each inflow is known to one per cent
    z_test(math.log(many / few) / math.log(64.0), error, 1.0)


@pytest.mark.parametrize(("holders", "townships"), [(2, 28), (64, 14)])
def test_c9_assigned_inflow(holders: int, townships: int) -> None:
    one = linked(holders, 20, townships, "sources.court.namesakes.mode=assign one")
    records = one.total("records_in.accurate")
    z_test(records / one.persons, math.sqrt(20.0 / one.persons), 20.0)
    share_test(one.total("records.designed.stray"), records, linkage.assign_one(1.0, 0.2, holders))
    assert one.total("records.designed.lost") == one.total("records.designed.stray")


def test_c9_assigned_inflow_hardly_grows() -> None:
    few, many = (linked(n, 20, k, "sources.court.namesakes.mode=assign one") for n, k in ((2, 28), (64, 14)))
    share = [one.total("records.designed.stray") / one.total("records_in.accurate") for one in (few, many)]
    errors = [math.sqrt(s * (1.0 - s) / one.total("records_in.accurate")) / s for s, one in zip(share, (few, many), strict=True)]
    z_test(share[1] / share[0], 1.96875 * math.hypot(*errors), 1.96875, materiality=0.02)


# --- C10: two states -----------------------------------------------------------------------------------------------------------------

LIFE = np.array([[-0.01, 0.01], [0.05, -0.05]])
FREE, SHUT = np.array([1.0, 0.0]), np.array([0.0, 1.0])


def test_c10_restricted_after_twenty_days() -> None:
    one = lived("c10", 95, SEED)
    exact = float(chains.at_time(LIFE, FREE, 20.0)[1])
    assert round(exact, 6) == 0.116468
    share_test(one.total("open_end.accurate.loan"), one.persons, exact)
    mean, variance = chains.days_in(LIFE, FREE, SHUT, one.days)
    z_test(one.total("closed_days.accurate.loan") / one.persons, math.sqrt(variance / one.persons), mean)


def test_c10_restricted_in_the_long_run() -> None:
    one = lived("c10", 65, SEED, ("period.length=300 days",))
    share_test(one.total("open_end.accurate.loan"), one.persons, 1.0 / 6.0)


# --- C12: joint sanctions with lags ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("domain", ["travel", "registry"])
def test_c12_days_in_another_domain(domain: str) -> None:
    one = lived("c12", 32, SEED)
    exact = clearing.joint_days(200.0, 0.6, 30.0, 20.0)
    assert round(exact, 3) == 113.613
    assert one.total("entries.accurate.once") == one.total("listings.accurate") == one.persons  # one listing each
    reached = 0.6 * math.exp(-30.0 / 200.0)  # and then a whole listing and 20 days more
    square = reached * (2.0 * 200.0**2 + 2.0 * 200.0 * 20.0 + 20.0**2)
    z_test(one.total(f"closed_days.accurate.{domain}") / one.persons, math.sqrt((square - exact**2) / one.persons), exact)
    share_test(one.total(f"entries.accurate.{domain}"), one.persons, reached)


def test_c12_days_of_the_listing_itself() -> None:
    one = lived("c12", 32, SEED)
    z_test(one.total("closed_days.accurate.loan") / one.persons, 200.0 / math.sqrt(one.persons), 200.0)


# --- C13: cascades -------------------------------------------------------------------------------------------------------------------

BRINGS = {("loan", "travel"): 0.5, ("travel", "registry"): 0.4, ("travel", "school"): 0.3, ("registry", "hotel"): 0.6}
DOMAINS = ("loan", "travel", "registry", "school", "hotel")


def total_variance(domain: str) -> float:
    """Variance of the restrictions that one in a domain brings in all: a sum over what it may bring, branch by branch."""
    following, variance = cascade(), 0.0
    totals = branching.total(following)
    for second, other in enumerate(DOMAINS):
        share = following[DOMAINS.index(domain), second]
        variance += share * total_variance(other) + share * (1.0 - share) * totals[second] ** 2 if share else 0.0
    return variance


def cascade() -> Floats:
    """The next-generation matrix of C13."""
    return np.array([[BRINGS.get((first, second), 0.0) for second in DOMAINS] for first in DOMAINS])


def test_c13_restrictions_in_all() -> None:
    one = lived("c13", 12, SEED)
    assert one.total("open_end.accurate.loan") == one.persons
    closed = sum(one.total(f"open_end.accurate.{domain}") for domain in DOMAINS)
    z_test(closed / one.persons, math.sqrt(total_variance("loan") / one.persons), float(branching.total(cascade())[0]))
    rules = one.scenario.rulebook
    assert (rules.joint[rules.ruled == 1][:, 1:, 1:] == cascade()).all()


@pytest.mark.parametrize("most", [1, 2])
def test_c13_a_trap_of_one_or_two_gates(most: int) -> None:
    """Acting records 0, 1, ... as a chain: each closed gate doubles the rate, up to `most` of them."""
    one = lived("c13_strain", 60, SEED, (f"conduct.lapse.strain_at_most={most}",))
    states = 60
    generator = np.zeros((states, states))
    for n in range(states - 1):
        generator[n, n + 1] = 0.02 * 2.0 ** min(n, 2, most)
        generator[n + 1, n] = (n + 1) / 30.0
    generator -= np.diag(generator.sum(axis=1))
    there = chains.at_time(generator, np.eye(states)[0], 60.0)
    assert there[-1] < 1e-12
    for gate, number in (("loan", 1), ("travel", 2)):
        share_test(one.total(f"open_end.accurate.{gate}"), one.persons, counts.at_least(there, number))
    plain = counts.acting(0.02, 60.0, settled_after=30.0)
    assert counts.at_least(there, 2) > 1.1 * counts.at_least(counts.poisson(plain, 2), 2)  # without the trap it would be far less


# --- C14: bursts ---------------------------------------------------------------------------------------------------------------------

GATES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def test_c14_events_of_ten_days() -> None:
    one = lived("c14", 10, SEED)
    due = branching.hawkes_counts(0.2, 0.4, 4.0, 10.0, 255)
    assert due[30:].sum() < 1e-6  # so that the ceiling of the multiplier, at 38 events that have not faded, is never met
    closed = [one.persons, *(one.total(f"open_end.accurate.{gate}") for gate in GATES), 0]
    chi_square_test(-np.diff(closed), one.persons * np.append(due[:8], due[8:].sum()))
    numbers = np.arange(due.size)
    mean = float(due @ numbers)
    spread = math.sqrt(float(due @ (numbers - mean) ** 2) / one.persons)
    assert mean == pytest.approx(branching.hawkes_mean(0.2, 0.4, 4.0, 10.0), rel=1e-6)
    for world in ("accurate", "none"):  # bursts are no answer to the system
        z_test(one.channel(f"events.{world}", "register", "act") / one.persons, spread, mean)


def test_c14_events_in_the_long_run() -> None:
    """From day 50 on they come at arrivals / (1 - offspring) = a third a day: the same lives for 250 days and for the first 50."""
    long, start = (lived("c14", 60, SEED, (f"period.length={days} days", "population.township=250")) for days in (250, 50))
    seen = [
        np.array([each.channels[:, one.columns["channels"].index("events.none")].sum() for each in one.townships]) for one in (long, start)
    ]
    exact = branching.hawkes_mean(0.2, 0.4, 4.0, 250.0) - branching.hawkes_mean(0.2, 0.4, 4.0, 50.0)
    assert exact / 200.0 == pytest.approx(0.2 / 0.6, rel=1e-3)
    cluster_test(seen[0] - seen[1], long.each("people"), exact)


# --- C15: appeal or expiry -------------------------------------------------------------------------------------------------------------

KEEP, GRANTED, DECISION = 730.0, 0.4, 90.0


def cleared_within(age: float) -> float:
    """Mean days on which a record has acted by an age."""
    return clearing.time_to_clear(min(age, KEEP), GRANTED, DECISION)


def test_c15_days_on_file() -> None:
    one = lived("c15", 70, SEED)
    assert round(cleared_within(KEEP), 3) == 473.989
    rate = 0.3 / YEAR
    days = rate * (quad(cleared_within, 0.0, KEEP, epsrel=1e-10)[0] + (one.days - KEEP) * cleared_within(KEEP))
    # whole days: a record that still acts has all of the last day, so half a day more than its time
    days += 0.5 * rate * cleared_within(KEEP)
    cluster_test(one.each("file_days.designed"), one.each("people"), days)
    records = one.total("records_in.designed")
    z_test(records / one.persons, math.sqrt(rate * one.days / one.persons), rate * one.days)


def test_c15_people_restricted_at_the_end() -> None:
    one = lived("c15", 70, SEED)
    share_test(one.total("open_end.designed.loan"), one.persons, -math.expm1(-0.3 / YEAR * cleared_within(KEEP)), materiality=0.03)
    assert one.total("closed_any_days.accurate") == 0


def test_c15_appeals_decided_and_upheld() -> None:
    one = lived("c15", 70, SEED)
    contested, decided = one.total("contested.designed"), one.total("decided.designed")
    assert contested == one.total("learned.designed") == one.total("records_in.designed") == one.total("contested_wrong.designed")
    share_test(one.total("upheld.designed"), decided, GRANTED)
    assert one.total("corrected.designed") == one.total("upheld.designed")
    in_time = 1.0 - DECISION / one.days * -math.expm1(-KEEP / DECISION)  # nearly: those of the last days are not decided yet
    late = math.exp(-KEEP / DECISION) * (one.days - KEEP) / one.days
    z_test(decided / contested, math.sqrt(in_time * (1.0 - in_time) / contested), in_time - late)


# --- C16: copies ---------------------------------------------------------------------------------------------------------------------


def test_c16_the_last_of_six_copies() -> None:
    """Numbers that act are Poisson whatever the law of the time (M/G/infinity), so a share tells the mean time in the last copy."""
    one = lived("c16", 75, SEED)
    assert clearing.last_copy(6, 45.0) == pytest.approx(45.0 * 2.45, rel=1e-12)
    ends = np.arange(1.0, one.days + 1.0)
    unsettled = np.array([counts.acting(0.002, end, settled_after=100.0) for end in ends])
    somewhere = 0.002 * np.array([clearing.with_copies(6, 45.0, 100.0, end) for end in ends])
    cluster_test(one.each("closed_any_days.accurate"), one.each("people"), float(-np.expm1(-unsettled).sum()))
    cluster_test(one.each("closed_any_days.designed"), one.each("people"), float(-np.expm1(-somewhere).sum()))
    wrongful = float((np.exp(-unsettled) - np.exp(-somewhere)).sum())
    cluster_test(one.each("wrongful_any_days.designed~accurate"), one.each("people"), wrongful)


def test_c16_one_copy_is_gone_sooner() -> None:
    one = lived("c16", 75, SEED)
    ends = np.arange(1.0, one.days + 1.0)
    single = 0.002 * np.array([clearing.with_copies(1, 45.0, 100.0, end) for end in ends])
    for gate in "abcdef":
        cluster_test(one.each(f"closed_days.designed.{gate}"), one.each("people"), float(-np.expm1(-single).sum()), materiality=0.015)


# --- C17, C18: offices -----------------------------------------------------------------------------------------------------------------

BURN_IN = 200


def in_office(name: str, townships: int) -> tuple[Ints, Lived, Lived]:
    """Cases in the office at the ends of the days from day 200 on, summed, by township (Little's law, C20); whole lives and their start."""
    whole, start = lived(name, townships, SEED), lived(name, townships, SEED, (f"period.length={BURN_IN} days",))
    return whole.each("case_days.designed") - start.each("case_days.designed"), whole, start


def test_c17_cases_in_an_office_of_four() -> None:
    cases, one, _ = in_office("c17", 160)
    exact = queues.erlang_c(2.4, 1.0, 4)
    cluster_test(cases, np.full(cases.size, one.days - BURN_IN), exact.queue + 2.4)
    contested = one.total("contested.designed")
    assert contested == one.total("learned.designed") == one.total("decided.designed") + one.total("pending.designed")
    assert one.total("upheld.designed") == one.total("decided.designed")  # all are wrong, and reviewers see it


def test_c17_cases_given_up() -> None:
    cases, one, start = in_office("c17_impatient", 150)
    exact = queues.erlang_a(4.8, 1.0, 4, 0.2)
    busy = 4.8 * (1.0 - exact.leaves)
    cluster_test(cases, np.full(cases.size, one.days - BURN_IN), exact.queue + busy)
    left = one.each("abandoned.designed") - start.each("abandoned.designed")
    filed = one.each("contested.designed") - start.each("contested.designed")
    cluster_test(left, filed, exact.leaves, materiality=0.015)


def test_c18_cases_left_over_from_day_to_day() -> None:
    """At the end of a day, before its decisions: those left over the day before, and those that came."""
    cases, one, _ = in_office("c18", 420)
    left = queues.daily_slots(1.4, 2)
    cluster_test(cases, np.full(cases.size, one.days - BURN_IN), float(left @ np.arange(left.size)) + 1.4)
    assert float(left @ np.arange(left.size)) + 1.4 == pytest.approx(1.4 * (queues.wait_for_a_slot(1.4, 2) + 0.5), rel=1e-9)


@pytest.mark.parametrize("name", ["c17", "c17_impatient", "c18"])
def test_c20_every_case_ends_in_one_way_or_waits(name: str) -> None:
    one = in_office(name, {"c17": 160, "c17_impatient": 150, "c18": 420}[name])[1]
    ended = one.each("decided.designed") + one.each("abandoned.designed") + one.each("pending.designed")
    assert (one.each("contested.designed") == ended).all()


# --- C21: parents --------------------------------------------------------------------------------------------------------------------


@cache
def children(townships: int) -> list[Ints]:
    """For each township, children of school age by day and number of parents there, (days, 3)."""
    one = scenario("c21")
    days, found = one.rulebook.days, []
    for place in places(one.region_people.tolist(), one.region_numbers.tolist(), townships):
        people = make(address(place, SEED, 0), one.populace, place.row, one.rulebook.frailty_shape)
        parents = (people["guardian"] >= 0).astype(int) + (people["guardian2"] >= 0)
        begin = np.clip(np.floor(6.0 * YEAR - people["age"]), 0, days).astype(int)
        end = np.clip(np.floor(18.0 * YEAR - people["age"]), 0, days).astype(int)
        table = np.zeros((days + 1, 3), np.int64)
        np.add.at(table, (begin, parents), 1)
        np.add.at(table, (end, parents), -1)
        found.append(np.cumsum(table, axis=0)[:days])
    return found


@pytest.mark.parametrize("gate", ["any", "mean"])
def test_c21_child_days_closed(gate: str) -> None:
    """One parent: two acting records. Two parents: any of them has two, or both together have three."""
    one = lived("c21", 100, SEED)
    acting = [counts.acting(2.0 / YEAR, end, keep=360.0) for end in range(1, one.days + 1)]
    alone = np.array([counts.at_least(counts.poisson(mean, 1), 2) for mean in acting])
    both = 1.0 - (1.0 - alone) ** 2 if gate == "any" else np.array([counts.at_least(counts.poisson(2.0 * mean, 2), 3) for mean in acting])
    tables = children(100)
    due = np.array([float(alone @ table[:, 1] + both @ table[:, 2]) for table in tables])
    assert sum(int(table[:, 2].sum()) for table in tables) > sum(int(table[:, 1].sum()) for table in tables) > 0
    seen = one.each(f"closed_days.accurate.{gate}")
    cluster_test(seen, due, 1.0)
    assert (one.each(f"scope_days.{gate}") == [int(table.sum()) for table in tables]).all()


def test_c21_the_worst_of_the_scores_is_any_parent() -> None:
    one = lived("c21", 100, SEED)
    for column in ("closed_days", "entries", "open_end"):
        assert (one.each(f"{column}.accurate.any") == one.each(f"{column}.accurate.worst")).all()


# --- C23: first passages ---------------------------------------------------------------------------------------------------------------

WALK = chains.ledger(11, [(0.45, 1), (0.55, -1)])
BOTTOM, AT_FIVE = np.eye(11)[0], np.eye(11)[5]


def test_c23_ruin_before_the_top() -> None:
    one = lived("c23", 5, SEED)
    low, high = one.total("open_end.accurate.low"), one.total("open_end.accurate.high")
    assert low + high == one.persons  # everybody has come to one of them, and stays
    share_test(low, one.persons, passages.ruin(0.45, 5, 10))
    assert round(passages.ruin(0.45, 5, 10), 6) == 0.731717


def test_c23_ever_at_the_bottom_by_day_twenty() -> None:
    one = lived("c23_first", 30, SEED)
    exact = passages.hit_by(WALK, AT_FIVE, BOTTOM, 20.0)
    share_test(one.total("open_end.accurate.loan"), one.persons, exact)
    days = sum(passages.hit_by(WALK, AT_FIVE, BOTTOM, end) for end in range(1, 21))
    square = sum((2 * k - 1) * passages.hit_by(WALK, AT_FIVE, BOTTOM, 21.0 - k) for k in range(1, 21))  # at least k days: hit by day 21 - k
    spread = math.sqrt((square - days**2) / one.persons)
    z_test(one.total("closed_days.accurate.loan") / one.persons, spread, days)


# --- C25: deterrence -----------------------------------------------------------------------------------------------------------------


def test_c25_a_constant_belief_thins() -> None:
    one = lived("c25", 60, SEED)
    events, without = (one.channel(f"events.{world}", "register", "lapse") for world in ("accurate", "none"))
    share_test(events, without, math.exp(-1.2 * 0.5))
    mean = 0.02 * one.days
    z_test(without / one.persons, math.sqrt(mean / one.persons), mean)


def test_c25_nobody_does_more() -> None:
    """Events with the system are among those without: so are they in every township."""
    one = lived("c25", 60, SEED)
    at = [one.columns["channels"].index(f"events.{world}") for world in ("accurate", "none")]
    assert all((each.channels[:, at[0]] <= each.channels[:, at[1]]).all() for each in one.townships)


def test_c25_a_belief_that_is_learned() -> None:
    one = lived("c25_learned", 60, SEED)
    assert one.total("closed_days.accurate.loan") == one.total("days")
    kept = quad(lambda t: math.exp(-1.2 * (1.0 - 0.5 * math.exp(-0.01 * t))), 0.0, 400.0, epsrel=1e-10)[0]
    at = one.columns["channels"].index("events.accurate")
    events = np.array([each.channels[:, at].sum() for each in one.townships])
    cluster_test(events, one.each("people"), 0.02 * (0.4 * kept + 0.6 * 400.0))


# --- C32: income averaging -------------------------------------------------------------------------------------------------------------


def test_c32_claims_that_the_law_would_not_make() -> None:
    one = lived("c32", 60, SEED)
    share = averaging.claimed_share(averaging.Benefit(550.0, 100.0, 0.5), 0.6, 1_500.0, 1_800.0)
    assert 0.3 < share < 0.9
    cases = one.channel("events.none", "agency", "case")
    share_test(one.channel("right.lawful", "agency", "case"), cases, 0.2)
    share_test(one.channel("rule.accurate", "agency", "case"), cases, 0.8 * share)
    for column in ("right", "rule"):
        assert one.channel(f"{column}.accurate", "agency", "case") == one.channel(f"{column}.designed", "agency", "case")
    assert one.channel("right.accurate", "agency", "case") == one.channel("right.lawful", "agency", "case")
    assert one.channel("rule.lawful", "agency", "case") == 0


AVERAGE = "sources.agency.records.case.procedure.average"


@pytest.mark.parametrize(
    ("settings", "claimed"),
    [
        (("works=1", "claim_above=0"), 0.0),  # a steady income
        (("free=0", "pay=1000", "claim_above=1"), 0.0),  # all incomes on a straight line
        (("free=0", "pay=2000", "claim_above=1"), 1.0 - 0.6**26 - 0.4**26),  # a convex benefit: everybody who sometimes worked
    ],
)
def test_c32_the_shape_of_the_benefit_decides(settings: tuple[str, ...], claimed: float) -> None:
    one = lived("c32", 2, SEED, tuple(f"{AVERAGE}.{setting}" for setting in (*settings, "unreported=0")))
    cases, rule = one.channel("events.none", "agency", "case"), one.channel("rule.designed", "agency", "case")
    assert cases > 100_000
    assert rule == 0 if claimed == 0.0 else cases - 10 < rule <= cases


# --- C33: appeals -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [0.0, 0.5])
def test_c33_what_comes_of_appeals(bias: float) -> None:
    one = lived("c33", 25, SEED, (f"redress.bias={bias}",))
    due = audits.adjudicate(0.5, 0.6 * (1.0 - bias), 0.8)
    decided, wrong = one.total("decided.designed"), one.total("decided_wrong.designed")
    upheld, upheld_wrong = one.total("upheld.designed"), one.total("upheld_wrong.designed")
    assert decided == one.total("contested.designed") == one.total("records_in.designed")
    share_test(wrong, decided, 0.5)
    share_test(upheld, decided, due.overturned)
    share_test(wrong - upheld_wrong, decided - upheld, due.wrong_if_upheld)
    share_test(upheld - upheld_wrong, upheld, due.right_if_overturned)


# --- these tests can fail ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "townships", "gate", "exact", "override"),
    [
        ("c10", 95, "loan", 0.116468, "score.keep=22 days"),
        ("c23", 5, "low", 0.731717, "conduct.merit.rate=0.455 per day"),
        ("c12", 32, "travel", 0.6 * math.exp(-0.15), "joint.delay_on=33 days"),
    ],
)
def test_a_little_more_fails(name: str, townships: int, gate: str, exact: float, override: str) -> None:
    one = live(name, townships, SEED, (override,))
    with pytest.raises(AssertionError, match="standard errors from"):
        share_test(one.total(f"{'entries' if name == 'c12' else 'open_end'}.accurate.{gate}"), one.persons, exact)


def test_a_fixed_retention_of_the_same_mean_is_no_chain() -> None:
    """C10 with a fixed retention: nothing expires before day 20, so everybody with a lapse is restricted."""
    one = live("c10", 95, SEED, ("score.keep_from=record",))
    restricted = one.total("open_end.accurate.loan")
    with pytest.raises(AssertionError, match="standard errors from"):
        share_test(restricted, one.persons, float(chains.at_time(LIFE, FREE, 20.0)[1]))
    share_test(restricted, one.persons, spells.restricted_share(0.01, 20.0))
