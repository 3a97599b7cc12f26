"""Which townships a run lives: an allotment of townships to regions that only grows.

The method of Huntington and Hill (used for the seats of the US House of Representatives): every region first gets one, each further
township goes to the region with the largest people / sqrt(n (n + 1)). It is house-monotone, so the townships of a small run are among
those of a larger one (promise P6).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

from ..layout import Place


def allot(people: Sequence[float], townships: int) -> list[int]:
    """Townships of each region, by its people.

    Raises ValueError where there are fewer townships than regions, because a region without people would silently be missing.
    """
    if townships < len(people):
        raise ValueError(f"{townships} townships cannot reach {len(people)} regions")
    counts = [1] * len(people)
    heap = [(-size / math.sqrt(2.0), row) for row, size in enumerate(people)]
    heapq.heapify(heap)
    for _ in range(townships - len(people)):
        _, row = heapq.heappop(heap)
        counts[row] += 1
        heapq.heappush(heap, (-people[row] / math.sqrt(counts[row] * (counts[row] + 1.0)), row))
    return counts


def places(people: Sequence[float], numbers: Sequence[int], townships: int) -> list[Place]:
    """The townships to live, region by region; the populations and address numbers of the regions in the order of the country's table."""
    counts = allot(people, townships)
    return [Place(row, number, k) for row, (number, count) in enumerate(zip(numbers, counts, strict=True)) for k in range(count)]
