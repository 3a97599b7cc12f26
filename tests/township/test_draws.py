"""Draws: the published answers of Philox4x32-10, addresses that never meet, words that look like chance along every axis of an address."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from counterlife.layout import Place, Purpose
from counterlife.scenario.derived import stream
from counterlife.township import draws
from counterlife.township.draws import ORDINALS, address, block, exponential, gamma, pair_word, philox, uniform
from counterlife.township.jit import compiled

ALPHA = 1e-6  # seeds are fixed: a test passes always or never
ALL = 0xFFFFFFFF


def words(numbers: Sequence[int]) -> list[np.uint64]:
    """Whole numbers as the engine passes them."""
    return [np.uint64(number) for number in numbers]


# --- published answers ----------------------------------------------------------------------------------------------------------

# counter, key, output: the vectors "philox4x32 10" in tests/kat_vectors of Random123 (Salmon, Moraes, Dror and Shaw, SC 2011)
ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ALL, ALL, ALL, ALL), (ALL, ALL), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), ANSWERS, ids=["zeros", "ones", "pi"])
def test_philox_gives_the_published_answers(counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]) -> None:
    assert tuple(map(int, philox(*words(counter), *words(key)))) == answer


def test_streams_are_hashes_of_names() -> None:
    """The first four bytes of the SHA-256 of "abc" as published in FIPS 180-4, and of a name that is not ASCII."""
    assert stream("abc") == 0xBA7816BF
    assert stream("zażółć") == int(hashlib.sha256("zażółć".encode()).hexdigest()[:8], 16)


# --- addresses ------------------------------------------------------------------------------------------------------------------

PURPOSES = {
    "HOUSEHOLD": 1, "MEMBER": 2, "NAME": 3, "KIN": 4, "FRAILTY": 5, "CANDIDATE": 6, "RECORD": 7, "SETTLE": 8, "UPDATE": 9, "GHOST": 10,
    "ELSEWHERE": 11, "LISTING": 12, "LISTING_GHOST": 13, "LISTING_ELSEWHERE": 14, "JOINT": 15, "JOINT_GHOST": 16, "JOINT_ELSEWHERE": 17,
}  # fmt: skip


def test_purposes_are_only_ever_appended() -> None:
    """A purpose that changed its number would silently change every draw made for it."""
    now = {purpose.name: int(purpose) for purpose in Purpose}
    assert list(now.items())[: len(PURPOSES)] == list(PURPOSES.items())
    assert len(set(now.values())) == len(now) == len(Purpose.__members__)
    assert all(number > max(PURPOSES.values()) for name, number in now.items() if name not in PURPOSES)


def test_purposes_cannot_meet() -> None:
    """Each has the top eight bits of the fourth word to itself, and ordinals leave those bits alone."""
    for purpose in Purpose:
        number = int(getattr(draws, purpose.name))
        assert number >> 24 == purpose
        assert number & (ORDINALS - 1) == 0
        assert number <= ALL
    assert ORDINALS == 1 << 24


Cause = tuple[int, int, int, int, Purpose, int, int, int]


def below(bits: int) -> st.SearchStrategy[int]:
    """Any number of so many bits, the extremes and the simple ones often."""
    top = (1 << bits) - 1
    return st.one_of(st.sampled_from([0, 1, 2, top - 1, top, 1 << bits - 1]), st.integers(0, top))


CAUSES = st.tuples(below(11), below(21), below(32), below(32), st.sampled_from(Purpose), below(24), below(32), below(32))


def asked_for(cause: Cause) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Counter and key at which the engine draws for (region, township, person, stream, purpose, ordinal, seed, replicate)."""
    region, township, person, name, purpose, ordinal, seed, replicate = cause
    seen: list[tuple[int, ...]] = []
    plain = getattr(block, "py_func", block)

    def note(*where: np.uint64) -> tuple[int, ...]:
        seen.append(tuple(map(int, where)))
        return (0, 0, 0, 0)

    with mock.patch.object(draws, "philox", note):
        plain(address(Place(0, region, township), seed, replicate), person, np.uint64(name), getattr(draws, purpose.name), ordinal)
    ((*counter, seed_word, replicate_word),) = seen
    return tuple(counter), (seed_word, replicate_word)


@given(CAUSES)
def test_addresses_are_those_of_the_model(cause: Cause) -> None:
    """Section 1 of `docs/model.md`, and every part fits its word."""
    region, township, person, name, purpose, ordinal, seed, replicate = cause
    counter, key = asked_for(cause)
    assert counter == (person, region * 2**21 + township, name, purpose * 2**24 + ordinal)
    assert key == (seed, replicate)
    assert all(0 <= word <= ALL for word in (*counter, *key))


