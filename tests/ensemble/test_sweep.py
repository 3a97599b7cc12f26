"""Sweeps of the engine: closed forms at every point, indices by quadrature, a flip known in advance, common lives, and resumption."""

from __future__ import annotations

import json
import math
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize_scalar

import counterlife as cl
from counterlife.ensemble import Swept, described, prepare
from counterlife.ensemble.dimensions import Dimension, chosen, held, stated
from counterlife.ensemble.journal import JOURNAL, Journal, Lived
from counterlife.ensemble.outcomes import measured
from counterlife.ensemble.variants import family
from counterlife.layout import YEAR
from counterlife.measures import Sample
from counterlife.report.swept import publish, render, spoken
from counterlife.scenario import ScenarioError, load
from counterlife.store import FolderRefusedError, RunFolder, StoreError
from counterlife.study import RequestError, plan
from counterlife.township.book import bind
from counterlife.township.draws import SCHEME, address
from counterlife.township.jit import compiled
from counterlife.township.people import make
from counterlife.township.tapes import write
from counterlife.verify.engine import SCENARIOS

SMALL = str(Path(__file__).parents[1] / "scenarios" / "valid" / "small.yaml")
STRUCTURES = str(Path(__file__).parents[1] / "scenarios" / "valid" / "structures.yaml")
C6 = str(SCENARIOS / "c6.yaml")
YEARS = 6
OVER = ["conduct.unpaid.rate=0.1..0.5 per year", "lists.defaulters.term=100 days..900 days"]
SHORT = [f"period.length={YEARS} years"]
lives = pytest.mark.skipif(not compiled(), reason="too many people for plain Python")


def days_closed(rate: float, term: float, days: float) -> float:
    """Days closed per 1,000 person-years: P(closed on day t) = 1 - exp(-rate min(t, term)), by quadrature. C6 of the method."""
    places, weights = np.polynomial.legendre.leggauss(40)
    total = 0.0
    for low, high in ((0.0, term), (term, days)):
        t = (high - low) / 2 * places + (high + low) / 2
        total += (high - low) / 2 * float(weights @ (1 - np.exp(-rate / YEAR * np.minimum(t, term))))
    return 1000 * YEAR * total / days


def period() -> int:
    return load(C6, SHORT).period.days


@pytest.fixture(scope="module")
def c6(tmp_path_factory: pytest.TempPathFactory) -> Swept:
    if not compiled():
        pytest.skip("too many people for plain Python")
    out = tmp_path_factory.mktemp("c6") / "sweep"
    return cl.sweep(C6, points=40, over=OVER, people=20_000, overrides=SHORT, conclusions=["B2 > 90000"], out=out)


def test_every_point_is_the_closed_form(c6: Swept) -> None:
    found = c6.design.join(c6.outcomes.filter(pl.col("outcome") == "B2"), on="point")
    assert len(found) == 1 + 4 + 40
    days = period()
    for row in found.iter_rows(named=True):
        due = days_closed(row["conduct.unpaid.rate"], row["lists.defaulters.term"], days)
        assert abs(row["value"] - due) < 4.9 * row["error"], row
        assert row["error"] < 0.02 * due


def test_a_flip_is_where_the_closed_form_has_it(c6: Swept) -> None:
    """The nearest point, in ranges, of the curve on which the closed form is 90,000; own numbers are 0.25 a year and 730 days."""
    days = period()

    def rate_at(term: float) -> float:
        low, high = 0.0, 5.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if days_closed(middle, term, days) < 90_000 else (low, middle)
        return high

    def distance(term: float) -> float:
        return math.hypot((rate_at(term) - 0.25) / 0.4, (term - 730) / 800)

    due = minimize_scalar(distance, bounds=(300, 900), method="bounded")
    (judged,) = c6.judged
    assert judged.margin > 0
    assert judged.flip is not None
    assert abs(judged.flip.distance - due.fun) < max(4 * judged.blur(judged.flip), 0.01 * due.fun)
    assert judged.flip.margin <= 0
    there = [one.value(float(u)) for one, u in zip(c6.dimensions, judged.flip.place, strict=True)]
    assert there[1] == pytest.approx(due.x, abs=60)  # flat along the curve: the place is known less well than the distance
    assert days_closed(there[0], there[1], days) == pytest.approx(90_000, rel=0.03)
    assert judged.single is not None
    alone = min(abs(rate_at(730) - 0.25) / 0.4, 1.0)
    assert judged.single.distance <= alone * 1.1
    due_same = sum(days_closed(*row, days) > 90_000 for row in c6.design.filter(pl.col("role") == "design")[:, 3:].iter_rows())
    assert abs(judged.same - due_same) <= 2  # points beside the line may fall on either side by chance


