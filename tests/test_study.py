"""A run comes out the same however it is sent out, cut up, killed or resumed; its folder says from what; nothing else is believed.

`BATCH` and the waits make batches small and slow, so that a signal arrives in the middle.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lived import SMALL

import counterlife as cl
from counterlife import executors, study
from counterlife.scenario import load, scenario_hash
from counterlife.store import FolderRefusedError, RunFolder, StoreError
from counterlife.study import RequestError, Run, run_again

PLAN, RUNNING = import_module("counterlife.study.plan"), import_module("counterlife.study.run")
PEOPLE, TOWNSHIP, BATCH = 2400, 150, 450  # 16 townships, in batches of 3
BATCHES = 6
SETTINGS: dict[str, Any] = {"people": PEOPLE, "overrides": [f"population.township={TOWNSHIP}"]}


def run(**changes: Any) -> Run:
    """The small run, with something changed."""
    return study.run(**{"scenario": SMALL, **SETTINGS, **changes})


def batches(path: Path) -> list[int]:
    """The numbers of the batches on disk."""
    return sorted(int(file.stem) for file in (path / "tallies").glob("*.parquet"))


def snapshot(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PLAN, "BATCH_PEOPLE", BATCH)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run as it comes out when nothing happens, in one batch and one thread."""
    return run(executor="serial", out=tmp_path_factory.mktemp("calm") / "run")


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the batches that are lived from here on."""
    numbers: list[int] = []
    original = RUNNING.live_batch

    def watched(planned: Any, number: int) -> Any:
        numbers.append(number)
        return original(planned, number)

    monkeypatch.setattr(RUNNING, "live_batch", watched)
    return numbers


def interrupt_after(count: int) -> Callable[[int, int, int], None]:
    """A progress that is interrupted when so many batches have been written."""
    calls = iter(range(count + 1))

    def progress(*_: int) -> None:
        if next(calls) == count:
            raise KeyboardInterrupt

    return progress


# --- P8: however it is sent out -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("executor", "workers", "batch"),
    [
        ("serial", None, BATCH),
        ("serial", None, 1),
        ("threads", 1, BATCH),
        ("threads", 2, 1000),
        ("threads", 8, 1),
        ("threads", None, 10**9),
    ],
)
def test_executor_workers_and_batches_do_not_matter(
    calm: Run, executor: str, workers: int | None, batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(*_: object) -> None:
        raise AssertionError("the executor that was not asked for has been called")

    monkeypatch.setattr(executors, "threads" if executor == "serial" else "serial", raising)
    monkeypatch.setattr(PLAN, "BATCH_PEOPLE", batch)
    other = run(executor=executor, workers=workers, out=tmp_path / "run")
    assert len(batches(tmp_path / "run")) == -(-PEOPLE // TOWNSHIP // max(1, batch // TOWNSHIP))
    assert other.fingerprint == calm.fingerprint
    assert other.measures.equals(calm.measures)


def fingerprint_by(python: str) -> str:
    """The fingerprint of the small run, lived by another Python from these sources; skipped where it cannot."""
    needed = "import altair, jinja2, numba, numpy, polars, pydantic, ruamel.yaml"
    if subprocess.run([python, "-c", needed], capture_output=True).returncode != 0:
        pytest.skip(f"{python} is here, but not the packages of this project for it")
    call = f"print(study.run({SMALL!r}, people={PEOPLE}, overrides={SETTINGS['overrides']!r}).fingerprint)"
    here = {**os.environ, "PYTHONPATH": str(Path(study.__file__).parents[2])}
    done = subprocess.run([python, "-c", f"from counterlife import study; {call}"], capture_output=True, text=True, env=here, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("minor", [11, 12, 13, 14])
def test_the_version_of_python_does_not_matter(calm: Run, minor: int) -> None:
    """Other Pythons are looked for on the PATH, and in the files that COUNTERLIFE_PYTHONS names with colons between them.

    Where there is only one, the golden tallies say the same: every Python of the continuous integration is held against them.
    """
    if minor == sys.version_info.minor:
        assert fingerprint_by(sys.executable) == calm.fingerprint
        return
    named = [one for one in os.environ.get("COUNTERLIFE_PYTHONS", "").split(os.pathsep) if one]
    version = "import sys; print(sys.version_info.minor)"
    found = [one for one in named if subprocess.run([one, "-c", version], capture_output=True, text=True).stdout.strip() == str(minor)]
    python = found[0] if found else shutil.which(f"python3.{minor}")
    if python is None:
        pytest.skip(f"no Python 3.{minor} is on the PATH or in COUNTERLIFE_PYTHONS")
    assert fingerprint_by(python) == calm.fingerprint


def test_what_a_run_is_made_of_does_matter(calm: Run) -> None:
    changes: list[dict[str, Any]] = [
        {"seed": 2},
        {"replicates": 2},
        {"people": 2550},
        {"overrides": ["score.start=99", *SETTINGS["overrides"]]},
    ]
    prints = [calm.fingerprint, *(run(**change).fingerprint for change in changes)]
    assert len(set(prints)) == len(prints)


def test_the_article_comes_out_the_same_on_threads() -> None:
    one, two = (
        study.run("article-score", people=3100, executor=executor, workers=workers) for executor, workers in (("serial", 1), ("threads", 4))
    )
    assert one.fingerprint == two.fingerprint
    assert one.tallies.tables["people"].any()


# --- interrupted, killed, resumed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 1, BATCHES - 1, BATCHES])
def test_interrupted_anywhere_the_same_call_goes_on(calm: Run, tmp_path: Path, after: int, lived: list[int]) -> None:
    path = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        run(out=path, executor="serial", progress=interrupt_after(after))
    assert batches(path) == list(range(after))
    with pytest.raises(FolderRefusedError, match="not finished"):
        study.open_run(path)
    lived.clear()
    told: list[tuple[int, int, int]] = []
    assert run(out=path, executor="serial", progress=lambda *call: told.append(call)).fingerprint == calm.fingerprint
    assert lived == list(range(after, BATCHES))
    assert told[0] == (min(3 * after, 16), 16, TOWNSHIP)
    assert told[-1] == (16, 16, TOWNSHIP)
    record = RunFolder.open(path).provenance
    assert len(record["resumed"]) == 1
    assert record["resumed"][0]["version"] == record["version"]


def test_a_run_goes_on_in_the_batches_in_which_it_was_begun(calm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(out=tmp_path / "run", progress=interrupt_after(2))
    monkeypatch.setattr(PLAN, "BATCH_PEOPLE", 4 * BATCH)
    assert run(out=tmp_path / "run").fingerprint == calm.fingerprint
    assert batches(tmp_path / "run") == list(range(BATCHES))


def child(path: Path, call: str, **options: Any) -> subprocess.Popen[str]:
    """A process with small, slow batches that notes each batch it begins, and does what the call says."""
    script = f"""
