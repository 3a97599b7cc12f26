"""One contender, measured in a process of its own on one core: `python -m benchmarks.contender NAME CORE PEOPLE` prints JSON.

Its own process, so that peak memory and compiled code are its own. Each is warmed up with few people first, so that compilation is not
counted, and then measured several times; the best time counts.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import resource
import sys
from importlib import metadata
from math import inf
from time import perf_counter
from typing import Any

REPEATS = 3
WARM_UP = 2_000


def main(name: str, core: int, people: int) -> dict[str, Any]:
    """What was measured, with versions and peak memory; or the reason why it was skipped."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    begin = perf_counter()
    try:
        result = _w0(name.removeprefix("w0-"), people) if name.startswith("w0-") else _speed(name, people)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("mesa", "starsim", "polars"):
            raise
        return {"skipped": f"{error.name} is not installed"}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if platform.system() == "Darwin" else 1024)
    return {**result, "peak_mb": peak / 1e6, "all_seconds": perf_counter() - begin}


def _w0(name: str, people: int) -> dict[str, Any]:
    from benchmarks import w0

    contender = importlib.import_module("benchmarks.engine" if name == "engine" else f"benchmarks.w0_{name}")
    if name == "engine":
        people = contender.whole(people)
    w0.live(contender, WARM_UP, seed=0)
    best, outcome = inf, None
    for seed in range(1, REPEATS + 1):
        begin = perf_counter()
        outcome = w0.live(contender, people, seed)
        best = min(best, perf_counter() - begin)
    assert outcome is not None
    exact = contender.exact() if name == "engine" else w0.monthly_share()
    return {
        "people": people,
        "months": w0.MONTHS,
        "seconds": best,
        "per_second": people * w0.MONTHS / best,
        "shares": [r / n for n, r in zip(*outcome, strict=True)],
        "exact": exact,
        "furthest": w0.furthest(outcome, exact),
        "versions": _versions(contender.PACKAGES),
    }


def _speed(name: str, people: int) -> dict[str, Any]:
    from benchmarks import floor, sketch

    if name == "floor":
        return {**floor.measure(), "versions": _versions(("numba", "numpy"))}
    if name == "sketch":
        return {"years": {years: sketch.measure(years) for years in (1, 5, 10)}, "versions": _versions(("numba", "numpy"))}
    if name == "article":
        engine = importlib.import_module("benchmarks.engine")
        return {**engine.measure(people, WARM_UP, REPEATS), "versions": _versions(engine.PACKAGES)}
    if name == "mechanisms":
        mechanisms = importlib.import_module("benchmarks.mechanisms")
        return {"costs": mechanisms.measure(), "versions": _versions(("numba", "numpy"))}
    raise ValueError(f"there is no contender called {name!r}")


def _versions(packages: tuple[str, ...]) -> dict[str, str]:
    return {package: metadata.version(package) for package in packages}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
