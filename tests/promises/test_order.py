"""Whether more can only ever mean worse: P3, P4 and P19 of the method.

In a design that `scenario/monotone.py` calls monotone a harsher rule or one more bad record never opens a gate: not for anybody, not on any
day. That needs no statistics, so it is asked of every person, domain and day. Each thing that breaks it is shown to break it (P4), or the
word monotone would be an excuse. The rate of ghosts is raised from nothing only: another rate moves the days on which they come.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache

import numpy as np
import pytest
from lived import SMALL, Data
from oracle.books import book
from oracle.tiny import blacklist, people

from counterlife.layout import YEAR, Rulebook
from counterlife.scenario import load
from counterlife.scenario.model import Scenario, completed
from counterlife.scenario.monotone import monotone
from counterlife.scenario.overrides import dump
from counterlife.township.jit import compiled
from counterlife.verify.promises import order
from counterlife.verify.promises.order import (
    HARSHER,
    heavier_points,
    higher_gates,
    more_ghosts,
    sharper_eyes,
    twice_the_ghosts,
    wider_sanctions,
)

from .hamlet import ACCURATE, DESIGNED, SEEDS, Shut, at_once, good, ground, hamlet, hold, one_way, shut, sum_of

Change = Callable[[Rulebook], Rulebook]
STYLES = ["everything", "threats"]  # with strain, misread records, procedures, stages, repair, parents; with namesakes
TRIES = range(40)


@cache
def bound(style: str, seed: int, change: str = "") -> tuple[Shut, Shut]:
    """Who is shut out when, as designed and with accurate records, in a monotone hamlet; with one thing harsher."""
    rules = at_once(one_way(style, seed))
    return both(HARSHER[change](rules) if change else rules, seed)


def both(rules: Rulebook, seed: int) -> tuple[Shut, Shut]:
    """Who is shut out when, as designed and with accurate records."""
    return order.both(ground(rules, seed))


# --- P3 and P19 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("change", HARSHER)
def test_what_is_harsher_opens_no_gate_for_anybody_on_any_day(change: str, style: str, seed: int) -> None:
    """P3, and P19 read backwards: shorter memory and narrower sanctions close none. W0, the days wrongful beside the accurate twin of the
    harsher design, falls with them.
    """
    mild, harsh = bound(style, seed), bound(style, seed, change)
    hold(order.never_milder(change, mild, harsh, least=500), order.wrongful_falls(change, mild, harsh))
    if change == "more_ghosts":
        assert np.array_equal(harsh[ACCURATE], mild[ACCURATE])
    else:
        assert harsh[ACCURATE].sum() > mild[ACCURATE].sum() > 500
    assert (mild[DESIGNED] & ~harsh[ACCURATE]).sum() > 0


@pytest.mark.parametrize("style", STYLES)
def test_a_cap_only_opens_gates(style: str) -> None:
    """P19: at most two closed, then one. Between two caps that holds as long as nobody's conduct answers to closed gates."""
    rules = one_way(style, 0)
    free, two, one = (both(rules._replace(most_closed=np.full_like(rules.most_closed, most)), 0) for most in (5, 2, 1))
    for few, all_that_are_due in ((two, free), (one, free), *([(one, two)] if style == "threats" else [])):
        assert not (few[DESIGNED] & ~all_that_are_due[DESIGNED]).any()
        assert few[DESIGNED].sum() < all_that_are_due[DESIGNED].sum()
        assert (few[DESIGNED] & ~free[ACCURATE]).sum() <= (all_that_are_due[DESIGNED] & ~free[ACCURATE]).sum()
    assert one[DESIGNED].any()


@pytest.mark.parametrize("style", STYLES)
def test_the_gate_of_the_children_takes_up_no_room_under_the_parents_cap(style: str) -> None:
    """Whether it is open to nobody's children or to everybody's, the same gates of the grown are closed, one at a time."""
    rules = one_way(style, 0)
    capped, own = rules._replace(most_closed=np.ones_like(rules.most_closed)), rules.child_domain == 0
    marks = [np.where(own, rules.opens_at, mark) for mark in (np.iinfo(np.int64).min, 10**9)]
    open_to_all, open_to_none = (shut(hamlet(capped._replace(opens_at=opens), 0), DESIGNED) for opens in marks)
    assert np.array_equal(open_to_all[:, own], open_to_none[:, own])
    assert open_to_none[:, ~own].sum() > open_to_all[:, ~own].sum()
    assert open_to_all[:, own].any()


def test_more_records_in_one_world_than_in_another_mean_more_restrictions() -> None:
    """What the lemma is for: where errors only add bad records, nobody is treated with lenience."""
    for seed in SEEDS:
        rules = one_way("conduct", seed)
        designed, accurate = both(rules._replace(ghost=np.where(good(rules)[:, None], 0.0, rules.ghost)), seed)
        assert not (accurate & ~designed).any()
        assert (designed & ~accurate).sum() > 100


# --- P4: what breaks it ---------------------------------------------------------------------------------------------------------


def restored(*names: str) -> Callable[[Rulebook, Rulebook], Rulebook]:
    """The monotone book with fields of the random book put back."""
    return lambda rules, wild: rules._replace(**{name: getattr(wild, name) for name in names})


