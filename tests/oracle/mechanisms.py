"""Families of mechanisms, each as fields of a rule book in which it is often at work; `books.py` puts them together."""

from __future__ import annotations

from typing import Any

import numpy as np

from counterlife.layout import CELLS, NEVER, QUALITIES, YEAR, Delay, Keep, Link, ListKind, Parents, Procedure, Scope, Threat

from .tiny import NO_GATE

Fields = dict[str, Any]
Dice = np.random.Generator


def common(dice: Dice) -> Fields:
    """Three classes, four channels, four lists, five domains; five worlds that live by one row of rules, or by none."""
    return {
        "classes": 3,
        "channels": (0, 0, 1, 2),
        "lists": 4,
        "domains": 5,
        "worlds": 5,
        "rows": 2,
        "row": [[0], [0], [0], [0], [1]],
        "ruled": [1, 0],
        "quality": [QUALITIES[name] for name in ("as they come", "accurate", "as they come", "lawful", "none")],
        "ceiling": np.array([4, 3, 3]) / YEAR,
        "accept": [0.3, 0.5, 0.6],
        "factor": dice.uniform(0.5, 1.5, (3, CELLS)),
        "frail": [1, 0, 1],
        "frailty_shape": 0.7,
        "top_frailty": 2.0,
        "settles": [150.0, 0.0, 0.0],
        "from_age": [14 * YEAR, 0.0, 0.0],
        "detect": dice.uniform(0.5, 1.0, (4, CELLS)),
        "ghost": np.array([[0.3], [0.0], [0.2], [0.1]]) / YEAR,
        "delay_law": [Delay.FIXED, Delay.EXPONENTIAL, Delay.FIXED, Delay.FIXED],
        "delay_days": [0.0, 30.0, 7.0, 0.0],
        "updated": 0.5,
        "update_days": 150.0,
        "points": [-40, -60, -30, 20],
        "keep": [600.0, 500.0, 400.0, 700.0],
        "lowest": -300,
        "highest": 150,
        "cuts": [-100, 0, 50],
        "opens_at": [-80, -150, -60, NO_GATE, -60],
        "minor": -20,
        "list_kind": [ListKind.RECORD, ListKind.SCORE_BELOW, ListKind.SCORE_ABOVE, ListKind.RECORD],
        "list_domain": [3, 0, -1, 4],
        "list_needs": [1, 1, 1, 2],
        "list_term": [300.0, 90.0, NEVER, 500.0],
        "list_mark": [0, -120, 30, 0],
        "list_share": [[0.3, 1.0, 0.0, 0.0], [0.0] * 4, [0.0] * 4, [0.6, 0.0, 0.8, 0.0]],
        "joint": np.where(dice.random((5, 5)) < 0.4, dice.uniform(0.2, 0.9, (5, 5)), 0.0),
        "joint_on": dice.integers(0, 30, (5, 5)).astype(float),
        "joint_off": dice.integers(0, 60, (5, 5)).astype(float),
        "child_domain": [0, 0, 1, 0, 0],
        "domain_from": [18 * YEAR, 0.0, 6 * YEAR, 16 * YEAR, 20 * YEAR],
        "domain_until": [NEVER, NEVER, 15 * YEAR, 80 * YEAR, 45 * YEAR],
        "pair_world": [0, 2, 0],
        "pair_versus": [1, 1, 2],
        "meter_low": -300,
        "meter_step": 2,
    }


