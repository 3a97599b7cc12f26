"""Counting lives: the days on which gates are closed, spells and months, and the only place where a life meets its twin.

What each column counts is in `docs/tallies.md`, where the columns are in `sheet.py`; records are counted in `filed.py`. Intervals and
ratios are made elsewhere, from these.
"""

from __future__ import annotations

import numpy as np

from ..layout import AXES, EVER_DAYS, SPELL_BIN, YEAR, Cause, End, Ints
from .book import Book
from .jit import entry, inlined, kernel, whole
from .kin import Line, bits
from .sheet import (
    BYSTANDER,
    CHILD_EVER,
    CHILD_WRONGFUL,
    CLEARED,
    CLOSED,
    CLOSED_ANY,
    CLOSED_MANY,
    DAYS,
    ENTRIES,
    EVER,
    EXITS,
    FREED,
    GAVE_UP,
    HORIZON_DAYS,
    LATENT_CLASSES,
    LATENT_EDGES,
    LENIENT,
    LENIENT_ANY,
    LENIENT_EVER,
    M_ANY,
    M_CLOSED,
    M_NEWLY,
    M_NEWLY_WRONGFUL,
    M_WRONGFUL,
    MARKED_EVER,
    MARKED_TWIN,
    NEAR,
    ONLY,
    ONLY_VERSUS,
    OPEN_END,
    PAIR_SQUARES,
    PEOPLE,
    REDLIST,
    RELAPSE_WATCHED,
    RELAPSED,
    S_DAYS_AFTER,
    S_DAYS_BEFORE,
    S_ENTRIES_AFTER,
    S_ENTRIES_BEFORE,
    SCOPE_DAYS,
    SCOPE_PEOPLE,
    SHOCK_DAYS,
    SHUT_FIRST,
    SHUT_OPEN,
    SPELL_DAYS,
    SPELLS,
    SPREAD_EDGES,
    SQUARES,
    TENFOLD,
    TENFOLD_VERSUS,
    TENTHS,
    WATCHED,
    WRONGFUL,
    WRONGFUL_ANY,
    WRONGFUL_EVER,
    Plan,
)

OVERTAKEN, LUCK, STILL = whole(End.OVERTAKEN), whole(End.LUCK), whole(End.OPEN)
END_OF_CAUSE = np.full(len(Cause), LUCK, np.int64)
END_OF_CAUSE[[Cause.EXPIRY, Cause.SETTLEMENT, Cause.JOINT]] = [End.EXPIRY, End.SETTLEMENT, End.JOINT]
END_OF_CAUSE[[Cause.CORRECTION, Cause.REPAIR, Cause.STAGE]] = [End.APPEAL, End.REPAIR, End.STAGE]
LIMITS, HORIZONS = np.array(EVER_DAYS, np.int64), np.array(HORIZON_DAYS, np.int64)
ENDS = len(End)
RELAPSE_DAYS = whole(int(YEAR))
AXES_IN_ALL = len(AXES)


@kernel
def month_of(plan: Plan, day: int) -> int:
    """The month in which a day lies."""
    start, month = plan["month_start"], day * plan["months"] // plan["month_start"][plan["months"]]  # nearly, months being nearly alike
    while start[month] > day:
        month -= 1
    while start[month + 1] <= day:
        month += 1
    return month


@kernel
def by_month(plan: Plan, months: Ints, spans: Ints, column: int, begin: int, end: int) -> None:
    """The days begin .. end - 1, at least one, are added to a column of the months table, each in its month.

    Of whole months only the first and the one after the last are marked, in spans (months + 1, columns): a gate that is closed for ten
    years would touch 120 lines of memory. `close_months` makes days of them.
    """
    first, last = month_of(plan, begin), month_of(plan, end - 1)
    if first == last:
        months[first, column] += end - begin
        return
    months[first, column] += plan["month_start"][first + 1] - begin
    months[last, column] += end - plan["month_start"][last]
    spans[first + 1, column] += 1
    spans[last, column] -= 1


@entry
def close_months(plan: Plan, months: Ints, spans: Ints, running: Ints) -> None:
    """The days of the whole months that are marked in spans are in the months table. running: by column, 0 to begin with."""
    for month in range(months.shape[0]):
        length = plan["month_start"][month + 1] - plan["month_start"][month]
        for column in range(months.shape[1]):
            running[column] += spans[month, column]
            months[month, column] += running[column] * length


