"""The working room of one life: its state, what is pending, and the log of a traced life.

The state is one record and the queue one array, used again for every life of a township. Nothing here decides anything.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import MOST, NEVER, What
from .book import Book
from .jit import inlined, kernel, whole

State = Any  # an array of one STATE, and in kernels the record
Queue = Any  # array of PENDING
Log = Any  # array of STEP

CHANGED = whole(What.CHANGE)

STATE = np.dtype(
    [
        ("day", np.float64),
        ("score", np.int64),  # points, not yet clipped where the score is stateless
        ("band", np.int64),
        ("band_before", np.int64),
        ("band_day", np.float64),  # day of the last change of band
        ("bands", np.int64),  # changes of band
        ("reversals", np.int64),
        ("terms", np.int64),  # terms begun on score lists
        ("brink", np.int64),  # open domains at the end that one minor record more would close
        ("pending", np.int64),  # length of the queue
        ("changes", np.int64),  # length of the timeline
        ("logged", np.int64),  # length of the log
        ("cause", np.int64),  # Cause of what was done last
        ("pressure", np.int64, (MOST["lists"], MOST["domains"])),
        ("pressures", np.int64),  # their sum
        ("running", np.int64, MOST["lists"]),  # 1 while a term of a score list runs
        ("on", np.float64, MOST["domains"]),  # first day of a sanction, while one spreads
        ("off", np.float64, MOST["domains"]),
        ("via", np.int64, MOST["domains"]),  # domain from which it came
    ]
)

PENDING = np.dtype(
    [
        ("due", np.float64),
        ("what", np.int64),  # What, or life.ARRIVAL
        ("about", np.int64),  # index of the item, or -1
        ("place", np.int64),  # list * 64 + domain, for pressures and terms
        ("why", np.int64),  # Cause
    ]
)


@kernel
def pending_at_most(rules: Book, items: int) -> int:
    """An upper bound of what can be pending in a life of so many items."""
    return items * (2 + 2 * rules["lists"] * rules["domains"]) + rules["lists"] + 8


@kernel
def changes_at_most(rules: Book, items: int) -> int:
    """An upper bound of the changes in a life of so many items: each starts and ends points, a term, and listings with their spread."""
    return items * (5 + 2 * rules["lists"] * rules["domains"]) + 2 * rules["lists"] + 8


@inlined
def enter(rules: Book, w: int, state: State) -> None:
    """The state is that of the first day of a life in world w."""
    for l in range(rules["lists"]):  # noqa: E741
        state["running"][l] = 0
        for d in range(rules["domains"]):
            state["pressure"][l, d] = 0
    state["day"], state["score"], state["band"], state["band_before"] = 0.0, rules["start"][w], 0, -1
    state["band_day"], state["bands"], state["reversals"], state["terms"], state["brink"] = -NEVER, 0, 0, 0, 0
    state["pending"], state["changes"], state["logged"], state["cause"] = 0, 0, 0, 0
    state["pressures"] = 0


@inlined
def push(queue: Queue, state: State, due: float, what: int, about: int, place: int, why: int) -> None:
    """Something is pending; the queue stays in falling order of days, the next one last."""
    n = state["pending"]
    state["pending"] = n + 1
    while n > 0 and queue[n - 1]["due"] < due:
        one, two = queue[n], queue[n - 1]
        one["due"], one["what"], one["about"], one["place"], one["why"] = two["due"], two["what"], two["about"], two["place"], two["why"]
        n -= 1
    entry = queue[n]
    entry["due"], entry["what"], entry["about"], entry["place"], entry["why"] = due, what, about, place, why


@inlined
def note(log: Log, state: State, what: int, item: Any, place: int, mask: int) -> None:
    """The step is in the log, where one is kept."""
    n = state["logged"]
    if n < log.shape[0]:
        step = log[n]
        step["time"], step["what"], step["score"], step["mask"] = state["day"], what, state["score"], mask
        step["origin"], step["channel"], step["cause"], step["ordinal"] = item["origin"], item["channel"], item["cause"], item["ordinal"]
        step["list"], step["domain"] = place // 64, place % 64
        state["logged"] = n + 1
