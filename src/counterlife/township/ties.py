"""Friends and family: at every review one score takes from those of others, as they were at the review before. Model: `docs/model.md` 16.

What reaches whom follows from everybody's lives, and these from what reached people earlier: `hearings.py` lives everybody until both fit.
"""

from __future__ import annotations

import numpy as np

from ..layout import YEAR, Cause, Floats, Ints, What
from .book import Book
from .draws import NO_STREAM, TIE, Address, block, uniform
from .jit import keeper, kernel, whole
from .kin import row_of
from .people import MAJORITY, People
from .points import seen
from .room import ABSENT, Life, note
from .sanctions import NOBODY, NOTHING

BY_TIES, TIED = whole(Cause.TIES), whole(What.TIED)
TENTHS = 10


@kernel
def take(life: Life, pull: int, left: int, shut: int) -> tuple[int, int]:
    """The person takes from others at a review: points, and a share for the friends who are left. shut: own gates closed just before.

    Returns the standing, ABSENT for those who take no part, and 1 for those who are shut out.
    """
    rules, state, weight = life.rules, life.state, 0.0
    r = state["row"]
    if rules["ruled"][r] == 0 or life.person["age"] < MAJORITY * YEAR:
        return ABSENT, NOTHING
    if left > 0:
        weight = rules["tie_share"][r]
    if weight != state["weight"] or pull != state["pull"]:
        state["weight"], state["pull"], state["touched"] = weight, pull, 1
        state["cause"], state["why"] = max(state["cause"], BY_TIES), BY_TIES
        note(life, TIED, NOTHING, NOBODY, NOTHING)
    return seen(rules, state, rules["tied"], NOTHING), 1 if shut != 0 else NOTHING


@keeper
def friends_of(at: Address, book: Book, people: People) -> Ints:
    """Everybody's friends, (people, friends); -1 where there is none. Draws: TIE."""
    rules = book[0]
    found = np.full((people.shape[0], rules["friends"]), -1)
    grown = np.flatnonzero(people["age"] >= MAJORITY * YEAR)
    total = grown.shape[0]
    frailty = np.empty(total, np.float64)
    for g in range(total):
        frailty[g] = people[grown[g]]["frailty"]
    order = np.argsort(frailty, kind="mergesort")
    for p in range(total):
        i, tenth = grown[order[p]], TENTHS * p // total
        begin, end = -(-tenth * total // TENTHS), -(-(tenth + 1) * total // TENTHS)
        for f in range(rules["friends"]):
            w_alike, w_which, _, _ = block(at, i, NO_STREAM, TIE, f + 1)
            if uniform(w_alike) < rules["alike"]:
                friend = grown[order[begin + np.int64(uniform(w_which) * (end - begin))]]
            else:
                friend = grown[np.int64(uniform(w_which) * total)]
            found[i, f] = friend if friend != i else -1
    return found


@keeper
def reach(at: Address, book: Book, people: People, friends: Ints, stands: Ints, shut: Ints, pulls: Ints, left: Ints, due: Ints) -> None:
    """What everybody takes at every review follows from how others stood at the one before; people whom something else reaches are due.

    stands, shut, pulls, left: (W, E, people). Writes pulls, left, due. Draws: TIE.
    """
    rules = book[0]
    drops = np.empty(people.shape[0], np.float64)
    for i in range(people.shape[0]):
        drops[i] = uniform(block(at, i, NO_STREAM, TIE, 0)[0])
    for w in range(rules["worlds"]):
        dropped = np.zeros(friends.shape, np.int64)
        for n in range(1, rules["reviews"]):
            r = row_of(rules, w, (n + 1) * rules["review_days"])
            if rules["ruled"][r] == 0 or row_of(rules, w, n * rules["review_days"]) != r:
                continue
            for i in range(people.shape[0]):
                if stands[w, n - 1, i] == ABSENT:
                    continue
                pull, count = from_friends(rules, r, i, friends, stands[w, n - 1], drops, dropped)
                pull += rules["tie_kin"][r] * shut_out(people, shut[w, n - 1], i)
                if pulls[w, n, i] != pull or left[w, n, i] != count:
                    pulls[w, n, i], left[w, n, i], due[i] = pull, count, 1


@kernel
def from_friends(rules: Book, r: int, i: int, friends: Ints, stands: Ints, drops: Floats, dropped: Ints) -> tuple[int, int]:
    """Points that person i takes from friends, and how many are left, once those are dropped who stand too low. Writes dropped."""
    total, count = 0, 0
    for f in range(friends.shape[1]):
        friend = friends[i, f]
        if friend < 0 or dropped[i, f] != 0:
            continue
        if drops[i] < rules["drop_share"][r] and stands[friend] < rules["drop_below"][r]:
            dropped[i, f] = 1
            continue
        total += stands[friend]
        count += 1
    mean = total / count if count > 0 else 0.0
    return np.int64(np.rint(rules["tie_share"][r] * mean)), count  # type: ignore[return-value]


@kernel
def shut_out(people: People, shut: Ints, i: int) -> int:
    """Other grown members of person i's household who were shut out."""
    n, m, home = 0, i, people[i]["household"]
    while m > 0 and people[m - 1]["household"] == home:
        m -= 1
    while m < people.shape[0] and people[m]["household"] == home:
        n += shut[m] if m != i else 0
        m += 1
    return n
