"""By what the records of a life act: copies on scores and listings, as they begin, end, are withdrawn and come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from counterlife.layout import Cause, ListKind

from .plain_agenda import Turn
from .plain_lists import Listing, listing, lists, spread
from .plain_record import Copy, Record, comes_back, copy_of, lag

if TYPE_CHECKING:
    from .plain_life import Life


class Holds:
    """The copies and listings of one life."""

    def __init__(self, life: Life) -> None:
        self.life = life

    def admit(self, record: Record, since: float, cause: Cause) -> None:
        """A record counts by the rules of now, from a time on."""
        held = {hold.score for hold in record.holds if isinstance(hold, Copy)}
        for s in range(len(self.life.scores)):
            copy = copy_of(record, self.life.row, s, since) if s not in held else None
            if copy is not None:
                self.send(copy, since, cause)
        for number in self.life.numbers(ListKind.RECORD):
            if lists(record, self.life.row, number):
                self.list_by(record, number, since, cause)
        if not record.holds:
            record.until = min(record.until, since)
            if since == record.entry:
                record.lasted(since, self.life.row)

    def release(self, record: Record, hold: Copy | Listing, time: float) -> None:
        """A record acts no longer in one way; with the last, it ends."""
        record.holds.remove(hold)
        if not record.holds:
            record.until = time
            record.lasted(time, self.life.row)

    # --- copies ----------------------------------------------------------------------------------------------------------

    def send(self, copy: Copy, now: float, cause: Cause) -> None:
        """A copy is on its way to a score, and will leave it again."""
        copy.record.holds.append(copy)
        if copy.begins <= now:
            self.arrive(copy, cause)
        else:
            copy.coming = self.life.later(copy.begins, Turn.COPY_IN, copy.record.filing.place, lambda: self.arrive(copy, Cause.COPY))
        self.leave_at(copy, copy.out, copy.cause)

    def arrive(self, copy: Copy, cause: Cause) -> None:
        """Points begin to act."""
        copy.acting = True
        self.life.scores[copy.score].come(copy.record, copy.points)
        self.life.causes.add(cause)

    def leave_at(self, copy: Copy, time: float, cause: Cause) -> None:
        """Points will leave at a time, whatever was foreseen."""
        if copy.going is not None:
            copy.going.dropped = True
        copy.out = time
        copy.going = self.life.later(time, Turn.POINTS_OUT, copy.record.filing.place, lambda: self.leave(copy, cause))

    def leave(self, copy: Copy, cause: Cause) -> None:
        """Points no longer act."""
        score = self.life.scores[copy.score]
        if cause == Cause.CORRECTION:
            score.take_off(copy.record)
        else:
            score.go(copy.record)
        copy.record.repaired |= cause == Cause.REPAIR
        self.life.causes.add(cause)
        self.release(copy.record, copy, copy.out)

    # --- listings --------------------------------------------------------------------------------------------------------

    def list_by(self, record: Record, number: int, since: float, cause: Cause) -> None:
        """A listing begins, presses on its home domain and will spread."""
        it = listing(record, self.life.row, number, since)
        if it is None:
            return
        record.holds.append(it)
        self.life.listings.append(it)
        if it.home >= 0:
            self.press(it, it.home, 1, cause)
        self.spread(it)
        it.dues.append(self.life.later(it.out, Turn.LISTING_OFF, (number,), lambda: self.unlist(it)))

    def spread(self, it: Listing) -> None:
        """Joint sanctions will begin and end as the listing has it; those that began will end."""
        for d, (on, off) in it.presses.items():
            if d == it.home:
                continue
            if d not in it.pressing:
                it.dues.append(self.life.later(on, Turn.JOINT, (it.number,), self.pressing(it, d, 1)))
            it.dues.append(self.life.later(off, Turn.JOINT, (it.number,), self.pressing(it, d, -1)))

    def unlist(self, it: Listing) -> None:
        """A listing ends as foreseen."""
        if it.home >= 0:
            self.press(it, it.home, -1, it.cause)
        assert it.record is not None
        self.release(it.record, it, it.out)

    def strike(self, it: Listing, now: float) -> None:
        """A listing ends at once: joint sanctions as if it had always been to end now."""
        assert it.record is not None
        for due in it.dues:
            due.dropped = True
        it.out, it.cause = now, Cause.CORRECTION
        it.presses = spread(it.record, self.life.row, it.number, it.home, it.since, now)
        self.spread(it)
        self.unlist(it)

    def press(self, it: Listing, d: int, much: int, cause: Cause) -> None:
        """A listing presses on a domain, or no longer."""
        self.life.pressure[it.number, d] += much
        if much > 0:
            it.pressing.add(d)
        else:
            it.pressing.discard(d)
        self.life.causes.add(cause)

    def pressing(self, it: Listing, d: int, much: int) -> Callable[[], None]:
        """A press of a joint sanction, to be noted on the agenda."""
        return lambda: self.press(it, d, much, Cause.JOINT)

    # --- corrections -----------------------------------------------------------------------------------------------------

    def take_off(self, record: Record, now: float) -> None:
        """A record is taken off the file: its listings end, its copies are withdrawn."""
        record.corrected = True
        for hold in list(record.holds):
            if isinstance(hold, Listing):
                self.strike(hold, now)
            else:
                self.withdraw(hold, now)

    def withdraw(self, copy: Copy, now: float) -> None:
        """Points leave a score once it hears of the correction, unless they leave earlier; they may come back."""
        record, row = copy.record, self.life.row
        leaves = now + lag(record, row, copy.score)
        if leaves >= copy.out:
            return
        if not copy.acting and leaves <= copy.begins:
            for due in (copy.coming, copy.going):
                if due is not None:
                    due.dropped = True
            self.release(record, copy, now)
            return
        self.leave_at(copy, leaves, Cause.CORRECTION)
        wait = comes_back(record, row, copy.score)
        if wait is not None and leaves + wait < copy.planned:
            again = leaves + wait
            record.backs.append(self.life.later(again, Turn.COPY_IN, record.filing.place, lambda: self.come_back(copy, again)))

    def come_back(self, copy: Copy, now: float) -> None:
        """Corrected points are back, until they would have left without the correction."""
        copy.record.returned = True
        again = Copy(copy.record, copy.score, copy.points, now, copy.planned, copy.planned, copy.cause)
        self.send(again, now, Cause.COPY)

    def restore(self, record: Record, now: float) -> None:
        """A corrected record is on file again, as on its old day."""
        record.corrected = False
        record.returned = True
        for due in record.backs:
            due.dropped = True
        for copy in [hold for hold in record.holds if isinstance(hold, Copy)]:
            self.leave_at(copy, copy.planned, copy.cause)
        if self.life.counts_now(record, now):
            self.admit(record, now, Cause.COPY)
