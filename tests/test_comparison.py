"""Comparing runs: refused where lives are not the same, exact where nothing moved, and told on a screen, as JSON and as a page."""

from __future__ import annotations

import dataclasses
import json
import os
import pty
import re
import subprocess
import sys
import xml.etree.ElementTree as Tree
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from asking import Ask
from lived import SMALL

import counterlife as cl
from counterlife import study
from counterlife.layout import AXES
from counterlife.measures import Finding, measures
from counterlife.report import compared, compared_page
from counterlife.report.text import catalogue
from counterlife.scenario import Kind
from counterlife.study import RequestError, Run

FEW = ["--people", "1200", "--set", "population.township=150"]
TOWNSHIP = "population.township=150"
EVERYBODY = dict.fromkeys(("domain", "region", "group"), "all")


def lived(out: Path, *overrides: str, **options: int) -> Run:
    return study.run(SMALL, **{"people": 1200, **options}, overrides=[TOWNSHIP, *overrides], out=out)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Finished small runs: a plain one, the same again, and a milder one."""
    path = tmp_path_factory.mktemp("compared")
    lived(path / "plain")
    lived(path / "again", "title=The same office", "lists.debtors.on.late_fee={value: 0.3, source: reported, ref: X09}")
    lived(path / "mild", "lists.debtors.on.late_fee=0.05", "score.keep.default=1 year")
    return path


def files(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def row(frame: pl.DataFrame, measure: str, name: str, **about: str) -> dict[str, object]:
    where = {"world": "designed", "versus": "accurate"} | EVERYBODY | about
    found = frame.filter((pl.col("id") == measure) & (pl.col("name") == name), *(pl.col(k) == v for k, v in where.items()))
    assert len(found) == 1, f"{len(found)} lines for {measure} {name} {where}"
    return found.row(0, named=True)


# --- the comparison itself ----------------------------------------------------------------------------------------------------------


def test_equal_runs_differ_by_exactly_nothing_whatever_they_are_called(folder: Path) -> None:
    found = cl.compare(folder / "plain", folder / "again")
    assert set(found.frame["difference"].drop_nulls()) == {0.0}
    assert set(found.frame["finding"]) <= {Finding.SAME, Finding.HIDDEN}
    assert found.is_identical(found.others[0])
    assert set(found.changes["kind"]) == {Kind.WORDS, Kind.SOURCE}
    assert found.changes["path"].to_list() == ["title", "lists.debtors.on.late_fee"]


def test_values_are_those_of_the_runs_and_changes_those_that_were_made(folder: Path) -> None:
    plain, mild = study.open_run(folder / "plain"), study.open_run(folder / "mild")
    found = cl.compare(plain, mild)
    changed = {one["path"]: (one["before"], one["after"]) for one in found.changes.iter_rows(named=True)}
    assert changed == {"lists.debtors.on.late_fee": ("0.3", "0.05"), "score.keep.default": ("2 years", "1 year")}
    for side, run in (("before", plain), ("after", mild)):
        keys = ["id", "name", "world", "versus", "domain", "region", "group"]
        both = found.frame.join(measures(run.tallies, run.facts), on=keys)
        assert len(both) == len(found.frame)
        assert both[side].equals(both["value"].rename(side), null_equal=True)
    shut_out = row(found.frame, "B2", "restricted days", versus="all")
    assert shut_out["finding"] == Finding.MOVED
    assert shut_out["after"] < shut_out["before"]  # type: ignore[operator]
    assert row(found.frame, "B2", "restricted days", world="none", versus="all")["finding"] == Finding.SAME
    assert not found.is_identical(found.others[0])


def test_the_paired_interval_of_real_runs_is_narrower_than_of_runs_with_other_luck(folder: Path) -> None:
    frame = cl.compare(folder / "plain", folder / "mild").frame
    paired = row(frame, "B2", "restricted days", versus="all")
    half = paired["high"] - paired["difference"]  # type: ignore[operator]
    apart = 0.0
    for name in ("plain", "mild"):
        own = row(study.open_run(folder / name).measures, "B2", "restricted days", versus="all")
        apart += (own["high"] - own["value"]) ** 2  # type: ignore[operator]
    assert 0 < half < 0.9 * apart**0.5


def test_the_order_of_runs_turns_signs_round_and_nothing_else(folder: Path) -> None:
    there, back = cl.compare(folder / "plain", folder / "mild"), cl.compare(folder / "mild", folder / "plain")
    for mine, theirs in (("difference", "difference"), ("low", "high"), ("high", "low")):
        assert there.frame[mine].equals((-back.frame[theirs] + 0.0).rename(mine), null_equal=True)
    assert there.frame["finding"].equals(back.frame["finding"])
    assert there.changes["before"].equals(back.changes["after"].rename("before"), null_equal=True)


def test_several_runs_stand_beside_the_first_each_under_its_own_name(folder: Path) -> None:
    plain = study.open_run(folder / "plain")
    found = cl.compare(plain, folder / "mild", plain, names=["a", "b", "b"])
    assert found.frame["run"].unique(maintain_order=True).to_list() == ["b", "b (2)"]
    second = found.frame.filter(pl.col("run") == "b (2)")
    assert set(second["finding"]) <= {Finding.SAME, Finding.HIDDEN}
    with pytest.raises(RequestError, match="3 names do not fit 2 runs"):
        cl.compare(plain, plain, names=["a", "b", "c"])
    with pytest.raises(RequestError, match="one run alone cannot be compared"):
        cl.compare(plain)


def test_worlds_inside_one_run_are_compared_by_their_rules(folder: Path) -> None:
    found = cl.compare(f"{folder / 'plain'}@designed", f"{folder / 'plain'}@gentle")
    values = found.changes.filter(pl.col("kind") == Kind.VALUE)["path"].to_list()
    assert values == ["score.keep.default", "score.keep.shouting", "lists.debtors.term", "gates.pool.opens_at", "joint.shares.hall.pool"]
    assert set(found.frame["world"]) == {"designed"}
    run = study.open_run(folder / "plain")
    for side, world in (("before", "designed"), ("after", "gentle")):
        own = row(run.measures, "B2", "restricted days", world=world, versus="all")
        assert row(found.frame, "B2", "restricted days", versus="all")[side] == own["value"]
    with pytest.raises(cl.StoreError, match="has no world 'nowhere'; it has none, accurate, designed, gentle"):
        cl.compare(folder / "plain", f"{folder / 'plain'}@nowhere")


def test_a_changed_rule_moves_only_worlds_that_have_it(folder: Path) -> None:
    """Nobody is listed in a world without a system, and no event depends on the rule: what happened is the same."""
    found = cl.compare(folder / "plain", folder / "mild").frame
    assert set(found.filter(pl.col("world") == "none")["difference"].drop_nulls()) == {0.0}
    assert set(found.filter((pl.col("id") == "B6") & (pl.col("domain") == "all"))["finding"]) >= {Finding.SAME}


# --- who must be the same -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "overrides", "reason"),
    [
        ({"seed": 2}, [], "seed 1 against 2"),
        ({"replicates": 2}, [], "replicates 1 against 2"),
        ({"people": 1500}, [], "people 1200 against 1500"),
        ({}, ["population.township=300"], "people in a township 150 against 300"),
        ({}, ["period.length=12 months"], "period.length 13 months against 12 months"),
        ({}, ["period.start=2023-01-31"], "period.start 2024-01-31 against 2023-01-31"),
        ({}, ["population.country.households.lone_parent=0.5"], "population.country.households.lone_parent"),
        ({}, ["population.country=netherlands-2023", "population.regions=[Drenthe]"], "population.country Plain against "),
    ],
)
def test_other_people_are_refused_with_what_differs(
    folder: Path, tmp_path: Path, ask: Ask, options: dict[str, int], overrides: list[str], reason: str
) -> None:
    lived(tmp_path / "other", *overrides, **options)
    said = ask("compare", folder / "plain", tmp_path / "other", "--out", tmp_path / "never")
    assert said.code == 2
    assert said.out == ""
    assert f"have not lived the same people: {reason}" in said.err
    assert not (tmp_path / "never").exists()
    with pytest.raises(RequestError, match=re.escape(reason)):
        cl.compare(folder / "plain", tmp_path / "other")


def test_another_draw_scheme_and_tallies_of_others_are_refused(folder: Path) -> None:
    run = study.open_run(folder / "plain")
    old = dataclasses.replace(run, provenance=run.provenance | {"identity": run.provenance["identity"] | {"draw_scheme": 0}})
    with pytest.raises(RequestError, match="draw scheme 0 against"):
        cl.compare(old, run)
    tables = dict(run.tallies.tables) | {"people": run.tallies.tables["people"] * 2}
    strange = dataclasses.replace(run, tallies=dataclasses.replace(run.tallies, tables=tables))
    with pytest.raises(RequestError, match="their tallies count others: different versions of the program"):
        cl.compare(strange, run)


@pytest.mark.parametrize(
    "override",
    ["conduct.shouting.rate=2 per week", "frailty.shape=3", "sources.archive.delay.exponential=1 day", "score.start=90", "lives=0"],
)
def test_conduct_records_and_rules_may_differ(folder: Path, tmp_path: Path, override: str) -> None:
    found = cl.compare(study.open_run(folder / "plain"), lived(tmp_path / "other", override))
    assert override.partition("=")[0] in found.changes["path"].to_list()
    assert len(found.frame) > 100


# --- on the command line ------------------------------------------------------------------------------------------------------------


def test_compare_says_what_changed_and_what_moved(ask: Ask, folder: Path) -> None:
    said = ask("compare", folder / "plain", folder / "mild")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "What changed, and what moved"
    assert "synthetic people" in lines[1]
    assert "synthetic" in lines[2]
    assert "Claim level C1" in lines[2]
    assert "What changed: 2 settings" in lines
    at = lines.index("  lists.debtors.on.late_fee")
    assert lines[at + 1] == "    0.3 (assumption) -> 0.05 (assumption)"
    frame = cl.compare(folder / "plain", folder / "mild").frame
    days = row(frame, "B2", "restricted days", versus="all")
    at = lines.index("  closed days, per 1,000 people a year")
    before, after, difference = re.fullmatch(r"    ([\d,]+) -> ([\d,]+): (-[\d,]+) \(-[\d,]+ to -[\d,]+\)", lines[at + 1]).groups()  # type: ignore[union-attr]
    for text, name in ((before, "before"), (after, "after"), (difference, "difference")):
        assert float(text.replace(",", "")) == pytest.approx(days[name], rel=0.01)
    assert "milder rules can raise them while they shut fewer people out" in said.out
    assert said.out.isascii() or "“" in said.out


def test_what_is_the_same_and_what_is_chance_is_said_in_words(ask: Ask, folder: Path, tmp_path: Path) -> None:
    said = ask("compare", folder / "plain", folder / "again")
    assert "No setting that the simulation reads is different." in said.out
    assert "Nothing moved: both counted the same, to the last count." in said.out
    lived(tmp_path / "near", "lists.thanked.score_from=104")  # a list of the praised, which closes nothing
    beside = ask("compare", folder / "plain", tmp_path / "near")
    frame = cl.compare(folder / "plain", tmp_path / "near").frame
    assert row(frame, "B5", "time on a redlist", versus="all")["finding"] == Finding.MOVED
    assert beside.out.count(": the same to the last count") >= 5
    assert "Nothing moved" not in beside.out
    assert f"{(frame['finding'] == Finding.SAME).sum():,} are the same to the last count" in beside.out


def test_chance_is_said_where_the_interval_covers_zero(folder: Path) -> None:
    comparison = cl.compare(folder / "plain", folder / "mild")
    (one,) = compared.besides(comparison, catalogue())
    shown = compared.Moved("x", "x", "x", 10.0, 10.5, 0.5, -0.2, 1.2, str(Finding.CHANCE))
    assert one.told(shown) == "no difference beyond chance: +0.5 (−0.2 to +1.2)"
    assert one.both(shown) == {"before": "10", "after": "10.5"}
    assert one.told(dataclasses.replace(shown, low=0.1, high=0.9, finding=str(Finding.MOVED))) == "+0.5 (+0.1 to +0.9)"
    assert one.told(dataclasses.replace(shown, low=None, high=None, finding=str(Finding.BARE))) == "+0.5, without an interval"
    near = dataclasses.replace(shown, before=818.368, after=817.649, difference=-0.719)
    assert one.both(near) == {"before": "818.4", "after": "817.6"}


def test_json_holds_runs_changes_and_every_number(ask: Ask, folder: Path) -> None:
    said = ask("compare", folder / "plain", folder / "mild", "--json")
    assert said.code == 0
    found = json.loads(said.out)
    assert found["synthetic"] is True
    assert found["claim"] == "C1"
    assert found["people"]["seed"] == 1
    assert found["reference"]["fingerprint"] == study.open_run(folder / "plain").fingerprint
    assert [one["identical"] for one in found["others"]] == [False]
    comparison = cl.compare(folder / "plain", folder / "mild", names=[found["reference"]["name"], found["others"][0]["name"]])
    assert found["changes"] == comparison.changes.to_dicts()
    assert found["measures"] == comparison.frame.to_dicts()


def test_out_holds_the_page_and_the_frames(ask: Ask, folder: Path, tmp_path: Path) -> None:
    before = files(folder)
    said = ask("compare", folder / "plain", folder / "mild", folder / "again", "--out", "here/there")
    assert said.code == 0
    assert said.out.splitlines()[-1] == "page        here/there/compare.html"
    assert sorted(files(tmp_path)) == [f"here/there/{name}" for name in ("changes.csv", "compare.html", "compared.csv", "compared.parquet")]
    frame = pl.read_parquet("here/there/compared.parquet")
    expected = cl.compare(folder / "plain", folder / "mild", folder / "again")
    assert frame.equals(expected.frame)
    assert pl.read_csv("here/there/compared.csv").height == frame.height
    assert pl.read_csv("here/there/changes.csv").height == expected.changes.height
    assert files(folder) == before
    assert ask("compare", folder / "plain", folder / "mild", "--out", "here/there").code == 0


def test_a_run_folder_and_a_file_are_no_place_for_a_comparison(ask: Ask, folder: Path, tmp_path: Path) -> None:
    before = files(folder)
    (tmp_path / "file").write_text("mine")
    for out in (folder / "plain", tmp_path / "file"):
        said = ask("compare", folder / "plain", folder / "mild", "--out", out)
        assert said.code == 2
        assert "Choose another" in said.err
    assert files(folder) == before
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "runs are missing"),
        (["PLAIN"], "one run alone cannot be compared"),
        (["PLAIN", "nowhere"], "'nowhere' is neither a catalog scenario nor a file that exists"),
        (["PLAIN", "EMPTY"], "there is no run here"),
        (["PLAIN", "PLAIN@nobody"], "has no world 'nobody'"),
        (["PLAIN", "MILD", "--seed", "2"], "a finished run is compared as it is"),
        (["PLAIN", "--variant", "score.start=9"], "a finished run is compared as it is"),
        (["w0", "article", "--variant", "score.start=9"], "--variant changes one scenario"),
        (["w0", "--variant", " ; "], "--variant says nothing"),
        (["w0", "--variant", "score.start"], "a value is missing"),
        (["w0", "--variant", "score.begin=9"], "'begin' is not known in score"),
        (["w0", "--variant", "period.length=1 year"], "have not lived the same people: period.length"),
        (["w0", "dutch"], "have not lived the same people"),
        (["w0", "--variant", "score.start=9", "--people", "3"], "people are too few"),
    ],
)
def test_wrong_input_is_a_sentence_and_nothing_is_lived_or_written(
    ask: Ask, folder: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "empty").mkdir()
    names = {"PLAIN": str(folder / "plain"), "MILD": str(folder / "mild"), "EMPTY": "empty", "PLAIN@nobody": f"{folder / 'plain'}@nobody"}
    said = ask("compare", *(names.get(one, one) for one in arguments), "--out", "never")
    assert said.code == 2
    assert said.out == ""
    assert words in said.err
    assert "Traceback" not in said.err
    assert files(tmp_path) == {}


def test_an_unfinished_run_is_refused(ask: Ask, folder: Path, tmp_path: Path) -> None:
    lived(tmp_path / "half")
    provenance = tmp_path / "half" / "provenance.json"
    provenance.write_text(json.dumps(json.loads(provenance.read_text()) | {"fingerprint": None}))
    said = ask("compare", folder / "plain", tmp_path / "half")
    assert said.code == 2
    assert "this run is not finished" in said.err


def test_variants_of_a_scenario_are_lived_into_folders_of_their_own_and_read_the_next_time(ask: Ask, tmp_path: Path) -> None:
    command = ["compare", SMALL, *FEW, "--variant", "score.start=90", "--variant", "score.start=95; gates.pool.opens_at=80"]
    said = ask(*command)
    assert said.code == 0
    folders = sorted(one.name for one in (tmp_path / "runs").iterdir())
    assert folders[:2] == ["small-1200-seed1", "small-1200-seed1-score.start=90"]
    assert re.fullmatch(r"small-1200-seed1-score\.start=95_gates\.pool\.opens_at=80-[0-9a-f]{8}", folders[2])
    assert f"{SMALL} -> score.start=90" in said.out
    assert "-> score.start=95; gates.pool.opens_at=80" in said.out
    again = ask(*command)
    assert again.out == said.out
    assert again.err.count("it is read, not lived again") == 3
    by_folder = cl.compare(*(tmp_path / "runs" / name for name in folders))
    assert by_folder.changes["after"].to_list() == ["90", "95", "80"]


# --- on terminals, in pipes, and as a page ------------------------------------------------------------------------------------------


def on_a_terminal(columns: int, *arguments: object) -> tuple[int, list[str]]:
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "counterlife", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    with subprocess.Popen(command, stdout=child, stderr=child, stdin=child, env=environment) as process:
        os.close(child)
        chunks = []
        while True:
            try:
                chunk = os.read(parent, 65536)
            except OSError:
                break
            if not chunk:
                break
            chunks.append(chunk)
    os.close(parent)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", b"".join(chunks).decode())
    return process.returncode, text.splitlines()


def test_a_narrow_terminal_breaks_lines_between_words(folder: Path) -> None:
    code, lines = on_a_terminal(60, "compare", folder / "plain", folder / "mild")
    assert code == 0
    assert [line for line in lines if len(line) > 60 and "/" not in line] == []
    assert any("What moved in" in line for line in lines)


def test_a_pipe_gets_whole_lines_and_may_be_closed_early(folder: Path) -> None:
    command = [sys.executable, "-m", "counterlife", "compare", str(folder / "plain"), str(folder / "mild")]
    whole = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    assert re.search(r"^Of [\d,]+ numbers that both have, .* and of [\d,]+ it cannot be said\.$", whole, re.M)
    assert "\x1b" not in whole
    shell = f"{' '.join(command)} --json | head -c 1"
    early = subprocess.run(["bash", "-o", "pipefail", "-c", shell], capture_output=True, text=True, timeout=120)
    assert (early.returncode, early.stdout, early.stderr) == (0, "{", "")


class Page(HTMLParser):
    """What a page holds: its words, addresses and marks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return compared_page.render(cl.compare(folder / "plain", folder / "mild", folder / "again", names=["a", "b <i>", "c"]), "0")


