"""The keys of the scenario language, read from its models: what each takes, what holds where it is not written, and what the model does
with it.

A key is a dotted path in which `*` is any name, or any entry of a list. Parts that stand in several places (a delay, multipliers by
group, a number with its source) are written once, under their own name. Sentences about keys are those under the fields of the models;
how they are laid out on a page is said in `pages.py`.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from counterlife.layout import YEAR
from counterlife.report.mechanisms import MECHANISMS, Mechanism
from counterlife.scenario import Scenario, json_schema
from counterlife.scenario.quantity import Kind, Model, Quantity
from counterlife.scenario.schema import explanations


class Taken(NamedTuple):
    """A kind of value, in words."""

    words: str
    unit: str
    range: str
    example: str
    form: str = ""
    """What else is to be known about how it is written."""


_TIME = "days, weeks, months or years"
_POINTS = "up to a thousand million either way"
KINDS: Mapping[str, Taken] = {
    "share": Taken("share", "", "0 to 1", "0.05", "a share or a probability; 5\u00a0% is 0.05"),
    "shares": Taken("list of shares", "", "each 0 to 1", "[0.2, 0.5, 0.3]"),
    "factor": Taken("factor", "", "0 or more", "1.5", "a multiplier, a weight or an amount"),
    "positive": Taken("factor", "", "above 0", "0.7", "not zero"),
    "number": Taken("number", "", "", "-0.5"),
    "points": Taken("points", "points", _POINTS, "-12.5", "three decimals at most, so that sums are exact"),
    "mark": Taken("points, or a band", "points", _POINTS, "600", "the name of a band means its lowest score"),
    "edge": Taken("points, or `lowest`", "points", _POINTS, "lowest", "`lowest` is the lowest score"),
    "duration": Taken("duration", _TIME, "0 to 1000 years", "30 days", f"a month is a twelfth of a year, a year {YEAR:g} days"),
    "term": Taken("duration, or `for ever`", _TIME, "0 to 1000 years", "2 years"),
    "length": Taken("length", _TIME, "1 day to 200 years", "10 years", "a whole number; years and months follow the calendar"),
    "rate": Taken("rate", "per day, week, month or year", "0 to 100 per day", "0.06 per year"),
    "years": Taken("age", "years", "0 or more", "18"),
    "whole": Taken("whole number", "", "1 to a million million", "36_000"),
    "date": Taken("day", "", "", "2020-01-01", "year-month-day"),
    "name": Taken("name", "", "", "court_list", "small letters, digits and `_`, beginning with a letter or `_`"),
    "text": Taken("text", "", "", "Court list"),
}
"""By the name of the kind in the models."""

SHARED: Mapping[str, str] = {
    "Quantity": "number",
    "Delay": "delay",
    "ByGroup": "by_group",
    "PointsByGroup": "points_by_group",
    "Delays": "delays",
}
"""What a part that stands in several places is called in the reference."""

SECTIONS: Mapping[str, int] = {
    "period": 9,
    "population": 2,
    "frailty": 3,
    "conduct": 3,
    "sources": 4,
    "sources.*.records.*.procedure": 12,
    "score": 6,
    "score.friends": 16,
    "scores": 6,
    "bands": 6,
    "lists": 7,
    "gates": 8,
    "gates.*.applications": 11,
    "reviews": 15,
    "reviews.every": 15,
    "joint": 7,
    "joint.at_most": 8,
    "joint.spare": 8,
    "repair": 6,
    "amnesty": 6,
    "redress": 11,
    "behaviour": 3,
    "threats": 13,
    "rollout": 10,
    "minor_record": 14,
    "worlds": 5,
    "worlds.*.as_in": 10,
    "worlds.*.conduct": 3,
    "safeguards": 5,
    "cross_context": 5,
    "every_rule_book": 10,
    "split_gaps": 5,
    "consolidation": 10,
    "compare": 9,
    "delays": 7,
    "by_group": 2,
    "points_by_group": 6,
    "delay": 4,
}
"""The section of the model's description for a key and all below it; a mechanism knows better, unless the very key is here."""

UNREAD = frozenset({"extends", "title", "label", "claim", "question", "description", "structures", "lives", "number"})
"""First words of keys that no section reads: they are for readers, or for how scenarios are written and swept."""
NAMING = frozenset({"title", "letter"})
"""Last words of such keys."""


