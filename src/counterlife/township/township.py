"""The one entry point: a township's people are made, their tapes written, their lives lived in every world and counted.

Parents are lived before minors, whose school gate looks at them. Where people wait for one another in an office, or are ranked, what comes
to each from the others is found out first (`hearings.py`).
"""

from __future__ import annotations

import numpy as np

from ..layout import STEP, YEAR, Ints, Place, Populace, Rulebook, Wrong
from .applications import count_applications
from .book import Book, bind
from .desk import lay_desk, sit_down
from .draws import Address, address
from .filed import count_records, is_wrong
from .hearings import hear
from .jit import entry, inlined, kernel, whole
from .kin import HOUSEHOLD, Kept, Line, Worlds, bits, concerned, doubled, keep, mean_line, nobody_kept, relatives, view_other, view_own
from .life import live
from .people import MAJORITY, People, make
from .room import Desk, Heard, Log, Person
from .sanctions import NOBODY, NOTHING
from .scores import trait_points
from .sheet import (
    BAND_CHANGES,
    BITING,
    BUT_FOR_DAYS,
    BUT_FOR_DOMAINS,
    CLIFF,
    LISTINGS,
    REVERSED,
    TAMPERED_BITING,
    TAMPERED_DAYS,
    TAMPERED_DOMAINS,
    Plan,
    Tally,
    sheet,
)
from .tallies import (
    close_months,
    count_attempts,
    count_everybody,
    count_latent,
    count_marked,
    count_pair,
    count_score,
    count_shock,
    count_world,
    latent_class,
    next_change,
    tenth_of,
)
from .tapes import Tapes, write

TAMPERED = whole(Wrong.TAMPERED)


@kernel
def vanished(rules: Book, one: Line, ones: int, two: Line, twos: int) -> tuple[int, int]:
    """Domain-days closed in the first timeline and open in the second, and the domains they lie in."""
    i, j, t, total, domains = 0, 0, 0.0, 0, 0
    everything = (1 << rules["domains"]) - 1
    while t < rules["days"]:
        coming = next_change(rules, one, i, ones, two, j, twos)
        gone, days = one[i]["mask"] & ~two[j]["mask"] & everything, int(coming) - int(t)
        if days > 0 and gone != 0:
            total += bits(gone) * days
            domains |= gone
        if i + 1 < ones and one[i + 1]["at"] == coming:
            i += 1
        if j + 1 < twos and two[j + 1]["at"] == coming:
            j += 1
        t = coming
    return total, domains


@kernel
def next_wrong(rules: Book, desk: Desk, items: int, marked: int, w: int, j: int) -> tuple[int, int]:
    """The next wrong record after item j of world w, by world and item; world W where none is left.

    Worlds that share another's life are left out. marked: bits of worlds with any that may matter.
    """
    while w < rules["worlds"]:
        alone = desk.worlds[0]["of"][w] == w
        for k in range(j + 1, items if alone and marked >> w & 1 else 0):
            if is_wrong(rules["quality"][w], desk.tape[k]["wrong"], desk.fates[w, k]["what"]):
                return w, k
        w, j = w + 1, -1
    return w, j


@kernel
def count_put_right(people: Ints, plan: Plan, rules: Book, desk: Desk, w: int, u: int, j: int, who: Person) -> None:
    """What vanished when the wrong record j of world w was put right alone and the life lived again is counted in world u, which shares the
    life (M5, M28)."""
    count, row, first, age, worlds = rules["worlds"], people[who["cell"]], plan["first"], who["age"], desk.worlds[0]
    own, one, two = rules["own"], desk.views[rules["worlds"]], desk.views[rules["worlds"] + 1]
    ones = view_own(rules, age, own, desk.lines[w], worlds["changes"][w], one)
    twos = view_own(rules, age, own, desk.lines[count], worlds["changes"][count], two)
    days, domains = vanished(rules, one, ones, two, twos)
    row[first[BITING] + u] += 1 if days > 0 else 0
    row[first[BUT_FOR_DAYS] + u] += days
    row[first[BUT_FOR_DOMAINS] + u] += bits(domains)
    if desk.tape[j]["wrong"] == TAMPERED:
        row[first[TAMPERED_BITING] + u] += 1 if days > 0 else 0
        row[first[TAMPERED_DAYS] + u] += days
        row[first[TAMPERED_DOMAINS] + u] += bits(domains)


