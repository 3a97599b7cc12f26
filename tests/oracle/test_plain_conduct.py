"""What people do in the plain engine, by hand: belief, strain, heat, marks near a gate, weariness, conduct of another world."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from counterlife.layout import QUALITIES, YEAR, Cause, Link, Origin, Quality, Rulebook

from .plain import Township, relive
from .plain_life import Life
from .plain_tape import Candidate
from .tiny import blacklist, by_hand, counted, ghost, people, rulebook, total


def happens(rules: Rulebook, time: float, *filings: Any, **given: Any) -> float:
    """The largest mark with which an event of the only class happens at a time, to a ten thousandth."""
    marks = (np.arange(10000) + 0.5) / 10000
    events = [Candidate(0, 0, n, time, float(mark)) for n, mark in enumerate(marks)]
    low, high = 0, len(marks)
    while low < high:
        middle = (low + high) // 2
        town = by_hand(rules, filings, people(1, **given), candidates=[events[middle]])
        low, high = (middle + 1, high) if town.lives[0][0].events[0] else (low, middle)
    return low / 10000


def test_belief_follows_what_is_lived() -> None:
    """0.2 fades until 10, rises while a gate is closed until 20, fades until 25: events are rarer by exp(-2 p)."""
    rules = blacklist(100, term=10.0, worlds=1, accept=0.8, deter=2.0, belief=0.2, belief_rate=0.1, detect=0.0)
    for time in (10.0, 20.0, 25.0):
        first = 0.2 * math.exp(-1.0)
        second = 1 + (first - 1) * math.exp(-1.0)
        belief = {10.0: first, 20.0: second, 25.0: second * math.exp(-0.5)}[time]
        assert happens(rules, time, ghost(10)) == pytest.approx(0.8 * math.exp(-2 * belief), abs=1e-4)


def test_those_whose_belief_cannot_move_have_none() -> None:
    rules = blacklist(100, worlds=1, accept=0.8, deter=2.0, belief=0.2, reacts=0.0, detect=0.0)
    assert happens(rules, 10.0) == pytest.approx(0.8, abs=1e-4)


def test_belief_without_rules_fades_and_deters_nobody() -> None:
    rules = rulebook(100, worlds=1, ruled=0, accept=0.8, deter=2.0, belief=0.2, detect=0.0)
    assert happens(rules, 10.0) == pytest.approx(0.8, abs=1e-4)
    life = by_hand(
        rulebook(100, worlds=1, rows=2, stages=2, row=[[0, 1]], stage_day=[0.0, 50.0], ruled=[0, 1], belief=0.2, belief_rate=0.1)
    )
    assert life.lives[0][0].mind.belief(60.0) == pytest.approx(0.2 * math.exp(-6.0))


def test_strain_counts_own_domains_up_to_a_most() -> None:
    rules = rulebook(100, worlds=1, domains=4, child_domain=[0, 0, 0, 1], accept=0.1, strain=2.0, strain_most=2, points=-10, detect=0.0)
    for opens, factor in (([0, -20, -20, 0], 2), ([0, 0, -20, 0], 4), ([0, 0, 0, 0], 4)):
        assert happens(rules._replace(opens_at=np.array([opens])), 10.0, ghost(5)) == pytest.approx(0.1 * factor, abs=1e-4)


def test_each_event_heats_and_heat_fades() -> None:
    """Heat 1 after the first event is a quarter ten times ln 4 days later; after the next, 1.25 is more than counts."""
    later = 5 + 10 * math.log(4)
    rules = rulebook(100, worlds=1, ruled=0, accept=0.4, burst=1.0, burst_days=10.0, burst_most=1.5)
    marks = {0: (5.0, 0.39), 1: (later - 1e-9, 0.499), 2: (later - 1e-9, 0.599), 3: (later - 1e-9, 0.601)}
    town = by_hand(rules, candidates=[Candidate(0, 0, n, time, mark) for n, (time, mark) in marks.items()])
    assert town.lives[0][0].mind.happened == {(0, 0), (0, 1), (0, 2)}
    assert by_hand(rules, candidates=[Candidate(0, 0, 0, later, 0.499)]).lives[0][0].events[0] == 0


@pytest.mark.parametrize(("ability", "age", "factor"), [(0.5, 30.0, 3), (0.49, 30.0, 1), (0.5, 17.0, 1)])
def test_people_are_careful_a_little_below_an_own_gate(ability: float, age: float, factor: float) -> None:
    """Ten points below a gate of the grown, with a reach of 20 times ability."""
    rules = rulebook(100, worlds=1, accept=0.2, near=3.0, near_points=20, points=-60, opens_at=-50, domain_from=18 * YEAR, detect=0.0)
    assert happens(rules, 10.0, ghost(5), ability=ability, age=age * YEAR) == pytest.approx(0.2 * factor, abs=1e-4)
    assert happens(rules, 4.0, ghost(5), ability=ability, age=age * YEAR) == pytest.approx(0.2, abs=1e-4)


def test_events_near_a_gate_are_counted() -> None:
    rules = rulebook(100, worlds=1, near=3.0, near_points=20, points=-60, opens_at=-50, detect=0.0)
    town = by_hand(rules, [ghost(5)], people(1, ability=1.0), [Candidate(0, 0, n, 4.0 + 6 * n, 0.1) for n in range(3)])
    assert total(counted(town), "near.D") == 2


def test_somebody_who_has_given_up_does_other_things() -> None:
    appeals: dict[str, Any] = {"contestable": 1, "notice": 1.0, "take_up": 1.0, "sensitivity": 0.0, "decide_days": 10.0}
    rules = blacklist(100, worlds=1, accept=0.8, weary=0.5, detect=0.0, gives_up=1, **appeals)
    assert happens(rules, 14.0, ghost(5)) == pytest.approx(0.8, abs=1e-4)
    assert happens(rules, 16.0, ghost(5)) == pytest.approx(0.4, abs=1e-4)


def lived(life: Life) -> list[float]:
    """The days on which records of a life came on file."""
    return [record.filing.entry for record in life.records]


def test_a_world_may_live_the_conduct_of_another() -> None:
    """In the world as it comes the ghost's strain brings the event at 15; with the conduct of the accurate world it does not happen."""
    rules = blacklist(
        100, worlds=3, quality=[QUALITIES["as they come"], QUALITIES["accurate"], QUALITIES["as they come"]], ruled=1, accept=0.1,
        strain=2.0, conduct=[-1, -1, 1],
    )  # fmt: skip
    events = [Candidate(0, 0, 0, 15.0, 0.15), Candidate(0, 0, 1, 20.0, 0.05)]
    town = by_hand(rules, [ghost(5)], candidates=events)
    assert [lived(lives[0]) for lives in town.lives] == [[5, 15, 20], [20], [5, 20]]


