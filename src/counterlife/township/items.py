"""One item of a tape: a record on its way into a life, with the record qualities in which it exists and what is wrong with it.

A record that is misread is two items: as it should have been written, and as it was. Model: `docs/model.md` 4 and 5. Where items come
from is in `records.py` and `threats.py`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..layout import Origin, Quality, Wrong
from .book import Book
from .jit import inlined, whole

Items = Any  # array of ITEM

EVENT, GARBLED, STRAY = whole(Origin.EVENT), whole(Origin.GARBLED), whole(Origin.STRAY)
STRAYS, LOST, MISREAD = whole(Quality.STRAYS), whole(Quality.LOST), whole(Quality.MISREAD)
BY_STRAY, BY_READING = whole(Wrong.STRAY), whole(Wrong.MISREAD)
UNREAL, ABROAD, PLANTED = whole(Origin.GHOST), whole(Origin.ELSEWHERE), whole(Origin.TAMPERED)
NOTHING = whole(0)


class Filing(NamedTuple):
    """What is known of a record before it is filed under anybody."""

    time: float  # day of entry; of the event for what depends on the state of the life
    settle: float
    update: float
    mark: float  # thinning mark, or -1 where the event happens in any case
    entry: float  # day on which it comes on file if nothing holds it up
    channel: int  # or the class, of an event without a record
    written: int  # channel of which it is written where records may be misread
    cause: int
    ordinal: int
    needs: int
    bars: int
    wrong: int
    weight: float


@inlined
def append(items: Items, m: int, owner: int, origin: int, filing: Filing, channel: int, needs: int, bars: int, wrong: int) -> int:
    """One more item at m, if there is room; returns the number of items that there ought to be."""
    if m < items.shape[0]:
        item = items[m]
        item["time"], item["settle"], item["update"] = filing.time, filing.settle, filing.update
        item["mark"], item["entry"], item["event"] = filing.mark, filing.entry, 0
        item["high"] = 0
        item["channel"], item["origin"], item["cause"], item["ordinal"], item["owner"] = (
            channel,
            origin,
            filing.cause,
            filing.ordinal,
            owner,
        )
        item["needs"], item["bars"], item["wrong"], item["weight"] = needs, bars, wrong, filing.weight
    return m + 1


@inlined
def file_under(items: Items, m: int, owner: int, origin: int, filing: Filing) -> int:
    """The record is filed under the owner, twice where it is misread: as it should have been written, then as it was."""
    needs, bars, wrong = filing.needs, filing.bars, filing.wrong
    if origin == STRAY:
        needs, wrong = needs | STRAYS, BY_STRAY
    elif origin == GARBLED:
        bars |= LOST
    if filing.written == filing.channel:
        return append(items, m, owner, origin, filing, filing.channel, needs, bars, wrong)
    m = append(items, m, owner, origin, filing, filing.channel, needs, bars | MISREAD, wrong)
    return append(items, m, owner, origin, filing, filing.written, needs | MISREAD, bars, BY_STRAY if origin == STRAY else BY_READING)


@inlined
def event_class(rules: Book, item: Any) -> int:
    """The class of the event that an item is, or that it is a record of."""
    return item["channel"] if item["origin"] == EVENT else rules["channel_class"][item["channel"]]


@inlined
def record_stream(rules: Book, item: Any) -> Any:
    """The stream of a record (`docs/model.md` 1)."""
    c = item["channel"]
    if item["origin"] == UNREAL:
        return rules["ghost_stream"][c]
    if item["origin"] == ABROAD:
        return rules["abroad_stream"][c]
    if item["origin"] == PLANTED:
        return rules["channel_stream"][c] ^ rules["threat_stream"][item["event"]]
    return rules["channel_stream"][c]
