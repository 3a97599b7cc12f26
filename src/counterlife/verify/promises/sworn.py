"""The promises P1 to P28, one after the other: what is promised in a sentence, what is looked at here, and what only the test suite runs.

Each is looked at on small towns in the scenario files of this package, lived by the production engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...township.sheet import Tally
from ..engine import Lab
from . import additions, books, long_run, names, nested, nothing, order, places, ranks, right, size
from .ground import Ground
from .kept import Kept, all_of

SEED = 1
FULL, QUICK = 8, 2  # towns in the two forms


@dataclass(frozen=True)
class Promise:
    """A promise: what can never break, and where it is looked at."""

    id: str
    title: str
    said: str
    """The promise in a sentence."""
    looks: Callable[[Lab], Iterator[Kept]] | None
    """What is looked at here; none where only the test suite can."""
    suite: tuple[str, ...] = ()
    """Test files that look at it with other rule books, or at what cannot be run here."""
    only: str = ""
    """What only those look at, in words."""


def towns(lab: Lab, name: str = "town", overrides: Sequence[str] = (), full: int = FULL, quick: int = QUICK) -> list[Ground]:
    """Towns of a scenario file, each with a seed of its own."""
    one = lab.scenario(name, overrides)
    return [Ground.of(one, seed=SEED + n) for n in range(lab.townships(full, quick))]


def each(grounds: Sequence[Ground], look: Callable[[Ground], Kept]) -> Kept:
    """The same look at several grounds as one comparison."""
    return all_of([look(ground) for ground in grounds])


# --- nothing, and what changes nothing ------------------------------------------------------------------------------------------------


def p1(lab: Lab) -> Iterator[Kept]:
    """Without errors, without restrictions, without a system."""
    grounds = towns(lab)
    for world in ("designed", "again"):
        yield each(grounds, lambda one, world=world: nothing.one_world(one, world, "accurate", "none"))  # type: ignore[misc]
    yield each(grounds, lambda one: nothing.undisturbed(one, "designed", "none"))
    yield each(grounds, lambda one: nothing.nobody_restricted(one, "none"))


def p11(lab: Lab) -> Iterator[Kept]:
    """Additions without effect."""
    scenario = lab.described("town")
    for change in additions.ADDITIONS:
        yield each(towns(lab, full=4), lambda one, change=change: additions.added_to(scenario, change, one))  # type: ignore[misc]


def p18(lab: Lab) -> Iterator[Kept]:
    """Appeals that nobody makes or decides."""
    yield each(towns(lab), nothing.nobody_appeals)
    yield each(towns(lab, full=4, quick=1), nothing.nobody_decides)


def p22(lab: Lab) -> Iterator[Kept]:
    """Attacks that touch nothing."""
    for idle in (nothing.nothing_in_the_window, nothing.nobody_touched):
        yield each(towns(lab, "town_attacked"), lambda one, idle=idle: nothing.idle_attack(one, idle(one.rules)))  # type: ignore[misc]
    yield each(towns(lab, "town_breached"), nothing.breached)


def p24(lab: Lab) -> Iterator[Kept]:
    """Without kin."""
    grounds = [one.under(nothing.by_records_alone(one.rules)) for one in towns(lab)]
    for side in (0, 1):
        yield each(grounds, lambda one, side=side: nothing.nobody_harmed_for_another(one, nothing.without_kin(one)[side]))  # type: ignore[misc]


def p25(lab: Lab) -> Iterator[Kept]:
    """Conduct that is lived again."""
    yield each(towns(lab), nothing.lived_again)


# --- sums, sizes and orders -----------------------------------------------------------------------------------------------------------


def p2(lab: Lab) -> Iterator[Kept]:
    """Differences of worlds."""
    yield each(towns(lab), books.differences)


def p6(lab: Lab) -> Iterator[Kept]:
    """More townships."""
    yield size.larger_run(lab.scenario("town_by_stages"), 6, 12)


def p8(lab: Lab) -> Iterator[Kept]:
    """Orders, worlds, workers and batches."""
    one = lab.scenario("town")
    where = lab.places(one, 4)
    yield size.any_order(size.grounds(one, where), lambda: size.grounds(one, where))
    scenario = lab.described("town", ("population.township=100",))
    whole = Ground.of(lab.scenario("town", ("population.township=100",)))
    yield size.worlds_reordered(whole, Ground.of(additions.altered(scenario, size.backwards)))
    for name in ("again", "none"):
        yield size.world_dropped(Ground.of(additions.altered(scenario, size.without_world(name))), whole)
    yield size.fingerprints(scenario, lab.townships(2000, 600))


def p9(lab: Lab) -> Iterator[Kept]:
    """Sums of tallies."""
    grounds = towns(lab, full=3, quick=3)
    tallies: list[Tally] = [one.tally for one in grounds]
    yield books.additions(tallies, sum(one.lives for one in grounds))


def p14(lab: Lab) -> Iterator[Kept]:
    """Records that go to a namesake."""
    yield each(towns(lab), lambda one: books.conserved(one, "designed", "accurate"))


def p15(lab: Lab) -> Iterator[Kept]:
    """Accounts."""
    yield each(towns(lab), books.accounts)


def p26(lab: Lab) -> Iterator[Kept]:
    """Lives told one by one."""
    yield each(towns(lab), books.told_as_counted)


# --- order ----------------------------------------------------------------------------------------------------------------------------


def harsher(lab: Lab) -> Iterator[tuple[str, list[tuple[order.Shuts, order.Shuts]]]]:
    """What is made harsher, and who is shut out before and after."""
    grounds = [one.under(order.at_once(order.one_way(one.rules))) for one in towns(lab)]
    mild = [order.both(one) for one in grounds]
    for name, change in order.HARSHER.items():
        after = [order.both(one.under(change(one.rules))) for one in grounds]
        yield name.replace("_", " "), list(zip(mild, after, strict=True))


def p3(lab: Lab) -> Iterator[Kept]:
    """What is harsher."""
    for name, pairs in harsher(lab):
        yield all_of([order.never_milder(name, *pair) for pair in pairs])


def p4(lab: Lab) -> Iterator[Kept]:
    """What breaks the order."""
    often = (
        "conduct.debt.rate=4 per year",
        "conduct.debt.frail=false",
        "sources.court.records.debt.ghosts=0.5 per year",
        "sources.court.namesakes=null",
    )
    long, short = (towns(lab, "town_names", (*often, f"lists.debtors.term={days} days"), full=1, quick=1)[0] for days in (365, 90))
    yield order.twin_is_freed(long, short)
    for why, (put_back, change) in order.BREAKS.items():
        tries = (one.under(put_back(order.at_once(order.one_way(one.rules)), one.rules)) for one in towns(lab, full=30, quick=30))
        yield order.broken_for_somebody(why, tries, change)


def p19(lab: Lab) -> Iterator[Kept]:
    """What is milder."""
    for name, pairs in harsher(lab):
        if name in ("longer memory", "wider sanctions"):
            yield all_of([order.wrongful_falls(name, *pair) for pair in pairs])
    yield each([one.under(order.one_way(one.rules)) for one in towns(lab)], order.capped)


def p5(lab: Lab) -> Iterator[Kept]:
    """Rankings."""
    busy = ((), ("conduct.late_fee.rate=3 per year",))
    grounds = [one for overrides in busy for one in towns(lab, "town_ranked", overrides, full=3, quick=1)]
    yield all_of([ranks.same_number(one, w, d) for one in grounds for w in (0, 1) for d in (0, 1)])
    one = towns(lab, "town_ranked", full=1, quick=1)[0]
    yield ranks.lowest_shut_out(one, 0, 0)
    yield ranks.treadmill(one)


# --- names, units and sweeps ----------------------------------------------------------------------------------------------------------


def p7(lab: Lab) -> Iterator[Kept]:
    """Other names."""
    yield each(towns(lab), names.domains_renamed)
    yield each(towns(lab), names.groups_renamed)


def p10(lab: Lab) -> Iterator[Kept]:
    """Other units."""
    yield each(towns(lab), names.ten_times_the_points)
    yield each(towns(lab), names.another_zero)


def p21(lab: Lab) -> Iterator[Kept]:
    """Names that are changed."""
    for overrides in ((), ("sources.court.namesakes.mode=pairwise", "sources.court.namesakes.share=1")):
        yield each(towns(lab, "town_names", overrides), names.names_followed)


def p12(lab: Lab) -> Iterator[Kept]:
    """Sweeps."""
    grounds = towns(lab, full=1, quick=1)
    for what, steps, field, origins in nested.SWEEPS:
        yield nested.nested(what, [one.under(field(one.rules, step)) for one in grounds for step in steps], origins)


# --- redress --------------------------------------------------------------------------------------------------------------------------


def p13(lab: Lab) -> Iterator[Kept]:
    """Corrections."""
    for form in right.FORMS:
        yield each(towns(lab), lambda one, form=form: right.taken_off_at_once(one, form))  # type: ignore[misc]
    yield each(towns(lab), lambda one: right.replayed(right.ledger_alone(one)))


def p16(lab: Lab) -> Iterator[Kept]:
    """No epochs."""
    office = ("redress.office={reviewers: 1, first: harm, patience: 60 days}",)
    yield each(towns(lab, "town", office, full=4), right.heard_in_any_order)


def p17(lab: Lab) -> Iterator[Kept]:
    """Notice."""
    yield each(towns(lab), right.acts_until_told)


def p23(lab: Lab) -> Iterator[Kept]:
    """An outage."""
    found = [right.made_at_the_end(one) for one in towns(lab, "town_attacked")]
    yield from (all_of(rows) for rows in zip(*found, strict=True))


# --- regions and time -----------------------------------------------------------------------------------------------------------------


def p20(lab: Lab) -> Iterator[Kept]:
    """The same rules everywhere."""
    parts = lab.scenario("town_by_stages")
    whole = lab.scenario("town_by_stages", ("rollout=[]", "every_rule_book=false"))
    for row, _ in enumerate(parts.names.regions):
        yield places.stage_by_stage(Ground.of(whole, row), Ground.of(parts, row))
    yield places.books_alike(Ground.of(parts), ("as in Beijing", "as in Shanghai"))
    unequal = Ground.of(lab.scenario("town_by_stages", ("rollout.second.set={gates.loans.opens_at: 0}",)))
    yield places.variance_parts(unequal, ("as in Beijing", "as in Shanghai"), np.array([1.0, 30.0]))


def p27(lab: Lab) -> Iterator[Kept]:
    """Burn-in."""
    yield from long_run.settled(lab)


T = "tests/promises/"
PROMISES: tuple[Promise, ...] = (
    Promise(
        "P1",
        "No errors, no difference",
        "Without errors all worlds with the system are one, and where nothing closes people do what they do without it.",
        p1,
        ("tests/test_promises.py", T + "test_coupled.py"),
    ),
    Promise(
        "P2",
        "Differences of worlds add up",
        "D − N = (D − A) + (A − N), in every group, domain and month, for every three worlds.",
        p2,
        ("tests/test_promises.py",),
    ),
    Promise(
        "P3",
        "Harsher is never milder",
        "What is harsher never opens a gate, for anybody, on any day, where the design is monotone.",
        p3,
        (T + "test_order.py", T + "test_ties.py"),
    ),
    Promise(
        "P4",
        "What breaks that order",
        "Each thing that breaks that order is seen to break it for somebody.",
        p4,
        (T + "test_order.py", T + "test_ranking.py"),
    ),
    Promise(
        "P5",
        "The same number is last",
        "A gate that closes for the lowest closes for the same number, whatever people do.",
        p5,
        (T + "test_ranking.py",),
    ),
    Promise(
        "P6",
        "A larger run holds the smaller one",
        "A larger run leaves the townships of a smaller one as they were.",
        p6,
        ("tests/test_promises.py",),
    ),
    Promise(
        "P7",
        "Other names",
        "Regions, groups and domains under other names give the same numbers under other names.",
        p7,
        (T + "test_symmetry.py",),
        "regions in another order, and under other names",
    ),
    Promise(
        "P8",
        "Any order, any number of workers",
        "Neither the order of townships and worlds, nor workers, batches or interruptions change a number.",
        p8,
        ("tests/test_promises.py", "tests/test_study.py"),
        "runs that are killed and go on, other versions of Python, a cluster",
    ),
    Promise("P9", "Tallies add up in any order", "Tallies can be added in any order.", p9, ("tests/test_promises.py",)),
    Promise(
        "P10",
        "Other units",
        "Ten times all points, or another zero for all scores, shut out the same people on the same days.",
        p10,
        (T + "test_symmetry.py",),
    ),
    Promise(
        "P11",
        "What has no effect moves nothing",
        "A class that never happens, a gate without a mark and whatever else has no effect moves no number.",
        p11,
        ("tests/test_promises.py", T + "test_nothing.py"),
        "safeguards, attacks and stages without effect; mechanisms at rest",
    ),
    Promise(
        "P12",
        "Sweeps are nested",
        "Sweeps are nested: what comes at a lower rate, detection or share comes at a higher one too, at the same times.",
        p12,
        ("tests/test_promises.py", "tests/ensemble/test_sweep.py"),
    ),
    Promise(
        "P13",
        "A corrected record was never there",
        "A wrong record that is corrected as it enters was never there, and a ledger is gone through again, not paid back.",
        p13,
        (T + "test_put_right.py",),
    ),
    Promise(
        "P14",
        "Records given away are not lost",
        "Records assigned to a namesake are neither made nor lost.",
        p14,
        ("tests/test_promises.py",),
    ),
    Promise(
        "P15", "The books balance", "Days are the lengths of spells, and what begins ends or goes on.", p15, ("tests/test_promises.py",)
    ),
    Promise(
        "P16",
        "No epochs",
        "There are no epochs: who is heard when does not depend on where the search for it begins.",
        p16,
        (T + "test_put_right.py", T + "test_ranking.py", T + "test_ties.py", T + "test_coupled.py"),
        "lines of rankings, friends, and records of what others did",
    ),
    Promise(
        "P17",
        "Wrong until told",
        "A wrong record acts until the person is told, where all are told, appeal, and are right.",
        p17,
        (T + "test_put_right.py",),
    ),
    Promise(
        "P18",
        "Appeals that come to nothing",
        "Appeals that nobody makes, or that nobody decides, are as good as none.",
        p18,
        (T + "test_nothing.py",),
    ),
    Promise(
        "P19",
        "Milder is never harsher",
        "Shorter memory, narrower sanctions and a cap shut nobody out besides, and days wrongful do not rise.",
        p19,
        (T + "test_order.py",),
    ),
    Promise(
        "P20",
        "The same rules everywhere",
        "The same rules everywhere are no roll-out; where they differ the variance is that within and between.",
        p20,
        (T + "test_nothing.py", T + "test_rule_books.py"),
    ),
    Promise("P21", "Wrong records follow the name", "Wrong records follow the name.", p21, (T + "test_symmetry.py",)),
    Promise("P22", "Attacks on nothing", "Under an attack that touches nothing all is as designed.", p22, (T + "test_nothing.py",)),
    Promise(
        "P23",
        "An outage delays and loses nothing",
        "What is due in an outage is done at its end, and no correction is lost.",
        p23,
        (T + "test_put_right.py",),
    ),
    Promise("P24", "Without kin", "Without kin nobody is shut out for another.", p24, (T + "test_symmetry.py",)),
    Promise("P25", "Conduct lived again", "Conduct that is lived again is the same conduct.", p25, (T + "test_nothing.py",)),
    Promise(
        "P26",
        "Told as counted",
        "Lives told one by one add up to what was counted.",
        p26,
        ("tests/test_promises.py", "tests/test_story.py"),
        "steps, months and groups of told lives",
    ),
    Promise("P27", "However long", "Where a run has gone on for long enough, it does not matter for how long.", p27),
    Promise(
        "P28",
        "Faults are caught",
        "A deliberate fault in the engine or the measures breaks a promise.",
        None,
        ("tests/test_mutations.py",),
        "every fault, since it takes an engine that can be broken",
    ),
)
