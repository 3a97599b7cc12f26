"""A scenario becomes a rulebook: names turn into numbers, once, and the names are kept for the way back.

The shapes are those of `layout.Rulebook`, the meaning that of `docs/model.md`. A scenario that passed `check.problems` compiles. Here are
the whole, its worlds and stages, and the addresses of draws; the two sides are in `compile_people.py` and `compile_rules.py`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..layout import NEVER, QUALITIES, Ints, Populace, Rulebook, soft_gates
from . import compile_people, compile_rules
from .check import problems
from .compile_rules import Rules
from .country import margins
from .derived import channels, stream
from .model import Scenario
from .names import Names, floats, ints, words
from .overrides import in_world
from .rollout import Calendar, calendars
from .threats import BREACH
from .written import Problem, ScenarioError


@dataclass(frozen=True)
class Compiled:
    """All that a township is told, and the names behind the numbers."""

    populace: Populace
    names: Names
    region_numbers: Ints
    region_people: Ints
    books: tuple[Rulebook, ...]
    """The rulebook of each region; regions with the same stages share one."""

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook of the first region that is lived. The others differ from it in `row` and `stage_day` only."""
        return self.books[0]

    def book(self, row: int) -> Rulebook:
        """The rulebook of the region in that row."""
        return self.books[row]


def compile(scenario: Scenario) -> Compiled:  # noqa: A001  the verb of this house; the builtin is not wanted here
    """The scenario as numbers only."""
    from .populace import cell_shares, populace

    if found := problems(scenario):
        raise ScenarioError([Problem(".".join(map(str, path)) or "scenario", text) for path, text in found])
    country = margins(scenario.population.country)
    try:
        people, shares = populace(country, scenario.population), cell_shares(country)
    except ValueError as contradiction:
        raise ScenarioError([Problem("population.country", str(contradiction))]) from None
    lived, as_in = [region.name for region in scenario.population.lived], [world.as_in for world in scenario.worlds.values()]
    dated = calendars(scenario.rollout, lived, as_in, scenario.period.start)
    names = _names(scenario, dated)
    rows = _Rows(scenario, names)
    rows.fill(dated)
    common = Rulebook(
        **_calendar(scenario),
        **compile_people.conduct(scenario, names),
        **compile_people.channels(scenario, names, shares),
        **compile_people.threats(scenario, names),
        **_worlds(scenario, names),
        **rows.stacked(dated[0]),
        **compile_rules.shared(scenario, names),
        **_streams(names),
    )
    names = replace(names, soft=tuple(names.domains[d] for d in soft_gates(common)))
    books = {calendar: common._replace(**rows.lived(calendar)) for calendar in dict.fromkeys(dated)}
    numbers, sizes = ([getattr(region, what) for region in scenario.population.lived] for what in ("number", "population"))
    return Compiled(people, names, ints(numbers), ints(sizes), tuple(books[calendar] for calendar in dated))


def _names(scenario: Scenario, dated: list[Calendar]) -> Names:
    return Names(
        classes=tuple(scenario.conduct),
        channels=tuple(channels(scenario)),
        lists=tuple(scenario.lists),
        domains=tuple(scenario.gates),
        worlds=tuple(scenario.worlds),
        pairs=scenario.compare,
        bands=tuple(band.name for band in scenario.bands),
        regions=tuple(region.name for region in scenario.population.lived),
        scores=tuple(scenario.all_scores),
        logs=tuple(score.multiplies for score in scenario.all_scores.values()),
        threats=tuple(name for name, one in scenario.threats.items() if one.kind != BREACH),
        stages=tuple(
            tuple(tuple(name if day < NEVER else "" for day, name in zip(one.days, row, strict=True)) for row in one.worlds)
            for one in dated
        ),
    )


def _calendar(scenario: Scenario) -> dict[str, Any]:
    start, days = scenario.period.start, scenario.period.days
    dates = [start + dt.timedelta(days=day) for day in range(days)]
    months = [(day.year - start.year) * 12 + day.month - start.month for day in dates]
    return {"days": days, "month_of_day": ints(months)}


