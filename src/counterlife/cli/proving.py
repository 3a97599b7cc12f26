"""The command that holds the engine against what is known exactly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .door import DONE, FAILED, INTERRUPTED, app, out, say, tell_wrong
from .progress import steps

if TYPE_CHECKING:
    from ..verify import Outcome

WIDE = 100  # characters from which on the verdicts are a table


@app.command
def verify(
    *,
    full: Annotated[bool, Parameter(negative="")] = False,
    only: str | None = None,
    page: Annotated[Path | None, Parameter(name="--out")] = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> int:
    """Live worlds whose answers are known exactly, and hold the engine against the answers.

    Parameters
    ----------
    full
        So many people that an error of one per cent would show: minutes instead of half a minute.
    only
        Numbers of checks, as in C7,C11; all where nothing is given.
    page
        File for a page with every number and plots; nothing is written where nothing is given.
    as_json
        Print everything as JSON instead of a table.
    """
    from .. import __version__
    from ..report import verdicts, verified
    from ..study import RequestError
    from ..verify import all_agree, form_of
    from ..verify import verify as verified_by

    if page is not None and (page.is_dir() or not page.parent.is_dir()):
        raise RequestError(f"{page} cannot be a page: give a file in a folder that is there.")
    try:
        with steps("checks") as show:
            outcomes = verified_by(None if only is None else only.split(","), full=full, progress=show)
    except KeyboardInterrupt:
        return tell_wrong("Interrupted. Nothing was written.", INTERRUPTED)
    if page is not None:
        page.write_text(verified.render(outcomes, form_of(full).name, __version__), encoding="utf-8")
    if as_json:
        out.file.write(verdicts.as_json(outcomes) + "\n")
    else:
        write_verdicts(outcomes)
        say(verdicts.headline(outcomes), style="bold")
        if page is not None:
            out.print(f"page {page}")
    return DONE if all_agree(outcomes) else FAILED


def write_verdicts(outcomes: Sequence[Outcome]) -> None:
    """Every number of the checks is on the screen: as a table where there is room, as lines elsewhere."""
    from rich.table import Table
    from rich.text import Text

    from ..report import verdicts

    for outcome in outcomes:
        out.print(f"{outcome.check.id} {outcome.check.title}: {outcome.check.answer}", style="bold", soft_wrap=False)
        if out.width < WIDE:
            for line in verdicts.lines(outcome, out.width):
                out.print(line)
            continue
        table = Table(box=None, padding=(0, 1), show_header=outcome is outcomes[0], expand=True)
        for head, width in zip(verdicts.heads(), (None, 12, 12, 16, 14, 8), strict=True):
            table.add_column(head, overflow="fold", width=width, ratio=None if width else 1, justify="right" if width == 12 else "left")
        for row in verdicts.table_rows(outcome):
            table.add_row(*map(Text, row))
        out.print(table, soft_wrap=False)
