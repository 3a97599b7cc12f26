"""What can never break, in sentences. The numbers (P1 to P26) are those of the method; what needs a study to be run is promised beside
the study.

A promise that holds because nothing happens is worth nothing, so each also asserts that something did. `test_mutations.py` breaks the
engine and expects promises to fail.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from lived import PEOPLE, SMALL, Columns, Data, by_name, live, lived, moved, place, some_places, total, variant
from oracle.test_plain_chance import busy, families
from oracle.tiny import PLACE, populace

from counterlife.layout import Link, Origin, Rulebook
from counterlife.scenario.allotment import places
from counterlife.scenario.compile import Compiled
from counterlife.township.book import bind
from counterlife.township.draws import address
from counterlife.township.jit import compiled
from counterlife.township.people import make
from counterlife.township.records import write
from counterlife.township.sheet import Tally, add
from counterlife.township.township import live_people
from counterlife.township.trace import settle, trace


def without_errors(data: Data) -> None:
    """No ghosts, no namesakes, and sources hear of settlements at once."""
    for source in data["sources"].values():
        source.pop("namesakes", None)
        source.pop("staleness", None)
        for recording in source["records"].values():
            recording.pop("ghosts", None)


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
    found = lived(variant("article", without_errors))
    assert total(found, "people wrongful_days.accurate~none.*") > 1000
    assert total(found, "people records_out.designed") > 100
    for name, column in found.items():
        if ".accurate" in name and "~" not in name:
            for other in ("pruned", "designed"):
                assert np.array_equal(column, found[name.replace(".accurate", f".{other}")]), (name, other)
        if ".accurate~none" in name:
            assert np.array_equal(column, found[name.replace(".accurate~none", ".designed~none")]), name
        if "designed~accurate" in name or "designed~pruned" in name:
            assert not column.any(), name


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
    found = lived(variant("article"))
    lives = [name for name in found if name.startswith("people ") and ".none" in name]
    assert len(lives) > 20
    assert not any(found[name].any() for name in lives)


# --- P2 and P15: the books balance ----------------------------------------------------------------------------------------------


def everything_compared(data: Data) -> None:
    """All ordered pairs of worlds are compared."""
    data["compare"] = [[one, two] for one in data["worlds"] for two in data["worlds"] if one != two]


@pytest.fixture(scope="module", params=["article", SMALL, "w0", "dutch"], ids=["article", "small", "w0", "dutch"])
def books(request: pytest.FixtureRequest) -> tuple[Compiled, Columns]:
    """A scenario with all its worlds compared, and what some townships left."""
    town = variant(request.param, everything_compared)
    return town, lived(town)


def test_the_difference_of_two_worlds_is_wrongful_less_lenient(books: tuple[Compiled, Columns]) -> None:
    """P2: D - N = (D - A) + (A - N), in every group and domain, for every three worlds."""
    town, found = books
    worlds, harm = town.names.worlds, {}
    for d in town.names.domains:
        for w, v in town.names.pairs:
            harm[w, v] = found[f"people wrongful_days.{w}~{v}.{d}"] - found[f"people lenient_days.{w}~{v}.{d}"]
            assert np.array_equal(harm[w, v], found[f"people closed_days.{w}.{d}"] - found[f"people closed_days.{v}.{d}"])
            assert np.array_equal(found[f"people wrongful_days.{w}~{v}.{d}"], found[f"people lenient_days.{v}~{w}.{d}"])
            in_months = found[f"months wrongful_days.{w}~{v}.{d}"] - found[f"months wrongful_days.{v}~{w}.{d}"]
            assert np.array_equal(in_months, found[f"months closed_days.{w}.{d}"] - found[f"months closed_days.{v}.{d}"])
        for w, v, u in ((w, v, u) for w, v in town.names.pairs for u in worlds if u not in (w, v)):
            assert np.array_equal(harm[w, u], harm[w, v] + harm[v, u])
    assert total(found, "people wrongful_days.designed~none.*") > 1000


def test_days_are_the_lengths_of_spells_and_what_begins_ends_or_goes_on(books: tuple[Compiled, Columns]) -> None:
    """P15."""
    town, found = books
    for w in town.names.worlds:
        assert np.array_equal(found[f"people records_in.{w}"], found[f"people records_out.{w}"] + found[f"people records_open.{w}"])
        kinds = sum(found[f"people records.{w}.{kind}"] for kind in ("right", "ghost", "stray"))
        assert np.array_equal(found[f"people records_in.{w}"], kinds)
        for d in town.names.domains:
            assert np.array_equal(found[f"people entries.{w}.{d}"], found[f"people exits.{w}.{d}"] + found[f"people open_end.{w}.{d}"])
            assert total(found, f"people closed_days.{w}.{d}") == total(found, f"months closed_days.{w}.{d}")
            assert (found[f"people closed_days.{w}.{d}"] <= found[f"people scope_days.{d}"]).all()
        assert total(found, f"people closed_days.{w}.*") == total(found, f"spread days.{w}")
        assert total(found, f"people ever.{w}.1") == total(found, f"spread people.{w}") == total(found, f"months newly_closed.{w}")
        assert total(found, f"people closed_any_days.{w}") == total(found, f"months closed_any_days.{w}")
        for column in ("right", "ghost", "stray", "stale", "lost"):
            assert total(found, f"people records.{w}.{column}") == total(found, f"channels * {column}.{w}")
    for p in (f"{w}~{v}" for w, v in town.names.pairs):
        assert np.array_equal(found[f"people spell_days.{p}"], found[f"people wrongful_any_days.{p}"])
        counted = np.sum([column for name, column in found.items() if name.startswith(f"spells {p}.")], axis=0)
        longest = np.arange(counted.size) * 30
        assert counted.sum() == total(found, f"people spells.{p}")
        assert longest @ counted <= total(found, f"people spell_days.{p}") <= (longest + 29) @ counted
        ended = total(found, f"spells {p}.*") - total(found, f"spells {p}.overtaken") - total(found, f"spells {p}.open")
        assert total(found, f"people cleared.{p}") == ended
    assert np.array_equal(found["people spell_days.designed~none"], found["people closed_any_days.designed"])
    assert total(found, "people exits.designed.*") > 0


# --- P6, P8, P9: size, order and addition ---------------------------------------------------------------------------------------


def test_a_larger_run_leaves_the_first_townships_as_they_were() -> None:
    """P6."""
    town = variant("article")
    few, many = (places(town.region_people.tolist(), town.region_numbers.tolist(), number) for number in (31, 80))
    assert set(few) < set(many)
    before = {one: live(town, one) for one in few if one.row < 3}
    after = {one: live(town, one) for one in many if one.row < 3}
    assert len(after) > len(before)
    for one, tally in before.items():
        assert moved(by_name(town, tally), by_name(town, after[one])) == []


def test_the_order_in_which_townships_are_lived_does_not_matter() -> None:
    """P8."""
    town = variant("article")
    order = some_places(town)
    assert moved(lived(town, order), lived(town, reversed(order))) == []


@pytest.mark.parametrize("name", ["article", SMALL], ids=["article", "small"])
def test_the_order_of_the_worlds_does_not_matter(name: str) -> None:
    """P8."""

    def backwards(data: Data) -> None:
        data["worlds"] = dict(reversed(data["worlds"].items()))
        data["compare"] = data["compare"][::-1]

    town, other = variant(name), variant(name, backwards)
    assert other.names.worlds == town.names.worlds[::-1]
    assert moved(lived(town), lived(other)) == []


@pytest.mark.parametrize("dropped", ["none", "accurate", "pruned"])
def test_a_world_less_leaves_the_others_as_they_were(dropped: str) -> None:
    """P8."""

    def drop(data: Data) -> None:
        del data["worlds"][dropped]
        data["compare"] = [pair for pair in data["compare"] if dropped not in pair]

    fewer = lived(variant("article", drop))
    assert total(fewer, "people closed_days.designed.*") > 1000
    assert moved(fewer, lived(variant("article"))) == []


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
    nothing = Tally(*(np.zeros((3, 2), np.int64) for _ in Tally._fields))
    assert same(add(add(one, two), three), add(one, add(two, three)))
    assert same(add(one, two), add(two, one))
    assert same(add(one, nothing), one)
    assert same(add(one, one), one) == (not any(table.any() for table in one))


# --- P11: what changes nothing --------------------------------------------------------------------------------------------------


def add_class_that_never_happens(data: Data) -> None:
    """A class with rate 0, in front of the others, noticed, punished and listed."""
    data["conduct"] = {"whistling": {"sign": "bad", "rate": "0 per year"}} | data["conduct"]
    data["sources"]["traffic_police"]["records"]["whistling"] = {"detect": 0.8}
    data["score"]["points"]["whistling"] = -500
    data["lists"]["defaulters"]["on"]["whistling"] = 1


def add_gate_without_a_mark(data: Data) -> None:
    """A gate that neither the score nor a list closes."""
    data["gates"] = {"cinema": {"ages": [0, 200]}} | data["gates"]


def add_source_that_sees_nothing(data: Data) -> None:
    """An office in front of the others that looks at everything and notices nothing."""
    namesakes = {"share": 0.5, "mode": "assign one", "scope": "country"}
    data["sources"] = {"blind_office": {"records": {name: {"detect": 0} for name in data["conduct"]}, "namesakes": namesakes}} | data[
        "sources"
    ]


def add_list_that_nobody_is_put_on(data: Data) -> None:
    """A list with the probability 0."""
    data["lists"] = {"empty": {"closes": "loan", "on": {"traffic_offence": 0}}} | data["lists"]


def add_world_that_changes_nothing(data: Data) -> None:
    """A world with the rules that are there already, in front of the others."""
    data["worlds"] = {"again": {"set": {"score.start": 1000, "lists.defaulters.needs": 1}}} | data["worlds"]
    data["compare"] = [["again", "designed"], ["again", "accurate"], *data["compare"]]


@pytest.mark.parametrize(
    "addition",
    [
        add_class_that_never_happens,
        add_gate_without_a_mark,
        add_source_that_sees_nothing,
        add_list_that_nobody_is_put_on,
        add_world_that_changes_nothing,
    ],
    ids=lambda one: one.__name__,
)
def test_what_changes_nothing_moves_nothing(addition: Any) -> None:
    """P11."""
    before, after = lived(variant("article")), lived(variant("article", addition))
    assert total(before, "people wrongful_days.designed~accurate.*") > 0
    assert addition is add_list_that_nobody_is_put_on or len(after) > len(before)
    twice = ("first", "second", "both")  # the first two sources of a class: a source in front of them is another first one
    assert [name for name in moved(before, after) if not (name.startswith("classes") and name.split()[2].startswith(twice))] == []


def test_a_world_with_equal_rules_is_lived_alike() -> None:
    """P11: and nobody is harmed beside it."""
    found = lived(variant("article", add_world_that_changes_nothing))
    for name, column in found.items():
        if "marked_twin" in name:  # people with a wrong record who are shut out in the other world too
            continue
        if "again~designed" in name:
            assert not column.any(), name
        elif ".again" in name:
            assert np.array_equal(column, found[name.replace(".again", ".designed")]), name


# --- P12: sweeps are nested -----------------------------------------------------------------------------------------------------

Cause = tuple[int, str, int]


def on_tape(town: Compiled, *origins: Origin) -> dict[tuple[Cause, int], float]:
    """When what was caused by (person, channel, ordinal) enters the file of whom, for the items of these origins."""
    where = place(town)
    at = address(where, 1, 0)
    people = make(at, town.populace, where.row, town.rulebook.frailty_shape)
    items = write(at, bind(town.rulebook, town.populace), people).items
    chosen = items[np.isin(items["origin"], origins)]
    names = ["/".join(town.names.channels[c]) for c in chosen["channel"]]
    causes = zip(chosen["cause"].tolist(), names, chosen["ordinal"].tolist(), strict=True)
    return dict(zip(zip(causes, chosen["owner"].tolist(), strict=True), chosen["time"].tolist(), strict=True))


def assert_nested(sets: list[dict[tuple[Cause, int], float]]) -> None:
    """Each holds all that the one before it holds, at the same times, and more."""
    for smaller, larger in itertools.pairwise(sets):
        assert smaller.items() < larger.items()
    assert len(sets[0]) > 0


def test_more_events_come_to_those_that_are_there() -> None:
    """P12: the rate of a class, under a fixed ceiling; every event is recorded."""

    def at_rate(rate: float) -> Compiled:
        def change(data: Data) -> None:
            data["conduct"]["traffic_offence"] |= {"rate": f"{rate} per year", "ceiling": "1 per year"}
            data["sources"]["traffic_police"]["records"]["traffic_offence"] = {"detect": 1}

        return variant("article", change)

    assert_nested([on_tape(at_rate(rate), Origin.OWN) for rate in (0.1, 0.3, 0.5, 1.0)])


def test_more_records_come_to_those_that_are_there() -> None:
    """P12: the probability of detection."""

    def at_detection(detect: float) -> Compiled:
        def change(data: Data) -> None:
            for source in data["sources"].values():
                for recording in source["records"].values():
                    recording.pop("detect_by", None)
                    recording["detect"] = detect

        return variant("article", change)

    assert_nested([on_tape(at_detection(detect), Origin.OWN, Origin.GARBLED, Origin.STRAY) for detect in (0.05, 0.2, 0.8, 1.0)])


@pytest.mark.parametrize("scope", ["township", "country"])
@pytest.mark.parametrize(("mode", "origin"), [("assign one", Origin.GARBLED), ("assign one", Origin.STRAY), ("pairwise", Origin.STRAY)])
def test_more_records_go_astray_and_none_comes_back(mode: str, origin: Origin, scope: str) -> None:
    """P12: the share of records without an identifier; ten people share a name."""

    def at_share(share: float) -> Compiled:
        def change(data: Data) -> None:
            data["population"]["name_cohort"] = 10
            for source in data["sources"].values():
                source["namesakes"] = {"share": share, "mode": mode, "scope": scope}

        return variant("article", change)

    sets = [on_tape(at_share(share), origin) for share in (0.0, 0.05, 0.3, 1.0)]
    assert sets[0] == {}
    assert_nested(sets[1:])


# --- P14: a record that is filed elsewhere is somebody's ------------------------------------------------------------------------


def test_assigning_records_to_one_namesake_makes_none_and_loses_none() -> None:
    """P14: everybody can have every record, whatever their age, and sources hear of settlements at once."""

    def only_namesakes(data: Data) -> None:
        without_errors(data)
        data["population"]["name_cohort"] = 10
        for source in data["sources"].values():
            source["namesakes"] = {"share": 0.3, "mode": "assign one", "scope": "township"}
        for one in data["conduct"].values():
            one["from_age"] = "0 days"

    town = variant("article", only_namesakes)
    found = lived(town)
    assert total(found, "people records.designed.stray") > 100
    assert total(found, "people records_in.designed") == total(found, "people records_in.accurate")
    for channel in ("*", *map("/".join, town.names.channels)):
        assert total(found, f"channels {channel} stray.designed") == total(found, f"channels {channel} lost.designed")
        right = total(found, f"channels {channel} right.designed")
        assert right + total(found, f"channels {channel} stray.designed") == total(found, f"channels {channel} right.accurate")
        assert right == total(found, f"channels {channel} right.pruned")


# --- P26: a life that is told is the life that was counted ----------------------------------------------------------------------


def test_lives_told_one_by_one_add_up_to_the_tally() -> None:
    """P26: days closed, domain by domain, of everybody in each world."""
    town = variant("article")
    where, found = place(town), by_name(town, live(town, place(town)))
    village = settle(where, town.rulebook, town.populace, 1, 0)
    for w, world in enumerate(town.names.worlds):
        days = np.zeros(len(town.names.domains), np.int64)
        for person in range(village.people.size):
            view = trace(village, person, w).view
            lasting = np.diff(view["at"].astype(np.int64), append=town.rulebook.days)
            days += [int(lasting[view["mask"] >> d & 1 == 1].sum()) for d in range(days.size)]
        assert days.tolist() == [total(found, f"people closed_days.{world}.{d}") for d in town.names.domains]
        assert (days.sum() == 0) == (world == "none")


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
    town = variant("article", lambda data: [one.update(frail=True) for one in data["conduct"].values()])
    where = place(town)
    people = make(address(where, 1, 0), town.populace, where.row, town.rulebook.frailty_shape)
    assert people.size == PEOPLE
    people["frailty"] = 0.0
    found = by_name(town, live_people(people, where, town.rulebook, town.populace, 1, 0))
    assert total(found, "people records_in.accurate") == 0
    assert total(found, "people records.designed.right") == 0
    assert total(found, "people records.designed.ghost") > 0
