"""How far something is, on standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from .door import err

if TYPE_CHECKING:
    from ..study import Progress

BETWEEN_LINES = 10.0  # seconds between lines of progress where standard error is no terminal

SETTLED = 2.0  # seconds after which a speed is one: the first batches of all workers come nearly at once


@contextmanager
def progress(folder: Path, quiet: bool = False) -> Iterator[Progress]:
    """What to call with the progress of a run: a bar on a terminal, a line now and then elsewhere."""
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    words = TextColumn("{task.description}")
    with Bar(words, BarColumn(bar_width=None), TimeRemainingColumn(), console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=None, visible=False)
        begun: list[tuple[int, float]] = []  # townships and time at the first call: what an earlier run did is not this one's speed
        said = [monotonic()]

        def show(done: int, total: int, people: int) -> None:
            if quiet:
                begun.append((done, 0.0))
                return
            now = monotonic()
            if not begun:
                begun.append((done, now))
                err.print(f"Running into {folder}" + (f", from {done:,} of {total:,} townships on" if done else ""))
                if done < total:
                    say_if_compiling()
            elif len(begun) == 1:
                begun.append((done, now))  # kernels were compiled before this, so speed is counted from here
            speed = (done - begun[-1][0]) / max(now - begun[-1][1], 1e-9)
            known = done == total or now - begun[-1][1] >= SETTLED
            text = f"{done:,} of {total:,} townships" + (f", {speed * people:,.0f} people a second" if known else "")
            bar.update(task, completed=done, total=total, description=text, visible=True)
            if not err.is_terminal and speed and known and done < total and now - said[0] >= BETWEEN_LINES:
                said[0] = now
                err.print(f"{text}, about {(total - done) / speed / 60:,.0f} min left")

        yield show
    if not begun and not quiet:
        err.print(f"{folder} holds this run, finished: it is read, not lived again.")


@contextmanager
def steps(name: str, quiet: bool = False) -> Iterator[Callable[[int, int, str], None]]:
    """What to call with the steps done, their number and what comes next: a bar on a terminal, a line now and then elsewhere."""
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(TextColumn("{task.description}"), BarColumn(), console=err, transient=True, disable=quiet or not err.is_terminal) as bar:
        task = bar.add_task("", total=None)
        said = [monotonic()]

        def show(done: int, total: int, following: str) -> None:
            if quiet:
                return
            if done == 0:
                say_if_compiling()
            bar.update(task, completed=done, total=total, description=f"{done} of {total} {name}  {following}")
            if not err.is_terminal and done < total and monotonic() - said[0] >= BETWEEN_LINES:
                said[0] = monotonic()
                err.print(f"{done} of {total} {name}, now {following}")

        yield show


WORKED_ON = {
    "counts": "reading the counts",
    "measures": "working out the measures",
    "lives": "looking for lives to tell",
    "figures": "drawing the figures",
    "page": "putting the page together",
    "pdf": "printing the PDF",
}


@contextmanager
def working(quiet: bool = False) -> Iterator[Callable[..., None]]:
    """What to call with what is worked on (`WORKED_ON`), and where there are many with those done and their number: shown on a terminal
    until it is over, and nowhere else."""
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn

    with Bar(SpinnerColumn(), TextColumn("{task.description}"), console=err, transient=True, disable=quiet or not err.is_terminal) as bar:
        task = bar.add_task("", total=None, visible=False)

        def show(what: str, done: int = 0, total: int = 1) -> None:
            text = WORKED_ON[what] + (f", {done + 1} of {total}" if total > 1 else "")
            bar.update(task, description=text, visible=True, refresh=True)

        yield show


def say_if_compiling() -> None:
    """Why nothing seems to happen for a while is on standard error, where kernels are not compiled yet."""
    from ..township.jit import is_warm

    if not is_warm():
        err.print("First run with these kernels: compiling them, once, for about 20 seconds.")
