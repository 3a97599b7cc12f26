"""Everybody lived again as if groups differed in fewer ways: the scenarios by which gaps between groups are split (M12).

Draws are addressed by cause, so they are the same lives: with a group factor gone, rates rise or fall and nothing else is drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

from .model import Scenario, Source, completed
from .parts import ByGroup

BETWEEN = "+"  # the names of channels that are made alike together


def _conduct(scenario: Scenario) -> Scenario:
    """Everybody has a class's own rate."""
    return scenario.model_copy(
        update={"conduct": {name: one.model_copy(update={"by": ByGroup()}) for name, one in scenario.conduct.items()}}
    )


def _detection(scenario: Scenario) -> Scenario:
    """Everybody is recorded, rightly or for nothing, as often as a source's own shares say."""

    def alike(source: Source) -> Source:
        same = {"detect_by": ByGroup(), "ghosts_by": ByGroup()}
        return source.model_copy(update={"records": {name: one.model_copy(update=same) for name, one in source.records.items()}})

    return scenario.model_copy(update={"sources": {name: alike(one) for name, one in scenario.sources.items()}})


def _namesakes(scenario: Scenario) -> Scenario:
    """Nobody's records reach anybody else: the only share of lost identifiers at which common names are like rare ones."""
    return scenario.model_copy(
        update={"sources": {name: one.model_copy(update={"namesakes": None}) for name, one in scenario.sources.items()}}
    )


def _redress(scenario: Scenario) -> Scenario:
    """Everybody who knows of a record appeals as often as somebody of a group without a factor."""
    same = scenario.redress and scenario.redress.model_copy(update={"take_up_by": ByGroup()})
    return scenario.model_copy(update={"redress": same})


CHANNELS: Mapping[str, Callable[[Scenario], Scenario]] = {
    "conduct": _conduct,
    "detection": _detection,
    "namesakes": _namesakes,
    "redress": _redress,
}


def channels(scenario: Scenario) -> tuple[str, ...]:
    """The channels through which groups can come to differ in this scenario, where its gaps are to be split."""
    return tuple(name for name, change in CHANNELS.items() if scenario.split_gaps and change(scenario) != scenario)


def variants(scenario: Scenario) -> dict[str, Scenario]:
    """For every set of channels but the empty one, by their names: the first comparison, with these channels alike for all groups."""
    found, own = {}, channels(scenario)
    for size in range(1, len(own) + 1):
        for some in combinations(own, size):
            alike = _first_comparison(scenario)
            for name in some:
                alike = CHANNELS[name](alike)
            found[BETWEEN.join(some)] = alike
    return found


def _first_comparison(scenario: Scenario) -> Scenario:
    """The scenario with the two worlds that it compares first, and those whose conduct they live."""
    pair = scenario.compare[0]
    needed = {*pair, *(scenario.worlds[name].conduct for name in pair)}
    worlds = {name: world for name, world in scenario.worlds.items() if name in needed}
    nothing: dict[str, object] = {
        "safeguards": {},
        "cross_context": False,
        "every_rule_book": False,
        "consolidation": None,
        "split_gaps": False,
    }
    if not any(world.records == "attacked" for world in worlds.values()):
        nothing["threats"] = {}
    return completed(scenario.model_copy(update={**nothing, "worlds": worlds, "compare": (pair,)}))
