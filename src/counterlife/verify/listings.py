"""Blacklists, and records that are wrong or somebody else's: C6 to C9 and C11."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..exact import linkage, spells
from ..layout import YEAR
from .engine import Lab, Lived
from .stated import Check
from .tolerance import ERRORS, MATERIALITY, Row

SEED = 20
SEED_OF_NAMES = 21
TERM = 730
RATE = 0.25 / YEAR
SHORT = ("period.length=2 years",)


def listed(lab: Lab) -> Iterator[Row]:
    """C6: restricted while a record acts."""
    t, whole = lab.tolerance, lab.live("c6", 100, SEED, quick=(60, 100))
    window, restricted = whole.days - TERM, spells.restricted_share(RATE, TERM)
    late = whole.from_day("closed_days.accurate.loan", TERM)
    yield t.clusters("share of days restricted, after the first term", late, whole.each("people") * window, restricted)
    many = lab.live("c6", 600, SEED, SHORT, (60, 500))
    yield t.share("restricted after two years", many.total("open_end.accurate.loan"), many.persons, restricted)
    due = spells.days_restricted(RATE, TERM, 0, many.days) / many.days
    yield t.clusters("share of days restricted in two years", many.each("closed_days.accurate.loan"), many.each("days"), due)
    begun = spells.spells_until(RATE, TERM, many.days)
    yield t.clusters("spells begun in two years", many.each("entries.accurate.loan"), many.each("people"), begun)
    # the same people for 30 years and for the first two of them: the difference is what happens once a term has passed
    start = lab.live("c6", 100, SEED, SHORT, (60, 100))
    later = whole.each("entries.accurate.loan") - start.each("entries.accurate.loan")
    days = whole.each("closed_days.accurate.loan") - start.each("closed_days.accurate.loan")
    yield t.equal("two years less are the days after the first term", days, late)
    yield t.clusters(
        "spells a year, after the first term", later, whole.each("people") * window / YEAR, spells.spells_a_day(RATE, TERM) * YEAR
    )
    yield t.clusters("mean length of a spell in days", days, later, spells.spell_mean(RATE, TERM))
    yield from _counted_alike(lab, whole)
    printed = (
        (restricted, 0.393469, 5e-7),
        (spells.spell_mean(RATE, TERM), 947.1, 0.05),
        (spells.spells_a_day(RATE, TERM) * YEAR, 0.151633, 5e-7),
    )
    for name, (value, other, within) in zip(("share", "length", "spells a year"), printed, strict=True):
        yield t.solvers(f"{name}, as printed", value, other, within)


def _counted_alike(lab: Lab, one: Lived) -> Iterator[Row]:
    t, entries = lab.tolerance, one.each("entries.accurate.loan")
    yield t.equal("spells by gate and by comparison", entries, one.each("spells.accurate~none"))
    yield t.equal("spells ended and open at the end", one.each("exits.accurate.loan") + one.each("open_end.accurate.loan"), entries)
    yield t.equal("days by comparison and by gate", one.each("spell_days.accurate~none"), one.each("closed_days.accurate.loan"))
    ended = sum(int(each.spells[: TERM // 30, :5].sum()) for each in one.townships)  # all ends but `open`, of less than 720 days
    yield t.never("spells ended before the term", ended, int(entries.sum()))


GHOSTLY = (
    ("c7", "loan", 1, None, 0.063789, "one record needed"),
    ("c7", "travel", 2, None, 0.028652, "two records needed"),
    ("c7_frail", "loan", 1, 0.5, 0.070930, "one record needed, unequal people"),
)


def ghostly(lab: Lab) -> Iterator[Row]:
    """C7: restricted by records of nothing."""
    t = lab.tolerance
    for name, gate, needs, shape, printed, said in GHOSTLY:
        one = lab.live(name, 200, SEED, quick=(64, 300))
        exact = spells.wrongful_share(0.4, 0.1, needs, shape)
        days = one.from_day(f"wrongful_days.designed~accurate.{gate}", TERM)
        yield t.clusters(f"share of days by mistake, {said}", days, one.each("people") * (one.days - TERM), exact, people=one.persons)
        yield t.solvers(f"{said}, as printed", exact, printed, 5e-7)
    for name, people in (("c7", "equal people"), ("c7_frail", "unequal people")):
        one = lab.live(name, 200, SEED, quick=(64, 300))
        for gate in ("loan", "travel"):
            free = one.total(f"lenient_days.designed~accurate.{gate}")
            yield t.never(f"days free by mistake, {gate}, {people}", free, one.total("days"))
            due = one.each(f"closed_days.designed.{gate}") - one.each(f"closed_days.accurate.{gate}")
            yield t.equal(f"days more are days by mistake, {gate}, {people}", one.each(f"wrongful_days.designed~accurate.{gate}"), due)


def misfiled(lab: Lab) -> Iterator[Row]:
    """C8: records that go to one of the holders of a name."""
    t, one = lab.tolerance, lab.live("c8", 140, SEED, quick=(60, 500))
    exact, window = spells.namesake_share(0.4, 0.1, 5), one.each("people") * (one.days - TERM)
    wrongful = one.from_day("wrongful_days.designed~accurate.loan", TERM)
    yield t.clusters("share of days by mistake, after the first term", wrongful, window, exact)
    yield t.solvers("share of days by mistake, as printed", exact, 0.021111, 5e-7)
    # lenient days have no column by month; before the first term has passed there are fewer of them: exact sum over the days
    missed = [spells.namesake_share(0.2 / YEAR * min(day + 1, TERM), 0.1, 5) for day in range(one.days)]
    for days, said in (("wrongful_days", "restricted"), ("lenient_days", "free")):
        yield t.clusters(
            f"share of days {said} by mistake", one.each(f"{days}.designed~accurate.loan"), one.each("days"), sum(missed) / one.days
        )
    yield t.equal("records as designed and accurate ones", one.each("records_in.designed"), one.each("records_in.accurate"))
    yield t.equal("records gone astray and lost", one.each("records.designed.stray"), one.each("records.designed.lost"))
    yield t.share("records gone astray", one.total("records.designed.stray"), one.total("records_in.accurate"), 0.1 * 4 / 5)


# --- C9 ---------------------------------------------------------------------------------------------------------------------------------

PAIRED = {2: (20, 65), 5: (20, 25), 65: (2, 33)}  # people of a name: events a year, townships
ASSIGNED = {2: 28, 64: 14}  # people of a name: townships
ASSIGN = "sources.court.namesakes.mode=assign one"


def _linked(lab: Lab, holders: int, rate: int, townships: int, *more: str) -> Lived:
    overrides = (f"population.name_cohort={holders}", f"conduct.unpaid.rate={rate} per year", *more)
    return lab.live("c9", townships, SEED_OF_NAMES, overrides)


def namesakes(lab: Lab) -> Iterator[Row]:
    """C9: records of others by the number of people of a name."""
    t, inflow = lab.tolerance, {}
    for holders, (rate, townships) in PAIRED.items():
        one = _linked(lab, holders, rate, townships)
        yield t.equal(f"days of the year, {holders} of a name", one.days, int(YEAR))
        exact, each = linkage.pairwise(rate, 0.2, holders), 0.2 * (holders - 1)  # copies a person gets; copies of a record
        got = one.total("records.designed.stray") / one.persons
        yield t.mean(f"records of others, {holders} of a name", got, math.sqrt(rate * (each * 0.8 + each**2) / one.persons), exact)
        inflow[holders] = got / rate
    error = math.hypot(MATERIALITY, MATERIALITY) * t.wider / ERRORS / math.log(64.0)  # each inflow is known so well
    yield t.mean("slope of the logarithms by other holders", math.log(inflow[65] / inflow[2]) / math.log(64.0), error, 1.0)
    share, errors = {}, []
    for holders, townships in ASSIGNED.items():
        one = _linked(lab, holders, 20, townships, ASSIGN)
        records, stray = one.total("records_in.accurate"), one.total("records.designed.stray")
        yield t.mean(f"own records, {holders} of a name", records / one.persons, math.sqrt(20.0 / one.persons), 20.0)
        yield t.share(f"assigned to another, {holders} of a name", stray, records, linkage.assign_one(1.0, 0.2, holders))
        yield t.equal(f"assigned and lost, {holders} of a name", one.total("records.designed.lost"), stray)
        share[holders] = stray / records
        errors.append(math.sqrt((1.0 - share[holders]) / (share[holders] * records)))
    yield t.mean("assigned with 64 of a name beside 2", share[64] / share[2], 1.96875 * math.hypot(*errors), 1.96875, materiality=0.02)
    exact = linkage.assign_one(1.0, 0.2, 64) / linkage.assign_one(1.0, 0.2, 2)
    yield t.solvers("assigned with 64 of a name beside 2, as printed", exact, 1.96875)


# --- C11 --------------------------------------------------------------------------------------------------------------------------------

LENGTHS, SHARES = (30.0, 720.0), (0.9, 0.1)
BY_LENGTH = ("travel", "loan")


def inspected(lab: Lab) -> Iterator[Row]:
    """C11: long spells are met more often on a day. Time that a running spell has lasted has the law of the time still to go."""
    t, one = lab.tolerance, lab.live("c11", 190, SEED, quick=(80, 300))
    begun = np.array([one.total(f"entries.accurate.{gate}") for gate in BY_LENGTH])
    spread = (LENGTHS[1] - LENGTHS[0]) * math.sqrt(SHARES[0] * SHARES[1])
    seen = float(begun @ LENGTHS) / begun.sum()
    yield t.mean("mean length of all spells", seen, spread / math.sqrt(begun.sum()), spells.mean_spell(LENGTHS, SHARES))
    open_ = np.array([one.each(f"open_end.accurate.{gate}") for gate in BY_LENGTH])
    exact = spells.running(LENGTHS, SHARES, 0.01, one.days)
    mean, due = float(exact @ LENGTHS) / exact.sum(), spells.mean_spell_in_progress(LENGTHS, SHARES)
    yield t.solvers("3,000 days are almost the long run", mean, due, 1e-3 * due)
    yield t.share("people in a spell at the end", int(open_.sum()), one.persons, float(exact.sum()))
    yield t.clusters("mean length of the spells in progress", LENGTHS @ open_, open_.sum(axis=0), mean)
    over = sum(length * one.each(f"exits.accurate.{gate}") for length, gate in zip(LENGTHS, BY_LENGTH, strict=True))
    closed = [one.each(f"closed_days.accurate.{gate}") for gate in BY_LENGTH]
    residual = spells.mean_residual(LENGTHS, SHARES) + 0.5  # a day is counted at its end
    yield t.clusters("time that spells in progress have lasted", sum(closed) - over, open_.sum(axis=0), residual)
    yield t.equal("spells do not overlap", sum(closed), one.each("closed_any_days.accurate"))
    for name, value, printed in (("in progress", due, 531.82), ("residual", residual - 0.5, 265.91)):
        yield t.solvers(f"{name}, as printed", value, printed, 0.005)


CHECKS = (
    Check(
        "C6",
        "A blacklist",
        "1 − exp(−λR) restricted; spells of (exp(λR) − 1) / λ",
        "spells.restricted_share, spell_mean, spells_a_day",
        listed,
    ),
    Check("C7", "Ghosts beside true records", "P(some record as designed, none with accurate records)", "spells.wrongful_share", ghostly),
    Check(
        "C8",
        "Records given to a namesake",
        "exp(−m) × (1 − exp(−m ε (n − 1) / n)), by mistake shut out as often as free",
        "spells.namesake_share",
        misfiled,
    ),
    Check(
        "C9",
        "Namesakes by their number",
        "pairwise: proportional to the others; assigned: (n − 1) / n",
        "linkage.pairwise, linkage.assign_one",
        namesakes,
    ),
    Check(
        "C11",
        "Spells seen on a day",
        "E L² / E L in progress, half of it still to go",
        "spells.mean_spell_in_progress, spells.running",
        inspected,
    ),
)
