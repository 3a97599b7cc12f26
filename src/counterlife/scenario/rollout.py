"""What a scenario may say about when and where its rules hold: stages by region, each with rules of its own.

How they are lived is said in `docs/model.md`, 10. A stage that began before the period is there on its first day.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, NamedTuple

from pydantic import ConfigDict, Field, model_validator

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
