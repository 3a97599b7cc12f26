"""Running one function over many jobs: in turn, or on threads.

Knows nothing of what a job is. Both ways yield (job, result) pairs as they are finished, hold a bounded number of jobs at a time, take
jobs from their iterable only when there is room, and stop cleanly. Deciding what the jobs are and adding up what comes back lives above.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Sized
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
Function = Callable[[Job], Result]
Finished = Generator[tuple[Job, Result], None, None]

NAMES = ("serial", "threads")
GRACE = 5.0  # seconds that jobs in hand get to finish when a run is stopped


def cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def execute(name: str, function: Function[Job, Result], jobs: Iterable[Job], workers: int | None = None) -> Finished[Job, Result]:
    """Finished (job, result) pairs from the executor called `name`, one of `NAMES`.

    Close the generator when leaving its loop early (`contextlib.closing`): that is what stops the workers.
    """
    if name == "serial":
        return serial(function, jobs)
    if name == "threads":
        return threads(function, jobs, cores() if workers is None else workers)
    raise ValueError(f"there is no executor called {name!r}; choose one of {', '.join(NAMES)}")


def serial(function: Function[Job, Result], jobs: Iterable[Job]) -> Finished[Job, Result]:
    """Finished (job, result) pairs, each lived in turn in the calling thread."""
    for job in jobs:
        yield job, function(job)


def threads(function: Function[Job, Result], jobs: Iterable[Job], workers: int, grace: float = GRACE) -> Finished[Job, Result]:
    """Finished (job, result) pairs in the order in which `workers` threads finish them, at most 2 * `workers` jobs in hand.

    The first error of a job, an interrupt or a closed generator ends everything: waiting jobs are dropped, those begun get `grace`
    seconds and are then abandoned (the threads are daemons, so a job that never ends cannot keep the process alive).
    """
    if workers < 1:
        raise ValueError(f"threads need at least one worker, not {workers}")
    return _threads(function, jobs, workers, grace)


def _threads(function: Function[Job, Result], jobs: Iterable[Job], workers: int, grace: float) -> Finished[Job, Result]:
    todo: SimpleQueue[Any] = SimpleQueue()
    done: SimpleQueue[tuple[Any, Any, BaseException | None]] = SimpleQueue()
    crew_size = min(workers, len(jobs)) if isinstance(jobs, Sized) else workers
    crew = [Thread(target=_work, args=(function, todo, done), daemon=True, name=f"worker-{n}") for n in range(crew_size)]
    in_hand = 0
    try:
        for thread in crew:
            thread.start()
        for job in jobs:
            todo.put((job,))
            in_hand += 1
            if in_hand == 2 * workers:
                yield _next(done)
                in_hand -= 1
        for _ in range(in_hand):
            yield _next(done)
    finally:
        _dismiss(crew, todo, grace)


def _work(function: Function[Any, Any], todo: SimpleQueue[Any], done: SimpleQueue[tuple[Any, Any, BaseException | None]]) -> None:
    """Do jobs until the queue says None. Errors are handed over, not raised."""
    while (entry := todo.get()) is not None:
        try:
            result = function(entry[0])
        except BaseException as error:
            done.put((entry[0], None, error))
        else:
            done.put((entry[0], result, None))


def _next(done: SimpleQueue[tuple[Any, Any, BaseException | None]]) -> tuple[Any, Any]:
    job, result, error = done.get()
    if error is not None:
        raise error
    return job, result


def _dismiss(crew: list[Thread], todo: SimpleQueue[Any], grace: float) -> None:
    """Drop the waiting jobs and wait for those begun, not longer than `grace` seconds in all."""
    try:
        while True:
            todo.get_nowait()
    except Empty:
        pass
    for _ in crew:
        todo.put(None)
    until = monotonic() + grace
    for thread in crew:
        if thread.is_alive():
            thread.join(max(0.0, until - monotonic()))
