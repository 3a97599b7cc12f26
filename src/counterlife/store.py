"""The folder that a run leaves, and the promise that it survives anything: kill -9, a full disk, two processes at once.

A batch of results is one file; it exists if and only if it was written whole. What the whole numbers mean is not known here: a table is a
name with rows and named columns, a place is three numbers. Hashing lives in `provenance.py`, running in the study above.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

Ints = NDArray[np.int64]
PLACE = ("region", "township", "replicate")
BATCH_FILE = re.compile(r"(\d{6,})\.parquet")
NO_SEAL = b"0" * 64
SEAL = re.compile(rb"sha256[^0-9a-f]{0,8}([0-9a-f]{64})")
UNFINISHED = re.compile(r"\..*\.part")
LOCK = ".lock"
PROVENANCE = "provenance.json"
TABLES = "tallies/tables.json"


class StoreError(Exception):
    """Something about the folder stops the run. The message says what, and what to do; what was written stays whole."""


class FolderRefusedError(StoreError):
    """The folder holds something else than what was asked for. Nothing was written."""


class Table(NamedTuple):
    """The shape of one table of whole numbers, and what its columns are called."""

    name: str
    rows: int
    columns: tuple[str, ...]


class Clusters(NamedTuple):
    """Tallies added up over clusters of neighbouring places of one region, n of them."""

    region: Ints  # (n,)
    township: Ints  # (n,) number of the first township in each cluster
    places: Ints  # (n,) how many places each cluster holds
    tables: dict[str, Ints]  # (n, rows, columns) each


def put(target: Path, content: str | bytes) -> None:
    """The file holds the content; at no moment does it hold anything between its old content and this. Its folder is made if missing."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    with _speaking(target):
        try:
            target.parent.mkdir(exist_ok=True)
            with part.open("wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
            _sync_folder(target.parent)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise


class RunFolder:
    """A run on disk. Made by `claim` (to write into, one process at a time) or by `open` (to read)."""

    def __init__(self, path: Path, tables: Sequence[Table], lock: int | None = None) -> None:
        """Not called directly."""
        self.path = path
        self.tables = tuple(tables)
        self._lock = lock

    @classmethod
    def claim(cls, path: Path, identity: Mapping[str, Any], tables: Sequence[Table]) -> RunFolder:
        """The folder, held for this process: new, or with the unfinished or finished run of the same identity in it.

        tables: what is counted; nothing for a folder that holds other results than counts. Anything else in the folder is refused, with
        what differs. Use it in a `with` statement, or `close` it.
        """
        with _speaking(path):
            if path.exists():
                _refuse_strangers(path)
            path.mkdir(parents=True, exist_ok=True)
            lock = _take_lock(path / LOCK)
        folder = cls(path, tables, lock)
        try:
            folder._settle_in(json.loads(json.dumps(dict(identity))))
        except BaseException:
            folder.close()
            raise
        return folder

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """The run in an existing folder, finished or not, for reading."""
        if not os.path.isfile(path / PROVENANCE):
            raise FolderRefusedError(f"{path}: there is no run here ({PROVENANCE} is missing). Give the folder that the run named.")
        listed = _read_json(path / TABLES) if os.path.isfile(path / TABLES) else []  # what counts nothing has no tables
        return cls(path, [Table(entry["name"], entry["rows"], tuple(entry["columns"])) for entry in listed])

    def close(self) -> None:
        """The folder is free for another process."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def provenance(self) -> dict[str, Any]:
        """What is on record about the run: its identity, its fingerprint once it is finished, and what was noted."""
        record = _read_json(self.path / PROVENANCE)
        if not isinstance(record, dict) or not {"identity", "fingerprint"} <= record.keys():
            raise StoreError(
                f"{self.path / PROVENANCE}: this is no record of a run; something outside the program changed it. {_ELSEWHERE}"
            )
        return record

    @property
    def finished(self) -> bool:
        """Whether the run is complete."""
        return self.provenance["fingerprint"] is not None

    def note(self, **facts: Any) -> None:
        """The facts stand in `provenance.json`, beside or in place of what stood there."""
        self.write(PROVENANCE, _json({**self.provenance, **facts}))

    def finish(self, fingerprint: str, **facts: Any) -> None:
        """The run is complete, and says so with its fingerprint (`provenance.fingerprint(folder.totals())`)."""
        self.note(**facts, fingerprint=fingerprint)

    def write(self, name: str, content: str | bytes) -> None:
        """The file `name` in the folder holds the content; at no moment does it hold anything between its old content and this."""
        put(self.path / name, content)

    def done(self) -> set[int]:
        """The numbers of the batches on disk."""
        return {index for index, _ in self._batches()}

    def write_batch(self, index: int, places: Sequence[tuple[int, int, int]], counts: Mapping[str, NDArray[Any]]) -> None:
        """The batch is on disk, whole. `counts` holds (places, rows, columns) for every table; a place is (region, township, replicate)."""
        import polars as pl

        data = _sparse(self.tables, np.asarray(places, np.int64).reshape(-1, 3), counts)
        buffer = BytesIO()
        pl.DataFrame(data).cast(_schema()).write_parquet(buffer, compression="zstd", metadata={"sha256": NO_SEAL.decode()})
        self.write(f"tallies/{index:06d}.parquet", _seal(buffer.getvalue()))

    def frames(self) -> Iterator[pl.DataFrame]:
        """The batches one by one, a row for each number that is not zero: `PLACE`, table, row, column, value.

        A place without any has one row with a zero. A damaged file is an error, never skipped.
        """
        import polars as pl

        for _, file in self._batches():
            with _speaking(file):
                content = file.read_bytes()
            if not _is_sealed(content):
                raise StoreError(
                    f"{file}: this batch is damaged; something outside the program changed or shortened it. Remove the file and "
                    "give the command of the run again: only this batch is lived again, and the result is the same."
                )
            yield pl.read_parquet(BytesIO(content))

    def totals(self) -> dict[str, Ints]:
        """Every table added up over all places, and the sorted `places` themselves: equal for any order and any cut into batches."""
        sums = {table.name: np.zeros((table.rows, len(table.columns)), np.int64) for table in self.tables}
        places = [np.zeros((0, 3), np.int64)]
        for frame in self.frames():
            places.append(_places(frame))
            for name, rows in self._by_table(frame):
                np.add.at(sums[name], _numbers(rows, "row", "column"), rows["value"].to_numpy())
        return {**sums, "places": self._once(places)}

    def read(self, max_clusters: int = 1000) -> Clusters:
        """The tallies by cluster: one place each, or near ones of a region together where there are more places than `max_clusters`.

        Memory depends on the number of clusters only. Every region keeps at least one cluster of its own.
        """
        import polars as pl

        places = self._once([np.zeros((0, 3), np.int64), *map(_places, self.frames())])
        cluster = _cut(places[:, 0], max_clusters)
        size = int(cluster[-1]) + 1 if len(cluster) else 0
        numbered = pl.DataFrame({**dict(zip(PLACE, places.T, strict=True)), "cluster": cluster})
        numbered = numbered.cast(dict.fromkeys(PLACE, pl.Int32()))
        tables = {table.name: np.zeros((size, table.rows, len(table.columns)), np.int64) for table in self.tables}
        for frame in self.frames():
            for name, rows in self._by_table(frame.join(numbered, on=PLACE)):
                np.add.at(tables[name], _numbers(rows, "cluster", "row", "column"), rows["value"].to_numpy())
        first = np.searchsorted(cluster, np.arange(size))
        return Clusters(places[first, 0], places[first, 1], np.bincount(cluster, minlength=size).astype(np.int64), tables)

    def _settle_in(self, identity: dict[str, Any]) -> None:
        """The folder belongs to this run: its record is checked or written, and what a killed process left half written is removed."""
        if not (self.path / PROVENANCE).exists():
            _refuse_strangers(self.path)
            self.write(PROVENANCE, _json({"identity": identity, "fingerprint": None}))
        _refuse_another_run(self.path, self.provenance["identity"], identity)
        listed = [table._asdict() for table in self.tables]
        if listed and not (self.path / TABLES).exists():
            self.write(TABLES, _json(listed))
        if listed and _read_json(self.path / TABLES) != json.loads(_json(listed)):
            raise FolderRefusedError(f"{self.path}: the run here counts other things than this version of the program. {_ELSEWHERE}")
        with _speaking(self.path):
            for leftover in [*self.path.glob(".*.part"), *self.path.glob("tallies/.*.part")]:
                leftover.unlink()

    def _batches(self) -> list[tuple[int, Path]]:
        with _speaking(self.path):
            found = [(BATCH_FILE.fullmatch(file.name), file) for file in (self.path / "tallies").iterdir()]
        return sorted((int(match.group(1)), file) for match, file in found if match)

    def _by_table(self, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
        for number, table in enumerate(self.tables):
            yield table.name, frame.filter(frame["table"] == number)

    def _once(self, places: Sequence[Ints]) -> Ints:
        """All places, sorted. No place may stand in two batches."""
        joined = np.concatenate(places)
        unique = np.unique(joined, axis=0)
        if len(unique) != len(joined):
            raise StoreError(
                f"{self.path / 'tallies'}: {len(joined) - len(unique)} places are there twice, so sums would be wrong. {_ELSEWHERE}"
            )
        return unique


# --- whole numbers as rows of a file ----------------------------------------------------------------------------------------


def _schema() -> pl.Schema:
    import polars as pl

    small, wide = pl.Int32(), pl.Int64()
    return pl.Schema({**dict.fromkeys(PLACE, small), "table": pl.UInt8(), "row": small, "column": small, "value": wide})


def _sparse(tables: Sequence[Table], places: Ints, counts: Mapping[str, NDArray[Any]]) -> dict[str, Ints]:
    """Columns of the numbers that are not zero; a place that has none keeps one row with a zero, to show that it was lived."""
    found = []
    for number, table in enumerate(tables):
        array = np.asarray(counts[table.name])
        shape = (len(places), table.rows, len(table.columns))
        if array.shape != shape or array.dtype.kind not in "iu":
            raise ValueError(f"table {table.name!r} should hold whole numbers of shape {shape}, not {array.dtype} of shape {array.shape}")
        which, row, column = np.nonzero(array)
        found.append(np.stack([which, np.full_like(which, number), row, column, array[which, row, column]]))
    which = np.concatenate([part[0] for part in found])
    empty = np.setdiff1d(np.arange(len(places)), which)
    joined = np.concatenate([*found, np.stack([empty, *[np.zeros_like(empty)] * 4])], axis=1)
    return dict(zip((*PLACE, "table", "row", "column", "value"), [*places[joined[0]].T, *joined[1:]], strict=True))


def _places(frame: pl.DataFrame) -> Ints:
    return frame.select(PLACE).unique().to_numpy().astype(np.int64).reshape(-1, 3)


def _numbers(rows: pl.DataFrame, *columns: str) -> tuple[NDArray[Any], ...]:
    return tuple(rows[column].to_numpy() for column in columns)


def _cut(region: Ints, most: int) -> Ints:
    """The cluster number of each place, given the sorted regions of all: neighbours share one, never across regions."""
    count = len(region)
    if count <= most:
        return np.arange(count)
    _, start, size = np.unique(region, return_index=True, return_counts=True)
    clusters = np.maximum(1, size * most // count)
    within = np.arange(count) - np.repeat(start, size)
    return np.asarray(np.repeat(np.cumsum(clusters) - clusters, size) + within * np.repeat(clusters, size) // np.repeat(size, size))


def _seal(content: bytes) -> bytes:
    """The file with its own SHA-256 (taken while that was all zeros) in its footer. It guards against damage, not against intent."""
    at = content.rindex(NO_SEAL)
    return content[:at] + hashlib.sha256(content).hexdigest().encode() + content[at + len(NO_SEAL) :]


def _is_sealed(content: bytes) -> bool:
    found = list(SEAL.finditer(content))
    if not found:
        return False
    start, end = found[-1].span(1)
    return hashlib.sha256(content[:start] + NO_SEAL + content[end:]).hexdigest().encode() == content[start:end]


# --- files, locks and what is said about them -------------------------------------------------------------------------------

_ELSEWHERE = "Choose another folder (--out), or remove this one."


@contextmanager
def _speaking(path: Path) -> Iterator[None]:
    """Errors of the system become sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            reason = "there is no room left on this disk. Make room"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            reason = "the system does not allow this to be read or written here. Change its permissions, or choose another folder (--out),"
        else:
            reason = f"the system says: {error.strerror or error}. Put that right"
        raise StoreError(
            f"{path}: {reason} and give the same command again; what was finished is kept, and the run goes on from there."
        ) from error


def _take_lock(file: Path) -> int:
    """A descriptor that holds the folder until it is closed, or until the process ends in whatever way."""
    import fcntl

    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise FolderRefusedError(
            f"{file.parent}: another process is running into this folder. Wait for it, stop it, or choose another folder."
        ) from None
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):  # some network disks have no locks; go on without
            os.close(descriptor)
            raise
    return descriptor


