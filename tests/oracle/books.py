"""Random rule books in which everything happens often: one for each family of mechanisms, and one with all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from counterlife.layout import CELLS, YEAR, Rulebook

from .mechanisms import (
    Dice,
    Fields,
    common,
    conduct,
    duplicates,
    families,
    friends,
    links,
    office,
    parts,
    ranks,
    records,
    redress,
    scores,
    soft_gates,
    stages,
    threats,
)
from .plain_tallies import Names
from .tiny import NO_GATE, people, rulebook

PEOPLE = 48
LABELS = Names(["D", "A", "M", "L", "N"], ["loans", "travel", "school", "registry", "housing"])


def book(style: str, seed: int) -> Rulebook:
    """A rule book of a style; the number of the style is part of its seed."""
    dice = np.random.default_rng([list(STYLES).index(style), seed])
    return rulebook(1000, **(common(dice) | STYLES[style](dice)))


def folk(seed: int) -> Any:
    """Households of two grown people and a child; six to a surname; everybody's traits are their own."""
    dice = np.random.default_rng(seed)
    everybody, number = people(PEOPLE), np.arange(PEOPLE)
    child = number % 3 == 2
    everybody["age"] = np.where(child, dice.uniform(0, 18, PEOPLE), dice.uniform(18, 80, PEOPLE)) * YEAR
    everybody["frailty"] = dice.gamma(0.7, 1 / 0.7, PEOPLE)
    everybody["ability"] = dice.uniform(0, 1, PEOPLE)
    everybody["household"] = number // 3
    everybody["surname"] = number % 8
    everybody["cell"] = dice.integers(0, CELLS, PEOPLE)
    everybody["namesakes"] = 500 / 8
    everybody["guardian"][child], everybody["guardian2"][child] = number[child] - 1, number[child] - 2
    everybody["guardian2"][child & (number % 2 == 0)] = -1
    everybody["home"][child] = 1
    return everybody


def ranks_and_offices(dice: Dice) -> Fields:
    """A pilot and the whole, ranked differently, and an interruption; reviews on the days on which other rules begin; attacks."""
    fields = redress(dice) | office(dice) | stages(dice) | threats(dice) | ranks(dice)
    several = stages(dice)
    return {
        **fields,
        **{name: several[name] for name in ("rows", "row", "ruled")},
        "closes_lowest": [[0, 500_000, 0, 0, 0], [0, 250_000, 0, 100_000, 0], [0, 125_000, 0, 0, 310_000], [0, 500_000, 0, 0, 0]],
        "review_days": 50.0,
        "opens_at": [[NO_GATE] * 5, [-30, NO_GATE, -60, NO_GATE, -20], [-80, -150, -60, NO_GATE, NO_GATE], [NO_GATE] * 5],
        "most_closed": [5, 2, 5, 5],
    }


def everything(dice: Dice) -> Fields:
    """All of it, but for links."""
    fields: Fields = {}
    for some in (scores, conduct, redress, office, stages, threats, families):
        fields |= some(dice)
    several = scores(dice)
    return {
        **fields,
        **records(dice),
        **{name: several[name] for name in ("start", "fix_law", "fix_days", "fix_lost", "back", "back_days")},
        "opens_at": [[NO_GATE] * 5, [-30, 70, -60, NO_GATE, -20], [-80, 60, -60, NO_GATE, 0], [NO_GATE] * 5],
        "most_closed": [5, 3, 2, 5],
        "closes_lowest": [[0] * 5, [0, 150_000, 0, 0, 0], [0, 400_000, 0, 0, 0], [0] * 5],
        "review_days": 60.0,
    }


def everything_and_friends(dice: Dice) -> Fields:
    """All of it: namesakes, second copies, parts, friends and family besides. The second score is tied; a gate of children looks at it."""
    fields = everything(dice) | links(dice) | duplicates(dice)
    some, ties = parts(dice), friends(dice)
    return {
        **fields,
        **{name: some[name] for name in ("part", "part_low", "part_high")},
        **{name: ties[name] for name in ("friends", "alike")},
        "tied": 1,
        "tie_share": [0.3, 0.5, 0.35, 0.3],
        "tie_kin": [-15, -20, -12, -15],
        "drop_below": [0, 90, 70, 0],
        "drop_share": [1.0, 0.5, 0.4, 1.0],
        "gate_score": [0, 1, 1, 0, 2],
        "opens_at": [[NO_GATE] * 5, [-30, 70, 60, NO_GATE, -20], [-80, 60, 70, NO_GATE, 0], [NO_GATE] * 5],
        "review_days": float(dice.choice([30.0, 230.0, 60.0])),
    }


STYLES: dict[str, Callable[[Dice], Fields]] = {  # new ones at the end: a style's place is in its seed
    "conduct": conduct,
    "everything": everything,
    "families": families,
    "office": lambda dice: redress(dice) | office(dice),
    "reactions and an office": lambda dice: conduct(dice) | redress(dice) | office(dice) | {"gives_up": 1},
    "records": lambda dice: records(dice) | links(dice),
    "redress": redress,
    "scores": scores,
    "stages": lambda dice: redress(dice) | links(dice) | stages(dice),
    "threats": lambda dice: redress(dice) | links(dice) | threats(dice),
    "weary redress": lambda dice: conduct(dice) | redress(dice) | {"gives_up": 1},
    "with ranks": ranks,
    "with ranks and offices": ranks_and_offices,
    "with duplicates": lambda dice: records(dice) | links(dice) | redress(dice) | office(dice) | threats(dice) | duplicates(dice),
    "with parts": lambda dice: scores(dice) | redress(dice) | parts(dice),
    "with friends": friends,
    "with strays that answer": lambda dice: conduct(dice) | links(dice),
    "everything and friends": everything_and_friends,
    "with soft gates": lambda dice: scores(dice) | redress(dice) | soft_gates(dice),
}
