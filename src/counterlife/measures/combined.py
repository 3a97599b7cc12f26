"""Every combination of safeguards beside the unchanged design: harm, days averted, main effects and interactions, with paired intervals.

Harm is W0: days closed in a world and open for the same person in the world beside which days of the unchanged design are wrongful: its
accurate twin, unless the scenario holds it against another one first, such as right rules (method A.10). All combinations were lived by
the same people, so every contrast is taken within each cluster before anything varies. Which combination to choose is in `frontier.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from counterlife.measures.inputs import Tallies, pair_name
from counterlife.measures.intervals import Estimate, Floats, estimate, quotient
from counterlife.measures.sample import Sample
from counterlife.measures.stated import RATE, RATE_UNIT, in_domains

HOURS_UNIT = "domain-days per hour of reviewers"
CASES_UNIT = "cases per 1,000 person-years"
NOBODY: tuple[str, ...] = ()


@dataclass(frozen=True)
class Combination:
    """Some safeguards together, the world in which they are lived, and what they take."""

    safeguards: tuple[str, ...]
    world: str
    twin: str
    """The world of the same rules with accurate records."""
    hours: float | None = None
    """Hours of reviewers a year for each 1,000 people; None where none of the safeguards says any. What says nothing counts as none."""


@dataclass(frozen=True)
class Effect:
    """What a safeguard averts, or what several avert together beyond the sum of what they avert apart."""

    kind: str
    """`alone`: added to the design (for several: beyond all of their smaller combinations); `average`: over all combinations of the others;
    `last`: added to all the others."""
    safeguards: tuple[str, ...]
    averted: Estimate
    per_hour: Estimate | None = None
    """The same for each hour of reviewers, of a single safeguard that says how many it takes."""


def joined(parts: Sequence[Tallies]) -> Tallies:
    """One table of people with the columns of all parts, which lived the same people.

    Raises ValueError where a column that two parts have is not the same to the last count: then they are not the same lives.
    """
    first = parts[0]
    columns, tables = list(first.columns["people"]), [first.tables["people"]]
    for part in parts[1:]:
        if (part.regions, part.numbers, part.rows["people"]) != (first.regions, first.numbers, first.rows["people"]):
            raise ValueError("these tallies are not of the same townships")
        names = part.columns["people"]
        known = [name for name in names if name in set(columns)]
        ours = np.concatenate(tables, axis=2)[:, :, [columns.index(name) for name in known]]
        if not np.array_equal(ours, part.tables["people"][:, :, [names.index(name) for name in known]]):
            raise ValueError("these tallies do not count the same lives")
        fresh = [place for place, name in enumerate(names) if name not in set(columns)]
        tables.append(part.tables["people"][:, :, fresh])
        columns += [names[place] for place in fresh]
    return replace(
        first, tables={"people": np.concatenate(tables, axis=2)}, columns={"people": tuple(columns)}, rows={"people": first.rows["people"]}
    )


class Combined:
    """The combinations of safeguards on one sample. All of them have to be there, the unchanged design first."""

    def __init__(self, sample: Sample, combinations: Sequence[Combination], reference: str | None = None) -> None:
        self.sample = sample
        self.combinations = tuple(combinations)
        self.names = tuple(dict.fromkeys(itertools.chain.from_iterable(one.safeguards for one in combinations)))
        self._place = {frozenset(one.safeguards): place for place, one in enumerate(combinations)}
        if len(self._place) != 2 ** len(self.names) or combinations[0].safeguards:
            raise ValueError("a full factorial has every combination once, the unchanged design first")
        self.reference = reference or combinations[0].twin

    def __getitem__(self, safeguards: Iterable[str]) -> Combination:
        """The combination of these safeguards."""
        return self.combinations[self._place[frozenset(safeguards)]]

    @cached_property
    def wrongful(self) -> Floats:
        """Days of W0 in every cluster and combination (n, combinations)."""
        return self._days(f"wrongful_days.{pair_name((one.world, self.reference))}" for one in self.combinations)

    @cached_property
    def _own(self) -> Floats:
        return self._days(f"wrongful_days.{pair_name((one.world, one.twin))}" for one in self.combinations)

    @cached_property
    def _closed(self) -> Floats:
        return self._days(f"closed_days.{one.world}" for one in self.combinations)

    @cached_property
    def _decided(self) -> Floats:
        return np.column_stack([self.sample.count(f"decided.{one.world}") for one in self.combinations])

    def _days(self, stems: Iterable[str]) -> Floats:
        return np.column_stack([self.sample.count(*in_domains(self.sample, stem)) for stem in stems])

    def rate(self, days: Floats, *, scale: float = RATE, least: float = -np.inf) -> Estimate:
        """Days (n,) over all person-days, at that scale, with the interval of the clusters' own numbers."""
        parts = np.column_stack([days, self.sample.count("days")])
        return estimate(self.sample.strata, parts, lambda totals: scale * quotient(totals), limits=(least, np.inf))

    def harm(self, one: Combination) -> Estimate:
        """W0 of a combination, per 1,000 person-years."""
        return self.rate(self.wrongful[:, self._at(one)], least=0.0)

    def more_harm(self, one: Combination, other: Combination) -> Estimate:
        """W0 of the first less W0 of the second: paired."""
        return self.rate(self.wrongful[:, self._at(one)] - self.wrongful[:, self._at(other)])

    def counts_the_same(self, one: Combination, other: Combination) -> bool:
        """Whether both have the same days of W0 in every cluster."""
        return np.array_equal(self.wrongful[:, self._at(one)], self.wrongful[:, self._at(other)])

    def quantities(self, one: Combination) -> Iterator[tuple[str, str, Estimate]]:
        """Name, unit and estimate of what is stated of a combination.

        harm: W0; own: M1, beside accurate records under its own rules; closed: all closed days; decided: cases that reviewers decide;
        averted, closed_averted: W0 and closed days of the design less its own; averted_per_hour: where hours are given and not nothing.
        """
        at = self._at(one)
        yield "harm", RATE_UNIT, self.harm(one)
        yield "own", RATE_UNIT, self.rate(self._own[:, at], least=0.0)
        yield "closed", RATE_UNIT, self.rate(self._closed[:, at], least=0.0)
        yield "decided", CASES_UNIT, self.rate(self._decided[:, at], least=0.0)
        if at == 0:
            return
        averted = self.wrongful[:, 0] - self.wrongful[:, at]
        yield "averted", RATE_UNIT, self.rate(averted)
        yield "closed_averted", RATE_UNIT, self.rate(self._closed[:, 0] - self._closed[:, at])
        if one.hours:
            yield "averted_per_hour", HOURS_UNIT, self.rate(averted, scale=RATE / one.hours)

    def effects(self) -> Iterator[Effect]:
        """Of every safeguard: alone, on average, last; of every two: alone and on average; of more: alone.

        The effects `alone` of all that is in a combination add up to the days that it averts, to the last one.
        """
        for members in (one.safeguards for one in self.combinations[1:]):
            kinds = {"alone": self._signed(members)}
            if len(members) <= 2:
                kinds["average"] = self._average(members)
            if len(members) == 1:
                kinds["last"] = self._signed(members, set(self.names) - set(members))
            hours = self[members].hours if len(members) == 1 else None
            for kind, weights in kinds.items():
                days = self.wrongful @ self._vector(weights)
                yield Effect(kind, members, self.rate(days), self.rate(days, scale=RATE / hours) if hours else None)

    def _at(self, one: Combination) -> int:
        return self._place[frozenset(one.safeguards)]

    def _signed(self, members: Iterable[str], others: Iterable[str] = NOBODY) -> dict[int, float]:
        """What the members avert together beyond all of their smaller combinations, when the others are there: weights by combination."""
        members, others = tuple(members), frozenset(others)
        return {
            self._place[others | set(some)]: -((-1.0) ** (len(members) - size))
            for size in range(len(members) + 1)
            for some in itertools.combinations(members, size)
        }

    def _average(self, members: Sequence[str]) -> dict[int, float]:
        """The same, as a mean over all combinations of the others."""
        rest = [name for name in self.names if name not in members]
        backgrounds = [some for size in range(len(rest) + 1) for some in itertools.combinations(rest, size)]
        total: dict[int, float] = {}
        for others in backgrounds:
            for place, weight in self._signed(members, others).items():
                total[place] = total.get(place, 0.0) + weight / len(backgrounds)
        return total

    def _vector(self, weights: Mapping[int, float]) -> Floats:
        found = np.zeros(len(self.combinations))
        for place, weight in weights.items():
            found[place] = weight
        return found
