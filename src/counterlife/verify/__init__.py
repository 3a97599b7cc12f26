"""Exact answers, and whether the program gives them: scenario files lived by the production engine, each number with a verdict.

The answers are solved in `counterlife.exact`. What a page and a screen show of it is in `report`.
"""

from .registry import CHECKS, Outcome, Progress, all_agree, form_of, verify
from .stated import Check
from .tolerance import Kind, Row, Verdict

__all__ = ["CHECKS", "Check", "Kind", "Outcome", "Progress", "Row", "Verdict", "all_agree", "form_of", "verify"]
