"""Counterlife as a model of the EMA Workbench: one callable from keyword arguments to a dictionary of outcomes.

The Workbench is not among this project's dependencies, and its part of this file is not run by the tests; the callable is.

    pip install ema_workbench
    python examples/ema_workbench_model.py
"""

from __future__ import annotations

import counterlife as cl

PATHS = {  # the Workbench wants names without dots
    "term": "lists.defaulters.term",
    "updated": "sources.court.staleness.updated",
}
OUTCOMES = ("M1", "M4", "B2")


def blacklist(term: float = 5.0, updated: float = 0.8, people: int = 20_000) -> dict[str, float]:
    """Three outcomes of `blacklist`; term in years, updated a share."""
    found = cl.outcomes("blacklist", {PATHS["term"]: term, PATHS["updated"]: updated}, seed=1, people=people)
    return {name: found[name] for name in OUTCOMES}


def main(scenarios: int = 100) -> object:
    """Experiments and outcomes of that many sets of numbers."""
    from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments

    model = Model("blacklist", function=blacklist)
    model.uncertainties = [RealParameter("term", 2.0, 5.0), RealParameter("updated", 0.2, 1.0)]
    model.outcomes = [ScalarOutcome(name) for name in OUTCOMES]
    return perform_experiments(model, scenarios=scenarios)


if __name__ == "__main__":
    print(main())
