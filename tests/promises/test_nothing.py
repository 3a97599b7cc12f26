"""What changes nothing moves nothing: P11, P18, P20, P22 and P25 of the method, for every mechanism.

Whatever is added without effect (a class that nobody is, an office that nobody turns to, an attack that touches nothing), all numbers that
were there before stay as they were, to the last unit: nobody's luck depends on what else a scenario holds.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import cache

import numpy as np
import pytest
from lived import Columns, Data, moved, total, variant
from oracle.books import book

from counterlife.layout import Rulebook
from counterlife.township.jit import compiled
from counterlife.verify.promises import nothing

from .country import PEOPLE, PILOTS, lived_in
from .hamlet import SEEDS, count, different, ground, hold, sum_of

Change = Callable[[Data], object]


# --- P11: what is added to the whole system -------------------------------------------------------------------------------------


def class_that_never_happens(data: Data) -> None:
    """In front of the others: noticed, misread, inflated, punished, listed; and it would answer to everything."""
    burst = {"adds": 0.2, "fades": "9 days", "at_most": 2}
    data["conduct"] = {"whistling": {"sign": "bad", "rate": "0 per year", "strain": 2, "deterred": 0.5, "burst": burst}} | data["conduct"]
    recording = {"detect": 0.8, "misread": {"unpaid_bill": 0.5}, "inflated": {"share": 0.5, "by": 3}}
    data["sources"]["utilities"]["records"]["whistling"] = recording
    data["score"]["points"]["whistling"] = -500
    data["lists"]["defaulters"]["on"]["whistling"] = 1


def source_that_sees_nothing(data: Data) -> None:
    """It would misread all that it records, and ask a procedure first."""
    recording = {name: {"detect": 0, "procedure": {"share": {"wrong": 0.5}}} for name in data["conduct"]}
    recording["smoking"]["misread"] = {"littering": 0.5}
    data["sources"]["blind_office"] = {"records": recording, "staleness": {"updated": 0.5, "after": "9 days"}}


def gate_without_a_mark(data: Data) -> None:
    """In front of the others: people apply, and are let in."""
    data["gates"] = {"cinema": {"applications": "9 per year"}} | data["gates"]


def safeguard_without_effect(data: Data) -> None:
    """In front of the others: what it sets is so already."""
    data["safeguards"] = {"same": {"set": {"redress.take_up": data["redress"]["take_up"]["value"]}}} | data["safeguards"]


def threats_of_nothing(data: Data) -> None:
    """In front of the others: false records at the rate 0, no record held back."""
    where = {"records": {"court": ["unpaid_judgment"], "tax_office": ["tax_arrears"]}, "from": "2020-02-01", "until": "2024-01-01"}
    found = {"found": 0.5, "found_after": "9 days"}
    idle = {"nobody": {"kind": "insert", "rate": "0 per year", **where, **found}, "idler": {"kind": "suppress", "share": 0, **where}}
    data["threats"] = idle | data["threats"]


def score_that_no_gate_looks_at(data: Data) -> None:
    """With points, noise and traits of its own; it forgets sooner than the public score, so it keeps no record on file longer."""
    judged = {"severity": 0.3, "leniency": 0.2, "discretion": {"traffic_offence": 2}, "proxy": {"spread": 20, "validity": 0.1}}
    data["scores"] = {
        "idle": {"start": 10, "lowest": -100, "highest": 50, "points": {"traffic_offence": -5}, "keep": "30 days", **judged}
    } | data["scores"]


def stage_with_the_rules_before_it(data: Data) -> None:
    """Two years after the consolidation, for everybody, with the same look back."""
    data["rollout"].append({"name": "again", "from": "2022-01-01", "look_back": data["rollout"][-1]["look_back"]})
    data["safeguards"]["purge_at_consolidation"]["set"]["rollout.again.look_back"] = "0 days"


ADDED: list[Change] = [
    class_that_never_happens,
    source_that_sees_nothing,
    gate_without_a_mark,
    safeguard_without_effect,
    threats_of_nothing,
    score_that_no_gate_looks_at,
    stage_with_the_rules_before_it,
]
ALIKE = (threats_of_nothing, score_that_no_gate_looks_at, stage_with_the_rules_before_it)  # these have no columns of their own


@cache
def whole() -> Columns:
    """The whole system of the article, in two of the regions with a pilot."""
    return lived_in(variant("article", people=PEOPLE))


@pytest.mark.parametrize("addition", ADDED, ids=lambda one: one.__name__)
def test_what_is_added_without_effect_moves_nothing(addition: Change) -> None:
    """P11: in any world. Which source of a class is its first and its second is told anew where there is one more.

    A stage more has 90 days on either side of its own; and where a world's rules for the stage before it differ, it ends them.
    """
    before, after = whole(), lived_in(variant("article", addition, people=PEOPLE))
    assert total(before, "people wrongful_days.designed~accurate.*") > 0
    assert total(before, "people wrongful_days.attacked~designed.*") > 0 or not compiled()
    assert len(after) == len(before) if addition in ALIKE else len(after) > len(before)
    told_anew = ("classes * first.*", "classes * second.*", "classes * both.*") if addition is source_that_sees_nothing else ()
    if addition is stage_with_the_rules_before_it:
        told_anew = ("stages *", "* *.national without * records*")
    assert [name for name in moved(before, after) if not any(fnmatchcase(name, pattern) for pattern in told_anew)] == []


def test_a_safeguard_without_effect_leaves_the_system_as_it_is() -> None:
    """P11: its worlds are the system's."""
    found = lived_in(variant("article", safeguard_without_effect, people=PEOPLE))
    same = [name for name in found if ".same" in name and "~" not in name]
    assert len(same) > 100
    for name in same:
        twin = name.replace(".same accurate", ".accurate").replace(".same", ".designed")
        assert np.array_equal(found[name], found[twin]), name
    assert total(found, "people wrongful_days.same~designed.*") == total(found, "people lenient_days.same~designed.*") == 0


