"""Checks of worlds, of what is compared, of safeguards and of stages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from .alike import channels
from .finding import Finding
from .model import Scenario
from .rollout import rule_books
from .written import Path, nearest


def _worlds(scenario: Scenario) -> Iterator[Finding]:
    if not scenario.worlds:
        yield ("worlds",), "there is no world to live in: write one at least, or leave `worlds` out for the four usual ones"
    contexts = {source.context for source in scenario.sources.values()}
    names = list(scenario.worlds)
    for number, (name, world) in enumerate(scenario.worlds.items()):
        path: Path = ("worlds", name)
        if name == "own":
            yield path, "`own` is a word of the language for a world's own conduct: choose another name"
        if world.without is not None and world.without not in contexts:
            yield (*path, "without"), f"{world.without!r} is the context of no source. {nearest(world.without, contexts)}"
        yield from _as_in(scenario, path, world.as_in)
        if world.conduct == "own":
            continue
        if world.conduct not in scenario.worlds:
            yield (*path, "conduct"), f"{world.conduct!r} is no world: write `own` or a world. {nearest(world.conduct, ('own', *names))}"
        elif world.conduct not in names[:number]:
            yield (*path, "conduct"), f"the world {world.conduct!r} is lived after this one: list it above"
        elif scenario.worlds[world.conduct].conduct != "own":
            yield (*path, "conduct"), f"the world {world.conduct!r} takes its conduct from another one: name one with its own"


def _as_in(scenario: Scenario, path: Path, region: str | None) -> Iterator[Finding]:
    """Whether the region as in which a world is has a rule book."""
    regions = [one.name for one in scenario.population.country.regions]
    if region is None:
        return
    if region not in regions:
        yield (*path, "as_in"), f"{region!r} is no region of the country. {nearest(region, regions)}"
    elif not scenario.rollout:
        yield (*path, "as_in"), "there is no `rollout`, so every region has the same rules: leave `as_in` out, or write stages"
    elif not rule_books(scenario.rollout, [region], scenario.period.start):
        yield (*path, "as_in"), f"no stage of `rollout` with a system reaches {region}, so it has no rule book: name another region"


def _compared(scenario: Scenario) -> Iterator[Finding]:
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


def _implied(scenario: Scenario) -> Iterator[Finding]:
    """Safeguards and contexts: the worlds that they are compared with, and the names of those that they bring."""
    needed = {"safeguards": ("designed", "accurate"), **dict.fromkeys(("cross_context", "every_rule_book", "consolidation"), ("designed",))}
    for part, names in needed.items():
        for name in names if getattr(scenario, part) else ():
            if name not in scenario.worlds:
                yield (part,), f"worlds of {part} are compared with the world {name!r}, and there is none: write it, or leave `worlds` out"
    if scenario.every_rule_book and not scenario.rollout:
        yield (
            ("every_rule_book",),
            "there is no `rollout`, so every region has the same rules: leave `every_rule_book` out, or write stages",
        )
    if scenario.split_gaps and not channels(scenario):
        yield (
            ("split_gaps",),
            "groups differ in no conduct, detection, name or redress, so there is nothing to split: leave `split_gaps` out",
        )
    stages = [stage.name for stage in scenario.rollout if stage.rules == "system"]
    if scenario.consolidation is not None and scenario.consolidation not in stages:
        yield ("consolidation",), f"{scenario.consolidation!r} is no stage with a system. {nearest(scenario.consolidation, stages)}"
    for name, world in scenario.implied_worlds.items():
        if scenario.worlds.get(name) != world:
            yield ("safeguards", name), f"there is a world {name!r} already, and the safeguard brings one of that name: rename one of them"
    for name, safeguard in scenario.safeguards.items():
        if not safeguard.set:
            yield ("safeguards", name, "set"), "this safeguard changes nothing: write what it sets"


def _rollout(scenario: Scenario) -> Iterator[Finding]:
    end = scenario.period.start + dt.timedelta(days=scenario.period.days)
    names = [stage.name for stage in scenario.rollout]
    for number, stage in enumerate(scenario.rollout):
        path: Path = ("rollout", number)
        if stage.name in names[:number]:
            yield (*path, "name"), f"the stage {stage.name!r} is named twice: choose another word"
        if stage.start >= end:
            yield (*path, "from"), f"the stage begins on {stage.start}, not before the end of the period ({end}): leave it out"
        for earlier in scenario.rollout[:number]:
            shared = [one.name for one in scenario.population.country.regions if earlier.reaches(one.name) and stage.reaches(one.name)]
            if shared and earlier.start >= stage.start:
                order = f"in {shared[0]} the stage begins on {stage.start}, not after {earlier.name!r} ({earlier.start})"
                yield (*path, "from"), f"{order}: write stages in order"
                break
    if scenario.rollout and not any(stage.rules == "system" for stage in scenario.rollout):
        yield ("rollout",), "no stage has a system, so nobody would ever live with it: write one that has"


def differing(scenario: Scenario, variant: Scenario) -> Iterator[Finding]:
    """Where the rules of a world or a stage differ in more than numbers from those of the scenario."""
    if len(variant.bands) != len(scenario.bands):
        yield ("bands",), f"there are {len(variant.bands)} bands where the scenario has {len(scenario.bands)}: worlds have as many"
    for name, one in variant.lists.items():
        kinds = [(bool(each.on), each.score_below is None, each.score) for each in (one, scenario.lists[name])]
        if kinds[0] != kinds[1]:
            yield ("lists", name), f"the list {name!r} is entered in another way: worlds differ in numbers only"
    for name, score in variant.all_scores.items():
        if score.proxy != scenario.all_scores[name].proxy:
            yield ("scores", name), f"what the score {name!r} takes from traits belongs to people: all worlds and stages have the same"
        if score.multiplies != scenario.all_scores[name].multiplies:
            yield ("scores", name), f"the score {name!r} multiplies in one place and adds in another: only numbers differ by world or stage"
    if variant.joint.spare != scenario.joint.spare:
        yield ("joint", "spare"), "the order in which gates are left open is the same in all worlds and stages"


WORLDS: tuple[Callable[[Scenario], Iterable[Finding]], ...] = (_worlds, _compared, _implied, _rollout)
