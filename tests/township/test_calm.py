"""People whom nothing stirs: leaving out what cannot happen to them changes no number, and the bound that says so is one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from counterlife.layout import Place
from counterlife.provenance import fingerprint
from counterlife.scenario import load
from counterlife.scenario.compile import compile as compiled_scenario
from counterlife.township.book import bind
from counterlife.township.draws import address
from counterlife.township.hearings import hear
from counterlife.township.jit import compiled
from counterlife.township.people import make
from counterlife.township.sheet import NEAR, sheet
from counterlife.township.tapes import write
from counterlife.township.township import live_everybody

FEW = 2000 if compiled() else 150
TOWN = ["population.regions=[Zhejiang]", f"population.people={FEW}", f"population.township={FEW}", "every_rule_book=false"]
WEARY = ["behaviour.gives_up_after=1", "redress.take_up=0.6", "redress.notice=0.9", "redress.sensitivity=0.1"]
HARSH = ["score.severity=0.3", "score.leniency=0.5", "gates.loan.opens_at=960"]


class Town:
    """A township and its book, lived as often as wanted."""

    def __init__(self, *settings: str) -> None:
        scenario = compiled_scenario(load("article", [*TOWN, *settings]))
        self.rules, names = scenario.book(0), scenario.populace
        place = Place(0, int(scenario.region_numbers[0]), 0)
        self.at, self.book = address(place, 5, 0), bind(self.rules, names)
        self.people = make(self.at, names, 0, self.rules.frailty_shape)

    def lived(self) -> tuple[str, int, float]:
        """The fingerprint of the tally, the items of the tapes, and how many events happened near a gate."""
        tapes = write(self.at, self.book, self.people)
        tally, plan = sheet(self.rules)
        live_everybody(self.at, self.book, self.people, tapes, hear(self.at, self.book, self.people, tapes), tally, plan)
        tally.classes[:, : self.rules.quality.size] += tapes.events[:, None]
        tally.channels[:, : self.rules.quality.size] += tapes.events[self.rules.channel_class][:, None]
        return fingerprint(tally._asdict()), tapes.items.size, self.near(tally)

    def near(self, tally: Any) -> float:
        """Events near a gate, over all worlds."""
        _, plan = sheet(self.rules)
        first = plan[0]["first"][NEAR]
        return float(tally.people[:, first : first + self.rules.quality.size].sum())


@pytest.mark.parametrize(
    "settings", [[], WEARY, HARSH, ["conduct.volunteering.when_given_up=2", *WEARY]], ids=["as it is", "weary", "harsh", "more"]
)
def test_what_cannot_happen_is_left_out_and_nothing_else(settings: list[str]) -> None:
    town = Town(*settings)
    assert town.book[0]["calms"] == 1
    short, few, near = town.lived()
    town.book[0]["calm"], town.book[0]["calms"] = 0, 0
    long, many, _ = town.lived()
    assert short == long
    assert few < many
    assert near > 0


def test_the_bound_bites() -> None:
    """Were nobody ever taken to come near a gate, events that happen there would be missing."""
    town = Town(*HARSH)
    right = town.lived()[0]
    town.book[0]["drop"], town.book[0]["gives_up"] = np.iinfo(np.int64).max // 4, 0
    assert town.lived()[0] != right
