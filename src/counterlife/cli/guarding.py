"""The command that combines the safeguards of a scenario in every way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from .door import DONE, Quiet, Set, Whole, app, names, out, tell_summary
from .progress import progress, working
from .running import default_folder


@app.command
def safeguards(
    scenario: Annotated[str, Parameter(completer=names)],
    /,
    *,
    of: Annotated[str | None, Parameter(name="--of")] = None,
    bounds: Annotated[list[str] | None, Parameter(name="--bound", negative="")] = None,
    people: Whole = None,
    seed: Whole = None,
    replicates: Whole = None,
    workers: Whole = None,
    overrides: Set = None,
    out_folder: Annotated[Path | None, Parameter(name="--out")] = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Quiet = False,
) -> int:
    """Live every combination of a scenario's safeguards, and say what they avert alone and together.

    Days are wrongful beside the world that the scenario holds its design against first: right rules where a rule may be wrong, else
    accurate records. Another one is chosen by --set 'compare=[[designed, accurate]]'.

    Parameters
    ----------
    scenario
        Name of a catalog scenario, or path of a scenario file, with safeguards.
    of
        Names of up to five safeguards with commas between them; all of the scenario where nothing is given.
    bounds
        So much harm at most, as in "M3 <= 100": the least intrusive combination within it is looked for. May be repeated.
    people
        About so many synthetic people; the scenario's number where nothing is given.
    seed
        Whole number from which all luck is drawn; 1 where nothing is given.
    replicates
        How often the people are made and lived anew; once where nothing is given.
    workers
        Threads; all cores where nothing is given.
    out_folder
        Folder for a page with figures, and for the study as data; nothing but the runs is written where nothing is given.
    as_json
        Print everything as JSON instead of a summary.
    """
    from .. import __version__, study
    from ..report import guarded, guarded_page

    named = [name.strip() for name in (of or "").split(",") if name.strip()]
    asked = study.wish(scenario, of=named, overrides=overrides or (), bounds=bounds or ())
    if out_folder is not None:
        guarded_page.refuse(out_folder)
    seed, replicates = 1 if seed is None else seed, 1 if replicates is None else replicates
    asked.check(people, seed, replicates)
    runs = []
    for part, folder in zip(asked.factorial.parts, asked.folders(default_folder(scenario, people, seed)), strict=True):
        with progress(folder, quiet) as told:
            runs.append(study.run(part, people=people, seed=seed, replicates=replicates, out=folder, workers=workers, progress=told))
    with working(quiet) as show:
        show("measures")
        found = study.gather(asked, runs)
        if out_folder is not None:
            show("page")
        page = None if out_folder is None else guarded_page.publish(found, out_folder, __version__)
    if as_json:
        out.file.write(guarded.as_json(found) + "\n")
        return DONE
    tell_summary(guarded.heading(), guarded.lines(found), page)
    return DONE
