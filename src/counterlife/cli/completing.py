"""The command that teaches a shell the commands, their flags and the names of the catalog."""

from __future__ import annotations

from typing import Literal

from .door import DONE, app, out

ZSH = """
# Read by `source`, or found as a file _counterlife by the shell itself.
if [[ $funcstack[1] == _counterlife ]]; then
  _cyclopts_counterlife "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _cyclopts_counterlife counterlife
fi
"""
"""What is generated for zsh defines a function and binds it to nothing."""


@app.command
def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print what completes commands, flags and catalog names in a shell: `source <(counterlife completion bash)`, the same with zsh, and
    `counterlife completion fish | source`.

    Parameters
    ----------
    shell
        The shell that is to read it.
    """
    script = app.generate_completion(prog_name="counterlife", shell=shell).rstrip("\n") + "\n"
    out.file.write(script + ZSH if shell == "zsh" else script)
    return DONE
