"""The numbers that several parts of the report cite: which measure each is, of which worlds, and in which section it stands.

One table, so that a section, the evidence for a clause and the severity of a harm cannot quote different numbers under the same words.
What each is called is in the catalogue, under its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from counterlife.report.findings import Findings, Found
from counterlife.report.tables import Table


@dataclass(frozen=True)
class Cited:
    """A value of the measures frame, for everybody."""

    section: int
    measure: str
    name: str
    role: str
    """Whose it is: see `worlds`."""


DISCOVERY, REDRESS, RECOVERY, BREACH = "time to discovery, ", "redress, ", "recovery, ", "breach exposure, "
APART, AUDIT, TAMPER, REGIONS = "disproportion, ", "virtual audit, ", "leverage of tampering, ", "regional arbitrariness, "

CITED = {
    "ever": Cited(5, "B1", "people ever restricted, 1 day or more", "own"),
    "closed": Cited(5, "B2", "restricted days", "own"),
    "wrongly": Cited(5, "M3", "people ever wrongly restricted, 1 day or more", "twin"),
    "wrongful": Cited(5, "M1", "wrongful restriction", "twin"),
    "missed": Cited(5, "M2", "missed restriction", "twin"),
    "share": Cited(5, "M4", "wrongful share of restrictions", "twin"),
    "record": Cited(5, "M5", "cost of a wrong record, shared out equally", "twin"),
    "induced": Cited(5, "M8", "induced share", "mediated"),
    "many": Cited(5, "M14", "multiple exclusion", "own"),
    "top": Cited(5, "M13", "concentration, share of the top 1 % of people", "twin"),
    "length": Cited(5, "M10", "time to clear, mean within the period", "twin"),
    "running": Cited(5, "M10", "time to clear, still running after 1 year", "twin"),
    "freed": Cited(5, "M23", f"{RECOVERY}free within 1 year", "own"),
    "trapped": Cited(5, "M23", f"{RECOVERY}never free again by the end", "own"),
    "again": Cited(5, "M23", f"{RECOVERY}shut out again within 1 year", "own"),
    "wrong_records": Cited(4, "M31", f"{AUDIT}truth, records entered that are wrong", "own"),
    "people_marked": Cited(4, "B6", "records, people with a wrong one", "own"),
    "unrelated": Cited(6, "M6", "restriction across contexts, on unrelated contexts alone", "own"),
    "per_gravity": Cited(6, "M7", f"{APART}days per unit of gravity", "own"),
    "times": Cited(6, "M7", f"{APART}days, times as many", "unjoined"),
    "tenfold": Cited(6, "M7", f"{APART}people, more than tenfold", "unjoined"),
    "only_joint": Cited(6, "M7", f"{APART}people, only with joint sanctions", "unjoined"),
    "children": Cited(8, "M21", "children affected", "own"),
    "children_wrongly": Cited(8, "M21", "children affected, wrongly", "twin"),
    "bystanders": Cited(8, "M22", "bystander share", "twin"),
    "raw": Cited(8, "M31", f"{AUDIT}seen, shut out with a wrong record and without", "twin"),
    "matched": Cited(8, "M31", f"{AUDIT}seen, the same in matched groups", "twin"),
    "true": Cited(8, "M31", f"{AUDIT}truth, shut out because of it", "twin"),
    "discovered": Cited(9, "M9", f"{DISCOVERY}learned of within 1 year", "own"),
    "undiscovered": Cited(9, "M9", f"{DISCOVERY}ended before anybody knew within 1 year", "own"),
    "known": Cited(9, "M24", f"{REDRESS}wrong records that the person learned of", "own"),
    "take_up": Cited(9, "M24", f"{REDRESS}take-up where the record is wrong", "own"),
    "upheld": Cited(9, "M24", f"{REDRESS}upheld", "own"),
    "upheld_wrong": Cited(9, "M24", f"{REDRESS}upheld where the record was wrong", "own"),
    "upheld_right": Cited(9, "M24", f"{REDRESS}upheld where the record was right", "own"),
    "wait": Cited(9, "M24", f"{REDRESS}days until half of decisions", "own"),
    "long_wait": Cited(9, "M24", f"{REDRESS}days until nine tenths of decisions", "own"),
    "abandoned": Cited(9, "M24", f"{REDRESS}given up while waiting", "own"),
    "backlog": Cited(9, "M24", f"{REDRESS}backlog at the end", "own"),
    "growth": Cited(9, "M24", f"{REDRESS}growth of the backlog at the end", "own"),
    "lost": Cited(9, "M24", f"{REDRESS}corrections lost", "own"),
    "returned": Cited(9, "M24", f"{REDRESS}corrected records that came back", "own"),
    "last_copy": Cited(9, "M11", "time to the last copy, until nine tenths are gone", "own"),
    "by_appeal": Cited(9, "M10", "time to clear, cleared by appeal within 1 year", "twin"),
    "wrong_contested": Cited(9, "M31", f"{AUDIT}truth, contested records that are wrong", "own"),
    "averted": Cited(11, "M18", "price of deterrence, bad events averted", "none"),
    "price": Cited(11, "M18", "price of deterrence, price", "none"),
    "auc": Cited(11, "M16", "validity, AUC", "own"),
    "rank": Cited(11, "M16", "validity, rank correlation", "own"),
    "chilled": Cited(11, "M19", "chilling", "none"),
    "near": Cited(11, "M20", "acts near a gate", "own"),
    "on_file": Cited(12, "M27", f"{BREACH}people on file at the end", "own"),
    "central": Cited(12, "M27", f"{BREACH}central, mean of the worst 5 in 100", "own"),
    "federated": Cited(12, "M27", f"{BREACH}federated, mean of the worst 5 in 100", "own"),
    "central_any": Cited(12, "M27", f"{BREACH}central, any loss", "own"),
    "federated_any": Cited(12, "M27", f"{BREACH}federated, any loss", "own"),
    "unnoticed": Cited(12, "M28", f"{TAMPER}never found out", "attacked"),
    "tampered": Cited(12, "M28", f"{TAMPER}days changed per false record", "attack"),
    "region": Cited(13, "M26", f"{REGIONS}share of variance between rule books", "all"),
    "apart": Cited(13, "M26", f"{REGIONS}two regions disagree", "all"),
}


def worlds(run: Findings, role: str) -> tuple[str, str] | None:
    """The worlds of a role: the one in question alone (own), beside what it is compared with (twin), beside no system (none), beside the
    replayed conduct (mediated), beside a design without joint sanctions (unjoined), the attacked world alone (attacked) and beside the one
    in question (attack), or all of them (all). Nothing where the run does not have them.
    """
    facts, attacked = run.facts, next((name for name, one in run.facts.worlds.items() if one.records == "attacked"), "")
    without = next((name for name, one in facts.safeguards.items() if one.unjoined), "")
    replayed = next((v for w, v in facts.pairs if w == run.designed and facts.worlds[v].conduct != "own"), "")
    found = {
        "own": (run.designed, "all"),
        "twin": run.pair,
        "none": (run.designed, run.none),
        "mediated": (run.designed, replayed),
        "unjoined": (run.designed, without),
        "attacked": (attacked, "all"),
        "attack": (attacked, run.designed),
        "all": ("all", "all"),
    }[role]
    return found if all(found) else None


def found(run: Findings, name: str) -> Found:
    """The value that is cited by that name; empty where the run does not have it, as that of children where no gate looks at parents."""
    one = CITED[name]
    if one.measure == "M21" and not run.looks_at_parents:
        return Found(None, None, None, 0, "")
    pair = worlds(run, one.role)
    return run.get(one.measure, one.name, *pair) if pair else Found(None, None, None, 0, "")


def is_known(run: Findings, name: str) -> bool:
    """Whether the run has a value for it that may be shown."""
    return found(run, name).value is not None


def unit(run: Findings, name: str) -> str:
    """The unit of a cited value, in the words of the report where these say it better."""
    own = found(run, name).unit
    return run.text.part("units").get(own, own)


def written(run: Findings, name: str) -> str:
    """A cited value with its interval and unit."""
    return f"{run.full(found(run, name))} {unit(run, name)}".strip()


def cited(run: Findings, key: str, names: Iterable[str], file: str) -> Table | None:
    """A table of cited numbers, unrounded in its file; nothing where the run looks at none of them."""
    there = [name for name in names if found(run, name).unit]
    if not there:
        return None
    rows = [(run.text(f"cited.{name}"), written(run, name), CITED[name].measure) for name in there]
    values = [(name, found(run, name)) for name in there]
    raw = [(run.text(f"cited.{name}"), one.value, one.low, one.high, one.unit, CITED[name].measure) for name, one in values]
    heads, raw_heads = (
        tuple(run.text(f"cited.head_{head}") for head in some)
        for some in (("what", "value", "measure"), ("what", "value", "low", "high", "unit", "measure"))
    )
    return Table(run.text(key), heads, tuple(rows), file, raw=tuple(raw), raw_heads=raw_heads)
