"""The reference that the site prints: every key of the language and nothing else, with what the models and the schema say of it.

The keys are found a second time in the JSON Schema, and a third time in the scenarios that are shipped; values at the ends of the printed
ranges are given to the readers of values.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

import counterlife
from counterlife import cli
from counterlife.measures import MEASURES
from counterlife.scenario import Scenario, as_written, catalog, json_schema, quantity
from counterlife.scenario.quantity import Kind, Quantity
from docs.keys import KINDS, NAMING, SECTIONS, SHARED, UNREAD, Key, keys, parts
from docs.pages import MARK, filled, listed, plain

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
MODEL = (DOCS / "model.md").read_text(encoding="utf-8")
VALID = sorted((ROOT / "tests" / "scenarios" / "valid").glob("*.yaml"))
REFERENCE = sorted((DOCS / "reference").rglob("*.md"))
PARTS = ("value", "range", "source", "ref", "date", "note")


@cache
def page(name: str) -> str:
    """A page of the reference as Sphinx reads it."""
    return filled((DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8"))


def pages() -> list[str]:
    return [page(str(one.relative_to(DOCS / "reference").with_suffix(""))) for one in REFERENCE]


# --- the keys, by the schema ------------------------------------------------------------------------------------------------------


@cache
def raw() -> dict[str, Any]:
    """The schema of a whole scenario, with what is needed, before it is made for editors."""
    return Scenario.model_json_schema()


def seen(node: Mapping[str, Any], path: str, needed: bool = False) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Every key at and below a place of the schema, with what is said there, and whether it has to be written; a number is one key."""
    said = {**raw()["$defs"][node["$ref"].rpartition("/")[2]], **node} if "$ref" in node else dict(node)
    if path:
        yield path, said, needed
    for name, one in said.get("properties", {}).items() if not is_number(said) else ():
        yield from seen(one, f"{path}.{name}".removeprefix("."), name in said.get("required", ()))
    for one in said.get("anyOf", ()) if not is_number(said) else ():
        yield from (found for found in seen(one, path) if found[0] != path)
    several = [one for name in ("additionalProperties", "items") if isinstance(one := said.get(name), Mapping)]
    for one in (*several, *said.get("patternProperties", {}).values()):
        yield from (found for found in seen(one, f"{path}.*") if found[0] != f"{path}.*")


def is_number(said: Mapping[str, Any]) -> bool:
    return str(said.get("title", "")).startswith("Quantity") or any("value" in one.get("properties", {}) for one in said.get("anyOf", ()))


@cache
def by_schema() -> dict[str, tuple[Mapping[str, Any], bool]]:
    return {path: (said, needed) for path, said, needed in seen(raw(), "")}


@cache
def whole() -> dict[str, Key]:
    """Every key of the reference with all places at which it stands: those of parts that several others hold, and those of `scores`."""
    below = {part.name: part.keys for part in parts()}

    def spread(key: Key, path: str) -> Iterator[tuple[str, Key]]:
        yield path, key
        if key.below in SHARED.values():
            for one in below[key.below]:
                yield from spread(one, path + one.path.removeprefix(key.below))

    found = dict(pair for key in keys() if key.path.partition(".")[0] not in SHARED.values() for pair in spread(key, key.path))
    again = {f"scores.*{path.removeprefix('score')}": key for path, key in found.items() if path.startswith("score.")}
    return found | again


def test_the_keys_are_those_of_the_schema() -> None:
    known, printed = by_schema(), whole()
    assert len(known) > 300
    assert set(printed) - {"extends"} == set(known)


def test_a_number_has_the_parts_of_a_quantity() -> None:
    assert [key.path for key in keys() if key.path.startswith("number.")] == [f"number.{one}" for one in PARTS]
    assert tuple(Quantity.model_fields) == PARTS


def test_every_key_has_a_sentence_of_its_own() -> None:
    assert [key.path for key in keys() if not re.match(r"[A-Z`].*\.$", key.text)] == []
    described = {
        name: part["properties"] for name, part in [("Scenario", json_schema()), *json_schema()["$defs"].items()] if "properties" in part
    }
    texts = {one["description"] for part in described.values() for one in part.values()}
    assert [
        key.path for key in keys() if not key.path.startswith("number.") and key.text not in {" ".join(one.split()) for one in texts}
    ] == []


