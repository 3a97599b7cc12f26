"""The same lives under the rule book of every region: M26 and P20 of the method, and what the worlds `as in` a region are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from lived import Columns, Data, by_name, live, place, variant

from counterlife.layout import NEVER, Ints
from counterlife.measures.places import variances
from counterlife.scenario.compile import Compiled
from counterlife.township.jit import compiled
from counterlife.township.trace import settle, trace

FILE = str(Path(__file__).parents[1] / "scenarios" / "valid" / "rule_books.yaml")
PEOPLE = 400 if compiled() else 60
NORTH, SOUTH = "as in North", "as in South"


def islands(people: int = PEOPLE) -> Compiled:
    """The two islands with a strict office, so that many are shut out."""

    def strict(data: Data) -> None:
        data["gates"]["pool"]["opens_at"] = 99
        data["conduct"]["late_fee"]["rate"] = "1 per year"

    return variant(FILE, strict, people)


def of_world(numbers: Columns, name: str) -> Columns:
    """The columns that are about one world."""
    found = {}
    for column, counts in numbers.items():
        parts = column.split(".")
        if name in parts or parts[-1] == name:
            found[".".join("w" if part == name else part for part in parts)] = counts
    return found


def closed_days(town: Compiled, row: int, w: int) -> Ints:
    """Closed domain-days of every person in a world, from the traced lives."""
    where, rules = place(town, row), town.book(row)
    village, days, everything = settle(where, rules, town.populace, 1, 0), [], (1 << len(town.names.domains)) - 1
    for i in range(village.people.size):
        view = trace(village, i, w).view
        ends = [*np.floor(view["at"][1:]), rules.days]
        closed = [int(mask & everything).bit_count() for mask in view["mask"]]
        days.append(sum(shut * int(end - np.floor(begin)) for begin, end, shut in zip(view["at"], ends, closed, strict=True)))
    return np.array(days)


def test_stages_come_on_the_days_of_the_region_that_is_lent() -> None:
    """North: a pilot to day 70, a pause to day 152, then the national stage; South: nothing before the national stage."""
    town = islands()
    names, own = town.names, town.names.worlds.index("designed")
    north, south = names.worlds.index(NORTH), names.worlds.index(SOUTH)
    for row, book in enumerate(town.books):
        assert book.stage_day.tolist() == [0, 70, 152]
        assert names.stages[row][north] == ("pilot", "pause", "national")
        assert names.stages[row][south] == ("", "", "national")
        assert book.row[own].tolist() == book.row[(north, south)[row]].tolist()
        assert (book.stage_day < NEVER).all()
    assert town.book(0).row[north].tolist() == town.book(1).row[north].tolist()


def test_a_region_as_in_itself_is_as_designed() -> None:
    """Every column of the world that is the region's own rule book is that of the design, and of the other one it is not."""
    town = islands()
    for row, (own, other) in enumerate([(NORTH, SOUTH), (SOUTH, NORTH)]):
        numbers = by_name(town, live(town, place(town, row)))
        designed, mine, theirs = (of_world(numbers, name) for name in ("designed", own, other))
        assert set(mine) <= set(designed)
        assert [name for name, counts in mine.items() if not np.array_equal(counts, designed[name])] == []
        assert any(not np.array_equal(counts, designed[name]) for name, counts in theirs.items())


def totals(town: Compiled, row: int, books: tuple[str, str]) -> Ints:
    """What the measure adds up: people, (y - y')^2, y^2 and y for both books."""
    numbers = by_name(town, live(town, place(town, row)))

    def counted(column: str) -> int:
        return int(numbers[f"people {column}"].sum())

    days = [sum(counted(f"closed_days.{book}.{d}") for d in town.names.domains) for book in books]
    squares = [counted(f"squares.{book}") for book in books]
    return np.array([[counted("people"), counted(f"squares.{books[0]}~{books[1]}"), *squares, *days]])


@pytest.mark.parametrize("weights", [(1, 1), (1, 30)])
def test_the_parts_are_those_of_the_lives_one_by_one(weights: tuple[int, int]) -> None:
    """Law of total variance (P20): the whole variance over people and regions, from every life, is the sum of the two parts."""
    town, share = islands(), np.array(weights) / sum(weights)
    lives = np.column_stack([closed_days(town, 0, town.names.worlds.index(name)) for name in (NORTH, SOUTH)])
    within, between = (float(part[0]) for part in variances(totals(town, 0, (NORTH, SOUTH)).astype(float), np.array(weights)))
    mean = lives @ share
    assert within == pytest.approx((((lives - mean[:, None]) ** 2) @ share).mean(), rel=1e-9)
    assert between == pytest.approx(mean.var(), rel=1e-9)
    whole = ((lives - (lives @ share).mean()) ** 2 @ share).mean()
    assert within + between == pytest.approx(whole, rel=1e-9)
    assert within > 0 < between


def test_where_all_regions_have_the_same_rules_nothing_is_arbitrary() -> None:
    """P20: two worlds with the rule books of two regions that are the same."""

    def alike(data: Data) -> None:
        data["rollout"] = [{"name": "everywhere", "from": "2024-03-01"}]
        data["every_rule_book"] = False
        data["compare"] = [["designed", "accurate"]]
        data["worlds"] = {name: world for name, world in data["worlds"].items() if name in ("none", "accurate", "designed")} | {
            "one": {"as_in": "North"},
            "two": {"as_in": "South"},
        }
        data["conduct"]["late_fee"]["rate"] = "1 per year"

    town = variant(FILE, alike, PEOPLE)
    counted = totals(town, 1, ("one", "two"))
    assert counted[0, 1] == 0
    assert counted[0, 2] == counted[0, 3] > 0
    assert variances(counted.astype(float), np.ones(2))[0][0] == 0.0