@kernel
def class_of(days: int) -> int:
    """The class of the spread table in which a number of days lies."""
    low, high = 0, SPREAD_EDGES.shape[0]
    while high - low > 1:
        middle = (low + high) // 2
        if SPREAD_EDGES[middle] <= days:
            low = middle
        else:
            high = middle
    return low


@kernel
def count_everybody(plan: Plan, people: Ints, rules: Book, cell: int, age: float) -> None:
    """The person is counted, and the days on which each gate concerns the person."""
    row, first = people[cell], plan["first"]
    row[first[PEOPLE]] += 1
    row[first[DAYS]] += rules["days"]
    for d in range(rules["domains"]):
        begin = 0 if age >= rules["domain_from"][d] else min(int(rules["domain_from"][d] - age), rules["days"])
        end = rules["days"] if age + rules["days"] <= rules["domain_until"][d] else max(0, int(np.floor(rules["domain_until"][d] - age)))
        row[first[SCOPE_DAYS] + d] += max(0, end - begin)
        row[first[SCOPE_PEOPLE] + d] += 1 if end > begin else 0


@kernel
def count_world(
    plan: Plan, people: Ints, months: Ints, spans: Ints, spread: Ints, rules: Book, w: int, cell: int, view: Line, changes: int
) -> int:
    """Days closed, spells and months of one life in one world; returns the closed domain-days."""
    if changes == 1 and view[0]["mask"] == 0:
        return 0
    domains, worlds = rules["domains"], rules["worlds"]
    row, first, pairs = people[cell], plan["first"], rules["pairs"]
    everything, before, total, child, known = (1 << domains) - 1, 0, 0, False, False
    for n in range(changes):
        mask = view[n]["mask"] & everything
        begin = int(view[n]["at"])
        end = int(view[n + 1]["at"]) if n + 1 < changes else rules["days"]
        for d in range(domains):
            if mask >> d & 1 and not before >> d & 1:
                row[first[ENTRIES] + w * domains + d] += 1
            if before >> d & 1 and not mask >> d & 1:
                row[first[EXITS] + w * domains + d] += 1
        before = mask
        if view[n]["mask"] >> domains & 1:
            row[first[REDLIST] + w] += end - begin
        if mask == 0 or end == begin:
            continue
        closed = bits(mask)
        total += closed * (end - begin)
        row[first[CLOSED_ANY] + w] += end - begin
        by_month(plan, months, spans, plan["month_first"][M_ANY] + w, begin, end)
        if closed >= 3:
            row[first[CLOSED_MANY] + w] += end - begin
        for d in range(domains):
            if mask >> d & 1:
                row[first[CLOSED] + w * domains + d] += end - begin
                by_month(plan, months, spans, plan["month_first"][M_CLOSED] + w * domains + d, begin, end)
                child = child or rules["child_domain"][d] == 1
        if not known:
            known = True
            months[month_of(plan, begin), plan["month_first"][M_NEWLY] + w] += 1
    for d in range(domains):
        row[first[OPEN_END] + w * domains + d] += before >> d & 1
    for x in range(LIMITS.shape[0]):
        row[first[EVER] + w * LIMITS.shape[0] + x] += 1 if total >= LIMITS[x] else 0
    row[first[CHILD_EVER] + w] += 1 if child else 0
    if total > 0:
        class_ = class_of(total)
        spread[class_, 2 * pairs + w] += 1
        spread[class_, 2 * pairs + worlds + w] += total
        row[first[SQUARES] + w] += total * total
        count_freedom(plan, row, rules, w, view, changes)
    return total


@kernel
def count_freedom(plan: Plan, row: Ints, rules: Book, w: int, view: Line, changes: int) -> None:
    """Whether a person who was shut out of an own domain was ever free again, how soon, and for how long (M23)."""
    first, days, own = plan["first"], rules["days"], rules["own"]
    shut, free, again = -1, -1, -1
    for n in range(changes):
        begin = int(view[n]["at"])
        end = int(view[n + 1]["at"]) if n + 1 < changes else days
        if begin == end:
            continue
        closed = view[n]["mask"] & own != 0
        if closed and shut < 0:
            shut = begin
        elif not closed and shut >= 0 and free < 0:
            free = begin
        elif closed and free >= 0 and again < 0:
            again = begin
    if shut < 0:
        return
    row[first[SHUT_FIRST] + w] += 1
    row[first[SHUT_OPEN] + w] += 1 if free < 0 else 0
    for h in range(HORIZONS.shape[0]):
        if shut + HORIZONS[h] < days:
            row[first[WATCHED] + w * HORIZONS.shape[0] + h] += 1
            row[first[FREED] + w * HORIZONS.shape[0] + h] += 1 if 0 <= free <= shut + HORIZONS[h] else 0
    if free >= 0 and free + RELAPSE_DAYS < days:
        row[first[RELAPSE_WATCHED] + w] += 1
        row[first[RELAPSED] + w] += 1 if 0 <= again <= free + RELAPSE_DAYS else 0


