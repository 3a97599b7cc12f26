"""What changes nothing moves nothing: P1, P18, P22, P24 and P25, each looked at on one ground.

The first five worlds of the ground are as designed, with accurate records, as designed once more, with the records of the law, and without
a system, unless a function says otherwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...layout import ALWAYS_OPEN, QUALITIES, Link, Rulebook, Threat
from .ground import Columns, Ground
from .kept import Kept, PowerlessError, alike, kept, lives_in, moved, never, total

DESIGNED, ACCURATE, AGAIN, LAWFUL, NOBODY = range(5)
ABOUT_LEARNING = ("people learned*", "waits learned.*", "waits unlearned.*", "waits unaware.*")


# --- P1 -------------------------------------------------------------------------------------------------------------------------------


def without_errors(rules: Rulebook) -> Rulebook:
    """No ghost, no namesake, no second copy, nothing misread or inflated; sources hear of settlements at once, and corrections are made."""
    none = ("ghost", "misread", "inflate", "duplicate", "update_days", "fix_days", "fix_lost", "back", "correct_days", "correct_lost")
    nothing: dict[str, Any] = {name: 0 * getattr(rules, name) for name in none}
    return rules._replace(link=np.full_like(rules.link, Link.NONE), updated=np.ones_like(rules.updated), **nothing)


def without_restrictions(rules: Rulebook) -> Rulebook:
    """No list and no gate closes anything."""
    return rules._replace(
        opens_at=np.full_like(rules.opens_at, ALWAYS_OPEN),
        closes_lowest=np.zeros_like(rules.closes_lowest),
        list_domain=np.full_like(rules.list_domain, -1),
        joint=np.zeros_like(rules.joint),
    )


def one_world(ground: Ground, world: str, twin: str, reference: str) -> Kept:
    """P1: in a ground without errors two worlds with the same rules are one, in every column, and so are they beside a third one."""
    found = ground.under(without_errors(ground.rules)).columns
    beside = {name: column for name, column in found.items() if f"{world}~{reference}" in name}
    due = {name: found[name.replace(f"{world}~{reference}", f"{twin}~{reference}")] for name in beside}
    apart = {name: column for name, column in found.items() if f"{world}~{twin}" in name and "marked_twin" not in name}
    seen = lives_in(found, world) | beside | apart
    due = lives_in(found, twin) | due | {name: np.zeros_like(column) for name, column in apart.items()}
    shut = total(found, f"people closed_days.{twin}.*")
    return alike(f"{world} beside {twin}, without errors", seen, due, lives=ground.lives, happened=shut, event="domain-days closed")


def undisturbed(ground: Ground, world: str, nobody: str) -> Kept:
    """P1: where nothing is ever closed people do what they do without a system; where gates close they do not."""
    free, bound = ground.under(without_restrictions(ground.rules)).columns, ground.columns

    def events(found: Columns, name: str) -> Columns:
        return {column: found[f"{column}.{name}"] for column in {name.rpartition(".")[0] for name in found if " events." in name}}

    if total(free, f"people closed_any_days.{world}"):
        raise PowerlessError("gates close although no rule closes any")
    answer = len(moved(events(bound, world), events(bound, nobody)))
    calm, due = events(free, world), events(free, nobody)
    return alike(
        "events where nothing closes", calm, due, lives=ground.lives, happened=answer, event="classes whose events move under strain"
    )


def nobody_restricted(ground: Ground, nobody: str) -> Kept:
    """Without a system nobody is restricted."""
    found = ground.columns
    lives = np.concatenate([found[name] for name in found if name.startswith("people ") and f".{nobody}" in name and "~" not in name])
    shut = total(found, "people closed_days.*")
    return never("a world without a system", lives, lives=int(ground.people.size), happened=shut, event="domain-days closed elsewhere")


# --- P18 ------------------------------------------------------------------------------------------------------------------------------


def mute(rules: Rulebook) -> Rulebook:
    """Nothing can be contested."""
    return rules._replace(contestable=np.zeros_like(rules.contestable))


def nobody_appeals(ground: Ground) -> Kept:
    """P18: take-up 0. People still learn of records; nothing else is different from a place where nobody can appeal."""
    silent = ground.under(ground.rules._replace(take_up=np.zeros_like(ground.rules.take_up))).columns
    none = ground.under(mute(ground.rules)).columns
    answer = len(moved(silent, ground.columns))
    return alike(
        "take-up 0 beside no appeal at all",
        silent,
        none,
        lives=2 * ground.lives,
        happened=min(answer, total(silent, f"people learned.{ground.words.worlds[DESIGNED]}")),
        event="columns that appeals would move",
        least=10,
        but=ABOUT_LEARNING,
    )


def nobody_decides(ground: Ground) -> Kept:
    """P18: an office that never decides. Everybody who appeals waits to the end and is shut out on the same days as without appeals."""
    rules = ground.rules
    busy = rules._replace(office=np.ones_like(rules.office), offices=np.ones_like(rules.offices), slots=0 * rules.slots)
    stuck = ground.under(busy._replace(decide_law=0 * rules.decide_law, decide_days=0 * rules.decide_days + 1e9))
    if total(stuck.columns, "people decided.*"):
        raise PowerlessError("the office that never decides has decided")
    return kept(
        "an office that never decides beside no appeal at all, day by day",
        stuck.shut_everywhere,
        ground.under(mute(rules)).shut_everywhere,
        lives=2 * ground.lives,
        happened=total(stuck.columns, f"people contested.{ground.words.worlds[DESIGNED]}"),
        event="appeals that wait",
        least=10,
    )


# --- P22 ------------------------------------------------------------------------------------------------------------------------------


def nothing_in_the_window(rules: Rulebook) -> Rulebook:
    """Every window of an attack is over when it begins."""
    return rules._replace(threat_until=rules.threat_from)


def nobody_touched(rules: Rulebook) -> Rulebook:
    """No false record, no record held back, no channel down or set back."""
    quiet = (Threat.INSERT, Threat.DELETE)  # by their rate and their share
    none = np.isin(rules.threat, quiet).astype(np.int64)[:, None] * rules.threat_channel
    return rules._replace(threat_rate=0 * rules.threat_rate, threat_share=0 * rules.threat_share, threat_channel=none)


def idle_attack(ground: Ground, idle: Rulebook) -> Kept:
    """P22: under attacks that touch nothing the world under attack, the first, is the one that is not, the third."""
    worlds = ground.words.worlds
    attacked, spared = (lives_in(ground.under(idle).columns, worlds[w]) for w in (DESIGNED, AGAIN))
    answer = len(moved(*(lives_in(ground.columns, worlds[w]) for w in (DESIGNED, AGAIN))))
    if not total(spared, "people closed_days*"):
        raise PowerlessError("nobody is shut out, so that an attack could not change that")
    what = "attacks that touch nothing" if idle.threat_share.any() or idle.threat_rate.any() else "attacks at the rate 0"
    return alike(what, attacked, spared, lives=ground.lives, happened=answer, event="columns that the attacks would move")


def breached(ground: Ground) -> Kept:
    """P22: where records are only copied the world under attack, the first, is the one that is not, the third."""
    worlds = ground.words.worlds
    copied, spared = (lives_in(ground.columns, worlds[w]) for w in (DESIGNED, AGAIN))
    shut = total(spared, "people closed_days*")
    return alike("breaches that never come", copied, spared, lives=ground.lives, happened=shut, event="domain-days closed")


# --- P24 ------------------------------------------------------------------------------------------------------------------------------


def by_records_alone(rules: Rulebook) -> Rulebook:
    """Wrong records are all that can do wrong: no good one is lost to a namesake, and no right one is taken off late after an appeal."""
    return mute(rules)._replace(link=np.full_like(rules.link, Link.NONE))


def without_kin(ground: Ground) -> tuple[Ground, Ground]:
    """The ground where no gate looks at parents or households, and the one where nobody has any."""
    rules, folk = ground.rules, ground.people
    alone = ground.under(rules._replace(child_domain=0 * rules.child_domain, parents=0 * rules.parents, together=0 * rules.together))
    childless = ground.under(rules._replace(together=0 * rules.together)).among(folk[folk["guardian"] < 0])
    return alone, childless


def nobody_harmed_for_another(ground: Ground, alone: Ground) -> Kept:
    """P24: without kin nobody has a wrongful day without a wrong record of their own, and no child any."""
    worlds, found = ground.words.worlds, alone.columns
    pair = f"{worlds[DESIGNED]}~{worlds[ACCURATE]}"
    if total(ground.columns, f"people child_ever.{worlds[DESIGNED]}") < 1 or total(found, f"people wrongful_days.{pair}.*") < 1:
        raise PowerlessError("no child is shut out with kin, or nobody wrongfully without")
    about = (f"people bystander_days.{pair}", "people child_ever.", "people child_wrongful_ever.")
    times = np.concatenate([column for name, column in found.items() if name.startswith(about) and (name == about[0] or "by" not in name)])
    bystanders = total(ground.columns, about[0])
    return never(
        "wrongful days for others, without kin", times, lives=alone.lives, happened=bystanders, event="such days with kin", least=10
    )


# --- P25 ------------------------------------------------------------------------------------------------------------------------------


def lived_again(ground: Ground) -> Kept:
    """P25: two worlds with the conduct of the accurate one are one, and one with accurate records besides is the accurate one."""
    quality = np.array([QUALITIES[name] for name in ("as they come", "accurate", "as they come", "accurate", "as they come")])
    borrowed = np.array([-1, -1, 1, 1, 1])
    rules = ground.rules._replace(quality=quality, conduct=borrowed, row=np.zeros_like(ground.rules.row))
    found, names = ground.under(rules).columns, ground.words.worlds
    lives = [lives_in(found, name) for name in names[:5]]
    seen = {f"{name} 1": column for name, column in lives[3].items()} | {f"{name} 2": column for name, column in lives[2].items()}
    due = {f"{name} 1": column for name, column in lives[1].items()} | {f"{name} 2": column for name, column in lives[4].items()}
    events = [name for name in lives[0] if name.startswith("classes ") and name.endswith("events")]
    answer = sum(int(not np.array_equal(lives[0][name], lives[1][name])) for name in events)
    seen |= {f"{name} 3": lives[2][name] for name in events}
    due |= {f"{name} 3": lives[1][name] for name in events}
    return alike(
        "worlds with the conduct of another", seen, due, lives=ground.lives, happened=answer, event="classes done otherwise as designed"
    )
