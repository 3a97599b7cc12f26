"""What a scenario may say about the system: score, bands, lists, gates and joint sanctions.

Frozen models with the text of the manual under each field; the rest of the language is in `model.py`. How these rules are lived is
said in `docs/model.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from . import units
from .quantity import UNSAID, Duration, Edge, Mark, Model, Name, Points, Share, Term, Text, Whole, Years


class Score(Model):
    """How records become a number."""

    start: Points = Points(value=0.0, note=UNSAID)
    """The score of a person without records."""
    lowest: Points | None = None
    """No score is lower."""
    highest: Points | None = None
    """No score is higher."""
    clip: Literal["stateless", "ledger"] = "stateless"
    """`stateless`: the sum of the records that act, then clipped. `ledger`: clipped at every step, so order matters."""
    points: dict[Name, Points] = Field(default_factory=dict)
    """Points by class; a class without points matters to lists only."""
    keep: dict[str, Term] = Field(default_factory=lambda: {"default": Term(value=units.FOR_EVER, note=UNSAID)})
    """How long points stay: one duration, or one by class with a `default`."""

    @model_validator(mode="before")
    @classmethod
    def _one_keep(cls, written: object) -> object:
        if isinstance(written, Mapping) and "keep" in written:
            keep = written["keep"]
            if not isinstance(keep, Mapping) or "value" in keep:
                return {**written, "keep": {"default": keep}}
            return {**written, "keep": {"default": {"value": units.FOR_EVER, "note": UNSAID}, **keep}}
        return written


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
    belongs_to: Literal["holder", "children"] = "holder"
    """Whose gate it is; a gate of the children looks at the parents."""
    ages: tuple[Years, Years] = (18.0, 200.0)
    """Ages, in years, from which and until which it concerns a person."""
    opens_at: Mark | None = None
    """Score, or name of the band, from which it is open; without it only lists close it."""

    @model_validator(mode="after")
    def _ages_rise(self) -> Gate:
        if self.ages[0] >= self.ages[1]:
            raise ValueError(f"the ages {list(self.ages)} must rise: write from and until, such as [18, 200]")
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
        if isinstance(written, Delays) or (isinstance(written, Mapping) and written.keys() & {"default", "pairs"}):
            return written
        return {"pairs": written} if isinstance(written, Mapping) and "value" not in written else {"default": written}


class Joint(Model):
    """Joint sanctions: restrictions in one place that bring restrictions in others."""

    shares: dict[Name, dict[Name, Share]] = Field(default_factory=dict)
    """First gate, second gate, probability that a sanction spreads."""
    delay_on: Delays = Delays()
    """How long it takes to spread."""
    delay_off: Delays = Delays()
    """How long it lasts after the first has ended."""
    allow_supercritical: bool = False
    """Accept that each sanction brings one or more others."""
