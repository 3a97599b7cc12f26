"""The compiled engine against the plain one: every column of every table, to the last unit, on townships that exercise everything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from counterlife.layout import Keep, Link, Place, Populace, Rulebook, Scope, soft_gates
from counterlife.township.draws import address, gamma
from counterlife.township.people import make
from counterlife.township.sheet import columns
from counterlife.township.township import live_people

from .books import LABELS, PEOPLE, STYLES, book, folk
from .plain import Township, live
from .plain_compare import compare
from .plain_tallies import Names, tally
from .test_plain_chance import busy, families
from .tiny import NAMES, PLACE, populace


def lived(rules: Rulebook, people: Any, names: Populace, place: Place, seed: int) -> Township:
    """The township as the plain engine lives it."""
    own = None
    if rules.own_shape.any():
        at = address(place, seed, 0)
        shapes = zip(rules.stream, rules.own_shape, strict=True)
        own = np.array([[gamma(at, i, stream, shape) if shape > 0 else 1.0 for i in range(people.size)] for stream, shape in shapes]).T
    return live(rules, names, place, people, seed, 0, own)


def differences(rules: Rulebook, people: Any, names: Populace, place: Place, seed: int, labels: Names) -> list[str]:
    """What the engine and the plain engine count differently, in words."""
    return beside(lived(rules, people, names, place, seed), names, place, seed, labels)


def beside(town: Township, names: Populace, place: Place, seed: int, labels: Names) -> list[str]:
    """What the engine counts differently from a township that the plain engine has lived, in words."""
    rules, plain = town.rulebook, tally(town, labels)
    pairs = [(labels.worlds[w], labels.worlds[v]) for w, v in zip(rules.pair_world, rules.pair_versus, strict=True)]
    soft = [labels.domains[d] for d in soft_gates(rules)]
    counted = live_people(town.people, place, rules, names, seed, 0)
    found: list[str] = compare(counted._asdict(), columns(labels.worlds, pairs, labels.domains, soft), plain)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_busy_township(seed: int) -> None:
    """Strain without namesakes: delays, settlement, ghosts, score lists, joint sanctions, ages, parents, but-for lives."""
    rules = busy()._replace(link=np.zeros(3, np.int64))
    names = populace(120, names=8, holders=500)
    assert differences(rules, families(120), names, PLACE, seed, NAMES) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_busy_township_with_namesakes(seed: int) -> None:
    """Namesakes of both modes and scopes without strain."""
    rules = busy()._replace(strain=np.ones(2))
    names = populace(120, names=8, holders=500)
    people = families(120)
    people["namesakes"] = 500 / 8
    assert (rules.link == [Link.ASSIGN_ONE, Link.PAIRWISE, Link.NONE]).all()
    assert differences(rules, people, names, PLACE, seed, NAMES) == []


MET = [("everything", 3), ("everything", 6), ("redress", 4)]  # seeds by which the two were once found to differ


@pytest.mark.parametrize("seed", range(2))
def test_a_cohort_that_is_cut_short_has_no_holders_elsewhere(seed: int) -> None:
    """Three people of a name that seven would share, in a source whose scope is the country. Found by a drawn scenario: the plain engine
    had the other four live elsewhere.
    """
    rules, people = busy()._replace(strain=np.ones(2), link_scope=np.full(3, Scope.COUNTRY)), families(24)
    people["surname"], people["given"], people["namesakes"] = np.arange(24) // 7, 0, 0.0
    names = populace(24, name_cohort=7, holders=500)
    assert names.name_cohort > int((people["surname"] == people["surname"][-1]).sum()) > 1
    assert differences(rules, people, names, PLACE, seed, NAMES) == []


# in the first of them two namesakes learn of copies of one record at times that differ by a rounding, and an office decides who comes first
SEEDS = {"everything and friends": range(1, 4)}


@pytest.mark.parametrize(("style", "seed"), [*((style, seed) for style in sorted(STYLES) for seed in SEEDS.get(style, range(3))), *MET])
def test_a_random_book(style: str, seed: int) -> None:
    """Every family of mechanisms alone and all of them at once."""
    assert differences(book(style, seed), folk(seed), populace(PEOPLE, names=8, holders=500), PLACE, seed, LABELS) == []


@pytest.mark.parametrize("seed", range(3))
def test_without_staleness_no_record_is_stale(seed: int) -> None:
    """A further score keeps points from the settlement on, the first one from the record: what acts past the settlement in the accurate
    world acts by the rules. Found by a drawn scenario: the engine called it stale.
    """
    rules = book("scores", seed)
    laws = np.full_like(rules.keep_law, Keep.ENTRY)
    laws[:, 1] = Keep.SETTLEMENT
    rules, names = rules._replace(keep_law=laws), populace(PEOPLE, names=8, holders=500)
    town = lived(rules, folk(seed), names, PLACE, seed)
    past = [record for life in town.lives[1] for record in life.records if record.filing.settle < record.until]
    assert len(past) > 5
    assert not any(record.overstays for record in past)
    assert beside(town, names, PLACE, seed, LABELS) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_record_that_has_yet_to_reach_a_score_has_not_ended(seed: int) -> None:
    """What is on its way to a score when the period ends acts on it after the end, as in a longer run: the record is open. Found by a drawn
    scenario: the engine let it end with the last score that it had acted on.
    """
    rules, names = book("scores", seed), populace(PEOPLE, names=8, holders=500)
    days, keep = rules.copy_days.copy(), np.minimum(rules.keep, 150.0)
    days[:, 2], keep[:, 2] = 400.0, 500.0
    laws = np.full_like(rules.keep_law, Keep.ENTRY)
    rules = rules._replace(copy_days=days, keep=keep, keep_law=laws, ledger=np.zeros_like(rules.ledger), back=np.zeros_like(rules.back))
    town = lived(rules, folk(seed), names, PLACE, seed)
    late = [
        record for life in town.lives[0] for record in life.records if record.holds and 600 < record.entry < 850 and not record.corrected
    ]
    assert len(late) > 5
    assert beside(town, names, PLACE, seed, LABELS) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_record_that_never_acts_ends_as_it_comes(seed: int) -> None:
    """It is earned back on the day on which it comes on file, after a stage has begun. Found by a drawn scenario: the engine let it end on
    the first day of the stage, before it came.
    """
    rules, names, people = book("stages", seed), populace(18, names=8, holders=500), folk(seed)[:18]
    rules = rules._replace(repair=np.full_like(rules.repair, 0.7), repair_days=np.zeros_like(rules.repair_days))
    town = lived(rules, people, names, PLACE, seed)
    never = [record for life in town.lives[0] for record in life.records if record.until == record.entry]
    assert len(never) > 5
    assert beside(town, names, PLACE, seed, LABELS) == []


@pytest.mark.parametrize("seed", range(2))
def test_whether_a_record_is_stale_is_for_the_rules_under_which_it_acted(seed: int) -> None:
    """A pilot keeps points from the settlement on, and the rules after it from the record. Found by a drawn scenario: the engine asked the
    rules of the last stage about records that had ended with the pilot.
    """
    rules, names, people = book("stages", seed), populace(18, names=8, holders=500), folk(seed)[:18]
    laws = np.full_like(rules.keep_law, Keep.ENTRY)
    laws[1] = Keep.SETTLEMENT
    town = lived(rules._replace(keep_law=laws), people, names, PLACE, seed)
    pilot = [record for life in town.lives[0] for record in life.records if record.filing.settle < record.until == 400.0]
    assert len(pilot) > 1
    assert not all(record.overstays for record in pilot)
    assert beside(town, names, PLACE, seed, LABELS) == []


def test_a_township_of_the_article() -> None:
    """The shipped scenario, on people made for it."""
    from counterlife.scenario.compile import compile as compiled
    from counterlife.scenario.load import load

    scenario = compiled(load("article-score", ["population.township=2500"]))
    place = Place(3, int(scenario.region_numbers[3]), 0)
    people = make(address(place, 1, 0), scenario.populace, 3, scenario.rulebook.frailty_shape)
    labels = Names(scenario.names.worlds, scenario.names.domains)
    assert differences(scenario.rulebook, people, scenario.populace, place, 1, labels) == []
