"""Two deliberate faults, each of which a promise must catch: draws keyed by the order of the calls, and the world in a draw's address.

The engine runs as plain Python in a process of its own, where it can be broken. The same promises are kept there by the engine as it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

BROKEN = {
    "nothing": set[str](),
    "order of calls": {"P1", "P6", "P8 order of worlds", "P8 world dropped", "P11", "P12"},
    "world in the address": {"P1", "P8 order of worlds", "P8 world dropped"},
}


def promises() -> dict[str, Callable[[], object]]:
    """Promises that the engine makes, as they are tested, on small townships."""
    import test_promises as kept

    return {
        "P1": kept.test_without_errors_all_worlds_with_the_system_are_one,
        "P6": kept.test_a_larger_run_leaves_the_first_townships_as_they_were,
        "P8 order of worlds": lambda: kept.test_the_order_of_the_worlds_does_not_matter("article"),
        "P8 world dropped": lambda: kept.test_a_world_less_leaves_the_others_as_they_were("accurate"),
        "P11": lambda: kept.test_what_changes_nothing_moves_nothing(kept.add_class_that_never_happens),
        "P12": kept.test_more_records_come_to_those_that_are_there,
    }


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


FAULTS = {"nothing": list[Any], "order of calls": call_order, "world in the address": world_in_address}


def broken_promises(fault: str) -> set[str]:
    """The promises that an engine with this fault does not keep."""
    broken, kept = set(), promises()
    patches = FAULTS[fault]()
    for patch in patches:
        patch.start()
    for name, promise in kept.items():
        try:
            promise()
        except AssertionError:
            broken.add(name)
    for patch in patches:
        patch.stop()
    return broken


@pytest.mark.parametrize("fault", FAULTS)
def test_promises_catch_the_fault(fault: str) -> None:
    plain = os.environ | {"COUNTERLIFE_COMPILE": "0"}
    done = subprocess.run([sys.executable, __file__, fault], env=plain, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()) == BROKEN[fault]


if __name__ == "__main__":
    for promise in sorted(broken_promises(sys.argv[1])):
        print(promise)
