"""Dotted paths: one place of a scenario is given another value, by `--set`, by a world, a safeguard or a stage.

A path leads through names that exist; only where a mapping is open to any class, gate or level may its last names be new. Whether the new
value makes sense is for the models and for `check.py` to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from pydantic import BaseModel, ValidationError

from .model import Scenario, completed
from .rollout import Stage
from .written import Path, nearest

WORLD_PARTS = ("score", "scores", "bands", "lists", "gates", "joint", "redress", "repair", "amnesty", "rollout")
_CLOSED = ("conduct", "sources", "scores", "lists", "gates", "worlds", "records", "threats", "safeguards", "structures")


def dump(part: BaseModel) -> dict[str, Any]:
    """A part of a scenario as plain data that can be written down."""
    return part.model_dump(mode="json", by_alias=True, exclude_none=True)


def locate(scenario: Scenario, dotted: str) -> Path:
    """The path behind the dots; a `ValueError` names the first part that is unknown, and the nearest known one."""
    parts = tuple(dotted.split("."))
    node: object = scenario
    for index, part in enumerate(parts):
        known, node = _step(node, part)
        if node is _UNKNOWN:
            at = ".".join(parts[:index]) or "the scenario"
            raise ValueError(f"{part!r} is not known in {at}. {nearest(part, known)}")
        if node is _NEW:
            if index and parts[index - 1] in _CLOSED:
                raise ValueError(f"{part!r} is not known in {'.'.join(parts[:index])}. {nearest(part, known)}")
            node = {}
        if index < len(parts) - 1 and not (isinstance(node, (BaseModel, Mapping)) or _is_rollout(node)):
            here = ".".join(parts[: index + 1])
            raise ValueError(f"{here} has no parts to set one by one: give {here} as a whole")
    return parts


_NEW, _UNKNOWN = object(), object()


def _is_rollout(node: object) -> bool:
    return isinstance(node, tuple) and bool(node) and all(isinstance(one, Stage) for one in node)


def _step(node: object, part: str) -> tuple[list[str], object]:
    """The names that are known in the node, and what lies behind one of them; stages go by their names."""
    if isinstance(node, BaseModel):
        fields = {field.alias or name: name for name, field in type(node).model_fields.items()}
        return list(fields), getattr(node, fields[part]) if part in fields else _UNKNOWN
    if isinstance(node, tuple):
        stages = {stage.name: stage for stage in node}
        return list(stages), stages.get(part, _UNKNOWN)
    assert isinstance(node, Mapping)
    return list(node), node.get(part, _NEW)


def put(data: dict[str, Any], scenario: Scenario, path: Path, value: Any) -> None:
    """The data have the value at the path; parts that were written in their short form, or not at all, are written out on the way."""
    node: object = scenario
    here: Any = data
    for name in path[:-1]:
        key = _key(node, str(name))
        _, node = _step(node, str(name))
        node = {} if node is _NEW else node
        node = scenario.written_worlds if node is scenario.worlds else node  # those that follow from something else are not written out
        full, written = _plain(node), _get(here, key)
        short = isinstance(written, dict) and "value" in written and "value" not in full  # one quantity in the place of several by name
        if short or not isinstance(written, type(full)) or (isinstance(node, BaseModel) and not written.keys() & full.keys()):
            here[key] = full
        here = here[key]
    key = _key(node, str(path[-1]))
    if value is not None:
        here[key] = value
    elif isinstance(here, list):
        del here[key]
    else:
        here.pop(key, None)


def _key(node: object, name: str) -> Any:
    """Where a named part stands in plain data: a stage in a list, everything else under its name."""
    return [stage.name for stage in node].index(name) if isinstance(node, tuple) else name


def _get(here: Any, key: Any) -> Any:
    return here[key] if isinstance(here, list) else here.get(key)


def _plain(node: object) -> Any:
    if isinstance(node, BaseModel):
        return dump(node)
    if isinstance(node, tuple):
        return [dump(one) for one in node]
    assert isinstance(node, Mapping)
    return {str(key): _plain(one) if isinstance(one, (BaseModel, Mapping)) else one for key, one in node.items()}


# --- the rules of worlds, safeguards and stages ------------------------------------------------------------------------------------


def sets(scenario: Scenario) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Every `set` of the scenario: its place, what it belongs to, and what it says."""
    for name, world in scenario.written_worlds.items():
        yield ("worlds", name, "set"), "world", world.set
    for name, safeguard in scenario.safeguards.items():
        yield ("safeguards", name, "set"), "safeguard", safeguard.set
    for number, stage in enumerate(scenario.rollout):
        yield ("rollout", number, "set"), "stage", stage.set


