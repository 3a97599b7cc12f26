"""From records to scores and the band. Points are whole thousandths, so sums are exact in any order. Model: `docs/model.md` 6.

What a record is worth, when it begins to act on a score and when it ceases is computed from its cause whenever it is asked for: the draws
are the same each time, in every world, and are kept in the record's slot while the person is on the desk.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..layout import MOST, NEVER, Cause, Delay, Floats, Keep, Quality
from .book import Book
from .draws import COPY, KEEP, OFFICE, RUBRIC, TRAIT, Address, block, exponential, normal, uniform
from .items import record_stream
from .jit import entry, inlined, kernel, whole
from .points import held, level, seen, shown
from .room import Life, Person, State, exact, stream_of

REVERSAL_DAYS = 90.0 + 1e-6  # so that rounding decides nothing where points are kept for 90 days
BY_EXPIRY, BY_SETTLEMENT, BY_REPAIR = whole(Cause.EXPIRY), whole(Cause.SETTLEMENT), whole(Cause.REPAIR)
EXPONENTIAL = whole(Delay.EXPONENTIAL)
FROM_SETTLEMENT, MEMORYLESS = whole(Keep.SETTLEMENT), whole(Keep.EXPONENTIAL)
INFLATED = whole(Quality.INFLATED)
MOST_SCORES = whole(MOST["scores"])
RESET, TAKEN_OFF = whole(-1), whole(-2)


# --- what a score is --------------------------------------------------------------------------------------------------------------


@inlined
def score_of(life: Life, s: int) -> int:
    """The score as gates see it now."""
    return seen(life.rules, life.state, s, 0)


@kernel
def trait_points(at: Address, rules: Book, person: Person, index: int, s: int) -> int:
    """What score s takes from traits of the person: by group, and by a proxy of latent conduct. Draws: TRAIT 1."""
    points = rules["proxy_cell"][person["cell"], s]
    if rules["proxy"][s] > 0.0:
        w_one, w_two, _, _ = block(at, index, rules["copy_stream"][s], TRAIT, 1)
        known, validity = 0.0, rules["validity"][s]
        if rules["latent_sd"] > 0.0:
            known = -(math.log(person["frailty"]) - rules["latent_mean"]) / rules["latent_sd"]
        points += rules["proxy"][s] * (validity * known + math.sqrt(1.0 - validity * validity) * normal(w_one, w_two))
    return np.int64(np.rint(points))  # type: ignore[return-value]


@inlined
def begin_scores(life: Life) -> None:
    """Every score is that of a person without records."""
    rules, state = life.rules, life.state
    r = state["row"]
    for s in range(rules["scores"]):
        points = rules["start"][r, s] + state["offset"][s]
        state["score"][s] = shown(rules, r, s, points) if rules["ledger"][r, s] == 1 else points
        for f in range(rules["parts"]):
            state["part"][s, f] = 0
    state["entries"], state["weight"], state["pull"], state["touched"] = 0, 0.0, 0, 1


@inlined
def move(rules: Book, state: State, s: int, score: int) -> None:
    """The score has moved. Gates are not looked at again as long as it stays at its level, unless others see it or it takes from them.

    Points beyond the ends of the scale stay at a level of points only if what is shown stays at its own.
    """
    r, n = state["row"], state["level"][s]
    state["score"][s] = score
    if rules["restless"] >> s & 1 or score < rules["lines"][r, s, n] or score >= rules["lines"][r, s, n + 1]:
        state["touched"] = 1


@inlined
def find_levels(rules: Book, state: State) -> None:
    """The level of each score is that of today."""
    for s in range(rules["scores"]):
        state["level"][s] = level(rules, state, s, 0)


@inlined
def enter_points(life: Life, s: int, about: int, points: int) -> None:
    """The ledger of score s has one entry more."""
    entry = life.pages[life.state["entries"]]
    entry["ledger"], entry["entry"], entry["points"] = s, about, points
    life.state["entries"] += 1


@inlined
def gain(life: Life, s: int, j: int) -> None:
    """Item j begins to act on score s: a ledger clips at every step, a stateless score only when it is looked at."""
    rules, state = life.rules, life.state
    r, points = state["row"], worth(life, j, s)
    life.slots[j]["held"] |= 1 << s
    if rules["ledger"][r, s] == 1:
        move(rules, state, s, shown(rules, r, s, state["score"][s] + points))
        enter_points(life, s, j, points)
    else:
        add(life, s, j, points)


@inlined
def add(life: Life, s: int, j: int, points: int) -> None:
    """A stateless score has so many points more, from item j; those of a part count within its limits."""
    rules, state = life.rules, life.state
    f = rules["part"][state["row"], s, life.slots[j]["channel"]] if rules["parts"] > 0 else -1
    move(rules, state, s, state["score"][s] + (points if f < 0 else add_to_part(rules, state, s, f, points)))


@kernel
def add_to_part(rules: Book, state: State, s: int, f: int, points: int) -> int:
    """The records of part f of score s come to so many points more; returns what the score gains by it."""
    r, before = state["row"], state["part"][s, f]
    state["part"][s, f] = before + points
    return held(rules, r, s, f, before + points) - held(rules, r, s, f, before)


@inlined
def lose(life: Life, s: int, j: int, for_good: bool) -> None:
    """Item j ceases to act on score s. A ledger forgets only what was taken off for good, and is then replayed without it."""
    rules, state = life.rules, life.state
    life.slots[j]["held"] &= ~(1 << s)
    if rules["ledger"][state["row"], s] == 0:
        add(life, s, j, -worth(life, j, s))
    elif for_good:
        replay(life, s, j)


@kernel
def replay(life: Life, s: int, without: int) -> None:
    """The ledger of score s is gone through again, in its order, without what item `without` entered last."""
    rules, state, journal = life.rules, life.state, life.pages
    r, last = state["row"], -1
    for n in range(state["entries"]):
        if journal[n]["ledger"] == s and journal[n]["entry"] == without:
            last = n
    if last >= 0:
        journal[last]["entry"] = TAKEN_OFF
    start = shown(rules, r, s, rules["start"][r, s] + state["offset"][s])
    score = start
    for n in range(state["entries"]):
        entry = journal[n]
        if entry["ledger"] == s and entry["entry"] == RESET:
            score = start
        elif entry["ledger"] == s and entry["entry"] != TAKEN_OFF:
            score = shown(rules, r, s, score + entry["points"])
    move(rules, state, s, score)


@inlined
def reset(life: Life, s: int) -> None:
    """Score s is set back to its start, where it is a ledger."""
    rules, state = life.rules, life.state
    r = state["row"]
    if rules["ledger"][r, s] == 1:
        move(rules, state, s, shown(rules, r, s, rules["start"][r, s] + state["offset"][s]))
        enter_points(life, s, RESET, 0)


# --- what a record does to it -------------------------------------------------------------------------------------------------------


@inlined
def worth(life: Life, j: int, s: int) -> int:
    """Points of item j on score s."""
    item, rules, r = life.slots[j], life.rules, life.state["row"]
    points = rules["points"][r, s, item["channel"]]
    if item["weight"] == 1.0 and rules["judged"] == 0:
        return points
    return judged(life, j, s, points)


@kernel
def officer(at: Address, rules: Book, item: Any, s: int) -> tuple[float, float]:
    """How harsh the officer of a record is towards score s, standard normal, and what becomes of points in discretion, -1 to 1.

    Draws: RUBRIC."""
    one, two, extra, _ = block(at, item["cause"], record_stream(rules, item) ^ rules["copy_stream"][s], RUBRIC, item["ordinal"])
    return normal(one, two), 2.0 * uniform(extra) - 1.0


@entry
def seat_offices(at: Address, book: Book, office: Floats) -> None:
    """office[s, c] is how severe the office of channel c is towards score s, standard normal. Draws: OFFICE."""
    rules = book[0]
    for s in range(rules["scores"] if rules["judged"] == 1 else 0):
        for c in range(rules["channels"]):
            one, two, _, _ = block(at, 0, rules["channel_stream"][c] ^ rules["copy_stream"][s], OFFICE, 0)
            office[s, c] = normal(one, two)


@inlined
def judged(life: Life, j: int, s: int, points: int) -> int:
    """Points as the record has them, after the severity of the office and the officer's judgement. Draws: RUBRIC."""
    item, rules, r = life.slots[j], life.rules, life.state["row"]
    c = item["channel"]
    extra = rules["discretion"][r, s, c]
    if points == 0 and extra == 0:
        return 0
    value = float(points)
    if life.quality & INFLATED:
        value *= item["weight"]
    severity, leniency = rules["severity"][r, s], rules["leniency"][r, s]
    if severity <= 0.0 and leniency <= 0.0 and extra <= 0:
        return np.int64(np.rint(value))  # type: ignore[return-value]
    if item["drawn"] >> s & 1 == 0:
        item["officer"][s], item["extra"][s] = officer(life.at, rules, item, s)
        item["drawn"] |= 1 << s
    value *= max(0.0, 1.0 + severity * life.state["office"][s, c] + leniency * item["officer"][s])
    return np.int64(np.rint(value)) + np.int64(np.rint(extra * item["extra"][s]))  # type: ignore[return-value]


