"""Who bears it: groups beside one another, and how unequally days fall on people."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from counterlife.layout import AXES
from counterlife.measures import concentration
from counterlife.measures.channels import by_channel
from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Estimate, Floats, estimate, quotient, touches_zero
from counterlife.measures.mistakes import spell_length
from counterlife.measures.redress import take_up
from counterlife.measures.restriction import ever_wrongful, wrongful_restriction
from counterlife.measures.sample import Quotient, Row, Sample
from counterlife.measures.stated import PEOPLE, RATE, SHARE, Answers, ruled_worlds

REFERENCE = {"sex": "male", "age": "40-59", "residence": "urban", "means": "middle", "name": "rare name"}


def disparity(sample: Sample) -> Answers:
    """M12: M1, M3, M10 (mean length) and M24 (take-up) of a group over those of the reference group, and less them.

    Ratios have their interval on the logarithm. Groups differ in conduct as well as in what the system does to them: M1 and M3 are also
    given standardised to equal latent conduct, and the difference in M1 split by the channels through which it comes about.

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
    for pair in sample.facts.pairs:
        if not sample.facts.side_worlds & set(pair):
            yield from at_equal_conduct(sample, pair)
    yield from by_channel(sample, REFERENCE)


def at_equal_conduct(sample: Sample, pair: tuple[str, str]) -> Iterator[Row]:
    """M1 and M3 of a group beside those of its reference, both standardised to the latent conduct of everybody.

    Direct standardisation (Keiding and Clayton 2014): the rate in each class of latent conduct, weighted by the people of all groups in the
    class; classes in which one of the two groups has nobody are left out. Inside a class conduct differs by a factor of 1.4 at most.
    """
    name, days = pair_name(pair), sample.facts.days
    kinds = {
        "M1": (f"wrongful_days.{name}", RATE / days, "per 1,000 person-years"),
        "M3 1 day or more": (f"wrongful_ever.{name}", PEOPLE, "per 10,000 people"),
    }
    for axis, level in ((axis, level) for axis, levels in AXES.items() for level in levels if level != REFERENCE[axis]):
        group, reference = f"{axis}={level}", f"{axis}={REFERENCE[axis]}"
        for detail, (column, scale, unit) in kinds.items():
            ours, theirs = (np.hstack([sample.latent("people", one), sample.latent(column, one)]) for one in (group, reference))
            standard = sum(sample.latent("people", f"{axis}={each}") for each in AXES[axis])
            parts = np.hstack([standard, ours, theirs])
            about = partial(Row, people=int(sample.count("people", group=group).sum()), world=pair[0], versus=pair[1], group=group)
            ratio, difference = _standardised(sample, parts, scale)
            yield about(ratio, detail=f"ratio, {detail} at equal conduct", unit=f"ratio to {REFERENCE[axis]}")
            yield about(difference, detail=f"difference, {detail} at equal conduct", unit=f"{unit} more than {REFERENCE[axis]}")


def _standardised(sample: Sample, parts: Floats, scale: float) -> tuple[Estimate, Estimate]:
    """Ratio and difference of two standardised rates; parts (n, 5 classes): people of all, people and cases of one group and the other."""
    people, cases = np.split(parts, 5, axis=1)[1::2], np.split(parts, 5, axis=1)[2::2]
    if not (people[0].any() and people[1].any()):
        return Estimate(None), Estimate(None)
    difference = estimate(sample.strata, parts, lambda t: scale * np.subtract(*standardised(t)))
    if touches_zero(sample.strata, cases[1].sum(axis=1)):
        return Estimate(None), difference
    if not cases[0].any():
        return Estimate(0.0), difference
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = estimate(sample.strata, parts, lambda t: np.subtract(*np.log(standardised(t))))
    return ratio.exponential, difference


def standardised(totals: Floats) -> tuple[Floats, Floats]:
    """The rates of two groups, each class weighted as it is among all. totals: (m, 5 classes), as for `_standardised`."""
    everybody, ours, our_cases, theirs, their_cases = np.split(totals, 5, axis=1)
    weight = np.where((ours > 0) & (theirs > 0), everybody, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = weight / weight.sum(axis=1, keepdims=True)
        one, other = (np.where(weight > 0, cases / people, 0.0) for cases, people in ((our_cases, ours), (their_cases, theirs)))
    return np.asarray((share * one).sum(axis=1)), np.asarray((share * other).sum(axis=1))


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
