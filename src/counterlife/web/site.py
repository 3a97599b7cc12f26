"""What the page stands on while it is served: the shelf, the queue, the known designs, the two pins, and the token of this start."""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from ..report.text import Text, catalogue
from .designs import Design, Designs
from .jobs import Job, Jobs
from .shelf import Shelf, UnknownRunError

PINS = 2


@dataclass
class Site:
    """Everything that requests share."""

    shelf: Shelf
    designs: Designs
    jobs: Jobs = field(default_factory=Jobs)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Stands in every form of this start, and nowhere else."""
    pins: deque[str] = field(default_factory=lambda: deque(maxlen=PINS))
    words: Text = field(default_factory=lambda: catalogue(home="counterlife.web"))
    report: Text = field(default_factory=catalogue)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def on(cls, folder: Path, pasted: Path) -> Site:
        """A site whose runs lie in a folder, and what is pasted into it in another."""
        return cls(Shelf(folder), Designs(pasted))

    @cached_property
    def claims(self) -> dict[str, str]:
        """The claim levels of the catalog."""
        return {name: self.designs.base(name).claim for name in self.designs.entries}

    @cached_property
    def vega(self) -> str:
        """Vega-Lite with its interpreter as one script, which Altair's own converter carries: nothing is fetched."""
        import vl_convert

        with self._lock:
            return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))

    @cached_property
    def templates(self) -> Environment:
        """The page's templates; macros of tables are the report's."""
        loader = ChoiceLoader([PackageLoader("counterlife.web"), PackageLoader("counterlife.report")])
        return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)

    def render(self, page: str, **shown: Any) -> str:
        """A page as HTML."""
        template = self.templates.get_template(f"{page}.page.j2")
        return template.render(words=self.words, report=self.report, token=self.token, pins=list(self.pins), page=page, **shown)

    def start(self, design: Design) -> str:
        """The run of a design waits or runs, or is on the shelf already; its name is handed back.

        Raises ScenarioError, RequestError or BusyError.
        """
        name, file = self.designs.prepare(design)
        if not self._is_finished(name):
            self.jobs.ask(Job(name, file, self.shelf.place(name), design.people, design.seed))
        return name

    def resume(self, name: str) -> None:
        """An unfinished run goes on. Raises UnknownRunError, StoreError or BusyError."""
        identity = self.shelf.record(name)["identity"]
        folder = self.shelf.place(name)
        job = Job(name, folder / "resolved.yaml", folder, identity["people"], identity["seed"], identity["replicates"])
        if not self._is_finished(name):
            self.jobs.ask(job)

    def pin(self, name: str) -> None:
        """The run is pinned, or no longer, if it was; of more than two the oldest gives way."""
        with self._lock:
            if name in self.pins:
                self.pins.remove(name)
            else:
                self.pins.append(name)

    def _is_finished(self, name: str) -> bool:
        try:
            return self.shelf.is_finished(name)
        except UnknownRunError:
            return False