@inlined
def freed(life: Life, j: int, entered: float) -> float:
    """The day on which the record is forgiven, by repair or amnesty; NEVER. Draws: KEEP."""
    item, rules, r = life.slots[j], life.rules, life.state["row"]
    c, day = item["channel"], NEVER
    share = rules["repair"][r, c]
    if share > 0.0 and uniform(block(life.at, item["cause"], stream_of(life, j), KEEP, item["ordinal"])[1]) < share:
        day = entered + rules["repair_days"][r, c]
    if entered + rules["amnesty_age"][r] <= rules["amnesty_day"][r] < NEVER:
        day = min(day, max(entered, rules["amnesty_day"][r]))
    return day


@inlined
def lags(life: Life, j: int, s: int) -> tuple[float, float]:
    """Days that the record takes to score s, and that its removal takes (NEVER where it never arrives). Draws: COPY."""
    item, rules, r = life.slots[j], life.rules, life.state["row"]
    there, gone, lost = rules["copy_days"][r, s], rules["fix_days"][r, s], rules["fix_lost"][r, s]
    if there == 0.0 and gone == 0.0 and lost == 0.0:
        return 0.0, 0.0
    if item["drawn"] >> MOST_SCORES + s & 1 == 0:
        w_copy, w_fix, w_lost, _ = block(life.at, item["cause"], stream_of(life, j) ^ rules["copy_stream"][s], COPY, item["ordinal"])
        item["there"][s], item["fixed"][s], item["lost"][s] = exponential(w_copy, 1.0), uniform(w_fix), uniform(w_lost)
        item["drawn"] |= 1 << MOST_SCORES + s
    if rules["copy_law"][r, s] == EXPONENTIAL:
        there *= item["there"][s]
    if exact(life, j):
        return there, 0.0
    if item["lost"][s] < lost:
        return there, NEVER
    return there, gone * -math.log(item["fixed"][s]) if rules["fix_law"][r, s] == EXPONENTIAL else gone


