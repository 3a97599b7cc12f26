"""Which combination of safeguards to choose: those that no other one beats, and the least intrusive one that keeps harm within bounds.

Only harm is made small here, and only measures of harm can be bounded, from above. What a system achieves by frightening people, or how
well it catches them, is neither an aim nor a bound (design 1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from counterlife.measures.combined import Combination, Combined
from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Estimate, differs
from counterlife.measures.sample import Quotient, Sample
from counterlife.measures.stated import ANY_UNIT, PEOPLE, RATE, RATE_UNIT, in_domains

# --- combinations that no other one beats -------------------------------------------------------------------------------------------


class Standing(StrEnum):
    """How a combination stands beside those that cost as much or less."""

    BEST = "best"
    """It has less harm than all of them, by more than chance."""
    LEVEL = "cannot be told apart"
    """One of them may do as well: the interval of the difference covers zero, or there is none."""
    BEATEN = "beaten"
    """One of them has less harm, by more than chance, or exactly as much at a lower cost."""


@dataclass(frozen=True)
class Place:
    """A combination in one trade of harm against a cost."""

    combination: Combination
    cost: float
    harm: Estimate
    front: bool
    """Whether no other combination has as little harm at as little cost, by the values alone."""
    standing: Standing
    beside: Combination | None = None
    """The one that it is beaten by, or cannot be told apart from."""


COSTS: Mapping[str, Callable[[Combination], float]] = {
    "safeguards": lambda one: float(len(one.safeguards)),
    "hours": lambda one: one.hours or 0.0,
}
"""What a combination costs: how many safeguards it has (how much it changes the design), and hours of reviewers."""


def frontier(combined: Combined, cost: str) -> list[Place]:
    """Every combination in the trade of W0 against a cost, cheapest first.

    Differences are paired, and all that are looked at hold together (Bonferroni).
    """
    price = COSTS[cost]
    everything = combined.combinations
    looked_at = len(everything) * (len(everything) - 1) // 2
    harms = {one.world: combined.harm(one) for one in everything}
    ordered = sorted(everything, key=lambda one: (harms[one.world].value or 0.0, price(one)))
    places = [_place(combined, one, harms[one.world], ordered, price, looked_at) for one in everything]
    return sorted(places, key=lambda place: (place.cost, place.harm.value or 0.0))


def _place(
    combined: Combined,
    one: Combination,
    harm: Estimate,
    ordered: Sequence[Combination],
    price: Callable[[Combination], float],
    looked_at: int,
) -> Place:
    """How one combination stands; the others come in the order of their harm."""
    freedom = combined.sample.strata.freedom
    front, level, beaten = True, None, None
    for other in (rival for rival in ordered if rival is not one and price(rival) <= price(one)):
        more = combined.more_harm(one, other)
        cheaper = price(other) < price(one)
        clear = freedom > 0 and differs(more, 0.0, freedom, looked_at)
        value = more.value or 0.0
        front = front and not (value > 0.0 or (value == 0.0 and cheaper))
        if (clear and value > 0.0) or (cheaper and combined.counts_the_same(one, other)):
            beaten = beaten or other
        elif not clear:
            level = level or other
    standing = Standing.BEATEN if beaten else Standing.LEVEL if level else Standing.BEST
    return Place(one, price(one), harm, front, standing, beaten or level)


# --- bounds on harm -----------------------------------------------------------------------------------------------------------------


def _wrongful(sample: Sample, one: Combination, versus: str, _: int) -> Quotient:
    return Quotient(in_domains(sample, f"wrongful_days.{pair_name((one.world, versus))}"), ("days",), RATE, unit=RATE_UNIT)


def _ever_wrongful(sample: Sample, one: Combination, versus: str, days: int) -> Quotient:
    return Quotient((f"wrongful_ever.{pair_name((one.world, versus))}.{days}",), ("people",), PEOPLE, unit="per 10,000 people")


def _ever(sample: Sample, one: Combination, versus: str, days: int) -> Quotient:
    return Quotient((f"ever.{one.world}.{days}",), ("people",), PEOPLE, unit="per 10,000 people")


def _closed(sample: Sample, one: Combination, versus: str, _: int) -> Quotient:
    return Quotient(in_domains(sample, f"closed_days.{one.world}"), ("days",), RATE, unit=RATE_UNIT)


def _many(sample: Sample, one: Combination, versus: str, _: int) -> Quotient:
    return Quotient((f"closed_many_days.{one.world}",), ("days",), RATE, unit=ANY_UNIT)


def _children(sample: Sample, one: Combination, versus: str, _: int) -> Quotient:
    return Quotient((f"child_ever.{one.world}",), ("people",), PEOPLE, children=True, unit="per 10,000 children")


HARMS: Mapping[str, Callable[[Sample, Combination, str, int], Quotient]] = {
    "W0": _wrongful,
    "M1": _wrongful,
    "M3": _ever_wrongful,
    "M14": _many,
    "M21": _children,
    "B1": _ever,
    "B2": _closed,
}
"""What can be bounded. M1 is beside accurate records under a combination's own rules, W0 and M3 beside the reference of the unchanged
design."""
OBEDIENCE = {
    "M2": "days on which people stay free whom the rules would shut out",
    "M16": "how well a score ranks people",
    "M18": "what fear averts",
}
DAYS = (1, 30, 365)
_BOUND = re.compile(r"\s*([A-Za-z]+\d+)(?:/(\d+))?\s*(<=|<|≤|>=|>|≥|==?)\s*(.+?)\s*")


@dataclass(frozen=True)
class Bound:
    """So much of a harm, and no more."""

    measure: str
    most: float
    days: int = 1
    """For people ever shut out: from how many days on they are counted."""

    def __str__(self) -> str:
        days = f"/{self.days}" if self.measure in ("M3", "B1") and self.days != 1 else ""
        return f"{self.measure}{days} <= {self.most:g}"

    def of(self, combined: Combined, one: Combination) -> tuple[Estimate, str]:
        """The harm of a combination, for everybody, and its unit."""
        versus = one.twin if self.measure == "M1" else combined.reference
        wanted = HARMS[self.measure](combined.sample, one, versus, self.days)
        return next(combined.sample.rows(wanted)).estimate, wanted.unit


def bound(text: str) -> Bound:
    """A bound such as `W0 <= 500` or `M3/30 <= 10`; raises ValueError with the reason where it is none."""
    found = _BOUND.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no bound: write a measure of harm, <= and a number, such as 'M3 <= 100'. {_known()}")
    measure, days, sign, number = found[1].upper(), found[2], found[3], found[4].replace(",", "").replace("_", "")
    if measure in OBEDIENCE:
        raise ValueError(
            f"{measure} ({OBEDIENCE[measure]}) cannot be a bound: this search makes harm small, and never looks for obedience or for more "
            f"people caught. {_known()}"
        )
    if measure not in HARMS:
        raise ValueError(f"{measure} cannot be bounded: it is no amount of harm that falls when people are spared. {_known()}")
    if sign not in ("<=", "<", "≤"):
        raise ValueError(f"{text!r}: a bound on harm says how much there may be at most; write {measure} <= and a number.")
    try:
        most = float(number)
    except ValueError:
        most = -1.0
    if not np.isfinite(most) or most < 0:
        raise ValueError(f"{text!r}: {found[4]!r} is no amount of harm; write a number, zero or more, in the unit of {measure}.")
    if days and (measure not in ("M3", "B1") or int(days) not in DAYS):
        raise ValueError(f"{text!r}: only M3 and B1 count people from so many days on, and only 1, 30 and 365 are counted: write M3/30.")
    return Bound(measure, most, int(days or 1))


def _known() -> str:
    return f"What can be bounded: {', '.join(HARMS)}."


class Verdict(StrEnum):
    """Whether a combination keeps within a bound."""

    MEETS = "meets"
    """The upper end of the interval is within it."""
    OPEN = "cannot be told"
    """The value is within it, the upper end is not."""
    BARE = "no interval"
    """The value is within it, and there is no interval to show it."""
    BREAKS = "breaks"
    """The value is beyond it."""


@dataclass(frozen=True)
class Held:
    """A combination held against bounds, in their order."""

    combination: Combination
    harms: tuple[Estimate, ...]
    verdicts: tuple[Verdict, ...]
    excess: float
    """How far the upper end (or the value, without one) lies beyond the bounds at most, as a share of the bound; below zero within all."""

    @property
    def verdict(self) -> Verdict:
        """The worst of them."""
        return max(self.verdicts, key=list(Verdict).index)


def held(combined: Combined, bounds: Sequence[Bound]) -> list[Held]:
    """Every combination held against the bounds, the least intrusive first: fewest safeguards, then fewest hours, then least harm."""
    order = partial(_intrusion, combined)
    return [_held(combined, one, bounds) for one in sorted(combined.combinations, key=order)]


def _intrusion(combined: Combined, one: Combination) -> tuple[float, float, float]:
    return float(len(one.safeguards)), one.hours or 0.0, combined.harm(one).value or 0.0


def _held(combined: Combined, one: Combination, bounds: Sequence[Bound]) -> Held:
    harms = tuple(each.of(combined, one)[0] for each in bounds)
    pairs = list(zip(harms, bounds, strict=True))
    excess = max(_excess(harm, each.most) for harm, each in pairs)
    return Held(one, harms, tuple(_verdict(harm, each.most) for harm, each in pairs), excess)


def _verdict(harm: Estimate, most: float) -> Verdict:
    if harm.value is None or harm.value > most:
        return Verdict.BREAKS
    if harm.high is None:
        return Verdict.BARE
    return Verdict.MEETS if harm.high <= most else Verdict.OPEN


def _excess(harm: Estimate, most: float) -> float:
    end = harm.value if harm.high is None else harm.high
    return float("inf") if end is None else (end - most) / (most or 1.0)


def least(found: Sequence[Held]) -> Held | None:
    """The least intrusive combination that meets every bound; none where no combination does."""
    return next((one for one in found if one.verdict is Verdict.MEETS), None)


def nearest(found: Sequence[Held]) -> Held:
    """The combination that comes nearest to the bounds: whose upper end lies least beyond them."""
    return min(found, key=lambda one: one.excess)


def bare(found: Sequence[Held]) -> Iterator[Held]:
    """Combinations that are within every bound in the sample but have no interval for one of them."""
    return (one for one in found if one.verdict is Verdict.BARE)
