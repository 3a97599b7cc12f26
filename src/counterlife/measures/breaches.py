"""What breaches would take, at the hazard that a scenario states: in one central place, in every source, in both (part of M27).

Every place is broken into at most once that counts, at a hazard of its own, and then loses what lies there. What that is on average in a
month is in the table of archives, so all is exact at that grain; nothing is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np

from counterlife.layout import MONTH
from counterlife.measures.inputs import Breach
from counterlife.measures.intervals import Estimate, Floats, quotient
from counterlife.measures.sample import Row, Sample
from counterlife.measures.stated import Answers

TAIL, TENTH = 0.05, 0.1
MOST_CASES = 4096  # different losses that are told apart; beyond, neighbours are put together at their mean
ARCHIVES = "archives"
TAKEN = "of the records on file"


@dataclass(frozen=True)
class Places:
    """Places with the months of a window: chances that a place is broken into in a month (and in none before), and what lies there."""

    chances: Floats  # (months,)
    records: Floats  # (places, months), on average in the month
    ages: Floats  # days for which they had been on file, summed
    people: Floats


Part = tuple[Mapping[str, Floats], slice]
"""What lies where by what is counted (clusters, places, months), and which of the places."""


def broken_into(hazard: float, days: Floats) -> Floats:
    """Chances that a place is first broken into in each stretch of so many days. hazard: a day."""
    before = np.concatenate(([0.0], np.cumsum(days)[:-1]))
    return np.asarray(np.exp(-hazard * before) * -np.expm1(-hazard * days))


def tail_mean(lost: Floats, chances: Floats, tail: float = TAIL) -> float:
    """The mean loss in the worst cases, of which there are so many."""
    worst = np.argsort(-lost, kind="stable")
    before = np.cumsum(chances[worst]) - chances[worst]
    return float(lost[worst] @ np.clip(tail - before, 0.0, chances[worst])) / tail


def together(one: tuple[Floats, Floats], two: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Losses and their chances of two places, broken into independently."""
    lost = (one[0][:, None] + two[0][None, :]).ravel()
    chances = (one[1][:, None] * two[1][None, :]).ravel()
    levels, place = np.unique(np.round(lost, 12), return_inverse=True)
    merged = np.bincount(place, chances).astype(np.float64)
    if levels.size <= MOST_CASES:
        return levels, merged
    cell = ((levels - levels[0]) / (levels[-1] - levels[0]) * (MOST_CASES - 1)).astype(np.int64)
    cells = np.bincount(cell, merged, MOST_CASES).astype(np.float64)
    there = cells > 0.0
    return np.bincount(cell, merged * levels, MOST_CASES)[there] / cells[there], cells[there]


def losses(places: Places) -> tuple[Floats, Floats]:
    """All that may be lost in records, and with what chance."""
    found = np.zeros(1), np.ones(1)
    for records in places.records:
        one = np.append(records, 0.0), np.append(places.chances, 1.0 - places.chances.sum())
        found = together(found, one)
    return found


def some_place_with(places: Places, people: float) -> float:
    """The chance that some place is broken into while it holds records of more than so many people."""
    return float(1.0 - np.prod(1.0 - ((places.people > people * (1.0 + 1e-12)) * places.chances).sum(axis=1)))


def stated(sample: Sample) -> Answers:
    """The rows of M27 for every breach that the scenario states, in every world under attack."""
    for name, breach in sample.facts.breaches.items() if ARCHIVES in sample.tallies.tables else ():
        for world, one in sample.facts.worlds.items():
            if one.records == "attacked":
                yield from _of_world(sample, name, breach, world)


