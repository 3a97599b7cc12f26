"""Frames out of tallies: the registry of measures with their intervals, identities that must hold, and series for figures.

Knows neither disk nor run; it is handed `Tallies` and `Facts`. How a figure looks is in `figures`, what a reader is told in `report`.
"""

from counterlife.layout import LedgerRow
from counterlife.measures.frame import SCHEMA, measures
from counterlife.measures.identities import identities
from counterlife.measures.inputs import Conduct, Domain, Facts, Safeguard, Source, Stage, Tallies, World, pair_name
from counterlife.measures.pairing import COMPARED, Finding, counts_the_same_people, paired
from counterlife.measures.registry import MEASURES
from counterlife.measures.sample import Sample
from counterlife.measures.stated import Measure
from counterlife.measures.unequal import REFERENCE

__all__ = [
    "COMPARED",
    "MEASURES",
    "REFERENCE",
    "SCHEMA",
    "Conduct",
    "Domain",
    "Facts",
    "Finding",
    "LedgerRow",
    "Measure",
    "Safeguard",
    "Sample",
    "Source",
    "Stage",
    "Tallies",
    "World",
    "counts_the_same_people",
    "identities",
    "measures",
    "pair_name",
    "paired",
]
