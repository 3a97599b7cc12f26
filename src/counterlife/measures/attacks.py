"""What an attack does: what is there to be taken in a breach, and what a false record moves (M27, M28)."""

from __future__ import annotations

from functools import partial

import numpy as np

from counterlife.layout import MONTH
from counterlife.measures import breaches
from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Estimate, Floats, quotient
from counterlife.measures.redress import days_until_share, ended_within, waits
from counterlife.measures.sample import Quotient, Row, Sample
from counterlife.measures.stated import RATE, RATE_UNIT, SHARE, Answers, in_domains, ruled_worlds

BREACH = 0.1
"""Probability that a place where records are kept is breached in the period considered: an illustration, the same for every place."""
MOST_NODES = 16
CHANCES = ("any loss", "more than a tenth lost")


def breach_exposure(sample: Sample) -> Answers:
    """M27: records on file, and the share of them that breaches take, in one central place and with every source apart.

    Record-months are the records on file, added up over the months that they are kept: times the monthly hazard of a breach they are the
    records that it is expected to take. The shares are conditional on a breach probability of 0.1 for each place (an illustration), places
    being breached independently: mean, any, more than a tenth, the mean of the worst 5 in 100 (CVaR95), and the mean given any.

    Where the scenario states a breach with a hazard: what it is expected to take, records and the months for which they had been kept, and
    the same measures of its size, given that there is one too. A place is broken into at most once, on some day of the window, and then
    loses what lies there (the mean of that month): one central place has everything, each source its own, and old copies beside the central
    place all that ever came there. A record that is taken in two places counts twice.

    Formula: losses over all outcomes of breaches; records on file
    Unit: % of records
    Source: method B, M27
    Tests: C24; test_losses_of_two_unequal_places_by_hand
    """
    for world in ruled_worlds(sample.facts):
        months, unit = (f"file_days.{world}",), "record-months per 1,000 people"
        yield Quotient(months, ("days",), 1000, world=world, detail="records on file on a day", unit="records per 1,000 people")
        yield Quotient(months, ("people",), 1000 / MONTH, world=world, detail="record-months", unit=unit)
        yield Quotient(
            (f"file_people.{world}",), ("people",), 100, world=world, detail="people on file at the end", unit="% of people", limits=SHARE
        )
        held = _by_source(sample, world)
        if held.size == 0:
            continue
        row = partial(Row, people=int(sample.people.sum()), world=world)
        for place, shares in {"central": np.ones(1), "federated": held}.items():
            for words, value in losses(shares, BREACH).items():
                yield row(Estimate(value), detail=f"{place}, {words}", unit="% of cases" if words in CHANCES else "")
    yield from breaches.stated(sample)


def _by_source(sample: Sample, world: str) -> Floats:
    """Shares of the record-days on file by source; those beyond the room for enumeration are put together with the least."""
    days = sample.strata.total(sample.column("channels", f"file_days.{world}"))
    sources = [str(label).rpartition("/")[0] for label in sample.tallies.rows["channels"]]
    held = np.sort([sum(d for d, s in zip(days, sources, strict=True) if s == source) for source in dict.fromkeys(sources)])[::-1]
    held = held[held > 0]
    if held.size > MOST_NODES:
        held = np.append(held[: MOST_NODES - 1], held[MOST_NODES - 1 :].sum())
    return np.asarray(held / held.sum() if held.size else held, dtype=np.float64)


def losses(shares: Floats, probability: float) -> dict[str, float]:
    """What is lost when each place is breached independently with a probability, in per cent: every outcome is enumerated."""
    lost, chance = np.zeros(1), np.ones(1)
    for share in shares:
        lost = np.concatenate([lost, lost + share])
        chance = np.concatenate([chance * (1 - probability), chance * probability])
    mean, some = float(lost @ chance), float(1 - (1 - probability) ** len(shares))
    answers = {
        "mean share lost": mean,
        "any loss": some,
        "more than a tenth lost": float(chance[lost > 0.1 + 1e-12].sum()),
        "mean of the worst 5 in 100": breaches.tail_mean(lost, chance),
        "mean given any loss": mean / some,
    }
    return {words: 100 * value for words, value in answers.items()}


def tamper_leverage(sample: Sample) -> Answers:
    """M28: closed domain-days changed by attacks, in all and by one false record; when that is found out.

    Changed are days closed under attack and open without, and the reverse, by all attacks together. What one false record moves is what
    vanishes when it alone is put right (but-for): where several would each have sufficed, none is credited. It is found out when the
    attack is, or when it is corrected; one that ceased to act before anybody knew competes with that. 'Never' is by the end of the period.

    Formula: days changed / false records
    Unit: domain-days per false record
    Source: method B, M28
    Tests: P22; test_what_a_false_record_moves
    """
    facts = sample.facts
    for world, versus in facts.pairs:
        if facts.worlds[world].records != "attacked" or facts.worlds[versus].records != "as they come":
            continue
        name = pair_name((world, versus))
        changed = (*in_domains(sample, f"wrongful_days.{name}"), *in_domains(sample, f"lenient_days.{name}"))
        about = partial(Quotient, world=world, versus=versus)
        yield about(changed, ("days",), RATE, detail="days changed", unit=RATE_UNIT)
        tampered = (f"records.{world}.tampered",)
        if sample.count(*tampered).any():
            yield about(changed, tampered, 1, detail="days changed per false record", outcome=True)
            share = partial(about, over=tampered, scale=100, unit="%", limits=SHARE, outcome=True)
            yield share((f"tampered_open.{world}",), detail="false records never taken back")
            yield share((f"tampered_biting.{world}",), detail="false records that close a day")
            one = partial(about, over=tampered, scale=1, outcome=True)
            yield one((f"tampered_days.{world}",), detail="days changed by one false record")
            yield one((f"tampered_domains.{world}",), detail="restrictions by one false record", unit="domains per false record")
    for world in dict.fromkeys(w for w, _ in facts.pairs if facts.worlds[w].records == "attacked"):
        yield from _found_out(sample, world)


def _found_out(sample: Sample, world: str) -> Answers:
    """How long false records go unnoticed: shares found out, days until half are, and the share that never was."""
    totals = waits(sample, world, "found", "unfound", "unfound_open")
    if not totals.any():
        return
    yield from ended_within(sample, totals, 3, world, "found out", "ended before anybody knew")
    half = partial(days_until_share, share=0.5, ends=3)
    yield from sample.places(totals, half, limits=(0.0, np.inf), world=world, detail="until half are found out", unit="days")
    never = sample.total("waits", f"unfound.{world}", f"unfound_open.{world}")
    parts = np.column_stack([100 * never, totals.sum(axis=1)])
    yield from sample.places(parts, quotient, over=1, limits=SHARE, world=world, detail="never found out", unit="%")
