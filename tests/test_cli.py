"""The door: what a user types, what is answered where, and with which exit code. Bad input is a sentence, and nothing is written."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from asking import Answer, Ask
from lived import SMALL

from counterlife import store, study
from counterlife.cli.running import default_folder
from counterlife.scenario import catalog, load, scenario_hash
from counterlife.story import life, lives
from counterlife.study import Run

SCENARIOS = Path(__file__).parent / "scenarios"
FEW = ["--people", "1200", "--set", "population.township=150"]
HEAVY = ("numba", "polars", "altair")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished small run."""
    path = tmp_path_factory.mktemp("made") / "run"
    study.run(SMALL, people=1200, overrides=["population.township=150"], out=path)
    return path


def program(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "counterlife", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def files(path: Path) -> list[str]:
    return sorted(str(file.relative_to(path)) for file in path.rglob("*"))


# --- run ------------------------------------------------------------------------------------------------------------------------


def test_run_leaves_everything_in_its_folder_and_says_the_few_numbers_that_matter(ask: Ask, tmp_path: Path) -> None:
    said = ask("run", SMALL, *FEW, "--out", "here")
    assert said.code == 0
    assert files(tmp_path) == sorted(
        ["here", "here/tallies", "here/tallies/tables.json", "here/tallies/000000.parquet"]
        + [f"here/{name}" for name in (".lock", "measures.csv", "measures.parquet", "provenance.json")]
        + [f"here/{name}" for name in ("report.html", "resolved.yaml", "scenario.yaml")]
        + [f"here/{name}" for name in ("written", "written/plain.csv", "written/plain.yaml")]
    )
    run = study.open_run("here")
    lines = said.out.splitlines()
    assert lines[0] == "A small town office"
    assert lines[1].startswith("1,200 synthetic people, each lived for 1.1 years in every world; claim level C1")
    assert lines[2] == "“Designed” beside “Accurate”, 95 % Monte Carlo intervals in brackets:"
    assert lines[-2:] == [f"fingerprint {run.fingerprint}", "report      here/report.html"]
    assert len(lines) <= 10
    values = dict(re.findall(r"^  (\S.*?)  +([\d,.]+) \(\S+ to \S+\) \S.*$", said.out, re.M))
    assert set(values) == {
        "ever shut out of something",
        "ever shut out by mistake",
        "shut out by mistake for",
        "one wrong record costs",
    }
    assert re.fullmatch(r"  children shut out by mistake +not shown", lines[-3])  # in this country there are none
    for label, measure, name in (
        ("ever shut out by mistake", "M3", "people ever wrongly restricted, 1 day or more"),
        ("shut out by mistake for", "M10", "time to clear, mean within the period"),
        ("one wrong record costs", "M5", "cost of a wrong record, shared out equally"),
    ):
        row = run.headline.row(by_predicate=(pl.col("id") == measure) & (pl.col("name") == name), named=True)
        assert float(values[label].replace(",", "")) == pytest.approx(row["value"], rel=0.01)
    assert pl.read_parquet("here/measures.parquet").equals(run.measures)
    assert pl.read_csv("here/measures.csv").height == run.measures.height
    assert "synthetic" in Path("here/report.html").read_text(encoding="utf-8")


def test_where_the_other_world_has_no_system_nothing_is_called_a_mistake(ask: Ask) -> None:
    said = ask("run", "w0", "--people", "2000", "--set", "population.township=500", "--set", "period.length=6 months")
    assert said.code == 0
    assert "No system" in said.out
    assert "mistake" not in said.out


def test_the_same_command_again_reads_and_says_so(ask: Ask, tmp_path: Path) -> None:
    first = ask("run", SMALL, *FEW)
    assert first.code == 0
    assert "finished" not in first.err
    assert files(tmp_path)[:2] == ["runs", "runs/small-1200-seed1"]
    again = ask("run", SMALL, *FEW)
    assert again == Answer(0, first.out, "runs/small-1200-seed1 holds this run, finished: it is read, not lived again.\n")


def test_another_run_in_the_folder_is_refused(ask: Ask, made: Path) -> None:
    before = {file: file.read_bytes() for file in made.rglob("*") if file.is_file()}
    for change in (["--seed", "2"], ["--replicates", "2"], ["--set", "score.start=99"], ["--people", "1500"]):
        few = FEW[2:] if "--people" in change else FEW
        said = ask("run", SMALL, *few, "--out", made, *change)
        assert said.code == 2
        assert said.out == ""
        assert "this folder holds another run" in said.err
    assert ask("run", "w0", "--people", "1200", "--out", made).code == 2
    assert {file: file.read_bytes() for file in made.rglob("*") if file.is_file()} == before


def test_a_run_lived_again_is_the_same(ask: Ask, made: Path) -> None:
    said = ask("run", "--again", made)
    assert said.code == 0
    assert said.out.splitlines()[-1] == f"same as {made}, to the last count"
    assert Path("runs/run-again/report.html").is_file()
    repeated = ask("run", "--again", made)
    assert repeated.code == 2
    assert "a finished run is here already, so nothing would be lived again" in repeated.err
    assert ask("run", "--again", made, "--out", made).code == 2
    for extra in ([SMALL], ["--seed", "1"], ["--people", "1200"], ["--replicates", "1"], ["--set", "score.start=9"]):
        refused = ask("run", *extra, "--again", made, "--out", "never")
        assert refused.code == 2
        assert "--again lives a run as it was" in refused.err
    assert not Path("never").exists()


def test_a_run_lived_again_that_differs_fails(ask: Ask, made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "claimed")
    store.RunFolder.open(tmp_path / "claimed").note(fingerprint="f" * 64)
    said = ask("run", "--again", "claimed", "--out", "fresh")
    assert said.code == 1
    fresh = study.open_run("fresh").fingerprint
    at = said.out.splitlines().index(f"NOT the same as claimed: its fingerprint is {'f' * 64}, the one here {fresh}")
    assert said.out.splitlines()[at + 1 :] == [
        f"  Its record and its counts do not belong together: the counts that are there have the fingerprint {fresh}.",
        "  The counts are the same, to the last one: only the fingerprint on its record is another.",
        "Nothing that is on record was made otherwise: a file was changed, or a machine does not count as it should.",
    ]


def test_trouble_with_the_disk_is_a_sentence_and_exit_1(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of the run, and when all that is missing is the report."""
    real = store.RunFolder.write

    def refusing(name: str) -> object:
        def write(self: store.RunFolder, target: str, content: str | bytes) -> None:
            with store._speaking(self.path / target):
                if re.search(name, target):
                    raise OSError(28, "No space left on device")
            real(self, target, content)

        return write

    for name in (r"\.parquet$", r"report\.html"):
        with monkeypatch.context() as patch:
            patch.setattr(store.RunFolder, "write", refusing(name))
            said = ask("run", SMALL, *FEW, "--out", "here")
        assert said.code == 1
        assert "no room left on this disk. Make room and give the same command again" in said.err
        assert "Traceback" not in said.err
        assert said.out == ""
    assert ask("run", SMALL, *FEW, "--out", "here").code == 0
    assert Path("here/report.html").is_file()


def test_a_folder_without_permission_is_a_sentence_and_exit_1(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        said = ask("run", SMALL, *FEW, "--out", "locked")
    assert said.code == 1
    assert said.err.startswith("locked: the system does not allow this")
    assert not Path("locked").exists()


def test_a_mistake_of_the_program_is_not_taken_for_one_of_the_user(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Run:
        raise ValueError("operands could not be broadcast together")

    monkeypatch.setattr(study, "run", broken)
    with pytest.raises(ValueError, match="broadcast"):
        ask("run", SMALL)


def test_too_little_memory_is_a_sentence_and_exit_1(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(*_: object, **__: object) -> Run:
        raise MemoryError("Unable to allocate 112. GiB")

    monkeypatch.setattr(study, "run", hungry)
    said = ask("run", SMALL)
    assert said.code == 1
    assert said.err == (
        "There is not enough memory (Unable to allocate 112. GiB): fewer --workers or smaller townships (population.township) need less.\n"
    )


@pytest.mark.parametrize(
    ("scenario", "people", "seed", "name"),
    [
        ("article", None, 1, "article-seed1"),
        ("article", 5000, 7, "article-5000-seed7"),
        ("../my files/städte.yaml", None, 1, "städte-seed1"),
    ],
)
def test_a_run_that_was_not_told_where_goes_below_runs(scenario: str, people: int | None, seed: int, name: str) -> None:
    assert default_folder(scenario, people, seed) == Path("runs") / name


# --- wrong input: exit 2, a sentence, nothing written -----------------------------------------------------------------------------

RUN = ["run", SMALL, "--people", "1200", "--out", "out"]
BAD: list[tuple[list[str], str]] = [
    (["rnu", "article"], 'Unknown command "rnu". Did you mean "run"?'),
    ([*RUN, "--poeple", "3"], "Did you mean --people?"),
    ([*RUN, "surplus"], "surplus"),
    (["run", SMALL, "--people", "many", "--out", "out"], "Invalid value for --people"),
    (["run", SMALL, "--people", "1200.5", "--out", "out"], "Invalid value for --people"),
    (["run", SMALL, "--people", "12e-1", "--out", "out"], "Invalid value for --people"),
    (["run", SMALL, "--people", "", "--out", "out"], "Invalid value for --people"),
    (["run", SMALL, "--people", "0", "--out", "out"], "0 people are too few"),
    (["run", "article", "--people", "10", "--out", "out"], "10 people are too few for 31 regions"),
    (["run", SMALL, "--people", "-7", "--out", "out"], "-7 people are too few"),
    (["run", SMALL, "--people", "9" * 30, "--out", "out"], "ask for fewer people"),
    (["run", SMALL, "--people", "1e15", "--out", "out"], "ask for fewer people"),
    ([*RUN, "--seed", "-1"], "choose a whole number from 0 to 4294967295"),
    ([*RUN, "--seed", "4294967296"], "choose a whole number from 0 to 4294967295"),
    ([*RUN, "--seed", "1.5"], "Invalid value for --seed"),
    ([*RUN, "--workers", "0"], "0 workers cannot work"),
    ([*RUN, "--workers", "1000000"], "choose a whole number from 1 to 1,024"),
    ([*RUN, "--replicates", "0"], "0 replicates cannot be lived"),
    ([*RUN, "--replicates", "1000000"], "choose a whole number from 1 to 10,000"),
    ([*RUN, "--executor", "cloud"], '"serial", "threads"'),
    ([*RUN, "--set"], "--set requires an argument"),
    ([*RUN, "--set", "score.start"], "--set score.start: a value is missing"),
    ([*RUN, "--set", "score.strat=5"], "'strat' is not known in score. Did you mean 'start'?"),
    ([*RUN, "--set", "=5"], "is not known in the scenario"),
    ([*RUN, "--set", "score.start=many"], "--set score.start=many: 'many' is no number"),
    (["check", "article", "--set", "score.start=many"], "--set score.start=many: 'many' is no number"),
    ([*RUN, "--set", "score.start=[1"], "--set score.start=[1"),
    ([*RUN, "--set", "sources.archive.records.helping.detect=1.5"], "1.5"),
    ([*RUN, "--set", "population.township=0"], "township"),
    ([*RUN, "--set", "worlds.designed.records=perfect"], "perfect"),
    (["run"], "a scenario is missing"),
    (["run", "nothere", "--out", "out"], "neither a catalog scenario nor a file that exists. Known here: a-levels-2020, article"),
    (["run", "x" * 5000, "--out", "out"], "neither a catalog scenario nor a file"),
    (["run", ".", "--out", "out"], "is a folder, not a file"),
    (["run", "--again", "nothere"], "there is no run here"),
    (["check"], "SCENARIO"),
    (["check", "articel"], "Did you mean 'article'?"),
    (["show"], "give a scenario, or --schema"),
    (["show", "article", "--schema"], "give a scenario, or --schema"),
    (["show", "nothere"], "neither a catalog scenario nor a file"),
    (["report", "nothere"], "there is no run here"),
    (["pack", "nothere"], "there is no run here"),
    (["pack"], "RUN_FOLDER requires an argument"),
    (["report"], "RUN_FOLDER requires an argument"),
    (["report", "x" * 5000], "there is no run here"),
    (["life", "nothere", "Plain/0/1"], "there is no run here"),
    (["life"], "RUN_FOLDER requires an argument"),
    (["catalog", "article"], "article"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD, ids=[" ".join(arguments)[:60] for arguments, _ in BAD])
def test_wrong_words_are_answered_with_a_sentence(ask: Ask, tmp_path: Path, arguments: list[str], words: str) -> None:
    said = ask(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert words in said.err
    assert "Traceback" not in said.err
    assert len(said.err) < 1000 + len(max(arguments, key=len))
    assert files(tmp_path) == []


BYTES = {
    "empty": b"",
    "blank": b"\n\n  \n",
    "binary": bytes(range(256)) * 20,
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "utf16": "title: x".encode("utf-16"),
    "people": b"name,passport,score\nA. Person,123456,7\n",
    "prose": b"Dear colleague,\nplease find attached the scenario.\n",
    "json": b"[1, 2, 3]",
    "number": b"7",
    "huge": b"a: " + b"[" * 5000,
    "nul": b"title: \0",
}


@pytest.mark.parametrize("name", BYTES)
def test_files_that_are_no_scenario_are_refused_with_their_place(ask: Ask, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name}.yaml"
    file.write_bytes(BYTES[name])
    for command in ("run", "check", "show"):
        said = ask(command, file.name, *(["--out", "out"] if command == "run" else []))
        assert said.code == 2
        assert said.out == ""
        assert said.err.startswith(f"{name}.yaml"), said.err
        assert "Traceback" not in said.err
    assert files(tmp_path) == [file.name]


@pytest.mark.parametrize("name", ["people", "tiny_cells", "wrong_sum"])
def test_a_table_of_single_people_in_the_place_of_a_country_is_refused(ask: Ask, tmp_path: Path, name: str) -> None:
    said = ask("run", SMALL, "--set", f"population.country={SCENARIOS / 'tables' / name}.yaml", "--out", "out")
    assert said.code == 2
    assert f"{name}.csv" in said.err
    assert files(tmp_path) == []


def test_every_invalid_example_is_refused_by_the_program_too(ask: Ask, tmp_path: Path) -> None:
    """What each message says is tested with the language; here: the door does not turn any of them into a traceback or a folder."""
    examples = sorted((SCENARIOS / "invalid").glob("*.yaml"))
    assert len(examples) > 50
    for example in examples:
        said = ask("run", example, "--out", "out")
        assert (said.code, said.out) == (2, ""), example
        assert re.match(rf"{re.escape(str(example))}:\d+:\d+: |[\w./-]+[: ]", said.err), said.err
    assert files(tmp_path) == []


def test_a_misset_switch_is_wrong_input(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERLIFE_COMPILE", "yes")
    said = ask("check", "article")
    assert said.code == 2
    assert "write 1 (compile the kernels) or 0" in said.err


def test_an_unfinished_run_has_no_report_yet(ask: Ask, made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "half")
    store.RunFolder.open(tmp_path / "half").note(fingerprint=None)
    for arguments in (["report", "half"], ["life", "half", "Plain/0/1"], ["run", "--again", "half"]):
        said = ask(*arguments)
        assert said.code == 2
        assert "this run is not finished. Give the command that started it again" in said.err


# --- check, show, catalog, report, life -------------------------------------------------------------------------------------------


def test_check_says_in_one_line_that_a_scenario_is_in_order(ask: Ask) -> None:
    said = ask("check", SMALL, "--set", "score.start=99", "--set", "joint.shares={}", "--set", "conduct.shouting.strain=1")
    assert said.code == 0
    assert said.err == ""
    assert said.out == (f"{SMALL} is in order: 3 classes of conduct, 2 sources, 3 gates, 2 lists, 4 worlds, 394 days, claim level C1.\n")


def test_check_as_json_has_the_same_facts(ask: Ask) -> None:
    told = json.loads(ask("check", SMALL, "--set", "conduct.shouting.strain=1", "--json").out)
    assert list(told) == ["scenario", "classes_of_conduct", "sources", "gates", "lists", "worlds", "days", "claim", "spreading"]
    assert list(told.values())[1:8] == [3, 2, 3, 2, 4, 394, "C1"]  # counted by eye in the file; 13 months from January
    assert told["spreading"][0].endswith("spectral radius 0.00")


def test_a_quiet_check_of_answers_says_nothing_of_its_steps(ask: Ask) -> None:
    said = ask("verify", "--only", "C30", "--quiet")
    assert (said.code, said.err) == (0, "")


def test_check_says_how_far_restrictions_bring_restrictions(ask: Ask) -> None:
    lines = ask("check", SMALL, "--set", "conduct.shouting.strain=1").out.splitlines()
    assert lines[1].endswith("spectral radius 0.00")
    assert lines[2:] == ["    hall: 0.50 pool, 1.00 playground"]


@pytest.mark.parametrize("scenario", [*(entry.name for entry in catalog()), *map(str, sorted((SCENARIOS / "valid").glob("*.yaml")))])
def test_what_show_prints_is_the_same_scenario(ask: Ask, tmp_path: Path, scenario: str) -> None:
    said = ask("show", scenario)
    assert said.code == 0
    assert said.err == ""
    shown = tmp_path / "shown.yaml"
    shown.write_text(said.out, encoding="utf-8")
    assert scenario_hash(load(str(shown))) == scenario_hash(load(scenario))
    assert ask("show", shown).out == said.out


def test_show_shows_what_was_set(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "shown.yaml").write_text(ask("show", SMALL, "--set", "score.start=99", "--set", "lives=3").out, encoding="utf-8")
    assert load("shown.yaml") == load(SMALL, ["score.start=99", "lives=3"]) != load(SMALL)


def test_show_prints_the_schema_for_editors(ask: Ask) -> None:
    assert {"conduct", "sources", "worlds"} <= json.loads(ask("show", "--schema").out)["properties"].keys()


def test_catalog_lists_every_shipped_scenario_with_its_label(ask: Ask) -> None:
    said = ask("catalog")
    assert said.code == 0
    assert [line.split(" (")[0] for line in said.out.splitlines() if not line.startswith(" ")] == [entry.name for entry in catalog()]
    assert "article (as announced): The whole system of the article, from pilots to one score" in said.out


def test_report_writes_the_same_report_anew(ask: Ask, made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "copy")
    first = ask("report", "copy")
    assert first.code == 0
    page = (tmp_path / "copy" / "report.html").read_bytes()
    (tmp_path / "copy" / "report.html").unlink()
    assert ask("report", "copy") == first
    assert (tmp_path / "copy" / "report.html").read_bytes() == page


def test_life_tells_every_world_and_says_that_nobody_is_real(ask: Ask, made: Path) -> None:
    finished = study.open_run(made)
    story = next(one for i in range(150) if (one := life(finished, f"Plain/0/{i}")).lines)
    said = ask("life", made, story.person)
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == f"Person {story.person}: {story.who}. SYNTHETIC; claim level C1."
    for line in story.lines:
        assert f"{line.date}  {line.text}" in lines
    for world in finished.scenario.worlds.values():
        assert any(world.title in line.split(" = ") for line in lines)


def test_life_of_nobody_in_particular_is_the_first_that_the_report_shows(ask: Ask, made: Path) -> None:
    first = lives(study.open_run(made))[0]
    said = ask("life", made)
    assert said.code == 0
    assert said.out.startswith(f"Person {first.person}: {first.who}. SYNTHETIC; claim level C1.\nPicked by a rule: {first.rule}.\n")
    assert "Picked by" not in ask("life", made, first.person).out


def test_life_shows_the_worlds_that_are_asked_for(ask: Ask, made: Path) -> None:
    whole, some = ask("life", made).out, ask("life", made, "--worlds", "designed, none").out
    titles = [world.title for world in study.open_run(made).scenario.worlds.values()]
    assert {title for title in titles if title in some.splitlines()} == {"Designed", "No file"}
    assert set(some.splitlines()) - {"Designed", "No file"} <= set(whole.splitlines())
    wrong = ask("life", made, "--worlds", "desinged")
    assert (wrong.code, wrong.err) == (2, "this run has no world 'desinged'. Did you mean 'designed'?\n")


def test_life_says_so_where_nobody_is_picked(ask: Ask) -> None:
    ask("run", SMALL, *FEW, "--set", "lives=0", "--out", "none")
    said = ask("life", "none")
    assert (said.code, said.out) == (0, "This run picks no life to be told. Name somebody: region/township/number.\n")


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("Plain/0/150", "there is no person 150 here: they are numbered from 0 to 149"),
        ("Plain/8/0", "there is no township 8 here"),
        ("Nowhere/0/0", "there is no region 'Nowhere'"),
        ("王小明", "names nobody: write region/township/number, such as Plain/0/17"),
        ("", "names nobody"),
        ("[bold]x[/nothing]", "'[bold]x[/nothing]' names nobody"),
        (":smile:/0/1", "there is no region ':smile:'"),
    ],
)
def test_nobody_is_told_who_was_not_lived(ask: Ask, made: Path, person: str, words: str) -> None:
    said = ask("life", made, person)
    assert said.code == 2
    assert said.out == ""
    assert words in said.err


# --- paths, pipes, terminals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mit Leerzeichen und Ümläuten 城市", "[bold]brackets[red] :smile:", "-dash", "a'b\"c"])
def test_any_name_of_a_file_and_a_folder_will_do(ask: Ask, tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    home.mkdir()
    shutil.copy(SMALL, home / f"{name}.yaml")
    said = ask("run", home / f"{name}.yaml", *FEW, "--out", home / "run")
    assert said.code == 0
    assert said.out.splitlines()[-1] == f"report      {home / 'run' / 'report.html'}"
    assert str(home / "nothere") in ask("report", home / "nothere").err


def test_a_title_with_brackets_is_printed_as_it_is(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(f"extends: {SMALL}\ntitle: 'An [/odd] [red]title[/red] :smile:'\n", encoding="utf-8")
    assert ask("run", "odd.yaml", *FEW).out.splitlines()[0] == "An [/odd] [red]title[/red] :smile:"


def test_in_a_pipe_there_are_whole_lines_and_no_control_characters(made: Path, tmp_path: Path) -> None:
    for arguments in (["run", SMALL, *FEW, "--out", tmp_path / "run"], ["catalog"], ["check", SMALL], ["life", made, "Plain/0/3"]):
        done = program(*arguments, env={**os.environ, "COLUMNS": "40"})
        assert done.returncode == 0, done.stderr
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", done.stdout + done.stderr), arguments
        if arguments[0] == "catalog":
            assert len(done.stdout.splitlines()) == 2 * len(catalog())
        if arguments[0] == "check":
            assert done.stdout.splitlines()[0].endswith("claim level C1.")


@pytest.mark.parametrize("command", ["show article", "measures RUN"])
def test_a_reader_that_has_seen_enough_is_no_error(command: str, tmp_path: Path) -> None:
    """What is written at once, and what is written line by line."""
    if "RUN" in command:
        study.run(SMALL, people=1200, overrides=["population.township=150"], out=tmp_path / "run")
    piped = f"{sys.executable} -m counterlife {command.replace('RUN', str(tmp_path / 'run'))} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", piped], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_a_sentence_and_exit_1() -> None:
    for arguments in (["show", "article"], ["catalog"]):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run([sys.executable, "-m", "counterlife", *arguments], stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 1
        assert done.stderr == "The system says: [Errno 28] No space left on device\n"


def test_without_any_output_the_exit_code_is_the_answer() -> None:
    for command, code in (("check w0", 0), ("show w0", 0), ("check nothere", 2)):
        done = subprocess.run(["bash", "-c", f"{sys.executable} -m counterlife {command} >&- 2>&-"], timeout=60)
        assert done.returncode == code


def test_a_terminal_without_the_letters_gets_their_numbers(made: Path) -> None:
    done = program("report", made, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert "\\u201cDesigned\\u201d" in done.stdout


# --- verify ---------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def ghosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scenario of C7 has a tenth more records of nothing than its exact answer knows of."""
    from counterlife.verify import engine

    changed = tmp_path / "changed"
    shutil.copytree(engine.SCENARIOS, changed)
    text = (changed / "c7.yaml").read_text(encoding="utf-8")
    assert "ghosts: 0.05 per year" in text
    (changed / "c7.yaml").write_text(text.replace("ghosts: 0.05 per year", "ghosts: 0.055 per year"), encoding="utf-8")
    monkeypatch.setattr(engine, "SCENARIOS", changed)


def test_verify_says_every_number_and_writes_its_page(ask: Ask, tmp_path: Path) -> None:
    said = ask("verify", "--only", "c7,C20,C30", "--out", "page.html")
    assert said.code == 0, said.out
    assert files(tmp_path) == ["page.html"]
    assert re.search(r"Yes: all \d+ numbers of 3 checks agree\.", said.out)
    assert re.search(r"exact 0\.0637894, found 0\.06\d+ \(z [+−]\d\.\d\d\), tells\s+apart \d\.\d % of 5 %", said.out)
    page = Path("page.html").read_text(encoding="utf-8")
    assert "Yes: all" in page
    assert "://" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)  # nothing is fetched
    assert "<script" not in page
    assert page.count("<svg") == 2  # how the error falls, and the three shares of C7
    for part in ("C7 Ghosts beside true records", "C20 No case is lost", "C30 Concentration", "0.0637894", "What this page does not show"):
        assert part in page


def test_verify_as_json_has_every_number(ask: Ask, tmp_path: Path) -> None:
    said = ask("verify", "--only", "C7,C30", "--json")
    assert said.code == 0
    told = json.loads(said.out)
    assert told["agrees"] is True
    assert [check["id"] for check in told["checks"]] == ["C7", "C30"]
    row = told["checks"][0]["rows"][0]
    assert abs(row["estimate"] - row["exact"]) == pytest.approx(abs(row["z"]) * row["error"])
    assert row["power"] == pytest.approx(4.9 * row["error"] / row["exact"])
    assert (row["materiality"], row["verdict"]) == (0.05, "agrees")
    assert files(tmp_path) == []


@pytest.mark.usefixtures("ghosts")
def test_verify_fails_where_the_engine_lives_something_else(ask: Ask) -> None:
    said = ask("verify", "--only", "C7,C30", "--out", "page.html")
    assert said.code == 1
    assert re.search(r"No: of \d+ numbers of 2 checks, [1-3] differ and [01] could not be judged\.", said.out)
    assert "  differs share of days by mistake, one record needed" in said.out
    assert "standard errors from 0.063789" in " ".join(said.out.split())
    assert 'class="broken"' in Path("page.html").read_text(encoding="utf-8")


def test_verify_says_what_is_promised_and_how_much_was_compared(ask: Ask, tmp_path: Path) -> None:
    said = ask("verify", "--only", "p2,P28", "--out", "page.html")
    assert said.code == 0, said.out
    assert files(tmp_path) == ["page.html"]
    told = " ".join(said.out.split())
    assert "P2 D − N = (D − A) + (A − N), in every group, domain and month, for every three worlds." in told
    assert re.search(r"kept differences of every three worlds numbers [\d,]{6,}, lives 600, wrongful domain-days: [\d,]{6,}", told)
    assert "in the test suite every fault, since it takes an engine that can be broken: tests/test_mutations.py" in told
    assert re.search(r"Promises kept: 1 of 1 that were looked at, on [\d,]+ numbers of 600 lives\. In the test suite only: 1\.", told)
    page = Path("page.html").read_text(encoding="utf-8")
    for part in ('id="P2"', "Differences of worlds add up", "in the test suite", "tests/test_mutations.py", "a day that may not come"):
        assert part in page
    assert "Exact answer" not in page


def test_verify_as_json_has_every_promise(ask: Ask) -> None:
    told = json.loads(ask("verify", "--only", "P14,P28", "--json").out)
    assert (told["agrees"], told["checks"]) == (True, [])
    kept, elsewhere = told["promises"]
    assert (kept["id"], kept["verdict"], elsewhere["verdict"], elsewhere["rows"]) == ("P14", "agrees", "in the test suite", [])
    (row,) = kept["rows"]
    assert row["off"] == 0 < min(row["numbers"], row["lives"], row["happened"])


def test_verify_fails_where_a_promise_is_broken(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has a day more in the tally than in the life that is told."""
    from counterlife.verify.promises import books

    told = books.told_as_counted

    def wrong(ground: Any) -> Any:
        for world in ground.words.worlds:
            ground.columns[f"people closed_days.{world}.loans"][0] += 1
        return told(ground)

    monkeypatch.setattr(books, "told_as_counted", wrong)
    said = ask("verify", "--only", "P26", "--out", "page.html")
    assert said.code == 1
    assert "Promises kept: 0 of 1 that were looked at" in " ".join(said.out.split())
    assert "of 25 numbers are not as promised" in " ".join(said.out.split())
    assert 'class="broken"' in Path("page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "C99"], "there is no check C99: choose of C1 to C34 and P1 to P28"),
        (["--only", "C30", "--out", "not/there.html"], "not/there.html cannot be a page"),
        (["--only", "C30", "--out", "."], "cannot be a page"),
    ],
)
def test_verify_refuses_what_it_cannot_do(ask: Ask, tmp_path: Path, arguments: list[str], words: str) -> None:
    said = ask("verify", *arguments)
    assert (said.code, said.out, files(tmp_path)) == (2, "", [])
    assert words in said.err


def test_verify_needs_compiled_kernels_to_live_so_many(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERLIFE_COMPILE", "0")
    said = ask("verify", "--only", "C7")
    assert said.code == 2
    assert "too many people for plain Python" in said.err
    assert ask("verify", "--only", "C28").code == 0  # nobody is lived


def test_published_targets_are_told_with_their_misses_and_a_page(ask: Ask, tmp_path: Path) -> None:
    said = ask("verify", "--published", "--only", "v4,V9", "--out", "page.html")
    assert said.code == 0, said.err  # a miss is a finding
    assert files(tmp_path) == ["page.html"]
    told = " ".join(said.out.split())
    assert "hit: wrong findings, machine alone" in told
    assert re.search(r"miss: wrong findings, all that were reviewed observed 70 % \(MI02\), predicted (79\.\d|80(\.\d)?) %", told)
    assert "no prediction: grades lowered by two or more" in told
    assert "not expressible: an entry is lowered or not" in told
    assert "Of 3 predictions 1 hit and 2 miss; 4 could not be made" in told
    page = Path("page.html").read_text(encoding="utf-8")
    assert "://" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)  # nothing is fetched
    assert "<script" not in page
    assert page.count("<svg") == 1
    for part in (
        "Of 3 predictions",
        "V9</span>",
        "What the calibration of V4 saw",
        "findings beside those of the years before",
        "was not blind",
    ):
        assert part in page


def test_published_targets_as_json_have_every_number(ask: Ask, tmp_path: Path) -> None:
    said = ask("verify", "--published", "--only", "V4", "--json")
    assert said.code == 0
    (told,) = json.loads(said.out)["targets"]
    assert [fact["source"] for fact in told["saw"]] == ["MI06", ""]
    row = told["rows"][0]
    assert (row["row"], row["observed"], row["verdict"], row["tolerance"]) == ("automatic", 0.85, "hit", 0.1)
    assert row["interval_low"] < row["low"] == row["high"] < row["interval_high"]
    assert told["rows"][2]["low"] is None
    assert files(tmp_path) == []


def test_published_targets_refuse_what_they_cannot_do(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ask("verify", "--published", "--only", "C7")
    assert (said.code, said.out) == (2, "")
    assert "there is no target C7: choose of V1, V2" in said.err
    monkeypatch.setenv("COUNTERLIFE_COMPILE", "0")
    assert "too many people for plain Python" in ask("verify", "--published", "--only", "V4").err
    assert ask("verify", "--published", "--only", "V9").code == 0  # nobody is lived


def test_published_targets_fit_a_wide_terminal() -> None:
    code, text = on_a_terminal(120, "verify", "--published", "--only", "V9")
    assert code == 0
    lines = plain(text)
    assert max(map(len, lines)) <= 120
    assert any(re.search(r"grades lowered +39\.1\s% \(AL01\) +– +– +33\.2 to 45\s% +no prediction", line) for line in lines)


def test_verify_interrupted_leaves_nothing(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from counterlife import verify

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(verify, "verify", stop)
    said = ask("verify", "--out", "page.html")
    assert (said.code, files(tmp_path)) == (130, [])
    assert said.err == "Interrupted. Nothing was written.\n"


def test_verify_fits_narrow_and_wide_terminals() -> None:
    code, text = on_a_terminal(60, "verify", "--only", "C7,C30")
    assert code == 0
    assert max(len(line) for line in plain(text) if "of 2 checks" not in line) <= 60
    assert re.search(r"[012] of 2 checks", text)  # the bar, which is taken away
    code, text = on_a_terminal(120, "verify", "--only", "C7,C30")
    assert code == 0
    lines = [line for line in plain(text) if "of 2 checks" not in line]
    assert max(map(len, lines)) <= 120
    assert sum("what is measured" in line for line in lines) == 1
    assert any(re.search(r"share of days by mistake, one record needed +0\.0637894 +0\.06\d+ +z .* of 5 % +agrees", line) for line in lines)


def on_a_terminal(columns: int, *arguments: object) -> tuple[int, str]:
    """Exit code and output of the program on a terminal so wide."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "counterlife", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    process = subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=environment)
    os.close(child)
    chunks = []
    while True:
        try:
            chunk = os.read(parent, 65536)
        except OSError:  # how Linux says that the other side is closed
            chunk = b""
        if not chunk:
            break
        chunks.append(chunk)
    os.close(parent)
    return process.wait(timeout=60), b"".join(chunks).decode()


def plain(text: str) -> list[str]:
    """The lines that stay, without colours and movements."""
    text = re.sub(r"[^\n]*\n?(\x1b\[\?25h)?\r(\x1b\[1A)?\x1b\[2K", "", text)  # lines of progress that are taken away
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "").splitlines()]


