"""Running: batches of townships are lived, written to the run folder as they come, and added up.

An interrupted run goes on where it stopped.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..executors import cores, execute
from ..layout import CELLS, Ints, Place
from ..measures import Facts, Tallies, measures
from ..provenance import describe, fingerprint, now
from ..scenario import Scenario, as_written, lineage, load, resolved, scenario_hash
from ..scenario.compile import Compiled
from ..store import FolderRefusedError, RunFolder, StoreError, Table
from .facts import facts
from .labels import ARCHIVES, GAPS, labelled
from .plan import Plan, RequestError, plan

if TYPE_CHECKING:
    import polars as pl

Progress = Callable[[int, int, int], None]
"""Called with the townships lived so far, the townships in all (over all replicates), and the people in each."""
MOST_CLUSTERS = 400
MOST_WORKERS = 1024
WRITTEN = "written"
"""The folder of a run with the files that its scenario is built on."""


@dataclass(frozen=True)
class Run:
    """A finished run: its scenario, provenance, tallies and measures."""

    scenario: Scenario
    """What was lived, with nothing left implied."""
    provenance: Mapping[str, Any]
    """Versions, seed, scenario hash, machine, times and fingerprint: what is in `provenance.json`."""
    tallies: Tallies = field(repr=False)
    """The whole-number counts of all townships; `docs/tallies.md` lists them."""
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
    scenario: str | Path | Scenario,
    *,
    people: int | None = None,
    seed: int = 1,
    replicates: int = 1,
    overrides: str | Sequence[str] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    executor: str = "threads",
    progress: Progress | None = None,
    batch_people: int | None = None,
) -> Run:
    """A scenario is lived, resumed where `out` holds an unfinished run of it, and returned.

    people: about so many synthetic people (default: the scenario's). seed: from which all luck is drawn. replicates: how often people are
    made and lived anew. overrides: changes such as "score.start=900". out: folder to keep the run in, or None. workers: threads (default:
    all cores). executor: "threads" or "serial". progress: called with the townships lived so far, those in all, and the people in each;
    what it raises ends the run, which can be resumed. batch_people: people in a batch, about; results do not depend on it. Raises
    ScenarioError for a scenario that says something impossible, StoreError for trouble with the folder, RequestError (a ValueError) for
    numbers that make no run. A KeyboardInterrupt leaves a folder that the same call goes on from.
    """
    from ..township.draws import SCHEME

    if isinstance(scenario, Scenario):
        if overrides:
            raise RequestError("overrides change a scenario that is read from a file; this one is an object: give the name or the path.")
        described, written = scenario, {"scenario.yaml": resolved(scenario).encode()}
    else:
        name = os.fspath(scenario)
        described = load(name, [overrides] if isinstance(overrides, str) else overrides)
        written = {"scenario.yaml": as_written(name), **{f"{WRITTEN}/{file}": content for file, content in lineage(name).items()}}
    planned = plan(described, people, seed, replicates, SCHEME, batch_people)
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        raise RequestError(
            f"{workers} workers cannot work: choose a whole number from 1 to {MOST_WORKERS:,}, or leave it out for all cores."
        )
    live = partial(_run_into, planned=planned, written=written, workers=workers, executor=executor, progress=progress)
    if out is not None:
        return live(Path(out))
    with tempfile.TemporaryDirectory(prefix="counterlife-") as folder:
        return replace(live(Path(folder) / "run"), path=None)


def _run_into(
    path: Path, *, planned: Plan, written: Mapping[str, bytes], workers: int | None, executor: str, progress: Progress | None
) -> Run:
    from ..township import jit

    with RunFolder.claim(path, planned.identity, tables(planned)) as folder:
        if "started" not in folder.provenance:
            for name, content in written.items():
                folder.write(name, content)
            folder.write("resolved.yaml", resolved(planned.scenario))
            folder.note(**describe(batch=planned.batch, kernels=jit.cache_folder().name.removeprefix("kernels-"), compiled=jit.compiled()))
        elif not folder.finished:
            software = describe()
            again = {key: software[key] for key in ("started", "version", "commit")}
            folder.note(resumed=[*folder.provenance.get("resumed", ()), again])
        planned = replace(planned, batch=folder.provenance["batch"])
        if not folder.finished or len(folder.done()) < len(planned.batches):
            live_batches(folder, planned, workers, executor, progress)
            _finish(folder)
        return _read(folder, planned.scenario, path)


def _finish(folder: RunFolder) -> None:
    """The run is complete. A finished run of which a batch was lost and lived again has to come out as before."""
    before, here = folder.provenance["fingerprint"], fingerprint(folder.totals())
    if before not in (None, here):
        raise StoreError(
            f"{folder.path}: batches were missing, and with them lived again the run comes out different (fingerprint {here}, not "
            f"{before}): another version of the program made it, or its files were changed. Run it into another folder (--out)."
        )
    folder.finish(here, finished=now())


def live_batches(folder: RunFolder, planned: Plan, workers: int | None, executor: str, progress: Progress | None) -> None:
    """Every batch that is not on disk yet is lived and written."""
    written = folder.done()
    todo = [n for n in range(len(planned.batches)) if n not in written]
    total = sum(map(len, planned.batches))
    done = total - sum(len(planned.batches[n]) for n in todo)
    tell = progress or (lambda done, total, people: None)
    tell(done, total, planned.township)
    from ..township.ahead import compiling_ahead  # after the first word of progress: it loads the compiler

    ahead = compiling_ahead() if todo and cores() > 1 else nullcontext()
    with ahead, closing(execute(executor, lambda n: live_batch(planned, n), todo, workers)) as finished:
        for n, counts in finished:
            batch = planned.batches[n]
            folder.write_batch(n, [(place.region, place.number, replicate) for place, replicate in batch], counts)
            done += len(batch)
            tell(done, total, planned.township)


def live_batch(planned: Plan, number: int) -> dict[str, Ints]:
    """The tables of a batch, (places, rows, columns) each."""
    tallies = [_lived(planned, planned.compiled, place, replicate) for place, replicate in planned.batches[number]]
    found = {name: np.stack([getattr(tally, name) for tally in tallies]) for name in tallies[0]._fields}
    if planned.alike:
        found[GAPS] = np.stack([_gaps(planned, place, replicate) for place, replicate in planned.batches[number]])
    if planned.breaches:
        found[ARCHIVES] = np.stack([_archives(planned, place, replicate) for place, replicate in planned.batches[number]])
    return found


def _lived(planned: Plan, compiled: Compiled, place: Place, replicate: int) -> Any:
    """The tally of a township, by the rules of its region."""
    from ..township.book import bind
    from ..township.township import live_township

    rules = compiled.book(place.row)
    if id(rules) not in planned.bound:
        planned.bound[id(rules)] = bind(rules, compiled.populace)
    return live_township(place, rules, compiled.populace, planned.seed, replicate, planned.bound[id(rules)])


def _archives(planned: Plan, place: Place, replicate: int) -> Ints:
    """What lies on file where (months x places, columns), for every breach, in every world under attack."""
    from ..township.archives import Looked, archives

    one, sources = planned.compiled, len(planned.scenario.sources)
    looked = [Looked(planned.attacked, channels, sources) for channels in planned.breaches.values()]
    township = (place, one.book(place.row), one.populace, planned.seed, replicate)
    return np.concatenate([archives(*township, each) for each in looked], axis=1)


def _gaps(planned: Plan, place: Place, replicate: int) -> Ints:
    """Wrongful domain-days of the first comparison by group (cells, variants), in lives in which some channels are alike for all groups."""
    from ..township.sheet import columns

    found = []
    for alike in planned.alike.values():
        names, tally = alike.names, _lived(planned, alike, place, replicate)
        of_people = columns(names.worlds, names.pairs, names.domains, names.soft)["people"]
        found.append(tally.people[:, [label.startswith("wrongful_days.") for label in of_people]].sum(axis=1))
    return np.stack(found, axis=1)


def tallied(planned: Plan) -> Tallies:
    """The tallies of a plan, lived here and now, with a cluster for each township; nothing is kept on disk."""
    batches = [live_batch(planned, number) for number in range(len(planned.batches))]
    counts = {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}
    places = [place for batch in planned.batches for place, _ in batch]
    regions, numbers = ([getattr(place, what) for place in places] for what in ("region", "number"))
    return labelled(planned.scenario, tables(planned), regions, numbers, counts)


def tables(planned: Plan) -> list[Table]:
    """Names, lengths and columns of the tables that a run leaves."""
    from ..township.sheet import columns, sheet

    names = planned.compiled.names
    named = columns(names.worlds, names.pairs, names.domains, names.soft)
    empty, _ = sheet(planned.compiled.rulebook)
    gaps = [Table(GAPS, CELLS, tuple(f"wrongful_days.{name}" for name in planned.alike))] if planned.alike else []
    return [*(Table(name, getattr(empty, name).shape[0], named[name]) for name in empty._fields), *gaps, *_archive(planned)]


def _archive(planned: Plan) -> list[Table]:
    from ..township.archives import BLOCKS

    names, sources = planned.compiled.names, len(planned.scenario.sources)
    worlds = [names.worlds[w] for w in planned.attacked]
    columns = tuple(f"{block}.{threat}.{world}" for threat in planned.breaches for block in BLOCKS for world in worlds)
    months = int(planned.compiled.rulebook.month_of_day.max()) + 1
    return [Table(ARCHIVES, months * (sources + 1), columns)] if columns else []


def open_run(path: str | Path) -> Run:
    """The run in a folder; raises StoreError where there is none, or where it is not finished."""
    folder = finished_folder(Path(path))
    scenario = load(str(Path(path) / "resolved.yaml"))
    if scenario_hash(scenario) != folder.provenance["identity"]["scenario"]:
        raise StoreError(f"{path}: resolved.yaml was changed since the run, so it no longer says what was lived. Put the old file back.")
    return _read(folder, scenario, Path(path))


def finished_folder(path: Path) -> RunFolder:
    """The folder of a finished run; raises StoreError where there is none, or where it is not finished."""
    folder = RunFolder.open(path)
    if not folder.tables:
        raise FolderRefusedError(f"{path}: this folder holds a sweep, not a run. Its results are in outcomes.parquet and sweep.html there.")
    if not folder.finished:
        raise FolderRefusedError(f"{path}: this run is not finished. Give the command that started it again; it goes on from there.")
    return folder


def lived(run: Run) -> Plan:
    """The plan that a run followed, to live some of it again. Raises RequestError where this program draws luck in another way."""
    from ..township.draws import SCHEME

    identity = run.provenance["identity"]
    if identity["draw_scheme"] != SCHEME:
        raise RequestError(
            f"this run was lived with draw scheme {identity['draw_scheme']} and this program has {SCHEME}: it would tell other lives. "
            "Use the version that made the run, or run the scenario again."
        )
    return plan(run.scenario, identity["people"], identity["seed"], identity["replicates"], identity["draw_scheme"])


def _read(folder: RunFolder, scenario: Scenario, path: Path) -> Run:
    """The tallies of a finished run, with labels."""
    clusters = folder.read(MOST_CLUSTERS)
    identity, found = folder.provenance["identity"], int(clusters.places.sum())
    if found * identity["township"] != identity["people"] * identity["replicates"]:
        raise StoreError(
            f"{path}: batches are missing from this finished run. Give the command that made it again; only they are lived again."
        )
    tallies = labelled(scenario, folder.tables, clusters.region, clusters.township, clusters.tables)
    return Run(scenario, folder.provenance, tallies, path)


__all__ = ["Run", "finished_folder", "live_batch", "live_batches", "lived", "open_run", "run", "tables", "tallied"]