def test_a_world_may_live_the_conduct_of_a_later_one() -> None:
    rules = blacklist(100, worlds=2, accept=0.1, strain=2.0, conduct=[1, -1])
    town = by_hand(rules, [ghost(5)], candidates=[Candidate(0, 0, 0, 15.0, 0.15)])
    assert [lived(lives[0]) for lives in town.lives] == [[5], []]


# --- strays of what people do ------------------------------------------------------------------------------------------------------


def echo(days: int = 100, **given: Any) -> Rulebook:
    """What one of two namesakes does is filed under both, a week later; strain doubles what they do."""
    usual = {"worlds": 1, "accept": 0.1, "strain": 2.0, "link": Link.PAIRWISE, "link_share": 1.0, "delay_days": 7.0}
    return blacklist(days, **{**usual, **given})


def entries(town: Township, w: int, i: int, origin: Origin) -> list[float]:
    """The days on which records of an origin came on file."""
    return [record.entry for record in town.lives[w][i].records if record.filing.origin == origin]


def test_a_stray_is_there_only_where_its_event_happened() -> None:
    """A ghost strains the first person into an act of day 15 in worlds 0 and 3; world 1 lives the conduct of the accurate world, where
    there is none, and world 3 that of world 0, whatever its own records are.
    """
    quality = [QUALITIES["as they come"], QUALITIES["as they come"], QUALITIES["accurate"], Quality.RECORDS | Quality.STRAYS]
    rules = echo(worlds=4, quality=quality, ruled=1, conduct=[-1, 2, -1, 0])
    town = by_hand(rules, [ghost(5)], people(2, surname=0), [Candidate(0, 0, 0, 15.0, 0.15)])
    assert [entries(town, w, 1, Origin.STRAY) for w in range(4)] == [[22], [], [], [22]]
    assert [entries(town, w, 0, Origin.OWN) for w in range(4)] == [[22], [], [], [22]]


