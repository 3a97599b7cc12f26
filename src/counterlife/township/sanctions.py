"""From records and scores to lists, joint sanctions and closed gates. Model: `docs/model.md` 7 and 8.

A listing presses on its home domain and, after the delays of the joint-sanction matrix, on others; a domain is closed while some list
presses on it hard enough or the score is too low. Pressures only add up, so more listings never open a gate.
"""

from __future__ import annotations

import numpy as np

from ..layout import NEVER, Cause, ListKind, Origin, What
from .book import Book
from .draws import (
    JOINT,
    JOINT_ELSEWHERE,
    JOINT_GHOST,
    LISTING,
    LISTING_ELSEWHERE,
    LISTING_GHOST,
    Word,
    block,
    uniform,
)
from .jit import inlined, kernel, whole
from .kin import bits
from .pending import drop, push_in
from .points import level
from .room import Life, State, note
from .scores import reset

RECORD_LIST = whole(ListKind.RECORD)
PRESSURE_ON, PRESSURE_OFF = whole(What.PRESSURE_ON), whole(What.PRESSURE_OFF)
TERM_START, TERM_END = whole(What.TERM_START), whole(What.TERM_END)
BY_EXPIRY, BY_SETTLEMENT = whole(Cause.EXPIRY), whole(Cause.SETTLEMENT)
BY_JOINT, BY_TERM, BY_REPAIR = whole(Cause.JOINT), whole(Cause.TERM), whole(Cause.REPAIR)
BY_CORRECTION = whole(Cause.CORRECTION)
UNREAL, ABROAD, PLANTED = whole(Origin.GHOST), whole(Origin.ELSEWHERE), whole(Origin.TAMPERED)
WORDLESS = np.uint64(0)
TAIL = whole(4096)  # added to the place of what is left of a listing that was taken off: the record may be listed again

NOBODY, NOTHING = whole(-1), whole(0)


@inlined
def listing_purpose(origin: int) -> Word:
    """The purpose of listing draws: ghosts and strays from elsewhere number their causes apart from real events."""
    if origin == UNREAL:
        return LISTING_GHOST
    return LISTING_ELSEWHERE if origin == ABROAD else LISTING


@inlined
def joint_purpose(origin: int) -> Word:
    """The purpose of joint-sanction draws, likewise."""
    if origin == UNREAL:
        return JOINT_GHOST
    return JOINT_ELSEWHERE if origin == ABROAD else JOINT


@inlined
def lists_person(life: Life, j: int, l: int) -> bool:  # noqa: E741
    """True where the record puts the person on list l. Draws: LISTING by the record's cause."""
    item, rules, r = life.slots[j], life.rules, life.state["row"]
    c = item["channel"]
    chance = rules["list_share"][r, l, c]
    if rules["list_kind"][r, l] != RECORD_LIST or chance <= 0.0 or rules["list_domain"][r, l] < 0:
        return False
    if chance >= 1.0:
        return True
    stream, purpose = list_stream(life, j, l), listing_purpose(item["origin"])
    return uniform(block(life.at, item["cause"], stream, purpose, item["ordinal"])[0]) < chance


@inlined
def list_stream(life: Life, j: int, l: int) -> Word:  # noqa: E741
    """The stream of what list l makes of the record."""
    item, rules = life.slots[j], life.rules
    stream = rules["list_stream"][l, item["channel"]]
    if item["origin"] == PLANTED:
        stream ^= rules["threat_stream"][item["event"]]
    return stream


@inlined
def list_person(life: Life, j: int, entered: float, stop: float, forgiven: float) -> tuple[int, float]:
    """The record, on file from `entered` to `stop` and counting from now, has listed the person wherever it does; returns the number of
    listings and the end of the last. Draws: LISTING, JOINT by the record's cause.
    """
    rules, state, listings, last = life.rules, life.state, 0, 0.0
    r, since = state["row"], state["day"]
    if rules["lists_by"][r, life.slots[j]["channel"]] == 0:
        return 0, 0.0
    for l in range(rules["lists"]):  # noqa: E741
        if not lists_person(life, j, l):
            continue
        end = min(min(entered + rules["list_term"][r, l], stop), forgiven)
        if end <= since:
            continue
        listings += 1
        last = max(last, end)
        spread(life, l, j, since, end)
        why = BY_SETTLEMENT if end == stop else (BY_REPAIR if end == forgiven else BY_EXPIRY)
        for d in range(rules["domains"]):
            place = l * 64 + d
            if d == rules["list_domain"][r, l]:
                press(state, place, 1)
                note(life, PRESSURE_ON, j, place, NOTHING)
                push_in(life, end, PRESSURE_OFF, j, place, why)
            elif state["on"][d] < NEVER:
                push_in(life, state["on"][d], PRESSURE_ON, j, place, BY_JOINT)
                push_in(life, state["off"][d], PRESSURE_OFF, j, place, BY_JOINT)
    return listings, last


