"""What measures and reports need to know of a scenario, in plain data."""

from __future__ import annotations

from ..layout import YEAR
from ..measures import Conduct, Domain, Facts, Safeguard, Source, Stage, World
from ..scenario import Scenario, ledger
from ..scenario.derived import joint_shares
from ..scenario.overrides import in_world

BOOK = "as in "  # begins the name of a world that is the rule book of another region


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
        books=tuple(name for name in scenario.worlds if name.startswith(BOOK)),
    )


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
