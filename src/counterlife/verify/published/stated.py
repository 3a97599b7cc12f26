"""What a target is: published facts that a calibration may see, the calibration in words, and the function that makes its predictions.

Nothing here, and no module of a target, knows what was observed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from ...measures.intervals import Estimate
from ..engine import Lab


@dataclass(frozen=True)
class Fact:
    """A published figure, or an assumption where it has no source."""

    value: float
    source: str
    """Rows of the evidence; empty for an assumption."""
    what: str
    because: str = ""
    """Why an assumption is what it is, or what is special about a figure."""


class Given(Mapping[str, float]):
    """The facts of one target by name; it remembers which were read, so that a calibration can say what it saw."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self.facts = dict(facts)
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> float:
        self._read.add(name)
        return self.facts[name].value

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    @property
    def seen(self) -> tuple[Fact, ...]:
        """The facts that were read, in the order of the file."""
        return tuple(fact for name, fact in self.facts.items() if name in self._read)


@dataclass(frozen=True)
class Prediction:
    """What the engine makes of a row of a target: a number, a range where the facts leave one, or nothing."""

    row: str
    """Name of the row of `observed.toml`."""
    low: float | None = None
    """Predicted value, or the lower end of the range."""
    high: float | None = None
    interval: tuple[float, float] | None = None
    """Monte Carlo interval of 95 %: of the lower end downwards, of the upper end upwards."""
    seen: str = ""
    """How the calibration saw the outcome, where it did: agreement then says nothing."""
    why: str = ""
    """Why there is no prediction."""

    @classmethod
    def of(cls, row: str, *ends: Estimate, seen: str = "") -> Prediction:
        """The prediction between these estimates; one where there is one. Raises ValueError where an estimate has no value or interval."""
        values = [one.value for one in ends if one.value is not None]
        lows = [one.low for one in ends if one.low is not None]
        highs = [one.high for one in ends if one.high is not None]
        if not ends or min(len(values), len(lows), len(highs)) < len(ends):
            raise ValueError(f"the prediction of {row} has an end without a value or an interval")
        return cls(row, min(values), max(values), (min(lows), max(highs)), seen)

    @classmethod
    def none(cls, row: str, why: str) -> Prediction:
        """No prediction: the engine cannot express it, or nothing published would set it."""
        return cls(row, why=why)


@dataclass(frozen=True)
class Target:
    """A target of the evidence; targets are listed in the modules by subject."""

    id: str
    title: str
    known: str
    """What is published about the system, with rows of the evidence."""
    calibration: str
    """What is worked out from the facts given, in words."""
    predict: Callable[[Given, Lab], Iterator[Prediction]]
    engine: bool = True
    """Whether the engine lives scenarios for it."""


def given(target: str) -> Given:
    """The facts that the calibration of a target may see."""
    file = resources.files("counterlife.verify.published") / "given.toml"
    entries = tomllib.loads(file.read_text(encoding="utf-8"))
    return Given({name: Fact(**fact) for name, fact in entries[target].items()})
