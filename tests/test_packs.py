"""A pack gives back what was packed, or nothing: damage, bombs, strange names and other files are one sentence, and nothing is written."""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from counterlife.packs import SUMS, PackError, pack, unpack

PARTS = {"scenario.yaml": b"title: x\n", "tallies/000000.parquet": bytes(range(256)), "README.txt": b""}


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A small pack."""
    file = tmp_path / "whole.zip"
    pack(file, PARTS)
    return file


def taken_out(file: Path, place: Path) -> dict[str, bytes]:
    """What the pack gives; where it is refused, nothing may be there."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        unpack(file, place)
    except PackError as error:
        told = str(error)
        if any(place.iterdir()) or "\n" in told or not told.startswith(f"{file}: "):
            raise AssertionError(f"something was written, or this is not one sentence: {told}") from error
        raise
    return {str(one.relative_to(place)): one.read_bytes() for one in place.rglob("*") if one.is_file()}


def sums_of(parts: dict[str, bytes]) -> bytes:
    """The list of hashes by the format of sha256sum."""
    return "".join(
        ["# counterlife pack 1\n", *(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in parts.items())]
    ).encode()


def archive(file: Path, parts: dict[str, bytes], sums: bytes | None = None, method: int = zipfile.ZIP_STORED) -> Path:
    """A ZIP archive made by somebody else."""
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in {**parts, SUMS: sums_of(parts) if sums is None else sums}.items():
            made.writestr(name, content)
    return file


def test_what_was_packed_comes_back(whole: Path, tmp_path: Path) -> None:
    assert taken_out(whole, tmp_path / "out") == PARTS
    assert taken_out(archive(tmp_path / "other.zip", PARTS), tmp_path / "out") == PARTS  # another hand, the same form


