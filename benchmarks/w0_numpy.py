"""W0 in whole arrays, one month after the other: what a careful scientist writes in an afternoon."""

from __future__ import annotations

import numpy as np

from benchmarks.w0 import CHANCE, GROUPS, MARK, MONTHS, POINTS, START, STRAIN, TERM

PACKAGES = ("numpy",)


def live(people: int, seed: int) -> tuple[list[int], list[int]]:
    """People and restricted people by group at the end."""
    luck = np.random.default_rng(seed)
    group = luck.integers(GROUPS, size=people)
    score = np.full(people, float(START))
    free_from = np.zeros(people, np.int32)  # month in which a restriction ends, 0 without one
    counted = np.zeros((MONTHS, GROUPS), np.int64)
    for month in range(MONTHS):
        released = (free_from == month) & (free_from > 0)
        score[released] = START
        free_from[released] = 0
        often = np.where(free_from > 0, STRAIN, 1.0)
        for chance, points in zip(CHANCE, POINTS, strict=True):
            score[luck.random(people) < (chance if points > 0 else chance * often)] += points
        free_from[(score < MARK) & (free_from == 0)] = month + TERM
        counted[month] = np.bincount(group[free_from > 0], minlength=GROUPS)
    return np.bincount(group, minlength=GROUPS).tolist(), counted[-1].tolist()
