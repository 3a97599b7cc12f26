"""The pages over HTTP: what each says, that its numbers are those of the run, and that nothing needs a script."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from counterlife import study
from counterlife.scenario import catalog, load, scenario_hash
from counterlife.web import Site
from counterlife.web.jobs import Stage
from counterlife.web.walk import walk
from web.served import RATE, TEXT, client_of, post, site_on, start, text_of, wait


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return site_on(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def client(site: Site) -> TestClient:
    return client_of(site)


@pytest.fixture(scope="module")
def names(site: Site, client: TestClient) -> list[str]:
    """Two finished runs that differ in one number."""
    found = [start(client, site), start(client, site, **{RATE: "0.9"})]
    assert [wait(client, name) for name in found] == ["finished", "finished"]
    return found


def test_every_page_says_what_it_must(client: TestClient, names: list[str]) -> None:
    first, second = names
    pages = [
        "/",
        "/designs/article",
        "/runs",
        f"/runs/{first}",
        f"/runs/{first}/life",
        f"/compare?one={first}&two={second}",
        "/compare",
        "/nothing",
    ]
    for page in pages:
        text = text_of(client.get(page).text)
        assert "SYNTHETIC Nobody on this page exists." in text, page
        assert re.search(r"claim level:? C1|Claim level C1:", text), page
        assert "Harm that is not modelled" in text, page
        assert "Good numbers do not make a banned practice lawful" in text, page


def test_the_catalog_is_there(client: TestClient) -> None:
    text = client.get("/").text
    for entry in catalog():
        assert f'href="/designs/{entry.name}"' in text
    for name in ("article", "robodebt"):
        page = client.get(f"/designs/{name}")
        assert page.status_code == 200
        assert load(name).question.split("?")[0] in page.text.replace("&#39;", "'")


def test_a_slider_shows_its_source_or_that_it_has_none(client: TestClient) -> None:
    """Against the catalog, read by eye: BR24 is reported, 0.006 to 0.0081; academic merit has no source."""
    text = text_of(client.get("/designs/article").text)
    assert re.search(
        r"0\.006 to 0\.0081 per year · stated: 0\.0061 per year · reported: BR24, 2018 · enforcement cases conduct\.unpaid_judgment\.rate",
        text,
    )
    assert re.search(r"2 to 10 · stated: 5 · assumption score\.points\.academic_integrity", text)


def test_a_wrong_wish_comes_back_with_what_was_written(client: TestClient, site: Site) -> None:
    base = site.designs.keep(TEXT)
    for people, seed, rate, sentence in (
        ("many", "1", "0.5", "people: 'many' is no whole number"),
        ("1200", "-1", "0.5", "seed: '-1' is no whole number"),
        ("20", "1", "0.5", "20 people are too few"),
        ("99999999999", "1", "0.5", "are too many for this page"),
        ("1200", "99999999999", "0.5", "does not fit an address of a draw"),
        ("1200", "1", "often", f"--set {RATE}=often per year"),
    ):
        answer = post(client, site, "/runs", base=base, people=people, seed=seed, **{f"set:{RATE}": rate})
        if answer.status_code == 303:  # what only the plan can know is said by the run itself
            name = answer.headers["location"].removeprefix("/runs/")
            assert wait(client, name) == "failed"
            answer = client.get(f"/runs/{name}")
        else:
            assert answer.status_code == 422
            assert f'value="{people}"' in answer.text
            assert f'value="{rate}"' in answer.text
        assert sentence in text_of(answer.text).replace("&#39;", "'")


def test_a_pasted_scenario_with_a_mistake_comes_back_with_its_place(client: TestClient, site: Site) -> None:
    answer = post(client, site, "/designs", scenario=TEXT.replace("conduct:", "condct:"))
    assert answer.status_code == 422
    assert "your scenario:9:1: &#39;condct&#39; is not known here" in answer.text
    assert "condct:" in answer.text.split("<textarea")[1]


def test_the_numbers_of_a_run_are_those_of_the_same_run_elsewhere(client: TestClient, names: list[str], tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(TEXT)
    own = study.run(tmp_path / "small.yaml", people=1200)
    row = own.headline.row(
        by_predicate=(pl.col("id") == "M3") & (pl.col("name") == "people ever wrongly restricted, 1 day or more"), named=True
    )
    text = text_of(client.get(f"/runs/{names[0]}").text)
    said = re.search(r"([\d,.]+) of 10,000 are shut out by mistake", text)
    assert said
    assert float(said[1].replace(",", "")) == pytest.approx(row["value"], rel=0.01)
    compared = text_of(client.get(f"/compare?one={names[0]}&two={names[1]}").text)
    found = re.search(r"ever shut out by mistake, of 10,000 people ([\d,.]+) \(([\d,.]+).to.([\d,.]+)\) ([\d,.]+) \(", compared)
    assert found
    assert [float(one.replace(",", "")) for one in found.groups()[:3]] == pytest.approx([row["value"], row["low"], row["high"]], rel=0.01)
    assert float(found[4].replace(",", "")) > row["value"]  # late fees are nearly twice as many
    assert f"{RATE} 0.5 per year 0.9 per year" in compared
    assert "each interval is its own run&#39;s" in client.get(f"/compare?one={names[0]}&two={names[1]}").text


def test_the_difference_of_two_designs_has_its_paired_interval(client: TestClient, site: Site, names: list[str], tmp_path: Path) -> None:
    """The same two runs lived elsewhere and compared: the interval of the difference, which leaves zero out."""
    (tmp_path / "small.yaml").write_text(TEXT)
    mild, harsh = (study.run(tmp_path / "small.yaml", people=1200, overrides=[f"{RATE}={rate} per year"]) for rate in ("0.5", "0.9"))
    frame = study.compare(mild, harsh).frame
    everybody = [pl.col(column) == "all" for column in ("domain", "region", "group")]
    row = frame.filter(pl.col("id") == "M3", pl.col("name").str.ends_with(", 1 day or more"), *everybody).row(0, named=True)
    assert row["low"] > 0
    text = text_of(client.get(f"/compare?one={names[0]}&two={names[1]}").text)
    section = text.partition("What moves from A to B, over the same people")[2]
    said = re.search(r"ever shut out by mistake, of 10,000 people ([\d,.]+) ([\d,.]+) \+([\d,.]+) \(\+([\d,.]+).to.\+([\d,.]+)\)", section)
    assert said
    told = [float(one.replace(",", "")) for one in said.groups()]
    assert told == pytest.approx([row[name] for name in ("before", "after", "difference", "low", "high")], rel=0.01)


def test_runs_of_other_people_are_not_paired_and_the_reason_is_given(client: TestClient, site: Site, names: list[str]) -> None:
    base = site.designs.keep(TEXT)
    answer = post(client, site, "/runs", base=base, people="1200", seed="2", **{f"set:{RATE}": "0.5"})
    other = answer.headers["location"].removeprefix("/runs/")
    assert wait(client, other) == "finished"
    text = text_of(client.get(f"/compare?one={names[0]}&two={other}").text)
    assert f"No differences with paired intervals: {names[0]} and {other} have not lived the same people: seed 1 against 2." in text
    assert "What moves from A to B" not in text
    assert "ever shut out by mistake, of 10,000 people" in text  # each with its own interval, as before


def test_two_runs_are_pinned_and_a_third_takes_the_place_of_the_first(client: TestClient, site: Site, names: list[str]) -> None:
    first, second = names
    assert "Pin two runs" in client.get("/compare").text
    for name, pins in ((first, [first]), (second, [first, second]), (first, [second]), (first, [second, first])):
        assert post(client, site, f"/runs/{name}/pin").status_code == 303
        assert list(site.pins) == pins
    assert "2 of 2 pinned" in client.get("/").text
    assert client.get("/compare").text.count('href="/runs/' + second) == 1
    site.pin("third")
    assert list(site.pins) == [first, "third"]
    site.pins.clear()


def test_scenario_and_report_can_be_taken_away(client: TestClient, site: Site, names: list[str], tmp_path: Path) -> None:
    for name, rate in zip(names, ("0.5 per year", "0.9 per year"), strict=True):
        written = client.get(f"/runs/{name}/scenario.yaml")
        (tmp_path / "taken.yaml").write_bytes(written.content)
        taken = load(str(tmp_path / "taken.yaml"))
        assert taken.conduct["late_fee"].rate.value == rate
        assert scenario_hash(taken) == site.shelf.record(name)["identity"]["scenario"]
        report = client.get(f"/runs/{name}/report.html")
        assert report.content == (site.shelf.folder / name / "report.html").read_bytes()
        policy = report.headers["content-security-policy"]
        assert "script-src" not in policy
        assert policy.startswith("default-src 'none';")
    (site.shelf.folder / names[0] / "report.html").unlink()  # the program ended before it was written
    assert "synthetic" in client.get(f"/runs/{names[0]}/report.html").text


def test_the_same_design_again_is_read_and_not_lived(client: TestClient, site: Site, names: list[str]) -> None:
    before = site.shelf.record(names[0])
    assert start(client, site) == names[0]
    assert client.get(f"/runs/{names[0]}").status_code == 200
    assert site.shelf.record(names[0]) == before


def test_a_life_is_walked_day_by_day(client: TestClient, site: Site, names: list[str]) -> None:
    """Every sentence of the story stands on its own day, and what is closed agrees with the spans."""
    opened = site.shelf.open(names[0])
    stories = [opened.story(f"{region}/0/{n}") for region in list(opened.findings.sample.regions)[:1] for n in range(40)]
    story = max(stories, key=lambda one: len(one.spans))
    assert story.spans
    days = walk(opened.findings, story, opened.life(story))
    told = sorted((day.date, text) for day in days for side in day.sides for _ in side.worlds for text in side.told)
    assert told == sorted((line.date, line.text) for line in story.lines)
    start_ = opened.run.scenario.period.start
    for day in days:
        assert sum(len(side.worlds) for side in day.sides) == 4
        for side in day.sides:
            for title in side.worlds:
                (world,) = (name for name, one in opened.run.scenario.worlds.items() if one.title == title)
                n = (day.date - start_).days
                closed = {opened.run.scenario.gates[d].title for w, d, a, b in story.spans if w == world and a <= n < b}
                assert set(side.closed) == closed
    page = client.get(f"/runs/{names[0]}/life", params={"person": str(story.person)})
    assert page.status_code == 200
    assert page.text.count("data-day ") == len(days)
    assert client.get(f"/runs/{names[0]}/life/figure", params={"person": str(story.person)}).json()["$schema"]


@pytest.mark.parametrize("person", ["nobody", "Atlantis/0/1", "../../secret", "x" * 500])
def test_somebody_who_was_not_lived_is_a_sentence(client: TestClient, names: list[str], person: str) -> None:
    answer = client.get(f"/runs/{names[0]}/life", params={"person": person})
    assert answer.status_code == 422
    assert re.search("names nobody|there is no region", answer.text)
    assert client.get(f"/runs/{names[0]}/life/figure", params={"person": person}).status_code == 404


def test_a_damaged_run_is_a_sentence(client: TestClient, site: Site) -> None:
    folder = site.shelf.folder / "damaged"
    (folder / "tallies").mkdir(parents=True)
    (folder / "tallies" / "tables.json").write_text("[]")
    (folder / "provenance.json").write_text("{")
    answer = client.get("/runs/damaged")
    assert answer.status_code == 409
    assert "this file is damaged" in answer.text
    assert client.get("/runs").status_code == 200


def test_no_word_is_left_over(site: Site) -> None:
    """Every text of the catalogue is used by a template or a view; a key that is asked for and missing fails by itself."""
    home = Path(study.__file__).parents[1] / "web"
    sources = "".join(file.read_text() for file in [*home.glob("*.py"), *(home / "templates").iterdir()])
    made = {"run": {stage.value for stage in Stage}, "design": {"kind_rules", "kind_world"}}
    for section in ("page", "home", "design", "run", "compare", "life", "error"):
        for key in site.words.part(section):
            built = key.startswith(("source_", "head_")) or key in made.get(section, ())
            assert built or f'"{section}.{key}"' in sources, f"{section}.{key}"


def test_no_template_has_script_or_style_in_it() -> None:
    for file in (Path(study.__file__).parents[1] / "web" / "templates").iterdir():
        text = file.read_text()
        assert not re.search(r"<style|style=|<script(?! src)|\son[a-z]+=|https?:", text), file.name