class Key(NamedTuple):
    """A key of the language."""

    path: str
    takes: str
    """What may stand there, in words."""
    unit: str
    range: str
    default: str | None
    """As it would be written; empty where the default is nothing, none where the key has to be written."""
    sourced: bool
    """Whether it is a number about the world, which names a source or counts as an assumption."""
    text: str
    below: str
    """The part whose keys stand below it, if any."""

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """The mechanisms of its section that say it is one of their numbers."""
        return tuple(one.name for one in self._owners if one.section == self.section)

    @property
    def section(self) -> int | None:
        """The section of the model's description that says what it does; none where it is for readers."""
        if self.path.partition(".")[0] in UNREAD or self.path.rpartition(".")[2] in NAMING:
            return None
        if self.path not in SECTIONS and self._owners:
            return self._owners[0].section
        return SECTIONS[max((one for one in SECTIONS if f"{self.path}.".startswith(f"{one}.")), key=len)]

    @property
    def _owners(self) -> list[Mechanism]:
        path = self.path.replace("*", "x")
        return [one for one in MECHANISMS if one.numbers and any(map(partial(_owned, one.numbers), (path, f"{path}.")))]


def _owned(pattern: str, path: str) -> bool:
    found = re.match(pattern, path)
    return found is not None and found.groupdict().get("part") in (None, "x", "x.records.x", "score")


class Part(NamedTuple):
    """A part of the language with its keys."""

    name: str
    """The path below which the keys stand, or its own name where it stands in several places; empty for the whole."""
    text: str
    keys: tuple[Key, ...]


@cache
def parts() -> tuple[Part, ...]:
    """Every part, each before those that it holds; those that stand in several places come last."""
    reached: list[type[BaseModel]] = [Quantity, *(one for one in _reached(Scenario, {}) if not issubclass(one, Quantity))]
    shared: dict[type[BaseModel], str] = {model: SHARED[model.__name__] for model in reached if model.__name__ in SHARED}
    found = list(_parts(Scenario, "", shared))
    for model in sorted(shared, key=lambda one: list(SHARED).index(one.__name__)):
        found += _parts(model, shared[model], shared)
    return tuple(found)


def keys() -> list[Key]:
    """The keys of all parts."""
    return [key for part in parts() for key in part.keys]


def _extends() -> Key:
    """The key that no model has: it is gone when a scenario is read."""
    return Key("extends", _kind("text"), "", "", "", False, json_schema()["properties"]["extends"]["description"], "")


def _parts(model: type[BaseModel], at: str, shared: Mapping[type[BaseModel], str]) -> Iterator[Part]:
    texts = explanations(model)
    inherited = _inherited(model)
    found = [] if at else [_extends()]
    inside = []
    for name, field in model.model_fields.items():
        if name in inherited:
            continue
        word = field.alias or name
        path = f"{at}.{word}" if at else word
        inner = _model_in(field.annotation)
        below = "" if inner is None else shared.get(inner, path + _stars(field.annotation))
        text = " ".join(texts[word].split())
        found.append(Key(path, *_taken(field), _default(field), _is_quantity(field.annotation), text, below))
        if inner is not None and inner not in shared:
            inside.append((inner, below))
    yield Part(at, " ".join((model.__doc__ or "").partition("\n\n")[0].split()), tuple(found))
    for inner, below in inside:
        yield from _parts(inner, below, shared)


def _inherited(model: type[BaseModel]) -> set[str]:
    """Fields that are those of another part of the language, which this one widens."""
    parent = model.__mro__[1]
    return set(parent.model_fields) if issubclass(parent, Model) and parent is not Model and parent.__mro__[1] is Model else set()


def _reached(model: type[BaseModel], seen: dict[type[BaseModel], None]) -> dict[type[BaseModel], None]:
    """The models below a model, each once, in the order in which they are met."""
    for field in model.model_fields.values():
        inner = _model_in(field.annotation, quantities=True)
        if inner is not None and inner not in seen:
            seen[inner] = None
            _reached(inner, seen)
    return seen


# --- types in words -------------------------------------------------------------------------------------------------------------


def _bare(annotation: Any) -> Any:
    """A type without `| None` and notes."""
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(one for one in get_args(annotation) if one is not type(None)))
    return _bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


def _model_in(annotation: Any, *, quantities: bool = False) -> type[BaseModel] | None:
    """The part of the language that a field holds, alone, by name or in a list."""
    bare = _bare(annotation)
    if get_origin(bare) is dict:
        return _model_in(get_args(bare)[1], quantities=quantities)
    if get_origin(bare) is tuple:
        return _model_in(get_args(bare)[0], quantities=quantities)
    if isinstance(bare, type) and issubclass(bare, BaseModel) and (quantities or not issubclass(bare, Quantity)):
        return bare
    return None


