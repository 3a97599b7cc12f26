"""The country: tables of counts and shares from which synthetic people are made, and the boundary that keeps it at that.

A table with columns that look like names or identifiers, with rows so small that they describe single people, or with as many rows
as only a list of people has, is refused. Making people is not done here.
"""

from __future__ import annotations

import csv
import io
import re
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Field, model_validator

from .quantity import Count, Model, Positive, Share, Shares, SourceType, Text
from .written import LARGEST, Problem, ScenarioError, Written, nearest, read, refuse

SMALLEST = 1000  # persons in a region
ROWS = 5000
COLUMNS = (
    "name",
    "number",
    "population",
    "urban_share",
    "share_0_14",
    "share_15_59",
    "share_60plus",
    "sex_ratio",
    "household_size",
    "tile_row",
    "tile_column",
)
_IDENTIFYING = re.compile(
    r"(^|_)(id|ids|uid|ssn|nin|bsn|surname|forename|firstname|lastname|fullname|passport|phone|mobile|telephone|email|mail|address|street"
    r"|postcode|zip|birth|birthday|birthdate|dob|born|iban|account|plate|licence|license|ip|person|citizen|hukou|national)($|_)"
    r"|(first|last|full|given|family|middle|maiden|user)_?name|e_mail|date_of"
)


class Region(Model):
    """A region of a country: counts and shares only. An empty cell is filled from the country's defaults."""

    name: Text
    """What the region is called."""
    number: Annotated[int, Field(ge=1, le=2047, strict=True)]
    """Its number in the addresses of draws; it never changes."""
    population: Annotated[int, Field(ge=1, le=10**11, strict=True)]
    """Persons."""
    urban_share: Annotated[float, Field(ge=0, le=1)] | None = None
    """Share of persons in towns."""
    share_0_14: Annotated[float, Field(ge=0, le=1)] | None = None
    """Share of persons aged 0 to 14."""
    share_15_59: Annotated[float, Field(ge=0, le=1)] | None = None
    """Share of persons aged 15 to 59."""
    share_60plus: Annotated[float, Field(ge=0, le=1)] | None = None
    """Share of persons aged 60 and over."""
    sex_ratio: Annotated[float, Field(ge=0, le=1000)] | None = None
    """Males per 100 females."""
    household_size: Annotated[float, Field(ge=1, le=12)] | None = None
    """Mean persons in a household."""
    tile_row: Annotated[int, Field(ge=0, le=99, strict=True)] = 0
    """Row of the region's tile on the map."""
    tile_column: Annotated[int, Field(ge=0, le=99, strict=True)] = 0
    """Column of the region's tile on the map."""

    @model_validator(mode="after")
    def _of_many(self) -> Region:
        if self.population < SMALLEST:
            raise ValueError(
                f"the region {self.name!r} has {self.population} persons, so few that it describes single people: {_AGGREGATE}"
            )
        shares = (self.share_0_14, self.share_15_59, self.share_60plus)
        if None not in shares and abs(sum(one or 0.0 for one in shares) - 1) > 0.01:
            raise ValueError(f"the three age shares of {self.name!r} add up to {sum(one or 0.0 for one in shares):.4f}, not to 1")
        return self


class Defaults(Model):
    """What an empty cell of the region table means: the value of the country."""

    urban_share: Share
    """Share of persons in towns."""
    share_0_14: Share
    """Share of persons aged 0 to 14."""
    share_15_59: Share
    """Share of persons aged 15 to 59."""
    share_60plus: Share
    """Share of persons aged 60 and over."""
    sex_ratio: Positive
    """Males per 100 females."""
    household_size: Positive
    """Mean persons in a household."""


class NamePool(Model):
    """How many people share a name: shares only, no name of anybody."""

    surname_top: Shares
    """Shares of the most common surnames."""
    surname_top_100: Share
    """Share of people with one of the hundred most common surnames."""
    surnames: Count
    """Surnames in use."""
    given_top: Share
    """Share of people with the most common given name."""
    given: Count
    """Given names in use."""
    common_from: Count
    """Holders in the country from which a full name counts as common."""


class Households(Model):
    """Who lives with whom."""

    lone_parent: Share
    """Share of households with children that have one parent."""
    elder_other: Share
    """Probability that a further member who is no child is 60 or over."""
    child_away: Share
    """Probability that the parents of a household's child live elsewhere."""
    away_beyond: Share
    """Probability that such parents live outside the township."""