def set_problems(scenario: Scenario) -> list[tuple[Path, str]]:
    """What is wrong with the rules that worlds, safeguards and stages set."""
    found: list[tuple[Path, str]] = []
    for place, whose, rules in sets(scenario):
        misplaced = [((*place, dotted), text) for dotted in rules if (text := _misplaced(scenario, whose, dotted))]
        found += misplaced or [((*place, *path), text) for path, text in _impossible(scenario, rules)]
    return found


def _misplaced(scenario: Scenario, whose: str, dotted: str) -> str | None:
    """Why the path cannot be set there, or leads nowhere."""
    parts = dotted.split(".")
    start = f"a {whose} cannot set {dotted!r}:"
    if parts[0] not in WORLD_PARTS or (whose == "stage" and parts[0] == "rollout"):
        return f"{start} {whose}s share people and events, and differ only in {', '.join(WORLD_PARTS)}"
    if parts[0] == "gates" and (len(parts) < 3 or parts[2] not in ("opens_at", "closes_lowest", "pass_by_band")):
        return f"{start} of a gate only `opens_at`, `closes_lowest` and `pass_by_band` may differ, such as gates.loan.opens_at"
    if parts[0] == "rollout" and parts[2:] not in (["look_back"], ["settled_matters"]):
        return f"{start} of a stage only `look_back` and `settled_matters` may differ, such as rollout.national.look_back"
    if parts[0] in ("lists", "scores") and len(parts) < 3:
        return f"{start} name what differs, such as {'lists.defaulters.term' if parts[0] == 'lists' else 'scores.shop.start'}"
    if "friends" in parts and parts[-2:] not in (["friends", "share"], ["drop", "below"], ["drop", "share"]):
        return f"{start} people have the same friends everywhere, and only their `share` and whether they are dropped may differ"
    try:
        locate(scenario, dotted)
    except ValueError as error:
        return str(error)
    return _untied(scenario, parts) and f"{start} {_untied(scenario, parts)}"


def _untied(scenario: Scenario, parts: Sequence[str]) -> str | None:
    """Why a score cannot begin to look at the family where the scenario's own does not look at anybody."""
    if parts[-1] == "family" and not any(score.tied for score in scenario.all_scores.values()):
        return "the scenario's own score looks at nobody: write `family: 0` there, and the points here"
    return None


def _impossible(scenario: Scenario, rules: Mapping[str, Any]) -> list[tuple[Path, str]]:
    """What cannot be read in rules that are set together: the values that are wrong alone, or else what they make of one another."""
    together = _refusal(scenario, rules)
    if together is None:
        return []
    alone = [(dotted, _refusal(scenario, {dotted: value}), value) for dotted, value in rules.items()]
    wrong: list[tuple[Path, str]] = [((dotted,), f"{dotted!r} cannot be {value!r}: {text}") for dotted, text, value in alone if text]
    return wrong or [((), together)]


def _refusal(scenario: Scenario, rules: Mapping[str, Any]) -> str | None:
    try:
        with_values(scenario, {locate(scenario, dotted): value for dotted, value in rules.items()})
    except ValidationError as error:
        return first_of(error)
    return None


def first_of(error: ValidationError) -> str:
    """The first thing that is wrong, in the words of our models."""
    return error.errors()[0]["msg"].removeprefix("Value error, ")


def in_world(scenario: Scenario, name: str, stage: Stage | None = None) -> Scenario:
    """The scenario with the rules that the stage sets, and then those that the world sets."""
    own, common = scenario.worlds[name].set, stage.set if stage else {}
    rules = {**{dotted: value for dotted, value in common.items() if dotted not in own}, **own}
    return with_values(scenario, {locate(scenario, dotted): value for dotted, value in rules.items()}) if rules else scenario


def with_values(scenario: Scenario, values: Mapping[Path, Any]) -> Scenario:
    """The scenario with these values in its rules; raises ValidationError where they cannot stand there."""
    data: dict[str, Any] = {name: getattr(scenario, name) for name in type(scenario).model_fields}
    data |= _plain_parts(scenario, {str(path[0]) for path in values})
    data["worlds"] = scenario.written_worlds
    for path, value in values.items():
        put(data, scenario, path, deepcopy(value))  # a later value may go into an earlier one, which is somebody else's
    return completed(Scenario.model_validate(data))


def _plain_parts(scenario: Scenario, names: set[str]) -> dict[str, Any]:
    """Those parts of the scenario as plain data; a part that says nothing is None, or an empty mapping."""
    plain = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, include=names)
    return {name: plain.get(name, None if getattr(scenario, name) is None else {}) for name in names}