# --- worlds and stages ----------------------------------------------------------------------------------------------------------


class _Rows:
    """Rows of rules by world and stage; equal rules share a row, in the order of their first use."""

    def __init__(self, scenario: Scenario, names: Names) -> None:
        self.scenario, self.names = scenario, names
        self.stages = {stage.name: stage for stage in scenario.rollout}
        self.rows: list[Rules] = []
        self.numbers: dict[tuple[str, str], int] = {}

    def fill(self, dated: list[Calendar]) -> None:
        """Every world has its row in every stage."""
        said: dict[tuple[str, ...], Rules] = {}
        known: dict[tuple[bytes, ...], int] = {}
        for place, (name, world) in enumerate(self.scenario.worlds.items()):
            for stage in dict.fromkeys(stage for calendar in dated for stage in calendar.worlds[place]):
                words = (repr(world.set), str(world.without), world.rules, stage)
                if words not in said:
                    said[words] = self._rules(name, stage)
                contents = tuple(np.asarray(value).tobytes() for value in said[words])
                if contents not in known:
                    known[contents] = len(self.rows)
                    self.rows.append(said[words])
                self.numbers[name, stage] = known[contents]

    def _rules(self, name: str, stage_name: str) -> Rules:
        world, stage = self.scenario.worlds[name], self.stages.get(stage_name)
        there = stage.rules == "system" if stage else not self.stages
        if world.rules == "none" or not there:
            return compile_rules.no_rules(self.scenario, self.names)
        return compile_rules.rules(in_world(self.scenario, name, stage), self.names, stage, world.without)

    def lived(self, calendar: Calendar) -> dict[str, Any]:
        """The rows of the worlds in a region's stages, and their days."""
        rows = [
            [self.numbers[world, stage] for stage in stages] for world, stages in zip(self.scenario.worlds, calendar.worlds, strict=True)
        ]
        return {"row": ints(rows), "stage_day": floats(calendar.days)}

    def stacked(self, calendar: Calendar) -> dict[str, Any]:
        """The fields of a rulebook that have an axis of rows."""
        stacked = {name: np.array([getattr(one, name) for one in self.rows]) for name in Rules._fields}
        return {**stacked, **compile_rules.meter(self.rows), **self.lived(calendar)}


def _worlds(scenario: Scenario, names: Names) -> dict[str, Any]:
    worlds = scenario.worlds.values()
    return {
        "quality": ints(int(QUALITIES[world.records]) for world in worlds),
        "conduct": ints(-1 if world.conduct == "own" else names.worlds.index(world.conduct) for world in worlds),
        "pair_world": ints(names.worlds.index(world) for world, _ in names.pairs),
        "pair_versus": ints(names.worlds.index(versus) for _, versus in names.pairs),
    }


# --- addresses of draws ---------------------------------------------------------------------------------------------------------


def _streams(names: Names) -> dict[str, Any]:
    pairs = [f"{source}/{name}" for source, name in names.channels]
    lists = [stream(f"{pair}>{one}") for one in names.lists for pair in pairs]
    joint = [stream(f"{first}>{second}") for first in names.domains for second in names.domains]
    return {
        "stream": words(stream(name) for name in names.classes),
        "channel_stream": words(stream(pair) for pair in pairs),
        "ghost_stream": words(stream(f"{pair}#ghost") for pair in pairs),
        "abroad_stream": words(stream(f"{pair}#elsewhere") for pair in pairs),
        "copy_stream": words(stream(f"score:{name}") for name in names.scores),
        "threat_stream": words(stream(f"threat:{name}") for name in names.threats),
        "list_stream": words(lists).reshape(len(names.lists), len(pairs)),
        "gate_stream": words(stream(f"gate:{name}") for name in names.domains),
        "joint_stream": words(joint).reshape(len(names.domains), len(names.domains)),
    }
