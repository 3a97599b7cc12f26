"""A country is read as aggregates; whatever looks like people is refused."""

from __future__ import annotations

import pytest

from counterlife.scenario import ScenarioError, load
from counterlife.scenario.country import COLUMNS, ROWS, Country, catalog_countries, margins, read_country, read_table
from counterlife.scenario.written import Written


def country(name: str) -> Country:
    """A catalog country."""
    return Country.model_validate(read_country(name, "test").data)


def test_the_census_table_is_whole() -> None:
    """Totals of the seventh census: 31 units with 1,409,778,724 people (PO01)."""
    china = country("china-2020")
    assert len(china.regions) == 31
    assert sum(region.population for region in china.regions) == 1_409_778_724
    assert {region.number for region in china.regions} >= {11, 54, 65}
    assert len({(region.tile_row, region.tile_column) for region in china.regions}) == 31


def test_the_dutch_provinces_are_whole() -> None:
    """The twelve provinces (NP01 to NP12) add up to the country (NP00)."""
    netherlands = country("netherlands-2023")
    assert [region.number for region in netherlands.regions] == list(range(20, 32))
    assert sum(region.population for region in netherlands.regions) == 17_815_508
    assert len({(region.tile_row, region.tile_column) for region in netherlands.regions}) == 12


def test_empty_cells_get_the_value_of_the_country() -> None:
    china = country("china-2020")
    hainan = next(region for region in china.regions if region.name == "Hainan")
    assert hainan.household_size is None
    filled = {row.name: row for row in margins(china).regions}
    assert filled["Hainan"].household_size == 2.62
    assert filled["Beijing"].household_size == 2.31
    for row in filled.values():
        assert row.share_0_14 + row.share_15_59 + row.share_60plus == pytest.approx(1, abs=1e-12)


def test_the_most_common_full_name_has_the_reported_holders() -> None:
    """PO11 and PO13: the third surname with the first given name belongs to 290,000 people."""
    pool = margins(country("china-2020")).names
    assert pool.surname_top[2] * pool.given_top * 1_411_778_724 == pytest.approx(290_000, rel=1e-6)


def test_all_countries_are_listed() -> None:
    assert catalog_countries() == ["anywhere", "china-2020", "netherlands-2023", "plain"]


IDENTIFYING = [
    "surname",
    "First Name",
    "passport_no",
    "Phone",
    "e-mail",
    "home address",
    "date_of_birth",
    "BSN",
    "national id",
    "person",
    "licence plate",
]


@pytest.mark.parametrize("column", IDENTIFYING)
def test_columns_about_single_people_are_refused(column: str) -> None:
    with pytest.raises(ScenarioError, match="looks like a name or an identifier of a person"):
        read_table(f"name,number,population,{column}\nNorth,1,5000,x\n".encode(), "t.csv", Written({}))


def test_no_column_of_ours_looks_like_a_person() -> None:
    line = ",".join(COLUMNS)
    assert read_table(line.encode(), "t.csv", Written({})) == []


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,number,population\n" + "North,1,5000\n" * (ROWS + 1), "rows are too many for regions"),
        ("number,population\n1,5000\n", "the column 'name' is missing"),
        ("name,number,population,population\nNorth,1,5000,5000\n", "the column 'population' is given twice"),
        ("name,number,population\nNorth,1\n", "the row has 2 cells where the table has 3 columns"),
        ("name,number,population\nNorth,1,x\n", "'x' in the column 'population' is no number"),
        ("", "the column 'name' is missing"),
    ],
)
def test_tables_that_cannot_be_read(table: str, message: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        read_table(table.encode(), "t.csv", Written({}))
    assert message in str(refused.value)


def test_a_binary_table_is_refused() -> None:
    with pytest.raises(ScenarioError, match="this is no CSV text"):
        read_table(b"\xff\xfe\x00", "t.csv", Written({}))


def test_the_country_is_part_of_the_scenario() -> None:
    """So a resolved file needs no table beside it, and another table is another scenario."""
    regions = load("dutch").population.country.regions
    assert [region.name for region in regions][:2] == ["Groningen", "Fryslan"]
