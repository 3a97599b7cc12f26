"""The command that holds runs of the same lives against one another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from .door import DONE, Quiet, Set, Whole, app, out, tell_summary
from .progress import progress, working
from .running import default_folder

if TYPE_CHECKING:
    from ..study import Run, Wanted


@app.command
def compare(
    *runs: str,
    variants: Annotated[list[str] | None, Parameter(name="--variant", negative="")] = None,
    people: Whole = None,
    seed: Whole = None,
    replicates: Whole = None,
    workers: Whole = None,
    overrides: Set = None,
    out_folder: Annotated[Path | None, Parameter(name="--out")] = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Quiet = False,
) -> int:
    """Say what is different between runs of the same synthetic lives, and what that moves. The first one is the reference.

    Parameters
    ----------
    runs
        Folders of finished runs, each with @ and a world where one is meant (as in runs/town@designed), or scenarios to be lived first.
    variants
        One scenario is lived with and without this change, as in score.start=900; several settings have ; between them. May be repeated.
    people
        About so many synthetic people, for scenarios; the scenario's number where nothing is given.
    seed
        Whole number from which all luck is drawn, for scenarios; 1 where nothing is given.
    replicates
        How often the people of scenarios are made and lived anew; once where nothing is given.
    workers
        Threads; all cores where nothing is given.
    out_folder
        Folder for a page with figures, and for the comparison as data; nothing is written where nothing is given.
    as_json
        Print everything as JSON instead of a summary.
    """
    from .. import __version__, study
    from ..report import compared, compared_page

    said = any(one is not None for one in (people, seed, replicates, overrides)) or bool(variants)
    asked = study.asked(runs, variants or (), for_scenarios=said)
    numbers: dict[str, Any] = {"people": people, "seed": 1 if seed is None else seed, "replicates": 1 if replicates is None else replicates}
    if out_folder is not None:
        compared_page.refuse(out_folder)
    study.check(asked, overrides=overrides or (), **numbers)
    found = [one if isinstance(one, str) else live(one, overrides or [], workers, numbers, quiet) for one in asked]
    with working(quiet) as show:
        show("measures")
        comparison = study.compare(*found, names=[one if isinstance(one, str) else one.name for one in asked])
        if out_folder is not None:
            show("page")
        page = None if out_folder is None else compared_page.publish(comparison, out_folder, __version__)
    if as_json:
        out.file.write(compared.as_json(comparison) + "\n")
        return DONE
    tell_summary(compared.heading(comparison), compared.lines(comparison), page)
    return DONE


def live(wanted: Wanted, overrides: list[str], workers: int | None, numbers: Mapping[str, Any], quiet: bool) -> Run:
    """A scenario that is to be compared is lived into its folder, or read where that was done before."""
    from .. import study

    folder = wanted.folder(default_folder(wanted.scenario, numbers["people"], numbers["seed"]))
    with progress(folder, quiet) as report_progress:
        return study.run(
            wanted.scenario,
            overrides=[*overrides, *wanted.settings],
            out=folder,
            workers=workers,
            progress=report_progress,
            **numbers,
        )
