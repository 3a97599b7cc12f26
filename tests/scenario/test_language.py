"""The language by example: every file under `valid` loads, every file under `invalid` is refused with its message at its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from counterlife.scenario import ScenarioError, catalog, load, resolved, scenario_hash
from counterlife.scenario.check import problems

FILES = Path(__file__).parent.parent / "scenarios"
VALID = sorted((FILES / "valid").glob("*.yaml"))
INVALID = sorted((FILES / "invalid").glob("*.yaml"))
LIVABLE = [str(path) for path in VALID] + [entry.name for entry in catalog()]


def test_there_are_examples() -> None:
    assert len(VALID) >= 7
    assert len(INVALID) >= 70


@pytest.mark.parametrize("name", LIVABLE, ids=lambda name: Path(name).stem)
def test_valid_file_loads_and_its_resolved_form_says_the_same(name: str, tmp_path: Path) -> None:
    scenario = load(name)
    assert problems(scenario) == []
    copy = tmp_path / "resolved.yaml"
    copy.write_text(resolved(scenario), encoding="utf-8")
    again = load(str(copy))
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)
    assert resolved(again) == resolved(scenario)


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_file_is_refused_with_its_message_at_its_place(path: Path) -> None:
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    message, place = first.removeprefix("# must say: "), second.removeprefix("# at:").strip()
    with pytest.raises(ScenarioError) as refused:
        load(str(path))
    said = [problem for problem in refused.value.problems if message in problem.text]
    assert said, f"nothing says {message!r}:\n{refused.value}"
    if re.fullmatch(r"\d+:\d+", place):
        place = f"{path.name}:{place}"
    assert said[0].place.endswith(place), f"said at {said[0].place}, not at {place}"
    assert str(refused.value).count("Traceback") == 0


def test_one_mistake_gives_one_problem() -> None:
    """A message that says more than the mistake sends its reader astray."""
    for path in INVALID:
        if path.stem == "person_level_table":  # two columns, two problems
            continue
        with pytest.raises(ScenarioError) as refused:
            load(str(path))
        assert len(refused.value.problems) == 1, f"{path.name}:\n{refused.value}"


def test_several_mistakes_are_found_in_one_go(tmp_path: Path) -> None:
    path = tmp_path / "several.yaml"
    path.write_text(f"extends: {FILES}/valid/small.yaml\nclaim: C9\ngates: {{pool: {{opens: 3}}}}\nlives: two\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(str(path))
    assert [problem.place.rpartition(".yaml:")[2] for problem in refused.value.problems] == ["2:8", "3:16", "4:8"]