def test_conduct_of_ones_own_is_what_it_is_without_a_word() -> None:
    """`conduct: own`: the world that lived the conduct of another is the system as designed."""

    def own(data: Data) -> None:
        data["worlds"]["mediated"]["conduct"] = "own"

    found = lived_in(variant("article", own, people=PEOPLE))
    for name in (name for name in found if ".mediated" in name and "~" not in name):
        assert np.array_equal(found[name], found[name.replace(".mediated", ".designed")]), name
    borrowed = whole()
    events = ("classes unpaid_bill events.designed", "classes unpaid_bill events.mediated")
    assert total(found, events[0]) == total(found, events[1]) == total(borrowed, events[0])
    assert total(borrowed, events[0]) != total(borrowed, events[1]) or not compiled()


def every_part_at_rest(data: Data) -> None:
    """Every part of the language that the article can do without, with the value that means nothing."""
    for one in data["conduct"].values():
        one |= {"strain": 1, "deterred": 0, "near_gate": {"factor": 1, "within": 20}}
        one |= {"burst": {"adds": 0, "fades": "1 day", "at_most": 1}}
    for source in data["sources"].values():
        for name, recording in source["records"].items():
            others = [other for other in source["records"] if other != name]
            recording |= {"misread": dict.fromkeys(others, 0), "inflated": {"share": 0, "by": 2}}
    data["behaviour"] = {"belief": 0.5, "learning": "2 per year", "reacts": 0.5}  # people believe, but nothing deters them
    at_once = {"fixed": "0 days"}
    data["score"] |= {"severity": 0, "leniency": 0, "discretion": dict.fromkeys(data["score"]["points"], 0), "keep_from": "record"}
    data["score"]["copies"] = {"arrive": at_once, "remove": at_once, "lost": 0, "returns": 0}
    data["repair"] = {name: {"share": 0, "after": "9 days"} for name in data["score"]["points"]}
    data["joint"] |= {"lost": 0, "at_most": len(data["gates"])}


