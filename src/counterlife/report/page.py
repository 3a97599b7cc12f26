"""The report: one HTML file that needs no network and no script. Findings, plates and sections are put into the page's template here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from counterlife.measures import Facts, Tallies
from counterlife.report import bystanding, further, limits, plates, remedies, sections, unrelated
from counterlife.report import design as designing
from counterlife.report.annex import annex
from counterlife.report.cited import cited
from counterlife.report.design import Design
from counterlife.report.findings import Findings, Life
from counterlife.report.mapping import mapping
from counterlife.report.plates import Plate, Step, draw, untold
from counterlife.report.tables import Table
from counterlife.report.template import template
from counterlife.report.text import catalogue
from counterlife.scenario import Scenario


def drawn(run: Findings, design: Design | None) -> dict[str, Plate]:
    """The figures of a report but those of single lives, by name; those without anything to show are left out."""
    found = {
        "process": designing.process(design) if design else None,
        "stages": designing.timeline(design) if design else None,
        "flow": plates.flow(run),
        "ever": plates.ever(run),
        "clear": plates.clear(run),
        "lorenz": plates.lorenz(run),
        "map": plates.tiles(run),
        "crossing": unrelated.heat(run),
        "weighed": unrelated.weighed(run),
        "forest": plates.forest(run),
        "triptych": bystanding.triptych(run),
        "pending": remedies.pending(run),
        "books": further.book_map(run, design.scenario) if design else None,
        "disagreement": further.disagreement(run),
    }
    return {name: plate for name, plate in found.items() if plate is not None}


def render(
    tallies: Tallies,
    facts: Facts,
    frame: pl.DataFrame,
    lives: Sequence[Life],
    provenance: Mapping[str, object],
    *,
    scenario: Scenario | None = None,
    language: str = "en",
    told: Step = untold,
) -> str:
    """The report of a run as one HTML page; the limits are always part of it, or LimitsError is raised.

    scenario: what was lived, resolved, from which sections 1 and 2 and the annex are generated; tallies alone have neither.
    told: called as the figures are drawn, and when they are put into the page.
    """
    if not facts.pairs:
        raise ValueError("a report needs two worlds to compare")
    run = Findings(tallies, facts, frame, catalogue(language))
    design = Design(run, scenario) if scenario else None
    without, sourced = sections.assumptions(run)
    ready = drawn(run, design)
    shown = [(life, plates.life(run, life, place), plates.story(run, life, place)) for place, life in enumerate(lives, 1)]
    draw([*ready.values(), *(one for _, one, _ in shown)], told)
    told("page", 0, 1)
    page = template("report").render(
        text=run.text,
        run=run,
        facts=facts,
        sections=sections,
        further=further,
        remedies=remedies,
        unrelated=unrelated,
        bystanding=bystanding,
        designing=designing,
        design=design,
        tables=_tables(run),
        line=sections.bottom_line(run),
        strip=sections.strip(run),
        figures=ready,
        tiles_explained=plates.tiles_explained(run),
        lives=shown,
        violations=sections.violations(run),
        without=without,
        sourced=sourced,
        provenance=sections.provenance(run, provenance),
        limits=limits.always(run.text),
        specific=limits.specific(run, scenario),
        bearings=mapping(run),
        annex=annex(run, scenario, provenance) if scenario else None,
    )
    return limits.checked(page, run.text)


def _tables(run: Findings) -> dict[str, Table | None]:
    """Tables that not every run has, by name."""
    return {
        "changes": further.changes(run),
        "shock": further.shock(run),
        "wrong": cited(run, "section4.wrong", ("wrong_records", "people_marked", "record"), "wrong.csv"),
        "induced": cited(run, "section5.induced", ("induced",), "induced.csv"),
        "limbs": unrelated.numbers(run),
        "people": unrelated.people(run),
        "channels": further.by_channel(run),
        "oversight": remedies.oversight(run),
        "take_up": remedies.take_up(run),
        "averted": remedies.averted(run),
        "claimed": remedies.claimed(run),
        "attacked": further.attacked(run),
        "breach": remedies.breached(run),
        "breaches": further.breaches(run),
    }
