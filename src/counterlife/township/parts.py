"""How Numba compiles kernels: what only kernels call as far as LLVM code and no further, and what is called apart once.

Numba optimises every function as if it were the last and makes machine code of it, then links its LLVM code into each caller and does both
again. A part is optimised and made machine code of with the functions that Python calls, once for each of them; a function that stands
apart is machine code already, and callers find it where it lies. This leans on names inside Numba; `tests/township/test_jit.py` watches
that they mean what they are taken to mean. Which kernels are what is decided in `jit.py`, and what it saves is in
`docs/decisions/0014-compiling.md`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from llvmlite.binding import Linkage, add_symbol  # type: ignore[import-untyped]
from numba.core import typed_passes, untyped_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, Flags
from numba.core.compiler_machinery import PassManager
from numba.core.targetconfig import ConfigStack
from numba.core.types import intp, unliteral
from numba.np import arrayobj

APART = "apart:"  # before the name of a library whose code is not linked into its callers

# Those of Numba's passes that a kernel needs: it has no closures, generators, unrolled literals or expressions of whole arrays.
PASSES = (
    untyped_passes.TranslateByteCode,
    untyped_passes.FixupArgs,
    untyped_passes.IRProcessing,
    untyped_passes.GenericRewrites,
    untyped_passes.ReconstructSSA,
    typed_passes.NopythonTypeInference,
    typed_passes.PreLowerStripPhis,
    typed_passes.IRLegalization,
    typed_passes.AnnotateTypes,
    typed_passes.NativeLowering,
    typed_passes.NoPythonBackend,
)


def for_any_number(function: Any) -> Any:
    """The compiled function, which callers do not have compiled again for every number that they write down as an argument."""
    template = function.get_call_template
    function.get_call_template = lambda args, kws: template([unliteral(one) for one in args], kws)  # type: ignore[no-untyped-call]
    return function


def uncollected(function: Any) -> Any:
    """The compiled function, while which is compiled nobody looks for garbage: a fifth of the time, for nothing that is there for long."""
    compile_here = function.compile

    def compile_quickly(signature: Any) -> Any:
        collects = gc.isenabled()
        gc.disable()
        try:
            return compile_here(signature)
        finally:
            if collects:
                gc.enable()

    function.compile = compile_quickly
    return function


def one_at_a_time(function: Any, folder: Path) -> Any:
    """The compiled function, which at most one process compiles at a time; those that come later find its code in the folder."""
    compile_here, lock = function.compile, folder / f"{function.__name__}.lock"

    def compile_alone(signature: Any) -> Any:
        if signature in function.overloads:
            return compile_here(signature)
        with held(lock):
            return compile_here(signature)

    function.compile = compile_alone
    return function


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Within it no other process holds the lock, where locks can be had. One that dies lets go of it."""
    try:
        import fcntl

        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("w")
    except (ImportError, OSError):
        yield
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Nowhere:
    """Where the environment of a part is put: no machine code ever asks for it."""

    def set_env(self, name: str, environment: object) -> None:
        """Nothing has changed."""


class Library(JITCodeLibrary):
    """The code of one function and of all its parts, except for those that stand apart."""

    def add_linking_library(self, library: Any) -> None:
        """The other library's code is to be in this one; or it is to be loaded, if it stands apart, whenever this one is."""
        if not library.name.startswith(APART):
            super().add_linking_library(library)  # type: ignore[no-untyped-call]
            return
        module, name = library.name.removeprefix(APART).split(":")
        for signature, done in getattr(import_module(module), name).overloads.items():
            if done.library is library:
                self._reload_init.add(partial(join, module, name, signature, done.fndesc.llvm_func_name))

    def _optimize_final_module(self) -> None:
        """Parts are of no use to anybody else now, so that arguments they do not need are left out, and those called once are put in."""
        for one in self._final_module.functions:
            if not one.is_declaration and one.linkage == Linkage.linkonce_odr:
                one.linkage = "internal"
        super()._optimize_final_module()  # type: ignore[no-untyped-call]


