"""One person's life in one world: what is on the tape and what is pending, in the order of time.

Puts records, scores and sanctions in order and keeps the times at which gates opened and closed. What the world leaves out of the tape is
decided here, by the bits of its record quality. Counting is in `tallies.py`. Model: `docs/model.md` 5 to 8.
"""

from __future__ import annotations

from ..layout import NEVER, Cause, Ints, Origin, Quality, What
from .book import Book
from .conduct import happens
from .draws import Address
from .jit import inlined, kernel, whole
from .kin import Line, concerned
from .records import Items
from .room import CHANGED, Log, Queue, State, enter, note, push
from .sanctions import PRESSURE_ON, TERM_END, brink, closed, end_term, list_person, press, run_terms
from .scores import band_of, gain, shown, watch_band

RECORDS, GHOSTS, STRAYS = whole(Quality.RECORDS), whole(Quality.GHOSTS), whole(Quality.STRAYS)
LOST, STALE = whole(Quality.LOST), whole(Quality.STALE)
OWN, GARBLED, UNREAL, EVENT = whole(Origin.OWN), whole(Origin.GARBLED), whole(Origin.GHOST), whole(Origin.EVENT)
RECORD_IN, RECORD_OUT, HAPPENED = whole(What.RECORD_IN), whole(What.RECORD_OUT), whole(What.EVENT)
ARRIVAL = whole(-1)  # a record under way, pending
BY_START, BY_RECORD = whole(Cause.START), whole(Cause.RECORD)
BY_EXPIRY, BY_SETTLEMENT = whole(Cause.EXPIRY), whole(Cause.SETTLEMENT)

# what became of an item in a world: bits, and the number of listings above them
ENTERED, OVERSTAYS, MISSING, ENDED, DONE = 1, 2, 4, 8, 16
LISTED = 32
NOBODY, NOTHING = whole(-1), whole(0)


@inlined
def exists(quality: int, origin: int) -> bool:
    """True where an item of this origin is on file in a world of this record quality."""
    if quality & RECORDS == 0:
        return False
    if origin == OWN:
        return True
    if origin == GARBLED:
        return quality & LOST == 0
    return quality & (GHOSTS if origin == UNREAL else STRAYS) != 0


@inlined
def arrive(at: Address, rules: Book, w: int, state: State, queue: Queue, tape: Items, j: int, mended: bool, fate: Ints, log: Log) -> None:
    """Item j has arrived, if it exists in the world: its points act, it may list the person. A mended item is as if the source had been
    right about it.

    Writes: fate[j], state, queue.
    """
    item, t = tape[j], state["day"]
    quality, c = rules["quality"][w] if rules["ruled"][w] == 1 else 0, item["channel"]
    stop = item["update"] if quality & STALE and not mended else item["settle"]
    if stop <= t:
        return
    if not exists(quality, item["origin"]):
        if item["origin"] == GARBLED and quality & RECORDS:
            fate[j] |= MISSING
        return
    if mended and item["origin"] != OWN and item["origin"] != GARBLED:
        return
    gain(rules, w, state, rules["points"][w, c])
    note(log, state, RECORD_IN, item, NOBODY, NOTHING)
    out = min(t + rules["keep"][w, c], stop)
    fate[j] |= ENTERED
    if stop > item["settle"] and min(out, rules["days"]) > item["settle"]:
        fate[j] |= OVERSTAYS
    if out < rules["days"]:
        fate[j] |= ENDED
        push(queue, state, out, RECORD_OUT, j, NOBODY, BY_SETTLEMENT if out == stop else BY_EXPIRY)
    fate[j] |= LISTED * list_person(at, rules, w, state, queue, item, j, stop, log)


@inlined
def take_item(
    at: Address,
    rules: Book,
    w: int,
    state: State,
    queue: Queue,
    tape: Items,
    j: int,
    mended: bool,
    restricted: int,
    fate: Ints,
    log: Log,
) -> None:
    """The next item of the tape is dealt with: a record arrives, or an event that depended on the state has happened or not."""
    item = tape[j]
    state["cause"] = max(state["cause"], BY_RECORD)
    if item["mark"] < 0.0:
        arrive(at, rules, w, state, queue, tape, j, mended, fate, log)
        return
    k = item["channel"] if item["origin"] == EVENT else rules["channel_class"][item["channel"]]
    if happens(rules, k, item["mark"], restricted != 0):
        if item["origin"] == EVENT or item["event"] == 1:
            fate[j] = DONE
            note(log, state, HAPPENED, item, NOBODY, NOTHING)
        if item["origin"] == EVENT:
            return
        if item["delay"] > 0.0:
            push(queue, state, state["day"] + item["delay"], ARRIVAL, j, NOBODY, BY_RECORD)
        else:
            arrive(at, rules, w, state, queue, tape, j, mended, fate, log)


