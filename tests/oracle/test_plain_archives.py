"""What lies on file where: the engine beside lives of the plain engine, looked at day by day; and one person by hand."""

from __future__ import annotations

import numpy as np
import pytest

from counterlife.layout import FATE, ITEM
from counterlife.township.archives import BLOCKS, FLOWS, Looked, archives_of, file_life, monthly

from .books import book, folk
from .plain_archives import archives
from .test_engine import lived
from .tiny import PLACE, populace


@pytest.mark.parametrize(("style", "seed"), [("everything", 0), ("everything", 3), ("threats", 1), ("stages", 2), ("redress", 4)])
def test_what_lies_on_file(style: str, seed: int) -> None:
    """Every month, place and world, to the last unit; the second channel of four is not looked at, and two sources share the rest."""
    rules, people = book(style, seed), folk(seed)[:14]
    names = populace(people.size, names=8, holders=500)
    town = lived(rules, people, names, PLACE, seed)
    places = np.array([(1, 0, 2, 1)[c % 4] for c in range(rules.channel_class.size)])
    worlds = np.flatnonzero(rules.quality)  # those with records
    ours = archives_of(people, PLACE, rules, names, seed, 0, Looked(worlds, places, 2))
    theirs = archives(town, worlds.tolist(), places.tolist(), 2)
    assert theirs.sum(axis=0).all(), "a column in which nothing happens compares nothing"
    assert ours.tolist() == theirs.tolist()


def test_one_person_by_hand() -> None:
    """Days 0 to 9 are a month, 10 to 19 another. At source 1 two records that overlap, days 2 to 5 and 4 to 11; at source 2 one that comes
    and goes on day 15, and one from day 18 on."""
    tape, fates = np.zeros(5, ITEM), np.zeros(4, FATE)
    tape["channel"][:4] = [0, 0, 1, 1]
    fates["what"], fates["entered"], fates["until"] = 2, [2.5, 4.0, 15.1, 18.0], [6.2, 12.0, 15.9, 20.0]
    flows = np.zeros((1, 21, 3, FLOWS), np.int64)
    file_life(flows[0], np.array([1, 2]), tape, fates, 4)
    table = monthly(flows[:, :-1], np.repeat([0, 1], 10)).reshape(2, 3, len(BLOCKS))
    assert table[0, 1].tolist() == [4 + 6, 6 + 15, 8, 8 + 6, 28 + 15, 8]  # days 2..5 and 4..9: ages 0..3 and 0..5; kept 0..7 and 0..5
    assert table[1, 1].tolist() == [2, 6 + 7, 2, 20, sum(range(8, 18)) + sum(range(6, 16)), 10]
    assert table[1, 2].tolist() == [2, 0 + 1, 2, 5 + 2, 10 + 1, 5]
    assert table[1, 0].tolist() == [4, 14, 4, 27, sum(range(8, 18)) + sum(range(6, 16)) + 11, 10]
    assert table[0, 0].tolist() == table[0, 1].tolist()
    assert not table[0, 2].any()
