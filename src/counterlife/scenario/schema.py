"""The JSON Schema of scenario files as people write them, for editors; shipped as `schema.json`.

It comes from the models, with what the models alone do not tell: `extends`, the short forms, and that a file which extends another may
leave anything out, or take it away with null. Editors complain early with it; what decides is `load.py`.
"""

from __future__ import annotations

import ast
import inspect
import itertools
from typing import Any, get_args

from pydantic import BaseModel

from .model import Scenario
from .quantity import Model, Quantity
from .system import Keep

_PREFIX = "#/$defs/"


def json_schema() -> dict[str, Any]:
    """The JSON Schema, made from the models."""
    schema = Scenario.model_json_schema()
    needed = schema.pop("required")
    parts = schema["$defs"]
    for part in parts.values():
        for one in (part, *part.get("anyOf", ())):
            one.pop("required", None)
    _removable(schema)
    _shorten(parts["Population"], "country", {"type": "string", "description": "A catalog country, or a path relative to this file."})
    for score in ("Score", "FurtherScore"):
        _shorten(parts[score], "keep", parts["RuleList"]["properties"]["term"])
        _shorten(parts[score], "keep_from", {"enum": list(get_args(Keep))})
    _shorten(parts["Redress"], "notice", parts["Redress"]["properties"]["asks"])
    for name, part in (("delay_on", "Delays"), ("delay_off", "Delays"), ("lost", "Losses")):
        _shorten(parts["Joint"], name, parts[part]["properties"]["default"], parts[part]["properties"]["pairs"])
    schema["anyOf"] = [{"required": ["extends"]}, {"required": needed}]
    for one in (schema, *parts.values(), *(each for part in parts.values() for each in part.get("anyOf", ()))):
        _explain(one)
    extends = {"type": "string", "description": "Another scenario that this one changes: a catalog name, or a path relative to this file."}
    schema["properties"] = {"extends": extends, **schema["properties"]}
    names = {_PREFIX + name: _PREFIX + part.get("title", name) for name, part in parts.items()}
    schema["$defs"] = {names[_PREFIX + name].removeprefix(_PREFIX): part for name, part in parts.items()}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_renamed(schema, names)}


def explanations(model: type[BaseModel]) -> dict[str, str]:
    """The manual's text for each field of a model, as the field is written in files: the string that stands under it in the source."""
    texts: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, BaseModel) and "__annotations__" in vars(one) and one not in (BaseModel, Model):
            texts |= _written_under(one, model)
    return texts


def _written_under(source: type[BaseModel], model: type[BaseModel]) -> dict[str, str]:
    tree = ast.parse(inspect.getsource(source))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    texts = {}
    for field, text in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
            name = field.target.id
            texts[model.model_fields[name].alias or name] = str(ast.literal_eval(text.value))
    return texts


def _models(under: type[BaseModel]) -> list[type[BaseModel]]:
    return [one for direct in under.__subclasses__() for one in (direct, *_models(direct))]


def _explain(part: dict[str, Any]) -> None:
    models: list[type[BaseModel]] = [*_models(Model), Quantity]
    classes = {one.__name__: one for one in models}
    model = classes.get("Quantity" if "value" in part.get("properties", ()) else part.get("title", ""))
    for field, text in explanations(model).items() if model and "properties" in part else ():
        part["properties"][field]["description"] = text


def _shorten(part: dict[str, Any], field: str, *short: dict[str, Any]) -> None:
    """The field may also be written in a short form."""
    full = part["properties"][field]
    part["properties"][field] = {"anyOf": [*({k: v for k, v in one.items() if k != "default"} for one in short), full]}


def _removable(node: Any) -> None:
    """Every entry of a mapping of names may be null, which takes away what was inherited."""
    for one in node.values() if isinstance(node, dict) else node:
        if isinstance(one, (dict, list)):
            _removable(one)
    for pattern, one in node.get("patternProperties", {}).items() if isinstance(node, dict) else ():
        node["patternProperties"][pattern] = {"anyOf": [one, {"type": "null"}]}


def _renamed(node: Any, names: dict[str, str]) -> Any:
    """The same schema with plain names for its parts."""
    if isinstance(node, dict):
        return {key: names[value] if key == "$ref" else _renamed(value, names) for key, value in node.items()}
    return [_renamed(one, names) for one in node] if isinstance(node, list) else node
