"""Procedures between an event and its record: what is claimed and what is owed, beside closed forms (C32) and simple integrals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from oracle.tiny import PLACE, people, rulebook
from scipy import integrate, stats  # type: ignore[import-untyped]
from taped import ACCURATE, FULL, LAWFUL, SIGMAS, SOME, Q, events, existing, likely, tapes

from counterlife.layout import Place, Procedure, Purpose, Rulebook, Wrong
from counterlife.township import draws
from counterlife.township.draws import address, block, normal, uniform
from counterlife.township.jit import compiled

FORTNIGHTS = 26


def ruled(procedure: Procedure, *given: float, days: int = 400, each: float = 5.0, **more: Any) -> Rulebook:
    """One class, recorded at once by one source with this procedure; about `each` events a person."""
    terms = np.zeros((1, 8))
    terms[0, : len(given)] = given
    return rulebook(days, ceiling=each / days, procedure=procedure, procedure_with=terms, **more)


def verdicts(rules: Rulebook, number: int = SOME, **traits: Any) -> tuple[set[Any], set[Any], set[Any]]:
    """Events, those of which a record is owed, and those of which one is claimed."""
    folk = people(number, **traits)
    happened = events(tapes(rules._replace(procedure=np.zeros_like(rules.procedure)), folk).items)
    tape = tapes(rules, folk)
    assert tape.events.sum() == len(happened)  # the procedure changes no event
    assert len(tape.items) == len(events(tape.items))  # and there is one item of each
    return happened, events(existing(tape.items, LAWFUL)), events(existing(tape.items, ACCURATE))


def test_items_say_what_the_verdict_was() -> None:
    """Both: as usual. Owed only: barred where the procedure rules. Claimed only: only there, and wrong. Neither: nothing."""
    items = tapes(ruled(Procedure.SCREEN, 0.4, 0.7, 0.5), people(SOME)).items
    kinds = {(int(item["needs"]), int(item["bars"]), int(item["wrong"])) for item in items}
    assert kinds == {(0, 0, Wrong.NOTHING), (0, Q.PROCEDURE, Wrong.NOTHING), (Q.PROCEDURE, 0, Wrong.RULE)}


# --- shares and screens ---------------------------------------------------------------------------------------------------------


def test_a_share_of_what_is_claimed_is_not_owed() -> None:
    happened, owed, claimed = verdicts(ruled(Procedure.SHARE, 0.3))
    assert claimed == happened
    assert owed < claimed
    assert likely(len(claimed - owed), len(happened), 0.3)


def test_shares_are_nested() -> None:
    """More wrong by rule only ever adds."""
    few, many = (verdicts(ruled(Procedure.SHARE, share)) for share in (0.1, 0.4))
    assert few[0] == many[0]
    assert many[1] < few[1]


def test_a_screen_finds_what_it_should_and_what_it_should_not() -> None:
    happened, owed, claimed = verdicts(ruled(Procedure.SCREEN, 0.2, 0.8, 0.35), FULL)
    assert likely(len(owed), len(happened), 0.2)
    assert likely(len(claimed & owed), len(owed), 0.8)
    assert likely(len(claimed - owed), len(happened - owed), 0.35)


# --- averaged incomes -----------------------------------------------------------------------------------------------------------

# works, pay, spread, full rate, free, taper, unreported, claim above
ALWAYS, UNEVEN = (1.0, 800.0, 0.0), (0.6, 1800.0, 0.4)
WITH_FREE_AREA = (550.0, 100.0, 0.5)
CONVEX = (550.0, 0.0, 0.5)  # paid less from the first unit of income, to nothing
AFFINE = (1e6, 0.0, 0.5)  # never down to nothing at any income that occurs


@pytest.mark.parametrize("benefit", [WITH_FREE_AREA, CONVEX, AFFINE])
@pytest.mark.parametrize("pay", [0.1, 99.9, 100.0, 800.0, 1234.5, 5000.0])
def test_a_constant_income_owes_nothing(benefit: tuple[float, ...], pay: float) -> None:
    """C32."""
    happened, owed, claimed = verdicts(ruled(Procedure.AVERAGE, 1.0, pay, 0.0, *benefit, 0.0, 0.0))
    assert len(happened) > SOME
    assert owed == claimed == set()


def test_an_affine_benefit_cannot_be_claimed_back() -> None:
    """C32."""
    happened, _, claimed = verdicts(ruled(Procedure.AVERAGE, *UNEVEN, *AFFINE, 0.0, 0.0))
    assert len(happened) > SOME
    assert claimed == set()


def test_a_convex_benefit_is_claimed_back_from_whoever_has_an_uneven_income() -> None:
    """C32: no claim is below nothing, and most are above it; with a free area the sign may flip."""
    happened, _, claimed = verdicts(ruled(Procedure.AVERAGE, *UNEVEN, *CONVEX, 0.0, -1e-3))
    assert claimed == happened
    assert len(verdicts(ruled(Procedure.AVERAGE, *UNEVEN, *CONVEX, 0.0, 1.0))[2]) > 0.9 * len(happened)
    _, _, flipped = verdicts(ruled(Procedure.AVERAGE, 0.6, 600.0, 0.8, *WITH_FREE_AREA, 0.0, -1e-3))
    assert 0.2 < len(flipped) / len(happened) < 0.8


def test_claims_are_those_of_the_draws() -> None:
    """Each event's fortnights drawn and added up here, at a threshold that half of the claims pass."""
    (works, pay, spread), threshold = UNEVEN, 3000.0
    rules = ruled(Procedure.AVERAGE, works, pay, spread, *WITH_FREE_AREA, 0.0, threshold)
    happened, _, claimed = verdicts(rules)
    at, expected = address(PLACE, 11, 0), set()
    for cause, ordinal, channel in happened:
        incomes = np.zeros(FORTNIGHTS)
        for f in range(FORTNIGHTS):
            w, a, b, _ = block(at, cause, rules.channel_stream[0], draws.PROCEDURE, 64 * ordinal + 1 + f)
            if uniform(w) < works:
                z = math.sqrt(-2 * math.log((int(a) + 0.5) / 2**32)) * math.cos(2 * math.pi * (int(b) + 0.5) / 2**32)
                incomes[f] = pay * math.exp(spread * z - spread**2 / 2)
        paid, mean = np.maximum(0, 550 - 0.5 * np.maximum(0, incomes - 100)), incomes.mean()
        if paid.sum() - FORTNIGHTS * max(0.0, 550 - 0.5 * max(0.0, mean - 100)) > threshold:
            expected.add((cause, ordinal, channel))
    assert claimed == expected
    assert 0.1 < len(claimed) / len(happened) < 0.9


