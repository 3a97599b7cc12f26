"""Branching: restrictions that bring restrictions, and events that bring events.

A cascade is subcritical where its next-generation matrix has a spectral radius below one. Self-exciting streams are Hawkes processes
whose excitement fades exponentially: `arrivals` a day, and each event brings `offspring` more in the mean, after exponential times of
mean `fades`.
"""

from __future__ import annotations

import math

import numpy as np

from ..layout import Floats

_STEPS = 1000  # of the Runge-Kutta rule, at least
_FINE = 0.01  # of the time in which excitement fades


def spectral_radius(following: Floats) -> float:
    """The factor by which a cascade grows from generation to generation in the long run."""
    return float(np.abs(np.linalg.eigvals(following)).max())


def total(following: Floats) -> Floats:
    """Expected number of restrictions in all, itself included, from one in each domain. following[d, e]: next ones in e from one in d.

    Raises ValueError where the cascade does not end.
    """
    if spectral_radius(following) >= 1.0:
        raise ValueError("the spectral radius is not below 1: the cascade does not end")
    n = following.shape[0]
    return np.asarray(np.linalg.solve(np.eye(n) - following, np.ones(n)))


def borel(offspring: float, most: int) -> Floats:
    """Probabilities of 0 .. most events in a whole cluster, the first event included, where each event brings a Poisson number."""
    sizes = np.zeros(most + 1)
    for n in range(1, most + 1):
        sizes[n] = math.exp((n - 1) * math.log(offspring * n) - offspring * n - math.lgamma(n + 1))
    return sizes


def hawkes_rate(arrivals: float, offspring: float, fades: float, time: float) -> float:
    """Expected events a day at a time after a start without excitement."""
    return arrivals * (1.0 - offspring * math.exp(-(1.0 - offspring) * time / fades)) / (1.0 - offspring)


def hawkes_mean(arrivals: float, offspring: float, fades: float, time: float) -> float:
    """Expected events up to a time after a start without excitement."""
    slack = 1.0 - offspring
    return arrivals / slack * (time + offspring * fades / slack * math.expm1(-slack * time / fades))


def hawkes_counts(arrivals: float, offspring: float, fades: float, time: float, most: int) -> Floats:
    """Probabilities of 0 .. most events up to a time after a start without excitement; `most` so large that next to nothing is beyond.

    Every arrival begins a cluster of its own. The generating function F(z, u) of the size of a cluster u days old is z exp(G), where
    G' = (offspring (F - 1) - G) / fades: solved on the unit circle, and turned into probabilities by a Fourier transform.
    """
    circle = np.exp(2j * np.pi * np.arange(most + 1) / (most + 1))
    steps = max(_STEPS, math.ceil(time / (_FINE * fades)))
    step, state = time / steps, np.zeros((2, most + 1), complex)  # G, and the integral of F - 1

    def slope(at: np.ndarray[tuple[int, ...], np.dtype[np.complex128]]) -> np.ndarray[tuple[int, ...], np.dtype[np.complex128]]:
        more = circle * np.exp(at[0]) - 1.0
        return np.array([(offspring * more - at[0]) / fades, more])

    for _ in range(steps):
        one = slope(state)
        two = slope(state + step / 2.0 * one)
        three = slope(state + step / 2.0 * two)
        four = slope(state + step * three)
        state = state + step / 6.0 * (one + 2.0 * two + 2.0 * three + four)
    return np.asarray(np.fft.fft(np.exp(arrivals * state[1])).real / (most + 1))
