"""Section 8 for the eye: one effect read in three ways, as an observer sees it raw, by matching groups, and as twins tell it."""

from __future__ import annotations

import polars as pl

from counterlife import figures
from counterlife.figures import Caption
from counterlife.report.cited import found
from counterlife.report.findings import Findings
from counterlife.report.plates import Plate, plate
from counterlife.report.tables import table

READINGS = ("raw", "matched", "true")


def triptych(run: Findings) -> Plate | None:
    """The effect of a wrong record on being shut out, raw, matched and by twins; nothing where one of them is not known."""
    text, readings = run.text, {name: found(run, name) for name in READINGS}
    if any(one.value is None for one in readings.values()):
        return None
    rows = [(text(f"section8.{name}"), one.value, one.low, one.high, name == "true") for name, one in readings.items()]
    schema = {"label": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "true": pl.Boolean}
    caption = Caption(text("section8.triptych"), text("section8.triptych_note"), run.claim, text("synthetic"))
    drawn = figures.three(pl.DataFrame(rows, schema=schema, orient="row"), caption, text("section8.points"))
    values = {name: run.plain(one) for name, one in readings.items()}
    lines = [[text(f"section8.{name}"), run.full(one)] for name, one in readings.items()]
    numbers = table(text("section8.triptych"), [text("section8.head_reading"), text("section8.points")], lines, "triptych.csv")
    return plate("triptych", drawn, text("section8.triptych_alt", **values), numbers)


def triptych_said(run: Findings) -> str:
    """What the three readings are for, with their numbers in words."""
    values = {name: run.plain(found(run, name)) for name in READINGS}
    return run.text("section8.triptych_said", **values)
