"""Records of others by way of linking: slopes and ratios of C9, against records handed out one by one."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from counterlife.exact.linkage import assign_all, assign_one, pairwise
from counterlife.exact.spells import namesake_share

from .tolerance import z_test

HOLDERS = range(2, 66)


@pytest.mark.parametrize("inflow", [pairwise, assign_all])
def test_pairwise_and_assign_all_grow_with_the_other_holders(inflow: Callable[[float, float, int], float]) -> None:
    logs = np.log([inflow(0.2, 0.05, holders) for holders in HOLDERS])
    slope, _ = np.polyfit(np.log([holders - 1.0 for holders in HOLDERS]), logs, 1)
    assert slope == pytest.approx(1.0, rel=1e-9)


def test_assign_one_hardly_grows() -> None:
    assert assign_one(0.2, 0.05, 64) / assign_one(0.2, 0.05, 2) == pytest.approx(1.96875, rel=1e-12)
    assert assign_one(0.2, 0.05, 10**9) == pytest.approx(0.2 * 0.05, rel=1e-6)


def test_nobody_else_has_the_name() -> None:
    assert assign_one(0.2, 0.05, 1) == pairwise(0.2, 0.05, 1) == assign_all(0.2, 0.05, 1) == 0.0


def test_a_blacklist_that_reads_assigned_records() -> None:
    """What C8 says of restrictions is what the inflow does in 730 days to people without a record of their own."""
    inflow = assign_one(0.2 / 365.0, 0.1, 5) * 730.0
    assert namesake_share(0.4, 0.1, 5) == pytest.approx(math.exp(-0.4) * -math.expm1(-inflow), rel=1e-12)


def test_records_handed_out_one_by_one() -> None:
    """A group of seven people of one name, with a Poisson number of records in all."""
    rng, groups, holders, mean, share = np.random.default_rng(8), 300_000, 7, 2.0, 0.3
    owner = rng.integers(0, holders, int(rng.poisson(mean * holders * groups)))
    missing = rng.random(owner.size) < share
    gone = float((missing & (rng.integers(0, holders, owner.size) != owner)).sum())
    people = groups * holders
    z_test(gone / people, math.sqrt(assign_one(mean, share, holders) / people), assign_one(mean, share, holders))
    copies = float(rng.binomial(holders - 1, share, owner.size).sum())
    each = (holders - 1) * share
    spread = math.sqrt(mean * (each * (1.0 - share) + each**2) / people)
    z_test(copies / people, spread, pairwise(mean, share, holders))
    reported = float(missing.sum()) * (holders - 1)
    z_test(reported / people, math.sqrt(mean * share / people) * (holders - 1), assign_all(mean, share, holders))
