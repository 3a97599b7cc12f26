"""Plans townships and replicates, sends them out, adds up what comes back, and hands the sums to the measures.

The only place, with `story`, that knows the scenario and the township sides. What a measure is lives in `measures`, what a folder is in
`store`.
"""

from .facts import facts
from .plan import Plan, plan
from .run import Run, lived, open_run, run

__all__ = ["Plan", "Run", "facts", "lived", "open_run", "plan", "run"]