@kernel
def see(rules: Book, desk: Desk, age: float, kept: Kept, rows: Ints, others: int) -> None:
    """The person's lives as met, with ages and the gates of `others` relatives (their rows in the store), are in the views."""
    worlds, views, count, first, store = desk.worlds[0], desk.views, rules["worlds"], kept.first, kept.store
    own, grown = rules["own"] | 1 << rules["domains"], age >= MAJORITY * YEAR
    gates = rules["joint_gates"] if grown else (1 << rules["domains"]) - 1 & ~rules["own"] & ~rules["means"]
    for w in range(count):
        v = worlds["of"][w]
        if others == 0:
            if v == w:
                worlds["seen"][w] = view_own(rules, age, own, desk.lines[v], worlds["changes"][v], views[w])
            continue
        source = count
        n = view_own(rules, age, own, desk.lines[v], worlds["changes"][v], views[source])
        for m in range(others):
            line = store[first[rows[m] * count + w] : first[rows[m] * count + w + 1]]
            n = view_other(rules, age, gates, views[source], n, line, views[2 * count + 1 - source])
            source = 2 * count + 1 - source
        if rules["means"] != 0 and not grown:
            one = store[first[rows[0] * count + w] : first[rows[0] * count + w + 1]]
            two = store[first[rows[others - 1] * count + w] : first[rows[others - 1] * count + w + 1]]
            mean = views[2 * count + 1 - source, : mean_line(rules, w, one, two, views[2 * count + 1 - source])]
            worlds["seen"][w] = view_other(rules, age, rules["means"], views[source], n, mean, views[w])
            continue
        for m in range(n):
            views[w, m] = views[source, m]
        worlds["seen"][w] = n


@kernel
def count_person(tally: Tally, spans: Ints, plan: Plan, rules: Book, desk: Desk, items: int, who: Person, class_: int, alone: bool) -> int:
    """The person's lives are in the tally; returns bits of the worlds in which the person has a wrong record and is ever shut out.

    class_: of latent conduct.
    """
    worlds, count, first, cell = desk.worlds[0], rules["worlds"], plan["first"], who["cell"]
    people, months, spread, views = tally.people, tally.months, tally.spread, desk.views
    at_end = concerned(rules, who["age"], float(rules["days"])) & rules["own"]
    marked, shut = 0, 0
    for w in range(count):
        v = worlds["of"][w]
        seen = v if alone else w
        closed = count_world(plan, people, months, spans, spread, rules, w, cell, views[seen], worlds["seen"][seen])
        people[cell, first[BAND_CHANGES] + w] += worlds["bands"][v]
        people[cell, first[REVERSED] + w] += worlds["reversals"][v]
        people[cell, first[LISTINGS] + w] += worlds["terms"][v]
        people[cell, first[CLIFF] + w] += 1 if worlds["brink"][v] & at_end else 0
        wrong = count_records(
            plan, people, tally.channels, tally.classes, tally.waits, rules, w, cell, desk.tape[: items + 1], desk.fates[v]
        )
        if rules["stages"] > 1:
            count_shock(tally.stages, rules, w, views[seen], worlds["seen"][seen])
        count_attempts(plan, people, rules, w, cell, worlds["failed"][v], worlds["near"][v])
        marked |= (1 if wrong > 0 else 0) << w
        shut |= (1 if closed > 0 else 0) << w
    count_marked(plan, people, rules, cell, marked, shut)
    count_scores(tally, plan, rules, who, worlds)
    for p in range(rules["pairs"]):
        w, v = rules["pair_world"][p], rules["pair_versus"][p]
        a, b = (worlds["of"][w], worlds["of"][v]) if alone else (w, v)
        if a != b:
            one, two, ones, twos = views[a], views[b], worlds["seen"][a], worlds["seen"][b]
            mine = marked >> w & 1 == 1
            days = count_pair(plan, people, months, spans, spread, tally.spells, rules, p, cell, one, ones, two, twos, mine)
            if days > 0:
                count_latent(plan, tally.latent, cell, class_, 1 + p, days)
                count_latent(plan, tally.latent, cell, class_, 1 + rules["pairs"] + p, 1)
    return marked & shut


