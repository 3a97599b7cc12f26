"""V4: findings of a machine that flags five times as many as before. Nothing is free in it."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine import Lab
from .estimates import ratio
from .stated import Given, Prediction, Target

SEED = 34
TOWNSHIPS = (100, 20)
HUMAN = "how many wrong flags a person takes out again is known from this number alone"


def overrides(given: Given) -> tuple[str, ...]:
    """The share of false alarms that makes the flags so many times the claims not owed, all of which are flagged."""
    owed = given["owed"]
    screen = "sources.agency.records.claim.procedure.screen"
    return f"{screen}.owed={owed:.6g}", f"{screen}.false_alarm={owed * (given['times'] - 1.0) / (1.0 - owed):.8g}"


def predict(given: Given, lab: Lab) -> Iterator[Prediction]:
    """Wrong findings, and what appeals that err nowhere make of them."""
    one = lab.live("published/v4", TOWNSHIPS[0], SEED, overrides(given), quick=(TOWNSHIPS[1], None))
    wrong, right = (one.channels(f"{kind}.designed").sum(axis=1) for kind in ("rule", "right"))
    yield Prediction.of("automatic", ratio(wrong, wrong + right))
    yield Prediction.of("all", ratio(wrong, wrong + right))
    yield Prediction.none("human", HUMAN)
    yield Prediction.of("appeals", ratio(one.each("upheld.designed"), one.each("decided.designed")))


TARGETS = (
    Target(
        "V4",
        "Findings by machine (MiDAS)",
        "Findings rose to five times the earlier count (MI06) among the same people.",
        "All claims that were found before were rightly found, and are found still; false alarms make up the rest. Appeals err nowhere, "
        "and everybody appeals.",
        predict,
    ),
)