class MeansShares(Model):
    """Shares of low, middle and high means."""

    rural: Shares
    """In the country."""
    urban: Shares
    """In towns."""


class Country(Model):
    """A country as tables of counts and shares; synthetic people are made from it."""

    title: Text
    """What the country is called."""
    source: Text
    """Where the region table comes from."""
    source_type: SourceType = "measured"
    """What kind of source that is."""
    date: Text | None = None
    """When it was so."""
    regions: tuple[Region, ...]
    """The regions; a country file names a table (CSV) instead."""
    defaults: Defaults
    """What empty cells of the table mean."""
    share_65_of_60: Share
    """Share of those aged 60 and over who are 65 and over."""
    names: NamePool
    """How many people share a name."""
    households: Households
    """Who lives with whom."""
    means: MeansShares
    """Means by residence."""

    @model_validator(mode="after")
    def _sound(self) -> Country:
        if not 0 < len(self.regions) <= ROWS:
            raise ValueError(f"a country has between 1 and {ROWS} regions, not {len(self.regions)}: {_AGGREGATE}")
        for what in ("name", "number"):
            seen = [getattr(region, what) for region in self.regions]
            if twice := {one for one in seen if seen.count(one) > 1}:
                raise ValueError(
                    f"the {what} {min(twice)!r} belongs to two regions: draws are addressed by it, so each region needs its own"
                )
        for shares in (self.means.rural.value, self.means.urban.value):
            if len(shares) != 3 or abs(sum(shares) - 1) > 1e-6:
                raise ValueError(f"the shares {list(shares)} of low, middle and high means must be three and add up to 1")
        return self


class Row(NamedTuple):
    """A region with no empty cell."""

    name: str
    number: int
    population: int
    urban_share: float
    share_0_14: float
    share_15_59: float
    share_60plus: float
    sex_ratio: float
    household_size: float
    tile_row: int
    tile_column: int


class PlainNames(NamedTuple):
    """The name pool as plain numbers."""

    surname_top: tuple[float, ...]
    surname_top_100: float
    surnames: int
    given_top: float
    given: int
    common_from: int


class PlainHouseholds(NamedTuple):
    """The household shares as plain numbers."""

    lone_parent: float
    elder_other: float
    child_away: float
    away_beyond: float


class PlainMeans(NamedTuple):
    """Shares of low, middle and high means as plain numbers."""

    rural: tuple[float, ...]
    urban: tuple[float, ...]


class Margins(NamedTuple):
    """A country as plain numbers, every cell filled: what people are made from."""

    regions: tuple[Row, ...]
    share_65_of_60: float
    names: PlainNames
    households: PlainHouseholds
    means: PlainMeans


def margins(country: Country) -> Margins:
    """The country without provenance. An empty cell has the value of the defaults, then the three age shares are scaled to 1."""
    pool, home = country.names, country.households
    return Margins(
        regions=tuple(_row(region, country.defaults) for region in country.regions),
        share_65_of_60=country.share_65_of_60.number,
        names=PlainNames(
            pool.surname_top.value,
            pool.surname_top_100.number,
            pool.surnames.value,
            pool.given_top.number,
            pool.given.value,
            pool.common_from.value,
        ),
        households=PlainHouseholds(home.lone_parent.number, home.elder_other.number, home.child_away.number, home.away_beyond.number),
        means=PlainMeans(country.means.rural.value, country.means.urban.value),
    )


def _row(region: Region, defaults: Defaults) -> Row:
    def cell(name: str) -> float:
        own = getattr(region, name)
        return float(getattr(defaults, name).number if own is None else own)

    young, middle, old = cell("share_0_14"), cell("share_15_59"), cell("share_60plus")
    whole = young + middle + old
    return Row(
        region.name,
        region.number,
        region.population,
        cell("urban_share"),
        young / whole,
        middle / whole,
        old / whole,
        cell("sex_ratio"),
        cell("household_size"),
        region.tile_row,
        region.tile_column,
    )


# --- reading --------------------------------------------------------------------------------------------------------------------


def catalog_countries() -> list[str]:
    """The names of the countries that are shipped."""
    return sorted(one.name.removesuffix(".yaml") for one in _shipped().iterdir() if one.name.endswith(".yaml"))


