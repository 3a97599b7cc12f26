"""Commands given in this process: what a test asks, and what came back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from counterlife.cli import answer


class Answer(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str


Ask = Callable[..., Answer]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Give a command in an empty folder, in this process."""
    monkeypatch.chdir(tmp_path)

    def asked(*arguments: object) -> Answer:
        code = answer([str(argument) for argument in arguments])
        return Answer(code, *capsys.readouterr())

    return asked