@given(CAUSES, st.data())
def test_two_causes_never_share_an_address(cause: Cause, data: st.DataObject) -> None:
    other = list(cause)
    part = data.draw(st.integers(0, 7))
    other[part] = data.draw(CAUSES)[part]
    assert (asked_for(cause) == asked_for(tuple(other))) == (cause == tuple(other))  # type: ignore[arg-type]


@given(CAUSES, CAUSES)
def test_two_unrelated_causes_never_share_an_address(cause: Cause, other: Cause) -> None:
    assert (asked_for(cause) == asked_for(other)) == (cause == other)


@pytest.mark.parametrize(
    ("region", "number", "seed", "replicate", "what"),
    [
        (2048, 0, 0, 0, "region 2048"),
        (0, 1 << 21, 0, 0, "township 2097152"),
        (0, 0, 1 << 32, 0, "seed 4294967296"),
        (0, 0, 0, 1 << 32, "replicate 4294967296"),
        (-1, 0, 0, 0, "region -1"),
        (0, -1, 0, 0, "township -1"),
        (0, 0, -1, 0, "seed -1"),
        (0, 0, 0, -1, "replicate -1"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(region: int, number: int, seed: int, replicate: int, what: str) -> None:
    with pytest.raises(ValueError, match=f"^{what} does not fit an address: it must lie in 0"):
        address(Place(0, region, number), seed, replicate)


def test_the_largest_numbers_fit() -> None:
    assert tuple(map(int, address(Place(0, 2047, (1 << 21) - 1), ALL, ALL))) == (ALL, ALL, ALL)


# --- plain and compiled ---------------------------------------------------------------------------------------------------------

SAME = """
from counterlife.layout import Place, Purpose
from counterlife.township import draws
import numpy as np
for n in range(40):
    at = draws.address(Place(0, 7 * n % 2048, 99991 * n % 2**21), 2**32 - 1 - n, n)
    for purpose in Purpose:
        print(*map(int, draws.block(at, 17 * n, np.uint64(n * 0x01234567), getattr(draws, purpose.name), n * 400_000)))
    k0, k1 = np.uint64(n * 99_000_001), np.uint64(n)
    print(int(draws.pair_word(n, k0, k1)), draws.uniform(k0).hex(), draws.exponential(k1, 3.0).hex())
    print(*(float(draws.gamma(at, n, k1, shape)).hex() for shape in (0.3, 0.5, 1.0, 4.0)))
"""


def test_plain_and_compiled_code_draw_the_same() -> None:
    """Whichever this process runs, another process runs the other."""
    here, there = ("1", "0") if compiled() else ("0", "1")
    outputs = []
    for switch in (here, there):
        environment = os.environ | {"COUNTERLIFE_COMPILE": switch}
        done = subprocess.run([sys.executable, "-c", SAME], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout.splitlines())
    assert outputs[0] == outputs[1]
    assert len(set(outputs[0])) == 40 * (len(Purpose) + 2)


# --- chance ---------------------------------------------------------------------------------------------------------------------

MANY = 1 << 15 if compiled() else 1 << 13
PLACE = Place(0, 44, 7)
LOAN = stream("loan_default")


def at(place: Place = PLACE, seed: int = 1, replicate: int = 0) -> draws.Address:
    """The township's part of an address."""
    return address(place, seed, replicate)


def one(where: draws.Address = at(), person: int = 3, name: int = LOAN, purpose: Purpose = Purpose.CANDIDATE, ordinal: int = 0) -> Any:  # noqa: B008
    """The words of one block."""
    return block(where, person, np.uint64(name), getattr(draws, purpose.name), ordinal)


# neighbours along each axis of an address: what a simulation walks along
WALKS: dict[str, Callable[[int], Any]] = {
    "persons": lambda n: one(person=n),
    "ordinals": lambda n: one(ordinal=n),
    "classes": lambda n: one(name=stream(f"class {n}")),
    "streams": lambda n: one(name=n),
    "townships": lambda n: one(at(Place(0, 44, n))),
    "regions": lambda n: one(at(Place(0, n % 2048, n // 2048))),
    "seeds": lambda n: one(at(seed=n)),
    "replicates": lambda n: one(at(replicate=n)),
    "purposes": lambda n: one(person=n // len(Purpose), purpose=Purpose(n % len(Purpose) + 1)),
    "pairs": lambda n: (pair_word(n, np.uint64(0x2545F491), np.uint64(0x4F6CDD1D)), *one(person=n)[1:]),
}


def suspicions(table: Any) -> dict[str, float]:
    """Probabilities, under chance, of what is seen in words (n, 4): their bytes, neighbours, words of a block, bits that flip."""
    n = table.shape[0]
    found = {}
    u = (table.astype(np.float64) + 0.5) / 2.0**32 - 0.5
    flips = np.bitwise_count(table[1:] ^ table[:-1]).astype(np.float64)
    for word in range(4):
        for byte in range(4):
            counts = np.bincount((table[:, word] >> np.uint64(8 * byte)).astype(np.int64) & 255, minlength=256)
            statistic = float(((counts - n / 256) ** 2).sum() / (n / 256))
            found[f"bytes {word}.{byte}"] = 2 * min(stats.chi2.sf(statistic, 255), stats.chi2.cdf(statistic, 255))
        for lag in (1, 2, 7):
            z = float((u[lag:, word] * u[:-lag, word]).sum()) * 12 / np.sqrt(n - lag)
            found[f"word {word}, lag {lag}"] = 2 * stats.norm.sf(abs(z))
        z = float(flips[:, word].sum() - 16 * (n - 1)) / np.sqrt(8 * (n - 1))
        found[f"flips {word}"] = 2 * stats.norm.sf(abs(z))
        for other in range(word):
            z = float((u[:, word] * u[:, other]).sum()) * 12 / np.sqrt(n)
            found[f"words {other} and {word}"] = 2 * stats.norm.sf(abs(z))
    return found


@pytest.mark.parametrize("walk", WALKS)
def test_words_along_an_axis_look_like_chance(walk: str) -> None:
    table = np.array([WALKS[walk](n) for n in range(MANY)], dtype=np.uint64)
    worst = {what: p for what, p in suspicions(table).items() if p < ALPHA}
    assert worst == {}
    assert len(np.unique(table, axis=0)) == MANY


def test_neighbouring_seeds_and_townships_are_strangers() -> None:
    """The same persons in two runs whose seeds, replicates or townships differ by one."""
    mine = np.array([one(person=n) for n in range(MANY)], dtype=np.float64) / 2.0**32 - 0.5
    for other in (at(seed=2), at(replicate=1), at(Place(0, 44, 8)), at(Place(0, 45, 7))):
        theirs = np.array([one(other, person=n) for n in range(MANY)], dtype=np.float64) / 2.0**32 - 0.5
        z = (mine * theirs).sum(axis=0) * 12 / np.sqrt(MANY)
        assert (2 * stats.norm.sf(np.abs(z)) > ALPHA).all()


def test_the_suspicions_find_what_is_not_chance() -> None:
    """A counter, a Weyl sequence, the same word in every place, and three bits that are seldom all zero."""
    good = np.array([WALKS["persons"](n) for n in range(MANY)], dtype=np.uint64)
    assert min(suspicions(good).values()) > ALPHA
    counter, seldom = np.tile(np.arange(MANY, dtype=np.uint64)[:, None], 4), good.copy()
    seldom[::2][(seldom[::2] & np.uint64(7)) == 0] += np.uint64(1)
    for bad in (counter, counter * np.uint64(0x9E3779B9) & np.uint64(ALL), np.tile(good[:, :1], 4), seldom):
        assert min(suspicions(bad).values()) < ALPHA


def test_uniform_numbers_lie_strictly_between_nothing_and_one() -> None:
    """And an exponential time is never nothing and never endless: half the smallest step is left at both ends."""
    assert 0.0 < uniform(np.uint64(0)) < 1e-9
    assert 1 - 1e-9 < uniform(np.uint64(ALL)) < 1.0
    assert uniform(np.uint64(1 << 31)) == pytest.approx(0.5, abs=1e-9)
    assert 0.0 < exponential(np.uint64(ALL), 10.0) < 1e-7
    assert exponential(np.uint64(0), 10.0) == pytest.approx(10 * 33 * np.log(2), rel=1e-12)


@pytest.mark.parametrize("shape", [0.3, 0.5, 1.0, 4.0])
def test_gamma_has_its_law_and_mean_one(shape: float) -> None:
    """Kolmogorov and Smirnov's test, which would notice a shape or a mean that is off by a tenth."""
    drawn = np.array([gamma(at(), n, np.uint64(LOAN), shape) for n in range(MANY)])
    assert stats.kstest(drawn, stats.gamma(shape, scale=1 / shape).cdf).pvalue > ALPHA
    if MANY > 1 << 14:
        for wrong in (stats.gamma(1.1 * shape, scale=1 / (1.1 * shape)), stats.gamma(shape, scale=1.1 / shape)):
            assert stats.kstest(drawn, wrong.cdf).pvalue < ALPHA


def test_gamma_of_two_classes_are_independent() -> None:
    """And so are those of two neighbours."""
    one_class, other = (np.array([gamma(at(), n, np.uint64(name), 0.5) for n in range(MANY // 4)]) for name in (LOAN, stream("smoking")))
    assert stats.spearmanr(one_class, other).pvalue > ALPHA
    assert stats.spearmanr(one_class[1:], one_class[:-1]).pvalue > ALPHA
