"""The sample behind the measures: columns of the tallies by name, groups and regions, and the two shapes in which a measure is stated.

A `Quotient` (a sum of columns over a sum of columns) is worked out for everybody, for every region and for every group; a `Row` is one
finished line of the measures frame. How a variance comes about is in `intervals.py`, what is measured in `registry.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from counterlife.layout import AXES
from counterlife.measures.inputs import Facts, Tallies
from counterlife.measures.intervals import Estimate, Floats, Function, Strata, estimate, quotient, stratify, touches_zero

Mask = NDArray[np.bool_]
ALL = "all"
ANY = "any"
CHILDREN = "age=0-17"


@dataclass(frozen=True)
class Row:
    """One line of the measures frame, but for the id and the name of its measure."""

    estimate: Estimate
    people: int
    world: str = ALL
    versus: str = ALL
    domain: str = ALL
    region: str = ALL
    group: str = ALL
    detail: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Quotient:
    """`scale` times the sum of the columns `plus` less `minus`, over that of `over` less `less`, all of the table 'people'."""

    plus: tuple[str, ...]
    over: tuple[str, ...]
    scale: float
    minus: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    world: str = ALL
    versus: str = ALL
    domain: str = ALL
    detail: str = ""
    unit: str = ""
    limits: tuple[float, float] | None = (0.0, np.inf)
    outcome: bool = False
    """Whether the denominator is itself an outcome: then the quotient is suppressed where that denominator may be zero."""
    children: bool = False
    """Whether only people who are children at the start are looked at."""
    country: bool = False
    """Whether the quotient is a count for the whole country or region: over everybody there, times its people."""


class Sample:
    """The tallies with the weights of their clusters."""

    def __init__(self, tallies: Tallies, facts: Facts) -> None:
        self.tallies = tallies
        self.facts = facts
        self._place = {table: {name: i for i, name in enumerate(names)} for table, names in tallies.columns.items()}
        groups = _groups(cast("tuple[tuple[str, ...], ...]", tallies.rows["people"]))
        # every group is added up once: thousands of quotients then touch columns of clusters, not cells
        self._sums = {
            (children, name): np.tensordot(mask & groups[CHILDREN] if children else mask, tallies.tables["people"], axes=(0, 1)).astype(
                np.float64
            )
            for name, mask in groups.items()
            for children in (False, True)
        }
        self._latent = cast("tuple[tuple[str, str, float], ...]", tallies.rows.get("latent", ()))
        self.groups = tuple(name for name in groups if name != ALL)
        self.people: Floats = self.count("people")
        self.strata = stratify(tallies.regions, self.people, facts.region_people)
        names = np.array(tallies.regions)
        self.regions = {region: self.strata.only(names == region) for region in dict.fromkeys(tallies.regions)}

    def column(self, table: str, name: str) -> Floats:
        """One column of a table: clusters by rows."""
        return self.tallies.tables[table][:, :, self._place[table][name]].astype(np.float64)

    def count(self, *names: str, group: str = ALL, children: bool = False) -> Floats:
        """The sum of columns of 'people' in every cluster, over everybody or a group, or over the children in it."""
        places = [self._place["people"][name] for name in names]
        return cast("Floats", self._sums[children, group][:, places].sum(axis=1))

    def latent(self, name: str, group: str) -> Floats:
        """A column of the table of latent conduct for a group `axis=level`, by class of conduct (n, classes)."""
        rows = [place for place, (axis, level, _) in enumerate(self._latent) if f"{axis}={level}" == group]
        return self.column("latent", name)[:, rows]

    def gap(self, channels: str, group: str) -> Floats:
        """Wrongful domain-days of a group in every cluster, in lives in which these channels are alike for all groups."""
        chosen = [
            f"{axis}={level}" == group for cell in self.tallies.rows["gaps"] for axis, level in zip(AXES, cast("Any", cell), strict=True)
        ]
        mask = np.array(chosen).reshape(-1, len(AXES)).any(axis=1)
        return np.asarray(self.column("gaps", f"wrongful_days.{channels}")[:, mask].sum(axis=1))

    def rows(self, wanted: Quotient) -> Iterator[Row]:
        """The quotient for everybody, then by region, then by group; for everybody only where a world serves one comparison."""
        yield self._row(wanted, self.strata, ALL, ALL)
        if {wanted.world, wanted.versus} & self.facts.side_worlds:
            return
        for region, strata in self.regions.items():
            yield self._row(wanted, strata, region, ALL)
        for group in self.groups:
            if not (wanted.children and group.startswith("age=")):
                yield self._row(wanted, self.strata, ALL, group)

    def total(self, table: str, *names: str) -> Floats:
        """The sum of columns of a table over its rows, in every cluster (n,)."""
        return cast("Floats", sum(self.column(table, name).sum(axis=1) for name in names))

    def places(self, contributions: Floats, function: Function, *, over: int | None = None, **about: Any) -> Iterator[Row]:
        """A function of the weighted totals of contributions (n, k), for everybody and by region.

        It is suppressed where the contribution number `over` may be zero. about: fields of the rows; limits: those of the estimate.
        """
        limits = about.pop("limits", None)
        for region, strata in ((ALL, self.strata), *self.regions.items()):
            zero = over is not None and touches_zero(strata, contributions[:, over])
            answer = Estimate(None) if zero else estimate(strata, contributions, function, limits=limits)
            yield Row(answer, int(self.people[strata.weights > 0].sum()), region=region, **about)

    def parts(self, wanted: Quotient, group: str) -> Floats:
        """Numerator and denominator of a quotient in every cluster (n, 2), each world difference taken within the cluster."""
        kind, among = wanted.children, ALL if wanted.country else group
        top = self.count(*wanted.plus, group=group, children=kind)
        if wanted.minus:
            top = top - self.count(*wanted.minus, group=group, children=kind)
        below = self.count(*wanted.over, group=among, children=kind)
        if wanted.less:
            below = below - self.count(*wanted.less, group=among, children=kind)
        return np.column_stack([top, below])

    def _row(self, wanted: Quotient, strata: Strata, region: str, group: str) -> Row:
        parts = self.parts(wanted, group)
        scale = wanted.scale
        if wanted.country:
            scale *= self.facts.people_in_country if region == ALL else self.facts.region_people[region]
        people = int(self.count("people", group=group, children=wanted.children)[strata.weights > 0].sum())
        if wanted.outcome and touches_zero(strata, parts[:, 1]):
            answer = Estimate(None)
        else:
            answer = estimate(strata, parts, lambda totals: scale * quotient(totals), limits=wanted.limits)
        about = (wanted.world, wanted.versus, wanted.domain, region, group, wanted.detail, wanted.unit)
        return Row(answer, people, *about)


def _groups(cells: tuple[tuple[str, ...], ...]) -> dict[str, Mask]:
    """The cells of everybody, and those of every level of every axis by `axis=level`."""
    return {ALL: np.ones(len(cells), dtype=bool)} | {
        f"{axis}={level}": np.array([cell[place] == level for cell in cells])
        for place, (axis, levels) in enumerate(AXES.items())
        for level in levels
    }
