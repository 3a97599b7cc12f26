"""For every sentence of the article: its keys are in the scenario, and leaving it out moves its number as the page says."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from test_examples import example

from counterlife.scenario import load
from counterlife.scenario.overrides import dump
from counterlife.township.jit import compiled

article = example("from_the_article")
PAGE = (Path(__file__).parents[1] / "docs" / "from-the-article.md").read_text(encoding="utf-8")
AGAIN = "run `python examples/from_the_article.py > docs/from-the-article.md`"
rows = pytest.mark.parametrize("row", article.ROWS, ids=lambda row: row.without[0].partition("=")[0])
lives = pytest.mark.skipif(not compiled(), reason="too many people for plain Python")


@cache
def with_all() -> Any:
    """The small run in which nothing is left out."""
    return article.lived(article.SMALL_PEOPLE, base=article.SMALL)


def left_out(row: Any) -> Any:
    """What leaving it out moves in the small run."""
    return article.moved(with_all(), row, article.SMALL_PEOPLE, article.SMALL)


@cache
def scenario() -> dict[str, Any]:
    return dump(load(article.SCENARIO))


def behind(key: str) -> Any:
    """What the scenario has at a dotted key; stages go by their names."""
    here: Any = scenario()
    for name in key.split("."):
        here = {one["name"]: one for one in here} if isinstance(here, list) else here
        assert name in here, f"{key} is not in {article.SCENARIO}"
        here = here[name]
    return here


@rows
def test_the_keys_are_in_the_scenario_and_say_something(row: Any) -> None:
    for key in row.keys:
        assert behind(key) not in (None, {}, [], False, 0)


@rows
def test_it_can_be_left_out_of_the_scenario_as_it_is(row: Any) -> None:
    """With all its worlds, as the command beside the table does."""
    assert load(article.SCENARIO, [article.PROVINCES, *row.without]) != load(article.SCENARIO, [article.PROVINCES])


@lives
@rows
def test_leaving_it_out_moves_its_number(row: Any) -> None:
    """Over the same lives."""
    assert article.as_said(left_out(row))


@lives
def test_leaving_out_nothing_moves_nothing() -> None:
    """The test above can fail."""
    row = article.ROWS[0]._replace(without=())
    assert not article.as_said(left_out(row))
    assert not article.as_said(left_out(row)._replace(row=row._replace(moves="rises")))


@rows
def test_the_page_has_the_line(row: Any) -> None:
    """With its keys and its command, and a number that moves as the row says, beyond chance where there is an interval."""
    said = article.line(article.Moved(row, 1, 0, None, None, "UNIT")).partition("UNIT")[0]
    (line,) = [one for one in PAGE.splitlines() if one.startswith(said)]
    assert article.command(row) in PAGE
    before, after, change = (one.strip() for one in line.split("|")[5:8])
    difference, _, interval = change.partition(" ")
    numbers = [float(one.replace(",", "")) for one in (before, after, difference, *interval.strip("()").split(" to "))]
    assert numbers[1] - numbers[0] == pytest.approx(numbers[2], abs=1)
    assert all(number < 0 if row.moves == "falls" else number > 0 for number in numbers[2:])


def test_the_page_has_no_other_line() -> None:
    assert len([one for one in PAGE.splitlines() if one.startswith("| ")]) == len(article.ROWS) + 1


@lives
def test_the_numbers_of_the_page_are_those_of_this_scenario_and_engine() -> None:
    assert article.small(with_all()) in PAGE, f"the scenario or the engine moved: {AGAIN}"
