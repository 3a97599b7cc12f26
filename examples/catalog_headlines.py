"""The headline of every catalog entry: its question, how many are shut out as designed, and how many of them by mistake.

python examples/catalog_headlines.py > docs/catalog-headlines.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

import counterlife as cl
from counterlife.scenario import catalog, load

PEOPLE = 100_000
FEWER_WORLDS = ("safeguards={}", "every_rule_book=false", "cross_context=false", "split_gaps=false", "consolidation=null")
AGAINST = {"lawful": "right rules", "accurate": "accurate records", "none": "no system"}
"""The world that a design is held against: the first of these that is compared with it."""
GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
SHUT_OUT, WRONGLY = ("B1", "people ever restricted, 30 days or more"), ("M3", "people ever wrongly restricted, 30 days or more")


class Number(NamedTuple):
    """People among 10,000, with the Monte Carlo interval (95 %) where there is one."""

    value: float
    low: float | None
    high: float | None


class Headline(NamedTuple):
    """What an entry comes to."""

    name: str
    label: str
    question: str
    people: int
    against: str
    shut_out: Number
    wrongly: Number


def headline(name: str, people: int = PEOPLE) -> Headline:
    """The headline of one entry, lived by about so many people, or by as many as one township in every region needs."""
    scenario = load(name)
    least = scenario.population.township * len(scenario.population.lived)
    run = cl.run(name, people=max(people, least), overrides=FEWER_WORLDS)
    against = next(world for world in AGAINST if ("designed", world) in run.scenario.compare)
    numbers = (_number(run, SHUT_OUT, "all"), _number(run, WRONGLY, against))
    return Headline(name, scenario.label, scenario.question.strip(), run.provenance["identity"]["people"], against, *numbers)


def _number(run: cl.Run, measure: tuple[str, str], versus: str) -> Number:
    everybody = [pl.col(key) == "all" for key in ("domain", "region", "group", "period")]
    found = run.measures.filter(
        pl.col("id") == measure[0], pl.col("name") == measure[1], pl.col("world") == "designed", pl.col("versus") == versus, *everybody
    ).row(0, named=True)
    return Number(found["value"], found["low"], found["high"])


def main(people: int = PEOPLE) -> Iterator[Headline]:
    """Every entry, in the order of the catalog."""
    for entry in catalog():
        print(entry.name, file=sys.stderr)
        yield headline(entry.name, people)


def small(name: str, against: str) -> tuple[int, int]:
    """Closed and wrongful days of the small township of the tests: while they stand, the numbers of the page have not grown old."""
    golden = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return golden["closed_any_days.designed"], golden[f"wrongful_any_days.designed~{against}"]


def state(one: Headline) -> str:
    """The same, as the page has it."""
    closed, wrongful = small(one.name, one.against)
    return f"<!-- {one.name}: {closed} and {wrongful} days in the small township of the tests -->"


def line(one: Headline) -> str:
    """A line of the table."""
    told = "" if one.against == "none" else _told(one.wrongly)
    return f"| `{one.name}` | {one.label} | {one.question} | {_told(one.shut_out)} | {told} | {AGAINST[one.against]} | {one.people:,} |"


def _told(number: Number) -> str:
    digits = 0 if number.value >= 100 else 1
    interval = "" if number.low is None or number.high is None else f" ({number.low:,.{digits}f} to {number.high:,.{digits}f})"
    return f"{number.value:,.{digits}f}{interval}"


def page(found: list[Headline]) -> str:
    """The page, as Markdown."""
    return "\n".join([HEAD, *(line(one) for one in found), "", *(state(one) for one in found)])


HEAD = """\
# Headlines of the catalog

Each entry's question, and how many of 10,000 synthetic people it shuts out of something for 30 days or more, as designed; and how many for
30 days or more by mistake: out of something that was open to them in the world beside it, with accurate records or, where the rule itself
can be wrong, with right rules. Most questions ask more than that; the report of a run answers the rest. In brackets is the Monte Carlo
interval (95 %) of the sample: it says nothing about wrong assumptions, for which there is `counterlife sweep`. Entries cannot be compared
with one another: they last a year or ten, and their gates are different things.

Made by `examples/catalog_headlines.py`, seed 1. `counterlife run ENTRY --people N`, with the people of the last column, gives the same.

| entry | label | question | shut out | by mistake | beside | people |
|---|---|---|---:|---:|---|---:|"""


if __name__ == "__main__":
    print(page(list(main())))
