"""W0 in Starsim: one module with states and one Bernoulli distribution per kind of event, on monthly steps."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("STARSIM_INSTALL_FONTS", "0")  # importing it would rebuild the font cache

import numpy as np
import starsim as ss

from benchmarks.w0 import CHANCE, GROUPS, MARK, MONTHS, POINTS, START, STRAIN, TERM

PACKAGES = ("starsim", "numpy")


def strained(chance: float) -> Callable[..., Any]:
    """The probability of a bad event for each person asked about."""
    return lambda module, sim, uids: np.where(module.free_from[uids] > 0, STRAIN * chance, chance)


class Score(ss.Module):  # type: ignore[misc]
    """Scores, restrictions, and their count by group."""

    def __init__(self) -> None:
        super().__init__(name="score")
        self.define_states(ss.FloatArr("points", default=START), ss.FloatArr("free_from", default=0), ss.FloatArr("group"))
        self.events = [ss.bernoulli(p=chance if points > 0 else strained(chance)) for chance, points in zip(CHANCE, POINTS, strict=True)]
        self.groups = ss.randint(low=0, high=GROUPS)
        self.counted: list[list[int]] = []

    def init_post(self) -> None:
        """Everybody has a group."""
        super().init_post()
        everybody = self.sim.people.auids
        self.group[everybody] = self.groups.rvs(everybody)

    def step(self) -> None:
        """A month is lived, and the restricted are counted."""
        month = self.ti
        if month == MONTHS:  # Starsim takes one step more than there are months between its first and last date
            return
        released = ((self.free_from == month) & (self.free_from > 0)).uids
        self.points[released] = START
        self.free_from[released] = 0
        for event, points in zip(self.events, POINTS, strict=True):
            self.points[event.filter()] += points
        self.free_from[((self.points < MARK) & (self.free_from == 0)).uids] = month + TERM
        restricted = (self.free_from > 0).uids
        self.counted.append(np.bincount(self.group[restricted].astype(int), minlength=GROUPS).tolist())


def live(people: int, seed: int) -> tuple[list[int], list[int]]:
    """People and restricted people by group at the end."""
    score = Score()
    dates = {"start": ss.date("2021-01-01"), "stop": ss.date("2026-01-01"), "dt": ss.months(1)}
    sim = ss.Sim(n_agents=people, modules=score, rand_seed=seed, verbose=0, copy_inputs=False, **dates)
    sim.run()
    if len(score.counted) != MONTHS:
        raise ArithmeticError(f"Starsim lived {len(score.counted)} months, not {MONTHS}")
    return np.bincount(score.group[sim.people.auids].astype(int), minlength=GROUPS).tolist(), score.counted[-1]
