"""No index of a kernel counts from the end: compiled, it would be taken for a place before the first.

A process without compilation lives small townships with the sources of kernels changed, so that each asks of every index whether it does.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

import numpy as np
import pytest
from taped import plainly

ENGINE = "counterlife.township"
WATCH = "forwards_only"
TOWNS = ("article", "rongcheng", "sesame", "robodebt", "a-levels-2020")
BOOKS = (("everything and friends", 1), ("with soft gates", 1))
PEOPLE = 12
FAMILIES = 6  # people in two of them


class Watchful(ast.NodeTransformer):
    """Every subscript of a kernel passes through the watch: a function of this module with a decorator."""

    def __init__(self) -> None:
        self.depth = 0

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """What is in a kernel is changed, what is about it is left."""
        if self.depth or node.decorator_list:
            self.depth += 1
            node.body = [self.visit(one) for one in node.body]
            self.depth -= 1
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        """The index as the watch lets it pass."""
        self.generic_visit(node)
        if self.depth:
            asked = ast.Call(ast.Name(WATCH, ast.Load()), [node.slice], [])
            node.slice = ast.copy_location(asked, node.slice)
        return node


class Loader(SourceFileLoader):
    """Loads a module with its kernels watched."""

    def get_code(self, fullname: str) -> CodeType:
        """Never one that was kept."""
        path = self.get_filename(fullname)
        return compile(ast.fix_missing_locations(Watchful().visit(ast.parse(self.get_data(path)))), path, "exec")


class Finder(PathFinder):
    """Finds modules of the engine for the loader."""

    @classmethod
    def find_spec(cls, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """As ever, but for the loader."""
        spec = super().find_spec(fullname, path, target) if fullname.startswith(ENGINE + ".") else None
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = Loader(spec.loader.name, spec.loader.path)
        return spec


class Watch:
    """Counts indices and refuses those below 0."""

    def __init__(self) -> None:
        self.indices = 0

    def __call__(self, index: Any) -> Any:
        """The index."""
        for one in index if isinstance(index, tuple) else (index,):
            if isinstance(one, (int, np.integer)):
                self.indices += 1
                if one < 0:
                    raise IndexError(f"{one} counts from the end")
        return index


def watched() -> Watch:
    """A watch on all kernels, which are loaded anew from now on, as is what calls them."""
    watch = Watch()
    for name in [*sys.modules]:
        if name.partition(".")[0] in ("counterlife", "oracle", "lived", "taped"):
            del sys.modules[name]
    setattr(builtins, WATCH, watch)
    sys.meta_path.insert(0, Finder())
    return watch


def townships(name: str, chance: int) -> None:
    """A town of the catalog; or people by hand under a rule book, with one told step by step, and looked at in archives."""
    lived, books, tiny = (importlib.import_module(one) for one in ("lived", "oracle.books", "oracle.tiny"))
    archives, trace, township = (importlib.import_module(f"{ENGINE}.{one}") for one in ("archives", "trace", "township"))
    if name in TOWNS:
        town = lived.variant(name, people=PEOPLE)
        lived.live(town, lived.place(town), seed=chance)
        return
    people, rules = books.folk(chance)[:FAMILIES], books.book(name, chance)
    where = tiny.PLACE, rules, tiny.populace(FAMILIES, names=2, holders=500), chance, 0
    township.live_people(people, *where)
    everywhere = archives.Looked(np.arange(rules.quality.size), 1 + np.arange(rules.channel_class.size) % 2, 2)
    archives.archives_of(people, *where, everywhere)
    at, book = trace.address(tiny.PLACE, chance, 0), trace.bind(rules, where[2])
    tapes = trace.write(at, book, people)
    trace.trace(trace.Village(at, book, people, tapes, trace.hear(at, book, people, tapes)), 0, 0)


@pytest.mark.parametrize(("name", "chance"), [*((name, 1) for name in TOWNS), *BOOKS])
def test_no_index_of_a_kernel_counts_from_the_end(name: str, chance: int) -> None:
    assert int(plainly(__file__, name, str(chance))) > 10_000


def test_the_watch_sees_what_a_kernel_reads_and_writes() -> None:
    """In kernels only, and every index of several."""
    source = "def mark(one): return one\n@mark\ndef kernel(a, i, j):\n    a[i, j] = a[j, i]\ndef other(a, i, j):\n    return a[i, j]\n"
    names: dict[str, Any] = {WATCH: Watch()}
    exec(compile(ast.fix_missing_locations(Watchful().visit(ast.parse(source))), "a kernel", "exec"), names)
    names["kernel"](np.eye(2), 0, 1)
    assert names[WATCH].indices == 4
    assert names["other"](np.eye(2), -1, -1) == 1.0
    with pytest.raises(IndexError, match="-1 counts from the end"):
        names["kernel"](np.eye(2), 0, -1)


if __name__ == "__main__":
    seen = watched()
    townships(sys.argv[1], int(sys.argv[2]))
    print(seen.indices)
