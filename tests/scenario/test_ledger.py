"""The ledger holds every number that claims something about the world."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from counterlife.scenario import Scenario, catalog, ledger, load
from counterlife.scenario.quantity import UNSAID

SMALL = str(Path(__file__).parent.parent / "scenarios" / "valid" / "small.yaml")


def paths_of_values(data: Any, path: tuple[str, ...] = ()) -> set[str]:
    """Found a second way, in the plain data: mappings that hold a value."""
    if isinstance(data, dict):
        if "value" in data:
            return {".".join(path)}
        return set().union(*(paths_of_values(one, (*path, str(key))) for key, one in data.items()))
    if isinstance(data, list):
        return set().union(*(paths_of_values(one, (*path, str(index))) for index, one in enumerate(data)))
    return set()


@pytest.mark.parametrize(
    "name", [*map(str, sorted(Path(SMALL).parent.glob("*.yaml"))), *(entry.name for entry in catalog())], ids=lambda name: Path(name).stem
)
def test_the_ledger_covers_every_number(name: str) -> None:
    scenario: Scenario = load(name)
    rows = ledger(scenario)
    listed = [row.path for row in rows]
    assert len(listed) == len(set(listed))
    assert set(listed) == paths_of_values(scenario.model_dump(mode="json")) | {"population.country.regions"}


def test_a_row_keeps_value_range_and_source_as_written() -> None:
    rows = {row.path: row for row in ledger(load(SMALL))}
    rate = rows["conduct.late_fee.rate"]
    assert rate[1:] == ("0.5 per year", "0.2 per year to 1 per year", "measured", "X01", "2018", "a made-up count")
    assert rows["sources.warden.records.shouting.detect"][1:] == ("0.1", "", "illustrative", "", "", "")
    assert rows["gates.hall.opens_at"].value == "fair"


def test_what_nobody_said_is_told_apart_from_what_somebody_assumed() -> None:
    rows = {row.path: row for row in ledger(load(SMALL))}
    assert rows["conduct.late_fee.strain"].note == UNSAID
    assert rows["sources.warden.delay.fixed"].note == UNSAID
    assert rows["conduct.shouting.strain"].note == ""
    assert rows["lists.debtors.term"].note == ""


def test_numbers_of_the_article_with_a_source_name_it() -> None:
    for row in ledger(load("article-score")):
        if row.source != "illustrative":
            assert row.ref, f"{row.path} claims a source and names none"
        elif row.path.startswith(("conduct.", "sources.")) and row.path.endswith((".rate", ".detect", ".share", ".updated")):
            assert row.note == UNSAID or row.range or row.ref, f"{row.path} is an assumption without a range"
