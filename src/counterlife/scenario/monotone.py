"""Whether more bad records can only ever mean more restrictions, in every life and on every day.

Where every part of a design passes this on in one direction, so does the whole: then worlds can be compared person by person, and tests
do so. Each reason why a design does not is a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .model import Conduct, Scenario
from .overrides import in_world


def monotone(scenario: Scenario) -> tuple[bool, list[str]]:
    """Whether the scenario is monotone in its bad records, in all worlds and stages; if not, why not."""
    reasons = list(_of_people(scenario))
    for name, world in scenario.worlds.items():
        stages = [None, *(stage for stage in scenario.rollout if stage.set)]
        for variant in (in_world(scenario, name, stage) for stage in stages if world.rules == "system"):
            reasons += [reason for rule in _RULES for reason in rule(variant)]
    found = list(dict.fromkeys(reasons))
    return not found, found


def _of_people(scenario: Scenario) -> Iterator[str]:
    learns = scenario.behaviour is not None and scenario.behaviour.learning.number > 0
    misread = {name for source in scenario.sources.values() for name, one in source.records.items() if one.misread}
    for name, one in scenario.conduct.items():
        if name in misread and _reacts(one):
            yield f"{name}: it answers to restrictions, and its records may be written as those of another class"
        if one.sign == "lawful":
            continue  # nothing that the system sees, unless it is misread
        strain, weary = one.strain.number, one.when_given_up.number if one.when_given_up else 1.0
        if one.deterred and one.deterred.number > 0 and learns:
            yield f"{name}: a restriction deters from what would bring the next"
        if one.near_gate and one.near_gate.factor.number != 1:
            yield f"{name}: it changes near a gate, which more records may move people away from"
        if (strain < 1) if one.sign == "bad" else (strain > 1):
            yield f"{name}: restrictions bring records that lead out of them"
        if (weary < 1) if one.sign == "bad" else (weary > 1):
            yield f"{name}: those who have given up get better records"


def _reacts(one: Conduct) -> bool:
    """Whether what people live changes how often they do it."""
    weary = one.when_given_up is not None and one.when_given_up.number != 1
    near = one.near_gate is not None and one.near_gate.factor.number != 1
    return one.strain.number != 1 or weary or near or (one.deterred is not None and one.deterred.number > 0)


def _scores(scenario: Scenario) -> Iterator[str]:
    strained = any(one.strain.number != 1 for one in scenario.conduct.values())
    for name, score in scenario.all_scores.items():
        if strained and "settlement" in score.keep_from.values():
            yield f"{name}: how long points stay depends on settlements, of which strain brings others"
        for class_name, one in score.discretion.items():
            noise = [
                part for part in (score.severity, score.leniency) if part is not None and part.number > 0
            ]  # may leave no points to turn
            if score.number(one.number) > (0 if noise else abs(score.effect(class_name))):
                yield f"{name}: an officer can turn the points of {class_name} round"


def _lists(scenario: Scenario) -> Iterator[str]:
    for name, one in scenario.lists.items():
        if one.score_below is not None and one.term.value != "for ever":
            yield f"{name}: a term that begins earlier ends earlier"


def _ties(scenario: Scenario) -> Iterator[str]:
    for name, score in scenario.all_scores.items():
        if score.friends and score.friends.drop and score.friends.drop.share.number > 0 and score.friends.share.number > 0:
            yield f"{name}: a friend with more bad records is dropped, and lowers the score no more"
        if score.family is not None and score.family.number > 0:
            yield f"{name}: those whose family is shut out gain points"


def _ranking(scenario: Scenario) -> Iterator[str]:
    for name, gate in scenario.gates.items():
        if gate.closes_lowest is not None and gate.closes_lowest.number > 0:
            yield f"gates.{name}.closes_lowest: who is among the lowest depends on the others"


def _joint(scenario: Scenario) -> Iterator[str]:
    if scenario.joint.at_most is not None and scenario.joint.at_most < len(scenario.gates):
        yield "joint.at_most: a gate that closes opens another"


def _redress(scenario: Scenario) -> Iterator[str]:
    redress = scenario.redress
    if redress is None:
        return
    if redress.office:
        yield "redress.office: people wait for one another"
    if redress.asks.number > 0 and any(gate.applications for gate in scenario.gates.values()):
        yield "redress.asks: a refusal starts the appeal that opens another gate"


_RULES: tuple[Callable[[Scenario], Iterator[str]], ...] = (_scores, _ties, _lists, _ranking, _joint, _redress)
