"""The command line: words to calls, and errors to sentences. No logic lives here.

Results go to standard output, everything about how it is going to standard error. Exit codes: 0 done, 1 a run failed, 2 the input is wrong
(nothing was written), 130 interrupted (the same command goes on).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence, Sized
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, CycloptsError, Parameter, Token
from rich.console import Console

if TYPE_CHECKING:
    from .story import Line, Story
    from .study import Progress, Run
    from .verify import Outcome

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
WIDE = 100  # characters from which on the verdicts are a table
NARROWEST = 24  # characters that a world's column needs to be read
BETWEEN_LINES = 30.0  # seconds between lines of progress where standard error is no terminal

app = App(
    name="counterlife",
    help="Live synthetic people with a citizen-scoring system, without its mistakes, and without the system. Nobody in it is real.",
    version_flags=["--version"],
    suppress_keyboard_interrupt=False,  # it is answered below
)
out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def whole(_: object, tokens: Sequence[Token]) -> int:
    """The whole number that is written; a fraction is refused, not rounded."""
    text = tokens[0].value
    number = float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?e\d{1,2}", text) else text
    if isinstance(number, float) and not number.is_integer():
        raise ValueError(f"{text} is no whole number")
    return int(number)


Whole = Annotated[int | None, Parameter(converter=whole)]
Set = Annotated[list[str] | None, Parameter(name="--set", negative="", help="Change the scenario, as in score.start=900. May be repeated.")]


@app.command
def run(
    scenario: str | None = None,
    /,
    *,
    people: Whole = None,
    seed: Whole = None,
    replicates: Whole = None,
    out_folder: Annotated[Path | None, Parameter(name="--out")] = None,
    workers: Whole = None,
    executor: Literal["serial", "threads"] = "threads",
    overrides: Set = None,
    again: Path | None = None,
) -> int:
    """Live a scenario and write a run folder with its report.

    Parameters
    ----------
    scenario
        Name of a catalog scenario, or path of a scenario file.
    people
        About so many synthetic people; the scenario's number where nothing is given.
    seed
        Whole number from which all luck is drawn; 1 where nothing is given.
    replicates
        How often the people are made and lived anew; once where nothing is given.
    out_folder
        Folder for the run; runs/SCENARIO-PEOPLE-seedSEED where nothing is given. An unfinished run of the same there is resumed.
    workers
        Threads; all cores where nothing is given.
    executor
        How batches are sent out.
    again
        Folder of a run to be lived again, as it was; says whether the result is the same.
    """
    from . import study

    if again is not None:
        if any(given is not None for given in (scenario, people, seed, replicates, overrides)):
            raise study.RequestError("--again lives a run as it was: leave the scenario, --people, --seed, --replicates and --set out.")
        return run_again(again, out_folder or Path("runs") / f"{again.resolve().name}-again", workers, executor)
    if scenario is None:
        raise study.RequestError("a scenario is missing: give a catalog name (`counterlife catalog` lists them) or the path of a file.")
    seed = 1 if seed is None else seed
    folder = out_folder or default_folder(scenario, people, seed)
    with progress(folder) as report_progress:
        finished = study.run(
            scenario,
            people=people,
            seed=seed,
            replicates=1 if replicates is None else replicates,
            overrides=overrides or (),
            out=folder,
            workers=workers,
            executor=executor,
            progress=report_progress,
        )
    tell(finished)
    return DONE


def run_again(again: Path, folder: Path, workers: int | None, executor: str) -> int:
    """A run is lived again, and whether it is the same is on the screen and in the exit code."""
    from . import study

    before = study.open_run(again)
    with progress(folder) as report_progress:
        finished = study.run_again(again, out=folder, workers=workers, executor=executor, progress=report_progress)
    tell(finished)
    if before.fingerprint == finished.fingerprint:
        out.print(f"same as {again}, to the last count")
        return DONE
    made = before.provenance
    out.print(
        f"NOT the same as {again}: its fingerprint is {before.fingerprint}, made by version {made['version']}, commit {made['commit']}"
    )
    return FAILED


def default_folder(scenario: str, people: int | None, seed: int) -> Path:
    """Where a run goes that was not told where."""
    return Path("runs") / f"{Path(scenario).stem}{f'-{people}' if people else ''}-seed{seed}"


def say(text: str, style: str | None = None) -> None:
    """The text is on standard output: broken between words on a terminal, whole in a file. Paths are printed without this."""
    out.print(text, style=style, soft_wrap=not out.is_terminal)


def say_if_compiling() -> None:
    """Why nothing seems to happen for a while is on standard error, where kernels are not compiled yet."""
    from .township.jit import is_warm

    if not is_warm():
        err.print("First run with these kernels: compiling them, once, for about 25 seconds.")


@contextmanager
def progress(folder: Path) -> Iterator[Progress]:
    """What to call with the progress of a run: a bar on a terminal, a line now and then elsewhere."""
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    words = TextColumn("{task.description}")
    with Bar(words, BarColumn(bar_width=None), TimeRemainingColumn(), console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=None, visible=False)
        begun: list[tuple[int, float]] = []  # townships and time at the first call: what an earlier run did is not this one's speed
        said = [monotonic()]

        def show(done: int, total: int, people: int) -> None:
            now = monotonic()
            if not begun:
                begun.append((done, now))
                err.print(f"Running into {folder}" + (f", from {done:,} of {total:,} townships on" if done else ""))
                if done < total:
                    say_if_compiling()
            speed = (done - begun[0][0]) / max(now - begun[0][1], 1e-9)
            text = f"{done:,} of {total:,} townships, {speed * people:,.0f} people a second"
            bar.update(task, completed=done, total=total, description=text, visible=True)
            if not err.is_terminal and speed and now - said[0] >= BETWEEN_LINES:
                said[0] = now
                err.print(f"{text}, about {(total - done) / speed / 60:,.0f} min left")

        yield show
    if not begun:
        err.print(f"{folder} holds this run, finished: it is read, not lived again.")


def tell(finished: Run) -> None:
    """The run is published, and its first numbers are on the screen."""
    from .report.glance import glance
    from .report.publish import publish

    page = publish(finished)
    say(finished.scenario.title, style="bold")
    for line in glance(finished):
        say(line)
    out.print(f"fingerprint {finished.fingerprint}")
    out.print(f"report      {page}")


@app.command
def check(scenario: str, /, *, overrides: Set = None) -> int:
    """Say whether a scenario can be run, and if not, where and why; and how far restrictions in it bring restrictions.

    Parameters
    ----------
    scenario
        Name of a catalog scenario, or path of a scenario file.
    """
    from .scenario import load
    from .scenario.derived import spreading

    described = load(scenario, overrides or ())
    parts: dict[tuple[str, str], Sized] = {
        ("class of conduct", "classes of conduct"): described.conduct,
        ("source", "sources"): described.sources,
        ("gate", "gates"): described.gates,
        ("list", "lists"): described.lists,
        ("world", "worlds"): described.worlds,
    }
    counts = ", ".join(f"{len(part)} {names[len(part) != 1]}" for names, part in parts.items())
    say(f"{scenario} is in order: {counts}, {described.period.days:,} days, claim level {described.claim}.")
    for line in spreading(described):
        say(line)
    return DONE


@app.command
def show(scenario: str | None = None, /, *, overrides: Set = None, schema: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Print the resolved form of a scenario, in which nothing is implied.

    Parameters
    ----------
    scenario
        Name of a catalog scenario, or path of a scenario file.
    schema
        Print the JSON Schema of the language instead, for editors.
    """
    import json

    from .scenario import json_schema, load, resolved

    if schema == (scenario is not None):
        raise CycloptsError(msg="give a scenario, or --schema and no scenario.")
    out.file.write(json.dumps(json_schema(), indent=2) + "\n" if scenario is None else resolved(load(scenario, overrides or ())))
    return DONE


