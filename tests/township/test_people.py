"""Made people: the margins of every region, who is whose parent, names, and that a person depends on nothing but the address.

A margin is held against its region's table with the sampling error of households, since their members are alike: for a share that is
the error of a ratio of sums, from what each household has more than its size would give it. Chance stays within five such errors with
probability 1 - 6e-7; seeds are fixed. So that the tests can fail, the errors themselves must be small.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from counterlife.layout import CELLS, PERSON, YEAR, Floats, Ints, Place, Populace
from counterlife.scenario import load
from counterlife.scenario.compile import compile  # noqa: A004
from counterlife.scenario.country import Margins, margins
from counterlife.scenario.populace import cell_shares
from counterlife.township.draws import address
from counterlife.township.jit import compiled
from counterlife.township.people import MAJORITY, make

ERRORS = 5.0
ALPHA = 1e-6
TOWNSHIPS = 4  # in each region
FEW = 2_000
large = pytest.mark.skipif(not compiled(), reason="millions of people are too many for plain Python")


def tables(country: str, people: int) -> tuple[Populace, Margins]:
    """What a country's townships are made from, and the margins that they are to show."""
    scenario = load("article-score", [f"population.country={country}", f"population.township={people}"])
    return compile(scenario).populace, margins(scenario.population.country)


def township(populace: Populace, region: Any, row: int, number: int = 0, seed: int = 1) -> Any:
    """The people of one township."""
    return make(address(Place(row, region.number, number), seed, 0), populace, row, 0.5)


# --- margins --------------------------------------------------------------------------------------------------------------------

MEMBERS = ("persons", "share_0_14", "share_15_59", "share_60plus", "men", "urban_share")


class Made(NamedTuple):
    """A country's people, counted. Regions R, townships T in each, households H of a region."""

    populace: Populace
    margins: Margins
    households: list[Ints]  # by region, (H, MEMBERS): how many of each a household has
    cells: Ints  # (R, T, CELLS)
    surnames: Ints  # people by surname who do not bear a parent's
    own_surname: int  # how many these are
    third_and_first: int  # people with the third surname and the first given name
    people: int


def by_household(people: Any) -> Ints:
    """Members of each whole household; the last one of a township was cut short."""
    years = people["age"] / YEAR
    kinds = (years >= 0, years < 15, (years >= 15) & (years < 60), years >= 60, people["sex"] == 1, people["residence"] == 1)
    return np.array([np.bincount(people["household"], kind) for kind in kinds], np.int64).T[:-1]


@pytest.fixture(scope="module", params=["china-2020", "netherlands-2023"])
def made(request: pytest.FixtureRequest) -> Made:
    """Some townships in every region."""
    populace, country = tables(request.param, 36_000)
    households, cells = [], np.zeros((len(country.regions), TOWNSHIPS, CELLS), np.int64)
    surnames, own, third = np.zeros(populace.surname_cdf.size, np.int64), 0, 0
    for row, region in enumerate(country.regions):
        counted = []
        for number in range(TOWNSHIPS):
            people = township(populace, region, row, number)
            counted.append(by_household(people))
            cells[row, number] = np.bincount(people["cell"], minlength=CELLS)
            surnames += np.bincount(people["surname"][people["home"] == 0], minlength=surnames.size)
            own += int((people["home"] == 0).sum())
            third += int(((people["surname"] == 2) & (people["given"] == 0)).sum())
        households.append(np.concatenate(counted))
    return Made(populace, country, households, cells, surnames, own, third, int(cells.sum()))


def share_and_error(sizes: Ints, some: Ints) -> tuple[float, float]:
    """The share of some members among all, and its sampling error over households."""
    share = some.sum() / sizes.sum()
    return float(share), float(np.sqrt(((some - share * sizes) ** 2).sum()) / sizes.sum())


@large
def test_every_region_shows_its_margins(made: Made) -> None:
    """Ages, sexes, residence, households. A share that is off by one point in a hundred (for residence 1.5) would be found everywhere."""
    for region, households in zip(made.margins.regions, made.households, strict=True):
        sizes = households[:, 0]
        expected = {name: getattr(region, name) for name in MEMBERS[1:] if name != "men"}
        expected["men"] = region.sex_ratio / (100 + region.sex_ratio)
        for name, share in expected.items():
            found, error = share_and_error(sizes, households[:, MEMBERS.index(name)])
            assert abs(found - share) < ERRORS * error < (0.015 if name == "urban_share" else 0.01), (region.name, name, found)
        error = float(sizes.std() / np.sqrt(sizes.size))
        assert abs(sizes.mean() - region.household_size) < ERRORS * error < 0.04, region.name


def axis_of(cells: Any, axis: int) -> Floats:
    """Shares along one axis of the cells: sex, age, residence, means, name."""
    kept = tuple(other for other in range(5) if other != axis)
    along: Floats = np.asarray(cells, float).reshape(-1, 2, 4, 2, 3, 2).sum(axis=tuple(other + 1 for other in kept))
    return along


