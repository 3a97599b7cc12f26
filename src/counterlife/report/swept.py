"""The page of `counterlife sweep`, one HTML file that needs no network and no script, and the files beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polars as pl

from .. import __version__, figures
from ..ensemble import Dimension, Flip, Judged, Share, Swept, described
from ..ensemble.spread import FEWEST
from ..figures import Caption, number, percent
from ..store import RunFolder
from .plates import Plate, plate
from .tables import Table, of_frame
from .template import template
from .text import Text, catalogue

FIGURES = ("M1", "M4", "B2")
"""Outcomes that are drawn, beside those that the conclusions are about."""
SHOWN = 12  # numbers in a tornado and in a table of effects
MOVES = 5  # numbers of a flip that are spelled out
KINDS = ("monte_carlo", "parameter", "structure")


def publish(swept: Swept) -> Path:
    """The folder of the sweep holds its frames as Parquet and its page; returns the path of the page."""
    if swept.path is None:
        raise ValueError("this sweep was not kept, so there is no folder to publish into: give `out` to `sweep`")
    folder = RunFolder.open(swept.path)
    for name in ("design", "outcomes", "sensitivity", "flips"):
        buffer = BytesIO()
        getattr(swept, name).write_parquet(buffer)
        folder.write(f"{name}.parquet", buffer.getvalue())
    folder.write("sweep.html", render(swept))
    return swept.path / "sweep.html"


def render(swept: Swept, *, language: str = "en") -> str:
    """The page of a sweep."""
    text = catalogue(language)
    drawn = [key for key in FIGURES if key in swept.headline] or swept.headline[:1]
    tables = [effects(swept, key, text) for key in drawn]
    return template("sweep").render(
        text=text,
        scenario=swept.scenario,
        claim=text(f"claim_sentences.{swept.scenario.claim}"),
        opening=text("sweep.plain", title=swept.scenario.title, points=f"{len(swept.design):,}", people=f"{swept.people:,}"),
        drawn=text(f"sweep.{swept.drawn.kind}", size=f"{swept.drawn.size:,}"),
        varied=_varied(swept, text),
        refused=_refused(swept, text),
        flips=flips(swept, text),
        intervals=[uncertainty(swept, key, text) for key in dict.fromkeys((*drawn, *swept.judged_on))],
        missing=list(_missing(swept, text)),
        spreads=spreads(swept, text),
        structures=structures(swept, text),
        tornados=[one for one in (tornado(swept, key, text) for key in drawn) if one is not None],
        effects=[one for one in tables if one is not None],
        shares=shares(swept, text),
        made=text("sweep.made", version=__version__, kind=swept.drawn.kind, seed=str(swept.identity["seed"])),
    )


def spoken(swept: Swept, *, language: str = "en") -> Iterator[str]:
    """What a terminal says of a sweep: the first outcomes with their intervals, and each conclusion with its nearest flip."""
    text = catalogue(language)
    told = {*FIGURES, *swept.judged_on}
    table = spreads(swept, text)
    for key, row in [(raw[0], row) for raw, row in zip(table.raw, table.rows, strict=True) if raw[0] in told]:
        yield text("sweep.spoken", name=_named(str(key)), unit=row[1], value=row[2], people=row[3], numbers=row[4], structures=row[5])
    for said in flips(swept, text).raw:
        yield text("sweep.spoken_flip", **dict(zip(("conclusion", "stands", "same", "flip", "which"), map(str, said), strict=False)))
    yield from _missing(swept, text)


def _varied(swept: Swept, text: Text) -> str:
    unsourced = sum(not one.sourced for one in swept.dimensions)
    held, without = swept.held
    blanks = {"varied": len(swept.dimensions), "unsourced": unsourced, "held": held, "held_unsourced": without}
    return text("sweep.varied", **{name: f"{value:,}" for name, value in blanks.items()})


def _refused(swept: Swept, text: Text) -> str:
    return text("sweep.refused", count=f"{len(swept.refused):,}", why=swept.refused[0]) if swept.refused else ""


def _missing(swept: Swept, text: Text) -> Iterator[str]:
    """Why an interval is not there."""
    if all(one.monte_carlo is None for one in swept.spreads):
        yield text("sweep.one_township", people=f"{swept.people:,}")
    if not swept.structures:
        yield text("sweep.no_structures")
    if not len(swept.drawn.samples):
        yield text("sweep.no_sample")
    elif all(one.parameter is None for one in swept.spreads):
        yield text("sweep.few_points", fewest=str(FEWEST))


def _caption(swept: Swept, title: str, note: str, text: Text) -> Caption:
    return Caption(title, note, text(f"claims.{swept.scenario.claim}"), text("synthetic"))


def _named(key: str) -> str:
    """The name of an outcome after its key."""
    return f"{key} {described(key)[0]}"


def _titled(swept: Swept, key: str, text: Text) -> str:
    """The name of an outcome after its number, with the titles of its worlds in the place of their names."""
    measure, _, among = key.partition("[")
    name, (world, beside, versus) = _named(measure), among.rstrip("]").partition("~")
    scenario = swept.scenario
    titles = {one: described.title for part in (scenario.worlds, scenario.safeguards) for one, described in part.items()}
    if beside:
        return text("sweep.beside_titled", name=name, world=titles.get(world, world), versus=titles.get(versus, versus))
    return text("sweep.in_world_titled", name=name, world=titles.get(world, world)) if world else name


def _file(key: str) -> str:
    """The outcome's key as part of the name of a file and of an anchor."""
    return re.sub(r"\W+", "-", key.lower()).strip("-")


