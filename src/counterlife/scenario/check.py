"""What the parts of a scenario say about one another: names that exist, sums that stay in bounds, rules that the engine can live.

Each check yields problems as a path in the scenario and a sentence; the places in files are found by `load.py`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import numpy as np

from ..layout import AXES, CELLS, MOST, NEVER, Floats
from .model import ByGroup, Scenario
from .overrides import in_world, world_problems
from .written import Path, nearest

Finding: TypeAlias = tuple[Path, str]


def problems(scenario: Scenario) -> list[Finding]:
    """Everything that is wrong with a scenario whose parts are each well formed; empty where it can be lived."""
    checks: tuple[Callable[[Scenario], Iterable[Finding]], ...] = (_sizes, _regions, _conduct, _sources, _worlds, _streams)
    found = [finding for check in checks for finding in check(scenario)] + list(_system(scenario))
    found += world_problems(scenario)
    if not found:
        for name, world in scenario.worlds.items():
            if world.set:
                found += [(("worlds", name, "set"), f"in this world: {text}") for _, text in _varied(scenario, name)]
    return found


def _varied(scenario: Scenario, name: str) -> Iterator[Finding]:
    variant = in_world(scenario, name)
    if len(variant.bands) != len(scenario.bands):
        yield ("bands",), f"there are {len(variant.bands)} bands where the scenario has {len(scenario.bands)}: worlds have as many"
    for list_name, one in variant.lists.items():
        if bool(one.on) != bool(scenario.lists[list_name].on):
            yield ("lists", list_name), f"the list {list_name!r} is entered in another way: worlds differ in numbers only"
    yield from _system(variant)


def _system(scenario: Scenario) -> Iterator[Finding]:
    for check in (_score, _bands, _lists, _gates, _joint):
        yield from check(scenario)


def factors(by: ByGroup) -> Floats:
    """The product of the group multipliers for each cell, (CELLS,)."""
    axes = []
    for axis, levels in by.items():
        axes.append(np.array([levels[level].number if level in levels else 1.0 for level in AXES[axis]]))
    product = axes[0]
    for axis_factors in axes[1:]:
        product = np.multiply.outer(product, axis_factors)
    return product.reshape(CELLS)


def _levels(by: ByGroup, path: Path) -> Iterator[Finding]:
    for axis, levels in by.items():
        for level in levels:
            if level not in AXES[axis]:
                yield (*path, axis, level), f"{level!r} is no level of {axis}. {nearest(level, AXES[axis])}"


def _known(names: Iterable[str], known: Mapping[str, object], path: Path, what: str, where: str) -> Iterator[Finding]:
    for name in names:
        if name not in known:
            yield (*path, name), f"{name!r} is no {what}: only what stands under `{where}` can be named. {nearest(name, known)}"


def _sizes(scenario: Scenario) -> Iterator[Finding]:
    """What is more than a rulebook has room for."""
    start, last = scenario.period.start, scenario.period.start + dt.timedelta(days=scenario.period.days - 1)
    months = (last.year - start.year) * 12 + last.month - start.month + 1
    counted: tuple[tuple[Path, str, str, int], ...] = (
        (("conduct",), "classes of conduct", "classes", len(scenario.conduct)),
        (("sources",), "pairs of a source and a class that it records", "channels", len(channels(scenario))),
        (("lists",), "lists", "lists", len(scenario.lists)),
        (("gates",), "gates", "domains", len(scenario.gates)),
        (("worlds",), "worlds", "worlds", len(scenario.worlds)),
        (("compare",), "comparisons", "pairs", len(scenario.compare)),
        (("bands",), "bands", "bands", len(scenario.bands)),
        (("period", "length"), "calendar months", "months", months),
    )
    for path, what, axis, size in counted:
        if size > MOST[axis]:
            yield path, f"{size} {what} are more than the {MOST[axis]} that a run has room for: leave some out"


def _regions(scenario: Scenario) -> Iterator[Finding]:
    known = [region.name for region in scenario.population.country.regions]
    for number, name in enumerate(scenario.population.regions):
        if name not in known:
            country = scenario.population.country.title
            yield ("population", "regions", number), f"{name!r} is no region of {country!r}. {nearest(name, known)}"


def _conduct(scenario: Scenario) -> Iterator[Finding]:
    if not scenario.conduct:
        yield ("conduct",), "there is no class of conduct, so nothing would happen: write one at least"
    for name, one in scenario.conduct.items():
        path: Path = ("conduct", name)
        yield from _levels(one.by, (*path, "by"))
        most = one.rate.number * max(1.0, one.strain.number)
        if most > one.ceiling_a_day * (1 + 1e-9):
            yield (
                (*path, "ceiling"),
                (
                    f"the ceiling {one.ceiling} is exceeded: {one.rate.value} times a strain of {max(1.0, one.strain.number):g} is more. "
                    "Events are thinned from candidates at the ceiling, so too low a ceiling would lose events silently: raise it"
                ),
            )


def _sources(scenario: Scenario) -> Iterator[Finding]:
    if scenario.conduct and not any(source.records for source in scenario.sources.values()):
        yield ("sources",), "no source records anything, so there would be no records in any world: write one source at least"
    for name, source in scenario.sources.items():
        path: Path = ("sources", name)
        yield from _known(source.records, scenario.conduct, (*path, "records"), "class of conduct", "conduct")
        for class_name, one in source.records.items():
            here = (*path, "records", class_name)
            yield from _levels(one.detect_by, (*here, "detect_by"))
            yield from _levels(one.ghosts_by, (*here, "ghosts_by"))
            if (most := one.detect.number * float(factors(one.detect_by).max())) > 1 + 1e-12:
                yield (*here, "detect_by"), f"a group would be detected with probability {most:g}, and nothing is surer than 1: lower it"
            strained = class_name in scenario.conduct and scenario.conduct[class_name].strain.number != 1
            if strained and source.namesakes:
                yield (
                    (*path, "namesakes"),
                    (
                        f"the class {class_name!r} has a strain other than 1, and its records can reach namesakes. Then a person's gates "
                        "would decide about another's records; such coupled lives are not offered yet: leave out `strain` or `namesakes`"
                    ),
                )


def _score(scenario: Scenario) -> Iterator[Finding]:
    score = scenario.score
    yield from _known(score.points, scenario.conduct, ("score", "points"), "class of conduct", "conduct")
    classes = [name for name in score.keep if name != "default"]
    yield from _known(classes, scenario.conduct, ("score", "keep"), "class of conduct", "conduct")
    if score.clip == "ledger":
        for name, one in score.keep.items():
            if one.number < NEVER:
                yield (
                    ("score", "keep", name),
                    (
                        f"a ledger clips the score at every step, so points cannot be taken back after {one.value}: "
                        "write `keep: for ever` or `clip: stateless`"
                    ),
                )
    low = score.lowest.number if score.lowest else -np.inf
    high = score.highest.number if score.highest else np.inf
    if not low <= score.start.number <= high:
        yield ("score", "start"), f"the start {score.start.number:g} lies outside the scale from {low:g} to {high:g}"
    minor = scenario.minor_record
    if minor is not None and not (minor in score.points and score.points[minor].number < 0):
        yield ("minor_record",), f"{minor!r} takes no points away, so it is no minor record: name a class with points below zero"


def _bands(scenario: Scenario) -> Iterator[Finding]:
    for index, band in enumerate(scenario.bands):
        first, number = index == 0, not isinstance(band.start, str)
        if first == number or (not first and band.start == "lowest"):
            yield ("bands", index), "bands rise from `from: lowest` for the first to a number for each further one"
            return
    starts = [float(band.start) for band in scenario.bands[1:]]
    for index, (low, high) in enumerate(itertools.pairwise(starts)):
        if high <= low:
            yield (
                ("bands", index + 2),
                f"the band starts at {high:g}, not above the one before it ({low:g}): write bands from the lowest up",
            )
    names = [band.name for band in scenario.bands]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield ("bands", index), f"the band {name!r} is named twice"


def _lists(scenario: Scenario) -> Iterator[Finding]:
    for name, one in scenario.lists.items():
        path: Path = ("lists", name)
        if one.closes is not None and one.closes not in scenario.gates:
            known = nearest(one.closes, scenario.gates)
            yield (*path, "closes"), f"{one.closes!r} is no gate: only what stands under `gates` can be named. {known}"
        yield from _known(one.on, scenario.conduct, (*path, "on"), "class of conduct", "conduct")
        if one.resets_score and scenario.score.clip != "ledger":
            yield (
                (*path, "resets_score"),
                "a stateless score is the sum of the acting records, so it cannot be set back to its start: write `clip: ledger`",
            )


def _gates(scenario: Scenario) -> Iterator[Finding]:
    if not scenario.gates:
        yield ("gates",), "there is no gate, so nobody could be restricted in anything: write one at least"
    bands = [band.name for band in scenario.bands]
    for name, gate in scenario.gates.items():
        if gate.opens_at is not None and isinstance(gate.opens_at.value, str) and gate.opens_at.value not in bands:
            yield ("gates", name, "opens_at"), f"{gate.opens_at.value!r} is no band. {nearest(gate.opens_at.value, bands)}"


def _joint(scenario: Scenario) -> Iterator[Finding]:
    joint = scenario.joint
    tables: tuple[tuple[Path, Mapping[str, Mapping[str, object]]], ...] = (
        (("joint", "shares"), joint.shares),
        (("joint", "delay_on", "pairs"), joint.delay_on.pairs),
        (("joint", "delay_off", "pairs"), joint.delay_off.pairs),
    )
    found = [finding for path, table in tables for finding in _pairs(table, scenario, path)]
    yield from found
    if found or joint.allow_supercritical:
        return
    radius = spectral_radius(joint_shares(scenario))
    if radius >= 1:
        yield (
            ("joint", "shares"),
            (
                f"the joint-sanction matrix has the spectral radius {radius:.3f}: passed on freely, each sanction would bring {radius:.3f} "
                "more, so the cascade never dies out. Lower the shares, or accept it with `joint.allow_supercritical: true`"
            ),
        )


def _pairs(table: Mapping[str, Mapping[str, object]], scenario: Scenario, path: Path) -> Iterator[Finding]:
    yield from _known(table, scenario.gates, path, "gate", "gates")
    for first, row in table.items():
        yield from _known(row, scenario.gates, (*path, first), "gate", "gates")
        if first in row:
            yield (*path, first, first), f"a sanction in {first!r} cannot bring itself: leave this entry out"


def joint_shares(scenario: Scenario) -> Floats:
    """The joint-sanction matrix, (D, D)."""
    domains = list(scenario.gates)
    matrix = np.zeros((len(domains), len(domains)))
    for first, row in scenario.joint.shares.items():
        for second, share in row.items():
            matrix[domains.index(first), domains.index(second)] = share.number
    return matrix


def spectral_radius(matrix: Floats) -> float:
    """The largest absolute eigenvalue."""
    return float(np.abs(np.linalg.eigvals(matrix)).max(initial=0.0))


def _worlds(scenario: Scenario) -> Iterator[Finding]:
    if not scenario.worlds:
        yield ("worlds",), "there is no world to live in: write one at least, or leave `worlds` out for the four usual ones"
    if not scenario.compare:
        yield ("compare",), "nothing is compared: name a world and its reference, such as [[designed, none]]"
    for index, pair in enumerate(scenario.compare):
        for name in pair:
            if name not in scenario.worlds:
                yield (
                    ("compare", index),
                    f"{name!r} is no world: only what stands under `worlds` can be compared. {nearest(name, scenario.worlds)}",
                )
        if pair[0] == pair[1] or pair in scenario.compare[:index]:
            yield ("compare", index), f"the pair {list(pair)} compares a world with itself or is there twice: leave it out"


# --- streams --------------------------------------------------------------------------------------------------------------------


def stream(name: str) -> int:
    """The stream of a qualified name: the first four bytes, big-endian, of its SHA-256."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:4], "big")


def channels(scenario: Scenario) -> list[tuple[str, str]]:
    """(source, class) of every channel, class by class in the order of `conduct`."""
    return [(source, name) for name in scenario.conduct for source, one in scenario.sources.items() if name in one.records]


def _streams(scenario: Scenario) -> Iterator[Finding]:
    pairs = [f"{source}/{name}" for source, name in channels(scenario)]
    names = [*scenario.conduct, *pairs]
    names += [f"{pair}>{one}" for pair in pairs for one in scenario.lists]
    names += [f"{first}>{second}" for first in scenario.gates for second in scenario.gates if first != second]
    yield from collisions(names)


def collisions(names: Iterable[str], hashed: Callable[[str], int] = stream) -> Iterator[Finding]:
    """A problem for every two qualified names whose draws would be the same."""
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(hashed(name), name)
        if other != name:
            yield (), f"{name!r} and {other!r} would share their draws, because the hashes of the two names are equal: rename one of them"
