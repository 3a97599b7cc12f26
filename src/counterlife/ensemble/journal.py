"""The journal of a sweep: a line for each point that was lived, written whole or not at all, and read back when a sweep goes on.

A line is a checksum and JSON. A process that is killed while it writes leaves a line without an end, which is cut off when the folder is
opened again; everything above it stays.
"""

from __future__ import annotations

import json
import math
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ..store import RunFolder, StoreError
from .outcomes import Outcome

JOURNAL = "points.jsonl"
Place: TypeAlias = tuple[str, tuple[float, ...] | None]
"""A structure, and coordinates or None for the scenario's own numbers."""


@dataclass(frozen=True)
class Lived:
    """What came of a point: outcomes, or the reason why the numbers make no scenario."""

    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    refused: str = ""


class Journal:
    """Points that were lived, by place; new ones are appended."""

    def __init__(self, folder: RunFolder | None) -> None:
        """Not kept on disk where there is no folder."""
        self.lived: dict[Place, Lived] = {}
        self._path = folder.path / JOURNAL if folder else None
        if self._path and self._path.is_file():
            self._read(self._path)

    def add(self, place: Place, lived: Lived) -> None:
        """The point is in the journal, on disk before this returns."""
        self.lived[place] = lived
        if self._path is None:
            return
        line = _line(place, lived)
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(descriptor, line)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise StoreError(
                f"{self._path}: the system says: {error.strerror or error}. Put that right and give the same command again; what was "
                "finished is kept."
            ) from error

    def _read(self, path: Path) -> None:
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.truncate(path, len(whole))
        for number, line in enumerate(whole.splitlines(), 1):
            said, _, text = line.partition(b" ")
            if said != _sum(text):
                raise StoreError(
                    f"{path}, line {number}: this line is damaged; something outside the program changed it. Remove the line and give the "
                    "command of the sweep again: only this point is lived again."
                )
            place, lived = _point(json.loads(text))
            self.lived[place] = lived


def _line(place: Place, lived: Lived) -> bytes:
    record = {
        "structure": place[0],
        "at": place[1],
        "outcomes": {key: [_or_none(one.value), _or_none(one.error), _or_none(one.low), _or_none(one.high)]
                     for key, one in lived.outcomes.items()},
        "refused": lived.refused,
    }  # fmt: skip
    text = json.dumps(record, separators=(",", ":")).encode()
    return _sum(text) + b" " + text + b"\n"


def _point(record: dict[str, Any]) -> tuple[Place, Lived]:
    at = record["at"]
    found = {key: Outcome(*(math.nan if one is None else one for one in four)) for key, four in record["outcomes"].items()}
    return (record["structure"], None if at is None else tuple(at)), Lived(found, record["refused"])


def _sum(text: bytes) -> bytes:
    return f"{zlib.crc32(text):08x}".encode()


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None
