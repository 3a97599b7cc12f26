"""YAML text becomes plain data, and every part of it keeps its place in the file.

YAML 1.2, nothing but mappings, lists and scalars. Text that is no YAML, repeated keys, oversized files and aliases that explode are
refused here. What the data mean is none of this module's business.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

LARGEST = 1_000_000  # bytes of a file
MOST = 100_000  # nodes after aliases are followed
DEEPEST = 50


@dataclass(frozen=True)
class Problem:
    """Something wrong with a scenario: where, what, why it matters and what to do."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class ScenarioError(ValueError):
    """A scenario that cannot be lived, with all problems that were found in one go."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Written:
    """Data as written, with the place of every key and value by path."""

    data: dict[str, Any]
    keys: dict[Path, str] = field(default_factory=dict)
    values: dict[Path, str] = field(default_factory=dict)

    def place(self, path: Path, of_key: bool = False) -> str:
        """The place of the longest part of the path that was written."""
        for end in range(len(path), -1, -1):
            marks = self.keys if of_key and end == len(path) and path[:end] in self.keys else self.values
            if path[:end] in marks:
                return marks[path[:end]]
        return "scenario"


def refuse(place: str, text: str) -> ScenarioError:
    """One problem as an error."""
    return ScenarioError([Problem(place, text)])


def nearest(word: object, known: Iterable[object]) -> str:
    """A closing sentence with the nearest known word, or with all of them."""
    words = [str(one) for one in known]
    close = difflib.get_close_matches(str(word), words, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known here: {', '.join(words)}." if words else "Nothing is known here."


def read(raw: bytes, name: str) -> Written:
    """The data of a file; refused where it is no mapping of YAML 1.2."""
    if len(raw) > LARGEST:
        raise refuse(name, f"the file has {len(raw)} bytes, more than the {LARGEST} that a scenario may have: keep tables in CSV files")
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(name, f"byte {error.start} is not UTF-8 text, so this is no scenario file: give a YAML file") from None
    node = compose(content, name)
    written = Written({})
    if node is None:
        raise refuse(
            f"{name}:1:1", "the file is empty: a scenario needs at least title, claim, question, period and population, or `extends`"
        )
    data = _Builder(name, written).build(node, (), 0)
    if not isinstance(data, dict):
        raise refuse(f"{name}:1:1", "a scenario is a mapping of keys to values, such as `title: ...`; this file holds something else")
    written.data = data
    return written


def scalar(content: str, place: str) -> Any:
    """The value of a piece of YAML given on the command line."""
    node = compose(content, place)
    return None if node is None else _Builder(place, Written({})).build(node, (), 0)


def compose(content: str, name: str) -> Any:
    """The nodes of a YAML text; refused where it is none."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="safe", pure=True).compose(content)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise refuse(
            where, f"this is no YAML: {error.problem or error.context}. Look at indentation, colons and quotes near here"
        ) from None
    except (YAMLError, ValueError) as error:
        raise refuse(name, f"this is no YAML text: {str(error).splitlines()[0]}. Give a YAML file") from None
    except RecursionError:
        raise refuse(name, f"the file is nested deeper than {DEEPEST} levels: a scenario never needs that") from None


class _Builder:
    """Turns nodes into data and notes their places."""

    def __init__(self, name: str, written: Written) -> None:
        self.name, self.written, self.nodes = name, written, 0

    def build(self, node: Any, path: Path, depth: int) -> Any:
        """The data under a node."""
        self.nodes += 1
        self.written.values.setdefault(path, self._at(node))
        if self.nodes > MOST:
            raise refuse(self._at(node), f"the aliases of this file unfold into more than {MOST} values: write the values out")
        if depth > DEEPEST:
            raise refuse(self._at(node), f"the file is nested deeper than {DEEPEST} levels: a scenario never needs that")
        if node.id == "mapping":
            return self._mapping(node, path, depth)
        if node.id == "sequence":
            return [self.build(one, (*path, index), depth + 1) for index, one in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: Any, path: Path, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                raise refuse(self._at(key_node), "a key must be a word, not a list or a mapping: write `key: value`")
            key = str(key_node.value)
            if key in data:
                raise refuse(self._at(key_node), f"the key {key!r} is given twice, so one of the two values would be lost: keep one")
            self.written.keys[(*path, key)] = self._at(key_node)
            data[key] = self.build(value_node, (*path, key), depth + 1)
        return data

    def _scalar(self, node: Any) -> Any:
        kind, text = str(node.tag).rpartition(":")[2], str(node.value)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        try:
            if kind == "int":
                return int(text.replace("_", ""), 0 if text.lstrip("+-")[:2] in ("0x", "0o", "0b") else 10)
            if kind == "float":
                return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
        except ValueError:
            raise refuse(self._at(node), f"{text[:40]!r} is no number that can be read: write it with digits") from None
        if kind not in ("str", "timestamp", "value", "merge"):
            raise refuse(
                self._at(node),
                f"the tag {str(node.tag).replace('tag:yaml.org,2002:', '!!')} is not part of a scenario: write plain values, no code",
            )
        return text

    def _at(self, node: Any) -> str:
        return f"{self.name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def merge(under: Written, over: Written) -> Written:
    """The data of both, where mappings are joined, everything else is replaced, and null takes an entry away."""
    both = Written({}, dict(under.keys), dict(under.values))
    both.data = _merged(under.data, over.data, (), both, over)
    return both


def _merged(under: Mapping[str, Any], over: Mapping[str, Any], path: Path, both: Written, places: Written) -> dict[str, Any]:
    data = dict(under)
    for key, value in over.items():
        here = (*path, key)
        if value is None:
            data.pop(key, None)
        elif isinstance(value, dict) and isinstance(under.get(key), dict) and "value" not in value:
            data[key] = _merged(under[key], value, here, both, places)
        else:
            data[key] = value
            _forget(both, here)
            _copy(places, both, here, value)
        if here in places.keys:
            both.keys[here] = places.keys[here]
            both.values[here] = places.values[here]
    return data


def _forget(written: Written, path: Path) -> None:
    for marks in (written.keys, written.values):
        for old in [one for one in marks if one[: len(path)] == path]:
            del marks[old]


def _copy(source: Written, target: Written, path: Path, value: Any) -> None:
    for mine, theirs in ((source.keys, target.keys), (source.values, target.values)):
        if path in mine:
            theirs[path] = mine[path]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        _copy(source, target, (*path, key), one)
