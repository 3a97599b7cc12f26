"""The measures: an ordered table of what is measured, each with its formula, unit and source. M numbers are those of the method.

A measure is a function from a sample to quotients or finished rows. Variances are elsewhere; so is every word that a reader of
the report sees beside the name and the unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from counterlife.layout import AXES, EVER_DAYS, RECORD_KINDS, YEAR, End
from counterlife.measures import clearing, concentration
from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Estimate, Floats, estimate, quotient, touches_zero
from counterlife.measures.sample import ANY, Quotient, Row, Sample

RATE = 1000 * YEAR  # person-days to 1,000 person-years
PEOPLE = 10_000
UNBOUNDED = None
SHARE = (0.0, 100.0)
HORIZONS = {"1 year": 365, "2 years": 730, "5 years": 1825}
REFERENCE = {"sex": "male", "age": "40-59", "residence": "urban", "means": "middle", "name": "rare name"}

Answers = Iterator[Quotient | Row]


@dataclass(frozen=True)
class Measure:
    """A quantity with a unit and a formula, and the function that states it on a sample."""

    id: str
    name: str
    unit: str
    formula: str
    function: Callable[[Sample], Answers]


def _days(sample: Sample, stem: str) -> tuple[str, ...]:
    """The columns of a count in every domain."""
    return tuple(f"{stem}.{domain}" for domain in sample.facts.domains)


def _by_domain(sample: Sample, stem: str, world: str, versus: str, minus: str = "") -> Iterator[Quotient]:
    """A rate of days in each domain (over the days on which it concerns people) and in all of them together (over all days)."""
    rate = partial(Quotient, scale=RATE, world=world, versus=versus, limits=UNBOUNDED if minus else (0.0, np.inf))
    yield rate(_days(sample, stem), ("days",), minus=_days(sample, minus) if minus else ())
    for domain in sample.facts.domains:
        less = (f"{minus}.{domain}",) if minus else ()
        yield rate((f"{stem}.{domain}",), (f"scope_days.{domain}",), minus=less, domain=domain)


def wrongful_restriction(sample: Sample) -> Answers:
    """M1: days closed in a world and open in the one compared with, same person, domain and day, per 1,000 person-years. Method B, M1.

    'all' adds the domains up over everybody's days; a domain is taken over the days on which it concerns people; 'any' counts a day once.
    """
    yield from _twin_days(sample, "wrongful")


def missed_restriction(sample: Sample) -> Answers:
    """M2: days open in a world and closed in the one compared with, per 1,000 person-years; never netted with M1. Method B, M2."""
    yield from _twin_days(sample, "lenient")


def _twin_days(sample: Sample, kind: str) -> Iterator[Quotient]:
    for world, versus in sample.facts.pairs:
        pair = pair_name((world, versus))
        yield from _by_domain(sample, f"{kind}_days.{pair}", world, versus)
        yield Quotient(
            (f"{kind}_any_days.{pair}",), ("days",), RATE, world=world, versus=versus, domain=ANY, unit="person-days per 1,000 person-years"
        )


def ever_wrongful(sample: Sample) -> Answers:
    """M3: people with at least 1, 30, 365 wrongful domain-days in the period, per 10,000 people; depends on the horizon. Method B, M3."""
    for world, versus in sample.facts.pairs:
        for x in EVER_DAYS:
            yield Quotient(
                (f"wrongful_ever.{pair_name((world, versus))}.{x}",), ("people",), PEOPLE, world=world, versus=versus, detail=_at_least(x)
            )


def wrongful_share(sample: Sample) -> Answers:
    """M4: wrongful domain-days over all closed domain-days of the world, in per cent. Method B, M4."""
    for world, versus in sample.facts.pairs:
        pair = pair_name((world, versus))
        for domain in (None, *sample.facts.domains):
            plus = _days(sample, f"wrongful_days.{pair}") if domain is None else (f"wrongful_days.{pair}.{domain}",)
            over = _days(sample, f"closed_days.{world}") if domain is None else (f"closed_days.{world}.{domain}",)
            yield Quotient(plus, over, 100, world=world, versus=versus, domain=domain or "all", limits=SHARE, outcome=True)


def _recorded_pairs(sample: Sample) -> list[tuple[str, str]]:
    """The compared pairs in which the reference has records too, so that a difference can be the fault of a record."""
    return [pair for pair in sample.facts.pairs if sample.facts.worlds[pair[1]].records != "none"]


def amplification(sample: Sample) -> Answers:
    """M5: what one wrong record costs. Method B, M5.

    Wrongful domain-days over wrong records entered shares the days out equally; 'if only this one were put right' counts the days and
    domains that vanish with the one record (but-for), where several records that would each have sufficed credit none. Only beside a
    world with records: against no system every restriction differs, whatever the records.
    """
    for world, versus in _recorded_pairs(sample):
        per = partial(Quotient, world=world, versus=versus, outcome=True)
        wrong, biting = (f"wrong_records.{world}",), (f"biting.{world}",)
        plus = _days(sample, f"wrongful_days.{pair_name((world, versus))}")
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
    """M10: share of wrongful spells cleared by a length, by way of clearing, in per cent; restricted mean days. Method B, M10.

    Aalen-Johansen from spells in classes of 30 days; read off straight between the edges, so a mean is right to within half a class.
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