def join(module: str, name: str, signature: Any, symbol: str) -> None:
    """Code that is loaded from now on finds the function under this symbol; it is loaded, or compiled, if it is not there yet."""
    function = getattr(import_module(module), name)
    function.compile(signature)
    done = function.overloads[signature]
    add_symbol(symbol, done.library.get_pointer_to_function(done.fndesc.llvm_func_name))


class PartLibrary(Library):
    """The LLVM code of a part, ready to be linked into its callers."""

    codegen = Nowhere()

    def _optimize_final_module(self) -> None:
        """Left to the callers."""

    def _finalize_final_module(self) -> None:
        """The code is complete, and not handed to the machine."""
        self._finalize_dynamic_globals()  # type: ignore[no-untyped-call]
        self._verify_declare_only_symbols()  # type: ignore[no-untyped-call]
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Zero: Numba's word for a function that Python cannot call."""
        return 0


class Settled(Flags):
    """How the function at hand is compiled, as far as those must know that it calls. One for all: Numba compares it at every step."""

    def __hash__(self) -> int:
        return 0  # that of Flags is the same for all as well, and takes ten microseconds


def settled(counts: bool) -> Settled:
    """The flags for all functions that count references, or for all that do not. None is put into its callers because its own caller is."""
    flags = Settled()  # type: ignore[no-untyped-call]
    for name, value in {"nrt": counts, "release_gil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}.items():
        setattr(flags, name, value)
    return flags


SETTLED = {counts: settled(counts) for counts in (False, True)}


def forwards(original: Any) -> Any:
    """How an index finds its place: for kernels none counts from the end, and asking each whether it does takes time."""

    def place(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
        if kind.signed and isinstance(ConfigStack().top(), Settled):  # type: ignore[no-untyped-call]
            return context.cast(builder, index, kind, intp)
        return original(context, builder, kind, index, size)

    return place


arrayobj.fix_integer_index = forwards(arrayobj.fix_integer_index)


class Arguments(tuple[Any, ...]):
    """Types of arguments that are never written out: Numba would write down all fields of all records, before every pass."""

    def __repr__(self) -> str:
        return "(...)"


class KeeperCompiler(Compiler):
    """Numba's compiler, which spends less on being told how it was called."""

    def define_pipelines(self) -> list[object]:
        """The passes, once what is compiled is settled."""
        state, stack = self.state, ConfigStack()._stk  # type: ignore[no-untyped-call]
        stack.pop()  # type: ignore[no-untyped-call]
        stack.push(SETTLED[state.flags.nrt])  # type: ignore[no-untyped-call]
        state.args = Arguments(state.args)
        if state.library is None:
            state.library = self.library()
        return self.passes()

    def passes(self) -> list[object]:
        """Numba's own."""
        return super().define_pipelines()  # type: ignore[no-untyped-call]

    def library(self) -> Library:
        """What holds the code, and can be kept."""
        library = Library(self.state.targetctx.codegen(), self.name())  # type: ignore[no-untyped-call]
        library.enable_object_caching()  # type: ignore[no-untyped-call]
        return library

    def name(self) -> str:
        """Of the library."""
        return str(self.state.func_id.func_qualname)


class EntryCompiler(KeeperCompiler):
    """The same, with fewer passes."""

    def passes(self) -> list[object]:
        """Those that a kernel needs."""
        manager = PassManager("kernel")  # type: ignore[no-untyped-call]
        for one in PASSES:
            manager.add_pass(one, one.__name__)  # type: ignore[no-untyped-call]
        manager.finalize()  # type: ignore[no-untyped-call]
        return [manager]


class PartCompiler(EntryCompiler):
    """The same, with a library that makes no machine code."""

    def library(self) -> Library:
        """What holds the LLVM code."""
        return PartLibrary(self.state.targetctx.codegen(), self.name())  # type: ignore[no-untyped-call]


class ApartCompiler(EntryCompiler):
    """The same, with a library that is not linked into its callers."""

    def name(self) -> str:
        """One that tells callers so, and where the function is."""
        return f"{APART}{self.state.func_id.modname}:{self.state.func_id.func_qualname}"
