"""The reading process: one, reused; the system bounds its memory and its processor time, we the time on the clock."""

import atexit
import json
import queue
import signal
import struct
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from ingest.readers.errors import DamagedSource, OversizedSource, ReaderEnded, RefusedSource
from ingest.readers.extracted import Extracted
from ingest.readers.message import error_from, extracted_from

READ_CPU_S = 15.0
"""Seconds of processor time that one file may take, whatever else the machine does; what is promised is 20."""
READ_S = 120.0
"""Seconds on the clock after which a file is given up though it did not use its processor time."""
START_S = 120.0
"""Seconds that the process may take to come up on a busy machine; they do not count as reading."""
OUT_OF_TIME = getattr(signal, "SIGPROF", 0)
"""The signal that ends a process whose processor time is used up; Windows has none."""
REPLY_BYTES_MAX = 64_000_000


class Sandbox:
    """Reads documents in a process of its own; one that dies over a file, or is too slow, is replaced."""

    def __init__(self, read_cpu_s: float = READ_CPU_S, read_s: float = READ_S) -> None:
        self._read_cpu_s = read_cpu_s
        self._read_s = read_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def read(self, data: bytes, *, name: str, content_type: str | None, url: str | None) -> Extracted:
        """As `extract`."""
        fields = {"name": name, "content_type": content_type, "url": url, "cpu_s": self._read_cpu_s}
        head = json.dumps(fields).encode()
        with self._lock:
            process = self._started()
            reply = self._exchange(process, head, data)
        answer = json.loads(reply)
        if "error" in answer:
            raise error_from(answer["error"])
        return extracted_from(answer["extracted"])

    def close(self) -> None:
        """End the process; the next read starts another."""
        with self._lock:
            self._end()

    def _exchange(self, process: "subprocess.Popen[bytes]", head: bytes, data: bytes) -> bytes:
        assert process.stdin is not None  # noqa: S101  opened as a pipe
        timer = threading.Timer(self._read_s, process.kill)
        timer.start()
        try:
            process.stdin.write(struct.pack("<II", len(head), len(data)) + head)
            process.stdin.write(data)
            process.stdin.flush()
            reply = self._replies.get()
        except OSError:
            reply = None
        finally:
            late = not timer.is_alive()
            timer.cancel()
        if reply is None:
            status = process.wait()
            self._end()
            raise self._reason(status, late=late)
        return reply

    def _reason(self, status: int, *, late: bool) -> RefusedSource:
        """Why the process ended over a file."""
        if late or status == -OUT_OF_TIME:
            limit = f"{self._read_s:g} s" if late else f"{self._read_cpu_s:g} s of processor time"
            return OversizedSource(f"Reading it took longer than {limit}.", "Split it, or save only its text.")
        return ReaderEnded(
            f"Reading it ended the reader (status {status}).", "Save it again from the program that made it."
        )

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        process = subprocess.Popen(
            [sys.executable, "-m", "ingest.readers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # The package may be imported from a checkout; nothing of the environment is wanted but the path.
            cwd=Path(__file__).parents[2],
        )
        self._process, self._replies = process, queue.SimpleQueue()
        threading.Thread(target=_listen, args=(process.stdout, self._replies), daemon=True).start()
        try:
            ready = self._replies.get(timeout=START_S)
        except queue.Empty:
            ready = None
        if ready is None:
            self._end()
            raise DamagedSource("The process that reads files did not start.", "Run: wmai doctor")
        return process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                _close(stream)
            self._process = None


def _listen(stream: IO[bytes] | None, replies: "queue.SimpleQueue[bytes | None]") -> None:
    """Hand on what the process says; None once it has ended."""
    assert stream is not None  # noqa: S101  opened as a pipe
    try:
        while True:
            size = stream.read(4)
            length = struct.unpack("<I", size)[0] if len(size) == 4 else REPLY_BYTES_MAX + 1
            reply = stream.read(length) if length <= REPLY_BYTES_MAX else b""
            if len(reply) != length:
                break
            replies.put(reply)
    except (OSError, ValueError):
        pass
    replies.put(None)


def _close(stream: IO[Any] | None) -> None:
    try:
        if stream is not None:
            stream.close()
    except OSError:
        return


@lru_cache(maxsize=1)
def shared_sandbox() -> Sandbox:
    """The one of this process; it is ended when the process ends."""
    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox
