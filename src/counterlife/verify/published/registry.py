"""All targets in the order of the evidence, and the run of some of them: predictions first, then the comparison."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import process_time

from ...study import RequestError
from ...township.jit import compiled
from ..engine import FULL, QUICK, Lab
from . import appeals, court_list, credit_files, debts, fading, findings, grades, licences
from .comparison import Compared, compared, observed
from .stated import Fact, Target, given

TARGETS: tuple[Target, ...] = tuple(
    target for subject in (licences, court_list, credit_files, findings, appeals, debts, grades, fading) for target in subject.TARGETS
)
Progress = Callable[[int, int, str], None]
"""Called with the targets done, their number, and the title of the next."""


@dataclass(frozen=True)
class Result:
    """What a target came to."""

    target: Target
    saw: tuple[Fact, ...]
    """What its calibration read."""
    rows: tuple[Compared, ...]
    seconds: float
    """Processor time."""


def chosen(ids: Collection[str] | None) -> tuple[Target, ...]:
    """The targets of these numbers, all where nothing is given; raises RequestError for a number that no target has."""
    if ids is None:
        return TARGETS
    wanted = {one.strip().upper() for one in ids}
    unknown = wanted - {target.id for target in TARGETS}
    if unknown or not wanted:
        names = ", ".join(target.id for target in TARGETS)
        raise RequestError(f"there is no target {', '.join(sorted(unknown)) or '(nothing)'}: choose of {names}.")
    return tuple(target for target in TARGETS if target.id in wanted)


def predict(ids: Collection[str] | None = None, *, full: bool = False, progress: Progress | None = None) -> list[Result]:
    """The results of the targets of these numbers, or of all: calibrated, lived, and only then compared.

    Raises RequestError where there is no such target, or where kernels are not compiled.
    """
    targets, lab, results = chosen(ids), Lab(FULL if full else QUICK), []
    if not compiled() and any(target.engine for target in targets):
        raise RequestError("these targets live too many people for plain Python: take COUNTERLIFE_COMPILE=0 away.")
    for done, target in enumerate(targets):
        if progress:
            progress(done, len(targets), f"{target.id} {target.title}")
        results.append(result(target, lab))
    if progress:
        progress(len(targets), len(targets), "")
    return results


def result(target: Target, lab: Lab) -> Result:
    """One target: every prediction is made before an outcome is read. Raises KeyError where rows and outcomes do not match."""
    began, facts = process_time(), given(target.id)
    predictions = {one.row: one for one in target.predict(facts, lab)}
    outcomes = observed(target.id)
    if predictions.keys() != outcomes.keys():
        raise KeyError(f"{target.id}: rows without a partner: {sorted(predictions.keys() ^ outcomes.keys())}")
    rows = tuple(compared(outcomes[row], one) for row, one in predictions.items())
    return Result(target, facts.seen, rows, process_time() - began)
