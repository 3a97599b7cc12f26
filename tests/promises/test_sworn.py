"""The promises that `counterlife verify` looks at: each is kept, says how much it compared, and cannot be kept by nothing happening.

That a fault breaks them is in `test_mutations.py`, which lives them uncompiled.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from counterlife.study import RequestError
from counterlife.township.jit import compiled
from counterlife.verify import PROMISES, PowerlessError, Promise, Verdict, Verified, all_agree, verify
from counterlife.verify.engine import QUICK, Lab
from counterlife.verify.promises import nothing
from counterlife.verify.promises.ground import Ground
from counterlife.verify.promises.kept import Kept, alike, all_of, kept, never
from counterlife.verify.promises.sworn import each, towns
from counterlife.verify.registry import look

ROOT = Path(__file__).parents[2]
SOME = {"lives": 3, "event": "events"}


@pytest.mark.skipif(not compiled(), reason="too many lives for plain Python")
def test_every_promise_is_kept_and_says_of_what() -> None:
    """Whole sums have to be compared, and what a promise is about has to happen; what only the suite looks at is no pass."""
    found = verify([promise.id for promise in PROMISES])
    assert found.checks == []
    assert [one.promise for one in found.promises] == list(PROMISES)
    for one in found.promises:
        if one.promise.looks is None:
            assert (one.verdict, one.rows) == (None, ())
            continue
        assert one.void == ""
        assert [row.why for row in one.rows if row.verdict is not Verdict.AGREES] == []
        assert all(row.numbers >= 1 and row.lives > 50 and row.happened >= 1 for row in one.rows), one.promise.id
        assert one.verdict is Verdict.AGREES
    assert [one.promise.id for one in found.promises if one.verdict is None] == ["P28"]
    assert all_agree(found)


def test_promises_are_those_of_the_method_and_their_tests_are_there() -> None:
    assert [promise.id for promise in PROMISES] == [f"P{number}" for number in range(1, 29)]
    for promise in PROMISES:
        assert promise.said.endswith(".")
        assert promise.looks is not None or (promise.suite and promise.only)
        for file in promise.suite:
            text = (ROOT / file).read_text(encoding="utf-8")
            assert re.search(rf"\b{promise.id}\b", text), f"{file} does not name {promise.id}"


# --- looks that can fail, and looks that say nothing --------------------------------------------------------------------------------------


def test_numbers_that_differ_are_counted() -> None:
    one = kept("numbers", [1, 2, 3], [1, 0, 0], happened=1, **SOME)
    assert (one.verdict, one.off, one.numbers) == (Verdict.DIFFERS, 2, 3)
    assert one.why == "2 of 3 numbers are not as promised"
    assert never("times", np.array([False, True]), happened=1, **SOME).off == 1
    columns = alike("columns", {"a": np.arange(3), "b": np.arange(2)}, {"a": np.arange(3)}, happened=1, **SOME)
    assert columns.why == "1 of 2 columns differ, the first of them 'b'"
    assert alike("columns", {"a": np.arange(3), "b": np.arange(2)}, {"a": np.arange(3)}, happened=1, but=("b",), **SOME).off == 0
    assert all_of([one, one]).off == 4


def test_a_look_at_which_nothing_happened_is_no_look() -> None:
    with pytest.raises(PowerlessError, match="events 0, which has to be 1 or more"):
        kept("numbers", [1], [1], happened=0, **SOME)
    with pytest.raises(PowerlessError, match="events 4, which has to be 5 or more"):
        never("times", [0], happened=4, least=5, **SOME)
    with pytest.raises(PowerlessError):
        alike("columns", {}, {}, happened=9, **SOME)
    assert kept("numbers", [1], [2], happened=0, **SOME).verdict is Verdict.DIFFERS  # what is broken is broken


def test_a_void_promise_counts_as_a_failure() -> None:
    def quiet(lab: Lab) -> object:
        del lab
        yield Kept("numbers", 1, 1, 1, "events", 0)
        raise PowerlessError("nothing happened")

    one = look(Promise("P1", "Quiet", "Nothing.", quiet), Lab(QUICK))  # type: ignore[arg-type]
    assert (one.verdict, one.void, len(one.rows)) == (Verdict.VOID, "nothing happened", 1)
    assert not all_agree(Verified([], [one]))
    assert all_agree(Verified([], [look(Promise("P28", "Elsewhere", "In the suite.", None), Lab(QUICK))]))


def small(name: str, *overrides: str) -> list[Ground]:
    """A town so small that plain Python lives it too."""
    return towns(Lab(QUICK), name, ("population.township=24", *overrides), quick=1)


def test_a_town_in_which_nobody_reacts_has_no_power() -> None:
    """P1: without strain people do the same wherever gates close, so that the promise would be kept by nothing."""
    with pytest.raises(PowerlessError, match="classes whose events move under strain 0"):
        each(small("town", "conduct.debt.strain=1"), lambda one: nothing.undisturbed(one, "designed", "none"))


def test_worlds_that_are_not_alike_are_not_called_one() -> None:
    """P1 and P22, with the errors and the attacks left in."""
    (one,) = small("town")
    found = one.columns
    assert not np.array_equal(found["people closed_any_days.designed"], found["people closed_any_days.accurate"])
    attacked = small("town_attacked")[0]
    assert nothing.idle_attack(attacked, attacked.rules).verdict is Verdict.DIFFERS


def test_plain_python_is_not_asked_to_live_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERLIFE_COMPILE", "0")
    with pytest.raises(RequestError, match="too many people for plain Python"):
        verify(["P2"])
    assert verify(["P28"]).promises[0].verdict is None
