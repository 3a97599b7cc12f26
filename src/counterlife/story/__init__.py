"""One synthetic life in words: what was filed, why each gate closed and opened, what came of appeals and attacks, in every world.

A life is lived again by the kernels of the tallies; nothing is stored for it. Words of the system's own language come from the scenario and
are quoted. Who is told is decided in `picked.py`, what happened is gathered in `teller.py`, and put into words in `sentences.py`.
"""

from .person import Line, PersonId, Story, person_id
from .picked import LONG, LONG_FOR_CHILD, life, lives
from .teller import Teller

__all__ = ["LONG", "LONG_FOR_CHILD", "Line", "PersonId", "Story", "Teller", "life", "lives", "person_id"]