@kernel
def comes_back(life: Life, j: int, s: int) -> bool:
    """True where a corrected record returns to score s. Draws: COPY."""
    item, rules = life.slots[j], life.rules
    w_back = block(life.at, item["cause"], stream_of(life, j) ^ rules["copy_stream"][s], COPY, item["ordinal"])[3]
    return uniform(w_back) < rules["back"][life.state["row"], s]


@inlined
def acting(life: Life, j: int, s: int, entered: float, stop: float, forgiven: float) -> tuple[float, float, int]:
    """From when to when item j acts on score s if it is on file from `entered` to `stop` and `freed` says when it is forgiven, and why it
    ends. Draws: KEEP, COPY."""
    rules, r = life.rules, life.state["row"]
    c = life.slots[j]["channel"]
    keep = rules["keep"][r, s, c]
    if rules["plain"][r] == 1:
        if stop <= entered + keep:
            return entered, stop, BY_SETTLEMENT
        return entered, entered + keep, BY_EXPIRY
    there, gone = (0.0, 0.0) if rules["copies"] == 0 else lags(life, j, s)
    expiry, end = entered + keep, min(stop + gone, NEVER)
    if rules["keep_law"][r, s, c] == FROM_SETTLEMENT:
        expiry, end = min(stop + keep, NEVER), NEVER
    elif rules["keep_law"][r, s, c] == MEMORYLESS:
        w_keep = block(life.at, life.slots[j]["cause"], stream_of(life, j), KEEP, life.slots[j]["ordinal"])[0]
        expiry = entered + exponential(w_keep, keep)
    if end <= min(expiry, forgiven):
        return entered + there, end, BY_SETTLEMENT
    if forgiven <= expiry:
        return entered + there, forgiven, BY_REPAIR
    return entered + there, expiry, BY_EXPIRY


# --- bands --------------------------------------------------------------------------------------------------------------------------


@inlined
def watch_band(rules: Book, state: State) -> None:
    """A change of band is counted, and a return to the band before within 90 days (M15)."""
    band = rules["banded"][state["row"], state["level"][0]]
    if band != state["band"]:
        state["bands"] += 1
        if band == state["band_before"] and state["day"] - state["band_day"] <= REVERSAL_DAYS:
            state["reversals"] += 1
        state["band_before"] = state["band"]
        state["band"] = band
        state["band_day"] = state["day"]
