"""All checks and promises in the order of their numbers, and the run of some of them. What they look at is in the modules by theme."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import process_time
from typing import NamedTuple

from ..study import RequestError
from ..township.jit import compiled
from . import ledgers, listings, measured, numbers, reactions, redress, solvers, spreading
from .engine import FULL, QUICK, Form, Lab
from .promises.kept import Kept, PowerlessError
from .promises.sworn import PROMISES, Promise
from .stated import Check
from .tolerance import Row, Verdict

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (check for theme in (numbers, ledgers, listings, spreading, reactions, redress, measured, solvers) for check in theme.CHECKS),
        key=lambda check: int(check.id[1:]),
    )
)
Progress = Callable[[int, int, str], None]
"""Called with the checks done, their number, and the title of the next."""


@dataclass(frozen=True)
class Outcome:
    """What a check came to."""

    check: Check
    rows: tuple[Row, ...]
    seconds: float
    """Processor time."""

    @property
    def verdict(self) -> Verdict:
        """The worst of its rows: one that differs, or else one that is void."""
        found = {row.verdict for row in self.rows}
        return next(verdict for verdict in (Verdict.DIFFERS, Verdict.VOID, Verdict.AGREES) if verdict in found)


@dataclass(frozen=True)
class Promised:
    """What a promise came to."""

    promise: Promise
    rows: tuple[Kept, ...]
    seconds: float
    """Processor time."""
    void: str = ""
    """Why a look said nothing, in words; empty where all said something."""

    @property
    def verdict(self) -> Verdict | None:
        """The worst of its rows; nothing where only the test suite looks at it."""
        if self.promise.looks is None:
            return None
        found = {row.verdict for row in self.rows} | ({Verdict.VOID} if self.void else set())
        return next(verdict for verdict in (Verdict.DIFFERS, Verdict.VOID, Verdict.AGREES) if verdict in found)


class Verified(NamedTuple):
    """What was found of everything that was asked for."""

    checks: list[Outcome]
    promises: list[Promised]


def all_agree(verified: Verified) -> bool:
    """Whether no number differs, none is void, and no promise is broken or void; those that are only in the test suite say nothing."""
    verdicts = [*(one.verdict for one in verified.checks), *(one.verdict for one in verified.promises)]
    return all(verdict in (Verdict.AGREES, None) for verdict in verdicts)


Asked = Check | Promise
EVERYTHING: tuple[Asked, ...] = (*CHECKS, *PROMISES)


def chosen(ids: Collection[str] | None) -> tuple[Asked, ...]:
    """The checks and promises of these numbers, all where nothing is given; raises RequestError for a number that none has."""
    if ids is None:
        return EVERYTHING
    wanted = {one.strip().upper() for one in ids}
    unknown = wanted - {one.id for one in EVERYTHING}
    if unknown or not wanted:
        known = f"{CHECKS[0].id} to {CHECKS[-1].id} and {PROMISES[0].id} to {PROMISES[-1].id}"
        raise RequestError(f"there is no check {', '.join(sorted(unknown)) or '(nothing)'}: choose of {known}.")
    return tuple(one for one in EVERYTHING if one.id in wanted)


def verify(ids: Collection[str] | None = None, *, full: bool = False, progress: Progress | None = None) -> Verified:
    """The outcomes of the checks and promises of these numbers, or of all: lived, and held against what is due.

    Raises RequestError where there is no such number, or where kernels are not compiled.
    """
    asked, lab, found = chosen(ids), Lab(form_of(full)), Verified([], [])
    if not compiled() and any(_lives(one) for one in asked):
        raise RequestError("these checks live too many people for plain Python: take COUNTERLIFE_COMPILE=0 away.")
    for done, one in enumerate(asked):
        if progress:
            progress(done, len(asked), f"{one.id} {one.title}")
        if isinstance(one, Promise):
            found.promises.append(look(one, lab))
            continue
        began = process_time()
        found.checks.append(Outcome(one, tuple(one.rows(lab)), process_time() - began))
    if progress:
        progress(len(asked), len(asked), "")
    return found


def _lives(one: Asked) -> bool:
    return one.engine if isinstance(one, Check) else one.looks is not None


def look(promise: Promise, lab: Lab) -> Promised:
    """What a promise comes to: all that it looks at, up to the first look that says nothing."""
    rows: list[Kept] = []
    began, void = process_time(), ""
    try:
        for row in promise.looks(lab) if promise.looks else ():
            rows.append(row)
    except PowerlessError as nothing:
        void = str(nothing)
    return Promised(promise, tuple(rows), process_time() - began, void)


def form_of(full: bool) -> Form:
    """The full form, or the quick one."""
    return FULL if full else QUICK
