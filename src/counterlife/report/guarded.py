"""What a study of safeguards says: combinations, effects, the front and bounds, as lines for a screen and as JSON.

The page is in `guarded_page.py`, every word in the catalogue.
"""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..figures import number
from ..measures import Bound, Combination, Effect, Held, Place, Standing, Verdict
from ..measures.intervals import Estimate
from ..study import Safeguarded
from .text import Text, catalogue

FEW = 8  # combinations that a screen shows in full


@dataclass(frozen=True)
class Told:
    """A study in words: safeguards have letters, combinations are called by them."""

    study: Safeguarded
    text: Text

    @cached_property
    def letters(self) -> dict[str, str]:
        """A letter for every safeguard."""
        return dict(zip(self.study.factorial.names, string.ascii_uppercase, strict=False))

    @cached_property
    def quantities(self) -> dict[str, dict[str, Estimate]]:
        """Everything that is stated of a combination, by its world."""
        combined = self.study.combined
        return {one.world: {name: answer for name, _, answer in combined.quantities(one)} for one in combined.combinations}

    @cached_property
    def effects(self) -> dict[tuple[str, tuple[str, ...]], Effect]:
        """Effects by kind and safeguards."""
        return {(one.kind, one.safeguards): one for one in self.study.effects}

    @property
    def claim(self) -> str:
        """The claim level, in a sentence."""
        return self.text(f"safeguards.claim_{self.study.scenario.claim}")

    @property
    def people(self) -> str:
        """Who was lived, in a sentence."""
        study, run = self.study, self.study.runs[0]
        identity = run.provenance["identity"]
        return self.text(
            "safeguards.people",
            scenario=study.scenario.title,
            number=f"{identity['people'] * identity['replicates']:,}",
            years=number(round(run.facts.years, 1)),
            combinations=str(len(study.combined.combinations)),
            count=str(len(study.factorial.names)),
            seed=str(identity["seed"]),
        )

    @property
    def split(self) -> str:
        """That it took several runs, where it did."""
        return self.text("safeguards.runs", count=str(len(self.study.runs))) if len(self.study.runs) > 1 else ""

    def title(self, name: str) -> str:
        """Letter and title of a safeguard."""
        return self.text("safeguards.lettered", letter=self.letters[name], title=self.study.scenario.safeguards[name].title)

    def letter(self, members: tuple[str, ...]) -> str:
        """What a combination is called."""
        return " + ".join(self.letters[name] for name in members) or self.text("safeguards.design")

    def name(self, one: Combination) -> str:
        """What a combination is called."""
        return self.letter(one.safeguards)

    def hours(self, name: str) -> str:
        """The hours that a safeguard takes."""
        hours = self.study.scenario.safeguards[name].reviewer_hours
        return self.text("safeguards.hours_unsaid") if hours is None else number(hours.number)

    def interval(self, answer: Estimate) -> str:
        """The ends, or that there are none."""
        if answer.low is None or answer.high is None:
            return self.text("safeguards.no_interval")
        return self.text("safeguards.ends", low=number(answer.low), high=number(answer.high))

    def value(self, answer: Estimate | None, *, sign: bool = False) -> str:
        """A value with its interval."""
        if answer is None or answer.value is None:
            return self.text("safeguards.nothing")
        show = signed if sign else number
        if answer.low is None or answer.high is None:
            return self.text("safeguards.bare", value=show(answer.value))
        return self.text("safeguards.between", value=show(answer.value), low=show(answer.low), high=show(answer.high))

    def effect(self, kind: str, *members: str) -> Estimate:
        """What an effect is."""
        return self.effects[kind, members].averted

    def pairs(self) -> list[tuple[str, ...]]:
        """Every two safeguards."""
        return [members for kind, members in self.effects if kind == "average" and len(members) == 2]

    def interaction(self, members: tuple[str, ...]) -> str:
        """What two safeguards do together, in words."""
        answer = self.effect("average", *members)
        if answer.low is None or answer.high is None:
            alone = self.effect("alone", *members)
            same = answer.value == 0.0 and alone.value == 0.0
            return self.text("safeguards.said_same" if same else "safeguards.said_bare")
        if answer.low <= 0.0 <= answer.high:
            return self.text("safeguards.said_chance")
        return self.text("safeguards.said_less" if answer.high < 0.0 else "safeguards.said_more")

    def stands(self, place: Place) -> str:
        """How a combination stands among those that cost as much or less."""
        if place.standing is Standing.BEST:
            alone = all(other.cost > place.cost for other in self._others(place))
            return self.text("safeguards.stands_first" if alone else "safeguards.stands_best")
        assert place.beside is not None
        key = "stands_beaten" if place.standing is Standing.BEATEN else "stands_level"
        return self.text(f"safeguards.{key}", beside=self.name(place.beside))

    def _others(self, place: Place) -> Iterator[Place]:
        places = next(places for places in self.study.frontiers.values() if any(one is place for one in places))
        return (one for one in places if one is not place)

    def cost(self, cost: str, place: Place) -> str:
        """What a combination costs, with its unit."""
        if cost == "safeguards" and place.cost == 1.0:
            return self.text("safeguards.cost_safeguards_one")
        return self.text(f"safeguards.cost_{cost}", cost=number(place.cost))

    def harms(self, one: Held) -> str:
        """A combination held against every bound."""
        return "; ".join(
            self.text("safeguards.bound_harm", bound=str(bound), value=self.value(harm))
            for bound, harm in zip(self.study.bounds, one.harms, strict=True)
        )

    def bound(self, one: Bound) -> str:
        """A bound with what it bounds."""
        return self.text("safeguards.bound_named", bound=str(one), what=self.text(f"safeguards.harm_{one.measure}"))

    def bounded(self) -> list[str]:
        """What the search for the least intrusive combination found, in sentences; nothing without bounds."""
        study, text = self.study, self.text
        if not study.bounds:
            return []
        found = [text("safeguards.bound_said", list="; ".join(map(self.bound, study.bounds)))]
        best, near = study.least, study.nearest
        assert near is not None
        if best is None:
            found.append(text("safeguards.bound_none", name=self.name(near.combination), harms=self.harms(near)))
        elif best.combination.safeguards:
            found.append(text("safeguards.bound_least", name=self.name(best.combination), harms=self.harms(best)))
        else:
            found.append(text("safeguards.bound_design", harms=self.harms(best)))
        for verdict, key in ((Verdict.OPEN, "bound_open"), (Verdict.BARE, "bound_bare")):
            names = [self.name(one.combination) for one in study.held if one.verdict is verdict]
            if names and best is None:
                found.append(text(f"safeguards.{key}", list=", ".join(names)))
        return [*found, text("safeguards.bound_luck")]


