"""Running: batches of townships are lived, written to the run folder as they come, and added up.

An interrupted run goes on where it stopped.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..executors import execute
from ..layout import AXES, SPELL_BIN, Ints, Place
from ..measures import Facts, Tallies, measures
from ..provenance import describe, fingerprint, now
from ..scenario import Scenario, as_written, load, resolved
from ..store import RunFolder, Table
from .facts import facts
from .plan import Plan, plan

if TYPE_CHECKING:
    import polars as pl

Progress = Callable[[int, int], None]
MOST_CLUSTERS = 1000


@dataclass(frozen=True)
class Run:
    """A finished run: its scenario, provenance, tallies and measures."""

    scenario: Scenario
    provenance: Mapping[str, Any]
    tallies: Tallies = field(repr=False)
    path: Path | None = None
    """The run folder, None for a run that was not kept."""

    @cached_property
    def facts(self) -> Facts:
        """What the scenario says, in plain data."""
        return facts(self.scenario)

    @cached_property
    def measures(self) -> pl.DataFrame:
        """Every measure with its Monte Carlo interval, one row a value."""
        return measures(self.tallies, self.facts)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the canonical sum of the tallies."""
        return str(self.provenance["fingerprint"])

    @property
    def headline(self) -> pl.DataFrame:
        """The measures of the first comparison over all people, domains and regions."""
        import polars as pl

        world, versus = self.scenario.compare[0]
        total = (pl.col("domain") == "all") & (pl.col("region") == "all") & (pl.col("group") == "all") & (pl.col("period") == "all")
        return self.measures.filter(total & (pl.col("world") == world) & (pl.col("versus") == versus)).select(
            "id", "name", "value", "low", "high", "unit"
        )

    def __repr__(self) -> str:
        """What was run, in a few lines."""
        identity = self.provenance["identity"]
        where = f" in {self.path}" if self.path else ""
        return (
            f"Run of {self.scenario.title!r}{where}: {identity['people']:,} synthetic people x {identity['replicates']} "
            f"in worlds {', '.join(self.scenario.worlds)}; seed {identity['seed']}, fingerprint {self.fingerprint[:16]}"
        )

    def _repr_html_(self) -> str:
        """The same with the headline, for notebooks."""
        from html import escape

        return f"<p>{escape(repr(self))} (claim level {escape(self.scenario.claim)})</p>{self.headline._repr_html_()}"


def run(
    scenario: str | Scenario,
    *,
    people: int | None = None,
    seed: int = 1,
    replicates: int = 1,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    executor: str = "threads",
    progress: Progress | None = None,
) -> Run:
    """A scenario is lived, resumed where `out` holds an unfinished run of it, and returned.

    people: about so many synthetic people (default: the scenario's). out: folder to keep the run in, or None. progress: called with the
    people lived so far and in all. Raises ScenarioError for a scenario that says something impossible, StoreError for trouble with the
    folder, ValueError for numbers that make no run. A KeyboardInterrupt leaves a folder that the same call goes on from.
    """
    from ..township.draws import SCHEME

    written = as_written(scenario) if isinstance(scenario, str) else None
    described = load(scenario, overrides) if isinstance(scenario, str) else scenario
    planned = plan(described, people, seed, replicates, SCHEME)
    if out is None:
        with tempfile.TemporaryDirectory(prefix="counterlife-") as folder:
            finished = _run_into(Path(folder) / "run", planned, written, workers, executor, progress)
        return Run(finished.scenario, finished.provenance, finished.tallies)
    return _run_into(Path(out), planned, written, workers, executor, progress)


def _run_into(path: Path, planned: Plan, written: bytes | None, workers: int | None, executor: str, progress: Progress | None) -> Run:
    with RunFolder.claim(path, planned.identity, tables(planned)) as folder:
        if not folder.finished:
            if not (path / "resolved.yaml").exists():
                folder.write("scenario.yaml", resolved(planned.scenario) if written is None else written)
                folder.write("resolved.yaml", resolved(planned.scenario))
                folder.note(**describe())
            live_batches(folder, planned, workers, executor, progress)
            folder.finish(fingerprint(folder.totals()), finished=now())
        return _read(folder, planned.scenario, path)


