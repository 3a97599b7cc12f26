"""Dotted paths: one place of a scenario is given another value, by `--set` or by a world.

A path leads through names that exist; only where a mapping is open to any class, gate or level may its last names be new. Whether the new
value makes sense is for the models and for `check.py` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from .model import Scenario, World, completed
from .written import Path, nearest

WORLD_PARTS = ("score", "bands", "lists", "gates", "joint")
_CLOSED = ("conduct", "sources", "lists", "gates", "worlds", "records")


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
        if index < len(parts) - 1 and not isinstance(node, (BaseModel, Mapping)):
            here = ".".join(parts[: index + 1])
            raise ValueError(f"{here} has no parts to set one by one: give {here} as a whole")
    return parts


_NEW, _UNKNOWN = object(), object()


def _step(node: object, part: str) -> tuple[list[str], object]:
    """The names that are known in the node, and what lies behind one of them."""
    if isinstance(node, BaseModel):
        fields = {field.alias or name: name for name, field in type(node).model_fields.items()}
        return list(fields), getattr(node, fields[part]) if part in fields else _UNKNOWN
    assert isinstance(node, Mapping)
    return list(node), node.get(part, _NEW)


def put(data: dict[str, Any], scenario: Scenario, path: Path, value: Any) -> None:
    """The data have the value at the path; parts that were written in their short form, or not at all, are written out on the way."""
    node: object = scenario
    for name in path[:-1]:
        _, node = _step(node, str(name))
        node = {} if node is _NEW else node
        full = _plain(node)
        if not isinstance(data.get(str(name)), dict) or (isinstance(node, BaseModel) and not data[str(name)].keys() & full.keys()):
            data[str(name)] = full
        data = data[str(name)]
    if value is None:
        data.pop(str(path[-1]), None)
    else:
        data[str(path[-1])] = value


def _plain(node: object) -> dict[str, Any]:
    if isinstance(node, BaseModel):
        return dump(node)
    assert isinstance(node, Mapping)
    return {str(key): _plain(one) if isinstance(one, (BaseModel, Mapping)) else one for key, one in node.items()}


def world_problems(scenario: Scenario) -> list[tuple[Path, str]]:
    """What is wrong with the rules that worlds set."""
    found: list[tuple[Path, str]] = []
    for name, world in scenario.worlds.items():
        for dotted, value in world.set.items():
            if problem := _world_problem(scenario, dotted, value):
                found.append((("worlds", name, "set", dotted), problem))
    return found


def _world_problem(scenario: Scenario, dotted: str, value: Any) -> str | None:
    parts = dotted.split(".")
    if parts[0] not in WORLD_PARTS:
        return f"a world cannot set {dotted!r}: worlds share people and events, and differ only in {', '.join(WORLD_PARTS)}"
    if parts[0] == "gates" and (len(parts) < 3 or parts[2] != "opens_at"):
        return f"a world cannot set {dotted!r}: of a gate only `opens_at` may differ, such as gates.loan.opens_at"
    if parts[0] == "lists" and len(parts) < 3:
        return f"a world cannot set {dotted!r}: name what differs, such as lists.defaulters.term"
    try:
        path = locate(scenario, dotted)
        _with(scenario, {path: value})
    except ValidationError as error:
        return f"{dotted!r} cannot be {value!r}: {error.errors()[0]['msg'].removeprefix('Value error, ')}"
    except ValueError as error:
        return str(error)
    return None


def in_world(scenario: Scenario, name: str) -> Scenario:
    """The scenario with the rules that the world sets."""
    world: World = scenario.worlds[name]
    return _with(scenario, {locate(scenario, dotted): value for dotted, value in world.set.items()}) if world.set else scenario


def _with(scenario: Scenario, values: Mapping[Path, Any]) -> Scenario:
    data = dump(scenario)
    for path, value in values.items():
        put(data, scenario, path, value)
    return completed(Scenario.model_validate(data))
