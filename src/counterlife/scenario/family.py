"""Families: scenarios that differ in numbers or in structure and share their people, their candidates and all luck.

What keeps lives comparable is the ceiling of each class of conduct: it must be the same for the whole family, or events would be timed anew
when a rate moves (`docs/model.md`). So it is lifted once to the most that any variant needs. Which numbers are moved, and why, is for the
studies above to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from .finding import Finding
from .model import Scenario
from .overrides import first_of, locate, with_values
from .written import Path, nearest

QUESTION = (
    "title", "label", "claim", "question", "description", "period", "lives",
    "worlds", "safeguards", "structures", "cross_context", "compare",
)  # fmt: skip
"""What a structure leaves as it is."""


def variant(scenario: Scenario, values: Mapping[Path, Any], structure: str = "") -> Scenario:
    """The scenario in a structure ('' for its own) with these values; raises ValidationError where they cannot stand there."""
    changes = dict(_changes(scenario, structure)) if structure else {}
    bare = scenario.model_copy(update={"structures": {}})  # a variant has no structures of its own
    return with_values(bare, {**changes, **values}) if changes or values else bare


def lifted(scenario: Scenario, variants: Iterable[Scenario] = ()) -> Scenario:
    """The scenario whose ceilings suffice for itself and for all variants."""
    needed = {name: one.ceiling_a_day for name, one in scenario.conduct.items()}
    for one in (scenario, *variants):
        for name, each in one.conduct.items():
            needed[name] = max(needed.get(name, 0.0), each.rate.number * each.most)
    conduct = {
        name: one.model_copy(update={"ceiling": f"{needed[name]!r} per day"}) if needed[name] > one.ceiling_a_day else one
        for name, one in scenario.conduct.items()
    }
    return scenario.model_copy(update={"conduct": conduct})


def structure_problems(scenario: Scenario) -> Iterator[Finding]:
    """What is wrong with the structures as they are written; whether each can be lived is for `check.problems` to say."""
    for name, one in scenario.structures.items():
        place: Path = ("structures", name)
        if not one.set and not one.leave_out:
            yield place, "this structure changes nothing: write what it sets, or what it leaves out"
        found = [((*place, "set", dotted), text) for dotted in one.set for text in _misplaced(scenario, dotted)]
        found += [((*place, "leave_out", at), text) for at, dotted in enumerate(one.leave_out) for text in _misplaced(scenario, dotted)]
        yield from found
        if not found:
            try:
                variant(scenario, {}, name)
            except ValidationError as error:
                yield (*place, "set"), f"in this structure: {first_of(error)}"


def _misplaced(scenario: Scenario, dotted: str) -> Iterator[str]:
    first = dotted.split(".")[0]
    if first in QUESTION or dotted == "population.people":
        left = "a structure leaves the period, the worlds, what is compared and how many people are lived as they are"
        yield f"a structure cannot change {dotted!r}: {left}, so that its results answer the same question"
        return
    try:
        locate(scenario, dotted)
    except ValueError as error:
        yield str(error)


def _changes(scenario: Scenario, structure: str) -> Iterator[tuple[Path, Any]]:
    if structure not in scenario.structures:
        raise ValueError(f"{structure!r} is no structure of this scenario. {nearest(structure, scenario.structures)}")
    one = scenario.structures[structure]
    yield from ((locate(scenario, dotted), value) for dotted, value in one.set.items())
    yield from ((locate(scenario, dotted), None) for dotted in one.leave_out)
