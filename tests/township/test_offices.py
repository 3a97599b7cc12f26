"""Offices: cases by hand, a plain second implementation, Little's law (C20), known queues (C17 to C19), what more cases do to others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterlife.exact import queues
from counterlife.layout import NEVER, Floats
from counterlife.township.jit import compiled
from counterlife.township.offices import CASE, serve
from tests.exact.tolerance import cluster_test

FAR = 10**9  # a period that no case outlasts
many = pytest.mark.skipif(not compiled(), reason="too many cases for plain Python")


def filed(
    *times: float, service: float | list[float] = 1.0, patience: float | list[float] = NEVER, harm: int | list[int] = 0
) -> np.ndarray[Any, Any]:
    """Cases of persons 0, 1, ... at these times."""
    cases = np.zeros(len(times), CASE)
    cases["filed"], cases["person"] = times, np.arange(len(times))
    cases["service"], cases["patience"], cases["harm"] = service, patience, harm
    return cases


def decisions(cases: np.ndarray[Any, Any], reviewers: int, slots: int = 0, by_harm: int = 0, days: int = FAR) -> list[float]:
    """Days on which the cases are decided, after an office with so many reviewers has served them."""
    serve(cases, reviewers, slots, by_harm, days)
    return cases["decided"].tolist()


# --- by hand ------------------------------------------------------------------------------------------------------------------------


def test_one_reviewer_takes_one_case_after_another() -> None:
    assert decisions(filed(1.0, 2.0, 2.5, 9.0, service=2.0), 1) == [3.0, 5.0, 7.0, 11.0]


def test_two_reviewers_work_side_by_side() -> None:
    assert decisions(filed(1.0, 2.0, 2.5, 2.75, service=[2.0, 5.0, 2.0, 1.0]), 2) == [3.0, 7.0, 5.0, 6.0]


def test_the_order_in_which_cases_are_handed_over_does_not_matter() -> None:
    cases = filed(2.5, 9.0, 1.0, 2.0, service=2.0)
    assert decisions(cases, 1) == [7.0, 11.0, 3.0, 5.0]


def test_of_cases_at_one_time_the_lower_person_comes_first_and_then_the_lower_item() -> None:
    cases = filed(5.0, 5.0, 5.0, 4.0, service=2.0)
    cases["person"], cases["place"] = [8, 7, 7, 9], [1, 6, 3, 2]
    assert decisions(cases, 1) == [12.0, 10.0, 8.0, 6.0]
    assert decisions(cases, 4) == [7.0, 7.0, 7.0, 6.0]  # nobody is begun before they came


def test_the_hardest_hit_of_those_who_wait_come_first() -> None:
    cases = filed(0.0, 1.0, 2.0, 3.0, 13.0, service=4.0, harm=[0, 1, 3, 3, 9])
    assert decisions(cases, 1, by_harm=1) == [4.0, 16.0, 8.0, 12.0, 20.0]
    assert decisions(cases, 1) == [4.0, 8.0, 12.0, 16.0, 20.0]


def test_who_has_waited_too_long_gives_the_case_up() -> None:
    cases = filed(0.0, 1.0, 1.5, 4.0, service=4.0, patience=[0.5, 2.0, 2.5, 0.0])
    assert decisions(cases, 1) == [4.0, NEVER, 8.0, NEVER]  # a patience that ends when the reviewer comes is long enough
    assert cases["left"].tolist() == [NEVER, 3.0, NEVER, 4.0]


def test_slots_decide_at_the_end_of_whole_days() -> None:
    cases = filed(0.25, 0.75, 1.0, 4.5, 5.0, service=100.0)
    assert decisions(cases, 1, slots=1) == [1.0, 2.0, 3.0, 5.0, 6.0]
    assert decisions(cases, 2, slots=1) == [1.0, 1.0, 2.0, 5.0, 6.0]  # filed on the day itself is not filed before it


def test_slots_serve_the_hardest_hit_first_and_lose_those_who_give_up() -> None:
    cases = filed(0.1, 0.2, 0.3, 0.4, harm=[0, 0, 2, 1], patience=[NEVER, 1.7, NEVER, 1.5])
    assert decisions(cases, 1, slots=1, by_harm=1) == [2.0, NEVER, 1.0, NEVER]
    assert cases["left"].tolist() == [NEVER, pytest.approx(1.9), NEVER, pytest.approx(1.9)]


@pytest.mark.parametrize("slots", [0, 1])
def test_what_lies_after_the_period_does_not_happen(slots: int) -> None:
    cases = filed(0.5, 0.5, 0.5, service=1.5, patience=[NEVER, 2.0, 2.5])
    assert decisions(cases, 1, slots, days=2) == [NEVER if not slots else 1.0, NEVER, NEVER]
    assert cases["left"].tolist() == [NEVER, NEVER, NEVER]
    assert decisions(cases, 1, slots, days=3) == [2.0 if not slots else 1.0, NEVER if not slots else 2.0, NEVER]
    assert cases["left"].tolist() == [NEVER, NEVER, NEVER]
    assert decisions(cases, 1, slots, days=4) == [2.0 if not slots else 1.0, 3.5 if not slots else 2.0, NEVER if not slots else 3.0]


@pytest.mark.parametrize("slots", [0, 1])
def test_an_office_without_reviewers_decides_nothing(slots: int) -> None:
    cases = filed(1.0, 2.0, patience=[3.0, NEVER])
    assert decisions(cases, 0, slots) == [NEVER, NEVER] if not slots else decisions(cases, 0, slots, days=50) == [NEVER, NEVER]
    assert cases["left"].tolist() == [4.0, NEVER]
    assert decisions(filed(), 3) == []


# --- a plain second implementation --------------------------------------------------------------------------------------------------


def plainly(cases: np.ndarray[Any, Any], reviewers: int, slots: int, by_harm: int, days: int) -> tuple[list[float], list[float]]:
    """The same rules, moment by moment: everything that can happen happens at a time out of a list of candidates."""
    n = len(cases)
    key = [(-int(c["harm"]) if by_harm else 0, float(c["filed"]), int(c["person"]), int(c["place"])) for c in cases]
    decided, left, begun = [NEVER] * n, [NEVER] * n, [False] * n
    busy = [-NEVER] * reviewers
    moments = {float(day) for day in range(1, days)} if slots else {float(c["filed"]) for c in cases}
    while moments:
        now = min(moments)
        moments.discard(now)
        for _ in range(reviewers):
            here = [i for i in range(n) if not begun[i] and (cases["filed"][i] < now if slots else cases["filed"][i] <= now)]
            here = [i for i in here if cases["filed"][i] + cases["patience"][i] >= now]
            idle = [r for r in range(reviewers) if busy[r] <= now]
            if not here or not (slots or idle):
                break
            i = min(here, key=lambda case: key[case])
            begun[i] = True
            if slots:
                decided[i] = now
            else:
                decided[i] = busy[idle[0]] = now + float(cases["service"][i])
                moments.add(decided[i])
    for i in range(n):
        if not begun[i] and cases["filed"][i] + cases["patience"][i] < days:
            left[i] = float(cases["filed"][i] + cases["patience"][i])
    return [day if day < days else NEVER for day in decided], left


half_days = st.integers(0, 24).map(lambda k: k / 2.0)
some_cases = st.lists(
    st.tuples(half_days, st.integers(0, 3), half_days.map(lambda k: k / 4.0), st.one_of(st.just(NEVER), half_days), st.integers(0, 3)),
    max_size=14,
)


def of(rows: list[tuple[float, int, float, float, int]]) -> np.ndarray[Any, Any]:
    """Cases of rows of filed, person, service, patience and harm; items in the order of the rows."""
    cases = np.zeros(len(rows), CASE)
    for at, name in enumerate(("filed", "person", "service", "patience", "harm")):
        cases[name] = [row[at] for row in rows]
    cases["item"] = cases["place"] = np.arange(len(rows))
    return cases


@settings(max_examples=400, deadline=None)
@given(some_cases, st.integers(0, 3), st.sampled_from([0, 1]), st.sampled_from([0, 1]), st.integers(1, 30), st.randoms())
def test_the_plain_brother_agrees(
    rows: list[tuple[float, int, float, float, int]], reviewers: int, slots: int, by_harm: int, days: int, shuffled: Any
) -> None:
    cases = of(rows)
    decided, left = plainly(cases, reviewers, slots, by_harm, days)
    order = list(range(len(rows)))
    shuffled.shuffle(order)
    mixed = cases[order].copy() if order else cases
    serve(mixed, reviewers, slots, by_harm, days)
    assert mixed["decided"].tolist() == [decided[i] for i in order]
    assert mixed["left"].tolist() == [left[i] for i in order]


# --- what more cases do to others (Kiefer and Wolfowitz 1955) ------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(some_cases.filter(len), st.integers(1, 3), st.sampled_from([0, 1]), st.data())
def test_without_impatience_one_case_more_or_longer_makes_nobody_earlier(
    rows: list[tuple[float, int, float, float, int]], reviewers: int, slots: int, data: Any
) -> None:
    more = of(rows)
    more["patience"] = NEVER
    extra = data.draw(st.integers(0, len(rows) - 1))
    fewer, shorter = np.delete(more, extra), more.copy()
    shorter["service"][extra] /= 2.0
    for cases in (more, fewer, shorter):
        serve(cases, reviewers, slots, 0, FAR if not slots else 60)
    assert (np.delete(more["decided"], extra) >= fewer["decided"]).all()
    assert (more["decided"] >= shorter["decided"]).all()
    assert (more["left"] == NEVER).all()


def test_with_impatience_one_case_more_can_make_somebody_earlier() -> None:
    """Person 0 keeps the reviewer from person 1, who gives up; person 2 gains."""
    more = filed(0.0, 0.5, 1.0, service=[1.0, 9.0, 1.0], patience=[NEVER, 0.25, NEVER])
    fewer = more[1:].copy()
    assert decisions(more, 1)[2] == 2.0
    assert decisions(fewer, 1)[1] == 10.5


def test_by_harm_one_case_more_can_make_somebody_earlier() -> None:
    """Person 0 keeps the reviewer busy until person 2, who is harder hit than person 1, has come."""
    more = filed(0.0, 0.5, 1.0, service=[2.0, 9.0, 1.0], harm=[0, 1, 2])
    fewer = more[1:].copy()
    assert decisions(more, 1, by_harm=1)[2] == 3.0
    assert decisions(fewer, 1, by_harm=1)[1] == 10.5


# --- Little's law (C20), to the day -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slots", "by_harm"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_c20_cases_in_the_office_day_by_day_are_the_days_of_the_cases(slots: int, by_harm: int) -> None:
    """Arrivals less departures, cumulated and summed over the days, against the whole days of each case up to the end."""
    rng = np.random.default_rng(4)
    days, n = 200, 700
    cases = filed(*rng.uniform(0, days, n), service=rng.exponential(1.0, n), patience=rng.exponential(6.0, n), harm=rng.integers(0, 4, n))
    serve(cases, 3, slots, by_harm, days)
    out = np.minimum(cases["decided"], cases["left"])
    assert ((cases["decided"] < NEVER) & (cases["left"] < NEVER)).sum() == 0
    assert min((cases["decided"] < NEVER).sum(), (cases["left"] < NEVER).sum(), (out >= NEVER).sum()) > 0
    came = np.bincount(cases["filed"].astype(int), minlength=days)
    went = np.bincount(out[out < days].astype(int), minlength=days)
    backlog = np.cumsum(came) - np.cumsum(went)
    stays = np.minimum(np.floor(out), days) - np.floor(cases["filed"])
    assert int(backlog.sum()) == int(stays.sum())
    assert (backlog >= 0).all()
    if slots:
        assert np.bincount(cases["decided"][cases["decided"] < days].astype(int)).max() == 3


# --- known queues -------------------------------------------------------------------------------------------------------------------


def poisson_cases(rng: np.random.Generator, rate: float, n: int, patience: float = 0.0) -> np.ndarray[Any, Any]:
    """Cases at a rate a day, each an exponential day's work, perhaps of exponential patience."""
    cases = np.zeros(n, CASE)
    cases["filed"], cases["person"] = np.cumsum(rng.exponential(1.0 / rate, n)), np.arange(n)
    cases["service"], cases["patience"] = rng.exponential(1.0, n), rng.exponential(1.0 / patience, n) if patience else NEVER
    return cases


