"""Size and order do not matter: P6 and P8."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...layout import Place
from ...scenario.allotment import places
from ...scenario.compile import Compiled
from ...scenario.model import Scenario
from ...study import run
from .additions import Data
from .ground import Columns, Ground, added
from .kept import Kept, PowerlessError, alike, kept, total


def grounds(town: Compiled, where: Sequence[Place], seed: int = 1) -> list[Ground]:
    """The townships of a scenario at these places."""
    return [Ground.of(town, one.row, one.number, seed) for one in where]


def larger_run(town: Compiled, few: int, many: int, looked_at: Callable[[Place], bool] = lambda place: True) -> Kept:
    """P6: of a larger run the first townships are those of the smaller one, each lived anew; the places that are looked at."""
    before, after = (places(town.region_people.tolist(), town.region_numbers.tolist(), number) for number in (few, many))
    if not set(before) < set(after):
        raise PowerlessError("the larger run does not hold the places of the smaller one, and more")
    again = {ground.place: ground for ground in grounds(town, [one for one in after if looked_at(one)])}
    one: Columns = {}
    other: Columns = {}
    for ground in grounds(town, [place for place in before if looked_at(place)]):
        one |= {f"{ground.place} {name}": column for name, column in ground.columns.items()}
        other |= {f"{ground.place} {name}": column for name, column in again[ground.place].columns.items()}
    lives, more = sum(ground.lives for ground in again.values()), len(after) - len(before)
    return alike(f"townships of a run of {few} in one of {many}", one, other, lives=lives, happened=more, event="townships more")


def any_order(several: Sequence[Ground], again: Callable[[], Sequence[Ground]]) -> Kept:
    """P8: townships lived in the reverse order leave the same sum."""
    sums = [added([ground.columns for ground in some]) for some in (several, list(again())[::-1])]
    apart = sum(int(not np.array_equal(column, several[1].columns[name])) for name, column in several[0].columns.items())
    lives = sum(2 * ground.lives for ground in several)
    return alike("townships in the reverse order", *sums, lives=lives, happened=apart, event="columns in which two townships differ")


def worlds_reordered(ground: Ground, backwards: Ground) -> Kept:
    """P8: a scenario whose worlds are listed backwards leaves the same columns."""
    if list(backwards.words.worlds) != list(ground.words.worlds)[::-1]:
        raise PowerlessError("the worlds are not in the reverse order")
    shut = total(ground.columns, "people closed_days.*")
    return alike(
        "worlds listed backwards", ground.columns, backwards.columns, lives=2 * ground.lives, happened=shut, event="domain-days closed"
    )


def backwards(data: Data) -> None:
    """Worlds and what is compared are listed in the reverse order."""
    data["worlds"] = dict(reversed(data["worlds"].items()))
    data["compare"] = data["compare"][::-1]


def without_world(name: str) -> Callable[[Data], None]:
    """One world is left out, and what is compared with it."""

    def change(data: Data) -> None:
        del data["worlds"][name]
        data["compare"] = [pair for pair in data["compare"] if name not in pair]

    return change


def world_dropped(fewer: Ground, ground: Ground) -> Kept:
    """P8: without one of its worlds a scenario leaves the columns of the others as they were."""
    gone = set(ground.words.worlds) - set(fewer.words.worlds)
    if len(gone) != 1:
        raise PowerlessError("no world has been left out")
    what, shut = f"without the world {gone.pop()}", total(fewer.columns, "people closed_days.*")
    return alike(what, fewer.columns, ground.columns, lives=fewer.lives + ground.lives, happened=shut, event="domain-days closed")


WAYS = (("serial", None, 10**9), ("threads", 1, 100), ("threads", 2, 250), ("threads", 8, 100))  # executor, workers, people in a batch


def fingerprints(scenario: Scenario, people: int) -> Kept:
    """P8: one run, sent out in every way, has one fingerprint; another seed has another one."""

    def lived(executor: str, workers: int | None, batch: int, seed: int = 1) -> str:
        found = run(scenario, people=people, seed=seed, executor=executor, workers=workers, batch_people=batch)
        return found.fingerprint

    seen = [lived(*way) for way in WAYS]
    other = lived(*WAYS[0], seed=2)
    apart = int(other != seen[0])
    what = f"fingerprints of {len(WAYS)} runs with 1, 2 and 8 workers and three sizes of batch"
    due = [seen[0]] * len(seen)
    return kept(what, np.array(seen), np.array(due), lives=len(WAYS) * people, happened=apart, event="other seeds with another fingerprint")
