"""Frames out of tallies: the registry of measures with their intervals, identities that must hold, and series for figures.

Knows neither disk nor run; it is handed `Tallies` and `Facts`. How a figure looks is in `figures`, what a reader is told in `report`.
"""

from counterlife.layout import LedgerRow
from counterlife.measures.combined import Combination, Combined, Effect, joined
from counterlife.measures.frame import SCHEMA, measures
from counterlife.measures.frontier import Bound, Held, Place, Standing, Verdict, bound, frontier, held, least, nearest
from counterlife.measures.identities import identities
from counterlife.measures.inputs import Breach, Conduct, Domain, Facts, Safeguard, Source, Stage, Tallies, World, pair_name
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
    "Bound",
    "Breach",
    "Combination",
    "Combined",
    "Conduct",
    "Domain",
    "Effect",
    "Facts",
    "Finding",
    "Held",
    "LedgerRow",
    "Measure",
    "Place",
    "Safeguard",
    "Sample",
    "Source",
    "Stage",
    "Standing",
    "Tallies",
    "Verdict",
    "World",
    "bound",
    "counts_the_same_people",
    "frontier",
    "held",
    "identities",
    "joined",
    "least",
    "measures",
    "nearest",
    "pair_name",
    "paired",
]
