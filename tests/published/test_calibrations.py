"""What calibrations come to, by second ways of working it out: sums, simulations, the engine's own counts, and figures of the evidence."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from counterlife.exact import counts
from counterlife.exact.averaging import Benefit, claim
from counterlife.layout import YEAR
from counterlife.measures.intervals import Estimate
from counterlife.township.jit import compiled
from counterlife.verify.engine import QUICK, Lab
from counterlife.verify.published import appeals, court_list, credit_files, debts, fading, findings, licences
from counterlife.verify.published.estimates import jackknifed, ratio
from counterlife.verify.published.stated import given

engine = pytest.mark.skipif(not compiled(), reason="too many people for plain Python")


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Lives of the quick form, each lived once."""
    return Lab(QUICK)


def holds(value: float, one: Estimate) -> bool:
    """Whether a value lies within three half-widths of an interval: five or six standard errors."""
    assert one.value is not None
    assert one.high is not None
    return abs(one.value - value) <= 3.0 * (one.high - one.value)


def valued(settings: tuple[str, ...]) -> dict[str, str]:
    return dict(setting.split("=", 1) for setting in settings)


# --- V1 ---------------------------------------------------------------------------------------------------------------------------------


def drivers(offences: licences.Offences, light: int, grave: int) -> float:
    """Share of drivers with so many offences of three and of six points: the Gamma mixture of two Poisson laws."""
    shape, both = offences.shape, offences.shape + offences.mean + offences.grave
    log = math.lgamma(shape + light + grave) - math.lgamma(shape) - math.lgamma(light + 1) - math.lgamma(grave + 1)
    log += shape * math.log(shape / both) + light * math.log(offences.mean / both)
    return math.exp(log) * (offences.grave / both) ** grave


def test_without_grave_offences_the_fit_is_that_of_the_evidence() -> None:
    facts = given("V1")
    found = licences.fitted(facts["one_2015"] / facts["none_2015"], facts["five_2015"] / facts["one_2015"], 0.0)
    assert (round(found.mean, 3), round(found.shape, 2)) == (0.086, 0.13)
    law = counts.negative_binomial(found.mean, found.shape, 3)
    assert law[3] == pytest.approx(0.00307, abs=3e-5)  # the evidence rounds the shape first
    assert counts.at_least(law, 4) == pytest.approx(0.00142, abs=3e-5)


@pytest.mark.parametrize("year", ["2015", "2011"])
def test_the_fit_gives_the_lower_classes_back(year: str) -> None:
    facts = given("V1")
    found = {"2015": licences.offences_2015, "2011": licences.offences_2011}[year](facts)
    none, one, five = drivers(found, 0, 0), drivers(found, 1, 0), drivers(found, 2, 0) + drivers(found, 0, 1)
    due = {"2015": (2_267_986 / 43_620_134, 507_265 / 2_267_986), "2011": (3.2 / 33.2, 0.6 / 3.2)}[year]
    assert (one / none, five / one) == pytest.approx(due)
    assert found.grave == pytest.approx(0.0012)


def test_classes_that_no_drivers_have_are_refused() -> None:
    with pytest.raises(ValueError, match="no gamma-Poisson law"):
        licences.fitted(0.05, 0.01, 0.0012)


@engine
def test_the_engine_has_the_classes_of_the_law(lab: Lab) -> None:
    found = licences.offences_2015(given("V1"))
    one = licences.lived(lab, found, 3.0, 1.0)
    closed = {name: one.each(f"open_end.counted.{name}") for name in ("some", "five", "nine", "twelve")}
    nine = drivers(found, 3, 0) + drivers(found, 1, 1)
    below = drivers(found, 0, 0) + drivers(found, 1, 0) + drivers(found, 2, 0) + drivers(found, 0, 1)
    assert holds(2_267_986 / 43_620_134, ratio(closed["some"] - closed["five"], one.each("people") - closed["some"]))
    assert holds(507_265 / 2_267_986, ratio(closed["five"] - closed["nine"], closed["some"] - closed["five"]))
    assert holds(nine, licences.kept(one, "nine", "twelve"))
    assert holds(1.0 - below - nine, ratio(closed["twelve"], one.each("people")))


@engine
def test_counting_makes_nobody_cautious(lab: Lab) -> None:
    one = licences.lived(lab, licences.offences_2015(given("V1")), 3.0, 0.56)
    names = one.columns["classes"]
    events = [sum(int(each.classes[:, names.index(f"events.{world}")].sum()) for each in one.townships) for world in ("driven", "counted")]
    assert events[0] == events[1] > 0
    assert one.total("open_end.driven.nine") == one.total("open_end.driven.gone") == 0
    assert one.total("open_end.counted.gone") > one.total("open_end.counted.twelve") > 0


# --- V2 ---------------------------------------------------------------------------------------------------------------------------------


def test_the_exit_hazard_is_that_of_the_evidence_and_the_list_fills_by_2020() -> None:
    found = court_list.flows(given("V2"))
    assert round(found.leaves, 2) == 0.33
    assert found.fewer == pytest.approx(0.234, abs=0.001)  # -23.4 % on 2023 (NL09)
    stock, listed = 0.0, 3.21 / YEAR
    for _ in range((dt.date(2020, 1, 1) - found.start).days):
        stock += listed - stock * found.leaves / YEAR
    assert stock == pytest.approx(5.7, abs=0.02)


