"""What is only a name or a unit changes nothing: P7, P10, P21 and P24 of the method."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lived import Data, total, variant
from oracle.books import LABELS, book
from oracle.tiny import NO_GATE, blacklist, people

from counterlife.layout import CELLS, Link, Rulebook

from .country import PEOPLE, lived_in
from .hamlet import DESIGNED, SEEDS, Columns, count, different, hamlet, shut, sum_of, villagers

ROLLOUT = str(Path(__file__).parents[1] / "scenarios" / "valid" / "rollout.yaml")
DOMAINS = LABELS.domains
OTHER = {"North": "South", "South": "North"}


# --- P7: other names ------------------------------------------------------------------------------------------------------------


def relabelled(rules: Rulebook, order: Any) -> Rulebook:
    """The book with its domains in another order: the domain that was `order[d]` is now d. No two ways of a sanction are equally short."""
    n = rules.child_domain.size
    lags = rules.joint_on + np.arange(n * n).reshape(n, n) / 1000
    place = np.argsort(order)
    between: dict[str, Any] = {"joint": rules.joint, "joint_on": lags, "joint_off": rules.joint_off, "joint_lost": rules.joint_lost}
    each = ("gate_score", "apply", "child_domain", "parents", "together", "domain_from", "domain_until")
    return rules._replace(
        opens_at=rules.opens_at[:, order],
        closes_lowest=rules.closes_lowest[:, order],
        list_domain=np.where(rules.list_domain < 0, rules.list_domain, place[rules.list_domain]),
        spared=place[rules.spared],
        joint_stream=rules.joint_stream[np.ix_(order, order)],
        **{name: table[:, order][:, :, order] for name, table in between.items()},
        **{name: getattr(rules, name)[order] for name in each},
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", ["everything", "threats"])
def test_other_names_of_domains_give_the_same_days_under_other_names(style: str, seed: int) -> None:
    """P7: gates, lists, joint sanctions, caps, parents and households included."""
    rules, order = book(style, seed), np.array([3, 0, 4, 2, 1])
    before, after = count(relabelled(rules, np.arange(5)), seed), count(relabelled(rules, order), seed)
    names = {DOMAINS[old]: DOMAINS[new] for new, old in enumerate(order)}

    def elsewhere(name: str) -> str:
        head, _, last = name.rpartition(".")
        return f"{head}.{names[last]}" if last in names else name

    assert different({elsewhere(name): column for name, column in before.items()}, after) == []
    assert different(before, after) != []
    assert len({sum_of(before, f"people closed_days.D.{d}") for d in DOMAINS}) == 5


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_that_no_rule_knows_can_be_renamed(seed: int) -> None:
    """P7: where nothing depends on the group, the numbers move with the names, and the sums stay."""
    rules, folk = book("everything", seed), villagers(seed)
    by_group = ("factor", "detect", "ghost", "take_up", "threat_rate", "proxy_cell")
    alike: dict[str, Any] = {name: np.repeat(getattr(rules, name)[:, :1], CELLS, axis=1) for name in by_group}
    free = rules._replace(**alike)
    order = np.random.default_rng(seed).permutation(CELLS)
    others = folk.copy()
    others["cell"] = order[folk["cell"]]
    one, two = count(free, seed, folk), count(free, seed, others)
    for name, column in one.items():
        if name.startswith("latent "):  # its rows are of groups, and each axis of them is everybody
            assert column.sum() == two[name].sum(), name
        else:
            assert np.array_equal(column, two[name][order] if name.startswith("people ") else two[name]), name
    assert sum_of(one, "people wrongful_days.D~A.*") > 100
    assert len({sum_of(count(rules, seed, them), "people closed_days.D.*") for them in (folk, others)}) == 2


Islands = dict[str, Columns]


def as_it_is(table: list[Data]) -> list[Data]:
    """The two islands in the order of their numbers."""
    return table


def turned(table: list[Data]) -> list[Data]:
    """The last island first."""
    return table[::-1]


def renamed(table: list[Data]) -> list[Data]:
    """Each island has the other's name, and keeps everything else."""
    return [island | {"name": OTHER[island["name"]]} for island in table]


def islands(change: Callable[[list[Data]], list[Data]], pilot: str) -> Islands:
    """Two islands lived, by name, with pilots on one of them before the system comes to both; the table of islands is changed."""

    def of_two(data: Data) -> None:
        data["population"]["country"]["regions"] = change(data["population"]["country"]["regions"])
        for stage in data["rollout"]:
            stage["regions"] = [pilot] if stage.get("regions") else []

    town = variant(ROLLOUT, of_two, people=PEOPLE)
    return {region: lived_in(town, [region]) for region in town.names.regions}


