"""Population synthesis: the people of one township, household by household, from a country's calibrated tables.

A person's traits are the same in every world and depend on nothing but the address. What people do is in `conduct.py`. The model is
described in `docs/people.md`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..layout import AGE_EDGES, PERSON, YEAR, Floats, Ints, Populace
from .draws import HOUSEHOLD, KIN, MEMBER, NAME, NO_STREAM, Address, block, gamma, uniform
from .jit import entry, inlined, kernel

People = Any  # array of PERSON

HEAD_YOUNGEST, HEAD_SPAN = 22.0, 38.0  # a first member under 60 and the partner: 22 to 60
OTHER_YOUNGEST, OTHER_SPAN = 15.0, 30.0  # a further grown member under 60: 15 to 45
ELDER, ELDER_SPAN = 60.0, 40.0
PARENT_GAP, PARENT_GAP_MOST = 18.0, 45.0
MAJORITY = 18.0
PARENT_TRIES = 8
GUIDE = 4096  # a power of two, so that parts are exact


@inlined
def pick(cumulative: Floats, u: float) -> int:
    """The first index whose cumulative share exceeds u (the last one where rounding leaves u above them all)."""
    return pick_within(cumulative, 0, cumulative.shape[0] - 1, u)


@inlined
def pick_guided(cumulative: Floats, guide: Ints, u: float) -> int:
    """The same, with `guide_to` to say where to look: a search through thousands of names misses the cache at every step."""
    part = int(u * (guide.shape[0] - 1))
    return pick_within(cumulative, guide[part], guide[part + 1], u)


@inlined
def pick_within(cumulative: Floats, low: int, high: int, u: float) -> int:
    """The same, where it is known to lie between two indices."""
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] > u:
            high = middle
        else:
            low = middle + 1
    return low


def guide_to(cumulative: Floats) -> Ints:
    """Where `pick` ends for u = 0, 1 / GUIDE, .. 1 (Chen and Asau, On generating random variates from an empirical distribution, 1974)."""
    return np.minimum(np.searchsorted(cumulative, np.arange(GUIDE + 1) / GUIDE, side="right"), cumulative.size - 1)


@kernel
def elder_age(u: float, rate: float) -> float:
    """An age of 60 to 100: exponential beyond 60, cut at 40 years."""
    return ELDER - math.log(1.0 - u * (1.0 - math.exp(-rate * ELDER_SPAN))) / rate


@kernel
def settle_household(at: Address, populace: Populace, row: int, household: int, first: int, size: int, people: People) -> None:
    """The members first .. first + size - 1 of a household exist: roles, sex, age, residence, means, parents at home.

    Reads: the region's row of the populace. Writes: people. Draws: HOUSEHOLD 0 and 1 (by household), MEMBER 0 (by person).
    """
    _, w_home, w_means, w_elder = block(at, household, NO_STREAM, HOUSEHOLD, 0)
    w_partner, w_first, _, _ = block(at, household, NO_STREAM, HOUSEHOLD, 1)
    urban = 1 if uniform(w_home) < populace.urban[row] else 0
    means = pick(populace.means[urban], uniform(w_means))
    elder = uniform(w_elder) < populace.elder_head[row]
    couple = size > 1 and uniform(w_partner) < populace.partner[row]
    head = people[first]
    youngest = 0.0
    for m in range(size):
        i = first + m
        person = people[i]
        w_role, w_sex, w_age, w_ability = block(at, i, NO_STREAM, MEMBER, 0)
        u = uniform(w_age)
        person["household"] = household
        person["residence"] = urban
        person["means"] = means
        person["ability"] = uniform(w_ability)
        person["guardian"], person["guardian2"], person["home"] = -1, -1, 0
        person["sex"] = 1 if uniform(w_sex) < populace.male[row] else 0
        if m == 0:
            age = elder_age(u, populace.elder_rate) if elder else HEAD_YOUNGEST + HEAD_SPAN * u
            if couple:
                person["sex"] = 1 if uniform(w_first) < 0.5 else 0
            youngest = age
        elif m == 1 and couple:
            person["sex"] = 1 - head["sex"]
            age = people[first]["age"] / YEAR + 8.0 * u - 4.0
            if elder:
                age = max(age, 2.0 * ELDER - age)
            else:
                age = max(age, 2.0 * HEAD_YOUNGEST - age)
                age = min(age, 2.0 * ELDER - age)
            youngest = min(youngest, age)
        elif m == 1 or uniform(w_role) < populace.child[row]:
            age = u * min(populace.child_years, max(youngest - PARENT_GAP, 1.0))
        elif uniform(w_role) < populace.child[row] + (1.0 - populace.child[row]) * populace.elder_other[row]:
            age = elder_age(u, populace.elder_rate)
        else:
            age = OTHER_YOUNGEST + OTHER_SPAN * u
        person["age"] = age * YEAR
        if age < MAJORITY and not elder and youngest - age >= 16.0:
            person["guardian"] = first
            person["guardian2"] = first + 1 if couple else -1
            person["home"] = 1


@kernel
def find_parents(at: Address, populace: Populace, people: People) -> None:
    """Every minor without a parent at home, and a share of the others, has parents in another household, or beyond the township.

    Draws: KIN 0 (away, beyond), 1 .. 8 (households tried), by child.
    """
    n = people.shape[0]
    for i in range(n):
        child = people[i]
        if child["age"] >= MAJORITY * YEAR:
            continue
        w_away, w_beyond, _, _ = block(at, i, NO_STREAM, KIN, 0)
        if child["guardian"] >= 0 and uniform(w_away) >= populace.away:
            continue
        child["guardian"], child["guardian2"], child["home"] = -1, -1, 0
        if uniform(w_beyond) < populace.beyond:
            continue
        for attempt in range(1, PARENT_TRIES + 1):
            j = int(uniform(block(at, i, NO_STREAM, KIN, attempt)[0]) * n)
            while j > 0 and people[j - 1]["household"] == people[j]["household"]:
                j -= 1
            gap = (people[j]["age"] - child["age"]) / YEAR
            if people[j]["household"] != child["household"] and people[j]["age"] < ELDER * YEAR and PARENT_GAP <= gap <= PARENT_GAP_MOST:
                child["guardian"] = j
                partner = j + 1 < n and people[j + 1]["household"] == people[j]["household"]
                if partner and people[j + 1]["sex"] != people[j]["sex"] and people[j + 1]["age"] >= HEAD_YOUNGEST * YEAR:
                    child["guardian2"] = j + 1
                break


@kernel
def name_people(at: Address, populace: Populace, guides: tuple[Ints, Ints], people: People) -> None:
    """Everybody has a name class, a birthday and a cell; children at home bear the surname of their first parent.

    Draws: NAME 0 (surname, given name, birthday), by person.
    """
    surnames, given = populace.surname_cdf, populace.given_cdf
    for i in range(people.shape[0]):
        person = people[i]
        w_surname, w_given, w_birthday, _ = block(at, i, NO_STREAM, NAME, 0)
        person["birthday"] = int(uniform(w_birthday) * 365.0)
        if populace.name_cohort > 0:
            person["surname"], person["given"] = i // populace.name_cohort, 0
            common = 0
        else:
            s = people[person["guardian"]]["surname"] if person["home"] == 1 else pick_guided(surnames, guides[0], uniform(w_surname))
            g = pick_guided(given, guides[1], uniform(w_given))
            person["surname"], person["given"] = s, g
            person["namesakes"] = populace.holders * share(surnames, s) * share(given, g)
            common = 1 if person["namesakes"] >= populace.common_from else 0
        band = 0
        while band < AGE_EDGES.shape[0] and person["age"] >= AGE_EDGES[band]:
            band += 1
        person["cell"] = (((person["sex"] * 4 + band) * 2 + person["residence"]) * 3 + person["means"]) * 2 + common


@inlined
def share(cumulative: Floats, index: int) -> float:
    """The share of one index of a cumulative distribution."""
    return cumulative[index] - cumulative[index - 1] if index > 0 else cumulative[0]


@entry
def fill(at: Address, populace: Populace, guides: tuple[Ints, Ints], row: int, shape: float, people: People) -> None:
    """The township's people exist. Households are drawn until everybody has one; the last one is cut short.

    guides: to surnames and given names.
    """
    n = people.shape[0]
    first, household = 0, 0
    while first < n:
        size = 1 + pick(populace.size_cdf[row], uniform(block(at, household, NO_STREAM, HOUSEHOLD, 0)[0]))
        size = min(size, n - first)
        settle_household(at, populace, row, household, first, size, people)
        first += size
        household += 1
    find_parents(at, populace, people)
    name_people(at, populace, guides, people)
    for i in range(n):
        people[i]["frailty"] = gamma(at, i, NO_STREAM, shape) if shape > 0.0 else 1.0


def make(at: Address, populace: Populace, row: int, frailty_shape: float) -> People:
    """The people of a township as an array of PERSON, in the order of their numbers."""
    people = np.zeros(populace.people, PERSON)
    fill(at, populace, (guide_to(populace.surname_cdf), guide_to(populace.given_cdf)), row, frailty_shape, people)
    return people