@kernel
def count_scores(tally: Tally, plan: Plan, rules: Book, who: Person, worlds: Worlds) -> None:
    """The first score of a grown person is on the meter of every world that is ruled at the end."""
    if who["age"] + rules["days"] < MAJORITY * YEAR:
        return
    tenth = tenth_of(plan, who["frailty"])
    for w in range(rules["worlds"]):
        if rules["ruled"][rules["row"][w, rules["stages"] - 1]] == 1:
            count_score(plan, tally.meter, rules, w, worlds["score"][worlds["of"][w]], who["frailty"], tenth)


@inlined
def is_ordinary(at: Address, rules: Book, who: Person, i: int) -> bool:
    """True where traits of person i bring no score near a line. Draws: TRAIT 1."""
    for s in range(rules["scores"] if rules["traits"] == 1 else 0):
        offset = trait_points(at, rules, who, i, s)
        if offset < rules["least_offset"][s] or offset > rules["most_offset"][s]:
            return False
    return True


def is_idle(rules: Book, lines: Line, worlds: Worlds) -> bool:
    """True where the lives in `lines` never have a closed gate or a redlist in any world."""
    of = worlds["of"][: rules["worlds"]]
    return bool((worlds["changes"][of] <= 1).all() and (lines["mask"][of, 0] == 0).all())


@kernel
def closes_for_others(rules: Book, lines: Line, worlds: Worlds) -> bool:
    """True where the lives in `lines` close a gate of children or of the household in some world, or may weigh in a mean."""
    others = (1 << rules["domains"]) - 1 & ~rules["own"] | rules["joint_gates"]
    for w in range(rules["worlds"]):
        for n in range(worlds["changes"][w] if worlds["of"][w] == w else 0):
            if lines[w, n]["mask"] & others or rules["means"] != 0:
                return True
    return False


@kernel
def count_idle(tally: Tally, plan: Plan, rules: Book, who: Person, usual: Worlds) -> None:
    """Somebody without records, whom nothing ever touches, is in the tally. usual: what became of a person without records."""
    at_end = concerned(rules, who["age"], float(rules["days"])) & rules["own"]
    for w in range(rules["worlds"]):
        tally.people[who["cell"], plan["first"][CLIFF] + w] += 1 if usual["brink"][usual["of"][w]] & at_end else 0
    count_scores(tally, plan, rules, who, usual)


