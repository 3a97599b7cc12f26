"""The local page in a real browser: by keyboard alone, on every screen, in two tabs, reloaded and restarted in the middle of a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from counterlife import study
from counterlife.web import Site
from counterlife.web.designs import Design
from web.browser import chromium, focused, tab_to, wait_for_progress, watched
from web.served import TEXT, client_of, served, site_on, slow, start, wait

SCREENS = ((360, 740), (900, 900), (1920, 1080), (2560, 1440))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return site_on(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with served(site) as found:
        yield found


@pytest.fixture(scope="module")
def names(site: Site) -> list[str]:
    """Two finished runs."""
    client = client_of(site)
    found = [start(client, site), start(client, site, **{"conduct.late_fee.rate": "0.9"})]
    assert [wait(client, name) for name in found] == ["finished", "finished"]
    return found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page()
    yield found
    found.close()


def pages(names: list[str]) -> list[str]:
    first, second = names
    life = f"/runs/{first}/life?person=Plain/0/0"
    return ["/", "/designs/article", "/runs", f"/runs/{first}", life, f"/compare?one={first}&two={second}", "/nothing"]


def test_no_page_has_a_barrier_breaks_a_rule_or_asks_beyond_this_machine(page: Page, address: str, names: list[str]) -> None:
    """In light and dark: axe finds nothing, figures are drawn by the interpreter, and the policy is never broken."""
    wrong = watched(page, address)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in pages(names):
            page.goto(address + path)
            for figure in page.locator("[data-figure]").all():
                expect(figure).to_have_attribute("data-drawn", "", timeout=15_000)
                assert figure.locator("svg path").count() > 3
            page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
            found = Axe().run(page)
            assert found.violations_count == 0, path + found.generate_report()
    assert [one for one in wrong if "404" not in one] == []  # the last page is the one that is not there


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_every_page_fits_every_screen(page: Page, address: str, names: list[str], width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for path in pages(names):
        page.goto(address + path)
        if page.locator("[data-figure]").count():
            page.wait_for_selector("[data-drawn] svg")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        small = page.evaluate(
            "[...document.querySelectorAll('button, .button, nav a, input:not([type=hidden])')].filter(e => e.offsetParent)"
            ".map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().height]).filter(([, high]) => high < 24 && high > 0)"
        )
        assert [one for one in small if 'type="checkbox"' not in one[0]] == [], path


def test_everything_can_be_done_with_the_keyboard_alone(page: Page, address: str, site: Site) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    tab_to(page, "Scenario (YAML)")
    page.keyboard.insert_text(TEXT)
    tab_to(page, "Look at it")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("A small town office")
    tab_to(page, "Synthetic people")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("900")
    tab_to(page, "What people do, and how often")
    page.keyboard.press("Enter")
    tab_to(page, "Late fee: rate")
    assert page.evaluate("document.activeElement.type") == "text"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"
    page.keyboard.press("End")
    assert page.locator("[name='set:conduct.late_fee.rate']").input_value() == "1"
    assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "1 per year"
    expect(page.locator("[data-count]")).to_have_text("1 changed")
    for _ in range(10):
        page.keyboard.press("Shift+Tab")
        if focused(page).startswith("Run this sample"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Walk through a life")).to_be_visible(timeout=60_000)
    name = page.url.rpartition("/")[2]
    assert "rate: 1 per year" in site.shelf.place(name).joinpath("scenario.yaml").read_text()
    tab_to(page, "Pin to compare")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()
    tab_to(page, "Walk through a life")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("One synthetic life, in every world")
    tab_to(page, "Somebody else")
    if not page.locator("#person").is_visible():
        page.keyboard.press("Enter")
    tab_to(page, "Region, township and number")
    opened = site.shelf.open(name)
    story = max((opened.story(f"Plain/0/{n}") for n in range(40)), key=lambda one: len(one.lines))
    page.keyboard.insert_text(str(story.person))
    page.keyboard.press("Enter")
    days = page.locator("[data-day]")
    expect(page.locator("[data-day]:visible")).to_have_count(1)
    before = page.locator("[data-day]:visible h4").inner_text()
    tab_to(page, "Later")
    page.keyboard.press("Enter")
    expect(page.locator("[data-day]:visible h4")).not_to_have_text(before)
    tab_to(page, "Show all days")
    page.keyboard.press("Space")
    expect(page.locator("[data-day]:visible")).to_have_count(days.count())


def test_a_run_is_followed_in_two_tabs_reloaded_and_stopped(
    page: Page, browser: Browser, address: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow(monkeypatch, 0.4)
    name = start(client_of(site), site, people=3300)
    other = browser.new_page()
    for tab in (page, other):
        tab.goto(f"{address}/runs/{name}")
        assert tab.locator("[data-said]").get_attribute("aria-live") == "polite"
    expect(page.locator("[data-said]")).to_contain_text("townships lived", timeout=60_000)
    bar = page.get_by_role("progressbar", name="Townships lived")
    page.reload()
    seen = int(bar.get_attribute("value") or 0)
    assert seen > 0
    wait_for_progress(page, seen)
    other.get_by_role("button", name="Stop").click()
    for tab in (page, other):
        expect(tab.locator("h1")).to_have_text("Not finished", timeout=30_000)
    page.get_by_role("button", name="Go on").click()
    other.reload()
    for tab in (page, other):
        expect(tab.get_by_role("button", name="Pin to compare")).to_be_visible(timeout=60_000)
    other.close()


def test_a_page_without_its_script_still_works(browser: Browser, address: str, names: list[str]) -> None:
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{address}/runs/{names[0]}")
    plain.get_by_role("button", name="Pin to compare").click()
    expect(plain.get_by_role("button", name="Unpin")).to_be_visible()
    plain.get_by_role("button", name="Unpin").click()
    plain.goto(f"{address}/designs/article")
    plain.get_by_label("Synthetic people").fill("one")
    plain.get_by_role("button", name="Run this sample").click()
    expect(plain.get_by_role("alert")).to_contain_text("people: 'one' is no whole number")
    plain.context.close()


def test_a_killed_server_loses_no_finished_run_and_goes_on_with_the_other(page: Page, tmp_path: Path) -> None:
    site = site_on(tmp_path)
    client = client_of(site)
    finished = start(client, site)
    assert wait(client, finished) == "finished"
    name, file = site.designs.prepare(Design(site.designs.keep(TEXT), 3300))
    script = f"""
