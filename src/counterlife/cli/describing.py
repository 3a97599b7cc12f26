"""Commands that read scenarios and live nothing."""

from __future__ import annotations

from collections.abc import Sized
from typing import Annotated

from cyclopts import CycloptsError, Parameter

from .door import DONE, Set, app, names, out, say


@app.command
def check(
    scenario: Annotated[str, Parameter(completer=names)],
    /,
    *,
    overrides: Set = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> int:
    """Say whether a scenario can be run, and if not, where and why; and how far restrictions in it bring restrictions.

    Parameters
    ----------
    scenario
        Name of a catalog scenario, or path of a scenario file.
    as_json
        Print scenario, classes_of_conduct, sources, gates, lists, worlds, days, claim and spreading (lines) as JSON instead.
    """
    import json

    from ..scenario import load
    from ..scenario.derived import spreading

    described = load(scenario, overrides or ())
    parts: dict[tuple[str, str], Sized] = {
        ("class of conduct", "classes of conduct"): described.conduct,
        ("source", "sources"): described.sources,
        ("gate", "gates"): described.gates,
        ("list", "lists"): described.lists,
        ("world", "worlds"): described.worlds,
    }
    if as_json:
        numbers = {names[1].replace(" ", "_"): len(part) for names, part in parts.items()}
        facts = {"scenario": scenario, **numbers, "days": described.period.days, "claim": described.claim}
        out.file.write(json.dumps({**facts, "spreading": spreading(described)}, ensure_ascii=False, indent=2) + "\n")
        return DONE
    counts = ", ".join(f"{len(part)} {names[len(part) != 1]}" for names, part in parts.items())
    say(f"{scenario} is in order: {counts}, {described.period.days:,} days, claim level {described.claim}.")
    for line in spreading(described):
        say(line)
    return DONE


@app.command
def show(
    scenario: Annotated[str | None, Parameter(completer=names)] = None,
    /,
    *,
    overrides: Set = None,
    schema: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Print the resolved form of a scenario, in which nothing is implied.

    Parameters
    ----------
    scenario
        Name of a catalog scenario, or path of a scenario file.
    schema
        Print the JSON Schema of the language instead, for editors.
    """
    import json

    from ..scenario import json_schema, load, resolved

    if schema == (scenario is not None):
        raise CycloptsError(msg="give a scenario, or --schema and no scenario.")
    out.file.write(json.dumps(json_schema(), indent=2) + "\n" if scenario is None else resolved(load(scenario, overrides or ())))
    return DONE


@app.command
def catalog() -> int:
    """List the scenarios that ship with the program."""
    from ..scenario import catalog as entries

    for entry in entries():
        say(f"{entry.name} ({entry.label}): {entry.title}", style="bold")
        say(f"    {entry.question}")
    return DONE
