"""The production engine gives the exact answers of C1 to C34 in the full form of `counterlife verify`, and verdicts that can fail do.

People are taken so many that an error of one per cent would show. What is looked at is in the modules of `counterlife.verify`.
"""

from __future__ import annotations

import math

import pytest

from counterlife.exact import chains, counts, spells
from counterlife.study import RequestError
from counterlife.township.jit import compiled
from counterlife.verify import CHECKS, Check, Kind, Row, Verdict, verify
from counterlife.verify.engine import FULL, QUICK, SCENARIOS, Form, Lab
from counterlife.verify.ledgers import FREE, LIFE
from counterlife.verify.numbers import numbers_closed
from counterlife.verify.registry import chosen
from counterlife.verify.tolerance import MATERIALITY, OF_LAWS

from .tolerance import hold

engine = pytest.mark.skipif(not compiled(), reason="too many people for plain Python; tests/oracle holds the two against each other")
BY_ID = {check.id: check for check in CHECKS}
WIDER = {  # materiality beyond one per cent, and why not less
    "assigned with 64 of a name beside 2": 0.02,  # a ratio of two shares that are each known to one per cent
    "restricted at the end": 0.03,  # days on file are what C15 is about; this is looked at by the way
    "cases given up": 0.015,  # an office moves together
    "cases in ten offices of one": 0.015,
    "cases fewer that wait, once the offices are one": 0.02,
} | {f"days shut by the copy of {gate}": 0.015 for gate in "abcdef"}  # six gates of the same people


