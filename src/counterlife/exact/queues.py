"""Queues in the long run: who waits for one of several reviewers, for how long, and who gives up.

Cases come as a Poisson stream. Either a reviewer takes the next case whenever one is free, for an exponential time, or so many cases are
decided at the end of every day. Pooling is a comparison of two of these. How an office serves given cases is in `township/offices.py`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..layout import Floats
from .counts import poisson

_REST = 1e-15  # probability of longer queues that is left out


class Waiting(NamedTuple):
    """What a stream of cases meets."""

    waits: float  # share of cases that find no reviewer free
    wait: float  # mean time without a reviewer, of all cases
    queue: float  # mean number of cases without a reviewer
    leaves: float  # share of cases that are given up


def erlang_c(arrivals: float, service: float, reviewers: int) -> Waiting:
    """The queue M/M/c: cases at the rate `arrivals`, each reviewer deciding at the rate `service`, nobody giving up."""
    load = arrivals / service
    blocked = 1.0  # Erlang's loss formula, one reviewer after another
    for k in range(1, reviewers + 1):
        blocked = load * blocked / (k + load * blocked)
    waits = blocked / (1.0 - load / reviewers * (1.0 - blocked))
    wait = waits / (reviewers * service - arrivals)
    return Waiting(waits, wait, arrivals * wait, 0.0)


def erlang_a(arrivals: float, service: float, reviewers: int, leaving: float) -> Waiting:
    """The queue M/M/c+M: as above, and everybody who waits gives up at the rate `leaving`."""
    weights, k = [1.0], 0
    while k <= reviewers or weights[-1] > _REST * sum(weights):
        k += 1
        weights.append(weights[-1] * arrivals / (min(k, reviewers) * service + max(k - reviewers, 0) * leaving))
    cases = np.array(weights) / sum(weights)
    waiting = np.maximum(np.arange(cases.size) - reviewers, 0)
    queue = float(cases @ waiting)
    return Waiting(float(cases[reviewers:].sum()), queue / arrivals, queue, leaving * queue / arrivals)


def daily_slots(arrivals: float, slots: int) -> Floats:
    """Probabilities of 0, 1, ... cases left over at the end of a day: Poisson arrivals, then up to `slots` are decided.

    The chain Q' = max(Q + A - slots, 0), cut off where next to nothing is left; needs arrivals < slots.
    """
    most = 64
    while True:
        left = _left_over(arrivals, slots, most)
        if left[-slots:].sum() < _REST:
            return left
        most *= 2


def _left_over(arrivals: float, slots: int, most: int) -> Floats:
    came = poisson(arrivals, most + slots)
    step = np.zeros((most + 1, most + 1))
    for before in range(most + 1):
        after = np.maximum(before + np.arange(came.size) - slots, 0)
        np.add.at(step[before], np.minimum(after, most), came)
    equations = step.T - np.eye(most + 1)
    equations[0] = 1.0  # the probabilities sum to 1
    return np.asarray(np.linalg.solve(equations, np.eye(most + 1)[0]))


def wait_for_a_slot(arrivals: float, slots: int) -> float:
    """Mean days from a case to its decision there: cases come at any time of the day, half a day from its end in the mean."""
    left = daily_slots(arrivals, slots)
    return 0.5 + float(left @ np.arange(left.size)) / arrivals  # Little's law
