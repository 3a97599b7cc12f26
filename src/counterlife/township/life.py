"""One person's life in one world: what is on the tape and what is pending, in the order of time.

Puts records, scores, sanctions, redress and conduct in order and keeps the times at which gates opened and closed. What the world
leaves out of the tape is decided here, by the bits of its record quality. Counting is in `tallies.py`. Model: `docs/model.md` 5 to 13.
"""

from __future__ import annotations

from ..layout import NEVER, Cause, Fate, Origin, Quality, What
from .behaviour import at_ease, cool_down, decide, feel, form_belief, grow, shut_before, warm_up, warmth
from .book import Book
from .draws import CORRECT, Address, exponential
from .items import event_class
from .jit import apart, inlined, kernel, whole
from .kin import Line, Worlds
from .pending import (
    ARRIVAL,
    CORRECTION,
    DECISION,
    FOUND_OUT,
    GIVING_UP,
    LATE,
    NOTICE,
    ROLLED_BACK,
    SECOND_DECISION,
    comes_first,
    drop,
    push_in,
)
from .points import seen
from .ranking import review
from .redress import about, ask, decide_case, due_end, learn_of, open_docket, wrong_from_the_start
from .room import CHANGED, Desk, Fates, Life, Log, Person, Slots, enter, exact, lift_pressures, note
from .sanctions import (
    NOBODY,
    NOTHING,
    PRESSURE_OFF,
    PRESSURE_ON,
    TAIL,
    TERM_END,
    brink,
    closed,
    delist,
    end_term,
    list_person,
    press,
    run_terms,
    shut_by_scores,
)
from .scores import acting, begin_scores, comes_back, find_levels, freed, gain, lags, lose, watch_band
from .setbacks import delayed, diverted, redone, undone
from .ties import take

RECORDS, LOST, STALE, THREATS = (whole(one) for one in (Quality.RECORDS, Quality.LOST, Quality.STALE, Quality.THREATS))
EVENT, STRAY = whole(Origin.EVENT), whole(Origin.STRAY)
RECORD_IN, RECORD_OUT, COPY_IN = whole(What.RECORD_IN), whole(What.RECORD_OUT), whole(What.COPY_IN)
HAPPENED, CORRECTED_NOW, CAME_BACK = whole(What.EVENT), whole(What.CORRECTED), whole(What.RETURNED)
GAVE_UP, NEW_STAGE = whole(What.GAVE_UP), whole(What.STAGE)
OF_POINTS = 1 << RECORD_OUT | 1 << COPY_IN | 1 << CAME_BACK  # kinds of what is pending about points
OF_STAGE = OF_POINTS | 1 << PRESSURE_ON | 1 << PRESSURE_OFF | 1 << TERM_END
BY_START, BY_RECORD, BY_COPY = whole(Cause.START), whole(Cause.RECORD), whole(Cause.COPY)
BY_CORRECTION, BY_STAGE, BY_REPAIR = whole(Cause.CORRECTION), whole(Cause.STAGE), whole(Cause.REPAIR)

FILED, ENTERED, OVERSTAYS, MISSING = whole(Fate.FILED), whole(Fate.ENTERED), whole(Fate.OVERSTAYS), whole(Fate.MISSING)
ENDED, DONE, COUNTS = whole(Fate.ENDED), whole(Fate.DONE), whole(Fate.COUNTS)
NOTIFIED, DISCOVERED, ABANDONED = whole(Fate.NOTIFIED), whole(Fate.DISCOVERED), whole(Fate.ABANDONED)
CORRECTED, RETURNED, REPAIRED = whole(Fate.CORRECTED), whole(Fate.RETURNED), whole(Fate.REPAIRED)


# --- records ------------------------------------------------------------------------------------------------------------------------


@inlined
def exists(quality: int, needs: int, bars: int) -> bool:
    """True where an item is on file in a world of this record quality."""
    return quality & RECORDS != 0 and quality & needs == needs and quality & bars == 0


