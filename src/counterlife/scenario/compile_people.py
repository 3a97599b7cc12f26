"""The people's side of a rulebook: conduct, behaviour, channels and threats as numbers. The system's side is in `compile_rules.py`."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from ..layout import AGE_EDGES, AXES, CELLS, NEVER, Delay, Floats, Key, Link, Procedure, Scope, Threat
from .derived import factors
from .gamma import digamma, gamma_quantile, trigamma
from .model import Namesakes, Scenario
from .names import Names, floats, ints, table
from .parts import Delay as Waiting
from .procedures import Duplicates
from .procedures import Procedure as Written

TOP = 0.9  # the tenth of people with the largest frailty begins at this quantile
_LEAST_CEILING = 1e-12  # candidates a day of a class whose rate is zero

_LINKS = {"assign one": Link.ASSIGN_ONE, "pairwise": Link.PAIRWISE}
_SCOPES = {"township": Scope.TOWNSHIP, "country": Scope.COUNTRY}
_KEYS = {"name": Key.NAME, "name and year": Key.NAME_YEAR, "name and date": Key.NAME_DATE}
_THREATS = {"insert": Threat.INSERT, "suppress": Threat.DELETE, "outage": Threat.OUTAGE, "rollback": Threat.ROLLBACK}
_PROCEDURES = {"share": Procedure.SHARE, "screen": Procedure.SCREEN, "average": Procedure.AVERAGE, "cohort": Procedure.COHORT}
_PARAMETERS = 8


def number_of(one: Any, otherwise: float) -> float:
    """The number of a quantity, or another one where nothing was said."""
    return float(one.number) if one is not None else otherwise


def law(delay: Waiting) -> Delay:
    """How a delay is distributed."""
    return Delay.FIXED if delay.fixed else Delay.EXPONENTIAL


def conduct(scenario: Scenario, names: Names) -> dict[str, Any]:
    """The fields of a rulebook about classes of conduct and how they answer to the life."""
    classes = list(scenario.conduct.values())
    ceiling = floats(max(one.ceiling_a_day, _LEAST_CEILING) for one in classes)
    counts = [sum(name == channel[1] for channel in names.channels) for name in names.classes]
    return {
        "ceiling": ceiling,
        "accept": np.minimum(floats(one.rate.number for one in classes) / ceiling, 1.0),
        "strain": floats(one.strain.number for one in classes),
        "strain_most": ints(one.strain_at_most for one in classes),
        "deter": floats(number_of(one.deterred, 0.0) for one in classes),
        "near": floats(one.near_gate.factor.number if one.near_gate else 1.0 for one in classes),
        "near_points": ints(scenario.score.number(one.near_gate.within.number) if one.near_gate else 0 for one in classes),
        "burst": floats(one.burst.adds.number if one.burst else 0.0 for one in classes),
        "burst_days": floats(one.burst.fades.number if one.burst else 1.0 for one in classes),
        "burst_most": floats(one.burst.at_most.number if one.burst else 1.0 for one in classes),
        "weary": floats(number_of(one.when_given_up, 1.0) for one in classes),
        "factor": np.array([factors(one.by) for one in classes]),
        "frail": ints(bool(one.frail) and scenario.frailty is not None for one in classes),
        "own_shape": floats(number_of(one.own_frailty, 0.0) for one in classes),
        "from_age": floats(one.from_age.number for one in classes),
        "settles": floats(number_of(one.settled_after, 0.0) for one in classes),
        "first": ints([0, *np.cumsum(counts)]),
        **_frailty(scenario),
        **_behaviour(scenario),
    }


def _frailty(scenario: Scenario) -> dict[str, float]:
    """How unequal people are: the shape, where the most frail tenth begins, mean and standard deviation of the logarithm."""
    if not scenario.frailty:
        return {"frailty_shape": 0.0, "top_frailty": NEVER, "latent_mean": 0.0, "latent_sd": 0.0}
    shape = scenario.frailty.shape.number
    return {
        "frailty_shape": shape,
        "top_frailty": gamma_quantile(shape, TOP) / shape,
        "latent_mean": digamma(shape) - math.log(shape),
        "latent_sd": math.sqrt(trigamma(shape)),
    }


def _behaviour(scenario: Scenario) -> dict[str, Any]:
    one = scenario.behaviour
    if one is None:
        return {"belief": 0.0, "belief_rate": 0.0, "reacts": 1.0, "gives_up": 0}
    return {
        "belief": one.belief.number,
        "belief_rate": one.learning.number,
        "reacts": one.reacts.number,
        "gives_up": one.gives_up_after or 0,
    }


# --- channels -------------------------------------------------------------------------------------------------------------------


def channels(scenario: Scenario, names: Names, shares: Floats) -> dict[str, Any]:
    """The fields of a rulebook about channels; shares: those of the cells in the country."""
    sources = [scenario.sources[source] for source, _ in names.channels]
    recordings = [scenario.sources[source].records[name] for source, name in names.channels]
    links = [source.namesakes for source in sources]
    procedures = [one.procedure for one in recordings]
    detect = np.array([one.detect.number * factors(one.detect_by) for one in recordings])
    inflow = [_inflow(scenario, name, row, shares) for (_, name), row in zip(names.channels, detect, strict=True)]
    return {
        "channel_class": ints(names.classes.index(name) for _, name in names.channels),
        "detect": np.minimum(detect, 1.0),
        "ghost": np.array([one.ghosts.number * factors(one.ghosts_by) for one in recordings]),
        "delay_law": ints(law(source.delay) for source in sources),
        "delay_days": floats(source.delay.days for source in sources),
        "misread": _misread(scenario, names),
        "inflate": floats(one.inflated.share.number if one.inflated else 0.0 for one in recordings),
        "inflate_by": floats(one.inflated.by.number if one.inflated else 1.0 for one in recordings),
        "duplicate": floats(source.duplicates.share.number if source.duplicates else 0.0 for source in sources),
        "duplicate_from": floats(_from(scenario, source.duplicates) for source in sources),
        "procedure": ints(_kind(one) for one in procedures),
        "procedure_with": np.array([_parameters(one) for one in procedures]),
        "link": ints(_LINKS[link.mode] if link else Link.NONE for link in links),
        "link_share": floats(link.share.number if link else 0.0 for link in links),
        "link_scope": ints(_SCOPES[link.scope] if link else Scope.TOWNSHIP for link in links),
        "link_from": floats(_since(scenario, link) for link in links),
        "link_key": ints(_KEYS[link.key] if link else Key.NAME for link in links),
        "inflow": floats(inflow),
        "updated": floats(source.staleness.updated.number for source in sources),
        "update_days": floats(source.staleness.after.number for source in sources),
    }


def _inflow(scenario: Scenario, name: str, detect: Floats, shares: Floats) -> float:
    """Mean recorded events of the class per person-day in the country; a group that is wholly too young adds none."""
    one = scenario.conduct[name]
    until = np.append(AGE_EDGES, np.inf) > one.from_age.number
    old_enough = np.broadcast_to(until[None, :, None], (len(AXES["sex"]), len(AXES["age"]), CELLS // 8)).reshape(CELLS)
    return float(np.sum(shares * old_enough * factors(one.by) * detect)) * one.rate.number


def _misread(scenario: Scenario, names: Names) -> Floats:
    def share(first: int, second: int) -> float:
        (source, name), (other, written) = names.channels[first], names.channels[second]
        misread = scenario.sources[source].records[name].misread
        return misread[written].number if source == other and written in misread else 0.0

    return table(len(names.channels), len(names.channels), share)


def _kind(one: Written | None) -> Procedure:
    return next(kind for name, kind in _PROCEDURES.items() if getattr(one, name)) if one else Procedure.NONE


def _parameters(one: Written | None) -> list[float]:
    given = one.parameters if one else ()
    return [*given, *[0.0] * (_PARAMETERS - len(given))]


def _since(scenario: Scenario, link: Namesakes | None) -> float:
    return _day(scenario, link.country_from) if link and link.country_from else 0.0


def _from(scenario: Scenario, duplicates: Duplicates | None) -> float:
    return _day(scenario, duplicates.since) if duplicates and duplicates.since else 0.0


def _day(scenario: Scenario, date: dt.date) -> float:
    """Days from the start of the period, which is 0 for all that lies before."""
    return float(max(0, (date - scenario.period.start).days))


# --- threats --------------------------------------------------------------------------------------------------------------------


def threats(scenario: Scenario, names: Names) -> dict[str, Any]:
    """The fields of a rulebook about threats."""
    found = [scenario.threats[name] for name in names.threats]
    rates = [number_of(one.rate, 0.0) * factors(one.rate_by) for one in found]
    concerned = [[name in one.records.get(source, ()) for source, name in names.channels] for one in found]
    return {
        "threat": ints(_THREATS[one.kind] for one in found),
        "threat_channel": ints(concerned).reshape(len(found), len(names.channels)),
        "threat_from": floats(_day(scenario, one.start) for one in found),
        "threat_until": floats(_day(scenario, one.until) for one in found),
        "threat_rate": np.array(rates).reshape(len(found), CELLS),
        "threat_share": floats(number_of(one.share, 0.0) for one in found),
        "threat_found": floats(number_of(one.found, 0.0) for one in found),
        "threat_days": floats(number_of(one.found_after, 0.0) for one in found),
    }
