"""A scenario file becomes a `Scenario`, or an error that says everything that is wrong with it and where.

Here live the catalog, `extends`, `--set`, and the two forms of a scenario (as written, resolved). YAML is read in `written.py`; what may be
written is in `model.py`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import types
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path as FilePath
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from . import check
from .country import catalog_countries, read_country
from .model import Scenario, completed
from .overrides import dump, locate, put
from .written import Path, Problem, ScenarioError, Written, merge, nearest, read, refuse, scalar


class Entry(NamedTuple):
    """A scenario of the catalog."""

    name: str
    title: str
    label: str
    question: str


def load(name_or_path: str, overrides: Sequence[str] = ()) -> Scenario:
    """The checked scenario of that catalog name or path, with the values of `overrides` (`a.b=c`) in their places."""
    written = _chain(str(name_or_path), "scenario", ())
    if overrides:
        _override(written, _validated(_with_country(written)), overrides)
    written = _with_country(written)
    scenario = _validated(written)
    found = check.problems(scenario)
    if found:
        raise ScenarioError([Problem(written.place(path), text) for path, text in found])
    return scenario


def catalog() -> list[Entry]:
    """The scenarios that are shipped, in the order of their names, each with `name`, `title`, `label` and `question`."""
    entries = []
    for name in _names():
        data = _chain(name, name, ()).data
        entries.append(Entry(name, str(data["title"]).strip(), str(data.get("label", "illustrative")), str(data["question"]).strip()))
    return entries


def as_written(name_or_path: str) -> bytes:
    """The bytes of the scenario file."""
    return find(str(name_or_path), None, "scenario")[1]


def resolved(scenario: Scenario) -> str:
    """The scenario as YAML in which nothing is implied; loading it gives an equal scenario."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.width = 140
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.Representer = _representer()
    text = io.StringIO()
    yaml.dump(dump(scenario), text)
    return text.getvalue()


