"""Deliberate faults, each of which promises must catch (P28 of the method): a fault that survives is a failure of this file.

The engine and the measures run as plain Python in a process for each fault, where they can be broken. The promises are tests from
elsewhere, called as they stand: nothing here is asserted about a fault but which of them fail. A fault names those that must catch it,
and some that it leaves alone; without a fault all are kept. Measures have no thresholds that a run could estimate anew: the tenths of
frailty, into which the engine sorts people, are the one such quantity, and stand for "quantiles per run".
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any, NamedTuple
from unittest import mock

import pytest

from counterlife.verify import PowerlessError


class Fault(NamedTuple):
    """What to replace, and which promises must fail and which must not."""

    patches: Callable[[], list[Any]]
    caught: set[str]
    kept: set[str]


# --- promises -------------------------------------------------------------------------------------------------------------------


def promises() -> dict[str, Callable[[], object]]:
    """Promises as they are tested, on small townships and made tallies."""
    import test_promises as lives
    from promises import test_put_right as put_right
    from promises import test_ranking as ranking

    from counterlife.verify.promises import additions

    return (
        {
            "P1": lives.test_without_errors_all_worlds_with_the_system_are_one,
            "P2": lambda: lives.test_the_difference_of_two_worlds_is_wrongful_less_lenient(all_compared()),
            "P6": lives.test_a_larger_run_leaves_the_first_townships_as_they_were,
            "P8 order of townships": lives.test_the_order_in_which_townships_are_lived_does_not_matter,
            "P8 order of worlds": lambda: lives.test_the_order_of_the_worlds_does_not_matter("article-score"),
            "P8 world dropped": lambda: lives.test_a_world_less_leaves_the_others_as_they_were("accurate"),
            "P11": lambda: lives.test_what_changes_nothing_moves_nothing(additions.add_class_that_never_happens),
            "P11 equal rules": lives.test_a_world_with_equal_rules_is_lived_alike,
            "P12": lives.test_more_records_come_to_those_that_are_there,
            "P13 ledger": put_right.test_a_ledger_is_replayed_and_not_paid_back,
            "P15": lambda: lives.test_days_are_the_lengths_of_spells_and_what_begins_ends_or_goes_on(all_compared()),
            "P17 told": lambda: put_right.test_a_wrong_record_acts_until_the_person_is_told(0),
            "P17 days": put_right.test_days_wrongful_are_those_from_entry_to_notice,
            "P17 outage": lambda: put_right.test_corrections_of_an_outage_are_made_at_its_end_and_none_is_lost(0),
            "P5 same number": lambda: ranking.test_the_same_number_is_shut_out_whatever_people_do(ranking.DESIGNED, ranking.LOAN, 1),
            "P5 lowest": ranking.test_the_lowest_are_shut_out,
            "day of a review": ranking.test_what_ends_on_the_day_of_a_review_counts_once_more,
            "P5 treadmill": ranking.test_the_same_points_for_everybody_change_nothing,
            "plain engine, scores": lambda: as_the_plain_engine("scores"),
        }
        | {f"verify {number}": partial(as_verify_looks, number) for number in VERIFIED}
        | promises_of_measures()
    )


VERIFIED = ("P2", "P5", "P12", "P13", "P17")  # those that take seconds as plain Python


def as_verify_looks(number: str) -> None:
    """The promise is kept as `counterlife verify` looks at it, in towns that are smaller still."""
    from counterlife.verify import PROMISES, Verdict
    from counterlife.verify.engine import Form, Lab
    from counterlife.verify.registry import look

    few = {"town": "40" if number == "P13" else "24", "town_ranked": "60"}  # in fewer people adding back changes too little
    lab = Lab(Form("small", 50, 5.0), {name: [f"population.township={people}"] for name, people in few.items()})
    found = look(next(promise for promise in PROMISES if promise.id == number), lab)
    assert found.verdict is Verdict.AGREES, [found.void, *(row.why for row in found.rows)]


def promises_of_measures() -> dict[str, Callable[[], object]]:
    """What is worked out from tallies, against the persons behind them and by hand."""
    import test_measures as kept
    from made_tallies import made

    from counterlife.measures import measures

    sample = made()

    def frame() -> Any:
        return measures(sample.tallies, sample.facts)

    return {
        "rates of persons": lambda: kept.test_rates_are_those_of_the_persons(sample, frame()),
        "rates of a region": lambda: kept.test_rates_of_a_region_and_of_a_group_are_those_of_their_persons(sample, frame()),
        "counts of the country": lambda: kept.test_counts_are_scaled_to_the_country_and_say_so(sample, frame()),
        "paired": lambda: kept.test_a_difference_of_twins_is_paired(sample),
        "nothing between equals": lambda: kept.test_two_worlds_with_equal_tallies_differ_by_exactly_nothing(sample),
        "interval by hand": kept.test_a_ratio_in_two_strata_has_the_interval_worked_out_by_hand,
        "coverage": lambda: kept.test_intervals_cover_the_truth_as_often_as_they_say(3),
    }


def as_the_plain_engine(style: str) -> None:
    """The engine counts what the plain engine counts, under a random book: `test_a_random_book`, with three families."""
    from oracle.books import LABELS, book
    from oracle.test_engine import differences
    from oracle.tiny import PLACE, populace
    from promises.hamlet import CROWD, villagers

    people = villagers(0)[:9]
    assert differences(book(style, 0), people, populace(len(people), names=8, holders=CROWD), PLACE, 0, LABELS) == []


def all_compared() -> Any:
    """Some townships of a scenario."""
    import test_promises as lives

    return lives.grounds(lives.variant("article-score"))


# --- faults of chance -----------------------------------------------------------------------------------------------------------


def call_order() -> list[Any]:
    """Words come from a generator, as they are asked for; the address is not looked at."""
    import numpy as np

    from counterlife.township import conduct, draws

    generator = np.random.default_rng(1)

    def philox(*_: np.uint64) -> tuple[np.uint64, ...]:
        return tuple(generator.integers(0, 1 << 32, 4, dtype=np.uint64))

    return [mock.patch.object(draws, "philox", philox), mock.patch.object(conduct, "philox", philox)]


def world_in_address() -> list[Any]:
    """While a life is lived, the number of its world is part of every address."""
    import numpy as np

    from counterlife.township import draws, life, township

    philox, live, hand_over = draws.philox, vars(township)["live"], life.hand_over
    lived: list[int] = []

    def keyed(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
        return philox(c0, c1, c2, c3, k0, k1 ^ np.uint64(lived[-1] << 16) if lived else k1)

    def enter(desk: Any, rules: Any, w: int, items: int) -> None:
        lived[:] = [w]
        hand_over(desk, rules, w, items)

    def within(*given: Any) -> None:
        live(*given)
        lived.clear()

    return [
        mock.patch.object(draws, "philox", keyed),
        mock.patch.object(life, "hand_over", enter),
        mock.patch.object(township, "live", within),
    ]


# --- faults of lives ------------------------------------------------------------------------------------------------------------


def added_back() -> list[Any]:
    """A ledger gets the points of a corrected record back, instead of being gone through again without it."""
    from counterlife.township import scores

    def pay_back(life: Any, s: int, without: int) -> None:
        state = life.state
        state["score"][s] = scores.shown(life.rules, state["row"], s, state["score"][s] - scores.worth(life, without, s))

    return [mock.patch.object(scores, "replay", pay_back)]


def a_day_longer() -> list[Any]:
    """Points are kept one day longer than the rules say."""
    from counterlife.township import life, scores

    acting = scores.acting

    def longer(*given: Any) -> tuple[float, float, int]:
        begin, end, why = acting(*given)
        return begin, end + (1.0 if why == scores.BY_EXPIRY else 0.0), why

    return [mock.patch.object(life, "acting", longer)]


def lost_item() -> list[Any]:
    """A third of what should be pending is forgotten: always the same, so that people who wait for one another come to an end."""
    from counterlife.township import pending

    push = pending.push

    def forgetful(life: Any, due: float, *given: Any) -> None:
        if int(1000.0 * due) % 3:
            push(life, due, *given)

    return [mock.patch.object(pending, "push", forgetful)]


def tenths_of_the_run() -> list[Any]:
    """The tenths of frailty are those of the people that the run has lived so far."""
    import numpy as np

    from counterlife.township import township

    write, sheet = vars(township)["write"], vars(township)["sheet"]
    seen: list[float] = []

    def noted(at: Any, book: Any, people: Any) -> Any:
        seen.extend(people["frailty"].tolist())
        return write(at, book, people)

    def estimated(rules: Any) -> Any:
        tally, plan = sheet(rules)
        plan[0]["tenths"] = np.quantile(seen, np.arange(1, 10) / 10)
        return tally, plan

    return [mock.patch.object(township, "write", noted), mock.patch.object(township, "sheet", estimated)]


def twins_by_order() -> list[Any]:
    """A life is compared with the twin of whoever was compared before."""
    from counterlife.township import township

    count_pair = vars(township)["count_pair"]
    before: dict[int, tuple[Any, int]] = {}

    def shifted(*given: Any) -> int:
        *sheets, p, cell, one, ones, two, twos, marked = given
        twin = before.get(p, (two, twos))
        before[p] = (two.copy(), twos)
        days: int = count_pair(*sheets, p, cell, one, ones, *twin, marked)
        return days

    return [mock.patch.object(township, "count_pair", shifted)]


# --- faults of rankings ---------------------------------------------------------------------------------------------------------


def late_review() -> list[Any]:
    """A review looks at the scores after what else happens on its day."""
    from counterlife.township import life

    review, look_at_gates = life.review, life.look_at_gates
    due: list[Any] = []

    def put_off(*given: Any) -> None:
        due.append(given)
        given[0].state["touched"] = 1  # so that gates are looked at when the day's steps are done

    def look(one: Any) -> None:
        while due:
            review(*due.pop())
        look_at_gates(one)

    return [mock.patch.object(life, "review", put_off), mock.patch.object(life, "look_at_gates", look)]


def rounded_down() -> list[Any]:
    """The share of people below a line is rounded down to whole people."""
    from counterlife.township import ranking

    lowest_open = ranking.lowest_open

    def fewer(at: Any, marks: Any, share: int, review: int) -> Any:
        pool = int((marks != ranking.ABSENT).sum())
        whole = share * pool // ranking.MILLION
        return lowest_open(at, marks, whole * ranking.MILLION // max(pool, 1), review)

    return [mock.patch.object(ranking, "lowest_open", fewer)]


# --- faults of measures ---------------------------------------------------------------------------------------------------------


def weights_forgotten() -> list[Any]:
    """Every synthetic person stands for as many people, whatever the region."""
    import numpy as np

    from counterlife.measures import sample
    from counterlife.measures.intervals import Strata

    stratify = sample.stratify

    def equal(regions: Any, people: Any, region_people: Any) -> Strata:
        one = stratify(regions, people, region_people)
        return Strata(np.full_like(one.weights, float(one.weights @ people) / people.sum()), people, one.groups)

    return [mock.patch.object(sample, "stratify", equal)]


def unpaired() -> list[Any]:
    """The two worlds of a difference vary as if other people lived in each: their variances are added up."""
    import math
    from dataclasses import replace

    from counterlife.measures import intervals, sample

    whole = sample.Sample._row

    def apart(self: Any, wanted: Any, strata: Any, region: str, group: str) -> Any:
        row = whole(self, wanted, strata, region, group)
        if not wanted.minus or row.estimate.high is None:
            return row
        ours = whole(self, replace(wanted, minus=(), limits=None), strata, region, group).estimate
        theirs = whole(self, replace(wanted, plus=wanted.minus, minus=(), limits=None), strata, region, group).estimate
        half = math.hypot(*(one.high - one.value if one.high is not None else 0.0 for one in (ours, theirs)))
        low, high = wanted.limits or (-math.inf, math.inf)
        value = row.estimate.value
        return replace(row, estimate=intervals.Estimate(value, max(value - half, low), min(value + half, high)))

    return [mock.patch.object(sample.Sample, "_row", apart)]


# --- what catches what ----------------------------------------------------------------------------------------------------------

CHANCE = {"P1", "P6", "P8 order of worlds", "P8 world dropped", "P11", "P12"}
PUT_RIGHT = {"P13 ledger", "P17 told", "P17 days", "P17 outage"}
RANKED = {"P5 same number", "P5 lowest", "P5 treadmill", "day of a review"}
RATES = {"rates of persons", "rates of a region", "counts of the country"}
INTERVALS = {"paired", "nothing between equals", "interval by hand", "coverage"}

FAULTS = {
    "nothing": Fault(list, set(), set()),
    "order of calls": Fault(call_order, CHANCE | {"verify P12"}, set()),
    "world in the address": Fault(world_in_address, {"P1", "P8 order of worlds", "P8 world dropped"}, {"P6", "P11", "P12"}),
    "added back": Fault(added_back, {"P13 ledger", "verify P13"}, PUT_RIGHT - {"P13 ledger"}),
    "a day longer": Fault(a_day_longer, {"plain engine, scores"}, PUT_RIGHT),
    "lost item": Fault(lost_item, {"verify P17"} | PUT_RIGHT, {"P1", "P12", "P5 treadmill", "P5 lowest", "P5 same number"}),
    "tenths of the run": Fault(tenths_of_the_run, {"P6", "P8 order of townships"}, set()),
    "twins by order": Fault(twins_by_order, {"P1", "P2", "P11 equal rules", "verify P2"}, set()),
    "late review": Fault(late_review, {"day of a review"}, RANKED - {"day of a review"}),
    "rounded down": Fault(rounded_down, {"P5 same number", "verify P5"}, RANKED - {"P5 same number"}),
    "weights forgotten": Fault(weights_forgotten, RATES, INTERVALS),
    "unpaired": Fault(unpaired, {"paired"}, RATES | INTERVALS - {"paired"}),
}


def broken_promises(fault: str) -> set[str]:
    """The promises, of those that the fault names, that are not kept under it; of all where there is no fault."""
    broken, kept = set(), promises()
    patches, caught, left_alone = FAULTS[fault]
    for name in (caught | left_alone) or kept:
        with ExitStack() as faulty:  # each promise meets the fault afresh
            for patch in patches():
                faulty.enter_context(patch)
            try:
                kept[name]()
            except (AssertionError, PowerlessError):
                broken.add(name)
    return broken


def test_each_fault_must_be_caught() -> None:
    assert all(fault.caught for name, fault in FAULTS.items() if name != "nothing")


@pytest.mark.parametrize("fault", FAULTS)
def test_promises_catch_the_fault(fault: str) -> None:
    plain = os.environ | {"COUNTERLIFE_COMPILE": "0"}
    done = subprocess.run([sys.executable, __file__, fault], env=plain, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()) == FAULTS[fault].caught


if __name__ == "__main__":
    for promise in sorted(broken_promises(sys.argv[1])):
        print(promise)
