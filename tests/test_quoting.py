"""`counterlife measures`: the numbers that are asked for, with their intervals and what they are of, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from asking import Ask
from lived import SMALL

from counterlife import study

LINE = re.compile(
    r"(?P<id>\w+) (?P<name>.+) \[(?P<of>.+)\]: (?P<value>[-\d,.]+)(?: \((?P<low>[-\d,.]+) to (?P<high>[-\d,.]+)\))? (?P<unit>.+)"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished small run."""
    path = tmp_path_factory.mktemp("made") / "run"
    study.run(SMALL, people=1200, overrides=["population.township=150", "gates.hall.applications=2 per year"], out=path)
    return path


def frame(made: Path, *ids: str) -> pl.DataFrame:
    return study.open_run(made).measures.filter(pl.col("id").is_in(ids))


def test_a_line_has_the_value_its_interval_its_unit_and_what_it_is_of(ask: Ask, made: Path) -> None:
    heading, line = ask("measures", made, "M3", "--only", "1 day").out.splitlines()
    assert "1,200 synthetic people, seed 1, claim level C1" in heading
    found = LINE.fullmatch(line)
    row = frame(made, "M3").filter(
        name="people ever wrongly restricted, 1 day or more", world="designed", versus="accurate", region="all", group="all"
    )
    assert found is not None
    assert found["of"] == "designed beside accurate"
    assert found["unit"] == "per 10,000 people"
    for end in ("value", "low", "high"):
        assert float(found[end].replace(",", "")) == pytest.approx(row[end][0], rel=0.005, abs=0.5)


def test_everybody_in_the_first_comparison_where_nothing_is_said(ask: Ask, made: Path) -> None:
    lines = ask("measures", made, "M1", "B2").out.splitlines()[1:]
    everybody = frame(made, "M1", "B2").filter(domain="all", region="all", group="all", world="designed")
    assert len(lines) == len(everybody.filter(pl.col("versus").is_in(["accurate", "all"]))) > 1
    assert not [line for line in lines if "none" in line]


def test_a_measure_without_a_total_is_listed_by_gate(ask: Ask, made: Path) -> None:
    """Refusals are of one gate each, and no number adds them up."""
    found = frame(made, "M29").filter(region="all", group="all", world="designed", versus="accurate")
    assert set(found["domain"]) == {"hall"}
    assert len(ask("measures", made, "M29").out.splitlines()) == 1 + len(found)


def test_each_lists_all_and_names_pick_some(ask: Ask, made: Path) -> None:
    sexes = frame(made, "M1").filter(domain="all", region="all", world="designed", versus="accurate")
    assert len(ask("measures", made, "M1", "--group", "each").out.splitlines()) == 1 + len(sexes)
    said = ask("measures", made, "M1", "--group", "sex=female, sex=male").out.splitlines()[1:]
    assert [re.search(r"sex=\w+", line)[0] for line in said] == ["sex=female", "sex=male"]  # type: ignore[index]
    other = ask("measures", made, "M1", "--world", "designed, accurate", "--versus", "gentle, accurate").out.splitlines()[1:]
    assert [re.findall(r"\[(.+)\]", line) for line in other] == [["designed beside accurate"], ["designed beside gentle"]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["X"], "this run has no measure 'X'. Known here: B1, "),
        (["M1", "--world", "desinged"], "this run has no world 'desinged'. Did you mean 'designed'?"),
        (["M1", "--domain", "laon"], "this run has no domain 'laon'."),
        (["M1", "--group", "means=lo"], "this run has no group 'means=lo'. Did you mean 'means=low'?"),
    ],
)
def test_what_is_not_there_is_said_with_the_nearest_that_is(ask: Ask, made: Path, arguments: list[str], words: str) -> None:
    said = ask("measures", made, *arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err


def test_a_question_without_an_answer_says_so(ask: Ask, made: Path) -> None:
    said = ask("measures", made, "M1", "--only", "no such words")
    assert said.code == 0
    assert said.out.splitlines()[1:] == ["No number is of all that: ask for less at once, or for `each`."]


def test_a_number_from_too_few_is_not_shown(ask: Ask, made: Path) -> None:
    hidden = frame(made, "M5", "M10").filter(pl.col("value").is_null(), world="designed", versus="accurate")
    if hidden.is_empty():
        pytest.skip("nothing is suppressed in this run")
    row = hidden.row(0, named=True)
    said = ask("measures", made, row["id"], "--domain", "each", "--region", "each", "--group", "each", "--only", row["name"])
    assert "not shown, from too few" in said.out
