"""What is pending in a life, earliest first, and what comes first of what is due at one instant.

The order within an instant is that of `docs/model.md` (process overview): what ends, what begins, what is decided, and last what comes on
file, in the order of the records' places. It hangs on nothing that a world changes. What is done when it is due is in `life.py`.
"""

from __future__ import annotations

import numpy as np

from ..layout import What
from .jit import inlined, kernel, whole
from .room import Life, Pages, State

# kinds of their own, beside those of What
NOTICE, FOUND_OUT, DECISION, SECOND_DECISION, CORRECTION, GIVING_UP = (whole(kind) for kind in range(32, 38))
ARRIVAL, LATE, ROLLED_BACK = (whole(kind) for kind in range(38, 41))  # a record under way; held up by a threat; restored from a backup

TURNS = (
    (What.RECORD_OUT,),
    (What.PRESSURE_ON, What.PRESSURE_OFF),
    (What.TERM_END,),
    (What.COPY_IN, What.RETURNED),
    (ROLLED_BACK,),
    (CORRECTION,),
    (NOTICE, FOUND_OUT),
    (GIVING_UP,),
    (DECISION, SECOND_DECISION),
    (ARRIVAL, LATE),  # after the events of the instant
)
TURN = np.array([next((n for n, kinds in enumerate(TURNS) if what in kinds), -1) for what in range(41)], np.int64)
ENTRIES = whole(len(TURNS) - 1)


@kernel
def precedes(life: Life, n: int, what: int, j: int) -> bool:
    """True where the n-th of what is pending comes before something of this kind about item j that is due at the same instant."""
    entry, slots = life.pages[n], life.slots
    if TURN[entry["what"]] != TURN[what]:
        return TURN[entry["what"]] < TURN[what]
    return j >= 0 and entry["about"] >= 0 and slots[entry["about"]]["place"] < slots[j]["place"]


@inlined
def push_in(life: Life, due: float, what: int, about: int, place: int, why: int) -> None:
    """Pending, unless it is due after the period."""
    if due < life.rules["days"]:
        push(life, due, what, about, place, why)


@kernel
def push(life: Life, due: float, what: int, about: int, place: int, why: int) -> None:
    """Pending; the queue stays in falling order, the next one last."""
    pages, state = life.pages, life.state
    n = state["pending"]
    state["pending"] = n + 1
    while n > 0 and (pages[n - 1]["due"] < due or (pages[n - 1]["due"] == due and precedes(life, n - 1, what, about))):
        one, two = pages[n], pages[n - 1]
        one["due"], one["what"], one["about"], one["place"], one["why"] = two["due"], two["what"], two["about"], two["place"], two["why"]
        n -= 1
    entry = pages[n]
    entry["due"], entry["what"], entry["about"], entry["place"], entry["why"] = due, what, about, place, why


@kernel
def drop(pages: Pages, state: State, whats: int, about: int, place: int) -> int:
    """What is pending of these kinds (bits), about this item and place (-1: any), is pending no more; returns how much that was."""
    kept = 0
    for n in range(state["pending"]):
        entry = pages[n]
        if whats >> entry["what"] & 1 and (about < 0 or entry["about"] == about) and (place < 0 or entry["place"] == place):
            continue
        if kept < n:
            one = pages[kept]
            one["due"], one["what"], one["about"], one["place"] = entry["due"], entry["what"], entry["about"], entry["place"]
            one["why"] = entry["why"]
        kept += 1
    gone = state["pending"] - kept
    state["pending"] = kept
    return gone


@inlined
def comes_first(life: Life, j: int) -> bool:
    """True where item j of the tape comes before what is pending next, both due now: an event before all records, a record by its place."""
    entry = life.pages[life.state["pending"] - 1]
    if TURN[entry["what"]] != ENTRIES:
        return False
    item = life.slots[j]
    return item["mark"] >= 0.0 or item["place"] < life.slots[entry["about"]]["place"]
