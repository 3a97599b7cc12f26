"""Gaps between groups split by channels: M12 of the method, on lives, and that splitting changes nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from lived import Data

from counterlife.scenario import Scenario, catalog, load
from counterlife.scenario.alike import channels, variants
from counterlife.scenario.check import problems
from counterlife.scenario.model import completed
from counterlife.scenario.overrides import dump
from counterlife.study import Run, run
from counterlife.township.jit import compiled

FILE = str(Path(__file__).parents[1] / "scenarios" / "valid" / "gaps.yaml")
PEOPLE = 1000 if compiled() else 100
THROUGH = "disparity, difference, M1 "


def town(change: Callable[[Data], object] = lambda data: None) -> Scenario:
    """The small office, stricter, with its data changed."""
    data = dump(load(FILE))
    data["gates"]["pool"]["opens_at"] = 97
    change(data)
    return completed(Scenario.model_validate(data))


def lived(scenario: Scenario) -> Run:
    """Two townships of it."""
    population = scenario.population.model_copy(update={"township": PEOPLE})
    return run(scenario.model_copy(update={"population": population}), people=2 * PEOPLE, executor="serial")


def split(found: Run, group: str) -> dict[str, float]:
    """The parts of the gap of a group, and the whole of it."""
    frame = found.measures.filter((pl.col("id") == "M12") & (pl.col("group") == group) & (pl.col("versus") == "accurate"))
    values = dict(frame.select("name", "value").iter_rows())
    parts = {name.removeprefix(THROUGH): value for name, value in values.items() if "through" in name or "alike" in name}
    return parts | {"whole": values["disparity, difference, M1"]}


def test_the_parts_add_up_to_the_gap() -> None:
    found = lived(town())
    for group in ("sex=female", "residence=rural", "means=low"):
        parts = split(found, group)
        assert set(parts) == {"through conduct", "through detection", "through namesakes", "with all of these alike", "whole"}
        assert sum(value for name, value in parts.items() if name != "whole") == pytest.approx(parts["whole"], rel=1e-9, abs=1e-9)
        assert parts["through conduct"] != 0.0


def test_where_groups_have_the_same_factors_no_channel_has_a_part() -> None:
    """Every factor is written, and is one: all of the gap is left, and it is chance."""

    def free(data: Data) -> None:
        data["conduct"]["late_fee"]["by"] = {"sex": {"male": 1}}
        data["sources"]["archive"].pop("namesakes")
        records = data["sources"]["archive"]["records"]["late_fee"]
        records["detect_by"], records["ghosts_by"] = {"residence": {"rural": 1}}, {"name": {"common name": 1}}

    found = lived(town(free))
    for group in ("sex=female", "residence=rural"):
        parts = split(found, group)
        assert parts["through conduct"] == parts["through detection"] == 0.0
        assert parts["with all of these alike"] == pytest.approx(parts["whole"], rel=1e-12)
        assert parts["whole"] != 0.0


def test_a_channel_that_is_alike_is_a_scenario_without_its_factors() -> None:
    """The column of a set of channels is what a run of the scenario counts in which their factors are not written."""

    def without(data: Data) -> None:
        data["split_gaps"] = False
        data["conduct"]["late_fee"].pop("by")
        records = data["sources"]["archive"]["records"]["late_fee"]
        del records["detect_by"], records["ghosts_by"]

    split_run, other = lived(town()).tallies, lived(town(without)).tallies
    column = split_run.tables["gaps"][:, :, split_run.columns["gaps"].index("wrongful_days.conduct+detection")]
    names = other.columns["people"]
    days = sum(other.tables["people"][:, :, names.index(f"wrongful_days.designed~accurate.{d}")] for d in ("hall", "pool", "playground"))
    assert np.array_equal(column, days)
    assert column.sum() > 0


@pytest.mark.parametrize("name", [entry.name for entry in catalog()])
def test_the_gaps_of_every_catalog_scenario_can_be_split(name: str) -> None:
    """Wherever groups differ in something; the scenario in which all of it is alike compiles."""
    scenario = load(name).model_copy(update={"split_gaps": True})
    found = variants(scenario)
    assert len(found) == 2 ** len(channels(scenario)) - 1
    for alike in list(found.values())[-1:]:
        assert problems(alike) == []
        assert channels(alike.model_copy(update={"split_gaps": True})) == ()


def test_splitting_changes_nothing_else() -> None:
    split_run, plain = lived(town()).tallies, lived(town(lambda data: data.pop("split_gaps"))).tallies
    assert set(split_run.tables) - set(plain.tables) == {"gaps"}
    assert [name for name, table in plain.tables.items() if not np.array_equal(table, split_run.tables[name])] == []
