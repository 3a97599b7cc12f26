"""People who take over the scores of friends, and people who act for the sake of a gate: C22 and C26."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..exact import audits, incentives, ties
from ..layout import Floats, Ints, Place
from ..measures.conduct import validity
from ..scenario.compile import Compiled
from ..township.book import bind
from ..township.draws import address
from ..township.people import make
from ..township.ties import friends_of
from ..township.township import live_township
from . import solvers
from .engine import Lab, Lived
from .measured import latent, top_and_rest, value
from .stated import Check
from .tolerance import Row

SEED = 22

# --- C22: friends -----------------------------------------------------------------------------------------------------------------------

WEIGHT = 0.3
OWN = np.array([500.0, 700.0, 900.0])  # by means: low, middle, high
MARKS = dict(zip("abcdefgh", (560.0, 560.01, 621.234, 700.0, 700.01, 777.777, 840.0, 840.01), strict=True))
BETWEEN = ("b", "c", "e", "f", "h")  # marks that are no round score
NEAR = 0.001  # points: rounding to half a thousandth a round comes to no more than 0.0005 / (1 - 0.3)
OF_THREE = ("population.township=3", "score.friends.number=2")


def friends(lab: Lab) -> Iterator[Row]:
    """C22: scores that take over a share of the scores of others, in the networks that the engine draws."""
    yield from _stars(lab)
    yield from _networks(lab)
    yield from solvers.tied(lab)


def _drawn(one: Compiled, place: Place) -> tuple[Ints, Ints]:
    """Who is a friend of whom, (people, friends), and everybody's means: 0, 1 or 2."""
    at = address(place, SEED, 0)
    people = make(at, one.populace, place.row, one.rulebook.frailty_shape)
    return friends_of(at, bind(one.rulebook, one.populace), people), people["means"]


def _closed(one: Lived, marks: tuple[str, ...]) -> Ints:
    """People below each of the marks at the end, (townships, marks)."""
    return np.array([one.each(f"open_end.accurate.{mark}") for mark in marks]).T


def _stars(lab: Lab) -> Iterator[Row]:
    """Townships of three that are a star of 700 between 500 and 900; what comes of them is printed."""
    t, one = lab.tolerance, lab.scenario("c22", OF_THREE)
    drawn, found = np.zeros((3, 3)), []
    where = lab.places(one, lab.townships(20_000, 4_000))
    for place in where:
        named, means = _drawn(one, place)
        for of, others in enumerate(named):
            for friend in others:
                drawn[of, friend if friend >= 0 else of] += 1
        middle = np.flatnonzero(means == 1)
        if sorted(means) == [0, 1, 2] and is_star(named, int(middle[0])):
            found.append(place)
    yield t.law("whom each of three people has for friends", drawn, np.full(9, 2.0 * len(where) / 3.0), 3)
    yield t.holds("there are stars among them", len(found) >= 5)
    lives = Lived(one, tuple(live_township(place, one.rulebook, one.populace, SEED, 0) for place in found))
    due = [int((np.array([700.0, 560.0, 840.0]) < mark).sum()) for mark in MARKS.values()]
    yield t.equal("people below each mark in a star, as printed", _closed(lives, tuple(MARKS)), np.tile(due, (len(found), 1)))


def is_star(named: Ints, middle: int) -> bool:
    """Whether one of three people has both others for friends, and these have nobody else."""
    others = set(range(3)) - {middle}
    return all(set(friends) - {-1} == (others if of == middle else {middle}) for of, friends in enumerate(named.tolist()))


def _networks(lab: Lab) -> Iterator[Row]:
    """Townships of 400 with three friends each, in the end and on the way there."""
    t, many = lab.tolerance, (30, 6)
    for days, rounds in ((41, 39), (3, 1), (4, 2), (7, 5)):
        one = lab.live("c22", many[0], SEED, (f"period.length={days} days",), (many[1], None))
        least, most = [], []
        for place in one.where:
            named, means = _drawn(one.scenario, place)
            own, network = OWN[means], weights(named)
            scores = ties.settled(WEIGHT, own, network) if rounds > 30 else ties.after(WEIGHT, own, network, own, rounds)
            least.append([int((scores < MARKS[mark] - NEAR).sum()) for mark in BETWEEN])
            most.append([int((scores < MARKS[mark] + NEAR).sum()) for mark in BETWEEN])
        closed = _closed(one, BETWEEN)
        off = np.maximum(closed - np.array(most), 0) + np.maximum(np.array(least) - closed, 0)
        said = "settled" if rounds > 30 else f"rounds: {rounds}"
        yield t.never(f"people on the wrong side of a mark, {said}", int(off.sum()), one.persons * len(BETWEEN))


