"""A deadline over an iterator that may block: what it gives is drawn in a thread, and waited for only so long."""

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from rag.errors import ChatFailed, WmaiError

_Item = TypeVar("_Item")
_END = object()


def within(make: Callable[[], Iterator[_Item]], deadline: float) -> Iterator[_Item]:
    """Items of the iterator that `make` returns, up to `deadline` (of time.monotonic).

    The thread sees the caller's context variables, so that tracing and callbacks reach it. When the caller stops
    early, or time is up, the thread ends at its next item; it never holds up the end of the program.
    Raises ChatFailed when time is up, and whatever WmaiError the iterator raises.
    """
    items: queue.SimpleQueue[object] = queue.SimpleQueue()
    stopped = threading.Event()

    def draw() -> None:
        try:
            for item in make():
                items.put(item)
                if stopped.is_set():
                    return
            items.put(_END)
        except WmaiError as error:
            items.put(error)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(draw,), name="wmai-chat", daemon=True).start()
    try:
        while True:
            try:
                item = items.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty as error:
                message = "The chat model took longer than WMAI_LLM_TIMEOUT_S allows."
                raise ChatFailed(message, "Allow more time, or name a faster model.") from error
            if item is _END:
                return
            if isinstance(item, WmaiError):
                raise item
            yield item  # type: ignore[misc]  # the queue also carries the two ends, told apart above
    finally:
        stopped.set()
