"""From events to records: detection, procedure, delay, settlement, reading, records of nothing, and records filed under a namesake.

Leaves a tape for every person: what may enter the life, in every world, each item marked with its origin and with the record qualities that
it needs; `life.py` leaves out what does not exist in the world it lives. Model: `docs/model.md` 4.
"""

from __future__ import annotations

import math

import numpy as np

from ..layout import NEVER, Delay, Ints, Link, Origin, Procedure, Quality, Scope, Wrong
from .book import Book
from .calm import Stirred, is_stirred, stirs
from .conduct import AHEAD, WIDTH, Drawn, after, class_rate, day_of, draw_ahead, first_words, gap, reacts, silent
from .draws import (
    CANDIDATE,
    ELSEWHERE,
    GHOST,
    READ,
    RECORD,
    SETTLE,
    UPDATE,
    Address,
    Word,
    block,
    exponential,
    pair_word,
    uniform,
)
from .items import NOTHING, STRAYS, Filing, Items, file_under
from .jit import inlined, kernel, whole
from .namesakes import FIRST, NAME_DATE, NAME_YEAR, NO_LINK, ORDER, SIZE
from .people import People
from .procedures import CLAIMED, OWED, verdict

OWN, GARBLED, STRAY, ABROAD = whole(Origin.OWN), whole(Origin.GARBLED), whole(Origin.STRAY), whole(Origin.ELSEWHERE)
UNREAL, EVENT = whole(Origin.GHOST), whole(Origin.EVENT)
GHOSTS, PROCEDURE, DUPLICATES = whole(Quality.GHOSTS), whole(Quality.PROCEDURE), whole(Quality.DUPLICATES)
BY_NOBODY, BY_STRAY, BY_RULE, BY_WEIGHT = whole(Wrong.GHOST), whole(Wrong.STRAY), whole(Wrong.RULE), whole(Wrong.INFLATED)
BY_TWICE = whole(Wrong.DUPLICATE)
NO_PROCEDURE = whole(Procedure.NONE)
EXPONENTIAL = whole(Delay.EXPONENTIAL)
ASSIGN_ONE = whole(Link.ASSIGN_ONE)
COUNTRY = whole(Scope.COUNTRY)
NEARLY = 1e-6  # a product this near to its end, relatively, tells nothing: rounding is some thousand times finer
LEAST = 1e-250  # nor does a product less than this


@inlined
def national(rules: Book, namesakes: float, key: int, local: int) -> float:
    """Holders of a key in the country, at least those in the township."""
    if key == NAME_YEAR:
        namesakes *= rules["same_year"]
    elif key == NAME_DATE:
        namesakes *= rules["same_date"]
    return max(float(local), np.rint(namesakes))


@inlined
def read(at: Address, rules: Book, i: int, c: int, n: int) -> tuple[int, float, bool]:
    """The channel of which the record of event n is written, how much more than the event it weighs there, and whether it comes twice if it
    is filed right. Draws: READ."""
    w_class, w_weight, w_twice, _ = block(at, i, rules["channel_stream"][c], READ, n)
    u, total = uniform(w_class), 0.0
    for other in range(rules["channels"]):
        total += rules["misread"][c, other]
        if u < total:
            return other, 1.0, False
    weight = rules["inflate_by"][c] if uniform(w_weight) < rules["inflate"][c] else 1.0
    return c, weight, uniform(w_twice) < rules["duplicate"][c]


