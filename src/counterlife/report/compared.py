"""What a comparison of runs says: its headline numbers, what changed and how many numbers moved, as lines for a screen and as JSON.

The page is in `compared_page.py`, every word in the catalogue.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from ..figures import number
from ..measures import Finding
from ..scenario import Change, Kind
from ..study import Comparison, Side
from .findings import MISTAKES, kind_of
from .text import Text, catalogue

MOST_LINES = 12  # changed settings on a screen
MOST_DIGITS = 4  # behind the point
HEADLINES: Mapping[str, tuple[str, str, bool]] = {
    "shut_out": ("B1", "people ever restricted, 1 day or more", False),
    "days": ("B2", "restricted days", False),
    "wrongly": ("M3", "people ever wrongly restricted, 1 day or more", True),
    "wrongful_days": ("M1", "wrongful restriction", True),
    "share": ("M4", "wrongful share of restrictions", True),
    "length": ("M10", "time to clear, mean within the period", True),
    "record": ("M5", "cost of a wrong record, shared out equally", True),
    "children": ("M21", "children affected, wrongly", True),
}
"""Id and name of the measure, and whether it is one of two worlds."""


@dataclass(frozen=True)
class Moved:
    """A number before and after."""

    key: str
    label: str
    of: str
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    finding: str


@dataclass(frozen=True)
class Beside:
    """One run beside the reference, in words."""

    comparison: Comparison
    other: Side
    text: Text

    @property
    def frame(self) -> pl.DataFrame:
        """What moved."""
        return self.comparison.frames[self.other.name]

    @cached_property
    def changes(self) -> list[Change]:
        """What is different in the scenario."""
        return self.comparison.changes_of(self.other)

    @property
    def settings(self) -> list[Change]:
        """Those changes that the simulation reads."""
        return [one for one in self.changes if one.kind is Kind.VALUE]

    @property
    def title(self) -> str:
        """Both names."""
        return self.text("compare.pair", before=self.comparison.reference.name, after=self.other.name)

    @cached_property
    def pair(self) -> tuple[str, str]:
        """World and world compared with, of the headline numbers: those of the reference."""
        pairs = self.comparison.reference.run.facts.pairs
        world = self.comparison.reference.headline
        return next((pair for pair in pairs if pair[0] == world), (world, "all"))

    @property
    def heading(self) -> str:
        """In which worlds something moved."""
        facts, other = self.comparison.reference.run.facts, self.other.run.facts
        worlds = self.comparison.worlds(self.other)
        if worlds is not None:
            first, second = facts.worlds[worlds[0]].title, other.worlds[worlds[1]].title
            return self.text("compare.moved_world", world=first, versus=second)
        world, versus = (facts.worlds[name].title for name in self.pair)
        return self.text("compare.moved_in", world=world, versus=versus)

    @property
    def words(self) -> str:
        """The part of the catalogue that names what is counted: mistakes only where both runs compare with accurate records."""
        runs = (self.comparison.reference.run.facts, self.other.run.facts)
        world = self.comparison.worlds(self.other)
        other = (world[1] if world else self.pair[0], self.pair[1])
        pairs = (self.pair, other)
        found = {kind_of(facts, pair) for facts, pair in zip(runs, pairs, strict=True) if set(pair) <= set(facts.worlds)}
        return "mistakes" if found == {MISTAKES} else "otherwise"

    @cached_property
    def headline(self) -> list[Moved]:
        """The numbers that matter most, as far as both runs have them."""
        return [one for key in HEADLINES if (one := self._headline(key)) is not None]

    def _headline(self, key: str) -> Moved | None:
        measure, name, twin = HEADLINES[key]
        rows = self.rows(measure, name, self.pair[1] if twin else "all").filter(pl.col("domain") == "all")
        if rows.is_empty() or (key == "record" and self.words != "mistakes"):
            return None
        label = self.text(f"compare.{self.words}.{key}" if twin else f"compare.headline_{key}")
        return moved(rows.row(0, named=True), key, label, self.text(f"compare.of_{key}"))

    def rows(self, measure: str, name: str, versus: str) -> pl.DataFrame:
        """The values of a measure for everybody, by domain."""
        everybody = (pl.col("region") == "all") & (pl.col("group") == "all")
        of = (pl.col("id") == measure) & (pl.col("name") == name) & (pl.col("world") == self.pair[0]) & (pl.col("versus") == versus)
        return self.frame.filter(everybody & of)

    @property
    def identical(self) -> bool:
        """Whether nothing at all moved."""
        return self.comparison.is_identical(self.other)

    @property
    def counts(self) -> str:
        """How many numbers moved."""
        found = dict(self.frame.group_by("finding").len().iter_rows())
        bare = found.get(Finding.BARE, 0) + found.get(Finding.HIDDEN, 0)
        numbers = {"same": Finding.SAME, "moved": Finding.MOVED, "chance": Finding.CHANCE}
        shown = {word: f"{found.get(finding, 0):,}" for word, finding in numbers.items()}
        return self.text("compare.counts", total=f"{len(self.frame):,}", bare=f"{bare:,}", **shown)

    def setting(self, change: Change) -> tuple[str, str, str]:
        """A change as path, before and after, with what stands behind the numbers."""
        return change.path, self._value(change.before, change.before_source), self._value(change.after, change.after_source)

    def _value(self, value: str | None, source: str) -> str:
        if value is None:
            return self.text("compare.absent")
        value = value or self.text("compare.all")
        kind, comma, rest = source.partition(",")
        known = {"illustrative": "assumption", "default": "default"}
        if kind in known:
            source = self.text(f"compare.{known[kind]}") + comma + rest
        return self.text("compare.marked", value=value, source=source) if source else value

    def both(self, one: Moved) -> dict[str, str]:
        """Both values, with so many figures that they can be told apart."""
        return {"before": self._shown(one.before, one.difference), "after": self._shown(one.after, one.difference)}

    def _shown(self, value: float | None, difference: float | None) -> str:
        if value is None:
            return self.text("not_shown")
        digits = -math.floor(math.log10(abs(difference))) if difference else 0
        usual = 2 - math.floor(math.log10(abs(value))) if value else 0
        return f"{value:,.{min(digits, MOST_DIGITS)}f}" if digits > max(usual, 0) else number(value)

    def told(self, one: Moved) -> str:
        """What a difference says: its size with the interval, or in words why there is none."""
        words = {Finding.SAME: "same", Finding.CHANCE: "chance", Finding.BARE: "bare", Finding.HIDDEN: "hidden"}
        found = words.get(Finding(one.finding), "difference")
        ends = {name: "" if (end := getattr(one, name)) is None else signed(end) for name in ("difference", "low", "high")}
        return self.text(f"compare.{found}", **ends)


def moved(row: Mapping[str, Any], key: str, label: str, of: str) -> Moved:
    """A row of the frame under the words of a reader."""
    return Moved(key, label, of, *(row[name] for name in ("before", "after", "difference", "low", "high", "finding")))


def signed(value: float) -> str:
    """A number with its sign; nothing has none."""
    text = number(abs(value))
    return text if text == "0" else f"{'+' if value > 0 else '−'}{text}"


def claim(comparison: Comparison) -> str:
    """The claim level of the comparison: the weakest of its runs."""
    return min(side.run.scenario.claim for side in (comparison.reference, *comparison.others))


def people(comparison: Comparison, text: Text) -> str:
    """Who was lived, in a sentence."""
    run = comparison.reference.run
    identity = run.provenance["identity"]
    count = f"{identity['people'] * identity['replicates']:,}"
    return text("compare.people", number=count, years=number(round(run.facts.years, 1)), seed=str(identity["seed"]))


def besides(comparison: Comparison, text: Text) -> list[Beside]:
    """Every other run beside the reference."""
    return [Beside(comparison, other, text) for other in comparison.others]


# --- on a screen --------------------------------------------------------------------------------------------------------------------


def heading(comparison: Comparison, *, language: str = "en") -> str:
    """What the lines are about."""
    return catalogue(language)("compare.title")


def lines(comparison: Comparison, *, language: str = "en") -> list[str]:
    """What a screen shows: who was lived, then for each run what changed and what moved. Plain signs only."""
    text = catalogue(language)
    found = [people(comparison, text), text("compare.banner", claim=text(f"compare.claim_{claim(comparison)}"))]
    for one in besides(comparison, text):
        found += ["", one.title, *_changed(one), *_moved(one)]
    if any(one.words == "mistakes" and one.settings and not one.identical for one in besides(comparison, text)):
        found += ["", text("compare.note_rules")]
    if len(comparison.programs) > 1:
        found += ["", text("compare.programs", list=", ".join(comparison.programs))]
    return [line.replace("\u00a0", " ").replace("→", "->").replace("−", "-") for line in found]


def _changed(one: Beside) -> list[str]:
    settings = one.settings
    if not settings:
        return [one.text("compare.changed_none")]
    count = one.text("compare.setting") if len(settings) == 1 else one.text("compare.settings", count=f"{len(settings):,}")
    found = [one.text("compare.changed_count", count=count)]
    for change in settings[:MOST_LINES]:
        path, before, after = one.setting(change)
        found += [f"  {path}", f"    {one.text('compare.pair', before=before, after=after)}"]
    if len(settings) > MOST_LINES:
        found.append(f"  {one.text('compare.changed_more', count=f'{len(settings) - MOST_LINES:,}')}")
    return found


def _moved(one: Beside) -> list[str]:
    if one.identical:
        return [one.text("compare.identical")]
    if not one.headline:
        return [one.text("compare.nothing"), one.counts]
    found = [one.heading]
    for row in one.headline:
        label = one.text("compare.label", label=row.label, of=row.of)
        found += [f"  {label}", f"    {one.text('compare.pair', **one.both(row))}: {one.told(row)}"]
    return [*found, one.counts]


# --- as data ------------------------------------------------------------------------------------------------------------------------


def as_json(comparison: Comparison) -> str:
    """The whole comparison as one JSON object: the runs, what is different, and every number that both have."""
    identity = comparison.reference.run.provenance["identity"]
    return json.dumps(
        {
            "synthetic": True,
            "claim": claim(comparison),
            "people": {name: identity[name] for name in identity if name != "scenario"},
            "reference": _side(comparison.reference),
            "others": [_side(other) | {"identical": comparison.is_identical(other)} for other in comparison.others],
            "changes": comparison.changes.to_dicts(),
            "measures": comparison.frame.to_dicts(),
        },
        ensure_ascii=False,
    )


def _side(side: Side) -> dict[str, Any]:
    return {"name": side.name, "scenario": side.run.scenario.title, "world": side.world, "fingerprint": side.run.fingerprint}
