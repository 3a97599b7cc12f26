"""The plain engine against closed forms (numbers C2 to C34 are those of the method), and what must hold of any township."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from counterlife.layout import NEVER, QUALITIES, YEAR, Delay, Link, ListKind, Rulebook, Scope

from .plain import Township, live
from .plain_compare import Tables, compare
from .plain_tallies import days_closed, spread_row, tally
from .tiny import NAMES, NO_GATE, PLACE, blacklist, counted, people, populace, rulebook, total

# --- closed forms --------------------------------------------------------------------------------------------------------------


def assert_share(count: int, among: int, expected: float, off_by: float) -> None:
    """The count is credible for the share, and would not be for one that is off by a factor either way (so the test can fail)."""
    assert stats.binomtest(count, among, expected).pvalue > 1e-6
    for other in (expected * off_by, expected / off_by):
        assert stats.binom.sf(count - 1, among, other) < 1e-3 or stats.binom.cdf(count, among, other) < 1e-3


def closed_on_last_day(town: Township, w: int) -> list[bool]:
    """For each person, whether the first domain is closed at the end."""
    return [bool(days_closed(town.rulebook, changes)[0, -1]) for changes in town.views[w]]


def wrongful_on_last_day(town: Township, w: int = 0, v: int = 1) -> int:
    return sum(a and not b for a, b in zip(closed_on_last_day(town, w), closed_on_last_day(town, v), strict=True))


def test_blacklist_occupancy() -> None:
    """C6: a rate of a quarter a year, kept two years."""
    rules = blacklist(1000, worlds=1, ceiling=0.5 / YEAR, accept=0.5)
    town = live(rules, populace(3000), PLACE, people(3000), 1, 0)
    assert_share(sum(closed_on_last_day(town, 0)), 3000, 1 - math.exp(-0.5), 1.15)


@pytest.mark.parametrize(("needs", "expected", "frail"), [(1, 0.063789, 0), (2, 0.028652, 0), (1, 0.070930, 1)])
def test_wrongfully_blacklisted_by_ghosts(needs: int, expected: float, frail: int) -> None:
    """C7: true events at 0.2 a year, ghosts at 0.05."""
    rules = blacklist(800, needs=needs, ceiling=0.2 / YEAR, ghost=0.05 / YEAR, frail=frail)
    frailty = stats.gamma(0.5, scale=2).rvs(6000, random_state=5)
    town = live(rules, populace(6000), PLACE, people(6000, frailty=frailty), 2, 0)
    assert_share(wrongful_on_last_day(town), 6000, expected, 1.4)
    assert wrongful_on_last_day(town, 1, 0) == 0


def test_records_assigned_to_one_namesake() -> None:
    """C8: five to a name, a tenth of the records without identifier, 0.4 active records each."""
    rules = blacklist(800, ceiling=0.4 / 730, link=Link.ASSIGN_ONE, link_share=0.1)
    town = live(rules, populace(8000, name_cohort=5), PLACE, people(8000, surname=np.arange(8000) // 5), 3, 0)
    assert_share(wrongful_on_last_day(town), 8000, 0.021111, 1.5)
    assert_share(wrongful_on_last_day(town, 1, 0), 8000, 0.021111, 1.5)
    tables = tally(town)
    assert total(tables, "records_in.0") == total(tables, "records_in.1")
    assert total(tables, "records.0.stray") == total(tables, "records.0.lost") > 0


def test_pairwise_matches_grow_with_the_number_of_namesakes() -> None:
    rules = blacklist(800, ceiling=0.5 / 730, link=Link.PAIRWISE, link_share=0.05)
    town = live(rules, populace(3000, name_cohort=10), PLACE, people(3000, surname=np.arange(3000) // 10), 3, 0)
    tables = tally(town)
    right, stray = total(tables, "records.0.right"), total(tables, "records.0.stray")
    assert right == total(tables, "records_in.1")
    assert_share(stray, right * 9, 0.05, 1.25)


@pytest.mark.parametrize(("link", "factor"), [(Link.ASSIGN_ONE, 0.9), (Link.PAIRWISE, 9.0)])
def test_strays_from_elsewhere(link: Link, factor: float) -> None:
    """Ten in the country, one here: nine tenths of the inflow's share, or nine times it."""
    rules = rulebook(1000, inflow=2 / YEAR, link=link, link_share=0.1, link_scope=Scope.COUNTRY)
    town = live(rules, populace(2000, names=2000, holders=20000), PLACE, people(2000), 4, 0)
    expected = 2000 * 1000 * 2 / YEAR * 0.1 * factor
    assert abs(total(tally(town), "records.0.stray") - expected) < 4.9 * math.sqrt(expected) < 0.2 * expected


