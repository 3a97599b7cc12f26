"""Shares of variance with SALib: how much of the wrongful restriction in `blacklist` comes from each of three numbers.

pip install 'counterlife[study]'
python examples/salib_sobol.py
"""

from __future__ import annotations

import numpy as np
from SALib import ProblemSpec

import counterlife as cl

RANGES = {
    "lists.defaulters.term": [2.0, 5.0],  # years, the unit in which the scenario writes it
    "sources.court.staleness.updated": [0.2, 1.0],
    "sources.court.namesakes.share": [0.0004, 0.086],
}


def wrongful(points: np.ndarray, people: int = 20_000) -> np.ndarray:
    """M1 at each row of points (n, 3): the same people with the same luck every time."""
    names = list(RANGES)
    return np.array([cl.outcomes("blacklist", dict(zip(names, row.tolist(), strict=True)), seed=1, people=people)["M1"] for row in points])


def main(samples: int = 64, people: int = 20_000) -> ProblemSpec:
    """First-order and total shares, with their bootstrap intervals."""
    problem = ProblemSpec({"names": list(RANGES), "bounds": list(RANGES.values()), "outputs": ["M1"]})
    return (
        problem.sample_sobol(samples, calc_second_order=False, seed=1)
        .evaluate(wrongful, people)
        .analyze_sobol(calc_second_order=False, seed=1)
    )


if __name__ == "__main__":
    print(main())
