"""How Numba compiles a kernel that only other kernels call: as far as LLVM code, and no further.

Numba optimises every function as if it were the last and makes machine code of it, then links its LLVM code into each caller and does both
again. A part is optimised and made machine code of with the functions that Python calls, once for each of them. This leans on names inside
Numba; `tests/township/test_jit.py` watches that they mean what they are taken to mean. Which kernels are parts is decided in `jit.py`.
"""

from __future__ import annotations

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler


class Nowhere:
    """Where the environment of a part is put: no machine code ever asks for it."""

    def set_env(self, name: str, environment: object) -> None:
        """Nothing has changed."""


class PartLibrary(JITCodeLibrary):
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


class PartCompiler(Compiler):
    """Numba's compiler, with a library that makes no machine code."""

    def define_pipelines(self) -> list[object]:
        """Numba's own passes."""
        state = self.state
        if state["library"] is None:
            state["library"] = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)  # type: ignore[no-untyped-call]
        passes: list[object] = super().define_pipelines()  # type: ignore[no-untyped-call]
        return passes
