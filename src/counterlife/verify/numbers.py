"""How many events and records a life has: C1 to C4. Day conventions are those of `docs/model.md` 9: a day is seen at its end."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from ..exact import counts
from ..layout import YEAR, Ints
from .engine import Lab, Lived
from .stated import Check
from .tolerance import Row

SEED = 20
GATES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def numbers_closed(one: Lived, world: str) -> Ints:
    """People by the number of gates closed at the end, where the gates close one after another: 0, 1, ... all."""
    closed = [one.persons, *(one.total(f"open_end.{world}.{gate}") for gate in GATES), 0]
    return -np.diff(closed)


def steady(lab: Lab) -> Iterator[Row]:
    """C1: counts and times of events at a constant rate."""
    t, many = lab.tolerance, lab.townships(35)
    numbers, when = [], []
    for one, people, tape in lab.peopled("c1", many, SEED):
        numbers.append(np.bincount(tape.items["owner"], minlength=people.size))
        when.append(tape.items["time"] / one.rulebook.days)
    number, times = np.concatenate(numbers), np.concatenate(when)
    mean = 0.4 / YEAR * lab.scenario("c1").rulebook.days
    yield t.mean("mean number of events", number.mean(), math.sqrt(mean / number.size), mean)
    fourth = math.sqrt((mean + 2 * mean**2) / number.size)  # the fourth moment is mean + 3 mean^2
    yield t.mean("variance of the number of events", ((number - mean) ** 2).mean(), fourth, mean)
    due = number.size * counts.poisson(mean, 19)
    yield t.law("people by number of events", np.bincount(number, minlength=20)[:20], due, 0, join=True)
    of = np.repeat(number, number)
    for events in range(1, 6):
        some = times[of == events].reshape(-1, events)
        yield t.never(f"events out of order, {events} in all", int((np.diff(some, axis=1) < 0).sum()), some.size)
        yield t.law(f"times of events, {events} in all", np.histogram(some, 50, (0.0, 1.0))[0], np.full(50, some.size / 50))
        edges = np.linspace(0.0, 1.0, 21)
        first = np.diff(-((1.0 - edges) ** events)) * len(some)
        yield t.law(f"time of the first event, {events} in all", np.histogram(some[:, 0], edges)[0], first, join=True)
    yield from _first_gate(lab, int(number.sum()))


def _first_gate(lab: Lab, events: int) -> Iterator[Row]:
    t, one = lab.tolerance, lab.live("c1", 35, SEED)
    seen = one.monthly("newly_closed.accurate").sum(axis=0)
    due = [counts.first_within(0.4 / YEAR, begin, end) for begin, end in itertools.pairwise(one.month_starts)]
    due = [*due, 1.0 - sum(due)]
    yield t.law("people by month in which a gate first closes", [*seen, one.persons - seen.sum()], one.persons * np.array(due))
    total, mean = one.channel("right.accurate", "register", "act"), 0.4 / YEAR * one.days * one.persons
    yield t.mean("records of everybody", total, math.sqrt(mean), mean)
    yield t.equal("records, events and their tapes are as many", [total, total], [one.channel("events.none", "register", "act"), events])


def detected(lab: Lab) -> Iterator[Row]:
    """C2: what is recorded of the events, and what is missed."""
    t, one = lab.tolerance, lab.live("c2", 35, SEED)
    events = one.channel("events.accurate", "register", "act")
    yield t.equal("a witness of everything sees all events", one.channel("right.accurate", "witness", "act"), events)
    yield t.share("events recorded", one.channel("right.accurate", "register", "act"), events, 0.3)
    table: Counter[tuple[int, int]] = Counter()
    square = np.zeros((20, 20))
    for _, people, tape in lab.peopled("c2", lab.townships(35), SEED):
        seen, all_ = (np.bincount(tape.items["owner"][tape.items["channel"] == c], minlength=people.size) for c in (0, 1))
        np.add.at(square, (seen, all_ - seen), 1)
        table.update(zip(all_.tolist(), seen.tolist(), strict=True))
    mean = 0.4 / YEAR * one.days
    due = square.sum() * np.outer(counts.poisson(0.3 * mean, 19), counts.poisson(0.7 * mean, 19))
    yield t.law("people by events recorded and missed", square, due, 0, join=True)
    recorded, missed = np.arange(20) - 0.3 * mean, np.arange(20) - 0.7 * mean
    covariance = float(recorded @ square @ missed) / square.sum()
    spread = mean * math.sqrt(0.3 * 0.7)  # standard deviation of the product: a correlation of one per cent would show
    yield t.mean("recorded and missed: covariance, beside their spread", covariance + spread, spread / math.sqrt(square.sum()), spread)
    for number in range(1, 6):
        row = [table[number, some] for some in range(number + 1)]
        yield t.law(f"events recorded, {number} in all", row, sum(row) * counts.binomial(number, 0.3), join=True)


def unequal(lab: Lab) -> Iterator[Row]:
    """C3: people who differ in their rate. A rare tail, and so many people."""
    t, one = lab.tolerance, lab.live("c3", 345, SEED)
    due = counts.with_rest(counts.negative_binomial(0.4, 0.5, 7))
    seen = numbers_closed(one, "accurate")
    yield t.share("people without an event", int(seen[0]), one.persons, 0.7453559925)
    yield t.share("people with three events or more", int(seen[3:].sum()), one.persons, 0.0337977875)
    yield t.law("people by number of events", seen, one.persons * due)
    yield t.solvers("people without an event, as printed", float(due[0]), 0.745356, 5e-7)
    yield t.solvers("people with three or more, as printed", counts.at_least(due, 3), 0.033798, 5e-7)


LAWS = {  # parts of each law: rate a day, keep, mean time to settlement
    "fixed": [(0.005, {"keep": 360.0})],
    "settled": [(0.005, {"settled_after": 360.0})],
    "capped": [(0.005, {"keep": 720.0 * math.log(2.0), "settled_after": 720.0})],
    "mixed": [(0.0025, {"keep": 90.0}), (0.0025, {"keep": 630.0})],
}


def retained(lab: Lab) -> Iterator[Row]:
    """C4: records that act on a day, whatever the law of retention."""
    t, one = lab.tolerance, lab.live("c4", 11, SEED)
    for law, parts in LAWS.items():
        mean = sum(counts.acting(rate, one.days, **terms) for rate, terms in parts)
        seen, due = numbers_closed(one, law), counts.with_rest(counts.poisson(mean, 7))
        yield t.share(f"people with an acting record, retention {law}", one.persons - int(seen[0]), one.persons, 1.0 - float(due[0]))
        yield t.law(f"people by acting records, retention {law}", seen, one.persons * due)
    alike = ("fixed", "capped", "mixed")  # equal means; other classes, so independent samples
    for law in alike:
        mean = sum(counts.acting(rate, one.days, **terms) for rate, terms in LAWS[law])
        yield t.solvers(f"mean acting records, retention {law}", mean, 1.8)
    table = np.vstack([numbers_closed(one, law) for law in alike])
    table = table if lab.form.wider == 1.0 else np.column_stack((table[:, :5], table[:, 5:].sum(axis=1)))
    freed = np.broadcast_to(table.mean(axis=0), table.shape)
    yield t.law("the three laws of the same mean beside each other", table, freed, sum(table.shape) - 1)
    yield from _every_day(lab)


def _every_day(lab: Lab) -> Iterator[Row]:
    one = lab.live("c4", 70, SEED, ("population.township=2000", "period.length=5 years"), (60, 200))
    window = one.days - next(day for day in one.month_starts if day >= 360)
    due = counts.poisson(1.8, 2)
    for gate, number in (("first", 1), ("third", 3)):
        days = one.from_day(f"closed_days.fixed.{gate}", 360)
        sizes = one.each("people") * window
        yield lab.tolerance.clusters(f"days with {number} acting or more, after the first term", days, sizes, counts.at_least(due, number))


CHECKS = (
    Check(
        "C1",
        "A steady stream of events",
        "counts are Poisson, times uniform given the count",
        "counts.poisson, counts.first_within",
        steady,
    ),
    Check(
        "C2",
        "What is recorded of it",
        "binomial given the events; recorded and missed independent",
        "counts.binomial, counts.poisson",
        detected,
    ),
    Check("C3", "Unequal people", "negative binomial: P(0) = (k / (k + m))^k", "counts.negative_binomial", unequal),
    Check(
        "C4", "Records that expire", "acting records are Poisson with mean rate × retention, whatever its law", "counts.acting", retained
    ),
)
