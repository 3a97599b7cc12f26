"""What can be taken out of a report: each figure as SVG, PNG and CSV, from the page and by the command; and the report as PDF."""

from __future__ import annotations

import base64
import os
import re
import shutil
import struct
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
import vl_convert
from asking import Ask
from axe_playwright_python.sync_playwright import Axe
from lived import SMALL
from playwright.sync_api import Browser, Page
from web.browser import chromium, tab_to, watched

from counterlife import figures, store, study
from counterlife.report import printed
from counterlife.report.publish import publish
from counterlife.store import StoreError

SHAPES = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4" viewBox="0 0 8 4"><rect width="8" height="4" fill="white"/>'
    '<rect width="2" height="4" fill="#a83200"/></svg>'
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small run with its report."""
    path = tmp_path_factory.mktemp("made") / "run"
    publish(study.run(SMALL, people=1200, overrides=["population.township=150"], out=path))
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser, made: Path) -> Iterator[Page]:
    found = browser.new_page()
    found.goto((made / "report.html").as_uri())
    yield found
    found.close()


def read_png(content: bytes) -> np.ndarray:
    """Colours of an unfiltered PNG with a palette, by the standard: signature, chunks with their sums, rows after a zero."""
    assert content[:8] == bytes([137, 80, 78, 71, 13, 10, 26, 10])
    parts, place = {}, 8
    while place < len(content):
        (length,) = struct.unpack_from(">I", content, place)
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        assert struct.unpack_from(">I", content, place + 8 + length)[0] == zlib.crc32(kind + body)
        parts[kind], place = body, place + 12 + length
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert (depth, colour, rest) == (8, 3, [0, 0, 0])
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)[rows[:, 1:]]


def test_a_png_with_a_palette_has_the_pixels_that_were_drawn() -> None:
    found = read_png(figures.compact_png(SHAPES, 1.0))
    assert found.shape == (4, 8, 3)
    assert (found[:, :2] == (0xA8, 0x32, 0x00)).all()
    assert (found[:, 2:] == 255).all()
    assert len(figures.compact_png(SHAPES, 3.0)) < len(vl_convert.svg_to_png(SHAPES, scale=3.0)) + 300


def test_a_slim_drawing_is_the_same_but_for_hundredths_of_a_pixel_and_words_for_marks() -> None:
    fat = '<svg><path role="graphics-symbol" aria-label="x: 0.12345" d="M1.23456,-0.5L2.5,10"/><text>0.12345 of 3</text></svg>'
    assert figures.slim(fat) == '<svg><path d="M1.23,-0.5L2.5,10"/><text>0.12345 of 3</text></svg>'


def test_every_figure_of_the_page_can_be_kept_without_a_request_or_a_script(page: Page, made: Path, tmp_path: Path) -> None:
    wrong = watched(page, "file:")
    for figure in page.locator("figure").all():
        name = str(figure.get_attribute("id")).removeprefix("figure-")
        for kind in ("svg", "png"):
            link = figure.locator(f'a[download="{name}.{kind}"]')
            form, _, content = str(link.get_attribute("href")).partition(",")
            plain = base64.b64decode(content) if form.endswith("base64") else unquote(content).encode()
            (tmp_path / f"{name}.{kind}").write_bytes(plain)
            if name == "flow":  # a browser allows a page only so many files in a row
                with page.expect_download() as waiting:
                    link.click()
                assert waiting.value.suggested_filename == f"flow.{kind}"
                assert Path(waiting.value.path()).read_bytes() == plain
        drawn = ET.fromstring((tmp_path / f"{name}.svg").read_text(encoding="utf-8"))
        assert drawn.tag.endswith("svg")
        assert " ".join("".join(drawn.itertext()).split()).count("synthetic people") == 1
        width, height = float(drawn.get("width", "0")), float(drawn.get("height", "0"))
        rows = read_png((tmp_path / f"{name}.png").read_bytes())
        assert rows.shape[:2] == pytest.approx((1.5 * height, 1.5 * width), abs=1)
        assert figure.locator('p.keep a[href^="data:text/csv"]').count() >= 1
    assert wrong == []
    text = (made / "report.html").read_text(encoding="utf-8")
    assert re.findall('http-equiv="Content-Security-Policy" content="([^"]*)"', text) == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    ]
    addresses = re.findall('href="(data:[^"]*)"', text)
    assert len(addresses) == len(set(addresses))  # nothing is in the page twice
    drawings = sum(map(len, re.findall('href="(data:image[^"]*)"', text)))
    assert drawings < (len(text) - drawings)  # the page does not double


def test_the_row_is_reached_by_keyboard_not_printed_and_no_barrier(page: Page) -> None:
    tab_to(page, "data (CSV) behind this figure: flow.csv")
    tab_to(page, "SVG of this figure: flow.svg", 1)
    tab_to(page, "PNG of this figure: flow.png", 1)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.locator("p.keep").first.is_visible()
    page.emulate_media(media="print")
    assert not any(one.is_visible() for one in page.locator("p.keep").all())
    page.set_viewport_size({"width": 673, "height": 1000})  # 178 mm: A4 less its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 673
    cut = "[...document.querySelectorAll('table')].filter(e => e.getBoundingClientRect().right > 674).map(e => e.caption.innerText)"
    assert page.evaluate(cut) == []


def test_the_command_writes_the_same_figures_as_the_page(ask: Ask, made: Path, tmp_path: Path) -> None:
    said = ask("report", made, "--figures", "drawn")
    assert said.code == 0, said.err
    names = sorted(file.name for file in Path("drawn").iterdir())
    assert f"figures     {len(names)} files in drawn" in said.out
    text = (made / "report.html").read_text(encoding="utf-8")
    for name in re.findall('<figure id="figure-([^"]*)"', text):
        assert {f"{name}.svg", f"{name}.png", f"{name}.csv"} <= set(names)
        (link,) = re.findall(f'href="data:image/svg[^,]*,([^"]*)" download="{name}.svg"', text)
        written = Path(f"drawn/{name}.svg").read_text(encoding="utf-8")
        assert unquote(link.replace("&#39;", "'")) == written.replace('"', "'")
        rows = read_png(Path(f"drawn/{name}.png").read_bytes())
        assert rows.shape[1] == pytest.approx(3 * float(ET.fromstring(written).get("width", "0")), abs=1)
    (link,) = re.findall('href="data:text/csv;charset=utf-8;base64,([^"]*)" download="flow.csv"', text)
    assert Path("drawn/flow.csv").read_bytes() == base64.b64decode(link)
    before = {file: file.read_bytes() for file in Path("drawn").iterdir()}
    assert ask("report", made, "--figures", "drawn").code == 0
    assert {file: file.read_bytes() for file in Path("drawn").iterdir()} == before


def test_figures_are_whole_or_not_there(ask: Ask, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def full(descriptor: int) -> None:
        if Path("drawn").exists() and len(list(Path("drawn").iterdir())) > 3:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(store.os, "fsync", full)
    said = ask("report", made, "--figures", "drawn")
    assert said.code == 1
    assert "no room left on this disk" in said.err
    assert sorted(file.suffix for file in Path("drawn").iterdir()) == [".csv", ".png", ".svg"]


def test_figures_and_pdf_are_refused_where_they_cannot_be(ask: Ask, made: Path, tmp_path: Path) -> None:
    before = sorted(made.rglob("*"))
    Path("file").write_text("")
    for arguments, words in (
        (["--figures", "file"], "figures need a folder"),
        (["--figures", made], "a run lives here"),
        (["--pdf", "not/there.pdf"], "cannot be a PDF"),
        (["--pdf", "."], "cannot be a PDF"),
    ):
        said = ask("report", made, *arguments)
        assert (said.code, said.out) == (2, "")
        assert words in said.err
    assert sorted(made.rglob("*")) == before
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_the_report_as_pdf(ask: Ask, made: Path) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("there is no Chromium on this machine")
    said = ask("report", made, "--pdf", "report.pdf")
    assert said.code == 0, said.err
    assert said.out.splitlines()[-1] == "pdf         report.pdf"
    content = Path("report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    boxes = set(re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)[.\d]*\]", content))
    assert boxes <= {(b"594", b"841"), (b"595", b"842"), (b"594", b"842"), (b"595", b"841")}  # 210 mm x 297 mm in points of 1/72 inch
    assert boxes


def test_without_a_browser_nothing_is_written_and_the_way_is_said(
    ask: Ask, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.setattr(printed, "PLACES", ())
    said = ask("report", made, "--pdf", "report.pdf")
    assert (said.code, said.out, list(tmp_path.iterdir())) == (2, "", [])
    assert "open report.html in any browser" in said.err


@pytest.mark.parametrize(("script", "words"), [("sleep 30", "did not print the page within"), ("echo broken >&2", "and said: broken")])
def test_a_browser_that_fails_leaves_no_file(made: Path, tmp_path: Path, script: str, words: str) -> None:
    program = tmp_path / "browser"
    program.write_text(f"#!/bin/sh\nexec {script}\n")
    program.chmod(0o755)
    with pytest.raises(StoreError, match=words):
        printed.print_page(made / "report.html", tmp_path / "report.pdf", str(program), 1.0)
    assert [file.name for file in tmp_path.iterdir()] == ["browser"]


def test_on_paper_rows_stay_with_their_heads_and_drawings_are_not_cut() -> None:
    """What cannot be seen in a file of HTML: two rows stay with the head of a table, two at its end, labels may stand in the margin."""
    style = (Path(printed.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8").partition("@media print")[2]
    for rule in (
        "tr:nth-child(-n+2) { break-after: avoid; }",
        "tr:nth-last-child(2) { break-after: avoid; }",
        "thead th:first-child { width: 17%; }",
    ):
        assert rule in style
    assert re.search(r"\.drawing svg \{ overflow: visible; \}", style)
