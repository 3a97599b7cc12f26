"""What the article says, the keys of the scenario that give it, and one number that each of them moves over the same lives.

python examples/from_the_article.py > docs/from-the-article.md

A variant leaves one thing out. Worlds do not touch one another, so only those that a number needs are lived here; `counterlife compare`
lives all of them and says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

import counterlife as cl

SCENARIO = "article"
CALLED = "article"
PEOPLE = 100_000
PROVINCES = "population.regions=[Zhejiang, Ningxia, Shanghai, Beijing]"  # the pilots, and one without
SMALL = (PROVINCES, "population.township=2500")
SMALL_PEOPLE = 10_000
WORLDS = (
    "worlds={none: {letter: N, rules: none}, accurate: {letter: A, records: accurate}, designed: {letter: D}, "
    "attacked: {letter: T, records: attacked}}"
)
FEWER_WORLDS = (
    "safeguards={}",
    "every_rule_book=false",
    "consolidation=null",
    WORLDS,
    "compare=[[designed, accurate], [designed, none], [attacked, designed]]",
)
PUBLIC_RECORDS_LIMIT = "{joint.shares: {}, lists.low_shopping.score_below: 350}"  # what a pilot sets, but for its sources
PILOTS = ("hangzhou", "ningxia", "shanghai")


class Row(NamedTuple):
    """A sentence of the article, what gives it, how to leave it out, and the number that this moves."""

    says: str
    keys: tuple[str, ...]
    without: tuple[str, ...]
    left_out: str
    measure: str
    name: str
    moves: str
    """`falls` or `rises` when it is left out."""
    world: str = "designed"
    versus: str = "all"
    domain: str = "all"
    region: str = "all"


ROWS = (
    Row(
        "a score per citizen, rewards and penalties",
        (
            "score.points", "conduct.volunteering", "conduct.academic_integrity", "conduct.traffic_offence",
            "conduct.family_size", "conduct.unpaid_bill", "conduct.banned_information", "conduct.littering",
            "conduct.fare_fraud", "conduct.smoking", "conduct.neglect_of_parents",
        ),
        ("score.points={littering: -5}",),
        "nothing but littering counts",
        "B2", "restricted days", "falls",
    ),
    Row(
        "the score dictates loans, registry approvals, school admission for children, travel",
        ("gates.loan", "gates.registry", "gates.school.belongs_to", "gates.travel"),
        tuple(f"gates.{gate}.opens_at=D" for gate in ("loan", "registry", "school", "travel")),
        "no score closes a gate",
        "M21", "children affected", "falls",
    ),
    Row(
        "“if trust is broken in one place, restrictions are imposed everywhere”",
        ("lists.defaulters", "joint.shares", "joint.delay_on", "joint.delay_off"),
        ("joint.shares={}",),
        "a list closes its own gate only",
        "M14", "multiple exclusion", "falls",
    ),
    Row(
        "pilots: Hangzhou (fares, littering, smoking), Ningxia (families above two children), Shanghai (visits to parents)",
        tuple(f"rollout.{pilot}" for pilot in PILOTS),
        tuple(f"rollout.{pilot}.from=2019-12-31" for pilot in PILOTS),
        "pilots begin on the day before the whole system",
        "B2", "restricted days", "falls", region="Zhejiang",
    ),
    Row(
        "eight companies score shopping and social-media use",
        ("scores.shopping", "scores.social_media", "gates.deposit", "gates.online_loan", "lists.low_shopping"),
        ("lists.low_shopping.score_below=350",),
        "the public system does not take the commercial score over",
        "B2", "restricted days", "falls", domain="loan",
    ),
    Row(
        "pilots hold only public records: court, loan, tax",
        ("sources.court", "sources.loan_registry", "sources.tax_office", *(f"rollout.{pilot}.set" for pilot in PILOTS)),
        tuple(f"rollout.{pilot}.set={PUBLIC_RECORDS_LIMIT}" for pilot in PILOTS),
        "pilots hold every record",
        "B2", "restricted days", "rises", region="Zhejiang",
    ),
    Row(
        "combined public and private data, regional databases consolidated into central categories of good and bad",
        (
            "consolidation", "rollout.national.look_back", "sources.court.duplicates", "sources.court.namesakes.country_from",
            "score.copies", "bands", "lists.exemplary",
        ),
        ("rollout.national.look_back=0 days",),
        "old records do not count in the new system",
        "M25", "shock of a change of rules, closed domain-days, national", "falls",
    ),
    Row(
        "nearly 1.4 billion people by 2020",
        ("population.country", "population.township", "rollout.national.from"),
        ("rollout.national.from=2022-01-01",),
        "the whole system comes two years later",
        "B4", "people ever restricted in the country", "falls",
    ),
    Row(
        "“any small error in data calculation would undermine the reliability”",
        (
            "sources.court.records.unpaid_judgment.ghosts", "sources.court.namesakes", "sources.court.staleness",
            "sources.court.duplicates", "sources.city_wardens.records.smoking.misread",
            "sources.tax_office.records.tax_arrears.inflated", "score.copies.lost", "joint.lost", "threats.poisoned_source",
        ),
        ("worlds.designed.records=accurate",),
        "no record is wrong",
        "M1", "wrongful restriction", "falls", versus="accurate",
    ),
    Row(
        "“perceived as subjective”",
        ("score.discretion", "score.severity", "score.leniency", "every_rule_book"),
        ("score.discretion={}", "score.severity=0", "score.leniency=0"),
        "offices and officers do as the rule says",
        "B2", "restricted days", "falls",
    ),
    Row(
        "“threats from hackers”",
        ("threats.insiders", "threats.poisoned_source", "threats.outage", "threats.rollback"),
        ("threats={}", "worlds.attacked.records=as they come"),
        "nobody attacks",
        "M1", "wrongful restriction", "falls", world="attacked", versus="designed",
    ),
)  # fmt: skip


class Moved(NamedTuple):
    """A row, and its number with and without what it is about: the difference over the same lives, with its interval where there is one."""

    row: Row
    before: float
    after: float
    low: float | None
    high: float | None
    unit: str


def lived(people: int, settings: Sequence[str] = (), base: Sequence[str] = (PROVINCES,)) -> cl.Run:
    """The scenario with these settings, in the few worlds that the numbers need."""
    return cl.run(SCENARIO, people=people, overrides=[*FEWER_WORLDS, *base, *settings])


def moved(with_all: cl.Run, row: Row, people: int, base: Sequence[str] = (PROVINCES,)) -> Moved:
    """The row's number with all, and without what the row is about."""
    frame = cl.compare(with_all, lived(people, row.without, base)).frame
    about = {"id": row.measure, "name": row.name, "world": row.world, "versus": row.versus, "domain": row.domain, "region": row.region}
    found = frame.filter(*(pl.col(key) == value for key, value in about.items()), pl.col("group") == "all")
    line = found.row(0, named=True)
    return Moved(row, line["before"], line["after"], line["low"], line["high"], line["unit"])


