"""What the whole numbers of lives mean: regions, months, edges and names beside the tables, as the measures want them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from ..layout import AXES, SPELL_BIN, Ints
from ..measures import Tallies
from ..scenario import Scenario
from ..scenario.derived import channels
from ..store import Table

GAPS = "gaps"  # the table of gaps between groups, which a run has where they are split
ARCHIVES = "archives"  # the table of what lies on file where, which a run has where a breach threatens it
ANYWHERE = ""  # its rows of all sources together


def labelled(
    scenario: Scenario, tables: Iterable[Table], regions: Iterable[int], numbers: Iterable[int], counts: Mapping[str, Ints]
) -> Tallies:
    """The counts of clusters with their labels. regions, numbers: of each cluster; counts: (clusters, rows, columns) for every table."""
    from ..township.sheet import LATENT_EDGES, LEVELS, SPREAD_EDGES

    archived = (ANYWHERE, *scenario.sources)
    names = {region.number: region.name for region in scenario.population.lived}
    start = scenario.period.start
    shapes = {table.name: table for table in tables}
    months = [divmod(start.month - 1 + n, 12) for n in range(shapes["months"].rows)]
    return Tallies(
        regions=tuple(names[int(region)] for region in regions),
        numbers=tuple(int(number) for number in numbers),
        tables=counts,
        columns={name: table.columns for name, table in shapes.items()},
        rows={
            **dict.fromkeys(("people", GAPS), tuple(itertools.product(*AXES.values()))),
            "months": tuple(f"{start.year + years}-{month + 1:02}" for years, month in months),
            "spells": tuple(n * SPELL_BIN for n in range(shapes["spells"].rows)),
            "waits": tuple(n * SPELL_BIN for n in range(shapes["waits"].rows)),
            "spread": tuple(SPREAD_EDGES.tolist()),
            "meter": tuple(range(shapes["meter"].rows)),
            "stages": tuple(range(shapes["stages"].rows)),
            "latent": tuple((*level, lower) for level in LEVELS for lower in (0.0, *LATENT_EDGES.tolist())),
            ARCHIVES: tuple((month, source) for month in range(len(months)) for source in archived),
            "channels": tuple(f"{source}/{name}" for source, name in channels(scenario)),
            "classes": tuple(scenario.conduct),
        },
    )
