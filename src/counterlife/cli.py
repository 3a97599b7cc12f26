"""The command line: words to calls, and errors to sentences. No logic lives here.

Exit codes: 0 done, 1 a run failed, 2 the input is wrong (nothing was written), 130 interrupted (the same command goes on).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console

if TYPE_CHECKING:
    from .story import Story
    from .study import Run

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130

app = App(
    name="counterlife",
    help="Live a synthetic population with a citizen-scoring system, without its mistakes, and without the system. All people are synthetic.",
    version_flags=["--version"],
)
out = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
err = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

Set = Annotated[list[str] | None, Parameter(name="--set", negative="", help="Change a number of the scenario, such as score.start=900. May be repeated.")]


@app.command
def run(
    scenario: str | None = None,
    /,
    *,
    people: int | None = None,
    seed: int = 1,
    replicates: int = 1,
    out_folder: Annotated[Path | None, Parameter(name="--out")] = None,
    workers: int | None = None,
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
        Whole number from which all luck is drawn.
    replicates
        How often the people are made and lived anew.
    out_folder
        Folder for the run; runs/<scenario>-<people>-seed<seed> where nothing is given. An unfinished run of the same scenario there is
        resumed.
    workers
        Threads; all cores where nothing is given.
    executor
        How batches are sent out.
    again
        Folder of a run to be lived again, from its resolved scenario; says whether the result is the same.
    """
    from . import study

    before = study.open_run(again) if again else None
    if before is not None:
        if scenario or overrides:
            raise ValueError("--again lives the scenario of a run as it was: leave the scenario and --set out.")
        identity = before.provenance["identity"]
        scenario, people = str(Path(str(again)) / "resolved.yaml"), identity["people"]
        seed, replicates = identity["seed"], identity["replicates"]
    if scenario is None:
        raise ValueError("give a scenario: a catalog name (see `counterlife catalog`) or the path of a file.")
    folder = out_folder or default_folder(scenario, people, seed, again)
    with progress(folder) as report_progress:
        finished = study.run(
            scenario,
            people=people,
            seed=seed,
            replicates=replicates,
            overrides=overrides or (),
            out=folder,
            workers=workers,
            executor=executor,
            progress=report_progress,
        )
    tell(finished)
    if before is not None:
        same = before.fingerprint == finished.fingerprint
        out.print("The same as before, to the last count." if same else f"NOT the same: the fingerprint was {before.fingerprint}.")
        return DONE if same else FAILED
    return DONE


def default_folder(scenario: str, people: int | None, seed: int, again: Path | None) -> Path:
    """Where a run goes that was not told where."""
    name = f"{again.name}-again" if again else Path(scenario).stem
    size = f"-{people}" if people and not again else ""
    return Path("runs") / f"{name}{size}-seed{seed}"


