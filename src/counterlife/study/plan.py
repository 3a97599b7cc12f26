"""What a run will do: which townships, in which batches, and what its results are called. Nothing is lived here."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..layout import Ints, Place
from ..scenario import Scenario, scenario_hash
from ..scenario import compile as compiling
from ..scenario.alike import variants
from ..scenario.allotment import places
from ..scenario.threats import BREACH

BATCH_PEOPLE = 50_000  # people in a batch, about: what a killed run can lose
SMALLEST_TOWNSHIP = 100
LARGEST_TOWNSHIP = 1_000_000  # each worker holds one in memory
MOST_TOWNSHIPS = 1_000_000  # over all replicates: some 28 times the census population of China in townships of the usual size


class RequestError(ValueError):
    """What was asked for cannot be done. The message says what can; nothing was written."""


@dataclass(frozen=True)
class Plan:
    """A scenario with everything decided that its results depend on."""

    scenario: Scenario
    compiled: compiling.Compiled
    places: tuple[Place, ...]
    seed: int
    replicates: int
    scheme: int
    """Number of the draw scheme."""
    batch: int
    """Townships in a batch: the pieces in which results reach the disk, and what a killed run can lose. Results do not depend on it."""

    @property
    def township(self) -> int:
        """Persons in a township."""
        return self.compiled.populace.people

    @property
    def people(self) -> int:
        """Synthetic people of one replicate."""
        return len(self.places) * self.township

    @cached_property
    def batches(self) -> tuple[tuple[tuple[Place, int], ...], ...]:
        """The (place, replicate) jobs in batches."""
        jobs = [(place, replicate) for replicate in range(self.replicates) for place in self.places]
        return tuple(tuple(jobs[n : n + self.batch]) for n in range(0, len(jobs), self.batch))

    @cached_property
    def alike(self) -> dict[str, compiling.Compiled]:
        """The first comparison with some channels alike for all groups, by the names of the channels; none where gaps are not split."""
        return {name: compiling.compile(one) for name, one in variants(self.scenario).items()}

    @cached_property
    def breaches(self) -> dict[str, Ints]:
        """For every threat of a breach, by its name, the place of the source of each channel, from 1; 0 where it is not concerned."""
        sources, found = list(self.scenario.sources), {}
        for name, one in self.scenario.threats.items():
            if one.kind == BREACH:
                concerned = [of in one.records.get(source, ()) for source, of in self.compiled.names.channels]
                places = [sources.index(source) + 1 for source, _ in self.compiled.names.channels]
                found[name] = np.array(places, np.int64) * concerned
        return found

    @cached_property
    def attacked(self) -> Ints:
        """Numbers of the worlds in which threats come true."""
        return np.array([w for w, one in enumerate(self.scenario.worlds.values()) if one.records == "attacked"], np.int64)

    @cached_property
    def bound(self) -> dict[int, Any]:
        """Rulebooks in the form in which kernels are handed them, by the id of each that was needed so far: a millisecond for each."""
        return {}

    @property
    def identity(self) -> dict[str, str | int]:
        """What makes two runs the same run: equal identities give equal tallies."""
        return {
            "scenario": scenario_hash(self.scenario),
            "seed": self.seed,
            "replicates": self.replicates,
            "draw_scheme": self.scheme,
            "people": self.people,
            "township": self.township,
        }


def plan(
    scenario: Scenario,
    people: int | None,
    seed: int,
    replicates: int,
    scheme: int,
    batch_people: int | None = None,
) -> Plan:
    """The plan of a run of about so many people; raises RequestError where the numbers make no run.

    batch_people: people in a batch, about (default: `BATCH_PEOPLE`).

    Every region gets at least one township. Where the people do not suffice for that, townships become smaller: the size is then people /
    regions.
    """
    regions = len(scenario.population.lived)
    wanted = operator.index(scenario.population.people if people is None else people)
    size = min(scenario.population.township, wanted // regions)
    _refuse_impossible(wanted, regions, size, operator.index(seed), operator.index(replicates))
    if size != scenario.population.township:
        population = scenario.population.model_copy(update={"township": size})
        scenario = scenario.model_copy(update={"population": population})
    compiled = compiling.compile(scenario)
    chosen = places(compiled.region_people.tolist(), compiled.region_numbers.tolist(), max(regions, round(wanted / size)))
    return Plan(scenario, compiled, tuple(chosen), seed, replicates, scheme, max(1, (batch_people or BATCH_PEOPLE) // size))


def _refuse_impossible(wanted: int, regions: int, size: int, seed: int, replicates: int) -> None:
    if wanted < regions * SMALLEST_TOWNSHIP:
        raise RequestError(
            f"{wanted:,} people are too few for {_counted(regions, 'region')}: a township has at least {SMALLEST_TOWNSHIP} people and "
            f"every region at least one. Ask for {regions * SMALLEST_TOWNSHIP:,} or more."
        )
    if size > LARGEST_TOWNSHIP:
        raise RequestError(
            f"townships of {size:,} people do not fit into memory: choose {LARGEST_TOWNSHIP:,} or fewer (population.township)."
        )
    if not 0 <= seed < 2**32:
        raise RequestError(f"the seed {seed} does not fit an address of a draw: choose a whole number from 0 to {2**32 - 1}.")
    if not 1 <= replicates <= 10_000:
        raise RequestError(f"{replicates} replicates cannot be lived: choose a whole number from 1 to 10,000.")
    if wanted * replicates > MOST_TOWNSHIPS * size:
        raise RequestError(
            f"{wanted * replicates:,} people in townships of {size:,} are more than {MOST_TOWNSHIPS:,} townships: ask for fewer people or "
            "replicates, or for larger townships (population.township)."
        )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
