"""What measures and reports need to know of a scenario, in plain data."""

from __future__ import annotations

from ..layout import YEAR
from ..measures import Breach, Conduct, Domain, Facts, Safeguard, Source, Stage, World
from ..scenario import Scenario, ledger
from ..scenario.alike import channels
from ..scenario.derived import joint_shares
from ..scenario.overrides import in_world
from ..scenario.rollout import calendars, stages_of
from ..scenario.threats import BREACH
from ..scenario.worlds import book_pairs, shock_worlds


def facts(scenario: Scenario) -> Facts:
    """The facts of a scenario: its words, its worlds, the populations of the regions that are lived, and its assumptions."""
    lived = scenario.population.lived
    return Facts(
        title=scenario.title,
        label=scenario.label,
        claim=scenario.claim,
        question=scenario.question,
        description=scenario.description,
        days=scenario.period.days,
        start=scenario.period.start,
        people_in_country=float(sum(region.population for region in lived)),
        region_people={region.name: float(region.population) for region in lived},
        tiles={region.name: (region.tile_row, region.tile_column) for region in lived},
        worlds={name: World(one.letter, one.title, one.rules, one.records, one.conduct) for name, one in scenario.worlds.items()},
        pairs=tuple(scenario.compare),
        domains=_domains(scenario),
        classes={
            name: Conduct(one.title, one.sign, one.context, one.gravity.number, one.near_gate is not None)
            for name, one in scenario.conduct.items()
        },
        sources={name: Source(source.title, source.context) for name, source in scenario.sources.items()},
        ledger=tuple(ledger(scenario)),
        bands=tuple(band.name for band in scenario.bands),
        safeguards=_safeguards(scenario),
        stages=_stages(scenario),
        books=_books(scenario),
        stage_days=_stage_days(scenario),
        shocks=_shocks(scenario),
        breaches=_breaches(scenario),
        channels=channels(scenario),
    )


def _stage_days(scenario: Scenario) -> dict[str, tuple[float, ...]]:
    lived, as_in = [region.name for region in scenario.population.lived], [world.as_in for world in scenario.worlds.values()]
    dated = calendars(scenario.rollout, lived, as_in, scenario.period.start)
    return {region: calendar.days for region, calendar in zip(lived, dated, strict=True)}


def _shocks(scenario: Scenario) -> dict[str, tuple[str, str]]:
    stage = scenario.consolidation
    if stage is None:
        return {}
    settled, old = shock_worlds(stage, scenario.worlds["designed"])
    return {stage: (settled, old)}


def _breaches(scenario: Scenario) -> dict[str, Breach]:
    start = scenario.period.start
    return {
        name: Breach(
            one.title,
            one.hazard.number if one.hazard else 0.0,
            (one.start - start).days,
            (one.until - start).days,
            tuple(source for source, classes in one.records.items() if classes),
        )
        for name, one in scenario.threats.items()
        if one.kind == BREACH
    }


def _books(scenario: Scenario) -> dict[str, float]:
    """Worlds that are the rule books of regions and otherwise the same as the first of them, and how many regions have each.

    Where two worlds are the same rule book, each stands for half of its regions.
    """
    lived, start = [region.name for region in scenario.population.lived], scenario.period.start
    names = list(dict.fromkeys(name for pair in book_pairs(scenario.worlds) for name in pair))
    names = [name for name in names if names[0] == name or (names[0], name) in book_pairs(scenario.worlds)]
    stages = {name: tuple(stages_of(scenario.rollout, str(scenario.worlds[name].as_in), start)) for name in names}
    having = {book: max(1, sum(tuple(stages_of(scenario.rollout, one, start)) == book for one in lived)) for book in set(stages.values())}
    return {name: having[book] / list(stages.values()).count(book) for name, book in stages.items()}


def _domains(scenario: Scenario) -> dict[str, Domain]:
    return {
        name: Domain(
            gate.title,
            gate.context,
            gate.belongs_to == "children",
            gate.essential,
            gate.applications.number * YEAR if gate.applications else 0.0,
        )
        for name, gate in scenario.gates.items()
    }


def _safeguards(scenario: Scenario) -> dict[str, Safeguard]:
    """What protects people, and whether it does away with the joint sanctions that the design has."""
    joined = joint_shares(scenario).any()
    return {
        name: Safeguard(
            one.title,
            one.reviewer_hours.number if one.reviewer_hours else 0.0,
            bool(joined and not joint_shares(in_world(scenario, name)).any()),
        )
        for name, one in scenario.safeguards.items()
    }


def _stages(scenario: Scenario) -> tuple[Stage, ...]:
    """The changes of the rules in the period, and the regions that are lived in which they happen; none are named where all are."""
    lived = [region.name for region in scenario.population.lived]
    found = []
    for stage in scenario.rollout:
        day, reached = (stage.start - scenario.period.start).days, tuple(name for name in lived if stage.reaches(name))
        if day > 0 and reached:
            found.append(Stage(stage.name, day, () if len(reached) == len(lived) else reached))
    return tuple(found)
