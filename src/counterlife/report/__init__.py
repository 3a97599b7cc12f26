"""One offline HTML report of a run: plain sentences, figures with their numbers, and the limits that cannot be left out."""

from counterlife.report.findings import Life
from counterlife.report.page import render

__all__ = ["Life", "render"]
