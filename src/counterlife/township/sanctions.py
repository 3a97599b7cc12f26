"""From records and scores to lists, joint sanctions and closed gates. Model: `docs/model.md` 7 and 8.

A listing presses on its home domain and, after the delays of the joint-sanction matrix, on others; a domain is closed while some list
presses on it hard enough or the score is too low. Pressures only add up, so more listings never open a gate.
"""

from __future__ import annotations

from typing import Any

from ..layout import NEVER, Cause, ListKind, Origin, What
from .book import Book
from .draws import (
    JOINT,
    JOINT_ELSEWHERE,
    JOINT_GHOST,
    LISTING,
    LISTING_ELSEWHERE,
    LISTING_GHOST,
    Address,
    Word,
    block,
    uniform,
)
from .jit import inlined, kernel, whole
from .room import Log, Queue, State, note, push
from .scores import shown

RECORD_LIST, BELOW, ABOVE = whole(ListKind.RECORD), whole(ListKind.SCORE_BELOW), whole(ListKind.SCORE_ABOVE)
PRESSURE_ON, PRESSURE_OFF = whole(What.PRESSURE_ON), whole(What.PRESSURE_OFF)
TERM_START, TERM_END = whole(What.TERM_START), whole(What.TERM_END)
BY_RECORD, BY_EXPIRY, BY_SETTLEMENT = whole(Cause.RECORD), whole(Cause.EXPIRY), whole(Cause.SETTLEMENT)
BY_JOINT, BY_TERM = whole(Cause.JOINT), whole(Cause.TERM)
UNREAL, ABROAD = whole(Origin.GHOST), whole(Origin.ELSEWHERE)

NOBODY, NOTHING = whole(-1), whole(0)


@kernel
def listing_purpose(origin: int) -> Word:
    """The purpose of listing draws: ghosts and strays from elsewhere number their causes apart from real events."""
    if origin == UNREAL:
        return LISTING_GHOST
    return LISTING_ELSEWHERE if origin == ABROAD else LISTING


@kernel
def joint_purpose(origin: int) -> Word:
    """The purpose of joint-sanction draws, likewise."""
    if origin == UNREAL:
        return JOINT_GHOST
    return JOINT_ELSEWHERE if origin == ABROAD else JOINT


@inlined
def list_person(at: Address, rules: Book, w: int, state: State, queue: Queue, item: Any, about: int, stop: float, log: Log) -> int:
    """The record has listed the person wherever it does; returns the number of listings. Draws: LISTING, JOINT by the record's cause."""
    c, t, listings = item["channel"], state["day"], 0
    for l in range(rules["lists"]):  # noqa: E741
        chance = rules["list_share"][w, l, c]
        if rules["list_kind"][w, l] != RECORD_LIST or chance <= 0.0 or rules["list_domain"][w, l] < 0:
            continue
        if chance < 1.0:
            purpose = listing_purpose(item["origin"])
            if uniform(block(at, item["cause"], rules["list_stream"][l, c], purpose, item["ordinal"])[0]) >= chance:
                continue
        listings += 1
        end = min(t + rules["list_term"][w, l], stop)
        spread(at, rules, w, l, state, item, end)
        why = BY_SETTLEMENT if end == stop else BY_EXPIRY
        for d in range(rules["domains"]):
            place = l * 64 + d
            if d == rules["list_domain"][w, l]:
                press(state, place, 1)
                note(log, state, PRESSURE_ON, item, place, NOTHING)
                push_in(rules, state, queue, end, PRESSURE_OFF, about, place, why)
            elif state["on"][d] < NEVER:
                push_in(rules, state, queue, state["on"][d], PRESSURE_ON, about, place, BY_JOINT)
                push_in(rules, state, queue, state["off"][d], PRESSURE_OFF, about, place, BY_JOINT)
    return listings


