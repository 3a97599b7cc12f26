"""Parts of which several others are made: multipliers and points by group, a delay, and what differs by name with a default.

No rule of a system and no class of conduct lives here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from pydantic import Field, model_validator

from ..layout import AXES
from .quantity import Duration, Factor, Model, Points

T = TypeVar("T", Factor, Points)


class _Groups(Model, Generic[T]):
    """Numbers by group, one mapping of levels for each axis."""

    sex: dict[str, T] = Field(default_factory=dict)
    """By sex: female, male."""
    age: dict[str, T] = Field(default_factory=dict)
    """By age at the start: 0-17, 18-39, 40-59, 60+."""
    residence: dict[str, T] = Field(default_factory=dict)
    """By residence: rural, urban."""
    means: dict[str, T] = Field(default_factory=dict)
    """By means: low, middle, high."""
    name: dict[str, T] = Field(default_factory=dict)
    """By how common the full name is: rare name, common name."""

    def items(self) -> list[tuple[str, dict[str, T]]]:
        """The axes and their named levels."""
        return [(axis, getattr(self, axis)) for axis in AXES]


class ByGroup(_Groups[Factor]):
    """Multipliers by group; a level that is not named has 1."""


class PointsByGroup(_Groups[Points]):
    """Points by group; a level that is not named has 0."""


class Delay(Model):
    """The time from an event to what follows from it: one of the two."""

    fixed: Duration | None = None
    """Always this long."""
    exponential: Duration | None = None
    """Exponential with this mean."""

    @model_validator(mode="after")
    def _one(self) -> Delay:
        if (self.fixed is None) == (self.exponential is None):
            raise ValueError("a delay is either fixed or exponential: write one of them, such as {fixed: 30 days}")
        return self

    @property
    def days(self) -> float:
        """The fixed or mean time."""
        one = self.fixed or self.exponential
        return one.number if one else 0.0


def with_default(written: object, field: str, otherwise: Any) -> object:
    """The data of a part in which the field is a mapping with a `default`, where it may have been written as one value for all."""
    if not isinstance(written, Mapping) or field not in written:
        return written
    given = written[field]
    if not isinstance(given, Mapping) or "value" in given:
        return {**written, field: {"default": given}}
    return {**written, field: {"default": otherwise, **given}}


def pairs_or_default(written: object) -> object:
    """The data of a part with `default` and `pairs`, where it may have been written as one value for all, or as the pairs alone."""
    if not isinstance(written, Mapping):
        return {"default": written}
    if written.keys() & {"default", "pairs"}:
        return written
    return {"default": written} if "value" in written else {"pairs": written}
