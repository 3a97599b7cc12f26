"""Exact answers and promises, and whether the program keeps to them: scenario files lived by the production engine, each with a verdict.

The answers are solved in `counterlife.exact`; promises are relations that hold to the last unit. What a page and a screen show of it is in
`report`.
"""

from .promises.kept import Kept, PowerlessError
from .promises.sworn import PROMISES, Promise
from .registry import CHECKS, Outcome, Progress, Promised, Verified, all_agree, form_of, verify
from .stated import Check
from .tolerance import Kind, Row, Verdict

__all__ = [
    "CHECKS",
    "PROMISES",
    "Check",
    "Kept",
    "Kind",
    "Outcome",
    "PowerlessError",
    "Progress",
    "Promise",
    "Promised",
    "Row",
    "Verdict",
    "Verified",
    "all_agree",
    "form_of",
    "verify",
]
