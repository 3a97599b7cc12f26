"""Valid scenarios drawn by Hypothesis: a random subset of the mechanisms of the language, each with random numbers, in small townships.

Nothing here knows an engine: what is drawn is what somebody might write into a file. Parts are in `drawn_parts.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from counterlife.scenario.load import load
from counterlife.scenario.model import Scenario, completed
from counterlife.scenario.overrides import dump

from .drawn_parts import SIGNS, Data, Draw, by_group, conduct, days, often, points, rate, redress, score, share, some, source, ties, yes

FILES = Path(__file__).parents[1] / "scenarios" / "valid"
START = dt.date(2021, 1, 14)
GATES = ("loan", "travel", "permit", "school")
SOURCES = ("court", "office", "shop")


@st.composite
def scenarios(draw: Draw) -> Scenario:
    """A scenario that passes every check, everything said."""
    return completed(Scenario.model_validate(draw(written())))


@st.composite
def written(draw: Draw, crowded: bool = False) -> Data:
    """The same as it would be written. Crowded: much comes at one instant to a ledger with narrow limits, when sources are up again."""
    length = draw(st.integers(2 * 365, 3 * 365))
    dates = st.integers(1, length - 1)
    if often(draw):  # so that stages, attacks, amnesties and merged registers meet on one day
        dates = st.sampled_from([draw(dates), draw(dates)])
    one: Data = {"title": "Drawn", "claim": "C1", "question": "What do both engines count?"}
    one |= {"period": {"start": str(START), "length": f"{length} days"}, "population": population(draw)}
    if often(draw):
        one["frailty"] = {"shape": draw(st.sampled_from([0.5, 1, 2]))}
    people_do(draw, one, dates.map(dated), crowded)
    system(draw, one, crowded)
    reviews(draw, one)
    one["joint"] = joint(draw, list(one["gates"])) if often(draw) else {"allow_supercritical": True}
    if often(draw):
        one["redress"] = redress(draw, one)
    ends(draw, one, dates.map(dated))
    mind(draw, one)
    one["worlds"] = {"none": {"rules": "none"}, "accurate": {"records": "accurate"}, "designed": {}}
    if yes(draw):
        rollout(draw, one, dates)
    worlds(draw, one, dates, crowded)
    return one


def dated(day: int) -> str:
    """The date of a day of the period."""
    return str(START + dt.timedelta(days=day))


def population(draw: Draw) -> Data:
    """Adults alone, or families on two islands, where sixteen names are all there are, or so many people share each."""
    people: Data = {"township": draw(st.integers(30, 60)), "people": 20_000, "country": country_of("small")}
    if often(draw):
        names = {"surname_top": [0.3], "surname_top_100": 1.0, "surnames": 8, "given_top": 0.6, "given": 2, "common_from": 3000}
        islands = country_of("own_country")
        few = [region | {"population": 1000} for region in islands["regions"]]  # so that a few people elsewhere share a name
        people["country"] = islands | {"regions": few, "names": {key: {"value": value} for key, value in names.items()}}
    if yes(draw):
        people["name_cohort"] = draw(st.integers(2, 9))
    return people


@cache
def country_of(name: str) -> Data:
    """The country of a scenario file of the tests, as data."""
    country: Data = dump(load(str(FILES / f"{name}.yaml")))["population"]["country"]
    return country


def people_do(draw: Draw, one: Data, within: st.SearchStrategy[str], crowded: bool) -> None:
    """Classes of conduct, and the sources that record them."""
    reacts = yes(draw)
    classes = ["fine", *(name for name in list(SIGNS)[1:] if crowded or often(draw))]
    one["conduct"] = {name: conduct(draw, name, reacts, "frailty" in one) for name in classes}
    one["sources"] = {name: source(draw, classes, within) for name in SOURCES[: draw(st.integers(1, 3))]}


# --- the system -----------------------------------------------------------------------------------------------------------------------


def system(draw: Draw, one: Data, crowded: bool) -> None:
    """Scores, bands, lists and gates."""
    one["score"] = score(draw, one, public=True, crowded=crowded)
    further = ["bank", "shopping"][: draw(st.integers(0, 2))]
    if further:
        one["scores"] = {name: score(draw, one, public=False) for name in further}
    if often(draw):
        edges = sorted({points(draw, 30, 110) for _ in range(3)})
        one["bands"] = [{"name": f"b{n}", "from": edge} for n, edge in enumerate(["lowest", *edges])]
    one["gates"] = {name: gate(draw, further, crowded) for name in GATES[: draw(st.integers(1, 3))]}
    if yes(draw):
        one["gates"]["school"] = school(draw)
    passing(draw, one)
    one["lists"] = lists(draw, one, further)


def gate(draw: Draw, further: Sequence[str], crowded: bool) -> Data:
    """A gate of a holder or a household, closed by a score or by lists only."""
    one: Data = {"essential": yes(draw), "ages": draw(st.sampled_from([[18, 200], [0, 200], [20, 60]]))}
    if crowded or often(draw):
        one["opens_at"] = points(draw, 90, 105) if crowded else points(draw, 40, 110)
        one |= {"score": draw(st.sampled_from(further))} if further and yes(draw) else {}
    if yes(draw):
        one["applications"] = rate(draw, 80, 5)
    if yes(draw):
        one["belongs_to"] = "household"
    return one


def passing(draw: Draw, one: Data) -> None:
    """Gates of a holder that look at the public score, if at one, let a share of the applications pass: more in a better band."""
    bands = [band["name"] for band in one.get("bands", ())]
    for gate in one["gates"].values():
        fits = bands and gate.get("belongs_to", "holder") == "holder" and "score" not in gate
        if fits and yes(draw):
            gate["applications"] = rate(draw, 80, 5)
            gate["pass_by_band"] = dict(zip(bands, sorted(share(draw) for _ in bands), strict=True))


def school(draw: Draw) -> Data:
    """A gate of the children."""
    look = draw(st.sampled_from(["any", "worst", "mean"]))
    one: Data = {"belongs_to": "children", "ages": draw(st.sampled_from([[6, 18], [0, 18], [3, 15]])), "parents": look}
    return one | ({"opens_at": points(draw, 40, 110)} if look != "any" or yes(draw) else {})


def lists(draw: Draw, one: Data, further: Sequence[str]) -> Data:
    """Up to three lists: by records, by a low score, by a high one."""
    closable = [name for name, gate in one["gates"].items() if gate.get("parents", "any") == "any"]
    named = [name for name in one["conduct"] if SIGNS[name] != "lawful"]
    found: Data = {}
    if often(draw):
        found["records"] = {"on": {name: share(draw, 4) for name in some(draw, named, 1)}, "needs": draw(st.integers(1, 2))}
        found["records"] |= {"closes": draw(st.sampled_from(closable)), "term": days(draw, 500)}
    if yes(draw):
        looks = {"score": draw(st.sampled_from(further))} if further and yes(draw) else {}
        of = one["scores"][looks["score"]] if looks else one["score"]
        found["low"] = {"score_below": points(draw, 30, 100), "term": days(draw, 300, 1), "closes": draw(st.sampled_from(closable))} | looks
        found["low"]["needs"] = 1
        if of["clip"] == "ledger" and yes(draw):
            found["low"]["resets_score"] = True
    if yes(draw):
        found["fine_people"] = {"colour": "red", "score_from": points(draw, 100, 120)}
    return found


def reviews(draw: Draw, one: Data) -> None:
    """Rankings, friends and family, at reviews."""
    ranked = [gate for gate in one["gates"].values() if gate.get("belongs_to", "holder") == "holder"]
    chosen = [gate for gate in ranked if yes(draw)] if yes(draw) else []
    for gate in chosen:
        gate["closes_lowest"] = share(draw, 1) / 2
    stateless = [one["score"], *one.get("scores", {}).values()]
    tied = [score for score in stateless if score["clip"] == "stateless"]
    if tied and yes(draw):
        draw(st.sampled_from(tied)).update(ties(draw, "frailty" in one))
    elif not chosen:
        return
    one["reviews"] = {"every": days(draw, 200, 20)}


def joint(draw: Draw, gates: Sequence[str]) -> Data:
    """Restrictions that bring restrictions."""
    shares = {a: {b: share(draw, 2) for b in gates if b != a and yes(draw)} for a in gates}
    one: Data = {"shares": {a: row for a, row in shares.items() if row}, "allow_supercritical": True}
    one |= {"delay_on": days(draw, 40), "delay_off": days(draw, 60)}
    if yes(draw):
        one["lost"] = share(draw)
    if yes(draw):
        one["at_most"] = draw(st.integers(1, 3))
        one["spare"] = some(draw, gates)
    return one


def ends(draw: Draw, one: Data, within: st.SearchStrategy[str]) -> None:
    """Repair and amnesty, where something can end early."""
    named = set(one["lists"].get("records", {}).get("on", {}))
    if any(score["clip"] != "ledger" for score in (one["score"], *one.get("scores", {}).values())):
        named = set(one["conduct"])
    if named and yes(draw):
        one["repair"] = {name: {"share": share(draw, 2), "after": days(draw, 200)} for name in some(draw, sorted(named), 1)}
    if named and yes(draw):
        one["amnesty"] = {"on": draw(within), "older_than": days(draw, 300)}


def mind(draw: Draw, one: Data) -> None:
    """Belief, conduct near a gate, giving up."""
    near = one["score"]["clip"] != "multiplicative" and any("opens_at" in g and "score" not in g for g in one["gates"].values())
    if near and yes(draw):
        for each in (each for each in one["conduct"].values() if yes(draw)):
            each["near_gate"] = {"factor": draw(st.sampled_from([2, 0.5, 3])), "within": points(draw, 5, 40)}
    if not yes(draw):
        return
    one["behaviour"] = {"belief": share(draw, 2), "learning": rate(draw, 60), "reacts": share(draw, 10)}
    for each in (each for each in one["conduct"].values() if yes(draw)):
        each["deterred"] = draw(st.sampled_from([0.5, 1, 2]))
    if "redress" in one and yes(draw):
        one["behaviour"] |= {"gives_up_after": draw(st.integers(1, 2)), "appeals_when_given_up": share(draw)}
        for each in (each for each in one["conduct"].values() if yes(draw)):
            each["when_given_up"] = draw(st.sampled_from([0.5, 0.25, 1.5]))


# --- stages and worlds ----------------------------------------------------------------------------------------------------------------


def changed(draw: Draw, one: Data) -> Data:
    """Rules that differ in a stage or a world: one or two of those that are there."""
    menu: Data = {f"gates.{name}.opens_at": points(draw, 40, 110) for name, gate in one["gates"].items() if "opens_at" in gate}
    menu |= {f"lists.{name}.term": days(draw, 300, 1) for name in ("records", "low") if name in one["lists"]}
    if one["score"]["clip"] != "multiplicative":
        menu["score.points.fine"] = points(draw, -70, -1)
    if "joint" in one:
        menu["joint.delay_off"] = days(draw, 60)
        menu["joint.at_most"] = draw(st.integers(1, 4))
    if "redress" in one:
        menu["redress.take_up"] = share(draw)
    if "friends" in one["score"]:
        menu["score.friends.share"] = share(draw)
    menu |= {f"gates.{name}.closes_lowest": share(draw) / 2 for name, gate in one["gates"].items() if "closes_lowest" in gate}
    return {path: menu[path] for path in some(draw, sorted(menu), 1)[:2]} if menu else {}


def rollout(draw: Draw, one: Data, dates: st.SearchStrategy[int]) -> None:
    """Up to four stages, of which the first is there from the start or comes later, and one may be an interruption."""
    firsts = sorted({0 if yes(draw) else draw(dates)} | {draw(dates) for _ in range(3)})
    stages: list[Any] = []
    for number, day in enumerate(firsts[: draw(st.integers(1, 4))]):
        stage: Data = {"name": f"s{number}", "from": dated(day)}
        if number == 1 and yes(draw):
            stage["rules"] = "none"
        else:
            stage |= {"look_back": days(draw, 300)} if yes(draw) else {}
            stage |= {"settled_matters": False} if yes(draw) else {}
            stage |= {"set": changed(draw, one)} if yes(draw) else {}
        stages.append(stage)
    one["rollout"] = stages
    if yes(draw):
        one["consolidation"] = stages[-1]["name"] if stages[-1].get("rules") != "none" else stages[0]["name"]


def threats(draw: Draw, one: Data, dates: st.SearchStrategy[int], crowded: bool) -> Data:
    """Attacks and breakdowns, up to one of each kind."""
    found: Data = {}
    for kind in ["outage"] if crowded else some(draw, ["insert", "suppress", "outage", "rollback"], 1):
        end = draw(dates)
        begin = max(0, end - draw(st.integers(200 if crowded else 1, 300)))
        concerned = {name: some(draw, list(source["records"]), 1) for name, source in one["sources"].items() if crowded or yes(draw)}
        first = next(iter(one["sources"]))
        one_of: Data = {"kind": kind, "records": concerned or {first: list(one["sources"][first]["records"])}}
        one_of |= {"from": dated(begin), "until": dated(end)}
        if kind == "insert":
            one_of |= {"rate": rate(draw, 10, 2)} | ({"rate_by": by_group(draw)} if yes(draw) else {})
        if kind == "suppress":
            one_of["share"] = share(draw, 4)
        if kind != "outage" and yes(draw):
            one_of |= {"found": share(draw, 5), "found_after": days(draw, 100, 1)}
        found[kind] = one_of
    return found


def worlds(draw: Draw, one: Data, dates: st.SearchStrategy[int], crowded: bool) -> None:
    """Beside the three usual worlds: another's conduct, the law's records, wrong records removed, an attack, other rules."""
    if yes(draw):
        one["worlds"]["mediated"] = {"conduct": "accurate"}
    if yes(draw):
        one["worlds"]["lawful"] = {"records": "lawful"}
    if yes(draw):
        one["worlds"]["pruned"] = {"records": "pruned"}
    if crowded or yes(draw):
        one["threats"] = threats(draw, one, dates, crowded)
        one["worlds"]["attacked"] = {"records": "attacked"}
    if yes(draw) and (different := changed(draw, one)):
        one["worlds"]["other"] = {"set": different}
