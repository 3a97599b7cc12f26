"""The command that tells one synthetic life."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .door import DONE, app, out, say

if TYPE_CHECKING:
    from ..story import Line, Story
    from ..study import Run

NARROWEST = 24  # characters that a world's column needs to be read


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
    from ..story import life as live_again
    from ..study import open_run

    finished = open_run(run_folder)
    write_story(live_again(finished, person), finished)
    return DONE


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
