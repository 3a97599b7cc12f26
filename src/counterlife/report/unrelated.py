"""Section 6: evidence on the limbs of Article 5(1)(c) of the EU AI Act: unrelated contexts, and disproportion to gravity."""

from __future__ import annotations

import polars as pl

from counterlife import figures
from counterlife.figures import Caption, number
from counterlife.measures.contexts import GRAVITIES, context_worlds
from counterlife.report.cited import cited, found, is_known, worlds
from counterlife.report.findings import Findings, Found
from counterlife.report.plates import Plate, plate
from counterlife.report.tables import Table, table

ACROSS = "restriction across contexts, "


def contexts(run: Findings) -> dict[str, str]:
    """The contexts that were left out one at a time, each with its world."""
    return context_worlds(run.facts)


def sentence(run: Findings) -> str:
    """How much comes from unrelated contexts and from joint sanctions, in words; what the run does not have is said."""
    text, said = run.text, []
    if is_known(run, "unrelated"):
        said.append(text("section6.unrelated", share=run.plain(found(run, "unrelated"), " %")))
    if is_known(run, "times"):
        said.append(text("section6.times", times=run.plain(found(run, "times"))))
    return " ".join(said) or text("section6.plain_none")


def missing(run: Findings) -> list[str]:
    """What the scenario would have to say for the parts of this section that the run does not have."""
    text = run.text
    said = [] if contexts(run) else [text("section6.contexts_none")]
    return said if worlds(run, "unjoined") else [*said, text("section6.unjoined_none")]


def share(run: Findings, context: str, domain: str) -> Found:
    """The share of a gate's closed days that vanish without the records of a context."""
    return run.get("M6", f"{ACROSS}from {context}", run.designed, contexts(run)[context], domain=domain)


def heat(run: Findings) -> Plate | None:
    """The cross-context matrix as a grid; nothing where no context was left out."""
    text, domains = run.text, run.facts.domains
    rows = [
        (context, domain.title, share(run, context, name).value, domain.context == context)
        for context in contexts(run)
        for name, domain in domains.items()
    ]
    if not rows:
        return None
    schema = {"row": pl.String, "column": pl.String, "value": pl.Float64, "own": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    titles = [domain.title for domain in domains.values()]
    words = {"own": text("section6.own")}
    drawn = figures.crossing(frame, list(contexts(run)), titles, _caption(run, "heat"), words)
    top = sorted((row for row in rows if row[2] is not None and not row[3]), key=lambda row: -(row[2] or 0.0))[:3]
    said = "; ".join(text("section6.heat_part", context=c, gate=d, share=number(v or 0.0)) for c, d, v, _ in top)
    return plate("crossing", drawn, text("section6.heat_alt", count=str(len(contexts(run))), list=said), matrix(run))


def matrix(run: Findings) -> Table:
    """The same as a table, with what unrelated contexts add up to, and the overlap."""
    text, domains = run.text, run.facts.domains
    rows = [[context, *(run.full(share(run, context, name)) for name in domains)] for context in contexts(run)]
    for words in ("on unrelated contexts alone", "from unrelated contexts", "all contexts added up"):
        values = [run.full(run.get("M6", f"{ACROSS}{words}", run.designed, domain=name)) for name in domains]
        rows.append([text(f"section6.{words.replace(' ', '_')}"), *values])
    heads = [text("section6.head_context"), *(domain.title for domain in domains.values())]
    return table(text("section6.heat"), heads, rows, "contexts.csv")


def _weighed(run: Findings, context: str, words: str) -> Found:
    return run.get("M7", f"disproportion, days from {context} for their gravity, {words}", run.designed, contexts(run)[context])


def weighed(run: Findings) -> Plate | None:
    """Days for the gravity of conduct, context by context, under three readings of gravity; nothing where no context was left out."""
    text, rows = run.text, []
    for context in contexts(run):
        stated, alike, squared = (_weighed(run, context, words) for words in GRAVITIES)
        if stated.unit:
            rows.append((context, stated.value, stated.low, stated.high, alike.value, squared.value))
    if not rows:
        return None
    names = ("context", "stated", "low", "high", "alike", "squared")
    frame = pl.DataFrame(rows, schema={name: pl.Float64 if place else pl.String for place, name in enumerate(names)}, orient="row")
    words = {name: text(f"section6.weighed_{name}") for name in ("stated", "alike", "squared", "axis")} | {"none": text("none")}
    drawn = figures.weighed(frame, _caption(run, "weighed"), words)
    said = "; ".join(text("section6.weighed_part", context=row[0], times=number(row[1])) for row in rows if row[1] is not None)
    heads = [text("section6.head_context"), *(words[name] for name in ("stated", "alike", "squared"))]
    lines = [[context, *(run.full(_weighed(run, context, kind)) for kind in GRAVITIES)] for context, *_ in rows]
    return plate("weighed", drawn, text("section6.weighed_alt", list=said), table(text("section6.weighed"), heads, lines, "gravity.csv"))


def holds(run: Findings) -> str:
    """For how many contexts it depends on the weights whether they bring more days than all, in words; empty where there are none."""
    sides = []
    for context in contexts(run):
        values = [_weighed(run, context, words).value for words in GRAVITIES]
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            sides.append(all(value > 1 for value in known) or all(value < 1 for value in known))
    return run.text("section6.holds", count=str(len(sides)), same=str(sum(sides))) if sides else ""


def numbers(run: Findings) -> Table | None:
    """The numbers on both limbs (section 6); nothing where the run has none."""
    return cited(run, "section6.table", ("unrelated", "times", "per_gravity"), "limbs.csv")


def people(run: Findings) -> Table | None:
    """Of those ever shut out, how many only by joint sanctions, more than tenfold by them, and less; nothing without such a world."""
    pair = worlds(run, "unjoined")
    ever, only, tenfold = (found(run, name) for name in ("ever", "only_joint", "tenfold"))
    if pair is None or ever.value is None or only.value is None or tenfold.value is None:
        return None
    text = run.text
    rest = ever.value - only.value - tenfold.value
    rows = [[text(f"section6.people_{name}"), run.full(one)] for name, one in (("only", only), ("tenfold", tenfold))]
    rows += [[text("section6.people_rest"), number(rest)], [text("section6.people_all"), run.full(ever)]]
    return table(text("section6.people"), [text("section6.head_people"), text("section6.head_of_people")], rows, "disproportion.csv")


def _caption(run: Findings, name: str) -> Caption:
    return Caption(run.text(f"section6.{name}"), run.text(f"section6.{name}_note"), run.claim, run.text("synthetic"))