def test_regions_in_another_order_are_lived_alike() -> None:
    """P7: an island keeps its number and its rules, wherever it stands in the table."""
    before, after = islands(as_it_is, "North"), islands(turned, "North")
    assert list(before) == list(after)[::-1] == ["North", "South"]
    for name, island in before.items():
        assert total(island, "people closed_days.designed.*") > 0
        assert different(island, after[name]) == []
    assert different(before["North"], before["South"]) != []


def test_regions_under_other_names_are_lived_alike() -> None:
    """P7: the rule books move with the names."""
    before, after, moved = islands(as_it_is, "North"), islands(renamed, "South"), islands(renamed, "North")
    for name, island in before.items():
        assert different(island, after[OTHER[name]]) == []
        assert different(island, moved[OTHER[name]]) != []  # the pilots are on the other island


# --- P10: other units -----------------------------------------------------------------------------------------------------------

IN_POINTS = (
    "start", "lowest", "highest", "points", "discretion", "cuts", "minor", "list_mark", "proxy", "proxy_cell", "near_points", "meter_low",
    "meter_step",
)  # fmt: skip


def scaled(rules: Rulebook, factor: int) -> Rulebook:
    """The book with everything that is points multiplied."""
    gates = np.where(rules.opens_at == NO_GATE, NO_GATE, rules.opens_at * factor)
    return rules._replace(opens_at=gates, **{name: getattr(rules, name) * factor for name in IN_POINTS})


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", ["scores", "conduct", "everything"])
def test_ten_times_the_points_are_the_same_points(style: str, seed: int) -> None:
    """P10: marks, noise, discretion, reach and traits included; points are large, so that halves rounded decide nothing."""
    rules = scaled(book(style, seed), 1000)
    found = count(rules, seed)
    assert different(found, count(scaled(rules, 10), seed)) == []
    assert sum_of(found, "people closed_days.D.*") > 500
    half_done = scaled(rules, 10)._replace(points=rules.points)
    assert different(found, count(half_done, seed)) != []


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", ["scores", "conduct", "everything"])
def test_all_scores_and_marks_can_be_moved_together(style: str, seed: int) -> None:
    """P10: another zero for each score, where no score is clipped."""
    rules = book(style, seed)
    free = rules._replace(lowest=np.full_like(rules.lowest, -(10**9)), highest=np.full_like(rules.highest, 10**9))
    by = np.array([70, -40, 333])[: rules.start.shape[1]]
    gates = np.where(free.opens_at == NO_GATE, NO_GATE, free.opens_at + by[free.gate_score])
    marks = free.list_mark + by[free.list_score]
    moved = free._replace(
        start=free.start + by, opens_at=gates, list_mark=marks, cuts=free.cuts + by[0], meter_low=free.meter_low + int(by[0])
    )
    found = count(free, seed)
    assert different(found, count(moved, seed)) == []
    assert sum_of(found, "people closed_days.D.*") > 500
    assert different(found, count(free._replace(start=free.start + by), seed)) != []


# --- P21: records go where the name goes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("link", "share"), [(Link.ASSIGN_ONE, 0.5), (Link.PAIRWISE, 1.0)])
def test_wrong_records_follow_the_name(link: Link, share: float) -> None:
    """P21: in each of thirty threes the first does something, the second has the same name; then the second and the third change names."""
    rules = blacklist(1000, term=90.0, ceiling=2 / 365, frail=1, link=link, link_share=share)
    number = np.arange(90)
    actor, second, third = (number[number % 3 == n] for n in range(3))
    names = number // 3
    folk = people(90, surname=np.where(number % 3 == 2, 30 + names, names), frailty=np.where(number % 3 == 0, 1.0, 0.0))
    others = folk.copy()
    others["surname"][second], others["surname"][third] = folk["surname"][third], folk["surname"][second]
    before, after = (shut(hamlet(rules, 1, them), DESIGNED) for them in (folk, others))
    assert before[second].sum() > 1000
    assert not before[third].any()
    assert np.array_equal(after[third], before[second])
    assert not after[second].any()
    assert np.array_equal(after[actor], before[actor])


# --- P24: without kin -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_without_kin_nobody_is_harmed_for_another(seed: int) -> None:
    """P24: no wrongful day without a wrong record of one's own where no gate looks at parents or households; nor where nobody has any."""
    rules = book("families", seed)
    with_kin = count(rules, seed)
    assert sum_of(with_kin, "people bystander_days.D~A") > 100
    assert sum_of(with_kin, "people child_ever.D") > 0
    alone = count(rules._replace(child_domain=0 * rules.child_domain, parents=0 * rules.parents, together=0 * rules.together), seed)
    folk = villagers(seed)
    childless = count(rules._replace(together=0 * rules.together), seed, folk[folk["guardian"] < 0])
    for found in (alone, childless):
        assert sum_of(found, "people wrongful_days.D~A.*") > 100
        assert sum_of(found, "people bystander_days.D~A") == 0
        assert sum_of(found, "people child_ever.*") == sum_of(found, "people child_wrongful_ever.*") == 0