def test_what_is_needed_is_what_the_schema_requires() -> None:
    for path, (_, needed) in by_schema().items():
        assert (whole()[path].default is None) == needed, path


def test_what_wants_a_source_is_what_the_schema_calls_a_quantity() -> None:
    for path, (said, _) in by_schema().items():
        held = [one["$ref"] for one in refs(said)]
        assert whole()[path].sourced == (is_number(said) or any("Quantity" in one for one in held)), path


def refs(node: Any) -> Iterator[Mapping[str, Any]]:
    """References in a schema, but for those in keys of its own."""
    if isinstance(node, Mapping):
        if "$ref" in node:
            yield node
        for name, one in node.items():
            if name != "properties":
                yield from refs(one)
    elif isinstance(node, list):
        for one in node:
            yield from refs(one)


def bare(default: Any) -> Any:
    """A default of the schema without provenance and blanks, as one would write it."""
    if isinstance(default, Mapping):
        inner = {name: bare(one) for name, one in default.items()}
        return bare(default["value"]) if "value" in default else {name: one for name, one in inner.items() if one not in (None, "", {}, [])}
    return default if not isinstance(default, list) else [bare(one) for one in default]


def test_defaults_are_those_of_the_schema() -> None:
    """Read as YAML, the printed default is what the schema has; where it prints none, the schema has nothing either."""
    yaml, looked_at = YAML(typ="safe", pure=True), 0
    for path, (said, needed) in by_schema().items():
        if not needed and "default" in said:
            expected, printed = bare(said["default"]), whole()[path].default
            looked_at += 1
            if not printed:
                assert expected in (None, "", {}, []) or path in ("score", "joint"), path  # parts whose keys have defaults of their own
            elif isinstance(shown := yaml.load(printed), Mapping):
                assert shown == {name: expected[name] for name in shown}, path
            else:
                assert shown == expected, path
    assert looked_at > 150


# --- the keys, by what is written -------------------------------------------------------------------------------------------------