def scores(dice: Dice) -> Fields:
    """Three scores, the last a ledger, with copies, noise and traits; kept by every law, repaired, forgiven; ends that are lost; a cap."""
    return {
        "scores": 3,
        "start": [0, 100, 50],
        "lowest": [-300, -100, -200],
        "highest": [150, 300, 120],
        "ledger": [0, 0, 1],
        "points": [[-40, -60, -30, 20], [0, -50, -20, 10], [-30, 0, -45, 25]],
        "keep": [[60.0, 500.0, 400.0, 700.0], [200.0, 300.0, 100.0, 400.0], [NEVER] * 4],
        "keep_law": [[Keep.SETTLEMENT, Keep.EXPONENTIAL, Keep.ENTRY, Keep.ENTRY], [Keep.EXPONENTIAL] * 4, [Keep.ENTRY] * 4],
        "discretion": [[0, 20, 0, 5], [10, 0, 0, 0], [0, 0, 15, 0]],
        "severity": [0.2, 0.0, 0.3],
        "leniency": [0.3, 0.5, 0.0],
        "repair": [0.3, 0.2, 0.0, 0.1],
        "repair_days": [120.0, 90.0, 0.0, 60.0],
        "amnesty_day": 650.0,
        "amnesty_age": 200.0,
        "copy_law": [Delay.FIXED, Delay.EXPONENTIAL, Delay.FIXED],
        "copy_days": [0.0, 15.0, 12.0],
        "fix_law": [Delay.FIXED, Delay.EXPONENTIAL, Delay.FIXED],
        "fix_days": [0.0, 40.0, 7.0],
        "fix_lost": [0.1, 0.2, 0.0],
        "back": [0.3, 0.0, 0.5],
        "back_days": [40.0, 0.0, 60.0],
        "proxy": [0.0, 60.0, 20.0],
        "validity": [0.0, 0.4, 0.1],
        "proxy_cell": np.array([[0.0], [20.0], [10.0]]) * dice.uniform(-1, 1, (3, CELLS)),
        "latent_mean": -0.9,
        "latent_sd": 1.3,
        "opens_at": [-80, 60, -60, NO_GATE, 0],
        "gate_score": [0, 1, 0, 0, 2],
        "list_score": [0, 2, 1, 0],
        "list_mark": [0, -60, 130, 0],
        "list_resets": [0, 1, 0, 0],
        "joint_lost": np.where(dice.random((5, 5)) < 0.5, 0.2, 0.0),
        "most_closed": [2, 5],
        "spared": dice.permutation(5),
    }


def records(dice: Dice) -> Fields:
    """Records misread and inflated, and raised by every procedure, each at a channel."""
    parameters = {
        Procedure.SHARE: [0.2],
        Procedure.SCREEN: [0.5, 0.9, 0.5],
        Procedure.AVERAGE: [0.6, 800.0, 0.3, 550.0, 100.0, 0.5, 0.1, 5.0],
        Procedure.COHORT: [0.7, 0.8, 0.3],
    }
    procedures = dice.permutation(list(parameters))
    return {
        "misread": [[0.0, 0.1, 0.05, 0.0], [0.0, 0.0, 0.2, 0.1], [0.1, 0.0, 0.0, 0.0], [0.0, 0.0, 0.1, 0.0]],
        "inflate": dice.uniform(0.05, 0.3, 4),
        "inflate_by": [2.0, 1.5, 3.0, 2.5],
        "procedure": procedures,
        "procedure_with": [np.pad(its, (0, 8 - len(its))) for its in (parameters[Procedure(number)] for number in procedures)],
    }


def links(dice: Dice) -> Fields:
    """Records filed under namesakes, of every mode; one source goes national."""
    return {
        "link": [Link.ASSIGN_ONE, Link.PAIRWISE, Link.ASSIGN_ONE, Link.PAIRWISE],
        "link_share": [0.2, 0.1, 0.3, 0.01],
        "link_scope": [Scope.COUNTRY, Scope.TOWNSHIP, Scope.TOWNSHIP, Scope.COUNTRY],
        "link_from": [float(dice.integers(100, 600)), 0.0, 0.0, 0.0],
        "inflow": [0.5 / YEAR, 0.0, 0.0, 0.5 / YEAR],
    }


def conduct(dice: Dice) -> Fields:
    """Every reaction; world M lives the conduct of world A."""
    return {
        "conduct": [-1, -1, 1, -1, -1],
        "accept": [0.2, 0.2, 0.4],
        "strain": [1.5, 1.3, 1.0],
        "strain_most": [2, 1, 1],
        "deter": [0.8, 0.0, 0.3],
        "near": [1.0, 1.5, 1.2],
        "near_points": [0, 60, 40],
        "burst": [0.4, 0.0, 0.2],
        "burst_days": [30.0, 1.0, 60.0],
        "burst_most": [1.5, 1.0, 1.4],
        "weary": [1.0, 0.6, 1.0],
        "belief": dice.uniform(0.1, 0.4),
        "belief_rate": 1 / 150,
        "reacts": 0.6,
        "gives_up": 1,
    }