@inlined
def link(
    rules: Book, people: People, known: Ints, i: int, t: float, w_missing: Word, w_holder: Word, record: Filing, items: Items, m: int
) -> tuple[int, int]:
    """Other people have the record, or a copy of it, where its source takes them for person i; returns the origin of i's own item, and the
    number of items. `record` is of an event at t."""
    c = record.channel
    key, local, youngest = rules["link_key"][c], known[rules["link_key"][c], SIZE, i], rules["from_age"][rules["channel_class"][c]]
    if rules["link"][c] == ASSIGN_ONE:
        if uniform(w_missing) >= rules["link_share"][c]:
            return OWN, m
        wide = rules["link_scope"][c] == COUNTRY and t >= rules["link_from"][c]
        total = national(rules, people[i]["namesakes"], key, local) if wide else float(local)
        holder = np.int64(uniform(w_holder) * total)
        if holder >= local:
            return GARBLED, m
        other = known[key, ORDER, known[key, FIRST, i] + holder]
        if other == i:
            return OWN, m
        if people[other]["age"] + record.entry >= youngest:
            m = file_under(items, m, other, STRAY, record)
        return GARBLED, m
    for h in range(known[key, FIRST, i], known[key, FIRST, i] + local):
        other = known[key, ORDER, h]
        grown = people[other]["age"] + record.entry >= youngest
        if other != i and grown and uniform(pair_word(other, w_missing, w_holder)) < rules["link_share"][c]:
            m = file_under(items, m, other, STRAY, record)
    return OWN, m


@inlined
def file_record(
    at: Address,
    rules: Book,
    people: People,
    known: Ints,
    i: int,
    c: int,
    n: int,
    t: float,
    settle: float,
    mark: float,
    items: Items,
    m: int,
) -> int:
    """The source of channel c, which noticed event n at time t, has filed its record of it.

    Draws: RECORD (delay, identifier missing, holder), UPDATE, READ, PROCEDURE."""
    stream = rules["channel_stream"][c]
    _, w_delay, w_missing, w_holder = block(at, i, stream, RECORD, n)
    needs, bars, wrong, written, weight, twice = NOTHING, NOTHING, NOTHING, c, 1.0, False
    if rules["procedure"][c] != NO_PROCEDURE:
        finds = verdict(at, rules, people[i]["household"], i, c, n, t)
        if finds == 0:
            return m
        if finds == OWED:
            bars = PROCEDURE
        elif finds == CLAIMED:
            needs, wrong = PROCEDURE, BY_RULE
    if rules["reads"][c] == 1:
        written, weight, twice = read(at, rules, i, c, n)
        if weight != 1.0 and wrong == NOTHING:
            wrong = BY_WEIGHT
    entry = t + rules["delay_days"][c]
    if rules["delay_law"][c] == EXPONENTIAL:
        entry = t + exponential(w_delay, rules["delay_days"][c])
    update = NEVER
    if settle < NEVER and uniform(block(at, i, stream, UPDATE, n)[0]) < rules["updated"][c]:
        update = settle + rules["update_days"][c]
    origin = OWN
    time = t if mark >= 0.0 else entry  # due at the event, and on file later if the event happens
    record = Filing(time, settle, update, mark, entry, c, written, i, n, needs, bars, wrong, weight)
    if rules["link"][c] != NO_LINK:
        origin, m = link(rules, people, known, i, t, w_missing, w_holder, record, items, m)
    m = file_under(items, m, i, origin, record)
    if twice and origin == OWN:
        again = max(entry, rules["duplicate_from"][c])
        wrong = BY_TWICE if wrong != BY_RULE else wrong
        copy = Filing(t if mark >= 0.0 else again, settle, update, mark, again, c, c, i, n, needs | DUPLICATES, bars, wrong, weight)
        m = file_under(items, m, i, OWN, copy)
    return m