# --- three uncertainties --------------------------------------------------------------------------------------------------------


def uncertainty(swept: Swept, key: str, text: Text) -> Plate:
    """The three intervals of an outcome as a figure."""
    one = next(spread for spread in swept.spreads if spread.outcome == key)
    rows = [(kind, *ends) for kind in KINDS if (ends := getattr(one, kind)) is not None]
    frame = pl.DataFrame(rows, schema={"kind": pl.String, "low": pl.Float64, "high": pl.Float64}, orient="row")
    values = [value for value in swept.values(key)[swept.drawn.samples].tolist() if math.isfinite(value)]
    words = {**text.part("sweep"), "axis": described(key)[1]}
    caption = _caption(swept, text("sweep.three_figure", name=_titled(swept, key, text)), text("sweep.three_note"), text)
    chart = figures.uncertainties(frame, pl.DataFrame({"value": values}, schema={"value": pl.Float64}), one.value, caption, words)
    said = ", ".join(f"{words[kind]} {number(low)} to {number(high)}" for kind, low, high in rows)
    alt = text("sweep.three_alt", name=_titled(swept, key, text), value=number(one.value), intervals=said)
    data = of_frame(words["sampled"], [words["axis"]], pl.DataFrame({"value": values}), f"{_file(key)}-sampled.csv")
    return plate(f"{_file(key)}-sure", chart, alt, data)


def spreads(swept: Swept, text: Text) -> Table:
    """All headline outcomes with their three intervals, and those that the conclusions are about."""
    rows, raw = [], []
    for one in swept.spreads:
        ends = [getattr(one, kind) for kind in KINDS]
        unit = described(one.outcome)[1]
        rows.append((_titled(swept, one.outcome, text), unit, number(one.value), *(_between(pair, text) for pair in ends)))
        raw.append((one.outcome, unit, one.value, *(end for pair in ends for end in pair or (None, None))))
    heads = text.list("sweep.three_heads")
    return Table(text("sweep.three_table"), tuple(heads), tuple(rows), "uncertainties.csv", tuple(raw))


def _between(pair: tuple[float, float] | None, text: Text) -> str:
    return text("none") if pair is None else text("sweep.range", low=number(pair[0]), high=number(pair[1]))


