"""A virtual audit (M31): what outsiders could see of errors, beside what is true in the model.

Appeals, complaints, a random audit of files, a matched comparison and capture by two sources each give a number; none needs to be the
truth, and the difference is the point. A person's twin is known only here, never to an auditor.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Estimate, Floats
from counterlife.measures.sample import Quotient, Row, Sample
from counterlife.measures.stated import SHARE, UNBOUNDED, Answers, recorded_pairs

FILES = 1000


def virtual_audit(sample: Sample) -> Answers:
    """M31: observable rates of error beside the true ones.

    Truth: the share of records entered, of those acting at the end, and of those contested that are wrong. Seen: the share of decided
    appeals that are upheld, appeals for each 1,000 people, a random audit of 1,000 files with its standard deviation, and for each class
    that two sources record the number of events that capture by both suggests (Chapman 1951) as a share of the true one. The effect of a
    wrong record on being shut out: people with one beside people without, the same inside groups, and the same people beside their twins.

    Formula: what auditors could see, and the truth
    Unit: %
    Source: method B, M31 and A.11; Chapman (1951)
    Tests: C31, C33; test_the_matched_comparison_corrects_for_groups_and_not_for_conduct
    """
    for world in dict.fromkeys(w for w, _ in recorded_pairs(sample.facts)):
        share = partial(Quotient, scale=100, world=world, limits=SHARE, outcome=True)
        yield share((f"wrong_records.{world}",), (f"records_in.{world}",), detail="truth, records entered that are wrong")
        yield share((f"wrong_open.{world}",), (f"records_open.{world}",), detail="truth, records acting at the end that are wrong")
        if sample.count(f"decided.{world}").any():
            yield share((f"contested_wrong.{world}",), (f"contested.{world}",), detail="truth, contested records that are wrong")
            yield share((f"upheld.{world}",), (f"decided.{world}",), detail="seen, decided appeals that are upheld")
            yield Quotient((f"contested.{world}",), ("people",), 1000, world=world, detail="seen, appeals", unit="per 1,000 people")
        yield from _file_audit(sample, world)
        yield from _captured(sample, world)
    for world, versus in recorded_pairs(sample.facts):
        yield from _triptych(sample, world, versus)


def _file_audit(sample: Sample, world: str) -> Iterator[Row]:
    wrong, files = sample.strata.total(np.column_stack([sample.count(f"wrong_open.{world}"), sample.count(f"records_open.{world}")]))
    if files >= FILES:
        row = partial(Row, people=int(sample.people.sum()), world=world)
        found, deviation = file_audit(wrong, files)
        yield row(Estimate(100 * found), detail="seen, audit of 1,000 files")
        yield row(Estimate(100 * deviation), detail="seen, audit of 1,000 files, standard deviation", unit="percentage points")


def file_audit(wrong: float, files: float, audited: int = FILES) -> tuple[float, float]:
    """The expected share of wrong files among those audited, and its standard deviation (hypergeometric)."""
    share = wrong / files
    return share, float(np.sqrt(share * (1 - share) / audited * (files - audited) / (files - 1)))


def _captured(sample: Sample, world: str) -> Iterator[Row]:
    for place, name in enumerate(sample.tallies.rows["classes"]):
        first, second, both, events = (sample.column("classes", f"{c}.{world}")[:, place] for c in ("first", "second", "both", "events"))
        if first.any() and second.any():
            parts = np.column_stack([first, second, both, events])
            detail = f"seen, events of {name} by two sources"
            yield from sample.places(parts, _found, over=2, world=world, detail=detail, unit="% of the true number")


def _found(totals: Floats) -> Floats:
    first, second, both, events = totals.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100 * chapman(first, second, both) / events, dtype=np.float64)


def chapman(first: Floats, second: Floats, both: Floats) -> Floats:
    """The size of a population of which two sources saw so many, and both of them so many (Chapman 1951)."""
    return (first + 1) * (second + 1) / (both + 1) - 1


def _triptych(sample: Sample, world: str, versus: str) -> Iterator[Row | Quotient]:
    """Raw, matched and true effect of a wrong record on being shut out: percentage points."""
    cells = partial(sample.column, "people")
    marked, unmarked = cells(f"marked.{world}"), cells("people") - cells(f"marked.{world}")
    shut, others = cells(f"marked_ever.{world}"), cells(f"ever.{world}.1") - cells(f"marked_ever.{world}")
    if not marked.any():
        return
    parts = np.hstack([marked, unmarked, shut, others])
    about = partial(sample.places, parts, world=world, versus=versus, unit="percentage points")
    yield from about(raw_gap, detail="seen, shut out with a wrong record and without")
    yield from about(matched_gap, detail="seen, the same in matched groups")
    yield Quotient(
        (f"marked_ever.{world}",),
        (f"marked.{world}",),
        100,
        minus=(f"marked_twin.{pair_name((world, versus))}",),
        world=world,
        versus=versus,
        detail="truth, shut out because of it",
        unit="percentage points",
        limits=UNBOUNDED,
        outcome=True,
    )


def raw_gap(totals: Floats) -> Floats:
    """Percentage points between marked and unmarked people. totals: marked, unmarked, shut out among each, by group (m, 4 groups)."""
    marked, unmarked, shut, others = (part.sum(axis=1) for part in np.split(totals, 4, axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100 * (shut / marked - others / unmarked), dtype=np.float64)


def matched_gap(totals: Floats) -> Floats:
    """The same inside each group, weighted by its marked people; groups without unmarked people are left out."""
    marked, unmarked, shut, others = np.split(totals, 4, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.where((marked > 0) & (unmarked > 0), shut / marked - others / unmarked, 0.0)
        weight = np.where(unmarked > 0, marked, 0.0)
        return np.asarray(100 * (gap * weight).sum(axis=1) / weight.sum(axis=1), dtype=np.float64)
