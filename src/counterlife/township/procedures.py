"""How a record comes to be raised where a rule stands between the event and the record: what the procedure claims, and what the law owes.

A verdict depends on the event's own draws, and for a cohort on its school's; on no world. Model: `docs/model.md` 12.
"""

from __future__ import annotations

import math

from ..layout import MOST, Procedure
from .book import Book
from .draws import PROCEDURE, Address, block, normal, uniform
from .jit import inlined, kernel, whole

SHARE, SCREEN, AVERAGE = whole(Procedure.SHARE), whole(Procedure.SCREEN), whole(Procedure.AVERAGE)
OWED, CLAIMED = whole(1), whole(2)  # bits of a verdict
FORTNIGHTS = 26
BLOCKS = 64  # ordinals of one event
COHORTS = whole(1 << 23)  # ordinals of the schools' years begin here
EVENTS = COHORTS // BLOCKS
SCHOOLS = 64
DUST = 1e-9  # of the full rate: a claim of no more is rounding
YEARS = MOST["months"] // 12


@kernel
def verdict(at: Address, rules: Book, household: int, i: int, c: int, n: int, t: float) -> int:
    """OWED where the law would raise a record of person i's event n, at time t, on channel c; CLAIMED where the procedure does; bits.

    Draws: PROCEDURE, by event; and by household and year for a cohort. Raises OverflowError where an address has no room for the event.
    """
    if n >= EVENTS:
        raise OverflowError("a life has more events of one class than the address of a procedure has room for (2^17)")
    one, two, _, _ = block(at, i, rules["channel_stream"][c], PROCEDURE, BLOCKS * n)
    kind = rules["procedure"][c]
    if kind == SHARE:
        claimed, owed = True, uniform(one) >= rules["procedure_with"][c, 0]
    elif kind == SCREEN:
        owed = uniform(one) < rules["procedure_with"][c, 0]
        claimed = uniform(two) < (rules["procedure_with"][c, 1] if owed else rules["procedure_with"][c, 2])
    elif kind == AVERAGE:
        owed = uniform(one) < rules["procedure_with"][c, 6]
        claimed = owed or claim(at, rules, i, c, n) > rules["procedure_with"][c, 7] + DUST * rules["procedure_with"][c, 3]
    else:
        now, past = schools(at, rules, household, c, t)
        merit = normal(one, two)
        owed = merit + now < rules["procedure_with"][c, 2]
        claimed = merit + past < rules["procedure_with"][c, 2]
    return (OWED if owed else 0) | (CLAIMED if claimed else 0)


@inlined
def benefit(rules: Book, c: int, income: float) -> float:
    """What the law pays for a fortnight with this income."""
    return max(0.0, rules["procedure_with"][c, 3] - rules["procedure_with"][c, 5] * max(0.0, income - rules["procedure_with"][c, 4]))


@inlined
def claim(at: Address, rules: Book, i: int, c: int, n: int) -> float:
    """What was paid in a year of fortnights above what would have been, had each had the mean income."""
    works, pay, spread = rules["procedure_with"][c, 0], rules["procedure_with"][c, 1], rules["procedure_with"][c, 2]
    paid, total = 0.0, 0.0
    for fortnight in range(FORTNIGHTS):
        w_works, w_one, w_two, _ = block(at, i, rules["channel_stream"][c], PROCEDURE, BLOCKS * n + 1 + fortnight)
        income = 0.0
        if uniform(w_works) < works:
            income = pay * math.exp(spread * normal(w_one, w_two) - spread * spread / 2.0)
        paid += benefit(rules, c, income)
        total += income
    return paid - FORTNIGHTS * benefit(rules, c, total / FORTNIGHTS)


@inlined
def schools(at: Address, rules: Book, household: int, c: int, t: float) -> tuple[float, float]:
    """What the school adds to a result in the year of t, and what it would add if the year were like its past."""
    year = 0
    while year + 1 < YEARS and rules["year_day"][year + 1] <= t:
        year += 1
    one, two, three, four = block(at, household % SCHOOLS, rules["channel_stream"][c], PROCEDURE, COHORTS + year)
    weight, stays = rules["procedure_with"][c, 0], rules["procedure_with"][c, 1]
    now = normal(one, two)
    return weight * now, weight * (stays * now + math.sqrt(1.0 - stays * stays) * normal(three, four))
