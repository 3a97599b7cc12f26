"""Every job once, a bounded number in hand, errors and interrupts that end a run instead of hanging it."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from counterlife import executors


def square(number: int) -> int:
    return number * number


def workers_alive() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("worker-")]


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make every executor but one raise when it is called."""

    def forbid(name: str) -> None:
        def raising(*_: object) -> None:
            raise AssertionError("the executor that was not asked for has been called")

        for other in set(executors.NAMES) - {name}:
            monkeypatch.setattr(executors, other, raising)

    return forbid


@pytest.mark.parametrize("name", executors.NAMES)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_every_job_is_done_once_by_the_executor_asked_for(name: str, count: int, only: Callable[[str], None]) -> None:
    only(name)
    assert sorted(executors.execute(name, square, range(count), 3)) == [(n, n * n) for n in range(count)]
    assert not workers_alive()


def test_the_raising_trick_would_notice(only: Callable[[str], None]) -> None:
    only("serial")
    with pytest.raises(AssertionError, match="not asked for"):
        executors.execute("threads", square, [1], 1)


def test_serial_stays_in_the_calling_thread() -> None:
    assert {ident for _, ident in executors.serial(lambda _: threading.get_ident(), range(3))} == {threading.get_ident()}


def test_threads_run_at_the_same_time() -> None:
    together = threading.Barrier(3)
    assert len(list(executors.threads(lambda _: together.wait(timeout=10), range(3), 3))) == 3


def test_results_come_in_the_order_in_which_they_are_finished() -> None:
    slow = threading.Event()

    def work(job: str) -> None:
        assert job != "slow" or slow.wait(10)

    order = []
    for job, _ in executors.threads(work, ["slow", "quick"], 2):
        order.append(job)
        slow.set()
    assert order == ["quick", "slow"]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_a_bounded_number_of_jobs_is_in_hand(workers: int) -> None:
    taken, most, returned = 0, 0, 0

    def endless() -> Iterator[int]:
        nonlocal taken, most
        for job in itertools.count():
            taken += 1
            most = max(most, taken - returned)
            yield job

    with closing(executors.threads(square, endless(), workers)) as finished:
        for _ in itertools.islice(finished, 60):
            returned += 1
    assert most == 2 * workers
    assert not workers_alive()


@pytest.mark.parametrize("name", executors.NAMES)
def test_the_error_of_a_job_ends_the_run(name: str) -> None:
    begun = []

    def fail(job: int) -> None:
        begun.append(job)
        if job == 3:
            raise LookupError("township 3")

    with pytest.raises(LookupError, match="township 3"):
        list(executors.execute(name, fail, itertools.count(), 2))
    assert max(begun) <= 3 + 2 * 2
    assert not workers_alive()


def test_an_error_of_the_jobs_themselves_ends_the_run() -> None:
    def jobs() -> Iterator[int]:
        yield 1
        raise LookupError("no more places")

    with pytest.raises(LookupError, match="no more places"):
        list(executors.threads(square, jobs(), 2))
    assert not workers_alive()


def test_a_job_that_never_ends_is_abandoned_after_the_grace() -> None:
    release = threading.Event()
    before = time.monotonic()
    finished = executors.threads(lambda job: job == "quick" or release.wait(30), ["stuck", "quick"], 2, grace=0.1)
    with closing(finished):
        assert next(finished)[0] == "quick"
    assert time.monotonic() - before < 10
    release.set()


@pytest.mark.parametrize("where", ["waiting for a result", "between two results"])
def test_an_interrupt_ends_the_process_soon(where: str) -> None:
    pause = "time.sleep(60)" if where == "between two results" else ""
    script = f"""
import time
from contextlib import closing
from counterlife import executors

def work(job):
    time.sleep(0.05 if job < 4 else 60)

try:
    with closing(executors.threads(work, range(100), 2, grace=0.2)) as finished:
        for job, _ in finished:
            print("done", flush=True)
            {pause}
except KeyboardInterrupt:
    raise SystemExit(130)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        for _ in range(1 if pause else 4):
            assert process.stdout.readline() == "done\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130
    finally:
        process.kill()
        process.wait()


def test_wrong_requests_are_refused_before_anything_runs() -> None:
    with pytest.raises(ValueError, match="at least one worker, not 0"):
        executors.threads(square, [1], 0)
    with pytest.raises(ValueError, match="no executor called 'dusk'; choose one of serial, threads"):
        executors.execute("dusk", square, [1])


def test_cores_are_those_this_process_may_use() -> None:
    assert 1 <= executors.cores() <= 4096