@kernel
def delist(life: Life, j: int, entered: float, since: float, stop: float) -> None:
    """The record's listings end now, and what they spread ends its lag after, as if they had been meant to end now from the beginning."""
    rules, state, pages = life.rules, life.state, life.pages
    r, now = state["row"], state["day"]
    for l in range(rules["lists"]):  # noqa: E741
        if not lists_person(life, j, l):
            continue
        end = min(entered + rules["list_term"][r, l], stop)
        if end <= now:
            continue
        spread(life, l, j, since, end)
        to_come, running = 0, 0
        for d in range(rules["domains"]):
            place = l * 64 + d
            ahead = drop(pages, state, 1 << PRESSURE_ON, j, place)
            ends = drop(pages, state, 1 << PRESSURE_OFF, j, place)
            reached = state["on"][d] < rules["days"]
            to_come |= ahead << d
            running |= (1 if reached and ahead == 0 and (ends > 0 or state["off"][d] >= rules["days"]) else 0) << d
        spread(life, l, j, since, now)
        for d in range(rules["domains"]):
            place = l * 64 + d
            if running >> d & 1:
                if state["on"][d] >= NEVER or state["off"][d] <= now:
                    state["cause"] = max(state["cause"], BY_CORRECTION)
                    press(state, place, -1)
                    note(life, PRESSURE_OFF, j, place, NOTHING)
                else:
                    push_in(life, state["off"][d], PRESSURE_OFF, j, place + TAIL, BY_JOINT)
            elif to_come >> d & 1 and state["on"][d] < NEVER:
                push_in(life, state["on"][d], PRESSURE_ON, j, place + TAIL, BY_JOINT)
                push_in(life, state["off"][d], PRESSURE_OFF, j, place + TAIL, BY_JOINT)


