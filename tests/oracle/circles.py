"""Small townships of friends and families made by hand, for tests."""

from __future__ import annotations

from typing import Any

from counterlife.layout import Cause, Rulebook

from .plain import Township
from .plain_draws import Draws
from .plain_life import Life
from .plain_tape import Filing
from .plain_ties import friends
from .tiny import PLACE, by_hand, own, people, rulebook

STAR = {0: {1, 2}, 1: {0}, 2: {0}}
PAIR = {0: {1}, 1: {0}}
ONE_WAY: dict[int, set[int]] = {0: {1}, 1: set()}


def tied(days: int = 100, every: float = 10.0, **given: Any) -> Rulebook:
    """A score that takes three tenths from two friends every ten days; a record of channel c takes 1, 10, 100, ... points."""
    usual = {"worlds": 1, "channels": (0,) * 7, "points": [[-(10**c) for c in range(7)]], "tied": 0, "friends": 2, "tie_share": 0.3}
    return rulebook(days, **{**usual, "review_days": every, **given})


def kin(days: int = 100, every: float = 10.0, **given: Any) -> Rulebook:
    """A score that loses seven points for every other grown member of the household who is shut out: by more than 50 points."""
    return tied(days, every, **{"friends": 0, "tie_kin": -7, "opens_at": -50, **given})


def seed_for(rules: Rulebook, wanted: dict[int, set[int]], folk: Any) -> int:
    """A seed by which people are friends as wanted: exactly these, each once, or more often where it is only one."""
    for seed in range(10_000):
        found = friends(rules, Draws(seed, 0, PLACE), folk)
        if {i: set(theirs) for i, theirs in found.items()} == wanted:
            return seed
    raise AssertionError("no seed")


def among(wanted: dict[int, set[int]], rules: Rulebook, filings: list[Filing], **given: Any) -> Township:
    """A township of friends as wanted, all grown and alike."""
    folk = given.pop("folk", people(len(wanted)))
    return by_hand(rules, filings, folk, seed=seed_for(rules, wanted, folk), **given)


def costs(person: int, points: int, entry: float = 5.0) -> list[Filing]:
    """Records that take so many points from a person."""
    digits = [int(digit) for digit in reversed(str(points))]
    return [own(entry, channel=c, ordinal=n, person=person) for c, digit in enumerate(digits) for n in range(digit)]


def scores(town: Township, time: float, w: int = 0) -> list[int]:
    """Everybody's first score after an instant."""
    return [life.scores_at(time)[0] for life in town.lives[w]]


def closings(life: Life) -> list[tuple[float, set[int], Cause | None]]:
    """When the gates of a life change after day 0, how and why."""
    return [(change.time, set(change.closed), change.cause) for change in life.changes[1:]]
