"""Golden tallies: one small township of every catalog scenario, as it came out when it was last accepted.

These values are copied from our own output, on purpose and only here: they say that something moved, not that it is right. Moving one
requires a line under *Numbers change* in the changelog. To accept new values: `python tests/test_golden.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counterlife.layout import Place
from counterlife.provenance import fingerprint
from counterlife.scenario import catalog, load
from counterlife.scenario.compile import compile as compiled
from counterlife.township.sheet import columns
from counterlife.township.township import live_township

GOLDEN = Path(__file__).parent / "golden"
NAMES = [entry.name for entry in catalog()]
SHOWN = ("people", "closed_any_days", "records_in", "wrong_records", "listings", "wrongful_any_days")


def small_township(name: str) -> dict[str, object]:
    """Fingerprint and a few sums of the first township of 2,000 people at seed 1."""
    scenario = compiled(load(name, ["population.township=2000"]))
    tally = live_township(Place(0, int(scenario.region_numbers[0]), 0), scenario.rulebook, scenario.populace, 1, 0)
    named = columns(scenario.names.worlds, scenario.names.pairs, scenario.names.domains)["people"]
    sums = dict(zip(named, tally.people.sum(axis=0).tolist(), strict=True))
    return {"fingerprint": fingerprint(tally._asdict()), **{key: value for key, value in sums.items() if key.split(".")[0] in SHOWN}}


@pytest.mark.parametrize("name", NAMES)
def test_numbers_did_not_move(name: str) -> None:
    golden = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert small_township(name) == golden, f"{name} moved: say so under 'Numbers change' and run `python tests/test_golden.py`"


def test_every_golden_file_has_its_scenario() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == sorted(NAMES)


if __name__ == "__main__":
    for one in NAMES:
        (GOLDEN / f"{one}.json").write_text(json.dumps(small_township(one), indent=2) + "\n", encoding="utf-8")