@contextmanager
def progress(folder: Path) -> Iterator[object]:
    """A bar with people lived, people a second and time left; a line now and then where the output is no terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from .township.jit import is_warm

    if not is_warm():
        err.print("First run with these kernels: compiling them, once, for about 20 seconds.")
    err.print(f"Running into {folder}")
    columns = (
        TextColumn("{task.fields[people]} people"),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[speed]}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("lives", total=None, people="0", speed="0")
        started: list[int] = []

        def show(done: int, total: int) -> None:
            started or started.append(done)  # what an earlier run did is not this run's speed
            elapsed = bar.tasks[0].elapsed or 0.0
            speed = (done - started[0]) / elapsed if elapsed > 0 else 0.0
            bar.update(task, completed=done, total=total, people=f"{done:,} of {total:,}", speed=f"{speed:,.0f}")

        yield show


def tell(finished: Run) -> None:
    """The run is published, and its first numbers are on the screen."""
    from .report.publish import publish

    page = publish(finished)
    world, versus = (finished.scenario.worlds[name].title for name in finished.scenario.compare[0])
    out.print(f"[bold]{finished.scenario.title}[/bold]: synthetic people, claim level {finished.scenario.claim}")
    out.print(f"{world} against {versus}, with 95 % Monte Carlo intervals:")
    wanted = {"M1", "M3", "M4", "M5", "M10", "M21"}
    for row in finished.headline.filter(finished.headline["id"].is_in(list(wanted))).iter_rows(named=True):
        if row["value"] is not None:
            between = "" if row["low"] is None else f"  ({row['low']:.4g} to {row['high']:.4g})"
            out.print(f"  {row['id']:<4} {row['name']}: {row['value']:.4g}{between} {row['unit']}")
    out.print(f"fingerprint {finished.fingerprint}")
    out.print(f"report      {page}")


@app.command
def check(scenario: str, /, *, overrides: Set = None) -> int:
    """Say whether a scenario can be run, and if not, where and why."""
    from .scenario import load

    described = load(scenario, overrides or ())
    out.print(
        f"{scenario} is in order: {len(described.conduct)} classes of conduct, {len(described.sources)} sources, {len(described.gates)} "
        f"gates, {len(described.lists)} lists, {len(described.worlds)} worlds, {described.period.days:,} days, claim level "
        f"{described.claim}."
    )
    return DONE


@app.command
def show(scenario: str, /, *, overrides: Set = None, schema: bool = False) -> int:
    """Print the resolved form of a scenario, in which nothing is implied.

    Parameters
    ----------
    schema
        Print the JSON Schema of the language instead, for editors.
    """
    import json

    from .scenario import json_schema, load, resolved

    described = load(scenario, overrides or ())
    sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n" if schema else resolved(described))
    return DONE


@app.command
def catalog() -> int:
    """List the scenarios that ship with the program."""
    from .scenario import catalog as entries

    for entry in entries():
        out.print(f"[bold]{entry.name}[/bold] ({entry.label}): {entry.title}")
        out.print(f"    {entry.question}")
    return DONE


@app.command
def report(run_folder: Path, /) -> int:
    """Write the measures and the report of a finished run anew."""
    from .study import open_run

    tell(open_run(run_folder))
    return DONE


@app.command
def life(run_folder: Path, person: str, /) -> int:
    """Tell one synthetic person's life in every world.

    Parameters
    ----------
    person
        region/township/number, such as Shanxi/0/1234.
    """
    from .story import life as live_again
    from .study import open_run

    finished = open_run(run_folder)
    write_story(live_again(finished, person), finished)
    return DONE


def write_story(story: Story, finished: Run) -> None:
    """The story as a table, worlds side by side; worlds that tell the same share a column."""
    from rich.table import Table

    titles = {name: world.title for name, world in finished.scenario.worlds.items()}
    told = {world: tuple((line.day, line.text) for line in story.lines if line.world == world) for world in titles}
    columns: dict[tuple[tuple[float, str], ...], list[str]] = {}
    for world, lines in told.items():
        columns.setdefault(lines, []).append(world)
    out.print(f"[bold]Person {story.person}[/bold]: {story.who}. SYNTHETIC; claim level {finished.scenario.claim}.")
    table = Table(show_lines=True)
    table.add_column("date", no_wrap=True)
    for worlds in columns.values():
        table.add_column(" = ".join(titles[world] for world in worlds), overflow="fold")
    for day, date in sorted({(line.day, line.date) for line in story.lines}):
        table.add_row(str(date), *("\n".join(text for when, text in lines if when == day) for lines in columns))
    out.print(table if story.lines else "Nothing was ever filed about this person, in any world.")


def main() -> None:
    """The command that was given is done, and the process ends with its exit code."""
    sys.exit(answer(sys.argv[1:]))


def answer(arguments: list[str]) -> int:
    """Exit code of a command; what goes wrong is said in a sentence, never as a traceback for bad input."""
    from .scenario import ScenarioError
    from .store import FolderRefusedError, StoreError

    try:
        code = app(arguments, exit_on_error=False, print_error=False, console=out, result_action="return_value")
    except KeyboardInterrupt:
        err.print("Interrupted. Give the same command again and the run goes on from here.")
        return INTERRUPTED
    except (ScenarioError, FolderRefusedError, CycloptsError, ValueError) as error:
        err.print(str(error), markup=False)
        return WRONG
    except StoreError as error:
        err.print(str(error), markup=False)
        return FAILED
    except BrokenPipeError:
        return DONE
    return code if isinstance(code, int) else DONE


if __name__ == "__main__":
    main()