@large
def test_cells_have_the_shares_that_are_expected(made: Made) -> None:
    """Along every axis, with the error between the townships of a region.

    Single cells too, but for 5 in 100: what is expected takes sex as independent of age, while couples are balanced and children are not.
    """
    weights = np.array([region.population for region in made.margins.regions], float)
    weights /= weights.sum()
    shares, expected = made.cells / made.cells.sum(axis=2, keepdims=True), cell_shares(made.margins)

    def found_and_error(some: Floats) -> tuple[Floats, Floats]:
        between = some.var(axis=1, ddof=1) / TOWNSHIPS
        return np.einsum("r,rtc->c", weights, some) / TOWNSHIPS, np.sqrt(np.einsum("r,rc->c", weights**2, between))

    for axis in range(5):
        along = axis_of(shares.reshape(-1, CELLS), axis)
        found, error = found_and_error(along.reshape(*shares.shape[:2], -1))
        assert (np.abs(found - axis_of(expected, axis)[0]) < ERRORS * error).all(), axis
        assert (ERRORS * error < 0.006).all()
    found, error = found_and_error(shares)
    assert (np.abs(found - expected) < ERRORS * error + 0.05 * expected).all()


# --- names ----------------------------------------------------------------------------------------------------------------------


@large
@pytest.mark.parametrize("made", ["china-2020"], indirect=True)
def test_chinese_names_are_as_common_as_published(made: Made) -> None:
    """Evidence PO10, PO11 and PO13: the three and the hundred most common surnames, and 290,000 people with the most common full name."""
    for rank, share in enumerate((0.0725, 0.0719, 0.0683)):
        assert stats.binomtest(int(made.surnames[rank]), made.own_surname, share).pvalue > ALPHA
        assert stats.binomtest(int(made.surnames[rank]), made.own_surname, share * 1.03).pvalue < ALPHA
    assert stats.binomtest(int(made.surnames[:100].sum()), made.own_surname, 0.859).pvalue > ALPHA
    assert stats.binomtest(made.third_and_first, made.people, 290_000 / 1_411_778_724).pvalue > ALPHA
    assert stats.binomtest(made.third_and_first, made.people, 400_000 / 1_411_778_724).pvalue < ALPHA


def test_namesakes_are_the_people_expected_to_bear_the_full_name() -> None:
    populace, country = tables("china-2020", FEW)
    people = township(populace, country.regions[0], 0)
    surname, given = np.diff(populace.surname_cdf, prepend=0.0), np.diff(populace.given_cdf, prepend=0.0)
    expected = sum(region.population for region in country.regions) * surname[people["surname"]] * given[people["given"]]
    assert people["namesakes"] == pytest.approx(expected, rel=1e-6)
    assert (people["cell"] % 2 == (people["namesakes"] >= 20_000)).all()
    most = float(surname.max() * given.max()) * 1_409_778_724
    assert 290_000 <= most <= 310_000
    assert 0.05 < (people["cell"] % 2).mean() < 0.4


def test_children_bear_the_surname_of_the_parent_with_whom_they_live() -> None:
    populace, country = tables("china-2020", FEW)
    people = township(populace, country.regions[0], 0)
    home = people["home"] == 1
    assert home.sum() > 100
    assert (people["surname"][home] == people["surname"][people["guardian"][home]]).all()


# --- parents --------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[("china-2020", 2), ("netherlands-2023", 0)], ids=["china-2020", "netherlands-2023"])
def families(request: pytest.FixtureRequest) -> tuple[Any, Populace]:
    """The people of one large township."""
    country, row = request.param
    populace, regions = tables(country, 100_000 if compiled() else FEW)
    return township(populace, regions.regions[row], row), populace


def minors(people: Any) -> Any:
    """True for those who are under age at the start."""
    return people["age"] < MAJORITY * YEAR


def test_guardians_are_plausible(families: tuple[Any, Populace]) -> None:
    """People of the township, old enough to be parents, two of one household, and not grandparents; grown people have none."""
    people, _ = families
    assert (people["guardian"][~minors(people)] == -1).all()
    assert (people["guardian2"][people["guardian"] == -1] == -1).all()
    for field, least in (("guardian", 16), ("guardian2", 14)):
        child = np.flatnonzero(people[field] >= 0)
        parent = people[field][child]
        assert child.size > people.size / 25
        assert (parent < people.size).all()
        assert (parent != child).all()
        gap = (people["age"][parent] - people["age"][child]) / YEAR
        assert least <= gap.min()
        assert gap.max() < 60
        assert (people["age"][parent] >= 22 * YEAR).all()
        assert (people["age"][parent] < 60 * YEAR).all()
        assert ((people["household"][parent] == people["household"][child]) == (people["home"][child] == 1)).all()
    both = np.flatnonzero(people["guardian2"] >= 0)
    one, two = people["guardian"][both], people["guardian2"][both]
    assert (one != two).all()
    assert (people["household"][one] == people["household"][two]).all()
    assert (people["sex"][one] != people["sex"][two]).all()


