"""The worked examples run, at small sizes. What needs a package that is not installed is left to its own part of the example."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import counterlife as cl
from counterlife.township.jit import compiled

EXAMPLES = Path(__file__).parents[1] / "examples"
pytestmark = pytest.mark.skipif(not compiled(), reason="too many people for plain Python")


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_salib_ranks_the_same_three_numbers() -> None:
    found = example("salib_sobol").main(samples=8, people=4000)
    indices = found.analysis
    assert len(indices["ST"]) == 3
    assert (indices["ST"] > -0.2).all()
    assert indices["ST"].max() > 0.3


def test_optuna_lessens_harm_and_keeps_its_constraint() -> None:
    module = example("optuna_least_harm")
    study = module.main(trials=12, people=4000)
    own = cl.outcomes("blacklist", seed=1, people=4000)
    again = cl.outcomes("blacklist", study.best_trial.params, seed=1, people=4000)
    assert again["M1"] == study.best_trial.value < own["M1"]
    assert again["B2[accurate~none]"] >= module.KEPT * own["B2[accurate~none]"]


def test_the_callable_for_the_workbench_is_one_function_of_numbers() -> None:
    module = example("ema_workbench_model")
    own = cl.outcomes("blacklist", seed=1, people=4000)
    assert module.blacklist(people=4000) == {name: own[name] for name in module.OUTCOMES}
    assert module.blacklist(term=2.0, people=4000)["B2"] < own["B2"]
