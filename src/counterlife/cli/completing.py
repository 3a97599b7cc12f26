"""The command that teaches a shell the commands, their flags and the names of the catalog."""

from __future__ import annotations

from typing import Literal

from .door import DONE, app, out


@app.command
def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print what completes commands, flags and catalog names in a shell, as in `source <(counterlife completion bash)`.

    Parameters
    ----------
    shell
        The shell that is to read it.
    """
    out.file.write(app.generate_completion(prog_name="counterlife", shell=shell).rstrip("\n") + "\n")
    return DONE
