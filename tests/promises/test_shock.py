"""The shock of a consolidation, split by the records that cause it: M25 of the method, on lives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from lived import Data, by_name, live, place, total, variant

from counterlife.township.jit import compiled

FILE = str(Path(__file__).parents[1] / "scenarios" / "valid" / "consolidation.yaml")
PEOPLE = 2000 if compiled() else 100
DESIGNED, SETTLED, OLD = "designed", "national without settled records", "national without old records"
SOUTH = 1  # where there is nothing before the national stage of day 152


def after(change: Callable[[Data], object] = lambda data: None) -> dict[str, int]:
    """Closed domain-days in the South in the 90 days from the national stage on, by world; nobody is shut out before it."""

    def strict(data: Data) -> None:
        data["conduct"]["late_fee"] |= {"rate": "2 per year", "ceiling": "2 per year"}
        data["rollout"][3]["look_back"] = "for ever"
        data["rollout"][3]["set"] = {"gates.pool.opens_at": 97}
        change(data)

    town = variant(FILE, strict, PEOPLE)
    numbers = by_name(town, live(town, place(town, SOUTH)))
    assert total(numbers, "stages days_before.*") == total(numbers, "stages entries_before.*") == 0
    return {world: int(numbers[f"stages days_after.{world}"].sum()) for world in (DESIGNED, SETTLED, OLD)}


def test_every_kind_of_record_has_its_part() -> None:
    """Records only ever close gates here, so that the fewer count the less is closed; the three parts are the whole by their making."""
    found = after()
    assert found[DESIGNED] > found[SETTLED] > found[OLD] > 0


def test_where_nothing_is_ever_settled_settled_records_have_no_part() -> None:
    found = after(lambda data: data["conduct"]["late_fee"].pop("settled_after"))
    assert found[DESIGNED] == found[SETTLED] > found[OLD]


def test_where_the_source_hears_of_settlements_at_once_settled_records_have_no_part() -> None:
    """A matter that is settled is then off the file."""
    found = after(lambda data: data["sources"]["archive"].update(staleness={"updated": 1}))
    assert found[DESIGNED] == found[SETTLED] > found[OLD]


def test_where_old_records_are_purged_the_shock_is_of_new_ones() -> None:
    found = after(lambda data: data["rollout"][3].update(look_back="0 days"))
    assert found[DESIGNED] == found[SETTLED] == found[OLD] > 0


def test_windows_are_of_ninety_days() -> None:
    """The days from the stage on are those of the period less those from 90 days later on: a period that ends then has them all."""

    def short(data: Data) -> None:
        data["period"]["length"] = "242 days"

    town = variant(FILE, short, PEOPLE)
    numbers = by_name(town, live(town, place(town, SOUTH)))
    closed = total(numbers, f"people closed_days.{DESIGNED}.*")
    assert int(numbers[f"stages days_after.{DESIGNED}"].sum()) == closed > 0
    entries = total(numbers, f"people entries.{DESIGNED}.*")
    assert int(numbers[f"stages entries_after.{DESIGNED}"].sum()) == entries > 0
    assert np.flatnonzero(numbers[f"stages days_after.{DESIGNED}"]).tolist() == [1]