def soft_gates(dice: Dice) -> Fields:
    """Gates of which some are shut by a score or a list, and others let a share of the applications pass, more in a better band."""
    return {
        "apply": [0.01, 0.02, 0.05, 0.005, 0.01],
        "passes": np.sort(dice.uniform(0, 1, (2, 5, 4)), axis=2) * np.array([1.0, 1.0, 0.0, 1.0, 0.0])[:, None]
        + np.array([0.0, 0.0, 1.0, 0.0, 1.0])[:, None],
    }


def redress(dice: Dice) -> Fields:
    """Notice, discovery, take-up, two instances, corrections that are late, lost and undone."""
    return {
        "contestable": [1, 1, 1, 0],
        "notice": [0.5, 0.2, 0.4, 0.0],
        "notice_days": 10.0,
        "asks": 0.6,
        "apply": [0.01, 0.02, 0.05, 0.005, 0.01],
        "take_up": dice.uniform(0.4, 0.9, CELLS),
        "take_up_right": 0.5,
        "take_up_ability": 2.0,
        "take_up_weary": 0.4,
        "gives_up": 2,
        "sensitivity": 0.7,
        "specificity": 0.9,
        "bias": 0.1,
        "decide_law": Delay.EXPONENTIAL,
        "decide_days": 25.0,
        "second": 0.5,
        "second_days": 40.0,
        "second_sensitivity": 0.8,
        "second_specificity": 0.85,
        "correct_law": Delay.EXPONENTIAL,
        "correct_days": 15.0,
        "correct_lost": 0.15,
        "fix_law": Delay.EXPONENTIAL,
        "fix_days": 20.0,
        "fix_lost": 0.1,
        "back": 0.4,
        "back_days": 50.0,
    }


def office(dice: Dice) -> Fields:
    """Few reviewers, of every discipline by turns."""
    slots, by_harm = (int(bit) for bit in dice.integers(0, 2, 2))
    return {
        "office": 1,
        "offices": int(dice.integers(1, 3)),
        "slots": slots,
        "by_harm": by_harm,
        "patience": 60.0,
        "decide_law": int(dice.integers(0, 2)),
        "decide_days": 15.0,
    }


def stages(dice: Dice) -> Fields:
    """First nothing, then a pilot, then the whole, an interruption, the whole again; fields by row are those of the four rows."""
    del dice
    return {
        "rows": 4,
        "stages": 5,
        "stage_day": [0.0, 150.0, 400.0, 700.0, 780.0],
        "row": [[0, 1, 2, 3, 2]] * 4 + [[3] * 5],
        "opens_at": [[NO_GATE] * 5, [-30, -100, -60, NO_GATE, -20], [-80, -150, -60, NO_GATE, -60], [NO_GATE] * 5],
        "list_domain": [[3, 0, -1, 4], [1, 3, -1, 4], [3, 0, -1, 4], [3, 0, -1, 4]],
        "cuts": [[-100, 0, 50], [-50, 10, 60], [-100, 0, 50], [-100, 0, 50]],
        "most_closed": 5,
        "start": [[0], [30], [0], [0]],
        "lookback": [NEVER, 150.0, NEVER, NEVER],
        "settled": [1, 1, 0, 1],
        "ruled": [0, 1, 1, 0],
    }


def threats(dice: Dice) -> Fields:
    """All four, each twice."""
    begins = np.sort(dice.integers(50, 800, 8)).astype(float)
    return {
        "quality": [QUALITIES[name] for name in ("attacked", "accurate", "as they come", "lawful", "none")],
        "threats": 8,
        "threat": [*list(Threat), *list(Threat)],
        "threat_channel": dice.integers(0, 2, (8, 4)) | np.eye(8, 4, dtype=np.int64),
        "threat_from": begins,
        "threat_until": begins + dice.integers(40, 200, 8),
        "threat_rate": dice.uniform(0.5, 2.0, (8, 1)) / YEAR,
        "threat_share": 0.5,
        "threat_found": 0.6,
        "threat_days": 60.0,
    }