def test_work_now_and_then_at_one_pay_is_claimed_back_as_the_binomial_law_says() -> None:
    """With m fortnights of work the claim is (26 - m) g(0) + m g(pay) - 26 g(m pay / 26)."""
    full, free, taper = WITH_FREE_AREA
    pay, works, above = 1800.0, 0.5, 3000.0

    def paid(income: float) -> float:
        return max(0.0, full - taper * max(0.0, income - free))

    claims = [(FORTNIGHTS - m) * paid(0.0) + m * paid(pay) - FORTNIGHTS * paid(m * pay / FORTNIGHTS) for m in range(FORTNIGHTS + 1)]
    share = sum(stats.binom.pmf(m, FORTNIGHTS, works) for m, claim in enumerate(claims) if claim > above)
    happened, _, claimed = verdicts(ruled(Procedure.AVERAGE, works, pay, 0.0, *WITH_FREE_AREA, 0.0, above), FULL)
    assert likely(len(claimed), len(happened), float(share))


def test_unreported_income_is_owed_and_always_claimed() -> None:
    happened, owed, claimed = verdicts(ruled(Procedure.AVERAGE, *ALWAYS, *WITH_FREE_AREA, 0.25, 0.0))
    assert claimed == owed  # an even income makes no other claim
    assert likely(len(owed), len(happened), 0.25)
    _, owed_too, more = verdicts(ruled(Procedure.AVERAGE, *UNEVEN, *WITH_FREE_AREA, 0.25, 0.0))
    assert owed_too == owed
    assert owed < more


# --- cohorts --------------------------------------------------------------------------------------------------------------------


