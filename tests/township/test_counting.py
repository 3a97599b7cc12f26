"""Counting, against answers worked out by hand: lives written down as changes, and records with their fates."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterlife.layout import CELLS, CHANGE, FATE, ITEM, NEVER, POINT, QUALITIES, YEAR, Cause, End, Fate, Origin, Wrong
from counterlife.township.book import BOOK
from counterlife.township.filed import count_records
from counterlife.township.jit import keeper
from counterlife.township.sheet import Tally, columns, sheet, tenths
from counterlife.township.tallies import (
    close_months,
    count_attempts,
    count_latent,
    count_marked,
    count_pair,
    count_score,
    count_shock,
    count_world,
    latent_class,
    tenth_of,
)

WORLDS, PAIRS, DOMAINS = ("designed", "accurate"), (("designed", "accurate"),), ("loan", "travel", "school")
LOAN, TRAVEL, SCHOOL = 1, 2, 4
IN, OUT = Fate.FILED | Fate.ENTERED, Fate.FILED | Fate.ENTERED | Fate.ENDED
FREEDOM = ("shut_first", "shut_open", "watched", "freed", "relapse_watched", "relapsed")
TWICE = {"watched.365": 1, "watched.730": 1}
APPEAL = Fate.NOTIFIED | Fate.CONTESTED


@keeper
def record_counts(plan: Any, tally: Any, book: Any, w: int, tape: Any, fates: Any) -> int:
    """Counts records in cell 0."""
    return count_records(plan[0], tally.people, tally.channels, tally.classes, tally.waits, book[0], w, 0, tape, fates)


@keeper
def world_counts(plan: Any, tally: Any, book: Any, w: int, view: Any) -> int:
    """Counts a life in cell 0."""
    spans = np.zeros((tally.months.shape[0] + 1, tally.months.shape[1]), np.int64)
    closed = count_world(plan[0], tally.people, tally.months, spans, tally.spread, book[0], w, 0, view, view.shape[0])
    close_months(plan[0], tally.months, spans, np.zeros(spans.shape[1], np.int64))
    return closed


@keeper
def pair_counts(plan: Any, tally: Any, book: Any, one: Any, two: Any, marked: bool) -> None:
    """Counts a life beside its twin."""
    spans = np.zeros((tally.months.shape[0] + 1, tally.months.shape[1]), np.int64)
    ones, twos = one.shape[0], two.shape[0]
    count_pair(plan[0], tally.people, tally.months, spans, tally.spread, tally.spells, book[0], 0, 0, one, ones, two, twos, marked)
    close_months(plan[0], tally.months, spans, np.zeros(spans.shape[1], np.int64))


@keeper
def other_counts(plan: Any, tally: Any, book: Any, marked: int, shut: int, failed: int, near: int) -> None:
    """Counts what a person is and tried, in world 0."""
    count_marked(plan[0], tally.people, book[0], 0, marked, shut)
    count_attempts(plan[0], tally.people, book[0], 0, 0, failed, near)


@keeper
def score_counts(plan: Any, tally: Any, book: Any, w: int, score: int, frailty: float) -> None:
    """Counts a score."""
    count_score(plan[0], tally.meter, book[0], w, score, frailty, tenth_of(plan[0], frailty))


@keeper
def shock_counts(tally: Any, book: Any, view: Any) -> None:
    """Counts what stages bring, in world 0."""
    count_shock(tally.stages, book[0], 0, view, view.shape[0])


@keeper
def conduct_counts(plan: Any, tally: Any, frailty: float) -> None:
    """Counts a person of cell 0 by latent conduct."""
    count_latent(plan[0], tally.latent, 0, latent_class(plan[0], 0, frailty), 0, 1)


class Desk:
    """A sheet and the few rules that counting looks at: two worlds, three domains (the last the children's), two classes.

    The first class is recorded by two channels, the second by none.
    """

    def __init__(self, days: int = 1000, shape: float = 0.0, qualities: tuple[str, str] = ("as they come", "accurate")) -> None:
        rules = SimpleNamespace(
            quality=np.zeros(2), child_domain=np.zeros(3), pair_world=np.zeros(1), month_of_day=np.arange(days) // 30, days=days,
            channel_class=np.zeros(2, np.int64), stream=np.zeros(2), meter_low=300 * POINT, meter_step=10 * POINT, frailty_shape=shape,
            top_frailty=2.0 if shape else NEVER, stage_day=np.array([0.0, 100.0, 500.5]), points=np.full((1, 1, 2), -1),
            list_share=np.zeros((1, 0, 2)), ceiling=np.array([4.0, 9.0]) / YEAR, accept=np.array([0.5, 1.0]), factor=np.ones((2, CELLS)),
            frail=np.ones(2, np.int64), passes=np.ones((1, 3, 1)), apply=np.zeros(3),
        )  # fmt: skip
        self.tally, self.plan = sheet(rules)  # type: ignore[arg-type]
        self.book: Any = np.zeros(1, BOOK)
        page = self.book[0]
        page["days"], page["worlds"], page["pairs"], page["domains"], page["classes"], page["channels"] = days, 2, 1, 3, 2, 2
        page["own"], page["child_domain"][2] = LOAN | TRAVEL, 1
        page["quality"][:2] = [QUALITIES[name] for name in qualities]
        page["first"][:3], page["gives_up"] = [0, 2, 2], 2
        page["pair_world"][0], page["pair_versus"][0] = 0, 1
        page["stages"], page["stage_day"][:3] = 3, [0.0, 100.0, 500.5]

    def records(self, *pairs: tuple[dict[str, Any], dict[str, Any]], w: int = 0) -> int:
        """Counts items with their fates."""
        tape, fates = np.zeros(len(pairs) + 1, ITEM), np.zeros(len(pairs), FATE)
        for j, (item, fate) in enumerate(pairs):
            for name, value in item.items():
                tape[j][name] = value
            for name, value in fate.items():
                fates[j][name] = value
        return int(record_counts(self.plan, self.tally, self.book, w, tape, fates))

    def life(self, *changes: tuple[float, int], w: int = 0) -> int:
        """Counts a life."""
        return int(world_counts(self.plan, self.tally, self.book, w, line(*changes)))

    def found(self) -> dict[str, dict[str, Any]]:
        """What is not zero, by table and column: the number, or {row: number} where rows mean something."""
        names, answer = columns(WORLDS, PAIRS, DOMAINS), {}
        for table, counts in self.tally._asdict().items():
            sums: dict[str, Any] = {}
            for place, name in enumerate(names[table]):
                rows = {int(row): int(counts[row, place]) for row in np.flatnonzero(counts[:, place])}
                if rows:
                    sums[name] = rows if table not in ("people",) else sum(rows.values())
            answer[table] = sums
        return answer


def line(*changes: tuple[float, int], cause: Cause = Cause.RECORD) -> np.ndarray[Any, Any]:
    """A timeline: days and closed domains."""
    view = np.zeros(len(changes), CHANGE)
    view["at"], view["mask"], view["cause"] = [at for at, _ in changes], [mask for _, mask in changes], cause
    return view


# --- sheets -----------------------------------------------------------------------------------------------------------------------


def test_every_table_has_as_many_columns_as_names_and_no_name_twice() -> None:
    tally = Desk().tally
    for table, names in columns(WORLDS, PAIRS, DOMAINS).items():
        assert len(set(names)) == len(names) == getattr(tally, table).shape[1], table
    assert set(columns(WORLDS, PAIRS, DOMAINS)) == set(Tally._fields)


@pytest.mark.parametrize("shape", [0.5, 1.0, 4.0])
def test_tenths_of_frailty_are_about_tenths(shape: float) -> None:
    """Against 400,000 Gamma variables of mean 1: each of the ten holds 5 to 14 in 100, and all of them everybody."""
    drawn = np.random.default_rng(1).gamma(shape, 1 / shape, 400_000)
    shares = np.bincount(np.searchsorted(tenths(shape), drawn, side="right"), minlength=10) / drawn.size
    assert shares.sum() == pytest.approx(1.0)
    assert ((shares > 0.05) & (shares < 0.14)).all(), shares


# --- lives ------------------------------------------------------------------------------------------------------------------------


def test_freedom_is_counted_from_the_first_day_shut_out() -> None:
    """Shut out on day 10, free on day 110, shut out again from day 400 to the end: 100 days, then a relapse after 290."""
    desk = Desk(days=1000)
    assert desk.life((0.0, 0), (10.5, LOAN | TRAVEL), (60.2, TRAVEL), (110.9, 0), (400.0, LOAN)) == 2 * 50 + 50 + 600
    people = desk.found()["people"]
    assert people["closed_days.designed.loan"] == 50 + 600
    assert people["squares.designed"] == 750**2
    assert {name: n for name, n in people.items() if name.split(".")[0] in FREEDOM} == {
        "shut_first.designed": 1, "watched.designed.365": 1, "freed.designed.365": 1, "watched.designed.730": 1,
        "freed.designed.730": 1, "relapse_watched.designed": 1, "relapsed.designed": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (((0.0, LOAN), (365.0, 0)), TWICE | {"freed.365": 1, "freed.730": 1, "relapse_watched": 1}),
        (((0.0, LOAN), (366.0, 0)), TWICE | {"freed.730": 1, "relapse_watched": 1}),
        (((0.0, 0), (5.0, LOAN)), TWICE | {"shut_open": 1}),
        (((0.0, 0), (634.0, LOAN)), {"shut_open": 1, "watched.365": 1}),
        (((0.0, 0), (635.0, LOAN)), {"shut_open": 1}),
        (((0.0, LOAN), (3.0, 0), (3.9, LOAN), (10.0, SCHOOL)), TWICE | {"freed.365": 1, "freed.730": 1, "relapse_watched": 1}),
        (((0.0, LOAN), (700.0, 0), (702.0, LOAN)), TWICE | {"freed.730": 1}),
    ],
)
def test_who_is_watched_how_long(changes: tuple[tuple[float, int], ...], expected: dict[str, int]) -> None:
    """A thousand days: day b + h must lie within the period, and a stretch without a whole day does not count."""
    desk = Desk(days=1000)
    desk.life(*changes)
    found = {name.replace(".designed", ""): n for name, n in desk.found()["people"].items() if name.split(".")[0] in FREEDOM}
    assert found == {"shut_first": 1} | expected


@pytest.mark.parametrize("changes", [((0.0, 0), (5.0, SCHOOL), (9.0, 0)), ((0.0, 0), (5.2, LOAN), (5.8, 0)), ((0.0, 0),)])
def test_who_is_not_shut_out_themselves_on_any_day_is_not_watched(changes: tuple[tuple[float, int], ...]) -> None:
    desk = Desk(days=1000)
    desk.life(*changes)
    assert not [name for name in desk.found()["people"] if name.split(".")[0] in FREEDOM]


# --- twins ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (101, 10, {"tenfold": 1}),
        (100, 10, {}),
        (10, 101, {"tenfold_versus": 1}),
        (5, 0, {"only": 1}),
        (0, 5, {"only_versus": 1}),
        (0, 0, {}),
    ],
)
def test_ten_times_as_many_days_and_days_in_one_world_only(ours: int, theirs: int, expected: dict[str, int]) -> None:
    desk = Desk()
    one, two = (line((0.0, LOAN), (days, 0)) if days else line((0.0, 0)) for days in (ours, theirs))
    pair_counts(desk.plan, desk.tally, desk.book, one, two, True)
    found = desk.found()["people"]
    stems = ("tenfold", "tenfold_versus", "only", "only_versus")
    assert {name.split(".")[0]: n for name, n in found.items() if name.split(".")[0] in stems} == expected
    assert found.get("squares.designed~accurate", 0) == (ours - theirs) ** 2


@pytest.mark.parametrize(
    ("cause", "end"),
    [
        (Cause.EXPIRY, End.EXPIRY), (Cause.SETTLEMENT, End.SETTLEMENT), (Cause.JOINT, End.JOINT), (Cause.CORRECTION, End.APPEAL),
        (Cause.REPAIR, End.REPAIR), (Cause.STAGE, End.STAGE), (Cause.TERM, End.LUCK), (Cause.COPY, End.LUCK), (Cause.RECORD, End.LUCK),
    ],
)  # fmt: skip
def test_a_wrongful_spell_ends_by_the_cause_of_the_change(cause: Cause, end: End) -> None:
    desk = Desk()
    pair_counts(desk.plan, desk.tally, desk.book, line((0.0, LOAN), (40.0, 0), cause=cause), line((0.0, 0)), True)
    assert desk.found()["spells"] == {f"designed~accurate.{end.name.lower()}": {1: 1}}
    assert desk.found()["people"]["cleared.designed~accurate"] == 1


def test_the_marked_are_counted_with_their_twins() -> None:
    """Marked in both worlds, shut out in the second only; the other bits are of nobody."""
    desk = Desk()
    other_counts(desk.plan, desk.tally, desk.book, 0b11, 0b10, 2, 5)
    assert desk.found()["people"] == {
        "marked_ever.accurate": 1, "marked_twin.designed~accurate": 1, "gave_up.designed": 1, "near.designed": 5,
    }  # fmt: skip
    other_counts(desk.plan, desk.tally, desk.book, 0b10, 0b11, 1, 0)
    assert desk.found()["people"] == {
        "marked_ever.accurate": 2, "marked_twin.designed~accurate": 1, "gave_up.designed": 1, "near.designed": 5,
    }  # fmt: skip


def test_scores_below_and_above_the_meter_are_in_its_first_and_last_row() -> None:
    desk = Desk(shape=1.0)
    for score, frailty in ((300, 0.01), (309.999, 0.01), (310, 5.0), (-50, 5.0), (99_999, 2.0)):
        score_counts(desk.plan, desk.tally, desk.book, 1, round(score * POINT), frailty)
    assert desk.found()["meter"] == {
        "tenth0.accurate": {0: 2}, "tenth8.accurate": {255: 1}, "tenth9.accurate": {0: 1, 1: 1}, "top.accurate": {0: 1, 1: 1, 255: 1},
    }  # fmt: skip


# --- records ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [(Wrong.NOTHING, "right"), (Wrong.GHOST, "ghost"), (Wrong.STRAY, "stray"), (Wrong.MISREAD, "misread"), (Wrong.INFLATED, "inflated"),
     (Wrong.RULE, "rule"), (Wrong.TAMPERED, "tampered")],
)  # fmt: skip
def test_a_record_is_of_one_kind(wrong: Wrong, kind: str) -> None:
    """On file from day 10 to day 75, listed twice, acting until the end of its matter."""
    desk = Desk()
    item = {"channel": 1, "origin": Origin.ELSEWHERE, "wrong": wrong, "settle": NEVER}
    fate = {"what": OUT, "listings": 2, "entered": 10.9, "until": 75.2}
    assert desk.records((item, fate)) == (wrong != Wrong.NOTHING)
    found = desk.found()
    flawed = {} if wrong == Wrong.NOTHING else {"wrong_records.designed": 1, "marked.designed": 1}
    assert found["people"] == {
        f"records.designed.{kind}": 1, "records_in.designed": 1, "records_out.designed": 1, "file_days.designed": 65,
        "listings.designed": 2,
    } | flawed  # fmt: skip
    assert found["channels"] == {f"{kind}.designed": {1: 1}, "listings.designed": {1: 2}, "file_days.designed": {1: 65}}
    unfound = {"unfound.designed": {2: 1}} if wrong == Wrong.TAMPERED else {}
    assert found["waits"] == ({} if wrong == Wrong.NOTHING else {"unlearned.designed": {2: 1}}) | unfound


def test_an_inflated_record_is_right_where_nothing_is_inflated() -> None:
    desk = Desk(qualities=("as they come", "accurate"))
    inflated = ({"wrong": Wrong.INFLATED, "origin": Origin.OWN}, {"what": IN, "entered": 0.0, "until": 1000.0})
    assert desk.records(inflated, w=0) == 1
    assert desk.records(inflated, w=1) == 0
    people = desk.found()["people"]
    assert (people["records.designed.inflated"], people["records.accurate.right"]) == (1, 1)
    assert people["wrong_open.designed"] == 1
    assert "wrong_open.accurate" not in people


def test_a_stale_record_is_right_and_stale_and_wrong() -> None:
    desk = Desk()
    item = {"origin": Origin.OWN}
    assert desk.records((item, {"what": IN | Fate.OVERSTAYS, "entered": 5.0, "until": 1000.0})) == 1
    people = desk.found()["people"]
    for column in (
        "records.designed.right",
        "records.designed.stale",
        "wrong_records.designed",
        "wrong_open.designed",
        "records_open.designed",
    ):
        assert people[column] == 1, column
    assert people["file_days.designed"] == 995
    assert desk.found()["waits"] == {"unaware.designed": {33: 1}}


def test_what_is_missing_is_lost_and_what_never_acted_is_nothing() -> None:
    desk = Desk()
    assert (
        desk.records(({"origin": Origin.GARBLED}, {"what": Fate.FILED | Fate.MISSING}), ({"origin": Origin.OWN}, {"what": Fate.FILED})) == 0
    )
    assert desk.found()["people"] == {"records.designed.lost": 1}


def test_events_that_depend_on_the_state_are_counted_once() -> None:
    """An event without a record, one that two items record, of which one stands for it, and one that did not happen."""
    desk = Desk()
    desk.records(
        ({"origin": Origin.EVENT, "channel": 1}, {"what": Fate.DONE | Fate.COUNTS}),
        ({"origin": Origin.OWN, "channel": 0}, {"what": Fate.DONE | Fate.COUNTS}),
        ({"origin": Origin.OWN, "channel": 1}, {"what": Fate.DONE}),
        ({"origin": Origin.EVENT, "channel": 1}, {"what": 0}),
    )
    found = desk.found()
    assert found["classes"] == {"events.designed": {0: 1, 1: 1}}
    assert found["channels"] == {"events.designed": {0: 1, 1: 1}}  # both channels of the first class; the second class has none


def test_two_sources_see_the_same_event_or_another() -> None:
    """Events 0 and 1 by both, 2 by the first, 3 by the second; somebody else's record and one misread count for nobody."""
    desk = Desk()
    own = {"what": IN, "entered": 1.0, "until": 2.0}
    seen = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 0), (1, 3)]
    items = [({"origin": Origin.OWN, "channel": c, "ordinal": n}, own) for c, n in seen]
    items.append(({"origin": Origin.STRAY, "wrong": Wrong.STRAY, "channel": 1, "ordinal": 2}, own))
    items.append(({"origin": Origin.OWN, "wrong": Wrong.MISREAD, "channel": 1, "ordinal": 2}, own))
    items.append(({"origin": Origin.OWN, "channel": 1, "ordinal": 2}, {"what": Fate.FILED}))
    desk.records(*items)
    assert desk.found()["classes"] == {"first.designed": {0: 3}, "second.designed": {0: 3}, "both.designed": {0: 2}}


