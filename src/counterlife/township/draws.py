"""Every random word has an address; an address never holds the world, the thread, the size of the run or the number of earlier draws.

Philox4x32-10 (Salmon, Moraes, Dror and Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011). The layout of an address is in
`docs/model.md` 1; a change of it is a new draw scheme. What a draw is used for is decided by the callers.
"""

from __future__ import annotations

import math

import numpy as np

from ..layout import Place, Purpose
from .jit import drawing

SCHEME = 1  # raised when any address or any use of a word changes

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_ZERO = np.uint64(0)

HOUSEHOLD = np.uint64(Purpose.HOUSEHOLD << 24)
MEMBER = np.uint64(Purpose.MEMBER << 24)
NAME = np.uint64(Purpose.NAME << 24)
KIN = np.uint64(Purpose.KIN << 24)
FRAILTY = np.uint64(Purpose.FRAILTY << 24)
CANDIDATE = np.uint64(Purpose.CANDIDATE << 24)
RECORD = np.uint64(Purpose.RECORD << 24)
SETTLE = np.uint64(Purpose.SETTLE << 24)
UPDATE = np.uint64(Purpose.UPDATE << 24)
GHOST = np.uint64(Purpose.GHOST << 24)
ELSEWHERE = np.uint64(Purpose.ELSEWHERE << 24)
LISTING = np.uint64(Purpose.LISTING << 24)
LISTING_GHOST = np.uint64(Purpose.LISTING_GHOST << 24)
LISTING_ELSEWHERE = np.uint64(Purpose.LISTING_ELSEWHERE << 24)
JOINT = np.uint64(Purpose.JOINT << 24)
JOINT_GHOST = np.uint64(Purpose.JOINT_GHOST << 24)
JOINT_ELSEWHERE = np.uint64(Purpose.JOINT_ELSEWHERE << 24)
READ = np.uint64(Purpose.READ << 24)
PROCEDURE = np.uint64(Purpose.PROCEDURE << 24)
KEEP = np.uint64(Purpose.KEEP << 24)
RUBRIC = np.uint64(Purpose.RUBRIC << 24)
OFFICE = np.uint64(Purpose.OFFICE << 24)
TRAIT = np.uint64(Purpose.TRAIT << 24)
COPY = np.uint64(Purpose.COPY << 24)
REDRESS = np.uint64(Purpose.REDRESS << 24)
APPEAL = np.uint64(Purpose.APPEAL << 24)
CORRECT = np.uint64(Purpose.CORRECT << 24)
TAMPER = np.uint64(Purpose.TAMPER << 24)
RANK = np.uint64(Purpose.RANK << 24)
TIE = np.uint64(Purpose.TIE << 24)
APPLY = np.uint64(Purpose.APPLY << 24)

ORDINALS = 1 << 24  # an address has room for this many events of one class in one life
NO_STREAM = np.uint64(0)

Word = np.uint64
Address = tuple[np.uint64, np.uint64, np.uint64]


def address(place: Place, seed: int, replicate: int) -> Address:
    """The part of every address that a township's draws share: (place word, seed, replicate), each 32 bits.

    Raises ValueError where a number does not fit its bits, because two addresses would become one.
    """
    for name, number, bits in (
        ("region", place.region, 11),
        ("township", place.number, 21),
        ("seed", seed, 32),
        ("replicate", replicate, 32),
    ):
        if not 0 <= number < 1 << bits:
            raise ValueError(f"{name} {number} does not fit an address: it must lie in 0..2^{bits} - 1")
    return np.uint64(place.region << 21 | place.number), np.uint64(seed), np.uint64(replicate)


@drawing
def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Four 32-bit words (held in 64) at counter (c0..c3) under key (k0, k1)."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ k0, p1 & _LOW, (p0 >> _HALF) ^ c3 ^ k1, p0 & _LOW
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@drawing
def block(at: Address, person: int, stream: Word, purpose: Word, ordinal: int) -> tuple[Word, Word, Word, Word]:
    """The four words of (person, stream, purpose, ordinal) in the township that `at` names."""
    return philox(np.uint64(person), at[0], stream, purpose | np.uint64(ordinal), at[1], at[2])


@drawing
def pair_word(other: int, k0: Word, k1: Word) -> Word:
    """A word about a pair: a record, whose own words are the key, and another person."""
    return philox(np.uint64(other), _ZERO, _ZERO, _ZERO, k0, k1)[0]


@drawing
def uniform(word: Word) -> float:
    """The word as a number strictly between 0 and 1."""
    return (np.float64(word) + 0.5) * (1.0 / 4294967296.0)


@drawing
def exponential(word: Word, mean: float) -> float:
    """An exponential time with the given mean."""
    return -mean * math.log((np.float64(word) + 0.5) * (1.0 / 4294967296.0))


@drawing
def normal(one: Word, two: Word) -> float:
    """A standard normal number, by Box and Muller."""
    return math.sqrt(-2.0 * math.log(uniform(one))) * math.cos(2.0 * math.pi * uniform(two))


@drawing
def gamma(at: Address, person: int, stream: Word, shape: float) -> float:
    """A Gamma(shape) variate scaled to mean 1, by Marsaglia and Tsang (ACM TOMS 26, 2000); each attempt has its own ordinal.

    Draws: FRAILTY, words 0 and 1 a normal (Box and Muller), 2 the acceptance, 3 (of attempt 0) the boost for shapes below 1.
    """
    a, b, e, w = block(at, person, stream, FRAILTY, 0)
    boost, attempt = 1.0, 0
    d = shape - 1.0 / 3.0
    if shape < 1.0:
        boost = uniform(w) ** (1.0 / shape)
        d += 1.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x = normal(a, b)
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            squeezed = uniform(e) < 1.0 - 0.0331 * x * x * x * x  # their squeeze: spares most the two logarithms
            if squeezed or math.log(uniform(e)) < 0.5 * x * x + d - d * v + d * math.log(v):
                return d * v * boost / shape
        attempt += 1
        a, b, e, _ = block(at, person, stream, FRAILTY, attempt)
