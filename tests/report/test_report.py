"""The report: limits that cannot be left out, figures that say what they are, nothing fetched, nothing unescaped, numbers that agree."""

from __future__ import annotations

import base64
import dataclasses
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from importlib import resources

import polars as pl
import pytest
from made_tallies import Made, made, sample

from counterlife.figures import number, percent
from counterlife.figures.style import ACCURATE, MISTAKE
from counterlife.measures import Facts, LedgerRow, World, measures
from counterlife.report import Life, render
from counterlife.report.findings import Findings, Gap
from counterlife.report.plates import WRONG, story
from counterlife.report.sections import bottom_line, domains, kinds_sentences, other_worlds
from counterlife.report.tables import Table
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
    return sample()[0]


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return sample()[1]


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
    assert [f"section-{n}" for n in range(16)] == [name for name in outline.ids if name.startswith("section")]


def test_what_is_not_computed_is_said(outline: Outline) -> None:
    said = words(outline)
    for entry in catalogue().list("section14.missing_list"):
        assert entry in said
    assert "Whether these signs hold over the whole range of the assumptions was not computed" in said


def test_every_figure_says_synthetic_and_its_claim(page: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", page, flags=re.S)
    assert len(drawings) == 8 + len(LIVES)
    for drawing in drawings:
        assert "synthetic people" in drawing
        assert "claim level C2" in drawing


def test_every_figure_has_a_description_and_its_numbers(outline: Outline, page: str) -> None:
    images = [named for tag, named in outline.tags if tag == "div" and named.get("role") == "img"]
    assert len(images) == 8 + len(LIVES)
    assert all(len(str(named["aria-label"])) > 30 for named in images)
    assert len(re.findall('<svg [^>]*aria-hidden="true"', page)) == len(images)
    for figure in re.findall(r"<figure.*?</figure>", page, flags=re.S):
        assert "<details>" in figure
        assert "data:text/csv" in figure


def test_nothing_is_fetched_and_nothing_runs(page: str, outline: Outline) -> None:
    assert {tag for tag, _ in outline.tags} & {"script", "link", "iframe", "object", "embed", "img", "base", "form"} == set()
    assert all(link.startswith(("#", "data:text/csv", "data:image/")) for link in outline.links)
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


def quoted(frame: pl.DataFrame, measure: str, name: str, world: str = "designed", versus: str = "accurate") -> float:
    where = {"id": measure, "name": name, "world": world, "versus": versus, "region": "all", "group": "all", "domain": "all"}
    return float(frame.filter(*(pl.col(column) == value for column, value in where.items()))["value"].item())


def test_every_number_of_the_bottom_line_is_in_the_frame(frame: pl.DataFrame, run: Made) -> None:
    line = bottom_line(Findings(run.tallies, run.facts, frame, catalogue()))
    days = {"M4": "wrongful share of restrictions", "M13": "concentration, share of the top 1 % of people"}
    share, top = (number(quoted(frame, measure, name)) for measure, name in days.items())
    assert f"mistakes make up {share} % of all days closed" in line[2]
    assert f"1 % of people bear {top} % of the days closed by mistake" in line[2]
    wrong = quoted(frame, "B6", "records, wrong", versus="all")
    for kind, words in (
        ("stale", "are about a matter already settled"),
        ("ghost", "about something that never"),
        ("stray", "about somebody else"),
    ):
        assert f"{percent(quoted(frame, 'B6', f'records, {kind}', versus='all') / wrong)} {words}" in line[3]
    assert f"come to {number(quoted(frame, 'M5', 'cost of a wrong record, shared out equally'))} for each" in line[3]
    assert f"{number(quoted(frame, 'M5', 'cost of a wrong record, records that close a day'))} % of the wrong records would open" in line[3]
    assert f"{percent(quoted(frame, 'M10', 'time to clear, still running after 1 year') / 100)} still last a year" in line[3]
    assert f"{number(quoted(frame, 'M21', 'children affected', versus='all'))} are kept out of something through a parent" in line[4]
    long = number(quoted(frame, "M3", "people ever wrongly restricted, 365 days or more"))
    assert f"For {long} of 10,000 such days add up to 365 or more" in line[1]
    assert len(line) == 6


def test_what_mistakes_add_is_what_they_close_less_what_they_leave_open(frame: pl.DataFrame, outline: Outline) -> None:
    closed, missed = quoted(frame, "M1", "wrongful restriction"), quoted(frame, "M2", "missed restriction")
    assert f"what they close ({number(closed)}) less what they leave open ({number(missed)})" in words(outline)
    assert closed - missed == pytest.approx(quoted(frame, "B2", "restricted days"))


def test_the_widest_gap_is_widest_in_either_direction_and_beyond_luck(run: Made, frame: pl.DataFrame) -> None:
    """Low means twice the days of middle means, high means a third of them: the gap to the latter is the wider one."""

    def shown(ends: dict[str, tuple[float, float, float]]) -> Gap | None:
        ratio = (pl.col("name") == "disparity, ratio, M1") & (pl.col("world") == "designed") & (pl.col("versus") == "accurate")
        changed = frame
        for column, place in (("value", 0), ("low", 1), ("high", 2)):
            new = pl.col("group").replace_strict({group: three[place] for group, three in ends.items()}, default=None)
            changed = changed.with_columns(pl.when(ratio).then(new).otherwise(pl.col(column)).alias(column))
        return Findings(run.tallies, run.facts, changed, catalogue()).widest_gap

    both = {"means=low": (2.0, 1.99, 2.01), "means=high": (1 / 3, 0.332, 0.335)}
    gap = shown(both)
    assert gap is not None
    assert (gap.more, gap.less, gap.looked_at) == ("means=middle", "means=high", 2)
    assert gap.ratio == pytest.approx(3.0)
    assert shown({"means=low": (2.0, 0.9, 4.4)}) is None
    # sure by itself, but not among seven: t with three degrees of freedom is 3.18 for one and 5.4 or more for seven
    many = dict.fromkeys(("sex=female", "age=18-39", "age=60+", "residence=rural", "means=high", "name=common name"), (1.0, 0.5, 2.0))
    assert shown({"means=low": (2.0, 1.2, 10 / 3)}) is not None
    assert shown({"means=low": (2.0, 1.2, 10 / 3)} | many) is None


def test_a_group_that_the_gates_concern_less_is_not_in_the_sentence(run: Made, frame: pl.DataFrame) -> None:
    findings = Findings(run.tallies, run.facts, frame, catalogue())
    table = run.tallies.tables["people"].copy()
    old = [i for i, cell in enumerate(run.tallies.rows["people"]) if cell[1] == "60+"]
    for domain in run.facts.domains:
        table[:, old, run.tallies.columns["people"].index(f"scope_days.{domain}")] //= 2
    halved = Findings(dataclasses.replace(run.tallies, tables={**run.tallies.tables, "people": table}), run.facts, frame, catalogue())
    assert findings._concerned_alike("residence=rural")
    assert findings._concerned_alike("age=60+")
    assert not halved._concerned_alike("age=60+")


def against(run: Made, pair: tuple[str, str], **worlds: World) -> Facts:
    """The facts with another headline comparison."""
    rest = tuple(one for one in run.facts.pairs if one != pair)
    return dataclasses.replace(run.facts, pairs=(pair, *rest), worlds={**run.facts.worlds, **worlds})


def said_in(page: str) -> str:
    parsed = Outline()
    parsed.feed(page)
    return words(parsed)


def test_beside_no_system_nothing_is_called_a_mistake(run: Made, frame: pl.DataFrame) -> None:
    """One world pair, no child's gate, one region: what a toy score has."""
    facts = against(run, ("designed", "none"))
    domains = {name: dataclasses.replace(domain, child=False) for name, domain in facts.domains.items()}
    facts = dataclasses.replace(facts, domains=domains, tiles={"Heilongjiang": (0, 0)}, claim="C3")
    said = said_in(render(run.tallies, facts, frame, LIVES[1:], {}))
    body, _, rest = said.partition("This is a thought experiment with numbers.")
    assert "How sure" in body
    assert "by mistake" not in rest.partition("This is evidence, never a verdict")[2]
    for absurd in ("by mistake", "wrongful", "Wrongful", "wrongly", "mistakes", "not shown of"):
        assert absurd not in body, body[max(0, body.index(absurd) - 120) : body.index(absurd) + 60]
    assert "No gate of this scenario looks at the parents" in said
    assert "Days closed by mistake, by region" not in said


def test_between_two_systems_both_are_named_and_neither_is_called_a_mistake(run: Made, frame: pl.DataFrame) -> None:
    other = World("A", "a milder score", "milder", "as they come")
    facts = against(run, ("designed", "accurate"), accurate=other)
    said = said_in(render(run.tallies, facts, frame, LIVES[1:], {})).partition("This is a thought experiment with numbers.")[0]
    assert "by mistake" not in said
    assert "on which the same person, in the world “a milder score”, is not" in said


@pytest.mark.parametrize("claim", ["C1", "C2", "C3"])
def test_the_claim_stands_on_every_figure_whatever_it_is(run: Made, frame: pl.DataFrame, claim: str) -> None:
    page = render(run.tallies, dataclasses.replace(run.facts, claim=claim), frame, LIVES, {})
    drawings = re.findall(r"<svg.*?</svg>", page, flags=re.S)
    assert len(drawings) == 8 + len(LIVES)
    assert all(f"claim level {claim}" in drawing and "synthetic people" in drawing for drawing in drawings)


def test_regions_of_a_single_cluster_are_never_coloured_and_that_is_said() -> None:
    single = made(clusters=(1, 1, 1), people=40)
    page = render(single.tallies, single.facts, measures(single.tallies, single.facts), [], {})
    drawing = re.findall(r"<svg.*?</svg>", page.partition('id="figure-map"')[2], flags=re.S)[0]
    assert "Every region has a single cluster of townships in this sample" in page
    assert MISTAKE not in drawing
    assert ACCURATE not in drawing


def test_settled_matters_say_on_which_numbers_they_rest(run: Made, frame: pl.DataFrame) -> None:
    rows = (
        LedgerRow("sources.court.staleness.updated", "0.2", "", "reported", "BR11", "2022", ""),
        LedgerRow("sources.courtyard.staleness.updated", "0.9", "", "illustrative", "", "", ""),
        LedgerRow("conduct.unpaid judgment.settled_after", "3 years", "", "illustrative", "", "", ""),
    )
    said = kinds_sentences(Findings(run.tallies, dataclasses.replace(run.facts, ledger=rows), frame, catalogue()))
    assert "rests on 2 numbers of the scenario, 1 of them without a source" in said
    assert "sources.court.staleness.updated: 0.2 (reported BR11)" in said
    assert "settled_after: 3 years (no source)" in said
    assert "courtyard" not in said


def story_of(lines: list[tuple[date, str, str]], spans: list[tuple[str, str, int, int]], run: Made, frame: pl.DataFrame) -> Table:
    return story(Findings(run.tallies, run.facts, frame, catalogue()), Life("One", "a rule", "synthetic", lines, spans), 1)


def test_worlds_that_tell_the_same_share_a_column(run: Made, frame: pl.DataFrame) -> None:
    day = date(2014, 5, 1)
    same = story_of([(day, world, "a record.") for world in ("accurate", "designed")], [], run, frame)
    assert same.heads == ("date", "accurate records = as designed")
    assert same.rows == (("2014-05-01", "a record."),)
    other = story_of([(day, "accurate", "a record."), (day, "designed", "WRONG RECORD: nothing.")], [], run, frame)
    assert other.heads == ("date", "accurate records", "as designed")
    assert other.rows[0][0] == "2014-05-01 ≠"
    assert other.marks == ("wrong",)


def test_a_long_story_shows_the_days_that_matter_and_says_how_many_it_leaves_out(run: Made, frame: pl.DataFrame) -> None:
    start = run.facts.start
    days = [start + timedelta(days=10 * i) for i in range(30)]
    lines = [(day, world, f"on {day}.") for day in days for world in ("accurate", "designed")]
    lines += [(days[7], "designed", "WRONG RECORD: about nothing."), (days[9], "designed", "something else.")]
    told = story_of(lines, [("designed", "loan", 70, 200)], run, frame)
    assert [row[0][:10] for row in told.rows] == [day.isoformat() for day in (days[7], days[9], days[20])]
    assert "27 quiet days" in told.note
    text = base64.b64decode(told.link.partition("base64,")[2]).decode("utf-8-sig")
    assert len(text.splitlines()) == 31


def test_stories_begin_a_wrong_record_with_the_words_that_the_report_looks_for() -> None:
    source = resources.files("counterlife").joinpath("story/sentences.py").read_text(encoding="utf-8")
    assert source.count(f"{WRONG}: ") >= 3


def test_worlds_that_find_no_room_beside_the_headline_have_a_table_of_their_own(run: Made, frame: pl.DataFrame) -> None:
    few = Findings(run.tallies, run.facts, frame, catalogue())
    assert domains(few).heads[1:4] == ("no system", "accurate records", "as designed")
    assert other_worlds(few) is None
    more = {name: World(name, name, "main", "as they come") for name in ("gentle", "harsh")} | {
        "right": World("L", "right", "main", "lawful")
    }
    many = Findings(run.tallies, dataclasses.replace(run.facts, worlds={**run.facts.worlds, **more}), frame, catalogue())
    assert domains(many).heads[1:5] == ("no system", "accurate records", "as designed", "right")
    assert set(many.side_by_side) == {"none", "accurate", "designed", "right"}
    rest = other_worlds(many)
    assert rest is not None
    assert [row[0] for row in rest.rows] == ["gentle", "harsh"]


def test_the_strip_adds_up(frame: pl.DataFrame) -> None:
    days = frame.filter(pl.col("id") == "B2", pl.col("region") == "all", pl.col("group") == "all", pl.col("domain") == "all")
    values = {(row["world"], row["versus"]): row["value"] for row in days.iter_rows(named=True)}
    assert values["accurate", "none"] + values["designed", "accurate"] == pytest.approx(values["designed", "none"])


def test_files_inside_the_page_are_the_numbers_unrounded(outline: Outline, frame: pl.DataFrame) -> None:
    files = {named["download"]: str(named["href"]) for tag, named in outline.tags if tag == "a" and "download" in named}
    assert {"flow.csv", "ever.csv", "clear.csv", "lorenz.csv", "regions.csv", "gaps.csv", "life-1.csv", "story-1.csv"} <= set(files)
    labels = [str(named["aria-label"]) for tag, named in outline.tags if named.get("role") == "region"]
    assert len(labels) == len(set(labels))
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
    assert re.search(r"2014-03-01 ≠\s+an event\s+a <script>record</script> arrives", said)
    assert "How this person was picked: the person with the median number of wrongful days" in said


def test_a_run_in_which_nothing_happens_has_a_report() -> None:
    quiet = made(clusters=(2, 2), people=5, days=100, harm=0.0, seed=4)
    page = render(quiet.tallies, quiet.facts, measures(quiet.tallies, quiet.facts), [], {})
    assert "What this cannot say" in page
    assert ">nan" not in page
    assert "Too few days are closed by mistake" in page
    assert "How long a restriction by mistake lasts cannot be said" in page
    assert 'id="figure-clear"' not in page
    assert 'id="figure-lorenz"' not in page
    assert "still last a year" not in page


def test_a_report_without_a_comparison_is_refused(run: Made, frame: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="two worlds"):
        render(run.tallies, dataclasses.replace(run.facts, pairs=()), frame, [], {})


def test_every_text_can_be_filled_and_an_unknown_key_is_an_error() -> None:
    text = catalogue()
    assert text("section0.country", country="1", count="2", ever="3").startswith("Scaled to a country of 1 people")
    with pytest.raises(KeyError):
        text("section0.no_such_key")
    with pytest.raises(KeyError):
        text("section0.country")
    with pytest.raises(KeyError, match="part of the catalogue"):
        text("section0")


def test_every_large_part_of_a_language_is_a_file_of_its_own_beside_it() -> None:
    files = {file.name for file in (resources.files("counterlife.report") / "texts").iterdir() if file.name.endswith(".toml")}
    parts = {name.removesuffix(".toml").partition("_")[2] for name in files if name.startswith("en_")}
    assert parts == {"annex", "mapping"}
    assert catalogue()("mapping.title") == "Evidence for an impact assessment"


def test_no_sentence_stands_outside_the_catalogue() -> None:
    """Templates hold tags and keys only: between tags there is no word."""
    for name in ("report.html.j2", "macros.html.j2", "annex.html.j2", "mapping.html.j2"):
        source = (resources.files("counterlife.report") / "templates" / name).read_text(encoding="utf-8")
        plain = re.sub(r"\{[{%].*?[%}]\}|<style.*?</style>|<[^>]*>", "", source, flags=re.S)
        assert re.findall(r"[A-Za-z]{2,}", plain) == []
