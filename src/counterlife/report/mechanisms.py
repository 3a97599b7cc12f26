"""The mechanisms of the model: in which parts of a scenario each is on, which of its numbers are its own, and what describes and tests it.

An ordered table, in the order of `docs/model.md`, whose list of submodels says the same. What a mechanism does, its equations and the
theory behind it are texts of the catalogue, under its name. Nothing is lived or written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from counterlife.report import switches as on
from counterlife.report.switches import THE, Used, differs
from counterlife.scenario import Scenario


@dataclass(frozen=True)
class Mechanism:
    """A part of the model that a scenario turns on or leaves off."""

    name: str
    section: int
    """Of `docs/model.md`."""
    files: tuple[str, ...]
    """Where it is computed, below the package."""
    tests: tuple[str, ...]
    """Exact answers (C) and promises (P) that would fail if it were wrong;
    none where only the plain second engine and tests by hand would."""
    numbers: str
    """The paths of its numbers in the ledger: a pattern, with a group `part` where only those of parts that use it are its own.
    What several mechanisms own is shown with the first of them that is on."""
    used: Callable[[Scenario], Used]
    """The names of the parts of a scenario that use it; none where it is off, `THE` where it has no parts."""
    of: str = ""
    """The part of a scenario whose names those are; nothing where it has no parts, or they have no titles."""
    decides: bool = False
    """Whether people's conduct answers to the system by it."""

    def owns(self, path: str, used: Used) -> bool:
        """Whether the number at a path of the ledger is one of its own, where these parts use it."""
        found = re.match(self.numbers, path) if self.numbers else None
        return found is not None and bool(used) and (found.groupdict().get("part") is None or found["part"] in used)


_SCORE = r"(?:scores\.)?(?P<part>\w+)\."
_CLASS = r"conduct\.(?P<part>\w+)\."
_SOURCE = r"sources\.(?P<part>\w+)\."
_RECORD = r"sources\.(?P<part>\w+\.records\.\w+)\."
_REVIEWS = r"reviews\.every$"  # shown with the first of those that happen at reviews
_LIST, _GATE, _THREAT = r"lists\.(?P<part>\w+)\.", r"gates\.(?P<part>\w+)\.", r"threats\.(?P<part>\w+)\."

MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism("people", 2, ("scenario/populace.py", "township/people.py"), ("P6", "P7"), r"population\.", on.always),
    Mechanism(
        "events",
        3,
        ("township/conduct.py",),
        ("C1", "P12"),
        _CLASS + r"(?:rate|by|from_age|gravity|settled_after)\b",
        lambda one: tuple(one.conduct),
        of="conduct",
    ),
    Mechanism("frailty", 3, ("township/conduct.py",), ("C3", "C7"), r"frailty\.|" + _CLASS + "own_frailty$", on.unequal, of="conduct"),
    Mechanism(
        "strain",
        3,
        ("township/behaviour.py",),
        ("C13", "P1"),
        _CLASS + "strain$",
        on.classes(lambda one: differs(one.strain, 1)),
        of="conduct",
        decides=True,
    ),
    Mechanism("belief", 3, ("township/behaviour.py",), ("C25",), r"behaviour\.(?:belief|learning|reacts)$", on.believing, decides=True),
    Mechanism(
        "deterrence",
        3,
        ("township/behaviour.py",),
        ("C25", "P4"),
        _CLASS + "deterred$",
        on.classes(lambda one: one.sign != "lawful" and differs(one.deterred, 0)),
        of="conduct",
        decides=True,
    ),
    Mechanism(
        "chilling",
        3,
        ("township/behaviour.py",),
        ("C25",),
        _CLASS + "deterred$",
        on.classes(lambda one: one.sign == "lawful" and differs(one.deterred, 0)),
        of="conduct",
        decides=True,
    ),
    Mechanism(
        "near_gate",
        3,
        ("township/behaviour.py",),
        ("C26", "P4", "P10"),
        _CLASS + r"near_gate\.",
        on.classes(lambda one: one.near_gate is not None and differs(one.near_gate.factor, 1)),
        of="conduct",
        decides=True,
    ),
    Mechanism(
        "burst",
        3,
        ("township/behaviour.py",),
        ("C14",),
        _CLASS + r"burst\.",
        on.classes(lambda one: one.burst is not None and differs(one.burst.adds, 0)),
        of="conduct",
        decides=True,
    ),
    Mechanism(
        "giving_up",
        3,
        ("township/behaviour.py", "township/redress.py"),
        ("P4",),
        r"behaviour\.appeals_when_given_up$|" + _CLASS + "when_given_up$",
        on.tiring,
        of="conduct",
        decides=True,
    ),
    Mechanism("replay", 3, ("township/life.py",), ("P2", "P25"), "", on.replayed, of="worlds"),
    Mechanism(
        "detection",
        4,
        ("township/records.py",),
        ("C2", "P3", "P12"),
        _RECORD + r"detect(?:_by)?\b",
        on.sources(lambda one: True),
        of="sources",
    ),
    Mechanism("delay", 4, ("township/records.py",), (), _SOURCE + r"delay\.", on.delayed, of="sources"),
    Mechanism(
        "ghosts",
        4,
        ("township/records.py",),
        ("C7", "P3"),
        _RECORD + r"ghosts(?:_by)?\b",
        on.sources(lambda one: differs(one.ghosts, 0)),
        of="sources",
    ),
    Mechanism(
        "assign_one",
        4,
        ("township/records.py",),
        ("C8", "C9", "P12", "P14", "P21"),
        _SOURCE + r"namesakes\.",
        on.namesakes("assign one"),
        of="sources",
    ),
    Mechanism(
        "pairwise", 4, ("township/records.py",), ("C9", "P12", "P21"), _SOURCE + r"namesakes\.", on.namesakes("pairwise"), of="sources"
    ),
    Mechanism("elsewhere", 4, ("township/records.py",), ("P12",), "", on.abroad, of="sources"),
    Mechanism("stale", 4, ("township/records.py", "township/filed.py"), ("P1",), _SOURCE + r"staleness\.", on.stale, of="sources"),
    Mechanism(
        "misread",
        4,
        ("township/records.py", "township/items.py"),
        ("P4",),
        _RECORD + r"misread\.",
        on.sources(lambda one: any(share.number > 0 for share in one.misread.values())),
        of="sources",
    ),
    Mechanism(
        "inflated",
        4,
        ("township/records.py",),
        ("P11",),
        _RECORD + r"inflated\.",
        on.sources(lambda one: one.inflated is not None),
        of="sources",
    ),
    Mechanism(
        "duplicates",
        4,
        ("township/records.py",),
        ("P1", "P11"),
        _SOURCE + r"duplicates\.",
        lambda one: tuple(name for name, source in one.sources.items() if source.duplicates and differs(source.duplicates.share, 0)),
        of="sources",
    ),
    Mechanism("share", 12, ("township/procedures.py",), ("P11",), _RECORD + r"procedure\.share\.", on.procedure("share"), of="sources"),
    Mechanism("screen", 12, ("township/procedures.py",), (), _RECORD + r"procedure\.screen\.", on.procedure("screen"), of="sources"),
    Mechanism(
        "average", 12, ("township/procedures.py",), ("C32",), _RECORD + r"procedure\.average\.", on.procedure("average"), of="sources"
    ),
    Mechanism("cohort", 12, ("township/procedures.py",), (), _RECORD + r"procedure\.cohort\.", on.procedure("cohort"), of="sources"),
    Mechanism(
        "sum",
        6,
        ("township/scores.py",),
        ("C4", "P10"),
        _SCORE + r"(?:start|lowest|highest|points)\b",
        on.scores(lambda one: one.clip == "stateless" and bool(one.points or one.proxy)),
        of="all_scores",
    ),
    Mechanism(
        "ledger",
        6,
        ("township/scores.py",),
        ("C5", "C23", "C34", "P13"),
        _SCORE + r"(?:start|lowest|highest|points)\b",
        on.scores(lambda one: one.clip == "ledger"),
        of="all_scores",
    ),
    Mechanism(
        "product",
        6,
        ("scenario/compile_rules.py", "township/scores.py"),
        ("P10",),
        _SCORE + r"(?:start|lowest|highest|factors)\b",
        on.scores(lambda one: one.multiplies),
        of="all_scores",
    ),
    Mechanism(
        "parts",
        6,
        ("township/scores.py", "township/points.py"),
        ("P11",),
        _SCORE + r"parts\.",
        on.scores(lambda one: bool(one.parts)),
        of="scores",
    ),
    Mechanism(
        "retention",
        6,
        ("township/scores.py",),
        ("C4", "C6", "P3", "P19"),
        _SCORE + r"keep\b",
        on.scores(lambda one: any(term.value != "for ever" for term in one.keep.values())),
        of="all_scores",
    ),
    Mechanism(
        "noise",
        6,
        ("township/scores.py",),
        ("P4", "P10"),
        _SCORE + r"(?:discretion|severity|leniency)\b",
        on.scores(on.noisy),
        of="all_scores",
    ),
    Mechanism(
        "copies",
        6,
        ("township/scores.py",),
        ("C16", "P13"),
        _SCORE + r"copies\.",
        on.scores(lambda one: one.copies is not None),
        of="all_scores",
    ),
    Mechanism("proxy", 6, ("township/scores.py",), ("C29", "P10", "P11"), _SCORE + r"proxy\.", on.scores(on.proxied), of="all_scores"),
    Mechanism(
        "repair",
        6,
        ("township/scores.py",),
        ("P11",),
        r"repair\.",
        lambda one: tuple(n for n, r in one.repair.items() if r.share.number > 0),
        of="conduct",
    ),
    Mechanism("amnesty", 6, ("township/scores.py",), (), r"amnesty\.", lambda one: THE if one.amnesty else ()),
    Mechanism(
        "record_lists",
        7,
        ("township/sanctions.py",),
        ("C6", "C11", "P3"),
        _LIST + r"(?:on|term)\b",
        on.lists(lambda one: bool(one.on)),
        of="lists",
    ),
    Mechanism(
        "score_lists",
        7,
        ("township/sanctions.py",),
        ("P4", "P10"),
        _LIST + r"(?:score_below|term)\b",
        on.lists(lambda one: one.score_below is not None),
        of="lists",
    ),
    Mechanism(
        "redlists",
        7,
        ("township/sanctions.py",),
        ("P1", "P10"),
        _LIST + "score_from$",
        on.lists(lambda one: one.score_from is not None),
        of="lists",
    ),
    Mechanism("joint", 7, ("township/sanctions.py",), ("C12", "C13", "P3", "P19"), r"joint\.", on.joined, of="gates"),
    Mechanism(
        "gates",
        8,
        ("township/sanctions.py",),
        ("C5", "C34", "P3", "P10"),
        _GATE + r"(?:opens_at|applications)$",
        lambda one: tuple(one.gates),
        of="gates",
    ),
    Mechanism("passing", 8, ("township/applications.py",), ("C5", "P3", "P11"), _GATE + r"pass_by_band\.", on.passing, of="gates"),
    Mechanism("parents", 8, ("township/kin.py",), ("C21", "P24"), "", on.gates(lambda one: one.belongs_to == "children"), of="gates"),
    Mechanism("households", 8, ("township/kin.py",), ("P24",), "", on.gates(lambda one: one.belongs_to == "household"), of="gates"),
    Mechanism("cap", 8, ("township/sanctions.py",), ("P4", "P19"), "", on.capped),
    Mechanism("stages", 10, ("township/life.py",), ("P11", "P20"), r"rollout\.", lambda one: tuple(stage.name for stage in one.rollout)),
    Mechanism("notice", 11, ("township/redress.py",), ("C15", "P17"), r"redress\.notice(?:_after)?\b", on.appeals(on.told)),
    Mechanism("asking", 11, ("township/redress.py",), ("P4",), r"redress\.asks$", on.asking, of="gates", decides=True),
    Mechanism(
        "appeals",
        11,
        ("township/redress.py",),
        ("C15", "C33", "P13", "P17", "P18"),
        r"redress\.(?:take_up\w*|decide|sensitivity|specificity|bias|correct|lost)\b",
        on.appeals(),
        decides=True,
    ),
    Mechanism("second", 11, ("township/redress.py",), (), r"redress\.second\.", on.appeals(lambda one: one.second is not None)),
    Mechanism(
        "office",
        11,
        ("township/offices.py", "township/hearings.py"),
        ("C17", "C18", "C19", "C20", "P18"),
        r"redress\.office\.",
        on.appeals(lambda one: one.office is not None),
    ),
    Mechanism("insert", 13, ("township/threats.py",), ("P22",), _THREAT, on.threats("insert"), of="threats"),
    Mechanism("suppress", 13, ("township/setbacks.py",), ("P22",), _THREAT, on.threats("suppress"), of="threats"),
    Mechanism("outage", 13, ("township/setbacks.py",), ("P22", "P23"), _THREAT, on.threats("outage"), of="threats"),
    Mechanism("rollback", 13, ("township/setbacks.py",), ("P22",), _THREAT, on.threats("rollback"), of="threats"),
    Mechanism("breach", 13, ("township/archives.py", "measures/breaches.py"), ("C24", "P22"), _THREAT, on.threats("breach"), of="threats"),
    Mechanism(
        "ranking",
        15,
        ("township/ranking.py", "township/hearings.py"),
        ("C30", "P4", "P5"),
        _GATE + "closes_lowest$|" + _REVIEWS,
        on.ranked,
        of="gates",
    ),
    Mechanism(
        "friends",
        16,
        ("township/ties.py", "township/hearings.py"),
        ("C22", "P3", "P11"),
        _SCORE + r"friends\.(?:number|share|alike)$|" + _REVIEWS,
        on.scores(lambda one: one.friends is not None and differs(one.friends.share, 0)),
        of="scores",
    ),
    Mechanism(
        "dropping",
        16,
        ("township/ties.py",),
        ("P4",),
        _SCORE + r"friends\.drop\.",
        on.scores(lambda one: one.friends is not None and one.friends.drop is not None and differs(one.friends.drop.share, 0)),
        of="scores",
        decides=True,
    ),
    Mechanism(
        "family",
        16,
        ("township/ties.py",),
        ("P3", "P11"),
        _SCORE + "family$|" + _REVIEWS,
        on.scores(lambda one: differs(one.family, 0)),
        of="scores",
    ),
    Mechanism("contexts", 5, ("scenario/worlds.py", "scenario/compile_rules.py"), ("P2",), "", on.left_out, of="worlds"),
    Mechanism(
        "safeguards",
        5,
        ("scenario/worlds.py", "scenario/overrides.py"),
        ("P11", "P19"),
        r"safeguards\.",
        lambda one: tuple(one.safeguards),
        of="safeguards",
    ),
)


def in_use(scenarios: Mapping[str, Scenario]) -> dict[str, dict[str, Used]]:
    """For each mechanism by name, the parts that use it, by the name of the world; worlds in which nothing does are left out."""
    return {one.name: {world: found for world, scenario in scenarios.items() if (found := tuple(one.used(scenario)))} for one in MECHANISMS}
