"""One person in one world: sections 5 to 8 of `docs/model.md` as a state that is changed by what is due, with sets and dicts."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum

from counterlife.layout import Cause, ListKind, Origin, Purpose, Quality, Rulebook

from .plain_draws import Draws
from .plain_tape import Filing

LISTING = {Origin.GHOST: Purpose.LISTING_GHOST, Origin.ELSEWHERE: Purpose.LISTING_ELSEWHERE}
JOINT = {Origin.GHOST: Purpose.JOINT_GHOST, Origin.ELSEWHERE: Purpose.JOINT_ELSEWHERE}


class Turn(IntEnum):
    """The order of what is due at one instant: what is pending before what is new."""

    POINTS_OUT = 0
    LISTING_OFF = 1
    JOINT = 2
    TERM_END = 3
    CANDIDATE = 4
    ENTRY = 5


@dataclass(frozen=True)
class Change:
    """From `time` on (in the counts: from the day that holds `time`), exactly these domains are closed."""

    time: float
    closed: frozenset[int]
    cause: Cause | None


@dataclass(frozen=True)
class Record:
    """A record that entered in a world."""

    filing: Filing
    stop: float  # the matter ends on file
    out: float  # the points end
    stale: bool

    @property
    def wrong(self) -> bool:
        """Whether it is a ghost, somebody else's, or kept past settlement."""
        return self.filing.origin in (Origin.GHOST, Origin.STRAY, Origin.ELSEWHERE) or self.stale


@dataclass(frozen=True)
class Listing:
    """A listing that began: by a record, or (record None) by the score."""

    number: int  # of the list
    record: Record | None
    presses: dict[int, tuple[float, float]]  # from when to when on each domain


class Agenda:
    """What is due, earliest first."""

    def __init__(self) -> None:
        self.heap: list[tuple[float, Turn, int, int, Life, Callable[[], None]]] = []
        self.serial = 0

    def add(self, time: float, turn: Turn, order: int, life: Life, act: Callable[[], None]) -> None:
        """Note that `act` is due in a life; at equal times the turn, then `order`, then the order of noting decides."""
        self.serial += 1
        heapq.heappush(self.heap, (time, turn, order, self.serial, life, act))

    def instants(self, end: float) -> Iterator[tuple[float, list[Life]]]:
        """Do all that is due before `end`; after each instant say whom it touched."""
        while self.heap and self.heap[0][0] < end:
            time, touched = self.heap[0][0], dict[int, Life]()
            while self.heap and self.heap[0][0] == time:
                *_, life, act = heapq.heappop(self.heap)
                act()
                touched[life.person] = life
            yield time, list(touched.values())