def weights(named: Ints) -> Floats:
    """How much of each person's mean friend everybody is; who has no friend takes from nobody and stays."""
    found = np.zeros((len(named), len(named)))
    for of, others in enumerate(named):
        there = others[others >= 0]
        np.add.at(found[of], there if there.size else [of], 1.0 / max(there.size, 1))
    return found


# --- C26: gaming ------------------------------------------------------------------------------------------------------------------------

MARK, REACH, WORTH = -0.5, 2.0, 200.0  # in standard deviations of the score, and an act in points
ACTING = -math.expm1(-0.5 * 20.0)  # of those who would, so many do it in the period


def below(score: float) -> float:
    """Share of people with a lower score, in standard deviations: minus the logarithm of an exponential frailty (Gumbel's law)."""
    return math.exp(-math.exp(-np.euler_gamma - score * math.pi / math.sqrt(6.0)))


def gaming(lab: Lab) -> Iterator[Row]:
    """C26: whoever can reach the mark comes over it."""
    t, one = lab.tolerance, lab.live("c26", 50, SEED, quick=(3, None))
    every = (np.arange(1000) + 0.5) / 1000  # abilities: people reach as far as theirs, all being as frequent
    share = ACTING * float(np.mean([incentives.moved(below, MARK, REACH * ability) for ability in every]))
    shut, gamed, acts = (one.total(name) for name in ("open_end.worthless.loan", "open_end.accurate.loan", "near.accurate"))
    yield t.share("people below the gate whose acts are worth nothing", shut, one.persons, below(MARK))
    yield t.share("people who come over it by acting", shut - gamed, one.persons, share)
    yield t.equal("they are those who acted near it, once each", acts, shut - gamed)
    for world, moving, said in (("worthless", 0.0, "acts that are worth nothing"), ("accurate", ACTING, "acts that count")):
        ranking = audits.auc_of_classes(*_classes(one.scenario, moving))
        seen = value(validity(one.sample), world, "AUC")
        error = math.sqrt(sum(spread**2 / n for spread, n in zip(ranking[1:], top_and_rest(one, world), strict=True)))
        yield t.mean(f"measure M16: ranking with {said}", seen, error, ranking[0])
    yield from solvers.gamed(lab)


def _classes(one: Compiled, moving: float) -> tuple[Floats, Floats]:
    """Laws of the score at the end of the tenth with most latent conduct and of the others, over the classes of the meter."""
    share = (np.arange(1_000_000) + 0.5) / 1_000_000  # of people with a lower frailty
    score = latent(share)
    off = MARK - score
    moves = np.where((off > 0.0) & (off <= REACH), moving * (1.0 - off / REACH), 0.0)
    laws = []
    for there in (share > 0.9, share <= 0.9):
        law = np.zeros(256)
        for points, chance in ((500.0 + 100.0 * score, 1.0 - moves), (500.0 + 100.0 * score + WORTH, moves)):
            place = (np.rint(1000.0 * points[there]) - one.rulebook.meter_low) // one.rulebook.meter_step
            np.add.at(law, np.clip(place, 0, 255).astype(int), chance[there])
        laws.append(law / law.sum())
    return laws[0], laws[1]


CHECKS = (
    Check("C22", "Scores of friends", "(I − αW)⁻¹ (1 − α) s", "ties.settled, ties.after, ties.most_off", friends),
    Check(
        "C26",
        "Gaming",
        "F(θ) − F(θ − g) moved, g being as far as one is able to reach",
        "incentives.moved, incentives.gamed, audits.auc_of_classes",
        gaming,
    ),
)
