"""How a life changes conduct: strain, deterrence by a belief that is learned and fades, gates that are near, bursts, and giving up.

Each is a multiplier of the share of candidates that happen; none depends on records that do not touch the person. Every part is off unless
the scenario turns it on. Model: `docs/model.md` 3.
"""

from __future__ import annotations

import math

from ..layout import ALWAYS_OPEN, Fate
from .book import Book
from .conduct import reacts
from .jit import inlined, kernel, whole
from .kin import bits, concerned, next_birthday
from .room import Life, State
from .scores import score_of

DONE = whole(Fate.DONE)
NO_MARK = whole(ALWAYS_OPEN)


@inlined
def grow(life: Life) -> None:
    """The own gates that concern the person are those of today's age, until the next edge."""
    rules, state, age = life.rules, life.state, life.person["age"]
    state["own"], state["edge"] = rules["own"] & concerned(rules, age, state["day"]), next_birthday(rules, age, state["day"])


@inlined
def shut_before(life: Life) -> int:
    """Bits of the own gates that concern the person today, of those that were closed before today's steps."""
    return life.pages[life.state["changes"] - 1]["mask"] & life.state["own"]


@inlined
def cool_down(rules: Book, state: State) -> None:
    """Nobody's events have any heat yet."""
    for k in range(rules["classes"] if rules["bursts"] == 1 else 0):
        state["heat"][k], state["heat_day"][k] = 0.0, 0.0


@kernel
def form_belief(life: Life, person: int) -> None:
    """The belief that the person begins with; no events have any heat yet. Draws: TRAIT 0."""
    rules, state = life.rules, life.state
    cool_down(rules, state)
    state["belief"], state["belief_day"] = rules["belief"] if reacts(life.at, rules, person) else -1.0, 0.0


@inlined
def learn(rules: Book, state: State, day: float) -> None:
    """The belief has followed what was lived up to the day: towards 1 while something is closed, towards 0 while nothing is.

    A belief below 0 marks a person who never reacts.
    """
    if state["belief"] >= 0.0:
        lived = 1.0 if state["shut"] != 0 else 0.0
        state["belief"] = lived + (state["belief"] - lived) * math.exp(-rules["belief_rate"] * (day - state["belief_day"]))
    state["belief_day"] = day


@inlined
def heat_of(rules: Book, state: State, k: int, day: float) -> float:
    """What is left on a day of the heat of earlier events of the class."""
    if state["heat"][k] == 0.0:
        return 0.0
    return state["heat"][k] * math.exp(-(day - state["heat_day"][k]) / rules["burst_days"][k])


@inlined
def warmth(rules: Book, state: State, k: int, day: float) -> float:
    """How much likelier earlier events of the class make another one on this day."""
    return min(1.0 + heat_of(rules, state, k, day), rules["burst_most"][k]) if rules["burst"][k] > 0.0 else 1.0


@inlined
def warm_up(rules: Book, state: State, k: int, day: float) -> None:
    """An event of the class has happened on this day."""
    if rules["burst"][k] > 0.0:
        state["heat"][k], state["heat_day"][k] = heat_of(rules, state, k, day) + rules["burst"][k], day


@inlined
def is_near(life: Life, k: int) -> bool:
    """True where the first score is so little below an own gate that concerns the person that the class answers to it."""
    rules, state = life.rules, life.state
    score, reach = score_of(life, 0), rules["near_points"][k] * life.person["ability"]
    if score >= rules["highest_line"][state["row"]]:
        return False
    mask = state["own"]
    for d in range(rules["domains"]):
        opens = rules["opens_at"][state["row"], d]
        if mask >> d & 1 and rules["gate_score"][d] == 0 and opens != NO_MARK and score < opens and opens - score <= reach:
            return True
    return False


@inlined
def gave_up(rules: Book, state: State) -> bool:
    """True for somebody who has lost too many cases to go on."""
    return rules["gives_up"] > 0 and state["lost_cases"] >= rules["gives_up"]


@inlined
def at_ease(life: Life) -> bool:
    """True where nothing can happen that happens only near a gate or after giving up (events of `calm.py`)."""
    rules, state = life.rules, life.state
    if rules["conduct"][life.w] >= 0 or gave_up(rules, state):
        return False
    return rules["ruled"][state["row"]] == 0 or score_of(life, 0) >= rules["highest_line"][state["row"]]


@inlined
def decide(life: Life, j: int, k: int, mark: float) -> bool:
    """True where the event happens, given the own domains that are closed just before and those that concern the person.

    Writes: state (belief, heat, near). An event that several sources record is decided once.
    """
    rules, state, day = life.rules, life.state, life.state["day"]
    share = rules["accept"][k]
    near = False
    if rules["ruled"][state["row"]] == 1:
        if rules["strain"][k] != 1.0:
            shut = shut_before(life)
            if shut != 0:
                share *= rules["strain"][k] ** min(bits(shut), rules["strain_most"][k])
        if rules["deter"][k] != 0.0:
            learn(rules, state, day)
            share *= math.exp(-rules["deter"][k] * max(0.0, state["belief"]))
        if rules["near"][k] != 1.0 and is_near(life, k):
            near = True
            share *= rules["near"][k]
        if gave_up(rules, state):
            share *= rules["weary"][k]
    share *= warmth(rules, state, k, day)
    if rules["conduct"][life.w] >= 0:
        happened = life.slots[j]["model"] & DONE != 0
    else:
        happened = mark < share
    if happened:
        state["near"] += 1 if near else 0
        warm_up(rules, state, k, day)
    return happened


@inlined
def feel(life: Life, shut: int) -> None:
    """Own domains that concern the person have opened or closed: belief and the rate of asking why go on from here."""
    rules, state = life.rules, life.state
    if rules["believes"] == 1:
        learn(rules, state, state["day"])
    state["shut"] = shut
