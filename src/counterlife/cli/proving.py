"""The command that holds the engine against what is known exactly or promised, and against what was published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import Parameter

from .door import DONE, FAILED, INTERRUPTED, Quiet, app, out, say, tell_wrong
from .progress import steps

if TYPE_CHECKING:
    from ..verify import Outcome, Promised
    from ..verify.published import Result

Told = TypeVar("Told")
WIDE = 100  # characters from which on the verdicts are a table


@app.command
def verify(
    *,
    published: Annotated[bool, Parameter(negative="")] = False,
    full: Annotated[bool, Parameter(negative="")] = False,
    only: str | None = None,
    page: Annotated[Path | None, Parameter(name="--out")] = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Quiet = False,
) -> int:
    """Live worlds whose answers are known exactly, hold the engine against the answers, and look whether it keeps its promises.

    Parameters
    ----------
    published
        Live systems whose outcomes are published instead, and hold the engine against those; a miss is a finding, not a failure.
    full
        So many people that an error of one per cent would show: minutes instead of a minute.
    only
        Numbers of checks and promises, as in C7,P3, or of published targets, as in V1,V3; all where nothing is given.
    page
        File for a page with every number and plots; nothing is written where nothing is given.
    as_json
        Print everything as JSON instead of a table.
    """
    from ..study import RequestError

    if page is not None and (page.is_dir() or not page.parent.is_dir()):
        raise RequestError(f"{page} cannot be a page: give a file in a folder that is there.")
    ids = None if only is None else only.split(",")
    try:
        return _published(ids, full, page, as_json, quiet) if published else _exact(ids, full, page, as_json, quiet)
    except KeyboardInterrupt:
        return tell_wrong("Interrupted. Nothing was written.", INTERRUPTED)


def _exact(ids: Sequence[str] | None, full: bool, page: Path | None, as_json: bool, quiet: bool) -> int:
    from .. import __version__
    from ..report import verdicts, verified
    from ..verify import all_agree, form_of
    from ..verify import verify as verified_by

    with steps("checks", quiet) as show:
        found = verified_by(ids, full=full, progress=show)
    if page is not None:
        page.write_text(verified.render(found, form_of(full).name, __version__), encoding="utf-8")
    if as_json:
        out.file.write(verdicts.as_json(found) + "\n")
    else:
        write_verdicts(found.checks)
        write_promises(found.promises)
        _close(verdicts.headline(found), page)
    return DONE if all_agree(found) else FAILED


def _published(ids: Sequence[str] | None, full: bool, page: Path | None, as_json: bool, quiet: bool) -> int:
    from .. import __version__
    from ..report import predicted
    from ..verify import form_of
    from ..verify.published import predict

    with steps("targets", quiet) as show:
        results = predict(ids, full=full, progress=show)
    if page is not None:
        page.write_text(predicted.render(results, form_of(full).name, __version__), encoding="utf-8")
    if as_json:
        out.file.write(predicted.as_json(results) + "\n")
    else:
        write_predictions(results)
        _close(predicted.headline(results), page)
    return DONE


def _close(headline: str, page: Path | None) -> None:
    say(headline, style="bold")
    if page is not None:
        out.print(f"page {page}")


def write_verdicts(outcomes: Sequence[Outcome]) -> None:
    """Every number of the checks is on the screen."""
    from ..report import verdicts

    titled = [(f"{one.check.id} {one.check.title}: {one.check.answer}", one) for one in outcomes]
    _write(titled, verdicts.heads(), verdicts.table_rows, verdicts.lines, widths=(None, 12, 12, 16, 14, 8), right=(12,))


def write_promises(promises: Sequence[Promised]) -> None:
    """All that was compared for the promises is on the screen."""
    from ..report import promised

    titled = [(f"{one.promise.id} {one.promise.said}", one) for one in promises]
    _write(titled, promised.heads(), promised.table_rows, promised.lines, widths=(None, 10, 7, 30, 8), right=(10, 7))


def write_predictions(results: Sequence[Result]) -> None:
    """Every row of the targets is on the screen."""
    from ..report import predicted

    titled = [(f"{one.target.id} {one.target.title}", one) for one in results]
    _write(titled, predicted.heads(), predicted.table_rows, predicted.lines, widths=(None, 14, 16, 16, 16, 14))


def _write(
    titled: Sequence[tuple[str, Told]],
    heads: Sequence[str],
    rows: Callable[[Told], Iterable[Sequence[str]]],
    lines: Callable[[Told, int], Iterable[str]],
    *,
    widths: Sequence[int | None],
    right: Sequence[int] = (),
) -> None:
    """Each of them under its title: as a table where there is room, as lines elsewhere. right: widths of columns that are set so."""
    from rich.table import Table
    from rich.text import Text

    for place, (title, one) in enumerate(titled):
        out.print(title, style="bold", soft_wrap=False)
        if out.width < WIDE:
            for line in lines(one, out.width):
                out.print(line)
            continue
        table = Table(box=None, padding=(0, 1), show_header=place == 0, expand=True)
        for head, width in zip(heads, widths, strict=True):
            table.add_column(head, overflow="fold", width=width, ratio=None if width else 1, justify="right" if width in right else "left")
        for row in rows(one):
            table.add_row(*map(Text, row))
        out.print(table, soft_wrap=False)