@inlined
def press(state: State, place: int, much: int) -> None:
    """A list presses more, or less, on a domain."""
    state["pressure"][place // 64, place % 64] += much
    state["pressures"] += much


@inlined
def push_in(rules: Book, state: State, queue: Queue, due: float, what: int, about: int, place: int, why: int) -> None:
    """Pending, unless it is due after the period."""
    if due < rules["days"]:
        push(queue, state, due, what, about, place, why)


@kernel
def spread(at: Address, rules: Book, w: int, l: int, state: State, item: Any, end: float) -> None:  # noqa: E741
    """state["on"] and state["off"] hold the days of the sanctions that a listing until `end` brings in each domain; on is NEVER where it
    does not reach.

    Dijkstra's algorithm over the domains, each reached once per listing; a way is open or not for this listing, by its own draw.
    """
    domains = rules["domains"]
    for d in range(domains):
        state["on"][d] = NEVER
    home = rules["list_domain"][w, l]
    state["on"][home], state["off"][home] = state["day"], end
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
            chance = rules["joint"][w, d, e]
            start = state["on"][d] + rules["joint_on"][w, d, e]
            later = start > state["on"][e] or (start == state["on"][e] and d > state["via"][e])
            if done >> e & 1 or chance <= 0.0 or start >= state["off"][d] or later:
                continue
            stream = rules["list_stream"][l, item["channel"]] ^ rules["joint_stream"][d, e]
            if chance >= 1.0 or uniform(block(at, item["cause"], stream, purpose, item["ordinal"])[0]) < chance:
                state["on"][e], state["off"][e], state["via"][e] = start, state["off"][d] + rules["joint_off"][w, d, e], d


@inlined
def run_terms(rules: Book, w: int, state: State, queue: Queue, nobody: Any, log: Log) -> None:
    """Score lists whose mark the score has fallen below have begun a term."""
    if rules["terms"] == 0:
        return
    for l in range(rules["lists"]):  # noqa: E741
        below = rules["list_kind"][w, l] == BELOW and shown(rules, w, state["score"]) < rules["list_mark"][w, l]
        if below and state["running"][l] == 0 and rules["list_domain"][w, l] >= 0:
            state["running"][l] = 1
            state["terms"] += 1
            place = l * 64 + rules["list_domain"][w, l]
            press(state, place, rules["list_needs"][w, l])
            note(log, state, TERM_START, nobody, place, NOTHING)
            push_in(rules, state, queue, state["day"] + rules["list_term"][w, l], TERM_END, NOBODY, place, BY_TERM)


@kernel
def end_term(rules: Book, w: int, state: State, l: int) -> None:  # noqa: E741
    """A term is over; where the list says so the score starts anew."""
    state["running"][l] = 0
    press(state, l * 64 + rules["list_domain"][w, l], -rules["list_needs"][w, l])
    if rules["list_resets"][w, l] == 1 and rules["ledger"][w] == 1:
        state["score"] = rules["start"][w]


@inlined
def closed(rules: Book, w: int, state: State, points: int) -> int:
    """Bits of the closed domains at these points, and bit D where the person is on a redlist."""
    lists, domains = rules["lists"], rules["domains"]
    score, mask, pressed = shown(rules, w, points), 0, False
    for d in range(domains):
        if score < rules["opens_at"][w, d]:
            mask |= 1 << d
    if state["pressures"] > 0:  # few people are on a list at a time
        for l in range(lists):  # noqa: E741
            for d in range(domains):
                if state["pressure"][l, d] > 0:
                    pressed = pressed or rules["list_kind"][w, l] == RECORD_LIST
                    if state["pressure"][l, d] >= rules["list_needs"][w, l]:
                        mask |= 1 << d
    if not pressed:
        for l in range(lists):  # noqa: E741
            if rules["list_kind"][w, l] == ABOVE and score >= rules["list_mark"][w, l]:
                mask |= 1 << domains
    return mask


@kernel
def brink(rules: Book, w: int, state: State) -> int:
    """Bits of the open domains that one minor record more would close (M17)."""
    points = state["score"] + rules["minor"][w]
    score = shown(rules, w, points)
    mask = closed(rules, w, state, points)
    for l in range(rules["lists"]):  # noqa: E741
        if rules["list_kind"][w, l] == BELOW and score < rules["list_mark"][w, l] and rules["list_domain"][w, l] >= 0:
            mask |= 1 << rules["list_domain"][w, l]
    return mask & ~closed(rules, w, state, state["score"])
