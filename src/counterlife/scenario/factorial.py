"""Every combination of some safeguards as worlds over the same lives: the full factorial, in as few scenarios as have room for it.

A combination is written as one safeguard that sets what all of its members set, so it brings its two worlds and their comparisons as any
other does. What the worlds show is worked out in `measures.factorial`; runs are made in `study.factorial`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..layout import MOST
from . import check
from .model import Scenario, completed
from .quantity import Factor
from .worlds import ACCURATE, DESIGN, Safeguard, reference
from .written import Problem, ScenarioError, nearest

MOST_SAFEGUARDS = 5
BETWEEN = "_and_"
"""Between the names of safeguards, in the name of their combination."""
TITLES = " + "


@dataclass(frozen=True)
class Factorial:
    """The combinations of some safeguards, and the scenarios in which they are lived."""

    names: tuple[str, ...]
    """The safeguards, in the order of the scenario."""
    combinations: tuple[tuple[str, ...], ...]
    """All combinations, the unchanged design (no safeguard) first, then by how many they are."""
    parts: tuple[Scenario, ...]
    """Scenarios over the same people: each has the design, its accurate twin, and some of the combinations with theirs."""
    reference: str = ACCURATE
    """The world beside which days are wrongful."""


def world_of(combination: Sequence[str]) -> str:
    """The world of a combination; its accurate twin is that of the safeguard by this name."""
    return BETWEEN.join(combination) or DESIGN


def twin_of(combination: Sequence[str]) -> str:
    """The world of the same rules with accurate records."""
    return f"{world_of(combination)} accurate" if combination else ACCURATE


def factorial(scenario: Scenario, of: Sequence[str] = ()) -> Factorial:
    """All combinations of the named safeguards, or of all that the scenario has; raises ScenarioError where they cannot be combined.

    Each part has as many combinations as worlds, pairs and sets of rules have room for (`layout.MOST`).
    """
    names = _chosen(scenario, of)
    _refuse_clashes(scenario, names)
    combinations = tuple(itertools.chain.from_iterable(itertools.combinations(names, size) for size in range(len(names) + 1)))
    if len({world_of(one) for one in combinations}) < len(combinations):
        raise _error("safeguards", f"two combinations would have one name, because a safeguard has {BETWEEN!r} in its own: rename it")
    room = _room(scenario, combinations[1:])
    runs = -(-(len(combinations) - 1) // room)
    fair = -(-(len(combinations) - 1) // runs)
    parts = tuple(_part(scenario, combinations[1:][start : start + fair]) for start in range(0, len(combinations) - 1, fair))
    for part in parts:
        _refuse_impossible(part)
    return Factorial(names, combinations, parts, reference(scenario.worlds, scenario.compare))


def _chosen(scenario: Scenario, of: Sequence[str]) -> tuple[str, ...]:
    known = tuple(scenario.safeguards)
    if not known:
        raise _error("safeguards", "this scenario has none, so nothing can be combined: write what would protect people under `safeguards`")
    for name in of:
        if name not in known:
            raise _error("safeguards", f"{name!r} is no safeguard of this scenario. {nearest(name, known)}")
    names = tuple(name for name in known if not of or name in of)
    if len(names) > MOST_SAFEGUARDS:
        raise _error(
            "safeguards",
            f"{len(names)} safeguards have {2 ** len(names)} combinations, and at most {MOST_SAFEGUARDS} are combined "
            f"({2**MOST_SAFEGUARDS}): name those that matter (--of {','.join(names[:MOST_SAFEGUARDS])})",
        )
    return names


def _refuse_clashes(scenario: Scenario, names: Sequence[str]) -> None:
    """Two safeguards may set the same only to the same value, and neither may set a part of what the other sets as a whole."""
    found = []
    for first, second in itertools.combinations(names, 2):
        one, other = scenario.safeguards[first].set, scenario.safeguards[second].set
        for path, further in itertools.product(one, other):
            if path == further and one[path] != other[path]:
                said = f"{first!r} sets {path} to {_shown(one[path])} and {second!r} to {_shown(other[path])}"
            elif path.startswith(f"{further}.") or further.startswith(f"{path}."):
                said = f"{first!r} sets {path} and {second!r} sets {further}, of which one is a part of the other"
            else:
                continue
            found.append(f"{said}: what both together mean is not said. Combine one of them (--of), or write the two as one safeguard")
    if found:
        raise ScenarioError([Problem("safeguards", text) for text in found])


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:36]} ..."


def _part(scenario: Scenario, combinations: Sequence[tuple[str, ...]]) -> Scenario:
    """The scenario with these combinations for safeguards, and without worlds that none of them needs."""
    worlds = {name: scenario.worlds[name] for name in _base(scenario)}
    attacked = any(world.records == "attacked" for world in worlds.values())
    update = {
        "worlds": worlds,
        "safeguards": {world_of(one): _together([scenario.safeguards[name] for name in one]) for one in combinations},
        "threats": scenario.threats if attacked else {},
        "cross_context": False,
        "compare": tuple((DESIGN, versus) for versus in dict.fromkeys((reference(scenario.worlds, scenario.compare), ACCURATE))),
    }
    return completed(scenario.model_copy(update=update))


def _together(members: Sequence[Safeguard]) -> Safeguard:
    """What the members set and take together, as one safeguard."""
    rules: dict[str, Any] = {}
    for one in members:
        rules |= one.set
    hours = [one.reviewer_hours.number for one in members if one.reviewer_hours is not None]
    note = "the sum of what its safeguards take"
    together = (
        Factor(value=sum(hours), note=note) if len(hours) > 1 else next((one.reviewer_hours for one in members if one.reviewer_hours), None)
    )
    return Safeguard(title=TITLES.join(one.title for one in members), set=rules, reviewer_hours=together)


def _base(scenario: Scenario) -> Iterator[str]:
    """The design, its accurate twin, the reference, and the worlds whose conduct they live, in the scenario's order."""
    needed = {DESIGN, ACCURATE, reference(scenario.worlds, scenario.compare)}
    needed |= {scenario.worlds[name].conduct for name in needed} - {"own"}
    return (name for name in scenario.worlds if name in needed)


def _room(scenario: Scenario, combinations: Sequence[tuple[str, ...]]) -> int:
    """How many combinations fit into one scenario, with a twin each: the largest number that does, at least one."""
    for count in range(len(combinations), 1, -1):
        part = _part(scenario, combinations[:count])
        if len(part.worlds) <= MOST["worlds"] and len(part.compare) <= MOST["pairs"] and check.rows(part) <= MOST["rows"]:
            return count
    return 1


def _refuse_impossible(part: Scenario) -> None:
    found = check.problems(part)
    if found:
        raise ScenarioError([Problem("safeguards", f"{' '.join(map(str, path[1:2]))}: {text}") for path, text in found])


def _error(place: str, text: str) -> ScenarioError:
    return ScenarioError([Problem(place, text)])
