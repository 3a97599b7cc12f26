"""What is closed to a person: own gates at the ages they concern, those of children through their parents, those applied for together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from counterlife.layout import YEAR, Parents, Rulebook

from .plain_life import Change, Life

WINDOW = None  # the cause of a change in a view that no life made: an age was reached
GROWN = 18 * YEAR


def edges(rules: Rulebook, age: float) -> Iterator[float]:
    """The days on which a gate begins or ceases to concern somebody of this age at the start."""
    for d in range(len(rules.child_domain)):
        yield from (float(edge - age) for edge in (rules.domain_from[d], rules.domain_until[d]) if edge > age)


def concerns(rules: Rulebook, age: float, d: int, time: float) -> bool:
    """Whether the gate of domain d concerns a person from the instant given on."""
    return bool(rules.domain_from[d] - age <= time < rules.domain_until[d] - age)


def view(lives: Sequence[Life], i: int) -> list[Change]:
    """The domains closed to person i, given everybody's life in a world."""
    who = lives[i].who
    guardians = [lives[g] for g in sorted({int(who["guardian"]), int(who["guardian2"])} - {-1})]
    household = [lives[i]]
    if lives[i].age >= GROWN and lives[i].rules.together.any():
        household = [life for life in lives if life.age >= GROWN and life.who["household"] == who["household"]]
    return seen(lives[i], guardians, household)


def seen(life: Life, guardians: Sequence[Life], household: Sequence[Life]) -> list[Change]:
    """The changes of what is closed to the person of a life, whose grown household is given (the person among them)."""
    rules = life.rules
    by_score = bool((rules.parents != Parents.ANY).any())
    edges = {float(edge[d]) - life.age for edge in (rules.domain_from, rules.domain_until) for d in range(len(rules.child_domain))}
    made = {change.time for other in [*household, *guardians] for change in other.changes}
    made |= {time for guardian in guardians for time, _ in guardian.shown if by_score}
    changes: list[Change] = []
    for time in sorted({time for time in edges | made if 0 <= time < rules.days}):
        closed = frozenset(
            d
            for d in range(len(rules.child_domain))
            if concerns(rules, life.age, d, time) and is_closed(life, guardians, household, d, time)
        )
        if not changes or changes[-1].closed != closed:
            changed = [who for who in household if who.changed_at(time, by_score=False)]
            changed += [guardian for guardian in guardians if guardian.changed_at(time, by_score)]
            causes = [who.caused[time] for who in changed if time in who.caused]
            changes.append(Change(time, closed, max(causes) if causes else WINDOW))
    return changes


def is_closed(life: Life, guardians: Sequence[Life], household: Sequence[Life], d: int, time: float) -> bool:
    """Whether domain d is closed at a time, ages aside."""
    rules = life.rules
    if rules.child_domain[d]:
        return any(d in who.closed_at(time) for who in guardians) if rules.parents[d] == Parents.ANY else fails(life, guardians, d, time)
    return any(d in who.closed_at(time) for who in (household if rules.together[d] else [life]))


def fails(life: Life, guardians: Sequence[Life], d: int, time: float) -> bool:
    """Whether the parents' lowest or mean score is too low for domain d."""
    rules, r = life.rules, life.world.row_at(time)
    if not rules.ruled[r] or not guardians:
        return False
    scores, mark = [who.scores_at(time)[rules.gate_score[d]] for who in guardians], int(rules.opens_at[r, d])
    return bool(min(scores) < mark if rules.parents[d] == Parents.WORST else sum(scores) < mark * len(scores))