@lives
def test_sobol_indices_are_those_of_the_closed_form() -> None:
    swept = cl.sweep(C6, kind="sobol", points=64, over=OVER, people=10_000, overrides=SHORT, flips=False)
    days = period()
    places, weights = np.polynomial.legendre.leggauss(12)
    rates, terms, weights = 0.3 + 0.2 * places, 500 + 400 * places, weights / 2
    table = np.array([[days_closed(rate, term, days) for term in terms] for rate in rates])
    mean = weights @ table @ weights
    variance = weights @ (table - mean) ** 2 @ weights
    first = (weights @ ((table @ weights) - mean) ** 2 / variance, weights @ ((weights @ table) - mean) ** 2 / variance)
    found = swept.sensitivity.filter((pl.col("outcome") == "B2") & (pl.col("measure") == "first"))
    for row, due in zip(found.iter_rows(named=True), first, strict=True):
        assert row["low"] - 0.02 <= due <= row["high"] + 0.02, (row, due)
        assert row["value"] == pytest.approx(due, abs=0.12)
    total = swept.sensitivity.filter((pl.col("outcome") == "B2") & (pl.col("measure") == "total"))["value"].to_list()
    assert total == pytest.approx([1 - first[1], 1 - first[0]], abs=0.12)


@lives
def test_one_function_is_the_run_and_the_sweep() -> None:
    """Where no range lifts a ceiling, `outcomes` is what a run measures; a point of a sweep is what `outcomes` gives there."""
    run = cl.run("w0", people=3000, seed=3)
    row = run.measures.row(by_predicate=(pl.col("id") == "M1") & (pl.col("group") == "all") & (pl.col("region") == "all")
                           & (pl.col("domain") == "all") & (pl.col("versus") == run.scenario.compare[0][1])
                           & (pl.col("world") == run.scenario.compare[0][0]), named=True)  # fmt: skip
    assert cl.outcomes("w0", seed=3, people=3000)["M1"] == row["value"]
    swept = cl.sweep(SMALL, points=8, people=2000, flips=False)
    names = [one.name for one in swept.dimensions]
    point = swept.design.filter(pl.col("role") == "design").row(3, named=True)
    there = dict(swept.outcomes.filter(pl.col("point") == point["point"]).select("outcome", "value").iter_rows())
    alone = cl.outcomes(SMALL, {name: point[name] for name in names}, seed=1, people=2000)
    assert {key: None if math.isnan(value) else value for key, value in alone.items()} == there


@lives
def test_outcomes_in_another_unit_than_their_measure_are_those_of_a_run() -> None:
    """Of measures with several lines an outcome is one, over everybody, with its own unit."""
    run = cl.run(STRUCTURES, people=2000, seed=3)
    found = dict(measured(Sample(run.tallies, run.facts)))
    of_all = run.measures.filter(group="all", region="all", domain="all", versus="all", world=run.scenario.compare[0][0])
    for key, unit in (("M16", "0 to 1"), ("M24", "days"), ("M31", "%")):
        name, told = described(key)
        row = of_all.row(by_predicate=pl.col("name") == name, named=True)
        assert (found[key].value, unit) == (row["value"], row["unit"])
        assert told == ("of 1" if key == "M16" else unit)


def tape(rate: float) -> set[tuple[int, int, int, float]]:
    """Records on the tapes of a township of c6, by cause, at a rate of events."""
    scenario = load(C6, SHORT)
    whole = family(scenario, chosen(scenario, OVER))
    variant = whole.variant([whole.dimensions[0].coordinate(rate), whole.dimensions[1].start])
    planned = plan(variant, 1000 if compiled() else 300, 1, 1, SCHEME)
    book, place = planned.compiled.book(0), planned.places[0]
    at = address(place, 1, 0)
    items = write(at, bind(book, planned.compiled.populace), make(at, planned.compiled.populace, place.row, book.frailty_shape)).items
    return {(int(one["cause"]), int(one["ordinal"]), int(one["channel"]), float(one["time"])) for one in items}


