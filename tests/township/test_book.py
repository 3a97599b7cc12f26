"""The rulebook as kernels are handed it: every field of it is there, and unused mechanisms are known to be unused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from oracle.tiny import populace, rulebook

from counterlife.layout import CELLS, MOST, NEVER, Keep, Link, ListKind, Rulebook, Scope, Threat
from counterlife.township.book import BOOK, BY_CELL, bind
from counterlife.township.conduct import WIDTH

LOOKED_UP = {"month_of_day", "list_mark", "cuts"}


def bound(rules: Rulebook) -> Any:
    """The record."""
    return bind(rules, populace(1))[0]


def test_every_field_of_the_rulebook_is_in_the_record() -> None:
    """With its values, wherever they are smaller than the room; the calendar is there by years, and marks and bands by levels of scores."""
    rules = rulebook(10, classes=2, channels=(0, 0, 1), lists=2, domains=3, worlds=3)
    generator = np.random.default_rng(1)
    numbers = {
        name: generator.integers(1, 9, value.shape).astype(value.dtype)
        for name, value in rules._asdict().items()
        if isinstance(value, np.ndarray) and name not in LOOKED_UP
    }
    numbers["row"] = generator.integers(0, len(rules.ruled), rules.row.shape)
    numbers["channel_class"] = rules.channel_class
    page = bound(rules._replace(**numbers))
    assert set(Rulebook._fields) - set(BOOK.names or ()) == LOOKED_UP
    for name, value in numbers.items():
        room = page[name].T if name in BY_CELL else page[name]
        assert np.array_equal(room[tuple(slice(0, size) for size in value.shape)], value), name
    sizes = {"classes": 2, "channels": 3, "lists": 2, "domains": 3, "worlds": 3, "stages": 1, "scores": 1, "threats": 0}
    assert {axis: int(page[axis]) for axis in sizes} == sizes


@pytest.mark.parametrize("axis", ["classes", "channels"])
def test_the_last_vector_of_streams_ends_in_the_record(axis: str) -> None:
    """`conduct.first_words` goes on to its end."""
    assert MOST[axis] % WIDTH == 0


def test_years_are_counted_from_the_start() -> None:
    months = np.repeat(np.arange(30), 30)
    page = bound(rulebook(900)._replace(month_of_day=months))
    assert page["year_day"][:3].tolist() == [0.0, 360.0, 720.0]
    assert (page["year_day"][3:] == NEVER).all()


USES: dict[str, tuple[str, ...]] = {
    "strain": ("waits",),
    "near": ("waits",),
    "weary": ("waits",),
    "deter": ("waits", "believes"),
    "burst": ("waits", "bursts"),
    "ghost": ("ghosts",),
    "list_kind": ("terms",),
    "contestable": ("contests",),
    "office": ("queues", "sends"),
    "copy_days": ("copies",),
    "fix_days": ("copies",),
    "fix_lost": ("copies",),
    "back": ("copies",),
    "severity": ("judged",),
    "leniency": ("judged",),
    "discretion": ("judged",),
    "keep_law": (),
    "repair": (),
    "amnesty_day": (),
    "proxy": ("traits",),
    "proxy_cell": ("traits",),
}
ALTERS_POINTS = ("copy_days", "fix_days", "fix_lost", "keep_law", "repair", "amnesty_day")
FLAGS = {flag for flags in USES.values() for flag in flags} | {"abroad", "inserts"}
ON: dict[str, Any] = {"list_kind": ListKind.SCORE_BELOW, "keep_law": Keep.SETTLEMENT}


@pytest.mark.parametrize("field", USES)
def test_a_mechanism_is_known_to_be_used(field: str) -> None:
    rules = rulebook(10, lists=1)
    page = bound(rules)
    assert not any(page[flag] for flag in FLAGS)
    value = getattr(rules, field)
    page = bound(rules._replace(**{field: np.full_like(value, ON.get(field, 2))}))
    assert {flag for flag in FLAGS if page[flag]} == set(USES[field])
    assert page["plain"][0] == (0 if field in ALTERS_POINTS else 1)
    assert page["reactive"][0] == (1 if "waits" in USES[field] else 0)


def test_names_in_the_country_and_false_records_are_known_to_be_used() -> None:
    rules = rulebook(10)
    assert not bound(rules._replace(link_scope=np.array([Scope.COUNTRY])))["abroad"]
    assert not bound(rules._replace(link=np.array([Link.PAIRWISE])))["abroad"]
    assert bound(rules._replace(link=np.array([Link.PAIRWISE]), link_scope=np.array([Scope.COUNTRY])))["abroad"]
    for kind in Threat:
        one = {
            name: np.zeros((1, *getattr(rules, name).shape[1:]), getattr(rules, name).dtype) for name in rules._fields if "threat" in name
        }
        page = bound(rules._replace(**one | {"threat": np.array([kind])}))
        assert page["inserts"] == (kind == Threat.INSERT)
        assert page["threats"] == 1


def test_channels_that_are_read_wrongly_are_known() -> None:
    table = np.zeros((3, 3))
    table[0, 2] = 0.1
    page = bound(rulebook(10, channels=(0, 0, 0), misread=table, inflate=[0.0, 0.5, 0.0]))
    assert page["reads"][:4].tolist() == [1, 1, 0, 0]


def test_groups_lie_side_by_side() -> None:
    """A person reads one row of each table by group."""
    for name in BY_CELL:
        assert BOOK[name].shape[0] == CELLS


def test_items_are_expected_of_records_and_of_what_waits() -> None:
    """Of ten candidates: half happen, a fifth of those is noticed; a quarter to all happen, three tenths are noticed, and what is not waits
    too, three in four; the third class is calm, and nobody notices it."""
    rules = rulebook(
        100, classes=3, channels=(0, 1, 1), ceiling=0.1, accept=[0.5, 0.5, 0.5], detect=np.array([0.2, 0.1, 0.2])[:, None],
        strain=[1.0, 2.0, 1.0], weary=[1.0, 0.5, 0.5], strain_most=1, scores=1, points=1,
    )  # fmt: skip
    page = bound(rules)
    assert page["calm"][:3].tolist() == [0, 0, 1]
    assert page["expected"] == pytest.approx(10 * 0.5 * 0.2 + 10 * (1.0 * 0.3 + 0.75 * 0.7), rel=1e-6)
