"""What wrong records cost and how they end: their number, their price, and the length of wrongful spells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from counterlife.layout import RECORD_KINDS, End
from counterlife.measures import clearing
from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Estimate, Floats, estimate, touches_zero
from counterlife.measures.sample import Quotient, Row, Sample
from counterlife.measures.stated import HORIZONS, PEOPLE, RATE, SHARE, Answers, in_domains, recorded_pairs

ALWAYS = ("right", "ghost", "stray", "stale", "lost")


def records(sample: Sample) -> Answers:
    """B6: records entered per 1,000 person-years, by kind; listings begun; people with a wrong record per 10,000.

    Kinds of wrong record that nothing in the scenario brings about are left out.

    Formula: records entered / days
    Unit: records per 1,000 person-years
    Source: Counterlife
    Tests: C2, C8, C9, P14
    """
    worlds = sample.facts.worlds
    found = [kind for kind in RECORD_KINDS if kind in ALWAYS or sample.count(*(f"records.{world}.{kind}" for world in worlds)).any()]
    for world in worlds:
        for kind in found:
            yield Quotient((f"records.{world}.{kind}",), ("days",), RATE, world=world, detail=kind)
        yield Quotient((f"wrong_records.{world}",), ("days",), RATE, world=world, detail="wrong")
        yield Quotient((f"listings.{world}",), ("days",), RATE, world=world, detail="listings", unit="listings per 1,000 person-years")
        yield Quotient((f"marked.{world}",), ("people",), PEOPLE, world=world, detail="people with a wrong one", unit="per 10,000 people")


def amplification(sample: Sample) -> Answers:
    """M5: what one wrong record costs.

    Wrongful domain-days over wrong records entered shares the days out equally; 'if only this one were put right' counts the days and
    domains that vanish with the one record (but-for), where several records that would each have sufficed credit none. Only beside a
    world with records: against no system every restriction differs, whatever the records.

    Formula: wrongful domain-days / wrong records
    Unit: domain-days per wrong record
    Source: method B, M5
    Tests: P1, P17; test_records_are_blamed_only_beside_a_world_with_records
    """
    for world, versus in recorded_pairs(sample.facts):
        per = partial(Quotient, world=world, versus=versus, outcome=True)
        wrong, biting = (f"wrong_records.{world}",), (f"biting.{world}",)
        plus = in_domains(sample, f"wrongful_days.{pair_name((world, versus))}")
        yield per(plus, wrong, 1, detail="shared out equally")
        yield per((f"but_for_days.{world}",), wrong, 1, detail="if only this one were put right")
        unit = "domains per wrong record that closes a day"
        yield per((f"but_for_domains.{world}",), biting, 1, detail="domains", unit=unit)
        unit = "% of wrong records"
        yield per(biting, wrong, 100, detail="records that close a day", unit=unit, limits=SHARE)


def spell_length(sample: Sample) -> Iterator[Quotient]:
    """The mean days of a wrongful spell within the period, open ones cut at its end: the part of M10 that is known for every group."""
    for world, versus in sample.facts.pairs:
        pair = pair_name((world, versus))
        yield Quotient(
            (f"spell_days.{pair}",), (f"spells.{pair}",), 1, world=world, versus=versus, detail="mean within the period", outcome=True
        )


def time_to_clear(sample: Sample) -> Answers:
    """M10: share of wrongful spells cleared by a length, by way of clearing, in per cent; restricted mean days.

    Aalen-Johansen from spells in classes of 30 days; read off straight between the edges, so a mean is right to within half a class.

    Formula: cumulative incidence of cleared; restricted mean of wrongful spells
    Unit: days
    Source: method B, M10, by Aalen and Johansen (1978)
    Tests: C6, C15; test_incidence_by_hand
    """
    yield from spell_length(sample)
    for world, versus in sample.facts.pairs:
        pair = pair_name((world, versus))
        yield Quotient(
            (f"cleared.{pair}",),
            (f"spells.{pair}",),
            100,
            world=world,
            versus=versus,
            detail="cleared within the period",
            unit="%",
            limits=SHARE,
            outcome=True,
        )
        totals = clearing.spells(sample, pair)
        bins = totals.shape[1] // len(clearing.ENDS)
        row = partial(Row, people=int(sample.people.sum()), world=world, versus=versus)
        ways: dict[str, tuple[End, ...]] = {"": clearing.CLEARED} | {f" by {end.name.lower()}": (end,) for end in clearing.CLEARED}
        for words, days in HORIZONS.items():
            if days > sample.facts.days:
                continue
            lasts = _spell_estimate(sample, totals, partial(clearing.percent_running, read=clearing.at(days, bins)), 100)
            yield row(lasts, detail=f"still running after {words}", unit="%")
            mean = _spell_estimate(sample, totals, partial(clearing.mean, area=clearing.area(days, bins)), days)
            yield row(mean, detail=f"mean up to {words}")
            for name, ends in ways.items():
                share = _spell_estimate(sample, totals, partial(clearing.percent, ends=ends, read=clearing.at(days, bins)), 100)
                yield row(share, detail=f"cleared{name} within {words}", unit="%")


def _spell_estimate(sample: Sample, totals: Floats, function: Callable[[Floats], Floats], most: float) -> Estimate:
    if touches_zero(sample.strata, totals.sum(axis=1)):
        return Estimate(None)
    return estimate(sample.strata, totals, function, limits=(0.0, most))
