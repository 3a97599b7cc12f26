"""How a record is contested: the person learns of it, appeals, is heard, and perhaps it is corrected. Model: `docs/model.md` 11.

Luck belongs to the record: in every world in which it is contested it meets the same officer on the same day of grace. Who waits how long
for an office is found out by `hearings.py`, which hands the days down; what a correction does to points and lists is in `life.py`.
"""

from __future__ import annotations

import math

from ..layout import NEVER, Cause, Delay, Fate, Keep, Quality, What, Wrong
from .behaviour import gave_up
from .book import Book
from .draws import APPEAL, CORRECT, REDRESS, Word, block, exponential, uniform
from .jit import inlined, kernel, whole
from .kin import bits
from .pending import CORRECTION, DECISION, FOUND_OUT, GIVING_UP, NOTICE, SECOND_DECISION, drop, push_in
from .room import Life, State, exact, note, stream_of
from .sanctions import NOBODY, NOTHING

LEARNED, APPEALED, REFUSED, GRANTED = whole(What.LEARNED), whole(What.APPEALED), whole(What.REFUSED), whole(What.GRANTED)
LOST_ON_THE_WAY = whole(What.CORRECTION_LOST)
BY_START = whole(Cause.START)  # a step of redress opens no gate by itself
INFLATED, NOTHING_WRONG, TOO_MUCH = whole(Quality.INFLATED), whole(Wrong.NOTHING), whole(Wrong.INFLATED)
EXPONENTIAL, FROM_SETTLEMENT = whole(Delay.EXPONENTIAL), whole(Keep.SETTLEMENT)
KNOWN = whole(Fate.NOTIFIED | Fate.DISCOVERED)
CONTESTED = whole(Fate.CONTESTED)
CONTESTED_WRONG = whole(Fate.CONTESTED | Fate.WRONG_THEN)
DECIDED, UPHELD, SECOND = whole(Fate.DECIDED), whole(Fate.UPHELD), whole(Fate.SECOND)
CORRECTION_LOST = whole(Fate.CORRECTION_LOST)


@kernel
def about(life: Life, j: int, purpose: Word) -> tuple[Word, Word, Word, Word]:
    """The block about a record for a purpose."""
    return block(life.at, life.slots[j]["cause"], stream_of(life, j), purpose, life.slots[j]["ordinal"])


@inlined
def due_end(rules: Book, r: int, item: object, settle: float) -> float:
    """The day by which a record ought to have ended, settled at `settle`."""
    c = item["channel"]  # type: ignore[index]
    return settle + rules["keep"][r, 0, c] if rules["keep_law"][r, 0, c] == FROM_SETTLEMENT else settle


@inlined
def wrong_from_the_start(life: Life, j: int) -> bool:
    """True for a record of nothing, of somebody or something else, of too much, or by a wrong rule."""
    wrong = life.slots[j]["wrong"]
    return wrong != NOTHING_WRONG and (wrong != TOO_MUCH or life.quality & INFLATED != 0)


@inlined
def wrong_now(life: Life, j: int) -> bool:
    """True where the record is wrong today."""
    item = life.slots[j]
    return wrong_from_the_start(life, j) or life.state["day"] >= due_end(life.rules, life.state["row"], item, item["settle"])


@inlined
def asked_by_now(state: State) -> float:
    """How much the person has asked why until now."""
    return state["asked"] + state["asking"] * (state["day"] - state["asked_day"])


@inlined
def ask(life: Life, rate: float) -> None:
    """From now on a refused person asks why at this rate; who finds out about which record, and when, is pending anew."""
    state, slots = life.state, life.slots
    day = state["day"]
    state["asked"] = asked_by_now(state)
    state["asking"], state["asked_day"] = rate, day
    drop(life.pages, state, 1 << FOUND_OUT, -1, -1)  # what was foreseen at the old rate no longer holds
    if rate > 0.0:
        for j in range(life.slots.shape[0] - 1):
            if slots[j]["learns_at"] < NEVER:
                wait = max(0.0, slots[j]["learns_at"] - state["asked"]) / rate
                push_in(life, day + wait, FOUND_OUT, j, NOBODY, BY_START)


@kernel
def open_docket(life: Life, j: int) -> None:
    """The record counts for the first time: the person will be told, or may find out. Draws: REDRESS."""
    rules, state, r = life.rules, life.state, life.state["row"]
    life.slots[j]["open"] = 1
    w_notice, w_asks, _, _ = about(life, j, REDRESS)
    if uniform(w_notice) < rules["notice"][r, life.slots[j]["channel"]]:
        push_in(life, state["day"] + rules["notice_days"][r], NOTICE, j, NOBODY, BY_START)
        return
    asked = asked_by_now(state)
    life.slots[j]["learns_at"] = asked - math.log(uniform(w_asks))
    if state["asking"] > 0.0:
        wait = (life.slots[j]["learns_at"] - asked) / state["asking"]
        push_in(life, state["day"] + wait, FOUND_OUT, j, NOBODY, BY_START)


