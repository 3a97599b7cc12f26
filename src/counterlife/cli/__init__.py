"""The command line: words to calls, and errors to sentences. No logic lives here.

Results go to standard output, everything about how it is going to standard error. Exit codes: 0 done, 1 a run failed, 2 the input is wrong
(nothing was written), 130 interrupted (the same command goes on).
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from cyclopts import CycloptsError

from . import (  # noqa: F401 - commands
    comparing,
    completing,
    describing,
    guarding,
    packing,
    proving,
    quoting,
    running,
    serving,
    sweeping,
    telling,
)
from .door import DONE, FAILED, INTERRUPTED, WRONG, app, out, tell_wrong


def main() -> None:
    """The command that was given is done, and the process ends with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter shows its number
    code = answer(sys.argv[1:])
    try:
        out.file.flush()
    except OSError as error:
        code = _no_output(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python says it once more when it ends
    sys.exit(code)


def answer(arguments: list[str]) -> int:
    """Exit code of a command; what goes wrong is said in a sentence, never as a traceback for bad input."""
    try:
        from ..township.jit import compiled

        compiled()  # a misset switch is wrong input, whatever the command
    except ValueError as error:
        return tell_wrong(error, WRONG)
    try:
        code = app(arguments, exit_on_error=False, print_error=False, console=out, result_action="return_value")
    except KeyboardInterrupt:
        return tell_wrong("Interrupted. What was finished is kept: give the same command again and it goes on from here.", INTERRUPTED)
    except CycloptsError as error:
        return tell_wrong(f"{error}\n`counterlife --help` lists the commands, `counterlife COMMAND --help` what one takes.", WRONG)
    except OSError as error:
        return _no_output(error)
    except MemoryError as error:
        return tell_wrong(
            f"There is not enough memory ({error}): fewer --workers or smaller townships (population.township) need less.", FAILED
        )
    except Exception as error:
        code = _known(error)
        if code is None:
            raise
        return tell_wrong(error, code)
    return code if isinstance(code, int) else DONE


def _known(error: Exception) -> int | None:
    """The exit code of an error whose message is meant for the user, None for a mistake of the program."""
    from ..packs import PackError
    from ..scenario import ScenarioError
    from ..store import FolderRefusedError, StoreError

    if isinstance(error, ScenarioError | FolderRefusedError | PackError):
        return WRONG
    if isinstance(error, StoreError):
        return FAILED
    if isinstance(error, ValueError):
        from ..study import RequestError  # loads the heavy parts; whatever raised it has done so already

        return WRONG if isinstance(error, RequestError) else None
    return None


def _no_output(error: OSError) -> int:
    """The exit code where output could not be written: a reader that has seen enough, such as `head`, is no trouble; all else is."""
    return DONE if isinstance(error, BrokenPipeError) else tell_wrong(f"The system says: {error}", FAILED)
