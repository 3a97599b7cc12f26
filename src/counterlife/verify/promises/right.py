"""What becomes of a wrong record that somebody puts right, and who is heard when: P13, P16, P17 and P23.

P16, that the length of an epoch does not matter, is promised by there being none: lives are lived in continuous time, and the days on
which offices decide are found as the one course of events in which everything fits. Here it is found from wrong first guesses and in other
orders.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...layout import ALWAYS_OPEN, NEVER, QUALITIES, YEAR, Delay, Fate, Floats, Keep, Link, ListKind, Quality, Rulebook, Threat, Wrong
from ...township.hearings import live_again, nothing_said, run_offices
from ...township.trace import Village, items_of, trace
from .ground import Columns, Ground
from .kept import Kept, PowerlessError, alike, all_of, kept, lives_in, moved
from .nothing import ACCURATE, DESIGNED, mute

COME = QUALITIES["as they come"]
TOLD = 20.0  # days after which people are told
ABOUT_DOORS = ("people closed", "people entries", "people exits", "people open_end", "people ever", "people redlist", "people squares")


def heard_at_once(rules: Rulebook, notice_days: float = 0.0) -> Rulebook:
    """Everybody is told of every record, appeals where it is wrong, and is right: the record is taken off then and there."""
    none, one = np.zeros(rules.lookback.size), np.ones(rules.lookback.size)
    copies = np.zeros_like(rules.fix_days)
    return rules._replace(
        contestable=np.ones_like(rules.contestable),
        notice=np.ones_like(rules.notice),
        notice_days=one * notice_days,
        take_up=np.ones_like(rules.take_up),
        take_up_right=none,
        take_up_weary=one,
        sensitivity=one,
        specificity=one,
        bias=none,
        office=np.zeros_like(rules.office),
        decide_law=np.full_like(rules.decide_law, Delay.FIXED),
        decide_days=none,
        second=none,
        correct_law=np.full_like(rules.correct_law, Delay.FIXED),
        correct_days=none,
        correct_lost=none,
        fix_days=copies,
        fix_lost=copies,
        back=copies,
    )


# --- P13: a record that is taken off was never there ----------------------------------------------------------------------------------


def as_sum(rules: Rulebook) -> Rulebook:
    """Every score is the sum of what acts."""
    return rules._replace(ledger=np.zeros_like(rules.ledger))


def as_ledger(rules: Rulebook) -> Rulebook:
    """Every score is a ledger that is clipped at every step, and narrow."""
    kept_for: dict[str, Any] = {"keep": np.full_like(rules.keep, NEVER), "keep_law": np.full_like(rules.keep_law, Keep.ENTRY)}
    narrow = 3 * int(np.abs(rules.points).max())
    ends: dict[str, Any] = {"lowest": rules.start - narrow, "highest": rules.start + narrow // 2, "part": np.full_like(rules.part, -1)}
    return rules._replace(ledger=np.ones_like(rules.ledger), **kept_for, **ends)


def lists_only(rules: Rulebook) -> Rulebook:
    """No gate and no list looks at a score."""
    domain = np.where(rules.list_kind == ListKind.RECORD, rules.list_domain, -1)
    return rules._replace(opens_at=np.full_like(rules.opens_at, ALWAYS_OPEN), list_domain=domain)


FORMS = (as_sum, as_ledger, lists_only)


def about_doors(numbers: Columns) -> Columns:
    """The columns about what is shut on whole days; those about files and appeals tell that the record was there."""
    return {name: column for name, column in numbers.items() if name.startswith((*ABOUT_DOORS, "months closed", "spread"))}


def taken_off_at_once(ground: Ground, form: Any) -> Kept:
    """P13: told and corrected as it enters, a ghost or somebody else's record leaves the world as it comes without a trace on any door.

    The second world is made the one without ghosts and without records from elsewhere.
    """
    without = COME & ~(Quality.GHOSTS | Quality.STRAYS)
    rules = form(heard_at_once(ground.rules))
    rules = rules._replace(quality=np.array([COME, without, *rules.quality[2:]]))
    names = ground.words.worlds
    found = ground.under(rules).columns
    lives = [lives_in(found, names[w]) for w in (DESIGNED, ACCURATE)]
    corrected = int(lives[0]["people corrected"].sum() - lives[1]["people corrected"].sum())
    uncorrected = lives_in(ground.under(mute(rules)).columns, names[DESIGNED])
    if not moved(about_doors(uncorrected), about_doors(lives[1])):
        raise PowerlessError("left on file the records would have closed nothing")
    what = f"corrected as it enters, {form.__name__.replace('_', ' ')}"
    doors = [about_doors(one) for one in lives]
    return alike(what, *doors, lives=ground.lives, happened=corrected, event="records taken off", least=10)


def replayed(ground: Ground) -> Kept:
    """P13: a ledger is gone through again without what is corrected; giving its points back would be another life.

    Looks at the first score and the first domain, which has to close below the mark of the gate; the ledger is worked out here, one record
    after the other.
    """
    rules, village = ground.rules, ground.village
    found, otherwise = ground.shut(DESIGNED), 0
    due: Any = np.zeros_like(found[:, 0])
    for i in range(village.people.size):
        items = items_of(village, i)
        points = rules.points[rules.row[DESIGNED, 0], 0][items["channel"]]
        wrongly = items["wrong"] != Wrong.NOTHING
        entries = [(float(t), int(v), t + TOLD if w else NEVER) for t, v, w in zip(items["time"], points, wrongly, strict=True)]
        due[i] = days_shut(rules, entries, add_back=False)
        otherwise += int(not np.array_equal(due[i], days_shut(rules, entries, add_back=True)))
    people = int(village.people.size)
    return kept(
        "days under a ledger", found[:, 0], due, lives=people, happened=otherwise, event="people for whom adding back differs", least=5
    )


def ledger_alone(ground: Ground) -> Ground:
    """The ground with one gate that looks at a narrow ledger and nothing else that would close it; many ghosts that people hear of."""
    rules = as_ledger(heard_at_once(ground.rules, TOLD))
    still = ("misread", "inflate", "duplicate", "settles", "repair", "joint", "discretion", "severity", "leniency", "proxy", "proxy_cell")
    calm: dict[str, Any] = {name: 0 * getattr(rules, name) for name in still}
    bad = np.asarray((rules.points[:, 0] < 0).any(axis=0))[:, None]
    own = rules._replace(
        link=np.full_like(rules.link, Link.NONE),
        strain=np.ones_like(rules.strain),
        ghost=np.where(bad, 2.0 / YEAR, 0.0) + 0 * rules.ghost,
        list_domain=np.full_like(rules.list_domain, -1),
        domain_from=0 * rules.domain_from,
        domain_until=np.full_like(rules.domain_until, NEVER),
        amnesty_day=np.full_like(rules.amnesty_day, NEVER),
        **calm,
    )
    return ground.under(own)


def days_shut(rules: Rulebook, entries: list[tuple[float, int, float]], add_back: bool) -> Any:
    """The days on which a ledger of (day of entry, points, day of correction) is below the mark of the first gate: gone through again
    without what is corrected, or with the points added back.
    """
    r = rules.row[DESIGNED, 0]
    low, high, mark = int(rules.lowest[r, 0]), int(rules.highest[r, 0]), int(rules.opens_at[r, 0])
    moments = sorted({day for entry in entries for day in (entry[0], entry[2]) if day < rules.days})
    found = np.zeros(rules.days, bool)
    found[:] = int(rules.start[r, 0]) < mark
    for now in moments:
        if add_back:
            steps = [(day, points) for day, points, _ in entries if day <= now]
            steps += [(day, -points) for _, points, day in entries if day <= now]
        else:
            steps = [(day, points) for day, points, corrected in entries if day <= now < corrected]
        score = int(rules.start[r, 0])
        for _, points in sorted(steps, key=lambda step: step[0]):
            score = min(max(score + points, low), high)
        found[int(now) :] = score < mark
    return found


# --- P17: wrong from the entry to the notice ------------------------------------------------------------------------------------------


def acts_until_told(ground: Ground) -> Kept:
    """P17: told of all after twenty days, heard at once, always found to be right: so long for each wrong record, and right ones stay."""
    told = ground.under(heard_at_once(ground.rules, TOLD))
    village, days, seen, due, right = told.village, float(ground.rules.days), [], [], 0
    for i in range(village.people.size):
        fates, items = trace(village, i, DESIGNED).fates, items_of(village, i)
        entered = fates["what"] & Fate.ENTERED > 0
        wrongly = entered & (items["wrong"] != Wrong.NOTHING)
        unsettled = entered & ~wrongly & (items["settle"] >= NEVER)
        seen += [fates["until"][wrongly], (fates["what"][unsettled] & Fate.CORRECTED > 0).astype(float)]
        due += [np.minimum(fates["entered"][wrongly] + TOLD, days), np.zeros(int(unsettled.sum()))]
        right += int((entered & ~wrongly).sum())
    lengths = [len(one) for one in seen[::2]]
    if not right:
        raise PowerlessError("there is no right record that could have been taken off")
    people = int(village.people.size)
    return kept(
        "ends of records", np.concatenate(seen), np.concatenate(due), lives=people, happened=sum(lengths), event="wrong records", least=10
    )


# --- P23: a source that is down -------------------------------------------------------------------------------------------------------

BEGIN, END = 300.0, 420.0


def down(rules: Rulebook, until: float) -> Rulebook:
    """All sources are down from day 300 on. All that is contested is granted in the end; nobody learns of a record by a refusal."""
    only = np.zeros_like(rules.threat_channel)
    only[0] = 1
    kinds = np.full_like(rules.threat, Threat.OUTAGE)
    window: dict[str, Any] = {
        "threat_from": np.full_like(rules.threat_from, BEGIN),
        "threat_until": np.full_like(rules.threat_until, until),
    }
    generous: dict[str, Any] = {
        "notice": np.ones_like(rules.notice),
        "take_up_right": np.ones_like(rules.asks),
        "specificity": 0 * rules.specificity,
    }
    slow: dict[str, Any] = {"correct_days": 3 * rules.correct_days, "gives_up": 0, "asks": 0 * rules.asks}
    return rules._replace(threat=kinds, threat_channel=only, **window, **generous, **slow)


def made_at_the_end(ground: Ground) -> tuple[Kept, Kept, Kept]:
    """P23: corrections of an outage are made at its end and none is lost; records that would have come meanwhile come then."""
    up, dark = (ground.under(down(ground.rules, until)).fates(DESIGNED) for until in (BEGIN, END))
    before = (up["what"] & Fate.ENTERED > 0) & (up["entered"] < BEGIN)
    corrected = before & (up["what"] & Fate.CORRECTED > 0)
    waiting = corrected & (up["corrected"] >= BEGIN) & (up["corrected"] < END)
    meanwhile = (up["what"] & Fate.FILED > 0) & (up["entered"] >= BEGIN) & (up["entered"] < END)
    late = dark["entered"][meanwhile & (dark["what"] & Fate.ENTERED > 0)]
    lost = before & (up["what"] & Fate.CORRECTION_LOST > 0)
    lives, made = 2 * int(ground.people.size), int(waiting.sum())
    due = np.where(waiting, END, up["corrected"])[corrected]
    moments = kept(
        "days of corrections", dark["corrected"][corrected], due, lives=lives, happened=made, event="corrections that wait", least=2
    )
    still = np.concatenate([dark["what"][corrected] & Fate.CORRECTED > 0, dark["what"][lost] & Fate.CORRECTION_LOST > 0])
    none_lost = kept("corrections made, or lost, as without it", still, np.ones_like(still), lives=lives, happened=made, event="that wait")
    entries = kept(
        "entries of the time of the outage", late, np.full_like(late, END), lives=lives, happened=late.size, event="records late"
    )
    return moments, none_lost, entries


# --- P16: who is heard when -----------------------------------------------------------------------------------------------------------


def found_from(village: Village, first: Floats, dice: np.random.Generator) -> Floats:
    """The days on which offices decide, found from a first guess, a few people at a time and in any order; the lines are known."""
    at, page, folk, tapes, heard = village
    posts, due = first.copy(), np.ones(folk.size, np.int64)
    said = nothing_said(heard, folk.size)
    while due.any():
        turn = due * dice.integers(0, 2, folk.size)
        live_again(at, page, folk, tapes, heard._replace(posts=posts), turn, said)
        later, changed = due * (1 - turn), np.zeros_like(due)
        run_offices(at, page, folk, tapes.items, said, posts, changed)
        due = np.maximum(later, changed)
    return posts


def heard_in_any_order(ground: Ground) -> Kept:
    """P16: from nobody heard, from everybody heard on a random day, person by person in random order: the same days of decisions."""
    village, dice = ground.village, np.random.default_rng(ground.seed)
    posts, days = village.heard.posts, ground.rules.days
    firsts = (np.full_like(posts, NEVER), dice.uniform(0, days, posts.shape), -dice.uniform(0, days, posts.shape))
    served = int((posts < NEVER).sum())
    each = [
        kept(
            "days on which offices decide",
            found_from(village, first, dice),
            posts,
            lives=ground.lives,
            happened=served,
            event="decisions",
            least=5,
        )
        for first in firsts
    ]
    return all_of(each)
