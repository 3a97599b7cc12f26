"""Whether more can only ever mean worse: P3, P4 and P19, asked of every person, domain and day.

In a design that `scenario/monotone.py` calls monotone a harsher rule or one more bad record never opens a gate. Each thing that breaks that
is shown to break it, or the word monotone would be an excuse. The rate of ghosts is raised from nothing only: another rate moves the days
on which they come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ...layout import ALWAYS_OPEN, NEVER, YEAR, Keep, ListKind, Rulebook
from .ground import Ground, Shut
from .kept import Kept, PowerlessError, kept, never
from .nothing import ACCURATE, DESIGNED

Change = Callable[[Rulebook], Rulebook]
Shuts = tuple[Shut, Shut]


def good(rules: Rulebook) -> Any:
    """For each channel, whether its records bring points."""
    return (rules.points > 0).any(axis=(0, 1))


def one_way(rules: Rulebook) -> Rulebook:
    """The book without anything that `scenario/monotone.py` names: more bad records can only mean more restrictions."""
    below = rules.list_kind == ListKind.SCORE_BELOW
    marked = good(rules)
    noise = (rules.severity != 0) | (rules.leniency != 0)
    noise[:, 0] = False
    return rules._replace(
        near=np.ones_like(rules.near),
        weary=np.maximum(rules.weary, 1.0),
        belief_rate=0.0,
        misread=np.where(marked[:, None] | marked[None, :], 0.0, rules.misread),
        severity=np.where(noise, rules.severity, 0.0),
        leniency=np.where(noise, rules.leniency, 0.0),
        discretion=np.where(noise[:, :, None], 0, np.minimum(rules.discretion, np.abs(rules.points))),
        keep_law=np.where(rules.keep_law == Keep.SETTLEMENT, Keep.ENTRY, rules.keep_law),
        list_term=np.where(below, NEVER, rules.list_term),
        list_resets=np.zeros_like(rules.list_resets),
        most_closed=np.full_like(rules.most_closed, rules.child_domain.size),
        closes_lowest=np.zeros_like(rules.closes_lowest),
        asks=np.zeros_like(rules.asks),
        office=np.zeros_like(rules.office),
    )


def at_once(rules: Rulebook) -> Rulebook:
    """The book with joint sanctions that end with what brought them."""
    return rules._replace(joint_off=np.zeros_like(rules.joint_off), joint_lost=np.zeros_like(rules.joint_lost))


# --- what can be made harsher ---------------------------------------------------------------------------------------------------------


def higher_gates(rules: Rulebook) -> Rulebook:
    """Every gate that looks at a score opens later."""
    return rules._replace(opens_at=np.where(rules.opens_at == ALWAYS_OPEN, ALWAYS_OPEN, rules.opens_at + step(rules)))


def step(rules: Rulebook) -> int:
    """A difference of scores that matters: a quarter of the heaviest record."""
    return int(np.abs(rules.points).max()) // 4 or 1


def heavier_points(rules: Rulebook) -> Rulebook:
    """Bad records cost half as much again."""
    return rules._replace(points=np.where(rules.points < 0, rules.points * 3 // 2, rules.points))


def sharper_eyes(rules: Rulebook) -> Rulebook:
    """Half of the bad acts that nobody noticed are noticed."""
    return rules._replace(detect=np.where(good(rules)[:, None], rules.detect, (1 + rules.detect) / 2))


def more_ghosts(rules: Rulebook) -> Rulebook:
    """Where no ghosts were, they come; only bad ones."""
    return rules._replace(ghost=np.where(good(rules)[:, None] | (rules.ghost > 0), rules.ghost, 0.3 / YEAR))


def wider_sanctions(rules: Rulebook) -> Rulebook:
    """A sanction reaches domains that it did not, and more often those that it did."""
    return rules._replace(joint=np.where(np.eye(rules.child_domain.size, dtype=bool), rules.joint, np.maximum(rules.joint, 0.5)))


def longer_memory(rules: Rulebook) -> Rulebook:
    """Bad records count half as long again, on scores and on lists."""
    return rules._replace(keep=np.where(good(rules), rules.keep, rules.keep * 1.5), list_term=rules.list_term * 1.5)


def twice_the_ghosts(rules: Rulebook) -> Rulebook:
    """Ghosts come twice as often."""
    return rules._replace(ghost=2 * rules.ghost)


HARSHER: dict[str, Change] = {
    one.__name__: one for one in (higher_gates, heavier_points, sharper_eyes, more_ghosts, wider_sanctions, longer_memory)
}


def both(ground: Ground) -> Shuts:
    """Who is shut out when, as designed and with accurate records."""
    return ground.shut(DESIGNED), ground.shut(ACCURATE)


# --- P3 and P19 -----------------------------------------------------------------------------------------------------------------------


def never_milder(what: str, mild: Shuts, harsh: Shuts, least: int = 1) -> Kept:
    """P3, and P19 read backwards: what is harsher opens no gate for anybody on any day, and shuts somebody out somewhere."""
    opened = np.array([one & ~other for one, other in zip(mild, harsh, strict=True)])
    more = int(harsh[DESIGNED].sum() - mild[DESIGNED].sum())
    if mild[DESIGNED].sum() < least:
        raise PowerlessError(f"{what}: nobody is shut out before it")
    return never(f"gates opened by {what}", opened, lives=4 * mild[0].shape[0], happened=more, event="domain-days closed besides")


def wrongful_falls(what: str, mild: Shuts, harsh: Shuts) -> Kept:
    """P19: W0, the domain-days that are wrongful beside the accurate twin of the harsher design, are no more in the milder one."""
    before, after = (int((shut[DESIGNED] & ~harsh[ACCURATE]).sum()) for shut in (harsh, mild))
    return kept(
        f"days wrongful without {what}", after > before, False, lives=4 * mild[0].shape[0], happened=before - after, event="days fewer"
    )


def capped(ground: Ground) -> Kept:
    """P19: under a cap on closed gates nobody is shut out of anything that is open to them without it."""
    rules = ground.rules
    free, two = (ground.under(rules._replace(most_closed=np.full_like(rules.most_closed, most))) for most in (rules.child_domain.size, 2))
    one, other = free.shut(DESIGNED), two.shut(DESIGNED)
    spared = int((one & ~other).sum())
    return never(
        "gates closed by a cap", other & ~one, lives=2 * int(ground.people.size), happened=spared, event="domain-days that it opens"
    )


# --- P4 -------------------------------------------------------------------------------------------------------------------------------


# each thing that breaks the order: what is put into a monotone book, beside the book as it was, and what is then made harsher


def waiting(rules: Rulebook, own: Rulebook) -> Rulebook:
    """People wait for one reviewer."""
    del own
    return rules._replace(office=np.ones_like(rules.office), offices=np.ones_like(rules.offices), decide_days=0 * rules.decide_days + 20.0)


def asking(rules: Rulebook, own: Rulebook) -> Rulebook:
    """A refusal starts the appeal that opens another gate."""
    return rules._replace(asks=own.asks)


def deterred(rules: Rulebook, own: Rulebook) -> Rulebook:
    """A restriction deters from the next act."""
    del own
    return rules._replace(deter=np.full_like(rules.deter, 3.0), belief=0.1, belief_rate=0.01, reacts=1.0)


def under_a_cap(rules: Rulebook, own: Rulebook) -> Rulebook:
    """A gate that closes opens another."""
    del own
    return rules._replace(most_closed=np.ones_like(rules.most_closed))


def turned_round(rules: Rulebook, own: Rulebook) -> Rulebook:
    """Officers differ in what a case is worth to them, and may add as many points as it should cost."""
    del own
    return rules._replace(leniency=np.ones_like(rules.leniency), discretion=np.abs(rules.points))


def as_good(rules: Rulebook, own: Rulebook) -> Rulebook:
    """Many bad acts, of which strain brings more, are written down as good ones."""
    source = good(rules)[None, :] & ~good(rules)[:, None]
    return rules._replace(misread=np.where(source, 0.4, np.zeros_like(own.misread)))


def lasting_on(rules: Rulebook, own: Rulebook) -> Rulebook:
    """A sanction by a shorter way is over sooner."""
    return rules._replace(joint_off=own.joint_off)


def in_order(rules: Rulebook, own: Rulebook) -> Rulebook:
    """A gate closes for the lowest fifth at every review."""
    del own
    lowest = np.zeros_like(rules.closes_lowest)
    lowest[:, 0] = 200_000
    return rules._replace(closes_lowest=lowest, opens_at=np.full_like(rules.opens_at, ALWAYS_OPEN), review_days=60.0)


def as_they_are(rules: Rulebook, own: Rulebook) -> Rulebook:
    """Nothing is put into the book: what is made harsher moves days."""
    del own
    return rules


BREAKS: dict[str, tuple[Callable[[Rulebook, Rulebook], Rulebook], Change]] = {
    "people wait for one another": (waiting, sharper_eyes),
    "a refusal starts the appeal that opens another gate": (asking, wider_sanctions),
    "a restriction deters from the next act": (deterred, more_ghosts),
    "under a cap a gate that closes opens another": (under_a_cap, higher_gates),
    "an officer turns points round": (turned_round, more_ghosts),
    "bad acts are written down as good ones": (as_good, sharper_eyes),
    "a sanction by a shorter way is over sooner": (lasting_on, wider_sanctions),
    "somebody must always be last": (in_order, sharper_eyes),
    "another rate of ghosts, another day for each": (as_they_are, twice_the_ghosts),
}


def twin_is_freed(long: Ground, short: Ground) -> Kept:
    """P4: days wrongful can rise when memory is shortened, for the twin is freed too; beside the twin of the long memory they fall."""
    kept_long, forgotten = both(long), both(short)
    rise = int((forgotten[DESIGNED] & ~forgotten[ACCURATE]).sum() - (kept_long[DESIGNED] & ~kept_long[ACCURATE]).sum())
    fall = int((kept_long[DESIGNED] & ~kept_long[ACCURATE]).sum() - (forgotten[DESIGNED] & ~kept_long[ACCURATE]).sum())
    return kept(
        "wrongful days under a shorter memory",
        [rise > 0, fall > 0],
        [True, True],
        lives=2 * long.lives,
        happened=max(rise, 0),
        event="more",
    )


def broken_for_somebody(why: str, tries: Iterable[Ground], change: Change) -> Kept:
    """P4: somebody is better off for what is harsher, so that the order does not hold and the tag must not say so."""
    lives, found = 0, 0
    for ground in tries:
        found = int((ground.shut(DESIGNED) & ~ground.under(change(ground.rules)).shut(DESIGNED)).sum())
        lives += 2 * int(ground.people.size)
        if found:
            break
    return kept(f"a counterexample: {why}", found > 0, True, lives=lives, happened=max(found, 1), event="domain-days that it opens")
