"""Sweeping: what is to be lived is settled and checked, then estimated, then lived and judged.

A sweep that was interrupted goes on where it stopped: every point is in the folder's journal as soon as it is finished, and the search for
flips asks for the same points again.
"""

from __future__ import annotations

import hashlib
import math
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from time import monotonic

import numpy as np

from ..executors import cores
from ..layout import Floats
from ..provenance import now
from ..scenario import Scenario, ScenarioError, as_written, load, resolved, scenario_hash
from ..scenario.check import problems
from ..store import RunFolder
from ..study import RequestError, facts, plan
from .conclusions import Conclusion, parsed, usual
from .designs import KINDS, Design, design
from .dimensions import chosen, held
from .flips import Search, nearest
from .journal import JOURNAL, Journal, Lived, Place
from .lives import Lives, Told
from .outcomes import PEOPLE, live
from .swept import HIGH, LOW, Judged, Swept
from .variants import OWN, Family, family

Progress = Callable[[int, int, str], None]
"""Called with the points lived, the points in all, and what they are for."""
PEOPLE_A_WORKER = 50_000  # below this the interpreter, not the kernels, takes the time, and two threads are slower than one
MOST_WORKERS = 1024
PILOT = 4  # points lived to estimate how long the rest will take


@dataclass(frozen=True)
class Estimate:
    """How much is to be lived, and about how long it will take."""

    points: int
    people: int
    seconds: float


