"""What may be changed on the page: the numbers of a scenario that state the range in which they are thought possible.

A slider moves one number within its range and says where the number comes from. What stands behind it is the same path that `--set` takes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..scenario import Scenario
from ..scenario.ledger import quantities
from ..scenario.overrides import locate
from ..scenario.quantity import Quantity
from ..scenario.units import number

LEFT_OUT = ("population", "worlds", "safeguards", "rollout")
"""Tables about a country come from the catalog; what worlds and stages set has no place of its own."""
WIDE = 20.0  # highest over lowest, from which a slider is logarithmic
_WRITTEN = re.compile(r"([+-]?[0-9.]+(?:e[+-]?[0-9]+)?)(?: (.*))?")


@dataclass(frozen=True)
class Slider:
    """One number that can be moved."""

    path: str
    title: str
    number: str
    """The number as the scenario states it, without its unit."""
    unit: str
    low: float
    high: float
    whole: bool
    """Whether only whole numbers can stand here."""
    source: str
    """law, measured, reported, elicited or illustrative."""
    ref: str
    note: str

    @property
    def part(self) -> str:
        """The part of the scenario that it belongs to."""
        return self.path.partition(".")[0]

    @property
    def wide(self) -> bool:
        """Whether equal steps are equal ratios."""
        return self.low > 0 and self.high / self.low >= WIDE

    @property
    def position(self) -> int:
        """Where the slider stands, from 0 to 100."""
        value = float(self.number)
        if self.wide:
            return round(100 * math.log(value / self.low) / math.log(self.high / self.low))
        return round(100 * (value - self.low) / (self.high - self.low))

    def override(self, written: str) -> str:
        """The number that somebody wrote, as `--set` takes it."""
        return f"{self.path}={written.strip()} {self.unit}".strip()


def sliders(scenario: Scenario) -> list[Slider]:
    """Every number of the scenario that states a range and can be set by its path, in the order of the file."""
    return list(_sliders(scenario))


def _sliders(scenario: Scenario) -> Iterator[Slider]:
    titles = _titles(scenario)
    for place, quantity in quantities(scenario):
        path = ".".join(map(str, place))
        part = path.partition(".")[0]
        if quantity.range is None or part in LEFT_OUT or not _settable(scenario, path):
            continue
        stated = _WRITTEN.fullmatch(_text(quantity.value))
        if stated is None:
            continue  # a name, or `for ever`
        unit = stated[2] or ""
        try:
            low, high = (_in_unit(end, unit) for end in quantity.range)
        except ValueError:
            continue
        if low < high:
            yield _slider(path, stated[1], unit, low, high, quantity, titles)


def _slider(path: str, written: str, unit: str, low: float, high: float, quantity: Quantity[Any], titles: dict[str, str]) -> Slider:
    ref = ", ".join(one for one in (quantity.ref, quantity.date) if one)
    whole = isinstance(quantity.value, int)
    return Slider(path, _title(path, titles), written, unit, low, high, whole, quantity.source, ref, quantity.note or "")


def _settable(scenario: Scenario, path: str) -> bool:
    try:
        locate(scenario, path)
    except ValueError:
        return False
    return True


def _in_unit(end: object, unit: str) -> float:
    """The end of a range in the unit of its number."""
    written = _WRITTEN.fullmatch(_text(end))
    if written is None:
        raise ValueError(f"{end!r} is no number")
    if (written[2] or "") == unit:
        return float(written[1])
    return number(_text(end)) / number(f"1 {unit}")


def _text(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _titles(scenario: Scenario) -> dict[str, str]:
    """What classes, sources, lists and gates are called."""
    parts = (scenario.conduct, scenario.sources, scenario.lists, scenario.gates, scenario.scores)
    return {name: title for part in parts for name, one in part.items() if (title := getattr(one, "title", ""))}


def _title(path: str, titles: dict[str, str]) -> str:
    """The path in words, without the part that it begins with."""
    steps = [step for step in path.split(".")[1:] if step != "records"]
    words = [titles.get(step, step.replace("_", " ")) for step in steps]
    said = ": ".join([words[0], ", ".join(words[1:])]) if len(words) > 1 else words[0]
    return said[:1].upper() + said[1:]