import importlib, time
from pathlib import Path
running = importlib.import_module("counterlife.study.run")
real = running.live_batch
running.live_batch = lambda *given: (time.sleep(0.5), real(*given))[1]
from web.served import client_of, site_on, served
from counterlife.web.jobs import Job
site = site_on(Path({str(tmp_path)!r}))
with served(site) as address:
    site.jobs.ask(Job({name!r}, Path({str(file)!r}), site.shelf.place({name!r}), 3300, 1))
    print(address, flush=True)
    time.sleep(300)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        page.goto(f"{address}/runs/{name}")
        wait_for_progress(page, 1)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    sleep(0.5)
    assert page.locator("h1").inner_text() == "Running"  # the page waits for the program to come back
    with served(site_on(tmp_path), int(address.rpartition(":")[2])):
        expect(page.locator("h1")).to_have_text("Not finished", timeout=15_000)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("button", name="Pin to compare")).to_be_visible(timeout=60_000)
        page.goto(f"{address}/runs")
        page.get_by_role("link", name=finished).click()
        expect(page.locator("h1")).to_have_text("A small town office")
    (tmp_path / "whole.yaml").write_text(TEXT)
    whole = study.run(tmp_path / "whole.yaml", people=3300)
    assert study.open_run(tmp_path / "runs" / name).fingerprint == whole.fingerprint
