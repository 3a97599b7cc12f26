"""The working room of one life: its state, what is pending, and the log of a traced life.

The state is one record, the slots and pages two arrays, used again for every life of a township. Nothing here decides anything.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..layout import CHANGE, FATE, ITEM, MOST, NEVER, Floats, Ints, Quality, What
from .book import Book
from .draws import Address
from .items import Items, record_stream
from .jit import inlined, kernel, whole
from .kin import HOUSEHOLD, WORLDS, Line, Worlds
from .points import State as State
from .points import seen

Log = Any  # array of STEP
Fates = Any  # array of FATE
Person = Any  # a PERSON record
Slots = Any  # array of SLOT
Pages = Any  # array of PAGE

CHANGED = whole(What.CHANGE)
STALE = whole(Quality.STALE)
ABSENT = whole(-(2**63))  # the mark of somebody who is not ranked, and below every score

STATE = np.dtype(
    [
        ("day", np.float64),
        ("row", np.int64),  # rules of the present stage
        ("stage", np.int64),
        ("turned", np.float64),  # day on which the present rules began
        ("score", np.int64, MOST["scores"]),  # points, not yet clipped where a score is stateless
        ("offset", np.int64, MOST["scores"]),  # points from traits
        ("part", np.int64, (MOST["scores"], MOST["parts"])),  # points of the acting records of each part, not clipped
        ("weight", np.float64),  # of friends in the tied score, since the last review
        ("pull", np.int64),  # points that it then took from others
        ("band", np.int64),
        ("band_before", np.int64),
        ("band_day", np.float64),  # day of the last change of band
        ("bands", np.int64),  # changes of band
        ("reversals", np.int64),
        ("terms", np.int64),  # terms begun on score lists
        ("pending", np.int64),  # length of the queue
        ("changes", np.int64),  # length of the timeline
        ("logged", np.int64),  # length of the log
        ("entries", np.int64),  # length of the journal
        ("cause", np.int64),  # Cause of what was done last
        ("touched", np.int64),  # 1 where something that gates look at has moved since they were looked at
        ("level", np.int64, MOST["scores"]),  # of each score then (`book.py`)
        ("own", np.int64),  # own domains that concern the person at the present age
        ("edge", np.float64),  # the next day on which gates cease or begin to concern the person; NEVER where nobody asks
        ("why", np.int64),  # Cause of the step at hand
        ("shut", np.int64),  # own domains closed at the last look at the gates, at the ages they concern
        ("pressure", np.int64, (MOST["lists"], MOST["domains"])),
        ("pressures", np.int64),  # their sum
        ("below", np.int64),  # bits of the domains below whose line the last review put the person
        ("running", np.int64, MOST["lists"]),  # 1 while a term of a score list runs
        ("on", np.float64, MOST["domains"]),  # first day of a sanction, while one spreads
        ("off", np.float64, MOST["domains"]),
        ("via", np.int64, MOST["domains"]),  # domain from which it came
        ("belief", np.float64),  # belief in being punished, as of belief_day
        ("belief_day", np.float64),
        ("heat", np.float64, MOST["classes"]),  # what recent events add to the multiplier of their class, as of heat_day
        ("heat_day", np.float64, MOST["classes"]),
        ("happened", np.int64),  # whether the last event that was decided happened
        ("near", np.int64),  # events that happened while near a gate
        ("lost_cases", np.int64),  # appeals lost for good
        ("granted", np.int64),  # appeals granted
        ("asked", np.float64),  # the integral of the rate of asking why, as of asked_day
        ("asked_day", np.float64),
        ("asking", np.float64),  # that rate
        # the same for all lives of a township
        ("office", np.float64, (MOST["scores"], MOST["channels"])),  # standard normal: how severe the office of a channel is
    ]
)

# An item of the tape and what becomes of it in the life at hand.
SLOT = np.dtype(
    [
        *FATE.descr,  # first, for Numba takes a record that begins as an ITEM for a kind of ITEM
        *ITEM.descr,
        ("learns_at", np.float64),  # value of state["asked"] at which the person finds out about the record, NEVER
        ("open", np.int64),  # 1 once the record has counted and can be learned of
        ("gone", np.int64),  # 1 while the record is off the file of its source
        ("held", np.int64),  # bits of the scores on which the record acts
        ("model", np.int64),  # bits of Fate in the world whose conduct is lived
        ("told", np.int64),  # 1 where the event, which is somebody else's, happened
        # draws about the record that no world changes, by score, once they have been drawn
        ("drawn", np.int64),  # bits of the scores whose judgement is, then of those whose lags are
        ("officer", np.float64, MOST["scores"]),  # standard normal: how harsh the officer was
        ("extra", np.float64, MOST["scores"]),  # -1 to 1, of the points in the officer's discretion
        ("there", np.float64, MOST["scores"]),  # exponential with mean 1: how long the copy takes
        ("fixed", np.float64, MOST["scores"]),  # 0 to 1: how long its removal takes
        ("lost", np.float64, MOST["scores"]),  # 0 to 1: whether the removal never arrives
        ("post", np.float64),  # day on which an office decides about it; minus the day on which the person gives up; NEVER
    ]
)

# Three lists beside each other, each as long as the state says: one array is handed to kernels quicker than three.
PAGE = np.dtype(
    [
        # what is pending, the next last
        ("due", np.float64),
        ("what", np.int64),  # What, or one of the kinds of `pending.py`
        ("about", np.int64),  # slot, or -1
        ("place", np.int64),  # list * 64 + domain, for pressures and terms; the score for points
        ("why", np.int64),  # Cause
        # the timeline
        *CHANGE.descr,
        # the journal of ledgers
        ("ledger", np.int64),  # score
        ("entry", np.int64),  # slot; -1 for a score set back to its start, -2 for what was taken off
        ("points", np.int64),
    ]
)


class Life(NamedTuple):
    """What a life in one world is lived with. N items."""

    at: Address
    rules: Book
    w: int
    quality: int
    person: Person
    mend: int  # slot to be put right, or -1
    state: State
    slots: Slots  # (N + 1,) the person's items by time, and one spare that is never lived
    pages: Pages
    log: Log


def pending_at_most(rules: Book, items: int) -> int:
    """An upper bound of what can be pending in a life of so many items."""
    return int(items * (8 + 4 * rules["scores"] + 2 * rules["lists"] * rules["domains"]) + rules["lists"] + 8)


def changes_at_most(rules: Book, items: int) -> int:
    """An upper bound of the changes in a life of so many items: each starts and ends points, a term, and listings with their spread."""
    once = items * (5 + 4 * rules["scores"] + 2 * rules["lists"] * rules["domains"]) + 2 * rules["lists"] + 8
    return int(once * (rules["stages"] + (2 if rules["threats"] > 0 else 0)) + rules["reviews"])


class Heard(NamedTuple):
    """What comes to people from others. W worlds, E reviews, K ranked domains; axes of what is not used are empty."""

    posts: Floats  # (W, items) day on which each item is decided about; minus the day on which the person gives up, NEVER if neither is
    told: Any  # (W, items) 1 for records of what somebody else did, where it happened
    cuts: Any  # (W, E, K) lines of the reviews
    pulls: Ints  # (W, E, people) points from friends and family
    left: Any  # (W, E, people) friends that are left


class Desk(NamedTuple):
    """What is needed to live one person in all worlds; used again for the next. W worlds, N items, M changes, E reviews, K ranked."""

    tape: Items  # (N + 1,) items, and a spare
    state: State  # (1,)
    slots: Slots  # (N + 1,)
    pages: Pages
    lines: Line  # (W + 1, M) lives; the last row is for a life with one record put right
    views: Line  # (W + 2, M) the same as met, with ages and parents; the last rows are for work in hand
    fates: Fates  # (W + 1, N + 1) what became of each item
    posts: Floats  # (W, N + 1) what offices decide when
    told: Ints  # (W, N + 1) what happened to those whose records come here
    cuts: Any  # (W, E, K) the lines of the reviews
    marks: Ints  # (W + 1, E, K) the person's scores at them
    taken: Ints  # (W, E, 2) what comes from friends and family at the reviews: points, and friends left
    stood: Ints  # (W + 1, E, 2) how the person stands at them, and whether shut out
    worlds: Worlds  # (1,)


def no_fates(worlds: int, items: int) -> Fates:
    """(worlds, items) nothing has become of any item: what is so to the end where nothing is recorded."""
    fates = np.zeros((worlds, items), FATE)
    for name in ("entered", "until", "aware", "filed", "decided", "corrected"):
        fates[name] = NEVER
    fates["since"] = -1.0
    return fates


def set_desk(rules: Book, items: int, cuts: Any) -> Desk:
    """A desk for lives of at most so many items, and the lines (W, E, K) of the township's reviews."""
    worlds, changes, reviews = int(rules["worlds"]), changes_at_most(rules, items), int(rules["reviews"])
    ties = reviews if rules["tied"] >= 0 else 0
    stood = np.zeros((worlds + 1, ties, 2), np.int64)
    stood[:, :, 0] = ABSENT
    return Desk(
        np.zeros(items + 1, ITEM),
        np.zeros(1, STATE),
        np.zeros(items + 1, SLOT),
        np.empty(max(pending_at_most(rules, items), changes), PAGE),
        np.empty((worlds + 1, changes), CHANGE),
        np.empty((worlds + 2, (5 if rules["joint_gates"] == 0 else 2 + HOUSEHOLD) * changes + 2 * rules["domains"]), CHANGE),
        no_fates(worlds + 1, items + 1),
        np.full((worlds, items + 1), NEVER),
        np.zeros((worlds, items + 1), np.int64),
        cuts,
        np.full((worlds + 1, reviews, int(rules["ranks"])), ABSENT),
        np.zeros((worlds, ties, 2), np.int64),
        stood,
        np.zeros(1, WORLDS),
    )


