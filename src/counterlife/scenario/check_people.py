"""Checks of what people do and of what is recorded: regions, conduct, behaviour, sources and threats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from .derived import factors
from .finding import Finding, unknown, unknown_in, unknown_levels
from .model import Conduct, Recording, Scenario, Source
from .written import Path, nearest


def _regions(scenario: Scenario) -> Iterator[Finding]:
    known = {region.name: region for region in scenario.population.country.regions}
    for place, names in [
        (("population", "regions"), scenario.population.regions),
        *((("rollout", number, "regions"), stage.regions) for number, stage in enumerate(scenario.rollout)),
    ]:
        for number, name in enumerate(names):
            if name not in known:
                country = scenario.population.country.title
                yield (*place, number), f"{name!r} is no region of {country!r}. {nearest(name, known)}"


# --- conduct and behaviour ------------------------------------------------------------------------------------------------------


def _conduct(scenario: Scenario) -> Iterator[Finding]:
    if not scenario.conduct:
        yield ("conduct",), "there is no class of conduct, so nothing would happen: write one at least"
    for name, one in scenario.conduct.items():
        path: Path = ("conduct", name)
        yield from unknown_levels(one.by, (*path, "by"))
        if one.rate.number * one.most > one.ceiling_a_day * (1 + 1e-9):
            yield (
                (*path, "ceiling"),
                (
                    f"the ceiling {one.ceiling} is exceeded: {one.rate.value} times {_multiplied(one)} is more. "
                    "Events are thinned from candidates at the ceiling, so too low a ceiling would lose events silently: raise it"
                ),
            )
        yield from (((*path, part), text) for part, text in _idle(scenario, one))


def _multiplied(one: Conduct) -> str:
    strain = max(1.0, one.strain.number)
    return f"a strain of {strain:g}" if one.most == strain else f"all that multiplies it ({one.most:g})"


def _idle(scenario: Scenario, one: Conduct) -> Iterator[tuple[str, str]]:
    """What would do nothing, because another part of the scenario is missing."""
    behaviour = scenario.behaviour
    if one.deterred and not (behaviour and (behaviour.belief.number or behaviour.learning.number)):
        yield "deterred", "nobody believes anything: write `behaviour` with a belief or learning, or leave `deterred` out"
    if one.when_given_up and not (behaviour and behaviour.gives_up_after):
        yield "when_given_up", "nobody ever gives up: write `behaviour.gives_up_after`, or leave `when_given_up` out"
    if one.near_gate and not any(gate.opens_at and gate.score in (None, "score") for gate in scenario.gates.values()):
        yield "near_gate", "no gate opens at a score of the public score, so nobody is ever near one: leave `near_gate` out"
    if one.near_gate and scenario.score.multiplies:
        yield "near_gate", "`within` counts points, and the public score multiplies: leave `near_gate` out, or add points"


def _behaviour(scenario: Scenario) -> Iterator[Finding]:
    behaviour = scenario.behaviour
    contested = scenario.redress or any("redress" in dotted for world in scenario.worlds.values() for dotted in world.set)
    contested = contested or any("redress" in dotted for stage in scenario.rollout for dotted in stage.set)
    if behaviour and behaviour.gives_up_after and not contested:
        yield ("behaviour", "gives_up_after"), "nobody appeals, so nobody loses an appeal: write `redress`, or leave `gives_up_after` out"
    if behaviour and behaviour.appeals_when_given_up.number < 1 and not behaviour.gives_up_after:
        yield ("behaviour", "appeals_when_given_up"), "nobody ever gives up: write `gives_up_after`, or leave this out"


# --- sources --------------------------------------------------------------------------------------------------------------------


def _sources(scenario: Scenario) -> Iterator[Finding]:
    if scenario.conduct and not any(source.records for source in scenario.sources.values()):
        yield ("sources",), "no source records anything, so there would be no records in any world: write one source at least"
    end = scenario.period.start + dt.timedelta(days=scenario.period.days)
    for name, source in scenario.sources.items():
        path: Path = ("sources", name)
        yield from unknown(source.records, scenario.conduct, (*path, "records"), "class of conduct", "conduct")
        since = source.namesakes.country_from if source.namesakes else None
        if since is not None and since >= end:
            yield (*path, "namesakes", "country_from"), f"{since} is not before the end of the period, so the scope never is the country"
        copied = source.duplicates.since if source.duplicates else None
        if copied is not None and copied >= end:
            yield (*path, "duplicates", "since"), f"{copied} is not before the end of the period, so nothing would come twice"
        for class_name, one in source.records.items():
            yield from _recording(source, class_name, one, (*path, "records", class_name))


def _recording(source: Source, class_name: str, one: Recording, here: Path) -> Iterator[Finding]:
    yield from unknown_levels(one.detect_by, (*here, "detect_by"))
    yield from unknown_levels(one.ghosts_by, (*here, "ghosts_by"))
    if (most := one.detect.number * float(factors(one.detect_by).max())) > 1 + 1e-12:
        yield (*here, "detect_by"), f"a group would be detected with probability {most:g}, and nothing is surer than 1: lower it"
    for other in one.misread:
        if other == class_name:
            yield (*here, "misread", other), f"a record of {other!r} that is written as one of {other!r} is right: leave this out"
        elif other not in source.records:
            known = nearest(other, (name for name in source.records if name != class_name))
            yield (*here, "misread", other), f"{other!r} is not recorded by this source, so it cannot be written there. {known}"
    if (most := sum(share.number for share in one.misread.values())) > 1 + 1e-12:
        yield (*here, "misread"), f"records would be misread with probability {most:g}, and nothing is surer than 1: lower it"


def _threats(scenario: Scenario) -> Iterator[Finding]:
    start = scenario.period.start
    end = start + dt.timedelta(days=scenario.period.days)
    for name, threat in scenario.threats.items():
        path: Path = ("threats", name)
        yield from unknown_levels(threat.rate_by, (*path, "rate_by"))
        yield from unknown(threat.records, scenario.sources, (*path, "records"), "source", "sources")
        for source, classes in threat.records.items():
            if source in scenario.sources:
                records = scenario.sources[source].records
                yield from unknown_in(classes, records, (*path, "records", source), "class recorded there", f"sources.{source}.records")
        if not any(threat.records.values()):
            yield (*path, "records"), "no record is concerned, so nothing would go wrong: name a source and classes"
        if threat.start < start:
            yield (*path, "from"), f"{threat.start} is before the period, which begins on {start}: begin the window in it"
        if threat.until > end:
            yield (*path, "until"), f"{threat.until} is after the end of the period ({end}): end the window in it"
    if scenario.threats and not any(world.records == "attacked" for world in scenario.worlds.values()):
        yield ("threats",), "no world has `records: attacked`, so no threat would ever come true: write such a world"


PEOPLE: tuple[Callable[[Scenario], Iterable[Finding]], ...] = (_regions, _conduct, _behaviour, _sources, _threats)
