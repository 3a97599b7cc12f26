"""Flip points against closed forms: planes, circles and an exponential, whose nearest zeros are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from counterlife.ensemble.flips import WITHIN, Search, halved, nearest
from counterlife.ensemble.surface import fit, nearest_zero

Floats = NDArray[np.float64]
RNG = np.random.default_rng(5)


def searched(margin: Callable[[Floats], float], start: Sequence[float], points: int = 40) -> Search:
    at = np.array(start)
    known = RNG.random((points, len(at)))
    search = Search(lambda places: [margin(place) for place in places], at, margin(at))
    search.live(at, *known)
    return search


def test_the_nearest_point_of_a_plane() -> None:
    slope, start = np.array([3.0, 4.0, 0.0]), np.array([0.2, 0.3, 0.5])
    search = searched(lambda z: float(slope @ z) - 3.8, start)  # at the start 0.6 + 1.2 - 3.8 = -2, so the distance is 2 / 5
    best, single = nearest(search)
    assert best is not None
    assert single is not None
    assert best.distance == pytest.approx(0.4, rel=2 * WITHIN)
    np.testing.assert_allclose(best.place, start + 0.4 * slope / 5, atol=4e-3)
    assert single.distance == pytest.approx(0.5, rel=2 * WITHIN)  # 2 / 4, along the second number alone
    assert single.place[[0, 2]] == pytest.approx(start[[0, 2]])
    assert best.margin >= 0  # where the conclusion did not hold, it holds there


def test_the_nearest_point_of_a_circle() -> None:
    centre = np.array([1.0, 1.0])
    search = searched(lambda z: float(np.linalg.norm(z - centre)) - 0.5, (0.1, 0.4))
    best, single = nearest(search)
    assert best is not None
    assert best.distance == pytest.approx(math.hypot(0.9, 0.6) - 0.5, rel=0.01)
    assert single is None  # a line along either axis from (0.1, 0.4) misses the circle of radius 0.5 about the corner


def test_the_box_keeps_the_flip_inside() -> None:
    """The nearest point of the line 4.4 x + y = 5 to (0.5, 0) lies beyond the edge x = 1."""
    search = searched(lambda z: 4.4 * z[0] + z[1] - 5.0, (0.5, 0.0))
    best, _ = nearest(search)
    assert best is not None
    # without the box: 2.8 / 4.512 along the slope, where x = 1.105; with it x = 1 and y = 0.6
    np.testing.assert_allclose(best.place, (1.0, 0.6), atol=0.01)


def test_none_within_the_ranges() -> None:
    search = searched(lambda z: float(z.sum()) + 0.01, (0.5, 0.5, 0.5))
    assert nearest(search) == (None, None)
    assert min(search.margins) == pytest.approx(0.01)  # the corner that is worst was lived


def test_a_curve_that_no_parabola_follows() -> None:
    """1 - exp(-a b) falls to a level on a hyperbola; the nearest of its points is found by a fine scan."""
    level = 0.2

    def share(z: Floats) -> float:
        return 1 - math.exp(-(0.2 + 2 * z[0]) * (0.1 + z[1]))

    search = searched(lambda z: share(z) - level, (0.6, 0.9))
    best, _ = nearest(search)
    product = -math.log(1 - level)
    scan = [(a, product / (0.2 + 2 * a) - 0.1) for a in np.linspace(0, 1, 100_001)]
    due = min(math.hypot(a - 0.6, b - 0.9) for a, b in scan if 0 <= b <= 1)
    assert best is not None
    assert due * (1 - 1e-3) <= best.distance <= due * 1.01


def test_places_without_an_answer_are_passed_over() -> None:
    search = searched(lambda z: math.nan if z[0] > 0.5 else float(z[1]) - 0.5, (0.2, 0.9))
    best, _ = nearest(search)
    assert best is not None
    assert best.distance == pytest.approx(0.4, rel=0.02)


def test_halving_closes_in_on_a_step() -> None:
    search = searched(lambda z: 1.0 if z[0] < 0.7321 else -1.0, (0.0, 0.0), points=0)
    flip = halved(search, lambda reach: np.array([reach, 0.0]), 0.0, 1.0)
    assert flip is not None
    assert 0.7321 <= flip.distance <= 0.7321 + 2 * WITHIN


def test_a_surface_of_second_order_is_found_again() -> None:
    points = RNG.random((30, 3))
    matrix = np.array([[1.0, 0.5, 0.0], [0.5, -2.0, 0.25], [0.0, 0.25, 3.0]])
    values = np.array([2 + z @ [1.0, -1.0, 0.5] + z @ matrix @ z for z in points])
    surface = fit(points, values, np.zeros(3))
    for z in RNG.random((5, 3)):
        assert surface.at(z) == pytest.approx(2 + z @ [1.0, -1.0, 0.5] + z @ matrix @ z, rel=1e-5)
        np.testing.assert_allclose(surface.gradient(z), np.array([1.0, -1.0, 0.5]) + 2 * matrix @ z, rtol=1e-4)
    place = nearest_zero(fit(points, points @ [1.0, 0.0, 0.0] - 0.3, np.zeros(3)), np.array([0.9, 0.2, 0.2]), np.zeros((0, 3)))
    np.testing.assert_allclose(place, (0.3, 0.2, 0.2), atol=1e-4)


def test_numbers_that_do_nothing_are_left_out() -> None:
    """Of 30 numbers two matter; the plane's nearest zero moves those two alone."""
    search = searched(lambda z: float(2.5 - 3 * z[4] - z[7]), [0.5] * 30, points=60)
    best, _ = nearest(search)
    assert best is not None
    assert best.distance == pytest.approx(0.5 / math.sqrt(10), rel=0.05)  # 2.5 - 1.5 - 0.5 = 0.5
    assert set(np.flatnonzero(best.place != 0.5)) <= {4, 7}
