"""What a scenario may say about when and where its rules hold: stages by region, each with rules of its own.

How they are lived is said in `docs/model.md`, 10. A stage that began before the period is there on its first day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from pydantic import ConfigDict, Field, model_validator

from ..layout import NEVER
from . import units
from .quantity import UNSAID, Day, Model, Name, Term, Text, unsaid


class Stage(Model):
    """From a day on these rules hold in these regions."""

    name: Name
    """A word for it."""
    start: Day = Field(alias="from")
    """First day."""
    regions: tuple[Text, ...] = unsaid(())
    """Names of the regions; all where nothing is given."""
    rules: Literal["none", "system"] = "system"
    """Whether there is a system; `none` ends a pilot."""
    look_back: Term = Term(value=units.FOR_EVER, note=UNSAID)
    """Records that are older when the stage begins do not count in it."""
    settled_matters: bool = unsaid(True)
    """Whether records of matters that are settled when the stage begins, and that are still on file, count in it."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Rules that differ in this stage: dotted paths, as in worlds."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    @model_validator(mode="after")
    def _agrees(self) -> Stage:
        if self.rules == "none" and self.set:
            raise ValueError("a stage without rules has no rules to set: leave `set` out")
        return self

    def reaches(self, region: str) -> bool:
        """Whether the stage is for that region."""
        return not self.regions or region in self.regions


class Begins(NamedTuple):
    """A stage that begins in a region."""

    day: float
    """Days from the start of the period."""
    stage: str
    """Its name; empty for the time before the first stage, in which there is no system."""


def stages_of(rollout: tuple[Stage, ...], region: str, start: dt.date) -> list[Begins]:
    """The stages of a region in the order of their days, the first of which is 0."""
    found = [Begins(0.0, "")]
    for stage in sorted((one for one in rollout if one.reaches(region)), key=lambda one: one.start):
        day = float(max(0, (stage.start - start).days))
        if found[-1].day == day:
            found.pop()  # the earlier one is over on that day
        found.append(Begins(day, stage.name))
    return found


class Calendar(NamedTuple):
    """The stages of a region as a rulebook has them: every day on which rules may change in any of its worlds."""

    days: tuple[float, ...]
    """Days from the start of the period; from the last changes on, days that never come."""
    worlds: tuple[tuple[str, ...], ...]
    """For each world, the stage that holds from each of these days on: the region's own, or that of the region as in which it is."""


def calendars(rollout: tuple[Stage, ...], regions: Sequence[str], as_in: Sequence[str | None], start: dt.date) -> list[Calendar]:
    """The calendar of each of the regions, all of the same length. as_in: for each world, the region whose rule book it has."""
    own = {region: stages_of(rollout, region, start) for region in (*regions, *(name for name in as_in if name is not None))}
    elsewhere = {one.day for name in as_in if name is not None for one in own[name]}
    days = [sorted({one.day for one in own[region]} | elsewhere) for region in regions]
    longest = max(map(len, days))
    padded = [(*some, *[NEVER] * (longest - len(some))) for some in days]
    return [
        Calendar(some, tuple(tuple(_on(own[name or region], day) for day in some) for name in as_in))
        for region, some in zip(regions, padded, strict=True)
    ]


def _on(stages: list[Begins], day: float) -> str:
    """The stage that holds on a day."""
    return [one.stage for one in stages if one.day <= day][-1]


def rule_books(rollout: tuple[Stage, ...], regions: Sequence[str], start: dt.date) -> tuple[tuple[str, ...], ...]:
    """The regions in which there is ever a system, those with the same stages together, in the order of their first."""
    alike: dict[tuple[Begins, ...], list[str]] = {}
    for region in regions:
        alike.setdefault(tuple(stages_of(rollout, region, start)), []).append(region)
    ruled = {stage.name for stage in rollout if stage.rules == "system"}
    return tuple(tuple(some) for stages, some in alike.items() if ruled & {one.stage for one in stages})
