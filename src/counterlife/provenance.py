"""From what, on what and when a result was made, and the fingerprint of whole-number arrays.

Knows nothing of the model: the caller passes what identifies its run. Nothing here names the machine or its user. Writing the record to
disk is `store.py`'s work.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "counterlife"


def fingerprint(arrays: Mapping[str, NDArray[Any]]) -> str:
    """The SHA-256 of named whole-number arrays: names, shapes and values, whatever their order, byte order, width or memory layout."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        if array.dtype.kind not in "iub" or array.dtype == np.uint64:
            raise TypeError(f"only whole numbers that fit in 64 signed bits have a fingerprint; {name!r} holds {array.dtype}")
        digest.update(json.dumps([name, list(array.shape)]).encode())
        digest.update(array.astype("<i8").tobytes(order="C"))
    return digest.hexdigest()


def describe(**facts: Any) -> dict[str, Any]:
    """A record of the software, the machine and the time, with the caller's `facts` (scenario hash, seed, draw scheme ...) in front."""
    return {
        **facts,
        "started": now(),
        "version": version(PACKAGE),
        "commit": commit(Path(__file__)),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "packages": {name: version(name) for name in requirements(PACKAGE)},
    }


def now() -> str:
    """The time in UTC, to the second, as ISO 8601 writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def version(package: str) -> str | None:
    """The installed version of a package, None where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def requirements(package: str) -> list[str]:
    """The names of the packages that an installed package needs at run time, extras left out."""
    try:
        lines: Iterable[str] = metadata.requires(package) or []
    except metadata.PackageNotFoundError:
        return []
    names = (re.match(r"[\w.-]+", line) for line in lines if "extra ==" not in line)
    return sorted(name.group() for name in names if name)


def commit(file: Path) -> str | None:
    """The commit from which a tracked source file comes, with `+changes` where its folder differs from it; None outside a checkout."""
    if _git(file.parent, "ls-files", "--error-unmatch", file.name) is None:
        return None  # installed as a package, perhaps inside somebody else's repository
    head = _git(file.parent, "rev-parse", "HEAD")
    changes = _git(file.parent, "status", "--porcelain", "--", ".")
    return head and head + ("+changes" if changes else "")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def processor() -> str:
    """The model of the processor as the system calls it."""
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1).strip() if found else platform.processor() or platform.machine()
