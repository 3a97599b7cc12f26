"""Small made-up tallies, counted from lives that are drawn person by person and kept, so that measures can be checked against the persons.

This is no engine: closed days come from a few arbitrary listings. What matters is that every column of `docs/tallies.md` is counted from
the same lives, so that all identities hold in whole numbers, and that the lives themselves are there for brute force.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from counterlife.layout import AXES, CELLS, EVER_DAYS, RECORD_KINDS, SPELL_BIN, End
from counterlife.measures import Conduct, Domain, Facts, LedgerRow, Source, Tallies, World, measures, pair_name

WORLDS = ("none", "accurate", "designed")
PAIRS = (("designed", "accurate"), ("designed", "none"), ("accurate", "none"))
DOMAINS = ("loan", "registry", "school", "travel")
CHANNELS = ("court/unpaid judgment", "tax/tax arrears", "street/littering")
CLASSES = ("unpaid judgment", "tax arrears", "littering")
OWN = [0, 1, 3]
HORIZONS = (365, 730, 1825)
REDRESS = (
    "learned", "learned_wrong", "contested", "contested_wrong", "decided", "decided_wrong", "upheld", "upheld_wrong", "second", "abandoned",
    "pending", "case_days", "corrected", "corrected_wrong", "corrections_lost", "returned", "repaired",
)  # fmt: skip
WAITS = (
    "learned", "unlearned", "unaware", "decision", "undecided", "waiting", "copies", "copies_open", "filed", "closed",
    "found", "unfound", "unfound_open",
)  # fmt: skip
CELL_LABELS = tuple(itertools.product(*AXES.values()))
TILES = {
    "Heilongjiang": (0, 7), "Xinjiang": (1, 0), "Inner Mongolia": (1, 5), "Jilin": (1, 7),
    "Gansu": (2, 2), "Ningxia": (2, 3), "Shanxi": (2, 4), "Hebei": (2, 5), "Beijing": (2, 6), "Liaoning": (2, 7),
    "Tibet": (3, 0), "Qinghai": (3, 1), "Shaanxi": (3, 3), "Henan": (3, 4),
    "Shandong": (3, 5), "Tianjin": (3, 6), "Sichuan": (4, 1), "Chongqing": (4, 2), "Hubei": (4, 4), "Anhui": (4, 5), "Jiangsu": (4, 6),
    "Shanghai": (4, 7), "Yunnan": (5, 1), "Guizhou": (5, 2), "Hunan": (5, 3), "Jiangxi": (5, 4), "Zhejiang": (5, 6), "Guangxi": (6, 2),
    "Guangdong": (6, 3), "Fujian": (6, 5), "Hainan": (7, 3),
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """Tallies, facts, and for every person the cluster, the cell and the totals from which the tallies were counted."""

    tallies: Tallies
    facts: Facts
    cluster: np.ndarray
    cell: np.ndarray
    totals: dict[str, np.ndarray] = field(default_factory=dict)
    """Closed domain-days by world and wrongful domain-days by comparison, one number for each person."""
    spells: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Length and end of every wrongful spell, by comparison."""


