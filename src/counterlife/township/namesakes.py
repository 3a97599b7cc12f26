"""Who shares a key with whom: a name, or a name and a date. Found once for a township."""

from __future__ import annotations

import numpy as np

from ..layout import YEAR, Ints, Key, Link
from .jit import entry, whole
from .people import People

NO_LINK = whole(Link.NONE)
NAME_YEAR, NAME_DATE = whole(Key.NAME_YEAR), whole(Key.NAME_DATE)
GOLDEN = 0x9E3779B1  # Knuth's multiplicative hashing; 31 bits times 32 fit in a signed word
ORDER, FIRST, SIZE = range(3)  # rows of the holders of a kind of key


def group(keys: Ints) -> Ints:
    """The holders of each key, (3, people): people in groups, where each person's group begins, and its size. Hashing, then counting."""
    n, room = keys.size, 2
    while room < 2 * n:
        room *= 2
    known, mine = np.empty((3, n), np.int64), np.empty(n, np.int64)
    hash_keys(np.ascontiguousarray(keys), np.full(room, -1), np.zeros(room, np.int64), mine, np.full(room, -1), known)
    return known


@entry
def hash_keys(keys: Ints, slot: Ints, members: Ints, mine: Ints, begin: Ints, known: Ints) -> None:
    """`group`, in room as long as a power of two: slot and begin, -1 to start with, and members, 0; in mine, by person, and known."""
    n, room, filled = keys.shape[0], slot.shape[0], 0
    for i in range(n):
        h = (((keys[i] ^ keys[i] >> 23 ^ keys[i] >> 41) & 0x7FFFFFFF) * GOLDEN >> 16) & (room - 1)
        while slot[h] >= 0 and keys[slot[h]] != keys[i]:
            h = (h + 1) & (room - 1)
        slot[h] = i
        members[h] += 1
        mine[i] = h
    for i in range(n):
        h = mine[i]
        if begin[h] < 0:
            begin[h] = filled
            filled += members[h]
            slot[h] = begin[h]
        known[FIRST, i], known[SIZE, i] = begin[h], members[h]
        known[ORDER, slot[h]] = i
        slot[h] += 1


def holders(link: Ints, link_key: Ints, people: People) -> Ints:
    """Who shares a key, (kinds of key, 3, people), as `group` says; only for keys that a source uses."""
    known = np.zeros((len(Key), 3, people.size), np.int64)
    used = set(link_key[link != NO_LINK].tolist())
    keys = people["surname"] * np.int64(1 << 24) + people["given"]
    for kind in Key:
        if kind == NAME_YEAR:
            keys = keys * 128 + (people["age"] // YEAR).astype(np.int64)
        elif kind == NAME_DATE:
            keys = keys * 366 + people["birthday"]
        if int(kind) in used:
            known[kind] = group(keys)
    return known