@app.command
def catalog() -> int:
    """List the scenarios that ship with the program."""
    from .scenario import catalog as entries

    for entry in entries():
        say(f"{entry.name} ({entry.label}): {entry.title}", style="bold")
        say(f"    {entry.question}")
    return DONE


@app.command
def report(run_folder: Path, /) -> int:
    """Write the measures and the report of a finished run anew.

    Parameters
    ----------
    run_folder
        The folder that the run named.
    """
    from .study import open_run

    tell(open_run(run_folder))
    return DONE


@app.command
def life(run_folder: Path, person: str, /) -> int:
    """Tell one synthetic person's life in every world.

    Parameters
    ----------
    run_folder
        The folder that the run named.
    person
        region/township/number, as in Shanxi/0/17.
    """
    from .story import life as live_again
    from .study import open_run

    finished = open_run(run_folder)
    write_story(live_again(finished, person), finished)
    return DONE


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
    from . import __version__
    from .report import verdicts, verified
    from .study import RequestError
    from .verify import all_agree, form_of
    from .verify import verify as verified_by

    if page is not None and (page.is_dir() or not page.parent.is_dir()):
        raise RequestError(f"{page} cannot be a page: give a file in a folder that is there.")
    try:
        with steps("checks") as show:
            outcomes = verified_by(None if only is None else only.split(","), full=full, progress=show)
    except KeyboardInterrupt:
        return _say("Interrupted. Nothing was written.", INTERRUPTED)
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


