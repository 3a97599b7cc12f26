"""What the system does to conduct, and what it knows of it: induced harm, validity, deterrence, chilling, gaming (M8, M16, M18 to M20)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from counterlife.layout import YEAR
from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Floats, quotient
from counterlife.measures.sample import Quotient, Sample
from counterlife.measures.stated import SHARE, UNBOUNDED, Answers, classes_of, in_domains, recorded_pairs, ruled_worlds

TENTHS = 10


def events(sample: Sample, world: str, classes: Sequence[str]) -> Floats:
    """Events of these classes in a world, in every cluster (n,)."""
    rows = [sample.tallies.rows["classes"].index(name) for name in classes]
    return np.asarray(sample.column("classes", f"events.{world}")[:, rows].sum(axis=1), dtype=np.float64)


def induced_share(sample: Sample) -> Answers:
    """M8: (D - M) / (D - A) on closed domain-days, in per cent: what errors do by changing what people do.

    A is the world whose conduct is replayed in M, D the one with M's records and its own conduct. The share may lie outside 0 to 100.

    Formula: (D - M) / (D - A) on closed domain-days
    Unit: %
    Source: method B, M8
    Tests: P2, P25; test_the_induced_share_lies_between_the_design_and_the_replayed_conduct
    """
    facts = sample.facts
    for mediated, world in facts.worlds.items():
        other = world.conduct
        designs = [w for w, v in facts.pairs if v == mediated and (w, other) in facts.pairs and facts.worlds[w].records == world.records]
        for design in designs:
            closed = {name: in_domains(sample, f"closed_days.{name}") for name in (design, mediated, other)}
            yield Quotient(
                closed[design],
                closed[design],
                100,
                minus=closed[mediated],
                less=closed[other],
                world=design,
                versus=mediated,
                limits=UNBOUNDED,
                outcome=True,
            )


def validity(sample: Sample) -> Answers:
    """M16: how well the first score at the end tells people of much latent conduct from others.

    AUC: probability that somebody of the tenth with most latent conduct has a lower score than somebody of the rest, ties half. Rank
    correlation (Spearman) of score and latent conduct, the latter in tenths: -1 would be a score that orders people perfectly. Grown
    people; scores are in classes of the table `meter`. Latent conduct is a device of the model and has no counterpart in a real person.

    Formula: P(score of top tenth < score of others); Spearman
    Unit: 0 to 1
    Source: method B, M16
    Tests: C29, P10; test_auc_of_two_shifted_normals
    """
    for world in ruled_worlds(sample.facts):
        top = sample.column("meter", f"top.{world}")
        tenths = np.stack([sample.column("meter", f"tenth{t}.{world}") for t in range(TENTHS)], axis=2)
        everybody = tenths.sum(axis=2)
        if not top.any() or (top == everybody).all() or np.count_nonzero(everybody.sum(axis=0)) < 2:
            continue
        parts = np.hstack([top, everybody - top])
        yield from sample.places(parts, auc, limits=(0.0, 1.0), world=world, detail="AUC")
        yield from sample.places(tenths.reshape(len(tenths), -1), spearman, limits=(-1.0, 1.0), world=world, detail="rank correlation")


def auc(totals: Floats) -> Floats:
    """The probability that one of the first half of the columns lies in a lower class than one of the second half, ties half (m,)."""
    bins = totals.shape[1] // 2
    first, second = totals[:, :bins], totals[:, bins:]
    above = second.sum(axis=1, keepdims=True) - np.cumsum(second, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((first * (above + second / 2)).sum(axis=1) / (first.sum(axis=1) * second.sum(axis=1)), dtype=np.float64)


def spearman(totals: Floats) -> Floats:
    """The rank correlation of a table (m, bins * tenths), tied people having the mean of their ranks (m,)."""
    table = totals.reshape(len(totals), -1, TENTHS)
    rows, columns = table.sum(axis=2), table.sum(axis=1)
    x, y = _ranks(rows), _ranks(columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        product = (table * x[:, :, None] * y[:, None, :]).sum(axis=(1, 2))
        return np.asarray(product / np.sqrt((rows * x**2).sum(axis=1) * (columns * y**2).sum(axis=1)), dtype=np.float64)


def _ranks(counts: Floats) -> Floats:
    """Mean ranks of classes, as shares, less one half: their mean over people is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((np.cumsum(counts, axis=1) - counts / 2) / counts.sum(axis=1, keepdims=True) - 0.5, dtype=np.float64)


def deterrence_price(sample: Sample) -> Answers:
    """M18: bad events averted against a world without the system, per 1,000 person-years; wrongful days for each.

    Negative where the system brings about more of them. The price has no value where the number averted may be zero; it stands on how the
    scenario says that people react, which no data of this model can show.

    Formula: wrongful domain-days / (bad events N - D)
    Unit: domain-days per event averted
    Source: method B, M18
    Tests: C25; test_deterrence_has_a_price_and_may_be_negative
    """
    bad = classes_of(sample.facts, "bad")
    without = [name for name, world in sample.facts.worlds.items() if world.rules == "none"]
    wrongful = dict(reversed(recorded_pairs(sample.facts)))
    for world in ruled_worlds(sample.facts):
        for versus in without if bad and (world, without[0]) in sample.facts.pairs else ():
            averted = events(sample, versus, bad) - events(sample, world, bad)
            if not averted.any():
                continue
            parts = np.column_stack([averted, sample.count("days")])
            rate = partial(_rate, scale=1000 * YEAR)
            yield from sample.places(
                parts, rate, world=world, versus=versus, detail="bad events averted", unit="events per 1,000 person-years"
            )
            if world in wrongful:
                days = sample.count(*in_domains(sample, f"wrongful_days.{pair_name((world, wrongful[world]))}"))
                yield from sample.places(np.column_stack([days, averted]), quotient, over=1, world=world, versus=versus, detail="price")


def _rate(totals: Floats, scale: float) -> Floats:
    return np.asarray(scale * totals[:, 0] / totals[:, 1], dtype=np.float64)


def chilling(sample: Sample) -> Answers:
    """M19: lawful acts that people forgo because of the system, in per cent of those without it.

    The value is set by the reaction that the scenario assumes, and is an illustration unless that has a source.

    Formula: lawful acts (N - D) / N
    Unit: % of lawful acts
    Source: method B, M19
    Tests: C25; test_lawful_acts_forgone_and_good_acts_done_at_a_gate
    """
    lawful = classes_of(sample.facts, "lawful")
    for world, versus in sample.facts.pairs if lawful else ():
        if sample.facts.worlds[versus].rules == "none":
            before = events(sample, versus, lawful)
            parts = np.column_stack([before - events(sample, world, lawful), before])
            yield from sample.places(parts, partial(_rate, scale=100.0), over=1, world=world, versus=versus)


def gaming(sample: Sample) -> Answers:
    """M20: of acts that people do more of when a little short of a gate, the share done then, in per cent.

    Counted are acts, not points; what they do to validity is M16 of a world with and without them.

    Formula: acts while a little short of a gate / acts of these classes
    Unit: % of such acts
    Source: method B, M20
    Tests: P10; test_lawful_acts_forgone_and_good_acts_done_at_a_gate
    """
    near = [name for name, one in sample.facts.classes.items() if one.near_gate]
    for world in ruled_worlds(sample.facts) if near else ():
        parts = np.column_stack([sample.count(f"near.{world}"), events(sample, world, near)])
        yield from sample.places(parts, partial(_rate, scale=100.0), over=1, limits=SHARE, world=world)
