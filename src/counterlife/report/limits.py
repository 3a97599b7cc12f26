"""What a report cannot say (section 15): caveats that no option, scenario or template takes away, and limits of this scenario.

A caveat that is missing from the catalogue, or from a page, is an error: there is no report without them. Words are in the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import escape

from counterlife.report.findings import MISTAKES, Findings
from counterlife.report.sections import unsourced
from counterlife.report.submodels import Described
from counterlife.report.text import Text
from counterlife.scenario import Scenario

MANDATORY = ("synthetic", "conduct", "intervals", "twin", "behaviour", "ratios", "unmodelled", "unlawful")
"""The caveats of every report, in their order."""
FURTHER = ("cohort", "words", "apart")
CONDUCT, ALSO_CONDUCT = 3, ("dropping",)
"""The section of `docs/model.md` on what people do, and a mechanism elsewhere by which they react. Asking and appealing are redress."""
FEW = 5
"""Clusters of a region below which its interval is hardly one."""


class LimitsError(ValueError):
    """A page lacks a caveat that every report has."""


def mandatory(text: Text) -> list[str]:
    """The caveats of every report; raises LimitsError where the catalogue of the language lacks one."""
    said = text.part("section15")
    missing = [name for name in MANDATORY if not said.get(name, "").strip()]
    if missing:
        raise LimitsError(f"the words of the report lack the caveats {', '.join(missing)}: no report without them")
    return [text(f"section15.{name}") for name in MANDATORY]


def always(text: Text) -> list[str]:
    """What stands in every report: the caveats, and what follows from how the model is made."""
    return [*mandatory(text), *(text(f"section15.{name}") for name in FURTHER)]


def checked(page: str, text: Text) -> str:
    """The page as it is; raises LimitsError where a caveat does not stand in it."""
    absent = [caveat for caveat in mandatory(text) if str(escape(caveat)) not in page]
    if absent:
        raise LimitsError(f"the page lacks what every report says: {absent[0]}")
    return page


def specific(run: Findings, scenario: Scenario | None) -> list[str]:
    """The limits that follow from what this scenario turns on, leaves out and assumes."""
    return [*(_of_scenario(run, scenario) if scenario else ()), *_of_run(run)]


def _of_scenario(run: Findings, scenario: Scenario) -> Iterator[str]:
    text, described = run.text, Described(scenario, run.words)
    yield _behaviour(run, described)
    if described.is_on("deterrence"):
        yield text("section15.deterrence")
    redresses = [one.redress for one in described.variants.values()]
    if not any(redresses):
        yield text("section15.no_redress")
    elif described.is_on("appeals"):
        yield text("section15.redress_office" if described.is_on("office") else "section15.redress_unlimited")
    if scenario.threats:
        yield text("section15.threats", list=described.listed(one.title for one in scenario.threats.values()))
    if any(described.is_on(name) for name in ("share", "screen", "average", "cohort")):
        yield text("section15.procedures")
    if any(described.is_on(name) for name in ("assign_one", "pairwise")):
        yield text("section15.linkage")
    if any(described.is_on(name) for name in ("friends", "family", "ranking")):
        yield text("section15.interference")
    if any(one.proxy for one in scenario.all_scores.values()):
        yield text("section15.proxies")
    yield text("section15.empty_files", start=str(scenario.period.start))


def _behaviour(run: Findings, described: Described) -> str:
    """Whether people react, by what, and how many numbers of that have a source."""
    on = [one for one in described.on if one.decides and (one.section == CONDUCT or one.name in ALSO_CONDUCT)]
    if not on:
        return run.text("section15.behaviour_off")
    parts = {one.name: [part for parts in described.used[one.name].values() for part in parts] for one in on}
    own = {row.path: row for row in described.rows for one in on if one.owns(row.path, parts[one.name])}
    sourced = sum(not unsourced(row.source) for row in own.values())
    names = described.listed(described.title(one) for one in on)
    return run.text("section15.behaviour_on", list=names, sourced=str(sourced), total=str(len(own)))


def _of_run(run: Findings) -> Iterator[str]:
    text, facts = run.text, run.facts
    if run.kind == MISTAKES and any(world.records == "lawful" for world in facts.worlds.values()):
        yield text("section15.rules_wrong")
    without = sum(unsourced(row.source) for row in facts.ledger)
    if without:
        yield text("section15.unsourced", count=str(without), total=str(len(facts.ledger)))
    if any(one.gravity != 1 for one in facts.classes.values()):
        yield text("section15.gravity")
    missing = [region for region in facts.region_people if region not in run.sample.regions]
    if missing:
        yield text("section15.regions_missing", count=str(len(missing)), total=str(len(facts.region_people)))
    if len(run.tallies.regions) < FEW * len(run.sample.regions):
        yield text("section15.few_clusters", clusters=str(len(run.tallies.regions)), regions=str(len(run.sample.regions)))
    if not any(one.child for one in facts.domains.values()):
        yield text("section15.no_child_gate")