@engine
def test_the_engine_holds_the_stock_of_2020(lab: Lab) -> None:
    facts = given("V2")
    then = court_list.at(lab, court_list.flows(facts), dt.date(2020, 1, 1), "for ever")
    assert holds(5.7, court_list.millions(then.people, then.stock, 1113.0))


# --- V3 ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("correlation", [0.0, 0.6, 0.71])
def test_errors_have_their_share_and_their_correlation(correlation: float) -> None:
    shared, alone = credit_files.common_shock(0.193, correlation)
    draws = np.random.default_rng(1).random((400_000, 3))
    both = (draws[:, [0]] < shared) | (draws[:, 1:] < alone)
    assert both.mean() == pytest.approx(0.193, abs=0.003)
    assert np.corrcoef(both.T)[0, 1] == pytest.approx(correlation, abs=0.01)


def test_sizes_have_the_published_median() -> None:
    sizes = credit_files.sizes(20.0)
    draws = np.random.default_rng(2).exponential(20.0 / math.log(2.0), 400_000)
    for name, (low, high) in credit_files.SIZES.items():
        assert sizes[name] == pytest.approx(((draws > low) & (draws <= high)).mean(), abs=0.003)
    assert sum(sizes.values()) == pytest.approx(1.0)


@engine
def test_files_of_the_engine_have_the_share_that_they_were_set_to(lab: Lab) -> None:
    settings = credit_files.overrides(0.193, 0.71, 2557, {"small": 1.0})
    one = lab.live("published/v3", credit_files.TOWNSHIPS[0], credit_files.SEED, settings, quick=(credit_files.TOWNSHIPS[1], None))
    assert lab.scenario("published/v3").rulebook.days == 2557
    for name in "abc":
        assert holds(0.193, ratio(one.each(f"open_end.designed.file_{name}"), one.each("people")))


# --- V4 to V6 ---------------------------------------------------------------------------------------------------------------------------


def test_five_times_as_many_flags() -> None:
    set_to = valued(findings.overrides(given("V4")))
    owed, alarm = (float(set_to[f"sources.agency.records.claim.procedure.screen.{name}"]) for name in ("owed", "false_alarm"))
    assert owed + (1.0 - owed) * alarm == pytest.approx(5.0 * owed)


@engine
def test_a_tenth_of_decisions_is_appealed(lab: Lab) -> None:
    townships = appeals.TOWNSHIPS
    one = lab.live("published/v5", townships[0], appeals.SEED, appeals.overrides(given("V5")), quick=(townships[1], None))
    assert holds(0.10, ratio(one.each("second.designed"), one.each("records_in.designed")))
    assert one.total("pending.designed") == 0  # every case is over


def test_the_median_lies_within_its_bin() -> None:
    assert appeals.middle(np.array([10.0, 0.0, 30.0])) == pytest.approx(60.0 + 10.0)  # a third into the third bin of thirty days
    assert appeals.middle(np.array([0.0, 5.0, 5.0])) == pytest.approx(60.0)


def test_pay_gives_the_mean_debt() -> None:
    benefit = Benefit(550.0, 100.0, 0.5)
    pay = debts.pay_for(3750.0, benefit, 50.0)
    draws = np.random.default_rng(3)
    works = draws.integers(0, 10, 60_000) / 10.0 + 0.05
    claims = claim(benefit, np.where(draws.random((60_000, 26)) < works[:, None], pay, 0.0))
    assert claims[claims > 50.0].mean() == pytest.approx(3750.0, rel=0.01)
    with pytest.raises(ValueError, match="no pay"):
        debts.pay_for(50_000.0, benefit, 50.0)


def test_all_kinds_of_years_follow_one_rule() -> None:
    set_to = valued(debts.overrides(given("V6")))
    assert len(set_to) == 5 * 10
    assert len({set_to[f"sources.agency.records.year_{works:02d}.procedure.average.pay"] for works in debts.WORKS}) == 1


# --- V10 --------------------------------------------------------------------------------------------------------------------------------


@engine
def test_the_fading_effect_is_the_integral_of_a_fading_belief(lab: Lab) -> None:
    """Those few who are suspended believe again, so the engine may be off by a little more than chance."""
    rows = {one.row: one for one in fading.predict(given("V10"), lab)}
    months = (np.arange(18_000) + 0.5) / 1000.0
    left = np.exp(math.log(1.0 - 0.175) * 0.05 ** (months / 18.0)) - 1.0
    assert rows["italy"].low == pytest.approx(left.mean(), abs=0.002)
    assert rows["month_18"].low == pytest.approx(left[17_000:].mean(), abs=0.002)
    assert rows["first"].low == pytest.approx(left[:1000].mean(), abs=0.004)
    assert rows["constant_italy"].low == pytest.approx(-0.175, abs=0.002)


# --- estimates --------------------------------------------------------------------------------------------------------------------------


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    each = np.array([3.0, 5.0, 4.0, 8.0])
    found = ratio(each, np.ones(4))
    assert found.value == 5.0
    assert found.high is not None
    assert found.high - 5.0 == pytest.approx(3.1824463 * each.std(ddof=1) / 2.0)  # Student's t with three degrees of freedom
    with pytest.raises(ValueError, match="two townships"):
        jackknifed(np.ones((1, 2)), lambda sums: float(sums[0]))
