"""Applications at gates that let a share of them pass: section 8 of `docs/model.md`, and the columns about them of `docs/tallies.md`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from counterlife.layout import Purpose, Rulebook

from .plain_book import Book
from .plain_draws import uniform

if TYPE_CHECKING:
    from .plain import Township
    from .plain_life import Life


def is_soft(rules: Rulebook, d: int) -> bool:
    """Whether the open gate of domain d may refuse."""
    return bool(rules.apply[d] > 0 and (rules.passes[:, d] < 1).any())


def applications(town: Township, i: int, d: int) -> Iterator[tuple[float, float]]:
    """When person i applies in domain d while it concerns the person, and with what luck."""
    rules, age = town.rulebook, float(town.people[i]["age"])
    for _, time, block in town.tape.arrivals(i, Purpose.APPLY, int(rules.gate_stream[d]), float(rules.apply[d])):
        if rules.domain_from[d] - age <= time < rules.domain_until[d] - age:
            yield time, uniform(block[1])


def is_refused(life: Life, d: int, time: float, luck: float) -> bool:
    """Whether an application is refused in a life: the gate is closed, or the luck too bad for the band."""
    row = life.world.row_at(time)
    if not life.rules.ruled[row]:
        return False
    band = [band for since, band in life.bands if since <= time][-1]
    return d in life.closed_at(time) or bool(luck >= life.rules.passes[row, d, band])


def count_applications(book: Book, town: Township, worlds: Sequence[str], domains: Sequence[str], i: int) -> None:
    """One person's applications, and what came of them in every world and comparison."""
    rules, cell = town.rulebook, int(town.people[i]["cell"])
    for d, name in enumerate(domains):
        for time, luck in applications(town, i, d) if is_soft(rules, d) else ():
            refused = [is_refused(lives[i], d, time, luck) for lives in town.lives]
            book.add("people", f"applied.{name}", cell)
            for world, is_so in zip(worlds, refused, strict=True):
                book.add("people", f"refused.{world}.{name}", cell, is_so)
            for w, v in zip(rules.pair_world, rules.pair_versus, strict=True):
                pair = f"{worlds[w]}~{worlds[v]}"
                book.add("people", f"refused_wrongly.{pair}.{name}", cell, refused[w] and not refused[v])
                book.add("people", f"granted_leniently.{pair}.{name}", cell, refused[v] and not refused[w])
