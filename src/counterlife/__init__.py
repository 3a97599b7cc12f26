"""Counterlife: live a synthetic population with a citizen-scoring system, without its mistakes, and without the system; harm is the
difference.

    import counterlife as cl
    run = cl.run("article", people=100_000, seed=1)
    run.measures

All people are synthetic. Nothing here can score, look up or match a real person. Names are loaded when they are first used, so that
importing the package is quick and has no effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .ensemble import Swept as Swept
    from .ensemble import outcomes as outcomes
    from .ensemble import sweep as sweep
    from .scenario import ScenarioError as ScenarioError
    from .scenario import catalog as catalog
    from .scenario import load as load
    from .store import StoreError as StoreError
    from .story import life as life
    from .study import Comparison as Comparison
    from .study import Run as Run
    from .study import Safeguarded as Safeguarded
    from .study import compare as compare
    from .study import open_run as open_run
    from .study import run as run
    from .study import safeguards as safeguards

__version__ = "0.1.0"

_HOMES = {
    "Comparison": "study",
    "Run": "study",
    "Safeguarded": "study",
    "ScenarioError": "scenario",
    "StoreError": "store",
    "Swept": "ensemble",
    "catalog": "scenario",
    "compare": "study",
    "life": "story",
    "load": "scenario",
    "open_run": "study",
    "outcomes": "ensemble",
    "run": "study",
    "safeguards": "study",
    "sweep": "ensemble",
}
__all__ = [
    "Comparison",
    "Run",
    "Safeguarded",
    "ScenarioError",
    "StoreError",
    "Swept",
    "catalog",
    "compare",
    "life",
    "load",
    "open_run",
    "outcomes",
    "run",
    "safeguards",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module where it lives."""
    if name not in _HOMES:
        raise AttributeError(f"module 'counterlife' has no attribute {name!r}; it offers {', '.join(__all__)}")
    from importlib import import_module

    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Only the public names."""
    return [*__all__, "__version__"]
