"""The words of the report: one catalogue file for each language, read once and filled in by key.

No other module of the report holds a sentence. A key that is missing, or a blank that nobody fills, is an error, not an empty string.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any


class Text:
    """A catalogue of texts, by dotted key."""

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self._entries = entries

    def __call__(self, key: str, **blanks: str) -> str:
        """The text of `section.key` with its blanks filled in."""
        found = self._find(key)
        if not isinstance(found, str):
            raise KeyError(f"{key} is no text but a part of the catalogue")
        return found.format(**blanks)

    def list(self, key: str) -> list[str]:
        """A list of texts."""
        return [str(entry) for entry in self._find(key)]

    def part(self, key: str) -> dict[str, str]:
        """The texts of a section as they are written."""
        return {name: entry for name, entry in self._find(key).items() if isinstance(entry, str)}

    def group(self, name: str, *, part: str = "groups") -> str:
        """The name of a group that the measures call `axis=level`."""
        return str(self._entries[part][name])

    def _find(self, key: str) -> Any:
        found: Any = self._entries
        for step in key.split("."):
            found = found[step]
        return found


def catalogue(language: str = "en") -> Text:
    """The catalogue of a language."""
    file = resources.files("counterlife.report") / "texts" / f"{language}.toml"
    return Text(tomllib.loads(file.read_text(encoding="utf-8")))
