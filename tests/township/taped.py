"""Tapes of small townships, for tests: who has which items, and in which worlds they exist."""

from __future__ import annotations

from typing import Any

import numpy as np
from oracle.tiny import PLACE, populace

from counterlife.layout import QUALITIES, Place, Populace, Quality, Rulebook
from counterlife.township.book import bind
from counterlife.township.draws import address
from counterlife.township.jit import compiled
from counterlife.township.tapes import Tapes, write

FULL, SOME = 4000 if compiled() else 1000, 400  # people of a township, where many or few are enough
SIGMAS = 5.0  # seeds are fixed: a test passes always or never
LAWFUL, ACCURATE, COME, ATTACKED = (QUALITIES[name] for name in ("lawful", "accurate", "as they come", "attacked"))
Q = Quality


def tapes(rules: Rulebook, folk: Any, seed: int = 11, place: Place = PLACE, names: Populace | None = None) -> Tapes:
    """The tapes of these people."""
    names = populace(len(folk)) if names is None else names
    return write(address(place, seed, 0), bind(rules, names), folk)


def existing(items: Any, quality: int) -> Any:
    """The items that exist in a world of this record quality."""
    return items[(items["needs"] & ~quality == 0) & (items["bars"] & quality == 0)]


def events(items: Any) -> set[tuple[int, int, int]]:
    """Person, ordinal and channel of what each item is about."""
    return {(int(item["cause"]), int(item["ordinal"]), int(item["channel"])) for item in items}


def likely(count: int, of: int, share: float) -> bool:
    """Whether so many of so many is what chance would give at this share, which must leave room for doubt."""
    spread = float(np.sqrt(of * share * (1 - share)))
    assert spread > 3
    return abs(count - of * share) < SIGMAS * spread
