"""Checks of the rules: scores, bands, lists, gates, joint sanctions, redress, repair and amnesty. Each world and stage passes them too."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from ..layout import MOST, NEVER
from .derived import factors, joint_shares, next_generation, spectral_radius
from .finding import Finding, unknown, unknown_in, unknown_levels
from .model import Scenario
from .system import Gate, Score
from .written import Path, nearest

MOST_REVIEWERS = 10_000  # in an office, and offices in a township


# --- scores ---------------------------------------------------------------------------------------------------------------------


def _scores(scenario: Scenario) -> Iterator[Finding]:
    if "score" in scenario.scores:
        yield ("scores", "score"), "the public score stands under `score` of the scenario: choose another name"
    for path, score in _all_scores(scenario):
        yield from _names(scenario, score, path)
        yield from _scale(score, path)
        yield from _kept(scenario, score, path)
        yield from _ledger(score, path)
        yield from _multiplied(score, path)
        yield from _proxy(scenario, score, path)
        yield from _parts(scenario, score, path)
    score, minor = scenario.score, scenario.minor_record
    if minor is not None and not (minor in (score.factors if score.multiplies else score.points) and score.effect(minor) < 0):
        yield ("minor_record",), f"{minor!r} takes no points away, so it is no minor record: name a class with points below zero"


def _names(scenario: Scenario, score: Score, path: Path) -> Iterator[Finding]:
    tables: tuple[tuple[str, Iterable[str]], ...] = (
        ("points", score.points),
        ("factors", score.factors),
        ("keep", (name for name in score.keep if name != "default")),
        ("keep_from", (name for name in score.keep_from if name != "default")),
        ("discretion", score.discretion),
    )
    for field, names in tables:
        yield from unknown(names, scenario.conduct, (*path, field), "class of conduct", "conduct")
    yield from unknown_in(score.sources, scenario.sources, (*path, "sources"), "source", "sources")
    for field, table in (("points", score.points), ("factors", score.factors)):
        for name in table:
            if name in scenario.conduct and scenario.conduct[name].sign == "lawful":
                yield (*path, field, name), f"{name!r} is lawful, so the system has no points for it: leave it out, or give it another sign"
    for name, one in score.discretion.items():
        if one.number < 0:
            yield (*path, "discretion", name), "an officer may add or take so many points: write a number of zero or more"


def _scale(score: Score, path: Path) -> Iterator[Finding]:
    low = score.lowest.number if score.lowest else -np.inf
    high = score.highest.number if score.highest else np.inf
    if not low <= score.start.number <= high:
        yield (*path, "start"), f"the start {score.start.number:g} lies outside the scale from {low:g} to {high:g}"


def _kept(scenario: Scenario, score: Score, path: Path) -> Iterator[Finding]:
    for name, law in score.keep_from.items():
        one = scenario.conduct.get(name)
        if law == "settlement" and one and not one.settled_after:
            yield (
                (*path, "keep_from", name),
                f"{name!r} is never settled, so its points would stay for ever: write `settled_after`, or `record`",
            )
        kept = score.keep.get(name, score.keep["default"])
        if law == "memoryless" and name != "default" and kept.number >= NEVER:
            yield (*path, "keep_from", name), "points that stay for ever have no mean time: write how long under `keep`, or `record`"


def _ledger(score: Score, path: Path) -> Iterator[Finding]:
    if score.clip != "ledger":
        return
    for name, one in score.keep.items():
        if one.number < NEVER:
            yield (
                (*path, "keep", name),
                (
                    f"a ledger clips the score at every step, so points cannot be taken back after {one.value}: "
                    "write `keep: for ever` or `clip: stateless`"
                ),
            )
    for name, law in score.keep_from.items():
        if law != "record":
            yield (*path, "keep_from", name), "a ledger keeps its points for ever, from the record: leave `keep_from` out"
    if score.copies and score.copies.returns.number > 0:
        yield (
            (*path, "copies", "returns"),
            "a ledger is written anew without a corrected record, which cannot come back: leave `returns` out",
        )


def _multiplied(score: Score, path: Path) -> Iterator[Finding]:
    if not score.multiplies:
        if score.factors:
            yield (*path, "factors"), "this score adds points: write `points`, or `clip: multiplicative`"
        return
    for field in ("points", "discretion", "proxy"):
        if getattr(score, field):
            yield (*path, field), f"a multiplicative score has factors and no points: leave `{field}` out"
    for field in ("start", "lowest", "highest"):
        one = getattr(score, field)
        if one and one.number <= 0:
            yield (*path, field), f"{one.value:g} cannot be reached by multiplying: a multiplicative score is above zero"


def _proxy(scenario: Scenario, score: Score, path: Path) -> Iterator[Finding]:
    if not score.proxy:
        return
    yield from unknown_levels(score.proxy.by, (*path, "proxy", "by"))
    if score.proxy.spread.number < 0:
        yield (*path, "proxy", "spread"), "a spread is a standard deviation: write zero or more"
    if score.proxy.validity.number > 0 and not scenario.frailty:
        yield (
            (*path, "proxy", "validity"),
            "without `frailty` people do not differ, so nothing can tell them apart: write it, or a validity of 0",
        )


def _parts(scenario: Scenario, score: Score, path: Path) -> Iterator[Finding]:
    held: dict[str, str] = {}
    if score.parts and score.clip != "stateless":
        yield (*path, "parts"), f"only a stateless score has parts, and this one is `clip: {score.clip}`: leave `parts` out"
    if len(score.parts) > MOST["parts"]:
        yield (*path, "parts"), f"{len(score.parts)} parts are more than the {MOST['parts']} that a score has room for: leave some out"
    for name, part in score.parts.items():
        here = (*path, "parts", name)
        yield from unknown_in(part.classes, scenario.conduct, (*here, "classes"), "class of conduct", "conduct")
        for number, one in enumerate(part.classes):
            if one in scenario.conduct and one not in score.points:
                yield (*here, "classes", number), f"{one!r} has no points in this score: write them, or leave it out of the part"
            if one in held:
                yield (*here, "classes", number), f"{one!r} is in the part {held[one]!r} already: a class belongs to one part"
            held.setdefault(one, name)


# --- bands, lists, gates --------------------------------------------------------------------------------------------------------


def _bands(scenario: Scenario) -> Iterator[Finding]:
    for index, band in enumerate(scenario.bands):
        first, number = index == 0, not isinstance(band.start, str)
        if first == number or (not first and band.start == "lowest"):
            yield ("bands", index), "bands rise from `from: lowest` for the first to a number for each further one"
            return
    starts = [float(band.start) for band in scenario.bands[1:]]
    for index, (low, high) in enumerate(itertools.pairwise(starts)):
        if high <= low:
            yield (
                ("bands", index + 2),
                f"the band starts at {high:g}, not above the one before it ({low:g}): write bands from the lowest up",
            )
    for index, start in enumerate(starts):
        yield from _reachable(scenario.score, start, ("bands", index + 1))
    names = [band.name for band in scenario.bands]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield ("bands", index), f"the band {name!r} is named twice"


def _reachable(score: Score, mark: float, path: Path) -> Iterator[Finding]:
    if score.multiplies and mark <= 0:
        yield path, f"{mark:g} cannot be reached by multiplying: a multiplicative score is above zero"


def _lists(scenario: Scenario) -> Iterator[Finding]:
    for name, one in scenario.lists.items():
        path: Path = ("lists", name)
        if one.closes is not None and one.closes not in scenario.gates:
            known = nearest(one.closes, scenario.gates)
            yield (*path, "closes"), f"{one.closes!r} is no gate: only what stands under `gates` can be named. {known}"
        yield from unknown(one.on, scenario.conduct, (*path, "on"), "class of conduct", "conduct")
        for class_name in one.on:
            if class_name in scenario.conduct and scenario.conduct[class_name].sign == "lawful":
                yield (*path, "on", class_name), f"{class_name!r} is lawful, so the system lists nobody for it: give it another sign"
        yield from _score_named(scenario, one.score, path)
        score, mark = scenario.all_scores.get(one.score or "score", scenario.score), one.score_below or one.score_from
        if mark:
            yield from _reachable(score, mark.number, (*path, "score_below" if one.score_below else "score_from"))
        if one.resets_score and score.clip != "ledger":
            yield (
                (*path, "resets_score"),
                "a stateless score is the sum of the acting records, so it cannot be set back to its start: write `clip: ledger`",
            )


def _score_named(scenario: Scenario, name: str | None, path: Path) -> Iterator[Finding]:
    if name is not None and name not in scenario.all_scores:
        yield (*path, "score"), f"{name!r} is no score: write one that stands under `scores`. {nearest(name, scenario.all_scores)}"


def _gates(scenario: Scenario) -> Iterator[Finding]:
    if not scenario.gates:
        yield ("gates",), "there is no gate, so nobody could be restricted in anything: write one at least"
    bands = [band.name for band in scenario.bands]
    listed = {one.closes: name for name, one in scenario.lists.items()}
    for name, gate in scenario.gates.items():
        path: Path = ("gates", name)
        yield from _score_named(scenario, gate.score, path)
        mark = gate.opens_at.value if gate.opens_at else None
        if isinstance(mark, str) and gate.score not in (None, "score"):
            yield (
                (*path, "opens_at"),
                f"bands are those of the public score: write the number of {gate.score!r} from which the gate is open",
            )
        elif isinstance(mark, str) and mark not in bands:
            yield (*path, "opens_at"), f"{mark!r} is no band. {nearest(mark, bands)}"
        elif isinstance(mark, float):
            yield from _reachable(scenario.all_scores.get(gate.score or "score", scenario.score), mark, (*path, "opens_at"))
        if gate.score is not None and mark is None and gate.closes_lowest is None:
            yield (*path, "score"), "this gate opens at no score: write `opens_at` or `closes_lowest`, or leave `score` out"
        yield from _passing(gate, bands, path)
        if gate.parents != "any" and name in listed:
            yield (
                (*path, "parents"),
                f"a gate that looks at the {gate.parents} of the parents' scores looks at no list, and {listed[name]!r} closes it",
            )


def _passing(gate: Gate, bands: list[str], path: Path) -> Iterator[Finding]:
    """The shares of applications that pass belong to bands, and rise with them."""
    path, shares = (*path, "pass_by_band"), gate.pass_by_band or {}
    for name in shares:
        if name not in bands:
            yield (*path, name), f"{name!r} is no band. {nearest(name, bands)}"
    if gate.pass_by_band is not None and not (gate.applications and gate.applications.number > 0):
        yield path, "nobody applies, so nothing passes: write `applications`, such as 2 per year"
    if gate.pass_by_band is not None and gate.score not in (None, "score"):
        yield path, f"bands are those of the public score, and this gate looks at {gate.score!r}: leave `pass_by_band` out"
    rising = [(name, shares[name].number if name in shares else 1.0) for name in bands]
    for (low, less), (high, more) in itertools.pairwise(rising):
        if more < less:
            yield (
                path,
                f"{more:g} of the applications pass in {high!r}, fewer than {less:g} in {low!r} below it: let shares rise with the bands",
            )


# --- joint sanctions ------------------------------------------------------------------------------------------------------------


def _reviews(scenario: Scenario) -> Iterator[Finding]:
    ranked = [name for name, gate in scenario.gates.items() if gate.closes_lowest is not None]
    tied = [(path, score) for path, score in _all_scores(scenario) if score.tied]
    if scenario.reviews is None:
        for name in ranked:
            yield ("gates", name, "closes_lowest"), "nobody is ever put in order: write `reviews`, such as {every: 90 days}"
        for path, score in tied:
            part = "friends" if score.friends else "family"
            yield (*path, part), "scores look at others only at `reviews`: write them, such as {every: 30 days}"
    elif not ranked and not tied and not _set_somewhere(scenario, "closes_lowest"):
        yield (
            ("reviews",),
            "nothing is looked at: give a gate `closes_lowest`, or the score `friends` or `family`, or leave the reviews out",
        )
    elif scenario.reviews.every.number >= scenario.period.days:
        yield ("reviews", "every"), f"the period ends before the first review, after {scenario.reviews.every.value}: take a shorter time"
    for path, _ in tied[1:]:
        yield path, "one score takes from friends and family, and another one does already: leave them out of one of the two"
    for path, score in tied:
        yield from _tied(scenario, score, path)


def _tied(scenario: Scenario, score: Score, path: Path) -> Iterator[Finding]:
    if score.clip != "stateless":
        part = "friends" if score.friends else "family"
        yield (*path, part), f"only a stateless score can take from others, and this one is `clip: {score.clip}`: leave `{part}` out"
    if score.friends and score.friends.alike.number > 0 and not scenario.frailty:
        yield (*path, "friends", "alike"), "without `frailty` people do not differ, so nobody is alike: write it, or `alike: 0`"


def _all_scores(scenario: Scenario) -> Iterator[tuple[Path, Score]]:
    yield ("score",), scenario.score
    for name, score in scenario.scores.items():
        yield ("scores", name), score


def _joint(scenario: Scenario) -> Iterator[Finding]:
    joint = scenario.joint
    tables: tuple[tuple[Path, Mapping[str, Mapping[str, object]]], ...] = (
        (("joint", "shares"), joint.shares),
        (("joint", "delay_on", "pairs"), joint.delay_on.pairs),
        (("joint", "delay_off", "pairs"), joint.delay_off.pairs),
        (("joint", "lost", "pairs"), joint.lost.pairs if joint.lost else {}),
    )
    found = [finding for path, table in tables for finding in _pairs(table, scenario, path)]
    yield from found
    yield from unknown_in(joint.spare, scenario.gates, ("joint", "spare"), "gate", "gates")
    if len(set(joint.spare)) < len(joint.spare):
        yield ("joint", "spare"), "a gate is named twice: write each once, in the order in which they are left open"
    elif joint.spare and joint.at_most is None and not _set_somewhere(scenario, "joint"):
        yield ("joint", "spare"), "all gates may be closed at a time, so none is ever left open: write `at_most`, or leave `spare` out"
    if not found and not joint.allow_supercritical:
        yield from _breeding(scenario)


def _set_somewhere(scenario: Scenario, word: str) -> bool:
    """Whether some world or stage sets a rule whose path has this word."""
    sets = [*(world.set for world in scenario.worlds.values()), *(stage.set for stage in scenario.rollout)]
    return any(word in dotted for one in sets for dotted in one)


def _breeding(scenario: Scenario) -> Iterator[Finding]:
    """Designs in which restrictions breed restrictions without end."""
    radius = spectral_radius(joint_shares(scenario))
    if radius >= 1:
        yield (
            ("joint", "shares"),
            (
                f"the joint-sanction matrix has the spectral radius {radius:.3f}: passed on freely, each sanction would bring {radius:.3f} "
                "more, so the cascade never dies out. Lower the shares, or accept it with `joint.allow_supercritical: true`"
            ),
        )
        return
    try:
        radius = spectral_radius(next_generation(scenario))
    except (KeyError, ValueError):
        return  # a name that is not there, or a score that cannot be multiplied: other checks say so
    if radius >= 1:
        yield (
            ("joint",),
            (
                f"the next-generation matrix has the spectral radius {radius:.3f}: with what closed gates make people do, each restriction "
                f"would bring {radius:.3f} more, so the cascade never dies out. Lower `strain`, listing shares or terms, or accept it with "
                "`joint.allow_supercritical: true`"
            ),
        )


def _pairs(table: Mapping[str, Mapping[str, object]], scenario: Scenario, path: Path) -> Iterator[Finding]:
    yield from unknown(table, scenario.gates, path, "gate", "gates")
    for first, row in table.items():
        yield from unknown(row, scenario.gates, (*path, first), "gate", "gates")
        if first in row:
            yield (*path, first, first), f"a sanction in {first!r} cannot bring itself: leave this entry out"


# --- redress --------------------------------------------------------------------------------------------------------------------


def _redress(scenario: Scenario) -> Iterator[Finding]:
    redress = scenario.redress
    if redress is None:
        return
    yield from unknown_in(redress.sources, scenario.sources, ("redress", "sources"), "source", "sources")
    named = [name for name in redress.notice if name != "default"]
    yield from unknown(named, scenario.sources, ("redress", "notice"), "source", "sources")
    yield from unknown_levels(redress.take_up_by, ("redress", "take_up_by"))
    if (most := redress.take_up.number * float(factors(redress.take_up_by).max())) > 1 + 1e-12:
        yield ("redress", "take_up_by"), f"a group would appeal with probability {most:g}, and nothing is surer than 1: lower it"
    if redress.asks.number > 0 and not any(gate.applications for gate in scenario.gates.values()):
        yield ("redress", "asks"), "nobody applies anywhere, so nobody is refused and asks why: write `applications` of a gate"
    for field, what in (("reviewers", "reviewers of an office"), ("per_township", "offices in a township")):
        if redress.office and getattr(redress.office, field) > MOST_REVIEWERS:
            yield ("redress", "office", field), f"more than {MOST_REVIEWERS:,} {what} never make anybody wait: write fewer, or no `office`"


def _repair(scenario: Scenario) -> Iterator[Finding]:
    yield from unknown(scenario.repair, scenario.conduct, ("repair",), "class of conduct", "conduct")
    written_off = all(score.clip == "ledger" for score in scenario.all_scores.values())
    listing = {name for one in scenario.lists.values() for name in one.on}
    why = "a ledger keeps its points for ever, and no list is entered by such a record, so nothing would end early: leave this out"
    for name in scenario.repair:
        if written_off and name not in listing:
            yield ("repair", name), why
    amnesty, period = scenario.amnesty, scenario.period
    if amnesty is None:
        return
    if written_off and not listing:
        yield ("amnesty",), why
    end = period.start + dt.timedelta(days=period.days)
    if not period.start <= amnesty.on < end:
        yield ("amnesty", "on"), f"{amnesty.on} lies outside the period from {period.start} to {end}: choose a day in it"


RULES: tuple[Callable[[Scenario], Iterable[Finding]], ...] = (_scores, _bands, _lists, _gates, _reviews, _joint, _redress, _repair)