def test_a_ledger_of_twins() -> None:
    """C34: grid 0 to 10 from 6, two down at 0.3 (and by ghosts at 0.1), one up at 0.5, gate at 3, after 10."""
    scale = 100  # a hundred days to the unit of time, so that the last day is as good as its end
    rules = rulebook(
        10 * scale,
        classes=2,
        channels=(0, 1),
        ceiling=[0.3 / scale, 0.5 / scale],
        ghost=np.array([[0.1 / scale], [0.0]]),
        points=[[-2, 1]] * 2,
        ledger=1,
        start=6,
        lowest=0,
        highest=10,
        opens_at=3,
    )
    town = live(rules, populace(3000), PLACE, people(3000), 5, 0)
    assert_share(sum(closed_on_last_day(town, 0)), 3000, 0.414927, 1.15)
    assert_share(sum(closed_on_last_day(town, 1)), 3000, 0.248471, 1.2)
    assert_share(wrongful_on_last_day(town), 3000, 0.166455, 1.25)
    assert wrongful_on_last_day(town, 1, 0) == 0


def test_extra_days_of_a_joint_sanction() -> None:
    """C12: listings of 200 days on average spread with 0.6 after 30 days and stay 20 days longer: 113.613 domain-days each."""
    rules = blacklist(
        3000,
        term=NEVER,
        worlds=1,
        quality=QUALITIES["accurate"],
        domains=2,
        ceiling=1 / YEAR,
        settles=200.0,
        joint=[[0, 0.6], [0, 0]],
        joint_on=30.0,
        joint_off=20.0,
    )
    town = live(rules, populace(400), PLACE, people(400), 6, 0)
    extra = []
    for listing in (listing for life in town.lives[0] for listing in life.listings):
        on, off = listing.presses.get(1, (0.0, 0.0))
        extra.append(off - on)
    error = float(np.std(extra)) / math.sqrt(len(extra))
    assert abs(np.mean(extra) - 113.613) < 4.9 * error < 0.2 * 113.613


def test_clear_time_of_expiry_and_an_update_that_may_come() -> None:
    """C15: points stay 730 days unless the matter is settled (90 days on average) and the source hears of it (0.4): 473.989 days."""
    rules = rulebook(3650, worlds=1, keep=730.0, settles=90.0, updated=0.4, ceiling=1 / YEAR)
    town = live(rules, populace(300), PLACE, people(300), 7, 0)
    kept = [record.out - record.filing.entry for life in town.lives[0] for record in life.records]
    error = float(np.std(kept)) / math.sqrt(len(kept))
    assert abs(np.mean(kept) - 473.989) < 4.9 * error < 0.1 * 473.989


def test_detection_and_delay() -> None:
    """C2, and an exponential delay: of a year's events, those recorded within the year."""
    rules = rulebook(365, ceiling=3 / YEAR, detect=0.5, delay_law=Delay.EXPONENTIAL, delay_days=100.0, worlds=1)
    tables = tally(live(rules, populace(1500), PLACE, people(1500), 8, 0))
    in_time = 0.5 * (1 - (1 - math.exp(-3.65)) / 3.65)
    assert_share(total(tables, "records_in.0"), total(tables, "events.0", "channels"), in_time, 1.15)


