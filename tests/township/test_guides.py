"""Names are found with a guide, and are those that a search without one finds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from taped import plainly

from counterlife.layout import Floats, Place
from counterlife.scenario import load
from counterlife.scenario.compile import compile  # noqa: A004
from counterlife.township import people
from counterlife.township.draws import NAME, NO_STREAM, address, block, uniform
from counterlife.township.jit import compiled

STEPS = people.GUIDE


def distributions() -> Iterator[tuple[str, Floats]]:
    """Cumulative shares, with what may trip a search."""
    dice = np.random.default_rng(1)
    yield "one name", np.ones(1)
    yield "two names", np.array([0.3, 1.0])
    yield "names that nobody bears", np.array([0.0, 0.0, 0.25, 0.25, 0.25, 0.5, 1.0, 1.0])
    yield "steps where parts begin", np.arange(1, STEPS + 1) / STEPS
    yield "a name to two parts", np.arange(2, STEPS + 2, 2) / STEPS
    yield "two names to a part", np.arange(1, 2 * STEPS + 1) / (2 * STEPS)
    yield "rounded down", np.array([0.5, 1.0 - 1e-9])
    yield "few and many", np.cumsum(dice.dirichlet(np.geomspace(1e-3, 50.0, 5000)))
    yield "many and few", np.cumsum(dice.dirichlet(np.geomspace(50.0, 1e-3, 5000)))


def chances(cumulative: Floats) -> Floats:
    """Numbers from the least to the greatest that are drawn, at every step and part, and just beside them."""
    at = np.concatenate(
        [cumulative[:: max(1, cumulative.size // 500)], np.arange(0, STEPS + 1, 7) / STEPS, np.arange(STEPS - 3, STEPS) / STEPS]
    )
    drawn = np.array([float(uniform(np.uint64(word))) for word in (0, 1, 2**32 - 2, 2**32 - 1)])
    some = np.random.default_rng(2).random(300)
    every = np.concatenate([at, np.nextafter(at, 0.0), np.nextafter(at, 1.0), drawn, some, [0.0, np.nextafter(1.0, 0.0)]])
    return np.unique(every[(every >= 0.0) & (every < 1.0)])


def strays() -> list[str]:
    """Where a guide leads elsewhere than the search does, or either elsewhere than the first step above."""
    found = []
    for name, cumulative in distributions():
        guide, us = people.guide_to(cumulative), chances(cumulative)
        first = np.minimum(np.searchsorted(cumulative, us, side="right"), cumulative.size - 1)
        for u, expected in zip(us.tolist(), first.tolist(), strict=True):
            if not people.pick_guided(cumulative, guide, u) == people.pick(cumulative, u) == expected:
                found.append(f"{name}: {u!r}")
    return found


def test_a_guide_leads_where_the_search_ends() -> None:
    assert (plainly(__file__).split("\n") if compiled() else [*strays(), "all", ""]) == ["all", ""]


def test_everybody_bears_the_name_that_was_drawn() -> None:
    """As they are made, compiled or not; by Chinese names, of which there are thousands."""
    populace = compile(load("article-score", ["population.country=china-2020", "population.township=400"])).populace
    at = address(Place(0, 3, 1), 5, 0)
    assert populace.surname_cdf.size > 1000 < populace.given_cdf.size
    for i, person in enumerate(people.make(at, populace, 0, 0.5)):
        words = block(at, i, NO_STREAM, NAME, 0)
        for name, cumulative, word in (("surname", populace.surname_cdf, words[0]), ("given", populace.given_cdf, words[1])):
            if name == "given" or person["home"] == 0:
                assert person[name] == min(np.searchsorted(cumulative, uniform(word), side="right"), cumulative.size - 1)


if __name__ == "__main__":
    print(*strays(), "all", sep="\n")