def columns(
    worlds: tuple[str, ...] = WORLDS, pairs: tuple[tuple[str, str], ...] = PAIRS, domains: tuple[str, ...] = DOMAINS
) -> dict[str, tuple[str, ...]]:
    """The columns of the tables, as in `docs/tallies.md`."""
    names = [pair_name(pair) for pair in pairs]
    people = ["people", "days", *(f"scope_days.{d}" for d in domains), *(f"scope_people.{d}" for d in domains)]
    for w in worlds:
        people += [f"closed_days.{w}.{d}" for d in domains] + [f"closed_any_days.{w}", f"closed_many_days.{w}", f"squares.{w}"]
        people += [f"{what}.{w}.{d}" for d in domains for what in ("entries", "exits", "open_end")] + [f"ever.{w}.{x}" for x in EVER_DAYS]
        people += [f"child_ever.{w}", f"redlist_days.{w}", f"band_changes.{w}", f"reversals.{w}", f"cliff.{w}"]
        people += [f"records.{w}.{kind}" for kind in RECORD_KINDS]
        people += [f"{n}.{w}" for n in ("records_in", "records_out", "records_open", "wrong_open", "tampered_open", "file_days")]
        people += [f"{n}.{w}" for n in ("file_people", "listings", "marked", "marked_ever", "wrong_records", "biting")]
        people += [f"{n}.{w}" for n in ("but_for_days", "but_for_domains", "gave_up", "near", *REDRESS)]
        people += [f"tampered_{n}.{w}" for n in ("biting", "days", "domains")]
        people += [f"{n}.{w}" for n in ("shut_first", "shut_open", "relapse_watched", "relapsed")]
        people += [f"{n}.{w}.{h}" for n in ("watched", "freed") for h in HORIZONS]
    for p in names:
        people += [f"{kind}_days.{p}.{d}" for kind in ("wrongful", "lenient") for d in domains]
        people += [f"{kind}_any_days.{p}" for kind in ("wrongful", "lenient")]
        people += [f"{kind}_ever.{p}.{x}" for kind in ("wrongful", "lenient") for x in EVER_DAYS]
        people += [f"{n}.{p}" for n in ("child_wrongful_ever", "bystander_days", "marked_twin", "spells", "spell_days", "cleared")]
        people += [f"{n}.{p}" for n in ("tenfold", "tenfold_versus", "only", "only_versus", "squares")]
    months = [f"closed_days.{w}.{d}" for w in worlds for d in domains]
    months += [f"{n}.{w}" for w in worlds for n in ("closed_any_days", "newly_closed")]
    months += [f"wrongful_days.{p}.{d}" for p in names for d in domains] + [f"newly_wrongful.{p}" for p in names]
    tables = {
        "people": people,
        "months": months,
        "spells": [f"{p}.{end.name.lower()}" for p in names for end in End],
        "spread": [f"{n}.{s}" for s in (*names, *worlds) for n in ("people", "days")],
        "channels": [f"{n}.{w}" for w in worlds for n in ("events", *RECORD_KINDS, "listings", "file_days")],
        "classes": [f"{n}.{w}" for w in worlds for n in ("events", "first", "second", "both")],
        "waits": [f"{n}.{w}" for w in worlds for n in WAITS],
        "stages": [f"{n}_{when}.{w}" for n in ("days", "entries") for when in ("before", "after") for w in worlds],
        "latent": ["people", *(f"wrongful_{n}.{p}" for n in ("days", "ever") for p in names)],
        "meter": [f"{n}.{w}" for w in worlds for n in (*(f"tenth{t}" for t in range(10)), "top")],
    }
    return {name: tuple(labels) for name, labels in tables.items()}


def facts(region_people: dict[str, float], days: int) -> Facts:
    """Facts of a country with the given regions."""
    return Facts(
        title="A made-up system",
        label="made for tests",
        claim="C2",
        question="What does the system do to people?",
        description="Closed days come from a few arbitrary listings.",
        days=days,
        start=date(2014, 1, 1),
        people_in_country=sum(region_people.values()),
        region_people=region_people,
        tiles=TILES,
        worlds={
            "none": World("N", "no system", "none", "none"),
            "accurate": World("A", "accurate records", "main", "accurate"),
            "designed": World("D", "as designed", "main", "as they come"),
        },
        pairs=PAIRS,
        domains={
            "loan": Domain("loans", "credit", False, False),
            "registry": Domain("registry approvals", "business", False, False),
            "school": Domain("school admission", "education", True, True),
            "travel": Domain("travel", "transport", False, False),
        },
        classes={
            "unpaid judgment": Conduct("unpaid judgment", "bad", "court", 5),
            "tax arrears": Conduct("tax arrears", "bad", "tax", 3),
            "littering": Conduct("littering", "bad", "street", 1),
        },
        sources={"court": Source("the court", "court"), "tax": Source("the tax office", "tax"), "street": Source("cameras", "street")},
        ledger=(
            LedgerRow("sources.court.ghost", "0.001 per year", "", "illustrative", "", "", "no published rate"),
            LedgerRow("sources.court.detect", "0.9", "0.8-1.0", "reported", "E12", "2019", ""),
            LedgerRow("conduct.littering.rate", "2 per year", "1-4", "", "", "", ""),
        ),
        bands=("low", "middle", "high"),
    )