def told_of(study: Safeguarded, language: str = "en") -> Told:
    """The study in the words of a language, which name the world beside which its days are wrongful."""
    world = study.factorial.reference
    return Told(study, catalogue(language).told("", {"reference": study.scenario.worlds[world].title, "world": world}))


def signed(value: float) -> str:
    """A number with its sign; nothing has none."""
    text = number(abs(value))
    return text if text == "0" else f"{'+' if value > 0 else '−'}{text}"


# --- on a screen --------------------------------------------------------------------------------------------------------------------


def heading(*, language: str = "en") -> str:
    """What the lines are about."""
    return catalogue(language)("safeguards.title")


def lines(study: Safeguarded, *, language: str = "en") -> list[str]:
    """What a screen shows: who was lived, each combination, effects, the front, and the search. Plain signs only."""
    told = told_of(study, language)
    text = told.text
    found = [told.people, text("safeguards.banner", claim=told.claim), *filter(None, [told.split]), ""]
    for name in study.factorial.names:
        found.append(told.title(name))
        if study.scenario.safeguards[name].reviewer_hours is not None:
            found.append(f"  {text('safeguards.hours', hours=told.hours(name))}")
    found += ["", text("safeguards.unit"), *_combinations(told), *_effects(told), *_fronts(told)]
    if study.bounds:
        found += ["", text("safeguards.bounds"), *(f"  {line}" for line in told.bounded())]
    return [line.replace("\u00a0", " ").replace("−", "-").replace("–", "-") for line in found]


