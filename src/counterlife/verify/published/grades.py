"""V9: school grades without an examination. The row stays, though nothing can be predicted."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine import Lab
from .stated import Given, Prediction, Target

CUT = "the mark below which an entry is lowered is set by this share itself, and nothing else that is published would set it"
STEPS = "not expressible: an entry is lowered or not; the engine has no grades to count steps in"
KINDS = "not expressible: schools of the model differ by chance alone, neither by kind nor by the size of their cohorts"


def predict(given: Given, lab: Lab) -> Iterator[Prediction]:
    """Nothing, and why."""
    yield Prediction.none("lowered", CUT)
    yield Prediction.none("by_two", STEPS)
    yield Prediction.none("private", KINDS)


TARGETS = (
    Target(
        "V9",
        "Grades without an examination (A-levels 2020)",
        "A group's ranking is fitted to the school's past results; small cohorts are exempt (AL02).",
        "None: what the engine has of this (a result moved to where the school's past lay) needs the share of lowered grades to be set "
        "at all.",
        predict,
        engine=False,
    ),
)
