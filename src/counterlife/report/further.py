"""Parts of the report that not every run has: changes of the rules (2), gaps split (7), attacks (12), other regions' rules (13)."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from counterlife import figures
from counterlife.figures import Caption, number
from counterlife.measures import pair_name
from counterlife.report.findings import Findings, Found
from counterlife.report.plates import Plate, plate
from counterlife.report.tables import Table, table
from counterlife.scenario import Scenario
from counterlife.scenario.rollout import stages_of

BREACH = "breach exposure, "
SHOCK, SPLIT, TAMPER, REGIONS = (
    "shock of a change of rules, ",
    "disparity, difference, M1 ",
    "leverage of tampering, ",
    "regional arbitrariness, ",
)
CAUSES = ("by settled records", "by other old records", "by new records, less those before")
FALSE_RECORDS = (
    "days changed", "days changed per false record", "restrictions by one false record", "days changed by one false record",
    "false records that close a day", "until half are found out", "never found out", "false records never taken back",
)  # fmt: skip
LEFT = "with all of these alike"
WHERE = ("central", "federated", "central and old copies")
TAKEN = (
    "chance of any", "expected records taken", "expected record-months taken", "more than a tenth of people in one place",
    "mean of the worst 5 in 100", "mean loss given any",
)  # fmt: skip


def _in_all(run: Findings, measure: str, name: str, world: str) -> Found:
    """A value of the whole country, or of the only region in which there is one."""
    found = run.frame.filter((pl.col("id") == measure) & (pl.col("name") == name) & (pl.col("world") == world) & (pl.col("group") == "all"))
    rows = found.sort(pl.col("region") != "all", maintain_order=True).select("value", "low", "high", "people", "unit").rows()
    return Found(*rows[0]) if rows else Found(None, None, None, 0, "")


def changes(run: Findings) -> Table | None:
    """What each change of the rules brings in 90 days (section 2)."""
    text, rows = run.text, []
    for stage in run.facts.stages:
        names = [f"{SHOCK}{words}, {stage.name}" for words in ("closed domain-days", "restrictions begun")]
        found = [_in_all(run, "M25", name, world) for name in names for world in (run.designed, run.accurate)]
        if any(one.value is not None for one in found):
            where = text("section2.everywhere") if not stage.regions else ", ".join(stage.regions)
            day = run.facts.start.fromordinal(run.facts.start.toordinal() + stage.day)
            rows.append([stage.name, str(day), where, *(run.full(one) for one in found)])
    heads = [text(f"section2.head_{name}") for name in ("stage", "day", "where", "days", "days_accurate", "begun", "begun_accurate")]
    return table(text("section2.table"), heads, rows, "changes.csv") if rows else None


def shock(run: Findings) -> Table | None:
    """A consolidation by the records that cause its shock (section 2)."""
    text, rows = run.text, []
    for stage in run.facts.shocks:
        for cause in (*CAUSES, ""):
            ends = f"{stage}, {cause}" if cause else stage
            found = [_in_all(run, "M25", f"{SHOCK}{words}, {ends}", "designed") for words in ("closed domain-days", "restrictions begun")]
            rows.append([text(f"section2.{cause.partition(',')[0].replace(' ', '_') or 'together'}"), *map(run.full, found)])
    heads = [text(f"section2.head_{name}") for name in ("records", "days", "begun")]
    return table(text("section2.split", stage=", ".join(run.facts.shocks)), heads, rows, "shock.csv") if rows else None


def equal_conduct(run: Findings) -> Table:
    """Gaps as they are, and between people of equal latent conduct (section 7)."""
    text, rows = run.text, []
    names = [f"disparity, {kind}, M1{ends}" for kind in ("ratio", "difference") for ends in ("", " at equal conduct")]
    for group, other in run.compared.items():
        rows.append([text.group(group), text.group(other), *(run.full(run.twin("M12", name, group=group)) for name in names)])
    heads = [text(f"section7.head_{name}") for name in ("group", "against", "ratio_days", "ratio_equal", "difference", "difference_equal")]
    return table(text("section7.equal"), heads, rows, "equal-conduct.csv")


def by_channel(run: Findings) -> Table | None:
    """The difference in wrongful days of each group, by channel (section 7); nothing where gaps are not split."""
    text, channels = run.text, run.facts.channels
    if not channels:
        return None
    names = [*(f"{SPLIT}through {channel}" for channel in channels), f"{SPLIT}{LEFT}", SPLIT.removesuffix(" ")]
    rows = [
        [text.group(group), text.group(other), *(run.full(run.twin("M12", name, group=group)) for name in names)]
        for group, other in run.compared.items()
    ]
    heads = [text("section7.head_group"), text("section7.head_against"), *(text(f"section7.through_{channel}") for channel in channels)]
    return table(text("section7.split"), [*heads, text("section7.left"), text("section7.whole")], rows, "channels.csv")


def attacked(run: Findings) -> Table | None:
    """What false records move, and how long they go unnoticed (section 12); nothing where nobody is attacked, or records are but copied."""
    text, rows, moved = run.text, [], False
    for world, versus in run.facts.pairs:
        if run.facts.worlds[world].records == "attacked" and run.facts.worlds[versus].records == "as they come":
            for name in FALSE_RECORDS:
                own = run.get("M28", f"{TAMPER}{name}", world, versus)
                found = own if own.unit else run.get("M28", f"{TAMPER}{name}", world)
                if found.unit:
                    rows.append([text(f"section12.{name.replace(' ', '_')}"), run.full(found), found.unit])
                    moved = moved or found.value != 0.0
    if run.facts.breaches and not moved:
        return None
    heads = [text(f"section12.head_{name}") for name in ("what", "value", "unit")]
    return table(text("section12.table"), heads, rows, "attacks.csv") if rows else None


def breaches_sentence(run: Findings) -> str:
    """How likely the first breach that the scenario states is, and what it is expected to take, in words (section 12)."""
    world = next(name for name, one in run.facts.worlds.items() if one.records == "attacked")
    title = next(iter(run.facts.breaches.values())).title
    central, apart, copies = (
        [run.get("M27", f"{BREACH}{title}: {where}, {words}", world) for words in ("chance of any", "expected records taken")]
        for where in WHERE
    )
    said = {"central": central[0], "apart": apart[0], "records": central[1], "copies": copies[1]}
    return run.text("section12.breaches_plain", title=title, **{name: run.plain(one) for name, one in said.items()})


def breaches(run: Findings) -> Table | None:
    """What a breach that the scenario states is expected to take, by where the records lie (section 12); nothing where it states none."""
    text, rows = run.text, []
    for world in [name for name, one in run.facts.worlds.items() if one.records == "attacked"][:1]:
        for breach, where in ((one, where) for one in run.facts.breaches.values() for where in WHERE):
            found = [run.get("M27", f"{BREACH}{breach.title}: {where}, {words}", world) for words in TAKEN]
            if any(one.unit for one in found):
                rows.append([breach.title, text(f"section12.{where.replace(' ', '_')}"), *map(run.full, found)])
    heads = [text(f"section12.head_{name}") for name in ("breach", "where", "chance", "records", "months", "tenth", "worst", "given")]
    return table(text("section12.breaches"), heads, rows, "breaches.csv") if rows else None


def attacked_sentence(run: Findings) -> str:
    """How long a false record goes unnoticed, in words (section 12)."""
    world = next(name for name, one in run.facts.worlds.items() if one.records == "attacked")
    half, never = (run.get("M28", f"{TAMPER}{name}", world) for name in ("until half are found out", "never found out"))
    if never.value is None:
        return run.text("section12.plain_none")
    found = run.text("section12.half", days=run.plain(half)) if half.value is not None else run.text("section12.half_never")
    return " ".join([found, run.text("section12.never", share=run.plain(never, " %"))])


def regions_sentence(run: Findings) -> str:
    """How much of what happens to people depends on the region, in words (section 13)."""
    share, apart = (run.get("M26", f"{REGIONS}{name}") for name in ("share of variance between rule books", "two regions disagree"))
    if share.value is None or apart.value is None:
        return run.text("section13.plain_none")
    return run.text("section13.plain", share=number(100 * share.value), apart=number(10_000 * apart.value))


def disagreement(run: Findings) -> Plate | None:
    """On how many people every two rule books disagree (section 13); nothing where there are no two."""
    text, books = run.text, list(run.facts.books)
    if len(books) < 2:
        return None
    titles = {book: text("section13.book", region=book.removeprefix("as in "), count=number(run.facts.books[book])) for book in books}
    rows: list[tuple[str, str, float | None]] = []
    for one, two in combinations(books, 2):
        pair = (one, two) if pair_name((one, two)) in map(pair_name, run.facts.pairs) else (two, one)
        value = run.get("M26", f"{REGIONS}people on whom they disagree", *pair).value
        rows += [(titles[one], titles[two], value), (titles[two], titles[one], value)]
    frame = pl.DataFrame(rows, schema={"row": pl.String, "column": pl.String, "value": pl.Float64}, orient="row")
    caption = Caption(text("section13.figure"), text("section13.note"), run.claim, text("synthetic"))
    said = ", ".join(f"{one} – {two}: {number(value)}" for one, two, value in rows[::2] if value is not None)
    drawn = figures.matrix(frame, list(titles.values()), caption)
    heads = [text(f"section13.head_{name}") for name in ("one", "other", "people")]
    numbers = table(
        text("section13.figure"), heads, [(one, two, "–" if v is None else number(v)) for one, two, v in rows[::2]], "disagree.csv"
    )
    return plate("disagreement", drawn, text("section13.alt", list=said), numbers)


def _books(run: Findings, scenario: Scenario) -> dict[str, str]:
    """The rule book of every region that is lived, where its rules were lived by everybody."""
    start = scenario.period.start
    of_stages = {tuple(stages_of(scenario.rollout, str(scenario.worlds[book].as_in), start)): book for book in run.facts.books}
    stages = {region.name: tuple(stages_of(scenario.rollout, region.name, start)) for region in scenario.population.lived}
    return {region: of_stages[some] for region, some in stages.items() if some in of_stages}


def book_map(run: Findings, scenario: Scenario) -> Plate | None:
    """What the rule book of each region would do to everybody (section 13); nothing where there are no two, or no two tiles."""
    text, books, facts = run.text, run.facts.books, run.facts
    if len(books) < 2 or len(facts.tiles) < 2:
        return None
    commonest = max(books, key=lambda book: books[book])
    sides, having = {book: _side(run, book, commonest) for book in books}, _books(run, scenario)
    rows = [
        (region, *place, run.ever(having[region]).value if region in having else None, sides.get(having.get(region, ""), "within"))
        for region, place in facts.tiles.items()
    ]
    schema = {"region": pl.String, "row": pl.Int64, "column": pl.Int64, "value": pl.Float64, "side": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    caption = Caption(
        text("section13.map"), text("section13.map_note", book=commonest.removeprefix("as in ")), run.claim, text("synthetic")
    )
    words = {side: text(f"section13.map_side_{side}") for side in ("above", "below", "within", "missing")}
    named = {side: ", ".join(frame.filter(pl.col("side") == side)["region"]) or text("none") for side in ("above", "below")}
    heads = [text(f"section13.head_{name}") for name in ("region", "book", "ever", "more")]
    lines = [[region, _called(book), run.full(run.ever(book)), _more(run, book, commonest)] for region, book in having.items()]
    numbers = table(text("section13.map"), heads, lines, "rule-books.csv")
    return plate("books", figures.tile_map(frame, caption, words), text("section13.map_alt", count=str(len(rows)), **named), numbers)


def _called(book: str) -> str:
    return book.removeprefix("as in ")


def _difference(run: Findings, book: str, commonest: str) -> tuple[Found, int]:
    """People ever shut out under a rule book and under the commonest one, as the run compares them, and the sign of that."""
    name, turned = "people ever restricted, 1 day or more", (commonest, book) in run.facts.pairs
    return run.get("B1", name, *((commonest, book) if turned else (book, commonest))), -1 if turned else 1


def _side(run: Findings, book: str, commonest: str) -> str:
    one, sign = _difference(run, book, commonest)
    if one.value is None or one.low is None or one.high is None or one.low <= 0 <= one.high:
        return "within"
    return "above" if sign * one.value > 0 else "below"


def _more(run: Findings, book: str, commonest: str) -> str:
    one, sign = _difference(run, book, commonest)
    if book == commonest or one.value is None:
        return run.text("none")
    ends = (one.low, one.high) if sign > 0 or one.low is None or one.high is None else (-one.high, -one.low)
    return run.full(Found(sign * one.value, *ends, one.people, one.unit))


def arbitrary(run: Findings) -> Table:
    """The parts of the variance and the probability that two regions disagree (section 13)."""
    text = run.text
    names = ("share of variance between rule books", "variance of a person over regions", "variance between people", "two regions disagree")
    rows = []
    for name in names:
        found = run.get("M26", f"{REGIONS}{name}")
        rows.append([text(f"section13.{name.replace(' ', '_')}"), run.full(found), found.unit])
    return table(text("section13.table"), [text(f"section12.head_{name}") for name in ("what", "value", "unit")], rows, "regions.csv")
