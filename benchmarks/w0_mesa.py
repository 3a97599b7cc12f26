"""W0 in Mesa, one object per person, as its tutorials build a model."""

from __future__ import annotations

import mesa

from benchmarks.w0 import CHANCE, GROUPS, MARK, MONTHS, POINTS, START, STRAIN, TERM

PACKAGES = ("mesa", "numpy")


class Person(mesa.Agent):  # type: ignore[misc]
    """A person with a score and perhaps a restriction."""

    def __init__(self, model: Town, group: int) -> None:
        super().__init__(model)
        self.group = group
        self.score = float(START)
        self.free_from = 0

    def step(self) -> None:
        """A month is lived."""
        month, draw = self.model.month, self.random.random
        if 0 < self.free_from == month:
            self.score, self.free_from = float(START), 0
        often = STRAIN if self.free_from else 1.0
        for chance, points in zip(CHANCE, POINTS, strict=True):
            if draw() < (chance if points > 0 else chance * often):
                self.score += points
        if self.score < MARK and not self.free_from:
            self.free_from = month + TERM


class Town(mesa.Model):  # type: ignore[misc]
    """The people, and the month it is."""

    def __init__(self, people: int, seed: int) -> None:
        super().__init__(seed=seed)
        self.month = 0
        self.counted: list[list[int]] = []
        for _ in range(people):
            Person(self, self.random.randrange(GROUPS))

    def step(self) -> None:
        """Everybody lives a month, and the restricted are counted."""
        self.agents.do("step")
        counts = [0] * GROUPS
        for person in self.agents:
            counts[person.group] += person.free_from > 0
        self.counted.append(counts)
        self.month += 1


def live(people: int, seed: int) -> tuple[list[int], list[int]]:
    """People and restricted people by group at the end."""
    town = Town(people, seed)
    for _ in range(MONTHS):
        town.step()
    sizes = [0] * GROUPS
    for person in town.agents:
        sizes[person.group] += 1
    return sizes, town.counted[-1]
