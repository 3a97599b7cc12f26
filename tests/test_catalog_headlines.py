"""The page of headlines has every entry, with a number of the sign that a small township has, and has not grown old."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lived import by_name, live, place, variant
from test_examples import example

from counterlife.scenario import catalog, load
from counterlife.township.jit import compiled

headlines = example("catalog_headlines")
PAGE = (Path(__file__).parents[1] / "docs" / "catalog-headlines.md").read_text(encoding="utf-8")
LINES = {
    cells[1].strip(" `"): [one.strip() for one in cells[2:-1]]
    for cells in (row.split("|") for row in PAGE.splitlines() if row.startswith("| `"))
}
AGAIN = "run `python examples/catalog_headlines.py > docs/catalog-headlines.md`"
BESIDE = {words: world for world, words in headlines.AGAINST.items()}
RARE = {"toeslagen", "risk-model-nl"}  # too rare for a small township


def first(cell: str) -> float:
    """The number before its interval; nothing is nothing."""
    return float(cell.split(" ")[0].replace(",", "")) if cell else 0.0


def test_every_entry_has_its_line() -> None:
    assert list(LINES) == [entry.name for entry in catalog()], AGAIN


@pytest.mark.parametrize("name", LINES)
def test_a_line_says_what_the_entry_says(name: str) -> None:
    label, question, _, _, beside, _ = LINES[name]
    scenario = load(name)
    assert (label, question) == (scenario.label, scenario.question.strip()), AGAIN
    assert ("designed", BESIDE[beside]) in scenario.compare


@pytest.mark.parametrize("name", LINES)
def test_a_number_has_the_sign_of_the_small_township(name: str) -> None:
    """Where anybody is shut out there, wrongly or at all, somebody is here; and intervals hold their numbers."""
    _, _, shut_out, wrongly, beside, _ = LINES[name]
    closed, wrongful = headlines.small(name, BESIDE[beside])
    assert (first(shut_out) > 0) == (closed > 0) or name in RARE
    if beside != "no system":
        assert (first(wrongly) > 0) == (wrongful > 0) or name in RARE
    assert first(wrongly) <= first(shut_out)
    for cell in (shut_out, wrongly):
        if interval := re.search(r"\((.*) to (.*)\)", cell):
            low, high = (float(one.replace(",", "")) for one in interval.groups())
            assert low <= first(cell) <= high


@pytest.mark.parametrize("name", LINES)
def test_a_number_has_not_grown_old(name: str) -> None:
    """The days of the small township, which `test_golden.py` holds against the engine, are those of when the page was made."""
    closed, wrongful = headlines.small(name, BESIDE[LINES[name][4]])
    assert f"<!-- {name}: {closed} and {wrongful} days in the small township of the tests -->" in PAGE, f"{name} moved: {AGAIN}"


@pytest.mark.skipif(not compiled(), reason="too many people for plain Python")
def test_a_headline_is_a_count_of_people() -> None:
    """In one township: those who are shut out for 30 days or more, by mistake or at all, by hand from the tally."""
    town = variant("shanghai", people=10_000)
    counts = by_name(town, live(town, place(town)))
    people = counts["people people"].sum()
    found = headlines.headline("shanghai", 10_000)
    assert found.people == people
    assert found.shut_out.value == pytest.approx(10_000 * counts["people ever.designed.30"].sum() / people)
    assert found.wrongly.value == pytest.approx(10_000 * counts["people wrongful_ever.designed~accurate.30"].sum() / people)
    assert 0 < found.wrongly.value < found.shut_out.value