def structures(swept: Swept, text: Text) -> Table | None:
    """What each other structure makes of the headline outcomes; nothing where there is none."""
    if not swept.structures:
        return None
    heads = [*text.list("sweep.structures_heads"), *(swept.scenario.structures[name].title for name in swept.structures)]
    found = [one.outcomes for one in swept.structures.values()]
    rows = [
        (_titled(swept, key, text), number(swept.own[key].value), *(number(one[key].value if key in one else math.nan) for one in found))
        for key in (one.outcome for one in swept.spreads)
    ]
    return Table(text("sweep.structures_table"), tuple(heads), tuple(rows), "structures.csv")


# --- flips ----------------------------------------------------------------------------------------------------------------------


def flips(swept: Swept, text: Text) -> Table:
    """The conclusions, how they stand, and the nearest numbers that reverse them."""
    rows = [
        (
            worded(one.conclusion.text, text),
            text("sweep.holds" if one.margin > 0 else "sweep.fails", margin=number(abs(one.margin))),
            text("sweep.same", same=f"{one.same:,}", known=f"{one.known:,}"),
            *_flip(one, swept.dimensions, text),
        )
        for one in swept.judged
    ]
    raw = [(one.conclusion.text, *row[1:]) for one, row in zip(swept.judged, rows, strict=True)]
    heads = text.list("sweep.flips_heads")
    return Table(text("sweep.flips_table"), tuple(heads), tuple(rows), "flips.csv", tuple(raw), note=text("sweep.flips_note"))


def worded(conclusion: str, text: Text) -> str:
    """A conclusion with the names of its outcomes in the place of their keys."""
    return re.sub(r"\b[A-Z]\d+(?:\[[^\]]*\])?", lambda found: _worded(found.group(), text), conclusion)


def _worded(key: str, text: Text) -> str:
    name, among = described(key)[0], key.partition("[")[2].rstrip("]")
    world, beside, versus = among.partition("~")
    if beside:
        return text("sweep.beside", name=name, world=world, versus=versus)
    return text("sweep.in_world", name=name, world=world) if world else name


def _flip(one: Judged, dimensions: tuple[Dimension, ...], text: Text) -> tuple[str, str, str]:
    if not one.searched:
        return text("sweep.not_searched"), text("none"), text("none")
    if one.flip is None:
        return text("sweep.no_flip"), text("none"), text("sweep.no_single")
    distance = text("sweep.distance", distance=number(one.flip.distance), blur=number(one.blur(one.flip)))
    single = text("sweep.no_single")
    if one.single:
        single = f"{_moves(one.single, dimensions, text)} ({number(one.single.distance)})"
    return distance, _moves(one.flip, dimensions, text), single


def _moves(flip: Flip, dimensions: tuple[Dimension, ...], text: Text) -> str:
    """The largest changes of a flip in words."""
    far = [(abs(float(flip.place[n]) - one.start), n) for n, one in enumerate(dimensions)]
    moved = sorted((size, n) for size, n in far if dimensions[n].value(float(flip.place[n])) != dimensions[n].base and size > 1e-3)[::-1]
    said = [_move(dimensions[n], float(flip.place[n]), text) for _, n in moved[:MOVES]]
    if len(moved) > MOVES:
        said.append(text("sweep.rest", count=str(len(moved) - MOVES)))
    return "; ".join(said)


def _move(one: Dimension, coordinate: float, text: Text) -> str:
    own, there = one.base, one.value(coordinate)
    if one.choices:
        return text("sweep.move", name=one.name, own=str(one.written(own)), there=str(one.written(there)))
    return text("sweep.move", name=one.name, own=f"{number(own)}{one.unit}", there=f"{number(there)}{one.unit}")


# --- which numbers matter -------------------------------------------------------------------------------------------------------


