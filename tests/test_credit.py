"""Credit where it is due: every measure says its formula, unit, source and tests; every name that the model's description quotes exists.

The description is `docs/model.md`. A name beside a file is looked for in that file, a key in the language of scenarios, an array in the
rulebook, a word in capitals among the enumerations.
"""

from __future__ import annotations

import ast
import csv
import enum
import inspect
import re
import types
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from counterlife import layout
from counterlife.measures import MEASURES, Measure
from counterlife.report.mechanisms import MECHANISMS
from counterlife.report.text import catalogue
from counterlife.scenario import Scenario
from counterlife.verify import CHECKS

ROOT = Path(__file__).parents[1]
MODEL = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
EXACT = {check.id for check in CHECKS}
FILE = r"[\w./-]+\.(?:py|md|csv|yaml|toml)"


@cache
def suite() -> tuple[frozenset[str], frozenset[str]]:
    """The names of all tests, and the promises (P1, P2, ...) with which docstrings of tests begin."""
    names, promises = set(), set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                names.add(node.name)
                if (said := ast.get_docstring(node) or "").startswith("P"):
                    promises |= set(re.findall(r"\bP\d+\b", re.split("[:.]", said)[0]))
    return frozenset(names), frozenset(promises)


def known(name: str) -> bool:
    """Whether an exact answer, a promise that a test keeps, or a test has that name."""
    names, promises = suite()
    return name in (EXACT if name.startswith("C") else promises if name.startswith("P") else names)


# --- measures ---------------------------------------------------------------------------------------------------------------------


def credit(measure: Measure) -> dict[str, str]:
    """The last lines of the docstring of a measure's function, by their first word."""
    lines = (inspect.getdoc(measure.function) or "").rpartition("\n\n")[2].splitlines()
    return dict(tuple(line.split(": ", 1)) for line in lines)


def test_all_measures_of_the_method_are_looked_at() -> None:
    assert {f"M{n}" for n in range(1, 32)} <= {measure.id for measure in MEASURES}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.id)
def test_every_measure_says_its_formula_unit_source_and_tests(measure: Measure) -> None:
    said = credit(measure)
    assert (inspect.getdoc(measure.function) or "").startswith(f"{measure.id}: ")
    assert list(said) == ["Formula", "Unit", "Source", "Tests"]
    assert said["Formula"] == measure.formula
    assert said["Unit"] == measure.unit
    assert said["Source"].startswith(f"method B, {measure.id}" if measure.id.startswith("M") else "Counterlife")


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.id)
def test_what_a_measure_names_as_its_tests_exists(measure: Measure) -> None:
    named = re.split(r"[,;] ", credit(measure)["Tests"])
    assert any(re.fullmatch(r"[CP]\d+", name) for name in named)
    assert [name for name in named if not known(name)] == []


def test_an_invented_test_would_be_noticed() -> None:
    assert not any(known(name) for name in ("C35", "P29", "test_that_nobody_wrote"))


# --- the description of the model -------------------------------------------------------------------------------------------------


def home(path: str) -> Path:
    """Where a quoted path leads: below the root, or below the package."""
    return next((base / path for base in (ROOT, ROOT / "src" / "counterlife") if (base / path).is_file()), ROOT / path)


