"""Work that takes longer than a request: done one after the other in a thread, watched from the page."""

import logging
import queue
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from ingest.progress import Progress
from rag.errors import WmaiError
from ui.staff.errors import NothingHere, TooMuchToDo

log = logging.getLogger(__name__)

WAITING_MAX = 20
KEPT_MAX = 50
State = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work at one moment."""

    id: str
    title: str
    state: State = "waiting"
    stage: str = ""
    """What is being done, such as Embedding."""
    done: int = 0
    total: int = 0
    """Steps of the stage; 0 where there is nothing to count."""
    lines: tuple[str, ...] = ()
    """What came of it, or why it failed."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will change."""
        return self.state in ("done", "failed")


Work = Callable[[Progress], tuple[str, ...]]
"""Does the work, tells how far it is, and returns what to say about it; a WmaiError fails the job with its message."""


class Jobs:
    """One worker and its work; the last jobs are remembered. Safe to use from several threads."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._waiting: queue.Queue[tuple[str, Work]] = queue.Queue(WAITING_MAX)
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None

    def submit(self, title: str, work: Work) -> Job:
        """Put work in the queue. Raises TooMuchToDo."""
        job = Job(secrets.token_urlsafe(9), title)
        with self._lock:
            try:
                self._waiting.put_nowait((job.id, work))
            except queue.Full as error:
                raise TooMuchToDo(f"{WAITING_MAX} jobs are waiting.", "Try again when some are done.") from error
            self._jobs[job.id] = job
            over = [id_ for id_, item in self._jobs.items() if item.is_over]
            for id_ in over[: max(0, len(self._jobs) - KEPT_MAX)]:
                del self._jobs[id_]
            if self._worker is None:
                self._worker = threading.Thread(target=self._run, name="staff-jobs", daemon=True)
                self._worker.start()
        return job

    def find(self, id_: str) -> Job:
        """The job as it stands. Raises NothingHere for one that was never there or is long over."""
        with self._lock:
            if id_ not in self._jobs:
                raise NothingHere("There is no such job.", "Look at the list of sources.")
            return self._jobs[id_]

    def unfinished(self) -> tuple[Job, ...]:
        """What is running or waiting, in the order of work."""
        with self._lock:
            return tuple(job for job in self._jobs.values() if not job.is_over)

    def _run(self) -> None:
        while True:
            id_, work = self._waiting.get()
            self._set(id_, state="running")
            try:
                lines = work(_JobProgress(self, id_))
            except WmaiError as error:
                self._set(id_, state="failed", lines=(str(error),))
            except Exception:  # the worker must outlive whatever a job runs into
                log.exception("A staff job failed.")
                self._set(id_, state="failed", lines=("Something went wrong on the server; it has been logged.",))
            else:
                self._set(id_, state="done", lines=lines)

    def _set(self, id_: str, **fields: object) -> None:
        with self._lock:
            self._jobs[id_] = replace(self._jobs[id_], **fields)  # type: ignore[arg-type]

    def _advance(self, id_: str, count: int) -> None:
        with self._lock:
            self._jobs[id_] = replace(self._jobs[id_], done=self._jobs[id_].done + count)


class _JobProgress:
    """Progress of an index run as the state of a job."""

    def __init__(self, jobs: Jobs, id_: str) -> None:
        self._jobs = jobs
        self._id = id_

    def begin(self, stage: str, total: int) -> None:
        self._jobs._set(self._id, stage=stage, done=0, total=total)

    def advance(self, count: int = 1) -> None:
        self._jobs._advance(self._id, count)