def tornado(swept: Swept, key: str, text: Text) -> Plate | None:
    """What each number alone does to an outcome; nothing where no number was moved alone."""
    own = swept.own[key].value
    found = [(swept.dimensions[n], low, high) for n, low, high in swept.moved(key)]
    rows = [(one.name, low if math.isfinite(low) else own, high if math.isfinite(high) else own, one.sourced) for one, low, high in found]
    rows.sort(key=lambda row: -abs(row[2] - row[1]))
    if not rows:
        return None
    frame = pl.DataFrame(rows, schema=["what", "low", "high", "sourced"], orient="row")
    name = _named(key)
    words = {"axis": described(key)[1], "sourced": text("sweep.with_source"), "unsourced": text("sweep.without_source")}
    shown = min(SHOWN, len(rows))
    note = text("sweep.tornado_note", name=name, shown=str(shown), varied=str(len(rows)))
    chart = figures.tornado(frame.head(SHOWN), own, _caption(swept, text("sweep.tornado", name=name), note, text), words)
    widest = rows[0]
    alt = text("sweep.tornado_alt", name=name, own=number(own), first=widest[0], low=number(widest[1]), high=number(widest[2]))
    source = {one.name: one.source for one in swept.dimensions}
    table = frame.with_columns(pl.col("what").replace_strict(source, return_dtype=pl.String).alias("sourced"))
    data = of_frame(text("sweep.tornado", name=name), text.list("sweep.tornado_heads"), table, f"{key.lower()}-alone.csv")
    return plate(f"{key.lower()}-tornado", chart, alt, data)


def effects(swept: Swept, key: str, text: Text) -> Table | None:
    """The measures of sensitivity of an outcome, those of the numbers that matter most; the file has all."""
    frame = swept.sensitivity.filter(pl.col("outcome") == key).drop("outcome")
    if frame.is_empty():
        return None
    leading = {"sobol": "total", "morris": "mu_star"}.get(swept.drawn.kind, "rank_correlation")
    order = frame.filter(pl.col("measure") == leading).sort(pl.col("value").abs(), descending=True)["dimension"].to_list()
    measures = frame["measure"].unique(maintain_order=True).to_list()
    rows = []
    for name in order[:SHOWN]:
        for measure in measures:
            row = frame.row(by_predicate=(pl.col("dimension") == name) & (pl.col("measure") == measure), named=True)
            ends = _between(None if row["low"] is None else (row["low"], row["high"]), text)
            rows.append((name, row["source"], text(f"sweep.{measure}"), number(row["value"]), ends))
    title, note = (
        text("sweep.effects_table", name=_named(key)),
        text("sweep.effects_note", shown=str(min(SHOWN, len(order))), varied=str(len(order))),
    )
    heads = text.list("sweep.effects_heads")
    return Table(title, tuple(heads), tuple(rows), f"{key.lower()}-effects.csv", tuple(frame.iter_rows()), note=note)


def shares(swept: Swept, text: Text) -> Table:
    """How much of each outcome's variance comes from numbers without a source, where that can be said."""
    rows = [(_named(key), *_share(one, text)) for key, one in swept.shares.items()]
    heads = text.list("sweep.shares_heads")
    return Table(text("sweep.shares_table"), tuple(heads), tuple(rows), "unsourced.csv", note=text("sweep.shares_note"))


def _share(one: Share | None, text: Text) -> tuple[str, str, str, str]:
    none = text("none")
    if one is None:
        return text("sweep.not_told"), none, none, none
    how = text("sweep.by_sobol" if one.estimator == "sobol" else f"sweep.{one.estimator}")
    if not math.isfinite(one.low):
        return text("sweep.not_held", explained=percent(max(one.explained, 0.0))), none, none, how
    low, high = (percent(min(max(end, 0.0), 1.0)) for end in (one.low, one.high))
    if not one.holds:
        return text("sweep.too_wide", low=low, high=high), none, none, how
    rest = 1.0 - one.unsourced - one.sourced
    return text("sweep.share_range", share=percent(one.unsourced), low=low, high=high), percent(one.sourced), percent(max(rest, 0.0)), how
