"""What a scenario may say: frozen models, one per part of the file, with the text of the manual under each field.

What one part says about another (does the class exist, is the matrix subcritical) is looked at in `check.py`; files are read in
`load.py`; the country has its own module.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, SerializerFunctionWrapHandler, field_serializer, model_validator

from . import units
from .behaviour import Behaviour, Burst, NearGate
from .country import Country, Region
from .parts import ByGroup, Delay
from .procedures import Duplicates, Inflated, Procedure
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
    none_unsaid,
    unsaid,
)
from .redress import NO_DELAY, Amnesty, Redress, Repair
from .rollout import Stage, rule_books
from .system import Band, FurtherScore, Gate, Joint, Reviews, RuleList, Score
from .threats import Threat
from .worlds import (
    COMPARE,
    Pair,
    Safeguard,
    Structure,
    World,
    book_pairs,
    book_worlds,
    context_worlds,
    reference,
    safeguard_pairs,
    safeguard_worlds,
    shock_worlds,
    usual_worlds,
)

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


class Conduct(Model):
    """A class of events that people do or that befall them."""

    title: Text = ""
    """What the class is called; its name where nothing is given."""
    sign: Literal["bad", "good", "lawful"]
    """How a system looks at it: a reading of the system, not of the person. `lawful` is what is none of its business, and may yet be done
    less where people are afraid."""
    context: Text = "unstated"
    """The part of life that it belongs to."""
    gravity: Number = Number(value=1.0, note=UNSAID)
    """How grave it is beside the others."""
    rate: Rate
    """Events of a person to whom everything is open, at frailty 1 and multiplier 1."""
    ceiling: RateText | None = None
    """Candidates from which the events are thinned; the rate times all that multiplies it where nothing is given."""
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
    """Multiplier of the rate for each gate of the person's own that is closed."""
    strain_at_most: Whole = unsaid(1)
    """Closed gates that count for it."""
    deterred: Factor | None = None
    """A belief p in being punished multiplies the rate by exp(-p times this); see `behaviour`."""
    near_gate: NearGate | None = None
    """More of it while the score is a little below a gate."""
    burst: Burst | None = None
    """Each event makes the next one likelier for a while."""
    when_given_up: Factor | None = None
    """Multiplier of the rate for people who have given up; see `behaviour`."""

    @property
    def reactive(self) -> bool:
        """Whether its events depend on the life that is lived."""
        weary = self.when_given_up is not None and self.when_given_up.number != 1
        deterred = self.deterred is not None and self.deterred.number != 0
        near = self.near_gate is not None and self.near_gate.factor.number != 1
        burst = self.burst is not None and self.burst.adds.number != 0
        return self.strain.number != 1 or deterred or near or burst or weary

    @property
    def most(self) -> float:
        """The largest product of its multipliers."""
        product = max(1.0, self.strain.number**self.strain_at_most)
        product *= max(1.0, self.near_gate.factor.number) if self.near_gate else 1.0
        product *= self.burst.at_most.number if self.burst else 1.0
        return product * (max(1.0, self.when_given_up.number) if self.when_given_up else 1.0)

    @property
    def ceiling_a_day(self) -> float:
        """Candidates a day; the rate times its multipliers where no ceiling is given."""
        return units.number(self.ceiling) if self.ceiling else self.rate.number * self.most


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
    misread: dict[Name, Share] = none_unsaid()
    """Probability that a record is written as one of another class, by that class."""
    inflated: Inflated | None = None
    """Records that weigh more than what happened."""
    procedure: Procedure | None = None
    """The rule by which records are raised; as the event is where nothing is said."""


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
    country_from: Day | None = None
    """Day from which holders are looked for in the country, where that is the scope, and in the township before it."""

    @model_validator(mode="after")
    def _dated(self) -> Namesakes:
        if self.country_from is not None and self.scope != "country":
            raise ValueError("`country_from` says since when the scope is the country: write `scope: country`, or leave it out")
        return self


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
    delay: Delay = NO_DELAY
    """Time from an event to its record."""
    namesakes: Namesakes | None = None
    """How records reach namesakes; without it none does."""
    duplicates: Duplicates | None = None
    """Records that come on file twice; none does where nothing is said."""
    staleness: Staleness = Staleness(updated=Share(value=1.0, note=UNSAID))
    """How settled matters leave the file; without it the source hears of all of them at once."""


