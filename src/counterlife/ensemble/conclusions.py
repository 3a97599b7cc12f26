"""Conclusions: statements about outcomes that are true or false at a set of numbers, such as `M4 > 50 %`.

A conclusion has a margin: above zero where it holds. Where its margin crosses zero, it flips.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ..measures import Facts
from ..scenario.written import nearest
from ..study import RequestError
from .outcomes import Outcome, described

_SIDES = re.compile(r"\s*(.+?)\s*([<>])\s*(.+?)\s*")
_NUMBER = re.compile(r"([+-]?[0-9.]+(?:e[+-]?[0-9]+)?)\s*(%?)", re.IGNORECASE)


@dataclass(frozen=True)
class Conclusion:
    """`left` is more than `right`; each is an outcome's key or a number."""

    text: str
    left: str | float
    right: str | float

    def margin(self, outcomes: Mapping[str, Outcome]) -> float:
        """How far it is from being false; nan where an outcome is not known."""
        return _value(self.left, outcomes) - _value(self.right, outcomes)

    def error(self, outcomes: Mapping[str, Outcome]) -> float:
        """A Monte Carlo standard error of the margin: as if both sides were independent, which between outcomes of the same lives is
        usually more than the truth."""
        errors = [outcomes[side].error for side in (self.left, self.right) if isinstance(side, str)]
        return math.sqrt(sum(error * error for error in errors))


def parsed(text: str, known: Collection[str]) -> Conclusion:
    """The conclusion in words such as `M1 > M2` or `M4 > 50 %`; raises RequestError where it says nothing about known outcomes."""
    said = f"--conclusion {text!r}"
    found = _SIDES.fullmatch(text)
    if not found:
        raise RequestError(f"{said}: write an outcome, < or >, and a number or an outcome, as in 'M4 > 50 %' or 'M1 > M2'.")
    left, sign, right = found.groups()
    sides = [_side(one, other, known, said) for one, other in ((left, right), (right, left))]
    if not any(isinstance(side, str) for side in sides):
        raise RequestError(f"{said}: this is about two numbers, and no assumption could change it. Name an outcome.")
    return Conclusion(" ".join(text.split()), *(sides if sign == ">" else sides[::-1]))


def usual(facts: Facts, outcomes: Mapping[str, Outcome]) -> tuple[Conclusion, ...]:
    """What the headline says about signs, where nothing is given: mistakes beside leniency, errors beside the design, and safeguards."""
    pairs = ["~".join(pair) for pair in facts.pairs]
    found = [_order("M1", "M2", outcomes)] if {"M1", "M2"} <= outcomes.keys() else []
    world, versus = facts.pairs[0]
    for first, second in ((f"{world}~{versus}", f"{versus}~none"), (f"{world}~accurate", "accurate~none")):
        one, two = f"B2[{first}]", f"B2[{second}]"
        if first in pairs and second in pairs and {one, two} <= outcomes.keys():
            found.append(_order(one, two, outcomes))
    found += [_order(f"M30[{name}~{world}]", 0.0, outcomes) for name in facts.safeguards if f"M30[{name}~{world}]" in outcomes]
    told = {one.text: one for one in found if math.isfinite(one.margin(outcomes)) and one.margin(outcomes) != 0}
    return tuple(told.values())


def _order(one: str, two: str | float, outcomes: Mapping[str, Outcome]) -> Conclusion:
    """The two in the order that the scenario's own numbers give them."""
    left, right = (one, two) if _value(one, outcomes) >= _value(two, outcomes) else (two, one)
    return Conclusion(f"{_said(left)} > {_said(right)}", left, right)


def _said(side: str | float) -> str:
    return side if isinstance(side, str) else f"{side:g}"


def _value(side: str | float, outcomes: Mapping[str, Outcome]) -> float:
    return outcomes[side].value if isinstance(side, str) else side


def _side(text: str, other: str, known: Collection[str], said: str) -> str | float:
    number = _NUMBER.fullmatch(text)
    if not number:
        if text not in known:
            here, meant = ", ".join(key for key in known if "[" not in key), nearest(text, _shortest(known))
            raise RequestError(f"{said}: {text!r} is no outcome of this scenario. {meant} Known here: {here}.")
        return text
    share = other in known and described(other)[1].startswith("%")
    if share and not number[2]:
        raise RequestError(f"{said}: {other} is in per cent, so write the number with its sign, as in {other} > 50 %.")
    if number[2] and other in known and not share:
        raise RequestError(f"{said}: {other} is in {described(other)[1]}, not in per cent.")
    return float(number[1])


def _shortest(known: Collection[str]) -> Sequence[str]:
    return sorted(known, key=lambda key: ("[" in key, key))
