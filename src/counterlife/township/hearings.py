"""What the people of a township do to each other: the days on which offices come to their cases, and the lines drawn when they are ranked.

When an office comes to a case depends on all cases before it, and those on lives, which depend on decisions before; so it is with lines and
scores. So everybody is lived, the offices are run and the lines drawn, and whoever is met by another day or another side of a line than was
thought is lived again, until nothing changes: waveform relaxation (Lelarasmee, Ruehli, Sangiovanni-Vincentelli 1982). A case is decided
after it is filed, and a review looks at what was before, so each round settles at least the first that was not, and the end is the one
course of events in which everything fits. Model: `docs/model.md` 11 and 15.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..layout import NEVER, STEP, Delay, Fate, Floats, Ints
from .book import Book
from .desk import longest, sit_down
from .draws import APPEAL, Address, block, exponential
from .jit import keeper, kernel, whole
from .kin import row_of
from .life import live
from .offices import CASE, serve
from .people import People
from .ranking import CUT, Cuts, draw_cuts
from .records import Items, Tapes
from .room import ABSENT, record_stream, set_desk
from .sanctions import NOBODY, NOTHING

EXPONENTIAL = whole(Delay.EXPONENTIAL)
CONTESTED = whole(Fate.CONTESTED)


class Heard(NamedTuple):
    """What comes to people from others. W worlds, E reviews, K ranked domains."""

    posts: Floats  # (W, items) day on which each item is decided about; minus the day on which the person gives up, NEVER if neither is
    cuts: Cuts  # (W, E, K) lines of the reviews


class Said(NamedTuple):
    """What people's lives say to others."""

    filed: Floats  # (W, items) day on which an appeal is filed, NEVER
    harm: Ints  # (W, items) own domains closed then
    marks: Ints  # (W, E, K, people) scores at the reviews


@keeper
def live_again(at: Address, book: Book, people: People, tapes: Tapes, heard: Heard, due: Ints, said: Said) -> None:
    """Everybody who is due is lived again; their appeals are noted, and their scores at the reviews."""
    rules = book[0]
    desk, log = set_desk(rules, longest(tapes), heard.cuts), np.empty(0, STEP)
    for i in range(people.shape[0]):
        begin, items = tapes.start[i], tapes.start[i + 1] - tapes.start[i]
        if due[i] == 0 or (items == 0 and rules["ranks"] == 0):
            continue
        sit_down(desk, at, rules, tapes, heard.posts, people[i], i, items)
        live(desk, at, rules, items, people[i], i, NOTHING, rules["worlds"], NOBODY, log)
        for w in range(rules["worlds"]):
            for j in range(items if said.filed.shape[1] > 0 else 0):
                one = desk.fates[w, j]
                said.filed[w, begin + j] = one["filed"] if one["what"] & CONTESTED else NEVER
                said.harm[w, begin + j] = one["harm"]
            said.marks[w, :, :, i] = desk.marks[w]


@keeper
def run_offices(at: Address, book: Book, people: People, items: Items, said: Said, posts: Floats, due: Ints) -> None:
    """Every office has served the cases noted; people who get another day than before are due."""
    rules, filed, harm = book[0], said.filed, said.harm
    days = rules["days"]
    for w in range(rules["worlds"]):
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
        case["harm"], case["service"], case["entry"] = harm[m], rules["decide_days"][r], item["time"] + item["delay"]
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
    waiting = heard.posts.shape
    return Said(np.full(waiting, NEVER), np.zeros(waiting, np.int64), np.full((*heard.cuts.shape, people), ABSENT))


def hear(at: Address, book: Book, people: People, tapes: Tapes) -> Heard:
    """What comes to everybody from others, once everything fits; empty where nobody waits for an office and nobody is ranked."""
    rules, items = book[0], tapes.items.shape[0]
    worlds, reviews, ranks = int(rules["worlds"]), int(rules["reviews"]), int(rules["ranks"])
    waiting = items if rules["offices_any"] else 0
    heard = Heard(np.full((worlds, waiting), NEVER), np.zeros((worlds, reviews, ranks), CUT))
    heard.cuts["score"] = ABSENT
    said, due = nothing_said(heard, people.size), np.ones(people.size, np.int64)
    while (rules["offices_any"] or ranks) and due.any():
        live_again(at, book, people, tapes, heard, due, said)
        due[:] = 0
        if rules["offices_any"]:
            run_offices(at, book, people, tapes.items, said, heard.posts, due)
        if ranks:
            draw_cuts(at, book, tapes, said.marks, heard.cuts, due)
    return heard