def batches(values: Floats, size: int) -> Floats:
    """Sums of `size` values each; the first batch, when the office was still empty, and a rest are left out."""
    whole = len(values) // size * size
    return values[:whole].reshape(-1, size).sum(axis=1)[1:]


def times_of_batches(cases: np.ndarray[Any, Any], sums: Floats) -> Floats:
    """Days from the last case of a batch of 20,000 to that of the next."""
    return np.diff(cases["filed"][19_999::20_000])[: sums.size]


@many
@pytest.mark.parametrize(("rate", "reviewers", "materiality"), [(9.0, 10, 0.06), (2.0, 4, 0.025)])
def test_c17_waits_in_an_office(rate: float, reviewers: int, materiality: float) -> None:
    """M/M/c. In a busy office waits move together for hundreds of cases: one per cent would take a hundred million."""
    cases = poisson_cases(np.random.default_rng(5), rate, 6_000_000)
    serve(cases, reviewers, 0, 0, FAR)
    waits = batches(cases["decided"] - cases["service"] - cases["filed"], 20_000)
    exact = queues.erlang_c(rate, 1.0, reviewers)
    cluster_test(waits, np.full(waits.size, 20_000), exact.wait, materiality)
    cluster_test(
        waits, times_of_batches(cases, waits), exact.queue, materiality
    )  # Little: time waited, by all, is cases waiting times days


