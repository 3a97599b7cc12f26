"""One synthetic life in words: what was filed, why each gate closed and opened, in every world side by side.

The life is lived again by the kernels of the tallies; nothing is stored for it. Words of the system's own language come from the scenario.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from .layout import AXES, NEVER, POINT, YEAR, Origin, Place, Quality, Rulebook, What
from .study import Plan, RequestError, Run, lived

if TYPE_CHECKING:
    from .township.trace import Traced, Village

SEARCHED = 100_000  # people, about, who are searched for lives to show
LONG = 365  # wrongful domain-days of a life worth showing
LONG_FOR_CHILD = 30


@dataclass(frozen=True)
class PersonId:
    """A synthetic person: meaningful only together with a scenario and a seed."""

    region: str
    township: int
    index: int
    replicate: int = 0

    def __str__(self) -> str:
        """As a command takes it."""
        return f"{self.region}/{self.township}/{self.index}" + (f"/{self.replicate}" if self.replicate else "")


@dataclass(frozen=True)
class Line:
    """One thing that happened in one world."""

    day: float
    date: dt.date
    world: str
    text: str


@dataclass(frozen=True)
class Story:
    """A synthetic person's life in every world."""

    person: PersonId
    who: str
    lines: tuple[Line, ...]
    spans: tuple[tuple[str, str, int, int], ...]
    """World, domain, first closed day, first open day after it."""
    rule: str = ""
    """How the person was picked, where nobody asked for them."""


def person_id(text: str, run: Run) -> PersonId:
    """The person that a text such as `Shanxi/0/1234` (region, township, number, and the replicate if not the first) names in a run.

    Raises RequestError, with what is wrong, for a person who was not lived.
    """
    match = re.fullmatch(r"\s*(.+?)[/,](\d{1,9})[/,](\d{1,9})(?:[/,](\d{1,9}))?\s*", text)
    if not match:
        raise RequestError(f"{text[:60]!r} names nobody: write region/township/number, such as {_example(run)}.")
    plan = lived(run)
    names = {str(region.number): region.name for region in run.scenario.population.lived}
    region = names.get(match[1], match[1])
    townships = dict.fromkeys(names.values(), 0)
    for place in plan.places:
        townships[names[str(place.region)]] += 1
    if region not in townships:
        raise RequestError(f"there is no region {region!r} in this run: it has {', '.join(townships)}.")
    township, index, replicate = int(match[2]), int(match[3]), int(match[4] or 0)
    for what, number, count in (
        ("township", township, townships[region]),
        ("person", index, plan.township),
        ("replicate", replicate, plan.replicates),
    ):
        if number >= count:
            raise RequestError(f"there is no {what} {number} here: they are numbered from 0 to {count - 1}.")
    return PersonId(region, township, index, replicate)


def _example(run: Run) -> str:
    return f"{run.scenario.population.lived[0].name}/0/17"


def life(run: Run, person: str | PersonId) -> Story:
    """The story of one person of a run, in every world. Raises RequestError for a person who was not lived."""
    return Teller(run, lived(run)).story(person_id(str(person), run))


def lives(run: Run) -> list[Story]:
    """The lives that the report shows, `lives` of the scenario, each with the rule by which it was picked: never chosen by hand."""
    teller, wanted = Teller(run, lived(run)), run.scenario.lives
    found: dict[bool, list[PersonId]] = {False: [], True: []}
    for who, minor in teller.worth_telling() if wanted else ():
        found[minor].append(who)
        if len(found[False]) + len(found[True]) >= wanted and (wanted == 1 or all(found.values())):
            break
    in_turn = sorted((n, minor, who) for minor, people in found.items() for n, who in enumerate(people, 1))
    return [teller.story(who, rule(run, minor, n)) for n, minor, who in in_turn[:wanted]]


def rule(run: Run, minor: bool, number: int) -> str:
    """By which rule that many-th person was picked."""
    one, two = (run.scenario.worlds[world].title for world in run.scenario.compare[0])
    kind, days = ("minor", LONG_FOR_CHILD) if minor else ("grown person", LONG)
    which = f"the first {kind}" if number == 1 else f"{kind} number {number}"
    return f"{which}, by region, township and number, whom {one!r} shuts out for {days} domain-days or more on which {two!r} does not"


