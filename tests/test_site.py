"""The site of documentation: it is built without a warning, fetches nothing, and can be read and searched where there is no network.

Its tools have a lock of their own (`make docs` installs them): without them these tests are skipped, but for CI, which has them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from web.browser import chromium, watched

from docs.keys import keys

ROOT = Path(__file__).parents[1]
FETCHING = {
    "link": ("href",),
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "object": ("data",),
}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "rules": {"definition-list": {"enabled": False}}}  # Sphinx's
READ = ("index", "reference/scenario/index", "reference/scenario/conduct", "reference/python")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. A warning is an error."""
    if importlib.util.find_spec("sphinx") is None:
        if os.environ.get("CI"):
            pytest.fail("Sphinx is missing, and CI has to install docs/requirements.lock")
        pytest.skip("the tools of the site are not installed; `make docs` installs them")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", str(folder / "doctrees"), "docs", str(folder / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


class Fetched(HTMLParser):
    """What a page fetches: the addresses in tags that fetch, and those in styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        here = dict(attributes)
        if not (tag == "link" and here.get("rel") in ("index", "search", "next", "prev", "canonical")):  # links of a reader
            self.addresses += [here[name] or "" for name in FETCHING.get(tag, ()) if name in here]
        self.addresses += re.findall(r"url\(([^)]*)\)", here.get("style") or "")


def outside(addresses: list[str]) -> list[str]:
    return [one for one in addresses if re.match(r"['\"]?\s*(?:https?:)?//", one)]


def test_no_page_fetches_anything_from_outside(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 25
    for page in pages:
        fetched = Fetched(page.read_text(encoding="utf-8")).addresses
        assert len(fetched) > 5, page.name
        assert outside(fetched) == [], page.name
    for style in site.rglob("*.css"):
        assert outside(re.findall(r"(?:url\(|@import )\s*([^)\s;]+)", style.read_text(encoding="utf-8"))) == [], style.name


def test_a_font_from_elsewhere_would_be_noticed() -> None:
    page = (
        '<link rel="stylesheet" href="https://fonts.example/x.css"><script src="//cdn.example/x.js"></script><a href="https://x.example">'
    )
    assert outside(Fetched(page).addresses) == ["https://fonts.example/x.css", "//cdn.example/x.js"]


def test_every_page_of_the_folder_is_in_the_site(site: Path) -> None:
    written = {one.relative_to(ROOT / "docs").with_suffix(".html") for one in (ROOT / "docs").rglob("*.md")}
    assert {Path("index.html"), Path("model.html"), Path("decisions/0001-one-tape-shared-lives.html")} <= written
    assert [str(one) for one in sorted(written) if not (site / one).is_file()] == []


def test_every_key_has_an_address(site: Path) -> None:
    """A key on a page is found by its name in the index."""
    index = (site / "genindex.html").read_text(encoding="utf-8")
    for key in keys():
        assert re.search(rf'href="reference/scenario/\w+\.html#confval-[\w.-]+">(?:<code[^>]*>)?{re.escape(key.path)}<', index), key.path


def test_it_is_searched_without_a_network(site: Path, browser: Browser) -> None:
    """By a key, by a word of a sentence, and by a name in Python."""
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        wrong = watched(page, "file://")
        for words, found in (
            ("near_gate", "conduct.*.near_gate"),
            ("reviewers", "redress.office.reviewers"),
            ("open_run", "counterlife.open_run"),
        ):
            page.goto(f"{(site / 'search.html').as_uri()}?q={words}")
            expect(page.locator("#search-results a", has_text=found).first).to_be_visible()
        page.locator("#search-results a", has_text="counterlife.open_run").first.click()
        expect(page).to_have_url(re.compile(r"reference/python\.html"))
        assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_can_be_read_by_everybody(site: Path, browser: Browser, scheme: str) -> None:
    """In light and dark: axe finds nothing, and nothing is fetched."""
    with browser.new_context(offline=True, color_scheme=scheme) as context:
        for name in READ:
            page = context.new_page()
            wrong = watched(page, "file://")
            page.goto((site / f"{name}.html").as_uri())
            assert wrong == []
            found = Axe().run(page, options=AXE)  # which asks for styles once more, by itself
            assert found.violations_count == 0, f"{name}, {scheme}:\n{found.generate_report()}"


@pytest.mark.parametrize("width", [390, 1200])
def test_no_page_is_wider_than_its_window(site: Path, browser: Browser, width: int) -> None:
    with browser.new_context(offline=True, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        wide = []
        for name in sorted(str(one.relative_to(site)) for one in site.rglob("*.html")):
            page.goto((site / name).as_uri())
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append(name)
        assert wide == []
