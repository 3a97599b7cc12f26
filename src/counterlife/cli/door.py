"""What every command stands on: the application, the two streams, the exit codes, and arguments that several commands take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, Token
from rich.console import Console

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130

app = App(
    name="counterlife",
    help="Live synthetic people with a citizen-scoring system, without its mistakes, and without the system. Nobody in it is real.",
    version_flags=["--version"],
    suppress_keyboard_interrupt=False,  # it is answered by `answer`
)


class Screen(Console):
    """Standard output. A reader that has seen enough, such as `head`, ends the command and is no failure of it."""

    def on_broken_pipe(self) -> None:
        """Nothing more is written, and the exit code says that all is well."""
        with suppress(SystemExit):
            super().on_broken_pipe()
        raise SystemExit(DONE)


out = Screen(highlight=False, markup=False, emoji=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def whole(_: object, tokens: Sequence[Token]) -> int:
    """The whole number that is written; a fraction is refused, not rounded."""
    text = tokens[0].value
    number = float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?e\d{1,2}", text) else text
    if isinstance(number, float) and not number.is_integer():
        raise ValueError(f"{text} is no whole number")
    return int(number)


Whole = Annotated[int | None, Parameter(converter=whole)]


def names(_: object) -> list[str]:
    """Names of the catalog, for a shell that completes them."""
    from ..scenario import catalog

    return [entry.name for entry in catalog()]


Quiet = Annotated[bool, Parameter(name="--quiet", negative="", help="Say nothing on standard error but errors.")]
Set = Annotated[list[str] | None, Parameter(name="--set", negative="", help="Change the scenario, as in score.start=900. May be repeated.")]


def say(text: str, style: str | None = None) -> None:
    """The text is on standard output: broken between words on a terminal, whole in a file. Paths are printed without this."""
    out.print(text, style=style, soft_wrap=not out.is_terminal)


def tell_summary(heading: str, lines: Iterable[str], page: Path | None) -> None:
    """A heading and its lines are on standard output, and where the page is, if there is one."""
    say(heading, style="bold")
    for line in lines:
        say(line)
    if page is not None:
        out.print(f"page        {page}")


def tell_wrong(message: object, code: int) -> int:
    """The message is on standard error; the exit code is handed back."""
    err.print(str(message))
    return code
