"""What follows from a scenario by arithmetic: streams, channels, group factors, and how far restrictions breed restrictions.

Nothing is judged here (that is `check.py`) and nothing is numbered (that is `compile.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..layout import AXES, CELLS, Floats
from .model import Scenario
from .parts import ByGroup, PointsByGroup
from .system import Score


def stream(name: str) -> int:
    """The stream of a qualified name: the first four bytes, big-endian, of its SHA-256."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:4], "big")


def channels(scenario: Scenario) -> list[tuple[str, str]]:
    """(source, class) of every channel, class by class in the order of `conduct`."""
    return [(source, name) for name in scenario.conduct for source, one in scenario.sources.items() if name in one.records]


def factors(by: ByGroup) -> Floats:
    """The product of the group multipliers for each cell, (CELLS,)."""
    product = np.ones(1)
    for axis, levels in by.items():
        product = np.multiply.outer(product, _by_level(axis, levels, 1.0))
    return product.reshape(CELLS)


def group_points(by: PointsByGroup) -> Floats:
    """The sum of the points of its groups for each cell, (CELLS,)."""
    total = np.zeros(1)
    for axis, levels in by.items():
        total = np.add.outer(total, _by_level(axis, levels, 0.0))
    return total.reshape(CELLS)


def _by_level(axis: str, levels: Mapping[str, Any], otherwise: float) -> Floats:
    return np.array([levels[level].number if level in levels else otherwise for level in AXES[axis]])


def spectral_radius(matrix: Floats) -> float:
    """The largest absolute eigenvalue."""
    return float(np.abs(np.linalg.eigvals(matrix)).max(initial=0.0))


def joint_shares(scenario: Scenario) -> Floats:
    """The joint-sanction matrix, (D, D)."""
    domains = list(scenario.gates)
    matrix = np.zeros((len(domains), len(domains)))
    for first, row in scenario.joint.shares.items():
        for second, share in row.items():
            matrix[domains.index(first), domains.index(second)] = share.number
    return matrix


# --- the next generation ---------------------------------------------------------------------------------------------------------


def next_generation(scenario: Scenario) -> Floats:
    """An estimate of the new restrictions in each domain that one restriction in each other brings, (D, D): row the cause.

    Joint sanctions count as they are. A class of which closed gates bring more adds, for each day of the restriction, its extra events,
    times the share recorded, times the chance that a record closes the gate: the listing share over the listings needed, or the points
    as a share of the way from the start to the mark. For a person of frailty and multipliers 1; a restriction lasts as long as the means
    that bring it say, and the period at most.
    """
    matrix = joint_shares(scenario)
    domains = list(scenario.gates)
    strained = {name: one.rate.number * (one.strain.number - 1.0) for name, one in scenario.conduct.items() if one.strain.number > 1.0}
    if not strained:
        return matrix
    chances = np.array([[sum(chance for chance, _ in _ways(scenario, name, gate)) for gate in domains] for name in strained])
    extra = np.array(list(strained.values())) @ chances
    for first, gate in enumerate(domains):
        if scenario.gates[gate].belongs_to != "children":
            matrix[first] += _length(scenario, gate) * extra
    return matrix


def spreading(scenario: Scenario) -> list[str]:
    """The next-generation matrix in lines of text; none where no restriction brings another."""
    matrix, domains = next_generation(scenario), list(scenario.gates)
    if not matrix.any():
        return []
    head = f"Next generation: an estimate of the restrictions that one restriction brings; spectral radius {spectral_radius(matrix):.2f}"
    rows = [", ".join(f"{share:.2f} {domain}" for domain, share in zip(domains, row, strict=True) if share > 0) for row in matrix]
    return [head, *(f"    {domain}: {row}" for domain, row in zip(domains, rows, strict=True) if row)]


def _ways(scenario: Scenario, name: str, gate_name: str) -> Iterator[tuple[float, float]]:
    """The ways in which records of a class close a gate: chance that an event does, mean days."""
    days, conduct = float(scenario.period.days), scenario.conduct[name]
    detected = sum(source.records[name].detect.number for source in scenario.sources.values() if name in source.records)
    settled = conduct.settled_after.number if conduct.settled_after else days
    for one in scenario.lists.values():
        if one.closes != gate_name:
            continue
        if name in one.on:
            yield detected * one.on[name].number / one.needs, min(one.term.number, settled, days)
        elif one.score_below is not None:
            score = scenario.all_scores[one.score or "score"]
            yield detected * _reach(score, name, score.mark(one.score_below.number)), min(one.term.number, days)
    gate = scenario.gates[gate_name]
    if gate.opens_at is not None:
        score = scenario.all_scores[gate.score or "score"]
        kept = score.keep.get(name, score.keep["default"]).number
        yield detected * _reach(score, name, opening(scenario, gate_name)), min(kept, settled, days)


def opening(scenario: Scenario, gate_name: str) -> int | None:
    """The number from which a gate with `opens_at` is open, None where it is open at any score."""
    gate = scenario.gates[gate_name]
    if gate.opens_at is None:
        return None
    score, value = scenario.all_scores[gate.score or "score"], gate.opens_at.value
    start = next((band.start for band in scenario.bands if band.name == value), "lowest") if isinstance(value, str) else value
    return None if isinstance(start, str) else score.mark(start)


def _reach(score: Score, name: str, mark: int | None) -> float:
    """A record's points as a share of the way from the start to below a mark."""
    effect = score.effect(name)
    if mark is None or effect >= 0:
        return 0.0
    return float(min(1.0, -effect / max(1, score.number(score.start.number) - mark)))


def _length(scenario: Scenario, gate_name: str) -> float:
    """Mean days of a restriction, over the ways in which it comes about."""
    weights = [
        (one.rate.number * chance, days) for name, one in scenario.conduct.items() for chance, days in _ways(scenario, name, gate_name)
    ]
    total = sum(weight for weight, _ in weights)
    return sum(weight * days for weight, days in weights) / total if total > 0 else 0.0