@cache
def made(clusters: tuple[int, ...] = (2, 3, 1), people: int = 60, days: int = 800, seed: int = 1, harm: float = 0.5) -> Made:
    """Tallies of as many regions as there are numbers of clusters; `harm` is the yearly rate of listings of a person of middle means."""
    rng = np.random.default_rng(seed)
    names = list(TILES)[: len(clusters)]
    region_people = {name: 1e6 * (1 + 0.5 * i) for i, name in enumerate(names)} | dict.fromkeys(list(TILES)[len(clusters) :], 1e6)
    regions = tuple(name for name, n in zip(names, clusters, strict=True) for _ in range(n))
    counter = _Counter(len(regions), days)
    for c in range(len(regions)):
        for _ in range(people):
            _live(counter, rng, c, int(rng.integers(CELLS)), harm * rng.gamma(0.7, 1 / 0.7))
    tallies = Tallies(regions, tuple(range(len(regions))), counter.tables, columns(), counter.rows)
    totals = {name: np.array(values) for name, values in counter.totals.items()}
    return Made(tallies, facts(region_people, days), np.array(counter.cluster), np.array(counter.cell), totals, counter.spells)


class _Counter:
    def __init__(self, n: int, days: int) -> None:
        dates = [date(2014, 1, 1) + timedelta(days=i) for i in range(days)]
        labels = list(dict.fromkeys(d.strftime("%Y-%m") for d in dates))
        self.month = np.array([labels.index(d.strftime("%Y-%m")) for d in dates])
        self.days = days
        self.rng = np.random.default_rng([days, n])  # for all that does not decide what is closed
        self.edges = [1]
        while self.edges[-1] < days * len(DOMAINS):
            self.edges.append(max(self.edges[-1] + 1, int(self.edges[-1] * 1.125)))
        bins = days // SPELL_BIN + 1
        self.rows = {
            "people": CELL_LABELS,
            "months": tuple(labels),
            "spells": tuple(range(0, bins * SPELL_BIN, SPELL_BIN)),
            "spread": tuple(self.edges),
            "channels": CHANNELS,
            "classes": CLASSES,
            "waits": tuple(range(0, bins * SPELL_BIN, SPELL_BIN)),
            "meter": tuple(range(256)),
            "stages": (0,),
            "latent": tuple((axis, level, 0.0) for axis, levels in AXES.items() for level in levels),
        }
        self.place = {t: {name: i for i, name in enumerate(names)} for t, names in columns().items()}
        self.tables = {t: np.zeros((n, len(self.rows[t]), len(names)), dtype=np.int64) for t, names in columns().items()}
        self.cluster: list[int] = []
        self.cell: list[int] = []
        self.totals: dict[str, list[int]] = {name: [] for name in (*WORLDS, *map(pair_name, PAIRS))}
        self.spells: dict[str, list[tuple[int, int]]] = {pair_name(pair): [] for pair in PAIRS}

    def add(self, table: str, c: int, row: int, column: str, value: int = 1) -> None:
        self.tables[table][c, row, self.place[table][column]] += value


