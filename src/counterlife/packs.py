"""One file with many parts that another machine can check: a ZIP archive, stored and not compressed, with the SHA-256 of every part.

The same parts give the same bytes on any machine: sorted names, one date, no compression, whose bytes would depend on a library's version.
Nothing is taken out of a file before everything in it was checked. What the parts mean is not known here.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from shutil import copyfileobj
from typing import IO

SUMS = "SHA256SUMS"
"""The part that lists the others, in the form that `sha256sum -c` reads."""
KIND = "# counterlife pack 1"
DATE = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP archive can say
NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*")
SUM = re.compile(r"([0-9a-f]{64})  (.+)")
CHUNK = 1 << 20  # bytes
BROKEN = (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError, struct.error)


class PackError(Exception):
    """A file that is no pack, or not the pack that it was, or cannot become one. The message says which; nothing was written."""


def pack(file: Path, parts: Mapping[str, bytes | Path]) -> None:
    """The parts are in the new file, with their hashes; at no moment is a half of it there under this name.

    parts: their content, or the files that hold it, by name: letters, digits and `._-`, in one folder at most. Raises PackError where the
    file exists or cannot be written.
    """
    wrong = [name for name in parts if not NAME.fullmatch(name) or name == SUMS]
    if wrong:
        raise ValueError(f"no part of a pack can be called {wrong[0]!r}")
    half = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with half.open("xb") as target, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            sums = {name: _put(archive, name, parts[name]) for name in sorted(parts)}
            listed = "".join(f"{found}  {name}\n" for name, found in sums.items())
            _put(archive, SUMS, f"{KIND}\n{listed}".encode())
        os.link(half, file)  # where renaming would replace what is there
    except FileExistsError:
        raise PackError(f"{file}: something is here already. Remove it, or choose another name (--out); nothing was written.") from None
    except OSError as error:
        raise PackError(f"{file}: the system says: {error.strerror or error}. Choose another place (--out); nothing was written.") from None
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def _put(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> str:
    """The part is in the archive; returns its SHA-256."""
    entry = zipfile.ZipInfo(name, DATE)
    entry.create_system, entry.external_attr = 3, 0o100644 << 16  # a plain file, whatever system this is
    digest = hashlib.sha256()
    with archive.open(entry, "w", force_zip64=True) as target:
        for chunk in _chunks(content):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as source:
        yield from iter(lambda: source.read(CHUNK), b"")


def unpack(file: Path, folder: Path, needed: frozenset[str] = frozenset()) -> None:
    """The parts of a pack are files in the existing, empty folder, each with the content that it was packed with.

    needed: names without which it is not what the caller takes it for. Raises PackError for a file that is no whole and untouched pack;
    then nothing was written.
    """
    with _readable(file) as content:
        archive, names = _whole(file, content)
        if not needed <= names:
            raise PackError(f"{file}: {', '.join(sorted(needed - names))} is missing in this pack, so it is no packed run.")
        for name in names:
            target = folder / name
            target.parent.mkdir(exist_ok=True)
            with archive.open(name) as source, target.open("xb") as copy:
                copyfileobj(source, copy, CHUNK)


def _whole(file: Path, content: IO[bytes]) -> tuple[zipfile.ZipFile, frozenset[str]]:
    """The archive and the names of its parts, all of them checked; whatever a broken one makes of the library is one sentence."""
    try:
        archive = zipfile.ZipFile(content)
        return archive, _checked(file, archive)
    except BROKEN:
        raise PackError(f"{file}: this is no pack, or not a whole one. Ask for the file again; nothing was written.") from None


def _readable(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except OSError as error:
        raise PackError(f"{file}: the system says: {error.strerror or error}. Give the file that `counterlife pack` named.") from None


def _checked(file: Path, archive: zipfile.ZipFile) -> frozenset[str]:
    """The names of all parts but the list of sums. Names lead nowhere else, sizes are those of the file, and contents have their hashes."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if SUMS not in names:
        raise PackError(f"{file}: this is no pack ({SUMS} is missing). Give the file that `counterlife pack` named; nothing was written.")
    folders = {name.partition("/")[0] for name in names if "/" in name}
    if len(set(names)) < len(names) or folders & set(names) or not all(map(NAME.fullmatch, names)):
        raise _changed(file, "it holds names that no pack has")
    stored = all(entry.compress_type == zipfile.ZIP_STORED and entry.compress_size == entry.file_size for entry in entries)
    if not stored or sum(entry.file_size for entry in entries) > os.fstat(_descriptor(archive)).st_size:
        raise _changed(file, "its parts are compressed, or larger than the file")
    kind, *lines = archive.read(SUMS).decode("ascii").splitlines() or [""]
    if kind != KIND:
        raise PackError(
            f"{file}: it begins with {kind[:40]!r}, not with {KIND!r}: another version made it. Use that one; nothing was written."
        )
    sums = {match[2]: match[1] for line in lines if (match := SUM.fullmatch(line))}
    if len(sums) < len(lines) or sums.keys() != set(names) - {SUMS}:
        raise _changed(file, "its parts are not those that it lists")
    for name, expected in sums.items():
        if _sum(archive, name) != expected:
            raise _changed(file, f"{name} has another SHA-256 than it had")
    return frozenset(sums)


def _sum(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as source:
        for chunk in iter(lambda: source.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()


def _descriptor(archive: zipfile.ZipFile) -> int:
    assert archive.fp is not None
    return archive.fp.fileno()


def _changed(file: Path, what: str) -> PackError:
    return PackError(
        f"{file}: this pack was changed since it was made ({what}), so it proves nothing. Ask for it again; nothing was written."
    )


__all__ = ["SUMS", "PackError", "pack", "unpack"]
