"""Measures of mechanisms (contexts, redress, conduct, threats, regions, audits) against answers worked out by hand and closed forms."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import polars as pl
import pytest
from hand_tallies import told, written

from counterlife.exact import audits, breaches
from counterlife.layout import MONTH
from counterlife.measures import Conduct, Safeguard, Stage, World, lifetable, measures, pair_name
from counterlife.measures.attacks import losses
from counterlife.measures.audit import chapman, file_audit, matched_gap, raw_gap
from counterlife.measures.conduct import auc, spearman

YEARS = 4 * 1000  # person-years of 1,000 persons


def system(letter: str, records: str = "as they come", conduct: str = "own") -> World:
    """A world with the system in it."""
    return World(letter, letter, "system", records, conduct)


# --- contexts, disproportion, refusals (M6, M7, M29) ------------------------------------------------------------------------------


def test_days_that_vanish_without_a_context() -> None:
    """1,000 days in loans: 300 go without the court, 200 without the tax office, 100 without the street; 'credit' records nothing."""
    without = {f"without {name}": system("w") for name in ("court", "tax", "street")}
    pairs = tuple(("designed", world) for world in without)
    vanish = {f"wrongful_days.designed~without {name}.loan": n for name, n in (("court", 300), ("tax", 200), ("street", 100))}
    people = {"closed_days.designed.loan": 1000, "closed_days.designed.travel": 500} | vanish
    made = written(people, without, pairs)
    loan = told(made, "M6", domain="loan")
    assert loan["from court", "designed", "without court"] == pytest.approx(30)
    assert loan["from unrelated contexts", "designed"] == pytest.approx(60)
    assert loan["all contexts added up", "designed"] == pytest.approx(60)
    assert told(made, "M6")["from unrelated contexts", "designed"] == pytest.approx(40)
    tallies, facts = made
    at_home = dict(facts.domains) | {"loan": dataclasses.replace(facts.domains["loan"], context="court")}
    loan = told((tallies, dataclasses.replace(facts, domains=at_home)), "M6", domain="loan")
    assert loan["from unrelated contexts", "designed"] == pytest.approx(30)
    assert loan["all contexts added up", "designed"] == pytest.approx(60)
    assert loan["on unrelated contexts alone", "designed"] == pytest.approx(70)  # all but the 300 that the court's own records bring
    assert told(made, "M6", domain="loan")["on unrelated contexts alone", "designed"] == pytest.approx(100)  # no source of its own
    everywhere = told((tallies, dataclasses.replace(facts, domains=at_home)), "M6")
    assert everywhere["on unrelated contexts alone", "designed"] == pytest.approx(80)  # 700 of loans and 500 of travel, of 1,500


def test_days_for_each_unit_of_gravity_and_people_hit_ten_times_as_hard() -> None:
    """10 judgments (gravity 5), 20 arrears (3) and 50 litterings (1) weigh 160; 800 days with joint sanctions and 80 without."""
    unjoined = {"separate": system("s"), "separate accurate": system("t", "accurate")}
    people = {
        "closed_days.designed.loan": 500, "closed_days.designed.travel": 300, "closed_days.separate.loan": 80,
        "tenfold_versus.separate~designed": 7, "only_versus.separate~designed": 13,
    }  # fmt: skip
    events = {f"events.{world}": {0: 10, 1: 20, 2: 50} for world in ("designed", "separate")}
    made = written(
        people,
        unjoined,
        (("separate", "designed"),),
        tables={"classes": events},
        safeguards={"separate": Safeguard("x", 0.0, unjoined=True)},
    )
    assert told(made, "M7") == {
        ("days per unit of gravity", "designed"): pytest.approx(5.0),
        ("days per unit of gravity", "separate"): pytest.approx(0.5),
        ("days, times as many", "designed", "separate"): pytest.approx(10.0),
        ("people, more than tenfold", "designed", "separate"): pytest.approx(70.0),
        ("people, only with joint sanctions", "designed", "separate"): pytest.approx(130.0),
    }


def test_a_context_is_held_against_all_by_its_gravity() -> None:
    """Right records: 10 judgments (gravity 5) and 50 litterings (1), none of taxes; 1,000 closed days, 300 go without the court.

    As stated the court has 300 / 50 = 6 days a unit and all have 1000 / 100 = 10; alike 300 / 10 = 30 and 1000 / 60; squared 300 / 250 and
    1000 / 300.
    """
    without = {f"without {name}": system("w") for name in ("court", "tax", "street")}
    people = {"closed_days.designed.loan": 1000, "wrongful_days.designed~without court.loan": 300}
    made = written(
        people, without, tuple(("designed", world) for world in without), tables={"channels": {"right.designed": {0: 10, 2: 50}}}
    )
    found = told(made, "M7")
    for words, value in (("gravity as stated", 0.6), ("all acts alike", 1.8), ("gravity squared", 0.36)):
        assert found[f"days from court for their gravity, {words}", "designed", "without court"] == pytest.approx(value)
        assert found[f"days from street for their gravity, {words}", "designed", "without street"] == 0.0
    assert not any("from tax" in key[0] for key in found)


def test_refusals_are_the_share_of_days_because_people_apply_at_any_time() -> None:
    """14,600 of 1,460,000 days: ten of 1,000 applications; at one application in two years that is five in 1,000 person-years."""
    made = written({"wrongful_days.designed~accurate.loan": 14_600})
    assert told(made, "M29", domain="loan") == {
        ("", "designed", "accurate"): pytest.approx(10.0),
        ("per 1,000 person-years", "designed", "accurate"): pytest.approx(5.0),
    }
    assert told(made, "M29", domain="travel") == {}  # nobody says how often people travel


def test_refusals_at_a_soft_gate_are_counted() -> None:
    """60 of 4,000 applications that would pass without the mistakes: 15 of 1,000, or 7.5 in 1,000 person-years at one in two years."""
    made = written(
        {"applied.loan": 4000, "refused_wrongly.designed~accurate.loan": 60, "wrongful_days.designed~accurate.loan": 14_600}, soft=("loan",)
    )
    assert told(made, "M29", domain="loan") == {
        ("", "designed", "accurate"): pytest.approx(15.0),
        ("per 1,000 person-years", "designed", "accurate"): pytest.approx(7.5),
    }


# --- conduct (M8, M16, M18, M19, M20) ---------------------------------------------------------------------------------------------


def test_the_induced_share_lies_between_the_design_and_the_replayed_conduct() -> None:
    """Closed days 1,000 as designed, 600 with the conduct of the accurate world, 500 there: 400 of 500 days more are induced."""
    people = {"closed_days.designed.loan": 1000, "closed_days.mediated.loan": 600, "closed_days.accurate.loan": 500}
    made = written(people, {"mediated": system("M", conduct="accurate")}, (("designed", "mediated"), ("mediated", "accurate")))
    assert told(made, "M8") == {("", "designed", "mediated"): pytest.approx(80.0)}
    assert told(written(people | {"closed_days.mediated.loan": 500}, {"mediated": system("M")}, (("designed", "mediated"),)), "M8") == {}


@pytest.mark.parametrize("shift", [0.5, 1.5])
def test_auc_of_two_shifted_normals(shift: float) -> None:
    """C29: people of the top tenth have scores that are normal and lower by `shift`; in classes of a fiftieth of a deviation."""
    edges = np.linspace(-8, 8, 801)
    shares = np.diff([audits.auc_of_normals(math.sqrt(2) * edge) for edge in edges])  # Phi at the edges
    lower = np.diff([audits.auc_of_normals(math.sqrt(2) * (edge + shift)) for edge in edges])
    assert auc(np.concatenate([lower, shares])[None, :])[0] == pytest.approx(audits.auc_of_normals(shift), abs=2e-5)
    assert audits.auc_of_normals(0.5) == pytest.approx(0.638163, abs=5e-7)


def test_ranks_by_hand() -> None:
    """Scores order three people as their conduct does, or the other way round; two who tie have the mean of their ranks."""
    table = np.zeros((3, 10))
    table[0, 9] = table[1, 5] = table[2, 0] = 1
    assert spearman(table.reshape(1, -1))[0] == pytest.approx(-1.0)
    assert spearman(table[::-1].reshape(1, -1))[0] == pytest.approx(1.0)
    tied = np.zeros((2, 10))
    tied[0, 0] = tied[0, 5] = tied[1, 9] = 1  # ranks 1.5, 1.5, 3 and 1, 2, 3: cov 1.5 / sqrt(1.5 * 2)
    assert spearman(tied.reshape(1, -1))[0] == pytest.approx(1.5 / math.sqrt(3.0))


def test_validity_is_told_of_worlds_whose_scores_differ() -> None:
    """Top tenth: 10 people at the lower score and 0 at the higher; the rest 30 and 60: AUC = (60 + 15) / 90."""
    meter = {"tenth0.designed": {40: 30, 41: 60}, "tenth9.designed": {40: 10}, "top.designed": {40: 10}}
    meter |= {"tenth0.accurate": {40: 90}, "tenth9.accurate": {40: 10}, "top.accurate": {40: 10}}
    found = told(written({}, tables={"meter": meter}), "M16")
    assert found["AUC", "designed"] == pytest.approx(75 / 90)
    assert found["rank correlation", "designed"] < 0
    assert ("AUC", "accurate") not in found


def test_deterrence_has_a_price_and_may_be_negative() -> None:
    """400 bad events without, 300 with: 100 averted in 4,000 person-years; 250 wrongful days make 2.5 each."""
    people = {"wrongful_days.designed~accurate.loan": np.array([240, 260])}
    events = {"events.none": {0: 100, 2: 300}, "events.designed": {0: 90, 2: 210}}
    made = written(people, regions=("Hebei", "Gansu"), tables={"classes": events})
    found = told(made, "M18")
    assert found["bad events averted", "designed", "none"] == pytest.approx(1000 * 100 / YEARS)
    assert found["price", "designed", "none"] == pytest.approx(2.5)
    worse = told(written(people, regions=("Hebei", "Gansu"), tables={"classes": {"events.none": {0: 1}, "events.designed": {0: 3}}}), "M18")
    assert worse["bad events averted", "designed", "none"] == pytest.approx(-1000 * 2 / YEARS)
    assert worse["price", "designed", "none"] is None


def test_lawful_acts_forgone_and_good_acts_done_at_a_gate() -> None:
    """Of 200 lawful acts 150 are left; 30 of 120 good acts fall on days a little short of a gate."""
    classes = {
        "a": Conduct("a", "lawful", "public", 1),
        "b": Conduct("b", "good", "public", 1, near_gate=True),
        "c": Conduct("c", "bad", "x", 1),
    }
    events = {"events.none": {0: 200, 1: 60}, "events.designed": {0: 150, 1: 120, 2: 7}}
    tallies, facts = written({"near.designed": 30}, tables={"classes": events})
    made = (dataclasses.replace(tallies, rows={**tallies.rows, "classes": tuple(classes)}), dataclasses.replace(facts, classes=classes))
    assert told(made, "M19") == {("", "designed", "none"): pytest.approx(25.0)}
    assert told(made, "M20")["", "designed"] == pytest.approx(25.0)
    assert told(written({}, tables={"classes": events}), "M19") == {}


# --- redress (M9, M11, M23, M24, M30) ---------------------------------------------------------------------------------------------


def test_days_until_a_share_is_reached_lie_between_edges() -> None:
    curves = np.array([[0.0, 0.2, 0.6, 0.9], [0.0, 0.1, 0.2, 0.3]])
    assert lifetable.days_until(0.5, curves)[0] == pytest.approx(30 * (1 + 0.3 / 0.4))
    assert math.isnan(lifetable.days_until(0.5, curves)[1])


def test_learning_competes_with_the_end_of_the_record() -> None:
    """Of 100 wrong records 40 are learned of in the first month and 20 in the fifth; 40 ended in the third, unknown."""
    waits = {"learned.designed": {0: 40, 4: 20}, "unlearned.designed": {2: 40}}
    found = told(written({"learned.designed": 60}, tables={"waits": waits}), "M9")
    assert found["learned of within 1 year", "designed"] == pytest.approx(60.0)
    assert found["ended before anybody knew within 1 year", "designed"] == pytest.approx(40.0)
    assert found[
        "until half are learned of",
        "designed",
    ] == pytest.approx(30 * (4 + 10 / 20))
    assert found["until nine tenths are learned of", "designed"] is None


def test_the_last_copy() -> None:
    """Ten corrected records: four gone in the first month, four in the second, two still there after a year of watching."""
    found = told(written({}, tables={"waits": {"copies.designed": {0: 4, 1: 4}, "copies_open.designed": {12: 2}}}), "M11")
    assert found["until half are gone", "designed"] == pytest.approx(30 * (1 + 1 / 4))
    assert found["until nine tenths are gone", "designed"] is None
    assert found["gone within 1 year", "designed"] == pytest.approx(80.0)


def test_redress_by_hand() -> None:
    """1,000 records, 200 wrong; 500 known, 150 of them wrong; 100 contested, 60 of them wrong; 80 decided, 50 wrong."""
    numbers = {
        "records_in": 1000, "wrong_records": 200, "learned": 500, "learned_wrong": 150, "contested": 100, "contested_wrong": 60,
        "decided": 80, "decided_wrong": 50, "upheld": 46, "upheld_wrong": 40, "second": 8, "abandoned": 5, "pending": 10, "corrected": 40,
        "corrections_lost": 4, "returned": 2, "gave_up": 3,
    }  # fmt: skip
    waits = {"decision.designed": {1: 40, 3: 40}, "filed.designed": {0: 60, 47: 40}, "closed.designed": {1: 60, 48: 30}}
    found = told(written({f"{name}.designed": n for name, n in numbers.items()}, tables={"waits": waits}), "M24")
    due = {
        "records that the person learned of": 50, "wrong records that the person learned of": 75, "take-up": 20,
        "take-up where the record is wrong": 40, "upheld": 57.5, "upheld where the record was wrong": 80,
        "upheld where the record was right": 20, "decided in second instance": 10, "given up while waiting": 5, "pending at the end": 10,
        "corrections lost": 100 * 4 / 46, "corrected records that came back": 5, "backlog at the end": 100, "people who gave up": 30,
        "days until half of decisions": 60, "days until nine tenths of decisions": 30 * (3 + 0.8),
        "growth of the backlog at the end": 10 * 10 * 365 / (1460 - 37 * 30),
    }  # fmt: skip
    assert {detail: number for (detail, _), number in found.items()} == pytest.approx(due)


def test_nobody_learns_where_nobody_is_told() -> None:
    made = written({"records_in.designed": 1000, "wrong_records.designed": 10})
    for measure in ("M9", "M11", "M24"):
        assert told(made, measure) == {}


def test_take_up_is_compared_between_groups() -> None:
    tallies, facts = written({})
    columns = tallies.columns["people"]
    labels = tallies.rows["people"]
    for cell, (learned, contested) in {0: (100, 30), len(labels) // 2: (100, 60)}.items():  # the first cells of women and of men
        for name, number in (("people", 500), ("learned.designed", learned), ("contested.designed", contested)):
            tallies.tables["people"][0, cell, columns.index(name)] = number
    assert [labels[i][0] for i in (0, len(labels) // 2)] == ["female", "male"]  # type: ignore[index]
    found = told((tallies, facts), "M12", group="sex=female")
    assert found["ratio, M24 take-up", "designed"] == pytest.approx(0.5)
    assert found["difference, M24 take-up", "designed"] == pytest.approx(-30.0)


def test_recovery_is_of_those_who_are_watched_long_enough() -> None:
    people = {
        "shut_first.designed": 100, "shut_open.designed": 20, "watched.designed.365": 80, "freed.designed.365": 40,
        "watched.designed.730": 60, "freed.designed.730": 45, "relapse_watched.designed": 50, "relapsed.designed": 5,
    }  # fmt: skip
    found = {detail: n for (detail, world), n in told(written(people), "M23").items() if world == "designed"}
    due = {"free within 1 year": 50, "free within 2 years": 75, "never free again by the end": 20, "shut out again within 1 year": 10}
    assert found == pytest.approx(due)


def test_a_safeguard_is_measured_beside_the_accurate_twin_of_the_design() -> None:
    """W 1,000 days of the design, W0 400 of the safeguard, in 4,000 person-years; 2 hours of reviewers for 1,000 people and year."""
    people = {
        "wrongful_days.designed~accurate.loan": 1000, "wrongful_days.notice~accurate.loan": 300,
        "wrongful_days.notice~accurate.travel": 100, "closed_days.designed.loan": 5000, "closed_days.notice.loan": 4200,
    }  # fmt: skip
    worlds = {"notice": system("s"), "notice accurate": system("t", "accurate")}
    made = written(people, worlds, (("notice", "accurate"), ("notice", "notice accurate")), safeguards={"notice": Safeguard("Notice", 2.0)})
    assert told(made, "M30") == {
        ("wrongful days averted", "notice", "designed"): pytest.approx(150.0),
        ("closed days averted", "notice", "designed"): pytest.approx(200.0),
        ("wrongful days averted per hour of reviewers", "notice", "designed"): pytest.approx(75.0),
    }


# --- places (M25, M26) ------------------------------------------------------------------------------------------------------------


NATIONAL = Stage("national", 365)
DAYS_OF_STAGES = {"stage_days": dict.fromkeys(("Hebei", "Gansu"), (0.0, 200.0, 365.0))}


def test_ninety_days_after_a_change_of_rules_less_ninety_before() -> None:
    """60 days closed after it and 18 before: in 1,000 people 42 more are 420. A stage that begins 60 days before the end is left out."""
    stages = {
        "days_after.designed": {1: 999, 2: 60}, "days_before.designed": {1: 999, 2: 18},
        "entries_after.designed": {2: 4}, "entries_before.designed": {2: 1},
    }  # fmt: skip
    made = written({}, tables={"stages": stages}, stages=(NATIONAL, Stage("late", 1400)), **DAYS_OF_STAGES)
    assert {key: n for key, n in told(made, "M25").items() if key[1] == "designed"} == {
        ("closed domain-days, national", "designed"): pytest.approx(420.0),
        ("restrictions begun, national", "designed"): pytest.approx(30.0),
    }


def test_a_shock_is_split_by_the_records_that_cause_it() -> None:
    """60 days after and 18 before; 45 without settled records, 20 without any older ones: 15 settled, 25 old, 2 new beyond those before."""
    worlds = {"national without settled records": system("C1"), "national without old records": system("C2")}
    after = dict(zip(("designed", *worlds), (60, 45, 20), strict=True))
    stages = {f"days_after.{world}": {2: n} for world, n in after.items()} | {f"days_before.{world}": {2: 18} for world in after}
    made = written({}, worlds, tables={"stages": stages}, stages=(NATIONAL,), shocks={"national": tuple(worlds)}, **DAYS_OF_STAGES)
    found = {key[0]: n for key, n in told(made, "M25").items() if key[0].startswith("closed") and key[1] == "designed"}
    causes = ("by settled records", "by other old records", "by new records, less those before")
    assert [found[f"closed domain-days, national, {cause}"] for cause in causes] == pytest.approx([150.0, 250.0, 20.0])
    assert found["closed domain-days, national"] == pytest.approx(420.0)
    assert {key[1] for key in told(made, "M25")} == {"accurate", "designed"}


def test_a_change_in_one_region_is_measured_there() -> None:
    made = written({}, regions=("Hebei", "Gansu"), stages=(Stage("pilot", 200, ("Gansu",)),), **DAYS_OF_STAGES)
    column = made[0].columns["stages"].index("days_after.designed")
    made[0].tables["stages"][0, 1, column], made[0].tables["stages"][1, 1, column] = 500, 3
    assert told(made, "M25", region="Gansu")["closed domain-days, pilot", "designed"] == pytest.approx(30.0)
    assert told(made, "M25") == {}


def test_arbitrariness_between_rule_books() -> None:
    """Four people under two rule books: (0, 2), (0, 0), (4, 4), (0, 0) closed days. Variances 1, 0, 0, 0; one in four is disputed."""
    books = {name: system(name) for name in ("as in Hebei", "as in Gansu")}
    lives = np.array([[0, 2], [0, 0], [4, 4], [0, 0]])
    pair = ("as in Hebei", "as in Gansu")
    people = {f"closed_days.{name}.loan": n for name, n in zip(books, lives.sum(axis=0), strict=True)}
    people |= {f"squares.{name}": n for name, n in zip(books, (lives**2).sum(axis=0), strict=True)}
    people |= {f"squares.{pair_name(pair)}": 4, f"only_versus.{pair_name(pair)}": 1}
    made = written(people, books, (pair,), persons=4, books=dict.fromkeys(books, 1.0))
    found = told(made, "M26")
    assert found["share of variance between rule books",] == pytest.approx(lives.var(axis=1).mean() / lives.var())
    assert found["variance of a person over regions",] == pytest.approx(0.25)
    assert found["variance between people",] == pytest.approx(lives.mean(axis=1).var())
    assert found["two regions disagree",] == pytest.approx(0.25)
    assert found["people on whom they disagree", *pair] == pytest.approx(2500)
    assert told(written(people, books, (pair,), persons=4), "M26") == {}


def test_a_rule_book_counts_as_often_as_it_has_regions() -> None:
    """One region has the first book and three the second: as if the second were lived three times."""
    lives = np.array([[0, 2], [0, 0], [4, 1], [0, 0], [3, 3]])
    pair = ("as in Hebei", "as in Gansu")
    people = {f"closed_days.{name}.loan": n for name, n in zip(pair, lives.sum(axis=0), strict=True)}
    people |= {f"squares.{name}": n for name, n in zip(pair, (lives**2).sum(axis=0), strict=True)}
    people |= {f"squares.{pair_name(pair)}": 4 + 9, f"only_versus.{pair_name(pair)}": 1}
    books = {pair[0]: 1.0, pair[1]: 3.0}
    found = told(written(people, {name: system(name) for name in pair}, (pair,), persons=5, books=books), "M26")
    regions = lives[:, [0, 1, 1, 1]]
    assert found["share of variance between rule books",] == pytest.approx(regions.var(axis=1).mean() / regions.var())
    shut = regions > 0
    disagree = np.mean([shut[:, a] != shut[:, b] for a in range(4) for b in range(a)])
    assert found["two regions disagree",] == pytest.approx(disagree)


# --- groups at equal conduct (M12) ----------------------------------------------------------------------------------------------


def test_rates_are_standardised_to_equal_conduct() -> None:
    """In both classes of conduct women have the rates of men, 1 and 4 days a person; 3 in 4 women are in the upper class, and 1 in 4 men.

    Raw the ratio is 3.25 / 1.75; standardised it is 1. Where women have twice the rate in each class it is 2, and 2.5 days more a person.
    """
    for factor in (1, 2):
        rows = {"people": {0: 100, 1: 300, 2: 300, 3: 100}}  # women below and above, men below and above
        rows |= {"wrongful_days.designed~accurate": {0: 100 * factor, 1: 1200 * factor, 2: 300, 3: 400}}
        rows |= {"wrongful_ever.designed~accurate": {0: 10 * factor, 1: 60 * factor, 2: 30, 3: 20}}
        found = told(written({}, tables={"latent": rows}), "M12", group="sex=female")
        pair = ("designed", "accurate")
        assert found["ratio, M1 at equal conduct", *pair] == pytest.approx(factor)
        assert found["ratio, M3 1 day or more at equal conduct", *pair] == pytest.approx(factor)
        assert found["difference, M1 at equal conduct", *pair] == pytest.approx((factor - 1) * 2.5 * 1000 / 4)


def test_classes_in_which_a_group_has_nobody_do_not_count() -> None:
    """All men are in the lower class: the upper one, in which only women are, is left out."""
    rows = {"people": {0: 100, 1: 300, 2: 300}, "wrongful_days.designed~accurate": {0: 200, 1: 9000, 2: 300}}
    found = told(written({}, tables={"latent": rows}), "M12", group="sex=female")
    assert found["ratio, M1 at equal conduct", "designed", "accurate"] == pytest.approx(2.0)


def test_a_gap_is_split_by_channels() -> None:
    """1,000 women and 500 men, 4 years. Gaps in days a person: 4 as designed, 1 with conduct alike, 2 with detection alike, 0.5 with both.

    Conduct gains 0.5 of (4 - 1) + (2 - 0.5), detection 0.5 of (4 - 2) + (1 - 0.5); 0.5 is left: 2.25 + 1.25 + 0.5 = 4.
    """
    tallies, facts = written({})
    names, cells = tallies.columns["people"], [0, len(tallies.rows["people"]) // 2]
    days = {"": (6000, 1000), "conduct": (2000, 500), "detection": (3000, 500), "conduct+detection": (1500, 500)}
    gaps = np.zeros((1, len(tallies.rows["people"]), 3), np.int64)
    for cell, people, who in zip(cells, (1000, 500), (0, 1), strict=True):
        tallies.tables["people"][0, cell, names.index("people")] = people
        tallies.tables["people"][0, cell, names.index("wrongful_days.designed~accurate.loan")] = days[""][who]
        gaps[0, cell] = [numbers[who] for name, numbers in days.items() if name]
    columns = {**tallies.columns, "gaps": tuple(f"wrongful_days.{name}" for name in days if name)}
    rows = {**tallies.rows, "gaps": tallies.rows["people"]}
    made = dataclasses.replace(tallies, tables={**tallies.tables, "gaps": gaps}, columns=columns, rows=rows)
    found = told((made, dataclasses.replace(facts, channels=("conduct", "detection"))), "M12", group="sex=female")
    split = {key[0].partition("M1 ")[2]: n / 250 for key, n in found.items() if "through" in key[0] or "alike" in key[0]}
    assert split == pytest.approx({"through conduct": 2.25, "through detection": 1.25, "with all of these alike": 0.5})
    assert sum(split.values()) == pytest.approx(4.0)


# --- attacks (M27, M28) -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("places", [1, 2, 7, 12])
def test_losses_of_equal_places_are_those_of_the_binomial(places: int) -> None:
    """C24."""
    found, due = losses(np.full(places, 1 / places), 0.1), breaches.breach(places, 0.1)
    assert found["mean share lost"] == pytest.approx(100 * due.mean)
    assert found["any loss"] == pytest.approx(100 * due.any)
    assert found["mean given any loss"] == pytest.approx(100 * due.mean / due.any)
    assert found["mean of the worst 5 in 100"] == pytest.approx(100 * breaches.tail_mean(places, 0.1, 0.05))


def test_losses_of_two_unequal_places_by_hand() -> None:
    """0.95 and 0.05 of the records, each lost with probability 0.1: the worst 5 in 100 are 1 of both and 4 of the large one."""
    found = losses(np.array([0.95, 0.05]), 0.1)
    assert found["more than a tenth lost"] == pytest.approx(10.0)
    assert found["mean of the worst 5 in 100"] == pytest.approx(100 * (0.01 * 1.0 + 0.04 * 0.95) / 0.05)
    assert losses(np.ones(1), 0.1)["any loss"] == pytest.approx(10.0)


def test_what_there_is_to_take() -> None:
    """1,460,000 record-days in 1,460 days: 1,000 records on file on a day; three in four are the court's, one the tax office's."""
    made = written(
        {"file_days.designed": 1_460_000, "file_people.designed": 400},
        tables={"channels": {"file_days.designed": {0: 1_095_000, 1: 365_000}}},
    )
    found = {detail: n for (detail, world), n in told(made, "M27").items() if world == "designed"}
    assert found["records on file on a day"] == pytest.approx(1000.0)
    assert found["record-months"] == pytest.approx(1_460_000 / MONTH)
    assert found["people on file at the end"] == pytest.approx(40.0)
    assert found["central, any loss"] == pytest.approx(10.0)
    assert found["federated, any loss"] == pytest.approx(19.0)
    assert found["federated, mean share lost"] == pytest.approx(10.0)


def test_what_a_false_record_moves() -> None:
    """20 false records change 600 days for worse and 40 for better; 5 act to the end. 8 alone close something: 12 domains, 300 days."""
    people = {
        "wrongful_days.attacked~designed.loan": 600, "lenient_days.attacked~designed.loan": 40, "records.attacked.tampered": 20,
        "tampered_open.attacked": 5, "tampered_biting.attacked": 8, "tampered_days.attacked": 300, "tampered_domains.attacked": 12,
    }  # fmt: skip
    made = written(people, {"attacked": system("T", "attacked")}, (("attacked", "designed"),))
    assert told(made, "M28") == {
        ("days changed", "attacked", "designed"): pytest.approx(1000 * 640 / YEARS),
        ("days changed per false record", "attacked", "designed"): pytest.approx(32.0),
        ("false records never taken back", "attacked", "designed"): pytest.approx(25.0),
        ("false records that close a day", "attacked", "designed"): pytest.approx(40.0),
        ("days changed by one false record", "attacked", "designed"): pytest.approx(15.0),
        ("restrictions by one false record", "attacked", "designed"): pytest.approx(0.6),
    }


def test_how_long_false_records_go_unnoticed() -> None:
    """Of 20 false records 8 are found in the first month and 4 in the second; 3 ran out in the third, 5 act unnoticed to the end.

    Half are found after 8 in 20 of the first month and half of the second: 45 days. Never found: 8 in 20.
    """
    waits = {"found.attacked": {0: 8, 1: 4}, "unfound.attacked": {2: 3}, "unfound_open.attacked": {48: 5}}
    made = written({}, {"attacked": system("T", "attacked")}, (("attacked", "designed"),), tables={"waits": waits})
    found = {key[0]: n for key, n in told(made, "M28").items() if key[1:] == ("attacked",)}
    assert found["until half are found out"] == pytest.approx(45.0)
    assert found["found out within 1 year"] == pytest.approx(60.0)
    assert found["ended before anybody knew within 1 year"] == pytest.approx(15.0)
    assert found["never found out"] == pytest.approx(40.0)
    frame = measures(*made).filter(pl.col("id") == "M28", pl.col("versus") == "all")
    shares = frame.filter(pl.col("name").str.contains("within|never"))
    assert set(shares["unit"]) == {"%"}
    assert set(frame.filter(pl.col("name").str.contains("until"))["unit"]) == {"days"}


# --- audits (M31) -----------------------------------------------------------------------------------------------------------------


def test_overturn_rates_and_what_remains_wrong_follow_from_prevalence() -> None:
    """C33: of contested records a share w is wrong, reviewers find 8 of 10 wrong ones and let 9 of 10 right ones stand."""
    for w in (0.1, 0.5, 0.9):
        decided, wrong = 100_000, round(100_000 * w)
        upheld_wrong, upheld = round(wrong * 0.8), round(wrong * 0.8 + (decided - wrong) * 0.1)
        numbers = {"records_in": decided, "wrong_records": wrong, "learned": decided, "learned_wrong": wrong, "contested": decided}
        numbers |= {"contested_wrong": wrong, "decided": decided, "decided_wrong": wrong, "upheld": upheld, "upheld_wrong": upheld_wrong}
        found = told(written({f"{name}.designed": n for name, n in numbers.items()}), "M31")
        overturned = w * 0.8 + (1 - w) * 0.1
        assert found["seen, decided appeals that are upheld", "designed"] == pytest.approx(100 * overturned, abs=1e-3)
        assert found["truth, contested records that are wrong", "designed"] == pytest.approx(100 * w)
        kept_wrong = (wrong - upheld_wrong) / (decided - upheld)
        assert kept_wrong == pytest.approx(w * 0.2 / (w * 0.2 + (1 - w) * 0.9), abs=1e-4)


def test_a_file_audit_finds_what_acts_with_the_spread_of_a_sample() -> None:
    """Hypergeometric against its sum over outcomes: 12 wrong among 40 files, 10 looked at."""
    share, deviation = file_audit(12, 40, audited=10)
    chances = np.array([math.comb(12, k) * math.comb(28, 10 - k) / math.comb(40, 10) for k in range(11)])
    found = np.arange(11) / 10
    assert share == pytest.approx(chances @ found)
    assert deviation == pytest.approx(math.sqrt(chances @ (found - share) ** 2))
    told_of = told(written({"wrong_open.designed": 300, "records_open.designed": 2000}), "M31")  # 2,000,000 files in the country
    assert told_of["seen, audit of 1,000 files", "designed"] == pytest.approx(15.0)
    assert told_of["seen, audit of 1,000 files, standard deviation", "designed"] == pytest.approx(1.129, abs=5e-4)


def test_capture_by_two_sources_is_right_on_average_where_they_are_independent() -> None:
    """C31: N = 2,000, seen with probability 0.3 and 0.2; 20,000 draws, mean within 4.9 standard errors of the exact one."""
    rng, n = np.random.default_rng(31), 20_000
    first, second = rng.binomial(2000, 0.3, n), rng.binomial(2000, 0.2, n)
    both = rng.hypergeometric(first, 2000 - first, second)
    mean, spread = audits.chapman_mean(2000, 0.3, 0.2)
    drawn = chapman(first.astype(float), second.astype(float), both.astype(float))
    assert abs(drawn.mean() - mean) < 4.9 * spread / math.sqrt(n)
    assert mean == pytest.approx(2000, rel=1e-3)


def test_sources_that_look_at_the_same_people_see_too_little() -> None:
    """Half of the people are seen by each source with 0.6, half with 0.1: independent inside the halves, dependent together."""
    events = {"events.designed": {0: 2000}, "first.designed": {0: 700}, "second.designed": {0: 700}, "both.designed": {0: 370}}
    found = told(written({}, tables={"classes": events}), "M31")
    assert found["seen, events of unpaid judgment by two sources", "designed"] < 70.0


def test_the_matched_comparison_corrects_for_groups_and_not_for_conduct() -> None:
    """Two groups, in which half and a tenth are shut out whatever their records; wrong records are common in the first.

    Raw: 45 of 100 marked and 9 + 5 of 100 unmarked. Matched: nothing. Marked people who are shut out by themselves fool both.
    """
    marked, unmarked, shut, others = np.array([[80.0, 20.0], [20.0, 80.0], [40.0, 2.0], [10.0, 8.0]])
    totals = np.concatenate([marked, unmarked, shut, others])[None, :]
    assert raw_gap(totals)[0] == pytest.approx(42.0 - 18.0)
    assert matched_gap(totals)[0] == pytest.approx(0.0)
    people = {"marked.designed": 100, "marked_ever.designed": 60, "ever.designed.1": 150, "marked_twin.designed~accurate": 50}
    found = told(written(people), "M31")
    assert found["seen, shut out with a wrong record and without", "designed", "accurate"] == pytest.approx(60 - 10)
    assert found["truth, shut out because of it", "designed", "accurate"] == pytest.approx(10.0)
