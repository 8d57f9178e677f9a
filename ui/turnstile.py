"""Lets so many questions be worked on at once, so many wait, and turns the rest away at once with a clear message.

Without it a burst of questions would take every thread and much memory, and each would be the slower for it.
"""

import copy
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from rag.errors import WmaiError
from rag.selection import Selection
from rag.types import Answer, Done, Event, Hit, Turn

if TYPE_CHECKING:
    from rag.pipeline import Pipeline
    from rag.store import Store

WAITING_PER_PLACE = 4
"""Questions that may wait for each that is being worked on; few enough to leave the server threads for the rest."""


class ServerBusy(WmaiError):
    """More questions came at once than the server answers."""

    retryable = True


class AnswerTimeout(WmaiError):
    """An answer took longer than the server allows."""

    retryable = True


class Turnstile:
    """A pipeline in front of which questions queue; safe to use from several threads, as the pipeline is."""

    def __init__(
        self, pipeline: "Pipeline", places: int, answered: Callable[[Answer], None] = lambda _answer: None
    ) -> None:
        """`answered` is told of every finished answer."""
        self._pipeline = pipeline
        self._answered = answered
        self._working = threading.Semaphore(places)
        self._inside = threading.Semaphore(places * (1 + WAITING_PER_PLACE))

    @property
    def store(self) -> "Store":
        """The pipeline's store; reading it needs no place."""
        return self._pipeline.store

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
        with self._place():
            answer = self._pipeline.ask(question, history)
        self._answered(answer)
        return answer

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """As Pipeline.search; raises ServerBusy too."""
        with self._place():
            return self._pipeline.search(query, k)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """As Pipeline.stream; raises ServerBusy too.

        A place is held while an event is made and not while it is sent: a slow reader keeps nobody waiting.
        """
        events = self._pipeline.stream(question, history)
        while True:
            with self._place():
                event = next(events, None)
            if event is None:
                return
            if isinstance(event, Done):
                self._answered(event.answer)
            yield event

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._inside.acquire(blocking=False):
            raise ServerBusy("Too many questions are being asked at this moment.", "Please try again in a moment.")
        try:
            with self._working:
                yield
        finally:
            self._inside.release()
