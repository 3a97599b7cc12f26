"""A batch exists if and only if it was written whole, whatever happened; sums do not depend on order or cut; damage is reported."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterlife import provenance, store
from counterlife.store import FolderRefusedError, RunFolder, StoreError, Table

TABLES = (Table("people", 3, ("people", "days")), Table("months", 4, ("closed_days", "newly", "ever")))
IDENTITY = {"scenario": "abc", "seed": 1, "replicates": 1, "batches": {"count": 4}}
Place = tuple[int, int, int]


def counts_of(place: Place) -> dict[str, Any]:
    """What a pretended township leaves: sparse, some numbers beyond 32 bits, a function of the place alone."""
    rng = np.random.default_rng(place)
    shapes = {table.name: (table.rows, len(table.columns)) for table in TABLES}
    return {name: rng.integers(0, 2**40, shape) * (rng.random(shape) < 0.5) for name, shape in shapes.items()}


def write(folder: RunFolder, index: int, places: list[Place]) -> None:
    every = [counts_of(place) for place in places]
    folder.write_batch(index, places, {table.name: np.stack([counts[table.name] for counts in every]) for table in TABLES})


def plan(batches: int = 4, size: int = 3) -> list[list[Place]]:
    return [[(index % 2, 10 * index + n, 0) for n in range(size)] for index in range(batches)]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[RunFolder]:
    with RunFolder.claim(tmp_path / "run", IDENTITY, TABLES) as made:
        yield made


# --- what is written comes back ---------------------------------------------------------------------------------------------


def test_a_batch_is_a_long_table_of_the_numbers_that_are_not_zero(folder: RunFolder) -> None:
    people = np.zeros((2, 3, 2), np.int64)
    people[0, 1, 1], people[1, 2, 0] = 7, 2**40
    folder.write_batch(12, [(3, 500, 0), (3, 501, 1)], {"people": people, "months": np.zeros((2, 4, 3), np.int32)})
    frame = pl.read_parquet(folder.path / "tallies" / "000012.parquet")
    kinds = {"region": pl.Int32, "township": pl.Int32, "replicate": pl.Int32, "table": pl.UInt8, "row": pl.Int32, "column": pl.Int32}
    assert frame.schema == {**kinds, "value": pl.Int64}
    assert frame.rows() == [(3, 500, 0, 0, 1, 1, 7), (3, 501, 1, 0, 2, 0, 2**40)]
    assert folder.done() == {12}


def test_a_place_where_nothing_was_counted_still_counts_as_lived(folder: RunFolder) -> None:
    folder.write_batch(0, [(5, 6, 7)], {"people": np.zeros((1, 3, 2), int), "months": np.zeros((1, 4, 3), int)})
    totals = folder.totals()
    assert totals["places"].tolist() == [[5, 6, 7]]
    assert not totals["people"].any()


@pytest.mark.parametrize(
    "people", [np.zeros((1, 2, 2), int), np.zeros((2, 3, 2), int), np.zeros((1, 3, 2))], ids=["rows", "places", "kind"]
)
def test_counts_of_the_wrong_shape_or_kind_are_a_mistake_of_the_caller(folder: RunFolder, people: Any) -> None:
    with pytest.raises(ValueError, match=r"'people' should hold whole numbers of shape \(1, 3, 2\)"):
        folder.write_batch(0, [(0, 0, 0)], {"people": people, "months": np.zeros((1, 4, 3), int)})
    assert folder.done() == set()


def test_a_place_number_beyond_the_format_is_refused_not_wrapped(folder: RunFolder) -> None:
    with pytest.raises(pl.exceptions.InvalidOperationError):
        write(folder, 0, [(0, 2**31, 0)])
    assert folder.done() == set()


@settings(max_examples=25, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(0, 1)), max_size=25), st.randoms(), st.integers(1, 30))
def test_sums_and_fingerprint_do_not_depend_on_order_or_cut(places: set[Place], luck: Any, most: int) -> None:
    order = sorted(places)
    with tempfile.TemporaryDirectory() as name:
        prints = []
        for attempt in range(2):
            shuffled = order[:]
            luck.shuffle(shuffled)
            with RunFolder.claim(Path(name) / str(attempt), IDENTITY, TABLES) as made:
                index = 0
                while shuffled:
                    size = luck.randint(1, len(shuffled))
                    write(made, index, shuffled[:size])
                    shuffled, index = shuffled[size:], index + 1
                totals = made.totals()
                prints.append(provenance.fingerprint(totals))
                clusters = made.read(most)
        assert prints[0] == prints[1]
    assert totals["places"].tolist() == [list(place) for place in order]
    for table in TABLES:
        expected = sum((counts_of(place)[table.name] for place in order), np.zeros((table.rows, len(table.columns)), np.int64))
        assert (totals[table.name] == expected).all()
        assert (clusters.tables[table.name].sum(axis=0) == expected).all()
    assert clusters.places.sum() == len(order)


def test_one_number_more_changes_the_fingerprint(tmp_path: Path) -> None:
    prints = set()
    for attempt, extra in enumerate((0, 1)):
        with RunFolder.claim(tmp_path / str(attempt), IDENTITY, TABLES) as made:
            months = np.zeros((1, 4, 3), int)
            months[0, 2, 2] = 5 + extra
            made.write_batch(0, [(0, 0, 0)], {"people": np.ones((1, 3, 2), int), "months": months})
            prints.add(provenance.fingerprint(made.totals()))
    assert len(prints) == 2


def test_places_that_fit_stay_apart_and_in_order(folder: RunFolder) -> None:
    for index, places in enumerate(plan()):
        write(folder, index, places)
    clusters = folder.read()
    order = sorted(place for places in plan() for place in places)
    assert clusters.region.tolist() == [place[0] for place in order]
    assert clusters.township.tolist() == [place[1] for place in order]
    assert clusters.places.tolist() == [1] * len(order)
    for n, place in enumerate(order):
        for table in TABLES:
            assert (clusters.tables[table.name][n] == counts_of(place)[table.name]).all()


def test_more_places_than_clusters_are_added_up_by_neighbourhood_never_across_regions(folder: RunFolder) -> None:
    places = [(0, n, 0) for n in range(60)] + [(1, n, 0) for n in range(30)] + [(2, 0, 0)]
    write(folder, 0, places[::2])
    write(folder, 1, places[1::2])
    clusters = folder.read(max_clusters=10)
    assert clusters.region.tolist() == [0] * 6 + [1] * 3 + [2]
    assert clusters.township.tolist() == [0, 10, 20, 30, 40, 50, 0, 10, 20, 0]
    assert clusters.places.tolist() == [10] * 9 + [1]
    expected = sum(counts_of((0, n, 0))["people"] for n in range(10, 20))
    assert (clusters.tables["people"][1] == expected).all()


def test_a_run_without_batches_has_empty_sums(folder: RunFolder) -> None:
    assert folder.read().tables["people"].shape == (0, 3, 2)
    assert folder.totals()["people"].tolist() == [[0, 0]] * 3


def test_the_same_place_in_two_batches_is_reported(folder: RunFolder) -> None:
    write(folder, 0, [(0, 1, 0), (0, 2, 0)])
    write(folder, 1, [(0, 2, 0)])
    for look in (folder.totals, folder.read):
        with pytest.raises(StoreError, match="1 places are there twice"):
            look()


# --- whose folder it is -----------------------------------------------------------------------------------------------------


def test_the_same_run_resumes_and_later_says_that_it_is_finished(tmp_path: Path) -> None:
    with RunFolder.claim(tmp_path, IDENTITY, TABLES) as made:
        write(made, 2, plan()[2])
        made.note(started="then")
        assert not made.finished
    with RunFolder.claim(tmp_path, dict(reversed(IDENTITY.items())), TABLES) as resumed:
        assert resumed.done() == {2}
        resumed.finish(provenance.fingerprint(resumed.totals()), seconds=3)
    with RunFolder.claim(tmp_path, IDENTITY, TABLES) as again:
        assert again.finished
        assert again.done() == {2}
    record = json.loads((tmp_path / "provenance.json").read_text())
    assert (record["identity"], record["started"], record["seconds"]) == (IDENTITY, "then", 3)
    assert RunFolder.open(tmp_path).tables == TABLES


@pytest.mark.parametrize("finished", [False, True])
def test_another_run_is_refused_with_every_difference(tmp_path: Path, finished: bool) -> None:
    with RunFolder.claim(tmp_path, IDENTITY, TABLES) as made:
        if finished:
            made.finish("f" * 64)
    before = snapshot(tmp_path)
    with pytest.raises(FolderRefusedError) as refused:
        RunFolder.claim(tmp_path, {**IDENTITY, "seed": 2, "draw_scheme": 3}, TABLES)
    assert "seed is 1 there and 2 here; draw_scheme is null there and 3 here" in str(refused.value)
    assert "scenario" not in str(refused.value)
    assert snapshot(tmp_path) == before


def test_a_run_that_counts_other_things_is_refused(tmp_path: Path) -> None:
    RunFolder.claim(tmp_path, IDENTITY, TABLES).close()
    with pytest.raises(FolderRefusedError, match="counts other things"):
        RunFolder.claim(tmp_path, IDENTITY, TABLES[:1])


def test_a_folder_that_is_no_run_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    before = snapshot(tmp_path)
    with pytest.raises(FolderRefusedError, match=r"not empty and not a run \(it holds letters.txt\)"):
        RunFolder.claim(tmp_path, IDENTITY, TABLES)
    assert snapshot(tmp_path) == before
    with pytest.raises(FolderRefusedError, match="this is a file"):
        RunFolder.claim(tmp_path / "letters.txt", IDENTITY, TABLES)
    with pytest.raises(StoreError, match="there is no run here"):
        RunFolder.open(tmp_path)


def snapshot(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_two_processes_at_once_are_refused_until_the_first_ends(tmp_path: Path) -> None:
    other = child(tmp_path, "print('ready', flush=True); time.sleep(60)")
    assert other.stdout is not None
    assert other.stdout.readline() == b"ready\n"
    with pytest.raises(FolderRefusedError, match="another process is running into this folder"):
        RunFolder.claim(tmp_path, IDENTITY, TABLES)
    other.kill()
    other.wait()
    RunFolder.claim(tmp_path, IDENTITY, TABLES).close()


# --- kill, full disk, damage ------------------------------------------------------------------------------------------------


def child(path: Path, body: str) -> subprocess.Popen[bytes]:
    """A process that claims the folder and then does what the body says."""
    script = f"""
