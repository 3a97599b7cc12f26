"""Tapes and lives of small townships, for tests: who has which items, in which worlds they exist, and what is counted by a given book."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from oracle.tiny import PLACE, populace

from counterlife.layout import QUALITIES, Place, Populace, Quality, Rulebook
from counterlife.provenance import fingerprint
from counterlife.township.book import Book, bind
from counterlife.township.draws import address
from counterlife.township.jit import compiled
from counterlife.township.sheet import Tally
from counterlife.township.tapes import Tapes, write
from counterlife.township.township import live_people

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


class Counted(NamedTuple):
    """What a township came to."""

    tally: Tally
    items: int  # on all tapes

    @property
    def print(self) -> str:
        """Equal where all numbers are."""
        return fingerprint(self.tally._asdict())


def counted(place: Place, seed: int, rules: Rulebook, folk: Any, book: Book) -> Counted:
    """These people have lived by a book that a test may have changed since it was bound."""
    tally = live_people(folk, place, rules, populace(len(folk)), seed, 0, book)
    return Counted(tally, write(address(place, seed, 0), book, folk).items.size)


def plainly(file: str, *arguments: str) -> str:
    """What a test file prints when it is run with these arguments and without compilation, where parts of the engine can be replaced."""
    tests = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"COUNTERLIFE_COMPILE": "0", "PYTHONPATH": tests}
    done = subprocess.run([sys.executable, file, *arguments], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
