"""Attacks on the local page: other sites, other names, too much, and what is no form. Each is refused, and nothing happens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from counterlife.web import Site, bind
from counterlife.web.guard import LARGEST
from web.served import HERE, PORT, TEXT, client_of, post, served, site_on, start

READ = ["/", "/runs", "/compare", "/designs/article", "/page.js", "/page.css", "/vega.js", "/nothing", "/runs/none"]
WRITE = ["/runs", "/designs", "/runs/none/stop", "/runs/none/resume", "/runs/none/pin"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One for all attacks: whatever one of them did, the next would find."""
    return site_on(tmp_path_factory.mktemp("site"))


@pytest.fixture
def fresh(tmp_path: Path) -> Site:
    """One of their own for tests that leave something."""
    return site_on(tmp_path)


@pytest.fixture
def client(site: Site) -> TestClient:
    return client_of(site)


def nothing_happened(site: Site) -> bool:
    return not site.jobs.current() and not site.shelf.folder.exists() and not list(site.designs.folder.iterdir()) and not site.pins


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_answered_under_its_own_names(client: TestClient, name: str) -> None:
    assert client.get("/", headers={"host": f"{name}:{PORT}"}).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["evil.example", f"evil.example:{PORT}", f"127.0.0.1.evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", f"0.0.0.0:{PORT}",
     f"localhost.:{PORT}", f"user@127.0.0.1:{PORT}", ""],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_name_is_refused_even_where_it_leads_here(client: TestClient, site: Site, name: str, method: str) -> None:
    """A name that was made to point at this machine (DNS rebinding) sends itself as Host, and as Origin."""
    answer = client.request(method, "/runs", headers={"host": name, "origin": f"http://{name}"}, data={"token": site.token})
    assert answer.status_code == 421
    assert "counterlife serve" in answer.text
    assert site.token not in answer.text
    assert nothing_happened(site)


@pytest.mark.parametrize("address", WRITE)
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", f"https://127.0.0.1:{PORT}", "http://127.0.0.1:1", f"http://127.0.0.1:{PORT}.evil.example", "", None],
)
def test_another_origin_changes_nothing(site: Site, address: str, origin: str | None) -> None:
    client = TestClient(client_of(site).app, base_url=HERE)
    headers = {} if origin is None else {"origin": origin}
    answer = client.post(
        address, headers=headers, data={"token": site.token, "scenario": TEXT, "base": "w0", "people": "2000", "seed": "1"}
    )
    assert answer.status_code == 403
    assert nothing_happened(site)


@pytest.mark.parametrize("address", WRITE)
@pytest.mark.parametrize("token", ["", "x", "é", None])
def test_a_form_of_another_start_changes_nothing(client: TestClient, site: Site, address: str, token: str | None) -> None:
    fields = {"scenario": TEXT, "base": "w0", "people": "2000", "seed": "1"} | ({} if token is None else {"token": token})
    assert client.post(address, data=fields).status_code == 403
    assert nothing_happened(site)


@pytest.mark.parametrize("address", READ)
def test_every_answer_is_guarded(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(one.strip().partition(" ")[::2] for one in headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_another_site_may_link_here_but_not_load_from_here(client: TestClient) -> None:
    foreign = {"sec-fetch-site": "cross-site"}
    assert client.get("/", headers={**foreign, "sec-fetch-mode": "navigate"}).status_code == 200
    assert client.get("/page.js", headers={**foreign, "sec-fetch-mode": "no-cors"}).status_code == 403
    assert client.post("/runs", headers={**foreign, "sec-fetch-mode": "navigate"}).status_code == 403


def test_too_much_is_refused_whether_or_not_its_length_is_told(client: TestClient, site: Site) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    body = b"token=" + site.token.encode() + b"&scenario=" + b"x" * LARGEST
    told = client.post("/designs", content=body, headers=kind)
    untold = client.post("/designs", content=(body[n : n + 65536] for n in range(0, len(body), 65536)), headers=kind)
    for answer in (told, untold):
        assert answer.status_code == 413
        assert "more than 1,000,000 bytes" in answer.text
    assert nothing_happened(site)


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "٣", "9" * 40])
def test_a_length_that_is_none_is_refused(client: TestClient, length: str) -> None:
    answer = client.post("/designs", content=b"", headers={"content-length": length.encode()})
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("application/json", b'{"base": "w0"}', 415),
        ("application/json", b"{", 415),
        ("text/plain", b"token=x", 415),
        ("multipart/form-data; boundary=x", b"--x\r\n", 415),
        ("application/x-www-form-urlencoded", b"\xff\xfe\x00", 400),
        ("application/x-www-form-urlencoded", b"%zz&=&&&%", 403),
    ],
)
def test_what_is_no_form_of_the_page_is_refused(client: TestClient, site: Site, kind: str, body: bytes, code: int) -> None:
    for address in WRITE:
        assert client.post(address, content=body, headers={"content-type": kind}).status_code == code
    assert nothing_happened(site)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    assert client.request(method, "/runs").status_code == 405


