"""Files become scenarios: the catalog, `extends`, `--set`, the two forms and the hash."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from math import exp
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from counterlife.scenario import Scenario, ScenarioError, as_written, catalog, json_schema, load, resolved, scenario_hash
from counterlife.scenario.model import completed
from counterlife.scenario.written import read

VALID = Path(__file__).parent.parent / "scenarios" / "valid"
SMALL = str(VALID / "small.yaml")


def test_the_catalog_lists_what_it_ships() -> None:
    entries = {entry.name: entry for entry in catalog()}
    assert {"article-score", "dutch", "w0"} <= entries.keys()
    assert entries["article-score"].label == "as announced"
    assert entries["article-score"].question.endswith("?")


@pytest.mark.parametrize("entry", catalog(), ids=lambda entry: entry.name)
def test_every_shipped_scenario_says_what_it_is(entry: object) -> None:
    description = load(entry.name).description.lower()  # type: ignore[attr-defined]
    assert "counterfactual" in description
    assert "synthetic" in description


def test_the_article_has_what_the_article_names() -> None:
    article = load("article-score")
    assert set(article.conduct) >= {
        "volunteering",
        "academic_integrity",
        "academic_dishonesty",
        "traffic_offence",
        "family_size",
        "unpaid_bill",
        "banned_information",
        "littering",
        "fare_fraud",
        "smoking",
        "neglect_of_parents",
        "loan_default",
        "unpaid_judgment",
        "tax_arrears",
    }
    assert set(article.gates) == {"loan", "registry", "school", "travel"}
    assert article.gates["school"].belongs_to == "children"
    links = [source.namesakes for source in article.sources.values() if source.namesakes]
    assert {(link.mode, link.scope) for link in links} >= {
        ("assign one", "country"),
        ("assign one", "township"),
        ("pairwise", "country"),
        ("pairwise", "township"),
    }
    assert {one.colour for one in article.lists.values()} == {"black", "red"}
    assert 1 <= sum(one.rate.number * 365 for one in article.conduct.values()) <= 1.6
    assert article.population.township == 10_000
    assert article.period.days == 3653


def test_w0_has_the_monthly_probabilities_of_its_definition() -> None:
    """Six classes with these probabilities a month, points, threshold and term (the definition of W0)."""
    w0 = load("w0")
    chances = sorted(round(1 - exp(-one.rate.number * 365 / 12), 12) for one in w0.conduct.values())
    assert chances == [0.002, 0.01, 0.02, 0.03, 0.04, 0.05]
    by_chance = {round(1 - exp(-one.rate.number * 365 / 12), 12): w0.score.points[name].number for name, one in w0.conduct.items()}
    assert by_chance == {0.05: 2, 0.02: -5, 0.01: -10, 0.03: -3, 0.002: -30, 0.04: 1}
    assert {one.strain.number for one in w0.conduct.values() if one.sign == "bad"} == {2}
    assert w0.lists["suspended"].term.number == 730
    assert w0.lists["suspended"].score_below is not None
    assert w0.lists["suspended"].score_below.number == 80


def test_as_written_is_the_file_itself() -> None:
    assert as_written(SMALL) == Path(SMALL).read_bytes()
    assert as_written("article-score").startswith(b"# The national score")


@pytest.mark.parametrize("name", ["no_such_scenario", ".", "articel"])
def test_what_is_no_file_is_refused(name: str) -> None:
    with pytest.raises(ScenarioError, match=r"neither a catalog scenario nor a file|is a folder"):
        load(name)


# --- --set ----------------------------------------------------------------------------------------------------------------------


def test_set_gives_one_place_another_value() -> None:
    changed = load(SMALL, ["joint.shares.hall.pool=0.25", "conduct.late_fee.rate=0.1 per year", "compare=[[designed, none]]"])
    assert changed.joint.shares["hall"]["pool"].number == 0.25
    assert changed.conduct["late_fee"].rate.value == "0.1 per year"
    assert changed.conduct["late_fee"].rate.source == "illustrative", "a value that was set by hand has no source"
    assert changed.compare == (("designed", "none"),)
    assert changed.joint.shares["hall"]["playground"].number == 1


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("score.keep.default=1 year", "score.keep.default.value", "1 year"),
        ("score.keep.late_fee=1 year", "score.keep.late_fee.value", "1 year"),
        ("score.keep=1 year", "score.keep.default.value", "1 year"),
        ("score.points.helping=3", "score.points.helping.value", 3.0),
        ("joint.delay_off.default=9 days", "joint.delay_off.default.value", "9 days"),
        ("joint.delay_off.pairs.hall.pool=9 days", "joint.delay_off.pairs.hall.pool.value", "9 days"),
        ("joint.shares.pool.playground=0.125", "joint.shares.pool.playground.value", 0.125),
        ("conduct.late_fee.rate.note=seen", "conduct.late_fee.rate.note", "seen"),
        ("conduct.helping.rate.range=[0 per year, 9 per year]", "conduct.helping.rate.range.1", "9 per year"),
        ("conduct.helping.by.sex.male=2", "conduct.helping.by.sex.male.value", 2.0),
        ("population.name_cohort=5", "population.name_cohort", 5),
        ("sources.warden.namesakes={share: 0.5, mode: pairwise}", "sources.warden.namesakes.share.value", 0.5),
        ("lives=0", "lives", 0),
    ],
)
def test_set_reaches_every_corner(override: str, path: str, value: object) -> None:
    node = load(SMALL, [override]).model_dump(mode="json", by_alias=True)
    for name in path.split("."):
        node = node[int(name)] if isinstance(node, list) else node[name]
    assert node == value


def test_set_keeps_what_stands_beside_it() -> None:
    before, after = load(SMALL), load(SMALL, ["conduct.helping.rate.note=seen", "joint.delay_off.pairs.hall.pool=9 days"])
    assert after.conduct["helping"].rate.value == before.conduct["helping"].rate.value
    assert after.joint.delay_off.default.value == "2 days"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("joint.share.hall.pool=1", "'share' is not known in joint. Did you mean 'shares'?"),
        ("conduct.late_fees.rate=1 per year", "'late_fees' is not known in conduct. Did you mean 'late_fee'?"),
        ("conduct.late_fee.rte=1 per year", "'rte' is not known in conduct.late_fee. Did you mean 'rate'?"),
        ("score.points.late_fees=1", "'late_fees' is no class of conduct"),
        ("joint.shares.hall.pond=1", "'pond' is no gate"),
        ("sources.archive.records.late_fee.detect=2", "2 is no share"),
        ("bands.0.name=x", "bands has no parts to set one by one: give bands as a whole"),
        ("frailty.shape.value.x=1", "frailty.shape.value has no parts"),
        ("lives", "a value is missing: write path=value"),
        ("title=", "'title' is missing"),
        ("lives=[", "this is no YAML"),
    ],
)
def test_set_says_what_is_wrong_at_its_place(override: str, message: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load(SMALL, [override])
    assert message in str(refused.value)
    assert refused.value.problems[0].place.startswith(f"--set {override}") or message.startswith("'title'")


def test_set_can_take_away() -> None:
    assert load(SMALL, ["sources.archive.namesakes=null"]).sources["archive"].namesakes is None


def test_set_changes_a_world_that_was_not_written_and_what_follows_from_it() -> None:
    """The worlds of safeguards and rule books are not written out on the way, but follow from the changed one."""
    plain, changed = load("blacklist"), load("blacklist", ["worlds.designed.records=accurate"])
    assert list(changed.worlds) == list(plain.worlds)
    assert list(changed.written_worlds) == list(plain.written_worlds)
    assert {changed.worlds[name].records for name in ("designed", "notice_to_all")} == {"accurate"}


def test_set_can_choose_another_country() -> None:
    assert len(load(SMALL, ["population.country=netherlands-2023"]).population.country.regions) == 12


# --- extends --------------------------------------------------------------------------------------------------------------------


def test_extends_joins_and_takes_away() -> None:
    small, changed = load(SMALL), load(str(VALID / "changed.yaml"))
    assert changed.conduct["late_fee"].rate.value == "0.25 per year"
    assert changed.conduct["late_fee"].rate.source == "illustrative", "a replaced quantity does not keep the source of the old one"
    assert changed.conduct["late_fee"].ceiling == "0.25 per year"
    assert changed.conduct["late_fee"].by == small.conduct["late_fee"].by
    assert list(changed.lists) == ["debtors"]
    assert changed.compare == (("designed", "none"),)


def test_a_mistake_in_an_extended_file_is_placed_there(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(f"extends: {SMALL}\n\ngates: {{pool: {{opens: 1}}}}\n", encoding="utf-8")
    (tmp_path / "over.yaml").write_text("extends: base.yaml\nlives: 3\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(str(tmp_path / "over.yaml"))
    assert refused.value.problems[0].place == f"{tmp_path / 'base.yaml'}:3:16"


# --- resolved form and hash -----------------------------------------------------------------------------------------------------


def test_the_resolved_form_says_what_was_left_out() -> None:
    text = resolved(load(str(VALID / "lists_only.yaml")))
    for said in (
        "ceiling: 0.02 per year",
        "people: 1000000",
        "township: 36000",
        "strain: {value: 1.0",
        "letter: F",
        "name: Plain",
        "frail: false",
    ):
        assert said in text, said
    assert "extends" not in text


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30).filter(lambda text: bool(text.strip()))


@settings(max_examples=40, deadline=None)
@given(
    title=TEXT,
    note=TEXT,
    rate=st.floats(0, 50, allow_nan=False),
    share=st.floats(0, 1),
    thousandths=st.integers(-(10**8), 10**8),
    strain=st.floats(1, 3),
    days=st.integers(0, 5000),
)
@example(title="?0", note=":0", rate=0.0, share=0.0, thousandths=0, strain=1.0, days=0)
def test_any_scenario_survives_being_written_and_read(
    title: str, note: str, rate: float, share: float, thousandths: int, strain: float, days: int
) -> None:
    data = load(SMALL).model_dump(mode="json", by_alias=True, exclude_none=True)
    data["title"] = title
    data["conduct"]["shouting"] |= {"rate": {"value": f"{rate!r} per year", "note": note, "ref": title}, "strain": strain, "ceiling": None}
    data["sources"]["warden"]["records"]["shouting"]["detect"] = share
    data["score"]["points"]["helping"] = thousandths / 1000
    data["lists"]["debtors"]["term"] = f"{days} days"
    scenario = completed(Scenario.model_validate(data))
    again = completed(Scenario.model_validate(read(resolved(scenario).encode(), "again").data))
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)


def test_the_hash_sees_everything_but_the_number_of_people() -> None:
    plain = scenario_hash(load(SMALL))
    assert scenario_hash(load(SMALL, ["population.people=77"])) == plain
    for override in ("title=Other", "joint.shares.hall.pool=0.51", "lives=2", "population.township=5001", "conduct.late_fee.rate.note=x"):
        assert scenario_hash(load(SMALL, [override])) != plain, override


def test_the_hash_is_that_of_canonical_json() -> None:
    """Written out a second time, so that another program can compute it."""
    data = load(SMALL).model_dump(mode="json", by_alias=True, exclude_none=True)
    del data["population"]["people"]
    assert scenario_hash(load(SMALL)) == sha256(json.dumps(data, separators=(",", ":")).encode()).hexdigest()


# --- the schema and the clock ---------------------------------------------------------------------------------------------------


def test_the_shipped_schema_is_current() -> None:
    import counterlife.scenario as package

    shipped = json.loads((Path(package.__file__).parent / "schema.json").read_text(encoding="utf-8"))
    assert shipped == json_schema(), "write schema.json anew from json_schema(), with an indent of 1"


@pytest.mark.parametrize(
    "name", [*map(str, sorted(VALID.glob("*.yaml"))), *(entry.name for entry in catalog())], ids=lambda n: Path(n).stem
)
def test_editors_have_nothing_to_say_about_good_files(name: str) -> None:
    """The schema accepts them as written, and as resolved."""
    judge = Draft202012Validator(json_schema())
    judge.validate(read(as_written(name), name).data)
    judge.validate(read(resolved(load(name)).encode(), name).data)


@pytest.mark.parametrize(
    "name", ["misspelt_key", "rate_without_unit", "probability_above_one", "bad_claim", "missing_claim", "list_for_mapping"]
)
def test_editors_see_the_plain_mistakes(name: str) -> None:
    path = VALID.parent / "invalid" / f"{name}.yaml"
    assert not Draft202012Validator(json_schema()).is_valid(read(path.read_bytes(), name).data)


def test_every_field_of_the_schema_is_explained() -> None:
    schema = json_schema()
    for name, part in [("scenario", schema), *schema["$defs"].items()]:
        for field, one in part.get("properties", {}).items():
            assert one.get("description"), f"{name}.{field}"


def test_loading_loads_nothing_heavy() -> None:
    """What makes a start fast; how fast it is, the benchmarks say."""
    code = (
        "import sys, counterlife.scenario as s; s.load('article-score');"
        "print([name for name in ('numba', 'polars', 'altair', 'scipy', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_set_reaches_into_a_short_form_that_carries_a_source() -> None:
    """`keep: {value: ..., range: ...}` stands for `keep: {default: ...}`; a path through it writes the long form."""
    changed = load("article", ["scores.shopping.keep.default=3 years"])
    assert changed.scores["shopping"].keep["default"].value == "3 years"
    assert changed.scores["shopping"].keep.keys() == {"default"}
