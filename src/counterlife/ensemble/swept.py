"""A finished sweep: what was lived, and what follows from it, as tidy frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..layout import Floats
from ..scenario import Scenario
from .conclusions import Conclusion
from .designs import Design
from .dimensions import Dimension
from .flips import Flip
from .journal import Lived
from .outcomes import HEADLINE, Outcome, described
from .sensitivity import effects
from .spread import Spread, spread
from .unsourced import Share, share

if TYPE_CHECKING:
    import polars as pl

LOW, HIGH, SAMPLE = "low", "high", "design"


@dataclass(frozen=True)
class Judged:
    """A conclusion, how it stands at the scenario's own numbers, how robust it is, and the nearest numbers that reverse it."""

    conclusion: Conclusion
    margin: float
    error: float
    same: int
    """Points at which it is as true, or as false, as at the scenario's own numbers."""
    known: int
    """Points at which it is either."""
    flip: Flip | None
    single: Flip | None
    """The nearest flip by one number alone."""
    searched: bool = True
    """Whether flips were looked for."""

    def blur(self, flip: Flip) -> float:
        """A Monte Carlo standard error of the distance of a flip, by the mean slope on the way to it."""
        return self.error * flip.distance / abs(self.margin) if self.margin else float("nan")


@dataclass(frozen=True)
class Swept:
    """A finished sweep."""

    scenario: Scenario
    """The scenario with its own numbers."""
    dimensions: tuple[Dimension, ...]
    """The numbers that were varied, each with its range."""
    drawn: Design
    """The points of the design in the unit cube."""
    own: Mapping[str, Outcome]
    """The outcomes of the scenario with its own numbers."""
    structures: Mapping[str, Lived]
    """What came of each other structure, with the scenario's own numbers."""
    ends: tuple[tuple[int, str, Lived], ...]
    """Of each dimension moved alone: its number, `low` or `high`, and what came of it."""
    points: tuple[Lived, ...]
    """What came of each point of the design."""
    judged: tuple[Judged, ...]
    """The conclusions, each with what would reverse it."""
    held: tuple[int, int]
    """Numbers that were not varied, and how many of them have no source."""
    identity: Mapping[str, Any]
    """What makes it this sweep and no other: scenario hash, dimensions, design, people, seed and draw scheme."""
    path: Path | None = None
    """Its folder, None for a sweep that was not kept."""

    @property
    def people(self) -> int:
        """Synthetic people at each point."""
        return int(self.identity["people"])

    @property
    def refused(self) -> list[str]:
        """Why points could not be lived, once for each such point."""
        return [lived.refused for lived in (*self.points, *(one for _, _, one in self.ends)) if lived.refused]

    @property
    def headline(self) -> list[str]:
        """Keys of the outcomes that a reader is shown: those of the first comparison that are known."""
        return [key for key in HEADLINE if key in self.own and np.isfinite(self.own[key].value)]

    @property
    def judged_on(self) -> list[str]:
        """Keys of the outcomes that the conclusions are about, as far as they are known."""
        sides = [side for one in self.judged for side in (one.conclusion.left, one.conclusion.right)]
        return list(dict.fromkeys(side for side in sides if isinstance(side, str) and np.isfinite(self.own[side].value)))

    def values(self, key: str) -> Floats:
        """An outcome at the points of the design (n,), nan where it is not known."""
        return np.array([one.outcomes[key].value if key in one.outcomes else np.nan for one in self.points])

    @cached_property
    def spreads(self) -> list[Spread]:
        """The three uncertainties of each headline outcome, and of those that conclusions are about."""
        others = [one.outcomes for one in self.structures.values()]
        told = dict.fromkeys((*self.headline, *self.judged_on))
        return [spread(key, self.own[key], self.values(key)[self.drawn.samples], others) for key in told]

    @cached_property
    def shares(self) -> dict[str, Share | None]:
        """The share of each headline outcome's variance that comes from numbers without a source."""
        sourced = [one.sourced for one in self.dimensions]
        return {key: share(self.drawn, self.values(key), sourced, int(self.identity["seed"])) for key in self.headline}

    def moved(self, key: str) -> list[tuple[int, float, float]]:
        """For each dimension moved alone: the outcome at its low and at its high end; none where neither is known."""
        found: dict[int, dict[str, float]] = {}
        for dimension, end, lived in self.ends:
            found.setdefault(dimension, {})[end] = lived.outcomes[key].value if key in lived.outcomes else np.nan
        return [(n, ends[LOW], ends[HIGH]) for n, ends in found.items() if np.isfinite(list(ends.values())).any()]

    @cached_property
    def design(self) -> pl.DataFrame:
        """A row for each point: its number, its role, its structure, and every dimension's value."""
        import polars as pl

        rows = [(n, role, structure, *values) for n, (role, structure, values, _) in enumerate(self._all)]
        names = [one.name for one in self.dimensions]
        schema = {"point": pl.Int64, "role": pl.String, "structure": pl.String, **dict.fromkeys(names, pl.Float64)}
        return pl.DataFrame(rows, schema=schema, orient="row")

    @cached_property
    def outcomes(self) -> pl.DataFrame:
        """A row for each point and outcome: value, Monte Carlo standard error, and interval; missing where it was suppressed."""
        import polars as pl

        rows = [
            (n, key, *described(key), one.value, one.error, one.low, one.high)
            for n, (_, _, _, lived) in enumerate(self._all)
            for key, one in lived.outcomes.items()
        ]
        numbers = ("value", "error", "low", "high")
        schema = {"point": pl.Int64, **dict.fromkeys(("outcome", "name", "unit"), pl.String), **dict.fromkeys(numbers, pl.Float64)}
        return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(numbers).fill_nan(None))

    @cached_property
    def sensitivity(self) -> pl.DataFrame:
        """A row for each headline outcome, dimension and measure of sensitivity, with the ends of its 95 % interval."""
        import polars as pl

        seed = int(self.identity["seed"])
        rows = [
            (key, self.dimensions[one.dimension].name, self.dimensions[one.dimension].source, *one[1:])
            for key in self.headline
            for one in effects(self.drawn, self.values(key), seed)
        ]
        numbers = ("value", "low", "high")
        words = ("outcome", "dimension", "source", "measure")
        schema = {**dict.fromkeys(words, pl.String), **dict.fromkeys(numbers, pl.Float64)}
        return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(numbers).fill_nan(None))

    @cached_property
    def flips(self) -> pl.DataFrame:
        """A row for each conclusion, each flip of it (nearest, single) and each dimension: its value there and in the scenario."""
        import polars as pl

        rows = [
            (one.conclusion.text, kind, flip.distance, dimension.name, dimension.base, dimension.value(float(flip.place[n])))
            for one in self.judged
            for kind, flip in (("nearest", one.flip), ("single", one.single))
            if flip is not None
            for n, dimension in enumerate(self.dimensions)
        ]
        schema = {"conclusion": pl.String, "kind": pl.String, "distance": pl.Float64, "dimension": pl.String}
        return pl.DataFrame(rows, schema={**schema, "own": pl.Float64, "there": pl.Float64}, orient="row")

    @property
    def _all(self) -> list[tuple[str, str, list[float], Lived]]:
        """Role, structure, values and outcomes of every point: the scenario, its structures, the ends, the design."""
        own = [one.base for one in self.dimensions]
        found = [("own", "", own, Lived(self.own))]
        found += [("structure", name, own, lived) for name, lived in self.structures.items()]
        for n, end, lived in self.ends:
            one = self.dimensions[n]
            found.append((f"{end} end", "", [*own[:n], one.low if end == LOW else one.high, *own[n + 1 :]], lived))
        for place, lived in zip(self.drawn.points, self.points, strict=True):
            found.append((SAMPLE, "", [one.value(float(u)) for one, u in zip(self.dimensions, place, strict=True)], lived))
        return found
