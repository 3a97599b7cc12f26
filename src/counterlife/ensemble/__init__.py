"""Sweeps: a scenario at many sets of numbers and in several structures, over common lives, and what moves its conclusions.

`outcomes` is one function from parameters and a seed to outcomes; `sweep` lives a design of them, and says how sure the outcomes are, which
numbers matter, what would reverse a conclusion, and how much rests on numbers without a source. SciPy and SALib are loaded when a design or
an analysis needs them.
"""

from .dimensions import Dimension
from .flips import Flip
from .outcomes import PEOPLE, Outcome, described, outcomes
from .sweep import Estimate, Prepared, Progress, prepare, sweep
from .swept import Judged, Swept
from .unsourced import Share

__all__ = [
    "PEOPLE",
    "Dimension",
    "Estimate",
    "Flip",
    "Judged",
    "Outcome",
    "Prepared",
    "Progress",
    "Share",
    "Swept",
    "described",
    "outcomes",
    "prepare",
    "sweep",
]
