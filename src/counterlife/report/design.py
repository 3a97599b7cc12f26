"""Sections 1 and 2 from the scenario: how the system is put together, which records can reach which gate, which rules hold when, what stays
on file for how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from counterlife import figures
from counterlife.figures import Caption
from counterlife.report.findings import Findings
from counterlife.report.plates import Plate, plate
from counterlife.report.tables import Table, table
from counterlife.scenario import Scenario
from counterlife.scenario.reach import DIRECT, Rules, Ways, rules
from counterlife.scenario.rollout import Begins, stages_of
from counterlife.scenario.system import Score
from counterlife.scenario.units import FOR_EVER

FEW_REGIONS = 3
UNSTATED = "unstated"
"""The context of a source or a gate for which a scenario says none."""
ACROSS, NOT_STATED = "_across", "_unstated"


class Design:
    """A scenario with the rules that the world in question lives."""

    def __init__(self, run: Findings, scenario: Scenario) -> None:
        self.run = run
        self.scenario = scenario
        self.rules: Rules = rules(scenario, run.designed)
        self.ways: Ways = self.rules.ways

    @property
    def systems(self) -> dict[str, str]:
        """Scores and blacklists with what they are called, by qualified name."""
        scenario, public = self.scenario, self.run.words("annex.public")
        scores = {f"score:{name}": str(getattr(one, "title", "")) or public for name, one in scenario.all_scores.items()}
        lists = {f"list:{name}": one.title for name, one in scenario.lists.items() if one.closes is not None}
        used = {name for edge in (*self.rules.to_scores, *self.rules.to_lists, *self.rules.to_gates) for name in edge}
        return {name: title for name, title in (scores | lists).items() if name in used}


def sentence(design: Design) -> str:
    """What the system takes in and what it decides, in words (section 1)."""
    run, scenario = design.run, design.scenario
    places = [_place(design, source, gate) for source, gate in design.ways]
    counts = {"sources": len(scenario.sources), "classes": len(scenario.conduct), "gates": len(scenario.gates)}
    said = run.text("section1.plain", **{name: str(count) for name, count in counts.items()})
    possible = str(len(scenario.sources) * len(scenario.gates))
    reach = (
        run.text("section1.reach", crossing=str(places.count(ACROSS)), all=str(len(design.ways)), possible=possible) if design.ways else ""
    )
    unstated = run.text("section1.reach_unstated", count=str(places.count(NOT_STATED))) if NOT_STATED in places else ""
    return " ".join(filter(None, (said, reach, unstated)))


def process(design: Design) -> Plate:
    """Sources, scores and lists, and gates, with what leads to what (section 1)."""
    run, scenario, text = design.run, design.scenario, design.run.text
    columns = (
        (text("section1.column_sources"), {f"source:{name}": one.title for name, one in scenario.sources.items()}),
        (text("section1.column_rules"), design.systems),
        (text("section1.column_gates"), {f"gate:{name}": one.title for name, one in scenario.gates.items()}),
    )
    edges = (*design.rules.to_scores, *design.rules.to_lists, *design.rules.to_gates)
    caption = Caption(text("section1.figure"), text("section1.note"), run.claim, text("synthetic"))
    essential = [f"gate:{name}" for name, one in scenario.gates.items() if one.essential]
    drawn = figures.process(columns, edges, essential, caption)
    numbers = {"sources": len(scenario.sources), "gates": len(scenario.gates), "rules": len(design.systems)}
    alt = text("section1.alt", **{name: str(count) for name, count in numbers.items()})
    return plate("process", drawn, alt, _steps(design))


def _steps(design: Design) -> Table:
    """Every step from one box to another, joint sanctions among them."""
    text, scenario = design.run.text, design.scenario
    titles = {f"source:{name}": one.title for name, one in scenario.sources.items()} | design.systems
    titles |= {f"gate:{name}": one.title for name, one in scenario.gates.items()}
    rules, rows = design.rules, []
    for kind in ("to_scores", "to_lists", "to_gates", "joint"):
        rows += [[titles.get(one, one), text(f"section1.{kind}"), titles.get(two, two)] for one, two in getattr(rules, kind)]
    return table(text("section1.steps"), [text(f"section1.head_{name}") for name in ("from", "how", "to")], rows, "process.csv")


def joint_said(design: Design) -> str:
    """Which gates close others with them, in words; empty where none does."""
    scenario, joint = design.scenario, dict[str, list[str]]()
    for one, two in design.rules.joint:
        joint.setdefault(one, []).append(scenario.gates[two.partition(":")[2]].title)
    parts = [f"{scenario.gates[one.partition(':')[2]].title} → {', '.join(others)}" for one, others in joint.items()]
    return design.run.text("section1.joint_said", list="; ".join(parts)) if parts else ""


def reach(design: Design) -> Table:
    """Which source reaches which gate, and whether the gate belongs to another part of life (section 1): the map of the data's flow."""
    text, scenario, rows = design.run.text, design.scenario, []
    for source, one in scenario.sources.items():
        cells = [_mark(design, source, gate) for gate in scenario.gates]
        rows.append([f"{one.title} ({one.context})", *cells])
    heads = [text("section1.head_source"), *(f"{gate.title} ({gate.context})" for gate in scenario.gates.values())]
    return table(text("section1.reach_table"), heads, rows, "reach.csv")