def both(cut: float, correlation: float) -> float:
    """Probability that two standard normal numbers of this correlation are both below the cut."""
    rest = math.sqrt(1 - correlation**2)
    return float(integrate.quad(lambda x: stats.norm.pdf(x) * stats.norm.cdf((cut - correlation * x) / rest), -9, cut)[0])


def test_a_cohort_is_judged_by_where_its_school_was() -> None:
    """Owed, claimed and both, beside the bivariate normal law. What varies by chance are schools and years, so those are counted apart."""
    weight, stays, cut = 0.8, 0.6, -0.4
    years, towns = 10, 6 if compiled() else 2
    rules = ruled(Procedure.COHORT, weight, stays, cut, days=365 * years, each=0.5 * years)
    folk, found = people(640), []  # ten to each school, as a household is its number
    for town in range(towns):
        items = tapes(rules._replace(procedure=np.zeros(1, np.int64)), folk, place=Place(0, 3, town)).items
        judged = tapes(rules, folk, place=Place(0, 3, town)).items
        owed, claimed = events(existing(judged, LAWFUL)), events(existing(judged, ACCURATE))
        year = rules.month_of_day[items["time"].astype(np.int64)] // 12
        table = np.zeros((4, 64, year.max() + 1))
        for item, when in zip(items, year, strict=True):
            one = (int(item["cause"]), int(item["ordinal"]), 0)
            table[:, one[0] % 64, when] += 1, one in owed, one in claimed, one in owed and one in claimed
        found.append(table.reshape(4, -1))
    counts = np.concatenate(found, axis=1)
    spread = math.sqrt(1 + weight**2)
    single, joint = stats.norm.cdf(cut / spread), both(cut / spread, (1 + weight**2 * stays) / spread**2)
    for number, expected in zip(counts[1:], (single, single, joint), strict=True):
        residuals = number - expected * counts[0]
        assert abs(residuals.sum()) < SIGMAS * math.sqrt((residuals**2).sum())
        assert (residuals**2).sum() > 1.5 * expected * (1 - expected) * counts[0].sum()  # schools do differ
    assert joint < 0.9 * single


def test_a_school_that_never_changes_wrongs_nobody() -> None:
    happened, owed, claimed = verdicts(ruled(Procedure.COHORT, 2.0, 1.0, 0.0))
    assert owed == claimed
    assert likely(len(owed), len(happened), 0.5) or len(owed) not in (0, len(happened))


def test_pupils_of_a_school_and_year_share_its_result() -> None:
    """Where the school is all that counts, its pupils of a year are owed alike; another year is another draw."""
    rules = ruled(Procedure.COHORT, 1e9, 0.0, 0.0, days=730, each=6.0)
    folk = people(60, household=7 + 64 * np.arange(60))
    everything = tapes(rules._replace(procedure=np.zeros(1, np.int64)), folk).items
    judged = tapes(rules, folk).items
    at = address(PLACE, 11, 0)
    for quality, words in ((LAWFUL, 0), (ACCURATE, 2)):
        there = events(existing(judged, quality))
        for year in (0, 1):
            pupils = everything[rules.month_of_day[everything["time"].astype(np.int64)] // 12 == year]
            school = block(at, 7, rules.channel_stream[0], draws.PROCEDURE, 2**23 + year)
            below = normal(school[words], school[words + 1]) < 0
            assert len(pupils) > 50
            assert all((one in there) == below for one in events(pupils))


# --- addresses ------------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not compiled(), reason="a hundred thousand events of one person take minutes as plain Python")
def test_a_life_with_more_events_than_an_address_has_room_for_is_refused() -> None:
    """Ordinals of a cohort's years begin where those of events would end."""
    rules = ruled(Procedure.SHARE, 0.5, days=10, each=2.0**17 + 5000)
    assert int(Purpose.PROCEDURE) << 24 == int(draws.PROCEDURE)
    with pytest.raises(
        OverflowError, match=r"^a life has more events of one class than the address of a procedure has room for \(2\^17\)$"
    ):
        tapes(rules, people(1))
    assert len(tapes(ruled(Procedure.SHARE, 0.5, days=10, each=2.0**17 - 5000), people(1)).items) > 2**16
