"""What may be changed and handed in: sliders with sources and ranges, the sentences of the command line, nothing of this disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from lived import SMALL

from counterlife.scenario import ScenarioError, catalog, ledger, load, scenario_hash
from counterlife.study import RequestError
from counterlife.web.designs import KEPT, Design, Designs
from counterlife.web.sliders import LEFT_OUT, Slider, sliders
from web.served import RATE, TEXT, site_on


@pytest.fixture
def designs(tmp_path: Path) -> Designs:
    return site_on(tmp_path).designs


def by_path(scenario: str) -> dict[str, Slider]:
    return {one.path: one for one in sliders(load(scenario))}


def moves(written: str) -> bool:
    """Whether a range, as the ledger writes it, has two ends that are numbers."""
    low, _, high = written.partition(" to ")
    return low != high and "ever" not in written


# --- sliders ----------------------------------------------------------------------------------------------------------------------


def test_a_slider_states_value_unit_range_and_source() -> None:
    """Against the file, read by eye: {value: 0.5 per year, range: [0.2 per year, 1 per year], source: measured, ref: X01, date: 2018}."""
    (one,) = sliders(load(SMALL))
    assert one == Slider(RATE, "Late fee: rate", "0.5", "per year", 0.2, 1.0, False, "measured", "X01, 2018", "a made-up count")
    assert one.override(" 0.7 ") == f"{RATE}=0.7 per year"
    assert (one.part, one.wide, one.position) == ("conduct", False, 38)  # (0.5 - 0.2) / 0.8 = 0.375


@pytest.mark.parametrize("name", [entry.name for entry in catalog()])
def test_every_number_with_a_range_has_a_slider_that_moves_it(name: str) -> None:
    scenario = load(name)
    moved = by_path(name)
    wanted = {
        row.path
        for row in ledger(scenario)
        if row.path.partition(".")[0] not in LEFT_OUT and row.value[:1] in "-0123456789" and moves(row.range)
    }
    assert set(moved) == wanted
    for one in moved.values():
        assert one.low <= float(one.number) <= one.high
    same = load(name, [one.override(one.number) for one in moved.values()])
    before, after = ({row.path: (row.value, row.range, row.source) for row in ledger(one)} for one in (scenario, same))
    for path, (value, *_) in before.items():  # the numbers are as before; those that were set are assumptions now
        assert after[path][0] == value
        assert path not in moved or after[path][1:] == ("", "illustrative")


def test_a_range_in_another_unit_is_converted(tmp_path: Path) -> None:
    file = tmp_path / "units.yaml"
    file.write_text(TEXT.replace("range: [0.2 per year, 1 per year]", "range: [0.01 per month, 365 per year]"))
    (one,) = by_path(str(file)).values()
    assert one.low == pytest.approx(0.12)
    assert one.wide
    assert one.position == 18  # log(0.5 / 0.12) / log(365 / 0.12) = 0.178


# --- changes ----------------------------------------------------------------------------------------------------------------------


def test_what_is_written_out_says_the_same_as_the_overrides(designs: Designs) -> None:
    for base, changes in (
        ("article-score", {}),
        ("article-score", {"joint.shares.travel.loan": "0.3", "conduct.littering.rate": "0.2 per year", "score.keep.default": "3 years"}),
        ("dutch", {"lists.defaulters.term": "3 years"}),
        (designs.keep(TEXT), {}),
        (designs.keep(TEXT), {RATE: "0.9 per year"}),
    ):
        name, file = designs.prepare(Design(base, 1200, 7, changes))
        direct = load(designs.source(base), [f"{path}={text}" for path, text in changes.items()])
        assert scenario_hash(load(str(file))) == scenario_hash(direct)
        assert name == f"{base}-1200-seed7-{scenario_hash(direct)[:8]}"
    text = designs.prepare(Design("article-score", 1200, 1, {"joint.shares.travel.loan": "0.3"}))[1].read_text()
    assert text == "# Changed on the local page.\nextends: article-score\njoint:\n  shares:\n    travel:\n      loan: 0.3\n"


def test_only_numbers_that_were_changed_count_and_only_those_with_sliders(designs: Designs) -> None:
    base = designs.keep(TEXT)
    assert designs.changes(base, {RATE: " 0.5 "})[1] == {}
    assert designs.changes(base, {RATE: "0.7", "score.start": "1", "population.country": "/etc/passwd"})[1] == {RATE: "0.7 per year"}


@pytest.mark.parametrize("written", ["lots", "-1", "1e99", "{a: b}", "!!python/object:os.system x", "", "0.5 per year per year"])
def test_a_wrong_number_comes_back_with_the_sentence_of_the_command_line(designs: Designs, written: str) -> None:
    base = designs.keep(TEXT)
    changes = designs.changes(base, {RATE: written})[1]
    override = f"{RATE}={changes[RATE]}"
    with pytest.raises(ScenarioError) as line:
        load(SMALL, [override])
    with pytest.raises(ScenarioError) as page:
        designs.prepare(Design(base, 1200, 1, changes))
    assert str(page.value) == str(line.value)


def test_a_run_of_the_page_is_bounded(designs: Designs) -> None:
    with pytest.raises(RequestError, match="10,000,001 people are too many for this page: at most 10,000,000"):
        designs.prepare(Design("w0", 10_000_001))


# --- what is handed in --------------------------------------------------------------------------------------------------------------


INVALID = sorted((Path(__file__).parents[1] / "scenarios" / "invalid").glob("*.yaml"))


@pytest.mark.parametrize("file", INVALID[::8], ids=lambda one: one.stem)  # all of them are held against `load` elsewhere
def test_what_a_file_is_refused_for_is_refused_here(designs: Designs, file: Path) -> None:
    raw = file.read_bytes()
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        pytest.skip("a form cannot send this")
    with pytest.raises(ScenarioError) as line:
        load(str(file))
    with pytest.raises(ScenarioError) as page:
        designs.keep(text)
    said, told = str(page.value), str(line.value).replace(str(file), "your scenario")
    assert said == told or "here a country is one of the catalog's" in said or "here `extends` names an entry of the catalog" in said
    assert str(designs.folder) not in said
    assert list(designs.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("title: A small", "extends: ../../secret.yaml\ntitle: A small"), "here `extends` names an entry of the catalog, not a file"),
        (("title: A small", "extends: [article]\ntitle: A small"), "here `extends` names an entry of the catalog, not a file"),
        (("country: plain", "country: /etc/passwd"), "tables of a country cannot be handed in"),
        (("country: plain", "country: {regions: secret.csv}"), "tables of a country cannot be handed in"),
        (("country: plain", "country: [plain]"), "tables of a country cannot be handed in"),
    ],
)
def test_a_pasted_scenario_names_nothing_on_this_disk(designs: Designs, change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence.replace("`", ".")):
        designs.keep(TEXT.replace(*change))


def test_only_the_last_pasted_scenarios_are_kept(designs: Designs) -> None:
    names = [designs.keep(f"{TEXT}\n# {n}\n") for n in range(KEPT + 3)]
    assert len(set(names)) == len(names)
    assert sorted(file.stem for file in designs.folder.iterdir()) == sorted(names[3:])
