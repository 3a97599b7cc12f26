"""Whether people find out, appeal and are put right: discovery, the last copy, redress, and what safeguards yield (M9, M11, M24, M30)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from counterlife.layout import SPELL_BIN, YEAR
from counterlife.measures import lifetable
from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Floats
from counterlife.measures.sample import Quotient, Row, Sample
from counterlife.measures.stated import HORIZONS, PEOPLE, RATE, SHARE, UNBOUNDED, Answers, in_domains, ruled_worlds

DAYS = (0.0, np.inf)
QUANTILES = {"half": 0.5, "nine tenths": 0.9}


def waits(sample: Sample, world: str, *columns: str) -> Floats:
    """Columns of the waits table of a world in each cluster, by length and column (n, bins * columns)."""
    found = np.stack([sample.column("waits", f"{column}.{world}") for column in columns], axis=2)
    return np.asarray(found.reshape(len(found), -1), dtype=np.float64)


def time_to_discovery(sample: Sample) -> Answers:
    """M9: share of wrong records that the person has learned of by a time from entry; days until half, nine tenths.

    Aalen-Johansen from waits in classes of 30 days; a record that ended before anybody knew of it competes with learning.

    Formula: cumulative incidence of learning, from entry of a wrong record
    Unit: %
    Source: method B, M9, by Aalen and Johansen (1978)
    Tests: P18; test_learning_competes_with_the_end_of_the_record
    """
    for world in ruled_worlds(sample.facts):
        totals = waits(sample, world, "learned", "unlearned", "unaware")
        if not sample.total("waits", f"learned.{world}").any():
            continue
        yield from ended_within(sample, totals, 3, world, "learned of", "ended before anybody knew")
        for words, share in QUANTILES.items():
            until = partial(days_until_share, share=share, ends=3)
            yield from sample.places(totals, until, limits=DAYS, world=world, detail=f"until {words} are learned of", unit="days")


def ended_within(sample: Sample, totals: Floats, ends: int, world: str, *names: str) -> Iterator[Row]:
    """The share of waits (n, bins * ends) that ended in each of the named ways within one, two and five years."""
    bins = totals.shape[1] // ends
    for words, days in HORIZONS.items():
        for place, name in enumerate(names) if days <= sample.facts.days else ():
            read = partial(_percent, ends=ends, place=place, read=lifetable.at(days, bins))
            yield from sample.places(totals, read, limits=SHARE, world=world, detail=f"{name} within {words}", unit="%")


def _percent(totals: Floats, ends: int, place: int, read: Floats) -> Floats:
    return np.asarray(100.0 * (lifetable.incidence(totals, ends)[1][:, :, place] @ read), dtype=np.float64)


def days_until_share(totals: Floats, share: float, ends: int) -> Floats:
    """Days until a share of waits has ended in the first way; nan where it never does."""
    return lifetable.days_until(share, lifetable.incidence(totals, ends)[1][:, :, 0])


def time_to_last_copy(sample: Sample) -> Answers:
    """M11: days from the correction at the source until the record's last copy has ceased to act.

    Days until that holds for half and nine tenths of corrected records (life table in classes of 30 days), and the share within a year.

    Formula: last day of the record - day of its correction
    Unit: days
    Source: method B, M11
    Tests: C16; test_the_last_copy
    """
    for world in ruled_worlds(sample.facts):
        totals = waits(sample, world, "copies", "copies_open")
        if not totals.any():
            continue
        for words, share in QUANTILES.items():
            gone = partial(days_until_share, share=share, ends=2)
            yield from sample.places(totals, gone, limits=DAYS, world=world, detail=f"until {words} are gone")
        if sample.facts.days >= HORIZONS["1 year"]:
            read = partial(_percent, ends=2, place=0, read=lifetable.at(HORIZONS["1 year"], totals.shape[1] // 2))
            yield from sample.places(totals, read, limits=SHARE, world=world, detail="gone within 1 year", unit="%")


def redress(sample: Sample) -> Answers:
    """M24: awareness, take-up, outcomes, waits and backlog of appeals.

    Shares are of records: known of those entered, contested of those known, upheld of those decided. After an appeal, a record is wrong if
    it was so on the day of the appeal. The backlog at the end is the cases pending; its growth is that over the last year (or the period).
    Waits are days from the appeal to the last decision, in classes of 30 days.

    Formula: records known, contested, upheld; waits; cases pending
    Unit: %
    Source: method B, M24
    Tests: C17, C20, C33, P18; test_redress_by_hand
    """
    for world in ruled_worlds(sample.facts):
        if not sample.count(f"learned.{world}").any():
            continue
        yield from take_up(sample, world)
        if sample.count(f"contested.{world}").any():
            yield from _outcomes(world)
            yield from _waiting(sample, world)


def take_up(sample: Sample, world: str) -> Iterator[Quotient]:
    """The shares of records known and contested: the part of M24 that is compared between groups."""
    share = partial(Quotient, scale=100, world=world, limits=SHARE, outcome=True)
    learned, wrong = (f"learned.{world}",), (f"learned_wrong.{world}",)
    yield share(learned, (f"records_in.{world}",), detail="records that the person learned of")
    yield share(wrong, (f"wrong_records.{world}",), detail="wrong records that the person learned of")
    yield share((f"contested.{world}",), learned, detail="take-up")
    yield share((f"contested_wrong.{world}",), wrong, detail="take-up where the record is wrong")


def _outcomes(world: str) -> Iterator[Quotient]:
    share = partial(Quotient, scale=100, world=world, limits=SHARE, outcome=True)
    decided, upheld = (f"decided.{world}",), (f"upheld.{world}",)
    wrong, upheld_wrong = (f"decided_wrong.{world}",), (f"upheld_wrong.{world}",)
    contested = (f"contested.{world}",)
    yield share(upheld, decided, detail="upheld")
    yield share(upheld_wrong, wrong, detail="upheld where the record was wrong")
    yield share(upheld, decided, minus=upheld_wrong, less=wrong, detail="upheld where the record was right")
    yield share((f"second.{world}",), decided, detail="decided in second instance")
    yield share((f"abandoned.{world}",), contested, detail="given up while waiting")
    yield share((f"pending.{world}",), contested, detail="pending at the end")
    yield share((f"corrections_lost.{world}",), upheld, detail="corrections lost")
    yield share((f"returned.{world}",), (f"corrected.{world}",), detail="corrected records that came back")
    per = partial(Quotient, scale=PEOPLE, world=world, unit="per 10,000 people")
    yield per((f"pending.{world}",), ("people",), detail="backlog at the end")
    yield per((f"gave_up.{world}",), ("people",), detail="people who gave up")


def _waiting(sample: Sample, world: str) -> Iterator[Row]:
    decided = sample.column("waits", f"decision.{world}")
    if decided.any():
        for words, share in QUANTILES.items():
            until = partial(_quantile, share=share)
            yield from sample.places(decided, until, limits=DAYS, world=world, detail=f"days until {words} of decisions", unit="days")
    growth = sample.column("waits", f"filed.{world}") - sample.column("waits", f"closed.{world}")
    last = min(growth.shape[1], round(HORIZONS["1 year"] / SPELL_BIN))
    parts = np.column_stack([growth[:, -last:].sum(axis=1), sample.people])
    days = sample.facts.days - (growth.shape[1] - last) * SPELL_BIN
    scale = PEOPLE * YEAR / days
    detail = "growth of the backlog at the end"
    yield from sample.places(
        parts, lambda totals: scale * totals[:, 0] / totals[:, 1], world=world, detail=detail, unit="cases a year per 10,000 people"
    )


def _quantile(totals: Floats, share: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        curves = np.cumsum(totals, axis=1) / totals.sum(axis=1, keepdims=True)
    return lifetable.days_until(share, np.hstack([np.zeros((len(totals), 1)), curves]))


def safeguard_yield(sample: Sample) -> Answers:
    """M30: wrongful days that a safeguard averts, W0, and per hour of reviewers where hours are given.

    Both the design and the safeguard stand beside the reference of the unchanged design, because a milder rule frees the accurate
    twin too; W0 of the safeguard itself is its M1 beside those records. Days closed in all that the safeguard averts are stated too.

    Formula: W0 of the design less W0 of the safeguard
    Unit: domain-days per 1,000 person-years
    Source: method B, M30
    Tests: P19; test_a_safeguard_is_measured_beside_the_accurate_twin_of_the_design
    """
    facts = sample.facts
    design, accurate = facts.pairs[0]
    plus, closed = in_domains(sample, f"wrongful_days.{pair_name((design, accurate))}"), in_domains(sample, f"closed_days.{design}")
    for name, safeguard in facts.safeguards.items():
        if (name, accurate) not in facts.pairs:
            continue
        minus = in_domains(sample, f"wrongful_days.{pair_name((name, accurate))}")
        averted = partial(Quotient, over=("days",), world=name, versus=design, limits=UNBOUNDED)
        yield averted(plus, scale=RATE, minus=minus, detail="wrongful days averted")
        yield averted(closed, scale=RATE, minus=in_domains(sample, f"closed_days.{name}"), detail="closed days averted")
        if safeguard.reviewer_hours > 0:
            scale, unit = RATE / safeguard.reviewer_hours, "domain-days per hour of reviewers"
            yield averted(plus, scale=scale, minus=minus, detail="wrongful days averted per hour of reviewers", unit=unit)
