"""W0 as a Polars frame with one row per person, changed month by month. Polars draws no random numbers; NumPy does."""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np
import polars as pl

from benchmarks.w0 import CHANCE, GROUPS, MARK, MONTHS, POINTS, START, STRAIN, TERM

PACKAGES = ("polars", "numpy")


def live(people: int, seed: int) -> tuple[list[int], list[int]]:
    """People and restricted people by group at the end."""
    luck = np.random.default_rng(seed)
    frame = pl.DataFrame({"group": luck.integers(GROUPS, size=people, dtype=np.int8)})
    frame = frame.with_columns(score=pl.lit(float(START)), free_from=pl.lit(0, pl.Int32))
    counted = []
    restricted = pl.col("free_from") > 0
    often = pl.when(restricted).then(STRAIN).otherwise(1.0)
    for month in range(MONTHS):
        released = restricted & (pl.col("free_from") == month)
        frame = frame.with_columns(
            score=pl.when(released).then(float(START)).otherwise("score"), free_from=pl.when(released).then(0).otherwise("free_from")
        )
        drawn = [pl.Series(f"u{k}", luck.random(people)) for k in range(len(CHANCE))]
        happens = [pl.col(f"u{k}") < (c if points > 0 else c * often) for k, (c, points) in enumerate(zip(CHANCE, POINTS, strict=True))]
        gained = reduce(add, (pl.when(event).then(float(points)).otherwise(0.0) for event, points in zip(happens, POINTS, strict=True)))
        frame = frame.with_columns(drawn).select("group", "free_from", score=pl.col("score") + gained)
        falls = (pl.col("score") < MARK) & ~restricted
        frame = frame.with_columns(free_from=pl.when(falls).then(month + TERM).otherwise("free_from").cast(pl.Int32))
        counted.append(frame.group_by("group").agg(pl.len().alias("people"), restricted.sum().alias("restricted")).sort("group"))
    return counted[-1]["people"].to_list(), counted[-1]["restricted"].to_list()