def test_web_sockets_are_refused(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/"):
        pass


@pytest.mark.parametrize(
    "name", ["..", "../../secret", "%2e%2e", "..%2f..%2fsecret", "/etc/passwd", "%2Fetc%2Fpasswd", ".hidden", "a%00b", "x" * 200, "linked"]
)
def test_no_address_leads_off_the_shelf(fresh: Site, tmp_path: Path, name: str) -> None:
    site, client = fresh, client_of(fresh)
    for folder in (tmp_path / "secret", site.shelf.folder / ".hidden"):
        folder.mkdir(parents=True)
        for file in ("report.html", "scenario.yaml", "provenance.json"):
            (folder / file).write_text('{"identity": {}, "fingerprint": "secret"}')
    (site.shelf.folder / "linked").symlink_to(tmp_path / "secret")
    for rest in ("", "/state", "/report.html", "/scenario.yaml", "/figures/ever", "/life"):
        answer = client.get(f"/runs/{name}{rest}")
        assert answer.status_code == 404 or name == "..", rest  # a visitor makes "/runs/.." into "/" by itself
        assert '"secret"' not in answer.text
    for address in (f"/{name}", f"/designs/{name}", f"/compare?one={name}&two={name}"):
        assert client.get(address).status_code == 404 or name == ".."
    for action in ("stop", "resume", "pin"):
        assert post(client, site, f"/runs/{name}/{action}").status_code in (303, 404, 405)
    assert not site.jobs.current()


def test_text_from_outside_is_never_markup(client: TestClient, site: Site) -> None:
    mark = "<script>alert(1)</script>"
    answers = [
        post(client, site, "/designs", scenario=f"title: '{mark}'\n{mark}: 1"),
        post(client, site, "/designs", scenario=f"extends: '{mark}'"),
        post(client, site, "/runs", base="w0", people=mark, seed=mark),
        client.get(f"/designs/{mark}"),
        client.get(f"/runs/{mark}"),
    ]
    for answer in answers:
        assert answer.status_code in (404, 422)
        assert "<script>alert" not in answer.text


def test_a_title_from_outside_is_never_markup(fresh: Site) -> None:
    site, client = fresh, client_of(fresh)
    answer = post(client, site, "/designs", scenario=TEXT.replace("A small town office", "'<b>bold</b> & \"quoted\"'"))
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert "<b>bold" not in page.text
    assert "&lt;b&gt;bold&lt;/b&gt; &amp;" in page.text


def test_only_this_machine_can_connect() -> None:
    socket = bind(0)
    try:
        assert socket.getsockname()[0] == "127.0.0.1"
    finally:
        socket.close()


def test_fifty_requests_at_once_are_answered_alike(fresh: Site) -> None:
    site = fresh
    name = start(client_of(site), site)
    with served(site) as address, httpx.Client(base_url=address, timeout=60) as visitor:
        paths = ["/", "/designs/article", "/runs", f"/runs/{name}/state", "/page.js"]
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda n: visitor.get(paths[n % len(paths)]), range(50)))
        assert [answer.status_code for answer in answers] == [200] * 50
        foreign = visitor.get("/", headers={"host": "evil.example"})
        assert foreign.status_code == 421