def families(dice: Dice) -> Fields:
    """Schools that look at the parents' worst and mean score, households that apply together."""
    del dice
    return {
        "child_domain": [0, 0, 1, 0, 1],
        "domain_from": [18 * YEAR, 0.0, 6 * YEAR, 16 * YEAR, 3 * YEAR],
        "domain_until": [NEVER, NEVER, 15 * YEAR, 80 * YEAR, 18 * YEAR],
        "parents": [Parents.ANY, Parents.ANY, Parents.WORST, Parents.ANY, Parents.MEAN],
        "together": [1, 0, 0, 1, 0],
    }


def ranks(dice: Dice) -> Fields:
    """Two gates for the lowest, of everybody (48 people) and of an age, of which one looks at a mark too; who is shut out does more.

    The first two worlds live by one row, the next two by another that ranks otherwise and caps; the last would rank if it had rules.
    """
    return {
        "rows": 3,
        "row": [[0], [0], [1], [1], [2]],
        "ruled": [1, 1, 0],
        "closes_lowest": [[0, 125_000, 0, 0, 310_000], [0, 200_000, 0, 0, 250_000], [0, 500_000, 0, 0, 500_000]],
        "review_days": float(dice.choice([50.0, 91.25, 100.0])),
        "opens_at": [-80, -60, -60, NO_GATE, NO_GATE],
        "keep": [200.0, 160.0, 120.0, 240.0],
        "most_closed": [5, 2, 5],
        "accept": [0.2, 0.4, 0.4],
        "strain": [1.5, 2.0, 1.5],
        "strain_most": [2, 1, 2],
    }


def duplicates(dice: Dice) -> Fields:
    """Records come twice, some only on a day on which files are put together; two of either kind list."""
    return {
        "duplicate": dice.uniform(0.2, 0.5, 4),
        "duplicate_from": [0.0, float(dice.integers(200, 500)), 0.0, float(dice.integers(200, 500))],
        "list_needs": [2, 1, 1, 2],
        "list_share": [[0.6, 1.0, 0.0, 0.0], [0.0] * 4, [0.0] * 4, [0.6, 0.0, 0.8, 0.0]],
    }


def parts(dice: Dice) -> Fields:
    """Two parts of the first score, one of the second, by which little is lost and hardly anything gained; the ledger has none."""
    return {
        "part": [[0, 1, 0, 1], [-1, 0, 0, -1], [-1] * 4],
        "part_low": [[-int(dice.integers(50, 90)), -70], [-60, 0], [0, 0]],
        "part_high": [[0, 10], [5, 0], [0, 0]],
        "opens_at": [-80, 60, -60, NO_GATE, 0],
        "list_mark": [0, -60, 110, 0],
    }


def friends(dice: Dice) -> Fields:
    """A pilot and the whole, which take otherwise from friends and family, and an interruption; who is shut out does more.

    The score that is tied has gates, bands, a list and a redlist; reviews are often or seldom, often also on days on which other rules
    begin, seldom so that the interruption falls between two.
    """
    return {
        "rows": 3,
        "stages": 4,
        "stage_day": [0.0, 350.0, 700.0, 760.0],
        "row": [[0, 1, 2, 1]] * 4 + [[2] * 4],
        "ruled": [1, 1, 0],
        "tied": 0,
        "friends": int(dice.integers(2, 5)),
        "alike": 0.5,
        "tie_share": [0.3, 0.55, 0.4],
        "tie_kin": [-15, -25, -10],
        "drop_below": [-60, -30, 0],
        "drop_share": [0.4, 0.6, 1.0],
        "review_days": float(dice.choice([35.0, 70.0, 230.0])),
        "opens_at": [-50, -80, -40, NO_GATE, -40],
        "cuts": [[-60, -30, 5], [-40, -10, 10], [-60, -30, 5]],
        "list_mark": [0, -60, 15, 0],
        "near": [1.2, 1.0, 1.0],
        "near_points": [30, 0, 0],
        "accept": [0.2, 0.4, 0.4],
        "strain": [1.5, 2.0, 1.5],
        "strain_most": [2, 1, 2],
    }