import os, sys, time
sys.path[:0] = {[str(Path(__file__).parent), *sys.path]!r}
from pathlib import Path
from counterlife import provenance
from test_store import IDENTITY, TABLES, RunFolder, plan, write
with RunFolder.claim(Path({str(path)!r}), IDENTITY, TABLES) as folder:
    {body}
"""
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)


def test_kill_in_the_middle_of_writing_a_batch_loses_that_batch_only(tmp_path: Path) -> None:
    body = "write(folder, 0, plan()[0]); os.fsync = lambda _: (print('writing', flush=True), time.sleep(60)); write(folder, 1, plan()[1])"
    victim = child(tmp_path, body)
    assert victim.stdout is not None
    assert victim.stdout.readline() == b"writing\n"
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    assert len(parts(tmp_path)) == 1, "the batch was being written"
    assert RunFolder.open(tmp_path).done() == {0}
    with RunFolder.claim(tmp_path, IDENTITY, TABLES) as resumed:
        assert resumed.done() == {0}
        assert not parts(tmp_path)


def test_killed_at_any_moment_and_resumed_the_run_ends_the_same(tmp_path: Path) -> None:
    with RunFolder.claim(tmp_path / "calm", IDENTITY, TABLES) as calm:
        for index, places in enumerate(plan(20, 2)):
            write(calm, index, places)
        expected = provenance.fingerprint(calm.totals())
    body = "[(write(folder, n, places), print('x', flush=True)) for n, places in enumerate(plan(20, 2)) if n not in folder.done()]"
    for batches in (1, 5, 4):
        victim = child(tmp_path / "run", body)
        assert victim.stdout is not None
        for _ in range(batches):
            assert victim.stdout.readline() == b"x\n"
        victim.kill()
        victim.wait()
    assert child(tmp_path / "run", body).wait() == 0
    finished = RunFolder.open(tmp_path / "run")
    assert finished.done() == set(range(20))
    assert provenance.fingerprint(finished.totals()) == expected


@pytest.mark.parametrize("left", [[], [".lock"], [".lock", ".provenance.json.77.part"], [".lock", "provenance.json"]])
def test_a_process_killed_while_it_made_the_folder_leaves_one_that_can_be_claimed(tmp_path: Path, left: list[str]) -> None:
    for name in left:
        (tmp_path / name).write_text(json.dumps({"identity": IDENTITY, "fingerprint": None}) if name == "provenance.json" else "")
    with RunFolder.claim(tmp_path, IDENTITY, TABLES) as claimed:
        write(claimed, 0, plan()[0])
        assert claimed.done() == {0}
    assert not parts(tmp_path)


def parts(path: Path) -> list[Path]:
    return [file for file in path.rglob("*") if file.name.endswith(".part")]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no room left on this disk"),
        (errno.EDQUOT, "no room left on this disk"),
        (errno.EACCES, "does not allow"),
        (errno.EROFS, "does not allow"),
        (errno.EIO, "the system says: Input/output error"),
    ],
)
def test_a_disk_that_refuses_ends_in_a_sentence_and_a_whole_run(
    folder: RunFolder, number: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, 0, plan()[0])
    before = snapshot(folder.path)

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(StoreError, match=words) as told:
            write(folder, 1, plan()[1])
        assert "give the same command again" in str(told.value)
        with pytest.raises(StoreError, match=words):
            folder.note(seed=5)
    assert snapshot(folder.path) == before
    write(folder, 1, plan()[1])
    assert folder.done() == {0, 1}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 256 kB, where the system lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], capture_output=True).returncode != 0:
        pytest.skip("the system does not let this test mount a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_really_full_disk_ends_in_a_sentence_and_the_run_goes_on_when_there_is_room(small_disk: Path) -> None:
    def write_until_full(made: RunFolder) -> None:
        for index, places in enumerate(plan(300, 2)):
            write(made, index, places)

    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(170_000))
    with RunFolder.claim(small_disk / "run", IDENTITY, TABLES) as made, pytest.raises(StoreError, match="no room left on this disk"):
        write_until_full(made)
    assert not parts(small_disk)
    written = RunFolder.open(small_disk / "run").done()
    assert written
    ballast.unlink()
    with RunFolder.claim(small_disk / "run", IDENTITY, TABLES) as resumed:
        assert resumed.done() == written
        write(resumed, 999, [(9, 9, 9)])
        assert len(resumed.totals()["places"]) == 2 * len(written) + 1


def test_a_folder_that_cannot_be_made_ends_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Not a directory"):
        RunFolder.claim(tmp_path / "file" / "run", IDENTITY, TABLES)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_an_unwritable_folder_ends_in_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="does not allow"):
        RunFolder.claim(tmp_path / "run", IDENTITY, TABLES)


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0x5A]) + content[at + 1 :]


@pytest.mark.parametrize("damage", [lambda c: c[: len(c) // 2], lambda c: b"", lambda c: b"PAR1 not really PAR1", lambda c: flip(c, 60)])
def test_a_damaged_batch_is_reported_by_name_never_skipped(folder: RunFolder, damage: Callable[[bytes], bytes]) -> None:
    write(folder, 0, plan()[0])
    write(folder, 1, plan()[1])
    victim = folder.path / "tallies" / "000001.parquet"
    victim.write_bytes(damage(victim.read_bytes()))
    for look in (folder.totals, folder.read):
        with pytest.raises(StoreError, match=r"000001\.parquet: this batch is damaged.*Remove the file"):
            look()
    victim.unlink()
    assert folder.done() == {0}


def test_no_changed_byte_goes_unnoticed(folder: RunFolder) -> None:
    write(folder, 0, plan()[0])
    content = (folder.path / "tallies" / "000000.parquet").read_bytes()
    assert store._is_sealed(content)
    assert not [at for at in range(len(content)) if store._is_sealed(flip(content, at))]


def test_a_damaged_record_is_reported(folder: RunFolder) -> None:
    (folder.path / "provenance.json").write_text('{"identity": ')
    with pytest.raises(StoreError, match=r"provenance\.json: this file is damaged"):
        _ = folder.finished


def test_text_is_replaced_whole(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("report.html", "first é")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        folder.write("report.html", "second")
    assert (folder.path / "report.html").read_text(encoding="utf-8") == "first é"
    assert not parts(folder.path)