def test_the_page_needs_nothing_from_anywhere_and_runs_nothing(page: str) -> None:
    found = Page(page)
    assert "script" not in found.tags
    assert "i" not in found.tags  # names are escaped
    assert all(address.startswith(("#", "data:text/csv", "data:image/")) for address in found.addresses)
    assert "default-src 'none'" in page


def test_the_page_says_what_changed_what_moved_and_what_it_cannot_say(page: str) -> None:
    words = " ".join(" ".join(Page(page).words).split())
    for needed in (
        "Everybody in this comparison is synthetic",
        "Claim level C1",
        "lists.debtors.on.late_fee",
        "0.05 (assumption)",
        "reported, X09",
        "Nothing moved: both counted the same, to the last count.",
        "Intervals are paired",
        "measure M30",
    ):
        assert needed in words, needed
    assert page.count("<figure") == 1  # none for the run that is the same


def test_the_figure_has_its_numbers_its_claim_and_its_words(page: str) -> None:
    (drawn,) = re.findall(r"<svg.*?</svg>", page, re.S)
    text = " ".join(Tree.fromstring(drawn).itertext())
    assert "synthetic people" in text
    assert "claim level C1" in text
    assert "closed days" in text
    assert 'aria-label="' in page
    assert 'download="moved-1.csv"' in page


def test_every_group_and_finding_has_words() -> None:
    text = catalogue()
    for axis, levels in AXES.items():
        for level in levels:
            assert text.group(f"{axis}={level}")
    for claim in ("C1", "C2", "C3"):
        assert text(f"compare.claim_{claim}")
