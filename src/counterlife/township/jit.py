"""The one place that decides how kernels are compiled.

`COUNTERLIFE_COMPILE=0` runs the same functions as plain Python. Compiled code is cached in a folder named by a hash of the kernel
sources, because a cached Numba caller does not notice an edit in a callee's file. How Numba is made to do all this is in `parts.py`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

Function = TypeVar("Function", bound=Callable[..., object])


def compiled() -> bool:
    """True where kernels are compiled.

    Raises ValueError where the switch is set to anything but 0 or 1.
    """
    switch = os.environ.get("COUNTERLIFE_COMPILE", "1")
    if switch not in ("0", "1"):
        raise ValueError(f"COUNTERLIFE_COMPILE is {switch!r}; write 1 (compile the kernels) or 0 (run them as plain Python).")
    return switch == "1"


def cache_folder() -> Path:
    """Folder of the compiled kernels of exactly these sources: below XDG_CACHE_HOME, or the user's cache."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for source in sorted([*here.glob("*.py"), here.parent / "layout.py"]):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "counterlife" / f"kernels-{digest.hexdigest()[:16]}"


def is_warm() -> bool:
    """True where a run would find its kernels compiled already."""
    return not compiled() or any(cache_folder().rglob("*.nbc"))


def whole(number: int) -> int:
    """The number as a 64-bit integer: kernels are compiled once for it, not once for every literal that they are called with."""
    return np.int64(number)  # type: ignore[return-value]


def kernel(function: Function) -> Function:
    """The function compiled without the interpreter lock and without reference counts, or unchanged where compilation is off.

    A kernel never allocates: it reads and writes arrays that it is given. Counting references to them at every call cost nine
    tenths of the time (`docs/decisions/0003-kernels.md`). Compiled, it can be called by kernels and keepers only, and is kept with them.
    """
    return _part(function)


def entry(function: Function) -> Function:
    """As `kernel`, and Python can call it too; kept on disk."""
    return _compile(function)


def apart(function: Function) -> Function:
    """As `entry`, and not put into its callers, which find it where it lies: for the large functions. Only entries and keepers call it.

    Where another process is compiling it, this one waits and takes what comes of it.
    """
    if not compiled():
        return function
    from .parts import ApartCompiler, one_at_a_time

    return one_at_a_time(_compile(function, pipeline_class=ApartCompiler), cache_folder())


def inlined(function: Function) -> Function:
    """As `kernel`, put into its callers: for small functions that a life calls at every step (a third of the time)."""
    return _part(function, forceinline=True)


def drawing(function: Function) -> Function:
    """As `inlined`, and Python can call it too: draws are looked at one by one."""
    return _compile(function, forceinline=True)


def keeper(function: Function) -> Function:
    """As `kernel`, for the few functions that allocate arrays and keep them alive for the kernels that they call."""
    return _compile(function, _nrt=True)


def _part(function: Function, **options: bool) -> Function:
    if not compiled():
        return function
    from .parts import PartCompiler

    return _compile(function, no_cpython_wrapper=True, cache=False, pipeline_class=PartCompiler, **options)


def _compile(function: Function, **options: Any) -> Function:
    if not compiled():
        return function
    import numba

    from .parts import EntryCompiler, KeeperCompiler, for_any_number, uncollected

    # As Numba does for plain tuples. Otherwise every symbol would spell out all fields of all records in a named tuple: 18,000 letters
    # for each kernel of a life, three quarters of the time to compile.
    short = property(lambda type_: (type_.instance_class.__name__, tuple(type_.types)))
    numba.types.NamedTuple.mangling_args = short  # type: ignore[method-assign, assignment]
    numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]
    usual = {"nogil": True, "cache": True, "no_cfunc_wrapper": True, "_nrt": False}
    compiler = KeeperCompiler if options.get("_nrt") else EntryCompiler
    return uncollected(for_any_number(numba.njit(**{**usual, "pipeline_class": compiler, **options})(function)))
