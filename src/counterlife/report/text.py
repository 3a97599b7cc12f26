"""The words of the report: for each language a catalogue file and one for each large part (`en_annex.toml`), filled in by key.

No other module of the report holds a sentence. A key that is missing, or a blank that nobody fills, is an error, not an empty string.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any


class Text:
    """A catalogue of texts, by dotted key."""

    def __init__(self, entries: Mapping[str, Any], blanks: Mapping[str, str] | None = None) -> None:
        self._entries = entries
        self._blanks = dict(blanks or {})

    def __call__(self, key: str, **blanks: str) -> str:
        """The text of `section.key` with its blanks filled in."""
        found = self._find(key)
        if not isinstance(found, str):
            raise KeyError(f"{key} is no text but a part of the catalogue")
        return found.format(**{**self._blanks, **blanks})

    def told(self, variant: str, blanks: Mapping[str, str]) -> Text:
        """The catalogue with the texts of a variant in the place of those they replace, and with blanks that every text may use."""
        over = self._entries["variants"].get(variant, {})
        both = {name: {**entry, **over.get(name, {})} if isinstance(entry, Mapping) else entry for name, entry in self._entries.items()}
        return Text(both, {**self._blanks, **blanks})

    def list(self, key: str) -> list[str]:
        """A list of texts, with those blanks filled in that every text may use."""
        return [self._filled(str(entry)) for entry in self._find(key)]

    def part(self, key: str) -> dict[str, str]:
        """The texts of a section, with those blanks filled in that every text may use."""
        return {name: self._filled(entry) for name, entry in self._find(key).items() if isinstance(entry, str)}

    def _filled(self, entry: str) -> str:
        for name, value in self._blanks.items():
            entry = entry.replace("{" + name + "}", value)
        return entry

    def group(self, name: str, *, part: str = "groups") -> str:
        """The name of a group that the measures call `axis=level`."""
        return str(self._entries[part][name])

    def _find(self, key: str) -> Any:
        found: Any = self._entries
        for step in key.split("."):
            found = found[step]
        return found


def catalogue(language: str = "en", home: str = "counterlife.report") -> Text:
    """The catalogue of a language: the report's, or that of a package with `texts` of its own. A file `en_part.toml` is its `part`."""
    folder = resources.files(home) / "texts"
    texts = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
    for file in folder.iterdir():
        stem, _, part = file.name.removesuffix(".toml").partition("_")
        if stem == language and part and file.name.endswith(".toml"):
            texts[part] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Text(texts)
