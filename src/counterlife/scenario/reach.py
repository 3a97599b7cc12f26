"""Which records can close which gate, by the rules alone: nothing is lived, and nothing is said of how often.

A record of bad conduct closes a gate through a list or a score that the gate looks at, or because another gate that it closes brings joint
sanctions. What people do to one another's scores (friends, family) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .derived import opening
from .model import Scenario
from .overrides import in_world
from .rollout import Stage

DIRECT, JOINT = "direct", "joint"
Ways = Mapping[tuple[str, str], str]
"""By source and gate, how: `direct` by a list or a score, `joint` only through another gate."""


@dataclass(frozen=True)
class Rules:
    """What leads to what under all rules that a world ever lives."""

    to_scores: tuple[tuple[str, str], ...]
    """Source and score."""
    to_lists: tuple[tuple[str, str], ...]
    """Source, or score, and list."""
    to_gates: tuple[tuple[str, str], ...]
    """Score, or list, and gate."""
    joint: tuple[tuple[str, str], ...]
    """Gate, and gate that it closes with it."""

    @property
    def ways(self) -> Ways:
        """Which source reaches which gate, and how."""
        steps: dict[str, set[str]] = {}
        for one, two in (*self.to_scores, *self.to_lists, *self.to_gates):
            steps.setdefault(one, set()).add(two)
        gates = {gate for _, gate in self.to_gates}
        spread: dict[str, set[str]] = {}
        for one, two in self.joint:
            spread.setdefault(one, set()).add(two)
        sources = {one for one, _ in (*self.to_scores, *self.to_lists) if one.startswith("source:")}
        found: dict[tuple[str, str], str] = {}
        for source in sources:
            direct = _closure({source}, steps) & gates
            found |= {(source, gate): JOINT for gate in _closure(direct, spread)} | {(source, gate): DIRECT for gate in direct}
        return {(_name(source), _name(gate)): how for (source, gate), how in found.items()}


def rules(scenario: Scenario, world: str) -> Rules:
    """The rules that a world ever lives: as written, and as its stages set them."""
    lived: list[Scenario] = [in_world(scenario, world, stage) for stage in _stages(scenario)] or [in_world(scenario, world)]
    edges: dict[str, dict[tuple[str, str], None]] = {name: {} for name in ("to_scores", "to_lists", "to_gates", "joint")}
    for one in lived:
        for kind, edge in _edges(one):
            edges[kind][edge] = None
    return Rules(**{kind: tuple(some) for kind, some in edges.items()})


def _stages(scenario: Scenario) -> list[Stage]:
    return [stage for stage in scenario.rollout if stage.rules == "system"]


def _edges(scenario: Scenario) -> Iterator[tuple[str, tuple[str, str]]]:
    """What one set of rules lets lead to what."""
    written = {name: set(one.records) for name, one in scenario.sources.items()}  # what is misread is written as one of these too
    for score_name, score in scenario.all_scores.items():
        bad = {name for name in scenario.conduct if score.effect(name) < 0}
        for source, classes in written.items():
            if classes & bad and (not score.sources or source in score.sources):
                yield "to_scores", (f"source:{source}", f"score:{score_name}")
    for name, one in scenario.lists.items():
        if one.closes is None:
            continue
        listed = {what for what, share in one.on.items() if share.number > 0}
        for source in (source for source, classes in written.items() if classes & listed):
            yield "to_lists", (f"source:{source}", f"list:{name}")
        if one.score_below is not None:
            yield "to_lists", (f"score:{one.score or 'score'}", f"list:{name}")
        yield "to_gates", (f"list:{name}", f"gate:{one.closes}")
    for name, gate in scenario.gates.items():
        soft = any(share.number < 1 for share in (gate.pass_by_band or {}).values())
        ranked = scenario.reviews and gate.closes_lowest and gate.closes_lowest.number > 0
        if opening(scenario, name) is not None or ranked or soft:
            yield "to_gates", (f"score:{gate.score or 'score'}", f"gate:{name}")
    for first, row in scenario.joint.shares.items():
        for second in (second for second, share in row.items() if share.number > 0):
            yield "joint", (f"gate:{first}", f"gate:{second}")


def _closure(begin: set[str], steps: Mapping[str, set[str]]) -> set[str]:
    """All that can be reached from here by one step or more, and where one begins."""
    found, new = set(begin), set(begin)
    while new:
        new = set().union(*(steps.get(one, set()) for one in new)) - found
        found |= new
    return found


def _name(qualified: str) -> str:
    return qualified.partition(":")[2]
