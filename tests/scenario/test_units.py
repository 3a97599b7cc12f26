"""Durations, rates and points mean what their words say."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterlife.layout import NEVER
from counterlife.scenario import units

UNITS = st.sampled_from(["day", "week", "month", "year"])
SIZES = {"day": 1.0, "week": 7.0, "month": 365 / 12, "year": 365.0}


@given(st.integers(0, 900), UNITS, st.sampled_from(["", "s"]), st.sampled_from([" ", "  ", "\t"]))
def test_a_duration_is_its_number_times_its_unit(count: int, unit: str, plural: str, space: str) -> None:
    text = units.duration(f" {count}{space}{unit}{plural} ")
    assert text == f"{count} {unit}{plural}"
    assert units.number(text) == count * SIZES[unit]


@given(st.floats(0, 50, allow_nan=False), UNITS)
def test_a_rate_is_its_number_over_its_unit(count: float, unit: str) -> None:
    text = units.rate(f"{count!r} per {unit}")
    assert units.number(text) == count / SIZES[unit]


@given(st.floats(0, 50, allow_nan=False), st.floats(0, 2), UNITS)
def test_a_rate_times_a_factor_keeps_its_unit(count: float, factor: float, unit: str) -> None:
    product = units.rate(units.times(f"{count!r} per {unit}", factor))
    assert units.number(product) == count * factor / SIZES[unit]


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.integers())))
def test_anything_is_read_or_refused(written: object) -> None:
    for read in (units.duration, units.rate, units.share, units.points, units.whole, units.positive, units.not_negative, units.date):
        with contextlib.suppress(ValueError):
            assert isinstance(read(written), (str, float, int, dt.date))


@given(st.integers(-(10**12), 10**12))
def test_points_are_whole_thousandths(thousandths: int) -> None:
    assert units.thousandths(units.points(thousandths / 1000)) == thousandths


@pytest.mark.parametrize("written", ["1", "1 fortnight", "one day", "day", "1 day 2", "", "nan days", "1e999 days", "2000 years"])
def test_no_duration(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no duration|longer than 1000 years"):
        units.duration(written)


@pytest.mark.parametrize("written", [True, "0.5", None, float("nan"), float("inf"), 10**400])
def test_no_number(written: object) -> None:
    with pytest.raises(ValueError, match="is no number"):
        units.plain(written)


def test_for_ever_is_longer_than_any_life() -> None:
    assert units.number(units.duration_or_ever(" for  ever ")) == NEVER


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ((2020, 1, 1), "10 years", (2030, 1, 1)),
        ((2024, 2, 29), "1 year", (2025, 2, 28)),
        ((2024, 1, 31), "1 month", (2024, 2, 29)),
        ((2024, 1, 31), "13 months", (2025, 2, 28)),
        ((2024, 12, 15), "2 months", (2025, 2, 15)),
        ((2024, 1, 31), "2 weeks", (2024, 2, 14)),
        ((2024, 1, 31), "1 day", (2024, 2, 1)),
    ],
)
def test_a_period_follows_the_calendar(start: tuple[int, int, int], length: str, end: tuple[int, int, int]) -> None:
    assert units.whole_days(dt.date(*start), length) == (dt.date(*end) - dt.date(*start)).days


@pytest.mark.parametrize("length", ["0 days", "0.5 years", "201 years"])
def test_a_period_of_no_whole_length_is_refused(length: str) -> None:
    with pytest.raises(ValueError, match="the length"):
        units.whole_days(dt.date(2024, 1, 1), length)
