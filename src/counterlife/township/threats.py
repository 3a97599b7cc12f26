"""False records that an attack puts there: a Poisson stream in the window of each threat that inserts.

What threats do to records that exist (suppressed, held up by an outage, rolled back) is part of the life. Model: `docs/model.md` 13.
"""

from __future__ import annotations

from ..layout import NEVER, Origin, Quality, Threat, Wrong
from .book import Book
from .conduct import after, gap, silent
from .draws import TAMPER, Address, block, exponential, uniform
from .items import NOTHING, Filing, Items, file_under
from .jit import kernel, whole
from .people import People

INSERT, TAMPERED, THREATS, BY_ATTACK = whole(Threat.INSERT), whole(Origin.TAMPERED), whole(Quality.THREATS), whole(Wrong.TAMPERED)


@kernel
def file_tampered(at: Address, rules: Book, people: People, i: int, items: Items, m: int) -> int:
    """False records about person i are in the items from m on; `event` holds the threat of each. Draws: TAMPER (gap, found out, when)."""
    for h in range(rules["threats"]):
        rate, end = rules["threat_rate"][people[i]["cell"], h], min(rules["threat_until"][h], float(rules["days"]))
        if rules["threat"][h] != INSERT or rate <= 0.0:
            continue
        for c in range(rules["channels"]):
            stream = rules["threat_stream"][h] ^ rules["channel_stream"][c]
            t, n = rules["threat_from"][h], NOTHING
            if rules["threat_channel"][h, c] == 0 or silent(block(at, i, stream, TAMPER, n)[0], rate, end - t):
                continue
            while True:
                w_gap, w_found, w_when, _ = block(at, i, stream, TAMPER, n)
                t += gap(w_gap, rate)
                if t >= end:
                    break
                found = NEVER
                if uniform(w_found) < rules["threat_found"][h]:
                    found = t + exponential(w_when, rules["threat_days"][h])
                if people[i]["age"] + t >= rules["from_age"][rules["channel_class"][c]]:
                    false = Filing(t, found, found, -1.0, t, c, c, i, n, THREATS, NOTHING, BY_ATTACK, 1.0)
                    m = file_under(items, m, i, TAMPERED, false)
                    if m <= items.shape[0]:
                        items[m - 1]["event"] = h
                n = after(n)
    return m
