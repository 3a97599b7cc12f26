"""YAML text becomes data with places, or an error that says where it stopped being a scenario."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterlife.scenario.written import LARGEST, ScenarioError, Written, merge, nearest, read, scalar

KEYS = st.text("abcdef", min_size=1, max_size=3)
PLAIN = st.one_of(st.integers(-99, 99), st.booleans(), st.text("xyz ", min_size=1, max_size=5))
DATA = st.dictionaries(
    KEYS, st.recursive(PLAIN, lambda inner: st.one_of(st.dictionaries(KEYS, inner, max_size=3), st.lists(inner, max_size=3)))
)


def test_every_value_and_key_has_its_place() -> None:
    written = read(b"a: 1\nbc:\n  d: [2, x]\n", "f")
    assert written.data == {"a": 1, "bc": {"d": [2, "x"]}}
    assert written.place(("bc", "d", 1)) == "f:3:10"
    assert written.place(("bc", "d"), of_key=True) == "f:3:3"
    assert written.place(("bc", "d", 0, "deeper")) == "f:3:7"


def test_yaml_1_2_has_no_surprising_words() -> None:
    assert read(b"on: no\noff: 1_000\nx: 0o17\ny: 2020-01-01\nz: ~\n", "f").data == {
        "on": "no",
        "off": 1000,
        "x": 15,
        "y": "2020-01-01",
        "z": None,
    }


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not UTF-8 text"),
        (b"a: \x00\x01", "this is no YAML text"),
        (b"a: 1\nb", "this is no YAML"),
        (b"a: 1\n---\nb: 2\n", "this is no YAML"),
        (b"x" * (LARGEST + 1), "more than the 1000000 that a scenario may have"),
        (b"[" * 5000, "nested deeper than 50 levels"),
        (b"a: " + b"9" * 5000, "is no number that can be read"),
        (b"a: {b: 1, b: 2}", "the key 'b' is given twice"),
        (b"<<: {a: 1}\na: 1\n", None),
    ],
    ids=["empty", "binary", "control", "half", "two documents", "huge", "deep", "digits", "twice", "merge key is a plain key"],
)
def test_what_is_no_scenario(raw: bytes, message: str | None) -> None:
    if message is None:
        assert "<<" in read(raw, "f").data
        return
    with pytest.raises(ScenarioError) as refused:
        read(raw, "f")
    assert message in str(refused.value)
    assert refused.value.problems[0].place.startswith("f")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(ScenarioError):
        assert isinstance(read(raw, "f").data, dict)


@given(DATA, DATA)
def test_merging_joins_mappings_and_replaces_the_rest(under: dict[str, Any], over: dict[str, Any]) -> None:
    both = merge(Written(under), Written(over)).data
    assert merge(Written(both), Written(over)).data == both
    assert merge(Written(under), Written({})).data == under
    assert both.keys() == under.keys() | over.keys()
    for key, value in over.items():
        if not isinstance(value, dict) or not isinstance(under.get(key), dict):
            assert both[key] == value


def test_a_merged_value_has_the_place_where_it_was_written() -> None:
    both = merge(read(b"a: {b: 1, c: [1, 2]}\nd: 1\n", "under"), read(b"\na: {c: [3]}\nd: ~\n", "over"))
    assert both.data == {"a": {"b": 1, "c": [3]}}
    assert both.place(("a", "b")) == "under:1:8"
    assert both.place(("a", "c", 0)) == "over:2:9"


def test_nearest_word() -> None:
    assert nearest("lone", ["loan", "travel"]) == "Did you mean 'loan'?"
    assert nearest("zzz", ["loan", "travel"]) == "Known here: loan, travel."


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("0.5 per year", "0.5 per year"), ("[a, 1]", ["a", 1]), ("null", None), ("", None), ("true", True)]
)
def test_values_of_the_command_line_are_yaml(text: str, value: object) -> None:
    assert scalar(text, "--set") == value
