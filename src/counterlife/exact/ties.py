"""What comes to a person through others: gates that look at two parents, and scores that take over a share of other people's."""

from __future__ import annotations

import numpy as np

from ..layout import Floats


def any_parent(parents: int, share: float, together: float = 0.0) -> float:
    """Probability that a gate which looks at the parents is closed. share: of those restricted by a cause of their own, one by one.

    together: probability that a cause which the household shares restricts them all.
    """
    return 1.0 - (1.0 - together) * (1.0 - share) ** parents


def settled(weight: float, own: Floats, ties: Floats) -> Floats:
    """Scores (1 - weight) own + weight * ties @ score, once they no longer move. The rows of `ties` sum to 1."""
    return np.asarray(np.linalg.solve(np.eye(own.size) - weight * ties, (1.0 - weight) * own))


def after(weight: float, own: Floats, ties: Floats, start: Floats, rounds: int) -> Floats:
    """The same scores after so many rounds, each from the scores of the last."""
    scores = start
    for _ in range(rounds):
        scores = (1.0 - weight) * own + weight * (ties @ scores)
    return scores


def most_off(weight: float, start: Floats, limit: Floats, rounds: int) -> float:
    """How far, at most, any score is from its limit after so many rounds."""
    return float(weight**rounds * np.abs(start - limit).max())
