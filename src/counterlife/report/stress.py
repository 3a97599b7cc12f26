"""The checklist of STRESS for a run: every item, filled from the scenario and the record of the run, or printed as not provided.

Items are those of STRESS-ABS, with those of STRESS-DES on queues, resources, and entry and exit beside them. Words are in the catalogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from counterlife.report.findings import Findings
from counterlife.report.sections import unsourced
from counterlife.report.submodels import Described
from counterlife.scenario.worlds import World

Known = Mapping[str, str]


def items(described: Described, run: Findings, provenance: Mapping[str, object], interaction: str) -> list[list[str]]:
    """Number and name of every item with its answer; an answer that nothing fills is `not provided`."""
    answers = {**_objectives(described, run), **_logic(described), **_components(described, interaction)}
    answers |= {**_data(described), **_experiment(described, run, recorded(provenance)), **_machine(described, recorded(provenance))}
    names = described.text.part("annex.stress.items")
    return [[f"{number} {name}", answers.get(number) or described.say("missing")] for number, name in names.items()]


def recorded(provenance: Mapping[str, object]) -> dict[str, str]:
    """What the record of a run says, by its last key; entries without a value are left out."""
    found: dict[str, str] = {}
    for name, entry in provenance.items():
        if isinstance(entry, Mapping):
            found = {**recorded(entry), **found}
        elif entry is not None:
            found[name] = str(entry)
    return found


def kinds(described: Described) -> tuple[str, str]:
    """How many numbers have each kind of source, in words, and how many none."""
    counted = Counter(row.source for row in described.rows if not unsourced(row.source))
    said = [described.say("input.kind", count=str(count), kind=kind) for kind, count in sorted(counted.items())]
    return ", ".join(said) or described.text("none"), str(len(described.rows) - counted.total())


def _filled(described: Described, key: str, known: Known, *needed: str) -> str:
    """The text of an answer with its blanks filled from the record; empty where that lacks all of them."""
    if not any(name in known for name in needed):
        return ""
    return described.say(key, **{name: known.get(name, described.say("missing")) for name in needed})


def _objectives(described: Described, run: Findings) -> dict[str, str]:
    scenario, say = described.scenario, described.say
    pairs = described.listed(f"{_letter(described, one)} – {_letter(described, other)}" for one, other in scenario.compare)
    ids = list(dict.fromkeys(run.frame.drop_nulls("value")["id"]))
    safeguards = described.listed(one.title for one in scenario.safeguards.values()) or described.text("none")
    return {
        "1.1": f"{scenario.question} {described.text(f'claim_sentences.{scenario.claim}')}",
        "1.2": say("stress.answers.outputs", ids=", ".join(ids)),
        "1.3": say("stress.answers.aims", pairs=pairs, safeguards=safeguards),
    }


def _logic(described: Described) -> dict[str, str]:
    say = described.say
    worlds = "; ".join(_world(described, name, world) for name, world in described.scenario.worlds.items())
    return {
        "2.1": say("stress.answers.diagram"),
        "2.2": say("stress.answers.logic", list=", ".join(described.title(one) for one in described.on)),
        "2.3": say("stress.answers.scenario", worlds=worlds),
        "2.4": say("stress.answers.algorithms", more=say("stress.answers.algorithms_joined") if described.joined else ""),
    }


def _letter(described: Described, name: str) -> str:
    """The letter of a world; its name, where it has none."""
    return described.scenario.worlds[name].letter or name


def _world(described: Described, name: str, world: World) -> str:
    say = described.say
    return say(
        "stress.answers.world",
        letter=_letter(described, name),
        title=world.title,
        rules=say(f"stress.answers.world_rules_{world.rules}"),
        records=say("stress.answers.world_records", records=world.records) if world.rules == "system" else "",
        conduct=say("stress.answers.world_conduct", world=world.conduct) if world.conduct != "own" else "",
        sets=say("stress.answers.world_sets", sets=", ".join(world.set)) if world.set else "",
    )


def _components(described: Described, interaction: str) -> dict[str, str]:
    scenario, say = described.scenario, described.say
    regions = described.listed(region.name for region in scenario.population.lived)
    stages = described.listed(f"{one.name} ({one.start})" for one in scenario.rollout) or say("stress.answers.stages_none")
    redresses = [one.redress for one in described.variants.values() if one.redress is not None]
    office = next((one.office for one in redresses if one.office), None)
    offices, queues = say("stress.answers.offices_none"), say("stress.answers.queues_none")
    if office:
        offices = say("stress.answers.offices", number=str(office.per_township), reviewers=str(office.reviewers))
        queues = say("stress.answers.queues", order=say(f"stress.answers.queues_{office.first}"))
    contesting = say("stress.answers.contesting" if redresses else "stress.answers.contesting_none")
    return {
        "2.5.1": say("stress.answers.environment", regions=regions, stages=stages),
        "2.5.2": say("stress.answers.agents", contesting=contesting),
        "2.5.3": say("stress.answers.topology", interaction=interaction, offices=offices),
        "2.5.4": say("stress.answers.entry", queues=queues),
        "2.5.5": say("stress.answers.points", ways=_ways(described)),
    }


def _ways(described: Described) -> str:
    """How a record can leave the file."""
    ways = {"expiry": "retention", "settlement": "stale", "repair": "repair", "amnesty": "amnesty", "appeal": "appeals"}
    scenario = described.scenario
    also = {
        "settlement": any(one.settled_after for one in scenario.conduct.values()),
        "expiry": any(one.on and one.term.value != "for ever" for one in scenario.lists.values()),
    }
    found = [way for way, name in ways.items() if described.is_on(name) or also.get(way)]
    return ", ".join(described.say(f"stress.answers.way_{way}") for way in found or ["none"])


def _data(described: Described) -> dict[str, str]:
    say, country = described.say, described.scenario.population.country
    said, without = kinds(described)
    return {
        "3.1": say("stress.answers.data", kinds=said, without=without, source=country.source),
        "3.2": say("stress.answers.preprocessing"),
        "3.3": say("stress.answers.parameters", total=str(len(described.rows))),
        "3.4": say("stress.answers.assumptions", without=without, off=str(len(described.off))),
    }


def _experiment(described: Described, run: Findings, known: Known) -> dict[str, str]:
    scenario, say, missing = described.scenario, described.say, described.say("missing")
    length = say(
        "stress.answers.length",
        days=f"{scenario.period.days:,}",
        start=str(scenario.period.start),
        worlds=str(len(scenario.worlds)),
        people=f"{int(run.sample.people.sum()):,}",
        replicates=known.get("replicates", missing),
    )
    return {
        "4.1": _filled(described, "stress.answers.initial", known, "seed"),
        "4.2": length,
        "4.3": say("stress.answers.estimation", missing=missing),
    }


def _machine(described: Described, known: Known) -> dict[str, str]:
    return {
        "5.1": _filled(described, "stress.answers.software", known, "version", "python"),
        "5.2": described.say("concepts.stochasticity"),
        "5.3": described.say("stress.answers.execution"),
        "5.4": _filled(described, "stress.answers.system", known, "processor", "cores", "platform"),
        "6.1": _filled(described, "stress.answers.sharing", known, "commit"),
    }
