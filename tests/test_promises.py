"""What can never break, in sentences. The numbers (P1 to P26) are those of the method; what needs a study to be run is promised beside
the study.

A promise that holds because nothing happens is worth nothing, so each also asserts that something did. `test_mutations.py` breaks the
engine and expects promises to fail.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from lived import PEOPLE, SMALL, Columns, Data, by_name, lived, place, some_places, total, variant
from oracle.test_plain_chance import busy, families
from oracle.tiny import PLACE, populace
from promises.hamlet import hold

from counterlife.layout import Link, Origin, Rulebook
from counterlife.scenario.compile import Compiled
from counterlife.township.draws import address
from counterlife.township.jit import compiled
from counterlife.township.people import make
from counterlife.township.sheet import Tally, add
from counterlife.township.township import live_people
from counterlife.verify.promises import additions, books, nested, nothing, size
from counterlife.verify.promises.ground import Ground


def grounds(town: Compiled) -> list[Ground]:
    """A township in each of the first regions."""
    return size.grounds(town, some_places(town))


def without_restrictions(data: Data) -> None:
    """No list, no joint sanction, no gate that looks at the score."""
    data["lists"] = {}
    data.pop("joint")
    for gate in data["gates"].values():
        gate.pop("opens_at", None)
    for world in data["worlds"].values():
        world.pop("set", None)


# --- P1: nothing wrong on file, nothing wrong in a life -------------------------------------------------------------------------


def test_without_errors_all_worlds_with_the_system_are_one() -> None:
    """P1."""
    for ground in grounds(variant("article-score")):
        hold(*(nothing.one_world(ground, world, "accurate", "none") for world in ("designed", "pruned")))
        assert total(ground.under(nothing.without_errors(ground.rules)).columns, "people records_out.designed") > 10


@pytest.mark.parametrize("name", ["w0", SMALL], ids=["w0", "small"])
def test_without_restrictions_people_do_what_they_would_do_without_a_system(name: str) -> None:
    """P1."""
    free, bound = lived(variant(name, without_restrictions)), lived(variant(name))
    assert total(free, "people closed_any_days.designed") == 0
    assert total(free, "people records_in.designed") > 100

    def events(found: Columns, world: str) -> dict[str, int]:
        return {
            column.split()[1]: int(number[0])
            for column, number in found.items()
            if column.startswith("channels") and column.endswith(f" events.{world}")
        }

    assert events(free, "designed") == events(free, "none") == events(bound, "none")
    assert events(bound, "designed") != events(bound, "none")  # the strain is felt


def test_without_a_system_nobody_is_restricted() -> None:
    hold(*(nothing.nobody_restricted(ground, "none") for ground in grounds(variant("article-score"))))


# --- P2 and P15: the books balance ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["article-score", SMALL, "w0", "dutch"], ids=["article-score", "small", "w0", "dutch"])
def town(request: pytest.FixtureRequest) -> list[Ground]:
    """Some townships of a scenario."""
    return grounds(variant(request.param))


def test_the_difference_of_two_worlds_is_wrongful_less_lenient(town: list[Ground]) -> None:
    """P2: D - N = (D - A) + (A - N), in every group and domain, for every three worlds."""
    hold(*(books.differences(ground) for ground in town))


def test_days_are_the_lengths_of_spells_and_what_begins_ends_or_goes_on(town: list[Ground]) -> None:
    """P15."""
    hold(*(books.accounts(ground, least=1) for ground in town))
    for whole in (ground.under(books.every_pair(ground.rules)) for ground in town):
        assert np.array_equal(whole.columns["people spell_days.designed~none"], whole.columns["people closed_any_days.designed"])


# --- P6, P8, P9: size, order and addition ---------------------------------------------------------------------------------------


def test_a_larger_run_leaves_the_first_townships_as_they_were() -> None:
    """P6."""
    hold(size.larger_run(variant("article-score"), 31, 80, lambda place: place.row < 3))


def test_the_order_in_which_townships_are_lived_does_not_matter() -> None:
    """P8."""
    town = variant("article-score")
    hold(size.any_order(grounds(town), lambda: grounds(town)))


@pytest.mark.parametrize("name", ["article-score", SMALL], ids=["article-score", "small"])
def test_the_order_of_the_worlds_does_not_matter(name: str) -> None:
    """P8."""

    pairs = zip(grounds(variant(name)), grounds(variant(name, size.backwards)), strict=True)
    hold(*(size.worlds_reordered(*pair) for pair in pairs))


@pytest.mark.parametrize("dropped", ["none", "accurate", "pruned"])
def test_a_world_less_leaves_the_others_as_they_were(dropped: str) -> None:
    """P8."""

    pairs = zip(grounds(variant("article-score", size.without_world(dropped))), grounds(variant("article-score")), strict=True)
    hold(*(size.world_dropped(*pair) for pair in pairs))


def tallies() -> st.SearchStrategy[Tally]:
    """Tallies of any whole numbers whose sums fit."""
    table = arrays(np.int64, (3, 2), elements=st.integers(-(2**60), 2**60))
    return st.builds(Tally, *[table] * len(Tally._fields))


def same(one: Tally, two: Tally) -> bool:
    """True where every number is equal."""
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@given(tallies(), tallies(), tallies())
def test_tallies_can_be_added_in_any_order(one: Tally, two: Tally, three: Tally) -> None:
    """P9."""
    hold(books.additions((one, two, three), 0, least=0))
    assert same(add(one, one), one) == (not any(table.any() for table in one))


# --- P11: what changes nothing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("addition", additions.ADDITIONS, ids=additions.said)
def test_what_changes_nothing_moves_nothing(addition: additions.Change) -> None:
    """P11."""
    before, after = lived(variant("article-score")), lived(variant("article-score", addition))
    assert total(before, "people wrongful_days.designed~accurate.*") > 0
    hold(additions.nothing_moves(before, after, addition, 0))


def test_a_world_with_equal_rules_is_lived_alike() -> None:
    """P11: and nobody is harmed beside it."""
    found = lived(variant("article-score", additions.add_world_that_changes_nothing))
    for name, column in found.items():
        if "marked_twin" in name:  # people with a wrong record who are shut out in the other world too
            continue
        if "as_before~designed" in name:
            assert not column.any(), name
        elif ".as_before" in name:
            assert np.array_equal(column, found[name.replace(".as_before", ".designed")]), name


# --- P12: sweeps are nested -----------------------------------------------------------------------------------------------------


def test_more_events_come_to_those_that_are_there() -> None:
    """P12: the rate of a class, under a fixed ceiling; every event is recorded."""

    def at_rate(rate: float) -> Compiled:
        def change(data: Data) -> None:
            data["conduct"]["traffic_offence"] |= {"rate": f"{rate} per year", "ceiling": "1 per year"}
            data["sources"]["traffic_police"]["records"]["traffic_offence"] = {"detect": 1}

        return variant("article-score", change)

    hold(nested.nested("rates", [Ground.of(at_rate(rate)) for rate in (0.1, 0.3, 0.5, 1.0)], [Origin.OWN]))


def test_more_records_come_to_those_that_are_there() -> None:
    """P12: the probability of detection."""

    def at_detection(detect: float) -> Compiled:
        def change(data: Data) -> None:
            for source in data["sources"].values():
                for recording in source["records"].values():
                    recording.pop("detect_by", None)
                    recording["detect"] = detect

        return variant("article-score", change)

    every = [Origin.OWN, Origin.GARBLED, Origin.STRAY]
    hold(nested.nested("detection", [Ground.of(at_detection(detect)) for detect in (0.05, 0.2, 0.8, 1.0)], every))


@pytest.mark.parametrize("scope", ["township", "country"])
@pytest.mark.parametrize(("mode", "origin"), [("assign one", Origin.GARBLED), ("assign one", Origin.STRAY), ("pairwise", Origin.STRAY)])
def test_more_records_go_astray_and_none_comes_back(mode: str, origin: Origin, scope: str) -> None:
    """P12: the share of records without an identifier; ten people share a name."""

    def at_share(share: float) -> Compiled:
        def change(data: Data) -> None:
            data["population"]["name_cohort"] = 10
            for source in data["sources"].values():
                source["namesakes"] = {"share": share, "mode": mode, "scope": scope}

        return variant("article-score", change)

    several = [Ground.of(at_share(share)) for share in (0.0, 0.05, 0.3, 1.0)]
    assert nested.on_tape(several[0], origin) == {}
    hold(nested.nested("share", several, [origin]))


# --- P14: a record that is filed elsewhere is somebody's ------------------------------------------------------------------------


def test_assigning_records_to_one_namesake_makes_none_and_loses_none() -> None:
    """P14: everybody can have every record, whatever their age, and sources hear of settlements at once."""
    town = variant("article-score", lambda data: data["population"].update(name_cohort=10))
    for ground in grounds(town):
        hold(books.conserved(ground, "designed", "accurate"))
        found = ground.under(books.given_to_one(ground.rules)).columns
        for channel in map("/".join, town.names.channels):
            assert np.array_equal(found[f"channels {channel} right.designed"], found[f"channels {channel} right.pruned"])


# --- P26: a life that is told is the life that was counted ----------------------------------------------------------------------


def test_lives_told_one_by_one_add_up_to_the_tally() -> None:
    """P26: days closed, domain by domain, of everybody in each world."""
    hold(books.told_as_counted(Ground.of(variant("article-score"))))


# --- one person is exempted -----------------------------------------------------------------------------------------------------


def everyday(**changes: Any) -> Rulebook:
    """The busy rule book of the plain engine's tests, with everybody's rates in proportion to their frailty."""
    return busy()._replace(frail=np.ones(2, np.int64), **changes)


def changed_lives(rules: Rulebook, people: Any) -> dict[int, set[int]]:
    """Whose life is another when one person does nothing; each of 96 people has a cell, and so a row of the tally, of their own."""
    assert sorted(people["cell"]) == list(range(96))

    def rows(folk: Any) -> Any:
        return live_people(folk, PLACE, rules, populace(96, names=8, holders=500), 5, 0).people[people["cell"]]

    before, changed = rows(people), {}
    for person in EXEMPTED:
        idle = people.copy()
        idle["frailty"][person] = 0.0
        changed[person] = set(np.flatnonzero((rows(idle) != before).any(axis=1)).tolist())
    return changed


def children(people: Any, parents: set[int]) -> set[int]:
    """Whose guardian is one of these."""
    mine = np.isin(people["guardian"], list(parents)) | np.isin(people["guardian2"], list(parents))
    return set(np.flatnonzero(mine).tolist())


EXEMPTED = range(0, 96, 7 if compiled() else 21)
NO_LINK = np.zeros(3, np.int64)


def test_exempting_a_person_changes_no_other_life() -> None:
    """Without namesakes and without gates that look at parents."""
    changed = changed_lives(everyday(link=NO_LINK, child_domain=np.zeros(4, np.int64)), families(96))
    assert all(lives <= {person} for person, lives in changed.items())
    assert sum(map(len, changed.values())) > len(EXEMPTED) / 2


def test_exempting_a_parent_changes_only_the_children() -> None:
    """Without namesakes: a parent's record shuts the school to the children, and nothing else."""
    people = families(96)
    changed = changed_lives(everyday(link=NO_LINK), people)
    assert all(lives <= {person} | children(people, {person}) for person, lives in changed.items())
    assert any(lives - {person} for person, lives in changed.items())


