"""What is only a name or a unit changes nothing: P7, P10, P21 and P24 of the method."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lived import Data, total, variant
from oracle.books import book
from oracle.tiny import blacklist

from counterlife.layout import Link
from counterlife.verify.promises import names, nothing

from .country import PEOPLE, lived_in
from .hamlet import SEEDS, Columns, different, ground, hold

ROLLOUT = str(Path(__file__).parents[1] / "scenarios" / "valid" / "rollout.yaml")
OTHER = {"North": "South", "South": "North"}


# --- P7: other names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", ["everything", "threats"])
def test_other_names_of_domains_give_the_same_days_under_other_names(style: str, seed: int) -> None:
    """P7: gates, lists, joint sanctions, caps, parents and households included."""
    hold(names.domains_renamed(ground(book(style, seed), seed)))


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_that_no_rule_knows_can_be_renamed(seed: int) -> None:
    """P7: where nothing depends on the group, the numbers move with the names, and the sums stay."""
    hold(names.groups_renamed(ground(book("everything", seed), seed)))


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


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", ["scores", "conduct", "everything"])
def test_ten_times_the_points_are_the_same_points(style: str, seed: int) -> None:
    """P10: marks, noise, discretion, reach and traits included; points are large, so that halves rounded decide nothing."""
    hold(names.ten_times_the_points(ground(names.scaled(book(style, seed), 1000), seed)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", ["scores", "conduct", "everything"])
def test_all_scores_and_marks_can_be_moved_together(style: str, seed: int) -> None:
    """P10: another zero for each score, where no score is clipped."""
    hold(names.another_zero(ground(book(style, seed), seed)))


# --- P21: records go where the name goes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("link", "share"), [(Link.ASSIGN_ONE, 0.5), (Link.PAIRWISE, 1.0)])
def test_wrong_records_follow_the_name(link: Link, share: float) -> None:
    """P21: in each of thirty threes the first does something, the second has the same name; then the second and the third change names."""
    rules = blacklist(1000, term=90.0, ceiling=2 / 365, frail=1, link=link, link_share=share)
    hold(names.names_followed(ground(rules, 1, names.threes()[0])))


# --- P24: without kin -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_without_kin_nobody_is_harmed_for_another(seed: int) -> None:
    """P24: no wrongful day without a wrong record of one's own where no gate looks at parents or households; nor where nobody has any."""
    town = ground(book("families", seed), seed)
    for alone in nothing.without_kin(town):
        hold(nothing.nobody_harmed_for_another(town, alone))