def disparity(sample: Sample) -> Answers:
    """M12: M1, M3 and M10 (mean length) of a group over those of the reference group, and less them. Method B, M12.

    Ratios have their interval on the logarithm. Groups differ in conduct as well as in what the system does to them: standardised
    ratios need runs that switch one channel at a time, and are not part of this measure.
    """
    sources = {
        "M1": (wrongful_restriction, "per 1,000 person-years"),
        "M3": (ever_wrongful, "per 10,000 people"),
        "M10": (spell_length, "days"),
    }
    for source, (function, unit) in sources.items():
        for wanted in function(sample):
            if isinstance(wanted, Quotient) and wanted.domain == "all":
                yield from _compared(sample, source, wanted, unit)


def _compared(sample: Sample, source: str, wanted: Quotient, unit: str) -> Iterator[Row]:
    for axis, levels in AXES.items():
        reference = f"{axis}={REFERENCE[axis]}"
        for level in levels:
            if level == REFERENCE[axis]:
                continue
            group = f"{axis}={level}"
            ratio, difference = _two_groups(sample, wanted, group, reference)
            row = partial(
                Row,
                people=int(sample.count("people", group=group).sum()),
                world=wanted.world,
                versus=wanted.versus,
                group=group,
            )
            detail = f"{source} {wanted.detail}".strip()
            yield row(ratio, detail=f"ratio, {detail}", unit=f"ratio to {REFERENCE[axis]}")
            yield row(difference, detail=f"difference, {detail}", unit=f"{unit} more than {REFERENCE[axis]}")


def _two_groups(sample: Sample, wanted: Quotient, group: str, reference: str) -> tuple[Estimate, Estimate]:
    ours, theirs = sample.parts(wanted, group), sample.parts(wanted, reference)
    parts = np.hstack([ours, theirs])
    if wanted.outcome and (touches_zero(sample.strata, ours[:, 1]) or touches_zero(sample.strata, theirs[:, 1])):
        return Estimate(None), Estimate(None)
    if not (ours[:, 1].any() and theirs[:, 1].any()):
        return Estimate(None), Estimate(None)
    difference = estimate(sample.strata, parts, lambda t: wanted.scale * (quotient(t[:, :2]) - quotient(t[:, 2:])))
    if touches_zero(sample.strata, theirs[:, 0]):
        return Estimate(None), difference
    if not ours[:, 0].any():
        return Estimate(0.0), difference
    ratio = estimate(sample.strata, parts, lambda t: np.log(quotient(t[:, :2])) - np.log(quotient(t[:, 2:])))
    return Estimate(*(None if end is None else float(np.exp(end)) for end in (ratio.value, ratio.low, ratio.high))), difference


def unequal_days(sample: Sample) -> Answers:
    """M13: Gini (0 to 1) and share of the top 1 % of people in wrongful and in all closed domain-days. Method B, M13.

    People without any day are included. People in a class of days count at its mean; the most that this can hide is stated too.
    """
    lower, upper = concentration.edges(sample, sample.facts)
    subjects = [(pair_name(pair), *pair) for pair in sample.facts.pairs] + [(world, world, "all") for world in sample.facts.worlds]
    for name, world, versus in subjects:
        totals = concentration.classes(sample, name)
        if not totals[:, 1:].any():
            continue
        row = partial(Row, people=int(sample.people.sum()), world=world, versus=versus)
        yield row(estimate(sample.strata, totals, concentration.gini, limits=(0.0, 1.0)), detail="Gini")
        bound = concentration.grouping_bound(sample.strata.total(totals)[None, :], lower, upper)[0]
        yield row(Estimate(float(bound)), detail="Gini, most that grouping hides")
        top = estimate(sample.strata, totals, lambda t: 100 * concentration.top_share(t), limits=SHARE)
        yield row(top, detail="share of the top 1 % of people", unit="%")


