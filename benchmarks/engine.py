"""The engine on one core, township after township: the scenario `article-score` for speed, W0 beside the other simulators.

What is timed is what a run does for each township (people made, tapes written, lives lived in all worlds, everything counted) and the
adding up; compiling the scenario, the run folder and the report are left out, as the other contenders have none.
"""

from __future__ import annotations

from math import inf
from time import perf_counter

from benchmarks import w0
from counterlife.layout import AXES, MONTH, Ints
from counterlife.scenario import load
from counterlife.study.plan import Plan, plan
from counterlife.study.run import live_batch, tables
from counterlife.township.draws import SCHEME

PACKAGES = ("numba", "numpy")
Sums = dict[str, Ints]


def whole(people: int) -> int:
    """The number of people in the whole townships that W0 would live for so many."""
    return _planned("w0", people, seed=0).people


def live(people: int, seed: int) -> tuple[list[int], list[int]]:
    """People and restricted people of W0 at the end, by sex and residence."""
    planned = _planned("w0", people, seed)
    names = planned.compiled.names
    cells = _lived(planned)["people"].reshape(*map(len, AXES.values()), -1)
    groups = cells.sum(axis=(1, 3, 4)).reshape(w0.GROUPS, -1)
    restricted = _column(planned, "people", f"open_end.{names.worlds[-1]}.{names.domains[0]}")
    return groups[:, _column(planned, "people", "people")].tolist(), groups[:, restricted].tolist()


def exact() -> float:
    """The exact share restricted at the end: W0 in continuous time over the days of the scenario."""
    return w0.continuous_share(load("w0").period.days / MONTH)


def measure(people: int, warm_up: int, repeats: int) -> dict[str, float]:
    """Person-years a second of `article-score` over its worlds, and nanoseconds an event, the best of `repeats`."""
    _lived(_planned("article-score", max(warm_up, 3100), seed=0))
    best, events, planned = inf, 0, _planned("article-score", people, seed=1)
    for _ in range(repeats):
        begin = perf_counter()
        sums = _lived(planned)
        best, events = min(best, perf_counter() - begin), _events(planned, sums)
    years = planned.compiled.rulebook.days / 365.0
    speed = planned.people * years / best
    return {
        "people": planned.people,
        "years": years,
        "person_years_per_second": speed,
        "ns_per_event": best / events * 1e9,
        "events": events,
    }


def _planned(name: str, people: int, seed: int) -> Plan:
    return plan(load(name), people, seed, replicates=1, scheme=SCHEME)


def _lived(planned: Plan) -> Sums:
    """Every table added up over all townships."""
    sums: Sums = {}
    for number in range(len(planned.batches)):
        for name, counts in live_batch(planned, number).items():
            sums[name] = sums.get(name, 0) + counts.sum(axis=0)
    return sums


def _column(planned: Plan, table: str, name: str) -> int:
    return next(one.columns.index(name) for one in tables(planned) if one.name == table)


def _events(planned: Plan, sums: Sums) -> int:
    """Events of the classes that some source records, once for each world that has a system, as the sketch counts them."""
    rules, worlds = planned.compiled.rulebook, planned.compiled.names.worlds
    ruled = [
        _column(planned, "channels", f"events.{world}")
        for world, has in zip(worlds, rules.ruled[rules.row].max(axis=1).tolist(), strict=True)
        if has
    ]
    first_channels = rules.first[:-1][rules.first[:-1] < rules.first[1:]]
    return int(sums["channels"][first_channels][:, ruled].sum())
