"""The submodels of a scenario: each mechanism that is on in words, equations, numbers and tests, and those that are off.

Which mechanisms there are is in `mechanisms.py`; the description around them is in `annex.py`, words are in the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from counterlife.layout import LedgerRow
from counterlife.report.mechanisms import MECHANISMS, Mechanism, in_use
from counterlife.report.sections import unsourced
from counterlife.report.tables import Table, table
from counterlife.report.text import Text
from counterlife.scenario import Scenario, ledger
from counterlife.scenario.overrides import in_world
from counterlife.scenario.quantity import UNSAID
from counterlife.verify import CHECKS

DESIGN = ""
"""The rules as they are written, before a world or a stage sets any."""
SHOWN = 12
"""So many parts that use a mechanism are said one by one; its table has them all."""


@dataclass(frozen=True)
class Submodel:
    """A mechanism that is on, as the annex shows it."""

    name: str
    title: str
    what: str
    equations: tuple[str, ...]
    concerns: str
    """Which parts of the scenario use it, and in which worlds where not in all."""
    tested: tuple[str, ...]
    """Where it is computed, and what would fail if it were wrong."""
    decision: tuple[tuple[str, str], ...]
    """Theory, evidence, who differs and uncertainty, where conduct answers to the system by it."""
    numbers: Table
    rest: str
    """How many of its numbers mean nothing, in words; empty where none does."""


@dataclass(frozen=True)
class Described:
    """A scenario with what it turns on."""

    scenario: Scenario
    text: Text

    @cached_property
    def variants(self) -> dict[str, Scenario]:
        """The rules as written, those of every world with rules of its own, and those of every stage, by their names."""
        found, scenario = {DESIGN: self.scenario}, self.scenario
        for name, world in scenario.worlds.items():
            if world.set:
                found[name] = in_world(scenario, name)
        ruled = next((name for name, world in scenario.worlds.items() if world.rules == "system" and not world.set), None)
        for stage in scenario.rollout if ruled else ():
            if stage.set:
                found.setdefault(stage.name, in_world(scenario, str(ruled), stage))
        return found

    @cached_property
    def used(self) -> dict[str, dict[str, Sequence[str]]]:
        """For each mechanism, the parts that use it, by variant."""
        return in_use(self.variants)

    @cached_property
    def rows(self) -> list[LedgerRow]:
        """Every number of the scenario."""
        return ledger(self.scenario)

    def is_on(self, name: str) -> bool:
        """Whether the mechanism of that name is on in any variant."""
        return bool(self.used[name])

    @property
    def joined(self) -> bool:
        """Whether the lives of a township join one another both ways."""
        return self.is_on("office") or self.is_on("ranking")

    @property
    def on(self) -> list[Mechanism]:
        """The mechanisms that are on, in order."""
        return [one for one in MECHANISMS if self.is_on(one.name)]

    @property
    def off(self) -> list[Mechanism]:
        """The mechanisms that are off everywhere, in order."""
        return [one for one in MECHANISMS if not self.is_on(one.name)]

    def say(self, key: str, **blanks: str) -> str:
        """A text of the annex."""
        return self.text(f"annex.{key}", **blanks)

    def title(self, one: Mechanism) -> str:
        """What a mechanism is called."""
        return self.say(f"mechanisms.{one.name}.title")

    def listed(self, names: Iterable[str], most: int | None = None) -> str:
        """Names one after another; the first of them, where there are more than `most`."""
        names = list(dict.fromkeys(names))
        shown = ", ".join(names[:most])
        return f"{shown} {self.say('more', count=str(len(names) - most))}" if most and len(names) > most else shown

    def titled(self, of: str, name: str) -> str:
        """What a part of the scenario is called: for `source.records.class`, both."""
        head, _, what = name.partition(".records.")
        if name in ("", "score"):
            return self.say("public" if name else "whole")
        parts: Mapping[str, object] = getattr(self.scenario, of) if of else {}
        said = str(getattr(parts.get(head), "title", "") or head)
        return f"{said}: {self.scenario.conduct[what].title}" if what else said


def submodels(described: Described) -> list[Submodel]:
    """Every mechanism that is on."""
    return [_submodel(described, one) for one in described.on]


def off(described: Described) -> Table:
    """Every mechanism that is off, and what it would do."""
    rows = [[described.title(one), described.say(f"mechanisms.{one.name}.what")] for one in described.off]
    return table(described.say("off_table"), [described.say("head_off"), described.say("head_would")], rows, "off.csv")


def _submodel(described: Described, one: Mechanism) -> Submodel:
    say, title = described.say, described.title(one)
    used = _parts(described, one)
    of_its_kind = [row for row in described.rows if one.owns(row.path, (*used, *_all(described, one)))]
    matched = [row for row in of_its_kind if one.owns(row.path, used)]
    before = described.on[: described.on.index(one)]
    own = [row for row in matched if not any(other.owns(row.path, _parts(described, other)) for other in before)]
    heads = [say(f"head_{name}") for name in ("number", "value", "range", "source")]
    cells = [[row.path, row.value, row.range or described.text("none"), mark(described, row)] for row in own]
    left = len(of_its_kind) - len(matched)
    return Submodel(
        one.name,
        title,
        say(f"mechanisms.{one.name}.what"),
        tuple(described.text.list(f"annex.mechanisms.{one.name}.equations")),
        _concerns(described, one, used),
        tuple(_tested(described, one)),
        tuple(_decision(described, one, own)) if one.decides else (),
        table(say("numbers", title=title), heads, cells, f"{one.name}.csv"),
        say("rest", count=str(left)) if left else "",
    )


def _parts(described: Described, one: Mechanism) -> list[str]:
    """The parts that use a mechanism in any variant."""
    return list(dict.fromkeys(part for parts in described.used[one.name].values() for part in parts))


def _all(described: Described, one: Mechanism) -> list[str]:
    """Every part that could."""
    return list(getattr(described.scenario, one.of)) if one.of else []


def _concerns(described: Described, one: Mechanism, used: Sequence[str]) -> str:
    titles = [described.titled(one.of, part) for part in used] if any(used) else []
    said = described.say("concerns", parts=described.listed(titles, SHOWN)) if titles else ""
    if DESIGN in described.used[one.name]:
        return said
    worlds = described.scenario.worlds
    where = [described.say("quoted", name=worlds[name].title if name in worlds else name) for name in described.used[one.name]]
    return f"{said} {described.say('only_in', worlds=described.listed(where))}".strip()


def _tested(described: Described, one: Mechanism) -> list[str]:
    """The file and section, the exact answers with their titles, and the promises."""
    known = {check.id: check for check in CHECKS}
    said = [described.say("where", files=", ".join(one.files), section=str(one.section))]
    exact = [f"{name} ({known[name].title})" for name in one.tests if name in known]
    promised = [name for name in one.tests if name not in known]
    said += [described.say("tested", checks=", ".join(exact))] if exact else []
    said += [described.say("promised", promises=", ".join(promised))] if promised else []
    return said if one.tests else [*said, described.say("untested")]


def mark(described: Described, row: LedgerRow) -> str:
    """The mark of a number's source: its kind, what is named and when; an assumption where there is none."""
    if row.note == UNSAID:
        return described.say("unsaid")
    if unsourced(row.source):
        kind = described.say("illustrative")
        return described.say("beside", kind=kind, ref=row.ref) if row.ref else kind
    return ", ".join(part for part in (row.source, row.ref, row.date) if part)


def _decision(described: Described, one: Mechanism, own: Sequence[LedgerRow]) -> list[tuple[str, str]]:
    """What ODD+D asks of a decision; evidence and uncertainty are counted from the ledger."""
    say, total = described.say, str(len(own))
    refs = list(dict.fromkeys(row.ref for row in own if row.ref))
    named = say("evidence_refs", refs=", ".join(refs)) if refs else ""
    sourced, ranged = sum(not unsourced(row.source) for row in own), sum(bool(row.range) for row in own)
    evidence = say("evidence_said", sourced=str(sourced), total=total, refs=named) if sourced else say("evidence_none", refs=named)
    return [
        (say("theory"), say(f"mechanisms.{one.name}.theory")),
        (say("evidence"), evidence if own else say("evidence_without")),
        (say("differs"), say(f"mechanisms.{one.name}.differs")),
        (say("uncertainty"), say("ranged", ranged=str(ranged), total=total) if own else say("ranged_without")),
    ]
