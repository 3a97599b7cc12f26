"""People who answer to a system, and systems that answer to people: gaming, effort that pays only where it shows, rules fitted again.

Gaming is that of strategic classification, with a certain and costless reach. Effort is as in Coate and Loury (1993), refitting as in
Perdomo et al. (2020).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..layout import Floats


def moved(below: Callable[[float], float], mark: float, reach: float) -> float:
    """Share of people who lift their score over the mark, from at most `reach` below it. below: share of people below a score."""
    return below(mark) - below(mark - reach)


def gamed(scores: Floats, mark: float, reach: float) -> Floats:
    """The scores once everybody who lies at most `reach` below the mark stands on it."""
    return np.where((scores < mark) & (scores >= mark - reach), mark, scores)


def believed(qualified: float, accuracy: float, passed: bool) -> float:
    """Probability that somebody with this result of a test is qualified, where that share of people is."""
    right, wrong = (accuracy, 1.0 - accuracy) if passed else (1.0 - accuracy, accuracy)
    return qualified * right / (qualified * right + (1.0 - qualified) * wrong) if qualified > 0 else 0.0


def equilibria(wage: float, accuracy: float, needed: float) -> list[float]:
    """Shares of qualified people that confirm themselves, where qualifying costs somebody between 0 and 1, all costs being as frequent.

    Who is taken on has the wage: those whose result makes it likely enough (`needed`) that they are qualified. Effort pays only where the
    result decides: where nobody is taken on, or everybody, nobody qualifies.
    """
    found = [0.0]
    share = wage * (2.0 * accuracy - 1.0)
    if believed(share, accuracy, True) >= needed > believed(share, accuracy, False):
        found.append(share)
    return found


def undeterred_days(deter: float, start: float, learned: float, days: float) -> float:
    """Days' worth of events left to people whose belief in being caught goes from `start` to 1 at the rate `learned`.

    The integral of exp(-deter (1 - (1 - start) exp(-learned t))), by the series of the inner exponential.
    """
    lift, term, total = deter * (1.0 - start), 1.0, days
    for k in range(1, 60):
        term *= lift / k
        total += term * -math.expm1(-learned * k * days) / (learned * k)
    return math.exp(-deter) * total


def refitted(level: float, slope: float, start: float, rounds: int) -> float:
    """A rule fitted so many times to people who answer to the last rule: level + slope * rule."""
    rule = start
    for _ in range(rounds):
        rule = level + slope * rule
    return rule


def refitted_for_good(level: float, slope: float) -> float:
    """The rule that no longer changes.

    Raises ValueError where refitting does not come to it.
    """
    if abs(slope) >= 1.0:
        raise ValueError("people answer so strongly that refitting never settles")
    return level / (1.0 - slope)
