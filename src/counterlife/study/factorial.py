"""What safeguards avert, alone and together: every combination of them is lived by the same people, and held against the design.

How combinations become worlds is in `scenario.factorial`, what is counted of them in `measures.combined`, which to choose in
`measures.frontier`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..measures import Bound, Combination, Combined, Effect, Held, Place, Sample, bound, frontier, held, joined, least, nearest
from ..measures.intervals import Estimate
from ..scenario import Factorial, Scenario, factorial, load, scenario_hash, twin_of, world_of
from .facts import facts
from .plan import RequestError, plan
from .run import Progress, Run, run

if TYPE_CHECKING:
    import polars as pl

BETWEEN = " + "
"""Between the names of safeguards in frames; the unchanged design is called `none`."""
NONE = "none"


@dataclass(frozen=True)
class Wish:
    """What is asked for, checked before anything is lived."""

    scenario: Scenario
    factorial: Factorial
    bounds: tuple[Bound, ...] = ()

    def check(self, people: int | None, seed: int, replicates: int) -> None:
        """Raises RequestError where the numbers make no run, before anything is lived."""
        from ..township.draws import SCHEME

        for part in self.factorial.parts:
            plan(part, people, seed, replicates, SCHEME)

    def folders(self, plain: Path) -> list[Path]:
        """A folder for each run, given that of the scenario alone; other safeguards or settings have others."""
        return [plain.with_name(f"{plain.name}-safeguards-{scenario_hash(part)[:8]}") for part in self.factorial.parts]


@dataclass(frozen=True)
class Safeguarded:
    """All combinations of some safeguards, lived by the same people."""

    scenario: Scenario
    """The scenario, with its safeguards."""
    factorial: Factorial
    """The combinations, and the scenarios in which they are lived."""
    runs: tuple[Run, ...]
    """The runs in which the combinations were lived: one, or several over the same people where one has no room for all worlds."""
    bounds: tuple[Bound, ...] = ()
    """The bounds on harm that were asked for."""
    combined: Combined = field(repr=False, kw_only=True)
    """What the combinations avert, from the sums of their runs."""

    @property
    def has_hours(self) -> bool:
        """Whether a safeguard says how many hours of reviewers it takes."""
        return any(one.hours is not None for one in self.combined.combinations)

    @property
    def costs(self) -> tuple[str, ...]:
        """The costs against which harm is traded."""
        return ("safeguards", "hours") if self.has_hours else ("safeguards",)

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What each safeguard averts, and what several avert beyond that."""
        return tuple(self.combined.effects())

    @cached_property
    def frontiers(self) -> dict[str, list[Place]]:
        """Every combination in the trade of harm against each cost."""
        return {cost: frontier(self.combined, cost) for cost in self.costs}

    @cached_property
    def held(self) -> list[Held]:
        """Every combination held against the bounds, the least intrusive first; empty where there are none."""
        return held(self.combined, self.bounds) if self.bounds else []

    @property
    def least(self) -> Held | None:
        """The least intrusive combination that meets all bounds."""
        return least(self.held)

    @property
    def nearest(self) -> Held | None:
        """The combination that comes nearest to the bounds."""
        return nearest(self.held) if self.bounds else None

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Of every combination: safeguards, number, hours, and each quantity of `Combined.quantities` with its interval (95 %)."""
        found = []
        for one in self.combined.combinations:
            for name, unit, answer in self.combined.quantities(one):
                found.append((called(one), len(one.safeguards), one.hours, name, unit, *_ends(answer)))
        kinds = ("String", "Int64", "Float64", "String", "String", *_NUMBERS)
        return _frame(("safeguards", "number", "hours", "quantity", "unit", *_ENDS), kinds, found)

    @cached_property
    def effects_frame(self) -> pl.DataFrame:
        """Wrongful days averted by each effect of `Combined.effects`, per 1,000 person-years, and per hour of reviewers where given."""
        found = [
            (one.kind, BETWEEN.join(one.safeguards), len(one.safeguards), quantity, *_ends(answer))
            for one in self.effects
            for quantity, answer in (("averted", one.averted), ("averted_per_hour", one.per_hour))
            if answer is not None
        ]
        return _frame(("kind", "safeguards", "number", "quantity", *_ENDS), ("String", "String", "Int64", "String", *_NUMBERS), found)

    @cached_property
    def frontier_frame(self) -> pl.DataFrame:
        """Every combination by each cost: against, safeguards, cost, harm with its interval, whether on the front, standing, beside."""
        found = [
            (cost, called(one.combination), one.cost, *_ends(one.harm), one.front, str(one.standing), one.beside and called(one.beside))
            for cost, places in self.frontiers.items()
            for one in places
        ]
        names = ("against", "safeguards", "cost", *_ENDS, "front", "standing", "beside")
        return _frame(names, ("String", "String", "Float64", *_NUMBERS, "Boolean", "String", "String"), found)

    @cached_property
    def bounds_frame(self) -> pl.DataFrame:
        """Every combination held against each bound, the least intrusive first."""
        found = [
            (str(each), called(one.combination), *_ends(harm), str(verdict))
            for one in self.held
            for each, harm, verdict in zip(self.bounds, one.harms, one.verdicts, strict=True)
        ]
        return _frame(("bound", "safeguards", *_ENDS, "verdict"), ("String", "String", *_NUMBERS, "String"), found)


_ENDS, _NUMBERS = ("value", "low", "high"), ("Float64", "Float64", "Float64")


def called(one: Combination) -> str:
    """What a combination is called in frames."""
    return BETWEEN.join(one.safeguards) or NONE


def _ends(answer: Estimate) -> tuple[float | None, float | None, float | None]:
    return answer.value, answer.low, answer.high


def _frame(names: Sequence[str], kinds: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, schema={name: getattr(pl, kind) for name, kind in zip(names, kinds, strict=True)}, orient="row")


def wish(scenario: str | Path | Scenario, *, of: Sequence[str] = (), overrides: Sequence[str] = (), bounds: Sequence[str] = ()) -> Wish:
    """What is asked for; raises ScenarioError where safeguards cannot be combined, and RequestError where a bound is none."""
    if isinstance(scenario, Scenario) and overrides:
        raise RequestError("overrides change a scenario that is read from a file; this one is an object: give the name or the path.")
    described = scenario if isinstance(scenario, Scenario) else load(str(scenario), overrides)
    try:
        limits = tuple(bound(text) for text in bounds)
    except ValueError as error:
        raise RequestError(str(error)) from None
    return Wish(described, factorial(described, of), limits)


def gather(asked: Wish, runs: Sequence[Run]) -> Safeguarded:
    """The study of what was asked for, from a run of each part; raises RequestError where they did not live the same people."""
    return Safeguarded(asked.scenario, asked.factorial, tuple(runs), asked.bounds, combined=_combined(asked, runs))


def _combined(asked: Wish, runs: Sequence[Run]) -> Combined:
    """The combinations on the sample of all runs together."""
    known = {name: one for part in asked.factorial.parts for name, one in facts(part).safeguards.items()}
    hours = {name for part in asked.factorial.parts for name, one in part.safeguards.items() if one.reviewer_hours is not None}
    combinations = []
    for members in asked.factorial.combinations:
        name = world_of(members)
        taken = known[name].reviewer_hours if name in hours else None
        combinations.append(Combination(members, name, twin_of(members), taken))
    try:
        tallies = joined([one.tallies for one in runs])
    except ValueError as error:
        raise RequestError(f"the runs of the combinations cannot be laid together: {error}. Run them into other folders.") from None
    return Combined(Sample(tallies, runs[0].facts), combinations, asked.factorial.reference)


def safeguards(
    scenario: str | Path | Scenario,
    *,
    of: Sequence[str] = (),
    people: int | None = None,
    seed: int = 1,
    replicates: int = 1,
    overrides: str | Sequence[str] = (),
    bounds: str | Sequence[str] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    executor: str = "threads",
    progress: Progress | None = None,
) -> Safeguarded:
    """All combinations of the safeguards of a scenario, or of those named (at most five), lived by the same people.

    of: names of safeguards. bounds: such as "M3 <= 100". out: folder under which the runs are kept, or None. Raises ScenarioError where
    safeguards cannot be combined, RequestError where a bound is none or the numbers make no run, StoreError for trouble with a folder.
    """
    changed, limits = ([one] if isinstance(one, str) else one for one in (overrides, bounds))
    asked = wish(scenario, of=of, overrides=changed, bounds=limits)
    asked.check(people, seed, replicates)
    parts = asked.factorial.parts
    folders = [None] * len(parts) if out is None else asked.folders(Path(out) / "run")
    common = {"people": people, "seed": seed, "replicates": replicates, "workers": workers, "executor": executor, "progress": progress}
    return gather(asked, [run(part, out=folder, **common) for part, folder in zip(parts, folders, strict=True)])  # type: ignore[arg-type]
