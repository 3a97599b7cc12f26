"""The few functions of the gamma family that a compiled scenario needs: logarithmic moments and quantiles.

Asymptotic series after a shift of the argument, and the series of the regularised incomplete gamma function with a bisection on it
(Abramowitz and Stegun 6.3.18, 6.4.12 and 6.5.29). Good to about twelve digits for the shapes that scenarios use; nothing here knows a
scenario.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_SHIFTED = 12.0  # from here on the asymptotic series have twelve digits
_NORMAL = 1e5  # a shape above which the series would be long, and the normal approximation has ten digits


def digamma(x: float) -> float:
    """The derivative of the logarithm of the gamma function, for x above zero."""
    below = 0.0
    while x < _SHIFTED:
        below -= 1.0 / x
        x += 1.0
    y = 1.0 / (x * x)
    return below + math.log(x) - 0.5 / x - y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y / 132))))


def trigamma(x: float) -> float:
    """The second derivative of the logarithm of the gamma function, for x above zero."""
    below = 0.0
    while x < _SHIFTED:
        below += 1.0 / (x * x)
        x += 1.0
    y = 1.0 / (x * x)
    return below + 1.0 / x + 0.5 * y + y / x * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - y * 5 / 66))))


def gamma_below(shape: float, x: float) -> float:
    """The probability that a Gamma variable of this shape and scale 1 is below x."""
    if x <= 0.0:
        return 0.0
    term = total = 1.0 / shape
    n = shape
    while term > total * 1e-16:
        n += 1.0
        term *= x / n
        total += term
    return min(1.0, total * math.exp(shape * math.log(x) - x - math.lgamma(shape)))


def gamma_quantile(shape: float, share: float) -> float:
    """The value below which a Gamma variable of this shape and scale 1 lies with the probability `share`."""
    if shape > _NORMAL:
        spread = 1.0 / (9.0 * shape)  # the cube root is nearly normal (Wilson and Hilferty 1931)
        return shape * (1.0 - spread + NormalDist().inv_cdf(share) * math.sqrt(spread)) ** 3
    low, high = 0.0, shape + 1.0
    while gamma_below(shape, high) < share:
        high *= 2.0
    for _ in range(200):
        middle = (low + high) / 2.0
        low, high = (middle, high) if gamma_below(shape, middle) < share else (low, middle)
    return (low + high) / 2.0
