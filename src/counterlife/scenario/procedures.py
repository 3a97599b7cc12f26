"""What a scenario may say about how a record comes to be raised, and how it is written down.

Procedures are rules that are wrong with right data; how they are lived is said in `docs/model.md`, 4 and 12.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import model_validator

from .quantity import UNSAID, Day, Factor, Model, Number, Share


class Inflated(Model):
    """Records that weigh more than what happened."""

    share: Share
    """Share of the records."""
    by: Factor
    """How many times the points of the event they take."""


class Duplicates(Model):
    """Records that come on file twice, as when databases are merged."""

    share: Share
    """Share of the records that are filed under the right person."""
    since: Day | None = None
    """Day on which second copies of earlier records come on file, as when databases are merged; with the record where nothing is said."""


class WrongShare(Model):
    """So many records are raised by the rule and not by the law."""

    wrong: Share
    """Share of the records that the law would not raise."""


class Screen(Model):
    """A test that flags cases."""

    owed: Share
    """Share of cases in which the law would raise a record."""
    sensitivity: Share
    """Share of those that are flagged."""
    false_alarm: Share
    """Share of the others that are flagged all the same."""


class Average(Model):
    """A year's income is spread evenly over its fortnights, and a benefit is claimed back that was due in the lean ones."""

    works: Share
    """Probability that a fortnight has income."""
    pay: Factor
    """Mean income of such a fortnight."""
    spread: Factor
    """Standard deviation of its logarithm."""
    full_rate: Factor
    """Benefit of a fortnight without income."""
    free: Factor
    """Income of a fortnight that takes nothing away."""
    taper: Share
    """What each further unit of income takes away."""
    unreported: Share
    """Share of people who did not report their income, from whom the law would claim."""
    claim_above: Factor = Factor(value=0.0, note=UNSAID)
    """Claims above this are raised."""


class Cohort(Model):
    """A result is moved to where the earlier results of the school lay."""

    school: Factor
    """Weight of the school beside a person's own merit, both with standard deviation 1."""
    stays: Share
    """Correlation of the school's results with those of its past."""
    cut: Number
    """A result below this is a failure."""


class Procedure(Model):
    """The rule between an event and its record: exactly one of these."""

    share: WrongShare | None = None
    """A share of records is wrong."""
    screen: Screen | None = None
    """A test with a sensitivity and false alarms."""
    average: Average | None = None
    """Income averaged over a year."""
    cohort: Cohort | None = None
    """A result fitted to the school's past."""

    @model_validator(mode="after")
    def _one(self) -> Procedure:
        if sum(getattr(self, name) is not None for name in type(self).model_fields) != 1:
            raise ValueError("a procedure is exactly one of share, screen, average and cohort: write that one")
        return self

    @property
    def parameters(self) -> Sequence[float]:
        """The numbers of the procedure that was written, in the order of its fields."""
        one = self.share or self.screen or self.average or self.cohort
        return [getattr(one, name).number for name in type(one).model_fields] if one else []
