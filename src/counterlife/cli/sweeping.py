"""The command that lives a scenario at many sets of numbers, and says what would change its conclusions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from .door import DONE, Quiet, Set, Whole, app, err, names, out, say
from .progress import say_if_compiling, steps, working

if TYPE_CHECKING:
    from ..ensemble import Estimate, Swept

Over = Annotated[
    list[str] | None,
    Parameter(
        name="--over",
        negative="",
        help="A number to vary, as in score.start=600..1000, joint.at_most=1,2,3, or score.start for the range that it states. May be "
        "repeated. All numbers that state a range where nothing is given.",
    ),
]
Conclusions = Annotated[
    list[str] | None,
    Parameter(
        name="--conclusion",
        negative="",
        help="A statement whose reversal is looked for, and whose outcomes are told with their three intervals, as in 'M4 > 50 %'. May be "
        "repeated. The signs of the headline where nothing is given.",
    ),
]


@app.command
def sweep(
    scenario: Annotated[str, Parameter(completer=names)],
    /,
    *,
    design: Literal["lhs", "sobol", "morris", "grid"] = "lhs",
    points: Whole = None,
    over: Over = None,
    conclusions: Conclusions = None,
    people: Whole = None,
    seed: Whole = None,
    out_folder: Annotated[Path | None, Parameter(name="--out")] = None,
    workers: Whole = None,
    overrides: Set = None,
    only_estimate: Annotated[bool, Parameter(name="--estimate", negative="")] = False,
    flips: bool = True,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Quiet = False,
) -> int:
    """Live a scenario at many sets of numbers and say how sure its results are, which numbers matter and what would reverse them.

    Parameters
    ----------
    scenario
        Name of a catalog scenario, or path of a scenario file.
    design
        lhs: a Latin hypercube. sobol: shares of variance. morris: which numbers matter at all. grid: every combination.
    points
        Points of lhs, base samples of sobol (a power of two), trajectories of morris, levels of grid; enough where nothing is given.
    people
        About so many synthetic people at each point, always the same; 20,000 where nothing is given.
    seed
        Whole number from which all luck is drawn; 1 where nothing is given.
    out_folder
        Folder for the sweep; runs/SCENARIO-DESIGN-seedSEED where nothing is given. An unfinished sweep of the same there is resumed.
    workers
        Points that are lived at the same time; as many as pay where nothing is given.
    only_estimate
        Say how long it would take, and stop.
    flips
        Look for the nearest numbers that reverse each conclusion.
    as_json
        Print title, people, numbers varied, outcomes with their three intervals, sensitivity and conclusions as JSON instead of a summary.
    """
    from .. import ensemble

    if not quiet:
        say_if_compiling()
    seed = 1 if seed is None else seed
    prepared = ensemble.prepare(
        scenario,
        kind=design,
        points=points,
        over=over or (),
        people=ensemble.PEOPLE if people is None else people,
        seed=seed,
        conclusions=conclusions or (),
        overrides=overrides or (),
        flips=flips,
    )
    if only_estimate or not quiet:
        (say if only_estimate else err.print)(told(prepared.estimate, len(prepared.family.dimensions)))
    if only_estimate:
        return DONE
    with steps("points", quiet) as show:
        swept = prepared.run(out_folder or default_folder(scenario, design, seed), workers=workers, progress=show)
    tell(swept, as_json, quiet)
    return DONE


def default_folder(scenario: str, design: str, seed: int) -> Path:
    """Where a sweep goes that was not told where."""
    return Path("runs") / f"{Path(scenario).stem}-{design}-seed{seed}"


def told(estimate: Estimate, dimensions: int) -> str:
    """How much is to be lived, and about how long it takes."""
    minutes = estimate.seconds / 60
    long = f"{max(estimate.seconds, 1):.0f} s" if minutes < 1.5 else f"{minutes:.0f} min"
    varied = f"{dimensions:,} number{'' if dimensions == 1 else 's'} varied"
    return f"{estimate.points:,} points of {estimate.people:,} people, {varied}: about {long}, and the search for flips."


def tell(swept: Swept, as_json: bool = False, quiet: bool = False) -> None:
    """The sweep is published, and its conclusions are on the screen."""
    from ..report import swept_data
    from ..report.swept import publish, spoken

    with working(quiet) as show:
        show("page")
        page = publish(swept)
    if as_json:
        out.file.write(swept_data.as_json(swept, page) + "\n")
        return
    say(swept.scenario.title, style="bold")
    for line in spoken(swept):
        say(line)
    out.print(f"page  {page}")
