"""A sweep as one JSON object, for scripts: the numbers of its page, without words."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from ..ensemble import Dimension, Flip, Judged, Swept, described
from ..ensemble.spread import Spread


def as_json(swept: Swept, page: Path) -> str:
    """What was varied, the three intervals of each headline outcome, sensitivity, and the conclusions with their flips.

    What is not known, or was not looked for, is null.
    """
    identity = swept.identity
    found = {
        "synthetic": True,
        "claim": swept.scenario.claim,
        "scenario": swept.scenario.title,
        "people": swept.people,
        "seed": identity["seed"],
        "design": {"kind": swept.drawn.kind, "size": swept.drawn.size, "points": len(swept.points), "refused": len(swept.refused)},
        "folder": str(swept.path),
        "page": str(page),
        "varied": [_dimension(one) for one in swept.dimensions],
        "outcomes": [_outcome(one) for one in swept.spreads],
        "sensitivity": swept.sensitivity.to_dicts(),
        "conclusions": [_conclusion(one, swept.dimensions) for one in swept.judged],
    }
    return json.dumps(found, ensure_ascii=False, allow_nan=False)


def _dimension(one: Dimension) -> dict[str, Any]:
    ends = {name: one.written(getattr(one, name)) for name in ("base", "low", "high")}
    return {"name": one.name, **ends, "source": one.source}


def _outcome(one: Spread) -> dict[str, Any]:
    name, unit = described(one.outcome)
    intervals = {kind: getattr(one, kind) for kind in ("monte_carlo", "parameter", "structure")}
    return {"outcome": one.outcome, "name": name, "unit": unit, "value": _known(one.value), **intervals}


def _conclusion(one: Judged, dimensions: tuple[Dimension, ...]) -> dict[str, Any]:
    flips = {kind: flip and _flip(one, flip, dimensions) for kind, flip in (("nearest", one.flip), ("single", one.single))}
    stands = {"holds": one.margin > 0, "margin": _known(one.margin), "same": one.same, "known": one.known}
    return {"conclusion": one.conclusion.text, **stands, "searched": one.searched, **flips}


def _flip(of: Judged, flip: Flip, dimensions: tuple[Dimension, ...]) -> dict[str, Any]:
    there = {one.name: one.written(one.value(float(flip.place[n]))) for n, one in enumerate(dimensions)}
    return {"distance": _known(flip.distance), "error": _known(of.blur(flip)), "there": there}


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