def _live(counter: _Counter, rng: np.random.Generator, c: int, cell: int, rate: float) -> None:
    """Draws one person's listings, rasters them, and counts everything."""
    days = counter.days
    sex, age, _residence, means, name = CELL_LABELS[cell]
    rate *= {"low": 2.0, "middle": 1.0, "high": 0.5}[means] * (1.3 if sex == "male" else 1.0)
    wrong_rate = 0.06 * (3.0 if name == "common name" else 1.0)
    closed = {w: np.zeros((len(DOMAINS), days), dtype=bool) for w in WORLDS}
    child = age == "0-17"
    count = {w: dict.fromkeys((*RECORD_KINDS, "listings"), 0) for w in WORLDS}
    files: dict[str, list[_File]] = {w: [] for w in WORLDS}

    def listing(world: str, start: float, length: float) -> None:
        count[world]["listings"] += 1
        for d in range(len(DOMAINS)):
            lag = 40 * d if d else 0
            if child == (d == 2):
                closed[world][d, int(start + lag) : int(start + length + lag * 0.5)] = True

    for _ in range(rng.poisson(rate * days / 365)):
        channel, start, length = int(rng.integers(3)), rng.uniform(0, days), rng.exponential(200) + 20
        lost, bites = rng.random() < 0.04, rng.random() < 0.25
        for w in WORLDS:
            counter.add("channels", c, channel, f"events.{w}")
            counter.add("classes", c, channel, f"events.{w}")
        if rng.random() < 0.6:
            for w in ("accurate", "designed"):
                kind = "lost" if w == "designed" and lost else "right"
                stale = w == "designed" and kind == "right" and bites and rng.random() < 0.2
                for k in (kind, *(("stale",) if stale else ())):
                    count[w][k] += 1
                    counter.add("channels", c, channel, f"{k}.{w}")
                if kind == "right":
                    files[w].append(_File(channel, start, min(start + length * (2 if stale else 1), days), stale))
                    if bites:
                        counter.add("channels", c, channel, f"listings.{w}")
                        listing(w, start, length * (2 if stale else 1))
    for _ in range(rng.poisson(wrong_rate * days / 365)):
        kind, channel = ("ghost", "stray")[rng.integers(2)], int(rng.integers(3))
        start, length = rng.uniform(0, days), rng.exponential(250) + 20
        count["designed"][kind] += 1
        files["designed"].append(_File(channel, start, min(start + length, days), wrong=True))
        counter.add("channels", c, channel, f"{kind}.designed")
        if rng.random() < 0.5:
            counter.add("channels", c, channel, "listings.designed")
            listing("designed", start, length)
    for w in WORLDS:
        _count_files(counter, counter.rng, c, cell, w, files[w])
    _count(counter, rng, c, cell, closed, count)


@dataclass
class _File:
    """A record on file, from day to day."""

    channel: int
    begin: float
    end: float
    wrong: bool


