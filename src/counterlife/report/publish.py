"""A finished run becomes files: measures as Parquet and CSV, and the report."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from ..store import RunFolder
from ..story import Story, lives
from ..study import Run
from .findings import Life
from .page import render


def publish(run: Run) -> Path:
    """The run folder holds `measures.parquet`, `measures.csv` and `report.html`; returns the path of the report."""
    if run.path is None:
        raise ValueError("this run was not kept, so there is no folder to publish into: give `out` to `run`")
    folder = RunFolder.open(run.path)
    frame, buffer = run.measures, BytesIO()
    frame.write_parquet(buffer)
    folder.write("measures.parquet", buffer.getvalue())
    folder.write("measures.csv", frame.write_csv())
    told = [life(story, run) for story in lives(run)]
    folder.write("report.html", render(run.tallies, run.facts, frame, told, run.provenance, scenario=run.scenario))
    return run.path / "report.html"


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
