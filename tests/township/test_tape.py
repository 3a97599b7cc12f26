"""What lies on tapes: records read wrongly, in which worlds an item exists, names looked up in the country from a day on, false records."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from oracle.tiny import PLACE, people, populace, rulebook
from taped import ACCURATE, ATTACKED, COME, FULL, LAWFUL, SIGMAS, SOME, Q, events, existing, likely, tapes

from counterlife.layout import CELLS, NEVER, YEAR, Delay, Link, Origin, Rulebook, Scope, Threat, Wrong
from counterlife.township import draws
from counterlife.township.book import bind
from counterlife.township.draws import address, block, exponential, uniform
from counterlife.township.tapes import write

DAYS = 400


def misreading(*shares: float, **more: Any) -> Rulebook:
    """Three classes, each recorded by one source; all that happens is of the first. `shares`: of its records written as the others."""
    table = np.zeros((3, 3))
    table[0, 1 : 1 + len(shares)] = shares
    given: dict[str, Any] = {"ceiling": [5.0 / DAYS, 0.0, 0.0], "misread": table}
    return rulebook(DAYS, classes=3, channels=(0, 1, 2), **given | more)


def without(items: Any, *names: str) -> list[tuple[Any, ...]]:
    """The items less these fields."""
    return list(items[[name for name in items.dtype.names if name not in names]].tolist())


# --- records read wrongly ---------------------------------------------------------------------------------------------------------


def test_a_misread_record_is_there_as_it_was_written_and_as_it_should_have_been() -> None:
    """Twice on the tape, the right one first, with the same times; each world has one of them."""
    rules = misreading(0.3, delay_law=Delay.EXPONENTIAL, delay_days=20.0, settles=50.0, updated=0.5, update_days=9.0)
    items = tapes(rules, people(SOME)).items
    right, written = items[items["channel"] == 0], items[items["channel"] == 1]
    misread = right[right["bars"] == Q.MISREAD]
    assert likely(len(written), len(right), 0.3)
    assert (written["needs"] == Q.MISREAD).all()
    assert (written["wrong"] == Wrong.MISREAD).all()
    assert not right["needs"].any()
    assert not right["wrong"].any()
    assert not written["bars"].any()
    apart = ("channel", "needs", "bars", "wrong", "place")
    assert without(misread, *apart) == without(written, *apart)
    assert (np.flatnonzero(items["channel"] == 1) == np.flatnonzero(items["bars"] == Q.MISREAD) + 1).all()
    for quality in (LAWFUL, ACCURATE, COME, ATTACKED):
        there = existing(items, quality)
        assert len(events(there)) == len(there) == len(right)
        assert (there["channel"] == 1).sum() == (len(written) if quality & Q.MISREAD else 0)


def test_reading_moves_nothing_else() -> None:
    """Where it is off for a channel nothing is drawn, and where it is on the right records are those of before."""
    clear, misread = (tapes(misreading(share), people(SOME)).items for share in (0.0, 0.3))
    assert without(clear, "bars", "place") == without(misread[misread["channel"] == 0], "bars", "place")


def test_misread_records_are_nested_under_the_share() -> None:
    few, many = (tapes(misreading(share), people(SOME)).items for share in (0.1, 0.3))
    few, many = (events(items[items["channel"] == 1]) for items in (few, many))
    assert 100 < len(few) < len(many)
    assert few < many


def test_each_wrong_class_has_its_own_interval() -> None:
    """The second begins where the first ends, so that a change of the first moves the second."""
    items = tapes(misreading(0.2, 0.4), people(FULL)).items
    counts = np.bincount(items["channel"], minlength=3)
    assert likely(counts[1], counts[0], 0.2)
    assert likely(counts[2], counts[0], 0.4)
    rules, at = misreading(0.2, 0.4), address(PLACE, 11, 0)
    for item in items[items["channel"] > 0][:50]:
        u = uniform(block(at, item["cause"], rules.channel_stream[0], draws.READ, item["ordinal"])[0])
        assert item["channel"] == (1 if u < 0.2 else 2)
        assert u < 0.2 + 0.4


def test_an_inflated_record_weighs_more_and_is_wrong() -> None:
    items = tapes(misreading(0.25, inflate=[0.4, 0.0, 0.0], inflate_by=[2.5, 1.0, 1.0]), people(FULL)).items
    written, right = items[items["channel"] == 1], items[items["channel"] == 0]
    read_well = right[right["bars"] == 0]
    heavy = read_well["weight"] != 1.0
    assert (read_well["weight"][heavy] == 2.5).all()
    assert (read_well["wrong"] == np.where(heavy, Wrong.INFLATED, Wrong.NOTHING)).all()
    assert not read_well["needs"].any()
    assert likely(heavy.sum(), len(read_well), 0.4)
    assert (written["weight"] == 1.0).all()
    assert (right["weight"][right["bars"] != 0] == 1.0).all()


def test_what_a_procedure_raised_in_error_stays_wrong_by_rule() -> None:
    """Claimed only: misread as well, it is wrong by its reading where it was read wrongly; inflated as well, by its rule."""
    terms = np.zeros((3, 8))
    terms[0, 0] = 0.5  # a share is wrong by rule
    rules = misreading(0.3, procedure=[1, 0, 0], procedure_with=terms, inflate=[0.5, 0.0, 0.0], inflate_by=[3.0, 1.0, 1.0])
    seen = Counter(
        (int(item["channel"]), int(item["needs"]), int(item["bars"]), int(item["wrong"]), float(item["weight"]))
        for item in tapes(rules, people(SOME)).items
    )
    assert set(seen) == {
        (0, 0, 0, Wrong.NOTHING, 1.0),
        (0, 0, 0, Wrong.INFLATED, 3.0),
        (0, Q.PROCEDURE, 0, Wrong.RULE, 1.0),
        (0, Q.PROCEDURE, 0, Wrong.RULE, 3.0),
        (0, 0, Q.MISREAD, Wrong.NOTHING, 1.0),
        (1, Q.MISREAD, 0, Wrong.MISREAD, 1.0),
        (0, Q.PROCEDURE, Q.MISREAD, Wrong.RULE, 1.0),
        (1, Q.PROCEDURE | Q.MISREAD, 0, Wrong.MISREAD, 1.0),
    }


def test_a_record_misread_and_filed_under_a_namesake() -> None:
    """Four items: missing and misread here, stray and misread there."""
    rules = misreading(0.3, link=Link.ASSIGN_ONE, link_share=0.5)
    folk = people(SOME, surname=np.arange(SOME) // 2)
    items = tapes(rules, folk).items
    fields = ("origin", "channel", "needs", "bars", "wrong")
    seen = Counter(tuple(int(item[name]) for name in fields) for item in items)
    assert set(seen) == {
        (Origin.OWN, 0, 0, 0, Wrong.NOTHING),
        (Origin.OWN, 0, 0, Q.MISREAD, Wrong.NOTHING),
        (Origin.OWN, 1, Q.MISREAD, 0, Wrong.MISREAD),
        (Origin.GARBLED, 0, 0, Q.LOST, Wrong.NOTHING),
        (Origin.GARBLED, 0, 0, Q.LOST | Q.MISREAD, Wrong.NOTHING),
        (Origin.GARBLED, 1, Q.MISREAD, Q.LOST, Wrong.MISREAD),
        (Origin.STRAY, 0, Q.STRAYS, 0, Wrong.STRAY),
        (Origin.STRAY, 0, Q.STRAYS, Q.MISREAD, Wrong.STRAY),
        (Origin.STRAY, 1, Q.STRAYS | Q.MISREAD, 0, Wrong.STRAY),
    }
    for item in items[items["origin"] == Origin.STRAY]:
        assert item["owner"] == item["cause"] ^ 1
    happened = int(tapes(rules, folk).events.sum())
    for quality in (LAWFUL, COME):
        assert len(existing(items, quality)) == happened  # one record of each event, wherever it went
    assert (seen[Origin.STRAY, 1, Q.STRAYS | Q.MISREAD, 0, Wrong.STRAY]) > 20


def test_what_a_procedure_raises_goes_to_namesakes_with_its_verdict() -> None:
    terms = np.zeros((3, 8))
    terms[0, :3] = 0.5, 0.6, 0.4  # owed, found, false alarms
    rules = misreading(0.0, procedure=[2, 0, 0], procedure_with=terms, link=Link.ASSIGN_ONE, link_share=0.5)
    items = tapes(rules, people(SOME, surname=np.arange(SOME) // 2)).items
    verdicts = {(0, 0): Wrong.NOTHING, (0, Q.PROCEDURE): Wrong.NOTHING, (Q.PROCEDURE, 0): Wrong.RULE}
    expected = set()
    for (needs, bars), wrong in verdicts.items():
        expected |= {(Origin.OWN, needs, bars, wrong), (Origin.GARBLED, needs, bars | Q.LOST, wrong)}
        expected |= {(Origin.STRAY, needs | Q.STRAYS, bars, Wrong.STRAY)}
    assert {tuple(int(item[name]) for name in ("origin", "needs", "bars", "wrong")) for item in items} == expected


def test_everybody_who_gets_a_copy_gets_it_as_it_was_written() -> None:
    rules = misreading(0.4, link=Link.PAIRWISE, link_share=0.5)
    folk = people(SOME, surname=np.arange(SOME) // 4)
    items = tapes(rules, folk).items
    strays = items[items["origin"] == Origin.STRAY]
    assert len(strays) > SOME
    mine = {name: events(items[(items["origin"] == Origin.OWN) & (items["channel"] == name)]) for name in (0, 1)}
    assert all((cause, ordinal, channel) in mine[channel] for cause, ordinal, channel in events(strays))
    assert (strays["wrong"] == Wrong.STRAY).all()
    assert len(existing(strays, COME)) == (strays["channel"] == 0).sum()


def test_ghosts_and_strays_from_elsewhere_need_their_worlds() -> None:
    rules = misreading(
        0.3, ghost=0.01, link=Link.PAIRWISE, link_share=[0.0, 0.0, 1e-3], link_scope=Scope.COUNTRY, inflow=0.01, settles=[0.0, 0.0, 9.0]
    )
    items = tapes(rules, people(SOME, namesakes=200.0)).items
    for origin, needs, wrong in ((Origin.GHOST, Q.GHOSTS, Wrong.GHOST), (Origin.ELSEWHERE, Q.STRAYS, Wrong.STRAY)):
        some = items[items["origin"] == origin]
        assert len(some) > 100
        assert (some["needs"] == needs).all()
        assert (some["wrong"] == wrong).all()
        assert not some["bars"].any()
        assert (some["weight"] == 1.0).all()


# --- events that depend on the state of the life ------------------------------------------------------------------------------------

# what a reaction can do to a share of 1/2 that happen, by hand: below the first mark all do, from the second on none does
REACTIVE: dict[str, tuple[dict[str, Any], float, float]] = {
    "strain": ({"strain": 1.2, "strain_most": 3}, 0.5, 0.5 * 1.2**3),
    "relief": ({"strain": 0.9, "strain_most": 2}, 0.5 * 0.9**2, 0.5),
    "deter": ({"deter": 0.5}, 0.5 * np.exp(-0.5), 0.5),
    "near": ({"near": 1.5}, 0.0, 0.75),
    "burst": ({"burst": 0.4, "burst_days": 1e9, "burst_most": 1.0}, 0.0, 0.5),
    "weary": ({"weary": 0.5}, 0.25, 0.5),
    "weary and strain": ({"weary": 1.5, "strain": 0.8}, 0.4, 0.75),
}


def mark_of(item: Any, rules: Rulebook) -> float:
    """The mark of the candidate that an item is about."""
    return float(uniform(block(address(PLACE, 11, 0), item["cause"], rules.stream[0], draws.CANDIDATE, item["ordinal"])[1]))


@pytest.mark.parametrize("name", REACTIVE)
def test_a_class_that_reacts_is_decided_in_the_life(name: str) -> None:
    """Candidates that happen in some lives only are on the tape with their marks, and count in no world yet. Those that happen in all count
    at once, as every one of a class that does not react; those that happen in none are not there.

    Its records cost points, so that it is not calm (`test_calm.py`).
    """
    fields, least, most = REACTIVE[name]
    rules = rulebook(DAYS, ceiling=5.0 / DAYS, accept=0.5, points=-1, **fields)
    tape, every = tapes(rules, people(SOME)), tapes(rulebook(DAYS, ceiling=5.0 / DAYS, accept=1.0, points=-1), people(SOME)).items
    assert (every["mark"] == -1).all()
    marks = np.array([mark_of(item, rules) for item in every])
    waits, certain = tape.items[tape.items["mark"] >= 0.0], tape.items[tape.items["mark"] == -1.0]
    assert len(waits) + len(certain) == len(tape.items)
    assert tape.events.sum() == len(certain)
    assert events(certain) == events(every[marks < least])
    assert waits["mark"].tolist() == [mark_of(item, rules) for item in waits]
    assert events(waits) == events(every[(least <= marks) & (marks < most)])
    assert len(waits) > 0.05 * len(every)


def test_a_burst_goes_as_far_as_the_heat_of_what_may_have_happened() -> None:
    """A candidate waits if it would happen had all before it happened that could."""
    rules = rulebook(DAYS, ceiling=20.0 / DAYS, accept=0.5, points=-1, burst=0.4, burst_days=30.0, burst_most=1.3)
    every = tapes(rulebook(DAYS, ceiling=20.0 / DAYS, accept=1.0, points=-1), people(SOME)).items
    waits = events(tapes(rules, people(SOME)).items)
    heat, before, found = np.zeros(SOME), np.zeros(SOME), set()
    for item in np.sort(every, order=["owner", "time"]):
        i, t, mark = int(item["owner"]), float(item["time"]), mark_of(item, rules)
        heat[i], before[i] = heat[i] * np.exp((before[i] - t) / 30.0), t
        if mark < 0.5 * min(1.0 + heat[i], 1.3):
            heat[i] += 0.4
            found.add((i, int(item["ordinal"]), 0))
    assert waits == found
    assert 0.5 * len(every) < len(waits) < 0.65 * len(every)


def test_one_item_stands_for_an_event_however_often_it_is_recorded() -> None:
    """Misread, seen by two sources or by none, or raised by no procedure. No event is certain of a class that answers to near gates."""
    table, terms = np.zeros((3, 3)), np.zeros((3, 8))
    table[0, 1], terms[2, :3] = 0.4, (0.5, 0.5, 0.5)
    rules = rulebook(
        DAYS,
        classes=2,
        channels=(0, 1, 1),
        ceiling=5.0 / DAYS,
        accept=0.5,
        near=[2.0, 3.0],
        detect=0.6,
        misread=table,
        procedure=[0, 0, 2],
        procedure_with=terms,
        delay_days=[7.0, 0.0, 3.0],
    )
    items = tapes(rules, people(SOME)).items
    groups: dict[tuple[int, int, float], list[Any]] = {}
    for item in items:
        groups.setdefault((int(item["cause"]), int(item["ordinal"]), float(item["mark"])), []).append(item)
    sizes = Counter(len(group) for group in groups.values())
    assert set(sizes) == {1, 2}
    assert -1.0 not in {mark for _, _, mark in groups}
    for group in groups.values():
        stands = [item["event"] == 1 or item["origin"] == Origin.EVENT for item in group]
        assert stands == [True] + [False] * (len(group) - 1)
        assert len({float(item["time"]) for item in group}) == 1
    nobody = items[items["origin"] == Origin.EVENT]
    assert not (nobody["needs"] | nobody["bars"] | nobody["wrong"] | nobody["event"]).any()
    assert (nobody["weight"] == 1.0).all()
    assert set(nobody["channel"].tolist()) == {0, 1}  # the class
    misread = items[(items["needs"] & Q.MISREAD) != 0]
    assert len(misread) > 100
    assert np.allclose(misread["entry"] - misread["time"], 7.0)


# --- names looked up in the country from a day on -------------------------------------------------------------------------------------


def linked(link: Link, **more: Any) -> Rulebook:
    """One class whose records often lack the identifier, looked up in the country from day 150 on."""
    given: dict[str, Any] = {"ceiling": 8.0 / DAYS, "link": link, "link_share": 0.5, "link_scope": Scope.COUNTRY, "link_from": 150.0}
    return rulebook(DAYS, **given | more)


def test_before_the_day_a_missing_name_stays_in_the_township() -> None:
    folk = people(SOME, surname=np.arange(SOME) // 2, namesakes=50.0)
    items = tapes(linked(Link.ASSIGN_ONE), folk).items
    strays, garbled = (events(items[items["origin"] == origin]) for origin in (Origin.STRAY, Origin.GARBLED))
    early = events(items[(items["origin"] == Origin.GARBLED) & (items["time"] < 150.0)])
    assert strays <= garbled
    assert len(early) > 100
    assert early <= strays
    late = len(garbled - early)
    assert len(strays - early) < 0.1 * late  # one of fifty holders is here
    town = tapes(linked(Link.ASSIGN_ONE, link_scope=Scope.TOWNSHIP), folk).items
    for origin in (Origin.OWN, Origin.GARBLED, Origin.STRAY):
        before = [events(one[(one["origin"] == origin) & (one["time"] < 150.0)]) for one in (items, town)]
        assert before[0] == before[1]


@pytest.mark.parametrize("link", [Link.ASSIGN_ONE, Link.PAIRWISE])
def test_strays_from_elsewhere_begin_on_the_day(link: Link) -> None:
    """They are counted from there: a Poisson stream over the rest of the period, moved to its begin."""
    share = 0.5 if link == Link.ASSIGN_ONE else 0.5 / 50
    folk = people(FULL, namesakes=50.0)
    late, always = (tapes(linked(link, ceiling=0.0, link_share=share, inflow=0.01, link_from=day), folk).items for day in (150.0, 0.0))
    assert set(late["origin"].tolist()) == {Origin.ELSEWHERE}
    assert late["time"].min() >= 150.0
    mean = FULL * (DAYS - 150) * share * 0.01 * 49 / (50 if link == Link.ASSIGN_ONE else 1)
    assert abs(len(late) - mean) < SIGMAS * np.sqrt(mean)
    moved = always[always["time"] < DAYS - 150.0]
    assert len(moved) == len(late)
    assert np.allclose(moved["time"] + 150.0, late["time"], rtol=0.0, atol=1e-9)
    assert not len(tapes(linked(link, ceiling=0.0, inflow=0.01, link_from=NEVER), folk).items)


# --- false records --------------------------------------------------------------------------------------------------------------------


def threatened(rules: Rulebook, *threats: dict[str, Any]) -> Rulebook:
    """The rule book with these threats: insertions on the first channel from day 100 to 200 unless told otherwise."""
    usual: dict[str, Any] = {
        "threat": Threat.INSERT,
        "threat_stream": 0x5A5A5A5A,
        "threat_channel": np.arange(len(rules.channel_class)) == 0,
        "threat_from": 100.0,
        "threat_until": 200.0,
        "threat_rate": np.full(CELLS, 0.02),
        "threat_share": 0.0,
        "threat_found": 0.0,
        "threat_days": 1.0,
    }
    kinds = {name: getattr(rules, name).dtype for name in usual}
    fields: dict[str, Any] = {name: np.array([one.get(name, usual[name]) for one in threats], kinds[name]) for name in usual}
    return rules._replace(**fields)


def test_false_records_lie_in_their_window() -> None:
    rules = threatened(misreading(0.3, ghost=0.001), {})
    folk = people(SOME)
    items, before = tapes(rules, folk).items, tapes(misreading(0.3, ghost=0.001), folk).items
    false = items[items["origin"] == Origin.TAMPERED]
    assert ((false["time"] >= 100.0) & (false["time"] < 200.0)).all()
    mean = SOME * 100 * 0.02
    assert abs(len(false) - mean) < SIGMAS * np.sqrt(mean)
    assert (false["needs"] == Q.THREATS).all()
    assert (false["wrong"] == Wrong.TAMPERED).all()
    assert (false["cause"] == false["owner"]).all()
    assert (false["settle"] == NEVER).all()
    assert (false["update"] == NEVER).all()
    assert not (false["bars"] | false["channel"] | false["event"]).any()
    assert without(items[items["origin"] != Origin.TAMPERED], "place") == without(before, "place")  # and nothing else is touched
    assert len(existing(items, ATTACKED)) - len(existing(items, COME)) == len(false)


def test_false_records_come_at_the_addresses_of_the_model() -> None:
    folk = people(SOME)
    rules = threatened(misreading(ceiling=0.0), {"threat_found": 0.6, "threat_days": 30.0})
    items, at = tapes(rules, folk).items, address(PLACE, 11, 0)
    assert len(items) > SOME
    where = rules.threat_stream[0] ^ rules.channel_stream[0]
    expected = []
    for i in range(SOME):
        time = 100.0
        for m in range(1000):
            gap, found, when, _ = block(at, i, where, draws.TAMPER, m)
            time += exponential(gap, 1 / 0.02)
            if time >= 200.0:
                break
            end = time + exponential(when, 30.0) if uniform(found) < 0.6 else NEVER
            expected.append((i, m, time, end, end))
    seen = items[["cause", "ordinal", "time", "settle", "update"]]
    assert [one[:2] for one in seen.tolist()] == [one[:2] for one in expected]
    assert np.allclose([one[2:] for one in seen.tolist()], [one[2:] for one in expected], rtol=1e-12)
    assert likely((items["settle"] < NEVER).sum(), len(items), 0.6)


def test_threats_are_apart_by_name_and_group_and_kind() -> None:
    """Two of one window never share luck; a group at no risk has none; other kinds put nothing on a tape; each item names its threat."""
    cells = np.where(np.arange(CELLS) % 2 == 0, 0.02, 0.0)
    kinds = [{"threat": kind} for kind in (Threat.DELETE, Threat.OUTAGE, Threat.ROLLBACK)]
    other = {"threat_stream": 0x11111111, "threat_channel": [0, 1, 1], "threat_rate": cells}
    rules = threatened(misreading(ceiling=0.0, from_age=[0.0, 0.0, 29 * YEAR]), *kinds, {}, other)
    folk = people(SOME, cell=np.arange(SOME) % CELLS, age=np.where(np.arange(SOME) % 3 == 0, 20 * YEAR, 40 * YEAR))
    items = tapes(rules, folk).items
    assert set(items["origin"].tolist()) == {Origin.TAMPERED}
    assert {(int(item["event"]), int(item["channel"])) for item in items} == {(3, 0), (4, 1), (4, 2)}
    assert set((items["owner"][items["event"] == 4] % CELLS % 2).tolist()) == {0}
    assert set((items["owner"][items["event"] == 3] % CELLS % 2).tolist()) == {0, 1}
    assert (items["owner"][items["channel"] == 2] % 3 != 0).all()
    assert (items["owner"][items["channel"] == 1] % 3 == 0).any()
    times = items["time"].tolist()
    assert len(set(times)) == len(times)
    assert not len(tapes(threatened(misreading(ceiling=0.0), *kinds), folk).items)


def test_a_window_ends_with_the_period_and_may_cover_it() -> None:
    rules = threatened(misreading(ceiling=0.0), {"threat_from": 0.0, "threat_until": NEVER})
    items = tapes(rules, people(SOME)).items
    mean = SOME * DAYS * 0.02
    assert abs(len(items) - mean) < SIGMAS * np.sqrt(mean)
    assert items["time"].max() < DAYS
    assert items["time"].min() < 5.0


# --- room ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expected", [0.0, 1.0, 30.0, 1e9])
def test_tapes_are_the_same_however_many_items_were_expected(expected: float) -> None:
    """Forty records a person: there is room for 8 to 32, and it is doubled, with what a person has half filed filed again."""
    rules, folk = rulebook(DAYS, ceiling=40.0 / DAYS, detect=1.0, frail=1), people(SOME)
    at, book = address(PLACE, 11, 0), bind(rules, populace(SOME))
    usual = write(at, book, folk)
    assert usual.items.size > 32 * SOME
    book[0]["expected"] = expected
    tape = write(at, book, folk)
    assert tape.items.tolist() == usual.items.tolist()
    assert tape.start.tolist() == usual.start.tolist()
    assert tape.events.tolist() == usual.events.tolist()