import sys, time
sys.path[:0] = {[str(Path(__file__).parent), *sys.path]!r}
from importlib import import_module
from pathlib import Path
import_module("counterlife.study.plan").BATCH_PEOPLE = {BATCH}
running = import_module("counterlife.study.run")
original = running.live_batch
def slow(planned, number):
    with Path({str(path.parent / "begun")!r}).open("a") as log:
        print(number, file=log, flush=True)
    counts = original(planned, number)
    time.sleep(0.4)
    return counts
running.live_batch = slow
{call}
"""
    return subprocess.Popen([sys.executable, "-c", script], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def wait_for_a_batch(path: Path, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 120  # a cold cache compiles first
    while not batches(path):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "no batch was written"
        time.sleep(0.02)


def lost(path: Path) -> set[int]:
    """Batches that were begun and are not on disk."""
    return {int(line) for line in (path.parent / "begun").read_text().split()} - set(batches(path))


def test_killed_in_the_middle_only_batches_in_hand_are_lost(calm: Run, tmp_path: Path, lived: list[int]) -> None:
    path = tmp_path / "run"
    call = f"running.run({SMALL!r}, people={PEOPLE}, overrides={SETTINGS['overrides']!r}, out={str(path)!r}, workers=2)"
    victim = child(path, call)
    wait_for_a_batch(path, victim)
    victim.kill()
    assert victim.wait() == -signal.SIGKILL
    there = batches(path)
    assert 1 <= len(there) < BATCHES
    assert len(lost(path)) <= 4
    assert run(out=path).fingerprint == calm.fingerprint
    assert sorted(lived) == sorted(set(range(BATCHES)) - set(there))


def test_control_c_ends_with_130_and_a_sentence_and_the_same_command_goes_on(calm: Run, tmp_path: Path, lived: list[int]) -> None:
    path = tmp_path / "run"
    arguments = ["run", SMALL, "--people", str(PEOPLE), "--set", *SETTINGS["overrides"], "--out", str(path), "--workers", "2"]
    call = f"from counterlife.cli import main; sys.argv = {['counterlife', *arguments]!r}; main()"
    victim = child(path, call, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    wait_for_a_batch(path, victim)
    victim.send_signal(signal.SIGINT)
    out, err = victim.communicate(timeout=30)
    assert victim.returncode == 130
    assert out == ""
    assert "give the same command again and it goes on from here" in err
    assert "Traceback" not in err
    there = batches(path)
    assert 1 <= len(there) < BATCHES
    assert len(lost(path)) <= 4
    from counterlife.cli import answer

    assert answer(arguments) == 0
    assert study.open_run(path).fingerprint == calm.fingerprint
    assert sorted(lived) == sorted(set(range(BATCHES)) - set(there))


# --- disks that refuse ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("writes", [0, 3, 4, 9, 11])
def test_a_disk_that_is_full_at_any_moment_leaves_a_run_that_goes_on(
    calm: Run, tmp_path: Path, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(10**6))
    real = os.fsync

    def full(descriptor: int) -> None:
        if next(calls) >= 2 * writes:  # a file and its folder
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match="no room left on this disk"):
            run(out=tmp_path / "run", executor="serial")
    assert not list(tmp_path.rglob("*.part"))
    assert run(out=tmp_path / "run", executor="serial").fingerprint == calm.fingerprint


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of a megabyte, where the system lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True).returncode != 0:
        pytest.skip("the system does not let this test mount a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_on_a_really_full_disk_too(calm: Run, small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    with pytest.raises(StoreError, match=r"no room left on this disk\. Make room and give the same command again"):
        run(out=small_disk / "run")
    assert len(batches(small_disk / "run")) < BATCHES
    ballast.unlink()
    assert run(out=small_disk / "run").fingerprint == calm.fingerprint


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="the system says: Not a directory"):
        run(out=tmp_path / "file" / "run")


# --- a folder that holds something ----------------------------------------------------------------------------------------------


def test_a_finished_run_is_read_not_lived(calm: Run, tmp_path: Path, lived: list[int]) -> None:
    run(out=tmp_path / "run")
    lived.clear()
    before = snapshot(tmp_path / "run")
    assert run(out=tmp_path / "run").measures.equals(calm.measures)
    assert lived == []
    assert snapshot(tmp_path / "run") == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 2}, "seed is 1 there and 2 here"),
        ({"people": 2550}, "people is 2400 there and 2550 here"),
        ({"replicates": 2}, "replicates is 1 there and 2 here"),
        ({"overrides": ["score.start=99", *SETTINGS["overrides"]]}, "scenario is"),
    ],
)
@pytest.mark.parametrize("finished", [True, False])
def test_another_run_is_refused_and_nothing_changes(tmp_path: Path, change: dict[str, Any], words: str, finished: bool) -> None:
    if finished:
        run(out=tmp_path / "run")
    else:
        with pytest.raises(KeyboardInterrupt):
            run(out=tmp_path / "run", progress=interrupt_after(1))
    before = snapshot(tmp_path / "run")
    with pytest.raises(FolderRefusedError, match=words):
        run(out=tmp_path / "run", **change)
    assert snapshot(tmp_path / "run") == before


def test_a_batch_that_was_lost_is_noticed_and_lived_again(calm: Run, tmp_path: Path, lived: list[int]) -> None:
    run(out=tmp_path / "run")
    (tmp_path / "run" / "tallies" / "000002.parquet").unlink()
    with pytest.raises(StoreError, match="batches are missing"):
        study.open_run(tmp_path / "run")
    lived.clear()
    assert run(out=tmp_path / "run").fingerprint == calm.fingerprint
    assert lived == [2]


def test_a_lost_batch_that_comes_out_different_is_reported(tmp_path: Path) -> None:
    run(out=tmp_path / "run")
    RunFolder.open(tmp_path / "run").note(fingerprint="0" * 64)
    (tmp_path / "run" / "tallies" / "000002.parquet").unlink()
    with pytest.raises(StoreError, match="comes out different"):
        run(out=tmp_path / "run")


def test_a_changed_resolved_scenario_is_not_believed(tmp_path: Path) -> None:
    run(out=tmp_path / "run")
    file = tmp_path / "run" / "resolved.yaml"
    text = file.read_text(encoding="utf-8")
    assert "term: 30 days" in text
    file.write_text(text.replace("term: 30 days", "term: 31 days"), encoding="utf-8")
    with pytest.raises(StoreError, match=r"resolved\.yaml was changed"):
        study.open_run(tmp_path / "run")


@pytest.mark.parametrize("content", ["[]", "{}", "7", '{"identity": 1}', "not json"])
def test_a_record_that_is_none_is_not_believed(tmp_path: Path, content: str) -> None:
    run(out=tmp_path / "run")
    (tmp_path / "run" / "provenance.json").write_text(content)
    with pytest.raises(StoreError, match="something outside the program changed it"):
        study.open_run(tmp_path / "run")


# --- where it comes from --------------------------------------------------------------------------------------------------------


def test_the_record_tells_what_the_run_was_made_of(calm: Run) -> None:
    assert calm.path is not None
    record = json.loads((calm.path / "provenance.json").read_text(encoding="utf-8"))
    described = load(SMALL, SETTINGS["overrides"])
    assert record["identity"] == {
        "scenario": scenario_hash(described),
        "seed": 1,
        "replicates": 1,
        "draw_scheme": record["identity"]["draw_scheme"],
        "people": PEOPLE,
        "township": TOWNSHIP,
    }
    assert record["fingerprint"] == calm.fingerprint
    assert len(calm.fingerprint) == 64
    assert record["started"] <= record["finished"]
    assert record["python"].startswith("CPython")
    assert {"version", "commit", "packages", "platform", "processor", "cores"} <= record.keys()
    assert (calm.path / "scenario.yaml").read_bytes() == Path(SMALL).read_bytes()
    assert load(str(calm.path / "resolved.yaml")) == described


def test_a_run_lived_again_from_its_folder_is_the_same_and_another_seed_is_not(calm: Run, tmp_path: Path, lived: list[int]) -> None:
    assert calm.path is not None
    beside = run_again(calm.path, out=tmp_path / "again")
    again = beside.run
    assert beside.same
    assert beside.discrepancy is None  # equal fingerprints: nobody looked any further
    assert sorted(lived) == list(range(BATCHES))
    assert again.fingerprint == calm.fingerprint
    assert again.provenance["identity"] == calm.provenance["identity"]
    other = study.run(calm.path / "resolved.yaml", people=PEOPLE, seed=2)
    assert other.fingerprint != calm.fingerprint
    for finished in (calm.path, tmp_path / "again"):
        with pytest.raises(RequestError, match="a finished run is here already"):
            run_again(calm.path, out=finished)


def test_townships_made_smaller_for_few_people_are_part_of_what_is_kept(tmp_path: Path) -> None:
    few = study.run("article-score", people=3100, out=tmp_path / "few")
    assert few.provenance["identity"]["township"] == 100
    assert run_again(tmp_path / "few", out=tmp_path / "again").run.fingerprint == few.fingerprint


# --- numbers that make no run ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"people": 0}, "too few"),
        ({"people": -5}, "too few"),
        ({"people": 99}, "too few for 1 region: .* Ask for 100 or more"),
        ({"people": 10**30}, "more than 1,000,000 townships"),
        ({"people": 10**9, "overrides": ["population.township=1000001"]}, "townships of 1,000,001 people do not fit into memory"),
        ({"seed": -1}, "choose a whole number from 0 to 4294967295"),
        ({"seed": 2**32}, "choose a whole number from 0 to 4294967295"),
        ({"replicates": 0}, "choose a whole number from 1 to 10,000"),
        ({"replicates": 10_001}, "choose a whole number from 1 to 10,000"),
        ({"workers": 0}, "choose a whole number from 1 to 1,024"),
        ({"workers": 10**6}, "choose a whole number from 1 to 1,024"),
        ({"scenario": load(SMALL), "overrides": ["score.start=99"]}, "overrides change a scenario that is read from a file"),
    ],
)
def test_impossible_requests_are_sentences_and_nothing_is_written(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(RequestError, match=words):
        run(out=tmp_path / "run", **change)
    assert not (tmp_path / "run").exists()


def test_a_run_of_another_draw_scheme_tells_no_lives(calm: Run) -> None:
    identity = {**calm.provenance["identity"], "draw_scheme": 0}
    with pytest.raises(RequestError, match="draw scheme 0"):
        cl.life(Run(calm.scenario, {**calm.provenance, "identity": identity}, calm.tallies), "Plain/0/0")


# --- in Python ------------------------------------------------------------------------------------------------------------------


def test_a_run_in_python_needs_no_folder(calm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    here = cl.run(Path(SMALL), people=PEOPLE, overrides=f"population.township={TOWNSHIP}", seed=1)
    assert here.path is None
    assert list(tmp_path.iterdir()) == []
    assert here.fingerprint == calm.fingerprint
    assert isinstance(here.measures, pl.DataFrame)
    assert here.measures.equals(calm.measures)
    assert {"M1", "M3", "M10", "M21"} <= set(here.headline["id"])
    assert "2,400 synthetic people" in repr(here)
    assert here.fingerprint[:16] in repr(here)
    assert "<table" in here._repr_html_()
    assert "claim level C1" in here._repr_html_()


def test_a_run_is_opened_by_its_folder(calm: Run) -> None:
    assert calm.path is not None
    opened = cl.open_run(str(calm.path))
    assert opened.measures.equals(calm.measures)
    assert str(calm.path) in repr(opened)


def test_only_public_names_are_offered() -> None:
    assert sorted(dir(cl)) == sorted([*cl.__all__, "__version__"])
    assert all(getattr(cl, name) is not None for name in cl.__all__)
    with pytest.raises(AttributeError, match="it offers"):
        cl.score_somebody  # noqa: B018
