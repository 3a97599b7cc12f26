"""What a scenario may say about how a record ends before its time: appeals, repair, amnesty.

How they are lived is said in `docs/model.md`, 6 and 11.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from .parts import ByGroup, Delay, with_default
from .quantity import UNSAID, Day, Duration, Model, Name, Number, Share, Whole, unsaid

NO_DELAY = Delay(fixed=Duration(value="0 days", note=UNSAID))
NO_NOTICE = Share(value=0.0, note=UNSAID)


class Office(Model):
    """Where appeals wait for a reviewer; without an office nobody waits."""

    reviewers: Whole
    """Reviewers of an office."""
    per_township: Whole = 1
    """Offices in a township; a household belongs to one of them."""
    daily: bool = False
    """Whether each reviewer decides one case at the end of each day, instead of taking the next as soon as one is done."""
    first: Literal["come", "harm"] = "come"
    """Who is served first: those who came first, or those with the most gates closed."""
    patience: Duration | None = None
    """Mean time after which somebody who waits gives the case up; nobody does where nothing is said."""


class Second(Model):
    """A second instance for those who lost."""

    take_up: Share
    """Share of lost cases that are taken further."""
    after: Duration
    """Mean time to its decision."""
    sensitivity: Share | None = None
    """Probability that it removes a wrong record; that of the first instance where nothing is said."""
    specificity: Share | None = None
    """Probability that it keeps a right one; that of the first instance where nothing is said."""


class Redress(Model):
    """How people learn of records, appeal, and what comes of it. Records of good conduct are not contested."""

    sources: tuple[Name, ...] = unsaid(())
    """Sources whose records can be contested; all where nothing is said."""
    notice: dict[str, Share] = Field(default_factory=lambda: {"default": NO_NOTICE})
    """Probability that a person is told of a record: one, or one by source with a `default`."""
    notice_after: Duration = Duration(value="0 days", note=UNSAID)
    """How long that takes."""
    asks: Share = Share(value=0.0, note=UNSAID)
    """Share of refused applicants who ask why, and so find out; see `applications` of gates."""
    take_up: Share
    """Probability that somebody of middle ability who knows of a wrong record appeals."""
    take_up_by: ByGroup = unsaid(ByGroup())
    """Multipliers of it by group."""
    take_up_right: Share = Share(value=1.0, note=UNSAID)
    """The same for a right record, as a share of it."""
    take_up_ability: Number = Number(value=0.0, note=UNSAID)
    """Difference of its logit between the most and the least able."""
    decide: Delay = NO_DELAY
    """Time to a decision; the time that a reviewer needs for a case where there is an office."""
    office: Office | None = None
    """Where appeals wait; nobody waits where nothing is said."""
    sensitivity: Share = Share(value=1.0, note=UNSAID)
    """Probability that a wrong record is removed."""
    specificity: Share = Share(value=1.0, note=UNSAID)
    """Probability that a right one is kept."""
    bias: Share = Share(value=0.0, note=UNSAID)
    """Share of the wrong records which reviewers would remove but let stand, because the system says so."""
    second: Second | None = None
    """A second instance; none where nothing is said."""
    correct: Delay = NO_DELAY
    """Time from the decision to the correction at the source."""
    lost: Share = Share(value=0.0, note=UNSAID)
    """Share of corrections that are never made."""

    @model_validator(mode="before")
    @classmethod
    def _one_notice(cls, written: object) -> object:
        return with_default(written, "notice", NO_NOTICE)

    @model_validator(mode="after")
    def _sane(self) -> Redress:
        if self.office and self.office.daily and self.decide.days > 0:
            raise ValueError("an office that decides at the end of each day has no other time to a decision: leave `decide` or `daily` out")
        if self.office and self.office.patience and self.office.patience.number <= 0:
            raise ValueError("nobody would ever wait: write a `patience` longer than nothing, or leave it out")
        return self


class Repair(Model):
    """Points and listings of a class can be earned back early."""

    share: Share
    """Share of records that are."""
    after: Duration
    """How long after the record."""


class Amnesty(Model):
    """A day on which old records are forgiven."""

    on: Day
    """The day."""
    older_than: Duration
    """How old a record must be by then."""
