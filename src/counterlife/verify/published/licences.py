"""V1: penalty points of British drivers. Offences are set by the lower classes; the classes of nine points and more are predicted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...measures.intervals import Estimate
from ..engine import Lab, Lived
from .estimates import ratio
from .stated import Given, Prediction, Target

SEED = 31
TOWNSHIPS = (300, 60)  # full form, quick form
CIRCULAR = "the caution of 0.56 was read from this very share (BE06)"
DISCRETION = (
    "not expressible: the rule takes the licence from everybody at twelve points, so none of them drives; those who do were spared by a "
    "court (BR06), which no rule of a scenario says"
)


class Offences(NamedTuple):
    """Offences of a driver in the time for which points count."""

    mean: float
    """Offences of three points."""
    grave: float
    """Offences of six points."""
    shape: float
    """Of the Gamma distribution of drivers."""


def classes(offences: Offences) -> tuple[float, float]:
    """Drivers with 1 to 4 points over those with none, and those with 5 to 8 over those with 1 to 4, by a gamma-Poisson law."""
    both = offences.shape + offences.mean + offences.grave
    one = offences.mean * offences.shape / both
    two = offences.mean * (offences.shape + 1.0) / (2.0 * both) + offences.grave / offences.mean
    return one, two


def fitted(one: float, two: float, grave: float) -> Offences:
    """The offences that give these two ratios of `classes`; the shape by bisection. Raises ValueError where there are none."""

    def of(shape: float) -> Offences:
        return Offences(one * (shape + grave) / (shape - one), grave, shape)

    low, high = one * (1.0 + 1e-9), 100.0  # the second ratio falls as drivers become more alike
    if not classes(of(high))[1] < two < classes(of(low))[1]:
        raise ValueError("no gamma-Poisson law has these classes")
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if classes(of(middle))[1] > two else (low, middle)
    return of((low + high) / 2.0)


def offences_2015(given: Given) -> Offences:
    """From the drivers with 0, 1 to 4, and 5 to 8 points in 2015."""
    none, one, five = given["none_2015"], given["one_2015"], given["five_2015"]
    return fitted(one / none, five / one, given["grave"] * given["window"])


def offences_2011(given: Given) -> Offences:
    """From the drivers with 3 and 6 points in 2011; those with more, some thousandths, count among the ones without points."""
    three, six = given["three_2011"], given["six_2011"]
    return fitted(three / (given["holders_2011"] - three - six), six / three, given["grave"] * given["window"])


def overrides(offences: Offences, window: float, caution: float) -> tuple[str, ...]:
    """What the scenario is set to. caution: multiplier of offences of three points while somebody has six or more."""
    return (
        f"frailty.shape={offences.shape:.6g}",
        f"conduct.offence.rate={offences.mean / window:.6g} per year",
        f"conduct.grave_offence.rate={offences.grave / window:.6g} per year",
        f"conduct.offence.strain={caution:.6g}",
    )


def lived(lab: Lab, offences: Offences, window: float, caution: float) -> Lived:
    """Six years of these drivers."""
    return lab.live("published/v1", TOWNSHIPS[0], SEED, overrides(offences, window, caution), quick=(TOWNSHIPS[1], None))


def kept(one: Lived, least: str, beyond: str) -> Estimate:
    """Drivers from the points of one gate to those of another, where points stay after a ban until they expire."""
    return ratio(one.each(f"open_end.counted.{least}") - one.each(f"open_end.counted.{beyond}"), one.each("people"))


def gone(one: Lived) -> Estimate:
    """Drivers with nine to eleven points, where whoever reached twelve has left the table for good."""
    out = one.each("open_end.counted.gone")
    return ratio(one.each("open_end.counted.nine_or_gone") - out, one.each("people") - out)


def bans(one: Lived) -> tuple[Estimate, Estimate]:
    """Nine to eleven points at the two ends of what bans do; the law wipes the points, which lies between."""
    return gone(one), kept(one, "nine", "twelve")


def predict(given: Given, lab: Lab) -> Iterator[Prediction]:
    """The upper classes of 2015 and 2011; what caution is read from one year is used for the other."""
    window, low, high, strongest = given["window"], given["caution_low"], given["caution_high"], given["caution_2015"]
    first = offences_2015(given)
    free = lived(lab, first, window, 1.0)
    yield Prediction.of("nine_plain", kept(free, "nine", "twelve"))
    yield Prediction.of("twelve_plain", ratio(free.each("open_end.counted.twelve"), free.each("people")))
    yield Prediction.of("nine_bans", *bans(free))
    blind = [end for caution in (low, high) for end in bans(lived(lab, first, window, caution))]
    yield Prediction.of("nine_blind", *blind)
    yield Prediction.of("nine_whole", *blind, *bans(lived(lab, first, window, strongest)), seen=CIRCULAR)
    yield Prediction.none("twelve_bans", DISCRETION)
    second = offences_2011(given)
    yield Prediction.of("nine_plain_2011", kept(lived(lab, second, window, 1.0), "nine", "twelve"))
    yield Prediction.of("nine_blind_2011", *bans(lived(lab, second, window, strongest)))


TARGETS = (
    Target(
        "V1",
        "Penalty points of British drivers",
        "Points count for three years, twelve take the licence; licence holders by points in 2015 (BR04) and 2011 (BR05); caution from "
        "six points on (BE06).",
        "Rate and Gamma shape of offences solve the two ratios of the lower classes under a gamma-Poisson law with a stated rate of "
        "six-point offences. Bans have two ends: whoever reached twelve points is gone for good, or keeps the points until they expire; "
        "the law wipes them, which lies between.",
        predict,
    ),
)