def multiple_exclusion(sample: Sample) -> Answers:
    """M14: person-days with three or more domains closed, per 1,000 person-years. Method B, M14."""
    for world in sample.facts.worlds:
        yield Quotient((f"closed_many_days.{world}",), ("days",), RATE, world=world)


def churn(sample: Sample) -> Answers:
    """M15: changes of band, and those undone within 90 days, per 1,000 person-years. Method B, M15."""
    for world in sample.facts.worlds:
        yield Quotient((f"band_changes.{world}",), ("days",), RATE, world=world)
        yield Quotient((f"reversals.{world}",), ("days",), RATE, world=world, detail="undone within 90 days")


def cliff_exposure(sample: Sample) -> Answers:
    """M17: share of people whom one minor record would close out of at least one more domain, at the end, in per cent. Method B, M17."""
    for world in sample.facts.worlds:
        yield Quotient((f"cliff.{world}",), ("people",), 100, world=world, limits=SHARE)


def children_affected(sample: Sample) -> Answers:
    """M21: children (at the start) closed out through a parent, per 10,000 children; the wrongful part; child-days. Method B, M21."""
    for world in sample.facts.worlds:
        yield Quotient((f"child_ever.{world}",), ("people",), PEOPLE, world=world, children=True)
        for domain, facts in sample.facts.domains.items():
            if facts.child:
                yield Quotient(
                    (f"closed_days.{world}.{domain}",),
                    (f"scope_days.{domain}",),
                    RATE,
                    world=world,
                    domain=domain,
                    children=True,
                    detail="days",
                    unit="child-days per 1,000 child-years",
                )
    for world, versus in sample.facts.pairs:
        column = f"child_wrongful_ever.{pair_name((world, versus))}"
        yield Quotient((column,), ("people",), PEOPLE, world=world, versus=versus, children=True, detail="wrongly")


def bystander_share(sample: Sample) -> Answers:
    """M22: wrongful domain-days of people with no wrong record of their own over all wrongful domain-days, in per cent. Method B, M22.

    Only beside a world with records, as M5.
    """
    for world, versus in _recorded_pairs(sample):
        pair = pair_name((world, versus))
        over = _days(sample, f"wrongful_days.{pair}")
        yield Quotient((f"bystander_days.{pair}",), over, 100, world=world, versus=versus, limits=SHARE, outcome=True)


def ever_restricted(sample: Sample) -> Answers:
    """B1: people closed out on at least 1, 30, 365 domain-days, per 10,000 people; and differences of worlds. Counterlife method."""
    for x in EVER_DAYS:
        for world in sample.facts.worlds:
            yield Quotient((f"ever.{world}.{x}",), ("people",), PEOPLE, world=world, detail=_at_least(x))
        for world, versus in sample.facts.comparisons:
            yield Quotient(
                (f"ever.{world}.{x}",),
                ("people",),
                PEOPLE,
                (f"ever.{versus}.{x}",),
                world=world,
                versus=versus,
                detail=_at_least(x),
                limits=UNBOUNDED,
            )


def restricted_days(sample: Sample) -> Answers:
    """B2: closed domain-days per 1,000 person-years, by domain and world, and the difference of two worlds. Counterlife method."""
    for world in sample.facts.worlds:
        yield from _by_domain(sample, f"closed_days.{world}", world, "all")
        unit = "person-days per 1,000 person-years"
        yield Quotient((f"closed_any_days.{world}",), ("days",), RATE, world=world, domain=ANY, unit=unit)
    for world, versus in sample.facts.comparisons:
        yield from _by_domain(sample, f"closed_days.{world}", world, versus, f"closed_days.{versus}")


