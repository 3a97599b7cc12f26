"""Plans townships and replicates, sends them out, adds up what comes back, and hands the sums to the measures.

The only place, with `story`, that knows the scenario and the township sides. What a measure is lives in `measures`, what a folder is in
`store`.
"""

from .again import Again, Making, run_again
from .comparison import Comparison, Side, compare, is_run
from .discrepancy import Count, Discrepancy, discrepancy
from .factorial import Safeguarded, Wish, gather, safeguards, wish
from .facts import facts
from .plan import BATCH_PEOPLE, Plan, RequestError, plan
from .run import WRITTEN, Progress, Run, lived, open_run, run, tallied
from .wanted import Wanted, asked, check

__all__ = [
    "BATCH_PEOPLE",
    "WRITTEN",
    "Again",
    "Comparison",
    "Count",
    "Discrepancy",
    "Making",
    "Plan",
    "Progress",
    "RequestError",
    "Run",
    "Safeguarded",
    "Side",
    "Wanted",
    "Wish",
    "asked",
    "check",
    "compare",
    "discrepancy",
    "facts",
    "gather",
    "is_run",
    "lived",
    "open_run",
    "plan",
    "run",
    "run_again",
    "safeguards",
    "tallied",
    "wish",
]