@dataclass(eq=False)
class Life:
    """One person in one world: the state, and everything worth remembering of how it came about."""

    rules: Rulebook
    draws: Draws
    world: int
    person: int
    age: float
    put_right: Record | None = None  # a wrong record of which this life is free
    score: int = 0
    acting: list[Record] = field(default_factory=list)
    pressure: Counter[tuple[int, int]] = field(default_factory=Counter)  # (list, domain)
    terms: set[int] = field(default_factory=set)  # score lists with a running term
    cause: Cause = Cause.START  # of the last thing done

    changes: list[Change] = field(default_factory=list)
    bands: list[tuple[float, int]] = field(default_factory=list)
    redlist: list[tuple[float, bool]] = field(default_factory=list)
    received: list[Filing] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    lost: list[Filing] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    events: Counter[int] = field(default_factory=Counter)  # by class

    def __post_init__(self) -> None:
        kinds = self.rules.list_kind[self.world].tolist()
        self.numbers = {kind: [number for number, its in enumerate(kinds) if its == kind] for kind in ListKind}

    def begin(self, agenda: Agenda) -> None:
        """The state at time 0."""
        self.score = int(self.rules.start[self.world])
        self.look(0.0, agenda)

    # --- records -------------------------------------------------------------------------------------------------------

    def receive(self, filing: Filing, agenda: Agenda) -> None:
        """A record is on its way to this person: it will enter if it exists in this world and has not ended before."""
        rules, w = self.rules, self.world
        quality = int(rules.quality[w])
        if self.put_right is not None and same(filing, self.put_right.filing):
            if not self.put_right.stale:
                return
            filing = replace(filing, update=filing.settle)
        if not rules.ruled[w] or not quality & Quality.RECORDS:
            return
        stop = filing.update if quality & Quality.STALE else filing.settle
        if stop <= filing.entry or filing.entry >= rules.days:
            return
        if filing.origin == Origin.GARBLED and quality & Quality.LOST:
            self.lost.append(filing)
        if not exists(filing.origin, quality):
            return
        out = min(filing.entry + float(rules.keep[w, filing.channel]), stop)
        mine = filing.origin in (Origin.OWN, Origin.GARBLED)
        record = Record(filing, stop, out, stale=mine and filing.settle < min(out, rules.days))
        self.received.append(filing)
        agenda.add(filing.entry, Turn.ENTRY, filing.channel, self, lambda: self.enter(record, agenda))

    def enter(self, record: Record, agenda: Agenda) -> None:
        """Points begin to act, and the lists that the record leads to begin."""
        rules, w, c = self.rules, self.world, record.filing.channel
        self.records.append(record)
        self.cause = Cause.RECORD
        if rules.ledger[w]:
            self.score = self.clip(self.score + int(rules.points[w, c]))
        else:
            self.acting.append(record)
            agenda.add(record.out, Turn.POINTS_OUT, c, self, lambda: self.leave(record))
        for number in self.numbers[ListKind.RECORD]:
            if self.lists(record.filing, number):
                self.list_by(record, number, agenda)

    def leave(self, record: Record) -> None:
        """Points no longer act."""
        self.acting.remove(record)
        self.cause = Cause.SETTLEMENT if record.out == record.stop else Cause.EXPIRY

    # --- lists ---------------------------------------------------------------------------------------------------------

    def lists(self, filing: Filing, number: int) -> bool:
        """Whether a record brings its person on list `number`."""
        share = self.rules.list_share[self.world, number, filing.channel]
        purpose = LISTING.get(filing.origin, Purpose.LISTING)
        address = int(self.rules.list_stream[number, filing.channel])
        return bool(share >= 1 or self.draws.chance(filing.cause, purpose, address, filing.ordinal) < share)

    def list_by(self, record: Record, number: int, agenda: Agenda) -> None:
        """A listing begins, presses on its home domain and will spread."""
        end = min(record.filing.entry + float(self.rules.list_term[self.world, number]), record.stop)
        home = int(self.rules.list_domain[self.world, number])
        presses = self.spread(record.filing, number, home, end) if home >= 0 else {}
        self.listings.append(Listing(number, record, presses))
        ended = Cause.SETTLEMENT if end == record.stop else Cause.EXPIRY
        for d, (on, off) in presses.items():
            if d == home:
                self.press(number, d, 1, Cause.RECORD)
                agenda.add(off, Turn.LISTING_OFF, number, self, self.pressing(number, d, -1, ended))
            else:
                agenda.add(on, Turn.JOINT, number, self, self.pressing(number, d, 1, Cause.JOINT))
                agenda.add(off, Turn.JOINT, number, self, self.pressing(number, d, -1, Cause.JOINT))

    def spread(self, filing: Filing, number: int, home: int, end: float) -> dict[int, tuple[float, float]]:
        """From when to when a listing presses on each domain it reaches: always the domain that is reached earliest next."""
        rules, w = self.rules, self.world
        reached = {home: (filing.entry, end)}
        while True:
            ways = []
            for d, (on, off) in reached.items():
                for further in range(len(rules.child_domain)):
                    begins = on + float(rules.joint_on[w, d, further])
                    if further not in reached and begins < off and self.brings(filing, number, d, further):
                        ways.append((begins, d, further, off + float(rules.joint_off[w, d, further])))
            if not ways:
                return reached
            begins, _, further, ends = min(ways)
            reached[further] = (begins, ends)

    def brings(self, filing: Filing, number: int, d: int, further: int) -> bool:
        """Whether a sanction in domain d brings one in another, for this listing."""
        share = self.rules.joint[self.world, d, further]
        if share <= 0 or share >= 1:
            return bool(share >= 1)
        address = int(self.rules.list_stream[number, filing.channel]) ^ int(self.rules.joint_stream[d, further])
        return bool(self.draws.chance(filing.cause, JOINT.get(filing.origin, Purpose.JOINT), address, filing.ordinal) < share)

    def press(self, number: int, d: int, much: int, cause: Cause) -> None:
        """List `number` presses more, or less, on domain d."""
        self.pressure[number, d] += much
        self.cause = cause

    def pressing(self, number: int, d: int, much: int, cause: Cause) -> Callable[[], None]:
        """A press to be noted on the agenda."""
        return lambda: self.press(number, d, much, cause)

    # --- score lists -----------------------------------------------------------------------------------------------------

    def begin_terms(self, now: float, agenda: Agenda) -> None:
        """A term begins on every score list whose mark the score has fallen below, where none is running."""
        rules, w = self.rules, self.world
        for number in self.numbers[ListKind.SCORE_BELOW]:
            if self.score >= rules.list_mark[w, number] or number in self.terms:
                continue
            home, end = int(rules.list_domain[w, number]), now + float(rules.list_term[w, number])
            self.terms.add(number)
            self.listings.append(Listing(number, None, {home: (now, end)} if home >= 0 else {}))
            self.pressure[number, home] += int(rules.list_needs[w, number])
            agenda.add(end, Turn.TERM_END, number, self, self.ending(number, home))

    def ending(self, number: int, home: int) -> Callable[[], None]:
        """The end of a term, to be noted on the agenda."""

        def act() -> None:
            self.terms.remove(number)
            self.press(number, home, -int(self.rules.list_needs[self.world, number]), Cause.TERM)
            if self.rules.ledger[self.world] and self.rules.list_resets[self.world, number]:
                self.score = int(self.rules.start[self.world])

        return act

    # --- gates -----------------------------------------------------------------------------------------------------------

    def look(self, now: float, agenda: Agenda) -> None:
        """Everything due now is done: note score, lists and gates where they differ from before."""
        rules, w = self.rules, self.world
        if rules.ruled[w]:
            if not rules.ledger[w]:
                self.score = self.stateless()
            self.begin_terms(now, agenda)
        closed = frozenset(d for d in range(len(rules.child_domain)) if self.shut(d, self.score))
        if not self.changes or self.changes[-1].closed != closed:
            self.changes.append(Change(now, closed, self.cause))
        if not self.bands or self.bands[-1][1] != self.band():
            self.bands.append((now, self.band()))
        if not self.redlist or self.redlist[-1][1] != self.on_redlist():
            self.redlist.append((now, self.on_redlist()))

    def stateless(self, besides: int = 0) -> int:
        """The score that the acting records give, and `besides` some points more."""
        w = self.world
        points = sum(int(self.rules.points[w, record.filing.channel]) for record in self.acting)
        return self.clip(int(self.rules.start[w]) + points + besides)

    def clip(self, score: int) -> int:
        """A score within its bounds."""
        return min(max(score, int(self.rules.lowest[self.world])), int(self.rules.highest[self.world]))

    def shut(self, d: int, score: int) -> bool:
        """Whether domain d is closed at a score, lists being as they are."""
        rules, w = self.rules, self.world
        if not rules.ruled[w]:
            return False
        closing = self.numbers[ListKind.RECORD] + self.numbers[ListKind.SCORE_BELOW]
        by_list = any(self.pressure[number, d] >= rules.list_needs[w, number] for number in closing)
        return bool(by_list or score < rules.opens_at[w, d])

    def band(self) -> int:
        """The number of cuts at or below the score."""
        return sum(1 for cut in self.rules.cuts[self.world] if cut <= self.score)

    def on_redlist(self) -> bool:
        """Whether the score is high enough for a redlist and no record list presses anywhere."""
        rules, w = self.rules, self.world
        pressed = any(much > 0 and number in self.numbers[ListKind.RECORD] for (number, _), much in self.pressure.items())
        high = any(self.score >= rules.list_mark[w, number] for number in self.numbers[ListKind.SCORE_ABOVE])
        return bool(rules.ruled[w]) and high and not pressed

    def strained(self, now: float) -> bool:
        """Whether any own domain was closed just before now (gates are looked at after the instant, so the last look counts)."""
        return any(
            not self.rules.child_domain[d] and self.rules.domain_from[d] - self.age < now <= self.rules.domain_until[d] - self.age
            for d in self.changes[-1].closed
        )

    def closed_at(self, time: float) -> frozenset[int]:
        """The domains closed after the instant given."""
        return self.changes[bisect_right(self.changes, time, key=lambda change: change.time) - 1].closed

    def cause_at(self, time: float) -> Cause | None:
        """Why gates changed at the instant given, if they did."""
        return next((change.cause for change in self.changes if change.time == time), None)


def exists(origin: Origin, quality: int) -> bool:
    """Whether records of an origin exist in a world of this quality (the table of section 5)."""
    return bool(
        {
            Origin.OWN: quality & Quality.RECORDS,
            Origin.GARBLED: quality & Quality.RECORDS and not quality & Quality.LOST,
            Origin.STRAY: quality & Quality.RECORDS and quality & Quality.STRAYS,
            Origin.ELSEWHERE: quality & Quality.RECORDS and quality & Quality.STRAYS,
            Origin.GHOST: quality & Quality.RECORDS and quality & Quality.GHOSTS,
        }[origin]
    )


def same(one: Filing, other: Filing) -> bool:
    """Whether two filings are the same record of the same person."""
    return (one.channel, one.origin, one.cause, one.ordinal) == (other.channel, other.origin, other.cause, other.ordinal)
