"""What is said of a run that was lived again: the same, or the first number that differs and what was made otherwise.

The words are in the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..study import Again, Count, Discrepancy
from .text import Text, catalogue

MOST_NAMED = 5


def lines(again: Again, *, language: str = "en") -> list[str]:
    """The verdict, and below it what differs and what was made otherwise."""
    text = catalogue(language)
    prints = {"source": again.source, "before": str(again.before["fingerprint"]), "after": again.run.fingerprint}
    if again.counts_are_same:
        found = [text("again.same", **prints)]
    else:
        found = [text("again.other", **prints), *(f"  {line}" for line in _differences(again, text))]
    if again.measures:
        found.append(text("again.measures", count=f"{again.measures:,}", file="measures.csv"))
    if again.makings:
        found.append(text("again.although" if again.same else "again.made"))
        unsaid = text("again.unsaid")
        found += [
            text("again.making", what=text(f"again.of.{one.name}"), before=one.before or unsaid, after=one.after or unsaid)
            for one in again.makings
        ]
    elif not again.same:
        found.append(text("again.made_alike"))
    return found


def _differences(again: Again, text: Text) -> Iterator[str]:
    if again.counted != again.before["fingerprint"]:
        yield text("again.record", counted=again.counted)
    found = again.discrepancy
    if not found:
        yield text("again.counts_alike")
        return
    for key, names in (("columns_before", found.columns_before), ("columns_after", found.columns_after)):
        if names:
            yield text(f"again.{key}", names=_some(names, text))
    for key, places in (("places_before", found.places_before), ("places_after", found.places_after)):
        if places:
            yield text(f"again.{key}", names=_some([_place(again, spot) for spot in places], text))
    yield _first(again, found, found.first, text) if found.first else text("again.rest_alike")


def _first(again: Again, found: Discrepancy, first: Count, text: Text) -> str:
    return text(
        "again.first",
        place=_place(again, first.spot),
        table=first.table,
        row=_row(again, first),
        column=first.column,
        before=f"{first.before:,}",
        after=f"{first.after:,}",
        differ=f"{found.places_differ:,}",
        places=f"{found.places:,}",
    )


def _place(again: Again, spot: tuple[int, int, int]) -> str:
    """A township as stories name it, with its replicate where there are several."""
    region, township, replicate = spot
    names = {one.number: one.name for one in again.run.scenario.population.lived}
    several = again.run.provenance["identity"]["replicates"] > 1
    return f"{names.get(region, region)}/{township}" + (f" ({replicate})" if several else "")


def _row(again: Again, first: Count) -> str:
    """The number of the row, and what it stands for."""
    labels = again.run.tallies.rows.get(first.table, ())
    if first.row >= len(labels):
        return str(first.row)
    label = labels[first.row]
    return f"{first.row} ({', '.join(map(str, label)) if isinstance(label, tuple) else label})"


def _some(names: Sequence[str], text: Text) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else text("again.more", names=shown, count=f"{len(names) - MOST_NAMED:,}")
