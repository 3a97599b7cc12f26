"""What is due at one instant is done in one order. Records that come together meet a ledger as if each had come by itself, on its own day.

Expected scores are worked out from what lies on the tapes, sorted here and added up one by one within the ends of the scale.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from oracle.tiny import PLACE, people, populace, rulebook

from counterlife.layout import NEVER, QUALITIES, YEAR, Delay, ListKind, Rulebook, Threat, What
from counterlife.township.book import bind
from counterlife.township.draws import address
from counterlife.township.hearings import hear
from counterlife.township.tapes import write
from counterlife.township.trace import Village, items_of, trace

SIZE, LAST = 40, 350
POINTS = (-2, 1, 2, 3)  # by channel; the first two are of one class
LOWEST, HIGHEST = -3, 4


def ledger(**given: Any) -> Rulebook:
    """A ledger with narrow limits, in one world that is under attack: a source that is down until day 300."""
    outage = {"threats": 1, "threat": Threat.OUTAGE, "threat_from": 0.0, "threat_until": 300.0}
    kept: dict[str, Any] = outage | {"worlds": 1, "quality": [QUALITIES["attacked"]], "ruled": 1} | given
    return rulebook(
        LAST,
        classes=3,
        channels=(0, 0, 1, 2),
        ceiling=[6 / YEAR, 4 / YEAR, 3 / YEAR],
        points=np.broadcast_to(POINTS, (len(np.atleast_1d(kept["ruled"])), 1, len(POINTS))),
        ledger=1,
        lowest=LOWEST,
        highest=HIGHEST,
        opens_at=0,
        **kept,
    )


def village(rules: Rulebook) -> Village:
    """People without ties under the rules."""
    folk, names = people(SIZE), populace(SIZE)
    at, book = address(PLACE, 5, 0), bind(rules, names)
    tapes = write(at, book, folk)
    return Village(at, book, folk, tapes, hear(at, book, folk, tapes))


def added_up(channels: list[int], start: int = 0) -> list[int]:
    """The ledger after each of the records of these channels, in this order."""
    return list(accumulate(channels, lambda score, c: min(max(score + POINTS[c], LOWEST), HIGHEST), initial=start))


def gone_through(town: Village, i: int, since: float = 0.0) -> list[int]:
    """Person i's score at first, and as each record came to it, by the rules that hold at last."""
    steps = trace(town, i, 0).steps
    comes = np.isin(steps["what"], (What.RECORD_IN, What.COPY_IN)) & (steps["time"] >= since)
    if town.book[0]["copy_days"].any():  # on file first, and at the score later
        comes &= steps["what"] == What.COPY_IN
    return [0, *steps["scores"][comes, 0].tolist()]


def in_turn(town: Village, i: int, lag: float = 0.0, back: float = 300.0) -> list[int]:
    """Channels of the person's records by the day on which they come if nothing holds them up; of those that are at the score in time.

    lag: days from the source to the score. back: the day on which the source is up again.
    """
    items = [item for item in items_of(town, i) if max(back, float(item["entry"])) + lag < LAST]
    return [int(item["channel"]) for item in sorted(items, key=lambda item: (*entry_of(item), item["needs"] != 0))]


def entry_of(item: Any) -> tuple[float, int, int]:
    """Day, channel and ordinal of a record."""
    return float(item["entry"]), int(item["channel"]), int(item["ordinal"])


STAGE = {"rows": 2, "ruled": [1, 1], "stages": 2, "stage_day": [0.0, 320.0], "row": [[0, 1]]}
LATE = {"delay_law": Delay.EXPONENTIAL, "delay_days": 80.0}
TWICE = {"threat_until": 0.0, "duplicate": 1.0, "duplicate_from": 330.0}
ANSWERS = {"burst": 1.0, "burst_days": 10.0, "burst_most": 1.0}  # heat multiplies by one at most: decided in the life, but by nothing in it
WAYS: dict[str, dict[str, Any]] = {
    "held up by an outage": {},
    "held up, and copied ten days later": {"copy_days": 10.0},
    "held up, and counted again by other rules": STAGE,
    "late, and held up": LATE,
    "of events that answer to the life, late, and held up": LATE | ANSWERS,
    "of events that answer to the life, late, held up, and counted again": LATE | ANSWERS | STAGE,
    "come twice on one day": TWICE,
    "of events that answer to the life, come twice on one day": TWICE | ANSWERS,
    "of events of which some answer to the life, come twice on one day": TWICE | ANSWERS | {"burst": [0.0, 1.0, 0.0]},
}


@pytest.mark.parametrize("way", WAYS)
def test_records_that_come_together_come_in_the_order_of_their_own_days(way: str) -> None:
    """Where they are added up the other way round, more than a few people have another score."""
    town, lag = village(ledger(**WAYS[way])), WAYS[way].get("copy_days", 0.0)
    turns, since = [in_turn(town, i, lag) for i in range(SIZE)], float(town.book[0]["stage_day"][int(town.book[0]["stages"]) - 1])
    assert [gone_through(town, i, since) for i in range(SIZE)] == [added_up(turn) for turn in turns]
    assert sum(added_up(turn[::-1])[-1] != added_up(turn)[-1] for turn in turns) > SIZE / 5


def test_what_ends_comes_before_what_begins() -> None:
    """Terms of thirty days, the last of which ends on day 330 and sets the score back to its start; copies that come on that day count."""
    below = {"lists": 1, "list_kind": ListKind.SCORE_BELOW, "list_domain": 0, "list_mark": -1, "list_term": 30.0, "list_resets": 1}
    town = village(ledger(threat_until=320.0, copy_days=10.0, **below)._replace(start=np.array([[LOWEST]])))
    turns = [in_turn(town, i, 10.0, 320.0) for i in range(SIZE)]
    assert [gone_through(town, i)[1:] for i in range(SIZE)] == [added_up(turn, LOWEST)[1:] for turn in turns]
    assert sum(added_up(turn, LOWEST)[-1] > LOWEST for turn in turns) > SIZE / 2
    assert [int(trace(town, i, 0).steps[-1]["scores"][0]) for i in range(SIZE)] == [added_up(turn, LOWEST)[-1] for turn in turns]


def test_a_place_is_the_same_whoever_asks() -> None:
    """Every record of a tape has its own, from 0 on, by the day of entry and what the record is; second copies come last.

    They come on their day, and not a rounding before it.
    """
    town = village(ledger(**WAYS["of events that answer to the life, come twice on one day"]))
    together = 0
    for i in range(SIZE):
        items = np.sort(items_of(town, i), order="place")
        assert items["place"].tolist() == list(range(len(items)))
        keys = items[["entry", "channel", "origin", "cause", "ordinal", "needs"]].tolist()
        assert keys == sorted(keys)
        together += len(keys) - len(set(items["entry"]))
        entered = trace(town, i, 0).fates["entered"]
        assert set(entered[entered < NEVER]) == set(items["entry"])
    assert together > SIZE
