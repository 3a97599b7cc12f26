"""A country's margins become the tables from which people are made.

Households are drawn first and their members' roles are given probabilities that reproduce, in expectation, the region's shares of
children, of people of 60 and over, of men, of town dwellers and its mean household size. No person is made here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ..layout import CELLS, Floats, Populace

if TYPE_CHECKING:
    from .country import Margins as Country
    from .country import Row as Region
    from .model import Population

LARGEST_HOUSEHOLD = 12
HEAD_AGES = (22.0, 60.0)  # a first member under 60, and the partner: uniform
OTHER_AGES = (15.0, 45.0)  # a further grown member under 60: uniform
OLDEST = 40.0  # years beyond 60
BIRTH_YEARS = 75.0  # two people share a birth year with about one chance in this; an assumption


@lru_cache(1024)  # a sweep compiles the same people a thousand times, and this took a third of each
def household_sizes(mean: float) -> Floats:
    """Shares of households of 1..12 members: one and a Poisson number more, cut at 12, with exactly this mean. Not to be written to."""
    low, high = 0.0, 11.0
    for _ in range(200):
        middle = (low + high) / 2
        shares = _cut_poisson(middle)
        if float(shares @ np.arange(1, LARGEST_HOUSEHOLD + 1)) < mean:
            low = middle
        else:
            high = middle
    shares = _cut_poisson((low + high) / 2)
    shares.flags.writeable = False
    return shares


def _cut_poisson(more: float) -> Floats:
    shares = np.ones(LARGEST_HOUSEHOLD)
    for k in range(1, LARGEST_HOUSEHOLD):
        shares[k] = shares[k - 1] * more / k
    return np.asarray(shares / shares.sum())


def elder_rate(share_65_of_60: float) -> float:
    """Rate per year of the exponential age beyond 60, cut at 40 years, of whom this share is 65 or over."""
    low, high = 1e-6, 2.0
    for _ in range(200):
        rate = (low + high) / 2
        beyond = (np.exp(-5 * rate) - np.exp(-OLDEST * rate)) / (1 - np.exp(-OLDEST * rate))
        low, high = (rate, high) if beyond > share_65_of_60 else (low, rate)
    return (low + high) / 2


class Roles:
    """Probabilities of a region's household roles, solved from its margins; `share_*` fields are per household."""

    def __init__(self, region: Region, country: Country) -> None:
        sizes = household_sizes(region.household_size)
        mean = float(sizes @ np.arange(1, LARGEST_HOUSEHOLD + 1))
        two = 1.0 - float(sizes[0])
        further = float(sizes[2:] @ np.arange(1, LARGEST_HOUSEHOLD - 1))
        lone = country.households.lone_parent if region.share_0_14 > 0 else 0.0
        other = country.households.elder_other if region.share_60plus > 0 else 0.0
        self.sizes, self.partner = sizes, 1.0 - lone
        self.child = (region.share_0_14 * mean - lone * two) / further if further > 0 else 0.0
        couples = two * self.partner
        self.elder_other = other
        self.elder_head = (region.share_60plus * mean - further * (1 - self.child) * other) / (1 + couples)
        males = region.sex_ratio / (100.0 + region.sex_ratio)
        self.male = (males * mean - couples) / (mean - 2 * couples) if mean > 2 * couples else 0.5
        self.heads = (1 - self.elder_head) * (1 + couples) / mean
        self.others = further * (1 - self.child) * (1 - other) / mean
        for name in ("child", "elder_head", "male"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(
                    f"region {region.name}: no household roles meet its margins ({name} would have probability {getattr(self, name):.3f}). "
                    "Check the age shares, the sex ratio and the mean household size against each other."
                )


def populace(country: Country, population: Population) -> Populace:
    """The tables from which a country's townships are made; raises ValueError where margins contradict each other."""
    lived = [region for region in country.regions if not population.regions or region.name in population.regions]
    roles = [Roles(region, country) for region in lived]
    surnames, given = name_shares(country)
    return Populace(
        people=population.township,
        size_cdf=np.array([np.cumsum(r.sizes) for r in roles]),
        urban=np.array([region.urban_share for region in lived]),
        elder_head=np.array([r.elder_head for r in roles]),
        partner=np.array([r.partner for r in roles]),
        child=np.array([r.child for r in roles]),
        elder_other=np.array([r.elder_other for r in roles]),
        male=np.array([r.male for r in roles]),
        child_years=15.0,
        elder_rate=elder_rate(country.share_65_of_60),
        means=np.cumsum(np.array([country.means.rural, country.means.urban], float), axis=1),
        away=country.households.child_away,
        beyond=country.households.away_beyond,
        surname_cdf=np.cumsum(surnames),
        given_cdf=np.cumsum(given),
        name_cohort=population.name_cohort or 0,
        holders=float(sum(region.population for region in country.regions)),
        common_from=country.names.common_from,
        same_year=1.0 / BIRTH_YEARS,
        same_date=1.0 / BIRTH_YEARS / 365.0,
    )


def name_shares(country: Country) -> tuple[Floats, Floats]:
    """Shares of surnames and of given names by rank: power laws through the published points (`evidence` PO10 to PO13 for China).

    Surnames: the top ranks as given, then a power law to rank 100 that sums to the share of the top hundred, then a steeper one over the
    rest. Given names: a Zipf-Mandelbrot law over `given` ranks whose first share is `given_top`.
    """
    names = country.names
    top = np.array(names.surname_top, float)
    shares = np.empty(names.surnames)
    shares[: top.size] = top
    hundred = min(100, names.surnames)
    shares[top.size : hundred] = _power(top[-1], top.size, np.arange(top.size + 1.0, hundred + 1), names.surname_top_100 - top.sum())
    if names.surnames > hundred:
        shares[hundred:] = _power(shares[hundred - 1], hundred, np.arange(hundred + 1.0, names.surnames + 1), 1 - names.surname_top_100)
    ranks = np.arange(1, names.given + 1, dtype=float)
    low, high = 0.0, 1e7
    for _ in range(200):
        shift = (low + high) / 2
        given = 1.0 / (ranks + shift)
        low, high = (shift, high) if given[0] / given.sum() > names.given_top else (low, shift)
    return shares / shares.sum(), given / given.sum()


def _power(first: float, rank: int, ranks: Floats, total: float) -> Floats:
    """`first * (rank / ranks) ** a`, with the exponent for which it sums to `total`."""
    low, high = -5.0, 60.0
    for _ in range(200):
        a = (low + high) / 2
        shares = first * (rank / ranks) ** a
        low, high = (a, high) if shares.sum() > total else (low, a)
    return shares


def cell_shares(country: Country) -> Floats:
    """Expected share of the country's people in each cell, (CELLS,): the margins of the regions, taken as independent within a region."""
    weight = np.array([region.population for region in country.regions], float)
    weight /= weight.sum()
    common = common_share(country)
    total = np.zeros((2, 4, 2, 3, 2))
    means = np.array([country.means.rural, country.means.urban], float)
    for region, w in zip(country.regions, weight, strict=True):
        roles = Roles(region, country)
        male = region.sex_ratio / (100 + region.sex_ratio)
        sex = np.array([1 - male, male])
        age = _age_bands(region, roles)
        home = np.array([1 - region.urban_share, region.urban_share])[:, None] * means
        total += w * sex[:, None, None, None, None] * age[:, None, None, None] * home[:, :, None] * np.array([1 - common, common])
    return total.reshape(CELLS)


def _age_bands(region: Region, roles: Roles) -> Floats:
    """Shares of 0-17, 18-39, 40-59 and 60+ in a region."""

    def within(ages: tuple[float, float], low: float, high: float) -> float:
        return max(0.0, min(high, ages[1]) - max(low, ages[0])) / (ages[1] - ages[0])

    bands = [roles.heads * within(HEAD_AGES, a, b) + roles.others * within(OTHER_AGES, a, b) for a, b in ((0, 18), (18, 40), (40, 60))]
    return np.array([bands[0] + region.share_0_14, bands[1], bands[2], region.share_60plus])


def common_share(country: Country) -> float:
    """Share of people whose full name has at least `common_from` holders in the country."""
    surnames, given = name_shares(country)
    holders = sum(region.population for region in country.regions)
    falling = np.cumsum(given)  # given names are in falling order
    least = country.names.common_from / (holders * surnames)
    ranks = np.searchsorted(-given, -least, side="right")
    return float(sum(s * falling[r - 1] for s, r in zip(surnames, ranks, strict=True) if r > 0))
