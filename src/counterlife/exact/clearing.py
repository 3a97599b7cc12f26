"""How long a record goes on doing something: until an appeal or its expiry, in other domains, in the last of its copies."""

from __future__ import annotations

import math

from ..layout import NEVER


def time_to_clear(keep: float, granted: float, appeal: float) -> float:
    """Mean time on file of a record that expires after `keep` days; a share has an appeal granted before that, after exponential days."""
    return (1.0 - granted) * keep + granted * appeal * -math.expm1(-keep / appeal)


def filed_days(keep: float, granted: float, appeal: float, days: float) -> float:
    """Sum over a period of the mean times on file of records that enter at one a day all the time: those of the end are cut short.

    With time_to_clear(age) up to `keep`, the period being at least that long.
    """
    first = (1.0 - granted) * keep * keep / 2.0 + granted * appeal * (keep + appeal * math.expm1(-keep / appeal))
    return first + (days - keep) * time_to_clear(keep, granted, appeal)


def joint_days(mean: float, share: float, on: float, off: float) -> float:
    """Mean days in another domain for each listing of exponential length: it spreads with a probability, begins late and is lifted late."""
    return share * math.exp(-on / mean) * (mean + off)  # a listing that reaches the other domain has still its mean to go


def last_copy(copies: int, mean: float) -> float:
    """Mean time until the last of so many copies is gone, each after an exponential time."""
    return mean * sum(1.0 / k for k in range(1, copies + 1))


def with_copies(copies: int, mean: float, settled_after: float, age: float = NEVER) -> float:
    """Mean days, up to an age, on which a record acts somewhere: until it is settled, after exponential days, and the last copy is gone.

    That takes the sum of independent exponential times with rates copies / mean, ..., 2 / mean, 1 / mean; with the time to the settlement
    before them the sum has a hypoexponential law. Needs rates that differ.
    """
    rates = [1.0 / settled_after, *(k / mean for k in range(1, copies + 1))]
    days = 0.0
    for i, rate in enumerate(rates):
        weight = math.prod(other / (other - rate) for j, other in enumerate(rates) if j != i)
        days += weight / rate * (1.0 if age >= NEVER else -math.expm1(-rate * age))
    return days