@dataclass(frozen=True)
class Prepared:
    """A sweep with everything decided, checked, and not yet begun."""

    family: Family
    drawn: Design
    people: int
    seed: int
    conclusions: tuple[Conclusion, ...]
    written: bytes
    own: Lived
    pilot: tuple[float, int]
    """Seconds that a few points took, and how many they were."""
    flips: bool = True

    @property
    def start(self) -> Floats:
        """Coordinates of the scenario's own numbers."""
        return np.array([one.start for one in self.family.dimensions])

    @cached_property
    def ends(self) -> list[tuple[int, str, Place]]:
        """Each dimension moved alone to its ends; a grid has them among its points, or does without."""
        found: list[tuple[int, str, Place]] = []
        for n in range(len(self.start) if self.drawn.kind != "grid" else 0):
            for end, to in ((LOW, 0.0), (HIGH, 1.0)):
                place = self.start
                place[n] = to
                found.append((n, end, _place(place)))
        return found

    @property
    def places(self) -> list[Place]:
        """All points that are certain to be lived; the search for flips lives a few more."""
        structures: list[Place] = [(name, None) for name in self.family.structures]
        return [*structures, *(place for _, _, place in self.ends), *(_place(point) for point in self.drawn.points)]

    @property
    def estimate(self) -> Estimate:
        """How much is to be lived, flips apart, from the few points that were lived to find out."""
        seconds, points = self.pilot
        return Estimate(len(set(self.places)), self.people, seconds / points * len(set(self.places)))

    @property
    def identity(self) -> dict[str, object]:
        """What makes two sweeps the same sweep."""
        from ..township.draws import SCHEME

        ends = [(one.name, one.low, one.high, list(map(str, one.choices))) for one in self.family.dimensions]
        return {
            "sweep": self.drawn.kind,
            "points": self.drawn.size,
            "scenario": scenario_hash(self.family.scenario),
            "dimensions": hashlib.sha256(repr(ends).encode()).hexdigest(),
            "people": self.people,
            "seed": self.seed,
            "draw_scheme": SCHEME,
        }

    def run(
        self, out: str | Path | None = None, *, workers: int | None = None, executor: str = "threads", progress: Progress | None = None
    ) -> Swept:
        """The sweep, lived; resumed where `out` holds an unfinished one of the same identity. Raises StoreError for trouble there."""
        tell = progress or (lambda done, total, what: None)
        if workers is not None and not 1 <= workers <= MOST_WORKERS:
            raise RequestError(f"{workers} workers cannot work: choose a whole number from 1 to {MOST_WORKERS:,}, or leave it out.")
        with RunFolder.claim(Path(out), self.identity, ()) if out is not None else nullcontext() as folder:
            if folder and "started" not in folder.provenance:
                folder.write("scenario.yaml", self.written)
                folder.write("resolved.yaml", resolved(self.family.scenario))
                folder.note(started=now())
            crew = min(cores(), max(1, self.people // PEOPLE_A_WORKER)) if workers is None else workers
            lives = Lives(self.family, self.people, self.seed, Journal(folder), crew, executor)
            swept = self._live(lives, tell)
            if folder:
                swept = replace(swept, path=Path(out or ""))
                if not folder.finished:
                    content = (folder.path / JOURNAL).read_bytes()
                    folder.finish(hashlib.sha256(b"\n".join(sorted(content.splitlines()))).hexdigest(), finished=now())
        return swept

    def _live(self, lives: Lives, tell: Progress) -> Swept:
        if (OWN, None) not in lives.journal.lived:
            lives.journal.add((OWN, None), self.own)
        told: Told = lambda done, total: tell(done, total, "")  # noqa: E731
        found = dict(zip(self.places, lives.at(self.places, told), strict=True))
        points = tuple(found[_place(point)] for point in self.drawn.points)
        ends = tuple((n, end, found[place]) for n, end, place in self.ends)
        judged = []
        for conclusion in self.conclusions:
            tell(len(found), len(found), conclusion.text)
            judged.append(self._judge(conclusion, lives, points, ends))
        return Swept(
            scenario=self.family.scenario,
            dimensions=self.family.dimensions,
            drawn=self.drawn,
            own=self.own.outcomes,
            structures={name: found[name, None] for name in self.family.structures if name != OWN},
            ends=ends,
            points=points,
            judged=tuple(judged),
            held=held(self.family.scenario),
            identity=self.identity,
        )

    def _judge(self, conclusion: Conclusion, lives: Lives, points: Sequence[Lived], ends: Sequence[tuple[int, str, Lived]]) -> Judged:
        own = conclusion.margin(self.own.outcomes)
        margins = [_margin(conclusion, one) for one in points]
        known = [one for one in margins if math.isfinite(one)]
        judged = Judged(
            conclusion, own, conclusion.error(self.own.outcomes), sum((one > 0) == (own > 0) for one in known), len(known), None, None
        )
        if not self.flips or not math.isfinite(own):
            return replace(judged, searched=False)
        search = Search(lambda places: [_margin(conclusion, one) for one in lives.at([_place(p) for p in places])], self.start, own)
        search.points.append(self.start)
        search.margins.append(abs(own))
        for place, margin in zip(self.drawn.points, margins, strict=True):
            if math.isfinite(margin):
                search.points.append(place)
                search.margins.append(search.sign * margin)
        flip, single = nearest(search)
        return replace(judged, flip=flip, single=single)


def prepare(
    scenario: str | Path | Scenario,
    *,
    kind: str = "lhs",
    points: int | None = None,
    over: Sequence[str] = (),
    people: int = PEOPLE,
    seed: int = 1,
    conclusions: Sequence[str] = (),
    overrides: Sequence[str] = (),
    flips: bool = True,
) -> Prepared:
    """A sweep, checked and estimated: its ends can be lived, and a few points were, to see how long they take.

    Raises ScenarioError and RequestError for what cannot be swept; nothing is written.
    """
    if kind not in KINDS:
        raise RequestError(f"there is no design called {kind!r}: choose one of {', '.join(KINDS)}.")
    if isinstance(scenario, Scenario):
        described, written = scenario, resolved(scenario).encode()
    else:
        described, written = load(os.fspath(scenario), overrides), as_written(os.fspath(scenario))
    dimensions = chosen(described, over)
    for one in dimensions:
        if not 0.0 <= one.start <= 1.0:
            raise RequestError(
                f"--over {one.name}: the scenario's own value, {one.written(one.base)}, lies outside this range; widen the range, or "
                f"change the value (--set)."
            )
    relatives = family(described, dimensions)
    _refuse_impossible(relatives, people, seed)
    drawn = design(kind, dimensions, points, seed)
    live(relatives.variant(None), _fewest(relatives.scenario, people), seed)  # compiles, or loads what was compiled
    began = monotonic()
    own = Lived(live(relatives.variant(None), people, seed))
    pilot = drawn.points[: PILOT - 1].tolist()
    for point in pilot:
        with suppress(ScenarioError):
            live(relatives.variant(point), people, seed)
    seconds, known = monotonic() - began, own.outcomes
    judged = tuple(parsed(text, known) for text in conclusions) or usual(facts(relatives.scenario), known)
    return Prepared(relatives, drawn, people, seed, judged, written, own, (seconds, 1 + len(pilot)), flips)


def sweep(
    scenario: str | Path | Scenario,
    *,
    kind: str = "lhs",
    points: int | None = None,
    over: str | Sequence[str] = (),
    people: int = PEOPLE,
    seed: int = 1,
    conclusions: str | Sequence[str] = (),
    overrides: str | Sequence[str] = (),
    flips: bool = True,
    out: str | Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Swept:
    """A scenario is lived at many sets of numbers over common lives, resumed where `out` holds an unfinished sweep of it, and judged.

    kind: lhs, sobol, morris or grid. points: how large the design is (see `Design.size`). over: "path=low..high", "path=a,b,c" or "path";
    all numbers that state a range where nothing is given. conclusions: "M4 > 50 %"; signs of the headline where nothing is given. Raises
    as `prepare` and `Prepared.run`.
    """
    prepared = prepare(
        scenario,
        kind=kind,
        points=points,
        over=_listed(over),
        people=people,
        seed=seed,
        conclusions=_listed(conclusions),
        overrides=_listed(overrides),
        flips=flips,
    )
    if out is not None:
        return prepared.run(out, workers=workers, progress=progress)
    with tempfile.TemporaryDirectory(prefix="counterlife-") as folder:
        return replace(prepared.run(Path(folder) / "sweep", workers=workers, progress=progress), path=None)


def _listed(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def _refuse_impossible(relatives: Family, people: int, seed: int) -> None:
    """Each dimension at each end, and all at once, must make a scenario that can be lived."""
    from ..township.draws import SCHEME

    plan(relatives.variant(None), people, seed, 1, SCHEME)
    start = np.array([one.start for one in relatives.dimensions])
    for n, one in enumerate(relatives.dimensions):
        for to in (0.0, 1.0):
            place = start.copy()
            place[n] = to
            try:
                found = [text for _, text in problems(relatives.variant(place.tolist()))]
            except ScenarioError as error:
                found = [problem.text for problem in error.problems]
            if found:
                at = f"{one.name} at {one.written(one.value(to))}"
                raise RequestError(f"{at} cannot be lived: {found[0]}. Narrow its range (--over {one.name}=low..high).")


def _fewest(scenario: Scenario, people: int) -> int:
    from ..study.plan import SMALLEST_TOWNSHIP

    return min(people, SMALLEST_TOWNSHIP * len(scenario.population.lived))


def _place(coordinates: Floats) -> Place:
    return OWN, tuple(float(u) for u in coordinates)


def _margin(conclusion: Conclusion, lived: Lived) -> float:
    return math.nan if lived.refused else conclusion.margin(lived.outcomes)


__all__ = ["Estimate", "Prepared", "Progress", "prepare", "sweep"]
