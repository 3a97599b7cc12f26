"""The command that quotes numbers of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from .door import DONE, Quiet, app, say
from .progress import working


@app.command
def measures(
    run_folder: Path,
    /,
    *ids: str,
    only: Annotated[list[str] | None, Parameter(name="--only", negative="")] = None,
    world: str = "",
    versus: str = "",
    domain: str = "",
    region: str = "",
    group: str = "",
    quiet: Quiet = False,
) -> int:
    """Print numbers of a finished run with their intervals: those of the first comparison, of everybody, where nothing else is asked for.

    Parameters
    ----------
    run_folder
        The folder that the run named.
    ids
        Measures, as in M1 M31; all where nothing is given. The report says what each is.
    only
        Words that the name of a number holds, as in "30 days". May be repeated.
    world
        Worlds with commas between them, as in "designed, accurate"; `each` for all of them.
    versus
        Worlds that they are compared with; `each` for all of them.
    domain
        Gates, as in loan; `each` for all of them.
    region
        Regions; `each` for all of them.
    group
        Groups, as in means=low; `each` for all of them.
    """
    from ..report.quoted import quote
    from ..study import open_run

    said = {"world": world, "versus": versus, "domain": domain, "region": region, "group": group}
    of = {column: [one.strip() for one in text.split(",") if one.strip()] for column, text in said.items()}
    with working(quiet) as show:
        show("measures")
        lines = list(quote(open_run(run_folder), ids, only=only or (), of=of))
    for line in lines:
        say(line)
    return DONE
