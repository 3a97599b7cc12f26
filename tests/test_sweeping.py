"""The command `sweep`: what it says before it starts, what it leaves, and what it refuses."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from lived import SMALL

from counterlife.cli import answer

FEW = ["--points", "8", "--people", "1000"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_says_how_long_it_takes_and_stops(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["sweep", SMALL, *FEW, "--estimate"]) == 0
    said = capsys.readouterr().out
    assert re.fullmatch(r"11 points of 1,000 people, 1 number varied: about \d+ (s|min), and the search for flips\.\n", said)  # 1 + 2 + 8
    assert not Path("runs").exists()


def test_it_says_so_before_it_starts_and_leaves_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["sweep", SMALL, *FEW, "--conclusion", "M4 > 99 %", "--conclusion", "M1 > M2"]) == 0
    said = capsys.readouterr()
    assert "11 points of 1,000 people" in said.err
    lines = said.out.splitlines()
    assert lines[0] == "A small town office"
    assert any(line.startswith("M1 wrongful restriction: ") for line in lines)
    assert any(line.startswith("M2 missed restriction: ") and "other numbers" in line for line in lines), "a conclusion is about it"
    assert not any(line.startswith("M3 ") for line in lines)
    assert any(line.startswith("M4 > 99 %: does not hold") and "none found within the ranges" in line for line in lines)
    assert lines[-1] == "page  runs/small-lhs-seed1/sweep.html"
    found = {path.name for path in Path("runs/small-lhs-seed1").iterdir() if not path.name.startswith(".")}
    tables = {f"{name}.parquet" for name in ("design", "outcomes", "sensitivity", "flips")}
    assert found == {*tables, "points.jsonl", "provenance.json", "resolved.yaml", "scenario.yaml", "sweep.html"}


def test_json_holds_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The second call reads the sweep of the first one: each line on the screen is written anew from what the script gets."""
    townships = ("--set", "population.township=200")  # so that there is an interval for other people
    several = ["sweep", SMALL, "--points", "20", "--people", "1000", *townships, "--conclusion", "M4 > 99 %", "--conclusion", "M1 > M2"]
    assert answer(several) == 0
    lines = capsys.readouterr().out.splitlines()
    assert answer([*several, "--json", "--quiet"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    told = json.loads(said.out)
    assert (told["synthetic"], told["scenario"], told["people"], told["seed"], told["design"]["points"]) == (True, lines[0], 1000, 1, 20)
    assert lines[-1] == f"page  {told['page']}"
    assert told["page"] == f"{told['folder']}/sweep.html"
    assert [one["name"] for one in told["varied"]] == ["conduct.late_fee.rate"]
    first = next(one for one in told["outcomes"] if one["outcome"] == "M1")
    line = next(line for line in lines if line.startswith("M1 wrongful restriction: "))
    printed = [float(one.replace(",", "")) for one in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", line.partition(": ")[2])]
    numbers = [first["value"], *first["monte_carlo"], *first["parameter"]]
    assert all(any(math.isclose(one, shown, rel_tol=6e-3) for shown in printed) for one in numbers), (numbers, line)
    never, sign = told["conclusions"]
    assert (never["conclusion"], never["holds"], never["searched"], never["nearest"], never["single"]) == (
        "M4 > 99 %",
        False,
        True,
        None,
        None,
    )
    assert any(
        f"the same at {sign['same']} of {sign['known']} points" in line or f"{sign['same']} of {sign['known']}" in line for line in lines
    )
    assert {one["dimension"] for one in told["sensitivity"]} == {"conduct.late_fee.rate"}


@pytest.mark.parametrize("design", ["sobol", "morris", "grid"])
def test_every_design_has_its_page(design: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["sweep", SMALL, "--design", design, *FEW, "--out", design, "--no-flips"]) == 0
    page = Path(design, "sweep.html").read_text(encoding="utf-8")
    told = {"sobol": "share of variance, alone", "morris": "mean size of an effect", "grid": "No measures of sensitivity"}
    assert told[design] in page
    assert "not looked for" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--over", "score.strat=1..2"], "--over score.strat=1..2: 'strat' is not known in score. Did you mean 'start'?"),
        (["--over", "score.start=2..1"], "--over score.start=2..1: the low end is not below the high end"),
        (["--conclusion", "M4 > 0.5"], "M4 is in per cent"),
        (["--people", "10"], "10 people are too few"),
        (["--points", "3"], "--points 3 is too few for the design lhs"),
        (["--design", "guess"], "guess"),
        (["--seed", "-1"], "choose a whole number from 0"),
        (["--workers", "0"], "0 workers cannot work"),
    ],
)
def test_wrong_input_is_a_sentence_and_nothing_is_written(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = [] if arguments[0] in ("--people", "--points") else FEW
    assert answer(["sweep", SMALL, *given, *arguments, "--out", "never"]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""
    assert not Path("never").exists()


def test_an_interval_that_is_not_there_is_said_with_its_reason(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """People of one township tell nothing of other people, eight points nothing of other numbers; no other structures are named."""
    few = ["sweep", "blacklist", "--people", "500", "--points", "8", "--no-flips", "--over", "lists.defaulters.term"]
    one = ["--set", "population.regions=[Henan]"]
    assert answer([*few, *one, "--out", str(tmp_path / "one")]) == 0
    said = capsys.readouterr().out
    assert "All 500 people of a point live in one township, so there is no interval for other people" in said
    assert "Fewer than 20 points were lived, so there is no interval for other numbers." in said
    assert "names no other structures" in said
    more = [*few[:5], "20", *few[6:], "--set", "population.township=100"]
    assert answer([*more, "--out", str(tmp_path / "more")]) == 0
    assert "there is no interval" not in capsys.readouterr().out