@inlined
def file_event(
    at: Address, rules: Book, people: People, known: Ints, i: int, k: int, n: int, t: float, mark: float, noticed: int,
    items: Items, m: int,
) -> int:  # fmt: skip
    """Every source that noticed event n of class k (bits), at time t, has filed its record.

    One item stands for an event that depends on the state of the life. Draws: SETTLE."""
    settle, before = NEVER, m
    if rules["settles"][k] > 0.0:
        settle = t + exponential(block(at, i, rules["stream"][k], SETTLE, n)[0], rules["settles"][k])
    for c in range(rules["first"][k], rules["first"][k + 1]):
        if noticed >> (c - rules["first"][k]) & 1:
            m = file_record(at, rules, people, known, i, c, n, t, settle, mark, items, m)
    if mark >= 0.0:
        if m == before:
            return file_under(items, m, i, EVENT, Filing(t, NEVER, NEVER, mark, t, k, k, i, n, NOTHING, NOTHING, NOTHING, 1.0))
        for own in range(before, min(m, items.shape[0])):
            if items[own]["owner"] == i:  # those before it are at namesakes
                items[own]["event"] = 1
                break
    return m


@inlined
def waits(rules: Book, found: Stirred, i: int, k: int, t: float, mark: float, asks: bool, heat: float) -> bool:
    """True where the state of some life decides whether the candidate of class k at t happens.

    asks: the class reacts to something that can concern the person; heat: at most what earlier events leave then.
    """
    if rules["calm"][k] == 1:
        return is_stirred(found, i) and stirs(rules, found, i, t)
    return asks and rules["least"][k] <= mark < rules["most"][k] * min(1.0 + heat, max(1.0, rules["burst_most"][k]))


@kernel
def file_class(
    at: Address, rules: Book, people: People, known: Ints, i: int, k: int, rate: float, asks: bool, found: Stirred, drawn: Drawn,
    events: Ints, items: Items, m: int,
) -> int:  # fmt: skip
    """Person i's events of class k have happened, or wait for the state of the life, and are filed. Draws: CANDIDATE (gap, mark).

    As long as nobody asks for the day of a candidate it is enough to know that it comes before the end: the product of the numbers whose
    logarithms are the gaps tells, beside the `last` that it can be. `t` is the day of candidate `dated` - 1. asks: as for `waits`.
    """
    n, s, stream, days, heat, before = NOTHING, NOTHING, rules["stream"][k], float(rules["days"]), 0.0, 0.0
    t, dated, product, ahead = 0.0, NOTHING, 1.0, WIDTH if rate * days < WIDTH / 2 else AHEAD
    calm, bursts, accept = rules["calm"][k] == 1, rules["burst"][k] > 0.0, rules["accept"][k]
    dateless = not bursts and people[i]["age"] >= rules["from_age"][k] and not (calm and is_stirred(found, i))
    last = math.exp(-rate * days) if dateless else 0.0
    while True:
        if s == 0:
            draw_ahead(at, rules, i, people[i]["cell"], k, n, ahead, drawn)
        product *= uniform(drawn.gaps[s])
        if dateless and LEAST < product < last * (1.0 - NEARLY):
            return m
        if not dateless or product <= LEAST or product < last * (1.0 + NEARLY):
            t = day_of(at, i, stream, rate, dated, t, n, s, drawn)
            if t >= days:
                return m
            dated = n + 1
        mark = uniform(drawn.marks[s])
        if dateless or people[i]["age"] + t >= rules["from_age"][k]:
            if bursts:  # at most what is left if every candidate before has happened
                heat, before = heat * math.exp((before - t) / rules["burst_days"][k]), t
            waiting = waits(rules, found, i, k, t, mark, asks, heat)
            if dated <= n and (waiting or (mark < accept and drawn.noticed[s] != 0)):
                t = day_of(at, i, stream, rate, dated, t, n, s, drawn)
                dated = n + 1
            if waiting:
                heat += rules["burst"][k]
                first, m = m, file_event(at, rules, people, known, i, k, n, t, mark, drawn.noticed[s], items, m)
                for own in range(first, min(m, items.shape[0]) if calm and mark >= accept else first):
                    items[own]["high"] = 1
            elif mark < accept:
                events[k] += 1
                if drawn.noticed[s] != 0:
                    m = file_event(at, rules, people, known, i, k, n, t, -1.0, drawn.noticed[s], items, m)
        n, s = after(n), (s + 1) % ahead


