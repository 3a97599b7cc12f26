"""The system's side of a rulebook: one row of rules, and what all rows share, as numbers. The people's side is in `compile_people.py`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..layout import ALWAYS_OPEN, CELLS, MILLION, MOST, NEVER, POINT, YEAR, Floats, Ints, Keep, ListKind, Parents
from .compile_people import law, number_of
from .derived import factors, group_points, joint_shares, opening
from .model import Scenario
from .names import Names, floats, ints, table
from .redress import Redress
from .rollout import Stage
from .system import Copies, Delays, Gate, Losses, RuleList, Score
from .units import thousandths

UNBOUNDED = 2**62
METER_CLASSES = 256
METER_REACH = 40  # records of the largest points, on both sides of the start, where a score has no ends

_KEEPS = {"record": Keep.ENTRY, "settlement": Keep.SETTLEMENT, "memoryless": Keep.EXPONENTIAL}
_PARENTS = {"any": Parents.ANY, "worst": Parents.WORST, "mean": Parents.MEAN}
_NO_COPIES = Copies()


class Rules(NamedTuple):
    """One row of rules; the fields are those of `Rulebook`, less the axis of rows."""

    ruled: int
    lookback: float
    settled: int
    start: Ints
    lowest: Ints
    highest: Ints
    ledger: Ints
    points: Ints
    keep: Floats
    keep_law: Ints
    discretion: Ints
    part: Ints
    part_low: Ints
    part_high: Ints
    tie_share: float
    tie_kin: int
    drop_below: int
    drop_share: float
    severity: Floats
    leniency: Floats
    repair: Floats
    repair_days: Floats
    amnesty_day: float
    amnesty_age: float
    copy_law: Ints
    copy_days: Floats
    fix_law: Ints
    fix_days: Floats
    fix_lost: Floats
    back: Floats
    back_days: Floats
    cuts: Ints
    minor: int
    opens_at: Ints
    passes: Floats
    closes_lowest: Ints
    most_closed: int
    list_kind: Ints
    list_domain: Ints
    list_needs: Ints
    list_term: Floats
    list_mark: Ints
    list_resets: Ints
    list_share: Floats
    joint: Floats
    joint_on: Floats
    joint_off: Floats
    joint_lost: Floats
    contestable: Ints
    notice: Floats
    notice_days: float
    asks: float
    take_up: Floats
    take_up_right: float
    take_up_ability: float
    take_up_weary: float
    sensitivity: float
    specificity: float
    bias: float
    decide_law: int
    decide_days: float
    office: int
    offices: int
    slots: int
    by_harm: int
    patience: float
    second: float
    second_days: float
    second_sensitivity: float
    second_specificity: float
    correct_law: int
    correct_days: float
    correct_lost: float


def rules(scenario: Scenario, names: Names, stage: Stage | None, without: str | None) -> Rules:
    """The rules of a scenario in a stage, where records of sources of the context `without` count for nothing."""
    counts = ints(scenario.sources[source].context != without for source, _ in names.channels)
    later = {one.name: one for one in scenario.rollout}
    row = {
        "ruled": 1,
        "lookback": later[stage.name].look_back.number if stage else NEVER,
        "settled": int(later[stage.name].settled_matters) if stage else 1,
        **_scores(scenario, names, counts),
        **_ends(scenario, names),
        **_lists(scenario, names, counts),
        **_gates(scenario, names),
        **_redress(scenario, names, counts),
    }
    return Rules(**row)


def no_rules(scenario: Scenario, names: Names) -> Rules:
    """The rules where there is no system: no points, every gate open, no way onto a list, nothing to contest."""
    own = rules(scenario, names, None, None)
    below = own.list_kind == ListKind.SCORE_BELOW
    return own._replace(
        ruled=0,
        lowest=np.full_like(own.lowest, -UNBOUNDED),
        highest=np.full_like(own.highest, UNBOUNDED),
        ledger=np.zeros_like(own.ledger),
        points=np.zeros_like(own.points),
        keep=np.full_like(own.keep, NEVER),
        keep_law=np.zeros_like(own.keep_law),
        opens_at=np.full_like(own.opens_at, ALWAYS_OPEN),
        passes=np.ones_like(own.passes),
        closes_lowest=np.zeros_like(own.closes_lowest),
        minor=0,
        list_mark=np.where(below, ALWAYS_OPEN, np.iinfo(np.int64).max),
        list_resets=np.zeros_like(own.list_resets),
        list_share=np.zeros_like(own.list_share),
        tie_share=0.0,
        tie_kin=0,
        drop_share=0.0,
        joint=np.zeros_like(own.joint),
        contestable=np.zeros_like(own.contestable),
    )


# --- scores ---------------------------------------------------------------------------------------------------------------------


def _scores(scenario: Scenario, names: Names, counts: Ints) -> dict[str, Any]:
    scores = [scenario.all_scores[name] for name in names.scores]
    copies = [score.copies or _NO_COPIES for score in scores]
    minor = scenario.minor_record
    return {
        "start": ints(score.number(score.start.number) for score in scores),
        "lowest": ints(score.number(score.lowest.number) if score.lowest else -UNBOUNDED for score in scores),
        "highest": ints(score.number(score.highest.number) if score.highest else UNBOUNDED for score in scores),
        "ledger": ints(score.clip == "ledger" for score in scores),
        "points": ints([_points(score, names) for score in scores]) * counts,
        "keep": floats([[_kept(score, name) for _, name in names.channels] for score in scores]),
        "keep_law": ints([[_keep_law(scenario, score, name) for _, name in names.channels] for score in scores]),
        "discretion": ints([_discretion(score, names) for score in scores]) * counts,
        **_parts(scores, names),
        **_ties(scenario),
        "severity": floats(number_of(score.severity, 0.0) for score in scores),
        "leniency": floats(number_of(score.leniency, 0.0) for score in scores),
        "copy_law": ints(law(one.arrive) for one in copies),
        "copy_days": floats(one.arrive.days for one in copies),
        "fix_law": ints(law(one.remove) for one in copies),
        "fix_days": floats(one.remove.days for one in copies),
        "fix_lost": floats(one.lost.number for one in copies),
        "back": floats(one.returns.number for one in copies),
        "back_days": floats(one.returns_after.number for one in copies),
        "cuts": ints(_cut(scenario, name) for name in names.bands[1:]),
        "minor": scenario.score.effect(minor) if minor else 0,
    }


def _points(score: Score, names: Names) -> list[int]:
    return [score.effect(name) if _reads(score, source) else 0 for source, name in names.channels]


def _discretion(score: Score, names: Names) -> list[int]:
    table = score.discretion
    return [score.number(table[name].number) if name in table and _reads(score, source) else 0 for source, name in names.channels]


def _parts(scores: list[Score], names: Names) -> dict[str, Ints]:
    """The part of each channel, -1 for none, and the limits of as many parts as there is room for: the last are idle."""
    most = MOST["parts"]
    number = [{name: f for f, part in enumerate(score.parts.values()) for name in part.classes} for score in scores]
    limits = [[(part.lowest, part.highest) for part in score.parts.values()] for score in scores]
    padded = [[*ends, *[(None, None)] * (most - len(ends))] for ends in limits]
    return {
        "part": ints([[of.get(name, -1) for _, name in names.channels] for of in number]),
        "part_low": ints([[-UNBOUNDED if low is None else thousandths(low.number) for low, _ in ends] for ends in padded]),
        "part_high": ints([[UNBOUNDED if high is None else thousandths(high.number) for _, high in ends] for ends in padded]),
    }


def _ties(scenario: Scenario) -> dict[str, Any]:
    """What the one tied score takes from others."""
    score = next((one for one in scenario.all_scores.values() if one.tied), scenario.score)
    drop = score.friends.drop if score.friends else None
    return {
        "tie_share": score.friends.share.number if score.friends else 0.0,
        "tie_kin": thousandths(number_of(score.family, 0.0)),
        "drop_below": thousandths(drop.below.number) if drop else ALWAYS_OPEN,
        "drop_share": drop.share.number if drop else 0.0,
    }


def _reads(score: Score, source: str) -> bool:
    return not score.sources or source in score.sources


def _kept(score: Score, name: str) -> float:
    return score.keep.get(name, score.keep["default"]).number


def _keep_law(scenario: Scenario, score: Score, name: str) -> Keep:
    """The law of a class; one that is never settled, or kept for ever, is kept from the record."""
    law = _KEEPS[score.kept_from(name)]
    settles = scenario.conduct[name].settled_after is not None
    idle = (law == Keep.SETTLEMENT and not settles) or (law == Keep.EXPONENTIAL and _kept(score, name) >= NEVER)
    return Keep.ENTRY if idle else law


def _cut(scenario: Scenario, band_name: str) -> int:
    """The lowest score of a band."""
    start = next(band.start for band in scenario.bands if band.name == band_name)
    return ALWAYS_OPEN if isinstance(start, str) else scenario.score.mark(start)


def meter(rows: list[Rules]) -> dict[str, int]:
    """Least points and width of the classes in which the public score is tallied: its scale, or a reach around its start."""
    ends = []
    for one in rows:
        low, high = int(one.lowest[0]), int(one.highest[0])
        if low == -UNBOUNDED or high == UNBOUNDED:
            reach = METER_REACH * int(np.abs(one.points[0]).max(initial=0))
            low, high = int(one.start[0]) - reach, int(one.start[0]) + reach
        if one.ruled:
            ends.append((low, high))
    low, high = min((low for low, _ in ends), default=0), max((high for _, high in ends), default=0)
    return {"meter_low": low, "meter_step": max(1, -(-(high - low + 1) // METER_CLASSES))}


# --- ends, lists, gates ----------------------------------------------------------------------------------------------------------


def _ends(scenario: Scenario, names: Names) -> dict[str, Any]:
    repairs = [scenario.repair.get(name) for _, name in names.channels]
    amnesty = scenario.amnesty
    return {
        "repair": floats(one.share.number if one else 0.0 for one in repairs),
        "repair_days": floats(one.after.number if one else 0.0 for one in repairs),
        "amnesty_day": float((amnesty.on - scenario.period.start).days) if amnesty else NEVER,
        "amnesty_age": amnesty.older_than.number if amnesty else 0.0,
    }


def _lists(scenario: Scenario, names: Names, counts: Ints) -> dict[str, Any]:
    lists = [scenario.lists[name] for name in names.lists]

    def share(one: int, channel: int) -> float:
        on, name = lists[one].on, names.channels[channel][1]
        return on[name].number if name in on else 0.0

    return {
        "list_kind": ints(_list_kind(one.on, one.score_below) for one in lists),
        "list_domain": ints(names.domains.index(one.closes) if one.closes else -1 for one in lists),
        "list_needs": ints(one.needs for one in lists),
        "list_term": floats(one.term.number for one in lists),
        "list_mark": ints(_list_mark(scenario, one) for one in lists),
        "list_resets": ints(one.resets_score for one in lists),
        "list_share": table(len(lists), len(names.channels), share) * counts,
    }


def _list_mark(scenario: Scenario, one: RuleList) -> int:
    mark = one.score_below or one.score_from
    return scenario.all_scores[one.score or "score"].mark(mark.number) if mark else 0


def _list_kind(on: object, score_below: object) -> ListKind:
    return ListKind.RECORD if on else ListKind.SCORE_BELOW if score_below is not None else ListKind.SCORE_ABOVE


def _gates(scenario: Scenario, names: Names) -> dict[str, Any]:
    joint = scenario.joint
    opens = [opening(scenario, name) for name in names.domains]
    return {
        "opens_at": ints(ALWAYS_OPEN if one is None else one for one in opens),
        "passes": table(
            len(names.domains), max(1, len(names.bands)), lambda d, band: _passes(scenario.gates[names.domains[d]], names, band)
        ),
        "closes_lowest": ints(round(number_of(scenario.gates[name].closes_lowest, 0.0) * MILLION) for name in names.domains),
        "most_closed": joint.at_most or len(names.domains),
        "joint": joint_shares(scenario),
        "joint_on": _between(joint.delay_on, names),
        "joint_off": _between(joint.delay_off, names),
        "joint_lost": _between(joint.lost or Losses(), names),
    }


def _passes(gate: Gate, names: Names, band: int) -> float:
    """The share of applications that pass an open gate in a band."""
    shares = gate.pass_by_band or {}
    return shares[names.bands[band]].number if band < len(names.bands) and names.bands[band] in shares else 1.0


def _between(pairs: Delays | Losses, names: Names) -> Floats:
    def number(first: int, second: int) -> float:
        row: dict[str, Any] = dict(pairs.pairs.get(names.domains[first], {}))
        return float(row.get(names.domains[second], pairs.default).number)

    return table(len(names.domains), len(names.domains), number)


# --- redress --------------------------------------------------------------------------------------------------------------------


def _redress(scenario: Scenario, names: Names, counts: Ints) -> dict[str, Any]:
    one = scenario.redress
    weary = scenario.behaviour.appeals_when_given_up.number if scenario.behaviour else 1.0
    given = one or Redress.model_validate({"take_up": 0})
    contests = [
        one is not None and (not one.sources or source in one.sources) and scenario.conduct[name].sign != "good"
        for source, name in names.channels
    ]
    contestable = ints(contests) * counts
    return {
        "contestable": contestable,
        "notice": floats(given.notice.get(source, given.notice["default"]).number for source, _ in names.channels) * contestable,
        "notice_days": given.notice_after.number,
        "asks": given.asks.number,
        "take_up": np.minimum(given.take_up.number * factors(given.take_up_by), 1.0),
        "take_up_right": given.take_up_right.number,
        "take_up_ability": given.take_up_ability.number,
        "take_up_weary": weary,
        "sensitivity": given.sensitivity.number,
        "specificity": given.specificity.number,
        "bias": given.bias.number,
        **_waiting(given),
        **_second(given),
        "correct_law": law(given.correct),
        "correct_days": given.correct.days,
        "correct_lost": given.lost.number,
    }


def _waiting(redress: Redress) -> dict[str, Any]:
    office = redress.office
    return {
        "decide_law": law(redress.decide),
        "decide_days": redress.decide.days,
        "office": office.reviewers if office else 0,
        "offices": office.per_township if office else 1,
        "slots": int(office.daily) if office else 0,
        "by_harm": int(office.first == "harm") if office else 0,
        "patience": office.patience.number if office and office.patience else NEVER,
    }


def _second(redress: Redress) -> dict[str, float]:
    second = redress.second
    return {
        "second": second.take_up.number if second else 0.0,
        "second_days": second.after.number if second else 1.0,
        "second_sensitivity": number_of(second.sensitivity if second else None, redress.sensitivity.number),
        "second_specificity": number_of(second.specificity if second else None, redress.specificity.number),
    }


# --- what all rows share ---------------------------------------------------------------------------------------------------------


def shared(scenario: Scenario, names: Names) -> dict[str, Any]:
    """The fields about gates, lists and scores in which worlds and stages do not differ."""
    gates = [scenario.gates[name] for name in names.domains]
    scores = [scenario.all_scores[name] for name in names.scores]
    proxies = [score.proxy for score in scores]
    friends = next((score.friends for score in scores if score.friends), None)
    by = [group_points(one.by) * POINT if one else np.zeros(CELLS) for one in proxies]
    return {
        "gate_score": ints(names.scores.index(gate.score or "score") for gate in gates),
        "list_score": ints(names.scores.index(scenario.lists[name].score or "score") for name in names.lists),
        "spared": _spared(scenario, names),
        "review_days": scenario.reviews.every.number if scenario.reviews else NEVER,
        "tied": next((n for n, score in enumerate(scores) if score.tied), -1),
        "friends": friends.number if friends else 0,
        "alike": friends.alike.number if friends else 0.0,
        "apply": floats(number_of(gate.applications, 0.0) for gate in gates),
        "child_domain": ints(gate.belongs_to == "children" for gate in gates),
        "parents": ints(_PARENTS[gate.parents] for gate in gates),
        "together": ints(gate.belongs_to == "household" for gate in gates),
        "domain_from": floats(gate.ages[0] * YEAR for gate in gates),
        "domain_until": floats(gate.ages[1] * YEAR for gate in gates),
        "proxy": floats(one.spread.number * POINT if one else 0.0 for one in proxies),
        "validity": floats(one.validity.number if one else 0.0 for one in proxies),
        "proxy_cell": np.rint(np.array(by)),
    }


def _spared(scenario: Scenario, names: Names) -> Ints:
    """Gates in the order in which they are left open: those that are named, the essential ones, the others from the last."""
    essential = [name for name in names.domains if scenario.gates[name].essential]
    order = dict.fromkeys([*scenario.joint.spare, *essential, *reversed(names.domains)])
    return ints(names.domains.index(name) for name in order)
