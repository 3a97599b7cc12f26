"""What measures make of runs whose answer is known: C24 and C29 to C31.

The measures are those of a report, computed from the tallies of scenarios that the engine lived.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from statistics import NormalDist
from typing import cast

import numpy as np

from ..exact import audits, breaches
from ..layout import Floats
from ..measures.attacks import breach_exposure
from ..measures.audit import virtual_audit
from ..measures.conduct import auc, validity
from ..measures.sample import ALL, Quotient
from ..measures.sample import Row as Measured
from ..measures.unequal import unequal_days
from . import solvers
from .engine import Lab, Lived
from .stated import Check
from .tolerance import Row

SEED = 23
WORLD = "accurate"


def value(answers: Iterable[Measured | Quotient], world: str, detail: str) -> float:
    """The value of a measure for everybody in a world."""
    for row in answers:
        if isinstance(row, Measured) and (row.world, row.detail, row.region) == (world, detail, ALL):
            return float("nan") if row.estimate.value is None else row.estimate.value
    raise KeyError(f"{detail} in world {world}")


# --- C24: breaches ----------------------------------------------------------------------------------------------------------------------

BREACHED, SOURCES = 0.1, 30
MONTH, FROM = 7, 212  # of c24_kept, once the first term has passed: from 1 August on
ACTS, KEEP = 0.005, 200
LEAK = "Leak"


def breached(lab: Lab) -> Iterator[Row]:
    """C24: the same records in one place, in thirty, and in both."""
    t, sample = lab.tolerance, lab.sampled("c24", 2, SEED)
    answers = list(breach_exposure(sample))
    for words, places in (("central", 1), ("federated", SOURCES)):
        due = breaches.breach(places, BREACHED)
        worst = breaches.tail_mean(places, BREACHED, 0.05)
        for measured, exact in (
            ("chance of any", due.any),
            ("more than a tenth of people in one place", due.any),  # everybody has a record everywhere
            ("mean loss", due.mean),
            ("mean of the worst 5 in 100", worst),
            ("mean loss given any", due.mean / due.any),
        ):
            seen = value(answers, "attacked", f"{LEAK}: {words}, {measured}")
            yield t.solvers(f"{words}: {measured}, measure M27", seen, 100.0 * exact)
    for measured, exact in (("chance of any", 1.0 - (1.0 - BREACHED) ** (SOURCES + 1)), ("mean loss", 2.0 * BREACHED)):
        seen = value(answers, "attacked", f"{LEAK}: central and old copies, {measured}")
        yield t.solvers(f"central and old copies: {measured}, measure M27", seen, 100.0 * exact)
    records = value(answers, "attacked", f"{LEAK}: federated, expected records taken")
    yield t.solvers("records taken of 1,000 people, measure M27", records, 1000.0 * SOURCES * BREACHED)
    yield from _on_file(lab)
    yield from solvers.breached(lab)


def _on_file(lab: Lab) -> Iterator[Row]:
    """What lies on file on the days from August on, at the only source."""
    t, sample = lab.tolerance, lab.sampled("c24_kept", 60, SEED, () if lab.form.fewer == 1 else ("population.township=600",))
    labels = cast("tuple[tuple[int, str], ...]", sample.tallies.rows["archives"])
    rows, days = [n for n, (month, source) in enumerate(labels) if source and month >= MONTH], np.arange(FROM, 600)
    aged = KEEP * (KEEP - 1) / 2.0
    for column, said, due in (
        ("record_days", "records on file", ACTS * KEEP * days.size),
        ("age_days", "days for which they had been", ACTS * aged * days.size),
        ("person_days", "people on file", -math.expm1(-ACTS * KEEP) * days.size),
        ("kept_record_days", "records in a copy that is never cleared", ACTS * float((days + 1).sum())),
        ("kept_age_days", "days for which they had been there", ACTS * float((days * (days + 1) / 2.0).sum())),
        ("kept_person_days", "people in it", float(-np.expm1(-ACTS * (days + 1.0)).sum())),
    ):
        seen = sample.column("archives", f"{column}.leak.attacked")[:, rows].sum(axis=1)
        yield t.clusters(said, seen, sample.people, due)


# --- C29: rankings ----------------------------------------------------------------------------------------------------------------------

SHIFT, KNOWN, SPREAD = 0.5, 0.6, 100.0


def meter(one: Lived, world: str) -> tuple[Floats, Floats]:
    """People of the tenth with most latent conduct, and the others, by township and class of the score at the end."""
    sample = one.sample
    everybody = sum(sample.column("meter", f"tenth{n}.{world}") for n in range(10))
    top = sample.column("meter", f"top.{world}")
    return top, np.asarray(everybody - top)


def top_and_rest(one: Lived, world: str) -> tuple[int, int]:
    """How many people there are of each."""
    top, rest = meter(one, world)
    return int(top.sum()), int(rest.sum())


def ranked(lab: Lab) -> Iterator[Row]:
    """C29: scores that are normal in two groups, and a score that knows latent conduct in part."""
    t = lab.tolerance
    apart = ("score.proxy.validity=0",)
    low = lab.live("c29", 60, SEED, apart, (60, 500))
    high = lab.live("c29", 60, SEED + 1, (*apart, f"score.start={500.0 + SHIFT * SPREAD}"), (60, 500))
    first, second = (np.add(*meter(one, WORLD)) for one in (low, high))
    pairs = first.sum(axis=1) * second.sum(axis=1)
    won = auc(np.hstack([first, second])) * pairs
    exact = audits.auc_of_classes(*(_normal(low, mean) for mean in (0.0, SHIFT)))
    yield t.clusters(f"two groups {SHIFT} standard deviations apart, by the function of M16", won, pairs, exact[0])
    yield t.solvers("classes of the score hide little", exact[0], NormalDist().cdf(SHIFT / math.sqrt(2.0)), 5e-4)
    one = lab.live("c29", 60, SEED, quick=(60, 500))
    exact = audits.auc_of_classes(*_knowing(one))
    error = math.sqrt(sum(spread**2 / n for spread, n in zip(exact[1:], top_and_rest(one, WORLD), strict=True)))
    yield t.mean("a score that knows conduct in part, measure M16", value(validity(one.sample), WORLD, "AUC"), error, exact[0])
    yield from solvers.ranked(lab)


def _edges(one: Lived) -> Floats:
    """Where the classes of the meter begin, in standard deviations from 500; half a thousandth is rounded."""
    rules = one.scenario.rulebook
    points = rules.meter_low + rules.meter_step * np.arange(1, 256) - 0.5
    return np.asarray((points / 1000.0 - 500.0) / SPREAD)


def latent(shares: Floats) -> Floats:
    """A score that knows latent conduct, at these shares of people: minus the logarithm of an exponential frailty, standardised."""
    return np.asarray(-(np.log(-np.log1p(-shares)) + np.euler_gamma) * math.sqrt(6.0) / math.pi)


def _normal(one: Lived, mean: float) -> Floats:
    law = NormalDist(mean)
    return np.diff([0.0, *(law.cdf(float(edge)) for edge in _edges(one)), 1.0])


def _knowing(one: Lived) -> tuple[Floats, Floats]:
    """Laws of the score of the tenth with most latent conduct and of the others: normal around what is known of an exponential frailty."""
    share = (np.arange(20_000) + 0.5) / 20_000
    width, laws = math.sqrt(1.0 - KNOWN**2), []
    for there in (latent(share[share > 0.9]), latent(share[share <= 0.9])):
        reached = [float(_phi((edge - KNOWN * there) / width).mean()) for edge in _edges(one)]
        laws.append(np.diff([0.0, *reached, 1.0]))
    return laws[0], laws[1]


def _phi(points: Floats) -> Floats:
    return np.array([0.5 * math.erfc(-point / math.sqrt(2.0)) for point in points])


# --- C30: concentration -----------------------------------------------------------------------------------------------------------------


def held(lab: Lab) -> Iterator[Row]:
    """C30: a share of people bears the same, all others nothing."""
    t = lab.tolerance
    for share in (0.02, 0.3, 1.0):
        one = lab.live("c30", 10, SEED, (f"gates.loan.closes_lowest={share}",), (3, None))
        yield t.equal(f"days of 40 for {share:.0%}", one.total(f"closed_days.{WORLD}.loan"), 40.0 * round(share * one.persons))
        yield t.solvers(f"Gini where {share:.0%} bear all, measure M13", value(unequal_days(one.sample), WORLD, "Gini"), 1.0 - share)
    yield from solvers.held(lab)


# --- C31: capture and recapture ---------------------------------------------------------------------------------------------------------

EVENTS = 2.0  # a year and person
FIRST, SECOND = 0.3, 0.2
BY_MEANS = ((0.25, 2.0), (0.5, 1.0), (0.25, 0.0))  # shares of people, and how often both sources see what they do


def recaptured(lab: Lab) -> Iterator[Row]:
    """C31: the number of events from two sources that record some, each by itself or both of the same people."""
    t = lab.tolerance
    for name, groups, said in (("c31", ((1.0, 1.0),), "independent"), ("c31_dependent", BY_MEANS, "of the same people")):
        one = lab.live(name, 60, SEED, quick=(5, None))
        found, spread = audits.captured(FIRST, SECOND, groups, EVENTS)
        seen = value(virtual_audit(one.sample), "designed", "seen, events of act by two sources")
        yield t.mean(f"events found, of all: two sources {said}, measure M31", seen, 100.0 * spread / math.sqrt(one.persons), 100.0 * found)
    yield t.solvers("two sources of the same people find so many", found, 2.0 / 3.0)
    yield from solvers.recaptured(lab)


CHECKS = (
    Check(
        "C24",
        "Breaches of one place and of many",
        "binomial number of places lost",
        "breaches.breach, breaches.tail_mean",
        breached,
    ),
    Check("C29", "Ranking by a normal score", "Φ(δ / √2)", "audits.auc_of_normals, auc_of_classes", ranked),
    Check("C30", "Concentration", "1 − p where a share p bears the same", "none: a formula beside measure M13", held),
    Check(
        "C31",
        "Capture and recapture",
        "Chapman's estimate, given the lengths of both lists",
        "audits.chapman_mean, captured",
        recaptured,
    ),
)
