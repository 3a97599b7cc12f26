"""Everything in one go on one core, printed and written to `benchmarks/results/DATE.md`.

Ratios are what matters: times differ between machines and hours.
Options: `--people N` for the engine and the whole-array contenders (default one million), `--core C`, `--no-write`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TOLERANCE = 4.9  # standard errors; a right contender fails once in a million
SMALLER = {"w0-starsim": 5, "w0-mesa": 25}  # contenders that get a part of the people, so that a run takes minutes
CONTENDERS = ("floor", "sketch", "article", "mechanisms", "w0-engine", "w0-numpy", "w0-polars", "w0-starsim", "w0-mesa")
ONE_THREAD = ("NUMBA_NUM_THREADS", "POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Results = dict[str, dict[str, Any]]


def main() -> int:
    """Exit code 0 where every contender that ran agrees with the exact answers."""
    options = _options()
    load = os.getloadavg()[0]
    results: Results = {}
    for name in CONTENDERS:
        print(f"{name} ...", file=sys.stderr, flush=True)
        results[name] = _measure(name, options.core, options.people // SMALLER.get(name, 1))
    page = "\n".join(_page(results, load)) + "\n"
    print(page)
    if not options.no_write:
        target = HERE / "results" / f"{date.today().isoformat()}.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(page, encoding="utf-8")
    return 1 if any(result.get("furthest", 0) > TOLERANCE or "failed" in result for result in results.values()) else 0


def _options() -> argparse.Namespace:
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--core", type=int, default=cores[-1])
    parser.add_argument("--no-write", action="store_true")
    return parser.parse_args()


def _measure(name: str, core: int, people: int) -> dict[str, Any]:
    """The contender's own account. Mesa and Starsim run in benchmarks/.venv where there is one."""
    others = HERE / ".venv" / "bin" / "python"
    python = str(others) if name in SMALLER and others.exists() else sys.executable
    command = [python, "-m", "benchmarks.contender", name, str(core), str(people)]
    environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}
    done = subprocess.run(command, cwd=HERE.parent, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        return {"failed": (done.stderr.strip().splitlines() or ["no message"])[-1]}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _page(results: Results, load: float) -> Iterator[str]:
    from counterlife import provenance  # here, because a child's peak memory starts at its parent's size

    machine = provenance.describe()
    yield f"# Benchmarks of {date.today().isoformat()}"
    yield ""
    yield f"{machine['processor']}, one core of {machine['cores']}; {machine['platform']}; {machine['python']}; load before {load:.1f}."
    yield f"Commit {machine['commit'] or 'unknown'}. Every contender in a process of its own, compiled beforehand; the best of three."
    yield ""
    yield from _speeds(results)
    yield ""
    yield from _mechanisms(results["mechanisms"])
    yield ""
    yield from _toy_scores(results)
    yield ""
    yield from (f"* {name} skipped: {result['skipped']}" for name, result in results.items() if "skipped" in result)
    yield from (f"* {name} FAILED: {result['failed']}" for name, result in results.items() if "failed" in result)
    yield "* versions: " + ", ".join(sorted({f"{k} {v}" for result in results.values() for k, v in result.get("versions", {}).items()}))


def _speeds(results: Results) -> Iterator[str]:
    """Lives in three worlds: the floor, the sketch, and the engine on the scenario `article-score`."""
    floor, sketch, article = (results[name] for name in ("floor", "sketch", "article"))
    lines: list[tuple[str, dict[str, Any], float]] = []
    if "ns_per_event" in floor:
        lines.append(("floor: random numbers alone", floor, floor["peak_mb"]))
    lines += [(f"sketch, {years} years", speed, sketch["peak_mb"]) for years, speed in sketch.get("years", {}).items()]
    if "ns_per_event" in article:
        lines.append((f"engine, `article-score`, {article['people']:,} people, {article['years']:.0f} years", article, article["peak_mb"]))
    yield "| three worlds | M person-years/s | ns an event | peak MB |"
    yield "|---|---:|---:|---:|"
    for words, speed, peak in lines:
        rate = f"{speed['person_years_per_second'] / 1e6:.2f}" if "person_years_per_second" in speed else ""
        yield f"| {words} | {rate} | {speed['ns_per_event']:.1f} | {peak:.0f} |"
    if "ns_per_event" in article and "years" in sketch and "ns_per_event" in floor:
        nearest = min(sketch["years"], key=lambda years: abs(int(years) - article["years"]))
        share = article["person_years_per_second"] / sketch["years"][nearest]["person_years_per_second"]
        yield ""
        yield f"The engine lives {share:.2f} times the person-years of the sketch over {nearest} years (the budget asks for at least 0.5);"
        yield f"an event costs {article['ns_per_event'] / floor['ns_per_event']:.1f} times the floor (the budget allows 4)."


def _mechanisms(result: dict[str, Any]) -> Iterator[str]:
    """What a township costs with each family of mechanisms switched off."""
    yield "| `article`, six worlds | ms a township of 10,000 |"
    yield "|---|---:|"
    yield from (f"| {name} | {cost:.0f} |" for name, cost in result.get("costs", {}).items())


def _toy_scores(results: Results) -> Iterator[str]:
    """W0 with one world: speed, memory, and whether the restricted shares agree with the exact answer."""
    yield "| W0 | people | months | s | M person-months/s | restricted at the end, by group | exact | furthest | agrees | peak MB |"
    yield "|---|---:|---:|---:|---:|---|---:|---:|---|---:|"
    for name, result in results.items():
        if "furthest" in result:
            size = f"{result['people']:,} | {result['months']} | {result['seconds']:.2f} | {result['per_second'] / 1e6:.2f}"
            shares = " ".join(f"{share:.4f}" for share in result["shares"])
            agrees = "yes" if result["furthest"] <= TOLERANCE else "NO"
            check = f"{shares} | {result['exact']:.4f} | {result['furthest']:.1f} | {agrees}"
            yield f"| {name.removeprefix('w0-')} | {size} | {check} | {result['peak_mb']:.0f} |"
    yield ""
    yield "*Furthest* is the largest distance of a share, a group's or everybody's, from the exact one in standard errors; up to"
    yield f"{TOLERANCE} agrees. The engine lives in days, at the rates that give the same monthly chances: its exact answer is its own."


if __name__ == "__main__":
    sys.exit(main())
