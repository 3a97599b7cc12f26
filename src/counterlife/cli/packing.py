"""The command that makes one file of a run."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from .door import DONE, Quiet, app, out
from .progress import working


@app.command
def pack(run_folder: Path, /, *, file: Annotated[Path | None, Parameter(name="--out")] = None, quiet: Quiet = False) -> int:
    """Make one file of a finished run, with which another person lives it again: `counterlife run --again FILE`.

    Parameters
    ----------
    run_folder
        The folder that the run named.
    file
        Name of the file; that of the folder with .zip behind it where nothing is given.
    """
    from ..report.packing import pack_run
    from ..study import open_run

    with working(quiet) as show:
        show("counts")
        finished = open_run(run_folder)
        made = pack_run(finished, file or Path(f"{run_folder.resolve().name}.zip"), told=show)
    with made.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    out.print(f"fingerprint {finished.fingerprint}")
    out.print(f"pack        {made}")
    out.print(f"sha256      {found}")
    return DONE