def test_a_mechanism_that_is_at_rest_is_as_good_as_none() -> None:
    """P11: switching parts on with the values that mean nothing changes no number of the article."""
    before = lived_in(variant("article-score", people=PEOPLE))
    after = lived_in(variant("article-score", every_part_at_rest, people=PEOPLE))
    assert total(before, "people wrongful_days.designed~accurate.*") > 0
    assert before.keys() == after.keys()
    assert moved(before, after) == []


# --- P20: the same rules everywhere ---------------------------------------------------------------------------------------------


def test_where_all_regions_have_the_same_rules_there_is_no_rollout() -> None:
    """P20: three stages by region, all there on the first day and none with rules of its own."""

    def in_three_parts(data: Data) -> None:
        regions, start = list(variant("article-score", people=PEOPLE).names.regions), data["period"]["start"]
        parts = [regions[:9], regions[9:20], regions[20:]]
        data["rollout"] = [{"name": f"part_{n}", "from": start, "regions": part} for n, part in enumerate(parts)]

    def one_region_later(data: Data) -> None:
        data["rollout"] = [{"name": "late", "from": "2024-01-01"}]

    places = (*PILOTS, "Beijing")
    before, after = (lived_in(variant("article-score", change, people=PEOPLE), places) for change in (lambda data: None, in_three_parts))
    assert total(before, "people closed_days.designed.*") > 1000
    assert before.keys() == after.keys()
    assert moved(before, after) == []
    assert moved(before, lived_in(variant("article-score", one_region_later, people=PEOPLE), places)) != []


# --- P18: appeals that nobody makes or decides ----------------------------------------------------------------------------------

REDRESS = ["redress", "threats", "stages"] if compiled() else ["redress"]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", REDRESS)
def test_where_nobody_appeals_it_is_as_if_nobody_could(style: str, seed: int) -> None:
    """P18: take-up 0. People still learn of records; nothing else is different."""
    town = ground(book(style, seed), seed)
    hold(nothing.nobody_appeals(town))
    silent = town.under(town.rules._replace(take_up=np.zeros_like(town.rules.take_up)))
    assert sum_of(town.columns, "people closed_days.D.*") < sum_of(silent.columns, "people closed_days.D.*")


@pytest.mark.parametrize("seed", SEEDS)
def test_an_office_that_never_decides_is_as_good_as_none(seed: int) -> None:
    """P18: everybody who appeals waits to the end, and is shut out on the same days."""
    town = ground(book("office", seed), seed)
    hold(nothing.nobody_decides(town))
    assert sum_of(town.columns, "people decided.D") > 10


# --- P22: attacks that touch nothing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("change", [nothing.nothing_in_the_window, nothing.nobody_touched])
def test_under_an_attack_that_touches_nothing_all_is_as_designed(change: Callable[[Rulebook], Rulebook], seed: int) -> None:
    """P22: the world under attack (D here) and the one that is not (M here) are one."""
    rules = book("threats", seed)
    hold(nothing.idle_attack(ground(rules, seed), change(rules)))


# --- P25: conduct that is lived again -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_conduct_that_is_lived_again_is_the_same_conduct(seed: int) -> None:
    """P25: two worlds with the conduct of A are one (M and N here), and one with accurate records besides (L here) is A."""
    hold(nothing.lived_again(ground(book("weary redress", seed), seed)))


# --- belief ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_belief_that_never_moves_is_none(seed: int) -> None:
    """Who believes nothing and never learns is not deterred; who always believes alike does so much less, wherever there are rules."""
    rules = book("conduct", seed)
    fearless = rules._replace(belief=0.0, belief_rate=0.0)
    undeterred = rules._replace(deter=np.zeros_like(rules.deter))
    assert different(count(fearless, seed), count(undeterred, seed)) == []
    steady = rules._replace(belief=0.4, belief_rate=0.0, reacts=1.0)
    rarer = undeterred._replace(accept=rules.accept * np.exp(-rules.deter * 0.4))
    apart = different(count(steady, seed), count(rarer, seed))  # what people expect to do is said at ease, so its classes are others
    assert [name for name in apart if not name.endswith("events.N") and not name.startswith("latent ")] == []
    assert {len(different(count(rules, seed), count(one, seed))) > 100 for one in (fearless, steady)} == {True}
