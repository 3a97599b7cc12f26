"""Procedures that raise records, and the law beside them: section 12 of `docs/model.md`."""

from __future__ import annotations

import math
from typing import NamedTuple

from counterlife.layout import Procedure, Purpose, Rulebook

from .plain_draws import Block, Draws, normal, uniform

FORTNIGHTS = 26
BLOCKS = 64  # ordinals set aside for one event
SCHOOLS = 64
SCHOOL_YEARS = 2**23  # the first ordinal of what befalls a school in a year


class Verdict(NamedTuple):
    """What the procedure says, and what the law."""

    claimed: bool
    owed: bool


def verdict(rules: Rulebook, draws: Draws, c: int, person: int, household: int, ordinal: int, time: float) -> Verdict:
    """Whether channel c's record of an event is claimed and whether it is owed."""
    procedure, v = Procedure(int(rules.procedure[c])), [float(value) for value in rules.procedure_with[c]]

    def block(j: int) -> Block:
        return draws.block(person, Purpose.PROCEDURE, int(rules.channel_stream[c]), BLOCKS * ordinal + j)

    if procedure == Procedure.NONE:
        return Verdict(True, True)
    first = block(0)
    if procedure == Procedure.SHARE:
        return Verdict(True, uniform(first[0]) >= v[0])
    if procedure == Procedure.SCREEN:
        owed = uniform(first[0]) < v[0]
        return Verdict(uniform(first[1]) < (v[1] if owed else v[2]), owed)
    if procedure == Procedure.AVERAGE:
        owed = uniform(first[0]) < v[6]
        incomes = [income(block(1 + fortnight), v) for fortnight in range(FORTNIGHTS)]
        return Verdict(owed or averaged_claim(incomes, v) > v[7], owed)
    own = normal(first[0], first[1])
    year = int(rules.month_of_day[math.floor(time)]) // 12
    school = draws.block(household % SCHOOLS, Purpose.PROCEDURE, int(rules.channel_stream[c]), SCHOOL_YEARS + year)
    before, since = normal(school[0], school[1]), normal(school[2], school[3])
    past = v[0] * (v[1] * before + math.sqrt(1.0 - v[1] ** 2) * since)
    return Verdict(own + past < v[2], own + v[0] * before < v[2])


def income(block: Block, v: list[float]) -> float:
    """What a fortnight brings in."""
    if uniform(block[0]) >= v[0]:
        return 0.0
    return v[1] * math.exp(v[2] * normal(block[1], block[2]) - v[2] ** 2 / 2.0)


def averaged_claim(incomes: list[float], v: list[float]) -> float:
    """What was paid fortnight by fortnight, less what an even income would have brought."""
    paid = sum(benefit(x, v) for x in incomes)
    return paid - len(incomes) * benefit(sum(incomes) / len(incomes), v)


def benefit(x: float, v: list[float]) -> float:
    """The benefit of a fortnight with income x."""
    return max(0.0, v[3] - v[5] * max(0.0, x - v[4]))
