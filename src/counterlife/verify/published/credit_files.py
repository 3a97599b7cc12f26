"""V3: errors in three credit files. Calibrated on files, predicted for people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from ...measures.intervals import Estimate
from ..engine import Lab, Lived
from .estimates import ratio
from .stated import Given, Prediction, Target

SEED = 33
TOWNSHIPS = (60, 12)
SIZES = {"small": (0.0, 25.0), "middle": (25.0, 50.0), "large": (50.0, 100.0), "largest": (100.0, math.inf)}
BUREAUS = ("bureau_a", "bureau_b", "bureau_c")
DERIVED = "the correlation (CR10) was derived from this share, by another law"
TIERS = "neither the marks of the tiers nor how people are spread over them is published in the evidence"


def common_shock(files: float, correlation: float) -> tuple[float, float]:
    """Probability of an error that is in all three files, and of one that a file has for itself.

    files: share of files with an error; correlation: of the errors of two files of a person. Both errors come independently.
    """
    clean = 1.0 - files
    alone = clean + correlation * files  # no error of its own
    return 1.0 - clean / alone, 1.0 - alone


def sizes(median: float) -> dict[str, float]:
    """Share of errors by size of the change, where sizes are exponential with this median: the one law of one parameter without memory."""
    return {name: 2.0 ** (-low / median) - (2.0 ** (-high / median) if math.isfinite(high) else 0.0) for name, (low, high) in SIZES.items()}


def overrides(files: float, correlation: float, days: int, parts: Mapping[str, float]) -> tuple[str, ...]:
    """Rates of records of nothing, by class, so that files have filled up to these shares at the end."""
    shared, alone = common_shock(files, correlation)
    rates = {"furnishers": -math.log1p(-shared) / days} | {bureau: -math.log1p(-alone) / days for bureau in BUREAUS}
    return tuple(
        f"sources.{office}.records.{name}.ghosts={rate * part:.8f} per day"
        for office, rate in rates.items()
        for name, part in parts.items()
    )


def predict(given: Given, lab: Lab) -> Iterator[Prediction]:
    """People with an error in some file, by kind of error; between the ends of the correlation."""
    alleged, changed = given["files_alleged"], given["files_changed"]
    modified, parts = alleged * given["files_disputed_modified"], sizes(given["median_change"])
    ends = (given["shared_low"], given["shared"], given["shared_high"])
    days = lab.scenario("published/v3").rulebook.days

    def lived(files: float, correlation: float, of: Mapping[str, float]) -> Lived:
        return lab.live("published/v3", TOWNSHIPS[0], SEED, overrides(files, correlation, days, of), quick=(TOWNSHIPS[1], None))

    def people(one: Lived, gate: str = "some_file") -> Estimate:
        return ratio(one.each(f"open_end.designed.{gate}"), one.each("people"))

    whole = {"small": 1.0}
    yield Prediction.of("people_alone", people(lived(alleged, 0.0, whole)))
    yield Prediction.of("people_shared", *(people(lived(alleged, end, whole)) for end in ends), seen=DERIVED)
    yield Prediction.of("people_modified", *(people(lived(modified, end, whole)) for end in ends))
    yield Prediction.of("people_changed", *(people(lived(changed, end, parts)) for end in ends))
    for size in ("25", "50", "100"):
        yield Prediction.of(f"above_{size}", *(people(lived(changed, end, parts), f"over_{size}") for end in ends))
    yield Prediction.none("tier", TIERS)


TARGETS = (
    Target(
        "V3",
        "Errors in three credit files",
        "Of 2,968 files 19.3 % had an alleged error (CR02), 70 % of disputed ones were modified (CR04), the score of 7.1 % changed "
        "(CR06), half of the changes by 20 points or less (CR09); errors of a person's files are correlated (CR10).",
        "An error is in all three files or in one; the two probabilities solve the share of files and the correlation. Sizes of changes "
        "are exponential with the published median, two errors of one person are not added up. The range is that of the correlation, "
        "0.60 to 0.75.",
        predict,
    ),
)
