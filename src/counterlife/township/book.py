"""The rulebook as one record with room for the largest scenario: what kernels are handed.

A tuple of forty arrays would be counted in and out of every call (100 microseconds a person instead of 1); a record is one pointer, and
its type is the same for every scenario, so kernels are compiled once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import CELLS, MOST, ListKind, Populace, Rulebook

Book = Any  # an array of one BOOK, and in kernels the record

_K, _C, _L, _D, _W, _P, _B = (MOST[axis] for axis in ("classes", "channels", "lists", "domains", "worlds", "pairs", "bands"))
_F, _I, _U = np.float64, np.int64, np.uint64

BOOK = np.dtype(
    [
        ("days", _I), ("classes", _I), ("channels", _I), ("lists", _I), ("domains", _I), ("worlds", _I), ("pairs", _I), ("edges", _I),
        ("own", _I), ("youngest", _F), ("ghosts", _I), ("abroad", _I), ("waits", _I), ("terms", _I), ("same_year", _F), ("same_date", _F),
        ("stream", _U, _K), ("ceiling", _F, _K), ("accept", _F, _K), ("strain", _F, _K), ("factor", _F, (CELLS, _K)), ("frail", _I, _K),
        ("own_shape", _F, _K), ("from_age", _F, _K), ("settles", _F, _K), ("first", _I, _K + 1), ("frailty_shape", _F),
        ("channel_class", _I, _C), ("channel_stream", _U, _C), ("detect", _F, (CELLS, _C)), ("ghost", _F, (CELLS, _C)),
        ("delay_law", _I, _C), ("delay_days", _F, _C), ("link", _I, _C), ("link_share", _F, _C), ("link_scope", _I, _C),
        ("link_key", _I, _C), ("inflow", _F, _C), ("updated", _F, _C), ("update_days", _F, _C),
        ("quality", _I, _W), ("ruled", _I, _W), ("variant", _I, _W), ("start", _I, _W), ("lowest", _I, _W), ("highest", _I, _W),
        ("ledger", _I, _W), ("points", _I, (_W, _C)), ("keep", _F, (_W, _C)), ("cuts", _I, (_W, _B)), ("opens_at", _I, (_W, _D)),
        ("minor", _I, _W), ("list_kind", _I, (_W, _L)), ("list_domain", _I, (_W, _L)), ("list_needs", _I, (_W, _L)),
        ("list_term", _F, (_W, _L)), ("list_mark", _I, (_W, _L)), ("list_resets", _I, (_W, _L)), ("list_share", _F, (_W, _L, _C)),
        ("list_stream", _U, (_L, _C)), ("joint", _F, (_W, _D, _D)), ("joint_stream", _U, (_D, _D)),
        ("joint_on", _F, (_W, _D, _D)), ("joint_off", _F, (_W, _D, _D)),
        ("child_domain", _I, _D), ("domain_from", _F, _D), ("domain_until", _F, _D), ("pair_world", _I, _P), ("pair_versus", _I, _P),
    ]
)  # fmt: skip


BY_CELL = ("factor", "detect", "ghost")  # turned round: a person reads one row, and so two or three cache lines instead of forty


def bind(rules: Rulebook, populace: Populace) -> Book:
    """A rulebook as an array of one BOOK record, with the few sums that kernels would otherwise make again.

    Raises ValueError where the scenario is larger than `layout.MOST`.
    """
    worlds, lists, channels = rules.list_share.shape
    sizes = {
        "classes": rules.stream.size, "channels": channels, "lists": lists, "domains": rules.child_domain.size, "worlds": worlds,
        "pairs": rules.pair_world.size, "bands": rules.cuts.shape[1] + 1,
    }  # fmt: skip
    for axis, size in sizes.items():
        if size > MOST[axis]:
            raise ValueError(f"{size} {axis}, but there is room for {MOST[axis]}")
    book = np.zeros(1, BOOK)
    page = book[0]
    for name in BOOK.names or ():
        value = getattr(rules, name, None)
        if value is None:
            continue
        field = page[name]
        if name in BY_CELL:
            field[:, : value.shape[0]] = value.T
        elif isinstance(value, np.ndarray):
            field[tuple(slice(0, size) for size in value.shape)] = value
        else:
            page[name] = value
    for axis in ("classes", "channels", "lists", "domains", "worlds", "pairs"):
        page[axis] = sizes[axis]
    page["edges"] = sizes["bands"] - 1
    page["own"] = sum(1 << d for d in range(sizes["domains"]) if not rules.child_domain[d])
    page["youngest"] = rules.from_age.min() if rules.from_age.size else np.inf
    page["ghosts"] = bool(rules.ghost.any())
    page["same_year"], page["same_date"] = populace.same_year, populace.same_date
    page["terms"] = bool((rules.list_kind == ListKind.SCORE_BELOW).any())
    page["waits"] = bool((rules.strain != 1.0).any())
    page["abroad"] = bool((rules.link * rules.link_scope).any())
    return book
