"""The pages of `docs/` that can be run: their blocks, what a block leaves, and what it printed when the page was written.

A page has blocks of four kinds. `yaml` with a first line `# NAME.yaml` is a file that the reader saves. `sh` holds `counterlife` commands,
as they are typed. `python` is run as it stands. `text` is what the block above it printed, less the lines that name a folder or a
fingerprint. To write the `text` blocks anew, at the sizes that the pages name: `python tests/howto/pages.py [NAME...]`.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from counterlife.cli import answer

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GOLDEN = ROOT / "tests" / "golden"
PRINTED = Path(__file__).with_name("printed.json")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SIZE = re.compile(r"(--people |--points |people=|points=)([\d_]+)")
UNSAID = re.compile(r"^(?:fingerprint|report|page) .*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of a page: its kind, what it says, and where it ends in the page."""

    kind: str
    text: str
    end: int

    @property
    def commands(self) -> Iterator[list[str]]:
        """The words of each command of a `sh` block."""
        for line in self.text.replace("\\\n", " ").splitlines():
            if words := shlex.split(line, comments=True):
                yield words


@dataclass(frozen=True)
class Page:
    """A page of documentation."""

    path: Path

    @property
    def name(self) -> str:
        """The page's name."""
        return self.path.stem

    @property
    def text(self) -> str:
        """What it says."""
        return self.path.read_text(encoding="utf-8")

    @property
    def blocks(self) -> list[Block]:
        """Its blocks in order."""
        return [Block(found[1], found[2], found.end()) for found in FENCE.finditer(self.text)]

    @property
    def sections(self) -> dict[str, str]:
        """What stands under each heading, without the blocks."""
        _, *parts = re.split(r"^## (.+)\n", FENCE.sub("", self.text), flags=re.MULTILINE)
        return dict(zip(parts[::2], parts[1::2], strict=True))

    @property
    def entries(self) -> set[str]:
        """The catalog entries that its blocks name."""
        said = "\n".join(block.text for block in self.blocks if block.kind != "text")
        return {path.stem for path in GOLDEN.glob("*.json") if re.search(rf"(?<![\w-]){re.escape(path.stem)}(?![\w-])", said)}

    @property
    def made_of(self) -> dict[str, str]:
        """For each of these entries a hash of its golden sums: where it moves, so may the numbers on the page."""
        return {name: _hash(json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))) for name in sorted(self.entries)}


def pages() -> list[Page]:
    """Every page that can be run."""
    return [Page(DOCS / "tutorial.md"), *map(Page, sorted((DOCS / "how-to").glob("*.md")))]


@dataclass
class Lived:
    """What the blocks of a page left: a folder, the names of its Python, and what each block printed."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def live(page: Page, folder: Path, sizes: Mapping[str, int] | None = None) -> Lived:
    """The blocks of a page are run in order in a folder; `sizes` are put in the place of those that the page names.

    Raises AssertionError where a command fails, and whatever a Python block raises.
    """
    lived = Lived(folder)
    back = Path.cwd()
    os.chdir(folder)
    try:
        for block in page.blocks:
            began = monotonic()
            lived.printed.append(_run(block, lived, sizes or {}))
            lived.seconds.append(monotonic() - began)
    finally:
        os.chdir(back)
    return lived


def at_sizes(text: str, sizes: Mapping[str, int]) -> str:
    """The text with these numbers of people and points in the place of its own, where its own are larger."""

    def smaller(found: re.Match[str]) -> str:
        own = int(found[2].replace("_", ""))
        return f"{found[1]}{min(own, sizes.get(found[1].strip(' -='), own))}"

    return SIZE.sub(smaller, text)


def _run(block: Block, lived: Lived, sizes: Mapping[str, int]) -> str:
    text = at_sizes(block.text, sizes)
    if block.kind == "yaml":
        name = re.match(r"# (\S+\.yaml)\n", text)
        assert name, "a scenario in a page begins with a line that names its file"
        Path(name[1]).write_text(text, encoding="utf-8")
        return ""
    if block.kind == "python":
        caught = io.StringIO()
        with redirect_stdout(caught):
            exec(compile(ast.parse(text), block.kind, "exec"), lived.names)
        return caught.getvalue()
    if block.kind == "sh":
        return "".join(_asked(words) for words in Block("sh", text, 0).commands)
    assert block.kind == "text", f"a block of a kind that nobody runs: {block.kind}"
    return ""


def _asked(words: list[str]) -> str:
    """What a command prints."""
    assert words[0] == "counterlife", f"a page asks for {words[0]!r}, which may not be there"
    printed, told = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(told):
        code = answer(words[1:])
    assert code == 0, f"{shlex.join(words)} ended with {code}: {told.getvalue()}"
    return printed.getvalue()


def said(printed: str) -> str:
    """What a `text` block shows of what was printed."""
    return UNSAID.sub("", printed).strip("\n") + "\n"


def _hash(golden: Mapping[str, Any]) -> str:
    sums = sorted((key, value) for key, value in golden.items() if key != "fingerprint")
    return hashlib.sha256(json.dumps(sums).encode()).hexdigest()[:16]


def refresh(page: Page) -> None:
    """The page's `text` blocks show what the blocks above them print now."""
    with tempfile.TemporaryDirectory() as folder:
        lived = live(page, Path(folder))
    content, blocks = page.text, page.blocks
    for number in range(len(blocks) - 1, 0, -1):
        if blocks[number].kind == "text":
            start = blocks[number].end - len(blocks[number].text) - len("```")
            content = content[:start] + said(lived.printed[number - 1]) + content[blocks[number].end - len("```") :]
    page.path.write_text(content, encoding="utf-8")
    print(f"{page.name}: {sum(lived.seconds):.0f} s, by block {' '.join(f'{one:.0f}' for one in lived.seconds)}", flush=True)
    known = json.loads(PRINTED.read_text(encoding="utf-8")) if PRINTED.exists() else {}
    PRINTED.write_text(json.dumps({**known, page.name: page.made_of}, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for one in pages():
        if one.name in sys.argv[1:] or not sys.argv[1:]:
            refresh(one)
