"""Small rule books, populaces and people made by hand, for tests: one class, one channel, one domain, two worlds unless told otherwise.

Also townships in which exactly the records given lie in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from counterlife.layout import CELLS, NEVER, PERSON, QUALITIES, YEAR, Origin, Place, Populace, Rulebook

from .plain import Township, live_worlds
from .plain_draws import Draws, stream
from .plain_tallies import Names, Tables, tally
from .plain_tape import Candidate, Filing, Tape

PLACE = Place(row=0, region=3, number=5)
NAMES = Names(["D", "A", "N"], ["loans", "travel", "school", "registry"])
NO_GATE = np.iinfo(np.int64).min


def rulebook(
    days: int, classes: int = 1, channels: tuple[int, ...] = (0,), lists: int = 0, domains: int = 1, worlds: int = 2, **given: Any
) -> Rulebook:
    """A rule book in which nothing goes wrong and nothing is closed, with the fields given put in its place.

    `channels` holds the class of each channel, in order. Worlds are as they come, accurate, and then no system. A field is given
    in any form that spreads over its shape.
    """
    k, c, n, d, w = classes, len(channels), lists, domains, worlds
    quality = [QUALITIES["as they come"], QUALITIES["accurate"]] + [0] * w
    ones: Any = {"dtype": np.float64}
    whole: Any = {"dtype": np.int64}
    fields: dict[str, Any] = {
        "days": days,
        "month_of_day": np.arange(days) // 30,
        "stream": np.array([stream(f"class {i}") for i in range(k)], dtype=np.uint64),
        "ceiling": np.zeros(k, **ones),
        "accept": np.ones(k, **ones),
        "strain": np.ones(k, **ones),
        "factor": np.ones((k, CELLS), **ones),
        "frail": np.zeros(k, **whole),
        "own_shape": np.zeros(k, **ones),
        "from_age": np.zeros(k, **ones),
        "settles": np.zeros(k, **ones),
        "first": np.searchsorted(channels, np.arange(k + 1)).astype(np.int64),
        "frailty_shape": 0.0,
        "channel_class": np.array(channels, **whole),
        "channel_stream": np.array([stream(f"channel {i}") for i in range(c)], dtype=np.uint64),
        "detect": np.ones((c, CELLS), **ones),
        "ghost": np.zeros((c, CELLS), **ones),
        "delay_law": np.zeros(c, **whole),
        "delay_days": np.zeros(c, **ones),
        "link": np.zeros(c, **whole),
        "link_share": np.zeros(c, **ones),
        "link_scope": np.zeros(c, **whole),
        "link_key": np.zeros(c, **whole),
        "inflow": np.zeros(c, **ones),
        "updated": np.ones(c, **ones),
        "update_days": np.zeros(c, **ones),
        "quality": np.array(quality[:w], **whole),
        "ruled": np.array(([1, 1] + [0] * w)[:w], **whole),
        "variant": np.zeros(w, **whole),
        "start": np.zeros(w, **whole),
        "lowest": np.full(w, -(10**9), **whole),
        "highest": np.full(w, 10**9, **whole),
        "ledger": np.zeros(w, **whole),
        "points": np.zeros((w, c), **whole),
        "keep": np.full((w, c), NEVER, **ones),
        "cuts": np.zeros((w, len(given["cuts"][0]) if "cuts" in given else 0), **whole),
        "opens_at": np.full((w, d), NO_GATE, **whole),
        "minor": np.zeros(w, **whole),
        "list_kind": np.zeros((w, n), **whole),
        "list_domain": np.zeros((w, n), **whole),
        "list_needs": np.ones((w, n), **whole),
        "list_term": np.full((w, n), NEVER, **ones),
        "list_mark": np.zeros((w, n), **whole),
        "list_resets": np.zeros((w, n), **whole),
        "list_share": np.zeros((w, n, c), **ones),
        "list_stream": np.array([[stream(f"{i}>{j}") for j in range(c)] for i in range(n)], dtype=np.uint64).reshape(n, c),
        "joint": np.zeros((w, d, d), **ones),
        "joint_stream": np.array([[stream(f"{i}>{j}'") for j in range(d)] for i in range(d)], dtype=np.uint64),
        "joint_on": np.zeros((w, d, d), **ones),
        "joint_off": np.zeros((w, d, d), **ones),
        "child_domain": np.zeros(d, **whole),
        "domain_from": np.zeros(d, **ones),
        "domain_until": np.full(d, NEVER, **ones),
        "pair_world": np.array([0], **whole),
        "pair_versus": np.array([1 if w > 1 else 0], **whole),
    }
    for name, value in given.items():
        standard = fields[name]
        fields[name] = np.array(np.broadcast_to(value, standard.shape), dtype=standard.dtype) if isinstance(standard, np.ndarray) else value
    return Rulebook(**fields)


def populace(people: int, name_cohort: int = 0, names: int = 1, holders: float = 0.0) -> Populace:
    """A populace of which only the names matter: all equally common."""
    cdf = np.arange(1, names + 1) / names
    nothing = np.zeros(1)
    return Populace(
        people=people,
        size_cdf=np.ones((1, 12)),
        urban=nothing,
        elder_head=nothing,
        partner=nothing,
        child=nothing,
        elder_other=nothing,
        male=nothing,
        child_years=0.0,
        elder_rate=0.0,
        means=np.full((2, 3), 1 / 3),
        away=0.0,
        beyond=0.0,
        surname_cdf=cdf,
        given_cdf=np.ones(1),
        name_cohort=name_cohort,
        holders=holders,
        common_from=0.0,
        same_year=1 / 80,
        same_date=1 / 29200,
    )


def people(number: int, **given: Any) -> Any:
    """People aged thirty with names of their own and no household, with the fields given put in their place."""
    everybody = np.zeros(number, dtype=PERSON)
    everybody["age"] = 30 * YEAR
    everybody["frailty"] = 1.0
    everybody["guardian"] = everybody["guardian2"] = -1
    everybody["household"] = everybody["surname"] = np.arange(number)
    for name, value in given.items():
        everybody[name] = value
    return everybody


def by_hand(rules: Rulebook, filings: Sequence[Filing] = (), folk: Any = None, candidates: Sequence[Candidate] = ()) -> Township:
    """A township in which exactly these filings and candidates lie in the way; one person unless told otherwise."""
    folk = people(1) if folk is None else folk
    draws = Draws(7, 0, PLACE)
    mine = [[candidate for candidate in candidates if candidate.person == i] for i in range(len(folk))]
    town = Township(rules, folk, Tape(rules, populace(len(folk)), draws, folk, None), draws, mine)
    live_worlds(town, filings)
    return town


def own(entry: float, settle: float = NEVER, update: float = NEVER, channel: int = 0, ordinal: int = 0, person: int = 0) -> Filing:
    """A record of the person's own event."""
    return Filing(person, channel, Origin.OWN, person, ordinal, entry, settle, update)


def ghost(entry: float, channel: int = 0, ordinal: int = 0, person: int = 0) -> Filing:
    """A record of nothing."""
    return Filing(person, channel, Origin.GHOST, person, ordinal, entry)


def total(tables: Tables, column: str, table: str = "people") -> int:
    """A column's sum."""
    return sum(tables[table][column].values())


def counted(town: Township) -> Tables:
    """The tally with the names used here."""
    rules = town.rulebook
    return tally(town, Names(NAMES.worlds[: len(rules.ruled)], NAMES.domains[: len(rules.child_domain)]))


def blacklist(days: int, needs: int = 1, term: float = 730.0, **given: Any) -> Rulebook:
    """Any `needs` records within `term` days close the one domain."""
    return rulebook(days, lists=1, list_domain=0, list_needs=needs, list_term=term, list_share=1.0, keep=term, **given)
