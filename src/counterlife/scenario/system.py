"""What a scenario may say about the system: score, bands, lists, gates and joint sanctions.

Frozen models with the text of the manual under each field; the rest of the language is in `model.py`. How these rules are lived is
said in `docs/model.md`.
"""

from __future__ import annotations

import math
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from . import units
from .parts import Delay, PointsByGroup, pairs_or_default, with_default
from .quantity import (
    UNSAID,
    Duration,
    Edge,
    Factor,
    Mark,
    Model,
    Name,
    Points,
    Positive,
    Rate,
    Share,
    Term,
    Text,
    Whole,
    Years,
    none_unsaid,
    unsaid,
)
from .redress import NO_DELAY

LOG_UNIT = 1e9  # a multiplicative score is kept as whole thousand-millionths of its logarithm
LOG_SLACK = 500  # so many of them may be lost in the rounding of factors before a mark is missed


class Copies(Model):
    """How records travel from the source to the score, and how their removal does."""

    arrive: Delay = NO_DELAY
    """How long a record takes to the score."""
    remove: Delay = NO_DELAY
    """How long its removal takes, when the matter is settled or a correction was made."""
    lost: Share = Share(value=0.0, note=UNSAID)
    """Share of removals that never arrive."""
    returns: Share = Share(value=0.0, note=UNSAID)
    """Share of corrected records that come back."""
    returns_after: Duration = Duration(value="0 days", note=UNSAID)
    """Mean time until they do."""


class Proxy(Model):
    """What a score takes from traits instead of records."""

    spread: Points = Points(value=0.0, note=UNSAID)
    """Standard deviation of these points among people."""
    validity: Share = Share(value=0.0, note=UNSAID)
    """Their correlation with what people are like in their conduct (their frailty)."""
    by: PointsByGroup = unsaid(PointsByGroup())
    """Points by group."""


class Part(Model):
    """A part of a score: what its classes bring together stays within limits."""

    classes: tuple[Name, ...]
    """The classes whose points it holds."""
    lowest: Points | None = None
    """They take no more away than down to this, a number of zero or less."""
    highest: Points | None = None
    """They bring no more than this, a number of zero or more."""

    @model_validator(mode="after")
    def _around_nothing(self) -> Part:
        if (self.lowest is not None and self.lowest.number > 0) or (self.highest is not None and self.highest.number < 0):
            raise ValueError("without records a part is worth nothing, so its `lowest` is zero or less and its `highest` zero or more")
        if self.lowest is None and self.highest is None:
            raise ValueError("a part without limits changes nothing: write `lowest`, `highest` or both")
        return self


class Drop(Model):
    """Friends that are dropped for their score, at reviews."""

    below: Points
    """Friends with a score below this."""
    share: Share
    """Share of people who drop such friends."""


class Friends(Model):
    """What a score takes from the scores of friends, at the `reviews`."""

    number: Whole
    """Friends that each grown person has."""
    share: Share
    """Weight of their mean score in a person's own."""
    alike: Share = Share(value=0.0, note=UNSAID)
    """Share of friends chosen among people who are alike in their conduct (the same tenth of frailty); the others are anybody."""
    drop: Drop | None = None
    """Whether people drop friends; nobody does where nothing is said."""


Keep = Literal["record", "settlement", "memoryless"]


