"""Every number of the catalog that names a source was typed a second time, from the evidence, and the two agree.

`transcription.csv` holds a figure of the evidence, or arithmetic on such figures (and on an assumption, where the number of the catalog
rests on one). It is compared in one of three ways: the catalog's value `is` that number; the range of the value holds it (`within`); or the
source is only named `beside` an assumption of another kind. `catalog/sources.csv` says what each row of the evidence is.
"""

from __future__ import annotations

import ast
import csv
import math
import operator
import re
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from statistics import NormalDist
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from counterlife.scenario import units

CATALOG = Path(str(resources.files("counterlife.scenario") / "catalog"))
TRANSCRIPTION = Path(__file__).parent / "transcription.csv"
ROUNDED = 0.02  # arithmetic on published figures, as a catalog number of two or three digits


class Row(NamedTuple):
    """A number, typed from the evidence."""

    entry: str
    path: str
    ref: str
    how: str
    value: str
    unit: str


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TYPED = [Row(**row) for row in rows(TRANSCRIPTION)]
SOURCES = {row["id"]: row for row in rows(CATALOG / "sources.csv")}


def referenced(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and content of every number with a `ref` in plain data."""
    if isinstance(node, dict):
        if "ref" in node:
            yield ".".join(path), node
        for key, one in node.items():
            yield from referenced(one, (*path, str(key)))
    elif isinstance(node, list):
        for index, one in enumerate(node):
            yield from referenced(one, (*path, str(index)))


def shipped() -> dict[tuple[str, str], dict[str, Any]]:
    """Every number with a `ref` of the catalog, as written, by entry and path."""
    found = {}
    for path in [*sorted(CATALOG.glob("*.yaml")), *sorted((CATALOG / "countries").glob("*.yaml"))]:
        entry = path.relative_to(CATALOG).with_suffix("").as_posix()
        for where, quantity in referenced(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))):
            found[entry, where] = quantity
    return found


SHIPPED = shipped()

_OPERATORS: dict[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
_FUNCTIONS: dict[str, Callable[[float], float]] = {"log": math.log, "sqrt": math.sqrt, "probit": NormalDist().inv_cdf}


def computed(text: str) -> float:
    """The number behind a piece of arithmetic."""
    return _computed(ast.parse(text, mode="eval").body)


def _computed(node: ast.expr) -> float:
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.UnaryOp):
        return _OPERATORS[type(node.op)](_computed(node.operand))
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_computed(node.left), _computed(node.right))
    assert isinstance(node, ast.Call), f"{ast.unparse(node)} is no arithmetic"
    assert isinstance(node.func, ast.Name)
    return _FUNCTIONS[node.func.id](_computed(node.args[0]))


def numbers(value: Any) -> list[float]:
    """A catalog value in the units of the engine."""
    return [units.number(one) for one in value] if isinstance(value, list) else [units.number(value)]


def typed_numbers(row: Row) -> list[float]:
    """The typed value in the units of the engine: a rate or a duration where its unit says so."""
    plain = [computed(one) for one in row.value.split(" ")]
    if re.fullmatch(r"(per )?(day|week|month|year)s?", row.unit):
        return [units.number(f"{one!r} {row.unit}") for one in plain]
    return plain


def figures(text: str) -> set[float]:
    """The figures in a text, without signs; `1-4` holds two of them."""
    return {float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?(?:e\d+)?", text)}


def test_the_same_numbers_are_in_both() -> None:
    """Nothing with a source is left untyped, and nothing was typed that is not there."""
    typed = [(row.entry, row.path) for row in TYPED]
    assert len(typed) == len(set(typed))
    assert set(typed) == set(SHIPPED)


@pytest.mark.parametrize("row", TYPED, ids=lambda row: f"{row.entry}:{row.path}")
def test_both_agree(row: Row) -> None:
    quantity = SHIPPED[row.entry, row.path]
    assert quantity["ref"] == row.ref
    typed = typed_numbers(row)
    if row.how == "is":
        exact = all(re.fullmatch(r"-?[\d.]+", one) for one in row.value.split(" "))
        assert quantity.get("source", "illustrative") != "illustrative", "a number that is in the evidence says what kind of source that is"
        assert typed == pytest.approx(numbers(quantity["value"]), rel=1e-12 if exact else ROUNDED, abs=0)
    elif row.how == "within":
        low, high = (units.number(one) for one in quantity["range"])
        assert low <= typed[0] <= high
    else:
        assert row.how == "beside"
        assert quantity.get("source", "illustrative") == "illustrative", "what stands beside a source of another kind is an assumption"
        assert quantity.get("note"), "and says why it is named"


@pytest.mark.parametrize("row", TYPED, ids=lambda row: f"{row.entry}:{row.path}")
def test_what_was_typed_is_a_figure_of_its_source(row: Row) -> None:
    """At least one figure of it stands in the row of the evidence that it names."""
    source = SOURCES[row.ref]
    if row.ref != "CR09":  # half of the changes were of 20 points or less: the figure is in the quantity
        assert figures(row.value) & figures(source["value"]), f"{row.value} has no figure of {source['value']!r}"
    else:
        assert figures(row.value) & figures(source["quantity"])


def test_every_row_of_the_evidence_that_is_mentioned_is_known() -> None:
    """In a `ref`, a note, a description or a comment."""
    for path in [*CATALOG.glob("*.yaml"), *CATALOG.glob("countries/*.yaml")]:
        mentioned = set(re.findall(r"\b[A-Z]{2}\d\d\b", path.read_text(encoding="utf-8")))
        assert mentioned <= SOURCES.keys(), f"{path.name}: {sorted(mentioned - SOURCES.keys())}"


def test_sources_say_what_they_are() -> None:
    ids = [row["id"] for row in rows(CATALOG / "sources.csv")]
    assert ids == sorted(set(ids))
    for row in SOURCES.values():
        assert row["quantity"]
        assert row["source"]
        assert row["seen"] in ("yes", "no")
        assert re.fullmatch(r"\d{4}", row["year"])


def test_a_wrong_digit_is_found() -> None:
    """The comparison can fail."""
    row = next(row for row in TYPED if (row.entry, row.path) == ("rongcheng", "score.points.judgment_for_breach"))
    test_both_agree(row)
    for wrong in ("-51", "50"):
        with pytest.raises(AssertionError):
            test_both_agree(row._replace(value=wrong))
    with pytest.raises(AssertionError):
        test_what_was_typed_is_a_figure_of_its_source(row._replace(value="-51"))