def test_the_same_parts_are_the_same_bytes_from_memory_or_from_files(whole: Path, tmp_path: Path) -> None:
    files: dict[str, bytes | Path] = {}
    for number, name in enumerate(reversed(PARTS)):
        files[name] = tmp_path / str(number)
        (tmp_path / str(number)).write_bytes(PARTS[name])
    pack(tmp_path / "again.zip", files)
    assert (tmp_path / "again.zip").read_bytes() == whole.read_bytes()
    with zipfile.ZipFile(whole) as made:
        assert made.namelist() == ["README.txt", "scenario.yaml", "tallies/000000.parquet", SUMS]
        assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_anybody_can_check_the_hashes(whole: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(whole) as made:
        made.extractall(tmp_path / "out")
    done = subprocess.run(["sha256sum", "-c", SUMS], cwd=tmp_path / "out", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK") == len(PARTS)


def test_whatever_byte_is_changed_nothing_else_comes_out(whole: Path, tmp_path: Path) -> None:
    content, refused = whole.read_bytes(), 0
    for at in range(len(content)):
        (tmp_path / "changed.zip").write_bytes(content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 :])
        try:
            assert taken_out(tmp_path / "changed.zip", tmp_path / "out") == PARTS, at  # a date or an attribute, say
        except PackError:
            refused += 1
    assert refused > len(content) / 2


def test_a_shortened_pack_is_none(whole: Path, tmp_path: Path) -> None:
    content = whole.read_bytes()
    for length in range(len(content)):
        (tmp_path / "short.zip").write_bytes(content[:length])
        with pytest.raises(PackError, match="no pack, or not a whole one"):
            taken_out(tmp_path / "short.zip", tmp_path / "out")


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 1000, b"title: x\n", b"PK\x05\x06" + b"\0" * 18, b"\x89PNG\r\n\x1a\n"],
    ids=["empty", "zeros", "text", "no", "png"],
)
def test_other_files_are_no_packs(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(PackError, match="this is no pack"):
        taken_out(tmp_path / "other", tmp_path / "out")


@pytest.mark.parametrize(
    "name", ["../evil", "/evil", "a/../../evil", "..", "a/b/c", "C:evil", "a\\b", ".lock", "a//b", "-rf", "n\u00e4h", "a/", "x" * 10 + "\n"]
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    file = archive(tmp_path / "evil.zip", {"scenario.yaml": b"", name: b"gotcha"}, sums=b"# counterlife pack 1\n")
    with pytest.raises(PackError, match="names that no pack has"):
        taken_out(file, tmp_path / "out")
    assert not list(tmp_path.rglob("evil"))
    with pytest.raises(ValueError, match="no part of a pack can be called"):
        pack(tmp_path / "never.zip", {name: b""})


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_stand_in_each_others_way_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="names that no pack has"):
        taken_out(archive(tmp_path / "folder.zip", {"tallies": b"", "tallies/x": b""}), tmp_path / "out")
    archive(tmp_path / "twice.zip", PARTS)
    with zipfile.ZipFile(tmp_path / "twice.zip", "a") as made:
        made.writestr("scenario.yaml", b"another one")
    with pytest.raises(PackError, match="names that no pack has"):
        taken_out(tmp_path / "twice.zip", tmp_path / "out")


def test_a_part_that_was_exchanged_is_noticed(tmp_path: Path) -> None:
    file = archive(tmp_path / "exchanged.zip", {**PARTS, "scenario.yaml": b"title: y\n"}, sums=sums_of(PARTS))
    with pytest.raises(PackError, match=r"scenario\.yaml has another SHA-256 than it had"):
        taken_out(file, tmp_path / "out")


def test_parts_more_or_fewer_than_listed_are_noticed(tmp_path: Path) -> None:
    more, fewer = {**PARTS, "extra.py": b"import os"}, {"scenario.yaml": PARTS["scenario.yaml"]}
    for parts in (more, fewer):
        with pytest.raises(PackError, match="its parts are not those that it lists"):
            taken_out(archive(tmp_path / "other.zip", parts, sums=sums_of(PARTS)), tmp_path / "out")
    with pytest.raises(PackError, match="its parts are not those that it lists"):
        taken_out(archive(tmp_path / "other.zip", PARTS, sums=sums_of(PARTS) + b"rubbish\n"), tmp_path / "out")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """Ten megabytes of zeros in ten kilobytes; and one part that is listed a thousand times under other names."""
    with pytest.raises(PackError, match="compressed, or larger than the file"):
        taken_out(archive(tmp_path / "bomb.zip", {"zeros": bytes(10**7)}, method=zipfile.ZIP_DEFLATED), tmp_path / "out")
    times, content = 1000, bytes(10**5)
    parts = {f"a{number:03}": content for number in range(times)}
    head = BytesIO()
    with zipfile.ZipFile(head, "w") as made:
        made.writestr(SUMS, sums_of(parts))
        made.writestr("a000", content)
    raw = head.getvalue()
    start = raw.index(b"PK\x01\x02")
    entry = raw[raw.rindex(b"PK\x01\x02") : raw.rindex(b"PK\x05\x06")]
    assert entry[46:50] == b"a000"
    listed = raw[start : raw.rindex(b"PK\x01\x02")] + b"".join(entry[:46] + name.encode() + entry[50:] for name in parts)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, times + 1, times + 1, len(listed), start, 0)
    (tmp_path / "overlap.zip").write_bytes(raw[:start] + listed + end)
    with pytest.raises(PackError, match="compressed, or larger than the file"):
        taken_out(tmp_path / "overlap.zip", tmp_path / "out")


def test_an_archive_of_something_else_and_a_later_version_are_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as made:
        made.writestr("photo.jpg", b"\xff\xd8")
    with pytest.raises(PackError, match="SHA256SUMS is missing"):
        taken_out(tmp_path / "photos.zip", tmp_path / "out")
    later = sums_of(PARTS).replace(b"pack 1", b"pack 2")
    with pytest.raises(PackError, match="another version made it"):
        taken_out(archive(tmp_path / "later.zip", PARTS, sums=later), tmp_path / "out")


def test_what_the_caller_needs_has_to_be_there(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(PackError, match=r"provenance\.json is missing in this pack"):
        unpack(whole, tmp_path / "out", frozenset({"scenario.yaml", "provenance.json"}))
    assert list((tmp_path / "out").iterdir()) == []


def test_nothing_is_overwritten_and_no_half_is_left(whole: Path, tmp_path: Path) -> None:
    before = whole.read_bytes()
    with pytest.raises(PackError, match="something is here already"):
        pack(whole, {"other": b"1"})
    with pytest.raises(PackError, match="No such file or directory"):
        pack(tmp_path / "missing" / "p.zip", PARTS)
    with pytest.raises(PackError, match="No such file or directory"):
        pack(tmp_path / "lost.zip", {"part": tmp_path / "nowhere"})
    with pytest.raises(PackError, match="No such file or directory"):
        unpack(tmp_path / "nowhere.zip", tmp_path)
    assert whole.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["whole.zip"]
