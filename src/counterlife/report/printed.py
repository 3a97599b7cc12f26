"""The report as PDF, printed by a browser that is on the machine: no network, a profile of its own, a limit of time."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..store import FolderRefusedError, StoreError, put
from ..study import RequestError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # there is no network for this browser
)
LONGEST = 120.0  # seconds


def browser() -> str:
    """The program of a browser that prints; RequestError says how to print without one."""
    found = next(filter(None, map(shutil.which, (*BROWSERS, *PLACES))), None)
    if found is None:
        raise RequestError(
            "there is no Chromium, Chrome or Edge on this machine to write the PDF with: open report.html in any browser, choose Print and "
            "“Save as PDF”; nothing was written."
        )
    return found


def refuse(file: Path) -> None:
    """Raises FolderRefusedError where no file of this name can be."""
    if file.is_dir() or not file.parent.is_dir():
        raise FolderRefusedError(f"{file} cannot be a PDF: give a file in a folder that is there (--pdf).")


def print_page(page: Path, file: Path, program: str, longest: float = LONGEST) -> None:
    """The file holds the page as PDF, whole; StoreError where the browser does not make one within so many seconds."""
    with tempfile.TemporaryDirectory(prefix="counterlife-", ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "page.pdf"
        command = [program, *FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # which the browser refuses to build for this user
        try:
            ended = subprocess.run([*command, page.resolve().as_uri()], capture_output=True, timeout=longest, check=False)
        except subprocess.TimeoutExpired:
            raise StoreError(f"{file}: {program} did not print the page within {longest:,.0f} s; nothing was written.") from None
        content = made.read_bytes() if made.is_file() else b""
        if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
            said = ended.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["nothing"]
            raise StoreError(f"{file}: {program} printed no page and said: {said[0][:300]}. Nothing was written.")
    put(file, content)
