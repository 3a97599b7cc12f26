"""The files that a scenario is built on: those that it extends and the tables of its country, as they are written.

A run keeps them beside the scenario, so that what was written can be read where neither this catalog nor the author's folders are. Joining
them is the work of `load.py`.
"""

from __future__ import annotations

from pathlib import Path

from .country import country_files
from .load import find
from .written import read


def lineage(name_or_path: str) -> dict[str, bytes]:
    """The content of each file, by a name that says its turn: `1-` is what the scenario extends, `2-` what that extends, then the country.

    What `--set` replaced is not part of it. Raises ScenarioError where a file cannot be read.
    """
    found: dict[str, bytes] = {}
    country: tuple[str, Path | None] | None = None
    name, folder, place = str(name_or_path), None, "scenario"
    while True:
        shown, raw, folder = find(name, folder, place)
        if place != "scenario":
            found[f"{len(found) + 1}-{Path(shown).name}"] = raw
        written = read(raw, shown)
        people = written.data.get("population")
        if country is None and isinstance(people, dict) and "country" in people:
            country = people["country"], folder
        base = written.data.get("extends")
        if not isinstance(base, str):
            break
        name, place = base, written.place(("extends",))
    if country is not None and isinstance(country[0], str):
        found |= country_files(country[0], country[1])
    return found
