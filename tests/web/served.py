"""A small scenario, a site over an empty folder, and that site served on a free port."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from types import ModuleType
from typing import Any

from lived import SMALL
from starlette.testclient import TestClient

from counterlife.web import Server, Site, application, bind, hosts

PORT = 8642
HERE = f"http://127.0.0.1:{PORT}"
TEXT = Path(SMALL).read_text(encoding="utf-8").replace("township: 5000", "township: 150")
"""The small town office in townships of 150 people; one of its numbers states a range."""
RATE = "conduct.late_fee.rate"
RUNNING: ModuleType = importlib.import_module("counterlife.study.run")


def site_on(path: Path) -> Site:
    """A site whose runs lie under a folder."""
    (path / "pasted").mkdir(exist_ok=True)
    return Site.on(path / "runs", path / "pasted")


def client_of(site: Site) -> TestClient:
    """A visitor who sends what a browser sends from the page itself."""
    return TestClient(application(site, hosts(PORT)), base_url=HERE, headers={"origin": HERE}, follow_redirects=False)


def post(client: TestClient, site: Site, address: str, **fields: str) -> Any:
    """What a form of the page is answered."""
    return client.post(address, data={"token": site.token, **fields})


def start(client: TestClient, site: Site, people: int = 1200, **numbers: str) -> str:
    """The name of a run of the small scenario that was asked for on the page."""
    base = site.designs.keep(TEXT)
    fields = {f"set:{path.replace('__', '.')}": number for path, number in numbers.items()}
    answer = post(client, site, "/runs", base=base, people=str(people), seed="1", **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).removeprefix("/runs/")


def wait(client: TestClient, name: str, seconds: float = 180.0) -> str:
    """The stage in which a run ends."""
    until = monotonic() + seconds
    while monotonic() < until:
        state = client.get(f"/runs/{name}/state").json()
        if state["over"]:
            return str(state["stage"])
        sleep(0.02)
    raise AssertionError(f"{name} does not end")


def slow(monkeypatch: Any, seconds: float = 0.15) -> None:
    """Every batch takes so much longer."""
    real = RUNNING.live_batch

    def live_batch(*arguments: Any) -> Any:
        sleep(seconds)
        return real(*arguments)

    monkeypatch.setattr(RUNNING, "live_batch", live_batch)


def text_of(page: str) -> str:
    """The text of a page, without tags and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@contextmanager
def served(site: Site, port: int = 0) -> Iterator[str]:
    """The address at which a site is served."""
    socket = bind(port)
    number = socket.getsockname()[1]
    server = Server(application(site, hosts(number)))
    thread = Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.01)
    try:
        yield f"http://127.0.0.1:{number}"
    finally:
        server.should_exit = True
        thread.join(10)
        site.jobs.close()
        assert not thread.is_alive()