def live_batches(folder: RunFolder, planned: Plan, workers: int | None, executor: str, progress: Progress | None) -> None:
    """Every batch that is not on disk yet is lived and written."""
    done = folder.done()
    todo = [n for n in range(len(planned.batches)) if n not in done]
    total = sum(map(len, planned.batches)) * planned.township
    people = total - sum(len(planned.batches[n]) for n in todo) * planned.township
    if progress:
        progress(people, total)
    with closing(execute(executor, lambda n: live_batch(planned, n), todo, workers)) as finished:
        for n, counts in finished:
            batch = planned.batches[n]
            folder.write_batch(n, [(place.region, place.number, replicate) for place, replicate in batch], counts)
            people += len(batch) * planned.township
            if progress:
                progress(people, total)


def live_batch(planned: Plan, number: int) -> dict[str, Ints]:
    """The tables of a batch, (places, rows, columns) each."""
    from ..township.township import live_township

    compiled = planned.compiled
    tallies = [
        live_township(place, compiled.rulebook, compiled.populace, planned.seed, replicate) for place, replicate in planned.batches[number]
    ]
    return {name: np.stack([getattr(tally, name) for tally in tallies]) for name in tallies[0]._fields}


def tables(planned: Plan) -> list[Table]:
    """Names, lengths and columns of the tables that a run leaves."""
    from ..township.tallies import columns, sheet

    names = planned.compiled.names
    named = columns(names.worlds, names.pairs, names.domains)
    empty, _ = sheet(planned.compiled.rulebook)
    return [Table(name, getattr(empty, name).shape[0], named[name]) for name in empty._fields]


def open_run(path: str | Path) -> Run:
    """The run in a folder; raises StoreError where there is none, or where it is not finished."""
    folder = RunFolder.open(Path(path))
    if not folder.finished:
        from ..store import StoreError

        raise StoreError(f"{path}: this run is not finished. Give the command that started it again; it goes on from there.")
    return _read(folder, load(str(Path(path) / "resolved.yaml")), Path(path))


def lived(run: Run) -> Plan:
    """The plan that a run followed, to live some of it again."""
    identity = run.provenance["identity"]
    return plan(run.scenario, identity["people"], identity["seed"], identity["replicates"], identity["draw_scheme"])


def _read(folder: RunFolder, scenario: Scenario, path: Path) -> Run:
    """The tallies of a finished run, with labels."""
    from ..township.tallies import SPREAD_EDGES

    clusters = folder.read(MOST_CLUSTERS)
    names = {region.number: region.name for region in scenario.population.country.regions}
    start = scenario.period.start
    shapes = {table.name: table for table in folder.tables}
    months = [divmod(start.month - 1 + n, 12) for n in range(shapes["months"].rows)]
    channels = [f"{source}/{name}" for source, name in _channels(scenario)]
    tallies = Tallies(
        regions=tuple(names[int(region)] for region in clusters.region),
        numbers=tuple(int(number) for number in clusters.township),
        tables=clusters.tables,
        columns={name: table.columns for name, table in shapes.items()},
        rows={
            "people": tuple(itertools.product(*AXES.values())),
            "months": tuple(f"{start.year + years}-{month + 1:02}" for years, month in months),
            "spells": tuple(n * SPELL_BIN for n in range(shapes["spells"].rows)),
            "spread": tuple(SPREAD_EDGES.tolist()),
            "channels": tuple(channels),
        },
    )
    return Run(scenario, folder.provenance, tallies, path)


def _channels(scenario: Scenario) -> list[tuple[str, str]]:
    from ..scenario.check import channels

    return channels(scenario)


__all__ = ["Place", "Run", "live_batch", "live_batches", "lived", "open_run", "run", "tables"]
