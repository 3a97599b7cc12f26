"""Scores that take from friends and family: C22 of the method through a scenario and the engine, P11, and what holds in every life."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterlife.layout import POINT, YEAR, Cause, Place, Rulebook
from counterlife.scenario.compile import compile as compiled_rules
from counterlife.scenario.load import load
from counterlife.scenario.monotone import monotone
from counterlife.township.hearings import Said, live_again, nothing_said
from counterlife.township.jit import compiled
from counterlife.township.room import ABSENT
from counterlife.township.ties import friends_of, reach
from counterlife.township.trace import Village, items_of, settle, trace

FILE = Path(__file__).parents[1] / "scenarios" / "valid" / "friends.yaml"
PEOPLE = 300 if compiled() else 40
DESIGNED, ACCURATE, ALONE, LOYAL, WITHOUT = range(5)
QUIET = ("conduct.late_fee.rate=0 per year", "conduct.helping.rate=0 per year", "sources.office.records.late_fee.ghosts=0 per year")
KEEPING = ("score.friends.drop=null", "score.family=null", "worlds.alone.set={}", "worlds.loyal.set={}")


def town(*overrides: str, seed: int = 1) -> tuple[Village, Rulebook]:
    """A small township of friends, nobody lived yet."""
    one = compiled_rules(load(str(FILE), overrides))
    rules = one.rulebook
    return settle(Place(0, int(one.region_numbers[0]), 0), rules, one.populace._replace(people=PEOPLE), seed, 0), rules


def lived(village: Village) -> Said:
    """What everybody's lives say, as they are met by what was found."""
    at, book, people, tapes, heard = village
    said = nothing_said(heard, people.size)
    live_again(at, book, people, tapes, heard, np.ones(people.size, np.int64), said)
    return said


def grown(village: Village) -> Any:
    """Who takes part."""
    return village.people["age"] >= 18 * YEAR


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_c22_scores_settle_where_the_equations_say(share: float) -> None:
    """C22: with nothing happening S = (1 - a) s + a W S, solved here as linear equations; scores are whole thousandths."""
    village, _ = town(*QUIET, *KEEPING, f"score.friends.share={share}", "score.lowest=null", "score.highest=null", "reviews.every=10 days")
    at, book, people, _, _ = village
    stands = lived(village).stands[DESIGNED]
    here, friends = np.flatnonzero(grown(village)), friends_of(at, book, people)
    weights = np.zeros((people.size, people.size))
    for i in here:
        for friend in friends[i][friends[i] >= 0]:
            weights[i, friend] += 1 / (friends[i] >= 0).sum()
    own = stands[0].astype(float)  # at the first review nobody takes anything
    lonely = weights.sum(axis=1) == 0
    alpha = np.where(lonely, 0.0, share)[here]
    settled = np.linalg.solve(np.eye(here.size) - alpha[:, None] * weights[np.ix_(here, here)], (1 - alpha) * own[here])
    apart = share ** (len(stands) - 1) * np.abs(settled - own[here]).max()
    assert np.abs(stands[-1][here] - settled).max() <= apart + 1.0 / (1 - share)
    assert np.abs(settled - own[here]).max() > POINT  # friends matter here
    assert (stands[:, ~grown(village)] == ABSENT).all()


def test_friends_are_as_alike_as_the_scenario_says() -> None:
    """With alike = 1 everybody's friends are of the own tenth of frailty; with 0 they are anybody."""
    found = []
    for alike in (0, 1):
        village, _ = town(f"score.friends.alike={alike}")
        at, book, people, _, _ = village
        friends, here = friends_of(at, book, people), np.flatnonzero(grown(village))
        tenth = np.full(people.size, -1)
        tenth[here[np.argsort(people["frailty"][here], kind="stable")]] = 10 * np.arange(here.size) // here.size
        pairs = [(i, f) for i in here for f in friends[i] if f >= 0]
        assert all(tenth[f] >= 0 and f != i for i, f in pairs)
        found.append(np.mean([tenth[i] == tenth[f] for i, f in pairs]))
    assert found[0] < 0.3
    assert found[1] == 1.0


def test_what_nobody_takes_changes_nothing() -> None:
    """P11: with a share of nothing and no points for the family every life is that without friends."""
    nothing = ("score.friends.share=0", "score.family=0", "worlds.alone.set={}")
    village, _ = town(*nothing)
    without, _ = town("score.friends=null", "score.family=null", "worlds.alone.set={}", "worlds.loyal.set={}", "reviews=null")
    for i in range(PEOPLE):
        one, two = trace(village, i, DESIGNED), trace(without, i, DESIGNED)
        assert np.array_equal(one.view, two.view)
        assert np.array_equal(one.fates, two.fates)


