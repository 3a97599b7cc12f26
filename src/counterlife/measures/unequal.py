"""Who bears it: groups beside one another, and how unequally days fall on people."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from counterlife.layout import AXES
from counterlife.measures import concentration
from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Estimate, estimate, quotient, touches_zero
from counterlife.measures.mistakes import spell_length
from counterlife.measures.redress import take_up
from counterlife.measures.restriction import ever_wrongful, wrongful_restriction
from counterlife.measures.sample import Quotient, Row, Sample
from counterlife.measures.stated import SHARE, Answers, ruled_worlds

REFERENCE = {"sex": "male", "age": "40-59", "residence": "urban", "means": "middle", "name": "rare name"}


def disparity(sample: Sample) -> Answers:
    """M12: M1, M3, M10 (mean length) and M24 (take-up) of a group over those of the reference group, and less them.

    Ratios have their interval on the logarithm. Groups differ in conduct as well as in what the system does to them: standardised
    ratios need runs that switch one channel at a time, and are not part of this measure.

    Formula: measure of a group over, or less, that of the reference group
    Unit: ratio
    Source: method B, M12
    Tests: P7; test_a_disparity_is_the_ratio_and_the_difference_of_two_rates
    """
    sources = {
        "M1": (wrongful_restriction, "per 1,000 person-years"),
        "M3": (ever_wrongful, "per 10,000 people"),
        "M10": (spell_length, "days"),
        "M24": (_taken_up, "%"),
    }
    for source, (function, unit) in sources.items():
        for wanted in function(sample):
            if isinstance(wanted, Quotient) and wanted.domain == "all":
                yield from _compared(sample, source, wanted, unit)


def _taken_up(sample: Sample) -> Iterator[Quotient]:
    for world in ruled_worlds(sample.facts):
        if sample.count(f"learned.{world}").any():
            yield from take_up(sample, world)


def _compared(sample: Sample, source: str, wanted: Quotient, unit: str) -> Iterator[Row]:
    for axis, levels in AXES.items():
        reference = f"{axis}={REFERENCE[axis]}"
        for level in levels:
            if level == REFERENCE[axis]:
                continue
            group = f"{axis}={level}"
            ratio, difference = _two_groups(sample, wanted, group, reference)
            row = partial(
                Row,
                people=int(sample.count("people", group=group).sum()),
                world=wanted.world,
                versus=wanted.versus,
                group=group,
            )
            detail = f"{source} {wanted.detail}".strip()
            yield row(ratio, detail=f"ratio, {detail}", unit=f"ratio to {REFERENCE[axis]}")
            yield row(difference, detail=f"difference, {detail}", unit=f"{unit} more than {REFERENCE[axis]}")


def _two_groups(sample: Sample, wanted: Quotient, group: str, reference: str) -> tuple[Estimate, Estimate]:
    ours, theirs = sample.parts(wanted, group), sample.parts(wanted, reference)
    parts = np.hstack([ours, theirs])
    if wanted.outcome and (touches_zero(sample.strata, ours[:, 1]) or touches_zero(sample.strata, theirs[:, 1])):
        return Estimate(None), Estimate(None)
    if not (ours[:, 1].any() and theirs[:, 1].any()):
        return Estimate(None), Estimate(None)
    difference = estimate(sample.strata, parts, lambda t: wanted.scale * (quotient(t[:, :2]) - quotient(t[:, 2:])))
    if touches_zero(sample.strata, theirs[:, 0]):
        return Estimate(None), difference
    if not ours[:, 0].any():
        return Estimate(0.0), difference
    ratio = estimate(sample.strata, parts, lambda t: np.log(quotient(t[:, :2])) - np.log(quotient(t[:, 2:])))
    return ratio.exponential, difference


def unequal_days(sample: Sample) -> Answers:
    """M13: Gini (0 to 1) and share of the top 1 % of people in wrongful and in all closed domain-days.

    People without any day are included. People in a class of days count at its mean; the most that this can hide is stated too.

    Formula: Gini and top share of days over all people
    Unit: 0 to 1
    Source: method B, M13
    Tests: C30; test_the_grouped_gini_lies_within_its_bound_of_that_of_the_persons
    """
    lower, upper = concentration.edges(sample, sample.facts)
    subjects = [(pair_name(pair), *pair) for pair in sample.facts.pairs] + [(world, world, "all") for world in sample.facts.worlds]
    for name, world, versus in subjects:
        totals = concentration.classes(sample, name)
        if not totals[:, 1:].any():
            continue
        row = partial(Row, people=int(sample.people.sum()), world=world, versus=versus)
        yield row(estimate(sample.strata, totals, concentration.gini, limits=(0.0, 1.0)), detail="Gini")
        bound = concentration.grouping_bound(sample.strata.total(totals)[None, :], lower, upper)[0]
        yield row(Estimate(float(bound)), detail="Gini, most that grouping hides")
        top = estimate(sample.strata, totals, lambda t: 100 * concentration.top_share(t), limits=SHARE)
        yield row(top, detail="share of the top 1 % of people", unit="%")
