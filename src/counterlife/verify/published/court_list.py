"""V2: the list of the Chinese courts. An exit hazard from 2024; stocks and exits of the other years predicted."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ...layout import YEAR, End, Ints
from ...measures.intervals import Estimate
from ..engine import Lab
from .estimates import jackknifed
from .stated import Given, Prediction, Target

SEED = 32
TOWNSHIPS = (250, 60)
FEWER_FROM = dt.date(2024, 1, 1)
REFUSALS = (
    "how often listed people try to fly is known from this number alone, so that an application rate would be set by what it has to predict"
)


class Flows(NamedTuple):
    """How the list fills and empties, a person and year."""

    listed: float
    leaves: float
    fewer: float
    """Share of listings that no longer happen from 2024 on."""
    start: dt.date
    """Day on which the list is empty, so that it holds the stock of early 2020 then."""


class Year(NamedTuple):
    """What the list came to by a day: by township."""

    people: Ints
    stock: Ints
    repairs: Ints
    """Exits since the start."""


def flows(given: Given) -> Flows:
    """The hazard is the repairs of 2024 over the stock before it; the start solves stock = listings / hazard × (1 − exp(−hazard t))."""
    hazard = given["repairs_2024"] / given["stock_2023"]
    years = -math.log(1.0 - given["stock_2020"] * hazard / given["listings_2023"]) / hazard
    fewer = 1.0 - given["listings_2024"] / given["listings_2023"]
    return Flows(given["listings_2023"] / given["adults"], hazard, fewer, dt.date(2020, 1, 1) - dt.timedelta(days=round(years * YEAR)))


def overrides(flows: Flows, end: dt.date, term: str) -> tuple[str, ...]:
    """What the scenario is set to, up to the day before `end`."""
    late = end > FEWER_FROM
    return (
        f"period.start={flows.start}",
        f"period.length={(end - flows.start).days} days",
        f"conduct.unpaid_judgment.rate={flows.listed:.6g} per year",
        f"conduct.unpaid_judgment.settled_after={YEAR / flows.leaves:.6g} days",
        f"lists.defaulters.term={term}",
        f"threats.fewer_listings.from={FEWER_FROM if late else end - dt.timedelta(days=1)}",
        f"threats.fewer_listings.until={end}",
        f"threats.fewer_listings.share={flows.fewer if late else 0.0:.6g}",
    )


def at(lab: Lab, flows: Flows, end: dt.date, term: str) -> Year:
    """The list at the end of the day before `end`."""
    one = lab.live("published/v2", TOWNSHIPS[0], SEED, overrides(flows, end, term), quick=(TOWNSHIPS[1], None))
    ended = one.columns["spells"].index(f"listed~none.{End.SETTLEMENT.name.lower()}")
    repairs = np.array([each.spells[:, ended].sum() for each in one.townships])
    return Year(one.each("people"), one.each("open_end.listed.travel"), repairs)


def millions(people: Ints, count: Ints, adults: float) -> Estimate:
    """A count of all adults of the country, in millions."""
    return jackknifed(np.stack([people, count], axis=1), lambda sums: float(adults * sums[1] / sums[0]))


def predict(given: Given, lab: Lab) -> Iterator[Prediction]:
    """Stocks and exits; each without a term of listings, and with the longest that the law knows."""
    found, adults, terms = flows(given), given["adults"], ("for ever", f"{given['term']:.0f} years")
    ends = [dt.date(2023, 1, 1), FEWER_FROM, dt.date(2025, 1, 1), dt.date(2025, 10, 1)]
    lists = [[at(lab, found, end, term) for end in ends] for term in terms]

    def of(row: str, field: str, later: int, earlier: int | None, *, seen: str = "") -> Prediction:
        both = []
        for years in lists:
            count = getattr(years[later], field) - (0 if earlier is None else getattr(years[earlier], field))
            both.append(millions(years[later].people, count, adults))
        return Prediction.of(row, *both, seen=seen)

    yield of("stock_2023", "stock", 1, None, seen="the exit hazard divides by this stock")
    yield of("rise_2023", "stock", 1, 0)
    yield of("repairs_2023", "repairs", 1, 0)
    yield of("change_2024", "stock", 2, 1, seen="listings and repairs of 2024 set the model")
    yield of("repairs_2025", "repairs", 3, 2)
    yield Prediction.none("refusals", REFUSALS)


TARGETS = (
    Target(
        "V2",
        "The Chinese court list",
        "Stock of early 2020 (NL07) and December 2023 (NL08), listings and credit repairs of 2024 (NL09, NL10), listings of 2023 (NL11),"
        " terms (NL33).",
        "Exit hazard: repairs of 2024 over the stock before it (NL15). Listings as in 2023 from 2020 on, as in 2024 from 2024 on; the "
        "list starts at the stock of early 2020. The range is without a term of listings, and with the longest term.",
        predict,
    ),
)
