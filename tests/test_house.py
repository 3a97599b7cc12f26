"""The house inspects itself: floors, documentation, annotations, names, what an import loads, and what tracked files may not name.

Sizes are printed (`pytest -s tests/test_house.py`), not enforced.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "counterlife"
MODULES = sorted(SOURCE.rglob("*.py"))
HEAVY = ("numba", "polars", "altair", "vl_convert")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public(tree: ast.Module) -> Iterator[Definition]:
    """Public functions and classes of a module, and public methods of those classes."""
    for node in tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (n for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and not n.name.startswith("_"))


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_imports_only_go_down() -> None:
    done = subprocess.run([sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"],
                          cwd=ROOT, capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_are_documented_and_annotated(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    missing = [] if ast.get_docstring(tree) else ["the module's header"]
    for node in public(tree):
        if not ast.get_docstring(node) and not any(ast.unparse(d) == "overload" for d in node.decorator_list):
            missing.append(f"docstring of {node.name} (line {node.lineno})")
        if not isinstance(node, ast.ClassDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            bare = [a.arg for a in arguments if a.annotation is None and a.arg not in ("self", "cls")]
            missing += [f"annotation of {argument} in {node.name}" for argument in bare]
            missing += [] if node.returns else [f"return type of {node.name}"]
    assert not missing, f"{name_of(path)} lacks: {'; '.join(missing)}"


def test_nothing_reaches_beyond_the_machine() -> None:
    """The boundary: no connector to registries, mail, databases or the network, and nothing that reads text or pictures."""
    beyond = {
        "socket",
        "http",
        "urllib",
        "ssl",
        "asyncio",
        "ftplib",
        "smtplib",
        "imaplib",
        "xmlrpc",
        "sqlite3",
        "requests",
        "httpx",
        "aiohttp",
    }
    beyond |= {"PIL", "cv2", "nltk", "spacy", "sklearn", "torch", "transformers", "psycopg", "sqlalchemy", "bs4"}
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and node.level == 0 else []
            found += [f"{name_of(path)} imports {name}" for name in names if name.split(".")[0] in beyond]
    assert not found


def test_only_the_local_page_serves_anything() -> None:
    servers = re.compile(r"^\s*(?:import|from) (?:starlette|uvicorn)\b", re.M)
    serving = {path.parent.name for path in MODULES if servers.search(path.read_text(encoding="utf-8"))}
    assert serving == {"web"}


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "constants"}
    assert not [name_of(path) for path in MODULES if path.stem in drawers or path.parent.name in drawers]


@pytest.mark.parametrize("arguments", [None, ["--help"], ["check", "article"]], ids=["import", "help", "check"])
def test_light_doors_do_not_load_the_heavy_parts(arguments: list[str] | None) -> None:
    call = "" if arguments is None else f"sys.argv = {['counterlife', *arguments]}; from counterlife.cli import main; main()"
    script = (
        f"import atexit, sys; atexit.register(lambda: print('loaded', sorted(set({HEAVY}) & set(sys.modules))))\nimport counterlife\n{call}"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded []"


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_tracked_text_names_no_home_folder_and_no_registry() -> None:
    """The patterns are put together from pieces, so that this file does not contain what it looks for."""
    homes = "|".join(["/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/", "/wo" + "rk/", "/tm" + "p/", r"[A-Z]:\\Us" + "ers"])
    registries = "|".join(
        ["pypi" + r"\.org", "python" + r"hosted\.org", "--(extra-)?index" + "-url[ =]", "conda" + r"\.anaconda", "npmjs" + r"\.org"]
    )
    forbidden = re.compile(f"(?<![\\w.~-])(?:{homes})|{registries}")
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            lines = content.decode("utf-8", errors="replace").splitlines()
            found += [f"{path.relative_to(ROOT)}:{n}: {m.group()}" for n, line in enumerate(lines, 1) if (m := forbidden.search(line))]
    assert not found, "\n".join(found)


def test_sizes_are_printed() -> None:
    """Prints the longest modules and functions: each is a question about the noun or verb it hides."""
    functions = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                functions.append((node.end_lineno - node.lineno + 1, f"{name_of(path)}:{node.name}"))
    modules = [(len(path.read_text(encoding="utf-8").splitlines()), name_of(path)) for path in MODULES]
    assert modules, "no module was found: the tests above looked at nothing"
    for title, sizes in (("modules", modules), ("functions", functions)):
        print(f"\nlongest {title}:", *(f"{size:5d}  {name}" for size, name in sorted(sizes, reverse=True)[:8]), sep="\n")
