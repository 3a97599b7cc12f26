"""People whom nothing stirs: leaving out what cannot happen to them changes no number, and the bound that says so is one."""

from __future__ import annotations

import numpy as np
import pytest
from oracle.books import folk
from oracle.mechanisms import common, redress
from oracle.tiny import NO_GATE, PLACE, populace, rulebook
from taped import Counted, counted

from counterlife.layout import NEVER, QUALITIES, YEAR, Place, Rulebook, Threat
from counterlife.scenario import load
from counterlife.scenario.compile import compile as compiled_scenario
from counterlife.township.book import bind
from counterlife.township.draws import address
from counterlife.township.jit import compiled
from counterlife.township.people import make
from counterlife.township.sheet import NEAR, sheet

FEW = 2000 if compiled() else 150
TOWN = ["population.regions=[Zhejiang]", f"population.people={FEW}", f"population.township={FEW}", "every_rule_book=false"]
WEARY = ["behaviour.gives_up_after=1", "redress.take_up=0.6", "redress.notice=0.9", "redress.sensitivity=0.1"]
HARSH = ["score.severity=0.3", "score.leniency=0.5", "gates.loan.opens_at=960"]


class Town:
    """A township and its book, lived as often as wanted."""

    def __init__(self, *settings: str) -> None:
        scenario = compiled_scenario(load("article", [*TOWN, *settings]))
        self.rules, names = scenario.book(0), scenario.populace
        self.place, self.book = Place(0, int(scenario.region_numbers[0]), 0), bind(self.rules, names)
        self.people = make(address(self.place, 5, 0), names, 0, self.rules.frailty_shape)

    def lived(self) -> Counted:
        """What the township comes to under the book as it is now."""
        return counted(self.place, 5, self.rules, self.people, self.book)


def near(lives: Counted, rules: Rulebook) -> int:
    """Events near a gate, over all worlds."""
    _, plan = sheet(rules)
    first = plan[0]["first"][NEAR]
    return int(lives.tally.people[:, first : first + rules.quality.size].sum())


@pytest.mark.parametrize(
    "settings",
    [[], WEARY, HARSH, ["conduct.volunteering.when_given_up=2", *WEARY], ["gates.loan.opens_at=1020"]],
    ids=["as it is", "weary", "harsh", "more", "below from the start"],
)
def test_what_cannot_happen_is_left_out_and_nothing_else(settings: list[str]) -> None:
    town = Town(*settings)
    assert town.book[0]["calms"] == 1
    short = town.lived()
    town.book[0]["calm"], town.book[0]["calms"] = 0, 0
    long = town.lived()
    assert short.print == long.print
    assert short.items < long.items
    assert near(short, town.rules) > 0


FAR = np.iinfo(np.int64).max // 4  # points that no record takes


@pytest.mark.parametrize(
    ("settings", "name", "value"),
    [(HARSH, "drop", FAR), (WEARY, "contested", 0), (HARSH, "longest", 0.0)],
    ids=["never", "no appeals", "too short"],
)
def test_the_bound_bites(settings: list[str], name: str, value: float) -> None:
    """Were nobody ever taken to come near a gate, or to give up, or records to last as long as they do, events would be missing."""
    town = Town(*settings)
    right = town.lived()
    town.book[0][name] = value
    assert town.lived().print != right.print


def held_up() -> Rulebook:
    """A calm class, and few records that are kept for weeks while attacks and an outage hold them up for months."""
    dice = np.random.default_rng(0)
    attacks = {
        "quality": [QUALITIES[name] for name in ("attacked", "accurate", "as they come", "lawful", "none")],
        "threats": 2,
        "threat": [Threat.DELETE, Threat.OUTAGE],
        "threat_from": [50.0, 600.0],
        "threat_until": [900.0, 700.0],
        "threat_share": 0.9,
        "threat_found": 1.0,
        "threat_days": 60.0,
    }
    few = {"ceiling": np.array([4, 3, 12]) / YEAR, "accept": [0.15, 0.25, 0.5], "ghost": 0.0}
    short = {"keep": [30.0, 25.0, 20.0, 700.0], "points": [-40, -35, -30, 20], "opens_at": [-30, -150, -60, NO_GATE, -40]}
    stirs = {"near": [1.0, 1.0, 2.0], "near_points": [0, 0, 200], "weary": [1.0, 1.0, 0.4]}
    return rulebook(1000, **common(dice) | redress(dice) | attacks | few | short | stirs)


def test_records_that_come_late_stir_for_longer() -> None:
    """Were they taken to come when they are due, those whom they bring near a gate would be found at ease there."""
    rules, crowd = held_up(), folk(1)
    book = bind(rules, populace(crowd.size, names=8, holders=500))
    assert book[0]["calm"][:3].tolist() == [0, 0, 1]
    right, everybody = counted(PLACE, 1, rules, crowd, book), book.copy()
    everybody[0]["calm"], everybody[0]["calms"] = 0, 0
    long = counted(PLACE, 1, rules, crowd, everybody)
    assert right.print == long.print
    assert right.items < long.items
    assert near(right, rules) > 0
    book[0]["late_from"], book[0]["late_until"] = NEVER, -NEVER
    assert near(counted(PLACE, 1, rules, crowd, book), rules) < near(right, rules)
