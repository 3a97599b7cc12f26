"""What a comparison is asked for: folders of runs, and scenarios with and without changes that are still to be lived."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..scenario import load
from .cohort import Cohort, refuse_others
from .comparison import is_run, side_of
from .plan import RequestError, plan

LONGEST = 60  # letters of a variant in the name of its folder


@dataclass(frozen=True)
class Wanted:
    """A scenario to be lived, with settings that differ from it."""

    scenario: str
    settings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in a comparison: its settings, or the scenario where it has none."""
        return "; ".join(self.settings) or self.scenario

    def folder(self, plain: Path) -> Path:
        """The folder of its run, given that of the scenario without the settings; another variant has another one."""
        if not self.settings:
            return plain
        letters = re.sub(r"[^A-Za-z0-9._=-]+", "_", self.name)
        if letters != self.name or len(letters) > LONGEST:
            letters = f"{letters[:LONGEST]}-{hashlib.sha256(self.name.encode()).hexdigest()[:8]}"
        return plain.with_name(f"{plain.name}-{letters}")


def asked(arguments: Sequence[str], variants: Sequence[str], *, for_scenarios: bool) -> list[str | Wanted]:
    """Folders of runs as they are, and scenarios to be lived, in order; a scenario and its variants where there are any.

    for_scenarios: whether something was said that only scenarios can be lived with. Raises RequestError where the words do not fit.
    """
    if not arguments:
        raise RequestError("runs are missing: give two or more folders of finished runs, or a scenario and --variant.")
    found: list[str | Wanted] = [one if is_run(one) or Path(one).is_dir() or _names_a_world(one) else Wanted(one) for one in arguments]
    if for_scenarios and not any(isinstance(one, Wanted) for one in found):
        raise RequestError("a finished run is compared as it is: leave --people, --seed, --replicates, --set and --variant out.")
    if variants:
        if len(found) != 1:
            raise RequestError("--variant changes one scenario: give a single one, without folders of runs beside it.")
        found += [Wanted(arguments[0], _settings(variant)) for variant in variants]
    if len(found) < 2:
        raise RequestError("one run alone cannot be compared: give a second one, or a scenario and --variant.")
    return found


def check(asked_for: Sequence[str | Wanted], *, overrides: Sequence[str], people: int | None, seed: int, replicates: int) -> None:
    """Everything asked for can be lived and compared; raises what living or comparing would raise, before anything is lived."""
    from ..township.draws import SCHEME

    cohorts = []
    for one in asked_for:
        if isinstance(one, Wanted):
            planned = plan(load(one.scenario, [*overrides, *one.settings]), people, seed, replicates, SCHEME)
            cohorts.append(Cohort(one.name, planned.scenario, planned.identity))
        else:
            side = side_of(one)
            cohorts.append(Cohort(side.name, side.run.scenario, side.run.provenance["identity"]))
    for other in cohorts[1:]:
        refuse_others(cohorts[0], other)


def _names_a_world(argument: str) -> bool:
    """Whether it is an existing folder with a world behind it, so that a mistake in it is told of a run and not of a scenario."""
    folder, sign, _ = argument.rpartition("@")
    return bool(sign) and Path(folder).is_dir()


def _settings(variant: str) -> tuple[str, ...]:
    settings = tuple(one.strip() for one in variant.split(";") if one.strip())
    if not settings:
        raise RequestError("--variant says nothing: write a change, such as --variant score.start=900.")
    return settings