def test_strays_answer_one_another() -> None:
    """The first acts on day 15 for a ghost, the second on day 30 for the stray of that, and the first again on day 31 in any case."""
    events = [
        Candidate(0, 0, 0, 15.0, 0.15),
        Candidate(1, 0, 0, 30.0, 0.15),
        Candidate(1, 0, 1, 21.9, 0.15),
        Candidate(0, 0, 1, 31.0, 0.05),
    ]
    town = by_hand(echo(pair_world=[0], worlds=2), [ghost(5)], people(2, surname=0), events)
    assert entries(town, 0, 0, Origin.STRAY) == [37]
    assert entries(town, 0, 1, Origin.STRAY) == [22, 38]
    assert [entries(town, 1, i, origin) for i in (0, 1) for origin in (Origin.OWN, Origin.STRAY)] == [[38], [], [], []]
    assert [life.events[0] for life in town.lives[0]] == [2, 1]


def test_a_stray_without_delay_is_there_at_the_instant_of_its_event() -> None:
    rules = echo(delay_days=0.0)
    town = by_hand(rules, [ghost(5)], people(2, surname=0), [Candidate(0, 0, 0, 15.0, 0.15), Candidate(1, 0, 0, 15.0 + 1e-9, 0.15)])
    assert [(change.time, change.cause) for change in town.lives[0][1].changes[1:]] == [(15, Cause.RECORD)]
    assert town.lives[0][1].events[0] == 1


def test_deterrence_spares_the_namesake() -> None:
    """Who is shut out and believes in being punished does less, and the other hears less of it."""
    rules = echo(strain=1.0, deter=10.0, belief_rate=1.0, accept=1.0)
    events = [Candidate(0, 0, n, 2.0 + 20 * n, 0.5) for n in range(3)]
    town = by_hand(rules, [], people(2, surname=0), events)
    assert entries(town, 0, 1, Origin.STRAY) == [9]


def test_an_identifier_that_is_lost_makes_a_stray_of_what_happened_only() -> None:
    """Sixty acts of which those happen that strain or ease lets happen, each filed under one of the two."""
    rules = echo(link=Link.ASSIGN_ONE, delay_days=0.0, worlds=2, quality=[QUALITIES["as they come"]] * 2, ruled=1, conduct=[-1, -1])
    events = [Candidate(0, 0, n, 10.0 + n, 0.05 + 0.1 * (n % 3)) for n in range(60)]
    town = by_hand(rules._replace(row=np.array([[0], [1]]), ruled=np.array([1, 0])), [], people(2, surname=0), events)
    strained, at_ease = town.lives
    assert (strained[0].events[0], at_ease[0].events[0]) == (sum(1 for _ in strained[0].mind.happened), 20)
    assert strained[0].events[0] > 20
    filed = {record.filing.ordinal for record in strained[0].records} | {record.filing.ordinal for record in strained[1].records}
    assert filed == {n for _, n in strained[0].mind.happened}
    assert strained[0].records
    assert all(record.filing.origin == Origin.STRAY for record in strained[1].records)
    assert strained[1].records


def test_strays_of_others_stay_where_a_record_is_put_right() -> None:
    """Without its own ghost the first person does not act; without a ghost of its own the second keeps the stray of an act that would not
    have been; without the stray, the second's own act of day 30 is gone, the first's of day 15 is not looked at.
    """
    events = [Candidate(0, 0, 0, 15.0, 0.15), Candidate(1, 0, 0, 30.0, 0.15)]
    town = by_hand(echo(), [ghost(5), ghost(25, person=1)], people(2, surname=0), events)
    first, second = (life.records for life in town.lives[0])
    assert [(record.entry, record.filing.origin) for record in first] == [(5, Origin.GHOST), (22, Origin.OWN), (37, Origin.STRAY)]
    assert [(record.entry, record.filing.origin) for record in second] == [(22, Origin.STRAY), (25, Origin.GHOST), (37, Origin.OWN)]
    assert lived(relive(town, 0, 0, first[0])) == [37]
    assert lived(relive(town, 0, 1, second[1])) == [22, 37]
    assert lived(relive(town, 0, 1, second[0])) == [25, 37]
    alone = by_hand(echo(), [ghost(5)], people(2, surname=0), events)
    assert lived(relive(alone, 0, 1, alone.lives[0][1].records[0])) == []