def _refuse_strangers(path: Path) -> None:
    """Anything but a run, an empty folder, or what is left of a run that was killed before it wrote its first file is refused."""
    if not path.is_dir():
        raise FolderRefusedError(f"{path}: this is a file, and a run needs a folder. Choose another name (--out).")
    with _speaking(path):
        names = sorted(entry.name for entry in path.iterdir())
    others = [name for name in names if name != LOCK and not UNFINISHED.fullmatch(name)]
    if others and PROVENANCE not in others:
        some = ", ".join(others[:3]) + (" ..." if len(others) > 3 else "")
        raise FolderRefusedError(
            f"{path}: this folder is not empty and not a run (it holds {some}). Choose another folder (--out); nothing was written."
        )


def _refuse_another_run(path: Path, there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
    differences = [
        f"{key} is {_short(there.get(key))} there and {_short(here.get(key))} here"
        for key in {**there, **here}
        if there.get(key) != here.get(key)
    ]
    if differences:
        raise FolderRefusedError(f"{path}: this folder holds another run: {'; '.join(differences)}. {_ELSEWHERE}")


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:36] + " ..."


def _read_json(file: Path) -> Any:
    with _speaking(file):
        text = file.read_bytes()
    try:
        return json.loads(text)
    except ValueError as error:
        raise StoreError(f"{file}: this file is damaged ({error}); something outside the program changed it. {_ELSEWHERE}") from error


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
