"""`counterlife serve`: prints where it is, ends with an interrupt, and says in a sentence what it cannot do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from asking import Ask

from counterlife.web import bind


def test_it_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "counterlife", "serve", "--port", "0", "--no-browser"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    address = line.split()[0]
    assert address.startswith("http://127.0.0.1:")
    answer = httpx.get(address, timeout=60)
    assert answer.status_code == 200
    assert "SYNTHETIC" in answer.text
    process.send_signal(signal.SIGINT)
    rest, said = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")
    assert said.startswith("Stopped. Finished runs are kept")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["70000", "-1", "1.5", "x"])
def test_what_is_no_port_is_a_sentence(ask: Ask, port: str) -> None:
    said = ask("serve", "--no-browser", "--port", port)
    assert said.code == 2
    assert said.out == ""
    assert "port" in said.err.lower()


def test_a_port_that_is_taken_is_a_sentence(ask: Ask) -> None:
    taken = bind(0)
    taken.listen()
    number = taken.getsockname()[1]
    said = ask("serve", "--no-browser", "--port", number)
    taken.close()
    assert said.code == 2
    assert said.err == f"port {number} cannot be had; perhaps the page is open already. Choose another one with --port.\n"
