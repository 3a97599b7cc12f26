"""Where two resolved scenarios differ: setting by setting, under the dotted paths of `--set`, each with what stands behind its number.

What follows from something else (a ceiling from its rate, the worlds and pairs of a safeguard) is left out where nobody set it: it would
show one change twice. Which differences make other people is said here too, for a comparison of the same lives needs to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from . import units
from .model import Scenario
from .overrides import dump, in_world
from .quantity import UNSAID
from .worlds import reference, safeguard_pairs

Data = dict[str, Any]


class Kind(StrEnum):
    """What kind of thing is different."""

    VALUE = "value"
    """Something that the simulation reads."""
    SOURCE = "source"
    """Where a number comes from, or the range in which it is thought possible; the number is the same."""
    WORDS = "words"
    """What something is called or how it is explained."""


class Change(NamedTuple):
    """One setting that differs. None stands where a scenario does not have it."""

    path: str
    """Names with dots between them, as `--set` takes them."""
    before: str | None
    after: str | None
    before_source: str
    """Kind of source, evidence, date and range of the number; `default` for one of the language; empty for what has no source."""
    after_source: str
    kind: Kind


class _Leaf(NamedTuple):
    """A setting as text; a number with a source has a note as well, if only an empty one."""

    text: str
    source: str = ""
    note: str | None = None


_WORDS = {"title", "label", "claim", "question", "description", "note", "letter", "lives", "tile_row", "tile_column"}
_COUNTRY = {f"population.country.{name}" for name in ("title", "source", "source_type", "date")}
_OF_WORLDS = ("worlds", "safeguards", "compare", "cross_context", "lives")


def changes(before: Scenario, after: Scenario, *, worlds: tuple[str, str] | None = None) -> list[Change]:
    """What is different in the second scenario, in the order of the file; how many people are lived by default is no part of it.

    worlds: a world of each scenario. Then the rules under which people live there are compared, and what the two worlds are stands under
    `world.`; the other worlds are left out.
    """
    first, second = (_leaves(_said(one, world)) for one, world in zip((before, after), worlds or (None, None), strict=True))
    found = []
    for path in _merged(list(first), list(second)):
        one, other = first.get(path), second.get(path)
        if one != other:
            found.append(_change(path, one, other))
    return found


def of_people(found: Sequence[Change]) -> list[Change]:
    """Those changes that make other people, or let them live in another time: anything but words and sources in `population`, `period`."""
    return [one for one in found if one.kind is Kind.VALUE and one.path.partition(".")[0] in ("population", "period")]


def _change(path: str, one: _Leaf | None, other: _Leaf | None) -> Change:
    if one and other and one[:2] == other[:2]:
        return Change(f"{path}.note", one.note, other.note, "", "", Kind.WORDS)
    known = one or other
    assert known is not None
    if path in _COUNTRY or (path.rpartition(".")[2] in _WORDS and known.note is None):
        kind = Kind.WORDS
    else:
        kind = Kind.SOURCE if one and other and one.text == other.text else Kind.VALUE
    texts = [leaf.text if leaf else None for leaf in (one, other)]
    marks = [leaf.source if leaf else "" for leaf in (one, other)]
    return Change(path, texts[0], texts[1], marks[0], marks[1], kind)


def _merged(first: list[str], second: list[str]) -> Iterator[str]:
    """All paths: those of the first in their order, and new ones after the last path that stands before them in the second."""
    known, after = set(first), dict[str | None, list[str]]()
    last = None
    for path in second:
        if path in known:
            last = path
        else:
            after.setdefault(last, []).append(path)
    yield from after.get(None, ())
    for path in first:
        yield path
        yield from after.get(path, ())


def _said(scenario: Scenario, world: str | None) -> Data:
    """What is said of the scenario, or of the rules of one of its worlds, less what follows from the rest."""
    lived = scenario if world is None else in_world(scenario, world)
    data = dump(lived)
    del data["population"]["people"]
    for name, one in lived.conduct.items():
        if one.ceiling == units.times(str(one.rate.value), one.most):
            del data["conduct"][name]["ceiling"]
    if world is None:
        beside = reference(scenario.worlds, scenario.compare)
        implied = {*safeguard_pairs(scenario.safeguards, beside), *(("designed", name) for name in scenario.implied_worlds)}
        data["compare"] = [" beside ".join(pair) for pair in scenario.compare if pair not in implied]
        return data
    own = dump(scenario.worlds[world])
    own = {name: part for name, part in own.items() if name not in ("set", "letter")}
    return {"world": own} | {name: part for name, part in data.items() if name not in _OF_WORLDS}


def _leaves(data: Data) -> dict[str, _Leaf]:
    """Every setting by its path."""
    return dict(_flat(data, ""))


def _flat(node: object, path: str) -> Iterator[tuple[str, _Leaf]]:
    if isinstance(node, Mapping) and "value" in node:  # a number with its source: `value` is a word of the language, and no name
        yield path, _Leaf(_text(node["value"]), _mark(node), str(node.get("note", "")))
    elif isinstance(node, Mapping):
        for name, one in node.items():
            yield from _flat(one, f"{path}.{name}" if path else str(name))
    elif isinstance(node, list) and node and all(isinstance(one, Mapping) and "name" in one for one in node):
        yield path, _Leaf(", ".join(str(one["name"]) for one in node))
        for one in node:
            yield from _flat({name: part for name, part in one.items() if name != "name"}, f"{path}.{one['name']}")
    else:
        yield path, _Leaf(_text(node))


def _mark(quantity: Mapping[str, Any]) -> str:
    if quantity.get("note") == UNSAID:
        return "default"
    ends = quantity.get("range")
    parts = [quantity["source"], quantity.get("ref"), quantity.get("date"), ends and f"range {_text(ends[0])} to {_text(ends[1])}"]
    return ", ".join(str(part) for part in parts if part)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
