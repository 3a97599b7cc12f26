"""Whether two runs live the same people: what has to be equal, and what is said where it is not.

The reasons are in `docs/decisions/0008-the-same-lives.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..scenario import Scenario, changes, of_people
from .plan import RequestError

IDENTITY = {
    "seed": "seed",
    "replicates": "replicates",
    "people": "people",
    "township": "people in a township",
    "draw_scheme": "draw scheme",
}
COUNTRY = "population.country."
MOST_NAMED = 5


class Cohort(NamedTuple):
    """Who is lived: a name to speak of it, the scenario, and the identity of the run."""

    name: str
    scenario: Scenario
    identity: Mapping[str, Any]


def refuse_others(first: Cohort, second: Cohort) -> None:
    """Raises RequestError with what differs where the second are other people, or lived at another time or with other luck.

    What makes a person, her time and her luck has to be the same; what is done about her, and how often she does what, may differ.
    """
    one, other = first.identity, second.identity
    found = [f"{words} {_shown(one[key])} against {_shown(other[key])}" for key, words in IDENTITY.items() if one[key] != other[key]]
    apart = of_people(changes(first.scenario, second.scenario))
    apart = [change for change in apart if change.path != "population.township"]  # the identity says so already
    countries = [one.scenario.population.country.title for one in (first, second)]
    if countries[0] != countries[1] and any(change.path.startswith(COUNTRY) for change in apart):
        found.append(f"population.country {countries[0]} against {countries[1]}")  # then its numbers say nothing more
        apart = [change for change in apart if not change.path.startswith(COUNTRY)]
    found += [f"{change.path} {_shown(change.before)} against {_shown(change.after)}" for change in apart[:MOST_NAMED]]
    if len(apart) > MOST_NAMED:
        found.append(f"{len(apart) - MOST_NAMED} more settings of the people")
    if found:
        raise RequestError(
            f"{first.name} and {second.name} have not lived the same people: {'; '.join(found)}. A difference between them would be one "
            "of people or of luck as well. Make these agree, and live one of them again."
        )


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = f"{value:,}" if isinstance(value, int) and value >= 10_000 else str(value)
    if text == "":
        return "all"
    return text if len(text) <= 60 else text[:56] + " ..."
