"""Parts of a scenario drawn by Hypothesis: classes of conduct, sources, scores, redress. `drawn.py` puts them together.

Each function takes the `draw` of a composite strategy and returns data in the language of scenarios. What is drawn first is what Hypothesis
can do without: a mechanism that is not needed shrinks away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

SIGNS = {"fine": "bad", "debt": "bad", "help": "good", "petition": "lawful"}
GROUPS = {"sex": ["male"], "age": ["0-17", "40-59", "60+"], "residence": ["rural"], "means": ["low", "high"]}


def yes(draw: Draw) -> bool:
    """Whether something is there; it shrinks to no."""
    return bool(draw(st.booleans()))


def often(draw: Draw) -> bool:
    """The same, three times in four."""
    return bool(draw(st.integers(0, 3)) > 0)


def some(draw: Draw, names: Sequence[str], least: int = 0) -> list[str]:
    """Some of the names, in their order."""
    chosen = [name for name in names if often(draw)]
    return chosen if len(chosen) >= least else list(names[:least])


def share(draw: Draw, low: int = 0) -> float:
    """A probability in steps of a twentieth, from so many twentieths on."""
    return float(draw(st.integers(low, 20))) / 20


def days(draw: Draw, most: int = 400, least: int = 0) -> str:
    """A duration in quarters of a day, or in whole days."""
    number = draw(st.integers(least, most))
    return f"{number + draw(st.sampled_from([0, 0, 0, 0.25, 0.5]))} days"


def rate(draw: Draw, most: int = 40, least: int = 0) -> str:
    """A rate in tenths of an event a year."""
    return f"{draw(st.integers(least, most)) / 10} per year"


def points(draw: Draw, low: int, high: int) -> float:
    """Points in halves."""
    return float(draw(st.integers(2 * low, 2 * high))) / 2


def by_group(draw: Draw, most: float = 1.5) -> Data:
    """Multipliers of one or two groups."""
    axes = some(draw, list(GROUPS)[:2] if yes(draw) else list(GROUPS)[2:], 1)
    return {axis: {draw(st.sampled_from(GROUPS[axis])): min(most, draw(st.integers(0, 6)) / 4)} for axis in axes}


def delay(draw: Draw, most: int = 60) -> Data:
    """A fixed time, or an exponential one."""
    return {draw(st.sampled_from(["fixed", "exponential"])): days(draw, most)}


# --- conduct and sources --------------------------------------------------------------------------------------------------------------


def conduct(draw: Draw, name: str, reacts: bool, frail: bool) -> Data:
    """A class of conduct; where people react, it may answer to closed gates and to what it was itself."""
    one: Data = {"sign": SIGNS[name], "rate": rate(draw, 12, 3)}
    if yes(draw):
        one["from_age"] = f"{draw(st.sampled_from([0, 12, 30]))} years"
    if yes(draw):
        one["by"] = by_group(draw)
    if yes(draw):
        one["settled_after"] = days(draw, 300, 1)
    if frail and yes(draw):
        one["frail"] = False
    if yes(draw):
        one["own_frailty"] = draw(st.sampled_from([0.5, 1, 2]))
    if reacts and often(draw):
        one |= {"strain": draw(st.sampled_from([1.5, 2, 0.5, 3])), "strain_at_most": draw(st.integers(1, 3))}
    if reacts and yes(draw):
        one["burst"] = {"adds": draw(st.sampled_from([0.5, 1])), "fades": days(draw, 60, 1), "at_most": draw(st.sampled_from([2, 1.5]))}
    return one


def procedure(draw: Draw) -> Data:
    """One of the four rules by which a record is raised."""
    kind = draw(st.sampled_from(["share", "screen", "average", "cohort"]))
    if kind == "share":
        return {"share": {"wrong": share(draw)}}
    if kind == "screen":
        return {"screen": {"owed": share(draw), "sensitivity": share(draw, 10), "false_alarm": share(draw)}}
    if kind == "cohort":
        return {"cohort": {"school": draw(st.integers(1, 4)) / 4, "stays": share(draw), "cut": draw(st.sampled_from([0, -0.5, 0.5]))}}
    work: Data = {"works": share(draw, 4), "pay": draw(st.sampled_from([800, 1500])), "spread": 0.3}
    return {"average": {**work, "full_rate": 550, "free": 100, "taper": 0.5, "unreported": share(draw), "claim_above": 5}}


def recording(draw: Draw, others: Sequence[str]) -> Data:
    """How a source records a class."""
    one: Data = {"detect": share(draw, 10)}
    if yes(draw):
        one["detect_by"] = by_group(draw, 1.0)
    if often(draw):
        one["ghosts"] = rate(draw, 3, 1)
        if yes(draw):
            one["ghosts_by"] = by_group(draw)
    if others and yes(draw):
        one["misread"] = {other: draw(st.integers(1, 6)) / 20 for other in some(draw, others, 1)[:3]}
    if yes(draw):
        one["inflated"] = {"share": share(draw, 2), "by": draw(st.sampled_from([2, 1.5, 0.5]))}
    if yes(draw):
        one["procedure"] = procedure(draw)
    return one


def source(draw: Draw, classes: Sequence[str], dates: st.SearchStrategy[str]) -> Data:
    """A source that records some classes."""
    names = some(draw, classes, 1)
    one: Data = {"records": {name: recording(draw, [other for other in names if other != name]) for name in names}}
    if yes(draw):
        one["delay"] = delay(draw)
    if often(draw):
        one["namesakes"] = {
            "mode": draw(st.sampled_from(["assign one", "pairwise"])),
            "share": share(draw, 1),
            "key": draw(st.sampled_from(["name", "name and year", "name and date"])),
        }
        if one["namesakes"]["mode"] == "pairwise":
            one["namesakes"]["share"] /= 4
        if yes(draw):
            one["namesakes"]["scope"] = "country"
            one["namesakes"]["share"] /= 4  # strays from elsewhere are in proportion to it
            if yes(draw):
                one["namesakes"]["country_from"] = draw(dates)
    if yes(draw):
        one["duplicates"] = {"share": share(draw, 2)} | ({"since": draw(dates)} if yes(draw) else {})
    if often(draw):
        one["staleness"] = {"updated": share(draw), "after": days(draw, 200)}
    return one


# --- scores ---------------------------------------------------------------------------------------------------------------------------


def score(draw: Draw, scenario: Data, public: bool, crowded: bool = False) -> Data:
    """A score of one of the three kinds, and where it starts: 100, which is 1 for a product. Crowded: a ledger with narrow limits."""
    clip = "ledger" if crowded else draw(st.sampled_from(["stateless", "ledger", "multiplicative"]))
    named = [name for name in scenario["conduct"] if SIGNS[name] != "lawful"]
    one: Data = {"start": 100.0, "clip": clip}
    if crowded or yes(draw):
        one["lowest"] = points(draw, 75, 90) if crowded else points(draw, 5, 60)
    if crowded or yes(draw):
        one["highest"] = points(draw, 100, 110) if crowded else points(draw, 100, 130)
    if clip == "multiplicative":
        one["factors"] = {name: (1.25 if SIGNS[name] == "good" else 0.75) - draw(st.integers(0, 4)) / 20 for name in named}
    else:
        one["points"] = {name: points(draw, 0, 20) if SIGNS[name] == "good" else points(draw, -60, -5) for name in named}
    if clip != "ledger":
        one |= retention(draw, scenario, named)
    if yes(draw):
        one["copies"] = copies(draw, clip)
    if not public and yes(draw):
        one["sources"] = some(draw, list(scenario["sources"]), 1)
    if clip != "multiplicative":
        one |= judgement(draw, scenario, named)
    if clip == "stateless" and yes(draw):
        held = some(draw, named, 1)
        one["parts"] = {"held": {"classes": held, "lowest": points(draw, -70, 0), "highest": points(draw, 0, 15)}}
    return one


def retention(draw: Draw, scenario: Data, named: Sequence[str]) -> Data:
    """How long points stay, and from when."""
    one: Data = {"keep": {"default": days(draw, 600, 20)} | {name: days(draw, 600, 20) for name in named if yes(draw)}}
    settled = {name: "settlement" for name in named if "settled_after" in scenario["conduct"][name] and yes(draw)}
    one["keep_from"] = {"default": draw(st.sampled_from(["record", "memoryless"]))} | settled
    return one


def copies(draw: Draw, clip: str) -> Data:
    """How records travel to the score and back."""
    one: Data = {"arrive": delay(draw), "remove": delay(draw), "lost": share(draw) / 2}
    if clip != "ledger" and yes(draw):
        one |= {"returns": share(draw, 4), "returns_after": days(draw, 100)}
    return one


def judgement(draw: Draw, scenario: Data, named: Sequence[str]) -> Data:
    """Officers who differ, and what a score takes from traits."""
    one: Data = {}
    if yes(draw):
        one["discretion"] = {name: points(draw, 0, 15) for name in some(draw, named, 1)}
        one["severity"], one["leniency"] = draw(st.sampled_from([0, 0.3])), draw(st.sampled_from([0, 0.5]))
    if yes(draw):
        one["proxy"] = {"spread": points(draw, 0, 30), "by": {"means": {"low": points(draw, -20, 20)}}}
        if "frailty" in scenario:
            one["proxy"]["validity"] = share(draw)
    return one


def ties(draw: Draw, frail: bool) -> Data:
    """What a stateless score takes from friends and family."""
    one: Data = {}
    if often(draw):
        one["friends"] = {"number": draw(st.integers(1, 4)), "share": share(draw, 2), "alike": share(draw) if frail else 0}
        if often(draw):
            one["friends"]["drop"] = {"below": points(draw, 40, 110), "share": share(draw, 5)}
    if not one or yes(draw):
        one["family"] = points(draw, -30, -1)
    return one


# --- redress --------------------------------------------------------------------------------------------------------------------------


def redress(draw: Draw, scenario: Data) -> Data:
    """Notice, questions, take-up, decisions, offices, a second instance, corrections."""
    applied = any("applications" in gate for gate in scenario["gates"].values())
    one: Data = {"take_up": share(draw, 6), "notice": {"default": share(draw, 4 if not applied else 0)}, "notice_after": days(draw, 60)}
    if yes(draw):
        one["sources"] = some(draw, list(scenario["sources"]), 1)
    if applied:
        one["asks"] = share(draw, 5)
    if yes(draw):
        one |= {"take_up_by": by_group(draw, 1.0), "take_up_right": share(draw), "take_up_ability": draw(st.integers(0, 3))}
    if yes(draw):
        one |= {"sensitivity": share(draw, 8), "specificity": share(draw, 8), "bias": share(draw) / 4}
    if yes(draw):
        one["office"] = office(draw)
    if not one.get("office", {}).get("daily"):
        one["decide"] = delay(draw)
    if yes(draw):
        one["second"] = {"take_up": share(draw, 5), "after": days(draw, 90, 1)}
    if yes(draw):
        one |= {"correct": delay(draw), "lost": share(draw) / 4}
    return one


def office(draw: Draw) -> Data:
    """Reviewers who serve in one order or another."""
    one: Data = {"reviewers": draw(st.integers(1, 2)), "per_township": draw(st.integers(1, 3))}
    one |= {"first": draw(st.sampled_from(["come", "harm"])), "daily": yes(draw)}
    return one | ({"patience": days(draw, 120, 10)} if yes(draw) else {})
