"""The command that tells one synthetic life."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .door import DONE, Quiet, app, out, say
from .progress import working

if TYPE_CHECKING:
    from ..story import Line, Story
    from ..study import Run

NARROWEST = 24  # characters that a world's column needs to be read


@app.command
def life(
    run_folder: Path,
    person: str | None = None,
    /,
    *,
    worlds: Annotated[str | None, Parameter(name="--worlds")] = None,
    quiet: Quiet = False,
) -> int:
    """Tell one synthetic person's life in every world.

    Parameters
    ----------
    run_folder
        The folder that the run named.
    person
        region/township/number, as in Shanxi/0/17; where nobody is named, the first whom the system shuts out for long, unlike the twin.
    worlds
        Names of worlds with commas between them, as in "designed, accurate"; all where nothing is given.
    """
    from ..story import life as live_again
    from ..story import lives
    from ..study import open_run

    with working(quiet) as show:
        show("lives")
        finished = open_run(run_folder)
        shown = asked_for(worlds, finished)
        story = next(iter(lives(finished)), None) if person is None else live_again(finished, person)
    if story is None:
        out.print("This run picks no life to be told. Name somebody: region/township/number.")
        return DONE
    write_story(story, finished, shown)
    return DONE


def asked_for(worlds: str | None, finished: Run) -> list[str]:
    """The names of the worlds that are asked for, all where nothing is said; raises RequestError for one that was not lived."""
    from ..scenario.written import nearest
    from ..study import RequestError

    names = [name.strip() for name in (worlds or "").split(",") if name.strip()]
    for name in names:
        if name not in finished.scenario.worlds:
            raise RequestError(f"this run has no world {name!r}. {nearest(name, finished.scenario.worlds)}")
    return names or list(finished.scenario.worlds)


def write_story(story: Story, finished: Run, shown: list[str]) -> None:
    """The story is on the screen: worlds side by side where there is room, below one another elsewhere; equal ones share a column."""
    titles = {name: finished.scenario.worlds[name].title for name in shown}
    told: dict[tuple[tuple[float, str], ...], list[Line]] = {}
    heads: dict[tuple[tuple[float, str], ...], list[str]] = {}
    for world, title in titles.items():
        lines = [line for line in story.lines if line.world == world]
        key = tuple((line.day, line.text) for line in lines)
        told[key] = lines
        heads.setdefault(key, []).append(title)
    columns = {" = ".join(heads[key]): lines for key, lines in told.items()}
    say(f"Person {story.person}: {story.who}. SYNTHETIC; claim level {finished.scenario.claim}.", style="bold")
    if story.rule:
        say(f"Picked by a rule: {story.rule}.")
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
