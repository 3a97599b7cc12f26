"""What in a life brings an event on, or keeps somebody from it: read from the steps around it. Model: `docs/model.md` 3."""

from __future__ import annotations

from typing import Any

from ..layout import ALWAYS_OPEN, What
from .desk import Desk
from .onelife import OneLife, class_of


def brought_on(one: OneLife, item: Any) -> list[str]:
    """What made an event happen that would not have happened to somebody at ease; nothing where it would have."""
    rules, k = one.rules, class_of(one.rules, item)
    if item["mark"] < rules.accept[k]:
        return []
    found = _of_rules(one, item, more=True)
    return [*found, "another one was not long ago"] if rules.burst[k] > 0 and _earlier(one, item) else found


def left_undone(one: OneLife, item: Any) -> list[str]:
    """What kept an event from happening that would have happened to somebody at ease."""
    return _of_rules(one, item, more=False) or ["fear of being punished"]


def _of_rules(one: OneLife, item: Any, more: bool) -> list[str]:
    """What about the system makes the event likelier, or less likely."""
    rules, k, day = one.rules, class_of(one.rules, item), float(item["time"])
    desk, steps = Desk(rules, one.w), one.traced.steps
    for step in steps[steps["time"] < day]:
        desk.take(step)
    if not desk.ruled:
        return []
    later = steps[steps["time"] >= day]
    lost = int(later[0]["lost"] if later.size else steps[-1]["lost"])
    mine = [d for d in range(rules.gate_score.size) if not rules.child_domain[d] and one.concerns(d, day)]
    closed = sum(desk.mask >> d & 1 for d in mine)
    found = []
    if closed and _moves(rules.strain[k], more):
        found.append("1 gate is closed" if closed == 1 else f"{closed} gates are closed")
    if _moves(rules.near[k], more) and any(_near(one, desk, d, k) for d in mine):
        found.append("the score is just below a gate")
    if 0 < rules.gives_up <= lost and _moves(rules.weary[k], more):
        found.append(f"the person has given up, having lost {lost} {'appeal' if lost == 1 else 'appeals'}")
    return found


def _moves(factor: float, more: bool) -> bool:
    return bool(factor > 1.0 if more else factor < 1.0)


def _near(one: OneLife, desk: Desk, d: int, k: int) -> bool:
    """Whether the public score is so little below the gate that people of this ability try to pass it."""
    opens = int(one.rules.opens_at[desk.row, d])
    missing = opens - desk.shown(0) if opens != ALWAYS_OPEN else 0
    return bool(one.rules.gate_score[d] == 0 and 0 < missing <= one.rules.near_points[k] * one.person["ability"])


def _earlier(one: OneLife, item: Any) -> bool:
    """Whether an event of the same class happened before."""
    steps = one.traced.steps
    before = steps[(steps["time"] < item["time"]) & (steps["what"] == What.EVENT)]
    return any(class_of(one.rules, one.items[step["item"]]) == class_of(one.rules, item) for step in before)
