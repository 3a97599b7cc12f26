"""A record in a world: when it is on file, what is wrong with it, how its copies act on scores.

Sections 5, 6 and 13 of `docs/model.md`. The functions say what the rules would have; `plain_life.py` does it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from counterlife.layout import NEVER, Cause, Delay, Keep, Origin, Purpose, Quality, Rulebook, Threat, Wrong

from .plain_agenda import Due
from .plain_draws import Block, Draws, exponential, normal, uniform
from .plain_tape import Filing


@dataclass(eq=False)
class Record:
    """A record that comes on file in a world, and what became of it."""

    filing: Filing
    rules: Rulebook
    draws: Draws
    quality: int
    entry: float
    stop: float  # the matter ends on file

    holds: list[Any] = field(default_factory=list)  # copies and listings by which it acts, or will
    entered: bool = False
    until: float = NEVER  # when the last of them ended
    overstays: bool = False
    corrected: bool = False  # off the file
    repaired: bool = False
    returned: bool = False
    backs: list[Due] = field(default_factory=list)  # returns to come
    case: Any = None

    @property
    def wrong_from_the_start(self) -> Wrong:
        """What is wrong with it from the beginning."""
        return self.filing.wrong(self.quality)

    @property
    def wrong(self) -> bool:
        """Whether it was wrong from the beginning, or right and kept past its time."""
        return self.wrong_from_the_start != Wrong.NOTHING or self.overstays

    @property
    def stale(self) -> bool:
        """Whether it is right but was kept past its time."""
        return self.wrong_from_the_start == Wrong.NOTHING and self.overstays

    @property
    def out(self) -> float:
        """When it ends: as things stand, the end of the last copy or listing."""
        return max((hold.out for hold in self.holds), default=self.until)

    def due_end(self, r: int) -> float:
        """When it should end once the matter is settled."""
        c, settle = self.filing.channel, self.filing.settle
        if settle < NEVER and self.rules.keep_law[r, 0, c] == Keep.SETTLEMENT:
            return settle + float(self.rules.keep[r, 0, c])
        return settle

    def wrong_at(self, time: float, r: int) -> bool:
        """Whether it is wrong at a time."""
        return self.wrong_from_the_start != Wrong.NOTHING or time >= self.due_end(r)

    def lasted(self, time: float, r: int) -> None:
        """It acted until the time given: note whether that is past its due end."""
        self.overstays |= bool(self.quality & Quality.STALE) and self.due_end(r) < min(time, self.rules.days)

    def about(self, purpose: Purpose, other: int = 0) -> Block:
        """The block of draws about the record, its stream crossed with another."""
        return about(self.rules, self.draws, self.filing, purpose, other)


@dataclass(eq=False)
class Copy:
    """A record on its way to a score and back."""

    record: Record
    score: int
    points: int
    begins: float
    out: float  # when it leaves as things stand
    planned: float  # when it would leave without a correction
    cause: Cause  # of that
    acting: bool = False
    coming: Due | None = None
    going: Due | None = None


def about(rules: Rulebook, draws: Draws, filing: Filing, purpose: Purpose, other: int = 0) -> Block:
    """The block of draws about a filing, its stream crossed with another."""
    c = filing.channel
    stream = {
        Origin.GHOST: rules.ghost_stream[c],
        Origin.ELSEWHERE: rules.abroad_stream[c],
        Origin.TAMPERED: rules.channel_stream[c] ^ (rules.threat_stream[filing.threat] if filing.threat >= 0 else 0),
    }.get(filing.origin, rules.channel_stream[c])
    return draws.block(filing.cause, purpose, int(stream) ^ other, filing.ordinal)


# --- on file -----------------------------------------------------------------------------------------------------------------


def comes_on_file(rules: Rulebook, draws: Draws, filing: Filing, quality: int) -> Record | None:
    """The record that a filing becomes in a world of this quality; none where it never comes on file."""
    entry, stop = filing.entry, filing.update if quality & Quality.STALE else filing.settle
    if quality & Quality.THREATS:
        for h in threats(rules, Threat.DELETE, filing.channel):
            block = about(rules, draws, filing, Purpose.TAMPER, int(rules.threat_stream[h]))
            if within(rules, h, entry) and uniform(block[0]) < rules.threat_share[h]:
                entry = entry + exponential(block[2], float(rules.threat_days[h])) if uniform(block[1]) < rules.threat_found[h] else NEVER
        entry = after_outages(rules, filing.channel, entry)
        stop = after_outages(rules, filing.channel, stop)
    if stop <= entry or entry >= rules.days:
        return None
    return Record(filing, rules, draws, quality, entry, stop)


def threats(rules: Rulebook, kind: Threat, c: int) -> list[int]:
    """The threats of a kind that concern channel c, in the order of the table."""
    return [h for h in range(len(rules.threat)) if rules.threat[h] == kind and rules.threat_channel[h, c]]


def within(rules: Rulebook, h: int, time: float) -> bool:
    """Whether a time lies in the window of threat h."""
    return bool(rules.threat_from[h] <= time < rules.threat_until[h])


def after_outages(rules: Rulebook, c: int, time: float) -> float:
    """When something that is due at channel c is done: after the outage, if there is one then."""
    for h in threats(rules, Threat.OUTAGE, c):
        if within(rules, h, time):
            time = float(rules.threat_until[h])
    return time


# --- copies ------------------------------------------------------------------------------------------------------------------


def copy_of(record: Record, r: int, s: int, since: float) -> Copy | None:
    """How a record that counts from `since` acts on score s; None where it never does."""
    rules = record.rules
    begins = max(record.entry + arrival(record, r, s), since)
    out, cause = record.stop + lag(record, r, s), Cause.SETTLEMENT
    if rules.keep_law[r, s, record.filing.channel] == Keep.SETTLEMENT:
        out = NEVER
    for other, why in ((forgiven(record, r), Cause.REPAIR), (retained(record, r, s), Cause.EXPIRY)):
        if other < out:
            out, cause = other, why
    if out <= begins:
        return None
    return Copy(record, s, points(record, r, s), begins, out, out, cause)


def points(record: Record, r: int, s: int) -> int:
    """The points of a record, as an officer of an office gives them."""
    rules, c, address = record.rules, record.filing.channel, int(record.rules.copy_stream[s])
    weight = float(rules.inflate_by[c]) if record.filing.inflated and record.quality & Quality.INFLATED else 1.0
    if not (rules.severity[r, s] or rules.leniency[r, s] or rules.discretion[r, s, c]):
        return round(weight * int(rules.points[r, s, c]))
    office = record.draws.block(0, Purpose.OFFICE, int(rules.channel_stream[c]) ^ address, 0)
    case = record.about(Purpose.RUBRIC, address)
    severity = float(rules.severity[r, s]) * normal(office[0], office[1])
    leniency = float(rules.leniency[r, s]) * normal(case[0], case[1])
    given = round(weight * int(rules.points[r, s, c]) * max(0.0, 1.0 + severity + leniency))
    return given + round(int(rules.discretion[r, s, c]) * (2.0 * uniform(case[2]) - 1.0))


def arrival(record: Record, r: int, s: int) -> float:
    """The time from the source to a score."""
    days = float(record.rules.copy_days[r, s])
    if record.rules.copy_law[r, s] == Delay.EXPONENTIAL:
        return exponential(record.about(Purpose.COPY, int(record.rules.copy_stream[s]))[0], days)
    return days


def lag(record: Record, r: int, s: int) -> float:
    """The time that a removal takes from the source to a score; NEVER where it is lost."""
    rules = record.rules
    if not record.quality & Quality.STALE:
        return 0.0
    block = record.about(Purpose.COPY, int(rules.copy_stream[s]))
    if uniform(block[2]) < rules.fix_lost[r, s]:
        return NEVER
    days = float(rules.fix_days[r, s])
    return exponential(block[1], days) if rules.fix_law[r, s] == Delay.EXPONENTIAL else days


def comes_back(record: Record, r: int, s: int) -> float | None:
    """After what time the points of a corrected record come back, if they do."""
    block = record.about(Purpose.COPY, int(record.rules.copy_stream[s]))
    if not record.quality & Quality.STALE or uniform(block[3]) >= record.rules.back[r, s]:
        return None
    return exponential(record.about(Purpose.CORRECT)[3], float(record.rules.back_days[r, s]))


def retained(record: Record, r: int, s: int) -> float:
    """When the points have been kept for their time."""
    rules, c = record.rules, record.filing.channel
    keep, law = float(rules.keep[r, s, c]), rules.keep_law[r, s, c]
    if law == Keep.SETTLEMENT:
        return record.stop + keep
    return record.entry + (exponential(record.about(Purpose.KEEP)[0], keep) if law == Keep.EXPONENTIAL else keep)


def forgiven(record: Record, r: int) -> float:
    """When a record is earned back or falls under an amnesty."""
    rules, c = record.rules, record.filing.channel
    repaired = NEVER
    if rules.repair[r, c] > 0 and uniform(record.about(Purpose.KEEP)[1]) < rules.repair[r, c]:
        repaired = record.entry + float(rules.repair_days[r, c])
    old = record.entry + float(rules.amnesty_age[r]) <= rules.amnesty_day[r]
    return min(repaired, float(rules.amnesty_day[r]) if old else NEVER)


def offset(rules: Rulebook, draws: Draws, person: int, who: Any, s: int) -> int:
    """What a score takes from traits: group, conduct as far as it is valid, and noise."""
    if rules.proxy[s] == 0:
        return round(float(rules.proxy_cell[s, who["cell"]]))
    latent = 0.0
    if rules.latent_sd > 0:
        latent = -(math.log(float(who["frailty"])) - rules.latent_mean) / rules.latent_sd
    words = draws.block(person, Purpose.TRAIT, int(rules.copy_stream[s]), 1)
    valid = float(rules.validity[s])
    mixed = valid * latent + math.sqrt(1.0 - valid**2) * normal(words[0], words[1])
    return round(float(rules.proxy_cell[s, who["cell"]]) + float(rules.proxy[s]) * mixed)
