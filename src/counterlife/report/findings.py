"""What the report is written from: the measures by name, written out with their intervals, and the roles of the worlds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from counterlife.figures import number
from counterlife.measures import REFERENCE, Facts, Sample, Tallies
from counterlife.measures.intervals import Estimate, differs
from counterlife.report.text import Text

RATIO = "disparity, ratio, M1"
ALIKE = 0.1
COLUMNS = 4
"""So many worlds fit beside one another on a page."""
MISTAKES, DIFFERENCE, NO_SYSTEM = "mistakes", "difference", "no_system"


@dataclass(frozen=True)
class Life:
    """One synthetic person's life in every world, and the rule by which the person was picked."""

    title: str
    rule: str
    people: str
    story: list[tuple[date, str, str]]
    """Date, world, what happened."""
    spans: list[tuple[str, str, int, int]]
    """World, domain, first closed day, first open day after it."""
    worlds: tuple[str, ...] = ()
    """Worlds that are shown; all where nothing is said."""


@dataclass(frozen=True)
class Found:
    """A value of the measures frame with its interval."""

    value: float | None
    low: float | None
    high: float | None
    people: int
    unit: str


@dataclass(frozen=True)
class Gap:
    """The widest gap: who bears more, than whom, how many times as much, and how many gaps were looked at."""

    more: str
    less: str
    ratio: float
    looked_at: int


