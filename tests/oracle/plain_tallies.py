"""The columns of `docs/tallies.md` about days and spells, counted from a lived township by looking at every person on every day.

A table of yes and no by domain and day is made for each person and world; nearly everything is a sum over it. Records and appeals
are counted in `plain_tally_records.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterlife.layout import EVER_DAYS, SPELL_BIN, Cause, End, ListKind, Rulebook, Wrong

from .plain import Township, relive
from .plain_applications import count_applications
from .plain_book import Book
from .plain_compare import Tables
from .plain_latent import count_shock, rows_of
from .plain_life import Change, Life
from .plain_tally_records import count_channels, count_classes, count_meter, count_records, count_waits
from .plain_view import WINDOW, seen

Days = NDArray[np.bool_]  # (domain, day)
Column = NDArray[np.bool_]  # (day,)
MANY = 3  # domains closed at a time
SOON = 90.0 + 1e-6  # days within which a change of band counts as reversed
WATCHED = (365, 730, 1825)  # days within which somebody may be free again
YEAR_LATER = 365
TENFOLD = 10
ENDS: dict[Cause | None, End] = {  # all else is luck
    Cause.EXPIRY: End.EXPIRY,
    Cause.SETTLEMENT: End.SETTLEMENT,
    Cause.JOINT: End.JOINT,
    Cause.CORRECTION: End.APPEAL,
    Cause.REPAIR: End.REPAIR,
    Cause.STAGE: End.STAGE,
}


@dataclass(frozen=True)
class Names:
    """What worlds and domains are called in the names of columns."""

    worlds: Sequence[str]
    domains: Sequence[str]

    @classmethod
    def numbered(cls, rules: Rulebook) -> Names:
        """Names that are the numbers."""
        return cls([str(w) for w in range(len(rules.quality))], [str(d) for d in range(len(rules.child_domain))])

    def pair(self, w: int, v: int) -> str:
        """The name of a comparison."""
        return f"{self.worlds[w]}~{self.worlds[v]}"


def tally(town: Township, names: Names | None = None) -> Tables:
    """All tables of a township, as table -> column -> row -> number."""
    rules, book = town.rulebook, Book()
    names = names or Names.numbered(rules)
    for i in range(len(town.people)):
        count_person(book, town, names, i)
    for w, world in enumerate(names.worlds):
        count_channels(book, rules, world, town.lives[w])
        count_classes(book, rules, world, town.lives[w])
        count_waits(book, world, town.lives[w], rules.days)
        count_meter(book, rules, world, town.lives[w])
    return book.done()


# --- days ----------------------------------------------------------------------------------------------------------------


def days_closed(rules: Rulebook, changes: list[Change]) -> Days:
    """For every domain and day, whether it is closed at the end of the day."""
    table = np.zeros((len(rules.child_domain), rules.days), dtype=bool)
    for begins, ends, closed in stretches(changes, rules.days):
        for d in closed:
            table[d, math.floor(begins) : math.floor(ends)] = True
    return table


def stretches(changes: list[Change], end: float) -> Iterator[tuple[float, float, frozenset[int]]]:
    """The stretches of time between changes."""
    for n, change in enumerate(changes):
        yield change.time, changes[n + 1].time if n + 1 < len(changes) else end, change.closed


def days_on_redlist(rules: Rulebook, life: Life) -> int:
    """The days at whose end the life is on a redlist."""
    ends = [time for time, _ in life.redlist[1:]] + [float(rules.days)]
    return sum(math.floor(end) - math.floor(time) for (time, on), end in zip(life.redlist, ends, strict=True) if on)


# --- one person ------------------------------------------------------------------------------------------------------------


def count_person(book: Book, town: Township, names: Names, i: int) -> None:
    """One person's part in the tables people, months, spells and spread."""
    rules, cell, age = town.rulebook, int(town.people[i]["cell"]), float(town.people[i]["age"])
    book.add("people", "people", cell)
    book.add("people", "days", cell, rules.days)
    for d, name in enumerate(names.domains):
        concerned = days_concerned(rules, age, d)
        book.add("people", f"scope_days.{name}", cell, concerned.sum())
        book.add("people", f"scope_people.{name}", cell, concerned.any())
    latent = rows_of(rules, town.people[i])
    for row in latent:
        book.add("latent", "people", row)
    closed = [days_closed(rules, town.views[w][i]) for w in range(len(rules.quality))]
    for w, world in enumerate(names.worlds):
        count_closed(book, rules, names, world, cell, closed[w])
        count_gates(book, rules, names, world, cell, town.views[w][i])
        count_shock(book, rules, world, closed[w], town.views[w][i])
        count_freed(book, rules, world, cell, closed[w][rules.child_domain == 0].any(axis=0))
        count_life(book, rules, world, cell, town.lives[w][i])
        count_records(book, world, cell, town.lives[w][i], bool(closed[w].any()))
        count_but_for(book, town, world, cell, town.lives[w][i])
    count_applications(book, town, names.worlds, names.domains, i)
    for w, v in zip(rules.pair_world, rules.pair_versus, strict=True):
        pair = names.pair(w, v)
        count_pair(book, rules, names, pair, cell, closed[w], closed[v])
        for row in latent:
            book.add("latent", f"wrongful_days.{pair}", row, (closed[w] & ~closed[v]).sum())
            book.add("latent", f"wrongful_ever.{pair}", row, (closed[w] & ~closed[v]).any())
        marked = any(record.wrong for record in town.lives[w][i].records)
        book.add("people", f"bystander_days.{pair}", cell, 0 if marked else (closed[w] & ~closed[v]).sum())
        book.add("people", f"marked_twin.{pair}", cell, marked and closed[v].any())
        count_totals(book, pair, cell, int(closed[w].sum()), int(closed[v].sum()))
        count_spells(book, rules, pair, cell, town.views[w][i], town.views[v][i])