@kernel
def file_conduct(
    at: Address,
    rules: Book,
    people: People,
    known: Ints,
    i: int,
    calm: int,
    found: Stirred,
    drawn: Drawn,
    events: Ints,
    items: Items,
    m: int,
) -> int:
    """Person i's events are filed. Draws: CANDIDATE (gap).

    calm: of which classes, 1 for those that are; found: who may be stirred when, of whom calm classes are not certain.
    """
    days = float(rules["days"])
    first_words(at, i, rules["stream"], rules["classes"], CANDIDATE, drawn.first)
    moved = rules["believes"] == 0 or reacts(at, rules, i)  # whom no belief moves, deterrence does not concern
    for k in range(rules["classes"]):
        if rules["calm"][k] != calm or people[i]["age"] + days <= rules["from_age"][k]:
            continue
        rate = class_rate(at, rules, people, i, k)
        if not silent(drawn.first[k], rate, days):
            asks = rules["reactive"][k] == 1 and (moved or rules["only_deter"][k] == 0)
            m = file_class(at, rules, people, known, i, k, rate, asks, found, drawn, events, items, m)
    return m


@kernel
def file_ghosts(at: Address, rules: Book, people: People, i: int, drawn: Drawn, items: Items, m: int) -> int:
    """Records about person i of events that nobody did. Draws: GHOST (gap)."""
    days = float(rules["days"])
    first_words(at, i, rules["channel_stream"], rules["channels"], GHOST, drawn.first)
    for c in range(rules["channels"]):
        rate = rules["ghost"][people[i]["cell"], c]
        if silent(drawn.first[c], rate, days):
            continue
        t, n = 0.0, NOTHING
        while True:
            t += gap(block(at, i, rules["channel_stream"][c], GHOST, n)[0], rate)
            if t >= days:
                break
            if people[i]["age"] + t >= rules["from_age"][rules["channel_class"][c]]:
                ghost = Filing(t, NEVER, NEVER, -1.0, t, c, c, i, n, GHOSTS, NOTHING, BY_NOBODY, 1.0)
                m = file_under(items, m, i, UNREAL, ghost)
            n = after(n)
    return m


@kernel
def file_abroad(at: Address, rules: Book, people: People, known: Ints, i: int, drawn: Drawn, items: Items, m: int) -> int:
    """Records about person i of what namesakes elsewhere in the country did: a Poisson stream at the country's mean rate.

    Draws: ELSEWHERE (gap, settlement, update).
    """
    days = float(rules["days"])
    first_words(at, i, rules["channel_stream"], rules["channels"], ELSEWHERE, drawn.first)
    for c in range(rules["channels"]):
        if rules["link"][c] == NO_LINK or rules["link_scope"][c] != COUNTRY:
            continue
        key, k = rules["link_key"][c], rules["channel_class"][c]
        local = known[key, SIZE, i]
        total = national(rules, people[i]["namesakes"], key, local)
        rate = rules["link_share"][c] * rules["inflow"][c] * (total - local)
        if rules["link"][c] == ASSIGN_ONE:
            rate /= total
        t, n = rules["link_from"][c], NOTHING
        if silent(drawn.first[c], rate, days - t):
            continue
        while True:
            w_gap, w_settle, w_update, _ = block(at, i, rules["channel_stream"][c], ELSEWHERE, n)
            t += gap(w_gap, rate)
            if t >= days:
                break
            settle, update = NEVER, NEVER
            if rules["settles"][k] > 0.0:
                settle = t + exponential(w_settle, rules["settles"][k])
                if uniform(w_update) < rules["updated"][c]:
                    update = settle + rules["update_days"][c]
            if people[i]["age"] + t >= rules["from_age"][k]:
                stray = Filing(t, settle, update, -1.0, t, c, c, i, n, STRAYS, NOTHING, BY_STRAY, 1.0)
                m = file_under(items, m, i, ABROAD, stray)
            n = after(n)
    return m