def test_wrong_records_of_friends_shut_people_out_who_have_none() -> None:
    village, _ = town(*KEEPING, "score.friends.share=0.6")
    spared = 0
    for i in range(PEOPLE):
        designed, accurate = trace(village, i, DESIGNED), trace(village, i, ACCURATE)
        clean = not items_of(village, i)["wrong"].any() and not (items_of(village, i)["settle"] < 731).any()
        closed = {float(c["at"]) for c in designed.view if c["mask"]} - {float(c["at"]) for c in accurate.view if c["mask"]}
        spared += clean and bool(closed)
    assert spared > 0


def test_more_bad_records_open_no_gate_where_nobody_is_dropped() -> None:
    """P3: friends' scores and one's own move the same way, so every life is at most as open as with accurate records, every day."""
    overrides = (*KEEPING, "score.points.helping=0", "score.family=-5")
    assert monotone(load(str(FILE), (*KEEPING, "score.family=-5")))[0]
    assert not monotone(load(str(FILE)))[0]
    village, _ = town(*overrides)
    days, shut = np.arange(731) + 0.5, 0
    for i in range(PEOPLE):
        designed, accurate = (trace(village, i, w).view for w in (DESIGNED, ACCURATE))
        masks = [view["mask"][np.searchsorted(view["at"], days, side="right") - 1] & 3 for view in (designed, accurate)]
        assert not (masks[1] & ~masks[0]).any()
        shut += int((masks[0] & ~masks[1]).sum())
    assert shut > 0


def test_whoever_drops_friends_keeps_none_who_stand_low() -> None:
    """After a review everybody who drops has only friends who stood at the mark or above; the loyal keep all, and nobody gets new ones."""
    village, rules = town("score.friends.drop.share=1")
    at, book, people, _, heard = village
    said, friends = lived(village), friends_of(at, book, people)
    below, dropped = int(rules.drop_below[rules.row[DESIGNED, 0]]), 0
    for i in np.flatnonzero(grown(village)):
        left = set(range(friends.shape[1])) - {f for f in range(friends.shape[1]) if friends[i, f] < 0}
        for n in range(1, said.stands.shape[1]):
            left -= {f for f in left if said.stands[DESIGNED, n - 1, friends[i, f]] < below}
            assert heard.left[DESIGNED, n, i] == len(left)
        assert (heard.left[LOYAL, 1:, i] == (friends[i] >= 0).sum()).all()
        dropped += int((friends[i] >= 0).sum()) - len(left)
    assert dropped > 0


def test_the_family_of_those_who_are_shut_out_pays() -> None:
    """Exactly the points, for each other grown member of the household with a closed gate at the review before, and for nobody else."""
    village, _ = town("score.friends=null", "score.family=-7", "worlds.loyal.set={}", "worlds.alone.set={score.family: 0}")
    said, home = lived(village), village.people["household"]
    assert village.heard.pulls[DESIGNED].any()
    assert not village.heard.pulls[ALONE].any()
    for i in np.flatnonzero(grown(village)):
        others = grown(village) & (home == home[i]) & (np.arange(PEOPLE) != i)
        for n in range(1, said.stands.shape[1]):
            assert village.heard.pulls[DESIGNED, n, i] == -7 * POINT * said.shut[DESIGNED, n - 1, others].sum()


def test_nothing_is_taken_before_the_second_review_nor_without_rules() -> None:
    village, _ = town()
    assert not village.heard.pulls[:, 0].any()
    assert not village.heard.pulls[WITHOUT].any()
    assert (lived(village).stands[WITHOUT] == ABSENT).all()
    moved = [c for i in range(PEOPLE) for c in trace(village, i, DESIGNED).view if c["cause"] == Cause.TIES]
    assert moved
    assert all(float(c["at"]) % 60.0 == 0.0 and c["at"] >= 120.0 for c in moved)


@pytest.mark.parametrize("seed", range(3))
def test_what_reaches_whom_fits_and_does_not_depend_on_where_the_search_begins(seed: int) -> None:
    """P16: from standings drawn at random, a few people at a time: the same; and it follows from the lives that it makes."""
    village, _ = town(seed=seed)
    at, book, people, tapes, heard = village
    friends, dice = friends_of(at, book, people), np.random.default_rng(seed)
    other = heard._replace(pulls=dice.integers(-50_000, 50_000, heard.pulls.shape), left=heard.left.copy())
    other.pulls[:, 0] = 0
    other.pulls[WITHOUT] = 0
    other.pulls[:, :, ~grown(village)] = 0
    said, due = lived(village), np.ones(people.size, np.int64)
    said.stands[:, :, grown(village)] = dice.integers(0, 200_000, said.stands.shape)[:, :, grown(village)]
    while due.any():
        turn = due * dice.integers(0, 2, people.size)
        live_again(at, book, people, tapes, other, turn, said)
        later, moved = due * (1 - turn), np.zeros_like(due)
        reach(at, book, people, friends, said.stands, said.shut, other.pulls, other.left, moved)
        due = np.maximum(later, moved)
    assert np.array_equal(other.pulls, heard.pulls)
    assert np.array_equal(other.left, heard.left)
    assert heard.pulls.any()
