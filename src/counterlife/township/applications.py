"""Applications at gates that let a share of them pass, by band of the score: when a person applies, and what comes of it in every world.

A gate that is shut refuses all. Whether an application passes an open one is its own luck, the same in every world, so that a world with
a better band never refuses what one with a worse band grants. Only gates of their holder are soft. Model: `docs/model.md` 8.
"""

from __future__ import annotations

from ..layout import Floats, Ints
from .book import Book
from .conduct import after, gap
from .draws import APPLY, Address, block, uniform
from .jit import entry, inlined, kernel, whole
from .kin import Line, row_of
from .room import Desk, Person
from .sheet import APPLIED, GRANTED_LENIENTLY, REFUSED, REFUSED_WRONGLY, Plan

FIRST = whole(0)


@inlined
def apply(at: Address, rules: Book, index: int, d: int, t: float, m: int) -> tuple[float, float]:
    """The day of application m at domain d, if the one before it was on day t, and its luck. Draws: APPLY (gap, luck)."""
    w_gap, w_luck, _, _ = block(at, index, rules["gate_stream"][d], APPLY, m)
    return t + gap(w_gap, rules["apply"][d]), uniform(w_luck)


@kernel
def is_refused(rules: Book, w: int, line: Line, changes: int, d: int, t: float, luck: float) -> bool:
    """True where an application at domain d on day t, of this luck, is refused in world w, of which `line` is the timeline."""
    low, high = 0, changes
    while high - low > 1:
        middle = (low + high) // 2
        if line[middle]["at"] <= t:
            low = middle
        else:
            high = middle
    band = line[low]["band"]
    return line[low]["mask"] >> d & 1 == 1 or (band >= 0 and luck >= rules["passes"][row_of(rules, w, t), d, band])


@kernel
def count_applications(plan: Plan, people: Ints, at: Address, rules: Book, desk: Desk, who: Person, index: int) -> None:
    """The person's applications at soft gates are counted, and those that are refused. index: the person's number. Draws: APPLY."""
    worlds, softs, row, first = desk.worlds[0], rules["softs"], people[who["cell"]], plan["first"]
    days = float(rules["days"])
    for n in range(softs):
        d, t, m = rules["soft"][n], 0.0, FIRST
        begin, end = rules["domain_from"][d] - who["age"], rules["domain_until"][d] - who["age"]
        while True:
            t, luck = apply(at, rules, index, d, t, m)
            if t >= days:
                break
            m = after(m)
            if not begin <= t < end:
                continue
            row[first[APPLIED] + n] += 1
            refused = 0
            for w in range(rules["worlds"]):
                v = worlds["of"][w]
                if is_refused(rules, w, desk.lines[v], worlds["changes"][v], d, t, luck):
                    refused |= 1 << w
                    row[first[REFUSED] + w * softs + n] += 1
            for p in range(rules["pairs"]):
                here, there = refused >> rules["pair_world"][p] & 1, refused >> rules["pair_versus"][p] & 1
                row[first[REFUSED_WRONGLY] + p * softs + n] += here & ~there
                row[first[GRANTED_LENIENTLY] + p * softs + n] += there & ~here


@entry
def applications(at: Address, rules: Book, age: float, index: int, d: int, when: Floats, lucks: Floats) -> int:
    """How often a person of this age at the start applies at domain d. Writes when, and with what luck, as far as there is room.

    Draws: APPLY.
    """
    t, m, count = 0.0, FIRST, 0
    while True:
        t, luck = apply(at, rules, index, d, t, m)
        if t >= rules["days"]:
            return count
        m = after(m)
        if rules["domain_from"][d] - age <= t < rules["domain_until"][d] - age:
            if count < when.shape[0]:
                when[count], lucks[count] = t, luck
            count += 1