def written(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(node, Mapping):
        for name, one in node.items():
            below = tuple(str(name).split(".")) if path[-1:] == ("set",) else (*path, str(name))  # `set` holds paths from the top
            yield below
            yield from written(one, below)
    elif isinstance(node, list):
        for one in node:
            yield from written(one, (*path, "*"))


def stands(path: tuple[str, ...], known: Mapping[str, Key]) -> bool:
    """Whether the reference has a key for a path of a file, or for the mapping of names or the number to which it belongs."""
    for length in range(len(path), 0, -1):
        for place, key in known.items():
            if matches(path[:length], tuple(place.split("."))):
                rest = path[length:]
                by_name = 3 if "two names" in key.takes else 1 if "for each" in key.takes or "list of" in key.takes else 0
                return len([step for step in rest if step not in PARTS or not (key.sourced or "two names" in key.takes)]) <= by_name
    return False


def matches(path: tuple[str, ...], place: tuple[str, ...]) -> bool:
    return len(path) == len(place) and all(step in ("*", word) for word, step in zip(path, place, strict=True))


@pytest.mark.parametrize("name", [*map(str, VALID), *(entry.name for entry in catalog())], ids=lambda name: Path(name).stem)
def test_every_key_that_a_scenario_uses_is_in_the_reference(name: str) -> None:
    known = whole()
    paths = set(written(YAML(typ="safe", pure=True).load(as_written(name).decode()), ()))
    assert [path for path in sorted(paths) if not stands(path, known)] == []


def test_a_key_that_nobody_knows_would_be_noticed() -> None:
    known = whole()
    assert not stands(("conduct", "debt", "rates"), known)
    assert not stands(("gate",), known)
    assert stands(("conduct", "debt", "rate", "note"), known)


# --- kinds of values ----------------------------------------------------------------------------------------------------------------

ENDS: Mapping[str, tuple[list[Any], list[Any]]] = {
    "share": ([0, 1], [-0.001, 1.001]),
    "shares": ([[0, 1]], [[0.5, 1.001], 0.5]),
    "factor": ([0, 1e6], [-0.001]),
    "positive": ([0.001], [0, -1]),
    "number": ([-1e9, 0, 1e9], ["1", None]),
    "points": ([-1e9, 0.001, 1e9], [-1.001e9, 0.0001, 1.001e9]),
    "mark": ([-1e9, 1e9, "good"], [1.001e9, 0.0001]),
    "edge": ([-1e9, 1e9, "lowest"], [1.001e9, 0.0001]),
    "duration": (["0 days", "1 week", "2 months", "1000 years"], ["1001 years", "-1 days", 30, "for ever"]),
    "term": (["0 days", "1000 years", "for ever"], ["1001 years", 30]),
    "rate": (["0 per year", "100 per day", "1 per week", "1 per month"], ["101 per day", "-1 per year", 0.5]),
    "years": ([0, 18], [-1]),
    "whole": ([1, 10**12], [0, 10**12 + 1, 1.5]),
    "date": (["2020-01-01"], ["1 January 2020", 2020]),
    "name": (["court_list", "_x9"], ["Court", "9x", "a-b", ""]),
    "text": (["Court list", 2018], [True, ["a"]]),
}
"""What the printed words and ranges promise: the first are taken, the second are refused."""


def readers() -> dict[str, Kind]:
    """Every kind of value in the models."""
    found = {}
    for one in vars(quantity).values():
        notes = get_args(one)[1:]
        if isinstance(one, type) and issubclass(one, Quantity) and "value" in one.model_fields:
            notes = tuple(one.model_fields["value"].metadata)
        found |= {note.name: note for note in notes if isinstance(note, Kind)}
    return found


def test_every_kind_of_value_is_explained() -> None:
    assert set(KINDS) == set(readers())
    assert set(ENDS) == set(KINDS) - {"length"}


@pytest.mark.parametrize("kind", ENDS)
def test_printed_ranges_are_those_of_the_readers(kind: str) -> None:
    read = readers()[kind].read
    taken, refused = ENDS[kind]
    for value in (*taken, YAML(typ="safe", pure=True).load(KINDS[kind].example)):
        read(value)
    for value in refused:
        with pytest.raises(ValueError):  # noqa: PT011 - which value is refused is the point
            read(value)


def test_the_printed_length_is_that_of_a_period() -> None:
    period = Scenario.model_fields["period"].annotation
    assert period is not None
    for length in ("1 day", "200 years", KINDS["length"].example):
        period(start="2020-01-01", length=length)
    for length in ("0 days", "1.5 years", "201 years"):
        with pytest.raises(ValidationError):
            period(start="2020-01-01", length=length)


# --- sections of the model ------------------------------------------------------------------------------------------------------------


def test_every_key_leads_to_a_section_or_is_for_readers() -> None:
    sections = {int(number) for number in re.findall(r"^## (\d+)\. ", MODEL, re.M)}
    for key in keys():
        first, last = key.path.partition(".")[0], key.path.rpartition(".")[2]
        assert (key.section in sections) != (first in UNREAD or last in NAMING), key.path


def test_sections_are_those_of_the_list_of_submodels() -> None:
    """Each submodel of `docs/model.md` names a key and a section."""
    listed = re.findall(r"^\| .+? \| `([a-z_.*]+)` \| .+? \| (\d+) \| .+? \| .+? \|$", MODEL, re.M)
    assert len(listed) > 40
    found = {key.path: key for key in keys()}
    friendly = {"score.friends.drop", "score.friends", "score.family"}  # found below the part that holds them
    wrong = [(path, section, found[path].section) for path, section in listed if found[path].section != int(section)]
    assert [one for one in wrong if one[0] not in friendly] == []


def test_no_section_is_given_to_a_key_that_is_not_there() -> None:
    known = {key.path for key in keys()} | set(SHARED.values())
    assert set(SECTIONS) <= known


# --- pages ----------------------------------------------------------------------------------------------------------------------------


def test_every_key_stands_on_one_page_once() -> None:
    printed = [path for text in pages() for path in re.findall(r"^`+\{confval\} (\S+)$", text, re.M)]
    assert len(printed) == len(set(printed))
    assert sorted(printed) == sorted(key.path for key in keys())


def test_links_to_parts_and_sources_lead_somewhere() -> None:
    targets = [target for text in pages() for target in re.findall(r"^\(([\w-]+)\)=$", text, re.M)]
    assert len(targets) == len(set(targets))
    assert {link for text in pages() for link in re.findall(r"\]\(#([\w-]+)\)", text)} <= set(targets)


def test_an_entry_says_all_that_is_to_be_known() -> None:
    """One key of each kind, by hand."""
    text = page("scenario/conduct")
    entry = re.search(r"\{confval\} conduct\.\*\.from_age\n(.*?)````", text, re.S)
    assert entry is not None
    assert "Age from which the class applies and is recorded." in entry[1]
    facts = "duration (days, weeks, months or years; 0 to 1000 years) · default `18 years` · source, or assumption · [model\u00a03]"
    assert facts in entry[1]
    assert "factor (0 or more) · needed · source, or assumption" in text
    assert "one of `bad`, `good`, `lawful` · needed · [model\u00a03]" in text
    assert "[part](#part-by-group) · may be left out" in text


def test_every_measure_is_printed_with_its_credit() -> None:
    text = page("measures")
    headings = re.findall(r"^## ([BM]\d+): ", text, re.M)
    assert headings == [measure.id for measure in MEASURES]
    assert {f"M{n}" for n in range(1, 32)} <= set(headings)
    for word in ("Formula", "Unit", "Source", "Tests"):
        assert len(re.findall(rf"^\* \*\*{word}:\*\* .", text, re.M)) == len(MEASURES)


def test_every_command_is_printed() -> None:
    offered = {name for name in cli.app if not name.startswith("-")}
    assert {"run", "check", "life", "verify"} <= offered
    assert set(re.findall(r"^## counterlife (\w+)$", page("commands"), re.M)) == offered
    assert "counterlife run [OPTIONS] [ARGS]" in page("commands")
    assert "How often the people are made and lived anew" in page("commands")


def test_every_public_name_is_printed() -> None:
    assert sorted(re.findall(r"^\.\. auto\w+:: (\w+)$", page("python"), re.M)) == sorted(counterlife.__all__)


def test_every_catalog_entry_is_printed_with_its_label_contexts_question_and_sources() -> None:
    text = page("catalog")
    for entry in catalog():
        assert f"## {plain(entry.title)}\n\n`{entry.name}` · {entry.label} · claim level C" in text
        assert f"> {plain(entry.question)}" in text
    assert text.count("* **Contexts:** ") == text.count("* **Sources:** ") == len(catalog())
    robodebt = text[text.index("`robodebt`") : text.index("`rongcheng`")]
    for source in ("rd02", "rd03", "rd04", "rd05", "rd06"):  # the rows that the file names
        assert f"](#{source})" in robodebt
    assert "* **Contexts:** credit, income, transport" in robodebt


def test_what_is_printed_is_text_and_no_markup() -> None:
    assert plain("a * b_c [d] <e> `f_g`") == r"a \* b\_c \[d\] \<e\> `f_g`"
    assert not MARK.search("".join(pages()))


def test_links_to_the_readme_lead_to_the_first_page() -> None:
    assert filled("See [this](../../README.md#limits) and [that](README.md).") == "See [this](/index.md#limits) and [that](README.md)."


def test_parameters_of_a_function_are_listed() -> None:
    said = "It is done.\n\nout: where (or None). size: how many: at least\none. Raises X where it fails. It may be slow."
    assert listed(said, ["out", "size", "other"]) == (
        "It is done.\n\n* ``out``: where (or None).\n* ``size``: how many: at least one.\n\nRaises X where it fails. It may be slow."
    )
    assert listed("before: the reference", ["size"]) == "before: the reference"
    assert "* ``people``: " in listed(inspect.getdoc(counterlife.run) or "", inspect.signature(counterlife.run).parameters)


def test_both_locks_name_the_same_versions() -> None:
    def pins(path: Path) -> set[str]:
        return set(re.findall(r"^([a-z0-9._-]+==\S+)", path.read_text(encoding="utf-8"), re.M))

    ours, site = pins(ROOT / "requirements.lock"), pins(DOCS / "requirements.lock")
    assert any(one.startswith("sphinx==") for one in site)
    names = {one.partition("==")[0] for one in ours}
    assert {one for one in site if one.partition("==")[0] in names} <= ours