@kernel
def count_shock(stages: Ints, rules: Book, w: int, view: Line, changes: int) -> None:
    """Closed domain-days, and domains that close, in the 90 days before each stage begins and from then on (M25)."""
    everything, worlds = (1 << rules["domains"]) - 1, rules["worlds"]
    if changes == 1 and view[0]["mask"] & everything == 0:
        return
    for g in range(1, rules["stages"]):
        if rules["stage_day"][g] >= rules["days"]:
            return
        turn, before, row = int(rules["stage_day"][g]), 0, stages[g]
        for n in range(changes):
            mask, begin = view[n]["mask"] & everything, int(view[n]["at"])
            end = int(view[n + 1]["at"]) if n + 1 < changes else rules["days"]
            closed, fresh = bits(mask), bits(mask & ~before)
            row[S_DAYS_BEFORE * worlds + w] += closed * max(0, min(end, turn) - max(begin, turn - SHOCK_DAYS))
            row[S_DAYS_AFTER * worlds + w] += closed * max(0, min(end, turn + SHOCK_DAYS) - max(begin, turn))
            row[S_ENTRIES_BEFORE * worlds + w] += fresh if turn - SHOCK_DAYS <= begin < turn else 0
            row[S_ENTRIES_AFTER * worlds + w] += fresh if turn <= begin < turn + SHOCK_DAYS else 0
            before = mask


@inlined
def next_change(rules: Book, one: Line, i: int, ones: int, two: Line, j: int, twos: int) -> float:
    """The day on which either of two timelines changes next, i and j being where they stand; the end of the period if neither does."""
    day = float(rules["days"])
    if i + 1 < ones:
        day = min(day, one[i + 1]["at"])
    if j + 1 < twos:
        day = min(day, two[j + 1]["at"])
    return day


@kernel
def count_pair(
    plan: Plan,
    people: Ints,
    months: Ints,
    spans: Ints,
    spread: Ints,
    spells: Ints,
    rules: Book,
    p: int,
    cell: int,
    one: Line,
    ones: int,
    two: Line,
    twos: int,
    marked: bool,
) -> int:
    """A life beside its twin: days wrongful and lenient, and the spells of wrongful days; returns the wrongful domain-days.

    Marked: the person has a wrong record of their own.
    """
    if ones == 1 and twos == 1 and one[0]["mask"] == two[0]["mask"]:
        return 0
    domains, pairs = rules["domains"], rules["pairs"]
    row, first = people[cell], plan["first"]
    everything, i, j, t, wrong_before, since = (1 << domains) - 1, 0, 0, 0.0, 0, 0.0
    total, lenient_total, ours, theirs, child, known = 0, 0, 0, 0, False, False
    while t < rules["days"]:
        a, b = one[i]["mask"] & everything, two[j]["mask"] & everything
        wrong, lenient = a & ~b, b & ~a
        if wrong != 0 and wrong_before == 0:
            since = t
        elif wrong == 0 and wrong_before != 0:
            end = OVERTAKEN if wrong_before & ~a == 0 else END_OF_CAUSE[one[i]["cause"]]
            count_spell(plan, people, spells, p, cell, int(since), int(t), end)
        wrong_before = wrong
        coming = next_change(rules, one, i, ones, two, j, twos)
        begin, end_day = int(t), int(coming)
        days = end_day - begin
        ours += bits(a) * days
        theirs += bits(b) * days
        if days > 0 and wrong != 0:
            total += bits(wrong) * days
            row[first[WRONGFUL_ANY] + p] += days
            for d in range(domains):
                if wrong >> d & 1:
                    row[first[WRONGFUL] + p * domains + d] += days
                    by_month(plan, months, spans, plan["month_first"][M_WRONGFUL] + p * domains + d, begin, end_day)
                    child = child or rules["child_domain"][d] == 1
            if not known:
                known = True
                months[month_of(plan, begin), plan["month_first"][M_NEWLY_WRONGFUL] + p] += 1
        if days > 0 and lenient != 0:
            lenient_total += bits(lenient) * days
            row[first[LENIENT_ANY] + p] += days
            for d in range(domains):
                if lenient >> d & 1:
                    row[first[LENIENT] + p * domains + d] += days
        if i + 1 < ones and one[i + 1]["at"] == coming:
            i += 1
        if j + 1 < twos and two[j + 1]["at"] == coming:
            j += 1
        t = coming
    if wrong_before != 0:
        count_spell(plan, people, spells, p, cell, int(since), rules["days"], STILL)
    for x in range(LIMITS.shape[0]):
        row[first[WRONGFUL_EVER] + p * LIMITS.shape[0] + x] += 1 if total >= LIMITS[x] else 0
        row[first[LENIENT_EVER] + p * LIMITS.shape[0] + x] += 1 if lenient_total >= LIMITS[x] else 0
    row[first[CHILD_WRONGFUL] + p] += 1 if child else 0
    row[first[BYSTANDER] + p] += 0 if marked else total
    row[first[TENFOLD] + p] += 1 if 0 < 10 * theirs < ours else 0
    row[first[TENFOLD_VERSUS] + p] += 1 if 0 < 10 * ours < theirs else 0
    row[first[ONLY] + p] += 1 if theirs == 0 and ours > 0 else 0
    row[first[ONLY_VERSUS] + p] += 1 if ours == 0 and theirs > 0 else 0
    row[first[PAIR_SQUARES] + p] += (ours - theirs) * (ours - theirs)
    if total > 0:
        class_ = class_of(total)
        spread[class_, p] += 1
        spread[class_, pairs + p] += total
    return total