def test_on_a_narrow_terminal_lines_break_between_words(made: Path) -> None:
    finished = study.open_run(made)
    story = next(one for i in range(150) if len((one := life(finished, f"Plain/0/{i}")).lines) > 5)
    code, text = on_a_terminal(60, "life", made, story.person)
    assert code == 0
    assert max(map(len, plain(text))) <= 60
    joined = " ".join(plain(text))
    for line in story.lines:
        assert f"{line.date}  {line.text}" in joined
    code, text = on_a_terminal(60, "report", made)
    assert code == 0
    assert [line for line in plain(text) if len(line) > 60 and not line.startswith(("fingerprint", "report"))] == []
    assert f"report      {made / 'report.html'}" in plain(text)


def test_on_a_wide_terminal_worlds_stand_side_by_side(made: Path) -> None:
    code, text = on_a_terminal(200, "life", made, "Plain/0/3")
    assert code == 0
    heads = next(line for line in plain(text) if "No file" in line)
    assert heads.count("┃") >= 3


def test_on_a_terminal_a_run_shows_its_progress_and_takes_it_away(tmp_path: Path) -> None:
    code, text = on_a_terminal(100, "run", SMALL, *FEW, "--out", tmp_path / "run")
    assert code == 0
    assert re.search(r"8 of 8 townships, [\d,]+ people a second", text)
    assert "Running into" in text
    assert plain(text)[-1].startswith("report ")


