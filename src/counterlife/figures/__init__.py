"""Charts out of frames: the flow of records, curves, tiles, groups, combinations and lives.

Know neither disk nor run; words come from the caller.
"""

from counterlife.figures.checks import convergence, intervals, law, predictions
from counterlife.figures.combinations import averted, trade
from counterlife.figures.contexts import crossing, three, weighed
from counterlife.figures.curves import ever_restricted, lorenz, time_to_clear
from counterlife.figures.design import process, stages
from counterlife.figures.flow import flow
from counterlife.figures.groups import forest, matrix, tile_map
from counterlife.figures.lives import life_line
from counterlife.figures.pairs import before_after
from counterlife.figures.pictures import compact_png, slim
from counterlife.figures.style import Caption, number, percent, png, ratio, svg
from counterlife.figures.sweeps import tornado, uncertainties

__all__ = [
    "Caption",
    "averted",
    "before_after",
    "compact_png",
    "convergence",
    "crossing",
    "ever_restricted",
    "flow",
    "forest",
    "intervals",
    "law",
    "life_line",
    "lorenz",
    "matrix",
    "number",
    "percent",
    "png",
    "predictions",
    "process",
    "ratio",
    "slim",
    "stages",
    "svg",
    "three",
    "tile_map",
    "time_to_clear",
    "tornado",
    "trade",
    "uncertainties",
    "weighed",
]