class Teller:
    """Turns the steps of a traced life into sentences."""

    def __init__(self, run: Run, plan: Plan) -> None:
        self.run, self.plan, self.scenario = run, plan, run.scenario
        self.names = plan.compiled.names
        self.rules = plan.compiled.rulebook
        self.regions = {region.number: region.name for region in self.scenario.population.lived}
        self.village = lru_cache(maxsize=2)(self._village)

    def _village(self, place: Place, replicate: int) -> Village:
        from .township.trace import settle

        return settle(place, self.rules, self.plan.compiled.populace, self.plan.seed, replicate)

    def place(self, who: PersonId) -> Place:
        """The township of a person."""
        return next(p for p in self.plan.places if self.regions[p.region] == who.region and p.number == who.township)

    def story(self, who: PersonId, rule: str = "") -> Story:
        """The person's story."""
        village = self.village(self.place(who), who.replicate)
        lines, spans = [], []
        for w, world in enumerate(self.names.worlds):
            traced = _trace(village, who.index, w)
            spans += [(world, domain, a, b) for domain, a, b in self._spans(traced)]
            lines += list(self._tell(village, who, w, traced))
        lines.sort(key=lambda line: line.day)
        return Story(who, self._who(village, who.index), tuple(lines), tuple(spans), rule)

    # --- who ------------------------------------------------------------------------------------------------------------------

    def _who(self, village: Village, i: int) -> str:
        person = village.people[i]
        levels = np.unravel_index(int(person["cell"]), [len(axis) for axis in AXES.values()])
        sex, _, residence, means, name = (axis[level] for axis, level in zip(AXES.values(), levels, strict=True))
        age = int(person["age"] // YEAR)
        noun = ("girl" if sex == "female" else "boy") if age < 18 else ("woman" if sex == "female" else "man")
        return f"synthetic {noun}, {age} at the start, {residence}, {means} means, {name}"

    def _spans(self, traced: Traced) -> Iterator[tuple[str, int, int]]:
        view = traced.view
        edges = np.floor(np.append(view["at"], self.rules.days)).astype(int)
        for d, domain in enumerate(self.names.domains):
            closed = [bool(mask >> d & 1) for mask in view["mask"]]
            begin = None
            for n, shut in enumerate([*closed, False]):
                if shut and begin is None:
                    begin = int(edges[n])
                elif not shut and begin is not None:
                    if int(edges[n]) > begin:
                        yield domain, begin, int(edges[n])
                    begin = None

    # --- what happened ----------------------------------------------------------------------------------------------------------

    def _tell(self, village: Village, who: PersonId, w: int, traced: Traced) -> Iterator[Line]:
        """Sentences for every step of the person's own life, and for every gate that closes or opens as the person meets it."""
        told = [(float(step["time"]), text) for step in traced.steps if (text := self._step(w, step, who))]
        told += self._overstays(village, who, w, traced)
        told += self._for_children(traced, w)
        told += self._gates(village, who, w, traced)
        for day, text in sorted(told, key=lambda one: one[0]):
            yield self._line(day, w, text)

    def _overstays(self, village: Village, who: PersonId, w: int, traced: Traced) -> Iterator[tuple[float, str]]:
        """The days on which matters were settled that stay on file all the same."""
        if not int(self.rules.quality[w]) & Quality.STALE:
            return
        keys = ("origin", "channel", "cause", "ordinal")
        items = village.tapes.items[village.tapes.start[who.index] : village.tapes.start[who.index + 1]]
        settled = {tuple(int(item[key]) for key in keys): float(item["settle"]) for item in items}
        ends = {tuple(int(step[key]) for key in keys): float(step["time"]) for step in traced.steps if int(step["what"]) == What.RECORD_OUT}
        for step in traced.steps:
            if int(step["what"]) != What.RECORD_IN or int(step["origin"]) not in (Origin.OWN, Origin.GARBLED):
                continue
            key = tuple(int(step[name]) for name in keys)
            day, channel = max(settled[key], float(step["time"])), int(step["channel"])
            if day < min(ends.get(key, NEVER), self.rules.days):
                matter = self._class(self.names.channels[channel][1])
                yield day, f"WRONG RECORD: {matter} is settled, but {self._office(channel)} keeps it on file."

    def _line(self, day: float, w: int, text: str) -> Line:
        return Line(day, self.scenario.period.start + dt.timedelta(days=int(day)), self.names.worlds[w], text)

    def _step(self, w: int, step: Any, who: PersonId) -> str:
        what, channel = int(step["what"]), int(step["channel"])
        if what == What.EVENT:
            name = self.names.classes[channel] if int(step["origin"]) == Origin.EVENT else self.names.channels[channel][1]
            return f"Event: {self._class(name)}."
        if what == What.RECORD_IN:
            return f"{self._record(step, who)} {self._points(w, step)}"
        if what == What.RECORD_OUT:
            source, name = self.names.channels[channel]
            return (
                f"The {self.scenario.sources[source].title} record of {self._class(name)} no longer counts; score {_points(step['score'])}."
            )
        if what in (What.PRESSURE_ON, What.PRESSURE_OFF):
            return self._listing(w, step, what == What.PRESSURE_ON)
        if what == What.CHANGE:
            return ""  # told as the person meets it: see `_gates`
        begins = what == What.TERM_START
        title = self.scenario.lists[self.names.lists[int(step["list"])]].title
        return f"A term on the list {title!r} begins: the score fell below its mark." if begins else f"The term on the list {title!r} ends."

    def _record(self, step: Any, who: PersonId) -> str:
        source, name = self.names.channels[int(step["channel"])]
        office, matter = self.scenario.sources[source].title, self._class(name)
        origin = int(step["origin"])
        if origin == Origin.GHOST:
            return f"WRONG RECORD: {office} files {matter}, which nobody did."
        if origin == Origin.ELSEWHERE:
            return f"WRONG RECORD: {office} files {matter} of a namesake elsewhere in the country."
        if origin == Origin.STRAY:
            other = PersonId(who.region, who.township, int(step["cause"]), who.replicate)
            return f"WRONG RECORD: {office} files {matter} of a namesake, person {other}."
        return f"{office} files {matter}."

    def _points(self, w: int, step: Any) -> str:
        points = int(self.rules.points[w, int(step["channel"])])
        score = f"score {_points(step['score'])}"
        return f"{points / POINT:+g} points, {score}." if points else f"No points; {score}."

    def _listing(self, w: int, step: Any, begins: bool) -> str:
        title = self.scenario.lists[self.names.lists[int(step["list"])]].title
        gate = self._gate(int(step["domain"]))
        if int(step["domain"]) == self.rules.list_domain[w, int(step["list"])]:
            return f"Put on the list {title!r}." if begins else f"Off the list {title!r}."
        return f"Joint sanction: the list {title!r} now also counts against {gate}." if begins else f"The joint sanction on {gate} ends."

    def _for_children(self, traced: Traced, w: int) -> Iterator[tuple[float, str]]:
        """Days on which a gate of the person's children, if there are any, closes or opens through this life."""
        desk = Desk(self.rules, w)
        for step in traced.steps:
            before = desk.mask
            desk.take(step)
            for d in self._bits(before ^ desk.mask):
                if self.rules.child_domain[d]:
                    yield float(step["time"]), f"For the children: {self._turn(desk.mask, d, self._why(w, d, desk))}"

    def _gates(self, village: Village, who: PersonId, w: int, traced: Traced) -> Iterator[tuple[float, str]]:
        """Days on which a gate closes or opens for the person, as the tallies count them, each with the reason; and redlists."""
        person, red, before = village.people[who.index], len(self.names.domains), 0
        parents = [int(person[key]) for key in ("guardian", "guardian2") if person[key] >= 0]
        for change in traced.view:
            day, after = float(change["at"]), int(change["mask"])
            for d in self._bits(before ^ after):
                reason = ""
                if after >> d & 1:
                    desk = self._desk_on(day, traced, w)
                    reason = self._through(village, who, w, day, d, parents) if self.rules.child_domain[d] else self._why(w, d, desk)
                yield day, self._turn(after, d, reason)
            if (before ^ after) >> red & 1:
                yield day, "On the redlist." if after >> red & 1 else "Off the redlist."
            before = after

    def _bits(self, mask: int) -> list[int]:
        return [d for d in range(len(self.names.domains)) if mask >> d & 1]

    def _turn(self, mask: int, d: int, reason: str) -> str:
        return f"{self._gate(d)} CLOSES: {reason}." if mask >> d & 1 else f"{self._gate(d)} opens."

    def _desk_on(self, day: float, traced: Traced, w: int) -> Desk:
        """The state of a traced life when all that is due on a day has happened."""
        desk = Desk(self.rules, w)
        for step in traced.steps:
            if float(step["time"]) > day:
                break
            desk.take(step)
        return desk

    def _why(self, w: int, d: int, desk: Desk) -> str:
        """What closes the domain: lists, each with the record that put the person on it, and the score."""
        reasons = []
        for number, name in enumerate(self.names.lists):
            on_it = desk.pressing.get((number, d), [])
            if on_it and desk.weight[number, d] >= self.rules.list_needs[w, number]:
                records = {f"{self._class(self.names.channels[c][1])} filed by {self._office(c)}" for c in on_it if c >= 0}
                because = f", for {' and '.join(sorted(records))}" if records else ""
                reasons.append(f"the list {self.scenario.lists[name].title!r}{because}")
        score = min(max(desk.score, int(self.rules.lowest[w])), int(self.rules.highest[w]))
        if score < self.rules.opens_at[w, d]:
            reasons.append(f"score {_points(score)} is below {_points(self.rules.opens_at[w, d])}")
        return " and ".join(reasons)

    def _office(self, channel: int) -> str:
        return self.scenario.sources[self.names.channels[channel][0]].title

    def _through(self, village: Village, who: PersonId, w: int, day: float, d: int, parents: Sequence[int]) -> str:
        """The parents through whom a gate is closed on a day, and why it is closed in their lives."""
        reasons = []
        for parent in parents:
            desk = self._desk_on(day, _trace(village, parent, w), w)
            if desk.mask >> d & 1:
                reasons.append(f"through parent {PersonId(who.region, who.township, parent, who.replicate)}: {self._why(w, d, desk)}")
        return "; ".join(reasons)

    def _class(self, name: str) -> str:
        return f'"{self.scenario.conduct[name].title}"'

    def _gate(self, d: int) -> str:
        return self.scenario.gates[self.names.domains[d]].title

    # --- lives worth telling --------------------------------------------------------------------------------------------------------

    def worth_telling(self) -> Iterator[tuple[PersonId, bool]]:
        """People and whether each is a minor, in the order of regions, townships and numbers, whose twins differ by much."""
        w, v = (self.names.worlds.index(world) for world in self.scenario.compare[0])
        for place in self.plan.places[: max(1, SEARCHED // self.plan.township)]:
            village = self.village(place, 0)
            for i in range(len(village.people)):
                minor = bool(village.people[i]["age"] < 18 * YEAR)
                if self._may_differ(village, i):
                    days = wrongful_days(_trace(village, i, w), _trace(village, i, v), self.rules.days, len(self.names.domains))
                    if days >= (LONG_FOR_CHILD if minor else LONG):
                        yield PersonId(self.regions[place.region], place.number, i), minor

    def _may_differ(self, village: Village, i: int) -> bool:
        """False where neither the person nor a parent has anything on the tape."""
        person, start = village.people[i], village.tapes.start
        return any(j >= 0 and start[j + 1] > start[j] for j in (i, int(person["guardian"]), int(person["guardian2"])))


class Desk:
    """What presses and what the score is at a moment of a traced life."""

    def __init__(self, rules: Rulebook, w: int) -> None:
        self.rules, self.w, self.mask, self.score = rules, w, 0, int(rules.start[w])
        self.pressing: dict[tuple[int, int], list[int]] = {}
        """Channels of the records that press, by list and domain; -1 for a term of a score list."""
        self.weight: dict[tuple[int, int], int] = {}

    def take(self, step: Any) -> None:
        """The moment is after this step."""
        what, place = int(step["what"]), (int(step["list"]), int(step["domain"]))
        self.score = int(step["score"])
        if what == What.CHANGE:
            self.mask = int(step["mask"])
        elif what in (What.PRESSURE_ON, What.TERM_START):
            self.pressing.setdefault(place, []).append(int(step["channel"]) if what == What.PRESSURE_ON else -1)
            self.weight[place] = self.weight.get(place, 0) + self._much(what, place[0])
        elif what in (What.PRESSURE_OFF, What.TERM_END):
            self.pressing[place].remove(int(step["channel"]) if what == What.PRESSURE_OFF else -1)
            self.weight[place] -= self._much(what, place[0])

    def _much(self, what: int, number: int) -> int:
        return 1 if what in (What.PRESSURE_ON, What.PRESSURE_OFF) else int(self.rules.list_needs[self.w, number])


def _trace(village: Village, i: int, w: int) -> Traced:
    from .township.trace import trace

    return trace(village, i, w)


def wrongful_days(one: Traced, two: Traced, days: int, domains: int) -> int:
    """Domain-days closed in the first life and open in the second, of the same person."""
    total = np.zeros(days + 1, np.int64)
    masks = []
    for traced in (one, two):
        mask = np.zeros(days, np.int64)
        for begin, value in zip(np.floor(traced.view["at"]).astype(int), traced.view["mask"], strict=True):
            mask[begin:] = value
        masks.append(mask)
    wrong = masks[0] & ~masks[1]
    total[:days] = sum(wrong >> d & 1 for d in range(domains))
    return int(total.sum())


def _points(points: int) -> str:
    return f"{int(points) / POINT:g}"
