"""What a scenario may say about how conduct answers to the system: every part is off unless it is written.

How it is lived is said in `docs/model.md`, 3.
"""

from __future__ import annotations

from pydantic import model_validator

from .quantity import UNSAID, Duration, Factor, Model, Points, Rate, Share, Whole


class NearGate(Model):
    """More of something while the score is a little below a gate of the person's own."""

    factor: Factor
    """Multiplier of the rate."""
    within: Points
    """How many points below, for the most able; less in proportion for the others."""

    @model_validator(mode="after")
    def _reaches(self) -> NearGate:
        if self.within.number <= 0:
            raise ValueError("`within` must be above zero: nobody is fewer than no points below a gate")
        return self


class Burst(Model):
    """Each event makes the next one likelier for a while."""

    adds: Factor
    """What an event adds to the multiplier of its class."""
    fades: Duration
    """Mean time in which that fades."""
    at_most: Factor
    """The multiplier never exceeds this."""

    @model_validator(mode="after")
    def _fades(self) -> Burst:
        if self.fades.number <= 0 or self.at_most.number < 1:
            raise ValueError(
                "a burst fades in a time longer than nothing, and its multiplier may rise to 1 at least: see `fades` and `at_most`"
            )
        return self


class Behaviour(Model):
    """What people come to believe, and when they give up."""

    belief: Share = Share(value=0.0, note=UNSAID)
    """How far those who react believe at the start that they will be punished, from 0 to 1."""
    learning: Rate = Rate(value="0 per year", note=UNSAID)
    """How fast that belief follows what they live: towards 1 while a gate of their own is closed, towards 0 while none is."""
    reacts: Share = Share(value=1.0, note=UNSAID)
    """Share of people who react at all."""
    gives_up_after: Whole | None = None
    """Lost appeals after which a person gives up; nobody does where nothing is said."""
    appeals_when_given_up: Share = Share(value=1.0, note=UNSAID)
    """Multiplier of the chance that somebody who has given up appeals."""