def weary(rules: Rulebook, wild: Rulebook) -> Rulebook:
    """Who has given up does nothing any more; few appeals succeed."""
    return rules._replace(weary=np.full_like(wild.weary, 0.05), gives_up=1, sensitivity=np.full_like(rules.sensitivity, 0.2))


def judged(rules: Rulebook, wild: Rulebook) -> Rulebook:
    """Officers differ in what a case is worth to them, and may add or take as many points as it should cost."""
    return rules._replace(leniency=np.ones_like(wild.leniency), discretion=np.where(rules.points < 0, -rules.points, 0))


def misread_as_good(rules: Rulebook, wild: Rulebook) -> Rulebook:
    """Many bad acts, of which strain brings more, are written down as good ones."""
    return rules._replace(misread=np.where(good(rules)[None, :] & ~good(rules)[:, None], 0.4, np.zeros_like(wild.misread)))


# the style of the book, what is wrong with it, what is made harsher
BREAKS: dict[str, tuple[str, Callable[[Rulebook, Rulebook], Rulebook], Change]] = {
    "people wait for one another": ("office", restored("office"), sharper_eyes),
    "a refusal starts the appeal that opens another gate": ("redress", restored("asks"), wider_sanctions),
    "a restriction deters from the next act": ("conduct", restored("belief_rate"), more_ghosts),
    "records move people away from a gate that was near": ("conduct", restored("near"), higher_gates),
    "who has given up does less": ("weary redress", weary, more_ghosts),
    "under a cap a gate that closes opens another": ("scores", restored("most_closed"), higher_gates),
    "a term that begins earlier ends earlier": ("scores", restored("list_term", "list_resets"), heavier_points),
    "an officer turns points round": ("scores", judged, more_ghosts),
    "bad acts are written down as good ones": ("everything", misread_as_good, more_ghosts),
    "a sanction by a shorter way is over sooner": ("scores", restored("joint_off"), wider_sanctions),
    "a shorter way where the end is not lost": ("scores", restored("joint_lost"), wider_sanctions),
    "another rate of ghosts, another day for each": ("scores", restored(), twice_the_ghosts),
}


@pytest.mark.skipif(not compiled(), reason="looks at many hamlets until it has found somebody")
@pytest.mark.parametrize("why", BREAKS)
def test_where_more_opens_a_gate(why: str) -> None:
    """P4: for each thing that breaks the order there is somebody for whom it is broken; the last three, by a rule and not by a record."""
    style, broken, change = BREAKS[why]
    tries = (ground(broken(at_once(one_way(style, seed)), book(style, seed)), seed) for seed in TRIES)
    hold(order.broken_for_somebody(why, tries, change))


def short_memory(keep: float) -> Rulebook:
    """Most people have a record of their own at most times, and a few a ghost."""
    return blacklist(1000, term=keep, ceiling=4 / YEAR, ghost=0.5 / YEAR, pair_world=[0])


def test_days_wrongful_can_rise_when_memory_is_shortened() -> None:
    """P4: the twin is freed too, and what it is freed of is then wrongful. Beside the twin of the long memory the days fall."""
    folk = people(150)
    long, short = (ground(short_memory(keep), people=folk) for keep in (365.0, 90.0))
    assert sum_of(short.columns, "people wrongful_days.D~A.*") > 2 * sum_of(long.columns, "people wrongful_days.D~A.*") > 0
    assert sum_of(short.columns, "people closed_days.D.*") < sum_of(long.columns, "people closed_days.D.*")
    hold(order.twin_is_freed(long, short))


# --- the word monotone ----------------------------------------------------------------------------------------------------------


def misread_under_strain(data: Data) -> None:
    """Bad acts that strain brings are at times written down as help."""
    data["conduct"]["late_fee"] |= {"strain": 2, "ceiling": None}
    data["sources"]["archive"].pop("namesakes")
    data["sources"]["archive"]["records"]["late_fee"]["misread"] = {"helping": 0.3}


def judged_with_discretion(data: Data) -> None:
    """To some officers a case is worth nothing, and then they add points."""
    data["score"] |= {"leniency": 1, "discretion": {"late_fee": 5}}


def deterred_from_what_is_misread(data: Data) -> None:
    """People leave off what is lawful and was at times written down as a late fee."""
    data["conduct"]["petition"] = {"sign": "lawful", "rate": "1 per year", "deterred": 1}
    data["sources"]["archive"].pop("namesakes")
    data["sources"]["archive"]["records"]["petition"] = {"detect": 1, "misread": {"late_fee": 0.5}}
    data["behaviour"] = {"belief": 0.5, "learning": "2 per year"}


@pytest.mark.parametrize("change", [misread_under_strain, judged_with_discretion, deterred_from_what_is_misread])
def test_no_design_is_called_monotone_that_is_not(change: Callable[[Data], None]) -> None:
    """The tag: what `BREAKS` shows of a record, the scenario's reasons name."""
    assert monotone(load(SMALL)) == (True, [])
    data = deepcopy(dump(load(SMALL)))
    change(data)
    holds, reasons = monotone(completed(Scenario.model_validate(data)))
    assert not holds
    assert reasons
