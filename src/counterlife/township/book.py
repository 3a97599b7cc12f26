"""The rulebook as one record with room for the largest scenario: what kernels are handed.

A tuple of a hundred arrays would be counted in and out of every call (100 microseconds a person instead of 1); a record is one pointer, and
its type is the same for every scenario, so kernels are compiled once. Fields that are not the rulebook's own are sums that kernels would
otherwise make again; most say that a mechanism is used at all, so that an unused one costs a test.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import (
    ALWAYS_OPEN,
    CELLS,
    MOST,
    NEVER,
    Keep,
    Link,
    ListKind,
    Parents,
    Populace,
    Procedure,
    Quality,
    Rulebook,
    Scope,
    Threat,
    soft_gates,
)

Book = Any  # an array of one BOOK, and in kernels the record

_K, _C, _L, _D, _W, _P, _B = (MOST[axis] for axis in ("classes", "channels", "lists", "domains", "worlds", "pairs", "bands"))
_R, _G, _S, _H, _Y = MOST["rows"], MOST["stages"], MOST["scores"], MOST["threats"], MOST["months"] // 12
_E, _N = MOST["parts"], MOST["domains"] + MOST["lists"] + MOST["bands"] + 1
_F, _I, _U = np.float64, np.int64, np.uint64

BEYOND = np.iinfo(np.int64).max  # a line that no score reaches
SLACK = 1e-9  # bounds on products of shares are so much wider than the products

# small fields first, then those by world, row, score, list and channel, the large tables last
BOOK = np.dtype(
    [
        ("days", _I), ("classes", _I), ("channels", _I), ("lists", _I), ("domains", _I), ("worlds", _I), ("pairs", _I),
        ("rows", _I), ("stages", _I), ("scores", _I), ("threats", _I),
        ("own", _I), ("youngest", _F), ("ghosts", _I), ("abroad", _I), ("inserts", _I), ("waits", _I), ("calms", _I), ("believes", _I),
        ("bursts", _I), ("terms", _I),
        ("contests", _I), ("queues", _I), ("sends", _I), ("copies", _I), ("judged", _I), ("traits", _I),
        ("joint_gates", _I), ("means", _I), ("by_parents", _I), ("watched", _I), ("restless", _I),
        ("ranks", _I), ("reviews", _I), ("review_days", _F), ("tied", _I), ("friends", _I), ("alike", _F), ("parts", _I), ("answers", _I),
        ("softs", _I), ("expected", _F),
        ("same_year", _F), ("same_date", _F), ("frailty_shape", _F), ("top_frailty", _F), ("latent_mean", _F), ("latent_sd", _F),
        ("severest", _F), ("harshest", _F), ("ability_least", _F), ("ability_most", _F),
        ("belief", _F), ("belief_rate", _F), ("reacts", _F), ("gives_up", _I), ("meter_low", _I), ("meter_step", _I),
        ("stream", _U, _K), ("ceiling", _F, _K), ("accept", _F, _K), ("frail", _I, _K), ("own_shape", _F, _K), ("from_age", _F, _K),
        ("settles", _F, _K), ("first", _I, _K + 1), ("reactive", _I, _K), ("only_deter", _I, _K), ("calm", _I, _K),
        ("least", _F, _K), ("most", _F, _K),
        ("strain", _F, _K), ("strain_most", _I, _K), ("deter", _F, _K),
        ("near", _F, _K), ("near_points", _I, _K), ("burst", _F, _K), ("burst_days", _F, _K), ("burst_most", _F, _K), ("weary", _F, _K),
        ("channel_class", _I, _C), ("channel_stream", _U, _C), ("ghost_stream", _U, _C), ("abroad_stream", _U, _C),
        ("delay_law", _I, _C), ("delay_days", _F, _C), ("reads", _I, _C), ("inflate", _F, _C), ("inflate_by", _F, _C),
        ("duplicate", _F, _C), ("duplicate_from", _F, _C),
        ("procedure", _I, _C), ("link", _I, _C), ("link_share", _F, _C), ("link_scope", _I, _C), ("link_from", _F, _C),
        ("link_key", _I, _C), ("inflow", _F, _C), ("updated", _F, _C), ("update_days", _F, _C),
        ("worst", _I, _C), ("widest", _I, _C), ("contested", _I, _C), ("longest", _F, _C),
        ("late_from", _F, _C), ("late_until", _F, _C),
        ("threat", _I, _H), ("threat_stream", _U, _H), ("threat_from", _F, _H), ("threat_until", _F, _H), ("threat_share", _F, _H),
        ("threat_found", _F, _H), ("threat_days", _F, _H),
        ("quality", _I, _W), ("lawless", _I, _W), ("like", _I, _W), ("conduct", _I, _W), ("stage_day", _F, _G),
        ("drop", _I, _G), ("row", _I, (_W, _G)),
        ("child_domain", _I, _D), ("parents", _I, _D), ("together", _I, _D), ("domain_from", _F, _D), ("domain_until", _F, _D),
        ("ranked", _I, _D), ("gate_score", _I, _D), ("apply", _F, _D), ("spared", _I, _D), ("list_score", _I, _L),
        ("soft", _I, _D), ("gate_stream", _U, _D),
        ("copy_stream", _U, _S), ("proxy", _F, _S), ("validity", _F, _S), ("least_offset", _I, _S), ("most_offset", _I, _S),
        ("pair_world", _I, _P), ("pair_versus", _I, _P),
        ("year_day", _F, _Y),
        ("ruled", _I, _R), ("plain", _I, _R), ("lookback", _F, _R), ("settled", _I, _R), ("amnesty_day", _F, _R), ("amnesty_age", _F, _R),
        ("minor", _I, _R), ("highest_line", _I, _R),
        ("most_closed", _I, _R), ("notice_days", _F, _R), ("asks", _F, _R), ("take_up_right", _F, _R), ("take_up_ability", _F, _R),
        ("take_up_weary", _F, _R), ("sensitivity", _F, _R), ("specificity", _F, _R), ("bias", _F, _R), ("decide_law", _I, _R),
        ("decide_days", _F, _R), ("office", _I, _R), ("offices", _I, _R), ("slots", _I, _R), ("by_harm", _I, _R), ("patience", _F, _R),
        ("second", _F, _R), ("second_days", _F, _R), ("second_sensitivity", _F, _R), ("second_specificity", _F, _R),
        ("correct_law", _I, _R), ("correct_days", _F, _R), ("correct_lost", _F, _R),
        ("start", _I, (_R, _S)), ("lowest", _I, (_R, _S)), ("highest", _I, (_R, _S)), ("ledger", _I, (_R, _S)),
        ("severity", _F, (_R, _S)), ("leniency", _F, (_R, _S)), ("copy_law", _I, (_R, _S)), ("copy_days", _F, (_R, _S)),
        ("fix_law", _I, (_R, _S)), ("fix_days", _F, (_R, _S)), ("fix_lost", _F, (_R, _S)), ("back", _F, (_R, _S)),
        ("back_days", _F, (_R, _S)), ("opens_at", _I, (_R, _D)), ("closes_lowest", _I, (_R, _D)),
        ("list_kind", _I, (_R, _L)), ("list_domain", _I, (_R, _L)), ("list_needs", _I, (_R, _L)), ("list_term", _F, (_R, _L)),
        ("list_resets", _I, (_R, _L)),
        ("procedure_with", _F, (_C, 8)), ("threat_channel", _I, (_H, _C)), ("list_stream", _U, (_L, _C)), ("joint_stream", _U, (_D, _D)),
        ("worthy", _I, (_R, _C)), ("lists_by", _I, (_R, _C)),
        ("contestable", _I, (_R, _C)), ("notice", _F, (_R, _C)), ("repair", _F, (_R, _C)), ("repair_days", _F, (_R, _C)),
        ("joint", _F, (_R, _D, _D)), ("joint_on", _F, (_R, _D, _D)), ("joint_off", _F, (_R, _D, _D)), ("joint_lost", _F, (_R, _D, _D)),
        ("proxy_cell", _F, (CELLS, _S)), ("threat_rate", _F, (CELLS, _H)), ("take_up", _F, (CELLS, _R)),
        ("take_up_most", _F, CELLS), ("factor", _F, (CELLS, _K)),
        ("detect", _F, (CELLS, _C)), ("ghost", _F, (CELLS, _C)), ("misread", _F, (_C, _C)),
        ("points", _I, (_R, _S, _C)), ("keep", _F, (_R, _S, _C)), ("keep_law", _I, (_R, _S, _C)), ("discretion", _I, (_R, _S, _C)),
        ("list_share", _F, (_R, _L, _C)),
        ("tie_share", _F, _R), ("tie_kin", _I, _R), ("drop_below", _I, _R), ("drop_share", _F, _R),
        ("part", _I, (_R, _S, _C)), ("part_low", _I, (_R, _S, _E)), ("part_high", _I, (_R, _S, _E)),
        ("passes", _F, (_R, _D, _B)),
        ("lines", _I, (_R, _S, _N)), ("shuts", _I, (_R, _S, _N)), ("calls", _I, (_R, _S, _N)), ("banded", _I, (_R, _N)),
    ]
)  # fmt: skip

# turned round: a person reads one row, and so two or three cache lines instead of forty
BY_CELL = ("factor", "detect", "ghost", "take_up", "threat_rate", "proxy_cell")


def bind(rules: Rulebook, populace: Populace) -> Book:
    """A rulebook as an array of one BOOK record, with the sums that kernels would otherwise make again.

    Raises ValueError where the scenario is larger than `layout.MOST`.
    """
    sizes = _sizes(rules)
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
    for axis, size in sizes.items():
        if axis in (BOOK.names or ()):
            page[axis] = size
    page["own"] = sum(1 << d for d in range(sizes["domains"]) if not rules.child_domain[d])
    page["youngest"] = rules.from_age.min() if rules.from_age.size else np.inf
    page["same_year"], page["same_date"] = populace.same_year, populace.same_date
    years = np.unique(rules.month_of_day // 12, return_index=True)[1]  # first day of each year, counted in months from the start
    page["year_day"] = NEVER
    page["year_day"][: years.size] = years
    _mark_used(page, rules)
    _mark_certain(page, rules)
    _mark_lines(page, rules)
    _mark_offsets(page, rules)
    _mark_calm(page, rules)
    _mark_expected(page, rules)
    return book


def _sizes(rules: Rulebook) -> dict[str, int]:
    """How long each axis is."""
    rows, scores, channels = rules.points.shape
    return {
        "classes": rules.stream.size, "channels": channels, "lists": rules.list_score.size, "domains": rules.child_domain.size,
        "worlds": rules.quality.size, "pairs": rules.pair_world.size, "bands": rules.cuts.shape[1] + 1, "rows": rows, "scores": scores,
        "stages": rules.stage_day.size, "threats": rules.threat.size, "parts": int(rules.part.max(initial=-1)) + 1,
        "months": int(rules.month_of_day[-1]) + 1,
    }  # fmt: skip


def _mark_used(page: Any, rules: Rulebook) -> None:
    """The page says which mechanisms are used: by each class, channel and row, or at all."""
    otherwise = (rules.strain != 1.0) | (rules.near != 1.0) | (rules.weary != 1.0) | (rules.burst != 0.0)
    reactive = otherwise | (rules.deter != 0.0)
    page["reactive"][: reactive.size], page["only_deter"][: reactive.size] = reactive, reactive & ~otherwise
    reads = rules.misread.any(axis=1) | (rules.inflate > 0.0) | (rules.duplicate > 0.0)
    page["reads"][: reads.size] = reads
    kept = (rules.keep_law == Keep.ENTRY).all(axis=(1, 2)) & ~rules.repair.any(axis=1) & (rules.amnesty_day >= NEVER)
    copied = rules.copy_days.any(axis=1) | rules.fix_days.any(axis=1) | rules.fix_lost.any(axis=1)
    page["plain"][: kept.size] = kept & ~copied  # points stay from the entry for their time, or until the matter is over
    page["ghosts"] = rules.ghost.any()
    page["abroad"] = ((rules.link != 0) & (rules.link_scope == Scope.COUNTRY)).any()
    page["inserts"] = (rules.threat == Threat.INSERT).any()
    worthy = (rules.points != 0) | (rules.discretion != 0)
    listing = (rules.list_share > 0.0) & ((rules.list_kind == ListKind.RECORD) & (rules.list_domain >= 0))[:, :, None]
    for name, uses in (("worthy", worthy), ("lists_by", listing)):
        page[name][: uses.shape[0], : uses.shape[2]] = (uses << np.arange(uses.shape[1])[:, None]).sum(axis=1)
    page["waits"] = reactive.any()
    page["bursts"] = rules.burst.any()
    page["believes"] = (rules.deter != 0.0).any()
    page["terms"] = (rules.list_kind == ListKind.SCORE_BELOW).any()
    page["contests"] = rules.contestable.any()
    page["copies"] = copied.any() or rules.back.any()
    page["highest_line"][: rules.opens_at.shape[0]] = rules.opens_at[:, rules.gate_score == 0].max(axis=1, initial=ALWAYS_OPEN)
    page["judged"] = rules.severity.any() or rules.leniency.any() or rules.discretion.any()
    page["joint_gates"] = sum(1 << d for d in range(rules.together.size) if rules.together[d])
    page["by_parents"] = sum(1 << d for d in range(rules.parents.size) if rules.parents[d] != Parents.ANY)
    mean = np.flatnonzero(rules.parents == Parents.MEAN)
    page["means"], page["watched"] = sum(1 << int(d) for d in mean), rules.gate_score[mean[0]] if mean.size else -1
    ranked = np.flatnonzero(rules.closes_lowest.any(axis=0))
    page["ranks"], page["ranked"][: ranked.size] = ranked.size, ranked
    reviewed = ranked.size > 0 or rules.tied >= 0
    page["reviews"] = np.count_nonzero(np.arange(1, rules.days) * rules.review_days < rules.days) if reviewed else 0
    page["answers"] = (reactive[rules.channel_class] & (rules.link != Link.NONE)).any()
    soft = soft_gates(rules)
    page["softs"], page["soft"][: soft.size] = soft.size, soft
    page["traits"] = rules.proxy.any() or rules.proxy_cell.any()
    ruled = rules.ruled[rules.row].any(axis=1)
    page["lawless"][: ruled.size] = ~ruled
    page["quality"][: ruled.size] *= ruled  # without rules nothing is recorded
    if rules.threat.size == 0:
        page["quality"] &= ~Quality.THREATS
    _mark_worlds(page, rules)


def _mark_certain(page: Any, rules: Rulebook) -> None:
    """The page says of each class which marks let a candidate happen in every world, and from which mark on none happens but in bursts.

    On the safe side of the products of `behaviour.decide`. No event is certain whose heat or nearness to a gate is of interest.
    """
    least, most = np.array(rules.accept), np.array(rules.accept)
    believed = np.exp(-rules.deter * max(1.0, rules.belief))
    for factor in (rules.strain**rules.strain_most, believed, rules.near, rules.weary):
        least, most = least * np.minimum(factor, 1.0), most * np.maximum(factor, 1.0)
    alone = (rules.near == 1.0) & (rules.burst == 0.0)
    page["least"][: least.size], page["most"][: most.size] = np.where(alone, least * (1 - SLACK), 0.0), most * (1 + SLACK)


def _mark_lines(page: Any, rules: Rulebook) -> None:
    """The page says at which lines a score has a consequence: those of gates, lists and bands, from the lowest, by row and score.

    Before them lies one that every score has reached, after them as many as there is room for that none does. A score is at level n where
    it has reached line n, but not the next. By level: bits of the gates that are shut, and bit D for a redlist; of the lists that call for
    a term; and the band of the first score.
    """
    page["lines"][...], page["lines"][..., 0] = BEYOND, -BEYOND
    domains = rules.child_domain.size
    below = (rules.list_kind == ListKind.SCORE_BELOW) & (rules.list_domain >= 0)
    for r, s in np.ndindex(rules.start.shape):
        gates = np.flatnonzero((rules.gate_score == s) & (rules.opens_at[r] != ALWAYS_OPEN))
        calls = np.flatnonzero((rules.list_score == s) & below[r])
        reds = np.flatnonzero((rules.list_score == s) & (rules.list_kind[r] == ListKind.SCORE_ABOVE))
        cuts = rules.cuts[r, : rules.cuts.shape[1] if s == 0 else 0]
        opens, marks, high = rules.opens_at[r, gates], rules.list_mark[r, calls], rules.list_mark[r, reds]
        lines = np.unique(np.concatenate((opens, marks, high, cuts)))
        page["lines"][r, s, 1 : 1 + lines.size] = lines
        here = page["lines"][r, s, : 1 + lines.size, None]  # the least score of each level
        shut = ((here < opens) << gates).sum(axis=1) | ((here >= high).any(axis=1) << domains)
        page["shuts"][r, s, : shut.size] = shut
        page["calls"][r, s, : shut.size] = ((here < marks) << calls).sum(axis=1)
        if s == 0:
            page["banded"][r, : shut.size] = (here >= cuts).sum(axis=1)
    page["restless"] = sum(1 << int(s) for s in {int(page["tied"]), int(page["watched"])} if s >= 0)


def _mark_offsets(page: Any, rules: Rulebook) -> None:
    """The page says of each score between which offsets by traits somebody without records is never nearer to a line than one minor record,
    and always in the same band."""
    rows = np.unique(rules.row[rules.ruled[rules.row] == 1])
    harm, good = np.minimum(rules.minor, 0), np.maximum(rules.minor, 0)
    for s in range(rules.start.shape[1]):
        least, most = (ALWAYS_OPEN // 4, -ALWAYS_OPEN // 4) if s > 0 else (0, 0)
        for r in rows:
            below = (rules.list_kind[r] == ListKind.SCORE_BELOW) & (rules.list_score == s)
            above = (rules.list_kind[r] == ListKind.SCORE_ABOVE) & (rules.list_score == s)
            gates = (rules.gate_score == s) & (rules.opens_at[r] != ALWAYS_OPEN)
            for line in (*rules.list_mark[r, below], *rules.opens_at[r, gates]):
                least = max(least, line - rules.start[r, s] - harm[r]) if rules.highest[r, s] >= line else most + 1
            for line in rules.list_mark[r, above]:
                most = min(most, line - 1 - rules.start[r, s] - good[r]) if rules.lowest[r, s] < line else least - 1
        page["least_offset"][s], page["most_offset"][s] = least, most


def _mark_calm(page: Any, rules: Rulebook) -> None:
    """The page says which classes are calm (`calm.py`), and how far and how long a record can bring a person towards a gate, or to lose
    appeals."""
    points, discretion = rules.points[:, 0], rules.discretion[:, 0]
    touches = (rules.link != Link.NONE) | (rules.procedure != Procedure.NONE) | rules.contestable.any(axis=0)
    touches |= (points < 0).any(axis=0) | discretion.any(axis=0) | (page["reads"][: rules.link.size] == 1)
    alone = (rules.strain == 1.0) & (rules.deter == 0.0) & (rules.burst == 0.0)
    alone &= ~np.isin(np.arange(alone.size), rules.channel_class[touches])
    sums = not (rules.ledger[:, 0].any() or rules.proxy[0] or rules.proxy_cell[0].any() or rules.tied == 0 or (rules.part[:, 0] >= 0).any())
    calm = alone & sums & (page["reactive"][: alone.size] == 1)
    page["calm"][: calm.size], page["calms"] = calm, calm.any()
    lines = page["highest_line"][: rules.opens_at.shape[0]]
    room = np.minimum(rules.start[:, 0], rules.highest[:, 0]) - np.maximum(lines, ALWAYS_OPEN // 2)
    room = np.where((lines != ALWAYS_OPEN) & (rules.ruled == 1), room, -ALWAYS_OPEN // 2)
    page["drop"][: rules.stage_day.size] = room[rules.row].min(axis=0)
    channels = points.shape[1]
    falls = (points < 0) | (discretion > 0)
    fixed = (rules.keep_law[:, 0] == Keep.ENTRY) | ~falls
    page["longest"][:channels] = np.where(fixed.all(axis=0), np.where(falls, rules.keep[:, 0], 0.0).max(axis=0), NEVER)
    late = (rules.threat_channel == 1) & ((rules.threat == Threat.DELETE) | (rules.threat == Threat.OUTAGE))[:, None]
    page["late_from"][:channels] = np.where(late, rules.threat_from[:, None], NEVER).min(axis=0, initial=NEVER)
    page["late_until"][:channels] = np.where(late, rules.threat_until[:, None], -NEVER).max(axis=0, initial=-NEVER)
    page["worst"][:channels] = -np.minimum(points.min(axis=0), 0)
    page["widest"][:channels] = np.ceil(discretion.max(axis=0))
    page["contested"][:channels] = rules.contestable.any(axis=0)
    page["severest"], page["harshest"] = rules.severity[:, 0].max(), rules.leniency[:, 0].max()
    page["take_up_most"] = rules.take_up.max(axis=0)
    page["ability_least"], page["ability_most"] = rules.take_up_ability.min(), rules.take_up_ability.max()


def _mark_expected(page: Any, rules: Rulebook) -> None:
    """The page says about how many items a person's tape has: records, and candidates without one that wait for the state of the life."""
    least, most, calm = (page[name][: rules.accept.size] for name in ("least", "most", "calm"))
    waiting = np.where((page["reactive"][: calm.size] == 1) & (calm == 0), most - least, 0.0)
    recorded = np.bincount(rules.channel_class, rules.detect.mean(axis=1), calm.size)
    items = most * recorded + waiting * np.maximum(1.0 - recorded, 0.0)
    page["expected"] = rules.days * (rules.ceiling * rules.factor.mean(axis=1) * items).sum()


def _mark_worlds(page: Any, rules: Rulebook) -> None:
    """The page says of worlds, as bits, in which an office makes people wait, in which lives have something to say to other people, and for
    each world which earlier ones have the same rules throughout and the conduct of their own."""
    worlds = rules.quality.size
    offices = np.flatnonzero((rules.office[rules.row] > 0).any(axis=1))
    page["queues"] = sum(1 << int(w) for w in offices)
    page["sends"] = (1 << worlds) - 1 if page["reviews"] or page["answers"] else page["queues"]
    for w in range(worlds):
        if page["waits"] and rules.conduct[w] >= 0:
            continue
        own = np.logical_or(rules.conduct[:w] < 0, page["waits"] == 0)
        equal = np.logical_and(own, (rules.row[:w] == rules.row[w]).all(axis=1))
        page["like"][w] = sum(1 << int(v) for v in np.flatnonzero(equal))
