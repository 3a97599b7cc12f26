"""Predictions beside what was observed: the only module that reads outcomes. Hits, misses with their reasons, and what was no test."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources

from .stated import Prediction

NO_REASON = "not looked into: it was not found to miss before"
CLOSE = "the Monte Carlo interval reaches over the mark, so that more people might turn this verdict"


class Verdict(StrEnum):
    """What a row comes to."""

    HIT = "hit"
    MISS = "miss"
    SEEN = "seen"  # a calibration saw the outcome
    NONE = "none"  # there is no prediction


@dataclass(frozen=True)
class Observed:
    """A published outcome and its tolerance, as stated before a prediction was lived."""

    what: str
    observed: float
    unit: str
    """share, million, weeks or dollars."""
    source: str
    tolerance: float
    because: str
    """Why the tolerance is what it is."""
    absolute: bool = False
    reference: bool = False
    """Whether the row is that of a simpler model, beside the one that is tested."""
    derived: bool = False
    """Whether it was reckoned from other published figures."""
    missed: str = ""
    """Why it misses, where it was found to."""

    @property
    def within(self) -> tuple[float, float]:
        """The least and the greatest value that count as a hit."""
        reach = self.tolerance if self.absolute else self.tolerance * abs(self.observed)
        return self.observed - reach, self.observed + reach


@dataclass(frozen=True)
class Compared:
    """A row of the table."""

    observed: Observed
    prediction: Prediction
    verdict: Verdict
    reason: str
    """Of a miss, of a row that was seen, or of one without a prediction; or that the verdict is close."""


def observed(target: str) -> dict[str, Observed]:
    """The outcomes of a target by row."""
    file = resources.files("counterlife.verify.published") / "observed.toml"
    return {row: Observed(**entry) for row, entry in tomllib.loads(file.read_text(encoding="utf-8"))[target].items()}


def meets(seen: Observed, low: float, high: float) -> bool:
    """Whether some of this range lies within the tolerance."""
    least, most = seen.within
    return low <= most and high >= least


def compared(seen: Observed, prediction: Prediction) -> Compared:
    """A hit where the prediction, or some of its range, lies within the tolerance."""
    if prediction.low is None or prediction.high is None or prediction.interval is None:
        return Compared(seen, prediction, Verdict.NONE, prediction.why)
    if prediction.seen:
        return Compared(seen, prediction, Verdict.SEEN, prediction.seen)
    hit = meets(seen, prediction.low, prediction.high)
    down, up = prediction.low - prediction.interval[0], prediction.interval[1] - prediction.high
    sure = meets(seen, prediction.low + down, prediction.high - up) if hit else not meets(seen, *prediction.interval)
    reasons = ([] if hit else [seen.missed or NO_REASON]) + ([] if sure else [CLOSE])
    return Compared(seen, prediction, Verdict.HIT if hit else Verdict.MISS, "; ".join(reasons))
