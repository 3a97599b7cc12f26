"""What people do: candidate events under a ceiling, one stream per class, and whether a person reacts to sanctions at all.

Rates, frailties and ages are applied here; nothing here knows of records or worlds. Model: `docs/model.md` 3.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..layout import Ints, Words
from .book import Book
from .draws import CANDIDATE, NO_STREAM, ORDINALS, RECORD, TRAIT, Address, Word, block, gamma, philox, uniform
from .jit import inlined, kernel
from .people import People

WIDTH = 8  # words that one vector instruction can make
AHEAD = 2 * WIDTH  # candidates whose words are drawn at once, at most


class Drawn(NamedTuple):
    """Room for words drawn ahead: the first of each stream, and those of the next candidates of a class."""

    first: Words  # (classes or channels,)
    gaps: Words  # (AHEAD,)
    marks: Words  # (AHEAD,)
    noticed: Ints  # (AHEAD,) bits of the sources of the class that notice the event


def drawn_ahead(streams: int) -> Drawn:
    """Such room, for so many streams and what is left of the last vector."""
    return Drawn(
        np.empty(streams + WIDTH - 1, np.uint64), np.empty(AHEAD, np.uint64), np.empty(AHEAD, np.uint64), np.empty(AHEAD, np.int64)
    )


@kernel
def first_words(at: Address, person: int, streams: Words, count: int, purpose: Word, words: Words) -> None:
    """words[s] is the first word of ordinal 0 of each stream: the one draw that most people need of it.

    A loop without branches, which the compiler turns into vector instructions: 1.4 ns a stream, against 11 ns for a block drawn alone. So
    it goes on through streams that are nobody's, to the end of the last vector. `words` and `streams` have room for that.
    """
    who = np.uint64(person)
    for s in range((count + WIDTH - 1) // WIDTH * WIDTH):
        words[s] = philox(who, at[0], streams[s], purpose, at[1], at[2])[0]


@kernel
def draw_ahead(at: Address, rules: Book, person: int, cell: int, k: int, ordinal: int, count: int, drawn: Drawn) -> None:
    """The words of `count` candidates of class k from an ordinal on, and which sources notice them if they happen.

    Vector instructions here too, with those of the first source beside the others. Draws: CANDIDATE, RECORD (detected).
    """
    who, first, end = np.uint64(person), rules["first"][k], rules["first"][k + 1]
    own, records, candidates = rules["stream"][k], RECORD | np.uint64(ordinal), CANDIDATE | np.uint64(ordinal)
    stream, chance = (rules["channel_stream"][first], rules["detect"][cell, first]) if first < end else (own, 0.0)
    for s in range(count):
        words = philox(who, at[0], own, candidates + np.uint64(s), at[1], at[2])
        drawn.gaps[s], drawn.marks[s] = words[0], words[1]
        word = philox(who, at[0], stream, records + np.uint64(s), at[1], at[2])[0]
        drawn.noticed[s] = 1 if uniform(word) < chance else 0
    for c in range(first + 1, end):
        stream, chance = rules["channel_stream"][c], rules["detect"][cell, c]
        for s in range(count):
            word = philox(who, at[0], stream, records + np.uint64(s), at[1], at[2])[0]
            drawn.noticed[s] |= 1 << (c - first) if uniform(word) < chance else 0


@inlined
def silent(word: Word, rate: float, days: float) -> bool:
    """True where the first gap certainly ends after the period; spares most people the logarithm, since -log(u) >= 1 - u."""
    return 1.0 - uniform(word) > rate * days


@inlined
def class_rate(at: Address, rules: Book, people: People, i: int, k: int) -> float:
    """Candidates a day of class k in the life of person i."""
    rate = rules["ceiling"][k] * rules["factor"][people[i]["cell"], k]
    if rate > 0.0:
        if rules["frail"][k] == 1:
            rate *= people[i]["frailty"]
        if rules["own_shape"][k] > 0.0:
            rate *= gamma(at, i, rules["stream"][k], rules["own_shape"][k])
    return rate


@inlined
def gap(word: Word, rate: float) -> float:
    """Days to the next candidate."""
    return -math.log(uniform(word)) / rate


@kernel
def day_of(at: Address, person: int, stream: Word, rate: float, dated: int, t: float, n: int, s: int, drawn: Drawn) -> float:
    """The day of candidate n, s-th of those drawn ahead, where candidate `dated` - 1 is on day t. Draws: CANDIDATE (gap)."""
    for one in range(dated, n - s):
        t += gap(block(at, person, stream, CANDIDATE, one)[0], rate)
    for one in range(max(dated, n - s), n + 1):
        t += gap(drawn.gaps[one - n + s], rate)
    return t


@inlined
def after(ordinal: int) -> int:
    """The next ordinal; raises OverflowError where an address has no room for it, before two draws could share one."""
    if ordinal >= ORDINALS - 1:
        raise OverflowError("a life has more events of one class than an address of a draw has room for (2^24)")
    return ordinal + 1


@kernel
def reacts(at: Address, rules: Book, i: int) -> bool:
    """True for a person whose belief in being punished can move at all. Draws: TRAIT 0."""
    return rules["reacts"] >= 1.0 or uniform(block(at, i, NO_STREAM, TRAIT, 0)[0]) < rules["reacts"]
