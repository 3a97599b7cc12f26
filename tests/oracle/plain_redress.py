"""Appeals of one life: learning of a record, contesting it, what is decided and what follows (section 11 of `docs/model.md`)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterlife.layout import NEVER, Delay, Purpose, Quality, Threat

from .plain_agenda import Due, Turn
from .plain_draws import exponential, uniform
from .plain_office import Waiting
from .plain_record import Record, after_outages, threats, within

if TYPE_CHECKING:
    from .plain_life import Life


@dataclass(eq=False)
class Case:
    """What comes of a record that can be contested. Days are NEVER until they come."""

    notified: bool = False
    discovered: bool = False
    aware: float = NEVER
    contested: bool = False
    wrong_then: bool = False
    filed: float = NEVER
    waiting: Waiting | None = None  # before an office
    office: tuple[int, int] = (-1, -1)
    called: float = NEVER  # when the office came to it
    abandoned: bool = False
    was_decided: bool = False
    decided: float = NEVER  # the last decision, or when the case was given up
    second: bool = False
    upheld: bool = False
    was_corrected: bool = False
    corrected: float = NEVER
    correction_lost: bool = False


class Redress:
    """One person's appeals."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.asked = 0.0  # how much the person has asked, as of the last look
        self.since = 0.0
        self.rate = 0.0  # from the last look on
        self.own: frozenset[int] = frozenset()  # own domains closed, as of the last look
        self.unknown: list[tuple[float, Record]] = []  # records, by how much one must have asked to find them
        self.due: Due | None = None
        self.lost_cases = 0

    @property
    def has_given_up(self) -> bool:
        """Whether the person has given up appealing."""
        return bool(0 < self.life.rules.gives_up <= self.lost_cases)

    def later(self, time: float, turn: Turn, record: Record, act: Callable[[], None]) -> Due:
        """Something will be due about a record, whatever the rules are then."""
        return self.life.world.agenda.add(time, turn, (self.life.person, *record.filing.place), self.life, act)

    # --- learning of it --------------------------------------------------------------------------------------------------

    def counted(self, record: Record, now: float) -> None:
        """A record counts; if for the first time under rules by which it can be contested, the person will be told, or may find out."""
        rules, r = self.life.rules, self.life.row
        if not rules.contestable[r, record.filing.channel] or record.case is not None:
            return
        record.case = Case()
        words = record.about(Purpose.REDRESS)
        if uniform(words[0]) < rules.notice[r, record.filing.channel]:
            time = now + float(rules.notice_days[r])
            self.later(time, Turn.LEARN, record, lambda: self.learn(record, time, told=True))
        else:
            self.unknown.append((self.asked_by(now) - math.log(uniform(words[1])), record))

    def asked_by(self, now: float) -> float:
        """How much the person has asked until now."""
        return self.asked + self.rate * (now - self.since)

    def look(self, now: float, own: frozenset[int]) -> None:
        """The gates were looked at: these own domains are closed from now on, and the person asks why."""
        life, rules = self.life, self.life.rules
        self.asked, self.since, self.own = self.asked_by(now), now, own
        refused = dict.fromkeys(own, 1.0)
        if life.ruled:
            passes, concerned = rules.passes[life.row], life.own(range(len(rules.child_domain)), now)
            refused |= {d: 1.0 - float(passes[d, life.band()]) for d in concerned - own}
        self.rate = float(rules.asks[life.row]) * sum(float(rules.apply[d]) * refused[d] for d in sorted(refused))
        if self.due is not None:
            self.due.dropped, self.due = True, None
        if self.rate > 0 and self.unknown:
            found = min(self.unknown, key=lambda pair: pair[0])
            time = now + max(0.0, found[0] - self.asked) / self.rate
            self.due = self.later(time, Turn.LEARN, found[1], lambda: self.discover(found[0], time))

    def discover(self, asked: float, now: float) -> None:
        """A refusal leads to a record, and to its second copy where both came on file together."""
        found = [pair for pair in self.unknown if pair[0] == asked]
        for pair in found:
            self.unknown.remove(pair)
            self.learn(pair[1], now, told=False)

    def learn(self, record: Record, now: float, told: bool) -> None:
        """The person learns of a record that has not ended, and contests it or not."""
        if not record.holds:
            return
        case, rules, r = record.case, self.life.rules, self.life.row
        case.notified, case.discovered, case.aware = told, not told, now
        taken = taken_up(float(rules.take_up[r, self.life.who["cell"]]), float(rules.take_up_ability[r]), float(self.life.who["ability"]))
        taken *= 1.0 if record.wrong_at(now, r) else float(rules.take_up_right[r])
        taken *= float(rules.take_up_weary[r]) if self.has_given_up else 1.0
        if uniform(record.about(Purpose.REDRESS)[2]) < taken:
            self.appeal(record, now)

    # --- deciding --------------------------------------------------------------------------------------------------------

    def appeal(self, record: Record, now: float) -> None:
        """A record is contested: somebody will decide."""
        case, rules, r = record.case, self.life.rules, self.life.row
        case.contested, case.filed, case.wrong_then = True, now, record.wrong_at(now, r)
        words, days = record.about(Purpose.APPEAL), float(rules.decide_days[r])
        service = exponential(words[0], days) if rules.decide_law[r] == Delay.EXPONENTIAL else days
        if not rules.office[r]:
            self.later(now + service, Turn.DECIDE, record, lambda: self.decide(record, now + service))
            return
        if self.life.heard is not None:
            self.hear_as_before(record, now)
            return
        patience = exponential(words[1], float(rules.patience[r])) if rules.patience[r] < NEVER else NEVER
        order = (self.life.person, *record.filing.place)
        case.office = (r, int(self.life.who["household"]) % int(rules.offices[r]))
        case.waiting = Waiting(
            now,
            order,
            len(self.own),
            service,
            patience,
            self.life,
            lambda time: self.call(record, time),
            lambda time: self.abandon(record, time),
        )
        self.life.world.office(*case.office).file(case.waiting)

    def hear_as_before(self, record: Record, now: float) -> None:
        """In a life that is lived again an office decides on the days on which it did, or at once where that day is past."""
        before = self.life.heard.get(record.filing.place) if self.life.heard is not None else None
        if before is not None and before.abandoned:
            time = max(now, before.decided)
            self.later(time, Turn.DECIDE, record, lambda: self.abandon(record, time))
        elif before is not None and before.called < NEVER:
            time = max(now, before.called)
            self.later(time, Turn.DECIDE, record, lambda: self.decide(record, time))

    def call(self, record: Record, now: float) -> None:
        """The office has come to the case."""
        record.case.called = now
        self.decide(record, now)

    def abandon(self, record: Record, now: float) -> None:
        """The person has waited too long."""
        record.case.abandoned, record.case.decided = True, now

    def decide(self, record: Record, now: float) -> None:
        """The first instance decides, unless the record has ended."""
        if not record.holds:
            return
        case, rules, r = record.case, self.life.rules, self.life.row
        case.was_decided, case.decided = True, now
        removed = float(rules.sensitivity[r]) * (1.0 - float(rules.bias[r]))
        if uniform(record.about(Purpose.REDRESS)[3]) < (removed if record.wrong_at(now, r) else 1.0 - float(rules.specificity[r])):
            self.uphold(record, now)
        elif uniform(record.about(Purpose.APPEAL)[2]) < rules.second[r]:
            time = now + exponential(record.about(Purpose.CORRECT)[2], float(rules.second_days[r]))
            self.later(time, Turn.DECIDE, record, lambda: self.decide_again(record, time))
        else:
            self.lost_cases += 1

    def decide_again(self, record: Record, now: float) -> None:
        """The second instance decides, unless the record has ended."""
        if not record.holds:
            return
        case, rules, r = record.case, self.life.rules, self.life.row
        case.second, case.decided = True, now
        upheld = float(rules.second_sensitivity[r]) if record.wrong_at(now, r) else 1.0 - float(rules.second_specificity[r])
        if uniform(record.about(Purpose.APPEAL)[3]) < upheld:
            self.uphold(record, now)
        else:
            self.lost_cases += 1

    # --- correcting ------------------------------------------------------------------------------------------------------

    def uphold(self, record: Record, now: float) -> None:
        """The person is right: the source will take the record off its file."""
        rules, r, words = self.life.rules, self.life.row, record.about(Purpose.CORRECT)
        record.case.upheld = True
        days = float(rules.correct_days[r])
        if not record.quality & Quality.STALE:
            days = 0.0
        elif uniform(words[1]) < rules.correct_lost[r]:
            record.case.correction_lost = True
            return
        elif rules.correct_law[r] == Delay.EXPONENTIAL:
            days = exponential(words[0], days)
        self.correct_at(record, now + days)

    def correct_at(self, record: Record, time: float) -> None:
        """The source will take a record off its file, unless it is down then."""
        rules = self.life.rules
        if self.life.world.quality & Quality.THREATS:
            time = after_outages(rules, record.filing.channel, time)
        self.later(time, Turn.CORRECT, record, lambda: self.correct(record, time))

    def correct(self, record: Record, now: float) -> None:
        """The source takes a record off its file; a backup may bring it back."""
        case, rules = record.case, self.life.rules
        if not case.was_corrected:
            case.was_corrected, case.corrected = True, now
        self.life.holds.take_off(record, now)
        if self.life.world.quality & Quality.THREATS:
            for h in threats(rules, Threat.ROLLBACK, record.filing.channel):
                if within(rules, h, now):
                    self.later(float(rules.threat_until[h]), Turn.RESTORE, record, self.restoring(record, h))

    def restoring(self, record: Record, h: int) -> Callable[[], None]:
        """The return of a record by threat h, to be noted on the agenda: it is taken off again when that is found out."""

        def act() -> None:
            rules, now = self.life.rules, float(self.life.rules.threat_until[h])
            self.life.holds.restore(record, now)
            words = record.about(Purpose.TAMPER, int(rules.threat_stream[h]))
            if uniform(words[0]) < rules.threat_found[h]:
                self.correct_at(record, now + exponential(words[1], float(rules.threat_days[h])))

        return act


def taken_up(middle: float, slope: float, ability: float) -> float:
    """The probability that somebody of an ability contests, given that of somebody of middle ability."""
    if middle <= 0 or middle >= 1:
        return max(0.0, min(1.0, middle))
    return 1.0 / (1.0 + math.exp(-(math.log(middle / (1.0 - middle)) + slope * (ability - 0.5))))
