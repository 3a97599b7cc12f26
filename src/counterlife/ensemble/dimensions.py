"""What a sweep varies: numbers of a scenario between two ends, or among given values, and how a place between the ends is written down.

By default the dimensions are the numbers that state a range. A place on a dimension is a coordinate from 0 (its low end) to 1 (its high
end); a value is in the unit in which the scenario writes it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..scenario import Scenario, units
from ..scenario.ledger import quantities
from ..scenario.overrides import locate
from ..scenario.quantity import Kind, Quantity
from ..scenario.written import Path, scalar
from ..study import RequestError

STEPS = {"whole": 1.0, "points": 0.001, "mark": 0.001}  # values are whole multiples of these
LISTS = ("worlds", "safeguards", "structures", "rollout", "bands", "population")  # numbers in them are not varied one by one
UNSOURCED = "illustrative"
MOST_NAMED = 5  # numbers that a message names

Number: TypeAlias = Quantity[Any]


@dataclass(frozen=True)
class Dimension:
    """A number of the scenario and the ends between which it is varied."""

    path: Path
    base: float
    """Its value in the scenario; for choices, the place of that value among them."""
    low: float
    high: float
    unit: str = ""
    """The words behind the number, such as ` per year`."""
    step: float = 0.0
    """What values are whole multiples of; 0 for none."""
    choices: tuple[Any, ...] = ()
    """The values, where there are few; `base`, `low` and `high` are then places among them."""
    source: str = UNSOURCED

    @property
    def name(self) -> str:
        """The dotted path."""
        return ".".join(map(str, self.path))

    @property
    def sourced(self) -> bool:
        """Whether the number has a source."""
        return self.source != UNSOURCED

    @property
    def start(self) -> float:
        """The coordinate of the scenario's own value; it may lie outside 0 to 1 where the ends were given with the command."""
        return self.coordinate(self.base)

    def coordinate(self, value: float) -> float:
        """The coordinate of a value."""
        return (value - self.low) / (self.high - self.low)

    def value(self, coordinate: float) -> float:
        """The value at a coordinate from 0 to 1. Whole numbers and choices have equal shares of the coordinates."""
        if self.choices or self.step == 1.0:
            count = self.high - self.low + 1.0
            return self.low + min(math.floor(coordinate * count), count - 1.0)
        plain = self.low + coordinate * (self.high - self.low)
        return round(plain, 3) if self.step else plain

    def written(self, value: float) -> Any:
        """The value as a scenario writes it."""
        if self.choices:
            return self.choices[int(value)]
        if self.unit:
            return f"{value!r}{self.unit}"
        return int(value) if self.step == 1.0 else value


def stated(scenario: Scenario) -> tuple[Dimension, ...]:
    """A dimension for each number of the scenario that states a range, in the order of the file."""
    found = []
    for path, quantity in quantities(scenario):
        if quantity.range is None or path[0] in LISTS or not all(isinstance(step, str) for step in path):
            continue
        if all(_is_number(one) for one in (quantity.value, *quantity.range)):
            one = _between(path, quantity, quantity.range[0], quantity.range[1])
            found += [one] if one.low < one.high else []
    return tuple(found)


def held(scenario: Scenario) -> tuple[int, int]:
    """Numbers of the scenario that no range lets vary: how many there are, and how many of them have no source."""
    varied = {one.path for one in stated(scenario)}
    others = [quantity for path, quantity in quantities(scenario) if path not in varied]
    return len(others), sum(quantity.source == UNSOURCED for quantity in others)


def chosen(scenario: Scenario, over: Sequence[str]) -> tuple[Dimension, ...]:
    """The dimensions that the command names, or those that the scenario states where it names none; raises RequestError."""
    if not over:
        found = stated(scenario)
        if not found:
            raise RequestError(
                "no number of this scenario states a range, so there is nothing to vary: write {value, range} in the scenario, or give "
                "--over path=low..high."
            )
        return found
    found = tuple(_given(scenario, text) for text in over)
    for number, one in enumerate(found):
        if one.path in [other.path for other in found[:number]]:
            raise RequestError(f"--over {over[number]}: {one.name} is varied twice, so it would have two values at once: give it once.")
    return found


def named(scenario: Scenario, name: str) -> Dimension:
    """The number behind a dotted path, with the range that it states or none (both ends at its value); raises RequestError."""
    quantity = _quantity(scenario, _located(scenario, name, name), name)
    low, high = quantity.range or (quantity.value, quantity.value)
    return _between(tuple(name.split(".")), quantity, low, high)