@kernel
def count_spell(plan: Plan, people: Ints, spells: Ints, p: int, cell: int, begin: int, end: int, how: int) -> None:
    """A wrongful spell of the days begin .. end - 1 and how it ended; spells that cover no day are not counted."""
    if end == begin:
        return
    row, first = people[cell], plan["first"]
    row[first[SPELLS] + p] += 1
    row[first[SPELL_DAYS] + p] += end - begin
    row[first[CLEARED] + p] += 0 if how in (OVERTAKEN, STILL) else 1
    spells[(end - begin) // SPELL_BIN, p * ENDS + how] += 1


@kernel
def count_marked(plan: Plan, people: Ints, rules: Book, cell: int, marked: int, shut: int) -> None:
    """Whether people with a wrong record of their own are ever shut out, in the same world and in those that it is compared with.

    marked, shut: bits of the worlds in which the person has a wrong record, and at least one closed domain-day.
    """
    row, first = people[cell], plan["first"]
    for w in range(rules["worlds"]):
        row[first[MARKED_EVER] + w] += marked >> w & shut >> w & 1
    for p in range(rules["pairs"]):
        row[first[MARKED_TWIN] + p] += marked >> rules["pair_world"][p] & shut >> rules["pair_versus"][p] & 1


@inlined
def count_attempts(plan: Plan, people: Ints, rules: Book, w: int, cell: int, failed: int, near: int) -> None:
    """What a person tried in world w: appeals lost for good, and events near a gate of classes that grow there."""
    row, first = people[cell], plan["first"]
    row[first[GAVE_UP] + w] += 1 if 0 < rules["gives_up"] <= failed else 0
    row[first[NEAR] + w] += near


@kernel
def latent_class(plan: Plan, cell: int, frailty: float) -> int:
    """The class of latent conduct of a person: of the sanctioned events that a year would have on average."""
    events, class_ = frailty * plan["frail_rate"][cell] + plan["fixed_rate"][cell], 0
    while class_ < LATENT_CLASSES - 1 and LATENT_EDGES[class_] <= events:
        class_ += 1
    return class_


@kernel
def count_latent(plan: Plan, latent: Ints, cell: int, class_: int, column: int, number: int) -> None:
    """A number is in a column of the latent table, in the class of every group that the person is of."""
    for axis in range(AXES_IN_ALL):
        latent[plan["level"][cell, axis] * LATENT_CLASSES + class_, column] += number


@inlined
def tenth_of(plan: Plan, frailty: float) -> int:
    """The tenth of people in which a frailty lies, from 0."""
    tenth = 0
    while tenth < TENTHS - 1 and plan["tenths"][tenth] <= frailty:
        tenth += 1
    return tenth


@inlined
def count_score(plan: Plan, meter: Ints, rules: Book, w: int, score: int, frailty: float, tenth: int) -> None:
    """The first score at the end of a grown person in a world that is ruled then. tenth: of the frailty."""
    place = min(max((score - plan["meter_low"]) // plan["meter_step"], 0), meter.shape[0] - 1)
    meter[place, TENTHS * w + tenth] += 1
    meter[place, TENTHS * rules["worlds"] + w] += 1 if frailty >= plan["top_frailty"] else 0