def test_a_higher_rate_adds_events_and_moves_none() -> None:
    """P12: the events at a lower rate are among those at a higher one, at the same times."""
    few, some, many = tape(0.1), tape(0.25), tape(0.5)
    assert few < some < many
    assert len(many) == pytest.approx(5 * len(few), rel=0.25)


def test_a_family_leaves_what_a_structure_sets_as_it_is_written() -> None:
    """A number with a range inside of what a structure sets as a whole: its high end is for the ceilings only."""
    base = load(SMALL)
    place = f"sources.{next(iter(base.sources))}.namesakes"
    setting = {place: {"share": 0.000001, "mode": "pairwise", "scope": "country", "key": "name"}}
    share = {"value": 0.004, "range": [0.0004, 0.086], "note": "for a test"}
    link = {"share": share, "mode": "assign one", "scope": "country", "key": "name"}
    scenario = load(SMALL, [f"{place}={json.dumps(link)}", f"structures={json.dumps({'copied': {'set': setting}})}"])
    lived = family(scenario, chosen(scenario, [f"{place}.share"])).variant(None, "copied")
    copied = lived.sources[place.split(".")[1]].namesakes
    assert copied is not None
    assert copied.share.number == 0.000001
    assert scenario.structures["copied"].set == setting


# --- dimensions -----------------------------------------------------------------------------------------------------------------


def test_numbers_with_a_range_are_the_dimensions() -> None:
    scenario = load(SMALL)
    assert [(one.name, one.base, one.low, one.high, one.unit, one.source) for one in stated(scenario)] == [
        ("conduct.late_fee.rate", 0.5, 0.2, 1.0, " per year", "measured")
    ]
    assert held(scenario)[0] > held(scenario)[1] > 0


def test_values_and_coordinates() -> None:
    plain, whole = Dimension(("a",), 3.0, 2.0, 6.0, " days"), Dimension(("b",), 2.0, 1.0, 3.0, step=1.0)
    points, choice = Dimension(("c",), 0.5, 0.0, 1.0, step=0.001), Dimension(("d",), 1.0, 0.0, 2.0, choices=("x", "y", "z"))
    assert (plain.start, plain.value(0.25), plain.written(3.0)) == (0.25, 3.0, "3.0 days")
    assert [whole.value(u) for u in (0.0, 0.3, 0.34, 0.6, 0.7, 1.0)] == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    assert [whole.value(whole.coordinate(v)) for v in (1.0, 2.0, 3.0)] == [1.0, 2.0, 3.0]
    assert (points.value(1 / 3), whole.written(2.0), choice.written(choice.value(0.9))) == (0.333, 2, "z")


@pytest.mark.parametrize(
    ("over", "base", "low", "high", "written"),
    [
        ("conduct.late_fee.rate=0.1..0.5 per year", 0.5, 0.1, 0.5, "0.5 per year"),
        ("lists.debtors.term=6 months..2 years", 1.0, 0.5, 2.0, "2.0 years"),
        ("score.points.late_fee=-9..-1", -5.0, -9.0, -1.0, -1.0),
        ("population.township=2000..6000", 5000.0, 2000.0, 6000.0, 6000),
        ("sources.archive.namesakes.mode=assign one,pairwise", 0.0, 0.0, 1.0, "pairwise"),
        ("conduct.late_fee.rate", 0.5, 0.2, 1.0, "1.0 per year"),
    ],
)
def test_what_the_command_can_vary(over: str, base: float, low: float, high: float, written: object) -> None:
    (one,) = chosen(load(SMALL), [over])
    assert (one.base, one.low, one.high) == pytest.approx((base, low, high))
    assert one.written(one.value(1.0)) == written


