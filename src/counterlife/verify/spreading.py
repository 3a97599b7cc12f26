"""What one restriction, one parent or one event brings: C12 to C14, C21 and C25."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..exact import branching, chains, clearing, counts, incentives
from ..layout import YEAR, Floats, Ints
from ..township.draws import address
from ..township.people import make
from .engine import Lab, Lived
from .numbers import numbers_closed
from .stated import Check
from .tolerance import Row

SEED = 21


def joint(lab: Lab) -> Iterator[Row]:
    """C12: a listing that closes other domains too, begins there late and is lifted late."""
    t, one = lab.tolerance, lab.live("c12", 32, SEED)
    exact = clearing.joint_days(200.0, 0.6, 30.0, 20.0)
    yield t.solvers("days in another domain, as printed", exact, 113.613, 5e-4)
    yield t.equal("one listing each", [one.total("entries.accurate.once"), one.total("listings.accurate")], [one.persons, one.persons])
    reached = 0.6 * math.exp(-30.0 / 200.0)  # and then a whole listing and 20 days more
    square = reached * (2.0 * 200.0**2 + 2.0 * 200.0 * 20.0 + 20.0**2)
    for domain in ("travel", "registry"):
        days = one.total(f"closed_days.accurate.{domain}") / one.persons
        yield t.mean(f"days in another domain, {domain}", days, math.sqrt((square - exact**2) / one.persons), exact)
        yield t.share(f"listings that reach {domain}", one.total(f"entries.accurate.{domain}"), one.persons, reached)
    yield t.mean("days of the listing itself", one.total("closed_days.accurate.loan") / one.persons, 200.0 / math.sqrt(one.persons), 200.0)


# --- C13: cascades ----------------------------------------------------------------------------------------------------------------------

BRINGS = {("loan", "travel"): 0.5, ("travel", "registry"): 0.4, ("travel", "school"): 0.3, ("registry", "hotel"): 0.6}
DOMAINS = ("loan", "travel", "registry", "school", "hotel")
FOLLOWING = np.array([[BRINGS.get((first, second), 0.0) for second in DOMAINS] for first in DOMAINS])


def total_variance(domain: str) -> float:
    """Variance of the restrictions that one in a domain brings in all: a sum over what it may bring, branch by branch."""
    variance, totals = 0.0, branching.total(FOLLOWING)
    for second, other in enumerate(DOMAINS):
        share = FOLLOWING[DOMAINS.index(domain), second]
        variance += share * total_variance(other) + share * (1.0 - share) * totals[second] ** 2 if share else 0.0
    return variance


def trapped(most: int) -> Floats:
    """Acting records 0, 1, ... as a chain, after 60 days: each closed gate doubles the rate, up to `most` of them."""
    states = 60
    generator = np.zeros((states, states))
    for n in range(states - 1):
        generator[n, n + 1] = 0.02 * 2.0 ** min(n, 2, most)
        generator[n + 1, n] = (n + 1) / 30.0
    generator -= np.diag(generator.sum(axis=1))
    return chains.at_time(generator, np.eye(states)[0], 60.0)


def cascades(lab: Lab) -> Iterator[Row]:
    """C13: restrictions that bring restrictions."""
    t, one = lab.tolerance, lab.live("c13", 12, SEED)
    yield t.equal("everybody is restricted in the first domain", one.total("open_end.accurate.loan"), one.persons)
    closed = sum(one.total(f"open_end.accurate.{domain}") for domain in DOMAINS)
    exact = float(branching.total(FOLLOWING)[0])
    yield t.mean("restrictions in all from one", closed / one.persons, math.sqrt(total_variance("loan") / one.persons), exact)
    rules = one.scenario.rulebook
    joint_rules = rules.joint[rules.ruled == 1][:, 1:, 1:]
    yield t.equal("the scenario spreads as the matrix says", joint_rules, np.broadcast_to(FOLLOWING, joint_rules.shape))
    for most, said in ((1, "one gate"), (2, "two gates")):
        one, there = lab.live("c13_strain", 60, SEED, (f"conduct.lapse.strain_at_most={most}",)), trapped(most)
        yield t.solvers(f"the chain is long enough, strain of {said}", float(there[-1]), 0.0, 1e-12)
        for gate, number in (("loan", 1), ("travel", 2)):
            share = counts.at_least(there, number)
            yield t.share(f"{gate} shut, strain of {said}", one.total(f"open_end.accurate.{gate}"), one.persons, share)
        plain = counts.at_least(counts.poisson(counts.acting(0.02, 60.0, settled_after=30.0), 2), 2)
        yield t.holds(f"far fewer have two records without the strain of {said}", counts.at_least(there, 2) > 1.1 * plain)


# --- C14: bursts ------------------------------------------------------------------------------------------------------------------------


def bursts(lab: Lab) -> Iterator[Row]:
    """C14: events that bring events."""
    t, one = lab.tolerance, lab.live("c14", 10, SEED)
    due = branching.hawkes_counts(0.2, 0.4, 4.0, 10.0, 255)
    # so that the ceiling of the multiplier, at 38 events that have not faded, is never met
    yield t.solvers("thirty events in ten days or more do not happen", float(due[30:].sum()), 0.0, 1e-6)
    yield t.law("people by events in ten days", numbers_closed(one, "accurate"), one.persons * np.append(due[:8], due[8:].sum()))
    numbers = np.arange(due.size)
    mean, solved = float(due @ numbers), branching.hawkes_mean(0.2, 0.4, 4.0, 10.0)
    spread = math.sqrt(float(due @ (numbers - mean) ** 2) / one.persons)
    yield t.solvers("mean events in ten days, by its law and by its equation", mean, solved, 1e-6 * solved)
    for world in ("accurate", "none"):  # bursts are no answer to the system
        yield t.mean(
            f"mean events in ten days, world {world}", one.channel(f"events.{world}", "register", "act") / one.persons, spread, mean
        )
    # from day 50 on they come at arrivals / (1 - offspring): the same lives for 250 days and for the first 50
    long, start = (lab.live("c14", 60, SEED, (f"period.length={days} days", "population.township=250"), (60, None)) for days in (250, 50))
    exact = branching.hawkes_mean(0.2, 0.4, 4.0, 250.0) - branching.hawkes_mean(0.2, 0.4, 4.0, 50.0)
    yield t.solvers("events a day in the long run, as printed", exact / 200.0, 0.2 / 0.6, 1e-3 * 0.2 / 0.6)
    seen = [one.channels("events.none").sum(axis=1) for one in (long, start)]
    yield t.clusters("events in 200 days in the long run", seen[0] - seen[1], long.each("people"), exact)


# --- C21: parents -----------------------------------------------------------------------------------------------------------------------


def children(lab: Lab, one: Lived) -> list[Ints]:
    """For each township, children of school age by day and number of parents there, (days, 3)."""
    days, found = one.days, []
    for place in lab.places(one.scenario, len(one.townships)):
        people = make(address(place, SEED, 0), one.scenario.populace, place.row, one.scenario.rulebook.frailty_shape)
        parents = (people["guardian"] >= 0).astype(int) + (people["guardian2"] >= 0)
        begin = np.clip(np.floor(6.0 * YEAR - people["age"]), 0, days).astype(int)
        end = np.clip(np.floor(18.0 * YEAR - people["age"]), 0, days).astype(int)
        table = np.zeros((days + 1, 3), np.int64)
        np.add.at(table, (begin, parents), 1)
        np.add.at(table, (end, parents), -1)
        found.append(np.cumsum(table, axis=0)[:days])
    return found


def parents(lab: Lab) -> Iterator[Row]:
    """C21: gates that look at parents. One parent: two acting records. Two: any of them has two, or both together have three."""
    t, one = lab.tolerance, lab.live("c21", 100, SEED, quick=(60, 3_000))
    acting = [counts.acting(2.0 / YEAR, end, keep=360.0) for end in range(1, one.days + 1)]
    alone = np.array([counts.at_least(counts.poisson(mean, 1), 2) for mean in acting])
    together = np.array([counts.at_least(counts.poisson(2.0 * mean, 2), 3) for mean in acting])
    tables = children(lab, one)
    of = [sum(int(table[:, number].sum()) for table in tables) for number in (1, 2)]
    yield t.holds("there are children of one parent, and more of two", of[1] > of[0] > 0)
    for gate, both in (("any", 1.0 - (1.0 - alone) ** 2), ("mean", together)):
        due = np.array([float(alone @ table[:, 1] + both @ table[:, 2]) for table in tables])
        yield t.clusters(f"child-days shut out over those due, by {gate}", one.each(f"closed_days.accurate.{gate}"), due, 1.0)
        yield t.equal(f"child-days in scope, by {gate}", one.each(f"scope_days.{gate}"), [int(table.sum()) for table in tables])
    for column in ("closed_days", "entries", "open_end"):
        yield t.equal(f"worst score is any parent: {column}", one.each(f"{column}.accurate.any"), one.each(f"{column}.accurate.worst"))


# --- C25: deterrence --------------------------------------------------------------------------------------------------------------------


def deterred(lab: Lab) -> Iterator[Row]:
    """C25: a belief in being caught thins events, and adds none."""
    t, one = lab.tolerance, lab.live("c25", 60, SEED, quick=(3, None))
    events, without = (one.channel(f"events.{world}", "register", "lapse") for world in ("accurate", "none"))
    yield t.share("events that still happen, constant belief", events, without, math.exp(-1.2 * 0.5))
    mean = 0.02 * one.days
    yield t.mean("events without the system", without / one.persons, math.sqrt(mean / one.persons), mean)
    some, all_ = one.channels("events.accurate"), one.channels("events.none")
    yield t.never("townships with more events than without the system", int((some > all_).sum()), some.size)
    one = lab.live("c25_learned", 60, SEED, quick=(60, 200))
    yield t.equal("everybody is restricted on all days", one.total("closed_days.accurate.loan"), one.total("days"))
    kept = incentives.undeterred_days(1.2, 0.5, 0.01, 400.0)
    events = one.channels("events.accurate").sum(axis=1)
    yield t.clusters("events while the belief is learned", events, one.each("people"), 0.02 * (0.4 * kept + 0.6 * 400.0))


CHECKS = (
    Check("C12", "Joint sanctions with lags", "J × exp(−δ / E L) × (E L + δ⁻)", "clearing.joint_days", joint),
    Check(
        "C13",
        "Restrictions that bring restrictions",
        "(I − M)⁻¹ 1; a birth and death chain for the trap",
        "branching.total, chains.at_time",
        cascades,
    ),
    Check(
        "C14",
        "Events that bring events",
        "Hawkes process: law of the count; rate μ / (1 − n)",
        "branching.hawkes_counts, hawkes_mean",
        bursts,
    ),
    Check(
        "C21",
        "Gates that look at the parents",
        "1 − (1 − p)² for any of two; Poisson of both for their mean",
        "counts.acting, counts.at_least",
        parents,
    ),
    Check("C25", "Deterrence thins", "exp(−η × belief) of the events are left", "incentives.undeterred_days", deterred),
)
