"""The plain brother of the engine: one township lived in every world, as `docs/model.md` says.

A world is lived by all its people together, in the order of time, because an event that depends on one person's state may file a
record under another. One life is in `plain_life.py`, what may happen in `plain_tape.py`, what is counted in `plain_tallies.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from counterlife.layout import Floats, Origin, Place, Populace, Rulebook

from .plain_draws import Draws
from .plain_life import Agenda, Change, Life, Record, Turn
from .plain_tape import Candidate, Filing, Tape

WINDOW = None  # the cause of a change in a view that no life made: an age was reached


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
            if rulebook.strain[candidate.klass] != 1:
                open_ended[i].append(candidate)
            elif candidate.mark < rulebook.accept[candidate.klass]:
                certain[i, candidate.klass] += 1
                filings.extend(tape.filings(candidate))
        filings.extend(tape.ghosts(i))
        filings.extend(tape.strangers(i))
    town = Township(rulebook, people, tape, draws, open_ended)
    live_worlds(town, filings)
    for lives in town.lives:
        for (i, k), times in certain.items():
            lives[i].events[k] += times
    return town


def live_worlds(town: Township, filings: Iterable[Filing]) -> None:
    """Everybody's life and view in every world, given the filings that exist in any case."""
    for w in range(len(town.rulebook.ruled)):
        lives = {i: Life(town.rulebook, town.draws, w, i, float(person["age"])) for i, person in enumerate(town.people)}
        live_together(town, lives, filings)
        town.lives.append(list(lives.values()))
        town.views.append([view(town, w, i) for i in lives])


def live_together(town: Township, lives: Mapping[int, Life], filings: Iterable[Filing]) -> None:
    """Some people's lives in one world, given the filings that exist in any case."""
    agenda = Agenda()

    def consider(event: Candidate) -> None:
        k, life = event.klass, lives[event.person]
        strain = town.rulebook.strain[k] if life.strained(event.time) else 1.0
        if event.mark < town.rulebook.accept[k] * strain:
            life.events[k] += 1
            deliver(town.tape.filings(event))

    def deliver(some: Iterable[Filing]) -> None:
        for filing in some:
            if filing.person in lives:
                lives[filing.person].receive(filing, agenda)

    for i, life in lives.items():
        life.begin(agenda)
        for event in town.candidates[i]:
            agenda.add(event.time, Turn.CANDIDATE, event.klass, life, lambda event=event: consider(event))  # type: ignore[misc]
    deliver(filings)
    for time, touched in agenda.instants(town.rulebook.days):
        for life in touched:
            life.look(time, agenda)


def relive(town: Township, w: int, i: int, wrong: Record) -> Life:
    """Person i's life in world w with one wrong record put right: removed, or for a stale one ended when the matter was settled."""
    mine = (Origin.OWN, Origin.GARBLED)
    decided = {(event.klass, event.ordinal) for event in town.candidates[i]}  # again, by the life as it now runs
    given = [
        filing
        for filing in town.lives[w][i].received
        if filing.origin not in mine or (int(town.rulebook.channel_class[filing.channel]), filing.ordinal) not in decided
    ]
    life = Life(town.rulebook, town.draws, w, i, float(town.people[i]["age"]), put_right=wrong)
    live_together(town, {i: life}, given)
    return life


# --- what a person sees --------------------------------------------------------------------------------------------------


def concerns(rules: Rulebook, age: float, d: int, time: float) -> bool:
    """Whether the gate of domain d concerns a person from the instant given on."""
    return bool(rules.domain_from[d] - age <= time < rules.domain_until[d] - age)


def view(town: Township, w: int, i: int) -> list[Change]:
    """The domains closed to person i: own ones at the ages they concern, child domains through guardians."""
    guardians = {int(town.people[i][name]) for name in ("guardian", "guardian2")} - {-1}
    return seen(town.rulebook, town.lives[w][i], [town.lives[w][g] for g in sorted(guardians)])


def seen(rules: Rulebook, life: Life, guardians: list[Life]) -> list[Change]:
    """The changes of what is closed to the person of a life."""
    edges = {float(edge[d]) - life.age for edge in (rules.domain_from, rules.domain_until) for d in range(len(rules.child_domain))}
    made = {change.time for other in [life, *guardians] for change in other.changes}
    changes: list[Change] = []
    for time in sorted({time for time in edges | made if 0 <= time < rules.days}):
        closed = frozenset(
            d
            for d in range(len(rules.child_domain))
            if concerns(rules, life.age, d, time)
            and any(d in who.closed_at(time) for who in (guardians if rules.child_domain[d] else [life]))
        )
        if not changes or changes[-1].closed != closed:
            causes = [who.cause_at(time) for who in [*guardians, life] if who.cause_at(time) is not None]
            changes.append(Change(time, closed, causes[-1] if causes else WINDOW))
    return changes
