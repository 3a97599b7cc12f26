"""A finished run becomes files: measures as Parquet and CSV, and the report."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from .. import figures
from ..store import PROVENANCE, FolderRefusedError, RunFolder, put
from ..story import Story, lives
from ..study import Run
from . import plates
from .design import Design
from .findings import Findings, Life
from .page import drawn, render
from .plates import Step, untold
from .text import catalogue

LARGE = 3.0  # pixels of a PNG for one of the drawing, where it is a file of its own


def publish(run: Run, told: Step = untold) -> Path:
    """The run folder holds `measures.parquet`, `measures.csv` and `report.html`; returns the path of the report.

    told: called with what is worked on, as in `plates.Step`.
    """
    if run.path is None:
        raise ValueError("this run was not kept, so there is no folder to publish into: give `out` to `run`")
    folder = RunFolder.open(run.path)
    told("measures", 0, 1)
    frame, buffer = run.measures, BytesIO()
    frame.write_parquet(buffer)
    folder.write("measures.parquet", buffer.getvalue())
    folder.write("measures.csv", frame.write_csv())
    told("lives", 0, 1)
    shown = [life(story, run) for story in lives(run)]
    folder.write("report.html", render(run.tallies, run.facts, frame, shown, run.provenance, scenario=run.scenario, told=told))
    return run.path / "report.html"


def publish_figures(run: Run, folder: Path, *, language: str = "en", told: Step = untold) -> list[Path]:
    """Every figure of the report is in the folder as .svg, .png and .csv, by its name in the report; returns the files.

    All are drawn before the first is written, and each is there whole or not at all. Raises FolderRefusedError as `refuse_figures`.
    """
    refuse_figures(folder)
    found = Findings(run.tallies, run.facts, run.measures, catalogue(language))
    shown = [plates.life(found, life(story, run), place) for place, story in enumerate(lives(run), 1)]
    files: dict[str, str | bytes] = {}
    ready = [*drawn(found, Design(found, run.scenario)).values(), *shown]
    for done, one in enumerate(ready):
        told("figures", done, len(ready))
        files[f"{one.name}.svg"] = one.file
        files[f"{one.name}.png"] = figures.compact_png(one.file, LARGE)
        for number, part in enumerate(one.tables, 1):
            files[f"{one.name}.csv" if number == 1 else f"{one.name}-{number}.csv"] = part.csv
    for name, content in files.items():
        put(folder / name, content)
    return [folder / name for name in files]


def refuse_figures(folder: Path) -> None:
    """Raises FolderRefusedError for a folder into which no figures can go."""
    if folder.exists() and not folder.is_dir():
        raise FolderRefusedError(f"{folder}: this is a file, and figures need a folder. Choose another name (--figures).")
    if (folder / PROVENANCE).exists():
        raise FolderRefusedError(f"{folder}: a run lives here, and figures are none of its files. Choose a folder in it (--figures).")


def life(story: Story, run: Run) -> Life:
    """A story as the report shows it: in the worlds that are written down, not in those that follow from safeguards and contexts."""
    return Life(
        title=f"Person {story.person}",
        rule=story.rule,
        people=story.who,
        story=[(line.date, line.world, line.text) for line in story.lines],
        spans=list(story.spans),
        worlds=tuple(run.scenario.written_worlds),
    )
