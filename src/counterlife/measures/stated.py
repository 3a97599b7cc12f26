"""How a measure is stated: its record, the scales and limits that several measures share, and the columns that they add up.

The measures themselves are in modules by theme, and in order in `registry.py`. Variances are in `intervals.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from counterlife.layout import YEAR
from counterlife.measures.inputs import Facts, Safeguard
from counterlife.measures.sample import Quotient, Row, Sample

RATE = 1000 * YEAR  # person-days to 1,000 person-years
PEOPLE = 10_000
UNBOUNDED = None
SHARE = (0.0, 100.0)
RATE_UNIT = "domain-days per 1,000 person-years"
ANY_UNIT = "person-days per 1,000 person-years"
CLEANER = ("lawful", "accurate", "pruned")
HORIZONS = {"1 year": 365, "2 years": 730, "5 years": 1825}

Answers = Iterator[Quotient | Row]


@dataclass(frozen=True)
class Measure:
    """A quantity with a unit and a formula, and the function that states it on a sample."""

    id: str
    name: str
    unit: str
    formula: str
    function: Callable[[Sample], Answers]


def in_domains(sample: Sample, stem: str) -> tuple[str, ...]:
    """The columns of a count in every domain."""
    return tuple(f"{stem}.{domain}" for domain in sample.facts.domains)


def by_domain(sample: Sample, stem: str, world: str, versus: str, minus: str = "") -> Iterator[Quotient]:
    """A rate of days in each domain (over the days on which it concerns people) and in all of them together (over all days)."""
    rate = partial(Quotient, scale=RATE, world=world, versus=versus, limits=UNBOUNDED if minus else (0.0, np.inf))
    yield rate(in_domains(sample, stem), ("days",), minus=in_domains(sample, minus) if minus else ())
    for domain in sample.facts.domains:
        less = (f"{minus}.{domain}",) if minus else ()
        yield rate((f"{stem}.{domain}",), (f"scope_days.{domain}",), minus=less, domain=domain)


def recorded_pairs(facts: Facts) -> list[tuple[str, str]]:
    """The compared pairs under the same rules in which the reference has records with less wrong with them.

    There, and only there, a difference can be the fault of a wrong record.
    """
    own = {name: Safeguard.accurate(name) for name in facts.safeguards}
    return [(w, v) for w, v in facts.pairs if facts.worlds[v].records in CLEANER and own.get(w, v) == v]


def ruled_worlds(facts: Facts) -> list[str]:
    """Worlds with a system in them that stand for themselves."""
    return [name for name, world in facts.worlds.items() if world.records != "none" and name not in facts.side_worlds]


def classes_of(facts: Facts, *signs: str) -> list[str]:
    """Classes of conduct of any of these signs."""
    return [name for name, one in facts.classes.items() if one.sign in signs]


def at_least(days: int) -> str:
    """'1 day or more', '30 days or more'."""
    return "1 day or more" if days == 1 else f"{days} days or more"
