"""One person in one world: sections 5 to 8 and 10 of `docs/model.md` as a state that is changed by what is due, with sets and dicts.

How records act is in `plain_holds.py`, what a person does in `plain_mind.py`, appeals in `plain_redress.py`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from counterlife.layout import Cause, ListKind, Origin, Quality

from .plain_agenda import Due, Turn
from .plain_holds import Holds
from .plain_lists import Listing
from .plain_mind import Mind
from .plain_record import Record, comes_on_file, offset
from .plain_redress import Redress
from .plain_score import Score, parts
from .plain_tape import Filing
from .plain_world import World


@dataclass(frozen=True)
class Change:
    """From `time` on (in the counts: from the day that holds `time`), exactly these domains are closed."""

    time: float
    closed: frozenset[int]
    cause: Cause | None


@dataclass(eq=False)
class Life:
    """One person in one world: the state, and everything worth remembering of how it came about."""

    world: World
    person: int
    who: Any  # the person
    put_right: Record | None = None  # a wrong record of which this life is free
    heard: dict[Any, Any] | None = None  # in a life that is lived again: what became of each case in the life itself

    row: int = 0
    kinds: list[int] = field(default_factory=list)  # of the lists
    scores: list[Score] = field(default_factory=list)
    pressure: Counter[tuple[int, int]] = field(default_factory=Counter)  # (list, domain)
    terms: set[int] = field(default_factory=set)  # score lists with a running term
    below: frozenset[int] = frozenset()  # domains below whose line the last review found the person
    since: float = 0.0  # when the present rules began to hold
    filed: list[Record] = field(default_factory=list)  # all that came on file
    pending: list[Due] = field(default_factory=list)  # what other rules would drop
    causes: set[Cause] = field(default_factory=set)  # of what is being done

    changes: list[Change] = field(default_factory=list)
    caused: dict[float, Cause] = field(default_factory=dict)  # by time: the last in order of what was done
    shown: list[tuple[float, tuple[int, ...]]] = field(default_factory=list)  # scores, when they changed
    bands: list[tuple[float, int]] = field(default_factory=list)
    redlist: list[tuple[float, bool]] = field(default_factory=list)
    received: list[Filing] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)  # those that were ever counted
    lost: list[Filing] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rules = self.world.rules
        self.age = float(self.who["age"])
        self.offsets = [offset(self.rules, self.world.draws, self.person, self.who, s) for s in range(len(self.rules.copy_stream))]
        self.holds = Holds(self)
        self.mind = Mind(self)
        self.redress = Redress(self)

    @property
    def score(self) -> int:
        """The public score, as of the last look."""
        return self.scores[0].value

    @property
    def ruled(self) -> bool:
        """Whether there are rules now."""
        return bool(self.rules.ruled[self.row])

    @property
    def events(self) -> Counter[int]:
        """How many events of each class happened."""
        return self.mind.events

    def numbers(self, *kinds: ListKind) -> list[int]:
        """The lists of some kinds, by the rules of now."""
        return [number for number, kind in enumerate(self.kinds) if kind in kinds]

    def later(self, time: float, turn: Turn, order: tuple[float, ...], act: Callable[[], None]) -> Due:
        """Something will be due in this life, unless other rules come before it."""
        due = self.world.agenda.add(time, turn, (self.person, *order), self, act)
        self.pending.append(due)
        return due

    # --- rules -----------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """The state at time 0, and other rules to come."""
        self.live_by(self.world.row_at(0.0), 0.0)
        for time, row in self.world.changes_of_rules():
            self.world.agenda.add(time, Turn.STAGE, (self.person,), self, lambda time=time, row=row: self.change_rules(time, row))  # type: ignore[misc]
        self.causes = {Cause.START}
        self.look(0.0)

    def live_by(self, row: int, now: float) -> None:
        """The rules of a row hold from now on: all scores are at their start."""
        rules, self.row, self.since = self.rules, row, now
        self.kinds = rules.list_kind[row].tolist()
        self.scores = [
            Score(
                int(rules.lowest[row, s]),
                int(rules.highest[row, s]),
                int(rules.start[row, s]) + more,
                bool(rules.ledger[row, s]),
                parts(rules, row, s),
            )
            for s, more in enumerate(self.offsets)
        ]

    def change_rules(self, now: float, row: int) -> None:
        """Other rules begin: everything is forgotten but the file, which is read again."""
        for due in self.pending:
            due.dropped = True
        for record in self.filed:
            if record.holds:
                record.holds.clear()
                record.until = now
                record.lasted(now, self.row)
        self.pending.clear()
        self.pressure.clear()
        self.terms.clear()
        self.below = frozenset()
        self.live_by(row, now)
        self.causes.add(Cause.STAGE)
        for record in sorted(self.filed, key=lambda record: (record.entry, record.filing.place)):
            if self.counts_now(record, now):
                self.holds.admit(record, now, Cause.STAGE)
                if record.holds:
                    self.count(record, now)

    def counts_now(self, record: Record, now: float) -> bool:
        """Whether a record that is on file counts by the rules of now."""
        in_time = record.entry >= self.since - float(self.rules.lookback[self.row])
        barred = record.entry < self.since and not self.rules.settled[self.row] and record.filing.settle <= self.since
        return self.ruled and in_time and not barred and record.stop > now and not record.corrected

    # --- records -------------------------------------------------------------------------------------------------------

    def receive(self, filing: Filing) -> None:
        """A record is on its way to this person: it will come on file if it exists in this world and has not ended before."""
        quality = self.world.quality
        if not self.world.ever_ruled:
            return
        if self.put_right is not None and filing == self.put_right.filing:
            if not self.put_right.stale:
                return
            quality &= ~Quality.STALE
        if filing.origin == Origin.GARBLED and quality & Quality.LOST and filing.exists(quality & ~Quality.LOST):
            if comes_on_file(self.rules, self.world.draws, filing, quality & ~Quality.THREATS) is not None:
                self.lost.append(filing)
            return
        record = comes_on_file(self.rules, self.world.draws, filing, quality)
        if record is not None and filing.exists(quality):
            self.received.append(filing)
            self.world.agenda.add(record.entry, Turn.ENTRY, (self.person, *filing.place), self, lambda: self.enter(record))

    def enter(self, record: Record) -> None:
        """A record comes on file, and counts if there are rules."""
        self.filed.append(record)
        if self.ruled:
            self.causes.add(Cause.RECORD)
            self.holds.admit(record, record.entry, Cause.RECORD)
            self.count(record, record.entry)

    def count(self, record: Record, now: float) -> None:
        """A record counts: for the first time or under other rules."""
        if not record.entered:
            record.entered = True
            self.records.append(record)
        self.redress.counted(record, now)

    # --- score lists -----------------------------------------------------------------------------------------------------

    def begin_terms(self, now: float) -> None:
        """A term begins on every score list whose mark the score has fallen below, where none is running."""
        rules, r = self.rules, self.row
        for number in self.numbers(ListKind.SCORE_BELOW):
            if self.scores[rules.list_score[number]].value >= rules.list_mark[r, number] or number in self.terms:
                continue
            home, end = int(rules.list_domain[r, number]), now + float(rules.list_term[r, number])
            self.terms.add(number)
            self.listings.append(Listing(number, None, home, now, end, Cause.TERM, {home: (now, end)} if home >= 0 else {}))
            self.pressure[number, home] += int(rules.list_needs[r, number])
            self.later(end, Turn.TERM_END, (number,), self.ending(number, home))

    def ending(self, number: int, home: int) -> Callable[[], None]:
        """The end of a term, to be noted on the agenda."""

        def act() -> None:
            self.terms.remove(number)
            self.pressure[number, home] -= int(self.rules.list_needs[self.row, number])
            self.causes.add(Cause.TERM)
            if self.rules.list_resets[self.row, number]:
                self.scores[self.rules.list_score[number]].reset()

        return act

    # --- gates -----------------------------------------------------------------------------------------------------------

    def look(self, now: float) -> None:
        """Everything due now is done: note scores, lists and gates where they differ from before."""
        for score in self.scores:
            score.add_up()
        if self.ruled:
            self.begin_terms(now)
        if self.causes:
            self.caused[now] = max(self.causes)
            self.causes = set()
        closed, values = self.closed(), tuple(score.value for score in self.scores)
        if not self.changes or self.changes[-1].closed != closed:
            self.changes.append(Change(now, closed, self.caused.get(now)))
        if not self.shown or self.shown[-1][1] != values:
            self.shown.append((now, values))
        if not self.bands or self.bands[-1][1] != self.band():
            self.bands.append((now, self.band()))
        if not self.redlist or self.redlist[-1][1] != self.on_redlist():
            self.redlist.append((now, self.on_redlist()))
        own = self.own(closed, now)
        self.mind.look(now, own)
        self.redress.look(now, own)

    def closed(self, more: int = 0, fallen: Iterable[int] = ()) -> frozenset[int]:
        """The closed domains: by scores that are `more` than they are, by lists and lines, and by score lists that one falls on."""
        rules, r = self.rules, self.row
        if not self.ruled:
            return frozenset()
        values = [score.with_more(more) if more else score.value for score in self.scores]
        shut = {int(rules.list_domain[r, number]) for number in fallen} - {-1}
        closing = self.numbers(ListKind.RECORD, ListKind.SCORE_BELOW)
        for d in range(len(rules.child_domain)):
            by_list = any(self.pressure[number, d] >= rules.list_needs[r, number] for number in closing)
            if by_list or d in self.below or values[rules.gate_score[d]] < rules.opens_at[r, d]:
                shut.add(d)
        own = {d for d in shut if rules.child_domain[d] == 0}
        for d in rules.spared.tolist():
            if len(own) > rules.most_closed[r] and d in own:
                own.discard(d)
                shut.discard(d)
        return frozenset(shut)

    def band(self) -> int:
        """The number of cuts at or below the public score."""
        return sum(1 for cut in self.rules.cuts[self.row] if cut <= self.score)

    def on_redlist(self) -> bool:
        """Whether a score is high enough for a redlist and no record list presses anywhere."""
        rules, r = self.rules, self.row
        by_record = self.numbers(ListKind.RECORD)
        pressed = any(much > 0 and number in by_record for (number, _), much in self.pressure.items())
        redlists = self.numbers(ListKind.SCORE_ABOVE)
        high = any(self.scores[rules.list_score[number]].value >= rules.list_mark[r, number] for number in redlists)
        return self.ruled and high and not pressed

    def own(self, domains: Iterable[int], now: float) -> frozenset[int]:
        """Those of some domains that are the person's own and concern it from now on."""
        begins, ends = self.rules.domain_from - self.age, self.rules.domain_until - self.age
        return frozenset(d for d in domains if not self.rules.child_domain[d] and begins[d] <= now < ends[d])

    def own_before(self, domains: Iterable[int], now: float) -> frozenset[int]:
        """Those of some domains that are the person's own and concerned it just before now."""
        begins, ends = self.rules.domain_from - self.age, self.rules.domain_until - self.age
        return frozenset(d for d in domains if not self.rules.child_domain[d] and begins[d] < now <= ends[d])

    # --- looking back ----------------------------------------------------------------------------------------------------

    def closed_at(self, time: float) -> frozenset[int]:
        """The domains closed after the instant given."""
        return self.changes[bisect_right(self.changes, time, key=lambda change: change.time) - 1].closed

    def scores_at(self, time: float) -> tuple[int, ...]:
        """The scores after the instant given."""
        return self.shown[bisect_right(self.shown, time, key=lambda shown: shown[0]) - 1][1]

    def changed_at(self, time: float, by_score: bool) -> bool:
        """Whether gates changed at the instant given, or (if asked) scores."""
        return any(change.time == time for change in self.changes) or (by_score and any(shown[0] == time for shown in self.shown))
