"""V5: the ladder of appeals of a disability benefit. Steps from the published funnel; what comes out at the end predicted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...layout import SPELL_BIN, Floats
from ..engine import Lab
from .estimates import jackknifed, ratio
from .stated import Given, Prediction, Target

SEED = 35
TOWNSHIPS = (200, 40)


def overrides(given: Given) -> tuple[str, ...]:
    """The steps of the ladder. Who asks for a review: those who appealed, over the ones who fail there and go on."""
    asks = given["appealed"] / (given["go_on"] * (1.0 - given["changed"]))
    return (
        f"redress.take_up={asks:.6g}",
        f"redress.sensitivity={given['changed']:.6g}",
        f"redress.decide.fixed={given['review_days']:.0f} days",
        f"redress.second.take_up={given['go_on']:.6g}",
        f"redress.second.after={given['tribunal_weeks']:.0f} weeks",
        f"redress.second.sensitivity={(1.0 - given['lapsed']) * given['won']:.6g}",
    )


def middle(counts: Floats) -> float:
    """The median of lengths counted in bins of `SPELL_BIN` days, evenly spread within a bin."""
    below = np.concatenate([[0.0], np.cumsum(counts)])
    half = below[-1] / 2.0
    at = int(np.searchsorted(below, half)) - 1
    return SPELL_BIN * (at + float((half - below[at]) / counts[at]))


def predict(given: Given, lab: Lab) -> Iterator[Prediction]:
    """Reviews, hearings won, and the time until one is won."""
    steps = overrides(given)
    one = lab.live("published/v5", TOWNSHIPS[0], SEED, steps, quick=(TOWNSHIPS[1], None))
    # the same people before a tribunal that overturns nothing: what is upheld there was upheld at the review
    never = lab.live("published/v5", TOWNSHIPS[0], SEED, (*steps, "redress.second.sensitivity=0"), quick=(TOWNSHIPS[1], None))
    decisions = one.each("records_in.designed")
    yield Prediction.of("asked", ratio(one.each("contested.designed"), decisions))
    yield Prediction.of("overturned", ratio(one.each("upheld.designed") - never.each("upheld.designed"), decisions))
    # all cases by the time until they were decided, less those that the review decided for good, which took as long as a review takes
    at = one.columns["waits"].index("decision.designed")
    lengths = np.array([each.waits[:, at] for each in one.townships], float)
    lengths[:, int(given["review_days"]) // SPELL_BIN] -= one.each("decided.designed") - one.each("second.designed")
    yield Prediction.of("weeks", jackknifed(lengths, lambda counts: middle(counts) / 7.0))


TARGETS = (
    Target(
        "V5",
        "Appeals about a disability benefit (PIP)",
        "A tenth of decisions was appealed (AP01); a review changes 15 % (AP02), 41 % of the others go on (AP03), 8 % lapse (AP04), 66 %"
        " of hearings are won (AP05); a review takes 57 days (AP06), a tribunal 30 weeks (AP07).",
        "Who asks for a review follows from the tenth and the two steps below it. An appeal ends in a win with probability (1 − 8 %) × "
        "66 %. The tribunal's 30 weeks are the mean of an exponential wait, the only one that the engine has for a second instance.",
        predict,
    ),
)