def read_country(name: str, place: str) -> Written:
    """The data of a catalog country or of a country file, its table read in."""
    folder, file = _located(name, place)
    shown = file if folder == _shipped() else name
    written = read((folder / file).read_bytes(), shown)
    table = written.data.get("regions")
    if not isinstance(table, str):
        raise refuse(written.place(("regions",)), "`regions` of a country file names a table, such as regions.csv, beside it")
    try:
        raw = (folder / table).read_bytes()
    except OSError:
        raise refuse(written.place(("regions",)), f"the table {table!r} cannot be read: it must lie beside the country file") from None
    written.data["regions"] = read_table(raw, table, written)
    return written


def country_files(name: str, home: Path | None) -> dict[str, bytes]:
    """The country file and its table as they are written, by name. home: the folder of the scenario that names the country."""
    folder, file = _located(name if home is None or name in catalog_countries() else str(home / name), name)
    raw = (folder / file).read_bytes()
    table = str(read(raw, file).data["regions"])
    return {file: raw, Path(table).name: (folder / table).read_bytes()}


def _located(name: str, place: str) -> tuple[Any, str]:
    """Folder and name of a country file."""
    if name in catalog_countries():
        return _shipped(), f"{name}.yaml"
    path = Path(name)
    if not path.is_file():
        raise refuse(place, f"{path.name!r} is neither a catalog country nor a file. {nearest(path.name, catalog_countries())}")
    return path.parent, path.name


def read_table(raw: bytes, name: str, written: Written) -> list[dict[str, Any]]:
    """The rows of a region table; a table about people is refused before a row of it is looked at."""
    if len(raw) > LARGEST:
        raise refuse(name, f"the table has {len(raw)} bytes: a table of regions is far smaller. Give counts and shares by region")
    try:
        lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        raise refuse(name, "this is no CSV text: give a comma-separated table in UTF-8") from None
    header = [one.strip() for one in lines[0]] if lines else []
    problems = _wrong_columns(header, name)
    if len(lines) > ROWS + 1:
        problems.append(Problem(name, f"{len(lines) - 1} rows are too many for regions: {_AGGREGATE}"))
    if problems:
        raise ScenarioError(problems)
    return [_cells(header, line, f"{name}:{number}", index, written) for index, (number, line) in enumerate(_filled(lines))]


_AGGREGATE = (
    "this project reads no table about single people, only counts and shares by region. "
    f"Add the people up first and give one row for a region of {SMALLEST} persons or more"
)


def _filled(lines: list[list[str]]) -> list[tuple[int, list[str]]]:
    return [(number, line) for number, line in enumerate(lines[1:], start=2) if any(one.strip() for one in line)]


def _wrong_columns(header: list[str], name: str) -> list[Problem]:
    problems = []
    for index, column in enumerate(header):
        tidy = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
        if column in COLUMNS:
            if column in header[:index]:
                problems.append(Problem(f"{name}:1", f"the column {column!r} is given twice: keep one"))
        elif _IDENTIFYING.search(tidy):
            problems.append(Problem(f"{name}:1", f"the column {column!r} looks like a name or an identifier of a person: {_AGGREGATE}"))
        else:
            problems.append(Problem(f"{name}:1", f"the column {column!r} is unknown. {nearest(column, COLUMNS)}"))
    for column in ("name", "number", "population"):
        if column not in header:
            problems.append(Problem(f"{name}:1", f"the column {column!r} is missing: every region needs it"))
    return problems


def _cells(header: list[str], line: list[str], place: str, index: int, written: Written) -> dict[str, Any]:
    if len(line) != len(header):
        raise refuse(place, f"the row has {len(line)} cells where the table has {len(header)} columns")
    cells: dict[str, Any] = {}
    for column, text in zip(header, line, strict=True):
        written.values[("regions", index, column)] = place
        if text.strip():
            cells[column] = text.strip() if column == "name" else _number(text.strip(), column, place)
    written.values[("regions", index)] = place
    return cells


def _number(text: str, column: str, place: str) -> int | float:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        raise refuse(place, f"{text!r} in the column {column!r} is no number") from None


def _shipped() -> Any:
    return resources.files("counterlife.scenario") / "catalog" / "countries"
