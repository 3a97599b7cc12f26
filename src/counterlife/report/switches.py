"""Where a scenario turns a mechanism on: for each, the names of the parts of the scenario that use it.

What is on is read from the numbers: a part that stands at the value that means nothing is off. What the mechanisms are is in
`mechanisms.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from counterlife.scenario import Scenario
from counterlife.scenario.model import Conduct, Recording
from counterlife.scenario.quantity import Quantity
from counterlife.scenario.redress import Redress
from counterlife.scenario.system import Gate, RuleList, Score

Used = Sequence[str]
THE = ("",)
"""What uses a mechanism of which there is one in a scenario."""


def always(scenario: Scenario) -> Used:
    """Every scenario has it."""
    return THE


def differs(number: Quantity[Any] | None, nothing: float) -> bool:
    """Whether a number is there and is not the one that means nothing."""
    return number is not None and number.number != nothing


def classes(has: Callable[[Conduct], bool]) -> Callable[[Scenario], Used]:
    """The classes of conduct with something."""
    return lambda scenario: tuple(name for name, one in scenario.conduct.items() if has(one))


def sources(has: Callable[[Recording], bool]) -> Callable[[Scenario], Used]:
    """The sources that record a class in some way, as `source.records.class`."""
    return lambda scenario: tuple(f"{name}.records.{what}" for name, what, one in recordings(scenario) if has(one))


def recordings(scenario: Scenario) -> Iterator[tuple[str, str, Recording]]:
    """Every source with every class that it records."""
    for name, source in scenario.sources.items():
        for what, one in source.records.items():
            yield name, what, one


def scores(has: Callable[[Score], bool]) -> Callable[[Scenario], Used]:
    """The scores with something; the public one is called `score`."""
    return lambda scenario: tuple(name for name, one in scenario.all_scores.items() if has(one))


def lists(has: Callable[[RuleList], bool]) -> Callable[[Scenario], Used]:
    """The lists with something."""
    return lambda scenario: tuple(name for name, one in scenario.lists.items() if has(one))


def gates(has: Callable[[Gate], bool]) -> Callable[[Scenario], Used]:
    """The gates with something."""
    return lambda scenario: tuple(name for name, one in scenario.gates.items() if has(one))


def threats(kind: str) -> Callable[[Scenario], Used]:
    """The threats of a kind, where a world lives them."""
    return lambda scenario: tuple(name for name, one in scenario.threats.items() if one.kind == kind)


def appeals(has: Callable[[Redress], bool] = lambda redress: True) -> Callable[[Scenario], Used]:
    """The way of contesting records, if there is one with something."""
    return lambda scenario: THE if scenario.redress is not None and has(scenario.redress) else ()


def namesakes(mode: str) -> Callable[[Scenario], Used]:
    """The sources whose records reach namesakes in a way."""
    return lambda scenario: tuple(
        name for name, one in scenario.sources.items() if one.namesakes and one.namesakes.mode == mode and one.namesakes.share.number > 0
    )


def abroad(scenario: Scenario) -> Used:
    """The sources whose records come from namesakes in the whole country."""
    return tuple(name for name, one in scenario.sources.items() if one.namesakes and one.namesakes.scope == "country")


def delayed(scenario: Scenario) -> Used:
    """The sources whose records come late."""
    return tuple(name for name, source in scenario.sources.items() if source.delay.days > 0)


def stale(scenario: Scenario) -> Used:
    """The sources that hear late, or never, that a matter is settled."""
    settled = {name for name, one in scenario.conduct.items() if one.settled_after is not None}
    return tuple(
        name
        for name, source in scenario.sources.items()
        if settled & set(source.records) and (differs(source.staleness.updated, 1) or differs(source.staleness.after, 0))
    )


def unequal(scenario: Scenario) -> Used:
    """Whether all classes share a frailty, and the classes with one of their own."""
    own = classes(lambda one: one.own_frailty is not None)(scenario)
    return (*(THE if scenario.frailty else ()), *own)


def believing(scenario: Scenario) -> Used:
    """Whether people have a belief in being punished."""
    behaviour = scenario.behaviour
    return THE if behaviour and (differs(behaviour.belief, 0) or differs(behaviour.learning, 0)) else ()


def tiring(scenario: Scenario) -> Used:
    """The classes that change with those who give up; `THE` where only their appeals do."""
    behaviour, tired = scenario.behaviour, classes(lambda one: differs(one.when_given_up, 1))(scenario)
    if behaviour is None or behaviour.gives_up_after is None:
        return ()
    return tired or (THE if differs(behaviour.appeals_when_given_up, 1) else ())


def asking(scenario: Scenario) -> Used:
    """The gates at which people who are refused ask why."""
    asked = scenario.redress is not None and differs(scenario.redress.asks, 0)
    return gates(lambda one: differs(one.applications, 0))(scenario) if asked else ()


def passing(scenario: Scenario) -> Used:
    """The gates that, while open, refuse a share of the applications in some band."""
    return gates(lambda one: any(share.number < 1 for share in (one.pass_by_band or {}).values()))(scenario)


def told(redress: Redress) -> bool:
    """Whether anybody is told of a record."""
    return any(one.number > 0 for one in redress.notice.values())


def noisy(score: Score) -> bool:
    """Whether officers and offices differ."""
    return bool(score.discretion) or differs(score.severity, 0) or differs(score.leniency, 0)


def proxied(score: Score) -> bool:
    """Whether a score takes anything from traits."""
    return score.proxy is not None and (differs(score.proxy.spread, 0) or any(levels for _, levels in score.proxy.by.items()))


def joined(scenario: Scenario) -> Used:
    """The gates whose sanctions spread."""
    return tuple(name for name, ways in scenario.joint.shares.items() if any(one.number > 0 for one in ways.values()))


def ranked(scenario: Scenario) -> Used:
    """The gates that close for those who score lowest."""
    return gates(lambda one: differs(one.closes_lowest, 0))(scenario) if scenario.reviews else ()


def capped(scenario: Scenario) -> Used:
    """Whether fewer gates may be closed than there are."""
    return THE if scenario.joint.at_most is not None and scenario.joint.at_most < len(scenario.gates) else ()


def replayed(scenario: Scenario) -> Used:
    """The worlds that live the conduct of another."""
    return tuple(name for name, world in scenario.worlds.items() if world.conduct != "own")


def left_out(scenario: Scenario) -> Used:
    """The worlds in which the records of a context count for nothing."""
    return tuple(name for name, world in scenario.worlds.items() if world.without)


def procedure(kind: str) -> Callable[[Scenario], Used]:
    """The sources that record a class by a procedure, as `source.records.class`."""
    return sources(lambda one: one.procedure is not None and getattr(one.procedure, kind) is not None)
