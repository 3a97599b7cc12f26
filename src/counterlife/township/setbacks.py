"""Attacks and breakdowns in one life: records suppressed, sources that are down, backups restored. Model: `docs/model.md` 13.

They touch only worlds in which threats happen. False records are on the tape already (`threats.py`).
"""

from __future__ import annotations

from ..layout import NEVER, Threat
from .draws import TAMPER, Word, block, exponential, uniform
from .jit import inlined, kernel, whole
from .room import Life, stream_of

SUPPRESSED, OUTAGE, ROLLBACK = whole(Threat.DELETE), whole(Threat.OUTAGE), whole(Threat.ROLLBACK)


@inlined
def luck(life: Life, j: int, h: int) -> tuple[Word, Word, Word, Word]:
    """The block of a record's luck in threat h."""
    item = life.slots[j]
    return block(life.at, item["cause"], stream_of(life, j) ^ life.rules["threat_stream"][h], TAMPER, item["ordinal"])


@inlined
def meets(life: Life, j: int, h: int, kind: int, day: float) -> bool:
    """True where threat h is of this kind, concerns the record's channel, and runs on this day."""
    rules = life.rules
    concerns = rules["threat"][h] == kind and rules["threat_channel"][h, life.slots[j]["channel"]] == 1
    return concerns and rules["threat_from"][h] <= day < rules["threat_until"][h]


@inlined
def delayed(life: Life, j: int, day: float) -> float:
    """The day on which something due at the record's source is done: after an outage if it falls into one."""
    for h in range(life.rules["threats"]):
        if meets(life, j, h, OUTAGE, day):
            day = life.rules["threat_until"][h]
    return day


@inlined
def diverted(life: Life, j: int) -> float:
    """The day on which the record, due today, comes on file: later if it is suppressed or its source is down; NEVER. Draws: TAMPER."""
    rules, day = life.rules, life.state["day"]
    for h in range(rules["threats"]):
        if meets(life, j, h, SUPPRESSED, day):
            w_hit, w_found, w_days, _ = luck(life, j, h)
            if uniform(w_hit) < rules["threat_share"][h]:
                if uniform(w_found) >= rules["threat_found"][h]:
                    return NEVER
                day += exponential(w_days, rules["threat_days"][h])
    return delayed(life, j, day)


@kernel
def undone(life: Life, j: int, h: int, day: float) -> bool:
    """True where threat h undoes, from a backup, a correction made on this day."""
    return meets(life, j, h, ROLLBACK, day)


@kernel
def redone(life: Life, j: int, h: int) -> float:
    """The day on which a correction undone by threat h today is made again; NEVER. Draws: TAMPER."""
    w_found, w_days, _, _ = luck(life, j, h)
    if uniform(w_found) >= life.rules["threat_found"][h]:
        return NEVER
    return life.state["day"] + exponential(w_days, life.rules["threat_days"][h])
