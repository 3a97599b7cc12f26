"""What a scenario may say: frozen models, one per part of the file, with the text of the manual under each field.

What one part says about another (does the class exist, is the matrix subcritical) is looked at in `check.py`; files are read in
`load.py`; the country has its own module.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, model_validator

from ..layout import AXES
from . import units
from .country import Country, Region
from .quantity import (
    UNSAID,
    Day,
    Duration,
    Factor,
    Length,
    Model,
    Name,
    Number,
    Positive,
    Rate,
    RateText,
    Share,
    Text,
    Whole,
)
from .system import Band, Gate, Joint, RuleList, Score

# --- people and time ------------------------------------------------------------------------------------------------------------


class Population(Model):
    """Which people are lived, and in what units."""

    country: Country
    """Name of a catalog country, path of a country file, or the country itself."""
    people: Whole = 1_000_000
    """Synthetic people lived by default."""
    township: Whole = 36_000
    """Persons in a township."""
    regions: tuple[Text, ...] = ()
    """Names of the regions that are lived; all where nothing is given. Namesakes and mean rates stay those of the whole country."""
    name_cohort: Whole | None = None
    """For exact answers only: this many consecutive persons share a name."""

    @property
    def lived(self) -> tuple[Region, ...]:
        """The regions that are lived, in the order of the country's table."""
        return tuple(region for region in self.country.regions if not self.regions or region.name in self.regions)


class Period(Model):
    """The time that is lived."""

    start: Day
    """First day."""
    length: Length
    """Length: years and months follow the calendar, weeks and days are exact."""

    @property
    def days(self) -> int:
        """Whole days of the period."""
        return units.whole_days(self.start, self.length)

    @model_validator(mode="after")
    def _has_days(self) -> Period:
        units.whole_days(self.start, self.length)
        return self


# --- conduct and records --------------------------------------------------------------------------------------------------------


class Frailty(Model):
    """Some people have more events than others: one Gamma factor of mean 1 for each person."""

    shape: Positive
    """Shape of the Gamma distribution: the smaller, the more unequal."""


class ByGroup(Model):
    """Multipliers by group; a level that is not named has 1."""

    sex: dict[str, Factor] = Field(default_factory=dict)
    """female, male"""
    age: dict[str, Factor] = Field(default_factory=dict)
    """0-17, 18-39, 40-59, 60+ at the start"""
    residence: dict[str, Factor] = Field(default_factory=dict)
    """rural, urban"""
    means: dict[str, Factor] = Field(default_factory=dict)
    """low, middle, high"""
    name: dict[str, Factor] = Field(default_factory=dict)
    """rare name, common name"""

    def items(self) -> list[tuple[str, dict[str, Factor]]]:
        """The axes and their named levels."""
        return [(axis, getattr(self, axis)) for axis in AXES]


class Conduct(Model):
    """A class of events that people do or that befall them."""

    title: Text = ""
    """What the class is called; its name where nothing is given."""
    sign: Literal["bad", "good"]
    """How a system looks at it: a reading of the system, not of the person."""
    context: Text = "unstated"
    """The part of life that it belongs to."""
    gravity: Number = Number(value=1.0, note=UNSAID)
    """How grave it is beside the others."""
    rate: Rate
    """Events of a person to whom everything is open, at frailty 1 and multiplier 1."""
    ceiling: RateText | None = None
    """Candidates from which the events are thinned; the rate times the strain where nothing is given."""
    frail: bool | None = None
    """Whether the shared frailty applies; where nothing is given, it does if there is one."""
    own_frailty: Positive | None = None
    """Shape of a further Gamma factor for this class alone."""
    by: ByGroup = ByGroup()
    """Multipliers of the rate by group."""
    from_age: Duration = Duration(value="18 years", note=UNSAID)
    """Age from which the class applies and is recorded."""
    settled_after: Duration | None = None
    """Mean of the exponential time from the event until it is settled (a debt paid)."""
    strain: Factor = Factor(value=1.0, note=UNSAID)
    """Multiplier of the rate while any gate of the person's own is closed."""

    @property
    def ceiling_a_day(self) -> float:
        """Candidates a day; the rate times the strain where no ceiling is given."""
        return units.number(self.ceiling) if self.ceiling else self.rate.number * max(1.0, self.strain.number)


class Recording(Model):
    """How a source records a class."""

    detect: Share
    """Probability that an event is recorded."""
    detect_by: ByGroup = ByGroup()
    """Multipliers of it by group."""
    ghosts: Rate = Rate(value="0 per year", note=UNSAID)
    """Records of events that nobody did, per person."""
    ghosts_by: ByGroup = ByGroup()
    """Multipliers of them by group."""


class Delay(Model):
    """The time from an event to its record: one of the two."""

    fixed: Duration | None = None
    """Always this long."""
    exponential: Duration | None = None
    """Exponential with this mean."""

    @model_validator(mode="after")
    def _one(self) -> Delay:
        if (self.fixed is None) == (self.exponential is None):
            raise ValueError("a delay is either fixed or exponential: write one of them, such as {fixed: 30 days}")
        return self


class Namesakes(Model):
    """What the source does with a record whose identifier is missing."""

    share: Share
    """`assign one`: share of records without an identifier. `pairwise`: probability that a record is copied to one given namesake."""
    mode: Literal["assign one", "pairwise"]
    """`assign one` gives the record to one of the holders of the key; `pairwise` copies it to each with the same small probability."""
    scope: Literal["township", "country"] = "township"
    """Where holders of the key are looked for."""
    key: Literal["name", "name and year", "name and date"] = "name"
    """What the record is matched on."""