# --- everything at once --------------------------------------------------------------------------------------------------------


def busy(errors: bool = True) -> Rulebook:
    """Two classes, three channels, three kinds of lists, four domains, three worlds."""
    wrong = 1.0 if errors else 0.0
    return rulebook(
        1200,
        classes=2,
        channels=(0, 0, 1),
        lists=3,
        domains=4,
        worlds=3,
        ceiling=[3 / YEAR, 2 / YEAR],
        accept=[0.4, 0.9],
        strain=[2.0, 1.0],
        settles=[120.0, 0.0],
        from_age=[14 * YEAR, 0.0],
        detect=np.array([[0.9], [0.5], [0.7]]),
        ghost=np.array([[0.1], [0.0], [0.05]]) * wrong / YEAR,
        delay_law=[Delay.FIXED, Delay.EXPONENTIAL, Delay.FIXED],
        delay_days=[0.0, 30.0, 7.0],
        link=[Link.ASSIGN_ONE if errors else Link.NONE, Link.PAIRWISE if errors else Link.NONE, Link.NONE],
        link_share=[0.2, 0.1, 0.0],
        link_scope=[Scope.COUNTRY, Scope.TOWNSHIP, Scope.TOWNSHIP],
        inflow=[0.5 / YEAR, 0.0, 0.0],
        updated=0.5 if errors else 1.0,
        update_days=200.0 * wrong,
        points=[[-40, -60, 20]] * 3,
        keep=[[700.0, 900.0, NEVER]] * 3,
        lowest=-300,
        highest=150,
        cuts=[[-100, 0, 50]] * 3,
        opens_at=[[-80, -150, -100, NO_GATE]] * 3,
        minor=-10,
        list_kind=[[ListKind.RECORD, ListKind.SCORE_BELOW, ListKind.SCORE_ABOVE]] * 3,
        list_domain=[[3, 0, -1]] * 3,
        list_term=[[365.0, 90.0, NEVER]] * 3,
        list_mark=[[0, -120, 50]] * 3,
        list_share=np.array([[[0.3, 1.0, 0.0], [0.0] * 3, [0.0] * 3]] * 3),
        joint=np.full((3, 4, 4), 0.3),
        joint_on=10.0,
        joint_off=5.0,
        child_domain=[0, 0, 1, 0],
        domain_from=[18 * YEAR, 0.0, 6 * YEAR, 16 * YEAR],
        domain_until=[NEVER, NEVER, 15 * YEAR, 80 * YEAR],
        pair_world=0,
        pair_versus=1,
    )


def families(number: int) -> Any:
    """Households of two parents and a child; every eighth person shares a surname."""
    folk = people(number, surname=np.arange(number) % 8, cell=np.arange(number) % 96)
    child = np.arange(number) % 3 == 2
    folk["age"][child] = (np.arange(number)[child] % 18) * YEAR + 100.5
    folk["guardian"][child] = np.flatnonzero(child) - 1
    folk["guardian2"][child] = np.flatnonzero(child) - 2
    return folk


@pytest.fixture(scope="module")
def busy_town() -> Township:
    return live(busy(), populace(120, names=8, holders=500), PLACE, families(120), 11, 0)


@pytest.fixture
def tables(busy_town: Township) -> Tables:
    """The tally of the busy township."""
    return counted(busy_town)