# --- words to numbers -----------------------------------------------------------------------------------------------------------


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return bool(re.match(r"\s*[0-9]", value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _between(path: Path, quantity: Number, low: object, high: object) -> Dimension:
    """The dimension between two ends, all in the unit of the number's own value."""
    unit = _unit(quantity.value)
    one = units.number(f"1{unit}") if unit else 1.0
    base, *ends = (units.number(value) / one for value in (quantity.value, low, high))  # type: ignore[arg-type]
    if unit:  # the digits as they are written, where the unit is the same: 0.2 per year, not 0.2 / 365 * 365
        base, *ends = (_plain(value, unit, other) for value, other in zip((quantity.value, low, high), (base, *ends), strict=True))
    return Dimension(path, base, ends[0], ends[1], unit, STEPS.get(_kind(quantity), 0.0), source=quantity.source)


def _unit(value: object) -> str:
    found = re.fullmatch(r"\s*[0-9.eE_+-]+(\s+.*?)\s*", value) if isinstance(value, str) else None
    if not found:
        return ""
    words = " ".join(found[1].split())
    return f" {words}" if words.startswith("per ") else f" {words.rstrip('s')}s"


def _plain(value: object, unit: str, converted: float) -> float:
    text = " ".join(str(value).split())
    return float(text.partition(" ")[0]) if _unit(text) == unit else converted


def _kind(quantity: Number) -> str:
    """The name of the kind of value that the number is."""
    field = type(quantity).model_fields["value"]
    return next((one.name for one in field.metadata if isinstance(one, Kind)), "")


def _located(scenario: Scenario, name: str, said: str) -> Path:
    try:
        return locate(scenario, name)
    except ValueError as error:
        raise RequestError(f"{said}: {error}") from None


def _quantity(scenario: Scenario, path: Path, said: str) -> Number:
    """The number at a path, in a coat of its own where it is not one that claims something about the world."""
    node: Any = scenario
    for step in path:
        node = node.get(step) if isinstance(node, dict) else getattr(node, _field(node, str(step)), None)
    if isinstance(node, Quantity):
        return node
    if isinstance(node, (int, float, str)) and not isinstance(node, bool) and _is_number(node):
        return Quantity[Any].model_construct(value=node, range=None, source=UNSOURCED)
    below = [".".join(map(str, one)) for one, _ in quantities(scenario) if one[: len(path)] == path]
    few = f" {', '.join(below[:MOST_NAMED])}{' and others' if len(below) > MOST_NAMED else ''}." if below else " score.start."
    raise RequestError(f"{said}: there is no number here that could be varied. Name a number, such as{few}")


def _field(node: object, name: str) -> str:
    fields = getattr(type(node), "model_fields", {})
    return next((field for field, info in fields.items() if name in (field, info.alias)), name)


def _given(scenario: Scenario, text: str) -> Dimension:
    """The dimension of `path=low..high`, `path=a,b,c` or `path` alone, which takes the stated range."""
    said, (name, equals, ends) = f"--over {text}", text.partition("=")
    name = name.strip()
    path = _located(scenario, name, said)
    if ".." in ends:
        return _ranged(path, _quantity(scenario, path, said), ends, said)
    if equals:
        return _choice(scenario, path, [one.strip() for one in ends.split(",")], said)
    one = named(scenario, name)
    if one.low >= one.high:
        raise RequestError(f"{said}: this number states no range: give one, as in --over {name}=low..high.")
    return one


def _ranged(path: Path, quantity: Number, ends: str, said: str) -> Dimension:
    low, _, high = (part.strip() for part in ends.partition(".."))
    if not (_is_number(quantity.value) and _is_number(low.lstrip("+-")) and _is_number(high.lstrip("+-"))):
        raise RequestError(f"{said}: two numbers are needed, as in {'.'.join(map(str, path))}=low..high.")
    low += _unit(high) if not _unit(low) else ""  # 1..3 years: the unit is written once
    try:
        one = _between(path, quantity, scalar(low, said), scalar(high, said))
    except ValueError as error:
        raise RequestError(f"{said}: {error}") from None
    if bool(_unit(high)) != bool(one.unit):
        raise RequestError(f"{said}: the scenario writes {quantity.value!r} here, and these ends are in another unit.")
    if not one.low < one.high:
        raise RequestError(f"{said}: the low end is not below the high end. Write low..high.")
    whole = isinstance(quantity.value, int) and float(one.low).is_integer() and float(one.high).is_integer() and not _kind(quantity)
    return Dimension(one.path, one.base, one.low, one.high, one.unit, 1.0 if whole else one.step, source=one.source)


def _choice(scenario: Scenario, path: Path, words: Sequence[str], said: str) -> Dimension:
    values = tuple(scalar(word, said) for word in words)
    if len(values) < 2 or None in values or len(set(map(str, values))) < len(values):
        raise RequestError(f"{said}: give a range, as in low..high, or two different values or more, as in a,b,c.")
    node: Any = scenario
    for step in path:
        node = node.get(step) if isinstance(node, dict) else getattr(node, _field(node, str(step)), None)
    own = node.value if isinstance(node, Quantity) else node
    base = next((float(place) for place, value in enumerate(values) if value == own), 0.0)
    return Dimension(path, base, 0.0, len(values) - 1.0, choices=values, source=getattr(node, "source", UNSOURCED))


def names(dimensions: Iterable[Dimension]) -> list[str]:
    """The dotted paths."""
    return [one.name for one in dimensions]
