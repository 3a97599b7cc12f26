"""Designs: a scenario of the catalog, or one that was pasted into the page, with numbers changed by sliders.

A pasted scenario is held against what a file is held against, and may name nothing on this machine's disk: it extends catalog entries and
lives in catalog countries, whose tables stay as they are.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..scenario import Entry, Scenario, ScenarioError, as_written, catalog, load, resolved, scenario_hash
from ..scenario.country import catalog_countries
from ..scenario.written import Problem, Written, merge, read, refuse, scalar
from ..study import RequestError
from .sliders import Slider, sliders

MOST_PEOPLE = 10_000_000  # in a run of the page; the command line has no such limit
KEPT = 20  # pasted scenarios
FILE = "your scenario"
_PASTED = re.compile(r"pasted-[0-9a-f]{12}")


class UnknownDesignError(LookupError):
    """There is no such design, or no longer."""


@dataclass(frozen=True)
class Design:
    """What is to be run: a scenario, the numbers that were changed in it, how many people, and the seed."""

    base: str
    people: int
    seed: int = 1
    changes: Mapping[str, str] = field(default_factory=dict)
    """Paths and what is to stand there, unit included."""

    @property
    def overrides(self) -> list[str]:
        """The changes as `--set` takes them."""
        return [f"{path}={text}" for path, text in self.changes.items()]


class Designs:
    """The scenarios that the page knows: those of the catalog, and the last ones that were pasted (kept in `folder`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The catalog by name."""
        return {entry.name: entry for entry in catalog()}

    def source(self, base: str) -> str:
        """What `load` takes for a design; raises UnknownDesignError."""
        if base in self.entries:
            return base
        file = self.folder / f"{base}.yaml"
        if not _PASTED.fullmatch(base) or not file.is_file():
            raise UnknownDesignError(base)
        return str(file)

    def load(self, design: Design) -> Scenario:
        """The checked scenario with its changes; raises ScenarioError with the sentences that the command line says."""
        try:
            return load(self.source(design.base), design.overrides)
        except ScenarioError as error:
            raise self._told(error) from None

    def base(self, name: str) -> Scenario:
        """The scenario without changes."""
        return self.load(Design(name, 0))

    def keep(self, text: str) -> str:
        """The name under which a pasted scenario is known from here on; raises ScenarioError where it says something impossible."""
        raw = text.encode()
        written = read(raw, FILE)
        _refuse_disk(written, self.entries)
        name = f"pasted-{hashlib.sha256(raw).hexdigest()[:12]}"
        file = self.folder / f"{name}.yaml"
        file.write_bytes(raw)
        try:
            load(str(file))
        except ScenarioError as error:
            file.unlink()
            raise self._told(error) from None
        pasted = sorted(self.folder.glob("pasted-*.yaml"), key=lambda one: one.stat().st_mtime_ns)
        for old in pasted[:-KEPT]:
            old.unlink(missing_ok=True)
        return name

    def changes(self, base: str, numbers: Mapping[str, str]) -> tuple[list[Slider], dict[str, str]]:
        """The sliders of a design, and what was changed by the numbers that were written into them."""
        known = sliders(self.base(base))
        found = {}
        for slider in known:
            written = numbers.get(slider.path, slider.number).strip()
            if written != slider.number:
                found[slider.path] = slider.override(written).partition("=")[2]
        return known, found

    def prepare(self, design: Design) -> tuple[str, Path]:
        """The name of the design's run, and a file that says the scenario with its changes. Raises ScenarioError or RequestError."""
        if design.people > MOST_PEOPLE:
            raise RequestError(
                f"{design.people:,} people are too many for this page: at most {MOST_PEOPLE:,}; `counterlife run` takes more."
            )
        scenario = self.load(design)
        digest = scenario_hash(scenario)
        text = self._composed(design, scenario, digest)
        file = self.folder / f"{design.base}-{digest[:8]}.yaml"
        file.write_text(text, encoding="utf-8")
        return f"{design.base}-{design.people}-seed{design.seed}-{digest[:8]}", file

    def _composed(self, design: Design, scenario: Scenario, digest: str) -> str:
        """The scenario as somebody would write it by hand: the original, or only what differs from it."""
        original = as_written(self.source(design.base))
        if not design.changes:
            return original.decode("utf-8-sig")
        over: dict[str, Any] = {}
        for path, text in design.changes.items():
            *above, last = path.split(".")
            here = over
            for step in above:
                here = here.setdefault(step, {})
            here[last] = scalar(text, path)
        if design.base in self.entries:
            data = {"extends": design.base, **over}
        else:
            data = merge(read(original, FILE), Written(over)).data
        text = "# Changed on the local page.\n" + _yaml(data)
        return text if self._says_the_same(text, digest) else resolved(scenario)

    def _says_the_same(self, text: str, digest: str) -> bool:
        """Whether the text is the scenario of that hash; where a short form was changed inside, it may not be."""
        file = self.folder / f"trial-{digest[:12]}.yaml"
        file.write_text(text, encoding="utf-8")
        try:
            return scenario_hash(load(str(file))) == digest
        except ScenarioError:
            return False
        finally:
            file.unlink(missing_ok=True)

    def _told(self, error: ScenarioError) -> ScenarioError:
        """The error without the folder in which pasted scenarios lie."""
        found = re.compile(re.escape(f"{self.folder}/") + r"[a-z0-9-]+\.yaml")
        return ScenarioError([Problem(found.sub(FILE, one.place), found.sub(FILE, one.text)) for one in error.problems])


def _refuse_disk(written: Written, names: Iterable[str]) -> None:
    """What a pasted scenario names lies in the catalog, not on this disk."""
    base = written.data.get("extends")
    if base is not None and base not in list(names):
        raise refuse(
            written.place(("extends",)), f"here `extends` names an entry of the catalog, not a file; known here: {', '.join(names)}"
        )
    people = written.data.get("population")
    country = people.get("country") if isinstance(people, dict) else None
    if country is not None and country not in list(catalog_countries()):
        raise refuse(
            written.place(("population", "country")),
            f"here a country is one of the catalog's ({', '.join(catalog_countries())}), and tables of a country cannot be handed in: "
            "for a country of your own use `counterlife run` with a file",
        )


def _yaml(data: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    out = io.StringIO()
    yaml.dump(dict(data), out)
    return out.getvalue()
