"""Every kernel also runs as plain Python, and the lives are the same to the last bit.

Whichever way this process runs, another lives the same townships the other way. Together they must pass through every kernel there is.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
from lived import live, place, variant
from numpy.typing import NDArray
from oracle.books import book
from oracle.books import folk as strangers
from oracle.test_plain_chance import busy, families
from oracle.tiny import PLACE, populace

import counterlife.township as engine
from counterlife.layout import soft_gates
from counterlife.township.applications import applications
from counterlife.township.archives import Looked, archives_of
from counterlife.township.book import bind
from counterlife.township.draws import address
from counterlife.township.hearings import hear
from counterlife.township.jit import compiled
from counterlife.township.tapes import write
from counterlife.township.township import live_people
from counterlife.township.trace import Village, settle, trace

FOLDER = Path(engine.__file__).parent


def lives() -> Iterator[tuple[str, NDArray[Any]]]:
    """Tallies, by township and table, and lives told step by step.

    The article with people made for it and its score by itself, the toy score, and rule books by hand that use what these do not.
    """
    towns = {name: variant(name, people=people) for name, people in (("article-score", 200), ("w0", 40), ("article", 30))}
    for name, town in towns.items():
        for table, numbers in live(town, place(town), seed=3)._asdict().items():
            yield f"{name} {table}", numbers
    folk = families(24)
    folk["namesakes"] = 500 / 8
    rules = busy()._replace(own_shape=np.full(2, 0.4))
    for table, numbers in live_people(folk, PLACE, rules, populace(24, names=8, holders=500), 2, 0)._asdict().items():
        yield f"by hand {table}", numbers
    for style, seed in (("everything", 0), ("everything", 1), ("everything and friends", 1), ("with soft gates", 1)):
        folk, rules = strangers(seed), book(style, seed)
        for table, numbers in live_people(folk, PLACE, rules, populace(folk.size, 8), seed, 0)._asdict().items():
            yield f"{style} {seed} {table}", numbers
        everywhere = Looked(np.arange(rules.quality.size), 1 + np.arange(rules.channel_class.size) % 2, 2)
        yield f"{style} {seed} archives", archives_of(folk, PLACE, rules, populace(folk.size, 8), seed, 0, everywhere)
        at, bound = address(PLACE, seed, 0), bind(rules, populace(folk.size, 8))
        for d in soft_gates(rules).tolist():
            days, lucks = np.zeros((2, 50))
            applications(at, bound[0], 9_000.0, 0, d, days, lucks)
            yield f"{style} {seed} applications at {d}", np.stack([days, lucks])
        tapes = write(at, bound, folk)
        hamlet = Village(at, bound, folk, tapes, hear(at, bound, folk, tapes))
        for person in range(folk.size):
            yield f"{style} {seed} view of {person}", trace(hamlet, person, 0).view
    article = towns["article-score"]
    village = settle(place(article), article.rulebook, article.populace, 3, 0)
    for person in range(60):
        told = trace(village, person, article.names.worlds.index("designed"))
        yield f"steps of {person}", told.steps
        yield f"view of {person}", told.view


COMPILED = {"kernel", "entry", "apart", "inlined", "drawing", "keeper"}  # what `jit.py` makes of a function


def kernels() -> set[str]:
    """Names of the functions that are compiled, as they stand in the sources."""
    return {
        f"{path.stem}.{node.name}"
        for path in FOLDER.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and any(isinstance(one, ast.Name) and one.id in COMPILED for one in node.decorator_list)
    }


def passed_through() -> set[str]:
    """Names of the functions of the engine that are called when all this is lived as plain Python."""
    called: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add((frame.f_code.co_filename, frame.f_code.co_name))

    sys.setprofile(note)
    for _ in lives():
        pass
    sys.setprofile(None)
    return {f"{Path(file).stem}.{name}" for file, name in called if Path(file).parent == FOLDER}


def elsewhere(switch: str, *arguments: str) -> str:
    """What this file prints in a process in which compilation is switched on (1) or off (0)."""
    environment = os.environ | {"COUNTERLIFE_COMPILE": switch}
    done = subprocess.run([sys.executable, __file__, *arguments], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_plain_and_compiled_lives_are_the_same(tmp_path: Path) -> None:
    file = tmp_path / "tallies.npz"
    elsewhere("0" if compiled() else "1", str(file))
    theirs, ours = np.load(file), dict(lives())
    assert set(theirs.files) == {*ours, "compiled"}
    assert theirs["compiled"] != compiled()
    assert sum(len(numbers) for name, numbers in ours.items() if name.startswith("steps")) > 100
    for name, numbers in ours.items():
        assert numbers.dtype == theirs[name].dtype
        assert numbers.tobytes() == theirs[name].tobytes(), name


def test_they_pass_through_every_kernel() -> None:
    called = set(elsewhere("0").split())
    assert len(kernels()) > 50
    assert kernels() - called == set()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(*sorted(passed_through()))
    else:
        tables: dict[str, Any] = dict(lives())
        np.savez(sys.argv[1], compiled=np.array(compiled()), **tables)
