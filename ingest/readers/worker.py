"""The reading process itself: `python -m ingest.readers.worker`. Documents come in on stdin, JSON goes out on stdout.

A request is two lengths (little-endian, 4 bytes each), a JSON head and the bytes; a reply is a length and JSON. The
first reply, empty, says that the process is up. It ends with its stdin.
"""

import json
import os
import signal
import struct
import sys
from datetime import date
from typing import BinaryIO

from ingest.readers.document import read_document
from ingest.readers.errors import OversizedSource, RefusedSource
from ingest.readers.message import Json, error_to, extracted_to

MEMORY_BYTES = 450_000_000
"""What the process may allocate; with the code of the libraries it stays below 500 MB."""


def main() -> None:
    """Answer until stdin ends."""
    # Libraries may print: what they say must not mix with the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit()
    _send(replies, {})
    while True:
        sizes = sys.stdin.buffer.read(8)
        if len(sizes) < 8:
            return
        head_bytes, data_bytes = struct.unpack("<II", sizes)
        head = json.loads(sys.stdin.buffer.read(head_bytes))
        try:
            answer = _answer(sys.stdin.buffer.read(data_bytes), head)
        except MemoryError:
            # What is left of the memory may be in pieces: a fresh process takes over.
            error = OversizedSource("Reading it takes too much memory.", "Split it, or save only its text.")
            _send(replies, {"error": error_to(error)})
            return
        _send(replies, answer)


def _answer(data: bytes, head: Json) -> Json:
    _allow_cpu(head["cpu_s"])
    try:
        extracted = read_document(data, head["name"], head["content_type"], head["url"], date.today())
    except RefusedSource as error:
        return {"error": error_to(error)}
    finally:
        _allow_cpu(0)
    return {"extracted": extracted_to(extracted)}


def _allow_cpu(seconds: float) -> None:
    """Have the system end this process after so many seconds of processor time, also inside native code; 0: never."""
    if hasattr(signal, "setitimer"):  # Windows has no such timer; the parent's clock still holds.
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the limits of time still hold.
        return
    for kind, bound in (
        (resource.RLIMIT_DATA, MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _, most = resource.getrlimit(kind)
        resource.setrlimit(kind, (bound if most == resource.RLIM_INFINITY else min(bound, most), most))


def _send(replies: BinaryIO, answer: Json) -> None:
    body = json.dumps(answer).encode()
    replies.write(struct.pack("<I", len(body)) + body)
    replies.flush()


if __name__ == "__main__":
    main()
