"""V6: income averaging (Robodebt). The rule, an even spread of work patterns, and pay that gives the mean debt; shares predicted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...exact.averaging import FORTNIGHTS, Benefit, claim
from ...exact.counts import binomial
from ..engine import Lab
from .estimates import ratio
from .stated import Given, Prediction, Target

SEED = 36
TOWNSHIPS = (50, 10)
WORKS = tuple(range(5, 100, 10))  # per cent of fortnights with work: ten kinds of years
AMOUNTS = "not expressible: the engine raises records, not amounts; pay was set so that the rule's own sum gives this mean"


def mean_debt(benefit: Benefit, pay: float, least: float) -> float:
    """Mean claim of those above the least, over the ten kinds of years, where work is always paid the same."""
    worked = np.arange(FORTNIGHTS + 1)[:, None] > np.arange(FORTNIGHTS)
    claims = claim(benefit, np.where(worked, pay, 0.0))
    chance = np.mean([binomial(FORTNIGHTS, works / 100.0) for works in WORKS], axis=0) * (claims > least)
    return float(chance @ claims / chance.sum())


def pay_for(debt: float, benefit: Benefit, least: float) -> float:
    """The pay of a fortnight with work at which the mean debt is this; by bisection. Raises ValueError where there is none."""
    gone = benefit.free + benefit.full / benefit.taper  # pay that leaves no benefit: up to it averaging claims nothing
    low, high = 1.1 * gone, 20.0 * gone
    if not mean_debt(benefit, low, least) < debt < mean_debt(benefit, high, least):
        raise ValueError(f"no pay gives a mean debt of {debt:g}")
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if mean_debt(benefit, middle, least) < debt else (low, middle)
    return (low + high) / 2.0


def overrides(given: Given) -> tuple[str, ...]:
    """Benefit, pay and least debt, the same for the ten kinds of years."""
    benefit, least = Benefit(given["full_rate"], given["free"], given["taper"]), given["least_debt"]
    rule = {"pay": pay_for(given["mean_debt"], benefit, least), "full_rate": benefit.full, "free": benefit.free, "claim_above": least}
    at = "sources.agency.records.year_{:02d}.procedure.average.{}={:.8g}"
    return tuple(at.format(works, name, value) for works in WORKS for name, value in {**rule, "taper": benefit.taper}.items())


def predict(given: Given, lab: Lab) -> Iterator[Prediction]:
    """Debts that the law does not know, and letters without a debt, with every record right."""
    one = lab.live("published/v6", TOWNSHIPS[0], SEED, overrides(given), quick=(TOWNSHIPS[1], None))
    letters = one.channels("events.accurate").sum(axis=1)
    unlawful, lawful = (one.channels(f"{kind}.accurate").sum(axis=1) for kind in ("rule", "right"))
    yield Prediction.none("mean_debt", AMOUNTS)
    yield Prediction.of("no_rule", ratio(one.channels("rule.lawful").sum(axis=1), letters))
    yield Prediction.of("unlawful", ratio(unlawful, letters))
    yield Prediction.of("no_debt", ratio(letters - unlawful - lawful, letters))


TARGETS = (
    Target(
        "V6",
        "Income averaging (Robodebt)",
        "The rule is public: a year's income is spread evenly over 26 fortnights and a tapering benefit is worked out anew. The mean "
        "debt was about 3,750 dollars (RD05).",
        "Every share of fortnights with work is as frequent as any other, as nothing is published; pay is what gives the mean debt. "
        "Every income is reported, every record right.",
        predict,
    ),
)