@inlined
def inclined(base: float, pull: float) -> float:
    """The probability that somebody of middle ability has, moved by so much on the logistic scale; 0 and 1 stay."""
    if 0.0 < base < 1.0:
        return 1.0 / (1.0 + math.exp(-(math.log(base / (1.0 - base)) + pull)))
    return base


@kernel
def take_up(life: Life, wrong: bool) -> float:
    """The probability that this person, who knows of a record, appeals against it."""
    rules, state, r = life.rules, life.state, life.state["row"]
    base = rules["take_up"][life.person["cell"], r]
    base = inclined(base, rules["take_up_ability"][r] * (life.person["ability"] - 0.5))
    if not wrong:
        base *= rules["take_up_right"][r]
    return base * (rules["take_up_weary"][r] if gave_up(rules, state) else 1.0)


@kernel
def learn_of(life: Life, j: int, how: int, shut: int) -> None:
    """The person has learned of the record, and appeals or lets it be. Draws: REDRESS, APPEAL. Writes: slots, state, pages."""
    rules, state, fate, r = life.rules, life.state, life.slots[j], life.state["row"]
    life.slots[j]["learns_at"] = NEVER
    if fate["what"] & KNOWN or state["day"] >= fate["until"]:
        return
    fate["what"] |= how
    fate["aware"] = state["day"]
    note(life, LEARNED, j, NOBODY, NOTHING)
    wrong = wrong_now(life, j)
    if uniform(about(life, j, REDRESS)[2]) >= take_up(life, wrong):
        return
    fate["what"] |= CONTESTED_WRONG if wrong else CONTESTED
    fate["filed"] = state["day"]
    fate["harm"] = bits(shut)
    note(life, APPEALED, j, NOBODY, NOTHING)
    if rules["office"][r] == 0:
        wait = rules["decide_days"][r]
        if rules["decide_law"][r] == EXPONENTIAL:
            wait = exponential(about(life, j, APPEAL)[0], wait)
        push_in(life, state["day"] + wait, DECISION, j, NOBODY, BY_START)
        return
    post = life.slots[j]["post"]
    if post < 0.0:
        push_in(life, max(state["day"], -post), GIVING_UP, j, NOBODY, BY_START)
    elif post < NEVER:
        push_in(life, max(state["day"], post), DECISION, j, NOBODY, BY_START)


@kernel
def decide_case(life: Life, j: int, second: bool) -> None:
    """The appeal is decided, and what follows is pending. Draws: REDRESS, APPEAL, CORRECT. Writes: slots, state, pages."""
    rules, state, fate, r = life.rules, life.state, life.slots[j], life.state["row"]
    if state["day"] >= fate["until"]:
        return
    fate["what"] |= DECIDED | (SECOND if second else NOTHING)
    fate["decided"] = state["day"]
    wrong = wrong_now(life, j)
    _, _, w_further, w_second = about(life, j, APPEAL)
    w_lag, w_lost, w_wait, _ = about(life, j, CORRECT)
    if second:
        upheld = uniform(w_second) < (rules["second_sensitivity"][r] if wrong else 1.0 - rules["second_specificity"][r])
    else:
        chance = rules["sensitivity"][r] * (1.0 - rules["bias"][r]) if wrong else 1.0 - rules["specificity"][r]
        upheld = uniform(about(life, j, REDRESS)[3]) < chance
    if not upheld:
        note(life, REFUSED, j, NOBODY, NOTHING)
        if not second and uniform(w_further) < rules["second"][r]:
            wait = exponential(w_wait, rules["second_days"][r])
            push_in(life, state["day"] + wait, SECOND_DECISION, j, NOBODY, BY_START)
        else:
            state["lost_cases"] += 1
        return
    fate["what"] |= UPHELD
    state["granted"] += 1
    note(life, GRANTED, j, NOBODY, NOTHING)
    if exact(life, j):
        push_in(life, state["day"], CORRECTION, j, NOBODY, BY_START)
    elif uniform(w_lost) < rules["correct_lost"][r]:
        fate["what"] |= CORRECTION_LOST
        note(life, LOST_ON_THE_WAY, j, NOBODY, NOTHING)
    else:
        lag = rules["correct_days"][r]
        if rules["correct_law"][r] == EXPONENTIAL:
            lag = exponential(w_lag, lag)
        push_in(life, state["day"] + lag, CORRECTION, j, NOBODY, BY_START)
