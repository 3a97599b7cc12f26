"""The columns of `docs/tallies.md` about records and appeals, and the tables channels, classes, waits and meter."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import NormalDist

from counterlife.layout import NEVER, RECORD_KINDS, SPELL_BIN, Origin, Rulebook, Wrong

from .plain_book import Book
from .plain_life import Life
from .plain_record import Record
from .plain_view import GROWN

KINDS = {
    Wrong.NOTHING: "right",
    Wrong.GHOST: "ghost",
    Wrong.STRAY: "stray",
    Wrong.MISREAD: "misread",
    Wrong.INFLATED: "inflated",
    Wrong.RULE: "rule",
    Wrong.TAMPERED: "tampered",
    Wrong.DUPLICATE: "duplicate",
}
METER_ROWS = 256


def whole_days(begins: float, ends: float) -> int:
    """The whole days from one time to another."""
    return math.floor(ends) - math.floor(begins)


def record_kinds(records: Sequence[Record], lost: int) -> dict[str, int]:
    """Numbers of records by kind; a stale record is also a right one."""
    numbers = dict.fromkeys(RECORD_KINDS, 0) | {"lost": lost}
    for record in records:
        numbers[KINDS[record.wrong_from_the_start]] += 1
        numbers["stale"] += record.stale
    return numbers


def case_end(record: Record) -> float:
    """When a case ended: by the last decision, given up, or dropped with the record."""
    case = record.case
    return float(case.decided if case.was_decided or case.abandoned else record.until)


def is_pending(record: Record) -> bool:
    """Whether a case is still to be decided at the end."""
    return bool(record.holds) and not record.case.was_decided and not record.case.abandoned


# --- one life --------------------------------------------------------------------------------------------------------------


def count_records(book: Book, world: str, cell: int, life: Life, shut: bool) -> None:
    """The records of one life; `shut` says whether the person was ever closed out of anything in it."""
    wrong = [record for record in life.records if record.wrong]
    ended = [record for record in life.records if not record.holds]
    for kind, number in record_kinds(life.records, len(life.lost)).items():
        book.add("people", f"records.{world}.{kind}", cell, number)
    for column, number in {
        "records_in": len(life.records),
        "records_out": len(ended),
        "records_open": len(life.records) - len(ended),
        "wrong_open": sum(bool(record.holds) for record in wrong),
        "tampered_open": sum(bool(record.holds) and record.wrong_from_the_start == Wrong.TAMPERED for record in life.records),
        "file_days": sum(whole_days(record.entry, record.until) for record in life.records),
        "file_people": len(ended) < len(life.records),
        "wrong_records": len(wrong),
        "marked": len(wrong) > 0,
        "marked_ever": len(wrong) > 0 and shut,
        "returned": sum(record.returned for record in life.records),
        "repaired": sum(record.repaired for record in life.records),
    }.items():
        book.add("people", f"{column}.{world}", cell, number)
    count_cases(book, world, cell, [record for record in life.records if record.case is not None])


def count_cases(book: Book, world: str, cell: int, records: Sequence[Record]) -> None:
    """The records of one life that could be contested."""
    learned = [record for record in records if record.case.notified or record.case.discovered]
    contested = [record for record in records if record.case.contested]
    for column, number in {
        "learned": len(learned),
        "learned_wrong": sum(record.wrong for record in learned),
        "contested": len(contested),
        "contested_wrong": sum(record.case.wrong_then for record in contested),
        "decided": sum(record.case.was_decided for record in contested),
        "decided_wrong": sum(record.case.was_decided and record.case.wrong_then for record in contested),
        "upheld": sum(record.case.upheld for record in contested),
        "upheld_wrong": sum(record.case.upheld and record.case.wrong_then for record in contested),
        "second": sum(record.case.second for record in contested),
        "abandoned": sum(record.case.abandoned for record in contested),
        "pending": sum(is_pending(record) for record in contested),
        "case_days": sum(whole_days(record.case.filed, case_end(record)) for record in contested),
        "corrected": sum(record.case.was_corrected for record in contested),
        "corrected_wrong": sum(record.case.was_corrected and record.case.wrong_then for record in contested),
        "corrections_lost": sum(record.case.correction_lost for record in contested),
    }.items():
        book.add("people", f"{column}.{world}", cell, number)


# --- all lives of a world ----------------------------------------------------------------------------------------------------


def count_channels(book: Book, rules: Rulebook, world: str, lives: Sequence[Life]) -> None:
    """Events, records and listings by source and class."""
    for c, k in enumerate(rules.channel_class):
        book.add("channels", f"events.{world}", c, sum(life.events[int(k)] for life in lives))
        records = [record for life in lives for record in life.records if record.filing.channel == c]
        lost = [filing for life in lives for filing in life.lost if filing.channel == c]
        for kind, number in record_kinds(records, len(lost)).items():
            book.add("channels", f"{kind}.{world}", c, number)
        by_record = [listing.record for life in lives for listing in life.listings if listing.record is not None]
        book.add("channels", f"listings.{world}", c, sum(record.filing.channel == c for record in by_record))
        book.add("channels", f"file_days.{world}", c, sum(whole_days(record.entry, record.until) for record in records))


def count_classes(book: Book, rules: Rulebook, world: str, lives: Sequence[Life]) -> None:
    """Events by class, and how many of them a first and a second source recorded for the person who did it."""
    for k in range(len(rules.stream)):
        book.add("classes", f"events.{world}", k, sum(life.events[k] for life in lives))
        first = int(rules.first[k])
        recorded: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
        for filing in (record.filing for life in lives for record in life.records):
            if filing.origin in (Origin.OWN, Origin.GARBLED) and filing.read_from < 0:
                recorded[filing.channel].add((filing.cause, filing.ordinal))
        two = rules.first[k + 1] - first >= 2
        book.add("classes", f"first.{world}", k, len(recorded[first]) if two else 0)
        book.add("classes", f"second.{world}", k, len(recorded[first + 1]) if two else 0)
        book.add("classes", f"both.{world}", k, len(recorded[first] & recorded[first + 1]) if two else 0)


def count_waits(book: Book, world: str, lives: Sequence[Life], days: int) -> None:
    """How long things took: learning of a wrong record, finding a planted one, deciding a case, the last copy of what was corrected."""

    def wait(column: str, begins: float, ends: float) -> None:
        book.add("waits", f"{column}.{world}", max(0, whole_days(begins, ends)) // SPELL_BIN)

    for record in (record for life in lives for record in life.records):
        case = record.case
        if record.wrong and case is not None and (case.notified or case.discovered):
            wait("learned", record.entry, case.aware)
        elif record.wrong:
            wait("unaware" if record.holds else "unlearned", record.entry, record.until)
        if record.wrong_from_the_start == Wrong.TAMPERED:
            found = min(record.filing.settle, case.corrected if case is not None and case.was_corrected else NEVER)
            if found < days and found <= record.until:
                wait("found", record.entry, found)
            else:
                wait("unfound_open" if record.holds else "unfound", record.entry, record.until)
        if case is None or not case.contested:
            continue
        wait("filed", 0.0, case.filed)
        if is_pending(record):
            wait("waiting", case.filed, record.until)
        else:
            wait("decision" if case.was_decided else "undecided", case.filed, case_end(record))
            wait("closed", 0.0, case_end(record))
        if case.was_corrected:
            wait("copies_open" if record.holds else "copies", case.corrected, record.until)


def count_meter(book: Book, rules: Rulebook, world: str, lives: Sequence[Life]) -> None:
    """Scores of grown people at the end, by what they are like."""
    for life in lives:
        if not life.ruled or life.age + rules.days < GROWN:
            continue
        row = min(max((life.score - rules.meter_low) // rules.meter_step, 0), METER_ROWS - 1)
        frailty = float(life.who["frailty"])
        book.add("meter", f"tenth{tenth(rules.frailty_shape, frailty)}.{world}", row)
        book.add("meter", f"top.{world}", row, frailty >= rules.top_frailty)


def tenth(shape: float, frailty: float) -> int:
    """In which tenth of people a frailty is (Wilson and Hilferty 1931)."""
    if shape <= 0:
        return 0
    normal, ninth = NormalDist(), 1.0 / (9.0 * shape)
    edges = [(1.0 - ninth + normal.inv_cdf(i / 10.0) * math.sqrt(ninth)) ** 3 for i in range(1, 10)]
    return sum(edge <= frailty for edge in edges)
