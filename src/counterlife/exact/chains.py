"""Markov chains in continuous time on few states: where they are at a time, in the long run, and how long they stay in a set.

A chain is its generator: rates off the diagonal, rows that sum to zero. A ledger score on a grid is one, and so is the pair of a score
and its accurate twin. Everything is uniformisation (Jensen 1953): sums of positive terms, so nothing cancels. Scores whose records expire
are in `counts.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..layout import Floats

_PIECE = 32.0  # jumps expected in a stretch of time that is summed in one go: exp(-32) is far from underflow
_REST = 1e-18  # probability of more jumps that is left out of a stretch


def ledger(states: int, moves: Sequence[tuple[float, int]]) -> Floats:
    """The generator of a score 0 .. states - 1 that is moved by `steps` at each `rate`, (rate, steps) each, and clipped at both ends."""
    generator = np.zeros((states, states))
    for score in range(states):
        for rate, steps in moves:
            _move(generator, score, min(max(score + steps, 0), states - 1), rate)
    return generator


def twins(states: int, shared: Sequence[tuple[float, int]], wrong: Sequence[tuple[float, int]]) -> Floats:
    """The generator of a score and its accurate twin, both clipped ledgers: `shared` moves both, `wrong` only the first.

    State score * states + twin.
    """
    generator = np.zeros((states * states, states * states))
    for score in range(states):
        for twin in range(states):
            here = score * states + twin
            for moves, both in ((shared, True), (wrong, False)):
                for rate, steps in moves:
                    there = min(max(score + steps, 0), states - 1)
                    other = min(max(twin + steps, 0), states - 1) if both else twin
                    _move(generator, here, there * states + other, rate)
    return generator


def _move(generator: Floats, here: int, there: int, rate: float) -> None:
    generator[here, there] += rate
    generator[here, here] -= rate


def at_time(generator: Floats, start: Floats, time: float) -> Floats:
    """Probabilities of the states after `time`. start: probabilities at time 0, or several of them as rows."""
    stretches, rate = _stretches(generator, time)
    jump = _jump(generator, rate)
    weights = _poisson(rate * time / stretches)
    there = np.asarray(start, float)
    for _ in range(stretches):
        term, total = there, weights[0] * there
        for weight in weights[1:]:
            term = term @ jump
            total = total + weight * term
        there = total
    return there


def in_the_long_run(generator: Floats) -> Floats:
    """The stationary probabilities of a chain with one closed class of states."""
    states = generator.shape[0]
    equations = np.vstack((generator.T, np.ones(states)))
    right = np.zeros(states + 1)
    right[-1] = 1.0
    return np.asarray(np.linalg.lstsq(equations, right, rcond=None)[0])


def time_in(generator: Floats, start: Floats, states: Floats, time: float) -> float:
    """Expected time spent, up to `time`, in the states whose entry in `states` is 1."""
    stretches, rate = _stretches(generator, time)
    jump = _jump(generator, rate)
    weights = _poisson(rate * time / stretches)
    # P(more than k jumps) / rate: mean time between jumps k and k + 1
    beyond = np.concatenate((np.cumsum(weights[::-1])[::-1][1:], [0.0])) / rate
    there, spent = np.asarray(start, float), 0.0
    for _ in range(stretches):
        term, total = there, weights[0] * there
        spent += beyond[0] * float(term @ states)
        for weight, rest in zip(weights[1:], beyond[1:], strict=True):
            term = term @ jump
            total = total + weight * term
            spent += rest * float(term @ states)
        there = total
    return spent


def days_in(generator: Floats, start: Floats, states: Floats, days: int) -> tuple[float, float]:
    """Mean and variance of the number of the days 1 .. `days` at whose end the chain is in the states whose entry in `states` is 1."""
    day = at_time(generator, np.eye(generator.shape[0]), 1.0)
    to_come = np.zeros((days + 1, generator.shape[0]))  # expected number of later days in the set, by state at the end of day n
    for n in range(days - 1, -1, -1):
        to_come[n] = day @ (states + to_come[n + 1])
    there, mean, square = np.asarray(start, float), 0.0, 0.0
    for n in range(1, days + 1):
        there = there @ day
        mean += float(there @ states)
        square += float((there * states) @ (1.0 + 2.0 * to_come[n]))
    return mean, square - mean * mean


def _stretches(generator: Floats, time: float) -> tuple[int, float]:
    rate = float(max(-generator.diagonal().min(), 1e-12))
    return max(1, int(np.ceil(rate * time / _PIECE))), rate


def _jump(generator: Floats, rate: float) -> Floats:
    return np.asarray(np.eye(generator.shape[0]) + generator / rate)


def _poisson(mean: float) -> Floats:
    """Poisson probabilities 0, 1, ... up to where no more than `_REST` is left."""
    weights = [float(np.exp(-mean))]
    while len(weights) <= mean or weights[-1] > _REST:
        weights.append(weights[-1] * mean / len(weights))
    return np.array(weights)