def main(people: int = PEOPLE, base: Sequence[str] = (PROVINCES,)) -> Iterator[Moved]:
    """Every row, lived with and without."""
    with_all = lived(people, base=base)
    for row in ROWS:
        yield moved(with_all, row, people, base)


def as_said(one: Moved) -> bool:
    """Whether the number moves as the row says."""
    return one.after < one.before if one.row.moves == "falls" else one.after > one.before


def command(row: Row) -> str:
    """What a reader types to see the row's number, and all others."""
    return f"counterlife compare {CALLED} --people {PEOPLE} --set '{PROVINCES}' --variant '{'; '.join(row.without)}'"


def where(row: Row) -> str:
    """World, reference, domain and region of the number, where they are not everything."""
    worlds = row.world if row.versus == "all" else f"{row.world} against {row.versus}"
    return ", ".join([worlds, *(one for one in (row.domain, row.region) if one != "all")])


def line(one: Moved) -> str:
    """A line of the table."""
    row = one.row
    interval = "" if one.low is None or one.high is None else f" ({one.low:,.0f} to {one.high:,.0f})"
    keys = ", ".join(f"`{key}`" for key in row.keys)
    number = f"{row.measure}, {row.name}, {one.unit}; {where(row)}"
    change = f"{one.before:,.0f} | {one.after:,.0f} | {one.after - one.before:+,.0f}{interval}"
    return f"| {row.says} | {keys} | {number} | {row.left_out} | {change} |"


def page(found: Sequence[Moved], days: str) -> str:
    """The page, as Markdown."""
    head = f"""\
# From the article to the machine

Every sentence of the article that this project starts from has keys in the scenario `{CALLED}`. Each line names them, leaves the thing
out, and says what that does to one number over the same synthetic lives. All people are synthetic; claim level C1: a mechanism is
possible, not how strong it is anywhere. Most of these numbers rest on assumptions, which the scenario marks as such.

{PEOPLE:,} people of four provinces (three with a pilot, one without), ten years, seed 1. In brackets is the Monte Carlo interval
(95 %) of the paired difference. Made by `examples/from_the_article.py`, which the tests run at a small size; there everybody has {days}
restricted days per 1,000 person-years, and as long as that is so, these numbers have not grown old.

| the article says | keys | number | left out | with | without | difference |
|---|---|---|---|---:|---:|---|"""
    rest = """
A shock is what the 90 days after a change have more than the 90 days before it; it is below zero where a new system begins with empty
files. The country of the people counted is these four provinces. Of the eight kinds of wrong record one is not in this scenario: a rule
that is wrong with right data. It has entries of its own (`robodebt`, `midas`, `pip-appeals-uk`, `toeslagen`, `a-levels-2020`).

The same by hand, line by line; in all worlds of the scenario:

```sh"""
    return "\n".join([head, *(line(one) for one in found), rest, *(command(one.row) for one in found), "```"])


def small(run: cl.Run) -> str:
    """What the page quotes of the small run, so that it cannot grow old: its restricted days as designed."""
    everybody = [pl.col(key) == "all" for key in ("versus", "domain", "region", "group", "period")]
    days = run.measures.filter(pl.col("id") == "B2", pl.col("world") == "designed", *everybody)["value"].item()
    return f"{days:,.3f}"


if __name__ == "__main__":
    print(page(list(main()), small(lived(SMALL_PEOPLE, base=SMALL))))