class Score(Model):
    """How records become a number."""

    start: Points = Points(value=0.0, note=UNSAID)
    """The score of a person without records."""
    lowest: Points | None = None
    """No score is lower."""
    highest: Points | None = None
    """No score is higher."""
    clip: Literal["stateless", "ledger", "multiplicative"] = "stateless"
    """`stateless`: the sum of the records that act, then clipped. `ledger`: clipped at every step, so order matters.
    `multiplicative`: the product of the factors of the records that act, then clipped."""
    points: dict[Name, Points] = Field(default_factory=dict)
    """Points by class; a class without points matters to lists only."""
    factors: dict[Name, Positive] = none_unsaid()
    """Factors by class, of a multiplicative score only."""
    keep: dict[str, Term] = Field(default_factory=lambda: {"default": Term(value=units.FOR_EVER, note=UNSAID)})
    """How long points stay: one duration, or one by class with a `default`."""
    keep_from: dict[str, Keep] = unsaid({"default": "record"})
    """From when that time runs, for all or by class: from the `record`, or, for classes that are settled, from the `settlement`.
    `memoryless`: it is the mean of an exponential time from the record."""
    discretion: dict[Name, Points] = none_unsaid()
    """By class, how many points an officer may add or take away."""
    severity: Factor | None = None
    """How offices differ: standard deviation of their severity, as a share of the points."""
    leniency: Factor | None = None
    """How the cases of an office differ: the same from case to case."""
    sources: tuple[Name, ...] = unsaid(())
    """Sources that the score reads; all where nothing is said."""
    copies: Copies | None = None
    """How records reach the score; at once where nothing is said."""
    proxy: Proxy | None = None
    """What the score takes from traits; nothing where nothing is said."""
    parts: dict[Name, Part] = none_unsaid()
    """Parts of the score whose points together stay within limits."""
    friends: Friends | None = None
    """What it takes from friends; nothing where nothing is said."""
    family: Points | None = None
    """Points for every other grown member of the household to whom a gate was closed at the last of the `reviews`."""

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, written: object) -> object:
        written = with_default(written, "keep", {"value": units.FOR_EVER, "note": UNSAID})
        return with_default(written, "keep_from", "record")

    @property
    def tied(self) -> bool:
        """Whether the score takes from other people."""
        return self.friends is not None or self.family is not None

    @property
    def multiplies(self) -> bool:
        """Whether records multiply the score instead of adding to it."""
        return self.clip == "multiplicative"

    def number(self, points: float) -> int:
        """The whole number in which the engine keeps so many points: thousandths, or thousand-millionths of a logarithm."""
        return round(LOG_UNIT * math.log(points)) if self.multiplies else units.thousandths(points)

    def mark(self, points: float) -> int:
        """The number that a score of so many points reaches, however its factors were rounded."""
        return self.number(points) - (LOG_SLACK if self.multiplies else 0)

    def effect(self, name: str) -> int:
        """What a record of the class adds to that number."""
        table = self.factors if self.multiplies else self.points
        return self.number(table[name].number) if name in table else 0

    def kept_from(self, name: str) -> str:
        """From when the points of the class stay for their time."""
        return self.keep_from.get(name, self.keep_from["default"])


class FurtherScore(Score):
    """Another score beside the public one, such as a commercial one."""

    title: Text = ""
    """What it is called; its name where nothing is given."""