@inlined
def take_pending(at: Address, rules: Book, w: int, state: State, queue: Queue, tape: Items, mend: int, fate: Ints, log: Log) -> None:
    """What was due first is done."""
    n = state["pending"] - 1
    state["pending"] = n
    what, j, place = queue[n]["what"], queue[n]["about"], queue[n]["place"]
    state["cause"] = max(state["cause"], queue[n]["why"])
    if what == RECORD_OUT:
        if rules["ledger"][w] == 0:
            gain(rules, w, state, -rules["points"][w, tape[j]["channel"]])
        note(log, state, what, tape[j], place, NOTHING)
    elif what == ARRIVAL:
        arrive(at, rules, w, state, queue, tape, j, j == mend, fate, log)
    elif what == TERM_END:
        end_term(rules, w, state, place // 64)
        note(log, state, what, tape[0], place, NOTHING)
    else:
        press(state, place, 1 if what == PRESSURE_ON else -1)
        note(log, state, what, tape[j], place, NOTHING)


@inlined
def look_at_gates(rules: Book, w: int, state: State, queue: Queue, tape: Items, line: Line, log: Log) -> None:
    """Terms begin where the score calls for one, the band is watched, and a change of the closed domains is in the timeline."""
    run_terms(rules, w, state, queue, tape[0], log)
    watch_band(rules, w, state)
    mask = closed(rules, w, state, state["score"])
    n = state["changes"]
    if n == 0 or mask != line[n - 1]["mask"]:
        line[n]["at"], line[n]["mask"], line[n]["cause"] = state["day"], mask, state["cause"]
        state["changes"] = n + 1
        note(log, state, CHANGED, tape[0], NOBODY, mask)


@kernel
def live(
    at: Address,
    rules: Book,
    w: int,
    tape: Items,
    mend: int,
    age: float,
    state: State,
    queue: Queue,
    line: Line,
    fate: Ints,
    log: Log,
) -> int:
    """The life of one person in world w is lived; returns the number of changes in `line`.

    tape: the person's items by time, and one spare item at its end that is never lived. mend: index of an item to be put right, or -1.
    age: at the start. Writes: line, fate (per item), state (bands, reversals, brink). Draws: LISTING*, JOINT*.
    """
    items = tape.shape[0] - 1
    for m in range(items):
        fate[m] = 0
    enter(rules, w, state)
    if rules["ruled"][w] == 0:
        line[0]["at"], line[0]["mask"], line[0]["cause"] = 0.0, 0, BY_START
        state["changes"] = 1
        if rules["waits"] == 0:  # nothing depends on the state, and nothing is recorded
            return 1
    else:
        state["band"] = band_of(rules, w, shown(rules, w, rules["start"][w]))
        look_at_gates(rules, w, state, queue, tape, line, log)
        line[0]["cause"] = BY_START
    j = NOTHING
    while True:
        due = queue[state["pending"] - 1]["due"] if state["pending"] > 0 else NEVER
        coming = tape[j]["time"] if j < items else NEVER
        state["day"] = min(due, coming)
        if state["day"] >= rules["days"]:
            break
        state["cause"] = BY_START
        restricted = line[state["changes"] - 1]["mask"] & rules["own"] & concerned(rules, age, state["day"])
        while True:
            if state["pending"] > 0 and queue[state["pending"] - 1]["due"] == state["day"]:
                take_pending(at, rules, w, state, queue, tape, mend, fate, log)
            elif j < items and tape[j]["time"] == state["day"]:
                take_item(at, rules, w, state, queue, tape, j, j == mend, restricted, fate, log)
                j += 1
            else:
                break
        if rules["ruled"][w] == 1:
            look_at_gates(rules, w, state, queue, tape, line, log)
    state["brink"] = brink(rules, w, state) if rules["ruled"][w] == 1 else 0
    return state["changes"]