def days_concerned(rules: Rulebook, age: float, d: int) -> Column:
    """The days on which the gate of domain d concerns a person of an age at the start: reaching an age counts from its day on."""
    days, first, end = np.arange(rules.days), math.floor(rules.domain_from[d] - age), math.floor(rules.domain_until[d] - age)
    concerned: Column = (days >= first) & (days < end)
    return concerned


def count_closed(book: Book, rules: Rulebook, names: Names, world: str, cell: int, closed: Days) -> None:
    """Closed days of one person in one world."""
    count_by_month(book, rules, names, f"closed_days.{world}", cell, closed)
    book.add("people", f"closed_any_days.{world}", cell, closed.any(axis=0).sum())
    book.add("people", f"closed_many_days.{world}", cell, (closed.sum(axis=0) >= MANY).sum())
    for month, days in by_month(rules, closed.any(axis=0)):
        book.add("months", f"closed_any_days.{world}", month, days)
    count_first(book, rules, f"newly_closed.{world}", closed)
    for least in EVER_DAYS:
        book.add("people", f"ever.{world}.{least}", cell, closed.sum() >= least)
    book.add("people", f"child_ever.{world}", cell, closed[rules.child_domain == 1].any())
    book.add("people", f"squares.{world}", cell, closed.sum() ** 2)
    count_spread(book, world, int(closed.sum()))


def count_freed(book: Book, rules: Rulebook, world: str, cell: int, shut: Column) -> None:
    """When somebody is shut out of an own domain for the first time, whether and when that ends, and whether it comes again."""
    days = np.flatnonzero(shut)
    begins = int(days[0]) if len(days) else rules.days
    open_later = np.flatnonzero(~shut[begins:]) + begins
    ends = int(open_later[0]) if len(open_later) else None
    book.add("people", f"shut_first.{world}", cell, len(days) > 0)
    book.add("people", f"shut_open.{world}", cell, len(days) > 0 and ends is None)
    for within in WATCHED:
        watched = begins + within < rules.days
        book.add("people", f"watched.{world}.{within}", cell, watched)
        book.add("people", f"freed.{world}.{within}", cell, watched and ends is not None and ends - begins <= within)
    watched = ends is not None and ends + YEAR_LATER < rules.days
    book.add("people", f"relapse_watched.{world}", cell, watched)
    book.add("people", f"relapsed.{world}", cell, ends is not None and watched and shut[ends : ends + YEAR_LATER + 1].any())


