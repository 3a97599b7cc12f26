"""A run is lived again, from its folder or from a pack of it, and held against what it was: the same, or where and why it is not."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ..packs import unpack
from ..provenance import describe, fingerprint
from ..scenario import load, scenario_hash
from ..store import PROVENANCE, RunFolder, StoreError
from .discrepancy import Discrepancy, discrepancy
from .plan import RequestError
from .run import Progress, Run, finished_folder, run

MEASURES = "measures.csv"
NEEDED = frozenset({PROVENANCE, "resolved.yaml", "tallies/tables.json"})
KEY = ("id", "name", "unit", "world", "versus", "domain", "region", "group", "period", "interval")
NEAR = 1e-9  # relative: another processor may round the last digits of a mean otherwise


class Making(NamedTuple):
    """Something about how two runs were made that is not the same; None is not on record."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Again:
    """A run that was lived again, beside what its record, its counts and its measures were."""

    source: str
    before: Mapping[str, Any]
    """The provenance of the run that was there."""
    run: Run
    """The one that was lived now."""
    makings: tuple[Making, ...]
    counted: str
    """The fingerprint that the counts of the run that was there have; its record may say another one."""
    discrepancy: Discrepancy | None
    """Where the counts differ; None where the fingerprints are equal, so that nobody looked."""
    measures: int | None
    """Values of the measures that differ from those that were there; None where there were none to read."""

    @property
    def counts_are_same(self) -> bool:
        """Whether the counts have the fingerprint that is on their record, and the run lived now has it too: to the last count."""
        return bool(self.before["fingerprint"] == self.counted == self.run.fingerprint)

    @property
    def same(self) -> bool:
        """Whether counts and measures are what they were."""
        return self.counts_are_same and not self.measures


def run_again(
    path: str | Path, *, out: str | Path, workers: int | None = None, executor: str = "threads", progress: Progress | None = None
) -> Again:
    """The finished run in a folder or a pack is lived again, from its resolved scenario, into another folder, and held against it.

    Raises RequestError where `out` holds a finished run: reading it would show nothing; PackError for a pack that is not what it was.
    """
    with unpacked(Path(path)) as folder:
        before, resolved = folder.provenance, folder.path / "resolved.yaml"
        _refuse_changed(path, before, resolved)
        if os.path.isfile(Path(out) / PROVENANCE) and RunFolder.open(Path(out)).finished:
            raise RequestError(f"{out}: a finished run is here already, so nothing would be lived again. Choose another folder (--out).")
        identity = before["identity"]
        lived = run(
            resolved,
            people=identity["people"],
            seed=identity["seed"],
            replicates=identity["replicates"],
            out=out,
            workers=workers,
            executor=executor,
            progress=progress,
        )
        counted = fingerprint(folder.totals())
        same = before["fingerprint"] == counted == lived.fingerprint
        found = None if same else discrepancy(folder, RunFolder.open(Path(out)))
        other = _other_measures(folder.path / MEASURES, lived)
        return Again(str(path), before, lived, makings(before, lived.provenance), counted, found, other)


@contextmanager
def unpacked(path: Path) -> Iterator[RunFolder]:
    """The finished run in a folder, or in a pack for as long as this lasts."""
    if not path.is_file():
        yield finished_folder(path)
        return
    with tempfile.TemporaryDirectory(prefix="counterlife-") as place:
        unpack(path, Path(place), NEEDED)
        try:
            yield finished_folder(Path(place))
        except StoreError as error:
            raise type(error)(str(error).replace(place, str(path))) from None


def _refuse_changed(shown: str | Path, before: Mapping[str, Any], resolved: Path) -> None:
    """A resolved scenario of another hash was changed, unless another program wrote it: that one may have hashed it otherwise."""
    here = describe()
    alike = all(before.get(name) == here[name] for name in ("version", "commit"))
    if alike and scenario_hash(load(str(resolved))) != before["identity"]["scenario"]:
        raise StoreError(f"{shown}: resolved.yaml was changed since the run, so it no longer says what was lived. Put the old file back.")


def makings(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Making, ...]:
    """What is not the same about how two runs were made: program, kernels, draws, scenario, Python, the packages that count, processor."""
    one, other = _made(before), _made(after)
    return tuple(Making(name, one[name], other[name]) for name in one if one[name] != other[name])


def _made(record: Mapping[str, Any]) -> dict[str, str | None]:
    identity, packages = record["identity"], record.get("packages", {})
    programs = [record, *record.get("resumed", ())]
    found = {
        "version": _each(one.get("version") for one in programs),
        "commit": _each(one.get("commit") for one in programs),
        "kernels": record.get("kernels"),
        "compiled": record.get("compiled"),
        "draw_scheme": identity.get("draw_scheme"),
        "scenario": identity.get("scenario"),
        "python": record.get("python"),
        "numpy": packages.get("numpy"),
        "numba": packages.get("numba"),
        "platform": record.get("platform"),
        "processor": record.get("processor"),
    }
    return {name: None if value is None else str(value) for name, value in found.items()}


def _each(values: Iterator[Any]) -> str | None:
    """The values of a run that was resumed, each once."""
    said = dict.fromkeys(str(value) for value in values if value is not None)
    return ", then ".join(said) or None


def _other_measures(file: Path, lived: Run) -> int | None:
    """How many of the values that stand in a measures file, and that the run has too, are others than those of the run."""
    import polars as pl

    if not file.is_file():
        return None
    schema = lived.measures.schema
    try:
        there = pl.read_csv(file, schema_overrides=schema).select(schema.names())
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise StoreError(
            f"{file}: these measures cannot be read ({str(error).splitlines()[0]}). Write them anew: `counterlife report`."
        ) from None
    both = there.join(lived.measures, on=KEY, how="inner", nulls_equal=True)
    values = [name for name in schema.names() if name not in KEY]
    apart = pl.any_horizontal(_apart(pl.col(name).cast(pl.Float64), pl.col(f"{name}_right").cast(pl.Float64)) for name in values)
    return both.filter(apart).height + there.height - both.height


def _apart(one: Any, other: Any) -> Any:
    """Whether two numbers differ by more than rounding; a missing one is equal to a missing one."""
    import polars as pl

    near = (one - other).abs() <= NEAR * pl.max_horizontal(one.abs(), other.abs())
    return ~(one.eq_missing(other) | near.fill_null(False))