def _mark(design: Design, source: str, gate: str) -> str:
    how = design.ways.get((source, gate))
    if how is None:
        return design.run.text("none")
    return design.run.text(f"section1.{'direct' if how == DIRECT else 'through'}{_place(design, source, gate)}")


def _place(design: Design, source: str, gate: str) -> str:
    """Whether the gate belongs to the part of life of the source: nothing, or the end of the words that say otherwise."""
    ours, theirs = design.scenario.sources[source].context, design.scenario.gates[gate].context
    if UNSTATED in (ours, theirs):
        return NOT_STATED
    return ACROSS if ours != theirs else ""


# --- section 2 --------------------------------------------------------------------------------------------------------------------


def period(design: Design) -> str:
    """From when until when, and how often the rules change, in words (section 2)."""
    run, facts = design.run, design.run.facts
    last = facts.start + timedelta(days=facts.days - 1)
    key = "section2.period_changes" if facts.stages else "section2.period"
    return run.text(key, start=str(facts.start), end=str(last), count=str(len({(one.name, one.day) for one in facts.stages})))


def timeline(design: Design) -> Plate | None:
    """Which rules hold when, for each group of regions (section 2); nothing where they are the same from the first day to the last."""
    run, scenario, text = design.run, design.scenario, design.run.text
    start, alike = scenario.period.start, dict[tuple[Begins, ...], list[str]]()
    for region in scenario.population.lived:
        alike.setdefault(tuple(stages_of(scenario.rollout, region.name, start)), []).append(region.name)
    if len(alike) == 1 and len(next(iter(alike))) == 1:
        return None
    rows = [
        (_regions(run, names), [(start + timedelta(days=int(one.day)), one.stage) for one in some])
        for some, names in sorted(alike.items(), key=lambda pair: -len(pair[1]))
    ]
    end = start + timedelta(days=run.facts.days)
    caption = Caption(text("section2.figure"), text("section2.figure_note"), run.claim, text("synthetic"))
    drawn = figures.stages(rows, end, caption, text("section2.no_system"))
    lines = [[label, str(day), name or text("section2.no_system")] for label, some in rows for day, name in some]
    heads = [text(f"section2.head_{name}") for name in ("where", "day", "stage")]
    return plate("stages", drawn, text("section2.alt", count=str(len(rows))), table(text("section2.figure"), heads, lines, "stages.csv"))


def _regions(run: Findings, names: list[str]) -> str:
    if len(names) <= FEW_REGIONS:
        return ", ".join(names)
    return run.text("section2.regions", count=str(len(names)))


def terms(design: Design) -> Table:
    """How long records count and listings last (section 2)."""
    text, rows = design.run.text, list(_terms(design))
    return table(text("section2.terms"), [text(f"section2.head_{name}") for name in ("what_stays", "how_long")], rows, "terms.csv")


def _terms(design: Design) -> Iterator[list[str]]:
    text, scenario = design.run.text, design.scenario
    public = design.run.words("annex.public")
    for name, score in scenario.all_scores.items():
        title = design.systems.get(f"score:{name}") or str(getattr(score, "title", "")) or public
        if f"score:{name}" in design.systems:
            yield from ([text("section2.points_of", what=what, score=title), long] for what, long in _kept(design, score))
    for one in scenario.lists.values():
        if one.closes is not None:
            yield [text("section2.listing", list=one.title), _long(design, one.term.value)]
    if scenario.amnesty is not None:
        yield [text("section2.amnesty"), str(scenario.amnesty.on)]


def _kept(design: Design, score: Score) -> Iterator[tuple[str, str]]:
    for name, term in score.keep.items():
        what = design.run.text("section2.any_record") if name == "default" else design.scenario.conduct[name].title
        yield what, _long(design, term.value)


def _long(design: Design, value: object) -> str:
    return design.run.text("section2.for_ever") if value == FOR_EVER else str(value)
