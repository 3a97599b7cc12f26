"""A study of safeguards on the command line, on a screen, as JSON, as a page and as figures; and resumed."""

from __future__ import annotations

import importlib
import json
import os
import pty
import re
import subprocess
import sys
import xml.etree.ElementTree as Tree
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from asking import Ask

import counterlife as cl
from counterlife import figures, study
from counterlife.measures import Standing, Verdict
from counterlife.report import guarded, guarded_page
from counterlife.report.text import catalogue
from counterlife.study import Safeguarded

KNOWN = str(Path(__file__).parent / "scenarios" / "valid" / "combined.yaml")
FEW = ("--people", "3000")
PLAN = importlib.import_module("counterlife.study.plan")


@pytest.fixture(scope="module")
def found() -> Safeguarded:
    return cl.safeguards(KNOWN, people=3000, bounds=["M3 <= 9500", "W0 <= 1"])


# --- on the command line ------------------------------------------------------------------------------------------------------------


def test_the_command_says_what_combinations_avert_and_keeps_its_runs(ask: Ask, tmp_path: Path, found: Safeguarded) -> None:
    said = ask("safeguards", KNOWN, *FEW, "--bound", "M3 <= 9500", "--bound", "W0 <= 1")
    assert said.code == 0
    assert said.out.splitlines() == [guarded.heading(), *guarded.lines(found)]
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("combined-3000-seed1-safeguards-")
    again = ask("safeguards", KNOWN, *FEW, "--bound", "M3 <= 9500", "--bound", "W0 <= 1")
    assert again.out == said.out
    assert "is read, not lived again" in again.err
    ask("safeguards", KNOWN, *FEW, "--of", "appeals,shorter_term", "--set", "score.keep=800 days")
    assert len(list((tmp_path / "runs").iterdir())) == 2  # other safeguards, other settings: another folder


def test_what_a_screen_shows_is_what_was_counted(found: Safeguarded) -> None:
    shown = guarded.lines(found)
    text = "\n".join(shown)
    assert "all 8 combinations of 3 safeguards" in text
    assert "synthetic" in shown[0]
    assert "Claim level C1" in shown[1]
    assert "A  Four appeals in ten are granted" in shown
    assert "  20 reviewer-hours a year for each 1,000 people" in shown
    assert any(
        line.startswith("Wrongful days are those beside “Accurate records” (world accurate) of the unchanged design") for line in shown
    )
    row = found.frame.filter((pl.col("safeguards") == "appeals") & (pl.col("quantity") == "averted")).row(0, named=True)
    line = next(line for line in shown if line.startswith("  A: ") and "averts" in line)
    numbers = re.search(r"averts ([\d,]+) \(([\d,]+) to ([\d,]+)\)", line)
    assert numbers is not None
    assert [float(one.replace(",", "")) for one in numbers.groups()] == pytest.approx([row["value"], row["low"], row["high"]], rel=0.01)
    assert "  B + C: 0, no interval; nothing, to the last day" in shown
    assert any(line.startswith("  A + B: -") and line.endswith("less together than apart") for line in shown)
    assert any(line.startswith("  A for each of its reviewer-hours: alone +") for line in shown)
    assert any(line.startswith("  the design as it is (0 safeguards): ") and line.endswith("nothing costs as little") for line in shown)
    assert any(line.startswith("  No combination keeps within them with its whole interval. Nearest comes A + B + C: ") for line in shown)
    assert not set(text) & set("−–→\u00a0")


def test_bounds_that_are_met_and_those_that_the_design_meets() -> None:
    easy = cl.safeguards(KNOWN, people=3000, bounds="W0 <= 1e9")
    assert any("No safeguard is needed for these bounds." in line for line in guarded.lines(easy))
    assert easy.least is not None
    assert easy.least.combination.safeguards == ()
    frame = easy.frame.filter((pl.col("quantity") == "harm") & (pl.col("number") < 2)).sort("high")
    first, second = frame["high"][:2]
    one = cl.safeguards(KNOWN, people=3000, bounds=f"W0 <= {(first + second) / 2:.8g}")
    assert one.least is not None
    assert one.least.combination.safeguards == (frame["safeguards"][0],)
    letter = {"appeals": "A", "shorter_memory": "B", "shorter_term": "C"}[frame["safeguards"][0]]
    said = f"  The least intrusive combination that keeps within them is {letter}: "
    assert any(line.startswith(said) for line in guarded.lines(one))


def test_the_world_beside_which_days_are_wrongful_is_named_everywhere() -> None:
    study = cl.safeguards(Path(KNOWN).with_name("averaged.yaml"), people=3000, bounds="W0 <= 1")
    said = "\n".join(guarded.lines(study))
    assert "those beside “Right rules, accurate records” (world lawful) of the unchanged design" in said
    assert "W0 <= 1 (wrongful days per 1,000 people a year, beside “Right rules, accurate records” of the unchanged design)" in said
    assert json.loads(guarded.as_json(study))["versus"] == "lawful"
    page = " ".join(" ".join(Page(guarded_page.render(study, "0")).words).split())
    assert "would be open to them in “Right rules, accurate records” under the unchanged design" in page
    assert "Wrongful days stand beside “Right rules, accurate records” of the unchanged design" in page
    assert "{reference}" not in page