def _of_world(sample: Sample, name: str, breach: Breach, world: str) -> Iterator[Row]:
    days, inside = months(sample, breach)
    chances = broken_into(breach.hazard, inside)
    per = partial(_by_place, sample, breach, days)
    names = {
        short: f"{long}.{name}.{world}" for short, long in (("records", "record_days"), ("ages", "age_days"), ("people", "person_days"))
    }
    now = {short: per(column) for short, column in names.items()}
    kept = {short: per(f"kept_{column}") for short, column in names.items()}
    arrangements: dict[str, list[Part]] = {
        "central": [(now, slice(0, 1))],
        "federated": [(now, slice(1, None))],
        "central and old copies": [(now, slice(0, 1)), (kept, slice(1, None))],
    }
    on_file = sample.strata.total(now["records"][:, 0, :]) @ inside / inside.sum()
    for words, parts in arrangements.items():
        about = {"world": world, "detail": f"{breach.title}: {words}"}
        yield from _expected(sample, parts, chances, about)
        total = {short: np.vstack([_total(sample, held[short][:, some, :]) for held, some in parts]) for short in names}
        yield from _shape(sample, Places(chances, **total), on_file, about)


def months(sample: Sample, breach: Breach) -> tuple[Floats, Floats]:
    """The days of each month of the period, and how many of them lie in the window of the breach."""
    start, count = sample.facts.start, len(sample.tallies.rows["months"])
    first = [start.replace(year=start.year + m // 12, month=m % 12 + 1, day=1) for m in range(start.month - 1, start.month + count)]
    edges = np.clip([(day - start).days for day in first], 0, sample.facts.days)
    windows = np.clip(edges, breach.first, breach.last)
    return np.diff(edges).astype(np.float64), np.diff(windows).astype(np.float64)


def _by_place(sample: Sample, breach: Breach, days: Floats, column: str) -> Floats:
    """A column of the archives as a mean over the days of each month: anywhere, then by source concerned (clusters, places, months)."""
    labels = cast("tuple[tuple[int, str], ...]", sample.tallies.rows[ARCHIVES])
    chosen = [[n for n, (_, source) in enumerate(labels) if source == place] for place in ("", *breach.sources)]
    return np.asarray(sample.column(ARCHIVES, column)[:, chosen] / days)


def _total(sample: Sample, held: Floats) -> Floats:
    clusters, places, count = held.shape
    return sample.strata.total(held.reshape(clusters, -1)).reshape(places, count)


def _expected(sample: Sample, parts: Sequence[Part], chances: Floats, about: Mapping[str, str]) -> Iterator[Row]:
    """Records, and months for which they had been kept, that are expected to be taken: with Monte Carlo intervals."""
    for short, words, scale in (("records", "records taken", 1000.0), ("ages", "record-months taken", 1000.0 / MONTH)):
        taken = np.sum([(held[short][:, some, :] @ chances).sum(axis=1) for held, some in parts], axis=0)
        detail, unit = f"{about['detail']}, expected {words}", f"{words.split()[0]} per 1,000 people"
        rows = np.column_stack([scale * taken, sample.people])
        yield from sample.places(rows, quotient, limits=(0.0, math.inf), world=about["world"], detail=detail, unit=unit)


def _shape(sample: Sample, places: Places, on_file: float, about: Mapping[str, str]) -> Iterator[Row]:
    """How likely a loss is, how large it may be, and how large it is given that there is one."""
    people = float(sample.strata.total(sample.people[:, None])[0])
    some = 1.0 - (1.0 - float(places.chances.sum())) ** len(places.records)
    many = some_place_with(places, TENTH * people)
    lost, chances = losses(places)
    mean, worst = float(lost @ chances), tail_mean(lost, chances)
    record_months = float((places.ages @ places.chances).sum()) / MONTH / people * 1000.0
    row = partial(Row, people=int(sample.people.sum()), world=about["world"])
    for words, value, unit in (
        ("chance of any", some, "% of cases"),
        ("more than a tenth of people in one place", many, "% of cases"),
        ("mean loss", _share(mean, on_file), f"% {TAKEN}"),
        ("mean of the worst 5 in 100", _share(worst, on_file), f"% {TAKEN}"),
        ("mean loss given any", _share(mean, on_file * some), f"% {TAKEN}"),
        ("more than a tenth of people in one place given any", _share(many, some), "% of cases with any"),
    ):
        yield row(Estimate(None if value is None else 100.0 * value), detail=f"{about['detail']}, {words}", unit=unit)
    given = _share(record_months, some)
    yield row(Estimate(given), detail=f"{about['detail']}, record-months taken given any", unit="record-months per 1,000 people")


def _share(part: float, of: float) -> float | None:
    return part / of if of > 0.0 else None
