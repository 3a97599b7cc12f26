"""Commands that live a scenario, and that write the report of what was lived."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from .door import DONE, FAILED, Quiet, Set, Whole, app, names, out, say
from .progress import progress, working

if TYPE_CHECKING:
    from ..study import Run


@app.command
def run(
    scenario: Annotated[str | None, Parameter(completer=names)] = None,
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
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Quiet = False,
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
        Folder of a run, or a file that `counterlife pack` made, to be lived again as it was; says whether the result is the same, or
        what differs first.
    as_json
        Print title, claim, people, replicates, seed, fingerprint, folder, report and numbers as JSON instead of a summary.
    """
    from .. import study

    if again is not None:
        if any(given is not None for given in (scenario, people, seed, replicates, overrides)) or as_json:
            raise study.RequestError(
                "--again lives a run as it was: leave the scenario, --people, --seed, --replicates, --set and --json out."
            )
        return run_again(again, out_folder or Path("runs") / f"{again.resolve().name.removesuffix('.zip')}-again", workers, executor, quiet)
    if scenario is None:
        raise study.RequestError("a scenario is missing: give a catalog name (`counterlife catalog` lists them) or the path of a file.")
    seed = 1 if seed is None else seed
    folder = out_folder or default_folder(scenario, people, seed)
    with progress(folder, quiet) as report_progress:
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
    if as_json:
        from ..report.glance import as_json as written
        from ..report.publish import publish

        with working(quiet) as show:
            page = publish(finished, show)
        out.file.write(written(finished, page) + "\n")
        return DONE
    tell(finished, quiet)
    return DONE


def run_again(again: Path, folder: Path, workers: int | None, executor: str, quiet: bool = False) -> int:
    """A run is lived again, and whether it is the same is on the screen and in the exit code."""
    from .. import study
    from ..report.again import lines

    with progress(folder, quiet) as report_progress:
        finished = study.run_again(again, out=folder, workers=workers, executor=executor, progress=report_progress)
    tell(finished.run, quiet)
    for line in lines(finished):
        out.print(line)
    return DONE if finished.same else FAILED


@app.command
def report(
    run_folder: Path,
    /,
    *,
    figures: Annotated[Path | None, Parameter(negative="")] = None,
    pdf: Annotated[Path | None, Parameter(negative="")] = None,
    quiet: Quiet = False,
) -> int:
    """Write the measures and the report of a finished run anew.

    Parameters
    ----------
    run_folder
        The folder that the run named.
    figures
        Folder for every figure as .svg, .png and .csv.
    pdf
        File for the report as PDF, printed by the Chromium, Chrome or Edge of this machine.
    """
    from ..report import printed
    from ..report.publish import publish_figures, refuse_figures
    from ..study import open_run

    with working(quiet) as show:
        show("counts")
        finished = open_run(run_folder)
    if figures is not None:
        refuse_figures(figures)
    if pdf is not None:
        printed.refuse(pdf)
        program = printed.browser()
    page = tell(finished, quiet)
    if figures is not None:
        with working(quiet) as show:
            files = publish_figures(finished, figures, told=show)
        out.print(f"figures     {len(files)} files in {figures}")
    if pdf is not None:
        with working(quiet) as show:
            show("pdf")
            printed.print_page(page, pdf, program)
        out.print(f"pdf         {pdf}")
    return DONE


def default_folder(scenario: str, people: int | None, seed: int) -> Path:
    """Where a run goes that was not told where."""
    return Path("runs") / f"{Path(scenario).stem}{f'-{people}' if people else ''}-seed{seed}"


def tell(finished: Run, quiet: bool = False) -> Path:
    """The run is published, and its first numbers are on the screen; returns the path of the report."""
    from ..report.glance import glance
    from ..report.publish import publish

    with working(quiet) as show:
        page = publish(finished, show)
    say(finished.scenario.title, style="bold")
    for line in glance(finished):
        say(line)
    out.print(f"fingerprint {finished.fingerprint}")
    out.print(f"report      {page}")
    return page
