"""What measures and reports need to know of a scenario, in plain data."""

from __future__ import annotations

from ..measures import Conduct, Domain, Facts, Source, World
from ..scenario import Scenario, ledger


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
        worlds={name: World(world.letter, world.title, world.rules, world.records) for name, world in scenario.worlds.items()},
        pairs=tuple(scenario.compare),
        domains={
            name: Domain(gate.title, gate.context, gate.belongs_to == "children", gate.essential) for name, gate in scenario.gates.items()
        },
        classes={name: Conduct(one.title, one.sign, one.context, one.gravity.number) for name, one in scenario.conduct.items()},
        sources={name: Source(source.title, source.context) for name, source in scenario.sources.items()},
        ledger=tuple(ledger(scenario)),
        bands=tuple(band.name for band in scenario.bands),
    )
