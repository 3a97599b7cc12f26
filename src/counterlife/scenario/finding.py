"""A problem in the words of a check, and the sentences that several checks say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ..layout import AXES
from .written import Path, nearest

Finding: TypeAlias = tuple[Path, str]


def unknown(names: Iterable[str], known: Mapping[str, object], path: Path, what: str, where: str) -> Iterator[Finding]:
    """A finding for each name that does not stand where it should."""
    for name in names:
        if name not in known:
            yield (*path, name), f"{name!r} is no {what}: only what stands under `{where}` can be named. {nearest(name, known)}"


def unknown_in(names: Iterable[str], known: Mapping[str, object], path: Path, what: str, where: str) -> Iterator[Finding]:
    """The same for names in a list, whose places are numbers."""
    for number, name in enumerate(names):
        for _, text in unknown([name], known, path, what, where):
            yield (*path, number), text


def unknown_levels(by: Any, path: Path) -> Iterator[Finding]:
    """A finding for each level that its axis does not have."""
    for axis, levels in by.items():
        for level in levels:
            if level not in AXES[axis]:
                yield (*path, axis, level), f"{level!r} is no level of {axis}. {nearest(level, AXES[axis])}"