@contextmanager
def steps(name: str) -> Iterator[Callable[[int, int, str], None]]:
    """What to call with the steps done, their number and what comes next: a bar on a terminal, a line now and then elsewhere."""
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(TextColumn("{task.description}"), BarColumn(), console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=None)
        said = [monotonic()]

        def show(done: int, total: int, following: str) -> None:
            if done == 0:
                say_if_compiling()
            bar.update(task, completed=done, total=total, description=f"{done} of {total} {name}  {following}")
            if not err.is_terminal and done < total and monotonic() - said[0] >= BETWEEN_LINES:
                said[0] = monotonic()
                err.print(f"{done} of {total} {name}, now {following}")

        yield show


def write_verdicts(outcomes: Sequence[Outcome]) -> None:
    """Every number of the checks is on the screen: as a table where there is room, as lines elsewhere."""
    from rich.table import Table
    from rich.text import Text

    from .report import verdicts

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


def write_story(story: Story, finished: Run) -> None:
    """The story is on the screen: worlds side by side where there is room, below one another elsewhere; equal ones share a column."""
    titles = {name: world.title for name, world in finished.scenario.worlds.items()}
    told: dict[tuple[tuple[float, str], ...], list[Line]] = {}
    heads: dict[tuple[tuple[float, str], ...], list[str]] = {}
    for world, title in titles.items():
        lines = [line for line in story.lines if line.world == world]
        key = tuple((line.day, line.text) for line in lines)
        told[key] = lines
        heads.setdefault(key, []).append(title)
    columns = {" = ".join(heads[key]): lines for key, lines in told.items()}
    say(f"Person {story.person}: {story.who}. SYNTHETIC; claim level {finished.scenario.claim}.", style="bold")
    if not story.lines:
        out.print("Nothing was ever filed about this person, in any world.")
    elif out.is_terminal and out.width >= NARROWEST * (len(columns) + 1):
        _side_by_side(columns)
    else:
        _below_one_another(columns)


def _side_by_side(columns: dict[str, list[Line]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    table.add_column("date", no_wrap=True)
    for head in columns:
        table.add_column(Text(head), overflow="fold")
    for date in sorted({line.date for lines in columns.values() for line in lines}):
        cells = ("\n".join(line.text for line in lines if line.date == date) for lines in columns.values())
        table.add_row(str(date), *map(Text, cells))
    out.print(table, soft_wrap=False)


def _below_one_another(columns: dict[str, list[Line]]) -> None:
    for head, lines in columns.items():
        say(f"\n{head}", style="bold")
        for line in lines:
            say(f"{line.date}  {line.text}")
        if not lines:
            out.print("Nothing.")


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
        from .township.jit import compiled

        compiled()  # a misset switch is wrong input, whatever the command
    except ValueError as error:
        return _say(error, WRONG)
    try:
        code = app(arguments, exit_on_error=False, print_error=False, console=out, result_action="return_value")
    except KeyboardInterrupt:
        return _say("Interrupted. What was finished is kept: give the same command again and it goes on from here.", INTERRUPTED)
    except CycloptsError as error:
        return _say(f"{error}\n`counterlife --help` lists the commands, `counterlife COMMAND --help` what one takes.", WRONG)
    except OSError as error:
        return _no_output(error)
    except MemoryError as error:
        return _say(f"There is not enough memory ({error}): fewer --workers or smaller townships (population.township) need less.", FAILED)
    except Exception as error:
        code = _known(error)
        if code is None:
            raise
        return _say(error, code)
    return code if isinstance(code, int) else DONE


def _known(error: Exception) -> int | None:
    """The exit code of an error whose message is meant for the user, None for a mistake of the program."""
    from .scenario import ScenarioError
    from .store import FolderRefusedError, StoreError

    if isinstance(error, ScenarioError | FolderRefusedError):
        return WRONG
    if isinstance(error, StoreError):
        return FAILED
    if isinstance(error, ValueError):
        from .study import RequestError  # loads the heavy parts; whatever raised it has done so already

        return WRONG if isinstance(error, RequestError) else None
    return None


def _no_output(error: OSError) -> int:
    """The exit code where output could not be written: a reader that has seen enough, such as `head`, is no trouble; all else is."""
    return DONE if isinstance(error, BrokenPipeError) else _say(f"The system says: {error}", FAILED)


def _say(message: object, code: int) -> int:
    err.print(str(message))
    return code


if __name__ == "__main__":
    main()