class Staleness(Model):
    """Whether a source hears that a matter is settled."""

    updated: Share
    """Probability that it ever hears of it."""
    after: Duration = Duration(value="0 days", note=UNSAID)
    """How long it then takes."""


class Source(Model):
    """An office that keeps records."""

    title: Text = ""
    """What the source is called; its name where nothing is given."""
    context: Text = "unstated"
    """The part of life that it belongs to."""
    records: dict[Name, Recording]
    """The classes that it records."""
    delay: Delay = Delay(fixed=Duration(value="0 days", note=UNSAID))
    """Time from an event to its record."""
    namesakes: Namesakes | None = None
    """How records reach namesakes; without it none does."""
    staleness: Staleness = Staleness(updated=Share(value=1.0, note=UNSAID))
    """How settled matters leave the file; without it the source hears of all of them at once."""


# --- worlds, and the whole ----------------------------------------------------------------------------------------------------


class World(Model):
    """One set of rules, records and conduct under which everybody lives."""

    letter: Text = ""
    """A letter for tables."""
    title: Text = ""
    """What the world is called; its name where nothing is given."""
    rules: Literal["none", "system"] = "system"
    """Whether there is a system."""
    records: Literal["none", "accurate", "pruned", "as they come"] = "as they come"
    """Which records exist."""
    conduct: Literal["own"] = "own"
    """Whose conduct is lived."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Rules that differ in this world: dotted paths under score, bands, lists, gates (opens_at only) and joint."""

    @model_validator(mode="before")
    @classmethod
    def _no_records(cls, written: object) -> object:
        if isinstance(written, Mapping) and written.get("rules") == "none" and "records" not in written:
            return {**written, "records": "none"}
        return written

    @model_validator(mode="after")
    def _agrees(self) -> World:
        if self.rules == "none" and (self.records != "none" or self.set):
            raise ValueError("a world without rules has no records and no rules to set: leave `records` and `set` out")
        return self


WORLDS: Mapping[str, World] = {
    "none": World(letter="N", title="No system", rules="none", records="none"),
    "accurate": World(letter="A", title="Accurate records", records="accurate"),
    "pruned": World(letter="F", title="Wrong records removed", records="pruned"),
    "designed": World(letter="D", title="As designed", records="as they come"),
}
COMPARE = (("designed", "accurate"), ("designed", "none"), ("accurate", "none"), ("designed", "pruned"))


class Scenario(Model):
    """A whole scenario: people, conduct, sources, system, worlds, and what is compared."""

    title: Text
    """What the scenario is called."""
    label: Literal["as announced", "as piloted", "as litigated", "illustrative"] = "illustrative"
    """What the design is taken from."""
    claim: Literal["C1", "C2", "C3"]
    """What the results may be used for: C1 a mechanism is possible, C2 one design is better than another, C3 fits named patterns."""
    question: Text
    """The question that the scenario answers."""
    description: Text = ""
    """What a reader should know about it."""
    period: Period
    """The time that is lived."""
    population: Population
    """The people who live it."""
    frailty: Frailty | None = None
    """How unequal people are in their conduct."""
    conduct: dict[Name, Conduct]
    """Classes of events."""
    sources: dict[Name, Source]
    """Who records them."""
    score: Score = Score()
    """How records become a score."""
    bands: tuple[Band, ...] = ()
    """Named stretches of the score, from the lowest up."""
    lists: dict[Name, RuleList] = Field(default_factory=dict)
    """Blacklists and redlists."""
    gates: dict[Name, Gate]
    """Decisions that look at score and lists."""
    joint: Joint = Joint()
    """How restrictions spread from gate to gate."""
    minor_record: Name | None = None
    """The class whose points are one minor record; where nothing is given, the one with the smallest deduction."""
    worlds: dict[Name, World] = Field(default_factory=lambda: dict(WORLDS))
    """The worlds that are lived."""
    compare: tuple[tuple[Name, Name], ...] = ()
    """Pairs of world and reference, the most important first."""
    lives: Annotated[int, Field(ge=0, le=20, strict=True)] = 2
    """Twin life-lines that the report shows."""


def completed(scenario: Scenario) -> Scenario:
    """The same scenario with everything said that was left to its other parts."""
    frail = scenario.frailty is not None
    conduct = {name: _complete_class(name, one, frail) for name, one in scenario.conduct.items()}
    return scenario.model_copy(
        update={
            "conduct": conduct,
            "sources": _titled(scenario.sources),
            "lists": _titled(scenario.lists),
            "gates": _titled(scenario.gates),
            "worlds": _titled(scenario.worlds),
            "compare": scenario.compare or tuple(pair for pair in COMPARE if set(pair) <= set(scenario.worlds)),
            "minor_record": scenario.minor_record or _smallest(scenario),
        }
    )


def _complete_class(name: str, one: Conduct, frail: bool) -> Conduct:
    return one.model_copy(
        update={
            "title": one.title or _words(name),
            "frail": frail if one.frail is None else one.frail,
            "ceiling": one.ceiling or units.times(str(one.rate.value), max(1.0, one.strain.number)),
        }
    )


T = TypeVar("T", Source, RuleList, Gate, World)


def _titled(named: Mapping[str, T]) -> dict[str, T]:
    return {name: one if one.title else one.model_copy(update={"title": _words(name)}) for name, one in named.items()}


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _smallest(scenario: Scenario) -> str | None:
    """The bad class with the smallest deduction, the first of equals."""
    deductions = {
        name: -points.number
        for name, points in scenario.score.points.items()
        if points.number < 0 and name in scenario.conduct and scenario.conduct[name].sign == "bad"
    }
    return min(deductions, key=lambda name: deductions[name], default=None)