@inlined
def lift_pressures(rules: Book, state: State) -> None:
    """No list presses on anything, no term runs, and nobody is below a line."""
    for l in range(rules["lists"]):  # noqa: E741
        state["running"][l] = 0
        for d in range(rules["domains"]):
            state["pressure"][l, d] = 0
    state["pressures"], state["below"] = 0, 0


@inlined
def enter(life: Life) -> None:
    """The state is that of a person without a past; the scores are not set yet."""
    state, rules = life.state, life.rules
    lift_pressures(rules, state)
    state["turned"] = 0.0
    state["day"], state["stage"], state["row"] = 0.0, 0, rules["row"][life.w, 0]
    state["band"], state["band_before"], state["band_day"] = 0, -1, -NEVER
    state["bands"], state["reversals"], state["terms"] = 0, 0, 0
    state["pending"], state["changes"], state["logged"], state["cause"], state["why"] = 0, 0, 0, 0, 0
    state["shut"], state["entries"], state["lost_cases"], state["granted"] = 0, 0, 0, 0
    state["asked"], state["asked_day"], state["asking"] = 0.0, 0.0, 0.0
    aloof = rules["contests"] == 0 and rules["waits"] == 0 and rules["tied"] < 0
    state["near"], state["own"], state["edge"] = 0, 0, NEVER if aloof else 0.0


@inlined
def note(life: Life, what: int, j: int, place: int, mask: int) -> None:
    """The step is in the log, where one is kept; j is the item that it is about, or that at the end of the tape."""
    if life.state["logged"] < life.log.shape[0]:
        write_down(life, what, j, place, mask)


@kernel
def write_down(life: Life, what: int, j: int, place: int, mask: int) -> None:
    """The step is in the log, which has room for it."""
    n, log, state = life.state["logged"], life.log, life.state
    step = log[n]
    step["time"], step["what"], step["item"], step["mask"] = state["day"], what, j, mask
    step["list"], step["domain"], step["why"], step["lost"] = place // 64, place % 64, state["why"], state["lost_cases"]
    for s in range(life.rules["scores"]):
        step["scores"][s] = state["score"][s] if s != life.rules["tied"] else seen(life.rules, state, s, 0)
    state["logged"] = n + 1


@inlined
def exact(life: Life, j: int) -> bool:
    """True where nothing about the record is late or lost once it should go: in worlds without stale records, or if it is put right."""
    return life.quality & STALE == 0 or j == life.mend


@inlined
def stream_of(life: Life, j: int) -> Any:
    """The stream of the record j of a life."""
    return record_stream(life.rules, life.slots[j])
