"""V10: how the effect of a points licence fades. A belief that is learned, beside an effect that is constant."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ...layout import Ints
from ...measures.intervals import Estimate
from ..engine import Lab
from .estimates import jackknifed
from .stated import Given, Prediction, Target

SEED = 40
TOWNSHIPS = (50, 10)
Events = tuple[Ints, Ints]  # without the system and with it, by township


def overrides(given: Given, *, learns: bool) -> tuple[str, ...]:
    """How much a certain belief deters, and how fast the belief follows what people live: not at all for a constant effect."""
    rate = -math.log(given["left"]) / (given["worn_off"] / 12.0) if learns else 0.0
    return f"conduct.offence.deterred={-math.log1p(-given['first_effect']):.8g}", f"behaviour.learning={rate:.8g} per year"


def events(lab: Lab, steps: tuple[str, ...], length: str) -> Events:
    """Offences from the first day on."""
    one = lab.live("published/v10", TOWNSHIPS[0], SEED, (*steps, f"period.length={length}"), quick=(TOWNSHIPS[1], None))
    names = one.columns["classes"]
    return tuple(np.array([each.classes[:, names.index(f"events.{w}")].sum() for each in one.townships]) for w in ("none", "accurate"))  # type: ignore[return-value]


def effect(later: Events, earlier: Events | None = None) -> Estimate:
    """Relative change of offences between two days, from the first day on where nothing is given."""
    without, with_ = (end - (0 if earlier is None else earlier[i]) for i, end in enumerate(later))
    return jackknifed(np.stack([without, with_], axis=1), lambda sums: float(sums[1] / sums[0] - 1.0))


def predict(given: Given, lab: Lab) -> Iterator[Prediction]:
    """The first month, the eighteenth, and all eighteen."""
    learned, constant = overrides(given, learns=True), overrides(given, learns=False)
    whole, all_but_one, first = (events(lab, learned, length) for length in ("18 months", "17 months", "1 month"))
    yield Prediction.of("first", effect(first), seen="the deterrence is set by it")
    steady, steady_17 = (events(lab, constant, length) for length in ("18 months", "17 months"))
    yield Prediction.of("constant_month_18", effect(steady, steady_17))
    yield Prediction.of("month_18", effect(whole, all_but_one), seen="the rate of learning is set by it")
    yield Prediction.of("constant_italy", effect(steady))
    yield Prediction.of("italy", effect(whole))
    yield Prediction.of("spain", effect(whole))


TARGETS = (
    Target(
        "V10",
        "How a points licence fades",
        "Offences fall by 15 to 20 % at first and the effect wears off in under 18 months (BE01); detection stays as it was.",
        "A certain belief deters so much that the first effect is met; the belief is learned at the rate at which a twentieth of it is "
        "left after 18 months.",
        predict,
    ),
)
