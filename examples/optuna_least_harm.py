"""A search with Optuna: the design of `blacklist` that shuts out fewest people by mistake while most rightful listings stay.

Searches minimise harm under a stated constraint; nothing here is tuned for obedience.

    pip install 'counterlife[study]'
    python examples/optuna_least_harm.py
"""

from __future__ import annotations

import optuna

import counterlife as cl

KEPT = 0.8  # of the restriction that accurate records bring must remain


def main(trials: int = 40, people: int = 20_000) -> optuna.Study:
    """The study; its best trial keeps the constraint."""
    own = cl.outcomes("blacklist", seed=1, people=people)

    def harm(trial: optuna.Trial) -> float:
        parameters = {
            "lists.defaulters.term": trial.suggest_float("lists.defaulters.term", 2.0, 5.0),  # years
            "sources.court.staleness.updated": trial.suggest_float("sources.court.staleness.updated", 0.2, 1.0),
        }
        found = cl.outcomes("blacklist", parameters, seed=1, people=people)
        trial.set_user_attr("short", KEPT * own["B2[accurate~none]"] - found["B2[accurate~none]"])  # above zero where it breaks
        return found["M1"]

    sampler = optuna.samplers.TPESampler(seed=1, constraints_func=lambda trial: [trial.user_attrs["short"]])
    study = optuna.create_study(sampler=sampler)
    study.optimize(harm, n_trials=trials)
    return study


if __name__ == "__main__":
    best = main().best_trial
    print(f"M1 {best.value:.0f} domain-days per 1,000 person-years with {best.params}")
