"""Tallies written down column by column, for measures whose answers are worked out by hand: what is not said is zero."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from made_tallies import CELL_LABELS, columns, facts

from counterlife.layout import AXES
from counterlife.measures import Domain, Facts, Tallies, World, measures

DAYS, ROWS = (
    1460,
    {"months": 48, "spells": 49, "spread": 1, "channels": 3, "classes": 3, "waits": 49, "meter": 256, "stages": 3, "latent": 26},
)
DOMAINS = {"loan": Domain("loans", "credit", False, True, applications=0.5), "travel": Domain("travel", "transport", False, False)}
BASE = {
    "none": World("N", "no system", "none", "none"),
    "accurate": World("A", "accurate records", "system", "accurate"),
    "designed": World("D", "as designed", "system", "as they come"),
}
PAIRS = (("designed", "accurate"), ("designed", "none"))
Cells = Mapping[str, Any]


def written(
    people: Cells,
    worlds: Mapping[str, World] | None = None,
    pairs: tuple[tuple[str, str], ...] = (),
    regions: tuple[str, ...] = ("Hebei",),
    tables: Mapping[str, Cells] | None = None,
    persons: int = 1000,
    soft: tuple[str, ...] = (),
    **more: Any,
) -> tuple[Tallies, Facts]:
    """Tallies of one cluster in each region, 1,000 persons each, all in the first cell unless told otherwise.

    `people` gives columns a number, or one for each cluster; `tables` gives those of the other tables {row: number}, the same for every
    cluster. `soft`: gates that let a share of applications pass. `more` are further facts.
    """
    everywhere = BASE | dict(worlds or {})
    every_pair = PAIRS + pairs
    names = columns(tuple(everywhere), every_pair, tuple(DOMAINS))
    about = ["applied", *(f"refused.{world}" for world in everywhere)]
    about += [f"{what}.{one}~{two}" for one, two in every_pair for what in ("refused_wrongly", "granted_leniently")]
    names = names | {"people": (*names["people"], *(f"{what}.{gate}" for gate in soft for what in about))}
    counts = {table: np.zeros((len(regions), ROWS.get(table, len(CELL_LABELS)), len(labels)), np.int64) for table, labels in names.items()}
    fixed = {"people": persons, "days": persons * DAYS} | {f"scope_days.{d}": persons * DAYS for d in DOMAINS}
    for column, number in {**fixed, **people}.items():
        counts["people"][:, 0, names["people"].index(column)] = number
    for table, cells in (tables or {}).items():
        for column, rows in cells.items():
            for row, number in rows.items():
                counts[table][:, row, names[table].index(column)] = number
    made = facts(dict.fromkeys(regions, 1e6), DAYS)
    labels = {
        "people": CELL_LABELS,
        "months": tuple(f"{2014 + n // 12}-{n % 12 + 1:02}" for n in range(ROWS["months"])),
        "channels": ("court/unpaid judgment", "tax/tax arrears", "street/littering"),
        "classes": tuple(made.classes),
        "latent": tuple((axis, level, lower) for axis, levels in AXES.items() for level in levels for lower in (0.0, 1.0)),
    }
    rows = {table: labels.get(table, tuple(range(ROWS.get(table, 0)))) for table in names}
    changed = dataclasses.replace(made, worlds=everywhere, pairs=every_pair, domains=DOMAINS, **more)
    return Tallies(regions, tuple(range(len(regions))), counts, names, rows), changed


def told(
    tallies: tuple[Tallies, Facts], measure: str, region: str = "all", group: str = "all", domain: str = "all"
) -> dict[tuple[str, ...], float]:
    """The values of a measure by detail, world and world compared with."""
    frame = measures(*tallies).filter(
        pl.col("id") == measure, pl.col("region") == region, pl.col("group") == group, pl.col("domain") == domain
    )
    found = {}
    for name, world, versus, number in frame.select("name", "world", "versus", "value").iter_rows():
        found[(name.partition(", ")[2], *(() if world == "all" else (world,)), *(() if versus == "all" else (versus,)))] = number
    assert len(found) == frame.height
    return found
