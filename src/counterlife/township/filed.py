"""Counting what became of records: what is wrong with them, who learned, who appealed, how long it took.

Days and restrictions are counted in `tallies.py`. Model: `docs/model.md` 4, 11 and 14; columns: `docs/tallies.md`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import RECORD_KINDS, SPELL_BIN, Fate, Ints, Origin, Quality, Wrong
from .book import Book
from .items import Items, event_class
from .jit import inlined, kernel, whole
from .sheet import (
    ABANDONED,
    C_EVENTS,
    C_FILE_DAYS,
    C_KINDS,
    C_LISTINGS,
    CASE_DAYS,
    CONTESTED,
    CONTESTED_WRONG,
    CORRECTED,
    CORRECTED_WRONG,
    CORRECTIONS_LOST,
    DECIDED,
    DECIDED_WRONG,
    FILE_DAYS,
    FILE_PEOPLE,
    K_BOTH,
    K_EVENTS,
    K_FIRST,
    K_SECOND,
    KINDS,
    LEARNED,
    LEARNED_WRONG,
    LISTINGS,
    MARKED,
    PENDING,
    RECORDS_IN,
    RECORDS_OPEN,
    RECORDS_OUT,
    REPAIRED,
    RETURNED,
    SECOND,
    TAMPERED_OPEN,
    UPHELD,
    UPHELD_WRONG,
    W_CLOSED,
    W_COPIES,
    W_COPIES_OPEN,
    W_DECISION,
    W_FILED,
    W_FOUND,
    W_LEARNED,
    W_UNAWARE,
    W_UNDECIDED,
    W_UNFOUND,
    W_UNFOUND_OPEN,
    W_UNLEARNED,
    W_WAITING,
    WRONG,
    WRONG_OPEN,
    Plan,
)

Fates = Any  # array of FATE

OWN, GARBLED, EVENT = whole(Origin.OWN), whole(Origin.GARBLED), whole(Origin.EVENT)
NOTHING, MISREAD, INFLATED, TAMPERED = whole(Wrong.NOTHING), whole(Wrong.MISREAD), whole(Wrong.INFLATED), whole(Wrong.TAMPERED)
DUPLICATES = whole(Quality.DUPLICATES)
WEIGHED = whole(Quality.INFLATED)
HAS_ENTERED, OVERSTAYS, MISSING, ENDED = whole(Fate.ENTERED), whole(Fate.OVERSTAYS), whole(Fate.MISSING), whole(Fate.ENDED)
HAPPENED, KNOWN = whole(Fate.DONE | Fate.COUNTS), whole(Fate.NOTIFIED | Fate.DISCOVERED)
HAS_APPEAL, WRONG_THEN, HAS_DECISION = whole(Fate.CONTESTED), whole(Fate.WRONG_THEN), whole(Fate.DECIDED)
HAS_WON, HAS_SECOND, HAS_LEFT = whole(Fate.UPHELD), whole(Fate.SECOND), whole(Fate.ABANDONED)
IS_CORRECTED, FATE_LOST = whole(Fate.CORRECTED), whole(Fate.CORRECTION_LOST)
CAME_BACK, WAS_REPAIRED = whole(Fate.RETURNED), whole(Fate.REPAIRED)
RIGHT, STALE, LOST = (whole(RECORD_KINDS.index(kind)) for kind in ("right", "stale", "lost"))
KIND_OF_WRONG = np.array([0 if one is Wrong.NOTHING else RECORD_KINDS.index(one.name.lower()) for one in Wrong], np.int64)
ALL_KINDS = len(RECORD_KINDS)


@inlined
def wrong_here(quality: int, wrong: int) -> int:
    """What is wrong with a record from its beginning in a world of this record quality."""
    return NOTHING if wrong == INFLATED and quality & WEIGHED == 0 else wrong


@inlined
def is_wrong(quality: int, wrong: int, what: int) -> bool:
    """True for a record that has entered and is wrong from its beginning, or kept past its due end."""
    return what & HAS_ENTERED != 0 and (wrong_here(quality, wrong) != NOTHING or what & OVERSTAYS != 0)


@inlined
def days_between(begin: float, end: float) -> int:
    """Whole days from one time to another."""
    return int(np.floor(end)) - int(np.floor(begin))


@inlined
def count_wait(waits: Ints, worlds: int, block: int, w: int, days: int) -> None:
    """A wait of so many days, or a day of the calendar, is in its row of the waits table."""
    waits[min(days // SPELL_BIN, waits.shape[0] - 1), block * worlds + w] += 1


@kernel
def count_records(
    plan: Plan, people: Ints, channels: Ints, classes: Ints, waits: Ints, rules: Book, w: int, cell: int, tape: Items, fates: Fates
) -> int:
    """What became of each item in world w; returns the number of wrong records.

    fates: array of FATE, one for each item of the tape but the spare one at its end.
    """
    row, first, worlds, wrong, acting = people[cell], plan["first"], rules["worlds"], 0, False
    for j in range(tape.shape[0] - 1):
        item, fate = tape[j], fates[j]
        what = fate["what"]
        if what & HAPPENED == HAPPENED:
            count_event(channels, classes, rules, w, event_class(rules, item))
        if item["origin"] == EVENT:
            continue
        if what & MISSING:
            row[first[KINDS] + w * ALL_KINDS + LOST] += 1
            channels[item["channel"], (C_KINDS + LOST) * worlds + w] += 1
        elif what & HAS_ENTERED:
            acting = acting or what & ENDED == 0
            count_record(plan, row, channels, rules, w, item, fate)
            wrong += 1 if is_wrong(rules["quality"][w], item["wrong"], what) else 0
            count_learning(plan, row, waits, rules, w, item, fate)
            if item["wrong"] == TAMPERED:
                count_found(waits, rules, w, item, fate)
            count_twice(classes, rules, w, tape, fates, j)
            if what & HAS_APPEAL:
                count_case(plan, row, waits, rules, w, fate)
            if what & (IS_CORRECTED | FATE_LOST | CAME_BACK | WAS_REPAIRED):
                count_exit(plan, row, waits, rules, w, fate)
    row[first[WRONG] + w] += wrong
    row[first[MARKED] + w] += 1 if wrong > 0 else 0
    row[first[FILE_PEOPLE] + w] += 1 if acting else 0
    return wrong


@inlined
def count_event(channels: Ints, classes: Ints, rules: Book, w: int, k: int) -> None:
    """An event of class k that depended on the state of the life has happened in world w."""
    classes[k, K_EVENTS * rules["worlds"] + w] += 1
    for c in range(rules["first"][k], rules["first"][k + 1]):
        channels[c, C_EVENTS * rules["worlds"] + w] += 1


@inlined
def count_record(plan: Plan, row: Ints, channels: Ints, rules: Book, w: int, item: Any, fate: Any) -> None:
    """A record that entered: its kind, its listings, its days on file."""
    first, worlds, c, what = plan["first"], rules["worlds"], item["channel"], fate["what"]
    wrong = wrong_here(rules["quality"][w], item["wrong"])
    kind, days = KIND_OF_WRONG[wrong], days_between(fate["entered"], fate["until"])
    row[first[KINDS] + w * ALL_KINDS + kind] += 1
    channels[c, (C_KINDS + kind) * worlds + w] += 1
    if wrong == NOTHING and what & OVERSTAYS:
        row[first[KINDS] + w * ALL_KINDS + STALE] += 1
        channels[c, (C_KINDS + STALE) * worlds + w] += 1
    row[first[LISTINGS] + w] += fate["listings"]
    channels[c, C_LISTINGS * worlds + w] += fate["listings"]
    row[first[FILE_DAYS] + w] += days
    channels[c, C_FILE_DAYS * worlds + w] += days
    row[first[RECORDS_IN] + w] += 1
    row[first[RECORDS_OUT if what & ENDED else RECORDS_OPEN] + w] += 1
    if what & ENDED == 0:
        row[first[WRONG_OPEN] + w] += 1 if wrong != NOTHING or what & OVERSTAYS else 0
        row[first[TAMPERED_OPEN] + w] += 1 if wrong == TAMPERED else 0


@inlined
def count_learning(plan: Plan, row: Ints, waits: Ints, rules: Book, w: int, item: Any, fate: Any) -> None:
    """Whether the person learned of the record, and after how many days if it is wrong."""
    first, worlds, what = plan["first"], rules["worlds"], fate["what"]
    wrong = is_wrong(rules["quality"][w], item["wrong"], what)
    if what & KNOWN:
        row[first[LEARNED] + w] += 1
        row[first[LEARNED_WRONG] + w] += 1 if wrong else 0
        if wrong:
            count_wait(waits, worlds, W_LEARNED, w, days_between(fate["entered"], fate["aware"]))
    elif wrong:
        count_wait(waits, worlds, W_UNLEARNED if what & ENDED else W_UNAWARE, w, days_between(fate["entered"], fate["until"]))


@kernel
def count_found(waits: Ints, rules: Book, w: int, item: Any, fate: Any) -> None:
    """After how many days somebody found out about a false record of an attack, while it acted, or how long nobody did (M28)."""
    found = min(item["settle"], fate["corrected"]) if fate["what"] & IS_CORRECTED else item["settle"]
    if found < rules["days"] and found <= fate["until"]:
        count_wait(waits, rules["worlds"], W_FOUND, w, max(0, days_between(fate["entered"], found)))
    else:
        block = W_UNFOUND if fate["what"] & ENDED else W_UNFOUND_OPEN
        count_wait(waits, rules["worlds"], block, w, days_between(fate["entered"], fate["until"]))


@kernel
def count_case(plan: Plan, row: Ints, waits: Ints, rules: Book, w: int, fate: Any) -> None:
    """An appeal: how it ended, if it did, and after how many days."""
    first, worlds, what = plan["first"], rules["worlds"], fate["what"]
    wrong = 1 if what & WRONG_THEN else 0
    row[first[CONTESTED] + w] += 1
    row[first[CONTESTED_WRONG] + w] += wrong
    count_wait(waits, worlds, W_FILED, w, int(fate["filed"]))
    end = min(fate["decided"] if what & (HAS_DECISION | HAS_LEFT) else fate["until"], float(rules["days"]))
    days = days_between(fate["filed"], end)
    row[first[CASE_DAYS] + w] += days
    if what & HAS_DECISION:
        row[first[DECIDED] + w] += 1
        row[first[DECIDED_WRONG] + w] += wrong
        row[first[SECOND] + w] += 1 if what & HAS_SECOND else 0
        if what & HAS_WON:
            row[first[UPHELD] + w] += 1
            row[first[UPHELD_WRONG] + w] += wrong
        count_wait(waits, worlds, W_DECISION, w, days)
        count_wait(waits, worlds, W_CLOSED, w, int(end))
    elif what & (HAS_LEFT | ENDED):
        row[first[ABANDONED] + w] += 1 if what & HAS_LEFT else 0
        count_wait(waits, worlds, W_UNDECIDED, w, days)
        count_wait(waits, worlds, W_CLOSED, w, int(end))
    else:
        row[first[PENDING] + w] += 1
        count_wait(waits, worlds, W_WAITING, w, days)


@kernel
def count_exit(plan: Plan, row: Ints, waits: Ints, rules: Book, w: int, fate: Any) -> None:
    """A record that was corrected, or should have been, or came back, or was earned back."""
    first, worlds, what = plan["first"], rules["worlds"], fate["what"]
    if what & IS_CORRECTED:
        row[first[CORRECTED] + w] += 1
        row[first[CORRECTED_WRONG] + w] += 1 if what & WRONG_THEN else 0
        count_wait(waits, worlds, W_COPIES if what & ENDED else W_COPIES_OPEN, w, max(0, days_between(fate["corrected"], fate["until"])))
    row[first[CORRECTIONS_LOST] + w] += 1 if what & FATE_LOST else 0
    row[first[RETURNED] + w] += 1 if what & CAME_BACK else 0
    row[first[REPAIRED] + w] += 1 if what & WAS_REPAIRED else 0


@inlined
def is_of_event(item: Any, what: int) -> bool:
    """True for a record of the person's own event, filed under the right person and class."""
    return what & HAS_ENTERED != 0 and (item["origin"] == OWN or item["origin"] == GARBLED) and item["wrong"] != MISREAD


