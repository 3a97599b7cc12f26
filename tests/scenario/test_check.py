"""What the checks compute: group factors, spectral radius, streams and their collisions."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterlife.layout import AXES, CELLS
from counterlife.scenario.check import collisions
from counterlife.scenario.derived import factors, spectral_radius, stream
from counterlife.scenario.parts import ByGroup


def test_a_stream_is_the_first_four_bytes_of_the_hash_of_its_name() -> None:
    """SHA-256 of the empty word begins e3b0c442, that of `abc` ba7816bf (FIPS 180-4)."""
    assert stream("") == 0xE3B0C442
    assert stream("abc") == 0xBA7816BF
    assert stream("é") == int.from_bytes(hashlib.sha256(b"\xc3\xa9").digest()[:4], "big")


def test_names_with_equal_hashes_are_refused() -> None:
    found = list(collisions(["a", "b", "c", "a"], hashed=lambda name: {"a": 1, "b": 2, "c": 1}[name]))
    assert len(found) == 1
    assert "'c' and 'a' would share their draws" in found[0][1]


def test_a_real_collision_of_32_bit_hashes_is_found() -> None:
    """Among some two hundred thousand names two must share a hash (birthdays)."""
    names = [f"class_{number}" for number in range(200_000)]
    assert len(list(collisions(names))) >= 1


LEVEL_FACTORS = st.fixed_dictionaries(
    {axis: st.dictionaries(st.sampled_from(levels), st.floats(0, 10), max_size=len(levels)) for axis, levels in AXES.items()}
)


@given(LEVEL_FACTORS)
def test_the_factor_of_a_cell_is_the_product_of_its_levels(by: dict[str, dict[str, float]]) -> None:
    product = factors(ByGroup.model_validate(by))
    assert product.shape == (CELLS,)
    for sex in range(2):
        for age in range(4):
            for residence in range(2):
                for means in range(3):
                    for name in range(2):
                        cell = (((sex * 4 + age) * 2 + residence) * 3 + means) * 2 + name
                        expected = 1.0
                        for axis, level in zip(AXES, (sex, age, residence, means, name), strict=True):
                            expected *= by[axis].get(AXES[axis][level], 1.0)
                        assert product[cell] == pytest.approx(expected)


def test_the_spectral_radius_of_known_matrices() -> None:
    assert spectral_radius(np.zeros((3, 3))) == 0
    assert spectral_radius(np.triu(np.ones((4, 4)), 1)) == pytest.approx(0, abs=1e-6)
    assert spectral_radius(np.array([[0, 0.9], [0.9, 0]])) == pytest.approx(0.9)
    assert spectral_radius(np.full((4, 4), 0.3) - 0.3 * np.eye(4)) == pytest.approx(0.9)
