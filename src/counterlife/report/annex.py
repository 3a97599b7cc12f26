"""The annex of the report: the scenario described by the elements of ODD and ODD+D, then the checklist of STRESS.

All of it is generated from the resolved scenario, its ledger and the record of the run. Submodels are in `submodels.py`, the checklist in
`stress.py`; every word is in the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from counterlife.report import stress
from counterlife.report.findings import Findings
from counterlife.report.submodels import Described, Submodel, off, submodels
from counterlife.report.tables import Table, table
from counterlife.report.text import Text
from counterlife.scenario import Scenario
from counterlife.scenario.rollout import stages_of

BETWEEN = ("assign_one", "pairwise", "parents", "households", "office", "ranking")


@dataclass(frozen=True)
class Element:
    """An element of ODD: its name, and what is said, each with a heading of its own or none."""

    name: str
    title: str
    said: tuple[tuple[str, str], ...]
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Annex:
    """The annex of a run."""

    text: Text
    elements: tuple[Element, ...]
    submodels: tuple[Submodel, ...]
    on: str
    off: Table
    off_said: str
    checklist: Table


def annex(run: Findings, scenario: Scenario, provenance: Mapping[str, object]) -> Annex:
    """The annex of a run of a scenario; what the record of the run does not say is printed as not provided."""
    described = Described(scenario, run.words)
    say = described.say
    counts = {"total": str(len(described.on) + len(described.off))}
    items = stress.items(described, run, provenance, interaction(described))
    heads = [say("stress.head_item"), say("stress.head_answer")]
    return Annex(
        run.words,
        (
            _purpose(described),
            _entities(described, run),
            _scheduling(described),
            _concepts(described, run),
            _initialisation(described, provenance),
            _input(described),
        ),
        tuple(submodels(described)),
        say("on_intro", count=str(len(described.on)), **counts),
        off(described),
        say("off_intro", count=str(len(described.off)), **counts) if described.off else say("off_none"),
        table(say("stress.title"), heads, items, "stress.csv"),
    )


def _element(described: Described, name: str, said: Sequence[tuple[str, str]], steps: Sequence[str] = ()) -> Element:
    return Element(name, described.say(f"odd.{name}"), tuple(said), tuple(steps))


def _purpose(described: Described) -> Element:
    scenario, say = described.scenario, described.say
    said = [
        say("purpose.question", question=scenario.question),
        described.text(f"claim_sentences.{scenario.claim}"),
        say("purpose.label", label=scenario.label, description=scenario.description).strip(),
        say("purpose.patterns", patterns=say("missing")),
    ]
    return _element(described, "purpose", [("", one) for one in said])


def _entities(described: Described, run: Findings) -> Element:
    scenario, say, listed = described.scenario, described.say, described.listed
    counted = int(run.sample.people.sum())
    said = [
        say(
            "entities.people",
            people=f"{counted:,}",
            township=f"{scenario.population.township:,}",
            regions=str(len(run.sample.regions)),
        ),
        say("entities.households"),
        say("entities.conduct", classes=listed(f"{one.title} ({one.sign})" for one in scenario.conduct.values())),
        say("entities.sources", sources=listed(one.title for one in scenario.sources.values())),
        say(
            "entities.system",
            scores=listed(described.titled("all_scores", name) for name in scenario.all_scores),
            lists=listed(one.title for one in scenario.lists.values()) or described.text("none"),
            gates=listed(one.title for one in scenario.gates.values()),
        ),
        say("entities.worlds", worlds=listed(one.title for one in scenario.worlds.values())),
        say("entities.scales", days=f"{scenario.period.days:,}", start=str(scenario.period.start)),
    ]
    return _element(described, "entities", [("", one) for one in said])


def _scheduling(described: Described) -> Element:
    say = described.say
    reactive = any(one.reactive for one in described.scenario.conduct.values())
    steps = ["candidate", "happens" if reactive else "happens_free", "detect", "file", "score", "gate"]
    steps += ["redress"] if described.is_on("appeals") else []
    steps += ["behave"] if any(one.decides for one in described.on) else []
    said = [say("scheduling.intro"), say("scheduling.independent"), say("scheduling.joined" if described.joined else "scheduling.apart")]
    return _element(described, "scheduling", [("", one) for one in said], [say(f"scheduling.{step}") for step in steps])


def interaction(described: Described) -> str:
    """Which mechanisms join people to one another, in a sentence."""
    found = [described.title(one) for one in described.on if one.name in BETWEEN]
    return described.say("concepts.interaction", list=described.listed(found)) if found else described.say("concepts.interaction_none")


def _concepts(described: Described, run: Findings) -> Element:
    say = described.say
    decisions = [described.title(one) for one in described.on if one.decides]
    belief = next((described.title(one) for one in described.on if one.name == "belief"), "")
    either = described.listed(decisions)
    shown = len(set(run.frame.drop_nulls("value")["id"]))
    near = say("concepts.sensing_near") if described.is_on("near_gate") else ""
    said = {
        "principles": say("concepts.principles"),
        "emergence": say("concepts.emergence"),
        "adaptation": say("concepts.adaptation", list=either) if decisions else say("concepts.adaptation_none"),
        "objectives": say("concepts.objectives"),
        "learning": say("concepts.learning", belief=belief) if belief else say("concepts.learning_none"),
        "prediction": say("concepts.prediction"),
        "sensing": say("concepts.sensing", near=near),
        "interaction": interaction(described),
        "stochasticity": say("concepts.stochasticity"),
        "collectives": say("concepts.collectives"),
        "observation": say("concepts.observation", shown=str(shown)),
        "decisions": say("concepts.decisions", list=either) if decisions else say("concepts.decisions_none"),
    }
    return _element(described, "concepts", [(say(f"concepts.{name}_title"), one) for name, one in said.items()])


def _initialisation(described: Described, provenance: Mapping[str, object]) -> Element:
    scenario, say = described.scenario, described.say
    known, missing = stress.recorded(provenance), say("missing")
    seed = (
        say("initialisation.seed", seed=known["seed"], replicates=known.get("replicates", missing))
        if "seed" in known
        else say("initialisation.seed_unknown", missing=missing)
    )
    regions = [region.name for region in scenario.population.lived]
    first = {stages_of(scenario.rollout, region, scenario.period.start)[0].stage for region in regions} - {""}
    said = [seed, say("initialisation.files", missing=missing)]
    if scenario.rollout:
        said.append(say("initialisation.stages", stages=described.listed(sorted(first)) or say("initialisation.stages_none")))
    return _element(described, "initialisation", [("", one) for one in said])


def _input(described: Described) -> Element:
    kinds, without = stress.kinds(described)
    country = described.scenario.population.country
    source = f"{country.source} ({country.date})" if country.date else country.source
    said = [
        described.say("input.none", kinds=kinds, without=without),
        described.say("input.country", regions=str(len(country.regions)), kind=country.source_type, source=source),
    ]
    return _element(described, "input", [("", one) for one in said])
