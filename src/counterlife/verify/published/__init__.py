"""Published facts that were not used to set a model, and whether the engine comes near them: hits, and misses with their reasons.

What a calibration may see is in `given.toml`; what was observed, with tolerances stated beforehand, is in `observed.toml`, which
`comparison.py` alone reads. Scenario files are in `scenarios/published`.
"""

from .comparison import Compared, Observed, Verdict
from .registry import TARGETS, Result, chosen, predict
from .stated import Fact, Prediction, Target

__all__ = ["TARGETS", "Compared", "Fact", "Observed", "Prediction", "Result", "Target", "Verdict", "chosen", "predict"]
