"""The numbers of a scenario: kinds of values, and a quantity, which is a number with its provenance.

Every number that claims something about the world is a `Quantity`: the value as it was written and where it comes from. How
values are read is in `units.py`; what a scenario consists of is in `model.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic_core import CoreSchema, core_schema

from . import units

V = TypeVar("V")
JsonSchema: TypeAlias = dict[str, Any]
UNSAID = "the default of the language; the scenario says nothing else"
SourceType = Literal["law", "measured", "reported", "elicited", "illustrative"]


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of value: how it is read, and what an editor is told about it."""

    name: str
    read: Callable[[object], object]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return dict(self.schema)


def _shares(written: object) -> tuple[float, ...]:
    if not isinstance(written, (list, tuple)) or not written:
        raise ValueError(f"{written!r} is no list of shares: write it such as [0.2, 0.5, 0.3]")
    return tuple(units.share(one) for one in written)


def _name(written: object) -> str:
    if not isinstance(written, str) or not written.isascii() or not written.isidentifier() or written != written.lower():
        raise ValueError(f"{written!r} cannot be a name: use small letters, digits and _, beginning with a letter")
    if written in ("default", "value", "pairs"):
        raise ValueError(f"{written!r} is a word of the language and cannot be a name: choose another")
    return written


_NUMBER: JsonSchema = {"type": "number"}
_DURATION: JsonSchema = {"type": "string", "pattern": r"^\s*[0-9.eE_+-]+\s+(day|week|month|year)s?\s*$"}
_RATE: JsonSchema = {"type": "string", "pattern": r"^\s*[0-9.eE_+-]+\s+per\s+(day|week|month|year)\s*$"}
_TEXT: JsonSchema = {"type": ["string", "number"]}

Text = Annotated[str, Kind("text", units.text, _TEXT)]
Name = Annotated[str, Kind("name", _name, {"type": "string", "pattern": "^[a-z_][a-z0-9_]*$"})]
Whole = Annotated[int, Kind("whole", units.whole, {"type": "integer", "minimum": 1})]
Day = Annotated[dt.date, Kind("date", units.date, {"type": "string", "format": "date"})]
Length = Annotated[str, Kind("length", units.duration, _DURATION)]
RateText = Annotated[str, Kind("rate", units.rate, _RATE)]
Years = Annotated[float, Kind("years", units.not_negative, {"type": "number", "minimum": 0})]
Edge = Annotated[float | str, Kind("edge", units.mark, _TEXT)]


class Model(BaseModel):
    """A part of a scenario: nothing unknown, nothing changed afterwards.

    The text under each field is the manual. `schema.explanations` reads it from the source when it is asked for; pydantic would read it
    at every start, and a fifth of the time of a `check` went there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)


def unsaid(neutral: Any) -> Any:
    """A field with this default, which the resolved form leaves out where nothing else is said."""
    return Field(default=neutral, exclude_if=lambda value: bool(value == neutral))


def none_unsaid() -> Any:
    """A field that is an empty mapping where nothing is said; the resolved form then leaves it out."""
    return Field(default_factory=dict, exclude_if=lambda value: not value)


class Quantity(BaseModel, Generic[V]):
    """A number that claims something about the world, and where it comes from. A bare number is an assumption."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: V
    """The number, with its unit where it has one."""
    range: tuple[V, V] | None = None
    """The lowest and highest value that are thought possible."""
    source: SourceType = "illustrative"
    """What kind of source stands behind the number; `illustrative` is an assumption."""
    ref: Text | None = None
    """Row of the evidence, or a citation."""
    date: Text | None = None
    """When it was so."""
    note: Text | None = None
    """What a reader should know about it."""

    @property
    def number(self) -> float:
        """The value in days, events per day, points or shares."""
        assert isinstance(self.value, (int, float, str))
        return units.number(self.value)

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """A plain name for each kind of quantity in the JSON Schema."""
        kinds = [kind for kind in getattr(params[0], "__metadata__", ()) if isinstance(kind, Kind)]
        return f"Quantity_{kinds[0].name}" if kinds else "Quantity"

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, written: object) -> object:
        return written if isinstance(written, (Mapping, Quantity)) else {"value": written}

    @model_validator(mode="after")
    def _within(self) -> Quantity[V]:
        if self.range and isinstance(self.value, (int, float, str)) and not _is_name(self.value):
            low, high = (units.number(end) for end in self.range)  # type: ignore[arg-type]
            if not low <= self.number <= high:
                raise ValueError(f"{self.value!r} lies outside its own range {list(self.range)}: give low, high and a value between them")
        return self

    @model_serializer(mode="wrap")
    def _without_blanks(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value is not None}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        full = handler.resolve_ref_schema(handler(schema))
        bare = {key: value for key, value in full["properties"]["value"].items() if key not in ("title", "description")}
        return {"title": full["title"], "anyOf": [bare, {key: value for key, value in full.items() if key != "title"}]}


def _is_name(value: object) -> bool:
    return isinstance(value, str) and not value[:1].isdigit() and value != units.FOR_EVER


Number: TypeAlias = Quantity[Annotated[float, Kind("number", units.plain, _NUMBER)]]
Positive: TypeAlias = Quantity[Annotated[float, Kind("positive", units.positive, {"type": "number", "exclusiveMinimum": 0})]]
Factor: TypeAlias = Quantity[Annotated[float, Kind("factor", units.not_negative, {"type": "number", "minimum": 0})]]
Share: TypeAlias = Quantity[Annotated[float, Kind("share", units.share, {"type": "number", "minimum": 0, "maximum": 1})]]
Shares: TypeAlias = Quantity[Annotated[tuple[float, ...], Kind("shares", _shares, {"type": "array", "items": {"type": "number"}})]]
Count: TypeAlias = Quantity[Whole]
Points: TypeAlias = Quantity[Annotated[float, Kind("points", units.points, _NUMBER)]]
Mark: TypeAlias = Quantity[Annotated[float | str, Kind("mark", units.mark, _TEXT)]]
Duration: TypeAlias = Quantity[Annotated[str, Kind("duration", units.duration, _DURATION)]]
Term: TypeAlias = Quantity[Annotated[str, Kind("term", units.duration_or_ever, {"anyOf": [_DURATION, {"const": units.FOR_EVER}]})]]
Rate: TypeAlias = Quantity[Annotated[str, Kind("rate", units.rate, _RATE)]]
