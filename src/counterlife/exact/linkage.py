"""Namesakes: how many records of others reach a person, by what a source does with a record whose identifier is missing.

`records` is the rate at which everybody's own records are made, `holders` the number of people who share the key, the person included.
"""

from __future__ import annotations


def assign_one(records: float, missing: float, holders: int) -> float:
    """Records of others a day where one without an identifier goes to one of the holders: nearly the same however many they are."""
    return records * missing * (holders - 1) / holders


def pairwise(records: float, matched: float, holders: int) -> float:
    """Records of others a day where each is copied to every other holder with the same probability: proportional to their number."""
    return records * matched * (holders - 1)


def assign_all(records: float, missing: float, holders: int) -> float:
    """Records of others a day where one without an identifier is reported of all holders: as `pairwise`, and they come together."""
    return records * missing * (holders - 1)
