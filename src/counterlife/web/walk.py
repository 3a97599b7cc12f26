"""A walk through one synthetic life: the days on which something is noted or a gate turns, with what is closed then, in every world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ..report.findings import Findings, Life
from ..report.plates import shown
from ..story import Story


@dataclass(frozen=True)
class Side:
    """Worlds in which the whole life is the same, on one day: what is noted, and what is closed at its end."""

    worlds: tuple[str, ...]
    """Their titles."""
    told: tuple[str, ...]
    closed: tuple[str, ...]


@dataclass(frozen=True)
class Day:
    """One day of the walk."""

    date: date
    sides: tuple[Side, ...]
    differs: bool
    """Whether worlds in which anything is ever noted are not alike on this day."""


def walk(run: Findings, story: Story, one: Life) -> list[Day]:
    """The days of a life in order, in the worlds that are written down in the scenario."""
    worlds = shown(run, one)
    turns = {day for world, _, *ends in story.spans if world in worlds for day in ends if day < run.facts.days}
    days = sorted(turns | {int(line.day) for line in story.lines if line.world in worlds})
    alike: dict[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...], list[str]] = {}
    for world in worlds:
        alike.setdefault(tuple(_on(run, story, world, day) for day in days), []).append(run.titles[world])
    lived = [life for life in alike if any(told or closed for told, closed in life)]
    return [
        Day(
            run.facts.start + timedelta(days=day),
            tuple(Side(tuple(titles), *life[n]) for life, titles in alike.items()),
            len({life[n] for life in lived}) > 1,
        )
        for n, day in enumerate(days)
    ]


def _on(run: Findings, story: Story, world: str, day: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is noted in a world on a day, and what is closed at its end."""
    told = tuple(line.text for line in story.lines if line.world == world and int(line.day) == day)
    closed = tuple(run.facts.domains[d].title for w, d, begin, end in story.spans if w == world and begin <= day < end)
    return told, closed
