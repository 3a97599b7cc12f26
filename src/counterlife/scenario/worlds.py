"""What a scenario may say about its worlds and structures, and the worlds and comparisons that follow from other parts of it.

Safeguards, `cross_context`, `every_rule_book` and `consolidation` imply worlds. They are added when a scenario is completed, and left out
when it is written down: what is written says them already. Names of people's own worlds have no spaces, so `x accurate`, `without x` and
`as in x` are free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any, Literal

from pydantic import Field, model_validator

from .quantity import Factor, Model, Name, Text

Pair = tuple[str, str]
DESIGN, ACCURATE = "designed", "accurate"
CLEANER = ("lawful", "accurate", "pruned")
"""Records beside which a day can be called wrongful."""


class World(Model):
    """One set of rules, records and conduct under which everybody lives."""

    letter: Text = ""
    """A letter for tables."""
    title: Text = ""
    """What the world is called; its name where nothing is given."""
    rules: Literal["none", "system"] = "system"
    """Whether there is a system."""
    records: Literal["none", "lawful", "accurate", "pruned", "as they come", "attacked"] = "as they come"
    """Which records exist. `lawful`: those that the law would raise, without error. `accurate`: those that the procedures raise, without
    error. `pruned`: accurate ones, less those filed elsewhere. `attacked`: as they come, with the threats."""
    conduct: Name = "own"
    """Whose conduct is lived: its own, or that of a world above it."""
    without: Text | None = None
    """Records of the sources of this context count for nothing."""
    as_in: Text | None = None
    """Everybody lives under the rule book of this region, with its stages on their days, wherever they live."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Rules that differ in this world: dotted paths under score, scores, bands, lists, gates (opens_at, closes_lowest, pass_by_band),
    joint, redress, repair, amnesty and rollout (look_back and settled_matters only)."""

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
        if self.rules == "none" and self.as_in is not None:
            raise ValueError("a world without rules is the same in every region: leave `as_in` out")
        return self


class Safeguard(Model):
    """A change of the design meant to protect people. It is a world, and another one of the same rules with accurate records."""

    title: Text = ""
    """What it is called; its name where nothing is given."""
    set: dict[str, Any]
    """Rules that differ: dotted paths, as in worlds."""
    reviewer_hours: Factor | None = None
    """Hours of reviewers that it takes a year for each 1,000 people."""


class Structure(Model):
    """Another way to model what nobody knows how to model, such as how records are linked, or that people react."""

    title: Text = ""
    """What it is called; its name where nothing is given."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Parts that differ: dotted paths, as in `--set`, under people, conduct, sources and system."""
    leave_out: tuple[Text, ...] = ()
    """Parts that are not there, by dotted paths, such as behaviour."""


WORLDS: Mapping[str, World] = {
    "none": World(letter="N", title="No system", rules="none", records="none"),
    "accurate": World(letter="A", title="Accurate records", records="accurate"),
    "pruned": World(letter="F", title="Wrong records removed", records="pruned"),
    "designed": World(letter="D", title="As designed", records="as they come"),
}
LAWFUL = World(letter="L", title="Right rules, accurate records", records="lawful")
MEDIATED = World(letter="M", title="As designed, with the conduct of the accurate world", records="as they come", conduct="accurate")
ATTACKED = World(letter="T", title="As designed, under attack", records="attacked")

# right rules first, where there is a world of them: what a wrong rule does stays with accurate records
COMPARE: tuple[Pair, ...] = (
    ("designed", "lawful"),
    ("designed", "accurate"),
    ("designed", "none"),
    ("accurate", "none"),
    ("designed", "pruned"),
    ("accurate", "lawful"),
    ("designed", "mediated"),
    ("mediated", "accurate"),
    ("attacked", "designed"),
    ("attacked", "accurate"),
)


def usual_worlds(procedures: bool, reactive: bool, threats: bool) -> dict[str, World]:
    """The worlds of a scenario that names none."""
    worlds = dict(WORLDS)
    if procedures:
        worlds["lawful"] = LAWFUL
    if reactive:
        worlds["mediated"] = MEDIATED
    if threats:
        worlds["attacked"] = ATTACKED
    return worlds


def safeguard_worlds(safeguards: Mapping[str, Safeguard], designed: World) -> dict[str, World]:
    """Two worlds for each safeguard: as designed with what it sets, and the same with accurate records."""
    worlds = {}
    for number, (name, one) in enumerate(safeguards.items(), 1):
        rules = {**designed.set, **one.set}
        worlds[name] = World(letter=f"S{number}", title=one.title, records=designed.records, set=rules)
        worlds[f"{name} accurate"] = World(letter=f"S{number}A", title=f"{one.title}, accurate records", records="accurate", set=rules)
    return worlds


def context_worlds(contexts: Iterable[str], designed: World) -> dict[str, World]:
    """A world for each context of sources, in which their records count for nothing."""
    return {
        f"without {context}": designed.model_copy(
            update={"letter": f"X{number}", "title": f"As designed, without records of {context}", "without": context}
        )
        for number, context in enumerate(dict.fromkeys(contexts), 1)
    }


def shock_worlds(stage: str, designed: World) -> dict[str, World]:
    """Two worlds by which the shock of a stage is split: as designed, but that settled or any older records do not count in it."""
    return {
        f"{stage} without {what} records": designed.model_copy(
            update={
                "letter": f"C{number}",
                "title": f"As designed, without {what} records in the stage {stage}",
                "set": {**designed.set, f"rollout.{stage}.{key}": value},
            }
        )
        for number, (what, key, value) in enumerate((("settled", "settled_matters", False), ("old", "look_back", "0 days")), 1)
    }


def book_worlds(books: Iterable[tuple[str, ...]], designed: World) -> dict[str, World]:
    """A world for each rule book, given by the regions that have it, under which everybody lives."""
    return {
        f"as in {regions[0]}": designed.model_copy(
            update={"letter": f"B{number}", "title": f"Everywhere the rules of {_counted(regions)}", "as_in": regions[0]}
        )
        for number, regions in enumerate(books, 1)
    }


def _counted(regions: tuple[str, ...]) -> str:
    first, *others = regions
    return first if not others else f"{first} and {others[0] if len(others) == 1 else f'{len(others)} other regions'}"


def book_pairs(worlds: Mapping[str, World]) -> list[Pair]:
    """Every two worlds that are the rule books of regions and otherwise the same."""
    books = {name: world.model_copy(update={"as_in": None, "letter": "", "title": ""}) for name, world in worlds.items() if world.as_in}
    return [(one, two) for one, two in combinations(books, 2) if books[one] == books[two]]


def reference(worlds: Mapping[str, World], compare: Iterable[Pair]) -> str:
    """The world beside which days of the design are wrongful: of its first comparison with cleaner records under its own rules.

    `accurate` where there is none.
    """
    for world, versus in compare:
        if world == DESIGN and {world, versus} <= set(worlds) and _is_cleaner(worlds[versus], worlds[DESIGN]):
            return versus
    return ACCURATE


def _is_cleaner(one: World, design: World) -> bool:
    return one.records in CLEANER and (one.rules, one.set, one.as_in, one.without) == (
        design.rules,
        design.set,
        design.as_in,
        design.without,
    )


def safeguard_pairs(safeguards: Iterable[str], beside: str = ACCURATE) -> list[Pair]:
    """What the worlds of safeguards are compared with, where wrongful days of the design are those beside this world."""
    return [(name, versus) for name in safeguards for versus in dict.fromkeys((f"{name} accurate", ACCURATE, beside, DESIGN))]
