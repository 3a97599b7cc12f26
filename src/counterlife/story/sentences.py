"""What is said about one step of a life: records, appeals, lists, stages and events in plain words.

Words that accuse people are the system's and stand in quotation marks. What happened is gathered in `teller.py`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..layout import MILLION, NEVER, POINT, Cause, Fate, Ints, Origin, Procedure, Quality, Rulebook, Threat, What, Wrong
from .desk import row_on, shown

if TYPE_CHECKING:
    from ..scenario.model import Scenario
    from ..scenario.names import Names
    from .applying import Refusal
    from .person import PersonId

LOG_UNIT = 1e9  # a score that multiplies is kept as thousand-millionths of its logarithm

_ENDS = {
    Cause.START: "the record was corrected",  # at once, by a correction that was due
    Cause.EXPIRY: "its time is over",
    Cause.SETTLEMENT: "the matter is settled",
    Cause.CORRECTION: "the record was corrected",
    Cause.REPAIR: "it was earned back early",
}
_RULES = {
    Procedure.SHARE: "the rule raises such records all the same",
    Procedure.SCREEN: "a screening flagged the case",
    Procedure.AVERAGE: "a year's income was spread evenly over its fortnights",
    Procedure.COHORT: "the result was moved to where the school's earlier ones lay",
}


class Sentences:
    """Says what happened to one person in one world."""

    def __init__(self, scenario: Scenario, names: Names, rules: Rulebook, who: PersonId, w: int, stages: Sequence[str]) -> None:
        self.scenario, self.names, self.rules, self.who, self.w, self.stages = scenario, names, rules, who, w, stages
        self.quality = int(rules.quality[w])
        self.titles = [repr(scenario.scores[name].title) if name in scenario.scores else "the score" for name in names.scores]
        counted = rules.points.any(axis=(0, 2)) | rules.discretion.any(axis=(0, 2)) | (rules.proxy != 0) | rules.proxy_cell.any(axis=1)
        self.used = [s for s in range(len(names.scores)) if counted[s]]
        """Scores that anything at all is counted in."""
        judged = rules.severity.any(axis=0) | rules.leniency.any(axis=0) | rules.discretion.any(axis=(0, 2)) | (rules.proxy != 0)
        self.digits = [1 if one else 3 for one in judged]
        """Digits of a score after the point: what officers or proxies make of it is told in tenths."""

    def date(self, day: float) -> dt.date:
        """The date of a day."""
        return self.scenario.period.start + dt.timedelta(days=int(day))

    # --- names ------------------------------------------------------------------------------------------------------------------

    def matter(self, channel: int) -> str:
        """What a record of the channel is about, in the system's words."""
        return self.event(self.names.channels[channel][1])

    def event(self, name: str) -> str:
        """A class of events, in the system's words."""
        return f'"{self.scenario.conduct[name].title}"'

    def office(self, channel: int) -> str:
        """Who keeps the records of the channel."""
        return self.scenario.sources[self.names.channels[channel][0]].title

    def record(self, item: Any) -> str:
        """A record, by its matter and its office."""
        return f"{self.matter(int(item['channel']))} filed by {self.office(int(item['channel']))}"

    def gate(self, d: int) -> str:
        """The gate of a domain."""
        return self.scenario.gates[self.names.domains[d]].title

    def listed(self, number: int) -> str:
        """A list."""
        return f"the list {self.scenario.lists[self.names.lists[number]].title!r}"

    def threat(self, h: int) -> str:
        """A threat."""
        return f"{self.scenario.threats[self.names.threats[h]].title!r}"

    # --- scores -----------------------------------------------------------------------------------------------------------------

    def points(self, s: int, number: float) -> str:
        """So much of score s as people write it."""
        return f"{math.exp(number / LOG_UNIT):g}" if self.names.logs[s] else f"{round(number / POINT, self.digits[s]):g}"

    def score(self, s: int, number: int) -> str:
        """Score s by its name and its points."""
        return f"score {self.points(s, number)}" if s == 0 else f"{self.titles[s]} {self.points(s, number)}"

    def below(self, s: int, number: int, mark: int) -> str:
        """Score s is below a mark, however little."""
        if self.points(s, number) == self.points(s, mark) and not self.names.logs[s]:
            return f"{self.score(s, mark).rsplit(' ', 1)[0]} {number / POINT:.3f} is below {self.points(s, mark)}"
        return f"{self.score(s, number)} is below {self.points(s, mark)}"

    def ranked(self, d: int, day: float, row: int) -> str:
        """The last review before a day put the person below the line of a gate."""
        on = self.date(int(day / self.rules.review_days + 1e-9) * self.rules.review_days)
        share = 100.0 * int(self.rules.closes_lowest[row, d]) / MILLION
        return f"the review of {on} found {self.titles[self.rules.gate_score[d]]} among the lowest {share:g} % of the township"

    def scores(self, row: int, scores: Ints, chosen: Sequence[int]) -> str:
        """The scores that are chosen, as gates see them."""
        return ", ".join(self.score(s, shown(self.rules, row, s, int(scores[s]))) for s in chosen)

    def moves(self, row: int, before: Ints, after: Ints) -> list[str]:
        """What happened to each score that is another one than before."""
        said = []
        for s in map(int, np.flatnonzero(before != after)):
            change, now = int(after[s] - before[s]), self.points(s, shown(self.rules, row, s, int(after[s])))
            much = f"times {self.points(s, change)}" if self.names.logs[s] else f"{round(change / POINT, self.digits[s]):+g} points"
            said.append(f"{much}, score {now}" if s == 0 else f"{much} for {self.titles[s]}, now {now}")
        return said

    def tied(self, row: int, before: Ints, after: Ints) -> str:
        """A review mixes a score with those of others."""
        said = self.moves(row, before, after)
        return f"A review looks at friends and family: {'; '.join(said)}." if said else ""

    def gains(self, row: int, item: Any, before: Ints, after: Ints) -> str:
        """What a record that begins to count does to the scores, as a sentence of its own."""
        said, channel = self.moves(row, before, after), int(item["channel"])
        if said:
            return f" {_capital('; '.join(said))}."
        if not self.used:
            return ""
        now = self.scores(row, after, self.used[:1])
        worth = [s for s in self.used if self.rules.points[row, s, channel] or self.rules.discretion[row, s, channel]]
        if any(self.rules.copy_days[row, s] > 0 for s in worth):
            return f" It is on its way to {' and '.join(self.titles[s] for s in worth)}; {now}."
        if any(self.rules.ledger[row, s] for s in worth):
            return f" No points, as the score is at its end; {now}."
        return f" No points; {now}."

    # --- records ----------------------------------------------------------------------------------------------------------------

    def wrong(self, item: Any) -> Wrong:
        """What is wrong with a record from its beginning in this world."""
        wrong = Wrong(int(item["wrong"]))
        return Wrong.NOTHING if wrong is Wrong.INFLATED and not self.quality & Quality.INFLATED else wrong

    def what(self, item: Any, meant: int) -> str:
        """The matter of a record and what is wrong with it. meant: the channel of which it should have been written."""
        channel = int(item["channel"])
        matter, wrong = self.matter(channel), self.wrong(item)
        if wrong is Wrong.GHOST:
            return f"{matter}, which nobody did"
        if wrong is Wrong.STRAY and item["origin"] == Origin.ELSEWHERE:
            return f"{matter} of a namesake elsewhere in the country"
        if wrong is Wrong.STRAY:
            return f"{matter} of a namesake, person {self.who.beside(int(item['cause']))}"
        if wrong is Wrong.TAMPERED:
            return f"{matter}, a false record put there by an attack, {self.threat(int(item['event']))}"
        if wrong is Wrong.MISREAD:
            return f"{matter}, misread: it was {self.matter(meant)}"
        if wrong is Wrong.INFLATED:
            return f"{matter}, at {float(item['weight']):g} times its weight"
        if wrong is Wrong.DUPLICATE:
            return f"{matter} a second time"
        if wrong is Wrong.RULE:
            return f"{matter}, for which the law gives no ground: {_RULES[Procedure(int(self.rules.procedure[meant]))]}"
        return matter

    def files(self, item: Any, meant: int, since: float | None) -> str:
        """A record comes on file, or, where it has been there since an earlier day, begins to count."""
        beginning = "" if self.wrong(item) is Wrong.NOTHING else "WRONG RECORD: "
        office, what = self.office(int(item["channel"])), self.what(item, meant)
        if since is None:
            return f"{beginning}{office} files {what}."
        return f"{beginning}{office} has had on file since {self.date(since)}: {what}. It counts from now on."

    def again(self, step: Any, item: Any) -> str:
        """A record counts once more: other rules have begun, or a backup has brought it back."""
        record = f"the {self.office(int(item['channel']))} record of {self.matter(int(item['channel']))}"
        restored = [h for h in self.threats(item, Threat.ROLLBACK) if self.rules.threat_until[h] == step["time"]]
        if step["why"] == Cause.STAGE or not restored:
            return f"{_capital(record)} counts under these rules too."
        return f"THREAT: {self.threat(restored[0])} brings {record} back, which had been corrected."

    def leaves(self, step: Any, item: Any, before: Ints, row: int, last: bool) -> str:
        """A record no longer counts, for one score or at all; nothing where it is not the last and no score has changed."""
        channel = int(item["channel"])
        left = [int(s) for s in np.flatnonzero(before != step["scores"][: before.size])]  # one at most: each score has a step of its own
        if not last and not left:
            return ""
        gone = f"The {self.office(channel)} record of {self.matter(channel)} no longer counts"
        why = self.end(step, item, row)
        if left and left[0] > 0:
            points = self.points(left[0], shown(self.rules, row, left[0], int(step["scores"][left[0]])))
            return f"{gone} for {self.titles[left[0]]}: {why}; now {points}."
        if not self.used:
            return f"{gone}: {why}."
        now = self.scores(row, step["scores"], left or self.used[:1])
        if self.rules.ledger[row, 0] and self.rules.points[row, 0, channel] and not left:
            return f"{gone}: {why}. Its points are not given back; {now}."
        return f"{gone}: {why}; {now}."

    def end(self, step: Any, item: Any, row: int) -> str:
        """Why a record, or a listing by it, ends."""
        why = Cause(int(step["why"]))
        if why is Cause.SETTLEMENT and item["origin"] == Origin.TAMPERED:
            return "the false record was found out"
        if why is Cause.REPAIR and step["time"] == self.rules.amnesty_day[row]:
            return "an amnesty forgives it"
        return _ENDS.get(why, "it is over")

    def arrives(self, item: Any, before: Ints, after: Ints, row: int, returns: bool) -> str:
        """A copy of a record reaches a score, late or once more; nothing where no score has changed."""
        said, channel = self.moves(row, before, after), int(item["channel"])
        record = f"The {self.office(channel)} record of {self.matter(channel)}"
        if returns:
            return f"{record}, corrected before, is back. {_capital('; '.join(said)) or 'It changes no score'}."
        reached = " and ".join(self.titles[s] for s in map(int, np.flatnonzero(before != after)))
        return f"{record} reaches {reached}: {'; '.join(said)}." if said else ""

    def threats(self, item: Any, kind: Threat) -> list[int]:
        """Threats of a kind that concern a record."""
        rules = self.rules
        return [h for h in range(rules.threat.size) if rules.threat[h] == kind and rules.threat_channel[h, int(item["channel"])]]

    def awaited(self, item: Any, day: float) -> str:
        """That something was done on the day on which its office was up again after an outage."""
        ends = [h for h in self.threats(item, Threat.OUTAGE) if self.rules.threat_until[h] == day]
        return f" It waited for the end of {self.threat(ends[0])}." if ends and self.quality & Quality.THREATS else ""

    # --- redress ----------------------------------------------------------------------------------------------------------------

    def redress(self, step: Any, item: Any, fate: Any, before: Sequence[int], appeals: bool) -> str:
        """A step of learning of a record and contesting it. before: earlier steps about it; appeals: whether one follows."""
        what, record, again = int(step["what"]), self.record(item), " in the second instance" if What.REFUSED in before else ""
        if what == What.LEARNED:
            how = "A notice comes about" if int(fate["what"]) & Fate.NOTIFIED else "Asks why, and finds out about"
            lost = f", after {int(step['lost'])} lost before" if step["lost"] else ""
            return f"{how} {record}." + ("" if appeals else f" No appeal{lost}.")
        if what == What.APPEALED:
            return f"Appeals against {record}."
        if what == What.REFUSED:
            return f"The appeal against {record} is refused{again}."
        if what == What.GRANTED:
            return f"The appeal against {record} is granted{again}."
        if what == What.GAVE_UP:
            return f"Gives up waiting for a reviewer: the case of {record} is dropped after {int(step['time'] - fate['filed'])} days."
        return f"The correction is lost: {self.office(int(item['channel']))} keeps {self.matter(int(item['channel']))} on file."

    def corrected(self, item: Any, day: float, before: Ints, after: Ints, row: int, stays: bool) -> str:
        """A record is taken off the file of its source. stays: a score still has it."""
        said, channel = self.moves(row, before, after), int(item["channel"])
        effect = ", but a score still has it" if stays else ": it no longer counts"
        points = f" {_capital('; '.join(said))}." if said else ""
        return f"{self.office(channel)} takes {self.matter(channel)} off its file{effect}.{points}{self.awaited(item, day)}"

    # --- lists, stages, events --------------------------------------------------------------------------------------------------

    def listing(self, step: Any, item: Any, row: int, lost: Sequence[int]) -> str:
        """A listing or a joint sanction begins or ends. lost: domains that will never hear of this end."""
        begins, number, d = int(step["what"]) == What.PRESSURE_ON, int(step["list"]), int(step["domain"])
        if d != self.rules.list_domain[row, number]:
            return (
                f"Joint sanction: {self.listed(number)} now also counts against {self.gate(d)}."
                if begins
                else f"The joint sanction on {self.gate(d)} ends."
            )
        if begins:
            return f"Put on {self.listed(number)}."
        never = f" The end is lost on the way: the joint sanction on {' and '.join(map(self.gate, lost))} goes on." if lost else ""
        return f"Off {self.listed(number)}: {self.end(step, item, row)}.{never}"

    def term(self, step: Any, row: int, before: Ints) -> str:
        """A term on a score list begins or ends."""
        number = int(step["list"])
        if int(step["what"]) == What.TERM_END:
            anew = self.moves(row, before, step["scores"][: before.size])
            return f"The term on {self.listed(number)} ends." + (f" The score starts anew: {'; '.join(anew)}." if anew else "")
        s = int(self.rules.list_score[number])
        reason = self.below(s, shown(self.rules, row, s, int(step["scores"][s])), int(self.rules.list_mark[row, number]))
        return f"A term on {self.listed(number)} begins: {reason}."

    def fell(self, number: int, row: int) -> str:
        """Why a score list has begun a term."""
        s = int(self.rules.list_score[number])
        return f", as {self.titles[s]} fell below {self.points(s, int(self.rules.list_mark[row, number]))}"

    def stage(self, step: Any, row: int, before: int, forgets: bool) -> str:
        """Other rules begin. forgets: something that is on file does not count by them, because it is too old."""
        stage = self.stages[int(np.searchsorted(self.rules.stage_day, float(step["time"]), side="right")) - 1]
        if not self.rules.ruled[row]:
            return f"NEW STAGE {stage!r}: the system is taken down."
        what = "other rules begin" if self.rules.ruled[before] else "the system begins"
        start = self.scores(row, step["scores"], self.used)
        oldest = float(step["time"] - self.rules.lookback[row])
        old = f" Records from before {self.date(oldest)} count no more." if forgets else ""
        settled = "" if self.rules.settled[row] else " Records of settled matters count no more."
        return f"NEW STAGE {stage!r}: {what}{f'; {start}' if start else ''}.{old}{settled}"

    def happened(self, k: int, reasons: Sequence[str]) -> str:
        """An event that depended on the life. reasons: what brought it on, if it would not have happened at ease."""
        event = self.event(self.names.classes[k])
        model = int(self.rules.conduct[self.w])
        if model >= 0:
            return f"Event: {event}, as in the world {self._world(model)}."
        return f"Event: {event}, which would not have happened but for this: {' and '.join(reasons)}." if reasons else f"Event: {event}."

    def undone(self, k: int, reasons: Sequence[str]) -> str:
        """An event that did not happen and would have at ease."""
        event = self.event(self.names.classes[k])
        model = int(self.rules.conduct[self.w])
        if model >= 0:
            return f"Left undone: {event}, as in the world {self._world(model)}."
        return f"Left undone: {event}, which would have happened but for this: {' and '.join(reasons)}."

    def _world(self, w: int) -> str:
        return repr(self.scenario.worlds[self.names.worlds[w]].title)

    def refused(self, refusal: Refusal) -> str:
        """An application is refused."""
        if refusal.closed:
            return f"Applies at {self.gate(refusal.d)}, which is closed, and is refused."
        passes = 100.0 * float(self.rules.passes[refusal.row, refusal.d, refusal.band])
        band = self.names.bands[refusal.band]
        return f"Applies at {self.gate(refusal.d)}, which is open, and is refused: in the band {band!r} {passes:g} in 100 pass."

    def overstays(self, item: Any, day: float) -> str:
        """A settled matter still counts."""
        matter, office = self.matter(int(item["channel"])), self.office(int(item["channel"]))
        if item["update"] <= day < NEVER:
            return f"WRONG RECORD: {matter} is settled, but the score has yet to hear of it from {office}."
        return f"WRONG RECORD: {matter} is settled, but {office} keeps it on file."

    def held_up(self, item: Any, day: float, until: float | None) -> str:
        """A threat keeps a record from coming on file. until: the day on which it comes all the same."""
        outages = [h for h in self.threats(item, Threat.OUTAGE) if self._runs(h, day)]
        held = [h for h in self.threats(item, Threat.DELETE) if self._runs(h, day)]
        ended = [h for h in outages if self.rules.threat_until[h] == until]
        h = (ended or held or outages)[0]
        return f"THREAT: {self.threat(h)} keeps {self.office(int(item['channel']))} from filing {self.matter(int(item['channel']))}."

    def _runs(self, h: int, day: float) -> bool:
        return bool(self.rules.threat_from[h] <= day < self.rules.threat_until[h])

    def capped(self, day: float) -> str:
        """Why a gate is open that would be closed."""
        most = int(self.rules.most_closed[row_on(self.rules, self.w, day)])
        return f"no more than {most} {'gate' if most == 1 else 'gates'} may be closed at a time"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
