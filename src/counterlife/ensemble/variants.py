"""The variants of a sweep: a scenario for each set of numbers and each structure, all with the same people and the same luck.

The ceilings of conduct are lifted once to what the widest ranges need, so that raising a rate adds events and moves none (P12 of the
method).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ..scenario import Problem, Scenario, ScenarioError
from ..scenario.family import lifted, variant
from ..scenario.overrides import first_of
from ..scenario.written import Path
from .dimensions import Dimension, stated

OWN = ""  # the structure that the scenario itself has


@dataclass(frozen=True)
class Family:
    """A scenario with ceilings that suffice for every variant, and what its variants differ in."""

    scenario: Scenario
    dimensions: tuple[Dimension, ...]

    @property
    def structures(self) -> tuple[str, ...]:
        """The scenario's own structure, and its others."""
        return (OWN, *self.scenario.structures)

    def variant(self, coordinates: Sequence[float] | None, structure: str = OWN) -> Scenario:
        """The scenario at coordinates (k,), or with its own numbers where None is given; raises ScenarioError where there can be none."""
        if coordinates is None:
            return changed(self.scenario, {}, structure)
        moved = {one.path: one.written(one.value(u)) for one, u in zip(self.dimensions, coordinates, strict=True)}
        return changed(self.scenario, moved, structure)


def family(scenario: Scenario, dimensions: Sequence[Dimension] = ()) -> Family:
    """The family over these dimensions; ceilings allow for the ranges that the scenario states as well, whether or not they are varied."""
    return Family(lifted(scenario, _widest(scenario, dimensions)), tuple(dimensions))


def changed(scenario: Scenario, values: Mapping[Path, Any], structure: str = OWN) -> Scenario:
    """The scenario with these values; raises ScenarioError where they cannot stand there."""
    try:
        return variant(scenario, values, structure)
    except ValidationError as error:
        raise ScenarioError([Problem("the numbers that were varied", first_of(error))]) from None


def _widest(scenario: Scenario, dimensions: Sequence[Dimension]) -> list[Scenario]:
    """Variants at which ceilings are needed most: all numbers at their high ends, one choice after the other, in every structure."""
    varied = [*stated(scenario), *dimensions]
    top = {one.path: one.written(one.high) for one in varied if not one.choices}
    tops = [top, *({**top, one.path: choice} for one in varied for choice in one.choices)]
    found = []
    for values in tops:
        for structure in (OWN, *scenario.structures):
            for some in (values, {path: value for path, value in values.items() if path[0] == "conduct"}):
                with suppress(ValidationError):
                    found.append(variant(scenario, some, structure))
    return found
