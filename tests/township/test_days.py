"""The day of a candidate is worked out when somebody asks for it, and tapes are as if each had been.

Plain Python, in which the least product that tells anything can be replaced: where that is infinite, every day is worked out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from math import inf, log
from typing import Any
from unittest import mock

import numpy as np
import pytest
from oracle.tiny import PLACE, people, rulebook
from taped import plainly, tapes

from counterlife.layout import YEAR, Rulebook
from counterlife.township import records
from counterlife.township.draws import CANDIDATE, address, block, uniform
from counterlife.township.jit import compiled

DAYS = 400
SEED = 11
LEAST = records.LEAST
FEW: dict[str, Any] = {"accept": 0.1, "detect": 0.4, "settles": 50.0, "delay_days": 3.0}


def adults() -> Any:
    """A dozen, some of whom do much and some little."""
    return people(12, frailty=np.geomspace(0.02, 5.0, 12))


def young() -> Any:
    """Of all ages about that from which on something can happen."""
    return people(12, age=np.linspace(15.0, 18.0, 12) * YEAR)


FORMS: dict[str, tuple[Rulebook, Any]] = {
    "some": (rulebook(DAYS, ceiling=40.0 / DAYS, frail=1, **FEW), adults()),
    "more than a product can hold": (rulebook(DAYS, ceiling=1500.0 / DAYS, **FEW | {"accept": 0.01}), people(2)),
    "as few as a product can just hold": (rulebook(DAYS, ceiling=744.0 / DAYS, **FEW | {"accept": 0.01}), people(24)),
    "minors": (rulebook(DAYS, ceiling=40.0 / DAYS, from_age=16.5 * YEAR, **FEW), young()),
    "those that wait": (rulebook(DAYS, ceiling=40.0 / DAYS, frail=1, strain=1.5, **FEW), adults()),
    "bursts": (rulebook(DAYS, ceiling=40.0 / DAYS, burst=0.3, burst_days=20.0, burst_most=2.0, **FEW), adults()),
    "nobody looks": (rulebook(DAYS, ceiling=40.0 / DAYS, **FEW | {"detect": 0.0}), adults()),
    "all happen": (rulebook(DAYS, ceiling=40.0 / DAYS, **FEW | {"accept": 1.0, "detect": 1.0}), adults()),
}


def found(rules: Rulebook, folk: Any, least: float) -> tuple[Any, ...]:
    """What is on the tapes, where a product tells nothing that is not more than the least."""
    with mock.patch.object(records, "LEAST", least):
        tape = tapes(rules, folk, SEED)
    return tape.items.tolist(), tape.start.tolist(), tape.events.tolist()


def differ(name: str) -> str:
    """How often something happened, and whether it is the same with and without days."""
    rules, folk = FORMS[name]
    with mock.patch.object(records, "day_of", wraps=records.day_of) as asked:
        dated = found(rules, folk, inf)
        every = asked.call_count
        loose = found(rules, folk, LEAST)
    return f"{dated == loose} {len(dated[0])} {sum(dated[2])} {every} {asked.call_count - every}"


def at_the_end() -> Iterator[str]:
    """The same, where a candidate comes as the period ends, but for so much, relatively; and what happened beyond the candidates before."""
    at, stream, due = address(PLACE, SEED, 0), rulebook(DAYS).stream[0], 0.0
    for n in range(60):
        due -= log(uniform(block(at, 0, stream, CANDIDATE, n)[0]))
        for apart in (-1e-5, -1e-7, -1e-12, -4e-16, -2e-16, 0.0, 2e-16, 4e-16, 1e-12, 1e-7, 1e-5) if n % 5 == 0 else (0.0,):
            rules = rulebook(DAYS, ceiling=due / DAYS * (1.0 + apart), accept=1.0, detect=0.1)
            dated, loose = (found(rules, people(1), least) for least in (inf, LEAST))
            yield f"{dated == loose} {apart} {sum(dated[2]) - n}"


def said(*arguments: str) -> list[list[str]]:
    """Lines of words, from a process without compilation."""
    lines = plainly(__file__, *arguments).splitlines() if compiled() else list(lines_of(*arguments))
    return [line.split() for line in lines]


def lines_of(name: str = "") -> Iterator[str]:
    """What is printed."""
    yield from [differ(name)] if name else at_the_end()


@pytest.mark.parametrize("name", FORMS)
def test_tapes_are_as_if_every_day_had_been_worked_out(name: str) -> None:
    [[same, items, events, every, asked]] = said(name)
    assert same == "True"
    assert int(items) + int(events) > 20
    assert int(asked) < int(every) or name in ("bursts", "all happen")


def test_the_last_candidate_is_the_last_however_near_the_end_it_comes() -> None:
    """A greater rate brings it forward, and it happens; a smaller one puts it off."""
    for same, apart, more in said():
        assert same == "True", apart
        if abs(float(apart)) > 1e-14:
            assert int(more) == (1 if float(apart) > 0.0 else 0), apart


if __name__ == "__main__":
    print(*lines_of(*sys.argv[1:]), sep="\n")
