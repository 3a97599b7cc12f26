"""Sensitivity and shares of variance against functions whose indices are known in closed form."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from counterlife.ensemble.designs import Design, design
from counterlife.ensemble.dimensions import Dimension
from counterlife.ensemble.outcomes import Outcome
from counterlife.ensemble.sensitivity import Effect, effects, fisher, ranks
from counterlife.ensemble.spread import spread
from counterlife.ensemble.unsourced import first_order, share
from counterlife.study import RequestError

Floats = NDArray[np.float64]


def unit(k: int) -> tuple[Dimension, ...]:
    return tuple(Dimension((f"x{n}",), 0.5, 0.0, 1.0) for n in range(k))


def by(found: list[Effect], measure: str) -> list[Effect]:
    return [one for one in found if one.measure == measure]


def test_sobol_indices_of_ishigami() -> None:
    """Ishigami and Homma (1990), a = 7, b = 0.1: variance and partial variances in closed form."""
    a, b, pi = 7.0, 0.1, math.pi
    total = a**2 / 8 + b * pi**4 / 5 + b**2 * pi**8 / 18 + 0.5
    first = (0.5 * (1 + b * pi**4 / 5) ** 2 / total, a**2 / 8 / total, 0.0)
    together = b**2 * pi**8 * (1 / 18 - 1 / 50) / total
    drawn = design("sobol", unit(3), 2048, 1)
    x = (2 * drawn.points - 1) * pi
    found = effects(drawn, np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0]), 1)
    for one, due in zip(by(found, "first"), first, strict=True):
        assert one.value == pytest.approx(due, abs=0.03)
        assert one.low - 0.02 <= due <= one.high + 0.02
    for one, due in zip(by(found, "total"), (first[0] + together, first[1], together), strict=True):
        assert one.value == pytest.approx(due, abs=0.03)


def test_elementary_effects_of_a_line_are_its_slopes() -> None:
    drawn = design("morris", unit(3), 10, 1)
    found = effects(drawn, drawn.points @ [2.0, -3.0, 0.0] + 1.0, 1)
    assert [one.value for one in by(found, "mu_star")] == pytest.approx([2.0, 3.0, 0.0])
    assert [one.value for one in by(found, "sigma")] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    product = effects(drawn, drawn.points[:, 0] * drawn.points[:, 1], 1)  # effects of one number depend on the other
    assert by(product, "sigma")[0].value > 0.1
    assert by(product, "mu_star")[2].value == 0.0


def test_rank_correlations_of_a_monotone_curve() -> None:
    drawn = design("lhs", unit(2), 200, 1)
    found = effects(drawn, np.exp(5 * drawn.points[:, 0]), 1)
    assert found[0].value == pytest.approx(1.0)
    assert found[1].low < 0 < found[1].high
    with_gap = np.exp(5 * drawn.points[:, 0])
    with_gap[3] = math.nan
    assert effects(drawn, with_gap, 1)[0].value == pytest.approx(1.0)


def test_ranks_share_ties() -> None:
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


def test_the_interval_of_a_rank_correlation() -> None:
    """By hand for r = 0.5 and 28 pairs: z = atanh 0.5 = 0.549306, half = 1.959964 sqrt(1.125 / 25) = 0.415773."""
    value, low, high = fisher(0.5, 28)
    assert (value, low, high) == pytest.approx((0.5, math.tanh(0.133533), math.tanh(0.965079)), abs=1e-5)


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_the_share_of_variance_without_a_source(kind: str) -> None:
    """y = 3 a + 4 b with a, b uniform: shares 9 / 25 and 16 / 25."""
    drawn = design(kind, unit(4), 256, 1)
    found = share(drawn, drawn.points @ [3.0, 4.0, 0.0, 0.0], [True, False, True, False], 1)
    assert found is not None
    assert found.holds
    assert found.unsourced == pytest.approx(16 / 25, abs=0.03)
    assert found.sourced == pytest.approx(9 / 25, abs=0.03)
    assert found.low <= 16 / 25 + 0.02
    assert found.high >= 16 / 25 - 0.02


def test_noise_is_credited_to_nobody() -> None:
    """y = a + noise of the same variance: half of the variance is explained, and a share that explains so little is not printed."""
    drawn = design("lhs", unit(40), 400, 1)
    noise = np.random.default_rng(2).normal(0, math.sqrt(1 / 12), 400)
    found = share(drawn, drawn.points[:, 0] + noise, [True] + [False] * 39, 1)
    assert found is not None
    assert found.unsourced == pytest.approx(0.0, abs=0.08)  # 39 slopes of nothing, less what chance gives them
    assert not found.holds


def test_a_curve_is_ranked_before_it_is_fitted() -> None:
    drawn = design("lhs", unit(2), 300, 1)
    found = share(drawn, np.exp(12 * drawn.points[:, 0]), [False, True], 1)
    assert found is not None
    assert found.estimator == "ranked"
    assert found.unsourced == pytest.approx(1.0, abs=0.02)


def test_first_order_by_hand() -> None:
    """f = x on (0, 1), A = 0, B = 1: the mixed column is B's, so V = 1 / 4 and the index is (1/2 * 1) / (1/4) = 2 for this one block."""
    assert first_order(np.array([[0.0, 1.0, 1.0]])).tolist() == [2.0]