@many
def test_c17_an_office_of_ten_whose_cases_give_up() -> None:
    """M/M/c + M (Erlang A)."""
    cases = poisson_cases(np.random.default_rng(6), 12.0, 6_000_000, patience=0.1)
    serve(cases, 10, 0, 0, FAR)
    exact = queues.erlang_a(12.0, 1.0, 10, 0.1)
    left = batches((cases["left"] < NEVER).astype(float), 20_000)
    cluster_test(left, np.full(left.size, 20_000), exact.leaves, materiality=0.015)
    served = cases["left"] >= NEVER
    waits = batches(np.where(served, cases["decided"] - cases["service"], cases["left"]) - cases["filed"], 20_000)
    cluster_test(waits, times_of_batches(cases, waits), exact.queue, materiality=0.02)


@many
@pytest.mark.parametrize(("slots", "rate"), [(1, 0.9), (3, 2.6)])
def test_c18_daily_slots(slots: int, rate: float) -> None:
    """Q' = max(Q + A - c, 0), looked at after the decisions of a day."""
    rng, days = np.random.default_rng(7), 6_000_000
    came = rng.poisson(rate, days - 1)
    cases = np.zeros(int(came.sum()), CASE)
    cases["filed"] = np.repeat(np.arange(days - 1), came) + 0.5
    cases["person"], cases["patience"] = np.arange(cases.size), NEVER
    serve(cases, slots, 1, 0, days)
    went = np.bincount(cases["decided"][cases["decided"] < days].astype(int), minlength=days)
    queue = np.cumsum(came)[: days - 1] - np.cumsum(went)[1:]  # at the end of day 1, 2, ...: filed before less decided until then
    sums = batches(queue.astype(float), 60_000)
    left = queues.daily_slots(rate, slots)
    exact = float(left @ np.arange(left.size))
    cluster_test(sums, np.full(sums.size, 60_000), exact, materiality=0.04)  # as above


@many
def test_c19_one_office_of_ten_waits_less_than_ten_of_one() -> None:
    rng = np.random.default_rng(8)
    cases = poisson_cases(rng, 9.0, 5_000_000)
    cases["office"] = rng.integers(0, 10, cases.size)
    serve(cases, 10, 0, 0, FAR)
    pooled = float((cases["decided"] - cases["service"] - cases["filed"]).mean())
    waits = np.zeros(cases.size)
    for office in range(10):
        mine = cases[cases["office"] == office]
        serve(mine, 1, 0, 0, FAR)
        waits[cases["office"] == office] = mine["decided"] - mine["service"] - mine["filed"]
    split = queues.erlang_c(0.9, 1.0, 1).wait
    assert split == pytest.approx(9.0, rel=1e-12)
    sums = batches(waits, 50_000)
    cluster_test(sums, np.full(sums.size, 50_000), split, materiality=0.06)
    assert pooled < 0.1 * split
