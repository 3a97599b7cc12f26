"""What lies on file where, month by month, and about how many people: what a breach would take. Model: `docs/model.md` 13.

A breach changes no life, so the lives are those of the tallies, lived once more in the worlds that are looked at. Columns:
`docs/tallies.md`, table archives.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..layout import STEP, Fate, Ints, Place, Populace, Rulebook
from .book import Book, bind
from .desk import lay_desk, sit_down
from .draws import Address, address
from .hearings import hear
from .jit import entry, kernel, whole
from .kin import Worlds
from .life import live
from .people import People, make
from .room import Desk, Heard, Log
from .sanctions import NOBODY
from .tapes import Tapes, write

Fates = Any  # array of FATE

ENTERED = whole(Fate.ENTERED)
BLOCKS = ("record_days", "age_days", "person_days", "kept_record_days", "kept_age_days", "kept_person_days")
RECORDS, AGES, PERSONS, KEPT, KEPT_PERSONS = range(5)  # what comes on file on a day, less what goes; of ages, what goes
FLOWS = 5


@kernel
def file_records(flows: Ints, channels: Ints, tape: Any, fates: Fates, items: int) -> None:
    """The records of one life come on file and go, on their days, at their source and anywhere.

    channels: place of the source of each channel, from 1; 0 where it is not looked at. Writes: flows (days + 1, sources + 1, FLOWS).
    """
    for j in range(items):
        source = channels[tape[j]["channel"]]
        if source == 0 or fates[j]["what"] & ENTERED == 0:
            continue
        begin, end = int(np.floor(fates[j]["entered"])), int(np.floor(fates[j]["until"]))
        for place in (0, source):
            flows[begin, place, KEPT] += 1
            if end > begin:
                flows[begin, place, RECORDS] += 1
                flows[end, place, RECORDS] -= 1
                flows[end, place, AGES] += end - begin


@kernel
def file_person(flows: Ints, channels: Ints, tape: Any, fates: Fates, items: int, place: int) -> None:
    """The days on which the person has any record on file at a place (0: anywhere): stretches that overlap are one. Writes: flows."""
    reach, kept = -1, False
    while True:
        first, last = -1, -1
        for j in range(items):
            source = channels[tape[j]["channel"]]
            if source == 0 or fates[j]["what"] & ENTERED == 0 or (place > 0 and source != place):
                continue
            begin, end = int(np.floor(fates[j]["entered"])), int(np.floor(fates[j]["until"]))
            gone = kept and end <= max(reach, begin)
            if not gone and (first < 0 or begin < first):
                first, last = begin, end
        if first < 0:
            break
        if not kept:
            flows[first, place, KEPT_PERSONS] += 1
            kept = True
            continue
        if first > reach:
            if reach >= 0:
                flows[reach, place, PERSONS] -= 1
            flows[first, place, PERSONS] += 1
        reach = last
    if reach >= 0:
        flows[reach, place, PERSONS] -= 1


@entry
def file_life(flows: Ints, channels: Ints, tape: Any, fates: Fates, items: int) -> None:
    """What is on file of one life in a world is in its flows, of records and of the person."""
    file_records(flows, channels, tape, fates, items)
    for place in range(flows.shape[1]):
        file_person(flows, channels, tape, fates, items, place)


@kernel
def worlds_needed(rules: Book, worlds: Worlds, chosen: Ints) -> int:
    """Bits of the worlds to be lived for those that are looked at: those whose life they share, and those whose conduct they have."""
    met = 0
    for n in range(chosen.shape[0]):
        w = chosen[n]
        met |= 1 << worlds["of"][w]
        if rules["conduct"][w] >= 0:
            met |= 1 << worlds["of"][rules["conduct"][w]]
    return met


@entry
def file_everybody(
    desk: Desk, at: Address, book: Book, people: People, tapes: Tapes, heard: Heard, log: Log, chosen: Ints, channels: Ints, flows: Ints
) -> None:
    """Everybody is lived in the worlds chosen, and what is on file of them is in flows (worlds chosen, days + 1, sources + 1, FLOWS).

    log: empty.
    """
    rules = book[0]
    for i in range(people.shape[0]):
        items = tapes.start[i + 1] - tapes.start[i]
        if items == 0:
            continue
        sit_down(desk, at, rules, tapes, heard, people[i], i, items)
        met = worlds_needed(rules, desk.worlds[0], chosen)
        for w in range(rules["worlds"]):
            if met >> w & 1:
                live(desk, at, rules, items, people[i], i, w, w + 1, NOBODY, log)
        for n in range(chosen.shape[0]):
            file_life(flows[n], channels, desk.tape, desk.fates[desk.worlds[0]["of"][chosen[n]]], items)


class Looked(NamedTuple):
    """What of a township is looked at."""

    worlds: Ints  # numbers of worlds
    channels: Ints  # (C,) place of the source of each channel, from 1; 0 where it is not looked at
    sources: int


def archives(place: Place, rules: Rulebook, populace: Populace, seed: int, replicate: int, looked: Looked) -> Ints:
    """The table archives of a township, (months x (sources + 1), blocks x worlds): rows by month, then anywhere and by source."""
    people = make(address(place, seed, replicate), populace, place.row, rules.frailty_shape)
    return archives_of(people, place, rules, populace, seed, replicate, looked)


def archives_of(people: People, place: Place, rules: Rulebook, populace: Populace, seed: int, replicate: int, looked: Looked) -> Ints:
    """The same of these people of a township."""
    at, book = address(place, seed, replicate), bind(rules, populace)
    tapes = write(at, book, people)
    flows = np.zeros((looked.worlds.size, rules.days + 1, looked.sources + 1, FLOWS), np.int64)
    heard, log = hear(at, book, people, tapes), np.empty(0, STEP)
    desk = lay_desk(at, book, tapes, heard.cuts)
    file_everybody(desk, at, book, people, tapes, heard, log, looked.worlds, looked.channels, flows)
    return monthly(flows[:, :-1], rules.month_of_day)


def monthly(flows: Ints, month_of_day: Ints) -> Ints:
    """What is on file at the ends of the days, added up by month. flows: (worlds, days, places, FLOWS)."""
    stock = np.cumsum(flows, axis=1)
    ages = np.cumsum(stock[..., RECORDS], axis=1) - stock[..., RECORDS] - stock[..., AGES]  # a record is a day old a day after
    kept_ages = np.cumsum(stock[..., KEPT], axis=1) - stock[..., KEPT]
    days = np.stack([stock[..., RECORDS], ages, stock[..., PERSONS], stock[..., KEPT], kept_ages, stock[..., KEPT_PERSONS]], axis=-1)
    months = np.zeros((int(month_of_day.max()) + 1, *days.shape[:1], *days.shape[2:]), np.int64)
    np.add.at(months, month_of_day, np.moveaxis(days, 1, 0))
    table = np.moveaxis(months, 1, -1)  # (months, places, blocks, worlds)
    return np.ascontiguousarray(table.reshape(table.shape[0] * table.shape[1], -1))
