"""The report: limits that cannot be left out, figures that say what they are, nothing fetched, nothing unescaped, numbers that agree."""

from __future__ import annotations

import base64
import dataclasses
import re
from datetime import date
from html.parser import HTMLParser
from importlib import resources

import polars as pl
import pytest
from made_tallies import Made, made
from markupsafe import escape

from counterlife.figures import number
from counterlife.measures import measures
from counterlife.report import Life, render
from counterlife.report.text import catalogue

LIVES = [
    Life(
        "A wrong record",
        "the person with the median number of wrongful days",
        "synthetic woman, 34",
        [(date(2014, 3, 1), "designed", "a <script>record</script> arrives"), (date(2014, 3, 1), "accurate", "an event")],
        [("designed", "loan", 60, 200), ("accurate", "loan", 60, 90)],
    ),
    Life("A life in which nothing happens", "person 0", "synthetic man, 70", [], []),
]


@pytest.fixture(scope="module")
def run() -> Made:
    return made(people=40)


@pytest.fixture(scope="module")
def frame(run: Made) -> pl.DataFrame:
    return measures(run.tallies, run.facts)


@pytest.fixture(scope="module")
def page(run: Made, frame: pl.DataFrame) -> str:
    return render(run.tallies, run.facts, frame, LIVES, {"seed": 1, "machine": {"cores": 2}, "fingerprint": "0f" * 32})


class Outline(HTMLParser):
    """Tags that are open, ids, references and the plain words of a page."""

    VOID = ("meta", "br", "link", "img")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        self.ids += [named["id"]] if named.get("id") else []
        self.links += [named["href"]] if named.get("href") else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.words.append(data)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    parsed = Outline()
    parsed.feed(page)
    return parsed


def words(outline: Outline) -> str:
    return re.sub(r"\s+", " ", " ".join(outline.words))


def test_the_page_is_well_formed_and_its_links_lead_somewhere(outline: Outline) -> None:
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    inner = [link[1:] for link in outline.links if link.startswith("#")]
    assert set(inner) <= set(outline.ids)
    assert [f"section-{n}" for n in (0, 3, 4, 5, 7, 8, 14, 15)] == [name for name in outline.ids if name.startswith("section")]


def test_the_limits_are_always_there(outline: Outline, run: Made) -> None:
    said = words(outline)
    limits = catalogue().list("section15.limits")
    assert len(limits) >= 10
    for limit in limits:
        assert limit in said
    bare = render(run.tallies, run.facts, measures(run.tallies, run.facts), [], {})
    for limit in limits:
        assert str(escape(limit)) in bare
    for caveat in (
        "All people are synthetic",
        "no counterpart in any real person",
        "not about a real country",
        "one particular perfect world",
        "closed cohort",
        "no appeal",
        "Behaviour is not modelled",
        "more trustworthy than counts",
        "dignity, fear, stigma, health",
        "do not make a banned practice lawful",
    ):
        assert caveat in said


def test_what_is_not_computed_is_said(outline: Outline) -> None:
    said = words(outline)
    for entry in catalogue().list("section14.missing_list"):
        assert entry in said
    assert "Whether these signs hold over the whole range of the assumptions was not computed" in said


def test_every_figure_says_synthetic_and_its_claim(page: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", page, flags=re.S)
    assert len(drawings) == 6 + len(LIVES)
    for drawing in drawings:
        assert "synthetic people" in drawing
        assert "claim level C2" in drawing


def test_every_figure_has_a_description_and_its_numbers(outline: Outline, page: str) -> None:
    images = [named for tag, named in outline.tags if tag == "div" and named.get("role") == "img"]
    assert len(images) == 6 + len(LIVES)
    assert all(len(str(named["aria-label"])) > 30 for named in images)
    for figure in re.findall(r"<figure.*?</figure>", page, flags=re.S):
        assert "<details>" in figure
        assert "data:text/csv" in figure


def test_nothing_is_fetched_and_nothing_runs(page: str, outline: Outline) -> None:
    assert {tag for tag, _ in outline.tags} & {"script", "link", "iframe", "object", "embed", "img", "base", "form"} == set()
    assert all(link.startswith(("#", "data:text/csv")) for link in outline.links)
    assert not any(name.startswith("on") or name == "src" for _, named in outline.tags for name in named)
    without_names = re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)
    assert re.search(r"https?://|url\(|@import", without_names) is None
    assert "default-src 'none'" in page


def test_texts_of_others_are_escaped(page: str, run: Made) -> None:
    assert "<script>" not in page
    assert "a &lt;script&gt;record&lt;/script&gt; arrives" in page
    facts = dataclasses.replace(run.facts, title='<img src="x" onerror="y">', question="<b>?</b>", claim="C1")
    harmed = render(run.tallies, facts, measures(run.tallies, facts), [], {"<i>": "<u>"})
    assert "<img" not in harmed
    assert "<b>?" not in harmed
    assert "<i>" not in harmed
    assert "claim level C1" in harmed


