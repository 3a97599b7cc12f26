"""What the report is written from: the measures by name, written out with their intervals, and the roles of the worlds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from counterlife.figures import number
from counterlife.measures import REFERENCE, Facts, Sample, Tallies
from counterlife.report.text import Text

RATIO = "disparity, ratio, M1"


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


@dataclass(frozen=True)
class Found:
    """A value of the measures frame with its interval."""

    value: float | None
    low: float | None
    high: float | None
    people: int
    unit: str


@dataclass(frozen=True)
class Findings:
    """Tallies, facts and measures of a run, with a way to quote them."""

    tallies: Tallies
    facts: Facts
    frame: pl.DataFrame
    text: Text

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
    def titles(self) -> dict[str, str]:
        """What the worlds are called."""
        return {name: world.title for name, world in self.facts.worlds.items()}

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
    def widest_gap(self) -> tuple[str, str, float] | None:
        """Group, reference and ratio of wrongful days where it is surest to be above one; None where no interval keeps clear of it."""
        found = {group: self.twin("M12", RATIO, group=group) for group in self.sample.groups}
        clear = {group: one for group, one in found.items() if one.low is not None and one.low > 1 and one.value is not None}
        if not clear:
            return None
        group = max(clear, key=lambda name: clear[name].value or 0.0)
        axis = group.partition("=")[0]
        return group, f"{axis}={REFERENCE[axis]}", clear[group].value or 0.0
