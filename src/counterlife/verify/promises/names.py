"""What is only a name or a unit changes nothing: P7, P10 and P21."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...layout import ALWAYS_OPEN, CELLS, PERSON, YEAR, Link, Rulebook
from .ground import Ground
from .kept import Kept, PowerlessError, alike, kept, moved, total
from .nothing import DESIGNED

IN_POINTS = (
    "start", "lowest", "highest", "points", "discretion", "cuts", "minor", "list_mark", "proxy", "proxy_cell", "near_points", "meter_low",
    "meter_step",
)  # fmt: skip
FAR = 10**12  # points beyond every score


# --- P7: other names ------------------------------------------------------------------------------------------------------------------


def relabelled(rules: Rulebook, order: Any) -> Rulebook:
    """The book with its domains in another order: the domain that was `order[d]` is now d. No two ways of a sanction are equally short."""
    n = rules.child_domain.size
    lags = rules.joint_on + np.arange(n * n).reshape(n, n) / 1000
    place = np.argsort(order)
    between: dict[str, Any] = {"joint": rules.joint, "joint_on": lags, "joint_off": rules.joint_off, "joint_lost": rules.joint_lost}
    each = ("gate_score", "apply", "gate_stream", "child_domain", "parents", "together", "domain_from", "domain_until")
    return rules._replace(
        opens_at=rules.opens_at[:, order],
        closes_lowest=rules.closes_lowest[:, order],
        passes=rules.passes[:, order],
        list_domain=np.where(rules.list_domain < 0, rules.list_domain, place[rules.list_domain]),
        spared=place[rules.spared],
        joint_stream=rules.joint_stream[np.ix_(order, order)],
        **{name: table[:, order][:, :, order] for name, table in between.items()},
        **{name: getattr(rules, name)[order] for name in each},
    )


def domains_renamed(ground: Ground) -> Kept:
    """P7: gates, lists, joint sanctions, caps, parents and households in another order: the same days under other names."""
    domains = list(ground.words.domains)
    order = np.roll(np.arange(len(domains))[::-1], 1)
    before, after = (ground.under(relabelled(ground.rules, one)).columns for one in (np.arange(len(domains)), order))
    names = {domains[old]: domains[new] for new, old in enumerate(order)}

    def elsewhere(name: str) -> str:
        head, _, last = name.rpartition(".")
        return f"{head}.{names[last]}" if last in names else name

    days = {total(before, f"people closed_days.{ground.words.worlds[DESIGNED]}.{d}") for d in domains}
    if len(days) < len(domains):
        raise PowerlessError("two domains are shut on as many days, so that their names might be confused")
    under = {elsewhere(name): column for name, column in before.items()}
    answer = len(moved(before, after))
    return alike("domains in another order", under, after, lives=2 * ground.lives, happened=answer, event="columns that change their name")


def groups_renamed(ground: Ground) -> Kept:
    """P7: where nothing depends on the group, the numbers move with the names of groups, and the sums stay."""
    by_group = ("factor", "detect", "ghost", "take_up", "threat_rate", "proxy_cell")
    level: dict[str, Any] = {name: np.repeat(getattr(ground.rules, name)[:, :1], CELLS, axis=1) for name in by_group}
    free = ground.under(ground.rules._replace(**level))
    order = np.random.default_rng(ground.seed).permutation(CELLS)
    others = ground.people.copy()
    others["cell"] = order[ground.people["cell"]]
    one, two = free.columns, free.among(others).columns
    seen, due = {}, {}
    for name, column in one.items():
        if name.startswith("latent "):  # its rows are of groups, and each axis of them is everybody
            seen[name], due[name] = column.sum(keepdims=True), two[name].sum(keepdims=True)
        else:
            seen[name], due[name] = column, two[name][order] if name.startswith("people ") else two[name]
    answer = len(moved(ground.columns, ground.among(others).columns))
    return alike(
        "groups under other names", seen, due, lives=2 * ground.lives, happened=answer, event="columns that move where groups matter"
    )


# --- P10: other units -----------------------------------------------------------------------------------------------------------------


def scaled(rules: Rulebook, factor: int) -> Rulebook:
    """The book with everything that is points multiplied."""
    gates = np.where(rules.opens_at == ALWAYS_OPEN, ALWAYS_OPEN, rules.opens_at * factor)
    return rules._replace(opens_at=gates, **{name: getattr(rules, name) * factor for name in IN_POINTS})


def ten_times_the_points(ground: Ground) -> Kept:
    """P10: marks, noise, discretion, reach and traits included; points have to be large, so that halves rounded decide nothing."""
    more = scaled(ground.rules, 10)
    answer = len(moved(ground.columns, ground.under(more._replace(points=ground.rules.points)).columns))
    what = "ten times the points"
    return alike(
        what, ground.columns, ground.under(more).columns, lives=2 * ground.lives, happened=answer, event="columns moved by half of it"
    )


def another_zero(ground: Ground) -> Kept:
    """P10: all scores and marks moved together, another zero for each score, where no score is clipped."""
    rules = ground.rules
    free = rules._replace(lowest=np.full_like(rules.lowest, -FAR), highest=np.full_like(rules.highest, FAR))
    unit = int(np.abs(rules.points).max())
    by = np.array([2 * unit, -unit, 7 * unit, unit, -3 * unit, 5 * unit])[: rules.start.shape[1]]
    gates = np.where(free.opens_at == ALWAYS_OPEN, ALWAYS_OPEN, free.opens_at + by[free.gate_score])
    other = free._replace(
        start=free.start + by,
        opens_at=gates,
        list_mark=free.list_mark + by[free.list_score],
        cuts=free.cuts + by[0],
        meter_low=free.meter_low + int(by[0]),
    )
    before, after = ground.under(free).columns, ground.under(other).columns
    answer = len(moved(before, ground.under(free._replace(start=free.start + by)).columns))
    return alike(
        "scores and marks moved together", before, after, lives=2 * ground.lives, happened=answer, event="columns moved by the start alone"
    )


# --- P21: records go where the name goes ----------------------------------------------------------------------------------------------


def threes(number: int = 90) -> tuple[Any, Any]:
    """People in threes: the first of each does something, the second has the same name; and the same people when the second and the third
    have changed names.
    """
    everybody, n = np.zeros(number, PERSON), np.arange(number)
    everybody["age"], everybody["frailty"] = 30 * YEAR, np.where(n % 3 == 0, 1.0, 0.0)
    everybody["guardian"] = everybody["guardian2"] = -1
    everybody["household"], everybody["surname"] = n, np.where(n % 3 == 2, number + n, n // 3)
    others = everybody.copy()
    others["surname"][1::3], others["surname"][2::3] = everybody["surname"][2::3], everybody["surname"][1::3]
    return everybody, others


def names_followed(ground: Ground) -> Kept:
    """P21: people in threes on a list by record, linked by name: when two change names, the wrong records change persons and days."""
    before, after = (ground.among(them).shut(DESIGNED) for them in threes())
    seen = np.stack([before[2::3], after[2::3], after[1::3], after[0::3]])
    due = np.stack([np.zeros_like(before[2::3]), before[1::3], np.zeros_like(before[1::3]), before[0::3]])
    name = "one of the name" if (ground.rules.link == Link.ASSIGN_ONE).any() else "all of the name"
    wrongly = int(before[1::3].sum())
    return kept(f"records given to {name}, day by day", seen, due, lives=180, happened=wrongly, event="days shut out for a name", least=100)