@pytest.mark.parametrize(
    ("over", "message"),
    [
        (["conduct.late_fes.rate=1..2 per year"], "'late_fes' is not known in conduct. Did you mean 'late_fee'?"),
        (["conduct.late_fee.rate=2..1 per year"], "the low end is not below the high end"),
        (["conduct.late_fee.rate=1..2"], "are in another unit"),
        (["conduct.late_fee.rate=0.1..0.2 per year"], "the scenario's own value, 0.5 per year, lies outside this range"),
        (["score.start=low..high"], "two numbers are needed"),
        (["score.start=7"], "give a range, as in low..high, or two different values"),
        (["score.start=7,7"], "two different values"),
        (["score.start"], "this number states no range: give one, as in --over score.start=low..high"),
        (["gates.hall.opens_at=1..2"], "two numbers are needed"),
        (["score.points=1..2"], "there is no number here that could be varied"),
        (["joint.delay_off"], "Name a number, such as joint.delay_off.default."),
        (["score.start=90..110", "score.start=50..110"], "varied twice"),
        (["sources.archive.namesakes.share=0..2"], "sources.archive.namesakes.share at 2.0 cannot be lived"),
        (["joint.shares.hall.pool=0..7"], "cannot be lived"),
    ],
)
def test_ranges_that_are_refused(over: list[str], message: str) -> None:
    with pytest.raises(RequestError, match=re.escape(message)):
        prepare(SMALL, over=over, people=1000)


def test_a_scenario_without_ranges_has_nothing_to_vary() -> None:
    with pytest.raises(RequestError, match="no number of this scenario states a range"):
        prepare("w0")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("M4 > 0.5", "M4 is in per cent, so write the number with its sign, as in M4 > 50 %"),
        ("M1 > 5 %", "not in per cent"),
        ("M1", "write an outcome, < or >"),
        ("1 > 2", "no assumption could change it"),
        ("M11 > 3", "'M11' is no outcome of this scenario. Did you mean 'M1'? Known here: B1, B2, M1, M2, "),
    ],
)
def test_conclusions_that_are_refused(said: str, message: str) -> None:
    with pytest.raises(RequestError, match=re.escape(message)):
        prepare(SMALL, points=8, people=1000, conclusions=[said])


# --- the folder -----------------------------------------------------------------------------------------------------------------


def swept_small(out: Path, progress: object = None) -> Swept:
    return cl.sweep(SMALL, points=8, people=1000, conclusions=["M4 > 5 %"], out=out, progress=progress)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Swept:
    return swept_small(tmp_path_factory.mktemp("small") / "sweep")


def test_killed_and_resumed_the_sweep_ends_the_same(small: Swept, tmp_path: Path) -> None:
    out = tmp_path / "sweep"
    call = f"import counterlife as cl; cl.sweep({SMALL!r}, points=8, people=1000, conclusions=['M4 > 5 %'], out={str(out)!r})"
    victim = subprocess.Popen([sys.executable, "-c", call])
    until = time.monotonic() + 240
    while not (out / JOURNAL).is_file() or (out / JOURNAL).read_bytes().count(b"\n") < 3:
        assert time.monotonic() < until
        assert victim.poll() is None
        time.sleep(0.002)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    before = (out / JOURNAL).read_bytes()
    whole = before[: before.rfind(b"\n") + 1]
    asked: list[int] = []
    again = swept_small(out, lambda done, total, what: asked.append(done))
    assert asked[0] >= whole.count(b"\n") - 1 >= 2  # those points are read, not lived again
    assert (out / JOURNAL).read_bytes().startswith(whole)
    assert again.outcomes.equals(small.outcomes)
    assert again.flips.equals(small.flips)
    assert again.sensitivity.equals(small.sensitivity)


def test_a_torn_line_is_cut_off_and_a_changed_one_is_refused(small: Swept, tmp_path: Path) -> None:
    assert small.path is not None
    content = (small.path / JOURNAL).read_bytes()
    folder = RunFolder(tmp_path, ())
    (tmp_path / JOURNAL).write_bytes(content[:-20])
    kept = Journal(folder)
    assert len(kept.lived) == content.count(b"\n") - 1
    assert (tmp_path / JOURNAL).read_bytes() == content[: content[:-1].rfind(b"\n") + 1]
    (tmp_path / JOURNAL).write_bytes(content.replace(b'"M1":[', b'"M1":[9', 1))
    with pytest.raises(StoreError, match=r"line \d+: this line is damaged"):
        Journal(folder)


