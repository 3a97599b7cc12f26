"""What the parts of a scenario say about one another: names that exist, sums that stay in bounds, rules that the engine can live.

Each check yields problems as a path in the scenario and a sentence; the places in files are found by `load.py`. Here is the order of the
checks, and what concerns the scenario as a whole; people and records are looked at in `check_people.py`, rules in `check_rules.py`,
worlds and stages in `check_worlds.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from pydantic import ValidationError

from ..layout import MOST
from .check_people import PEOPLE
from .check_rules import RULES
from .check_worlds import WORLDS, differing
from .derived import channels, stream
from .family import lifted, structure_problems, variant
from .finding import Finding
from .model import Scenario
from .overrides import first_of, in_world, set_problems
from .rollout import Stage, calendars
from .worlds import World
from .written import Path


def problems(scenario: Scenario) -> list[Finding]:
    """Everything that is wrong with a scenario whose parts are each well formed; empty where it can be lived."""
    checks: tuple[Callable[[Scenario], Iterable[Finding]], ...] = (
        _sizes,
        *PEOPLE,
        *WORLDS,
        _streams,
        *RULES,
        set_problems,
        structure_problems,
    )
    found = [finding for check in checks for finding in check(scenario)]
    return found or [*_varied(scenario), *_structured(scenario)]


def _structured(scenario: Scenario) -> Iterator[Finding]:
    """What keeps a structure from being lived."""
    for name in scenario.structures:
        for _, text in problems(lifted(variant(scenario, {}, name))):
            yield ("structures", name), f"in this structure: {text}"


def _varied(scenario: Scenario) -> Iterator[Finding]:
    """What is wrong in the rules of a world or a stage, or of both together; equal rules are looked at once."""
    stages: list[Stage | None] = [None, *(stage for stage in scenario.rollout if stage.set)]
    seen = set()
    for name, world in scenario.worlds.items():
        for stage in stages:
            said = (repr(world.set), stage.name if stage else None)
            if said in seen or not (world.set or stage):
                continue
            seen.add(said)
            place, what = _whose(scenario, name, stage)
            try:
                variant = in_world(scenario, name, stage)
            except ValidationError as clash:
                yield place, f"{what}: {first_of(clash)}"
                continue
            yield from ((place, f"{what}: {text}") for _, text in differing(scenario, variant))
            yield from ((place, f"{what}: {text}") for check in RULES for _, text in check(variant))


def _whose(scenario: Scenario, name: str, stage: Stage | None) -> tuple[Path, str]:
    """Where the rules of a world in a stage are set, and what to call it."""
    if not scenario.worlds[name].set:
        assert stage
        return ("rollout", scenario.rollout.index(stage), "set"), f"in the stage {stage.name!r}"
    during = f" in the stage {stage.name!r}" if stage else ""
    safeguard = name.removesuffix(" accurate")
    place: Path = ("worlds", name, "set") if name in scenario.written_worlds else ("safeguards", safeguard, "set")
    return place, f"in this world{during}"


def _sizes(scenario: Scenario) -> Iterator[Finding]:
    """What is more than a rulebook has room for."""
    start, last = scenario.period.start, scenario.period.start + dt.timedelta(days=scenario.period.days - 1)
    months = (last.year - start.year) * 12 + last.month - start.month + 1
    regions = [region.name for region in scenario.population.lived]
    known = {region.name for region in scenario.population.country.regions}
    as_in = [world.as_in if world.as_in in known else None for world in scenario.worlds.values()]
    stages = max((len(calendar.days) for calendar in calendars(scenario.rollout, regions, as_in, start)), default=1)
    counted: tuple[tuple[Path, str, str, int], ...] = (
        (("conduct",), "classes of conduct", "classes", len(scenario.conduct)),
        (("sources",), "pairs of a source and a class that it records", "channels", len(channels(scenario))),
        (("scores",), "scores, the public one included,", "scores", len(scenario.all_scores)),
        (("lists",), "lists", "lists", len(scenario.lists)),
        (("gates",), "gates", "domains", len(scenario.gates)),
        (("threats",), "threats", "threats", len(scenario.threats)),
        (("rollout",), "stages in one region, the time before the first included,", "stages", stages),
        (("worlds",), "worlds", "worlds", len(scenario.worlds)),
        (("rollout",) if scenario.rollout else ("worlds",), "sets of rules, by world and stage,", "rows", rows(scenario)),
        (("compare",), "comparisons", "pairs", len(scenario.compare)),
        (("bands",), "bands", "bands", len(scenario.bands)),
        (("period", "length"), "calendar months", "months", months),
    )
    for path, what, axis, size in counted:
        if size > MOST[axis]:
            yield path, f"{size} {what} are more than the {MOST[axis]} that a run has room for: leave some out"


def rows(scenario: Scenario) -> int:
    """How many sets of rules there are at most: worlds that say the same about a stage share theirs."""
    ruled = [world for world in scenario.worlds.values() if world.rules == "system"]

    def said(world: World, stage: str) -> tuple[str, str | None]:
        others = tuple(f"rollout.{one.name}." for one in scenario.rollout if one.name != stage)
        return repr({path: value for path, value in world.set.items() if not path.startswith(others)}), world.without

    stages = [stage.name for stage in scenario.rollout if stage.rules == "system"] or [""]
    none = len(ruled) < len(scenario.worlds) or bool(scenario.rollout)
    return sum(len({said(world, stage) for world in ruled}) for stage in stages) + none


def _streams(scenario: Scenario) -> Iterator[Finding]:
    pairs = [f"{source}/{name}" for source, name in channels(scenario)]
    scores, threats = (
        [f"{what}:{name}" for name in named] for what, named in (("score", scenario.all_scores), ("threat", scenario.threats))
    )
    names = [*scenario.conduct, *pairs, *scores, *threats]
    names += [f"{pair}#{what}" for pair in pairs for what in ("ghost", "elsewhere")]
    names += [f"{pair}>{one}" for pair in pairs for one in scenario.lists]
    names += [f"{first}>{second}" for first in scenario.gates for second in scenario.gates if first != second]
    names += [f"{pair}^{other}" for pair in pairs for other in (*scores, *threats)]
    yield from collisions(names, _address)


def _address(name: str) -> int:
    """The stream of a name, or of two that are laid over one another."""
    address = 0
    for part in name.split("^"):
        address ^= stream(part)
    return address


def collisions(names: Iterable[str], hashed: Callable[[str], int] = stream) -> Iterator[Finding]:
    """A problem for every two qualified names whose draws would be the same."""
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(hashed(name), name)
        if other != name:
            yield (), f"{name!r} and {other!r} would share their draws, because the hashes of the two names are equal: rename one of them"
