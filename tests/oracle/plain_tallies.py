"""Every column of `docs/tallies.md`, counted from a lived township by looking at every person on every day.

A table of yes and no by domain and day is made for each person and world; nearly everything is a sum over it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterlife.layout import AXES, CELLS, EVER_DAYS, SPELL_BIN, Cause, End, Ints, ListKind, Origin, Rulebook

from .plain import WINDOW, Township, relive, seen
from .plain_life import Change, Life, Record

Days = NDArray[np.bool_]  # (domain, day)
Column = NDArray[np.bool_]  # (day,)
Tables = dict[str, dict[str, dict[int, int]]]  # table, column, row

STRAYS = (Origin.STRAY, Origin.ELSEWHERE)
MANY = 3  # domains closed at a time
SOON = 90.0  # days within which a change of band counts as reversed
ENDS: dict[Cause | None, End] = {Cause.EXPIRY: End.EXPIRY, Cause.SETTLEMENT: End.SETTLEMENT, Cause.JOINT: End.JOINT}  # all else is luck


@dataclass(frozen=True)
class Names:
    """What worlds and domains are called in the names of columns."""

    worlds: Sequence[str]
    domains: Sequence[str]

    @classmethod
    def numbered(cls, rules: Rulebook) -> Names:
        """Names that are the numbers."""
        return cls([str(w) for w in range(len(rules.ruled))], [str(d) for d in range(len(rules.child_domain))])

    def pair(self, w: int, v: int) -> str:
        """The name of a comparison."""
        return f"{self.worlds[w]}~{self.worlds[v]}"


class Book:
    """Columns being counted."""

    def __init__(self) -> None:
        self.tables: defaultdict[str, defaultdict[str, defaultdict[int, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))

    def add(self, table: str, column: str, row: int, amount: int | np.integer[Any] | np.bool_ = 1) -> None:
        """Count `amount` in a row; the column exists from then on, even if the amount is none."""
        self.tables[table][column][row] += int(amount)

    def done(self) -> Tables:
        """The tables as plain dicts."""
        return {table: {column: dict(rows) for column, rows in columns.items()} for table, columns in self.tables.items()}


def tally(town: Township, names: Names | None = None) -> Tables:
    """All five tables of a township, as table -> column -> row -> number."""
    rules, book = town.rulebook, Book()
    names = names or Names.numbered(rules)
    for i in range(len(town.people)):
        count_person(book, town, names, i)
    for w in range(len(rules.ruled)):
        count_channels(book, rules, names.worlds[w], w, town.lives[w])
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
    closed = [days_closed(rules, town.views[w][i]) for w in range(len(rules.ruled))]
    for w, world in enumerate(names.worlds):
        count_closed(book, rules, names, world, cell, closed[w])
        count_gates(book, rules, names, world, cell, town.views[w][i])
        count_life(book, rules, world, cell, town.lives[w][i])
        count_but_for(book, town, world, cell, town.lives[w][i])
    for w, v in zip(rules.pair_world, rules.pair_versus, strict=True):
        pair = names.pair(w, v)
        count_pair(book, rules, names, pair, cell, closed[w], closed[v])
        if not any(record.wrong for record in town.lives[w][i].records):
            book.add("people", f"bystander_days.{pair}", cell, (closed[w] & ~closed[v]).sum())
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
    count_spread(book, world, int(closed.sum()))


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
    book.add("people", f"bystander_days.{pair}", cell, 0)
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
    """Bands, lists and records of one life."""
    book.add("people", f"redlist_days.{world}", cell, days_on_redlist(rules, life))
    book.add("people", f"band_changes.{world}", cell, len(life.bands) - 1)
    reversals = sum(
        before[1] == after[1] and after[0] - between[0] <= SOON
        for before, between, after in zip(life.bands, life.bands[1:], life.bands[2:], strict=False)
    )
    book.add("people", f"reversals.{world}", cell, reversals)
    book.add("people", f"cliff.{world}", cell, on_the_cliff(rules, life))
    for kind, number in record_kinds(life.records, len(life.lost)).items():
        book.add("people", f"records.{world}.{kind}", cell, number)
    ended = sum(record.out < rules.days for record in life.records)
    book.add("people", f"records_in.{world}", cell, len(life.records))
    book.add("people", f"records_out.{world}", cell, ended)
    book.add("people", f"records_open.{world}", cell, len(life.records) - ended)
    book.add("people", f"listings.{world}", cell, len(life.listings))
    wrong = sum(record.wrong for record in life.records)
    book.add("people", f"wrong_records.{world}", cell, wrong)
    book.add("people", f"marked.{world}", cell, wrong > 0)


def record_kinds(records: list[Record], lost: int) -> dict[str, int]:
    """Numbers of records by kind; a stale record is also a right one."""
    origins = [record.filing.origin for record in records]
    return {
        "right": origins.count(Origin.OWN) + origins.count(Origin.GARBLED),
        "ghost": origins.count(Origin.GHOST),
        "stray": sum(origin in STRAYS for origin in origins),
        "stale": sum(record.stale for record in records),
        "lost": lost,
    }


def on_the_cliff(rules: Rulebook, life: Life) -> bool:
    """Whether one minor record more would close an own domain that is open at the end, by the gate's mark or by a score list."""
    w, minor = life.world, int(rules.minor[life.world])
    if not rules.ruled[w]:
        return False
    score = life.clip(life.score + minor) if rules.ledger[w] else life.stateless(minor)
    fallen = {
        int(rules.list_domain[w, number])
        for number in range(rules.list_kind.shape[1])
        if rules.list_kind[w, number] == ListKind.SCORE_BELOW and score < rules.list_mark[w, number]
    }
    return any(
        not rules.child_domain[d]
        and days_concerned(rules, life.age, d)[-1]
        and not life.shut(d, life.score)
        and (life.shut(d, score) or d in fallen)
        for d in range(len(rules.child_domain))
    )


