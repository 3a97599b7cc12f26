"""A battery for the words of the engine, at the addresses that it uses: along each axis of an address, all looks counted as one test.

Published answers of Philox4x32-10 and quicker looks are in `test_draws.py`; these are more words and other statistics. Each axis has
131,072 addresses that are neighbours there, of four words each (8,192 where nothing is compiled); seeds are those that people type, from
0 on. For each table of words:

* bytes: the highest and the lowest byte of each word, chi-square with 255 degrees of freedom;
* neighbours: the highest and the lowest six bits (three) of two neighbours, in a square of 64 by 64 cells, 65,536 pairs, chi-square;
* correlation: of each word with its neighbour, normal approximation;
* bits: how often each of the 128 bits is set, exactly binomial;
* runs: how often each of the 128 bits changes between neighbours, exactly binomial;
* spacings: Marsaglia's birthday spacings, blocks of 4,096 words in 2^32 days, four equal spacings expected in each, Poisson;
* words: the highest and the lowest bits of every two of the four words of a block, in such a square.

Avalanche: one bit of the address changes, each of 192 in turn, at 512 addresses (64): how many bits of the four words change, for each
bit of the address, exactly binomial; and for all pairs of a bit in and a bit out together, chi-square with 24,576 degrees of freedom.

All are two-sided; the least of some 3,100 probabilities is held against 1e-6 over their number (Bonferroni). The addresses are fixed: a
test passes always or never.

What this cannot show: a flaw too small for some 10^5 words, or one that only shows in combinations of axes that are not here; and that
words are unpredictable, which they are not meant to be. Larger batteries (TestU01, PractRand) are programs and not Python packages, and
test one long stream rather than addresses. Philox4x32-10 itself passes BigCrush (Salmon, Moraes, Dror and Shaw, SC 2011); what is ours,
and is tested here, is how addresses are made from causes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from counterlife.layout import Place, Purpose
from counterlife.scenario.derived import stream
from counterlife.township.draws import address, block
from counterlife.township.jit import compiled, entry

ALPHA = 1e-6
MANY = 1 << 17 if compiled() else 1 << 13
STARTS = 512 if compiled() else 64
BIRTHDAYS = 1 << 12
SQUARE_BITS = 6 if compiled() else 3

Table = Any  # of uint64: addresses (n, 6), words (n, 4)
Generator = Callable[[Table], Table]

# columns of an address: what the township shares, and the cause; the event is purpose * 2^24 + ordinal
PLACE, SEED, REPLICATE, PERSON, STREAM, EVENT = range(6)
ORDINAL = np.uint64((1 << 24) - 1)


@entry
def fill(addresses: Table, words: Table) -> None:
    """The words of each address as the engine draws them."""
    for n in range(addresses.shape[0]):
        one = addresses[n]
        at = (one[PLACE], one[SEED], one[REPLICATE])
        words[n, 0], words[n, 1], words[n, 2], words[n, 3] = block(
            at, one[PERSON], one[STREAM], one[EVENT] & ~ORDINAL, one[EVENT] & ORDINAL
        )


def drawn(addresses: Table) -> Table:
    """The engine's words."""
    words = np.empty((len(addresses), 4), np.uint64)
    fill(addresses, words)
    return words


# --- axes -----------------------------------------------------------------------------------------------------------------------


def addresses(**columns: Any) -> Table:
    """Addresses that differ in the columns given: everything else is that of one candidate event of person 3."""
    where = address(Place(0, 44, 7), 1, 0)
    usual = {
        "place": where[0],
        "seed": where[1],
        "replicate": where[2],
        "person": 3,
        "stream": stream("loan_default"),
        "event": Purpose.CANDIDATE << 24,
    }
    assert columns.keys() < usual.keys()
    return np.column_stack([np.broadcast_to(np.asarray(column), MANY).astype(np.uint64) for column in (usual | columns).values()])


def named(pattern: str, number: int) -> Table:
    """The streams of so many names."""
    return np.array([stream(pattern.format(n)) for n in range(number)], np.uint64)