def test_designs_fill_their_ranges() -> None:
    drawn = design("lhs", unit(3), 50, 1)
    cells = np.sort(np.floor(drawn.points * 50), axis=0)
    assert (cells == np.arange(50)[:, None]).all()  # one point in each of 50 stretches of every dimension
    assert design("grid", unit(2), 3, 1).points.tolist() == [[a, b] for a in (0.0, 0.5, 1.0) for b in (0.0, 0.5, 1.0)]
    saltelli = design("sobol", unit(2), 8, 1)
    a, b = saltelli.points[saltelli.samples[::2]], saltelli.points[saltelli.samples[1::2]]
    for n in range(8):
        block = saltelli.points[4 * n : 4 * n + 4]
        assert block[1].tolist() == [b[n, 0], a[n, 1]]
        assert block[2].tolist() == [a[n, 0], b[n, 1]]


@pytest.mark.parametrize(
    ("kind", "size", "message"),
    [
        ("lhs", 2, "too few for the design lhs"),
        ("sobol", 100, "powers of two only. Take 128"),
        ("grid", 400, "more than 100,000"),
        ("morris", 1, "too few"),
    ],
)
def test_designs_that_cannot_be(kind: str, size: int, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        design(kind, unit(3), size, 1)


def test_a_missing_package_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "SALib.sample", None)
    with pytest.raises(RequestError, match=r"SALib.* is not installed, and sweeps need it: pip install 'counterlife\[study\]'"):
        design("sobol", unit(2), 8, 1)


def test_three_uncertainties() -> None:
    own = Outcome(10.0, 1.0, 8.0, 12.0)
    values = np.append(np.arange(101.0), math.nan)  # 0 to 100: the twentieths lie at 5 and 95
    found = spread("M1", own, values, [{"M1": Outcome(7.0)}, {"M1": Outcome(math.nan)}])
    assert (found.monte_carlo, found.parameter, found.structure) == ((8.0, 12.0), (5.0, 95.0), (7.0, 10.0))
    bare = spread("M1", Outcome(10.0), values[:5], [])
    assert (bare.monte_carlo, bare.parameter, bare.structure) == (None, None, None)


def test_effects_that_cannot_be_had() -> None:
    drawn = design("morris", unit(2), 4, 1)
    values = drawn.points[:, 0].copy()
    values[0] = math.nan
    assert effects(drawn, values, 1) == []
    assert effects(Design("lhs", 8, np.random.default_rng(1).random((8, 2))), np.ones(8), 1) == []
    assert NormalDist().inv_cdf(0.975) == pytest.approx(1.959964, abs=1e-6)