def _stars(annotation: Any) -> str:
    """A star for each mapping or list between a field and the part that it holds."""
    bare = _bare(annotation)
    if get_origin(bare) is dict:
        return ".*" + _stars(get_args(bare)[1])
    return ".*" + _stars(get_args(bare)[0]) if get_origin(bare) is tuple else ""


def _is_quantity(annotation: Any) -> bool:
    inner = _model_in(annotation, quantities=True)
    return inner is not None and issubclass(inner, Quantity)


def _taken(field: FieldInfo) -> tuple[str, str, str]:
    """What a field takes, its unit, and its range."""
    kinds = [one.name for one in field.metadata if isinstance(one, Kind)] or _kinds_in(field.annotation)
    words = _words(field.annotation, kinds[0] if kinds else "")
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    if isinstance(default, Mapping) and "default" in default:
        words = f"one for all, or {words}"
    if kinds:
        return words, KINDS[kinds[0]].unit, KINDS[kinds[0]].range
    bounds = {name: value for one in (field, *_notes(field.annotation)) for name, value in _bounds(one).items()}
    return words, "", f"{bounds['ge']:_} to {bounds['le']:_}" if bounds else ""


def _notes(annotation: Any) -> list[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        return [note for one in get_args(annotation) for note in _notes(one)]
    return list(get_args(annotation)[1:]) if get_origin(annotation) is Annotated else []


def _bounds(note: Any) -> dict[str, Any]:
    limits = [note, *getattr(note, "metadata", ())]
    return {name: getattr(one, name) for one in limits for name in ("ge", "le") if getattr(one, name, None) is not None}


def _kinds_in(annotation: Any) -> list[str]:
    """The kinds of the values that a field holds, alone, by name or in a list."""
    found = [one.name for one in _notes(annotation) if isinstance(one, Kind)]
    bare = _bare(annotation)
    if isinstance(bare, type) and issubclass(bare, Quantity):
        return [one.name for one in bare.model_fields["value"].metadata if isinstance(one, Kind)]
    values = get_args(bare)[-1:] if get_origin(bare) is dict else get_args(bare)[:1] if get_origin(bare) is tuple else ()
    return found or [kind for one in values for kind in _kinds_in(one)]


def _words(annotation: Any, kind: str) -> str:
    bare = _bare(annotation)
    if get_origin(bare) is dict:
        names, held = get_args(bare)
        inner = _words(held, kind)
        each = "path" if inner == _OF_ANOTHER else "group" if names is str and kind in ("factor", "points") else "name"
        return inner.replace("for each name", "for each two names") if "for each name" in inner else f"for each {each}, {inner}"
    if get_origin(bare) is tuple:
        held = get_args(bare)
        inner = _plural(_words(held[0], (_kinds_in(held[0]) or [kind])[0]))
        return f"list of {inner}" if held[-1] is Ellipsis else f"two {inner}"
    if get_origin(bare) is Literal:
        return "one of " + ", ".join(f"`{one}`" for one in get_args(bare))
    if kind:
        return _kind(kind)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        if bare.model_fields.keys() == {"default", "pairs"}:
            return f"one {_kind(_kinds_in(bare.model_fields['default'].annotation)[0])}, one for each two names, or part"
        return "part"
    return {bool: "`true` or `false`", int: "whole number", float: "number", str: "text"}.get(bare, _OF_ANOTHER)


_OF_ANOTHER = "what the key takes"


def _plural(words: str) -> str:
    if words.startswith("two "):
        return f"pairs of {words.removeprefix('two ')}"
    first, space, rest = words.partition(" ")
    return f"of {words}" if words == _OF_ANOTHER else words if words == "points" else f"{first}s{space}{rest}"


def _kind(name: str) -> str:
    return KINDS[name].words


# --- defaults -------------------------------------------------------------------------------------------------------------------


def _default(field: FieldInfo) -> str | None:
    """The default as it would be written: empty where it is nothing, none where there is none."""
    if field.is_required():
        return None
    return _written(field.get_default(call_default_factory=True))


def _written(value: Any) -> str:
    if isinstance(value, Quantity):
        return _written(value.value)
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in value.model_fields_set | {"default"} & type(value).model_fields.keys()}
    if isinstance(value, Mapping):
        inner = {name: _written(one) for name, one in value.items()}
        return f"{{{', '.join(f'{name}: {one}' for name, one in inner.items() if one)}}}" if any(inner.values()) else ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]" if value else ""
    if isinstance(value, int):
        return f"{value:_}"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
