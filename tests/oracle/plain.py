"""The plain brother of the engine: one township lived in every world, as `docs/model.md` says.

A world is lived by all its people together, in the order of time, because an event that depends on one person's state may file a
record under another, because people wait for the same offices, and because they are put in one order of their scores. One life is in
`plain_life.py`, what may happen in `plain_tape.py`, reviews in `plain_ranks.py` and `plain_ties.py`, what a person sees in
`plain_view.py`, what is counted in `plain_tallies.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from counterlife.layout import Floats, Origin, Place, Populace, Rulebook

from .plain_agenda import Turn
from .plain_draws import Draws
from .plain_life import Change, Life
from .plain_mind import reactive
from .plain_office import Waiting
from .plain_ranks import review
from .plain_record import Record
from .plain_tape import Candidate, Filing, Tape
from .plain_ties import tie
from .plain_view import edges, view
from .plain_world import World

Told = set[tuple[int, int]]  # (class, ordinal)


@dataclass
class Township:
    """A township that has been lived: `lives` and `views` by world and person."""

    rulebook: Rulebook
    people: Any
    tape: Tape
    draws: Draws
    candidates: list[list[Candidate]]  # by person: those that depend on the state of the life
    lives: list[list[Life]] = field(default_factory=list)
    views: list[list[list[Change]]] = field(default_factory=list)


def live(
    rulebook: Rulebook, populace: Populace, place: Place, people: Any, seed: int, replicate: int, own: Floats | None = None
) -> Township:
    """Everybody's life in every world. `own` holds the Gamma factors (person, class) where a class has one."""
    draws = Draws(seed, replicate, place)
    tape = Tape(rulebook, populace, draws, people, own)
    certain: Counter[tuple[int, int]] = Counter()  # (person, class)
    filings: list[Filing] = []
    open_ended: list[list[Candidate]] = []
    for i in range(len(people)):
        open_ended.append([])
        for candidate in tape.candidates(i):
            if reactive(rulebook, candidate.klass):
                open_ended[i].append(candidate)
            elif candidate.mark < rulebook.accept[candidate.klass]:
                certain[i, candidate.klass] += 1
                filings.extend(tape.filings(candidate))
        filings.extend(tape.ghosts(i))
        filings.extend(tape.strangers(i))
        filings.extend(tape.tampered(i))
    town = Township(rulebook, people, tape, draws, open_ended)
    live_worlds(town, filings)
    for lives in town.lives:
        for (i, k), times in certain.items():
            lives[i].events[k] += times
    return town


def live_worlds(town: Township, filings: Sequence[Filing]) -> None:
    """Everybody's life and view in every world, given the filings that exist in any case; whose conduct is lived comes first."""
    rules = town.rulebook
    town.lives = [[] for _ in rules.quality]
    for w in sorted(range(len(rules.quality)), key=lambda w: len(ancestors(rules, w))):
        world = World(rules, town.draws, w)
        lives = {i: Life(world, i, person) for i, person in enumerate(town.people)}
        live_together(town, world, lives, filings)
        town.lives[w] = list(lives.values())
    town.views = [[view(lives, i) for i in range(len(town.people))] for lives in town.lives]


def ancestors(rules: Rulebook, w: int) -> list[int]:
    """The worlds whose conduct is lived in a world, one through the other."""
    of = int(rules.conduct[w])
    return [] if of < 0 else [of, *ancestors(rules, of)]


def live_together(
    town: Township,
    world: World,
    lives: Mapping[int, Life],
    filings: Iterable[Filing],
    others: Iterable[tuple[tuple[int, int], Waiting]] = (),
) -> None:
    """Some people's lives in one world, given the filings that exist in any case and other people's cases before the offices."""
    of = int(town.rulebook.conduct[world.number])

    def considering(event: Candidate) -> Callable[[], None]:
        told = town.lives[of][event.person].mind.happened if of >= 0 else None

        def act() -> None:
            if lives[event.person].mind.decides(event, told):
                deliver(town.tape.filings(event))

        return act

    def deliver(some: Iterable[Filing]) -> None:
        for filing in some:
            if filing.person in lives:
                lives[filing.person].receive(filing)

    for i, life in lives.items():
        life.begin()
        for event in town.candidates[i]:
            world.agenda.add(event.time, Turn.CANDIDATE, (i, event.klass), life, considering(event))
        for time in edges(town.rulebook, life.age):
            world.agenda.add(time, Turn.AGE, (i,), life, lambda: None)  # nothing is due, but the gates are looked at
    for office, case in others:
        world.agenda.add(case.filed, Turn.LEARN, case.order, None, lambda office=office, case=case: world.office(*office).file(case))  # type: ignore[misc]
    tie(world, town.people, lives)
    review(world, lives)
    deliver(filings)
    for time, touched in world.agenda.instants(town.rulebook.days):
        for life in touched:
            life.look(time)
    for life in lives.values():
        for record in life.records:
            if record.holds:
                record.until = float(town.rulebook.days)
                record.lasted(record.until, life.row)


def relive(town: Township, w: int, i: int, wrong: Record) -> Life:
    """Person i's life in world w with one wrong record put right: removed, or for a stale one ended when the matter was settled."""
    mine = (Origin.OWN, Origin.GARBLED)
    decided = {(event.klass, event.ordinal) for event in town.candidates[i]}  # again, by the life as it now runs

    def klass(filing: Filing) -> int:
        return int(town.rulebook.channel_class[filing.channel if filing.read_from < 0 else filing.read_from])

    given = [filing for filing in town.lives[w][i].received if filing.origin not in mine or (klass(filing), filing.ordinal) not in decided]
    as_it_was = town.lives[w][i].world
    world = World(town.rulebook, town.draws, w, lines=as_it_was.lines, taken=as_it_was.taken)
    life = Life(world, i, town.people[i], put_right=wrong)
    life.heard = {record.filing.place: record.case for record in town.lives[w][i].records if record.case is not None}
    live_together(town, world, {i: life}, given)
    return life


def nothing(_: float) -> None:
    """What other people's cases mean for a life that is lived again."""