@entry
def live_turn(
    desk: Desk, at: Address, book: Book, people: People, tapes: Tapes, heard: Heard, log: Log, tally: Tally, spans: Ints,
    sheets: Plan, usual: Worlds, idle: bool, kept: Kept, rows: Ints, turn: int, start: int,
) -> int:  # fmt: skip
    """Lives are lived and counted, from person `start` on: those of grown people, or of minors in turn 2; in turn 0 they are lived only.

    Returns whose life is next, once there is room for more lives to be kept; the number of people where all are done.
    usual: what became of a person without records and traits, (1,), and idle: that nothing ever touches them. log: empty. rows: room for
    a household.
    Reads: people, tapes, heard. Writes: tally, spans (whole months, `tallies.by_month`), desk, kept, rows.
    """
    rules, plan, count, worlds = book[0], sheets[0], book[0]["worlds"], desk.worlds[0]
    for i in range(start, people.shape[0]):
        who = people[i]
        if (who["age"] < MAJORITY * YEAR) != (turn == 2):
            continue
        others, items = relatives(rules, people, kept.row, i, rows) if turn > 0 else 0, tapes.start[i + 1] - tapes.start[i]
        lived = not (idle and items == 0 and others == 0 and is_ordinary(at, rules, who, i))
        if lived:
            sit_down(desk, at, rules, tapes, heard, who, i, items)
            live(desk, at, rules, items, who, i, NOTHING, count, NOBODY, log)
            met = turn < 2 and kept.row[i] < 0 and closes_for_others(rules, desk.lines, worlds)
            if met and not keep(kept, i, rules, desk.lines, worlds):
                return i
        if turn == 0:
            continue
        count_everybody(plan, tally.people, rules, who["cell"], who["age"])
        class_ = latent_class(plan, who["cell"], who["frailty"])
        count_latent(plan, tally.latent, who["cell"], class_, 0, 1)
        if not lived:
            count_idle(tally, plan, rules, who, usual[0])
            continue
        see(rules, desk, who["age"], kept, rows, others)
        marked = count_person(tally, spans, plan, rules, desk, items, who, class_, others == 0)
        if rules["softs"] > 0:
            count_applications(plan, tally.people, at, rules, desk, who, i)
        w, j = next_wrong(rules, desk, items, marked, NOTHING, NOBODY)
        while w < count:
            live(desk, at, rules, items, who, i, w, w + 1, j, log)
            parts = worlds["granted"][count] > 0  # then worlds that share the life need not share the one with the record put right
            for u in range(w, count):
                if worlds["of"][u] == w:
                    if parts and u > w:
                        live(desk, at, rules, items, who, i, u, u + 1, j, log)
                    count_put_right(tally.people, plan, rules, desk, w, u, j, who)
            w, j = next_wrong(rules, desk, items, marked, w, j)
    return people.shape[0]


def live_everybody(at: Address, book: Book, people: People, tapes: Tapes, heard: Heard, tally: Tally, plan: Plan) -> None:
    """Every life is lived and counted: households that apply together are lived once before, grown people before minors.

    Reads: people, tapes, heard. Writes: tally.
    """
    rules, log, rows = book[0], np.empty(0, STEP), np.zeros(HOUSEHOLD, np.int64)
    desk, count = lay_desk(at, book, tapes, heard.cuts), int(rules["worlds"])
    sit_down(desk, at, rules, tapes, heard, people[0], 0, 0)
    desk.state["offset"] = 0
    live(desk, at, rules, 0, people[0], 0, 0, count, int(NOBODY), log)
    alike = rules["means"] == 0 and rules["reviews"] == 0 and rules["softs"] == 0
    alike = alike and ((rules["least_offset"] <= 0) & (rules["most_offset"] >= 0)).all()
    idle, usual = bool(alike) and is_idle(rules, desk.lines, desk.worlds[0]), desk.worlds.copy()
    kept, spans = nobody_kept(people.size, count), np.zeros((tally.months.shape[0] + 1, tally.months.shape[1]), np.int64)
    for turn in range(0 if rules["joint_gates"] else 1, 3):
        start = 0
        while start < people.size:
            start = live_turn(desk, at, book, people, tapes, heard, log, tally, spans, plan, usual, idle, kept, rows, turn, start)
            kept = doubled(kept) if start < people.size else kept
    close_months(plan[0], tally.months, spans, np.zeros(spans.shape[1], np.int64))


def live_people(
    people: People, place: Place, rules: Rulebook, populace: Populace, seed: int, replicate: int, book: Book | None = None
) -> Tally:
    """The tally of these people of a township. book: what `bind` makes of the rules and the populace, where it is at hand."""
    at, book = address(place, seed, replicate), bind(rules, populace) if book is None else book
    tapes = write(at, book, people)
    tally, plan = sheet(rules)
    live_everybody(at, book, people, tapes, hear(at, book, people, tapes), tally, plan)
    tally.classes[:, : rules.quality.size] += tapes.events[:, None]
    tally.channels[:, : rules.quality.size] += tapes.events[rules.channel_class][:, None]
    return tally


def live_township(place: Place, rules: Rulebook, populace: Populace, seed: int, replicate: int, book: Book | None = None) -> Tally:
    """The tally of a township: people made, tapes written, lives lived and counted. book: as for `live_people`."""
    people = make(address(place, seed, replicate), populace, place.row, rules.frailty_shape)
    return live_people(people, place, rules, populace, seed, replicate, book)
