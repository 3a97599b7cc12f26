"""What a scenario may say about attacks and breakdowns: each a window of time, and only in worlds whose records are `attacked`.

How they are lived is said in `docs/model.md`, 13.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from .parts import ByGroup
from .quantity import Day, Duration, Model, Name, Rate, Share, Text, unsaid

_NEEDED = {"insert": ("rate",), "suppress": ("share",), "outage": (), "rollback": (), "breach": ("hazard",)}
_MAY = {"insert": ("rate", "found"), "suppress": ("share", "found"), "outage": (), "rollback": ("found",), "breach": ("hazard",)}
BREACH = "breach"


class Threat(Model):
    """Something that goes wrong from outside."""

    title: Text = ""
    """What it is called; its name where nothing is given."""
    kind: Literal["insert", "suppress", "outage", "rollback", "breach"]
    """`insert`: false records. `suppress`: records held back until found out. `outage`: a source is down, entries and corrections wait.
    `rollback`: a backup is restored, so that corrections since are undone. `breach`: somebody copies what a place has on file, which
    changes no life."""
    records: dict[Name, tuple[Name, ...]]
    """Sources, and the classes of each that are concerned."""
    start: Day = Field(alias="from")
    """First day; of a rollback, the day of the backup."""
    until: Day
    """The day after the last; of a rollback, the day on which the backup is restored."""
    rate: Rate | None = None
    """False records for a person (`insert`)."""
    rate_by: ByGroup = unsaid(ByGroup())
    """Multipliers of that by group."""
    share: Share | None = None
    """Share of records that are held back (`suppress`)."""
    hazard: Rate | None = None
    """Breaches of each place where the records are kept (`breach`): of one central place, of every source, or of both."""
    found: Share | None = None
    """Probability that it is ever found out, record by record; never where nothing is said."""
    found_after: Duration | None = None
    """Mean time that this takes."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    @model_validator(mode="after")
    def _complete(self) -> Threat:
        if self.start >= self.until:
            raise ValueError(f"the window from {self.start} until {self.until} must rise: write the first day, and the day after the last")
        for name in ("rate", "share", "hazard", "found"):
            given = getattr(self, name) is not None
            if given and name not in _MAY[self.kind]:
                raise ValueError(f"a threat of the kind {self.kind!r} has no `{name}`, so it would do nothing: leave it out")
            if not given and name in _NEEDED[self.kind]:
                raise ValueError(f"a threat of the kind {self.kind!r} needs a `{name}`: write how much of it there is")
        if (self.found is None) != (self.found_after is None):
            raise ValueError("`found` and `found_after` belong together: write the probability and the mean time, or neither")
        if self.rate is None and self.rate_by != ByGroup():
            raise ValueError("`rate_by` multiplies a `rate`, and there is none: leave it out")
        return self