# --- the whole ----------------------------------------------------------------------------------------------------


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
    scores: dict[Name, FurtherScore] = none_unsaid()
    """Further scores, which lists and gates can look at."""
    bands: tuple[Band, ...] = ()
    """Named stretches of the score, from the lowest up."""
    lists: dict[Name, RuleList] = Field(default_factory=dict)
    """Blacklists and redlists."""
    gates: dict[Name, Gate]
    """Decisions that look at score and lists."""
    reviews: Reviews | None = None
    """When people are put in the order of their scores, and take from friends and family; never where nothing is said."""
    joint: Joint = Joint()
    """How restrictions spread from gate to gate."""
    repair: dict[Name, Repair] = none_unsaid()
    """By class, how points and listings are earned back early."""
    amnesty: Amnesty | None = None
    """A day on which old records are forgiven."""
    redress: Redress | None = None
    """How records are contested; nobody can where nothing is said."""
    behaviour: Behaviour | None = None
    """What people come to believe, and when they give up."""
    threats: dict[Name, Threat] = none_unsaid()
    """Attacks and breakdowns."""
    rollout: tuple[Stage, ...] = unsaid(())
    """Stages in which the system comes; it is there from the first day, everywhere, where nothing is said."""
    minor_record: Name | None = None
    """The class whose points are one minor record; where nothing is given, the one with the smallest deduction."""
    worlds: dict[Name, World] = Field(default_factory=dict)
    """The worlds that are lived; the usual ones where nothing is said."""
    safeguards: dict[Name, Safeguard] = none_unsaid()
    """Changes of the design that are meant to protect people: each is a world beside `designed`, and one beside `accurate`."""
    structures: dict[Name, Structure] = none_unsaid()
    """Other ways to model what nobody knows how to model. A run lives none of them; `counterlife sweep` lives each."""
    cross_context: bool = unsaid(False)
    """Whether there is a world without the records of each context, `without` and its name."""
    every_rule_book: bool = unsaid(False)
    """Whether there is a world for each rule book of the rollout under which everybody lives, `as in` and the first region that has it."""
    split_gaps: bool = unsaid(False)
    """Whether gaps between groups are split by how they come about: everybody lives the first comparison again with conduct, detection,
    namesakes and redress the same for all groups, one by one and in every combination of those in which groups differ."""
    consolidation: Name | None = None
    """The stage that brings the registers together: it has a world in which older records of settled matters do not count from then on, and
    one in which no older records do, so that what it does to people can be split by the records that do it."""
    compare: tuple[tuple[Text, Text], ...] = ()
    """Pairs of world and reference, the most important first; those of safeguards, contexts and rule books come after them. Where nothing
    is given the design is held against right rules first, where there is a world of them, and else against accurate records."""
    lives: Annotated[int, Field(ge=0, le=20, strict=True)] = 2
    """Twin life-lines that the report shows."""

    @field_serializer("worlds", mode="wrap")
    def _without_implied(self, worlds: dict[str, World], serialize: SerializerFunctionWrapHandler) -> Any:
        return serialize(self.written_worlds)

    @property
    def implied_worlds(self) -> dict[str, World]:
        """The worlds that follow from `safeguards`, `cross_context`, `every_rule_book` and `consolidation`."""
        designed = self.worlds.get("designed", World())
        contexts = [source.context for source in self.sources.values()] if self.cross_context else []
        books = self.rule_books if self.every_rule_book else ()
        split = shock_worlds(self.consolidation, designed) if self.consolidation else {}
        return {
            **safeguard_worlds(self.safeguards, designed),
            **context_worlds(contexts, designed),
            **book_worlds(books, designed),
            **split,
        }

    @property
    def rule_books(self) -> tuple[tuple[str, ...], ...]:
        """The regions that are lived and where there is ever a system, those with the same stages together."""
        return rule_books(self.rollout, [region.name for region in self.population.lived], self.period.start)

    @property
    def written_worlds(self) -> dict[str, World]:
        """The worlds that do not follow from anything else."""
        implied = self.implied_worlds
        return {name: world for name, world in self.worlds.items() if name not in implied}

    @property
    def all_scores(self) -> dict[str, Score]:
        """The public score, under the name `score`, and the further ones."""
        return {"score": self.score, **self.scores}


