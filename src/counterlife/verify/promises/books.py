"""The books balance: P2, P9, P14, P15 and P26."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from ...layout import Ints, Link, Rulebook, Scope
from ...township.sheet import Tally, add
from ...township.trace import trace
from .ground import Columns, Ground
from .kept import Kept, kept, lives_in, total
from .nothing import without_errors

Sums = list[tuple[Ints, Ints]]
SPELL_DAYS = 30  # the width of a class of spells


def every_pair(rules: Rulebook) -> Rulebook:
    """The book with every ordered pair of worlds compared."""
    pairs = list(itertools.permutations(range(rules.quality.size), 2))
    return rules._replace(pair_world=np.array([w for w, _ in pairs]), pair_versus=np.array([v for _, v in pairs]))


def _as_kept(what: str, sums: Sums, lives: int, happened: int, event: str, least: int) -> Kept:
    seen, due = (np.concatenate([np.atleast_1d(pair[side]) for pair in sums]) for side in (0, 1))
    return kept(what, seen, due, lives=lives, happened=happened, event=event, least=least)


# --- P2 -------------------------------------------------------------------------------------------------------------------------------


def differences(ground: Ground, least: int = 100) -> Kept:
    """P2: D - N = (D - A) + (A - N), in every group and domain, for every three worlds; and wrongful less lenient is the difference."""
    whole = ground.under(every_pair(ground.rules))
    found, sums = whole.columns, [*_identities(whole)]
    wrongful = sum(total(found, f"people wrongful_days.{pair}.*") for pair in _pairs(whole))
    return _as_kept("differences of every three worlds", sums, whole.lives, wrongful, "wrongful domain-days", least)


def _pairs(ground: Ground) -> list[str]:
    names = ground.words.worlds
    return [f"{names[w]}~{names[v]}" for w, v in zip(ground.rules.pair_world, ground.rules.pair_versus, strict=True)]


def _identities(ground: Ground) -> Iterator[tuple[Ints, Ints]]:
    found, worlds = ground.columns, ground.words.worlds
    for d in ground.words.domains:
        harm: dict[tuple[str, str], Ints] = {}
        for w, v in itertools.permutations(worlds, 2):
            harm[w, v] = found[f"people wrongful_days.{w}~{v}.{d}"] - found[f"people lenient_days.{w}~{v}.{d}"]
            yield harm[w, v], found[f"people closed_days.{w}.{d}"] - found[f"people closed_days.{v}.{d}"]
            yield found[f"people wrongful_days.{w}~{v}.{d}"], found[f"people lenient_days.{v}~{w}.{d}"]
            in_months = found[f"months wrongful_days.{w}~{v}.{d}"] - found[f"months wrongful_days.{v}~{w}.{d}"]
            yield in_months, found[f"months closed_days.{w}.{d}"] - found[f"months closed_days.{v}.{d}"]
        for w, v, u in itertools.permutations(worlds, 3):
            yield harm[w, u], harm[w, v] + harm[v, u]


# --- P15 ------------------------------------------------------------------------------------------------------------------------------


def accounts(ground: Ground, least: int = 100) -> Kept:
    """P15: days are the lengths of spells; what begins ends or goes on; every record has one kind and one end; months and groups agree."""
    whole = ground.under(every_pair(ground.rules))
    sums = [pair for world in ground.words.worlds for pair in (*_of_world(whole, world), *_totals(whole, world))]
    sums += [pair for name in _pairs(whole) for pair in _of_spells(whole.columns, name)]
    ended = total(whole.columns, "people exits.*")
    return _as_kept("beginnings, ends, kinds and sums", sums, whole.lives, ended, "spells that ended", least)


def _of_world(ground: Ground, w: str) -> Iterator[tuple[Ints, Ints]]:
    found = ground.columns
    yield found[f"people records_in.{w}"], found[f"people records_out.{w}"] + found[f"people records_open.{w}"]
    kinds = ("right", "ghost", "stray", "misread", "inflated", "rule", "tampered", "duplicate")
    yield found[f"people records_in.{w}"], np.sum([found[f"people records.{w}.{kind}"] for kind in kinds], axis=0)
    for d in ground.words.domains:
        yield found[f"people entries.{w}.{d}"], found[f"people exits.{w}.{d}"] + found[f"people open_end.{w}.{d}"]
        beyond = found[f"people closed_days.{w}.{d}"] > found[f"people scope_days.{d}"]
        yield beyond.astype(np.int64), np.zeros(beyond.size, np.int64)


def _totals(ground: Ground, w: str) -> Iterator[tuple[Ints, Ints]]:
    found = ground.columns
    same = [(f"people closed_days.{w}.{d}", f"months closed_days.{w}.{d}") for d in ground.words.domains]
    same += [
        (f"people closed_days.{w}.*", f"spread days.{w}"),
        (f"people ever.{w}.1", f"spread people.{w}"),
        (f"people ever.{w}.1", f"months newly_closed.{w}"),
        (f"people closed_any_days.{w}", f"months closed_any_days.{w}"),
    ]
    for one, other in same:
        yield np.array([total(found, one)]), np.array([total(found, other)])
    for kind in ("right", "ghost", "stray", "stale", "lost"):
        by_channel = f"channels * {kind}.{w}" if ground.words.channels else f"channels {kind}.{w}"
        yield np.array([total(found, f"people records.{w}.{kind}")]), np.array([total(found, by_channel)])


def _of_spells(found: Columns, p: str) -> Iterator[tuple[Ints, Ints]]:
    yield found[f"people spell_days.{p}"], found[f"people wrongful_any_days.{p}"]
    counted = np.sum([column for name, column in found.items() if name.startswith(f"spells {p}.")], axis=0)
    shortest, days = np.arange(counted.size) * SPELL_DAYS, total(found, f"people spell_days.{p}")
    yield np.array([counted.sum()]), np.array([total(found, f"people spells.{p}")])
    within = shortest @ counted <= days <= (shortest + SPELL_DAYS - 1) @ counted
    yield np.array([int(within)]), np.array([1])
    ended = total(found, f"spells {p}.*") - total(found, f"spells {p}.overtaken") - total(found, f"spells {p}.open")
    yield np.array([total(found, f"people cleared.{p}")]), np.array([ended])


# --- P9 -------------------------------------------------------------------------------------------------------------------------------


def additions(tallies: Sequence[Tally], lives: int, least: int = 100) -> Kept:
    """P9: three tallies or more can be added in any order and any grouping, and one of nothing adds nothing."""
    one, two, three = tallies[:3]
    nothing = Tally(*(np.zeros_like(table) for table in one))
    sums = [(add(add(one, two), three), add(one, add(two, three))), (add(one, two), add(two, one)), (add(one, nothing), one)]
    seen, due = (np.concatenate([table.ravel() for pair in sums for table in pair[side]]) for side in (0, 1))
    happened = int(np.count_nonzero(np.concatenate([table.ravel() for table in two])))
    return kept("sums of tallies", seen, due, lives=lives, happened=happened, event="numbers other than zero", least=least)


# --- P14 ------------------------------------------------------------------------------------------------------------------------------


def given_to_one(rules: Rulebook, share: float = 0.3) -> Rulebook:
    """Nothing is wrong but that a share of records goes to one of the township with the name, and everybody can have every record."""
    return without_errors(rules)._replace(
        link=np.full_like(rules.link, Link.ASSIGN_ONE),
        link_share=np.full_like(rules.link_share, share),
        link_scope=np.full_like(rules.link_scope, Scope.TOWNSHIP),
        from_age=np.zeros_like(rules.from_age),
        strain=np.ones_like(rules.strain),
    )


def conserved(ground: Ground, world: str, accurate: str, least: int = 20) -> Kept:
    """P14: assigning records to one namesake makes none and loses none: one is too many here and one is missing there."""
    given = ground.under(given_to_one(ground.rules))
    found = given.columns
    here, twin = lives_in(found, world), lives_in(found, accurate)
    channels = {name.rpartition(" ")[0] for name in found if name.startswith("channels ")}
    sums = [(here["people records_in"].sum(), twin["people records_in"].sum())]
    for channel in sorted(channels):
        stray, lost, right = (here[f"{channel} {kind}"] for kind in ("stray", "lost", "right"))
        sums += [(stray, lost), (right + stray, twin[f"{channel} right"])]
    strays = total(found, f"people records.{world}.stray")
    pairs = [(np.atleast_1d(one), np.atleast_1d(other)) for one, other in sums]
    return _as_kept("records in all, and by channel", pairs, given.lives, strays, "records of somebody else", least)


# --- P26 ------------------------------------------------------------------------------------------------------------------------------


def told_as_counted(ground: Ground, least: int = 100) -> Kept:
    """P26: lives told one by one add up to the tally: days closed, domain by domain, of everybody in each world."""
    told, counted = [], []
    for w, world in enumerate(ground.words.worlds):
        days = np.zeros(len(ground.words.domains), np.int64)
        for person in range(ground.people.size):
            view = trace(ground.village, person, w).view
            lasting = np.diff(view["at"].astype(np.int64), append=ground.rules.days)
            days += [int(lasting[view["mask"] >> d & 1 == 1].sum()) for d in range(days.size)]
        told.append(days)
        counted.append([total(ground.columns, f"people closed_days.{world}.{d}") for d in ground.words.domains])
    shut = int(np.sum(told))
    what = "domain-days closed, life by life"
    return kept(what, told, counted, lives=2 * ground.lives, happened=shut, event="domain-days closed", least=least)
