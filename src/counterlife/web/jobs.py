"""Runs that were asked for on the page: one is lived at a time, a few wait, each into a run folder of its own.

What is finished is on disk and needs no memory here; a job is known while it waits or runs, and where it ended badly.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic

from .. import study
from ..report.publish import publish
from ..scenario import ScenarioError
from ..store import StoreError
from ..township.jit import is_warm

WAITING = 4  # jobs that may wait
REMEMBERED = 20  # jobs that ended, kept for what they have to say
STEPS = 20  # batches in a run, about, so that progress shows and a stop is heard soon


class BusyError(ValueError):
    """No room for one more; the message says what to do."""


class Stopped(Exception):  # noqa: N818 - nothing is wrong
    """Somebody asked a run to stop."""


class Stage(Enum):
    """How far a job is."""

    WAITING = "waiting"
    PREPARING = "preparing"
    RUNNING = "running"
    WRITING = "writing"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self in (Stage.FINISHED, Stage.STOPPED, Stage.FAILED)


@dataclass
class Job:
    """One run that was asked for: what is lived, into which folder, and how far it is."""

    name: str
    scenario: Path | str
    folder: Path
    people: int
    seed: int
    replicates: int = 1
    stage: Stage = Stage.WAITING
    done: int = 0
    """Townships lived."""
    total: int = 0
    """Townships in all."""
    begun: tuple[int, float] | None = None
    """Townships and time after the first batch of this process: what an earlier one did, and compiling, is not this one's speed."""
    compiles: bool = False
    """Whether the kernels have to be compiled first."""
    problem: str = ""
    stopping: Event = field(default_factory=Event)

    @property
    def seconds_left(self) -> float | None:
        """About how long the living still takes; None where that cannot be said yet."""
        if self.begun is None or self.done == self.begun[0]:
            return None
        return (self.total - self.done) * (monotonic() - self.begun[1]) / (self.done - self.begun[0])


class Jobs:
    """The queue and the one thread that empties it."""

    def __init__(self, live: Callable[[Job], None] | None = None) -> None:
        """live: does a job; the way of the house where nothing is given."""
        self._live = live or live_and_publish
        self._lock = Lock()
        self._waiting: deque[Job] = deque()
        self._known: dict[str, Job] = {}
        self._thread: Thread | None = None
        self._closed = False

    def ask(self, job: Job) -> Job:
        """The job waits for its turn; one of the same name that is not over is handed back instead. Raises BusyError where all is full."""
        with self._lock:
            there = self._known.get(job.name)
            if there is not None and not there.stage.over:
                return there
            if len(self._waiting) >= WAITING or self._closed:
                raise BusyError(f"{len(self._waiting)} runs are waiting already: let one finish, or stop one, and ask again.")
            self._known.pop(job.name, None)
            self._known[job.name] = job
            self._forget()
            self._waiting.append(job)
            if self._thread is None:
                self._thread = Thread(target=self._work, daemon=True, name="run")
                self._thread.start()
        return job

    def find(self, name: str) -> Job | None:
        """The job of that name, if it is remembered."""
        with self._lock:
            return self._known.get(name)

    def current(self) -> list[Job]:
        """Jobs that are not over, in the order of their turns."""
        with self._lock:
            return [job for job in self._known.values() if not job.stage.over]

    def before(self, job: Job) -> int:
        """How many jobs have their turn before this one."""
        return next((n for n, one in enumerate(self.current()) if one is job), 0)

    def stop(self, name: str) -> None:
        """The job of that name ends after the batch in hand; one that waits, ends at once."""
        with self._lock:
            job = self._known.get(name)
            if job is None or job.stage.over:
                return
            job.stopping.set()
            if job in self._waiting:
                self._waiting.remove(job)
                job.stage = Stage.STOPPED

    def close(self, seconds: float = 10.0) -> None:
        """Nothing runs any more, or so many seconds have passed; what was lived is on disk."""
        with self._lock:
            self._closed = True
            thread = self._thread
        for job in self.current():
            self.stop(job.name)
        if thread is not None:
            thread.join(seconds)

    def _forget(self) -> None:
        """Only the last ones that are over are remembered; the lock is held."""
        over = [name for name, job in self._known.items() if job.stage.over]
        for name in over[: max(0, len(over) - REMEMBERED)]:
            del self._known[name]

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                job = self._waiting.popleft()
                job.stage = Stage.PREPARING
            self._do(job)

    def _do(self, job: Job) -> None:
        try:
            self._live(job)
            job.stage = Stage.FINISHED
        except Stopped:
            job.stage = Stage.STOPPED
        except (ScenarioError, StoreError, study.RequestError) as error:
            job.problem, job.stage = str(error), Stage.FAILED
        except MemoryError:
            job.problem, job.stage = "There is not enough memory for this run: ask for fewer people.", Stage.FAILED
        except Exception as error:
            traceback.print_exc()
            job.problem = f"The program made a mistake ({type(error).__name__}: {error}). What was lived is kept."
            job.stage = Stage.FAILED


def live_and_publish(job: Job) -> None:
    """The run is lived into its folder, resumed where it was begun, and its measures and report are written."""

    def tell(done: int, total: int, people: int) -> None:
        if job.total:  # the first call comes before anything is lived
            job.stage, job.begun = Stage.RUNNING, job.begun or (done, monotonic())
        job.done, job.total = done, total
        if job.stopping.is_set() and done < total:
            raise Stopped

    if job.stopping.is_set():
        raise Stopped
    job.compiles = not is_warm()
    run = study.run(
        job.scenario,
        people=job.people,
        seed=job.seed,
        replicates=job.replicates,
        out=job.folder,
        progress=tell,
        batch_people=max(1, min(study.BATCH_PEOPLE, job.people // STEPS)),
    )
    job.stage = Stage.WRITING
    publish(run)
