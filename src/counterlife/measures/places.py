"""The same people under other rules, or under the same rules a little later: consolidation and regions (M25, M26)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import combinations

import numpy as np

from counterlife.measures.inputs import Stage, pair_name
from counterlife.measures.intervals import Floats, Strata, estimate, quotient
from counterlife.measures.sample import ALL, Quotient, Row, Sample
from counterlife.measures.stated import PEOPLE, Answers, in_domains, ruled_worlds

SHOCK_DAYS = 90
Split = Callable[[Floats], tuple[Floats, Floats]]


def consolidation_shock(sample: Sample) -> Answers:
    """M25: what the 90 days from a change of the rules have more than the 90 before, per 10,000 people there.

    Closed domain-days, and restrictions that begin. The shock of a consolidation is split by the records that cause it: what vanishes if
    older records of settled matters do not count from then on; what further vanishes if no older record does; and the rest, which new
    records cause, less the 90 days before. The three add up to the shock.

    Formula: the 90 days after less the 90 days before
    Unit: per 10,000 people
    Source: method B, M25
    Tests: P15; test_a_shock_is_split_by_the_records_that_cause_it
    """
    for stage in sample.facts.stages:
        if not SHOCK_DAYS <= stage.day <= sample.facts.days - SHOCK_DAYS:
            continue
        strata = sample.strata.only(np.isin(sample.tallies.regions, stage.regions)) if stage.regions else sample.strata
        about = partial(_shock, sample, strata, stage)
        for world in ruled_worlds(sample.facts):
            for words, kind in (("closed domain-days", "days"), ("restrictions begun", "entries")):
                parts = {"": (f"{kind}_after.{world}", f"{kind}_before.{world}")}
                if world == "designed" and stage.name in sample.facts.shocks:
                    settled, old = (f"{kind}_after.{one}" for one in sample.facts.shocks[stage.name])
                    parts[", by settled records"] = (parts[""][0], settled)
                    parts[", by other old records"] = (settled, old)
                    parts[", by new records, less those before"] = (old, parts[""][1])
                for cause, (plus, minus) in parts.items():
                    yield about(world, f"{words}, {stage.name}{cause}", plus, minus)


def _shock(sample: Sample, strata: Strata, stage: Stage, world: str, detail: str, plus: str, minus: str) -> Row:
    """A column of the stage less another one, per 10,000 people of the regions in which it begins."""
    table = sample.column("stages", plus) - sample.column("stages", minus)
    rows = [
        sample.facts.stage_days[region].index(stage.day) if strata.weights[n] > 0 else 0 for n, region in enumerate(sample.tallies.regions)
    ]
    shock = table[np.arange(len(rows)), rows]
    answer = estimate(strata, np.column_stack([shock, sample.people]), lambda t: PEOPLE * t[:, 0] / t[:, 1])
    region = stage.regions[0] if len(stage.regions) == 1 else ALL
    return Row(answer, int(sample.people[strata.weights > 0].sum()), world=world, region=region, detail=detail)


def arbitrariness(sample: Sample) -> Answers:
    """M26: the same lives under the rules of every region.

    Y is a person's closed domain-days. Every region counts once, so a rule book counts as often as there are regions that have it. The
    whole variance of Y over people and regions is the mean over people of the variance over regions, and the variance over people of the
    mean over regions (law of total variance): the first is given as a share of the whole, and both in squared days. Then how likely two
    different regions disagree on whether a person is ever shut out, and the people on whom every two rule books disagree.

    Formula: E_i Var_r Y / Var Y; P(two regions disagree)
    Unit: 0 to 1
    Source: method B, M26
    Tests: P2, P20; test_arbitrariness_between_rule_books
    """
    books = sample.facts.books
    pairs = {two: two if two in sample.facts.pairs else two[::-1] for two in combinations(books, 2)}
    if not pairs or not set(pairs.values()) <= set(sample.facts.pairs):
        return
    names = {two: pair_name(pair) for two, pair in pairs.items()}
    apart = [sample.count(f"squares.{name}") for name in names.values()]
    squares = [sample.count(f"squares.{book}") for book in books]
    days = [sample.count(*in_domains(sample, f"closed_days.{book}")) for book in books]
    parts = np.column_stack([sample.people, *apart, *squares, *days])
    split = partial(variances, weights=np.array(list(books.values())))
    share = partial(_share, split=split)
    yield from sample.places(parts, share, limits=(0.0, 1.0), detail="share of variance between rule books")
    for place, words in enumerate(("variance of a person over regions", "variance between people")):
        yield from sample.places(parts, partial(_one, split=split, place=place), limits=(0.0, np.inf), detail=words, unit="days squared")
    differ = [sample.count(f"only.{name}", f"only_versus.{name}") for name in names.values()]
    chances = _chances(books)
    together = np.column_stack([sum(chances[two] * one for two, one in zip(names, differ, strict=True)), sample.people])
    yield from sample.places(together, quotient, limits=(0.0, 1.0), detail="two regions disagree")
    for pair, name in ((pairs[two], name) for two, name in names.items()):
        columns = (f"only.{name}", f"only_versus.{name}")
        about = partial(Quotient, world=pair[0], versus=pair[1], unit="per 10,000 people")
        yield about(columns, ("people",), PEOPLE, detail="people on whom they disagree")


def _chances(books: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """How likely two different regions, drawn at random, have these two rule books."""
    regions = sum(books.values())
    return {(one, two): 2 * books[one] * books[two] / (regions * (regions - 1)) for one, two in combinations(books, 2)}


def variances(totals: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The mean over people of the variance over rule books, and the variance over people of the mean over them.

    totals (m, 1 + pairs + 2 books): people; the sums over people of (y - y')^2 for every two books, of y^2 and of y for every book.
    With shares p of the books the variance of a person is the sum of p p' (y - y')^2 over pairs, the square of the mean that of p y^2
    less that variance.
    """
    share = weights / weights.sum()
    two = np.array([one * other for one, other in combinations(share, 2)])
    people, rest = totals[:, 0], totals[:, 1:] / totals[:, :1]
    apart, squares, days = np.split(rest, [two.size, two.size + share.size], axis=1)
    within = apart @ two
    between = squares @ share - within - (days @ share) ** 2
    return np.asarray(np.where(people > 0, within, np.nan)), np.asarray(np.where(people > 0, between, np.nan))


def _one(totals: Floats, split: Split, place: int) -> Floats:
    return split(totals)[place]


def _share(totals: Floats, split: Split) -> Floats:
    within, between = split(totals)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(within / (within + between), dtype=np.float64)
