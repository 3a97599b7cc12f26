"""The shelf: run folders beside one another, found by their names and never by a path.

Finished runs are opened once and kept for a while. What a run folder is, is known to `store.py`.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

from ..report import plates
from ..report.findings import Findings, Life
from ..report.plates import Plate
from ..report.publish import life, publish
from ..report.text import catalogue
from ..store import PROVENANCE, RunFolder, StoreError
from ..story import Story, Teller, lives, person_id
from ..study import Comparison, RequestError, Run, compare, lived, open_run

OPENED = 4  # runs that are held in memory
COMPARED = 4  # comparisons
LISTED = 50
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
FIGURES = ("ever", "clear", "flow")


class UnknownRunError(LookupError):
    """There is no run of that name here."""


@dataclass(frozen=True)
class Shelved:
    """A run as the list shows it."""

    name: str
    people: int
    seed: int
    replicates: int
    started: str
    finished: bool


class Opened:
    """A finished run with everything that pages show of it, worked out once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.findings = Findings(run.tallies, run.facts, run.measures, catalogue())
        self._lock = RLock()

    def figure(self, name: str) -> Plate | None:
        """One of `FIGURES`; None where the run has nothing to draw there."""
        with self._lock:
            return self._figures.get(name)

    def picked(self) -> list[Story]:
        """The lives that the scenario asks for, picked by rule."""
        with self._lock:
            return self._picked

    def story(self, person: str) -> Story:
        """One person's life; raises RequestError for somebody who was not lived."""
        with self._lock:
            return self._teller.story(person_id(person, self.run))

    def life(self, story: Story) -> Life:
        """The life as figures show it."""
        return life(story, self.run)

    @cached_property
    def _figures(self) -> dict[str, Plate | None]:
        return {name: getattr(plates, name)(self.findings) for name in FIGURES}

    @cached_property
    def _picked(self) -> list[Story]:
        return lives(self.run)

    @cached_property
    def _teller(self) -> Teller:
        return Teller(self.run, lived(self.run))


class Shelf:
    """The runs in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = RLock()
        self._opened: OrderedDict[tuple[str, int], Opened] = OrderedDict()
        self._compared: OrderedDict[tuple[str, str], Comparison] = OrderedDict()

    def place(self, name: str) -> Path:
        """Where the run of that name is or would be: a folder directly on the shelf. Raises UnknownRunError for what is no name."""
        path = self.folder / name
        if not _NAME.fullmatch(name) or path.is_symlink():
            raise UnknownRunError(name)
        return path

    def record(self, name: str) -> dict[str, Any]:
        """What is on record about a run, finished or not; raises UnknownRunError where there is none."""
        path = self.place(name)
        if not (path / PROVENANCE).is_file():
            raise UnknownRunError(name)
        return RunFolder.open(path).provenance

    def is_finished(self, name: str) -> bool:
        """Whether the run of that name is complete; raises UnknownRunError where there is none."""
        return self.record(name)["fingerprint"] is not None

    def listed(self) -> list[Shelved]:
        """The runs, newest first; a folder whose record cannot be read is left out."""
        found = []
        for path in sorted(self.folder.iterdir(), reverse=True) if self.folder.is_dir() else ():
            try:
                record = self.record(path.name)
                identity = record["identity"]
                numbers = (identity["people"], identity["seed"], identity["replicates"])
            except (UnknownRunError, StoreError, KeyError, TypeError):
                continue
            found.append(Shelved(path.name, *numbers, record.get("started", ""), record["fingerprint"] is not None))
        return sorted(found, key=lambda one: one.started, reverse=True)[:LISTED]

    def open(self, name: str) -> Opened:
        """The finished run of that name; raises UnknownRunError where there is none, StoreError where it cannot be read."""
        self.record(name)
        with self._lock:
            key = name, (self.place(name) / PROVENANCE).stat().st_mtime_ns
            if key not in self._opened:
                self._opened[key] = Opened(open_run(self.place(name)))
                while len(self._opened) > OPENED:
                    self._opened.popitem(last=False)
            self._opened.move_to_end(key)
            return self._opened[key]

    def beside(self, one: str, two: str) -> Comparison | str:
        """The second run beside the first, or in a sentence why the two cannot be paired; raises as `open`."""
        first, second = (self.open(name).run for name in (one, two))
        key = first.fingerprint, second.fingerprint
        with self._lock:
            if key not in self._compared:
                try:
                    self._compared[key] = compare(first, second, names=(one, two))
                except RequestError as refused:
                    return str(refused)
                while len(self._compared) > COMPARED:
                    self._compared.popitem(last=False)
            return self._compared[key]

    def report(self, name: str) -> Path:
        """The report of a finished run; written now, where the program ended before it came to that."""
        path = self.place(name) / "report.html"
        if not path.is_file():
            with self._lock:
                if not path.is_file():
                    publish(self.open(name).run)
        return path
