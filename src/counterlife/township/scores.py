"""From records to a score and its band. Points are whole thousandths, so sums are exact in any order. Model: `docs/model.md` 6."""

from __future__ import annotations

from .book import Book
from .jit import inlined
from .room import State

REVERSAL_DAYS = 90.0


@inlined
def shown(rules: Book, w: int, points: int) -> int:
    """The score that gates see."""
    return min(max(points, rules["lowest"][w]), rules["highest"][w])


@inlined
def gain(rules: Book, w: int, state: State, points: int) -> None:
    """Points have come in: a ledger clips at every step, a stateless score only when it is looked at."""
    total = state["score"] + points
    state["score"] = shown(rules, w, total) if rules["ledger"][w] == 1 else total


@inlined
def band_of(rules: Book, w: int, score: int) -> int:
    """Number of band edges at or below the score."""
    band = 0
    while band < rules["edges"] and rules["cuts"][w, band] <= score:
        band += 1
    return band


@inlined
def watch_band(rules: Book, w: int, state: State) -> None:
    """A change of band is counted, and a return to the band before within 90 days (M15)."""
    band = band_of(rules, w, shown(rules, w, state["score"]))
    if band != state["band"]:
        state["bands"] += 1
        if band == state["band_before"] and state["day"] - state["band_day"] <= REVERSAL_DAYS:
            state["reversals"] += 1
        state["band_before"] = state["band"]
        state["band"] = band
        state["band_day"] = state["day"]