STAGES = ("working out the measures", "looking for lives to tell", "drawing the figures, 2 of ", "putting the page together")


def test_writing_a_report_says_on_a_terminal_what_is_done_and_nowhere_else(made: Path, ask: Ask, tmp_path: Path) -> None:
    code, text = on_a_terminal(100, "report", made, "--figures", tmp_path / "drawn")
    assert code == 0
    places = [text.find(stage) for stage in STAGES]
    assert -1 not in places
    assert places == sorted(places)
    assert text.rfind(STAGES[2]) > places[3]  # once more, as files
    assert plain(text)[-1].startswith("figures ")
    code, text = on_a_terminal(100, "report", made, "--quiet")
    assert code == 0
    assert not [stage for stage in STAGES if stage in text]
    assert ask("report", made).err == ask("measures", made, "M1").err == ask("life", made).err == ""


# --- quick to answer ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["run", "--help"],
        ["verify", "--help"],
        ["completion", "bash"],
        ["show", "w0"],
        ["catalog"],
        ["check", "nothere"],
        ["rnu"],
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_what_lives_nobody_does_not_load_the_heavy_parts(arguments: list[str]) -> None:
    script = (
        f"import atexit, sys; atexit.register(lambda: print('loaded', sorted({set(HEAVY)} & set(sys.modules))))\n"
        f"sys.argv = {['counterlife', *arguments]}; from counterlife.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "loaded []", done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_what_a_shell_reads(ask: Ask, shell: str) -> None:
    said = ask("completion", shell)
    assert (said.code, said.err) == (0, "")
    assert {"run", "verify", "--people"} <= set(re.findall(r"[\w-]+", said.out))
    assert ask("completion", "csh").code == 2


def test_completion_knows_the_catalog_in_bash() -> None:
    done = program("__complete", "run", "rob")
    assert done.returncode == 0
    assert "robodebt" in done.stdout


ASKED = {
    "bash": """
        source {script}; COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
        eval "$(complete -p counterlife | sed 's/.*-F \\([^ ]*\\).*/\\1/')"; printf '%s\\n' "${{COMPREPLY[@]}}"
    """,
    "fish": "source {script}; complete -C '{words}'",
}
"""How each shell is asked what completes a line, without a person at the keyboard."""


@pytest.mark.parametrize("shell", ["bash", "fish"])
@pytest.mark.parametrize(
    ("words", "wanted"), [("counterlife ru", "run"), ("counterlife run rob", "robodebt"), ("counterlife run robodebt --peo", "--people")]
)
def test_a_real_shell_completes_commands_entries_and_flags(ask: Ask, tmp_path: Path, shell: str, words: str, wanted: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    script = tmp_path / "completion"
    script.write_text(ask("completion", shell).out)
    command = [shell, *(["--no-config"] if shell == "fish" else []), "-c", ASKED[shell].format(script=script, words=words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=_with_counterlife(tmp_path), check=True)
    assert wanted in [line.split("\t")[0].strip() for line in done.stdout.splitlines()], done


def _with_counterlife(folder: Path) -> dict[str, str]:
    """An environment in which shells find the program."""
    program = folder / "counterlife"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m counterlife "$@"\n')
    program.chmod(0o755)
    path = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(Path(study.__file__).parents[2])}
    return {**os.environ, **path, "HOME": str(folder)}


def test_zsh_binds_the_completion_to_the_program_when_it_is_sourced(ask: Ask, tmp_path: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("there is no zsh here")
    script = tmp_path / "completion"
    script.write_text(ask("completion", "zsh").out)
    command = ["zsh", "-f", "-c", f"source {script}; print -r -- $_comps[counterlife]; whence -w $_comps[counterlife]"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, "HOME": str(tmp_path)}, check=True)
    bound = done.stdout.split()[0]
    assert done.stdout.split()[1:] == [f"{bound}:", "function"]


def test_a_quiet_run_says_nothing_but_its_results(ask: Ask) -> None:
    said = ask("run", SMALL, *FEW, "--quiet")
    assert (said.code, said.err) == (0, "")
    assert ask("run", SMALL, *FEW, "--quiet") == said
    assert "too few" in ask("run", SMALL, "--people", "0", "--quiet").err


def test_run_as_json_has_the_numbers_of_the_measures(ask: Ask) -> None:
    said = ask("run", SMALL, *FEW, "--json", "--quiet")
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    assert list(told) == ["title", "claim", "people", "replicates", "seed", "fingerprint", "folder", "report", "numbers"]
    run = study.open_run(told["folder"])
    assert (told["fingerprint"], told["people"], told["claim"]) == (run.fingerprint, 1200, "C1")
    assert Path(told["report"]).is_file()
    found = run.headline.filter(pl.col("id") == "M3", pl.col("name") == "people ever wrongly restricted, 1 day or more")
    assert [told["numbers"]["wrongly"][key] for key in ("value", "low", "high")] == list(found.select("value", "low", "high").row(0))


def test_help_names_every_command_and_what_run_takes(ask: Ask) -> None:
    text = ask("--help").out
    assert all(re.search(rf"\b{command}\b", text) for command in ("run", "check", "show", "catalog", "report", "life", "verify", "pack"))
    text = ask("run", "--help").out
    for flag in ("--people", "--seed", "--replicates", "--out", "--workers", "--executor", "--set", "--again"):
        assert flag in text
    assert "runs/SCENARIO-PEOPLE-seedSEED" in text
    assert "--no-" not in text
