"""Draws of the plain engine: Philox4x32-10 written from its paper, and addresses as in section 1 of `docs/model.md`.

Nothing here knows what a draw is for.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache

from counterlife.layout import Place, Purpose

Block = tuple[int, int, int, int]

WORD = 0xFFFFFFFF
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)  # the golden ratio and the square root of 3, less one
ROUNDS = 10


@lru_cache(maxsize=2**16)  # a life that is lived again asks again
def philox(counter: Block, key: tuple[int, int]) -> Block:
    """The four words of one block of Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011)."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        left = MULTIPLIERS[0] * c0
        right = MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (right >> 32) ^ c1 ^ k0, right & WORD, (left >> 32) ^ c3 ^ k1, left & WORD
        k0, k1 = (k0 + WEYL[0]) & WORD, (k1 + WEYL[1]) & WORD
    return c0, c1, c2, c3


def uniform(word: int) -> float:
    """A number strictly between 0 and 1."""
    return (word + 0.5) / 2.0**32


def exponential(word: int, mean: float) -> float:
    """An exponential time with the mean given."""
    return -mean * math.log(uniform(word))


def normal(one: int, other: int) -> float:
    """A standard normal number of two words (Box and Muller)."""
    return math.sqrt(-2.0 * math.log(uniform(one))) * math.cos(2.0 * math.pi * uniform(other))


def stream(name: str) -> int:
    """The 32-bit address of a qualified name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


@dataclass(frozen=True)
class Draws:
    """All draws of one township in one replicate."""

    seed: int
    replicate: int
    place: Place

    def block(self, person: int, purpose: Purpose, address: int, ordinal: int) -> Block:
        """The four words at an address."""
        where = self.place.region * 2**21 + self.place.number
        return philox((person, where, int(address), purpose * 2**24 + ordinal), (self.seed, self.replicate))

    def chance(self, person: int, purpose: Purpose, address: int, ordinal: int) -> float:
        """The uniform number of the first word at an address."""
        return uniform(self.block(person, purpose, address, ordinal)[0])