def count_totals(book: Book, pair: str, cell: int, here: int, there: int) -> None:
    """All closed domain-days of one person in one world beside those in the other."""
    book.add("people", f"tenfold.{pair}", cell, here > TENFOLD * there > 0)
    book.add("people", f"tenfold_versus.{pair}", cell, there > TENFOLD * here > 0)
    book.add("people", f"only.{pair}", cell, here > 0 == there)
    book.add("people", f"only_versus.{pair}", cell, there > 0 == here)
    book.add("people", f"squares.{pair}", cell, (here - there) ** 2)


def count_pair(book: Book, rules: Rulebook, names: Names, pair: str, cell: int, closed: Days, versus: Days) -> None:
    """Wrongful and lenient days of one person in one comparison."""
    wrongful, lenient = closed & ~versus, versus & ~closed
    count_by_month(book, rules, names, f"wrongful_days.{pair}", cell, wrongful)
    count_first(book, rules, f"newly_wrongful.{pair}", wrongful)
    for d, name in enumerate(names.domains):
        book.add("people", f"lenient_days.{pair}.{name}", cell, lenient[d].sum())
    for what, days in (("wrongful", wrongful), ("lenient", lenient)):
        book.add("people", f"{what}_any_days.{pair}", cell, days.any(axis=0).sum())
        for least in EVER_DAYS:
            book.add("people", f"{what}_ever.{pair}.{least}", cell, days.sum() >= least)
    book.add("people", f"child_wrongful_ever.{pair}", cell, wrongful[rules.child_domain == 1].any())
    count_spread(book, pair, int(wrongful.sum()))


def count_by_month(book: Book, rules: Rulebook, names: Names, column: str, cell: int, days: Days) -> None:
    """Days by domain, for the person's cell and for each month."""
    for d, name in enumerate(names.domains):
        book.add("people", f"{column}.{name}", cell, days[d].sum())
        for month, number in by_month(rules, days[d]):
            book.add("months", f"{column}.{name}", month, number)


def by_month(rules: Rulebook, days: Any) -> Iterator[tuple[int, int]]:
    """Month and number of days that are true in it."""
    months, numbers = np.unique(rules.month_of_day[days], return_counts=True)
    yield from zip(months.tolist(), numbers.tolist(), strict=True)


def count_first(book: Book, rules: Rulebook, column: str, days: Days) -> None:
    """The month of the first day on which any domain is true."""
    first = np.flatnonzero(days.any(axis=0))
    if len(first):
        book.add("months", column, int(rules.month_of_day[first[0]]))


# --- lives -----------------------------------------------------------------------------------------------------------------


def count_gates(book: Book, rules: Rulebook, names: Names, world: str, cell: int, changes: list[Change]) -> None:
    """Spells in each domain: begun, ended, still running at the end."""
    for d, name in enumerate(names.domains):
        closed = [d in change.closed for change in changes]
        begun = sum(now and not before for before, now in zip([False, *closed], closed, strict=False))
        running = int(closed[-1])
        book.add("people", f"entries.{world}.{name}", cell, begun)
        book.add("people", f"exits.{world}.{name}", cell, begun - running)
        book.add("people", f"open_end.{world}.{name}", cell, running)


def count_life(book: Book, rules: Rulebook, world: str, cell: int, life: Life) -> None:
    """Bands, lists and habits of one life."""
    book.add("people", f"redlist_days.{world}", cell, days_on_redlist(rules, life))
    book.add("people", f"band_changes.{world}", cell, len(life.bands) - 1)
    reversals = sum(
        before[1] == after[1] and after[0] - between[0] <= SOON
        for before, between, after in zip(life.bands, life.bands[1:], life.bands[2:], strict=False)
    )
    book.add("people", f"reversals.{world}", cell, reversals)
    book.add("people", f"cliff.{world}", cell, on_the_cliff(rules, life))
    book.add("people", f"listings.{world}", cell, len(life.listings))
    book.add("people", f"near.{world}", cell, life.mind.near)
    book.add("people", f"gave_up.{world}", cell, life.redress.has_given_up)


