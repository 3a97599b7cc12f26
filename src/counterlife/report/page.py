"""The report: one HTML file that needs no network and no script. Findings, plates and sections are put into the page's template here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from counterlife.measures import Facts, Tallies
from counterlife.report import further, plates, sections
from counterlife.report.annex import annex
from counterlife.report.findings import Findings, Life
from counterlife.report.template import template
from counterlife.report.text import catalogue
from counterlife.scenario import Scenario


def render(
    tallies: Tallies,
    facts: Facts,
    frame: pl.DataFrame,
    lives: Sequence[Life],
    provenance: Mapping[str, object],
    *,
    scenario: Scenario | None = None,
    language: str = "en",
) -> str:
    """The report of a run as one HTML page; the limits are always part of it.

    scenario: what was lived, resolved, from which the annex is generated; tallies alone have no annex.
    """
    if not facts.pairs:
        raise ValueError("a report needs two worlds to compare")
    run = Findings(tallies, facts, frame, catalogue(language))
    drawn = {
        "flow": plates.flow(run),
        "ever": plates.ever(run),
        "clear": plates.clear(run),
        "lorenz": plates.lorenz(run),
        "map": plates.tiles(run),
        "forest": plates.forest(run),
        "disagreement": further.disagreement(run),
    }
    tables = {
        "changes": further.changes(run),
        "shock": further.shock(run),
        "channels": further.by_channel(run),
        "attacked": further.attacked(run),
    }
    without, sourced = sections.assumptions(run)
    return template("report").render(
        text=run.text,
        run=run,
        facts=facts,
        sections=sections,
        further=further,
        tables=tables,
        line=sections.bottom_line(run),
        strip=sections.strip(run),
        figures={name: plate for name, plate in drawn.items() if plate is not None},
        tiles_explained=plates.tiles_explained(run),
        lives=[(life, plates.life(run, life, place), plates.story(run, life, place)) for place, life in enumerate(lives, 1)],
        violations=sections.violations(run),
        without=without,
        sourced=sourced,
        provenance=sections.provenance(run, provenance),
        annex=annex(run, scenario, provenance) if scenario else None,
    )
