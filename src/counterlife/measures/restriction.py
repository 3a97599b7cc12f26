"""How much is closed, to whom, how often and for how long: measures of days and of people, in a world and beside its twin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from counterlife.layout import EVER_DAYS, YEAR
from counterlife.measures.inputs import pair_name
from counterlife.measures.sample import ANY, Quotient, Sample
from counterlife.measures.stated import (
    ANY_UNIT,
    HORIZONS,
    PEOPLE,
    RATE,
    SHARE,
    UNBOUNDED,
    Answers,
    at_least,
    by_domain,
    in_domains,
    recorded_pairs,
    ruled_worlds,
)


def wrongful_restriction(sample: Sample) -> Answers:
    """M1: days closed in a world and open in the one compared with, same person, domain and day, per 1,000 person-years.

    'all' adds the domains up over everybody's days; a domain is taken over the days on which it concerns people; 'any' counts a day once.

    Formula: sum of R_w (1 - R_v) / days in scope
    Unit: domain-days per 1,000 person-years
    Source: method B, M1
    Tests: C7, C8, C34, P1, P2, P17; test_rates_are_those_of_the_persons
    """
    yield from _twin_days(sample, "wrongful")


def missed_restriction(sample: Sample) -> Answers:
    """M2: days open in a world and closed in the one compared with, per 1,000 person-years; never netted with M1.

    Formula: sum of (1 - R_w) R_v / days in scope
    Unit: domain-days per 1,000 person-years
    Source: method B, M2
    Tests: C8, C34, P1, P2
    """
    yield from _twin_days(sample, "lenient")


def _twin_days(sample: Sample, kind: str) -> Iterator[Quotient]:
    for world, versus in sample.facts.pairs:
        pair = pair_name((world, versus))
        yield from by_domain(sample, f"{kind}_days.{pair}", world, versus)
        yield Quotient((f"{kind}_any_days.{pair}",), ("days",), RATE, world=world, versus=versus, domain=ANY, unit=ANY_UNIT)


def ever_wrongful(sample: Sample) -> Answers:
    """M3: people with at least 1, 30, 365 wrongful domain-days in the period, per 10,000 people; depends on the horizon.

    Formula: #{i: wrongful domain-days >= x} / people
    Unit: per 10,000 people
    Source: method B, M3
    Tests: P1; test_rates_are_those_of_the_persons
    """
    for world, versus in sample.facts.pairs:
        for x in EVER_DAYS:
            yield Quotient(
                (f"wrongful_ever.{pair_name((world, versus))}.{x}",), ("people",), PEOPLE, world=world, versus=versus, detail=at_least(x)
            )


def wrongful_share(sample: Sample) -> Answers:
    """M4: wrongful domain-days over all closed domain-days of the world, in per cent.

    Formula: wrongful domain-days / closed domain-days
    Unit: %
    Source: method B, M4
    Tests: C7, P1; test_rates_are_those_of_the_persons
    """
    for world, versus in sample.facts.pairs:
        pair = pair_name((world, versus))
        for domain in (None, *sample.facts.domains):
            plus = in_domains(sample, f"wrongful_days.{pair}") if domain is None else (f"wrongful_days.{pair}.{domain}",)
            over = in_domains(sample, f"closed_days.{world}") if domain is None else (f"closed_days.{world}.{domain}",)
            yield Quotient(plus, over, 100, world=world, versus=versus, domain=domain or "all", limits=SHARE, outcome=True)


def multiple_exclusion(sample: Sample) -> Answers:
    """M14: person-days with three or more domains closed, per 1,000 person-years.

    Formula: days with three or more domains closed / days
    Unit: person-days per 1,000 person-years
    Source: method B, M14
    Tests: P1, P10
    """
    for world in sample.facts.worlds:
        yield Quotient((f"closed_many_days.{world}",), ("days",), RATE, world=world)


def churn(sample: Sample) -> Answers:
    """M15: changes of band, and those undone within 90 days, per 1,000 person-years.

    Formula: changes of band / days
    Unit: band changes per 1,000 person-years
    Source: method B, M15
    Tests: P1, P10
    """
    for world in sample.facts.worlds:
        yield Quotient((f"band_changes.{world}",), ("days",), RATE, world=world)
        yield Quotient((f"reversals.{world}",), ("days",), RATE, world=world, detail="undone within 90 days")


def cliff_exposure(sample: Sample) -> Answers:
    """M17: share of people whom one minor record would close out of at least one more domain, at the end, in per cent.

    Formula: people one minor record from losing a domain / people
    Unit: % of people
    Source: method B, M17
    Tests: P1, P10
    """
    for world in sample.facts.worlds:
        yield Quotient((f"cliff.{world}",), ("people",), 100, world=world, limits=SHARE)


def children_affected(sample: Sample) -> Answers:
    """M21: children (at the start) closed out through a parent, per 10,000 children; the wrongful part; child-days.

    Formula: #{children with a closed day} / children
    Unit: per 10,000 children
    Source: method B, M21
    Tests: C21, P24; test_children_are_counted_over_children
    """
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
    """M22: wrongful domain-days of people with no wrong record of their own over all wrongful domain-days, in per cent.

    Only beside a world with records, as M5.

    Formula: wrongful days of people with no wrong record / wrongful days
    Unit: %
    Source: method B, M22
    Tests: P24; test_records_are_blamed_only_beside_a_world_with_records
    """
    for world, versus in recorded_pairs(sample.facts):
        pair = pair_name((world, versus))
        over = in_domains(sample, f"wrongful_days.{pair}")
        yield Quotient((f"bystander_days.{pair}",), over, 100, world=world, versus=versus, limits=SHARE, outcome=True)


def recovery(sample: Sample) -> Answers:
    """M23: of people first shut out, those wholly free within 1, 2, 5 years, never again, shut out again.

    Own domains only; 'never' is by the end of the period, 'again' within a year of the first free day. A share is of those whose first day
    lies so long before the end of the period that the whole time is seen.

    Formula: #{wholly free within h of the first day} / people watched
    Unit: % of people shut out
    Source: method B, M23
    Tests: P1; test_recovery_is_of_those_who_are_watched_long_enough
    """
    for world in ruled_worlds(sample.facts):
        share = partial(Quotient, scale=100, world=world, limits=SHARE, outcome=True)
        for words, days in HORIZONS.items():
            if days < sample.facts.days:
                yield share((f"freed.{world}.{days}",), (f"watched.{world}.{days}",), detail=f"free within {words}")
        yield share((f"shut_open.{world}",), (f"shut_first.{world}",), detail="never free again by the end")
        if sample.facts.days > HORIZONS["1 year"]:
            yield share((f"relapsed.{world}",), (f"relapse_watched.{world}",), detail="shut out again within 1 year")


def ever_restricted(sample: Sample) -> Answers:
    """B1: people closed out on at least 1, 30, 365 domain-days, per 10,000 people; and differences of worlds.

    Formula: #{i: closed domain-days >= x} / people
    Unit: per 10,000 people
    Source: Counterlife
    Tests: P15
    """
    for x in EVER_DAYS:
        for world in sample.facts.worlds:
            yield Quotient((f"ever.{world}.{x}",), ("people",), PEOPLE, world=world, detail=at_least(x))
        for world, versus in sample.facts.comparisons:
            yield Quotient(
                (f"ever.{world}.{x}",),
                ("people",),
                PEOPLE,
                (f"ever.{versus}.{x}",),
                world=world,
                versus=versus,
                detail=at_least(x),
                limits=UNBOUNDED,
            )


def restricted_days(sample: Sample) -> Answers:
    """B2: closed domain-days per 1,000 person-years, by domain and world, and the difference of two worlds.

    Formula: closed days / days in scope
    Unit: domain-days per 1,000 person-years
    Source: Counterlife
    Tests: C6, C12, C34, P2, P26
    """
    for world in sample.facts.worlds:
        yield from by_domain(sample, f"closed_days.{world}", world, "all")
        yield Quotient((f"closed_any_days.{world}",), ("days",), RATE, world=world, domain=ANY, unit=ANY_UNIT)
    for world, versus in sample.facts.comparisons:
        yield from by_domain(sample, f"closed_days.{world}", world, versus, f"closed_days.{versus}")


def restricted_years(sample: Sample) -> Answers:
    """B3: closed person-years in the country over the period, by domain and world: weighted days over 365.

    Formula: closed days / 365, weighted
    Unit: person-years, scaled to the country
    Source: Counterlife
    Tests: P26; test_counts_are_scaled_to_the_country_and_say_so
    """
    for world in sample.facts.worlds:
        for domain in sample.facts.domains:
            yield Quotient((f"closed_days.{world}.{domain}",), ("people",), 1 / YEAR, world=world, domain=domain, country=True)


def people_counted(sample: Sample) -> Answers:
    """B4: people of the country closed out on a day or more, and wrongly so: counts of the sample, weighted.

    Formula: #{i: closed days >= 1}, weighted
    Unit: people, scaled to the country
    Source: Counterlife
    Tests: P15; test_counts_are_scaled_to_the_country_and_say_so
    """
    for world in sample.facts.worlds:
        yield Quotient((f"ever.{world}.1",), ("people",), 1, world=world, country=True)
    for world, versus in sample.facts.pairs:
        column = f"wrongful_ever.{pair_name((world, versus))}.1"
        yield Quotient((column,), ("people",), 1, world=world, versus=versus, country=True, detail="wrongly")


def redlisted(sample: Sample) -> Answers:
    """B5: share of person-days on a redlist, in per cent.

    Formula: redlist days / days
    Unit: % of person-days
    Source: Counterlife
    Tests: P1
    """
    for world in sample.facts.worlds:
        yield Quotient((f"redlist_days.{world}",), ("days",), 100, world=world, limits=SHARE)
