"""What may happen to the people of a township, before any world is looked at: sections 2 to 4 of `docs/model.md`.

Candidates of events, the records to which an event would lead and where they would be filed, ghosts, strays from elsewhere, and the
false records of section 13. What becomes of them in a world is in `plain_life.py`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from counterlife.layout import (
    NEVER,
    YEAR,
    Delay,
    Floats,
    Key,
    Link,
    Origin,
    Populace,
    Purpose,
    Quality,
    Rulebook,
    Scope,
    Threat,
    Wrong,
)

from .plain_draws import Block, Draws, exponential, philox, uniform
from .plain_procedures import verdict

NEEDS = {Origin.STRAY: Quality.STRAYS, Origin.ELSEWHERE: Quality.STRAYS, Origin.GHOST: Quality.GHOSTS, Origin.TAMPERED: Quality.THREATS}
WRONG = {
    Origin.TAMPERED: Wrong.TAMPERED,
    Origin.GHOST: Wrong.GHOST,
    Origin.STRAY: Wrong.STRAY,
    Origin.ELSEWHERE: Wrong.STRAY,
}


@dataclass(frozen=True)
class Candidate:
    """An event that may happen."""

    person: int
    klass: int
    ordinal: int
    time: float
    mark: float


class Reading(NamedTuple):
    """A way in which a source may write a record down, and where it does."""

    channel: int
    needs: int = 0
    bars: int = 0
    read_from: int = -1
    inflated: bool = False
    twice: bool = False


@dataclass(frozen=True)
class Filing:
    """A record as it would be filed under `person`, in the worlds in which it exists."""

    person: int
    channel: int
    origin: Origin
    cause: int
    ordinal: int
    entry: float
    settle: float = NEVER
    update: float = NEVER
    needs: int = 0  # bits of Quality, besides those of its origin
    bars: int = 0
    by_rule: bool = False  # the procedure raises it, the law would not
    read_from: int = -1  # the channel as which it should have been written
    inflated: bool = False
    threat: int = -1  # the attack that put it there
    duplicate: bool = False  # it is there already

    @property
    def place(self) -> tuple[float, ...]:
        """Which records of its person come before it where several are due at once."""
        should_be = self.channel if self.read_from < 0 else self.read_from
        return (self.entry, self.channel, self.origin, self.cause, self.ordinal, should_be, self.threat, self.duplicate)

    def exists(self, quality: int) -> bool:
        """Whether it exists in a world of this quality (the table of section 5)."""
        needs = self.needs | Quality.RECORDS | NEEDS.get(self.origin, 0)
        bars = self.bars | (Quality.LOST if self.origin == Origin.GARBLED else 0)
        return quality & needs == needs and not quality & bars

    def wrong(self, quality: int) -> Wrong:
        """What is wrong with it from the beginning, in a world of this quality."""
        if self.origin in WRONG:
            return WRONG[self.origin]
        if self.read_from >= 0:
            return Wrong.MISREAD
        if self.by_rule:
            return Wrong.RULE
        if self.duplicate:
            return Wrong.DUPLICATE
        return Wrong.INFLATED if self.inflated and quality & Quality.INFLATED else Wrong.NOTHING


class Tape:
    """The candidates, filings and arrivals of everybody in one township."""

    def __init__(self, rulebook: Rulebook, populace: Populace, draws: Draws, people: Any, own: Floats | None) -> None:
        if own is None and any(rulebook.own_shape > 0):
            raise ValueError("own_shape > 0: the page does not say how this Gamma is drawn, so hand in own[person, class]")
        self.rulebook = rulebook
        self.populace = populace
        self.draws = draws
        self.people = people
        self.own = own
        self.holders: dict[Key, dict[tuple[int, ...], list[int]]] = {key: defaultdict(list) for key in Key}
        for i in range(len(people)):
            for key in Key:
                self.holders[key][self.name(i, key)].append(i)

    # --- who shares a name -------------------------------------------------------------------------------------------

    def name(self, i: int, key: Key) -> tuple[int, ...]:
        """What a record of person i is matched on when its identifier is missing."""
        person = self.people[i]
        parts = [int(person["surname"]), int(person["given"])]
        if key in (Key.NAME_YEAR, Key.NAME_DATE):
            parts.append(math.floor(person["age"] / YEAR))
        if key == Key.NAME_DATE:
            parts.append(int(person["birthday"]))
        return tuple(parts)

    def local(self, i: int, channel: int) -> list[int]:
        """The holders of person i's key in the township, i included, in order of person number."""
        key = Key(int(self.rulebook.link_key[channel]))
        return self.holders[key][self.name(i, key)]

    def in_scope(self, i: int, channel: int, time: float) -> int:
        """The number of holders of person i's key among whom the source chooses where an event falls on the time given."""
        here = len(self.local(i, channel))
        if self.rulebook.link_scope[channel] == Scope.TOWNSHIP or time < self.rulebook.link_from[channel]:
            return here
        return max(here, round(self.nationwide(i, Key(int(self.rulebook.link_key[channel])))))

    def nationwide(self, i: int, key: Key) -> float:
        """The expected number of holders of person i's key in the country."""
        table, person = self.populace, self.people[i]
        if table.name_cohort > 0:
            expected = 0.0  # nobody elsewhere has the name
        else:
            expected = table.holders * share(table.surname_cdf, int(person["surname"])) * share(table.given_cdf, int(person["given"]))
        if key == Key.NAME_YEAR:
            expected *= table.same_year
        if key == Key.NAME_DATE:
            expected *= table.same_date
        return expected

    # --- what a person does --------------------------------------------------------------------------------------------

    def candidates(self, i: int) -> Iterator[Candidate]:
        """The candidates of person i that lie in the period and at an age to which the class applies."""
        rules, person = self.rulebook, self.people[i]
        for k in range(len(rules.stream)):
            rate = rules.ceiling[k] * rules.factor[k, person["cell"]]
            if rules.frail[k]:
                rate *= person["frailty"]
            if self.own is not None:
                rate *= self.own[i, k]
            for n, time, block in self.arrivals(i, Purpose.CANDIDATE, int(rules.stream[k]), float(rate)):
                if self.old_enough(i, k, time):
                    yield Candidate(i, k, n, time, uniform(block[1]))

    def arrivals(
        self, i: int, purpose: Purpose, address: int, rate: float, begins: float = 0.0, ends: float = NEVER
    ) -> Iterator[tuple[int, float, Block]]:
        """Number, time and block of each arrival of a Poisson stream in the period and in the window given."""
        time, n = begins, 0
        while rate > 0:
            block = self.draws.block(i, purpose, address, n)
            time += exponential(block[0], 1.0 / rate)
            if time >= min(self.rulebook.days, ends):
                return
            yield n, time, block
            n += 1

    def old_enough(self, i: int, k: int, time: float) -> bool:
        """Whether person i has reached the age from which class k applies."""
        return bool(self.people[i]["age"] + time >= self.rulebook.from_age[k])

    # --- where it is recorded ------------------------------------------------------------------------------------------

    def filings(self, event: Candidate) -> Iterator[Filing]:
        """Every record to which an event leads, under whomever it is filed."""
        rules, i = self.rulebook, event.person
        for c in range(rules.first[event.klass], rules.first[event.klass + 1]):
            block = self.draws.block(i, Purpose.RECORD, int(rules.channel_stream[c]), event.ordinal)
            if uniform(block[0]) >= rules.detect[c, self.people[i]["cell"]]:
                continue
            delay = float(rules.delay_days[c])
            if rules.delay_law[c] == Delay.EXPONENTIAL:
                delay = exponential(block[1], delay)
            claimed, owed = verdict(rules, self.draws, c, i, int(self.people[i]["household"]), event.ordinal, event.time)
            if not claimed and not owed:
                continue
            needs, bars = (0, Quality.PROCEDURE) if not claimed else (0 if owed else Quality.PROCEDURE, 0)
            settle, update = self.settlement(event, c)
            for person, origin in self.filed_under(event, c, block):
                if not self.old_enough(person, event.klass, event.time + delay):
                    continue
                for reading in self.readings(event, c):
                    filing = Filing(
                        person,
                        reading.channel,
                        origin,
                        i,
                        event.ordinal,
                        event.time + delay,
                        settle,
                        update,
                        needs | reading.needs,
                        bars | reading.bars,
                        not owed,
                        reading.read_from,
                        reading.inflated,
                    )
                    yield filing
                    if reading.twice and origin == Origin.OWN:
                        yield self.second_copy(filing)

    def second_copy(self, filing: Filing) -> Filing:
        """A record once more: alike, but where and when a second copy comes on file."""
        entry = max(filing.entry, float(self.rulebook.duplicate_from[filing.channel]))
        return replace(filing, entry=entry, needs=filing.needs | Quality.DUPLICATES, duplicate=True)

    def readings(self, event: Candidate, c: int) -> list[Reading]:
        """How a record is written down: as what it is, or where sources misread, inflate and repeat, as something else, more or twice."""
        rules = self.rulebook
        block = self.draws.block(event.person, Purpose.READ, int(rules.channel_stream[c]), event.ordinal)
        upto = 0.0
        for other, probability in enumerate(rules.misread[c]):
            upto += float(probability)
            if uniform(block[0]) < upto:
                return [Reading(c, bars=Quality.MISREAD), Reading(other, needs=Quality.MISREAD, read_from=c)]
        return [Reading(c, inflated=uniform(block[1]) < rules.inflate[c], twice=uniform(block[2]) < rules.duplicate[c])]

    def settlement(self, event: Candidate, c: int) -> tuple[float, float]:
        """When the matter is settled, and when the source hears of it."""
        rules, i, k = self.rulebook, event.person, event.klass
        if rules.settles[k] <= 0:
            return NEVER, NEVER
        block = self.draws.block(i, Purpose.SETTLE, int(rules.stream[k]), event.ordinal)
        settle = event.time + exponential(block[0], float(rules.settles[k]))
        heard = self.draws.chance(i, Purpose.UPDATE, int(rules.channel_stream[c]), event.ordinal) < rules.updated[c]
        return settle, settle + float(rules.update_days[c]) if heard else NEVER

    def filed_under(self, event: Candidate, c: int, block: Block) -> Iterator[tuple[int, Origin]]:
        """Whom a record of an event is filed under."""
        rules, i = self.rulebook, event.person
        holders = self.local(i, c)
        if rules.link[c] == Link.ASSIGN_ONE and uniform(block[2]) < rules.link_share[c]:
            j = math.floor(uniform(block[3]) * self.in_scope(i, c, event.time))
            if j < len(holders) and holders[j] == i:
                yield i, Origin.OWN
                return
            yield i, Origin.GARBLED
            if j < len(holders):
                yield holders[j], Origin.STRAY
            return
        yield i, Origin.OWN
        if rules.link[c] == Link.PAIRWISE:
            for other in holders:
                if other != i and uniform(philox((other, 0, 0, 0), (block[2], block[3]))[0]) < rules.link_share[c]:
                    yield other, Origin.STRAY

    # --- what comes from outside ---------------------------------------------------------------------------------------

    def ghosts(self, i: int) -> Iterator[Filing]:
        """Records of events that nobody did."""
        rules = self.rulebook
        for c in range(len(rules.channel_class)):
            rate = float(rules.ghost[c, self.people[i]["cell"]])
            for m, time, _ in self.arrivals(i, Purpose.GHOST, int(rules.channel_stream[c]), rate):
                if self.old_enough(i, int(rules.channel_class[c]), time):
                    yield Filing(i, c, Origin.GHOST, i, m, time)

    def strangers(self, i: int) -> Iterator[Filing]:
        """Records of namesakes' events in the rest of the country."""
        rules = self.rulebook
        for c in range(len(rules.channel_class)):
            if rules.link[c] == Link.NONE or rules.link_scope[c] != Scope.COUNTRY:
                continue
            k, since = int(rules.channel_class[c]), float(rules.link_from[c])
            everywhere = self.in_scope(i, c, since)
            rate = float(rules.link_share[c] * rules.inflow[c]) * (everywhere - len(self.local(i, c)))
            if rules.link[c] == Link.ASSIGN_ONE:
                rate /= everywhere
            for m, time, block in self.arrivals(i, Purpose.ELSEWHERE, int(rules.channel_stream[c]), rate, since):
                if not self.old_enough(i, k, time):
                    continue
                settle = update = NEVER
                if rules.settles[k] > 0:
                    settle = time + exponential(block[1], float(rules.settles[k]))
                    if uniform(block[2]) < rules.updated[c]:
                        update = settle + float(rules.update_days[c])
                yield Filing(i, c, Origin.ELSEWHERE, i, m, time, settle, update)

    def tampered(self, i: int) -> Iterator[Filing]:
        """False records that an attack would put there."""
        rules = self.rulebook
        for h in range(len(rules.threat)):
            if rules.threat[h] != Threat.INSERT:
                continue
            rate, window = float(rules.threat_rate[h, self.people[i]["cell"]]), (float(rules.threat_from[h]), float(rules.threat_until[h]))
            for c in range(len(rules.channel_class)):
                if not rules.threat_channel[h, c]:
                    continue
                address = int(rules.threat_stream[h]) ^ int(rules.channel_stream[c])
                for m, time, block in self.arrivals(i, Purpose.TAMPER, address, rate, *window):
                    if not self.old_enough(i, int(rules.channel_class[c]), time):
                        continue
                    found = NEVER
                    if uniform(block[1]) < rules.threat_found[h]:
                        found = time + exponential(block[2], float(rules.threat_days[h]))
                    yield Filing(i, c, Origin.TAMPERED, i, m, time, found, found, threat=h)


def share(cdf: Floats, name: int) -> float:
    """The probability of a name."""
    return float(cdf[name] - (cdf[name - 1] if name > 0 else 0.0))