# --- redress ----------------------------------------------------------------------------------------------------------------------


def case(what: int, **times: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """A ghost that entered on day 10, was heard of on day 100 and contested on day 100, with its fate."""
    days = {"entered": 10.0, "until": 1000.0, "aware": 100.7, "filed": 100.7, "decided": NEVER, "corrected": NEVER} | times
    return {"origin": Origin.GHOST, "wrong": Wrong.GHOST}, {"what": what, **days}


@pytest.mark.parametrize(
    ("what", "times", "people", "waits"),
    [
        (IN | Fate.DISCOVERED, {}, {}, {}),
        (
            IN | APPEAL | Fate.WRONG_THEN,
            {},
            {"contested": 1, "contested_wrong": 1, "pending": 1, "case_days": 900},
            {"filed": 3, "waiting": 30},
        ),
        (
            IN | APPEAL | Fate.DECIDED,
            {"decided": 131.1},
            {"contested": 1, "decided": 1, "case_days": 31},
            {"filed": 3, "decision": 1, "closed": 4},
        ),
        (
            OUT | APPEAL | Fate.WRONG_THEN | Fate.DECIDED | Fate.SECOND | Fate.UPHELD | Fate.CORRECTED,
            {"decided": 400.0, "corrected": 410.0, "until": 500.0},
            {"contested": 1, "contested_wrong": 1, "decided": 1, "decided_wrong": 1, "second": 1, "upheld": 1, "upheld_wrong": 1,
             "case_days": 300, "corrected": 1, "corrected_wrong": 1},
            {"filed": 3, "decision": 10, "closed": 13, "copies": 3},
        ),
        (
            IN | APPEAL | Fate.DECIDED | Fate.UPHELD | Fate.CORRECTED | Fate.RETURNED,
            {"decided": 130.0, "corrected": 140.0},
            {"contested": 1, "decided": 1, "upheld": 1, "case_days": 30, "corrected": 1, "returned": 1},
            {"filed": 3, "decision": 1, "closed": 4, "copies_open": 28},
        ),
        (
            IN | APPEAL | Fate.DECIDED | Fate.UPHELD | Fate.CORRECTION_LOST,
            {"decided": 130.0},
            {"contested": 1, "decided": 1, "upheld": 1, "case_days": 30, "corrections_lost": 1},
            {"filed": 3, "decision": 1, "closed": 4},
        ),
        (
            IN | APPEAL | Fate.ABANDONED,
            {"decided": 200.0},
            {"contested": 1, "abandoned": 1, "case_days": 100},
            {"filed": 3, "undecided": 3, "closed": 6},
        ),
        (
            OUT | APPEAL | Fate.REPAIRED,
            {"until": 150.0},
            {"contested": 1, "case_days": 50, "repaired": 1},
            {"filed": 3, "undecided": 1, "closed": 5},
        ),
    ],
    ids=["known", "pending", "refused", "second instance", "came back", "correction lost", "given up", "dropped"],
)  # fmt: skip
def test_a_case_is_counted_by_how_it_ended(what: int, times: dict[str, float], people: dict[str, int], waits: dict[str, int]) -> None:
    desk = Desk()
    desk.records(case(what, **times))
    found = desk.found()
    stems = (
        "contested",
        "decided",
        "upheld",
        "second",
        "abandoned",
        "pending",
        "case_days",
        "corrected",
        "corrections",
        "returned",
        "repaired",
    )
    counted = {name.removesuffix(".designed"): n for name, n in found["people"].items() if name.startswith(stems)}
    assert counted == people
    assert (found["people"]["learned.designed"], found["people"]["learned_wrong.designed"]) == (1, 1)
    assert found["waits"] == {f"{name}.designed": {row: 1} for name, row in ({"learned": 3} | waits).items()}


@given(st.lists(st.tuples(st.floats(0.0, 999.0), st.floats(0.0, 400.0), st.sampled_from(["decided", "abandoned", "waits"])), max_size=12))
def test_days_that_cases_take_are_the_cases_there_are_day_by_day(cases: list[tuple[float, float, str]]) -> None:
    """C20, Little's law without any assumption: open cases added up over all days are the days that all cases take."""
    desk, days, open_cases = Desk(), 1000, 0
    items = []
    for filed, lasts, how in cases:
        ends = filed + lasts
        over = how != "waits" and ends < days
        bit = {"decided": Fate.DECIDED, "abandoned": Fate.ABANDONED, "waits": 0}[how] if over else 0
        items.append(case(IN | APPEAL | bit, filed=filed, aware=filed, entered=0.0, decided=ends if over else NEVER))
        open_cases += sum(int(filed) <= day < (int(ends) if over else days) for day in range(days))
    desk.records(*items)
    found = desk.found()
    assert found["people"].get("case_days.designed", 0) == open_cases
    assert sum(found["waits"].get("filed.designed", {}).values()) == len(cases)


# --- stages, latent conduct, false records ----------------------------------------------------------------------------------------


def test_days_around_a_stage_are_counted_ninety_each_way() -> None:
    """Stages begin on days 100 and 500.5. Loans are closed from 50 to 150, travel from 95 on to 600.

    Around day 100: loans 50 before and 50 after, travel 5 and 90; both closed before it. Around day 500: travel 90 and 90.
    """
    desk = Desk()
    shock_counts(desk.tally, desk.book, line((0.0, 0), (50.0, LOAN), (95.5, LOAN | TRAVEL), (150.0, TRAVEL), (600.0, 0)))
    assert desk.found()["stages"] == {
        "days_before.designed": {1: 55, 2: 90},
        "days_after.designed": {1: 140, 2: 90},
        "entries_before.designed": {1: 2},
    }


def test_what_closes_as_a_stage_begins_is_counted_after_it() -> None:
    """On day 100 to day 190; what closes on the day after is not of these 90 days any more."""
    desk = Desk()
    shock_counts(desk.tally, desk.book, line((0.0, 0), (100.0, LOAN), (190.0, TRAVEL)))
    found = desk.found()["stages"]
    assert found["entries_after.designed"] == {1: 1}
    assert found["days_after.designed"] == {1: 90, 2: 90}
    assert found["days_before.designed"] == {2: 90}


@pytest.mark.parametrize(("frailty", "class_"), [(0.001, 0), (0.49, 10), (0.5, 11), (0.7, 11), (0.71, 12), (15.9, 20), (1000.0, 21)])
def test_latent_conduct_is_sanctioned_events_a_year(frailty: float, class_: int) -> None:
    """The first class has 4 candidates a year of which half happen, the second is recorded by nobody: 2 events at frailty 1.

    Classes begin at 1/32 and rise by the square root of two: 1 event a year begins class 11, 1.414 class 12, 32 class 21.
    """
    desk = Desk()
    conduct_counts(desk.plan, desk.tally, frailty)
    rows = desk.found()["latent"]["people"]
    assert [row % 22 for row in rows] == [class_] * 5
    assert [row // 22 for row in rows] == [0, 2, 6, 8, 11]  # the first level of each axis: 2, 4, 2, 3 and 2 levels


@pytest.mark.parametrize(
    ("settle", "what", "times", "waits"),
    [
        (200.0, OUT, {"until": 230.0}, {"found.designed": {3: 1}}),  # found out 100 days after it came, gone 30 days later
        (200.0, OUT, {"until": 180.0}, {"unfound.designed": {2: 1}}),  # it had run out before
        (NEVER, OUT | Fate.CORRECTED, {"until": 170.0, "corrected": 160.0}, {"found.designed": {2: 1}}),
        (150.0, OUT | Fate.CORRECTED, {"until": 170.0, "corrected": 160.0}, {"found.designed": {1: 1}}),
        (NEVER, IN, {"until": 1000.0}, {"unfound_open.designed": {30: 1}}),
        (1000.0, IN, {"until": 1000.0}, {"unfound_open.designed": {30: 1}}),  # after the period
    ],
)
def test_a_false_record_is_found_out_or_not(settle: float, what: int, times: dict[str, float], waits: dict[str, Any]) -> None:
    desk = Desk(qualities=("attacked", "accurate"))
    desk.records(({"wrong": Wrong.TAMPERED, "settle": settle}, {"what": what, "entered": 100.0, **times}))
    found = {name: rows for name, rows in desk.found()["waits"].items() if "found" in name}
    assert found == waits
