"""What becomes of a wrong record that somebody puts right: P13, P17 and P23 of the method, and who is heard when.

P16 of the method, that the length of an epoch does not matter, is promised by there being none: lives are lived in continuous time, and the
one thing that people send each other, the days on which offices decide, is found as the one course of events in which everything fits.
Here it is found from wrong first guesses and in other orders.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from oracle.books import book
from oracle.tiny import blacklist, people, rulebook

from counterlife.layout import NEVER, QUALITIES, YEAR, Delay, Fate, Floats, Keep, ListKind, Quality, Rulebook, Threat, Wrong
from counterlife.township.hearings import live_again, nothing_said, run_offices
from counterlife.township.jit import compiled
from counterlife.township.trace import Village, items_of, trace

from .hamlet import ACCURATE, DESIGNED, SEEDS, Columns, count, different, hamlet, lives_in, shut

COME = QUALITIES["as they come"]
TOLD = 20.0  # days after which people are told


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


# --- P13: a record that is taken off was never there ----------------------------------------------------------------------------

ABOUT_DOORS = ("people closed", "people entries", "people exits", "people open_end", "people ever", "people redlist", "people squares")


def about_doors(numbers: Columns) -> Columns:
    """The columns about what is shut on whole days; those about files and appeals tell that the record was there."""
    chosen = {name: column for name, column in numbers.items() if name.startswith((*ABOUT_DOORS, "months closed", "spread"))}
    assert len(chosen) > 20
    return chosen


def as_sum(rules: Rulebook) -> Rulebook:
    """The score is the sum of what acts."""
    assert not rules.ledger.any()
    return rules


def as_ledger(rules: Rulebook) -> Rulebook:
    """The score is a ledger that is clipped at every step, and narrow."""
    kept: dict[str, Any] = {"keep": np.full_like(rules.keep, NEVER), "keep_law": np.full_like(rules.keep_law, Keep.ENTRY)}
    ends: dict[str, Any] = {"lowest": np.full_like(rules.lowest, -120), "highest": np.full_like(rules.highest, 60)}
    return rules._replace(ledger=np.ones_like(rules.ledger), **kept, **ends)


def lists_only(rules: Rulebook) -> Rulebook:
    """No gate and no list looks at a score."""
    record = rules.list_kind == ListKind.RECORD
    domain = np.where(record, rules.list_domain, -1)
    return rules._replace(opens_at=np.full_like(rules.opens_at, np.iinfo(np.int64).min), list_domain=domain)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("form", [as_sum, as_ledger, lists_only])
@pytest.mark.parametrize("style", ["redress", "stages"])
def test_a_record_taken_off_as_it_enters_leaves_no_trace(style: str, form: Any, seed: int) -> None:
    """P13: the world as it comes (D) is the world without ghosts and without records from elsewhere (A here), on every day."""
    without = COME & ~(Quality.GHOSTS | Quality.STRAYS)
    rules = form(heard_at_once(book(style, seed)))
    rules = rules._replace(quality=np.array([COME, without, *rules.quality[2:]]))
    found = count(rules, seed)
    lives = [lives_in(found, world) for world in "DA"]
    assert lives[0]["people corrected"].sum() > lives[1]["people corrected"].sum() + 10  # there, of those who were told too late
    assert lives[1]["people closed_any_days"].sum() > 500
    assert different(about_doors(lives[0]), about_doors(lives[1])) == []
    uncorrected = lives_in(count(rules._replace(contestable=np.zeros_like(rules.contestable)), seed), "D")
    assert different(about_doors(uncorrected), about_doors(lives[1])) != []


def clipped(score: int) -> int:
    """Within the narrow ledger below."""
    return min(max(score, -100), 40)


def days_shut(entries: list[tuple[float, int, float]], days: int, add_back: bool) -> Any:
    """The days on which a ledger of (day of entry, points, day of correction) is below -20: replayed without what is corrected, or with the
    points added back.
    """
    moments = sorted({day for entry in entries for day in (entry[0], entry[2]) if day < days})
    found, score = np.zeros(days, bool), 0
    for now in moments:
        if add_back:
            steps = [(day, points) for day, points, _ in entries if day <= now] + [
                (day, -points) for _, points, day in entries if day <= now
            ]
        else:
            steps = [(day, points) for day, points, corrected in entries if day <= now < corrected]
        score = 0
        for _, points in sorted(steps, key=lambda step: step[0]):
            score = clipped(score + points)
        found[int(now) :] = score < -20
    return found


def test_a_ledger_is_replayed_and_not_paid_back() -> None:
    """P13: where a ghost hit the floor or came before the ceiling was hit, giving its points back would be another life."""
    rules = rulebook(
        1000,
        classes=2,
        channels=(0, 1),
        ceiling=[2 / YEAR, 3 / YEAR],
        ghost=np.array([[2 / YEAR], [0.0]]),
        points=[[-35, 25]] * 2,
        ledger=1,
        lowest=-100,
        highest=40,
        opens_at=-20,
    )
    village = hamlet(heard_at_once(rules, TOLD), 1, people(60))
    found, otherwise = shut(village, DESIGNED), 0
    for i in range(60):
        wrongly = items_of(village, i)["wrong"] != Wrong.NOTHING
        points = rules.points[0, 0][items_of(village, i)["channel"]]
        entries = [(t, int(v), t + TOLD if w else NEVER) for t, v, w in zip(items_of(village, i)["time"], points, wrongly, strict=True)]
        assert np.array_equal(found[i, 0], days_shut(entries, 1000, add_back=False))
        otherwise += not np.array_equal(found[i, 0], days_shut(entries, 1000, add_back=True))
    assert otherwise > 10
    assert found.any()


# --- P17: wrong from the entry to the notice ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_record_acts_until_the_person_is_told(seed: int) -> None:
    """P17: told of all, heard at once, always found to be right: twenty days for each wrong record, and all days for the right ones."""
    village = hamlet(heard_at_once(book("redress", seed), TOLD), seed)
    acted = right = 0
    for i in range(village.people.size):
        fates, items = trace(village, i, DESIGNED).fates, items_of(village, i)
        entered = fates["what"] & Fate.ENTERED > 0
        wrongly = entered & (items["wrong"] != Wrong.NOTHING)
        assert np.array_equal(fates["until"][wrongly], np.minimum(fates["entered"][wrongly] + TOLD, 1000.0))
        assert (fates["what"][wrongly & (fates["entered"] + TOLD < 1000)] & Fate.CORRECTED > 0).all()
        settled = fates["what"] & Fate.CONTESTED > 0
        assert not (fates["what"][entered & ~wrongly & (items["settle"] >= NEVER)] & Fate.CORRECTED).any()
        acted, right = acted + int((wrongly & settled).sum()), right + int((entered & ~wrongly).sum())
    assert acted > 10
    assert right > 10


def test_days_wrongful_are_those_from_entry_to_notice() -> None:
    """P17: on a list that any record leads to, where nobody does anything and all is ghosts."""
    rules = heard_at_once(blacklist(1000, ceiling=0.0, ghost=1 / YEAR), TOLD)
    village = hamlet(rules, 3, people(60))
    expected = np.zeros((60, 1, 1000), bool)
    for i in range(60):
        for day in items_of(village, i)["time"]:
            expected[i, 0, int(day) : int(day + TOLD)] = True
    assert np.array_equal(shut(village, DESIGNED), expected)
    assert not shut(village, ACCURATE).any()
    assert 60 * TOLD < expected.sum() < 60 * 1000 / 4


# --- P23: a source that is down -------------------------------------------------------------------------------------------------

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


def fates_of(village: Village, w: int = DESIGNED) -> Any:
    """What became of all items of the hamlet in a world."""
    return np.concatenate([trace(village, i, w).fates for i in range(village.people.size)])


@pytest.mark.parametrize("seed", SEEDS)
def test_corrections_of_an_outage_are_made_at_its_end_and_none_is_lost(seed: int) -> None:
    """P23: and records that would have come meanwhile come then."""
    rules = book("threats", seed)
    up, dark = (fates_of(hamlet(down(rules, until), seed)) for until in (BEGIN, END))
    before = (up["what"] & Fate.ENTERED > 0) & (up["entered"] < BEGIN)
    assert np.array_equal(up["entered"][before], dark["entered"][before])
    corrected = before & (up["what"] & Fate.CORRECTED > 0)
    waiting = corrected & (up["corrected"] >= BEGIN) & (up["corrected"] < END)
    assert waiting.sum() > 2
    assert (dark["what"][corrected] & Fate.CORRECTED > 0).all()
    assert np.array_equal(dark["corrected"][corrected], np.where(waiting, END, up["corrected"])[corrected])
    meanwhile = (up["what"] & Fate.FILED > 0) & (up["entered"] >= BEGIN) & (up["entered"] < END)
    assert meanwhile.sum() > 10
    assert set(dark["entered"][meanwhile & (dark["what"] & Fate.ENTERED > 0)]) == {END}
    lost = before & (up["what"] & Fate.CORRECTION_LOST > 0)
    assert (dark["what"][lost] & Fate.CORRECTION_LOST > 0).all()


# --- who is heard when ----------------------------------------------------------------------------------------------------------


def found(village: Village, first: Floats, dice: np.random.Generator) -> Floats:
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


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", ["office", "reactions and an office", "everything"] if compiled() else ["office"])
def test_who_is_heard_when_does_not_depend_on_where_the_search_begins(style: str, seed: int) -> None:
    """From nobody heard, from everybody heard on a random day, person by person in random order: the same days."""
    village, dice = hamlet(book(style, seed), seed), np.random.default_rng(seed)
    posts = village.heard.posts
    assert (posts < NEVER).sum() > 5
    for first in (np.full_like(posts, NEVER), dice.uniform(0, 1000, posts.shape), -dice.uniform(0, 1000, posts.shape)):
        assert np.array_equal(found(village, first, dice), posts)
