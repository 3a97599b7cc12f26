"""Who is heard when: the one thing that people of a township send each other, the days on which offices decide.

When an office comes to a case depends on all cases before it, and those on lives, which depend on decisions before. So everybody who may
appeal is lived, the offices are run, and whoever gets another day than was thought is lived again, until nothing changes: waveform
relaxation (Lelarasmee, Ruehli, Sangiovanni-Vincentelli 1982). A case is decided after it is filed, so each round settles at least the first
case that was not, and the end is the one course of events in which everything fits. Model: `docs/model.md` 11.
"""

from __future__ import annotations

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
from .records import Items, Tapes
from .room import record_stream, set_desk
from .sanctions import NOBODY, NOTHING

EXPONENTIAL = whole(Delay.EXPONENTIAL)
CONTESTED = whole(Fate.CONTESTED)


@keeper
def appeals(at: Address, book: Book, people: People, tapes: Tapes, posts: Floats, due: Ints, filed: Floats, harm: Ints) -> None:
    """Everybody who is due is lived again, and their appeals are noted."""
    rules = book[0]
    desk, log = set_desk(rules, longest(tapes)), np.empty(0, STEP)
    for i in range(people.shape[0]):
        begin, items = tapes.start[i], tapes.start[i + 1] - tapes.start[i]
        if due[i] == 0 or items == 0:
            continue
        sit_down(desk, at, rules, tapes, posts, people[i], i, items)
        live(desk, at, rules, items, people[i], i, NOTHING, rules["worlds"], NOBODY, log)
        for w in range(rules["worlds"]):
            for j in range(items):
                one = desk.fates[w, j]
                filed[w, begin + j] = one["filed"] if one["what"] & CONTESTED else NEVER
                harm[w, begin + j] = one["harm"]


@keeper
def run_offices(at: Address, book: Book, people: People, items: Items, filed: Floats, harm: Ints, posts: Floats, due: Ints) -> bool:
    """Every office has served the cases noted; people who get another day than before are due. Returns whether there are any."""
    rules, changed = book[0], False
    days = rules["days"]
    due[:] = 0
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
                        changed = True
    return changed


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
        case["harm"], case["service"] = harm[m], rules["decide_days"][r]
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


def hear(at: Address, book: Book, people: People, tapes: Tapes) -> Floats:
    """The day on which each item is decided about in each world, (W, items): minus the day on which the person gives up, NEVER if neither
    happens. Empty where nobody waits for an office.
    """
    rules, items = book[0], tapes.items.shape[0]
    worlds = int(rules["worlds"])
    if not rules["offices_any"]:
        return np.empty((worlds, 0))
    posts, filed = np.full((worlds, items), NEVER), np.full((worlds, items), NEVER)
    harm, due = np.zeros((worlds, items), np.int64), np.ones(people.size, np.int64)
    changed = True
    while changed:
        appeals(at, book, people, tapes, posts, due, filed, harm)
        changed = run_offices(at, book, people, tapes.items, filed, harm, posts, due)
    return posts