def _count_files(counter, rng, c, cell, w, files) -> None:  # type: ignore[no-untyped-def]
    """Records on file, and what people do about them: who learns appeals or not, and is decided on, gives up, or waits."""
    days = counter.days

    def add(column: str, value: int = 1) -> None:
        counter.add("people", c, cell, f"{column}.{w}", int(value))

    def wait(column: str, length: float) -> None:
        counter.add("waits", c, int(length) // SPELL_BIN, f"{column}.{w}")

    for one in files:
        is_open, whole = one.end >= days, int(one.end) - int(one.begin)
        add("records_in")
        add("records_open" if is_open else "records_out")
        add("wrong_open", one.wrong and is_open)
        add("file_days", whole)
        counter.add("channels", c, one.channel, f"file_days.{w}", whole)
        if rng.random() > 0.7:
            if one.wrong:
                wait("unaware" if is_open else "unlearned", whole)
            continue
        learned = rng.uniform(one.begin, one.end)
        add("learned")
        add("learned_wrong", one.wrong)
        if one.wrong:
            wait("learned", int(learned) - int(one.begin))
        if rng.random() < 0.6:
            _count_case(add, wait, rng, one, learned, days)
    add("file_people", any(one.end >= days for one in files))


def _count_case(add, wait, rng, one, filed, days) -> None:  # type: ignore[no-untyped-def]
    end, left = filed + rng.exponential(90), rng.random() < 0.1
    is_open, ended = one.end >= days, min(one.end, end)
    add("contested")
    add("contested_wrong", one.wrong)
    wait("filed", filed)
    add("case_days", int(ended) - int(filed))
    if end < one.end:
        wait("closed", end)
        wait("undecided" if left else "decision", int(end) - int(filed))
        if left:
            add("abandoned")
            return
        upheld = rng.random() < (0.8 if one.wrong else 0.05)
        for column, yes in {"decided": True, "upheld": upheld, "corrected": upheld, "second": rng.random() < 0.2}.items():
            add(column, yes)
            if column != "second":
                add(f"{column}_wrong", yes and one.wrong)
        if upheld:
            wait("copies_open" if is_open else "copies", int(one.end) - int(end))
    elif is_open:
        add("pending")
        wait("waiting", days - int(filed))
    else:
        wait("closed", one.end)
        wait("undecided", int(one.end) - int(filed))


def _count(counter, rng, c, cell, closed, count) -> None:  # type: ignore[no-untyped-def]
    child = CELL_LABELS[cell][1] == "0-17"

    def add(column: str, value: int = 1) -> None:
        counter.add("people", c, cell, column, int(value))

    add("people")
    add("days", counter.days)
    for d, name in enumerate(DOMAINS):
        if child == (d == 2):
            add(f"scope_people.{name}")
            add(f"scope_days.{name}", counter.days)
    wrong = sum(count["designed"][kind] for kind in ("ghost", "stray", "stale"))
    for w in WORLDS:
        _count_world(counter, rng, c, cell, w, closed[w], count[w])
        if w == "designed" and wrong:
            add("marked.designed")
            add("marked_ever.designed", closed[w].any())
            add("wrong_records.designed", wrong)
    excess = int((closed["designed"] & ~closed["accurate"]).sum())
    if wrong and excess:
        add("biting.designed")
        add("but_for_days.designed", excess // wrong)
        add("but_for_domains.designed", int((closed["designed"] & ~closed["accurate"]).any(axis=1).sum()))
    place = int(np.clip(150 - 10 * closed["designed"].any() + counter.rng.integers(-5, 6), 0, 255))
    tenth = int(counter.rng.integers(10))
    for axis, level in zip(AXES, CELL_LABELS[cell], strict=True):
        row = counter.rows["latent"].index((axis, level, 0.0))
        counter.add("latent", c, row, "people")
        for w, v in PAIRS:
            wrongful = int((closed[w] & ~closed[v]).sum())
            counter.add("latent", c, row, f"wrongful_days.{pair_name((w, v))}", wrongful)
            counter.add("latent", c, row, f"wrongful_ever.{pair_name((w, v))}", wrongful > 0)
    for w, v in PAIRS:
        _count_pair(counter, rng, c, cell, pair_name((w, v)), closed[w], closed[v], marked=bool(wrong))
        add(f"marked_twin.{pair_name((w, v))}", wrong and w == "designed" and closed[v].any())
    for w in ("accurate", "designed"):
        counter.add("meter", c, place, f"tenth{tenth}.{w}")
        counter.add("meter", c, place, f"top.{w}", tenth == 9)
    counter.cluster.append(c)
    counter.cell.append(cell)


def _count_world(counter, rng, c, cell, w, closed, count) -> None:  # type: ignore[no-untyped-def]
    def add(column: str, value: int = 1) -> None:
        counter.add("people", c, cell, column, int(value))

    for d, name in enumerate(DOMAINS):
        add(f"closed_days.{w}.{name}", closed[d].sum())
        steps = np.diff(np.concatenate([[False], closed[d]]).astype(int))
        add(f"entries.{w}.{name}", (steps == 1).sum())
        add(f"exits.{w}.{name}", (steps == -1).sum())
        add(f"open_end.{w}.{name}", closed[d][-1])
        for m, n in zip(*np.unique(counter.month[closed[d]], return_counts=True), strict=True):
            counter.add("months", c, int(m), f"closed_days.{w}.{name}", int(n))
    any_day = closed.any(axis=0)
    add(f"closed_any_days.{w}", any_day.sum())
    add(f"closed_many_days.{w}", (closed.sum(axis=0) >= 3).sum())
    for m, n in zip(*np.unique(counter.month[any_day], return_counts=True), strict=True):
        counter.add("months", c, int(m), f"closed_any_days.{w}", int(n))
    if any_day.any():
        counter.add("months", c, int(counter.month[any_day.argmax()]), f"newly_closed.{w}")
    total = int(closed.sum())
    for x in EVER_DAYS:
        add(f"ever.{w}.{x}", total >= x)
    add(f"child_ever.{w}", closed[2].any())
    _spread(counter, c, w, total)
    if w != "none":
        add(f"redlist_days.{w}", 0 if total else rng.integers(0, 30))
        add(f"band_changes.{w}", 2 * (total > 0))
        add(f"reversals.{w}", total % 7 == 1)
        add(f"cliff.{w}", (not closed[:, -1].any()) and rng.random() < 0.1)
    for kind in RECORD_KINDS:
        add(f"records.{w}.{kind}", count[kind])
    add(f"listings.{w}", count["listings"])
    add(f"squares.{w}", total**2)
    _recovery(add, w, closed[OWN].any(axis=0))


def _recovery(add, w, shut) -> None:  # type: ignore[no-untyped-def]
    """First shut out, first free, shut out again: by looking at every day."""
    days = len(shut)
    if not shut.any():
        return
    begin = int(shut.argmax())
    add(f"shut_first.{w}")
    later = np.flatnonzero(~shut[begin:]) + begin
    free = int(later[0]) if later.size else None
    add(f"shut_open.{w}", free is None)
    for h in HORIZONS:
        if begin + h < days:
            add(f"watched.{w}.{h}")
            add(f"freed.{w}.{h}", free is not None and free - begin <= h)
    if free is not None and free + 365 < days:
        add(f"relapse_watched.{w}")
        add(f"relapsed.{w}", shut[free : free + 366].any())


def _count_pair(counter, rng, c, cell, p, ours, theirs, *, marked) -> None:  # type: ignore[no-untyped-def]
    def add(column: str, value: int = 1) -> None:
        counter.add("people", c, cell, column, int(value))

    for kind, closed in (("wrongful", ours & ~theirs), ("lenient", theirs & ~ours)):
        for d, name in enumerate(DOMAINS):
            add(f"{kind}_days.{p}.{name}", closed[d].sum())
        add(f"{kind}_any_days.{p}", closed.any(axis=0).sum())
        for x in EVER_DAYS:
            add(f"{kind}_ever.{p}.{x}", closed.sum() >= x)
    mine, twins = int(ours.sum()), int(theirs.sum())
    for n, yes in {"tenfold": mine > 10 * twins > 0, "tenfold_versus": twins > 10 * mine > 0}.items():
        add(f"{n}.{p}", yes)
    add(f"only.{p}", mine > 0 and not twins)
    add(f"only_versus.{p}", twins > 0 and not mine)
    add(f"squares.{p}", (mine - twins) ** 2)
    wrongful = ours & ~theirs
    for d, name in enumerate(DOMAINS):
        for m, n in zip(*np.unique(counter.month[wrongful[d]], return_counts=True), strict=True):
            counter.add("months", c, int(m), f"wrongful_days.{p}.{name}", int(n))
    any_day = wrongful.any(axis=0)
    if any_day.any():
        counter.add("months", c, int(counter.month[any_day.argmax()]), f"newly_wrongful.{p}")
    add(f"child_wrongful_ever.{p}", wrongful[2].any())
    add(f"bystander_days.{p}", 0 if marked else wrongful.sum())
    _spread(counter, c, p, int(wrongful.sum()))
    steps = np.flatnonzero(np.diff(np.concatenate([[0], any_day.astype(int), [0]])))
    for first, last in steps.reshape(-1, 2):
        if last == counter.days:
            end = End.OPEN
        elif ours[:, last].any():
            end = End.OVERTAKEN
        else:
            end = End(int(rng.choice(7, p=[0.4, 0.2, 0.1, 0.05, 0.15, 0.05, 0.05])))
        length = int(last - first)
        counter.add("spells", c, length // SPELL_BIN, f"{p}.{end.name.lower()}")
        counter.spells[p].append((length, int(end)))
        add(f"spells.{p}")
        add(f"spell_days.{p}", length)
        add(f"cleared.{p}", end not in (End.OVERTAKEN, End.OPEN))


def _spread(counter: _Counter, c: int, name: str, total: int) -> None:
    counter.totals[name].append(total)
    if total:
        row = int(np.searchsorted(counter.edges, total, side="right")) - 1
        counter.add("spread", c, row, f"people.{name}")
        counter.add("spread", c, row, f"days.{name}", total)


@cache
def sample() -> tuple[Made, pl.DataFrame]:
    """A small run, and its measures."""
    run = made(people=40)
    return run, measures(run.tallies, run.facts)
