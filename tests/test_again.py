"""A run lived again is the same or says what differs first; a pack carries it to where neither its catalog nor its author's folders are."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lived import SMALL

from counterlife import packs, store, study
from counterlife.cli import answer
from counterlife.packs import PackError
from counterlife.report.again import lines
from counterlife.report.packing import pack_run
from counterlife.scenario import lineage, load
from counterlife.store import RunFolder, StoreError
from counterlife.study import Count, Run, discrepancy, run_again

FEW: dict[str, Any] = {"people": 600, "overrides": ["population.township=150"]}
COLUMNS = pl.Schema({name: pl.Int64() for name in ("region", "township", "replicate", "table", "row", "column", "value")})
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run of four townships."""
    path = tmp_path_factory.mktemp("made") / "run"
    study.run(SMALL, out=path, **FEW)
    return path


@pytest.fixture(scope="module")
def packed(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of it."""
    copy = tmp_path_factory.mktemp("packed") / "run"
    shutil.copytree(made, copy)
    return pack_run(study.open_run(copy), copy.with_name("run.zip"))


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A copy of the run that may be changed."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Give a command in an empty folder, in this process."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def asked(*arguments: object) -> tuple[int, str, str]:
        return (answer([str(argument) for argument in arguments]), *capsys.readouterr())

    return asked


def change(path: Path, what: Callable[[pl.DataFrame], pl.DataFrame], fingerprint: str | None = "f" * 64) -> None:
    """The counts of a run are changed by hand, sealed as if nothing had happened, and its fingerprint is another one."""
    file = path / "tallies" / "000000.parquet"
    frame, buffer = pl.read_parquet(file), BytesIO()
    what(frame).cast(frame.schema).write_parquet(buffer, compression="zstd", metadata={"sha256": store.NO_SEAL.decode()})  # type: ignore[arg-type]
    file.write_bytes(store._seal(buffer.getvalue()))
    if fingerprint is not None:
        RunFolder.open(path).note(fingerprint=fingerprint)


def add(frame: pl.DataFrame, township: int, table: int, row: int, column: int, by: int) -> pl.DataFrame:
    """The frame with one number raised."""
    cell = pl.DataFrame([(1, township, 0, table, row, column, by)], schema=COLUMNS, orient="row")
    both = pl.concat([frame.cast(pl.Int64), cell.with_columns(region=pl.lit(frame["region"][0]).cast(pl.Int64))])
    return both.group_by(both.columns[:-1], maintain_order=True).agg(pl.col("value").sum())


def spot(path: Path, name: str, column: str) -> tuple[int, int]:
    """Numbers of a table and of one of its columns."""
    tables = json.loads((path / "tallies" / "tables.json").read_text(encoding="utf-8"))
    table = [one["name"] for one in tables].index(name)
    return table, tables[table]["columns"].index(column)


def value(path: Path, township: int, table: int, row: int, column: int) -> int:
    """A number of a township."""
    frame = pl.read_parquet(path / "tallies" / "000000.parquet")
    found = frame.filter(township=township, table=table, row=row, column=column)["value"]
    return int(found.sum())


# --- the first difference ---------------------------------------------------------------------------------------------------


def test_the_first_number_that_differs_is_found_by_place_table_row_and_column(made: Path, copy: Path) -> None:
    """Four numbers are raised by hand; the first of them is that of the lowest township, then table, then row."""
    table, column = 1, 0
    later = [(2, 0, 0, 0), (1, table, 5, column), (1, table, 3, column), (3, 0, 0, 0)]

    def raised(frame: pl.DataFrame) -> pl.DataFrame:
        for township, in_table, row, in_column in later:
            frame = add(frame, township, in_table, row, in_column, 7)
        return frame.reverse()  # the order of rows says nothing

    change(copy, raised)
    found = discrepancy(RunFolder.open(made), RunFolder.open(copy))
    region = int(pl.read_parquet(made / "tallies" / "000000.parquet")["region"][0])
    names = RunFolder.open(made).tables[table]
    old = value(made, 1, table, 3, column)
    assert found.first == Count((region, 1, 0), names.name, 3, names.columns[column], old, old + 7)
    assert (found.places_differ, found.places) == (3, 4)
    assert not any((found.columns_before, found.columns_after, found.places_before, found.places_after))
    other_way = discrepancy(RunFolder.open(copy), RunFolder.open(made)).first
    assert other_way is not None
    assert (other_way.before, other_way.after) == (old + 7, old)


def test_equal_counts_have_no_difference_however_they_are_cut(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("counterlife.study.plan"), "BATCH_PEOPLE", 300)
    study.run(SMALL, out=tmp_path / "cut", **FEW)
    assert len(list((tmp_path / "cut" / "tallies").glob("*.parquet"))) == 2
    assert not discrepancy(RunFolder.open(made), RunFolder.open(tmp_path / "cut"))


def test_places_of_one_run_only_are_named(made: Path, copy: Path) -> None:
    change(copy, lambda frame: frame.filter(pl.col("township") != 2))
    found = discrepancy(RunFolder.open(made), RunFolder.open(copy))
    assert [place[1] for place in found.places_before] == [2]
    assert (found.places_after, found.first, found.places) == ((), None, 3)
    assert discrepancy(RunFolder.open(copy), RunFolder.open(made)).places_after == found.places_before


def test_columns_of_one_run_only_are_named_and_the_others_still_compared(made: Path, copy: Path) -> None:
    """A column moves to another place and another one is renamed; only a number in a third is different."""
    listed = json.loads((copy / "tallies" / "tables.json").read_text(encoding="utf-8"))
    columns = listed[0]["columns"]
    gone = columns[0]
    listed[0]["columns"] = ["new_name", *columns[1:]]
    (copy / "tallies" / "tables.json").write_text(json.dumps(listed), encoding="utf-8")
    assert discrepancy(RunFolder.open(made), RunFolder.open(copy)).first is None
    change(copy, lambda frame: add(frame, 0, 0, 2, 1, 1))
    found = discrepancy(RunFolder.open(made), RunFolder.open(copy))
    assert (found.columns_before, found.columns_after) == ((f"people {gone}",), ("people new_name",))
    assert found.first is not None
    assert (found.first.row, found.first.column, found.first.after - found.first.before) == (2, columns[1], 1)

    listed[0]["columns"] = [*columns[1:], columns[0]]  # the same columns in another order
    moved = copy.with_name("moved")
    shutil.copytree(made, moved)
    (moved / "tallies" / "tables.json").write_text(json.dumps(listed), encoding="utf-8")
    last = len(columns) - 1
    change(
        moved,
        lambda frame: frame.with_columns(
            column=pl.when(pl.col("table") == 0).then((pl.col("column") - 1) % (last + 1)).otherwise("column")
        ),
    )
    assert not discrepancy(RunFolder.open(made), RunFolder.open(moved))


# --- what is said of it -----------------------------------------------------------------------------------------------------


def test_the_command_names_the_first_difference_and_what_was_made_otherwise(ask: Ask, made: Path, copy: Path) -> None:
    table, column = spot(made, "people", "people")
    old = value(made, 3, table, 0, column)
    change(copy, lambda frame: add(frame, 3, table, 0, column, 5))
    folder = RunFolder.open(copy)
    record = folder.provenance
    folder.note(commit="abc", packages={**record["packages"], "numpy": "1.0"}, kernels="0123")
    folder.note(identity={**record["identity"], "draw_scheme": 0})
    code, out, _ = ask("run", "--again", copy, "--out", "fresh")
    assert code == 1
    fresh = study.open_run("fresh")
    said = out.splitlines()
    said = said[said.index(f"NOT the same as {copy}: its fingerprint is {'f' * 64}, the one here {fresh.fingerprint}") :]
    label = ", ".join(map(str, fresh.tallies.rows["people"][0]))
    where = f"township Plain/3, table people, row 0 ({label}), column people"
    assert f"  First difference: {where}: {old + 5:,} there, {old} here (1 of 4 townships differ)." in said
    assert said[said.index("Made otherwise:") :] == [
        "Made otherwise:",
        f"  commit: abc there, {fresh.provenance['commit'] or 'not on record'} here",
        f"  hash of the kernels: 0123 there, {fresh.provenance['kernels']} here",
        f"  draw scheme: 0 there, {fresh.provenance['identity']['draw_scheme']} here",
        f"  NumPy: 1.0 there, {fresh.provenance['packages']['numpy']} here",
    ]


def test_counts_that_do_not_belong_to_their_fingerprint_are_not_the_same(copy: Path, tmp_path: Path) -> None:
    """The record still has the right fingerprint: whoever looks only at that would be told that all is well."""
    change(copy, lambda frame: add(frame, 0, 0, 0, 0, 1), fingerprint=None)
    again = run_again(copy, out=tmp_path / "fresh")
    assert again.before["fingerprint"] == again.run.fingerprint
    assert not again.same
    assert again.discrepancy is not None
    assert again.discrepancy.first is not None
    assert "Its record and its counts do not belong together" in "\n".join(lines(again))


def test_a_run_made_by_another_version_may_be_the_same(copy: Path, tmp_path: Path) -> None:
    folder = RunFolder.open(copy)
    folder.note(python="CPython 3.99.0", resumed=[{"version": "0.0.9", "commit": "old", "started": "then"}])
    again = run_again(copy, out=tmp_path / "fresh")
    assert again.same
    said = lines(again)
    assert said[:2] == [f"same as {copy}, to the last count", "Made otherwise, which changed nothing:"]
    assert f"  Python: CPython 3.99.0 there, {again.run.provenance['python']} here" in said
    assert "  version: 0.1.0, then 0.0.9 there, 0.1.0 here" in said


def test_a_resolved_scenario_that_was_changed_is_refused_or_named(copy: Path, tmp_path: Path) -> None:
    """Refused where this program wrote it; another one may have hashed it otherwise, so then the hash is named among what differs."""
    file = copy / "resolved.yaml"
    text = file.read_text(encoding="utf-8")
    assert "term: 30 days" in text
    file.write_text(text.replace("term: 30 days", "term: 31 days"), encoding="utf-8")
    with pytest.raises(StoreError, match=r"resolved\.yaml was changed"):
        run_again(copy, out=tmp_path / "fresh")
    RunFolder.open(copy).note(commit="abc")
    again = run_again(copy, out=tmp_path / "fresh")
    assert not again.same
    assert {"commit", "scenario"} == {one.name for one in again.makings}


def test_measures_that_were_changed_are_noticed(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "run")
    file = tmp_path / "run" / "measures.csv"
    assert (run_again(tmp_path / "run", out=tmp_path / "one").measures, run_again(tmp_path / "run", out=tmp_path / "two").same) == (0, True)
    frame = pl.read_csv(file)
    row = int(frame["value"].is_not_null().arg_max() or 0)
    frame.with_row_index("n").with_columns(value=pl.when(pl.col("n") == row).then(pl.col("value") + 1).otherwise("value")).drop(
        "n"
    ).write_csv(file)
    again = run_again(tmp_path / "run", out=tmp_path / "three")
    assert (again.counts_are_same, again.measures, again.same) == (True, 1, False)
    assert (
        lines(again)[1]
        == "1 values in its measures.csv are not what these counts give: the file was changed, or another version worked them out."
    )
    file.write_text("not,a\ntable\n")
    with pytest.raises(StoreError, match="these measures cannot be read"):
        run_again(tmp_path / "run", out=tmp_path / "four")


# --- packs of runs ----------------------------------------------------------------------------------------------------------


def names(file: Path) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        return archive.namelist()


def part(file: Path, name: str) -> bytes:
    with zipfile.ZipFile(file) as archive:
        return archive.read(name)


def test_a_pack_holds_all_that_a_stranger_needs(made: Path, packed: Path) -> None:
    assert names(packed) == [
        "README.txt", "measures.csv", "measures.parquet", "provenance.json", "report.html", "resolved.yaml", "scenario.yaml",
        "tallies/000000.parquet", "tallies/tables.json", "written/plain.csv", "written/plain.yaml", "SHA256SUMS",
    ]  # fmt: skip
    run = study.open_run(made)
    assert part(packed, "scenario.yaml") == Path(SMALL).read_bytes()
    assert pl.read_csv(BytesIO(part(packed, "measures.csv"))).height == run.measures.height
    told = part(packed, "README.txt").decode()
    identity = run.provenance["identity"]
    for word in (
        run.fingerprint,
        identity["scenario"],
        run.provenance["kernels"],
        "600 in townships of 150",
        "run --again FILE",
        "Nobody in it\nexists",
    ):
        assert word in told
    listed = part(packed, "SHA256SUMS").decode().splitlines()
    assert listed[0] == "# counterlife pack 1"
    assert f"{hashlib.sha256(told.encode()).hexdigest()}  README.txt" in listed


def test_packing_twice_gives_the_same_bytes(ask: Ask, copy: Path) -> None:
    for name in ("one.zip", "two.zip"):
        code, out, _ = ask("pack", copy, "--out", name)
        assert code == 0
    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()
    assert out.splitlines() == [
        f"fingerprint {study.open_run(copy).fingerprint}",
        "pack        two.zip",
        f"sha256      {hashlib.sha256(Path('two.zip').read_bytes()).hexdigest()}",
    ]
    code, out, err = ask("pack", copy, "--out", "two.zip")
    assert (code, out) == (2, "")
    assert "something is here already" in err
    assert ask("pack", copy)[0] == 0
    assert Path("copy.zip").read_bytes() == Path("two.zip").read_bytes()


def test_a_pack_is_lived_again_without_catalog_or_folders(ask: Ask, packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on another machine: no shipped scenario and no shipped country can be found."""
    monkeypatch.setattr(import_module("counterlife.scenario.load"), "_names", list)
    monkeypatch.setattr(import_module("counterlife.scenario.load"), "catalog_countries", list)
    monkeypatch.setattr(import_module("counterlife.scenario.country"), "catalog_countries", list)
    code, out, err = ask("run", "--again", packed)
    assert (code, "Traceback" in err) == (0, False)
    assert f"same as {packed}, to the last count" in out.splitlines()
    assert study.open_run("runs/run-again").fingerprint == json.loads(part(packed, "provenance.json"))["fingerprint"]
    assert [one.name for one in Path().iterdir()] == ["runs"]


def test_an_unpacked_pack_is_a_run(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "run")
    run = study.open_run(tmp_path / "run")
    assert run.measures.height > 0
    assert study.compare(tmp_path / "run", run).is_identical(study.compare(tmp_path / "run", run).others[0])


def damaged(packed: Path, target: Path, how: str) -> None:
    content = packed.read_bytes()
    if how == "shortened":
        target.write_bytes(content[: len(content) // 2])
    elif how == "tampered":
        with zipfile.ZipFile(packed) as archive, zipfile.ZipFile(target, "w") as other:
            for name in archive.namelist():
                text = archive.read(name)
                other.writestr(name, text.replace(b"term: 30 days", b"term: 31 days") if name == "resolved.yaml" else text)
    elif how == "compressed":
        with zipfile.ZipFile(packed) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as other:
            for name in archive.namelist():
                other.writestr(name, archive.read(name))
    elif how == "no run":
        packs.pack(target, {"README.txt": b"hello"})
    elif how == "unfinished":
        parts: dict[str, bytes | Path] = {name: part(packed, name) for name in names(packed) if name != "SHA256SUMS"}
        record = {**json.loads(part(packed, "provenance.json")), "fingerprint": None}
        packs.pack(target, {**parts, "provenance.json": json.dumps(record).encode()})
    else:
        target.write_bytes(b"title: a scenario\n")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("shortened", "no pack, or not a whole one"),
        ("tampered", "resolved.yaml has another SHA-256 than it had"),
        ("compressed", "compressed, or larger than the file"),
        ("no run", "so it is no packed run"),
        ("unfinished", "this run is not finished"),
        ("something else", "this is no pack"),
    ],
)
def test_a_file_that_is_not_the_pack_it_was_is_refused(ask: Ask, packed: Path, tmp_path: Path, how: str, words: str) -> None:
    damaged(packed, tmp_path / "bad.zip", how)
    code, out, err = ask("run", "--again", tmp_path / "bad.zip")
    assert (code, out, list(Path().iterdir())) == (2, "", [])
    assert words in err
    assert err.startswith(f"{tmp_path / 'bad.zip'}: ")
    assert len(err.splitlines()) == 1


def test_damage_inside_a_pack_is_told_by_the_name_of_the_pack(ask: Ask, packed: Path, tmp_path: Path) -> None:
    """Hashes made anew over a batch that is damaged: the batch has a seal of its own."""
    parts: dict[str, bytes | Path] = {name: part(packed, name) for name in names(packed) if name != "SHA256SUMS"}
    batch = part(packed, "tallies/000000.parquet")
    packs.pack(tmp_path / "bad.zip", {**parts, "tallies/000000.parquet": batch[:100] + b"x" + batch[101:]})
    code, _, err = ask("run", "--again", tmp_path / "bad.zip", "--out", "fresh")
    assert code == 1
    assert f"{tmp_path / 'bad.zip'}/tallies/000000.parquet: this batch is damaged" in err
    assert "counterlife-" not in err


def test_a_run_whose_counts_were_changed_is_not_packed(ask: Ask, copy: Path) -> None:
    change(copy, lambda frame: add(frame, 0, 0, 0, 0, 1))
    code, out, err = ask("pack", copy)
    assert (code, out, list(Path().iterdir())) == (1, "", [])
    assert "files were changed since it was lived" in err


# --- what it was written in, and where --------------------------------------------------------------------------------------


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of somebody who wrote a scenario over two others, one of them named by its absolute path, and a country."""
    home = tmp_path / "houses" / "ada-lovelace-of-ockham"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    folder = Path(load.__code__.co_filename).parent / "catalog" / "countries"
    for kind in ("yaml", "csv"):
        shutil.copy(folder / f"plain.{kind}", home / f"plain here.{kind}")
    country = (home / "plain here.yaml").read_text(encoding="utf-8").replace("plain.csv", "plain here.csv")
    (home / "plain here.yaml").write_text(country, encoding="utf-8")
    (home / "far.yaml").write_bytes(Path(SMALL).read_bytes())
    (home / "near.yaml").write_text(f"extends: {home}/far.yaml\ntitle: Near\npopulation: {{country: plain here.yaml}}\n", encoding="utf-8")
    (home / "mine.yaml").write_text(f"# see {home}/notes.txt\nextends: near.yaml\ntitle: Mine\n", encoding="utf-8")
    return home


def test_everything_that_a_scenario_is_built_on_is_kept(author: Path) -> None:
    found = lineage(str(author / "mine.yaml"))
    assert list(found) == ["1-near.yaml", "2-far.yaml", "plain here.yaml", "plain here.csv"]
    assert found["2-far.yaml"] == Path(SMALL).read_bytes()
    assert found["plain here.csv"] == (author / "plain here.csv").read_bytes()
    assert list(lineage("w0")) == ["plain.yaml", "plain.csv"]


def test_a_pack_names_no_folder_and_no_user_of_the_machine(author: Path, tmp_path: Path) -> None:
    run = study.run(author / "mine.yaml", out=author / "runs" / "mine", **FEW)
    file = pack_run(run, tmp_path / "mine.zip")
    kept = [name for name in names(file) if name.startswith("written/")]
    assert kept == ["written/1-near.yaml", "written/2-far.yaml", "written/plain_here.csv", "written/plain_here.yaml"]
    for content in (str(author).encode(), str(tmp_path).encode(), b"ada-lovelace-of-ockham"):
        assert content not in file.read_bytes()
    assert part(file, "scenario.yaml") == b"# see ~/notes.txt\nextends: near.yaml\ntitle: Mine\n"
    assert part(file, "written/1-near.yaml").splitlines()[0] == b"extends: far.yaml"
    assert run_again(file, out=tmp_path / "again").same


def test_words_of_a_scenario_that_name_the_home_folder_are_not_sent_along(author: Path, tmp_path: Path) -> None:
    run: Run = study.run(
        author / "mine.yaml", out=tmp_path / "run", **{**FEW, "overrides": [*FEW["overrides"], f"title=From {author}/here"]}
    )
    with pytest.raises(PackError, match="your home folder is named here"):
        pack_run(run, tmp_path / "mine.zip")
    assert not (tmp_path / "mine.zip").exists()