@inlined
def stop_of(life: Life, j: int) -> float:
    """The day on which the matter ends on file: when the source hears of the settlement, or at once where nothing is late."""
    stop = life.slots[j]["settle"] if exact(life, j) else life.slots[j]["update"]
    return delayed(life, j, stop) if life.quality & THREATS else stop


@inlined
def arrive(life: Life, j: int, held_up: bool) -> None:
    """Item j has come on file at its source, if it exists in the world. held_up: a threat has had its way with it already.

    Writes: slots, state, pages.
    """
    item, state, quality = life.slots[j], life.state, life.quality
    needs, bars = item["needs"], item["bars"]
    if not exists(quality, needs, bars):
        would = quality & bars == LOST and exists(quality & ~LOST, needs, bars)
        if would and (item["settle"] if exact(life, j) else item["update"]) > state["day"]:
            item["what"] |= MISSING
        return
    if j == life.mend and wrong_from_the_start(life, j):
        return
    if quality & THREATS and not held_up:
        day = diverted(life, j)
        if day > state["day"]:
            push_in(life, day, LATE, j, NOBODY, BY_RECORD)
            return
    stop = stop_of(life, j)
    if stop <= state["day"]:
        return
    item["what"] |= FILED
    item["entered"] = state["day"]
    if life.rules["ruled"][state["row"]] == 1:
        count(life, j, stop)


@kernel
def count(life: Life, j: int, stop: float) -> None:
    """The record counts from now on: its points act, it may list the person, and the person may learn of it."""
    rules, state, fate, now = life.rules, life.state, life.slots[j], life.state["day"]
    r, entered, until = state["row"], fate["entered"], now
    forgiven, worthy = freed(life, j, entered), rules["worthy"][r, life.slots[j]["channel"]]
    for s in range(rules["scores"]):
        begin, end, why = acting(life, j, s, entered, stop, forgiven)
        if end <= max(begin, now):
            continue
        until = max(until, end)
        if worthy >> s & 1 == 0 and why != BY_REPAIR and life.log.shape[0] == 0:
            life.slots[j]["held"] |= 1 << s  # no points come or go, and nobody is told of it
            continue
        if begin > now:
            push_in(life, begin, COPY_IN, j, s, BY_COPY)
        elif life.slots[j]["held"] >> s & 1 == 0:
            gain(life, s, j)
        push_in(life, end, RECORD_OUT, j, s, why)
    if until > now:
        note(life, RECORD_IN, j, NOBODY, NOTHING)
    listings, last = list_person(life, j, entered, stop, forgiven)
    fate["listings"] += listings
    acts = max(until, last) > now
    fate["since"], fate["until"] = now, max(until, last) if acts or entered == now else min(fate["until"], now)
    if entered == now or acts:
        fate["what"] |= ENTERED
    if rules["contests"] == 1 and rules["contestable"][r, life.slots[j]["channel"]] == 1 and life.slots[j]["open"] == 0:
        open_docket(life, j)


@kernel
def take_off(life: Life, j: int) -> None:
    """The record is corrected at its source: listings end, points leave every score in their time, and may return. Draws: COPY, CORRECT."""
    rules, state, fate, now = life.rules, life.state, life.slots[j], life.state["day"]
    r, entered, since = state["row"], fate["entered"], fate["since"]
    if fate["what"] & CORRECTED == 0:
        fate["corrected"] = now
    fate["what"] |= CORRECTED
    fate["gone"] = 1
    if since < 0.0:  # it counts for nothing under the present rules
        return
    stop, last, forgiven = stop_of(life, j), min(now, fate["until"]), freed(life, j, entered)
    for s in range(rules["scores"]):
        begin, end, why = acting(life, j, s, entered, stop, forgiven)
        if end <= max(begin, since) or end <= now:
            continue
        drop(life.pages, state, OF_POINTS, j, s)
        gone = 0.0 if rules["copies"] == 0 else lags(life, j, s)[1]
        out = min(end, now + gone)
        if life.slots[j]["held"] >> s & 1 and begin <= now:
            if out <= now:
                state["cause"] = max(state["cause"], BY_CORRECTION)
                lose(life, s, j, True)
            else:
                push_in(life, out, RECORD_OUT, j, s, BY_CORRECTION if out < end else why)
        elif now < begin < out:
            push_in(life, begin, COPY_IN, j, s, BY_COPY)
            push_in(life, out, RECORD_OUT, j, s, BY_CORRECTION if out < end else why)
        else:  # it never reached the score, and so cannot come back to it
            fate["held"] &= ~(1 << s)
            continue
        if rules["back"][r, s] > 0.0 and out < end and not exact(life, j):
            come_back(life, j, s, out, end, why)
        last = max(last, out)
    delist(life, j, entered, since, min(stop, forgiven))
    fate["until"] = last
    note(life, CORRECTED_NOW, j, NOBODY, NOTHING)