def count_but_for(book: Book, town: Township, world: str, cell: int, life: Life) -> None:
    """What each wrong record alone costs: the own domains of the life as it was, less those of the life without it."""
    for column in ("biting", "but_for_days", "but_for_domains"):
        book.add("people", f"{column}.{world}", cell, 0)
    for record in life.records:
        if not record.wrong:
            continue
        without = relive(town, life.world, life.person, record)
        vanished = days_closed(town.rulebook, seen(town.rulebook, life, [])) & ~days_closed(town.rulebook, seen(town.rulebook, without, []))
        book.add("people", f"biting.{world}", cell, vanished.any())
        book.add("people", f"but_for_days.{world}", cell, vanished.sum())
        book.add("people", f"but_for_domains.{world}", cell, vanished.any(axis=1).sum())


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


# --- spread, channels ------------------------------------------------------------------------------------------------------


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


def count_channels(book: Book, rules: Rulebook, world: str, w: int, lives: list[Life]) -> None:
    """Events, records and listings by source and class."""
    for c, k in enumerate(rules.channel_class):
        book.add("channels", f"events.{world}", c, sum(life.events[int(k)] for life in lives))
        records = [record for life in lives for record in life.records if record.filing.channel == c]
        lost = [filing for life in lives for filing in life.lost if filing.channel == c]
        for kind, number in record_kinds(records, len(lost)).items():
            book.add("channels", f"{kind}.{world}", c, number)
        by_record = [listing.record for life in lives for listing in life.listings if listing.record is not None]
        book.add("channels", f"listings.{world}", c, sum(record.filing.channel == c for record in by_record))


# --- comparing -------------------------------------------------------------------------------------------------------------


def compare(
    township_tables: Mapping[str, Ints], columns: Mapping[str, Sequence[str]], plain: Tables, most: int = 20, spread_edges: bool = True
) -> list[str]:
    """The first differences, in words, between tables of numbers (rows, columns) and a plain tally; none if they agree.

    Without `spread_edges` the table spread is compared by its columns' sums only.
    """
    found: list[str] = []
    for table, numbers in township_tables.items():
        names, mine = list(columns[table]), plain.get(table, {})
        if numbers.shape[1] != len(names):
            found.append(f"{table}: {numbers.shape[1]} columns of numbers and {len(names)} names")
            continue
        found += [f"{table}: {name} is counted by the plain engine only" for name in mine if name not in names]
        for position, name in enumerate(names):
            theirs = {row: int(number) for row, number in enumerate(numbers[:, position]) if number}
            ours = {row: number for row, number in mine.get(name, {}).items() if number}
            if table == "spread" and not spread_edges:
                theirs, ours = ({0: sum(rows.values())} for rows in (theirs, ours))
            found += [
                f"{table}, {row_name(table, row)}, {name}: {theirs.get(row, 0)}, plain {ours.get(row, 0)}"
                for row in sorted(theirs.keys() | ours.keys())
                if theirs.get(row, 0) != ours.get(row, 0)
            ]
    found += [f"{table} is counted by the plain engine only" for table in plain if table not in township_tables]
    return found if len(found) <= most else [*found[:most], f"and {len(found) - most} more"]


def row_name(table: str, row: int) -> str:
    """A row in words: the groups of a cell, or the number."""
    if table != "people" or row >= CELLS:
        return f"row {row}"
    groups, rest = [], row
    for values in reversed(AXES.values()):
        rest, number = divmod(rest, len(values))
        groups.append(values[number])
    return f"row {row} ({', '.join(reversed(groups))})"
