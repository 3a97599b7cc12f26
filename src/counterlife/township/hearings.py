"""What the people of a township do to each other: the days on which offices come to their cases, the lines drawn when they are ranked, what
scores take from friends and family, and records of what one did that reach another.

When an office comes to a case depends on all cases before it, and those on lives, which depend on decisions before; so it is with the rest.
So everybody is lived, the offices are run, the lines drawn and scores mixed, and whoever is met by something else than was thought is lived
again, until nothing changes: waveform relaxation (Lelarasmee, Ruehli, Sangiovanni-Vincentelli 1982). What reaches people follows from what
was before, so each round settles at least the first that was not, and the end is the one course of events in which everything fits. Model:
`docs/model.md` 11 and 14 to 16.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..layout import NEVER, STEP, Delay, Fate, Floats, Ints, Origin
from .book import Book
from .desk import lay_desk, sit_down
from .draws import APPEAL, Address, block, exponential
from .items import Items, record_stream
from .jit import entry, keeper, kernel, whole
from .kin import Worlds, row_of
from .life import live
from .offices import CASE, serve
from .people import People
from .ranking import CUT, draw_cuts
from .room import ABSENT, Desk, Heard, Log
from .sanctions import NOBODY
from .tapes import Tapes
from .ties import friends_of, reach

EXPONENTIAL = whole(Delay.EXPONENTIAL)
CONTESTED, DONE, STRAY = whole(Fate.CONTESTED), whole(Fate.DONE), whole(Origin.STRAY)


class Said(NamedTuple):
    """What people's lives say to others."""

    filed: Floats  # (W, items) day on which an appeal is filed, NEVER
    harm: Ints  # (W, items) own domains closed then
    marks: Ints  # (W, E, K, people) scores at the reviews
    stands: Ints  # (W, E, people) standings at the reviews
    shut: Any  # (W, E, people) 1 for those who were shut out then
    done: Any  # (W, items) 1 where what the item stands for happened


def live_again(at: Address, book: Book, people: People, tapes: Tapes, heard: Heard, due: Ints, said: Said) -> None:
    """Everybody who is due is lived again; what they say to others is noted."""
    live_due(lay_desk(at, book, tapes, heard.cuts), at, book, people, tapes, heard, np.empty(0, STEP), due, said)


@entry
def live_due(desk: Desk, at: Address, book: Book, people: People, tapes: Tapes, heard: Heard, log: Log, due: Ints, said: Said) -> None:
    """`live_again`, on a desk. log: empty."""
    rules = book[0]
    for i in range(people.shape[0]):
        begin, items = tapes.start[i], tapes.start[i + 1] - tapes.start[i]
        if due[i] == 0 or (items == 0 and rules["reviews"] == 0):
            continue
        sit_down(desk, at, rules, tapes, heard, people[i], i, items)
        met = worlds_met(rules, desk.worlds[0])
        for w in range(rules["worlds"]):
            if met >> w & 1:
                live(desk, at, rules, items, people[i], i, w, w + 1, NOBODY, log)
        for w in range(rules["worlds"]):
            if rules["sends"] >> w & 1 == 0:
                continue
            v = desk.worlds[0]["of"][w]
            for j in range(items if rules["queues"] >> w & 1 else 0):
                one = desk.fates[w, j]
                said.filed[w, begin + j] = one["filed"] if one["what"] & CONTESTED else NEVER
                said.harm[w, begin + j] = one["harm"]
            for j in range(items if said.done.shape[1] > 0 else 0):
                said.done[w, begin + j] = 1 if desk.fates[v, j]["what"] & DONE else 0
            for n in range(said.marks.shape[1]):
                for k in range(said.marks.shape[2]):
                    said.marks[w, n, k, i] = desk.marks[w, n, k]
            for n in range(said.stands.shape[1]):
                said.stands[w, n, i], said.shut[w, n, i] = desk.stood[w, n, 0], desk.stood[w, n, 1]


@kernel
def worlds_met(rules: Book, worlds: Worlds) -> int:
    """Bits of the worlds to be lived for what the person says to others: those that say something, and those whose conduct they have."""
    met = 0
    for w in range(rules["worlds"]):
        if rules["sends"] >> w & 1:
            met |= 1 << worlds["of"][w]
            if rules["conduct"][w] >= 0:
                met |= 1 << worlds["of"][rules["conduct"][w]]
    return met


@keeper
def senders_of(items: Items, tapes: Tapes) -> Ints:
    """By item, that which stands for the same event on the tape of the person whose it is; -1 for records that are there in any case."""
    found = np.full(items.shape[0], -1)
    for m in range(items.shape[0]):
        one = items[m]
        if one["origin"] != STRAY or one["mark"] < 0.0:
            continue
        for n in range(tapes.start[one["cause"]], tapes.start[one["cause"] + 1]):
            other = items[n]
            if other["event"] == 1 and other["time"] == one["time"] and other["ordinal"] == one["ordinal"]:
                found[m] = n
    return found


@keeper
def tell(items: Items, senders: Ints, done: Ints, told: Ints, due: Ints) -> None:
    """Records of what somebody else did are there where it happened; people of whom one comes or goes are due. Writes told (W, items)."""
    for w in range(told.shape[0]):
        for m in range(senders.shape[0]):
            if senders[m] >= 0 and told[w, m] != done[w, senders[m]]:
                told[w, m] = done[w, senders[m]]
                due[items[m]["owner"]] = 1


