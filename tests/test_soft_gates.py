"""Gates that let a share of the applications pass, by band: exact answers through a scenario file, order, and nothing moved without.

The chain is C5 of the method: a ledger from 0 to 20 that starts at 10, loses 3 at 0.6 a day and gains 1 at 1 a day, clipped at both ends.
In the world with mistakes ghosts take 3 more at 0.05 a day. Below 6 is the low band.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from counterlife.exact import chains
from counterlife.layout import Place, soft_gates
from counterlife.provenance import fingerprint
from counterlife.scenario import load
from counterlife.scenario.compile import compile as compiled_rules
from counterlife.story.applying import Refusal, refusals
from counterlife.story.person import PersonId
from counterlife.story.sentences import Sentences
from counterlife.township.jit import compiled
from counterlife.township.sheet import Tally, columns
from counterlife.township.township import live_township
from counterlife.township.trace import settle, trace

SCENARIO = str(Path(__file__).parent / "scenarios" / "valid" / "soft_gate.yaml")
TOWNS, PEOPLE = (40, 500) if compiled() else (12, 5)
DAYS, STATES, START = 120, 21, 10
MOVES, GHOSTS = [(0.6, -3), (1.0, 1)], [(0.05, -3)]
LOW = (np.arange(STATES) < 6).astype(float)
SIGMAS = 4.9


@cache
def lived(*sets: str) -> dict[str, np.ndarray]:
    """Columns of the people table of every town, (towns,)."""
    tallies = [tally_of(number, *sets) for number in range(TOWNS)]
    names = compiled_rules(load(SCENARIO, list(sets))).names
    named = columns(names.worlds, names.pairs, names.domains, names.soft)["people"]
    return {name: np.array([tally.people[:, n].sum() for tally in tallies]) for n, name in enumerate(named)}


@cache
def tally_of(number: int, *sets: str) -> Tally:
    """The tally of one town."""
    town = compiled_rules(load(SCENARIO, [f"population.township={PEOPLE}", *sets]))
    return live_township(Place(0, int(town.region_numbers[0]), number), town.book(0), town.populace, 1, 0)


def is_near(count: np.ndarray, of: np.ndarray, expected: float, material: float) -> bool:
    """Whether the share in the towns is the expected one, by their spread, which must be small enough to tell."""
    error = SIGMAS * float((count - expected * of).std(ddof=1)) * math.sqrt(len(of)) / float(of.sum())
    assert error < (material if compiled() else 100.0) * expected
    return abs(float(count.sum() / of.sum()) - expected) < error


def share_below(extra: list[tuple[float, int]]) -> float:
    """The share of the period that the score spends in the low band."""
    start = np.eye(STATES)[START]
    return chains.time_in(chains.ledger(STATES, MOVES + extra), start, LOW, DAYS) / DAYS


@pytest.mark.parametrize(("world", "extra", "low"), [("accurate", [], 0.4), ("designed", GHOSTS, 0.4), ("softer", GHOSTS, 0.7)])
def test_the_share_refused_is_that_of_the_bands(world: str, extra: list[tuple[float, int]], low: float) -> None:
    """People apply at any time: refused are 1 - pass of the low band on the time in it, and a tenth of the others."""
    town, below = lived(), share_below(extra)
    assert 0.5 < below < 0.9
    assert is_near(town[f"refused.{world}.loan"], town["applied.loan"], below * (1.0 - low) + (1.0 - below) * 0.1, 0.02)


def test_the_share_refused_wrongly_is_that_of_the_pair() -> None:
    """Refused with ghosts and granted without: low beside a twin in the high band, with a luck between 0.4 and 0.9. The chain
    of both scores is integrated as a matrix exponential.
    """
    pair = chains.twins(STATES, MOVES, GHOSTS)
    apart = np.array([LOW[state // STATES] * (1.0 - LOW[state % STATES]) for state in range(STATES**2)])
    larger = np.zeros((STATES**2 + 1, STATES**2 + 1))
    larger[:-1, :-1], larger[:-1, -1] = pair, apart
    expected = 0.5 * float(expm(larger * DAYS)[START * STATES + START, -1]) / DAYS
    town = lived()
    assert is_near(town["refused_wrongly.designed~accurate.loan"], town["applied.loan"], expected, 0.1)


def test_applications_come_at_their_rate() -> None:
    """36.5 a year for 120 days: twelve each, a Poisson number."""
    applied, people = lived()["applied.loan"], lived()["people"]
    assert abs(applied.sum() - 12 * people.sum()) < SIGMAS * math.sqrt(12 * people.sum())


def test_a_world_with_worse_scores_refuses_all_that_a_better_one_refuses() -> None:
    """With ghosts, a score is never higher; with softer bands, nothing more is refused. So nobody ever gains, and some lose."""
    town = lived()
    for pair in ("designed~accurate", "designed~softer"):
        assert not town[f"granted_leniently.{pair}.loan"].any()
        world, versus = pair.split("~")
        wrongly = town[f"refused_wrongly.{pair}.loan"]
        assert wrongly.sum() > 0
        assert (town[f"refused.{world}.loan"] - town[f"refused.{versus}.loan"] == wrongly).all()


def test_nobody_is_refused_without_a_system() -> None:
    assert not lived()["refused.none.loan"].any()


def test_a_closed_gate_refuses_all() -> None:
    """Closed below 6, and a tenth refused above: the time in the low band, and a tenth of the rest. Days are those of the closed gate."""
    town, below = lived("gates.loan.opens_at=6", "gates.loan.pass_by_band.low=0.9", "worlds.softer.set={}"), share_below([])
    assert is_near(town["refused.accurate.loan"], town["applied.loan"], below + (1.0 - below) * 0.1, 0.02)
    assert is_near(town["closed_days.accurate.loan"], town["days"], below, 0.02)


def test_a_gate_through_which_all_pass_is_no_soft_gate() -> None:
    """P11: `pass_by_band` of 1 everywhere leaves the tally of the same town without it, to the byte."""
    all_pass = ("gates.loan.pass_by_band.low=1", "gates.loan.pass_by_band.high=1", "worlds.softer.set={}")
    without = ("gates.loan.pass_by_band=null", "worlds.softer.set={}")
    one, other = (tally_of(0, *sets) for sets in (all_pass, without))
    assert fingerprint(one._asdict()) == fingerprint(other._asdict())
    assert soft_gates(compiled_rules(load(SCENARIO)).rulebook).tolist() == [0]


def test_a_gate_that_refuses_almost_nobody_moves_no_other_column() -> None:
    """P11: counted as a soft gate, it leaves every day, record and score as it is."""
    sets = ("gates.loan.opens_at=6", "worlds.softer.set={}")
    almost = (f"gates.loan.pass_by_band.low={1 - 2**-40}", f"gates.loan.pass_by_band.high={1 - 2**-40}")
    soft, hard = tally_of(0, *sets, *almost), tally_of(0, *sets, "gates.loan.pass_by_band=null")
    assert soft.people.shape[1] - hard.people.shape[1] == 1 + 4 + 2 + 2
    assert (soft.people[:, : hard.people.shape[1]] == hard.people).all()
    for table in Tally._fields[1:]:
        assert (getattr(soft, table) == getattr(hard, table)).all()
    applied, refused = soft.people[:, hard.people.shape[1]], soft.people[:, hard.people.shape[1] + 3]
    assert 0 < refused.sum() < applied.sum()  # by the gate, while it is closed


# --- one life ---------------------------------------------------------------------------------------------------------------------


def test_a_life_tells_the_refusals_that_the_tally_counts() -> None:
    """In every world, of open and of closed gates; without a system none."""
    sets = ["population.township=12", "gates.loan.opens_at=3"]
    town = compiled_rules(load(SCENARIO, sets))
    place, rules = Place(0, int(town.region_numbers[0]), 0), town.book(0)
    village, tally = settle(place, rules, town.populace, 1, 0), live_township(place, rules, town.populace, 1, 0)
    names = columns(town.names.worlds, town.names.pairs, town.names.domains, town.names.soft)["people"]
    why = set()
    for w, world in enumerate(town.names.worlds):
        told = 0
        for i in range(village.people.size):
            life: Any = SimpleNamespace(
                village=village, rules=rules, w=w, who=SimpleNamespace(index=i), person=village.people[i], traced=trace(village, i, w)
            )
            found = list(refusals(life))
            told += len(found)
            why |= {(one.closed, one.band) for one in found}
        assert told == tally.people[:, names.index(f"refused.{world}.loan")].sum()
        assert (told > 0) == (world != "none")
    assert why == {(True, 0), (False, 0), (False, 1)}


def test_a_refusal_is_told_with_its_reason() -> None:
    scenario = load(SCENARIO)
    town = compiled_rules(scenario)
    words = Sentences(scenario, town.names, town.rulebook, PersonId("Plain", 0, 0), 2, [""])
    row = int(town.rulebook.row[2, 0])
    told = words.refused(Refusal(3.5, 0, False, row, 0))
    assert told == "Applies at Loan, which is open, and is refused: in the band 'low' 40 in 100 pass."
    assert words.refused(Refusal(3.5, 0, True, row, 0)) == "Applies at Loan, which is closed, and is refused."


def test_bands_are_called_as_the_scenario_calls_them() -> None:
    """Published bands have capital letters."""
    settings = ["gates.loan.applications=1 per year", "gates.loan.pass_by_band={D: 0.1, C: 0.4, B: 0.9}"]
    one = compiled_rules(load("article-score", settings))
    bands = [band.name for band in load("article-score").bands]
    passes = one.rulebook.passes[one.rulebook.ruled == 1][:, one.names.domains.index("loan")]
    assert (passes == [{"D": 0.1, "C": 0.4, "B": 0.9}.get(band, 1.0) for band in bands]).all()
