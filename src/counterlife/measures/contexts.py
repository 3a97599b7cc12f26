"""Limbs of Article 5(1)(c) of the EU AI Act as quantities: unrelated contexts, disproportion; and refusals (M6, M7, M29).

They are evidence for a lawyer's question and never its answer.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from counterlife.measures.conduct import events
from counterlife.measures.inputs import Facts, pair_name
from counterlife.measures.intervals import Floats, quotient
from counterlife.measures.sample import Quotient, Sample
from counterlife.measures.stated import PEOPLE, SHARE, Answers, classes_of, in_domains, recorded_pairs

GRAVITIES = {"gravity as stated": 1, "all acts alike": 0, "gravity squared": 2}
"""Other readings of how grave acts are beside one another: the power to which the gravity of the scenario is raised."""


def context_worlds(facts: Facts) -> dict[str, str]:
    """The contexts of sources that were left out, each with the world in which its records count for nothing."""
    design = facts.pairs[0][0]
    return {context: world for context, world in facts.contexts.items() if (design, world) in facts.pairs}


def cross_context(sample: Sample) -> Answers:
    """M6: share of closed days in a domain that vanish when all records of a context count for nothing, in per cent.

    Contexts are those of sources, the domain's own the one that its gate belongs to. 'from unrelated contexts' adds up all but that one,
    'all contexts added up' shows the overlap: but-for shares need not sum to 100. 'on unrelated contexts alone' are the days that do not
    vanish without the records of the own context, which never exceed all days; all of them where no source belongs to it.

    Formula: days in d that vanish without the records of c / days in d
    Unit: %
    Source: method B, M6; EU AI Act, Article 5(1)(c)(i)
    Tests: P2; test_days_that_vanish_without_a_context
    """
    facts = sample.facts
    design = facts.pairs[0][0]
    worlds = context_worlds(facts)
    share = partial(Quotient, scale=100, world=design, outcome=True)

    def vanish(context: str, domain: str) -> str:
        return f"wrongful_days.{pair_name((design, worlds[context]))}.{domain}"

    def own(domain: str) -> tuple[str, ...]:
        context = facts.domains[domain].context
        return (vanish(context, domain),) if context in worlds else ()

    closed: tuple[str, ...]
    for domain in facts.domains if worlds else ():
        closed = (f"closed_days.{design}.{domain}",)
        for context, world in worlds.items():
            yield share((vanish(context, domain),), closed, versus=world, domain=domain, detail=f"from {context}", limits=SHARE)
        others = tuple(vanish(context, domain) for context in worlds if context != facts.domains[domain].context)
        yield share(others, closed, domain=domain, detail="from unrelated contexts")
        yield share(tuple(vanish(context, domain) for context in worlds), closed, domain=domain, detail="all contexts added up")
        yield share(closed, closed, minus=own(domain), domain=domain, detail="on unrelated contexts alone", limits=SHARE)
    if worlds:
        pairs = [(context, domain) for context in worlds for domain in facts.domains]
        others = tuple(vanish(context, domain) for context, domain in pairs if context != facts.domains[domain].context)
        closed = in_domains(sample, f"closed_days.{design}")
        yield share(others, closed, detail="from unrelated contexts")
        minus = tuple(column for domain in facts.domains for column in own(domain))
        yield share(closed, closed, minus=minus, detail="on unrelated contexts alone", limits=SHARE)


def disproportion(sample: Sample) -> Answers:
    """M7: closed domain-days per unit of gravity of what people did, and against rules without joint sanctions.

    Gravity is that of the scenario's classes of bad conduct, the user's judgement. Beside a design without joint sanctions: how many times
    the days, and people whose days are more than ten times as many, or who have days only with them, per 10,000. Where contexts were left
    out, the days that vanish without one for each unit of gravity of its right records, over the same of all days and right records: with
    gravity as stated, with all acts alike, and with gravity squared.

    Formula: closed days / gravity of events
    Unit: domain-days per unit of gravity
    Source: method B, M7; EU AI Act, Article 5(1)(c)(ii)
    Tests: C12, P19; test_days_for_each_unit_of_gravity_and_people_hit_ten_times_as_hard, test_a_context_is_held_against_all_by_its_gravity
    """
    facts = sample.facts
    design = facts.pairs[0][0]
    without = [name for name, safeguard in facts.safeguards.items() if safeguard.unjoined]
    for world in (design, *without):
        grave = sum((facts.classes[name].gravity * events(sample, world, [name]) for name in classes_of(facts, "bad")), np.zeros(1))
        if grave.any():
            parts = np.column_stack([sample.count(*in_domains(sample, f"closed_days.{world}")), grave])
            yield from sample.places(parts, quotient, over=1, world=world, detail="days per unit of gravity")
    for versus in without:
        over = in_domains(sample, f"closed_days.{versus}")
        beside = partial(Quotient, world=design, versus=versus)
        yield beside(in_domains(sample, f"closed_days.{design}"), over, 1, detail="days, times as many", unit="ratio", outcome=True)
        for words, column in {"more than tenfold": "tenfold", "only with joint sanctions": "only"}.items():
            if (design, versus) in facts.pairs:
                name = f"{column}.{pair_name((design, versus))}"
            elif (versus, design) in facts.pairs:
                name = f"{column}_versus.{pair_name((versus, design))}"
            else:
                continue
            yield beside((name,), ("people",), PEOPLE, detail=f"people, {words}", unit="per 10,000 people")
    yield from _by_context(sample)


def _by_context(sample: Sample) -> Answers:
    """How many times as many days the records of a context bring, for the gravity of the right ones, as all records do."""
    facts = sample.facts
    design = facts.pairs[0][0]
    closed = sample.count(*in_domains(sample, f"closed_days.{design}"))
    for words, power in GRAVITIES.items():
        grave = _recorded_gravity(sample, design, power)
        everything = sum(grave.values(), np.zeros(1))
        for context, world in context_worlds(facts).items():
            if context not in grave or not closed.any():
                continue
            vanish = sample.count(*in_domains(sample, f"wrongful_days.{pair_name((design, world))}"))
            parts = np.column_stack([vanish, grave[context], closed, everything])
            about = {"detail": f"days from {context} for their gravity, {words}", "unit": "times as many as all records"}
            yield from sample.places(parts, _over_all, over=1, world=design, versus=world, limits=(0.0, np.inf), **about)


def _recorded_gravity(sample: Sample, world: str, power: int) -> dict[str, Floats]:
    """The gravity of the right records of bad conduct in every cluster (n,), by the context of their source, where there are any."""
    right, found = sample.column("channels", f"right.{world}"), dict[str, Floats]()
    for place, channel in enumerate(sample.tallies.rows["channels"]):
        source, _, name = str(channel).partition("/")
        conduct = sample.facts.classes.get(name)
        if source in sample.facts.sources and conduct and conduct.sign == "bad" and right[:, place].any():
            context = sample.facts.sources[source].context
            found[context] = found.get(context, np.zeros(1)) + conduct.gravity**power * right[:, place]
    return found


def _over_all(totals: Floats) -> Floats:
    """Days over gravity of one context, over the same of all. totals (m, 4)."""
    days, gravity, all_days, all_gravity = totals.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((days / gravity) / (all_days / all_gravity), dtype=np.float64)


def wrongful_refusals(sample: Sample) -> Answers:
    """M29: applications refused that would be granted in the world compared with, per 1,000 applications, by domain.

    People apply at a rate that does not depend on their state, so at gates that are open or shut the share of applications is that of days.
    Where an open gate lets a share pass, each application is lived: those refused wrongly are counted, over those made. The number for each
    1,000 person-years follows with the rate of the scenario.

    Formula: wrongful days / days in scope
    Unit: per 1,000 applications
    Source: method B, M29
    Tests: C7, P1; test_refusals_are_the_share_of_days_because_people_apply_at_any_time, test_refusals_at_a_soft_gate_are_counted
    """
    for world, versus in recorded_pairs(sample.facts):
        for domain, facts in sample.facts.domains.items():
            if facts.applications <= 0:
                continue
            pair = pair_name((world, versus))
            if f"applied.{domain}" in sample.tallies.columns["people"]:
                about = partial(Quotient, (f"refused_wrongly.{pair}.{domain}",), (f"applied.{domain}",))
            else:
                about = partial(Quotient, (f"wrongful_days.{pair}.{domain}",), (f"scope_days.{domain}",))
            yield about(1000, world=world, versus=versus, domain=domain, limits=(0.0, 1000.0))
            unit = "refusals per 1,000 person-years"
            scale = facts.applications * 1000
            yield about(scale, world=world, versus=versus, domain=domain, detail="per 1,000 person-years", unit=unit)
