"""A scenario becomes a rulebook: names turn into numbers, once, and the names are kept for the way back.

The shapes are those of `layout.Rulebook`, the meaning that of `docs/model.md`. A scenario that passed `check.problems` compiles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..layout import (
    AGE_EDGES,
    AXES,
    CELLS,
    NEVER,
    QUALITIES,
    YEAR,
    Delay,
    Floats,
    Ints,
    Key,
    Link,
    ListKind,
    Populace,
    Rulebook,
    Scope,
    Words,
)
from .check import channels, factors, joint_shares, problems, stream
from .country import margins
from .model import Scenario
from .overrides import in_world
from .system import Delays
from .units import thousandths
from .written import Problem, ScenarioError

UNBOUNDED = 2**62
ALWAYS_OPEN = int(np.iinfo(np.int64).min)
_LEAST_CEILING = 1e-12  # candidates a day of a class whose rate is zero

_LINKS = {"assign one": Link.ASSIGN_ONE, "pairwise": Link.PAIRWISE}
_SCOPES = {"township": Scope.TOWNSHIP, "country": Scope.COUNTRY}
_KEYS = {"name": Key.NAME, "name and year": Key.NAME_YEAR, "name and date": Key.NAME_DATE}


@dataclass(frozen=True)
class Names:
    """What the numbers of a rulebook stand for, in their order."""

    classes: tuple[str, ...]
    channels: tuple[tuple[str, str], ...]
    lists: tuple[str, ...]
    domains: tuple[str, ...]
    worlds: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    bands: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True)
class Compiled:
    """All that a township is told, and the names behind the numbers."""

    rulebook: Rulebook
    populace: Populace
    names: Names
    region_numbers: Ints
    region_people: Ints


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
    names = _names(scenario)
    rulebook = Rulebook(
        **_calendar(scenario),
        **_conduct(scenario, names),
        **_channels(scenario, names, shares),
        **_worlds(scenario, names),
        **_streams(names),
        **_domains(scenario, names),
    )
    numbers, sizes = ([getattr(region, what) for region in scenario.population.lived] for what in ("number", "population"))
    return Compiled(rulebook, people, names, _ints(numbers), _ints(sizes))


def _names(scenario: Scenario) -> Names:
    return Names(
        classes=tuple(scenario.conduct),
        channels=tuple(channels(scenario)),
        lists=tuple(scenario.lists),
        domains=tuple(scenario.gates),
        worlds=tuple(scenario.worlds),
        pairs=scenario.compare,
        bands=tuple(band.name for band in scenario.bands),
        regions=tuple(region.name for region in scenario.population.lived),
    )


def _calendar(scenario: Scenario) -> dict[str, Any]:
    start, days = scenario.period.start, scenario.period.days
    dates = [start + dt.timedelta(days=day) for day in range(days)]
    months = [(day.year - start.year) * 12 + day.month - start.month for day in dates]
    return {"days": days, "month_of_day": np.array(months, np.int64)}


# --- people's side: conduct and records -----------------------------------------------------------------------------------------


def _conduct(scenario: Scenario, names: Names) -> dict[str, Any]:
    classes = list(scenario.conduct.values())
    ceiling = _floats([max(one.ceiling_a_day, _LEAST_CEILING) for one in classes])
    counts = [sum(name == channel[1] for channel in names.channels) for name in names.classes]
    return {
        "ceiling": ceiling,
        "accept": np.minimum(_floats([one.rate.number for one in classes]) / ceiling, 1.0),
        "strain": _floats([one.strain.number for one in classes]),
        "factor": np.array([factors(one.by) for one in classes]),
        "frail": _ints([bool(one.frail) and scenario.frailty is not None for one in classes]),
        "own_shape": _floats([one.own_frailty.number if one.own_frailty else 0.0 for one in classes]),
        "from_age": _floats([one.from_age.number for one in classes]),
        "settles": _floats([one.settled_after.number if one.settled_after else 0.0 for one in classes]),
        "first": _ints([0, *np.cumsum(counts)]),
        "frailty_shape": scenario.frailty.shape.number if scenario.frailty else 0.0,
    }


def _channels(scenario: Scenario, names: Names, shares: Floats) -> dict[str, Any]:
    sources = [scenario.sources[source] for source, _ in names.channels]
    recordings = [scenario.sources[source].records[name] for source, name in names.channels]
    delays = [source.delay.fixed or source.delay.exponential for source in sources]
    links = [source.namesakes for source in sources]
    detect = np.array([one.detect.number * factors(one.detect_by) for one in recordings])
    return {
        "channel_class": _ints([names.classes.index(name) for _, name in names.channels]),
        "detect": np.minimum(detect, 1.0),
        "ghost": np.array([one.ghosts.number * factors(one.ghosts_by) for one in recordings]),
        "delay_law": _ints([Delay.FIXED if source.delay.fixed else Delay.EXPONENTIAL for source in sources]),
        "delay_days": _floats([delay.number if delay else 0.0 for delay in delays]),
        "link": _ints([_LINKS[link.mode] if link else Link.NONE for link in links]),
        "link_share": _floats([link.share.number if link else 0.0 for link in links]),
        "link_scope": _ints([_SCOPES[link.scope] if link else Scope.TOWNSHIP for link in links]),
        "link_key": _ints([_KEYS[link.key] if link else Key.NAME for link in links]),
        "inflow": _floats([_inflow(scenario, name, row, shares) for (_, name), row in zip(names.channels, detect, strict=True)]),
        "updated": _floats([source.staleness.updated.number for source in sources]),
        "update_days": _floats([source.staleness.after.number for source in sources]),
    }


def _inflow(scenario: Scenario, name: str, detect: Floats, shares: Floats) -> float:
    """Mean recorded events of the class per person-day in the country; a group that is wholly too young adds none."""
    one = scenario.conduct[name]
    until = np.append(AGE_EDGES, np.inf) > one.from_age.number
    old_enough = np.broadcast_to(until[None, :, None], (len(AXES["sex"]), len(AXES["age"]), CELLS // 8)).reshape(CELLS)
    return float(np.sum(shares * old_enough * factors(one.by) * detect)) * one.rate.number


# --- the system's side: one row per world ---------------------------------------------------------------------------------------


class _Rules(NamedTuple):
    """The rules of one world; the fields are those of `Rulebook`, less the axis of worlds."""

    start: int
    lowest: int
    highest: int
    ledger: int
    points: Ints
    keep: Floats
    cuts: Ints
    opens_at: Ints
    minor: int
    list_kind: Ints
    list_domain: Ints
    list_needs: Ints
    list_term: Floats
    list_mark: Ints
    list_resets: Ints
    list_share: Floats
    joint: Floats
    joint_on: Floats
    joint_off: Floats


def _worlds(scenario: Scenario, names: Names) -> dict[str, Any]:
    rules = [
        _rules(in_world(scenario, name), names) if world.rules == "system" else _no_rules(scenario, names)
        for name, world in scenario.worlds.items()
    ]
    ruled = [int(world.rules == "system") for world in scenario.worlds.values()]
    stacked = {name: np.array([getattr(one, name) for one in rules]) for name in _Rules._fields}
    prints = [(sure, *(np.asarray(value).tobytes() for value in one)) for sure, one in zip(ruled, rules, strict=True)]
    return {
        "quality": _ints([int(QUALITIES[world.records]) for world in scenario.worlds.values()]),
        "ruled": _ints(ruled),
        "variant": _ints([prints.index(one) for one in prints]),
        "pair_world": _ints([names.worlds.index(world) for world, _ in names.pairs]),
        "pair_versus": _ints([names.worlds.index(versus) for _, versus in names.pairs]),
        **stacked,
    }


def _rules(scenario: Scenario, names: Names) -> _Rules:
    score, lists = scenario.score, list(scenario.lists.values())
    points = [thousandths(score.points[name].number) if name in score.points else 0 for _, name in names.channels]
    minor = scenario.minor_record
    return _Rules(
        start=thousandths(score.start.number),
        lowest=thousandths(score.lowest.number) if score.lowest else -UNBOUNDED,
        highest=thousandths(score.highest.number) if score.highest else UNBOUNDED,
        ledger=int(score.clip == "ledger"),
        points=_ints(points),
        keep=_floats([score.keep.get(name, score.keep["default"]).number for _, name in names.channels]),
        cuts=_ints([_cut(scenario, name) for name in names.bands[1:]]),
        opens_at=_ints([_opens(scenario, name) for name in names.domains]),
        minor=thousandths(score.points[minor].number) if minor else 0,
        list_kind=_ints([_kind(one.on, one.score_below) for one in lists]),
        list_domain=_ints([names.domains.index(one.closes) if one.closes else -1 for one in lists]),
        list_needs=_ints([one.needs for one in lists]),
        list_term=_floats([one.term.number for one in lists]),
        list_mark=_ints([thousandths(mark.number) if (mark := one.score_below or one.score_from) else 0 for one in lists]),
        list_resets=_ints([one.resets_score for one in lists]),
        list_share=_table(len(lists), len(names.channels), lambda one, channel: _share(lists[one].on, names.channels[channel][1])),
        joint=joint_shares(scenario),
        joint_on=_delays(scenario.joint.delay_on, names),
        joint_off=_delays(scenario.joint.delay_off, names),
    )


def _no_rules(scenario: Scenario, names: Names) -> _Rules:
    """The rules of a world without a system: no points, every gate open, no way onto a list."""
    own = _rules(scenario, names)
    below = own.list_kind == ListKind.SCORE_BELOW
    return own._replace(
        lowest=-UNBOUNDED,
        highest=UNBOUNDED,
        ledger=0,
        points=np.zeros_like(own.points),
        keep=np.full_like(own.keep, NEVER),
        opens_at=np.full_like(own.opens_at, ALWAYS_OPEN),
        minor=0,
        list_mark=np.where(below, ALWAYS_OPEN, np.iinfo(np.int64).max),
        list_resets=np.zeros_like(own.list_resets),
        list_share=np.zeros_like(own.list_share),
        joint=np.zeros_like(own.joint),
    )


def _cut(scenario: Scenario, band_name: str) -> int:
    """The lowest score of a band."""
    start = next(band.start for band in scenario.bands if band.name == band_name)
    return ALWAYS_OPEN if isinstance(start, str) else thousandths(start)


def _opens(scenario: Scenario, gate_name: str) -> int:
    mark = scenario.gates[gate_name].opens_at
    if mark is None:
        return ALWAYS_OPEN
    return _cut(scenario, mark.value) if isinstance(mark.value, str) else thousandths(mark.value)


def _kind(on: object, score_below: object) -> int:
    return ListKind.RECORD if on else ListKind.SCORE_BELOW if score_below is not None else ListKind.SCORE_ABOVE


def _share(on: Any, class_name: str) -> float:
    return float(on[class_name].number) if class_name in on else 0.0


def _delays(delays: Delays, names: Names) -> Floats:
    def days(first: int, second: int) -> float:
        row = delays.pairs.get(names.domains[first], {})
        return row.get(names.domains[second], delays.default).number

    return _table(len(names.domains), len(names.domains), days)


def _domains(scenario: Scenario, names: Names) -> dict[str, Any]:
    gates = [scenario.gates[name] for name in names.domains]
    return {
        "child_domain": _ints([gate.belongs_to == "children" for gate in gates]),
        "domain_from": _floats([gate.ages[0] * YEAR for gate in gates]),
        "domain_until": _floats([gate.ages[1] * YEAR for gate in gates]),
    }


# --- addresses of draws ---------------------------------------------------------------------------------------------------------


def _streams(names: Names) -> dict[str, Any]:
    pairs = [f"{source}/{name}" for source, name in names.channels]
    lists = [stream(f"{pair}>{one}") for one in names.lists for pair in pairs]
    joint = [stream(f"{first}>{second}") for first in names.domains for second in names.domains]
    return {
        "stream": _words([stream(name) for name in names.classes]),
        "channel_stream": _words([stream(pair) for pair in pairs]),
        "list_stream": _words(lists).reshape(len(names.lists), len(pairs)),
        "joint_stream": _words(joint).reshape(len(names.domains), len(names.domains)),
    }


def _table(rows: int, columns: int, cell: Callable[[int, int], float]) -> Floats:
    return _floats([cell(row, column) for row in range(rows) for column in range(columns)]).reshape(rows, columns)


def _ints(values: list[Any]) -> Ints:
    return np.array(values, np.int64)


def _floats(values: list[float]) -> Floats:
    return np.array(values, np.float64)


def _words(values: list[int]) -> Words:
    return np.array(values, np.uint64)