def completed(scenario: Scenario) -> Scenario:
    """The same scenario with everything said that was left to its other parts."""
    frail = scenario.frailty is not None
    conduct = {name: _complete_class(name, one, frail) for name, one in scenario.conduct.items()}
    said = scenario.model_copy(
        update={
            "conduct": conduct,
            "sources": _titled(scenario.sources),
            "scores": _titled(scenario.scores),
            "lists": _titled(scenario.lists),
            "gates": _titled(scenario.gates),
            "threats": _titled(scenario.threats),
            "safeguards": _titled(scenario.safeguards),
            "structures": _titled(scenario.structures),
            "worlds": _titled(scenario.worlds if "worlds" in scenario.model_fields_set else _usual(scenario)),
            "minor_record": scenario.minor_record or _smallest(scenario),
        }
    )
    worlds = {**said.implied_worlds, **said.worlds}
    ordered = {name: worlds[name] for name in (*said.worlds, *worlds)}  # those that are written come first
    return said.model_copy(update={"worlds": ordered, "compare": _compared(scenario, ordered)})


def _usual(scenario: Scenario) -> dict[str, World]:
    recordings = [one for source in scenario.sources.values() for one in source.records.values()]
    procedures = any(one.procedure for one in recordings)
    return usual_worlds(procedures, any(one.reactive for one in scenario.conduct.values()), bool(scenario.threats))


def _compared(scenario: Scenario, worlds: Mapping[str, World]) -> tuple[Pair, ...]:
    """The pairs that are written, or the usual ones, and then those of safeguards, contexts and rule books."""
    pairs = list(scenario.compare or (pair for pair in COMPARE if set(pair) <= set(worlds)))
    without = [("designed", name) for name, world in worlds.items() if world.without and name.startswith("without ")]
    guarded = safeguard_pairs(scenario.safeguards, reference(worlds, pairs))
    implied = [pair for pair in guarded + without + book_pairs(worlds) if set(pair) <= set(worlds)]
    return (*pairs, *(pair for pair in implied if pair not in pairs))


def _complete_class(name: str, one: Conduct, frail: bool) -> Conduct:
    return one.model_copy(
        update={
            "title": one.title or _words(name),
            "frail": frail if one.frail is None else one.frail,
            "ceiling": one.ceiling or units.times(str(one.rate.value), one.most),
        }
    )


T = TypeVar("T", Source, FurtherScore, RuleList, Gate, Threat, Safeguard, Structure, World)


def _titled(named: Mapping[str, T]) -> dict[str, T]:
    return {name: one if one.title else one.model_copy(update={"title": _words(name)}) for name, one in named.items()}


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _smallest(scenario: Scenario) -> str | None:
    """The bad class with the smallest deduction, the first of equals."""
    score = scenario.score
    table = score.factors if score.multiplies else score.points
    deductions = {
        name: -score.effect(name)
        for name in table
        if score.effect(name) < 0 and name in scenario.conduct and scenario.conduct[name].sign == "bad"
    }
    return min(deductions, key=lambda name: deductions[name], default=None)
