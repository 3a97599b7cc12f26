"""The sections of the report as sentences and tables, in the order of the page. Figures are in `plates.py`, words in the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from counterlife.figures import number, percent
from counterlife.layout import YEAR
from counterlife.measures import LedgerRow, identities, series
from counterlife.report.findings import MISTAKES, NO_SYSTEM, Findings
from counterlife.report.plates import still_running
from counterlife.report.tables import Table, table

UNSOURCED = ("", "illustrative")
WRONG_KINDS = ("stale", "ghost", "stray")
SHOWN = ("B3", "B4", "B5", "M4", "M5", "M10", "M13", "M14", "M15", "M17", "M23")
"""Measures of the headline comparison that have a line in the table of section 5."""
RARER_KINDS = ("misread", "inflated", "rule", "tampered", "duplicate")


@dataclass(frozen=True)
class Card:
    """One number of the headline strip."""

    title: str
    value: str
    interval: str
    note: str
    kind: str


def bottom_line(run: Findings) -> list[str]:
    """Five sentences, and one on what was not computed."""
    text = run.text
    counted = run.twin("B4", "people ever restricted in the country, wrongly")
    top = run.twin("M13", "concentration, share of the top 1 % of people")
    shut_out = {
        name: run.plain(run.ever(world)) for name, world in (("designed", run.designed), ("accurate", run.accurate), ("none", run.none))
    }
    wrongly, long = run.plain(run.ever_wrongly()), run.plain(run.ever_wrongly("365 days or more"))
    share = run.twin("M4", "wrongful share of restrictions")
    shared = share.value is not None and top.value is not None
    sentences = [
        [text("section0.shut_out", people=text("synthetic"), **shut_out)],
        [
            text("section0.wrongly", ever=wrongly, long=long),
            text(
                "section0.country",
                country=people_said(run, run.facts.people_in_country),
                count=people_said(run, counted.value),
                ever=wrongly,
            ),
        ],
        [text("section0.share", share=run.plain(share, " %"), top=run.plain(top, " %")) if shared else text("section0.share_none")],
        [*_wrong_records(run), _lasting(run)],
        [_gap_sentence(run), *_children_sentences(run)],
        [text("section0.robust")],
    ]
    return [" ".join(parts) for parts in sentences]


def _wrong_records(run: Findings) -> list[str]:
    """What the wrong records are about, and what one of them costs."""
    text, kinds = run.text, wrong_kinds(run)
    if not kinds:
        return [text("section0.kinds_none")]
    cost = run.twin("M5", "cost of a wrong record, shared out equally")
    biting = run.twin("M5", "cost of a wrong record, records that close a day")
    said = [_kinds_said(run, kinds)]
    if run.kind == MISTAKES and cost.value is not None:
        said.append(text("section0.record", days=run.plain(cost), biting=run.plain(biting, " %")))
    return said


def wrong_kinds(run: Findings) -> dict[str, float]:
    """The share of each kind among the wrong records of the world in question; empty where there are none."""
    kinds = [*WRONG_KINDS, *RARER_KINDS]
    numbers = {kind: run.sample.strata.total(run.sample.count(f"records.{run.designed}.{kind}")[:, None])[0] for kind in kinds}
    total = sum(numbers.values())
    return {kind: float(n / total) for kind, n in numbers.items() if n or kind in WRONG_KINDS} if total else {}


def _kinds_said(run: Findings, kinds: Mapping[str, float]) -> str:
    """The shares of the usual kinds, then of those that not every scenario has."""
    said = run.text("section0.kinds", **{kind: percent(kinds[kind]) for kind in WRONG_KINDS})
    more = [run.text(f"section0.kind_{kind}", share=percent(kinds[kind])) for kind in RARER_KINDS if kind in kinds]
    return " ".join([said, run.text("section0.kinds_more", list=", ".join(more))]) if more else said


def _lasting(run: Findings) -> str:
    running = still_running(run)
    return run.text("section0.lasting", running=running) if running else run.text("section0.lasting_none")


def _gap_sentence(run: Findings) -> str:
    gap, text = run.widest_gap, run.text
    if gap is None:
        return text("section0.groups_none")
    who, others = text.group(gap.more, part="group_sentences"), text.group(gap.less)
    return text("section0.groups", group=who, ratio=f"{gap.ratio:.1f}", reference=others, count=str(gap.looked_at))


def _children_sentences(run: Findings) -> list[str]:
    kept = run.plain(run.get("M21", "children affected", run.designed))
    return [run.text("section0.children", children=kept)] if run.looks_at_parents else []


def people_said(run: Findings, value: float | None) -> str:
    """A count of people as one says it: no more figures than a sample can carry."""
    if value is None:
        return run.text("not_shown")
    if value >= 1e9:
        return run.text("billion", number=number(value / 1e9))
    if value >= 1e6:
        return run.text("million", number=number(value / 1e6))
    return number(round(value, -2) if value >= 1000 else value)


def strip(run: Findings) -> list[Card]:
    """What the design does, what its mistakes add, and both together, in closed days."""
    text, cards = run.text, []
    pairs = {"design": (run.accurate, run.none), "mistakes": run.pair, "total": (run.designed, run.none)}
    for kind, pair in pairs.items() if run.accurate != run.none else [("total", run.pair)]:
        found = run.get("B2", "restricted days", *pair)
        between = "" if found.low is None or found.high is None else f"{number(found.low)} – {number(found.high)}"
        cards.append(Card(text(f"section0.strip_{kind}"), run.plain(found), between, text(f"section0.strip_{kind}_note"), kind))
    return [*cards, *_helping(run)]


def _helping(run: Findings) -> list[Card]:
    """The safeguard that by itself averts most, where one averts any."""
    text, name = run.text, run.most_averting
    if name is None:
        return []
    found, own = run.averted(name), run.plain(run.twin("M1", "wrongful restriction"))
    between = "" if found.low is None or found.high is None else f"{number(found.low)} – {number(found.high)}"
    note = text("section0.strip_helps_note", title=run.facts.safeguards[name].title, own=own)
    return [Card(text("section0.strip_helps"), run.plain(found), between, note, "helps")]


def strip_explained(run: Findings) -> str:
    """How the numbers of the strip are to be read, and why mistakes add less than they close."""
    text, said = run.text, []
    if run.accurate != run.none:
        names = {"closed": ("M1", "wrongful restriction"), "missed": ("M2", "missed restriction")}
        said.append(text("section0.strip_adds", **{key: run.plain(run.twin(*name)) for key, name in names.items()}))
    return " ".join([*said, text("section0.strip_explained", lived=number(1000 * YEAR))])


def affected(run: Findings) -> Table:
    """People ever shut out, by group (section 3)."""
    text = run.text
    rows = []
    both = run.kind != NO_SYSTEM  # beside no system, everybody who is shut out is shut out by it
    for group in ("all", *run.groups):
        ever, wrongly = run.ever(run.designed, group), run.ever_wrongly(group=group)
        rows.append([text("all") if group == "all" else text.group(group), f"{ever.people:,}", run.full(ever), *[run.full(wrongly)][:both]])
    heads = [text(f"section3.head_{name}") for name in ("group", "sample", "ever", *["wrongly"][:both])]
    return table(text("section3.table"), heads, rows, "groups.csv")


def regions_said(run: Findings) -> str:
    """How many regions have synthetic people, in words (section 14)."""
    count = len(run.sample.regions)
    return run.text("section14.region") if count == 1 else run.text("section14.regions", number=str(count))


def missing_regions(run: Findings) -> str:
    """Which regions of the country have no synthetic person."""
    missing = [region for region in run.facts.region_people if region not in run.sample.regions]
    return run.text("section3.missing_regions", regions=", ".join(missing)) if missing else run.text("section3.missing_none")


def flow_sentence(run: Findings) -> str:
    """Events, records and wrong records per 1,000 people a year (section 4)."""
    parts = {(stage, part): value for stage, part, value in series.flow(run.sample, run.pair).iter_rows()}
    totals = {stage: sum(value for (s, _), value in parts.items() if s == stage) for stage in ("events", "records")}
    wrong = sum(parts["records", kind] for kind in (*WRONG_KINDS, *RARER_KINDS))
    made = {stage: number(total) for stage, total in totals.items()}
    return (
        run.text("section4.plain", wrong=percent(wrong / totals["records"]), **made) if wrong else run.text("section4.plain_none", **made)
    )


def kinds_sentences(run: Findings) -> str:
    """Which kinds make up the wrong records, and on which numbers of the scenario the settled ones rest (section 4)."""
    kinds, text = wrong_kinds(run), run.text
    if not kinds:
        return ""
    said = [_kinds_said(run, kinds)]
    behind = _behind_settled(run)
    if kinds["stale"]:
        said.append(text("section4.settled"))
    if behind:
        without = str(sum(unsourced(row.source) for row in behind))
        said.append(
            text(
                "section4.settled_behind", count=str(len(behind)), without=without, list="; ".join(_number_said(run, row) for row in behind)
            )
        )
    return " ".join(said)


def _number_said(run: Findings, row: LedgerRow) -> str:
    source = run.text("section4.no_source") if unsourced(row.source) else f"{row.source} {row.ref}".strip()
    return f"{row.path}: {row.value} ({source})"


def _behind_settled(run: Findings) -> list[LedgerRow]:
    """The numbers of the scenario that decide how many records are kept past settlement, of the channels that have any."""
    stale = run.sample.column("channels", f"stale.{run.designed}").sum(axis=0)
    channels = [str(name).partition("/") for name, some in zip(run.tallies.rows["channels"], stale, strict=True) if some]
    stems = {f"sources.{source}.staleness" for source, _, _ in channels} | {
        f"conduct.{conduct}.settled_after" for _, _, conduct in channels
    }
    return [row for row in run.facts.ledger if any(row.path == stem or row.path.startswith(f"{stem}.") for stem in stems)]


def errors(run: Findings) -> Table:
    """Records by source and class (section 4)."""
    text, sample = run.text, run.sample
    years = float(sample.strata.weights @ sample.count("days")) / YEAR / 1000
    rare = [kind for kind in RARER_KINDS if sample.column("channels", f"{kind}.{run.designed}").any()]
    kinds = ("events", "right", "stale", "stray", "ghost", *rare, "lost", "listings")
    columns = [sample.strata.total(sample.column("channels", f"{kind}.{run.designed}")) / years for kind in kinds]
    rows = [
        [_channel(run, str(channel)), *(number(float(column[place])) for column in columns)]
        for place, channel in enumerate(sample.tallies.rows["channels"])
    ]
    heads = [text(f"section4.head_{name}") for name in ("channel", *kinds)]
    return table(text("section4.table"), heads, rows, "records.csv")


def _channel(run: Findings, channel: str) -> str:
    source, _, conduct = channel.partition("/")
    names = (run.facts.sources[source].title if source in run.facts.sources else source, conduct)
    return ", ".join([names[0], run.facts.classes[conduct].title if conduct in run.facts.classes else conduct])


def people_sentence(run: Findings) -> str:
    """People shut out, wrongly, and for how long (section 5)."""
    length = run.plain(run.twin("M10", "time to clear, mean within the period"))
    return run.text("section5.plain", designed=run.plain(run.ever(run.designed)), wrongful=run.plain(run.ever_wrongly()), length=length)


def other_worlds(run: Findings) -> Table | None:
    """Closed days in the worlds that have no column of their own (section 5); nothing where all have one."""
    text, others = run.text, [world for world in run.shown_worlds if world not in run.side_by_side]
    places = (*run.facts.domains, "all")
    rows = [[run.titles[world], *(run.full(run.get("B2", "restricted days", world, domain=place)) for place in places)] for world in others]
    heads = [text("section8.head_world"), *(domain.title for domain in run.facts.domains.values()), text("section5.all_domains")]
    return table(text("section5.other_worlds"), heads, rows, "other-worlds.csv") if rows else None


def domains(run: Findings) -> Table:
    """Closed days by domain in the worlds beside one another, and those by mistake (section 5)."""
    text, rows, worlds = run.text, [], run.side_by_side
    for domain in (*run.facts.domains, "all"):
        title = text("section5.all_domains") if domain == "all" else run.facts.domains[domain].title
        by_world = [run.full(run.get("B2", "restricted days", world, domain=domain)) for world in worlds]
        twins = [
            run.full(run.twin(id_, name, domain=domain)) for id_, name in (("M1", "wrongful restriction"), ("M2", "missed restriction"))
        ]
        rows.append([title, *by_world, *(twins if run.kind != NO_SYSTEM else ())])
    ends = [text("section5.head_wrongful"), text("section5.head_missed")] if run.kind != NO_SYSTEM else []
    heads = [text("section5.head_domain"), *(run.titles[world] for world in worlds), *ends]
    return table(text("section5.domains"), heads, rows, "domains.csv")


def more(run: Findings) -> Table:
    """The remaining measures of the headline comparison, one line each (section 5)."""
    shown: list[list[str]] = []
    for row in run.frame.iter_rows(named=True):
        total = row["region"] == row["group"] == row["domain"] == "all"
        about = (row["world"], row["versus"]) in (run.pair, (run.designed, "all"))
        if run.kind != MISTAKES and (row["value"] is None or row["name"].endswith("wrongly") or row["id"] == "M4"):
            continue  # beside anything but accurate records these are no mistakes
        if total and about and row["id"] in SHOWN:
            found = run.get(row["id"], row["name"], row["world"], row["versus"])
            shown.append([f"{row['id']} {row['name']}", run.full(found), row["unit"]])
    text = run.text
    heads = [text("section5.head_measure"), text("section5.head_measure_value"), text("section5.head_unit")]
    return table(text("section5.more"), heads, shown, "measures.csv")


def who_bears_more(run: Findings) -> str:
    """The widest gap in a sentence (section 7)."""
    gap, text = run.widest_gap, run.text
    if gap is None:
        return text("section7.plain_none")
    who, others = text.group(gap.more, part="group_sentences"), text.group(gap.less)
    return text("section7.plain", group=who, reference=others, ten=f"{10 * gap.ratio:.0f}", count=str(gap.looked_at))


def children_sentence(run: Findings) -> str:
    """Children kept out, and wrongly (section 8)."""
    if not run.looks_at_parents:
        return run.text("section8.plain_none")
    designed = run.get("M21", "children affected", run.designed)
    return run.text("section8.plain", designed=run.plain(designed), wrongly=run.plain(run.twin("M21", "children affected, wrongly")))


def bystanders(run: Findings) -> str:
    """What people without a wrong record of their own bear (section 8); empty where no days are closed by mistake."""
    if run.kind != MISTAKES or run.twin("M22", "bystander share").value is None:
        return ""
    return run.text("section8.bystanders", share=run.plain(run.twin("M22", "bystander share"), " %"))


def children(run: Findings) -> Table:
    """Children kept out through a parent, in every world (section 8)."""
    text, rows = run.text, []
    gates = {name: domain.title for name, domain in run.facts.domains.items() if domain.child}
    for world in run.shown_worlds:
        title = run.titles[world]
        wrongly = run.full(run.twin("M21", "children affected, wrongly")) if world == run.designed else text("none")
        days = [run.full(run.get("M21", "children affected, days", world, domain=gate)) for gate in gates]
        rows.append([title, run.full(run.get("M21", "children affected", world)), wrongly, *days])
    heads = [text("section8.head_world"), text("section8.head_children"), text("section8.head_wrongly")]
    heads += [text("section8.head_days", domain=title) for title in gates.values()]
    return table(text("section8.table"), heads, rows, "children.csv")


def violations(run: Findings) -> list[str]:
    """Identities that do not hold in the tallies (section 14)."""
    return identities(run.tallies, run.facts)


def assumptions(run: Findings) -> tuple[Table, Table]:
    """The numbers of the scenario without a source, and those with one (section 14)."""
    text = run.text
    without = [
        [row.path, row.value, row.range or text("none"), text("section14.not_computed"), row.note]
        for row in run.facts.ledger
        if unsourced(row.source)
    ]
    sourced = [
        [r.path, r.value, r.range or text("none"), r.source, r.ref, r.date, r.note] for r in run.facts.ledger if not unsourced(r.source)
    ]
    heads = [text(f"section14.head_{name}") for name in ("path", "value", "range", "share", "note")]
    others = [text(f"section14.head_{name}") for name in ("path", "value", "range", "source", "ref", "date", "note")]
    return (
        table(text("section14.assumptions"), heads, without, "assumptions.csv"),
        table(text("section14.sourced"), others, sourced, "sources.csv"),
    )


def unsourced(source: str) -> bool:
    """Whether a number's kind of source is none at all."""
    return source in UNSOURCED


def provenance(run: Findings, entries: Mapping[str, object]) -> Table:
    """From what the run can be repeated (section 14)."""
    heads = [run.text("section14.head_key"), run.text("section14.head_entry")]
    return table(run.text("section14.provenance"), heads, _flat(entries), "provenance.csv")


def _flat(entries: Mapping[str, object], above: str = "") -> Iterator[list[str]]:
    for name, entry in entries.items():
        if isinstance(entry, Mapping):
            yield from _flat(entry, f"{above}{name}.")
        else:
            yield [f"{above}{name}", str(entry)]