def test_hours_that_nobody_says_are_said_to_be_missing() -> None:
    lines = guarded.lines(cl.safeguards(KNOWN, people=3000, of=["shorter_memory", "shorter_term"]))
    assert any("No safeguard of this scenario says what it takes in reviewer-hours" in line for line in lines)
    assert "Harm against reviewer-hours" not in lines
    single = guarded.lines(cl.safeguards(KNOWN, people=3000, of=["appeals"]))
    assert "What two of them avert together, beyond the sum of both" not in single
    assert sum(line.startswith("  A: ") for line in single) == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--of", "nobody"), "'nobody' is no safeguard of this scenario"),
        (("--bound", "M18 <= 10"), "cannot be a bound: this search makes harm small, and never looks for obedience"),
        (("--bound", "M3 >= 10"), "a bound on harm says how much there may be at most"),
        (("--people", "20"), "20 people are too few"),
        (("--seed", "-1"), "does not fit an address of a draw"),
        (("--set", "score.kept=1 year"), "'kept' is not known in score"),
        (("--out", "file"), "this is a file, and a study needs a folder"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_written(ask: Ask, tmp_path: Path, arguments: tuple[str, ...], reason: str) -> None:
    (tmp_path / "file").write_text("mine")
    said = ask("safeguards", KNOWN, *(() if arguments[0] == "--people" else FEW), *arguments)
    assert (said.code, said.out) == (2, "")
    assert reason in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_scenario_without_safeguards_is_told(ask: Ask) -> None:
    said = ask("safeguards", "article-score", *FEW)
    assert said.code == 2
    assert "this scenario has none, so nothing can be combined" in said.err


def test_a_killed_study_goes_on_where_it_stopped(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Safeguarded) -> None:
    monkeypatch.setattr(PLAN, "BATCH_PEOPLE", 500)
    asked = study.wish(KNOWN)
    (part,), (folder,) = asked.factorial.parts, asked.folders(tmp_path / "runs" / "combined-3000-seed1")

    def stop(done: int, total: int, people: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study.run(part, people=3000, out=folder, workers=1, progress=stop)
    said = ask("safeguards", KNOWN, *FEW, "--json")
    assert said.code == 0
    assert re.search(r"from [23] of 6 townships on", said.err)
    whole = json.loads(said.out)
    assert whole["runs"][0]["fingerprint"] == found.runs[0].fingerprint
    assert whole["combinations"] == found.frame.to_dicts()


def test_json_holds_every_number(ask: Ask, found: Safeguarded) -> None:
    said = ask("safeguards", KNOWN, *FEW, "--bound", "M3 <= 9500", "--bound", "W0 <= 1", "--json")
    assert said.code == 0
    told = json.loads(said.out)
    assert told["synthetic"] is True
    assert told["claim"] == "C1"
    assert told["people"]["seed"] == 1
    assert [one["reviewer_hours"] for one in told["safeguards"]] == [20, None, None]
    assert told["safeguards"][1]["set"] == {"score.keep": "365 days"}
    for key, frame in (
        ("combinations", found.frame),
        ("effects", found.effects_frame),
        ("front", found.frontier_frame),
        ("bounds", found.bounds_frame),
    ):
        assert told[key] == frame.to_dicts()
    assert told["least"] is None
    assert told["nearest"] == ["appeals", "shorter_memory", "shorter_term"]
    assert said.out == guarded.as_json(found) + "\n"


def test_out_holds_the_page_and_the_frames(ask: Ask, tmp_path: Path, found: Safeguarded) -> None:
    said = ask("safeguards", KNOWN, *FEW, "--out", "here/there")
    assert said.code == 0
    assert said.out.splitlines()[-1] == "page        here/there/safeguards.html"
    names = sorted(path.name for path in (tmp_path / "here" / "there").iterdir())
    assert names == ["bounds.csv", "combinations.csv", "effects.csv", "front.csv", "safeguards.html"]
    assert pl.read_csv("here/there/combinations.csv").height == found.frame.height
    (run,) = (tmp_path / "runs").iterdir()
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    refused = ask("safeguards", KNOWN, *FEW, "--out", run)
    assert refused.code == 2
    assert "a run lives here" in refused.err
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_a_terminal_of_60_columns_breaks_lines_between_words(ask: Ask, tmp_path: Path) -> None:
    assert ask("safeguards", KNOWN, *FEW).code == 0
    primary, secondary = pty.openpty()
    environment = os.environ | {"COLUMNS": "60", "TERM": "xterm", "PYTHONPATH": str(Path(cl.__file__).parents[1])}
    command = [sys.executable, "-m", "counterlife", "safeguards", KNOWN, *FEW]
    with subprocess.Popen(command, stdout=secondary, stderr=subprocess.DEVNULL, env=environment, cwd=tmp_path) as running:
        os.close(secondary)
        seen = b""
        try:
            while chunk := os.read(primary, 65536):
                seen += chunk
        except OSError:  # the other end is closed
            pass
        assert running.wait(120) == 0
    os.close(primary)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", seen.decode()).replace("\r", "").splitlines()
    assert len(lines) > 40
    assert max(map(len, lines)) <= 60
    assert not any(line.startswith((",", ";", ")")) for line in lines)


# --- the page -----------------------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page holds: its words, addresses and marks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_needs_nothing_from_anywhere_and_says_what_it_cannot_say(found: Safeguarded) -> None:
    text = guarded_page.render(found, "0")
    page = Page(text)
    assert "script" not in page.tags
    assert all(address.startswith(("#", "data:text/csv", "data:image/")) for address in page.addresses)
    assert "default-src 'none'" in text
    words = " ".join(" ".join(page.words).split())
    for needed in (
        "Everybody in this study is synthetic",
        "Claim level C1",
        "score.keep: 365 days",
        "neither an aim nor a bound",
        "A safeguard that says none is counted as taking none, which is an assumption.",
        "No combination keeps within them with its whole interval.",
        "Effects of all orders",
        "beaten by",
    ):
        assert needed in words, needed
    drawings = re.findall(r"<svg.*?</svg>", text, re.S)
    assert len(drawings) == 4  # two costs, effects, interactions
    for drawing in drawings:
        drawn = " ".join(Tree.fromstring(drawing).itertext())
        assert "synthetic people" in drawn
        assert "claim level C1" in drawn


def test_every_word_that_may_be_needed_is_there() -> None:
    text = catalogue()
    for claim in ("C1", "C2", "C3"):
        assert text(f"safeguards.claim_{claim}")
    for verdict in Verdict:
        assert text(f"safeguards.verdict_{verdict.replace(' ', '_')}")
    assert set(guarded_page.LOOKS) == set(Standing)
    for measure in ("W0", "M1", "M3", "M14", "M21", "B1", "B2"):
        assert text(f"safeguards.harm_{measure}", reference="")


# --- figures ------------------------------------------------------------------------------------------------------------------------


CAPTION = figures.Caption("Harm", "A note.", "claim level C1")
WORDS = {"best": "best", "level": "level", "beaten": "beaten", "cost": "safeguards", "harm": "days"}


def places(**changed: list[float | None]) -> pl.DataFrame:
    numbers = {"cost": [0.0, 1.0, 1.0], "value": [100.0, 60.0, 80.0], "low": [90.0, 55.0, None], "high": [110.0, 65.0, None]} | changed
    columns = {name: pl.Series(values, dtype=pl.Float64) for name, values in numbers.items()}
    return pl.DataFrame({"label": ["none", "A", "B"], **columns, "front": [True, True, False], "look": ["best", "level", "beaten"]})


def test_combinations_of_one_cost_stand_side_by_side_around_it() -> None:
    chart = figures.trade(places(), CAPTION, WORDS, ["A  first", "B  second"])
    described = chart.to_dict()
    rows = max(described["datasets"].values(), key=lambda rows: (len(rows), len(rows[0])))
    assert [row["label"] for row in rows] == ["none", "A", "B"]
    none, first, second = (row["place"] for row in rows)
    assert none == 0.0
    assert first < 1.0 < second
    assert first + second == pytest.approx(2.0)
    picture = figures.svg(chart)
    for word in ("none", "A  first", "safeguards", "days", "synthetic people · claim level C1", "level"):
        assert word in picture


def test_a_single_cost_and_no_harm_at_all_can_be_drawn() -> None:
    for frame in (places(cost=[1.0, 1.0, 1.0]), places(value=[0.0] * 3, low=[None] * 3, high=[None] * 3)):
        assert "<svg" in figures.svg(figures.trade(frame, CAPTION, WORDS, []))


def test_what_is_averted_is_drawn_row_by_row_around_zero() -> None:
    rows = [
        ("A", "alone", -5.0, -9.0, -1.0),
        ("A", "last", 3.0, None, None),
        ("B", "alone", 20.0, 10.0, 30.0),
        ("B", "last", 0.0, -1.0, 1.0),
    ]
    frame = pl.DataFrame(rows, schema=["label", "kind", "value", "low", "high"], orient="row")
    kinds = {"alone": ("#123456", "on its own"), "last": ("#654321", "added last")}
    chart = figures.averted(frame, CAPTION, "days averted", kinds)
    described = chart.to_dict()
    drawn = max(described["datasets"].values(), key=lambda rows: (len(rows), len(rows[0])))
    assert len(drawn) == 4
    assert drawn[0]["dots"] < drawn[1]["dots"] < drawn[2]["dots"]
    domain = next(layer["encoding"]["x"]["scale"]["domain"] for layer in described["layer"] if "scale" in layer["encoding"]["x"])
    assert domain[0] < -9.0
    assert domain[1] > 30.0
    for word in ("on its own", "added last", "days averted", "synthetic people"):
        assert word in figures.svg(chart)