@kernel
def is_second(tape: Items, fates: Fates, j: int) -> bool:
    """True for the second copy of a record whose first one entered too."""
    item = tape[j]
    for m in range(tape.shape[0] - 1):
        one = tape[m]
        same = one["channel"] == item["channel"] and one["ordinal"] == item["ordinal"] and one["needs"] & DUPLICATES == 0
        if same and is_of_event(one, fates[m]["what"]):
            return True
    return False


@inlined
def count_twice(classes: Ints, rules: Book, w: int, tape: Items, fates: Fates, j: int) -> None:
    """Item j, if it records an event by the first or second channel of its class, and whether the other one recorded it too."""
    item = tape[j]
    c = item["channel"]
    k, worlds = rules["channel_class"][c], rules["worlds"]
    one = rules["first"][k]
    if rules["first"][k + 1] - one < 2 or c > one + 1 or not is_of_event(item, fates[j]["what"]):
        return
    if item["needs"] & DUPLICATES != 0 and is_second(tape, fates, j):
        return
    classes[k, (K_FIRST if c == one else K_SECOND) * worlds + w] += 1
    if c != one:
        return
    for m in range(tape.shape[0] - 1):
        other = tape[m]
        if other["channel"] == one + 1 and other["ordinal"] == item["ordinal"] and is_of_event(other, fates[m]["what"]):
            classes[k, K_BOTH * worlds + w] += 1
            return
