"""The page of a comparison: one HTML file that needs no network and no script, and the frames beside it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from .. import figures
from ..figures import Caption
from ..measures import Finding, Sample
from ..measures.intervals import Estimate, differs
from ..scenario import Kind
from ..store import PROVENANCE, FolderRefusedError
from ..study import Comparison
from .compared import HEADLINES, Beside, Moved, besides, claim, moved, people
from .plates import Plate, plate
from .tables import Table
from .template import template
from .text import Text, catalogue

MOST = 30  # rows of the table of all that moved
OPEN = 40  # changes that a page shows without being asked


def publish(comparison: Comparison, folder: Path, version: str) -> Path:
    """The folder holds `compare.html`, `compared.parquet`, `compared.csv` and `changes.csv`; returns the path of the page.

    Raises FolderRefusedError where a run lives in the folder, or where it is no folder.
    """
    refuse(folder)
    buffer = BytesIO()
    comparison.frame.write_parquet(buffer)
    page = render(comparison, version)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "compared.parquet").write_bytes(buffer.getvalue())
    (folder / "compared.csv").write_text(comparison.frame.write_csv(), encoding="utf-8")
    (folder / "changes.csv").write_text(comparison.changes.write_csv(), encoding="utf-8")
    (folder / "compare.html").write_text(page, encoding="utf-8")
    return folder / "compare.html"


def refuse(folder: Path) -> None:
    """Raises FolderRefusedError for a folder into which no comparison can go."""
    if folder.exists() and not folder.is_dir():
        raise FolderRefusedError(f"{folder}: this is a file, and a comparison needs a folder. Choose another name (--out).")
    if (folder / PROVENANCE).exists():
        raise FolderRefusedError(f"{folder}: a run lives here, and a comparison is none of its files. Choose another folder (--out).")


def render(comparison: Comparison, version: str, *, language: str = "en") -> str:
    """The page; its limits are always part of it."""
    text = catalogue(language)
    parts = []
    for place, one in enumerate(besides(comparison, text), 1):
        parts.append(
            {
                "one": one,
                "settings": changes(one, place, words=False),
                "words": changes(one, place, words=True),
                "open": len(one.settings) <= OPEN,
                "plate": before_after(one, place) if one.headline and not one.identical else None,
                "headline": headline(one, place),
                "domains": domains(one, place),
                "others": others(one, place),
            }
        )
    level = claim(comparison)
    return template("compare").render(
        text=text,
        claim=text(f"compare.claim_{level}"),
        people=people(comparison, text),
        plain_words=text("compare.plain", reference=comparison.reference.name),
        runs=runs(comparison, text),
        parts=parts,
        programs=text("compare.programs", list=", ".join(comparison.programs)) if len(comparison.programs) > 1 else "",
        made=text("compare.made", version=version),
    )


def runs(comparison: Comparison, text: Text) -> Table:
    """What was compared."""
    rows = []
    for side in (comparison.reference, *comparison.others):
        rows.append((side.name, side.run.scenario.title, side.run.scenario.claim, side.run.fingerprint[:16]))
    return Table(text("compare.runs"), tuple(text.list("compare.heads_runs")), tuple(rows), "runs.csv")


def changes(one: Beside, place: int, *, words: bool) -> Table:
    """What is different in the scenario: what the simulation reads, or the rest."""
    chosen = [change for change in one.changes if (change.kind is not Kind.VALUE) == words]
    title = one.text("compare.changed_words", count=str(len(chosen))) if words else one.text("compare.changed_table")
    rows = tuple(one.setting(change) for change in chosen)
    return Table(title, tuple(one.text.list("compare.heads_changes")), rows, f"{'words' if words else 'changes'}-{place}.csv")


def before_after(one: Beside, place: int) -> Plate | None:
    """The headline numbers before and after; nothing where none of them can be shown as so many times as much."""
    rows = [row for row in one.headline if row.before and row.after is not None]
    if not rows:
        return None
    frame = pl.DataFrame(
        {
            "label": [row.label for row in rows],
            "text": [one.text("compare.pair", **one.both(row)) for row in rows],
            "before": [row.before for row in rows],
            "after": [row.after for row in rows],
            "low": pl.Series([row.low for row in rows], dtype=pl.Float64),
            "high": pl.Series([row.high for row in rows], dtype=pl.Float64),
            "moved": [row.finding == Finding.MOVED for row in rows],
        }
    )
    text = one.text
    note = text("compare.figure_note", before=one.comparison.reference.name, after=one.other.name)
    caption = Caption(text("compare.figure"), note, text(f"claims.{claim(one.comparison)}"), text("synthetic"))
    said = ", ".join(text("compare.figure_alt_one", what=row.label, **one.both(row)) for row in rows)
    alt = text("compare.figure_alt", count=str(len(rows)), list=said)
    return plate(f"moved-{place}", figures.before_after(frame, caption, text("compare.figure_axis")), alt)


def headline(one: Beside, place: int) -> Table:
    """The headline numbers, rounded on the page and whole in the file."""
    heads = one.text.list("compare.heads_moved")
    rows = tuple((one.text("compare.label", label=row.label, of=row.of), *_values(one, row)) for row in one.headline)
    return Table(one.heading, tuple(heads), rows, f"moved-{place}.csv", tuple(map(_raw, one.headline)), raw_heads=RAW)


RAW = ("what", "of what", "before", "after", "difference", "low", "high", "finding")


def _values(one: Beside, row: Moved) -> tuple[str, str, str]:
    both = one.both(row)
    return both["before"], both["after"], one.told(row)


def _raw(row: Moved) -> tuple[object, ...]:
    return (row.label, row.of, row.before, row.after, row.difference, row.low, row.high, row.finding)


def domains(one: Beside, place: int) -> Table:
    """All closed days, and those of the comparison, by what is closed."""
    titles = {name: domain.title for name, domain in one.comparison.reference.run.facts.domains.items()}
    found = []
    for key in ("days", "wrongful_days"):
        measure, name, twin = HEADLINES[key]
        label = one.text(f"compare.{one.words}.{key}" if twin else f"compare.headline_{key}")
        for row in one.rows(measure, name, one.pair[1] if twin else "all").iter_rows(named=True):
            if row["domain"] in titles:
                found.append(moved(row, key, titles[row["domain"]], label))
    rows = tuple((row.label, row.of, *_values(one, row)) for row in found)
    heads = tuple(one.text.list("compare.heads_domains"))
    return Table(one.text("compare.domains"), heads, rows, f"domains-{place}.csv", tuple(map(_raw, found)), raw_heads=RAW)


def others(one: Beside, place: int) -> Table:
    """Numbers for everybody and for groups that differ, all being looked at together: the clearest of each measure, in that order.

    Only those of the headline worlds; and where the other one has no accurate records, only those that call nothing wrongful.
    """
    versus = ["all", one.pair[1]] if one.words == "mistakes" else ["all"]
    headline = (pl.col("world") == one.pair[0]) & pl.col("versus").is_in(versus)
    everywhere = one.frame.filter(headline & (pl.col("region") == "all") & pl.col("low").is_not_null())
    run = one.comparison.reference.run
    freedom = Sample(run.tallies, run.facts).strata.freedom
    looked_at = len(everywhere)

    def off(row: dict[str, Any]) -> bool:
        return differs(Estimate(row["difference"], row["low"], row["high"]), 0.0, freedom, looked_at)

    clear = sorted(filter(off, everywhere.iter_rows(named=True)), key=lambda row: -abs(row["difference"]) / (row["high"] - row["low"]))
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for row in clear:
        first.setdefault((row["id"], row["name"]), row)
    chosen = list(first.values())[:MOST]
    note = one.text("compare.other_none")
    if clear:
        note = one.text("compare.other_note", looked_at=f"{looked_at:,}", shown=f"{len(chosen):,}", found=f"{len(clear):,}")
    rows = tuple(_other(one, row) for row in chosen)
    keys = ("id", "name", "unit", "world", "versus", "domain", "group", "before", "after", "difference", "low", "high")
    raw = tuple(tuple(row[key] for key in keys) for row in clear)
    heads = tuple(one.text.list("compare.heads_other"))
    return Table(one.text("compare.other"), heads, rows, f"all-moved-{place}.csv", raw, note=note, raw_heads=keys)


def _other(one: Beside, row: dict[str, Any]) -> tuple[str, ...]:
    facts, text = one.comparison.reference.run.facts, one.text
    domain = facts.domains[row["domain"]].title if row["domain"] in facts.domains else text("compare.domain_any")
    group = text("compare.everybody") if row["group"] == "all" else text.group(row["group"])
    whom = group if row["domain"] == "all" else text("compare.label", label=domain, of=group)
    values = _values(one, moved(row, "", "", ""))
    return (f"{row['id']} {row['name']} ({row['unit']})", whom, *values)