@kernel
def come_back(life: Life, j: int, s: int, out: float, end: float, why: int) -> None:
    """A corrected record perhaps returns to a score after `out`, until `end`. Draws: COPY, CORRECT."""
    if not comes_back(life, j, s):
        return
    day = out + exponential(about(life, j, CORRECT)[3], life.rules["back_days"][life.state["row"], s])
    if day < end and day < life.rules["days"]:
        push_in(life, day, CAME_BACK, j, s, BY_COPY)
        push_in(life, end, RECORD_OUT, j, s, why)


@inlined
def admitted(life: Life, j: int) -> bool:
    """True where the present rules count a record that came on file when it did: those of a stage may leave out old and settled matters."""
    rules, state, fate = life.rules, life.state, life.slots[j]
    r, turned = state["row"], state["turned"]
    early = fate["entered"] < turned
    old = fate["entered"] < turned - rules["lookback"][r]
    return not (early and (old or (rules["settled"][r] == 0 and fate["settle"] <= turned)))


@kernel
def restore(life: Life, j: int, h: int) -> None:
    """A backup has brought a corrected record back, as if it had never left; perhaps somebody notices. Draws: TAMPER."""
    rules, state, fate = life.rules, life.state, life.slots[j]
    stop, now = stop_of(life, j), life.state["day"]
    fate["what"] |= RETURNED
    fate["gone"] = 0
    drop(life.pages, state, OF_POINTS, j, -1)
    if stop > now and rules["ruled"][state["row"]] == 1 and admitted(life, j):
        held, listings = fate["held"], fate["listings"]
        count(life, j, stop)
        if fate["held"] != held or fate["listings"] != listings:
            state["cause"] = max(state["cause"], BY_COPY)
    else:
        for s in range(rules["scores"]):
            begin, end, why = acting(life, j, s, fate["entered"], stop, freed(life, j, fate["entered"]))
            if fate["held"] >> s & 1 and begin <= now < end:
                push_in(life, end, RECORD_OUT, j, s, why)
                fate["until"] = max(fate["until"], end)
    push_in(life, redone(life, j, h), CORRECTION, j, NOBODY, BY_START)


# --- stages -------------------------------------------------------------------------------------------------------------------------


@inlined
def earlier(fate: Slots, j: int, other: int) -> bool:
    """True where record j came on file before the other, or at the same instant and has its place before it."""
    one, two = fate[j], fate[other]
    return one["entered"] < two["entered"] or (one["entered"] == two["entered"] and one["place"] < two["place"])


@kernel
def turn(life: Life) -> None:
    """Other rules hold from now on: everything that the old ones made ends, and records on file count by the new ones."""
    rules, state, fate, now = life.rules, life.state, life.slots, life.state["day"]
    state["stage"] += 1
    r, before, items = rules["row"][life.w, state["stage"]], state["row"], life.slots.shape[0] - 1
    if r == before:
        return
    state["row"], state["turned"], state["cause"], state["why"] = r, now, BY_STAGE, BY_STAGE
    drop(life.pages, state, OF_STAGE, -1, -1)
    lift_pressures(rules, state)
    begin_scores(life)
    note(life, NEW_STAGE, NOTHING, NOBODY, NOTHING)
    for j in range(items):
        life.slots[j]["held"] = 0
        fate[j]["until"] = min(fate[j]["until"], now)
        if fate[j]["what"] & ENTERED:
            last_under(life, j, before)
        fate[j]["since"] = -1.0
    if rules["ruled"][r] == 0:
        return
    while True:
        first = items
        for j in range(items):
            if fate[j]["time"] > now:
                break
            counts = fate[j]["what"] & FILED != 0 and fate[j]["gone"] == 0 and fate[j]["since"] < now
            counts = counts and admitted(life, j)
            if counts and (first == items or earlier(fate, j, first)):
                first = j
        if first == items:
            return
        fate[first]["since"] = now
        stop = stop_of(life, first)
        if stop > now:
            count(life, first, stop)


