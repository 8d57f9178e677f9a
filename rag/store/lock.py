"""One writer at a time: a lock file in the store, given back by the system when its process dies."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from rag.config import Settings
from rag.errors import StoreBusy

LOCK = "index.lock"
HOLDER = "index.pid"


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Hold the store for writing. Raises StoreBusy when another process has it for longer than the settings wait."""
    folder = settings.store
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK, timeout=settings.lock_timeout_s)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreBusy(
            f"Another process{_holder(folder)} is writing to the store {folder}.",
            "Wait until it has finished, or set WMAI_LOCK_TIMEOUT_S to the seconds to wait.",
        ) from error
    try:
        (folder / HOLDER).write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    try:
        return f" (number {int((folder / HOLDER).read_text(encoding='ascii'))})"
    except (OSError, ValueError):
        return ""
