"""How wrong records end, and how cases wait: C15 to C20, C32 and C33.

Where waiting in an office moves together for so long that one per cent is out of reach, a row says what it can tell apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..exact import audits, averaging, clearing, counts, queues
from ..layout import YEAR, Ints
from . import solvers
from .engine import Lab, Lived
from .stated import Check
from .tolerance import Row

SEED = 21

# --- C15: appeal or expiry --------------------------------------------------------------------------------------------------------------

KEEP, GRANTED, DECISION = 730.0, 0.4, 90.0


def cleared(lab: Lab) -> Iterator[Row]:
    """C15: a record that expires, or is taken off on appeal before that."""
    t, one = lab.tolerance, lab.live("c15", 70, SEED, quick=(60, 150))
    on_file = clearing.time_to_clear(KEEP, GRANTED, DECISION)
    yield t.solvers("days to clear, as printed", on_file, 473.989, 5e-4)
    rate = 0.3 / YEAR
    # whole days: a record that still acts has all of the last day, so half a day more than its time
    days = rate * (clearing.filed_days(KEEP, GRANTED, DECISION, one.days) + 0.5 * on_file)
    yield t.clusters("days on file", one.each("file_days.designed"), one.each("people"), days)
    records = one.total("records_in.designed")
    yield t.mean("records", records / one.persons, math.sqrt(rate * one.days / one.persons), rate * one.days)
    shut = -math.expm1(-rate * on_file)
    yield t.share("restricted at the end", one.total("open_end.designed.loan"), one.persons, shut, materiality=0.03)
    yield t.never("days shut with accurate records", one.total("closed_any_days.accurate"), one.total("days"))
    contested, decided = one.total("contested.designed"), one.total("decided.designed")
    each = [one.total(f"{name}.designed") for name in ("learned", "records_in", "contested_wrong")]
    yield t.equal("all records are learned of and contested", each, [contested] * 3)
    yield t.share("appeals upheld", one.total("upheld.designed"), decided, GRANTED)
    yield t.equal("upheld appeals correct", one.total("corrected.designed"), one.total("upheld.designed"))
    in_time = 1.0 - DECISION / one.days * -math.expm1(-KEEP / DECISION)  # nearly: those of the last days are not decided yet
    late = math.exp(-KEEP / DECISION) * (one.days - KEEP) / one.days
    spread = math.sqrt(in_time * (1.0 - in_time) / contested)
    yield t.mean("appeals decided before the record expires", decided / contested, spread, in_time - late)


# --- C16: copies ------------------------------------------------------------------------------------------------------------------------


def copied(lab: Lab) -> Iterator[Row]:
    """C16: numbers that act are Poisson whatever the law of the time (M/G/infinity), so a share tells the mean time in the last copy."""
    t, one = lab.tolerance, lab.live("c16", 75, SEED, quick=(60, 600))
    yield t.solvers("mean time to the last of six copies", clearing.last_copy(6, 45.0), 45.0 * 2.45, 1e-12 * 45.0 * 2.45)
    ends = np.arange(1.0, one.days + 1.0)
    unsettled = np.array([counts.acting(0.002, end, settled_after=100.0) for end in ends])
    somewhere, single = (0.002 * np.array([clearing.with_copies(copies, 45.0, 100.0, end) for end in ends]) for copies in (6, 1))
    people = one.each("people")
    for world, acting in (("accurate", unsettled), ("designed", somewhere)):
        yield t.clusters(f"days shut anywhere, {world}", one.each(f"closed_any_days.{world}"), people, float(-np.expm1(-acting).sum()))
    wrongful = float((np.exp(-unsettled) - np.exp(-somewhere)).sum())
    yield t.clusters("days shut by mistake", one.each("wrongful_any_days.designed~accurate"), people, wrongful)
    for gate in "abcdef":  # one copy is gone sooner
        days, due = one.each(f"closed_days.designed.{gate}"), float(-np.expm1(-single).sum())
        yield t.clusters(f"days shut by the copy of {gate}", days, people, due, materiality=0.015)


# --- C17, C18, C20: offices -------------------------------------------------------------------------------------------------------------

BURN_IN = 200
OFFICES = {
    "c17": (160, 60),
    "c17_impatient": (150, 60),
    "c18": (420, 60),
    "c19": (600, 60),
}  # townships in the full form and in the quick one


def in_office(lab: Lab, name: str, *changed: str) -> tuple[Ints, Lived, Lived]:
    """Cases in the office at the ends of the days from day 200 on, summed, by township (Little's law); whole lives and their start."""
    full, quick = OFFICES[name]
    short = f"period.length={BURN_IN} days"
    whole, start = (lab.live(name, full, SEED, more, (quick, None)) for more in (changed, (*changed, short)))
    return whole.each("case_days.designed") - start.each("case_days.designed"), whole, start


def waiting(lab: Lab) -> Iterator[Row]:
    """C17: reviewers who are free for the next case, patient people and impatient ones."""
    t = lab.tolerance
    cases, one, _ = in_office(lab, "c17")
    days = np.full(cases.size, one.days - BURN_IN)
    yield t.clusters("cases in an office of four", cases, days, queues.erlang_c(2.4, 1.0, 4).queue + 2.4)
    contested = one.total("contested.designed")
    ended = one.total("decided.designed") + one.total("pending.designed")
    yield t.equal("all are contested, and decided or pending", [one.total("learned.designed"), ended], [contested, contested])
    yield t.equal("all are wrong, and reviewers see it", one.total("upheld.designed"), one.total("decided.designed"))
    cases, one, start = in_office(lab, "c17_impatient")
    exact = queues.erlang_a(4.8, 1.0, 4, 0.2)
    days = np.full(cases.size, one.days - BURN_IN)
    yield t.clusters("cases in an office that people give up on", cases, days, exact.queue + 4.8 * (1.0 - exact.leaves))
    left, filed = (one.each(f"{name}.designed") - start.each(f"{name}.designed") for name in ("abandoned", "contested"))
    yield t.clusters("cases given up", left, filed, exact.leaves, materiality=0.015)
    ten = queues.erlang_c(9.0, 1.0, 10)
    yield t.solvers("Erlang C, ten reviewers: wait, as printed", ten.wait, 0.668732, 5e-7)
    yield t.solvers("Erlang C, ten reviewers: queue, as printed", ten.queue, 6.018584, 5e-7)
    many = queues.erlang_a(12.0, 1.0, 10, 0.1)
    yield t.solvers("Erlang A, ten reviewers: given up, as printed", many.leaves, 0.169752, 5e-7)
    yield t.solvers("Erlang A, ten reviewers: queue, as printed", many.queue, 20.3703, 5e-5)


def slots(lab: Lab) -> Iterator[Row]:
    """C18: so many cases are decided a day. At its end, before the decisions: those left over the day before, and those that came."""
    t = lab.tolerance
    cases, one, _ = in_office(lab, "c18")
    left = queues.daily_slots(1.4, 2)
    exact = float(left @ np.arange(left.size)) + 1.4
    yield t.clusters("cases at the end of a day", cases, np.full(cases.size, one.days - BURN_IN), exact)
    yield t.solvers("cases, and their wait by Little's law", exact, 1.4 * (queues.wait_for_a_slot(1.4, 2) + 0.5))
    one_a_day = queues.daily_slots(0.9, 1)
    yield t.solvers("one slot a day: cases left over, as printed", float(one_a_day @ np.arange(one_a_day.size)), 4.05)


TOGETHER = ("redress.office.reviewers=10", "redress.office.per_township=1")


def pooled(lab: Lab) -> Iterator[Row]:
    """C19: ten offices of one reviewer, or one office of ten, for the same cases. The work in hand is the same; what waits is not."""
    t = lab.tolerance
    apart, one, _ = in_office(lab, "c19")
    pool, other, _ = in_office(lab, "c19", *TOGETHER)
    days = np.full(apart.size, one.days - BURN_IN)
    alone, together = queues.erlang_c(0.6, 1.0, 1), queues.erlang_c(6.0, 1.0, 10)
    yield t.equal("the same appeals", other.each("contested.designed"), one.each("contested.designed"))
    yield t.clusters("cases in ten offices of one", apart, days, 10.0 * alone.queue + 6.0, materiality=0.015)
    yield t.clusters("cases in one office of ten", pool, days, together.queue + 6.0)
    fewer = 10.0 * alone.queue - together.queue
    yield t.clusters("cases fewer that wait, once the offices are one", apart - pool, days, fewer, materiality=0.02)
    yield t.never("townships in which ten offices are better", int((apart < pool).sum()), apart.size)
    yield from solvers.pooled(lab)


def accounted(lab: Lab) -> Iterator[Row]:
    """C20: every case ends in one way or waits."""
    for name, said in (("c17", "office of four"), ("c17_impatient", "office people give up on"), ("c18", "office with slots")):
        one = in_office(lab, name)[1]
        ended = one.each("decided.designed") + one.each("abandoned.designed") + one.each("pending.designed")
        yield lab.tolerance.equal(f"decided, given up or pending: {said}", ended, one.each("contested.designed"))


# --- C32: income averaging --------------------------------------------------------------------------------------------------------------

AVERAGE = "sources.agency.records.case.procedure.average"
SHAPES = (
    (("works=1", "claim_above=0"), 0.0, "a steady income"),
    (("free=0", "pay=1000", "claim_above=1"), 0.0, "all incomes on a straight line"),
    (("free=0", "pay=2000", "claim_above=1"), 1.0 - 0.6**26 - 0.4**26, "a convex benefit: everybody who sometimes worked"),
)


def averaged(lab: Lab) -> Iterator[Row]:
    """C32: claims that the law would not make, and the shape of the benefit that decides about them."""
    t, one = lab.tolerance, lab.live("c32", 60, SEED)
    share = averaging.claimed_share(averaging.Benefit(550.0, 100.0, 0.5), 0.6, 1_500.0, 1_800.0)
    yield t.holds("the share due is neither next to none nor next to all", 0.3 < share < 0.9)
    cases = one.channel("events.none", "agency", "case")
    worlds = ("lawful", "accurate", "designed")
    right, rule = ({world: one.channel(f"{kind}.{world}", "agency", "case") for world in worlds} for kind in ("right", "rule"))
    yield t.share("claims that the law makes", right["lawful"], cases, 0.2)
    yield t.share("claims that only the averaging makes", rule["accurate"], cases, 0.8 * share)
    yield t.equal("accurate records do not help", [right["accurate"], rule["accurate"]], [right["designed"], rule["designed"]])
    yield t.equal("right claims are those of the law", right["accurate"], right["lawful"])
    yield t.never("wrong claims under the law", rule["lawful"], cases)
    for settings, claimed, said in SHAPES:
        one = lab.live("c32", 2, SEED, tuple(f"{AVERAGE}.{setting}" for setting in (*settings, "unreported=0")))
        cases, wrong = one.channel("events.none", "agency", "case"), one.channel("rule.designed", "agency", "case")
        yield t.holds(f"there are enough cases: {said}", cases > 50_000 * len(one.townships))
        off = wrong if claimed == 0.0 else max(cases - 9 - wrong, wrong - cases, 0)
        yield t.never(f"claims beyond what is due: {said}", off, cases)


# --- C33: what comes of appeals ---------------------------------------------------------------------------------------------------------


def adjudicated(lab: Lab) -> Iterator[Row]:
    """C33: reviewers who err, with and without a bias towards the file."""
    t = lab.tolerance
    for bias in (0.0, 0.5):
        one = lab.live("c33", 25, SEED, (f"redress.bias={bias}",))
        due = audits.adjudicate(0.5, 0.6 * (1.0 - bias), 0.8)
        decided, wrong, upheld, upheld_wrong = (
            one.total(f"{name}.designed") for name in ("decided", "decided_wrong", "upheld", "upheld_wrong")
        )
        every = [one.total("contested.designed"), one.total("records_in.designed")]
        yield t.equal(f"every record is contested and decided, bias {bias}", every, [decided, decided])
        yield t.share(f"appeals against wrong records, bias {bias}", wrong, decided, 0.5)
        yield t.share(f"appeals upheld, bias {bias}", upheld, decided, due.overturned)
        yield t.share(f"wrong among those left to stand, bias {bias}", wrong - upheld_wrong, decided - upheld, due.wrong_if_upheld)
        yield t.share(f"right among those taken off, bias {bias}", upheld - upheld_wrong, upheld, due.right_if_overturned)


CHECKS = (
    Check("C15", "Appeal or expiry", "(1 − q) R + q × 90 × (1 − exp(−R / 90))", "clearing.time_to_clear, clearing.filed_days", cleared),
    Check(
        "C16",
        "The last of several copies",
        "H(B) / κ after the settlement: a hypoexponential law",
        "clearing.with_copies, clearing.last_copy",
        copied,
    ),
    Check("C17", "Appeals that wait for a reviewer", "Erlang C; with giving up Erlang A", "queues.erlang_c, queues.erlang_a", waiting),
    Check(
        "C18", "Appeals decided in daily slots", "the chain Q′ = max(Q + A − slots, 0)", "queues.daily_slots, queues.wait_for_a_slot", slots
    ),
    Check("C19", "Pooled offices", "Erlang C, ten of one beside one of ten", "queues.erlang_c", pooled),
    Check("C20", "No case is lost", "contested = decided + given up + pending", "none: whole numbers that must be equal", accounted),
    Check(
        "C32",
        "Income averaging",
        "share of work patterns with a claim; none where the benefit is straight",
        "averaging.claimed_share",
        averaged,
    ),
    Check("C33", "What comes of appeals", "w·sens + (1 − w)(1 − spec) overturned", "audits.adjudicate", adjudicated),
)
