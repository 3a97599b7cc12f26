"""The compiled engine against the plain one under scenarios that Hypothesis draws: every column of every table, to the last unit.

Where the two differ, Hypothesis leaves away what the difference does not need. `python -m oracle.test_drawn 500 7` in `tests` compares
five hundred scenarios drawn from seed 7, and says how many; with `crowded` behind it, those in which much is due at once.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from counterlife.layout import Place
from counterlife.scenario.compile import compile as compiled_rules
from counterlife.scenario.model import Scenario, completed
from counterlife.township.draws import address
from counterlife.township.jit import compiled
from counterlife.township.people import make

from .drawn import written
from .plain import Township
from .plain_tallies import Names
from .test_engine import beside, lived

EXAMPLES = 30 if compiled() else 3
ROUNDING = 1e-9  # days
ANY: dict[str, Any] = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}
SEEN: Counter[str] = Counter()


def compared(data: Mapping[str, Any], region: int, chance: int) -> list[str]:
    """What the two engines count differently in a township of one of the regions, in words; nothing where a rounding decides."""
    town = compiled_rules(completed(Scenario.model_validate(data)))
    row = region % len(town.names.regions)
    rules, place = town.book(row), Place(row, int(town.region_numbers[row]), 0)
    people = make(address(place, chance, 0), town.populace, row, rules.frailty_shape)
    plain = lived(rules, people, town.populace, place, chance)
    found = beside(plain, town.populace, place, chance, Names(list(town.names.worlds), list(town.names.domains)))
    SEEN["differ by a rounding" if found and decided_by_rounding(plain) else "differ" if found else "agree"] += 1
    return [] if decided_by_rounding(plain) else found


def decided_by_rounding(town: Township) -> bool:
    """Whether two people find out about copies of one record in the same instant but for a rounding, and an office decides who comes first.

    By which calculation the two instants are found is each engine's own affair, so they may differ in the last digit.
    """
    for lives in town.lives:
        cases = [record for life in lives for record in life.records if record.case is not None and record.case.waiting is not None]
        for one, other in combinations(cases, 2):
            same = (one.filing.cause, one.filing.ordinal) == (other.filing.cause, other.filing.ordinal)
            found_out = one.case.discovered or other.case.discovered
            if same and found_out and one.case.office == other.case.office and abs(one.case.filed - other.case.filed) < ROUNDING:
                return True
    return False


def agree(data: dict[str, Any], region: int, chance: int) -> None:
    """Both engines count the same."""
    assert compared(data, region, chance) == []


drawn = given(data=written(), region=st.integers(0, 1), chance=st.integers(0, 99))
crowded = given(data=written(crowded=True), region=st.integers(0, 1), chance=st.integers(0, 99))
test_a_drawn_scenario = settings(max_examples=EXAMPLES, derandomize=True, **ANY)(drawn(agree))
test_a_drawn_scenario_in_which_much_is_due_at_once = settings(max_examples=EXAMPLES // 3, derandomize=True, **ANY)(crowded(agree))


if __name__ == "__main__":
    campaign = settings(max_examples=int(sys.argv[1]), **ANY)(seed(int(sys.argv[2]))((crowded if "crowded" in sys.argv else drawn)(agree)))
    try:
        campaign()
    finally:
        print(dict(SEEN))