def _representer() -> Any:
    """A representer that quotes text which begins with a sign: without quotes the reader would not take all of it back (":a", "?a")."""
    from ruamel.yaml.representer import SafeRepresenter

    class Quoting(SafeRepresenter):
        pass

    def quoted(representer: Any, text: str) -> Any:
        return representer.represent_scalar("tag:yaml.org,2002:str", text, style=None if text[:1].isalnum() else '"')

    Quoting.add_representer(str, quoted)
    return Quoting


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of everything that the scenario says, save for how many people are lived."""
    data = dump(scenario)
    del data["population"]["people"]
    return hashlib.sha256(json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode("ascii")).hexdigest()


# --- finding and joining files --------------------------------------------------------------------------------------------------


def _shipped() -> Any:
    return resources.files("counterlife.scenario") / "catalog"


def _names() -> list[str]:
    return sorted(one.name.removesuffix(".yaml") for one in _shipped().iterdir() if one.name.endswith(".yaml"))


def find(name: str, folder: FilePath | None, place: str) -> tuple[str, bytes, FilePath | None]:
    """Name for messages, bytes and folder of a scenario; the catalog has no folder.

    folder: that of the file that names it, None for where the user is. place: where it is named, for the ScenarioError of one that is not
    there.
    """
    if name in _names():
        return f"{name}.yaml", (_shipped() / f"{name}.yaml").read_bytes(), None
    path = folder / name if folder else FilePath(name)
    if not os.path.isfile(path):  # False, where the method raises, for a name that no file can have
        what = "is a folder, not a file" if os.path.isdir(path) else "is neither a catalog scenario nor a file that exists"
        raise refuse(place, f"{name!r} {what}. {nearest(name, _names())}")
    try:
        return str(path), path.read_bytes(), path.parent
    except OSError as error:
        raise refuse(place, f"the file {name!r} cannot be read: {error.strerror}") from None


def _chain(name: str, place: str, above: tuple[str, ...], folder: FilePath | None = None) -> Written:
    """The data of a file merged over those of the files that it extends."""
    shown, raw, home = find(name, folder, place)
    identity = str(FilePath(shown).resolve()) if home else shown
    if identity in above:
        circle = " -> ".join(FilePath(one).name for one in (*above[above.index(identity) :], identity))
        raise refuse(place, f"`extends` goes round in a circle ({circle}), so there is no beginning: take one of them out")
    written = read(raw, shown)
    _anchor_country(written, home)
    base = written.data.pop("extends", None)
    if base is None:
        return written
    at = written.place(("extends",))
    if not isinstance(base, str):
        raise refuse(at, f"`extends` names one catalog scenario or one file, not {base!r}")
    return merge(_chain(base, at, (*above, identity), home), written)


def _anchor_country(written: Written, home: FilePath | None) -> None:
    """A country path is relative to the file that says it."""
    people = written.data.get("population")
    if home and isinstance(people, dict) and isinstance(people.get("country"), str) and people["country"] not in catalog_countries():
        people["country"] = str(home / people["country"])


def _with_country(written: Written) -> Written:
    """The data with the tables of the country in the place of its name."""
    people = written.data.get("population")
    if not isinstance(people, dict) or not isinstance(people.get("country"), str):
        return written
    here: Path = ("population", "country")
    country = read_country(people["country"], written.place(here))
    full = Written({**written.data, "population": {**people, "country": country.data}}, dict(written.keys), dict(written.values))
    full.keys.update({here + path: mark for path, mark in country.keys.items()})
    full.values.update({here + path: mark for path, mark in country.values.items() if path})
    return full


def _override(written: Written, scenario: Scenario, overrides: Sequence[str]) -> None:
    problems = []
    for override in overrides:
        place = f"--set {override}"
        dotted, equals, text = override.partition("=")
        if not equals:
            problems.append(Problem(place, "a value is missing: write path=value, such as --set joint.shares.travel.loan=0.5"))
            continue
        try:
            path = locate(scenario, dotted.strip())
        except ValueError as error:
            problems.append(Problem(place, str(error)))
            continue
        put(written.data, scenario, path, scalar(text, place))
        for marks in (written.keys, written.values):
            for below in [mark for mark in marks if mark[: len(path)] == path]:
                del marks[below]  # what stood there in a file is gone
            marks[path] = place
    if problems:
        raise ScenarioError(problems)


# --- from the words of pydantic to ours -----------------------------------------------------------------------------------------


def _validated(written: Written) -> Scenario:
    try:
        return completed(Scenario.model_validate(written.data))
    except ValidationError as error:
        raise ScenarioError([_problem(written, dict(one)) for one in error.errors()]) from None


def _problem(written: Written, error: Mapping[str, Any]) -> Problem:
    path: Path = tuple(error["loc"])
    kind, key = error["type"], path[-1] if path else ""
    if key == "[key]":
        return Problem(written.place(path[:-1], of_key=True), str(error["ctx"]["error"]))
    if kind == "value_error":
        return Problem(written.place(path), str(error["ctx"]["error"]))
    if kind == "missing":
        where = ".".join(str(one) for one in path[:-1]) or "the scenario"
        return Problem(
            written.place(path[:-1], of_key=True), f"{key!r} is missing in {where}: it has no value that could be taken for granted"
        )
    if kind == "extra_forbidden":
        known = _known_keys(path[:-1])
        return Problem(written.place(path, of_key=True), f"{key!r} is not known here, so it would do nothing. {nearest(key, known)}")
    if kind == "literal_error":
        words = error["ctx"]["expected"]
        return Problem(written.place(path), f"{error['input']!r} cannot stand here: write {words}")
    needed = _NEEDED.get(kind, error["msg"].replace("Input should", "the value should"))
    return Problem(written.place(path), f"{needed}, not {_shown(error['input'])}")


_NEEDED = {
    "model_type": "a mapping of keys to values is needed here",
    "dict_type": "a mapping of names to values is needed here",
    "tuple_type": "a list is needed here, such as [a, b]",
    "int_type": "a whole number is needed here",
    "bool_type": "true or false is needed here",
    "bool_parsing": "true or false is needed here",
    "missing_argument": "a value is needed here",
    "too_long": "fewer values are needed here",
}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _known_keys(path: Path) -> list[str]:
    """The keys that the model at a path knows."""
    node: Any = Scenario
    for step in path:
        node = _inside(node, step)
    return [field.alias or name for name, field in node.model_fields.items()] if _is_model(node) else []


def _inside(node: Any, step: str | int) -> Any:
    if _is_model(node):
        fields = {field.alias or name: field.annotation for name, field in node.model_fields.items()}
        return _bare(fields.get(str(step)))
    arguments = get_args(node)
    return _bare(arguments[1] if get_origin(node) is dict else arguments[0]) if arguments else None


def _bare(annotation: Any) -> Any:
    """The type without `| None` and notes."""
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(one for one in get_args(annotation) if one is not type(None)))
    return _bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


def _is_model(node: Any) -> bool:
    return isinstance(node, type) and issubclass(node, BaseModel)
