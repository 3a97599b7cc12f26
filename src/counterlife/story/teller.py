"""What happened in a life, gathered from its steps, its tape and what became of each item; put into words by `sentences.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from ..layout import AXES, YEAR, Cause, Fate, Origin, Parents, Place, Quality, Rulebook, Threat, What, Wrong
from ..study import Plan, Run
from .applying import refusals
from .causes import brought_on, left_undone
from .desk import Desk, row_on
from .onelife import OneLife, class_of, due, stands
from .person import Line, PersonId, Story
from .sentences import Sentences

if TYPE_CHECKING:
    from ..township.trace import Traced, Village

Told = Iterator[tuple[float, str]]

OF_CASES = (What.LEARNED, What.APPEALED, What.REFUSED, What.GRANTED, What.GAVE_UP, What.CORRECTION_LOST)
OF_POINTS = (What.RECORD_OUT, What.COPY_IN, What.RETURNED)


class Teller:
    """Tells the lives of a run."""

    def __init__(self, run: Run, plan: Plan) -> None:
        self.run, self.plan, self.scenario = run, plan, run.scenario
        self.names = plan.compiled.names
        self.regions = {region.number: region.name for region in self.scenario.population.lived}
        self.village = lru_cache(maxsize=2)(self._village)
        self.traced = lru_cache(maxsize=256)(self._traced)

    def rules_of(self, place: Place) -> Rulebook:
        """The rulebook of a place: regions may have stages of their own."""
        return self.plan.compiled.book(place.row)

    def _village(self, place: Place, replicate: int) -> Village:
        from ..township.trace import settle

        return settle(place, self.rules_of(place), self.plan.compiled.populace, self.plan.seed, replicate)

    def _traced(self, place: Place, replicate: int, i: int, w: int) -> Traced:
        from ..township.trace import trace

        return trace(self.village(place, replicate), i, w)

    def story(self, who: PersonId, rule: str = "") -> Story:
        """The person's story."""
        place = next(p for p in self.plan.places if self.regions[p.region] == who.region and p.number == who.township)
        lines: list[Line] = []
        spans = []
        everywhere = [self._life(place, who, w) for w in range(len(self.names.worlds))]
        shared = np.logical_and.reduce([one.traced.fates["what"] & Fate.COUNTS != 0 for one in everywhere])
        for one in everywhere:
            spans += [(self.names.worlds[one.w], domain, a, b) for domain, a, b in self._spans(one)]
            lines += list(self._tell(one, shared))
        lines.sort(key=lambda line: line.day)
        return Story(who, self._who(self.village(place, who.replicate), who.index), tuple(lines), tuple(spans), rule)

    def _life(self, place: Place, who: PersonId, w: int) -> OneLife:
        """The person's life in a world."""
        village, rules = self.village(place, who.replicate), self.rules_of(place)
        items = village.tapes.items[village.tapes.start[who.index] : village.tapes.start[who.index + 1]]
        words = Sentences(self.scenario, self.names, rules, who, w, self.names.stages[place.row][w])
        return OneLife(place, who, w, rules, village, self.traced(place, who.replicate, who.index, w), items, words)

    # --- who ------------------------------------------------------------------------------------------------------------------

    def _who(self, village: Village, i: int) -> str:
        person = village.people[i]
        levels = np.unravel_index(int(person["cell"]), [len(axis) for axis in AXES.values()])
        sex, _, residence, means, name = (axis[level] for axis, level in zip(AXES.values(), levels, strict=True))
        age = int(person["age"] // YEAR)
        noun = ("girl" if sex == "female" else "boy") if age < 18 else ("woman" if sex == "female" else "man")
        return f"synthetic {noun}, {age} at the start, {residence}, {means} means, {name}"

    def _spans(self, one: OneLife) -> Iterator[tuple[str, int, int]]:
        view = one.traced.view
        edges = np.floor(np.append(view["at"], one.rules.days)).astype(int)
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

    def _tell(self, one: OneLife, shared: Any) -> Iterator[Line]:
        """Sentences for every step of the person's own life, and for every gate that closes or opens as the person meets it.

        shared: for each item, whether it is an event that happens in every world; that is not told unless something brought it on.
        """
        told = [
            *self._steps(one, shared),
            *self._passing(one),
            *self._quiet(one),
            *self._overstays(one),
            *self._held_up(one),
            *self._undone(one),
            *((refusal.day, one.words.refused(refusal)) for refusal in refusals(one)),
        ]
        told += [*self._for_children(one), *self._gates(one), *self._spared(one)]
        start, world = self.scenario.period.start, self.names.worlds[one.w]
        for day, text in sorted(told, key=lambda line: line[0]):
            yield Line(day, start + dt.timedelta(days=int(day)), world, text)

    def _steps(self, one: OneLife, shared: Any) -> Told:
        """The steps of the person's own life, except for the gates."""
        desk, known = Desk(one.rules, one.w), np.zeros(len(self.names.scores), np.int64)
        steps = one.traced.steps
        for n, step in enumerate(steps):
            what, before = int(step["what"]), desk.row
            desk.take(step)
            if what in OF_CASES:
                text = self._case(one, n)
            elif what in (What.PRESSURE_ON, What.PRESSURE_OFF):
                text = one.words.listing(step, one.items[step["item"]], desk.row, self._never_told(one, n))
            elif what in (What.TERM_START, What.TERM_END):
                text = one.words.term(step, desk.row, known)
            elif what == What.STAGE:
                text = one.words.stage(step, desk.row, before, self._forgets(one, float(step["time"]), desk.row))
            elif what == What.TIED:
                text = one.words.tied(desk.row, known, desk.scores)
            elif what == What.EVENT:
                item = one.items[step["item"]]
                reasons = brought_on(one, item)
                text = "" if shared[step["item"]] and not reasons else one.words.happened(class_of(one.rules, item), reasons)
            else:
                text = "" if what in (What.CHANGE, What.RANKED) else self._record(one, n, known, desk.row)
            if what not in (What.PRESSURE_ON, What.PRESSURE_OFF):  # a correction ends listings before it says what it did to the scores
                known = desk.scores
            if text:
                yield float(step["time"]), text

    def _forgets(self, one: OneLife, day: float, row: int) -> bool:
        """Whether something has come on file before a stage that is too old to count in it."""
        return bool((one.traced.fates["entered"] < day - one.rules.lookback[row]).any())

    def _record(self, one: OneLife, n: int, known: Any, row: int) -> str:
        """What step n does to the scores. known: the scores as they were last told."""
        step = one.traced.steps[n]
        what, j, words, day = int(step["what"]), int(step["item"]), one.words, float(step["time"])
        item, scores = one.items[j], step["scores"][: known.size]
        if what == What.RECORD_IN:
            again = any(e["what"] == What.RECORD_IN and e["item"] == j for e in one.traced.steps[:n])
            points = words.gains(row, item, known, scores)
            if again:
                nothing = step["why"] == Cause.STAGE and points.startswith(" No points")
                return "" if nothing else words.again(step, item) + points
            return self._enters(one, step, item) + points
        if what == What.CORRECTED:
            return words.corrected(item, day, known, scores, row, self._goes_on(one, n))
        if what == What.RECORD_OUT:
            return words.leaves(step, item, known, row, not self._goes_on(one, n))
        return words.arrives(item, known, scores, row, what == What.RETURNED)

    def _enters(self, one: OneLife, step: Any, item: Any) -> str:
        """A record begins to count."""
        j, day = int(step["item"]), float(step["time"])
        entered = float(one.traced.fates[j]["entered"])
        text = one.words.files(item, one.meant(j), entered if entered < day else None)
        if entered > float(item["entry"]):
            text += one.words.awaited(item, entered) or " It was held back until now."
        return text

    def _goes_on(self, one: OneLife, n: int) -> bool:
        """Whether more is to come, or may be, of the points of the record of step n before it counts anew."""
        steps, j = one.traced.steps, one.traced.steps[n]["item"]
        for step in steps[n + 1 :]:
            if step["what"] == What.STAGE or (step["what"] == What.RECORD_IN and step["item"] == j):
                return False
            if step["what"] in OF_POINTS and step["item"] == j:
                return True
        fate = one.traced.fates[j]
        return bool(fate["what"] & Fate.ENTERED) and not fate["what"] & Fate.ENDED and not self._listed_on(one, n)

    def _listed_on(self, one: OneLife, n: int) -> bool:
        """Whether a listing by the record of step n goes on after it."""
        desk = Desk(one.rules, one.w)
        for step in one.traced.steps[: n + 1]:
            desk.take(step)
        return any(one.traced.steps[n]["item"] in items for items in desk.pressing.values())

    def _case(self, one: OneLife, n: int) -> str:
        """A step of learning of a record and of contesting it."""
        steps, step = one.traced.steps, one.traced.steps[n]
        j = int(step["item"])
        before = [int(e["what"]) for e in steps[:n] if e["item"] == j]
        appeals = any(e["what"] == What.APPEALED and e["item"] == j for e in steps[n + 1 :])
        return one.words.redress(step, one.items[j], one.traced.fates[j], before, appeals)

    def _never_told(self, one: OneLife, n: int) -> list[int]:
        """Domains in which a joint sanction goes on for good, because the end of its listing, step n, is lost on the way to them."""
        steps, step, rules = one.traced.steps, one.traced.steps[n], one.rules
        day, row = float(step["time"]), row_on(rules, one.w, float(step["time"]))
        key = (int(step["item"]), int(step["list"]))
        if step["what"] != What.PRESSURE_OFF or int(step["domain"]) != rules.list_domain[row, key[1]]:
            return []
        desk = Desk(rules, one.w)
        for earlier in steps[:n]:
            desk.take(earlier)
        still = [d for (number, d), items in desk.pressing.items() if number == key[1] and key[0] in items and d != int(step["domain"])]
        later = [e for e in steps[n + 1 :] if e["what"] == What.PRESSURE_OFF and (int(e["item"]), int(e["list"])) == key]
        ends = {int(e["domain"]) for e in later}
        longest = (len(self.names.domains) - 1) * float(rules.joint_off[row][rules.joint[row] > 0].max(initial=0.0))
        following = rules.stage_day[rules.stage_day > day]
        known = min([float(rules.days), *following.tolist()])
        return [d for d in still if d not in ends and day + longest < known]

    # --- what did not happen ----------------------------------------------------------------------------------------------------

    def _passing(self, one: OneLife) -> Told:
        """The days on which records came on file that were over before any score had them."""
        counted = set(one.traced.steps["item"][one.traced.steps["what"] == What.RECORD_IN].tolist())
        for j, (item, fate) in enumerate(zip(one.items, one.traced.fates, strict=True)):
            if fate["what"] & Fate.ENTERED and j not in counted:
                entered = float(fate["entered"])
                ruled = one.rules.ruled[row_on(one.rules, one.w, entered)]
                day = entered if ruled else float(fate["since"])
                text = one.words.files(item, one.meant(j), None if ruled else entered)
                yield day, f"{text} It is over before it reaches a score."

    def _quiet(self, one: OneLife) -> Told:
        """The days on which records were corrected that counted for nothing at the time."""
        corrected = set(one.traced.steps["item"][one.traced.steps["what"] == What.CORRECTED].tolist())
        for j, (item, fate) in enumerate(zip(one.items, one.traced.fates, strict=True)):
            if fate["what"] & Fate.CORRECTED and j not in corrected:
                c = int(item["channel"])
                yield (
                    float(fate["corrected"]),
                    f"{one.words.office(c)} takes {one.words.matter(c)} off its file, where it counts for nothing.",
                )

    def _overstays(self, one: OneLife) -> Told:
        """The days on which matters were settled that count all the same."""
        for j, (item, fate) in enumerate(zip(one.items, one.traced.fates, strict=True)):
            if not fate["what"] & Fate.OVERSTAYS or one.words.wrong(item) is not Wrong.NOTHING:
                continue
            counted = [float(e["time"]) for e in one.traced.steps if e["item"] == j and e["what"] in (What.RECORD_IN, What.PRESSURE_ON)]
            day = max(due(one.rules, one.w, item), counted[0])
            yield day, one.words.overstays(item, day)

    def _held_up(self, one: OneLife) -> Told:
        """The days on which records would have come on file but for a threat."""
        if not int(one.rules.quality[one.w]) & Quality.THREATS:
            return
        for item, fate in zip(one.items, one.traced.fates, strict=True):
            if item["origin"] == Origin.EVENT or not one.exists(item) or (item["mark"] >= 0 and not fate["what"] & Fate.DONE):
                continue
            day, stop = float(item["entry"]), float(item["update"])
            for h in one.words.threats(item, Threat.OUTAGE):
                stop = max(stop, float(one.rules.threat_until[h])) if one.rules.threat_from[h] <= stop < one.rules.threat_until[h] else stop
            filed = bool(fate["what"] & Fate.FILED)
            if day < min(stop, one.rules.days) and (not filed or fate["entered"] > day):
                yield day, one.words.held_up(item, day, float(fate["entered"]) if filed else None)

    def _undone(self, one: OneLife) -> Told:
        """Events that would have happened to somebody at ease and did not."""
        for item, fate in zip(one.items, one.traced.fates, strict=True):
            if not stands(item) or fate["what"] & Fate.COUNTS:
                continue
            k = class_of(one.rules, item)
            if item["mark"] < one.rules.accept[k]:
                yield float(item["time"]), one.words.undone(k, left_undone(one, item))

    # --- gates ------------------------------------------------------------------------------------------------------------------

    def _for_children(self, one: OneLife) -> Told:
        """Days on which a gate of the person's children, if there are any, closes or opens through this life."""
        desk = Desk(one.rules, one.w)
        for step in one.traced.steps:
            before = desk.mask
            desk.take(step)
            for d in self._bits(before ^ desk.mask):
                if not one.rules.child_domain[d]:
                    continue
                if one.rules.parents[d] == Parents.MEAN:
                    low = "is now below what" if desk.mask >> d & 1 else "is no longer below what"
                    text = f"this score {low} {one.words.gate(d)} asks of the mean of the parents."
                else:
                    day = float(step["time"])
                    text = self._turn(one, desk.mask, d, self._why(one, day, d, desk) if desk.mask >> d & 1 else "")
                yield float(step["time"]), f"For the children: {text}"

    def _gates(self, one: OneLife) -> Told:
        """Days on which a gate closes or opens for the person, as the tallies count them, each with the reason; and redlists."""
        red, before = len(self.names.domains), 0
        for change in one.traced.view:
            day, after = float(change["at"]), int(change["mask"])
            for d in self._bits(before ^ after):
                reason = self._reason(one, day, d) if after >> d & 1 else self._relief(one, day, d)
                yield day, self._turn(one, after, d, reason)
            if (before ^ after) >> red & 1:
                yield day, "On the redlist." if after >> red & 1 else "Off the redlist."
            before = after

    def _spared(self, one: OneLife) -> Told:
        """Days on which a gate stays open only because too many others are closed."""
        desk, spared = Desk(one.rules, one.w), 0
        if not (one.rules.most_closed < len(self.names.domains)).any():
            return
        for day, steps in groupby(one.traced.steps, key=lambda step: float(step["time"])):
            before = desk.mask
            for step in steps:
                desk.take(step)
            for d in self._bits(desk.spared() & ~spared & ~before):
                reason = (
                    f"{one.words.gate(d)} stays open, as {one.words.capped(day)}. It would be closed by: {self._why(one, day, d, desk)}."
                )
                if one.rules.child_domain[d] and one.rules.parents[d] != Parents.MEAN:
                    yield day, f"For the children: {reason}"
                elif not one.rules.child_domain[d] and one.concerns(d, day):
                    yield day, reason
            spared = desk.spared()

    def _bits(self, mask: int) -> list[int]:
        return [d for d in range(len(self.names.domains)) if mask >> d & 1]

    def _turn(self, one: OneLife, mask: int, d: int, reason: str) -> str:
        turns = "CLOSES" if mask >> d & 1 else "opens"
        return f"{one.words.gate(d)} {turns}: {reason}." if reason else f"{one.words.gate(d)} {turns}."

    def _desk_on(self, one: OneLife, day: float) -> Desk:
        """The state of a traced life when all that is due on a day has happened."""
        desk = Desk(one.rules, one.w)
        for step in one.traced.steps:
            if float(step["time"]) > day:
                break
            desk.take(step)
        return desk

    def _why(self, one: OneLife, day: float, d: int, desk: Desk) -> str:
        """What closes the domain in a life: lists, each with the record that put the person on it, and the score."""
        reasons, words = [], one.words
        for number in desk.lists_on(d):
            records = {words.record(one.items[j]) for j in desk.pressing[number, d] if j >= 0}
            because = f", for {' and '.join(sorted(records))}" if records else words.fell(number, desk.row)
            reasons.append(words.listed(number) + because)
        if desk.low(d):
            s = int(one.rules.gate_score[d])
            reasons.append(words.below(s, desk.shown(s), int(one.rules.opens_at[desk.row, d])))
        if desk.below >> d & 1:
            reasons.append(words.ranked(d, day, desk.row))
        return " and ".join(reasons)

    def _reason(self, one: OneLife, day: float, d: int) -> str:
        """Why a gate is closed for the person on a day: in the own life, or through a parent or the household."""
        rules = one.rules
        if rules.child_domain[d] and rules.parents[d] == Parents.MEAN:
            return self._by_mean(one, day, d)
        desk = self._desk_on(one, day)
        reasons = [self._why(one, day, d, desk)] if not rules.child_domain[d] and desk.mask >> d & 1 else []
        others = self._parents(one) if rules.child_domain[d] else self._household(one) if rules.together[d] else []
        for other in others:
            theirs = self._life(one.place, one.who.beside(other), one.w)
            desk = self._desk_on(theirs, day)
            if desk.mask >> d & 1:
                who = f"parent {theirs.who}" if rules.child_domain[d] else f"person {theirs.who} of the same household"
                reasons.append(f"through {who}: {self._why(theirs, day, d, desk)}")
        return "; ".join(reasons)

    def _by_mean(self, one: OneLife, day: float, d: int) -> str:
        """What the mean of the parents' scores is, and what the gate asks."""
        s, row, scores = int(one.rules.gate_score[d]), row_on(one.rules, one.w, day), []
        parents = self._parents(one)
        for parent in parents:
            line = self.traced(one.place, one.who.replicate, parent, one.w).line
            scores.append(int(line["score"][np.searchsorted(line["at"], day, side="right") - 1]))
        each = ", ".join(
            f"person {one.who.beside(parent)}: {one.words.points(s, score)}" for parent, score in zip(parents, scores, strict=True)
        )
        mean, asked = one.words.points(s, sum(scores) / len(scores)), one.words.points(s, int(one.rules.opens_at[row, d]))
        return f"the mean of the parents' scores, {mean}, is below {asked} ({each})"

    def _relief(self, one: OneLife, day: float, d: int) -> str:
        """Why a gate opens, where it is not that what closed it has ended."""
        if not one.concerns(d, day):
            return "it no longer concerns somebody of this age"
        if not one.rules.child_domain[d] and self._desk_on(one, day).spared() >> d & 1:
            return one.words.capped(day)
        return ""

    def _parents(self, one: OneLife) -> list[int]:
        return [int(one.person[key]) for key in ("guardian", "guardian2") if one.person[key] >= 0]

    def _household(self, one: OneLife) -> list[int]:
        """The other grown members of the household; nobody for somebody who was a minor at the start."""
        people = one.village.people
        grown = people["age"] >= 18 * YEAR
        members = np.flatnonzero((people["household"] == one.person["household"]) & grown)
        return [int(i) for i in members if i != one.who.index and grown[one.who.index]]
