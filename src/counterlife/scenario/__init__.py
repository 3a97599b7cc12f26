"""Describing a scenario: what may be written, how it is read and checked, and how names become numbers.

Nothing is lived here. `compile` needs the tables of the country and is imported from its own module.
"""

from ..layout import LedgerRow
from .difference import Change, Kind, changes, of_people
from .factorial import BETWEEN, Factorial, factorial, twin_of, world_of
from .ledger import ledger
from .lineage import lineage
from .load import Entry, as_written, catalog, load, resolved, scenario_hash
from .model import Scenario
from .schema import json_schema
from .written import Problem, ScenarioError

__all__ = [
    "BETWEEN",
    "Change",
    "Entry",
    "Factorial",
    "Kind",
    "LedgerRow",
    "Problem",
    "Scenario",
    "ScenarioError",
    "as_written",
    "catalog",
    "changes",
    "factorial",
    "json_schema",
    "ledger",
    "lineage",
    "load",
    "of_people",
    "resolved",
    "scenario_hash",
    "twin_of",
    "world_of",
]
