"""The plain engine on random busy rule books: every mechanism is at work in one of them, and the books balance."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import pytest

from counterlife.layout import QUALITIES, RECORD_KINDS, Cause

from .books import LABELS, PEOPLE, STYLES, book, folk
from .plain import Township, live
from .plain_compare import Tables
from .plain_tallies import tally
from .tiny import PLACE, populace, total

AT_WORK = {
    "scores": ["repaired.D", "cliff.D", "redlist_days.D", "records.D.stale"],
    "records": ["records.D.misread", "records.D.inflated", "records.D.rule", "records.A.rule", "records.D.lost", "records.D.stray"],
    "conduct": ["near.D"],
    "redress": ["learned.D", "upheld_wrong.D", "second.D", "corrected.D", "corrections_lost.D", "returned.D", "gave_up.D", "contested.A"],
    "weary redress": ["gave_up.D", "near.D", "corrected.D"],
    "office": ["contested.D", "decided.D", "upheld.D"],
    "reactions and an office": ["contested.D", "decided.D", "upheld.D", "gave_up.D"],
    "stages": ["corrected.D", "records.D.stray", "child_ever.D"],
    "threats": ["records.D.tampered", "tampered_open.D", "returned.D", "corrected.D"],
    "families": ["child_ever.D", "child_wrongful_ever.D~A"],
    "everything": ["records.D.tampered", "corrected.D", "near.D", "repaired.D", "records.D.rule", "child_ever.D", "returned.D"],
    "with ranks": ["records.D.ghost", "biting.D", "child_ever.D", "cliff.D"],
    "with ranks and offices": ["records.D.tampered", "decided.D", "upheld.D", "corrected.D", "cliff.D"],
    "with duplicates": ["records.D.duplicate", "records.D.misread", "contested.D", "biting.D", "records.D.tampered"],
    "with parts": ["repaired.D", "cliff.D", "corrected.D", "redlist_days.D", "records.D.stale"],
    "with friends": ["redlist_days.D", "biting.D", "child_ever.D", "near.D", "reversals.D"],
    "with soft gates": ["applied.loans", "refused.D.travel", "refused_wrongly.D~A.registry"],
    "with strays that answer": ["records.D.stray", "records.M.stray", "records.D.lost", "near.D", "biting.D"],
    "everything and friends": [
        "records.D.duplicate",
        "records.D.stray",
        "records.D.tampered",
        "corrected.D",
        "near.D",
        "repaired.D",
        "child_ever.D",
        "gave_up.D",
    ],
}


@lru_cache
def town(style: str) -> Township:
    """A township lived by a random book of a style."""
    return live(book(style, 1), populace(PEOPLE, names=8, holders=500), PLACE, folk(1), 11, 0)


@lru_cache
def tables(style: str) -> Tables:
    """Its tally."""
    return tally(town(style), LABELS)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_mechanism_is_at_work(style: str) -> None:
    counted = tables(style)
    assert {column: total(counted, column) for column in AT_WORK[style] if not total(counted, column)} == {}
    assert sum(total(counted, f"wrongful_days.D~A.{d}") for d in LABELS.domains) > 100


@pytest.mark.parametrize("style", ["everything", "with ranks", "with ranks and offices"])
def test_reviews_close_and_open_gates_in_every_world_with_rules(style: str) -> None:
    """In each as often as it has rules that rank, and in none that has not."""
    *ruled, lawless = town(style).lives
    for lives in ruled:
        steps = [pair for life in lives for pair in pairwise(life.changes) if pair[1].cause == Cause.RANKING]
        assert sum(bool(after.closed - before.closed) for before, after in steps) > 15
        assert sum(bool(before.closed - after.closed) for before, after in steps) > 5
        assert len(lives[0].world.lines) > 10
    assert not lawless[0].world.lines


@pytest.mark.parametrize("style", ["with friends", "everything and friends"])
def test_friends_and_family_close_and_open_gates_in_every_world_with_rules(style: str) -> None:
    *ruled, lawless = town(style).lives
    for lives in ruled:
        steps = [pair for life in lives for pair in pairwise(life.changes) if pair[1].cause == Cause.TIES]
        assert sum(bool(after.closed - before.closed) for before, after in steps) > 5
        assert sum(bool(before.closed - after.closed) for before, after in steps) > 2
        taken = lives[0].world.taken.values()
        assert len({pull for _, pull in taken}) > 10
        assert {weight > 0 for weight, _ in taken} == {False, True}
    assert not lawless[0].world.taken


@pytest.mark.parametrize("style", sorted(STYLES))
def test_the_books_balance(style: str) -> None:
    """Records, cases and spells each have one fate; what is closed in one world only is wrongful or lenient."""
    counted = tables(style)
    kinds = [kind for kind in RECORD_KINDS if kind not in ("stale", "lost")]
    for w in "DAMLN":
        entered = total(counted, f"records_in.{w}")
        assert entered == sum(total(counted, f"records.{w}.{kind}") for kind in kinds)
        assert entered == total(counted, f"records_out.{w}") + total(counted, f"records_open.{w}")
        assert total(counted, f"contested.{w}") == total(counted, f"filed.{w}", "waits") if total(counted, f"contested.{w}") else True
        for d in LABELS.domains:
            ended = total(counted, f"exits.{w}.{d}") + total(counted, f"open_end.{w}.{d}")
            assert total(counted, f"entries.{w}.{d}") == ended
            assert total(counted, f"closed_days.{w}.{d}") <= total(counted, f"scope_days.{d}")
    for w, v in ("DA", "MA", "DM"):
        for d in LABELS.domains:
            more = total(counted, f"closed_days.{w}.{d}") - total(counted, f"closed_days.{v}.{d}")
            assert more == total(counted, f"wrongful_days.{w}~{v}.{d}") - total(counted, f"lenient_days.{w}~{v}.{d}")
        assert total(counted, f"spell_days.{w}~{v}") == total(counted, f"wrongful_any_days.{w}~{v}")
    assert all(total(counted, f"closed_days.N.{d}") == 0 for d in LABELS.domains)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_accurate_records_are_never_wrong_but_by_the_rule(style: str) -> None:
    for lives in (town(style).lives[w] for w, quality in enumerate(town(style).rulebook.quality) if quality == QUALITIES["accurate"]):
        kinds = {record.filing.by_rule for life in lives for record in life.records if record.wrong}
        assert kinds <= {True}
