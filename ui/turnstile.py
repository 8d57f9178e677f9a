"""Lets so many questions be worked on at once, so many wait, and turns the rest away at once with a clear message.

Without it a burst of questions would take every thread and much memory, and each would be the slower for it.
"""

import asyncio
import copy
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self, TypeVar

from rag.errors import WmaiError
from rag.selection import Selection
from rag.types import Answer, Done, Event, Hit, Turn

if TYPE_CHECKING:
    from rag.pipeline import Pipeline
    from rag.store import Store

WAITING_PER_PLACE = 12
"""Questions that may wait for each that is being worked on: with the default four places, so many that fifty people who
ask at the same moment are all answered."""
_THREADS = ThreadPoolExecutor(256, thread_name_prefix="question")
"""Where questions wait and are worked on, which leaves the server's other threads to the rest."""
T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """What `work` gives, done in a thread for questions; it goes on there when nobody waits for it any more."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)


class ServerBusy(WmaiError):
    """More questions came at once than the server answers."""

    retryable = True


class AnswerTimeout(WmaiError):
    """An answer took longer than the server allows."""

    retryable = True


def answer_timeout(timeout_s: float) -> AnswerTimeout:
    """What is told of an answer that took longer than this."""
    return AnswerTimeout(f"The answer took longer than {timeout_s:g} seconds.", "Please try again.")


class Places:
    """So many at work at once and a line behind them, in which whoever has begun goes before whoever has not."""

    def __init__(self, places: int, waiting_s: float) -> None:
        self._free = places
        self._waiting_s = waiting_s
        self._new_max = places * WAITING_PER_PLACE
        self._lock = threading.Lock()
        self._begun: deque[threading.Event] = deque()
        self._new: deque[threading.Event] = deque()

    def check_room(self) -> None:
        """Raises ServerBusy where a new question would be turned away; needs no thread, so it is told at once."""
        if not self._free and len(self._new) >= self._new_max:
            raise ServerBusy("Too many questions are being asked at this moment.", "Please try again in a moment.")

    @contextmanager
    def held(self, *, begun: bool) -> Iterator[None]:
        """A place, as soon as one is free. Whoever has begun is not turned away: half an answer is of no use.

        Raises:
            ServerBusy: too many wait already; at once.
            AnswerTimeout: none came free in time; whoever asked has been told so and waits no more.
        """
        self._enter(begun)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, begun: bool) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if not begun:
                self.check_room()
            turn = threading.Event()
            line = self._begun if begun else self._new
            line.append(turn)
        if turn.wait(self._waiting_s):
            return
        with self._lock:
            # The place may have been handed over at the last moment: then it is taken.
            if not turn.is_set():
                line.remove(turn)
                raise answer_timeout(self._waiting_s)

    def _leave(self) -> None:
        with self._lock:
            line = self._begun or self._new
            if line:
                # The place goes from hand to hand, so that nobody who comes now can take it.
                line.popleft().set()
            else:
                self._free += 1


class Turnstile:
    """A pipeline in front of which questions queue; safe to use from several threads, as the pipeline is."""

    def __init__(
        self,
        pipeline: "Pipeline",
        places: int,
        answered: Callable[[Answer], None] = lambda _answer: None,
        waiting_s: float = 60.0,
    ) -> None:
        """`answered` is told of every finished answer; nobody waits for a place longer than `waiting_s` seconds."""
        self._pipeline = pipeline
        self._answered = answered
        self._places = Places(places, waiting_s)

    @property
    def store(self) -> "Store":
        """The pipeline's store; reading it needs no place."""
        return self._pipeline.store

    def check_room(self) -> None:
        """Raises ServerBusy where a new question would be turned away, before a thread is taken for it."""
        self._places.check_room()

    def selected(self, selection: Selection) -> Self:
        """The same places in front of the same pipeline, which then finds nothing but the selected sources."""
        if not selection:
            return self
        from rag.store import SelectedStore  # imports chromadb, which the commands that need no store do without

        pipeline = copy.copy(self._pipeline)
        pipeline.store = SelectedStore(pipeline.store, selection)
        narrowed = copy.copy(self)
        narrowed._pipeline = pipeline
        return narrowed

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """As Pipeline.ask; raises ServerBusy too."""
        with self._places.held(begun=False):
            answer = self._pipeline.ask(question, history)
        self._answered(answer)
        return answer

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """As Pipeline.search; raises ServerBusy too."""
        with self._places.held(begun=False):
            return self._pipeline.search(query, k)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """As Pipeline.stream; raises ServerBusy too, before the first event.

        A place is held while an event is made and not while it is sent: a slow reader keeps nobody waiting.
        """
        return self._drawn(self._pipeline.stream(question, history))

    def _drawn(self, events: Iterator[Event]) -> Iterator[Event]:
        begun = False
        while True:
            with self._places.held(begun=begun):
                event = next(events, None)
            begun = True
            if event is None:
                return
            if isinstance(event, Done):
                self._answered(event.answer)
            yield event