N = np.arange(MANY)
AXES: dict[str, Callable[[], Table]] = {
    "persons": lambda: addresses(person=N),
    "ordinals": lambda: addresses(event=(Purpose.CANDIDATE << 24) + N),
    "classes": lambda: addresses(stream=named("class {}", MANY)),
    "copies of records": lambda: addresses(stream=(named("source {}/loan", MANY >> 5)[:, None] ^ named("score:{}", 32)).ravel()),
    "purposes": lambda: addresses(person=N // len(Purpose), event=(N % len(Purpose) + 1) << 24),
    "townships": lambda: addresses(place=(44 << 21) + N),
    "regions": lambda: addresses(place=((N % 2048) << 21) + N // 2048),
    "seeds": lambda: addresses(seed=N),
    "replicates": lambda: addresses(replicate=N),
    "the same people in runs of neighbouring seeds": lambda: addresses(seed=N % 32, person=N // 32),
}


# --- the battery ----------------------------------------------------------------------------------------------------------------


def two_sided(law: Any, seen: Any) -> Any:
    """Twice the smaller tail, the value seen in both."""
    return np.minimum(1.0, 2 * np.minimum(law.cdf(seen), law.sf(np.asarray(seen) - (1 if hasattr(law.dist, "pmf") else 0))))


def evenly(cells: Table, number: int) -> float:
    """Chi-square of cells that should be equally full."""
    expected = cells.size / number
    statistic = ((np.bincount(cells.astype(np.int64), minlength=number) - expected) ** 2).sum() / expected
    return float(two_sided(stats.chi2(number - 1), statistic))


def ends(word: Table, bits: int) -> dict[str, Table]:
    """The highest and the lowest bits."""
    return {"high": word >> np.uint64(32 - bits), "low": word & np.uint64((1 << bits) - 1)}


def bits_of(words: Table) -> Any:
    """All 128 bits, (n, 128)."""
    return (words[:, :, None] >> np.arange(32, dtype=np.uint64) & np.uint64(1)).astype(np.uint8).reshape(len(words), 128)


def equal_spacings(word: Table) -> int:
    """Spacings that are equal to another, in all blocks of birthdays."""
    birthdays = np.sort(word.reshape(-1, BIRTHDAYS).astype(np.int64), axis=1)
    spacings = np.sort(np.diff(birthdays, axis=1), axis=1)
    return int((np.diff(spacings, axis=1) == 0).sum())


def battery(words: Table) -> dict[str, Any]:
    """Probabilities, under chance, of what is seen in a table of words, by kind of look."""
    n, side = len(words), 1 << SQUARE_BITS
    centred = (words.astype(np.float64) + 0.5) / 2.0**32 - 0.5
    bits = bits_of(words)
    found: dict[str, list[Any]] = {kind: [] for kind in ("bytes", "neighbours", "correlation", "spacings", "words")}
    for w in range(4):
        found["bytes"] += [evenly(end, 256) for end in ends(words[:, w], 8).values()]
        parts = ends(words[:, w], SQUARE_BITS)
        found["neighbours"] += [evenly(end[::2] * np.uint64(side) + end[1::2], side * side) for end in parts.values()]
        z = float((centred[1:, w] * centred[:-1, w]).sum()) * 12 / np.sqrt(n - 1)
        found["correlation"].append(2 * stats.norm.sf(abs(z)))
        expected = n / BIRTHDAYS * BIRTHDAYS**3 / 2**34
        found["spacings"].append(two_sided(stats.poisson(expected), equal_spacings(words[:, w])))
        for other in range(w):
            theirs = ends(words[:, other], SQUARE_BITS)
            found["words"] += [evenly(parts[end] * np.uint64(side) + theirs[end], side * side) for end in parts]
    return found | {
        "bits": two_sided(stats.binom(n, 0.5), bits.sum(axis=0, dtype=np.int64)),
        "runs": two_sided(stats.binom(n - 1, 0.5), (bits[1:] != bits[:-1]).sum(axis=0, dtype=np.int64)),
    }


def avalanche(generator: Generator) -> dict[str, Any]:
    """Probabilities of how many bits of the words change with one bit of the address."""
    starts = np.concatenate([axis()[:: MANY * len(AXES) // STARTS] for axis in AXES.values()])[:STARTS]
    before, changed = generator(starts), np.empty((192, 128), np.int64)
    for bit in range(192):
        other = starts.copy()
        other[:, bit // 32] ^= np.uint64(1 << bit % 32)
        changed[bit] = bits_of(before ^ generator(other)).sum(axis=0, dtype=np.int64)
    n = len(starts)
    statistic = ((changed - n / 2) ** 2).sum() / (n / 4)
    return {
        "each bit of the address": two_sided(stats.binom(128 * n, 0.5), changed.sum(axis=1)),
        "all pairs of bits": [two_sided(stats.chi2(changed.size), statistic)],
    }


LOOKS = len(AXES) * (8 + 8 + 4 + 4 + 12 + 128 + 128) + 193
LEAST = ALPHA / LOOKS


def suspicious(found: dict[str, Any]) -> dict[str, float]:
    """The kinds of look whose least probability is too small."""
    least = {kind: float(np.min(probabilities)) for kind, probabilities in found.items()}
    return {kind: p for kind, p in least.items() if p < LEAST}


@pytest.mark.parametrize("axis", AXES)
def test_words_along_an_axis_are_as_chance_would_have_them(axis: str) -> None:
    found = battery(drawn(AXES[axis]()))
    assert len(AXES) * sum(map(len, found.values())) + 193 == LOOKS
    assert suspicious(found) == {}


def test_one_bit_of_the_address_changes_half_of_the_words() -> None:
    found = avalanche(drawn)
    assert sum(map(len, found.values())) == 193
    assert suspicious(found) == {}


# --- what the battery finds -----------------------------------------------------------------------------------------------------


def philox(c: list[Table], k0: Table, k1: Table, rounds: int) -> Table:
    """Philox4x32 of so many rounds on whole columns."""
    low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(rounds):
        p0, p1 = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [p1 >> half ^ c[1] ^ k0, p1 & low, p0 >> half ^ c[3] ^ k1, p0 & low]
        k0, k1 = k0 + np.uint64(0x9E3779B9) & low, k1 + np.uint64(0xBB67AE85) & low
    return np.column_stack(c)


def of_rounds(rounds: int) -> Generator:
    """The engine's addresses in so many rounds."""
    return lambda a: philox([a[:, PERSON], a[:, PLACE], a[:, STREAM], a[:, EVENT]], a[:, SEED], a[:, REPLICATE], rounds)


def seed_on_the_counter(a: Table) -> Table:
    """All ten rounds, but the seed is added to the person, where it should be the key."""
    return philox([a[:, PERSON] + a[:, SEED], a[:, PLACE], a[:, STREAM], a[:, EVENT]], a[:, REPLICATE], a[:, REPLICATE], 10)


def test_ten_rounds_are_the_engine() -> None:
    """So that what the battery finds in other generators is due to what they do otherwise."""
    for axis in AXES.values():
        some = axis()[::97]
        assert np.array_equal(of_rounds(10)(some), drawn(some))


@pytest.mark.parametrize("axis", AXES)
def test_the_battery_finds_two_rounds(axis: str) -> None:
    assert suspicious(battery(of_rounds(2)(AXES[axis]())))


@pytest.mark.parametrize("rounds", [2, 3, 4])
def test_the_avalanche_finds_too_few_rounds(rounds: int) -> None:
    assert suspicious(avalanche(of_rounds(rounds))).keys() == {"each bit of the address", "all pairs of bits"}


def test_the_battery_finds_seeds_that_are_steps() -> None:
    """A run is then its neighbour, moved by one person: along persons or seeds alone nobody could tell."""
    assert suspicious(battery(seed_on_the_counter(AXES["the same people in runs of neighbouring seeds"]()))).keys() >= {"spacings"}
    assert not suspicious(battery(seed_on_the_counter(AXES["seeds"]())))


def uneven(words: Table) -> None:
    """In a quarter of the blocks the lowest bit of the highest byte is set."""
    some = words[::4]
    some |= np.uint64(1 << 24)


def sticky(words: Table) -> None:
    """One address in eight has the words of the one before it."""
    words[1::8] = words[::8]


def coarse(words: Table) -> None:
    """The twelve bits in the middle of each word are nothing."""
    words &= np.uint64(0xFF000FFF)


def copied(words: Table) -> None:
    """One block in eight has its first word again in its last place."""
    words[::8, 3] = words[::8, 0]


@pytest.mark.parametrize(
    ("damage", "kinds"),
    [
        (uneven, {"bytes", "bits"}),
        (sticky, {"neighbours", "correlation", "runs"}),
        (coarse, {"spacings"}),
        (copied, {"words"}),
    ],
)
def test_every_kind_of_look_finds_its_flaw(damage: Callable[[Table], None], kinds: set[str]) -> None:
    words = drawn(AXES["persons"]())
    damage(words)
    assert suspicious(battery(words)).keys() >= kinds
