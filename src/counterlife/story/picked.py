"""Which lives are told: the one that was asked for, or the first ones that fit a stated rule. Nobody is chosen by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..layout import YEAR
from ..study import Run, lived
from .person import PersonId, Story, person_id
from .teller import Teller

if TYPE_CHECKING:
    from ..township.trace import Traced, Village

SEARCHED = 100_000  # people, about, who are searched for lives to show
LONG = 365  # wrongful domain-days of a life worth showing
LONG_FOR_CHILD = 30


def life(run: Run, person: str | PersonId) -> Story:
    """The story of one person of a run, in every world. Raises RequestError for a person who was not lived."""
    return Teller(run, lived(run)).story(person_id(str(person), run))


def lives(run: Run) -> list[Story]:
    """The lives that the report shows, `lives` of the scenario, each with the rule by which it was picked: never chosen by hand."""
    teller, wanted = Teller(run, lived(run)), run.scenario.lives
    found: dict[bool, list[PersonId]] = {False: [], True: []}
    for who, minor in _worth_telling(teller) if wanted else ():
        found[minor].append(who)
        if len(found[False]) + len(found[True]) >= wanted and (wanted == 1 or all(found.values())):
            break
    in_turn = sorted((n, minor, who) for minor, people in found.items() for n, who in enumerate(people, 1))
    return [teller.story(who, _rule(run, minor, n)) for n, minor, who in in_turn[:wanted]]


def _rule(run: Run, minor: bool, number: int) -> str:
    """By which rule that many-th person was picked."""
    one, two = (run.scenario.worlds[world].title for world in run.scenario.compare[0])
    kind, days = ("minor", LONG_FOR_CHILD) if minor else ("grown person", LONG)
    which = f"the first {kind}" if number == 1 else f"{kind} number {number}"
    return f"{which}, by region, township and number, whom {one!r} shuts out for {days} domain-days or more on which {two!r} does not"


def _worth_telling(teller: Teller) -> Iterator[tuple[PersonId, bool]]:
    """People and whether each is a minor, in the order of regions, townships and numbers, whose twins differ by much."""
    w, v = (teller.names.worlds.index(world) for world in teller.scenario.compare[0])
    for place in teller.plan.places[: max(1, SEARCHED // teller.plan.township)]:
        village, rules = teller.village(place, 0), teller.rules_of(place)
        alike = np.array_equal(rules.row[w], rules.row[v])
        for i in range(len(village.people)):
            minor = bool(village.people[i]["age"] < 18 * YEAR)
            if not alike or _has_records(village, i):
                who = PersonId(teller.regions[place.region], place.number, i)
                one, two = (teller.traced(place, 0, i, world) for world in (w, v))
                if _wrongful_days(one, two, rules.days, len(teller.names.domains)) >= (LONG_FOR_CHILD if minor else LONG):
                    yield who, minor


def _has_records(village: Village, i: int) -> bool:
    """False where nobody of those whose gates the person meets has anything on the tape."""
    people, start = village.people, village.tapes.start
    person = people[i]
    others = {i, int(person["guardian"]), int(person["guardian2"])}
    if village.book[0]["joint_gates"]:
        others |= set(np.flatnonzero(people["household"] == person["household"]).tolist())
    return any(j >= 0 and start[j + 1] > start[j] for j in others)


def _wrongful_days(one: Traced, two: Traced, days: int, domains: int) -> int:
    """Domain-days closed in the first life and open in the second, of the same person."""
    masks = []
    for traced in (one, two):
        mask = np.zeros(days, np.int64)
        for begin, value in zip(np.floor(traced.view["at"]).astype(int), traced.view["mask"], strict=True):
            mask[begin:] = value
        masks.append(mask)
    wrong = masks[0] & ~masks[1]
    return int(sum(int((wrong >> d & 1).sum()) for d in range(domains)))
