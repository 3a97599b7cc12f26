"""What each mechanism costs: the scenario `article` in six worlds on one core, with one family of mechanisms switched off at a time.

A family is switched off in the compiled rulebook, where its neutral values are those that the scenario compiles to without it. Families
share work, so costs do not add up.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from time import perf_counter
from typing import Any

import numpy as np

from counterlife.layout import Rulebook
from counterlife.scenario import load
from counterlife.scenario.allotment import places
from counterlife.scenario.compile import compile as compiled
from counterlife.township.township import live_township

REPEATS = 3


def without(*names: str, value: float = 0) -> Callable[[Rulebook], Rulebook]:
    """The rulebook with fields that hold the value only."""

    def change(rules: Rulebook) -> Rulebook:
        return rules._replace(**{name: np.full_like(getattr(rules, name), value) for name in names})

    return change


def without_reactions(rules: Rulebook) -> Rulebook:
    """Nobody's conduct answers to anything."""
    return without("strain", "near", "weary", value=1)(without("deter", "burst")(rules))


def without_threats(rules: Rulebook) -> Rulebook:
    """No threat is in the table."""
    fields: dict[str, Any] = {name: getattr(rules, name)[:0] for name in rules._fields if name.startswith("threat")}
    return rules._replace(**fields)


FAMILIES: dict[str, Callable[[Rulebook], Rulebook]] = {
    "everything": lambda rules: rules,
    "no commercial traits": without("proxy", "proxy_cell"),
    "no reactions": without_reactions,
    "no redress": without("contestable"),
    "no officers' judgement": without("severity", "leniency", "discretion"),
    "no threats": without_threats,
    "no links": without("link"),
}


def measure(townships: int = 6) -> dict[str, float]:
    """Milliseconds for a township of 10,000, the best of the repeats, for each family switched off."""
    scenario = compiled(load("article", ["safeguards={}"]))
    where = places(scenario.region_people.tolist(), scenario.region_numbers.tolist(), 31)[:townships]
    live_township(where[0], scenario.book(where[0].row), scenario.populace, 1, 0)
    costs = {}
    for name, change in FAMILIES.items():
        best = inf
        for _ in range(REPEATS):
            begin = perf_counter()
            for place in where:
                live_township(place, change(scenario.book(place.row)), scenario.populace, 1, 0)
            best = min(best, perf_counter() - begin)
        costs[name] = best / len(where) * 1e3
    return costs