def _combinations(told: Told) -> list[str]:
    everything = told.study.combined.combinations
    shown = everything if len(everything) <= FEW else [one for one in everything if _matters(told, one)]
    found = ["", told.text("safeguards.combinations"), *(f"  {_combination(told, one)}" for one in shown)]
    if len(shown) < len(everything):
        found.append(f"  {told.text('safeguards.more', count=str(len(everything) - len(shown)))}")
    return found


def _matters(told: Told, one: Combination) -> bool:
    """Whether it is a single safeguard, all of them, or on a front by value."""
    fronts = (place for places in told.study.frontiers.values() for place in places)
    ends = len(one.safeguards) < 2 or len(one.safeguards) == len(told.letters)
    return ends or any(place.front for place in fronts if place.combination is one)


def _combination(told: Told, one: Combination) -> str:
    of, text = told.quantities[one.world], told.text
    line = text("safeguards.line", name=told.name(one), harm=_shown(of["harm"]), interval=told.interval(of["harm"]))
    if "averted" in of:
        interval = told.interval(of["averted"])
        line += text("safeguards.line_averts", averted=_shown(of["averted"]), averted_interval=interval)
    if "averted_per_hour" in of:
        answer = of["averted_per_hour"]
        line += text("safeguards.line_hour", per_hour=_shown(answer), per_hour_interval=told.interval(answer))
    return line


def _shown(answer: Estimate) -> str:
    return "–" if answer.value is None else number(answer.value)


def _effects(told: Told) -> list[str]:
    text = told.text
    if len(told.letters) < 2:
        return []
    found = ["", text("safeguards.effects")]
    for name in told.letters:
        kinds = {kind: told.value(told.effect(kind, name), sign=True) for kind in ("alone", "average", "last")}
        found.append(f"  {text('safeguards.effects_line', name=told.letters[name], **kinds)}")
        if told.effects["alone", (name,)].per_hour is not None:
            hourly = {kind: told.value(told.effects[kind, (name,)].per_hour, sign=True) for kind in kinds}
            label = text("safeguards.effects_hours", name=told.letters[name])
            found.append(f"  {text('safeguards.effects_line', name=label, **hourly)}")
    found += ["", text("safeguards.interactions")]
    for members in told.pairs():
        average = told.value(told.effect("average", *members), sign=True)
        line = text("safeguards.interaction_line", name=told.letter(members), average=average, said=told.interaction(members))
        found.append(f"  {line}")
    return found


def _fronts(told: Told) -> list[str]:
    found = []
    for cost, places in told.study.frontiers.items():
        found += ["", told.text(f"safeguards.front_{cost}")]
        for place in places:
            if place.front:
                about = {"name": told.name(place.combination), "cost": told.cost(cost, place), "harm": told.value(place.harm)}
                found.append(f"  {told.text('safeguards.front_line', stands=told.stands(place), **about)}")
    return found if told.study.has_hours else [*found, f"  {told.text('safeguards.hours_none')}"]


# --- as data ------------------------------------------------------------------------------------------------------------------------


def as_json(study: Safeguarded) -> str:
    """The whole study as one JSON object: who was lived, the safeguards, and every number."""
    identity = study.runs[0].provenance["identity"]
    return json.dumps(
        {
            "synthetic": True,
            "claim": study.scenario.claim,
            "scenario": study.scenario.title,
            "versus": study.factorial.reference,
            "people": {name: identity[name] for name in identity if name != "scenario"},
            "runs": [{"fingerprint": run.fingerprint, "worlds": list(run.scenario.worlds)} for run in study.runs],
            "safeguards": [_safeguard(study, name) for name in study.factorial.names],
            "combinations": study.frame.to_dicts(),
            "effects": study.effects_frame.to_dicts(),
            "front": study.frontier_frame.to_dicts(),
            "bounds": study.bounds_frame.to_dicts(),
            "least": None if study.least is None else list(study.least.combination.safeguards),
            "nearest": None if study.nearest is None else list(study.nearest.combination.safeguards),
        },
        ensure_ascii=False,
    )


def _safeguard(study: Safeguarded, name: str) -> dict[str, Any]:
    one = study.scenario.safeguards[name]
    return {"name": name, "title": one.title, "set": one.set, "reviewer_hours": one.reviewer_hours and one.reviewer_hours.number}
