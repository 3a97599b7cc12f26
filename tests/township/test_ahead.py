"""The process that compiles the largest kernel ahead compiles what will be needed, and nobody depends on it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, cast

import pytest

from counterlife.layout import Place
from counterlife.scenario import load
from counterlife.scenario.compile import compile as compiled_scenario
from counterlife.township import ahead
from counterlife.township.jit import compiled, is_warm
from counterlife.township.life import live
from counterlife.township.township import live_township


@pytest.mark.skipif(not compiled(), reason="looks at compiled code")
def test_what_is_compiled_ahead_is_what_a_township_needs() -> None:
    ahead.compile_live()
    scenario = compiled_scenario(load("article", ["population.people=3100", "population.township=100"]))
    live_township(Place(0, int(scenario.region_numbers[0]), 0), scenario.rulebook, scenario.populace, 1, 0)
    assert len(cast(Any, live).overloads) == 1


def test_nobody_is_lived_ahead_in_plain_python_either() -> None:
    ahead.compile_live()


def test_with_kernels_at_hand_no_other_process_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_warm() or compiled()
    monkeypatch.setattr(ahead, "is_warm", lambda: True)
    monkeypatch.setattr(ahead.subprocess, "Popen", None)
    with ahead.compiling_ahead():
        pass


@pytest.mark.parametrize("program", ["-c 'raise SystemExit(3)'", "-c 'while True: pass'"])
def test_a_process_that_fails_or_does_not_end_holds_nobody_up(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "python"
    other.write_text(f"#!/bin/sh\nexec '{sys.executable}' {program}\n")
    other.chmod(0o755)
    monkeypatch.setattr(ahead, "is_warm", lambda: False)
    monkeypatch.setattr(sys, "executable", str(other))
    with ahead.compiling_ahead():
        pass
