"""A fingerprint depends on names, shapes and values only; the record says what is needed and names nobody."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from counterlife import provenance

TABLES: dict[str, Any] = {"people": np.arange(6).reshape(2, 3), "months": np.array([2**40, -1])}


def test_the_fingerprint_is_the_hash_of_the_bytes_that_it_says() -> None:
    """Written out by hand for two small tables: sorted names, then a JSON header and little-endian 64-bit numbers for each."""
    expected = hashlib.sha256(
        b'["months", [2]]'
        + (2**40).to_bytes(8, "little")
        + (-1).to_bytes(8, "little", signed=True)
        + b'["people", [2, 3]]'
        + b"".join(n.to_bytes(8, "little") for n in range(6))
    ).hexdigest()
    assert provenance.fingerprint(TABLES) == expected


def test_order_width_byte_order_and_layout_do_not_matter() -> None:
    people, months = TABLES["people"], TABLES["months"]
    others = {"months": months.astype(">i8"), "people": np.asfortranarray(people.astype(np.int16))}
    assert provenance.fingerprint(others) == provenance.fingerprint(TABLES)


@given(nps.arrays(np.int64, (2, 2), elements=st.integers(-(2**63), 2**63 - 1)), st.integers(0, 1), st.integers(0, 1), st.integers(1, 2**62))
def test_any_changed_value_changes_it(array: Any, row: int, column: int, by: int) -> None:
    changed = array.copy()
    changed[row, column] ^= by
    assert provenance.fingerprint({"a": array}) != provenance.fingerprint({"a": changed})


@pytest.mark.parametrize(
    "other",
    [
        {"people": TABLES["people"]},
        {"persons": TABLES["people"], "months": TABLES["months"]},
        {"people": TABLES["people"].reshape(3, 2), "months": TABLES["months"]},
        {"people": TABLES["people"], "months": TABLES["months"], "spells": np.zeros(0, np.int64)},
    ],
    ids=["a table less", "another name", "another shape", "an empty table more"],
)
def test_names_and_shapes_are_part_of_it(other: dict[str, Any]) -> None:
    assert provenance.fingerprint(other) != provenance.fingerprint(TABLES)


@pytest.mark.parametrize("array", [np.array([0.5]), np.array([2**63], np.uint64), np.array(["a"])])
def test_only_whole_numbers_have_one(array: Any) -> None:
    with pytest.raises(TypeError, match=r"whole numbers .* 'scores' holds"):
        provenance.fingerprint({"scores": array})


def test_the_record_holds_what_a_repetition_needs() -> None:
    record = json.loads(json.dumps(provenance.describe(seed=7, draw_scheme=1)))
    assert list(record)[:2] == ["seed", "draw_scheme"]
    assert record["python"].endswith(platform.python_version())
    assert record["cores"] >= 1
    assert record["processor"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record["started"])


def test_the_record_names_neither_machine_nor_user_nor_folder() -> None:
    record = provenance.describe()
    assert set(record) == {"started", "version", "commit", "python", "platform", "processor", "cores", "packages"}
    assert str(Path(provenance.__file__).parent) not in json.dumps(record)


def test_versions_of_installed_packages_are_found_and_others_are_none() -> None:
    assert provenance.version("numpy") == np.__version__
    assert provenance.version("no-such-package-anywhere") is None
    assert provenance.requirements("no-such-package-anywhere") == []
    assert "annotated-types" in provenance.requirements("pydantic")
    assert "email-validator" not in provenance.requirements("pydantic"), "an extra is no requirement"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_commit_is_that_of_a_tracked_file_and_says_when_it_was_changed(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        return subprocess.run(["git", "-C", tmp_path, *identity, *arguments], check=True, capture_output=True, text=True).stdout.strip()

    file, stranger = tmp_path / "engine.py", tmp_path / "installed.py"
    assert provenance.commit(file) is None
    git("init", "-q")
    file.write_text("one")
    git("add", "engine.py")
    git("commit", "-q", "-m", "first")
    assert provenance.commit(file) == git("rev-parse", "HEAD")
    stranger.write_text("not ours")
    assert provenance.commit(stranger) is None
    file.write_text("two")
    assert provenance.commit(file) == git("rev-parse", "HEAD") + "+changes"


def test_without_git_there_is_no_commit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert provenance.commit(Path(provenance.__file__)) is None
