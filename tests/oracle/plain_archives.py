"""The table archives of `docs/tallies.md`, counted from lives of the plain engine by looking at every record on every day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .plain import Township

Table = NDArray[np.int64]


def archives(town: Township, worlds: Sequence[int], places: Sequence[int], sources: int) -> Table:
    """(months x (sources + 1), six columns x worlds). places: of the source of each channel, 0 for one that is not looked at."""
    rules = town.rulebook
    day = np.arange(rules.days)
    table = np.zeros((int(rules.month_of_day.max()) + 1, sources + 1, 6, len(worlds)), np.int64)
    for n, w in enumerate(worlds):
        for life in town.lives[w]:
            for place in range(sources + 1):
                here = [one for one in life.records if places[one.filing.channel] and place in (0, places[one.filing.channel])]
                entry = np.floor([one.entry for one in here]).reshape(-1, 1)
                until = np.floor([one.until for one in here]).reshape(-1, 1)
                ages = np.where(day >= entry, day - entry, 0).astype(np.int64)
                for first, there in ((0, (entry <= day) & (day < until)), (3, entry <= day)):
                    for more, counted in enumerate((there.sum(axis=0), (ages * there).sum(axis=0), there.any(axis=0))):
                        np.add.at(table[:, place, first + more, n], rules.month_of_day, counted)
    return table.reshape(table.shape[0] * table.shape[1], -1)