def test_the_books_balance(tables: Tables) -> None:
    """Spells, records, days of worlds and comparisons, months and spread."""
    assert total(tables, "records.D.stray") > 10
    assert total(tables, "wrongful_any_days.D~A") > 1000
    assert total(tables, "lenient_any_days.D~A") > 100
    for w in "DA":
        assert total(tables, f"records_in.{w}") == sum(total(tables, f"records.{w}.{kind}") for kind in ("right", "ghost", "stray"))
        assert total(tables, f"records_in.{w}") == total(tables, f"records_out.{w}") + total(tables, f"records_open.{w}")
        assert total(tables, f"days.{w}", "spread") == sum(total(tables, f"closed_days.{w}.{d}") for d in NAMES.domains)
    for d in NAMES.domains:
        closed_in = {w: total(tables, f"closed_days.{w}.{d}") for w in "DAN"}
        assert closed_in["D"] - closed_in["A"] == total(tables, f"wrongful_days.D~A.{d}") - total(tables, f"lenient_days.D~A.{d}")
        assert closed_in["N"] == 0
        for w in "DA":
            assert closed_in[w] == total(tables, f"closed_days.{w}.{d}", "months")
            assert total(tables, f"entries.{w}.{d}") == total(tables, f"exits.{w}.{d}") + total(tables, f"open_end.{w}.{d}")
    spells = sum(total(tables, column, "spells") for column in tables["spells"])
    assert spells == total(tables, "spells.D~A")
    assert total(tables, "spell_days.D~A") == total(tables, "wrongful_any_days.D~A")  # a spell that covers no day has none
    assert total(tables, "newly_closed.D", "months") == total(tables, "ever.D.1")
    assert total(tables, "newly_wrongful.D~A", "months") == total(tables, "wrongful_ever.D~A.1") == total(tables, "people.D~A", "spread")


def test_gates_follow_from_the_records_alone(busy_town: Township) -> None:
    """Whoever's acting records add up to less than the gate's mark at the end of a day is shut out on it."""
    rules, shut = busy_town.rulebook, 0
    for life in busy_town.lives[0]:
        for day in (300, 900):
            acting = [r for r in life.records if math.floor(r.filing.entry) <= day < math.floor(r.out)]
            score = min(max(sum(int(rules.points[0, 0, r.filing.channel]) for r in acting), -300), 150)
            if score < -150:
                shut += 1
                assert days_closed(rules, busy_town.views[0][life.person])[1, day]
    assert shut > 10


def test_without_errors_the_twins_are_one() -> None:
    """P1."""
    town = live(busy(errors=False), populace(90), PLACE, families(90), 12, 0)
    assert town.views[0] == town.views[1]
    assert any(len(changes) > 2 for changes in town.views[0])


def test_the_same_seed_the_same_township(busy_town: Township) -> None:
    again = live(busy(), populace(120, names=8, holders=500), PLACE, families(120), 11, 0)
    other = live(busy(), populace(120, names=8, holders=500), PLACE, families(120), 12, 0)
    assert again.views == busy_town.views
    assert other.views != busy_town.views


# --- comparing -----------------------------------------------------------------------------------------------------------------


def as_arrays(tables: Tables) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The tables in the form in which the engine leaves them."""
    columns = {table: list(inside) for table, inside in tables.items()}
    rooms = {table: 1 + max((row for counts in inside.values() for row in counts), default=0) for table, inside in tables.items()}
    arrays = {table: np.zeros((max(120, rooms[table]), len(names)), dtype=np.int64) for table, names in columns.items()}
    for table, names in columns.items():
        for position, name in enumerate(names):
            for row, number in tables[table][name].items():
                arrays[table][row, position] = number
    return arrays, columns


def test_compare_finds_what_differs_and_says_where(tables: Tables) -> None:
    arrays, columns = as_arrays(tables)
    assert compare(arrays, columns, tables) == []
    arrays["people"][5, columns["people"].index("closed_days.D.travel")] += 1
    before = tables["people"]["closed_days.D.travel"][5]
    (words,) = compare(arrays, columns, tables)
    assert words == f"people, row 5 (female, 0-17, rural, high, common name), closed_days.D.travel: {before + 1}, plain {before}"
    del tables["people"]["redlist_days.D"], arrays["spread"]
    assert len(compare(arrays, columns, tables)) > 1
    assert "spread is counted by the plain engine only" in compare(arrays, columns, tables, most=1000)


def test_spread_rows_grow_by_about_an_eighth() -> None:
    assert [spread_row(days) for days in (1, 2, 8, 9, 15, 16, 17, 18)] == [0, 1, 7, 8, 14, 15, 15, 16]