def test_the_bottom_line_quotes_the_measures(frame: pl.DataFrame, outline: Outline) -> None:
    said = words(outline)
    where = (pl.col("region") == "all", pl.col("group") == "all", pl.col("domain") == "all", pl.col("world") == "designed")
    ever = frame.filter(*where, pl.col("name") == "people ever restricted, 1 day or more", pl.col("versus") == "all")["value"][0]
    wrongly = frame.filter(*where, pl.col("name") == "people ever wrongly restricted, 1 day or more", pl.col("versus") == "accurate")[
        "value"
    ][0]
    assert f"Of 10,000 synthetic people, {number(ever)} are shut out" in said
    assert f"{number(wrongly)} of 10,000 are shut out by mistake" in said


def test_the_strip_adds_up(frame: pl.DataFrame) -> None:
    days = frame.filter(pl.col("id") == "B2", pl.col("region") == "all", pl.col("group") == "all", pl.col("domain") == "all")
    values = {(row["world"], row["versus"]): row["value"] for row in days.iter_rows(named=True)}
    assert values["accurate", "none"] + values["designed", "accurate"] == pytest.approx(values["designed", "none"])


def test_files_inside_the_page_are_the_numbers_unrounded(outline: Outline, frame: pl.DataFrame) -> None:
    files = {named["download"]: str(named["href"]) for tag, named in outline.tags if tag == "a" and "download" in named}
    assert {"flow.csv", "ever.csv", "clear.csv", "lorenz.csv", "regions.csv", "gaps.csv", "life-1.csv", "story-1.csv"} <= set(files)
    text = base64.b64decode(files["regions.csv"].partition("base64,")[2]).decode("utf-8-sig")
    region = frame.filter(
        pl.col("id") == "M1",
        pl.col("region") == "Heilongjiang",
        pl.col("world") == "designed",
        pl.col("versus") == "accurate",
        pl.col("domain") == "all",
    )
    line = next(line for line in text.splitlines() if line.startswith("Heilongjiang"))
    assert float(line.split(",")[1]) == region["value"][0]


def test_assumptions_without_a_source_are_listed_with_an_unknown_share(outline: Outline) -> None:
    said = words(outline)
    assert "2 of 3 numbers in the scenario have no source" in said
    assert re.search(r"sources\.court\.ghost.{0,80}not computed", said)
    assert re.search(r"conduct\.littering\.rate.{0,80}not computed", said)


def test_a_broken_identity_is_not_hidden(run: Made, frame: pl.DataFrame) -> None:
    tables = {name: table.copy() for name, table in run.tallies.tables.items()}
    tables["people"][0, 0, run.tallies.columns["people"].index("exits.designed.loan")] += 1
    page = render(dataclasses.replace(run.tallies, tables=tables), run.facts, frame, [], {})
    assert "do not use this run" in page
    assert "entries of designed in loan are not exits and open ends" in page


def test_regions_without_people_are_named(outline: Outline) -> None:
    assert "No synthetic person was sampled in:" in words(outline)
    assert "Hainan" in words(outline)


def test_a_story_stands_in_each_world_side_by_side(outline: Outline) -> None:
    said = words(outline)
    assert re.search(r"2014-03-01\s+an event\s+a <script>record</script> arrives", said)
    assert "How this person was picked: the person with the median number of wrongful days" in said


def test_a_run_in_which_nothing_happens_has_a_report() -> None:
    quiet = made(clusters=(2, 2), people=5, days=100, harm=0.0, seed=4)
    page = render(quiet.tallies, quiet.facts, measures(quiet.tallies, quiet.facts), [], {})
    assert "What this cannot say" in page
    assert ">nan" not in page


def test_a_report_without_a_comparison_is_refused(run: Made, frame: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="two worlds"):
        render(run.tallies, dataclasses.replace(run.facts, pairs=()), frame, [], {})


def test_every_text_can_be_filled_and_an_unknown_key_is_an_error() -> None:
    text = catalogue()
    assert text("section0.country", country="1", count="2").startswith("Scaled to a country of 1 people")
    with pytest.raises(KeyError):
        text("section0.no_such_key")
    with pytest.raises(KeyError):
        text("section0.country")
    with pytest.raises(KeyError, match="part of the catalogue"):
        text("section0")


def test_no_sentence_stands_outside_the_catalogue() -> None:
    """Templates hold tags and keys only: between tags there is no word."""
    for name in ("report.html.j2", "macros.html.j2"):
        source = (resources.files("counterlife.report") / "templates" / name).read_text(encoding="utf-8")
        plain = re.sub(r"\{[{%].*?[%}]\}|<style.*?</style>|<[^>]*>", "", source, flags=re.S)
        assert re.findall(r"[A-Za-z]{2,}", plain) == []
