"""One function from parameters and a seed to outcomes, that any optimiser or sampler can call.

An outcome is a measure of the registry over everybody, all domains and all regions. `M1[designed~accurate]` is a measure of a comparison,
`B1[designed]` one of a world; `M1` and `B1` alone are those of the scenario's first comparison and of its world. Values are in the units of
`measures.parquet`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..measures import MEASURES, Facts, Measure, Sample
from ..measures.intervals import Estimate
from ..measures.sample import ALL, Quotient, Row
from ..scenario import Scenario, load
from ..scenario.family import lifted
from ..study import facts, plan, tallied
from .dimensions import named
from .variants import changed, family

KEPT = {
    "B1": "1 day or more",
    "B2": "",
    "M1": "",
    "M2": "",
    "M3": "1 day or more",
    "M4": "",
    "M5": "shared out equally",
    "M6": "on unrelated contexts alone",
    "M7": "days, times as many",
    "M14": "",
    "M16": "AUC",
    "M21": "",
    "M22": "",
    "M24": "days until half of decisions",
    "M30": "wrongful days averted",
    "M31": "truth, records entered that are wrong",
}
"""Measures that are outcomes, and which of their lines."""
UNITS = {"M7": "ratio", "M16": "of 1", "M24": "days"}
"""Of those whose line is in another unit than the rest of the measure, or whose unit says nothing beside a number."""
HEADLINE = ("M1", "M2", "M3", "M4", "M5", "M14", "M21", "M22", "B1", "B2")
OF_A_WORLD = ("B1", "B2", "M6", "M14", "M16", "M21", "M24", "M31")
PEOPLE = 20_000


@dataclass(frozen=True)
class Outcome:
    """A value with its Monte Carlo standard error and interval; nan where a quotient was suppressed or nothing can be said."""

    value: float
    error: float = math.nan
    low: float = math.nan
    high: float = math.nan


def outcomes(
    scenario: str | Path | Scenario, parameters: Mapping[str, float] | None = None, seed: int = 1, people: int = PEOPLE
) -> dict[str, float]:
    """The outcomes of a scenario with these parameters: dotted paths to numbers in the unit in which the scenario writes them.

    The same arguments give the same values, on any machine; equal seeds give the same people and the same luck, so that differences between
    parameters are smooth. Nothing is written. Raises ScenarioError for values that cannot stand there, RequestError for numbers that make
    no run.
    """
    described = scenario if isinstance(scenario, Scenario) else load(str(scenario))
    dimensions = [named(described, name) for name in parameters or ()]
    values = {one.path: one.written(value) for one, value in zip(dimensions, (parameters or {}).values(), strict=True)}
    base = family(described).scenario
    base = lifted(base, [changed(base, values)])  # for a value beyond the range that is stated
    return {key: one.value for key, one in live(changed(base, values), people, seed).items()}


def live(scenario: Scenario, people: int, seed: int) -> dict[str, Outcome]:
    """The outcomes of a scenario, lived here and now by about so many people."""
    from ..township.draws import SCHEME

    planned = plan(scenario, people, seed, 1, SCHEME)
    return dict(measured(Sample(tallied(planned), facts(planned.scenario))))


def measured(sample: Sample) -> Iterator[tuple[str, Outcome]]:
    """Every outcome of a sample by its key, those of the first comparison under their short keys as well."""
    pair = sample.facts.pairs[0]
    for measure in MEASURES:
        if measure.id not in KEPT:
            continue
        for key, wanted in _lines(measure, sample, KEPT[measure.id]):
            found = _estimate(wanted, sample)
            value, error = (math.nan if one is None else float(one) for one in (found.value, found.error))
            low, high = (value if one is None else float(one) for one in (found.low, found.high))
            yield key, Outcome(value, error, low, high)
            if (wanted.world, wanted.versus) in (pair, (pair[0], ALL)) and _is_short(measure.id, wanted, sample.facts):
                yield measure.id, Outcome(value, error, low, high)


def _lines(measure: Measure, sample: Sample, detail: str) -> Iterator[tuple[str, Quotient | Row]]:
    for answer in measure.function(sample):
        of_all = isinstance(answer, Quotient) or (answer.region, answer.group) == (ALL, ALL)
        if of_all and answer.domain == ALL and answer.detail in (detail, "wrongly"):
            among = answer.world if answer.versus == ALL else f"{answer.world}~{answer.versus}"
            yield f"{measure.id}[{among}]", answer


def _estimate(wanted: Quotient | Row, sample: Sample) -> Estimate:
    """Of everybody; regions and groups, which come after, are not worked out."""
    return wanted.estimate if isinstance(wanted, Row) else next(sample.rows(wanted)).estimate


def _is_short(measure: str, wanted: Quotient | Row, facts: Facts) -> bool:
    """Measures of a world are short for the world, measures of a comparison for the comparison."""
    return (measure in OF_A_WORLD) == (wanted.versus == ALL) and wanted.world in facts.worlds


def described(key: str) -> tuple[str, str]:
    """Name and unit of an outcome."""
    one = next(measure for measure in MEASURES if measure.id == key.partition("[")[0])
    detail = KEPT[one.id]
    return (f"{one.name}, {detail}" if detail else one.name), UNITS.get(one.id, one.unit)