def quoted(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every quoted file with the names in brackets behind it."""
    for found in re.finditer(rf"`({FILE})`(?: \(((?:`\w+`(?:, )?)+)\))?", text):
        yield found[1], tuple(re.findall(r"`(\w+)`", found[2] or ""))


@cache
def defined(path: Path) -> frozenset[str]:
    """What a module defines at its top."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        names |= {one.id for one in targets if isinstance(one, ast.Name)}
    return frozenset(names)


def missing(text: str) -> list[str]:
    """Quoted files that are not there, and names that are not defined in the file beside which they stand."""
    found = []
    for path, names in quoted(text):
        if not home(path).is_file():
            found.append(path)
        else:
            found += [f"{name} in {path}" for name in names if name not in defined(home(path))]
    return found


def test_files_and_names_beside_them_exist() -> None:
    assert len(list(quoted(MODEL))) > 80
    assert missing(MODEL) == []
    assert missing("`township/draws.py` (`philox`, `dice`), `township/dice.py`") == ["dice in township/draws.py", "township/dice.py"]


def inside(node: Any) -> Any:
    """A type without `| None` and notes."""
    if get_origin(node) in (Union, types.UnionType):
        return inside(next(one for one in get_args(node) if one is not type(None)))
    return inside(get_args(node)[0]) if get_origin(node) is Annotated else node


def is_key(dotted: str) -> bool:
    """Whether the language of scenarios has that key, where * is any name."""
    node: Any = Scenario
    for step in dotted.split("."):
        node = inside(node)
        if step == "*" and get_origin(node) is dict:
            node = get_args(node)[1]
        elif isinstance(node, type) and issubclass(node, BaseModel) and step in node.model_fields:
            node = node.model_fields[step].annotation
        else:
            return False
    return True


def test_keys_of_the_language_exist() -> None:
    keys = {key for key in re.findall(r"`([a-z_*]+(?:\.[a-z_*]+)+)`", MODEL) if not re.fullmatch(FILE, key)}
    assert len(keys) > 30
    assert [key for key in sorted(keys) if not is_key(key)] == []
    assert is_key("conduct.*.near_gate.factor")
    assert not is_key("conduct.*.near_gates")


def test_arrays_and_words_in_capitals_are_those_of_the_layout() -> None:
    """In the numbered sections: `name[` is an array of the rulebook, and REDRESS a member of an enumeration."""
    exact = re.sub(r"`[^`]*`", "", MODEL[MODEL.index("## 1. Draws") :])
    arrays = set(re.findall(r"\b([a-z_]{3,})\[", exact))
    assert len(arrays) > 50
    own = {"off"}  # when a sanction ends in each domain: section 7 says what it is
    assert arrays - own <= set(layout.Rulebook._fields), arrays - own - set(layout.Rulebook._fields)
    members = {name for _, one in inspect.getmembers(layout, inspect.isclass) if issubclass(one, enum.Enum) for name in one.__members__}
    others = {"XOR", "SHA", "UTF", "PERSON", "NEVER"}
    words = set(re.findall(r"\b[A-Z][A-Z_]{2,}\b", exact))
    assert len(words) > 50
    assert words - others <= members, words - others - members


def test_the_sections_keep_their_numbers() -> None:
    """Code, tests and the plain engine refer to them."""
    assert re.findall(r"^## (\d+)\. ", MODEL, re.M) == [str(n) for n in range(1, 17)]
    for part in re.split(r"^## \d+\. ", MODEL, flags=re.M)[1:]:
        assert re.search(r"^\*In\* .+\*Held against\* ", part, re.M), part[:40]


def test_exact_answers_and_promises_of_the_description_exist() -> None:
    named = set(re.findall(r"\b([CP]\d+)\b", re.sub(r"Claim.*|`claim`.*|C3, a fit.*|no scenario claims C3", "", MODEL)))
    assert len(named) > 40
    assert [name for name in sorted(named) if not known(name)] == []


def test_the_list_of_submodels_is_the_table_of_mechanisms() -> None:
    """Title, section, files and tests, in the same order."""
    text, listed = catalogue(), re.findall(r"^\| (.+?) \| `.+?` \| .+? \| (\d+) \| (.+?) \| (.+?) \|$", MODEL, re.M)
    assert listed == [
        (
            text(f"annex.mechanisms.{one.name}.title"),
            str(one.section),
            ", ".join(f"`{file}`" for file in one.files),
            ", ".join(one.tests) or "second engine",
        )
        for one in MECHANISMS
    ]


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda one: one.name)
def test_what_a_mechanism_names_as_its_tests_exists(mechanism: Any) -> None:
    assert [name for name in mechanism.tests if not known(name)] == []
    assert all((ROOT / "src" / "counterlife" / file).is_file() for file in mechanism.files)


def test_rows_of_the_evidence_that_are_named_exist() -> None:
    with (ROOT / "src" / "counterlife" / "scenario" / "catalog" / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"] for row in csv.DictReader(file)}
    named = set(re.findall(r"\b[A-Z]{2}\d{2}\b", MODEL))
    assert len(named) >= 6
    assert named <= rows, named - rows


def test_the_elements_of_odd_are_there() -> None:
    """Grimm et al. 2020: seven elements, in this order, and what ODD+D adds about decisions."""
    elements = (
        "Purpose and patterns",
        "Entities, state variables and scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialisation",
        "Input data",
        "Submodels",
    )
    places = [MODEL.index(f"\n## {name}\n") for name in elements]
    assert places == sorted(places)
    concepts = MODEL[places[3] : places[4]]
    for word in (
        *("Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction"),
        *("Stochasticity", "Collectives", "Observation", "individual decision making", "Heterogeneity"),
        *("theory", "evidence", "uncertainty"),
    ):
        assert word in concepts
