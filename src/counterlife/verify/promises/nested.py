"""Sweeps are nested: P12. What comes at a lower rate, detection or share comes at a higher one too, at the same times."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from ...layout import Link, Origin, Rulebook
from .ground import Ground
from .kept import Kept, PowerlessError, never

Cause = tuple[int, str, int]


def on_tape(ground: Ground, *origins: Origin) -> dict[tuple[Cause, int], float]:
    """When what was caused by (person, channel, ordinal) enters the file of whom, for the items of these origins; what depends on the life
    is there as a candidate.
    """
    items = ground.tapes.items
    chosen = items[np.isin(items["origin"], origins)]
    names = [ground.words.channels[c] for c in chosen["channel"]]
    causes = zip(chosen["cause"].tolist(), names, chosen["ordinal"].tolist(), strict=True)
    return dict(zip(zip(causes, chosen["owner"].tolist(), strict=True), chosen["time"].tolist(), strict=True))


def nested(what: str, several: Sequence[Ground], origins: Sequence[Origin]) -> Kept:
    """P12: the tape of each ground holds all that the one before it holds, at the same times, and more."""
    sets = [on_tape(ground, *origins) for ground in several]
    if not sets[0] and len(sets) > 2:
        sets = sets[1:]  # at the share of nothing there is nothing
    for smaller, larger in itertools.pairwise(sets):
        if not 0 < len(smaller) < len(larger):
            raise PowerlessError(f"{what}: {len(larger)} after {len(smaller)} items, so that nothing more has come")
    gone = [int(larger.get(key) != time) for smaller, larger in itertools.pairwise(sets) for key, time in smaller.items()]
    people = sum(int(ground.people.size) for ground in several)
    return never(f"{what}, missing at the next step", gone, lives=people, happened=len(sets[-1]) - len(sets[0]), event="items more")


# --- what is swept ----------------------------------------------------------------------------------------------------------------------


def as_what_it_is(rules: Rulebook) -> Rulebook:
    """No record names another class, so that person, channel and number name an event."""
    return rules._replace(misread=np.zeros_like(rules.misread))


def at_rate(rules: Rulebook, share: float) -> Rulebook:
    """So large a share of the candidates happens, and every event is recorded, as what it is."""
    happens, sees = np.full_like(rules.accept, share), np.ones_like(rules.detect)
    return as_what_it_is(rules)._replace(accept=happens, detect=sees, strain=np.ones_like(rules.strain))


def at_detection(rules: Rulebook, share: float) -> Rulebook:
    """So many events are recorded."""
    return as_what_it_is(rules)._replace(detect=np.full_like(rules.detect, share))


def astray(rules: Rulebook, share: float) -> Rulebook:
    """So many records have no identifier and go to one holder of the name."""
    return as_what_it_is(rules)._replace(link=np.full_like(rules.link, Link.ASSIGN_ONE), link_share=np.full_like(rules.link_share, share))


def copied(rules: Rulebook, share: float) -> Rulebook:
    """A record comes to each holder of the name with this probability."""
    return as_what_it_is(rules)._replace(link=np.full_like(rules.link, Link.PAIRWISE), link_share=np.full_like(rules.link_share, share))


Sweep = tuple[str, tuple[float, ...], Callable[[Rulebook, float], Rulebook], tuple[Origin, ...]]
SWEEPS: tuple[Sweep, ...] = (
    ("events at a higher rate", (0.1, 0.3, 0.5, 1.0), at_rate, (Origin.OWN, Origin.GARBLED)),
    ("records at a better detection", (0.05, 0.2, 0.8, 1.0), at_detection, (Origin.OWN, Origin.GARBLED, Origin.STRAY)),
    ("records given away", (0.0, 0.05, 0.3, 1.0), astray, (Origin.GARBLED,)),
    ("records that came from others", (0.0, 0.05, 0.3, 1.0), astray, (Origin.STRAY,)),
    ("records copied to others", (0.0, 0.05, 0.3, 1.0), copied, (Origin.STRAY,)),
)
