"""The floor: what one event's random numbers cost when nothing else is done, one Philox4x32-10 block and one logarithm.

No engine whose draws are keyed can live an event for less. The generator is written here once more, so that the floor does not move
with the engine.
"""

from __future__ import annotations

import math
from time import perf_counter
from typing import Any

import numpy as np
from numba import njit, uint64

MULTIPLY_0, MULTIPLY_2 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
STEP_0, STEP_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
WORD, SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
STEP = 1.0 / 2.0**32


@njit(inline="always")
def block(a: Any, b: Any, c: Any, d: Any, key_0: Any, key_1: Any) -> tuple[Any, Any, Any, Any]:
    """Four words of Philox4x32-10 at the counter (a, b, c, d), after Salmon et al., SC 2011."""
    a, b, c, d = uint64(a), uint64(b), uint64(c), uint64(d)
    key_0, key_1 = uint64(key_0), uint64(key_1)
    for _ in range(10):
        left = MULTIPLY_0 * a
        right = MULTIPLY_2 * c
        a = (right >> SHIFT) ^ b ^ key_0
        c = (left >> SHIFT) ^ d ^ key_1
        b = right & WORD
        d = left & WORD
        key_0 = (key_0 + STEP_0) & WORD
        key_1 = (key_1 + STEP_1) & WORD
    return a, b, c, d


@njit(inline="always")
def uniform(word: Any) -> float:
    """The middle of the word's cell of the unit interval: never 0, never 1."""
    return (float(word) + 0.5) * STEP


@njit(nogil=True)
def events(count: int, seed: int) -> float:
    """The sum of one exponential and three uniform numbers for each of `count` events."""
    total = 0.0
    for event in range(count):
        a, b, c, d = block(event, 0, 0, 0, seed, 1)
        total += uniform(b) + uniform(c) + uniform(d) - math.log(uniform(a))
    return total


def measure(count: int = 20_000_000) -> dict[str, float]:
    """Nanoseconds an event, the best of three, after checking that the numbers have the mean that they should have."""
    events(10, 1)
    best = math.inf
    for seed in range(3):
        begin = perf_counter()
        total = events(count, seed)
        best = min(best, perf_counter() - begin)
        error = math.sqrt((1 + 3 / 12) / count)  # an exponential has variance 1, a uniform 1/12
        if abs(total / count - 2.5) > 4.9 * error:
            raise ArithmeticError(f"the mean of an event's numbers is {total / count}, not 2.5")
    return {"ns_per_event": best / count * 1e9}