def test_a_finished_sweep_is_read_and_another_is_refused(small: Swept) -> None:
    assert small.path is not None
    before = (small.path / JOURNAL).read_bytes()
    assert swept_small(small.path).outcomes.equals(small.outcomes)
    assert (small.path / JOURNAL).read_bytes() == before
    with pytest.raises(FolderRefusedError, match="seed is 1 there and 2 here"):
        cl.sweep(SMALL, points=8, people=1000, seed=2, out=small.path)
    with pytest.raises(FolderRefusedError, match="this folder holds a sweep, not a run"):
        cl.open_run(small.path)


def test_any_number_of_workers_gives_the_same(small: Swept, tmp_path: Path) -> None:
    again = cl.sweep(SMALL, points=8, people=1000, conclusions=["M4 > 5 %"], out=tmp_path / "two", workers=2)
    assert again.outcomes.equals(small.outcomes)
    assert again.flips.equals(small.flips)


# --- structures, refused points, the page ---------------------------------------------------------------------------------------


def test_structures_give_the_third_uncertainty(tmp_path: Path) -> None:
    said, over = ["M1 > M2", "B2[designed~accurate] > M16[designed]"], ["conduct.late_fee.rate"]
    swept = cl.sweep(STRUCTURES, kind="grid", points=2, over=over, people=1000, flips=False, conclusions=said, out=tmp_path / "s")
    assert set(swept.structures) == {"nobody_reacts", "more_strain"}
    spread = next(one for one in swept.spreads if one.outcome == "B2")
    values = [swept.own["B2"].value, *(one.outcomes["B2"].value for one in swept.structures.values())]
    assert spread.structure == (min(values), max(values))
    assert len(set(values)) == 3
    assert spread.parameter is None  # a grid is no sample of the ranges
    assert swept.judged_on == ["M1", "M2", "B2[designed~accurate]", "M16[designed]"]
    told = {one.outcome: one.structure for one in swept.spreads}
    lenient = [one.outcomes["M2"].value for one in (Lived(swept.own), *swept.structures.values())]
    assert told["M2"] == (min(lenient), max(lenient))
    page = render(swept)
    assert "Nobody reacts" in page
    accurate, designed = (swept.scenario.worlds[world].title for world in ("accurate", "designed"))
    for title in (f"B2 restricted days: “{designed}” beside “{accurate}”", f"M16 validity, AUC: “{designed}”"):
        assert title in page, "titles and no names of worlds"
    assert any(line.startswith("B2[designed~accurate] restricted days: ") for line in spoken(swept)), "as a command takes it"


def test_points_that_make_no_scenario_are_left_out_and_said(tmp_path: Path) -> None:
    """Each end alone can be lived; both high ends together spread restrictions without end, and the point is refused."""
    over = ["joint.shares.hall.pool=0..1", "joint.shares.pool.hall=0..1"]
    scenario = ["joint.shares.hall.pool=0.5", "joint.shares.pool.hall=0.5"]
    swept = cl.sweep(SMALL, kind="grid", points=3, over=over, overrides=scenario, people=1000, flips=False, out=tmp_path / "s")
    assert 0 < len(swept.refused) < 9
    assert f"{len(swept.refused)} of the points could not be lived" in render(swept)
    assert math.isnan(swept.values("B2")[-1])  # both shares at 1


def test_the_page_and_the_files(small: Swept) -> None:
    page = publish(small)
    assert page == (small.path or Path()) / "sweep.html"
    text = page.read_text(encoding="utf-8")
    assert "synthetic" in text
    assert not re.search(r"https?://(?!www\.w3\.org)", text)
    assert "<script" not in text
    for name in ("design", "outcomes", "sensitivity", "flips"):
        assert pl.read_parquet(page.parent / f"{name}.parquet").equals(getattr(small, name))


def test_a_value_that_cannot_stand_there_is_refused() -> None:
    with pytest.raises(ScenarioError):
        cl.outcomes(SMALL, {"conduct.late_fee.rate": -1.0}, people=1000)
    with pytest.raises(RequestError, match="is not known in conduct"):
        cl.outcomes(SMALL, {"conduct.nothing.rate": 1.0}, people=1000)


def roles(swept: Swept) -> Iterator[str]:
    yield from swept.design["role"]


def test_each_number_is_moved_alone(small: Swept) -> None:
    assert list(roles(small))[:3] == ["own", "low end", "high end"]
    rows = small.design.filter(pl.col("role") != "design")["conduct.late_fee.rate"].to_list()
    assert rows == [0.5, 0.2, 1.0]
