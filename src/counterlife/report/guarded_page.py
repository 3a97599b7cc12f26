"""The page of a study of safeguards: one HTML file that needs no network and no script, and the frames beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from .. import figures
from ..figures import Caption, number
from ..figures.style import FOUND, INK, MISTAKE
from ..measures import Place, Standing
from ..measures.intervals import Estimate
from ..store import PROVENANCE, FolderRefusedError
from ..study import Safeguarded
from .guarded import Told, told_of
from .plates import Plate, plate
from .tables import Table
from .template import template

LOOKS = {Standing.BEST: "best", Standing.LEVEL: "level", Standing.BEATEN: "beaten"}
KINDS = {"alone": FOUND, "average": INK, "last": MISTAKE}
RAW = ("value", "low", "high")
_Rows = list[tuple[str, ...]]
_Raw = list[tuple[object, ...]]


def publish(study: Safeguarded, folder: Path, version: str) -> Path:
    """The folder holds `safeguards.html` and the frames as CSV files; returns the path of the page.

    Raises FolderRefusedError where a run lives in the folder, or where it is no folder.
    """
    refuse(folder)
    page = render(study, version)
    frames = {"combinations": study.frame, "effects": study.effects_frame, "front": study.frontier_frame, "bounds": study.bounds_frame}
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        (folder / f"{name}.csv").write_text(frame.write_csv(), encoding="utf-8")
    (folder / "safeguards.html").write_text(page, encoding="utf-8")
    return folder / "safeguards.html"


def refuse(folder: Path) -> None:
    """Raises FolderRefusedError for a folder into which no study can go."""
    if folder.exists() and not folder.is_dir():
        raise FolderRefusedError(f"{folder}: this is a file, and a study needs a folder. Choose another name (--out).")
    if (folder / PROVENANCE).exists():
        raise FolderRefusedError(f"{folder}: a run lives here, and a study is none of its files. Choose another folder (--out).")


def render(study: Safeguarded, version: str, *, language: str = "en") -> str:
    """The page; its limits are always part of it."""
    told = told_of(study, language)
    text = told.text
    several = len(told.letters) > 1
    return template("safeguards").render(
        text=text,
        told=told,
        listed=listed(told),
        hours_note=text("safeguards.hours_note" if study.has_hours else "safeguards.hours_none"),
        fronts=[(text(f"safeguards.front_{cost}"), trade(told, cost)) for cost in study.costs],
        combinations=combinations(told),
        effects=effects(told) if several else None,
        effects_plate=effects_plate(told) if several else None,
        interactions=interactions(told) if several else None,
        interactions_plate=interactions_plate(told) if several else None,
        orders=orders(told) if several else None,
        bounded=told.bounded(),
        bounds=bounds(told) if study.bounds else None,
        made=text("safeguards.made", version=version),
    )


def listed(told: Told) -> Table:
    """The safeguards by their letters."""
    text, rows = told.text, _Rows()
    for name in told.letters:
        one = told.study.scenario.safeguards[name]
        sets = "; ".join(f"{path}: {_plain(value)}" for path, value in one.set.items())
        rows.append((told.title(name), sets, told.hours(name)))
    return Table(text("safeguards.list"), tuple(text.list("safeguards.heads_list")), tuple(rows), "safeguards.csv")


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_plain(one)}" for name, one in value.items()) + "}"
    return str(value)


def combinations(told: Told) -> Table:
    """Every combination with all that is stated of it."""
    text = told.text
    first, *titles = text.list("safeguards.heads_combinations")
    heads = dict(zip(("harm", "averted", "averted_per_hour", "own", "closed", "decided"), titles, strict=True))
    columns = [name for name in heads if told.study.has_hours or name != "averted_per_hour"]
    rows, raw = _Rows(), _Raw()
    for one in told.study.combined.combinations:
        of = told.quantities[one.world]
        rows.append((told.name(one), *(told.value(of.get(name), sign=name.startswith("averted")) for name in columns)))
        raw += [(told.name(one), " + ".join(one.safeguards), name, *_ends(of[name])) for name in columns if name in of]
    return Table(
        text("safeguards.combinations"),
        (first, *(heads[name] for name in columns)),
        tuple(rows),
        "combinations.csv",
        tuple(raw),
        note=text("safeguards.combinations_note"),
        raw_heads=("letters", "safeguards", "quantity", *RAW),
    )


def _ends(answer: Estimate) -> tuple[float | None, float | None, float | None]:
    return answer.value, answer.low, answer.high


def _caption(told: Told, title: str, note: str) -> Caption:
    return Caption(title, note, told.text(f"claims.{told.study.scenario.claim}"), told.text("synthetic"))


# --- harm against cost --------------------------------------------------------------------------------------------------------------


def trade(told: Told, cost: str) -> Plate:
    """Harm against a cost."""
    text, places = told.text, told.study.frontiers[cost]
    frame = pl.DataFrame(
        {
            "label": [_short(told, place) for place in places],
            "cost": [place.cost for place in places],
            **{name: pl.Series([_ends(place.harm)[at] for place in places], dtype=pl.Float64) for at, name in enumerate(RAW)},
            "front": [place.front for place in places],
            "look": [LOOKS[place.standing] for place in places],
        }
    )
    words = {look: text(f"safeguards.look_{look}") for look in LOOKS.values()}
    words |= {"cost": text(f"safeguards.front_axis_{cost}"), "harm": text("safeguards.front_axis_harm")}
    caption = _caption(told, text(f"safeguards.front_{cost}"), text("safeguards.front_figure_note"))
    chart = figures.trade(frame, caption, words, [told.title(name) for name in told.letters])
    named = [
        text("safeguards.front_alt_one", name=told.name(place.combination), cost=told.cost(cost, place), harm=told.value(place.harm))
        for place in places
        if place.front
    ]
    return plate(f"front-{cost}", chart, text("safeguards.front_alt", list=", ".join(named)), front(told, cost))


def _short(told: Told, place: Place) -> str:
    """The letters of a combination, close together."""
    return "".join(told.letters[name] for name in place.combination.safeguards) or told.text("safeguards.short_design")


def front(told: Told, cost: str) -> Table:
    """Every combination in the trade of harm against a cost."""
    text, rows, raw = told.text, _Rows(), _Raw()
    for place in told.study.frontiers[cost]:
        on = text("safeguards.yes") if place.front else text("safeguards.no")
        said = told.stands(place)
        rows.append((told.name(place.combination), number(place.cost), told.value(place.harm), on, said))
        raw.append((told.name(place.combination), place.cost, *_ends(place.harm), place.front, said))
    heads = tuple(text.list("safeguards.heads_front"))
    note = text("safeguards.front_note")
    keys = ("combination", "cost", *RAW, "front", "stands")
    return Table(text(f"safeguards.front_{cost}"), heads, tuple(rows), f"front-{cost}.csv", tuple(raw), note=note, raw_heads=keys)


# --- effects ------------------------------------------------------------------------------------------------------------------------


def effects(told: Told) -> Table:
    """What each safeguard averts, counted in three ways."""
    text, rows, raw = told.text, _Rows(), _Raw()
    for name in told.letters:
        found = {kind: told.effect(kind, name) for kind in KINDS}
        rows.append((told.title(name), *(told.value(answer, sign=True) for answer in found.values())))
        raw += [(told.letters[name], name, kind, *_ends(answer)) for kind, answer in found.items()]
        hourly = [told.effects[kind, (name,)].per_hour for kind in KINDS]
        if hourly[0] is not None:
            label = text("safeguards.effects_hours", name=told.letters[name])
            rows.append((label, *(told.value(answer, sign=True) for answer in hourly)))
            raw += [
                (told.letters[name], name, f"{kind} per hour", *_ends(answer)) for kind, answer in zip(KINDS, hourly, strict=True) if answer
            ]
    heads = tuple(text.list("safeguards.heads_effects"))
    keys = ("letter", "safeguard", "kind", *RAW)
    return Table(text("safeguards.effects"), heads, tuple(rows), "effects.csv", tuple(raw), raw_heads=keys)


def effects_plate(told: Told) -> Plate:
    """The same as a figure."""
    text = told.text
    rows: _Raw = [(told.title(name), kind, *_ends(told.effect(kind, name))) for name in told.letters for kind in KINDS]
    kinds = {kind: (colour, text(f"safeguards.kind_{kind}")) for kind, colour in KINDS.items()}
    caption = _caption(told, text("safeguards.effects_figure"), text("safeguards.effects_figure_note"))
    chart = figures.averted(_dots(rows), caption, text("safeguards.effects_axis"), kinds)
    said = []
    for name in told.letters:
        values = {kind: told.value(told.effect(kind, name), sign=True) for kind in KINDS}
        said.append(text("safeguards.effects_alt_one", name=told.title(name), **values))
    return plate("effects", chart, text("safeguards.effects_alt", list=", ".join(said)))


def _dots(rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    kinds = (pl.String, pl.String, pl.Float64, pl.Float64, pl.Float64)
    return pl.DataFrame(rows, schema=dict(zip(("label", "kind", *RAW), kinds, strict=True)), orient="row")


def interactions(told: Told) -> Table:
    """What two avert together beyond the sum of both."""
    text, rows, raw = told.text, _Rows(), _Raw()
    for members in told.pairs():
        found = {kind: told.effect(kind, *members) for kind in ("alone", "average")}
        rows.append((told.letter(members), *(told.value(answer, sign=True) for answer in found.values()), told.interaction(members)))
        raw += [(told.letter(members), " + ".join(members), kind, *_ends(answer)) for kind, answer in found.items()]
    heads = tuple(text.list("safeguards.heads_interactions"))
    keys = ("letters", "safeguards", "kind", *RAW)
    return Table(text("safeguards.interactions"), heads, tuple(rows), "interactions.csv", tuple(raw), raw_heads=keys)


def interactions_plate(told: Told) -> Plate:
    """The same as a figure."""
    text, rows, said = told.text, _Raw(), []
    for members in told.pairs():
        answer = told.effect("average", *members)
        rows.append((told.letter(members), "average", *_ends(answer)))
        said.append(text("safeguards.interactions_alt_one", name=told.letter(members), average=told.value(answer, sign=True)))
    caption = _caption(told, text("safeguards.interactions"), text("safeguards.interactions_figure_note"))
    kinds = {"average": (INK, text("safeguards.kind_average"))}
    chart = figures.averted(_dots(rows), caption, text("safeguards.interactions_axis"), kinds)
    return plate("interactions", chart, text("safeguards.interactions_alt", list=", ".join(said)))


def orders(told: Told) -> Table:
    """What several avert beyond all of their smaller combinations, of all orders."""
    text = told.text
    found = [one for one in told.study.effects if one.kind == "alone"]
    rows = tuple((told.letter(one.safeguards), told.value(one.averted, sign=True)) for one in found)
    raw = tuple((told.letter(one.safeguards), " + ".join(one.safeguards), *_ends(one.averted)) for one in found)
    heads = tuple(text.list("safeguards.heads_orders"))
    keys = ("letters", "safeguards", *RAW)
    return Table(text("safeguards.orders"), heads, rows, "orders.csv", raw, note=text("safeguards.orders_note"), raw_heads=keys)


# --- bounds -------------------------------------------------------------------------------------------------------------------------


def bounds(told: Told) -> Table:
    """Every combination held against the bounds, the least intrusive first."""
    text, rows, raw = told.text, _Rows(), _Raw()
    for one in told.study.held:
        for each, harm, verdict in zip(told.study.bounds, one.harms, one.verdicts, strict=True):
            word = text(f"safeguards.verdict_{verdict.replace(' ', '_')}")
            rows.append((told.name(one.combination), str(each), told.value(harm), word))
            raw.append((told.name(one.combination), str(each), *_ends(harm), word))
    heads = tuple(text.list("safeguards.heads_bounds"))
    keys = ("combination", "bound", *RAW, "verdict")
    return Table(text("safeguards.bounds_table"), heads, tuple(rows), "bounds.csv", tuple(raw), raw_heads=keys)
