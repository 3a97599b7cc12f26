"""The rules of `counterlife.verify.tolerance` as assertions, for tests: what differs fails, and so does what could not have failed."""

from __future__ import annotations

from numpy.typing import ArrayLike

from counterlife.verify.tolerance import MATERIALITY, Row, Tolerance, Verdict, widened

__all__ = ["PowerlessError", "chi_square_test", "cluster_test", "hold", "share_test", "widened", "z_test"]

RULES = Tolerance()


class PowerlessError(AssertionError):
    """The test could not have told a right value from a wrong one."""


def hold(row: Row) -> None:
    """The row agrees."""
    if row.verdict is Verdict.VOID:
        raise PowerlessError(f"{row.what}: {row.why}")
    assert row.verdict is Verdict.AGREES, f"{row.what}: {row.why}"


def z_test(estimate: float, error: float, exact: float, materiality: float = MATERIALITY) -> None:
    """The estimate lies within 4.9 of its standard errors of the exact value, and those are no more than what matters."""
    hold(RULES.mean("estimate", estimate, error, exact, materiality))


def share_test(count: int, trials: int, share: float, materiality: float = MATERIALITY) -> None:
    """The count among independent trials agrees with the exact share: 4.9 exact standard errors, and the exact binomial law at 1e-6."""
    hold(RULES.share("share", count, trials, share, materiality))


def cluster_test(sums: ArrayLike, sizes: ArrayLike, exact: float, materiality: float = MATERIALITY) -> None:
    """The ratio of the sums to the sizes agrees with the exact value, with the standard error seen between clusters (townships)."""
    hold(RULES.clusters("ratio", sums, sizes, exact, materiality))


def chi_square_test(observed: ArrayLike, expected: ArrayLike, restraints: int = 1) -> None:
    """The counts agree with what is expected in every cell; restraints: sums that the two share by construction."""
    hold(RULES.law("cells", observed, expected, restraints))
