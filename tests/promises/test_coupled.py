"""Records of what somebody else did, records that come twice, and parts of a score: P1, P11 and what holds in every life."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterlife.layout import Fate, Origin, Place, Quality, Wrong
from counterlife.scenario.compile import compile as compiled_rules
from counterlife.scenario.load import load
from counterlife.township.hearings import live_again, nothing_said, senders_of, tell
from counterlife.township.jit import compiled
from counterlife.township.trace import Village, items_of, settle, trace

FILES = Path(__file__).parents[1] / "scenarios" / "valid"
PEOPLE = 300 if compiled() else 40
DESIGNED, ACCURATE, WITHOUT = range(3)


def town(name: str, *overrides: str, seed: int = 1) -> Village:
    """A small township of a scenario, nobody lived yet."""
    one = compiled_rules(load(str(FILES / f"{name}.yaml"), overrides))
    return settle(Place(0, int(one.region_numbers[0]), 0), one.rulebook, one.populace._replace(people=PEOPLE), seed, 0)


def closed_days(village: Village, w: int) -> Any:
    """Days of the period on which the first gate is closed to each person, (people, days)."""
    days = np.arange(731) + 0.5
    found = np.zeros((PEOPLE, days.size), bool)
    for i in range(PEOPLE):
        view = trace(village, i, w).view
        found[i] = view["mask"][np.searchsorted(view["at"], days, side="right") - 1] & 1 == 1
    return found


# --- records of what somebody else did ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("w", [DESIGNED, ACCURATE])
def test_a_stray_is_there_where_its_event_happened_and_only_there(w: int) -> None:
    village = town("answering")
    fates = [trace(village, i, w).fates for i in range(PEOPLE)]
    seen = {True: 0, False: 0}
    for i in range(PEOPLE):
        for j, item in enumerate(items_of(village, i)):
            if item["origin"] != Origin.STRAY or item["mark"] < 0:
                continue
            theirs = items_of(village, int(item["cause"]))
            at = [n for n, one in enumerate(theirs) if one["event"] and one["time"] == item["time"] and one["ordinal"] == item["ordinal"]]
            assert len(at) == 1
            happened = bool(fates[int(item["cause"])][at[0]]["what"] & Fate.DONE)
            filed = bool(fates[i][j]["what"] & Fate.FILED)
            assert filed <= happened  # late ones may fall after the end
            assert w != ACCURATE or not filed
            seen[happened and filed] += 1
    assert seen[False] > 0
    assert w != DESIGNED or seen[True] > 0


def test_other_peoples_closed_gates_bring_records_about_people_who_did_nothing() -> None:
    """Without strain there are fewer strays: a namesake who is shut out fails to pay more often, and some of it lands here."""
    strays = []
    for strain in (1, 3):
        village = town("answering", f"conduct.unpaid.strain={strain}", "conduct.unpaid.ceiling=1.5 per year")
        kept = 0
        for i in range(PEOPLE):
            fates, items = trace(village, i, DESIGNED).fates, items_of(village, i)
            kept += int(((fates["what"] & Fate.FILED != 0) & (items["origin"] == Origin.STRAY)).sum())
        strays.append(kept)
    assert strays[1] > 1.2 * strays[0] > 0


@pytest.mark.parametrize("seed", range(3))
def test_what_happened_fits_and_does_not_depend_on_where_the_search_begins(seed: int) -> None:
    """P16: from random guesses of what others did, a few people at a time: the same."""
    village = town("answering", seed=seed)
    at, book, people, tapes, heard = village
    senders, dice = senders_of(tapes.items, tapes), np.random.default_rng(seed)
    other = heard._replace(told=np.where(senders >= 0, dice.integers(0, 2, heard.told.shape), 0).astype(np.int8))
    said, due = nothing_said(heard, PEOPLE), np.ones(PEOPLE, np.int64)
    while due.any():
        turn = due * dice.integers(0, 2, PEOPLE)
        live_again(at, book, people, tapes, other, turn, said)
        later, moved = due * (1 - turn), np.zeros_like(due)
        tell(tapes.items, senders, said.done, other.told, moved)
        due = np.maximum(later, moved)
    assert np.array_equal(other.told, heard.told)
    assert heard.told.any()
    assert (senders >= 0).sum() > heard.told[DESIGNED].sum()  # some do not happen


# --- records that come twice --------------------------------------------------------------------------------------------------------


def test_second_copies_are_wrong_share_the_first_ones_luck_and_come_with_the_merger() -> None:
    village, merged, twice = town("merged"), 366.0, 0
    for i in range(PEOPLE):
        items = items_of(village, i)
        for item in items[items["wrong"] == Wrong.DUPLICATE]:
            assert item["needs"] & Quality.DUPLICATES
            same = (items["cause"] == item["cause"]) & (items["ordinal"] == item["ordinal"]) & (items["channel"] == item["channel"])
            first = items[same & (items["wrong"] == Wrong.NOTHING)]
            assert first.size == 1
            assert item["time"] == (max(merged, first[0]["time"]) if item["channel"] == 0 else first[0]["time"])
            twice += 1
    assert twice > 0.05 * sum(items_of(village, i).size for i in range(PEOPLE))


def test_nothing_comes_twice_at_a_share_of_nothing_nor_with_accurate_records() -> None:
    """P1 and P11: every life is that without duplicates, and those with accurate records are it in any case."""
    none = ("sources.court.duplicates.share=0", "sources.office.duplicates.share=0")
    off = ("sources.court.duplicates=null", "sources.office.duplicates=null")
    some, nothing, without = town("merged"), town("merged", *none), town("merged", *off)
    for i in range(PEOPLE):
        assert np.array_equal(trace(nothing, i, DESIGNED).view, trace(without, i, DESIGNED).view)
        assert np.array_equal(items_of(nothing, i), items_of(without, i))
        assert np.array_equal(trace(some, i, ACCURATE).view, trace(without, i, DESIGNED).view)


def test_one_fine_that_comes_twice_is_two_on_a_list_that_takes_two() -> None:
    """Nobody with a single fine is listed; with every fine twice everybody is, while both are there."""
    flat = ("score.points={}", "score.parts={}", "gates.travel.opens_at=null", "sources.office.duplicates=null", "minor_record=null")
    once = town("merged", *flat, "sources.court.duplicates.share=0")
    twice = town("merged", *flat, "sources.court.duplicates.share=1")
    one, two = closed_days(once, DESIGNED), closed_days(twice, DESIGNED)
    assert not (one & ~two).any()
    checked = 0
    for i in range(PEOPLE):
        fines = items_of(once, i)
        if fines.size == 0 or (fines["channel"] == 0).sum() != 1:
            continue
        day = float(fines["time"][fines["channel"] == 0][0])
        assert not one[i].any()
        begin, end = (
            max(day, 366.0),
            day + 365.0,
        )  # the copy of an early fine comes with the merger, when the fine has lost part of its year
        days = np.arange(731) + 0.5
        assert np.array_equal(two[i], (begin <= days) & (days < end))
        checked += 1
    assert checked > 10


# --- parts of a score ---------------------------------------------------------------------------------------------------------------


def test_wide_limits_are_no_limits() -> None:
    """P11: a part that never reaches its limits changes nothing."""
    wide, none = (
        town("merged", "score.parts={all: {classes: [fine, late_fee, helping], lowest: -9000, highest: 9000}}"),
        town("merged", "score.parts={}"),
    )
    for i in range(PEOPLE):
        assert np.array_equal(trace(wide, i, DESIGNED).view, trace(none, i, DESIGNED).view)


def test_a_part_with_no_room_is_as_good_as_no_points() -> None:
    shut = ("score.parts={money: {classes: [late_fee], lowest: 0}}", "minor_record=fine")
    village, without = town("merged", *shut), town("merged", "score.parts={}", "score.points={fine: -20, helping: 5}", "minor_record=fine")
    assert np.array_equal(closed_days(village, DESIGNED), closed_days(without, DESIGNED))
    assert closed_days(village, DESIGNED).any()


def test_a_floor_only_opens_gates() -> None:
    limited, unlimited = town("merged", "score.parts={money: {classes: [late_fee], lowest: -25}}"), town("merged", "score.parts={}")
    one, two = closed_days(limited, DESIGNED), closed_days(unlimited, DESIGNED)
    assert not (one & ~two).any()
    assert (two & ~one).any()
