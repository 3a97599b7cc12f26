"""What the engine is held against is itself right: the generator, the exact answers, and the check that finds a wrong contender."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import engine, floor, sketch, w0, w0_numpy, w0_polars


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((2**32 - 1,) * 4, (2**32 - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
    ids=["zeros", "ones", "pi"],
)
def test_the_floor_draws_the_published_words(counter: tuple[int, ...], key: tuple[int, ...], words: tuple[int, ...]) -> None:
    """Known answers of philox4x32-10 from the Random123 distribution (Salmon et al., SC 2011), file kat_vectors."""
    assert tuple(int(word) for word in floor.block.py_func(*counter, *key)) == words
    assert tuple(int(word) for word in _compiled(counter, key)) == words


def _compiled(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    a, b, c, d = (np.uint64(n) for n in counter)
    return tuple(floor.block(a, b, c, d, np.uint64(key[0]), np.uint64(key[1])))


@pytest.mark.parametrize("contender", [w0_numpy, w0_polars], ids=["numpy", "polars"])
def test_contenders_agree_with_the_exact_monthly_answer(contender: object) -> None:
    assert w0.furthest(w0.live(contender, 40_000, seed=5), w0.monthly_share()) < 4.9


def test_the_engine_agrees_with_the_exact_continuous_answer() -> None:
    assert w0.furthest(w0.live(engine, engine.whole(30_000), seed=5), engine.exact()) < 4.9


def test_the_exact_continuous_answer_agrees_with_plain_lives() -> None:
    luck = np.random.default_rng(11)
    people = 8_000
    restricted = sum(_plain_life(luck) for _ in range(people))
    exact = w0.continuous_share()
    assert abs(restricted / people - exact) < 4.9 * math.sqrt(exact * (1 - exact) / people)


def _plain_life(luck: np.random.Generator) -> bool:
    """One person's 60 months, event by event; events under restriction are left out, as they change nothing."""
    rates = -np.log1p(-np.array(w0.CHANCE))
    now, score = 0.0, w0.START
    while True:
        now += luck.exponential(1 / rates.sum())
        if now >= w0.MONTHS:
            return False
        score += int(luck.choice(w0.POINTS, p=rates / rates.sum()))
        if score < w0.MARK:
            now, score = now + w0.TERM, w0.START
            if now > w0.MONTHS:
                return True


def test_the_two_exact_answers_differ_by_more_than_a_contender_may() -> None:
    """So a contender held against the wrong one would be found at a million people."""
    apart = w0.continuous_share() - w0.monthly_share()
    assert apart / math.sqrt(0.143 * 0.857 / 1e6) > 3


@pytest.mark.parametrize(
    "outcome",
    [([50, 51], [7, 7]), ([50, 50], [51, 7]), ([50, 50], [-1, 7])],
    ids=["too many people", "more restricted than there are", "negative"],
)
def test_impossible_counts_are_refused(outcome: tuple[list[int], list[int]]) -> None:
    contender = SimpleNamespace(__name__="broken", live=lambda people, seed: outcome)
    with pytest.raises(ArithmeticError, match="broken counted"):
        w0.live(contender, 100, seed=0)


def test_one_wrong_group_is_enough_to_disagree() -> None:
    right = [143_000] * 4
    assert w0.furthest(w0.Outcome([1_000_000] * 4, right), 0.143) < 0.01
    assert w0.furthest(w0.Outcome([1_000_000] * 4, [*right[:3], 146_000]), 0.143) > 4.9


def test_the_sketch_lives_every_year_at_the_rate_of_its_rules() -> None:
    """Candidates come at rate * frailty (mean 1) * ceiling in the two worlds that have a system, ghosts in one only."""
    people, years = 2_000, 5
    per_year = 365 * 1.5 * (2 * sketch.RULES.rate[:-1].sum() + sketch.RULES.rate[-1])
    spread = math.sqrt(people) * per_year * years * 1.1  # frailty has standard deviation 1, and events a little of their own
    assert abs(sketch.measure(years, people, towns=1, repeats=1)["events"] - people * years * per_year) < 4.9 * spread
