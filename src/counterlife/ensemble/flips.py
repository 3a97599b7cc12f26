"""Flip points: the nearest change of numbers that reverses a conclusion.

Near is measured in ranges: the distance of two points is the root of the sum of the squares of their differences in coordinates, so that 1
is the whole range of one number. Candidates come from four sides: each number alone, all numbers together as steeply as each moves the
margin alone, the nearest point of the design at which the conclusion has flipped, and the nearest zero of a surface fitted to all that was
lived. None of them is believed: the way from the scenario's own numbers to the candidate is lived, and halved until the flip lies within
`WITHIN` of it. What is found is a flip; that there is no nearer one is as good as the search, which tests hold against closed forms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..layout import Floats
from .surface import fit, nearest_zero

Margin = Callable[[Sequence[Floats]], list[float]]
"""Coordinates to margins of a conclusion, lived; nan where there is no answer."""
WITHIN = 1 / 512  # of a segment
ROUNDS = 4  # of fitting a surface anew with what was lived meanwhile
ALONE = 3  # numbers that are looked at alone
MOST_HALVINGS = 12
LONGER = (1.0, 1.25, 1.6, 2.5, 5.0)  # times the way to where a plane would be zero
FEW = (1, 2, 3, 4, 5, 6, 8, 12, 20)  # numbers with which a flip is tried again
DEARER = 0.05  # of the distance


@dataclass(frozen=True)
class Flip:
    """Where a conclusion flips: coordinates (k,), distance in ranges, and the margin there, on the far side."""

    place: Floats
    distance: float
    margin: float


@dataclass
class Search:
    """A search for the flip of one conclusion from a start, with everything that was lived so far."""

    margin: Margin
    start: Floats
    at_start: float
    points: list[Floats] = field(default_factory=list)
    margins: list[float] = field(default_factory=list)

    def live(self, *places: Floats) -> list[float]:
        """Margins at places, turned so that they are above zero at the start; they stay known."""
        found = [self.sign * one for one in self.margin(places)]
        for place, one in zip(places, found, strict=True):
            if math.isfinite(one):
                self.points.append(place)
                self.margins.append(one)
        return found

    @property
    def sign(self) -> float:
        """1 where the conclusion holds at the start, -1 where it does not."""
        return 1.0 if self.at_start > 0 else -1.0

    def distance(self, place: Floats) -> float:
        """How far a place is from the start, in ranges."""
        return float(np.linalg.norm(place - self.start))


def nearest(search: Search) -> tuple[Flip | None, Flip | None]:
    """The nearest flip that is found, and the nearest one by a single number; None where there is none within the ranges."""
    slopes, single = alone(search)
    best = _nearer(_nearer(single, _from_known(search)), down(search, slopes))
    for _ in range(ROUNDS):
        flipped = [place for place, margin in zip(search.points, search.margins, strict=True) if margin <= 0]
        near = np.array(sorted(flipped, key=search.distance)) if flipped else np.zeros((0, len(search.start)))
        place = nearest_zero(fit(*_around(search, best), search.start), search.start, near)
        found = down(search, search.start - place)
        if found is None or (best is not None and found.distance > best.distance * (1 - WITHIN)):
            break
        best = found
    return (simpler(search, best) or best) if best else None, single


def alone(search: Search) -> tuple[Floats, Flip | None]:
    """How steeply the margin falls as each number moves alone to its better end (k,), and the nearest flip in which only one moves."""
    moves = [(n, end) for n in range(len(search.start)) for end in (0.0, 1.0) if search.start[n] != end]
    ends = [_moved(search.start, n, end) for n, end in moves]
    slopes, crossing = np.zeros(len(search.start)), []
    for (n, end), place, margin in zip(moves, ends, search.live(*ends), strict=True):
        slope = (margin - abs(search.at_start)) / (end - search.start[n])
        if margin < abs(search.at_start) and abs(slope) > abs(slopes[n]):
            slopes[n] = slope
        if margin <= 0:
            crossing.append((search.distance(place) * abs(search.at_start) / (abs(search.at_start) - margin), n, place))
    best = None
    for _, _, place in sorted(crossing, key=lambda one: one[:2])[:ALONE]:
        best = _nearer(best, halved(search, _straight(search.start, place), 0.0, 1.0))
    return slopes, best


def down(search: Search, slopes: Floats) -> Flip | None:
    """The flip on the way against slopes (k,) from the start, on which numbers stop at the ends of their ranges; None where there is none.

    Where a margin is a plane with these slopes, this is the nearest flip of all (the condition of Karush, Kuhn and Tucker in a box).
    """
    if not slopes.any():
        return None
    path = _downhill(search.start, slopes)
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(slopes > 0, search.start / slopes, np.where(slopes < 0, (search.start - 1.0) / slopes, 0.0))
    furthest = float(room.max())
    low, due = 0.0, _planned(search, slopes, furthest)
    for reach in dict.fromkeys(min(due * longer, furthest) for longer in (*LONGER, math.inf)):
        margin = search.live(path(reach))[0]
        if margin <= 0:
            return halved(search, path, low, reach)
        if not math.isnan(margin):
            low = reach
    return None


def _planned(search: Search, slopes: Floats, furthest: float) -> float:
    """How far down the zero would lie if the margin were a plane."""
    low, high, path = 0.0, furthest, _downhill(search.start, slopes)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if slopes @ (search.start - path(middle)) < abs(search.at_start) else (low, middle)
    return high


def simpler(search: Search, flip: Flip) -> Flip | None:
    """A flip along the largest changes of a flip alone, where one lies no further off by more than `DEARER`; the simplest that is found.

    A search moves every number a little, by chance where it has no effect at all; what does nothing is left out.
    """
    step = flip.place - search.start
    order = np.argsort(-np.abs(step), kind="stable")
    for count in FEW:
        if count >= np.count_nonzero(step):
            break
        kept = np.zeros_like(step)
        kept[order[:count]] = step[order[:count]]
        found = down(search, -kept)
        if found is not None and found.distance <= flip.distance * (1 + DEARER):
            return found
    return None


def halved(search: Search, path: Callable[[float], Floats], low: float, high: float) -> Flip | None:
    """The flip on a path between two places, at the first of which the conclusion stands and at the second of which it has flipped.

    To within `WITHIN` of the way. Each step lives the place where a straight line through both margins is zero, kept off the ends, or the
    middle.
    """
    above, below = search.live(path(low), path(high))
    if not (below <= 0 < above):
        return None
    for turn in range(MOST_HALVINGS):
        if high - low <= WITHIN * high:
            break
        share = 0.5 if turn % 3 == 2 else above / (above - below)
        # a little beyond the line's zero on either side in turn, so that both ends close in
        middle = low + (high - low) * min(max(share + (0.01 if turn % 2 else -0.01), 0.02), 0.98)
        margin = search.live(path(middle))[0]
        if math.isnan(margin):
            return None
        if margin <= 0:
            high, below = middle, margin
        else:
            low, above = middle, margin
    place = path(high)
    return Flip(place, search.distance(place), search.sign * below)


def _straight(start: Floats, end: Floats) -> Callable[[float], Floats]:
    return lambda reach: start + reach * (end - start)


def _downhill(start: Floats, slopes: Floats) -> Callable[[float], Floats]:
    return lambda reach: np.asarray((start - reach * slopes).clip(0.0, 1.0), dtype=np.float64)


def _from_known(search: Search) -> Flip | None:
    """The flip on the way to the nearest point at which the conclusion is known to have flipped."""
    flipped = [place for place, margin in zip(search.points, search.margins, strict=True) if margin <= 0]
    return halved(search, _straight(search.start, min(flipped, key=search.distance)), 0.0, 1.0) if flipped else None


def _around(search: Search, best: Flip | None) -> tuple[Floats, Floats]:
    """Points and margins to fit a surface to: all, and of those with a flip, the half that lies nearest to it if that is enough."""
    points, margins = np.array(search.points), np.array(search.margins)
    if best is None:
        return points, margins
    order = np.argsort(np.linalg.norm(points - best.place, axis=1), kind="stable")
    order = order[: max(len(order) // 2, 4 * points.shape[1] + 4)]
    return points[order], margins[order]


def _nearer(one: Flip | None, two: Flip | None) -> Flip | None:
    found = [flip for flip in (one, two) if flip is not None]
    return min(found, key=lambda flip: flip.distance, default=None)


def _moved(start: Floats, dimension: int, end: float) -> Floats:
    place = start.copy()
    place[dimension] = end
    return place
