"""The switch that turns compilation off, and the folder in which compiled kernels are kept; a scenario that is too large is refused."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from oracle.tiny import populace, rulebook

from counterlife.layout import MOST, Floats
from counterlife.township.book import bind
from counterlife.township.jit import apart, cache_folder, compiled, entry, inlined, kernel


@pytest.mark.parametrize(("switch", "expected"), [("1", True), ("0", False), (None, True)])
def test_kernels_are_compiled_unless_told_otherwise(switch: str | None, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if switch is None:
        monkeypatch.delenv("COUNTERLIFE_COMPILE", raising=False)
    else:
        monkeypatch.setenv("COUNTERLIFE_COMPILE", switch)
    assert compiled() == expected


@pytest.mark.parametrize("switch", ["", "no", "2"])
def test_another_switch_is_refused(switch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERLIFE_COMPILE", switch)
    with pytest.raises(ValueError, match=f"^COUNTERLIFE_COMPILE is '{switch}'; write 1 .* or 0"):
        compiled()


def test_compiled_kernels_lie_below_the_cache_that_the_user_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder().parent == tmp_path / "counterlife"
    assert not cache_folder().exists()


@pytest.mark.parametrize("axis", ["classes", "lists", "domains", "worlds"])
def test_a_rulebook_that_does_not_fit_is_refused(axis: str) -> None:
    sizes: dict[str, Any] = {"classes": 1, "lists": 1, "domains": 1, "worlds": 2}
    assert bind(rulebook(10, **sizes | {axis: MOST[axis]}), populace(1)).size == 1
    with pytest.raises(ValueError, match=f"^{MOST[axis] + 1} {axis}, but there is room for {MOST[axis]}$"):
        bind(rulebook(10, **sizes | {axis: MOST[axis] + 1}), populace(1))


def type_of(value: object) -> Any:
    """What Numba takes the value for."""
    import numba

    return numba.typeof(value)


@kernel
def twice(number: int) -> int:
    """A part, that another part calls."""
    return 2 * number


@inlined
def once_more(number: int) -> int:
    """A part, put into its callers."""
    return number + 1


@kernel
def both(number: int) -> int:
    """A part that calls parts."""
    return once_more(twice(number))


@entry
def from_python(number: int) -> int:
    """What Python calls."""
    return both(both(number))


@pytest.mark.skipif(not compiled(), reason="looks at compiled code")
def test_only_what_python_calls_is_optimised_and_becomes_machine_code() -> None:
    from numba.core.compiler_lock import global_compiler_lock

    part, code_of = cast(Any, both), attrgetter("library")
    part.compile((type_of(1),))
    assert from_python(10) == 43
    for function, whole in ((part, False), (from_python, True)):
        (done,) = function.overloads.values()
        with global_compiler_lock:
            name, code = done.fndesc.llvm_func_name, code_of(done)._get_module_for_linking()
        assert code_of(done)._codegen._engine.is_symbol_defined(name) == whole
        assert ("twice" in str(code.get_function(name))) != whole  # the optimiser swallows calls of what is so small


@apart
def far(number: int) -> int:
    """Not put into its callers."""
    return both(number) + 3


@entry
def through(number: int) -> int:
    """Calls what stands apart, with numbers written down and not."""
    return far(number) + far(1) + far(2)


# tells what came of a process that has the cache of those before it
CALLS = "import test_jit as t; print(t.through(10), *(len(one.stats.cache_misses) for one in (t.far, t.through)))"


@pytest.mark.skipif(not compiled(), reason="looks at compiled code")
def test_callers_find_what_stands_apart_also_when_they_come_from_disk_and_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(str(Path(one).absolute()) for one in sys.path))

    def told() -> str:
        process = subprocess.run([sys.executable, "-c", CALLS], cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
        return process.stdout.strip()

    wanted = (2 * 10 + 1 + 3) + (2 * 1 + 1 + 3) + (2 * 2 + 1 + 3)
    assert told() == f"{wanted} 1 1"  # both compiled, once
    assert told() == f"{wanted} 0 0"
    kept = list(tmp_path.rglob("*far*"))
    assert kept
    for file in kept:
        file.unlink()
    assert told() == f"{wanted} 1 0"


@pytest.mark.skipif(not compiled(), reason="looks at compiled code")
def test_what_stands_apart_is_not_in_its_callers() -> None:
    from numba.core.compiler_lock import global_compiler_lock

    assert through(10) == 38
    (done,), code_of = cast(Any, through).overloads.values(), attrgetter("library")
    with global_compiler_lock:
        functions = {f.name: f.is_declaration for f in code_of(done)._get_module_for_linking().functions}
    assert [bare for name, bare in functions.items() if "test_jit3far" in name] == [True]
    assert not any("both" in name for name in functions)
    assert len(cast(Any, far).overloads) == 1  # not once more for every number written down


@pytest.mark.skipif(not compiled(), reason="looks at compiled code")
def test_a_kernel_is_not_put_into_its_callers_because_one_of_them_is() -> None:
    from numba.core.compiler_lock import global_compiler_lock

    @kernel
    def own(number: int) -> int:
        return number * number

    @inlined
    def between(number: int) -> int:
        return own(number) + own(number + 1)

    between.compile((type_of(1),))  # type: ignore[attr-defined]
    (done,), code_of = cast(Any, between).overloads.values(), attrgetter("library")
    with global_compiler_lock:
        code = [str(f) for f in code_of(done)._get_module_for_linking().functions if "own" in f.name and not f.is_declaration]
    assert len(code) == 1
    assert "alwaysinline" not in code[0].split("{")[0]


@entry
def at_index(numbers: Floats, n: int) -> float:
    """What lies n places after the first."""
    return numbers[n]  # type: ignore[no-any-return]


@pytest.mark.skipif(not compiled(), reason="looks at compiled code")
def test_an_index_of_a_kernel_does_not_count_from_the_end_but_those_of_others_do() -> None:
    import numba

    numbers = np.arange(10.0)
    assert at_index(numbers[5:], -2) == 3.0  # what lies before the view
    theirs = cast(Any, numba.njit(lambda given, n: given[n]))
    assert theirs(numbers[5:], -2) == 8.0


@pytest.mark.skipif(not compiled(), reason="looks at compiled code")
def test_parts_are_nobody_elses_once_they_are_in_what_python_calls() -> None:
    from numba.core.compiler_lock import global_compiler_lock

    assert from_python(10) == 43
    (done,), code_of = cast(Any, from_python).overloads.values(), attrgetter("library")
    with global_compiler_lock:
        kinds = {str(f.linkage) for f in code_of(done)._get_module_for_linking().functions if not f.is_declaration and "twice" in f.name}
    assert kinds <= {"Linkage.internal"}


@pytest.mark.skipif(not compiled(), reason="looks at compiled code")
def test_garbage_is_looked_for_again_after_compiling() -> None:
    @entry
    def late(number: int) -> int:
        return number - 1

    assert gc.isenabled()
    assert late(3) == 2
    assert gc.isenabled()
    gc.disable()
    try:
        assert late(cast(int, 3.5)) == 2.5
        assert not gc.isenabled()  # somebody else does not want it
    finally:
        gc.enable()


HOLDS = """import sys
from pathlib import Path
from counterlife.township.parts import held
with held(Path(sys.argv[1])):
    print(flush=True)
    input()
"""


@pytest.mark.skipif(not compiled() or sys.platform == "win32", reason="looks at locks of compiled code")
def test_one_process_holds_a_lock_until_it_ends_however_it_does(tmp_path: Path) -> None:
    import fcntl

    lock, pipe = tmp_path / "kernels" / "live.lock", subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(lock)], stdin=pipe, stdout=pipe) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with lock.open("w") as file:
            with pytest.raises(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            other.kill()
            other.wait()
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
