"""All checks in the order of their numbers, and the run of some of them. What a check looks at is in the modules by theme."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import process_time

from ..study import RequestError
from ..township.jit import compiled
from . import ledgers, listings, numbers, redress, solvers, spreading
from .engine import FULL, QUICK, Form, Lab
from .stated import Check
from .tolerance import Row, Verdict

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (check for theme in (numbers, ledgers, listings, spreading, redress, solvers) for check in theme.CHECKS),
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


def all_agree(outcomes: Collection[Outcome]) -> bool:
    """Whether no number differs, and none is void."""
    return all(outcome.verdict is Verdict.AGREES for outcome in outcomes)


def chosen(ids: Collection[str] | None) -> tuple[Check, ...]:
    """The checks of these numbers, all where nothing is given; raises RequestError for a number that no check has."""
    if ids is None:
        return CHECKS
    wanted = {one.strip().upper() for one in ids}
    unknown = wanted - {check.id for check in CHECKS}
    if unknown or not wanted:
        raise RequestError(f"there is no check {', '.join(sorted(unknown)) or '(nothing)'}: choose of {', '.join(c.id for c in CHECKS)}.")
    return tuple(check for check in CHECKS if check.id in wanted)


def verify(ids: Collection[str] | None = None, *, full: bool = False, progress: Progress | None = None) -> list[Outcome]:
    """The outcomes of the checks of these numbers, or of all: lived, and held against their exact answers.

    Raises RequestError where there is no such check, or where kernels are not compiled.
    """
    checks, lab, outcomes = chosen(ids), Lab(form_of(full)), []
    if not compiled() and any(check.engine for check in checks):
        raise RequestError("these checks live too many people for plain Python: take COUNTERLIFE_COMPILE=0 away.")
    for done, check in enumerate(checks):
        if progress:
            progress(done, len(checks), f"{check.id} {check.title}")
        began = process_time()
        outcomes.append(Outcome(check, tuple(check.rows(lab)), process_time() - began))
    if progress:
        progress(len(checks), len(checks), "")
    return outcomes


def form_of(full: bool) -> Form:
    """The full form, or the quick one."""
    return FULL if full else QUICK