@dataclass(frozen=True)
class Findings:
    """Tallies, facts and measures of a run, with a way to quote them."""

    tallies: Tallies
    facts: Facts
    frame: pl.DataFrame
    words: Text

    @cached_property
    def text(self) -> Text:
        """The words for this run's kind of comparison, with what many sentences need already filled in."""
        return (
            self.words.told(self.kind, self.blanks)
            if self.kind != NO_SYSTEM
            else self.words.told("difference", {}).told(NO_SYSTEM, self.blanks)
        )

    @property
    def kind(self) -> str:
        """What the headline comparison is: with accurate records under the same rules, with no system, or between two systems."""
        return kind_of(self.facts, self.pair)

    @cached_property
    def sample(self) -> Sample:
        """The tallies with their weights."""
        return Sample(self.tallies, self.facts)

    @cached_property
    def _by_key(self) -> dict[tuple[str, ...], Found]:
        keys = ("id", "name", "world", "versus", "domain", "region", "group")
        return {
            tuple(row[key] for key in keys): Found(row["value"], row["low"], row["high"], row["people"], row["unit"])
            for row in self.frame.iter_rows(named=True)
        }

    @property
    def pair(self) -> tuple[str, str]:
        """The headline comparison."""
        return self.facts.pairs[0]

    @property
    def designed(self) -> str:
        """The world in question."""
        return self.pair[0]

    @property
    def accurate(self) -> str:
        """The world it is compared with."""
        return self.pair[1]

    @property
    def none(self) -> str:
        """The world without a system; the one compared with, where the scenario has none."""
        return next((name for name, world in self.facts.worlds.items() if world.records == "none"), self.accurate)

    @property
    def looks_at_parents(self) -> bool:
        """Whether a gate of the scenario is a child's."""
        return any(domain.child for domain in self.facts.domains.values())

    @property
    def titles(self) -> dict[str, str]:
        """What the worlds are called."""
        return {name: world.title for name, world in self.facts.worlds.items()}

    @property
    def shown_worlds(self) -> tuple[str, ...]:
        """The worlds that stand in tables: those of safeguards, and those that serve one comparison only, have sections of their own."""
        return tuple(name for name in self.facts.worlds if name not in {*self.facts.side_worlds, *self.facts.safeguards})

    @property
    def side_by_side(self) -> tuple[str, ...]:
        """The worlds that are shown beside one another: all where they are few, else those of the headline and the lawful one."""
        if len(self.shown_worlds) <= COLUMNS:
            return self.shown_worlds
        lawful = (name for name, one in self.facts.worlds.items() if one.records == "lawful")
        kept = {self.none, self.accurate, self.designed, *lawful}
        return tuple(world for world in self.shown_worlds if world in kept)

    def averted(self, safeguard: str) -> Found:
        """The wrongful days that a safeguard averts by itself, per 1,000 person-years."""
        return self.get("M30", "yield of safeguards, wrongful days averted", safeguard, self.designed)

    @property
    def most_averting(self) -> str | None:
        """The safeguard that by itself averts most, where one averts any."""
        known = {name: self.averted(name).value or 0.0 for name in self.facts.safeguards}
        best = max(known, key=lambda name: known[name], default=None)
        return best if best is not None and known[best] > 0 else None

    @property
    def by_role(self) -> dict[str, str]:
        """The titles with no system first, then the world compared with, the one in question, and the others."""
        order = dict.fromkeys((self.none, self.accurate, self.designed, *self.facts.worlds))
        return {world: self.titles[world] for world in order}

    @property
    def blanks(self) -> dict[str, str]:
        """What many sentences need."""
        return {
            "designed_title": self.titles[self.designed],
            "accurate_title": self.titles[self.accurate],
            "none_title": self.titles[self.none],
            "years": number(round(self.facts.years, 1)),
        }

    @property
    def claim(self) -> str:
        """The claim level, as it stands on every figure."""
        return self.text(f"claims.{self.facts.claim}")

    def get(
        self,
        measure: str,
        name: str,
        world: str = "all",
        versus: str = "all",
        *,
        domain: str = "all",
        region: str = "all",
        group: str = "all",
    ) -> Found:
        """One value of the frame; empty where the run does not have it."""
        return self._by_key.get((measure, name, world, versus, domain, region, group), Found(None, None, None, 0, ""))

    def twin(self, measure: str, name: str, *, domain: str = "all", group: str = "all") -> Found:
        """One value of the headline comparison."""
        return self.get(measure, name, *self.pair, domain=domain, group=group)

    def ever(self, world: str, group: str = "all") -> Found:
        """People ever shut out in a world, per 10,000."""
        return self.get("B1", "people ever restricted, 1 day or more", world, group=group)

    def ever_wrongly(self, days: str = "1 day or more", group: str = "all") -> Found:
        """People ever wrongly shut out, per 10,000."""
        return self.twin("M3", f"people ever wrongly restricted, {days}", group=group)

    def plain(self, found: Found, sign: str = "") -> str:
        """The value alone, as in a sentence."""
        return self.text("not_shown") if found.value is None else number(found.value) + sign

    def full(self, found: Found) -> str:
        """The value with its interval, as in a table."""
        if found.value is None:
            return self.text("not_shown")
        if found.low is None or found.high is None:
            return number(found.value)
        return self.text("interval", value=number(found.value), low=number(found.low), high=number(found.high))

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups with anybody in the sample."""
        return tuple(group for group in self.sample.groups if self.sample.count("people", group=group).any())

    @cached_property
    def compared(self) -> dict[str, str]:
        """The groups that are compared, each with its reference, where both have anybody in the sample."""
        pairs = {group: reference(group) for group in self.groups}
        return {group: other for group, other in pairs.items() if other != group and other in self.groups}

    def _concerned_alike(self, group: str) -> bool:
        """Whether the gates concern a group and its reference on as many days per person, to within a tenth."""
        columns = [f"scope_days.{domain}" for domain in self.facts.domains]
        weights = self.sample.strata.weights
        ours, theirs = (
            float(weights @ self.sample.count(*columns, group=one)) / float(weights @ self.sample.count("days", group=one))
            for one in (group, self.compared[group])
        )
        return theirs > 0 and abs(ours / theirs - 1) <= ALIKE

    @cached_property
    def widest_gap(self) -> Gap | None:
        """The ratio of days furthest from one among those that differ from it by more than chance, all gaps being looked at together.

        A group whom the gates concern on fewer days than its reference has fewer closed days for that reason alone, and is left out.
        """
        found = {group: self.twin("M12", RATIO, group=group) for group in self.compared if self._concerned_alike(group)}
        shown = {group: (one.value, one.low, one.high) for group, one in found.items() if one.value and one.low and one.high}
        clear = {}
        for group, (value, low, high) in shown.items():
            logarithm = Estimate(math.log(value), math.log(low), math.log(high))
            if differs(logarithm, 0.0, self.sample.strata.freedom, len(shown)):
                clear[group] = logarithm.value or 0.0
        if not clear:
            return None
        group = max(clear, key=lambda name: abs(clear[name]))
        more, less = (group, self.compared[group]) if clear[group] > 0 else (self.compared[group], group)
        return Gap(more, less, math.exp(abs(clear[group])), len(shown))


def kind_of(facts: Facts, pair: tuple[str, str]) -> str:
    """What a comparison of two worlds is: MISTAKES, NO_SYSTEM or DIFFERENCE."""
    world, versus = (facts.worlds[name] for name in pair)
    if "none" in (versus.rules, versus.records):
        return NO_SYSTEM
    return MISTAKES if versus.rules == world.rules and versus.records == "accurate" else DIFFERENCE


def reference(group: str) -> str:
    """The group that a group is compared with; itself, where it is one that others are compared with."""
    axis = group.partition("=")[0]
    return f"{axis}={REFERENCE[axis]}"