@keeper
def run_offices(at: Address, book: Book, people: People, items: Items, said: Said, posts: Floats, due: Ints) -> None:
    """Every office has served the cases noted; people who get another day than before are due."""
    rules, filed, harm = book[0], said.filed, said.harm
    days = rules["days"]
    for w in range(rules["worlds"]):
        if rules["queues"] >> w & 1 == 0:
            continue
        for m in range(items.shape[0]):
            if filed[w, m] >= NEVER:  # filed in an earlier round, but not any more
                posts[w, m] = NEVER
        for r in range(rules["rows"]):
            if rules["office"][r] == 0:
                continue
            for office in range(rules["offices"][r]):
                cases = gather(at, book, people, items, filed[w], harm[w], w, r, office)
                serve(cases, rules["office"][r], rules["slots"][r], rules["by_harm"][r], days)
                for case in cases:
                    post = case["decided"] if case["decided"] < NEVER else (-case["left"] if case["left"] < NEVER else NEVER)
                    if posts[w, case["item"]] != post:
                        posts[w, case["item"]] = post
                        due[case["person"]] = 1


@keeper
def gather(at: Address, book: Book, people: People, items: Items, filed: Floats, harm: Ints, w: int, r: int, office: int) -> Items:
    """The cases of one office, under one row of rules. Draws: APPEAL (service, patience)."""
    rules, count = book[0], 0
    for m in range(items.shape[0]):
        count += 1 if is_case(rules, people, items, filed, w, r, office, m) else 0
    cases, n = np.zeros(count, CASE), 0
    for m in range(items.shape[0]):
        if not is_case(rules, people, items, filed, w, r, office, m):
            continue
        item, case = items[m], cases[n]
        w_service, w_patience, _, _ = block(at, item["cause"], record_stream(rules, item), APPEAL, item["ordinal"])
        case["filed"], case["person"], case["item"], case["world"], case["office"] = filed[m], item["owner"], m, w, office
        case["harm"], case["service"], case["place"] = harm[m], rules["decide_days"][r], item["place"]
        if rules["decide_law"][r] == EXPONENTIAL:
            case["service"] = exponential(w_service, rules["decide_days"][r])
        case["patience"] = exponential(w_patience, rules["patience"][r]) if rules["patience"][r] < NEVER else NEVER
        n += 1
    return cases


@kernel
def is_case(rules: Book, people: People, items: Items, filed: Floats, w: int, r: int, office: int, m: int) -> bool:
    """True where item m has been appealed against at this office under this row of rules."""
    if filed[m] >= NEVER or row_of(rules, w, filed[m]) != r:
        return False
    return people[items[m]["owner"]]["household"] % rules["offices"][r] == office


def nothing_said(heard: Heard, people: int) -> Said:
    """Nobody has been lived yet."""
    waiting, ties, ranked = heard.posts.shape, heard.pulls.shape, (*heard.cuts.shape, people)
    return Said(
        np.full(waiting, NEVER),
        np.zeros(waiting, np.int64),
        np.full(ranked, ABSENT),
        np.full(ties, ABSENT),
        np.zeros(ties, np.int8),
        np.zeros(heard.told.shape, np.int8),
    )


def nothing_heard(rules: Any, people: int, items: int) -> Heard:
    """Nothing has reached anybody yet."""
    worlds, reviews = int(rules["worlds"]), int(rules["reviews"])
    waiting, answering = items if rules["queues"] else 0, items if rules["answers"] else 0
    ties = (worlds, reviews if rules["tied"] >= 0 else 0, people)
    cuts = np.zeros((worlds, reviews, int(rules["ranks"])), CUT)
    cuts["score"] = ABSENT
    told = np.zeros((worlds, answering), np.int8)
    return Heard(np.full((worlds, waiting), NEVER), told, cuts, np.zeros(ties, np.int64), np.zeros(ties, np.int8))


def hear(at: Address, book: Book, people: People, tapes: Tapes) -> Heard:
    """What comes to everybody from others, once everything fits; empty where nothing does."""
    rules = book[0]
    heard = nothing_heard(rules, people.size, tapes.items.shape[0])
    said, due = nothing_said(heard, people.size), np.ones(people.size, np.int64)
    answers, ties = heard.told.shape[1] > 0, heard.pulls.shape[1] > 0
    senders = senders_of(tapes.items, tapes) if answers else np.empty(0, np.int64)
    friends = friends_of(at, book, people) if ties else np.empty((0, 0), np.int64)
    while rules["sends"] and due.any():
        live_again(at, book, people, tapes, heard, due, said)
        due[:] = 0
        if rules["queues"]:
            run_offices(at, book, people, tapes.items, said, heard.posts, due)
        if answers:
            tell(tapes.items, senders, said.done, heard.told, due)
        if ties:
            reach(at, book, people, friends, said.stands, said.shut, heard.pulls, heard.left, due)
        if rules["ranks"]:
            draw_cuts(at, book, tapes, said.marks, heard.cuts, due)
    return heard
