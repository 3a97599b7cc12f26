"""On a new machine a second process compiles the largest kernel, while this one compiles what comes before it.

Its code comes back by the folder in which kernels are kept; whoever needs it sooner waits for it (`jit.apart`). What becomes of the other
process makes no difference to any result: where it fails, the kernel is compiled here. `docs/decisions/0014-compiling.md`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from ..layout import PERSON, STEP
from .book import BOOK
from .jit import is_warm
from .life import live
from .ranking import CUT
from .room import set_desk


@contextmanager
def compiling_ahead() -> Iterator[None]:
    """Within it the largest kernel is being compiled, unless there are kernels already."""
    if is_warm() or not sys.executable:
        yield
        return
    quiet = subprocess.DEVNULL
    with subprocess.Popen([sys.executable, "-m", __name__], stdin=quiet, stdout=quiet, stderr=quiet) as other:
        try:
            yield
        finally:
            other.kill()


def compile_live() -> None:
    """The kernel that lives a person is compiled: nobody is lived, in no world."""
    book, people, word = np.zeros(1, BOOK), np.zeros(1, PERSON), np.uint64(0)
    desk = set_desk(book[0], 0, np.zeros((0, 0, 0), CUT))
    live(desk, (word, word, word), book[0], 0, people[0], 0, 0, 0, -1, np.empty(0, STEP))


if __name__ == "__main__":
    compile_live()
