"""Record lists and what they bring with them: section 7 of `docs/model.md`, as pure functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from counterlife.layout import NEVER, Cause, Origin, Purpose

from .plain_agenda import Due
from .plain_draws import Block, uniform
from .plain_record import Record, forgiven

LISTING = {Origin.GHOST: Purpose.LISTING_GHOST, Origin.ELSEWHERE: Purpose.LISTING_ELSEWHERE}
JOINT = {Origin.GHOST: Purpose.JOINT_GHOST, Origin.ELSEWHERE: Purpose.JOINT_ELSEWHERE}
Presses = dict[int, tuple[float, float]]  # from when to when on each domain


@dataclass(eq=False)
class Listing:
    """A listing that began: by a record, or (record None) by the score."""

    number: int  # of the list
    record: Record | None
    home: int
    since: float
    out: float
    cause: Cause  # of its end
    presses: Presses
    pressing: set[int] = field(default_factory=set)  # domains on which it presses now
    dues: list[Due] = field(default_factory=list)


def lists(record: Record, r: int, number: int) -> bool:
    """Whether a record brings its person on a list."""
    share = record.rules.list_share[r, number, record.filing.channel]
    address = int(record.rules.list_stream[number, record.filing.channel])
    return bool(share >= 1 or uniform(drawn(record, LISTING, Purpose.LISTING, address)[0]) < share)


def drawn(record: Record, purposes: dict[Origin, Purpose], usual: Purpose, address: int) -> Block:
    """The draws about a record's listing; those of records that an attack put there are the attack's own."""
    filing = record.filing
    if filing.origin == Origin.TAMPERED and filing.threat >= 0:
        address ^= int(record.rules.threat_stream[filing.threat])
    return record.draws.block(filing.cause, purposes.get(filing.origin, usual), address, filing.ordinal)


def listing(record: Record, r: int, number: int, since: float) -> Listing | None:
    """The listing to which a record leads that counts from `since`."""
    rules = record.rules
    out, cause = record.stop, Cause.SETTLEMENT
    for other, why in ((forgiven(record, r), Cause.REPAIR), (record.entry + float(rules.list_term[r, number]), Cause.EXPIRY)):
        if other < out:
            out, cause = other, why
    if out <= since:
        return None
    home = int(rules.list_domain[r, number])
    return Listing(number, record, home, since, out, cause, spread(record, r, number, home, since, out))


def spread(record: Record, r: int, number: int, home: int, since: float, out: float) -> Presses:
    """From when to when a listing presses on each domain it reaches: always the domain that is reached earliest next."""
    rules = record.rules
    reached = {home: (since, out)} if home >= 0 else {}
    while True:
        ways: list[tuple[Any, ...]] = []
        for d, (on, off) in reached.items():
            for further in range(len(rules.child_domain)):
                begins = on + float(rules.joint_on[r, d, further])
                if further in reached or begins >= off:
                    continue
                share = rules.joint[r, d, further]
                address = int(rules.list_stream[number, record.filing.channel]) ^ int(rules.joint_stream[d, further])
                block = drawn(record, JOINT, Purpose.JOINT, address)
                if share >= 1 or uniform(block[0]) < share:
                    lost = uniform(block[1]) < rules.joint_lost[r, d, further]
                    ways.append((begins, d, further, NEVER if lost else off + float(rules.joint_off[r, d, further])))
        if not ways:
            return reached
        begins, _, further, ends = min(ways)
        reached[further] = (begins, ends)