def restricted_years(sample: Sample) -> Answers:
    """B3: closed person-years in the country over the period, by domain and world: weighted days over 365. Counterlife method."""
    for world in sample.facts.worlds:
        for domain in sample.facts.domains:
            yield Quotient((f"closed_days.{world}.{domain}",), ("people",), 1 / YEAR, world=world, domain=domain, country=True)


def people_counted(sample: Sample) -> Answers:
    """B4: people of the country closed out on a day or more, and wrongly so: counts of the sample, weighted. Counterlife method."""
    for world in sample.facts.worlds:
        yield Quotient((f"ever.{world}.1",), ("people",), 1, world=world, country=True)
    for world, versus in sample.facts.pairs:
        column = f"wrongful_ever.{pair_name((world, versus))}.1"
        yield Quotient((column,), ("people",), 1, world=world, versus=versus, country=True, detail="wrongly")


def redlisted(sample: Sample) -> Answers:
    """B5: share of person-days on a redlist, in per cent. Counterlife method."""
    for world in sample.facts.worlds:
        yield Quotient((f"redlist_days.{world}",), ("days",), 100, world=world, limits=SHARE)


def records(sample: Sample) -> Answers:
    """B6: records entered per 1,000 person-years, by kind; listings begun; people with a wrong record per 10,000. Counterlife method."""
    for world in sample.facts.worlds:
        for kind in RECORD_KINDS:
            yield Quotient((f"records.{world}.{kind}",), ("days",), RATE, world=world, detail=kind)
        yield Quotient((f"wrong_records.{world}",), ("days",), RATE, world=world, detail="wrong")
        yield Quotient((f"listings.{world}",), ("days",), RATE, world=world, detail="listings", unit="listings per 1,000 person-years")
        yield Quotient((f"marked.{world}",), ("people",), PEOPLE, world=world, detail="people with a wrong one", unit="per 10,000 people")


def _at_least(days: int) -> str:
    return "1 day or more" if days == 1 else f"{days} days or more"


_RATE_UNIT = "domain-days per 1,000 person-years"
MEASURES: tuple[Measure, ...] = (
    Measure("B1", "people ever restricted", "per 10,000 people", "#{i: closed domain-days >= x} / people", ever_restricted),
    Measure("B2", "restricted days", _RATE_UNIT, "closed days / days in scope", restricted_days),
    Measure(
        "B3",
        "restricted person-years in the country",
        "person-years, scaled to the country",
        "closed days / 365, weighted",
        restricted_years,
    ),
    Measure(
        "B4", "people ever restricted in the country", "people, scaled to the country", "#{i: closed days >= 1}, weighted", people_counted
    ),
    Measure("B5", "time on a redlist", "% of person-days", "redlist days / days", redlisted),
    Measure("B6", "records", "records per 1,000 person-years", "records entered / days", records),
    Measure("M1", "wrongful restriction", _RATE_UNIT, "sum of R_w (1 - R_v) / days in scope", wrongful_restriction),
    Measure("M2", "missed restriction", _RATE_UNIT, "sum of (1 - R_w) R_v / days in scope", missed_restriction),
    Measure("M3", "people ever wrongly restricted", "per 10,000 people", "#{i: wrongful domain-days >= x} / people", ever_wrongful),
    Measure("M4", "wrongful share of restrictions", "%", "wrongful domain-days / closed domain-days", wrongful_share),
    Measure("M5", "cost of a wrong record", "domain-days per wrong record", "wrongful domain-days / wrong records", amplification),
    Measure("M10", "time to clear", "days", "cumulative incidence of cleared; restricted mean of wrongful spells", time_to_clear),
    Measure("M12", "disparity", "ratio", "measure of a group over, or less, that of the reference group", disparity),
    Measure("M13", "concentration", "0 to 1", "Gini and top share of days over all people", unequal_days),
    Measure(
        "M14",
        "multiple exclusion",
        "person-days per 1,000 person-years",
        "days with three or more domains closed / days",
        multiple_exclusion,
    ),
    Measure("M15", "churn", "band changes per 1,000 person-years", "changes of band / days", churn),
    Measure("M17", "cliff exposure", "% of people", "people one minor record from losing a domain / people", cliff_exposure),
    Measure("M21", "children affected", "per 10,000 children", "#{children with a closed day} / children", children_affected),
    Measure("M22", "bystander share", "%", "wrongful days of people with no wrong record / wrongful days", bystander_share),
)