def heads(people: Any) -> Ints:
    """The first member of everybody's household."""
    first = np.unique(people["household"], return_index=True)[1]
    heads_of: Ints = first[people["household"]]
    return heads_of


def test_parents_are_away_as_often_as_the_country_says(families: tuple[Any, Populace]) -> None:
    """Of the children who could have a parent at home, and of those whose parents are away, how many have them beyond the township.

    Who has parents away also has none here if eight random households (by their people) are all unfit: no first member under 60 who is
    18 to 45 years older.
    """
    people, populace = families
    head = heads(people)
    second = np.minimum(head + 1, people.size - 1)
    couple = (people["household"][second] == people["household"]) & (people["age"][second] >= 22 * YEAR)
    youngest = np.where(couple, np.minimum(people["age"][second], people["age"][head]), people["age"][head])
    could = minors(people) & (people["age"][head] < 60 * YEAR) & (youngest - people["age"] >= 16 * YEAR)
    away = could & (people["home"] == 0)
    assert not (minors(people) & ~could & (people["home"] == 1)).any()
    assert stats.binomtest(int(away.sum()), int(could.sum()), populace.away).pvalue > ALPHA

    lone = np.flatnonzero(minors(people) & (people["home"] == 0))
    ages = np.sort(people["age"][head][people["age"][head] < 60 * YEAR])
    fit = np.searchsorted(ages, people["age"][lone] + 45 * YEAR) - np.searchsorted(ages, people["age"][lone] + 18 * YEAR)
    none = populace.beyond + (1 - populace.beyond) * (1 - fit / people.size) ** 8
    error = np.sqrt((none * (1 - none)).sum())
    assert abs((people["guardian"][lone] == -1).sum() - none.sum()) < ERRORS * error
    if compiled():
        assert ERRORS * error < 0.5 * none.sum()


# --- a person depends on nothing but the address --------------------------------------------------------------------------------


def same(one: Any, two: Any) -> bool:
    """True where every trait of everybody is equal, to the last bit."""
    return bool(one.dtype == two.dtype == PERSON and one.tobytes() == two.tobytes())


def test_people_do_not_depend_on_the_order_in_which_townships_are_made() -> None:
    populace, country = tables("china-2020", FEW)
    order = [(row, number) for row in (0, 5, 30) for number in (0, 1)]
    before = {where: township(populace, country.regions[where[0]], *where) for where in order}
    after = {where: township(populace, country.regions[where[0]], *where) for where in reversed(order)}
    assert all(same(before[where], after[where]) for where in order)
    assert len({people.tobytes() for people in before.values()}) == len(order)


def test_other_seeds_make_other_people() -> None:
    populace, country = tables("china-2020", FEW)
    assert not same(township(populace, country.regions[0], 0, seed=1), township(populace, country.regions[0], 0, seed=2))


@pytest.mark.parametrize("country", ["china-2020", "netherlands-2023"])
def test_a_person_of_a_smaller_township_is_the_same_in_a_larger_one(country: str) -> None:
    """All but the last household, which the smaller one cuts short, and parents elsewhere, who are looked for among all its people."""
    (populace, regions), (wider, _) = tables(country, FEW), tables(country, 3 * FEW)
    small, large_one = township(populace, regions.regions[0], 0), township(wider, regions.regions[0], 0)
    whole = int((small["household"] < small["household"][-1]).sum())
    assert FEW - whole <= 12
    one, two = small[:whole], large_one[:whole]
    for trait in set(PERSON.names or ()) - {"guardian", "guardian2"}:
        assert (one[trait] == two[trait]).all(), trait
    at_home = one["home"] == 1
    for trait in ("guardian", "guardian2"):
        assert (one[trait][at_home] == two[trait][at_home]).all()
    elsewhere = (one["home"] == 0) & minors(one)
    beyond = one["guardian"][elsewhere] == -1
    assert (one["guardian"][elsewhere] != two["guardian"][elsewhere]).any()
    assert 0 < beyond.sum() < elsewhere.sum()


def test_names_can_come_in_cohorts() -> None:
    """For exact answers: every five people share a name, and nobody counts namesakes in the country."""
    scenario = compile(load("article-score", [f"population.township={FEW}", "population.name_cohort=5"]))
    people = make(address(Place(0, 11, 0), 1, 0), scenario.populace, 0, 0.5)
    assert (people["surname"] == np.arange(FEW) // 5).all()
    assert not people["given"].any()
    assert not people["namesakes"].any()
    assert not (people["cell"] % 2).any()
