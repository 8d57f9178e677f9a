"""Answers on their way over server-sent events: kept for a while, so that a broken connection can be taken up again."""

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from rag.config import Settings
from rag.errors import WmaiError
from rag.types import Event
from rag.wire import Json
from ui.turnstile import answer_timeout, in_thread
from ui.wire import error_code, error_to_json, event_to_json

log = logging.getLogger(__name__)
HELD_MAX = 512
"""Streams held for being taken up again; the oldest goes when there are more."""
HEARTBEAT = ": still here\n\n"
"""A comment line, which every reader of the format leaves out."""


T = TypeVar("T")


async def in_time(work: Awaitable[T], timeout_s: float) -> T:
    """What `work` gives; raises AnswerTimeout where it takes longer than `timeout_s`."""
    try:
        return await asyncio.wait_for(work, timeout_s)
    except TimeoutError:
        raise answer_timeout(timeout_s) from None


@dataclass(eq=False)
class Running:
    """One answer's frames so far; written by its own task, read by any number of connections of one owner."""

    id: str
    owner: str
    """The origin that asked; another one cannot take the stream up."""
    frames: list[str] = field(default_factory=list)
    ended: bool = False
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    readers: int = 0
    left_s: float = field(default_factory=time.monotonic)
    """Monotonic time at which the last reader went away; at first that at which it began."""

    def add(self, name: str, data: Json) -> None:
        """Append one event and wake the readers."""
        # JSON escapes line ends, so the data always fits one line of the format.
        text = json.dumps(data, ensure_ascii=False)
        self.frames.append(f"id: {self.id}.{len(self.frames) + 1}\nevent: {name}\ndata: {text}\n\n")
        self._wake()

    def end(self) -> None:
        """No more will come."""
        self.ended = True
        self._wake()

    def _wake(self) -> None:
        self.grown.set()
        self.grown = asyncio.Event()


class Streams:
    """Every answer that is on its way or lately arrived, by id. All of it runs on the server's one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._heartbeat_s = settings.stream_heartbeat_s
        self._resume_s = settings.stream_resume_s
        self._timeout_s = settings.request_timeout_s
        self._held: dict[str, Running] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, events: Iterator[Event], owner: str) -> AsyncIterator[str]:
        """Frames of a new answer. What fails before the first event is raised here, as a plain refusal."""
        deadline_s = time.monotonic() + self._timeout_s
        first = await in_time(in_thread(partial(next, events, None)), self._timeout_s)
        if first is None:
            raise RuntimeError("an answer without any event")
        running = Running(id=secrets.token_urlsafe(16), owner=owner)
        running.add(*event_to_json(first))
        self._forget_old()
        self._held[running.id] = running
        task = asyncio.create_task(self._produce(running, events, deadline_s))
        self._tasks.add(task)
        task.add_done_callback(partial(self._finished, running))
        return self._read(running, 0)

    def resume(self, last_event_id: str, owner: str) -> AsyncIterator[str] | None:
        """Frames after the one named; None where its stream is not held, or was not the owner's."""
        stream_id, _, number = last_event_id.rpartition(".")
        running = self._held.get(stream_id)
        if running is None or running.owner != owner or not number.isdecimal() or len(number) > 9:
            return None
        return self._read(running, int(number))

    async def _read(self, running: Running, after: int) -> AsyncIterator[str]:
        running.readers += 1
        try:
            while True:
                grown = running.grown
                while after < len(running.frames):
                    after += 1
                    yield running.frames[after - 1]
                if running.ended:
                    return
                try:
                    await asyncio.wait_for(grown.wait(), self._heartbeat_s)
                except TimeoutError:
                    yield HEARTBEAT
        finally:
            running.readers -= 1
            running.left_s = time.monotonic()

    async def _produce(self, running: Running, events: Iterator[Event], deadline_s: float) -> None:
        """Draw the events in threads until the end, the deadline, or nobody having come back for the rest."""
        try:
            while time.monotonic() < deadline_s:
                drawing = in_thread(partial(next, events, None))
                event = await asyncio.wait_for(drawing, max(0.0, deadline_s - time.monotonic()))
                if event is None:
                    return
                running.add(*event_to_json(event))
                if not running.readers and time.monotonic() - running.left_s > self._resume_s:
                    return
            raise TimeoutError
        except TimeoutError:
            late = answer_timeout(self._timeout_s)
            running.add("error", error_to_json(error_code(late), late.message, late.remedy))
        except WmaiError as error:
            running.add("error", error_to_json(error_code(error), error.message, error.remedy))
        finally:
            # A generator that a thread is still inside cannot be closed; it then ends with that thread's step.
            with contextlib.suppress(ValueError):
                _close(events)

    def _finished(self, running: Running, task: asyncio.Task[None]) -> None:
        """End the stream, whatever became of its task; a fault that nobody foresaw is logged and told as one."""
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            log.error("Unexpected failure of an answer.", exc_info=fault)
            running.add("error", error_to_json("internal", "Something went wrong on the server; it has been logged."))
        running.end()

    def _forget_old(self) -> None:
        now_s = time.monotonic()
        for running in list(self._held.values()):
            stale = running.ended and not running.readers and now_s - running.left_s > self._resume_s
            if stale or len(self._held) >= HELD_MAX:
                del self._held[running.id]


def _close(events: Iterator[Event]) -> None:
    close = getattr(events, "close", None)
    if close is not None:
        close()