@inlined
def press(state: State, place: int, much: int) -> None:
    """A list presses more, or less, on a domain."""
    state["pressure"][place // 64, place % 64] += much
    state["pressures"] += much
    state["touched"] = 1


@kernel
def spread(life: Life, l: int, j: int, begin: float, end: float) -> None:  # noqa: E741
    """state["on"] and state["off"] hold the days of the sanctions that a listing from `begin` to `end` brings in each domain; on is NEVER
    where it does not reach.

    Dijkstra's algorithm over the domains, each reached once per listing; a way is open or not for this listing, by its own draw.
    """
    rules, state, item = life.rules, life.state, life.slots[j]
    r, domains = state["row"], rules["domains"]
    for d in range(domains):
        state["on"][d] = NEVER
    home = rules["list_domain"][r, l]
    state["on"][home], state["off"][home] = begin, end
    purpose = joint_purpose(item["origin"])
    done = 0
    while True:
        d = -1
        for e in range(domains):
            if not done >> e & 1 and state["on"][e] < NEVER and (d < 0 or state["on"][e] < state["on"][d]):
                d = e
        if d < 0:
            break
        done |= 1 << d
        for e in range(domains):
            chance, lost = rules["joint"][r, d, e], rules["joint_lost"][r, d, e]
            start = state["on"][d] + rules["joint_on"][r, d, e]
            later = start > state["on"][e] or (start == state["on"][e] and d > state["via"][e])
            if done >> e & 1 or chance <= 0.0 or start >= state["off"][d] or later:
                continue
            w_reach, w_lost = WORDLESS, WORDLESS
            if chance < 1.0 or lost > 0.0:
                stream = list_stream(life, j, l) ^ rules["joint_stream"][d, e]
                w_reach, w_lost, _, _ = block(life.at, item["cause"], stream, purpose, item["ordinal"])
            if chance >= 1.0 or uniform(w_reach) < chance:
                off = NEVER if lost > 0.0 and uniform(w_lost) < lost else min(state["off"][d] + rules["joint_off"][r, d, e], NEVER)
                state["on"][e], state["off"][e], state["via"][e] = start, off, d


@inlined
def run_terms(life: Life) -> None:
    """Score lists whose mark the score has fallen below have begun a term."""
    rules, state = life.rules, life.state
    if rules["terms"] == 0:
        return
    r, calls = state["row"], NOTHING
    for s in range(rules["scores"]):
        calls |= rules["calls"][r, s, state["level"][s]]
    for l in range(rules["lists"]):  # noqa: E741
        if calls >> l & 1 and state["running"][l] == 0:
            state["running"][l] = 1
            state["terms"] += 1
            place = l * 64 + rules["list_domain"][r, l]
            press(state, place, rules["list_needs"][r, l])
            note(life, TERM_START, NOTHING, place, NOTHING)
            push_in(life, state["day"] + rules["list_term"][r, l], TERM_END, NOBODY, place, BY_TERM)


@kernel
def end_term(life: Life, l: int) -> None:  # noqa: E741
    """A term is over; where the list says so the score starts anew."""
    rules, state = life.rules, life.state
    r = state["row"]
    state["running"][l] = 0
    press(state, l * 64 + rules["list_domain"][r, l], -rules["list_needs"][r, l])
    if rules["list_resets"][r, l] == 1:
        reset(life, rules["list_score"][l])


@inlined
def closed(rules: Book, state: State, low: int, fallen: int) -> int:
    """Bits of the closed domains, and bit D for a redlist, if scores shut those of `low` (`book.py`) and lists those of `fallen` too."""
    r, lists, domains, red, pressed = state["row"], rules["lists"], rules["domains"], low >> rules["domains"], False
    low &= ~(red << domains)
    mask = low | fallen | state["below"]
    if state["pressures"] > 0:  # few people are on a list at a time
        for l in range(lists):  # noqa: E741
            for d in range(domains):
                if state["pressure"][l, d] > 0:
                    pressed = pressed or rules["list_kind"][r, l] == RECORD_LIST
                    if state["pressure"][l, d] >= rules["list_needs"][r, l]:
                        mask |= 1 << d
    if rules["most_closed"][r] < domains:
        mask = spare(rules, r, mask)
    if rules["by_parents"] != 0:  # a gate that looks at the parents' scores looks at nothing else
        mask = mask & ~rules["by_parents"] | low & rules["by_parents"]
    return mask if pressed else mask | red << domains


@inlined
def shut_by_scores(rules: Book, state: State) -> int:
    """Bits of the domains that scores shut, and bit D where they call for a redlist."""
    low = NOTHING
    for s in range(rules["scores"]):
        low |= rules["shuts"][state["row"], s, state["level"][s]]
    return low


@inlined
def spare(rules: Book, r: int, mask: int) -> int:
    """As many of the closed own domains as may be closed at a time; the first in the order of `spared` are left open.

    A gate of the children is the child's: it takes up no room of the parents', and a child has no more than the ones it is.
    """
    own = mask & rules["own"]
    too_many = bits(own) - rules["most_closed"][r]
    for n in range(rules["domains"]):
        d = rules["spared"][n]
        if too_many > 0 and own >> d & 1:
            mask &= ~(1 << d)
            too_many -= 1
    return mask


@inlined
def brink(life: Life) -> int:
    """Bits of the open domains that one minor record more would close (M17)."""
    rules, state = life.rules, life.state
    r, low, calls, fallen, same = state["row"], NOTHING, NOTHING, NOTHING, True
    for s in range(rules["scores"]):
        n = level(rules, state, s, rules["minor"][r])
        same = same and n == state["level"][s]
        low |= rules["shuts"][r, s, n]
        calls |= rules["calls"][r, s, n]
    if same:
        return NOTHING
    for l in range(rules["lists"]):  # noqa: E741
        if calls >> l & 1:
            fallen |= 1 << rules["list_domain"][r, l]
    return closed(rules, state, low, fallen) & ~closed(rules, state, shut_by_scores(rules, state), NOTHING)