class Band(Model):
    """A named stretch of the score."""

    name: Text
    """Its name."""
    start: Edge = Field(alias="from")
    """Its lowest score, or `lowest` for the first."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class RuleList(Model):
    """A list that people are put on: by a record, by a score below a mark, or (a redlist) by a score at or above one."""

    title: Text = ""
    """What the list is called; its name where nothing is given."""
    colour: Literal["black", "red"] = "black"
    """Black for the "untrustworthy", red for the "exemplary"."""
    closes: Name | None = None
    """The gate that it closes first."""
    on: dict[Name, Share] = Field(default_factory=dict)
    """Probability by class that a record lists the person."""
    score_below: Points | None = None
    """Listed when the score falls below this."""
    score_from: Points | None = None
    """Listed while the score is at least this."""
    score: Name | None = None
    """Which of the `scores` that is; the public one where nothing is said."""
    term: Term = Term(value=units.FOR_EVER, note=UNSAID)
    """How long a listing lasts."""
    needs: Whole = 1
    """Listings needed at a time before the gate closes."""
    resets_score: bool = False
    """Whether the score returns to its start at the end of a term."""

    @model_validator(mode="after")
    def _one_way_in(self) -> RuleList:
        ways = [bool(self.on), self.score_below is not None, self.score_from is not None]
        if sum(ways) != 1:
            raise ValueError("a list has one way in: write either `on` (records), `score_below` or `score_from`")
        if (self.score_from is None) == (self.closes is None):
            raise ValueError("a list entered by records or by a low score closes a gate, a redlist closes none: see `closes`")
        if self.score is not None and self.on:
            raise ValueError("a list that is entered by records looks at no score: leave `score` out")
        if self.resets_score and self.score_below is None:
            raise ValueError("only a list with `score_below` can reset the score: no other one has a term of the score")
        if self.score_below is not None and units.number(self.term.value) <= 0:
            raise ValueError("the term of a list with `score_below` must be longer than nothing")
        return self


class Gate(Model):
    """A decision that looks at the score and the lists."""

    title: Text = ""
    """What the gate is called; its name where nothing is given."""
    context: Text = "unstated"
    """The part of life that it belongs to."""
    essential: bool = False
    """Whether people need it to get by."""
    belongs_to: Literal["holder", "children", "household"] = "holder"
    """Whose gate it is; a gate of the children looks at the parents, and to a gate of the household its grown members go together."""
    parents: Literal["any", "worst", "mean"] = unsaid("any")
    """How a gate of the children looks at the parents: closed where `any` of theirs is, by the `worst` or by the `mean` of their scores."""
    ages: tuple[Years, Years] = (18.0, 200.0)
    """Ages, in years, from which and until which it concerns a person."""
    opens_at: Mark | None = None
    """Score, or name of the band, from which it is open; without it scores close it at reviews only (`closes_lowest`), if at all."""
    score: Name | None = None
    """Which of the `scores` that is; the public one where nothing is said."""
    closes_lowest: Share | None = None
    """Share of the people it concerns, in a township, to whom each of the `reviews` closes it: those who score lowest."""
    applications: Rate | None = None
    """How often a person applies; those who are refused may ask why (`redress.asks`)."""
    pass_by_band: dict[Text, Share] | None = None
    """Share of the applications that pass while the gate is open, by band of the public score; all do in a band that is not named. A gate
    that is closed refuses all."""

    @model_validator(mode="after")
    def _ages_rise(self) -> Gate:
        if self.ages[0] >= self.ages[1]:
            raise ValueError(f"the ages {list(self.ages)} must rise: write from and until, such as [18, 200]")
        if self.parents != "any" and (self.belongs_to != "children" or self.opens_at is None):
            raise ValueError("the worst or the mean of the parents' scores decides about a gate of the children with `opens_at` only")
        if self.closes_lowest is not None and self.belongs_to != "holder":
            raise ValueError("only a gate that belongs to its holder can close for those who score lowest")
        if self.pass_by_band is not None and self.belongs_to != "holder":
            raise ValueError("only a gate that belongs to its holder can let a share of the applications pass: see `pass_by_band`")
        return self


class Reviews(Model):
    """Days on which people are put in the order of their scores, for gates with `closes_lowest`, and on which scores take from others."""

    every: Duration
    """Time from one review to the next; the first is as long after the start."""

    @model_validator(mode="after")
    def _days(self) -> Reviews:
        if self.every.number < 1.0:
            raise ValueError(f"the time from review to review, {self.every.value!r}, must be a day or more")
        return self


class Delays(Model):
    """Delays between gates."""

    default: Duration = Duration(value="0 days", note=UNSAID)
    """Where no pair is named."""
    pairs: dict[Name, dict[Name, Duration]] = Field(default_factory=dict)
    """First gate, second gate, delay."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: object) -> object:
        return written if isinstance(written, Delays) else pairs_or_default(written)


class Losses(Model):
    """Ends of sanctions that get lost between gates."""

    default: Share = Share(value=0.0, note=UNSAID)
    """Where no pair is named."""
    pairs: dict[Name, dict[Name, Share]] = Field(default_factory=dict)
    """First gate, second gate, probability."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: object) -> object:
        return written if isinstance(written, Losses) else pairs_or_default(written)


class Joint(Model):
    """Joint sanctions: restrictions in one place that bring restrictions in others."""

    shares: dict[Name, dict[Name, Share]] = Field(default_factory=dict)
    """First gate, second gate, probability that a sanction spreads."""
    delay_on: Delays = Delays()
    """How long it takes to spread: one duration for all, or one for each pair of gates."""
    delay_off: Delays = Delays()
    """How long it lasts after the first has ended: one duration for all, or one for each pair of gates."""
    lost: Losses | None = None
    """Probability that the end of the first never reaches the second, for all or for each pair of gates; it always does where nothing is
    said."""
    at_most: Whole | None = None
    """Gates of a person's own that may be closed at a time; all where nothing is said."""
    spare: tuple[Name, ...] = unsaid(())
    """Gates in the order in which they are left open when there are too many; the essential ones come first where nothing is said, and
    then the others from the last."""
    allow_supercritical: bool = False
    """Accept that each sanction brings one or more others."""
