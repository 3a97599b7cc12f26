"""The system's Chromium. In CI it has to be there; elsewhere tests that need it are skipped, with the reason."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and CI has to install it")
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def watched(page: Page, address: str) -> list[str]:
    """What goes wrong on a page from now on: errors, violations of its policy, requests beyond this machine."""
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((address, "data:", "blob:")) else wrong.append(request.url))
    return wrong


def wait_for_progress(page: Page, most: int, seconds: float = 90.0) -> None:
    """More than so many townships are lived. The page's policy forbids the browser's own way of waiting, which is an eval."""
    until = monotonic() + seconds
    while monotonic() < until:
        if page.evaluate("document.querySelector('progress')?.value ?? 0") > most:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not more than {most} townships after {seconds} s")


def focused(page: Page) -> str:
    """What the keyboard is on: its words, its label or its name."""
    return str(
        page.evaluate("(e => e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.id)(document.activeElement)")
    )


def tab_to(page: Page, words: str, most: int = 80) -> None:
    """The keyboard is on what bears these words, reached by the tab key alone, and one can see that it is."""
    page.wait_for_load_state()  # its styles included
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page).strip().startswith(words):
            style = page.evaluate("(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))")
            assert style[0] != "none", words
            assert style[1] >= 2, words
            return
    raise AssertionError(f"the tab key does not reach {words!r}; last on {focused(page)!r}")