def on_the_cliff(rules: Rulebook, life: Life) -> bool:
    """Whether one minor record more would close an own domain that is open at the end, by the gate's mark or by a score list."""
    minor = int(rules.minor[life.row])
    fallen = [
        number
        for number in life.numbers(ListKind.SCORE_BELOW)
        if life.scores[rules.list_score[number]].with_more(minor) < rules.list_mark[life.row, number]
    ]
    lost = life.closed(minor, fallen) - life.closed() if life.ruled else frozenset()
    return any(not rules.child_domain[d] and days_concerned(rules, life.age, d)[-1] for d in lost)


def count_but_for(book: Book, town: Township, world: str, cell: int, life: Life) -> None:
    """What each wrong record alone costs: the own domains of the life as it was, less those of the life without it."""
    columns = ("biting", "but_for_days", "but_for_domains"), ("tampered_biting", "tampered_days", "tampered_domains")
    for column in (name for some in columns for name in some):
        book.add("people", f"{column}.{world}", cell, 0)
    for record in life.records:
        if not record.wrong:
            continue
        without = relive(town, life.world.number, life.person, record)
        vanished = days_closed(town.rulebook, seen(life, [], [life])) & ~days_closed(town.rulebook, seen(without, [], [without]))
        for biting, days, domains in columns if record.wrong_from_the_start == Wrong.TAMPERED else columns[:1]:
            book.add("people", f"{biting}.{world}", cell, vanished.any())
            book.add("people", f"{days}.{world}", cell, vanished.sum())
            book.add("people", f"{domains}.{world}", cell, vanished.any(axis=1).sum())


# --- wrongful spells -------------------------------------------------------------------------------------------------------


def count_spells(book: Book, rules: Rulebook, pair: str, cell: int, changes: list[Change], versus: list[Change]) -> None:
    """The wrongful spells of one person that cover at least one day."""
    for column in ("spells", "spell_days", "cleared"):
        book.add("people", f"{column}.{pair}", cell, 0)
    for begins, ends, end in wrongful_spells(changes, versus, rules.days):
        days = math.floor(ends) - math.floor(begins)
        if days < 1:
            continue
        book.add("people", f"spells.{pair}", cell)
        book.add("people", f"spell_days.{pair}", cell, days)
        book.add("people", f"cleared.{pair}", cell, end not in (End.OVERTAKEN, End.OPEN))
        book.add("spells", f"{pair}.{end.name.lower()}", days // SPELL_BIN)


def wrongful_spells(changes: list[Change], versus: list[Change], end: float) -> Iterator[tuple[float, float, End]]:
    """The longest stretches in which some domain is closed in one view and open in the other, and how each ended."""
    begun, before = 0.0, frozenset[int]()
    for time in sorted({change.time for change in [*changes, *versus]}):
        here, there = last(changes, time), last(versus, time)
        wrongful = here.closed - there.closed
        if wrongful and not before:
            begun = time
        if before and not wrongful:
            opened = before - here.closed
            cause = here.cause if here.time == time else WINDOW
            yield begun, time, ENDS.get(cause, End.LUCK) if opened else End.OVERTAKEN
        before = wrongful
    if before:
        yield begun, end, End.OPEN


def last(changes: list[Change], time: float) -> Change:
    """The change by which a view is as it is at an instant."""
    return [change for change in changes if change.time <= time][-1]


# --- spread -------------------------------------------------------------------------------------------------------------------


def count_spread(book: Book, what: str, days: int) -> None:
    """One person's total of days, in its class."""
    if days > 0:
        book.add("spread", f"people.{what}", spread_row(days))
        book.add("spread", f"days.{what}", spread_row(days), days)


def spread_row(days: int) -> int:
    """The class of a total: edges 1, 2, 3 ... and from 8 on an eighth more each time, rounded down."""
    row, edge = 0, 1
    while days >= max(edge + 1, edge * 9 // 8):
        row, edge = row + 1, max(edge + 1, edge * 9 // 8)
    return row
