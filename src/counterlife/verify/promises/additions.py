"""What is added to a scenario without effect moves nothing: P11. Additions are made to the data of any scenario, before what is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from ...scenario.compile import Compiled
from ...scenario.compile import compile as compiled
from ...scenario.model import Scenario, completed
from ...scenario.overrides import dump
from .ground import Ground
from .kept import Kept, alike, total

Data = dict[str, Any]
Change = Callable[[Data], object]
TOLD_ANEW = (
    "classes * first.*",
    "classes * second.*",
    "classes * both.*",
)  # a source in front of the first two of a class is another first


def altered(scenario: Scenario, change: Change) -> Compiled:
    """The scenario with its data changed, as numbers."""
    data = deepcopy(dump(scenario))
    change(data)
    return compiled(completed(Scenario.model_validate(data)))


def add_class_that_never_happens(data: Data) -> None:
    """A class with rate 0, noticed, punished and listed."""
    data["conduct"] = {"whistling": {"sign": "bad", "rate": "0 per year"}} | data["conduct"]
    next(iter(data["sources"].values()))["records"]["whistling"] = {"detect": 0.8}
    data["score"]["points"]["whistling"] = -500
    next(one for one in data["lists"].values() if one.get("on"))["on"]["whistling"] = 1


def add_gate_without_a_mark(data: Data) -> None:
    """A gate that neither the score nor a list closes."""
    data["gates"] = {"cinema": {"ages": [0, 200]}} | data["gates"]


def add_source_that_sees_nothing(data: Data) -> None:
    """An office that looks at everything and notices nothing."""
    namesakes = {"share": 0.5, "mode": "assign one", "scope": "country"}
    blind = {"blind_office": {"records": {name: {"detect": 0} for name in data["conduct"]}, "namesakes": namesakes}}
    data["sources"] = blind | data["sources"]


def add_list_that_nobody_is_put_on(data: Data) -> None:
    """A list with the probability 0."""
    closed = next(one["closes"] for one in data["lists"].values() if one.get("closes"))
    bad = next(name for name, one in data["conduct"].items() if one["sign"] == "bad")
    data["lists"] = {"empty": {"closes": closed, "on": {bad: 0}}} | data["lists"]


def add_score_that_no_gate_looks_at(data: Data) -> None:
    """With points, noise and traits of its own; it forgets sooner than the public score, so it keeps no record on file longer."""
    bad = next(name for name, one in data["conduct"].items() if one["sign"] == "bad")
    judged = {"severity": 0.3, "leniency": 0.2, "discretion": {bad: 2}, "proxy": {"spread": 20}}
    idle = {"start": 10, "lowest": -100, "highest": 50, "points": {bad: -5}, "keep": "1 day", **judged}
    data["scores"] = {"idle": idle} | data.get("scores", {})


def add_world_that_changes_nothing(data: Data) -> None:
    """A world with the rules that are there already."""
    data["worlds"] = {"as_before": {"set": {"score.start": data["score"]["start"]["value"]}}} | data["worlds"]
    data["compare"] = [["as_before", "designed"], ["as_before", "accurate"], *data["compare"]]


ADDITIONS: tuple[Change, ...] = (
    add_class_that_never_happens,
    add_gate_without_a_mark,
    add_source_that_sees_nothing,
    add_list_that_nobody_is_put_on,
    add_score_that_no_gate_looks_at,
    add_world_that_changes_nothing,
)
ALIKE = (add_list_that_nobody_is_put_on, add_score_that_no_gate_looks_at)  # these have no columns of their own


def said(change: Change) -> str:
    """An addition in words."""
    return getattr(change, "__name__", "").removeprefix("add_").replace("_", " ")


def nothing_moves(before: Mapping[str, Any], after: Mapping[str, Any], change: Change, lives: int, tell: tuple[str, ...] = ()) -> Kept:
    """P11: every column that was there before stands as it was, less those that `tell` names."""
    one, other = dict(before), dict(after)
    new = len(other) - len(one)
    wrongful = total(one, "people wrongful_days.*")
    happened = wrongful if new > 0 or change in ALIKE else 0
    told = (*tell, *(TOLD_ANEW if change is add_source_that_sees_nothing else ()))
    return alike(f"with a {said(change)}", one, other, lives=lives, happened=happened, event="wrongful domain-days", but=told)


def added_to(scenario: Scenario, change: Change, before: Ground) -> Kept:
    """P11 for one addition to a scenario, whose ground before it is given."""
    after = Ground.of(altered(scenario, change), before.place.row, before.place.number, before.seed)
    return nothing_moves(before.columns, after.columns, change, before.lives + after.lives)
