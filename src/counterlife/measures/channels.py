"""Through which channels a gap between groups comes about (M12): Shapley shares over lives in which channels are alike for all groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import combinations
from math import factorial

import numpy as np

from counterlife.layout import AXES
from counterlife.measures.inputs import pair_name
from counterlife.measures.intervals import Floats, estimate
from counterlife.measures.sample import Row, Sample
from counterlife.measures.stated import RATE, in_domains

AS_DESIGNED = ""
BETWEEN = "+"
Alike = frozenset[str]


def by_channel(sample: Sample, reference: Mapping[str, str]) -> Iterator[Row]:
    """The difference in M1 of a group and its reference, by channel, and what is left where all channels are alike. Method B, M12.

    A channel's share is what the difference gains when the channel is let differ, on average over the orders in which the channels could be
    let differ one by one (Shapley 1953). The shares and what is left add up to the whole difference.
    """
    channels = sample.facts.channels
    if not channels or "gaps" not in sample.tallies.tables:
        return
    world, versus = sample.facts.pairs[0]
    stages = [frozenset(some) for size in range(len(channels) + 1) for some in combinations(channels, size)]
    orders = factorial(len(channels))
    shares = {f"through {name}": np.array([weight(one, name, len(channels)) for one in stages], dtype=np.float64) for name in channels}
    shares["with all of these alike"] = np.array([orders if one == frozenset(channels) else 0 for one in stages], dtype=np.float64)
    for axis, level in ((axis, level) for axis, levels in AXES.items() for level in levels if level != reference[axis]):
        days = [_days(sample, f"{axis}={one}", stages) for one in (level, reference[axis])]
        people = [sample.count("people", group=f"{axis}={one}") for one in (level, reference[axis])]
        if not (people[0].any() and people[1].any()):
            continue
        for words, share in shares.items():
            parts = np.column_stack([*(one @ share for one in days), *people])  # whole numbers: what is nothing is exactly nothing
            answer = estimate(sample.strata, parts, partial(_gap, scale=RATE / sample.facts.days / orders))
            about = {"detail": f"difference, M1 {words}", "unit": f"per 1,000 person-years more than {reference[axis]}"}
            yield Row(answer, int(people[0].sum()), world=world, versus=versus, group=f"{axis}={level}", **about)


def weight(alike: Alike, channel: str, channels: int) -> int:
    """In how many orders of the channels, less or more, the gap with these alike counts for the share of a channel."""
    differ = channels - len(alike)
    if channel in alike:
        return -factorial(differ) * factorial(channels - differ - 1)
    return factorial(differ - 1) * factorial(channels - differ)


def _days(sample: Sample, group: str, stages: list[Alike]) -> Floats:
    """Wrongful domain-days of a group in every cluster, with each set of channels alike (n, sets)."""
    pair = pair_name(sample.facts.pairs[0])
    columns = []
    for one in stages:
        name = BETWEEN.join(channel for channel in sample.facts.channels if channel in one)
        as_designed = name == AS_DESIGNED
        days = sample.count(*in_domains(sample, f"wrongful_days.{pair}"), group=group) if as_designed else sample.gap(name, group)
        columns.append(days)
    return np.column_stack(columns)


def _gap(totals: Floats, scale: float) -> Floats:
    """The difference of two rates. totals (m, 4): days of a group and of its reference, and their people."""
    ours, theirs, people, others = totals.T
    return np.asarray(scale * (ours / people - theirs / others), dtype=np.float64)