# --- what is next -------------------------------------------------------------------------------------------------------------------


@inlined
def take_item(life: Life, j: int) -> None:
    """The next item of the tape is dealt with: a record arrives, or an event that depended on the state has happened or not."""
    item, state, rules = life.slots[j], life.state, life.rules
    state["cause"], state["why"] = max(state["cause"], BY_RECORD), BY_RECORD
    if item["mark"] < 0.0:
        arrive(life, j, False)
        return
    stands = item["origin"] == EVENT or item["event"] == 1
    if stands:
        state["happened"] = 1 if decide(life, j, event_class(rules, item), item["mark"]) else 0
    elif item["origin"] == STRAY:
        state["happened"] = item["told"]
    if state["happened"] == 0:
        return
    item["what"] |= DONE
    if stands:
        item["what"] |= COUNTS
        note(life, HAPPENED, j, NOBODY, NOTHING)
    if item["origin"] == EVENT:
        return
    push_in(life, item["entry"], ARRIVAL, j, NOBODY, BY_RECORD)


@inlined
def take_pending(life: Life) -> None:
    """What was due first is done."""
    state, rules = life.state, life.rules
    n = state["pending"] - 1
    state["pending"] = n
    entry = life.pages[n]
    what, j, place, why = entry["what"], entry["about"], entry["place"], entry["why"]
    state["cause"], state["why"] = max(state["cause"], why), why
    if what == RECORD_OUT:
        lose(life, place, j, why == BY_CORRECTION)
        if why == BY_REPAIR:
            life.slots[j]["what"] |= REPAIRED
        note(life, what, j, NOBODY, NOTHING)
    elif what == ARRIVAL:
        arrive(life, j, False)
    elif what == TERM_END:
        end_term(life, place // 64)
        note(life, what, NOTHING, place, NOTHING)
    elif what in (PRESSURE_ON, PRESSURE_OFF):
        place %= TAIL
        press(state, place, 1 if what == PRESSURE_ON else -1)
        note(life, what, j, place, NOTHING)
    elif what in (COPY_IN, CAME_BACK):
        gain(life, place, j)
        if what == CAME_BACK:
            slot = life.slots[j]
            slot["what"] |= RETURNED
            forgiven = freed(life, j, slot["entered"])
            slot["until"] = max(slot["until"], acting(life, j, place, slot["entered"], stop_of(life, j), forgiven)[1])
        note(life, what, j, NOBODY, NOTHING)
    elif what == LATE:
        arrive(life, j, True)
    elif rules["contests"] == 1 or rules["threats"] > 0:
        take_case(life, what, j, place)


@kernel
def take_case(life: Life, what: int, j: int, place: int) -> None:
    """A step of redress, or of a threat, is due."""
    state = life.state
    if what in (NOTICE, FOUND_OUT):
        learn_of(life, j, NOTIFIED if what == NOTICE else DISCOVERED, shut_before(life))
    elif what in (DECISION, SECOND_DECISION):
        decide_case(life, j, what == SECOND_DECISION)
    elif what == GIVING_UP:
        life.slots[j]["what"] |= ABANDONED
        life.slots[j]["decided"] = state["day"]
        note(life, GAVE_UP, j, NOBODY, NOTHING)
    elif what == ROLLED_BACK:
        restore(life, j, place)
    elif what == CORRECTION:
        correct(life, j)


@kernel
def correct(life: Life, j: int) -> None:
    """The source takes the record off its file, unless it is down; a backup may bring it back."""
    rules, day = life.rules, life.state["day"]
    attacked = life.quality & THREATS != 0
    later = delayed(life, j, day) if attacked else day
    if later > day:
        push_in(life, later, CORRECTION, j, NOBODY, BY_START)
        return
    if life.slots[j]["gone"] == 0:
        take_off(life, j)
    if attacked:
        for h in range(rules["threats"]):
            if undone(life, j, h, day):
                push_in(life, rules["threat_until"][h], ROLLED_BACK, j, h, BY_START)


@inlined
def look_at_gates(life: Life) -> None:
    """Terms begin where the score calls for one, the band is watched, and a change of the closed domains is in the timeline."""
    rules, state, line, mask = life.rules, life.state, life.pages, NOTHING
    state["touched"] = 0
    find_levels(rules, state)
    if rules["ruled"][state["row"]] == 1:
        run_terms(life)
        mask = closed(rules, state, shut_by_scores(rules, state), NOTHING)
    watch_band(rules, state)
    n, score, band = state["changes"], NOTHING, NOTHING
    if rules["watched"] >= 0:
        score = seen(rules, state, rules["watched"], 0)
    if rules["softs"] > 0:
        band = state["band"] if rules["ruled"][state["row"]] == 1 else NOBODY
    if n == 0 or mask != line[n - 1]["mask"] or score != line[n - 1]["score"] or band != line[n - 1]["band"]:
        line[n]["at"], line[n]["mask"], line[n]["cause"], line[n]["score"] = state["day"], mask, state["cause"], score
        line[n]["band"] = band
        state["changes"] = n + 1
        note(life, CHANGED, NOTHING, NOBODY, mask)


@inlined
def feel_gates(life: Life) -> None:
    """What the person believes, and how fast refusals are asked about, follows the own gates that are closed now."""
    rules, state = life.rules, life.state
    if rules["contests"] == 0 and rules["believes"] == 0:
        return
    own, shut = state["own"], shut_before(life)
    if shut == state["shut"] and rules["softs"] == 0:
        return
    if shut != state["shut"]:
        feel(life, shut)
    if rules["contests"] == 1:
        rate = rules["asks"][state["row"]] * refusals(life, shut, own)
        if rules["softs"] == 0 or rate != state["asking"]:
            ask(life, rate)


@kernel
def refusals(life: Life, shut: int, own: int) -> float:
    """Applications a day that are refused: all at the gates that are shut, a share at others of the own ones."""
    rules, state, rate = life.rules, life.state, 0.0
    for d in range(rules["domains"]):
        if shut >> d & 1:
            rate += rules["apply"][d]
        elif own >> d & 1 and rules["ruled"][state["row"]] == 1:
            rate += rules["apply"][d] * (1.0 - rules["passes"][state["row"], d, state["band"]])
    return rate


@inlined
def clear(slots: Slots, items: int) -> None:
    """Nothing has become of any item yet."""
    for j in range(items):
        one = slots[j]
        one["what"], one["listings"], one["entered"], one["since"], one["until"] = 0, 0, NEVER, -1.0, NEVER
        one["aware"], one["filed"], one["decided"], one["corrected"] = NEVER, NEVER, NEVER, NEVER
        one["harm"], one["learns_at"], one["open"], one["held"], one["gone"] = 0, NEVER, 0, 0, 0


@inlined
def last_under(life: Life, j: int, r: int) -> None:
    """Whether a record that acted or came under row r of the rules lasted past its time by them is in its fate."""
    one = life.slots[j]
    counted = one["until"] > one["since"] >= 0.0 or one["entered"] == one["since"]
    if life.quality & STALE != 0 and counted and one["until"] > due_end(life.rules, r, one, one["settle"]):
        one["what"] |= OVERSTAYS


@inlined
def close_file(life: Life, items: int) -> None:
    """Whether each record has ended, and whether it was there past its time, is in its fate."""
    days, r = float(life.rules["days"]), life.state["row"]
    for j in range(items):
        one = life.slots[j]
        if one["what"] & ENTERED:
            if one["until"] < days:
                one["what"] |= ENDED
            one["until"] = min(one["until"], days)
            last_under(life, j, r)


@kernel
def live_unrecorded(life: Life, worlds: Worlds, line: Line, fates: Fates) -> None:
    """The life where there is no system, and nothing but chance decides about events, is in its world: there is nothing to look at."""
    rules, state, w, happened = life.rules, life.state, life.w, False
    cool_down(rules, state)
    for j in range(life.slots.shape[0] - 1 if rules["waits"] == 1 else 0):
        slot = life.slots[j]
        fates[j]["what"] = 0
        if slot["mark"] < 0.0:
            continue
        stands = slot["origin"] == EVENT or slot["event"] == 1
        if stands:
            k = event_class(rules, slot)
            happened = slot["mark"] < rules["accept"][k] * warmth(rules, state, k, slot["time"])
            if happened:
                warm_up(rules, state, k, slot["time"])
        elif slot["origin"] == STRAY:
            happened = slot["told"] == 1
        if happened:
            fates[j]["what"] = DONE | (COUNTS if stands else NOTHING)
    line[0]["at"], line[0]["mask"], line[0]["cause"], line[0]["score"], line[0]["band"] = 0.0, 0, BY_START, 0, NOBODY
    worlds["changes"][w], worlds["bands"][w], worlds["reversals"][w], worlds["terms"][w], worlds["score"][w] = 1, 0, 0, 0, 0
    worlds["near"][w], worlds["failed"][w], worlds["granted"][w], worlds["brink"][w] = 0, 0, 0, 0


@inlined
def begin(life: Life, index: int) -> None:
    """The state on the first day, and the first look at the gates. index: the person's number."""
    rules, state = life.rules, life.state
    clear(life.slots, life.slots.shape[0] - 1)
    enter(life)
    if rules["waits"] == 1:
        form_belief(life, index)
    begin_scores(life)
    find_levels(rules, state)
    state["band"] = rules["banded"][state["row"], state["level"][0]]
    if state["edge"] <= state["day"]:
        grow(life)
    look_at_gates(life)
    feel_gates(life)
    life.pages[0]["cause"] = BY_START


@inlined
def finish(life: Life, into: int, worlds: Worlds, line: Line, fates: Fates) -> None:
    """What is asked of the life is with its world: its timeline, what became of each item, and what it came to as a whole."""
    rules, state, pages = life.rules, life.state, life.pages
    for n in range(state["changes"]):
        line[n]["at"], line[n]["mask"], line[n]["cause"] = pages[n]["at"], pages[n]["mask"], pages[n]["cause"]
        line[n]["score"], line[n]["band"] = pages[n]["score"], pages[n]["band"]
    for j in range(life.slots.shape[0] - 1):
        fate, slot = fates[j], life.slots[j]
        fate["what"], fate["listings"], fate["harm"], fate["entered"] = slot["what"], slot["listings"], slot["harm"], slot["entered"]
        fate["since"], fate["until"], fate["aware"] = slot["since"], slot["until"], slot["aware"]
        fate["filed"], fate["decided"], fate["corrected"] = slot["filed"], slot["decided"], slot["corrected"]
    worlds["changes"][into] = state["changes"]
    worlds["bands"][into], worlds["reversals"][into], worlds["terms"][into] = state["bands"], state["reversals"], state["terms"]
    worlds["score"][into] = seen(rules, state, 0, 0)
    worlds["near"][into], worlds["failed"][into], worlds["granted"][into] = state["near"], state["lost_cases"], state["granted"]
    worlds["brink"][into] = brink(life) if rules["ruled"][state["row"]] == 1 else 0


@inlined
def hand_over(desk: Desk, rules: Book, w: int, items: int) -> None:
    """What other worlds and offices have to say about each item is in its slot."""
    if rules["queues"] >> w & 1:
        for j in range(items):
            desk.slots[j]["post"] = desk.posts[w, j]
    if rules["answers"] == 1:
        for j in range(items):
            desk.slots[j]["told"] = desk.told[w, j]
    conduct = rules["conduct"][w]
    if conduct >= 0:
        model = desk.fates[desk.worlds[0]["of"][conduct]]
        for j in range(items):
            desk.slots[j]["model"] = model[j]["what"]


@inlined
def next_up(slots: Slots, items: int, j: int, until: float) -> int:
    """The first item from j on that may happen to somebody at ease, or that comes on the day `until` or after it."""
    while j < items and slots[j]["high"] == 1 and slots[j]["time"] < until:
        j += 1
    return j


@inlined
def shares(worlds: Worlds, first: int, w: int) -> bool:
    """True where the life in world w is known, once those from `first` on before it are lived. Writes: worlds (of)."""
    known = worlds["unless"][w]
    if first <= known and worlds["granted"][worlds["of"][known]] == 0:
        worlds["of"][w] = known
    worlds["of"][w] = worlds["of"][worlds["of"][w]]
    return worlds["of"][w] != w


@apart
def live(desk: Desk, at: Address, rules: Book, items: int, who: Person, index: int, first: int, last: int, mend: int, log: Log) -> None:
    """The lives of the person on the desk in worlds first .. last - 1 are in its lines, each from the first day to the last.

    A world that shares another's life is left out. With an item `mend` to be put right the life is in the spare line after the last
    world. Writes: lines, fates, worlds. Draws: LISTING, JOINT and those of the parts.
    """
    slots, state, pages, worlds = desk.slots[: items + 1], desk.state[0], desk.pages, desk.worlds[0]
    for w in range(first, last):
        if mend < 0 and shares(worlds, first, w):
            continue
        into = w if mend < 0 else rules["worlds"]
        hand_over(desk, rules, w, items)
        life = Life(at, rules, w, rules["quality"][w], who, mend, state, slots, pages, log)
        if rules["lawless"][w] == 1 and (rules["waits"] == 0 or (rules["conduct"][w] < 0 and log.shape[0] == 0)):
            live_unrecorded(life, worlds, desk.lines[w], desk.fates[w])
            continue
        begin(life, index)
        j = NOTHING
        next_stage = rules["stage_day"][1] if rules["stages"] > 1 else NEVER
        next_review, reviews = rules["review_days"] if rules["reviews"] > 0 else NEVER, 0
        while True:
            due = pages[state["pending"] - 1]["due"] if state["pending"] > 0 else NEVER
            if j < items and slots[j]["high"] == 1 and at_ease(life):
                j = next_up(slots, items, j, min(due, min(next_stage, next_review)))
            coming = slots[j]["time"] if j < items else NEVER
            state["day"] = min(min(due, coming), min(min(next_stage, next_review), state["edge"]))
            if state["day"] >= rules["days"]:
                break
            state["cause"] = BY_START
            aged = state["day"] >= state["edge"]
            if aged:
                grow(life)
            if state["day"] == next_stage:
                turn(life)
                next_stage = rules["stage_day"][state["stage"] + 1] if state["stage"] + 1 < rules["stages"] else NEVER
            if state["day"] == next_review:
                if rules["tied"] >= 0:
                    desk.stood[into, reviews, 0], desk.stood[into, reviews, 1] = take(
                        life, desk.taken[w, reviews, 0], desk.taken[w, reviews, 1], shut_before(life)
                    )
                if rules["ranks"] > 0:
                    review(life, index, reviews + 1, desk.cuts[w, reviews], desk.marks[into, reviews])
                reviews += 1
                next_review = (reviews + 1) * rules["review_days"]
            while True:
                waits = state["pending"] > 0 and pages[state["pending"] - 1]["due"] == state["day"]
                comes = j < items and slots[j]["time"] == state["day"]
                if comes and (not waits or comes_first(life, j)):
                    take_item(life, j)
                    j += 1
                elif waits:
                    take_pending(life)
                else:
                    break
            if state["touched"] == 1:
                look_at_gates(life)
                feel_gates(life)
            elif aged:
                feel_gates(life)
        close_file(life, items)
        finish(life, into, worlds, desk.lines[into], desk.fates[into])