def usual(row: Row) -> float:
    """What matters in a row of the full form."""
    return OF_LAWS if row.kind is Kind.LAW else WIDER.get(row.what, MATERIALITY)


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Lives of the full form, each lived once."""
    return Lab(FULL)


@engine
@pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
def test_the_full_form_agrees(check: Check, lab: Lab) -> None:
    rows = list(check.rows(lab))
    assert rows
    for row in rows:
        hold(row)
        if row.materiality is not None:
            assert row.materiality == usual(row), row.what
    assert len({row.what for row in rows}) == len(rows)


@engine
def test_the_quick_form_agrees_and_says_how_far_it_has_come() -> None:
    said: list[tuple[int, int, str]] = []
    outcomes, promised = verify([check.id for check in CHECKS], progress=lambda *step: said.append(step))
    assert [outcome.check for outcome in outcomes] == list(CHECKS)
    assert promised == []
    for outcome in outcomes:
        for row in outcome.rows:
            hold(row)
            if row.materiality is not None:
                assert row.materiality == pytest.approx(5.0 * usual(row)), row.what
        assert outcome.verdict is Verdict.AGREES
    assert said[0] == (0, len(CHECKS), "C1 A steady stream of events")
    assert said[-1] == (len(CHECKS), len(CHECKS), "")


def test_every_number_has_its_check_and_every_scenario_its_use() -> None:
    assert [check.id for check in CHECKS] == [f"C{number}" for number in range(1, 35)]
    sources = "".join(path.read_text(encoding="utf-8") for path in SCENARIOS.parent.rglob("*.py"))
    assert not [path.stem for path in SCENARIOS.glob("*.yaml") if f'"{path.stem}"' not in sources]
    assert [one.id for one in chosen(["c7", " C11 ", "p3"])] == ["C7", "C11", "P3"]
    for unknown in (["C35"], ["P29"], []):
        with pytest.raises(RequestError, match="there is no check"):
            chosen(unknown)


@pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
def test_the_solver_that_a_check_names_is_there(check: Check) -> None:
    import importlib

    if check.solver.startswith("none: "):
        return
    module = ""
    for name in check.solver.split(", "):
        module, function = name.split(".") if "." in name else (module, name)
        assert callable(getattr(importlib.import_module(f"counterlife.exact.{module}"), function)), name


# --- these checks can fail ------------------------------------------------------------------------------------------------------------


def row_of(number: str, what: str, lab: Lab) -> Row:
    """A row of a check, by what it looks at; nothing that comes after it is lived."""
    return next(row for row in BY_ID[number].rows(lab) if row.what == what)


@engine
def test_a_smaller_run_would_be_void() -> None:
    row = row_of("C34", "restricted with accurate records", Lab(Form("a township", 62, 1.0)))
    assert row.verdict is Verdict.VOID
    assert "take more people" in row.why


@engine
def test_the_wrong_law_fails(lab: Lab) -> None:
    one = lab.live("c3", 345, 20)
    row = lab.tolerance.share("none", int(numbers_closed(one, "accurate")[0]), one.persons, float(counts.poisson(0.4, 0)[0]))
    assert row.verdict is Verdict.DIFFERS
    assert "standard errors from" in row.why


@engine
@pytest.mark.parametrize(
    ("number", "what", "override"),
    [
        ("C6", "share of days restricted, after the first term", "conduct.unpaid.rate=0.255 per year"),
        ("C6", "share of days restricted, after the first term", "lists.defaulters.term=745 days"),
        ("C10", "restricted after twenty days", "score.keep=22 days"),
        ("C23", "at the bottom before the top", "conduct.merit.rate=0.455 per day"),
        ("C12", "listings that reach travel", "joint.delay_on=33 days"),
    ],
)
def test_a_little_more_fails(number: str, what: str, override: str) -> None:
    row = row_of(number, what, Lab(FULL, changed={number.lower(): [override]}))
    assert row.verdict is Verdict.DIFFERS
    assert "standard errors from" in row.why


@engine
def test_a_fixed_retention_of_the_same_mean_is_no_chain(lab: Lab) -> None:
    """C10 with a fixed retention: nothing expires before day 20, so everybody with a lapse is restricted."""
    one = lab.live("c10", 95, 21, ("score.keep_from=record",))
    restricted = one.total("open_end.accurate.loan")
    row = lab.tolerance.share("as a chain", restricted, one.persons, float(chains.at_time(LIFE, FREE, 20.0)[1]))
    assert row.verdict is Verdict.DIFFERS
    assert "standard errors from" in row.why
    hold(lab.tolerance.share("as a list", restricted, one.persons, spells.restricted_share(0.01, 20.0)))


@engine
@pytest.mark.parametrize(
    ("number", "scenario", "override"),
    [
        ("C1", "c1", "conduct.act.rate=0.44 per year"),
        ("C2", "c2", "sources.register.records.act.detect=0.33"),
        ("C7", "c7", "sources.court.records.unpaid.ghosts=0.056 per year"),
        ("C11", "c11", "conduct.slight.rate=0.011 per day"),
        ("C17", "c17", "redress.office.reviewers=5"),
        ("C19", "c19", "sources.court.records.unpaid.ghosts=0.0066 per day"),
        ("C22", "c22", "score.friends.share=0.303"),
        ("C24", "c24", "threats.leak.hazard=0.11 per year"),
        ("C24", "c24_kept", "score.keep=220 days"),
        ("C25", "c25", "conduct.lapse.deterred=1.4"),
        ("C26", "c26", "conduct.act.near_gate.within=180"),
        ("C26", "c26", "score.proxy.validity=0.95"),
        ("C29", "c29", "score.proxy.spread=150"),
        ("C29", "c29", "score.proxy.validity=0.7"),
        ("C30", "c30", "reviews.every=50 days"),
        (
            "C31",
            "c31",
            "sources.one.records.act.detect_by={means: {low: 2, high: 0}}; sources.two.records.act.detect_by={means: {low: 2, high: 0}}",
        ),
        ("C31", "c31_dependent", "sources.two.records.act.detect_by={means: {low: 1.8, high: 0.2}}"),
        ("C33", "c33", "redress.specificity=0.7"),
    ],
)
def test_the_quick_form_sees_a_tenth(number: str, scenario: str, override: str) -> None:
    assert any(row.verdict is Verdict.DIFFERS for row in BY_ID[number].rows(Lab(QUICK, changed={scenario: override.split("; ")})))


@engine
def test_equal_numbers_need_something_to_be_equal_in() -> None:
    rules = Lab(FULL).tolerance
    assert rules.equal("numbers", [3, 4], [3, 4]).verdict is Verdict.AGREES
    assert rules.equal("numbers", [3, 5], [4, 4]).verdict is Verdict.DIFFERS
    assert rules.equal("numbers", [0, 0], [0, 0]).verdict is Verdict.VOID
    assert [rules.never("times", *given).verdict for given in ((0, 5), (1, 5), (0, 0))] == [Verdict.AGREES, Verdict.DIFFERS, Verdict.VOID]
    assert [rules.solvers("two", one, 1.0).verdict for one in (1.0 + 1e-10, 1.0 + 1e-8, math.nan)] == [
        Verdict.AGREES,
        Verdict.DIFFERS,
        Verdict.DIFFERS,
    ]
