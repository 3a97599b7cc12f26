"""What must hold exactly in the tallies, on whole numbers: twins' differences, parts and totals, entries and exits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import cast

import numpy as np
from numpy.typing import NDArray

from counterlife.layout import RECORD_KINDS, YEAR, End
from counterlife.measures.inputs import Facts, Tallies, pair_name

Counts = NDArray[np.int64]
ENTERED = tuple(kind for kind in RECORD_KINDS if kind not in ("stale", "lost"))


def identities(tallies: Tallies, facts: Facts) -> list[str]:
    """The violations found, in words; empty where every identity holds in every cluster and every row."""
    book = _Book(tallies)
    checks = (
        _twins(book, facts),
        _three_worlds(book, facts),
        _spells(book, facts),
        _months(book, facts),
        _spread(book, facts),
        _records(book, facts),
        _appeals(book, facts),
        _events(book, facts),
        _people(book, facts),
        _latent(book, facts),
    )
    return [words for check in checks for words, left, right in check if not np.array_equal(left, right)]


class _Book:
    """Columns of the tallies by name."""

    def __init__(self, tallies: Tallies) -> None:
        self.tallies = tallies

    def __call__(self, column: str, table: str = "people") -> Counts:
        return self.tallies.tables[table][:, :, self.tallies.columns[table].index(column)]

    def sums(self, table: str, *columns: str) -> Counts:
        """The sum of columns over the rows of a table, by cluster."""
        return np.asarray(sum(self(column, table).sum(axis=1) for column in columns), dtype=np.int64)


Check = Iterator[tuple[str, Counts, Counts]]


def _twins(book: _Book, facts: Facts) -> Check:
    """World less world is wrongful less lenient, for each domain; and the wrongful part is part of the whole."""
    for w, v in facts.pairs:
        for d in facts.domains:
            closed = book(f"closed_days.{w}.{d}") - book(f"closed_days.{v}.{d}")
            net = _net(book, (w, v), d)
            yield f"closed_days {w} - {v} is not wrongful - lenient in {d}", closed, net
            excess = book(f"wrongful_days.{pair_name((w, v))}.{d}") - book(f"closed_days.{w}.{d}")
            yield f"wrongful_days {w}~{v} exceeds closed_days {w} in {d}", np.maximum(excess, 0), np.zeros_like(excess)


def _net(book: _Book, pair: tuple[str, str], domain: str) -> Counts:
    name = pair_name(pair)
    return book(f"wrongful_days.{name}.{domain}") - book(f"lenient_days.{name}.{domain}")


def _three_worlds(book: _Book, facts: Facts) -> Check:
    """The difference of two worlds is the sum of the differences by way of a third: D - N = (D - A) + (A - N)."""
    for w, v, u in permutations(facts.worlds, 3):
        if {(w, v), (v, u), (w, u)} <= set(facts.pairs):
            for d in facts.domains:
                yield (
                    f"{w} - {u} is not ({w} - {v}) + ({v} - {u}) in {d}",
                    _net(book, (w, u), d),
                    _net(book, (w, v), d) + _net(book, (v, u), d),
                )


def _spells(book: _Book, facts: Facts) -> Check:
    for w in facts.worlds:
        for d in facts.domains:
            yield (
                f"entries of {w} in {d} are not exits and open ends",
                book(f"entries.{w}.{d}"),
                book(f"exits.{w}.{d}") + book(f"open_end.{w}.{d}"),
            )
    for pair in facts.pairs:
        name = pair_name(pair)
        ends = {end: f"{name}.{end.name.lower()}" for end in End}
        cleared = [column for end, column in ends.items() if end not in (End.OVERTAKEN, End.OPEN)]
        yield f"spells by length of {name} are not its spells", book.sums("spells", *ends.values()), book.sums("people", f"spells.{name}")
        yield (
            f"spells cleared by length of {name} are not those cleared",
            book.sums("spells", *cleared),
            book.sums("people", f"cleared.{name}"),
        )


def _months(book: _Book, facts: Facts) -> Check:
    for w in facts.worlds:
        for column in (*(f"closed_days.{w}.{d}" for d in facts.domains), f"closed_any_days.{w}"):
            yield f"months of {column} do not add up", book.sums("months", column), book.sums("people", column)
        yield (
            f"people newly closed in {w} are not those ever closed",
            book.sums("months", f"newly_closed.{w}"),
            book.sums("people", f"ever.{w}.1"),
        )
    for pair in facts.pairs:
        name = pair_name(pair)
        for d in facts.domains:
            column = f"wrongful_days.{name}.{d}"
            yield f"months of {column} do not add up", book.sums("months", column), book.sums("people", column)
        ever = book.sums("people", f"wrongful_ever.{name}.1")
        yield f"people newly wrongful in {name} are not those ever wrongful", book.sums("months", f"newly_wrongful.{name}"), ever


def _spread(book: _Book, facts: Facts) -> Check:
    subjects = {w: (f"closed_days.{w}", f"ever.{w}.1") for w in facts.worlds}
    subjects |= {name: (f"wrongful_days.{name}", f"wrongful_ever.{name}.1") for name in map(pair_name, facts.pairs)}
    for name, (days, ever) in subjects.items():
        yield f"people by days of {name} do not add up", book.sums("spread", f"people.{name}"), book.sums("people", ever)
        yield (
            f"days by days of {name} do not add up",
            book.sums("spread", f"days.{name}"),
            book.sums("people", *(f"{days}.{d}" for d in facts.domains)),
        )


def _records(book: _Book, facts: Facts) -> Check:
    for w in facts.worlds:
        for kind in RECORD_KINDS:
            yield (
                f"{kind} records of {w} by channel do not add up",
                book.sums("channels", f"{kind}.{w}"),
                book.sums("people", f"records.{w}.{kind}"),
            )
        entered = sum(book(f"records.{w}.{kind}") for kind in ENTERED)
        yield f"records entered in {w} are not those of each kind", np.asarray(entered), book(f"records_in.{w}")
        wrong = sum(book(f"records.{w}.{kind}") for kind in ("stale", *ENTERED[1:]))
        yield f"wrong records of {w} are not those of each kind", np.asarray(wrong), book(f"wrong_records.{w}")
        yield (
            f"records entered in {w} have not ended or stayed",
            book(f"records_in.{w}"),
            book(f"records_out.{w}") + book(f"records_open.{w}"),
        )
        # terms on a list that is entered by the score come from no channel, so the channels hold all listings or fewer
        excess = book.sums("channels", f"listings.{w}") - book.sums("people", f"listings.{w}")
        yield f"listings of {w} by channel exceed its listings", np.maximum(excess, 0), np.zeros_like(excess)
        days = book.sums("channels", f"file_days.{w}")
        yield f"days on file of {w} by channel do not add up", days, book.sums("people", f"file_days.{w}")
        yield from _within(book, f"wrong_open.{w}", f"records_open.{w}")
        yield from _within(book, f"wrong_open.{w}", f"wrong_records.{w}")
        yield from _within(book, f"tampered_open.{w}", f"records.{w}.tampered")
        yield from _within(book, f"file_people.{w}", f"records_open.{w}")


def _within(book: _Book, part: str, whole: str) -> Check:
    """A part of something is no more than it, in every row."""
    excess = book(part) - book(whole)
    yield f"{part} exceeds {whole}", np.maximum(excess, 0), np.zeros_like(excess)


CASES = (
    ("learned", "records_in"), ("learned_wrong", "learned"), ("learned_wrong", "wrong_records"), ("contested", "learned"),
    ("contested_wrong", "contested"), ("decided_wrong", "decided"), ("decided_wrong", "contested_wrong"), ("upheld", "decided"),
    ("upheld_wrong", "upheld"), ("upheld_wrong", "decided_wrong"), ("second", "decided"), ("corrected", "upheld"),
    ("corrected_wrong", "corrected"), ("corrected_wrong", "upheld_wrong"), ("corrections_lost", "upheld"), ("returned", "corrected"),
    ("repaired", "records_in"),
)  # fmt: skip


def _appeals(book: _Book, facts: Facts) -> Check:
    """Who knows, appeals and wins are each a part of the one before; every case is decided, ended otherwise, or pending; waits add up."""
    for w in facts.worlds:
        for part, whole in CASES:
            yield from _within(book, f"{part}.{w}", f"{whole}.{w}")
        ended = book(f"decided.{w}") + book(f"abandoned.{w}") + book(f"pending.{w}") - book(f"contested.{w}")
        yield f"cases of {w} decided, given up and pending exceed those contested", np.maximum(ended, 0), np.zeros_like(ended)
        waits = {
            ("learned",): ("learned_wrong",), ("decision",): ("decided",), ("waiting",): ("pending",),
            ("learned", "unlearned", "unaware"): ("wrong_records",), ("decision", "undecided", "waiting"): ("contested",),
            ("copies", "copies_open"): ("corrected",), ("filed",): ("contested",),
            ("found", "unfound", "unfound_open"): (f"records.{w}.tampered",),
        }  # fmt: skip
        for lengths, columns in waits.items():
            ours, theirs = (tuple(c if "." in c else f"{c}.{w}" for c in names) for names in (lengths, columns))
            yield f"waits {' + '.join(ours)} are not {theirs[0]}", book.sums("waits", *ours), book.sums("people", *theirs)
        closed = book.sums("waits", f"closed.{w}", f"waiting.{w}")
        yield f"cases of {w} closed and waiting are not those filed", closed, book.sums("waits", f"filed.{w}")


def _events(book: _Book, facts: Facts) -> Check:
    """Events of a class are those of its channels; two sources saw no more of them together than either did."""
    channels = [str(label).rpartition("/")[2] for label in book.tallies.rows["channels"]]
    classes = list(book.tallies.rows["classes"])
    for w in facts.worlds:
        of_class = book(f"events.{w}", "classes")[:, [classes.index(name) for name in channels]]
        yield f"events of {w} by channel are not those of the class", book(f"events.{w}", "channels"), of_class
        for part, whole in (("both", "first"), ("both", "second"), ("first", "events"), ("second", "events")):
            excess = book(f"{part}.{w}", "classes") - book(f"{whole}.{w}", "classes")
            yield f"{part}.{w} exceeds {whole}.{w} by class", np.maximum(excess, 0), np.zeros_like(excess)


def _people(book: _Book, facts: Facts) -> Check:
    """People counted in one column are among those of another."""
    for w in facts.worlds:
        yield from _within(book, f"marked_ever.{w}", f"marked.{w}")
        yield from _within(book, f"marked_ever.{w}", f"ever.{w}.1")
        yield from _within(book, f"shut_open.{w}", f"shut_first.{w}")
        yield from _within(book, f"shut_first.{w}", f"ever.{w}.1")
        yield from _within(book, f"relapsed.{w}", f"relapse_watched.{w}")
        for h in (int(years * YEAR) for years in (1, 2, 5)):
            yield from _within(book, f"freed.{w}.{h}", f"watched.{w}.{h}")
            yield from _within(book, f"watched.{w}.{h}", f"shut_first.{w}")
        excess = book(f"top.{w}", "meter") - sum(book(f"tenth{t}.{w}", "meter") for t in range(10))
        yield f"people of {w} with most frailty exceed those of a score", np.maximum(excess, 0), np.zeros_like(excess)
    for w, v in facts.pairs:
        name = pair_name((w, v))
        yield from _within(book, f"marked_twin.{name}", f"marked.{w}")
        differ = book(f"ever.{w}.1") - book(f"ever.{v}.1")
        only = book(f"only.{name}") - book(f"only_versus.{name}")
        yield f"people closed out in {w} or {v} only do not add up", differ, only
        yield from _within(book, f"tenfold.{name}", f"ever.{v}.1")
        yield from _within(book, f"tenfold_versus.{name}", f"ever.{w}.1")


def _latent(book: _Book, facts: Facts) -> Check:
    """By latent conduct, the groups of every axis are everybody, with all their days."""
    axes = [axis for axis, _, _ in cast("tuple[tuple[str, str, float], ...]", book.tallies.rows["latent"])]
    columns: dict[str, tuple[str, ...]] = {"people": ("people",)}
    for pair in map(pair_name, facts.pairs):
        columns[f"wrongful_days.{pair}"] = tuple(f"wrongful_days.{pair}.{d}" for d in facts.domains)
        columns[f"wrongful_ever.{pair}"] = (f"wrongful_ever.{pair}.1",)
    for column, whole in columns.items():
        by_conduct = book(column, "latent")
        for axis in dict.fromkeys(axes):
            ours = by_conduct[:, [one == axis for one in axes]].sum(axis=1)
            yield f"{column} by latent conduct and {axis} does not add up", ours, book.sums("people", *whole)