def test_exempting_a_person_changes_only_namesakes_and_their_children() -> None:
    rules, people = everyday(strain=np.ones(2)), families(96)
    people["namesakes"] = 500 / 8
    assert set(rules.link.tolist()) > {Link.NONE}
    changed = changed_lives(rules, people)
    for person, lives in changed.items():
        namesakes = set(np.flatnonzero(people["surname"] == people["surname"][person]).tolist())
        assert len(namesakes) < 96 / 4
        assert lives <= namesakes | children(people, namesakes)
    assert any(lives - {person} - children(people, {person}) for person, lives in changed.items())


def test_a_person_without_conduct_has_no_record_of_their_own() -> None:
    """What the exemption means, on a township of the article: nobody does anything, so only others elsewhere and mistakes are on file."""
    town = variant("article-score", lambda data: [one.update(frail=True) for one in data["conduct"].values()])
    where = place(town)
    people = make(address(where, 1, 0), town.populace, where.row, town.rulebook.frailty_shape)
    assert people.size == PEOPLE
    people["frailty"] = 0.0
    found = by_name(town, live_people(people, where, town.rulebook, town.populace, 1, 0))
    assert total(found, "people records_in.accurate") == 0
    assert total(found, "people records.designed.right") == 0
    assert total(found, "people records.designed.ghost") > 0
